// SPDX-License-Identifier: GPL-2.0-only
/*
 * RSA arithmetic and keys of room crypto, by both ways through the big numbers
 * (plain C, and mulx/adcx/adox where the CPU has them), against OpenSSL's.
 */
#include "rsa_support.h"

static const u32 sizes[] = { 1024, 2048, 3072, 4096 };

/* ---- big numbers ---- */

static BIGNUM *from_limbs(const u64 *a, size_t n)
{
	return BN_lebin2bn((const unsigned char *)a, 8 * n, NULL);
}

static bool equals(const BIGNUM *b, const u64 *a, size_t n)
{
	u64 limbs[128];

	return BN_bn2lebinpad(b, (unsigned char *)limbs, 8 * n) >= 0 &&
	       !memcmp(limbs, a, 8 * n);
}

/* Random, or one of the numbers on which carries go wrong. */
static void pick(u64 *a, size_t n, unsigned int kind)
{
	vt_random(a, 8 * n);
	switch (kind % 8) {
	case 1:
		memset(a, 0xff, 8 * n);
		break;
	case 2:
		memset(a, 0, 8 * n);
		break;
	case 3:
		memset(a, 0, 8 * n);
		a[0] = 1;
		break;
	case 4:
		memset(a + n / 2, 0xff, 8 * (n - n / 2));
		break;
	case 5:
		memset(a, 0xff, 8 * (n / 2));
		break;
	case 6:
		memset(a, 0, 8 * (n - 1));
		break;
	}
}

struct numbers {
	u64 m[64], a[64], b[64], r[64], work[VT_MONT_WORK(64)], rr[64], wide[128];
	u64 exp_work[VT_MONT_EXP_WORK(64)];
	BIGNUM *bm, *ba, *bb, *br, *radix_inv;
	BN_CTX *ctx;
};

static void numbers_free(struct numbers *x)
{
	BN_free(x->bm);
	BN_free(x->ba);
	BN_free(x->bb);
	BN_free(x->br);
	BN_free(x->radix_inv);
	BN_CTX_free(x->ctx);
}

/* Montgomery products, squares and conversions of a and b. */
static void check_mont(struct numbers *x, size_t n)
{
	struct vt_mont mt;

	vt_mont_init(&mt, x->m, n, x->work);
	vt_mont_make_rr(&mt, x->rr);
	x->br = BN_new();
	x->radix_inv = BN_new();
	BN_set_bit(x->radix_inv, 64 * n);
	BN_mod_inverse(x->radix_inv, x->radix_inv, x->bm, x->ctx);

	vt_mont_mul(&mt, x->r, x->a, x->b);
	vt_bn_reduce_once(x->r, x->m, n);
	BN_mod_mul(x->br, x->ba, x->bb, x->bm, x->ctx);
	BN_mod_mul(x->br, x->br, x->radix_inv, x->bm, x->ctx);
	check(equals(x->br, x->r, n));

	vt_mont_sqr(&mt, x->r, x->a);
	vt_bn_reduce_once(x->r, x->m, n);
	BN_mod_sqr(x->br, x->ba, x->bm, x->ctx);
	BN_mod_mul(x->br, x->br, x->radix_inv, x->bm, x->ctx);
	check(equals(x->br, x->r, n));

	vt_mont_in(&mt, x->r, x->a);
	vt_mont_out(&mt, x->r, x->r);
	BN_nnmod(x->br, x->ba, x->bm, x->ctx);
	check(equals(x->br, x->r, n));

	vt_bn_mul(x->wide, x->a, x->b, n);
	BN_mul(x->br, x->ba, x->bb, x->ctx);
	check(equals(x->br, x->wide, 2 * n));
	vt_mont_in_wide(&mt, x->r, x->wide);
	vt_mont_out(&mt, x->r, x->r);
	BN_nnmod(x->br, x->br, x->bm, x->ctx);
	check(equals(x->br, x->r, n));
}

static void check_exp(struct numbers *x, size_t n)
{
	struct vt_mont mt;

	vt_mont_init(&mt, x->m, n, x->work);
	vt_mont_make_rr(&mt, x->rr);
	vt_mont_in(&mt, x->r, x->a);
	vt_mont_exp(&mt, x->r, x->r, x->b, x->exp_work);
	vt_mont_out(&mt, x->r, x->r);
	BN_mod_exp(x->br, x->ba, x->bb, x->bm, x->ctx);
	check(equals(x->br, x->r, n));
}

