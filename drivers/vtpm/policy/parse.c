// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy of an instance: from text to table.
 *
 * One statement a line, words separated by blanks, "#" at the beginning of a
 * word starts a comment. Printable ASCII and tabs alone; lines end with a
 * newline and have at most 255 bytes. In this order of dependence (a rule may
 * use only what stands above it):
 *
 *   name NAME
 *	what the admin calls the policy; [A-Za-z0-9._-], 1 to 63; once
 *   provider NAME [OPTION=VALUE...]
 *	one more property provider, so one more vector of vPCRs. "hash" (the TCG's
 *	extend) is always there and takes no options; "certificate" takes
 *	represent=key|property and party=NAME
 *   bank ALG...
 *	the banks that the instance may have: sha1, sha256, sha384, sha512; once,
 *	above all rules. All of them are active at first, and TPM2_PCR_Allocate
 *	chooses among them. Without this statement sha256 is active, and all may be
 *   OP pcr=LIST [bank=ALG] provider=NAME
 *	OP is read (TPM2_PCR_Read, sysfs), seal (TPM2_PolicyPCR), quote
 *	(TPM2_Quote), certify (creation data), or all. In this operation the
 *	provider's values are those of the PCRs in LIST: "all", or numbers and
 *	ranges such as 0-7,10. Without bank= in every bank
 *   OP pcr=LIST [bank=ALG] hide
 *	in this operation the PCRs are as if the bank did not have them. Not for
 *	seal, nor for all, which includes seal: PolicyPCR over PCRs that are not
 *	there would be a policy that every state satisfies
 *
 * The first rule that fits counts; where none does, provider hash. A rule of
 * which earlier rules leave nothing is an error, as the author must have meant
 * something else. Hiding a PCR from read does not keep it secret from one who
 * may use it for seal: a guess can be tried there.
 *
 * Another statement is one more row of the table "statements" and its parser.
 */
#include "policy.h"
#include "text.h"
#include "../crypto/crypto.h"
#include "../property/property.h"

#define MAX_LINE	255
#define CELL_UNSET	0xfe
#define NO_PROVIDER	0xff
#define ALL_PCRS	(BIT(VTPM_PCR_COUNT) - 1)
#define ALL_OPS		(BIT(VTPM_OP_COUNT) - 1)

static_assert(VTPM_MAX_PROVIDERS < CELL_UNSET);
static_assert(VTPM_MAX_BANKS == VT_HASH_COUNT);
static_assert(VTPM_PCR_COUNT < 32);

/**
 * struct parser - the policy under construction
 * @text: where reading is
 * @policy: not yet anyone's; has what was read so far
 * @mem: for allocations
 * @rules: rules read so far
 * @named: there was a "name" statement
 */
struct parser {
	struct vtpm_text text;
	struct vtpm_policy *policy;
	struct vt_mem *mem;
	unsigned int rules;
	bool named;
};

/**
 * struct rule - one rule under construction
 * @ops: bit i: for enum vtpm_op i
 * @pcrs: bit i: for PCR i
 * @banks: bit i: for bank i
 * @cell: provider's index or VTPM_CELL_HIDDEN
 * @seen: bit i: rule_words[i] was there
 */
struct rule {
	u32 ops;
	u32 pcrs;
	u32 banks;
	u8 cell;
	u32 seen;
};

/* The end of the line, where something is missing. */
static u32 line_end(const struct parser *p)
{
	return p->text.line_len + 1;
}

static int no_more_words(struct parser *p)
{
	struct vtpm_word w;

	if (!vtpm_text_word(&p->text, &w))
		return 0;
	return vtpm_text_fail(&p->text, w.column, "\"%.*s\": nothing can follow here",
			      vtpm_shown(&w), w.s);
}

/* ---- name ---- */

static int parse_name(struct parser *p, const struct vtpm_word *first, u32 arg __always_unused)
{
	struct vtpm_word w;

	if (p->named)
		return vtpm_text_fail(&p->text, first->column, "a second \"name\" statement");
	if (!vtpm_text_word(&p->text, &w))
		return vtpm_text_fail(&p->text, line_end(p), "the policy's name is missing");
	if (!vtpm_word_is_name(&w, VTPM_NAME_MAX))
		return vtpm_text_fail(&p->text, w.column,
				      "a name is 1 to %d of A-Z a-z 0-9 . _ -", VTPM_NAME_MAX);
	vtpm_word_copy(&w, p->policy->name);
	p->named = true;
	return no_more_words(p);
}

