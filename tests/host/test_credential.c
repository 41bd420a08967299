// SPDX-License-Identifier: GPL-2.0-only
/* TPM2_MakeCredential and TPM2_ActivateCredential. */
#include "object_support.h"

static struct host_tpm tpm;

static void check_left(void)
{
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static u32 make_credential(u32 key, const struct bytes *name, u16 len, struct bytes *blob,
			   struct bytes *secret)
{
	static const u8 credential[VT_MAX_DIGEST] = "a credential";
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_MakeCredential, 1, 0, key);
	cmd_2b(&c, credential, len);
	cmd_2b(&c, name->data, name->size);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	copy_2b(&r, blob);
	copy_2b(&r, secret);
	return 0;
}

static u32 activate(u32 object, u32 key, const struct bytes *blob, const struct bytes *secret,
		    struct bytes *info)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_ActivateCredential, 2, 2, object, key);
	cmd_2b(&c, blob->data, blob->size);
	cmd_2b(&c, secret->data, secret->size);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	copy_2b(&r, info);
	return 0;
}

static void credential_of(const struct tmpl *ek_template)
{
	struct bytes name, qualified, blob, secret, info;
	u32 ek, ak;
	unsigned int i;

	EXPECT_EQ(primary(&tpm, TPM_RH_ENDORSEMENT, ek_template, &ek), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &sign_template, &ak), 0);
	EXPECT_EQ(read_name(&tpm, ak, &name, &qualified), 0);
	EXPECT_EQ(make_credential(ek, &name, 33, &blob, &secret), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(make_credential(ak, &name, 12, &blob, &secret), H(TPM_RC_TYPE, 1));
	EXPECT_EQ(make_credential(ek, &name, 12, &blob, &secret), 0);
	EXPECT_EQ(activate(ak, ek, &blob, &secret, &info), 0);
	EXPECT_EQ(info.size, 12);
	EXPECT_MEM(info.data, "a credential", 12);
	EXPECT_EQ(activate(ek, ek, &blob, &secret, &info), P(TPM_RC_INTEGRITY, 1));
	EXPECT_EQ(activate(ak, ak, &blob, &secret, &info), H(TPM_RC_TYPE, 2));
	for (i = 2; i < blob.size; i++) {
		blob.data[i] ^= 0x80;
		EXPECT_EQ(activate(ak, ek, &blob, &secret, &info), P(TPM_RC_INTEGRITY, 1));
		blob.data[i] ^= 0x80;
	}
	secret.data[secret.size - 1] ^= 1;
	EXPECT_EQ(activate(ak, ek, &blob, &secret, &info),
		  ek_template->type == TPM_ALG_ECC ? P(TPM_RC_ECC_POINT, 2) : P(TPM_RC_VALUE, 2));
	secret.size--;
	EXPECT_EQ(activate(ak, ek, &blob, &secret, &info),
		  ek_template->type == TPM_ALG_ECC ? P(TPM_RC_INSUFFICIENT, 2) : P(TPM_RC_SIZE, 2));
}

static void credentials_ecc(void)
{
	host_tpm_new(&tpm, NULL);
	credential_of(&storage_template);
	OK_SO_FAR();
	check_left();
}

static void credentials_rsa(void)
{
	const struct tmpl t = { TPM_ALG_RSA, STORAGE, .sym = TPM_ALG_AES, .size = 1024 };

	host_tpm_new(&tpm, NULL);
	credential_of(&t);
	OK_SO_FAR();
	check_left();
}

/* Both sides use the same derivations, so the wire format is checked against one made here. */
static void blob_of_known_seed(void)
{
	static const u8 seed[32] = { 1, 2, 3 };
	const struct vt_hash_alg *sha256 = vt_hash_find(TPM_ALG_SHA256);
	struct bytes name, qualified;
	struct tpm2b blob, got;
	struct tpm2_call *c;
	u8 want[2 + 32 + 2 + 5], key[32], mac_over[2 + 5 + 34], iv[16] = { 0 };
	struct tpm2_object *o;
	u32 ek;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(primary(&tpm, TPM_RH_ENDORSEMENT, &storage_template, &ek), 0);
	EXPECT_EQ(read_name(&tpm, ek, &name, &qualified), 0);
	o = tpm2_object_find(tpm.space, ek);
	c = &tpm.space->call;
	EXPECT_EQ(tpm2_credential_make(c, &o->pub, tpm2b("hello", 5), name.data, name.size, seed,
				       sizeof(seed), &blob), TPM_RC_SUCCESS);
	memcpy(want + 34, "\0\5hello", 7);
	vt_kdfa(sha256, seed, 32, "STORAGE", name.data, name.size, NULL, 0, 128, key);
	EXPECT_EQ(vt_aes_cfb(key, 128, iv, true, want + 34, 7), 0);
	vt_kdfa(sha256, seed, 32, "INTEGRITY", NULL, 0, NULL, 0, 256, key);
	memcpy(mac_over, want + 34, 7);
	memcpy(mac_over + 7, name.data, name.size);
	put_unaligned_be16(32, want);
	vt_hmac(sha256, key, 32, mac_over, sizeof(mac_over), want + 2);
	EXPECT_EQ(blob.size, sizeof(want));
	EXPECT_MEM(blob.data, want, sizeof(want));
	EXPECT_EQ(tpm2_credential_open(c, &o->pub, blob, name.data, name.size, seed, sizeof(seed),
				       &got), TPM_RC_SUCCESS);
	EXPECT_EQ(got.size, 5);
	check_left();
}

static void only_storage_keys(void)
{
	static const struct tmpl symmetric = { TPM_ALG_SYMCIPHER, STORAGE, .sym = TPM_ALG_AES };
	struct bytes name, qualified, blob, secret;
	u32 key;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &symmetric, &key), 0);
	EXPECT_EQ(read_name(&tpm, key, &name, &qualified), 0);
	EXPECT_EQ(make_credential(key, &name, 1, &blob, &secret), H(TPM_RC_TYPE, 1));
	check_left();
}

static const struct test_case cases[] = {
	{ "ecc", credentials_ecc },
	{ "rsa", credentials_rsa },
	{ "blob_of_known_seed", blob_of_known_seed },
	{ "only_storage_keys", only_storage_keys },
};

TEST_MAIN("credential", cases)
