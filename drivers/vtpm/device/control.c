// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/vtpmctl: the admin's ioctls. include/uapi/linux/vtpm.h is the contract;
 * one table row for each call says how much of it there is to check before the
 * call's own function runs.
 */

#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "../policy/policy.h"
#include "../property/certs.h"
#include "../property/property.h"
#include "../tpm2/tpm2.h"
#include "../vtpm.h"

/* What every structure of the contract begins with. */
struct vtpm_ctl_head {
	u32 size;
	u32 flags;
};

union vtpm_ctl_arg {
	struct vtpm_ctl_head head;
	struct vtpm_info info;
	struct vtpm_create create;
	struct vtpm_number number;
	struct vtpm_setting setting;
	struct vtpm_bind bind;
	struct vtpm_list list;
	struct vtpm_status status;
	struct vtpm_policy_text policy;
	struct vtpm_blob blob;
	struct vtpm_named named;
	struct vtpm_entries entries;
};

/**
 * struct vtpm_ctl_row - one call
 * @cmd: its number
 * @min: bytes of the first version of its structure
 * @size: bytes of the structure now
 * @flags: those that are known
 * @answers: it leaves something in the structure for the caller
 * @run: does it; 0 or an error of the contract
 */
struct vtpm_ctl_row {
	unsigned int cmd;
	u32 min;
	u32 size;
	u32 flags;
	bool answers;
	int (*run)(union vtpm_ctl_arg *arg);
};

/* ---- names and buffers ---- */

static bool vtpm_name_char(char c)
{
	return (isascii(c) && isalnum(c)) || c == '.' || c == '_' || c == '-';
}

static bool vtpm_name_ok(const char *name, size_t len)
{
	size_t i;

	if (!len || len > VTPM_NAME_MAX)
		return false;
	for (i = 0; i < len; i++)
		if (!vtpm_name_char(name[i]))
			return false;
	return true;
}

/* A name in a member of a structure: -EINVAL unless it ends there and is well formed. */
static int vtpm_check_name(const char name[VTPM_NAME_MAX + 1])
{
	return vtpm_name_ok(name, strnlen(name, VTPM_NAME_MAX + 1)) ? 0 : -EINVAL;
}

/* The caller's bytes at @address, for kvfree(); NULL when there are none. */
static int vtpm_get_bytes(u64 address, u32 size, u32 max, void **bytes)
{
	*bytes = NULL;
	if (size > max)
		return -E2BIG;
	if (!size)
		return 0;
	*bytes = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!*bytes)
		return -ENOMEM;
	if (!copy_from_user(*bytes, u64_to_user_ptr(address), size))
		return 0;
	kvfree(*bytes);
	return -EFAULT;
}

/* ---- instances ---- */

static int vtpm_ctl_info(union vtpm_ctl_arg *arg)
{
	struct vtpm_info *info = &arg->info;

	info->abi_version = VTPM_ABI_VERSION;
	info->instances = vtpm_numbers(NULL, 0);
	info->features = VTPM_FEATURE_HASH_PROVIDER | VTPM_FEATURE_CERTIFICATE_PROVIDER |
			 VTPM_FEATURE_REVOCATION | VTPM_FEATURE_PLATFORM |
			 VTPM_FEATURE_HOST_PCRS | VTPM_FEATURE_LOG_PROVIDER | VTPM_FEATURE_LOG;
	info->max_instances = VTPM_MAX_INSTANCES;
	info->max_policy = VTPM_MAX_POLICY;
	info->max_manifest = VTPM_MAX_MANIFEST;
	info->max_command = VTPM_MAX_COMMAND;
	info->max_trust = VTPM_MAX_TRUST;
	info->max_certs = VTPM_MAX_CERTS;
	info->max_measurements = VTPM_MAX_MEASUREMENTS;
	info->reserved = 0;
	vtpm_certs_size(&info->measurements, &info->cert_memory);
	return 0;
}