/* ---- provider ---- */

static unsigned int find_provider(const struct vtpm_policy *policy, const struct vtpm_word *w)
{
	unsigned int i;

	for (i = 0; i < policy->providers; i++)
		if (vtpm_word_is(w, policy->provider[i]->ops->name))
			return i;
	return NO_PROVIDER;
}

static void default_options(struct vtpm_policy_provider *e)
{
	u32 i;

	for (i = 0; i < e->ops->option_count; i++) {
		const struct vtpm_option_desc *d = &e->ops->options[i];

		e->option[i].name = d->name;
		e->option[i].value = d->values ? d->values[0] : e->value[i];
	}
}

/* Takes over the caller's reference to @ops, also when it fails. */
static struct vtpm_policy_provider *add_provider(struct parser *p,
						 const struct vtpm_provider *ops)
{
	struct vtpm_policy_provider *e = vt_alloc(p->mem, sizeof(*e));

	if (!e) {
		vtpm_provider_put(ops);
		return NULL;
	}
	e->ops = ops;
	default_options(e);
	p->policy->provider[p->policy->providers++] = e;
	return e;
}

static const char *find_value(const char *const *values, const struct vtpm_word *w)
{
	for (; *values; values++)
		if (vtpm_word_is(w, *values))
			return *values;
	return NULL;
}

static int set_option(struct parser *p, struct vtpm_policy_provider *e, u32 i,
		      const struct vtpm_word *value)
{
	const struct vtpm_option_desc *d = &e->ops->options[i];

	if (d->values) {
		const char *v = find_value(d->values, value);

		if (!v)
			return vtpm_text_fail(&p->text, value->column,
					      "option \"%s\" cannot be \"%.*s\"", d->name,
					      vtpm_shown(value), value->s);
		e->option[i].value = v;
		return 0;
	}
	if (!vtpm_word_is_name(value, VTPM_OPTION_VALUE_MAX))
		return vtpm_text_fail(&p->text, value->column,
				      "option \"%s\" is 1 to %d of A-Z a-z 0-9 . _ -", d->name,
				      VTPM_OPTION_VALUE_MAX);
	vtpm_word_copy(value, e->value[i]);
	return 0;
}

static int parse_option(struct parser *p, struct vtpm_policy_provider *e, struct vtpm_word *w,
			u32 *seen)
{
	struct vtpm_word value;
	u32 i;

	if (!vtpm_word_split(w, '=', &value))
		return vtpm_text_fail(&p->text, w->column, "\"%.*s\": expected option=value",
				      vtpm_shown(w), w->s);
	for (i = 0; i < e->ops->option_count; i++)
		if (vtpm_word_is(w, e->ops->options[i].name))
			break;
	if (i == e->ops->option_count)
		return vtpm_text_fail(&p->text, w->column, "provider \"%s\" has no option \"%.*s\"",
				      e->ops->name, vtpm_shown(w), w->s);
	if (*seen & BIT(i))
		return vtpm_text_fail(&p->text, w->column, "option \"%s\" a second time",
				      e->ops->options[i].name);
	*seen |= BIT(i);
	return set_option(p, e, i, &value);
}

/* "hash" is in every policy; naming it (once) does no more than say so. */
static int provider_entry(struct parser *p, const struct vtpm_word *w,
			  struct vtpm_policy_provider **entry)
{
	unsigned int i = find_provider(p->policy, w);
	const struct vtpm_provider *ops;

	if (i != NO_PROVIDER && p->policy->provider[i]->line)
		return vtpm_text_fail(&p->text, w->column, "provider \"%.*s\" a second time",
				      vtpm_shown(w), w->s);
	if (i != NO_PROVIDER) {
		*entry = p->policy->provider[i];
		return 0;
	}
	if (p->policy->providers == VTPM_MAX_PROVIDERS)
		return vtpm_text_fail(&p->text, w->column, "more than %d providers",
				      VTPM_MAX_PROVIDERS);
	ops = vtpm_provider_get(w->s, w->len);
	if (!ops)
		return vtpm_text_fail(&p->text, w->column,
				      "no provider \"%.*s\" is registered in this kernel",
				      vtpm_shown(w), w->s);
	*entry = add_provider(p, ops);
	return *entry ? 0 : -ENOMEM;
}

