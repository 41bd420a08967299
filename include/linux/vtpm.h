/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vtpm.ko for other kernel modules: property providers, and measuring.
 *
 * A virtual TPM keeps one vector of virtual PCRs (vPCRs) for each property
 * provider of its policy and each active hash bank. On every extend each
 * provider translates the measurement into its own vPCR; the policy says which
 * provider's value counts for which PCR in which operation. A module adds a
 * provider by registering a struct vtpm_provider before a policy names it.
 */
#ifndef _LINUX_VTPM_H
#define _LINUX_VTPM_H

#include <linux/types.h>

struct cgroup;
struct file;
struct module;
struct user_namespace;
struct vt_mem;

#define VTPM_PROVIDER_API	3	/* struct vtpm_provider.api_version */
#define VTPM_PROVIDER_NAME_MAX	31	/* bytes, without the zero */
#define VTPM_PROVIDER_OPTIONS	4	/* options that one provider can have */
#define VTPM_OPTION_NAME_MAX	31	/* bytes, without the zero */
#define VTPM_MEASURE_NAME_MAX	255	/* bytes, without the zero */
#define VTPM_OPTION_VALUE_MAX	63	/* bytes, without the zero */
#define VTPM_PROVIDER_STATE_MAX	(12u << 20)	/* bytes that one provider can save */

/**
 * enum vtpm_option_kind - what stands behind "=" where there are no words to choose from
 * @VTPM_OPTION_WORD: a word of [A-Za-z0-9._-]
 * @VTPM_OPTION_NUMBER: a decimal number
 * @VTPM_OPTION_PCRS: a list of PCRs as rules have it, such as 0-7,10, or "all"
 */
enum vtpm_option_kind {
	VTPM_OPTION_WORD,
	VTPM_OPTION_NUMBER,
	VTPM_OPTION_PCRS,
};

/**
 * struct vtpm_option_desc - an option that a provider takes in the policy
 * @name: the word before "="; 1 to VTPM_OPTION_NAME_MAX of [a-z0-9-]
 * @values: the words allowed after "=", ended by NULL; the first is the
 *	default. NULL: what @kind says, at most VTPM_OPTION_VALUE_MAX bytes
 * @kind: see there
 * @required: there is no default: the policy has to give the option
 * @min: of a VTPM_OPTION_NUMBER
 * @max: likewise
 * @preset: the default of a VTPM_OPTION_NUMBER; for others it is "", and no PCR
 */
struct vtpm_option_desc {
	const char *name;
	const char *const *values;
	enum vtpm_option_kind kind;
	bool required;
	u32 min;
	u32 max;
	u32 preset;
};

/**
 * struct vtpm_option - an option as the policy has it
 * @name: as in struct vtpm_option_desc
 * @value: what the policy says, or the default; never NULL, and "" for the default of a
 *	number
 * @number: the number; or a bit for each PCR of the list; or which of the descriptor's
 *	@values it is, from 0 on
 */
struct vtpm_option {
	const char *name;
	const char *value;
	u32 number;
};

/**
 * struct vtpm_host_pcrs - PCR values of the host's TPM: one bank
 * @alg: their hash algorithm (TPM_ALG_ID)
 * @digest_size: bytes of one value
 * @count: how many values, from PCR 0 on
 * @values: @count times @digest_size bytes
 */
struct vtpm_host_pcrs {
	u16 alg;
	u16 digest_size;
	u32 count;
	const u8 *values;
};

/**
 * struct vtpm_host - the host's TPM, as it was when an instance's power came on
 * @count: how many banks it has; at least one
 * @banks: these, in its own order; algorithms may be among them that no instance has
 */
struct vtpm_host {
	u32 count;
	const struct vtpm_host_pcrs *banks;
};

