// SPDX-License-Identifier: GPL-2.0-only
/* What a policy leaves of a TPM: names, and what a profile takes away (tpm2/profile.c). */
#include "object_support.h"

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
		snprintf(name, sizeof(name), "ecc_nist_p%u", curve->bits);
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

static const struct test_case cases[] = {
	{ "every-command-has-a-name", every_command_has_a_name },
	{ "every-algorithm-has-a-name", every_algorithm_has_a_name },
	{ "all-is-all", all_is_all },
	{ "nothing-is-what-is-needed", nothing_is_what_is_needed },
	{ "commands-go-with-their-algorithms", commands_go_with_their_algorithms },
};

TEST_MAIN("profile", cases)