static int vtpm_ctl_create(union vtpm_ctl_arg *arg)
{
	struct vtpm_create *c = &arg->create;
	char name[VTPM_NAME_MAX + 1] = "";
	struct vtpm *v;
	void *policy;
	int ret;

	memset(&c->error, 0, sizeof(c->error));
	if (!c->name_size || c->name_size > VTPM_NAME_MAX)
		return -EINVAL;
	if (copy_from_user(name, u64_to_user_ptr(c->name), c->name_size))
		return -EFAULT;
	if (!vtpm_name_ok(name, c->name_size))
		return -EINVAL;
	ret = vtpm_get_bytes(c->policy, c->policy_size, VTPM_MAX_POLICY, &policy);
	if (ret)
		return ret;
	ret = vtpm_create(name, policy, c->policy_size, c->flags & VTPM_CREATE_UNSTARTED, &v,
			  &c->error);
	kvfree(policy);
	if (ret)
		return ret;
	c->number = v->number;
	c->major = MAJOR(v->dev[VTPM_RAW].devt);
	c->minor = MINOR(v->dev[VTPM_RAW].devt);
	c->minor_rm = MINOR(v->dev[VTPM_RM].devt);
	vtpm_put(v);
	return 0;
}

static int vtpm_ctl_destroy(union vtpm_ctl_arg *arg)
{
	return arg->number.reserved ? -EINVAL : vtpm_destroy(arg->number.number);
}

static int vtpm_ctl_reset(union vtpm_ctl_arg *arg)
{
	struct vtpm *v;
	int ret;

	if (arg->number.reserved)
		return -EINVAL;
	ret = vtpm_get(arg->number.number, &v);
	if (ret)
		return ret;
	ret = vtpm_reset(v);
	vtpm_put(v);
	return ret;
}

static int vtpm_ctl_presence(union vtpm_ctl_arg *arg)
{
	struct vtpm *v;
	int ret;

	if (arg->setting.value > 1)
		return -EINVAL;
	ret = vtpm_get(arg->setting.number, &v);
	if (ret)
		return ret;
	ret = vtpm_set_presence(v, arg->setting.value);
	vtpm_put(v);
	return ret;
}

static int vtpm_ctl_locality(union vtpm_ctl_arg *arg)
{
	struct vtpm *v;
	int ret;

	if (arg->setting.value > VTPM_MAX_LOCALITY)
		return -EINVAL;
	ret = vtpm_get(arg->setting.number, &v);
	if (ret)
		return ret;
	ret = vtpm_set_locality(v, arg->setting.value);
	vtpm_put(v);
	return ret;
}

static int vtpm_ctl_bind(union vtpm_ctl_arg *arg)
{
	const struct vtpm_bind *b = &arg->bind;
	struct vtpm *v;
	int ret;

	if (b->reserved)
		return -EINVAL;
	if (b->kind != VTPM_BIND_CGROUP && b->kind != VTPM_BIND_USER_NS)
		return -EINVAL;
	ret = vtpm_get(b->number, &v);
	if (ret)
		return ret;
	ret = b->flags & VTPM_BIND_REMOVE ? vtpm_unbind(v, b->kind, b->fd) :
					    vtpm_bind(v, b->kind, b->fd);
	vtpm_put(v);
	return ret;
}

/* A caller has room for @room elements of @size bytes, and there are @count. */
static int vtpm_put_list(u64 address, const void *list, size_t size, u32 count, u32 room)
{
	if (count > room)
		return -EMSGSIZE;
	return copy_to_user(u64_to_user_ptr(address), list, size * count) ? -EFAULT : 0;
}

static int vtpm_ctl_list(union vtpm_ctl_arg *arg)
{
	struct vtpm_list *list = &arg->list;
	u32 *numbers;
	u32 room;
	int ret;

	if (list->reserved)
		return -EINVAL;
	room = min_t(u32, list->count, VTPM_MAX_INSTANCES);
	numbers = kvcalloc(room, sizeof(*numbers), GFP_KERNEL_ACCOUNT);
	if (!numbers)
		return -ENOMEM;
	list->count = vtpm_numbers(numbers, room);
	ret = vtpm_put_list(list->numbers, numbers, sizeof(*numbers), list->count, room);
	kvfree(numbers);
	return ret;
}

static int vtpm_fill_status(struct vtpm *v, struct vtpm_status *s)
{
	struct tpm2_stats stats;
	size_t policy_size;
	int ret;

	ret = vtpm_lock_live(v);
	if (ret)
		return ret;
	tpm2_get_stats(v->tpm, &stats);
	vtpm_policy_text(vtpm_matrix_policy(v->matrix), &policy_size);
	s->openers = v->openers;
	s->policy_changes = vtpm_matrix_identity(v->matrix)->policy_changes;
	s->locality = v->locality;
	s->presence = stats.presence;
	s->host_tpm = vtpm_matrix_host(v->matrix) ? VTPM_HOST_TPM_MAPPED : VTPM_HOST_TPM_NONE;
	mutex_unlock(&v->lock);

	if (stats.failure_mode)
		s->state = VTPM_STATE_FAILED;
	else
		s->state = stats.started ? VTPM_STATE_RUNNING : VTPM_STATE_UNSTARTED;
	s->major = MAJOR(v->dev[VTPM_RAW].devt);
	s->minor = MINOR(v->dev[VTPM_RAW].devt);
	s->minor_rm = MINOR(v->dev[VTPM_RM].devt);
	s->commands = stats.commands;
	s->failures = stats.failures;
	s->memory = atomic_long_read(&v->mem.bytes);
	s->objects = stats.objects;
	s->sessions = stats.sessions;
	s->resets = stats.resets;
	s->policy_size = policy_size;
	strscpy_pad(s->name, v->name, sizeof(s->name));
	return 0;
}

