// SPDX-License-Identifier: GPL-2.0-only
/*
 * Elliptic curves with OpenSSL as a second opinion, and what must be refused.
 * The fields are in test_ecc_field.c, vectors in test_ecc_vectors.c.
 *
 * Other ways to start it: "--time" prints what the operations take; "--secret"
 * runs them on marked secrets, for valgrind and a build with VT_CT_CHECK; and
 * "--leak" then does what valgrind must report.
 */
#define _GNU_SOURCE	/* memmem() */
#include <pthread.h>

#include "ecc_support.h"

#define ROUNDS 16	/* random cases for each curve */

/* ---- curves ---- */

static bool is_number(const struct vt_curve *c, const u8 *bytes, const BIGNUM *want)
{
	u8 out[MAX];

	to_bytes(want, c, out);
	return same(out, bytes, c->bytes);
}

static void test_parameters(const struct vt_curve *c)
{
	BIGNUM *p = BN_new(), *a = BN_new(), *b = BN_new(), *x = BN_new(), *y = BN_new();
	EC_GROUP *g = group_of(c);

	check(EC_GROUP_get_curve(g, p, a, b, bn));
	check(EC_POINT_get_affine_coordinates(g, EC_GROUP_get0_generator(g), x, y, bn));
	check(is_number(c, c->p, p) && is_number(c, c->a, a) && is_number(c, c->b, b));
	check(is_number(c, c->gx, x) && is_number(c, c->gy, y));
	check(is_number(c, c->n, order_of(c)));
	check(c->bits == BN_num_bits(p) && c->bits == BN_num_bits(order_of(c)));
	check(c->bytes == (c->bits + 7) / 8);
	BN_free(p);
	BN_free(a);
	BN_free(b);
	BN_free(x);
	BN_free(y);
}

static void test_list(const struct vt_curve *c)
{
	unsigned int i = c - vt_curves;

	if (i < VT_CURVE_LISTED)
		check(vt_curve_at(i) == c && vt_curve_find(c->id) == c);
	else
		check(!vt_curve_at(i) && !vt_curve_find(c->id));
	check(!i || c->id > vt_curves[i - 1].id);
	check(!vt_curve_find(0) && !vt_curve_find(0x0006) && !vt_curve_find(0x0011));
	check(!vt_curve_at(VT_CURVE_COUNT) && !vt_curve_at(~0U));
}

/* ---- multiplication ---- */

/* k * P and k * G against OpenSSL; k is 1 to n - 1. */
static void scalar_case(const struct vt_curve *c, const BIGNUM *k, const struct key *p)
{
	struct key mine, want;
	u8 d[MAX];

	if (BN_is_zero(k) || BN_is_negative(k) || BN_cmp(k, order_of(c)) >= 0)
		return;
	to_bytes(k, c, d);
	openssl_multiply(c, k, NULL, &want);
	check(!vt_ecc_make_public(c, d, mine.x, mine.y));
	check(same(mine.x, want.x, c->bytes) && same(mine.y, want.y, c->bytes));
	check(!vt_ecdh(c, d, c->gx, c->gy, mine.x, mine.y));
	check(same(mine.x, want.x, c->bytes) && same(mine.y, want.y, c->bytes));
	openssl_multiply(c, k, p, &want);
	check(!vt_ecdh(c, d, p->x, p->y, mine.x, mine.y));
	check(same(mine.x, want.x, c->bytes) && same(mine.y, want.y, c->bytes));
}

static void test_edge_scalars(const struct vt_curve *c)
{
	BIGNUM *k = BN_new(), *power = BN_new();
	struct key p;

	check(!vt_ecc_generate(c, &any, p.d, p.x, p.y));
	for (unsigned int i = 1; i <= 34; i++) {
		BN_set_word(k, i);
		scalar_case(c, k, &p);
		BN_sub(k, order_of(c), k);
		scalar_case(c, k, &p);
	}
	for (int i = 6; i < c->bits; i += c->bits / 64 - 1) {
		BN_zero(power);
		BN_set_bit(power, i);
		scalar_case(c, power, &p);
		BN_sub(k, order_of(c), power);
		scalar_case(c, k, &p);
		BN_sub(k, power, BN_value_one());
		scalar_case(c, k, &p);
	}
	BN_free(k);
	BN_free(power);
}

