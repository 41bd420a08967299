// SPDX-License-Identifier: GPL-2.0-only
/* Asymmetric primitives and signatures (Part 3, 14 and 20). */
#include "commands.h"

/* ---- TPM2_RSA_Encrypt (14.2), TPM2_RSA_Decrypt (14.3) ---- */

struct rsa_crypt_in {
	struct tpm2b data;
	struct tpmt_scheme scheme;
	struct tpm2b label;
};

static const struct desc_field rsa_crypt_in_fields[] = {
	FIELD(struct rsa_crypt_in, data, desc_2b_rsa),
	FIELD(struct rsa_crypt_in, scheme, desc_rsa_decrypt_null),
	FIELD(struct rsa_crypt_in, label, desc_2b_data),
};

const struct desc tpm2_rsa_encrypt_in = DESC_STRUCT(struct rsa_crypt_in, rsa_crypt_in_fields);
const struct desc tpm2_rsa_decrypt_in = DESC_STRUCT(struct rsa_crypt_in, rsa_crypt_in_fields);

struct rsa_crypt_out {
	struct tpm2b data;
};

static const struct desc_field rsa_crypt_out_fields[] = {
	FIELD(struct rsa_crypt_out, data, desc_2b_rsa),
};

const struct desc tpm2_rsa_encrypt_out = DESC_STRUCT(struct rsa_crypt_out, rsa_crypt_out_fields);
const struct desc tpm2_rsa_decrypt_out = DESC_STRUCT(struct rsa_crypt_out, rsa_crypt_out_fields);

/* The key's own scheme or, when it has none, the command's; that may be none at all. */
static tpm_rc pick_rsa_scheme(const struct tpm2_object *key, struct tpmt_scheme *scheme)
{
	const struct tpmt_scheme *own = &key->pub.parms.scheme;

	if (own->scheme == TPM_ALG_NULL)
		return TPM_RC_SUCCESS;
	if (scheme->scheme == TPM_ALG_NULL)
		*scheme = *own;
	return own->scheme == scheme->scheme && own->hash == scheme->hash ?
	       TPM_RC_SUCCESS : TPM_RC_SCHEME;
}

/* A label is a string with its terminating zero, or nothing (Part 1, B.4). */
static tpm_rc check_label_and_scheme(const struct tpm2_object *key, struct rsa_crypt_in *in)
{
	if (in->label.size && in->label.data[in->label.size - 1])
		return tpm2_param(TPM_RC_VALUE, 3);
	return tpm2_at_param(pick_rsa_scheme(key, &in->scheme), 2);
}

static tpm_rc encode(const struct rsa_crypt_in *in, u8 *em, u16 n_len)
{
	const struct vt_hash_alg *alg = vt_hash_find(in->scheme.hash);
	int err;

	switch (in->scheme.scheme) {
	case TPM_ALG_NULL:
		return tpm2_pad_number(in->data, em, n_len) ? TPM_RC_SUCCESS : TPM_RC_VALUE;
	case TPM_ALG_RSAES:
		err = vt_rsaes_encode(in->data.data, in->data.size, &vt_system_rng, em, n_len);
		return tpm2_rc(err, TPM_RC_VALUE);
	case TPM_ALG_OAEP:
		if (!alg)
			return TPM_RC_SCHEME;
		err = vt_oaep_encode(alg, in->label.data, in->label.size, in->data.data,
				     in->data.size, &vt_system_rng, em, n_len);
		return tpm2_rc(err, TPM_RC_VALUE);
	default:
		return TPM_RC_SCHEME;
	}
}

