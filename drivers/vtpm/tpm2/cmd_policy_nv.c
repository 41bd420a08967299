// SPDX-License-Identifier: GPL-2.0-only
/* Policies over NV indices (Part 3, 23.9, 23.20, 23.22). */
#include "commands.h"

/* ---- TPM2_PolicyNV (23.9) ---- */

struct policy_nv_in {
	struct tpm2b operand;
	u16 offset;
	u16 operation;
};

static const struct desc_field policy_nv_in_fields[] = {
	FIELD(struct policy_nv_in, operand, desc_2b_digest),
	FIELD(struct policy_nv_in, offset, desc_u16),
	FIELD(struct policy_nv_in, operation, desc_eo),
};

const struct desc tpm2_policy_nv_in = DESC_STRUCT(struct policy_nv_in, policy_nv_in_fields);

static tpm_rc check_contents(struct tpm2_call *c, const struct policy_nv_in *in)
{
	const struct tpm2_nv_index *x = c->nv[1];
	tpm_rc rc;

	rc = tpm2_nv_may_read(x, c->handles[0]);
	if (rc)
		return rc;
	if (in->offset > x->size)
		return tpm2_param(TPM_RC_VALUE, 2);
	if (in->operand.size > x->size - in->offset)
		return tpm2_param(TPM_RC_SIZE, 1);
	return tpm2_compare(in->operation, x->data + in->offset, in->operand.data,
			    in->operand.size) ? TPM_RC_SUCCESS : TPM_RC_POLICY;
}

/* args = H(operandB || offset || operation) */
static void args_hash(const struct vt_hash_alg *alg, const struct policy_nv_in *in, u8 *args)
{
	struct vt_hash_ctx h;
	u8 tail[4];

	put_unaligned_be16(in->offset, tail);
	put_unaligned_be16(in->operation, tail + 2);
	vt_hash_init(&h, alg);
	vt_hash_update(&h, in->operand.data, in->operand.size);
	vt_hash_update(&h, tail, sizeof(tail));
	vt_hash_final(&h, args);
}

/*
 * TPM2_PolicyNV (23.9). TPM_RC_POLICY: does not hold; TPM_RC_VALUE (offset),
 * TPM_RC_SIZE (operandB): past the end; TPM_RC_NV_LOCKED, TPM_RC_NV_AUTHORIZATION,
 * TPM_RC_NV_UNINITIALIZED.
 */
tpm_rc tpm2_cmd_policy_nv(struct tpm2_call *c)
{
	const struct policy_nv_in *in = (void *)c->in;
	const struct tpm2_nv_index *x = c->nv[1];
	struct tpm2_session *se = c->sessions[2];
	u16 size = se->hash->digest_size;
	u8 data[VT_MAX_DIGEST + TPM2_NAME_MAX];
	tpm_rc rc;

	if (se->type != TPM_SE_TRIAL) {
		rc = check_contents(c, in);
		if (rc)
			return rc;
	}
	args_hash(se->hash, in, data);
	memcpy(data + size, x->name, x->name_size);
	tpm2_policy_update(se, TPM_CC_PolicyNV, data, size + x->name_size);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_PolicyNvWritten (23.20) ---- */

struct policy_nv_written_in {
	u8 written;
};

static const struct desc_field policy_nv_written_in_fields[] = {
	FIELD(struct policy_nv_written_in, written, desc_yes_no),
};

const struct desc tpm2_policy_nv_written_in =
	DESC_STRUCT(struct policy_nv_written_in, policy_nv_written_in_fields);

/* TPM2_PolicyNvWritten (23.20). TPM_RC_VALUE: the policy asks for the opposite already. */
tpm_rc tpm2_cmd_policy_nv_written(struct tpm2_call *c)
{
	const struct policy_nv_written_in *in = (void *)c->in;
	struct tpm2_session *se = c->sessions[0];

	if (se->nv_written_set && se->nv_written != !!in->written)
		return tpm2_param(TPM_RC_VALUE, 1);
	tpm2_policy_update(se, TPM_CC_PolicyNvWritten, &in->written, 1);
	se->nv_written_set = true;
	se->nv_written = in->written;
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_PolicyAuthorizeNV (23.22) ---- */

/* The index holds a TPMT_HA: the policy that is approved now. */
static tpm_rc check_approved(struct tpm2_call *c)
{
	const struct tpm2_nv_index *x = c->nv[1];
	const struct tpm2_session *se = c->sessions[2];
	struct tpm2_reader r = { .p = c->nv[1]->data, .left = x->size };
	struct tpmt_ha approved;
	tpm_rc rc;

	rc = tpm2_nv_may_read(x, c->handles[0]);
	if (!rc)
		rc = tpm2_read(&r, &desc_ha, &approved);
	if (rc)
		return rc;
	if (approved.alg != se->hash->id)
		return TPM_RC_HASH;
	return crypto_memneq(approved.digest, se->policy, se->hash->digest_size) ?
	       TPM_RC_VALUE : TPM_RC_SUCCESS;
}

/*
 * TPM2_PolicyAuthorizeNV (23.22). TPM_RC_HASH: another algorithm than the session's,
 * or none; TPM_RC_INSUFFICIENT: no room for a digest; TPM_RC_VALUE: another policy;
 * TPM_RC_NV_LOCKED, TPM_RC_NV_AUTHORIZATION, TPM_RC_NV_UNINITIALIZED.
 */
tpm_rc tpm2_cmd_policy_authorize_nv(struct tpm2_call *c)
{
	const struct tpm2_nv_index *x = c->nv[1];
	struct tpm2_session *se = c->sessions[2];
	tpm_rc rc;

	if (se->type != TPM_SE_TRIAL) {
		rc = check_approved(c);
		if (rc)
			return rc;
	}
	memset(se->policy, 0, sizeof(se->policy));
	tpm2_policy_update(se, TPM_CC_PolicyAuthorizeNV, x->name, x->name_size);
	return TPM_RC_SUCCESS;
}
