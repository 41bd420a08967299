// SPDX-License-Identifier: GPL-2.0-only
/* Hierarchies: seeds, proofs, and what TPM2_Clear leaves of them (Part 1, 13 and 14). */
#include "engine.h"

struct tpm2_hierarchy *tpm2_hierarchy(struct tpm2 *t, u32 handle)
{
	switch (handle) {
	case TPM_RH_OWNER:
		return &t->hierarchy[HIER_OWNER];
	case TPM_RH_ENDORSEMENT:
		return &t->hierarchy[HIER_ENDORSEMENT];
	case TPM_RH_PLATFORM:
		return &t->hierarchy[HIER_PLATFORM];
	case TPM_RH_NULL:
		return &t->hierarchy[HIER_NULL];
	default:
		return NULL;
	}
}

const u8 *tpm2_proof(struct tpm2 *t, u32 hierarchy)
{
	struct tpm2_hierarchy *h = tpm2_hierarchy(t, hierarchy);

	return h ? h->proof : t->hierarchy[HIER_NULL].proof;
}

static void new_proof(struct tpm2_hierarchy *h)
{
	vt_random(h->proof, sizeof(h->proof));
}

void tpm2_hierarchy_new_seed(struct tpm2_hierarchy *h)
{
	vt_random(h->seed, sizeof(h->seed));
	new_proof(h);
}

static void reset_auth(struct tpm2_hierarchy *h)
{
	memzero_explicit(&h->auth, sizeof(h->auth));
	memset(&h->policy, 0, sizeof(h->policy));
	h->policy_alg = TPM_ALG_NULL;
}

static void default_da(struct tpm2 *t)
{
	t->da = (struct tpm2_da){
		.max_tries = 3,
		.recovery_time = 1000,
		.lockout_recovery = 1000,
		.lockout_enabled = true,
	};
}

static void reset_lockout(struct tpm2 *t)
{
	memzero_explicit(&t->lockout_auth, sizeof(t->lockout_auth));
	memset(&t->lockout_policy, 0, sizeof(t->lockout_policy));
	t->lockout_policy_alg = TPM_ALG_NULL;
}

void tpm2_manufacture(struct tpm2 *t)
{
	static const u32 handles[HIER_COUNT] = {
		TPM_RH_OWNER, TPM_RH_ENDORSEMENT, TPM_RH_PLATFORM, TPM_RH_NULL,
	};
	unsigned int i;

	for (i = 0; i < HIER_COUNT; i++) {
		t->hierarchy[i].handle = handles[i];
		t->hierarchy[i].enabled = true;
		reset_auth(&t->hierarchy[i]);
		tpm2_hierarchy_new_seed(&t->hierarchy[i]);
	}
	reset_lockout(t);
	default_da(t);
	t->pcr_policy_alg = TPM_ALG_NULL;
	t->act.policy_alg = TPM_ALG_NULL;
	t->clock_safe = true;
	t->orderly = true;	/* nothing has been missed yet */
	t->audit_alg = TPM_ALG_SHA512;
	__set_bit(TPM_CC_SetCommandCodeAuditStatus - TPM_CC_FIRST, t->audited);
	__set_bit(TPM_CC_PP_Commands - TPM_CC_FIRST, t->pp_required);
}

/*
 * New storage seed, new proofs of owner and endorsement, default auth; every
 * object of these two hierarchies is gone. Prepared work is void.
 */
void tpm2_clear(struct tpm2 *t)
{
	struct tpm2_hierarchy *owner = &t->hierarchy[HIER_OWNER];
	struct tpm2_hierarchy *endorsement = &t->hierarchy[HIER_ENDORSEMENT];

	t->epoch++;
	tpm2_flush_hierarchy(t, TPM_RH_OWNER);
	tpm2_flush_hierarchy(t, TPM_RH_ENDORSEMENT);
	tpm2_nv_clear(t);
	tpm2_hierarchy_new_seed(owner);
	tpm2_ak_forget(t, TPM_RH_OWNER);
	new_proof(endorsement);
	reset_auth(owner);
	reset_auth(endorsement);
	owner->enabled = true;
	endorsement->enabled = true;
	reset_lockout(t);
	default_da(t);
	tpm2_da_startup(t, true);
	t->clock_base = 0 - tpm2_time(t);	/* Clock is 0 now, Time goes on */
	t->clock_safe = true;
	t->reset_count = 0;
	t->restart_count = 0;
	t->audit_counter = 0;
	memzero_explicit(&t->pcr_auth, sizeof(t->pcr_auth));
	tpm2_disorder(t);
	t->pcr_counter++;
}
