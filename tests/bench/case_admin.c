// SPDX-License-Identifier: GPL-2.0-only
/*
 * Start-up, self test, random numbers, hierarchies, dictionary attack, clock and
 * capabilities (Part 3, 9, 10, 16, 24 to 26, 29 and 30).
 */
#include "bench.h"

/* ---- start-up and self test ---- */

static void build_startup(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_Startup);
	cmd_u16(c, TPM_SU_CLEAR);
}

static void build_shutdown(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_Shutdown);
	cmd_u16(c, TPM_SU_CLEAR);
}

static void build_shutdown_state(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_Shutdown);
	cmd_u16(c, TPM_SU_STATE);
}

static void before_startup(struct side *s, struct cmd *unused)
{
	struct cmd c;

	build_shutdown(s, &c);
	must(s, &c, "Shutdown");
	s->cycle();
}

static void build_self_test(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_SelfTest);
	cmd_u8(c, 0);
}

static void build_full_test(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_SelfTest);
	cmd_u8(c, 1);
}

static void build_incremental_test(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_IncrementalSelfTest);
	cmd_u32(c, 1);
	cmd_u16(c, TPM_ALG_SHA256);
}

static void build_test_result(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_GetTestResult);
}

/* ---- random numbers ---- */

static void build_random(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_GetRandom);
	cmd_u16(c, 32);
}

static void build_stir(struct side *s, struct cmd *c)
{
	u8 data[32] = { 1 };

	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_StirRandom);
	cmd_2b(c, data, sizeof(data));
}

/* ---- hierarchies ---- */

static void put_control(struct cmd *c, u8 state)
{
	cmd_begin_pw(c, TPM_CC_HierarchyControl, 1, 1, TPM_RH_PLATFORM);
	cmd_u32(c, TPM_RH_OWNER);
	cmd_u8(c, state);
}

static void build_disable(struct side *s, struct cmd *c)
{
	put_control(c, 0);
}

static void after_disable(struct side *s)
{
	struct cmd c;

	put_control(&c, 1);
	must(s, &c, "HierarchyControl");
}

static void build_primary_policy(struct side *s, struct cmd *c)
{
	u8 policy[32] = { 1 };

	cmd_begin_pw(c, TPM_CC_SetPrimaryPolicy, 1, 1, TPM_RH_OWNER);
	cmd_2b(c, policy, sizeof(policy));
	cmd_u16(c, TPM_ALG_SHA256);
}

static void build_eps(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_ChangeEPS, 1, 1, TPM_RH_PLATFORM);
}

static void build_pps(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_ChangePPS, 1, 1, TPM_RH_PLATFORM);
}

static void build_clear(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_Clear, 1, 1, TPM_RH_PLATFORM);
}

static void build_clear_control(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_ClearControl, 1, 1, TPM_RH_PLATFORM);
	cmd_u8(c, 0);
}

static void build_change_auth(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_HierarchyChangeAuth, 1, 1, TPM_RH_OWNER);
	cmd_u16(c, 0);
}

static void build_lock_reset(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_DictionaryAttackLockReset, 1, 1, TPM_RH_LOCKOUT);
}

static void build_da_parameters(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_DictionaryAttackParameters, 1, 1, TPM_RH_LOCKOUT);
	cmd_u32(c, 32);
	cmd_u32(c, 600);
	cmd_u32(c, 600);
}

static void build_pp_commands(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_PP_Commands, 1, 1, TPM_RH_PLATFORM);
	cmd_u32(c, 0);
	cmd_u32(c, 1);
	cmd_u32(c, TPM_CC_Clear);
}

static void build_audit_status(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_SetCommandCodeAuditStatus, 1, 1, TPM_RH_OWNER);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u32(c, 0);
	cmd_u32(c, 1);
	cmd_u32(c, TPM_CC_GetRandom);
}

/* ---- clock ---- */

static void build_clock(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_ReadClock);
}

static void build_clock_set(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_ClockSet, 1, 1, TPM_RH_OWNER);
	cmd_u64(c, 0);
}

/* It goes forward only: a minute with each run. */
static void before_clock_set(struct side *s, struct cmd *c)
{
	s->count++;
	put_unaligned_be64(1000000000ULL + 60000 * s->count, c->buf + c->len - 8);
}

static void build_clock_rate(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_ClockRateAdjust, 1, 1, TPM_RH_OWNER);
	cmd_u8(c, 0);
}

/* ---- capabilities ---- */

