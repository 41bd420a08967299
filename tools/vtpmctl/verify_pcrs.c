// SPDX-License-Identifier: GPL-2.0-only
/* The PCRs of a quote: which values they have, and whether the log comes to the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify.h"

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

/* A quote's digest is of the values one behind another, with the hash of the signature. */
static bool is_of(const struct verify *v, const struct quoted *q, const struct attest_bank *bank,
		  unsigned char value[VTPMCTL_PCRS][ATTEST_DIGEST_MAX])
{
	unsigned char all[VTPMCTL_PCRS * ATTEST_DIGEST_MAX], digest[ATTEST_DIGEST_MAX];
	const struct attest_bank *hash = attest_bank_of(v->key.hash);
	unsigned int pcr;
	size_t len = 0;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		if (!(q->pcrs & 1u << pcr))
			continue;
		memcpy(all + len, value[pcr], bank->size);
		len += bank->size;
	}
	return hash && verify_digest(hash->alg, (struct attest_bytes){ all, len }, digest) &&
	       q->digest.len == hash->size && !memcmp(digest, q->digest.p, hash->size);
}

static void say_values(struct verify *v, const struct attestation *a, uint32_t pcrs)
{
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		char *hex;

		if (!(pcrs & 1u << pcr))
			continue;
		hex = ctl_hex(a->value[pcr], a->bank->size);
		verify_say(v, VERIFY_PROVED, "PCR %u of %s has the value %s", pcr, a->bank->name, hex);
		free(hex);
	}
}

/* Which PCRs does the log come to the values of? */
static uint32_t explained(const struct attestation *a, const struct verify_replay *replay,
			  uint32_t pcrs)
{
	uint32_t good = 0;
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		if (pcrs & 1u << pcr &&
		    !memcmp(a->value[pcr], replay->value[pcr], a->bank->size))
			good |= 1u << pcr;
	return good;
}

static uint32_t incomplete(const struct verify_replay *replay)
{
	uint32_t pcrs = 0;
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		pcrs |= replay->complete[pcr] ? 0 : 1u << pcr;
	return pcrs;
}

static void check_log(struct verify *v, const struct attestation *a, const struct quoted *q,
		      bool values)
{
	struct verify_replay replay;
	uint32_t good, lost;
	const char *why;

	why = verify_log_replay(a->log, a->bank, "hash", NULL, NULL, &replay);
	if (why) {
		verify_say(v, VERIFY_WRONG, "the log: %s", why);
		return;
	}
	if (!values) {
		if (is_of(v, q, a->bank, replay.value))
			say_pcrs(v, VERIFY_PROVED, "PCRs %s are what the log comes to", q->pcrs);
		else
			verify_say(v, VERIFY_WRONG, "the quote is of other values than the log's, and "
				   "than those that came with it");
		return;
	}
	good = explained(a, &replay, q->pcrs);
	lost = q->pcrs & incomplete(&replay) & ~good;
	say_pcrs(v, VERIFY_PROVED, "the log comes to the values of PCRs %s", good);
	say_pcrs(v, VERIFY_NOT_PROVED, "where the values of PCRs %s come from: the log was full",
		 lost);
	say_pcrs(v, VERIFY_WRONG, "the log comes to other values of PCRs %s",
		 q->pcrs & ~good & ~lost);
}

int verify_pcrs(struct verify *v, const struct attestation *a)
{
	struct attestation *mine = (struct attestation *)a;
	struct quoted q;
	bool values;

	if (!read_quoted(v, a, &q))
		return CTL_OK;
	values = !(q.pcrs & ~a->pcrs) && is_of(v, &q, a->bank, mine->value);
	if (values)
		say_values(v, a, q.pcrs);
	else if (!a->log.len)
		verify_say(v, VERIFY_WRONG, "the quote is of other values than those that came with it");
	if (a->log.len)
		check_log(v, a, &q, values);
	else
		verify_say(v, VERIFY_NOT_PROVED, "where the values of PCRs come from: there is no log");
	return CTL_OK;
}
