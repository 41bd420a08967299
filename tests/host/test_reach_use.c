// SPDX-License-Identifier: GPL-2.0-only
/*
 * Codes that documentation lists and no other test sees: of keys in use, of
 * attestation, NV indices, policies and sessions; see reach.c.
 */
#include "reach_support.h"

static u32 key_of(const struct tmpl *t)
{
	u32 handle;

	return primary(&tpm, TPM_RH_OWNER, t, &handle) ? 0 : handle;
}

static const struct tmpl ecdh = { TPM_ALG_ECC, OURS | SDO | D };
static const struct tmpl aes = { TPM_ALG_SYMCIPHER, OURS | SDO | D, .sym = TPM_ALG_AES };
static const struct tmpl rsa_sign = {
	TPM_ALG_RSA, OURS | SDO | S, .scheme = TPM_ALG_RSASSA, .size = 1024,
};

/* ---- elliptic curves ---- */

static u32 ecc_encrypt(u32 key, u16 scheme)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_ECC_Encrypt, 1, 0, key);
	cmd_2b(&c, "text", 4);
	put_scheme(&c, scheme, 0);
	return cmd_run(&tpm, &c);
}

static u32 ecc_decrypt(u32 key, u16 scheme)
{
	const struct vt_curve *p256 = vt_curve_find(TPM_ECC_NIST_P256);
	struct cmd c;
	u32 at;

	cmd_begin_pw(&c, TPM_CC_ECC_Decrypt, 1, 1, key);
	at = c.len;
	cmd_u16(&c, 0);
	cmd_2b(&c, p256->gx, 32);
	cmd_2b(&c, p256->gy, 32);
	put_size(&c, at);
	cmd_2b(&c, "text", 4);
	put_odd_2b(&c, 32, NULL);
	put_scheme(&c, scheme, 0);
	return cmd_run(&tpm, &c);
}

static u32 zgen(u32 key, u16 scheme)
{
	const struct vt_curve *p256 = vt_curve_find(TPM_ECC_NIST_P256);
	struct cmd c;
	unsigned int i;

	cmd_begin_pw(&c, TPM_CC_ZGen_2Phase, 1, 1, key);
	for (i = 0; i < 2; i++) {
		cmd_u16(&c, 68);
		cmd_2b(&c, p256->gx, 32);
		cmd_2b(&c, p256->gy, 32);
	}
	cmd_u16(&c, scheme);
	cmd_u16(&c, 0);
	return cmd_run(&tpm, &c);
}

static void curves(void)
{
	u32 decrypts, signs, other;
	unsigned int i;

	set_up();
	decrypts = key_of(&ecdh);
	signs = key_of(&sign_template);
	other = key_of(&aes);
	EXPECT_EQ(ecc_encrypt(other, TPM_ALG_KDF2), H(TPM_RC_KEY, 1));
	EXPECT_EQ(ecc_encrypt(signs, TPM_ALG_KDF2), H(TPM_RC_ATTRIBUTES, 1));
	EXPECT_EQ(ecc_encrypt(decrypts, 0), P(TPM_RC_SCHEME, 2));
	EXPECT_EQ(ecc_decrypt(other, TPM_ALG_KDF2), H(TPM_RC_KEY, 1));
	EXPECT_EQ(ecc_decrypt(signs, TPM_ALG_KDF2), H(TPM_RC_ATTRIBUTES, 1));
	EXPECT_EQ(ecc_decrypt(decrypts, TPM_ALG_KDF1_SP800_56A), P(TPM_RC_SCHEME, 4));
	EXPECT_EQ(ecc_decrypt(decrypts, TPM_ALG_KDF2), P(TPM_RC_VALUE, 3));
	EXPECT_EQ(zgen(other, TPM_ALG_ECDH), H(TPM_RC_KEY, 1));
	EXPECT_EQ(zgen(signs, TPM_ALG_ECDH), H(TPM_RC_ATTRIBUTES, 1));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(ecc_encrypt(decrypts, TPM_ALG_KDF2), 0);
	tear_down();
}

/* ---- ciphers and MACs ---- */