static void test_random_scalars(const struct vt_curve *c)
{
	struct key p, q, left, right;
	BIGNUM *k = BN_new();

	for (int i = 0; i < ROUNDS; i++) {
		check(!vt_ecc_generate(c, &any, p.d, p.x, p.y));
		check(!vt_ecc_generate(c, &any, q.d, q.x, q.y));
		check(!vt_ecc_check_point(c, p.x, p.y) && !vt_ecc_check_scalar(c, p.d));
		scalar_case(c, BN_bin2bn(p.d, c->bytes, k), &q);
		check(!vt_ecdh(c, p.d, q.x, q.y, left.x, left.y));
		check(!vt_ecdh(c, q.d, p.x, p.y, right.x, right.y));
		check(same(left.x, right.x, c->bytes) && same(left.y, right.y, c->bytes));
	}
	BN_free(k);
}

/* ---- refusals ---- */

static void refused_scalar(const struct vt_curve *c, const BIGNUM *k)
{
	u8 d[MAX], digest[32] = { 1 };
	struct key out;

	if (BN_bn2binpad(k, d, c->bytes) < 0)
		return;
	memset(&out, UNTOUCHED, sizeof(out));
	check(vt_ecc_check_scalar(c, d) == -EINVAL);
	check(vt_ecc_make_public(c, d, out.x, out.y) == -EINVAL);
	check(vt_ecdh(c, d, c->gx, c->gy, out.x, out.y) == -EINVAL);
	check(vt_ecdsa_sign(c, d, digest, sizeof(digest), &any, out.x, out.y) == -EINVAL);
	check(untouched((u8 *)&out, sizeof(out)));
	check(vt_ecdsa_verify(c, c->gx, c->gy, digest, 32, d, c->gx) == -EBADMSG);
	check(vt_ecdsa_verify(c, c->gx, c->gy, digest, 32, c->gx, d) == -EBADMSG);
}

static void test_bad_scalars(const struct vt_curve *c)
{
	BIGNUM *k = BN_new();

	refused_scalar(c, k);
	for (unsigned int i = 0; i < 3; i++) {
		BN_copy(k, order_of(c));
		BN_add_word(k, i);
		refused_scalar(c, k);
	}
	for (int i = c->bits - 1; i < c->bytes * 8; i++) {
		BN_set_bit(k, i);
		refused_scalar(c, k);
	}
	BN_one(k);
	BN_lshift(k, k, c->bytes * 8);
	BN_sub_word(k, 1);
	refused_scalar(c, k);
	BN_free(k);
}

static void refused_point(const struct vt_curve *c, const u8 *x, const u8 *y)
{
	u8 d[MAX] = { 0 }, one[MAX] = { 0 };
	struct key out;

	d[c->bytes - 1] = 7;
	one[c->bytes - 1] = 1;
	memset(&out, UNTOUCHED, sizeof(out));
	check(vt_ecc_check_point(c, x, y) == -EBADMSG);
	check(vt_ecdh(c, d, x, y, out.x, out.y) == -EBADMSG);
	check(untouched((u8 *)&out, sizeof(out)));
	check(vt_ecdsa_verify(c, x, y, d, 32, one, one) == -EBADMSG);
}

