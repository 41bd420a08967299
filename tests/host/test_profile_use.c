// SPDX-License-Identifier: GPL-2.0-only
/* What a profile does to objects that are there, and the limits that it sets (tpm2/profile.c). */
#include "object_support.h"

#include "profile_support.h"

static struct host_tpm tpm;
static struct tpm2_profile *profile;

static void set_up(const char *policy)
{
	host_tpm_new(&tpm, policy);
	profile = profile_of(&tpm);
}

static void tear_down(void)
{
	long left = host_tpm_free(&tpm);

	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

/* ---- what is there already ---- */

static u32 sign(u32 key)
{
	static const u8 digest[32] = { 1 };
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_Sign, 1, 1, key);
	cmd_2b(&c, digest, sizeof(digest));
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u16(&c, TPM_ST_HASHCHECK);
	cmd_u32(&c, TPM_RH_NULL);
	cmd_u16(&c, 0);
	return cmd_run(&tpm, &c);
}

static u32 context_save(u32 handle, struct bytes *context)
{
	struct cmd c;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_ContextSave, 1, 0, handle);
	rc = cmd_run(&tpm, &c);
	context->size = tpm.rsp_len - 10;
	memcpy(context->data, tpm.rsp + 10, context->size);
	return rc;
}

static u32 context_load(const struct bytes *context, u32 *handle)
{
	struct cmd c;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ContextLoad);
	cmd_bytes(&c, context->data, context->size);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

static const u32 kept = 0x81000001;

static void check_taken_away(const char *name, tpm_rc rc, u32 handle, const struct bytes *context)
{
	struct bytes n, q, again;
	u32 loaded;
	int bit = tpm2_alg_by_name(name, strlen(name));

	__clear_bit(bit, profile->algs);
	EXPECT_EQ(sign(handle), H(rc, 1));
	EXPECT_EQ(sign(kept), H(rc, 1));
	EXPECT_EQ(context_load(context, &loaded), P(rc, 1));
	EXPECT_EQ(read_name(&tpm, handle, &n, &q), 0);
	EXPECT_EQ(context_save(handle, &again), 0);
	__set_bit(bit, profile->algs);
	EXPECT_EQ(sign(handle), 0);
	EXPECT_EQ(sign(kept), 0);
	EXPECT_EQ(context_load(context, &loaded), 0);
	EXPECT_EQ(tpm_flush(&tpm, loaded), 0);
}

static void objects_are_not_used(void)
{
	static const struct tmpl t = {
		TPM_ALG_ECC, OURS | SDO | S, .scheme = TPM_ALG_ECDSA, .name = TPM_ALG_SHA384,
	};
	struct bytes context;
	u32 handle;

	set_up(NULL);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &t, &handle), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, handle, kept), 0);
	EXPECT_EQ(context_save(handle, &context), 0);
	check_taken_away("ecc", TPM_RC_TYPE, handle, &context);
	OK_SO_FAR();
	check_taken_away("ecc_nist_p256", TPM_RC_CURVE, handle, &context);
	OK_SO_FAR();
	check_taken_away("sha384", TPM_RC_HASH, handle, &context);
	OK_SO_FAR();
	check_taken_away("ecdsa", TPM_RC_SCHEME, handle, &context);
	OK_SO_FAR();
	/* what is not used any more can be ended */
	__clear_bit(TPM_ALG_ECC, profile->algs);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, kept, kept), 0);
	EXPECT_EQ(tpm_flush(&tpm, handle), 0);
	tear_down();
}

static u32 start_sequence(u16 id, u32 *handle)
{
	struct cmd c;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_HashSequenceStart);
	cmd_u16(&c, 0);
	cmd_u16(&c, id);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

static u32 update(u32 sequence)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_SequenceUpdate, 1, 1, sequence);
	cmd_2b(&c, "abc", 3);
	return cmd_run(&tpm, &c);
}

static void sequences_are_not_used(void)
{
	u32 handle, event;

	set_up(NULL);
	EXPECT_EQ(start_sequence(TPM_ALG_SHA384, &handle), 0);
	EXPECT_EQ(start_sequence(TPM_ALG_NULL, &event), 0);
	__clear_bit(TPM_ALG_SHA384, profile->algs);
	EXPECT_EQ(update(handle), H(TPM_RC_HASH, 1));
	EXPECT_EQ(update(event), 0);
	EXPECT_EQ(tpm_flush(&tpm, handle), 0);
	EXPECT_EQ(start_sequence(TPM_ALG_SHA384, &handle), P(TPM_RC_HASH, 2));
	tear_down();
}

