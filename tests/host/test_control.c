// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who rules over the TPM, and its life: start-up and shutdown, hierarchies,
 * physical presence, dictionary attack, clock, PCR allocation, failure mode
 * (Part 3, 9, 22, 24 to 26, 29).
 */
#include "session_support.h"

static struct host_tpm tpm;

static void set_up(void)
{
	host_tpm_new(&tpm, "bank sha1 sha256\n");
}

static void tear_down(void)
{
	long left = host_tpm_free(&tpm);

	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

/* ---- commands ---- */

static u32 with_su(u32 code, u16 type)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, code);
	cmd_u16(&c, type);
	return cmd_run(&tpm, &c);
}

static u32 startup(u16 type)
{
	return with_su(TPM_CC_Startup, type);
}

static u32 cycle(int down, u16 up)
{
	if (down >= 0)
		with_su(TPM_CC_Shutdown, down);
	tpm2_power_on(tpm.t);
	return startup(up);
}

static u32 hierarchy_control(u32 auth, u32 enable, u8 state)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_HierarchyControl, 1, 1, auth);
	cmd_u32(&c, enable);
	cmd_u8(&c, state);
	return cmd_run(&tpm, &c);
}

static u32 extend(u32 pcr)
{
	static const u8 digest[32] = { 1 };
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PCR_Extend, 1, 1, pcr);
	cmd_u32(&c, 1);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_bytes(&c, digest, 32);
	return cmd_run(&tpm, &c);
}

/* PCR 0 and 16 of SHA-256, and pcrUpdateCounter */
static u32 read_pcrs(u8 values[2][32])
{
	static const u8 sel[] = { 0, 0, 0, 1, 0, 0x0b, 3, 1, 0, 1 };
	struct cmd c;
	struct rsp r;
	u32 counter;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PCR_Read);
	cmd_bytes(&c, sel, sizeof(sel));
	if (cmd_run(&tpm, &c))
		abort();
	r = rsp_params(&tpm, NULL);
	counter = rsp_u32(&r);
	rsp_bytes(&r, sizeof(sel) + 4);
	rsp_u16(&r);
	memcpy(values[0], rsp_bytes(&r, 32), 32);
	rsp_u16(&r);
	memcpy(values[1], rsp_bytes(&r, 32), 32);
	return counter;
}

struct clock {
	u64 time, clock;
	u32 resets, restarts;
	u8 safe;
};

static struct clock read_clock(void)
{
	struct clock k;
	struct cmd c;
	struct rsp r;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ReadClock);
	if (cmd_run(&tpm, &c))
		abort();
	r = rsp_params(&tpm, NULL);
	k.time = rsp_u64(&r);
	k.clock = rsp_u64(&r);
	k.resets = rsp_u32(&r);
	k.restarts = rsp_u32(&r);
	k.safe = rsp_u8(&r);
	return k;
}

static u32 property(u32 tag)
{
	struct cmd c;
	struct rsp r;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
	cmd_u32(&c, TPM_CAP_TPM_PROPERTIES);
	cmd_u32(&c, tag);
	cmd_u32(&c, 1);
	if (cmd_run(&tpm, &c))
		abort();
	r = rsp_params(&tpm, NULL);
	rsp_bytes(&r, 1 + 4 + 4 + 4);
	return rsp_u32(&r);
}

#define PERMANENT	0x200
#define STARTUP_CLEAR	0x201
#define ORDERLY		BIT(31)

static u32 save(u32 handle, struct bytes *context)
{
	struct cmd c;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_ContextSave, 1, 0, handle);
	rc = cmd_run(&tpm, &c);
	context->size = tpm.rsp_len - 10;
	memcpy(context->data, tpm.rsp + 10, context->size);
	return rc;
}

static u32 load_context(const struct bytes *context)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ContextLoad);
	cmd_bytes(&c, context->data, context->size);
	return cmd_run(&tpm, &c);
}

/* ---- start-up ---- */

