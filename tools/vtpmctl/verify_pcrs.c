// SPDX-License-Identifier: GPL-2.0-only
/* The PCRs of a quote: which values they have, and whether the log comes to the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "verify.h"

#define COMBINATIONS	0x10000

/**
 * struct quoted - what the quote says of PCRs
 * @pcrs: which ones, bit by bit
 * @digest: of their values
 */
struct quoted {
	uint32_t pcrs;
	struct attest_bytes digest;
};

static bool read_quoted(struct verify *v, const struct attestation *a, struct quoted *q)
{
	struct attest_reader r = v->quote.rest;
	uint32_t count = attest_number(&r, 4);
	uint16_t hash = attest_number(&r, 2);
	struct attest_bytes select = attest_take(&r, attest_number(&r, 1));
	size_t i;

	*q = (struct quoted){ .digest = attest_2b(&r) };
	for (i = 0; i < select.len && i < 4; i++)
		q->pcrs |= (uint32_t)select.p[i] << 8 * i;
	if (!attest_done(&r) || count != 1 || hash != a->bank->alg || select.len > 4 ||
	    q->pcrs >> VTPMCTL_PCRS) {
		verify_say(v, VERIFY_WRONG, "the quote is not of PCRs of bank %s alone",
			   a->bank->name);
		return false;
	}
	if (!q->pcrs)
		verify_say(v, VERIFY_NOT_PROVED, "any PCR: the quote has none");
	return q->pcrs;
}

static char *list(uint32_t pcrs)
{
	char *text = ctl_format("%s", ""), *longer;
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		if (!(pcrs & 1u << pcr))
			continue;
		longer = ctl_format("%s%s%u", text, *text ? ", " : "", pcr);
		free(text);
		text = longer;
	}
	return text;
}

static void say_pcrs(struct verify *v, enum verify_word word, const char *format, uint32_t pcrs)
{
	char *text = list(pcrs);

	if (pcrs)
		verify_say(v, word, format, text);
	free(text);
}

/* ---- which values ---- */

/* What may be the value of a PCR, and why */
enum source { FROM_LOG, FROM_MANIFESTS, FROM_FILE, SOURCES };

/**
 * struct candidates - what a quote may be of
 * @bank: whose PCRs
 * @quoted: what it says
 * @value: by source and PCR
 * @have: by source: PCRs that have such a value
 * @incomplete: PCRs of which the log lacks something
 * @chosen: the source of each PCR, once the quote has been found to be of these
 */
struct candidates {
	const struct attest_bank *bank;
	struct quoted quoted;
	unsigned char value[SOURCES][VTPMCTL_PCRS][ATTEST_DIGEST_MAX];
	uint32_t have[SOURCES];
	uint32_t incomplete;
	enum source chosen[VTPMCTL_PCRS];
};

/* A quote's digest is of the values one behind another, with the hash of the signature. */
static bool is_of(const struct verify *v, const struct candidates *c)
{
	unsigned char all[VTPMCTL_PCRS * ATTEST_DIGEST_MAX], digest[ATTEST_DIGEST_MAX];
	const struct attest_bank *hash = attest_bank_of(v->key.hash);
	unsigned int pcr;
	size_t len = 0;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		if (!(c->quoted.pcrs & 1u << pcr))
			continue;
		memcpy(all + len, c->value[c->chosen[pcr]][pcr], c->bank->size);
		len += c->bank->size;
	}
	return hash && verify_digest(hash->alg, (struct attest_bytes){ all, len }, digest) &&
	       c->quoted.digest.len == hash->size &&
	       !memcmp(digest, c->quoted.digest.p, hash->size);
}

/* Is it one that the sources before it have not? */
static bool distinct(const struct candidates *c, unsigned int pcr, enum source s)
{
	enum source before;

	if (s >= SOURCES || !(c->have[s] & 1u << pcr))
		return false;
	for (before = 0; before < s; before++)
		if (c->have[before] & 1u << pcr &&
		    !memcmp(c->value[before][pcr], c->value[s][pcr], c->bank->size))
			return false;
	return true;
}

