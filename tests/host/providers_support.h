/* SPDX-License-Identifier: GPL-2.0-only */
/* A host's TPM for providers to map from, and what they make of it. */
#ifndef VTPM_PROVIDERS_SUPPORT_H
#define VTPM_PROVIDERS_SUPPORT_H

#include "property_support.h"
#include "state_support.h"

/* SHA-1 and SHA-256 */
static u8 host_sha1[PCRS * 20], host_sha256[PCRS * 32];
static const struct vtpm_host_pcrs host_banks[] = {
	{ 0x0004, 20, PCRS, host_sha1 }, { 0x000b, 32, PCRS, host_sha256 },
};

static const struct vtpm_host host = { 2, host_banks };

static inline void host_fill(u8 seed)
{
	unsigned int i;

	for (i = 0; i < sizeof(host_sha1); i++)
		host_sha1[i] = seed + i;
	for (i = 0; i < sizeof(host_sha256); i++)
		host_sha256[i] = seed ^ i;
}

static inline const u8 *host_value(unsigned int bank, unsigned int pcr)
{
	return bank ? host_sha256 + 32 * pcr : host_sha1 + 20 * pcr;
}

/* One to one where the host has the bank; else the digest of what its SHA-256 bank has. */
static inline void host_map(unsigned int bank, unsigned int pcr, u8 *vpcr)
{
	if (bank < 2)
		memcpy(vpcr, host_value(bank, pcr), algs[bank].size);
	else
		openssl_hash(bank, host_value(1, pcr), 32, "", 0, vpcr);
}

/* A power cycle with this host. */
static inline struct vtpm_matrix *new_with_host(const char *text, const struct vtpm_host *h)
{
	struct vtpm_matrix *m = new_matrix(text, NULL);

	check(!vtpm_matrix_set_host(m, h));
	start_up(m, 0);
	return m;
}

/* PCRs of the host that provider accumulate is told to fold */
static const unsigned int folded[] = { 0, 1, 2, 3, 7, 18 };

/* The cases of a program that uses the trusted party @it */
static inline int providers_run(const struct test_case *cases, unsigned int n, int argc,
				char **argv)
{
	struct host_tpm first;
	int rc;

	host_tpm_new(&first, NULL);	/* sets up what all others use */
	signer_new(&it, "IT department", false, NULL);
	rc = test_run("providers", cases, n, argc, argv);
	signer_free(&it);
	host_tpm_free(&first);
	return rc;
}

#endif /* VTPM_PROVIDERS_SUPPORT_H */