static u32 crypt(u32 code, u32 key, bool decrypt, u16 mode)
{
	struct cmd c;

	cmd_begin_pw(&c, code, 1, 1, key);
	if (code == TPM_CC_EncryptDecrypt2)
		cmd_2b(&c, "data", 4);
	cmd_u8(&c, decrypt);
	cmd_u16(&c, mode);
	put_odd_2b(&c, 16, NULL);
	if (code == TPM_CC_EncryptDecrypt)
		cmd_2b(&c, "data", 4);
	return cmd_run(&tpm, &c);
}

static u32 mac(u32 code, u32 key, u16 alg)
{
	struct cmd c;

	cmd_begin_pw(&c, code, 1, 1, key);
	cmd_2b(&c, "data", 4);
	cmd_u16(&c, alg);
	return cmd_run(&tpm, &c);
}

static void ciphers(void)
{
	static const struct tmpl any = { TPM_ALG_SYMCIPHER, OURS | SDO | D | S,
					 .sym = TPM_ALG_AES, .mode = TPM_ALG_NULL };
	static const struct tmpl cmac = { TPM_ALG_SYMCIPHER, OURS | SDO | S, .sym = TPM_ALG_AES,
					  .mode = TPM_ALG_CMAC };
	static const struct tmpl both = { TPM_ALG_KEYEDHASH, OURS | SDO | S | D };
	static const u32 codes[] = { TPM_CC_EncryptDecrypt, TPM_CC_EncryptDecrypt2 };
	u32 decrypts, other, modeless, macs, hashes;
	unsigned int i;

	set_up();
	decrypts = key_of(&aes);
	other = key_of(&ecdh);
	modeless = key_of(&any);
	macs = key_of(&cmac);
	hashes = key_of(&both);
	for (i = 0; i < 2; i++) {
		u32 mode = P(TPM_RC_MODE, i ? 3 : 2);

		EXPECT_EQ(crypt(codes[i], other, false, TPM_ALG_CFB), H(TPM_RC_KEY, 1));
		EXPECT_EQ(crypt(codes[i], decrypts, false, TPM_ALG_CFB), H(TPM_RC_ATTRIBUTES, 1));
		EXPECT_EQ(crypt(codes[i], macs, false, TPM_ALG_CFB), H(TPM_RC_MODE, 1));
		EXPECT_EQ(crypt(codes[i], modeless, false, TPM_ALG_NULL), mode);
		EXPECT_EQ(crypt(codes[i], decrypts, true, TPM_ALG_CBC), mode);
		EXPECT_EQ(crypt(codes[i], decrypts, true, TPM_ALG_NULL), 0);
	}
	EXPECT_EQ(mac(TPM_CC_HMAC, modeless, TPM_ALG_SHA256), P(TPM_RC_SCHEME, 2));
	EXPECT_EQ(mac(TPM_CC_HMAC_Start, modeless, TPM_ALG_SHA256), P(TPM_RC_SCHEME, 2));
	EXPECT_EQ(mac(TPM_CC_HMAC, hashes, TPM_ALG_CMAC), P(TPM_RC_SCHEME, 2));
	EXPECT_EQ(mac(TPM_CC_HMAC_Start, hashes, TPM_ALG_CMAC), P(TPM_RC_SCHEME, 2));
	tear_down();
}

/* ---- attestation ---- */

#define NV	(HR_NV_INDEX + 1)

struct statement {
	u32 code;
	unsigned int sign_at;	/* number of signHandle */
	unsigned int scheme_at;
	u32 (*run)(u32 key, u16 scheme);
};

static u16 scheme_hash;	/* 0: SHA-256 */

static u32 audited;	/* a session that has audited something */

static u32 attest(u32 code, u32 h0, u32 h1, u32 h2, unsigned int passwords, u16 scheme)
{
	struct cmd c;

	cmd_begin_pw(&c, code, h2 ? 3 : 2, passwords, h0, h1, h2);
	cmd_u16(&c, 0);
	put_scheme(&c, scheme, scheme_hash);
	if (code == TPM_CC_NV_Certify)
		cmd_u32(&c, 8 << 16);
	return cmd_run(&tpm, &c);
}

