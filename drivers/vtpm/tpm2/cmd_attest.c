// SPDX-License-Identifier: GPL-2.0-only
/* Attestation (Part 3, 18; Part 1, 36). */
#include "attest.h"
#include "identity.h"

const struct desc_field tpm2_attest_out_fields[2] = {
	FIELD(struct attest_out, attest, desc_2b_attest),
	FIELD(struct attest_out, sig, desc_signature_null),
};

/* ---- the common part ---- */

tpm_rc tpm2_attest_signer(struct tpm2_call *c, const struct tpm2_object *key, unsigned int handle,
			  struct tpmt_scheme *scheme, unsigned int param)
{
	tpm_rc rc;

	if (!tpm2_is_signing(key))
		return tpm2_handle_rc(TPM_RC_KEY, handle);
	rc = tpm2_at_param(tpm2_pick_sign_scheme(key, scheme), param);
	return rc ? rc : tpm2_at_handle(tpm2_ak_check(c->t, key), handle);
}

/*
 * Counters and firmware version would let anyone who sees signatures of
 * different keys tell that they come from one TPM. Only keys that speak for
 * the TPM itself give them plainly; with others a value per key is added
 * (Part 1, 36.7).
 */
static void obfuscation(struct tpm2 *t, const struct tpm2_object *key, struct tpm2b signer,
			u8 add[16])
{
	memset(add, 0, 16);
	if (key && (key->hierarchy == TPM_RH_PLATFORM || key->hierarchy == TPM_RH_ENDORSEMENT))
		return;
	vt_kdfa(vt_hash_find(TPM_ALG_SHA512), tpm2_proof(t, TPM_RH_OWNER), TPM2_PROOF_SIZE,
		"OBFUSCATE", signer.data, signer.size, NULL, 0, 128, add);
}

/*
 * Who signs anonymously is not named, and the caller's data is hashed with the
 * digest of what is attested (Part 3, 18.1; Part 1, C.4.2).
 */
static bool is_anonymous(const struct tpmt_scheme *scheme)
{
	return scheme->scheme == TPM_ALG_ECDAA;
}

void tpm2_attest_begin(struct tpm2_call *c, const struct tpm2_object *key, u16 type,
		       const struct tpmt_scheme *scheme, struct tpm2b extra,
		       struct tpm2_writer *w)
{
	const u64 firmware = (u64)VTPM_FIRMWARE_1 << 32 | VTPM_FIRMWARE_2;
	u8 nobody[4], add[16];
	struct tpm2b signer = tpm2b(nobody, sizeof(nobody));

	put_unaligned_be32(TPM_RH_NULL, nobody);
	if (key)
		signer = tpm2b(key->qualified, key->qualified_size);
	obfuscation(c->t, key, signer, add);
	if (is_anonymous(scheme)) {
		signer.size = 0;
		extra.size = 0;
	}
	tpm2_put_u32(w, TPM_GENERATED_VALUE);
	tpm2_put_u16(w, type);
	tpm2_put_2b(w, signer.data, signer.size);
	tpm2_put_2b(w, extra.data, extra.size);
	tpm2_put_u64(w, tpm2_clock(c->t));
	tpm2_put_u32(w, c->t->reset_count + get_unaligned_be32(add + 8));
	tpm2_put_u32(w, c->t->restart_count + get_unaligned_be32(add + 12));
	tpm2_put_u8(w, c->t->clock_safe);
	tpm2_put_u64(w, firmware + get_unaligned_be64(add));
	memzero_explicit(add, sizeof(add));
}

static void hash_attest(const struct vt_hash_alg *alg, const struct tpm2_writer *w,
			struct tpm2b extra, u8 *digest)
{
	struct vt_hash_ctx h;

	vt_hash(alg, w->p, w->len, digest);
	if (!extra.size)
		return;
	vt_hash_init(&h, alg);
	vt_hash_update(&h, extra.data, extra.size);
	vt_hash_update(&h, digest, alg->digest_size);
	vt_hash_final(&h, digest);
}

