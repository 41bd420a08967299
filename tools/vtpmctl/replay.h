/* SPDX-License-Identifier: GPL-2.0-only */
/* What a measurement log makes of PCRs, as each property provider computes. */
#ifndef VTPMCTL_REPLAY_H
#define VTPMCTL_REPLAY_H

#include "log.h"
#include "policy_text.h"

struct verify_manifests;

#define REPLAY_ALL_PARTIES	(-1)

/**
 * struct replay_how - a provider, and what its values depend on
 * @provider: its name
 * @entries: of "log": elements of a list
 * @into: of "accumulate" and "translate": the PCR that the host's go into; -1: not known
 * @by_key: of "certificate" and "translate": represent=key
 * @one_party: likewise: party= was said, whose name means something to the host alone
 * @party: likewise: whose manifests count, of @manifests; REPLAY_ALL_PARTIES
 * @as_logged: likewise: what the log says that certificates said, and not @manifests
 * @manifests: likewise, of the bank in question; NULL: they are not known
 */
struct replay_how {
	const char *provider;
	unsigned int entries;
	int into;
	bool by_key;
	bool one_party;
	int party;
	bool as_logged;
	const struct verify_manifests *manifests;
};

/**
 * struct replay - values of one bank
 * @value: what the provider's vPCRs have to be
 * @lost: for each PCR, how many entries are missing
 * @mapped: PCRs that begin with what the provider made of the host's, bit by bit
 * @start: how they begin, by the log
 * @first: for each PCR, the entry from which on its value is made of the log
 */
struct replay {
	uint8_t value[VTPMCTL_PCRS][CTL_DIGEST_MAX];
	uint32_t lost[VTPMCTL_PCRS];
	uint32_t mapped;
	uint8_t start[VTPMCTL_PCRS][CTL_DIGEST_MAX];
	const struct ctl_log_entry *first[VTPMCTL_PCRS];
};

/* Which of ctl_algs it is; the name is one of theirs. */
unsigned int replay_bank(const char *name);
/* As TPM2_PCR_Extend has it. */
void replay_extend(const struct ctl_alg *alg, uint8_t *value, const uint8_t *digest);
/* @is: with the options that are known */
struct replay_how replay_how(const struct policy_provider *is);
bool replay_certifies(const char *provider);	/* it asks manifests */
/* Can a PCR begin with what the provider made of the host's? */
bool replay_maps(const struct replay_how *how, unsigned int pcr);
/* NULL, or why it cannot be replayed */
const char *replay_unknown(const struct replay_how *how);
/* With party= each party alone may be the one. False: there is no further one. */
bool replay_next_party(struct replay_how *how);
/* @bank: of ctl_algs; @how can be replayed */
void replay_log(const struct ctl_log *log, unsigned int bank, const struct replay_how *how,
		struct replay *r);
/* What the log says of itself. NULL, or the entry of which a digest is not that of its event. */
const struct ctl_log_entry *replay_bad_event(const struct ctl_log *log, unsigned int *bank);

#endif /* VTPMCTL_REPLAY_H */
