// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which of several faults a command is refused for, and what else the differential
 * test has found: sessions and what they are bound to, policies, imports.
 */
#include "policy_support.h"

#define PIN	(HR_NV_INDEX + 5)
#define SEED	32

static struct session s;

/* ---- sessions ---- */

static u32 owner_auth(const char *new)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_HierarchyChangeAuth, 1, 1, TPM_RH_OWNER);
	cmd_2b(&c, new, strlen(new));
	return cmd_run(&tpm, &c);
}

/* A command of the owner's that changes nothing */
static struct use *no_policy(struct request *q, struct session *by, u8 attrs, const char *auth)
{
	request_new(q, TPM_CC_SetPrimaryPolicy, 1, TPM_RH_OWNER, 0);
	cmd_u16(&q->params, 0);
	cmd_u16(&q->params, TPM_ALG_NULL);
	return request_use(q, by, attrs, auth);
}

static u32 run_bound(u8 attrs, bool bound)
{
	struct request q;

	no_policy(&q, &s, attrs, "one")->bound = bound;
	return request_run(&tpm, &q);
}

/* The first audit ends a session's binding; its response is still made as the command was. */
static void audit_unbinds(void)
{
	struct opening o = { TPM_SE_HMAC, SHA256, .bind = TPM_RH_OWNER, .bind_auth = "one" };

	set_up();
	EXPECT_EQ(owner_auth("one"), 0);
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	EXPECT_EQ(run_bound(0, true), 0);
	OK_SO_FAR();
	EXPECT_EQ(run_bound(TPMA_SESSION_AUDIT, true), 0);
	OK_SO_FAR();
	EXPECT_EQ(run_bound(0, true), SESS(TPM_RC_BAD_AUTH, 1));
	EXPECT_EQ(run_bound(0, false), 0);
	OK_SO_FAR();
	tear_down();
}

/* A trial session is refused in its turn: what is wrong with one before it comes first. */
static void trial_in_turn(void)
{
	struct opening o = { TPM_SE_HMAC, SHA256 };
	struct opening trial = { TPM_SE_TRIAL, SHA256, TPM_ALG_AES, 128 };
	struct session t;
	struct request q;
	int wrong;

	set_up();
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	EXPECT_EQ(session_open(&tpm, &trial, &t), 0);
	for (wrong = 0; wrong < 2; wrong++) {
		no_policy(&q, &s, 0, "")->spoil = wrong;
		request_use(&q, &t, TPMA_SESSION_DECRYPT, NULL);
		EXPECT_EQ(request_run(&tpm, &q), wrong ? SESS(TPM_RC_BAD_AUTH, 1) :
							 SESS(TPM_RC_ATTRIBUTES, 2));
	}
	tear_down();
}

/* That a session is not exclusive shows where it is read, before the sessions after it. */
static void exclusive_in_turn(void)
{
	struct opening o = { TPM_SE_HMAC, SHA256 };
	struct request q;
	u32 random;

	set_up();
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	no_policy(&q, &s, TPMA_SESSION_AUDIT, "");
	EXPECT_EQ(request_run(&tpm, &q), 0);
	no_policy(&q, NULL, 0, "");	/* not audited */
	EXPECT_EQ(request_run(&tpm, &q), 0);
	no_policy(&q, &s, TPMA_SESSION_AUDIT | TPMA_SESSION_AUDITEXCLUSIVE, "");
	request_use(&q, NULL, 0, "");	/* authorizes nothing */
	EXPECT_EQ(request_run(&tpm, &q), RAW(TPM_RC_EXCLUSIVE));
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, SHA256, TPM_ALG_NULL, &random), 0);
	tear_down();
}

static u32 start(u32 key, u16 salt_size, u32 bind)
{
	static const u8 bytes[16];
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_StartAuthSession);
	cmd_u32(&c, key);
	cmd_u32(&c, bind);
	cmd_2b(&c, bytes, 16);
	cmd_2b(&c, bytes, salt_size);
	cmd_u8(&c, TPM_SE_HMAC);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u16(&c, SHA256);
	return cmd_run(&tpm, &c);
}

