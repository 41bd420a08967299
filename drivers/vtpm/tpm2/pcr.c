// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCRs as the commands see them (Part 1, 17). Values come from the matrix
 * through struct tpm2_pcr_ops, and only through it. The attributes are those
 * of the PC Client platform profile.
 */
#include "engine.h"

#define PCR_DRTM_FIRST	17	/* start as ones, belong to a dynamic launch */
#define PCR_DRTM_LAST	22
#define PCR_DEBUG	16
#define PCR_APPLICATION	23

bool tpm2_pcr_resettable(u32 pcr, u8 locality)
{
	if (pcr == PCR_DEBUG || pcr == PCR_APPLICATION)
		return true;
	if (pcr == 20)
		return locality == 2 || locality == 4;
	if (pcr == 21 || pcr == 22)
		return locality == 2;
	return pcr >= PCR_DRTM_FIRST && pcr <= 19 && locality == 4;
}

bool tpm2_pcr_extendable(u32 pcr, u8 locality)
{
	switch (pcr) {
	case 17:
		return locality >= 2;
	case 18:
		return locality >= 2;
	case 19:
		return locality == 2 || locality == 3;
	case 20:
		return locality >= 1 && locality <= 3;
	case 21:
	case 22:
		return locality == 2;
	default:
		return true;
	}
}

bool tpm2_pcr_counts(u32 pcr)
{
	return pcr != PCR_DEBUG && pcr != 21 && pcr != 22 && pcr != PCR_APPLICATION;
}

/* The group that other TPMs give to a dynamic launch's software; no profile asks for one. */
bool tpm2_pcr_has_auth(u32 pcr)
{
	return pcr >= 20 && pcr <= PCR_DRTM_LAST;
}

bool tpm2_pcr_saved(u32 pcr)
{
	return pcr < PCR_DEBUG;
}

u8 tpm2_pcr_start(u32 pcr)
{
	return pcr >= PCR_DRTM_FIRST && pcr <= PCR_DRTM_LAST ? 0xff : 0;
}

/*
 * A resumed TPM has the values it had when its state was saved, where PCRs are
 * saved. What is set anew counts, as a saved session may have seen other values.
 */
void tpm2_pcr_startup(struct tpm2 *t, bool resume)
{
	unsigned int pcr, first = resume ? PCR_DEBUG : 0;

	for (pcr = first; pcr < VTPM_PCR_COUNT; pcr++) {
		t->cfg.pcr_ops->reset(t->cfg.pcrs, pcr, tpm2_pcr_start(pcr));
		t->pcr_counter += tpm2_pcr_counts(pcr);
	}
	t->cfg.pcr_ops->map(t->cfg.pcrs, first);
}

tpm_rc tpm2_pcr_may_extend(struct tpm2_call *c, u32 pcr, const struct tpml_digest_values *digests)
{
	const struct tpm2_config *cfg = &c->t->cfg;
	u32 i;

	if (!tpm2_pcr_extendable(pcr, c->locality))
		return TPM_RC_LOCALITY;
	for (i = 0; i < digests->count; i++)
		if (cfg->pcr_ops->denied(cfg->pcrs, VTPM_OP_EVENT, c->locality,
					 digests->ha[i].alg, pcr))
			return TPM_RC_PCR;
	return TPM_RC_SUCCESS;
}

void tpm2_pcr_hide_event(struct tpm2_call *c, u32 pcr, struct tpml_digest_values *digests)
{
	const struct tpm2_config *cfg = &c->t->cfg;
	u32 i, left = 0;

	for (i = 0; i < digests->count; i++)
		if (cfg->pcr_ops->visible(cfg->pcrs, VTPM_OP_EVENT, c->locality,
					  digests->ha[i].alg, pcr))
			digests->ha[left++] = digests->ha[i];
	digests->count = left;
}

/* pcrUpdateCounter counts each bank's change. */
static int extend(struct tpm2 *t, const struct tpm2_measurement *m)
{
	u32 i, changed = 0;
	int err;

	for (i = 0; i < m->digests->count; i++)
		changed += t->cfg.pcr_ops->active(t->cfg.pcrs, m->digests->ha[i].alg);
	if (!changed)
		return 0;
	err = t->cfg.pcr_ops->extend(t->cfg.pcrs, m);
	if (err)
		return err;
	if (tpm2_pcr_saved(m->pcr))
		tpm2_disorder(t);
	if (tpm2_pcr_counts(m->pcr))
		t->pcr_counter += changed;
	return 0;
}

