// SPDX-License-Identifier: GPL-2.0-only
/* The key that signs an attestation: what it is, its signatures, and who vouches for it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "attest.h"

#define ALG_RSA		0x0001
#define ALG_NULL	0x0010
#define ALG_RSASSA	0x0014
#define ALG_RSAPSS	0x0016
#define ALG_ECDSA	0x0018
#define ALG_ECC		0x0023
#define RSA_BITS_MIN	2048
#define AK_USAGE	"2.23.133.8.3"	/* tcg-kp-AIKCertificate */

/* restricted, sign, fixedTPM, fixedParent, and made inside */
#define ATTRIBUTES_WANTED	0x00050032
#define ATTRIBUTE_DECRYPT	0x00020000

#define PEM_FILE_MAX	(4 * 1024 * 1024)

/* SHA-1 would let somebody who can make collisions have two attestations for one signature. */
static const EVP_MD *hash_of(uint16_t alg)
{
	switch (alg) {
	case 0x000b:
		return EVP_sha256();
	case 0x000c:
		return EVP_sha384();
	case 0x000d:
		return EVP_sha512();
	}
	return NULL;
}

bool verify_digest(uint16_t alg, struct attest_bytes data, unsigned char *digest)
{
	const EVP_MD *md = alg == 0x0004 ? EVP_sha1() : hash_of(alg);

	return md && EVP_Digest(data.p, data.len, digest, NULL, md, NULL);
}

/* ---- TPMT_PUBLIC ---- */

static EVP_PKEY *build(const char *type, OSSL_PARAM_BLD *bld)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *pkey = NULL;

	if (params && ctx && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	return pkey;
}

static void parse_scheme(struct attest_reader *r, struct verify_key *key)
{
	key->scheme = attest_number(r, 2);
	if (key->scheme != ALG_NULL)
		key->hash = attest_number(r, 2);
}

static EVP_PKEY *parse_rsa(struct attest_reader *r, struct verify_key *key)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	struct attest_bytes modulus;
	BIGNUM *n, *e = BN_new();
	EVP_PKEY *pkey = NULL;
	uint32_t exponent;

	parse_scheme(r, key);
	attest_number(r, 2);		/* keyBits: the modulus says so itself */
	exponent = attest_number(r, 4);
	modulus = attest_2b(r);
	n = BN_bin2bn(modulus.p, modulus.len, NULL);
	BN_set_word(e, exponent ?: 65537);
	if (attest_done(r) && BN_num_bits(n) >= RSA_BITS_MIN &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e))
		pkey = build("RSA", bld);
	else
		OSSL_PARAM_BLD_free(bld);
	BN_free(n);
	BN_free(e);
	return pkey;
}

static const char *curve_of(uint16_t curve, size_t *size)
{
	switch (curve) {
	case 3:
		*size = 32;
		return "P-256";
	case 4:
		*size = 48;
		return "P-384";
	case 5:
		*size = 66;
		return "P-521";
	}
	return NULL;
}

static EVP_PKEY *parse_ecc(struct attest_reader *r, struct verify_key *key)
{
	unsigned char point[1 + 2 * 66] = { 4 };
	struct attest_bytes x, y;
	OSSL_PARAM_BLD *bld;
	const char *curve;
	size_t size = 0;

	parse_scheme(r, key);
	curve = curve_of(attest_number(r, 2), &size);
	if (attest_number(r, 2) != ALG_NULL)	/* kdf */
		attest_number(r, 2);
	x = attest_2b(r);
	y = attest_2b(r);
	if (!curve || !attest_done(r) || x.len > size || y.len > size)
		return NULL;
	memcpy(point + 1 + size - x.len, x.p, x.len);
	memcpy(point + 1 + 2 * size - y.len, y.p, y.len);
	bld = OSSL_PARAM_BLD_new();
	OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0);
	OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * size);
	return build("EC", bld);
}

static bool make_name(struct attest_bytes public, struct verify_key *key)
{
	const struct attest_bank *alg = attest_bank_of(key->name_alg);

	if (!alg || !verify_digest(alg->alg, public, key->name + 2))
		return false;
	key->name[0] = key->name_alg >> 8;
	key->name[1] = key->name_alg & 0xff;
	key->name_len = 2 + alg->size;
	return true;
}

