// SPDX-License-Identifier: GPL-2.0-only
/*
 * What values of PCRs say of the PCRs of the host's TPM that they go on from: what is certified
 * of these, and whether they are those that are expected. drivers/vtpm/property has the providers.
 */
#include <stdlib.h>
#include <string.h>

#include "verify_pcrs.h"

#define RESETTABLE	16	/* this PCR and those behind it a guest can have begin anew */
#define ALL_PCRS	((1u << VTPMCTL_PCRS) - 1)

/* ---- PCRs that are expected ---- */

static bool has_bank(const struct ctl_pcrs *host, unsigned int bank)
{
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		if (host->known[bank][pcr])
			return true;
	return false;
}

/* The bank that vPCRs are made of: that of their own hash, or else the strongest. */
static unsigned int bank_of(const struct verify_pcrs *p)
{
	unsigned int bank, best = p->alg;

	for (bank = 0; bank < CTL_BANKS && !has_bank(p->v->host, p->alg); bank++)
		if (has_bank(p->v->host, bank))
			best = bank;		/* they are in the order of their sizes */
	return best;
}

/* Which of the host's go into vPCRs; none: that is not known */
static uint32_t parts(const struct verify_source *s, uint32_t pcrs)
{
	const char *of = policy_option(&s->is, "pcrs");

	return strcmp(s->is.name, "map") ? policy_list(of ?: "") & ALL_PCRS : pcrs;
}

static uint32_t lacking(const struct verify_pcrs *p, uint32_t pcrs)
{
	unsigned int bank = bank_of(p), pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		if (p->v->host->known[bank][pcr])
			pcrs &= ~(1u << pcr);
	return pcrs;
}

/* Provider "accumulate" into a PCR that starts with zeros */
static void accumulate(const struct verify_pcrs *p, uint32_t pcrs, uint8_t *value)
{
	const struct ctl_alg *alg = &ctl_algs[p->alg];
	unsigned int bank = bank_of(p), pcr;
	uint8_t both[2 * CTL_DIGEST_MAX];

	memset(value, 0, alg->size);
	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		if (!(pcrs & 1u << pcr))
			continue;
		memcpy(both, value, alg->size);
		memcpy(both + alg->size, p->v->host->value[bank][pcr], ctl_algs[bank].size);
		ctl_hash(alg, both, alg->size + ctl_algs[bank].size, value);
	}
}

/* Provider "map" */
static void map(const struct verify_pcrs *p, unsigned int pcr, uint8_t *value)
{
	unsigned int bank = bank_of(p);
	const uint8_t *host = p->v->host->value[bank][pcr];

	if (bank == p->alg)
		memcpy(value, host, ctl_algs[bank].size);
	else
		ctl_hash(&ctl_algs[p->alg], host, ctl_algs[bank].size, value);
}

/* Provider "translate", into a PCR that starts with zeros, by the manifests that count here */
static void translate(const struct verify_pcrs *p, const struct verify_source *s, uint32_t pcrs,
		      uint8_t *value)
{
	uint8_t all[VTPMCTL_PCRS * CTL_DIGEST_MAX], digest[CTL_DIGEST_MAX], with[CTL_DIGEST_MAX];
	unsigned int bank = bank_of(p), pcr;
	size_t len = 0;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		if (!(pcrs & 1u << pcr))
			continue;
		memcpy(all + len, p->v->host->value[bank][pcr], ctl_algs[bank].size);
		len += ctl_algs[bank].size;
	}
	ctl_hash(&ctl_algs[p->alg], all, len, digest);
	verify_manifests_translate(p->manifests, s->how.party, s->how.by_key, digest, with);
	memset(value, 0, CTL_DIGEST_MAX);
	replay_extend(&ctl_algs[p->alg], value, with);
}

/* ---- by the values themselves ---- */

static bool goes_on(const struct verify_pcrs *p, const struct verify_source *s, unsigned int pcr)
{
	uint8_t value[CTL_DIGEST_MAX];

	if (!strcmp(s->is.name, "map"))
		map(p, pcr, value);
	else
		accumulate(p, parts(s, 1u << pcr), value);
	return !memcmp(value, s->replay.start[pcr], ctl_algs[p->alg].size);
}

