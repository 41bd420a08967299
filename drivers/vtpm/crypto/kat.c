// SPDX-License-Identifier: GPL-2.0-only
/*
 * Known-answer tests of every primitive, run when the module loads and when a
 * TPM is asked to test itself. What asymmetric code must refuse is tested too:
 * a verification that says yes to everything would pass otherwise.
 */
#include "crypto.h"
#include "ecc.h"
#include "kat_vectors.h"

#define KAT_MSG 300	/* longer than two blocks of SHA-512, and no multiple of any */

/**
 * struct kat - one primitive
 * @name: what vt_crypto_selftest() calls it
 * @run: returns 0 when the answers are right
 * @id: TPM_ALG_ID, TPM_ECC_CURVE or key bits, for @run
 * @answer: what should come out
 */
struct kat {
	const char *name;
	int (*run)(const struct kat *kat);
	u32 id;
	const void *answer;
};

/* pattern() of tests/host/gen-kat.py */
static void kat_pattern(u8 seed, u8 *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = seed + 7 * i;
}

static int expect(const void *got, const void *answer, size_t len)
{
	return crypto_memneq(got, answer, len) ? -EKEYREJECTED : 0;
}

static int expect_error(int rc, int error)
{
	if (rc == -ENOMEM)
		return rc;
	return rc == error ? 0 : -EKEYREJECTED;
}

static const struct vt_hash_alg *sha256(void)
{
	return vt_hash_find(0x000b);
}

/* The digest that every signature below is of. */
static void kat_digest(const struct vt_hash_alg *alg, u8 *digest)
{
	u8 msg[KAT_MSG];

	kat_pattern(1, msg, sizeof(msg));
	vt_hash(alg, msg, sizeof(msg), digest);
}

/* ---- hashes and HMAC ---- */

static int run_hash(const struct kat *kat)
{
	const struct vt_hash_alg *alg = vt_hash_find(kat->id);
	u8 msg[KAT_MSG], digest[VT_MAX_DIGEST];
	int rc;

	kat_pattern(1, msg, sizeof(msg));
	vt_hash(alg, msg, sizeof(msg), digest);
	rc = expect(digest, kat->answer, alg->digest_size);
	return rc ?: vt_hash_check_export(alg);
}

static int run_hmac(const struct kat *kat)
{
	const struct vt_hash_alg *alg = vt_hash_find(kat->id);
	u8 key[150], msg[100], mac[VT_MAX_DIGEST];

	kat_pattern(2, key, sizeof(key));
	kat_pattern(3, msg, sizeof(msg));
	vt_hmac(alg, key, sizeof(key), msg, sizeof(msg), mac);
	return expect(mac, kat->answer, alg->digest_size);
}

/* ---- key derivation ---- */

/**
 * struct kdf_input - what all derivations below start from
 * @key: or seed
 * @u: party or context
 * @v: likewise
 * @out: the answer; room for 521 bits and for 70 bytes
 */
struct kdf_input {
	u8 key[32];
	u8 u[20];
	u8 v[24];
	u8 out[70];
};

static void kdf_input(struct kdf_input *in)
{
	kat_pattern(4, in->key, sizeof(in->key));
	kat_pattern(5, in->u, sizeof(in->u));
	kat_pattern(6, in->v, sizeof(in->v));
}

static int run_kdfa(const struct kat *kat)
{
	struct kdf_input in;

	kdf_input(&in);
	vt_kdfa(sha256(), in.key, sizeof(in.key), "KAT", in.u, sizeof(in.u), in.v, sizeof(in.v),
		521, in.out);
	return expect(in.out, kat->answer, sizeof(kat_kdfa));
}

static int run_kdfe(const struct kat *kat)
{
	struct kdf_input in;

	kdf_input(&in);
	vt_kdfe(sha256(), in.key, sizeof(in.key), "KAT", in.u, sizeof(in.u), in.v, sizeof(in.v),
		521, in.out);
	return expect(in.out, kat->answer, sizeof(kat_kdfe));
}

