// SPDX-License-Identifier: GPL-2.0-only
/*
 * Duplication, symmetric ciphers and MACs, two-phase key exchange, ECC encryption and derived
 * objects, against OpenSSL where there is something to compute.
 */
#include <openssl/evp.h>

#include "object_support.h"

static struct host_tpm tpm;

static void check_left(void)
{
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static void pattern(u8 seed, u8 *out, u32 len)
{
	while (len--)
		*out++ = seed++ * 7;
}

/* A key whose bytes are known, as a child of a storage key. */
static u32 known_key(const struct tmpl *t, const u8 *key, u16 len, u32 *handle)
{
	struct bytes private, public;
	u32 parent, rc;

	rc = primary(&tpm, TPM_RH_OWNER, &storage_template, &parent);
	if (!rc)
		rc = create(&tpm, parent, t, "", key, len, &private, &public);
	if (!rc)
		rc = load(&tpm, parent, &private, &public, handle);
	tpm_flush(&tpm, parent);
	return rc;
}

/* ---- EncryptDecrypt ---- */

static u32 crypt(u32 code, u32 key, bool decrypt, u16 mode, const u8 *iv, u16 iv_len,
		 const u8 *data, u16 len, struct bytes *out, struct bytes *iv_out)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, code, 1, 1, key);
	if (code == TPM_CC_EncryptDecrypt2)
		cmd_2b(&c, data, len);
	cmd_u8(&c, decrypt);
	cmd_u16(&c, mode);
	cmd_2b(&c, iv, iv_len);
	if (code == TPM_CC_EncryptDecrypt)
		cmd_2b(&c, data, len);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	copy_2b(&r, out);
	copy_2b(&r, iv_out);
	return 0;
}

static const EVP_CIPHER *peer_cipher(u16 mode, u16 bits)
{
	static const char *const names[] = { "CTR", "OFB", "CBC", "CFB", "ECB" };
	char name[32];

	snprintf(name, sizeof(name), "AES-%u-%s", bits, names[mode - TPM_ALG_CTR]);
	return EVP_get_cipherbyname(name);
}

static void peer_encrypt(u16 mode, u16 bits, const u8 *key, const u8 *iv, const u8 *in, int len,
			 u8 *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

	EVP_EncryptInit_ex(ctx, peer_cipher(mode, bits), NULL, key, iv);
	EVP_CIPHER_CTX_set_padding(ctx, 0);
	EVP_EncryptUpdate(ctx, out, &len, in, len);
	EVP_CIPHER_CTX_free(ctx);
}

/* What the next block needs, from the data alone (SP 800-38A). */
static void expected_iv(u16 mode, const u8 *iv, const u8 *in, const u8 *out, u32 len, u8 *next)
{
	u32 blocks = DIV_ROUND_UP(len, 16), i, carry = blocks, at = (blocks - 1) * 16;

	memcpy(next, iv, 16);
	if (!len)
		return;
	switch (mode) {
	case TPM_ALG_CTR:
		for (i = 16; i-- && carry;) {
			carry += next[i];
			next[i] = carry;
			carry >>= 8;
		}
		break;
	case TPM_ALG_OFB:	/* of a short block only what was used can be seen */
		for (i = 0; i < len - at; i++)
			next[i] = in[at + i] ^ out[at + i];
		break;
	default:
		memset(next, 0, 16);
		memcpy(next, out + at, len - at);
	}
}

