// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replays a measurement log (TCG PC Client Platform Firmware Profile, crypto agile):
 * which values its PCRs have to have. The log is not signed; the quote is what it has to
 * agree with.
 */
#include <string.h>

#include "attest.h"

#define EV_NO_ACTION	3
#define SPEC_ID		"Spec ID Event03"
#define START_VALUE	"vTPM StartValue"
#define LOST_EVENTS	"vTPM LostEvents"
#define SIGNATURE	16	/* of an EV_NO_ACTION, with the zero */
#define MAX_ALGS	16

/**
 * struct log - one being read
 * @r: what is left of it
 * @algs: how many kinds of digest there may be
 * @alg: their TPM_ALG_ID
 * @size: their bytes
 */
struct log {
	struct attest_reader r;
	unsigned int algs;
	uint16_t alg[MAX_ALGS];
	uint16_t size[MAX_ALGS];
};

struct event {
	uint32_t pcr;
	uint32_t type;
	struct attest_bytes digest;	/* of the bank asked for; empty when there is none */
	struct attest_bytes data;
};

/* Logs are little-endian. */
static uint32_t number(struct attest_reader *r, size_t bytes)
{
	struct attest_bytes b = attest_take(r, bytes);
	uint32_t v = 0;

	while (b.len)
		v = v << 8 | b.p[--b.len];
	return v;
}

static bool read_spec_id(struct log *log)
{
	struct attest_bytes signature;
	struct attest_reader event;
	unsigned int i;

	number(&log->r, 4);
	if (number(&log->r, 4) != EV_NO_ACTION)
		return false;
	attest_take(&log->r, 20);
	event = attest_reader(attest_take(&log->r, number(&log->r, 4)));
	signature = attest_take(&event, SIGNATURE);
	if (signature.len != SIGNATURE || memcmp(signature.p, SPEC_ID, SIGNATURE))
		return false;
	attest_take(&event, 8);		/* platformClass, version, errata, uintnSize */
	log->algs = number(&event, 4);
	for (i = 0; i < log->algs && i < MAX_ALGS; i++) {
		log->alg[i] = number(&event, 2);
		log->size[i] = number(&event, 2);
	}
	return !event.bad && !log->r.bad && log->algs <= MAX_ALGS;
}

static bool read_digest(struct log *log, const struct attest_bank *bank, struct event *e)
{
	uint16_t alg = number(&log->r, 2);
	struct attest_bytes digest;
	unsigned int i;

	for (i = 0; i < log->algs; i++)
		if (log->alg[i] == alg)
			break;
	if (i == log->algs)
		return false;
	digest = attest_take(&log->r, log->size[i]);
	if (alg == bank->alg && (e->digest.len || digest.len != bank->size))
		return false;
	if (alg == bank->alg)
		e->digest = digest;
	return true;
}

static bool read_event(struct log *log, const struct attest_bank *bank, struct event *e)
{
	uint32_t n;

	*e = (struct event){ .pcr = number(&log->r, 4) };
	e->type = number(&log->r, 4);
	for (n = number(&log->r, 4); n; n--)
		if (log->r.bad || !read_digest(log, bank, e))
			return false;
	e->data = attest_take(&log->r, number(&log->r, 4));
	return !log->r.bad;
}

static void extend(unsigned char *value, const struct attest_bank *bank, const unsigned char *with)
{
	unsigned char both[2 * ATTEST_DIGEST_MAX];

	memcpy(both, value, bank->size);
	memcpy(both + bank->size, with, bank->size);
	verify_digest(bank->alg, (struct attest_bytes){ both, 2 * bank->size }, value);
}

/* Where a provider's PCR began, when it was not at zeros. */
static bool start_value(struct attest_bytes data, const struct attest_bank *bank,
			const char *provider, unsigned char *value)
{
	struct attest_reader r = attest_reader(data);
	struct attest_bytes name, digest;
	uint32_t n;

	attest_take(&r, SIGNATURE);
	name = attest_take(&r, number(&r, 1));
	for (n = number(&r, 4); n && !r.bad; n--) {
		const struct attest_bank *of = attest_bank_of(number(&r, 2));

		digest = attest_take(&r, of ? of->size : SIZE_MAX);
		if (of != bank || r.bad)
			continue;
		if (!name.len || (name.len == strlen(provider) &&
				  !memcmp(name.p, provider, name.len)))
			memcpy(value, digest.p, bank->size);
	}
	return attest_done(&r);
}

static bool has_signature(const struct event *e, const char *signature)
{
	return e->data.len >= SIGNATURE && !memcmp(e->data.p, signature, SIGNATURE);
}

static bool no_action(const struct event *e, const struct attest_bank *bank,
		      const char *provider, struct verify_replay *replay)
{
	if (has_signature(e, LOST_EVENTS))
		replay->complete[e->pcr] = false;
	if (has_signature(e, START_VALUE))
		return start_value(e->data, bank, provider, replay->value[e->pcr]);
	return true;
}

static bool replay_event(const struct event *e, const struct attest_bank *bank,
			 const char *provider, verify_translate translate, void *ctx,
			 struct verify_replay *replay)
{
	unsigned char with[ATTEST_DIGEST_MAX];

	if (e->pcr >= VTPMCTL_PCRS)
		return e->type == EV_NO_ACTION;
	if (e->type == EV_NO_ACTION)
		return no_action(e, bank, provider, replay);
	if (!e->digest.len)
		return true;
	if (translate)
		translate(ctx, bank, e->pcr, e->digest.p, with);
	else
		memcpy(with, e->digest.p, bank->size);
	extend(replay->value[e->pcr], bank, with);
	replay->events[e->pcr]++;
	return true;
}

const char *verify_log_replay(struct attest_bytes bytes, const struct attest_bank *bank,
			      const char *provider, verify_translate translate, void *ctx,
			      struct verify_replay *replay)
{
	struct log log = { .r = attest_reader(bytes) };
	struct event e;
	unsigned int pcr;

	*replay = (struct verify_replay){ };
	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		replay->complete[pcr] = true;
		if (pcr >= 17 && pcr <= 22)	/* as after TPM2_Startup without a dynamic launch */
			memset(replay->value[pcr], 0xff, bank->size);
	}
	if (!read_spec_id(&log))
		return "it does not begin as a crypto-agile log of the TCG does";
	while (log.r.left)
		if (!read_event(&log, bank, &e) ||
		    !replay_event(&e, bank, provider, translate, ctx, replay))
			return "an event is not well formed";
	return NULL;
}