static int vtpm_ctl_status(union vtpm_ctl_arg *arg)
{
	struct vtpm *v;
	int ret;

	if (arg->status.reserved)
		return -EINVAL;
	ret = vtpm_get(arg->status.number, &v);
	if (ret)
		return ret;
	ret = vtpm_fill_status(v, &arg->status);
	vtpm_put(v);
	return ret;
}

/* ---- policies ---- */

/* Copies the text to @buf where it has @room for it; sets @len to its length anyway. */
static int vtpm_copy_policy(struct vtpm *v, char *buf, u32 room, u32 *len)
{
	const char *text;
	size_t n;
	int ret;

	ret = vtpm_lock_live(v);
	if (ret)
		return ret;
	text = vtpm_policy_text(vtpm_matrix_policy(v->matrix), &n);
	if (n <= room)
		memcpy(buf, text, n);
	mutex_unlock(&v->lock);
	*len = n;
	return 0;
}

static int vtpm_get_policy(struct vtpm *v, struct vtpm_policy_text *p)
{
	u32 room = min_t(u32, p->text_size, VTPM_MAX_POLICY);
	char *buf;
	int ret;

	buf = kvmalloc(VTPM_MAX_POLICY, GFP_KERNEL_ACCOUNT);
	if (!buf)
		return -ENOMEM;
	ret = vtpm_copy_policy(v, buf, room, &p->text_size);
	if (!ret)
		ret = vtpm_put_list(p->text, buf, 1, p->text_size, room);
	kvfree(buf);
	return ret;
}

static int vtpm_ctl_policy_get(union vtpm_ctl_arg *arg)
{
	struct vtpm *v;
	int ret;

	memset(&arg->policy.error, 0, sizeof(arg->policy.error));
	ret = vtpm_get(arg->policy.number, &v);
	if (ret)
		return ret;
	ret = vtpm_get_policy(v, &arg->policy);
	vtpm_put(v);
	return ret;
}

static int vtpm_new_policy(const struct vtpm_policy_text *p, const void *data,
			   struct vtpm_text_error *err)
{
	bool is_signed = p->flags & VTPM_POLICY_SIGNED;
	struct vtpm *v;
	int ret;

	if (p->flags & VTPM_POLICY_CHECK)
		return vtpm_check_policy(data, p->text_size, is_signed, err);
	ret = vtpm_get(p->number, &v);
	if (ret)
		return ret;
	if (is_signed)
		ret = vtpm_set_signed_policy(v, data, p->text_size, err);
	else
		ret = vtpm_set_policy(v, data, p->text_size, err);
	vtpm_put(v);
	return ret;
}

static int vtpm_ctl_policy_set(union vtpm_ctl_arg *arg)
{
	struct vtpm_policy_text *p = &arg->policy;
	bool is_signed = p->flags & VTPM_POLICY_SIGNED;
	void *data;
	int ret;

	memset(&p->error, 0, sizeof(p->error));
	if (is_signed && !p->text_size)
		return -EINVAL;
	ret = vtpm_get_bytes(p->text, p->text_size,
			     is_signed ? VTPM_MAX_SIGNED_POLICY : VTPM_MAX_POLICY, &data);
	if (ret)
		return ret;
	ret = vtpm_new_policy(p, data, &p->error);
	kvfree(data);
	return ret;
}

/* ---- trusted parties and manifests ---- */

static int vtpm_ctl_trust_add(union vtpm_ctl_arg *arg)
{
	struct vtpm_blob *b = &arg->blob;
	void *der;
	int ret;

	memset(&b->error, 0, sizeof(b->error));
	if (b->reserved || !b->data_size || vtpm_check_name(b->name))
		return -EINVAL;
	ret = vtpm_get_bytes(b->data, b->data_size, VTPM_MAX_CERT_DER, &der);
	if (ret)
		return ret;
	ret = vtpm_trust_add(b->name, der, b->data_size);
	kvfree(der);
	return ret;
}

