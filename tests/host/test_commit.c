// SPDX-License-Identifier: GPL-2.0-only
/*
 * TPM2_Commit and ECDAA signatures. OpenSSL checks the algebra: with Q the key's
 * point and T = H(k || digest), s P1 = E + T d P1 and s P2 = L + T K.
 */
#include <openssl/bn.h>

#include "ecc_group.h"
#include "keys.h"

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

#define P(rc, n)	((u32)(__force u32)(rc) | 0x40 | (n) << 8)
#define H(rc, n)	((u32)(__force u32)(rc) | (n) << 8)
#define RC_(rc)		((__force u32)(rc))

static struct host_tpm tpm;
static BN_CTX *bn;
static EC_GROUP *group;

/**
 * struct point - one of the wire, each number as long as the curve's
 * @size: bytes of each number, 0 for none
 */
struct point {
	u16 size;
	u8 x[66], y[66];
};

struct committed {
	struct point k, l, e;
	u16 counter;
};

static struct key_spec spec = {
	.name = "ecdaa", .type = TPM_ALG_ECC, .attrs = KEY_SIGN, .scheme = TPM_ALG_ECDAA,
	.hash = TPM_ALG_SHA256, .size = TPM_ECC_NIST_P256,
};

static void begin(u16 curve, u16 hash)
{
	host_tpm_new(&tpm, NULL);
	bn = BN_CTX_new();
	group = ecc_group(vt_curve_find(curve));
	spec.size = curve;
	spec.hash = hash;
}

static void end(void)
{
	EC_GROUP_free(group);
	BN_CTX_free(bn);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* ---- commands ---- */

static void put_point(struct cmd *c, const struct point *p)
{
	cmd_u16(c, 4 + 2 * p->size);
	cmd_2b(c, p->x, p->size);
	cmd_2b(c, p->y, p->size);
}

static void get_point(struct rsp *r, struct point *p)
{
	u16 size = rsp_u16(r), y_size;
	const u8 *x = rsp_2b(r, &p->size), *y = rsp_2b(r, &y_size);

	if (r->bad || p->size > sizeof(p->x) || y_size != p->size || size != 4 + 2 * p->size) {
		r->bad = true;
		return;
	}
	memcpy(p->x, x, p->size);
	memcpy(p->y, y, p->size);
}

static u32 commit(u32 key, const struct point *p1, const void *s2, u16 s2_len, const void *y2,
		  u16 y2_len, struct committed *out)
{
	static const struct point none;
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_Commit, 1, 1, key);
	put_point(&c, p1 ? p1 : &none);
	cmd_2b(&c, s2, s2_len);
	cmd_2b(&c, y2, y2_len);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	get_point(&r, &out->k);
	get_point(&r, &out->l);
	get_point(&r, &out->e);
	out->counter = rsp_u16(&r);
	return r.bad || r.left ? 0xffffffff : 0;
}

static u32 commit_plain(u32 key, struct committed *out)
{
	return commit(key, NULL, NULL, 0, NULL, 0, out);
}

static u32 sign_in(struct tpm2_space *s, u32 key, u16 scheme, u16 hash, u16 counter,
		   const u8 *digest, u16 len, u8 *k, u8 *sig_s)
{
	struct cmd c;
	struct rsp r;
	const u8 *p;
	u16 size;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_Sign, 1, 1, key);
	cmd_2b(&c, digest, len);
	cmd_u16(&c, scheme);
	if (scheme != TPM_ALG_NULL)
		cmd_u16(&c, hash);
	if (scheme == TPM_ALG_ECDAA)
		cmd_u16(&c, counter);
	cmd_u16(&c, TPM_ST_HASHCHECK);
	cmd_u32(&c, TPM_RH_NULL);
	cmd_u16(&c, 0);
	cmd_finish(&c);
	rc = host_tpm_run_in(&tpm, s, c.buf, c.len);
	if (rc || !k)
		return rc;
	r = rsp_params(&tpm, NULL);
	if (rsp_u16(&r) != TPM_ALG_ECDAA || rsp_u16(&r) != hash)
		return 0xffffffff;
	p = rsp_2b(&r, &size);
	memcpy(k, p, size);
	p = rsp_2b(&r, &size);
	memcpy(sig_s, p, size);
	return r.bad || r.left ? 0xffffffff : 0;
}

