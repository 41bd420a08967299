// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies over NV indices and what only a policy may do with one (Part 3, 23.9,
 * 23.20, 23.22, 31.5, 31.15); TPM2_NV_Certify. Digests are computed by OpenSSL.
 */
#include "nv_support.h"

static u32 policy_session(u8 type)
{
	u32 se = 0;

	if (tpm_start_session(&tpm, type, TPM_ALG_SHA256, TPM_ALG_NULL, &se))
		abort();
	return se;
}

/* A policy command whose only handle is the session */
static u32 policy(u32 code, u32 se, const void *params, u32 len)
{
	struct cmd c;

	cmd_begin_pw(&c, code, 1, 0, se);
	cmd_bytes(&c, params, len);
	return cmd_run(&tpm, &c);
}

static void session_digest(u32 se, u8 *out)
{
	struct rsp r;
	u16 len;

	memset(out, 0xee, 32);
	if (policy(TPM_CC_PolicyGetDigest, se, NULL, 0))
		return;
	r = rsp_params(&tpm, NULL);
	memcpy(out, rsp_2b(&r, &len), 32);
}

/* digest <- H(digest || code || data) */
static void extend(u8 *digest, u32 code, const void *data, u32 len)
{
	u8 buf[256];

	memcpy(buf, digest, 32);
	put_unaligned_be32(code, buf + 32);
	sha256(buf, 36, data, len, digest);
}

static void command_code(u32 code, u8 *be)
{
	put_unaligned_be32(code, be);
}

/* ---- TPM2_PolicyNV ---- */

static u32 policy_nv(u32 se, const void *operand, u16 len, u16 offset, u16 operation)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_PolicyNV);
	cmd_u32(&c, TPM_RH_OWNER);
	cmd_u32(&c, X);
	cmd_u32(&c, se);
	cmd_auths(&c);
	cmd_password(&c, "");
	cmd_auths_end(&c);
	cmd_2b(&c, operand, len);
	cmd_u16(&c, offset);
	cmd_u16(&c, operation);
	return cmd_run(&tpm, &c);
}

/* H(digest || TPM_CC_PolicyNV || H(operandB || offset || operation) || name) */
static void policy_nv_digest(void)
{
	u8 want[32] = { 0 }, got[32], args[32 + 34], tail[4] = { 0, 2, 0, 7 };
	u32 se;

	set_up();
	EXPECT_EQ(nv_define(X, OWNERS, 8, ""), 0);
	se = policy_session(TPM_SE_TRIAL);	/* a trial looks at nothing */
	EXPECT_EQ(policy_nv(se, "ab", 2, 2, 7), 0);
	sha256("ab", 2, tail, 4, args);
	EXPECT(nv_attrs(X, args + 32));
	extend(want, TPM_CC_PolicyNV, args, sizeof(args));
	session_digest(se, got);
	EXPECT_MEM(got, want, 32);
	se = policy_session(TPM_SE_POLICY);
	EXPECT_EQ(policy_nv(se, "ab", 2, 2, 7), RAW(TPM_RC_NV_UNINITIALIZED));
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", "--ab----", 8, 0), 0);
	EXPECT_EQ(policy_nv(se, "ac", 2, 2, 7), RAW(TPM_RC_POLICY));
	EXPECT_EQ(policy_nv(se, "ab", 2, 9, 7), P(TPM_RC_VALUE, 2));
	EXPECT_EQ(policy_nv(se, "ab", 2, 7, 7), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(policy_nv(se, "ab", 2, 2, 12), P(TPM_RC_VALUE, 3));
	session_digest(se, got);
	EXPECT_MEM(got, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32);
	EXPECT_EQ(policy_nv(se, "ab", 2, 2, 7), 0);
	EXPECT(nv_attrs(X, args + 32));		/* written now: another name */
	memset(want, 0, sizeof(want));
	extend(want, TPM_CC_PolicyNV, args, sizeof(args));
	session_digest(se, got);
	EXPECT_MEM(got, want, 32);
	tear_down();
}

/* Operands as numbers: one byte repeated, so that every length has the same order */
static bool holds(u16 op, u8 a, u8 b)
{
	switch (op) {
	case 0: return a == b;
	case 1: return a != b;
	case 2: return (s8)a > (s8)b;
	case 3: return a > b;
	case 4: return (s8)a < (s8)b;
	case 5: return a < b;
	case 6: return (s8)a >= (s8)b;
	case 7: return a >= b;
	case 8: return (s8)a <= (s8)b;
	case 9: return a <= b;
	case 10: return (a & b) == b;
	default: return !(a & b);
	}
}

static void t12_policy_nv_compares(void)
{
	static const u8 edge[] = { 0x00, 0x01, 0x7f, 0x80, 0x81, 0xff };
	unsigned int i, j, op, len;
	u8 a[8], b[8];
	u32 se;

	set_up();
	EXPECT_EQ(nv_define(X, OWNERS, 8, ""), 0);
	se = policy_session(TPM_SE_POLICY);
	for (i = 0; i < ARRAY_SIZE(edge); i++) {
		memset(a, edge[i], sizeof(a));
		EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", a, 8, 0), 0);
		for (j = 0; j < ARRAY_SIZE(edge); j++) {
			memset(b, edge[j], sizeof(b));
			for (op = 0; op < 12; op++)
				for (len = 1; len <= 8; len++)
					EXPECT_EQ(policy_nv(se, b, len, 8 - len, op),
						  holds(op, edge[i], edge[j]) ? 0 :
						  RAW(TPM_RC_POLICY));
		}
	}
	tear_down();
}

/* ---- TPM2_PolicyNvWritten ---- */

static u32 write_by_policy(u32 se)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_NV_Write);
	cmd_u32(&c, X);
	cmd_u32(&c, X);
	cmd_auths(&c);
	cmd_session(&c, se, TPMA_SESSION_CONTINUE);
	cmd_auths_end(&c);
	cmd_2b(&c, "data", 4);
	cmd_u16(&c, 0);
	return cmd_run(&tpm, &c);
}

