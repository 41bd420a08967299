// SPDX-License-Identifier: GPL-2.0-only
/*
 * Points of the elliptic curves and their multiplication by scalars.
 *
 * Points are projective and added by the complete formulas of Renes, Costello
 * and Batina (2016) for a = -3 and a = 0, which hold for every pair of points of
 * a curve of odd order: equal, opposite or at infinity. So there is no case to
 * tell apart and nothing for a clock to see; a branch on a is one on the curve.
 *
 * A scalar is cut into signed odd digits of five bits. Digits are never zero,
 * so each costs one look-up, which reads the whole table, and one addition.
 */
#include "ecc.h"

/*
 * What the arithmetic below leaves on the stack (spilled limbs in frames that
 * are gone) is overwritten by a frame in the same place.
 */
static noinline void wipe_stack(void)
{
	u8 frames[960];

	memzero_explicit(frames, sizeof(frames));
}

struct vt_ecc_work *vt_ecc_work_new(void)
{
	return vt_alloc(NULL, sizeof(struct vt_ecc_work));
}

void vt_ecc_work_free(struct vt_ecc_work *w)
{
	wipe_stack();
	vt_free(NULL, w);
}

/* r = 3 a, not in place. */
static void triple(const struct vt_field *f, u64 *r, const u64 *a)
{
	vt_fe_add(f, r, a, a);
	vt_fe_add(f, r, r, a);
}

/* w = 3 (xz - b zz), v = 3 (b xz - 3 zz - xx), u = 3 (xx - zz) */
static void sums_minus_3(const struct vt_ecc *e, u64 t[][VT_FE_LIMBS])
{
	const struct vt_field *f = &e->p;
	u64 *xx = t[0], *yy = t[1], *zz = t[2], *xz = t[5], *v = t[6], *s = t[7];

	vt_fe_mul(f, v, e->b, xz);
	vt_fe_sub(f, v, v, xx);
	vt_fe_mul(f, s, e->b, zz);
	vt_fe_sub(f, xz, xz, s);
	vt_fe_sub(f, xx, xx, zz);
	triple(f, s, zz);
	vt_fe_sub(f, v, v, s);

	vt_fe_add(f, s, v, v);
	vt_fe_add(f, v, s, v);
	vt_fe_add(f, s, xx, xx);
	vt_fe_add(f, xx, s, xx);
	triple(f, s, xz);		/* w */
	vt_fe_add(f, xz, yy, s);
	vt_fe_sub(f, yy, yy, s);
}

/* w = -3 b zz, v = 3 b xz, u = 3 xx */
static void sums_zero(const struct vt_ecc *e, u64 t[][VT_FE_LIMBS])
{
	const struct vt_field *f = &e->p;
	u64 *xx = t[0], *yy = t[1], *zz = t[2], *xz = t[5], *v = t[6], *s = t[7];

	vt_fe_mul(f, s, e->b, xz);
	triple(f, v, s);
	vt_fe_add(f, s, xx, xx);
	vt_fe_add(f, xx, s, xx);
	vt_fe_mul(f, zz, e->b, zz);
	triple(f, s, zz);		/* -w */
	vt_fe_sub(f, xz, yy, s);
	vt_fe_add(f, yy, yy, s);
}

/*
 * The rest of an addition: from the six products of coordinates in t[0] to
 * t[5] (xx, yy, zz, xy, yz, xz; the mixed ones summed over both orders) to the
 * point. With sums w, v and u that depend on the curve's a:
 *	X = xy (yy + w) - yz v
 *	Y = (yy + w)(yy - w) + u v
 *	Z = yz (yy - w) + xy u
 * The sums are left where their last products were: u for xx, yy + w for xz,
 * yy - w for yy, and v in t[6].
 */
static void finish_add(const struct vt_ecc *e, struct vt_point *r, u64 t[][VT_FE_LIMBS])
{
	const struct vt_field *f = &e->p;
	u64 *u = t[0], *minus = t[1], *xy = t[3], *yz = t[4], *plus = t[5], *v = t[6], *s = t[7];

	if (e->a_zero)
		sums_zero(e, t);
	else
		sums_minus_3(e, t);

	vt_fe_mul(f, r->x, xy, plus);
	vt_fe_mul(f, s, yz, v);
	vt_fe_sub(f, r->x, r->x, s);
	vt_fe_mul(f, r->y, plus, minus);
	vt_fe_mul(f, s, u, v);
	vt_fe_add(f, r->y, r->y, s);
	vt_fe_mul(f, r->z, yz, minus);
	vt_fe_mul(f, s, xy, u);
	vt_fe_add(f, r->z, r->z, s);
}