static u32 sign(u32 key, u16 counter, const u8 *digest, u8 *k, u8 *s)
{
	return sign_in(tpm.space, key, TPM_ALG_ECDAA, spec.hash, counter, digest,
		       digest_size(spec.hash), k, s);
}

/* ---- points ---- */

static EC_POINT *to_openssl(const struct point *p)
{
	EC_POINT *q = EC_POINT_new(group);
	BIGNUM *x = BN_bin2bn(p->x, p->size, NULL), *y = BN_bin2bn(p->y, p->size, NULL);

	if (!EC_POINT_set_affine_coordinates(group, q, x, y, bn)) {
		EC_POINT_free(q);
		q = NULL;
	}
	BN_free(x);
	BN_free(y);
	return q;
}

static void from_openssl(const EC_POINT *q, struct point *p)
{
	BIGNUM *x = BN_new(), *y = BN_new();

	p->size = curve_bytes(spec.size);
	EC_POINT_get_affine_coordinates(group, q, x, y, bn);
	BN_bn2binpad(x, p->x, p->size);
	BN_bn2binpad(y, p->y, p->size);
	BN_free(x);
	BN_free(y);
}

/* A point with a logarithm that the test knows. */
static BIGNUM *known_point(struct point *p)
{
	BIGNUM *a = BN_new();
	EC_POINT *q = EC_POINT_new(group);

	BN_rand_range(a, EC_GROUP_get0_order(group));
	EC_POINT_mul(group, q, a, NULL, NULL, bn);
	from_openssl(q, p);
	EC_POINT_free(q);
	return a;
}

/* A string whose digest is the x of a point; the key's nameAlg is SHA-256. */
static void hashed_point(u8 s2[8], struct point *p)
{
	EC_POINT *q = EC_POINT_new(group);
	BIGNUM *x = BN_new(), *prime = BN_new();
	u8 digest[32];
	u64 n;

	EC_GROUP_get_curve(group, prime, NULL, NULL, bn);
	for (n = 0;; n++) {
		put_unaligned_be64(n, s2);
		digest_of(TPM_ALG_SHA256, s2, 8, digest);
		BN_bin2bn(digest, sizeof(digest), x);
		BN_nnmod(x, x, prime, bn);
		if (EC_POINT_set_compressed_coordinates(group, q, x, n & 1, bn))
			break;
	}
	from_openssl(q, p);
	EC_POINT_free(q);
	BN_free(x);
	BN_free(prime);
}

static BIGNUM *challenge(const u8 *k, const u8 *digest)
{
	u8 both[66 + 64], t[64];
	u16 bytes = curve_bytes(spec.size), len = digest_size(spec.hash);
	BIGNUM *n;

	memcpy(both, k, bytes);
	memcpy(both + bytes, digest, len);
	digest_of(spec.hash, both, bytes + len, t);
	n = BN_bin2bn(t, len, NULL);
	BN_nnmod(n, n, EC_GROUP_get0_order(group), bn);
	return n;
}

/* s P = R + T X? */
static bool holds(const u8 *s, const struct point *p, const struct point *r, const BIGNUM *t,
		  const EC_POINT *x)
{
	EC_POINT *base = to_openssl(p), *rest = to_openssl(r);
	EC_POINT *left = EC_POINT_new(group), *right = EC_POINT_new(group);
	BIGNUM *n = BN_bin2bn(s, curve_bytes(spec.size), NULL);
	bool ok = base && rest;

	if (ok) {
		EC_POINT_mul(group, left, NULL, base, n, bn);
		EC_POINT_mul(group, right, NULL, x, t, bn);
		EC_POINT_add(group, right, right, rest, bn);
		ok = !EC_POINT_cmp(group, left, right, bn);
	}
	BN_free(n);
	EC_POINT_free(base);
	EC_POINT_free(rest);
	EC_POINT_free(left);
	EC_POINT_free(right);
	return ok;
}

