// SPDX-License-Identifier: GPL-2.0-only
/*
 * RSA key generation of room crypto.
 *
 * Other ways to start it: "--time" prints what the operations take; "--secret"
 * runs them on marked secrets, for valgrind and a build with VT_CT_CHECK; and
 * "--leak" then does what valgrind must report.
 */
#include "rsa_support.h"

static const u32 sizes[] = { 1024, 2048, 3072, 4096 };

static void drbg_start(struct vt_drbg *d, const char *seed)
{
	vt_drbg_init(d, vt_hash_by_name("sha256", 6), (const u8 *)seed, strlen(seed), NULL, 0);
}

static void sha256_pair(const struct pair *k, u8 *digest)
{
	struct vt_hash_ctx h;

	vt_hash_init(&h, vt_hash_by_name("sha256", 6));
	vt_hash_update(&h, k->n, k->len);
	vt_hash_update(&h, k->p, k->len / 2);
	vt_hash_final(&h, digest);
}

static int generate_from(struct pair *k, u32 bits, u32 e, const char *seed)
{
	struct vt_drbg d;
	const struct vt_rng rng = { .fill = vt_drbg_fill, .ctx = &d };
	int rc;

	k->bits = bits;
	k->e = e;
	k->len = bits / 8;
	drbg_start(&d, seed);
	rc = vt_rsa_generate(bits, e, &rng, NULL, k->n, k->p);
	vt_drbg_wipe(&d);
	return rc;
}

/*
 * The first key of a seed, as SHA-256 of n || p. Never to be changed: keys
 * that instances derive from their seeds would change with it. They were also
 * computed by another program, from what is said at vt_rsa_generate().
 */
static const struct {
	u32 bits, e;
	const char *seed, *sha256;
} golden[] = {
	{ 1024, 65537, "golden",
	  "f1c3d2a345ed141bd51b7df02fd0325c0f4e28a067e9e0c29693e4ee27206122" },
	{ 1024, 3, "golden 3",
	  "61c5287a06659696e14327b63887415dd0b86b233843cf49275a8b09fe700d74" },
	{ 2048, 65537, "golden",
	  "0b14605aebe3cc1a50d3bc0f586db96b24a41dba251ccb73c912943a0b5d4867" },
	{ 3072, 65537, "golden",
	  "f3117e256ba57f518b882b9625ada8617e30b057420e679329076ce756578195" },
	{ 4096, 65537, "golden",
	  "a878ec071209b6c160f98fe93066b97d3393d51c5b8833f1a3d75523bc840729" },
};

static void test_golden(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(golden); i++)
		for (int adx = 0; adx < 2; adx++) {
			struct pair k;
			u8 digest[32];
			char hex[65];

			vt_host_use_adx(adx);
			check(!generate_from(&k, golden[i].bits, golden[i].e, golden[i].seed));
			sha256_pair(&k, digest);
			for (unsigned int j = 0; j < 32; j++)
				sprintf(hex + 2 * j, "%02x", digest[j]);
			if (strcmp(hex, golden[i].sha256))
				test_fail(__FILE__, __LINE__, "%u bits, e = %u: %s",
					  golden[i].bits, golden[i].e, hex);
		}
	vt_host_use_adx(true);
}

/* By OpenSSL: p and q are primes of the right size, far apart, and e has an inverse. */
static void check_pair(const struct pair *k)
{
	BIGNUM *n = BN_bin2bn(k->n, k->len, NULL), *p = BN_bin2bn(k->p, k->len / 2, NULL);
	BIGNUM *q = BN_new(), *r = BN_new(), *e = BN_new();
	BN_CTX *ctx = BN_CTX_new();
	const int half = k->bits / 2;

	BN_div(q, r, n, p, ctx);
	check(BN_is_zero(r) && BN_num_bits(n) == (int)k->bits);
	check(BN_check_prime(p, ctx, NULL) && BN_check_prime(q, ctx, NULL));
	check(BN_num_bits(p) == half && BN_is_bit_set(p, half - 2));
	check(BN_num_bits(q) == half && BN_is_bit_set(q, half - 2));
	BN_sub(r, p, q);
	check(BN_num_bits(r) > half - 99);
	BN_set_word(e, k->e);
	for (int i = 0; i < 2; i++) {
		BN_sub(r, i ? p : q, BN_value_one());
		BN_gcd(r, r, e, ctx);
		check(BN_is_one(r));
	}
	BN_free(n);
	BN_free(p);
	BN_free(q);
	BN_free(r);
	BN_free(e);
	BN_CTX_free(ctx);
}

