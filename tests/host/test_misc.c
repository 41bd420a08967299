// SPDX-License-Identifier: GPL-2.0-only
/*
 * Start-up, self test, random numbers, the clock, and what TPM2_Clear and
 * TPM2_HierarchyChangeAuth do to everything else (Part 3, 9, 10, 16, 24, 29).
 */
#include "object_support.h"

#define SESS(rc, n)	((__force u32)(rc) | 0x800 | (n) << 8)

static struct host_tpm tpm;
static u64 now;

static u64 clock_of_test(void)
{
	return now;
}

static void set_up(void)
{
	now = 7000;
	vt_host_clock = clock_of_test;
	host_tpm_new(&tpm, NULL);
}

static void tear_down(void)
{
	long left = host_tpm_free(&tpm);

	vt_host_clock = NULL;
	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

/* A command of a code and at most one number of @bytes bytes */
static u32 number(u32 code, unsigned int bytes, u32 v)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, code);
	if (bytes == 1)
		cmd_u8(&c, v);
	else if (bytes == 2)
		cmd_u16(&c, v);
	else if (bytes == 4)
		cmd_u32(&c, v);
	return cmd_run(&tpm, &c);
}

/* ---- TPM2_Startup, TPM2_Shutdown ---- */

static void startup(void)
{
	set_up();
	EXPECT_EQ(number(TPM_CC_Startup, 2, TPM_SU_CLEAR), RAW(TPM_RC_INITIALIZE));
	EXPECT_EQ(number(TPM_CC_Startup, 2, TPM_SU_STATE), RAW(TPM_RC_INITIALIZE));
	EXPECT_EQ(number(TPM_CC_GetRandom, 2, 4), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(number(TPM_CC_GetRandom, 2, 4), RAW(TPM_RC_INITIALIZE));
	EXPECT_EQ(number(TPM_CC_Shutdown, 2, TPM_SU_CLEAR), RAW(TPM_RC_INITIALIZE));
	EXPECT_EQ(number(TPM_CC_Startup, 2, 2), P(TPM_RC_VALUE, 1));
	/* nothing was saved that could be resumed */
	EXPECT_EQ(number(TPM_CC_Startup, 2, TPM_SU_STATE), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(number(TPM_CC_GetRandom, 2, 4), RAW(TPM_RC_INITIALIZE));
	EXPECT_EQ(number(TPM_CC_Startup, 2, TPM_SU_CLEAR), 0);
	EXPECT_EQ(number(TPM_CC_Startup, 2, TPM_SU_CLEAR), RAW(TPM_RC_INITIALIZE));
	EXPECT_EQ(number(TPM_CC_GetRandom, 2, 4), 0);
	tear_down();
}

/* TPMA_STARTUP_CLEAR */
static u32 startup_attrs(void)
{
	struct cmd c;
	struct rsp r;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
	cmd_u32(&c, TPM_CAP_TPM_PROPERTIES);
	cmd_u32(&c, 0x201);
	cmd_u32(&c, 1);
	if (cmd_run(&tpm, &c))
		return 0;
	r = rsp_params(&tpm, NULL);
	rsp_bytes(&r, 1 + 4 + 4 + 4);
	return rsp_u32(&r);
}

static void shutdown_types(void)
{
	set_up();
	EXPECT_EQ(number(TPM_CC_Shutdown, 2, 2), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(startup_attrs(), 0x8000000f);
	EXPECT_EQ(number(TPM_CC_Shutdown, 2, TPM_SU_STATE), 0);
	EXPECT_EQ(number(TPM_CC_Shutdown, 2, TPM_SU_CLEAR), 0);
	/* it goes on working, and Shutdown(STATE) does not make Startup(STATE) possible */
	EXPECT_EQ(number(TPM_CC_GetRandom, 2, 4), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(number(TPM_CC_Startup, 2, TPM_SU_STATE), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(number(TPM_CC_Startup, 2, TPM_SU_CLEAR), 0);
	EXPECT_EQ(startup_attrs() & 0xf, 0xf);
	tear_down();
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

static u32 context_load(const struct bytes *context)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ContextLoad);
	cmd_bytes(&c, context->data, context->size);
	return cmd_run(&tpm, &c);
}

static u32 session(u32 *handle)
{
	return tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL, handle);
}

/* What fails changes nothing: the shutdown before it still counts. */
static void contexts_and_shutdown(void)
{
	struct bytes first, context;
	u32 handle, i;

	set_up();
	EXPECT(!session(&handle) && !context_save(handle, &first));
	for (i = 1; i < TPM2_MAX_SAVED_SESSIONS; i++)
		EXPECT(!session(&handle) && !context_save(handle, &context));
	EXPECT_EQ(session(&handle), 0);
	EXPECT_EQ(number(TPM_CC_Shutdown, 2, TPM_SU_STATE), 0);
	EXPECT_EQ(context_save(handle, &context), RAW(TPM_RC_TOO_MANY_CONTEXTS));
	tpm2_power_on(tpm.t);
	EXPECT_EQ(number(TPM_CC_Startup, 2, TPM_SU_STATE), 0);
	/* one that is loaded is no longer among the saved ones */
	EXPECT_EQ(number(TPM_CC_Shutdown, 2, TPM_SU_STATE), 0);
	EXPECT_EQ(context_load(&first), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(number(TPM_CC_Startup, 2, TPM_SU_STATE), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(number(TPM_CC_Startup, 2, TPM_SU_CLEAR), 0);
	tear_down();
}

/* ---- self test ---- */

static u32 incremental(const u16 *algs, u32 n)
{
	struct cmd c;
	u32 i;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_IncrementalSelfTest);
	cmd_u32(&c, n);
	for (i = 0; i < n; i++)
		cmd_u16(&c, algs[i]);
	return cmd_run(&tpm, &c);
}

static u32 test_result(void)
{
	struct rsp r;
	u16 len;

	if (number(TPM_CC_GetTestResult, 0, 0))
		return 0xffffffff;
	r = rsp_params(&tpm, NULL);
	rsp_2b(&r, &len);
	return len || r.left != 4 ? 0xfffffffe : rsp_u32(&r);
}

static void self_test(void)
{
	static const u16 known[] = { TPM_ALG_SHA256, TPM_ALG_RSA, TPM_ALG_ECDSA };
	static const u16 unknown[] = { TPM_ALG_SHA256, 0xffff };
	struct rsp r;

	set_up();
	EXPECT_EQ(number(TPM_CC_SelfTest, 1, 2), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(number(TPM_CC_SelfTest, 1, 1), 0);
	EXPECT_EQ(tpm.heavy, 1);	/* without the lock */
	EXPECT_EQ(number(TPM_CC_SelfTest, 1, 0), 0);
	EXPECT_EQ(tpm.heavy, 1);	/* not again */
	EXPECT_EQ(number(TPM_CC_SelfTest, 1, 1), 0);
	EXPECT_EQ(tpm.heavy, 2);
	EXPECT_EQ(test_result(), 0);
	EXPECT_EQ(incremental(NULL, 0), 0);
	EXPECT_EQ(incremental(known, 3), 0);
	r = rsp_params(&tpm, NULL);
	EXPECT_EQ(rsp_u32(&r), 0);	/* nothing is left to do */
	EXPECT_EQ(r.left, 0);
	EXPECT_EQ(incremental(unknown, 2), P(TPM_RC_VALUE, 1));
	tear_down();
}

/* In failure mode two commands answer, and say so. */
static void failure_mode(void)
{
	set_up();
	tpm.t->failed = true;
	EXPECT_EQ(test_result(), RAW(TPM_RC_FAILURE));
	EXPECT_EQ(number(TPM_CC_GetRandom, 2, 4), RAW(TPM_RC_FAILURE));
	EXPECT_EQ(number(TPM_CC_SelfTest, 1, 1), RAW(TPM_RC_FAILURE));
	EXPECT_EQ(startup_attrs(), 0);	/* a TPM that failed says only who made it */
	tear_down();
}

/* ---- random numbers ---- */

/* What has failed needs sessions' hashes, too; power on tests anew (Part 1, 12; Part 3, 5.3). */
static void failure_ends(void)
{
	struct cmd c;

	set_up();
	tpm.t->failed = true;
	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_GetTestResult);
	cmd_auths(&c);
	cmd_session(&c, HR_HMAC_SESSION, TPMA_SESSION_CONTINUE | TPMA_SESSION_AUDIT);
	cmd_auths_end(&c);
	EXPECT_EQ(cmd_run(&tpm, &c), RAW(TPM_RC_FAILURE));
	EXPECT_EQ(number(TPM_CC_SelfTest, 1, 1), RAW(TPM_RC_FAILURE));
	vt_host_fail_alloc = 0;		/* the tests fail again */
	tpm2_power_on(tpm.t);
	vt_host_fail_alloc = -1;
	EXPECT_EQ(number(TPM_CC_Startup, 2, TPM_SU_CLEAR), RAW(TPM_RC_FAILURE));
	EXPECT_EQ(test_result(), RAW(TPM_RC_FAILURE));
	tpm2_power_on(tpm.t);
	EXPECT_EQ(number(TPM_CC_Startup, 2, TPM_SU_CLEAR), 0);
	EXPECT_EQ(test_result(), 0);
	tear_down();
}

static void random_sizes(void)
{
	static const u16 sizes[][2] = {
		{ 0, 0 }, { 1, 1 }, { 31, 31 }, { 64, 64 }, { 65, 64 }, { 65535, 64 },
	};
	u8 seen[2][64];
	unsigned int i;
	struct rsp r;
	const u8 *p;
	u16 len;

	set_up();
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		EXPECT_EQ(number(TPM_CC_GetRandom, 2, sizes[i][0]), 0);
		r = rsp_params(&tpm, NULL);
		p = rsp_2b(&r, &len);
		EXPECT_EQ(len, sizes[i][1]);
		EXPECT_EQ(r.left, 0);
		if (len == 64)
			memcpy(seen[i & 1], p, 64);
	}
	EXPECT(memcmp(seen[0], seen[1], 32) && memcmp(seen[0] + 32, seen[1] + 32, 32));
	tear_down();
}

static void stir_random(void)
{
	static const u16 good[] = { 0, 1, 128 };
	u8 data[129] = { 0 };
	unsigned int i;
	struct cmd c;

	set_up();
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_StirRandom);
		cmd_2b(&c, data, good[i]);
		EXPECT_EQ(cmd_run(&tpm, &c), 0);
	}
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_StirRandom);
	cmd_2b(&c, data, 129);
	EXPECT_EQ(cmd_run(&tpm, &c), P(TPM_RC_SIZE, 1));
	tear_down();
}

