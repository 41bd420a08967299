// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arithmetic modulo the primes of the elliptic curves: Montgomery products,
 * constant-time throughout. The loops have a constant length once inlined and
 * are unrolled; each public function then picks the copy for its field, which
 * is a branch on the curve and on nothing else.
 */
#include "ecc.h"

/* Returns a + b + *carry and leaves the new carry, 0 or 1. */
static __always_inline u64 add_carry(u64 *carry, u64 a, u64 b)
{
	unsigned __int128 sum = (unsigned __int128)a + b + *carry;

	*carry = (u64)(sum >> 64);
	return (u64)sum;
}

/* Returns a - b - *borrow and leaves the new borrow, 0 or 1. */
static __always_inline u64 sub_borrow(u64 *borrow, u64 a, u64 b)
{
	unsigned __int128 diff = (unsigned __int128)a - b - *borrow;

	*borrow = (u64)(diff >> 64) & 1;
	return (u64)diff;
}

/* Returns the low word of t + a * b + *carry and leaves the high word. */
static __always_inline u64 mul_add(u64 *carry, u64 t, u64 a, u64 b)
{
	unsigned __int128 product = (unsigned __int128)a * b;
	u64 low = (u64)product, high = (u64)(product >> 64);

	low += t;
	high += low < t;
	low += *carry;
	high += low < *carry;
	*carry = high;
	return low;
}

/* r = (carry : t) mod m for a number below 2m. */
static __always_inline void reduce_once(const u64 *m, u64 *r, const u64 *t, u64 carry,
					const int n)
{
	u64 u[VT_FE_LIMBS], borrow = 0, keep;
	int i;

#pragma GCC unroll 9
	for (i = 0; i < n; i++)
		u[i] = sub_borrow(&borrow, t[i], m[i]);
	keep = carry - borrow;
	OPTIMIZER_HIDE_VAR(keep);
#pragma GCC unroll 9
	for (i = 0; i < n; i++)
		r[i] = u[i] ^ ((u[i] ^ t[i]) & keep);
}

static __always_inline void add_n(const u64 *m, u64 *r, const u64 *a, const u64 *b, const int n)
{
	u64 t[VT_FE_LIMBS], carry = 0;
	int i;

#pragma GCC unroll 9
	for (i = 0; i < n; i++)
		t[i] = add_carry(&carry, a[i], b[i]);
	reduce_once(m, r, t, carry, n);
}

static __always_inline void sub_n(const u64 *m, u64 *r, const u64 *a, const u64 *b, const int n)
{
	u64 t[VT_FE_LIMBS], borrow = 0, carry = 0, mask;
	int i;

#pragma GCC unroll 9
	for (i = 0; i < n; i++)
		t[i] = sub_borrow(&borrow, a[i], b[i]);
	mask = -borrow;
	OPTIMIZER_HIDE_VAR(mask);
#pragma GCC unroll 9
	for (i = 0; i < n; i++)
		r[i] = add_carry(&carry, t[i], m[i] & mask);
}

/* t = a * b, twice as long. */
static __always_inline void mul_wide(u64 *t, const u64 *a, const u64 *b, const int n)
{
	int i, j;

#pragma GCC unroll 9
	for (i = 0; i < n; i++) {
		u64 carry = 0;

#pragma GCC unroll 9
		for (j = 0; j < n; j++)
			t[i + j] = mul_add(&carry, i ? t[i + j] : 0, a[j], b[i]);
		t[i + n] = carry;
	}
}

/* t = a * a: the products of different limbs once, doubled, then the squares. */
static __always_inline void sqr_wide(u64 *t, const u64 *a, const int n)
{
	u64 carry = 0, square, low, top = 0;
	int i, j;

	t[0] = 0;
#pragma GCC unroll 9
	for (i = 0; i < n - 1; i++) {
		u64 high = 0;

#pragma GCC unroll 9
		for (j = i + 1; j < n; j++)
			t[i + j] = mul_add(&high, i ? t[i + j] : 0, a[i], a[j]);
		t[i + n] = high;
	}
	t[2 * n - 1] = 0;
#pragma GCC unroll 9
	for (i = 0; i < n; i++) {
		u64 even = t[2 * i], odd = t[2 * i + 1];

		square = 0;
		low = mul_add(&square, 0, a[i], a[i]);
		t[2 * i] = add_carry(&carry, even << 1 | top, low);
		t[2 * i + 1] = add_carry(&carry, odd << 1 | even >> 63, square);
		top = odd >> 63;
	}
}

