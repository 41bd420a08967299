// SPDX-License-Identifier: GPL-2.0-only
/* What a policy leaves of a TPM: names, and what a profile takes away (tpm2/profile.c). */
#include "object_support.h"

#include "profile_support.h"
#include "visit_support.h"

static struct host_tpm tpm;
static struct tpm2_profile *profile;

static void set_up(const char *policy)
{
	host_tpm_new(&tpm, policy);
	profile = profile_of(&tpm);
}

static void tear_down(void)
{
	long left = host_tpm_free(&tpm);

	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

/* ---- names ---- */

static u32 command(const char *name)
{
	return tpm2_command_by_name(name, strlen(name));
}

static int alg(const char *name)
{
	return tpm2_alg_by_name(name, strlen(name));
}

static void every_command_has_a_name(void)
{
	const struct tpm2_cmd *cmd;
	char lower[64];
	unsigned int i, k;

	for (i = 0; (cmd = tpm2_cmd_at(i)); i++) {
		EXPECT_EQ(command(cmd->name), cmd->code);
		for (k = 0; cmd->name[k]; k++)
			lower[k] = tolower((unsigned char)cmd->name[k]);
		EXPECT_EQ(tpm2_command_by_name(lower, k), cmd->code);
		EXPECT(tpm2_command_by_name(lower, k - 1) != cmd->code);
	}
	EXPECT_EQ(command("pcr_extend"), TPM_CC_PCR_Extend);
	EXPECT_EQ(command("GETRANDOM"), TPM_CC_GetRandom);
	EXPECT_EQ(command(""), 0);
	EXPECT_EQ(command("pcr_extendx"), 0);
	EXPECT_EQ(command("TPM2_PCR_Extend"), 0);
	EXPECT_EQ(tpm2_command_by_name("pcr_extend and more", 10), TPM_CC_PCR_Extend);
}

static void every_algorithm_has_a_name(void)
{
	const struct tpm2_alg *a;
	const struct vt_curve *curve;
	unsigned int i;
	char name[32];

	for (i = 0; (a = tpm2_alg_at(i)); i++) {
		EXPECT_EQ(alg(a->name), a->alg);
		EXPECT(a->alg < TPM2_PROFILE_CURVE(0));
		EXPECT(!i || a->alg > tpm2_alg_at(i - 1)->alg);
	}
	for (i = 0; (curve = vt_curve_at(i)); i++) {
		snprintf(name, sizeof(name), "ecc_%s_p%u",
			 curve->id == TPM_ECC_BN_P256 ? "bn" : "nist", curve->bits);
		EXPECT_EQ(alg(name), TPM2_PROFILE_CURVE(curve->id));
		EXPECT(TPM2_PROFILE_CURVE(curve->id) < TPM2_PROFILE_RSA(0));
	}
	for (i = 0; i < 0x10000; i++) {
		snprintf(name, sizeof(name), "rsa%u", i);
		EXPECT_EQ(alg(name), tpm2_rsa_bits_ok(i) ? (int)TPM2_PROFILE_RSA(i) : -EINVAL);
		snprintf(name, sizeof(name), "aes%u", i);
		EXPECT_EQ(alg(name), tpm2_aes_bits_ok(i) ? (int)TPM2_PROFILE_AES(i) : -EINVAL);
	}
	EXPECT_EQ(alg("SHA256"), TPM_ALG_SHA256);
	EXPECT_EQ(alg("sha"), -EINVAL);
	EXPECT_EQ(alg("null"), -EINVAL);
	EXPECT_EQ(alg(""), -EINVAL);
}

/* ---- making ---- */

static bool has(const struct tpm2_profile *p, u32 code)
{
	return test_bit(code - TPM_CC_FIRST, p->commands);
}

static void all_is_all(void)
{
	struct tpm2_profile p;
	const struct tpm2_cmd *cmd;
	unsigned int i;

	memset(&p, 0xee, sizeof(p));
	tpm2_profile_all(&p);
	EXPECT_EQ(tpm2_profile_close(&p), 0);
	for (i = 0; (cmd = tpm2_cmd_at(i)); i++)
		EXPECT(has(&p, cmd->code));
	EXPECT_EQ(bitmap_weight(p.algs, TPM2_PROFILE_ALGS), TPM2_PROFILE_ALGS);
	EXPECT_EQ(p.nv_bytes, TPM2_MAX_NV_SPACE);
	EXPECT_EQ(p.objects, TPM2_MAX_OBJECTS);
	EXPECT_EQ(p.sessions, TPM2_MAX_ALL_SESSIONS);
	EXPECT_EQ(p.ak_uses, 0);
}

static void nothing_is_what_is_needed(void)
{
	struct tpm2_profile p;
	const struct tpm2_cmd *cmd;
	const struct tpm2_alg *a;
	unsigned int i;

	tpm2_profile_all(&p);
	tpm2_profile_no_commands(&p);
	for (i = 0; (cmd = tpm2_cmd_at(i)); i++)
		EXPECT_EQ(has(&p, cmd->code), tpm2_command_needed(cmd->code));
	EXPECT(has(&p, TPM_CC_Startup) && has(&p, TPM_CC_FlushContext));
	EXPECT(!has(&p, TPM_CC_PCR_Extend));
	tpm2_profile_no_algs(&p);
	for (i = 0; (a = tpm2_alg_at(i)); i++)
		EXPECT(!test_bit(a->alg, p.algs));
	EXPECT(test_bit(TPM_ALG_NULL, p.algs));
	EXPECT(!test_bit(TPM2_PROFILE_RSA(2048), p.algs));
	EXPECT_EQ(tpm2_profile_close(&p), -EINVAL);
	__set_bit(TPM_ALG_SHA384, p.algs);
	EXPECT_EQ(tpm2_profile_close(&p), 0);
}

static void commands_go_with_their_algorithms(void)
{
	struct tpm2_profile p;

	tpm2_profile_all(&p);
	__clear_bit(alg("ecc"), p.algs);
	EXPECT_EQ(tpm2_profile_close(&p), 0);
	EXPECT(!has(&p, TPM_CC_ECDH_ZGen) && !has(&p, TPM_CC_Commit));
	EXPECT(!test_bit(alg("ecc_nist_p256"), p.algs));
	EXPECT(test_bit(alg("rsa2048"), p.algs));
	EXPECT(has(&p, TPM_CC_RSA_Decrypt) && has(&p, TPM_CC_Sign));
	tpm2_profile_all(&p);
	__clear_bit(alg("rsa"), p.algs);
	EXPECT_EQ(tpm2_profile_close(&p), 0);
	EXPECT(!has(&p, TPM_CC_RSA_Decrypt) && !has(&p, TPM_CC_RSA_Encrypt));
	EXPECT(has(&p, TPM_CC_ECDH_ZGen));
}

/* ---- every number at the interface ---- */

static int bit_of(const struct desc *d, u32 v)
{
	switch (d->limit) {
	case LIMIT_ALG:
		return TPM2_PROFILE_ALG(v);
	case LIMIT_CURVE:
		return TPM2_PROFILE_CURVE(v);
	case LIMIT_RSA:
		return TPM2_PROFILE_RSA(v);
	default:
		return TPM2_PROFILE_AES(v);
	}
}

static tpm_rc read_number(const struct desc *d, u16 v)
{
	struct tpm2_reader r = { .profile = profile };
	u8 wire[2];
	u16 got;

	put_unaligned_be16(v, wire);
	r.p = wire;
	r.left = sizeof(wire);
	return tpm2_read(&r, d, &got);
}

/* What it takes is taken away one by one, and is then as a number that it has never known. */
static unsigned int check_number(const struct desc *d)
{
	tpm_rc unknown = d->check(0);
	unsigned int n = 0;
	u32 v;

	for (v = 1; v < 0x10000; v++) {
		if (d->check(v) || v == TPM_ALG_NULL)
			continue;
		if (read_number(d, v))
			return 0;
		__clear_bit(bit_of(d, v), profile->algs);
		if (read_number(d, v) != unknown)
			return 0;
		__set_bit(bit_of(d, v), profile->algs);
		n++;
	}
	return unknown ? n : 0;
}

/* An algorithm that is read without asking the profile: there is one such type alone. */
static bool looks_like_an_algorithm(const struct desc *d)
{
	u32 v;

	if (d->kind != D_UINT || d->width != 2 || !d->check || !d->check(0))
		return false;
	for (v = 1; v < 0x60; v++)
		if (!d->check(v))
			return true;
	return false;
}

static void no_number_is_forgotten(void)
{
	unsigned int i, limited = 0;

	set_up(NULL);
	visit_table(false);
	for (i = 0; i < n_descs; i++) {
		if (descs[i]->limit) {
			EXPECT(check_number(descs[i]));
			EXPECT(descs[i] == &desc_alg_hash || looks_like_an_algorithm(descs[i]) ||
			       descs[i]->limit == LIMIT_RSA || descs[i]->limit == LIMIT_AES);
			limited++;
		} else {
			EXPECT(descs[i] == &desc_alg_bank || !looks_like_an_algorithm(descs[i]));
		}
	}
	EXPECT(limited > 15);
	tear_down();
}

/* ---- commands ---- */

static u32 bare(u32 code)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, code);
	return cmd_run(&tpm, &c);
}

