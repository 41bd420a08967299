// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine in a kernel, by raw commands: PCRs and the matrix behind them,
 * sessions and what they keep, names, and every command cut short.
 */
#include "support.h"
#include "../host/object_support.h"

static struct host_tpm tpm;

static void start(const char *policy)
{
	host_tpm_new(&tpm, policy);
}

static void finish(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, host_tpm_free(&tpm), 0L);
}

/* ---- PCRs ---- */

static void pcr_extend(struct kunit *test)
{
	u8 m[VT_MAX_DIGEST], value[VT_MAX_DIGEST], want[VT_MAX_DIGEST];
	unsigned int i, n;
	u32 pcr;

	start("bank sha1 sha256 sha384 sha512\n");
	for (i = 0; i < VT_HASH_COUNT; i++) {
		const struct vt_hash_alg *alg = &vt_hash_algs[i];

		for (pcr = 0; pcr < 17; pcr++) {
			memset(want, 0, sizeof(want));
			for (n = 0; n < 3; n++) {
				KUNIT_EXPECT_EQ(test, alg->digest_size,
						vt_kunit_read(test, &tpm, alg->id, pcr, value));
				KUNIT_EXPECT_EQ(test, memcmp(value, want, alg->digest_size), 0);
				vt_random(m, sizeof(m));
				vt_kunit_chain(alg, want, m);
				KUNIT_EXPECT_EQ(test, vt_kunit_extend(&tpm, alg->id, pcr, m), 0U);
			}
		}
	}
	finish(test);
}

/* What locality 0 may not do, and what the start values are (PC Client profile). */
static void pcr_localities(struct kunit *test)
{
	u8 m[32] = { 1 }, value[VT_MAX_DIGEST];
	struct cmd c;
	u32 pcr;

	start(NULL);
	for (pcr = 0; pcr < 24; pcr++) {
		bool open = pcr < 17 || pcr == 23;
		bool resettable = pcr == 16 || pcr == 23;

		KUNIT_EXPECT_EQ(test, vt_kunit_read(test, &tpm, TPM_ALG_SHA256, pcr, value), 32);
		KUNIT_EXPECT_NULL(test, memchr_inv(value, pcr > 16 && pcr < 23 ? 0xff : 0, 32));
		KUNIT_EXPECT_EQ_MSG(test, vt_kunit_extend(&tpm, TPM_ALG_SHA256, pcr, m),
				    open ? 0 : (__force u32)TPM_RC_LOCALITY, "PCR %u", pcr);
		cmd_begin_pw(&c, TPM_CC_PCR_Reset, 1, 1, pcr);
		KUNIT_EXPECT_EQ_MSG(test, cmd_run(&tpm, &c),
				    resettable ? 0 : (__force u32)TPM_RC_LOCALITY, "PCR %u", pcr);
		vt_kunit_read(test, &tpm, TPM_ALG_SHA256, pcr, value);
		if (resettable)
			KUNIT_EXPECT_NULL(test, memchr_inv(value, 0, 32));
	}
	finish(test);
}

/* What the policy hides, and a bank that is not there, look alike. */
static void pcr_hidden(struct kunit *test)
{
	u8 value[VT_MAX_DIGEST], m[32] = { 7 };

	start("bank sha1 sha256\nread pcr=3 bank=sha256 hide\n");
	KUNIT_EXPECT_EQ(test, vt_kunit_extend(&tpm, TPM_ALG_SHA256, 3, m), 0U);
	KUNIT_EXPECT_EQ(test, vt_kunit_read(test, &tpm, TPM_ALG_SHA256, 3, value), 0);
	KUNIT_EXPECT_EQ(test, vt_kunit_read(test, &tpm, TPM_ALG_SHA256, 4, value), 32);
	KUNIT_EXPECT_EQ(test, vt_kunit_read(test, &tpm, TPM_ALG_SHA1, 3, value), 20);
	KUNIT_EXPECT_EQ(test, vt_kunit_read(test, &tpm, TPM_ALG_SHA512, 3, value), 0);
	finish(test);
}

/* ---- sessions ---- */

static void session_kind(struct kunit *test, u8 type, u16 hash, u16 sym)
{
	u32 handle;

	KUNIT_ASSERT_EQ(test, tpm_start_session(&tpm, type, hash, sym, &handle), 0U);
	KUNIT_EXPECT_EQ(test, handle >> 24, type == TPM_SE_HMAC ? 2U : 3U);
	KUNIT_EXPECT_EQ(test, tpm_flush(&tpm, handle), 0U);
	KUNIT_EXPECT_NE(test, tpm_flush(&tpm, handle), 0U);
}

