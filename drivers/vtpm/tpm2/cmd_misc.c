// SPDX-License-Identifier: GPL-2.0-only
/*
 * Testing, random numbers, reading the clock, and the hierarchies' own commands
 * (Part 3, 10, 16, 24, 29).
 */
#include "commands.h"

/* ---- TPM2_SelfTest, TPM2_IncrementalSelfTest, TPM2_GetTestResult (10) ---- */

struct self_test_in {
	u8 full;
};

static const struct desc_field self_test_in_fields[] = { FIELD(struct self_test_in, full,
							       desc_yes_no) };
const struct desc tpm2_self_test_in = DESC_STRUCT(struct self_test_in, self_test_in_fields);

/* Known-answer tests of every primitive, without the lock. TPM_RC_FAILURE: one failed. */
static tpm_rc run_self_test(struct tpm2_call *c)
{
	const char *failed;
	tpm_rc rc;
	int err;

	tpm2_heavy_begin(c);
	err = vt_crypto_selftest(&failed);
	rc = tpm2_heavy_end(c);
	if (err == -ENOMEM)
		return TPM_RC_MEMORY;
	if (err) {
		c->t->failed = true;
		return TPM_RC_FAILURE;
	}
	if (!rc)
		c->t->testing_done = true;
	return rc;
}

/*
 * TPM2_SelfTest (10.2). TPM_RC_MEMORY, TPM_RC_RETRY. A primitive that gives a wrong
 * answer puts the TPM into failure mode.
 */
tpm_rc tpm2_cmd_self_test(struct tpm2_call *c)
{
	const struct self_test_in *in = (void *)c->in;

	if (!in->full && c->t->testing_done)
		return TPM_RC_SUCCESS;
	return run_self_test(c);
}

struct incremental_self_test_in {
	struct tpml_alg to_test;
};

static const struct desc_field incremental_self_test_in_fields[] = {
	FIELD(struct incremental_self_test_in, to_test, desc_alg_list),
};

const struct desc tpm2_incremental_self_test_in =
	DESC_STRUCT(struct incremental_self_test_in, incremental_self_test_in_fields);

struct incremental_self_test_out {
	struct tpml_alg to_do;
};

static const struct desc_field incremental_self_test_out_fields[] = {
	FIELD(struct incremental_self_test_out, to_do, desc_alg_list),
};

const struct desc tpm2_incremental_self_test_out =
	DESC_STRUCT(struct incremental_self_test_out, incremental_self_test_out_fields);

/*
 * TPM2_IncrementalSelfTest (10.3). Everything was tested when the module was loaded:
 * nothing is left to do. TPM_RC_VALUE: an algorithm that is not there.
 */
tpm_rc tpm2_cmd_incremental_self_test(struct tpm2_call *c)
{
	const struct incremental_self_test_in *in = (void *)c->in;
	u32 i;

	for (i = 0; i < in->to_test.count; i++)
		if (!tpm2_alg_there(c->t, in->to_test.alg[i]))
			return tpm2_param(TPM_RC_VALUE, 1);
	return TPM_RC_SUCCESS;
}

struct get_test_result_out {
	struct tpm2b data;
	u32 result;
};

static const struct desc_field get_test_result_out_fields[] = {
	FIELD(struct get_test_result_out, data, desc_2b_buffer),
	FIELD(struct get_test_result_out, result, desc_u32),
};

const struct desc tpm2_get_test_result_out =
	DESC_STRUCT(struct get_test_result_out, get_test_result_out_fields);

