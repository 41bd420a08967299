// SPDX-License-Identifier: GPL-2.0-only
/* Where the values of quoted PCRs come from, and what that says of what was measured. */
#include <stdlib.h>
#include <string.h>

#include "verify_pcrs.h"

/* ---- making them ---- */

static void add_one(struct verify_pcrs *p, const struct policy_provider *is,
		    const struct replay_how *how)
{
	struct verify_source *s;

	p->source = ctl_resize(p->source, (p->sources + 1) * sizeof(*p->source));
	s = &p->source[p->sources++];
	*s = (struct verify_source){ .is = *is, .how = *how };
	s->unknown = replay_unknown(how);
	if (!s->unknown)
		replay_log(p->log, p->alg, how, &s->replay);
}

/*
 * With certificates it is what manifests say here, and else what the log says that they said
 * there: if the value follows from that, it was so.
 */
static void add_source(struct verify_pcrs *p, const struct policy_provider *is)
{
	struct replay_how how = replay_how(is);

	how.manifests = p->manifests;
	do {
		add_one(p, is, &how);
	} while (how.manifests && replay_next_party(&how));
	how.as_logged = true;
	if (replay_certifies(is->name))
		add_one(p, is, &how);
}

/* The policy has them all; the identity those that there is room for. */
void verify_sources_make(struct verify_pcrs *p)
{
	static const struct policy_provider hash = { .name = "hash" };
	struct policy_provider list[POLICY_PROVIDERS];
	const struct policy_text *policy = p->v->policy;
	unsigned int i, count = policy ? policy->providers : verify_providers(p->v, list);
	bool has_hash = false;

	for (i = 0; i < count; i++)
		has_hash |= !strcmp((policy ? policy->provider : list)[i].name, "hash");
	if (p->log && !has_hash)
		add_source(p, &hash);		/* every instance has it */
	for (i = 0; p->log && i < count; i++)
		add_source(p, &(policy ? policy->provider : list)[i]);
}

bool verify_source_counts(const struct verify_pcrs *p, const struct verify_source *s,
			  unsigned int pcr)
{
	return !p->v->policy || verify_policy_shows(p->v->policy, p->alg, pcr, s->is.name);
}

uint32_t verify_pcrs_from(const struct verify_pcrs *p, int from)
{
	uint32_t pcrs = 0;
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		if (p->pcrs & 1u << pcr && p->from[pcr] == from)
			pcrs |= 1u << pcr;
	return pcrs;
}

uint32_t verify_source_alone(const struct verify_pcrs *p, const struct verify_source *s,
			     uint32_t pcrs)
{
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		if (!verify_policy_shows_only(p->v->policy, p->alg, pcr, s->is.name))
			pcrs &= ~(1u << pcr);
	return pcrs;
}

/* ---- values that no source has ---- */

static uint32_t lost(const struct verify_pcrs *p, const struct verify_source *s)
{
	uint32_t pcrs = 0;
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		if (!s->unknown && s->replay.lost[pcr] && verify_source_counts(p, s, pcr))
			pcrs |= 1u << pcr;
	return pcrs;
}

static uint32_t not_replayed(const struct verify_pcrs *p, const struct verify_source *s)
{
	uint32_t pcrs = 0;
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		if (s->unknown && verify_source_counts(p, s, pcr))
			pcrs |= 1u << pcr;
	return pcrs;
}

/* Each is left open for one reason, or wrong for none. */
static void say_unexplained(struct verify_pcrs *p)
{
	uint32_t left = verify_pcrs_from(p, VERIFY_FROM_FILE), now = 0;
	const char *where = "where the values of PCRs";
	struct attest_reader e;
	int i;

	for (i = 0; i < p->sources; i++)
		now |= left & lost(p, &p->source[i]);
	verify_say_pcrs(p->v, VERIFY_NOT_PROVED, now, where, "%s", " come from: the log was full");
	left &= ~now;
	for (i = 0; i < p->sources; i++) {
		now = left & not_replayed(p, &p->source[i]);
		verify_say_pcrs(p->v, VERIFY_NOT_PROVED, now, where, " come from: provider %s %s",
				p->source[i].is.name, p->source[i].unknown);
		left &= ~now;
	}
	if (!p->v->policy && verify_entry(p->v, VTPM_IDENTITY_CUT, 0, &e)) {
		verify_say_pcrs(p->v, VERIFY_NOT_PROVED, left, where, "%s",
				" come from: it has providers that are not known");
		left = 0;
	}
	verify_say_pcrs(p->v, VERIFY_WRONG, left, "the log comes to other values of PCRs", "%s",
			"");
}