static void session_kinds(struct kunit *test)
{
	static const u16 syms[] = { TPM_ALG_NULL, TPM_ALG_AES, TPM_ALG_XOR };
	static const u8 types[] = { TPM_SE_HMAC, TPM_SE_POLICY, TPM_SE_TRIAL };
	unsigned int i, j, k;
	u32 handle;

	start(NULL);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		for (j = 0; j < VT_HASH_COUNT; j++) {
			for (k = 0; k < ARRAY_SIZE(syms); k++)
				session_kind(test, types[i], vt_hash_algs[j].id, syms[k]);
		}
	}
	KUNIT_EXPECT_NE(test, tpm_start_session(&tpm, 2, TPM_ALG_SHA256, TPM_ALG_NULL, &handle),
			0U);
	KUNIT_EXPECT_NE(test, tpm_start_session(&tpm, 0, 0x12, TPM_ALG_NULL, &handle), 0U);
	finish(test);
}

static void session_slots(struct kunit *test)
{
	u32 handle[TPM2_MAX_SESSIONS], more;
	struct tpm2_stats stats;
	unsigned int i;

	start(NULL);
	for (i = 0; i < TPM2_MAX_SESSIONS; i++)
		KUNIT_ASSERT_EQ(test, tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256,
							TPM_ALG_NULL, &handle[i]), 0U);
	KUNIT_EXPECT_EQ(test, tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL,
						&more), (__force u32)TPM_RC_SESSION_MEMORY);
	tpm2_get_stats(tpm.t, &stats);
	KUNIT_EXPECT_EQ(test, stats.sessions, (u32)TPM2_MAX_SESSIONS);
	KUNIT_EXPECT_EQ(test, tpm_flush(&tpm, handle[7]), 0U);
	KUNIT_EXPECT_EQ(test, tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL,
						&more), 0U);
	finish(test);
}

static void get_digest(struct kunit *test, u32 session, u8 *digest)
{
	struct cmd c;
	struct rsp r;
	u16 len;

	cmd_begin_pw(&c, TPM_CC_PolicyGetDigest, 1, 0, session);
	KUNIT_ASSERT_EQ(test, cmd_run(&tpm, &c), 0U);
	r = rsp_params(&tpm, NULL);
	memcpy(digest, rsp_2b(&r, &len), 32);
	KUNIT_ASSERT_EQ(test, len, 32);
}

/* digest = H(digest || code || what follows) */
static void policy_step(u8 *digest, u32 code, const void *more, size_t len)
{
	struct vt_hash_ctx h;
	u8 be[4];

	put_unaligned_be32(code, be);
	vt_hash_init(&h, vt_hash_find(TPM_ALG_SHA256));
	vt_hash_update(&h, digest, 32);
	vt_hash_update(&h, be, sizeof(be));
	vt_hash_update(&h, more, len);
	vt_hash_final(&h, digest);
}

/* PolicyPCR over one PCR, its value not given. */
static u32 policy_pcr(u32 session, u32 pcr)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PolicyPCR, 1, 0, session);
	cmd_u16(&c, 0);
	vt_kunit_select(&c, TPM_ALG_SHA256, pcr);
	return cmd_run(&tpm, &c);
}

/* The digest after each step of a policy (Part 3, 23), computed here too. */
static void policy_digests(struct kunit *test)
{
	static const u8 sel[] = { 0, 0, 0, 1, 0, 0x0b, 3, 0, 4, 0 };
	static const u8 unseal_code[] = { 0, 0, 1, 0x5e };
	u8 want[32] = { 0 }, got[32], more[sizeof(sel) + 32];
	struct cmd c;
	u32 se;

	start(NULL);
	KUNIT_ASSERT_EQ(test, tpm_start_session(&tpm, TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_NULL,
						&se), 0U);
	get_digest(test, se, got);
	KUNIT_EXPECT_EQ(test, memcmp(got, want, 32), 0);
	KUNIT_EXPECT_EQ(test, policy_pcr(se, 10), 0U);
	memcpy(more, sel, sizeof(sel));
	memset(got, 0, 32);
	vt_hash(vt_hash_find(TPM_ALG_SHA256), got, 32, more + sizeof(sel));
	policy_step(want, TPM_CC_PolicyPCR, more, sizeof(more));
	get_digest(test, se, got);
	KUNIT_EXPECT_EQ(test, memcmp(got, want, 32), 0);
	cmd_begin_pw(&c, TPM_CC_PolicyCommandCode, 1, 0, se);
	cmd_u32(&c, TPM_CC_Unseal);
	KUNIT_EXPECT_EQ(test, cmd_run(&tpm, &c), 0U);
	policy_step(want, TPM_CC_PolicyCommandCode, unseal_code, sizeof(unseal_code));
	cmd_begin_pw(&c, TPM_CC_PolicyAuthValue, 1, 0, se);
	KUNIT_EXPECT_EQ(test, cmd_run(&tpm, &c), 0U);
	policy_step(want, TPM_CC_PolicyAuthValue, NULL, 0);
	get_digest(test, se, got);
	KUNIT_EXPECT_EQ(test, memcmp(got, want, 32), 0);
	cmd_begin_pw(&c, TPM_CC_PolicyRestart, 1, 0, se);
	KUNIT_EXPECT_EQ(test, cmd_run(&tpm, &c), 0U);
	get_digest(test, se, got);
	KUNIT_EXPECT_NULL(test, memchr_inv(got, 0, 32));
	finish(test);
}