/* TPM2_GetTestResult (10.4). No codes of its own. */
tpm_rc tpm2_cmd_get_test_result(struct tpm2_call *c)
{
	struct get_test_result_out *out = (void *)c->out;

	out->result = (__force u32)(c->t->failed ? TPM_RC_FAILURE : TPM_RC_SUCCESS);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_GetRandom, TPM2_StirRandom (16) ---- */

struct get_random_in {
	u16 bytes;
};

static const struct desc_field get_random_in_fields[] = { FIELD(struct get_random_in, bytes,
								desc_u16) };
const struct desc tpm2_get_random_in = DESC_STRUCT(struct get_random_in, get_random_in_fields);

struct get_random_out {
	struct tpm2b random;
};

static const struct desc_field get_random_out_fields[] = { FIELD(struct get_random_out, random,
								 desc_2b_digest) };
const struct desc tpm2_get_random_out = DESC_STRUCT(struct get_random_out, get_random_out_fields);

/*
 * TPM2_GetRandom (16.1). As many bytes as the largest digest has, at most; a shorter
 * answer is no error. No codes of its own.
 */
tpm_rc tpm2_cmd_get_random(struct tpm2_call *c)
{
	const struct get_random_in *in = (void *)c->in;
	struct get_random_out *out = (void *)c->out;

	out->random.size = min_t(u16, in->bytes, VT_MAX_DIGEST);
	out->random.data = tpm2_scratch(c, VT_MAX_DIGEST);
	vt_random(out->random.data, out->random.size);
	return TPM_RC_SUCCESS;
}

struct stir_random_in {
	struct tpm2b data;
};

static const struct desc_field stir_random_in_fields[] = {
	FIELD(struct stir_random_in, data, desc_2b_sensitive_data),
};

const struct desc tpm2_stir_random_in = DESC_STRUCT(struct stir_random_in, stir_random_in_fields);

/*
 * TPM2_StirRandom (16.2). The generator is the kernel's and is shared with every other
 * instance, so a guest's bytes do not reach it; the TPM may decide what to do with
 * them. No codes of its own.
 */
tpm_rc tpm2_cmd_stir_random(struct tpm2_call *c)
{
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_ReadClock (29.1) ---- */

const struct desc tpm2_read_clock_out = {
	.kind = D_STRUCT, .nfields = 1, .size = sizeof(struct tpms_time_info),
	.fields = &(const struct desc_field){ .d = &desc_time_info },
};

/* TPM2_ReadClock (29.1). No codes of its own. */
tpm_rc tpm2_cmd_read_clock(struct tpm2_call *c)
{
	struct tpms_time_info *out = (void *)c->out;

	*out = tpm2_time_info(c->t);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_HierarchyChangeAuth (24.8), TPM2_Clear (24.6) ---- */

struct hierarchy_change_auth_in {
	struct tpm2b auth;
};

static const struct desc_field hierarchy_change_auth_in_fields[] = {
	FIELD(struct hierarchy_change_auth_in, auth, desc_2b_auth),
};

const struct desc tpm2_hierarchy_change_auth_in =
	DESC_STRUCT(struct hierarchy_change_auth_in, hierarchy_change_auth_in_fields);

/* TPM2_HierarchyChangeAuth (24.8). No codes of its own. */
tpm_rc tpm2_cmd_hierarchy_change_auth(struct tpm2_call *c)
{
	struct hierarchy_change_auth_in *in = (void *)c->in;
	struct tpm2_hierarchy *h = tpm2_hierarchy(c->t, c->handles[0]);
	struct tpm2_digest *auth = h ? &h->auth : &c->t->lockout_auth;

	/* no longer than the digest of the hash that protects the TPM's context */
	tpm2_trim_auth(&in->auth);
	if (c->handles[0] == TPM_RH_PLATFORM)
		tpm2_disorder(c->t);
	memzero_explicit(auth, sizeof(*auth));
	auth->size = in->auth.size;
	if (auth->size)
		memcpy(auth->data, in->auth.data, auth->size);
	return TPM_RC_SUCCESS;
}

/* TPM2_Clear (24.6). TPM_RC_DISABLED: TPM2_ClearControl forbids it. */
tpm_rc tpm2_cmd_clear(struct tpm2_call *c)
{
	if (c->t->disable_clear)
		return TPM_RC_DISABLED;
	tpm2_clear(c->t);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_TestParms (30.3) ---- */

const struct desc tpm2_test_parms_in = {
	.kind = D_STRUCT, .nfields = 1, .size = sizeof(struct tpmt_public_parms),
	.fields = &(const struct desc_field){ .d = &desc_public_parms },
};

/* TPM2_TestParms (30.3). No codes of its own: what is not supported is refused when it is read. */
tpm_rc tpm2_cmd_test_parms(struct tpm2_call *c)
{
	return TPM_RC_SUCCESS;
}