/* The inverse of a, and of what has a factor in common with m. */
static void check_inv(struct numbers *x, size_t n)
{
	BIGNUM *gcd = BN_new();
	struct vt_mont mt;
	u64 good;

	vt_mont_init(&mt, x->m, n, x->work);
	vt_mont_make_rr(&mt, x->rr);
	good = vt_mont_inv(&mt, x->r, x->a, x->exp_work);
	BN_gcd(gcd, x->ba, x->bm, x->ctx);
	check(good == (BN_is_one(gcd) ? ~0ULL : 0));
	if (good) {
		check(vt_bn_lt(x->r, x->m, n));
		vt_mont_out(&mt, x->r, x->r);
		BN_mod_inverse(x->br, x->ba, x->bm, x->ctx);
		check(equals(x->br, x->r, n));
	}
	BN_free(gcd);
}

static void one_modulus(size_t n, unsigned int kind)
{
	struct numbers *x = calloc(1, sizeof(*x));

	x->ctx = BN_CTX_new();
	pick(x->m, n, kind);
	x->m[0] |= 1;
	x->m[n - 1] |= 1ULL << 63;
	pick(x->a, n, kind / 8);
	pick(x->b, n, kind / 64);
	x->bm = from_limbs(x->m, n);
	x->ba = from_limbs(x->a, n);
	x->bb = from_limbs(x->b, n);
	check_mont(x, n);
	if (kind % 9 == 0)
		check_inv(x, n);
	if (kind % 16 == 7)
		check_exp(x, n);
	numbers_free(x);
	free(x);
}

static void test_mont(void)
{
	for (size_t n = VT_BN_DIGIT; n <= 64; n += VT_BN_DIGIT)
		for (unsigned int kind = 0; kind < 512; kind++)
			one_modulus(n, kind);
}

/* Both ways give the same limbs, not only the same residues. */
static void test_same_limbs(void)
{
	static u64 m[64], a[64], b[64], r[2][64], work[VT_MONT_WORK(64)];
	struct vt_mont mt;

	for (unsigned int i = 0; i < 2000; i++) {
		const size_t n = VT_BN_DIGIT * (1 + i % 8);

		pick(m, n, i / 8);
		m[0] |= 1;
		m[n - 1] |= 1ULL << 63;
		pick(a, n, i);
		pick(b, n, i / 3);
		for (int adx = 0; adx < 2; adx++) {
			vt_host_use_adx(adx);
			vt_mont_init(&mt, m, n, work);
			vt_mont_mul(&mt, r[adx], a, b);
			vt_mont_sqr(&mt, r[adx], r[adx]);
		}
		check(!memcmp(r[0], r[1], 8 * n));
	}
	vt_host_use_adx(true);
}

static void check_inverse(u32 a, u32 m)
{
	u32 inv = 0, g = a, h = m;
	u64 ok = vt_word_modinv(a, m, &inv);

	while (g) {
		const u32 t = h % g;

		h = g;
		g = t;
	}
	check(ok == (h == 1 ? ~0ULL : 0));
	check(!ok || (inv < m && (u64)a * inv % m == 1));
}

static void test_words(void)
{
	for (u32 m = 3; m < 400; m += 2)
		for (u32 a = 0; a < m; a++)
			check_inverse(a, m);
	for (unsigned int i = 0; i < 100000; i++) {
		u64 x, limbs[8];
		BIGNUM *b;
		u32 m;

		vt_random(&x, sizeof(x));
		check((x | 1) * vt_word_inv(x | 1) == 1);
		m = (u32)(x >> 32) >> i % 8 | 3;
		check_inverse((u32)x % m, m);
		if (i % 100)
			continue;
		vt_random(limbs, sizeof(limbs));
		b = from_limbs(limbs, 8);
		check(BN_mod_word(b, m) == vt_bn_mod_word(limbs, 8, m));
		BN_free(b);
	}
}

/* ---- primes ---- */

static int prime_test_bn(const BIGNUM *b)
{
	const size_t n = BN_num_bits(b) / 64;
	u64 limbs[64];

	BN_bn2lebinpad(b, (unsigned char *)limbs, 8 * n);
	return vt_prime_test(limbs, n, 10);
}

static bool testable(const BIGNUM *b)
{
	return BN_is_odd(b) && BN_num_bits(b) && BN_num_bits(b) % 512 == 0;
}

