// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making objects: what a template and a loaded object have to satisfy (Part 3,
 * 12.1), the values of a new one (Part 1, 27), and creation data (Part 2, 15).
 */
#include "engine.h"

#define HAS(pub, attr) (!!((pub)->attrs & TPMA_OBJECT_##attr))

bool tpm2_is_parent(const struct tpm2_object *o)
{
	return tpm2_is_storage(o) && !o->public_only && !o->external &&
	       o->pub.name_alg != TPM_ALG_NULL;
}

bool tpm2_fit_auth(struct tpm2b *auth, u16 name_alg)
{
	const struct vt_hash_alg *alg = vt_hash_find(name_alg);

	tpm2_trim_auth(auth);
	return auth->size <= (alg ? alg->digest_size : VT_MAX_DIGEST);
}

/* ---- schemes ---- */

static bool is_sign_scheme(u16 type, u16 scheme)
{
	if (type == TPM_ALG_RSA)
		return scheme == TPM_ALG_RSASSA || scheme == TPM_ALG_RSAPSS;
	return scheme == TPM_ALG_ECDSA || scheme == TPM_ALG_ECSCHNORR || scheme == TPM_ALG_ECDAA;
}

static bool is_decrypt_scheme(u16 type, u16 scheme)
{
	if (type == TPM_ALG_RSA)
		return scheme == TPM_ALG_RSAES || scheme == TPM_ALG_OAEP;
	return scheme == TPM_ALG_ECDH;
}

static tpm_rc check_keyedhash_scheme(const struct tpmt_public *pub)
{
	const struct tpmt_scheme *s = &pub->parms.scheme;

	if (HAS(pub, SIGN) == HAS(pub, DECRYPT))
		return s->scheme == TPM_ALG_NULL ? TPM_RC_SUCCESS : TPM_RC_SCHEME;
	if (HAS(pub, SIGN))
		return s->scheme == TPM_ALG_HMAC ? TPM_RC_SUCCESS : TPM_RC_SCHEME;
	if (s->scheme != TPM_ALG_XOR)
		return TPM_RC_SCHEME;
	if (HAS(pub, RESTRICTED) && s->extra != TPM_ALG_KDF1_SP800_108)
		return TPM_RC_SCHEME;
	return TPM_RC_SUCCESS;
}

static tpm_rc check_asym_use(const struct tpmt_public *pub)
{
	u16 scheme = pub->parms.scheme.scheme;

	if (HAS(pub, SIGN) == HAS(pub, DECRYPT))
		return scheme == TPM_ALG_NULL ? TPM_RC_SUCCESS : TPM_RC_SCHEME;
	if (HAS(pub, SIGN)) {
		if (is_sign_scheme(pub->type, scheme))
			return TPM_RC_SUCCESS;
		return HAS(pub, RESTRICTED) || scheme != TPM_ALG_NULL ?
		       TPM_RC_SCHEME : TPM_RC_SUCCESS;
	}
	if (scheme == TPM_ALG_NULL)
		return TPM_RC_SUCCESS;
	return HAS(pub, RESTRICTED) || !is_decrypt_scheme(pub->type, scheme) ?
	       TPM_RC_SCHEME : TPM_RC_SUCCESS;
}

static tpm_rc check_asym_scheme(const struct tpmt_public *pub)
{
	tpm_rc rc = check_asym_use(pub);

	if (rc)
		return rc;
	if (!(HAS(pub, RESTRICTED) && HAS(pub, DECRYPT)) && pub->parms.sym.alg != TPM_ALG_NULL)
		return TPM_RC_SYMMETRIC;
	if (pub->type == TPM_ALG_ECC && pub->parms.kdf.scheme != TPM_ALG_NULL)
		return TPM_RC_KDF;
	return TPM_RC_SUCCESS;
}

