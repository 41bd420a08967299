// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asymmetric primitives (Part 3, 14): RSA encryption and Diffie-Hellman with
 * OpenSSL at the other end, and every way to be refused.
 */
#include <openssl/rand.h>

#include "keys.h"
#include "tpm2/engine.h"

#define P256	TPM_ECC_NIST_P256
#define P384	TPM_ECC_NIST_P384

static struct host_tpm tpm;

static void set_up(void)
{
	host_tpm_new(&tpm, NULL);
}

static void tear_down(void)
{
	long left = host_tpm_free(&tpm);

	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

/* ---- RSA ---- */

struct bytes {
	u16 size;
	u8 data[512];
};

static u32 rsa_run(u32 code, u32 key, const struct bytes *in, u16 scheme, u16 hash,
		   const char *label, u16 label_size, struct bytes *out)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, code, 1, code == TPM_CC_RSA_Decrypt, key);
	cmd_2b(&c, in->data, in->size);
	put_scheme(&c, scheme, hash);
	cmd_2b(&c, label, label_size);
	rc = cmd_run(&tpm, &c);
	memset(out, 0, sizeof(*out));
	if (!rc) {
		r = rsp_params(&tpm, NULL);
		keep_2b(&r, out->data, sizeof(out->data), &out->size);
	}
	return rc;
}

static u32 encrypt(u32 key, const struct bytes *in, u16 scheme, u16 hash, const char *label,
		   u16 label_size, struct bytes *out)
{
	return rsa_run(TPM_CC_RSA_Encrypt, key, in, scheme, hash, label, label_size, out);
}

static u32 decrypt(u32 key, const struct bytes *in, u16 scheme, u16 hash, const char *label,
		   u16 label_size, struct bytes *out)
{
	return rsa_run(TPM_CC_RSA_Decrypt, key, in, scheme, hash, label, label_size, out);
}

static int padding_of(u16 scheme)
{
	switch (scheme) {
	case TPM_ALG_OAEP:
		return RSA_PKCS1_OAEP_PADDING;
	case TPM_ALG_RSAES:
		return RSA_PKCS1_PADDING;
	default:
		return RSA_NO_PADDING;
	}
}

/* OpenSSL's encryption to the key's public half; OAEP with a label that has its zero */
static int peer_encrypts(const struct key *key, u16 scheme, u16 hash, const struct bytes *in,
			 const char *label, struct bytes *out)
{
	EVP_PKEY *pkey = key_pkey(key);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
	size_t len = sizeof(out->data);
	int ok;

	ok = EVP_PKEY_encrypt_init(ctx) == 1 &&
	     EVP_PKEY_CTX_set_rsa_padding(ctx, padding_of(scheme)) == 1;
	if (ok && scheme == TPM_ALG_OAEP)
		ok = EVP_PKEY_CTX_set_rsa_oaep_md(ctx, md_of(hash)) == 1;
	if (ok && scheme == TPM_ALG_OAEP && label)
		ok = EVP_PKEY_CTX_set0_rsa_oaep_label(ctx, OPENSSL_strdup(label),
						      strlen(label) + 1) == 1;
	ok = ok && EVP_PKEY_encrypt(ctx, out->data, &len, in->data, in->size) == 1;
	out->size = ok ? len : 0;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return ok;
}

static const struct key_spec rsa = {
	"rsa", TPM_ALG_RSA, KEY_DECRYPT, TPM_ALG_NULL, 0, 2048,
};

static const struct key_spec rsa_oaep = {
	"oaep", TPM_ALG_RSA, KEY_DECRYPT, TPM_ALG_OAEP, TPM_ALG_SHA256, 1024,
};

static const struct key_spec rsa_es = {
	"rsaes", TPM_ALG_RSA, KEY_DECRYPT, TPM_ALG_RSAES, 0, 1024,
};

static const struct key_spec rsa_sign = {
	"sign", TPM_ALG_RSA, KEY_SIGN, TPM_ALG_NULL, 0, 1024,
};

static const struct key_spec rsa_storage = {
	"storage", TPM_ALG_RSA, KEY_DECRYPT | KEY_RESTRICTED, TPM_ALG_NULL, 0, 2048,
};

static const struct key_spec ecc_dh = {
	"ecdh", TPM_ALG_ECC, KEY_DECRYPT, TPM_ALG_ECDH, TPM_ALG_SHA256, P256,
};