static u32 define(u32 by, u32 attrs, const char *auth)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_NV_DefineSpace, 1, 1, by);
	cmd_2b(&c, auth, strlen(auth));
	cmd_u16(&c, 14);
	cmd_u32(&c, PIN);
	cmd_u16(&c, SHA256);
	cmd_u32(&c, attrs | TPMA_NV_OWNERWRITE | TPMA_NV_OWNERREAD | TPMA_NV_AUTHREAD |
		    TPMA_NV_NO_DA);
	cmd_u16(&c, 0);
	cmd_u16(&c, 8);
	return cmd_run(&tpm, &c);
}

static u32 hash_sequence(const char *auth, u32 *handle)
{
	struct cmd c;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_HashSequenceStart);
	cmd_2b(&c, auth, strlen(auth));
	cmd_u16(&c, SHA256);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

/* What a session may be bound to, and salted with (11.1) */
static void start_refused(void)
{
	static const struct tmpl es = {
		TPM_ALG_RSA, OURS | SDO | D, .scheme = TPM_ALG_RSAES, .size = 1024,
	};
	struct opening o = { TPM_SE_HMAC, SHA256, .bind_auth = "sequence" };
	struct signing k;
	struct request q;

	set_up();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &es, &o.salt_key), 0);
	EXPECT_EQ(session_open(&tpm, &o, &s), P(TPM_RC_VALUE, 2));
	o.salt_key = 0;
	EXPECT_EQ(signing_new(&k, TPM_ALG_ECC), 0);	/* its public part alone */
	EXPECT_EQ(define(TPM_RH_OWNER, TPM_NT_PIN_PASS << 4, "pin"), 0);
	EXPECT_EQ(start(k.handle, 8, TPM_RH_NULL), H(TPM_RC_HANDLE, 1));
	EXPECT_EQ(start(TPM_RH_NULL, 0, k.handle), H(TPM_RC_HANDLE, 2));
	EXPECT_EQ(start(TPM_RH_NULL, 1, k.handle), P(TPM_RC_VALUE, 2));
	EXPECT_EQ(start(TPM_RH_NULL, 0, PIN), H(TPM_RC_HANDLE, 2));
	EXPECT_EQ(hash_sequence("sequence", &o.bind), 0);
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	request_new(&q, TPM_CC_SequenceUpdate, 1, o.bind, 0);
	cmd_2b(&q.params, "abc", 3);
	request_use(&q, &s, 0, "sequence")->bound = true;
	EXPECT_EQ(request_run(&tpm, &q), 0);
	EVP_PKEY_free(k.pkey);
	tear_down();
}

/* Who guesses at a session's key guesses at what it is bound to, whatever it authorizes. */
static void guess_at_lockout(void)
{
	struct opening o = { TPM_SE_HMAC, SHA256, .bind = TPM_RH_LOCKOUT, .bind_auth = "" };
	struct request q;
	struct cmd c;

	set_up();
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	no_policy(&q, &s, 0, "")->spoil = true;
	EXPECT_EQ(request_run(&tpm, &q), SESS(TPM_RC_AUTH_FAIL, 1));
	cmd_begin_pw(&c, TPM_CC_DictionaryAttackLockReset, 1, 1, TPM_RH_LOCKOUT);
	EXPECT_EQ(cmd_run(&tpm, &c), RAW(TPM_RC_LOCKOUT));
	tear_down();
}

/* TPM2_Startup where it is not due is refused as such, whatever else is wrong with it. */
static void startup_twice(void)
{
	struct cmd c;
	u16 type;

	set_up();
	for (type = 0; type < 4; type++) {
		cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_Startup);
		cmd_bytes(&c, "\0\0\7", type);
		EXPECT_EQ(cmd_run(&tpm, &c), RAW(TPM_RC_INITIALIZE));
	}
	tear_down();
}

/* ---- policies ---- */

static u32 by_policy(u32 code, u32 handle, const struct session *by)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, code);
	cmd_u32(&c, handle);
	cmd_auths(&c);
	cmd_session(&c, by->handle, TPMA_SESSION_CONTINUE);
	cmd_auths_end(&c);
	cmd_u16(&c, 0);
	return cmd_run(&tpm, &c);
}

