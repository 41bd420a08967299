// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signing and verifying (Part 3, 20): every kind of key with every scheme and
 * hash gives the right code, and what is signed is what OpenSSL takes for it.
 */
#include <openssl/hmac.h>

#include "keys.h"
#include "tpm2/engine.h"

static struct host_tpm tpm;

static void set_up(void)
{
	host_tpm_new(&tpm, NULL);
}

static void tear_down(void)
{
	long left;

	tpm.in_heavy = NULL;
	left = host_tpm_free(&tpm);
	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

/* ---- commands ---- */

static const u8 no_ticket[] = { 0x80, 0x24, 0x40, 0, 0, 0x07, 0, 0 };

/* @ticket: NULL for none */
static u32 sign(u32 key, u16 scheme, u16 hash, const u8 *digest, u16 size, const u8 *ticket,
		u16 ticket_size)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_Sign, 1, 1, key);
	cmd_2b(&c, digest, size);
	put_scheme(&c, scheme, hash);
	cmd_bytes(&c, ticket ? ticket : no_ticket, ticket ? ticket_size : sizeof(no_ticket));
	return cmd_run(&tpm, &c);
}

/* @sig: TPMT_SIGNATURE as it came */
static u32 verify(u32 key, const u8 *digest, u16 size, const u8 *sig, u32 sig_size)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_VerifySignature);
	cmd_u32(&c, key);
	cmd_2b(&c, digest, size);
	cmd_bytes(&c, sig, sig_size);
	return cmd_run(&tpm, &c);
}

static u32 attest(u32 code, u32 key, u16 scheme, u16 hash)
{
	struct cmd c;

	if (code == TPM_CC_Quote)
		cmd_begin_pw(&c, code, 1, 1, key);
	else
		cmd_begin_pw(&c, code, 2, code == TPM_CC_Certify ? 2 : 1, key, key);
	cmd_2b(&c, "extra", 5);
	if (code == TPM_CC_CertifyCreation)
		cmd_2b(&c, "hash", 4);
	put_scheme(&c, scheme, hash);
	if (code == TPM_CC_Quote)
		cmd_u32(&c, 0);
	if (code == TPM_CC_CertifyCreation)
		cmd_bytes(&c, (u8[]){ 0x80, 0x21, 0x40, 0, 0, 0x07, 0, 0 }, 8);
	return cmd_run(&tpm, &c);
}

/* ---- T10: every type of key x every scheme x every hash ---- */

#define P256	TPM_ECC_NIST_P256
#define P384	TPM_ECC_NIST_P384