/* A storage key protects its children the way its own parent protects it, unless it may move. */
static tpm_rc check_storage_scheme(const struct tpm2_object *parent, const struct tpmt_public *pub)
{
	const struct tpmt_sym_def *sym = &pub->parms.sym, *above;

	if (sym->alg == TPM_ALG_NULL)
		return TPM_RC_SYMMETRIC;
	if (!HAS(pub, FIXEDPARENT) || !parent)
		return TPM_RC_SUCCESS;
	above = &parent->pub.parms.sym;
	if (pub->name_alg != parent->pub.name_alg)
		return TPM_RC_HASH;
	if (sym->alg != above->alg || sym->bits != above->bits || sym->mode != above->mode)
		return TPM_RC_SYMMETRIC;
	return TPM_RC_SUCCESS;
}

tpm_rc tpm2_check_schemes(const struct tpm2_object *parent, const struct tpmt_public *pub)
{
	tpm_rc rc = TPM_RC_SUCCESS;

	if (pub->type == TPM_ALG_KEYEDHASH)
		return check_keyedhash_scheme(pub);
	if (pub->type != TPM_ALG_SYMCIPHER)
		rc = check_asym_scheme(pub);
	else if (HAS(pub, DECRYPT) && pub->parms.sym.mode == TPM_ALG_CMAC)
		rc = TPM_RC_SCHEME;	/* a MAC decrypts nothing */
	if (!rc && HAS(pub, RESTRICTED) && HAS(pub, DECRYPT))
		rc = check_storage_scheme(parent, pub);
	return rc;
}

/* ---- attributes ---- */

/* What a parent demands of its children; hierarchies count as fixedTPM parents. */
static tpm_rc check_ancestry(const struct tpm2_object *parent, const struct tpmt_public *pub)
{
	if (!parent || HAS(&parent->pub, FIXEDTPM)) {
		if (HAS(pub, FIXEDPARENT) != HAS(pub, FIXEDTPM))
			return TPM_RC_ATTRIBUTES;
	} else if (HAS(pub, FIXEDTPM)) {
		return TPM_RC_ATTRIBUTES;
	}
	/* a derived object cannot be stored, so it cannot move */
	if (parent && tpm2_is_derivation_parent(parent) && !HAS(pub, FIXEDPARENT))
		return TPM_RC_ATTRIBUTES;
	return TPM_RC_SUCCESS;
}

static tpm_rc check_policy_size(const struct tpmt_public *pub)
{
	const struct vt_hash_alg *alg = vt_hash_find(pub->name_alg);

	if (pub->policy.size && pub->policy.size != (alg ? alg->digest_size : 0))
		return TPM_RC_SIZE;
	return TPM_RC_SUCCESS;
}

static tpm_rc check_use(const struct tpmt_public *pub)
{
	if (HAS(pub, RESTRICTED) && HAS(pub, SIGN) == HAS(pub, DECRYPT))
		return TPM_RC_ATTRIBUTES;
	/* only sealed data is neither */
	if (pub->type != TPM_ALG_KEYEDHASH && !HAS(pub, SIGN) && !HAS(pub, DECRYPT))
		return TPM_RC_ATTRIBUTES;
	return HAS(pub, FIXEDTPM) && HAS(pub, ENCRYPTEDDUPLICATION) ?
	       TPM_RC_ATTRIBUTES : TPM_RC_SUCCESS;
}

tpm_rc tpm2_check_attributes(const struct tpm2_object *parent, const struct tpmt_public *pub)
{
	tpm_rc rc;

	rc = check_policy_size(pub);
	if (!rc)
		rc = check_ancestry(parent, pub);
	if (!rc)
		rc = check_use(pub);
	if (rc)
		return rc;
	if (parent && !HAS(&parent->pub, FIXEDTPM) &&
	    HAS(pub, ENCRYPTEDDUPLICATION) != HAS(&parent->pub, ENCRYPTEDDUPLICATION))
		return TPM_RC_ATTRIBUTES;
	return tpm2_check_schemes(parent, pub);
}

tpm_rc tpm2_check_consistent(const struct tpmt_public *pub)
{
	tpm_rc rc;

	rc = check_policy_size(pub);
	if (!rc && HAS(pub, FIXEDTPM) && !HAS(pub, FIXEDPARENT))
		rc = TPM_RC_ATTRIBUTES;
	if (!rc)
		rc = check_use(pub);
	return rc ? rc : tpm2_check_schemes(NULL, pub);
}