static void one_cipher(u32 code, u32 key, const u8 *bytes, u16 bits, u16 mode, u16 len)
{
	bool ecb = mode == TPM_ALG_ECB, blocks = ecb || mode == TPM_ALG_CBC;
	u8 iv[16], data[1024], peer[1040], next[16];
	u16 iv_len = ecb ? 0 : 16, seen = mode == TPM_ALG_OFB && len % 16 ? len % 16 : 16;
	struct bytes out, iv_out, first, again;

	memset(iv, 0xff, sizeof(iv));
	pattern(len, data, len);
	if (blocks && len % 16) {
		EXPECT_EQ(crypt(code, key, false, mode, iv, iv_len, data, len, &out, &iv_out),
			  P(TPM_RC_SIZE, code == TPM_CC_EncryptDecrypt ? 4 : 1));
		return;
	}
	EXPECT_EQ(crypt(code, key, false, mode, iv, iv_len, data, len, &out, &iv_out), 0);
	peer_encrypt(mode, bits, bytes, iv, data, len, peer);
	EXPECT_EQ(out.size, len);
	EXPECT_MEM(out.data, peer, len);
	EXPECT_EQ(iv_out.size, iv_len);
	expected_iv(mode, iv, data, out.data, len, next);
	if (!ecb)
		EXPECT_MEM(iv_out.data, next, seen);
	EXPECT_EQ(crypt(code, key, true, mode, iv, iv_len, out.data, len, &again, &first), 0);
	EXPECT_MEM(again.data, data, len);
	if (!ecb)
		EXPECT_MEM(first.data, iv_out.data, 16);
	if (len < 32)
		return;
	/* split equals whole */
	EXPECT_EQ(crypt(code, key, false, mode, iv, iv_len, data, 16, &first, &iv_out), 0);
	EXPECT_EQ(crypt(code, key, false, mode, iv_out.data, iv_len, data + 16, len - 16, &again,
			&iv_out), 0);
	EXPECT_MEM(first.data, out.data, 16);
	EXPECT_MEM(again.data, out.data + 16, len - 16);
}

static void t20_iv_out(void)
{
	static const u16 lengths[] = { 0, 1, 15, 16, 17, 32, 1023, 1024 };
	u8 bytes[32];
	u16 bits, mode;
	unsigned int i;
	u32 key;

	pattern(3, bytes, sizeof(bytes));
	host_tpm_new(&tpm, NULL);
	for (bits = 128; bits <= 256; bits += 64) {
		const struct tmpl t = { TPM_ALG_SYMCIPHER, OURS | D | S, .sym = TPM_ALG_AES,
					.bits = bits, .mode = TPM_ALG_NULL };

		EXPECT_EQ(known_key(&t, bytes, bits / 8, &key), 0);
		for (mode = TPM_ALG_CTR; mode <= TPM_ALG_ECB; mode++) {
			for (i = 0; i < ARRAY_SIZE(lengths); i++) {
				one_cipher(TPM_CC_EncryptDecrypt, key, bytes, bits, mode,
					   lengths[i]);
				one_cipher(TPM_CC_EncryptDecrypt2, key, bytes, bits, mode,
					   lengths[i]);
				OK_SO_FAR();
			}
		}
		EXPECT_EQ(tpm_flush(&tpm, key), 0);
	}
	check_left();
}

/* ---- MAC ---- */

static u32 mac(u32 key, u16 scheme, const u8 *data, u16 len, struct bytes *out)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_HMAC, 1, 1, key);
	cmd_2b(&c, data, len);
	cmd_u16(&c, scheme);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	copy_2b(&r, out);
	return 0;
}

static u32 mac_in_two(u32 key, const u8 *data, u16 len, u16 first, struct bytes *out)
{
	struct cmd c;
	struct rsp r;
	u32 rc, seq;

	cmd_begin_pw(&c, TPM_CC_HMAC_Start, 1, 1, key);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_CMAC);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	rsp_params(&tpm, &seq);
	cmd_begin_pw(&c, TPM_CC_SequenceUpdate, 1, 1, seq);
	cmd_2b(&c, data, first);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	cmd_begin_pw(&c, TPM_CC_SequenceComplete, 1, 1, seq);
	cmd_2b(&c, data + first, len - first);
	cmd_u32(&c, TPM_RH_OWNER);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	copy_2b(&r, out);
	return 0;
}

static void peer_cmac(const u8 *key, u16 bits, const u8 *data, u32 len, u8 *out)
{
	char cipher[32];
	size_t n;

	snprintf(cipher, sizeof(cipher), "AES-%u-CBC", bits);
	EVP_Q_mac(NULL, "CMAC", NULL, cipher, NULL, key, bits / 8, data, len, out, 16, &n);
}