static bool next_source(struct candidates *c, unsigned int pcr, int from)
{
	int s;

	for (s = from; s < SOURCES; s++) {
		if (!distinct(c, pcr, s))
			continue;
		c->chosen[pcr] = s;
		return true;
	}
	return false;
}

/*
 * A policy may answer quotes of each PCR by another provider, and readings by yet another:
 * all combinations are tried. Few PCRs have more than one candidate.
 */
static bool search(const struct verify *v, struct candidates *c)
{
	unsigned int pcr, tries;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		if (c->quoted.pcrs & 1u << pcr && !next_source(c, pcr, 0))
			return false;
	for (tries = 0; tries < COMBINATIONS; tries++) {
		if (is_of(v, c))
			return true;
		for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
			if (!(c->quoted.pcrs & 1u << pcr))
				continue;
			if (next_source(c, pcr, c->chosen[pcr] + 1))
				break;
			next_source(c, pcr, 0);
		}
		if (pcr == VTPMCTL_PCRS)
			return false;
	}
	return false;
}

static uint32_t chosen_from(const struct candidates *c, enum source s)
{
	uint32_t pcrs = 0;
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		if (c->quoted.pcrs & 1u << pcr && c->chosen[pcr] == s)
			pcrs |= 1u << pcr;
	return pcrs;
}

static void say_values(struct verify *v, const struct candidates *c)
{
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		char *hex;

		if (!(c->quoted.pcrs & 1u << pcr))
			continue;
		hex = ctl_hex(c->value[c->chosen[pcr]][pcr], c->bank->size);
		verify_say(v, VERIFY_PROVED, "PCR %u of %s has the value %s", pcr, c->bank->name,
			   hex);
		free(hex);
	}
}

static void say_sources(struct verify *v, const struct attestation *a, const struct candidates *c)
{
	uint32_t other = chosen_from(c, FROM_FILE);

	if (!a->log.len) {
		verify_say(v, VERIFY_NOT_PROVED,
			   "where the values of PCRs come from: there is no log");
		return;
	}
	say_pcrs(v, VERIFY_PROVED, "the log comes to the values of PCRs %s",
		 chosen_from(c, FROM_LOG));
	say_pcrs(v, VERIFY_PROVED, "the log and the manifests come to the values of PCRs %s",
		 chosen_from(c, FROM_MANIFESTS));
	say_pcrs(v, VERIFY_NOT_PROVED, "where the values of PCRs %s come from: the log was full",
		 other & c->incomplete);
	say_pcrs(v, VERIFY_WRONG, "the log comes to other values of PCRs %s",
		 other & ~c->incomplete);
}

/* ---- properties ---- */

struct tally {
	const struct verify_manifests *manifests;
	uint32_t pcrs;
	size_t count;
	struct {
		unsigned int pcr;
		const char *property;	/* NULL: none */
		unsigned int events;
	} *row;
};

static void count_event(void *ctx, const struct attest_bank *bank, unsigned int pcr,
			const unsigned char *digest, unsigned char *into)
{
	struct tally *t = ctx;
	const char *property = verify_manifests_property(t->manifests, digest);
	size_t i;

	memset(into, 0, bank->size);
	for (i = 0; i < t->count; i++)
		if (t->row[i].pcr == pcr && (property == t->row[i].property ||
					     (property && t->row[i].property &&
					      !strcmp(property, t->row[i].property))))
			break;
	if (i == t->count) {
		t->row = ctl_resize(t->row, (t->count + 1) * sizeof(*t->row));
		t->row[i].pcr = pcr;
		t->row[i].property = property;
		t->row[i].events = 0;
		t->count++;
	}
	t->row[i].events++;
}