static EC_POINT *key_point(const struct key *key)
{
	struct point p = { .size = curve_bytes(key->size) };
	const u8 *end = key->pub + key->pub_size;

	memcpy(p.x, end - 2 * p.size - 2, p.size);
	memcpy(p.y, end - p.size, p.size);
	return to_openssl(&p);
}

/* ---- cases ---- */

static void check_algebra(u16 curve, u16 hash)
{
	struct committed c;
	struct point p1, p2;
	u8 s2[8], digest[64] = { 1, 2, 3 }, k[66], s[66];
	EC_POINT *q, *image = NULL, *shared;
	BIGNUM *a, *t;
	struct key key;

	begin(curve, hash);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &spec, &key), 0);
	a = known_point(&p1);
	hashed_point(s2, &p2);
	EXPECT_EQ(commit(key.handle, &p1, s2, sizeof(s2), p2.y, p2.size, &c), 0);
	EXPECT_EQ(sign(key.handle, c.counter, digest, k, s), 0);

	q = key_point(&key);
	image = EC_POINT_new(group);
	EC_POINT_mul(group, image, NULL, q, a, bn);	/* d P1 = a Q */
	t = challenge(k, digest);
	shared = to_openssl(&c.k);
	EXPECT(shared && holds(s, &p1, &c.e, t, image));
	EXPECT(holds(s, &p2, &c.l, t, shared));
	s[curve_bytes(curve) - 1] ^= 1;		/* the check can fail */
	EXPECT(!holds(s, &p1, &c.e, t, image));
	BN_free(a);
	BN_free(t);
	EC_POINT_free(q);
	EC_POINT_free(image);
	EC_POINT_free(shared);
	end();
}

static void algebra(void)
{
	static const u16 curves[] = { TPM_ECC_NIST_P256, TPM_ECC_NIST_P384, TPM_ECC_NIST_P521,
				      TPM_ECC_BN_P256 };
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(curves); i++)
		for (j = 0; j < 4; j++) {
			check_algebra(curves[i], all_hashes[j]);
			OK_SO_FAR();
		}
}

/* Which of K, L and E there are; without a point of the caller's E is on the base point. */
static void parts(void)
{
	struct point p1, p2, g;
	u8 s2[8], digest[64] = { 9 }, k[66], s[66];
	struct committed c;
	EC_POINT *q;
	struct key key;
	BIGNUM *t;

	begin(TPM_ECC_NIST_P256, TPM_ALG_SHA256);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &spec, &key), 0);
	BN_free(known_point(&p1));
	hashed_point(s2, &p2);

	EXPECT_EQ(commit(key.handle, &p1, NULL, 0, NULL, 0, &c), 0);
	EXPECT(!c.k.size && !c.l.size && c.e.size == 32);
	EXPECT_EQ(commit(key.handle, NULL, s2, sizeof(s2), p2.y, p2.size, &c), 0);
	EXPECT(c.k.size == 32 && c.l.size == 32 && !c.e.size);
	EXPECT_EQ(commit_plain(key.handle, &c), 0);
	EXPECT(!c.k.size && !c.l.size && c.e.size == 32);
	EXPECT_EQ(c.counter, 2);

	EXPECT_EQ(sign(key.handle, c.counter, digest, k, s), 0);
	from_openssl(EC_GROUP_get0_generator(group), &g);
	q = key_point(&key);
	t = challenge(k, digest);
	EXPECT(holds(s, &g, &c.e, t, q));
	BN_free(t);
	EC_POINT_free(q);
	end();
}

