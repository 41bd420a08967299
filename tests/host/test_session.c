// SPDX-License-Identifier: GPL-2.0-only
/*
 * Session keys, HMACs, parameter encryption and audit against OpenSSL's
 * (session_support.h). The witness is TPM2_HMAC with a key that the test knows:
 * its first parameter and first result are TPM2Bs, and the result can be
 * computed outside.
 */
#include "session_support.h"

#define ENC	TPMA_SESSION_ENCRYPT
#define DEC	TPMA_SESSION_DECRYPT
#define AUDIT	TPMA_SESSION_AUDIT
#define EXCL	TPMA_SESSION_AUDITEXCLUSIVE
#define RESET	TPMA_SESSION_AUDITRESET
#define AUTH	"the key's own"

static struct host_tpm tpm;

static const char hmac_key[] = "what TPM2_HMAC is to be computed with";
static const u16 hashes[] = { TPM_ALG_SHA1, TPM_ALG_SHA256, TPM_ALG_SHA384, TPM_ALG_SHA512 };

static const struct {
	u16 alg, bits;
} ciphers[] = {
	{ TPM_ALG_NULL, 0 }, { TPM_ALG_AES, 128 }, { TPM_ALG_AES, 192 }, { TPM_ALG_AES, 256 },
	{ TPM_ALG_XOR, 0 },
};

static const u8 directions[] = { 0, DEC, ENC, DEC | ENC };

static void check_left(void)
{
	long left = host_tpm_free(&tpm);

	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

static const struct tmpl known_hmac_template = {
	TPM_ALG_KEYEDHASH, OURS | S, .scheme = TPM_ALG_HMAC,
};

/* A primary object with auth value and data of ours */
static u32 make_key(const char *auth, u32 *handle)
{
	return object_create(&tpm, TPM_CC_CreatePrimary, TPM_RH_OWNER, &known_hmac_template, auth,
			     hmac_key, sizeof(hmac_key), handle, NULL, NULL);
}

static void hmac_request(struct request *q, u32 key, const u8 *text, u16 len)
{
	request_new(q, TPM_CC_HMAC, 1, key, 0);
	cmd_2b(&q->params, text, len);
	cmd_u16(&q->params, TPM_ALG_SHA256);
}

/* Runs it; what came back, decrypted, has to be the HMAC. */
static void hmac_runs(struct request *q, const u8 *text, u16 len)
{
	u8 want[32];

	EXPECT_EQ(request_run(&tpm, q), 0);
	OK_SO_FAR();
	HMAC(EVP_sha256(), hmac_key, sizeof(hmac_key), text, len, want, NULL);
	EXPECT_EQ(q->out.len, 2 + 32);
	EXPECT_EQ(get_unaligned_be16(q->out.data), 32);
	EXPECT_MEM(q->out.data + 2, want, 32);
}

static const u8 text[200] = "some text, no multiple of a block long";

static void each_direction(struct session *s, u32 key, bool bound)
{
	struct request q;
	struct use *u;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(directions); i++) {
		if (directions[i] && s->sym == TPM_ALG_NULL)
			continue;
		hmac_request(&q, key, text, 38 + i);
		u = request_use(&q, s, directions[i], AUTH);
		u->bound = bound;
		hmac_runs(&q, text, 38 + i);
		OK_SO_FAR();
	}
}

/* All hashes and ciphers; the same key in several commands, nonces going on. */
static void session_of(u32 salt_key, bool bind)
{
	unsigned int i, j;
	struct session s;
	u32 key;

	EXPECT_EQ(make_key(AUTH, &key), 0);
	for (i = 0; i < ARRAY_SIZE(hashes); i++) {
		for (j = 0; j < ARRAY_SIZE(ciphers); j++) {
			struct opening o = {
				TPM_SE_HMAC, hashes[i], ciphers[j].alg, ciphers[j].bits,
				.salt_key = salt_key, .bind = bind ? key : 0, .bind_auth = AUTH,
			};

			EXPECT_EQ(session_open(&tpm, &o, &s), 0);
			EXPECT_EQ(s.key_len, salt_key || bind ? md_size(hashes[i]) : 0);
			each_direction(&s, key, bind);
			OK_SO_FAR();
			EXPECT_EQ(tpm_flush(&tpm, s.handle), 0);
		}
	}
}

static void plain_session(void)
{
	host_tpm_new(&tpm, NULL);
	session_of(0, false);
	check_left();
}