static void test_primality(void)
{
	BIGNUM *p = BN_new(), *q = BN_new(), *n = BN_new();
	BN_CTX *ctx = BN_CTX_new();

	for (int i = 0; i < 6; i++) {
		BN_generate_prime_ex(p, 512, 0, NULL, NULL, NULL);
		check(prime_test_bn(p) == 1);
		BN_rand(q, 512, BN_RAND_TOP_TWO, BN_RAND_BOTTOM_ODD);
		check(prime_test_bn(q) == BN_check_prime(q, ctx, NULL));
		BN_generate_prime_ex(p, 256, 0, NULL, NULL, NULL);
		BN_set_bit(p, 255);
		BN_generate_prime_ex(q, 257, 0, NULL, NULL, NULL);
		BN_mul(n, p, q, ctx);
		if (testable(n))
			check(prime_test_bn(n) == 0);
		BN_sqr(n, q, ctx);
	}
	/* p = 1 mod 2^60: many squarings between a^odd and a^((p - 1) / 2) */
	do {
		BN_rand(p, 452, BN_RAND_TOP_TWO, BN_RAND_BOTTOM_ODD);
		BN_lshift(p, p, 60);
		BN_add_word(p, 1);
	} while (!BN_check_prime(p, ctx, NULL));
	check(prime_test_bn(p) == 1);
	BN_free(p);
	BN_free(q);
	BN_free(n);
	BN_CTX_free(ctx);
}

/* The vectors of a length that RSA primes have, and multiples of it. */
static void test_primality_vectors(void)
{
	const char *path = test_shared("wycheproof/primality_test.json");
	unsigned int tried = 0;
	struct vec v;
	BIGNUM *b = NULL;

	if (!path || !vec_open(&v, vec_shared(), "wycheproof/primality_test.json"))
		return;
	while (vec_next(&v)) {
		const struct vec_field *value = vec_get(&v, "value");

		if (!value || BN_hex2bn(&b, value->text) == 0 || !testable(b))
			continue;
		check(prime_test_bn(b) == !strcmp(vec_get(&v, "result")->text, "valid"));
		tried++;
	}
	check(tried);
	BN_free(b);
	vec_close(&v);
}

/* ---- keys ---- */

/* A key made by OpenSSL; the caller frees the returned form. */
static RSA *pair_openssl(struct pair *k, u32 bits, u32 e)
{
	const BIGNUM *n, *p;
	BIGNUM *be = BN_new();
	RSA *rsa = RSA_new();

	k->bits = bits;
	k->len = bits / 8;
	k->e = e;
	BN_set_word(be, e);
	check(RSA_generate_key_ex(rsa, bits, be, NULL));
	BN_free(be);
	RSA_get0_key(rsa, &n, NULL, NULL);
	RSA_get0_factors(rsa, &p, NULL);
	check(BN_bn2binpad(n, k->n, k->len) > 0 && BN_bn2binpad(p, k->p, k->len / 2) > 0);
	return rsa;
}

static void check_operations(const struct pair *k, RSA *rsa, const struct vt_rsa_key *key)
{
	u8 in[VT_RSA_MAX_BYTES], out[VT_RSA_MAX_BYTES], theirs[VT_RSA_MAX_BYTES];

	for (int i = 0; i < 6; i++) {
		vt_random(in, k->len);
		in[0] &= 0x7f;
		if (i < 3) {		/* 0, 1 and n - 1 */
			memset(in, 0, k->len);
			in[k->len - 1] = i == 1;
		}
		if (i == 2) {
			memcpy(in, k->n, k->len);
			in[k->len - 1] ^= 1;
		}
		check(!vt_rsa_private(key, in, out));
		RSA_private_decrypt(k->len, in, theirs, rsa, RSA_NO_PADDING);
		check(!memcmp(out, theirs, k->len));
		check(!vt_rsa_public(k->n, k->len, k->e, in, out));
		RSA_public_encrypt(k->len, in, theirs, rsa, RSA_NO_PADDING);
		check(!memcmp(out, theirs, k->len));
	}
}

static void test_keys(void)
{
	static const u32 exponents[] = { 65537, 3, 17, 0xfffffffb };

	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++)
		for (unsigned int j = 0; j < (sizes[i] > 2048 ? 1 : ARRAY_SIZE(exponents)); j++) {
			struct vt_rsa_key *key;
			struct pair k;
			RSA *rsa = pair_openssl(&k, sizes[i], exponents[j]);

			for (int adx = 0; adx < 2; adx++) {
				vt_host_use_adx(adx);
				key = NULL;
				check(!pair_new(&k, &key) && key);
				if (key)
					check_operations(&k, rsa, key);
				vt_rsa_key_free(key);
			}
			RSA_free(rsa);
		}
	vt_host_use_adx(true);
}