static void fill(struct bytes *b, u16 size)
{
	b->size = size;
	RAND_bytes(b->data, size);
}

/* Both ends encrypt, the TPM decrypts. */
static void round_trip(const struct key *key, u16 scheme, u16 hash, const char *label, u16 size)
{
	struct bytes in, sent, back;
	u16 label_size = label ? strlen(label) + 1 : 0;

	fill(&in, size);
	EXPECT_EQ(encrypt(key->handle, &in, scheme, hash, label, label_size, &sent), 0);
	EXPECT_EQ(sent.size, key->size / 8);
	EXPECT_EQ(decrypt(key->handle, &sent, scheme, hash, label, label_size, &back), 0);
	EXPECT_EQ(back.size, in.size);
	EXPECT_MEM(back.data, in.data, in.size);
	EXPECT(peer_encrypts(key, scheme, hash, &in, label, &sent));
	EXPECT_EQ(decrypt(key->handle, &sent, scheme, hash, label, label_size, &back), 0);
	EXPECT_EQ(back.size, in.size);
	EXPECT_MEM(back.data, in.data, in.size);
}

static void rsa_round_trips(void)
{
	static const u16 sizes[] = { 0, 1, 20, 64, 126 };
	unsigned int i, h;
	struct key key;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &rsa, &key), 0);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (h = 0; h < ARRAY_SIZE(all_hashes); h++) {
			round_trip(&key, TPM_ALG_OAEP, all_hashes[h], NULL, sizes[i]);
			OK_SO_FAR();
			round_trip(&key, TPM_ALG_OAEP, all_hashes[h], "DUPLICATE", sizes[i]);
			OK_SO_FAR();
		}
		round_trip(&key, TPM_ALG_RSAES, 0, NULL, sizes[i]);
		OK_SO_FAR();
	}
	tear_down();
}

static void rsa_raw(void)
{
	struct bytes in, sent, peer, back;
	struct key key;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &rsa, &key), 0);
	fill(&in, 256);
	in.data[0] &= 0x7f;
	EXPECT_EQ(encrypt(key.handle, &in, TPM_ALG_NULL, 0, NULL, 0, &sent), 0);
	EXPECT(peer_encrypts(&key, TPM_ALG_NULL, 0, &in, NULL, &peer));
	EXPECT(sent.size == 256 && peer.size == 256);
	EXPECT_MEM(sent.data, peer.data, 256);
	EXPECT_EQ(decrypt(key.handle, &sent, TPM_ALG_NULL, 0, NULL, 0, &back), 0);
	EXPECT_EQ(back.size, 256);
	EXPECT_MEM(back.data, in.data, 256);
	/* a number may be shorter; one above the modulus is none */
	in.size = 1;
	in.data[0] = 2;
	EXPECT_EQ(encrypt(key.handle, &in, TPM_ALG_NULL, 0, NULL, 0, &sent), 0);
	EXPECT_EQ(decrypt(key.handle, &sent, TPM_ALG_NULL, 0, NULL, 0, &back), 0);
	EXPECT_EQ(back.data[255], 2);
	memset(in.data, 0xff, 256);
	in.size = 256;
	EXPECT_EQ(encrypt(key.handle, &in, TPM_ALG_NULL, 0, NULL, 0, &sent), 0x084);
	EXPECT_EQ(decrypt(key.handle, &in, TPM_ALG_NULL, 0, NULL, 0, &back), 0x084);
	in.size = 257;
	EXPECT_EQ(encrypt(key.handle, &in, TPM_ALG_NULL, 0, NULL, 0, &sent), 0x084);
	in.data[0] = 0;
	in.data[1] = 0;
	EXPECT_EQ(encrypt(key.handle, &in, TPM_ALG_NULL, 0, NULL, 0, &sent), 0);
	EXPECT_EQ(decrypt(key.handle, &in, TPM_ALG_NULL, 0, NULL, 0, &back), 0x095);
	tear_down();
}

