/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of the matrix, for the files matrix*.c alone. */
#ifndef VTPM_MATRIX_H
#define VTPM_MATRIX_H

#include "property.h"
#include "filter.h"
#include "log.h"
#include "../crypto/crypto.h"

/**
 * struct vector - the vPCRs of one provider
 * @is: the provider and its options, copied because policies come and go; the
 *	reference to the provider is the policy's. What @priv points to in it stays where
 *	it is
 * @opened: @close is due
 * @priv: the provider's own
 * @bank: for each active bank VTPM_PCR_COUNT digests, in the matrix's @values
 * @next: for each bank the value that an extend under way has computed
 */
struct vector {
	struct vtpm_policy_provider *is;
	bool opened;
	void *priv;
	u8 *bank[VTPM_MAX_BANKS];
	u8 next[VTPM_MAX_BANKS][VT_MAX_DIGEST];
};

/**
 * struct vtpm_matrix - the vPCRs of one instance; all under the instance's lock
 * @policy: always names exactly the providers of @vector
 * @mem: for allocations
 * @filter: the way to @policy's rules
 * @identity: whose vPCRs
 * @log: what the vPCRs have been extended with
 * @pcrs: for each bank the PCRs that it has, bit by bit; 0 where it is not active
 * @values: all vPCRs, the vectors one after another
 * @size: bytes of one vector, all banks
 * @host: what vtpm_matrix_set_host() was given, copied; NULL: no host TPM
 * @mapped: what the providers make of @host, laid out as @values is; NULL where no
 *	provider maps anything. Takes effect at the next TPM2_Startup
 * @providers: how many vectors; does not change
 * @vector: in the order of the first policy's providers
 */
struct vtpm_matrix {
	struct vtpm_policy *policy;
	struct vt_mem *mem;
	struct vtpm_filter filter;
	struct vtpm_identity identity;
	struct vtpm_log log;
	u32 pcrs[VTPM_MAX_BANKS];
	u8 *values;
	size_t size;
	struct vtpm_host *host;
	u8 *mapped;
	unsigned int providers;
	struct vector vector[];
};

#define ALL_PCRS	((u32)BIT(VTPM_PCR_COUNT) - 1)

static inline u8 *vpcr_of(const struct vector *v, unsigned int bank, unsigned int pcr)
{
	return v->bank[bank] + (size_t)pcr * vt_hash_algs[bank].digest_size;
}

/* matrix.c */
struct vector *vtpm_matrix_vector(struct vtpm_matrix *m, const struct vtpm_provider *ops);
int vtpm_matrix_set_pcrs(struct vtpm_matrix *m, const u32 pcrs[VTPM_MAX_BANKS]);

/*
 * matrix_host.c: what all providers make of @host, as @mapped is; to be freed by vt_free().
 * NULL where none maps. -ENOMEM.
 */
int vtpm_matrix_map(const struct vtpm_matrix *m, const struct vtpm_host *host, u32 banks,
		    size_t size, u8 **mapped);

#endif /* VTPM_MATRIX_H */