/* Input equal to a multiple of p: nothing to blind, and still the right answer. */
static void test_multiple_of_p(void)
{
	u8 in[128] = {}, out[128], back[128];
	struct vt_rsa_key *key = NULL;
	struct pair k;
	RSA *rsa = pair_openssl(&k, 1024, 65537);

	check(!pair_new(&k, &key));
	memcpy(in + 64, k.p, 64);
	check(!vt_rsa_private(key, in, out));
	check(!vt_rsa_public(k.n, 128, k.e, out, back) && !memcmp(in, back, 128));
	vt_rsa_key_free(key);
	RSA_free(rsa);
}

/* s with the residues 0 or -1 modulo p and modulo q, out of its own power. */
static void one_corner(const struct pair *k, const struct vt_rsa_key *key, RSA *rsa, int corner)
{
	u8 in[128], out[128], s_bytes[128];
	BIGNUM *s = BN_new(), *inv = BN_new();
	BN_CTX *ctx = BN_CTX_new();
	const BIGNUM *p, *q, *n;

	RSA_get0_factors(rsa, &p, &q);
	RSA_get0_key(rsa, &n, NULL, NULL);
	/* (1 / q mod p) q is 1 mod p and 0 mod q, and so on */
	BN_mod_inverse(inv, q, p, ctx);
	BN_mod_mul(s, inv, q, n, ctx);
	if (!(corner & 1))
		BN_zero(s);
	BN_mod_inverse(inv, p, q, ctx);
	BN_mod_mul(inv, inv, p, n, ctx);
	if (corner & 2)
		BN_mod_add(s, s, inv, n, ctx);
	BN_mod_sub(s, n, s, n, ctx);
	BN_bn2binpad(s, s_bytes, 128);
	check(!vt_rsa_public(k->n, 128, k->e, s_bytes, in));
	check(!vt_rsa_private(key, in, out) && !memcmp(out, s_bytes, 128));
	BN_free(s);
	BN_free(inv);
	BN_CTX_free(ctx);
}

/* The larger factor first, and the smaller: then a residue mod q may exceed p. */
static void test_corners(void)
{
	const BIGNUM *p, *q;
	struct pair k;
	RSA *rsa = pair_openssl(&k, 1024, 65537);

	RSA_get0_factors(rsa, &p, &q);
	for (int order = 0; order < 2; order++) {
		struct vt_rsa_key *key = NULL;

		BN_bn2binpad(order ? q : p, k.p, 64);
		check(!pair_new(&k, &key));
		for (int corner = 0; key && corner < 4; corner++)
			one_corner(&k, key, rsa, corner);
		vt_rsa_key_free(key);
	}
	RSA_free(rsa);
}

static void test_refusals(void)
{
	u8 in[128] = { 0 }, out[128];
	struct vt_rsa_key *key = NULL;
	struct pair k, bad;
	RSA *rsa = pair_openssl(&k, 1024, 65537);

	check(vt_rsa_public(k.n, 128, 65537, k.n, out) == -EINVAL);
	check(vt_rsa_public(k.n, 128, 1, in, out) == -EINVAL);
	check(vt_rsa_public(k.n, 128, 4, in, out) == -EINVAL);
	check(vt_rsa_public(k.n, 127, 3, in, out) == -EINVAL);
	check(vt_rsa_public(k.n, 64, 3, in, out) == -EINVAL);
	check(vt_rsa_public(k.n, 0, 3, in, out) == -EINVAL);
	bad = k;
	bad.n[127] ^= 1;
	check(vt_rsa_public(bad.n, 128, 3, in, out) == -EINVAL);
	check(pair_new(&bad, &key) == -EINVAL);
	bad = k;
	bad.n[0] = 0x7f;
	check(vt_rsa_public(bad.n, 128, 3, in, out) == -EINVAL);
	for (unsigned int i = 0; i < 64; i++) {
		bad = k;
		bad.p[i] ^= 2 << i % 7;
		check(pair_new(&bad, &key) == -EINVAL);
	}
	memset(bad.p, 0, 64);
	check(pair_new(&bad, &key) == -EINVAL);
	check(vt_rsa_key_new(k.n, 128, k.e, k.p, 63, &key) == -EINVAL);
	check(vt_rsa_key_new(k.n, 128, 2, k.p, 64, &key) == -EINVAL);
	check(!key);
	check(!pair_new(&k, &key) && vt_rsa_private(key, k.n, out) == -EINVAL);
	check(vt_rsa_key_bytes(key) >= 11 * 64);
	vt_rsa_key_free(key);
	vt_rsa_key_free(NULL);
	RSA_free(rsa);
}

