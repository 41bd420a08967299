// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signing and verifying with a scheme (Part 1, B.7, C.4; Part 3, 20). A scheme
 * is looked at together with the key's type here and nowhere else, so that no
 * key is ever used with another type's scheme.
 */
#include "engine.h"

/* A scheme of another type would read what the key does not have (CVE-2025-2884). */
static bool suits_type(u16 type, u16 scheme)
{
	switch (scheme) {
	case TPM_ALG_RSASSA:
	case TPM_ALG_RSAPSS:
		return type == TPM_ALG_RSA;
	case TPM_ALG_ECDSA:
	case TPM_ALG_ECSCHNORR:
	case TPM_ALG_ECDAA:
		return type == TPM_ALG_ECC;
	case TPM_ALG_HMAC:
		return type == TPM_ALG_KEYEDHASH;
	default:
		return false;
	}
}

/*
 * A signature of two steps: the command has to say which commitment it uses, and
 * only a key made for it takes part, as no other may commit (Part 3, 19.2).
 */
static bool splits(const struct tpmt_scheme *own, const struct tpmt_scheme *asked)
{
	return own->scheme == TPM_ALG_ECDAA || asked->scheme == TPM_ALG_ECDAA;
}

tpm_rc tpm2_pick_sign_scheme(const struct tpm2_object *key, struct tpmt_scheme *scheme)
{
	const struct tpmt_scheme *own;

	if (!key) {	/* nobody signs */
		*scheme = (struct tpmt_scheme){ .scheme = TPM_ALG_NULL, .hash = TPM_ALG_NULL };
		return TPM_RC_SUCCESS;
	}
	own = &key->pub.parms.scheme;
	if (splits(own, scheme) && own->scheme != scheme->scheme)
		return TPM_RC_SCHEME;
	if (scheme->scheme == TPM_ALG_NULL)
		*scheme = *own;
	else if (own->scheme != TPM_ALG_NULL &&
		 (own->scheme != scheme->scheme || own->hash != scheme->hash))
		return TPM_RC_SCHEME;
	return suits_type(key->pub.type, scheme->scheme) ? TPM_RC_SUCCESS : TPM_RC_SCHEME;
}

/* ---- signing ---- */

/* A salt as long as the digest (FIPS 186-4, 5.5), or what there is room for. */
u16 tpm2_pss_salt(const struct vt_hash_alg *alg, u16 n_len)
{
	return min_t(u16, alg->digest_size, n_len - alg->digest_size - 2);
}

static int encode_pss(const struct vt_hash_alg *alg, const u8 *digest, u8 *em, u16 n_len)
{
	u8 salt[VT_MAX_DIGEST];
	u16 size = alg->digest_size;

	if (n_len < size + 2)
		return -EINVAL;
	size = tpm2_pss_salt(alg, n_len);
	vt_random(salt, size);
	return vt_pss_encode(alg, digest, salt, size, em, n_len);
}

static tpm_rc encode_rsa(const struct tpmt_scheme *scheme, struct tpm2b digest, u8 *em, u16 n_len)
{
	const struct vt_hash_alg *alg = vt_hash_find(scheme->hash);

	if (!alg)
		return TPM_RC_SCHEME;
	if (digest.size != alg->digest_size)
		return TPM_RC_SIZE;
	switch (scheme->scheme) {
	case TPM_ALG_RSASSA:
		return tpm2_rc(vt_pkcs1_sign_encode(alg, digest.data, em, n_len), TPM_RC_SIZE);
	case TPM_ALG_RSAPSS:
		return tpm2_rc(encode_pss(alg, digest.data, em, n_len), TPM_RC_SIZE);
	default:
		return TPM_RC_SCHEME;
	}
}

static tpm_rc sign_rsa(struct tpm2_call *c, struct tpm2_object *key,
		       const struct tpmt_scheme *scheme, struct tpm2b digest,
		       struct tpmt_signature *sig)
{
	u16 n_len = key->pub.parms.bits / 8;
	u8 *em = tpm2_scratch(c, n_len), *out = tpm2_scratch(c, n_len);
	tpm_rc rc, heavy;

