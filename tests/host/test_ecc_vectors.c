// SPDX-License-Identifier: GPL-2.0-only
/*
 * Published vectors for elliptic curves, NIST's and Wycheproof's: readers of
 * one vector each, and the files. Tests of our own are in test_ecc.c.
 */
#include <openssl/evp.h>

#include "ecc_support.h"
#include "vectors.h"

/* By a section or the name of a file; the head of the ECDH files names all curves. */
static const struct vt_curve *curve_by_name(const char *name)
{
	if (strstr(name, "Curve selected"))
		return NULL;
	if (strstr(name, "P-256") || strstr(name, "secp256r1") || strstr(name, "[EC -"))
		return &vt_curves[0];
	if (strstr(name, "P-384") || strstr(name, "secp384r1") || strstr(name, "[ED -"))
		return &vt_curves[1];
	if (strstr(name, "P-521") || strstr(name, "secp521r1") || strstr(name, "[EE -"))
		return &vt_curves[2];
	return NULL;
}

static bool field_hex(const struct vec *v, const char *name, u8 *out, size_t len)
{
	const struct vec_field *f = vec_get(v, name);

	return f && from_hex(f->text, out, len);
}

static void key_vector(const struct vec *v, const struct vt_curve *c, const EVP_MD *md)
{
	struct key k, mine;

	(void)md;
	if (!field_hex(v, "d", k.d, c->bytes))
		return;
	check(field_hex(v, "Qx", k.x, c->bytes) && field_hex(v, "Qy", k.y, c->bytes));
	check(!vt_ecc_check_point(c, k.x, k.y) && !vt_ecc_check_scalar(c, k.d));
	check(!vt_ecc_make_public(c, k.d, mine.x, mine.y));
	check(same(mine.x, k.x, c->bytes) && same(mine.y, k.y, c->bytes));
}

static void point_vector(const struct vec *v, const struct vt_curve *c, const EVP_MD *md)
{
	const struct vec_field *result = vec_get(v, "Result");
	struct key k;
	bool fits;

	(void)md;
	if (!result)
		return;
	fits = field_hex(v, "Qx", k.x, c->bytes) && field_hex(v, "Qy", k.y, c->bytes);
	if (result->text[0] == 'P')
		check(fits && !vt_ecc_check_point(c, k.x, k.y));
	else
		check(!fits || vt_ecc_check_point(c, k.x, k.y) == -EBADMSG);
}

static size_t hash_field(const struct vec *v, const char *name, const EVP_MD *md, u8 *digest)
{
	const struct vec_field *msg = vec_get(v, name);
	unsigned int len = 0;

	check(msg && EVP_Digest(msg->bytes ?: (u8 *)"", msg->len, digest, &len, md, NULL));
	return len;
}

/* The nonce is known, so r and s must come out exactly. */
static void sign_vector(const struct vec *v, const struct vt_curve *c, const EVP_MD *md)
{
	u8 digest[EVP_MAX_MD_SIZE], r[MAX], s[MAX], my_r[MAX], my_s[MAX];
	const struct vec_field *nonce = vec_get(v, "k");
	struct script script;
	BIGNUM *k = NULL;
	struct vt_rng rng;
	struct key key;
	size_t len;

	if (!nonce)
		return;
	len = hash_field(v, "Msg", md, digest);
	check(field_hex(v, "d", key.d, c->bytes) && field_hex(v, "Qx", key.x, c->bytes));
	check(field_hex(v, "Qy", key.y, c->bytes) && field_hex(v, "R", r, c->bytes));
	check(field_hex(v, "S", s, c->bytes) && BN_hex2bn(&k, nonce->text));
	rng = scripted(&script, c, k);
	check(!vt_ecdsa_sign(c, key.d, digest, len, &rng, my_r, my_s));
	check(script.calls == 1);
	check(same(r, my_r, c->bytes) && same(s, my_s, c->bytes));
	check(!vt_ecdsa_verify(c, key.x, key.y, digest, len, r, s));
	digest[len / 3] ^= 4;
	check(vt_ecdsa_verify(c, key.x, key.y, digest, len, r, s) == -EBADMSG);
	BN_free(k);
}

