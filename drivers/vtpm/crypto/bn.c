// SPDX-License-Identifier: GPL-2.0-only
/*
 * Big numbers and Montgomery arithmetic in constant time; see bn.h.
 *
 * A product is made in full, then reduced (separated operand scanning), all in
 * digits of eight limbs: the inner loops are a digit times a digit (mac8), a
 * step of the reduction (redc8), the mixed products of a digit's square (tri8)
 * and the doubling and squares of a whole square (diag). Each has a version in
 * C and one for CPUs with ADX that gives the same limbs.
 */
#include "bn.h"
#include "bn_x86.h"

#define DIGIT	VT_BN_DIGIT

/* ---- plain numbers ---- */

void vt_bn_from_be(u64 *r, size_t n, const u8 *in, size_t len)
{
	size_t i;

	memset(r, 0, n * sizeof(*r));
	for (i = 0; i < len; i++)
		r[i / 8] |= (u64)in[len - 1 - i] << (8 * (i % 8));
}

void vt_bn_to_be(u8 *out, size_t len, const u64 *a)
{
	size_t i;

	for (i = 0; i < len; i++)
		out[len - 1 - i] = a[i / 8] >> (8 * (i % 8));
}

u64 vt_bn_add(u64 *r, const u64 *a, const u64 *b, size_t n)
{
	u64 carry = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned __int128 s = (unsigned __int128)a[i] + b[i] + carry;

		r[i] = (u64)s;
		carry = (u64)(s >> 64);
	}
	return carry;
}

static u64 sub_masked(u64 *r, const u64 *a, const u64 *b, u64 mask, size_t n)
{
	u64 borrow = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned __int128 s = (unsigned __int128)a[i] - (b[i] & mask) - borrow;

		r[i] = (u64)s;
		borrow = (u64)(s >> 64) & 1;
	}
	return borrow;
}

u64 vt_bn_sub(u64 *r, const u64 *a, const u64 *b, size_t n)
{
	return sub_masked(r, a, b, ~0ULL, n);
}

u64 vt_bn_lt(const u64 *a, const u64 *b, size_t n)
{
	u64 borrow = 0;
	size_t i;

	for (i = 0; i < n; i++)
		borrow = (u64)(((unsigned __int128)a[i] - b[i] - borrow) >> 64) & 1;
	return vt_ct_mask(borrow);
}

u64 vt_bn_eq(const u64 *a, const u64 *b, size_t n)
{
	u64 diff = 0;
	size_t i;

	for (i = 0; i < n; i++)
		diff |= a[i] ^ b[i];
	return vt_ct_zero(diff);
}

u64 vt_bn_zero(const u64 *a, size_t n)
{
	u64 any = 0;
	size_t i;

	for (i = 0; i < n; i++)
		any |= a[i];
	return vt_ct_zero(any);
}

void vt_bn_select(u64 *r, u64 mask, const u64 *yes, const u64 *no, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		r[i] = vt_ct_select(mask, yes[i], no[i]);
}

u64 vt_bn_mul_word(u64 *r, const u64 *a, u64 w, u64 add, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned __int128 s = (unsigned __int128)a[i] * w + add;

		r[i] = (u64)s;
		add = (u64)(s >> 64);
	}
	return add;
}

/* r += a * w; returns the limb above */
static u64 mac_word(u64 *r, const u64 *a, u64 w, size_t n)
{
	u64 carry = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned __int128 s = (unsigned __int128)a[i] * w + r[i] + carry;

		r[i] = (u64)s;
		carry = (u64)(s >> 64);
	}
	return carry;
}

void vt_bn_submul_word(u64 *r, const u64 *a, u64 w, size_t n)
{
	u64 borrow = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned __int128 s = (unsigned __int128)a[i] * w + borrow;

		borrow = (u64)(s >> 64) + (r[i] < (u64)s);
		r[i] -= (u64)s;
	}
}

void vt_bn_mul(u64 *r, const u64 *a, const u64 *b, size_t n)
{
	size_t i;

	r[n] = vt_bn_mul_word(r, a, b[0], 0, n);
	for (i = 1; i < n; i++)
		r[n + i] = mac_word(r + i, a, b[i], n);
}

/* Bit by bit: a division's time may depend on its operands. */
u32 vt_bn_mod_word(const u64 *a, size_t n, u32 w)
{
	size_t bit = 64 * n;
	u64 r = 0;

	while (bit--) {
		r = 2 * r + (a[bit / 64] >> (bit % 64) & 1);
		r -= w & ~vt_ct_lt(r, w);
	}
	return (u32)r;
}