/* T27: without TPM2_Shutdown(STATE) there is nothing to resume, and the attempt resets nothing. */
static void state_was_not_saved(void)
{
	static const int downs[] = { -1, TPM_SU_CLEAR };
	u8 before[2][32], values[2][32], zero[32] = { 0 };
	unsigned int i;
	bool check;

	set_up();
	check = tpm.state_check;
	for (i = 0; i < ARRAY_SIZE(downs); i++) {
		EXPECT_EQ(extend(0), 0);
		EXPECT_EQ(extend(16), 0);
		read_pcrs(before);
		EXPECT_EQ(cycle(downs[i], TPM_SU_STATE), P(TPM_RC_VALUE, 1));
		EXPECT_EQ(extend(0), RAW(TPM_RC_INITIALIZE));
		EXPECT_EQ(startup(TPM_SU_STATE), P(TPM_RC_VALUE, 1));
		tpm.t->started = true;	/* look inside */
		tpm.state_check = false;	/* as no TPM comes to this */
		read_pcrs(values);
		EXPECT_MEM(values, before, sizeof(values));
		tpm.t->started = false;
		tpm.state_check = check;
		EXPECT_EQ(startup(TPM_SU_CLEAR), 0);
		EXPECT_EQ(startup(TPM_SU_CLEAR), RAW(TPM_RC_INITIALIZE));
		read_pcrs(values);
		EXPECT_MEM(values[0], zero, 32);
		EXPECT_EQ(property(STARTUP_CLEAR) & ORDERLY, i ? ORDERLY : 0);
	}
	EXPECT_EQ(with_su(TPM_CC_Shutdown, 2), P(TPM_RC_VALUE, 1));
	tear_down();
}

/* Whatever is to be restored must not change between shutdown and power off. */
static void shutdown_is_void(void)
{
	struct bytes context;
	u32 session;
	struct cmd c;

	set_up();
	with_su(TPM_CC_Shutdown, TPM_SU_STATE);
	EXPECT_EQ(extend(0), 0);
	EXPECT_EQ(cycle(-1, TPM_SU_STATE), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(startup(TPM_SU_CLEAR), 0);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL, &session), 0);
	with_su(TPM_CC_Shutdown, TPM_SU_STATE);
	EXPECT_EQ(save(session, &context), 0);
	EXPECT_EQ(cycle(-1, TPM_SU_STATE), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(startup(TPM_SU_CLEAR), 0);
	with_su(TPM_CC_Shutdown, TPM_SU_STATE);
	EXPECT_EQ(hierarchy_control(TPM_RH_PLATFORM, TPM_RH_OWNER, 0), 0);
	EXPECT_EQ(cycle(-1, TPM_SU_STATE), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(startup(TPM_SU_CLEAR), 0);
	with_su(TPM_CC_Shutdown, TPM_SU_STATE);
	cmd_begin_pw(&c, TPM_CC_HierarchyChangeAuth, 1, 1, TPM_RH_PLATFORM);
	cmd_2b(&c, "p", 1);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	EXPECT_EQ(cycle(-1, TPM_SU_STATE), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(startup(TPM_SU_CLEAR), 0);
	/* a PCR that starts anew anyhow may change, and anybody may look */
	with_su(TPM_CC_Shutdown, TPM_SU_STATE);
	EXPECT_EQ(extend(16), 0);
	read_clock();
	EXPECT_EQ(cycle(-1, TPM_SU_STATE), 0);
	tear_down();
}

struct saved {
	struct bytes plain, null, st_clear, session;
	u32 handle;
};

static const struct tmpl st_clear_template = {
	TPM_ALG_ECC, (STORAGE | STC) & ~(FT | FP), .sym = TPM_ALG_AES,
};

static void save_all(struct saved *s)
{
	u32 plain, null, st_clear;

	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &plain), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_NULL, &storage_template, &null), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &st_clear_template, &st_clear), 0);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_NULL, &s->handle),
		  0);
	EXPECT_EQ(save(plain, &s->plain), 0);
	EXPECT_EQ(save(null, &s->null), 0);
	EXPECT_EQ(save(st_clear, &s->st_clear), 0);
	EXPECT_EQ(save(s->handle, &s->session), 0);
}

