// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which commands are audited and which want somebody to be present, and the
 * command audit itself (Part 1, 31; Part 3, 21 and 26.2).
 */
#include "commands.h"

static bool has_code(const unsigned long *map, u32 code)
{
	u32 bit = code - TPM_CC_FIRST;

	return bit < TPM_CC_COUNT && test_bit(bit, map);
}

bool tpm2_audited(const struct tpm2 *t, u32 code)
{
	return has_code(t->audited, code);
}

bool tpm2_presence_wanted(const struct tpm2 *t, u32 code)
{
	return has_code(t->pp_required, code);
}

bool tpm2_presence_missing(const struct tpm2 *t, u32 code)
{
	return !t->presence && tpm2_presence_wanted(t, code);
}

/* ---- the audit of a command ---- */

void tpm2_audit_begin(struct tpm2_call *c)
{
	if (!tpm2_audited(c->t, c->cmd->code))
		return;
	c->command_audit = vt_hash_find(c->t->audit_alg);
	tpm2_cp_hash(c, c->command_audit, c->command_cp);
}

/*
 * auditDigest <- H(auditDigest || cpHash || rpHash). The first command of a
 * digest raises the counter. A command that was under way while the hash
 * changed belongs to the digest that ended then.
 */
void tpm2_audit_end(struct tpm2_call *c, struct tpm2b params)
{
	const struct vt_hash_alg *alg = c->command_audit;
	struct tpm2_digest *digest = &c->t->audit_digest;
	u8 rp[VT_MAX_DIGEST];
	struct vt_hash_ctx h;

	if (!alg || alg->id != c->t->audit_alg)
		return;
	if (!digest->size) {
		memset(digest->data, 0, sizeof(digest->data));
		digest->size = alg->digest_size;
		c->t->audit_counter++;
	}
	tpm2_rp_hash(c, alg, params, rp);
	vt_hash_init(&h, alg);
	vt_hash_update(&h, digest->data, alg->digest_size);
	vt_hash_update(&h, c->command_cp, alg->digest_size);
	vt_hash_update(&h, rp, alg->digest_size);
	vt_hash_final(&h, digest->data);
	if (c->cmd->code != TPM_CC_Shutdown)
		tpm2_disorder(c->t);
}

/* ---- TPM2_SetCommandCodeAuditStatus (21.2) ---- */

struct set_audit_in {
	u16 alg;
	struct tpml_cc set;
	struct tpml_cc clear;
};

static const struct desc_field set_audit_in_fields[] = {
	FIELD(struct set_audit_in, alg, desc_alg_hash_null),
	FIELD(struct set_audit_in, set, desc_cc_list),
	FIELD(struct set_audit_in, clear, desc_cc_list),
};

const struct desc tpm2_set_command_code_audit_status_in =
	DESC_STRUCT(struct set_audit_in, set_audit_in_fields);
static_assert(sizeof(struct set_audit_in) <= TPM2_CALL_IN);

static bool is_there(const struct tpm2 *t, u32 code)
{
	return tpm2_cmd_find(code) && tpm2_cmd_left(t, code);
}

/* Codes of commands that are not there are passed over, as are those that may not be chosen. */
static void change(const struct tpm2 *t, unsigned long *map, const struct tpml_cc *set,
		   const struct tpml_cc *clear, u16 always, bool (*allowed)(u32 code))
{
	u32 i;

	for (i = 0; i < set->count; i++)
		if (is_there(t, set->code[i]) && allowed(set->code[i]))
			__set_bit(set->code[i] - TPM_CC_FIRST, map);
	for (i = 0; i < clear->count; i++)
		if (is_there(t, clear->code[i]) && clear->code[i] != always)
			__clear_bit(clear->code[i] - TPM_CC_FIRST, map);
}

/* A TPM that goes down cannot write into a log any more. */
static bool may_be_audited(u32 code)
{
	return code != TPM_CC_Shutdown;
}

/*
 * TPM2_SetCommandCodeAuditStatus (21.2). TPM_RC_VALUE: auditAlg is none, or comes
 * together with lists.
 */
tpm_rc tpm2_cmd_set_command_code_audit_status(struct tpm2_call *c)
{
	const struct set_audit_in *in = (void *)c->in;
	struct tpm2 *t = c->t;

	if (in->alg == TPM_ALG_NULL || in->alg == t->audit_alg) {
		change(t, t->audited, &in->set, &in->clear, TPM_CC_SetCommandCodeAuditStatus,
		       may_be_audited);
		return TPM_RC_SUCCESS;
	}
	if (in->set.count || in->clear.count)
		return tpm2_param(TPM_RC_VALUE, 1);
	t->audit_alg = in->alg;
	memset(&t->audit_digest, 0, sizeof(t->audit_digest));
	c->command_audit = NULL;
	tpm2_disorder(t);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_PP_Commands (26.2) ---- */

struct pp_commands_in {
	struct tpml_cc set;
	struct tpml_cc clear;
};

static const struct desc_field pp_commands_in_fields[] = {
	FIELD(struct pp_commands_in, set, desc_cc_list),
	FIELD(struct pp_commands_in, clear, desc_cc_list),
};

const struct desc tpm2_pp_commands_in = DESC_STRUCT(struct pp_commands_in, pp_commands_in_fields);

/* Commands that platform authorization can give (Part 1, 27.7 names the handles) */
static bool may_want_presence(u32 code)
{
	return code <= TPM_CC_NV_GlobalWriteLock || code == TPM_CC_CreateLoaded ||
	       code == TPM_CC_SetCommandCodeAuditStatus;
}

/* TPM2_PP_Commands (26.2). No codes of its own: what cannot be set or cleared is passed over. */
tpm_rc tpm2_cmd_pp_commands(struct tpm2_call *c)
{
	const struct pp_commands_in *in = (void *)c->in;

	change(c->t, c->t->pp_required, &in->set, &in->clear, TPM_CC_PP_Commands,
	       may_want_presence);
	return TPM_RC_SUCCESS;
}
