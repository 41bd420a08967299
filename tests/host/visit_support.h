/* SPDX-License-Identifier: GPL-2.0-only */
/* Every descriptor that the command table reaches, each once. */
#ifndef VTPM_VISIT_SUPPORT_H
#define VTPM_VISIT_SUPPORT_H

#include "tpm.h"
#include "tpm2/engine.h"

#define MAX_DESCS	512

static const struct desc *descs[MAX_DESCS];
static unsigned int n_descs;

static inline void visit(const struct desc *d)
{
	unsigned int i;

	if (!d)
		return;
	for (i = 0; i < n_descs; i++)
		if (descs[i] == d)
			return;
	if (n_descs == MAX_DESCS)
		abort();
	descs[n_descs++] = d;
	visit(d->elem);
	for (i = 0; i < d->nfields; i++)
		visit(d->fields[i].d);
	for (i = 0; d->pick && i < 0x10000; i++)
		visit(d->pick(i));
}

/* Those of parameters that commands take, and of responses where @responses are wanted too */
static inline void visit_table(bool responses)
{
	const struct tpm2_cmd *row;
	unsigned int i;

	n_descs = 0;
	for (i = 0; (row = tpm2_cmd_at(i)); i++) {
		visit(row->in);
		if (responses)
			visit(row->out);
	}
}

#endif /* VTPM_VISIT_SUPPORT_H */
