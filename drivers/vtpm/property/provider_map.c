// SPDX-License-Identifier: GPL-2.0-only
/*
 * Provider "map": the vPCRs begin as the host's PCRs, one to one, and are extended as the
 * TCG has it. In a bank that the host's TPM has not they begin as the digest of the host's
 * value in its strongest bank. Without a host TPM they have the start values.
 *
 * TPM2_PCR_Reset leads to zeros here too: what a guest may reset says nothing of the host
 * from there on.
 */
#include "hostpcrs.h"
#include "../crypto/crypto.h"

static int map_init_vpcrs(void *priv __always_unused, const struct vtpm_host *host, u16 alg,
			  unsigned int count, u8 *vpcrs)
{
	const struct vt_hash_alg *h = vt_hash_find(alg);
	const struct vtpm_host_pcrs *bank;
	unsigned int pcr;

	if (!host)
		return 0;
	bank = vtpm_host_bank(host, alg);
	for (pcr = 0; pcr < min(count, bank->count); pcr++) {
		u8 *vpcr = vpcrs + (size_t)pcr * h->digest_size;

		if (bank->alg == alg)
			memcpy(vpcr, vtpm_host_value(bank, pcr), h->digest_size);
		else
			vt_hash(h, vtpm_host_value(bank, pcr), bank->digest_size, vpcr);
	}
	return 0;
}

const struct vtpm_provider vtpm_map_provider = {
	.name		= "map",
	.api_version	= VTPM_PROVIDER_API,
	.init_vpcrs	= map_init_vpcrs,
	.translate	= vtpm_hash_translate,
};