static const struct key_spec specs[] = {
	{ "rsa", TPM_ALG_RSA, KEY_SIGN, TPM_ALG_NULL, 0, 1024 },
	{ "rsassa", TPM_ALG_RSA, KEY_SIGN, TPM_ALG_RSASSA, TPM_ALG_SHA384, 2048 },
	{ "rsapss-restricted", TPM_ALG_RSA, KEY_SIGN | KEY_RESTRICTED, TPM_ALG_RSAPSS,
	  TPM_ALG_SHA256, 2048 },
	{ "rsa-decrypt", TPM_ALG_RSA, KEY_DECRYPT, TPM_ALG_OAEP, TPM_ALG_SHA256, 1024 },
	{ "rsa-both", TPM_ALG_RSA, KEY_SIGN | KEY_DECRYPT, TPM_ALG_NULL, 0, 2048 },
	{ "rsa-storage", TPM_ALG_RSA, KEY_DECRYPT | KEY_RESTRICTED, TPM_ALG_NULL, 0, 2048 },
	{ "ecc", TPM_ALG_ECC, KEY_SIGN, TPM_ALG_NULL, 0, P256 },
	{ "ecdsa", TPM_ALG_ECC, KEY_SIGN, TPM_ALG_ECDSA, TPM_ALG_SHA256, P384 },
	{ "ecdsa-restricted", TPM_ALG_ECC, KEY_SIGN | KEY_RESTRICTED, TPM_ALG_ECDSA, TPM_ALG_SHA1,
	  P256 },
	{ "ecc-decrypt", TPM_ALG_ECC, KEY_DECRYPT, TPM_ALG_ECDH, TPM_ALG_SHA256, P256 },
	{ "ecc-storage", TPM_ALG_ECC, KEY_DECRYPT | KEY_RESTRICTED, TPM_ALG_NULL, 0, P256 },
	{ "ecc-x509", TPM_ALG_ECC, KEY_SIGN | TPMA_OBJECT_X509SIGN, TPM_ALG_ECDSA, TPM_ALG_SHA256,
	  P256 },
	{ "hmac-free", TPM_ALG_KEYEDHASH, KEY_SIGN | KEY_DECRYPT, TPM_ALG_NULL },
	{ "hmac", TPM_ALG_KEYEDHASH, KEY_SIGN, TPM_ALG_HMAC, TPM_ALG_SHA512 },
	{ "hmac-restricted", TPM_ALG_KEYEDHASH, KEY_SIGN | KEY_RESTRICTED, TPM_ALG_HMAC,
	  TPM_ALG_SHA256 },
	{ "xor", TPM_ALG_KEYEDHASH, KEY_DECRYPT, TPM_ALG_XOR, TPM_ALG_SHA256 },
	{ "sealed", TPM_ALG_KEYEDHASH, 0, TPM_ALG_NULL },
	{ "aes", TPM_ALG_SYMCIPHER, KEY_SIGN | KEY_DECRYPT, 0 },
};

/* Everything that has ever been a scheme, and some that have not */
static const u16 schemes[] = {
	TPM_ALG_NULL, TPM_ALG_RSASSA, TPM_ALG_RSAPSS, TPM_ALG_ECDSA, TPM_ALG_HMAC,
	TPM_ALG_ERROR, TPM_ALG_RSA, TPM_ALG_AES, TPM_ALG_KEYEDHASH, TPM_ALG_XOR, TPM_ALG_RSAES,
	TPM_ALG_OAEP, TPM_ALG_ECDH, TPM_ALG_ECMQV, TPM_ALG_ECC, TPM_ALG_SYMCIPHER, 0xffff,
	TPM_ALG_ECSCHNORR, TPM_ALG_ECDAA,
};

static const u16 hashes[] = {
	TPM_ALG_SHA1, TPM_ALG_SHA256, TPM_ALG_SHA384, TPM_ALG_SHA512,
	TPM_ALG_NULL, TPM_ALG_ERROR, TPM_ALG_HMAC, 0x0012, 0xffff,
};

static bool of_ecc(u16 scheme)
{
	return scheme == TPM_ALG_ECDSA || scheme == TPM_ALG_ECSCHNORR || scheme == TPM_ALG_ECDAA;
}

static bool is_sign_scheme(u16 scheme)
{
	return scheme == TPM_ALG_RSASSA || scheme == TPM_ALG_RSAPSS || scheme == TPM_ALG_HMAC ||
	       of_ecc(scheme);
}

/* ECDAA needs a key that is made for it, and nobody else can verify it. */
static bool fits(u16 type, u16 scheme)
{
	switch (type) {
	case TPM_ALG_RSA:
		return scheme == TPM_ALG_RSASSA || scheme == TPM_ALG_RSAPSS;
	case TPM_ALG_ECC:
		return scheme == TPM_ALG_ECDSA || scheme == TPM_ALG_ECSCHNORR;
	default:
		return scheme == TPM_ALG_HMAC;
	}
}

/* What is wrong with the parameter before any key is looked at; 0: nothing */
static u32 malformed(u16 scheme, u16 hash)
{
	if (scheme == TPM_ALG_NULL)
		return 0;
	if (!is_sign_scheme(scheme))
		return 0x92;
	return md_of(hash) ? 0 : 0x83;
}