/* Two signatures with one commitment would be two equations for two secrets. */
static void t22_counter_once(void)
{
	u8 digest[64] = { 1 };
	struct committed c, first;
	struct key key, other;
	u8 k[66], s[66];
	unsigned int i;

	begin(TPM_ECC_NIST_P256, TPM_ALG_SHA256);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &spec, &key), 0);
	EXPECT_EQ(sign(key.handle, 0, digest, k, s), RC_(TPM_RC_VALUE));	/* none yet */
	EXPECT_EQ(commit_plain(key.handle, &c), 0);
	EXPECT_EQ(sign(key.handle, c.counter + 1, digest, k, s), RC_(TPM_RC_VALUE));

	/* what fails earlier leaves it */
	EXPECT_EQ(sign_in(tpm.space, key.handle, TPM_ALG_ECDAA, TPM_ALG_SHA256, c.counter, digest,
			  20, NULL, NULL), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(sign(key.handle, c.counter, digest, k, s), 0);
	EXPECT_EQ(sign(key.handle, c.counter, digest, k, s), RC_(TPM_RC_VALUE));
	digest[0]++;
	EXPECT_EQ(sign(key.handle, c.counter, digest, k, s), RC_(TPM_RC_VALUE));

	/* another key's use is a use */
	EXPECT_EQ(make_key(&tpm, TPM_RH_ENDORSEMENT, &spec, &other), 0);
	EXPECT_EQ(commit_plain(key.handle, &c), 0);
	EXPECT_EQ(sign(other.handle, c.counter, digest, k, s), 0);
	EXPECT_EQ(sign(key.handle, c.counter, digest, k, s), RC_(TPM_RC_VALUE));

	/* so many may be open, and older ones are not any more */
	EXPECT_EQ(commit_plain(key.handle, &first), 0);
	for (i = 0; i < TPM2_MAX_COMMITS - 1; i++)
		EXPECT_EQ(commit_plain(key.handle, &c), 0);
	EXPECT_EQ(sign(key.handle, first.counter, digest, k, s), 0);
	EXPECT_EQ(commit_plain(key.handle, &first), 0);
	for (i = 0; i < TPM2_MAX_COMMITS; i++)
		EXPECT_EQ(commit_plain(key.handle, &c), 0);
	EXPECT_EQ(sign(key.handle, first.counter, digest, k, s), RC_(TPM_RC_VALUE));
	end();
}

static struct {
	struct tpm2_space *space;
	u32 key;
	u16 counter;
	u32 rc;
} second;

/* While the first signature is computed another opener asks for one with the same number. */
static void sign_again(struct host_tpm *h)
{
	u8 digest[64] = { 2 };

	h->in_heavy = NULL;
	second.rc = sign_in(second.space, second.key, TPM_ALG_ECDAA, TPM_ALG_SHA256,
			    second.counter, digest, 32, NULL, NULL);
}

static void t22_counter_race(void)
{
	u8 digest[64] = { 1 };
	struct tpm2_space *mine;
	struct committed c;
	struct key key, twin;
	u8 k[66], s[66];

	begin(TPM_ECC_NIST_P256, TPM_ALG_SHA256);
	second.space = tpm2_space_new(tpm.t);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &spec, &key), 0);
	mine = tpm.space;
	tpm.space = second.space;
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &spec, &twin), 0);
	tpm.space = mine;
	EXPECT_EQ(commit_plain(key.handle, &c), 0);
	second.key = twin.handle;
	second.counter = c.counter;
	second.rc = 0;
	tpm.in_heavy = sign_again;
	EXPECT_EQ(sign(key.handle, c.counter, digest, k, s), 0);
	EXPECT_EQ(second.rc, RC_(TPM_RC_VALUE));
	tpm2_space_free(second.space);
	end();
}

