// SPDX-License-Identifier: GPL-2.0-only
/*
 * Inverses modulo an odd number by the division steps of Bernstein and Yang
 * (2019), in constant time: their number depends on the length alone.
 *
 * A step takes (delta, f, g), f odd, to
 *
 *	(1 - delta, g, (g - f) / 2)		when delta > 0 and g is odd,
 *	(1 + delta, f, (g + (g mod 2) f) / 2)	otherwise,
 *
 * and ends with g = 0 and f = gcd or -gcd. What 62 steps do follows from the lowest
 * limbs: a matrix of single words, which is then applied to the whole numbers.
 */
#include "bn.h"

#define STEPS	62	/* so that the matrix fits signed words */

/* 2^62 (f, g) = (a f + b g, ...) of the two rows */
struct matrix {
	u64 f[2];
	u64 g[2];
};

/* Theorem 11.2 of the paper, for numbers of 64 n bits */
static size_t rounds(size_t n)
{
	return ((49 * 64 * n + 57) / 17 + STEPS) / STEPS;
}

/* 62 steps on the lowest limbs; returns the new delta, which is signed. */
static u64 divide_steps(u64 delta, u64 f, u64 g, struct matrix *m)
{
	u64 fa = 1, fb = 0, ga = 0, gb = 1;
	int i;

	for (i = 0; i < STEPS; i++) {
		u64 odd = vt_ct_mask(g & 1);
		u64 swap = odd & vt_ct_mask((0 - delta) >> 63);

		/* g + f or, to swap, g - f: f is then what is missing to g */
		g += ((f ^ swap) - swap) & odd;
		ga += ((fa ^ swap) - swap) & odd;
		gb += ((fb ^ swap) - swap) & odd;
		f += g & swap;
		fa += ga & swap;
		fb += gb & swap;
		g >>= 1;
		fa <<= 1;
		fb <<= 1;
		delta = (delta ^ swap) - swap + 1;
	}
	*m = (struct matrix){ .f = { fa, fb }, .g = { ga, gb } };
	return delta;
}

/*
 * a x + b y limb by limb, for signed words a, b and numbers in two's complement: the
 * product of |a| with x or, when a is negative, with ~x + 1.
 */
struct row {
	u64 word[2];
	u64 minus[2];
	u64 carry[2];
};

static struct row row_start(const u64 factor[2])
{
	struct row r;
	int i;

	for (i = 0; i < 2; i++) {
		r.minus[i] = vt_ct_mask(factor[i] >> 63);
		r.word[i] = (factor[i] ^ r.minus[i]) - r.minus[i];
		r.carry[i] = r.word[i] & r.minus[i];
	}
	return r;
}

static __always_inline u64 row_next(struct row *r, u64 x, u64 y)
{
	unsigned __int128 t;

	t = (unsigned __int128)r->word[0] * (x ^ r->minus[0]) + r->carry[0];
	r->carry[0] = (u64)(t >> 64);
	t = (unsigned __int128)r->word[1] * (y ^ r->minus[1]) + r->carry[1] + (u64)t;
	r->carry[1] = (u64)(t >> 64);
	return (u64)t;
}

/* The limb above the highest ones, which are given. */
static u64 row_end(const struct row *r, u64 x, u64 y)
{
	return r->carry[0] + r->carry[1] - (r->word[0] & vt_ct_mask((x ^ r->minus[0]) >> 63)) -
	       (r->word[1] & vt_ct_mask((y ^ r->minus[1]) >> 63));
}

/* f and g after the steps of @m: the sums are multiples of 2^62. */
static void advance(u64 *f, u64 *g, const struct matrix *m, size_t len)
{
	struct row fr = row_start(m->f), gr = row_start(m->g);
	u64 x = f[len - 1], y = g[len - 1], f_low = 0, g_low = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		u64 fi = f[i], gi = g[i];
		u64 f_high = row_next(&fr, fi, gi), g_high = row_next(&gr, fi, gi);

		if (i) {
			f[i - 1] = f_low >> STEPS | f_high << (64 - STEPS);
			g[i - 1] = g_low >> STEPS | g_high << (64 - STEPS);
		}
		f_low = f_high;
		g_low = g_high;
	}
	f[len - 1] = f_low >> STEPS | row_end(&fr, x, y) << (64 - STEPS);
	g[len - 1] = g_low >> STEPS | row_end(&gr, x, y) << (64 - STEPS);
}