static void verify_vector(const struct vec *v, const struct vt_curve *c, const EVP_MD *md)
{
	const struct vec_field *result = vec_get(v, "Result");
	u8 digest[EVP_MAX_MD_SIZE], r[MAX], s[MAX];
	struct key k;
	size_t len;
	int ret = -EBADMSG;

	if (!result)
		return;
	len = hash_field(v, "Msg", md, digest);
	if (field_hex(v, "Qx", k.x, c->bytes) && field_hex(v, "Qy", k.y, c->bytes) &&
	    field_hex(v, "R", r, c->bytes) && field_hex(v, "S", s, c->bytes))
		ret = vt_ecdsa_verify(c, k.x, k.y, digest, len, r, s);
	check(ret == (result->text[0] == 'P' ? 0 : -EBADMSG));
}

/*
 * The number in the result says what was spoilt: 1 and 2 the peer's point, 5
 * and 6 our own point, 7 our scalar, 8 the shared secret.
 */
static void ecdh_vector(const struct vec *v, const struct vt_curve *c, const EVP_MD *md)
{
	const struct vec_field *result = vec_get(v, "Result");
	struct key own, peer, mine;
	bool own_fits;
	u8 z[MAX];
	int ret;

	(void)md;
	if (!result || !field_hex(v, "Z", z, c->bytes))
		return;
	ret = field_hex(v, "QsCAVSx", peer.x, c->bytes) &&
	      field_hex(v, "QsCAVSy", peer.y, c->bytes) ? 0 : -EBADMSG;
	own_fits = field_hex(v, "QsIUTx", own.x, c->bytes) &&
		   field_hex(v, "QsIUTy", own.y, c->bytes);
	check(field_hex(v, "dsIUT", own.d, c->bytes));
	if (!ret)
		ret = vt_ecdh(c, own.d, peer.x, peer.y, mine.x, mine.y);
	switch (result->text[0] == 'P' ? 0 : result->text[strlen("F (")]) {
	case 0:
		check(!ret && same(z, mine.x, c->bytes));
		break;
	case '1':
	case '2':
		check(ret == -EBADMSG);
		break;
	case '5':
	case '6':
		check(!own_fits || vt_ecc_check_point(c, own.x, own.y) == -EBADMSG);
		break;
	case '7':
		check(vt_ecc_make_public(c, own.d, mine.x, mine.y) ||
		      !same(mine.x, own.x, c->bytes));
		break;
	default:
		check(!ret && !same(z, mine.x, c->bytes));
	}
}

/* Uncompressed points only; a TPM takes no other. */
static bool split_point(const struct vec_field *f, const struct vt_curve *c, struct key *k)
{
	if (!f || !f->bytes || f->len != 1 + 2u * c->bytes || f->bytes[0] != 4)
		return false;
	memcpy(k->x, f->bytes + 1, c->bytes);
	memcpy(k->y, f->bytes + 1 + c->bytes, c->bytes);
	return true;
}

static bool is_valid(const struct vec *v)
{
	return !strcmp(vec_get(v, "result")->text, "valid");
}

static void ecdh_wycheproof(const struct vec *v, const struct vt_curve *c, const EVP_MD *md)
{
	const struct vec_field *shared = vec_get(v, "shared");
	struct key k, peer, mine;

	(void)md;
	if (!split_point(vec_get(v, "public"), c, &peer)) {
		check(!is_valid(v));
		return;
	}
	check(field_hex(v, "private", k.d, c->bytes));
	if (is_valid(v))
		check(!vt_ecdh(c, k.d, peer.x, peer.y, mine.x, mine.y) &&
		      same(mine.x, shared->bytes, c->bytes));
	else
		check(vt_ecdh(c, k.d, peer.x, peer.y, mine.x, mine.y) == -EBADMSG);
}

/* r and s of a P1363 or a strictly encoded DER signature, when they fit. */
static bool split_signature(const struct vec_field *f, const struct vt_curve *c, bool der,
			    u8 *r, u8 *s)
{
	const unsigned char *at = f->bytes;
	unsigned char *again = NULL;
	ECDSA_SIG *sig;
	bool ok;

	if (!der) {
		if (f->len != 2u * c->bytes)
			return false;
		memcpy(r, f->bytes, c->bytes);
		memcpy(s, f->bytes + c->bytes, c->bytes);
		return true;
	}
	sig = d2i_ECDSA_SIG(NULL, &at, (long)f->len);
	ok = sig && (size_t)i2d_ECDSA_SIG(sig, &again) == f->len &&
	     same(again, f->bytes, f->len) &&
	     !BN_is_negative(ECDSA_SIG_get0_r(sig)) && !BN_is_negative(ECDSA_SIG_get0_s(sig)) &&
	     BN_bn2binpad(ECDSA_SIG_get0_r(sig), r, c->bytes) == c->bytes &&
	     BN_bn2binpad(ECDSA_SIG_get0_s(sig), s, c->bytes) == c->bytes;
	OPENSSL_free(again);
	ECDSA_SIG_free(sig);
	return ok;
}