/* ---- the clock ---- */

struct moment {
	u64 time, clock;
	u32 resets, restarts;
	u8 safe;
};

static u32 read_clock(struct moment *m)
{
	struct rsp r;
	u32 rc = number(TPM_CC_ReadClock, 0, 0);

	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	m->time = rsp_u64(&r);
	m->clock = rsp_u64(&r);
	m->resets = rsp_u32(&r);
	m->restarts = rsp_u32(&r);
	m->safe = rsp_u8(&r);
	return r.bad || r.left;
}

static void clock_is(u64 time, u64 clock, u32 resets)
{
	struct moment m;

	EXPECT_EQ(read_clock(&m), 0);
	EXPECT_EQ(m.time, time);
	EXPECT_EQ(m.clock, clock);
	EXPECT_EQ(m.resets, resets);
	EXPECT_EQ(m.restarts, 0);
	EXPECT(m.safe <= 1);	/* when it is what: test_control.c */
}

static u32 clear_by(u32 who, const char *auth)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_Clear);
	cmd_u32(&c, who);
	cmd_auths(&c);
	cmd_password(&c, auth);
	cmd_auths_end(&c);
	return cmd_run(&tpm, &c);
}

/* Time starts at power on; Clock goes on, and is 0 after TPM2_Clear, as resetCount is. */
static void read_clock_goes(void)
{
	unsigned int i;

	set_up();
	clock_is(0, 0, 1);
	now += 1234;
	clock_is(1234, 1234, 1);
	for (i = 1; i <= 3; i++) {
		now += 1000;
		tpm2_power_on(tpm.t);
		now += 10;
		EXPECT_EQ(tpm2_startup(tpm.t), 0);
		clock_is(10, 1234 + i * 1000 + (i - 1) * 10 + 10, 1 + i);
	}
	EXPECT_EQ(clear_by(TPM_RH_LOCKOUT, ""), 0);
	clock_is(10, 0, 0);
	now += 5;
	clock_is(15, 5, 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	clock_is(0, 5, 1);
	tear_down();
}

/* ---- TPM2_HierarchyChangeAuth ---- */

static u32 change_auth(u32 who, const char *old, const void *new, u16 len)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_HierarchyChangeAuth);
	cmd_u32(&c, who);
	cmd_auths(&c);
	cmd_password(&c, old);
	cmd_auths_end(&c);
	cmd_2b(&c, new, len);
	return cmd_run(&tpm, &c);
}

