// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replays a measurement log: which values a provider's vPCRs have to have. drivers/vtpm/property
 * has the providers.
 */
#include <stdlib.h>
#include <string.h>

#include "replay.h"
#include "verify.h"

#define ENTRIES_MIN	2
#define ENTRIES_MAX	2048
#define ENTRIES		256	/* of a list, unless the policy says otherwise */

/* ---- how a provider computes ---- */

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

/* Those that extend as a TPM does, whatever they begin with. */
static bool extends(const char *provider)
{
	static const char *const names[] = { "hash", "map", "accumulate", NULL };

	return is_one_of(provider, names);
}

bool replay_certifies(const char *provider)
{
	static const char *const names[] = { "certificate", "translate", NULL };

	return is_one_of(provider, names);
}

bool replay_maps(const struct replay_how *how, unsigned int pcr)
{
	static const char *const folding[] = { "accumulate", "translate", NULL };

	if (is_one_of(how->provider, folding))
		return how->into < 0 || (unsigned int)how->into == pcr;
	return !strcmp(how->provider, "map");
}

static int number_of(const struct policy_provider *is, const char *name, int otherwise)
{
	const char *value = policy_option(is, name);

	return value && *value ? atoi(value) : otherwise;
}

struct replay_how replay_how(const struct policy_provider *is)
{
	const char *represent = policy_option(is, "represent"), *party = policy_option(is, "party");

	return (struct replay_how){
		.provider = is->name,
		.entries = number_of(is, "entries", ENTRIES),
		.into = number_of(is, "into", -1),
		.by_key = !represent || strcmp(represent, "property"),
		.one_party = party && *party,
		.party = party && *party ? 0 : REPLAY_ALL_PARTIES,
	};
}

const char *replay_unknown(const struct replay_how *how)
{
	if (extends(how->provider) || !strcmp(how->provider, "log"))
		return how->entries < ENTRIES_MIN || how->entries > ENTRIES_MAX ?
		       "has no lists of such a length" : NULL;
	if (!replay_certifies(how->provider))
		return "computes in a way that is not known here";
	return how->manifests || how->as_logged ? NULL : "needs --certificates and --parties";
}

bool replay_next_party(struct replay_how *how)
{
	if (!how->one_party || how->party + 1 >= verify_manifests_parties(how->manifests))
		return false;
	how->party++;
	return true;
}

unsigned int replay_bank(const char *name)
{
	unsigned int i;

	for (i = 0; i < CTL_BANKS - 1; i++)
		if (!strcmp(ctl_algs[i].name, name))
			break;
	return i;
}

void replay_extend(const struct ctl_alg *alg, uint8_t *value, const uint8_t *digest)
{
	uint8_t both[2 * CTL_DIGEST_MAX];

	memcpy(both, value, alg->size);
	memcpy(both + alg->size, digest, alg->size);
	ctl_hash(alg, both, 2 * alg->size, value);
}

/* ---- a PCR ---- */

/* The list of provider "log", of one PCR. */
struct list {
	uint8_t *digests;
	size_t count;
};

static void add_to_list(struct list *l, const struct replay_how *how, const struct ctl_alg *alg,
			uint8_t *value, const uint8_t *digest)
{
	static const uint8_t zeros[CTL_DIGEST_MAX];

	if (!l->digests)
		l->digests = ctl_alloc(how->entries + 2, alg->size);
	if (l->count >= how->entries)
		l->count = 0;		/* it is folded: its digest is the first element */
	if (!l->count && memcmp(value, zeros, alg->size)) {
		memcpy(l->digests, value, alg->size);
		l->count = 1;
	}
	memcpy(l->digests + l->count++ * alg->size, digest, alg->size);
	ctl_hash(alg, l->digests, l->count * alg->size, value);
}