/* Which banks there are the policy says elsewhere. */
static void banks_stay(void)
{
	static const u8 digest[20] = { 1 };
	struct cmd c;
	struct rsp r;

	set_up("bank sha1 sha256\n");
	__clear_bit(TPM_ALG_SHA1, profile->algs);
	cmd_begin_pw(&c, TPM_CC_PCR_Extend, 1, 1, 16);
	cmd_u32(&c, 1);
	cmd_u16(&c, TPM_ALG_SHA1);
	cmd_bytes(&c, digest, sizeof(digest));
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PCR_Read);
	cmd_u32(&c, 1);
	cmd_u16(&c, TPM_ALG_SHA1);
	cmd_u8(&c, 3);
	cmd_bytes(&c, "\0\0\1", 3);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	r = rsp_params(&tpm, NULL);
	rsp_u32(&r);
	EXPECT_EQ(rsp_u32(&r), 1);
	tear_down();
}

/* ---- limits ---- */

static u32 define(u32 index, u16 size)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_NV_DefineSpace, 1, 1, TPM_RH_OWNER);
	cmd_u16(&c, 0);
	cmd_u16(&c, 14);
	cmd_u32(&c, index);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u32(&c, TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE | TPMA_NV_NO_DA);
	cmd_u16(&c, 0);
	cmd_u16(&c, size);
	return cmd_run(&tpm, &c);
}

static void nv_is_limited(void)
{
	u32 used;

	set_up(NULL);
	EXPECT_EQ(define(0x01000001, 100), 0);
	used = tpm.t->nv_used;
	profile->nv_bytes = 2 * used;
	EXPECT_EQ(property(&tpm, 0x200 + 11), 1);		/* NV_COUNTERS_AVAIL */
	EXPECT_EQ(define(0x01000002, 101), RAW(TPM_RC_NV_SPACE));
	EXPECT_EQ(define(0x01000002, 100), 0);
	EXPECT_EQ(define(0x01000003, 1), RAW(TPM_RC_NV_SPACE));
	EXPECT_EQ(property(&tpm, 0x200 + 11), 0);
	profile->nv_bytes = used;	/* less than there is */
	EXPECT_EQ(define(0x01000003, 1), RAW(TPM_RC_NV_SPACE));
	EXPECT_EQ(property(&tpm, 0x200 + 11), 0);
	profile->nv_bytes = 0xffffffff;
	EXPECT_EQ(define(0x01000003, 1), 0);
	tear_down();
}

static void objects_are_limited(void)
{
	struct bytes context;
	u32 handle[4];

	set_up(NULL);
	profile->objects = 3;
	EXPECT_EQ(property(&tpm, 0x100 + 14), 3);		/* HR_TRANSIENT_MIN */
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &sign_template, &handle[0]), 0);
	EXPECT_EQ(context_save(handle[0], &context), 0);
	EXPECT_EQ(context_load(&context, &handle[1]), 0);
	EXPECT_EQ(property(&tpm, 0x200 + 7), 1);		/* HR_TRANSIENT_AVAIL */
	EXPECT_EQ(start_sequence(TPM_ALG_SHA256, &handle[2]), 0);
	EXPECT_EQ(property(&tpm, 0x200 + 7), 0);
	EXPECT_EQ(context_load(&context, &handle[3]), RAW(TPM_RC_OBJECT_MEMORY));
	EXPECT_EQ(start_sequence(TPM_ALG_SHA256, &handle[3]), RAW(TPM_RC_OBJECT_MEMORY));
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &sign_template, &handle[3]),
		  RAW(TPM_RC_OBJECT_MEMORY));
	EXPECT_EQ(tpm_flush(&tpm, handle[2]), 0);
	EXPECT_EQ(context_load(&context, &handle[3]), 0);
	profile->objects = 1;
	EXPECT_EQ(property(&tpm, 0x200 + 7), 0);
	EXPECT_EQ(sign(handle[0]), 0);
	tear_down();
}

static u32 session(u32 *handle)
{
	return tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL, handle);
}

