// SPDX-License-Identifier: GPL-2.0-only
/*
 * Provider "accumulate": all host PCRs of pcrs=LIST in the one vPCR of into=N. It begins as
 * its start value, extended with each of the host's values in ascending order,
 *
 *	v = start; for each PCR of the list: v = H(v || host PCR),
 *
 * and is extended as the TCG has it from there on, as all others are. In a bank that the
 * host's TPM has not the values are those of its strongest bank. Without a host TPM there
 * is nothing to fold in.
 */
#include "hostpcrs.h"
#include "../crypto/crypto.h"

enum { OPTION_PCRS, OPTION_INTO };

static const struct vtpm_option_desc accumulate_options[] = {
	[OPTION_PCRS]	= { .name = "pcrs", .kind = VTPM_OPTION_PCRS, .required = true },
	[OPTION_INTO]	= { .name = "into", .kind = VTPM_OPTION_NUMBER, .required = true,
			    .max = VTPM_PCR_COUNT - 1 },
};

static int accumulate_open(const struct vtpm_option *options, struct vt_mem *mem __always_unused,
			   void **priv)
{
	*priv = (void *)(uintptr_t)options;	/* they live as long as the instance uses them */
	return 0;
}

static int accumulate_init_vpcrs(void *priv, const struct vtpm_host *host, u16 alg,
				 unsigned int count, u8 *vpcrs)
{
	const struct vtpm_option *options = priv;
	const struct vtpm_host_pcrs *bank;
	unsigned int pcr;
	u8 *vpcr;

	if (!host)
		return 0;
	vpcr = vpcrs + (size_t)options[OPTION_INTO].number * vt_hash_find(alg)->digest_size;
	bank = vtpm_host_bank(host, alg);
	for (pcr = 0; pcr < min(count, bank->count); pcr++)
		if (options[OPTION_PCRS].number & BIT(pcr))
			vtpm_vpcr_hash(alg, vpcr, vtpm_host_value(bank, pcr), bank->digest_size);
	return 0;
}

const struct vtpm_provider vtpm_accumulate_provider = {
	.name		= "accumulate",
	.api_version	= VTPM_PROVIDER_API,
	.options	= accumulate_options,
	.option_count	= ARRAY_SIZE(accumulate_options),
	.open		= accumulate_open,
	.init_vpcrs	= accumulate_init_vpcrs,
	.translate	= vtpm_hash_translate,
};
