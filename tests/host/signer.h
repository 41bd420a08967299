/* SPDX-License-Identifier: GPL-2.0-only */
/* Trusted parties for tests: keys, certificates and signed messages, by OpenSSL. */
#ifndef VTPM_SIGNER_H
#define VTPM_SIGNER_H

#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "../../drivers/vtpm/env.h"

#define SIGN_PLAIN	(CMS_BINARY | CMS_NOSMIMECAP)	/* as the documentation says */

/**
 * struct signer - one who signs
 * @key: the private key
 * @cert: its certificate
 * @der: the same, encoded
 * @der_len: bytes of @der
 */
struct signer {
	EVP_PKEY *key;
	X509 *cert;
	u8 *der;
	int der_len;
};

/* What "openssl req -x509" puts into a certificate. */
static inline void signer_extend(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *e;
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	WARN_ON(!e);
	X509_add_ext(cert, e, -1);
	X509_EXTENSION_free(e);
}

/* A certificate for @s->key, signed by @issuer, or by itself when that is NULL. */
static inline void signer_certify(struct signer *s, const char *name, const struct signer *issuer)
{
	static long serial;
	X509_NAME *subject;

	s->cert = X509_new();
	X509_set_version(s->cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(s->cert), ++serial);
	X509_gmtime_adj(X509_getm_notBefore(s->cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(s->cert), 3600);
	subject = X509_get_subject_name(s->cert);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const u8 *)name, -1, -1, 0);
	X509_set_issuer_name(s->cert, issuer ? X509_get_subject_name(issuer->cert) : subject);
	X509_set_pubkey(s->cert, s->key);
	signer_extend(s->cert, NID_subject_key_identifier, "hash");
	signer_extend(s->cert, NID_basic_constraints, issuer ? "CA:FALSE" : "critical,CA:TRUE");
	WARN_ON(!X509_sign(s->cert, issuer ? issuer->key : s->key, EVP_sha256()));
	s->der = NULL;
	s->der_len = i2d_X509(s->cert, &s->der);
	WARN_ON(s->der_len <= 0);
}

static inline void signer_new(struct signer *s, const char *name, bool rsa,
			      const struct signer *issuer)
{
	s->key = rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
	WARN_ON(!s->key);
	signer_certify(s, name, issuer);
}

static inline void signer_free(struct signer *s)
{
	EVP_PKEY_free(s->key);
	X509_free(s->cert);
	OPENSSL_free(s->der);
}

/* Returns the message's bytes; @p7 is for OPENSSL_free(). */
static inline size_t signer_sign(const struct signer *s, const void *text, size_t len,
				 unsigned int flags, u8 **p7)
{
	BIO *in = BIO_new_mem_buf(text, len);
	CMS_ContentInfo *cms = CMS_sign(s->cert, s->key, NULL, in, flags);
	int size;

	WARN_ON(!cms);
	*p7 = NULL;
	size = i2d_CMS_ContentInfo(cms, p7);
	WARN_ON(size <= 0);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	return size;
}

#endif /* VTPM_SIGNER_H */