static void rsa_lengths(void)
{
	static const struct {
		u16 scheme, hash, most;
	} rows[] = {
		{ TPM_ALG_RSAES, 0, 245 }, { TPM_ALG_OAEP, TPM_ALG_SHA1, 214 },
		{ TPM_ALG_OAEP, TPM_ALG_SHA256, 190 }, { TPM_ALG_OAEP, TPM_ALG_SHA512, 126 },
	};
	struct bytes in, sent;
	struct key key, small;
	unsigned int i;
	u32 rc;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &rsa, &key), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &rsa_es, &small), 0);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		fill(&in, rows[i].most);
		rc = encrypt(key.handle, &in, rows[i].scheme, rows[i].hash, NULL, 0, &sent);
		EXPECT_EQ(rc, 0);
		fill(&in, rows[i].most + 1);
		rc = encrypt(key.handle, &in, rows[i].scheme, rows[i].hash, NULL, 0, &sent);
		EXPECT_EQ(rc, 0x084);
	}
	fill(&in, 118);
	EXPECT_EQ(encrypt(small.handle, &in, TPM_ALG_RSAES, 0, NULL, 0, &sent), 0x084);
	tear_down();
}

static void rsa_schemes_and_labels(void)
{
	static const char long_label[67] = "66 bytes fit, zeros at the end included";
	struct key oaep, es, sign, storage, ecc;
	struct bytes in, out, sent;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &rsa_oaep, &oaep), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &rsa_es, &es), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &rsa_sign, &sign), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &rsa_storage, &storage), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &ecc_dh, &ecc), 0);
	fill(&in, 10);
	/* its own scheme, named or not; no other */
	EXPECT_EQ(encrypt(oaep.handle, &in, TPM_ALG_NULL, 0, NULL, 0, &sent), 0);
	EXPECT_EQ(decrypt(oaep.handle, &sent, TPM_ALG_OAEP, TPM_ALG_SHA256, NULL, 0, &out), 0);
	EXPECT_MEM(out.data, in.data, 10);
	EXPECT_EQ(encrypt(oaep.handle, &in, TPM_ALG_OAEP, TPM_ALG_SHA1, NULL, 0, &sent), 0x2d2);
	EXPECT_EQ(encrypt(oaep.handle, &in, TPM_ALG_RSAES, 0, NULL, 0, &sent), 0x2d2);
	EXPECT_EQ(encrypt(es.handle, &in, TPM_ALG_RSAES, 0, NULL, 0, &sent), 0);
	EXPECT_EQ(decrypt(es.handle, &sent, TPM_ALG_NULL, 0, NULL, 0, &out), 0);
	EXPECT_MEM(out.data, in.data, 10);
	EXPECT_EQ(decrypt(es.handle, &sent, TPM_ALG_OAEP, TPM_ALG_SHA256, NULL, 0, &out), 0x2d2);
	EXPECT_EQ(encrypt(es.handle, &in, TPM_ALG_RSASSA, TPM_ALG_SHA256, NULL, 0, &out), 0x2c4);
	/* keys */
	EXPECT_EQ(encrypt(sign.handle, &in, TPM_ALG_RSAES, 0, NULL, 0, &out), 0x182);
	EXPECT_EQ(decrypt(sign.handle, &in, TPM_ALG_RSAES, 0, NULL, 0, &out), 0x182);
	EXPECT_EQ(encrypt(storage.handle, &in, TPM_ALG_RSAES, 0, NULL, 0, &out), 0);
	EXPECT_EQ(decrypt(storage.handle, &in, TPM_ALG_RSAES, 0, NULL, 0, &out), 0x182);
	EXPECT_EQ(encrypt(ecc.handle, &in, TPM_ALG_RSAES, 0, NULL, 0, &out), 0x19c);
	EXPECT_EQ(decrypt(ecc.handle, &in, TPM_ALG_RSAES, 0, NULL, 0, &out), 0x19c);
	/* labels end with a zero, whatever the scheme */
	EXPECT_EQ(encrypt(es.handle, &in, TPM_ALG_NULL, 0, "x", 1, &out), 0x3c4);
	EXPECT_EQ(decrypt(es.handle, &sent, TPM_ALG_NULL, 0, "x", 1, &out), 0x3c4);
	EXPECT_EQ(encrypt(oaep.handle, &in, TPM_ALG_NULL, 0, "", 1, &out), 0);
	EXPECT_EQ(encrypt(oaep.handle, &in, TPM_ALG_NULL, 0, long_label, 66, &out), 0);
	EXPECT_EQ(encrypt(oaep.handle, &in, TPM_ALG_NULL, 0, long_label, 67, &out), 0x3d5);
	EXPECT_EQ(encrypt(oaep.handle, &in, TPM_ALG_NULL, 0, "a", 2, &sent), 0);
	EXPECT_EQ(decrypt(oaep.handle, &sent, TPM_ALG_NULL, 0, "b", 2, &out), 0x084);
	EXPECT_EQ(decrypt(oaep.handle, &sent, TPM_ALG_NULL, 0, NULL, 0, &out), 0x084);
	EXPECT_EQ(decrypt(oaep.handle, &sent, TPM_ALG_NULL, 0, "a", 2, &out), 0);
	tear_down();
}