/* One row for d and e: (a d + b e + q m) / 2^64, where q makes the lowest limb 0. */
static void follow_row(const struct vt_mont *mt, u64 *out, const u64 *d, const u64 *e,
		       const u64 factor[2])
{
	struct row r = row_start(factor), first = r;
	u64 q = row_next(&first, d[0], e[0]) * mt->n0, carry = 0;
	unsigned __int128 t;
	size_t i;

	for (i = 0; i < mt->n; i++) {
		t = (unsigned __int128)q * mt->m[i] + row_next(&r, d[i], e[i]) + carry;
		carry = (u64)(t >> 64);
		if (i)
			out[i - 1] = (u64)t;
	}
	t = (unsigned __int128)row_next(&r, d[i], e[i]) + carry;
	out[i - 1] = (u64)t;
	out[i] = row_end(&r, d[i], e[i]) + (u64)(t >> 64);
}

/* r = d or, when @minus, -d, brought below m; d is above -2m and below 2m. */
static void settle(const struct vt_mont *mt, u64 *r, u64 *d, u64 minus)
{
	size_t n = mt->n, i, times;
	u64 carry = minus & 1, negative;

	for (i = 0; i <= n; i++) {
		unsigned __int128 t = (unsigned __int128)(d[i] ^ minus) + carry;

		d[i] = (u64)t;
		carry = (u64)(t >> 64);
	}
	for (times = 0; times < 2; times++) {
		negative = vt_ct_mask(d[n] >> 63);
		carry = vt_bn_add(r, d, mt->m, n);
		vt_bn_select(d, negative, r, d, n);
		d[n] += carry & negative;
	}
	negative = vt_ct_mask(vt_bn_sub(r, d, mt->m, n)) & vt_ct_zero(d[n]);
	vt_bn_select(r, negative, d, r, n);
}

/*
 * d and e go along so that d a = c f and e a = c g modulo m, for one and the same c. A
 * round divides d and e by 2^64, but f and g by 2^62: it leaves c / 4. With c = R 4^rounds
 * at first, which is e for g = a, it is R in the end.
 */
u64 vt_mont_inv(const struct vt_mont *mt, u64 *r, const u64 *a, u64 *work)
{
	size_t n = mt->n, len = n + 1, i;
	u64 *f = work, *g = f + len, *d = g + len, *e = d + len, *d2 = e + len, *e2 = d2 + len;
	u64 delta = 1, minus;
	struct matrix m;

	memset(work, 0, VT_MONT_INV_WORK(n) * sizeof(*work));
	memcpy(f, mt->m, n * sizeof(*f));
	memcpy(g, a, n * sizeof(*g));
	d[2 * rounds(n) / 64] = 1ULL << (2 * rounds(n) % 64);
	vt_mont_in(mt, e, d);
	memset(d, 0, len * sizeof(*d));
	for (i = 0; i < rounds(n); i++) {
		delta = divide_steps(delta, f[0], g[0], &m);
		advance(f, g, &m, len);
		follow_row(mt, d2, d, e, m.f);
		follow_row(mt, e2, d, e, m.g);
		swap(d, d2);
		swap(e, e2);
	}
	minus = vt_ct_mask(f[n] >> 63);
	settle(mt, r, d, minus);
	memzero_explicit(&m, sizeof(m));
	/* is f 1 or -1? */
	f[0] = (f[0] ^ minus) - minus - 1;
	for (i = 1; i < len; i++)
		f[0] |= f[i] ^ minus;
	return vt_ct_zero(f[0]);
}
