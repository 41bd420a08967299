// SPDX-License-Identifier: GPL-2.0-only
/* What banks there are and who may use PCRs (Part 3, 22.5 to 22.7). */
#include "commands.h"

/* ---- TPM2_PCR_Allocate (22.5) ---- */

struct pcr_allocate_in {
	struct tpml_pcr_selection sel;
};

static const struct desc_field pcr_allocate_in_fields[] = {
	FIELD(struct pcr_allocate_in, sel, desc_pcr_selection_list),
};

const struct desc tpm2_pcr_allocate_in =
	DESC_STRUCT(struct pcr_allocate_in, pcr_allocate_in_fields);

struct pcr_allocate_out {
	u8 success;
	u32 max_pcr;
	u32 needed;
	u32 available;
};

static const struct desc_field pcr_allocate_out_fields[] = {
	FIELD(struct pcr_allocate_out, success, desc_yes_no),
	FIELD(struct pcr_allocate_out, max_pcr, desc_u32),
	FIELD(struct pcr_allocate_out, needed, desc_u32),
	FIELD(struct pcr_allocate_out, available, desc_u32),
};

const struct desc tpm2_pcr_allocate_out =
	DESC_STRUCT(struct pcr_allocate_out, pcr_allocate_out_fields);

static unsigned int count_pcrs(const u8 *select)
{
	unsigned int pcr, n = 0;

	for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++)
		n += !!(select[pcr / 8] & BIT(pcr % 8));
	return n;
}

/* PCRs of a bank as asked for: the last word counts, a bank not named stays. */
static unsigned int wanted(const struct tpml_pcr_selection *list, u16 alg, bool active)
{
	unsigned int i, n = active ? VTPM_PCR_COUNT : 0;

	for (i = 0; i < list->count; i++)
		if (list->sel[i].hash == alg)
			n = count_pcrs(list->sel[i].select);
	return n;
}

/*
 * TPM2_PCR_Allocate (22.5). Which banks an instance has is its owner's decision, in
 * the policy that it was made with, and fixed while it lives: measurements in all
 * banks started together. So a guest can ask for what there is and is told yes; for
 * anything else allocationSuccess is NO, which the specification provides for, and
 * nothing changes at the next start. TPM_RC_PCR: no PCR would be left.
 */
tpm_rc tpm2_cmd_pcr_allocate(struct tpm2_call *c)
{
	const struct pcr_allocate_in *in = (void *)c->in;
	struct pcr_allocate_out *out = (void *)c->out;
	const struct tpm2_config *cfg = &c->t->cfg;
	unsigned int i;

	out->success = 1;
	out->max_pcr = VTPM_PCR_COUNT;
	for (i = 0; i < VT_HASH_COUNT; i++) {
		const struct vt_hash_alg *alg = &vt_hash_algs[i];
		bool active = cfg->pcr_ops->active(cfg->pcrs, alg->id);
		unsigned int now = active ? VTPM_PCR_COUNT : 0;
		unsigned int n = wanted(&in->sel, alg->id, active);

		out->success &= n == now;
		out->needed += n * alg->digest_size;
		out->available += now * alg->digest_size;
	}
	return out->needed ? TPM_RC_SUCCESS : TPM_RC_PCR;
}

/* ---- TPM2_PCR_SetAuthPolicy (22.6), TPM2_PCR_SetAuthValue (22.7) ---- */

struct set_auth_policy_in {
	struct tpm2b policy;
	u16 hash;
	u32 pcr;
};

static tpm_rc check_pcr_handle(u64 v)
{
	return v < VTPM_PCR_COUNT ? TPM_RC_SUCCESS : TPM_RC_VALUE;
}

static const struct desc d_pcr_handle = DESC_UINT(u32, check_pcr_handle);
static const struct desc_field set_auth_policy_in_fields[] = {
	FIELD(struct set_auth_policy_in, policy, desc_2b_digest),
	FIELD(struct set_auth_policy_in, hash, desc_alg_hash_null),
	FIELD(struct set_auth_policy_in, pcr, d_pcr_handle),
};

const struct desc tpm2_pcr_set_auth_policy_in =
	DESC_STRUCT(struct set_auth_policy_in, set_auth_policy_in_fields);

/*
 * TPM2_PCR_SetAuthPolicy (22.6). The PC Client profile has no PCR with a policy, so
 * this never succeeds. TPM_RC_SIZE: authPolicy is no digest of hashAlg; TPM_RC_VALUE
 * (pcrNum).
 */
tpm_rc tpm2_cmd_pcr_set_auth_policy(struct tpm2_call *c)
{
	const struct set_auth_policy_in *in = (void *)c->in;
	const struct vt_hash_alg *alg = vt_hash_find(in->hash);

	if (in->policy.size != (alg ? alg->digest_size : 0))
		return tpm2_param(TPM_RC_SIZE, 1);
	return tpm2_param(TPM_RC_VALUE, 3);
}

struct set_auth_value_in {
	struct tpm2b auth;
};

static const struct desc_field set_auth_value_in_fields[] = {
	FIELD(struct set_auth_value_in, auth, desc_2b_digest),
};

const struct desc tpm2_pcr_set_auth_value_in =
	DESC_STRUCT(struct set_auth_value_in, set_auth_value_in_fields);

/*
 * TPM2_PCR_SetAuthValue (22.7). Nor has it one with an authValue of its own: this
 * never succeeds. TPM_RC_VALUE (pcrHandle).
 */
tpm_rc tpm2_cmd_pcr_set_auth_value(struct tpm2_call *c)
{
	return TPM_RC_VALUE;
}