/*
 * TPM2_RSA_Encrypt (14.2). TPM_RC_KEY and TPM_RC_ATTRIBUTES (keyHandle), TPM_RC_VALUE
 * (label; message too large), TPM_RC_SCHEME; TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_rsa_encrypt(struct tpm2_call *c)
{
	struct rsa_crypt_in *in = (void *)c->in;
	struct rsa_crypt_out *out = (void *)c->out;
	const struct tpm2_object *key = c->objects[0];
	struct vt_key_params p;
	tpm_rc rc, heavy;
	struct tpm2b n;
	u8 *em, *sent;

	if (key->kind != OBJ_KEY || key->pub.type != TPM_ALG_RSA || !key->pub.unique.x.size)
		return tpm2_handle_rc(TPM_RC_KEY, 1);
	if (!(key->pub.attrs & TPMA_OBJECT_DECRYPT))
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 1);
	rc = check_label_and_scheme(key, in);
	if (rc)
		return rc;
	n = key->pub.unique.x;
	p = tpm2_key_params(&key->pub);
	em = tpm2_scratch(c, n.size);
	sent = tpm2_scratch(c, n.size);
	if (!em || !sent)
		return TPM_RC_MEMORY;
	rc = encode(in, em, n.size);
	if (rc)
		return rc;
	tpm2_heavy_begin(c);
	rc = tpm2_rc(vt_rsa_public(n.data, n.size, p.exponent, em, sent), TPM_RC_VALUE);
	heavy = tpm2_heavy_end(c);
	out->data = tpm2b(sent, n.size);
	return rc ? rc : heavy;
}

/* Whatever is wrong with the padding has one code: it is what an oracle would be made of. */
static tpm_rc decode(const struct rsa_crypt_in *in, u8 *em, u16 n_len, struct tpm2b *msg)
{
	const struct vt_hash_alg *alg = vt_hash_find(in->scheme.hash);
	size_t len = n_len;
	int err;

	switch (in->scheme.scheme) {
	case TPM_ALG_NULL:
		memcpy(msg->data, em, n_len);
		err = 0;
		break;
	case TPM_ALG_RSAES:
		err = vt_rsaes_decode(em, n_len, msg->data, &len);
		break;
	case TPM_ALG_OAEP:
		if (!alg)
			return TPM_RC_SCHEME;
		err = vt_oaep_decode(alg, in->label.data, in->label.size, em, n_len,
				     msg->data, &len);
		break;
	default:
		return TPM_RC_SCHEME;
	}
	msg->size = len;
	return tpm2_rc(err, TPM_RC_VALUE);
}

static tpm_rc decrypt(struct tpm2_call *c, struct tpm2_object *key, const struct rsa_crypt_in *in,
		      struct tpm2b *msg)
{
	u16 n_len = key->pub.parms.bits / 8;
	u8 *em = tpm2_scratch(c, n_len);
	tpm_rc rc, heavy;

	msg->data = tpm2_scratch(c, n_len);
	if (!em || !msg->data)
		return TPM_RC_MEMORY;
	tpm2_heavy_begin(c);
	rc = tpm2_object_key(c, key);
	if (!rc)
		rc = tpm2_rc(c->t->cfg.key_ops->rsa_private(key->key, in->data.data, em),
			     TPM_RC_VALUE);
	if (!rc)
		rc = decode(in, em, n_len, msg);
	heavy = tpm2_heavy_end(c);
	return rc ? rc : heavy;
}

/*
 * TPM2_RSA_Decrypt (14.3). TPM_RC_KEY and TPM_RC_ATTRIBUTES (keyHandle), TPM_RC_SIZE
 * (cipherText), TPM_RC_VALUE (label; cipherText above the modulus; padding),
 * TPM_RC_SCHEME; TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_rsa_decrypt(struct tpm2_call *c)
{
	struct rsa_crypt_in *in = (void *)c->in;
	struct rsa_crypt_out *out = (void *)c->out;
	struct tpm2_object *key = c->objects[0];
	tpm_rc rc;

	if (key->kind != OBJ_KEY || key->pub.type != TPM_ALG_RSA)
		return tpm2_handle_rc(TPM_RC_KEY, 1);
	if (key->pub.attrs & TPMA_OBJECT_RESTRICTED || !(key->pub.attrs & TPMA_OBJECT_DECRYPT))
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 1);
	rc = check_label_and_scheme(key, in);
	if (rc)
		return rc;
	if (in->data.size != key->pub.parms.bits / 8)
		return TPM_RC_SIZE;
	return decrypt(c, key, in, &out->data);
}

/* ---- TPM2_ECDH_KeyGen (14.4), TPM2_ECDH_ZGen (14.5) ---- */

struct ecdh_keygen_out {
	struct tpms_ecc_point z;
	struct tpms_ecc_point pub;
};

static const struct desc_field ecdh_keygen_out_fields[] = {
	FIELD(struct ecdh_keygen_out, z, desc_2b_ecc_point),
	FIELD(struct ecdh_keygen_out, pub, desc_2b_ecc_point),
};