static bool scheme_ok(const struct key_spec *k, u16 scheme, u16 hash)
{
	if (scheme == TPM_ALG_NULL)
		return k->scheme != TPM_ALG_NULL;
	if (k->scheme != TPM_ALG_NULL)
		return k->scheme == scheme && k->hash == hash;
	return fits(k->type, scheme);
}

static bool can_sign(const struct key_spec *k)
{
	return k->attrs & KEY_SIGN && k->type != TPM_ALG_SYMCIPHER;
}

/* @n: number of the scheme's parameter; @handle: number of the key's handle */
static u32 expected_rc(const struct key_spec *k, u16 scheme, u16 hash, unsigned int n,
		       unsigned int handle)
{
	if (malformed(scheme, hash))
		return malformed(scheme, hash) | 0x40 | n << 8;
	if (!can_sign(k))
		return 0x9c | handle << 8;
	return scheme_ok(k, scheme, hash) ? 0 : 0xd2 | n << 8;
}

static u32 expected_sign(const struct key_spec *k, u16 scheme, u16 hash, u16 size)
{
	u32 rc = expected_rc(k, scheme, hash, 2, 1);

	if (k->attrs & TPMA_OBJECT_X509SIGN && !malformed(scheme, hash))
		return 0x182;
	if (rc)
		return rc;
	if (k->attrs & KEY_RESTRICTED)
		return 0x3e0;
	return size == digest_size(scheme == TPM_ALG_NULL ? k->hash : hash) ? 0 : 0x1d5;
}

static void combination_fails(const char *what, const struct key_spec *k, u16 scheme, u16 hash,
			      u32 rc, u32 expected)
{
	test_fail(__FILE__, __LINE__, "%s with %s, scheme 0x%x, hash 0x%x: 0x%x, not 0x%x", what,
		  k->name, scheme, hash, rc, expected);
}

static void try_combination(const struct key_spec *k, u32 handle, u16 scheme, u16 hash)
{
	static const u16 sizes[] = { 0, 20, 32, 48, 64 };
	u8 digest[64] = { 0x5a };
	u32 rc, expected;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		rc = sign(handle, scheme, hash, digest, sizes[i], NULL, 0);
		expected = expected_sign(k, scheme, hash, sizes[i]);
		if (rc != expected)
			combination_fails("Sign", k, scheme, hash, rc, expected);
	}
	rc = attest(TPM_CC_Quote, handle, scheme, hash);
	expected = expected_rc(k, scheme, hash, 2, 1);
	if (rc != expected)
		combination_fails("Quote", k, scheme, hash, rc, expected);
	rc = attest(TPM_CC_Certify, handle, scheme, hash);
	expected = expected_rc(k, scheme, hash, 2, 2);
	if (rc != expected)
		combination_fails("Certify", k, scheme, hash, rc, expected);
	rc = attest(TPM_CC_CertifyCreation, handle, scheme, hash);
	expected = expected_rc(k, scheme, hash, 3, 1);
	expected = expected ? expected : 0x4e0;
	if (rc != expected)
		combination_fails("CertifyCreation", k, scheme, hash, rc, expected);
}

static void t10_every_combination(void)
{
	unsigned int i, s, h;
	struct key key;

	set_up();
	for (i = 0; i < ARRAY_SIZE(specs); i++) {
		EXPECT_EQ(make_key(&tpm, TPM_RH_NULL, &specs[i], &key), 0);
		for (s = 0; s < ARRAY_SIZE(schemes); s++)
			for (h = 0; h < ARRAY_SIZE(hashes); h++) {
				if (h && schemes[s] == TPM_ALG_NULL)
					break;	/* none has a hash */
				try_combination(&specs[i], key.handle, schemes[s], hashes[h]);
				OK_SO_FAR();
			}
		EXPECT_EQ(tpm_flush(&tpm, key.handle), 0);
	}
	tear_down();
}

