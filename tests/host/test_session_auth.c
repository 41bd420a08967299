// SPDX-License-Identifier: GPL-2.0-only
/*
 * What sessions authorize: changed auth values, dictionary-attack logic,
 * policies. Keys and HMACs come from session_support.h.
 */
#include "session_support.h"

#define ENC	TPMA_SESSION_ENCRYPT
#define DEC	TPMA_SESSION_DECRYPT
#define AUTH	"opensesame"
#define SESS(rc, n)	((__force u32)(rc) | 0x800 | (n) << 8)
#define FAIL	SESS(TPM_RC_AUTH_FAIL, 1)

static struct host_tpm tpm;
static u64 now;

static u64 clock_of_test(void)
{
	return now;
}

static void set_up(void)
{
	now = 5000;
	vt_host_clock = clock_of_test;
	host_tpm_new(&tpm, NULL);
}

static void check_left(void)
{
	long left = host_tpm_free(&tpm);

	vt_host_clock = NULL;
	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

static const char sealed[] = "sealed";

/* A sealed object with a policy, or none (NULL) */
static u32 make_sealed(u32 attrs, const char *auth, u16 auth_len, const u8 *policy, u32 *handle)
{
	struct cmd c;
	u32 at, rc;

	cmd_begin_pw(&c, TPM_CC_CreatePrimary, 1, 1, TPM_RH_PLATFORM);
	cmd_u16(&c, 4 + auth_len + sizeof(sealed));
	cmd_2b(&c, auth, auth_len);
	cmd_2b(&c, sealed, sizeof(sealed));
	at = c.len;
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_KEYEDHASH);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u32(&c, FT | FP | attrs);
	cmd_2b(&c, policy, policy ? 32 : 0);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u16(&c, 0);
	put_size(&c, at);
	cmd_u16(&c, 0);
	cmd_u32(&c, 0);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

static u32 failed_tries(void)
{
	struct cmd c;
	struct rsp r;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
	cmd_u32(&c, 6);			/* TPM_CAP_TPM_PROPERTIES */
	cmd_u32(&c, 0x20e);		/* TPM_PT_LOCKOUT_COUNTER */
	cmd_u32(&c, 1);
	if (cmd_run(&tpm, &c))
		return 0xffffffff;
	r = rsp_params(&tpm, NULL);
	rsp_bytes(&r, 1 + 4 + 4 + 4);
	return rsp_u32(&r);
}

static u32 unseal_pw(u32 handle, const char *auth)
{
	return unseal(&tpm, handle, auth, NULL);
}

static u32 unseal_with(u32 handle, struct session *s, const char *auth, bool spoil)
{
	struct request q;

	request_new(&q, TPM_CC_Unseal, 1, handle, 0);
	request_use(&q, s, 0, auth)->spoil = spoil;
	return request_run(&tpm, &q);
}

/* ---- auth values that change, trailing zeros ---- */

static u32 change_auth(u32 who, struct session *s, const char *old, const char *new, bool bound)
{
	struct request q;
	struct use *u;

	request_new(&q, TPM_CC_HierarchyChangeAuth, 1, who, 0);
	cmd_2b(&q.params, new, strlen(new));
	u = request_use(&q, s, s->sym == TPM_ALG_NULL ? 0 : DEC, old);
	u->rsp_auth = new;
	u->bound = bound;
	return request_run(&tpm, &q);
}

/* T30: the response is made as the command was, and the session is bound no more. */
static void bound_after_change(void)
{
	struct opening o = {
		TPM_SE_HMAC, TPM_ALG_SHA256,       TPM_ALG_AES,
		128,         .bind = TPM_RH_OWNER, .bind_auth = "",
	};
	struct session s;

	set_up();
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	EXPECT_EQ(change_auth(TPM_RH_OWNER, &s, "", "one", true), 0);
	OK_SO_FAR();
	/* who still leaves the auth value out fails; who puts it in does not */
	EXPECT_EQ(change_auth(TPM_RH_OWNER, &s, "one", "two", true), SESS(TPM_RC_BAD_AUTH, 1));
	EXPECT_EQ(change_auth(TPM_RH_OWNER, &s, "one", "two", false), 0);
	OK_SO_FAR();
	EXPECT_EQ(change_auth(TPM_RH_OWNER, &s, "two", "three", false), 0);
	OK_SO_FAR();
	EXPECT_EQ(failed_tries(), 0);
	check_left();
}

#define INDEX	(HR_NV_INDEX + 1)

static u32 define_index(const char *auth)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_NV_DefineSpace, 1, 1, TPM_RH_OWNER);
	cmd_2b(&c, auth, strlen(auth));
	cmd_u16(&c, 14);
	cmd_u32(&c, INDEX);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u32(&c, TPMA_NV_AUTHWRITE | TPMA_NV_AUTHREAD | TPMA_NV_NO_DA);
	cmd_u16(&c, 0);
	cmd_u16(&c, 8);
	return cmd_run(&tpm, &c);
}

