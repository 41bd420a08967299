// SPDX-License-Identifier: GPL-2.0-only
/* Rules: which provider's value counts for which PCRs in which operation, and from where. */
#include "parser.h"

#define ALL_LOCALITIES	((u32)BIT(VTPM_MAX_LOCALITY + 1) - 1)

/**
 * struct rule - one rule under construction
 * @ops: bit i: for enum vtpm_op i
 * @pcrs: bit i: for PCR i
 * @banks: bit i: for bank i
 * @localities: bit i: for locality i
 * @cell: provider's index or VTPM_CELL_*
 * @seen: bit i: rule_words[i] was there
 */
struct rule {
	u32 ops;
	u32 pcrs;
	u32 banks;
	u32 localities;
	u8 cell;
	u32 seen;
};

enum { WORD_PCR, WORD_BANK, WORD_LOCALITY, WORD_PROVIDER, WORD_HIDE, WORD_DENY };

/* A rule has one of them. */
#define EFFECTS	(BIT(WORD_PROVIDER) | BIT(WORD_HIDE) | BIT(WORD_DENY))

/* ---- words ---- */

static int parse_pcrs(struct vtpm_parser *p, struct rule *r, struct vtpm_word *w)
{
	return vtpm_parse_list(p, w, &vtpm_pcr_list, &r->pcrs);
}

static int parse_localities(struct vtpm_parser *p, struct rule *r, struct vtpm_word *w)
{
	static const struct vtpm_list_kind kind = { "locality", "localities", VTPM_MAX_LOCALITY };

	r->localities = 0;
	return vtpm_parse_list(p, w, &kind, &r->localities);
}

static int parse_rule_bank(struct vtpm_parser *p, struct rule *r, struct vtpm_word *w)
{
	int rc = vtpm_parse_bank_name(p, w, &r->banks);

	if (rc)
		return rc;
	if (!(p->policy->may & r->banks))
		return vtpm_text_fail(&p->text, w->column,
				      "bank \"%.*s\" is none of the \"bank\" statement's",
				      vtpm_shown(w), w->s);
	return 0;
}

/* "all" with a provider is about values, hence not about events. */
static int parse_rule_provider(struct vtpm_parser *p, struct rule *r, struct vtpm_word *w)
{
	unsigned int i = vtpm_find_provider(p->policy, w);

	if (r->ops == BIT(VTPM_OP_EVENT))
		return vtpm_text_fail(&p->text, w->column,
				      "an event's digests are those of the event, not of a provider: hide or deny");
	if (i == VTPM_NO_PROVIDER)
		return vtpm_text_fail(&p->text, w->column,
				      "no line \"provider %.*s\" stands above this rule",
				      vtpm_shown(w), w->s);
	r->ops &= ~BIT(VTPM_OP_EVENT);
	r->cell = i;
	return 0;
}

static int parse_hide(struct vtpm_parser *p, struct rule *r, struct vtpm_word *w)
{
	if (r->ops & BIT(VTPM_OP_SEAL))
		return vtpm_text_fail(&p->text, w->column,
				      "no hiding from seal: a seal over nothing opens in every state");
	r->cell = VTPM_CELL_HIDDEN;
	return 0;
}

static int parse_deny(struct vtpm_parser *p __always_unused, struct rule *r,
		      struct vtpm_word *w __always_unused)
{
	r->cell = VTPM_CELL_DENIED;
	return 0;
}

static const struct {
	const char *word;
	bool has_value;
	int (*parse)(struct vtpm_parser *p, struct rule *r, struct vtpm_word *w);
} rule_words[] = {
	[WORD_PCR]	= { "pcr", true, parse_pcrs },
	[WORD_BANK]	= { "bank", true, parse_rule_bank },
	[WORD_LOCALITY]	= { "locality", true, parse_localities },
	[WORD_PROVIDER]	= { "provider", true, parse_rule_provider },
	[WORD_HIDE]	= { "hide", false, parse_hide },
	[WORD_DENY]	= { "deny", false, parse_deny },
};

static int parse_rule_word(struct vtpm_parser *p, struct rule *r, struct vtpm_word *w)
{
	struct vtpm_word value;
	bool has_value = vtpm_word_split(w, '=', &value);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rule_words); i++)
		if (vtpm_word_is(w, rule_words[i].word))
			break;
	if (i == ARRAY_SIZE(rule_words))
		return vtpm_text_fail(&p->text, w->column,
				      "\"%.*s\": a rule has pcr=, bank=, locality=, and provider=, hide or deny",
				      vtpm_shown(w), w->s);
	if (rule_words[i].has_value != has_value)
		return vtpm_text_fail(&p->text, w->column, "\"%s\" %s", rule_words[i].word,
				      has_value ? "has no value" : "lacks \"=\" and a value");
	if (r->seen & BIT(i))
		return vtpm_text_fail(&p->text, w->column, "\"%s\" a second time",
				      rule_words[i].word);
	if (BIT(i) & EFFECTS && r->seen & EFFECTS)
		return vtpm_text_fail(&p->text, w->column,
				      "a rule has one of provider=, hide and deny");
	r->seen |= BIT(i);
	return rule_words[i].parse(p, r, has_value ? &value : w);
}