/* A verifier's signature has a scheme too, beside the key's type: all of them, on all keys. */
static void t10_verify(void)
{
	u8 sig[1024] = { 0 }, digest[32] = { 1 };
	unsigned int i, s, h;
	struct key key;

	set_up();
	for (i = 0; i < ARRAY_SIZE(specs); i++) {
		const struct key_spec *k = &specs[i];

		EXPECT_EQ(make_key(&tpm, TPM_RH_NULL, k, &key), 0);
		for (s = 0; s < ARRAY_SIZE(schemes); s++)
			for (h = 0; h < ARRAY_SIZE(hashes); h++) {
				u32 rc, len, expected;
				u16 alg = schemes[s];

				put_unaligned_be16(alg, sig);
				put_unaligned_be16(hashes[h], sig + 2);
				put_unaligned_be16(0, sig + 4);
				put_unaligned_be16(0, sig + 6);
				len = alg == TPM_ALG_HMAC ? 4 + digest_size(hashes[h]) :
				      of_ecc(alg) ? 8 : 6;
				expected = alg == TPM_ALG_NULL ? 0x2d2 : malformed(alg, hashes[h]);
				if (expected)
					expected |= 0x240;
				else if (!(k->attrs & KEY_SIGN))
					expected = 0x182;
				else if (k->type == TPM_ALG_SYMCIPHER || !fits(k->type, alg))
					expected = 0x2d2;
				else
					expected = 0x2db;
				rc = verify(key.handle, digest, sizeof(digest), sig, len);
				if (rc != expected)
					combination_fails("VerifySignature", k, alg, hashes[h], rc,
							  expected);
				OK_SO_FAR();
			}
		EXPECT_EQ(tpm_flush(&tpm, key.handle), 0);
	}
	tear_down();
}

/* ---- what is signed ---- */

static int openssl_takes_rsa(EVP_PKEY *pkey, u16 scheme, u16 hash, const u8 *digest, const u8 *sig,
			     u16 len)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
	int ok;

	ok = EVP_PKEY_verify_init(ctx) == 1 &&
	     EVP_PKEY_CTX_set_signature_md(ctx, md_of(hash)) == 1 &&
	     EVP_PKEY_CTX_set_rsa_padding(ctx, scheme == TPM_ALG_RSAPSS ? RSA_PKCS1_PSS_PADDING :
					  RSA_PKCS1_PADDING) == 1;
	/* FIPS 186-4: the salt is as long as the digest, or as there is room for in a short key */
	if (ok && scheme == TPM_ALG_RSAPSS)
		ok = EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, min_t(int, digest_size(hash),
								 len - digest_size(hash) - 2)) == 1;
	ok = ok && EVP_PKEY_verify(ctx, sig, len, digest, digest_size(hash)) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static int openssl_takes_ecdsa(EVP_PKEY *pkey, const u8 *digest, u16 size, const u8 *r, const u8 *s,
			       u16 len)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
	ECDSA_SIG *pair = ECDSA_SIG_new();
	u8 *der = NULL;
	int der_len, ok;

	ECDSA_SIG_set0(pair, BN_bin2bn(r, len, NULL), BN_bin2bn(s, len, NULL));
	der_len = i2d_ECDSA_SIG(pair, &der);
	ok = EVP_PKEY_verify_init(ctx) == 1 &&
	     EVP_PKEY_verify(ctx, der, der_len, digest, size) == 1;
	OPENSSL_free(der);
	ECDSA_SIG_free(pair);
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static int hmac_is_right(u16 hash, const u8 *digest, const u8 *mac)
{
	u8 expected[64];
	unsigned int size;

	HMAC(md_of(hash), hmac_secret, sizeof(hmac_secret), digest, digest_size(hash), expected,
	     &size);
	return !memcmp(expected, mac, size);
}