/* T23. Every x has points on the curves with another b: b is not in the formulas. */
static void test_bad_points(const struct vt_curve *c)
{
	u8 zero[MAX] = { 0 }, x[MAX], y[MAX];
	struct key k;

	refused_point(c, zero, zero);
	refused_point(c, c->p, c->gy);
	refused_point(c, c->gx, c->p);
	refused_point(c, c->gy, c->gx);
	refused_point(c, zero, c->gy);
	refused_point(c, c->gx, zero);
	memset(x, 0xff, sizeof(x));
	refused_point(c, x, x);
	for (int i = 0; i < ROUNDS; i++) {
		unsigned int bit = random_word() % c->bits;

		check(!vt_ecc_generate(c, &any, k.d, k.x, k.y));
		memcpy(y, k.y, c->bytes);
		y[c->bytes - 1 - bit / 8] ^= 1 << bit % 8;
		refused_point(c, k.x, y);
	}
}

/*
 * The same point with p added to a coordinate, where that still fits: always
 * for P-521; else the point with the smallest x (each has one below 40).
 */
static void test_unreduced_points(const struct vt_curve *c)
{
	EC_GROUP *g = group_of(c);
	EC_POINT *q = EC_POINT_new(g);
	BIGNUM *x = BN_new(), *y = BN_new(), *p = BN_bin2bn(c->p, c->bytes, NULL);
	struct key k;

	for (unsigned int i = 0; i < 40; i++) {
		BN_set_word(x, i);
		if (!EC_POINT_set_compressed_coordinates(g, q, x, i & 1, bn))
			continue;
		check(EC_POINT_get_affine_coordinates(g, q, x, y, bn));
		to_bytes(x, c, k.x);
		to_bytes(y, c, k.y);
		check(!vt_ecc_check_point(c, k.x, k.y));
		BN_add(x, x, p);
		to_bytes(x, c, k.x);
		refused_point(c, k.x, k.y);
	}
	BN_free(x);
	BN_free(y);
	BN_free(p);
	EC_POINT_free(q);
}

/* The one allocation fails. */
#define starved(call) do {		\
	vt_host_fail_alloc = 0;		\
	check((call) == -ENOMEM);	\
} while (0)

static void test_no_memory(const struct vt_curve *c)
{
	struct key k, out;

	check(!vt_ecc_generate(c, &any, k.d, k.x, k.y));
	memset(&out, UNTOUCHED, sizeof(out));
	starved(vt_ecc_make_public(c, k.d, out.x, out.y));
	starved(vt_ecc_generate(c, &any, out.d, out.x, out.y));
	starved(vt_ecdh(c, k.d, k.x, k.y, out.x, out.y));
	starved(vt_ecdsa_sign(c, k.d, k.x, 32, &any, out.x, out.y));
	starved(vt_ecdsa_verify(c, k.x, k.y, k.x, 32, k.x, k.y));
	vt_host_fail_alloc = -1;
	check(untouched((u8 *)&out, sizeof(out)));
}

/* ---- generation ---- */

static void generate_case(const struct vt_curve *c, struct script *s, struct key *k)
{
	struct vt_rng rng = { .fill = fill_script, .ctx = s };
	BIGNUM *want = BN_bin2bn(s->bytes[0], (int)s->len, NULL), *less = BN_dup(order_of(c));

	s->calls = 0;
	BN_sub_word(less, 1);
	BN_mod(want, want, less, bn);
	BN_add_word(want, 1);
	check(!vt_ecc_generate(c, &rng, k->d, k->x, k->y) && s->calls == 1);
	check(is_number(c, k->d, want));
	scalar_case(c, want, k);
	BN_free(want);
	BN_free(less);
}