static void cmacs(void)
{
	static const u16 lengths[] = { 0, 1, 15, 16, 17, 32, 41, 1024 };
	const struct tmpl t = { TPM_ALG_SYMCIPHER, OURS | S, .sym = TPM_ALG_AES, .bits = 256,
				.mode = TPM_ALG_CMAC };
	u8 bytes[32], data[1024], peer[16];
	struct bytes out;
	unsigned int i;
	u32 key;

	pattern(5, bytes, sizeof(bytes));
	pattern(6, data, sizeof(data));
	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(known_key(&t, bytes, 32, &key), 0);
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		peer_cmac(bytes, 256, data, lengths[i], peer);
		EXPECT_EQ(mac(key, TPM_ALG_NULL, data, lengths[i], &out), 0);
		EXPECT_EQ(out.size, 16);
		EXPECT_MEM(out.data, peer, 16);
		EXPECT_EQ(mac_in_two(key, data, lengths[i], lengths[i] / 2, &out), 0);
		EXPECT_EQ(out.size, 16);
		EXPECT_MEM(out.data, peer, 16);
	}
	EXPECT_EQ(mac(key, TPM_ALG_SHA256, data, 1, &out), P(TPM_RC_VALUE, 2));
	EXPECT_EQ(mac(key, TPM_ALG_CFB, data, 1, &out), P(TPM_RC_SYMMETRIC, 2));
	check_left();
}

/* ---- EC_Ephemeral, ZGen_2Phase ---- */

static u32 ephemeral(u16 curve, struct bytes *q, u16 *counter)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_EC_Ephemeral);
	cmd_u16(&c, curve);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	copy_2b(&r, q);
	*counter = rsp_u16(&r);
	return 0;
}

static u32 zgen(u32 key, const struct bytes *q, u16 counter, struct bytes *z1, struct bytes *z2)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_ZGen_2Phase, 1, 1, key);
	cmd_2b(&c, q->data, q->size);
	cmd_2b(&c, q->data, q->size);
	cmd_u16(&c, TPM_ALG_ECDH);
	cmd_u16(&c, counter);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	copy_2b(&r, z1);
	copy_2b(&r, z2);
	return 0;
}

/* Two ephemeral keys agree; each counter is good once; old ones end. */
static void two_phase(void)
{
	static const u16 curves[] = { TPM_ECC_NIST_P256, TPM_ECC_NIST_P384, TPM_ECC_NIST_P521 };
	struct bytes qa, qb, z1, za, zb, bad;
	u16 a, b, last;
	unsigned int i, j;
	u32 key;

	host_tpm_new(&tpm, NULL);
	for (i = 0; i < ARRAY_SIZE(curves); i++) {
		const struct tmpl t = { TPM_ALG_ECC, OURS | SDO | D, .size = curves[i] };

		EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &t, &key), 0);
		EXPECT_EQ(ephemeral(curves[i], &qa, &a), 0);
		EXPECT_EQ(ephemeral(curves[i], &qb, &b), 0);
		bad = qb;
		bad.data[bad.size - 1] ^= 1;
		EXPECT_EQ(zgen(key, &bad, a, &z1, &za), P(TPM_RC_ECC_POINT, 1));
		EXPECT_EQ(zgen(key, &qb, b + 1, &z1, &za), P(TPM_RC_VALUE, 4));
		EXPECT_EQ(zgen(key, &qb, a, &z1, &za), 0);
		EXPECT_EQ(zgen(key, &qa, b, &z1, &zb), 0);
		EXPECT_EQ(za.size, zb.size);
		EXPECT_MEM(za.data, zb.data, za.size);
		EXPECT_EQ(zgen(key, &qb, a, &z1, &za), P(TPM_RC_VALUE, 4));
		EXPECT_EQ(ephemeral(curves[i], &qa, &a), 0);
		for (j = 0; j < TPM2_MAX_COMMITS; j++)
			EXPECT_EQ(ephemeral(curves[i], &qb, &last), 0);
		EXPECT_EQ(zgen(key, &qb, a, &z1, &za), P(TPM_RC_VALUE, 4));
		EXPECT_EQ(zgen(key, &qb, a + 1, &z1, &za), 0);
		EXPECT_EQ(tpm_flush(&tpm, key), 0);
	}
	check_left();
}

/* ---- ECC_Encrypt, ECC_Decrypt ---- */

