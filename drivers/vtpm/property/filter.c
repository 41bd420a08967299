// SPDX-License-Identifier: GPL-2.0-only
/* PropertyFilter: the only way from an operation to a vPCR, and always one look into a table. */
#include "filter.h"

void vtpm_filter_compile(struct vtpm_filter *f, const struct vtpm_policy *policy,
			 const u8 map[VTPM_MAX_PROVIDERS])
{
	f->policy = policy;
	memcpy(f->map, map, sizeof(f->map));
}

unsigned int vtpm_filter_bank(const struct vtpm_filter *f, u16 alg)
{
	unsigned int i;

	for (i = 0; i < VT_HASH_COUNT; i++)
		if (vt_hash_algs[i].id == alg)
			return f->banks & BIT(i) ? i : VTPM_NO_BANK;
	return VTPM_NO_BANK;
}

unsigned int vtpm_filter_pick(const struct vtpm_filter *f, enum vtpm_op op, u8 locality,
			      unsigned int bank, unsigned int pcr)
{
	u8 cell;

	if ((unsigned int)op >= VTPM_OP_COUNT || locality > VTPM_MAX_LOCALITY ||
	    pcr >= VTPM_PCR_COUNT)
		return VTPM_CELL_HIDDEN;
	cell = vtpm_policy_cells(f->policy, locality)->cell[op][bank][pcr];
	return cell < VTPM_MAX_PROVIDERS ? f->map[cell] : cell;
}
