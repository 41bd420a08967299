// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replays a measurement log: which values a provider's PCRs have to have. The log is not
 * signed; the quote is what it has to agree with.
 */
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "verify.h"

bool verify_log_open(struct verify *v, const struct attestation *a, struct ctl_log *log)
{
	char *copy = ctl_alloc(a->log.len, 1);

	memcpy(copy, a->log.p, a->log.len);
	if (!ctl_log_parse("the log", copy, a->log.len, log))
		return true;
	verify_say(v, VERIFY_WRONG, "the log that came with it is not well formed");
	return false;
}

static unsigned int bank_of(const struct attest_bank *bank)
{
	unsigned int i;

	for (i = 0; i < CTL_BANKS - 1; i++)
		if (!strcmp(ctl_algs[i].name, bank->name))
			break;
	return i;
}

static void extend(unsigned char *value, const struct attest_bank *bank, const unsigned char *with)
{
	unsigned char both[2 * ATTEST_DIGEST_MAX];

	memcpy(both, value, bank->size);
	memcpy(both + bank->size, with, bank->size);
	verify_digest(bank->alg, (struct attest_bytes){ both, 2 * bank->size }, value);
}

static void start(const struct attest_bank *bank, struct verify_replay *replay)
{
	unsigned int pcr;

	*replay = (struct verify_replay){ };
	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		if (pcr >= 17 && pcr <= 22)	/* as TPM2_Startup(CLEAR) leaves them */
			memset(replay->value[pcr], 0xff, bank->size);
}

void verify_log_replay(const struct ctl_log *log, const struct attest_bank *bank,
		       const char *provider, verify_translate translate, void *ctx,
		       struct verify_replay *replay)
{
	unsigned int alg = bank_of(bank);
	unsigned char with[ATTEST_DIGEST_MAX];
	const struct ctl_log_entry *e;

	start(bank, replay);
	for (e = log->entry; e < log->entry + log->count; e++) {
		const unsigned char *digest = e->digest[alg];

		if (e->kind == CTL_LOG_LOST)
			replay->incomplete |= 1u << e->pcr;
		if (e->kind == CTL_LOG_LOST || !digest)
			continue;
		if (e->kind == CTL_LOG_START) {
			if (!e->provider[0] || !strcmp(e->provider, provider))
				memcpy(replay->value[e->pcr], digest, bank->size);
			continue;
		}
		if (translate) {
			translate(ctx, bank, e->pcr, digest, with);
			digest = with;
		}
		extend(replay->value[e->pcr], bank, digest);
	}
}