/* @sig: TPMT_SIGNATURE */
static int peer_takes(const struct key *key, u16 scheme, u16 hash, const u8 *digest, struct rsp sig)
{
	EVP_PKEY *pkey = NULL;
	u16 len, s_len;
	const u8 *r, *s;
	int ok = 0;

	if (rsp_u16(&sig) != scheme || rsp_u16(&sig) != hash)
		return 0;
	if (key->type == TPM_ALG_KEYEDHASH)
		return sig.left == digest_size(hash) && hmac_is_right(hash, digest, sig.p);
	pkey = key_pkey(key);
	r = rsp_2b(&sig, &len);
	if (key->type == TPM_ALG_RSA) {
		ok = len == key->size / 8 && openssl_takes_rsa(pkey, scheme, hash, digest, r, len);
	} else {
		s = rsp_2b(&sig, &s_len);
		ok = len == curve_bytes(key->size) && s_len == len &&
		     openssl_takes_ecdsa(pkey, digest, digest_size(hash), r, s, len);
	}
	EVP_PKEY_free(pkey);
	return ok && !sig.bad && !sig.left;
}

/* Signs, shows it to OpenSSL and to TPM2_VerifySignature, and spoils it in each byte. */
static void sign_and_verify(const struct key *key, u16 scheme, u16 hash, unsigned int step)
{
	u8 digest[64], sig[1024];
	struct rsp r;
	u32 len, i;

	for (i = 0; i < sizeof(digest); i++)
		digest[i] = i + hash;
	EXPECT_EQ(sign(key->handle, scheme, hash, digest, digest_size(hash), NULL, 0), 0);
	r = rsp_params(&tpm, NULL);
	len = r.left;
	EXPECT(peer_takes(key, scheme, hash, digest, r));
	memcpy(sig, r.p, len);
	EXPECT_EQ(verify(key->handle, digest, digest_size(hash), sig, len), 0);
	r = rsp_params(&tpm, NULL);
	EXPECT_EQ(rsp_u16(&r), TPM_ST_VERIFIED);
	EXPECT_EQ(rsp_u32(&r), TPM_RH_OWNER);
	EXPECT_EQ(r.left, 2 + 64);
	digest[0] ^= 1;
	EXPECT_EQ(verify(key->handle, digest, digest_size(hash), sig, len), 0x2db);
	digest[0] ^= 1;
	for (i = key->type == TPM_ALG_KEYEDHASH ? 4 : 6; i < len; i += step) {
		if (key->type == TPM_ALG_ECC && i / 2 == (6u + curve_bytes(key->size)) / 2)
			continue;	/* the size of s */
		sig[i] ^= 0x10;
		EXPECT_EQ(verify(key->handle, digest, digest_size(hash), sig, len), 0x2db);
		sig[i] ^= 0x10;
	}
}

static void sign_with(const struct key_spec *spec, const u16 *with, unsigned int n,
		      unsigned int step)
{
	unsigned int i, h;
	struct key key;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, spec, &key), 0);
	for (i = 0; i < n; i++)
		for (h = 0; h < ARRAY_SIZE(all_hashes); h++) {
			sign_and_verify(&key, with[i], all_hashes[h], step);
			OK_SO_FAR();
		}
	tear_down();
}

static const u16 with_rsa[] = { TPM_ALG_RSASSA, TPM_ALG_RSAPSS };
static const u16 with_ecc[] = { TPM_ALG_ECDSA };
static const u16 with_hmac[] = { TPM_ALG_HMAC };

static void rsa_1024(void)
{
	static const struct key_spec k = { "rsa", TPM_ALG_RSA, KEY_SIGN, TPM_ALG_NULL, 0, 1024 };

	sign_with(&k, with_rsa, 2, 13);
}

static void rsa_2048(void)
{
	static const struct key_spec k = { "rsa", TPM_ALG_RSA, KEY_SIGN, TPM_ALG_NULL, 0, 2048 };

	sign_with(&k, with_rsa, 2, 29);
}