static int parse_provider(struct parser *p, const struct vtpm_word *first __always_unused,
			  u32 arg __always_unused)
{
	struct vtpm_policy_provider *e = NULL;
	struct vtpm_word w;
	u32 seen = 0;
	int rc;

	if (!vtpm_text_word(&p->text, &w))
		return vtpm_text_fail(&p->text, line_end(p), "the provider's name is missing");
	rc = provider_entry(p, &w, &e);
	if (rc)
		return rc;
	e->line = p->text.number;
	e->column = w.column;
	while (!rc && vtpm_text_word(&p->text, &w))
		rc = parse_option(p, e, &w, &seen);
	return rc;
}

/* ---- bank ---- */

static int parse_alg(struct parser *p, const struct vtpm_word *w, u32 *bank)
{
	const struct vt_hash_alg *alg = vt_hash_by_name(w->s, w->len);

	if (!alg)
		return vtpm_text_fail(&p->text, w->column,
				      "\"%.*s\": banks are sha1, sha256, sha384, sha512",
				      vtpm_shown(w), w->s);
	*bank = BIT(alg - vt_hash_algs);
	return 0;
}

static int parse_bank(struct parser *p, const struct vtpm_word *first, u32 arg __always_unused)
{
	u32 banks = 0, bank = 0;
	struct vtpm_word w;
	int rc;

	if (p->policy->bank_line)
		return vtpm_text_fail(&p->text, first->column,
				      "a second \"bank\" statement: name all banks in one");
	if (p->rules)
		return vtpm_text_fail(&p->text, first->column,
				      "\"bank\" has to stand above all rules");
	while (vtpm_text_word(&p->text, &w)) {
		rc = parse_alg(p, &w, &bank);
		if (rc)
			return rc;
		if (banks & bank)
			return vtpm_text_fail(&p->text, w.column, "bank \"%.*s\" a second time",
					      vtpm_shown(&w), w.s);
		banks |= bank;
	}
	if (!banks)
		return vtpm_text_fail(&p->text, line_end(p), "the bank's name is missing");
	p->policy->banks = banks;
	p->policy->may = banks;
	p->policy->bank_line = p->text.number;
	p->policy->bank_column = first->column;
	return 0;
}

/* ---- rules ---- */

/* A number at the beginning of @w, which then begins behind it. */
static int parse_pcr(struct parser *p, struct vtpm_word *w, unsigned int *pcr)
{
	u32 column = w->column;
	unsigned int v = 0;
	size_t i;

	for (i = 0; i < w->len && isdigit((unsigned char)w->s[i]); i++)
		v = min(v * 10 + (w->s[i] - '0'), 1000u);
	if (!i)
		return vtpm_text_fail(&p->text, column, "expected the number of a PCR");
	if (v >= VTPM_PCR_COUNT)
		return vtpm_text_fail(&p->text, column, "PCRs are 0 to %d", VTPM_PCR_COUNT - 1);
	w->s += i;
	w->len -= i;
	w->column += i;
	*pcr = v;
	return 0;
}

/* One number or range, up to the comma behind it or the end. */
static int parse_range(struct parser *p, struct vtpm_word *w, u32 *pcrs)
{
	u32 column = w->column, bits;
	unsigned int low, high;
	int rc;

	rc = parse_pcr(p, w, &low);
	if (rc)
		return rc;
	high = low;
	if (w->len && *w->s == '-') {
		w->s++;
		w->len--;
		w->column++;
		rc = parse_pcr(p, w, &high);
		if (rc)
			return rc;
	}
	if (high < low)
		return vtpm_text_fail(&p->text, column, "the range %u-%u runs backwards", low,
				      high);
	bits = (BIT(high + 1) - 1) & ~(BIT(low) - 1);
	if (*pcrs & bits)
		return vtpm_text_fail(&p->text, column, "a PCR is in the list twice");
	*pcrs |= bits;
	return 0;
}

static int parse_pcr_list(struct parser *p, struct rule *r, struct vtpm_word *w)
{
	int rc;

	if (vtpm_word_is(w, "all")) {
		r->pcrs = ALL_PCRS;
		return 0;
	}
	for (;;) {
		rc = parse_range(p, w, &r->pcrs);
		if (rc || !w->len)
			return rc;
		if (*w->s != ',')
			return vtpm_text_fail(&p->text, w->column,
					      "expected \",\" between PCRs, as in 0-7,10");
		w->s++;
		w->len--;
		w->column++;
	}
}