static void put_capability(struct cmd *c, u32 cap, u32 property, u32 count)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
	cmd_u32(c, cap);
	cmd_u32(c, property);
	cmd_u32(c, count);
}

static void build_cap_algs(struct side *s, struct cmd *c)
{
	put_capability(c, TPM_CAP_ALGS, 0, 127);
}

static void build_cap_commands(struct side *s, struct cmd *c)
{
	put_capability(c, TPM_CAP_COMMANDS, TPM_CC_FIRST, 254);
}

static void build_cap_handles(struct side *s, struct cmd *c)
{
	put_capability(c, TPM_CAP_HANDLES, HR_TRANSIENT, 254);
}

static void build_cap_pcrs(struct side *s, struct cmd *c)
{
	put_capability(c, TPM_CAP_PCRS, 0, 1);
}

static void build_cap_property(struct side *s, struct cmd *c)
{
	put_capability(c, TPM_CAP_TPM_PROPERTIES, 0x105, 1);	/* the manufacturer */
}

static void build_cap_properties(struct side *s, struct cmd *c)
{
	put_capability(c, TPM_CAP_TPM_PROPERTIES, 0x100, 127);
}

static void build_test_parms(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_TestParms);
	cmd_u16(c, TPM_ALG_ECC);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u16(c, TPM_ALG_ECDSA);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u16(c, TPM_ECC_NIST_P256);
	cmd_u16(c, TPM_ALG_NULL);
}

static const struct bench rows[] = {
	{ TPM_CC_Startup, "Startup", NULL, build_startup, before_startup },
	{ TPM_CC_Shutdown, "Shutdown", NULL, build_shutdown },
	{ TPM_CC_Shutdown, "Shutdown, state", NULL, build_shutdown_state },
	{ TPM_CC_SelfTest, "SelfTest", NULL, build_self_test },
	{ TPM_CC_SelfTest, "SelfTest, full", NULL, build_full_test },
	{ TPM_CC_IncrementalSelfTest, "IncrementalSelfTest", NULL, build_incremental_test },
	{ TPM_CC_GetTestResult, "GetTestResult", NULL, build_test_result },
	{ TPM_CC_GetRandom, "GetRandom 32", NULL, build_random, .bar = 1.0 },
	{ TPM_CC_StirRandom, "StirRandom 32", NULL, build_stir },
	{ TPM_CC_HierarchyControl, "HierarchyControl", NULL, build_disable, NULL, after_disable },
	{ TPM_CC_SetPrimaryPolicy, "SetPrimaryPolicy", NULL, build_primary_policy },
	{ TPM_CC_ChangeEPS, "ChangeEPS", NULL, build_eps },
	{ TPM_CC_ChangePPS, "ChangePPS", NULL, build_pps },
	{ TPM_CC_Clear, "Clear", NULL, build_clear },
	{ TPM_CC_ClearControl, "ClearControl", NULL, build_clear_control },
	{ TPM_CC_HierarchyChangeAuth, "HierarchyChangeAuth", NULL, build_change_auth },
	{ TPM_CC_DictionaryAttackLockReset, "DictionaryAttackLockReset", NULL, build_lock_reset },
	{ TPM_CC_DictionaryAttackParameters, "DictionaryAttackParameters", NULL,
	  build_da_parameters },
	{ TPM_CC_PP_Commands, "PP_Commands", NULL, build_pp_commands },
	{ TPM_CC_SetCommandCodeAuditStatus, "SetCommandCodeAuditStatus", NULL,
	  build_audit_status },
	{ TPM_CC_ReadClock, "ReadClock", NULL, build_clock },
	{ TPM_CC_ClockSet, "ClockSet", NULL, build_clock_set, before_clock_set },
	{ TPM_CC_ClockRateAdjust, "ClockRateAdjust", NULL, build_clock_rate },
	{ TPM_CC_GetCapability, "GetCapability, algorithms", NULL, build_cap_algs },
	{ TPM_CC_GetCapability, "GetCapability, commands", NULL, build_cap_commands },
	{ TPM_CC_GetCapability, "GetCapability, handles", NULL, build_cap_handles },
	{ TPM_CC_GetCapability, "GetCapability, PCRs", NULL, build_cap_pcrs },
	{ TPM_CC_GetCapability, "GetCapability, one property", NULL, build_cap_property },
	{ TPM_CC_GetCapability, "GetCapability, properties", NULL, build_cap_properties },
	{ TPM_CC_TestParms, "TestParms ECC", NULL, build_test_parms },
};

const struct bench_group bench_admin = { rows, ARRAY_SIZE(rows) };