static void resume_and_restart(void)
{
	u8 before[2][32], values[2][32], zero[32] = { 0 };
	struct saved s;
	u32 counter;

	set_up();
	EXPECT_EQ(extend(0), 0);
	EXPECT_EQ(extend(16), 0);
	EXPECT_EQ(hierarchy_control(TPM_RH_PLATFORM, TPM_RH_ENDORSEMENT, 0), 0);
	save_all(&s);
	OK_SO_FAR();
	counter = read_pcrs(before);
	EXPECT_EQ(cycle(TPM_SU_STATE, TPM_SU_STATE), 0);
	EXPECT(read_pcrs(values) > counter);
	EXPECT_MEM(values[0], before[0], 32);
	EXPECT_MEM(values[1], zero, 32);
	EXPECT_EQ(property(STARTUP_CLEAR), ORDERLY | 0xb);
	EXPECT_EQ(load_context(&s.plain), 0);
	EXPECT_EQ(load_context(&s.null), 0);
	EXPECT_EQ(load_context(&s.st_clear), 0);
	EXPECT_EQ(load_context(&s.session), 0);
	EXPECT_EQ(read_clock().resets, 1);
	EXPECT_EQ(read_clock().restarts, 1);
	tpm_flush(&tpm, s.handle);

	save_all(&s);
	OK_SO_FAR();
	EXPECT_EQ(extend(0), 0);
	counter = read_pcrs(before);
	EXPECT_EQ(cycle(TPM_SU_STATE, TPM_SU_CLEAR), 0);
	/* the counter does not come back to what a saved policy session has seen */
	EXPECT(read_pcrs(values) > counter);
	EXPECT_MEM(values[0], zero, 32);
	EXPECT_EQ(property(STARTUP_CLEAR), ORDERLY | 0xf);
	EXPECT_EQ(load_context(&s.plain), 0);
	EXPECT_EQ(load_context(&s.null), 0);
	EXPECT_EQ(load_context(&s.st_clear), P(TPM_RC_INTEGRITY, 1));
	EXPECT_EQ(load_context(&s.session), 0);
	EXPECT_EQ(read_clock().resets, 1);
	EXPECT_EQ(read_clock().restarts, 2);
	tpm_flush(&tpm, s.handle);

	save_all(&s);
	OK_SO_FAR();
	EXPECT_EQ(cycle(TPM_SU_CLEAR, TPM_SU_CLEAR), 0);
	EXPECT_EQ(load_context(&s.plain), P(TPM_RC_INTEGRITY, 1));
	EXPECT_EQ(load_context(&s.null), P(TPM_RC_INTEGRITY, 1));
	EXPECT_EQ(load_context(&s.st_clear), P(TPM_RC_INTEGRITY, 1));
	EXPECT_EQ(load_context(&s.session), P(TPM_RC_INTEGRITY, 1));
	EXPECT_EQ(tpm.t->sessions, 0);
	EXPECT_EQ(read_clock().resets, 2);
	EXPECT_EQ(read_clock().restarts, 0);
	tear_down();
}

/* ---- clock ---- */

static u32 clock_set(u32 auth, u64 to)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_ClockSet, 1, 1, auth);
	cmd_u64(&c, to);
	return cmd_run(&tpm, &c);
}

static u32 rate(s8 adjust)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_ClockRateAdjust, 1, 1, TPM_RH_OWNER);
	cmd_u8(&c, adjust);
	return cmd_run(&tpm, &c);
}