/* Points off the curve, with coordinates out of range, at infinity, or half of one. */
static void t23_points(void)
{
	struct point good, p2, bad;
	struct committed c;
	u8 s2[8], y2[66];
	struct key key;
	u32 i;

	begin(TPM_ECC_NIST_P256, TPM_ALG_SHA256);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &spec, &key), 0);
	BN_free(known_point(&good));
	hashed_point(s2, &p2);
	for (i = 0; i < 64; i++) {
		bad = good;
		(i < 32 ? bad.x : bad.y)[i % 32] ^= 1 << (i % 8);
		EXPECT_EQ(commit(key.handle, &bad, NULL, 0, NULL, 0, &c), P(TPM_RC_ECC_POINT, 1));
		memcpy(y2, p2.y, 32);
		y2[i % 32] ^= 1 << (i / 8);
		EXPECT_EQ(commit(key.handle, &good, s2, 8, y2, 32, &c), P(TPM_RC_ECC_POINT, 2));
	}
	memset(&bad, 0, sizeof(bad));
	bad.size = 32;
	EXPECT_EQ(commit(key.handle, &bad, NULL, 0, NULL, 0, &c), P(TPM_RC_ECC_POINT, 1));
	memset(&bad.x, 0xff, 32);
	EXPECT_EQ(commit(key.handle, &bad, NULL, 0, NULL, 0, &c), P(TPM_RC_ECC_POINT, 1));
	s2[0] ^= 1;
	EXPECT_EQ(commit(key.handle, NULL, s2, 8, p2.y, 32, &c), P(TPM_RC_ECC_POINT, 2));
	EXPECT_EQ(commit(key.handle, NULL, s2, 8, NULL, 0, &c), P(TPM_RC_SIZE, 3));
	EXPECT_EQ(commit(key.handle, NULL, NULL, 0, p2.y, 32, &c), P(TPM_RC_SIZE, 3));
	/* none of them has counted */
	EXPECT_EQ(commit_plain(key.handle, &c), 0);
	EXPECT_EQ(c.counter, 0);
	end();
}

/* Only keys made for it commit, and they do nothing else. */
static void keys(void)
{
	static const struct key_spec others[] = {
		{ "ecdsa", TPM_ALG_ECC, KEY_SIGN, TPM_ALG_ECDSA, TPM_ALG_SHA256,
		  TPM_ECC_NIST_P256 },
		{ "none", TPM_ALG_ECC, KEY_SIGN, TPM_ALG_NULL, 0, TPM_ECC_NIST_P256 },
		{ "ecdh", TPM_ALG_ECC, KEY_DECRYPT, TPM_ALG_ECDH, TPM_ALG_SHA256,
		  TPM_ECC_NIST_P256 },
	};
	struct key_spec wrong = spec;
	u8 digest[32] = { 1 };
	struct committed c;
	struct key key;
	unsigned int i;
	u32 rsa;

	begin(TPM_ECC_NIST_P256, TPM_ALG_SHA256);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &others[i], &key), 0);
		EXPECT_EQ(commit_plain(key.handle, &c), H(TPM_RC_SCHEME, 1));
		if (others[i].attrs & KEY_SIGN)
			EXPECT_EQ(sign(key.handle, 0, digest, NULL, NULL), P(TPM_RC_SCHEME, 2));
	}
	EXPECT_EQ(tpm_create_primary_rsa(&tpm, TPM_RH_OWNER, &rsa), 0);
	EXPECT_EQ(commit_plain(rsa, &c), H(TPM_RC_KEY, 1));

	/* neither for exchange nor for both */
	wrong.attrs = KEY_DECRYPT;
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &wrong, &key), P(TPM_RC_SCHEME, 2));
	wrong.attrs = KEY_SIGN | KEY_DECRYPT;
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &wrong, &key), P(TPM_RC_SCHEME, 2));
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &spec, &key), 0);
	EXPECT_EQ(commit_plain(key.handle, &c), 0);
	EXPECT_EQ(sign_in(tpm.space, key.handle, TPM_ALG_NULL, 0, 0, digest, 32, NULL, NULL),
		  P(TPM_RC_SCHEME, 2));
	EXPECT_EQ(sign_in(tpm.space, key.handle, TPM_ALG_ECDSA, TPM_ALG_SHA256, 0, digest, 32, NULL,
			  NULL), P(TPM_RC_SCHEME, 2));
	EXPECT_EQ(sign_in(tpm.space, key.handle, TPM_ALG_ECDAA, TPM_ALG_SHA1, 0, digest, 20, NULL,
			  NULL), P(TPM_RC_SCHEME, 2));
	EXPECT_EQ(sign(key.handle, c.counter, digest, NULL, NULL), 0);
	end();
}

