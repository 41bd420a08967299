// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a policy that the kernel takes may still do to those who use it. Programs read PCRs
 * and hand what they have read to TPM2_PolicyPCR, or compare it with a quote: where sealing
 * or quoting goes to another provider than reading does, that cannot fit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy_text.h"

#define CELLS	(POLICY_LOCALITIES * POLICY_BANKS * VTPMCTL_PCRS)

static bool differ(const struct policy_effect *read, const struct policy_effect *other)
{
	return policy_is_provider(read) && policy_is_provider(other) &&
	       strcmp(read->what, other->what);
}

/* Of @op and reading: the PCRs that the rules of these two cells part. */
static uint32_t parted(const struct policy_text *t, unsigned int op,
		       const struct policy_effect *read, const struct policy_effect *other)
{
	unsigned int l, b, pcr;
	uint32_t pcrs = 0;

	for (l = 0; l < POLICY_LOCALITIES; l++)
		for (b = 0; b < POLICY_BANKS; b++)
			for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
				if (t->banks & 1u << b &&
				    t->cell[POLICY_READ][l][b][pcr].line == read->line &&
				    t->cell[op][l][b][pcr].line == other->line)
					pcrs |= 1u << pcr;
	return pcrs;
}

static const char *const consequence[POLICY_OPS] = {
	[POLICY_SEAL] = "policies that programs compute from what they read will not open",
	[POLICY_QUOTE] = "what programs read will not fit the quote",
};

static char *by_rule(const char *op, const struct policy_effect *e)
{
	if (e->line)
		return ctl_format("%s goes to %s (line %u)", op, e->what, e->line);
	return ctl_format("%s goes to %s (no rule)", op, e->what);
}

static void say(const char *file, unsigned int op, uint32_t pcrs, const struct policy_effect *read,
		const struct policy_effect *other, struct json_object *list)
{
	char *pcr_text = policy_list_text(pcrs), *a = by_rule(policy_op_names[op], other);
	char *b = by_rule("read", read);
	unsigned int line = other->line ?: read->line;
	char *text = ctl_format("PCR %s: %s and %s: %s", pcr_text, a, b, consequence[op]);
	struct json_object *object;

	fprintf(stderr, "%s:%u: warning: %s\n", file, line, text);
	if (list) {
		object = json_object_new_object();
		ctl_json_number(object, "line", line);
		ctl_json_string(object, "text", text);
		json_object_array_add(list, object);
	}
	free(pcr_text);
	free(a);
	free(b);
	free(text);
}

/* One warning for each two rules, where their first cell is. */
static unsigned int warn_of(const struct policy_text *t, unsigned int op, const char *file,
			    struct json_object *list)
{
	const struct policy_effect *read = &t->cell[POLICY_READ][0][0][0];
	const struct policy_effect *other = &t->cell[op][0][0][0];
	struct { unsigned int read, other; } seen[CELLS];
	unsigned int i, n, count = 0;

	for (i = 0; i < CELLS; i++, read++, other++) {
		if (!(t->banks & 1u << (i / VTPMCTL_PCRS % POLICY_BANKS)) || !differ(read, other))
			continue;
		for (n = 0; n < count; n++)
			if (seen[n].read == read->line && seen[n].other == other->line)
				break;
		if (n < count)
			continue;
		seen[count].read = read->line;
		seen[count++].other = other->line;
		say(file, op, parted(t, op, read, other), read, other, list);
	}
	return count;
}

/* On stderr, and to @list when that is not NULL. Returns how many there are. */
unsigned int ctl_policy_warn(const char *file, const char *text, size_t len,
			     struct json_object *list)
{
	struct policy_text *t = policy_text_read(text, len);
	unsigned int count;

	count = warn_of(t, POLICY_SEAL, file, list);
	count += warn_of(t, POLICY_QUOTE, file, list);
	free(t);
	return count;
}
