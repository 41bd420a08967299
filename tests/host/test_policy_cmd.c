// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy commands (Part 3, 23): every digest against one that OpenSSL
 * computes here, every check against a sealed object that opens or stays shut.
 * What others grant (PolicySecret, PolicySigned, PolicyAuthorize) is the subject
 * of test_policy_grant.c.
 */
#include "policy_support.h"

static struct session s;
static struct ref ref;

/* ---- every digest, in every hash, for real and on trial ---- */

static void digests_signed(u16 hash, const struct signing *k)
{
	struct grant g = { .ref = "signed", .nonce = true };
	struct bytes owner = { 4, { 0x40, 0, 0, 1 } };

	g.ref = "a secret";
	EXPECT_EQ(policy_secret(&s, TPM_RH_OWNER, &g), 0);
	ref_entity(&ref, TPM_CC_PolicySecret, &owner, "a secret");
	EXPECT(digest_is(&s, &ref));
	g.ref = "a signature";
	g.hash = hash;
	EXPECT_EQ(policy_signed(&s, k, k, &g), 0);
	ref_entity(&ref, TPM_CC_PolicySigned, &k->name, "a signature");
	EXPECT(digest_is(&s, &ref));
}

static void digests_joined(const struct signing *k)
{
	u8 list[8][VT_MAX_DIGEST] = { { 1 }, { 2 }, { 3 }, { 4 }, { 5 } };
	struct approval a;
	u32 n;

	for (n = 2; n <= 8; n++) {
		memcpy(list[n - 1], ref.digest, sizeof(ref.digest));
		EXPECT_EQ(policy_or(&s, list, n, md_size(ref.hash)), 0);
		ref_or(&ref, list, n);
		EXPECT(digest_is(&s, &ref));
	}
	EXPECT_EQ(approve(k, ref.digest, md_size(ref.hash), "for all", &a), 0);
	EXPECT_EQ(authorize(&s, ref.digest, md_size(ref.hash), "for all", &k->name, &a), 0);
	ref_reset(&ref, ref.hash);
	ref_entity(&ref, TPM_CC_PolicyAuthorize, &k->name, "for all");
	EXPECT(digest_is(&s, &ref));
}

static void digests_of(u8 type, u16 hash, const struct signing *k)
{
	static const u8 zeros[8];

	EXPECT_EQ(open_policy(&s, type, hash), 0);
	ref_reset(&ref, hash);
	EXPECT(digest_is(&s, &ref));
	EXPECT_EQ(simple(TPM_CC_PolicyAuthValue, &s), 0);
	ref_update(&ref, TPM_CC_PolicyAuthValue, NULL, 0);
	EXPECT(digest_is(&s, &ref));
	EXPECT_EQ(simple(TPM_CC_PolicyPassword, &s), 0);
	ref_update(&ref, TPM_CC_PolicyAuthValue, NULL, 0);
	EXPECT(digest_is(&s, &ref));
	EXPECT_EQ(policy_code(&s, TPM_CC_Unseal), 0);
	ref_update(&ref, TPM_CC_PolicyCommandCode, "\0\0\x01\x5e", 4);
	EXPECT(digest_is(&s, &ref));
	EXPECT_EQ(policy_counter(&s, zeros, 8, 8, 7), 0);
	ref_counter(&ref, zeros, 8, 8, 7);
	EXPECT(digest_is(&s, &ref));
	EXPECT_EQ(policy_pcr(&s, NULL, 0), 0);
	ref_pcr(&ref);
	EXPECT(digest_is(&s, &ref));
	digests_signed(hash, k);
	OK_SO_FAR();
	digests_joined(k);
	OK_SO_FAR();
	EXPECT_EQ(simple(TPM_CC_PolicyRestart, &s), 0);
	ref_reset(&ref, hash);
	EXPECT(digest_is(&s, &ref));
	EXPECT_EQ(tpm_flush(&tpm, s.handle), 0);
}

static void digests(void)
{
	static const u8 types[] = { TPM_SE_POLICY, TPM_SE_TRIAL };
	struct signing k;
	unsigned int i;

	set_up();
	memset(pcr10, 0, sizeof(pcr10));
	EXPECT_EQ(extend(10), 0);
	EXPECT_EQ(signing_new(&k, TPM_ALG_ECC), 0);
	for (i = 0; i < 8; i++) {
		digests_of(types[i % 2], hashes[i / 2], &k);
		OK_SO_FAR();
	}
	EVP_PKEY_free(k.pkey);
	tear_down();
}

