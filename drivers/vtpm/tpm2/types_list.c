// SPDX-License-Identifier: GPL-2.0-only
/* Descriptors of lists, contexts, time and NV (Part 2, 10.6, 10.9, 10.11, 13, 14). */
#include "types.h"

static tpm_rc ok_or(bool ok, tpm_rc rc)
{
	return ok ? TPM_RC_SUCCESS : rc;
}

static tpm_rc check_select_size(u64 v)
{
	return ok_or(v == VTPM_PCR_SELECT, TPM_RC_VALUE);
}

static const struct desc d_select_size = DESC_UINT(u8, check_select_size);
static const struct desc d_select = { .kind = D_BYTES,
				      .max = VTPM_PCR_SELECT,
				      .size = VTPM_PCR_SELECT };
static const struct desc_field pcr_selection_fields[] = {
	FIELD(struct tpms_pcr_selection, hash, desc_alg_bank),
	FIELD(struct tpms_pcr_selection, size, d_select_size),
	FIELD(struct tpms_pcr_selection, select, d_select),
};

const struct desc desc_pcr_selection = DESC_STRUCT(struct tpms_pcr_selection, pcr_selection_fields);
const struct desc desc_pcr_selection_list =
	DESC_LIST(struct tpml_pcr_selection, sel, desc_pcr_selection, 0, VTPM_MAX_BANKS);
const struct desc desc_digest_list = DESC_LIST(struct tpml_digest, digest, desc_2b_digest, 0, 8);
const struct desc desc_digest_list_or = DESC_LIST(struct tpml_digest, digest, desc_2b_digest, 2, 8);
static const struct desc d_bank_digest = { .kind = D_DIGEST, .size = sizeof(u8 *) };
static const struct desc_field bank_ha_fields[] = {
	FIELD(struct tpmt_ha, alg, desc_alg_bank),
	FIELD_SEL(struct tpmt_ha, digest, d_bank_digest, alg),
};

static const struct desc d_bank_ha = DESC_STRUCT(struct tpmt_ha, bank_ha_fields);
const struct desc desc_digest_values =
	DESC_LIST(struct tpml_digest_values, ha, d_bank_ha, 0, VTPM_MAX_BANKS);
const struct desc desc_alg_list = DESC_LIST(struct tpml_alg, alg, desc_u16, 0, 64);

const struct desc desc_cc_list =
	DESC_LIST(struct tpml_cc, code, desc_cc, 0, ARRAY_SIZE(((struct tpml_cc *)NULL)->code));

static tpm_rc check_saved_handle(u64 v)
{
	switch (v) {
	case HR_TRANSIENT:
	case HR_TRANSIENT | 1:
	case HR_TRANSIENT | 2:
		return TPM_RC_SUCCESS;
	}
	return ok_or(HR_TYPE(v) == TPM_HT_HMAC_SESSION ||
		     HR_TYPE(v) == TPM_HT_POLICY_SESSION, TPM_RC_VALUE);
}

static const struct desc d_saved_handle = DESC_UINT(u32, check_saved_handle);
static const struct desc d_2b_context = DESC_2B(0, 3072);
static const struct desc_field context_fields[] = {
	FIELD(struct tpms_context, sequence, desc_u64),
	FIELD(struct tpms_context, handle, d_saved_handle),
	FIELD(struct tpms_context, hierarchy, desc_rh_hierarchy_null),
	FIELD(struct tpms_context, blob, d_2b_context),
};

const struct desc desc_context = DESC_STRUCT(struct tpms_context, context_fields);

static const struct desc_field time_info_fields[] = {
	FIELD(struct tpms_time_info, time, desc_u64),
	FIELD(struct tpms_time_info, clock, desc_u64),
	FIELD(struct tpms_time_info, reset_count, desc_u32),
	FIELD(struct tpms_time_info, restart_count, desc_u32),
	FIELD(struct tpms_time_info, safe, desc_yes_no),
};

const struct desc desc_time_info = DESC_STRUCT(struct tpms_time_info, time_info_fields);

/* ---- NV (Part 2, 13) and operands (6.8) ---- */

static tpm_rc check_nv_index(u64 v)
{
	return ok_or(HR_TYPE(v) == TPM_HT_NV_INDEX, TPM_RC_VALUE);
}

static tpm_rc check_nv_attrs(u64 v)
{
	return v & TPMA_NV_RESERVED ? TPM_RC_RESERVED_BITS : TPM_RC_SUCCESS;
}

static tpm_rc check_nv_size(u64 v)
{
	return v > TPM2_MAX_NV_BUFFER ? TPM_RC_SIZE : TPM_RC_SUCCESS;
}

static tpm_rc check_eo(u64 v)
{
	return v > 11 ? TPM_RC_VALUE : TPM_RC_SUCCESS;
}

static const struct desc d_nv_index = DESC_UINT(u32, check_nv_index);
static const struct desc d_nv_attrs = DESC_UINT(u32, check_nv_attrs);
static const struct desc d_nv_size = DESC_UINT(u16, check_nv_size);
static const struct desc_field nv_public_fields[] = {
	FIELD(struct tpms_nv_public, index, d_nv_index),
	FIELD(struct tpms_nv_public, name_alg, desc_alg_hash),
	FIELD(struct tpms_nv_public, attrs, d_nv_attrs),
	FIELD(struct tpms_nv_public, policy, desc_2b_digest),
	FIELD(struct tpms_nv_public, size, d_nv_size),
};

const struct desc desc_nv_public = DESC_STRUCT(struct tpms_nv_public, nv_public_fields);
const struct desc desc_2b_nv_public = DESC_SIZED(desc_nv_public, 1, sizeof(struct tpms_nv_public));
/* No NV outside of the TPM and none that outlasts TPM2_Clear: TPM_HT_EXTERNAL_NV and the like. */
static tpm_rc check_nv_type(u64 v)
{
	return ok_or(v == TPM_HT_NV_INDEX, TPM_RC_SELECTOR);
}

static const struct desc d_nv_type = DESC_UINT(u8, check_nv_type);
static const struct desc_field nv_public_2_fields[] = {
	FIELD(struct tpmt_nv_public_2, type, d_nv_type),
	FIELD(struct tpmt_nv_public_2, pub, desc_nv_public),
};

static const struct desc d_nv_public_2 = DESC_STRUCT(struct tpmt_nv_public_2, nv_public_2_fields);
const struct desc desc_2b_nv_public_2 =
	DESC_SIZED(d_nv_public_2, 1, sizeof(struct tpmt_nv_public_2));
const struct desc desc_2b_nv_buffer = DESC_2B(0, TPM2_MAX_NV_BUFFER);
const struct desc desc_eo = DESC_UINT(u16, check_eo);
