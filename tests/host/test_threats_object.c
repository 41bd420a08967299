// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bugs that other TPMs shipped, as in test_threats.c: types, operands, points and
 * contexts.
 */
#include "threats_support.h"

/* ---- T10: an HMAC key with an asymmetric scheme, and every other mixture ---- */

static u32 load_external_hmac_key(u32 *handle)
{
	static const u8 key[32] = { 1 }, seed[32] = { 2 };
	const struct vt_hash_alg *sha256 = vt_hash_find(TPM_ALG_SHA256);
	u8 unique[32], both[64];
	struct cmd c;
	u32 at, rc;

	memcpy(both, seed, 32);
	memcpy(both + 32, key, 32);
	vt_hash(sha256, both, sizeof(both), unique);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_LoadExternal);
	at = c.len;
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_KEYEDHASH);
	cmd_u16(&c, 0);
	cmd_2b(&c, seed, 32);
	cmd_2b(&c, key, 32);
	put_unaligned_be16(c.len - at - 2, c.buf + at);
	at = c.len;
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_KEYEDHASH);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u32(&c, TPMA_OBJECT_SIGN | TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_NODA);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_HMAC);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_2b(&c, unique, 32);
	put_unaligned_be16(c.len - at - 2, c.buf + at);
	cmd_u32(&c, TPM_RH_NULL);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

static void put_scheme(struct cmd *c, u16 scheme, u16 hash)
{
	cmd_u16(c, scheme);
	if (scheme != TPM_ALG_NULL)
		cmd_u16(c, hash);
}

static u32 sign_with(u32 key, u16 scheme, u16 hash)
{
	const struct vt_hash_alg *alg = vt_hash_find(hash);
	u8 digest[64] = { 1 };
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_Sign, 1, 1, key);
	cmd_2b(&c, digest, alg ? alg->digest_size : 32);
	put_scheme(&c, scheme, hash);
	cmd_u16(&c, TPM_ST_HASHCHECK);
	cmd_u32(&c, TPM_RH_NULL);
	cmd_u16(&c, 0);
	return cmd_run(&tpm, &c);
}

static u32 quote_with(u32 key, u16 scheme, u16 hash)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_Quote, 1, 1, key);
	cmd_u16(&c, 0);
	put_scheme(&c, scheme, hash);
	cmd_u32(&c, 0);
	return cmd_run(&tpm, &c);
}

static u32 certify_with(u32 key, u16 scheme, u16 hash)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_Certify, 2, 2, key, key);
	cmd_u16(&c, 0);
	put_scheme(&c, scheme, hash);
	return cmd_run(&tpm, &c);
}

static bool is_hash(u16 alg)
{
	return vt_hash_find(alg);
}

/* An ECC key without a scheme of its own has two that it may use. */
static bool fits(u16 scheme, u16 good)
{
	return scheme == good || (good == TPM_ALG_ECDSA && scheme == TPM_ALG_ECSCHNORR);
}

/*
 * The key's type decides, and its own scheme where it has one (@good_hash is not
 * 0 then); everything else is a clean error.
 */
static void try_schemes(u32 key, u16 good_scheme, u16 good_hash, u32 (*run)(u32, u16, u16))
{
	u16 scheme, hash;

	for (scheme = 0; scheme <= 0x50; scheme++) {
		for (hash = 0; hash <= 0x50; hash++) {
			bool good = fits(scheme, good_scheme) &&
				    (good_hash ? hash == good_hash : is_hash(hash));
			u32 rc;

			if (hash > 0x10 && hash < 0x50 && !fits(scheme, good_scheme))
				continue;
			rc = run(key, scheme, hash);
			if (good && rc)
				test_fail(__FILE__, __LINE__, "scheme %x hash %x: rc %x", scheme,
					  hash, rc);
			if (!good && scheme != TPM_ALG_NULL && !rc)
				test_fail(__FILE__, __LINE__, "scheme %x hash %x accepted", scheme,
					  hash);
		}
	}
}

