// SPDX-License-Identifier: GPL-2.0-only
/* The statement "provider": which providers a policy has, and their options. */
#include "parser.h"
#include "../property/property.h"

const struct vtpm_list_kind vtpm_pcr_list = { "PCR", "PCRs", VTPM_PCR_COUNT - 1 };

unsigned int vtpm_find_provider(const struct vtpm_policy *policy, const struct vtpm_word *w)
{
	unsigned int i;

	for (i = 0; i < policy->providers; i++)
		if (vtpm_word_is(w, policy->provider[i]->ops->name))
			return i;
	return VTPM_NO_PROVIDER;
}

static void default_options(struct vtpm_policy_provider *e)
{
	u32 i;

	for (i = 0; i < e->ops->option_count; i++) {
		const struct vtpm_option_desc *d = &e->ops->options[i];

		e->option[i].name = d->name;
		e->option[i].value = d->values ? d->values[0] : e->value[i];
		e->option[i].number = d->preset;
	}
}

struct vtpm_policy_provider *vtpm_add_provider(struct vtpm_parser *p,
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

static int set_choice(struct vtpm_parser *p, struct vtpm_option *o, const char *const *values,
		      const struct vtpm_word *w)
{
	u32 i;

	for (i = 0; values[i]; i++) {
		if (vtpm_word_is(w, values[i])) {
			*o = (struct vtpm_option){ o->name, values[i], i };
			return 0;
		}
	}
	return vtpm_text_fail(&p->text, w->column, "option \"%s\" cannot be \"%.*s\"", o->name,
			      vtpm_shown(w), w->s);
}

static int parse_number(struct vtpm_parser *p, const struct vtpm_option_desc *d,
			const struct vtpm_word *w, u32 *number)
{
	u64 n = 0;
	size_t i;

	for (i = 0; i < w->len && isdigit((unsigned char)w->s[i]); i++)
		n = min_t(u64, n * 10 + (w->s[i] - '0'), (u64)U32_MAX + 1);
	if (!w->len || i < w->len || n < d->min || n > d->max)
		return vtpm_text_fail(&p->text, w->column,
				      "option \"%s\" is a number from %u to %u", d->name, d->min,
				      d->max);
	*number = n;
	return 0;
}

/* What stands behind "=" where there are no words to choose from. */
static int check_value(struct vtpm_parser *p, const struct vtpm_option_desc *d,
		       struct vtpm_word value, u32 *number)
{
	if (value.len > VTPM_OPTION_VALUE_MAX && d->kind != VTPM_OPTION_WORD)
		return vtpm_text_fail(&p->text, value.column,
				      "option \"%s\" has more than %d bytes", d->name,
				      VTPM_OPTION_VALUE_MAX);
	if (d->kind == VTPM_OPTION_NUMBER)
		return parse_number(p, d, &value, number);
	if (d->kind == VTPM_OPTION_PCRS)
		return vtpm_parse_list(p, &value, &vtpm_pcr_list, number);
	if (!vtpm_word_is_name(&value, VTPM_OPTION_VALUE_MAX))
		return vtpm_text_fail(&p->text, value.column,
				      "option \"%s\" is 1 to %d of A-Z a-z 0-9 . _ -", d->name,
				      VTPM_OPTION_VALUE_MAX);
	return 0;
}

static int set_option(struct vtpm_parser *p, struct vtpm_policy_provider *e, u32 i,
		      const struct vtpm_word *value)
{
	const struct vtpm_option_desc *d = &e->ops->options[i];
	int rc;

	if (d->values)
		return set_choice(p, &e->option[i], d->values, value);
	rc = check_value(p, d, *value, &e->option[i].number);
	if (rc)
		return rc;
	vtpm_word_copy(value, e->value[i]);
	return 0;
}

static int parse_option(struct vtpm_parser *p, struct vtpm_policy_provider *e,
			struct vtpm_word *w, u32 *seen)
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
static int provider_entry(struct vtpm_parser *p, const struct vtpm_word *w,
			  struct vtpm_policy_provider **entry)
{
	unsigned int i = vtpm_find_provider(p->policy, w);
	const struct vtpm_provider *ops;

	if (i != VTPM_NO_PROVIDER && p->policy->provider[i]->line)
		return vtpm_text_fail(&p->text, w->column, "provider \"%.*s\" a second time",
				      vtpm_shown(w), w->s);
	if (i != VTPM_NO_PROVIDER) {
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
	*entry = vtpm_add_provider(p, ops);
	return *entry ? 0 : -ENOMEM;
}

static int check_options(struct vtpm_parser *p, const struct vtpm_policy_provider *e, u32 seen)
{
	u32 i;

	for (i = 0; i < e->ops->option_count; i++)
		if (e->ops->options[i].required && !(seen & BIT(i)))
			return vtpm_text_fail(&p->text, vtpm_line_end(p),
					      "provider \"%s\" lacks %s=", e->ops->name,
					      e->ops->options[i].name);
	return 0;
}

int vtpm_parse_provider(struct vtpm_parser *p, const struct vtpm_word *first __always_unused,
			u32 arg __always_unused)
{
	struct vtpm_policy_provider *e = NULL;
	struct vtpm_word w;
	u32 seen = 0;
	int rc;

	if (!vtpm_text_word(&p->text, &w))
		return vtpm_text_fail(&p->text, vtpm_line_end(p), "the provider's name is missing");
	rc = provider_entry(p, &w, &e);
	if (rc)
		return rc;
	e->line = p->text.number;
	e->column = w.column;
	while (!rc && vtpm_text_word(&p->text, &w))
		rc = parse_option(p, e, &w, &seen);
	return rc ? rc : check_options(p, e, seen);
}
