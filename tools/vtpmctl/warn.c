// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a policy that the kernel takes may still do to those who use it. Programs read PCRs
 * and hand what they have read to TPM2_PolicyPCR, or compare it with a quote: where sealing
 * or quoting goes to another provider than reading does, that cannot fit.
 *
 * The kernel has said that the text is right, so what is not understood here is passed over.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtpmctl.h"

#define LOCALITIES	5
#define BANKS		4
#define WORDS		32
#define EFFECT		64

enum { READ, SEAL, QUOTE, OPS };

static const char *const op_names[OPS] = { "read", "seal", "quote" };
static const char *const bank_names[BANKS] = { "sha1", "sha256", "sha384", "sha512" };

/**
 * struct effect - what a rule says, or that there is none
 * @line: the rule's; 0: no rule
 * @what: provider's name, "hide" or "deny"
 */
struct effect {
	unsigned int line;
	char what[EFFECT];
};

/**
 * struct rule - one rule of the text
 * @ops: bit i: for operation i
 * @pcrs: likewise PCRs
 * @banks: likewise banks
 * @localities: likewise localities
 * @effect: what it says
 */
struct rule {
	unsigned int ops, banks, localities;
	uint32_t pcrs;
	struct effect effect;
};

struct table {
	struct effect cell[OPS][LOCALITIES][BANKS][VTPMCTL_PCRS];
};

/* ---- reading ---- */

/* "0-7,10" or "all" */
static uint32_t list_of(const char *s)
{
	uint32_t bits = 0;
	unsigned long low, high;
	char *end;

	if (!strcmp(s, "all"))
		return ~0u;
	while (isdigit((unsigned char)*s)) {
		low = strtoul(s, &end, 10);
		high = *end == '-' ? strtoul(end + 1, &end, 10) : low;
		for (; low <= high && low < 32; low++)
			bits |= 1u << low;
		s = *end == ',' ? end + 1 : end;
	}
	return bits;
}

static unsigned int find(const char *const *names, unsigned int count, const char *word)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (!strcmp(names[i], word))
			return 1u << i;
	return 0;
}

static void take_word(struct rule *r, char *word)
{
	char *value = strchr(word, '=');

	if (value)
		*value++ = '\0';
	if (value && !strcmp(word, "pcr"))
		r->pcrs = list_of(value);
	else if (value && !strcmp(word, "bank"))
		r->banks = find(bank_names, BANKS, value);
	else if (value && !strcmp(word, "locality"))
		r->localities = list_of(value);
	else
		snprintf(r->effect.what, sizeof(r->effect.what), "%s", value ?: word);
}

/* Gives a rule what no earlier one has taken. */
static void apply(struct table *t, const struct rule *r)
{
	unsigned int op, l, b, pcr;

	for (op = 0; op < OPS; op++)
		for (l = 0; l < LOCALITIES; l++)
			for (b = 0; b < BANKS; b++)
				for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
					struct effect *cell = &t->cell[op][l][b][pcr];

					if (!cell->line && r->ops & 1u << op &&
					    r->localities & 1u << l && r->banks & 1u << b &&
					    r->pcrs & 1u << pcr)
						*cell = r->effect;
				}
}

static void take_line(struct table *t, char *line, unsigned int number, unsigned int *banks)
{
	struct rule r = { .localities = ~0u, .banks = ~0u, .effect.line = number };
	char *save = NULL, *first = strtok_r(line, " \t", &save), *word;

	if (!first || *first == '#')
		return;
	r.ops = strcmp(first, "all") ? find(op_names, OPS, first) : ~0u;
	if (!strcmp(first, "bank"))
		*banks = 0;
	else if (!r.ops)
		return;
	while ((word = strtok_r(NULL, " \t", &save)) && *word != '#') {
		if (r.ops)
			take_word(&r, word);
		else
			*banks |= find(bank_names, BANKS, word);
	}
	if (r.ops)
		apply(t, &r);
}