	if (!em || !out)
		return TPM_RC_MEMORY;
	rc = encode_rsa(scheme, digest, em, n_len);
	if (rc)
		return rc;
	tpm2_heavy_begin(c);
	rc = tpm2_object_key(c, key);
	if (!rc)
		rc = tpm2_rc(c->t->cfg.key_ops->rsa_private(key->key, em, out), TPM_RC_FAILURE);
	heavy = tpm2_heavy_end(c);
	sig->r = tpm2b(out, n_len);
	return rc ? rc : heavy;
}

static int run_ecc(const struct vt_key_ops *ops, struct vt_key *key,
		   const struct tpmt_scheme *scheme, struct tpm2b digest, u8 *r, u8 *s)
{
	if (scheme->scheme == TPM_ALG_ECSCHNORR)
		return ops->ecschnorr_sign(key, vt_hash_find(scheme->hash), digest.data,
					   digest.size, r, s);
	return ops->ecdsa_sign(key, digest.data, digest.size, r, s);
}

static tpm_rc close_commit(struct tpm2_call *c, struct tpm2_object *key,
			   const struct tpmt_scheme *scheme, struct tpm2b digest,
			   struct tpm2_commit_work *w, struct tpmt_signature *sig)
{
	const struct vt_curve *curve = vt_curve_find(key->pub.parms.curve);
	tpm_rc rc = tpm2_object_key(c, key);
	int err;

	if (rc)
		return rc;
	err = tpm2_commit_make(curve, w);
	if (!err)
		err = c->t->cfg.key_ops->ecdaa_sign(key->key, w->d, vt_hash_find(scheme->hash),
						    digest.data, digest.size, sig->r.data,
						    sig->s.data);
	return tpm2_rc(err, TPM_RC_FAILURE);
}

/*
 * The second step of ECDAA (Part 1, C.4.2). Two signatures with one commitment
 * would give the key away (T22): its number is taken before the lock is given up
 * and comes back only when nothing was signed with it. TPM_RC_VALUE: it is not there.
 */
static tpm_rc sign_ecdaa(struct tpm2_call *c, struct tpm2_object *key,
			 const struct tpmt_scheme *scheme, struct tpm2b digest,
			 struct tpmt_signature *sig)
{
	u16 bytes = vt_curve_find(key->pub.parms.curve)->bytes;
	struct tpm2_commit_work *w;
	tpm_rc rc, heavy;
	u64 number;

	if (!tpm2_commit_find(c->t, scheme->extra, &number))
		return TPM_RC_VALUE;
	w = tpm2_commit_work(c, TPM2_COMMIT_ECDAA, key->pub.parms.curve, number,
			     tpm2b(key->name, key->name_size));
	sig->r = tpm2b(tpm2_scratch(c, bytes), bytes);
	sig->s = tpm2b(tpm2_scratch(c, bytes), bytes);
	if (!w || !sig->r.data || !sig->s.data)
		return TPM_RC_MEMORY;
	tpm2_commit_use(c->t, number);
	tpm2_heavy_begin(c);
	rc = close_commit(c, key, scheme, digest, w, sig);
	heavy = tpm2_heavy_end(c);
	if (rc || heavy)
		tpm2_commit_unuse(c->t, w);
	else
		tpm2_disorder(c->t);
	return rc ? rc : heavy;
}

static tpm_rc sign_ecc(struct tpm2_call *c, struct tpm2_object *key,
		       const struct tpmt_scheme *scheme, struct tpm2b digest,
		       struct tpmt_signature *sig)
{
	const struct vt_curve *curve = vt_curve_find(key->pub.parms.curve);
	const struct vt_key_ops *ops = c->t->cfg.key_ops;
	tpm_rc rc, heavy;
	u8 *r, *s;

