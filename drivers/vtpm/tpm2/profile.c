// SPDX-License-Identifier: GPL-2.0-only
/*
 * Profiles: which commands, algorithms, curves and sizes an instance has. What it has not
 * does not exist for those who use it: codes are those of a TPM that never had it.
 */
#include "engine.h"

/* ---- what there is, by name ---- */

/* TPMA_ALGORITHM (Part 2, 8.2) */
#define ASYMMETRIC	BIT(0)
#define SYMMETRIC	BIT(1)
#define HASH		BIT(2)
#define OBJECT		BIT(3)
#define SIGNING		BIT(8)
#define ENCRYPTING	BIT(9)
#define METHOD		BIT(10)

static const struct tpm2_alg algs[] = {
	{ TPM_ALG_RSA, ASYMMETRIC | OBJECT, "rsa" },
	{ TPM_ALG_SHA1, HASH, "sha1" },
	{ TPM_ALG_HMAC, HASH | SIGNING, "hmac" },
	{ TPM_ALG_AES, SYMMETRIC, "aes" },
	{ TPM_ALG_MGF1, HASH | METHOD, "mgf1" },
	{ TPM_ALG_KEYEDHASH, HASH | OBJECT | SIGNING | ENCRYPTING, "keyedhash" },
	{ TPM_ALG_XOR, HASH | SYMMETRIC, "xor" },
	{ TPM_ALG_SHA256, HASH, "sha256" },
	{ TPM_ALG_SHA384, HASH, "sha384" },
	{ TPM_ALG_SHA512, HASH, "sha512" },
	{ TPM_ALG_RSASSA, ASYMMETRIC | SIGNING, "rsassa" },
	{ TPM_ALG_RSAES, ASYMMETRIC | ENCRYPTING, "rsaes" },
	{ TPM_ALG_RSAPSS, ASYMMETRIC | SIGNING, "rsapss" },
	{ TPM_ALG_OAEP, ASYMMETRIC | ENCRYPTING, "oaep" },
	{ TPM_ALG_ECDSA, ASYMMETRIC | SIGNING, "ecdsa" },
	{ TPM_ALG_ECDH, ASYMMETRIC | METHOD, "ecdh" },
	{ TPM_ALG_ECDAA, ASYMMETRIC | SIGNING, "ecdaa" },
	{ TPM_ALG_ECSCHNORR, ASYMMETRIC | SIGNING, "ecschnorr" },
	{ TPM_ALG_KDF1_SP800_56A, HASH | METHOD, "kdf1_sp800_56a" },
	{ TPM_ALG_KDF2, HASH | METHOD, "kdf2" },
	{ TPM_ALG_KDF1_SP800_108, HASH | METHOD, "kdf1_sp800_108" },
	{ TPM_ALG_ECC, ASYMMETRIC | OBJECT, "ecc" },
	{ TPM_ALG_SYMCIPHER, SYMMETRIC | OBJECT, "symcipher" },
	{ TPM_ALG_CMAC, SYMMETRIC | SIGNING, "cmac" },
	{ TPM_ALG_CTR, SYMMETRIC | ENCRYPTING, "ctr" },
	{ TPM_ALG_OFB, SYMMETRIC | ENCRYPTING, "ofb" },
	{ TPM_ALG_CBC, SYMMETRIC | ENCRYPTING, "cbc" },
	{ TPM_ALG_CFB, SYMMETRIC | ENCRYPTING, "cfb" },
	{ TPM_ALG_ECB, SYMMETRIC | ENCRYPTING, "ecb" },
};

static const struct {
	u16 bit;
	const char *name;
} variants[] = {
	{ TPM2_PROFILE_CURVE(TPM_ECC_NIST_P256), "ecc_nist_p256" },
	{ TPM2_PROFILE_CURVE(TPM_ECC_NIST_P384), "ecc_nist_p384" },
	{ TPM2_PROFILE_CURVE(TPM_ECC_NIST_P521), "ecc_nist_p521" },
	{ TPM2_PROFILE_CURVE(TPM_ECC_BN_P256), "ecc_bn_p256" },
	{ TPM2_PROFILE_RSA(1024), "rsa1024" },
	{ TPM2_PROFILE_RSA(2048), "rsa2048" },
	{ TPM2_PROFILE_RSA(3072), "rsa3072" },
	{ TPM2_PROFILE_RSA(4096), "rsa4096" },
	{ TPM2_PROFILE_AES(128), "aes128" },
	{ TPM2_PROFILE_AES(192), "aes192" },
	{ TPM2_PROFILE_AES(256), "aes256" },
};