/* r = a1 b2 + a2 b1, given d = a1 a2 and e = b1 b2: one product instead of two. */
static void cross(const struct vt_field *f, u64 *r, const u64 *a1, const u64 *b1, const u64 *a2,
		  const u64 *b2, const u64 *d, const u64 *e, u64 *s)
{
	vt_fe_add(f, r, a1, b1);
	vt_fe_add(f, s, a2, b2);
	vt_fe_mul(f, r, r, s);
	vt_fe_sub(f, r, r, d);
	vt_fe_sub(f, r, r, e);
}

/* r = a + b. */
void vt_ecc_add(const struct vt_ecc *e, struct vt_point *r, const struct vt_point *a,
		const struct vt_point *b, u64 t[][VT_FE_LIMBS])
{
	const struct vt_field *f = &e->p;

	vt_fe_mul(f, t[0], a->x, b->x);
	vt_fe_mul(f, t[1], a->y, b->y);
	vt_fe_mul(f, t[2], a->z, b->z);
	cross(f, t[3], a->x, a->y, b->x, b->y, t[0], t[1], t[6]);
	cross(f, t[4], a->y, a->z, b->y, b->z, t[1], t[2], t[6]);
	cross(f, t[5], a->x, a->z, b->x, b->z, t[0], t[2], t[6]);
	finish_add(e, r, t);
}

/* r = a + b for b->z = 1. */
static void add_affine(const struct vt_ecc *e, struct vt_point *r, const struct vt_point *a,
		       const struct vt_point *b, u64 t[][VT_FE_LIMBS])
{
	const struct vt_field *f = &e->p;

	vt_fe_mul(f, t[0], a->x, b->x);
	vt_fe_mul(f, t[1], a->y, b->y);
	vt_fe_copy(f, t[2], a->z);
	cross(f, t[3], a->x, a->y, b->x, b->y, t[0], t[1], t[6]);
	vt_fe_mul(f, t[4], b->y, a->z);
	vt_fe_add(f, t[4], t[4], a->y);
	vt_fe_mul(f, t[5], b->x, a->z);
	vt_fe_add(f, t[5], t[5], a->x);
	finish_add(e, r, t);
}

/* r = 2 r, complete as well: the addition's formulas with both points alike. */
static void double_point(const struct vt_ecc *e, struct vt_point *r, u64 t[][VT_FE_LIMBS])
{
	const struct vt_field *f = &e->p;

	vt_fe_sqr(f, t[0], r->x);
	vt_fe_sqr(f, t[1], r->y);
	vt_fe_sqr(f, t[2], r->z);
	vt_fe_mul(f, t[3], r->x, r->y);
	vt_fe_add(f, t[3], t[3], t[3]);
	vt_fe_mul(f, t[4], r->y, r->z);
	vt_fe_add(f, t[4], t[4], t[4]);
	vt_fe_mul(f, t[5], r->x, r->z);
	vt_fe_add(f, t[5], t[5], t[5]);
	finish_add(e, r, t);
}

/* One doubling in Jacobian coordinates, (x / z^2, y / z^3). */
static void double_jacobian(const struct vt_ecc *e, struct vt_point *r, u64 t[][VT_FE_LIMBS])
{
	const struct vt_field *f = &e->p;
	u64 *delta = t[0], *gamma = t[1], *beta = t[2], *alpha = t[3], *s = t[4];

	vt_fe_sqr(f, delta, r->z);
	vt_fe_sqr(f, gamma, r->y);
	vt_fe_mul(f, beta, r->x, gamma);
	if (e->a_zero) {
		vt_fe_sqr(f, alpha, r->x);
	} else {
		vt_fe_sub(f, s, r->x, delta);
		vt_fe_add(f, alpha, r->x, delta);
		vt_fe_mul(f, alpha, alpha, s);
	}
	vt_fe_add(f, s, alpha, alpha);
	vt_fe_add(f, alpha, alpha, s);

	vt_fe_add(f, s, r->y, r->z);
	vt_fe_sqr(f, s, s);
	vt_fe_sub(f, s, s, gamma);
	vt_fe_sub(f, r->z, s, delta);

	vt_fe_add(f, beta, beta, beta);
	vt_fe_add(f, beta, beta, beta);
	vt_fe_sqr(f, r->x, alpha);
	vt_fe_sub(f, r->x, r->x, beta);
	vt_fe_sub(f, r->x, r->x, beta);

	vt_fe_sub(f, beta, beta, r->x);
	vt_fe_mul(f, r->y, alpha, beta);
	vt_fe_sqr(f, gamma, gamma);
	vt_fe_add(f, gamma, gamma, gamma);
	vt_fe_add(f, gamma, gamma, gamma);
	vt_fe_add(f, gamma, gamma, gamma);
	vt_fe_sub(f, r->y, r->y, gamma);
}

