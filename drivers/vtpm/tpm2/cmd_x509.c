// SPDX-License-Identifier: GPL-2.0-only
/* TPM2_CertifyX509 (Part 3, 18.8). */
#include "commands.h"
#include "x509.h"

#define SERIAL		20	/* bytes of a serial number; more are not allowed (RFC 5280) */
#define VERSION_AND_SERIAL	(5 + 2 + SERIAL)
#define ADDED_MAX	(4 + VERSION_AND_SERIAL + X509_ALGORITHM_MAX + X509_PUBLIC_KEY_MAX)

/* TPMA_X509_KEY_USAGE (Part 2, 8.14) */
#define USAGE_SIGNATURE		BIT(31)
#define USAGE_NONREPUDIATION	BIT(30)
#define USAGE_KEY_ENCIPHERMENT	BIT(29)
#define USAGE_DATA_ENCIPHERMENT	BIT(28)
#define USAGE_KEY_AGREEMENT	BIT(27)
#define USAGE_CERT_SIGN		BIT(26)
#define USAGE_CRL_SIGN		BIT(25)
#define USAGE_ENCIPHER_ONLY	BIT(24)
#define USAGE_DECIPHER_ONLY	BIT(23)
#define USAGE_SIGNS	(USAGE_SIGNATURE | USAGE_CERT_SIGN | USAGE_CRL_SIGN)
#define USAGE_DECRYPTS	(USAGE_KEY_ENCIPHERMENT | USAGE_DATA_ENCIPHERMENT | USAGE_KEY_AGREEMENT | \
			 USAGE_ENCIPHER_ONLY | USAGE_DECIPHER_ONLY)

struct certify_x509_in {
	struct tpm2b reserved;
	struct tpmt_scheme scheme;
	struct tpm2b partial;
};

static const struct desc_field certify_x509_in_fields[] = {
	FIELD(struct certify_x509_in, reserved, desc_2b_data),
	FIELD(struct certify_x509_in, scheme, desc_sig_scheme_null),
	FIELD(struct certify_x509_in, partial, desc_2b_buffer),
};

const struct desc tpm2_certify_x509_in =
	DESC_STRUCT(struct certify_x509_in, certify_x509_in_fields);

struct certify_x509_out {
	struct tpm2b added;
	struct tpm2b digest;
	struct tpmt_signature sig;
};

static const struct desc_field certify_x509_out_fields[] = {
	FIELD(struct certify_x509_out, added, desc_2b_buffer),
	FIELD(struct certify_x509_out, digest, desc_2b_digest),
	FIELD(struct certify_x509_out, sig, desc_signature_null),
};

const struct desc tpm2_certify_x509_out =
	DESC_STRUCT(struct certify_x509_out, certify_x509_out_fields);

/**
 * struct x509_work - one certificate in the making
 * @partial: what the caller gave
 * @algorithm: signature, the caller's or ours
 * @public_key: subjectPublicKeyInfo
 * @head: version and serial number
 * @alg: hash of the signature's scheme
 */
struct x509_work {
	struct x509_partial partial;
	struct tpm2b algorithm;
	struct tpm2b public_key;
	u8 head[VERSION_AND_SERIAL];
	const struct vt_hash_alg *alg;
};

/* ---- checks ---- */

/*
 * A certificate shall not promise a use that the key's attributes exclude, nor
 * state other attributes than the key has (Part 3, 18.8.1).
 */
static bool attributes_agree(const struct x509_partial *p, u32 attrs)
{
	u32 use = p->key_usage;

	if (p->has_attributes && p->attributes != attrs)
		return false;
	return (!(use & USAGE_SIGNS) || attrs & TPMA_OBJECT_SIGN) &&
	       (!(use & USAGE_DECRYPTS) || attrs & TPMA_OBJECT_DECRYPT) &&
	       (!(use & USAGE_NONREPUDIATION) || attrs & TPMA_OBJECT_FIXEDTPM) &&
	       (!(use & USAGE_KEY_AGREEMENT) || attrs & TPMA_OBJECT_RESTRICTED);
}

static tpm_rc check_keys(struct tpm2_call *c, struct certify_x509_in *in, struct x509_work *x)
{
	const struct tpm2_object *o = c->objects[0], *key = c->objects[1];
	struct tpm2_writer w;
	tpm_rc rc;

	if (!key || !tpm2_is_signing(key))	/* nobody signs no certificate */
		return tpm2_handle_rc(TPM_RC_KEY, 2);
	rc = tpm2_at_param(tpm2_pick_sign_scheme(key, &in->scheme), 2);
	if (!rc)
		rc = tpm2_at_handle(tpm2_ak_check(c->t, key), 2);
	if (rc)
		return rc;
	x->alg = vt_hash_find(in->scheme.hash);
	if (!x->alg)
		return tpm2_param(TPM_RC_SCHEME, 2);
	w = tpm2_writer(tpm2_scratch(c, X509_PUBLIC_KEY_MAX), X509_PUBLIC_KEY_MAX);
	if (!w.p)
		return TPM_RC_MEMORY;
	if (o->kind != OBJ_KEY || !tpm2_x509_public_key(&w, &o->pub))
		return tpm2_handle_rc(TPM_RC_ASYMMETRIC, 1);
	x->public_key = tpm2b(w.p, w.len);
	return TPM_RC_SUCCESS;
}