/* r = t / 2^(64 n) mod m, for any odd m. */
static __always_inline void montgomery_any(const struct vt_field *f, u64 *r, u64 *t, const int n)
{
	u64 extra = 0;
	int i, j;

#pragma GCC unroll 9
	for (i = 0; i < n; i++) {
		u64 q = t[i] * f->m0, carry = 0;

#pragma GCC unroll 9
		for (j = 0; j < n; j++)
			t[i + j] = mul_add(&carry, t[i + j], q, f->m[j]);
		t[i + n] = add_carry(&extra, t[i + n], carry);
	}
	reduce_once(f->m, r, t + n, extra, n);
}

/*
 * The same for p = 2^256 - 2^224 + 2^192 + 2^96 - 1. -1 / p mod 2^64 is 1, so
 * the multiple q of p that clears a limb is that limb, and all terms of q * p
 * are shifts by multiples of 32. One pass over the columns collects what falls
 * into each; @acc carries on to the next, with its sign.
 */
static __always_inline void montgomery_p256(const struct vt_field *f, u64 *r, const u64 *t)
{
	u64 q[4], out[4];
	__int128 acc = 0;
	int i;

#pragma GCC unroll 8
	for (i = 0; i < 8; i++) {
		acc += t[i];
		if (i >= 1 && i < 5)
			acc += q[i - 1] << 32;
		if (i >= 2 && i < 6)
			acc += q[i - 2] >> 32;
		if (i >= 3 && i < 7) {
			acc += q[i - 3];
			acc -= q[i - 3] << 32;
		}
		if (i >= 4) {
			acc += q[i - 4];
			acc -= q[i - 4] >> 32;
			out[i - 4] = (u64)acc;
		} else {
			q[i] = (u64)acc;
		}
		acc >>= 64;
	}
	reduce_once(f->m, r, out, (u64)acc, 4);
}

/*
 * The same for p = 2^384 - 2^128 - 2^96 + 2^32 - 1, where -1 / p mod 2^64 is
 * 2^32 + 1.
 */
static __always_inline void montgomery_p384(const struct vt_field *f, u64 *r, const u64 *t)
{
	u64 q[6], out[6];
	__int128 acc = 0;
	int i;

#pragma GCC unroll 12
	for (i = 0; i < 12; i++) {
		acc += t[i];
		if (i >= 1 && i < 7) {
			acc += q[i - 1] >> 32;
			acc -= q[i - 1] << 32;
		}
		if (i >= 2 && i < 8) {
			acc -= q[i - 2];
			acc -= q[i - 2] >> 32;
		}
		if (i >= 6) {
			acc += q[i - 6];
			out[i - 6] = (u64)acc;
		} else {
			q[i] = (u64)acc + ((u64)acc << 32);
			acc += q[i] << 32;
			acc -= q[i];
		}
		acc >>= 64;
	}
	reduce_once(f->m, r, out, (u64)acc, 6);
}

/*
 * The same for p = 2^521 - 1, where -1 / p mod 2^64 is 1 and q * p is q shifted by
 * eight limbs and nine bits, less q itself.
 */
static __always_inline void montgomery_p521(const struct vt_field *f, u64 *r, const u64 *t)
{
	u64 q[9], out[9];
	unsigned __int128 acc = 0;
	int i;

#pragma GCC unroll 18
	for (i = 0; i < 18; i++) {
		acc += t[i];
		if (i >= 8 && i < 17)
			acc += q[i - 8] << 9;
		if (i >= 9) {
			acc += q[i - 9] >> 55;
			out[i - 9] = (u64)acc;
		} else {
			q[i] = (u64)acc;
			acc -= q[i];
		}
		acc >>= 64;
	}
	reduce_once(f->m, r, out, (u64)acc, 9);
}

static noinline void mul_p256(const struct vt_field *f, u64 *r, const u64 *a, const u64 *b)
{
	u64 t[8];

	mul_wide(t, a, b, 4);
	montgomery_p256(f, r, t);
}

static noinline void sqr_p256(const struct vt_field *f, u64 *r, const u64 *a)
{
	u64 t[8];

	sqr_wide(t, a, 4);
	montgomery_p256(f, r, t);
}

static noinline void mul_p384(const struct vt_field *f, u64 *r, const u64 *a, const u64 *b)
{
	u64 t[12];

	mul_wide(t, a, b, 6);
	montgomery_p384(f, r, t);
}

static noinline void sqr_p384(const struct vt_field *f, u64 *r, const u64 *a)
{
	u64 t[12];

	sqr_wide(t, a, 6);
	montgomery_p384(f, r, t);
}