/* Multiples of n - 1 and their neighbours, the ends of the range, random draws. */
static void test_generate(const struct vt_curve *c)
{
	struct script s = { .len = (c->bits + 64 + 7) / 8, .count = 1 };
	BIGNUM *draw = BN_new(), *less = BN_dup(order_of(c));
	struct key k;

	BN_sub_word(less, 1);
	generate_case(c, &s, &k);
	memset(s.bytes[0], 0xff, s.len);
	generate_case(c, &s, &k);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		fill_random(NULL, s.bytes[0], s.len);
		generate_case(c, &s, &k);
		BN_copy(draw, less);
		BN_mul_word(draw, random_word() >> random_word() % 64);
		if (i % 3 == 1)
			BN_add_word(draw, 1);
		if (i % 3 == 2 && !BN_is_zero(draw))
			BN_sub_word(draw, 1);
		check(BN_bn2binpad(draw, s.bytes[0], (int)s.len) >= 0);
		generate_case(c, &s, &k);
	}
	BN_free(draw);
	BN_free(less);
}

/* Frozen: what comes from a seed today must come from it for ever. */
static void test_golden(const struct vt_curve *c)
{
	static const char * const golden[] = {
		"0c0e101208070605101155b315cb1c6f2586bfe1f3ca45251f4197ca0f3b3108",
		"08090a0b0c0d0e0f101112131415161718195329b2b9cca8545db5a87eb6b1e932a6954f21ef78a3e8c68aa5649e681a",
		"00090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021250017ebfe30cb9b1b615896e381f4fba44017e0902ece8e07efe32f84192adbfcade81b7bef9c2a",
		"1d63627ba27358ae5c96bb2c2523070785db9629f1b59e284435085ff597bdb0",
	};
	struct script s = { .len = (c->bits + 64 + 7) / 8, .count = 1 };
	struct vt_rng rng = { .fill = fill_script, .ctx = &s };
	const char *golden_d = golden[c - vt_curves];
	struct key k, want;

	for (unsigned int j = 0; j < s.len; j++)
		s.bytes[0][j] = j;
	check(!vt_ecc_generate(c, &rng, k.d, k.x, k.y));
	check(from_hex(golden_d, want.d, c->bytes) && same(k.d, want.d, c->bytes));
}

/* ---- ECDSA ---- */

static void sign_case(const struct vt_curve *c, const struct key *k, const u8 *digest, size_t len)
{
	u8 r[MAX], s[MAX];

	check(!vt_ecdsa_sign(c, k->d, digest, len, &any, r, s));
	check(!vt_ecdsa_verify(c, k->x, k->y, digest, len, r, s));
	check(openssl_verify(c, k, digest, len, r, s));
	s[random_word() % c->bytes] ^= 1 << random_word() % 8;
	check(vt_ecdsa_verify(c, k->x, k->y, digest, len, r, s) == -EBADMSG);
	check(!openssl_verify(c, k, digest, len, r, s));
}

static void test_sign(const struct vt_curve *c)
{
	static const size_t sizes[] = { 0, 1, 20, 32, 48, 64, 66, 80 };
	u8 digest[80];
	struct key k;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		check(!vt_ecc_generate(c, &any, k.d, k.x, k.y));
		fill_random(NULL, digest, sizeof(digest));
		sign_case(c, &k, digest, sizes[i % ARRAY_SIZE(sizes)]);
	}
	memset(digest, 0, sizeof(digest));
	sign_case(c, &k, digest, c->bytes);	/* u1 = 0 */
	memset(digest, 0xff, sizeof(digest));
	sign_case(c, &k, digest, c->bytes);
	if (c->bits % 8 == 0)
		sign_case(c, &k, c->n, c->bytes);
}