static void change_auths(void)
{
	static const u32 all[] = { TPM_RH_OWNER, TPM_RH_ENDORSEMENT, TPM_RH_PLATFORM,
				   TPM_RH_LOCKOUT };
	u8 longest[65];
	unsigned int i;
	u32 fail;

	set_up();
	memset(longest, 'x', sizeof(longest));
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		fail = SESS(all[i] == TPM_RH_LOCKOUT ? TPM_RC_AUTH_FAIL : TPM_RC_BAD_AUTH, 1);
		EXPECT_EQ(change_auth(all[i], "", longest, 65), P(TPM_RC_SIZE, 1));
		EXPECT_EQ(change_auth(all[i], "", "one\0\0", 5), 0);
		EXPECT_EQ(change_auth(all[i], "one", longest, 64), 0);
		EXPECT_EQ(change_auth(all[i], "one", "", 0), fail);
		now += 1000 * 1000;	/* lockoutAuth may be tried again */
		longest[64] = 0;
		EXPECT_EQ(change_auth(all[i], (char *)longest, "two", 3), 0);
		longest[64] = 'x';
		EXPECT_EQ(change_auth(all[i], "two", "", 0), 0);
	}
	EXPECT_EQ(change_auth(TPM_RH_NULL, "", "", 0), H(TPM_RC_VALUE, 1));
	EXPECT_EQ(change_auth(TPM_RS_PW, "", "", 0), H(TPM_RC_VALUE, 1));
	tear_down();
}