static u32 get_time(u32 key, u16 scheme)
{
	return attest(TPM_CC_GetTime, TPM_RH_ENDORSEMENT, key, 0, 2, scheme);
}

static u32 command_audit(u32 key, u16 scheme)
{
	return attest(TPM_CC_GetCommandAuditDigest, TPM_RH_ENDORSEMENT, key, 0, 2, scheme);
}

static u32 session_audit(u32 key, u16 scheme)
{
	return attest(TPM_CC_GetSessionAuditDigest, TPM_RH_ENDORSEMENT, key, audited, 2, scheme);
}

static u32 certify(u32 key, u16 scheme)
{
	return attest(TPM_CC_Certify, key, key, 0, 2, scheme);
}

static u32 nv_certify(u32 key, u16 scheme)
{
	return attest(TPM_CC_NV_Certify, key, TPM_RH_OWNER, NV, 2, scheme);
}

static const struct statement statements[] = {
	{ TPM_CC_GetTime, 2, 2, get_time },
	{ TPM_CC_GetCommandAuditDigest, 2, 2, command_audit },
	{ TPM_CC_GetSessionAuditDigest, 2, 2, session_audit },
	{ TPM_CC_Certify, 2, 2, certify },
	{ TPM_CC_NV_Certify, 1, 2, nv_certify },
};

static u32 nv_write(u32 by)
{
	return run_pw(TPM_CC_NV_Write, 2, 1, by, NV, "\0\10contents\0", 12);
}

static void attestation(void)
{
	u32 signs, rsa, storage;
	unsigned int i, j;

	set_up();
	signs = key_of(&sign_template);
	rsa = key_of(&rsa_sign);
	storage = key_of(&storage_template);
	EXPECT_EQ(tpm_define_nv(&tpm, NV), 0);
	EXPECT_EQ(nv_write(TPM_RH_OWNER), 0);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL, &audited), 0);
	tpm2_session_find(tpm.space, audited)->audit = true;
	for (i = 0; i < ARRAY_SIZE(statements); i++) {
		const struct statement *s = &statements[i];

		EXPECT_EQ(s->run(storage, 0), H(TPM_RC_KEY, s->sign_at));
		EXPECT_EQ(s->run(signs, TPM_ALG_RSASSA), P(TPM_RC_SCHEME, s->scheme_at));
		for (j = 0; j < 4; j++)
			EXPECT_EQ(s->run(rsa, 0), 0);
		for (j = 0; j < 3; j++)
			EXPECT_EQ(s->run(signs, 0), 0);
	}
	EXPECT_EQ(attest(TPM_CC_NV_Certify, rsa, TPM_RH_PLATFORM, NV, 2, 0),
		  RAW(TPM_RC_NV_AUTHORIZATION));
	tpm2_nv_find(tpm.t, NV)->attrs |= TPMA_NV_READLOCKED;
	EXPECT_EQ(nv_certify(rsa, 0), RAW(TPM_RC_NV_LOCKED));
	tear_down();
}

/* T10: what other kinds of keys sign with is refused, whoever makes the statement. */
static void try_schemes(const struct statement *s, u32 key, const u16 *good, unsigned int n_good)
{
	static const u16 odd[] = { 0, 0x10, 0x12, 0x27, 0xffff };
	unsigned int i, j;
	u16 scheme;
	u32 rc;

	for (scheme = 1; scheme <= 0x50; scheme++) {
		bool fits = false;

		for (i = 0; i < n_good; i++)
			fits |= good[i] == scheme;
		if (scheme == TPM_ALG_NULL || scheme == TPM_ALG_ECDAA)
			continue;
		for (j = 0; j < ARRAY_SIZE(odd) + 1; j++) {
			scheme_hash = j ? odd[j - 1] : TPM_ALG_SHA384;
			rc = s->run(key, scheme);
			/* 0 stands for SHA-256 here */
			if (!rc != (fits && j <= 1) || rc == RAW(TPM_RC_FAILURE))
				test_fail(__FILE__, __LINE__, "0x%x: scheme %x hash %x: 0x%x",
					  s->code, scheme, scheme_hash, rc);
		}
	}
	scheme_hash = 0;
}

