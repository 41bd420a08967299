// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fields below the elliptic curves, against OpenSSL's big numbers: random
 * numbers, and numbers full of ones and zeros, on which carries go wrong.
 */
#include "ecc_support.h"

/* A number below the modulus, more often than not full of ones and zeros. */
static void edgy(const struct vt_field *f, const BIGNUM *m, u64 *out)
{
	static const u64 limbs[] = { 0, 1, 2, ~0ULL, ~0ULL - 1, 0xffffffff, 0xffffffff00000000,
				     0xffffffff00000001, 1ULL << 63 };
	u8 bytes[8 * VT_FE_LIMBS];
	BIGNUM *n;

	for (int i = 0; i < f->limbs; i++) {
		u64 pick = random_word() % (ARRAY_SIZE(limbs) + 3);

		out[i] = pick < ARRAY_SIZE(limbs) ? limbs[pick] : random_word();
	}
	if (random_word() % 8 == 0) {
		memcpy(out, f->m, f->limbs * sizeof(u64));
		out[0] -= 1 + random_word() % 3;
	}
	vt_fe_write(out, bytes, f->limbs * 8u);
	n = BN_bin2bn(bytes, f->limbs * 8, NULL);
	BN_mod(n, n, m, bn);
	BN_bn2binpad(n, bytes, f->limbs * 8);
	vt_fe_read(f, out, bytes, f->limbs * 8u);
	BN_free(n);
}

static BIGNUM *big(const struct vt_field *f, const u64 *a)
{
	u8 bytes[8 * VT_FE_LIMBS];

	vt_fe_write(a, bytes, f->limbs * 8u);
	return BN_bin2bn(bytes, f->limbs * 8, NULL);
}

/* Frees what it compares with. */
static bool equals(const struct vt_field *f, const u64 *a, BIGNUM *want)
{
	BIGNUM *n = big(f, a);
	bool ok = !BN_cmp(n, want);

	BN_free(n);
	BN_free(want);
	return ok;
}

static BIGNUM *mod_op(__typeof__(BN_mod_mul) *op, const BIGNUM *a, const BIGNUM *b, const BIGNUM *m)
{
	BIGNUM *r = BN_new();

	check(op(r, a, b, m, bn));
	return r;
}

static void field_case(const struct vt_field *f, const BIGNUM *m, const BIGNUM *unshift)
{
	u64 a[VT_FE_LIMBS], b[VT_FE_LIMBS], r[VT_FE_LIMBS], t[8][VT_FE_LIMBS];
	BIGNUM *x, *y, *z;

	edgy(f, m, a);
	edgy(f, m, b);
	x = big(f, a);
	y = big(f, b);
	vt_fe_add(f, r, a, b);
	check(equals(f, r, mod_op(BN_mod_add, x, y, m)));
	vt_fe_sub(f, r, a, b);
	check(equals(f, r, mod_op(BN_mod_sub, x, y, m)));

	z = mod_op(BN_mod_mul, x, y, m);
	vt_fe_mul(f, r, a, b);
	check(equals(f, r, mod_op(BN_mod_mul, z, unshift, m)));
	BN_free(z);
	z = mod_op(BN_mod_mul, x, x, m);
	vt_fe_sqr(f, r, a);
	check(equals(f, r, mod_op(BN_mod_mul, z, unshift, m)));
	BN_free(z);

	vt_fe_enter(f, r, a);
	vt_fe_inv(f, r, r, t);
	vt_fe_leave(f, r, r);
	if (BN_is_zero(x))
		check(vt_fe_is_zero(f, r));
	else
		check(equals(f, r, BN_mod_inverse(NULL, x, m, bn)));
	check(vt_fe_is_zero(f, a) == (u64)BN_is_zero(x) && vt_fe_is_less(f, a) == 1);
	BN_free(x);
	BN_free(y);
}

static void zero_case(const struct vt_field *f)
{
	u64 zero[VT_FE_LIMBS] = { 0 }, r[VT_FE_LIMBS], t[8][VT_FE_LIMBS];

	vt_fe_sub(f, r, f->one, f->one);
	check(vt_fe_is_zero(f, r) == 1);
	vt_fe_add(f, r, r, zero);
	check(vt_fe_is_zero(f, r) == 1 && !vt_fe_is_zero(f, f->one));
	vt_fe_inv(f, r, zero, t);
	check(vt_fe_is_zero(f, r) == 1);
	vt_fe_complement(f, r, zero);
	check(!memcmp(r, f->m, f->limbs * sizeof(u64)));
}

static void test_field(const struct vt_field *f)
{
	BIGNUM *m = big(f, f->m), *unshift = BN_new();

	zero_case(f);
	BN_set_bit(unshift, 64 * f->limbs);
	check(equals(f, f->one, mod_op(BN_mod_mul, unshift, BN_value_one(), m)));
	check(BN_mod_inverse(unshift, unshift, m, bn));
	check(vt_fe_is_less(f, f->m) == 0 && f->m0 * f->m[0] == ~0ULL);
	for (int i = 0; i < 1000; i++)
		field_case(f, m, unshift);
	BN_free(m);
	BN_free(unshift);
}

static void test_curve(unsigned int i)
{
	const struct vt_curve *c = tested = &vt_curves[i];
	const struct vt_ecc *e = c->impl;

	test_field(&e->p);
	test_field(&e->n);
}

static void test_p256(void)
{
	test_curve(0);
}

static void test_p384(void)
{
	test_curve(1);
}

static void test_p521(void)
{
	test_curve(2);
}

static void test_bn256(void)
{
	test_curve(3);
}

static const struct test_case cases[] = {
	{ "field-p256", test_p256 },
	{ "field-p384", test_p384 },
	{ "field-p521", test_p521 },
	{ "field-bn256", test_bn256 },
};

int main(int argc, char **argv)
{
	int ret;

	if (!set_up())
		return 1;
	ret = test_run("ecc", cases, ARRAY_SIZE(cases), argc, argv);
	tear_down();
	return ret;
}