tpm_rc tpm2_attest_end(struct tpm2_call *c, struct tpm2_object *key,
		       const struct tpmt_scheme *scheme, struct tpm2b extra,
		       const struct tpm2_writer *w)
{
	const struct vt_hash_alg *alg = vt_hash_find(scheme->hash);
	struct attest_out *out = (void *)c->out;
	u8 digest[VT_MAX_DIGEST];

	if (w->full)
		return TPM_RC_FAILURE;
	out->attest = tpm2b(w->p, w->len);
	if (!key) {
		out->sig = (struct tpmt_signature){ .alg = TPM_ALG_NULL };
		return TPM_RC_SUCCESS;
	}
	if (!alg)
		return TPM_RC_SCHEME;
	hash_attest(alg, w, is_anonymous(scheme) ? extra : tpm2b(NULL, 0), digest);
	return tpm2_sign(c, key, scheme, tpm2b(digest, alg->digest_size), &out->sig);
}

tpm_rc tpm2_attest_new(struct tpm2_call *c, u32 size, struct tpm2_writer *w)
{
	*w = tpm2_writer(tpm2_scratch(c, size), size);
	return w->p ? TPM_RC_SUCCESS : TPM_RC_MEMORY;
}

/* ---- TPM2_Certify (18.2) ---- */

struct certify_in {
	struct tpm2b extra;
	struct tpmt_scheme scheme;
};

static const struct desc_field certify_in_fields[] = {
	FIELD(struct certify_in, extra, desc_2b_data),
	FIELD(struct certify_in, scheme, desc_sig_scheme_null),
};

const struct desc tpm2_certify_in = DESC_STRUCT(struct certify_in, certify_in_fields);
const struct desc tpm2_certify_out = DESC_STRUCT(struct attest_out, tpm2_attest_out_fields);

/*
 * TPM2_Certify (18.2). TPM_RC_KEY (signHandle): no signing key; TPM_RC_SCHEME
 * (inScheme); TPM_RC_TYPE (objectHandle): a sequence has no name; TPM_RC_MEMORY,
 * TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_certify(struct tpm2_call *c)
{
	struct certify_in *in = (void *)c->in;
	const struct tpm2_object *o = c->objects[0];
	struct tpm2_object *key = c->objects[1];
	struct tpm2_writer w;
	tpm_rc rc;

	rc = tpm2_attest_signer(c, key, 2, &in->scheme, 2);
	if (!rc && o->kind != OBJ_KEY)
		rc = tpm2_handle_rc(TPM_RC_TYPE, 1);
	if (!rc)
		rc = tpm2_attest_new(c, ATTEST_MAX, &w);
	if (rc)
		return rc;
	tpm2_attest_begin(c, key, TPM_ST_ATTEST_CERTIFY, &in->scheme, in->extra, &w);
	tpm2_put_2b(&w, o->name, o->name_size);
	/* it would tell attestations of one parent's keys from others */
	tpm2_put_2b(&w, o->qualified, is_anonymous(&in->scheme) ? 0 : o->qualified_size);
	return tpm2_attest_end(c, key, &in->scheme, in->extra, &w);
}

/* ---- TPM2_CertifyCreation (18.3) ---- */

struct certify_creation_in {
	struct tpm2b extra;
	struct tpm2b creation_hash;
	struct tpmt_scheme scheme;
	struct tpmt_ticket ticket;
};

static const struct desc_field certify_creation_in_fields[] = {
	FIELD(struct certify_creation_in, extra, desc_2b_data),
	FIELD(struct certify_creation_in, creation_hash, desc_2b_digest),
	FIELD(struct certify_creation_in, scheme, desc_sig_scheme_null),
	FIELD(struct certify_creation_in, ticket, desc_tk_creation),
};

const struct desc tpm2_certify_creation_in =
	DESC_STRUCT(struct certify_creation_in, certify_creation_in_fields);
const struct desc tpm2_certify_creation_out =
	DESC_STRUCT(struct attest_out, tpm2_attest_out_fields);