/* How many elements the list has, and whether @number is the first from itself on. */
static u32 listed(u32 cap, u32 number, bool *there)
{
	struct rsp r;
	u32 n, first;

	if (capability(&tpm, cap, number, 1, &r))
		return 0xffffffff;
	n = rsp_u32(&r);
	first = cap == TPM_CAP_COMMANDS ? rsp_u32(&r) & 0xffff : n ? rsp_u16(&r) : 0;
	*there = n && first == number;
	if (capability(&tpm, cap, 0, 1000, &r))
		return 0xffffffff;
	return rsp_u32(&r);
}

static void check_without(const struct tpm2_cmd *cmd)
{
	u32 all, rc;
	bool there;

	all = listed(TPM_CAP_COMMANDS, cmd->code, &there);
	EXPECT(there && bare(cmd->code) != RAW(TPM_RC_COMMAND_CODE));
	__clear_bit(cmd->code - TPM_CC_FIRST, profile->commands);
	rc = bare(cmd->code);
	EXPECT_EQ(rc, RAW(TPM_RC_COMMAND_CODE));
	EXPECT_EQ(listed(TPM_CAP_COMMANDS, cmd->code, &there), all - 1);
	EXPECT(!there);
	EXPECT_EQ(property(&tpm, 0x100 + 41), all - 1);	/* TOTAL_COMMANDS */
	__set_bit(cmd->code - TPM_CC_FIRST, profile->commands);
}