/* With e = r d the first nonce gives 2 r d / k, with e = -r d it gives s = 0. */
static void meeting_case(const struct vt_curve *c, bool opposite)
{
	BIGNUM *k = BN_new(), *e = BN_new();
	u8 digest[MAX], r[MAX], s[MAX];
	struct key key, nonce;
	struct script script;
	struct vt_rng rng;

	check(!vt_ecc_generate(c, &any, key.d, key.x, key.y));
	check(!vt_ecc_generate(c, &any, nonce.d, nonce.x, nonce.y));
	BN_bin2bn(key.d, c->bytes, k);
	BN_bin2bn(nonce.x, c->bytes, e);
	BN_mod_mul(e, e, k, order_of(c), bn);
	if (opposite)
		BN_sub(e, order_of(c), e);
	BN_lshift(e, e, c->bytes * 8 - c->bits);
	to_bytes(e, c, digest);
	rng = scripted(&script, c, BN_bin2bn(nonce.d, c->bytes, k));
	script.count = 2;
	script.bytes[1][script.len - 1] = 0x42;
	check(!vt_ecdsa_sign(c, key.d, digest, c->bytes, &rng, r, s));
	check(script.calls == (opposite ? 2 : 1));
	check(!vt_ecdsa_verify(c, key.x, key.y, digest, c->bytes, r, s));
	check(openssl_verify(c, &key, digest, c->bytes, r, s));

	/* For r = x(kG), s = 1 the two summands are equal or cancel out. */
	memset(s, 0, c->bytes);
	s[c->bytes - 1] = 1;
	check(vt_ecdsa_verify(c, key.x, key.y, digest, c->bytes, nonce.x, s) == -EBADMSG);

	/* A generator that always gives this nonce finds no signature. */
	script.count = 1;
	script.calls = 0;
	memset(r, UNTOUCHED, sizeof(r));
	check(vt_ecdsa_sign(c, key.d, digest, c->bytes, &rng, r, s) == (opposite ? -EIO : 0));
	check(untouched(r, sizeof(r)) == opposite);
	BN_free(k);
	BN_free(e);
}

static void test_meeting_points(const struct vt_curve *c)
{
	for (unsigned int i = 0; i < 5; i++) {
		meeting_case(c, false);
		meeting_case(c, true);
	}
}

/*
 * A signature whose nonce point R has x = n + i, so that r = i: too rare to be
 * met by signing, so the key is made to fit, Q = (R - e G) / r for s = 1.
 */
static void test_wrapped_x(const struct vt_curve *c)
{
	EC_GROUP *g = group_of(c);
	EC_POINT *point = EC_POINT_new(g);
	u8 digest[32] = { 0 }, r[MAX], s[MAX] = { 0 };
	BIGNUM *x = BN_new(), *y = BN_new(), *k = BN_new();
	unsigned int found = 0;
	struct key key;

	digest[31] = 5;
	s[c->bytes - 1] = 1;
	for (unsigned int i = 1; i < 30; i++) {
		BN_set_word(k, i);
		to_bytes(k, c, r);
		BN_add(x, order_of(c), k);
		if (!EC_POINT_set_compressed_coordinates(g, point, x, i & 1, bn))
			continue;
		found++;
		check(BN_mod_inverse(k, k, order_of(c), bn));
		BN_set_word(y, 5);
		BN_mod_mul(y, y, k, order_of(c), bn);
		BN_sub(y, order_of(c), y);
		check(EC_POINT_mul(g, point, y, point, k, bn));
		check(EC_POINT_get_affine_coordinates(g, point, x, y, bn));
		to_bytes(x, c, key.x);
		to_bytes(y, c, key.y);
		check(openssl_verify(c, &key, digest, sizeof(digest), r, s));
		check(!vt_ecdsa_verify(c, key.x, key.y, digest, sizeof(digest), r, s));
	}
	check(found);
	BN_free(x);
	BN_free(y);
	BN_free(k);
	EC_POINT_free(point);
}

/* ---- secrets ---- */

/**
 * struct trial - one operation on a stack that is looked at afterwards
 * @run: the operation
 * @c: its curve
 * @key: scalar and point that go in
 * @out: what comes out, secret or not
 * @rng: gives one nonce
 */
struct trial {
	void (*run)(struct trial *t);
	const struct vt_curve *c;
	struct key key, out;
	struct vt_rng rng;
};

static void trial_check(struct trial *t)
{
	check(!vt_ecc_check_scalar(t->c, t->key.d));
}

static void trial_generate(struct trial *t)
{
	check(!vt_ecc_generate(t->c, &t->rng, t->out.d, t->out.x, t->out.y));
}

