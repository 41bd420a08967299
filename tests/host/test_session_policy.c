// SPDX-License-Identifier: GPL-2.0-only
/* What policy and trial sessions authorize, and what they do not. */
#include "sealed_support.h"

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
	tear_down();
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
	tear_down();
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
	tear_down();
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
	tear_down();
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
	tear_down();
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
	tear_down();
}

static const struct test_case cases[] = {
	{ "policy_auth_value", policy_auth_value },
	{ "policy_password", policy_password },
	{ "policy_without_auth", policy_without_auth },
	{ "policy_cp_hash", policy_cp_hash },
	{ "policy_handles", policy_handles },
	{ "trial_refused", trial_refused },
};

TEST_MAIN("session_auth", cases)
