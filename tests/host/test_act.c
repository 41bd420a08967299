// SPDX-License-Identifier: GPL-2.0-only
/* The authenticated countdown timer (Part 3, 33): its count, its signal, who may set it. */
#include "policy_support.h"

#define ACT		TPM_RH_ACT_0
#define SIGNALED	TPMA_ACT_SIGNALED
#define PRESERVED	TPMA_ACT_PRESERVESIGNALED
#define FOREVER		0xffffffff

static u32 set_by(u32 handle, const char *auth, u32 timeout)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_ACT_SetTimeout);
	cmd_u32(&c, handle);
	cmd_auths(&c);
	cmd_password(&c, auth);
	cmd_auths_end(&c);
	cmd_u32(&c, timeout);
	return cmd_run(&tpm, &c);
}

static u32 set(u32 timeout)
{
	return set_by(ACT, "", timeout);
}

/* TPM_CAP_ACT says just this. */
static bool is(u32 timeout, u32 attrs)
{
	struct cmd c;
	struct rsp r;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
	cmd_u32(&c, TPM_CAP_ACT);
	cmd_u32(&c, ACT);
	cmd_u32(&c, 16);
	if (cmd_run(&tpm, &c))
		return false;
	r = rsp_params(&tpm, NULL);
	return !rsp_u8(&r) && rsp_u32(&r) == TPM_CAP_ACT && rsp_u32(&r) == 1 &&
	       rsp_u32(&r) == ACT && rsp_u32(&r) == timeout && rsp_u32(&r) == attrs && !r.bad &&
	       !r.left;
}

static u32 su(u32 code, u16 type)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, code);
	cmd_u16(&c, type);
	return cmd_run(&tpm, &c);
}

/* Off and on; @type of both, 0xffff: no TPM2_Shutdown. */
static u32 cycle(u16 down, u16 up)
{
	if (down != 0xffff && su(TPM_CC_Shutdown, down))
		return 1;
	tpm2_power_on(tpm.t);
	return su(TPM_CC_Startup, up);
}

static void counts(void)
{
	set_up();
	EXPECT(is(0, 0));
	EXPECT_EQ(set(10), 0);
	EXPECT(is(10, 0));
	now += 999;
	EXPECT(is(10, 0));
	now += 1;
	EXPECT(is(9, 0));
	now += 8999;
	EXPECT(is(1, 0));
	now += 1;
	EXPECT(is(0, SIGNALED));
	now += 1000000;
	EXPECT(is(0, SIGNALED));
	/* anew: the signal ends */
	EXPECT_EQ(set(5), 0);
	EXPECT(is(5, 0));
	now += 3000;
	EXPECT_EQ(set(7), 0);
	now += 6000;
	EXPECT(is(1, 0));
	/* 0 is an end at once for one that runs, and nothing for others */
	EXPECT_EQ(set(0), 0);
	EXPECT(is(0, SIGNALED));
	EXPECT_EQ(set(0), 0);
	EXPECT(is(0, SIGNALED));
	EXPECT_EQ(set(FOREVER), 0);
	now += 10ull * FOREVER * 1000;
	EXPECT(is(FOREVER, 0));
	EXPECT_EQ(set(FOREVER - 1), 0);
	now += 2000;
	EXPECT(is(FOREVER - 3, 0));
	tear_down();
}

static void never_ran(void)
{
	set_up();
	EXPECT_EQ(set(0), 0);
	EXPECT(is(0, 0));
	now += 100000;
	EXPECT(is(0, 0));
	/* it ends between two commands, and is set to 0 by the second one */
	EXPECT_EQ(set(2), 0);
	now += 3000;
	EXPECT_EQ(set(0), 0);
	EXPECT(is(0, SIGNALED));
	tear_down();
}