/* T16: whatever is wrong inside, from outside it looks the same, to the byte. */
static void t16_one_code_for_bad_padding(void)
{
	static const u8 paddings[][4] = {
		{ 0, 2, 0, 0 }, { 0, 1, 1, 1 }, { 1, 2, 1, 1 }, { 0, 0, 0, 0 }, { 0, 2, 1, 0 },
		{ 0, 2, 1, 1 },		/* and no zero at all */
	};
	static const u16 schemes[] = { TPM_ALG_RSAES, TPM_ALG_OAEP };
	struct bytes in, sent, out;
	unsigned int i, s;
	struct key key;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &rsa, &key), 0);
	for (i = 0; i < ARRAY_SIZE(paddings); i++) {
		memset(in.data, 1, 256);
		memcpy(in.data, paddings[i], 4);
		in.size = 256;
		EXPECT(peer_encrypts(&key, TPM_ALG_NULL, 0, &in, NULL, &sent));
		for (s = 0; s < ARRAY_SIZE(schemes); s++) {
			EXPECT_EQ(decrypt(key.handle, &sent, schemes[s], TPM_ALG_SHA256, NULL, 0,
					  &out),
				  0x084);
			EXPECT_EQ(tpm.rsp_len, 10);
		}
	}
	/* eight bytes of padding are enough, seven are not */
	memset(in.data, 1, 256);
	memcpy(in.data, "\x00\x02", 2);
	in.data[10] = 0;
	EXPECT(peer_encrypts(&key, TPM_ALG_NULL, 0, &in, NULL, &sent));
	EXPECT_EQ(decrypt(key.handle, &sent, TPM_ALG_RSAES, 0, NULL, 0, &out), 0);
	EXPECT_EQ(out.size, 245);
	in.data[9] = 0;
	EXPECT(peer_encrypts(&key, TPM_ALG_NULL, 0, &in, NULL, &sent));
	EXPECT_EQ(decrypt(key.handle, &sent, TPM_ALG_RSAES, 0, NULL, 0, &out), 0x084);
	tear_down();
}

/* ---- Diffie-Hellman ---- */

struct point {
	u16 size;
	u8 x[66];
	u8 y[66];
};

static void read_point(struct rsp *r, struct point *p)
{
	u16 total = rsp_u16(r), y_size;

	keep_2b(r, p->x, sizeof(p->x), &p->size);
	keep_2b(r, p->y, sizeof(p->y), &y_size);
	r->bad |= y_size != p->size || total != 4 + 2 * p->size;
}

static u32 zgen(u32 key, const struct point *in, struct point *out)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_ECDH_ZGen, 1, 1, key);
	cmd_u16(&c, 4 + 2 * in->size);
	cmd_2b(&c, in->x, in->size);
	cmd_2b(&c, in->y, in->size);
	rc = cmd_run(&tpm, &c);
	if (!rc) {
		r = rsp_params(&tpm, NULL);
		read_point(&r, out);
		return r.bad || r.left ? 0xffffffff : 0;
	}
	return rc;
}

static u32 keygen(u32 key, struct point *z, struct point *pub)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_ECDH_KeyGen, 1, 0, key);
	rc = cmd_run(&tpm, &c);
	if (!rc) {
		r = rsp_params(&tpm, NULL);
		read_point(&r, z);
		read_point(&r, pub);
		return r.bad || r.left ? 0xffffffff : 0;
	}
	return rc;
}

