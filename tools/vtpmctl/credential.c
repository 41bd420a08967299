// SPDX-License-Identifier: GPL-2.0-only
/*
 * What TPM2_MakeCredential does, without a TPM (Part 1, 24, B.10.4 and C.6.4): a value that
 * only the TPM with the endorsement key can read, and only while it holds an object of that
 * name.
 */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/objects.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "challenge.h"

#define LABEL		"IDENTITY"	/* with its zero */
#define COORDINATE_MAX	66

/**
 * struct kind - what the TCG's profile says of an endorsement key besides its public key
 * @type: EVP_PKEY_*
 * @bits: of the modulus or the curve
 * @curve: NID, or 0
 * @hash: of its name
 * @cipher: of what it protects
 */
struct kind {
	int type;
	int bits;
	int curve;
	const char *hash;
	const char *cipher;
};

static const struct kind kinds[] = {
	{ EVP_PKEY_RSA, 2048, 0, "SHA256", "AES-128-CFB" },
	{ EVP_PKEY_RSA, 3072, 0, "SHA384", "AES-256-CFB" },
	{ EVP_PKEY_RSA, 4096, 0, "SHA384", "AES-256-CFB" },
	{ EVP_PKEY_EC, 256, NID_X9_62_prime256v1, "SHA256", "AES-128-CFB" },
	{ EVP_PKEY_EC, 384, NID_secp384r1, "SHA384", "AES-256-CFB" },
	{ EVP_PKEY_EC, 521, NID_secp521r1, "SHA512", "AES-256-CFB" },
};

static int curve_of(EVP_PKEY *key)
{
	char name[64] = "";

	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC)
		EVP_PKEY_get_group_name(key, name, sizeof(name), NULL);
	return *name ? OBJ_sn2nid(name) : 0;
}

static const struct kind *kind_of(EVP_PKEY *ek)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].type == EVP_PKEY_get_base_id(ek) &&
		    kinds[i].bits == EVP_PKEY_get_bits(ek) && kinds[i].curve == curve_of(ek))
			return &kinds[i];
	return NULL;
}

/* ---- derivation ---- */

static bool derive(const char *name, OSSL_PARAM *params, unsigned char *out, size_t len)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, name, NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	bool ok = ctx && EVP_KDF_derive(ctx, out, len, params) == 1;

	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok;
}

static OSSL_PARAM word(const char *key, const char *value)
{
	return OSSL_PARAM_construct_utf8_string(key, (char *)value, 0);
}

static OSSL_PARAM bytes(const char *key, const void *value, size_t len)
{
	return OSSL_PARAM_construct_octet_string(key, (void *)value, len);
}

/* KDFa (11.4.10.2); the zero behind @label is what KBKDF puts there. */
static bool kdfa(const char *hash, const unsigned char *seed, size_t seed_len, const char *label,
		 struct attest_bytes context, unsigned char *out, size_t len)
{
	OSSL_PARAM params[] = {
		word(OSSL_KDF_PARAM_MODE, "counter"),
		word(OSSL_KDF_PARAM_MAC, "HMAC"),
		word(OSSL_KDF_PARAM_DIGEST, hash),
		bytes(OSSL_KDF_PARAM_KEY, seed, seed_len),
		bytes(OSSL_KDF_PARAM_SALT, label, strlen(label)),
		bytes(OSSL_KDF_PARAM_INFO, context.p, context.len),
		OSSL_PARAM_construct_end(),
	};

	if (!context.len)
		params[5] = OSSL_PARAM_construct_end();
	return derive("KBKDF", params, out, len);
}

/* ---- the seed ---- */

static void put_2b(unsigned char **p, const void *data, size_t len)
{
	*(*p)++ = len >> 8;
	*(*p)++ = len & 0xff;
	memcpy(*p, data, len);
	*p += len;
}

/* OAEP with the hash of the name, and a label (B.4). */
static bool seed_rsa(EVP_PKEY *ek, const struct kind *kind, unsigned char *seed, size_t len,
		     struct credential *c)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(ek, NULL);
	const EVP_MD *md = EVP_get_digestbyname(kind->hash);
	size_t size = sizeof(c->secret) - 2;
	void *label = OPENSSL_memdup(LABEL, sizeof(LABEL));
	bool ok;

	ok = RAND_bytes(seed, len) == 1 && label && EVP_PKEY_encrypt_init(ctx) == 1 &&
	     EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
	     EVP_PKEY_CTX_set_rsa_oaep_md(ctx, md) == 1 &&
	     EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, md) == 1;
	if (ok && EVP_PKEY_CTX_set0_rsa_oaep_label(ctx, label, sizeof(LABEL)) == 1)
		label = NULL;		/* it is the context's */
	ok = ok && !label && EVP_PKEY_encrypt(ctx, c->secret + 2, &size, seed, len) == 1;
	c->secret[0] = size >> 8;
	c->secret[1] = size & 0xff;
	c->secret_len = 2 + size;
	OPENSSL_free(label);
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static bool coordinate(EVP_PKEY *key, const char *which, unsigned char *out, size_t size)
{
	BIGNUM *n = NULL;
	bool ok = EVP_PKEY_get_bn_param(key, which, &n) == 1 &&
		  BN_bn2binpad(n, out, size) == (int)size;

	BN_free(n);
	return ok;
}

static bool shared_x(EVP_PKEY *own, EVP_PKEY *ek, unsigned char *z, size_t size)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own, NULL);
	size_t len = size;
	bool ok = EVP_PKEY_derive_init(ctx) == 1 && EVP_PKEY_derive_set_peer(ctx, ek) == 1 &&
		  EVP_PKEY_derive(ctx, z, &len) == 1 && len == size;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

