// SPDX-License-Identifier: GPL-2.0-only
/*
 * Primary keys that the world expects to find again: the endorsement keys of
 * the TCG's EK Credential Profile, the storage root keys of its provisioning
 * guidance, and what systemd makes. From fixed seeds their public areas are
 * frozen. Who has to change a line below has changed every user's keys.
 */
#include <openssl/evp.h>

#include "object_support.h"

#define EK_LOW	(FT | FP | SDO | TPMA_OBJECT_ADMINWITHPOLICY | R | D)
#define EK_HIGH	(EK_LOW | UWA)
#define SYSTEMD	(FT | FP | SDO | UWA | R | D)
#define SRK	(SYSTEMD | TPMA_OBJECT_NODA)
#define SEEDS	2

static struct host_tpm tpm;

/* PolicySecret(endorsement), and for the high templates that OR the NV index's policy */
static const u8 policy_a[32] = {
	0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xb3, 0xf8, 0x1a, 0x90, 0xcc, 0x8d,
	0x46, 0xa5, 0xd7, 0x24, 0xfd, 0x52, 0xd7, 0x6e, 0x06, 0x52, 0x0b, 0x64,
	0xf2, 0xa1, 0xda, 0x1b, 0x33, 0x14, 0x69, 0xaa,
};

static const u8 policy_b_384[48] = {
	0xb2, 0x6e, 0x7d, 0x28, 0xd1, 0x1a, 0x50, 0xbc, 0x53, 0xd8, 0x82, 0xbc,
	0xf5, 0xfd, 0x3a, 0x1a, 0x07, 0x41, 0x48, 0xbb, 0x35, 0xd3, 0xb4, 0xe4,
	0xcb, 0x1c, 0x0a, 0xd9, 0xbd, 0xe4, 0x19, 0xca, 0xcb, 0x47, 0xba, 0x09,
	0x69, 0x96, 0x46, 0x15, 0x0f, 0x9f, 0xc0, 0x00, 0xf3, 0xf8, 0x0e, 0x12,
};

/**
 * struct golden - a template, and what comes of it
 * @what: for messages
 * @hierarchy: whose seed
 * @type: TPM_ALG_*
 * @name_alg: nameAlg
 * @attrs: TPMA_OBJECT
 * @policy: authPolicy, as long as the digest of @name_alg; NULL for none
 * @aes: bits of the symmetric algorithm
 * @size: RSA bits or the curve
 * @unique: zero bytes in each part of unique
 * @sha256: of the TPMT_PUBLIC, for each seed
 */
static const struct golden {
	const char *what;
	u32 hierarchy;
	u16 type, name_alg;
	u32 attrs;
	const u8 *policy;
	u16 aes, size, unique;
	const char *sha256[SEEDS];
} golden[] = {
	{ "EK L-1, RSA 2048", TPM_RH_ENDORSEMENT, TPM_ALG_RSA, TPM_ALG_SHA256, EK_LOW, policy_a,
	  128, 2048, 256, {
		"41b1ea80107eda83972a832ebdf57b45966ba940d9a2ddb877bea655a1c33cfc",
		"c3c63ca27bf5a7c084cb3b540bd35a54359b0fd07cc00f3d6f4fea4d149b3d94" } },
	{ "EK L-2, P-256", TPM_RH_ENDORSEMENT, TPM_ALG_ECC, TPM_ALG_SHA256, EK_LOW, policy_a,
	  128, TPM_ECC_NIST_P256, 32, {
		"eda2ca520762361c51f91777afa4ecda8890e7c17d2102bc20308505306a1a19",
		"1d6498aa6c4ded4436fad7982b5690096d3f437ec1faf7af0dcdd2e47f7cd659" } },
	{ "EK H-3, P-384", TPM_RH_ENDORSEMENT, TPM_ALG_ECC, TPM_ALG_SHA384, EK_HIGH, policy_b_384,
	  256, TPM_ECC_NIST_P384, 0, {
		"e9a49c875edefbf08e866797d8fae3b39c33a0df642f634b604d70d2f8a68b66",
		"46b7917e1e405ed9269a69334bb0e627a0b64a672a5f6e8e659c650245843164" } },
	{ "SRK, RSA 2048", TPM_RH_OWNER, TPM_ALG_RSA, TPM_ALG_SHA256, SRK, NULL,
	  128, 2048, 256, {
		"01e114a9398b0bc34fa8cf536c2f1ee556375131bcaee6df60ce70dcfb19a3d9",
		"6687bb3e987859dce8560e76560c7c73eff845b8b47c8366a5936318ed108f4f" } },
	{ "SRK, P-256", TPM_RH_OWNER, TPM_ALG_ECC, TPM_ALG_SHA256, SRK, NULL,
	  128, TPM_ECC_NIST_P256, 32, {
		"af131d87b0f20e5358818b4fa66f9da7bc87321e7c53ef5b5b955affc46739af",
		"3742bba1ab8f3a2bcc85eb22ad493cda56b781924d4680a106d7067a134b8573" } },
	{ "SRK, P-256, empty unique", TPM_RH_OWNER, TPM_ALG_ECC, TPM_ALG_SHA256, SRK, NULL,
	  128, TPM_ECC_NIST_P256, 0, {
		"c36e5d0c2b00eaec38239e139942bc273357e5d8ec3ef10e4ca9ba3243aa6fad",
		"3999704cdf9ab6934cedadbd8f622fae0ca41240048ba8b32a6c6523001aab9d" } },
	{ "systemd 252, P-256", TPM_RH_OWNER, TPM_ALG_ECC, TPM_ALG_SHA256, SYSTEMD, NULL,
	  128, TPM_ECC_NIST_P256, 0, {
		"8f343934ac85c7b4529436380d1bdee34d90b49fb83551969df4fb8772b2ec8e",
		"b0daa8fdb5f9d93688887aca62e91c56f5cf16685b0522869ae4da9bc43a1d1f" } },
	{ "systemd 252, RSA 2048", TPM_RH_OWNER, TPM_ALG_RSA, TPM_ALG_SHA256, SYSTEMD,
	  NULL, 128, 2048, 0, {
		"6399f252ef4824f3fb4fba66d0b7ccbd9c115061294fd408900ea6afaacb8654",
		"8170a497fc7694a606f0ed6720f035218708d9640bf2f7c298c83ff59fc59e60" } },
};