/* The platform's auth value does not outlive a power cycle; the others do. */
static void auth_after_power_cycle(void)
{
	set_up();
	EXPECT_EQ(change_auth(TPM_RH_OWNER, "", "own", 3), 0);
	EXPECT_EQ(change_auth(TPM_RH_PLATFORM, "", "plat", 4), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	EXPECT_EQ(change_auth(TPM_RH_PLATFORM, "", "", 0), 0);
	EXPECT_EQ(change_auth(TPM_RH_OWNER, "", "", 0), SESS(TPM_RC_BAD_AUTH, 1));
	EXPECT_EQ(change_auth(TPM_RH_OWNER, "own", "", 0), 0);
	tear_down();
}

/* ---- TPM2_Clear ---- */

static const u32 hierarchies[] = { TPM_RH_OWNER, TPM_RH_ENDORSEMENT, TPM_RH_PLATFORM,
				   TPM_RH_NULL };

static void clear_codes(void)
{
	set_up();
	EXPECT_EQ(clear_by(TPM_RH_OWNER, ""), H(TPM_RC_VALUE, 1));
	EXPECT_EQ(clear_by(TPM_RH_ENDORSEMENT, ""), H(TPM_RC_VALUE, 1));
	EXPECT_EQ(clear_by(TPM_RH_NULL, ""), H(TPM_RC_VALUE, 1));
	EXPECT_EQ(change_auth(TPM_RH_PLATFORM, "", "plat", 4), 0);
	EXPECT_EQ(change_auth(TPM_RH_OWNER, "", "own", 3), 0);
	EXPECT_EQ(change_auth(TPM_RH_ENDORSEMENT, "", "end", 3), 0);
	EXPECT_EQ(change_auth(TPM_RH_LOCKOUT, "", "lock", 4), 0);
	EXPECT_EQ(clear_by(TPM_RH_PLATFORM, ""), SESS(TPM_RC_BAD_AUTH, 1));
	EXPECT_EQ(clear_by(TPM_RH_LOCKOUT, "plat"), SESS(TPM_RC_AUTH_FAIL, 1));
	EXPECT_EQ(clear_by(TPM_RH_LOCKOUT, "lock"), SESS(TPM_RC_LOCKOUT, 1));
	tpm.t->disable_clear = true;
	EXPECT_EQ(clear_by(TPM_RH_PLATFORM, "plat"), RAW(TPM_RC_DISABLED));
	tpm.t->disable_clear = false;
	EXPECT_EQ(clear_by(TPM_RH_PLATFORM, "plat"), 0);
	/* of the four auth values the platform's alone is left */
	EXPECT_EQ(change_auth(TPM_RH_OWNER, "", "", 0), 0);
	EXPECT_EQ(change_auth(TPM_RH_ENDORSEMENT, "", "", 0), 0);
	EXPECT_EQ(change_auth(TPM_RH_LOCKOUT, "", "", 0), 0);
	EXPECT_EQ(change_auth(TPM_RH_PLATFORM, "", "", 0), SESS(TPM_RC_BAD_AUTH, 1));
	EXPECT_EQ(change_auth(TPM_RH_PLATFORM, "plat", "", 0), 0);
	tear_down();
}

static bool there(u32 handle)
{
	struct bytes name, qualified;

	return !read_name(&tpm, handle, &name, &qualified);
}

static void clear_objects(void)
{
	u32 own, keys[4], persistent = 0x81000001, platform = 0x81800001, session, i;

	set_up();
	for (i = 0; i < 4; i++)
		EXPECT_EQ(primary(&tpm, hierarchies[i], &storage_template, &keys[i]), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, keys[0], persistent), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, keys[1], persistent + 1), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_PLATFORM, keys[2], platform), 0);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL, &session), 0);
	EXPECT_EQ(clear_by(TPM_RH_LOCKOUT, ""), 0);
	for (i = 0; i < 4; i++)
		EXPECT_EQ(there(keys[i]), i >= 2);
	EXPECT(!there(persistent) && !there(persistent + 1) && there(platform));
	EXPECT_EQ(tpm.t->persistent_count, 1);
	EXPECT_EQ(tpm_flush(&tpm, session), 0);
	/* the handle is free for another */
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &own), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, own, persistent), 0);
	tear_down();
}