/* KDFe (11.4.10.3) over the shared point and the x of both keys (C.6.4) */
static bool seed_from(EVP_PKEY *own, EVP_PKEY *ek, const struct kind *kind, size_t size,
		      unsigned char *seed, size_t len)
{
	unsigned char info[sizeof(LABEL) + 2 * COORDINATE_MAX] = LABEL, z[COORDINATE_MAX];
	OSSL_PARAM params[] = {
		word(OSSL_KDF_PARAM_DIGEST, kind->hash),
		bytes(OSSL_KDF_PARAM_SECRET, z, size),
		bytes(OSSL_KDF_PARAM_INFO, info, sizeof(LABEL) + 2 * size),
		OSSL_PARAM_construct_end(),
	};

	return shared_x(own, ek, z, size) &&
	       coordinate(own, OSSL_PKEY_PARAM_EC_PUB_X, info + sizeof(LABEL), size) &&
	       coordinate(ek, OSSL_PKEY_PARAM_EC_PUB_X, info + sizeof(LABEL) + size, size) &&
	       derive("SSKDF", params, seed, len);
}

/* The secret is the point of a key made for this alone. */
static bool seed_ecc(EVP_PKEY *ek, const struct kind *kind, unsigned char *seed, size_t len,
		     struct credential *c)
{
	EVP_PKEY *own = EVP_EC_gen(OBJ_nid2sn(kind->curve));
	unsigned char x[COORDINATE_MAX], y[COORDINATE_MAX], *p = c->secret + 2;
	size_t size = (kind->bits + 7) / 8;
	bool ok;

	ok = own && coordinate(own, OSSL_PKEY_PARAM_EC_PUB_X, x, size) &&
	     coordinate(own, OSSL_PKEY_PARAM_EC_PUB_Y, y, size) &&
	     seed_from(own, ek, kind, size, seed, len);
	if (ok) {
		put_2b(&p, x, size);
		put_2b(&p, y, size);
		c->secret_len = p - c->secret;
		c->secret[0] = (c->secret_len - 2) >> 8;
		c->secret[1] = (c->secret_len - 2) & 0xff;
	}
	EVP_PKEY_free(own);
	return ok;
}

/* ---- the credential ---- */

static bool encrypt(const struct kind *kind, const unsigned char *seed, size_t seed_len,
		    struct attest_bytes name, unsigned char *data, int len)
{
	static const unsigned char iv[16];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, kind->cipher, NULL);
	unsigned char key[32];
	int out;
	bool ok;

	ok = kdfa(kind->hash, seed, seed_len, "STORAGE", name, key,
		  EVP_CIPHER_get_key_length(cipher)) &&
	     EVP_EncryptInit_ex2(ctx, cipher, key, iv, NULL) == 1 &&
	     EVP_EncryptUpdate(ctx, data, &out, data, len) == 1 && out == len;
	OPENSSL_cleanse(key, sizeof(key));
	EVP_CIPHER_free(cipher);
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

/* HMAC over what is encrypted, and the name */
static bool protect(const struct kind *kind, const unsigned char *seed, size_t size,
		    struct attest_bytes name, struct attest_bytes encrypted, unsigned char *mac)
{
	OSSL_PARAM params[] = { word(OSSL_MAC_PARAM_DIGEST, kind->hash),
				OSSL_PARAM_construct_end() };
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(hmac);
	unsigned char key[64];
	size_t len;
	bool ok;

	ok = kdfa(kind->hash, seed, size, "INTEGRITY", (struct attest_bytes){ }, key, size) &&
	     EVP_MAC_init(ctx, key, size, params) == 1 &&
	     EVP_MAC_update(ctx, encrypted.p, encrypted.len) == 1 &&
	     EVP_MAC_update(ctx, name.p, name.len) == 1 &&
	     EVP_MAC_final(ctx, mac, &len, size) == 1;
	OPENSSL_cleanse(key, sizeof(key));
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(hmac);
	return ok;
}

/* TPM2B_ID_OBJECT: the HMAC as a TPM2B, and what is encrypted behind it */
static bool seal(const struct kind *kind, const unsigned char *seed, size_t size,
		 struct attest_bytes name, struct attest_bytes value, struct credential *c)
{
	unsigned char data[2 + 64], mac[64], *p = data;
	size_t len = 2 + value.len;

	put_2b(&p, value.p, value.len);
	if (!encrypt(kind, seed, size, name, data, len) ||
	    !protect(kind, seed, size, name, (struct attest_bytes){ data, len }, mac))
		return false;
	p = c->id_object + 2;
	put_2b(&p, mac, size);
	memcpy(p, data, len);
	c->id_object_len = p + len - c->id_object;
	c->id_object[0] = (c->id_object_len - 2) >> 8;
	c->id_object[1] = (c->id_object_len - 2) & 0xff;
	return true;
}

const char *credential_make(EVP_PKEY *ek, struct attest_bytes name, struct attest_bytes value,
			    struct credential *c)
{
	const struct kind *kind = kind_of(ek);
	unsigned char seed[64];
	size_t size;
	bool ok;

	if (!kind)
		return "it is neither RSA of 2048, 3072 or 4096 bits nor on P-256, P-384 or P-521";
	size = EVP_MD_get_size(EVP_get_digestbyname(kind->hash));
	if (value.len > size)
		return "the value is too long for it";
	ok = kind->type == EVP_PKEY_RSA ? seed_rsa(ek, kind, seed, size, c) :
					  seed_ecc(ek, kind, seed, size, c);
	ok = ok && seal(kind, seed, size, name, value, c);
	OPENSSL_cleanse(seed, sizeof(seed));
	return ok ? NULL : "OpenSSL does not encrypt with it";
}