static u32 write_index(struct session *s, const char *auth, bool bound)
{
	struct request q;

	request_new(&q, TPM_CC_NV_Write, 2, INDEX, INDEX);
	cmd_2b(&q.params, "12345678", 8);
	cmd_u16(&q.params, 0);
	request_use(&q, s, 0, auth)->bound = bound;
	return request_run(&tpm, &q);
}

/* The first write gives an index another name; its response still has the session bound. */
static void bound_to_index(void)
{
	struct opening o = {
		TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL, .bind = INDEX, .bind_auth = AUTH,
	};
	struct session s;

	set_up();
	EXPECT_EQ(define_index(AUTH), 0);
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	EXPECT_EQ(write_index(&s, AUTH, true), 0);
	OK_SO_FAR();
	EXPECT_EQ(write_index(&s, AUTH, true), SESS(TPM_RC_BAD_AUTH, 1));
	EXPECT_EQ(write_index(&s, AUTH, false), 0);
	OK_SO_FAR();
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	EXPECT_EQ(write_index(&s, AUTH, true), 0);
	OK_SO_FAR();
	EXPECT_EQ(write_index(&s, AUTH, true), 0);
	check_left();
}

static void unbound_after_change(void)
{
	struct opening o = { TPM_SE_HMAC, TPM_ALG_SHA384, TPM_ALG_XOR };
	struct session s;

	set_up();
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	EXPECT_EQ(change_auth(TPM_RH_ENDORSEMENT, &s, "", "one", false), 0);
	OK_SO_FAR();
	EXPECT_EQ(change_auth(TPM_RH_ENDORSEMENT, &s, "", "two", false), SESS(TPM_RC_BAD_AUTH, 1));
	EXPECT_EQ(change_auth(TPM_RH_ENDORSEMENT, &s, "one", "", false), 0);
	OK_SO_FAR();
	EXPECT_EQ(change_auth(TPM_RH_ENDORSEMENT, &s, "", "three", false), 0);
	check_left();
}

static u32 change_owner(const void *new, u16 len, const char *old)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_HierarchyChangeAuth);
	cmd_u32(&c, TPM_RH_OWNER);
	cmd_auths(&c);
	cmd_password(&c, old);
	cmd_auths_end(&c);
	cmd_2b(&c, new, len);
	return cmd_run(&tpm, &c);
}

static u32 unseal_bytes(u32 handle, const void *auth, u16 len)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_Unseal);
	cmd_u32(&c, handle);
	cmd_auths(&c);
	cmd_u32(&c, TPM_RS_PW);
	cmd_u16(&c, 0);
	cmd_u8(&c, TPMA_SESSION_CONTINUE);
	cmd_2b(&c, auth, len);
	cmd_auths_end(&c);
	return cmd_run(&tpm, &c);
}

/* Zeros at the end of an auth value do not count, wherever it is given. */
static void trailing_zeros(void)
{
	struct opening o = { TPM_SE_HMAC, TPM_ALG_SHA256 };
	struct session s;
	u32 key, none;

	set_up();
	EXPECT_EQ(make_sealed(UWA, "ab\0c\0\0", 6, NULL, &key), 0);
	EXPECT_EQ(make_sealed(UWA, "\0\0\0", 3, NULL, &none), 0);
	EXPECT_EQ(unseal_bytes(key, "ab\0c", 4), 0);
	EXPECT_EQ(unseal_bytes(key, "ab\0c\0\0\0\0\0", 9), 0);
	EXPECT_EQ(unseal_bytes(none, "", 0), 0);
	EXPECT_EQ(unseal_bytes(none, "\0", 1), 0);
	EXPECT_EQ(failed_tries(), 0);
	EXPECT_EQ(unseal_bytes(key, "ab", 2), FAIL);
	EXPECT_EQ(unseal_bytes(key, "\0ab\0c", 5), FAIL);
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	EXPECT_EQ(unseal_with(none, &s, "", false), 0);
	EXPECT_EQ(change_owner("own\0\0", 5, ""), 0);
	/* by a password, too: an HMAC's key is padded with zeros anyway */
	EXPECT_EQ(change_owner("own\0", 4, "own"), 0);
	EXPECT_EQ(change_auth(TPM_RH_OWNER, &s, "own", "", false), 0);
	check_left();
}

