// SPDX-License-Identifier: GPL-2.0-only
/* The statements "command", "algorithm" and "limit": how much of a TPM the instance is. */
#include "parser.h"

static int get_profile(struct vtpm_parser *p, struct tpm2_profile **profile)
{
	if (!p->policy->profile) {
		p->policy->profile = vt_alloc(p->mem, sizeof(**profile));
		if (!p->policy->profile)
			return -ENOMEM;
		tpm2_profile_all(p->policy->profile);
	}
	*profile = p->policy->profile;
	return 0;
}

/* ---- command, algorithm ---- */

/**
 * struct kind - what a list of names is of
 * @what: one of them, for errors
 * @none: leaves nothing but what has to be there
 * @find: the number of a name's bit; negative: there is no such name
 * @needed: it cannot be denied; NULL: all can
 * @bits: where the bits are
 */
struct kind {
	const char *what;
	void (*none)(struct tpm2_profile *p);
	int (*find)(const char *name, size_t len);
	bool (*needed)(int bit);
	unsigned long *(*bits)(struct tpm2_profile *p);
};

static int find_command(const char *name, size_t len)
{
	u32 code = tpm2_command_by_name(name, len);

	return code ? (int)(code - TPM_CC_FIRST) : -EINVAL;
}

static bool command_needed(int bit)
{
	return tpm2_command_needed(TPM_CC_FIRST + bit);
}

static unsigned long *command_bits(struct tpm2_profile *p)
{
	return p->commands;
}

static unsigned long *algorithm_bits(struct tpm2_profile *p)
{
	return p->algs;
}

static const struct kind kinds[] = {
	[VTPM_LIST_COMMANDS] = {
		"command", tpm2_profile_no_commands, find_command, command_needed, command_bits,
	},
	[VTPM_LIST_ALGORITHMS] = {
		"algorithm", tpm2_profile_no_algs, tpm2_alg_by_name, NULL, algorithm_bits,
	},
};

static int take_name(struct vtpm_parser *p, const struct kind *k, const struct vtpm_word *w,
		     bool allow)
{
	unsigned long *bits = k->bits(p->policy->profile);
	int bit = k->find(w->s, w->len);
	bool needed = bit >= 0 && k->needed && k->needed(bit);

	if (bit < 0)
		return vtpm_text_fail(&p->text, w->column, "this TPM has no %s \"%.*s\"", k->what,
				      vtpm_shown(w), w->s);
	if (needed && !allow)
		return vtpm_text_fail(&p->text, w->column, "no TPM can be without \"%.*s\"",
				      vtpm_shown(w), w->s);
	if (!needed && !!test_bit(bit, bits) == allow)
		return vtpm_text_fail(&p->text, w->column, "%s \"%.*s\" a second time", k->what,
				      vtpm_shown(w), w->s);
	if (allow)
		__set_bit(bit, bits);
	else
		__clear_bit(bit, bits);
	return 0;
}

static int take_names(struct vtpm_parser *p, const struct kind *k, bool allow)
{
	struct vtpm_word w;
	bool any = false;
	int rc;

	while (vtpm_text_word(&p->text, &w)) {
		rc = take_name(p, k, &w, allow);
		if (rc)
			return rc;
		any = true;
	}
	if (any)
		return 0;
	return vtpm_text_fail(&p->text, vtpm_line_end(p), "the %s's name is missing", k->what);
}

int vtpm_parse_names(struct vtpm_parser *p, const struct vtpm_word *first, u32 list)
{
	const struct kind *k = &kinds[list];
	struct tpm2_profile *profile;
	struct vtpm_word w;
	bool allow;
	int rc;

	if (!vtpm_text_word(&p->text, &w))
		return vtpm_text_fail(&p->text, vtpm_line_end(p), "%s allow or deny NAME...",
				      k->what);
	allow = vtpm_word_is(&w, "allow");
	if (!allow && !vtpm_word_is(&w, "deny"))
		return vtpm_text_fail(&p->text, w.column, "\"%.*s\": %s allow or deny NAME...",
				      vtpm_shown(&w), w.s, k->what);
	rc = get_profile(p, &profile);
	if (rc)
		return rc;
	if (p->list_mode[list] && p->list_mode[list] != 1 + allow)
		return vtpm_text_fail(&p->text, w.column,
				      "allow and deny of the same kind: one of them says it all");
	if (allow && !p->list_mode[list])
		k->none(profile);
	p->list_mode[list] = 1 + allow;
	p->list_line = p->text.number;
	p->list_column = first->column;
	return take_names(p, k, allow);
}