void vt_bn_shr1(u64 *a, size_t n, u64 top)
{
	while (n--) {
		u64 low = a[n] & 1;

		a[n] = a[n] >> 1 | top << 63;
		top = low;
	}
}

void vt_bn_reduce_once(u64 *r, const u64 *m, size_t n)
{
	sub_masked(r, r, m, ~vt_bn_lt(r, m, n), n);
}

/* Newton: each step doubles the number of right bits; x itself is right to three. */
u64 vt_word_inv(u64 odd)
{
	u64 x = odd;
	int i;

	for (i = 0; i < 5; i++)
		x *= 2 - odd * x;
	return x;
}

/*
 * Binary gcd of fixed length, u going from a to 0 and v from m to the gcd, with
 * u = x a and v = y a mod m all along.
 */
u64 vt_word_modinv(u32 a, u32 m, u32 *inv)
{
	u64 u = a, v = m, x = 1, y = 0;
	int i;

	for (i = 0; i < 64; i++) {
		u64 odd = vt_ct_mask(u & 1);
		u64 swap = odd & vt_ct_lt(u, v);
		u64 d = swap & (u ^ v);

		u ^= d;
		v ^= d;
		d = swap & (x ^ y);
		x ^= d;
		y ^= d;
		u -= v & odd;
		x -= y & odd;
		x += m & vt_ct_mask(x >> 63);
		u >>= 1;
		x = (x + (m & vt_ct_mask(x & 1))) >> 1;
	}
	*inv = (u32)y;
	return vt_ct_eq(v, 1);
}

/* ---- the inner loops in C ---- */

/* (c, t) = a * b + c + t */
static void mac8(u64 *t, u64 *c, const u64 *a, const u64 *b)
{
	size_t i, j;

	for (j = 0; j < DIGIT; j++) {
		unsigned __int128 s = (unsigned __int128)a[0] * b[j] + c[0] + t[j];

		t[j] = (u64)s;
#pragma GCC unroll 8
		for (i = 1; i < DIGIT; i++) {
			s = (unsigned __int128)a[i] * b[j] + c[i] + (u64)(s >> 64);
			c[i - 1] = (u64)s;
		}
		c[DIGIT - 1] = (u64)(s >> 64);
	}
}

/* (c, 0) = a * q + t; chooses q, with n0 = -1 / a[0] */
static void redc8(const u64 *t, u64 *c, const u64 *a, u64 *q, u64 n0)
{
	size_t i, j;

	memset(c, 0, DIGIT * sizeof(*c));
	for (j = 0; j < DIGIT; j++) {
		unsigned __int128 s = (unsigned __int128)c[0] + t[j];
		u64 w = (u64)s * n0;

		q[j] = w;
		s += (unsigned __int128)a[0] * w;
#pragma GCC unroll 8
		for (i = 1; i < DIGIT; i++) {
			s = (unsigned __int128)a[i] * w + c[i] + (u64)(s >> 64);
			c[i - 1] = (u64)s;
		}
		c[DIGIT - 1] = (u64)(s >> 64);
	}
}

/* t, of sixteen limbs, = the sum of a[i] * a[j] * 2^(64 (i + j)) for i < j */
static void tri8(u64 *t, const u64 *a)
{
	size_t i;

	memset(t, 0, 2 * DIGIT * sizeof(*t));
	for (i = 0; i + 1 < DIGIT; i++)
		t[i + DIGIT] = mac_word(t + 2 * i + 1, a + i + 1, a[i], DIGIT - 1 - i);
}

/* t, of 2n limbs, = 2 t + the sum of a[i]^2 * 2^(128 i) */
static void diag(u64 *t, const u64 *a, size_t n)
{
	u64 shifted = 0;
	u64 carry = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		u64 lo = t[2 * i], hi = t[2 * i + 1];
		unsigned __int128 s = (unsigned __int128)a[i] * a[i];
		unsigned __int128 d = (unsigned __int128)(lo << 1 | shifted) + (u64)s + carry;

		t[2 * i] = (u64)d;
		d = (unsigned __int128)(hi << 1 | lo >> 63) + (u64)(s >> 64) + (u64)(d >> 64);
		t[2 * i + 1] = (u64)d;
		carry = (u64)(d >> 64);
		shifted = hi >> 63;
	}
}

static u64 add8(u64 *r, const u64 *a, const u64 *b, u64 carry)
{
	size_t i;

#pragma GCC unroll 8
	for (i = 0; i < DIGIT; i++) {
		unsigned __int128 s = (unsigned __int128)a[i] + b[i] + carry;

		r[i] = (u64)s;
		carry = (u64)(s >> 64);
	}
	return carry;
}

