// SPDX-License-Identifier: GPL-2.0-only
/* Sessions and dictionary attacks: what counts as a try, lockout, recovery, lost power. */
#include "sealed_support.h"

static void da_counts(void)
{
	struct opening o = { TPM_SE_HMAC, TPM_ALG_SHA256 };
	u32 under, beside, i;
	struct session s;

	set_up();
	EXPECT_EQ(make_sealed(UWA, AUTH, 10, NULL, &under), 0);
	EXPECT_EQ(make_sealed(UWA | TPMA_OBJECT_NODA, AUTH, 10, NULL, &beside), 0);
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(unseal_pw(beside, "wrong"), SESS(TPM_RC_BAD_AUTH, 1));
		EXPECT_EQ(unseal_with(beside, &s, "wrong", false), SESS(TPM_RC_BAD_AUTH, 1));
	}
	EXPECT_EQ(failed_tries(), 0);
	EXPECT_EQ(unseal_pw(under, "wrong"), FAIL);
	EXPECT_EQ(failed_tries(), 1);
	EXPECT_EQ(unseal_with(under, &s, AUTH, true), FAIL);
	EXPECT_EQ(failed_tries(), 2);
	EXPECT_EQ(unseal_with(under, &s, AUTH, false), 0);
	EXPECT_EQ(failed_tries(), 2);	/* being right takes nothing back */
	EXPECT_EQ(unseal_pw(under, ""), FAIL);
	EXPECT_EQ(failed_tries(), 3);
	EXPECT_EQ(unseal_pw(under, AUTH), RAW(TPM_RC_LOCKOUT));
	EXPECT_EQ(unseal_with(under, &s, AUTH, false), RAW(TPM_RC_LOCKOUT));
	EXPECT_EQ(unseal_pw(under, "wrong"), RAW(TPM_RC_LOCKOUT));
	EXPECT_EQ(failed_tries(), 3);
	EXPECT_EQ(unseal_pw(beside, AUTH), 0);
	tear_down();
}

static void da_heals(void)
{
	u32 under, i;

	set_up();
	EXPECT_EQ(make_sealed(UWA, AUTH, 10, NULL, &under), 0);
	now += 999999;		/* the time counts from the first failure */
	for (i = 0; i < 3; i++)
		EXPECT_EQ(unseal_pw(under, "wrong"), FAIL);
	now += 999999;
	EXPECT_EQ(unseal_pw(under, AUTH), RAW(TPM_RC_LOCKOUT));
	now += 1;
	EXPECT_EQ(unseal_pw(under, AUTH), 0);
	EXPECT_EQ(failed_tries(), 2);
	EXPECT_EQ(unseal_pw(under, "wrong"), FAIL);
	EXPECT_EQ(unseal_pw(under, AUTH), RAW(TPM_RC_LOCKOUT));
	now += 2000000;
	EXPECT_EQ(unseal_pw(under, AUTH), 0);
	EXPECT_EQ(failed_tries(), 1);
	now += 50000000;
	EXPECT_EQ(unseal_pw(under, AUTH), 0);
	EXPECT_EQ(failed_tries(), 0);
	tear_down();
}

static u32 with_su(u32 code)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, code);
	cmd_u16(&c, TPM_SU_CLEAR);
	return cmd_run(&tpm, &c);
}