static void bound_session(void)
{
	host_tpm_new(&tpm, NULL);
	session_of(0, true);
	check_left();
}

static void salted_rsa(void)
{
	u32 storage;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(tpm_create_primary_rsa(&tpm, TPM_RH_OWNER, &storage), 0);
	session_of(storage, false);
	OK_SO_FAR();
	session_of(storage, true);
	check_left();
}

static void salted_ecc(void)
{
	u32 storage;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(tpm_create_primary_ecc(&tpm, TPM_RH_OWNER, false, &storage), 0);
	session_of(storage, false);
	OK_SO_FAR();
	session_of(storage, true);
	check_left();
}

/* A session bound to one key, used for another: that one's auth value counts. */
static void bound_elsewhere(void)
{
	struct opening o = { TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_AES, 128, .bind_auth = "other" };
	struct session s;
	u32 key;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(make_key("other", &o.bind), 0);
	EXPECT_EQ(make_key(AUTH, &key), 0);
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	each_direction(&s, key, false);
	check_left();
}

static void salt_refused(void)
{
	static const u8 nonce[16], junk[256] = { 1 };
	u32 ecc, rsa, sign;
	struct cmd c;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(tpm_create_primary_ecc(&tpm, TPM_RH_OWNER, false, &ecc), 0);
	EXPECT_EQ(tpm_create_primary_rsa(&tpm, TPM_RH_OWNER, &rsa), 0);
	EXPECT_EQ(tpm_create_primary_ecc(&tpm, TPM_RH_OWNER, true, &sign), 0);
	const struct {
		u32 key;
		u16 salt, nonce;
		u32 rc;
	} cases[] = {
		{ TPM_RH_NULL, 1, 16, P(TPM_RC_VALUE, 2) },
		{ rsa, 256, 16, P(TPM_RC_VALUE, 2) },
		{ rsa, 255, 16, P(TPM_RC_VALUE, 2) },
		{ rsa, 0, 16, P(TPM_RC_VALUE, 2) },
		{ ecc, 68, 16, P(TPM_RC_VALUE, 2) },
		{ ecc, 0, 16, P(TPM_RC_VALUE, 2) },
		{ sign, 68, 16, H(TPM_RC_ATTRIBUTES, 1) },
		{ TPM_RH_NULL, 0, 15, P(TPM_RC_SIZE, 1) },
		{ TPM_RH_NULL, 0, 33, P(TPM_RC_SIZE, 1) },
	};
	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_StartAuthSession);
		cmd_u32(&c, cases[i].key);
		cmd_u32(&c, TPM_RH_NULL);
		cmd_u16(&c, cases[i].nonce);
		cmd_bytes(&c, nonce, 15);
		for (unsigned int n = 15; n < cases[i].nonce; n++)
			cmd_u8(&c, 0);
		cmd_2b(&c, junk, cases[i].salt);
		cmd_u8(&c, TPM_SE_HMAC);
		cmd_u16(&c, TPM_ALG_NULL);
		cmd_u16(&c, TPM_ALG_SHA256);
		EXPECT_EQ(cmd_run(&tpm, &c), cases[i].rc);
	}
	EXPECT_EQ(tpm.t->sessions, 0);
	check_left();
}

/* ---- who encrypts what ---- */

static void three_sessions(struct session s[3])
{
	static const struct opening o[3] = {
		{ TPM_SE_HMAC, TPM_ALG_SHA256 },
		{ TPM_SE_HMAC, TPM_ALG_SHA1, TPM_ALG_AES, 256 },
		{ TPM_SE_HMAC, TPM_ALG_SHA512, TPM_ALG_XOR, .nonce = 16 },
	};
	unsigned int i;

	for (i = 0; i < 3; i++)
		EXPECT_EQ(session_open(&tpm, &o[i], &s[i]), 0);
}

/* Extra sessions, in both orders, beside an HMAC and beside a password */
static void extra_sessions(void)
{
	static const u8 attrs[][2] = {
		{ DEC, ENC },     { ENC, DEC }, { DEC | ENC, 0 },
		{ 0, DEC | ENC }, { DEC, 0 },   { 0, ENC },
	};
	struct session s[3];
	struct request q;
	unsigned int i, j;
	u32 key;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(make_key(AUTH, &key), 0);
	three_sessions(s);
	OK_SO_FAR();
	for (i = 0; i < ARRAY_SIZE(attrs); i++) {
		for (j = 0; j < 4; j++) {
			hmac_request(&q, key, text, 100);
			request_use(&q, j & 1 ? NULL : &s[0], 0, AUTH);
			if (attrs[i][0])
				request_use(&q, &s[1], attrs[i][0], NULL);
			if (attrs[i][1])
				request_use(&q, &s[2], attrs[i][1], NULL);
			hmac_runs(&q, text, 100);
			OK_SO_FAR();
		}
	}
	check_left();
}