/* A sequence has an auth value and no policy; PCRs that have a policy want it. */
static void where_policies_are(void)
{
	struct cmd c;
	u32 seq;

	set_up();
	EXPECT_EQ(hash_sequence("", &seq), 0);
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	EXPECT_EQ(by_policy(TPM_CC_SequenceUpdate, seq, &s), RAW(TPM_RC_AUTH_UNAVAILABLE));
	EXPECT_EQ(by_policy(TPM_CC_PCR_SetAuthValue, 20, &s), SESS(TPM_RC_POLICY_FAIL, 1));
	cmd_begin_pw(&c, TPM_CC_PCR_SetAuthPolicy, 1, 1, TPM_RH_PLATFORM);
	cmd_2b(&c, "thirty-two bytes of some policy!", 32);
	cmd_u16(&c, SHA256);
	cmd_u32(&c, 20);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	cmd_begin_pw(&c, TPM_CC_PCR_SetAuthValue, 1, 1, 20);
	cmd_u16(&c, 0);
	EXPECT_EQ(cmd_run(&tpm, &c), RAW(TPM_RC_AUTH_TYPE));
	EXPECT_EQ(by_policy(TPM_CC_PCR_SetAuthValue, 20, &s), SESS(TPM_RC_POLICY_FAIL, 1));
	tear_down();
}

/* A trial proves nothing, but what could never be proved it refuses too. */
static void trial_refuses(void)
{
	struct bytes name = { 34, { 0, 0x0b } };
	struct approval none = { .hierarchy = TPM_RH_NULL };
	static const u8 two[2];

	set_up();
	EXPECT_EQ(open_policy(&s, TPM_SE_TRIAL, SHA256), 0);
	EXPECT_EQ(authorize(&s, NULL, 0, "", &name, &none), 0);
	name.size = 33;
	EXPECT_EQ(authorize(&s, NULL, 0, "", &name, &none), P(TPM_RC_SIZE, 3));
	name.data[1] = 0x3b;
	EXPECT_EQ(authorize(&s, NULL, 0, "", &name, &none), P(TPM_RC_HASH, 3));
	EXPECT_EQ(policy_counter(&s, two, 2, 23, 0), 0);
	EXPECT_EQ(policy_counter(&s, two, 2, 24, 0), RAW(TPM_RC_RANGE));
	EXPECT_EQ(policy_counter(&s, two, 2, 26, 0), P(TPM_RC_VALUE, 2));
	tear_down();
}

/* A session's policy and its time begin anew with each nonce, whatever it served for. */
static void new_nonce(void)
{
	struct opening o = { TPM_SE_POLICY, SHA256, TPM_ALG_AES, 128 };
	struct grant soon = { .expiration = 1, .nonce = true };
	struct request q;
	struct ref ref;

	set_up();
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	EXPECT_EQ(simple(TPM_CC_PolicyAuthValue, &s), 0);
	now += 3000;
	request_new(&q, TPM_CC_GetRandom, 0, 0, 0);
	cmd_u16(&q.params, 8);
	request_use(&q, &s, TPMA_SESSION_ENCRYPT, NULL)->policy = true;
	EXPECT_EQ(request_run(&tpm, &q), 0);
	ref_reset(&ref, SHA256);
	EXPECT(digest_is(&s, &ref));
	now += 900;
	EXPECT_EQ(policy_secret(&s, TPM_RH_OWNER, &soon), 0);
	now += 200;
	EXPECT_EQ(policy_secret(&s, TPM_RH_OWNER, &soon), P(TPM_RC_EXPIRED, 4));
	tear_down();
}

static u32 policy_hash(u32 code, u16 size)
{
	static const u8 hash[32] = { 1 };
	struct cmd c;

	begin(&c, code, &s);
	cmd_2b(&c, hash, size);
	return cmd_run(&tpm, &c);
}

/* One thing for which a policy is good, of each kind */
static void one_hash(void)
{
	set_up();
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	EXPECT_EQ(policy_hash(TPM_CC_PolicyCpHash, 32), 0);
	EXPECT_EQ(policy_hash(TPM_CC_PolicyTemplate, 32), RAW(TPM_RC_CPHASH));
	EXPECT_EQ(policy_hash(TPM_CC_PolicyTemplate, 31), RAW(TPM_RC_CPHASH));
	EXPECT_EQ(simple(TPM_CC_PolicyRestart, &s), 0);
	EXPECT_EQ(policy_hash(TPM_CC_PolicyTemplate, 32), 0);
	EXPECT_EQ(policy_hash(TPM_CC_PolicyTemplate, 32), 0);
	tear_down();
}