/* ---- PolicyPCR ---- */

static void pcr_value(void)
{
	u8 digest[VT_MAX_DIGEST];
	unsigned int i;
	u32 sealed;

	set_up();
	memset(pcr10, 0, sizeof(pcr10));
	EXPECT_EQ(extend(10), 0);
	for (i = 0; i < ARRAY_SIZE(hashes); i++) {
		u16 size = md_size(hashes[i]);

		ref_reset(&ref, hashes[i]);
		ref_pcr(&ref);
		pcr_values(hashes[i], digest);
		EXPECT_EQ(seal(&ref, 0, "", &sealed), 0);
		EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, hashes[i]), 0);
		EXPECT_EQ(unseal_by(sealed, &s), SESS(TPM_RC_POLICY_FAIL, 1));
		EXPECT_EQ(policy_pcr(&s, digest, size), 0);
		EXPECT_EQ(unseal_by(sealed, &s), 0);
		/* the policy was used up */
		EXPECT_EQ(unseal_by(sealed, &s), SESS(TPM_RC_POLICY_FAIL, 1));
		EXPECT_EQ(policy_pcr(&s, NULL, 0), 0);
		EXPECT_EQ(unseal_by(sealed, &s), 0);
		EXPECT_EQ(policy_pcr(&s, digest, size - 1), P(TPM_RC_VALUE, 1));
		digest[size - 1] ^= 1;
		EXPECT_EQ(policy_pcr(&s, digest, size), P(TPM_RC_VALUE, 1));
		ref_reset(&ref, hashes[i]);
		EXPECT(digest_is(&s, &ref));
		EXPECT_EQ(tpm_flush(&tpm, sealed), 0);
		EXPECT_EQ(tpm_flush(&tpm, s.handle), 0);
	}
	tear_down();
}

/* A trial takes any value of the right size; other values give another digest. */
static void pcr_trial(void)
{
	struct buf b = { .len = 0 };
	u8 digest[32] = { 0x5a };

	set_up();
	EXPECT_EQ(open_policy(&s, TPM_SE_TRIAL, SHA256), 0);
	EXPECT_EQ(policy_pcr(&s, digest, 31), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(policy_pcr(&s, digest, 32), 0);
	ref_reset(&ref, SHA256);
	buf_add(&b, two_pcrs, sizeof(two_pcrs));
	buf_add(&b, digest, 32);
	ref_update(&ref, TPM_CC_PolicyPCR, b.data, b.len);
	EXPECT(digest_is(&s, &ref));
	tear_down();
}

static u32 policy_pcr_of(const struct session *session, const u8 *sel, u16 sel_len,
			 const u8 *digest, u16 len)
{
	struct cmd c;

	begin(&c, TPM_CC_PolicyPCR, session);
	cmd_2b(&c, digest, len);
	cmd_bytes(&c, sel, sel_len);
	return cmd_run(&tpm, &c);
}

/*
 * PCRs that are not there leave the selection before it goes into the policy (Part 3, 23.7),
 * in a trial with a digest as well: or it would tell a policy that no session can have.
 */
static void pcr_not_there(void)
{
	/* PCRs 0 and 10 of SHA-256, and of SHA-384, which has no bank */
	static const u8 sel[] = { 0, 0, 0, 2, 0, 0x0b, 3, 0x01, 0x04, 0,
				  0, 0x0c, 3, 0x01, 0x04, 0 };
	static const u8 there[] = { 0, 0, 0, 2, 0, 0x0b, 3, 0x01, 0x04, 0, 0, 0x0c, 3, 0, 0, 0 };
	static const u8 types[] = { TPM_SE_POLICY, TPM_SE_POLICY, TPM_SE_TRIAL, TPM_SE_TRIAL };
	struct buf b = { .len = 0 };
	u8 digest[VT_MAX_DIGEST];
	unsigned int i;

	set_up();
	memset(pcr10, 0, sizeof(pcr10));
	pcr_values(SHA256, digest);
	buf_add(&b, there, sizeof(there));
	buf_add(&b, digest, 32);
	ref_reset(&ref, SHA256);
	ref_update(&ref, TPM_CC_PolicyPCR, b.data, b.len);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		EXPECT_EQ(open_policy(&s, types[i], SHA256), 0);
		EXPECT_EQ(policy_pcr_of(&s, sel, sizeof(sel), digest, i % 2 ? 32 : 0), 0);
		EXPECT(digest_is(&s, &ref));
		EXPECT_EQ(tpm_flush(&tpm, s.handle), 0);
	}
	tear_down();
}

