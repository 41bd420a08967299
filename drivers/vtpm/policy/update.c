// SPDX-License-Identifier: GPL-2.0-only
/* The statements "version" and "update", and what they say when another policy is to come. */
#include "parser.h"
#include "../property/certs.h"

#define MAX_DIGITS	18	/* of a version, as of a manifest's */

/* ---- version ---- */

int vtpm_parse_version(struct vtpm_parser *p, const struct vtpm_word *first __always_unused,
		       u32 arg __always_unused)
{
	struct vtpm_update *u = &p->policy->update;
	struct vtpm_word w;
	u64 v = 0;
	size_t i;

	if (!vtpm_text_word(&p->text, &w))
		return vtpm_text_fail(&p->text, vtpm_line_end(p), "the version is missing");
	for (i = 0; i < w.len && w.len <= MAX_DIGITS && isdigit((unsigned char)w.s[i]); i++)
		v = v * 10 + (w.s[i] - '0');
	if (!i || i < w.len || w.s[0] == '0')
		return vtpm_text_fail(&p->text, w.column,
				      "a version is 1 to %d digits and does not begin with 0",
				      MAX_DIGITS);
	u->version = v;
	u->version_line = p->text.number;
	u->version_column = w.column;
	return vtpm_parse_end(p);
}

/* ---- update ---- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int parse_key(struct vtpm_parser *p, const struct vtpm_word *w, struct vtpm_update *u)
{
	size_t i;

	for (i = 0; i < w->len && i < 2 * sizeof(u->key); i++) {
		int digit = hex_digit(w->s[i]);

		if (digit < 0)
			return vtpm_text_fail(&p->text, w->column + i,
					      "a key's digest is of 0-9 a-f");
		u->key[i / 2] = u->key[i / 2] << 4 | digit;
	}
	if (w->len != 2 * sizeof(u->key))
		return vtpm_text_fail(&p->text, w->column,
				      "a key's digest has %zu digits, as vtpmctl trust list shows it",
				      2 * sizeof(u->key));
	u->has_key = true;
	return 0;
}

/* signed=PARTY [key=DIGEST] */
static int parse_signed(struct vtpm_parser *p, const struct vtpm_word *party,
			struct vtpm_update *u)
{
	struct vtpm_word w, value;

	if (!vtpm_word_is_name(party, VTPM_NAME_MAX))
		return vtpm_text_fail(&p->text, party->column,
				      "a party's name is 1 to %d of A-Z a-z 0-9 . _ -",
				      VTPM_NAME_MAX);
	vtpm_word_copy(party, u->party);
	u->by = VTPM_UPDATE_SIGNED;
	if (!vtpm_text_word(&p->text, &w))
		return 0;
	if (!vtpm_word_split(&w, '=', &value) || !vtpm_word_is(&w, "key"))
		return vtpm_text_fail(&p->text, w.column, "\"%.*s\": expected key=DIGEST",
				      vtpm_shown(&w), w.s);
	return parse_key(p, &value, u);
}

int vtpm_parse_update(struct vtpm_parser *p, const struct vtpm_word *first __always_unused,
		      u32 arg __always_unused)
{
	struct vtpm_update *u = &p->policy->update;
	struct vtpm_word w, value;
	bool has_value;
	int rc = 0;

	if (!vtpm_text_word(&p->text, &w))
		return vtpm_text_fail(&p->text, vtpm_line_end(p),
				      "update never, admin, or signed=PARTY");
	has_value = vtpm_word_split(&w, '=', &value);
	if (has_value && vtpm_word_is(&w, "signed"))
		rc = parse_signed(p, &value, u);
	else if (!has_value && vtpm_word_is(&w, "never"))
		u->by = VTPM_UPDATE_NEVER;
	else if (has_value || !vtpm_word_is(&w, "admin"))
		return vtpm_text_fail(&p->text, w.column,
				      "\"%.*s\": update never, admin, or signed=PARTY",
				      vtpm_shown(&w), w.s);
	return rc ?: vtpm_parse_end(p);
}

/* ---- the rule ---- */

int vtpm_update_check(const struct vtpm_update *rule, const struct vtpm_p7 *message,
		      char by[VTPM_NAME_MAX + 1], struct vtpm_text_error *err)
{
	bool one = rule->by == VTPM_UPDATE_SIGNED;

	by[0] = '\0';
	if (rule->by == VTPM_UPDATE_NEVER) {
		vtpm_text_fail_at(err, 0, 0, "the policy in force says: update never");
		return -EACCES;
	}
	if (message)
		return vtpm_trust_check(message, one ? rule->party : NULL,
					rule->has_key ? rule->key : NULL, by);
	if (!one)
		return 0;
	vtpm_text_fail_at(err, 0, 0, "the policy in force takes only what %s has signed",
			  rule->party);
	return -EACCES;
}

int vtpm_update_order(const struct vtpm_update *rule, const struct vtpm_policy *next,
		      struct vtpm_text_error *err)
{
	const struct vtpm_update *u = &next->update;

	if (rule->by != VTPM_UPDATE_SIGNED || u->version > rule->version)
		return 0;
	vtpm_text_fail_at(err, u->version_line, u->version_column,
			  "this is version %llu, and version %llu is in force: a higher one is due",
			  u->version, rule->version);
	return -EACCES;
}
