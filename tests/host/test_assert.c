// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies that speak of the command to come, and what the TPM keeps a log of:
 * assertions, tickets, session and command audit, attested time (Part 3, 18.5
 * to 18.7, 21, 23). Digests are computed here, with OpenSSL.
 */
#include "session_support.h"

static struct host_tpm tpm;

static void set_up(void)
{
	host_tpm_new(&tpm, NULL);
}

static void tear_down(void)
{
	long left = host_tpm_free(&tpm);

	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

/* ---- policies ---- */

static u32 new_policy(bool trial)
{
	u32 handle = 0;

	if (tpm_start_session(&tpm, trial ? TPM_SE_TRIAL : TPM_SE_POLICY, TPM_ALG_SHA256,
			      TPM_ALG_NULL, &handle))
		abort();
	return handle;
}

static void digest_of(u32 session, u8 *digest)
{
	struct cmd c;
	struct rsp r;
	u16 len;

	cmd_begin_pw(&c, TPM_CC_PolicyGetDigest, 1, 0, session);
	if (cmd_run(&tpm, &c))
		abort();
	r = rsp_params(&tpm, NULL);
	memcpy(digest, rsp_2b(&r, &len), 32);
}

static u32 assertion(u32 code, u32 session, const void *params, u32 len)
{
	struct cmd c;

	cmd_begin_pw(&c, code, 1, 0, session);
	cmd_bytes(&c, params, len);
	return cmd_run(&tpm, &c);
}

static u32 hash_assertion(u32 code, u32 session, const u8 *hash, u16 len)
{
	u8 b[80];

	put_unaligned_be16(len, b);
	memcpy(b + 2, hash, len);
	return assertion(code, session, b, 2 + len);
}

/* H(zeros || code || data) */
static void ref_policy(u32 code, const void *data, u32 len, u8 *out)
{
	static const u8 zeros[32];
	struct buf b = { .len = 0 };

	buf_add(&b, zeros, 32);
	buf_u32(&b, code);
	buf_add(&b, data, len);
	buf_hash(&b, TPM_ALG_SHA256, out);
}

static u32 owner_policy(const u8 *digest)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_SetPrimaryPolicy, 1, 1, TPM_RH_OWNER);
	cmd_2b(&c, digest, 32);
	cmd_u16(&c, TPM_ALG_SHA256);
	return cmd_run(&tpm, &c);
}

/* TPM2_ClockSet by the owner's policy */
static u32 clock_by(u32 session, u64 to)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_ClockSet);
	cmd_u32(&c, TPM_RH_OWNER);
	cmd_auths(&c);
	cmd_session(&c, session, TPMA_SESSION_CONTINUE);
	cmd_auths_end(&c);
	cmd_u64(&c, to);
	return cmd_run(&tpm, &c);
}

#define LATER	BIT_ULL(40)

static void clock_hash(bool code, bool name, bool param, u64 to, u8 *out)
{
	struct buf b = { .len = 0 };

	if (code)
		buf_u32(&b, TPM_CC_ClockSet);
	if (name)
		buf_u32(&b, TPM_RH_OWNER);
	if (param) {
		buf_u32(&b, to >> 32);
		buf_u32(&b, (u32)to);
	}
	buf_hash(&b, TPM_ALG_SHA256, out);
}