static void commands_are_not_there(void)
{
	const struct tpm2_cmd *cmd;
	unsigned int i;

	set_up(NULL);
	for (i = 0; (cmd = tpm2_cmd_at(i)); i++) {
		if (cmd->code == TPM_CC_GetCapability)
			continue;
		check_without(cmd);
		OK_SO_FAR();
	}
	tear_down();
}

static u32 policy_command_code(u32 session, u32 code)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PolicyCommandCode);
	cmd_u32(&c, session);
	cmd_u32(&c, code);
	return cmd_run(&tpm, &c);
}

static u32 audit(u32 code)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_SetCommandCodeAuditStatus, 1, 1, TPM_RH_OWNER);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u32(&c, 1);
	cmd_u32(&c, code);
	cmd_u32(&c, 0);
	return cmd_run(&tpm, &c);
}

static void others_do_not_know_it_either(void)
{
	u32 session;
	struct rsp r;

	set_up(NULL);
	__clear_bit(TPM_CC_Unseal - TPM_CC_FIRST, profile->commands);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_NULL,
				    &session), 0);
	EXPECT_EQ(policy_command_code(session, TPM_CC_Unseal), P(TPM_RC_POLICY_CC, 1));
	EXPECT_EQ(policy_command_code(session, TPM_CC_Sign), 0);
	EXPECT_EQ(audit(TPM_CC_Unseal), 0);
	EXPECT(!tpm2_audited(tpm.t, TPM_CC_Unseal));
	EXPECT_EQ(audit(TPM_CC_Sign), 0);
	EXPECT(tpm2_audited(tpm.t, TPM_CC_Sign));
	__clear_bit(TPM_CC_Sign - TPM_CC_FIRST, profile->commands);
	EXPECT_EQ(capability(&tpm, TPM_CAP_AUDIT_COMMANDS, TPM_CC_Sign, 1, &r), 0);
	EXPECT_EQ(rsp_u32(&r), 0);
	tear_down();
}

