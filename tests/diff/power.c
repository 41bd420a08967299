// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power cycles: with TPM2_Shutdown or without, and the TPM2_Startup that follows:
 * what they end of what the test knows.
 */
#include "diff.h"

enum { LOST, CLEAN, SAVED };

/* What is in memory alone goes; sessions whose contexts are out stay, until a TPM Reset. */
static void forget_memory(u8 way)
{
	unsigned int i;

	for (i = 0; i < w.n_ents; i++) {
		struct ent *e = &w.ents[i];

		if (e->kind == E_SESSION ? !e->saved || way != SAVED :
		    HR_TYPE(e->handle[OURS]) == TPM_HT_TRANSIENT)
			e->live = false;
	}
	w.clock_lost |= way == LOST;
}

/* What Startup(CLEAR) sets back */
static void forget_state(void)
{
	struct ent *platform = ent_by_handle(TPM_RH_PLATFORM);
	u32 pcr;

	platform->auth = tpm2b(NULL, 0);
	platform->recipe = -1;
	for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++)
		ent_by_handle(pcr)->auth = tpm2b(NULL, 0);
}

/* False: refused by both, or the sequence is over */
static bool done(struct rnd *r, u32 code, u16 type)
{
	struct plan p = { .code = code, .recipe = -1, .sound = true, .su = type };
	u64 before = shared->good;

	return do_command(rnd64(r), &p) && shared->good > before;
}

void power_cycle(struct rnd *r)
{
	static const u8 ways[] = { LOST, CLEAN, CLEAN, SAVED, SAVED, SAVED };
	u8 way = ways[rnd(r, ARRAY_SIZE(ways))];
	bool resume = chance(r, 60);

	if (way != LOST && !done(r, TPM_CC_Shutdown, way == SAVED))
		way = LOST;
	/*
	 * An authorization that the loss of power may have hidden counts as a failed try
	 * (Part 1, 19.8); libtpms forgets that when a Startup(STATE) was refused before.
	 */
	resume &= way != LOST;
	if (shared->differs || shared->ends)
		return;
	sides_power_cycle();
	forget_memory(way);
	w.locality = 0;		/* others are the platform's to allow for a start */
	sides_set(w.locality, w.presence);
	/* where no state was saved, Startup(STATE) is refused, and Startup(CLEAR) has to follow */
	if (!done(r, TPM_CC_Startup, resume))
		done(r, TPM_CC_Startup, TPM_SU_CLEAR);
	if (!resume || way != SAVED)
		forget_state();
	done(r, TPM_CC_SelfTest, 0);	/* what was tested before, and what not, is the TPM's own */
}