static void clock_is_set(void)
{
	struct clock k;
	unsigned int i;

	set_up();
	k = read_clock();
	EXPECT_EQ(k.safe, 1);
	EXPECT_EQ(clock_set(TPM_RH_OWNER, 1000000), 0);
	EXPECT(read_clock().clock >= 1000000 && read_clock().time < 1000000);
	EXPECT_EQ(clock_set(TPM_RH_PLATFORM, 999999), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(clock_set(TPM_RH_ENDORSEMENT, 2000000), H(TPM_RC_VALUE, 1));
	EXPECT_EQ(clock_set(TPM_RH_OWNER, 0xffff000000000001), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(rate(4), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(rate(-4), P(TPM_RC_VALUE, 1));
	for (i = 0; i < 40; i++)	/* fifteen percent and not more */
		EXPECT_EQ(rate(3), 0);
	EXPECT_EQ(tpm.t->clock_rate, 157286);
	tpm.t->boot_ms -= 100000;
	k = read_clock();
	EXPECT(k.time >= 114999 && k.time < 116000);
	for (i = 0; i < 80; i++)
		EXPECT_EQ(rate(-3), 0);
	EXPECT_EQ(tpm.t->clock_rate, -157286);
	EXPECT(read_clock().time >= k.time);
	EXPECT_EQ(clock_set(TPM_RH_OWNER, 0xffff000000000000), 0);
	/* not shut down: it may have said more than it knows, until the next update */
	EXPECT_EQ(cycle(-1, TPM_SU_CLEAR), 0);
	k = read_clock();
	EXPECT_EQ(k.safe, 0);
	tpm.t->boot_ms -= 2000;
	EXPECT_EQ(read_clock().safe, 1);
	EXPECT_EQ(cycle(TPM_SU_CLEAR, TPM_SU_CLEAR), 0);
	EXPECT_EQ(read_clock().safe, 1);
	tear_down();
}

/* ---- hierarchies ---- */

static void enables(void)
{
	static const u32 all[] = { TPM_RH_OWNER, TPM_RH_ENDORSEMENT, TPM_RH_PLATFORM,
				   TPM_RH_PLATFORM_NV };
	unsigned int i, j;

	set_up();
	for (i = 0; i < 3; i++)
		for (j = 0; j < 4; j++)
			EXPECT_EQ(hierarchy_control(all[i], all[j], 1),
				  all[i] == TPM_RH_PLATFORM || i == j ? 0 : RAW(TPM_RC_AUTH_TYPE));
	EXPECT_EQ(hierarchy_control(TPM_RH_PLATFORM, TPM_RH_NULL, 1), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(hierarchy_control(TPM_RH_PLATFORM, TPM_RH_LOCKOUT, 1), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(hierarchy_control(TPM_RH_PLATFORM, TPM_RH_OWNER, 2), P(TPM_RC_VALUE, 2));
	EXPECT_EQ(hierarchy_control(TPM_RH_LOCKOUT, TPM_RH_OWNER, 1), H(TPM_RC_VALUE, 1));
	EXPECT_EQ(hierarchy_control(TPM_RH_OWNER, TPM_RH_OWNER, 0), 0);
	EXPECT_EQ(hierarchy_control(TPM_RH_OWNER, TPM_RH_OWNER, 1), H(TPM_RC_HIERARCHY, 1));
	EXPECT_EQ(property(STARTUP_CLEAR) & 0xf, 0xd);
	EXPECT_EQ(hierarchy_control(TPM_RH_PLATFORM, TPM_RH_PLATFORM_NV, 0), 0);
	EXPECT_EQ(property(STARTUP_CLEAR) & 0xf, 0x5);
	EXPECT_EQ(hierarchy_control(TPM_RH_PLATFORM, TPM_RH_PLATFORM, 0), 0);
	EXPECT_EQ(hierarchy_control(TPM_RH_PLATFORM, TPM_RH_PLATFORM, 1), H(TPM_RC_HIERARCHY, 1));
	EXPECT_EQ(cycle(-1, TPM_SU_CLEAR), 0);
	EXPECT_EQ(property(STARTUP_CLEAR) & 0xf, 0xf);
	tear_down();
}

static u32 exists(u32 handle)
{
	struct bytes name, qualified;

	return read_name(&tpm, handle, &name, &qualified);
}

/* Transient objects of a hierarchy end with it, persistent ones wait for it. */
static void objects_go(void)
{
	u32 owner, endorsement, platform;

	set_up();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &owner), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_ENDORSEMENT, &storage_template, &endorsement), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_PLATFORM, &storage_template, &platform), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, owner, 0x81000001), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, endorsement, 0x81010001), 0);
	EXPECT_EQ(hierarchy_control(TPM_RH_OWNER, TPM_RH_OWNER, 0), 0);
	EXPECT_EQ(exists(owner), RAW(TPM_RC_REFERENCE_H0));
	EXPECT_EQ(exists(endorsement), 0);
	EXPECT_EQ(exists(0x81000001), H(TPM_RC_HANDLE, 1));
	EXPECT_EQ(exists(0x81010001), H(TPM_RC_HANDLE, 1));	/* the owner keeps it */
	EXPECT_EQ(hierarchy_control(TPM_RH_PLATFORM, TPM_RH_OWNER, 1), 0);
	EXPECT_EQ(exists(0x81000001), 0);
	EXPECT_EQ(exists(0x81010001), 0);
	EXPECT_EQ(exists(platform), 0);
	tear_down();
}

