// SPDX-License-Identifier: GPL-2.0-only
/* The platform's and the owner's rule over hierarchies (Part 3, 24). */
#include "commands.h"

/* ---- TPM2_HierarchyControl (24.2) ---- */

struct hierarchy_control_in {
	u32 enable;
	u8 state;
};

static const struct desc_field hierarchy_control_in_fields[] = {
	FIELD(struct hierarchy_control_in, enable, desc_rh_enables),
	FIELD(struct hierarchy_control_in, state, desc_yes_no),
};

const struct desc tpm2_hierarchy_control_in =
	DESC_STRUCT(struct hierarchy_control_in, hierarchy_control_in_fields);

/* Who may switch what: the platform everything, owner and endorsement themselves, off. */
static bool may_switch(u32 auth, u32 enable)
{
	return auth == TPM_RH_PLATFORM ||
	       (auth == enable && (enable == TPM_RH_OWNER || enable == TPM_RH_ENDORSEMENT));
}

static bool *enable_of(struct tpm2 *t, u32 enable)
{
	if (enable == TPM_RH_PLATFORM_NV)
		return &t->ph_enable_nv;
	return &tpm2_hierarchy(t, enable)->enabled;
}

/*
 * TPM2_HierarchyControl (24.2). TPM_RC_AUTH_TYPE: that authorization does not rule
 * over this enable. Objects of a hierarchy that goes are flushed; persistent ones come
 * back with it. An object under way in another space is void (epoch).
 */
tpm_rc tpm2_cmd_hierarchy_control(struct tpm2_call *c)
{
	const struct hierarchy_control_in *in = (void *)c->in;
	bool *enabled = enable_of(c->t, in->enable);

	if (!may_switch(c->handles[0], in->enable))
		return TPM_RC_AUTH_TYPE;
	if (*enabled == in->state)
		return TPM_RC_SUCCESS;
	*enabled = in->state;
	if (!in->state) {
		c->t->epoch++;
		tpm2_flush_transient(c->t, in->enable);
	}
	tpm2_disorder(c->t);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_SetPrimaryPolicy (24.3) ---- */

struct set_primary_policy_in {
	struct tpm2b policy;
	u16 hash;
};

static const struct desc_field set_primary_policy_in_fields[] = {
	FIELD(struct set_primary_policy_in, policy, desc_2b_digest),
	FIELD(struct set_primary_policy_in, hash, desc_alg_hash_null),
};

const struct desc tpm2_set_primary_policy_in =
	DESC_STRUCT(struct set_primary_policy_in, set_primary_policy_in_fields);

/*
 * TPM2_SetPrimaryPolicy (24.3). TPM_RC_SIZE: authPolicy is no digest of hashAlg (empty
 * for TPM_ALG_NULL).
 */
tpm_rc tpm2_cmd_set_primary_policy(struct tpm2_call *c)
{
	const struct set_primary_policy_in *in = (void *)c->in;
	struct tpm2_hierarchy *h = tpm2_hierarchy(c->t, c->handles[0]);
	struct tpm2_digest *policy = h ? &h->policy : &c->t->lockout_policy;
	u16 *policy_alg = h ? &h->policy_alg : &c->t->lockout_policy_alg;
	const struct vt_hash_alg *alg = vt_hash_find(in->hash);

	if (in->policy.size != (alg ? alg->digest_size : 0))
		return tpm2_param(TPM_RC_SIZE, 1);
	if (c->handles[0] == TPM_RH_ACT_0) {
		policy = &c->t->act.policy;
		policy_alg = &c->t->act.policy_alg;
	}
	memset(policy, 0, sizeof(*policy));
	policy->size = in->policy.size;
	if (policy->size)
		memcpy(policy->data, in->policy.data, policy->size);
	*policy_alg = in->hash;
	if (c->handles[0] == TPM_RH_PLATFORM || c->handles[0] == TPM_RH_ACT_0)
		tpm2_disorder(c->t);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_ChangePPS (24.4), TPM2_ChangeEPS (24.5) ---- */

static void new_seed(struct tpm2 *t, struct tpm2_hierarchy *h)
{
	t->epoch++;
	tpm2_flush_hierarchy(t, h->handle);
	tpm2_hierarchy_new_seed(h);
	tpm2_ak_forget(t, h->handle);
	memset(&h->policy, 0, sizeof(h->policy));
	h->policy_alg = TPM_ALG_NULL;
	tpm2_disorder(t);
}

/* TPM2_ChangePPS (24.4). No codes of its own. The platform's authValue and NV indices stay. */
tpm_rc tpm2_cmd_change_pps(struct tpm2_call *c)
{
	new_seed(c->t, &c->t->hierarchy[HIER_PLATFORM]);
	return TPM_RC_SUCCESS;
}

/* TPM2_ChangeEPS (24.5). No codes of its own. */
tpm_rc tpm2_cmd_change_eps(struct tpm2_call *c)
{
	struct tpm2_hierarchy *h = &c->t->hierarchy[HIER_ENDORSEMENT];

	new_seed(c->t, h);
	memzero_explicit(&h->auth, sizeof(h->auth));
	h->enabled = true;
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_ClearControl (24.7) ---- */

struct clear_control_in {
	u8 disable;
};

static const struct desc_field clear_control_in_fields[] = {
	FIELD(struct clear_control_in, disable, desc_yes_no),
};

const struct desc tpm2_clear_control_in =
	DESC_STRUCT(struct clear_control_in, clear_control_in_fields);

/*
 * TPM2_ClearControl (24.7). TPM_RC_AUTH_FAIL: lockoutAuth can forbid TPM2_Clear, but
 * not allow it again.
 */
tpm_rc tpm2_cmd_clear_control(struct tpm2_call *c)
{
	const struct clear_control_in *in = (void *)c->in;

	if (c->handles[0] == TPM_RH_LOCKOUT && !in->disable)
		return TPM_RC_AUTH_FAIL;
	c->t->disable_clear = in->disable;
	return TPM_RC_SUCCESS;
}