static void written_once_by_policy(void)
{
	u8 want[32] = { 0 }, got[32];
	u32 se;

	set_up();
	se = policy_session(TPM_SE_POLICY);
	extend(want, TPM_CC_PolicyNvWritten, "", 1);
	EXPECT_EQ(nv_define_full(TPM_RH_OWNER, X, TPM_ALG_SHA256,
				 TPMA_NV_POLICYWRITE | OR | ND, 8, "", want, 32), 0);
	EXPECT_EQ(write_by_policy(se), S(TPM_RC_POLICY_FAIL, 1));
	EXPECT_EQ(policy(TPM_CC_PolicyNvWritten, se, "\2", 1), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(policy(TPM_CC_PolicyNvWritten, se, "\0", 1), 0);
	EXPECT_EQ(policy(TPM_CC_PolicyNvWritten, se, "\1", 1), P(TPM_RC_VALUE, 1));
	session_digest(se, got);
	EXPECT_MEM(got, want, 32);
	EXPECT_EQ(write_by_policy(se), 0);
	EXPECT_EQ(policy(TPM_CC_PolicyNvWritten, se, "\0", 1), 0);
	EXPECT_EQ(write_by_policy(se), S(TPM_RC_POLICY_FAIL, 1));
	EXPECT_EQ(nv_undefine(TPM_RH_OWNER, X), 0);
	/* without TPMA_NV_POLICYWRITE there is no policy for writing */
	EXPECT_EQ(nv_define_full(TPM_RH_OWNER, X, TPM_ALG_SHA256, OWNERS, 8, "", want, 32), 0);
	EXPECT_EQ(write_by_policy(se), RAW(TPM_RC_AUTH_UNAVAILABLE));
	tear_down();
}

/* ---- TPM2_PolicyAuthorizeNV ---- */

static u32 authorize_nv(u32 se)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_PolicyAuthorizeNV);
	cmd_u32(&c, TPM_RH_OWNER);
	cmd_u32(&c, X);
	cmd_u32(&c, se);
	cmd_auths(&c);
	cmd_password(&c, "");
	cmd_auths_end(&c);
	return cmd_run(&tpm, &c);
}