static void t10_key_types_and_schemes(void)
{
	u32 hmac, ecc;

	set_up(NULL, 0);
	EXPECT_EQ(load_external_hmac_key(&hmac), 0);
	EXPECT_EQ(tpm_create_primary_ecc(&tpm, TPM_RH_OWNER, true, &ecc), 0);
	try_schemes(hmac, TPM_ALG_HMAC, TPM_ALG_SHA256, sign_with);
	try_schemes(hmac, TPM_ALG_HMAC, TPM_ALG_SHA256, quote_with);
	try_schemes(hmac, TPM_ALG_HMAC, TPM_ALG_SHA256, certify_with);
	try_schemes(ecc, TPM_ALG_ECDSA, 0, sign_with);
	try_schemes(ecc, TPM_ALG_ECDSA, 0, quote_with);
	try_schemes(ecc, TPM_ALG_ECDSA, 0, certify_with);
	OK_SO_FAR();
	tear_down();
}

/* ---- T11: what was read before the error must leave no trace ---- */

static void build_load_external_ecc(struct cmd *c, const u8 *x, const u8 *y)
{
	u32 at;

	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_LoadExternal);
	cmd_u16(c, 0);
	at = c->len;
	cmd_u16(c, 0);
	cmd_u16(c, TPM_ALG_ECC);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u32(c, TPMA_OBJECT_SIGN | TPMA_OBJECT_USERWITHAUTH);
	cmd_u16(c, 0);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u16(c, TPM_ECC_NIST_P256);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_2b(c, x, 32);
	cmd_2b(c, y, 32);
	put_unaligned_be16(c->len - at - 2, c->buf + at);
	cmd_u32(c, TPM_RH_OWNER);
}

static u32 context_save(u32 handle, u8 *ctx, u32 *len)
{
	struct cmd c;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ContextSave);
	cmd_u32(&c, handle);
	rc = cmd_run(&tpm, &c);
	if (!rc) {
		*len = tpm.rsp_len - 10;
		memcpy(ctx, tpm.rsp + 10, *len);
	}
	return rc;
}

static u32 context_load(const u8 *ctx, u32 len, u32 *handle)
{
	struct cmd c;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ContextLoad);
	cmd_bytes(&c, ctx, len);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

static void t11_failed_unmarshal_leaves_nothing(void)
{
	const struct vt_curve *p256 = vt_curve_find(TPM_ECC_NIST_P256);
	u8 ctx[VTPM_MAX_COMMAND];
	u32 len, handle, size;
	struct cmd c;

	set_up(NULL, 0);
	for (size = 10; ; size++) {
		build_load_external_ecc(&c, p256->gx, p256->gy);
		if (size == c.len)
			break;
		c.len = size;
		EXPECT(cmd_run(&tpm, &c) != 0);
		EXPECT_EQ(tpm.t->objects, 0);
	}
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	rsp_params(&tpm, &handle);
	EXPECT_EQ(context_save(handle, ctx, &len), 0);
	EXPECT_EQ(tpm_flush(&tpm, handle), 0);
	EXPECT_EQ(context_load(ctx, len, &handle), 0);
	tear_down();
}

/* ---- T12: signed and unsigned comparison of operands (Part 2, 6.8) ---- */

/* The oracle: the operands as 64-bit numbers, sign-extended or not. */
static bool oracle(u16 op, const u8 *a, const u8 *b, u16 len)
{
	u64 ua = 0, ub = 0;
	s64 sa, sb;
	int i;

	for (i = 0; i < len; i++) {
		ua = ua << 8 | a[i];
		ub = ub << 8 | b[i];
	}
	sa = (s64)(ua << (64 - 8 * len)) >> (64 - 8 * len);
	sb = (s64)(ub << (64 - 8 * len)) >> (64 - 8 * len);
	switch (op) {
	case 0: return ua == ub;
	case 1: return ua != ub;
	case 2: return sa > sb;
	case 3: return ua > ub;
	case 4: return sa < sb;
	case 5: return ua < ub;
	case 6: return sa >= sb;
	case 7: return ua >= ub;
	case 8: return sa <= sb;
	case 9: return ua <= ub;
	case 10: return (ua & ub) == ub;
	default: return (ua & ub) == 0;
	}
}

