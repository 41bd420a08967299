// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy commands (Part 3, 23): every digest against one that OpenSSL
 * computes here, every check against a sealed object that opens or stays shut.
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

/* ---- PolicySecret, PolicySigned ---- */

/* What both check, run through one of them */
static u32 grant_with(const struct signing *k, const struct grant *g)
{
	return k ? policy_signed(&s, k, k, g) : policy_secret(&s, TPM_RH_OWNER, g);
}

static void grant_checks(const struct signing *k)
{
	u8 cp[33] = { 1 }, other[32] = { 2 };

	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	EXPECT_EQ(grant_with(k, &(struct grant){ .nonce = true, .other_nonce = true }),
		  P(TPM_RC_NONCE, 1));
	EXPECT_EQ(grant_with(k, &(struct grant){ .cp = cp, .cp_len = 31 }), P(TPM_RC_SIZE, 2));
	EXPECT_EQ(grant_with(k, &(struct grant){ .cp = cp, .cp_len = 33 }), P(TPM_RC_SIZE, 2));
	ref_reset(&ref, SHA256);
	EXPECT(digest_is(&s, &ref));
	EXPECT_EQ(grant_with(k, &(struct grant){ .cp = cp, .cp_len = 32 }), 0);
	EXPECT_EQ(grant_with(k, &(struct grant){ .cp = cp, .cp_len = 32 }), 0);
	EXPECT_EQ(grant_with(k, &(struct grant){ .cp = other, .cp_len = 32 }),
		  RAW(TPM_RC_CPHASH));
	EXPECT_EQ(grant_with(k, &(struct grant){ .ref = "no cpHash is fine" }), 0);
	EXPECT_EQ(tpm_flush(&tpm, s.handle), 0);
}

/* The ticket that a negative expiration gives, and what it says */
static void grant_tickets(const struct signing *k)
{
	u16 tag = k ? TPM_ST_AUTH_SIGNED : TPM_ST_AUTH_SECRET;
	const u64 until_reset = 1ull << 63;

	now = 10000;	/* Time is 5000 */
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	now = 12000;
	EXPECT_EQ(grant_with(k, &(struct grant){ .expiration = 0 }), 0);
	EXPECT(ticket_is(tag, TPM_RH_NULL, 0, 0));
	EXPECT_EQ(grant_with(k, &(struct grant){ .expiration = 60 }), 0);
	EXPECT(ticket_is(tag, TPM_RH_NULL, 0, 0));
	EXPECT_EQ(grant_with(k, &(struct grant){ .expiration = -60, .nonce = true }), 0);
	EXPECT(ticket_is(tag, TPM_RH_OWNER, 8, 65000));
	EXPECT_EQ(grant_with(k, &(struct grant){ .expiration = -60 }), 0);
	EXPECT(ticket_is(tag, TPM_RH_OWNER, 8, until_reset | 60000));
	/* two seconds since the start, so what was good for one of them is over */
	EXPECT_EQ(grant_with(k, &(struct grant){ .expiration = 1, .nonce = true }),
		  P(TPM_RC_EXPIRED, 4));
	EXPECT_EQ(grant_with(k, &(struct grant){ .expiration = -1, .nonce = true }),
		  P(TPM_RC_EXPIRED, 4));
	/* without a nonce it is a time, and Time is 7 s */
	EXPECT_EQ(grant_with(k, &(struct grant){ .expiration = 6 }), P(TPM_RC_EXPIRED, 4));
	EXPECT_EQ(grant_with(k, &(struct grant){ .expiration = 7 }), 0);
	EXPECT_EQ(tpm_flush(&tpm, s.handle), 0);
	EXPECT_EQ(open_policy(&s, TPM_SE_TRIAL, SHA256), 0);
	EXPECT_EQ(grant_with(k, &(struct grant){ .expiration = -60 }), 0);
	EXPECT(ticket_is(tag, TPM_RH_NULL, 0, 0));
	EXPECT_EQ(tpm_flush(&tpm, s.handle), 0);
}

/* Unseal until the authorization ends, and not a millisecond longer. */
static void grant_expires(const struct signing *k, s32 expiration, const struct ref *want)
{
	struct grant g = { .nonce = true, .ref = "r", .expiration = expiration };
	u32 sealed;

	EXPECT_EQ(seal(want, 0, "", &sealed), 0);
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	EXPECT_EQ(grant_with(k, &g), 0);
	EXPECT(digest_is(&s, want));
	now += 10000;
	EXPECT_EQ(unseal_by(sealed, &s), 0);
	EXPECT_EQ(tpm_flush(&tpm, s.handle), 0);
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	EXPECT_EQ(grant_with(k, &g), 0);
	now += 10001;
	EXPECT_EQ(unseal_by(sealed, &s), SESS(TPM_RC_EXPIRED, 1));
	EXPECT_EQ(tpm_flush(&tpm, s.handle), 0);
	EXPECT_EQ(tpm_flush(&tpm, sealed), 0);
}