/* ---- algorithms ---- */

static u32 self_test(u16 id)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_IncrementalSelfTest);
	cmd_u32(&c, 1);
	cmd_u16(&c, id);
	return cmd_run(&tpm, &c);
}

static void algorithms_are_not_listed(void)
{
	const struct vt_curve *curve;
	const struct tpm2_alg *a;
	unsigned int i;
	bool there;
	u32 all;

	set_up(NULL);
	for (i = 0; (a = tpm2_alg_at(i)); i++) {
		all = listed(TPM_CAP_ALGS, a->alg, &there);
		EXPECT(there && !self_test(a->alg));
		__clear_bit(a->alg, profile->algs);
		EXPECT_EQ(listed(TPM_CAP_ALGS, a->alg, &there), all - 1);
		EXPECT(!there);
		EXPECT_EQ(self_test(a->alg), P(TPM_RC_VALUE, 1));
		__set_bit(a->alg, profile->algs);
	}
	for (i = 0; (curve = vt_curve_at(i)); i++) {
		all = listed(TPM_CAP_ECC_CURVES, curve->id, &there);
		EXPECT(there);
		__clear_bit(TPM2_PROFILE_CURVE(curve->id), profile->algs);
		EXPECT_EQ(listed(TPM_CAP_ECC_CURVES, curve->id, &there), all - 1);
		EXPECT(!there);
		EXPECT_EQ(property(&tpm, 0x200 + 13), all - 1);	/* LOADED_CURVES */
		__set_bit(TPM2_PROFILE_CURVE(curve->id), profile->algs);
	}
	tear_down();
}

static const struct tmpl rsa_storage = { TPM_ALG_RSA, STORAGE, .sym = TPM_ALG_AES };
static const struct tmpl rsa_sign = { TPM_ALG_RSA, OURS | SDO | S, .scheme = TPM_ALG_RSAPSS };
static const struct tmpl hmac_key = { TPM_ALG_KEYEDHASH, OURS | SDO | S, .scheme = TPM_ALG_HMAC };
static const struct tmpl any_hmac = { TPM_ALG_KEYEDHASH, OURS | SDO | S | D };
static const struct tmpl cipher = {
	TPM_ALG_SYMCIPHER, OURS | SDO | D, .sym = TPM_ALG_AES, .bits = 192,
};

/* What a template says to the first algorithm of it that is not there */
static const struct {
	const char *name;
	const struct tmpl *t;
	tpm_rc rc;
} templates[] = {
	{ "rsa", &rsa_storage, TPM_RC_TYPE },
	{ "rsa2048", &rsa_storage, TPM_RC_VALUE },
	{ "aes", &rsa_storage, TPM_RC_SYMMETRIC },
	{ "aes128", &rsa_storage, TPM_RC_VALUE },
	{ "cfb", &rsa_storage, TPM_RC_MODE },
	{ "sha256", &rsa_storage, TPM_RC_HASH },
	{ "rsapss", &rsa_sign, TPM_RC_VALUE },
	{ "ecc", &sign_template, TPM_RC_TYPE },
	{ "ecc_nist_p256", &sign_template, TPM_RC_CURVE },
	{ "ecdsa", &sign_template, TPM_RC_SCHEME },
	{ "keyedhash", &hmac_key, TPM_RC_TYPE },
	{ "hmac", &hmac_key, TPM_RC_VALUE },
	{ "symcipher", &cipher, TPM_RC_TYPE },
	{ "aes192", &cipher, TPM_RC_VALUE },
};