/* What the session is bound to is what may be done with it. */
static void bound_to(u32 code, const u8 *hash, bool again)
{
	u8 expected[32], digest[32], other[32] = { 9 };
	u32 session;

	ref_policy(code, hash, 32, expected);
	session = new_policy(true);
	EXPECT_EQ(hash_assertion(code, session, hash, 32), 0);
	digest_of(session, digest);
	EXPECT_MEM(digest, expected, 32);
	tpm_flush(&tpm, session);
	EXPECT_EQ(owner_policy(expected), 0);
	session = new_policy(false);
	EXPECT_EQ(hash_assertion(code, session, hash, 31), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(hash_assertion(code, session, hash, 0), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(hash_assertion(code, session, hash, 32), 0);
	EXPECT_EQ(hash_assertion(code, session, other, 32),
		  code == TPM_CC_PolicyTemplate ? P(TPM_RC_VALUE, 1) : RAW(TPM_RC_CPHASH));
	EXPECT_EQ(clock_by(session, LATER + 1), 0x99d);
	EXPECT_EQ(clock_by(session, LATER), code == TPM_CC_PolicyTemplate ? 0x99d : 0);
	/* the use has reset it */
	if (code != TPM_CC_PolicyTemplate)
		EXPECT_EQ(hash_assertion(code, session, other, 32), 0);
	tpm_flush(&tpm, session);
	session = new_policy(false);
	EXPECT_EQ(hash_assertion(code, session, hash, 32), 0);
	EXPECT_EQ(hash_assertion(code, session, hash, 32), again ? 0 : RAW(TPM_RC_CPHASH));
	tpm_flush(&tpm, session);
}

static void cp_hash(void)
{
	u8 hash[32];

	set_up();
	clock_hash(true, true, true, LATER, hash);
	bound_to(TPM_CC_PolicyCpHash, hash, true);
	tear_down();
}

static void parameters(void)
{
	u8 hash[32];

	set_up();
	clock_hash(true, false, true, LATER, hash);
	bound_to(TPM_CC_PolicyParameters, hash, true);
	tear_down();
}

static void template_elsewhere(void)
{
	u8 hash[32] = { 1 };

	set_up();
	bound_to(TPM_CC_PolicyTemplate, hash, true);
	tear_down();
}

static void name_hash(void)
{
	u8 hash[32], expected[32];
	u32 session;

	set_up();
	clock_hash(false, true, false, 0, hash);
	ref_policy(TPM_CC_PolicyNameHash, hash, 32, expected);
	EXPECT_EQ(owner_policy(expected), 0);
	session = new_policy(false);
	EXPECT_EQ(hash_assertion(TPM_CC_PolicyNameHash, session, hash, 32), 0);
	EXPECT_EQ(hash_assertion(TPM_CC_PolicyNameHash, session, hash, 32), RAW(TPM_RC_CPHASH));
	EXPECT_EQ(hash_assertion(TPM_CC_PolicyCpHash, session, hash, 32), RAW(TPM_RC_CPHASH));
	EXPECT_EQ(clock_by(session, LATER), 0);
	hash[3] ^= 1;
	ref_policy(TPM_CC_PolicyNameHash, hash, 32, expected);
	EXPECT_EQ(owner_policy(expected), 0);
	EXPECT_EQ(hash_assertion(TPM_CC_PolicyNameHash, session, hash, 32), 0);
	EXPECT_EQ(clock_by(session, LATER), 0x99d);
	tear_down();
}

/* A primary key may be made from just one template. */
static void template_hash(void)
{
	struct cmd t = { .len = 0 };
	u8 hash[32], expected[32];
	u32 session, i;
	struct buf b = { .len = 0 };
	struct cmd c;

	set_up();
	put_template(&t, &storage_template);
	buf_add(&b, t.buf + 2, t.len - 2);
	buf_hash(&b, TPM_ALG_SHA256, hash);
	ref_policy(TPM_CC_PolicyTemplate, hash, 32, expected);
	EXPECT_EQ(owner_policy(expected), 0);
	session = new_policy(false);
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(hash_assertion(TPM_CC_PolicyTemplate, session, hash, 32), 0);
		cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_CreatePrimary);
		cmd_u32(&c, TPM_RH_OWNER);
		cmd_auths(&c);
		cmd_session(&c, session, TPMA_SESSION_CONTINUE);
		cmd_auths_end(&c);
		put_sensitive_create(&c, "", NULL, 0);
		put_template(&c, i ? &sign_template : &storage_template);
		cmd_u16(&c, 0);
		cmd_u32(&c, 0);
		EXPECT_EQ(cmd_run(&tpm, &c), i ? 0x99d : 0);
	}
	tear_down();
}