const char *verify_key_parse(struct attest_bytes public, struct verify_key *key)
{
	struct attest_reader r = attest_reader(public);
	uint16_t type = attest_number(&r, 2);

	*key = (struct verify_key){ .name_alg = attest_number(&r, 2) };
	key->attributes = attest_number(&r, 4);
	attest_2b(&r);			/* authPolicy */
	if (attest_number(&r, 2) != ALG_NULL)
		return "it is no key for signatures";
	if (type == ALG_RSA)
		key->pkey = parse_rsa(&r, key);
	else if (type == ALG_ECC)
		key->pkey = parse_ecc(&r, key);
	else
		return "it is neither of RSA nor of an elliptic curve";
	if (!key->pkey || !make_name(public, key))
		return "it is not well formed, or weak";
	return NULL;
}

/*
 * What it may sign besides decides what its signature means: a restricted key signs what
 * the TPM has made, and nothing that a program has thought up.
 */
const char *verify_key_restricted(const struct verify_key *key)
{
	if ((key->attributes & ATTRIBUTES_WANTED) == ATTRIBUTES_WANTED &&
	    !(key->attributes & ATTRIBUTE_DECRYPT))
		return NULL;
	return "it is not one that signs only what its TPM has made";
}

void verify_key_free(struct verify_key *key)
{
	EVP_PKEY_free(key->pkey);
	key->pkey = NULL;
}

char *verify_key_pem(const struct verify_key *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL, *p;
	long len;

	if (PEM_write_bio_PUBKEY(bio, key->pkey)) {
		len = BIO_get_mem_data(bio, &p);
		text = ctl_format("%.*s", (int)len, p);
	}
	BIO_free(bio);
	return text;
}

/* ---- TPMT_SIGNATURE ---- */

static unsigned char *ecdsa_der(struct attest_reader *r, size_t *len)
{
	struct attest_bytes rr = attest_2b(r), s = attest_2b(r);
	ECDSA_SIG *sig = ECDSA_SIG_new();
	unsigned char *der = NULL;
	int n = 0;

	if (attest_done(r) && ECDSA_SIG_set0(sig, BN_bin2bn(rr.p, rr.len, NULL),
					     BN_bin2bn(s.p, s.len, NULL)))
		n = i2d_ECDSA_SIG(sig, &der);
	ECDSA_SIG_free(sig);
	*len = n > 0 ? n : 0;
	return der;
}

static bool check(const struct verify_key *key, const EVP_MD *md, struct attest_bytes data,
		  struct attest_bytes sig)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx;
	bool ok;

	ok = EVP_DigestVerifyInit(ctx, &pctx, md, NULL, key->pkey) == 1;
	if (ok && key->scheme == ALG_RSAPSS)
		ok = EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) == 1 &&
		     EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, RSA_PSS_SALTLEN_AUTO) == 1;
	ok = ok && EVP_DigestVerify(ctx, sig.p, sig.len, data.p, data.len) == 1;
	EVP_MD_CTX_free(ctx);
	return ok;
}

/* A restricted key has one scheme: a signature of another one is not the TPM's. */
const char *verify_signature(const struct verify_key *key, struct attest_bytes data,
			     struct attest_bytes signature)
{
	struct attest_reader r = attest_reader(signature);
	uint16_t scheme = attest_number(&r, 2), hash = attest_number(&r, 2);
	const EVP_MD *md = hash_of(hash);
	struct attest_bytes sig;
	unsigned char *der = NULL;
	bool ok;

	if (scheme != key->scheme || hash != key->hash)
		return "it is not of the key's own scheme";
	if (!md)
		return "its hash is weak or not known";
	if (scheme == ALG_ECDSA) {
		der = ecdsa_der(&r, &sig.len);
		sig.p = der;
	} else if (scheme == ALG_RSASSA || scheme == ALG_RSAPSS) {
		sig = attest_2b(&r);
	} else {
		return "its scheme is not known";
	}
	ok = attest_done(&r) && sig.len && check(key, md, data, sig);
	OPENSSL_free(der);
	return ok ? NULL : "it is not the key's";
}