static void trial_ecdh(struct trial *t)
{
	check(!vt_ecdh(t->c, t->key.d, t->key.x, t->key.y, t->out.x, t->out.y));
}

static void trial_sign(struct trial *t)
{
	check(!vt_ecdsa_sign(t->c, t->key.d, t->key.x, 32, &t->rng, t->out.x, t->out.y));
}

static void *run_trial(void *trial)
{
	struct trial *t = trial;

	t->run(t);
	return NULL;
}

/* Eight bytes in a row at any multiple of eight from the end, in either byte order. */
static bool holds(const u8 *in, size_t len, const u8 *secret, size_t secret_len)
{
	u64 limb, swapped;

	for (size_t at = secret_len % 8; at < secret_len; at += 8) {
		memcpy(&limb, secret + at, sizeof(limb));
		swapped = __builtin_bswap64(limb);
		if (memmem(in, len, &limb, sizeof(limb)) ||
		    memmem(in, len, &swapped, sizeof(swapped)))
			return true;
	}
	return false;
}

/*
 * The first run is not looked at: the dynamic linker saves all registers on the
 * stack when a library's function is called for the first time.
 */
static void stack_case(struct trial *t, const u8 *nonce, bool look)
{
	const size_t size = 1 << 18, bytes = t->c->bytes;
	u8 *stack = aligned_alloc(4096, size);
	pthread_attr_t attr;
	pthread_t thread;

	memset(stack, 0, size);
	check(!pthread_attr_init(&attr) && !pthread_attr_setstack(&attr, stack, size));
	check(!pthread_create(&thread, &attr, run_trial, t));
	check(!pthread_join(thread, NULL));
	check(!look || !holds(stack, size, t->key.d, bytes));
	check(!look || !holds(stack, size, nonce, bytes));
	if (look && t->run == trial_ecdh)
		check(!holds(stack, size, t->out.x, bytes) && !holds(stack, size, t->out.y, bytes));
	pthread_attr_destroy(&attr);
	free(stack);
}

/* Scalars, nonces and shared secrets are nowhere on a used stack. */
static void __maybe_unused test_stack(const struct vt_curve *c)
{
	static void (* const runs[])(struct trial *t) = {
		trial_check, trial_generate, trial_ecdh, trial_sign,
	};
	BIGNUM *k = BN_new();
	struct script script;
	struct key nonce;

	for (unsigned int i = 0; i < 2 * ARRAY_SIZE(runs); i++) {
		struct trial t = { .run = runs[i / 2], .c = c };

		check(!vt_ecc_generate(c, &any, t.key.d, t.key.x, t.key.y));
		check(!vt_ecc_generate(c, &any, nonce.d, nonce.x, nonce.y));
		t.rng = scripted(&script, c, BN_bin2bn(nonce.d, c->bytes, k));
		stack_case(&t, nonce.d, i % 2);
	}
	BN_free(k);
}

/* ---- constant time, under valgrind ---- */

static void fill_secret(void *ctx, u8 *out, size_t len)
{
	fill_random(ctx, out, len);
	VT_CT_SECRET(out, len);
}

/* All that holds a secret, on secrets; results are read, as a caller would. */
static void secret_work(const struct vt_curve *c, bool leak)
{
	const struct vt_rng secret = { .fill = fill_secret };
	u8 digest[32] = { 3 }, r[MAX], s[MAX];
	struct key k, out;

	check(!vt_ecc_generate(c, &secret, k.d, k.x, k.y));
	check(!vt_ecc_check_point(c, k.x, k.y));
	check(!vt_ecc_check_scalar(c, k.d));
	check(!vt_ecc_make_public(c, k.d, out.x, out.y));
	check(same(k.x, out.x, c->bytes) && same(k.y, out.y, c->bytes));
	check(!vt_ecdh(c, k.d, k.x, k.y, out.x, out.y));
	check(!vt_ecdsa_sign(c, k.d, digest, sizeof(digest), &secret, r, s));
	check(!vt_ecdsa_verify(c, k.x, k.y, digest, sizeof(digest), r, s));
	if (leak)	/* the key and the shared secret must still be marked */
		check(k.d[0] != k.d[1] || out.x[0] != out.x[1] || k.d[2] != k.d[3]);
}