static u64 sub8(u64 *r, const u64 *a, const u64 *b, u64 mask, u64 borrow)
{
	size_t i;

#pragma GCC unroll 8
	for (i = 0; i < DIGIT; i++) {
		unsigned __int128 s = (unsigned __int128)a[i] - (b[i] & mask) - borrow;

		r[i] = (u64)s;
		borrow = (u64)(s >> 64) & 1;
	}
	return borrow;
}

/* ---- which version of them ---- */

static void mac(const struct vt_mont *mt, u64 *t, u64 *c, const u64 *a, const u64 *b)
{
	VT_BN_PICK(mt->adx, vt_adx_mac8(t, c, a, b), mac8(t, c, a, b));
}

static void add_digit(const struct vt_mont *mt, u64 *t, const u64 *c, u64 *carry)
{
	*carry = VT_BN_PICK(mt->adx, vt_adx_add8(t, t, c, *carry), add8(t, t, c, *carry));
}

/* r = a - (m & mask) over n limbs */
static void sub_modulus(const struct vt_mont *mt, u64 *r, const u64 *a, u64 mask)
{
	u64 borrow = 0;
	size_t i;

	for (i = 0; i < mt->n; i += DIGIT)
		borrow = VT_BN_PICK(mt->adx,
				    vt_adx_sub8(r + i, a + i, mt->m + i, mask, borrow),
				    sub8(r + i, a + i, mt->m + i, mask, borrow));
}

/* ---- Montgomery arithmetic ---- */

/* work = a * b */
static void product(const struct vt_mont *mt, const u64 *a, const u64 *b)
{
	size_t i, j;
	u64 *t = mt->work;

	memset(t, 0, 2 * mt->n * sizeof(*t));
	for (i = 0; i < mt->n; i += DIGIT)
		for (j = 0; j < mt->n; j += DIGIT)
			mac(mt, t + i + j, t + i + mt->n, a + j, b + i);
}

/* work = a * a: the mixed products once, then doubled, then the squares */
static void square(const struct vt_mont *mt, const u64 *a)
{
	u64 *t = mt->work, *c = t + 2 * mt->n;
	size_t n = mt->n, i, j;
	u64 carry = 0;

	for (i = 0; i < n; i += DIGIT)
		VT_BN_PICK(mt->adx, vt_adx_tri8(t + 2 * i, a + i), tri8(t + 2 * i, a + i));
	for (i = 0; i + DIGIT < n; i += DIGIT) {
		memset(c, 0, DIGIT * sizeof(*c));
		for (j = i + DIGIT; j < n; j += DIGIT)
			mac(mt, t + i + j, c, a + j, a + i);
		add_digit(mt, t + i + n, c, &carry);
	}
	if (n > DIGIT) {
		memset(c, 0, DIGIT * sizeof(*c));
		add_digit(mt, t + 2 * n - DIGIT, c, &carry);
	}
	VT_BN_PICK(mt->adx, vt_adx_diag(t, a, n), diag(t, a, n));
}

/*
 * r = work / R mod m, below R. work < R^2, so the quotient is below R + m and
 * one m, taken off when there is a carry, brings it below R.
 */
static void reduce(const struct vt_mont *mt, u64 *r)
{
	u64 *t = mt->work, *c = t + 2 * mt->n, *q = c + DIGIT;
	size_t n = mt->n, i, j;
	u64 carry = 0;

	for (i = 0; i < n; i += DIGIT) {
		VT_BN_PICK(mt->adx, vt_adx_redc8(t + i, c, mt->m, q, mt->n0),
			   redc8(t + i, c, mt->m, q, mt->n0));
		for (j = DIGIT; j < n; j += DIGIT)
			mac(mt, t + i + j, c, mt->m + j, q);
		add_digit(mt, t + i + n, c, &carry);
	}
	sub_modulus(mt, r, t + n, vt_ct_mask(carry));
}

void vt_mont_mul(const struct vt_mont *mt, u64 *r, const u64 *a, const u64 *b)
{
	product(mt, a, b);
	reduce(mt, r);
}

void vt_mont_sqr(const struct vt_mont *mt, u64 *r, const u64 *a)
{
	square(mt, a);
	reduce(mt, r);
}

void vt_mont_init(struct vt_mont *mt, const u64 *m, size_t n, u64 *work)
{
	mt->m = m;
	mt->rr = NULL;
	mt->work = work;
	mt->n0 = 0 - vt_word_inv(m[0]);
	mt->n = n;
	mt->adx = vt_cpu_has_adx();
}

