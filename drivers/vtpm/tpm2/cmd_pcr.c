// SPDX-License-Identifier: GPL-2.0-only
/* Integrity collection (Part 3, 22). */
#include "commands.h"

/* ---- TPM2_PCR_Extend (22.2) ---- */

struct pcr_extend_in {
	struct tpml_digest_values digests;
};

static const struct desc_field pcr_extend_in_fields[] = {
	FIELD(struct pcr_extend_in, digests, desc_digest_values),
};

const struct desc tpm2_pcr_extend_in = DESC_STRUCT(struct pcr_extend_in, pcr_extend_in_fields);

/*
 * TPM2_PCR_Extend (22.2). TPM_RC_LOCALITY: not from this locality; TPM_RC_PCR: the
 * policy denies it; TPM_RC_MEMORY. A bank that is not active is passed over.
 */
tpm_rc tpm2_cmd_pcr_extend(struct tpm2_call *c)
{
	const struct pcr_extend_in *in = (void *)c->in;
	u32 pcr = c->handles[0];
	tpm_rc rc;

	if (pcr == TPM_RH_NULL)
		return TPM_RC_SUCCESS;
	rc = tpm2_pcr_may_extend(c, pcr, &in->digests);
	if (rc)
		return rc;
	return tpm2_pcr_extend(c, pcr, &in->digests, tpm2b(NULL, 0));
}

/* ---- TPM2_PCR_Event (22.3) ---- */

struct pcr_event_in {
	struct tpm2b data;
};

static const struct desc_field pcr_event_in_fields[] = {
	FIELD(struct pcr_event_in, data, desc_2b_event),
};

const struct desc tpm2_pcr_event_in = DESC_STRUCT(struct pcr_event_in, pcr_event_in_fields);

struct pcr_event_out {
	struct tpml_digest_values digests;
};

static const struct desc_field pcr_event_out_fields[] = {
	FIELD(struct pcr_event_out, digests, desc_digest_values),
};

const struct desc tpm2_pcr_event_out = DESC_STRUCT(struct pcr_event_out, pcr_event_out_fields);

/* One digest for each active bank. */
static void event_digests(struct tpm2_call *c, struct tpm2b data, struct tpml_digest_values *list)
{
	u32 i;

	for (i = 0; i < VT_HASH_COUNT; i++) {
		const struct vt_hash_alg *alg = &vt_hash_algs[i];
		struct tpmt_ha *ha = &list->ha[list->count];

		if (!c->t->cfg.pcr_ops->active(c->t->cfg.pcrs, alg->id))
			continue;
		ha->alg = alg->id;
		ha->digest = tpm2_scratch(c, alg->digest_size);
		vt_hash(alg, data.data, data.size, ha->digest);
		list->count++;
	}
}

/*
 * TPM2_PCR_Event (22.3). TPM_RC_LOCALITY: not from this locality; TPM_RC_PCR: the policy
 * denies it; TPM_RC_MEMORY. The policy may also keep digests from the answer.
 */
tpm_rc tpm2_cmd_pcr_event(struct tpm2_call *c)
{
	const struct pcr_event_in *in = (void *)c->in;
	struct pcr_event_out *out = (void *)c->out;
	u32 pcr = c->handles[0];
	tpm_rc rc;

	event_digests(c, in->data, &out->digests);
	if (pcr == TPM_RH_NULL)
		return TPM_RC_SUCCESS;
	rc = tpm2_pcr_may_extend(c, pcr, &out->digests);
	if (!rc)
		rc = tpm2_pcr_extend(c, pcr, &out->digests, in->data);
	if (!rc)
		tpm2_pcr_hide_event(c, pcr, &out->digests);
	return rc;
}

/* ---- TPM2_PCR_Read (22.4) ---- */

struct pcr_read_in {
	struct tpml_pcr_selection sel;
};

static const struct desc_field pcr_read_in_fields[] = {
	FIELD(struct pcr_read_in, sel, desc_pcr_selection_list),
};

const struct desc tpm2_pcr_read_in = DESC_STRUCT(struct pcr_read_in, pcr_read_in_fields);

struct pcr_read_out {
	u32 counter;
	struct tpml_pcr_selection sel;
	struct tpml_digest values;
};

static const struct desc_field pcr_read_out_fields[] = {
	FIELD(struct pcr_read_out, counter, desc_u32),
	FIELD(struct pcr_read_out, sel, desc_pcr_selection_list),
	FIELD(struct pcr_read_out, values, desc_digest_list),
};

const struct desc tpm2_pcr_read_out = DESC_STRUCT(struct pcr_read_out, pcr_read_out_fields);

/* Values of one bank until the list is full; the selection says which ones. */
static void read_bank(struct tpm2_call *c, enum vtpm_op op, const struct tpms_pcr_selection *want,
		      struct pcr_read_out *out, struct tpms_pcr_selection *got)
{
	const struct tpm2_config *cfg = &c->t->cfg;
	u8 size = vt_hash_find(want->hash)->digest_size, *value = NULL;
	unsigned int pcr;

	*got = (struct tpms_pcr_selection){ .hash = want->hash, .size = want->size };
	for (pcr = 0; pcr < VTPM_PCR_COUNT && out->values.count < 8; pcr++) {
		if (!want->select[pcr / 8]) {	/* nothing in these eight */
			pcr |= 7;
			continue;
		}
		if (!(want->select[pcr / 8] & BIT(pcr % 8)))
			continue;
		if (!value)
			value = tpm2_scratch(c, size);
		if (cfg->pcr_ops->read(cfg->pcrs, op, c->locality, want->hash, pcr, value))
			continue;
		out->values.digest[out->values.count++] = tpm2b(value, size);
		value = NULL;
		got->select[pcr / 8] |= BIT(pcr % 8);
	}
}

/* Does the answer go into an audit digest, of a session or of the command audit? */
static bool is_audited(const struct tpm2_call *c)
{
	return c->audit >= 0 || c->command_audit;
}

/*
 * TPM2_PCR_Read (22.4). TPM_RC_PCR: the policy denies one of the PCRs. What is not there
 * or hidden is left out of the answer.
 */
tpm_rc tpm2_cmd_pcr_read(struct tpm2_call *c)
{
	const struct pcr_read_in *in = (void *)c->in;
	enum vtpm_op op = is_audited(c) ? VTPM_OP_AUDIT : VTPM_OP_READ;
	struct pcr_read_out *out = (void *)c->out;
	tpm_rc rc = tpm2_pcr_check(c, op, &in->sel);
	u32 i;

	if (rc)
		return rc;
	out->counter = c->t->pcr_counter;
	out->sel.count = in->sel.count;
	for (i = 0; i < in->sel.count; i++)
		read_bank(c, op, &in->sel.sel[i], out, &out->sel.sel[i]);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_PCR_Reset (22.8) ---- */

/* TPM2_PCR_Reset (22.8). TPM_RC_LOCALITY: this PCR cannot be reset from this locality. */
tpm_rc tpm2_cmd_pcr_reset(struct tpm2_call *c)
{
	struct tpm2 *t = c->t;
	u32 pcr = c->handles[0];

	if (!tpm2_pcr_resettable(pcr, c->locality))
		return TPM_RC_LOCALITY;
	t->cfg.pcr_ops->reset(t->cfg.pcrs, pcr, 0);
	if (tpm2_pcr_counts(pcr))
		t->pcr_counter++;
	return TPM_RC_SUCCESS;
}
