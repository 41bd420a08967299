// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy commands by which another grants something (Part 3, 23): PolicySecret,
 * PolicySigned and PolicyAuthorize, each tried on a sealed object.
 */
#include "policy_support.h"

static struct session s;
static struct ref ref;

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

static const struct test_case cases[] = {
	{ "secret-grants", secret_grants },
	{ "secret-of-object", secret_of_object },
	{ "signed-rsa", signed_rsa },
	{ "signed-ecdsa", signed_ecdsa },
	{ "signed-hmac", signed_hmac },
	{ "T04-authorize", authorize_policies },
};

TEST_MAIN("policy-cmd", cases)