static tpm_rc check_creation(struct tpm2_call *c, struct tpm2b name,
			     const struct certify_creation_in *in)
{
	struct tpmt_ticket ours;
	tpm_rc rc;

	rc = tpm2_ticket_creation(c, in->ticket.hierarchy, name, in->creation_hash, &ours);
	if (!rc && !tpm2_ticket_equal(&in->ticket, &ours))
		rc = tpm2_param(TPM_RC_TICKET, 4);
	return rc;
}

/*
 * TPM2_CertifyCreation (18.3). TPM_RC_KEY (signHandle): no signing key; TPM_RC_SCHEME
 * (inScheme); TPM_RC_TICKET; TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_certify_creation(struct tpm2_call *c)
{
	struct certify_creation_in *in = (void *)c->in;
	const struct tpm2_object *o = c->objects[1];
	struct tpm2_object *key = c->objects[0];
	struct tpm2b name = tpm2b(o->name, o->name_size);
	struct tpm2_writer w;
	tpm_rc rc;

	rc = tpm2_attest_signer(c, key, 1, &in->scheme, 3);
	if (!rc)
		rc = check_creation(c, name, in);
	if (!rc)
		rc = tpm2_attest_new(c, ATTEST_MAX, &w);
	if (rc)
		return rc;
	tpm2_attest_begin(c, key, TPM_ST_ATTEST_CREATION, &in->scheme, in->extra, &w);
	tpm2_put_2b(&w, name.data, name.size);
	tpm2_put_2b(&w, in->creation_hash.data, in->creation_hash.size);
	return tpm2_attest_end(c, key, &in->scheme, in->extra, &w);
}

/* ---- TPM2_Quote (18.4) ---- */

struct quote_in {
	struct tpm2b extra;
	struct tpmt_scheme scheme;
	struct tpml_pcr_selection sel;
};

static const struct desc_field quote_in_fields[] = {
	FIELD(struct quote_in, extra, desc_2b_data),
	FIELD(struct quote_in, scheme, desc_sig_scheme_null),
	FIELD(struct quote_in, sel, desc_pcr_selection_list),
};

const struct desc tpm2_quote_in = DESC_STRUCT(struct quote_in, quote_in_fields);
const struct desc tpm2_quote_out = DESC_STRUCT(struct attest_out, tpm2_attest_out_fields);

/*
 * TPM2_Quote (18.4). TPM_RC_KEY (signHandle): no signing key; TPM_RC_SCHEME
 * (inScheme): also when nobody signs, as there is no hash for the PCRs then;
 * TPM_RC_VALUE: ECDAA with a counter that is not to be used; TPM_RC_PCR: the policy
 * denies one of the PCRs; TPM_RC_MEMORY, TPM_RC_RETRY. The selection attested is the
 * one left by the filter.
 */
tpm_rc tpm2_cmd_quote(struct tpm2_call *c)
{
	struct quote_in *in = (void *)c->in;
	struct tpm2_object *key = c->objects[0];
	const struct vt_hash_alg *alg;
	u8 digest[VT_MAX_DIGEST];
	struct tpm2_writer w;
	tpm_rc rc;

	rc = tpm2_attest_signer(c, key, 1, &in->scheme, 2);
	if (rc)
		return rc;
	alg = vt_hash_find(in->scheme.hash);
	if (!alg)
		return tpm2_param(TPM_RC_SCHEME, 2);
	rc = tpm2_attest_new(c, ATTEST_MAX, &w);
	if (rc)
		return rc;
	rc = tpm2_pcr_digest(c, VTPM_OP_QUOTE, alg, &in->sel, digest);
	if (rc)
		return rc;
	tpm2_attest_begin(c, key, TPM_ST_ATTEST_QUOTE, &in->scheme, in->extra, &w);
	tpm2_write(&w, &desc_pcr_selection_list, &in->sel);
	tpm2_put_2b(&w, digest, alg->digest_size);
	return tpm2_attest_end(c, key, &in->scheme, in->extra, &w);
}