/* Power off, with a shutdown or without, and on */
static void cycle(bool orderly)
{
	if (orderly)
		EXPECT_EQ(with_su(TPM_CC_Shutdown), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(with_su(TPM_CC_Startup), 0);
}

/* Who takes the power away after a guess is taken to have guessed wrong. */
static void da_of_lost_power(void)
{
	u32 under, i;

	set_up();
	cycle(false);
	EXPECT_EQ(failed_tries(), 0);
	for (i = 0; i < 4; i++) {	/* an orderly shutdown first */
		EXPECT_EQ(make_sealed(UWA, AUTH, 10, NULL, &under), 0);
		EXPECT_EQ(unseal_pw(under, AUTH), 0);
		cycle(!i);
		EXPECT_EQ(failed_tries(), i);
	}
	EXPECT_EQ(make_sealed(UWA, AUTH, 10, NULL, &under), 0);
	EXPECT_EQ(unseal_pw(under, AUTH), RAW(TPM_RC_LOCKOUT));
	cycle(false);
	EXPECT_EQ(failed_tries(), 3);	/* never above the limit */
	tear_down();
}

/*
 * A session bound to a protected entity tells whether its auth value was
 * guessed, whatever the session is used for: it counts, and is locked out.
 */
static void da_of_bound_session(void)
{
	struct opening o = { TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_AES, 128, .bind_auth = AUTH };
	struct session s, guess;
	u32 beside, i;

	set_up();
	EXPECT_EQ(make_sealed(UWA, AUTH, 10, NULL, &o.bind), 0);
	EXPECT_EQ(make_sealed(UWA | TPMA_OBJECT_NODA, "x", 1, NULL, &beside), 0);
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	o.bind_auth = "a guess";
	EXPECT_EQ(session_open(&tpm, &o, &guess), 0);
	EXPECT_EQ(extra_session(&s, false), 0);
	EXPECT_EQ(unseal_with(beside, &s, "x", false), 0);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(i ? extra_session(&guess, false)
			    : unseal_with(beside, &guess, "x", false),
			  FAIL);
	EXPECT_EQ(failed_tries(), 3);
	EXPECT_EQ(extra_session(&guess, false), RAW(TPM_RC_LOCKOUT));
	EXPECT_EQ(extra_session(&s, false), RAW(TPM_RC_LOCKOUT));
	EXPECT_EQ(unseal_with(beside, &s, "x", false), RAW(TPM_RC_LOCKOUT));
	now += 1000000;
	EXPECT_EQ(extra_session(&s, false), 0);
	tear_down();
}

static u32 clear(const char *auth)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_Clear);
	cmd_u32(&c, TPM_RH_LOCKOUT);
	cmd_auths(&c);
	cmd_password(&c, auth);
	cmd_auths_end(&c);
	return cmd_run(&tpm, &c);
}

/* One wrong try closes lockoutAuth for its recovery time; it does not count with the others. */
static void lockout_auth(void)
{
	struct opening o = { TPM_SE_HMAC, TPM_ALG_SHA256 };
	struct session s;
	u32 under;

	set_up();
	EXPECT_EQ(make_sealed(UWA, AUTH, 10, NULL, &under), 0);
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	EXPECT_EQ(change_auth(TPM_RH_LOCKOUT, &s, "", "lock", false), 0);
	OK_SO_FAR();
	EXPECT_EQ(clear("loc"), FAIL);
	EXPECT_EQ(clear("lock"), RAW(TPM_RC_LOCKOUT));
	EXPECT_EQ(failed_tries(), 0);
	EXPECT_EQ(unseal_pw(under, AUTH), 0);
	now += 999999;
	EXPECT_EQ(clear("lock"), RAW(TPM_RC_LOCKOUT));
	now += 1;
	EXPECT_EQ(clear("lock"), 0);
	EXPECT_EQ(clear(""), 0);
	tear_down();
}

static u32 lock_reset(void)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_DictionaryAttackLockReset, 1, 1, TPM_RH_LOCKOUT);
	return cmd_run(&tpm, &c);
}

static void power_command(u32 code, u16 type)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, code);
	cmd_u16(&c, type);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
}

static void start_anew(void)
{
	tpm2_power_on(tpm.t);
	power_command(TPM_CC_Startup, TPM_SU_CLEAR);
}

/*
 * A use of lockoutAuth, whose failure is written at once, is not among those that lost
 * power may hide and voids no TPM2_Shutdown; a use of something else is and does.
 */
static void lockout_and_power(void)
{
	u32 under, restarts;

	set_up();
	EXPECT_EQ(lock_reset(), 0);
	start_anew();
	EXPECT_EQ(failed_tries(), 0);

	restarts = tpm.t->restart_count;
	power_command(TPM_CC_Shutdown, TPM_SU_STATE);
	EXPECT_EQ(lock_reset(), 0);
	start_anew();
	EXPECT_EQ(tpm.t->restart_count, restarts + 1);
	EXPECT_EQ(failed_tries(), 0);

	EXPECT_EQ(make_sealed(UWA, AUTH, 10, NULL, &under), 0);
	EXPECT_EQ(unseal_pw(under, AUTH), 0);
	start_anew();
	EXPECT_EQ(failed_tries(), 1);
	tear_down();
}

static const struct test_case cases[] = {
	{ "da_counts", da_counts },
	{ "da_heals", da_heals },
	{ "da_of_lost_power", da_of_lost_power },
	{ "da_of_bound_session", da_of_bound_session },
	{ "lockout_auth", lockout_auth },
	{ "lockout_and_power", lockout_and_power },
};

TEST_MAIN("session_auth", cases)