/**
 * struct vtpm_provider - a property provider
 * @name: as policies name it: 1 to VTPM_PROVIDER_NAME_MAX of [a-z0-9-]
 * @owner: THIS_MODULE; held by every policy that names the provider. NULL only
 *	for the providers that vtpm.ko brings with it
 * @api_version: VTPM_PROVIDER_API
 * @options: what may follow the name in a policy; @option_count of them
 * @option_count: at most VTPM_PROVIDER_OPTIONS
 * @open: a new instance uses the provider. @options has one element for each of
 *	the descriptors, in their order; it and its strings live until @close, and so
 *	does @mem, for vtpm_provider_alloc(). What is put to @priv is given to the other
 *	calls. -EINVAL: an option's value; -ENOMEM. May be NULL
 * @close: the instance is gone. May be NULL
 * @init_vpcrs: map the host's PCRs into the vPCRs of one bank, when an instance
 *	is created and at each of its power cycles. @vpcrs has the start values of
 *	all @count vPCRs, one after another, and takes what they shall be. @host is
 *	NULL when there is no host TPM. The power does not come on if any provider fails.
 *	The result may be kept until TPM2_Startup, or thrown away. May be NULL: the start
 *	values stay
 * @expect: @translate comes next, but for other providers', with this measurement: what it
 *	will look for can be fetched from memory meanwhile. Has no effect. May be NULL
 * @translate: vPCR <- translate(vPCR, m): the measurement @m, one digest of
 *	@alg, arrives in PCR @pcr; @vpcr has the value before and takes the one
 *	after. -ENOMEM: the extend fails, and no provider's value changes. Must
 *	not have effects besides @vpcr, as the result may be thrown away; at most it
 *	reserves what @extended will need. Required
 * @extended: after all providers have translated @m: the vPCR has the value @vpcr from
 *	here on. May be NULL
 * @instead: the digest of @alg that the last @translate in this bank has put into the vPCR in
 *	place of @m, as vtpm_vpcr_hash() does, where that hangs on what may change: the
 *	measurement log has it, so that the vPCR can be replayed from the log at any time.
 *	NULL: none, as the provider takes what is nothing to it. Asked before @extended. May be
 *	NULL
 * @reset: PCR @pcr has its start value in all banks, whatever it was. May be NULL
 * @save: what @priv holds besides what follows from the options, as bytes that any kernel
 *	can read: they go where the instance's state goes. Return: how many there are, at most
 *	VTPM_PROVIDER_STATE_MAX; they are written if that is not more than @room, and @buf may
 *	be NULL where @room is 0. May be NULL: nothing is to be kept; with @load or not at all
 * @load: take what @save has written, in another kernel maybe; @priv is as @open left it.
 *	-EBADMSG: it is not that; -ENOMEM
 * @check: after @load, for each bank and PCR that an instance can have: does what was loaded
 *	fit the value @vpcr, which comes from the same state? NULL: the instance has no such
 *	vPCR. -EBADMSG: it does not, and the state is refused. May be NULL; not without @load
 * @list: what @priv holds as text for the admin: from byte @off of the text on at most
 *	@room bytes. Return: bytes written; 0: @off is the end. May be NULL: nothing to tell
 *
 * All calls on one @priv are made one at a time, and may sleep. Calls of
 * different instances run in parallel. None may call back into vtpm.ko other
 * than through what is declared below.
 */
struct vtpm_provider {
	const char *name;
	struct module *owner;
	u32 api_version;
	u32 option_count;
	const struct vtpm_option_desc *options;
	int (*open)(const struct vtpm_option *options, struct vt_mem *mem, void **priv);
	void (*close)(void *priv);
	int (*init_vpcrs)(void *priv, const struct vtpm_host *host, u16 alg, unsigned int count,
			  u8 *vpcrs);
	void (*expect)(void *priv, u16 alg, const u8 *m);
	int (*translate)(void *priv, u16 alg, unsigned int pcr, const u8 *m, u8 *vpcr);
	const u8 *(*instead)(void *priv, u16 alg);
	void (*extended)(void *priv, u16 alg, unsigned int pcr, const u8 *m, const u8 *vpcr);
	void (*reset)(void *priv, unsigned int pcr);
	size_t (*save)(void *priv, u8 *buf, size_t room);
	int (*load)(void *priv, const u8 *buf, size_t len);
	int (*check)(void *priv, u16 alg, unsigned int pcr, const u8 *vpcr);
	size_t (*list)(void *priv, u64 off, char *buf, size_t room);
};

