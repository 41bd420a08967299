/* SPDX-License-Identifier: GPL-2.0-only */
/* A matrix of vPCRs to play with, and what providers compute, as OpenSSL has it. */
#ifndef VTPM_PROPERTY_SUPPORT_H
#define VTPM_PROPERTY_SUPPORT_H

#include <openssl/evp.h>

#include "signer.h"
#include "test.h"
#include "../../drivers/vtpm/policy/policy.h"
#include "../../drivers/vtpm/crypto/crypto.h"
#include "../../drivers/vtpm/property/certs.h"
#include "../../drivers/vtpm/property/property.h"
#include "../../drivers/vtpm/tpm2/types.h"

static inline bool check_at(bool ok, const char *what, const char *name, int line)
{
	if (!ok)
		test_fail(__FILE__, line, "%s: %s", name, what);
	return ok;
}

#define check(cond)	check_at(cond, #cond, __func__, __LINE__)

#define BANKS	4
#define PCRS	24
#define OPS	6
#define LOCALITIES 5

static const struct {
	u16 id;
	unsigned int size;
	const char *name;
} algs[BANKS] = {
	{ 0x0004, 20, "sha1" }, { 0x000b, 32, "sha256" }, { 0x000c, 48, "sha384" },
	{ 0x000d, 64, "sha512" },
};

static const struct tpm2_pcr_ops *const ops = &vtpm_matrix_pcr_ops;
static struct signer it;

static inline void openssl_hash(unsigned int bank, const void *a, size_t a_len, const void *b,
				size_t b_len, u8 *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	EVP_DigestInit_ex(ctx, EVP_get_digestbyname(algs[bank].name), NULL);
	EVP_DigestUpdate(ctx, a, a_len);
	EVP_DigestUpdate(ctx, b, b_len);
	EVP_DigestFinal_ex(ctx, out, NULL);
	EVP_MD_CTX_free(ctx);
}

static inline struct vtpm_matrix *new_matrix(const char *text, struct vt_mem *mem)
{
	struct vtpm_text_error err = { 0 };
	struct vtpm_policy *policy = NULL;
	struct vtpm_matrix *m = NULL;

	if (vtpm_policy_parse(text, strlen(text), mem, &policy, &err) ||
	    vtpm_matrix_new(policy, mem, &m, &err)) {
		printf("# %s: %u:%u: %s\n", text, err.line, err.column, err.reason);
		abort();
	}
	return m;
}

static inline int set_policy(struct vtpm_matrix *m, const char *text, struct vt_mem *mem,
			     struct vtpm_text_error *err)
{
	struct vtpm_policy *policy = NULL;
	int rc;

	memset(err, 0, sizeof(*err));
	rc = vtpm_policy_parse(text, strlen(text), mem, &policy, err);
	if (rc)
		return rc;
	rc = vtpm_matrix_set_policy(m, policy, err);
	if (rc)
		vtpm_policy_free(mem, policy);
	return rc;
}

static inline int put_into(struct vtpm_matrix *m, u16 alg, unsigned int pcr, const u8 *digest)
{
	struct tpml_digest_values list = { 1, { { alg, (u8 *)digest } } };
	struct tpm2_measurement e = { .pcr = pcr, .digests = &list };

	return ops->extend(m, &e);
}

static inline bool peek_is(const struct vtpm_matrix *m, unsigned int provider, unsigned int bank,
			   unsigned int pcr, const u8 *want)
{
	u8 got[64];

	return !vtpm_matrix_peek(m, provider, algs[bank].id, pcr, got) &&
	       !memcmp(got, want, algs[bank].size);
}

#define ALL_BANKS	"bank sha1 sha256 sha384 sha512\n"

/* The measurement that the test's manifest has in a bank: H("approved"). */
static inline void approved(unsigned int bank, u8 *m)
{
	openssl_hash(bank, "approved", 8, "", 0, m);
}

static inline void load_manifest(void)
{
	char text[1024], name[VTPM_NAME_MAX + 1];
	size_t at = sprintf(text, "vtpm-manifest 1\nname: m\nproperty: approved by IT\n");
	unsigned int bank;
	u8 m[64], *p7;
	size_t len;

	for (bank = 0; bank < BANKS; bank++) {
		approved(bank, m);
		at += sprintf(text + at, "%s:", algs[bank].name);
		at = bin2hex(text + at, m, algs[bank].size) - text;
		text[at++] = '\n';
	}
	len = signer_sign(&it, text, at, SIGN_PLAIN, &p7);
	WARN_ON(vtpm_trust_add("it", it.der, it.der_len));
	WARN_ON(vtpm_cert_load(p7, len, name, NULL));
	OPENSSL_free(p7);
}

/* vPCR <- H(vPCR || what the provider makes of it), all here and in OpenSSL. */
static inline void expect(unsigned int bank, bool known, const char *how, u8 *vpcr, const u8 *m)
{
	const ASN1_BIT_STRING *key = X509_get0_pubkey_bitstr(it.cert);
	u8 rep[64] = { 0 };

	if (!strcmp(how, "hash"))
		memcpy(rep, m, algs[bank].size);
	else if (known && !strcmp(how, "key"))
		openssl_hash(bank, key->data, key->length, "", 0, rep);
	else if (known)
		openssl_hash(bank, "approved by IT", 14, "", 0, rep);
	openssl_hash(bank, vpcr, algs[bank].size, rep, algs[bank].size, vpcr);
}

/* As TPM2_Startup does it. */
static inline void start_up(struct vtpm_matrix *m, unsigned int first)
{
	unsigned int pcr;

	for (pcr = first; pcr < PCRS; pcr++)
		ops->reset(m, pcr, tpm2_pcr_start(pcr));
	ops->map(m, first);
}

#endif /* VTPM_PROPERTY_SUPPORT_H */