/* What of a policy is looked at first: PCRs, its digest, its time, its command, its locality */
static void policy_order(void)
{
	struct grant soon = { .expiration = 1, .nonce = true };
	struct ref ref;
	struct cmd c;
	u32 sealed;

	set_up();
	memset(pcr10, 0, sizeof(pcr10));
	ref_reset(&ref, SHA256);
	EXPECT_EQ(seal(&ref, 0, "", &sealed), 0);
	EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
	EXPECT_EQ(policy_pcr(&s, NULL, 0), 0);
	EXPECT_EQ(unseal_by(sealed, &s), SESS(TPM_RC_POLICY_FAIL, 1));
	EXPECT_EQ(extend(10), 0);
	EXPECT_EQ(policy_pcr(&s, ref.digest, 32), RAW(TPM_RC_PCR_CHANGED));
	EXPECT_EQ(unseal_by(sealed, &s), RAW(TPM_RC_PCR_CHANGED));

	EXPECT_EQ(simple(TPM_CC_PolicyRestart, &s), 0);
	EXPECT_EQ(policy_secret(&s, TPM_RH_OWNER, &soon), 0);
	EXPECT_EQ(policy_code(&s, TPM_CC_Sign), 0);
	begin(&c, TPM_CC_PolicyLocality, &s);
	cmd_u8(&c, 2);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	EXPECT_EQ(simple(TPM_CC_PolicyGetDigest, &s), 0);
	memcpy(ref.digest, tpm.rsp + 12, 32);
	EXPECT_EQ(seal(&ref, 0, "", &sealed), 0);
	EXPECT_EQ(unseal_by(sealed, &s), SESS(TPM_RC_POLICY_CC, 1));
	now += 1001;
	EXPECT_EQ(unseal_by(sealed, &s), SESS(TPM_RC_EXPIRED, 1));
	tear_down();
}

/* Of the ticket that was given: after timeout and tag */
static u32 ticket_hierarchy(void)
{
	struct rsp r = rsp_params(&tpm, NULL);
	u16 len;

	rsp_2b(&r, &len);
	rsp_u16(&r);
	return rsp_u32(&r);
}

/* A ticket is of the hierarchy of who authorized: an index is its creator's. */
static void ticket_of_index(void)
{
	struct grant g = { .expiration = -100, .auth = "index" };
	struct cmd c;
	int platform;

	set_up();
	for (platform = 0; platform < 2; platform++) {
		u32 by = platform ? TPM_RH_PLATFORM : TPM_RH_OWNER;
		u32 attrs = platform ? TPMA_NV_PLATFORMCREATE : 0;

		EXPECT_EQ(define(by, attrs, "index"), 0);
		cmd_begin_pw(&c, TPM_CC_NV_Write, 2, 1, TPM_RH_OWNER, PIN);
		cmd_2b(&c, "contents", 8);
		cmd_u16(&c, 0);
		EXPECT_EQ(cmd_run(&tpm, &c), 0);
		EXPECT_EQ(open_policy(&s, TPM_SE_POLICY, SHA256), 0);
		EXPECT_EQ(policy_secret(&s, PIN, &g), 0);
		EXPECT_EQ(ticket_hierarchy(), by);
		cmd_begin_pw(&c, TPM_CC_NV_UndefineSpace, 2, 1, by, PIN);
		EXPECT_EQ(cmd_run(&tpm, &c), 0);
	}
	tear_down();
}

/* ---- attestation ---- */

static void audit_signer(void)
{
	struct ref ref;
	struct cmd c;
	u32 key, session;

	set_up();
	ref_reset(&ref, SHA256);
	EXPECT_EQ(seal(&ref, UWA, "", &key), 0);	/* signs nothing */
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, SHA256, TPM_ALG_NULL, &session), 0);
	cmd_begin_pw(&c, TPM_CC_GetSessionAuditDigest, 3, 2, TPM_RH_ENDORSEMENT, key, session);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	EXPECT_EQ(cmd_run(&tpm, &c), H(TPM_RC_KEY, 2));
	cmd_begin_pw(&c, TPM_CC_GetSessionAuditDigest, 3, 2, TPM_RH_ENDORSEMENT, TPM_RH_NULL,
		     session);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	EXPECT_EQ(cmd_run(&tpm, &c), H(TPM_RC_TYPE, 3));
	tear_down();
}