static int run_mgf1(const struct kat *kat)
{
	struct kdf_input in;

	kdf_input(&in);
	kat_pattern(5, in.out, sizeof(kat_mgf1));
	vt_mgf1_xor(sha256(), in.key, sizeof(in.key), in.out, sizeof(kat_mgf1));
	return expect(in.out, kat->answer, sizeof(kat_mgf1));
}

static int run_xor(const struct kat *kat)
{
	struct kdf_input in;

	kdf_input(&in);
	kat_pattern(7, in.out, sizeof(kat_xor));
	vt_xor_obfuscate(sha256(), in.key, sizeof(in.key), in.u, sizeof(in.u), in.v, sizeof(in.v),
			 in.out, sizeof(kat_xor));
	return expect(in.out, kat->answer, sizeof(kat_xor));
}

static void kat_drbg_init(struct vt_drbg *d, struct kdf_input *in)
{
	kdf_input(in);
	vt_drbg_init(d, sha256(), in->key, sizeof(in->key), in->u, sizeof(in->u));
}

/* Asked for piecemeal, so that what a caller takes at a time makes no difference. */
static int run_drbg(const struct kat *kat)
{
	struct kdf_input in;
	struct vt_drbg d;

	kat_drbg_init(&d, &in);
	vt_drbg_fill(&d, in.out, 5);
	vt_drbg_fill(&d, in.out + 5, sizeof(kat_drbg) - 5);
	vt_drbg_wipe(&d);
	return expect(in.out, kat->answer, sizeof(kat_drbg));
}

/* ---- AES ---- */

static int run_aes(const struct kat *kat)
{
	u8 key[32], text[VT_AES_BLOCK], out[VT_AES_BLOCK];
	struct vt_aes aes;
	int rc;

	kat_pattern(8, key, sizeof(key));
	kat_pattern(9, text, sizeof(text));
	rc = vt_aes_set_key(&aes, key, kat->id);
	if (rc)
		return rc;
	vt_aes_encrypt(&aes, text, out);
	rc = expect(out, kat->answer, sizeof(out));
	if (!rc)
		rc = vt_aes_set_decrypt_key(&aes, key, kat->id);
	if (rc)
		return rc;
	vt_aes_decrypt(&aes, out, out);
	return expect(out, text, sizeof(out));
}

static int run_cfb(const struct kat *kat)
{
	u8 key[32], iv[VT_AES_BLOCK], text[sizeof(kat_cfb_128)], out[sizeof(kat_cfb_128)];
	int rc;

	kat_pattern(8, key, sizeof(key));
	kat_pattern(11, text, sizeof(text));
	kat_pattern(11, out, sizeof(out));
	kat_pattern(10, iv, sizeof(iv));
	rc = vt_aes_cfb(key, kat->id, iv, true, out, sizeof(out));
	if (!rc)
		rc = expect(out, kat->answer, sizeof(out));
	kat_pattern(10, iv, sizeof(iv));
	if (!rc)
		rc = vt_aes_cfb(key, kat->id, iv, false, out, sizeof(out));
	return rc ?: expect(out, text, sizeof(out));
}

/* CTR begins with a counter that overflows; CBC and ECB take whole blocks alone. */
static int run_mode(const struct kat *kat)
{
	const size_t len = kat->id < 0x0042 ? sizeof(kat_ctr) : sizeof(kat_cbc);
	u8 key[16], first[VT_AES_BLOCK], iv[VT_AES_BLOCK], text[sizeof(kat_cbc)];
	u8 out[sizeof(kat_cbc)];
	int rc;

	kat_pattern(8, key, sizeof(key));
	kat_pattern(11, text, len);
	memcpy(out, text, len);
	if (kat->id == 0x0040)
		memset(first, 0xff, sizeof(first));
	else
		kat_pattern(10, first, sizeof(first));
	memcpy(iv, first, sizeof(iv));
	rc = vt_aes_mode(kat->id, key, 128, iv, true, out, len);
	if (!rc)
		rc = expect(out, kat->answer, len);
	memcpy(iv, first, sizeof(iv));
	if (!rc)
		rc = vt_aes_mode(kat->id, key, 128, iv, false, out, 32);
	if (!rc)
		rc = vt_aes_mode(kat->id, key, 128, iv, false, out + 32, len - 32);
	return rc ?: expect(out, text, len);
}