const struct desc tpm2_ecdh_keygen_out =
	DESC_STRUCT(struct ecdh_keygen_out, ecdh_keygen_out_fields);

static tpm_rc new_point(struct tpm2_call *c, const struct vt_curve *curve, struct tpms_ecc_point *p)
{
	p->x = tpm2b(tpm2_scratch(c, curve->bytes), curve->bytes);
	p->y = tpm2b(tpm2_scratch(c, curve->bytes), curve->bytes);
	return p->x.data && p->y.data ? TPM_RC_SUCCESS : TPM_RC_MEMORY;
}

/* An ephemeral key that lives only here, and what it shares with the key. */
static int share_with(const struct vt_curve *curve, const struct tpms_ecc_point *key,
		      struct ecdh_keygen_out *out)
{
	u8 d[VT_ECC_MAX_BYTES], x[VT_ECC_MAX_BYTES], y[VT_ECC_MAX_BYTES];
	int err;

	if (!tpm2_pad_point(curve, key, x, y))
		return -EBADMSG;
	err = vt_ecc_generate(curve, &vt_system_rng, d, out->pub.x.data, out->pub.y.data);
	if (!err)
		err = vt_ecdh(curve, d, x, y, out->z.x.data, out->z.y.data);
	memzero_explicit(d, sizeof(d));
	return err;
}

/*
 * TPM2_ECDH_KeyGen (14.4). TPM_RC_KEY: no ECC key, or one whose point is not on its
 * curve; TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_ecdh_keygen(struct tpm2_call *c)
{
	struct ecdh_keygen_out *out = (void *)c->out;
	const struct tpm2_object *key = c->objects[0];
	const struct vt_curve *curve;
	tpm_rc rc, heavy;

	if (key->kind != OBJ_KEY || key->pub.type != TPM_ALG_ECC)
		return tpm2_handle_rc(TPM_RC_KEY, 1);
	curve = vt_curve_find(key->pub.parms.curve);
	rc = new_point(c, curve, &out->z);
	if (!rc)
		rc = new_point(c, curve, &out->pub);
	if (rc)
		return rc;
	tpm2_heavy_begin(c);
	rc = tpm2_rc(share_with(curve, &key->pub.unique, out), TPM_RC_KEY);
	heavy = tpm2_heavy_end(c);
	return rc ? tpm2_at_handle(rc, 1) : heavy;
}

struct ecdh_zgen_in {
	struct tpms_ecc_point point;
};

static const struct desc_field ecdh_zgen_in_fields[] = {
	FIELD(struct ecdh_zgen_in, point, desc_2b_ecc_point),
};

const struct desc tpm2_ecdh_zgen_in = DESC_STRUCT(struct ecdh_zgen_in, ecdh_zgen_in_fields);
const struct desc tpm2_ecdh_zgen_out = DESC_STRUCT(struct ecdh_zgen_in, ecdh_zgen_in_fields);

static tpm_rc check_zgen_key(const struct tpm2_object *key)
{
	if (key->kind != OBJ_KEY || key->pub.type != TPM_ALG_ECC)
		return TPM_RC_KEY;
	if (key->pub.attrs & TPMA_OBJECT_RESTRICTED || !(key->pub.attrs & TPMA_OBJECT_DECRYPT))
		return TPM_RC_ATTRIBUTES;
	return TPM_RC_SUCCESS;	/* a decryption key's scheme is ECDH or none, see create.c */
}

/*
 * TPM2_ECDH_ZGen (14.5). TPM_RC_KEY and TPM_RC_ATTRIBUTES (keyHandle),
 * TPM_RC_ECC_POINT (inPoint); TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_ecdh_zgen(struct tpm2_call *c)
{
	const struct ecdh_zgen_in *in = (void *)c->in;
	struct ecdh_zgen_in *out = (void *)c->out;
	struct tpm2_object *key = c->objects[0];
	u8 x[VT_ECC_MAX_BYTES], y[VT_ECC_MAX_BYTES];
	const struct vt_curve *curve;
	tpm_rc rc, heavy;

	rc = check_zgen_key(key);
	if (rc)
		return tpm2_handle_rc(rc, 1);
	curve = vt_curve_find(key->pub.parms.curve);
	rc = new_point(c, curve, &out->point);
	if (rc)
		return rc;
	if (!tpm2_pad_point(curve, &in->point, x, y))
		return tpm2_param(TPM_RC_ECC_POINT, 1);
	tpm2_heavy_begin(c);
	rc = tpm2_object_key(c, key);
	if (!rc)
		rc = tpm2_rc(c->t->cfg.key_ops->ecdh(key->key, x, y, out->point.x.data,
						     out->point.y.data), TPM_RC_ECC_POINT);
	heavy = tpm2_heavy_end(c);
	return rc ? tpm2_at_param(rc, 1) : heavy;
}

/* ---- TPM2_ECC_Parameters (14.6) ---- */