static void locality(void)
{
	u8 expected[32], digest[32];
	u32 session;

	set_up();
	session = new_policy(false);
	EXPECT_EQ(assertion(TPM_CC_PolicyLocality, session, "\0", 1), P(TPM_RC_RANGE, 1));
	EXPECT_EQ(assertion(TPM_CC_PolicyLocality, session, "\x06", 1), 0);
	EXPECT_EQ(assertion(TPM_CC_PolicyLocality, session, "\x08", 1), P(TPM_RC_RANGE, 1));
	EXPECT_EQ(assertion(TPM_CC_PolicyLocality, session, "\x20", 1), P(TPM_RC_RANGE, 1));
	digest_of(session, digest);
	ref_policy(TPM_CC_PolicyLocality, "\x06", 1, expected);
	EXPECT_MEM(digest, expected, 32);
	EXPECT_EQ(owner_policy(expected), 0);
	EXPECT_EQ(clock_by(session, LATER), RAW(TPM_RC_LOCALITY));
	tpm.locality = 2;
	EXPECT_EQ(clock_by(session, LATER), 0);
	/* 0x21 is locality 33, not 0 and 5 */
	ref_policy(TPM_CC_PolicyLocality, "\x21", 1, expected);
	tpm.locality = 0;
	EXPECT_EQ(owner_policy(expected), 0);
	EXPECT_EQ(assertion(TPM_CC_PolicyLocality, session, "\x21", 1), 0);
	EXPECT_EQ(assertion(TPM_CC_PolicyLocality, session, "\x22", 1), P(TPM_RC_RANGE, 1));
	EXPECT_EQ(assertion(TPM_CC_PolicyLocality, session, "\x01", 1), P(TPM_RC_RANGE, 1));
	EXPECT_EQ(clock_by(session, LATER), RAW(TPM_RC_LOCALITY));
	tear_down();
}

static void physical_presence(void)
{
	u8 expected[32];
	u32 session;

	set_up();
	ref_policy(TPM_CC_PolicyPhysicalPresence, NULL, 0, expected);
	EXPECT_EQ(owner_policy(expected), 0);
	session = new_policy(false);
	EXPECT_EQ(assertion(TPM_CC_PolicyPhysicalPresence, session, NULL, 0), 0);
	EXPECT_EQ(clock_by(session, LATER), 0x990);
	tpm2_set_presence(tpm.t, true);
	EXPECT_EQ(clock_by(session, LATER), 0);
	tear_down();
}

/* nameHash of both names; the digest has the first one on request alone */
static void duplication_select(void)
{
	u8 names[69] = { 0, 0x0b, 1, 2 }, expected[32], digest[32];
	u32 session, include;
	u8 params[73];

	set_up();
	memset(names + 34, 7, 34);
	for (include = 0; include < 2; include++) {
		put_unaligned_be16(34, params);
		memcpy(params + 2, names, 34);
		put_unaligned_be16(34, params + 36);
		memcpy(params + 38, names + 34, 34);
		params[72] = include;
		names[68] = include;
		session = new_policy(false);
		EXPECT_EQ(assertion(TPM_CC_PolicyDuplicationSelect, session, params, 73), 0);
		digest_of(session, digest);
		ref_policy(TPM_CC_PolicyDuplicationSelect, names + (include ? 0 : 34),
			   include ? 69 : 35, expected);
		EXPECT_MEM(digest, expected, 32);
		EXPECT_EQ(assertion(TPM_CC_PolicyDuplicationSelect, session, params, 73),
			  RAW(TPM_RC_CPHASH));
		EXPECT_EQ(assertion(TPM_CC_PolicyCommandCode, session, "\0\0\1\x5d", 4),
			  P(TPM_RC_VALUE, 1));
		tpm_flush(&tpm, session);
	}
	session = new_policy(false);
	EXPECT_EQ(assertion(TPM_CC_PolicyCommandCode, session, "\0\0\1\x5d", 4), 0);
	EXPECT_EQ(assertion(TPM_CC_PolicyDuplicationSelect, session, params, 73),
		  RAW(TPM_RC_COMMAND_CODE));
	tear_down();
}

/* ---- tickets ---- */

struct ticket {
	u8 timeout[8];
	u8 bytes[80];
	u32 len;
};