static u32 set_policy(u32 handle, const void *policy, u16 size, u16 hash)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_SetPrimaryPolicy, 1, 1, handle);
	cmd_2b(&c, policy, size);
	cmd_u16(&c, hash);
	return cmd_run(&tpm, &c);
}

static u32 no_parameters(u32 code, u32 handle)
{
	struct cmd c;

	cmd_begin_pw(&c, code, 1, 1, handle);
	return cmd_run(&tpm, &c);
}

static void primary_policy(void)
{
	static const u32 handles[] = { TPM_RH_OWNER, TPM_RH_ENDORSEMENT, TPM_RH_PLATFORM,
				       TPM_RH_LOCKOUT, TPM_RH_ACT_0 };
	u8 digest[65] = { 1, 2, 3 };
	unsigned int i;
	u16 alg;

	set_up();
	for (i = 0; i < ARRAY_SIZE(handles); i++) {
		EXPECT_EQ(set_policy(handles[i], digest, 32, TPM_ALG_SHA256), 0);
		tpm2_auth_policy(tpm.space, handles[i], &alg);
		EXPECT_EQ(alg, TPM_ALG_SHA256);
		EXPECT_EQ(set_policy(handles[i], digest, 31, TPM_ALG_SHA256), P(TPM_RC_SIZE, 1));
		EXPECT_EQ(set_policy(handles[i], digest, 0, TPM_ALG_SHA256), P(TPM_RC_SIZE, 1));
		EXPECT_EQ(set_policy(handles[i], digest, 32, TPM_ALG_NULL), P(TPM_RC_SIZE, 1));
		EXPECT_EQ(set_policy(handles[i], digest, 65, TPM_ALG_SHA512), P(TPM_RC_SIZE, 1));
		EXPECT_EQ(set_policy(handles[i], digest, 32, 0x99), P(TPM_RC_HASH, 2));
		EXPECT_EQ(tpm2_auth_policy(tpm.space, handles[i], &alg).size, 32);
		EXPECT_EQ(set_policy(handles[i], NULL, 0, TPM_ALG_NULL), 0);
		tpm2_auth_policy(tpm.space, handles[i], &alg);
		EXPECT_EQ(alg, TPM_ALG_NULL);
	}
	EXPECT_EQ(set_policy(TPM_RH_NULL, NULL, 0, TPM_ALG_NULL), H(TPM_RC_VALUE, 1));
	tear_down();
}

static void change_seed(u32 code, u32 hierarchy)
{
	struct bytes name, again, qualified, context;
	u8 policy[32] = { 7 };
	u32 handle;
	u16 alg;

	set_up();
	EXPECT_EQ(primary(&tpm, hierarchy, &storage_template, &handle), 0);
	EXPECT_EQ(read_name(&tpm, handle, &name, &qualified), 0);
	EXPECT_EQ(save(handle, &context), 0);
	EXPECT_EQ(set_policy(hierarchy, policy, 32, TPM_ALG_SHA256), 0);
	EXPECT_EQ(no_parameters(code, TPM_RH_OWNER), H(TPM_RC_VALUE, 1));
	EXPECT_EQ(no_parameters(code, TPM_RH_PLATFORM), 0);
	EXPECT_EQ(exists(handle), RAW(TPM_RC_REFERENCE_H0));
	EXPECT_EQ(load_context(&context), P(TPM_RC_INTEGRITY, 1));
	tpm2_auth_policy(tpm.space, hierarchy, &alg);
	EXPECT_EQ(alg, TPM_ALG_NULL);
	EXPECT_EQ(primary(&tpm, hierarchy, &storage_template, &handle), 0);
	EXPECT_EQ(read_name(&tpm, handle, &again, &qualified), 0);
	EXPECT(memcmp(name.data, again.data, name.size));
	tear_down();
}