static noinline void mul_p521(const struct vt_field *f, u64 *r, const u64 *a, const u64 *b)
{
	u64 t[18];

	mul_wide(t, a, b, 9);
	montgomery_p521(f, r, t);
}

static noinline void sqr_p521(const struct vt_field *f, u64 *r, const u64 *a)
{
	u64 t[18];

	sqr_wide(t, a, 9);
	montgomery_p521(f, r, t);
}

static noinline void mul_4(const struct vt_field *f, u64 *r, const u64 *a, const u64 *b)
{
	u64 t[8];

	mul_wide(t, a, b, 4);
	montgomery_any(f, r, t, 4);
}

static noinline void mul_6(const struct vt_field *f, u64 *r, const u64 *a, const u64 *b)
{
	u64 t[12];

	mul_wide(t, a, b, 6);
	montgomery_any(f, r, t, 6);
}

static noinline void mul_9(const struct vt_field *f, u64 *r, const u64 *a, const u64 *b)
{
	u64 t[18];

	mul_wide(t, a, b, 9);
	montgomery_any(f, r, t, 9);
}

/* r = a * b. */
void vt_fe_mul(const struct vt_field *f, u64 *r, const u64 *a, const u64 *b)
{
	if (f->kind == VT_FIELD_P256)
		mul_p256(f, r, a, b);
	else if (f->kind == VT_FIELD_P384)
		mul_p384(f, r, a, b);
	else if (f->kind == VT_FIELD_P521)
		mul_p521(f, r, a, b);
	else if (f->limbs == 4)
		mul_4(f, r, a, b);
	else if (f->limbs == 6)
		mul_6(f, r, a, b);
	else
		mul_9(f, r, a, b);
}

/* r = a * a. */
void vt_fe_sqr(const struct vt_field *f, u64 *r, const u64 *a)
{
	if (f->kind == VT_FIELD_P256)
		sqr_p256(f, r, a);
	else if (f->kind == VT_FIELD_P384)
		sqr_p384(f, r, a);
	else if (f->kind == VT_FIELD_P521)
		sqr_p521(f, r, a);
	else
		vt_fe_mul(f, r, a, a);
}

void vt_fe_add(const struct vt_field *f, u64 *r, const u64 *a, const u64 *b)
{
	if (f->limbs == 4)
		add_n(f->m, r, a, b, 4);
	else if (f->limbs == 6)
		add_n(f->m, r, a, b, 6);
	else
		add_n(f->m, r, a, b, 9);
}

void vt_fe_sub(const struct vt_field *f, u64 *r, const u64 *a, const u64 *b)
{
	if (f->limbs == 4)
		sub_n(f->m, r, a, b, 4);
	else if (f->limbs == 6)
		sub_n(f->m, r, a, b, 6);
	else
		sub_n(f->m, r, a, b, 9);
}

void vt_fe_copy(const struct vt_field *f, u64 *r, const u64 *a)
{
	int i;

	for (i = 0; i < f->limbs; i++)
		r[i] = a[i];
}

/* r = a when @mask is all ones; r stays when it is 0. */
void vt_fe_select(const struct vt_field *f, u64 *r, u64 mask, const u64 *a)
{
	int i;

	OPTIMIZER_HIDE_VAR(mask);
	for (i = 0; i < f->limbs; i++)
		r[i] ^= (r[i] ^ a[i]) & mask;
}

/* r |= a when @mask is all ones. */
void vt_fe_collect(const struct vt_field *f, u64 *r, u64 mask, const u64 *a)
{
	int i;

	OPTIMIZER_HIDE_VAR(mask);
	for (i = 0; i < f->limbs; i++)
		r[i] |= a[i] & mask;
}

/* raw = m - a for a raw number a <= m: not reduced, so that 0 gives m. */
void vt_fe_complement(const struct vt_field *f, u64 *raw, const u64 *a)
{
	u64 borrow = 0;
	int i;

	for (i = 0; i < f->limbs; i++)
		raw[i] = sub_borrow(&borrow, f->m[i], a[i]);
}

/* 1 when a = 0, else 0; Montgomery form or raw. */
u64 vt_fe_is_zero(const struct vt_field *f, const u64 *a)
{
	u64 any = 0;
	int i;

	for (i = 0; i < f->limbs; i++)
		any |= a[i];
	return ((any | -any) >> 63) ^ 1;
}