static u32 policy_secret(u32 session, s32 expiration, struct ticket *t)
{
	struct cmd c;
	struct rsp r;
	u16 len;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_PolicySecret, 2, 1, TPM_RH_OWNER, session);
	cmd_u16(&c, 0);
	cmd_u16(&c, 0);
	cmd_2b(&c, "ref", 3);
	cmd_u32(&c, expiration);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	memcpy(t->timeout, rsp_2b(&r, &len), 8);
	t->len = r.left;
	memcpy(t->bytes, r.p, r.left);
	return len == 8 ? 0 : 1;
}

static u32 policy_ticket(u32 session, const struct ticket *t, u16 timeout_len, const char *ref)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PolicyTicket, 1, 0, session);
	cmd_2b(&c, t->timeout, timeout_len);
	cmd_u16(&c, 0);
	cmd_2b(&c, ref, strlen(ref));
	cmd_u16(&c, 4);
	cmd_u32(&c, TPM_RH_OWNER);
	cmd_bytes(&c, t->bytes, t->len);
	return cmd_run(&tpm, &c);
}

static void tickets(void)
{
	u8 by_secret[32], by_ticket[32];
	u32 session, other, i;
	struct ticket t, empty;

	set_up();
	session = new_policy(false);
	EXPECT_EQ(policy_secret(session, -100, &t), 0);
	digest_of(session, by_secret);
	other = new_policy(false);
	EXPECT_EQ(policy_ticket(other, &t, 8, "ref"), 0);
	digest_of(other, by_ticket);
	EXPECT_MEM(by_secret, by_ticket, 32);
	EXPECT_EQ(policy_ticket(other, &t, 7, "ref"), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(policy_ticket(other, &t, 8, "rex"), P(TPM_RC_TICKET, 5));
	EXPECT_EQ(policy_ticket(new_policy(true), &t, 8, "ref"), H(TPM_RC_ATTRIBUTES, 1));
	for (i = 8; i < t.len; i += 7) {
		t.bytes[i] ^= 4;
		EXPECT_EQ(policy_ticket(other, &t, 8, "ref"), P(TPM_RC_TICKET, 5));
		t.bytes[i] ^= 4;
	}
	t.timeout[7] ^= 1;
	EXPECT_EQ(policy_ticket(other, &t, 8, "ref"), P(TPM_RC_TICKET, 5));
	t.timeout[7] ^= 1;
	t.timeout[0] ^= 0x80;	/* without the end at reset */
	EXPECT_EQ(policy_ticket(other, &t, 8, "ref"), P(TPM_RC_TICKET, 5));
	t.timeout[0] ^= 0x80;
	empty = t;
	memcpy(empty.bytes, "\x80\x23\x40\0\0\7\0\0", 8);
	empty.len = 8;
	EXPECT_EQ(policy_ticket(other, &empty, 8, "ref"), P(TPM_RC_TICKET, 5));
	tpm.t->boot_ms -= 101000;
	EXPECT_EQ(policy_ticket(other, &t, 8, "ref"), P(TPM_RC_EXPIRED, 1));
	tear_down();
}

/* ---- PolicyCapability ---- */

static u32 capability(u32 session, const void *operand, u16 len, u16 offset, u16 op, u32 cap,
		      u32 property)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PolicyCapability, 1, 0, session);
	cmd_2b(&c, operand, len);
	cmd_u16(&c, offset);
	cmd_u16(&c, op);
	cmd_u32(&c, cap);
	cmd_u32(&c, property);
	return cmd_run(&tpm, &c);
}