static void change_seeds(void)
{
	change_seed(TPM_CC_ChangePPS, TPM_RH_PLATFORM);
	OK_SO_FAR();
	change_seed(TPM_CC_ChangeEPS, TPM_RH_ENDORSEMENT);
}

static u32 clear_control(u32 auth, u8 disable)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_ClearControl, 1, 1, auth);
	cmd_u8(&c, disable);
	return cmd_run(&tpm, &c);
}

static void clear_is_forbidden(void)
{
	set_up();
	EXPECT_EQ(clear_control(TPM_RH_OWNER, 1), H(TPM_RC_VALUE, 1));
	EXPECT_EQ(clear_control(TPM_RH_LOCKOUT, 2), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(clear_control(TPM_RH_LOCKOUT, 1), 0);
	EXPECT(property(PERMANENT) & BIT(8));
	EXPECT_EQ(clear_control(TPM_RH_LOCKOUT, 0), RAW(TPM_RC_AUTH_FAIL));
	EXPECT_EQ(no_parameters(TPM_CC_Clear, TPM_RH_PLATFORM), RAW(TPM_RC_DISABLED));
	EXPECT_EQ(clear_control(TPM_RH_PLATFORM, 0), 0);
	EXPECT_EQ(no_parameters(TPM_CC_Clear, TPM_RH_PLATFORM), 0);
	tear_down();
}

/* ---- dictionary attack ---- */

static u32 da_parameters(u32 tries, u32 recovery, u32 lockout)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_DictionaryAttackParameters, 1, 1, TPM_RH_LOCKOUT);
	cmd_u32(&c, tries);
	cmd_u32(&c, recovery);
	cmd_u32(&c, lockout);
	return cmd_run(&tpm, &c);
}

static void lockout(void)
{
	static const struct tmpl da = { TPM_ALG_KEYEDHASH, FT | FP | UWA };
	u32 handle, i;

	set_up();
	EXPECT_EQ(object_create(&tpm, TPM_CC_CreatePrimary, TPM_RH_OWNER, &da, "right", "x", 1,
				&handle, NULL, NULL), 0);
	EXPECT_EQ(da_parameters(5, 600, 700), 0);
	EXPECT_EQ(property(0x20f), 5);
	EXPECT_EQ(property(0x210), 600);
	EXPECT_EQ(property(0x211), 700);
	for (i = 1; i <= 5; i++) {
		EXPECT_EQ(unseal(&tpm, handle, "wrong", NULL), 0x98e);
		EXPECT_EQ(property(0x20e), i);
	}
	EXPECT_EQ(unseal(&tpm, handle, "right", NULL), RAW(TPM_RC_LOCKOUT));
	EXPECT(property(PERMANENT) & BIT(9));
	EXPECT_EQ(no_parameters(TPM_CC_DictionaryAttackLockReset, TPM_RH_PLATFORM),
		  H(TPM_RC_VALUE, 1));
	EXPECT_EQ(no_parameters(TPM_CC_DictionaryAttackLockReset, TPM_RH_LOCKOUT), 0);
	EXPECT_EQ(property(0x20e), 0);
	EXPECT_EQ(unseal(&tpm, handle, "right", NULL), 0);
	EXPECT_EQ(da_parameters(0, 600, 700), 0);
	EXPECT_EQ(unseal(&tpm, handle, "right", NULL), RAW(TPM_RC_LOCKOUT));
	tear_down();
}

/* ---- PCRs, presence, failure ---- */

/* Authorization of their own is for PCRs 20 to 22 alone. */
static void pcr_auth(void)
{
	struct cmd c;
	u32 pcr;

	set_up();
	for (pcr = 0; pcr < 20; pcr++) {
		cmd_begin_pw(&c, TPM_CC_PCR_SetAuthValue, 1, 1, pcr);
		cmd_2b(&c, "x", 1);
		EXPECT_EQ(cmd_run(&tpm, &c), RAW(TPM_RC_VALUE));
		cmd_begin_pw(&c, TPM_CC_PCR_SetAuthPolicy, 1, 1, TPM_RH_PLATFORM);
		cmd_2b(&c, NULL, 0);
		cmd_u16(&c, TPM_ALG_NULL);
		cmd_u32(&c, pcr);
		EXPECT_EQ(cmd_run(&tpm, &c), P(TPM_RC_VALUE, 3));
	}
	tear_down();
}