tpm_rc tpm2_check_create(const struct tpm2_object *parent, const struct tpmt_public *pub,
			 u16 data_size)
{
	bool origin = HAS(pub, SENSITIVEDATAORIGIN);

	if (!origin && !data_size)
		return TPM_RC_ATTRIBUTES;
	if (parent && origin && data_size)
		return TPM_RC_ATTRIBUTES;
	if (pub->type != TPM_ALG_KEYEDHASH && pub->type != TPM_ALG_SYMCIPHER)
		return origin ? tpm2_check_attributes(parent, pub) : TPM_RC_ATTRIBUTES;
	if (pub->type == TPM_ALG_KEYEDHASH && !HAS(pub, SIGN) && !HAS(pub, DECRYPT) && origin)
		return TPM_RC_ATTRIBUTES;
	/* a restricted key of this TPM must not be one that somebody knows */
	if (HAS(pub, RESTRICTED) && !origin && (HAS(pub, FIXEDPARENT) || HAS(pub, FIXEDTPM)))
		return TPM_RC_ATTRIBUTES;
	return tpm2_check_attributes(parent, pub);
}

/* ---- does the sensitive area belong to the public one? ---- */

static u16 name_digest_size(const struct tpmt_public *pub)
{
	const struct vt_hash_alg *alg = vt_hash_find(pub->name_alg);

	return alg ? alg->digest_size : 0;
}

static void hash_unique(const struct vt_hash_alg *alg, const struct tpmt_sensitive *sens,
			u8 *unique)
{
	struct vt_hash_ctx h;

	vt_hash_init(&h, alg);
	if (sens->seed.size)
		vt_hash_update(&h, sens->seed.data, sens->seed.size);
	if (sens->data.size)
		vt_hash_update(&h, sens->data.data, sens->data.size);
	vt_hash_final(&h, unique);
}

/* A parent's seed wraps or derives its children, and is the key of an HMAC here, too. */
u16 tpm2_symmetric_unique(const struct tpmt_public *pub, const struct tpmt_sensitive *sens,
			  u8 *unique)
{
	const struct vt_hash_alg *alg = vt_hash_find(pub->name_alg);

	if (!alg)
		return 0;
	if (HAS(pub, RESTRICTED) && HAS(pub, DECRYPT))
		vt_hmac(alg, sens->seed.data, sens->seed.size, sens->data.data, sens->data.size,
			unique);
	else
		hash_unique(alg, sens, unique);
	return alg->digest_size;
}

static tpm_rc open_and_close(struct tpm2_call *c, const struct tpmt_public *pub,
			     const struct tpmt_sensitive *sens, tpm_rc bad)
{
	struct vt_key *key = NULL;
	tpm_rc rc;
	int err;

	tpm2_heavy_begin(c);
	err = tpm2_key_open(c, pub, sens, &key);
	c->t->cfg.key_ops->close(key);
	rc = tpm2_heavy_end(c);
	return rc ? rc : tpm2_rc(err, bad);
}

static tpm_rc check_rsa_binding(struct tpm2_call *c, const struct tpmt_public *pub,
				const struct tpmt_sensitive *sens, unsigned int pub_n,
				unsigned int sens_n)
{
	const struct tpm2b *n = &pub->unique.x;
	u16 bytes = pub->parms.bits / 8;

	if (n->size != bytes || n->data[0] < 0x80)
		return tpm2_param(TPM_RC_KEY, pub_n);
	if (pub->parms.exponent && pub->parms.exponent < 7)
		return tpm2_param(TPM_RC_VALUE, pub_n);
	if (!sens)
		return TPM_RC_SUCCESS;
	if (sens->data.size * 2 != bytes || sens->data.data[0] < 0x80)
		return tpm2_param(TPM_RC_KEY_SIZE, sens_n);
	return open_and_close(c, pub, sens, TPM_RC_BINDING);
}

static tpm_rc check_ecc_point(const struct vt_curve *curve, const struct tpms_ecc_point *p)
{
	if (p->x.size != curve->bytes || p->y.size != curve->bytes)
		return TPM_RC_KEY;
	return vt_ecc_check_point(curve, p->x.data, p->y.data) ? TPM_RC_ECC_POINT : TPM_RC_SUCCESS;
}