struct ecc_parameters_in {
	u16 curve;
};

static const struct desc_field ecc_parameters_in_fields[] = {
	FIELD(struct ecc_parameters_in, curve, desc_ecc_curve),
};

const struct desc tpm2_ecc_parameters_in =
	DESC_STRUCT(struct ecc_parameters_in, ecc_parameters_in_fields);

/* TPMS_ALGORITHM_DETAIL_ECC (Part 2, 11.2.6.4) */
struct ecc_detail {
	u16 curve;
	u16 bits;
	struct tpmt_scheme kdf;
	struct tpmt_scheme sign;
	struct tpm2b p, a, b, gx, gy, n, h;
};

static const struct desc_field ecc_detail_fields[] = {
	FIELD(struct ecc_detail, curve, desc_u16),
	FIELD(struct ecc_detail, bits, desc_u16),
	FIELD(struct ecc_detail, kdf, desc_kdf_scheme_null),
	FIELD(struct ecc_detail, sign, desc_sig_scheme_null),
	FIELD(struct ecc_detail, p, desc_2b_ecc),
	FIELD(struct ecc_detail, a, desc_2b_ecc),
	FIELD(struct ecc_detail, b, desc_2b_ecc),
	FIELD(struct ecc_detail, gx, desc_2b_ecc),
	FIELD(struct ecc_detail, gy, desc_2b_ecc),
	FIELD(struct ecc_detail, n, desc_2b_ecc),
	FIELD(struct ecc_detail, h, desc_2b_ecc),
};

const struct desc tpm2_ecc_parameters_out = DESC_STRUCT(struct ecc_detail, ecc_detail_fields);

/* The hash of a NIST curve's strength goes with it; BN_P256 wants no KDF of its own. */
static u16 curve_hash(const struct vt_curve *curve)
{
	if (curve->bits <= 256)
		return TPM_ALG_SHA256;
	return curve->bits <= 384 ? TPM_ALG_SHA384 : TPM_ALG_SHA512;
}