static void test_generate(void)
{
	static const u32 exponents[] = { 65537, 3, 17, 0xffffffff, 15 };

	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++)
		for (unsigned int j = 0; j < (sizes[i] > 2048 ? 1 : ARRAY_SIZE(exponents)); j++) {
			u8 in[VT_RSA_MAX_BYTES] = { 0, 1, 2, 3 }, out[VT_RSA_MAX_BYTES];
			struct vt_rsa_key *key = NULL;
			struct pair k;

			k.bits = sizes[i];
			k.e = exponents[j];
			k.len = sizes[i] / 8;
			check(!vt_rsa_generate(k.bits, k.e, &vt_system_rng, NULL, k.n, k.p));
			check_pair(&k);
			check(!pair_new(&k, &key) && !vt_rsa_private(key, in, out));
			check(!vt_rsa_public(k.n, k.len, k.e, out, out) && !memcmp(in, out, k.len));
			vt_rsa_key_free(key);
		}
}

static void test_generate_refusals(void)
{
	static const u32 bits[] = { 0, 1, 512, 1023, 1025, 1032, 1536, 2047, 8192, 0xfffffc00 };
	u8 n[VT_RSA_MAX_BYTES], p[VT_RSA_MAX_BYTES / 2];

	for (unsigned int i = 0; i < ARRAY_SIZE(bits); i++)
		check(vt_rsa_generate(bits[i], 3, &vt_system_rng, NULL, n, p) == -EINVAL);
	for (u32 e = 0; e < 3; e++)
		check(vt_rsa_generate(1024, e, &vt_system_rng, NULL, n, p) == -EINVAL);
	check(vt_rsa_generate(1024, 65536, &vt_system_rng, NULL, n, p) == -EINVAL);
}

static bool count_down(void *ctx)
{
	unsigned int *left = ctx;

	return !(*left)--;
}

/* However late the wish to stop, nothing half done comes out. A lucky search ends before it. */
static void test_cancel(void)
{
	int rc;

	for (unsigned int asked = 0; asked < 60; asked += 7) {
		unsigned int left = asked;
		const struct vt_cancel cancel = { .stop = count_down, .ctx = &left };
		u8 n[256] = { 0 }, p[128] = { 0 }, zero[256] = { 0 };

		rc = vt_rsa_generate(2048, 65537, &vt_system_rng, &cancel, n, p);
		check(rc == (left > asked ? -EINTR : 0));
		if (rc)
			check(!memcmp(n, zero, sizeof(n)) && !memcmp(p, zero, sizeof(p)));
	}
}

/* Hands out what it is told to, then goes on with the system's randomness. */
struct script {
	u8 bytes[8][64];
	unsigned int count, next;
};

static void script_fill(void *ctx, u8 *out, size_t len)
{
	struct script *s = ctx;

	if (s->next < s->count)
		memcpy(out, s->bytes[s->next], len);
	else
		vt_random(out, len);
	s->next++;
}

static void script_add(struct script *s, const BIGNUM *b)
{
	BN_bn2binpad(b, s->bytes[s->count++], 64);
}

static unsigned int script_run(struct script *s, struct pair *k)
{
	const struct vt_rng rng = { .fill = script_fill, .ctx = s };

	*k = (struct pair){ .bits = 1024, .e = 65537, .len = 128 };
	check(!vt_rsa_generate(1024, 65537, &rng, NULL, k->n, k->p));
	return s->next;
}

static void good_prime(BIGNUM *p)
{
	do {
		BN_generate_prime_ex(p, 512, 0, NULL, NULL, NULL);
	} while (!BN_is_bit_set(p, 510) || BN_mod_word(p, 65537) == 1);
}