static int run_cmac(const struct kat *kat)
{
	u8 key[32], text[41], mac[VT_AES_BLOCK];
	struct vt_cmac m;
	int rc;

	kat_pattern(8, key, sizeof(key));
	kat_pattern(11, text, sizeof(text));
	rc = vt_cmac_init(&m, key, kat->id);
	if (rc)
		return rc;
	vt_cmac_update(&m, text, 32);
	vt_cmac_update(&m, text + 32, sizeof(text) - 32);
	vt_cmac_final(&m, mac);
	return expect(mac, kat->answer, sizeof(mac));
}

/* ---- RSA ---- */

#define RSA_E		65537
#define RSA_BYTES	sizeof(kat_rsa_n)

/** struct rsa_room - too much for a stack */
struct rsa_room {
	u8 digest[VT_MAX_DIGEST];
	u8 em[RSA_BYTES];
	u8 out[RSA_BYTES];
};

static void pattern_fill(void *ctx, u8 *out, size_t len)
{
	kat_pattern(*(const u8 *)ctx, out, len);
}

static int rsa_private(const u8 *in, u8 *out)
{
	struct vt_rsa_key *key;
	int rc = vt_rsa_key_new(kat_rsa_n, RSA_BYTES, RSA_E, kat_rsa_p, sizeof(kat_rsa_p), &key);

	if (rc)
		return rc;
	rc = vt_rsa_private(key, in, out);
	vt_rsa_key_free(key);
	return rc;
}

static int rsa_public(const u8 *in, u8 *out)
{
	return vt_rsa_public(kat_rsa_n, RSA_BYTES, RSA_E, in, out);
}

static int rsa_sign(struct rsa_room *r, const void *answer)
{
	int rc;

	kat_digest(sha256(), r->digest);
	rc = vt_pkcs1_sign_encode(sha256(), r->digest, r->em, RSA_BYTES);
	if (!rc)
		rc = rsa_private(r->em, r->out);
	if (!rc)
		rc = expect(r->out, answer, RSA_BYTES);
	if (!rc)
		rc = rsa_public(answer, r->out);
	return rc ?: expect(r->out, r->em, RSA_BYTES);
}

static int rsa_pss(struct rsa_room *r, const void *answer)
{
	u8 salt[32];
	int rc;

	kat_digest(sha256(), r->digest);
	kat_pattern(12, salt, sizeof(salt));
	rc = vt_pss_encode(sha256(), r->digest, salt, sizeof(salt), r->em, RSA_BYTES);
	if (!rc)
		rc = rsa_public(answer, r->out);
	if (!rc)
		rc = expect(r->out, r->em, RSA_BYTES);
	if (!rc)
		rc = vt_pss_verify(sha256(), r->digest, r->em, RSA_BYTES);
	r->digest[0] ^= 1;
	return rc ?: expect_error(vt_pss_verify(sha256(), r->digest, r->em, RSA_BYTES), -EBADMSG);
}

/* Fixed seed: the ciphertext is known both ways. */
static int rsa_oaep(struct rsa_room *r, const void *answer)
{
	u8 seed = 14, msg[32], plain[64];
	struct vt_rng rng = { .fill = pattern_fill, .ctx = &seed };
	size_t len = sizeof(plain);
	int rc;

	kat_pattern(13, msg, sizeof(msg));
	rc = vt_oaep_encode(sha256(), "KAT", sizeof("KAT"), msg, sizeof(msg), &rng, r->em,
			    RSA_BYTES);
	if (!rc)
		rc = rsa_public(r->em, r->out);
	if (!rc)
		rc = expect(r->out, answer, RSA_BYTES);
	if (!rc)
		rc = rsa_private(answer, r->em);
	if (!rc)
		rc = vt_oaep_decode(sha256(), "KAT", sizeof("KAT"), r->em, RSA_BYTES, plain, &len);
	if (!rc && len != sizeof(msg))
		rc = -EKEYREJECTED;
	return rc ?: expect(plain, msg, sizeof(msg));
}

