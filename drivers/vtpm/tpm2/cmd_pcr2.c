// SPDX-License-Identifier: GPL-2.0-only
/* What banks there are and who may use PCRs (Part 3, 22.5 to 22.7). */
#include "commands.h"

/* ---- TPM2_PCR_Allocate (22.5) ---- */

#define PCR_HCRTM	0	/* these two have to be in one bank at least */
#define PCR_DRTM	17

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

/* PCRs of a bank as asked for: the last word counts, a bank not named stays. */
static u32 wanted(const struct tpml_pcr_selection *list, u16 alg, u32 before)
{
	u32 i;

	for (i = 0; i < list->count; i++)
		if (list->sel[i].hash == alg)
			before = get_unaligned_le24(list->sel[i].select);
	return before;
}

/* The allocation from the next reset on, and what it takes. False: a bank of it may not be. */
static bool plan(struct tpm2 *t, const struct tpml_pcr_selection *list, u32 pcrs[VTPM_MAX_BANKS],
		 struct pcr_allocate_out *out)
{
	const struct tpm2_config *cfg = &t->cfg;
	bool ok = true;
	unsigned int i;

	for (i = 0; i < VT_HASH_COUNT; i++) {
		const struct vt_hash_alg *alg = &vt_hash_algs[i];
		u32 before = cfg->pcr_ops->pcrs(cfg->pcrs, alg->id);
		bool may = cfg->pcr_ops->may(cfg->pcrs, alg->id);

		pcrs[i] = wanted(list, alg->id, before);
		out->needed += hweight32(pcrs[i]) * alg->digest_size;
		out->available += may ? VTPM_PCR_COUNT * alg->digest_size : 0;
		ok &= may || !pcrs[i];
	}
	return ok;
}

/*
 * TPM2_PCR_Allocate (22.5). TPM_RC_PCR: no bank would have PCR 0, or PCR 17.
 *
 * Which banks an instance may have is its owner's decision, in its policy; a
 * guest chooses among them, and allocationSuccess is NO for any other. It
 * holds from the next TPM Reset on, so that measurements in all banks start
 * together, and no state can be saved before that. The last one before it counts alone:
 * a bank that it does not name stays as it is until then.
 */
tpm_rc tpm2_cmd_pcr_allocate(struct tpm2_call *c)
{
	const struct pcr_allocate_in *in = (void *)c->in;
	struct pcr_allocate_out *out = (void *)c->out;
	u32 pcrs[VTPM_MAX_BANKS] = { 0 }, any = 0;
	struct tpm2 *t = c->t;
	unsigned int i;

	out->success = plan(t, &in->sel, pcrs, out);
	out->max_pcr = VTPM_PCR_COUNT;
	for (i = 0; i < VTPM_MAX_BANKS; i++)
		any |= pcrs[i];
	if (~any & (BIT(PCR_HCRTM) | BIT(PCR_DRTM)))
		return TPM_RC_PCR;
	if (!out->success)
		return TPM_RC_SUCCESS;
	memcpy(t->pcr_wanted, pcrs, sizeof(pcrs));
	t->pcr_pending = true;
	t->pcr_reconfigured = true;
	tpm2_disorder(t);
	return TPM_RC_SUCCESS;
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

static void keep(struct tpm2_digest *d, struct tpm2b from)
{
	memzero_explicit(d, sizeof(*d));
	d->size = from.size;
	if (from.size)
		memcpy(d->data, from.data, from.size);
}

/*
 * TPM2_PCR_SetAuthPolicy (22.6). TPM_RC_SIZE: authPolicy is no digest of hashAlg;
 * TPM_RC_VALUE: pcrNum is a PCR that has no policy.
 */
tpm_rc tpm2_cmd_pcr_set_auth_policy(struct tpm2_call *c)
{
	const struct set_auth_policy_in *in = (void *)c->in;
	const struct vt_hash_alg *alg = vt_hash_find(in->hash);

	if (in->policy.size != (alg ? alg->digest_size : 0))
		return tpm2_param(TPM_RC_SIZE, 1);
	if (!tpm2_pcr_has_auth(in->pcr))
		return tpm2_param(TPM_RC_VALUE, 3);
	keep(&c->t->pcr_policy, in->policy);
	c->t->pcr_policy_alg = in->hash;
	return TPM_RC_SUCCESS;
}

struct set_auth_value_in {
	struct tpm2b auth;
};

static const struct desc_field set_auth_value_in_fields[] = {
	FIELD(struct set_auth_value_in, auth, desc_2b_digest),
};

const struct desc tpm2_pcr_set_auth_value_in =
	DESC_STRUCT(struct set_auth_value_in, set_auth_value_in_fields);

/* TPM2_PCR_SetAuthValue (22.7). TPM_RC_VALUE: pcrHandle is a PCR that has no authValue. */
tpm_rc tpm2_cmd_pcr_set_auth_value(struct tpm2_call *c)
{
	struct set_auth_value_in *in = (void *)c->in;

	if (!tpm2_pcr_has_auth(c->handles[0]))
		return TPM_RC_VALUE;
	tpm2_trim_auth(&in->auth);
	keep(&c->t->pcr_auth, in->auth);
	tpm2_disorder(c->t);
	return TPM_RC_SUCCESS;
}