static void ecdsa_wycheproof(const struct vec *v, const struct vt_curve *c, const EVP_MD *md,
			     bool der)
{
	u8 digest[EVP_MAX_MD_SIZE], r[MAX], s[MAX];
	int ret = -EBADMSG;
	struct key k;
	size_t len;

	check(split_point(vec_get(v, "uncompressed"), c, &k));
	len = hash_field(v, "msg", md, digest);
	if (split_signature(vec_get(v, "sig"), c, der, r, s))
		ret = vt_ecdsa_verify(c, k.x, k.y, digest, len, r, s);
	check(ret == (is_valid(v) ? 0 : -EBADMSG));
}

static void ecdsa_p1363(const struct vec *v, const struct vt_curve *c, const EVP_MD *md)
{
	ecdsa_wycheproof(v, c, md, false);
}

static void ecdsa_der(const struct vec *v, const struct vt_curve *c, const EVP_MD *md)
{
	ecdsa_wycheproof(v, c, md, true);
}

/* The hash that a section or a vector names; SHA-1 in the oldest files. */
static const EVP_MD *hash_of(const struct vec *v, const char *file)
{
	const struct vec_field *f = vec_get(v, "sha");
	const char *at = strstr(v->section, "SHA-");
	char name[16];

	if (f)
		return EVP_get_digestbyname(f->text);
	if (!at)
		return strstr(file, "186-2") ? EVP_sha1() : NULL;
	snprintf(name, sizeof(name), "SHA%.*s", (int)strcspn(at + 4, "]"), at + 4);
	return EVP_get_digestbyname(name);
}

typedef void vector_fn(const struct vec *v, const struct vt_curve *c, const EVP_MD *md);

/* One file; fewer than @at_least vectors of our curves would mean it was misread. */
static void run_vectors(const char *path, vector_fn *one, unsigned int at_least)
{
	unsigned int count = 0;
	struct vec v;

	if (!path)
		return;
	if (!vec_open(&v, path[0] == '/' ? "" : ".", path)) {
		test_fail(__FILE__, __LINE__, "%s cannot be read", path);
		return;
	}
	while (vec_next(&v)) {
		unsigned long before = checks;

		tested = curve_by_name(v.json ? path : v.section);
		if (tested)
			one(&v, tested, hash_of(&v, path));
		count += checks != before;
	}
	if (count < at_least)
		test_fail(__FILE__, __LINE__, "%u vectors, not %u or more", count, at_least);
	vec_close(&v);
}

#define NIST(name, path, one, at_least)						\
static void name(void)								\
{										\
	run_vectors(test_vectors("asymmetric/" path), one, at_least);		\
}

#define WYCHEPROOF(name, path, one, at_least)					\
static void name(void)								\
{										\
	run_vectors(test_shared("wycheproof/" path "_test.json"), one, at_least); \
}

NIST(nist_keys_186_2, "ECDSA/FIPS_186-2/KeyPair.rsp", key_vector, 30)
NIST(nist_points_186_2, "ECDSA/FIPS_186-2/PKV.rsp", point_vector, 36)
NIST(nist_verify_186_2, "ECDSA/FIPS_186-2/SigVer.rsp", verify_vector, 45)
NIST(nist_keys_186_3, "ECDSA/FIPS_186-3/KeyPair.rsp", key_vector, 30)
NIST(nist_points_186_3, "ECDSA/FIPS_186-3/PKV.rsp", point_vector, 36)
NIST(nist_sign_186_3, "ECDSA/FIPS_186-3/SigGen.txt", sign_vector, 225)
NIST(nist_verify_186_3, "ECDSA/FIPS_186-3/SigVer.rsp", verify_vector, 225)
#define ZZONLY "ECDH/KASValidityTest_ECCStaticUnified_NOKC_ZZOnly_"