static int rsaes(struct rsa_room *r, const void *answer)
{
	u8 seed = 15, msg[32], plain[64];
	struct vt_rng rng = { .fill = pattern_fill, .ctx = &seed };
	size_t len = sizeof(plain);
	int rc;

	kat_pattern(13, msg, sizeof(msg));
	memcpy(r->em, answer, RSA_BYTES);
	rc = vt_rsaes_decode(r->em, RSA_BYTES, plain, &len);
	if (rc || len != sizeof(msg) || expect(plain, msg, len))
		return -EKEYREJECTED;
	len = sizeof(plain);
	rc = vt_rsaes_encode(msg, sizeof(msg), &rng, r->em, RSA_BYTES);
	if (!rc)
		rc = vt_rsaes_decode(r->em, RSA_BYTES, plain, &len);
	if (!rc && len != sizeof(msg))
		rc = -EKEYREJECTED;
	return rc ?: expect(plain, msg, sizeof(msg));
}

static int run_rsa(const struct kat *kat, int (*run)(struct rsa_room *r, const void *answer))
{
	struct rsa_room *r = kmalloc(sizeof(*r), GFP_KERNEL);
	int rc = r ? run(r, kat->answer) : -ENOMEM;

	kfree_sensitive(r);
	return rc;
}

static int run_rsa_sign(const struct kat *kat)
{
	return run_rsa(kat, rsa_sign);
}

static int run_rsa_pss(const struct kat *kat)
{
	return run_rsa(kat, rsa_pss);
}

static int run_rsa_oaep(const struct kat *kat)
{
	return run_rsa(kat, rsa_oaep);
}

static int run_rsaes(const struct kat *kat)
{
	return run_rsa(kat, rsaes);
}

/* ---- elliptic curves ---- */

/**
 * struct ecc_answer - one curve; points and signatures are two strings in a row
 * @hash: TPM_ALG_ID of what is signed
 * @params: SHA-256 of the strings of struct vt_curve
 * @d: our private key
 * @public: its point
 * @sign: our signature of kat_digest() with @generated as the nonce
 * @schnorr: likewise, EC Schnorr
 * @ecdaa: what was committed to, and s; the number drawn is @generated
 * @peer: someone else's point
 * @shared: x of @d times @peer
 * @generated: the scalar that the generator of run_drbg() leads to
 */
struct ecc_answer {
	u16 hash;
	const u8 *params;
	const u8 *d;
	const u8 *public;
	const u8 *sign;
	const u8 *schnorr, *ecdaa;
	const u8 *peer;
	const u8 *shared;
	const u8 *generated;
};

#define ECC_ANSWER(curve, alg)							\
	static const struct ecc_answer kat_##curve = {				\
		.hash = (alg), .params = kat_##curve##_params, .d = kat_##curve##_d,	\
		.public = kat_##curve##_public, .sign = kat_##curve##_sign,		\
		.schnorr = kat_##curve##_schnorr, .ecdaa = kat_##curve##_ecdaa,		\
		.peer = kat_##curve##_peer, .shared = kat_##curve##_shared,		\
		.generated = kat_##curve##_generated,				\
	}

ECC_ANSWER(p256, 0x000b);
ECC_ANSWER(p384, 0x000c);
ECC_ANSWER(p521, 0x000d);
ECC_ANSWER(bn256, 0x000b);

static int ecc_generated(const struct vt_curve *c, const u8 *answer)
{
	u8 d[VT_ECC_MAX_BYTES], x[VT_ECC_MAX_BYTES], y[VT_ECC_MAX_BYTES];
	struct kdf_input in;
	struct vt_drbg drbg;
	struct vt_rng rng = { .fill = vt_drbg_fill, .ctx = &drbg };
	int rc;

	kat_drbg_init(&drbg, &in);
	rc = vt_ecc_generate(c, &rng, d, x, y);
	vt_drbg_wipe(&drbg);
	return rc ?: expect(d, answer, c->bytes);
}

