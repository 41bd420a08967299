// SPDX-License-Identifier: GPL-2.0-only
/* PropertyFilter: the only way from an operation to a vPCR, and always one look into a table. */
#include "filter.h"

void vtpm_filter_compile(struct vtpm_filter *f, const struct vtpm_policy *policy,
			 const u8 map[VTPM_MAX_PROVIDERS])
{
	const u8 *from = &policy->cell[0][0][0];
	u8 *to = &f->cell[0][0][0];
	size_t i;

	static_assert(sizeof(f->cell) == sizeof(policy->cell));
	for (i = 0; i < sizeof(f->cell); i++)
		to[i] = from[i] < policy->providers ? map[from[i]] : VTPM_CELL_HIDDEN;
}

unsigned int vtpm_filter_bank(const struct vtpm_filter *f, u16 alg)
{
	unsigned int i;

	for (i = 0; i < VT_HASH_COUNT; i++)
		if (vt_hash_algs[i].id == alg)
			return f->banks & BIT(i) ? i : VTPM_NO_BANK;
	return VTPM_NO_BANK;
}

unsigned int vtpm_filter_pick(const struct vtpm_filter *f, enum vtpm_op op, unsigned int bank,
			      unsigned int pcr)
{
	if ((unsigned int)op >= VTPM_OP_COUNT || pcr >= VTPM_PCR_COUNT)
		return VTPM_CELL_HIDDEN;
	return f->cell[op][bank][pcr];
}