static u32 pp_commands(u32 set, u32 clear)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PP_Commands, 1, 1, TPM_RH_PLATFORM);
	cmd_u32(&c, !!set);
	if (set)
		cmd_u32(&c, set);
	cmd_u32(&c, !!clear);
	if (clear)
		cmd_u32(&c, clear);
	return cmd_run(&tpm, &c);
}

/* Presence comes from the platform's side alone; a guest has no command to claim it. */
static void presence(void)
{
	set_up();
	EXPECT_EQ(pp_commands(TPM_CC_ClockSet, 0), 0x990);
	tpm2_set_presence(tpm.t, true);
	EXPECT_EQ(pp_commands(TPM_CC_ClockSet, TPM_CC_PP_Commands), 0);
	EXPECT_EQ(pp_commands(TPM_CC_GetRandom, 0), 0);
	EXPECT_EQ(clock_set(TPM_RH_PLATFORM, 100000), 0);
	tpm2_set_presence(tpm.t, false);
	EXPECT_EQ(clock_set(TPM_RH_PLATFORM, 200000), 0x990);
	EXPECT_EQ(clock_set(TPM_RH_OWNER, 200000), 0);
	EXPECT_EQ(pp_commands(0, TPM_CC_ClockSet), 0x990);
	tpm2_set_presence(tpm.t, true);
	EXPECT_EQ(pp_commands(0, TPM_CC_ClockSet), 0);
	EXPECT(tpm2_presence_wanted(tpm.t, TPM_CC_PP_Commands));
	EXPECT(!tpm2_presence_wanted(tpm.t, TPM_CC_GetRandom));
	EXPECT(!tpm2_presence_wanted(tpm.t, TPM_CC_ClockSet));
	tear_down();
}

/* T08: a failed TPM says who made it and nothing else; each byte is as it has to be. */
static void failure_mode(void)
{
	static const u8 answer[] = {
		0x80, 0x01, 0, 0, 0, 27, 0, 0, 0, 0, 1, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 1, 5,
		'V', 'T', 'P', 'M',
	};
	struct cmd c;
	u32 cap;

	set_up();
	tpm.t->failed = true;
	EXPECT_EQ(extend(0), RAW(TPM_RC_FAILURE));
	EXPECT_EQ(startup(TPM_SU_CLEAR), RAW(TPM_RC_FAILURE));
	for (cap = 0; cap <= TPM_CAP_ACT; cap++) {
		cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
		cmd_u32(&c, cap);
		cmd_u32(&c, 0x100);
		cmd_u32(&c, 100);
		EXPECT_EQ(cmd_run(&tpm, &c),
			  cap == TPM_CAP_TPM_PROPERTIES ? 0 : RAW(TPM_RC_FAILURE));
		if (cap != TPM_CAP_TPM_PROPERTIES)
			continue;
		EXPECT_EQ(tpm.rsp_len, sizeof(answer));
		EXPECT_MEM(tpm.rsp, answer, sizeof(answer));
	}
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetTestResult);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	EXPECT_EQ(get_unaligned_be32(tpm.rsp + tpm.rsp_len - 4), RAW(TPM_RC_FAILURE));
	tear_down();
}

static const struct test_case cases[] = {
	{ "T27-state-was-not-saved", state_was_not_saved },
	{ "shutdown-is-void", shutdown_is_void },
	{ "resume-and-restart", resume_and_restart },
	{ "clock", clock_is_set },
	{ "enables", enables },
	{ "objects-go", objects_go },
	{ "primary-policy", primary_policy },
	{ "change-seeds", change_seeds },
	{ "clear-control", clear_is_forbidden },
	{ "dictionary-attack", lockout },
	{ "pcr-auth", pcr_auth },
	{ "physical-presence", presence },
	{ "T08-failure-mode", failure_mode },
};

TEST_MAIN("control", cases)