/* ---- dictionary attacks ---- */

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
	check_left();
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
	check_left();
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
	check_left();
}

static u32 extra_session(struct session *s, bool spoil)
{
	struct request q;

	request_new(&q, TPM_CC_GetRandom, 0, 0, 0);
	cmd_u16(&q.params, 8);
	request_use(&q, s, ENC, NULL)->spoil = spoil;
	return request_run(&tpm, &q);
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
	check_left();
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
	check_left();
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
	check_left();
}

/* ---- policies ---- */

static void policy_step(u8 digest[32], u32 code, const void *name, u32 len)
{
	struct buf b = { .len = 0 };

	buf_add(&b, digest, 32);
	buf_u32(&b, code);
	buf_add(&b, name, len);
	buf_hash(&b, TPM_ALG_SHA256, digest);
}

/* PolicySecret: the name of what is asked for, then an empty policyRef in a hash of its own */
static void policy_secret_digest(u8 digest[32], u32 who)
{
	struct buf b = { .len = 0 };
	u8 name[4];

	put_unaligned_be32(who, name);
	policy_step(digest, TPM_CC_PolicySecret, name, 4);
	buf_add(&b, digest, 32);
	buf_hash(&b, TPM_ALG_SHA256, digest);
}

static u32 policy(u32 code, const struct session *s)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, code);
	cmd_u32(&c, s->handle);
	return cmd_run(&tpm, &c);
}

static u32 policy_secret(const struct session *s, const u8 *cp_hash)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PolicySecret, 2, 1, TPM_RH_OWNER, s->handle);
	cmd_u16(&c, 0);
	cmd_2b(&c, cp_hash, cp_hash ? 32 : 0);
	cmd_u16(&c, 0);
	cmd_u32(&c, 0);
	return cmd_run(&tpm, &c);
}

static void session_digest(const struct session *s, u8 digest[32])
{
	const u8 *p;
	struct rsp r;
	u16 len;

	EXPECT_EQ(policy(TPM_CC_PolicyGetDigest, s), 0);
	r = rsp_params(&tpm, NULL);
	p = rsp_2b(&r, &len);
	EXPECT_EQ(len, 32);
	memcpy(digest, p, 32);
}

/* Unseal under a policy session; on success the data has to be what was sealed. */
static u32 unseal_policy(u32 handle, struct session *s, const struct use *how)
{
	struct request q;
	struct use *u;
	u32 rc;

	request_new(&q, TPM_CC_Unseal, 1, handle, 0);
	u = request_use(&q, s, 0, NULL);
	*u = *how;
	u->s = s;
	rc = request_run(&tpm, &q);
	if (!rc && !test_state.failed &&
	    (q.out.len != 2 + sizeof(sealed) || memcmp(q.out.data + 2, sealed, sizeof(sealed))))
		test_fail(__FILE__, __LINE__, "unsealed something else");
	return rc;
}

static void policy_openings(struct opening o[3])
{
	o[0] = (struct opening){ TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_AES, 128 };
	o[1] = (struct opening){ TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_XOR };
	o[2] = o[1];
	EXPECT_EQ(tpm_create_primary_ecc(&tpm, TPM_RH_OWNER, false, &o[1].salt_key), 0);
	o[2].bind = TPM_RH_OWNER;
	o[2].bind_auth = "";
}