/* A sealed object whose only key is the policy @digest. */
static void seal_to(struct kunit *test, const u8 *digest, u32 *handle)
{
	struct cmd c;
	u32 at;

	cmd_begin_pw(&c, TPM_CC_CreatePrimary, 1, 1, TPM_RH_OWNER);
	put_sensitive_create(&c, "", "secret", 6);
	at = c.len;
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_KEYEDHASH);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u32(&c, FT | FP | TPMA_OBJECT_NODA);
	cmd_2b(&c, digest, 32);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u16(&c, 0);
	put_size(&c, at);
	cmd_u16(&c, 0);
	cmd_u32(&c, 0);
	KUNIT_ASSERT_EQ(test, cmd_run(&tpm, &c), 0U);
	rsp_params(&tpm, handle);
}

static u32 unseal_by(u32 object, u32 session)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_Unseal);
	cmd_u32(&c, object);
	cmd_auths(&c);
	cmd_session(&c, session, TPMA_SESSION_CONTINUE);
	cmd_auths_end(&c);
	return cmd_run(&tpm, &c);
}

static void sealed_to_pcr(struct kunit *test)
{
	u8 digest[32], m[32] = { 9 };
	u32 se, object;

	start(NULL);
	KUNIT_ASSERT_EQ(test, vt_kunit_extend(&tpm, TPM_ALG_SHA256, 10, m), 0U);
	KUNIT_ASSERT_EQ(test, tpm_start_session(&tpm, TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_NULL,
						&se), 0U);
	KUNIT_ASSERT_EQ(test, policy_pcr(se, 10), 0U);
	get_digest(test, se, digest);
	seal_to(test, digest, &object);
	KUNIT_EXPECT_NE(test, unseal(&tpm, object, "", NULL), 0U);
	KUNIT_EXPECT_EQ(test, unseal_by(object, se), 0U);
	KUNIT_EXPECT_NOT_NULL(test, strnstr(tpm.rsp + 16, "secret", tpm.rsp_len - 16));
	/* the policy was checked before the PCR changed */
	KUNIT_ASSERT_EQ(test, policy_pcr(se, 10), 0U);
	KUNIT_ASSERT_EQ(test, vt_kunit_extend(&tpm, TPM_ALG_SHA256, 10, m), 0U);
	KUNIT_EXPECT_NE(test, unseal_by(object, se), 0U);
	KUNIT_EXPECT_EQ(test, policy_pcr(se, 10), (__force u32)TPM_RC_PCR_CHANGED);
	KUNIT_ASSERT_EQ(test, tpm_flush(&tpm, se), 0U);
	/* and after it */
	KUNIT_ASSERT_EQ(test, tpm_start_session(&tpm, TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_NULL,
						&se), 0U);
	KUNIT_ASSERT_EQ(test, policy_pcr(se, 10), 0U);
	KUNIT_EXPECT_EQ(test, unseal_by(object, se),
			(__force u32)tpm2_session_rc(TPM_RC_POLICY_FAIL, 1));
	finish(test);
}

/* ---- names ---- */