static int on_secrets(bool leak)
{
	for (unsigned int i = 0; i < VT_CURVE_COUNT; i++) {
		tested = &vt_curves[i];
		secret_work(tested, leak);
	}
	if (test_state.failed)
		puts(test_state.why);
	return test_state.failed;
}

/* ---- time ---- */

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

/* The best of many: other work on the machine only ever adds. */
#define TIME(call) ({							\
	double best_ = 1e9, start_;					\
	for (unsigned int i_ = 0; i_ < 300; i_++) {			\
		start_ = now_us();					\
		check(!(call));						\
		best_ = min(best_, now_us() - start_);			\
	}								\
	best_; })

static int print_times(void)
{
	u8 digest[32] = { 3 }, r[MAX], s[MAX];
	struct key k, out;

	for (unsigned int i = 0; i < VT_CURVE_COUNT; i++) {
		const struct vt_curve *c = tested = &vt_curves[i];

		check(!vt_ecc_generate(c, &any, k.d, k.x, k.y));
		printf("curve %u make_public %.1f us", c->id,
		       TIME(vt_ecc_make_public(c, k.d, out.x, out.y)));
		printf(", sign %.1f", TIME(vt_ecdsa_sign(c, k.d, digest, 32, &any, r, s)));
		printf(", verify %.1f", TIME(vt_ecdsa_verify(c, k.x, k.y, digest, 32, r, s)));
		printf(", ecdh %.1f\n", TIME(vt_ecdh(c, k.d, k.x, k.y, out.x, out.y)));
	}
	return test_state.failed;
}

/* ---- all of it ---- */

EACH_CURVE(test_parameters)
EACH_CURVE(test_list)
EACH_CURVE(test_edge_scalars)
EACH_CURVE(test_random_scalars)
EACH_CURVE(test_bad_scalars)
EACH_CURVE(test_bad_points)
EACH_CURVE(test_unreduced_points)
EACH_CURVE(test_no_memory)
EACH_CURVE(test_generate)
EACH_CURVE(test_golden)
EACH_CURVE(test_sign)
EACH_CURVE(test_meeting_points)
EACH_CURVE(test_wrapped_x)

/* The build for valgrind, run without it, does. */
static void test_stack_each(void)
{
#ifdef __SANITIZE_ADDRESS__
	test_skip("the sanitizer spreads frames out; a build without it tests this");
#else
	each_curve(test_stack);
#endif
}

static const struct test_case cases[] = {
	{ "parameters", test_parameters_each },
	{ "list", test_list_each },
	{ "edge-scalars", test_edge_scalars_each },
	{ "random-scalars", test_random_scalars_each },
	{ "bad-scalars", test_bad_scalars_each },
	{ "T23-bad-points", test_bad_points_each },
	{ "unreduced-points", test_unreduced_points_each },
	{ "no-memory", test_no_memory_each },
	{ "generate", test_generate_each },
	{ "golden", test_golden_each },
	{ "sign", test_sign_each },
	{ "meeting-points", test_meeting_points_each },
	{ "wrapped-x", test_wrapped_x_each },
	{ "stack-wiped", test_stack_each },
};

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	int ret;

	if (!strcmp(mode, "--time"))
		return print_times();
	if (!strcmp(mode, "--secret") || !strcmp(mode, "--leak"))
		return on_secrets(!strcmp(mode, "--leak"));
	if (!set_up())
		return 1;
	ret = test_run("ecc", cases, ARRAY_SIZE(cases), argc, argv);
	tear_down();
	return ret;
}