static void capabilities(void)
{
	struct buf b = { .len = 0 };
	u8 args[32], expected[32], digest[32];
	u32 session;

	set_up();
	session = new_policy(false);
	EXPECT_EQ(capability(session, "2.0\0", 4, 4, 0, TPM_CAP_TPM_PROPERTIES, 0x100), 0);
	buf_add(&b, "2.0\0\0\4\0\0\0\0\0\6\0\0\1\0", 16);
	buf_hash(&b, TPM_ALG_SHA256, args);
	ref_policy(TPM_CC_PolicyCapability, args, 32, expected);
	digest_of(session, digest);
	EXPECT_MEM(digest, expected, 32);
	EXPECT_EQ(capability(session, "1.2\0", 4, 4, 0, 6, 0x100), RAW(TPM_RC_POLICY));
	EXPECT_EQ(capability(session, "", 0, 9, 0, 6, 0x100), P(TPM_RC_VALUE, 2));
	EXPECT_EQ(capability(session, "12345", 5, 4, 0, 6, 0x100), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(capability(session, "", 0, 0, 12, 6, 0x100), P(TPM_RC_VALUE, 3));
	EXPECT_EQ(capability(session, "", 0, 0, 0, TPM_CAP_PCRS, 0), P(TPM_RC_VALUE, 4));
	EXPECT_EQ(capability(session, "", 0, 0, 0, 0x99, 0), P(TPM_RC_VALUE, 4));
	EXPECT_EQ(capability(session, "", 0, 0, 0, TPM_CAP_HANDLES, 0x50000000),
		  P(TPM_RC_HANDLE, 5));
	EXPECT_EQ(capability(session, "", 0, 0, 0, TPM_CAP_AUTH_POLICIES, 0), P(TPM_RC_VALUE, 5));
	/* there, and not there */
	EXPECT_EQ(capability(session, "\0\1", 2, 0, 0, TPM_CAP_ALGS, TPM_ALG_RSA), 0);
	EXPECT_EQ(capability(session, "", 0, 0, 0, TPM_CAP_ALGS, 0x99), RAW(TPM_RC_POLICY));
	EXPECT_EQ(capability(session, "", 0, 0, 1, TPM_CAP_ALGS, 0x99), 0);
	EXPECT_EQ(capability(session, "\0\3", 2, 0, 0, TPM_CAP_ECC_CURVES, 3), 0);
	EXPECT_EQ(capability(session, "", 0, 0, 0, TPM_CAP_HANDLES, 0x80000000),
		  RAW(TPM_RC_POLICY));
	EXPECT_EQ(capability(session, "", 0, 0, 0, TPM_CAP_COMMANDS, TPM_CC_GetRandom), 0);
	EXPECT_EQ(capability(session, "", 0, 0, 0, TPM_CAP_COMMANDS, 0x145 + 0x10000),
		  RAW(TPM_RC_POLICY));
	tear_down();
}

/* ---- audit ---- */

/* An attestation by nobody: the bytes after TPMS_ATTEST's common part */
static struct rsp attested(u16 type)
{
	struct rsp r = rsp_params(&tpm, NULL);
	u16 len;

	rsp_u16(&r);
	if (rsp_u32(&r) != TPM_GENERATED_VALUE || rsp_u16(&r) != type)
		r.bad = true;
	rsp_2b(&r, &len);
	rsp_2b(&r, &len);
	rsp_bytes(&r, 8 + 4 + 4 + 1 + 8);
	return r;
}

static u32 attest(u32 code, u32 key, u32 session)
{
	struct cmd c;

	cmd_begin_pw(&c, code, session ? 3 : 2, 2, TPM_RH_ENDORSEMENT, key, session);
	cmd_2b(&c, "nonce", 5);
	cmd_u16(&c, TPM_ALG_NULL);
	return cmd_run(&tpm, &c);
}

static void get_time(void)
{
	u32 key, storage;
	struct rsp r;
	u64 time;

	set_up();
	EXPECT_EQ(attest(TPM_CC_GetTime, TPM_RH_NULL, 0), 0);
	r = attested(TPM_ST_ATTEST_TIME);
	time = rsp_u64(&r);
	EXPECT(rsp_u64(&r) >= time);
	EXPECT_EQ(rsp_u32(&r), 1);
	EXPECT_EQ(rsp_u32(&r), 0);
	EXPECT_EQ(rsp_u8(&r), 1);
	EXPECT_EQ(rsp_u64(&r), 1ull << 32);
	EXPECT_EQ(rsp_u16(&r), TPM_ALG_NULL);
	EXPECT(!r.bad && !r.left);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &sign_template, &key), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &storage), 0);
	EXPECT_EQ(attest(TPM_CC_GetTime, key, 0), 0);
	EXPECT_EQ(attest(TPM_CC_GetTime, storage, 0), H(TPM_RC_KEY, 2));
	tear_down();
}