const struct tpm2_alg *tpm2_alg_at(unsigned int i)
{
	return i < ARRAY_SIZE(algs) ? &algs[i] : NULL;
}

static bool is_name(const char *known, const char *name, size_t len)
{
	size_t i;

	if (strlen(known) != len)
		return false;
	for (i = 0; i < len; i++)
		if (tolower(known[i]) != tolower((unsigned char)name[i]))
			return false;
	return true;
}

u32 tpm2_command_by_name(const char *name, size_t len)
{
	const struct tpm2_cmd *cmd;
	unsigned int i;

	for (i = 0; (cmd = tpm2_cmd_at(i)); i++)
		if (is_name(cmd->name, name, len))
			return cmd->code;
	return 0;
}

int tpm2_alg_by_name(const char *name, size_t len)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(algs); i++)
		if (is_name(algs[i].name, name, len))
			return TPM2_PROFILE_ALG(algs[i].alg);
	for (i = 0; i < ARRAY_SIZE(variants); i++)
		if (is_name(variants[i].name, name, len))
			return variants[i].bit;
	return -EINVAL;
}

/* ---- making a profile ---- */

bool tpm2_command_needed(u32 code)
{
	switch (code) {
	case TPM_CC_Startup:
	case TPM_CC_Shutdown:
	case TPM_CC_SelfTest:
	case TPM_CC_IncrementalSelfTest:
	case TPM_CC_GetTestResult:
	case TPM_CC_GetCapability:
	case TPM_CC_FlushContext:
		return true;
	default:
		return false;
	}
}

void tpm2_profile_all(struct tpm2_profile *p)
{
	bitmap_fill(p->commands, TPM_CC_COUNT);
	bitmap_fill(p->algs, TPM2_PROFILE_ALGS);
	p->nv_bytes = TPM2_MAX_NV_SPACE;
	p->objects = TPM2_MAX_OBJECTS;
	p->sessions = TPM2_MAX_ALL_SESSIONS;
	p->ak_uses = 0;
}

void tpm2_profile_no_commands(struct tpm2_profile *p)
{
	const struct tpm2_cmd *cmd;
	unsigned int i;

	for (i = 0; (cmd = tpm2_cmd_at(i)); i++)
		if (!tpm2_command_needed(cmd->code))
			__clear_bit(cmd->code - TPM_CC_FIRST, p->commands);
}

void tpm2_profile_no_algs(struct tpm2_profile *p)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(algs); i++)
		__clear_bit(TPM2_PROFILE_ALG(algs[i].alg), p->algs);
	for (i = 0; i < ARRAY_SIZE(variants); i++)
		__clear_bit(variants[i].bit, p->algs);
}

/* What a command is nothing without; in the order of the algorithms, then of commands. */
static const struct {
	u16 alg;
	u16 code;
} serves[] = {
	{ TPM_ALG_RSA, TPM_CC_RSA_Decrypt },
	{ TPM_ALG_RSA, TPM_CC_RSA_Encrypt },
	{ TPM_ALG_AES, TPM_CC_EncryptDecrypt },
	{ TPM_ALG_AES, TPM_CC_EncryptDecrypt2 },
	{ TPM_ALG_KEYEDHASH, TPM_CC_Unseal },
	{ TPM_ALG_ECDH, TPM_CC_ECDH_ZGen },
	{ TPM_ALG_ECDH, TPM_CC_ECDH_KeyGen },
	{ TPM_ALG_ECDH, TPM_CC_ZGen_2Phase },
	{ TPM_ALG_ECDAA, TPM_CC_Commit },
	{ TPM_ALG_ECC, TPM_CC_ECDH_ZGen },
	{ TPM_ALG_ECC, TPM_CC_ECDH_KeyGen },
	{ TPM_ALG_ECC, TPM_CC_ECC_Parameters },
	{ TPM_ALG_ECC, TPM_CC_Commit },
	{ TPM_ALG_ECC, TPM_CC_ZGen_2Phase },
	{ TPM_ALG_ECC, TPM_CC_EC_Ephemeral },
	{ TPM_ALG_ECC, TPM_CC_ECC_Encrypt },
	{ TPM_ALG_ECC, TPM_CC_ECC_Decrypt },
	{ TPM_ALG_SYMCIPHER, TPM_CC_EncryptDecrypt },
	{ TPM_ALG_SYMCIPHER, TPM_CC_EncryptDecrypt2 },
};