static tpm_rc check_ecc_binding(struct tpm2_call *c, const struct tpmt_public *pub,
				const struct tpmt_sensitive *sens, unsigned int pub_n)
{
	const struct vt_curve *curve = vt_curve_find(pub->parms.curve);
	u8 d[VT_ECC_MAX_BYTES];
	tpm_rc rc;
	bool ok;

	if (!sens) {
		rc = check_ecc_point(curve, &pub->unique);
		return tpm2_at_param(rc, pub_n);
	}
	ok = tpm2_pad_number(sens->data, d, curve->bytes) && !vt_ecc_check_scalar(curve, d);
	memzero_explicit(d, sizeof(d));
	if (!ok)
		return TPM_RC_KEY_SIZE;
	if (pub->name_alg == TPM_ALG_NULL)
		return TPM_RC_SUCCESS;
	return open_and_close(c, pub, sens, TPM_RC_BINDING);
}

/* Most bytes of a KEYEDHASH object's data: a longer HMAC key would be hashed first. */
static u16 keyedhash_limit(const struct tpmt_scheme *scheme)
{
	if (scheme->scheme == TPM_ALG_NULL)
		return TPM2_MAX_SEALED;
	return vt_hash_find(scheme->hash)->block_size;
}

static tpm_rc check_symmetric_binding(const struct tpmt_public *pub,
				      const struct tpmt_sensitive *sens, unsigned int pub_n,
				      unsigned int sens_n)
{
	u16 digest_size = name_digest_size(pub);
	u8 unique[VT_MAX_DIGEST];

	if (!sens)
		return pub->unique.x.size == digest_size ?
		       TPM_RC_SUCCESS : tpm2_param(TPM_RC_KEY, pub_n);
	if (pub->type == TPM_ALG_SYMCIPHER) {
		if (sens->data.size * 8 != pub->parms.sym.bits)
			return tpm2_param(TPM_RC_KEY_SIZE, sens_n);
	} else if (sens->data.size > keyedhash_limit(&pub->parms.scheme)) {
		return tpm2_param(TPM_RC_KEY_SIZE, sens_n);
	}
	if (!digest_size)
		return TPM_RC_SUCCESS;
	if (sens->seed.size != digest_size)
		return tpm2_param(TPM_RC_KEY_SIZE, sens_n);
	tpm2_symmetric_unique(pub, sens, unique);
	if (pub->unique.x.size != digest_size ||
	    crypto_memneq(pub->unique.x.data, unique, digest_size))
		return TPM_RC_BINDING;
	return TPM_RC_SUCCESS;
}

/* A storage key's seed protects its children: half a digest is the least. */
static tpm_rc check_seed(const struct tpmt_public *pub, const struct tpmt_sensitive *sens,
			 unsigned int sens_n)
{
	u16 digest_size = name_digest_size(pub);

	if (!sens || !digest_size || !HAS(pub, RESTRICTED) || !HAS(pub, DECRYPT))
		return TPM_RC_SUCCESS;
	if (sens->seed.size < digest_size / 2 || sens->seed.size > digest_size)
		return tpm2_param(TPM_RC_SIZE, sens_n);
	return TPM_RC_SUCCESS;
}

tpm_rc tpm2_check_binding(struct tpm2_call *c, const struct tpmt_public *pub,
			  const struct tpmt_sensitive *sens, unsigned int pub_n,
			  unsigned int sens_n)
{
	u16 digest_size = name_digest_size(pub);
	tpm_rc rc;

	if (sens && sens->type != pub->type)
		return tpm2_param(TPM_RC_TYPE, sens_n);
	if (sens && digest_size && sens->auth.size > digest_size)
		return tpm2_param(TPM_RC_SIZE, sens_n);
	switch (pub->type) {
	case TPM_ALG_RSA:
		rc = check_rsa_binding(c, pub, sens, pub_n, sens_n);
		break;
	case TPM_ALG_ECC:
		rc = check_ecc_binding(c, pub, sens, pub_n);
		break;
	default:
		rc = check_symmetric_binding(pub, sens, pub_n, sens_n);
	}
	return rc ? rc : check_seed(pub, sens, sens_n);
}