static void session_audit(void)
{
	struct opening o = { .type = TPM_SE_HMAC, .hash = TPM_ALG_SHA256 };
	u8 expected[32] = { 0 };
	struct buf b = { .len = 0 };
	struct request q;
	struct session s;
	struct rsp r;
	u16 len;

	set_up();
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	EXPECT_EQ(attest(TPM_CC_GetSessionAuditDigest, TPM_RH_NULL, s.handle), H(TPM_RC_TYPE, 3));
	request_new(&q, TPM_CC_GetRandom, 0, 0, 0);
	cmd_u16(&q.params, 8);
	request_use(&q, &s, TPMA_SESSION_AUDIT, NULL);
	EXPECT_EQ(request_run(&tpm, &q), 0);
	buf_add(&b, expected, 32);
	buf_add(&b, q.cp, 32);
	buf_add(&b, q.rp, 32);
	buf_hash(&b, TPM_ALG_SHA256, expected);
	EXPECT_EQ(attest(TPM_CC_GetSessionAuditDigest, TPM_RH_NULL, s.handle), 0);
	r = attested(TPM_ST_ATTEST_SESSION_AUDIT);
	EXPECT_EQ(rsp_u8(&r), 1);	/* nothing came between */
	EXPECT_MEM(rsp_2b(&r, &len), expected, 32);
	EXPECT(!r.bad && len == 32);
	EXPECT_EQ(attest(TPM_CC_GetSessionAuditDigest, TPM_RH_NULL, s.handle), 0);
	r = attested(TPM_ST_ATTEST_SESSION_AUDIT);
	EXPECT_EQ(rsp_u8(&r), 0);
	tear_down();
}

static u32 audit_status(u16 alg, u32 set, u32 clear)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_SetCommandCodeAuditStatus, 1, 1, TPM_RH_OWNER);
	cmd_u16(&c, alg);
	cmd_u32(&c, !!set);
	if (set)
		cmd_u32(&c, set);
	cmd_u32(&c, !!clear);
	if (clear)
		cmd_u32(&c, clear);
	return cmd_run(&tpm, &c);
}

/* old <- H(old || cpHash || rpHash) of TPM2_GetRandom(8), whose response is at hand */
static void add_random(u8 *log)
{
	struct buf cp = { .len = 0 }, rp = { .len = 0 }, both = { .len = 0 };
	u8 digest[32];

	buf_u32(&cp, TPM_CC_GetRandom);
	buf_add(&cp, "\0\x08", 2);
	buf_u32(&rp, 0);
	buf_u32(&rp, TPM_CC_GetRandom);
	buf_add(&rp, tpm.rsp + 10, tpm.rsp_len - 10);
	buf_add(&both, log, 32);
	buf_hash(&cp, TPM_ALG_SHA256, digest);
	buf_add(&both, digest, 32);
	buf_hash(&rp, TPM_ALG_SHA256, digest);
	buf_add(&both, digest, 32);
	buf_hash(&both, TPM_ALG_SHA256, log);
}

static u32 get_random(void)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetRandom);
	cmd_u16(&c, 8);
	return cmd_run(&tpm, &c);
}

static void check_log(u64 counter, const u8 *log)
{
	struct buf codes = { .len = 0 };
	struct rsp r = attested(TPM_ST_ATTEST_COMMAND_AUDIT);
	u8 expected[32];
	const u8 *p;
	u16 len;

	EXPECT_EQ(rsp_u64(&r), counter);
	EXPECT_EQ(rsp_u16(&r), TPM_ALG_SHA256);
	p = rsp_2b(&r, &len);
	EXPECT_EQ(len, log ? 32 : 0);
	if (log)
		EXPECT_MEM(p, log, 32);
	buf_u32(&codes, TPM_CC_SetCommandCodeAuditStatus);
	buf_u32(&codes, TPM_CC_GetRandom);
	buf_hash(&codes, TPM_ALG_SHA256, expected);
	p = rsp_2b(&r, &len);
	EXPECT_EQ(len, 32);
	EXPECT_MEM(p, expected, 32);
	EXPECT(!r.bad);
}