static void to_pair(struct pair *k, const BIGNUM *p, const BIGNUM *q, u32 e, BN_CTX *ctx)
{
	BIGNUM *n = BN_new();

	BN_mul(n, p, q, ctx);
	k->len = BN_num_bytes(n);
	k->e = e;
	BN_bn2binpad(n, k->n, k->len);
	BN_bn2binpad(p, k->p, k->len / 2);
	BN_free(n);
}

/* n = p q, but with a p that is no prime, with p = q, with p = 1 mod e; or n not p q. */
static void test_odd_factors(void)
{
	BIGNUM *p = BN_new(), *q = BN_new(), *seven = BN_new(), *one = BN_new();
	u8 in[128] = { 0x12, 0x34 }, out[128];
	struct vt_rsa_key *key = NULL;
	BN_CTX *ctx = BN_CTX_new();
	struct pair k;

	do {
		BN_generate_prime_ex(q, 512, 0, NULL, NULL, NULL);
	} while (!BN_is_bit_set(q, 510) || BN_mod_word(q, 65537) == 1);
	to_pair(&k, q, q, 65537, ctx);
	check(pair_new(&k, &key) == -EINVAL);
	do {
		BN_generate_prime_ex(p, 512, 0, NULL, NULL, NULL);
	} while (!BN_is_bit_set(p, 510) || BN_mod_word(p, 65537) == 1);
	for (int i = 0; i < 4; i++) {		/* p is prime, and no factor */
		BN_bn2binpad(p, k.p, 64);
		k.n[127 - 64 * i / 4] ^= 2;
		check(pair_new(&k, &key) == -EINVAL && !key);
	}

	do {
		BN_rand(p, 512, BN_RAND_TOP_TWO, BN_RAND_BOTTOM_ODD);
	} while (BN_mod_word(p, 3) || BN_mod_word(p, 65537) == 1);
	to_pair(&k, p, q, 65537, ctx);
	if (!pair_new(&k, &key))
		check(vt_rsa_private(key, in, out) == -EIO);
	else
		check(!key);
	vt_rsa_key_free(key);
	key = NULL;

	BN_set_word(seven, 7);
	BN_one(one);
	do {
		BN_generate_prime_ex(p, 512, 0, seven, one, NULL);
	} while (!BN_is_bit_set(p, 510));
	to_pair(&k, p, q, 7, ctx);
	check(pair_new(&k, &key) == -EINVAL && !key);
	to_pair(&k, q, p, 7, ctx);
	check(pair_new(&k, &key) == -EINVAL && !key);
	BN_free(p);
	BN_free(q);
	BN_free(seven);
	BN_free(one);
	BN_CTX_free(ctx);
}

/* A key whose numbers have suffered gives -EIO and not one byte. */
static void test_fault(void)
{
	const size_t header = 16, numbers = 11 * 64;
	u8 in[128], out[128], zero[128] = { 0 };
	struct vt_rsa_key *key = NULL;
	struct pair k;
	RSA *rsa = pair_openssl(&k, 1024, 65537);

	check(!pair_new(&k, &key));
	vt_random(in, sizeof(in));
	in[0] = 0;
	for (size_t i = header; i < header + numbers; i += 8) {
		memset(out, 0, sizeof(out));
		((u8 *)key)[i] ^= 0x10;
		check(vt_rsa_private(key, in, out) == -EIO && !memcmp(out, zero, sizeof(out)));
		((u8 *)key)[i] ^= 0x10;
	}
	check(!vt_rsa_private(key, in, out));
	vt_rsa_key_free(key);
	RSA_free(rsa);
}

static void test_mont_adx(void)
{
	if (vt_cpu_has_adx())
		test_mont();
	else
		test_skip("this CPU lacks BMI2 or ADX");
}

static void test_mont_c(void)
{
	vt_host_use_adx(false);
	test_mont();
	vt_host_use_adx(true);
}

static const struct test_case cases[] = {
	{ "montgomery-adx", test_mont_adx },
	{ "montgomery-c", test_mont_c },
	{ "same-limbs", test_same_limbs },
	{ "words", test_words },
	{ "miller-rabin", test_primality },
	{ "primality-wycheproof", test_primality_vectors },
	{ "keys-openssl", test_keys },
	{ "multiple-of-p", test_multiple_of_p },
	{ "corners", test_corners },
	{ "refusals", test_refusals },
	{ "odd-factors", test_odd_factors },
	{ "fault", test_fault },
};

TEST_MAIN("rsa", cases)