static int ecc_params(const struct vt_curve *c, const u8 *answer)
{
	const u8 *const strings[] = { c->p, c->a, c->b, c->gx, c->gy, c->n };
	struct vt_hash_ctx h;
	u8 digest[32];

	vt_hash_init(&h, sha256());
	for (unsigned int i = 0; i < ARRAY_SIZE(strings); i++)
		vt_hash_update(&h, strings[i], c->bytes);
	vt_hash_final(&h, digest);
	return expect(digest, answer, sizeof(digest));
}

/*
 * No handful of scalars visits every multiple of the base point that is kept,
 * but a multiple with a wrong bit lies off the curve.
 */
static int ecc_base(const struct vt_curve *c)
{
	const struct vt_ecc *e = c->impl;
	unsigned int count = e->base ? DIV_ROUND_UP(e->digits, e->spacing) * VT_ECC_MULTIPLES : 0;
	u8 x[VT_ECC_MAX_BYTES], y[VT_ECC_MAX_BYTES];
	u64 raw[VT_FE_LIMBS];
	int rc = 0;

	for (unsigned int i = 0; !rc && i < count; i++) {
		const u64 *point = e->base + i * 2 * e->p.limbs;

		vt_fe_leave(&e->p, raw, point);
		vt_fe_write(raw, x, c->bytes);
		vt_fe_leave(&e->p, raw, point + e->p.limbs);
		vt_fe_write(raw, y, c->bytes);
		rc = vt_ecc_check_point(c, x, y);
	}
	return rc;
}

static int run_ecc(const struct kat *kat)
{
	const struct vt_curve *c = vt_curve_find(kat->id);
	const struct ecc_answer *a = kat->answer;
	u8 x[VT_ECC_MAX_BYTES], y[VT_ECC_MAX_BYTES];
	int rc = ecc_params(c, a->params);

	if (!rc)
		rc = ecc_base(c);
	if (!rc)
		rc = vt_ecc_make_public(c, a->d, x, y);
	if (!rc)
		rc = expect(x, a->public, c->bytes);
	if (!rc)
		rc = expect(y, a->public + c->bytes, c->bytes);
	if (!rc)
		rc = vt_ecc_check_point(c, x, y);
	y[c->bytes - 1] ^= 1;
	if (!rc)
		rc = expect_error(vt_ecc_check_point(c, x, y), -EBADMSG);
	return rc ?: ecc_generated(c, a->generated);
}

static int run_ecdh(const struct kat *kat)
{
	const struct vt_curve *c = vt_curve_find(kat->id);
	const struct ecc_answer *a = kat->answer;
	u8 x[VT_ECC_MAX_BYTES], y[VT_ECC_MAX_BYTES];
	int rc = vt_ecdh(c, a->d, a->peer, a->peer + c->bytes, x, y);

	if (!rc)
		rc = expect(x, a->shared, c->bytes);
	return rc ?: vt_ecc_check_point(c, x, y);
}

static int ecdsa_verify(const struct vt_curve *c, const struct ecc_answer *a, const u8 *digest,
			const u8 *r, const u8 *s)
{
	return vt_ecdsa_verify(c, a->public, a->public + c->bytes, digest,
			       vt_hash_find(a->hash)->digest_size, r, s);
}

static int ecdsa_sign(const struct vt_curve *c, const struct ecc_answer *a, const u8 *digest,
		      u8 *r, u8 *s)
{
	struct kdf_input in;
	struct vt_drbg drbg;
	struct vt_rng rng = { .fill = vt_drbg_fill, .ctx = &drbg };
	int rc;

	kat_drbg_init(&drbg, &in);
	rc = vt_ecdsa_sign(c, a->d, digest, vt_hash_find(a->hash)->digest_size, &rng, r, s);
	vt_drbg_wipe(&drbg);
	return rc;
}

