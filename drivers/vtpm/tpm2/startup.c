// SPDX-License-Identifier: GPL-2.0-only
/*
 * Start-up and shutdown (Part 3, 9; Part 1, 12.2). All of the TPM's state is in
 * memory: what TPM2_Shutdown(STATE) saves is what is there, for as long as
 * nothing of it changes. Which kind of start-up it is shows only when
 * TPM2_Startup comes:
 *
 *   TPM Reset	 Startup(CLEAR), nothing saved: saved contexts end
 *   TPM Restart Startup(CLEAR) after Shutdown(STATE): those with stClear end
 *   TPM Resume	 Startup(STATE) after Shutdown(STATE): PCRs keep their values
 */
#include "commands.h"

#define CLOCK_UPDATE	1000	/* ms; TPM_PT_CLOCK_UPDATE */

struct startup_in {
	u16 type;
};

static const struct desc_field startup_in_fields[] = { FIELD(struct startup_in, type, desc_su) };
const struct desc tpm2_startup_in = DESC_STRUCT(struct startup_in, startup_in_fields);
const struct desc tpm2_shutdown_in = DESC_STRUCT(struct startup_in, startup_in_fields);

/* What is good until the next TPM Reset */
static void reset(struct tpm2 *t)
{
	tpm2_free_saved(t);
	tpm2_hierarchy_new_seed(&t->hierarchy[HIER_NULL]);
	tpm2_ak_forget(t, TPM_RH_NULL);
	memset(&t->audit_digest, 0, sizeof(t->audit_digest));
	t->reset_epoch++;
	t->reset_count++;
	t->restart_count = 0;
	t->pcr_counter = 0;
	memset(&t->commits, 0, sizeof(t->commits));
}

/* What is good until the next Startup(CLEAR) */
static void clear_state(struct tpm2 *t)
{
	struct tpm2_hierarchy *platform = &t->hierarchy[HIER_PLATFORM];

	t->hierarchy[HIER_OWNER].enabled = true;
	t->hierarchy[HIER_ENDORSEMENT].enabled = true;
	memzero_explicit(&platform->auth, sizeof(platform->auth));
	memset(&platform->policy, 0, sizeof(platform->policy));
	platform->policy_alg = TPM_ALG_NULL;
	memzero_explicit(&t->pcr_auth, sizeof(t->pcr_auth));
	t->clear_count++;
}

/* A Clock that was not shut down may have shown values that come again (Part 1, 36.3.2). */
static void start_clock(struct tpm2 *t)
{
	if (t->orderly)
		return;
	t->clock_safe = false;
	t->safe_from = (tpm2_clock(t) / CLOCK_UPDATE + 1) * CLOCK_UPDATE;
}

/* What TPM2_PCR_Allocate has asked for, unless the policy has come to exclude it. */
static tpm_rc allocate_pcrs(struct tpm2 *t)
{
	int err = 0;

	if (t->pcr_pending)
		err = t->cfg.pcr_ops->allocate(t->cfg.pcrs, t->pcr_wanted);
	if (err == -ENOMEM)
		return TPM_RC_MEMORY;
	t->pcr_pending = false;
	return TPM_RC_SUCCESS;
}

tpm_rc tpm2_do_startup(struct tpm2 *t, u16 type)
{
	bool is_reset = !t->state_saved, resume = type == TPM_SU_STATE;
	tpm_rc rc;

	if (resume && is_reset)
		return TPM_RC_VALUE;
	rc = allocate_pcrs(t);
	if (rc)
		return rc;
	t->hierarchy[HIER_PLATFORM].enabled = true;
	if (is_reset)
		reset(t);
	else
		t->restart_count++;
	if (!resume) {
		clear_state(t);
		tpm2_nv_startup(t, is_reset, t->orderly);
	}
	tpm2_pcr_startup(t, resume);
	tpm2_da_unorderly(t);
	tpm2_da_startup(t, is_reset);
	tpm2_act_startup(t, resume);
	start_clock(t);
	t->was_orderly = t->orderly;
	tpm2_disorder(t);
	t->started = true;
	return TPM_RC_SUCCESS;
}

/*
 * TPM2_Startup (9.3). TPM_RC_VALUE: no state was saved, or it has changed since;
 * TPM_RC_MEMORY. Nothing is reset then. That it comes once the pipeline sees to.
 */
tpm_rc tpm2_cmd_startup(struct tpm2_call *c)
{
	const struct startup_in *in = (void *)c->in;

	return tpm2_at_param(tpm2_do_startup(c->t, in->type), 1);
}

/* TPM2_Shutdown (9.4). TPM_RC_TYPE: PCRs were allocated anew, and no state can be saved. */
tpm_rc tpm2_cmd_shutdown(struct tpm2_call *c)
{
	const struct startup_in *in = (void *)c->in;

	if (in->type == TPM_SU_STATE && c->t->pcr_reconfigured)
		return tpm2_param(TPM_RC_TYPE, 1);

	c->t->orderly = true;
	c->t->da_used = false;
	c->t->state_saved = in->type == TPM_SU_STATE;
	return TPM_RC_SUCCESS;
}