static u32 test_parms(const struct tmpl *t)
{
	struct tmpl only = *t;
	struct cmd all, c;

	put_public_head((all.len = 0, &all), &only);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_TestParms);
	cmd_bytes(&c, all.buf, 2);
	cmd_bytes(&c, all.buf + 10, all.len - 10);	/* without nameAlg, attributes, policy */
	return cmd_run(&tpm, &c);
}

static u32 create_loaded(const struct tmpl *t)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_CreateLoaded, 1, 1, TPM_RH_OWNER);
	put_sensitive_create(&c, "", NULL, 0);
	put_template(&c, t);
	return cmd_run(&tpm, &c);
}

static void templates_are_refused(void)
{
	unsigned int i;
	u32 handle, rc;
	int bit;

	set_up(NULL);
	for (i = 0; i < ARRAY_SIZE(templates); i++) {
		bit = alg(templates[i].name);
		EXPECT(bit >= 0);
		__clear_bit(bit, profile->algs);
		rc = primary(&tpm, TPM_RH_OWNER, templates[i].t, &handle);
		EXPECT_EQ(rc, P(templates[i].rc, 2));
		EXPECT_EQ(create_loaded(templates[i].t), P(templates[i].rc, 2));
		if (templates[i].rc != TPM_RC_HASH)
			EXPECT_EQ(test_parms(templates[i].t), P(templates[i].rc, 1));
		__set_bit(bit, profile->algs);
		EXPECT_EQ(test_parms(templates[i].t), 0);
	}
	EXPECT_EQ(create_loaded(&sign_template), 0);
	tear_down();
}

static u32 hmac(u32 key, u16 id)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_HMAC, 1, 1, key);
	cmd_2b(&c, "abc", 3);
	cmd_u16(&c, id);
	return cmd_run(&tpm, &c);
}

static void parameters_are_refused(void)
{
	u32 session, key;

	set_up(NULL);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &any_hmac, &key), 0);
	EXPECT_EQ(hmac(key, TPM_ALG_SHA384), 0);
	__clear_bit(TPM_ALG_SHA384, profile->algs);
	EXPECT_EQ(hash(&tpm, TPM_ALG_SHA384), P(TPM_RC_HASH, 2));
	EXPECT_EQ(hash(&tpm, TPM_ALG_SHA256), 0);
	EXPECT_EQ(hmac(key, TPM_ALG_SHA384), P(TPM_RC_SYMMETRIC, 2));
	EXPECT_EQ(hmac(key, TPM_ALG_SHA256), 0);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA384, TPM_ALG_NULL, &session),
		  P(TPM_RC_HASH, 5));
	__clear_bit(TPM_ALG_XOR, profile->algs);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_XOR, &session),
		  P(TPM_RC_SYMMETRIC, 4));
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_AES, &session), 0);
	/* the key names no scheme: the command itself is the algorithm */
	__clear_bit(TPM_ALG_HMAC, profile->algs);
	EXPECT_EQ(hmac(key, TPM_ALG_SHA256), H(TPM_RC_TYPE, 1));
	tear_down();
}

static const struct test_case cases[] = {
	{ "every-command-has-a-name", every_command_has_a_name },
	{ "every-algorithm-has-a-name", every_algorithm_has_a_name },
	{ "all-is-all", all_is_all },
	{ "nothing-is-what-is-needed", nothing_is_what_is_needed },
	{ "commands-go-with-their-algorithms", commands_go_with_their_algorithms },
	{ "no-number-is-forgotten", no_number_is_forgotten },
	{ "commands-are-not-there", commands_are_not_there },
	{ "others-do-not-know-it-either", others_do_not_know_it_either },
	{ "algorithms-are-not-listed", algorithms_are_not_listed },
	{ "templates-are-refused", templates_are_refused },
	{ "parameters-are-refused", parameters_are_refused },
};

TEST_MAIN("profile", cases)
