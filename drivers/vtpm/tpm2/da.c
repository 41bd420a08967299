// SPDX-License-Identifier: GPL-2.0-only
/* Dictionary-attack logic (Part 1, 19.8), and the TPM's clock (Part 1, 36). */
#include "engine.h"

u64 tpm2_time_at(const struct tpm2 *t, u64 now)
{
	u64 ms = now - t->boot_ms;

	return t->time_base + ms + (((s64)ms * t->clock_rate) >> 20);
}

u64 tpm2_time(const struct tpm2 *t)
{
	return tpm2_time_at(t, vt_now_ms());
}

u64 tpm2_clock(const struct tpm2 *t)
{
	return t->clock_base + tpm2_time(t);
}

struct tpms_time_info tpm2_time_info(const struct tpm2 *t)
{
	u64 time = tpm2_time(t);

	return (struct tpms_time_info){
		.time = time,
		.clock = t->clock_base + time,
		.reset_count = t->reset_count,
		.restart_count = t->restart_count,
		.safe = t->clock_safe,
	};
}

void tpm2_clock_update(struct tpm2 *t)
{
	if (!t->clock_safe && tpm2_clock(t) >= t->safe_from)
		t->clock_safe = true;
}

/* Power on: lockoutAuth waits for its recovery time again only when that is 0. */
void tpm2_da_startup(struct tpm2 *t, bool reset)
{
	struct tpm2_da *da = &t->da;

	if (reset && !da->lockout_recovery)
		da->lockout_enabled = true;
	da->self_heal = tpm2_time(t);
	da->lockout_time = tpm2_time(t);
}

/* What is written when power goes may be lost, so that counts as a failure (Part 1, 19.8). */
void tpm2_da_unorderly(struct tpm2 *t)
{
	struct tpm2_da *da = &t->da;

	if (t->da_used && da->recovery_time && da->failed_tries < da->max_tries)
		da->failed_tries++;
	t->da_used = false;
}

void tpm2_nothing_lost(struct tpm2 *t)
{
	t->da_used = false;
}

/* One failure is forgotten in each recovery time that passes. */
void tpm2_da_self_heal(struct tpm2 *t)
{
	struct tpm2_da *da = &t->da;
	u64 now = tpm2_time(t), step = (u64)da->recovery_time * 1000;

	if (da->failed_tries && step && now - da->self_heal >= step) {
		u64 n = (now - da->self_heal) / step;

		da->failed_tries = n >= da->failed_tries ? 0 : da->failed_tries - (u32)n;
		da->self_heal += n * step;
	}
	if (!da->lockout_enabled && da->lockout_recovery &&
	    now - da->lockout_time >= (u64)da->lockout_recovery * 1000)
		da->lockout_enabled = true;
}

bool tpm2_da_locked(struct tpm2 *t)
{
	return t->da.failed_tries >= t->da.max_tries;
}

void tpm2_da_failed(struct tpm2 *t, bool lockout)
{
	struct tpm2_da *da = &t->da;

	if (lockout) {
		da->lockout_enabled = false;
		da->lockout_time = tpm2_time(t);
		return;
	}
	if (!da->recovery_time)
		return;
	if (!da->failed_tries)
		da->self_heal = tpm2_time(t);
	if (da->failed_tries < da->max_tries)
		da->failed_tries++;
}