static void ecdsa_p256(void)
{
	static const struct key_spec k = { "ecc", TPM_ALG_ECC, KEY_SIGN, TPM_ALG_NULL, 0, P256 };

	sign_with(&k, with_ecc, 1, 5);
}

static void ecdsa_p384(void)
{
	static const struct key_spec k = { "ecc", TPM_ALG_ECC, KEY_SIGN, TPM_ALG_NULL, 0, P384 };

	sign_with(&k, with_ecc, 1, 11);
}

static void hmac_key(void)
{
	static const struct key_spec k = { "hmac", TPM_ALG_KEYEDHASH, KEY_SIGN | KEY_DECRYPT,
					   TPM_ALG_NULL };

	sign_with(&k, with_hmac, 1, 1);
}

/* The TPMT_SIGNATURE @sig with @by bytes more or fewer at the end of a number, or @front of it */
static u32 verify_resized(u32 key, const u8 *digest, u16 size, const u8 *sig, u32 len, u32 at,
			  int by, const u8 *front)
{
	u16 old = get_unaligned_be16(sig + at);
	u8 other[600] = { 0 };

	memcpy(other, sig, at + 2);
	put_unaligned_be16(old + by, other + at);
	if (front)
		other[at + 2] = *front;
	memcpy(other + at + 2 + !!front, sig + at + 2, old + (by < 0 ? by : 0));
	memcpy(other + at + 2 + old + by, sig + at + 2 + old, len - at - 2 - old);
	return verify(key, digest, size, other, len + by);
}

/* Digests and numbers longer and shorter than key and hash want, each beside the right one. */
static void verify_lengths(void)
{
	static const u8 zero, one = 1;
	static const u16 algs[] = {
		TPM_ALG_RSASSA, TPM_ALG_RSAPSS, TPM_ALG_ECDSA, TPM_ALG_ECSCHNORR
	};
	u8 digest[64] = { 7 }, sig[512];
	struct key key[2];
	struct rsp r;
	unsigned int i;
	u32 len, h;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &specs[0], &key[0]), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &specs[6], &key[1]), 0);
	for (i = 0; i < ARRAY_SIZE(algs); i++) {
		h = key[i / 2].handle;
		EXPECT_EQ(sign(h, algs[i], TPM_ALG_SHA256, digest, 32, NULL, 0), 0);
		r = rsp_params(&tpm, NULL);
		len = r.left;
		memcpy(sig, r.p, len);
		EXPECT_EQ(verify(h, digest, 32, sig, len), 0);
		EXPECT_EQ(verify_resized(h, digest, 32, sig, len, 4, -1, NULL), 0x2db);
		EXPECT_EQ(verify_resized(h, digest, 32, sig, len, 4, 1, &one), 0x2db);
		if (i < 2) {
			EXPECT_EQ(verify_resized(h, digest, 32, sig, len, 4, 1, NULL), 0x2db);
			EXPECT_EQ(verify(h, digest, 33, sig, len), 0x2db);
			EXPECT_EQ(verify(h, digest, 32, sig, len), 0);
			EXPECT_EQ(verify(h, digest, 31, sig, len), 0x2db);
			continue;
		}
		EXPECT_EQ(verify_resized(h, digest, 32, sig, len, 4, 1, &zero), 0);
		EXPECT_EQ(verify_resized(h, digest, 32, sig, len, 38, 1, &zero), 0);
		EXPECT_EQ(verify_resized(h, digest, 32, sig, len, 38, 1, &one), 0x2db);
		EXPECT_EQ(verify_resized(h, digest, 32, sig, len, 38, -1, NULL), 0x2db);
	}
	tear_down();
}

/* ---- tickets ---- */

struct hashed {
	u8 digest[64];
	u16 size;
	u8 ticket[72];
	u16 ticket_size;
};