int tpm2_profile_close(struct tpm2_profile *p)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(serves); i++)
		if (!test_bit(TPM2_PROFILE_ALG(serves[i].alg), p->algs))
			__clear_bit(serves[i].code - TPM_CC_FIRST, p->commands);
	for (i = TPM2_PROFILE_CURVE(0); i < TPM2_PROFILE_RSA(0); i++)
		if (!test_bit(TPM2_PROFILE_ALG(TPM_ALG_ECC), p->algs))
			__clear_bit(i, p->algs);
	for (i = 0; i < VT_HASH_COUNT; i++)
		if (test_bit(TPM2_PROFILE_ALG(vt_hash_algs[i].id), p->algs))
			return 0;
	return -EINVAL;
}

/* ---- asking ---- */

bool tpm2_profile_allows(const struct tpm2_profile *p, enum desc_limit what, u64 number)
{
	static const struct {
		u16 bit;
		u16 unit;
		u16 count;
	} parts[] = {
		[LIMIT_ALG] = { TPM2_PROFILE_ALG(0), 1,
				TPM2_PROFILE_CURVE(0) - TPM2_PROFILE_ALG(0) },
		[LIMIT_CURVE] = { TPM2_PROFILE_CURVE(0), 1,
				  TPM2_PROFILE_RSA(0) - TPM2_PROFILE_CURVE(0) },
		[LIMIT_RSA] = { TPM2_PROFILE_RSA(0), 1024,
				TPM2_PROFILE_AES(0) - TPM2_PROFILE_RSA(0) },
		[LIMIT_AES] = { TPM2_PROFILE_AES(0), 64,
				TPM2_PROFILE_ALGS - TPM2_PROFILE_AES(0) },
	};

	if (what == LIMIT_NONE || number >= (u32)parts[what].unit * parts[what].count)
		return true;
	return test_bit(parts[what].bit + (u32)number / parts[what].unit, p->algs);
}

bool tpm2_cmd_left(const struct tpm2 *t, u32 code)
{
	const struct tpm2_profile *p = tpm2_profile(t);

	return !p || tpm2_profile_command(p, code);
}

bool tpm2_alg_there(const struct tpm2 *t, u16 alg)
{
	const struct tpm2_profile *p = tpm2_profile(t);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(algs); i++)
		if (algs[i].alg == alg)
			return !p || tpm2_profile_allows(p, LIMIT_ALG, alg);
	return false;
}

bool tpm2_curve_there(const struct tpm2 *t, u16 curve)
{
	const struct tpm2_profile *p = tpm2_profile(t);

	return vt_curve_find(curve) && (!p || tpm2_profile_allows(p, LIMIT_CURVE, curve));
}

/* A key is read once more, as if it came in: so nothing of its public area is forgotten. */
tpm_rc tpm2_profile_object(const struct tpm2_profile *p, const struct tpm2_object *o)
{
	struct tpm2_reader r = {
		.p = o->pub_area.data, .left = o->pub_area.size, .profile = p,
	};
	struct tpmt_public pub;

	switch (o->kind) {
	case OBJ_KEY:
		return tpm2_read(&r, &desc_public_null, &pub);
	case OBJ_HASH_SEQ:
	case OBJ_HMAC_SEQ:
		return tpm2_profile_allows(p, LIMIT_ALG, o->seq[0].alg->id) ?
		       TPM_RC_SUCCESS : TPM_RC_HASH;
	default:
		return TPM_RC_SUCCESS;	/* CMAC has no other way to be used; events are banks' */
	}
}

u32 tpm2_max_objects(const struct tpm2 *t)
{
	const struct tpm2_profile *p = tpm2_profile(t);

	return p ? min_t(u32, p->objects, TPM2_MAX_OBJECTS) : TPM2_MAX_OBJECTS;
}

u32 tpm2_max_sessions(const struct tpm2 *t)
{
	const struct tpm2_profile *p = tpm2_profile(t);

	return p ? min_t(u32, p->sessions, TPM2_MAX_ALL_SESSIONS) : TPM2_MAX_ALL_SESSIONS;
}

u32 tpm2_max_loaded(const struct tpm2 *t)
{
	return min_t(u32, tpm2_max_sessions(t), TPM2_MAX_SESSIONS);
}

u32 tpm2_max_nv(const struct tpm2 *t)
{
	const struct tpm2_profile *p = tpm2_profile(t);

	return p ? min_t(u32, p->nv_bytes, TPM2_MAX_NV_SPACE) : TPM2_MAX_NV_SPACE;
}