/* OpenSSL's key of the curve, its point, and what it shares with the TPM's key */
static int peer_shares(const struct key *key, struct point *own, u8 *secret)
{
	EVP_PKEY *mine = EVP_EC_gen(curve_name(key->size)), *theirs = key_pkey(key);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(mine, NULL);
	size_t len = curve_bytes(key->size), size;
	u8 point[1 + 2 * 66];
	int ok;

	ok = EVP_PKEY_get_octet_string_param(mine, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point),
					     &size) &&
	     size == 1 + 2 * len && point[0] == 4 && EVP_PKEY_derive_init(ctx) == 1 &&
	     EVP_PKEY_derive_set_peer(ctx, theirs) == 1 && EVP_PKEY_derive(ctx, secret, &len) == 1;
	own->size = len;
	memcpy(own->x, point + 1, len);
	memcpy(own->y, point + 1 + len, len);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(mine);
	EVP_PKEY_free(theirs);
	return ok;
}

static void ecdh_with(u16 curve, u16 scheme)
{
	const struct key_spec spec = {
		"dh", TPM_ALG_ECC, KEY_DECRYPT, scheme, TPM_ALG_SHA256, curve
	};
	struct point peer, z, again, pub, first;
	u16 bytes = curve_bytes(curve);
	struct key key;
	u8 secret[66];
	int i;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &spec, &key), 0);
	for (i = 0; i < 4; i++) {
		EXPECT(peer_shares(&key, &peer, secret));
		EXPECT_EQ(zgen(key.handle, &peer, &z), 0);
		EXPECT_EQ(z.size, bytes);
		EXPECT_MEM(z.x, secret, bytes);
		/* what KeyGen gives is on the curve, and ZGen of it is what KeyGen said */
		EXPECT_EQ(keygen(key.handle, &z, &pub), 0);
		EXPECT(z.size == bytes && pub.size == bytes);
		EXPECT_EQ(zgen(key.handle, &pub, &again), 0);
		EXPECT_MEM(z.x, again.x, bytes);
		EXPECT_MEM(z.y, again.y, bytes);
		if (!i)
			first = pub;
		else
			EXPECT(memcmp(first.x, pub.x, bytes));
	}
	tear_down();
}

static void ecdh_p256(void)
{
	ecdh_with(P256, TPM_ALG_NULL);
}

static void ecdh_p384(void)
{
	ecdh_with(P384, TPM_ALG_ECDH);
}

/* T23: points that are not on the curve, in every way there is. */
static void t23_invalid_points(void)
{
	struct point good, bad, out;
	struct key key;
	u8 secret[66];
	int i;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &ecc_dh, &key), 0);
	EXPECT(peer_shares(&key, &good, secret));
	for (i = 0; i < 256; i += 7) {
		bad = good;
		bad.y[i / 8] ^= 1 << i % 8;
		EXPECT_EQ(zgen(key.handle, &bad, &out), 0x1e7);
		bad = good;
		bad.x[i / 8] ^= 1 << i % 8;
		/* another x may be on the curve, but not with this y, but for a chance of 2^-255 */
		EXPECT_EQ(zgen(key.handle, &bad, &out), 0x1e7);
	}
	memset(&bad, 0, sizeof(bad));
	EXPECT_EQ(zgen(key.handle, &bad, &out), 0x1e7);		/* both empty */
	bad.size = 32;
	EXPECT_EQ(zgen(key.handle, &bad, &out), 0x1e7);		/* zero */
	memset(&bad, 0xff, sizeof(bad));
	bad.size = 32;
	EXPECT_EQ(zgen(key.handle, &bad, &out), 0x1e7);		/* above the prime */
	bad = good;
	bad.size = 31;
	EXPECT_EQ(zgen(key.handle, &bad, &out), 0x1e7);
	memmove(bad.x, good.x, 32);
	bad.size = 66;
	EXPECT_EQ(zgen(key.handle, &bad, &out), 0x1e7);		/* of a larger curve */
	/* leading zeros do not make it another number */
	memset(&bad, 0, sizeof(bad));
	memcpy(bad.x + 2, good.x, 32);
	memcpy(bad.y + 2, good.y, 32);
	bad.size = 34;
	EXPECT_EQ(zgen(key.handle, &bad, &out), 0);
	EXPECT_MEM(out.x, secret, 32);
	tear_down();
}

