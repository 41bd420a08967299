// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measuring from inside the kernel: vtpm_measure(), and what instances are bound to,
 * so that a caller who knows a cgroup or a user namespace finds the instance of it.
 */

#include <linux/cgroup.h>
#include <linux/file.h>
#include <linux/hashtable.h>
#include <linux/magic.h>
#include <linux/proc_ns.h>
#include <linux/sched.h>
#include <linux/user_namespace.h>

#include "../property/log.h"
#include "../vtpm.h"
#include <linux/vtpm.h>

/**
 * struct vtpm_binding - an instance is the one of an object
 * @link: in vtpm_bindings
 * @v: the instance; no reference, as it ends its bindings before it goes
 * @kind: what @object is: VTPM_BIND_*
 * @object: a struct cgroup or user_namespace, with a reference
 */
struct vtpm_binding {
	struct hlist_node link;
	struct vtpm *v;
	u32 kind;
	void *object;
};

/* Inside v->lock, and around no other lock. */
static DEFINE_MUTEX(vtpm_bindings_lock);
static DEFINE_HASHTABLE(vtpm_bindings, 8);

/* ---- objects ---- */

#ifdef CONFIG_CGROUPS
static void *vtpm_get_cgroup(int fd)
{
	struct cgroup *cgroup = cgroup_get_from_fd(fd);

	return IS_ERR(cgroup) ? NULL : cgroup;
}

static void vtpm_put_cgroup(void *cgroup)
{
	cgroup_put(cgroup);
}

static void *vtpm_cgroup_parent(void *cgroup)
{
	return cgroup_parent(cgroup);
}
#else
static void *vtpm_get_cgroup(int fd)
{
	return NULL;
}

static void vtpm_put_cgroup(void *cgroup)
{
}

static void *vtpm_cgroup_parent(void *cgroup)
{
	return NULL;
}
#endif

static void *vtpm_get_user_ns(int fd)
{
	struct user_namespace *user_ns = NULL;
	struct file *file = fget(fd);
	struct ns_common *ns;

	if (!file)
		return NULL;
	if (file_inode(file)->i_sb->s_magic == NSFS_MAGIC) {
		ns = get_proc_ns(file_inode(file));
		if (VT_NS_TYPE(ns) == CLONE_NEWUSER)
			user_ns = get_user_ns(container_of(ns, struct user_namespace, ns));
	}
	fput(file);
	return user_ns;
}

/* With a reference; NULL: @fd is none of that kind. */
static void *vtpm_get_object(u32 kind, int fd)
{
	return kind == VTPM_BIND_CGROUP ? vtpm_get_cgroup(fd) : vtpm_get_user_ns(fd);
}

static void vtpm_put_object(u32 kind, void *object)
{
	if (kind == VTPM_BIND_CGROUP)
		vtpm_put_cgroup(object);
	else
		put_user_ns(object);
}

static void *vtpm_parent_of(u32 kind, void *object)
{
	if (kind == VTPM_BIND_CGROUP)
		return vtpm_cgroup_parent(object);
	return ((struct user_namespace *)object)->parent;
}

/* ---- bindings ---- */

static struct vtpm_binding *vtpm_binding_of(const void *object)
{
	struct vtpm_binding *b;

	hash_for_each_possible(vtpm_bindings, b, link, (unsigned long)object)
		if (b->object == object)
			return b;
	return NULL;
}

static void vtpm_binding_free(struct vtpm_binding *b)
{
	hash_del(&b->link);
	vtpm_put_object(b->kind, b->object);
	kfree(b);
}

/* Takes over the caller's reference to @object when it succeeds. With v->lock held. */
static int vtpm_bind_object(struct vtpm *v, u32 kind, void *object)
{
	struct vtpm_binding *b;

	guard(mutex)(&vtpm_bindings_lock);
	if (vtpm_binding_of(object))
		return -EEXIST;
	if (v->bindings >= VTPM_MAX_BINDINGS)
		return -ENOSPC;
	b = kzalloc(sizeof(*b), GFP_KERNEL_ACCOUNT);
	if (!b)
		return -ENOMEM;
	*b = (struct vtpm_binding){ .v = v, .kind = kind, .object = object };
	hash_add(vtpm_bindings, &b->link, (unsigned long)object);
	v->bindings++;
	return 0;
}