static tpm_rc check_partial(struct tpm2_call *c, const struct certify_x509_in *in,
			    struct x509_work *x)
{
	struct tpm2_writer w;
	tpm_rc rc = tpm2_x509_split(in->partial, &x->partial);

	if (rc)
		return tpm2_param(rc, 3);
	x->algorithm = x->partial.algorithm;
	if (!x->algorithm.size) {
		w = tpm2_writer(tpm2_scratch(c, X509_ALGORITHM_MAX), X509_ALGORITHM_MAX);
		if (!w.p)
			return TPM_RC_MEMORY;
		if (!tpm2_x509_algorithm(&w, c->objects[1], &in->scheme))
			return tpm2_handle_rc(TPM_RC_SCHEME, 2);
		x->algorithm = tpm2b(w.p, w.len);
	}
	return attributes_agree(&x->partial, c->objects[0]->pub.attrs) ?
	       TPM_RC_SUCCESS : tpm2_handle_rc(TPM_RC_ATTRIBUTES, 1);
}

/* ---- the certificate ---- */

/* TBSCertificate from signature on: what the TPM did not choose itself */
static void hash_body(struct vt_hash_ctx *h, const struct x509_work *x)
{
	vt_hash_update(h, x->algorithm.data, x->algorithm.size);
	vt_hash_update(h, x->partial.middle.data, x->partial.middle.size);
	vt_hash_update(h, x->public_key.data, x->public_key.size);
	vt_hash_update(h, x->partial.extensions.data, x->partial.extensions.size);
}

/*
 * Version 3, and a serial number that follows from everything else and from
 * the names of both keys. It is positive and no shorter than it may be.
 */
static void make_head(struct x509_work *x, const struct tpm2_object *o,
		      const struct tpm2_object *key)
{
	static const u8 start[] = { 0xa0, 3, 0x02, 1, 2, 0x02, SERIAL };
	u8 digest[VT_MAX_DIGEST];
	struct vt_hash_ctx h;

	vt_hash_init(&h, x->alg);
	hash_body(&h, x);
	vt_hash_update(&h, key->name, key->name_size);
	vt_hash_update(&h, o->name, o->name_size);
	vt_hash_final(&h, digest);
	digest[0] = (digest[0] & 0x7f) | 0x40;
	memcpy(x->head, start, sizeof(start));
	memcpy(x->head + sizeof(start), digest, SERIAL);
}

static void tbs_digest(const struct x509_work *x, u8 *digest)
{
	u32 size = sizeof(x->head) + x->algorithm.size + x->partial.middle.size +
		   x->public_key.size + x->partial.extensions.size;
	u8 header[4];
	struct tpm2_writer w = tpm2_writer(header, sizeof(header));
	struct vt_hash_ctx h;

	tpm2_x509_header(&w, X509_SEQUENCE, size);
	vt_hash_init(&h, x->alg);
	vt_hash_update(&h, header, w.len);
	vt_hash_update(&h, x->head, sizeof(x->head));
	hash_body(&h, x);
	vt_hash_final(&h, digest);
}

/* What the caller needs to put the certificate together. */
static tpm_rc make_added(struct tpm2_call *c, const struct x509_work *x, struct tpm2b *added)
{
	u32 ours = x->partial.algorithm.size ? 0 : x->algorithm.size;
	struct tpm2_writer w = tpm2_writer(tpm2_scratch(c, ADDED_MAX), ADDED_MAX);

	if (!w.p)
		return TPM_RC_MEMORY;
	tpm2_x509_header(&w, X509_SEQUENCE, sizeof(x->head) + ours + x->public_key.size);
	tpm2_put(&w, x->head, sizeof(x->head));
	tpm2_put(&w, x->algorithm.data, ours);
	tpm2_put(&w, x->public_key.data, x->public_key.size);
	*added = tpm2b(w.p, w.len);
	return w.full ? TPM_RC_FAILURE : TPM_RC_SUCCESS;
}

/*
 * TPM2_CertifyX509 (18.8). TPM_RC_KEY (signHandle), TPM_RC_SCHEME (inScheme;
 * signHandle: X.509 has no name for what it would sign with), TPM_RC_ASYMMETRIC
 * (objectHandle), TPM_RC_SIZE and TPM_RC_VALUE (partialCertificate), TPM_RC_ATTRIBUTES
 * (objectHandle: not for this use, or not with these attributes); TPM_RC_MEMORY,
 * TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_certify_x509(struct tpm2_call *c)
{
	struct certify_x509_in *in = (void *)c->in;
	struct certify_x509_out *out = (void *)c->out;
	struct x509_work *x = tpm2_scratch(c, sizeof(*x));
	u8 *digest = tpm2_scratch(c, VT_MAX_DIGEST);
	tpm_rc rc;

	if (!x || !digest)
		return TPM_RC_MEMORY;
	rc = check_keys(c, in, x);
	if (!rc)
		rc = check_partial(c, in, x);
	if (rc)
		return rc;
	make_head(x, c->objects[0], c->objects[1]);
	rc = make_added(c, x, &out->added);
	if (rc)
		return rc;
	tbs_digest(x, digest);
	out->digest = tpm2b(digest, x->alg->digest_size);
	return tpm2_sign(c, c->objects[1], &in->scheme, out->digest, &out->sig);
}