/* ---- who vouches for it ---- */

int verify_key_is(const struct verify_key *key, const char *path, bool *same)
{
	EVP_PKEY *given;
	char *pem;
	size_t len;
	BIO *bio;
	int code;

	code = ctl_read_file(path, PEM_FILE_MAX, &pem, &len);
	if (code)
		return code;
	bio = BIO_new_mem_buf(pem, len);
	given = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	BIO_free(bio);
	free(pem);
	if (!given)
		return ctl_fail(CTL_GENERAL, ctl_file_name(path), "holds no public key in PEM");
	*same = EVP_PKEY_eq(given, key->pkey) == 1;
	EVP_PKEY_free(given);
	return CTL_OK;
}

/* The certificates in a PEM file, whatever else is in it. */
struct stack_st_X509 *verify_certificates(const char *pem, size_t len)
{
	struct stack_st_X509 *all = sk_X509_new_null();
	BIO *bio = BIO_new_mem_buf(pem, len);
	unsigned char *block;
	char *label, *header;
	long size;

	while (PEM_read_bio(bio, &label, &header, &block, &size)) {
		const unsigned char *p = block;
		X509 *cert = strcmp(label, PEM_STRING_X509) ? NULL : d2i_X509(NULL, &p, size);

		if (cert && !sk_X509_push(all, cert))
			X509_free(cert);
		OPENSSL_free(label);
		OPENSSL_free(header);
		OPENSSL_free(block);
	}
	BIO_free(bio);
	return all;
}

/* A party's certificate for a server's key, say, is none for a TPM's. */
static bool is_for(X509 *cert, const char *wanted)
{
	EXTENDED_KEY_USAGE *usage = X509_get_ext_d2i(cert, NID_ext_key_usage, NULL, NULL);
	bool found = false;
	char oid[64];
	int i;

	for (i = 0; i < sk_ASN1_OBJECT_num(usage); i++) {
		OBJ_obj2txt(oid, sizeof(oid), sk_ASN1_OBJECT_value(usage, i), 1);
		found |= !strcmp(oid, wanted);
	}
	EXTENDED_KEY_USAGE_free(usage);
	return found;
}

static const char *chain(X509 *cert, struct stack_st_X509 *have, struct stack_st_X509 *trusted)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	const char *why = NULL;
	int i;

	for (i = 0; i < sk_X509_num(trusted); i++)
		X509_STORE_add_cert(store, sk_X509_value(trusted, i));
	X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
	if (X509_STORE_CTX_init(ctx, store, cert, have) != 1 || X509_verify_cert(ctx) != 1)
		why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx));
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return why;
}

int verify_certificate(X509 *cert, struct attest_bytes have, const char *ca, const char *usage,
		       const char **why)
{
	struct stack_st_X509 *certs, *trusted;
	char *pem;
	size_t len;
	int code;

	code = ctl_read_file(ca, PEM_FILE_MAX, &pem, &len);
	if (code)
		return code;
	trusted = verify_certificates(pem, len);
	free(pem);
	certs = verify_certificates((const char *)have.p, have.len);
	*why = chain(cert, certs, trusted);
	if (!is_for(cert, usage))
		*why = !strcmp(usage, AK_USAGE) ?
		       "its certificate is not for an attestation key (" AK_USAGE ")" :
		       "its certificate is not for an endorsement key";
	sk_X509_pop_free(certs, X509_free);
	sk_X509_pop_free(trusted, X509_free);
	return CTL_OK;
}

int verify_key_certified(const struct verify_key *key, struct attest_bytes have, const char *ca,
			 const char **why)
{
	struct stack_st_X509 *certs = verify_certificates((const char *)have.p, have.len);
	int code = CTL_OK, i;

	*why = "no certificate of the key came with it";
	for (i = 0; !code && *why && i < sk_X509_num(certs); i++)
		if (EVP_PKEY_eq(X509_get0_pubkey(sk_X509_value(certs, i)), key->pkey) == 1)
			code = verify_certificate(sk_X509_value(certs, i), have, ca, AK_USAGE, why);
	sk_X509_pop_free(certs, X509_free);
	return code;
}