static int vtpm_ctl_cert_load(union vtpm_ctl_arg *arg)
{
	struct vtpm_blob *b = &arg->blob;
	void *p7;
	int ret;

	memset(&b->error, 0, sizeof(b->error));
	memset(b->name, 0, sizeof(b->name));
	if (b->reserved || !b->data_size)
		return -EINVAL;
	ret = vtpm_get_bytes(b->data, b->data_size, VTPM_MAX_MANIFEST, &p7);
	if (ret)
		return ret;
	ret = vtpm_cert_load(p7, b->data_size, b->name, &b->error);
	kvfree(p7);
	return ret;
}

static int vtpm_ctl_trust_remove(union vtpm_ctl_arg *arg)
{
	return vtpm_check_name(arg->named.name) ?: vtpm_trust_remove(arg->named.name);
}

static int vtpm_ctl_cert_remove(union vtpm_ctl_arg *arg)
{
	return vtpm_check_name(arg->named.name) ?: vtpm_cert_remove(arg->named.name);
}

static unsigned int vtpm_list_trust(void *out, unsigned int room)
{
	return vtpm_trust_list(out, room);
}

static unsigned int vtpm_list_certs(void *out, unsigned int room)
{
	return vtpm_cert_list(out, room);
}

/* Entries of @size bytes for a caller who knows them as @user_size bytes long. */
static int vtpm_put_entries(u64 address, const u8 *list, u32 size, u32 user_size, u32 count)
{
	u32 known = min(size, user_size);
	u8 __user *to;
	u32 i;

	for (i = 0; i < count; i++) {
		to = u64_to_user_ptr(address + (u64)i * user_size);
		if (copy_to_user(to, list + (size_t)i * size, known) ||
		    clear_user(to + known, user_size - known))
			return -EFAULT;
	}
	return 0;
}

/* All calls of this kind: @list fills at most @room entries and says how many there are. */
static int vtpm_ctl_entries(struct vtpm_entries *e, u32 min_size, u32 size, u32 max,
			    unsigned int (*list)(void *out, unsigned int room))
{
	u32 user_size = e->entry_size, room = min(e->count, max);
	void *entries;
	int ret;

	if (user_size < min_size)
		return -EINVAL;
	if (user_size > PAGE_SIZE)
		return -E2BIG;
	entries = kvcalloc(room, size, GFP_KERNEL_ACCOUNT);
	if (!entries)
		return -ENOMEM;
	e->count = list(entries, room);
	e->entry_size = size;
	ret = e->count > room ? -EMSGSIZE :
	      vtpm_put_entries(e->entries, entries, size, user_size, e->count);
	kvfree(entries);
	return ret;
}

static int vtpm_ctl_trust_list(union vtpm_ctl_arg *arg)
{
	return vtpm_ctl_entries(&arg->entries, offsetofend(struct vtpm_trust_entry, revocations),
				sizeof(struct vtpm_trust_entry), VTPM_MAX_TRUST, vtpm_list_trust);
}

static int vtpm_ctl_cert_list(union vtpm_ctl_arg *arg)
{
	return vtpm_ctl_entries(&arg->entries, offsetofend(struct vtpm_cert_entry, flags),
				sizeof(struct vtpm_cert_entry), VTPM_MAX_CERTS, vtpm_list_certs);
}

/* ---- the table, and the way to it ---- */

/* @last: the last member of the structure's first version. */
#define VTPM_ROW(nr, type, last, ...) {			\
	.cmd = VTPM_IOC_##nr,				\
	.min = offsetofend(struct type, last),		\
	.size = sizeof(struct type),			\
	__VA_ARGS__					\
}

