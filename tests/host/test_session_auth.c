// SPDX-License-Identifier: GPL-2.0-only
/* Auth values that change while sessions are bound to them; zeros at an auth value's end. */
#include "sealed_support.h"

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
	tear_down();
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
	tear_down();
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
	tear_down();
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
	tear_down();
}

static const struct test_case cases[] = {
	{ "T30_bound_after_change", bound_after_change },
	{ "bound_to_index", bound_to_index },
	{ "unbound_after_change", unbound_after_change },
	{ "T30_trailing_zeros", trailing_zeros },
};

TEST_MAIN("session_auth", cases)