static void policy_auth_value(void)
{
	static const struct use hmac = { .auth = AUTH }, enc = { .auth = AUTH, .attrs = ENC },
		bad = { .auth = AUTH, .spoil = true }, none = { .auth = AUTH, .policy = true };
	u8 digest[32] = { 0 }, zero[32] = { 0 }, got[32];
	struct opening o[3];
	struct session s;
	unsigned int i;
	u32 key;

	set_up();
	policy_step(digest, TPM_CC_PolicyAuthValue, NULL, 0);
	EXPECT_EQ(make_sealed(TPMA_OBJECT_NODA, AUTH, 10, digest, &key), 0);
	policy_openings(o);
	OK_SO_FAR();
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(session_open(&tpm, &o[i], &s), 0);
		EXPECT_EQ(unseal_policy(key, &s, &hmac), SESS(TPM_RC_POLICY_FAIL, 1));
		EXPECT_EQ(policy(TPM_CC_PolicyAuthValue, &s), 0);
		session_digest(&s, got);
		EXPECT_MEM(got, digest, 32);
		EXPECT_EQ(unseal_policy(key, &s, &bad), SESS(TPM_RC_BAD_AUTH, 1));
		EXPECT_EQ(unseal_policy(key, &s, &none), SESS(TPM_RC_BAD_AUTH, 1));
		EXPECT_EQ(unseal_policy(key, &s, &hmac), 0);
		OK_SO_FAR();
		session_digest(&s, got);	/* good for one command */
		EXPECT_MEM(got, zero, 32);
		EXPECT_EQ(policy(TPM_CC_PolicyAuthValue, &s), 0);
		EXPECT_EQ(unseal_policy(key, &s, &enc), 0);
		OK_SO_FAR();
	}
	/* the auth value is not good without the policy */
	EXPECT_EQ(unseal_pw(key, AUTH), RAW(TPM_RC_AUTH_UNAVAILABLE));
	check_left();
}

static void policy_password(void)
{
	static const struct use plain = { .auth = AUTH, .plain = true },
		wrong = { .auth = "wrong", .plain = true };
	struct opening o[3];
	u8 digest[32] = { 0 };
	struct session s;
	unsigned int i;
	u32 key, under;

	set_up();
	policy_step(digest, TPM_CC_PolicyAuthValue, NULL, 0);
	EXPECT_EQ(make_sealed(TPMA_OBJECT_NODA, AUTH, 10, digest, &key), 0);
	EXPECT_EQ(make_sealed(0, AUTH, 10, digest, &under), 0);
	policy_openings(o);
	OK_SO_FAR();
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(session_open(&tpm, &o[i], &s), 0);
		EXPECT_EQ(policy(TPM_CC_PolicyPassword, &s), 0);
		EXPECT_EQ(unseal_policy(key, &s, &wrong), SESS(TPM_RC_BAD_AUTH, 1));
		EXPECT_EQ(unseal_policy(key, &s, &plain), 0);
		OK_SO_FAR();
		EXPECT_EQ(policy(TPM_CC_PolicyPassword, &s), 0);
		EXPECT_EQ(unseal_policy(under, &s, &wrong), FAIL);
		EXPECT_EQ(failed_tries(), i + 1);
		EXPECT_EQ(unseal_policy(under, &s, &plain), i < 2 ? 0 : RAW(TPM_RC_LOCKOUT));
	}
	check_left();
}

/* A policy that asks for no auth value works in lockout, and its HMAC leaves the value out. */
static void policy_without_auth(void)
{
	static const struct use left_out = { .auth = AUTH, .policy = true },
		empty = { .auth = AUTH, .policy = true, .empty = true };
	struct opening o[3];
	u8 digest[32] = { 0 };
	struct session s;
	unsigned int i;
	u32 key;

	set_up();
	policy_secret_digest(digest, TPM_RH_OWNER);
	EXPECT_EQ(make_sealed(UWA, AUTH, 10, digest, &key), 0);
	policy_openings(o);
	OK_SO_FAR();
	for (i = 0; i < 3; i++)
		EXPECT_EQ(unseal_pw(key, "wrong"), FAIL);
	EXPECT_EQ(unseal_pw(key, AUTH), RAW(TPM_RC_LOCKOUT));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(session_open(&tpm, &o[i], &s), 0);
		EXPECT_EQ(policy_secret(&s, NULL), 0);
		/* empty is good only where there is no session key */
		EXPECT_EQ(unseal_policy(key, &s, &empty), i ? FAIL : 0);
		if (!i)
			EXPECT_EQ(policy_secret(&s, NULL), 0);
		EXPECT_EQ(unseal_policy(key, &s, &left_out), 0);
		OK_SO_FAR();
	}
	check_left();
}