static u32 hash(u16 alg, u32 hierarchy, const void *data, u16 len, struct hashed *h)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_Hash);
	cmd_2b(&c, data, len);
	cmd_u16(&c, alg);
	cmd_u32(&c, hierarchy);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	keep_2b(&r, h->digest, sizeof(h->digest), &h->size);
	h->ticket_size = r.left;
	if (r.left > sizeof(h->ticket))
		return 0xffffffff;
	memcpy(h->ticket, r.p, r.left);
	return 0;
}

static u32 sign_hashed(const struct key *key, const struct hashed *h)
{
	return sign(key->handle, TPM_ALG_NULL, 0, h->digest, h->size, h->ticket, h->ticket_size);
}

static const struct key_spec restricted = {
	"restricted", TPM_ALG_ECC, KEY_SIGN | KEY_RESTRICTED, TPM_ALG_ECDSA, TPM_ALG_SHA256, P256,
};

static void restricted_key(void)
{
	static const u32 hierarchies[] = { TPM_RH_OWNER, TPM_RH_ENDORSEMENT, TPM_RH_PLATFORM };
	struct hashed h;
	struct key key;
	unsigned int i;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_ENDORSEMENT, &restricted, &key), 0);
	for (i = 0; i < ARRAY_SIZE(hierarchies); i++) {
		EXPECT_EQ(hash(TPM_ALG_SHA256, hierarchies[i], "harmless", 8, &h), 0);
		EXPECT_EQ(sign_hashed(&key, &h), 0);
		EXPECT(peer_takes(&key, TPM_ALG_ECDSA, TPM_ALG_SHA256, h.digest,
				  rsp_params(&tpm, NULL)));
	}
	EXPECT_EQ(sign(key.handle, TPM_ALG_NULL, 0, h.digest, h.size, NULL, 0), 0x3e0);
	/* nothing that the TPM itself might say, and nothing that it was not asked to vouch for */
	EXPECT_EQ(hash(TPM_ALG_SHA256, TPM_RH_OWNER, "\xff\x54\x43\x47\x80\x18 a quote", 14, &h),
		  0);
	EXPECT_EQ(sign_hashed(&key, &h), 0x3e0);
	EXPECT_EQ(hash(TPM_ALG_SHA256, TPM_RH_NULL, "harmless", 8, &h), 0);
	EXPECT_EQ(sign_hashed(&key, &h), 0x3e0);
	/* the ticket of one hash is none for another */
	EXPECT_EQ(hash(TPM_ALG_SHA384, TPM_RH_OWNER, "harmless", 8, &h), 0);
	EXPECT_EQ(sign_hashed(&key, &h), 0x3e0);
	tear_down();
}

static void forged_tickets(void)
{
	static const struct key_spec plain = { "plain", TPM_ALG_ECC, KEY_SIGN, TPM_ALG_ECDSA,
					       TPM_ALG_SHA256, P256 };
	struct key key[2];
	struct hashed h;
	unsigned int i, k;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &restricted, &key[0]), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &plain, &key[1]), 0);
	for (k = 0; k < 2; k++) {	/* a ticket that is given has to be right for any key */
		EXPECT_EQ(hash(TPM_ALG_SHA256, TPM_RH_OWNER, "harmless", 8, &h), 0);
		EXPECT_EQ(sign_hashed(&key[k], &h), 0);
		for (i = 8; i < h.ticket_size; i++) {
			h.ticket[i] ^= 0x80;
			EXPECT_EQ(sign_hashed(&key[k], &h), 0x3e0);
			h.ticket[i] ^= 0x80;
		}
		h.digest[31] ^= 1;
		EXPECT_EQ(sign_hashed(&key[k], &h), 0x3e0);
		h.digest[31] ^= 1;
		put_unaligned_be32(TPM_RH_PLATFORM, h.ticket + 2);
		EXPECT_EQ(sign_hashed(&key[k], &h), 0x3e0);
		put_unaligned_be32(TPM_RH_NULL, h.ticket + 2);
		EXPECT_EQ(sign_hashed(&key[k], &h), 0x3e0);
		put_unaligned_be32(TPM_RH_OWNER, h.ticket + 2);
		put_unaligned_be16(63, h.ticket + 6);
		h.ticket_size--;
		EXPECT_EQ(sign_hashed(&key[k], &h), 0x3e0);
		put_unaligned_be16(TPM_ST_VERIFIED, h.ticket);
		EXPECT_EQ(sign_hashed(&key[k], &h), 0x3d7);
	}
	tear_down();
}