/*
 * r = 32 r by way of Jacobian coordinates, whose doubling is cheaper. The way
 * back is not open from infinity, so r must be none; a doubling never makes it
 * one, for there is no point of even order.
 */
static void double_window(const struct vt_ecc *e, struct vt_point *r, u64 t[][VT_FE_LIMBS])
{
	const struct vt_field *f = &e->p;
	int i;

	vt_fe_sqr(f, t[0], r->z);
	vt_fe_mul(f, r->x, r->x, r->z);
	vt_fe_mul(f, r->y, r->y, t[0]);
	for (i = 0; i < VT_ECC_WINDOW; i++)
		double_jacobian(e, r, t);
	vt_fe_mul(f, r->x, r->x, r->z);
	vt_fe_sqr(f, t[0], r->z);
	vt_fe_mul(f, r->z, r->z, t[0]);
}

/*
 * The digits of k or, when k is even, of n - k, which is odd then; the mask
 * returned says that the result must be negated. k is 0 to n - 1.
 *
 * For odd k = 1 + 2 sum v_i 32^i the digits are 2 v_i + 1 - 32, and 2 v + 1
 * for the last: the subtracted parts and the ones cancel along the sum. Stored
 * is v_i, with 16 added to the last, so that digit = 2 v - 31 everywhere.
 */
static u64 recode(const struct vt_ecc *e, struct vt_ecc_work *w, const u64 *raw)
{
	u64 *k = w->t[0], even = (raw[0] & 1) - 1;
	int i;

	memset(k, 0, sizeof(w->t[0]));
	vt_fe_complement(&e->n, k, raw);
	vt_fe_select(&e->n, k, ~even, raw);
	for (i = 0; i < e->digits; i++) {
		int bit = 1 + i * VT_ECC_WINDOW;
		u64 v = k[bit / 64] >> (bit % 64);

		if (bit % 64 > 64 - VT_ECC_WINDOW && bit / 64 + 1 < e->n.limbs)
			v |= k[bit / 64 + 1] << (64 - bit % 64);
		w->digit[i] = v & 31;
	}
	w->digit[e->digits - 1] += 16;
	return even;
}

static void negate_if(const struct vt_field *f, struct vt_point *p, u64 mask, u64 *t)
{
	memset(t, 0, f->limbs * sizeof(u64));
	vt_fe_sub(f, t, t, p->y);
	vt_fe_select(f, p->y, mask, t);
}

/* w->q = digit * P, for a table of P, 3P, ... 31P, @stride words to a coordinate. */
static void look_up(const struct vt_field *f, struct vt_ecc_work *w, u8 digit, const u64 *table,
		    int coordinates, size_t stride)
{
	u64 *out[3] = { w->q.x, w->q.y, w->q.z };
	u64 minus = (u64)(digit >> 4) - 1, at = (digit ^ minus) & (VT_ECC_MULTIPLES - 1);
	int i;

	memset(&w->q, 0, sizeof(w->q));
	for (i = 0; i < VT_ECC_MULTIPLES; i++) {
		u64 mask = -(((at ^ i) - 1) >> 63);
		int c;

		for (c = 0; c < coordinates; c++, table += stride)
			vt_fe_collect(f, out[c], mask, table);
	}
	negate_if(f, &w->q, minus, w->t[0]);
}

