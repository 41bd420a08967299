/* SPDX-License-Identifier: GPL-2.0-only */
/* The PCRs of a quote, and what may explain their values. */
#ifndef VTPMCTL_VERIFY_PCRS_H
#define VTPMCTL_VERIFY_PCRS_H

#include "replay.h"
#include "verify.h"

#define VERIFY_FROM_FILE	(-1)	/* a value came along, and nothing else has it */

/**
 * struct verify_source - the log, as one provider makes values of it
 * @is: the provider
 * @how: see there
 * @unknown: why it cannot be replayed; NULL: @replay holds
 * @replay: what comes out
 */
struct verify_source {
	struct policy_provider is;
	struct replay_how how;
	const char *unknown;
	struct replay replay;
};

/**
 * struct verify_pcrs - PCRs of a quote
 * @v: the run
 * @a: the file
 * @alg: of ctl_algs, the bank
 * @pcrs: which ones, bit by bit
 * @digest: of their values, in the quote
 * @log: NULL: there is none
 * @manifests: NULL: nobody's count
 * @source: see there
 * @sources: how many
 * @value: theirs, when they are found
 * @from: of these: which @source has it, or VERIFY_FROM_FILE
 * @host_said: something was said of the host's PCRs that are expected
 */
struct verify_pcrs {
	struct verify *v;
	const struct attestation *a;
	unsigned int alg;
	uint32_t pcrs;
	struct attest_bytes digest;
	const struct ctl_log *log;
	struct verify_manifests *manifests;
	struct verify_source *source;
	int sources;
	unsigned char value[VTPMCTL_PCRS][ATTEST_DIGEST_MAX];
	int from[VTPMCTL_PCRS];
	bool host_said;
};

/* verify_source.c */
void verify_sources_make(struct verify_pcrs *p);
/* May a quote show this one's value? */
bool verify_source_counts(const struct verify_pcrs *p, const struct verify_source *s,
			  unsigned int pcr);
/* Which of the quoted ones have its value */
uint32_t verify_pcrs_from(const struct verify_pcrs *p, int from);
/*
 * Which of these the policy has no other provider answer. What a provider alone puts into its
 * vPCRs, a guest can extend those of "hash" with, if a quote can show these.
 */
uint32_t verify_source_alone(const struct verify_pcrs *p, const struct verify_source *s,
			     uint32_t pcrs);
void verify_sources_say(struct verify_pcrs *p);

/* verify_host.c: what do the values of a source say of the host's PCRs? */
void verify_host(struct verify_pcrs *p, int from);

#endif /* VTPMCTL_VERIFY_PCRS_H */