/* ---- what was measured ---- */

struct tally {
	struct {
		unsigned int pcr;
		char *what;		/* NULL: nobody says it */
		unsigned int events;
	} *row;
	size_t count;
};

static void count_event(struct tally *t, unsigned int pcr, char *what)
{
	size_t i;

	for (i = 0; i < t->count; i++)
		if (t->row[i].pcr == pcr && !what == !t->row[i].what &&
		    (!what || !strcmp(what, t->row[i].what)))
			break;
	if (i == t->count) {
		t->row = ctl_resize(t->row, (t->count + 1) * sizeof(*t->row));
		t->row[i].pcr = pcr;
		t->row[i].what = what;
		t->row[i].events = 0;
		t->count++;
	} else {
		free(what);
	}
	t->row[i].events++;
}

/*
 * Of PCRs alone that the log comes to, since they began: other events are anybody's. Where the
 * log itself says what certificates said, the value does not tell of what they said it.
 */
static void count_events(const struct verify_pcrs *p, const struct verify_source *s,
			 uint32_t pcrs, struct tally *t)
{
	bool certifies = replay_certifies(s->is.name);
	uint32_t known = certifies ? verify_source_alone(p, s, pcrs) : pcrs;
	const struct ctl_log_entry *e;

	for (e = p->log->entry; e < p->log->entry + p->log->count; e++)
		if (pcrs & 1u << e->pcr && e >= s->replay.first[e->pcr] &&
		    e->kind < CTL_LOG_START && e->digest[p->alg])
			count_event(t, e->pcr,
				    s->how.as_logged || !(known & 1u << e->pcr) ? NULL :
				    verify_manifests_meaning(p->manifests, s->how.party,
							     certifies && s->how.by_key,
							     e->digest[p->alg]));
}

/*
 * A value by measurements fixes these; one by properties fixes the properties, which any
 * party may have given that the host trusts; one by keys fixes whose certificates they were.
 */
static void say_measured(struct verify_pcrs *p, const struct verify_source *s, uint32_t pcrs)
{
	bool by_property = replay_certifies(s->is.name) && !s->how.by_key;
	struct tally t = { };
	size_t i;

	count_events(p, s, pcrs, &t);
	for (i = 0; i < t.count; i++) {
		if (t.row[i].what)
			verify_say(p->v, VERIFY_PROVED, "PCR %u: %u measurements are %s%s",
				   t.row[i].pcr, t.row[i].events, t.row[i].what,
				   by_property ? ", says a party that the host trusts" : "");
		else
			verify_say(p->v, VERIFY_NOT_PROVED, "what %u measurements in PCR %u are",
				   t.row[i].events, t.row[i].pcr);
		free(t.row[i].what);
	}
	free(t.row);
}

/* ---- the whole ---- */

static const char *come_to(const struct verify_source *s)
{
	if (s->how.as_logged)
		return "the log, with what certificates said then, comes to the values of PCRs";
	if (replay_certifies(s->is.name))
		return "the log and the manifests come to the values of PCRs";
	return "the log comes to the values of PCRs";
}

void verify_sources_say(struct verify_pcrs *p)
{
	int i;

	if (!p->log) {
		verify_say(p->v, VERIFY_NOT_PROVED,
			   "where the values of PCRs come from: there is no log");
		return;
	}
	for (i = 0; i < p->sources; i++)
		verify_say_pcrs(p->v, VERIFY_PROVED, verify_pcrs_from(p, i), come_to(&p->source[i]),
				" (provider %s)", p->source[i].is.name);
	say_unexplained(p);
	for (i = 0; i < p->sources; i++) {
		verify_host(p, i);
		if (p->manifests)
			say_measured(p, &p->source[i], verify_pcrs_from(p, i));
	}
}