/* A prime p = 1 mod g with its two top bits set. */
static void prime_over(BIGNUM *p, const BIGNUM *g, BN_CTX *ctx)
{
	BIGNUM *top = BN_new(), *k = BN_new(), *r = BN_new();

	BN_set_bit(top, 511);
	BN_set_bit(top, 510);
	do {
		BN_rand(k, 509, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY);
		BN_add(p, top, k);
		BN_mod(r, p, g, ctx);
		BN_sub(p, p, r);
		BN_add_word(p, 1);
	} while (!BN_is_odd(p) || !BN_is_bit_set(p, 510) || BN_mod_word(p, 65537) == 1 ||
		 !BN_check_prime(p, ctx, NULL));
	BN_free(top);
	BN_free(k);
	BN_free(r);
}

/* A q that is p, or too near, or whose q - 1 shares nearly all with p - 1, is passed over. */
static void test_weak_pairs(void)
{
	BIGNUM *p = BN_new(), *q = BN_new(), *g = BN_new();
	BN_CTX *ctx = BN_CTX_new();
	struct script s = { 0 };
	struct pair k;

	good_prime(p);
	good_prime(q);
	script_add(&s, p);
	script_add(&s, q);
	check(script_run(&s, &k) == 2);		/* the script works: two draws, no more */

	memset(&s, 0, sizeof(s));
	script_add(&s, p);
	script_add(&s, p);
	script_add(&s, q);
	check(script_run(&s, &k) == 3);
	check_pair(&k);

	/* just below, and just above, the distance that is enough */
	for (int i = 0; i < 2; i++) {
		BN_zero(g);
		BN_set_bit(g, 512 - 100 + i);
		BN_add(g, g, p);
		do {
			BN_add_word(g, 2);
		} while (!BN_check_prime(g, ctx, NULL) || BN_mod_word(g, 65537) == 1);
		memset(&s, 0, sizeof(s));
		script_add(&s, p);
		script_add(&s, g);
		script_add(&s, q);
		check(script_run(&s, &k) == (i ? 2 : 3));
		check_pair(&k);
	}

	BN_generate_prime_ex(g, 480, 0, NULL, NULL, NULL);
	prime_over(p, g, ctx);
	do {
		prime_over(q, g, ctx);
		BN_sub(g, p, q);
	} while (BN_num_bits(g) < 500);
	memset(&s, 0, sizeof(s));
	script_add(&s, p);
	script_add(&s, q);
	good_prime(g);
	script_add(&s, g);
	check(script_run(&s, &k) == 3);
	BN_free(p);
	BN_free(q);
	BN_free(g);
	BN_CTX_free(ctx);
}

/*
 * T18: below the two set bits a prime's top bits, and those above its lowest,
 * are as a coin falls. T19: a modulus whose residues are all powers of 65537,
 * modulo each of these primes, has the structure of ROCA.
 */
static void test_structure(void)
{
	static const u32 roca[] = { 11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109,
				    127, 151, 157 };
	const unsigned int keys = 150;
	unsigned int ones[12] = { 0 }, like_roca = 0;

	for (unsigned int i = 0; i < keys; i++) {
		struct pair k = { .bits = 1024, .e = 65537, .len = 128 };
		bool all = true;
		BIGNUM *n;

		check(!vt_rsa_generate(1024, 65537, &vt_system_rng, NULL, k.n, k.p));
		for (unsigned int bit = 0; bit < 6; bit++) {
			ones[bit] += k.p[0] >> bit & 1;
			ones[6 + bit] += k.p[63] >> (bit + 1) & 1;
		}
		n = BN_bin2bn(k.n, 128, NULL);
		for (unsigned int j = 0; j < ARRAY_SIZE(roca) && all; j++) {
			const u32 r = BN_mod_word(n, roca[j]);
			u32 power = 1;

			for (u32 step = 0; step < roca[j] && power != r; step++)
				power = power * 65537ULL % roca[j];
			all = power == r;
		}
		like_roca += all;
		BN_free(n);
	}
	/* five times the standard deviation of 150 coins is 31 */
	for (unsigned int bit = 0; bit < ARRAY_SIZE(ones); bit++)
		check(ones[bit] > 75 - 31 && ones[bit] < 75 + 31);
	check(!like_roca);
}

/* ---- without memory ---- */

