// SPDX-License-Identifier: GPL-2.0-only
/* Keys at work (Part 3, 14, 15, 19 and 20). */
#include "bench.h"

static const u8 data[1024] = { 1, 6, 1, 8 };

/* ---- signatures ---- */

static void setup_ecc384(struct side *s)
{
	primary(s, KEY, &ecc384_signer);
}

static void setup_ecc521(struct side *s)
{
	primary(s, KEY, &ecc521_signer);
}

static void setup_rsa(struct side *s)
{
	primary(s, KEY, &rsa_signer);
}

static void setup_hmac(struct side *s)
{
	primary(s, KEY, &hmac_key);
}

static void build_sign_data(struct side *s, struct cmd *c)
{
	build_sign(s, c, data);
}

static void keep_signature(struct side *s)
{
	struct cmd c;

	build_sign(s, &c, data);
	must(s, &c, "Sign");
	keep(s, 0, response_params(s, false), get_unaligned_be32(s->rsp + 10));
}

static void setup_verify(struct side *s)
{
	setup_signer(s);
	keep_signature(s);
}

static void setup_verify384(struct side *s)
{
	setup_ecc384(s);
	keep_signature(s);
}

static void setup_verify521(struct side *s)
{
	setup_ecc521(s);
	keep_signature(s);
}

static void setup_verify_rsa(struct side *s)
{
	setup_rsa(s);
	keep_signature(s);
}

static void build_verify(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_VerifySignature);
	cmd_u32(c, s->handle[KEY]);
	cmd_2b(c, data, 32);
	put_blob(s, c, 0);
}

/* ---- RSA ---- */

static void put_oaep(struct cmd *c)
{
	cmd_u16(c, TPM_ALG_OAEP);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u16(c, 0);
}

static void setup_rsa_decrypt(struct side *s)
{
	primary(s, KEY, &rsa_decrypt);
}

static void build_rsa_encrypt(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_RSA_Encrypt);
	cmd_u32(c, s->handle[KEY]);
	cmd_2b(c, data, 32);
	put_oaep(c);
}

static void setup_rsa_encrypted(struct side *s)
{
	struct cmd c;

	setup_rsa_decrypt(s);
	build_rsa_encrypt(s, &c);
	must(s, &c, "RSA_Encrypt");
	keep_2b(s, 0, response_params(s, false));
}

static void build_rsa_decrypt(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_RSA_Decrypt, 1, 1, s->handle[KEY]);
	put_blob(s, c, 0);
	put_oaep(c);
}

/* ---- elliptic curves ---- */

static void setup_agree(struct side *s)
{
	primary(s, KEY, &ecc_agree);
}

static void build_keygen(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_ECDH_KeyGen);
	cmd_u32(c, s->handle[KEY]);
}

static void setup_zgen(struct side *s)
{
	struct cmd c;

	setup_agree(s);
	build_keygen(s, &c);
	must(s, &c, "ECDH_KeyGen");
	keep_2b(s, 0, after_2b(response_params(s, false)));
}

static void build_zgen(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_ECDH_ZGen, 1, 1, s->handle[KEY]);
	put_blob(s, c, 0);
}

static void build_ephemeral(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_EC_Ephemeral);
	cmd_u16(c, TPM_ECC_NIST_P256);
}

static void build_two_phase(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_ZGen_2Phase, 1, 1, s->handle[KEY]);
	put_blob(s, c, 0);
	put_blob(s, c, 0);
	cmd_u16(c, TPM_ALG_ECDH);
	cmd_u16(c, 0);
}

/* An ephemeral key serves once. */
static void before_two_phase(struct side *s, struct cmd *c)
{
	struct cmd e;

	build_ephemeral(s, &e);
	must(s, &e, "EC_Ephemeral");
	memcpy(c->buf + c->len - 2, after_2b(response_params(s, false)), 2);
}

/* P1 is the key's own point. */
static void setup_commit(struct side *s)
{
	const u8 *y;
	u32 len;

	primary(s, KEY, &ecc_daa);
	/* outPublic ends with x and y */
	y = after_2b(response_params(s, true)) - 34;
	len = 4 + 2 * 32;
	keep(s, 0, (const u8[]){ 0, len }, 2);
	memcpy(s->blob[0] + 2, y - 34, len);
	s->blob_len[0] = 2 + len;
}

