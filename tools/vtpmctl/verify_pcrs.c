// SPDX-License-Identifier: GPL-2.0-only
/* The PCRs of a quote: which values they have. */
#include <stdlib.h>
#include <string.h>

#include "verify_pcrs.h"

#define COMBINATIONS	0x100000

static bool read_quoted(struct verify_pcrs *p)
{
	struct attest_reader r = p->v->quote.rest;
	uint32_t count = attest_number(&r, 4);
	uint16_t hash = attest_number(&r, 2);
	struct attest_bytes select = attest_take(&r, attest_number(&r, 1));
	size_t i;

	p->digest = attest_2b(&r);
	for (i = 0; i < select.len && i < 4; i++)
		p->pcrs |= (uint32_t)select.p[i] << 8 * i;
	if (!attest_done(&r) || count != 1 || hash != p->a->bank->alg || select.len > 4 ||
	    p->pcrs >> VTPMCTL_PCRS) {
		verify_say(p->v, VERIFY_WRONG, "the quote is not of PCRs of bank %s alone",
			   p->a->bank->name);
		return false;
	}
	if (!p->pcrs)
		verify_say(p->v, VERIFY_NOT_PROVED, "any PCR: the quote has none");
	return p->pcrs;
}

/* ---- which values ---- */

/* NULL: there is none, or the quote does not show it */
static const unsigned char *value_of(const struct verify_pcrs *p, unsigned int pcr, int from)
{
	const struct verify_source *s;

	if (from == VERIFY_FROM_FILE)
		return p->a->pcrs & 1u << pcr ? p->a->value[pcr] : NULL;
	s = &p->source[from];
	if (s->unknown || !verify_source_counts(p, s, pcr))
		return NULL;
	return s->replay.value[pcr];
}

/* A quote's digest is of the values one behind another, with the hash of the signature. */
static bool is_of(const struct verify_pcrs *p)
{
	unsigned char all[VTPMCTL_PCRS * ATTEST_DIGEST_MAX], digest[ATTEST_DIGEST_MAX];
	const struct attest_bank *hash = attest_bank_of(p->v->key.hash);
	const unsigned char *value;
	unsigned int pcr;
	size_t len = 0;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		if (!(p->pcrs & 1u << pcr))
			continue;
		value = value_of(p, pcr, p->from[pcr]);
		if (!value)
			return false;
		memcpy(all + len, value, p->a->bank->size);
		len += p->a->bank->size;
	}
	return hash && verify_digest(hash->alg, (struct attest_bytes){ all, len }, digest) &&
	       p->digest.len == hash->size && !memcmp(digest, p->digest.p, hash->size);
}

/* All values by one source, as policies like to have it */
static bool search_one(struct verify_pcrs *p)
{
	unsigned int pcr;
	int from;

	for (from = VERIFY_FROM_FILE; from < p->sources; from++) {
		for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
			p->from[pcr] = from;
		if (is_of(p))
			return true;
	}
	return false;
}

/* From @from on, the first source with a value that those before it have not */
static bool next_source(struct verify_pcrs *p, unsigned int pcr, int from)
{
	const unsigned char *value, *other;
	int before;

	for (; from < p->sources; from++) {
		value = value_of(p, pcr, from);
		for (before = VERIFY_FROM_FILE; value && before < from; before++) {
			other = value_of(p, pcr, before);
			if (other && !memcmp(value, other, p->a->bank->size))
				value = NULL;
		}
		if (!value)
			continue;
		p->from[pcr] = from;
		return true;
	}
	return false;
}

/*
 * A policy may answer quotes of each PCR by another provider, and readings by yet another:
 * without the policy all combinations are tried. Few PCRs have more than one candidate.
 */
static bool search(struct verify_pcrs *p)
{
	unsigned int pcr, tries;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		if (p->pcrs & 1u << pcr && !next_source(p, pcr, VERIFY_FROM_FILE))
			return false;
	for (tries = 0; tries < COMBINATIONS; tries++) {
		if (is_of(p))
			return true;
		for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
			if (!(p->pcrs & 1u << pcr))
				continue;
			if (next_source(p, pcr, p->from[pcr] + 1))
				break;
			next_source(p, pcr, VERIFY_FROM_FILE);
		}
		if (pcr == VTPMCTL_PCRS)
			return false;
	}
	return false;
}