/* The public part alone commits to nothing, and verifies nothing. */
static void public_only(void)
{
	struct committed done;
	struct key key;
	struct cmd c;
	u32 handle;

	begin(TPM_ECC_NIST_P256, TPM_ALG_SHA256);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &spec, &key), 0);
	EXPECT_EQ(tpm_flush(&tpm, key.handle), 0);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_LoadExternal);
	cmd_u16(&c, 0);
	cmd_2b(&c, key.pub, key.pub_size);
	cmd_u32(&c, TPM_RH_OWNER);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	rsp_params(&tpm, &handle);
	EXPECT(commit_plain(handle, &done) != 0);

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_VerifySignature);
	cmd_u32(&c, handle);
	cmd_2b(&c, key.name, 32);
	cmd_u16(&c, TPM_ALG_ECDAA);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_2b(&c, key.name, 32);
	cmd_2b(&c, key.name, 32);
	EXPECT_EQ(cmd_run(&tpm, &c), P(TPM_RC_SCHEME, 2));
	end();
}

/* A key without a nameAlg has no hash to make a point of s2 with. */
static void no_name_alg(void)
{
	struct committed done;
	struct point p;
	u8 d[32], y2[32] = { 1 };
	BIGNUM *scalar;
	struct cmd c;
	u32 handle, at;

	begin(TPM_ECC_NIST_P256, TPM_ALG_SHA256);
	scalar = known_point(&p);
	BN_bn2binpad(scalar, d, sizeof(d));
	BN_free(scalar);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_LoadExternal);
	cmd_u16(&c, 2 + 2 + 2 + 2 + sizeof(d));
	cmd_u16(&c, TPM_ALG_ECC);
	cmd_u32(&c, 0);		/* no auth value, no seed */
	cmd_2b(&c, d, sizeof(d));
	at = c.len;
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_ECC);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u32(&c, TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_SIGN);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u16(&c, TPM_ALG_ECDAA);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ECC_NIST_P256);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_2b(&c, p.x, 32);
	cmd_2b(&c, p.y, 32);
	put_unaligned_be16(c.len - at - 2, c.buf + at);
	cmd_u32(&c, TPM_RH_NULL);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	rsp_params(&tpm, &handle);
	EXPECT_EQ(commit(handle, NULL, "s2", 2, y2, sizeof(y2), &done), H(TPM_RC_HASH, 1));
	EXPECT_EQ(commit_plain(handle, &done), 0);
	end();
}

static u32 simple(u32 code, u16 arg)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, code);
	cmd_u16(&c, arg);
	return cmd_run(&tpm, &c);
}

/* Commitments outlive what TPM2_Shutdown(STATE) saves, and no TPM Reset. */
static void power(void)
{
	u8 digest[32] = { 1 };
	struct committed c;
	struct key key;
	u8 k[66], s[66];

	begin(TPM_ECC_NIST_P256, TPM_ALG_SHA256);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &spec, &key), 0);
	EXPECT_EQ(commit_plain(key.handle, &c), 0);
	EXPECT_EQ(simple(TPM_CC_Shutdown, TPM_SU_STATE), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(simple(TPM_CC_Startup, TPM_SU_STATE), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &spec, &key), 0);
	EXPECT_EQ(sign(key.handle, c.counter, digest, k, s), 0);

	/* what is made after it is not in the state saved */
	EXPECT_EQ(simple(TPM_CC_Shutdown, TPM_SU_STATE), 0);
	EXPECT_EQ(commit_plain(key.handle, &c), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(simple(TPM_CC_Startup, TPM_SU_STATE), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(simple(TPM_CC_Startup, TPM_SU_CLEAR), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &spec, &key), 0);
	EXPECT_EQ(sign(key.handle, c.counter, digest, k, s), RC_(TPM_RC_VALUE));
	EXPECT_EQ(commit_plain(key.handle, &c), 0);
	EXPECT_EQ(c.counter, 0);
	end();
}