static const struct vtpm_ctl_row vtpm_ctl_rows[] = {
	VTPM_ROW(INFO, vtpm_info, max_certs, .run = vtpm_ctl_info, .answers = true),
	VTPM_ROW(CREATE, vtpm_create, error, .run = vtpm_ctl_create, .answers = true,
		 .flags = VTPM_CREATE_UNSTARTED),
	VTPM_ROW(DESTROY, vtpm_number, reserved, .run = vtpm_ctl_destroy),
	VTPM_ROW(LIST, vtpm_list, reserved, .run = vtpm_ctl_list, .answers = true),
	VTPM_ROW(STATUS, vtpm_status, name, .run = vtpm_ctl_status, .answers = true),
	VTPM_ROW(POLICY_GET, vtpm_policy_text, error, .run = vtpm_ctl_policy_get, .answers = true),
	VTPM_ROW(POLICY_SET, vtpm_policy_text, error, .run = vtpm_ctl_policy_set, .answers = true,
		 .flags = VTPM_POLICY_CHECK | VTPM_POLICY_SIGNED),
	VTPM_ROW(RESET, vtpm_number, reserved, .run = vtpm_ctl_reset),
	VTPM_ROW(PRESENCE, vtpm_setting, value, .run = vtpm_ctl_presence),
	VTPM_ROW(LOCALITY, vtpm_setting, value, .run = vtpm_ctl_locality),
	VTPM_ROW(BIND, vtpm_bind, reserved, .run = vtpm_ctl_bind, .flags = VTPM_BIND_REMOVE),
	VTPM_ROW(TRUST_ADD, vtpm_blob, error, .run = vtpm_ctl_trust_add),
	VTPM_ROW(TRUST_LIST, vtpm_entries, entry_size, .run = vtpm_ctl_trust_list, .answers = true),
	VTPM_ROW(TRUST_REMOVE, vtpm_named, name, .run = vtpm_ctl_trust_remove),
	VTPM_ROW(CERT_LOAD, vtpm_blob, error, .run = vtpm_ctl_cert_load, .answers = true),
	VTPM_ROW(CERT_LIST, vtpm_entries, entry_size, .run = vtpm_ctl_cert_list, .answers = true),
	VTPM_ROW(CERT_REMOVE, vtpm_named, name, .run = vtpm_ctl_cert_remove),
};

static const struct vtpm_ctl_row *vtpm_ctl_find(unsigned int cmd)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vtpm_ctl_rows); i++)
		if (vtpm_ctl_rows[i].cmd == cmd)
			return &vtpm_ctl_rows[i];
	return NULL;
}

/* Reads what the caller gave, as far as this kernel knows it. */
static int vtpm_ctl_fetch(const struct vtpm_ctl_row *row, void __user *user,
			  union vtpm_ctl_arg *arg)
{
	u32 size;
	int ret;

	if (get_user(size, (u32 __user *)user))
		return -EFAULT;
	if (size < row->min)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	memset(arg, 0, sizeof(*arg));
	ret = copy_struct_from_user(arg, row->size, user, size);
	if (ret)
		return ret;
	arg->head.size = size;
	return arg->head.flags & ~row->flags ? -EOPNOTSUPP : 0;
}

static int vtpm_ctl_answer(const struct vtpm_ctl_row *row, void __user *user,
			   const union vtpm_ctl_arg *arg)
{
	if (!row->answers)
		return 0;
	return copy_to_user(user, arg, min(arg->head.size, row->size)) ? -EFAULT : 0;
}

/*
 * What the caller gave is written back first, so that a caller who could not
 * be answered hears of it before anything has changed.
 */
static long vtpm_ctl_ioctl(struct file *file, unsigned int cmd, unsigned long address)
{
	const struct vtpm_ctl_row *row = vtpm_ctl_find(cmd);
	void __user *user = (void __user *)address;
	union vtpm_ctl_arg arg;
	int ret;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (!row)
		return -ENOTTY;
	ret = vtpm_ctl_fetch(row, user, &arg);
	if (!ret)
		ret = vtpm_ctl_answer(row, user, &arg);
	if (ret)
		return ret;
	ret = row->run(&arg);
	if (ret && ret != -EINVAL && ret != -EMSGSIZE && ret != -EBADMSG && ret != -E2BIG &&
	    ret != -EACCES && ret != -ENODEV)
		return ret;
	return vtpm_ctl_answer(row, user, &arg) ?: ret;
}

/* A descriptor that was handed on is worth no more than who uses it: ioctls ask again. */
static int vtpm_ctl_open(struct inode *inode, struct file *file)
{
	return capable(CAP_SYS_ADMIN) ? nonseekable_open(inode, file) : -EPERM;
}

static const struct file_operations vtpm_ctl_fops = {
	.owner = THIS_MODULE,
	.open = vtpm_ctl_open,
	.unlocked_ioctl = vtpm_ctl_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice vtpm_ctl_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vtpmctl",
	.mode = 0600,
	.fops = &vtpm_ctl_fops,
};

int vtpm_control_init(void)
{
	return misc_register(&vtpm_ctl_device);
}

void vtpm_control_exit(void)
{
	misc_deregister(&vtpm_ctl_device);
}