static void t10_statements(void)
{
	static const u16 ecc_good[] = { TPM_ALG_ECDSA, TPM_ALG_ECSCHNORR };
	static const u16 rsa_good[] = { TPM_ALG_RSASSA, TPM_ALG_RSAPSS };
	static const struct tmpl any_ecc = { TPM_ALG_ECC, OURS | SDO | S };
	static const struct tmpl any_rsa = { TPM_ALG_RSA, OURS | SDO | S, .size = 1024 };
	static const struct tmpl hmac = { TPM_ALG_KEYEDHASH, OURS | SDO | S,
					  .scheme = TPM_ALG_HMAC, .hash = TPM_ALG_SHA384 };
	u32 ecc, rsa, mac;
	unsigned int i;

	set_up();
	ecc = key_of(&any_ecc);
	rsa = key_of(&any_rsa);
	mac = key_of(&hmac);
	EXPECT_EQ(tpm_define_nv(&tpm, NV), 0);
	EXPECT_EQ(nv_write(TPM_RH_OWNER), 0);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL, &audited), 0);
	tpm2_session_find(tpm.space, audited)->audit = true;
	for (i = 0; i < ARRAY_SIZE(statements); i++) {
		try_schemes(&statements[i], ecc, ecc_good, ARRAY_SIZE(ecc_good));
		try_schemes(&statements[i], rsa, rsa_good, ARRAY_SIZE(rsa_good));
		scheme_hash = TPM_ALG_SHA384;
		EXPECT_EQ(statements[i].run(mac, TPM_ALG_HMAC), 0);
		scheme_hash = 0;
		EXPECT_EQ(statements[i].run(mac, TPM_ALG_RSASSA),
			  P(TPM_RC_SCHEME, statements[i].scheme_at));
		EXPECT_EQ(statements[i].run(mac, TPM_ALG_ECDSA),
			  P(TPM_RC_SCHEME, statements[i].scheme_at));
	}
	tear_down();
}

/* ---- signatures that only a private key can check ---- */

static void signatures(void)
{
	static const struct tmpl hmac = { TPM_ALG_KEYEDHASH, UWA | S, .scheme = TPM_ALG_HMAC };
	u32 key, policy;
	struct cmd c;

	set_up();
	EXPECT_EQ(load_external(NULL, &hmac, 32, 0, TPM_RH_OWNER, &key), 0);
	cmd_begin_pw(&c, TPM_CC_VerifySignature, 1, 0, key);
	put_odd_2b(&c, 32, NULL);
	put_scheme(&c, TPM_ALG_HMAC, 0);
	cmd_bytes(&c, "0123456789abcdef0123456789abcdef", 32);
	EXPECT_EQ(cmd_run(&tpm, &c), P(TPM_RC_HANDLE, 2));
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_NULL, &policy),
		  0);
	cmd_begin_pw(&c, TPM_CC_PolicySigned, 2, 0, key, policy);
	cmd_u16(&c, 0);
	cmd_u16(&c, 0);
	cmd_u16(&c, 0);
	cmd_u32(&c, 0);
	put_scheme(&c, TPM_ALG_HMAC, 0);
	cmd_bytes(&c, "0123456789abcdef0123456789abcdef", 32);
	EXPECT_EQ(cmd_run(&tpm, &c), P(TPM_RC_HANDLE, 5));
	tear_down();
}

/* ---- NV indices ---- */

static u32 define(u32 index, u32 type, u16 size)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_NV_DefineSpace, 1, 1, TPM_RH_OWNER);
	cmd_u16(&c, 0);
	cmd_u16(&c, 14);
	cmd_u32(&c, index);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u32(&c, TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE | TPMA_NV_NO_DA |
		TPMA_NV_WRITEDEFINE | type << TPM_NT_SHIFT);
	cmd_u16(&c, 0);
	cmd_u16(&c, size);
	return cmd_run(&tpm, &c);
}