static void ecdh_keys(void)
{
	static const struct {
		struct key_spec spec;
		u32 zgen, keygen;
	} rows[] = {
		{ { "sign", TPM_ALG_ECC, KEY_SIGN, TPM_ALG_NULL, 0, P256 }, 0x182, 0 },
		{ { "both", TPM_ALG_ECC, KEY_SIGN | KEY_DECRYPT, TPM_ALG_NULL, 0, P256 }, 0, 0 },
		{ { "storage", TPM_ALG_ECC, KEY_DECRYPT | KEY_RESTRICTED, TPM_ALG_NULL, 0, P256 },
		  0x182, 0 },
		{ { "rsa", TPM_ALG_RSA, KEY_DECRYPT, TPM_ALG_NULL, 0, 1024 }, 0x19c, 0x19c },
		{ { "hmac", TPM_ALG_KEYEDHASH, KEY_SIGN, TPM_ALG_HMAC, TPM_ALG_SHA256 },
		  0x19c, 0x19c },
	};
	struct point good, z, pub;
	struct key key;
	u8 secret[66];
	unsigned int i;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &ecc_dh, &key), 0);
	EXPECT(peer_shares(&key, &good, secret));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &rows[i].spec, &key), 0);
		EXPECT_EQ(zgen(key.handle, &good, &z), rows[i].zgen);
		EXPECT_EQ(keygen(key.handle, &z, &pub), rows[i].keygen);
	}
	tear_down();
}

/* ---- TPM2_ECC_Parameters ---- */

static int is_number(struct rsp *r, const BIGNUM *n, u16 bytes)
{
	u8 expected[66];
	u16 size;
	const u8 *p = rsp_2b(r, &size);

	BN_bn2binpad(n, expected, bytes);
	return size == bytes && !memcmp(p, expected, bytes);
}

static void check_curve(u16 curve, int nid, u16 hash)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(nid);
	BIGNUM *p = BN_new(), *a = BN_new(), *b = BN_new(), *x = BN_new(), *y = BN_new();
	u16 bytes = curve_bytes(curve);
	struct cmd c;
	struct rsp r;
	int ok;

	EC_GROUP_get_curve(group, p, a, b, NULL);
	EC_POINT_get_affine_coordinates(group, EC_GROUP_get0_generator(group), x, y, NULL);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ECC_Parameters);
	cmd_u16(&c, curve);
	ok = cmd_run(&tpm, &c) == 0;
	r = rsp_params(&tpm, NULL);
	ok = ok && rsp_u16(&r) == curve && rsp_u16(&r) == bytes * 8 &&
	     rsp_u16(&r) == TPM_ALG_KDF1_SP800_56A && rsp_u16(&r) == hash &&
	     rsp_u16(&r) == TPM_ALG_NULL && is_number(&r, p, bytes) && is_number(&r, a, bytes) &&
	     is_number(&r, b, bytes) && is_number(&r, x, bytes) && is_number(&r, y, bytes) &&
	     is_number(&r, EC_GROUP_get0_order(group), bytes) &&
	     is_number(&r, EC_GROUP_get0_cofactor(group), 1);
	BN_free(p);
	BN_free(a);
	BN_free(b);
	BN_free(x);
	BN_free(y);
	EC_GROUP_free(group);
	EXPECT(ok && !r.bad && !r.left);
}

static void ecc_parameters(void)
{
	static const u16 unknown[] = { 0, 1, 2, 6, 0x10, 0x20, 0xffff };
	unsigned int i;
	struct cmd c;

	set_up();
	check_curve(P256, NID_X9_62_prime256v1, TPM_ALG_SHA256);
	check_curve(P384, NID_secp384r1, TPM_ALG_SHA384);
	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		if (vt_curve_find(unknown[i]))
			continue;
		cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ECC_Parameters);
		cmd_u16(&c, unknown[i]);
		EXPECT_EQ(cmd_run(&tpm, &c), 0x1e6);
	}
	tear_down();
}

static const struct test_case cases[] = {
	{ "rsa-round-trips", rsa_round_trips },
	{ "rsa-raw", rsa_raw },
	{ "rsa-lengths", rsa_lengths },
	{ "rsa-schemes-and-labels", rsa_schemes_and_labels },
	{ "T16-one-code-for-bad-padding", t16_one_code_for_bad_padding },
	{ "ecdh-p256", ecdh_p256 },
	{ "ecdh-p384", ecdh_p384 },
	{ "T23-invalid-points", t23_invalid_points },
	{ "ecdh-keys", ecdh_keys },
	{ "ecc-parameters", ecc_parameters },
};

TEST_MAIN("crypt", cases)