static void named(struct kunit *test, const struct tmpl *t)
{
	const struct vt_hash_alg *alg = vt_hash_find(t->name ? t->name : TPM_ALG_SHA256);
	struct bytes public, name, qualified;
	u8 want[2 + VT_MAX_DIGEST], chain[4 + 2 + VT_MAX_DIGEST];
	u16 size = 2 + alg->digest_size;
	u32 handle;

	KUNIT_ASSERT_EQ(test, object_create(&tpm, TPM_CC_CreatePrimary, TPM_RH_OWNER, t, "",
					    t->attrs & SDO ? NULL : "data",
					    t->attrs & SDO ? 0 : 4, &handle, NULL, &public), 0U);
	KUNIT_ASSERT_EQ(test, read_name(&tpm, handle, &name, &qualified), 0U);
	put_unaligned_be16(alg->id, want);
	vt_hash(alg, public.data, public.size, want + 2);
	KUNIT_EXPECT_EQ(test, name.size, size);
	KUNIT_EXPECT_EQ(test, memcmp(name.data, want, size), 0);
	put_unaligned_be32(TPM_RH_OWNER, chain);
	memcpy(chain + 4, want, size);
	vt_hash(alg, chain, 4 + size, want + 2);
	KUNIT_EXPECT_EQ(test, qualified.size, size);
	KUNIT_EXPECT_EQ(test, memcmp(qualified.data, want, size), 0);
	KUNIT_EXPECT_EQ(test, tpm_flush(&tpm, handle), 0U);
}

static void names(struct kunit *test)
{
	struct tmpl t = seal_template;
	unsigned int i;

	start(NULL);
	for (i = 0; i < VT_HASH_COUNT; i++) {
		t.name = vt_hash_algs[i].id;
		named(test, &t);
	}
	named(test, &storage_template);
	named(test, &sign_template);
	finish(test);
}

/* ---- commands cut short ---- */

/* Every beginning of a right command, its size made right, is an error and changes nothing. */
static void cut(struct kunit *test, const struct cmd *whole)
{
	struct tpm2_stats before, after;
	u8 *copy = kunit_kzalloc(test, whole->len, GFP_KERNEL);
	u32 len;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	tpm2_get_stats(tpm.t, &before);
	for (len = 0; len < whole->len; len++) {
		memcpy(copy, whole->buf, len);
		if (len >= 6)
			put_unaligned_be32(len, copy + 2);
		KUNIT_EXPECT_NE_MSG(test, host_tpm_run(&tpm, copy, len), 0U, "%u of %u bytes", len,
				    whole->len);
		KUNIT_EXPECT_EQ(test, tpm.rsp_len, 10U);
	}
	tpm2_get_stats(tpm.t, &after);
	KUNIT_EXPECT_EQ(test, after.objects, before.objects);
	KUNIT_EXPECT_EQ(test, after.sessions, before.sessions);
	KUNIT_EXPECT_FALSE(test, after.failure_mode);
	KUNIT_EXPECT_EQ(test, host_tpm_run(&tpm, whole->buf, whole->len), 0U);
}

static void commands_cut(struct kunit *test)
{
	u8 m[32] = { 3 }, value[VT_MAX_DIGEST];
	struct cmd c;
	u32 se;

	start(NULL);
	vt_kunit_extend_cmd(&c, TPM_ALG_SHA256, 5, m);
	cut(test, &c);
	memset(value, 0, sizeof(value));
	vt_kunit_chain(vt_hash_find(TPM_ALG_SHA256), value, m);
	KUNIT_ASSERT_EQ(test, vt_kunit_read(test, &tpm, TPM_ALG_SHA256, 5, m), 32);
	KUNIT_EXPECT_EQ(test, memcmp(m, value, 32), 0);

	cmd_begin_pw(&c, TPM_CC_CreatePrimary, 1, 1, TPM_RH_OWNER);
	put_sensitive_create(&c, "auth", "data", 4);
	put_template(&c, &seal_template);
	cmd_2b(&c, m, 4);
	vt_kunit_select(&c, TPM_ALG_SHA256, 5);
	cmd_finish(&c);
	cut(test, &c);

	KUNIT_ASSERT_EQ(test, tpm_start_session(&tpm, TPM_SE_TRIAL, TPM_ALG_SHA256, TPM_ALG_NULL,
						&se), 0U);
	cmd_begin_pw(&c, TPM_CC_PolicyPCR, 1, 0, se);
	cmd_2b(&c, m, 32);
	vt_kunit_select(&c, TPM_ALG_SHA256, 5);
	cmd_finish(&c);
	cut(test, &c);
	finish(test);
}

static struct kunit_case engine_cases[] = {
	KUNIT_CASE(pcr_extend),
	KUNIT_CASE(pcr_localities),
	KUNIT_CASE(pcr_hidden),
	KUNIT_CASE(session_kinds),
	KUNIT_CASE(session_slots),
	KUNIT_CASE(policy_digests),
	KUNIT_CASE(sealed_to_pcr),
	KUNIT_CASE(names),
	KUNIT_CASE(commands_cut),
	{}
};

static struct kunit_suite engine_suite = {
	.name = "vtpm_engine",
	.test_cases = engine_cases,
};

kunit_test_suite(engine_suite);