static void indices(void)
{
	static const struct {
		u32 code, type;
		u16 size;
		const char *params;
		u16 len;
	} updates[] = {
		{ TPM_CC_NV_Increment, TPM_NT_COUNTER, 8, "", 0 },
		{ TPM_CC_NV_SetBits, TPM_NT_BITS, 8, "\0\0\0\0\0\0\0\1", 8 },
		{ TPM_CC_NV_Extend, TPM_NT_EXTEND, 32, "\0\1x", 3 },
	};
	unsigned int i;

	set_up();
	for (i = 0; i < ARRAY_SIZE(updates); i++) {
		EXPECT_EQ(define(NV + i, updates[i].type, updates[i].size), 0);
		EXPECT_EQ(run_pw(updates[i].code, 2, 1, TPM_RH_PLATFORM, NV + i, updates[i].params,
				 updates[i].len), RAW(TPM_RC_NV_AUTHORIZATION));
		tpm2_nv_find(tpm.t, NV + i)->attrs |= TPMA_NV_WRITELOCKED;
		EXPECT_EQ(run_pw(updates[i].code, 2, 1, TPM_RH_OWNER, NV + i, updates[i].params,
				 updates[i].len), RAW(TPM_RC_NV_LOCKED));
	}
	EXPECT_EQ(define(NV + i, 0, 8), 0);
	EXPECT_EQ(run_pw(TPM_CC_NV_WriteLock, 2, 1, TPM_RH_PLATFORM, NV + i, "", 0),
		  RAW(TPM_RC_NV_AUTHORIZATION));
	EXPECT_EQ(run_pw(TPM_CC_NV_ReadLock, 2, 1, TPM_RH_PLATFORM, NV, "", 0),
		  RAW(TPM_RC_NV_AUTHORIZATION));
	tear_down();
}

/* ---- policies ---- */

/* PolicyNV and PolicyAuthorizeNV */
static u32 policy_by_nv(u32 code, u32 by, u32 session)
{
	struct cmd c;

	cmd_begin_pw(&c, code, 3, 1, by, NV, session);
	if (code == TPM_CC_PolicyNV) {
		cmd_2b(&c, "\0", 1);
		cmd_u32(&c, 0);
	}
	return cmd_run(&tpm, &c);
}

static u32 policy_hash(u32 code, u32 session, u16 len)
{
	struct cmd c;

	cmd_begin_pw(&c, code, 1, 0, session);
	put_odd_2b(&c, len, NULL);
	return cmd_run(&tpm, &c);
}

static u32 policy_ticket(u32 session)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PolicyTicket, 1, 0, session);
	cmd_2b(&c, "\x80\xff\xff\xff\xff\xff\xff\xff", 8);
	put_odd_2b(&c, 32, NULL);
	cmd_u16(&c, 0);
	put_odd_2b(&c, 34, NULL);
	cmd_u16(&c, TPM_ST_AUTH_SIGNED);
	cmd_u32(&c, TPM_RH_OWNER);
	put_odd_2b(&c, 64, NULL);
	return cmd_run(&tpm, &c);
}