/* ---- the table ---- */

/* Gives the rule whatever no earlier rule has taken. Return: was there any? */
static bool apply(struct vtpm_cells *cells, const struct rule *r)
{
	unsigned int op, bank, pcr;
	bool any = false;

	for (op = 0; op < VTPM_OP_COUNT; op++)
		for (bank = 0; bank < VTPM_MAX_BANKS; bank++)
			for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++) {
				u8 *cell = &cells->cell[op][bank][pcr];

				if (*cell != VTPM_CELL_UNSET || !(r->ops & BIT(op)) ||
				    !(r->banks & BIT(bank)) || !(r->pcrs & BIT(pcr)))
					continue;
				*cell = r->cell;
				any = true;
			}
	return any;
}

/* From here on each locality has a table of its own. */
static int split_localities(struct vtpm_parser *p)
{
	struct vtpm_policy *policy = p->policy;
	unsigned int i;

	policy->by_locality = vt_alloc(p->mem, (VTPM_MAX_LOCALITY + 1) *
					       sizeof(*policy->by_locality));
	if (!policy->by_locality)
		return -ENOMEM;
	for (i = 0; i <= VTPM_MAX_LOCALITY; i++)
		policy->by_locality[i] = policy->cells;
	return 0;
}

static int apply_rule(struct vtpm_parser *p, const struct rule *r, const struct vtpm_word *first)
{
	struct vtpm_policy *policy = p->policy;
	bool any = false;
	unsigned int i;
	int rc = 0;

	if (r->localities != ALL_LOCALITIES && !policy->by_locality)
		rc = split_localities(p);
	if (rc)
		return rc;
	if (!policy->by_locality)
		any = apply(&policy->cells, r);
	for (i = 0; policy->by_locality && i <= VTPM_MAX_LOCALITY; i++)
		if (r->localities & BIT(i))
			any |= apply(&policy->by_locality[i], r);
	if (any)
		return 0;
	return vtpm_text_fail(&p->text, first->column,
			      "the rules above leave nothing for this one");
}

/*
 * An audited reading is a reading: without a rule of its own it goes with the others, as
 * a session for audit would else be a way around what is said of them.
 */
static void fill(struct vtpm_cells *cells)
{
	u8 *audit = &cells->cell[VTPM_OP_AUDIT][0][0], *read = &cells->cell[VTPM_OP_READ][0][0];
	u8 *cell = &cells->cell[0][0][0];
	size_t i;

	for (i = 0; i < sizeof(cells->cell[0]); i++)
		if (audit[i] == VTPM_CELL_UNSET)
			audit[i] = read[i];
	for (i = 0; i < sizeof(cells->cell); i++)
		if (cell[i] == VTPM_CELL_UNSET)
			cell[i] = 0;
}

void vtpm_fill_cells(struct vtpm_policy *policy)
{
	unsigned int i;

	fill(&policy->cells);
	for (i = 0; policy->by_locality && i <= VTPM_MAX_LOCALITY; i++)
		fill(&policy->by_locality[i]);
}

/* ---- the statement ---- */

static int check_rule(struct vtpm_parser *p, const struct rule *r)
{
	if (!(r->seen & BIT(WORD_PCR)))
		return vtpm_text_fail(&p->text, vtpm_line_end(p), "the rule lacks pcr=LIST");
	if (!(r->seen & EFFECTS))
		return vtpm_text_fail(&p->text, vtpm_line_end(p),
				      "the rule lacks provider=NAME, hide or deny");
	return 0;
}

int vtpm_parse_rule(struct vtpm_parser *p, const struct vtpm_word *first, u32 ops)
{
	struct rule r = { .ops = ops, .banks = p->policy->may, .localities = ALL_LOCALITIES };
	struct vtpm_word w;
	int rc;

	if (p->rules == VTPM_MAX_POLICY_RULES)
		return vtpm_text_fail(&p->text, first->column, "more than %d rules",
				      VTPM_MAX_POLICY_RULES);
	p->rules++;
	while (vtpm_text_word(&p->text, &w)) {
		rc = parse_rule_word(p, &r, &w);
		if (rc)
			return rc;
	}
	rc = check_rule(p, &r);
	return rc ?: apply_rule(p, &r, first);
}