static void approved_policy_in_nv(void)
{
	u8 ha[34] = { 0x00, 0x0b }, want[32] = { 0 }, got[32], name[34];
	u32 se;

	set_up();
	se = policy_session(TPM_SE_POLICY);
	EXPECT_EQ(nv_define(X, OWNERS, 34, ""), 0);
	EXPECT_EQ(authorize_nv(se), RAW(TPM_RC_NV_UNINITIALIZED));
	extend(ha + 2, TPM_CC_PolicyAuthValue, NULL, 0);
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", ha, 34, 0), 0);
	EXPECT_EQ(authorize_nv(se), RAW(TPM_RC_VALUE));
	EXPECT_EQ(policy(TPM_CC_PolicyAuthValue, se, NULL, 0), 0);
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", "\x00\x04", 2, 0), 0);
	EXPECT_EQ(authorize_nv(se), RAW(TPM_RC_HASH));
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", "\x00\x0d", 2, 0), 0);
	EXPECT_EQ(authorize_nv(se), RAW(TPM_RC_INSUFFICIENT));
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", "\x00\x0b", 2, 0), 0);
	EXPECT_EQ(authorize_nv(se), 0);
	EXPECT(nv_attrs(X, name));
	extend(want, TPM_CC_PolicyAuthorizeNV, name, sizeof(name));
	session_digest(se, got);
	EXPECT_MEM(got, want, 32);
	tear_down();
}

/* ---- for its policy alone: TPM2_NV_UndefineSpaceSpecial, TPM2_NV_ChangeAuth ---- */

static u32 undefine_special(u32 se)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_NV_UndefineSpaceSpecial);
	cmd_u32(&c, X);
	cmd_u32(&c, TPM_RH_PLATFORM);
	cmd_auths(&c);
	if (se)
		cmd_session(&c, se, TPMA_SESSION_CONTINUE);
	else
		cmd_password(&c, "");
	cmd_password(&c, "");
	cmd_auths_end(&c);
	return cmd_run(&tpm, &c);
}

static void deleted_by_policy(void)
{
	u8 want[32] = { 0 }, code[4];
	u32 se, attrs = PW | PR | PC | ND;

	set_up();
	command_code(TPM_CC_NV_UndefineSpaceSpecial, code);
	extend(want, TPM_CC_PolicyCommandCode, code, 4);
	se = policy_session(TPM_SE_POLICY);
	EXPECT_EQ(nv_define_full(TPM_RH_PLATFORM, X, TPM_ALG_SHA256,
				 attrs | TPMA_NV_POLICY_DELETE, 8, "", want, 32), 0);
	EXPECT_EQ(undefine_special(0), RAW(TPM_RC_AUTH_TYPE));
	EXPECT_EQ(undefine_special(se), S(TPM_RC_POLICY_FAIL, 1));
	EXPECT(nv_attrs(X, NULL));
	EXPECT_EQ(policy(TPM_CC_PolicyCommandCode, se, code, 4), 0);
	EXPECT_EQ(undefine_special(se), 0);
	EXPECT(!nv_attrs(X, NULL));
	EXPECT_EQ(nv_define_full(TPM_RH_PLATFORM, X, TPM_ALG_SHA256, attrs, 8, "", want, 32), 0);
	EXPECT_EQ(policy(TPM_CC_PolicyCommandCode, se, code, 4), 0);
	EXPECT_EQ(undefine_special(se), H(TPM_RC_ATTRIBUTES, 1));
	EXPECT_EQ(nv_undefine(TPM_RH_OWNER, X), RAW(TPM_RC_NV_AUTHORIZATION));
	tear_down();
}

static u32 change_auth(u32 se, const void *auth, u16 len)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_NV_ChangeAuth);
	cmd_u32(&c, X);
	cmd_auths(&c);
	if (se)
		cmd_session(&c, se, TPMA_SESSION_CONTINUE);
	else
		cmd_password(&c, "old");
	cmd_auths_end(&c);
	cmd_2b(&c, auth, len);
	return cmd_run(&tpm, &c);
}