/* A quote of a restricted ECDAA key uses up its commitment as TPM2_Sign does. */
static void quote(void)
{
	struct key_spec restricted = spec;
	struct committed done;
	struct key key;
	struct cmd c;
	int i;

	begin(TPM_ECC_NIST_P256, TPM_ALG_SHA256);
	restricted = spec;
	restricted.attrs |= KEY_RESTRICTED;
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &restricted, &key), 0);
	EXPECT_EQ(commit_plain(key.handle, &done), 0);
	for (i = 0; i < 2; i++) {
		cmd_begin_pw(&c, TPM_CC_Quote, 1, 1, key.handle);
		cmd_u16(&c, 0);
		cmd_u16(&c, TPM_ALG_ECDAA);
		cmd_u16(&c, TPM_ALG_SHA256);
		cmd_u16(&c, done.counter);
		cmd_u32(&c, 0);
		EXPECT_EQ(cmd_run(&tpm, &c), i ? RC_(TPM_RC_VALUE) : 0);
	}
	end();
}

/* Who signs anonymously is not named, and the nonce is hashed with the digest. */
static void anonymous(void)
{
	u8 both[5 + 32] = "nonce", digest[32], k[66], s[66];
	struct committed done;
	const u8 *attest, *p;
	struct point g;
	struct key key;
	EC_POINT *q;
	struct cmd c;
	struct rsp r;
	BIGNUM *t;
	u16 size;

	begin(TPM_ECC_NIST_P256, TPM_ALG_SHA256);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &spec, &key), 0);
	EXPECT_EQ(commit_plain(key.handle, &done), 0);
	cmd_begin_pw(&c, TPM_CC_Certify, 2, 2, key.handle, key.handle);
	cmd_2b(&c, "nonce", 5);
	cmd_u16(&c, TPM_ALG_ECDAA);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u16(&c, done.counter);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	r = rsp_params(&tpm, NULL);
	attest = rsp_2b(&r, &size);
	/* no qualifiedSigner, no extraData, a name, no qualified name */
	EXPECT(size == 35 + 36 + 2 && !get_unaligned_be32(attest + 6));
	digest_of(TPM_ALG_SHA256, attest, size, both + 5);
	digest_of(TPM_ALG_SHA256, both, sizeof(both), digest);
	EXPECT(rsp_u16(&r) == TPM_ALG_ECDAA && rsp_u16(&r) == TPM_ALG_SHA256);
	p = rsp_2b(&r, &size);
	memcpy(k, p, size);
	p = rsp_2b(&r, &size);
	memcpy(s, p, size);
	from_openssl(EC_GROUP_get0_generator(group), &g);
	q = key_point(&key);
	t = challenge(k, digest);
	EXPECT(holds(s, &g, &done.e, t, q));
	EC_POINT_free(q);
	BN_free(t);
	end();
}

static const struct test_case cases[] = {
	{ "the algebra of every curve and hash", algebra },
	{ "which points are there", parts },
	{ "T22 a commitment is used once", t22_counter_once },
	{ "T22 nor by two at a time", t22_counter_race },
	{ "T23 points off the curve", t23_points },
	{ "keys that are not for it", keys },
	{ "public parts", public_only },
	{ "a key without nameAlg", no_name_alg },
	{ "power and resume", power },
	{ "quotes", quote },
	{ "anonymous attestation", anonymous },
};

TEST_MAIN("commit", cases)
