// SPDX-License-Identifier: GPL-2.0-only
/*
 * Differences from libtpms that are known, each with the clause that decides
 * it. Documentation/design/differences.rst is printed from these rows.
 */
#include "diff.h"

const struct accepted accepted_rows[] = {
	{ 0 },
};

unsigned int accepted_count(void)
{
	return ARRAY_SIZE(accepted_rows) - 1;
}

unsigned int accepted_index(const struct accepted *a)
{
	return a - accepted_rows;
}

const struct accepted *accepted_find(const struct command *c)
{
	unsigned int i;

	for (i = 0; i < accepted_count(); i++) {
		const struct accepted *a = &accepted_rows[i];

		if ((!a->code || a->code == c->row->code) &&
		    (a->ours == ANY_RC || a->ours == c->rc[OURS]) &&
		    (a->theirs == ANY_RC || a->theirs == c->rc[THEIRS]) &&
		    (!a->when || a->when(c)))
			return a;
	}
	return NULL;
}