/* Nothing to authorize: the extra sessions are the first. */
static void sessions_alone(void)
{
	struct session s[3];
	struct request q;
	u8 want[32];

	host_tpm_new(&tpm, NULL);
	three_sessions(s);
	OK_SO_FAR();
	request_new(&q, TPM_CC_Hash, 0, 0, 0);
	cmd_2b(&q.params, text, sizeof(text));
	cmd_u16(&q.params, TPM_ALG_SHA256);
	cmd_u32(&q.params, TPM_RH_NULL);
	request_use(&q, &s[2], ENC, NULL)->empty = true;
	request_use(&q, &s[1], DEC, NULL)->empty = true;
	EXPECT_EQ(request_run(&tpm, &q), 0);
	OK_SO_FAR();
	EVP_Digest(text, sizeof(text), want, NULL, EVP_sha256(), NULL);
	EXPECT_MEM(q.out.data + 2, want, 32);
	check_left();
}

/*
 * The hash of an XOR session's TPMT_SYM_DEF may differ from authHash, which is the one that counts.
 */
static void xor_uses_session_hash(void)
{
	struct opening o = { TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_XOR, .xor_hash = TPM_ALG_SHA1 };
	struct session s;
	u32 key;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(make_key(AUTH, &key), 0);
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	each_direction(&s, key, false);
	check_left();
}

/* Every length from nothing to more than several blocks of cipher and hash */
static void lengths(void)
{
	struct session s[3];
	struct request q;
	u16 len;
	u32 key;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(make_key(AUTH, &key), 0);
	three_sessions(s);
	OK_SO_FAR();
	for (len = 0; len <= 140; len++) {
		hmac_request(&q, key, text, len);
		request_use(&q, NULL, 0, AUTH);
		request_use(&q, &s[1 + len % 2], DEC | ENC, NULL);
		hmac_runs(&q, text, len);
		OK_SO_FAR();
	}
	check_left();
}

/* ---- refusals, each at its place ---- */

static u32 refused(struct session *a, u8 a_attrs, struct session *b, u8 b_attrs, u32 key,
		   bool spoil)
{
	struct request q;

	hmac_request(&q, key, text, 20);
	request_use(&q, a, a_attrs, AUTH)->spoil = spoil;
	if (b)
		request_use(&q, b, b_attrs, NULL);
	return request_run(&tpm, &q);
}

#define SESS(rc, n)	((__force u32)(rc) | 0x800 | (n) << 8)

static void wrong_uses(void)
{
	struct opening trial = { TPM_SE_TRIAL, TPM_ALG_SHA256 };
	struct session s[3], t, gone;
	struct request q;
	u32 key;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(make_key(AUTH, &key), 0);
	three_sessions(s);
	EXPECT_EQ(session_open(&tpm, &trial, &t), 0);
	OK_SO_FAR();
	gone = s[0];
	gone.handle += 7;
	EXPECT_EQ(refused(&s[0], 0, &s[0], ENC, key, false), SESS(TPM_RC_HANDLE, 2));
	EXPECT_EQ(refused(&t, 0, NULL, 0, key, false), SESS(TPM_RC_ATTRIBUTES, 1));
	EXPECT_EQ(refused(&gone, 0, NULL, 0, key, false), 0x918);
	EXPECT_EQ(refused(&s[0], 0, &gone, ENC, key, false), 0x919);
	EXPECT_EQ(refused(&s[0], 0, &s[1], 0, key, false), SESS(TPM_RC_ATTRIBUTES, 2));
	EXPECT_EQ(refused(&s[0], ENC, NULL, 0, key, false), SESS(TPM_RC_SYMMETRIC, 1));
	EXPECT_EQ(refused(&s[1], DEC, &s[2], DEC, key, false), SESS(TPM_RC_ATTRIBUTES, 2));
	EXPECT_EQ(refused(&s[1], ENC, &s[2], ENC, key, false), SESS(TPM_RC_ATTRIBUTES, 2));
	EXPECT_EQ(refused(&s[0], 0, NULL, 0, key, true), SESS(TPM_RC_BAD_AUTH, 1));
	hmac_request(&q, key, text, 20);
	request_use(&q, &s[0], 0, AUTH);
	request_use(&q, &s[1], ENC, NULL)->spoil = true;
	EXPECT_EQ(request_run(&tpm, &q), SESS(TPM_RC_BAD_AUTH, 2));
	/* and after all that the sessions still work */
	EXPECT_EQ(refused(&s[0], 0, &s[1], ENC, key, false), 0);
	check_left();
}

