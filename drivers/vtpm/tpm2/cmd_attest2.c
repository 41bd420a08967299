// SPDX-License-Identifier: GPL-2.0-only
/* Attestation of time and of audit logs (Part 3, 18.5 to 18.7). */
#include "attest.h"
#include "identity.h"

struct attest_in {
	struct tpm2b extra;
	struct tpmt_scheme scheme;
};

static const struct desc_field attest_in_fields[] = {
	FIELD(struct attest_in, extra, desc_2b_data),
	FIELD(struct attest_in, scheme, desc_sig_scheme_null),
};

/* ---- TPM2_GetTime (18.7) ---- */

const struct desc tpm2_get_time_in = DESC_STRUCT(struct attest_in, attest_in_fields);
const struct desc tpm2_get_time_out = DESC_STRUCT(struct attest_out, tpm2_attest_out_fields);

/*
 * TPM2_GetTime (18.7). The endorsement hierarchy authorizes it, so that what is
 * attested need not be obfuscated. TPM_RC_KEY (signHandle): no signing key;
 * TPM_RC_SCHEME (inScheme); TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_get_time(struct tpm2_call *c)
{
	struct attest_in *in = (void *)c->in;
	struct tpm2_object *key = c->objects[1];
	struct tpms_time_info now = tpm2_time_info(c->t);
	struct tpm2_writer w;
	tpm_rc rc;

	rc = tpm2_attest_signer(c, key, 2, &in->scheme, 2);
	if (!rc)
		rc = tpm2_attest_new(c, ATTEST_MAX, &w);
	if (rc)
		return rc;
	tpm2_attest_begin(c, key, TPM_ST_ATTEST_TIME, &in->scheme, in->extra, &w);
	tpm2_write(&w, &desc_time_info, &now);
	tpm2_put_u64(&w, (u64)VTPM_FIRMWARE_1 << 32 | VTPM_FIRMWARE_2);
	return tpm2_attest_end(c, key, &in->scheme, in->extra, &w);
}

/* ---- TPM2_GetSessionAuditDigest (18.5) ---- */

const struct desc tpm2_get_session_audit_digest_in =
	DESC_STRUCT(struct attest_in, attest_in_fields);
const struct desc tpm2_get_session_audit_digest_out =
	DESC_STRUCT(struct attest_out, tpm2_attest_out_fields);

/*
 * TPM2_GetSessionAuditDigest (18.5). TPM_RC_TYPE (sessionHandle): it has audited
 * nothing; TPM_RC_KEY (signHandle): no signing key; TPM_RC_SCHEME (inScheme);
 * TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_get_session_audit_digest(struct tpm2_call *c)
{
	struct attest_in *in = (void *)c->in;
	const struct tpm2_session *se = c->sessions[2];
	struct tpm2_object *key = c->objects[1];
	struct tpm2_writer w;
	tpm_rc rc;

	rc = tpm2_attest_signer(c, key, 2, &in->scheme, 2);
	if (!rc && !se->audit)
		rc = tpm2_handle_rc(TPM_RC_TYPE, 3);
	if (!rc)
		rc = tpm2_attest_new(c, ATTEST_MAX, &w);
	if (rc)
		return rc;
	tpm2_attest_begin(c, key, TPM_ST_ATTEST_SESSION_AUDIT, &in->scheme, in->extra, &w);
	tpm2_put_u8(&w, c->t->exclusive == se->handle);
	tpm2_put_2b(&w, se->policy, se->hash->digest_size);
	return tpm2_attest_end(c, key, &in->scheme, in->extra, &w);
}

/* ---- TPM2_GetCommandAuditDigest (18.6) ---- */

const struct desc tpm2_get_command_audit_digest_in =
	DESC_STRUCT(struct attest_in, attest_in_fields);
const struct desc tpm2_get_command_audit_digest_out =
	DESC_STRUCT(struct attest_out, tpm2_attest_out_fields);

/* Digest over the codes of the audited commands, ascending */
static void put_command_digest(struct tpm2 *t, const struct vt_hash_alg *alg, struct tpm2_writer *w)
{
	const struct tpm2_cmd *cmd;
	u8 code[4], digest[VT_MAX_DIGEST];
	struct vt_hash_ctx h;
	unsigned int i;

	vt_hash_init(&h, alg);
	for (i = 0; (cmd = tpm2_cmd_at(i)); i++) {
		if (!tpm2_audited(t, cmd->code))
			continue;
		put_unaligned_be32(cmd->code, code);
		vt_hash_update(&h, code, sizeof(code));
	}
	vt_hash_final(&h, digest);
	tpm2_put_2b(w, digest, alg->digest_size);
}

static bool same_log(const struct tpm2_digest *a, const struct tpm2_digest *b)
{
	return a->size == b->size && !crypto_memneq(a->data, b->data, a->size);
}

/*
 * TPM2_GetCommandAuditDigest (18.6). A signature ends the log. Whatever was audited
 * while the lock was given up to sign is not in it and must not be lost: TPM_RC_RETRY
 * then, as if nothing had been asked. TPM_RC_KEY (signHandle): no signing key;
 * TPM_RC_SCHEME (inScheme); TPM_RC_MEMORY.
 */
tpm_rc tpm2_cmd_get_command_audit_digest(struct tpm2_call *c)
{
	struct attest_in *in = (void *)c->in;
	struct tpm2_digest log = c->t->audit_digest;
	struct tpm2_object *key = c->objects[1];
	u16 alg = c->t->audit_alg;
	struct tpm2_writer w;
	tpm_rc rc;

	rc = tpm2_attest_signer(c, key, 2, &in->scheme, 2);
	if (!rc)
		rc = tpm2_attest_new(c, ATTEST_MAX, &w);
	if (rc)
		return rc;
	tpm2_attest_begin(c, key, TPM_ST_ATTEST_COMMAND_AUDIT, &in->scheme, in->extra, &w);
	tpm2_put_u64(&w, c->t->audit_counter);
	tpm2_put_u16(&w, alg);
	tpm2_put_2b(&w, log.data, log.size);
	put_command_digest(c->t, vt_hash_find(alg), &w);
	rc = tpm2_attest_end(c, key, &in->scheme, in->extra, &w);
	if (rc || !key)
		return rc;
	if (!same_log(&log, &c->t->audit_digest))
		return TPM_RC_RETRY;
	memset(&c->t->audit_digest, 0, sizeof(c->t->audit_digest));
	return TPM_RC_SUCCESS;
}
