// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions as bytes, for saved contexts and for the instance's state, and whether
 * one that comes from a state is one that this TPM could have had.
 */
#include "engine.h"

#define SESSION_FIELD(member, desc_) FIELD(struct tpm2_session, member, desc_)

static const struct desc d_bytes32 = { .kind = D_BYTES, .max = 32, .size = 32 };
static const struct desc d_bytes64 = { .kind = D_BYTES, .max = 64, .size = 64 };
static const struct desc d_kept = { .kind = D_KEPT, .max = VT_MAX_DIGEST };
static const struct desc_field sym_fields[] = {
	FIELD(struct tpmt_sym_def, alg, desc_u16),
	FIELD(struct tpmt_sym_def, bits, desc_u16),
	FIELD(struct tpmt_sym_def, mode, desc_u16),
	FIELD(struct tpmt_sym_def, hash, desc_u16),
};

static const struct desc d_own_sym = DESC_STRUCT(struct tpmt_sym_def, sym_fields);

/* All of a session but its hash, its place in the lists, its handle, type and context number. */
static const struct desc_field session_fields[] = {
	SESSION_FIELD(sym, d_own_sym),
	SESSION_FIELD(nonce_tpm, d_kept),
	SESSION_FIELD(key, d_kept),
	SESSION_FIELD(bound, desc_yes_no),
	SESSION_FIELD(bound_da, desc_yes_no),
	SESSION_FIELD(bound_lockout, desc_yes_no),
	SESSION_FIELD(audit, desc_yes_no),
	SESSION_FIELD(auth_value_needed, desc_yes_no),
	SESSION_FIELD(password_needed, desc_yes_no),
	SESSION_FIELD(pp_required, desc_yes_no),
	SESSION_FIELD(nv_written_set, desc_yes_no),
	SESSION_FIELD(nv_written, desc_yes_no),
	SESSION_FIELD(pcr_checked, desc_yes_no),
	SESSION_FIELD(locality, desc_u8),
	SESSION_FIELD(bind_what, desc_u8),
	SESSION_FIELD(bind_id, d_bytes32),
	SESSION_FIELD(policy, d_bytes64),
	SESSION_FIELD(bind_hash, d_kept),
	SESSION_FIELD(command_code, desc_u32),
	SESSION_FIELD(pcr_counter, desc_u32),
	SESSION_FIELD(epoch, desc_u32),
	SESSION_FIELD(start, desc_u64),
	SESSION_FIELD(timeout, desc_u64),
};

static const struct desc d_session = DESC_STRUCT(struct tpm2_session, session_fields);
static_assert(sizeof(bool) == sizeof(u8));
static_assert(offsetof(struct tpm2_digest, data) == offsetof(struct tpm2_kept, data));
static_assert(VT_MAX_DIGEST == 64 && sizeof_field(struct tpm2_session, bind_id) == 32);

void tpm2_session_write(struct tpm2_writer *w, const struct tpm2_session *se)
{
	tpm2_put_u16(w, se->hash->id);
	tpm2_write(w, &d_session, se);
}

tpm_rc tpm2_session_read(struct tpm2_reader *r, struct tpm2_session *se)
{
	u16 hash;

	if (tpm2_read_u16(r, &hash) || tpm2_read(r, &d_session, se))
		return TPM_RC_FAILURE;
	se->hash = vt_hash_find(hash);
	return se->hash ? TPM_RC_SUCCESS : TPM_RC_FAILURE;
}

/* ---- could this TPM have had it? ---- */

/* What TPM2_StartAuthSession takes; what an algorithm has no use for is zero. */
static bool sym_good(const struct tpmt_sym_def *sym)
{
	switch (sym->alg) {
	case TPM_ALG_NULL:
		return !sym->bits && !sym->mode && !sym->hash;
	case TPM_ALG_XOR:
		return vt_hash_find(sym->hash) && !sym->bits && !sym->mode;
	case TPM_ALG_AES:
		return tpm2_aes_bits_ok(sym->bits) && sym->mode == TPM_ALG_CFB && !sym->hash;
	default:
		return false;
	}
}

static bool kind_good(const struct tpm2_session *se)
{
	u8 ht = HR_TYPE(se->handle);

	if (se->type == TPM_SE_HMAC)
		return ht == TPM_HT_HMAC_SESSION;
	return ht == TPM_HT_POLICY_SESSION && !se->audit &&
	       (se->type == TPM_SE_POLICY || se->type == TPM_SE_TRIAL);
}

static bool bind_good(const struct tpm2_session *se)
{
	if (se->bind_what > BIND_PARAMETERS)
		return false;
	if (se->bind_hash.size != (se->bind_what ? se->hash->digest_size : 0))
		return false;
	return se->bound || (!se->bound_da && !se->bound_lockout);
}

bool tpm2_session_good(const struct tpm2 *t, const struct tpm2_session *se)
{
	u16 digest = se->hash->digest_size;

	return kind_good(se) && sym_good(&se->sym) && bind_good(se) &&
	       se->nonce_tpm.size >= 16 && se->nonce_tpm.size <= digest &&
	       (!se->key.size || se->key.size == digest) && se->epoch <= t->time_epoch;
}
