/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of "verify", as its files share it. */
#ifndef VTPMCTL_VERIFY_H
#define VTPMCTL_VERIFY_H

#include "attest.h"
#include "policy_text.h"

#define VERIFY_POLICY_MAX	16384

struct ctl_pcrs;

/* What is said as proved before somebody has vouched for the key is no more than claimed. */
enum verify_word { VERIFY_PROVED, VERIFY_NOT_PROVED, VERIFY_WRONG, VERIFY_CLAIMED, VERIFY_WORDS };

/* TPMS_ATTEST: what all types have, and the rest */
struct verify_head {
	struct attest_bytes signer;
	struct attest_bytes extra;
	uint64_t clock;
	uint32_t resets;
	uint32_t restarts;
	uint8_t safe;
	uint64_t firmware;
	struct attest_reader rest;
};

/**
 * struct verify - one run
 * @ctl: the command line
 * @answer: with --json
 * @said: how many of each
 * @vouched: the key is one that the caller trusts
 * @fresh: there was a nonce to compare with
 * @key: what signs
 * @quote: signed by it
 * @identity: likewise
 * @contents: of the index that says what the instance is
 * @policy: that it is proved to be under; NULL: it is not known
 * @host: PCRs of its host's TPM that are expected; NULL: nobody said
 */
struct verify {
	struct ctl *ctl;
	struct json_object *answer;
	unsigned int said[VERIFY_WORDS];
	bool vouched;
	bool fresh;
	struct verify_key key;
	struct verify_head quote;
	struct verify_head identity;
	struct attest_bytes contents;
	struct policy_text *policy;
	const struct ctl_pcrs *host;
};

void __printf(3, 4) verify_say(struct verify *v, enum verify_word word, const char *format, ...);
/* @before, the numbers, and the rest; nothing where there are none */
void __printf(5, 6) verify_say_pcrs(struct verify *v, enum verify_word word, uint32_t pcrs,
				    const char *before, const char *format, ...);
bool verify_same(struct attest_bytes a, struct attest_bytes b);
bool verify_signed(struct verify *v, const struct attestation *a);

/* verify_challenge.c: is it the answer to the one that was given? */
int verify_challenge(struct verify *v);

/* verify_identity.c: the index that says what the instance is */
bool verify_identity_read(struct verify *v);
uint32_t verify_policy_changes(struct attest_bytes contents);
int verify_identity(struct verify *v);
/* The @n-th entry with that tag */
bool verify_entry(const struct verify *v, uint16_t tag, unsigned int n, struct attest_reader *e);
/* 1: PCRs of a host's TPM have gone into it; 0: nothing; -1: that is not known */
int verify_host_mapped(const struct verify *v);

/* verify_policy.c: the policy that was given, and is the instance's */
void verify_policy(struct verify *v, const char *text, size_t len);
/* Its property providers, as the identity has them. How many there are */
unsigned int verify_providers(const struct verify *v,
			      struct policy_provider list[POLICY_PROVIDERS]);
/* May a quote show the provider's value there? In one locality or another */
bool verify_policy_shows(const struct policy_text *p, unsigned int bank, unsigned int pcr,
			 const char *provider);
/* Is it no other one's, in all localities? Without a policy (NULL) that is not known. */
bool verify_policy_shows_only(const struct policy_text *p, unsigned int bank, unsigned int pcr,
			      const char *provider);
/* May a reading show another provider's value than a quote? */
bool verify_policy_parts(const struct policy_text *p, unsigned int bank, unsigned int pcr);
/* Says whose values a quote of these PCRs has. False: it has none that the policy allows. */
bool verify_policy_quote(struct verify *v, unsigned int bank, uint32_t pcrs);

/* verify_pcrs.c: the quoted values */
int verify_pcrs(struct verify *v, const struct attestation *a);

/* verify_manifest.c: which property does a measurement have, by whom? */
struct verify_manifests;
int verify_manifests_load(struct verify *v, const struct attestation *a,
			  struct verify_manifests **result);
void verify_manifests_free(struct verify_manifests *m);
int verify_manifests_parties(const struct verify_manifests *m);	/* how many */
/*
 * As provider "certificate" has it: zeros, or the hash of the property or of the party's
 * key. @party: whose manifests count, from 0; below 0: all
 */
void verify_manifests_translate(const struct verify_manifests *m, int party, bool by_key,
				const unsigned char *digest, unsigned char *into);
/* What that value says of the measurement. NULL: nothing. The caller frees it. */
char *verify_manifests_meaning(const struct verify_manifests *m, int party, bool by_key,
			       const unsigned char *digest);
/* What @value says that zeros were extended with. NULL: nothing that is known here. */
char *verify_manifests_inverse(const struct verify_manifests *m, int party, bool by_key,
			       const unsigned char *value);

#endif /* VTPMCTL_VERIFY_H */