/* Bound to one command on one object: another object of the same policy stays shut. */
static void grant_command(const struct signing *k, const struct ref *want)
{
	struct bytes name, qualified;
	struct buf b = { .len = 0 };
	u8 cp[32];
	u32 one, two;

	EXPECT_EQ(seal(want, 0, "", &one), 0);
	EXPECT_EQ(seal(want, UWA, "", &two), 0);
	EXPECT_EQ(read_name(&tpm, one, &name, &qualified), 0);
	buf_u32(&b, TPM_CC_Unseal);
	buf_add(&b, name.data, name.size);
	buf_hash(&b, SHA256, cp);
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	EXPECT_EQ(grant_with(k, &(struct grant){ .cp = cp, .cp_len = 32, .ref = "r" }), 0);
	EXPECT_EQ(unseal_by(two, &s), SESS(TPM_RC_POLICY_FAIL, 1));
	EXPECT_EQ(unseal_by(one, &s), 0);
	EXPECT_EQ(tpm_flush(&tpm, one), 0);
	EXPECT_EQ(tpm_flush(&tpm, two), 0);
	EXPECT_EQ(tpm_flush(&tpm, s.handle), 0);
}

static void grants(const struct signing *k)
{
	struct bytes owner = { 4, { 0x40, 0, 0, 1 } };
	struct ref want;

	ref_reset(&want, SHA256);
	ref_entity(&want, k ? TPM_CC_PolicySigned : TPM_CC_PolicySecret, k ? &k->name : &owner,
		   "r");
	grant_checks(k);
	OK_SO_FAR();
	grant_tickets(k);
	OK_SO_FAR();
	grant_expires(k, 10, &want);
	OK_SO_FAR();
	grant_expires(k, -10, &want);
	OK_SO_FAR();
	grant_command(k, &want);
}

static void secret_grants(void)
{
	set_up();
	grants(NULL);
	OK_SO_FAR();
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	EXPECT_EQ(policy_secret(&s, TPM_RH_OWNER, &(struct grant){ .auth = "wrong" }),
		  SESS(TPM_RC_BAD_AUTH, 1));
	ref_reset(&ref, SHA256);
	EXPECT(digest_is(&s, &ref));
	tear_down();
}

/* The secret is an object's, and stands in the policy by the object's name. */
static void secret_of_object(void)
{
	struct bytes name, qualified;
	u32 guard, sealed;

	set_up();
	ref_reset(&ref, SHA256);
	EXPECT_EQ(seal(&ref, UWA | TPMA_OBJECT_NODA, "guard", &guard), 0);
	EXPECT_EQ(read_name(&tpm, guard, &name, &qualified), 0);
	ref_entity(&ref, TPM_CC_PolicySecret, &name, "");
	EXPECT_EQ(seal(&ref, 0, "", &sealed), 0);
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	EXPECT_EQ(policy_secret(&s, guard, &(struct grant){ .auth = "gourd" }),
		  SESS(TPM_RC_BAD_AUTH, 1));
	EXPECT_EQ(policy_secret(&s, guard, &(struct grant){ .auth = "guard", .expiration = -5 }),
		  0);
	EXPECT(ticket_is(TPM_ST_AUTH_SECRET, TPM_RH_PLATFORM, 8, 1ull << 63 | 5000));
	EXPECT_EQ(unseal_by(sealed, &s), 0);
	EXPECT_EQ(unseal_by(sealed, &s), SESS(TPM_RC_POLICY_FAIL, 1));
	tear_down();
}

static void signed_grants(u16 type)
{
	struct signing k, other;
	unsigned int i;

	set_up();
	EXPECT_EQ(signing_new(&k, type), 0);
	grants(&k);
	OK_SO_FAR();
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	EXPECT_EQ(policy_signed(&s, &k, &k, &(struct grant){ .spoil = true }),
		  P(TPM_RC_SIGNATURE, 5));
	EXPECT_EQ(signing_new(&other, type == TPM_ALG_KEYEDHASH ? TPM_ALG_ECC : type), 0);
	EXPECT_EQ(policy_signed(&s, &k, &other, &(struct grant){ .ref = "" }),
		  type == TPM_ALG_KEYEDHASH ? P(TPM_RC_SCHEME, 5) : P(TPM_RC_SIGNATURE, 5));
	ref_reset(&ref, SHA256);
	EXPECT(digest_is(&s, &ref));
	for (i = 0; i < ARRAY_SIZE(hashes) && type != TPM_ALG_KEYEDHASH; i++)
		EXPECT_EQ(policy_signed(&s, &k, &k, &(struct grant){ .hash = hashes[i] }), 0);
	EVP_PKEY_free(k.pkey);
	EVP_PKEY_free(other.pkey);
	tear_down();
}