static void policies(void)
{
	static const u32 by_nv[] = { TPM_CC_PolicyNV, TPM_CC_PolicyAuthorizeNV };
	static const u8 bad_policy[] = "\0\5xxxxx\0\x0b\0\0\0\0";
	u32 session;
	unsigned int i;

	set_up();
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_NULL, &session),
		  0);
	EXPECT_EQ(policy_hash(TPM_CC_PolicyNameHash, session, 31), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(policy_hash(TPM_CC_PolicyNameHash, session, 32), 0);
	EXPECT_EQ(policy_hash(TPM_CC_PolicyTemplate, session, 32), RAW(TPM_RC_CPHASH));
	EXPECT_EQ(policy_ticket(session), RAW(TPM_RC_CPHASH));
	EXPECT_EQ(run_pw(TPM_CC_PCR_SetAuthPolicy, 1, 1, TPM_RH_PLATFORM, 0, bad_policy,
			 sizeof(bad_policy) - 1), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(tpm_define_nv(&tpm, NV), 0);
	EXPECT_EQ(nv_write(TPM_RH_OWNER), 0);
	for (i = 0; i < 2; i++) {
		tpm2_nv_find(tpm.t, NV)->attrs &= ~TPMA_NV_READLOCKED;
		EXPECT_EQ(policy_by_nv(by_nv[i], TPM_RH_PLATFORM, session),
			  RAW(TPM_RC_NV_AUTHORIZATION));
		tpm2_nv_find(tpm.t, NV)->attrs |= TPMA_NV_READLOCKED;
		EXPECT_EQ(policy_by_nv(by_nv[i], TPM_RH_OWNER, session), RAW(TPM_RC_NV_LOCKED));
	}
	tear_down();
}

/* ---- sessions ---- */

static u32 start_salted(u32 key, u32 bind, u16 mode, u16 salt_len, const void *salt)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_StartAuthSession);
	cmd_u32(&c, key);
	cmd_u32(&c, bind);
	put_odd_2b(&c, 16, NULL);
	cmd_2b(&c, salt, salt_len);
	cmd_u8(&c, TPM_SE_HMAC);
	cmd_u16(&c, TPM_ALG_AES);
	cmd_u16(&c, 128);
	cmd_u16(&c, mode);
	cmd_u16(&c, TPM_ALG_SHA256);
	return cmd_run(&tpm, &c);
}

/* As many openers as it takes; the code of the first session that cannot be. */
static u32 fill_sessions(void)
{
	struct tpm2_space *first = tpm.space, *more[TPM2_MAX_ALL_SESSIONS / TPM2_MAX_SESSIONS + 1];
	unsigned int i, j;
	u32 handle, rc = 0;

	for (i = 0; i < ARRAY_SIZE(more); i++) {
		more[i] = tpm2_space_new(tpm.t);
		tpm.space = more[i];
		for (j = 0; j < TPM2_MAX_SESSIONS && !rc; j++)
			rc = tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL,
					       &handle);
	}
	for (i = 0; i < ARRAY_SIZE(more); i++)
		tpm2_space_free(more[i]);
	tpm.space = first;
	return rc;
}

static void sessions(void)
{
	const struct vt_curve *p256 = vt_curve_find(TPM_ECC_NIST_P256);
	u32 storage, public_only, other;
	unsigned int i;
	struct cmd point;

	set_up();
	point.len = 0;
	cmd_2b(&point, p256->gx, 32);
	cmd_2b(&point, p256->gy, 32);
	storage = key_of(&storage_template);
	other = key_of(&aes);
	EXPECT_EQ(rsa_from_elsewhere(2048, TPM_ALG_SHA256, &public_only), 0);
	EXPECT_EQ(start_salted(TPM_RH_NULL, TPM_RH_NULL, TPM_ALG_CBC, 0, ""), P(TPM_RC_MODE, 4));
	EXPECT_EQ(start_salted(other, TPM_RH_NULL, TPM_ALG_CFB, 68, point.buf),
		  H(TPM_RC_KEY, 1));
	EXPECT_EQ(start_salted(TPM_RH_NULL, public_only, TPM_ALG_CFB, 0, ""), H(TPM_RC_HANDLE, 2));
	for (i = 0; i < 6; i++)
		EXPECT_EQ(start_salted(storage, TPM_RH_NULL, TPM_ALG_CFB, 68, point.buf), 0);
	EXPECT_EQ(fill_sessions(), RAW(TPM_RC_SESSION_HANDLES));
	tear_down();
}

static void self_tests(void)
{
	unsigned int i;

	set_up();
	for (i = 0; i < 3; i++)
		EXPECT_EQ(run_pw(TPM_CC_SelfTest, 0, 0, 0, 0, "\1", 1), 0);
	tear_down();
}

static const struct test_case cases[] = {
	{ "curves", curves },
	{ "ciphers", ciphers },
	{ "attestation", attestation },
	{ "T10_statements", t10_statements },
	{ "signatures", signatures },
	{ "indices", indices },
	{ "policies", policies },
	{ "sessions", sessions },
	{ "self-tests", self_tests },
};

TEST_MAIN("reach-use", cases)