/* A certificate's part, and zeros without one. */
static void certified(const struct replay_how *how, const struct ctl_log_entry *e,
		      unsigned int bank, uint8_t *with)
{
	const uint8_t *logged;

	if (!how->as_logged) {
		verify_manifests_translate(how->manifests, how->party, how->by_key,
					   e->digest[bank], with);
		return;
	}
	logged = ctl_log_instead(e, how->provider, bank);
	memset(with, 0, CTL_DIGEST_MAX);
	if (logged)
		memcpy(with, logged, ctl_algs[bank].size);
}

static void measure(const struct replay_how *how, const struct ctl_log_entry *e,
		    unsigned int bank, struct list *l, uint8_t *value)
{
	const struct ctl_alg *alg = &ctl_algs[bank];
	const uint8_t *digest = e->digest[bank];
	uint8_t with[CTL_DIGEST_MAX];

	if (!strcmp(how->provider, "log")) {
		add_to_list(l, how, alg, value, digest);
		return;
	}
	if (replay_certifies(how->provider)) {
		certified(how, e, bank, with);
		digest = with;
	}
	replay_extend(alg, value, digest);
}

static bool all_the_same(const uint8_t *value, size_t size)
{
	return (!value[0] || value[0] == 0xff) && !memcmp(value, value + 1, size - 1);
}

/*
 * A value that a PCR gets otherwise: for all providers by a reset, which leaves zeros or
 * ones, or of the host's PCRs. Any other one no instance has had, whatever the log says.
 */
static void begin(const struct ctl_log_entry *e, unsigned int bank, const struct replay_how *how,
		  struct list *l, struct replay *r)
{
	const struct ctl_alg *alg = &ctl_algs[bank];
	const uint8_t *value = e->digest[bank];
	bool of_all = !e->provider[0];

	if (of_all ? !all_the_same(value, alg->size) :
		     strcmp(e->provider, how->provider) || !replay_maps(how, e->pcr))
		return;
	memcpy(r->value[e->pcr], value, alg->size);
	memcpy(r->start[e->pcr], value, alg->size);
	r->first[e->pcr] = e;
	l->count = 0;
	r->mapped &= ~(1u << e->pcr);
	if (!of_all)
		r->mapped |= 1u << e->pcr;
}

/* ---- the whole ---- */

/* As TPM2_Startup(CLEAR) leaves them. */
static void start(const struct ctl_log *log, struct replay *r)
{
	unsigned int pcr;

	memset(r, 0, sizeof(*r));
	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		r->first[pcr] = log->entry;
		if (pcr >= 17 && pcr <= 22)
			memset(r->value[pcr], 0xff, CTL_DIGEST_MAX);
		memcpy(r->start[pcr], r->value[pcr], CTL_DIGEST_MAX);
	}
}

void replay_log(const struct ctl_log *log, unsigned int bank, const struct replay_how *how,
		struct replay *r)
{
	struct list lists[VTPMCTL_PCRS] = { };
	const struct ctl_log_entry *e;
	unsigned int pcr;

	start(log, r);
	for (e = log->entry; e < log->entry + log->count; e++) {
		if (e->kind == CTL_LOG_LOST)
			r->lost[e->pcr] += e->lost;
		else if (e->digest[bank] && e->kind == CTL_LOG_START)
			begin(e, bank, how, &lists[e->pcr], r);
		else if (e->digest[bank])
			measure(how, e, bank, &lists[e->pcr], r->value[e->pcr]);
	}
	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		free(lists[pcr].digests);
}

const struct ctl_log_entry *replay_bad_event(const struct ctl_log *log, unsigned int *bank)
{
	const struct ctl_log_entry *e;
	uint8_t digest[CTL_DIGEST_MAX];

	for (e = log->entry; e < log->entry + log->count; e++) {
		if (e->kind != CTL_LOG_EVENT && e->kind != CTL_LOG_IMA)
			continue;
		for (*bank = 0; *bank < CTL_BANKS; ++*bank) {
			if (!e->digest[*bank])
				continue;
			ctl_hash(&ctl_algs[*bank], e->data, e->len, digest);
			if (memcmp(digest, e->digest[*bank], ctl_algs[*bank].size))
				return e;
		}
	}
	return NULL;
}