/* The modulus has its top bit set, so R - m is below m. */
void vt_mont_one(const struct vt_mont *mt, u64 *r)
{
	memset(r, 0, mt->n * sizeof(*r));
	sub_modulus(mt, r, r, ~0ULL);
}

/* 2^n * R by doubling, then six squarings make it 2^(64 n) * R. */
void vt_mont_make_rr(struct vt_mont *mt, u64 *rr)
{
	size_t i;

	vt_mont_one(mt, rr);
	for (i = 0; i < mt->n; i++) {
		u64 carry = vt_ct_mask(vt_bn_add(rr, rr, rr, mt->n));

		sub_modulus(mt, rr, rr, carry | ~vt_bn_lt(rr, mt->m, mt->n));
	}
	for (i = 0; i < 6; i++)
		vt_mont_sqr(mt, rr, rr);
	mt->rr = rr;
}

void vt_mont_in(const struct vt_mont *mt, u64 *r, const u64 *a)
{
	vt_mont_mul(mt, r, a, mt->rr);
}

void vt_mont_in_wide(const struct vt_mont *mt, u64 *r, const u64 *a)
{
	memcpy(mt->work, a, 2 * mt->n * sizeof(*a));
	reduce(mt, r);
	vt_mont_mul(mt, r, r, mt->rr);
	vt_mont_mul(mt, r, r, mt->rr);
}

void vt_mont_out(const struct vt_mont *mt, u64 *r, const u64 *a)
{
	memcpy(mt->work, a, mt->n * sizeof(*a));
	memset(mt->work + mt->n, 0, mt->n * sizeof(*a));
	reduce(mt, r);
	vt_bn_reduce_once(r, mt->m, mt->n);
}

/* r = table[index], reading all of the table in the same order whatever the index. */
static void table_select(u64 *r, const u64 *table, size_t n, u64 index)
{
	size_t i, j;

	for (i = 0; i < n; i += 4) {
		const u64 *row = table + i;
		u64 r0 = 0, r1 = 0, r2 = 0, r3 = 0;

		for (j = 0; j < VT_BN_TABLE; j++, row += n) {
			u64 mask = vt_ct_eq(j, index);

			r0 |= row[0] & mask;
			r1 |= row[1] & mask;
			r2 |= row[2] & mask;
			r3 |= row[3] & mask;
		}
		r[i] = r0;
		r[i + 1] = r1;
		r[i + 2] = r2;
		r[i + 3] = r3;
	}
}

/* @bits bits of @e from bit @pos up; both are public */
static u64 window(const u64 *e, size_t n, size_t pos, unsigned int bits)
{
	size_t limb = pos / 64, shift = pos % 64;
	u64 w = e[limb] >> shift;

	if (shift + bits > 64 && limb + 1 < n)
		w |= e[limb + 1] << (64 - shift);
	return w & ((1ULL << bits) - 1);
}

void vt_mont_exp(const struct vt_mont *mt, u64 *r, const u64 *a, const u64 *e, u64 *work)
{
	size_t n = mt->n, pos = 64 * n;
	u64 *table = work, *power = work + VT_BN_TABLE * n;
	unsigned int bits = pos % VT_BN_WINDOW ?: VT_BN_WINDOW;
	size_t i;

	vt_mont_one(mt, table);
	memcpy(table + n, a, n * sizeof(*a));
	for (i = 2; i < VT_BN_TABLE; i += 2) {
		vt_mont_sqr(mt, table + i * n, table + i / 2 * n);
		vt_mont_mul(mt, table + (i + 1) * n, table + i * n, table + n);
	}
	pos -= bits;
	table_select(r, table, n, window(e, n, pos, bits));
	while (pos) {
		pos -= VT_BN_WINDOW;
		for (i = 0; i < VT_BN_WINDOW; i++)
			vt_mont_sqr(mt, r, r);
		table_select(power, table, n, window(e, n, pos, VT_BN_WINDOW));
		vt_mont_mul(mt, r, r, power);
	}
}

void vt_mont_exp_public(const struct vt_mont *mt, u64 *r, const u64 *a, u32 e)
{
	int bit = 31;

	while (!(e >> bit))
		bit--;
	memcpy(r, a, mt->n * sizeof(*a));
	while (bit--) {
		vt_mont_sqr(mt, r, r);
		if (e >> bit & 1)
			vt_mont_mul(mt, r, r, a);
	}
}