/* ---- imports ---- */

/**
 * struct import - an HMAC key in the clear
 * @attrs: beside sign
 * @scheme: HMAC unless told
 * @auth: bytes of its authValue
 * @seed: bytes of inSymSeed
 */
struct import {
	u32 attrs;
	u16 scheme, auth, seed;
};

static u32 import(u32 parent, const struct import *im)
{
	u8 bytes[64];
	struct cmd c;
	u32 at;

	memset(bytes, 1, sizeof(bytes));
	cmd_begin_pw(&c, TPM_CC_Import, 1, 1, parent);
	cmd_u16(&c, 0);
	at = c.len;
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_KEYEDHASH);
	cmd_u16(&c, SHA256);
	cmd_u32(&c, TPMA_OBJECT_SIGN | UWA | im->attrs);
	cmd_u16(&c, 0);
	cmd_u16(&c, im->scheme ? im->scheme : TPM_ALG_HMAC);
	cmd_u16(&c, SHA256);
	if (im->scheme == TPM_ALG_XOR)
		cmd_u16(&c, TPM_ALG_KDF1_SP800_108);
	cmd_2b(&c, bytes, 32);
	put_size(&c, at);
	at = c.len;
	cmd_u16(&c, 0);
	cmd_u16(&c, 2 + 2 + im->auth + 2 + SEED + 2 + 16);
	cmd_u16(&c, TPM_ALG_KEYEDHASH);
	cmd_2b(&c, bytes, im->auth);
	cmd_2b(&c, bytes, SEED);
	cmd_2b(&c, bytes, 16);
	put_size(&c, at);
	cmd_2b(&c, bytes, im->seed);
	cmd_u16(&c, TPM_ALG_NULL);
	return cmd_run(&tpm, &c);
}

static void import_order(void)
{
	static const struct tmpl parents[] = {
		{ TPM_ALG_ECC, STORAGE, TPM_ALG_AES, 128 },
		{ TPM_ALG_SYMCIPHER, STORAGE, TPM_ALG_AES, 128 },
		{ TPM_ALG_SYMCIPHER, STORAGE & ~(FT | FP), TPM_ALG_AES, 128 },
	};
	u32 parent[3], i;

	set_up();
	for (i = 0; i < 3; i++)
		EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &parents[i], &parent[i]), 0);
	/* what objectPublic says, then how long the auth value is */
	EXPECT_EQ(import(parent[0], &(struct import){ .scheme = TPM_ALG_XOR, .auth = 33 }),
		  P(TPM_RC_SCHEME, 2));
	EXPECT_EQ(import(parent[0], &(struct import){ .auth = 33 }), P(TPM_RC_SIZE, 3));
	/* which nobody else looks at below a parent that is not fixedTPM */
	EXPECT_EQ(import(parent[2], &(struct import){ .auth = 33 }), P(TPM_RC_SIZE, 3));
	EXPECT_EQ(import(parent[2], &(struct import){ .auth = 32 }), 0);
	/* a symmetric parent opens no seed; what it is to do besides comes first */
	EXPECT_EQ(import(parent[1], &(struct import){ .seed = 8 }), H(TPM_RC_TYPE, 1));
	EXPECT_EQ(import(parent[1], &(struct import){ .attrs = ED, .seed = 8 }),
		  P(TPM_RC_ATTRIBUTES, 1));
	tear_down();
}

static const struct test_case cases[] = {
	{ "audit_unbinds", audit_unbinds },
	{ "trial_in_turn", trial_in_turn },
	{ "exclusive_in_turn", exclusive_in_turn },
	{ "start_refused", start_refused },
	{ "guess_at_lockout", guess_at_lockout },
	{ "startup_twice", startup_twice },
	{ "where_policies_are", where_policies_are },
	{ "trial_refuses", trial_refuses },
	{ "new_nonce", new_nonce },
	{ "one_hash", one_hash },
	{ "policy_order", policy_order },
	{ "ticket_of_index", ticket_of_index },
	{ "audit_signer", audit_signer },
	{ "import_order", import_order },
};

TEST_MAIN("order", cases)