static void say_from(struct verify_pcrs *p, const struct verify_source *s, enum verify_word word,
		     uint32_t pcrs, const char *how)
{
	char *of = policy_list_text(parts(s, pcrs));

	verify_say_pcrs(p->v, word, pcrs, "PCRs",
			" %s PCRs %s of its host's TPM, as %s has them in bank %s", how, of,
			ctl_file_name(p->v->ctl->host_pcrs), ctl_algs[bank_of(p)].name);
	free(of);
}

/*
 * A PCR that begins with zeros, is never reset and is extended with each of the host's has
 * these for its first elements. One that begins as the host's own does not tell who extended
 * it: a guest, too, can lead it from what a lesser host has to where a better one is.
 */
static uint32_t anybodys(const struct verify_pcrs *p, const struct verify_source *s, uint32_t pcrs)
{
	static const uint8_t zeros[CTL_DIGEST_MAX];
	uint32_t open = 0;
	unsigned int pcr;

	if (strcmp(s->is.name, "map") || bank_of(p) != p->alg)
		return 0;
	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		if (memcmp(s->replay.start[pcr], zeros, ctl_algs[p->alg].size))
			open |= pcrs & 1u << pcr;
	return open;
}

static void say_lacking(struct verify_pcrs *p, const struct verify_source *s, uint32_t pcrs)
{
	char *of = policy_list_text(lacking(p, parts(s, pcrs)));

	verify_say_pcrs(p->v, VERIFY_NOT_PROVED, pcrs,
			"which values of its host's TPM went into PCRs",
			": %s does not have PCRs %s of bank %s",
			ctl_file_name(p->v->ctl->host_pcrs), of, ctl_algs[bank_of(p)].name);
	free(of);
}

static void say_any_provider(struct verify_pcrs *p, const struct verify_source *s, uint32_t pcrs)
{
	verify_say_pcrs(p->v, VERIFY_NOT_PROVED, pcrs,
			"which values of its host's TPM went into PCRs",
			": it is not known that the quote shows them as provider %s has them%s",
			s->is.name, p->v->policy ? "" : ", as no --policy was given");
	p->host_said |= pcrs;
}

static void say_expected(struct verify_pcrs *p, const struct verify_source *s, uint32_t pcrs)
{
	uint32_t good = 0, bad = 0, lacks = 0, resettable = pcrs >> RESETTABLE << RESETTABLE, sure;
	unsigned int pcr;

	for (pcr = 0; pcr < RESETTABLE; pcr++) {
		if (!(pcrs & 1u << pcr))
			continue;
		if (lacking(p, parts(s, 1u << pcr)))
			lacks |= 1u << pcr;
		else if (goes_on(p, s, pcr))
			good |= 1u << pcr;
		else
			bad |= 1u << pcr;
	}
	sure = verify_source_alone(p, s, good);
	say_from(p, s, VERIFY_PROVED, sure, "go on from");
	say_any_provider(p, s, good & ~sure);
	verify_say_pcrs(p->v, VERIFY_NOT_PROVED, anybodys(p, s, sure),
			"that nobody but its host measured what PCRs", "%s",
			" go on from: where the host had measured less, a guest can add the rest");
	say_from(p, s, VERIFY_WRONG, bad, "do not go on from");
	say_lacking(p, s, lacks);
	verify_say_pcrs(p->v, VERIFY_NOT_PROVED, resettable,
			"which values of its host's TPM went into PCRs", "%s",
			": a guest can have reset them");
	p->host_said |= pcrs;
}

/* ---- by what is certified of them ---- */

/* That it is certified of the expected ones, too */
static void say_certified(struct verify_pcrs *p, const struct verify_source *s, unsigned int pcr)
{
	const char *file = ctl_file_name(p->v->ctl->host_pcrs), *of = policy_option(&s->is, "pcrs");
	uint32_t host = parts(s, 1u << pcr), lacks = lacking(p, host);
	uint8_t value[CTL_DIGEST_MAX];
	char *list = policy_list_text(lacks);

	p->host_said = true;
	if (!lacks)
		translate(p, s, host, value);
	if (lacks)
		verify_say(p->v, VERIFY_NOT_PROVED,
			   "whether that is true of PCRs %s as %s has them: it lacks PCRs %s of bank %s",
			   of, file, list, ctl_algs[bank_of(p)].name);
	else if (memcmp(value, s->replay.start[pcr], ctl_algs[p->alg].size))
		verify_say(p->v, VERIFY_NOT_PROVED,
			   "that PCRs %s of its host's TPM are as %s has them: of these no manifest says it",
			   of, file);
	else
		verify_say(p->v, VERIFY_PROVED,
			   "the same is certified of PCRs %s as %s has them in bank %s", of, file,
			   ctl_algs[bank_of(p)].name);
	free(list);
}