static void t12_signed_comparison(void)
{
	static const u8 edge[] = { 0x00, 0x01, 0x7f, 0x80, 0x81, 0xfe, 0xff };
	unsigned int i, j, k, l;
	u16 op, len;

	for (len = 1; len <= 8; len++)
		for (op = 0; op <= 11; op++)
			for (i = 0; i < 49; i++)
				for (j = 0; j < 49; j++) {
					u8 a[8], b[8];

					for (k = 0; k < len; k++)
						a[k] = edge[k ? i / 7 : i % 7];
					for (l = 0; l < len; l++)
						b[l] = edge[l ? j / 7 : j % 7];
					EXPECT_EQ(tpm2_compare(op, a, b, len),
						  oracle(op, a, b, len));
				}
}

/* ---- T23: points that are not on the curve ---- */

static u32 ecdh_zgen(u32 key, const u8 *x, const u8 *y)
{
	struct cmd c;
	u32 at;

	cmd_begin_pw(&c, TPM_CC_ECDH_ZGen, 1, 1, key);
	at = c.len;
	cmd_u16(&c, 0);
	cmd_2b(&c, x, 32);
	cmd_2b(&c, y, 32);
	put_unaligned_be16(c.len - at - 2, c.buf + at);
	return cmd_run(&tpm, &c);
}

/* An unrestricted decryption key */
static u32 create_ecdh_key(u32 *handle)
{
	struct cmd c;
	u32 at, rc;

	cmd_begin_pw(&c, TPM_CC_CreatePrimary, 1, 1, TPM_RH_OWNER);
	cmd_u16(&c, 4);
	cmd_u32(&c, 0);
	at = c.len;
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_ECC);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u32(&c,
		TPMA_OBJECT_DECRYPT | TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_SENSITIVEDATAORIGIN);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u16(&c, TPM_ECC_NIST_P256);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u32(&c, 0);
	put_unaligned_be16(c.len - at - 2, c.buf + at);
	cmd_u16(&c, 0);
	cmd_u32(&c, 0);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

static u32 salted_session(u32 key, const u8 *x, const u8 *y)
{
	static const u8 nonce[16];
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_StartAuthSession);
	cmd_u32(&c, key);
	cmd_u32(&c, TPM_RH_NULL);
	cmd_2b(&c, nonce, sizeof(nonce));
	cmd_u16(&c, 68);
	cmd_2b(&c, x, 32);
	cmd_2b(&c, y, 32);
	cmd_u8(&c, TPM_SE_HMAC);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u16(&c, TPM_ALG_SHA256);
	return cmd_run(&tpm, &c);
}

static void t23_invalid_curve_points(void)
{
	const struct vt_curve *p256 = vt_curve_find(TPM_ECC_NIST_P256);
	u8 x[32], y[32], zero[32] = { 0 };
	struct cmd c;
	u32 key;
	int i;

	set_up(NULL, 0);
	EXPECT_EQ(create_ecdh_key(&key), 0);
	EXPECT_EQ(ecdh_zgen(key, p256->gx, p256->gy), 0);
	for (i = 0; i < 4; i++) {
		memcpy(x, p256->gx, 32);
		memcpy(y, p256->gy, 32);
		if (i == 0)
			y[31] ^= 1;		/* off the curve */
		else if (i == 1)
			memcpy(x, p256->p, 32);	/* x = p, that is 0 modulo p */
		else if (i == 2)
			memset(x, 0xff, 32);
		else
			memcpy(y, zero, 32);
		EXPECT_EQ(ecdh_zgen(key, x, y), (__force u32)tpm2_param(TPM_RC_ECC_POINT, 1));
		build_load_external_ecc(&c, x, y);
		EXPECT_EQ(cmd_run(&tpm, &c), (__force u32)tpm2_param(TPM_RC_ECC_POINT, 2));
		EXPECT(salted_session(key, x, y) != 0);
	}
	EXPECT(ecdh_zgen(key, zero, zero) != 0);
	EXPECT_EQ(salted_session(key, p256->gx, p256->gy), 0);
	tear_down();
}