/* TPM Reset, TPM Restart and TPM Resume */
static void start_ups(void)
{
	set_up();
	EXPECT_EQ(set(100), 0);
	EXPECT_EQ(cycle(0xffff, TPM_SU_CLEAR), 0);
	EXPECT(is(0, 0));
	EXPECT_EQ(set(100), 0);
	EXPECT_EQ(cycle(TPM_SU_STATE, TPM_SU_CLEAR), 0);
	EXPECT(is(0, 0));
	/* a signal is remembered over all of them, until the timer is set */
	EXPECT_EQ(set(1), 0);
	now += 1000;
	EXPECT_EQ(cycle(0xffff, TPM_SU_CLEAR), 0);
	EXPECT(is(0, PRESERVED));
	EXPECT_EQ(cycle(TPM_SU_STATE, TPM_SU_STATE), 0);
	EXPECT(is(0, PRESERVED));
	EXPECT_EQ(set(1), 0);
	EXPECT(is(1, 0));
	now += 1000;
	EXPECT_EQ(cycle(TPM_SU_STATE, TPM_SU_STATE), 0);
	EXPECT(is(0, SIGNALED | PRESERVED));
	EXPECT_EQ(set(8), 0);
	EXPECT(is(8, 0));
	/* TPM2_Shutdown is void: the state it saved is no longer the timer's */
	EXPECT_EQ(su(TPM_CC_Shutdown, TPM_SU_STATE), 0);
	EXPECT_EQ(set(9), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(su(TPM_CC_Startup, TPM_SU_STATE), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(su(TPM_CC_Startup, TPM_SU_CLEAR), 0);
	EXPECT(is(0, 0));
	tear_down();
}

static void resumes(void)
{
	unsigned int i;

	set_up();
	EXPECT_EQ(set(100), 0);
	now += 20000;
	EXPECT_EQ(su(TPM_CC_Shutdown, TPM_SU_STATE), 0);
	now += 10000;	/* before the power goes */
	tpm2_power_on(tpm.t);
	now += 50000;	/* it is on, but nobody has started it */
	tpm2_power_on(tpm.t);
	now += 50000;
	EXPECT_EQ(su(TPM_CC_Startup, TPM_SU_STATE), 0);
	EXPECT(is(70, 0));
	now += 6000;
	EXPECT(is(64, 0));
	/* nobody has set it since: halves */
	for (i = 32; i; i /= 2) {
		EXPECT_EQ(cycle(TPM_SU_STATE, TPM_SU_STATE), 0);
		EXPECT(is(i, 0));
	}
	EXPECT_EQ(cycle(TPM_SU_STATE, TPM_SU_STATE), 0);
	EXPECT(is(1, 0));
	now += 1000;
	EXPECT(is(0, SIGNALED));
	EXPECT_EQ(set(FOREVER), 0);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(cycle(TPM_SU_STATE, TPM_SU_STATE), 0);
	EXPECT(is(FOREVER, 0));
	/* the end comes after TPM2_Shutdown */
	EXPECT_EQ(set(4), 0);
	EXPECT_EQ(su(TPM_CC_Shutdown, TPM_SU_STATE), 0);
	now += 4000;
	tpm2_power_on(tpm.t);
	EXPECT_EQ(su(TPM_CC_Startup, TPM_SU_STATE), 0);
	EXPECT(is(0, SIGNALED | PRESERVED));
	tear_down();
}

/* It goes by Time: one that runs slow counts slow. */
static void clock_rate(void)
{
	struct cmd c;
	unsigned int i;

	set_up();
	EXPECT_EQ(set(1000), 0);
	for (i = 0; i < 20; i++) {
		cmd_begin_pw(&c, TPM_CC_ClockRateAdjust, 1, 1, TPM_RH_OWNER);
		cmd_u8(&c, (u8)-3);
		EXPECT_EQ(cmd_run(&tpm, &c), 0);
	}
	now += 100000;	/* 85 s */
	EXPECT(is(915, 0) || is(916, 0));
	tear_down();
}

/* ---- who may ---- */

static void auth_value(void)
{
	struct cmd c;

	set_up();
	EXPECT_EQ(set_by(ACT + 1, "", 5), H(TPM_RC_VALUE, 1));
	EXPECT_EQ(set_by(TPM_RH_ACT_F, "", 5), H(TPM_RC_VALUE, 1));
	EXPECT_EQ(set_by(TPM_RH_PLATFORM, "", 5), H(TPM_RC_VALUE, 1));
	cmd_begin_pw(&c, TPM_CC_HierarchyChangeAuth, 1, 1, ACT);	/* it has none of its own */
	cmd_2b(&c, "own", 3);
	EXPECT_EQ(cmd_run(&tpm, &c), H(TPM_RC_VALUE, 1));
	cmd_begin_pw(&c, TPM_CC_HierarchyChangeAuth, 1, 1, TPM_RH_PLATFORM);
	cmd_2b(&c, "plat", 4);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	EXPECT_EQ(set(5), SESS(TPM_RC_BAD_AUTH, 1));
	EXPECT(is(0, 0));
	EXPECT_EQ(set_by(ACT, "plat", 5), 0);
	EXPECT(is(5, 0));
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ACT_SetTimeout);
	cmd_u32(&c, ACT);
	cmd_u32(&c, 6);
	EXPECT_EQ(cmd_run(&tpm, &c), RAW(TPM_RC_AUTH_MISSING));
	EXPECT(is(5, 0));
	tear_down();
}

static u32 set_policy(const struct ref *r)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_SetPrimaryPolicy, 1, 1, ACT);
	cmd_2b(&c, r->digest, r->hash == TPM_ALG_NULL ? 0 : md_size(r->hash));
	cmd_u16(&c, r->hash);
	return cmd_run(&tpm, &c);
}