static int parse_rule_bank(struct parser *p, struct rule *r, struct vtpm_word *w)
{
	int rc = parse_alg(p, w, &r->banks);

	if (rc)
		return rc;
	if (!(p->policy->may & r->banks))
		return vtpm_text_fail(&p->text, w->column,
				      "bank \"%.*s\" is none of the \"bank\" statement's",
				      vtpm_shown(w), w->s);
	return 0;
}

static int parse_rule_provider(struct parser *p, struct rule *r, struct vtpm_word *w)
{
	unsigned int i = find_provider(p->policy, w);

	if (i == NO_PROVIDER)
		return vtpm_text_fail(&p->text, w->column,
				      "no line \"provider %.*s\" stands above this rule",
				      vtpm_shown(w), w->s);
	r->cell = i;
	return 0;
}

static int parse_hide(struct parser *p, struct rule *r, struct vtpm_word *w)
{
	if (r->ops & BIT(VTPM_OP_SEAL))
		return vtpm_text_fail(&p->text, w->column,
				      "no hiding from seal: a seal over nothing opens in every state");
	r->cell = VTPM_CELL_HIDDEN;
	return 0;
}

enum { WORD_PCR, WORD_BANK, WORD_PROVIDER, WORD_HIDE };

static const struct {
	const char *word;
	bool has_value;
	int (*parse)(struct parser *p, struct rule *r, struct vtpm_word *w);
} rule_words[] = {
	[WORD_PCR]	= { "pcr", true, parse_pcr_list },
	[WORD_BANK]	= { "bank", true, parse_rule_bank },
	[WORD_PROVIDER]	= { "provider", true, parse_rule_provider },
	[WORD_HIDE]	= { "hide", false, parse_hide },
};

static int parse_rule_word(struct parser *p, struct rule *r, struct vtpm_word *w)
{
	struct vtpm_word value;
	bool has_value = vtpm_word_split(w, '=', &value);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rule_words); i++)
		if (vtpm_word_is(w, rule_words[i].word))
			break;
	if (i == ARRAY_SIZE(rule_words))
		return vtpm_text_fail(&p->text, w->column,
				      "\"%.*s\": a rule has pcr=, bank=, and provider= or hide",
				      vtpm_shown(w), w->s);
	if (rule_words[i].has_value != has_value)
		return vtpm_text_fail(&p->text, w->column, "\"%s\" %s", rule_words[i].word,
				      has_value ? "has no value" : "lacks \"=\" and a value");
	if (r->seen & BIT(i))
		return vtpm_text_fail(&p->text, w->column, "\"%s\" a second time",
				      rule_words[i].word);
	r->seen |= BIT(i);
	return rule_words[i].parse(p, r, has_value ? &value : w);
}

/* Gives the rule whatever no earlier rule has taken. Return: was there any? */
static bool apply_rule(struct vtpm_policy *policy, const struct rule *r)
{
	unsigned int op, bank, pcr;
	bool any = false;

	for (op = 0; op < VTPM_OP_COUNT; op++)
		for (bank = 0; bank < VTPM_MAX_BANKS; bank++)
			for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++) {
				u8 *cell = &policy->cell[op][bank][pcr];

				if (*cell != CELL_UNSET || !(r->ops & BIT(op)) ||
				    !(r->banks & BIT(bank)) || !(r->pcrs & BIT(pcr)))
					continue;
				*cell = r->cell;
				any = true;
			}
	return any;
}

static int check_rule(struct parser *p, const struct rule *r)
{
	if (!(r->seen & BIT(WORD_PCR)))
		return vtpm_text_fail(&p->text, line_end(p), "the rule lacks pcr=LIST");
	if (!(r->seen & (BIT(WORD_PROVIDER) | BIT(WORD_HIDE))))
		return vtpm_text_fail(&p->text, line_end(p),
				      "the rule lacks provider=NAME or hide");
	return 0;
}

static int parse_rule(struct parser *p, const struct vtpm_word *first, u32 ops)
{
	struct rule r = { .ops = ops, .banks = p->policy->may };
	struct vtpm_word w;
	int rc;

	if (p->rules == VTPM_MAX_POLICY_RULES)
		return vtpm_text_fail(&p->text, first->column, "more than %d rules",
				      VTPM_MAX_POLICY_RULES);
	p->rules++;
	while (vtpm_text_word(&p->text, &w)) {
		u32 column = w.column;

		rc = parse_rule_word(p, &r, &w);
		if (rc)
			return rc;
		if ((~r.seen & (BIT(WORD_PROVIDER) | BIT(WORD_HIDE))) == 0)
			return vtpm_text_fail(&p->text, column,
					      "a rule has provider= or hide, not both");
	}
	rc = check_rule(p, &r);
	if (rc)
		return rc;
	if (!apply_rule(p->policy, &r))
		return vtpm_text_fail(&p->text, first->column,
				      "the rules above leave nothing for this one");
	return 0;
}