static void signed_rsa(void)
{
	signed_grants(TPM_ALG_RSA);
}

static void signed_ecdsa(void)
{
	signed_grants(TPM_ALG_ECC);
}

static void signed_hmac(void)
{
	signed_grants(TPM_ALG_KEYEDHASH);
}

/* ---- PolicyAuthorize ---- */

static void authorize_codes(const struct signing *k, struct approval *a, const u8 *policy)
{
	struct bytes name = k->name, none = { 0 };
	struct approval bad = *a;

	EXPECT_EQ(authorize(&s, policy, 32, "rev", &k->name, a), P(TPM_RC_VALUE, 4));
	EXPECT_EQ(authorize(&s, policy, 31, "ref", &k->name, a), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(authorize(&s, k->name.data, 32, "ref", &k->name, a), P(TPM_RC_VALUE, 1));
	bad.ticket.data[63] ^= 1;
	EXPECT_EQ(authorize(&s, policy, 32, "ref", &k->name, &bad), P(TPM_RC_VALUE, 4));
	bad = *a;
	bad.hierarchy = TPM_RH_PLATFORM;
	EXPECT_EQ(authorize(&s, policy, 32, "ref", &k->name, &bad), P(TPM_RC_VALUE, 4));
	bad = (struct approval){ .hierarchy = TPM_RH_NULL };
	EXPECT_EQ(authorize(&s, policy, 32, "ref", &k->name, &bad), P(TPM_RC_VALUE, 4));
	name.data[33] ^= 1;
	EXPECT_EQ(authorize(&s, policy, 32, "ref", &name, a), P(TPM_RC_VALUE, 4));
	/* T04: a name too short to have an algorithm in it, or with one that does not fit */
	EXPECT_EQ(authorize(&s, policy, 32, "ref", &none, a), P(TPM_RC_HASH, 3));
	none.size = 1;
	EXPECT_EQ(authorize(&s, policy, 32, "ref", &none, a), P(TPM_RC_HASH, 3));
	name = k->name;
	name.size = 2;
	EXPECT_EQ(authorize(&s, policy, 32, "ref", &name, a), P(TPM_RC_SIZE, 3));
	name.size = 33;
	EXPECT_EQ(authorize(&s, policy, 32, "ref", &name, a), P(TPM_RC_SIZE, 3));
}

/* One sealed object, and policies that its owner approves of later */
static void authorize_policies(void)
{
	struct ref approved;
	struct approval a;
	struct signing k;
	unsigned int i;
	u32 sealed;

	set_up();
	EXPECT_EQ(signing_new(&k, TPM_ALG_RSA), 0);
	ref_reset(&ref, SHA256);
	ref_entity(&ref, TPM_CC_PolicyAuthorize, &k.name, "ref");
	EXPECT_EQ(seal(&ref, 0, "", &sealed), 0);
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	ref_reset(&approved, SHA256);
	for (i = 0; i < 2; i++) {
		unsigned int n;

		ref_update(&approved, TPM_CC_PolicyCommandCode, "\0\0\x01\x5e", 4);
		for (n = 0; n <= i; n++)
			EXPECT_EQ(policy_code(&s, TPM_CC_Unseal), 0);
		EXPECT_EQ(unseal_by(sealed, &s), SESS(TPM_RC_POLICY_FAIL, 1));
		EXPECT_EQ(approve(&k, approved.digest, 32, "ref", &a), 0);
		EXPECT_EQ(a.hierarchy, TPM_RH_OWNER);
		authorize_codes(&k, &a, approved.digest);
		OK_SO_FAR();
		EXPECT(digest_is(&s, &approved));
		EXPECT_EQ(authorize(&s, approved.digest, 32, "ref", &k.name, &a), 0);
		EXPECT_EQ(unseal_by(sealed, &s), 0);
	}
	EVP_PKEY_free(k.pkey);
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
	{ "secret-grants", secret_grants },
	{ "secret-of-object", secret_of_object },
	{ "signed-rsa", signed_rsa },
	{ "signed-ecdsa", signed_ecdsa },
	{ "signed-hmac", signed_hmac },
	{ "T04-authorize", authorize_policies },
	{ "auth-values", auth_values },
	{ "counter-timer", counter_timer },
	{ "restart", restart },
};

TEST_MAIN("policy-cmd", cases)