static void ecc_encrypt(void)
{
	const struct tmpl t = { TPM_ALG_ECC, OURS | SDO | D, .size = TPM_ECC_NIST_P521 };
	struct bytes c1, c2, c3, plain;
	u8 text[300];
	unsigned int i;
	struct cmd c;
	struct rsp r;
	u32 key;

	pattern(9, text, sizeof(text));
	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &t, &key), 0);
	cmd_begin_pw(&c, TPM_CC_ECC_Encrypt, 1, 0, key);
	cmd_2b(&c, text, sizeof(text));
	cmd_u16(&c, TPM_ALG_KDF2);
	cmd_u16(&c, TPM_ALG_SHA256);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	r = rsp_params(&tpm, NULL);
	copy_2b(&r, &c1);
	copy_2b(&r, &c2);
	copy_2b(&r, &c3);
	for (i = 0; i < 3; i++) {
		cmd_begin_pw(&c, TPM_CC_ECC_Decrypt, 1, 1, key);
		c1.data[c1.size - 1] ^= i == 1;
		c2.data[0] ^= i == 2;
		cmd_2b(&c, c1.data, c1.size);
		cmd_2b(&c, c2.data, c2.size);
		cmd_2b(&c, c3.data, c3.size);
		cmd_u16(&c, TPM_ALG_KDF2);
		cmd_u16(&c, TPM_ALG_SHA256);
		c1.data[c1.size - 1] ^= i == 1;
		EXPECT_EQ(cmd_run(&tpm, &c),
			  i == 0 ? 0 : i == 1 ? P(TPM_RC_ECC_POINT, 1) : P(TPM_RC_VALUE, 3));
		if (i)
			continue;
		r = rsp_params(&tpm, NULL);
		copy_2b(&r, &plain);
		EXPECT_EQ(plain.size, sizeof(text));
		EXPECT_MEM(plain.data, text, sizeof(text));
	}
	check_left();
}

/* ---- derived objects ---- */

/* What libtpms 0.9.2 derives from the key 00 01 .. 1f with label "L" and context "C". */
static const u8 derived_p256_x[] = {
	0x5c, 0xbd, 0x88, 0xa3, 0xec, 0x06, 0x8a, 0x92, 0xdb, 0x5e, 0x43, 0x48, 0xb6, 0x1f, 0xea,
	0x1e, 0x2e, 0x5a, 0x4e, 0x9a, 0xb3, 0x80, 0x51, 0xb3, 0xd2, 0x08, 0xe6, 0xb8, 0x97, 0xd2,
	0x00, 0x78,
};

static u32 create_loaded(u32 parent, const struct tmpl *t, const char *label, u32 *handle,
			 struct bytes *public)
{
	struct bytes private;
	struct cmd c;
	struct rsp r;
	u32 at, rc;

	cmd_begin_pw(&c, TPM_CC_CreateLoaded, 1, 1, parent);
	put_sensitive_create(&c, "", NULL, 0);
	at = c.len;
	cmd_u16(&c, 0);
	put_public_head(&c, t);
	cmd_2b(&c, label, strlen(label));
	cmd_2b(&c, "C", 1);
	put_size(&c, at);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, handle);
	copy_2b(&r, &private);
	copy_2b(&r, public);
	return private.size ? ~0u : 0;
}

static void derived(void)
{
	static const struct tmpl parent_template = {
		TPM_ALG_KEYEDHASH, UWA | R | D, .scheme = TPM_ALG_XOR,
	};
	static const struct tmpl ecc = { TPM_ALG_ECC, UWA | FP | S };
	static const struct tmpl rsa = { TPM_ALG_RSA, UWA | FP | S };
	static const struct tmpl movable = { TPM_ALG_ECC, UWA | S };
	struct bytes public;
	u32 parent, handle;
	u8 key[32];
	unsigned int i;

	for (i = 0; i < sizeof(key); i++)
		key[i] = i;
	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(object_create(&tpm, TPM_CC_CreatePrimary, TPM_RH_OWNER, &parent_template, "", key,
				sizeof(key), &parent, NULL, NULL), 0);
	EXPECT_EQ(create_loaded(parent, &ecc, "L", &handle, &public), 0);
	EXPECT_MEM(public.data + public.size - 66, derived_p256_x, 32);
	EXPECT_EQ(create_loaded(parent, &rsa, "L", &handle, &public), P(TPM_RC_TYPE, 2));
	EXPECT_EQ(create_loaded(parent, &movable, "L", &handle, &public), P(TPM_RC_ATTRIBUTES, 2));
	EXPECT_EQ(create(&tpm, parent, &ecc, "", NULL, 0, NULL, NULL), H(TPM_RC_TYPE, 1));
	check_left();
}

static const struct test_case cases[] = {
	{ "T20-iv-out", t20_iv_out },
	{ "cmac", cmacs },
	{ "two-phase", two_phase },
	{ "ecc-encrypt", ecc_encrypt },
	{ "derived", derived },
};

TEST_MAIN("dup", cases)