static void sessions_are_limited(void)
{
	struct bytes context;
	u32 handle[3], more;
	unsigned int i;

	set_up(NULL);
	profile->sessions = 3;
	EXPECT_EQ(property(&tpm, 0x100 + 16), 3);		/* HR_LOADED_MIN */
	EXPECT_EQ(property(&tpm, 0x100 + 17), 3);		/* ACTIVE_SESSIONS_MAX */
	for (i = 0; i < 3; i++)
		EXPECT_EQ(session(&handle[i]), 0);
	EXPECT_EQ(property(&tpm, 0x200 + 4), 0);		/* HR_LOADED_AVAIL */
	EXPECT_EQ(property(&tpm, 0x200 + 6), 0);		/* HR_ACTIVE_AVAIL */
	EXPECT_EQ(session(&more), RAW(TPM_RC_SESSION_MEMORY));
	EXPECT_EQ(context_save(handle[0], &context), 0);
	EXPECT_EQ(property(&tpm, 0x200 + 4), 1);
	EXPECT_EQ(session(&more), RAW(TPM_RC_SESSION_HANDLES));
	profile->sessions = 2;
	EXPECT_EQ(context_load(&context, &more), RAW(TPM_RC_SESSION_MEMORY));
	profile->sessions = 3;
	EXPECT_EQ(context_load(&context, &more), 0);
	EXPECT_EQ(tpm_flush(&tpm, handle[1]), 0);
	EXPECT_EQ(session(&more), 0);
	tear_down();
}

/* What a profile gives more of than there is, there is no more of. */
static void no_profile_gives_more(void)
{
	set_up(NULL);
	profile->nv_bytes = 0xffffffff;
	profile->objects = 0xffffffff;
	profile->sessions = 0xffffffff;
	EXPECT_EQ(tpm2_max_nv(tpm.t), TPM2_MAX_NV_SPACE);
	EXPECT_EQ(property(&tpm, 0x100 + 14), TPM2_MAX_OBJECTS);	/* HR_TRANSIENT_MIN */
	EXPECT_EQ(property(&tpm, 0x100 + 17), TPM2_MAX_ALL_SESSIONS);	/* ACTIVE_SESSIONS_MAX */
	tear_down();
}

/* ---- as an admin says it ---- */

static void set_policy(const char *text)
{
	struct vtpm_policy *p;

	if (vtpm_policy_parse(text, strlen(text), &tpm.mem, &p, NULL) ||
	    vtpm_matrix_set_policy(tpm.matrix, p, NULL))
		test_fail(__FILE__, __LINE__, "a policy is refused");
}

/* With the instance made anew of its state after each command */
static void a_policy_says_so(void)
{
	u32 handle, more[4];
	unsigned int i;

	host_tpm_new(&tpm, "command deny Hash\nalgorithm deny ecdsa sha384\n"
			   "limit nv=500 objects=3 sessions=4\n");
	tpm.state_check = true;
	EXPECT_EQ(hash(&tpm, TPM_ALG_SHA256), RAW(TPM_RC_COMMAND_CODE));
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &sign_template, &handle), P(TPM_RC_SCHEME, 2));
	EXPECT_EQ(define(0x01000001, 200), 0);
	EXPECT_EQ(define(0x01000002, 200), RAW(TPM_RC_NV_SPACE));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(start_sequence(TPM_ALG_SHA256, &handle), 0);
	EXPECT_EQ(start_sequence(TPM_ALG_SHA256, &handle), RAW(TPM_RC_OBJECT_MEMORY));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(session(&more[i]), 0);
	EXPECT_EQ(session(&handle), RAW(TPM_RC_SESSION_MEMORY));
	/* the next policy counts from the next command on, whatever is there */
	set_policy("command deny NV_DefineSpace\nlimit nv=200 objects=3 sessions=3\n");
	EXPECT_EQ(hash(&tpm, TPM_ALG_SHA384), 0);
	EXPECT_EQ(define(0x01000002, 1), RAW(TPM_RC_COMMAND_CODE));
	EXPECT_EQ(tpm_flush(&tpm, more[0]), 0);
	EXPECT_EQ(session(&handle), RAW(TPM_RC_SESSION_MEMORY));
	set_policy("");
	EXPECT_EQ(define(0x01000002, 200), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &sign_template, &handle), 0);
	EXPECT_EQ(session(&handle), 0);
	tear_down();
}

static const struct test_case cases[] = {
	{ "objects-are-not-used", objects_are_not_used },
	{ "sequences-are-not-used", sequences_are_not_used },
	{ "banks-stay", banks_stay },
	{ "nv-is-limited", nv_is_limited },
	{ "objects-are-limited", objects_are_limited },
	{ "sessions-are-limited", sessions_are_limited },
	{ "T43-no-profile-gives-more", no_profile_gives_more },
	{ "a-policy-says-so", a_policy_says_so },
};

TEST_MAIN("profile_use", cases)