	if (!suits_type(TPM_ALG_ECC, scheme->scheme) || !vt_hash_find(scheme->hash) || !curve)
		return TPM_RC_SCHEME;
	if (scheme->scheme == TPM_ALG_ECDAA)
		return sign_ecdaa(c, key, scheme, digest, sig);
	r = tpm2_scratch(c, curve->bytes);
	s = tpm2_scratch(c, curve->bytes);
	if (!r || !s)
		return TPM_RC_MEMORY;
	tpm2_heavy_begin(c);
	rc = tpm2_object_key(c, key);
	if (!rc)
		rc = tpm2_rc(run_ecc(ops, key->key, scheme, digest, r, s), TPM_RC_FAILURE);
	heavy = tpm2_heavy_end(c);
	sig->r = tpm2b(r, curve->bytes);
	sig->s = tpm2b(s, curve->bytes);
	return rc ? rc : heavy;
}

static tpm_rc sign_hmac(struct tpm2_call *c, const struct tpm2_object *key,
			const struct tpmt_scheme *scheme, struct tpm2b digest,
			struct tpmt_signature *sig)
{
	const struct vt_hash_alg *alg = vt_hash_find(scheme->hash);

	if (scheme->scheme != TPM_ALG_HMAC || !alg)
		return TPM_RC_SCHEME;
	if (key->public_only)
		return TPM_RC_KEY;
	sig->hmac = tpm2_scratch(c, alg->digest_size);
	if (!sig->hmac)
		return TPM_RC_MEMORY;
	vt_hmac(alg, key->sens.data.data, key->sens.data.size, digest.data, digest.size, sig->hmac);
	return TPM_RC_SUCCESS;
}

static tpm_rc sign_by_type(struct tpm2_call *c, struct tpm2_object *key,
			   const struct tpmt_scheme *scheme, struct tpm2b digest,
			   struct tpmt_signature *sig)
{
	switch (key->pub.type) {
	case TPM_ALG_RSA:
		return sign_rsa(c, key, scheme, digest, sig);
	case TPM_ALG_ECC:
		return sign_ecc(c, key, scheme, digest, sig);
	case TPM_ALG_KEYEDHASH:
		return sign_hmac(c, key, scheme, digest, sig);
	default:
		return TPM_RC_SCHEME;
	}
}

/* The use is counted before: two commands may be at work without the lock. */
tpm_rc tpm2_sign(struct tpm2_call *c, struct tpm2_object *key, const struct tpmt_scheme *scheme,
		 struct tpm2b digest, struct tpmt_signature *sig)
{
	bool counted;
	tpm_rc rc;

	*sig = (struct tpmt_signature){ .alg = scheme->scheme, .hash = scheme->hash };
	if (!key || scheme->scheme == TPM_ALG_NULL)
		return TPM_RC_SUCCESS;
	rc = tpm2_ak_use(c->t, key, &counted);
	if (rc)
		return rc;
	rc = sign_by_type(c, key, scheme, digest, sig);
	if (rc && counted)
		tpm2_ak_unuse(c->t, key);
	return rc;
}

/* ---- verifying ---- */

/* Is @em this digest's encoding? PSS has a salt and is taken apart, PKCS #1 is made again. */
static int check_encoding(const struct tpmt_signature *sig, const struct vt_hash_alg *alg,
			  const u8 *digest, const u8 *em, u8 *again, u16 n_len)
{
	int err;

	if (sig->alg == TPM_ALG_RSAPSS)
		return vt_pss_verify(alg, digest, em, n_len);
	err = vt_pkcs1_sign_encode(alg, digest, again, n_len);
	if (err)
		return err;
	return crypto_memneq(em, again, n_len) ? -EBADMSG : 0;
}