/* Of PCRs alone that the log comes to: another one's events are anybody's. */
static void say_properties(struct verify *v, const struct candidates *c,
			   const struct ctl_log *log, const struct verify_manifests *m)
{
	struct tally t = { .manifests = m };
	uint32_t pcrs = c->quoted.pcrs & ~chosen_from(c, FROM_FILE);
	struct verify_replay replay;
	size_t i;

	verify_log_replay(log, c->bank, "", count_event, &t, &replay);
	for (i = 0; i < t.count; i++) {
		if (!(pcrs & 1u << t.row[i].pcr))
			continue;
		if (t.row[i].property)
			verify_say(v, VERIFY_PROVED, "PCR %u: %u measurements are \"%s\"",
				   t.row[i].pcr, t.row[i].events, t.row[i].property);
		else
			verify_say(v, VERIFY_NOT_PROVED, "what %u measurements in PCR %u are",
				   t.row[i].events, t.row[i].pcr);
	}
	free(t.row);
}

/* ---- the whole ---- */

/* Does the instance have a provider "certificate", and does it take the party's key? */
static bool has_certificates(const struct verify *v, bool *by_key)
{
	struct attest_reader e;
	unsigned int n;

	for (n = 0; verify_entry(v, VTPM_IDENTITY_PROVIDER, n, &e); n++) {
		if (!verify_text_is(attest_2b(&e), "certificate"))
			continue;
		*by_key = true;		/* the default */
		while (e.left && !e.bad) {
			bool represent = verify_text_is(attest_2b(&e), "represent");

			if (verify_text_is(attest_2b(&e), "property") && represent)
				*by_key = false;
		}
		return true;
	}
	return false;
}

static void add_replay(struct candidates *c, enum source s, const struct verify_replay *replay)
{
	memcpy(c->value[s], replay->value, sizeof(c->value[s]));
	c->have[s] = (1u << VTPMCTL_PCRS) - 1;
}

/* What the log would have made of PCRs, by the providers that are known here */
static void replay(struct verify *v, const struct ctl_log *log, struct verify_manifests *m,
		   struct candidates *c)
{
	struct verify_replay r;
	bool by_key;

	verify_log_replay(log, c->bank, "hash", NULL, NULL, &r);
	add_replay(c, FROM_LOG, &r);
	c->incomplete = r.incomplete;
	if (!m || !has_certificates(v, &by_key))
		return;
	verify_manifests_by_key(m, by_key);
	verify_log_replay(log, c->bank, "certificate", verify_manifests_translate, m, &r);
	add_replay(c, FROM_MANIFESTS, &r);
}

static void check_values(struct verify *v, const struct attestation *a, struct candidates *c,
			 const struct ctl_log *log, const struct verify_manifests *m)
{
	if (!search(v, c)) {
		verify_say(v, VERIFY_WRONG,
			   "the quote is of other values than those that came with it%s",
			   a->log.len ? ", and than the log's" : "");
		return;
	}
	say_values(v, c);
	say_sources(v, a, c);
	if (m && a->log.len)
		say_properties(v, c, log, m);
}

int verify_pcrs(struct verify *v, const struct attestation *a)
{
	struct candidates c = { .bank = a->bank };
	struct verify_manifests *m = NULL;
	struct ctl_log log = { };
	int code = CTL_OK;

	if (!read_quoted(v, a, &c.quoted))
		return CTL_OK;
	if (v->ctl->parties)
		code = verify_manifests_load(v, a, &m);
	if (code)
		return code;
	memcpy(c.value[FROM_FILE], a->value, sizeof(a->value));
	c.have[FROM_FILE] = a->pcrs;
	if (!a->log.len || verify_log_open(v, a, &log)) {
		if (a->log.len)
			replay(v, &log, m, &c);
		check_values(v, a, &c, &log, m);
	}
	ctl_log_free(&log);
	verify_manifests_free(m);
	return CTL_OK;
}