/* 1 when the raw number is below the modulus, else 0. */
u64 vt_fe_is_less(const struct vt_field *f, const u64 *raw)
{
	u64 borrow = 0;
	int i;

	for (i = 0; i < f->limbs; i++)
		sub_borrow(&borrow, raw[i], f->m[i]);
	return borrow;
}

/* raw = the big-endian string; the caller sees to it that it fits. */
void vt_fe_read(const struct vt_field *f, u64 *raw, const u8 *in, size_t len)
{
	size_t i;

	memset(raw, 0, f->limbs * sizeof(u64));
	for (i = 0; i < len; i++)
		raw[i / 8] |= (u64)in[len - 1 - i] << (i % 8 * 8);
}

void vt_fe_write(const u64 *raw, u8 *out, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		out[len - 1 - i] = (u8)(raw[i / 8] >> (i % 8 * 8));
}

/* Into Montgomery form; any raw number of the field's limbs is reduced on the way. */
void vt_fe_enter(const struct vt_field *f, u64 *r, const u64 *raw)
{
	vt_fe_mul(f, r, raw, f->rr);
}

/* Out of Montgomery form. */
void vt_fe_leave(const struct vt_field *f, u64 *raw, const u64 *a)
{
	static const u64 one[VT_FE_LIMBS] = { 1 };

	vt_fe_mul(f, raw, a, one);
}

/*
 * Bits @at - 3 ... @at of the public exponent m - 2, cut so that the lowest is
 * 1; @width is how many are left.
 */
static unsigned int exponent_window(const struct vt_field *f, int at, int *width)
{
	unsigned int value = 0;
	int i;

	*width = at < 3 ? at + 1 : 4;
	for (i = at; i > at - *width; i--) {
		u64 limb = i < 64 ? f->m[0] - 2 : f->m[i / 64];

		value = value << 1 | (unsigned int)(limb >> (i % 64) & 1);
	}
	while (value && !(value & 1)) {
		value >>= 1;
		--*width;
	}
	return value;
}

/*
 * r = 1 / a, or 0 for 0: a^(m - 2), sliding windows over the exponent. m - 2
 * is public and its lowest limb never borrows in our fields. @t has eight
 * elements and holds the odd powers.
 */
void vt_fe_inv(const struct vt_field *f, u64 *r, const u64 *a, u64 t[][VT_FE_LIMBS])
{
	int at = f->limbs * 64 - 1, width, i;
	u64 acc[VT_FE_LIMBS];
	unsigned int value;

	vt_fe_sqr(f, acc, a);
	vt_fe_copy(f, t[0], a);
	for (i = 1; i < 8; i++)
		vt_fe_mul(f, t[i], t[i - 1], acc);
	vt_fe_copy(f, acc, f->one);
	while (at >= 0) {
		value = exponent_window(f, at, &width);
		if (!value)
			width = 1;
		for (i = 0; i < width; i++)
			vt_fe_sqr(f, acc, acc);
		if (value)
			vt_fe_mul(f, acc, acc, t[value / 2]);
		at -= width;
	}
	vt_fe_copy(f, r, acc);
	memzero_explicit(acc, sizeof(acc));
}

/*
 * r = in mod m, in Montgomery form, for numbers of up to twice the field's limbs.
 * The bytes above the limbs count 2^(64 * limbs), which is what entering once more
 * multiplies by. @t is scratch.
 */
void vt_fe_read_wide(const struct vt_field *f, u64 *r, const u8 *in, size_t len, u64 *t)
{
	size_t low = min_t(size_t, len, f->limbs * sizeof(u64));

	vt_fe_read(f, t, in, len - low);
	vt_fe_enter(f, t, t);
	vt_fe_enter(f, t, t);
	vt_fe_read(f, r, in + len - low, low);
	vt_fe_enter(f, r, r);
	vt_fe_add(f, r, r, t);
}

/*
 * raw = in mod (m - 1): the first @head bytes as they are, which the caller
 * knows to be smaller than m - 1, then byte by byte by doubling. m - 1 is even,
 * so there is no Montgomery way; additions need none.
 */
void vt_fe_reduce_wide(const struct vt_field *f, u64 *raw, const u8 *in, size_t len, size_t head)
{
	struct vt_field less = *f;
	u64 byte[VT_FE_LIMBS] = { 0 };
	int bit;

	less.m[0] -= 1;
	vt_fe_read(f, raw, in, head);
	for (; head < len; head++) {
		for (bit = 0; bit < 8; bit++)
			vt_fe_add(&less, raw, raw, raw);
		byte[0] = in[head];
		vt_fe_add(&less, raw, raw, byte);
	}
	memzero_explicit(byte, sizeof(byte));
}