/* Which primary keys are the same again after TPM2_Clear and a power cycle */
static void clear_seeds(void)
{
	struct bytes before[4], after, qualified;
	u32 handle, i;

	set_up();
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(primary(&tpm, hierarchies[i], &storage_template, &handle), 0);
		EXPECT_EQ(read_name(&tpm, handle, &before[i], &qualified), 0);
		EXPECT_EQ(tpm_flush(&tpm, handle), 0);
	}
	EXPECT_EQ(clear_by(TPM_RH_PLATFORM, ""), 0);
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(primary(&tpm, hierarchies[i], &storage_template, &handle), 0);
		EXPECT_EQ(read_name(&tpm, handle, &after, &qualified), 0);
		EXPECT_EQ(!memcmp(&before[i].data, &after.data, 34), i != 0);
		before[i] = after;
		EXPECT_EQ(tpm_flush(&tpm, handle), 0);
	}
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(primary(&tpm, hierarchies[i], &storage_template, &handle), 0);
		EXPECT_EQ(read_name(&tpm, handle, &after, &qualified), 0);
		EXPECT_EQ(!memcmp(&before[i].data, &after.data, 34), i != 3);
		EXPECT_EQ(tpm_flush(&tpm, handle), 0);
	}
	tear_down();
}

/* A wrapped object does not come back when its parent's seed and proof are gone. */
static void clear_children(void)
{
	struct bytes private, public;
	u32 parent, child;

	set_up();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(create(&tpm, parent, &seal_template, "", "data", 4, &private, &public), 0);
	EXPECT_EQ(load(&tpm, parent, &private, &public, &child), 0);
	EXPECT_EQ(clear_by(TPM_RH_LOCKOUT, ""), 0);
	EXPECT(!there(parent) && !there(child));
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(load(&tpm, parent, &private, &public, &child), P(TPM_RC_INTEGRITY, 1));
	tear_down();
}