/**
 * vtpm_provider_register() - offer a provider to policies parsed from now on
 * @p: must stay as it is until vtpm_provider_unregister()
 *
 * Context: may sleep. Return: 0; -EINVAL: a member is not as described;
 * -EEXIST: the name is taken; -EOPNOTSUPP: another API version; -ENOMEM.
 */
int vtpm_provider_register(const struct vtpm_provider *p);

/**
 * vtpm_provider_unregister() - withdraw a provider; for the owner's module_exit
 * @p: as registered; no instance uses it, because each holds @p->owner
 */
void vtpm_provider_unregister(const struct vtpm_provider *p);

/**
 * vtpm_vpcr_hash() - the TCG's extend, for providers: vPCR <- H(vPCR || data)
 * @alg: TPM_ALG_ID of an active bank
 * @vpcr: in and out, one digest of @alg
 * @data: what to extend with
 * @len: its bytes, at most 64
 *
 * Return: 0, or -EINVAL: no such algorithm, or @len is too large.
 */
int vtpm_vpcr_hash(u16 alg, u8 *vpcr, const void *data, size_t len);

/* Bytes of one digest of @alg (TPM_ALG_ID); 0: no instance has banks of it. */
unsigned int vtpm_digest_size(u16 alg);

/*
 * Zeroed memory, charged to the caller's cgroup and counted as the instance's: @mem is what
 * @open was given. NULL: there is none. vtpm_provider_free() wipes it first; NULL is fine.
 */
void *vtpm_provider_alloc(struct vt_mem *mem, size_t size);
void vtpm_provider_free(struct vt_mem *mem, const void *p);

/**
 * enum vtpm_target_kind - how an instance is found
 * @VTPM_TARGET_NUMBER: by N of /dev/vtpmN
 * @VTPM_TARGET_FILE: by an open file of one of its nodes
 * @VTPM_TARGET_CGROUP: by a cgroup that it is bound to, or the nearest one above that has
 *	an instance
 * @VTPM_TARGET_USER_NS: by a user namespace likewise
 */
enum vtpm_target_kind {
	VTPM_TARGET_NUMBER,
	VTPM_TARGET_FILE,
	VTPM_TARGET_CGROUP,
	VTPM_TARGET_USER_NS,
};

/**
 * struct vtpm_target - the instance that is meant
 * @kind: which of the others counts
 * @number: for VTPM_TARGET_NUMBER
 * @file: for VTPM_TARGET_FILE; the caller's reference
 * @cgroup: for VTPM_TARGET_CGROUP, likewise
 * @user_ns: for VTPM_TARGET_USER_NS, likewise
 */
struct vtpm_target {
	enum vtpm_target_kind kind;
	union {
		u32 number;
		struct file *file;
		struct cgroup *cgroup;
		struct user_namespace *user_ns;
	};
};

/**
 * vtpm_measure() - measure something into an instance
 * @target: which instance
 * @pcr: the PCR
 * @alg: TPM_ALG_ID of the hash of @digest; need not be that of a bank
 * @digest: digest of what is measured
 * @name: what it is called; 1 to VTPM_MEASURE_NAME_MAX bytes
 *
 * The PCR is extended in every active bank with the bank's hash of template data of IMA's
 * template ima-ng, which are made of @digest and @name; all providers of the instance see
 * it, and its measurement log has it. It counts as coming from locality 0, so PCRs 17 to
 * 22 cannot be measured into. To be replayed from binary_runtime_measurements alone a PCR
 * must be extended in no other way.
 *
 * Context: may sleep; waits for a TPM command under way. Return: 0; -EINVAL: @alg, @name,
 * @pcr, or @target is no file of an instance; -ENOENT: there is no such instance, or none
 * is bound; -EACCES: not this PCR; -EAGAIN: the TPM has not been started; -EIO: it is in
 * failure mode; -ENODEV: it is being destroyed; -EINTR: a fatal signal; -ENOMEM.
 * Nothing has changed then.
 */
int vtpm_measure(const struct vtpm_target *target, u32 pcr, u16 alg, const u8 *digest,
		 const char *name);

#endif /* _LINUX_VTPM_H */
