// SPDX-License-Identifier: GPL-2.0-only
/*
 * Provider "certificate": property certificates. A measurement that a signed
 * manifest lists goes into the vPCR as who vouches for it (represent=key) or
 * as what it is vouched to be (represent=property), hence with the same value
 * for all versions of a program that have the property. One that no manifest
 * lists goes in as zeros. With party=NAME only manifests of that party count.
 */
#include "property.h"
#include "certs.h"
#include "../crypto/crypto.h"

enum { OPTION_REPRESENT, OPTION_PARTY };

const char *const vtpm_represent_values[] = {
	[VTPM_REPRESENT_KEY]		= "key",
	[VTPM_REPRESENT_PROPERTY]	= "property",
	NULL
};

static const struct vtpm_option_desc certificate_options[] = {
	[OPTION_REPRESENT]	= { "represent", vtpm_represent_values },
	[OPTION_PARTY]		= { "party", NULL },
};

static int certificate_open(const struct vtpm_option *options,
			    struct vt_mem *mem __always_unused, void **priv)
{
	*priv = (void *)(uintptr_t)options;	/* they live as long as the instance uses them */
	return 0;
}

void vtpm_expect_certified(void *priv __always_unused, u16 alg, const u8 *m)
{
	vtpm_cert_expect(alg, m);
}

int vtpm_extend_certified(u16 alg, const u8 *m, const struct vtpm_option *represent,
			  const struct vtpm_option *party, u8 *vpcr)
{
	const struct vt_hash_alg *h = vt_hash_find(alg);
	u8 rep[VT_MAX_DIGEST];

	if (vtpm_cert_lookup(alg, m, party->value, represent->number, rep))
		memset(rep, 0, sizeof(rep));
	vtpm_hash_extend(h, vpcr, rep);
	return 0;
}

static int certificate_translate(void *priv, u16 alg, unsigned int pcr __always_unused,
				 const u8 *m, u8 *vpcr)
{
	const struct vtpm_option *options = priv;

	return vtpm_extend_certified(alg, m, &options[OPTION_REPRESENT], &options[OPTION_PARTY],
				     vpcr);
}

const struct vtpm_provider vtpm_certificate_provider = {
	.name		= "certificate",
	.api_version	= VTPM_PROVIDER_API,
	.options	= certificate_options,
	.option_count	= ARRAY_SIZE(certificate_options),
	.open		= certificate_open,
	.expect		= vtpm_expect_certified,
	.translate	= certificate_translate,
};