/* Once a value is known, each source that has it explains it. */
static void settle(struct verify_pcrs *p)
{
	const unsigned char *value;
	unsigned int pcr;
	int from;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		if (!(p->pcrs & 1u << pcr))
			continue;
		memcpy(p->value[pcr], value_of(p, pcr, p->from[pcr]), p->a->bank->size);
		p->from[pcr] = VERIFY_FROM_FILE;
		for (from = 0; from < p->sources; from++) {
			value = value_of(p, pcr, from);
			if (!value || memcmp(value, p->value[pcr], p->a->bank->size))
				continue;
			p->from[pcr] = from;
			break;
		}
	}
}

/* ---- what is said ---- */

static void say_values(struct verify_pcrs *p)
{
	unsigned int pcr;
	char *hex;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		if (!(p->pcrs & 1u << pcr))
			continue;
		hex = ctl_hex(p->value[pcr], p->a->bank->size);
		verify_say(p->v, VERIFY_PROVED, "PCR %u of %s has the value %s", pcr,
			   p->a->bank->name, hex);
		free(hex);
	}
}

/* Quotes show them by a provider that cannot be replayed, and readings by another. */
static uint32_t untold(const struct verify_pcrs *p)
{
	const struct policy_text *policy = p->v->policy;
	uint32_t pcrs = 0;
	unsigned int pcr;
	int i;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		if (!policy || !verify_policy_parts(policy, p->alg, pcr))
			continue;
		for (i = 0; i < p->sources; i++)
			if (verify_source_counts(p, &p->source[i], pcr) &&
			    (p->source[i].unknown || p->source[i].replay.lost[pcr]))
				pcrs |= p->pcrs & 1u << pcr;
		if (!p->log)
			pcrs |= p->pcrs & 1u << pcr;
	}
	return pcrs;
}

static void say_not_found(struct verify_pcrs *p)
{
	uint32_t pcrs = untold(p);

	if (!pcrs)
		verify_say(p->v, VERIFY_WRONG,
			   "the quote is of other values than those that came with it%s",
			   p->log ? ", and than the log's" : "");
	verify_say_pcrs(p->v, VERIFY_NOT_PROVED, pcrs,
			"the value of any PCR: readings do not show what quotes show of PCRs",
			"%s", ", and the log does not tell it");
}

static bool open_log(struct verify *v, const struct attestation *a, struct ctl_log *log)
{
	char *copy = ctl_alloc(a->log.len, 1);
	const struct ctl_log_entry *bad;
	unsigned int bank;

	memcpy(copy, a->log.p, a->log.len);
	if (ctl_log_parse("the log", copy, a->log.len, log)) {
		verify_say(v, VERIFY_WRONG, "the log that came with it is not well formed");
		return false;
	}
	bad = replay_bad_event(log, &bank);
	if (bad)
		verify_say(v, VERIFY_WRONG,
			   "entry %zu of the log: the %s digest is not that of its event",
			   bad - log->entry + 1, ctl_algs[bank].name);
	return !bad;
}

static void check(struct verify_pcrs *p)
{
	verify_sources_make(p);
	if (search_one(p) || search(p)) {
		settle(p);
		say_values(p);
		verify_sources_say(p);
	} else {
		say_not_found(p);
	}
	if (p->v->host && !p->host_said)
		verify_say(p->v, VERIFY_NOT_PROVED,
			   "that its host's TPM has the PCRs of %s: no quoted PCR tells of them",
			   ctl_file_name(p->v->ctl->host_pcrs));
	free(p->source);
}

int verify_pcrs(struct verify *v, const struct attestation *a)
{
	struct verify_pcrs p = { .v = v, .a = a, .alg = replay_bank(a->bank->name) };
	struct ctl_log log = { };
	int code = CTL_OK;

	if (!read_quoted(&p) || (v->policy && !verify_policy_quote(v, p.alg, p.pcrs)))
		return CTL_OK;
	if (v->ctl->parties)
		code = verify_manifests_load(v, a, &p.manifests);
	if (code)
		return code;
	if (a->log.len)
		p.log = &log;
	if (!p.log || open_log(v, a, &log))
		check(&p);
	ctl_log_free(&log);
	verify_manifests_free(p.manifests);
	return CTL_OK;
}