/* TPM2_ECC_Parameters (14.6). No codes of its own: an unknown curve is refused when it is read. */
tpm_rc tpm2_cmd_ecc_parameters(struct tpm2_call *c)
{
	static const u8 one[] = { 1 };
	const struct ecc_parameters_in *in = (void *)c->in;
	const struct vt_curve *curve = vt_curve_find(in->curve);
	struct ecc_detail *out = (void *)c->out;
	u16 bytes = curve->bytes;

	*out = (struct ecc_detail){
		.curve = curve->id,
		.bits = curve->bits,
		.sign = { .scheme = TPM_ALG_NULL },
		.p = tpm2b(curve->p, bytes),
		.a = tpm2b(curve->a, bytes),
		.b = tpm2b(curve->b, bytes),
		.gx = tpm2b(curve->gx, bytes),
		.gy = tpm2b(curve->gy, bytes),
		.n = tpm2b(curve->n, bytes),
		.h = tpm2b(one, sizeof(one)),
	};
	out->kdf.scheme = TPM_ALG_NULL;
	if (curve->id != TPM_ECC_BN_P256) {
		out->kdf.scheme = TPM_ALG_KDF1_SP800_56A;
		out->kdf.hash = curve_hash(curve);
	}
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_VerifySignature (20.1) ---- */

struct verify_signature_in {
	struct tpm2b digest;
	struct tpmt_signature sig;
};

static const struct desc_field verify_signature_in_fields[] = {
	FIELD(struct verify_signature_in, digest, desc_2b_digest),
	FIELD(struct verify_signature_in, sig, desc_signature),
};

const struct desc tpm2_verify_signature_in =
	DESC_STRUCT(struct verify_signature_in, verify_signature_in_fields);

struct verify_signature_out {
	struct tpmt_ticket ticket;
};

static const struct desc_field verify_signature_out_fields[] = {
	FIELD(struct verify_signature_out, ticket, desc_tk_verified),
};

const struct desc tpm2_verify_signature_out =
	DESC_STRUCT(struct verify_signature_out, verify_signature_out_fields);

/*
 * TPM2_VerifySignature (20.1). TPM_RC_ATTRIBUTES (keyHandle): no signing key;
 * TPM_RC_SCHEME, TPM_RC_SIGNATURE and TPM_RC_HANDLE (signature; no private part of an
 * HMAC key); TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_verify_signature(struct tpm2_call *c)
{
	const struct verify_signature_in *in = (void *)c->in;
	struct verify_signature_out *out = (void *)c->out;
	struct tpm2_object *key = c->objects[0];
	tpm_rc rc;

	if (!(key->pub.attrs & TPMA_OBJECT_SIGN))
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 1);
	rc = tpm2_verify(c, key, in->digest, &in->sig);
	if (rc)
		return tpm2_at_param(rc, 2);
	return tpm2_ticket_verified(c, key->hierarchy, in->digest, tpm2b(key->name, key->name_size),
				    &out->ticket);
}

/* ---- TPM2_Sign (20.2) ---- */

struct sign_in {
	struct tpm2b digest;
	struct tpmt_scheme scheme;
	struct tpmt_ticket ticket;
};

static const struct desc_field sign_in_fields[] = {
	FIELD(struct sign_in, digest, desc_2b_digest),
	FIELD(struct sign_in, scheme, desc_sig_scheme_null),
	FIELD(struct sign_in, ticket, desc_tk_hashcheck),
};

const struct desc tpm2_sign_in = DESC_STRUCT(struct sign_in, sign_in_fields);

struct sign_out {
	struct tpmt_signature sig;
};

static const struct desc_field sign_out_fields[] = {
	FIELD(struct sign_out, sig, desc_signature_null),
};

const struct desc tpm2_sign_out = DESC_STRUCT(struct sign_out, sign_out_fields);

/*
 * A restricted key signs what this TPM has hashed and found not to look like
 * its own statements; the ticket says so. Where one is given it must be right.
 */
static tpm_rc check_digest(struct tpm2_call *c, const struct tpm2_object *key,
			   const struct sign_in *in)
{
	const struct vt_hash_alg *alg = vt_hash_find(in->scheme.hash);
	struct tpmt_ticket ours;
	tpm_rc rc;

	if (!in->ticket.digest.size && !(key->pub.attrs & TPMA_OBJECT_RESTRICTED))
		return alg && in->digest.size == alg->digest_size ?
		       TPM_RC_SUCCESS : tpm2_param(TPM_RC_SIZE, 1);
	rc = tpm2_ticket_hashcheck(c, in->ticket.hierarchy, in->scheme.hash, in->digest, &ours);
	if (!rc && !tpm2_ticket_equal(&in->ticket, &ours))
		rc = tpm2_param(TPM_RC_TICKET, 3);
	return rc;
}

/*
 * TPM2_Sign (20.2). TPM_RC_KEY: no signing key, or the policy lets it sign no more (as in
 * every command that signs, see ak.c); TPM_RC_ATTRIBUTES: only for certificates;
 * TPM_RC_SCHEME: not the key's own, or not of its type; TPM_RC_TICKET (validation);
 * TPM_RC_SIZE (digest); TPM_RC_VALUE: ECDAA with a counter that is not to be used;
 * TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_sign(struct tpm2_call *c)
{
	struct sign_in *in = (void *)c->in;
	struct sign_out *out = (void *)c->out;
	struct tpm2_object *key = c->objects[0];
	tpm_rc rc;

	if (!tpm2_is_signing(key))
		return tpm2_handle_rc(TPM_RC_KEY, 1);
	if (key->pub.attrs & TPMA_OBJECT_X509SIGN)
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 1);
	rc = tpm2_pick_sign_scheme(key, &in->scheme);
	if (rc)
		return tpm2_at_param(rc, 2);
	rc = check_digest(c, key, in);
	if (!rc)
		rc = tpm2_at_handle(tpm2_ak_check(c->t, key), 1);
	if (rc)
		return rc;
	return tpm2_sign(c, key, &in->scheme, in->digest, &out->sig);
}