static int run_ecdsa(const struct kat *kat)
{
	const struct vt_curve *c = vt_curve_find(kat->id);
	const struct ecc_answer *a = kat->answer;
	u8 digest[VT_MAX_DIGEST], r[VT_ECC_MAX_BYTES], s[VT_ECC_MAX_BYTES];
	int rc;

	kat_digest(vt_hash_find(a->hash), digest);
	rc = ecdsa_sign(c, a, digest, r, s);
	if (!rc)
		rc = expect(r, a->sign, c->bytes);
	if (!rc)
		rc = expect(s, a->sign + c->bytes, c->bytes);
	if (!rc)
		rc = ecdsa_verify(c, a, digest, r, s);
	digest[0] ^= 1;
	return rc ?: expect_error(ecdsa_verify(c, a, digest, r, s), -EBADMSG);
}

static int schnorr_verify(const struct vt_curve *c, const struct ecc_answer *a, const u8 *digest,
			  const u8 *r, const u8 *s)
{
	const struct vt_hash_alg *alg = vt_hash_find(a->hash);

	return vt_ecschnorr_verify(c, a->public, a->public + c->bytes, alg, digest,
				   alg->digest_size, r, s);
}

static int run_ecschnorr(const struct kat *kat)
{
	const struct vt_curve *c = vt_curve_find(kat->id);
	const struct ecc_answer *a = kat->answer;
	const struct vt_hash_alg *alg = vt_hash_find(a->hash);
	u8 digest[VT_MAX_DIGEST], r[VT_ECC_MAX_BYTES], s[VT_ECC_MAX_BYTES];
	struct kdf_input in;
	struct vt_drbg drbg;
	struct vt_rng rng = { .fill = vt_drbg_fill, .ctx = &drbg };
	int rc;

	kat_digest(alg, digest);
	kat_drbg_init(&drbg, &in);
	rc = vt_ecschnorr_sign(c, a->d, alg, digest, alg->digest_size, &rng, r, s);
	vt_drbg_wipe(&drbg);
	if (!rc)
		rc = expect(r, a->schnorr, c->bytes);
	if (!rc)
		rc = expect(s, a->schnorr + c->bytes, c->bytes);
	if (!rc)
		rc = schnorr_verify(c, a, digest, r, s);
	digest[0] ^= 1;
	return rc ?: expect_error(schnorr_verify(c, a, digest, r, s), -EBADMSG);
}

static int run_ecdaa(const struct kat *kat)
{
	const struct vt_curve *c = vt_curve_find(kat->id);
	const struct ecc_answer *a = kat->answer;
	const struct vt_hash_alg *alg = vt_hash_find(a->hash);
	u8 digest[VT_MAX_DIGEST], k[VT_ECC_MAX_BYTES], s[VT_ECC_MAX_BYTES];
	struct kdf_input in;
	struct vt_drbg drbg;
	struct vt_rng rng = { .fill = vt_drbg_fill, .ctx = &drbg };
	int rc;

	kat_digest(alg, digest);
	kat_drbg_init(&drbg, &in);
	rc = vt_ecdaa_sign(c, a->d, a->ecdaa, alg, digest, alg->digest_size, &rng, k, s);
	vt_drbg_wipe(&drbg);
	if (!rc)
		rc = expect(k, a->generated, c->bytes);
	return rc ?: expect(s, a->ecdaa + c->bytes, c->bytes);
}

/* ---- random numbers ---- */

/* No test can tell that numbers are random; this one tells a source that is off. */
static int run_random(const struct kat *kat __always_unused)
{
	u8 a[32], b[32], zero[32] = {};
	int rc;

	vt_random(a, sizeof(a));
	vt_random(b, sizeof(b));
	rc = !expect(a, b, sizeof(a)) || !expect(a, zero, sizeof(a)) ||
	     !expect(b, zero, sizeof(b)) ? -EKEYREJECTED : 0;
	memzero_explicit(a, sizeof(a));
	memzero_explicit(b, sizeof(b));
	return rc;
}