/* By a policy that allows just this. */
static u32 set_under(u32 timeout, u16 hash)
{
	struct request q;
	struct session s;
	u32 rc;

	if (open_policy(&s, TPM_SE_POLICY, hash) || policy_code(&s, TPM_CC_ACT_SetTimeout))
		return 1;
	request_new(&q, TPM_CC_ACT_SetTimeout, 1, ACT, 0);
	cmd_u32(&q.params, timeout);
	request_use(&q, &s, 0, "")->policy = true;
	rc = request_run(&tpm, &q);
	if (rc)
		tpm_flush(&tpm, s.handle);
	return rc;
}

/* TPM_CAP_AUTH_POLICIES of the timer */
static bool policy_is(const struct ref *r)
{
	struct cmd c;
	struct rsp rsp;
	u16 len = r->hash == TPM_ALG_NULL ? 0 : md_size(r->hash);

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
	cmd_u32(&c, TPM_CAP_AUTH_POLICIES);
	cmd_u32(&c, ACT);
	cmd_u32(&c, 1);
	if (cmd_run(&tpm, &c))
		return false;
	rsp = rsp_params(&tpm, NULL);
	return !rsp_u8(&rsp) && rsp_u32(&rsp) == TPM_CAP_AUTH_POLICIES && rsp_u32(&rsp) == 1 &&
	       rsp_u32(&rsp) == ACT && rsp_u16(&rsp) == r->hash &&
	       !memcmp(rsp_bytes(&rsp, len), r->digest, len) && !rsp.bad && !rsp.left;
}

static void policy(void)
{
	const struct ref none = { .hash = TPM_ALG_NULL };
	u8 code[4];
	struct ref r;

	set_up();
	put_unaligned_be32(TPM_CC_ACT_SetTimeout, code);
	ref_reset(&r, SHA256);
	ref_update(&r, TPM_CC_PolicyCommandCode, code, 4);
	EXPECT(policy_is(&none));
	EXPECT_EQ(set_under(5, SHA256), RAW(TPM_RC_AUTH_UNAVAILABLE));
	EXPECT_EQ(set_policy(&r), 0);
	EXPECT(policy_is(&r));
	EXPECT_EQ(set_under(5, SHA256), 0);
	EXPECT(is(5, 0));
	EXPECT_EQ(set_under(6, TPM_ALG_SHA384), SESS(TPM_RC_POLICY_FAIL, 1));
	r.digest[0] ^= 1;
	EXPECT_EQ(set_policy(&r), 0);
	EXPECT_EQ(set_under(6, SHA256), SESS(TPM_RC_POLICY_FAIL, 1));
	r.digest[0] ^= 1;
	EXPECT_EQ(set_policy(&r), 0);
	EXPECT(is(5, 0));
	/* it stays over TPM Resume, and no other start-up */
	EXPECT_EQ(cycle(TPM_SU_STATE, TPM_SU_STATE), 0);
	EXPECT(policy_is(&r));
	EXPECT_EQ(set_under(7, SHA256), 0);
	EXPECT_EQ(cycle(TPM_SU_STATE, TPM_SU_CLEAR), 0);
	EXPECT(policy_is(&none));
	EXPECT_EQ(set_policy(&r), 0);
	EXPECT_EQ(cycle(0xffff, TPM_SU_CLEAR), 0);
	EXPECT(policy_is(&none));
	/* a new policy is nothing that a state saved before has */
	EXPECT_EQ(su(TPM_CC_Shutdown, TPM_SU_STATE), 0);
	EXPECT_EQ(set_policy(&r), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(su(TPM_CC_Startup, TPM_SU_STATE), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(su(TPM_CC_Startup, TPM_SU_CLEAR), 0);
	tear_down();
}

/* TPM2_PolicyCapability sees the timer's data; what is bound to it knows platformAuth. */
static void elsewhere(void)
{
	struct session s;
	struct cmd c;

	set_up();
	EXPECT_EQ(set(1), 0);
	now += 1000;
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	begin(&c, TPM_CC_PolicyCapability, &s);
	cmd_2b(&c, "\0\0\0\1", 4);
	cmd_u16(&c, 8);		/* attributes */
	cmd_u16(&c, 0);		/* equal */
	cmd_u32(&c, TPM_CAP_ACT);
	cmd_u32(&c, ACT);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	EXPECT_EQ(set(1), 0);
	EXPECT_EQ(cmd_run(&tpm, &c), RAW(TPM_RC_POLICY));
	EXPECT_EQ(policy_secret(&s, ACT, &(struct grant){ 0 }), 0);
	EXPECT_EQ(tpm_flush(&tpm, s.handle), 0);
	tear_down();
}

static const struct test_case cases[] = {
	{ "it counts down and signals", counts },
	{ "one that does not run", never_ran },
	{ "start-ups", start_ups },
	{ "TPM Resume", resumes },
	{ "the clock's rate", clock_rate },
	{ "platformAuth", auth_value },
	{ "its policy", policy },
	{ "other commands", elsewhere },
};

TEST_MAIN("act", cases)
