/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys of every kind for tests of the host tier, and OpenSSL's view of their
 * public halves, which has nothing in common with the engine's.
 */
#ifndef VTPM_HOST_KEYS_H
#define VTPM_HOST_KEYS_H

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "test.h"
#include "tpm.h"

#define KEY_FIXED	(TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | \
			 TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_NODA)
#define KEY_SIGN	TPMA_OBJECT_SIGN
#define KEY_DECRYPT	TPMA_OBJECT_DECRYPT
#define KEY_RESTRICTED	TPMA_OBJECT_RESTRICTED

/**
 * struct key_spec - what kind of key
 * @name: for messages
 * @type: TPM_ALG_*
 * @attrs: beside KEY_FIXED
 * @scheme: TPM_ALG_NULL for none
 * @hash: of @scheme
 * @size: bits of an RSA key, or the curve
 */
struct key_spec {
	const char *name;
	u16 type;
	u32 attrs;
	u16 scheme;
	u16 hash;
	u16 size;
};

/* What CreatePrimary says of it */
struct key {
	u32 handle;
	u16 type;
	u16 size;
	u8 pub[1024];
	u16 pub_size;
	u8 creation_hash[64];
	u16 creation_hash_size;
	u8 ticket[2 + 4 + 2 + 64];
	u16 ticket_size;
	u8 name[66];
	u16 name_size;
};

static const u8 hmac_secret[20] = "a secret of the key";

static inline void put_scheme(struct cmd *c, u16 scheme, u16 hash)
{
	cmd_u16(c, scheme);
	if (scheme != TPM_ALG_NULL && scheme != TPM_ALG_RSAES)
		cmd_u16(c, hash);
	if (scheme == TPM_ALG_XOR)
		cmd_u16(c, TPM_ALG_KDF1_SP800_108);
	if (scheme == TPM_ALG_ECDAA)
		cmd_u16(c, 0);
}

static inline void put_sym(struct cmd *c, const struct key_spec *k)
{
	bool storage = (k->attrs & (KEY_RESTRICTED | KEY_DECRYPT)) ==
		       (KEY_RESTRICTED | KEY_DECRYPT);

	if (!storage && k->type != TPM_ALG_SYMCIPHER) {
		cmd_u16(c, TPM_ALG_NULL);
		return;
	}
	cmd_u16(c, TPM_ALG_AES);
	cmd_u16(c, 128);
	cmd_u16(c, TPM_ALG_CFB);
}

/* The secret of an HMAC key or sealed object is given; a restricted key's never is. */
static inline bool has_data(const struct key_spec *k)
{
	return k->type == TPM_ALG_KEYEDHASH && !(k->attrs & KEY_RESTRICTED);
}

static inline void put_template(struct cmd *c, const struct key_spec *k)
{
	u32 attrs = KEY_FIXED | k->attrs, at = c->len;

	if (!has_data(k))
		attrs |= TPMA_OBJECT_SENSITIVEDATAORIGIN;
	cmd_u16(c, 0);
	cmd_u16(c, k->type);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u32(c, attrs);
	cmd_u16(c, 0);
	if (k->type != TPM_ALG_KEYEDHASH)
		put_sym(c, k);
	if (k->type != TPM_ALG_SYMCIPHER)
		put_scheme(c, k->scheme, k->hash);
	if (k->type == TPM_ALG_RSA || k->type == TPM_ALG_ECC)
		cmd_u16(c, k->size);
	if (k->type == TPM_ALG_RSA)
		cmd_u32(c, 0);
	if (k->type == TPM_ALG_ECC) {
		cmd_u16(c, TPM_ALG_NULL);
		cmd_u16(c, 0);
	}
	cmd_u16(c, 0);
	put_unaligned_be16(c->len - at - 2, c->buf + at);
}

static inline void keep_2b(struct rsp *r, u8 *to, u16 room, u16 *size)
{
	const u8 *p = rsp_2b(r, size);

	if (*size > room)
		r->bad = true;
	else
		memcpy(to, p, *size);
}

