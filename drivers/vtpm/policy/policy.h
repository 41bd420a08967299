/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vTPMPolicy: what an admin says about one instance. The grammar is described
 * at the top of parse.c.
 *
 * A struct vtpm_policy never changes after vtpm_policy_parse() has made it, so
 * any number of readers need no lock; it lives until its owner (an instance's
 * matrix, or the one who parsed it) frees it.
 */
#ifndef VTPM_POLICY_H
#define VTPM_POLICY_H

#include "../env.h"
#include "../limits.h"
#include "../tpm2/tpm2.h"
#include <linux/vtpm.h>
#include <uapi/linux/vtpm.h>

struct vtpm_p7;

/* In place of a provider's index. */
#define VTPM_CELL_HIDDEN	0xff	/* as if the PCR were not there */
#define VTPM_CELL_DENIED	0xfe	/* the operation fails */

/**
 * struct vtpm_cells - for an operation, a bank (index in vt_hash_algs) and a PCR: the
 *	index of the provider whose value counts, or VTPM_CELL_*. For VTPM_OP_EVENT, which
 *	has no provider, every other value lets the event happen and be answered
 */
struct vtpm_cells {
	u8 cell[VTPM_OP_COUNT][VTPM_MAX_BANKS][VTPM_PCR_COUNT];
};

/* Who may replace a policy. */
enum vtpm_update_by {
	VTPM_UPDATE_ADMIN,
	VTPM_UPDATE_NEVER,	/* nobody */
	VTPM_UPDATE_SIGNED,	/* the admin, with a text that a party has signed */
};

#define VTPM_POLICY_KEY	32	/* bytes of the SHA-256 of a trusted party's public key */

/**
 * struct vtpm_update - a policy's update rule, and its place among its author's policies
 * @by: who
 * @has_key: @key is to be looked at
 * @party: with VTPM_UPDATE_SIGNED, the name of the trusted party
 * @key: SHA-256 of its public key, so that the name alone is not enough
 * @version: the policy's own; 0: it has none. With VTPM_UPDATE_SIGNED only a higher one
 *	may follow
 * @version_line: where the text says it; 0 when it does not
 * @version_column: likewise
 */
struct vtpm_update {
	enum vtpm_update_by by;
	bool has_key;
	char party[VTPM_NAME_MAX + 1];
	u8 key[VTPM_POLICY_KEY];
	u64 version;
	u32 version_line;
	u32 version_column;
};

/**
 * struct vtpm_policy_provider - a provider that a policy names
 * @ops: the provider; the policy holds a reference
 * @option: one for each of @ops->options, in their order
 * @value: what @option's values point to where the words are free
 * @line: where the policy names it; 0 when it does not ("hash" needs no statement)
 * @column: likewise
 */
struct vtpm_policy_provider {
	const struct vtpm_provider *ops;
	struct vtpm_option option[VTPM_PROVIDER_OPTIONS];
	u32 line;
	u32 column;
	char value[VTPM_PROVIDER_OPTIONS][VTPM_OPTION_VALUE_MAX + 1];
};

/**
 * struct vtpm_policy - a policy, parsed; immutable
 * @provider: the providers in the order of their statements; "hash" is the first
 * @providers: how many
 * @banks: bit i: the bank of vt_hash_algs[i] is active when the instance is made
 * @may: bit i: TPM2_PCR_Allocate may make it active; all of @banks are among them
 * @log_bytes: of the measurement log, at most
 * @bank_line: where the "bank" statement is; 0 when there is none
 * @bank_column: likewise
 * @host_required: no instance without a host TPM
 * @host_line: where the "host-tpm" statement is; 0 when there is none
 * @host_column: likewise
 * @cells: which value counts where, when no rule asks for the locality
 * @by_locality: else the same for each locality; NULL: @cells holds in all of them
 * @update: who may replace it, and its version
 * @profile: what it leaves of the TPM; NULL: everything
 * @name: the policy's name, or ""
 * @len: bytes of @text
 * @text: as it was given; no zero byte in it, one behind it
 */
struct vtpm_policy {
	struct vtpm_policy_provider *provider[VTPM_MAX_PROVIDERS];
	unsigned int providers;
	u32 banks;
	u32 may;
	u32 log_bytes;
	u32 bank_line;
	u32 bank_column;
	bool host_required;
	u32 host_line;
	u32 host_column;
	struct vtpm_cells cells;
	struct vtpm_cells *by_locality;
	struct vtpm_update update;
	struct tpm2_profile *profile;
	char name[VTPM_NAME_MAX + 1];
	size_t len;
	char text[];
};

/**
 * vtpm_policy_parse() - make a policy of its text
 * @text: not terminated
 * @len: its bytes; 0 gives the default: an ordinary TPM 2.0 with a SHA-256 bank
 * @mem: the instance's memory counter; may be NULL
 * @policy: the result; unchanged on failure
 * @err: what is wrong and where; may be NULL; written on -EINVAL only
 *
 * Context: may sleep. Return: 0, -EINVAL, -ENOMEM.
 */
int vtpm_policy_parse(const char *text, size_t len, struct vt_mem *mem,
		      struct vtpm_policy **policy, struct vtpm_text_error *err);
/* @mem as for vtpm_policy_parse(); NULL for @p is fine. */
void vtpm_policy_free(struct vt_mem *mem, struct vtpm_policy *p);
/* What holds in a locality, 0 to VTPM_MAX_LOCALITY. */
static inline const struct vtpm_cells *vtpm_policy_cells(const struct vtpm_policy *p, u8 locality)
{
	return p->by_locality ? &p->by_locality[locality] : &p->cells;
}

/**
 * vtpm_update_check() - may a policy with this rule be replaced?
 * @rule: of the policy in force
 * @message: in which the new text came, signed; NULL: it came as a text
 * @by: the name of who signed it; "" without a message
 * @err: the reason, with -EACCES; may be NULL
 *
 * Takes the locks of the store of trusted parties, and may sleep for as long as a manifest
 * is being loaded. Return: 0; -EACCES: the rule forbids it; of a message -ENOKEY: signed by
 * nobody who will do; -EKEYREJECTED, -EBADMSG, -ENOPKG, -ENOMEM, -EINTR.
 */
int vtpm_update_check(const struct vtpm_update *rule, const struct vtpm_p7 *message,
		      char by[VTPM_NAME_MAX + 1], struct vtpm_text_error *err);

/**
 * vtpm_update_order() - may a policy with this rule be followed by this one?
 * @rule: of the policy in force
 * @next: the new one, which vtpm_update_check() would let pass
 * @err: the reason, with -EACCES; may be NULL
 *
 * A party's signature is good forever: without this, what it has taken back by signing
 * another text could be put in force again. Return: 0; -EACCES: @next is no newer one.
 */
int vtpm_update_order(const struct vtpm_update *rule, const struct vtpm_policy *next,
		      struct vtpm_text_error *err);

/* The text as it was given, followed by a zero byte. */
const char *vtpm_policy_text(const struct vtpm_policy *p, size_t *len);
/* The "name" statement's name, or "". */
const char *vtpm_policy_name(const struct vtpm_policy *p);

#endif /* VTPM_POLICY_H */