tpm_rc tpm2_pcr_extend(struct tpm2_call *c, u32 pcr, const struct tpml_digest_values *digests,
		       struct tpm2b event)
{
	const struct tpm2_measurement m = {
		.pcr = pcr, .locality = c->locality, .digests = digests,
		.data = event.data, .len = event.size,
	};

	return tpm2_rc(extend(c->t, &m), TPM_RC_FAILURE);
}

int tpm2_measure(struct tpm2 *t, u32 pcr, u8 locality, const void *template, size_t len)
{
	struct tpml_digest_values digests = { 0 };
	const struct tpm2_measurement m = {
		.pcr = pcr, .locality = locality, .digests = &digests,
		.data = template, .len = len, .ima = true,
	};
	u8 digest[VT_HASH_COUNT][VT_MAX_DIGEST];
	unsigned int i;

	if (t->failed)
		return -EIO;
	if (!t->started)
		return -EAGAIN;
	if (pcr >= VTPM_PCR_COUNT)
		return -EINVAL;
	if (!tpm2_pcr_extendable(pcr, locality))
		return -EACCES;
	for (i = 0; i < VT_HASH_COUNT; i++) {
		const struct vt_hash_alg *alg = &vt_hash_algs[i];

		if (!t->cfg.pcr_ops->active(t->cfg.pcrs, alg->id))
			continue;
		vt_hash(alg, template, len, digest[i]);
		digests.ha[digests.count++] = (struct tpmt_ha){ alg->id, digest[i] };
	}
	return extend(t, &m);
}

static bool selected(const struct tpms_pcr_selection *sel, unsigned int pcr)
{
	return sel->select[pcr / 8] & BIT(pcr % 8);
}

/* The first selected PCR from @pcr on; VTPM_PCR_COUNT when there is none. */
static unsigned int next_selected(const struct tpms_pcr_selection *sel, unsigned int pcr)
{
	while (pcr < VTPM_PCR_COUNT && !selected(sel, pcr))
		pcr += sel->select[pcr / 8] ? 1 : 8 - pcr % 8;
	return pcr;
}

tpm_rc tpm2_pcr_check(struct tpm2_call *c, enum vtpm_op op, const struct tpml_pcr_selection *list)
{
	const struct tpm2_config *cfg = &c->t->cfg;
	unsigned int i, pcr;

	for (i = 0; i < list->count; i++) {
		const struct tpms_pcr_selection *sel = &list->sel[i];

		for (pcr = next_selected(sel, 0); pcr < VTPM_PCR_COUNT;
		     pcr = next_selected(sel, pcr + 1))
			if (cfg->pcr_ops->denied(cfg->pcrs, op, c->locality, sel->hash, pcr))
				return TPM_RC_PCR;
	}
	return TPM_RC_SUCCESS;
}

tpm_rc tpm2_pcr_filter(struct tpm2_call *c, enum vtpm_op op, struct tpml_pcr_selection *list)
{
	const struct tpm2_config *cfg = &c->t->cfg;
	tpm_rc rc = tpm2_pcr_check(c, op, list);
	unsigned int i, pcr;

	for (i = 0; i < list->count && !rc; i++) {
		struct tpms_pcr_selection *sel = &list->sel[i];

		for (pcr = next_selected(sel, 0); pcr < VTPM_PCR_COUNT;
		     pcr = next_selected(sel, pcr + 1))
			if (!cfg->pcr_ops->visible(cfg->pcrs, op, c->locality, sel->hash, pcr))
				sel->select[pcr / 8] &= ~BIT(pcr % 8);
	}
	return rc;
}

tpm_rc tpm2_pcr_digest(struct tpm2_call *c, enum vtpm_op op, const struct vt_hash_alg *alg,
		       struct tpml_pcr_selection *list, u8 *digest)
{
	const struct tpm2_config *cfg = &c->t->cfg;
	tpm_rc rc = tpm2_pcr_filter(c, op, list);
	u8 value[VT_MAX_DIGEST];
	struct vt_hash_ctx h;
	unsigned int i, pcr;

	if (rc)
		return rc;
	vt_hash_init(&h, alg);
	for (i = 0; i < list->count; i++) {
		const struct tpms_pcr_selection *sel = &list->sel[i];

		for (pcr = next_selected(sel, 0); pcr < VTPM_PCR_COUNT;
		     pcr = next_selected(sel, pcr + 1))
			if (!cfg->pcr_ops->read(cfg->pcrs, op, c->locality, sel->hash, pcr,
						value))
				vt_hash_update(&h, value, vt_hash_find(sel->hash)->digest_size);
	}
	vt_hash_final(&h, digest);
	return TPM_RC_SUCCESS;
}