static void command_audit(void)
{
	u8 log[32] = { 0 };
	u32 key, i;

	set_up();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &sign_template, &key), 0);
	EXPECT_EQ(audit_status(TPM_ALG_NULL, TPM_CC_GetRandom,
			       TPM_CC_SetCommandCodeAuditStatus), 0);
	EXPECT_EQ(audit_status(TPM_ALG_NULL, TPM_CC_Shutdown, 0), 0);
	EXPECT_EQ(audit_status(TPM_ALG_NULL, 0x11ff, 0x20000000), 0);
	EXPECT_EQ(tpm.t->audit_counter, 1);
	EXPECT_EQ(audit_status(TPM_ALG_SHA256, TPM_CC_GetRandom, 0), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(audit_status(0x99, 0, 0), P(TPM_RC_HASH, 1));
	EXPECT_EQ(audit_status(TPM_ALG_SHA256, 0, 0), 0);	/* a new log, without this */
	EXPECT_EQ(attest(TPM_CC_GetCommandAuditDigest, TPM_RH_NULL, 0), 0);
	check_log(1, NULL);
	OK_SO_FAR();
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(get_random(), 0);
		add_random(log);
	}
	for (i = 0; i < 2; i++) {	/* nobody's signature ends no log */
		EXPECT_EQ(attest(TPM_CC_GetCommandAuditDigest, i ? key : TPM_RH_NULL, 0), 0);
		check_log(2, log);
		OK_SO_FAR();
	}
	EXPECT_EQ(attest(TPM_CC_GetCommandAuditDigest, TPM_RH_NULL, 0), 0);
	check_log(2, NULL);
	OK_SO_FAR();
	memset(log, 0, sizeof(log));
	EXPECT_EQ(get_random(), 0);
	add_random(log);
	EXPECT_EQ(attest(TPM_CC_GetCommandAuditDigest, key, 0), 0);
	check_log(3, log);
	OK_SO_FAR();
	tpm2_clear(tpm.t);		/* counts anew */
	EXPECT_EQ(attest(TPM_CC_GetCommandAuditDigest, TPM_RH_NULL, 0), 0);
	check_log(0, NULL);
	tear_down();
}

/* Audited while the lock is given up to sign: it must be in this log or in the next. */
static void random_in_between(struct host_tpm *h)
{
	static const u8 random[] = { 0x80, 1, 0, 0, 0, 12, 0, 0, 1, 0x7b, 0, 8 };
	struct tpm2_space *s;
	u8 rsp[VTPM_MAX_COMMAND];
	u8 cmd[12];

	h->in_heavy = NULL;
	memcpy(cmd, random, sizeof(cmd));
	mutex_lock(&h->lock);
	s = tpm2_space_new(h->t);
	tpm2_execute(s, 0, cmd, sizeof(cmd), rsp);
	tpm2_space_free(s);
	mutex_unlock(&h->lock);
}

static void no_audit_is_lost(void)
{
	u32 key;

	set_up();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &sign_template, &key), 0);
	EXPECT_EQ(audit_status(TPM_ALG_NULL, TPM_CC_GetRandom, 0), 0);
	tpm.in_heavy = random_in_between;
	EXPECT_EQ(attest(TPM_CC_GetCommandAuditDigest, key, 0), RAW(TPM_RC_RETRY));
	EXPECT_EQ(tpm.t->audit_counter, 1);
	EXPECT_EQ(tpm.t->audit_digest.size, 64);
	EXPECT_EQ(attest(TPM_CC_GetCommandAuditDigest, key, 0), 0);
	EXPECT_EQ(tpm.t->audit_digest.size, 0);
	tear_down();
}

static const struct test_case cases[] = {
	{ "cp-hash", cp_hash },
	{ "parameters", parameters },
	{ "template-elsewhere", template_elsewhere },
	{ "template", template_hash },
	{ "name-hash", name_hash },
	{ "locality", locality },
	{ "physical-presence", physical_presence },
	{ "duplication-select", duplication_select },
	{ "tickets", tickets },
	{ "capability", capabilities },
	{ "get-time", get_time },
	{ "T30-session-audit", session_audit },
	{ "command-audit", command_audit },
	{ "no-audit-is-lost", no_audit_is_lost },
};

TEST_MAIN("assert", cases)
