// SPDX-License-Identifier: GPL-2.0-only
/* The clock's setting, and the dictionary-attack logic's (Part 3, 25 and 29; Part 1, 36). */
#include "commands.h"

/* ---- TPM2_ClockSet (29.2) ---- */

#define CLOCK_LAST	0xffff000000000000ull	/* the largest value that may be set */

struct clock_set_in {
	u64 time;
};

static const struct desc_field clock_set_in_fields[] = {
	FIELD(struct clock_set_in, time, desc_u64),
};

const struct desc tpm2_clock_set_in = DESC_STRUCT(struct clock_set_in, clock_set_in_fields);

/* TPM2_ClockSet (29.2). TPM_RC_VALUE: before now, or so late that the clock might wrap. */
tpm_rc tpm2_cmd_clock_set(struct tpm2_call *c)
{
	const struct clock_set_in *in = (void *)c->in;

	if (in->time > CLOCK_LAST || in->time < tpm2_clock(c->t))
		return tpm2_param(TPM_RC_VALUE, 1);
	c->t->clock_base = in->time - tpm2_time(c->t);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_ClockRateAdjust (29.3) ---- */

struct clock_rate_in {
	u8 adjust;		/* TPM_CLOCK_ADJUST, two's complement */
};

static tpm_rc check_adjust(u64 v)
{
	s8 step = (s8)v;

	return step < -3 || step > 3 ? TPM_RC_VALUE : TPM_RC_SUCCESS;
}

static const struct desc d_adjust = DESC_UINT(u8, check_adjust);
static const struct desc_field clock_rate_in_fields[] = {
	FIELD(struct clock_rate_in, adjust, d_adjust),
};

const struct desc tpm2_clock_rate_adjust_in =
	DESC_STRUCT(struct clock_rate_in, clock_rate_in_fields);

#define RATE_LIMIT	157286	/* 15 % of 2^20 */

bool tpm2_clock_rate_ok(s32 rate)
{
	return rate >= -RATE_LIMIT && rate <= RATE_LIMIT;
}

/* A hundredth of a percent, a tenth, one: on top of the rate there is. */
static s32 new_rate(s32 rate, s8 adjust)
{
	static const s32 steps[] = { 0, 105, 1049, 10486 };
	s32 step = steps[adjust < 0 ? -adjust : adjust];

	return clamp_t(s32, rate + (adjust < 0 ? -step : step), -RATE_LIMIT, RATE_LIMIT);
}

/*
 * TPM2_ClockRateAdjust (29.3). No codes of its own: past 15 % the rate just stays.
 * Time and Clock go on from where they are.
 */
tpm_rc tpm2_cmd_clock_rate_adjust(struct tpm2_call *c)
{
	const struct clock_rate_in *in = (void *)c->in;
	struct tpm2 *t = c->t;

	t->time_base = tpm2_time(t);
	t->boot_ms = vt_now_ms();
	t->clock_rate = new_rate(t->clock_rate, (s8)in->adjust);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_DictionaryAttackLockReset (25.2) ---- */

static void restart_timers(struct tpm2 *t)
{
	t->da.self_heal = tpm2_time(t);
	t->da.lockout_time = tpm2_time(t);
}

/*
 * TPM2_DictionaryAttackLockReset (25.2). No codes of its own; TPM_RC_LOCKOUT comes
 * from the authorization: lockoutAuth itself failed not long ago.
 */
tpm_rc tpm2_cmd_da_lock_reset(struct tpm2_call *c)
{
	c->t->da.failed_tries = 0;
	restart_timers(c->t);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_DictionaryAttackParameters (25.3) ---- */

struct da_parameters_in {
	u32 max_tries;
	u32 recovery_time;
	u32 lockout_recovery;
};

static const struct desc_field da_parameters_in_fields[] = {
	FIELD(struct da_parameters_in, max_tries, desc_u32),
	FIELD(struct da_parameters_in, recovery_time, desc_u32),
	FIELD(struct da_parameters_in, lockout_recovery, desc_u32),
};

const struct desc tpm2_da_parameters_in =
	DESC_STRUCT(struct da_parameters_in, da_parameters_in_fields);

/*
 * TPM2_DictionaryAttackParameters (25.3). No codes of its own: maxTries 0 locks at
 * once, recoveryTime 0 ends the counting.
 */
tpm_rc tpm2_cmd_da_parameters(struct tpm2_call *c)
{
	const struct da_parameters_in *in = (void *)c->in;

	c->t->da.max_tries = in->max_tries;
	c->t->da.recovery_time = in->recovery_time;
	c->t->da.lockout_recovery = in->lockout_recovery;
	restart_timers(c->t);
	return TPM_RC_SUCCESS;
}
