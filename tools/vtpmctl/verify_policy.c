// SPDX-License-Identifier: GPL-2.0-only
/* What the policy says of an instance that is proved to be under it, and of its quotes. */
#include <stdlib.h>
#include <string.h>

#include "replay.h"
#include "verify.h"

/* ---- providers, as the identity has them ---- */

static bool copy_text(char to[POLICY_WORD], struct attest_bytes from)
{
	if (from.len >= POLICY_WORD)
		return false;
	memcpy(to, from.p, from.len);
	to[from.len] = '\0';
	return true;
}

static bool read_provider(struct attest_reader *e, struct policy_provider *is)
{
	struct policy_option *o;

	*is = (struct policy_provider){ };
	if (!copy_text(is->name, attest_2b(e)))
		return false;
	while (e->left && !e->bad && is->options < POLICY_OPTIONS) {
		o = &is->option[is->options++];
		if (!copy_text(o->name, attest_2b(e)) || !copy_text(o->value, attest_2b(e)))
			return false;
	}
	return attest_done(e);
}

unsigned int verify_providers(const struct verify *v,
			      struct policy_provider list[POLICY_PROVIDERS])
{
	struct attest_reader e;
	unsigned int n = 0;

	while (n < POLICY_PROVIDERS && verify_entry(v, VTPM_IDENTITY_PROVIDER, n, &e) &&
	       read_provider(&e, &list[n]))
		n++;
	return n;
}

/* ---- do they agree? ---- */

/* What an option is when nobody says it; NULL: that is not known. */
static const char *preset(const char *provider, const char *option)
{
	static const char *const known[] = {
		"hash", "certificate", "log", "map", "accumulate", "translate"
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(provider, known[i]))
			return strcmp(option, "represent") ? "" : "key";
	return NULL;
}

static bool same_provider(const struct policy_provider *said, const struct policy_provider *is)
{
	const char *value;
	unsigned int i;

	if (strcmp(said->name, is->name))
		return false;
	for (i = 0; i < said->options; i++) {
		value = policy_option(is, said->option[i].name);
		if (!value || strcmp(value, said->option[i].value))
			return false;
	}
	for (i = 0; i < is->options; i++) {
		if (policy_option(said, is->option[i].name))
			continue;
		value = preset(is->name, is->option[i].name);
		if (value && strcmp(value, is->option[i].value))
			return false;
	}
	return true;
}

static void check_providers(struct verify *v)
{
	struct policy_provider list[POLICY_PROVIDERS];
	unsigned int count = verify_providers(v, list), i;
	struct attest_reader e;
	bool cut = verify_entry(v, VTPM_IDENTITY_CUT, 0, &e);
	bool same = cut ? count <= v->policy->providers : count == v->policy->providers;

	for (i = 0; same && i < count; i++)
		same = same_provider(&v->policy->provider[i], &list[i]);
	if (same)
		verify_say(v, VERIFY_PROVED, "its property providers are those of the policy");
	else
		verify_say(v, VERIFY_WRONG, "its property providers are not those of the policy");
}

static void check_banks(struct verify *v)
{
	struct attest_reader e;
	bool good = true;

	if (!verify_entry(v, VTPM_IDENTITY_BANKS, 0, &e))
		return;
	while (e.left && !e.bad) {
		const struct attest_bank *bank = attest_bank_of(attest_number(&e, 2));

		attest_number(&e, 4);
		good &= bank && v->policy->banks & 1u << replay_bank(bank->name);
	}
	if (!good)
		verify_say(v, VERIFY_WRONG, "it has banks that the policy does not let it have");
}

void verify_policy(struct verify *v, const char *text, size_t len)
{
	v->policy = policy_text_read(text, len);
	check_providers(v);
	check_banks(v);
}

/* ---- quotes ---- */

bool verify_policy_shows(const struct policy_text *p, unsigned int bank, unsigned int pcr,
			 const char *provider)
{
	unsigned int l;

	for (l = 0; l < POLICY_LOCALITIES; l++)
		if (!strcmp(p->cell[POLICY_QUOTE][l][bank][pcr].what, provider))
			return true;
	return false;
}

bool verify_policy_parts(const struct policy_text *p, unsigned int bank, unsigned int pcr)
{
	unsigned int l, k;

	for (l = 0; l < POLICY_LOCALITIES; l++)
		for (k = 0; k < POLICY_LOCALITIES; k++)
			if (strcmp(p->cell[POLICY_READ][l][bank][pcr].what,
				   p->cell[POLICY_QUOTE][k][bank][pcr].what))
				return true;
	return false;
}

/* Whose value it is: a provider's name; "": that depends on the locality; NULL: nobody's */
static const char *shown(const struct policy_text *p, unsigned int bank, unsigned int pcr)
{
	const char *by = NULL;
	unsigned int l;

	for (l = 0; l < POLICY_LOCALITIES; l++) {
		const struct policy_effect *e = &p->cell[POLICY_QUOTE][l][bank][pcr];

		if (!policy_is_provider(e))
			continue;
		if (by && strcmp(by, e->what))
			return "";
		by = e->what;
	}
	return by;
}

bool verify_policy_shows_only(const struct policy_text *p, unsigned int bank, unsigned int pcr,
			      const char *provider)
{
	const char *by = p ? shown(p, bank, pcr) : NULL;

	return by && !strcmp(by, provider);
}

static uint32_t shown_by(const struct policy_text *p, unsigned int bank, uint32_t pcrs,
			 const char *provider)
{
	uint32_t found = 0;
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		const char *by = shown(p, bank, pcr);

		if (by ? provider && !strcmp(by, provider) : !provider)
			found |= pcrs & 1u << pcr;
	}
	return found;
}

bool verify_policy_quote(struct verify *v, unsigned int bank, uint32_t pcrs)
{
	const struct policy_text *p = v->policy;
	uint32_t none = shown_by(p, bank, pcrs, NULL);
	unsigned int i;

	verify_say_pcrs(v, VERIFY_WRONG, none, "the policy lets no quote have PCRs", "%s", "");
	if (none)
		return false;
	for (i = 0; i < p->providers; i++)
		verify_say_pcrs(v, VERIFY_PROVED,
				shown_by(p, bank, pcrs, p->provider[i].name),
				"by the policy quotes show PCRs", " as provider %s has them",
				p->provider[i].name);
	verify_say_pcrs(v, VERIFY_NOT_PROVED, shown_by(p, bank, pcrs, ""),
			"whose values the quote shows of PCRs",
			": that depends on the locality, and the quote does not tell it%s", "");
	return true;
}