/* T30: what PolicyPCR saw has to hold until the session is used, whichever PCR changed. */
static void pcr_changed(void)
{
	static const u32 not_counted[] = { 16, 23 };
	unsigned int i;
	u32 sealed;

	set_up();
	memset(pcr10, 0, sizeof(pcr10));
	ref_reset(&ref, SHA256);
	ref_pcr(&ref);
	EXPECT_EQ(seal(&ref, 0, "", &sealed), 0);
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	for (i = 0; i < ARRAY_SIZE(not_counted); i++) {
		EXPECT_EQ(policy_pcr(&s, NULL, 0), 0);
		EXPECT_EQ(extend(not_counted[i]), 0);
		EXPECT_EQ(unseal_by(sealed, &s), 0);
	}
	EXPECT_EQ(policy_pcr(&s, NULL, 0), 0);
	EXPECT_EQ(extend(1), 0);
	EXPECT_EQ(unseal_by(sealed, &s), RAW(TPM_RC_PCR_CHANGED));
	EXPECT_EQ(policy_pcr(&s, NULL, 0), RAW(TPM_RC_PCR_CHANGED));
	EXPECT(digest_is(&s, &ref));
	EXPECT_EQ(simple(TPM_CC_PolicyRestart, &s), 0);
	EXPECT_EQ(policy_pcr(&s, NULL, 0), 0);
	EXPECT_EQ(unseal_by(sealed, &s), 0);
	/* one of the two themselves */
	EXPECT_EQ(extend(10), 0);
	EXPECT_EQ(policy_pcr(&s, NULL, 0), 0);
	EXPECT_EQ(unseal_by(sealed, &s), SESS(TPM_RC_POLICY_FAIL, 1));
	tear_down();
}

/* ---- PolicyOR ---- */

static void or_lists(void)
{
	u8 list[9][VT_MAX_DIGEST] = { { 1 }, { 2 }, { 3 }, { 4 }, { 5 }, { 6 }, { 7 }, { 8 } };
	u32 n, at, sealed;

	set_up();
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	for (n = 2; n <= 8; n++)
		for (at = 0; at < n; at++) {
			u8 own[VT_MAX_DIGEST];

			memcpy(own, list[at], sizeof(own));
			ref_reset(&ref, SHA256);
			ref_update(&ref, TPM_CC_PolicyCommandCode, "\0\0\x01\x5e", 4);
			memcpy(list[at], ref.digest, sizeof(ref.digest));
			ref_or(&ref, list, n);
			EXPECT_EQ(seal(&ref, 0, "", &sealed), 0);
			EXPECT_EQ(policy_or(&s, list, n, 32), P(TPM_RC_VALUE, 1));
			EXPECT_EQ(policy_code(&s, TPM_CC_Unseal), 0);
			EXPECT_EQ(unseal_by(sealed, &s), SESS(TPM_RC_POLICY_FAIL, 1));
			EXPECT_EQ(policy_or(&s, list, n, 31), P(TPM_RC_VALUE, 1));
			EXPECT_EQ(policy_or(&s, list, n, 32), 0);
			EXPECT_EQ(unseal_by(sealed, &s), 0);
			EXPECT_EQ(tpm_flush(&tpm, sealed), 0);
			memcpy(list[at], own, sizeof(own));
		}
	EXPECT_EQ(open_policy(&s, TPM_SE_TRIAL, SHA256), 0);
	for (n = 0; n < 10; n++)
		EXPECT_EQ(policy_or(&s, list, n, 32), n < 2 || n > 8 ? P(TPM_RC_SIZE, 1) : 0);
	tear_down();
}

/* ---- PolicyCommandCode ---- */

static u32 certify_by(u32 object)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_Certify);
	cmd_u32(&c, object);
	cmd_u32(&c, TPM_RH_NULL);
	cmd_auths(&c);
	cmd_session(&c, s.handle, TPMA_SESSION_CONTINUE);
	cmd_password(&c, "");
	cmd_auths_end(&c);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	return cmd_run(&tpm, &c);
}