/* Without continueSession a session ends, but only with a command that succeeds. */
static void ends(void)
{
	struct session s[3];
	struct request q;
	u32 key;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(make_key(AUTH, &key), 0);
	three_sessions(s);
	OK_SO_FAR();
	hmac_request(&q, key, text, 20);
	request_use(&q, &s[0], 0, "wrong")->end = true;
	EXPECT_EQ(request_run(&tpm, &q), SESS(TPM_RC_BAD_AUTH, 1));
	EXPECT_EQ(tpm.t->sessions, 3);
	hmac_request(&q, key, text, 20);
	request_use(&q, &s[0], 0, AUTH)->end = true;
	request_use(&q, &s[1], DEC, NULL);
	request_use(&q, &s[2], ENC, NULL)->end = true;
	hmac_runs(&q, text, 20);
	OK_SO_FAR();
	EXPECT_EQ(tpm.t->sessions, 1);
	EXPECT_EQ(refused(&s[0], 0, NULL, 0, key, false), 0x918);
	EXPECT_EQ(tpm_flush(&tpm, s[2].handle), P(TPM_RC_HANDLE, 1));
	EXPECT_EQ(tpm_flush(&tpm, s[1].handle), 0);
	check_left();
}

/* The same nonceTPM and HMAC again: nonces are good once. */
static void replay(void)
{
	struct session s[3], before;
	struct request q;
	u32 key;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(make_key(AUTH, &key), 0);
	three_sessions(s);
	OK_SO_FAR();
	before = s[0];
	hmac_request(&q, key, text, 20);
	request_use(&q, &s[0], 0, AUTH);
	hmac_runs(&q, text, 20);
	OK_SO_FAR();
	EXPECT_EQ(refused(&before, 0, NULL, 0, key, false), SESS(TPM_RC_BAD_AUTH, 1));
	check_left();
}

/* ---- audit ---- */

static u32 audited(struct session *s, u8 attrs, u8 digest[64], u8 *got)
{
	struct buf b = { .len = 0 };
	u16 size = md_size(s->hash);
	struct request q;
	u32 rc;

	request_new(&q, TPM_CC_GetRandom, 0, 0, 0);
	cmd_u16(&q.params, 8);
	request_use(&q, s, AUDIT | attrs, NULL);
	rc = request_run(&tpm, &q);
	if (rc)
		return rc;
	*got = q.uses[0].got;
	if (attrs & RESET)
		memset(digest, 0, size);
	buf_add(&b, digest, size);
	buf_add(&b, q.cp, size);
	buf_add(&b, q.rp, size);
	buf_hash(&b, s->hash, digest);
	return 0;
}

static void digest_is(const struct session *s, const u8 *digest)
{
	const struct tpm2_session *se = tpm2_session_find(tpm.space, s->handle);

	EXPECT(se);
	EXPECT_MEM(se->policy, digest, md_size(s->hash));
}

static u32 get_random(void)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetRandom);
	cmd_u16(&c, 1);
	return cmd_run(&tpm, &c);
}

static void audit_digest(void)
{
	static const u16 hashes[] = { TPM_ALG_SHA1, TPM_ALG_SHA256, TPM_ALG_SHA384,
				      TPM_ALG_SHA512 };
	u8 digest[64], got;
	struct session s;
	unsigned int i, j;

	host_tpm_new(&tpm, NULL);
	for (i = 0; i < ARRAY_SIZE(hashes); i++) {
		struct opening o = { TPM_SE_HMAC, hashes[i] };

		memset(digest, 0, sizeof(digest));
		EXPECT_EQ(session_open(&tpm, &o, &s), 0);
		for (j = 0; j < 4; j++) {
			EXPECT_EQ(audited(&s, j == 3 ? RESET : 0, digest, &got), 0);
			OK_SO_FAR();
			digest_is(&s, digest);
			OK_SO_FAR();
		}
		EXPECT_EQ(tpm_flush(&tpm, s.handle), 0);
	}
	check_left();
}