static void build_commit(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_Commit, 1, 1, s->handle[KEY]);
	put_blob(s, c, 0);
	cmd_u16(c, 0);
	cmd_u16(c, 0);
}

static void build_ecc_parameters(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_ECC_Parameters);
	cmd_u16(c, TPM_ECC_NIST_P256);
}

/* ---- symmetric ---- */

static void setup_aes(struct side *s)
{
	setup_parent(s);
	child(s, KEY2, &aes_key, false);
}

static void put_crypt(struct side *s, struct cmd *c, u16 size)
{
	cmd_begin_pw(c, TPM_CC_EncryptDecrypt, 1, 1, s->handle[KEY2]);
	cmd_u8(c, 0);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_2b(c, data, 16);
	cmd_2b(c, data, size);
}

static void build_crypt_16(struct side *s, struct cmd *c)
{
	put_crypt(s, c, 16);
}

static void build_crypt_1024(struct side *s, struct cmd *c)
{
	put_crypt(s, c, 1024);
}

static void put_crypt2(struct side *s, struct cmd *c, u16 size)
{
	cmd_begin_pw(c, TPM_CC_EncryptDecrypt2, 1, 1, s->handle[KEY2]);
	cmd_2b(c, data, size);
	cmd_u8(c, 0);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_2b(c, data, 16);
}

static void build_crypt2_16(struct side *s, struct cmd *c)
{
	put_crypt2(s, c, 16);
}

static void build_crypt2_1024(struct side *s, struct cmd *c)
{
	put_crypt2(s, c, 1024);
}

static const struct bench rows[] = {
	{ TPM_CC_Sign, "Sign P-256", setup_signer, build_sign_data, .bar = 0.3 },
	{ TPM_CC_Sign, "Sign P-384", setup_ecc384, build_sign_data },
	{ TPM_CC_Sign, "Sign P-521", setup_ecc521, build_sign_data },
	{ TPM_CC_Sign, "Sign RSA-2048", setup_rsa, build_sign_data, .bar = 0.7 },
	{ TPM_CC_Sign, "Sign HMAC", setup_hmac, build_sign_data },
	{ TPM_CC_VerifySignature, "VerifySignature P-256", setup_verify, build_verify },
	{ TPM_CC_VerifySignature, "VerifySignature P-384", setup_verify384, build_verify },
	{ TPM_CC_VerifySignature, "VerifySignature P-521", setup_verify521, build_verify },
	{ TPM_CC_VerifySignature, "VerifySignature RSA-2048", setup_verify_rsa, build_verify },
	{ TPM_CC_RSA_Encrypt, "RSA_Encrypt 2048", setup_rsa_decrypt, build_rsa_encrypt },
	{ TPM_CC_RSA_Decrypt, "RSA_Decrypt 2048", setup_rsa_encrypted, build_rsa_decrypt },
	{ TPM_CC_ECDH_KeyGen, "ECDH_KeyGen P-256", setup_agree, build_keygen },
	{ TPM_CC_ECDH_ZGen, "ECDH_ZGen P-256", setup_zgen, build_zgen },
	{ TPM_CC_EC_Ephemeral, "EC_Ephemeral P-256", NULL, build_ephemeral },
	{ TPM_CC_ZGen_2Phase, "ZGen_2Phase P-256", setup_zgen, build_two_phase,
	  before_two_phase },
	{ TPM_CC_Commit, "Commit P-256", setup_commit, build_commit },
	{ TPM_CC_ECC_Parameters, "ECC_Parameters", NULL, build_ecc_parameters },
	{ TPM_CC_EncryptDecrypt, "EncryptDecrypt 16", setup_aes, build_crypt_16 },
	{ TPM_CC_EncryptDecrypt, "EncryptDecrypt 1024", setup_aes, build_crypt_1024 },
	{ TPM_CC_EncryptDecrypt2, "EncryptDecrypt2 16", setup_aes, build_crypt2_16 },
	{ TPM_CC_EncryptDecrypt2, "EncryptDecrypt2 1024", setup_aes, build_crypt2_1024 },
};

const struct bench_group bench_crypto = { rows, ARRAY_SIZE(rows) };
