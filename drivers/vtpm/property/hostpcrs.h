/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's PCRs, for providers that map them. */
#ifndef VTPM_HOSTPCRS_H
#define VTPM_HOSTPCRS_H

#include "property.h"

/*
 * The host's bank of @alg. Where it has none its strongest: the first one of those with
 * the longest digests. Its values say the same of the host, in another algorithm.
 */
static inline const struct vtpm_host_pcrs *vtpm_host_bank(const struct vtpm_host *host, u16 alg)
{
	const struct vtpm_host_pcrs *best = &host->banks[0];
	u32 i;

	for (i = 0; i < host->count; i++) {
		if (host->banks[i].alg == alg)
			return &host->banks[i];
		if (host->banks[i].digest_size > best->digest_size)
			best = &host->banks[i];
	}
	return best;
}

static inline const u8 *vtpm_host_value(const struct vtpm_host_pcrs *bank, unsigned int pcr)
{
	return bank->values + (size_t)pcr * bank->digest_size;
}

#endif /* VTPM_HOSTPCRS_H */
