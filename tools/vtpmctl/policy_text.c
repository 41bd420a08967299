// SPDX-License-Identifier: GPL-2.0-only
/* A policy's text: providers with their options, banks, and which rule counts where. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy_text.h"

const char *const policy_op_names[POLICY_OPS] = { "read", "seal", "quote" };

static const char *const bank_names[POLICY_BANKS] = { "sha1", "sha256", "sha384", "sha512" };

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
	struct policy_effect effect;
};

/* ---- words ---- */

uint32_t policy_list(const char *s)
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

char *policy_list_text(uint32_t pcrs)
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

static unsigned int find(const char *const *names, unsigned int count, const char *word)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (!strcmp(names[i], word))
			return 1u << i;
	return 0;
}

static void copy_word(char to[POLICY_WORD], const char *from)
{
	snprintf(to, POLICY_WORD, "%s", from);
}

/* The next word of the line; NULL at its end or at a comment. */
static char *next_word(char **line)
{
	char *word = strtok_r(NULL, " \t", line);

	return word && *word != '#' ? word : NULL;
}

/* ---- rules ---- */

static void take_word(struct rule *r, char *word)
{
	char *value = strchr(word, '=');

	if (value)
		*value++ = '\0';
	if (value && !strcmp(word, "pcr"))
		r->pcrs = policy_list(value);
	else if (value && !strcmp(word, "bank"))
		r->banks = find(bank_names, POLICY_BANKS, value);
	else if (value && !strcmp(word, "locality"))
		r->localities = policy_list(value);
	else
		copy_word(r->effect.what, value ?: word);
}

/* Gives a rule what no earlier one has taken. */
static void apply(struct policy_text *p, const struct rule *r)
{
	unsigned int op, l, b, pcr;

	for (op = 0; op < POLICY_OPS; op++)
		for (l = 0; l < POLICY_LOCALITIES; l++)
			for (b = 0; b < POLICY_BANKS; b++)
				for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
					struct policy_effect *cell = &p->cell[op][l][b][pcr];

					if (!cell->line && r->ops & 1u << op &&
					    r->localities & 1u << l && r->banks & 1u << b &&
					    r->pcrs & 1u << pcr)
						*cell = r->effect;
				}
}

static void take_rule(struct policy_text *p, unsigned int ops, unsigned int number, char **line)
{
	struct rule r = {
		.ops = ops, .localities = ~0u, .banks = ~0u, .effect.line = number
	};
	char *word;

	while ((word = next_word(line)))
		take_word(&r, word);
	apply(p, &r);
}

/* ---- other statements ---- */

static void take_banks(struct policy_text *p, char **line)
{
	char *word;

	p->banks = 0;
	while ((word = next_word(line)))
		p->banks |= find(bank_names, POLICY_BANKS, word);
}

static void take_provider(struct policy_text *p, char **line)
{
	char *name = next_word(line), *word, *value;
	struct policy_provider *is = &p->provider[p->providers];
	struct policy_option *o;

	if (!name || policy_provider_named(p, name) || p->providers == POLICY_PROVIDERS)
		return;		/* "hash" is there without a statement */
	copy_word(is->name, name);
	p->providers++;
	while ((word = next_word(line)) && is->options < POLICY_OPTIONS) {
		value = strchr(word, '=');
		if (!value)
			continue;
		*value++ = '\0';
		o = &is->option[is->options++];
		copy_word(o->name, word);
		copy_word(o->value, value);
	}
}

static void take_version(struct policy_text *p, char **line)
{
	char *word = next_word(line);

	p->version = word ? strtoull(word, NULL, 10) : 0;
}

static void take_update(struct policy_text *p, char **line)
{
	char *word;
	size_t at = 0;

	while ((word = next_word(line)) && at < sizeof(p->update))
		at += (size_t)snprintf(p->update + at, sizeof(p->update) - at, "%s%s",
				       at ? " " : "", word);
}

static void take_line(struct policy_text *p, char *line, unsigned int number)
{
	char *rest = NULL, *first = strtok_r(line, " \t", &rest);
	unsigned int ops;

	if (!first || *first == '#')
		return;
	ops = strcmp(first, "all") ? find(policy_op_names, POLICY_OPS, first) : ~0u;
	if (ops)
		take_rule(p, ops, number, &rest);
	else if (!strcmp(first, "bank"))
		take_banks(p, &rest);
	else if (!strcmp(first, "provider"))
		take_provider(p, &rest);
	else if (!strcmp(first, "version"))
		take_version(p, &rest);
	else if (!strcmp(first, "update"))
		take_update(p, &rest);
}

/* ---- the whole ---- */

struct policy_text *policy_text_read(const char *text, size_t len)
{
	struct policy_text *p = ctl_alloc(1, sizeof(*p));
	struct policy_effect *cell = &p->cell[0][0][0][0];
	char *copy = ctl_alloc(len + 1, 1), *line = copy, *end;
	unsigned int number;
	size_t i;

	memset(p, 0, sizeof(*p));
	for (i = 0; i < sizeof(p->cell) / sizeof(*cell); i++)
		copy_word(cell[i].what, "hash");
	copy_word(p->provider[p->providers++].name, "hash");
	p->banks = ~0u;
	strcpy(p->update, "admin");
	memcpy(copy, text, len);
	copy[len] = '\0';
	for (number = 1; line; number++, line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		take_line(p, line, number);
	}
	free(copy);
	return p;
}

void policy_text_json(struct json_object *object, const char *text, size_t len)
{
	struct policy_text *p = policy_text_read(text, len);

	ctl_json_number(object, "policy_version", p->version);
	ctl_json_string(object, "update", p->update);
	free(p);
}

bool policy_is_provider(const struct policy_effect *e)
{
	return strcmp(e->what, "hide") && strcmp(e->what, "deny");
}

const struct policy_provider *policy_provider_named(const struct policy_text *p, const char *name)
{
	unsigned int i;

	for (i = 0; i < p->providers; i++)
		if (!strcmp(p->provider[i].name, name))
			return &p->provider[i];
	return NULL;
}

const char *policy_option(const struct policy_provider *p, const char *name)
{
	unsigned int i;

	for (i = 0; i < p->options; i++)
		if (!strcmp(p->option[i].name, name))
			return p->option[i].value;
	return NULL;
}
