/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of property certificates share: four who sign, and looks into the store. */
#ifndef VTPM_CERTS_SUPPORT_H
#define VTPM_CERTS_SUPPORT_H

#define _GNU_SOURCE	/* memmem() */
#include <time.h>

#include "signer.h"
#include "test.h"
#include "../../drivers/vtpm/policy/policy.h"
#include "../../drivers/vtpm/crypto/crypto.h"
#include "../../drivers/vtpm/property/certs.h"
#include "../../drivers/vtpm/property/property.h"
#include "../../drivers/vtpm/property/store.h"

static inline bool check_at(bool ok, const char *what, const char *name, int line)
{
	if (!ok)
		test_fail(__FILE__, line, "%s: %s", name, what);
	return ok;
}

#define check(cond)	check_at(cond, #cond, __func__, __LINE__)

#define SHA256_A	0x000b
#define D20	"0123456789abcdef0123456789ABCDEF01234567"
#define D32	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define E32	"1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

#define M1	"vtpm-manifest 1\nname: m1\nproperty: good\nsha256:" D32 "\n"
#define M1E	"vtpm-manifest 1\nname: m1\nproperty: better\nsha256:" E32 "\n"
#define M2	"vtpm-manifest 1\nname: m2\nproperty: fine\nsha256:" D32 "\nsha1:" D20 "\n"

static struct signer it, lab, other, leaf;

static inline int load(const struct signer *s, const char *text, unsigned int flags, char *name,
		       struct vtpm_text_error *err)
{
	u8 *p7;
	size_t len = signer_sign(s, text, strlen(text), flags, &p7);
	u8 *copy = malloc(len);
	int rc;

	memcpy(copy, p7, len);
	memset(name, 0, VTPM_NAME_MAX + 1);
	rc = vtpm_cert_load(copy, len, name, err);
	free(copy);
	OPENSSL_free(p7);
	return rc;
}

static inline bool known(const char *digest, const char *party, enum vtpm_represent how, u8 *rep)
{
	u8 m[32];

	WARN_ON(hex2bin(m, digest, 32));
	return !vtpm_cert_lookup(SHA256_A, m, party, how, rep);
}

static inline bool unknown(const char *digest)
{
	u8 rep[64];

	return !known(digest, "", VTPM_REPRESENT_KEY, rep);
}

static inline bool known_property(const char *digest, const char *party, const char *property)
{
	u8 rep[64], want[32];

	vt_hash(vt_hash_find(SHA256_A), property, strlen(property), want);
	return known(digest, party, VTPM_REPRESENT_PROPERTY, rep) && !memcmp(rep, want, 32);
}

static inline bool known_key(const char *digest, const struct signer *s)
{
	const ASN1_BIT_STRING *key = X509_get0_pubkey_bitstr(s->cert);
	u8 rep[64], want[32];

	vt_hash(vt_hash_find(SHA256_A), key->data, key->length, want);
	return known(digest, "", VTPM_REPRESENT_KEY, rep) && !memcmp(rep, want, 32);
}

static inline void empty_store(void)
{
	vtpm_trust_remove("it");
	vtpm_trust_remove("lab");
	vtpm_trust_remove("other");
}

static inline int certs_main(const char *suite, const struct test_case *cases, unsigned int n,
			     int argc, char **argv)
{
	int rc;

	if (vt_crypto_init() || vtpm_property_init())
		return 1;
	signer_new(&it, "IT department", true, NULL);
	signer_new(&lab, "laboratory", false, NULL);
	signer_new(&other, "somebody else", false, NULL);
	signer_new(&leaf, "clerk", false, &it);
	rc = test_run(suite, cases, n, argc, argv);
	signer_free(&it);
	signer_free(&lab);
	signer_free(&other);
	signer_free(&leaf);
	vtpm_property_exit();
	vt_crypto_exit();
	return rc;
}

#endif /* VTPM_CERTS_SUPPORT_H */
