// SPDX-License-Identifier: GPL-2.0-only
/*
 * A caller of vtpm_measure(), for tests. What is written to its parameter is measured:
 *
 *	TARGET PCR NAME TEXT
 *
 * TARGET is number=N, fd=N of the writer's, or cgroup or user-ns, which are the writer's
 * too. NAME's digest is SHA-256 of TEXT. write() ends with what vtpm_measure() returns.
 */
#include <crypto/hash.h>
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/vtpm.h>

#define ALG_SHA256	0x000b

/* The writer's cgroup of version 2, which it does not leave meanwhile. */
static struct cgroup *own_cgroup(void)
{
	struct cgroup *cgroup;

	rcu_read_lock();
	cgroup = task_dfl_cgroup(current);
	cgroup_get(cgroup);
	rcu_read_unlock();
	return cgroup;
}

static int measure_for(struct vtpm_target *target, unsigned int pcr, const char *name,
		       const u8 *digest)
{
	int ret = vtpm_measure(target, pcr, ALG_SHA256, digest, name);

	if (target->kind == VTPM_TARGET_FILE)
		fput(target->file);
	if (target->kind == VTPM_TARGET_CGROUP)
		cgroup_put(target->cgroup);
	return ret;
}

static int find_target(const char *text, struct vtpm_target *target)
{
	unsigned int n;

	if (sscanf(text, "number=%u", &n) == 1) {
		*target = (struct vtpm_target){ .kind = VTPM_TARGET_NUMBER, .number = n };
	} else if (sscanf(text, "fd=%u", &n) == 1) {
		*target = (struct vtpm_target){ .kind = VTPM_TARGET_FILE, .file = fget(n) };
		return target->file ? 0 : -EBADF;
	} else if (!strcmp(text, "cgroup")) {
		*target = (struct vtpm_target){ .kind = VTPM_TARGET_CGROUP,
						.cgroup = own_cgroup() };
	} else if (!strcmp(text, "user-ns")) {
		*target = (struct vtpm_target){ .kind = VTPM_TARGET_USER_NS,
						.user_ns = current_user_ns() };
	} else {
		return -EINVAL;
	}
	return 0;
}

static int hash_text(const char *text, u8 *digest)
{
	struct crypto_shash *tfm = crypto_alloc_shash("sha256", 0, 0);
	int ret;

	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	ret = crypto_shash_tfm_digest(tfm, text, strlen(text), digest);
	crypto_free_shash(tfm);
	return ret;
}

static int set_measure(const char *line, const struct kernel_param *kp)
{
	char where[32], name[64], text[64];
	struct vtpm_target target;
	unsigned int pcr;
	u8 digest[32];
	int ret;

	if (sscanf(line, "%31s %u %63s %63s", where, &pcr, name, text) != 4)
		return -EINVAL;
	ret = hash_text(text, digest);
	if (!ret)
		ret = find_target(where, &target);
	return ret ?: measure_for(&target, pcr, name, digest);
}

static const struct kernel_param_ops measure_ops = {
	.set = set_measure,
};

module_param_cb(measure, &measure_ops, NULL, 0200);
MODULE_PARM_DESC(measure, "TARGET PCR NAME TEXT: measure this");

MODULE_DESCRIPTION("Test aid: a caller of vtpm_measure()");
MODULE_AUTHOR("The vtpm project");
MODULE_LICENSE("GPL");
