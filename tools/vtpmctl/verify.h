/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of "verify", as its files share it. */
#ifndef VTPMCTL_VERIFY_H
#define VTPMCTL_VERIFY_H

#include "attest.h"

#define VERIFY_POLICY_MAX	16384

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
};

void __printf(3, 4) verify_say(struct verify *v, enum verify_word word, const char *format, ...);
bool verify_same(struct attest_bytes a, struct attest_bytes b);
bool verify_signed(struct verify *v, const struct attestation *a);

/* verify_log.c */
struct verify_replay {
	uint32_t incomplete;	/* PCRs of which something was lost, bit by bit */
	unsigned char value[VTPMCTL_PCRS][ATTEST_DIGEST_MAX];
};

/* What goes into a PCR in place of a measurement */
typedef void (*verify_translate)(void *ctx, const struct attest_bank *bank, unsigned int pcr,
				 const unsigned char *digest, unsigned char *into);
struct ctl_log;
bool verify_log_open(struct verify *v, const struct attestation *a, struct ctl_log *log);
/* As provider @provider would; @translate NULL: the measurement itself is extended. */
void verify_log_replay(const struct ctl_log *log, const struct attest_bank *bank,
		       const char *provider, verify_translate translate, void *ctx,
		       struct verify_replay *replay);

/* verify_identity.c: the index that says what the instance is */
bool verify_identity_read(struct verify *v);
uint32_t verify_policy_changes(struct attest_bytes contents);
int verify_identity(struct verify *v);
/* The @n-th entry with that tag */
bool verify_entry(const struct verify *v, uint16_t tag, unsigned int n, struct attest_reader *e);
bool verify_text_is(struct attest_bytes b, const char *text);

/* verify_pcrs.c: the quoted values, and where they come from */
int verify_pcrs(struct verify *v, const struct attestation *a);

/* verify_manifest.c: which property does a measurement have, by whom? */
struct verify_manifests;
int verify_manifests_load(struct verify *v, const struct attestation *a,
			  struct verify_manifests **result);
void verify_manifests_free(struct verify_manifests *m);
const char *verify_manifests_property(const struct verify_manifests *m,
				      const unsigned char *digest);	/* NULL: none */
void verify_manifests_by_key(struct verify_manifests *m, bool by_key);
void verify_manifests_translate(void *ctx, const struct attest_bank *bank, unsigned int pcr,
				const unsigned char *digest, unsigned char *into);

#endif /* VTPMCTL_VERIFY_H */
