// SPDX-License-Identifier: GPL-2.0-only
/*
 * The authenticated countdown timer (Part 3, 33): there is one, TPM_RH_ACT_0.
 *
 * No timer of the host runs. How many seconds are left follows from Time whenever
 * somebody asks, and the timer has signaled once none are left. The signal leads
 * nowhere: what a platform does about it is the platform's, and this one has nothing
 * to reset but the instance, which its host rules over. TPM2_GetCapability tells of it.
 *
 * Whoever may set it: platformAuth, or the timer's own policy.
 */
#include "commands.h"

#define NEVER	U32_MAX		/* a timeout that stays what it is */

static u32 seconds_left(const struct tpm2 *t)
{
	const struct tpm2_act *act = &t->act;
	u64 passed;

	if (!act->start || act->start == NEVER)
		return act->start;
	passed = (tpm2_time(t) - act->since) / 1000;
	return passed < act->start ? act->start - (u32)passed : 0;
}

static bool has_signaled(const struct tpm2 *t)
{
	return t->act.signaled || (t->act.start && !seconds_left(t));
}

/* TPMS_ACT_DATA */
void tpm2_act_put(const struct tpm2 *t, struct tpm2_writer *w)
{
	tpm2_put_u32(w, TPM_RH_ACT_0);
	tpm2_put_u32(w, seconds_left(t));
	tpm2_put_u32(w, (has_signaled(t) ? TPMA_ACT_SIGNALED : 0) |
			(t->act.preserved ? TPMA_ACT_PRESERVESIGNALED : 0));
}

/* Time is about to begin anew. Until TPM2_Startup the timer stands still. */
void tpm2_act_power_on(struct tpm2 *t)
{
	u32 left;

	if (!t->started)	/* it stands still already */
		return;
	left = seconds_left(t);
	t->act.signaled = has_signaled(t);
	t->act.start = left;
	t->act.since = 0;
}

/*
 * The signal is remembered until the timer is set again: it may be why there is a
 * start-up. After TPM Resume the timer goes on. If nobody has set it since the start-up
 * before then half of what was left is gone, or who turns the TPM off in time, again and
 * again, would stop it.
 */
void tpm2_act_startup(struct tpm2 *t, bool resume)
{
	struct tpm2_act *act = &t->act;

	act->preserved |= act->signaled;
	if (!resume) {
		act->start = 0;
		act->signaled = false;
		act->policy_alg = TPM_ALG_NULL;
		memset(&act->policy, 0, sizeof(act->policy));
	} else if (!act->updated && act->start > 1 && act->start != NEVER) {
		act->start /= 2;
	}
	act->updated = false;
	act->since = tpm2_time(t);
}

bool tpm2_act_good(const struct tpm2_act *act, u64 time)
{
	return act->since <= time && !(act->signaled && act->start);
}

/* ---- TPM2_ACT_SetTimeout (33.2) ---- */

struct act_set_timeout_in {
	u32 start;
};

static const struct desc_field act_set_timeout_in_fields[] = {
	FIELD(struct act_set_timeout_in, start, desc_u32),
};

const struct desc tpm2_act_set_timeout_in =
	DESC_STRUCT(struct act_set_timeout_in, act_set_timeout_in_fields);

/*
 * TPM2_ACT_SetTimeout (33.2). No codes of its own: it takes effect at once, so nothing is
 * ever pending. A timer that runs and is set to 0 signals; one that has signaled and is
 * set to something else does no longer.
 */
tpm_rc tpm2_cmd_act_set_timeout(struct tpm2_call *c)
{
	const struct act_set_timeout_in *in = (void *)c->in;
	struct tpm2_act *act = &c->t->act;

	act->signaled = !in->start && (has_signaled(c->t) || act->start);
	act->start = in->start;
	act->since = tpm2_time(c->t);
	act->preserved = false;
	act->updated = true;
	tpm2_disorder(c->t);
	return TPM_RC_SUCCESS;
}