static void command_code(void)
{
	static const u32 unknown[] = { 0, 0x11e, 0x166, 0x1ff, 0x20000000, 0x2000015e, ~0u };
	unsigned int i;
	u32 sealed;

	set_up();
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	for (i = 0; i < ARRAY_SIZE(unknown); i++)
		EXPECT_EQ(policy_code(&s, unknown[i]), P(TPM_RC_POLICY_CC, 1));
	EXPECT_EQ(policy_code(&s, TPM_CC_Unseal), 0);
	EXPECT_EQ(policy_code(&s, TPM_CC_Certify), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(policy_code(&s, TPM_CC_Unseal), 0);
	ref_reset(&ref, SHA256);
	ref_update(&ref, TPM_CC_PolicyCommandCode, "\0\0\x01\x5e", 4);
	ref_update(&ref, TPM_CC_PolicyCommandCode, "\0\0\x01\x5e", 4);
	EXPECT_EQ(seal(&ref, TPMA_OBJECT_ADMINWITHPOLICY, "", &sealed), 0);
	EXPECT_EQ(certify_by(sealed), SESS(TPM_RC_POLICY_CC, 1));
	EXPECT_EQ(unseal_by(sealed, &s), 0);
	tear_down();
}

/* The ADMIN role asks for a policy that names the command. */
static void admin_role(void)
{
	u32 sealed;
	struct cmd c;

	set_up();
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	ref_reset(&ref, SHA256);
	ref_update(&ref, TPM_CC_PolicyAuthValue, NULL, 0);
	EXPECT_EQ(seal(&ref, TPMA_OBJECT_ADMINWITHPOLICY, "", &sealed), 0);
	EXPECT_EQ(simple(TPM_CC_PolicyAuthValue, &s), 0);
	EXPECT_EQ(certify_by(sealed), SESS(TPM_RC_POLICY_FAIL, 1));
	EXPECT_EQ(unseal_by(sealed, &s), 0);
	EXPECT_EQ(tpm_flush(&tpm, sealed), 0);
	ref_reset(&ref, SHA256);
	ref_update(&ref, TPM_CC_PolicyCommandCode, "\0\0\x01\x48", 4);
	EXPECT_EQ(seal(&ref, TPMA_OBJECT_ADMINWITHPOLICY, "", &sealed), 0);
	cmd_begin_pw(&c, TPM_CC_Certify, 2, 2, sealed, TPM_RH_NULL);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	EXPECT_EQ(cmd_run(&tpm, &c), RAW(TPM_RC_AUTH_TYPE));
	EXPECT_EQ(policy_code(&s, TPM_CC_Certify), 0);
	EXPECT_EQ(unseal_by(sealed, &s), SESS(TPM_RC_POLICY_CC, 1));
	EXPECT_EQ(certify_by(sealed), 0);
	tear_down();
}

/* ---- PolicyAuthValue, PolicyPassword ---- */

static void auth_values(void)
{
	struct request q;
	u32 sealed;

	set_up();
	ref_reset(&ref, SHA256);
	ref_update(&ref, TPM_CC_PolicyAuthValue, NULL, 0);
	EXPECT_EQ(seal(&ref, TPMA_OBJECT_NODA, "word", &sealed), 0);
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	EXPECT_EQ(simple(TPM_CC_PolicyAuthValue, &s), 0);
	EXPECT_EQ(unseal_by(sealed, &s), SESS(TPM_RC_BAD_AUTH, 1));
	request_new(&q, TPM_CC_Unseal, 1, sealed, 0);
	request_use(&q, &s, 0, "word");
	EXPECT_EQ(request_run(&tpm, &q), 0);
	EXPECT_EQ(simple(TPM_CC_PolicyPassword, &s), 0);
	request_new(&q, TPM_CC_Unseal, 1, sealed, 0);
	request_use(&q, &s, 0, "ward")->plain = true;
	EXPECT_EQ(request_run(&tpm, &q), SESS(TPM_RC_BAD_AUTH, 1));
	request_new(&q, TPM_CC_Unseal, 1, sealed, 0);
	request_use(&q, &s, 0, "word")->plain = true;
	EXPECT_EQ(request_run(&tpm, &q), 0);
	EXPECT_EQ(q.out.len, 2 + sizeof(secret));
	EXPECT_MEM(q.out.data + 2, secret, sizeof(secret));
	tear_down();
}

/* ---- PolicyCounterTimer ---- */

static void counter_timer_at(u16 offset, u16 len)
{
	static const u8 turn[] = { 0, 0x01, 0x80, 0xff };
	u8 operand[25];
	unsigned int i;
	u16 op;

	for (i = 0; i < 2 * ARRAY_SIZE(turn); i++) {
		memcpy(operand, time_info + offset, len);
		if (len)
			operand[i & 1 ? len - 1 : 0] ^= turn[i / 2];
		for (op = 0; op < 12; op++)
			EXPECT_EQ(policy_counter(&s, operand, len, offset, op),
				  holds(op, time_info + offset, operand, len) ? 0 :
				  RAW(TPM_RC_POLICY));
	}
}

static void counter_timer(void)
{
	u16 offset, len;
	u8 more[26] = { 0 };
	u32 sealed;

	set_up();
	now += 0x0102;
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	for (offset = 0; offset <= 25; offset++)
		for (len = 0; len <= 25 - offset; len++) {
			counter_timer_at(offset, len);
			OK_SO_FAR();
		}
	EXPECT_EQ(policy_counter(&s, more, 26, 0, 0), RAW(TPM_RC_RANGE));
	EXPECT_EQ(policy_counter(&s, more, 1, 25, 0), RAW(TPM_RC_RANGE));
	EXPECT_EQ(policy_counter(&s, more, 0, 26, 0), P(TPM_RC_VALUE, 2));
	EXPECT_EQ(policy_counter(&s, more, 2, 0xffff, 0), P(TPM_RC_VALUE, 2));
	EXPECT_EQ(policy_counter(&s, more, 1, 0, 12), P(TPM_RC_VALUE, 3));
	/* until Time is 0x0200 */
	EXPECT_EQ(simple(TPM_CC_PolicyRestart, &s), 0);
	ref_reset(&ref, SHA256);
	ref_counter(&ref, "\0\0\0\0\0\0\2", 8, 0, 5);
	EXPECT_EQ(seal(&ref, 0, "", &sealed), 0);
	EXPECT_EQ(policy_counter(&s, "\0\0\0\0\0\0\2", 8, 0, 5), 0);
	EXPECT_EQ(unseal_by(sealed, &s), 0);
	now += 0x00fe;
	EXPECT_EQ(policy_counter(&s, "\0\0\0\0\0\0\2", 8, 0, 5), RAW(TPM_RC_POLICY));
	EXPECT_EQ(unseal_by(sealed, &s), SESS(TPM_RC_POLICY_FAIL, 1));
	tear_down();
}

/* ---- PolicyRestart ---- */

/* Nothing of what was gathered is left: digest, command, cpHash, PCRs, password, end. */
static void restart(void)
{
	u8 cp[32] = { 1 };
	struct grant g = { .cp = cp, .cp_len = 32, .expiration = 1 };
	struct session hmac;
	u32 sealed;

	set_up();
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	EXPECT_EQ(simple(TPM_CC_PolicyPassword, &s), 0);
	EXPECT_EQ(policy_code(&s, TPM_CC_Certify), 0);
	EXPECT_EQ(policy_pcr(&s, NULL, 0), 0);
	EXPECT_EQ(policy_secret(&s, TPM_RH_OWNER, &g), 0);
	EXPECT_EQ(simple(TPM_CC_PolicyRestart, &s), 0);
	now += 5000;
	EXPECT_EQ(extend(1), 0);
	ref_reset(&ref, SHA256);
	EXPECT(digest_is(&s, &ref));
	EXPECT_EQ(policy_code(&s, TPM_CC_Unseal), 0);
	ref_update(&ref, TPM_CC_PolicyCommandCode, "\0\0\x01\x5e", 4);
	EXPECT_EQ(seal(&ref, 0, "word", &sealed), 0);
	EXPECT_EQ(unseal_by(sealed, &s), 0);
	/* policy commands are for policy sessions */
	EXPECT_EQ(open_policy(&hmac, TPM_SE_HMAC, SHA256), 0);
	EXPECT_EQ(policy_code(&hmac, TPM_CC_Unseal), H(TPM_RC_VALUE, 1));
	EXPECT_EQ(simple(TPM_CC_PolicyGetDigest, &hmac), H(TPM_RC_VALUE, 1));
	tear_down();
}

static const struct test_case cases[] = {
	{ "digests", digests },
	{ "pcr-value", pcr_value },
	{ "pcr-trial", pcr_trial },
	{ "pcr-not-there", pcr_not_there },
	{ "T30-pcr-changed", pcr_changed },
	{ "or-lists", or_lists },
	{ "command-code", command_code },
	{ "admin-role", admin_role },
	{ "auth-values", auth_values },
	{ "counter-timer", counter_timer },
	{ "restart", restart },
};

TEST_MAIN("policy-cmd", cases)