static void audit_exclusive(void)
{
	struct opening o = { TPM_SE_HMAC, TPM_ALG_SHA256 };
	u8 a[64] = { 0 }, b[64] = { 0 }, got;
	struct session one, two, third;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(session_open(&tpm, &o, &one), 0);
	EXPECT_EQ(session_open(&tpm, &o, &two), 0);
	EXPECT_EQ(session_open(&tpm, &o, &third), 0);
	EXPECT_EQ(audited(&one, 0, a, &got), 0);
	EXPECT_EQ(got, AUDIT | EXCL | TPMA_SESSION_CONTINUE);
	EXPECT_EQ(audited(&one, EXCL, a, &got), 0);
	EXPECT_EQ(got, AUDIT | EXCL | TPMA_SESSION_CONTINUE);
	/* a command that takes no sessions could not have been audited */
	EXPECT_EQ(tpm_flush(&tpm, third.handle), 0);
	EXPECT_EQ(audited(&one, EXCL, a, &got), 0);
	EXPECT_EQ(get_random(), 0);
	EXPECT_EQ(audited(&one, EXCL, a, &got), RAW(TPM_RC_EXCLUSIVE));
	EXPECT_EQ(audited(&one, 0, a, &got), 0);
	EXPECT_EQ(got, AUDIT | TPMA_SESSION_CONTINUE);
	digest_is(&one, a);
	OK_SO_FAR();
	EXPECT_EQ(audited(&one, RESET, a, &got), 0);
	EXPECT_EQ(got & EXCL, EXCL);
	EXPECT_EQ(audited(&two, 0, b, &got), 0);
	EXPECT_EQ(got & EXCL, EXCL);
	EXPECT_EQ(audited(&one, EXCL, a, &got), RAW(TPM_RC_EXCLUSIVE));
	EXPECT_EQ(audited(&two, EXCL, b, &got), 0);
	digest_is(&two, b);
	OK_SO_FAR();
	/* who begins anew becomes exclusive, and need not have been */
	EXPECT_EQ(audited(&one, RESET | EXCL, a, &got), 0);
	EXPECT_EQ(got & EXCL, EXCL);
	check_left();
}

static void audit_attributes(void)
{
	struct opening o = { TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_AES, 128 },
		p = { TPM_SE_POLICY, TPM_ALG_SHA256 };
	struct session one, two, policy;
	struct request q;
	u8 a[64], got;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(session_open(&tpm, &o, &one), 0);
	EXPECT_EQ(session_open(&tpm, &o, &two), 0);
	EXPECT_EQ(session_open(&tpm, &p, &policy), 0);
	EXPECT_EQ(audited(&policy, 0, a, &got), SESS(TPM_RC_ATTRIBUTES, 1));
	request_new(&q, TPM_CC_GetRandom, 0, 0, 0);
	cmd_u16(&q.params, 8);
	request_use(&q, &one, AUDIT, NULL);
	request_use(&q, &two, AUDIT, NULL);
	EXPECT_EQ(request_run(&tpm, &q), SESS(TPM_RC_ATTRIBUTES, 2));
	q.n_uses = 1;
	q.uses[0].attrs = ENC | EXCL;
	EXPECT_EQ(request_run(&tpm, &q), SESS(TPM_RC_ATTRIBUTES, 1));
	q.uses[0].attrs = ENC | RESET;
	EXPECT_EQ(request_run(&tpm, &q), SESS(TPM_RC_ATTRIBUTES, 1));
	q.uses[0].attrs = ENC | AUDIT;
	EXPECT_EQ(request_run(&tpm, &q), 0);
	check_left();
}

static const struct test_case cases[] = {
	{ "plain", plain_session },
	{ "bound", bound_session },
	{ "salted_rsa", salted_rsa },
	{ "salted_ecc", salted_ecc },
	{ "bound_elsewhere", bound_elsewhere },
	{ "salt_refused", salt_refused },
	{ "extra_sessions", extra_sessions },
	{ "sessions_alone", sessions_alone },
	{ "xor_uses_session_hash", xor_uses_session_hash },
	{ "lengths", lengths },
	{ "wrong_uses", wrong_uses },
	{ "ends", ends },
	{ "T30_replay", replay },
	{ "audit_digest", audit_digest },
	{ "T30_audit_exclusive", audit_exclusive },
	{ "audit_attributes", audit_attributes },
};

TEST_MAIN("session", cases)
