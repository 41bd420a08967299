/* SPDX-License-Identifier: GPL-2.0-only */
/* PropertyFilter: which provider answers, by operation, locality, bank and PCR. */
#ifndef VTPM_FILTER_H
#define VTPM_FILTER_H

#include "../env.h"
#include "../limits.h"
#include "../crypto/crypto.h"
#include "../policy/policy.h"
#include "../tpm2/tpm2.h"

#define VTPM_NO_BANK	VT_HASH_COUNT

/**
 * struct vtpm_filter - a policy's rules as one matrix applies them
 * @banks: bit i: the bank of vt_hash_algs[i] is active; the matrix's to say
 * @policy: has the table
 * @map: for each of the policy's providers the index of the matrix's
 */
struct vtpm_filter {
	u32 banks;
	const struct vtpm_policy *policy;
	u8 map[VTPM_MAX_PROVIDERS];
};

/* All but @banks. @policy stays while the filter is used. */
void vtpm_filter_compile(struct vtpm_filter *f, const struct vtpm_policy *policy,
			 const u8 map[VTPM_MAX_PROVIDERS]);
/* Index in vt_hash_algs of an active bank, or VTPM_NO_BANK. */
unsigned int vtpm_filter_bank(const struct vtpm_filter *f, u16 alg);
/*
 * The index of the matrix's provider, or VTPM_CELL_*. VTPM_CELL_HIDDEN also for a PCR,
 * operation or locality that there is not. @bank is an active one.
 */
unsigned int vtpm_filter_pick(const struct vtpm_filter *f, enum vtpm_op op, u8 locality,
			      unsigned int bank, unsigned int pcr);

#endif /* VTPM_FILTER_H */