/* Saved contexts are under the hierarchies' proofs: owner's and endorsement's are new ones. */
static void clear_contexts(void)
{
	struct bytes contexts[4];
	struct cmd c;
	u32 handle, i;

	set_up();
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(primary(&tpm, hierarchies[i], &storage_template, &handle), 0);
		EXPECT_EQ(number(TPM_CC_ContextSave, 4, handle), 0);
		contexts[i].size = tpm.rsp_len - 10;
		EXPECT(contexts[i].size <= sizeof(contexts[i].data));
		memcpy(contexts[i].data, tpm.rsp + 10, contexts[i].size);
	}
	EXPECT_EQ(clear_by(TPM_RH_PLATFORM, ""), 0);
	for (i = 0; i < 4; i++) {
		cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ContextLoad);
		cmd_bytes(&c, contexts[i].data, contexts[i].size);
		EXPECT_EQ(cmd_run(&tpm, &c), i < 2 ? P(TPM_RC_INTEGRITY, 1) : 0);
	}
	tear_down();
}

/* ---- a command of another opener while this one computes without the lock ---- */

static struct tpm2_space *other;
static u32 in_between;

static void clear_in_between(struct host_tpm *h)
{
	u8 mine[VTPM_MAX_COMMAND];
	struct cmd c;

	h->in_heavy = NULL;
	memcpy(mine, h->rsp, sizeof(mine));
	cmd_begin_pw(&c, TPM_CC_Clear, 1, 1, TPM_RH_LOCKOUT);
	cmd_finish(&c);
	in_between = host_tpm_run_in(h, other, c.buf, c.len);
	memcpy(h->rsp, mine, sizeof(mine));
}

static void clear_while_computing(void)
{
	struct tpm2_stats stats;
	unsigned int i;
	u32 handle;

	set_up();
	other = tpm2_space_new(tpm.t);
	EXPECT(other);
	for (i = 0; i < 4; i++) {
		in_between = 0xffffffff;
		tpm.in_heavy = clear_in_between;
		EXPECT_EQ(primary(&tpm, hierarchies[i], &storage_template, &handle),
			  RAW(TPM_RC_RETRY));
		EXPECT_EQ(in_between, 0);
		tpm2_get_stats(tpm.t, &stats);
		EXPECT_EQ(stats.objects, 0);
		EXPECT_EQ(primary(&tpm, hierarchies[i], &storage_template, &handle), 0);
		EXPECT_EQ(tpm_flush(&tpm, handle), 0);
	}
	tpm2_space_free(other);
	tear_down();
}

static const struct test_case cases[] = {
	{ "startup", startup },
	{ "shutdown", shutdown_types },
	{ "self-test", self_test },
	{ "failure-mode", failure_mode },
	{ "failure-ends", failure_ends },
	{ "contexts-and-shutdown", contexts_and_shutdown },
	{ "random-sizes", random_sizes },
	{ "stir-random", stir_random },
	{ "read-clock", read_clock_goes },
	{ "change-auths", change_auths },
	{ "auth-after-power-cycle", auth_after_power_cycle },
	{ "clear-codes", clear_codes },
	{ "clear-objects", clear_objects },
	{ "clear-seeds", clear_seeds },
	{ "clear-children", clear_children },
	{ "clear-contexts", clear_contexts },
	{ "clear-while-computing", clear_while_computing },
};

TEST_MAIN("misc", cases)