/* A key of the null hierarchy is nobody that a later policy could name. */
static void null_hierarchy_verifies_without_ticket(void)
{
	u8 digest[32] = { 7 }, sig[128];
	struct key key;
	struct rsp r;
	u32 len;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_NULL, &specs[6], &key), 0);
	EXPECT_EQ(sign(key.handle, TPM_ALG_ECDSA, TPM_ALG_SHA256, digest, 32, NULL, 0), 0);
	r = rsp_params(&tpm, NULL);
	len = r.left;
	memcpy(sig, r.p, min_t(u32, len, sizeof(sig)));
	EXPECT_EQ(verify(key.handle, digest, 32, sig, len), 0);
	r = rsp_params(&tpm, NULL);
	EXPECT_MEM(r.p, "\x80\x22\x40\x00\x00\x07\x00\x00", 8);
	EXPECT_EQ(r.left, 8);
	tear_down();
}

/* ---- without the lock ---- */

static u32 clear_rc;

static void clear_meanwhile(struct host_tpm *h)
{
	struct tpm2_space *other;
	u8 rsp[VTPM_MAX_COMMAND];
	struct cmd c;

	h->in_heavy = NULL;
	mutex_lock(&h->lock);
	other = tpm2_space_new(h->t);
	cmd_begin_pw(&c, TPM_CC_Clear, 1, 1, TPM_RH_LOCKOUT);
	cmd_finish(&c);
	tpm2_execute(other, 0, c.buf, c.len, rsp);
	clear_rc = get_unaligned_be32(rsp + 6);
	tpm2_space_free(other);
	mutex_unlock(&h->lock);
}

/* Another opener clears the TPM while a signature is made: key and signature are gone. */
static void clear_while_signing(const struct key_spec *spec, u16 scheme)
{
	u8 digest[32] = { 7 };
	unsigned int before;
	struct key key;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, spec, &key), 0);
	before = tpm.heavy;
	EXPECT_EQ(sign(key.handle, scheme, TPM_ALG_SHA256, digest, 32, NULL, 0), 0);
	EXPECT(tpm.heavy > before);
	tpm.in_heavy = clear_meanwhile;
	EXPECT_EQ(sign(key.handle, scheme, TPM_ALG_SHA256, digest, 32, NULL, 0), 0x922);
	EXPECT_EQ(clear_rc, 0);
	EXPECT_EQ(sign(key.handle, TPM_ALG_NULL, 0, digest, 32, NULL, 0), 0x910);
	tear_down();
}

static void cleared_while_signing(void)
{
	clear_while_signing(&specs[0], TPM_ALG_RSASSA);
	OK_SO_FAR();
	clear_while_signing(&specs[6], TPM_ALG_ECDSA);
}

static const struct test_case cases[] = {
	{ "T10-every-combination", t10_every_combination },
	{ "T10-verify", t10_verify },
	{ "rsa-1024", rsa_1024 },
	{ "rsa-2048", rsa_2048 },
	{ "ecdsa-p256", ecdsa_p256 },
	{ "ecdsa-p384", ecdsa_p384 },
	{ "hmac-key", hmac_key },
	{ "T10-verify-lengths", verify_lengths },
	{ "T25-restricted-key", restricted_key },
	{ "forged-tickets", forged_tickets },
	{ "null-hierarchy-has-no-ticket", null_hierarchy_verifies_without_ticket },
	{ "cleared-while-signing", cleared_while_signing },
};

TEST_MAIN("sign", cases)
