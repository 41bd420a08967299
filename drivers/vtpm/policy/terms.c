// SPDX-License-Identifier: GPL-2.0-only
/*
 * The statements "key", "migration" and "disclose": what an instance has to do with its
 * host's TPM and with other hosts. What is not there yet can be said, and is refused with
 * that reason, so that no policy promises what nobody keeps.
 */
#include "parser.h"

/* ---- key ---- */

static const char *const hierarchies[] = { "owner", "endorsement", "platform", "null", NULL };
static const char *const types[] = { "rsa", "ecc", "keyedhash", "symcipher", NULL };
static const char *const usages[] = { "sign", "attest", "decrypt", "storage", NULL };
static const char *const templates[] = { "ek", "srk", "ak", NULL };

/* For which keys; without any of them for all. */
static const struct {
	const char *word;
	const char *const *values;
	const char *shown;
} key_words[] = {
	{ "hierarchy", hierarchies, "owner, endorsement, platform, null" },
	{ "type", types, "rsa, ecc, keyedhash, symcipher" },
	{ "usage", usages, "sign, attest, decrypt, storage" },
	{ "template", templates, "ek, srk, ak" },
};

static bool is_one_of(const struct vtpm_word *w, const char *const *values)
{
	for (; *values; values++)
		if (vtpm_word_is(w, *values))
			return true;
	return false;
}

static int parse_key_word(struct vtpm_parser *p, struct vtpm_word *w, u32 *seen)
{
	struct vtpm_word value;
	bool has_value = vtpm_word_split(w, '=', &value);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(key_words); i++)
		if (vtpm_word_is(w, key_words[i].word))
			break;
	if (i == ARRAY_SIZE(key_words))
		return vtpm_text_fail(&p->text, w->column,
				      "\"%.*s\": keys have hierarchy=, type=, usage=, template=",
				      vtpm_shown(w), w->s);
	if (!has_value)
		return vtpm_text_fail(&p->text, w->column, "\"%s\" lacks \"=\" and a value",
				      key_words[i].word);
	if (*seen & BIT(i))
		return vtpm_text_fail(&p->text, w->column, "\"%s\" a second time",
				      key_words[i].word);
	*seen |= BIT(i);
	if (is_one_of(&value, key_words[i].values))
		return 0;
	return vtpm_text_fail(&p->text, value.column, "\"%s\" is one of %s", key_words[i].word,
			      key_words[i].shown);
}

int vtpm_parse_key(struct vtpm_parser *p, const struct vtpm_word *first __always_unused,
		   u32 arg __always_unused)
{
	struct vtpm_word strategy, w;
	u32 seen = 0;
	int rc = 0;

	if (!vtpm_text_word(&p->text, &strategy))
		return vtpm_text_fail(&p->text, vtpm_line_end(p), "key software or host");
	if (!vtpm_word_is(&strategy, "software") && !vtpm_word_is(&strategy, "host"))
		return vtpm_text_fail(&p->text, strategy.column, "\"%.*s\": key software or host",
				      vtpm_shown(&strategy), strategy.s);
	while (!rc && vtpm_text_word(&p->text, &w))
		rc = parse_key_word(p, &w, &seen);
	if (rc || vtpm_word_is(&strategy, "software"))
		return rc;
	return vtpm_text_fail(&p->text, strategy.column, "host keys come with a later version");
}

/* ---- migration ---- */

int vtpm_parse_migration(struct vtpm_parser *p, const struct vtpm_word *first __always_unused,
			 u32 arg __always_unused)
{
	struct vtpm_word w, to;

	if (!vtpm_text_word(&p->text, &w))
		return vtpm_text_fail(&p->text, vtpm_line_end(p),
				      "migration forbidden, allowed, or to=PROPERTY");
	if (vtpm_word_is(&w, "forbidden"))
		return vtpm_parse_end(p);
	if (vtpm_word_is(&w, "allowed") ||
	    (vtpm_word_split(&w, '=', &to) && vtpm_word_is(&w, "to") && to.len))
		return vtpm_text_fail(&p->text, w.column, "migration comes with a later version");
	return vtpm_text_fail(&p->text, w.column,
			      "\"%.*s\": migration forbidden, allowed, or to=PROPERTY",
			      vtpm_shown(&w), w.s);
}

/* ---- disclose ---- */

int vtpm_parse_disclose(struct vtpm_parser *p, const struct vtpm_word *first __always_unused,
			u32 arg __always_unused)
{
	static const char *const later[] = { "host-quote", "host-log", "host-key", NULL };
	struct vtpm_word w;

	if (!vtpm_text_word(&p->text, &w))
		return vtpm_text_fail(&p->text, vtpm_line_end(p),
				      "disclose nothing, host-quote, host-log, or host-key");
	if (vtpm_word_is(&w, "nothing"))
		return vtpm_parse_end(p);
	if (is_one_of(&w, later))
		return vtpm_text_fail(&p->text, w.column,
				      "more of the host's TPM than its PCRs comes with a later version");
	return vtpm_text_fail(&p->text, w.column,
			      "\"%.*s\": disclose nothing, host-quote, host-log, or host-key",
			      vtpm_shown(&w), w.s);
}