NIST(nist_ecdh_init, ZZONLY "init.fax", ecdh_vector, 75)
NIST(nist_ecdh_resp, ZZONLY "resp.fax", ecdh_vector, 75)
WYCHEPROOF(wyche_ecdh_256, "ecdh_secp256r1_ecpoint", ecdh_wycheproof, 300)
WYCHEPROOF(wyche_ecdh_384, "ecdh_secp384r1_ecpoint", ecdh_wycheproof, 300)
WYCHEPROOF(wyche_ecdh_521, "ecdh_secp521r1_ecpoint", ecdh_wycheproof, 300)
WYCHEPROOF(wyche_ecdsa_256_sha256_p1363, "ecdsa_secp256r1_sha256_p1363", ecdsa_p1363, 250)
WYCHEPROOF(wyche_ecdsa_256_sha512_p1363, "ecdsa_secp256r1_sha512_p1363", ecdsa_p1363, 250)
WYCHEPROOF(wyche_ecdsa_384_sha384_p1363, "ecdsa_secp384r1_sha384_p1363", ecdsa_p1363, 250)
WYCHEPROOF(wyche_ecdsa_384_sha512_p1363, "ecdsa_secp384r1_sha512_p1363", ecdsa_p1363, 250)
WYCHEPROOF(wyche_ecdsa_521_sha512_p1363, "ecdsa_secp521r1_sha512_p1363", ecdsa_p1363, 250)
WYCHEPROOF(wyche_ecdsa_256_sha256_der, "ecdsa_secp256r1_sha256", ecdsa_der, 400)
WYCHEPROOF(wyche_ecdsa_256_sha512_der, "ecdsa_secp256r1_sha512", ecdsa_der, 400)
WYCHEPROOF(wyche_ecdsa_384_sha256_der, "ecdsa_secp384r1_sha256", ecdsa_der, 400)
WYCHEPROOF(wyche_ecdsa_384_sha384_der, "ecdsa_secp384r1_sha384", ecdsa_der, 400)
WYCHEPROOF(wyche_ecdsa_384_sha512_der, "ecdsa_secp384r1_sha512", ecdsa_der, 400)
WYCHEPROOF(wyche_ecdsa_521_sha512_der, "ecdsa_secp521r1_sha512", ecdsa_der, 400)

static const struct test_case cases[] = {
	{ "nist-keys-186-2", nist_keys_186_2 },
	{ "nist-points-186-2", nist_points_186_2 },
	{ "nist-verify-186-2", nist_verify_186_2 },
	{ "nist-keys-186-3", nist_keys_186_3 },
	{ "nist-points-186-3", nist_points_186_3 },
	{ "nist-sign-186-3", nist_sign_186_3 },
	{ "nist-verify-186-3", nist_verify_186_3 },
	{ "nist-ecdh-init", nist_ecdh_init },
	{ "nist-ecdh-resp", nist_ecdh_resp },
	{ "wyche-ecdh-256", wyche_ecdh_256 },
	{ "wyche-ecdh-384", wyche_ecdh_384 },
	{ "wyche-ecdh-521", wyche_ecdh_521 },
	{ "wyche-ecdsa-256-sha256-p1363", wyche_ecdsa_256_sha256_p1363 },
	{ "wyche-ecdsa-256-sha512-p1363", wyche_ecdsa_256_sha512_p1363 },
	{ "wyche-ecdsa-384-sha384-p1363", wyche_ecdsa_384_sha384_p1363 },
	{ "wyche-ecdsa-384-sha512-p1363", wyche_ecdsa_384_sha512_p1363 },
	{ "wyche-ecdsa-521-sha512-p1363", wyche_ecdsa_521_sha512_p1363 },
	{ "wyche-ecdsa-256-sha256-der", wyche_ecdsa_256_sha256_der },
	{ "wyche-ecdsa-256-sha512-der", wyche_ecdsa_256_sha512_der },
	{ "wyche-ecdsa-384-sha256-der", wyche_ecdsa_384_sha256_der },
	{ "wyche-ecdsa-384-sha384-der", wyche_ecdsa_384_sha384_der },
	{ "wyche-ecdsa-384-sha512-der", wyche_ecdsa_384_sha512_der },
	{ "wyche-ecdsa-521-sha512-der", wyche_ecdsa_521_sha512_der },
};

TEST_MAIN("ecc", cases)