static struct table *read_text(const char *text, size_t len, unsigned int *banks)
{
	struct table *t = ctl_alloc(1, sizeof(*t));
	struct effect *cell = &t->cell[0][0][0][0];
	char *copy = ctl_alloc(len + 1, 1), *line = copy, *end;
	unsigned int number;
	size_t i;

	memset(t, 0, sizeof(*t));
	for (i = 0; i < sizeof(*t) / sizeof(*cell); i++)
		strcpy(cell[i].what, "hash");
	memcpy(copy, text, len);
	copy[len] = '\0';
	*banks = ~0u;
	for (number = 1; line; number++, line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		take_line(t, line, number, banks);
	}
	free(copy);
	return t;
}

/* ---- saying ---- */

static bool is_provider(const struct effect *e)
{
	return strcmp(e->what, "hide") && strcmp(e->what, "deny");
}

static bool differ(const struct effect *read, const struct effect *other)
{
	return is_provider(read) && is_provider(other) && strcmp(read->what, other->what);
}

/* Of @op and reading: the PCRs that the rules of these two cells part. */
static uint32_t parted(const struct table *t, unsigned int op, unsigned int banks,
		       const struct effect *read, const struct effect *other)
{
	unsigned int l, b, pcr;
	uint32_t pcrs = 0;

	for (l = 0; l < LOCALITIES; l++)
		for (b = 0; b < BANKS; b++)
			for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
				if (banks & 1u << b &&
				    t->cell[READ][l][b][pcr].line == read->line &&
				    t->cell[op][l][b][pcr].line == other->line)
					pcrs |= 1u << pcr;
	return pcrs;
}

static char *list_text(uint32_t pcrs)
{
	char *text = ctl_format("%s", ""), *more;
	unsigned int low, high;

	for (low = 0; low < VTPMCTL_PCRS; low = high + 1) {
		high = low;
		if (!(pcrs & 1u << low))
			continue;
		while (high + 1 < VTPMCTL_PCRS && pcrs & 1u << (high + 1))
			high++;
		more = high > low ? ctl_format("%s%s%u-%u", text, *text ? "," : "", low, high) :
				    ctl_format("%s%s%u", text, *text ? "," : "", low);
		free(text);
		text = more;
	}
	return text;
}

static const char *const consequence[OPS] = {
	[SEAL] = "policies that programs compute from what they read will not open",
	[QUOTE] = "what programs read will not fit the quote",
};

static char *by_rule(const char *op, const struct effect *e)
{
	if (e->line)
		return ctl_format("%s goes to %s (line %u)", op, e->what, e->line);
	return ctl_format("%s goes to %s (no rule)", op, e->what);
}

static void say(const char *file, unsigned int op, uint32_t pcrs, const struct effect *read,
		const struct effect *other, struct json_object *list)
{
	char *pcr_text = list_text(pcrs), *a = by_rule(op_names[op], other);
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
static unsigned int warn_of(const struct table *t, unsigned int op, unsigned int banks,
			    const char *file, struct json_object *list)
{
	const struct effect *read = &t->cell[READ][0][0][0], *other = &t->cell[op][0][0][0];
	struct { unsigned int read, other; } seen[LOCALITIES * BANKS * VTPMCTL_PCRS];
	unsigned int i, n, count = 0;

	for (i = 0; i < LOCALITIES * BANKS * VTPMCTL_PCRS; i++, read++, other++) {
		if (!(banks & 1u << (i / VTPMCTL_PCRS % BANKS)) || !differ(read, other))
			continue;
		for (n = 0; n < count; n++)
			if (seen[n].read == read->line && seen[n].other == other->line)
				break;
		if (n < count)
			continue;
		seen[count].read = read->line;
		seen[count++].other = other->line;
		say(file, op, parted(t, op, banks, read, other), read, other, list);
	}
	return count;
}

/* On stderr, and to @list when that is not NULL. Returns how many there are. */
unsigned int ctl_policy_warn(const char *file, const char *text, size_t len,
			     struct json_object *list)
{
	unsigned int banks, count;
	struct table *t = read_text(text, len, &banks);

	count = warn_of(t, SEAL, banks, file, list);
	count += warn_of(t, QUOTE, banks, file, list);
	free(t);
	return count;
}