/* cpHashA: the policy is good for one command with these names and parameters alone. */
static void policy_cp_hash(void)
{
	static const struct use left_out = { .auth = "", .policy = true };
	struct opening o = { TPM_SE_POLICY, TPM_ALG_SHA256 };
	u8 digest[32] = { 0 }, cp[32], other[32] = { 1 };
	struct request q;
	struct session s;
	u32 a, b;

	set_up();
	policy_secret_digest(digest, TPM_RH_OWNER);
	EXPECT_EQ(make_sealed(0, "", 0, digest, &a), 0);
	EXPECT_EQ(make_sealed(TPMA_OBJECT_NODA, "", 0, digest, &b), 0);
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	request_new(&q, TPM_CC_Unseal, 1, a, 0);
	ref_cp_hash(&tpm, &q, TPM_ALG_SHA256, cp);
	EXPECT_EQ(policy_secret(&s, cp), 0);
	EXPECT_EQ(unseal_policy(b, &s, &left_out), SESS(TPM_RC_POLICY_FAIL, 1));
	EXPECT_EQ(unseal_policy(a, &s, &left_out), 0);
	EXPECT_EQ(policy_secret(&s, cp), 0);
	EXPECT_EQ(policy_secret(&s, other), RAW(TPM_RC_CPHASH));
	EXPECT_EQ(policy(TPM_CC_PolicyRestart, &s), 0);
	EXPECT_EQ(policy_secret(&s, other), 0);
	EXPECT_EQ(unseal_policy(a, &s, &left_out), SESS(TPM_RC_POLICY_FAIL, 1));
	check_left();
}

/* A policy session is no other session, and the null handle no entity (TPMI_DH_ENTITY). */
static void policy_handles(void)
{
	struct opening o = { TPM_SE_HMAC, TPM_ALG_SHA256 }, p = { TPM_SE_POLICY, TPM_ALG_SHA256 };
	struct session hmac, s;
	struct cmd c;

	set_up();
	EXPECT_EQ(session_open(&tpm, &o, &hmac), 0);
	EXPECT_EQ(session_open(&tpm, &p, &s), 0);
	EXPECT_EQ(policy(TPM_CC_PolicyRestart, &s), 0);
	EXPECT_EQ(policy(TPM_CC_PolicyRestart, &hmac), H(TPM_RC_VALUE, 1));
	EXPECT_EQ(policy(TPM_CC_PolicyAuthValue, &hmac), H(TPM_RC_VALUE, 1));
	cmd_begin_pw(&c, TPM_CC_PolicySecret, 2, 1, TPM_RH_NULL, s.handle);
	cmd_u16(&c, 0);
	cmd_u16(&c, 0);
	cmd_u16(&c, 0);
	cmd_u32(&c, 0);
	EXPECT_EQ(cmd_run(&tpm, &c), H(TPM_RC_VALUE, 1));
	check_left();
}

/* A trial session has no place among the sessions of a command (Part 1, 19.7.5). */
static void trial_refused(void)
{
	struct opening o = { TPM_SE_TRIAL, TPM_ALG_SHA256, TPM_ALG_AES, 128 };
	struct session s;
	u32 key;

	set_up();
	EXPECT_EQ(make_sealed(UWA, AUTH, 10, NULL, &key), 0);
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	EXPECT_EQ(unseal_with(key, &s, AUTH, false), SESS(TPM_RC_ATTRIBUTES, 1));
	EXPECT_EQ(extra_session(&s, false), SESS(TPM_RC_ATTRIBUTES, 1));
	check_left();
}

static const struct test_case cases[] = {
	{ "T30_bound_after_change", bound_after_change },
	{ "bound_to_index", bound_to_index },
	{ "unbound_after_change", unbound_after_change },
	{ "T30_trailing_zeros", trailing_zeros },
	{ "da_counts", da_counts },
	{ "da_heals", da_heals },
	{ "da_of_lost_power", da_of_lost_power },
	{ "da_of_bound_session", da_of_bound_session },
	{ "lockout_auth", lockout_auth },
	{ "lockout_and_power", lockout_and_power },
	{ "policy_auth_value", policy_auth_value },
	{ "policy_password", policy_password },
	{ "policy_without_auth", policy_without_auth },
	{ "policy_cp_hash", policy_cp_hash },
	{ "policy_handles", policy_handles },
	{ "trial_refused", trial_refused },
};

TEST_MAIN("session_auth", cases)
