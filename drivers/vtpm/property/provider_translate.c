// SPDX-License-Identifier: GPL-2.0-only
/*
 * Provider "translate": the host's PCRs as a property. The digest of the composite of
 * pcrs=LIST, as TPM2_Quote of the host's TPM has it with the bank's hash,
 *
 *	d = H(host PCR || host PCR || ...) in ascending order,
 *
 * is looked up among the certificates, and what vouches for it (see provider "certificate"
 * for represent= and party=) is extended into the vPCR of into=N; zeros are, when nothing
 * does. So the vPCR is the same on all hosts whose state has the property. In a bank that
 * the host's TPM has not the values are those of its strongest bank. Without a host TPM
 * nothing is extended. What arrives later is treated as by provider "certificate".
 */
#include "hostpcrs.h"
#include "certs.h"
#include "../crypto/crypto.h"

enum { OPTION_PCRS, OPTION_INTO, OPTION_REPRESENT, OPTION_PARTY };

static const struct vtpm_option_desc translate_options[] = {
	[OPTION_PCRS]		= { .name = "pcrs", .kind = VTPM_OPTION_PCRS, .required = true },
	[OPTION_INTO]		= { .name = "into", .kind = VTPM_OPTION_NUMBER, .required = true,
				    .max = VTPM_PCR_COUNT - 1 },
	[OPTION_REPRESENT]	= { "represent", vtpm_represent_values },
	[OPTION_PARTY]		= { "party", NULL },
};

static int translate_open(const struct vtpm_option *options, struct vt_mem *mem, void **priv)
{
	return vtpm_certified_open(options, OPTION_REPRESENT, OPTION_PARTY, mem, priv);
}

static int translate_init_vpcrs(void *priv, const struct vtpm_host *host, u16 alg,
				unsigned int count, u8 *vpcrs)
{
	const struct vt_hash_alg *h = vt_hash_find(alg);
	const struct vtpm_option *options = ((struct vtpm_certified *)priv)->options;
	u32 into = options[OPTION_INTO].number;
	const struct vtpm_host_pcrs *bank;
	u8 composite[VT_MAX_DIGEST];
	struct vt_hash_ctx ctx;
	unsigned int pcr;

	if (!host)
		return 0;
	bank = vtpm_host_bank(host, alg);
	vt_hash_init(&ctx, h);
	for (pcr = 0; pcr < min(count, bank->count); pcr++)
		if (options[OPTION_PCRS].number & BIT(pcr))
			vt_hash_update(&ctx, vtpm_host_value(bank, pcr), bank->digest_size);
	vt_hash_final(&ctx, composite);
	return vtpm_certified_translate(priv, alg, into, composite,
					vpcrs + (size_t)into * h->digest_size);
}

const struct vtpm_provider vtpm_translate_provider = {
	.name		= "translate",
	.api_version	= VTPM_PROVIDER_API,
	.options	= translate_options,
	.option_count	= ARRAY_SIZE(translate_options),
	.open		= translate_open,
	.close		= vtpm_certified_close,
	.init_vpcrs	= translate_init_vpcrs,
	.expect		= vtpm_certified_expect,
	.translate	= vtpm_certified_translate,
	.instead	= vtpm_certified_instead,
};