static u16 name_digest(const struct golden *g)
{
	return g->name_alg == TPM_ALG_SHA384 ? 48 : 32;
}

static void put_golden(struct cmd *c, const struct golden *g)
{
	static const u8 zeros[256];
	u32 at = c->len;

	cmd_u16(c, 0);
	cmd_u16(c, g->type);
	cmd_u16(c, g->name_alg);
	cmd_u32(c, g->attrs);
	cmd_2b(c, g->policy, g->policy ? name_digest(g) : 0);
	cmd_u16(c, TPM_ALG_AES);
	cmd_u16(c, g->aes);
	cmd_u16(c, TPM_ALG_CFB);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u16(c, g->size);
	if (g->type == TPM_ALG_RSA)
		cmd_u32(c, 0);
	else
		cmd_u16(c, TPM_ALG_NULL);
	cmd_2b(c, zeros, g->unique);
	if (g->type == TPM_ALG_ECC)
		cmd_2b(c, zeros, g->unique);
	put_size(c, at);
}

/* Its public area; the key stays loaded as @handle. */
static u32 make(const struct golden *g, u32 *handle, struct bytes *public)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_CreatePrimary, 1, 1, g->hierarchy);
	put_sensitive_create(&c, "", NULL, 0);
	put_golden(&c, g);
	cmd_u16(&c, 0);
	cmd_u32(&c, 0);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, handle);
	copy_2b(&r, public);
	return 0;
}

static void sha256_hex(const struct bytes *b, char *hex)
{
	u8 digest[32];
	unsigned int i;

	if (!EVP_Digest(b->data, b->size, digest, NULL, EVP_sha256(), NULL))
		abort();
	for (i = 0; i < sizeof(digest); i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
}

static void set_seeds(unsigned int which)
{
	unsigned int i;

	for (i = 0; i < TPM2_PROOF_SIZE; i++) {
		tpm2_hierarchy(tpm.t, TPM_RH_OWNER)->seed[i] = which ? 0xff - 3 * i : i;
		tpm2_hierarchy(tpm.t, TPM_RH_ENDORSEMENT)->seed[i] = which ? 7 * i + 1 : 0x80 + i;
	}
}

static void one(const struct golden *g, unsigned int seed)
{
	struct bytes public, name, qualified;
	u8 digest[VT_MAX_DIGEST];
	char text[65];
	u32 handle;

	EXPECT_EQ(make(g, &handle, &public), 0);
	sha256_hex(&public, text);
	if (strcmp(text, g->sha256[seed]))
		test_fail(__FILE__, __LINE__, "%s, seed %u: %s", g->what, seed, text);
	OK_SO_FAR();
	/* its name is nameAlg and the digest of just these bytes */
	EXPECT_EQ(read_name(&tpm, handle, &name, &qualified), 0);
	EVP_Digest(public.data, public.size, digest, NULL,
		   g->name_alg == TPM_ALG_SHA384 ? EVP_sha384() : EVP_sha256(), NULL);
	EXPECT_EQ(get_unaligned_be16(name.data), g->name_alg);
	EXPECT_EQ(name.size, 2 + name_digest(g));
	EXPECT_MEM(name.data + 2, digest, name.size - 2);
	EXPECT_EQ(tpm_flush(&tpm, handle), 0);
}

static void all_of(unsigned int seed)
{
	unsigned int i;

	host_tpm_new(&tpm, NULL);
	set_seeds(seed);
	for (i = 0; i < ARRAY_SIZE(golden); i++) {
		one(&golden[i], seed);
		OK_SO_FAR();
	}
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static void first_seed(void)
{
	all_of(0);
}

static void second_seed(void)
{
	all_of(1);
}

/* The same in another instance, after other keys: nothing but seed and template counts. */
static void nothing_else_counts(void)
{
	struct bytes public;
	char text[65];
	int i, handles = 0;
	u32 handle;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(tpm_create_primary_ecc(&tpm, TPM_RH_OWNER, true, &handle), 0);
	set_seeds(0);
	for (i = ARRAY_SIZE(golden) - 1; i >= 0; i--) {
		if (golden[i].type == TPM_ALG_RSA)
			continue;
		EXPECT_EQ(make(&golden[i], &handle, &public), 0);
		sha256_hex(&public, text);
		EXPECT(!strcmp(text, golden[i].sha256[0]));
		handles++;
	}
	EXPECT(handles > 3);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static void all_different(void)
{
	unsigned int i, j;

	for (i = 0; i < SEEDS * ARRAY_SIZE(golden); i++)
		for (j = 0; j < i; j++)
			EXPECT(strcmp(golden[i / SEEDS].sha256[i % SEEDS],
				      golden[j / SEEDS].sha256[j % SEEDS]));
}

static const struct test_case cases[] = {
	{ "first_seed", first_seed },
	{ "second_seed", second_seed },
	{ "nothing_else_counts", nothing_else_counts },
	{ "all_different", all_different },
};

TEST_MAIN("golden", cases)