int vtpm_close_profile(struct vtpm_parser *p)
{
	if (!p->policy->profile || !tpm2_profile_close(p->policy->profile))
		return 0;
	return vtpm_text_fail_at(p->text.err, p->list_line, p->list_column,
				 "no hash algorithm is left, and no TPM can be without one");
}

/* ---- limit ---- */

enum { LIMIT_NV, LIMIT_OBJECTS, LIMIT_SESSIONS, LIMIT_LOG, LIMIT_AK_USES };

static const struct {
	const char *word;
	u32 min;
	u32 max;
} limits[] = {
	[LIMIT_NV]		= { "nv", 0, TPM2_MAX_NV_SPACE },
	[LIMIT_OBJECTS]		= { "objects", TPM2_MIN_OBJECTS, TPM2_MAX_OBJECTS },
	[LIMIT_SESSIONS]	= { "sessions", TPM2_MIN_SESSIONS, TPM2_MAX_ALL_SESSIONS },
	[LIMIT_LOG]		= { "log", 0, VTPM_MAX_LOG },
	[LIMIT_AK_USES]		= { "ak-uses", 1, 1000000 },
};

static int set_limit(struct vtpm_parser *p, unsigned int i, u32 value)
{
	struct tpm2_profile *profile;
	int rc;

	if (i == LIMIT_LOG) {
		p->policy->log_bytes = value;
		return 0;
	}
	rc = get_profile(p, &profile);
	if (rc)
		return rc;
	if (i == LIMIT_NV)
		profile->nv_bytes = value;
	else if (i == LIMIT_OBJECTS)
		profile->objects = value;
	else if (i == LIMIT_SESSIONS)
		profile->sessions = value;
	else
		profile->ak_uses = value;
	return 0;
}

static int parse_amount(struct vtpm_parser *p, const struct vtpm_word *w, unsigned int i,
			u32 *amount)
{
	u32 v = 0;
	size_t n;

	for (n = 0; n < w->len && isdigit((unsigned char)w->s[n]); n++)
		v = min(v * 10 + (w->s[n] - '0'), 100000000u);
	if (!n || n < w->len)
		return vtpm_text_fail(&p->text, w->column + n, "\"%s\" is a number",
				      limits[i].word);
	if (v < limits[i].min || v > limits[i].max)
		return vtpm_text_fail(&p->text, w->column, "\"%s\" is %u to %u", limits[i].word,
				      limits[i].min, limits[i].max);
	*amount = v;
	return 0;
}

static int parse_one_limit(struct vtpm_parser *p, struct vtpm_word *w, u32 *seen)
{
	struct vtpm_word value;
	bool has_value = vtpm_word_split(w, '=', &value);
	unsigned int i;
	u32 amount = 0;
	int rc;

	for (i = 0; i < ARRAY_SIZE(limits); i++)
		if (vtpm_word_is(w, limits[i].word))
			break;
	if (i == ARRAY_SIZE(limits))
		return vtpm_text_fail(&p->text, w->column,
				      "\"%.*s\": limit nv=, objects=, sessions=, log=, ak-uses=",
				      vtpm_shown(w), w->s);
	if (!has_value)
		return vtpm_text_fail(&p->text, w->column, "\"%s\" lacks \"=\" and a value",
				      limits[i].word);
	if (*seen & BIT(i))
		return vtpm_text_fail(&p->text, w->column, "\"%s\" a second time",
				      limits[i].word);
	*seen |= BIT(i);
	rc = parse_amount(p, &value, i, &amount);
	return rc ?: set_limit(p, i, amount);
}

int vtpm_parse_limit(struct vtpm_parser *p, const struct vtpm_word *first __always_unused,
		     u32 arg __always_unused)
{
	struct vtpm_word w;
	u32 seen = 0;
	int rc;

	while (vtpm_text_word(&p->text, &w)) {
		rc = parse_one_limit(p, &w, &seen);
		if (rc)
			return rc;
	}
	if (seen)
		return 0;
	return vtpm_text_fail(&p->text, vtpm_line_end(p),
			      "limit nv=, objects=, sessions=, log=, ak-uses=");
}