/*
 * A PCR that begins with zeros and is never reset has what the host was certified as for
 * its first element, and a chain of hashes has one first element.
 */
static void say_property(struct verify_pcrs *p, const struct verify_source *s, unsigned int pcr)
{
	const char *of = policy_option(&s->is, "pcrs") ?: "";
	uint8_t none[CTL_DIGEST_MAX] = { };
	static const uint8_t zeros[CTL_DIGEST_MAX];
	char *what;

	replay_extend(&ctl_algs[p->alg], none, zeros);
	what = verify_manifests_inverse(p->manifests, s->how.party, s->how.by_key,
					s->replay.start[pcr]);
	if (!memcmp(none, s->replay.start[pcr], ctl_algs[p->alg].size))
		verify_say(p->v, VERIFY_NOT_PROVED,
			   "what PCRs %s of its host's TPM are: no certificate said it there", of);
	else if (!what)
		verify_say(p->v, VERIFY_NOT_PROVED,
			   "what PCRs %s of its host's TPM are: no manifest says it here", of);
	else
		verify_say(p->v, VERIFY_PROVED, "PCRs %s of its host's TPM are %s%s", of, what,
			   s->how.by_key ? "" : ", says a party that the host trusts");
	if (what && p->v->host)
		say_certified(p, s, pcr);
	free(what);
}

/* ---- the whole ---- */

/* PCRs that begin with something of the host's, by the log or as the provider has it */
static uint32_t mapped(const struct verify_pcrs *p, const struct verify_source *s, uint32_t pcrs)
{
	uint32_t by_log = pcrs & s->replay.mapped, by_provider = 0;
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		if (replay_maps(&s->how, pcr) && parts(s, 1u << pcr))
			by_provider |= pcrs & 1u << pcr;
	return p->v->host ? by_provider | by_log : by_log;
}

static void say_nothing(struct verify_pcrs *p, const struct verify_source *s, uint32_t pcrs)
{
	uint32_t by_log = pcrs & s->replay.mapped;

	verify_say_pcrs(p->v, VERIFY_WRONG, by_log,
			"the log has values of a host's TPM, of which nothing is in it, for PCRs",
			"%s", "");
	if (p->v->host)
		verify_say_pcrs(p->v, VERIFY_WRONG, pcrs & ~by_log,
				"nothing of a host's TPM is in it, and hence in PCRs",
				": it is not as %s has it",
				ctl_file_name(p->v->ctl->host_pcrs));
	p->host_said |= pcrs;
}

void verify_host(struct verify_pcrs *p, int from)
{
	const struct verify_source *s = &p->source[from];
	uint32_t pcrs = mapped(p, s, verify_pcrs_from(p, from));
	bool certified = !strcmp(s->is.name, "translate");
	int is = verify_host_mapped(p->v);

	if (!is) {
		say_nothing(p, s, pcrs);
		return;
	}
	if (is > 0 && certified && p->manifests && s->how.into >= 0 && s->how.into < RESETTABLE &&
	    pcrs & 1u << s->how.into) {
		if (verify_source_alone(p, s, 1u << s->how.into))
			say_property(p, s, s->how.into);
		else
			say_any_provider(p, s, 1u << s->how.into);
		pcrs &= ~(1u << s->how.into);
	}
	if (is > 0 && !certified && p->v->host && parts(s, pcrs)) {
		say_expected(p, s, pcrs);
		return;
	}
	verify_say_pcrs(p->v, VERIFY_NOT_PROVED, pcrs,
			"which values of its host's TPM went into PCRs",
			": only the log tells with what provider %s had them begin", s->is.name);
}