static tpm_rc verify_rsa(struct tpm2_call *c, const struct tpm2_object *key, struct tpm2b digest,
			 const struct tpmt_signature *sig)
{
	const struct vt_hash_alg *alg = vt_hash_find(sig->hash);
	struct tpm2b n = key->pub.unique.x;
	struct vt_key_params p = tpm2_key_params(&key->pub);
	u8 *em, *again;
	tpm_rc heavy;
	int err;

	if (sig->alg != TPM_ALG_RSASSA && sig->alg != TPM_ALG_RSAPSS)
		return TPM_RC_SCHEME;
	if (!alg || !n.size || sig->r.size != n.size || digest.size != alg->digest_size)
		return TPM_RC_SIGNATURE;
	em = tpm2_scratch(c, n.size);
	again = tpm2_scratch(c, n.size);
	if (!em || !again)
		return TPM_RC_MEMORY;
	tpm2_heavy_begin(c);
	err = vt_rsa_public(n.data, n.size, p.exponent, sig->r.data, em);
	if (!err)
		err = check_encoding(sig, alg, digest.data, em, again, n.size);
	heavy = tpm2_heavy_end(c);
	return heavy ? heavy : tpm2_rc(err, TPM_RC_SIGNATURE);
}

static tpm_rc verify_ecc(struct tpm2_call *c, const struct tpm2_object *key, struct tpm2b digest,
			 const struct tpmt_signature *sig)
{
	const struct vt_curve *curve = vt_curve_find(key->pub.parms.curve);
	const struct vt_hash_alg *alg = vt_hash_find(sig->hash);
	u8 x[VT_ECC_MAX_BYTES], y[VT_ECC_MAX_BYTES], r[VT_ECC_MAX_BYTES], s[VT_ECC_MAX_BYTES];
	tpm_rc heavy;
	int err;

	/* what an ECDAA signature proves does not follow from the key's public point alone */
	if (!suits_type(TPM_ALG_ECC, sig->alg) || sig->alg == TPM_ALG_ECDAA || !alg || !curve)
		return TPM_RC_SCHEME;
	if (!tpm2_pad_point(curve, &key->pub.unique, x, y) ||
	    !tpm2_pad_number(sig->r, r, curve->bytes) || !tpm2_pad_number(sig->s, s, curve->bytes))
		return TPM_RC_SIGNATURE;
	tpm2_heavy_begin(c);
	if (sig->alg == TPM_ALG_ECSCHNORR)
		err = vt_ecschnorr_verify(curve, x, y, alg, digest.data, digest.size, r, s);
	else
		err = vt_ecdsa_verify(curve, x, y, digest.data, digest.size, r, s);
	heavy = tpm2_heavy_end(c);
	return heavy ? heavy : tpm2_rc(err, TPM_RC_SIGNATURE);
}

/* A key that has a scheme takes no other hash, so that a weak one cannot be slipped in. */
static tpm_rc verify_hmac(const struct tpm2_object *key, struct tpm2b digest,
			  const struct tpmt_signature *sig)
{
	const struct tpmt_scheme *own = &key->pub.parms.scheme;
	const struct vt_hash_alg *alg = vt_hash_find(sig->hash);
	u8 mac[VT_MAX_DIGEST];
	bool differs;

	if (key->public_only)
		return TPM_RC_HANDLE;
	if (sig->alg != TPM_ALG_HMAC || !alg)
		return TPM_RC_SCHEME;
	if (own->scheme != TPM_ALG_NULL && own->hash != sig->hash)
		return TPM_RC_SIGNATURE;
	vt_hmac(alg, key->sens.data.data, key->sens.data.size, digest.data, digest.size, mac);
	differs = crypto_memneq(mac, sig->hmac, alg->digest_size);
	memzero_explicit(mac, sizeof(mac));
	return differs ? TPM_RC_SIGNATURE : TPM_RC_SUCCESS;
}

tpm_rc tpm2_verify(struct tpm2_call *c, struct tpm2_object *key, struct tpm2b digest,
		   const struct tpmt_signature *sig)
{
	switch (key->pub.type) {
	case TPM_ALG_RSA:
		return verify_rsa(c, key, digest, sig);
	case TPM_ALG_ECC:
		return verify_ecc(c, key, digest, sig);
	case TPM_ALG_KEYEDHASH:
		return verify_hmac(key, digest, sig);
	default:
		return TPM_RC_SCHEME;
	}
}