/* ---- the whole ---- */

static const struct {
	const char *word;
	int (*parse)(struct parser *p, const struct vtpm_word *first, u32 arg);
	u32 arg;
} statements[] = {
	{ "name", parse_name, 0 },
	{ "provider", parse_provider, 0 },
	{ "bank", parse_bank, 0 },
	{ "read", parse_rule, BIT(VTPM_OP_READ) },
	{ "seal", parse_rule, BIT(VTPM_OP_SEAL) },
	{ "quote", parse_rule, BIT(VTPM_OP_QUOTE) },
	{ "certify", parse_rule, BIT(VTPM_OP_CERTIFY) },
	{ "all", parse_rule, ALL_OPS },
};

static int parse_statement(struct parser *p)
{
	struct vtpm_word w;
	unsigned int i;

	if (!vtpm_text_word(&p->text, &w))
		return 0;
	for (i = 0; i < ARRAY_SIZE(statements); i++)
		if (vtpm_word_is(&w, statements[i].word))
			return statements[i].parse(p, &w, statements[i].arg);
	return vtpm_text_fail(&p->text, w.column, "\"%.*s\" is no statement", vtpm_shown(&w), w.s);
}

static int parse_text(struct parser *p)
{
	int rc;

	while ((rc = vtpm_text_line(&p->text)) > 0) {
		rc = parse_statement(p);
		if (rc)
			return rc;
	}
	return rc;
}

static void fill_unset(struct vtpm_policy *policy)
{
	u8 *cell = &policy->cell[0][0][0];
	size_t i;

	for (i = 0; i < sizeof(policy->cell); i++)
		if (cell[i] == CELL_UNSET)
			cell[i] = 0;
}

static struct vtpm_policy *new_policy(struct parser *p, const char *text, size_t len)
{
	struct vtpm_policy *policy = vt_alloc(p->mem, struct_size(policy, text, len + 1));
	const struct vtpm_provider *hash;

	if (!policy)
		return NULL;
	if (len)
		memcpy(policy->text, text, len);
	policy->len = len;
	memset(policy->cell, CELL_UNSET, sizeof(policy->cell));
	policy->banks = BIT(vt_hash_by_name("sha256", 6) - vt_hash_algs);
	policy->may = BIT(VT_HASH_COUNT) - 1;
	p->policy = policy;
	hash = vtpm_provider_get("hash", 4);
	if (hash && add_provider(p, hash))
		return policy;
	vtpm_policy_free(p->mem, policy);
	return NULL;
}

int vtpm_policy_parse(const char *text, size_t len, struct vt_mem *mem,
		      struct vtpm_policy **policy, struct vtpm_text_error *err)
{
	struct parser p = {
		.text = { .len = len, .max_line = MAX_LINE, .strict = true, .err = err },
		.mem = mem,
	};
	int rc;

	if (len > VTPM_MAX_POLICY)
		return vtpm_text_fail_at(err, 0, 0, "the policy has more than %d bytes",
					 VTPM_MAX_POLICY);
	if (!new_policy(&p, text, len))
		return -ENOMEM;
	p.text.text = p.policy->text;
	rc = parse_text(&p);
	if (rc) {
		vtpm_policy_free(mem, p.policy);
		return rc;
	}
	fill_unset(p.policy);
	*policy = p.policy;
	return 0;
}

void vtpm_policy_free(struct vt_mem *mem, struct vtpm_policy *p)
{
	unsigned int i;

	if (!p)
		return;
	for (i = 0; i < p->providers; i++) {
		vtpm_provider_put(p->provider[i]->ops);
		vt_free(mem, p->provider[i]);
	}
	vt_free(mem, p->profile);
	vt_free(mem, p);
}

const char *vtpm_policy_text(const struct vtpm_policy *p, size_t *len)
{
	*len = p->len;
	return p->text;
}

const char *vtpm_policy_name(const struct vtpm_policy *p)
{
	return p->name;
}