/* Each after what it is built of, so that the culprit is named and not its user. */
static const struct kat kats[] = {
	{ "sha1", run_hash, 0x0004, kat_sha1 },
	{ "sha256", run_hash, 0x000b, kat_sha256 },
	{ "sha384", run_hash, 0x000c, kat_sha384 },
	{ "sha512", run_hash, 0x000d, kat_sha512 },
	{ "hmac-sha1", run_hmac, 0x0004, kat_hmac_sha1 },
	{ "hmac-sha256", run_hmac, 0x000b, kat_hmac_sha256 },
	{ "hmac-sha384", run_hmac, 0x000c, kat_hmac_sha384 },
	{ "hmac-sha512", run_hmac, 0x000d, kat_hmac_sha512 },
	{ "random", run_random, 0, NULL },
	{ "kdfa", run_kdfa, 0, kat_kdfa },
	{ "kdfe", run_kdfe, 0, kat_kdfe },
	{ "mgf1", run_mgf1, 0, kat_mgf1 },
	{ "xor", run_xor, 0, kat_xor },
	{ "drbg", run_drbg, 0, kat_drbg },
	{ "aes-128", run_aes, 128, kat_aes_128 },
	{ "aes-192", run_aes, 192, kat_aes_192 },
	{ "aes-256", run_aes, 256, kat_aes_256 },
	{ "cfb-aes-128", run_cfb, 128, kat_cfb_128 },
	{ "cfb-aes-192", run_cfb, 192, kat_cfb_192 },
	{ "cfb-aes-256", run_cfb, 256, kat_cfb_256 },
	{ "ctr", run_mode, 0x0040, kat_ctr },
	{ "ofb", run_mode, 0x0041, kat_ofb },
	{ "cbc", run_mode, 0x0042, kat_cbc },
	{ "ecb", run_mode, 0x0044, kat_ecb },
	{ "cmac-aes-128", run_cmac, 128, kat_cmac_128 },
	{ "cmac-aes-192", run_cmac, 192, kat_cmac_192 },
	{ "cmac-aes-256", run_cmac, 256, kat_cmac_256 },
	{ "rsa-2048", run_rsa_sign, 2048, kat_rsa_sign },
	{ "rsa-pss", run_rsa_pss, 2048, kat_rsa_pss },
	{ "rsa-oaep", run_rsa_oaep, 2048, kat_rsa_oaep },
	{ "rsaes", run_rsaes, 2048, kat_rsaes },
	{ "ecc-p256", run_ecc, 0x0003, &kat_p256 },
	{ "ecdh-p256", run_ecdh, 0x0003, &kat_p256 },
	{ "ecdsa-p256", run_ecdsa, 0x0003, &kat_p256 },
	{ "ecc-p384", run_ecc, 0x0004, &kat_p384 },
	{ "ecdh-p384", run_ecdh, 0x0004, &kat_p384 },
	{ "ecdsa-p384", run_ecdsa, 0x0004, &kat_p384 },
	{ "ecc-p521", run_ecc, 0x0005, &kat_p521 },
	{ "ecdh-p521", run_ecdh, 0x0005, &kat_p521 },
	{ "ecdsa-p521", run_ecdsa, 0x0005, &kat_p521 },
	{ "ecc-bn256", run_ecc, 0x0010, &kat_bn256 },
	{ "ecdh-bn256", run_ecdh, 0x0010, &kat_bn256 },
	{ "ecdsa-bn256", run_ecdsa, 0x0010, &kat_bn256 },
	{ "ecschnorr-p256", run_ecschnorr, 0x0003, &kat_p256 },
	{ "ecschnorr-p384", run_ecschnorr, 0x0004, &kat_p384 },
	{ "ecschnorr-p521", run_ecschnorr, 0x0005, &kat_p521 },
	{ "ecdaa-p256", run_ecdaa, 0x0003, &kat_p256 },
	{ "ecdaa-p384", run_ecdaa, 0x0004, &kat_p384 },
	{ "ecdaa-p521", run_ecdaa, 0x0005, &kat_p521 },
	{ "ecschnorr-bn256", run_ecschnorr, 0x0010, &kat_bn256 },
	{ "ecdaa-bn256", run_ecdaa, 0x0010, &kat_bn256 },
};

int vt_crypto_selftest(const char **failed)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(kats); i++) {
		int rc = kats[i].run(&kats[i]);

		if (rc) {
			*failed = kats[i].name;
			return rc == -ENOMEM ? rc : -EKEYREJECTED;
		}
		cond_resched();
	}
	return 0;
}