/**
 * vtpm_bind() - an instance becomes the one of a cgroup or user namespace
 * @v: the instance
 * @kind: VTPM_BIND_*
 * @fd: the caller's descriptor of it
 *
 * Return: 0; -EBADF: @fd is none of that kind; -EEXIST: it has an instance; -ENOSPC;
 * -ENOMEM; -EINTR; -ENODEV.
 */
int vtpm_bind(struct vtpm *v, u32 kind, int fd)
{
	void *object = vtpm_get_object(kind, fd);
	int ret;

	if (!object)
		return -EBADF;
	ret = vtpm_lock_live(v);
	if (!ret) {
		ret = vtpm_bind_object(v, kind, object);
		mutex_unlock(&v->lock);
	}
	if (ret)
		vtpm_put_object(kind, object);
	return ret;
}

/* As vtpm_bind(). -EBADF; -ENOENT: @v is not bound to it. */
int vtpm_unbind(struct vtpm *v, u32 kind, int fd)
{
	void *object = vtpm_get_object(kind, fd);
	struct vtpm_binding *b;
	int ret = -ENOENT;

	if (!object)
		return -EBADF;
	scoped_guard(mutex, &vtpm_bindings_lock) {
		b = vtpm_binding_of(object);
		if (b && b->v == v) {
			vtpm_binding_free(b);
			v->bindings--;
			ret = 0;
		}
	}
	vtpm_put_object(kind, object);
	return ret;
}

/* The instance goes; it is dead, so that no binding comes behind. */
void vtpm_unbind_all(struct vtpm *v)
{
	struct vtpm_binding *b;
	struct hlist_node *next;
	unsigned int bucket;

	guard(mutex)(&vtpm_bindings_lock);
	if (!v->bindings)
		return;
	hash_for_each_safe(vtpm_bindings, bucket, next, b, link)
		if (b->v == v)
			vtpm_binding_free(b);
	v->bindings = 0;
}

/* The instance of an object, or of the nearest one above that has an instance. */
static int vtpm_bound(u32 kind, void *object, struct vtpm **v)
{
	struct vtpm_binding *b;

	guard(mutex)(&vtpm_bindings_lock);
	for (; object; object = vtpm_parent_of(kind, object)) {
		b = vtpm_binding_of(object);
		if (!b)
			continue;
		kref_get(&b->v->ref);
		*v = b->v;
		return 0;
	}
	return -ENOENT;
}

/* ---- measuring ---- */

static int vtpm_find(const struct vtpm_target *target, struct vtpm **v)
{
	switch (target->kind) {
	case VTPM_TARGET_NUMBER:
		return vtpm_get(target->number, v);
	case VTPM_TARGET_FILE:
		return vtpm_get_file(target->file, v);
	case VTPM_TARGET_CGROUP:
		return vtpm_bound(VTPM_BIND_CGROUP, target->cgroup, v);
	case VTPM_TARGET_USER_NS:
		return vtpm_bound(VTPM_BIND_USER_NS, target->user_ns, v);
	}
	return -EINVAL;
}

int vtpm_measure(const struct vtpm_target *target, u32 pcr, u16 alg, const u8 *digest,
		 const char *name)
{
	u8 template[VTPM_LOG_TEMPLATE];
	struct vtpm *v;
	size_t len;
	int ret;

	len = vtpm_log_template(alg, digest, name, template);
	if (!len)
		return -EINVAL;
	ret = vtpm_find(target, &v);
	if (ret)
		return ret;
	ret = vtpm_extend(v, pcr, template, len);
	vtpm_put(v);
	return ret;
}
EXPORT_SYMBOL_GPL(vtpm_measure);