/* ---- T31: contexts ---- */

static void t31_context_bits(void)
{
	u8 ctx[VTPM_MAX_COMMAND];
	u32 len, handle, at, other;

	set_up(NULL, 0);
	EXPECT_EQ(tpm_create_primary_ecc(&tpm, TPM_RH_OWNER, true, &handle), 0);
	EXPECT_EQ(context_save(handle, ctx, &len), 0);
	EXPECT_EQ(tpm_flush(&tpm, handle), 0);
	for (at = 0; at < 8 * len; at++) {
		u32 rc;

		ctx[at / 8] ^= 1 << at % 8;
		rc = context_load(ctx, len, &other);
		EXPECT(rc != 0);
		/* past the sizes of the structure it has to be the HMAC that speaks */
		if (at >= 8 * 20)
			EXPECT_EQ(rc, (__force u32)tpm2_param(TPM_RC_INTEGRITY, 1));
		EXPECT_EQ(tpm.t->objects, 0);
		ctx[at / 8] ^= 1 << at % 8;
	}
	EXPECT_EQ(context_load(ctx, len, &other), 0);
	tear_down();
}

static void t31_session_context_is_used_once(void)
{
	u8 first[VTPM_MAX_COMMAND], second[VTPM_MAX_COMMAND];
	u32 len, len2, session, handle;

	set_up(NULL, 0);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL, &session), 0);
	EXPECT_EQ(context_save(session, first, &len), 0);
	EXPECT_EQ(context_load(first, len, &handle), 0);
	EXPECT_EQ(handle, session);
	EXPECT(context_load(first, len, &handle) != 0);		/* it is loaded */
	EXPECT_EQ(context_save(session, second, &len2), 0);
	EXPECT(context_load(first, len, &handle) != 0);		/* the older context */
	EXPECT_EQ(context_load(second, len2, &handle), 0);
	EXPECT_EQ(context_save(session, second, &len2), 0);
	EXPECT_EQ(tpm_flush(&tpm, session), 0);			/* flushed while saved */
	EXPECT(context_load(second, len2, &handle) != 0);
	EXPECT_EQ(tpm.t->sessions, 0);
	tear_down();
}

static void t31_contexts_end_with_a_reset(void)
{
	u8 ctx[VTPM_MAX_COMMAND], session_ctx[VTPM_MAX_COMMAND];
	u32 len, session_len, handle, session;

	set_up(NULL, 0);
	EXPECT_EQ(tpm_create_primary_ecc(&tpm, TPM_RH_NULL, true, &handle), 0);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL, &session), 0);
	EXPECT_EQ(context_save(handle, ctx, &len), 0);
	EXPECT_EQ(context_save(session, session_ctx, &session_len), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	EXPECT_EQ(context_load(ctx, len, &handle), (__force u32)tpm2_param(TPM_RC_INTEGRITY, 1));
	EXPECT(context_load(session_ctx, session_len, &handle) != 0);
	tear_down();
}

static const struct test_case cases[] = {
	{ "T10_key_types_and_schemes", t10_key_types_and_schemes },
	{ "T11_failed_unmarshal_leaves_nothing", t11_failed_unmarshal_leaves_nothing },
	{ "T12_signed_comparison", t12_signed_comparison },
	{ "T23_invalid_curve_points", t23_invalid_curve_points },
	{ "T31_context_bits", t31_context_bits },
	{ "T31_session_context_is_used_once", t31_session_context_is_used_once },
	{ "T31_contexts_end_with_a_reset", t31_contexts_end_with_a_reset },
};

TEST_MAIN("threats-object", cases)