/* w->sum = k * G: look-ups in all blocks for one row of digits, then the next row. */
static void comb(const struct vt_ecc *e, struct vt_ecc_work *w, u64 minus)
{
	const size_t block = 2 * VT_ECC_MULTIPLES * e->p.limbs;
	int row, i, j;

	memset(&w->sum, 0, sizeof(w->sum));
	vt_fe_copy(&e->p, w->sum.y, e->p.one);
	for (row = e->spacing - 1; row >= 0; row--) {
		if (row != e->spacing - 1) {
			for (i = 0; i < VT_ECC_WINDOW; i++)
				double_point(e, &w->sum, w->t);
		}
		for (i = row, j = 0; i < e->digits; i += e->spacing, j++) {
			look_up(&e->p, w, w->digit[i], e->base + j * block, 2, e->p.limbs);
			add_affine(e, &w->sum, &w->sum, &w->q, w->t);
		}
	}
	negate_if(&e->p, &w->sum, minus, w->t[0]);
}

/* w->sum = raw * p for 0 <= raw < n; p must not be infinity. */
void vt_ecc_multiply(const struct vt_ecc *e, struct vt_ecc_work *w, const u64 *raw,
		     const struct vt_point *p)
{
	const size_t stride = VT_FE_LIMBS;
	u64 minus = recode(e, w, raw);
	int i = e->digits - 1, j;

	w->table[0] = *p;
	w->q = *p;
	double_point(e, &w->q, w->t);
	for (j = 1; j < VT_ECC_MULTIPLES; j++)
		vt_ecc_add(e, &w->table[j], &w->table[j - 1], &w->q, w->t);

	look_up(&e->p, w, w->digit[i], w->table[0].x, 3, stride);
	w->sum = w->q;
	/* What is doubled is odd, positive and below n times p: never infinity. */
	while (--i >= 0) {
		double_window(e, &w->sum, w->t);
		look_up(&e->p, w, w->digit[i], w->table[0].x, 3, stride);
		vt_ecc_add(e, &w->sum, &w->sum, &w->q, w->t);
	}
	negate_if(&e->p, &w->sum, minus, w->t[0]);
}

/* w->sum = raw * G for 0 <= raw < n. */
void vt_ecc_multiply_base(const struct vt_ecc *e, struct vt_ecc_work *w, const u64 *raw)
{
	if (e->base)
		comb(e, w, recode(e, w, raw));
	else
		vt_ecc_multiply(e, w, raw, &e->g);
}

/* Raw affine coordinates of w->sum, (0, 0) for infinity; @y may be NULL. */
void vt_ecc_affine(const struct vt_ecc *e, struct vt_ecc_work *w, u64 *x, u64 *y)
{
	const struct vt_field *f = &e->p;

	vt_fe_inv(f, w->q.z, w->sum.z, w->t);
	vt_fe_mul(f, x, w->sum.x, w->q.z);
	vt_fe_leave(f, x, x);
	if (y) {
		vt_fe_mul(f, y, w->sum.y, w->q.z);
		vt_fe_leave(f, y, y);
	}
}

/* Coordinates from outside: below p and on the curve, else -EBADMSG. */
int vt_ecc_read_point(const struct vt_curve *c, struct vt_point *p, const u8 *x, const u8 *y)
{
	const struct vt_ecc *e = c->impl;
	const struct vt_field *f = &e->p;
	u64 s[VT_FE_LIMBS], t[VT_FE_LIMBS];

	vt_fe_read(f, p->x, x, c->bytes);
	vt_fe_read(f, p->y, y, c->bytes);
	if (!vt_fe_is_less(f, p->x) || !vt_fe_is_less(f, p->y))
		return -EBADMSG;
	vt_fe_enter(f, p->x, p->x);
	vt_fe_enter(f, p->y, p->y);
	vt_fe_copy(f, p->z, f->one);

	/* x^3 + ax + b - y^2 */
	vt_fe_sqr(f, s, p->x);
	if (!e->a_zero) {
		triple(f, t, f->one);
		vt_fe_sub(f, s, s, t);
	}
	vt_fe_mul(f, s, s, p->x);
	vt_fe_add(f, s, s, e->b);
	vt_fe_sqr(f, t, p->y);
	vt_fe_sub(f, s, s, t);
	return vt_fe_is_zero(f, s) ? 0 : -EBADMSG;
}

/* A scalar from outside: 1 to n - 1, else -EINVAL. Only the verdict is public. */
int vt_ecc_read_scalar(const struct vt_curve *c, u64 *raw, const u8 *in)
{
	const struct vt_ecc *e = c->impl;
	u64 good;

	vt_fe_read(&e->n, raw, in, c->bytes);
	good = vt_fe_is_less(&e->n, raw) & ~vt_fe_is_zero(&e->n, raw);
	VT_CT_PUBLIC(&good, sizeof(good));
	return good ? 0 : -EINVAL;
}