static void test_memory(void)
{
	struct vt_rsa_key *key = NULL;
	u8 in[128] = { 0, 9 }, out[128];
	struct pair k;
	int rc = -ENOMEM;
	long n;

	check(!generate_from(&k, 1024, 65537, "memory"));
	for (n = 0; rc == -ENOMEM; n++) {
		vt_host_fail_alloc = n;
		rc = pair_new(&k, &key);
		vt_host_fail_alloc = -1;
		check(rc == (key ? 0 : -ENOMEM));
	}
	check(n > 1);
	vt_host_fail_alloc = 0;
	check(vt_rsa_private(key, in, out) == -ENOMEM);
	vt_host_fail_alloc = 0;
	check(vt_rsa_public(k.n, 128, 3, in, out) == -ENOMEM);
	for (n = 0; n < 5; n++) {
		vt_host_fail_alloc = n;
		check(vt_rsa_generate(1024, 3, &vt_system_rng, NULL, k.n, k.p) == -ENOMEM);
	}
	vt_host_fail_alloc = -1;
	vt_rsa_key_free(key);
}

/* ---- time ---- */

/* Of this process alone, whatever else the machine does. */
static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void time_size(u32 bits, int adx)
{
	struct pair k = { .bits = bits, .e = 65537, .len = bits / 8 };
	u8 in[VT_RSA_MAX_BYTES] = { 0, 1 }, out[VT_RSA_MAX_BYTES];
	const int keys = bits > 2048 ? 10 : 60;
	double start = now_ms(), made, best = 1e9, load;
	struct vt_rsa_key *key;

	for (int i = 0; i < keys; i++)
		vt_rsa_generate(bits, 65537, &vt_system_rng, NULL, k.n, k.p);
	made = (now_ms() - start) / keys;
	start = now_ms();
	if (pair_new(&k, &key))
		return;
	load = now_ms() - start;
	for (int i = 0; i < 200; i++) {
		start = now_ms();
		vt_rsa_private(key, in, out);
		if (now_ms() - start < best)
			best = now_ms() - start;
	}
	vt_rsa_key_free(key);
	printf("%s %u: private %.3f ms, key from p %.3f ms, generate %.1f ms (mean of %d)\n",
	       adx ? "adx" : "c  ", bits, best, load, made, keys);
}

static void print_times(void)
{
	for (int adx = 1; adx >= 0; adx--)
		for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
			vt_host_use_adx(adx);
			time_size(sizes[i], adx && vt_cpu_has_adx());
		}
}

/* ---- secrets, for valgrind ---- */

static void secret_fill(void *ctx, u8 *out, size_t len)
{
	(void)ctx;
	vt_random(out, len);
	VT_CT_SECRET(out, len);
}

static int on_secrets(bool leak)
{
	const struct vt_rng rng = { .fill = secret_fill };
	u8 in[128] = { 0, 1, 2 }, out[128];
	struct vt_rsa_key *key = NULL;
	struct pair k;
	int rc = 0;

	for (int adx = 0; adx < 2; adx++) {
		vt_host_use_adx(adx);
		rc |= vt_rsa_generate(1024, 65537, &rng, NULL, k.n, k.p);
		rc |= vt_rsa_key_new(k.n, 128, 65537, k.p, 64, &key);
		VT_CT_SECRET(in, sizeof(in));
		rc |= vt_rsa_private(key, in, out);
		VT_CT_PUBLIC(out, sizeof(out));
		rc |= vt_rsa_public(k.n, 128, 65537, out, out);
		VT_CT_PUBLIC(in, sizeof(in));
		rc |= memcmp(in, out, 128);
		vt_rsa_key_free(key);
	}
	if (leak && k.p[5] & 4)
		printf("a branch on a secret\n");
	return rc ? 1 : 0;
}

static const struct test_case cases[] = {
	{ "golden", test_golden },
	{ "openssl", test_generate },
	{ "refusals", test_generate_refusals },
	{ "cancel", test_cancel },
	{ "weak-pairs", test_weak_pairs },
	{ "T18-T19-structure", test_structure },
	{ "no-memory", test_memory },
};

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";

	if (!strcmp(mode, "--time"))
		return print_times(), 0;
	if (!strcmp(mode, "--secret") || !strcmp(mode, "--leak"))
		return on_secrets(!strcmp(mode, "--leak"));
	return test_run("rsa_gen", cases, ARRAY_SIZE(cases), argc, argv);
}