static void auth_changed_by_policy(void)
{
	u8 want[32] = { 0 }, code[4], longest[33];
	u32 se;

	set_up();
	memset(longest, 'x', sizeof(longest));
	command_code(TPM_CC_NV_ChangeAuth, code);
	extend(want, TPM_CC_PolicyCommandCode, code, 4);
	se = policy_session(TPM_SE_POLICY);
	EXPECT_EQ(nv_define_full(TPM_RH_OWNER, X, TPM_ALG_SHA256, AR | AW | ND, 8, "old", want,
				 32), 0);
	EXPECT_EQ(change_auth(0, "new", 3), RAW(TPM_RC_AUTH_TYPE));
	EXPECT_EQ(policy(TPM_CC_PolicyCommandCode, se, code, 4), 0);
	EXPECT_EQ(change_auth(se, longest, 33), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(nv_write(X, X, "old", "a", 1, 0), 0);
	EXPECT_EQ(change_auth(se, "new\0\0", 5), 0);
	EXPECT_EQ(nv_write(X, X, "old", "a", 1, 0), S(TPM_RC_BAD_AUTH, 1));
	EXPECT_EQ(nv_write(X, X, "new", "a", 1, 0), 0);
	tear_down();
}

/* ---- TPM2_NV_Certify ---- */

static u32 certify(u32 key, u16 size, u16 offset)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_NV_Certify);
	cmd_u32(&c, key);
	cmd_u32(&c, TPM_RH_OWNER);
	cmd_u32(&c, X);
	cmd_auths(&c);
	cmd_password(&c, "");
	cmd_password(&c, "");
	cmd_auths_end(&c);
	cmd_2b(&c, "nonce", 5);
	cmd_u16(&c, key == TPM_RH_NULL ? TPM_ALG_NULL : TPM_ALG_ECDSA);
	if (key != TPM_RH_NULL)
		cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u16(&c, size);
	cmd_u16(&c, offset);
	return cmd_run(&tpm, &c);
}

/* Past what all attestations have, up to the name */
static struct rsp attested(u16 type, u8 *name)
{
	struct rsp r = rsp_params(&tpm, NULL);
	u16 len;

	rsp_u16(&r);
	r.bad |= rsp_u32(&r) != TPM_GENERATED_VALUE || rsp_u16(&r) != type;
	rsp_2b(&r, &len);
	r.bad |= memcmp(rsp_2b(&r, &len), "nonce", 5) != 0;
	rsp_bytes(&r, 17 + 8);
	memcpy(name, rsp_2b(&r, &len), 34);
	r.bad |= len != 34;
	return r;
}

static void certified_contents(void)
{
	static u8 all[TPM2_MAX_NV_BUFFER];
	u8 name[34], want[34], digest[32];
	struct rsp r;
	u32 key;
	u16 len;

	set_up();
	EXPECT_EQ(tpm_create_primary_ecc(&tpm, TPM_RH_OWNER, true, &key), 0);
	memset(all, 'n', sizeof(all));
	EXPECT_EQ(nv_define(X, OWNERS, sizeof(all), ""), 0);
	EXPECT_EQ(certify(TPM_RH_NULL, 4, 0), RAW(TPM_RC_NV_UNINITIALIZED));
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", all, sizeof(all), 0), 0);
	EXPECT(nv_attrs(X, want));
	EXPECT_EQ(certify(TPM_RH_NULL, sizeof(all), 1), RAW(TPM_RC_NV_RANGE));
	EXPECT_EQ(certify(TPM_RH_NULL, 0xffff, 0xffff), RAW(TPM_RC_NV_RANGE));
	EXPECT_EQ(certify(TPM_RH_NULL, sizeof(all), 0), 0);
	r = attested(TPM_ST_ATTEST_NV, name);
	EXPECT_MEM(name, want, 34);
	EXPECT_EQ(rsp_u16(&r), 0);
	EXPECT_MEM(rsp_2b(&r, &len), all, sizeof(all));
	EXPECT(!r.bad && len == sizeof(all));
	EXPECT_EQ(certify(key, 0, 0), 0);
	r = attested(TPM_ST_ATTEST_NV_DIGEST, name);
	sha256(all, sizeof(all), NULL, 0, digest);
	EXPECT_MEM(name, want, 34);
	EXPECT_MEM(rsp_2b(&r, &len), digest, 32);
	EXPECT(!r.bad && len == 32);
	tear_down();
}

static const struct test_case cases[] = {
	{ "policy_nv_digest", policy_nv_digest },
	{ "T12_policy_nv_compares", t12_policy_nv_compares },
	{ "written_once_by_policy", written_once_by_policy },
	{ "approved_policy_in_nv", approved_policy_in_nv },
	{ "deleted_by_policy", deleted_by_policy },
	{ "auth_changed_by_policy", auth_changed_by_policy },
	{ "certified_contents", certified_contents },
};

TEST_MAIN("policy_nv", cases)