/*
 * FIPS 186-4, B.4.1 and B.5.1: one draw of (bits + 64 + 7) / 8 bytes, read as
 * a big-endian number, mod (n - 1), plus 1. Keys derived from seeds depend on
 * every word of this sentence.
 */
void vt_ecc_random_scalar(const struct vt_curve *c, const struct vt_rng *rng, u64 *raw)
{
	static const u64 one[VT_FE_LIMBS] = { 1 };
	const struct vt_ecc *e = c->impl;
	u8 draw[VT_ECC_MAX_BYTES + 8];
	const size_t len = (c->bits + 64 + 7) / 8;

	rng->fill(rng->ctx, draw, len);
	vt_fe_reduce_wide(&e->n, raw, draw, len, c->bytes - 1);
	vt_fe_add(&e->n, raw, raw, one);
	memzero_explicit(draw, sizeof(draw));
}

int vt_ecc_check_point(const struct vt_curve *c, const u8 *x, const u8 *y)
{
	struct vt_point p;

	return vt_ecc_read_point(c, &p, x, y);
}

void vt_ecc_reduce_coordinate(const struct vt_curve *c, const u8 *in, size_t len, u8 *x)
{
	const struct vt_ecc *e = c->impl;
	u64 r[VT_FE_LIMBS], t[VT_FE_LIMBS];

	vt_fe_read_wide(&e->p, r, in, len, t);
	vt_fe_leave(&e->p, r, r);
	vt_fe_write(r, x, c->bytes);
}

int vt_ecc_check_scalar(const struct vt_curve *c, const u8 *d)
{
	u64 raw[VT_FE_LIMBS];
	int ret = vt_ecc_read_scalar(c, raw, d);

	memzero_explicit(raw, sizeof(raw));
	return ret;
}

/* The public point of the scalar in w->k[0]. */
static void write_public(const struct vt_curve *c, struct vt_ecc_work *w, u8 *x, u8 *y)
{
	vt_ecc_multiply_base(c->impl, w, w->k[0]);
	vt_ecc_affine(c->impl, w, w->k[1], w->k[2]);
	vt_fe_write(w->k[1], x, c->bytes);
	vt_fe_write(w->k[2], y, c->bytes);
	VT_CT_PUBLIC(x, c->bytes);
	VT_CT_PUBLIC(y, c->bytes);
}

int vt_ecc_make_public(const struct vt_curve *c, const u8 *d, u8 *x, u8 *y)
{
	struct vt_ecc_work *w = vt_ecc_work_new();
	int ret;

	if (!w)
		return -ENOMEM;
	ret = vt_ecc_read_scalar(c, w->k[0], d);
	if (!ret)
		write_public(c, w, x, y);
	vt_ecc_work_free(w);
	return ret;
}

/*
 * The scalar is a function of one draw of @rng and of nothing else: see
 * vt_ecc_random_scalar() for the length of the draw and the order of its bytes.
 */
int vt_ecc_generate(const struct vt_curve *c, const struct vt_rng *rng, u8 *d, u8 *x, u8 *y)
{
	struct vt_ecc_work *w = vt_ecc_work_new();

	if (!w)
		return -ENOMEM;
	vt_ecc_random_scalar(c, rng, w->k[0]);
	vt_fe_write(w->k[0], d, c->bytes);
	write_public(c, w, x, y);
	vt_ecc_work_free(w);
	return 0;
}

int vt_ecdh(const struct vt_curve *c, const u8 *d, const u8 *px, const u8 *py, u8 *zx, u8 *zy)
{
	struct vt_ecc_work *w = vt_ecc_work_new();
	struct vt_point p;
	int ret;

	if (!w)
		return -ENOMEM;
	ret = vt_ecc_read_point(c, &p, px, py);
	if (!ret)
		ret = vt_ecc_read_scalar(c, w->k[0], d);
	if (!ret) {
		vt_ecc_multiply(c->impl, w, w->k[0], &p);
		vt_ecc_affine(c->impl, w, w->k[1], w->k[2]);
		vt_fe_write(w->k[1], zx, c->bytes);
		vt_fe_write(w->k[2], zy, c->bytes);
	}
	vt_ecc_work_free(w);
	return ret;
}