/* A primary key; returns the response code. */
static inline u32 make_key(struct host_tpm *h, u32 hierarchy, const struct key_spec *k,
			   struct key *key)
{
	bool data = has_data(k);
	struct cmd c;
	struct rsp r;
	u16 skip;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_CreatePrimary, 1, 1, hierarchy);
	cmd_u16(&c, data ? 4 + sizeof(hmac_secret) : 4);
	cmd_u16(&c, 0);
	cmd_2b(&c, hmac_secret, data ? sizeof(hmac_secret) : 0);
	put_template(&c, k);
	cmd_u16(&c, 0);
	cmd_u32(&c, 0);
	rc = cmd_run(h, &c);
	if (rc)
		return rc;
	memset(key, 0, sizeof(*key));
	key->type = k->type;
	key->size = k->size;
	r = rsp_params(h, &key->handle);
	keep_2b(&r, key->pub, sizeof(key->pub), &key->pub_size);
	rsp_2b(&r, &skip);		/* creation data */
	keep_2b(&r, key->creation_hash, sizeof(key->creation_hash), &key->creation_hash_size);
	if (r.left > 8)
		key->ticket_size = 8 + get_unaligned_be16(r.p + 6);
	if (key->ticket_size > sizeof(key->ticket))
		r.bad = true;
	else
		memcpy(key->ticket, rsp_bytes(&r, key->ticket_size), key->ticket_size);
	keep_2b(&r, key->name, sizeof(key->name), &key->name_size);
	return r.bad || r.left ? 0xffffffff : 0;
}

static inline u16 curve_bytes(u16 curve)
{
	if (curve == TPM_ECC_NIST_P521)
		return 66;
	return curve == TPM_ECC_NIST_P384 ? 48 : 32;
}

static inline const char *curve_name(u16 curve)
{
	if (curve == TPM_ECC_NIST_P521)
		return "P-521";
	return curve == TPM_ECC_NIST_P384 ? "P-384" : "P-256";
}

static inline EVP_PKEY *pkey_from(const char *type, OSSL_PARAM_BLD *bld)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY *pkey = NULL;

	if (EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

static inline EVP_PKEY *ecc_pkey(u16 curve, const u8 *x, const u8 *y)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	u16 bytes = curve_bytes(curve);
	u8 point[1 + 2 * 66] = { 4 };

	memcpy(point + 1, x, bytes);
	memcpy(point + 1 + bytes, y, bytes);
	OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, curve_name(curve), 0);
	OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * bytes);
	return pkey_from("EC", bld);
}

/* The public half for OpenSSL: it is what a public area ends with. */
static inline EVP_PKEY *key_pkey(const struct key *key)
{
	const u8 *end = key->pub + key->pub_size;
	OSSL_PARAM_BLD *bld;
	EVP_PKEY *pkey;
	BIGNUM *n, *e;

	if (key->type == TPM_ALG_ECC) {
		u16 bytes = curve_bytes(key->size);

		return ecc_pkey(key->size, end - 2 * bytes - 2, end - bytes);
	}
	bld = OSSL_PARAM_BLD_new();
	n = BN_bin2bn(end - key->size / 8, key->size / 8, NULL);
	e = BN_new();
	BN_set_word(e, 65537);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e);
	pkey = pkey_from("RSA", bld);
	BN_free(n);
	BN_free(e);
	return pkey;
}

static inline const EVP_MD *md_of(u16 hash)
{
	switch (hash) {
	case TPM_ALG_SHA1:
		return EVP_sha1();
	case TPM_ALG_SHA256:
		return EVP_sha256();
	case TPM_ALG_SHA384:
		return EVP_sha384();
	case TPM_ALG_SHA512:
		return EVP_sha512();
	default:
		return NULL;
	}
}

static const u16 all_hashes[] = { TPM_ALG_SHA1, TPM_ALG_SHA256, TPM_ALG_SHA384, TPM_ALG_SHA512 };

static inline u16 digest_size(u16 hash)
{
	return md_of(hash) ? EVP_MD_get_size(md_of(hash)) : 0;
}

static inline void digest_of(u16 hash, const void *data, size_t len, u8 *out)
{
	unsigned int size;

	EVP_Digest(data, len, out, &size, md_of(hash), NULL);
}

#endif /* VTPM_HOST_KEYS_H */
