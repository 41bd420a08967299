// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's port of room crypto: published vectors through crypto_shash and
 * the AES library, running states in and out, and our own arithmetic once
 * around as the kernel's compiler has made it.
 */
#include "support.h"

static void *room(struct kunit *test, size_t size)
{
	void *p = kunit_kzalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	return p;
}

#define EXPECT_BYTES(test, a, b, n)	KUNIT_EXPECT_EQ(test, memcmp(a, b, n), 0)

static void selftest(struct kunit *test)
{
	const char *failed = "nothing";

	KUNIT_EXPECT_EQ_MSG(test, vt_crypto_selftest(&failed), 0, "%s", failed);
}

/* FIPS 180-4 examples ("abc"), RFC 4231 case 2 and its like for SHA-1 (RFC 2202) */
static const struct {
	const char *digest[2];	/* in hexadecimal, at most 32 bytes a string */
	const char *mac[2];
} known_hashes[VT_HASH_COUNT] = {
	{
		.digest = { "a9993e364706816aba3e25717850c26c9cd0d89d" },
		.mac = { "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
	},
	{
		.digest = { "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		.mac = { "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	},
	{
		.digest = {
			"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed",
			"8086072ba1e7cc2358baeca134c825a7",
		},
		.mac = {
			"af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e",
			"8e2240ca5e69e2c78b3239ecfab21649",
		},
	},
	{
		.digest = {
			"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a",
			"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
		},
		.mac = {
			"164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554",
			"9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
		},
	},
};

static void expect_hex(struct kunit *test, const u8 *got, const char *const *want, size_t len)
{
	u8 bytes[VT_MAX_DIGEST];

	vt_kunit_hex(test, want[0], bytes);
	if (want[1])
		vt_kunit_hex(test, want[1], bytes + 32);
	EXPECT_BYTES(test, got, bytes, len);
}

static void hashes_known(struct kunit *test)
{
	static const char text[] = "what do ya want for nothing?";
	u8 got[VT_MAX_DIGEST];
	unsigned int i;

	for (i = 0; i < VT_HASH_COUNT; i++) {
		const struct vt_hash_alg *alg = &vt_hash_algs[i];

		vt_hash(alg, "abc", 3, got);
		expect_hex(test, got, known_hashes[i].digest, alg->digest_size);
		vt_hmac(alg, "Jefe", 4, text, strlen(text), got);
		expect_hex(test, got, known_hashes[i].mac, alg->digest_size);
	}
}

/* However the data is cut, also across the pages that one call is cut into. */
static void hashes_in_pieces(struct kunit *test)
{
	const size_t len = 9000;
	static const size_t cuts[] = { 0, 1, 55, 63, 64, 127, 128, 4095, 4096, 4097, 8192, 9000 };
	u8 *data = room(test, len), want[VT_MAX_DIGEST], got[VT_MAX_DIGEST];
	struct vt_hash_ctx h;
	unsigned int i, j;

	vt_random(data, len);
	for (i = 0; i < VT_HASH_COUNT; i++) {
		vt_hash(&vt_hash_algs[i], data, len, want);
		for (j = 0; j < ARRAY_SIZE(cuts); j++) {
			vt_hash_init(&h, &vt_hash_algs[i]);
			vt_hash_update(&h, data, cuts[j]);
			vt_hash_update(&h, data + cuts[j], len - cuts[j]);
			vt_hash_final(&h, got);
			EXPECT_BYTES(test, got, want, vt_hash_algs[i].digest_size);
		}
	}
}

/* A state that went out and came back goes on as the one that stayed. */
static void hash_states(struct kunit *test)
{
	u8 *state = room(test, VT_HASH_EXPORT), data[300], want[VT_MAX_DIGEST], got[VT_MAX_DIGEST];
	struct vt_hash_ctx a, b;
	unsigned int i, len;

	vt_random(data, sizeof(data));
	for (i = 0; i < VT_HASH_COUNT; i++) {
		for (len = 0; len <= 2 * vt_hash_algs[i].block_size; len++) {
			vt_hash_init(&a, &vt_hash_algs[i]);
			vt_hash_update(&a, data, len);
			vt_hash_export(&a, state);
			KUNIT_ASSERT_EQ(test, vt_hash_import(&b, &vt_hash_algs[i], state), 0);
			vt_hash_update(&a, data + len, 33);
			vt_hash_update(&b, data + len, 33);
			vt_hash_final(&a, want);
			vt_hash_final(&b, got);
			EXPECT_BYTES(test, got, want, vt_hash_algs[i].digest_size);
			vt_hash(&vt_hash_algs[i], data, len + 33, want);
			EXPECT_BYTES(test, got, want, vt_hash_algs[i].digest_size);
		}
	}
}

/* SP 800-38A, F.3.13 to F.3.18, two blocks */
static const struct {
	u32 bits;
	const char *key;
	const char *ct;
} cfb[] = {
	{ 128, "2b7e151628aed2a6abf7158809cf4f3c",
	  "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b" },
	{ 192, "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
	  "cdc80d6fddf18cab34c25909c99a417467ce7f7f81173621961a2b70171d3d7a" },
	{ 256, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
	  "dc7e84bfda79164b7ecd8486985d386039ffed143b28b1c832113c6331e5407b" },
};

static const char cfb_iv[] = "000102030405060708090a0b0c0d0e0f";
static const char cfb_pt[] = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51";

/* Whole, and cut at a block; forth and back. */
static void aes_cfb_known(struct kunit *test)
{
	u8 key[32], iv[VT_AES_BLOCK], pt[32], ct[32], data[32];
	unsigned int i;

	vt_kunit_hex(test, cfb_pt, pt);
	for (i = 0; i < ARRAY_SIZE(cfb); i++) {
		vt_kunit_hex(test, cfb[i].key, key);
		vt_kunit_hex(test, cfb[i].ct, ct);
		vt_kunit_hex(test, cfb_iv, iv);
		memcpy(data, pt, sizeof(data));
		KUNIT_EXPECT_EQ(test, vt_aes_cfb(key, cfb[i].bits, iv, true, data, 16), 0);
		KUNIT_EXPECT_EQ(test, vt_aes_cfb(key, cfb[i].bits, iv, true, data + 16, 16), 0);
		EXPECT_BYTES(test, data, ct, sizeof(ct));
		vt_kunit_hex(test, cfb_iv, iv);
		KUNIT_EXPECT_EQ(test, vt_aes_cfb(key, cfb[i].bits, iv, false, data, 32), 0);
		EXPECT_BYTES(test, data, pt, sizeof(pt));
	}
}

/* Lengths that end within a block change nothing behind them. */
static void aes_cfb_lengths(struct kunit *test)
{
	u8 key[32], iv[VT_AES_BLOCK], whole[48], part[48];
	unsigned int len;

	vt_kunit_hex(test, cfb[0].key, key);
	vt_kunit_hex(test, cfb_iv, iv);
	memset(whole, 0, sizeof(whole));
	KUNIT_ASSERT_EQ(test, vt_aes_cfb(key, 128, iv, true, whole, sizeof(whole)), 0);
	for (len = 0; len < sizeof(part); len++) {
		vt_kunit_hex(test, cfb_iv, iv);
		memset(part, 0, sizeof(part));
		KUNIT_EXPECT_EQ(test, vt_aes_cfb(key, 128, iv, true, part, len), 0);
		EXPECT_BYTES(test, part, whole, len);
		KUNIT_EXPECT_NULL(test, memchr_inv(part + len, 0, sizeof(part) - len));
	}
	for (len = 0; len <= 512; len++) {
		if (len != 128 && len != 192 && len != 256)
			KUNIT_EXPECT_EQ(test, vt_aes_cfb(key, len, iv, true, part, 16), -EINVAL);
	}
}

/* No more than that the numbers come, everywhere, and differ. */
static void random_bytes(struct kunit *test)
{
	u8 first[67], more[67], changed[67] = { 0 };
	unsigned int i, j;

	vt_random(first, sizeof(first));
	for (i = 0; i < 64; i++) {
		vt_system_rng.fill(vt_system_rng.ctx, more, sizeof(more));
		KUNIT_EXPECT_NE(test, memcmp(first, more, sizeof(more)), 0);
		for (j = 0; j < sizeof(more); j++)
			changed[j] |= first[j] ^ more[j];
	}
	KUNIT_EXPECT_NULL(test, memchr(changed, 0, sizeof(changed)));
}

static void ecdsa(struct kunit *test)
{
	u8 d[VT_ECC_MAX_BYTES], x[VT_ECC_MAX_BYTES], y[VT_ECC_MAX_BYTES];
	u8 r[VT_ECC_MAX_BYTES], s[VT_ECC_MAX_BYTES], digest[32];
	const struct vt_curve *c;
	unsigned int i;

	vt_random(digest, sizeof(digest));
	for (i = 0; (c = vt_curve_at(i)); i++) {
		KUNIT_ASSERT_EQ(test, vt_ecc_generate(c, &vt_system_rng, d, x, y), 0);
		KUNIT_EXPECT_EQ(test, vt_ecc_check_point(c, x, y), 0);
		KUNIT_ASSERT_EQ(test, vt_ecdsa_sign(c, d, digest, 32, &vt_system_rng, r, s), 0);
		KUNIT_EXPECT_EQ(test, vt_ecdsa_verify(c, x, y, digest, 32, r, s), 0);
		digest[i] ^= 1;
		KUNIT_EXPECT_EQ(test, vt_ecdsa_verify(c, x, y, digest, 32, r, s), -EBADMSG);
		digest[i] ^= 1;
		s[c->bytes - 1] ^= 1;
		KUNIT_EXPECT_EQ(test, vt_ecdsa_verify(c, x, y, digest, 32, r, s), -EBADMSG);
		y[c->bytes - 1] ^= 1;
		KUNIT_EXPECT_EQ(test, vt_ecc_check_point(c, x, y), -EBADMSG);
		KUNIT_EXPECT_EQ(test, vt_ecdh(c, d, x, y, r, s), -EBADMSG);
	}
	KUNIT_EXPECT_GE(test, i, 2U);
}

static void rsa(struct kunit *test)
{
	enum { LEN = 128 };
	u8 *n = room(test, LEN), *p = room(test, LEN / 2), *in = room(test, LEN);
	u8 *sig = room(test, LEN), *out = room(test, LEN);
	struct vt_rsa_key *key;

	KUNIT_ASSERT_EQ(test, vt_rsa_generate(8 * LEN, 65537, &vt_system_rng, NULL, n, p), 0);
	KUNIT_ASSERT_EQ(test, vt_rsa_key_new(n, LEN, 65537, p, LEN / 2, &key), 0);
	vt_random(in, LEN);
	in[0] &= 0x7f;
	KUNIT_EXPECT_EQ(test, vt_rsa_private(key, in, sig), 0);
	KUNIT_EXPECT_EQ(test, vt_rsa_public(n, LEN, 65537, sig, out), 0);
	EXPECT_BYTES(test, out, in, LEN);
	KUNIT_EXPECT_NE(test, memcmp(sig, in, LEN), 0);
	vt_rsa_key_free(key);
	p[LEN / 2 - 1] ^= 2;
	KUNIT_EXPECT_EQ(test, vt_rsa_key_new(n, LEN, 65537, p, LEN / 2, &key), -EINVAL);
}

static struct kunit_case crypto_cases[] = {
	KUNIT_CASE(selftest),
	KUNIT_CASE(hashes_known),
	KUNIT_CASE(hashes_in_pieces),
	KUNIT_CASE(hash_states),
	KUNIT_CASE(aes_cfb_known),
	KUNIT_CASE(aes_cfb_lengths),
	KUNIT_CASE(random_bytes),
	KUNIT_CASE(ecdsa),
	KUNIT_CASE(rsa),
	{}
};

static struct kunit_suite crypto_suite = {
	.name = "vtpm_crypto",
	.test_cases = crypto_cases,
};

kunit_test_suite(crypto_suite);
