/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside the elliptic curves: prime fields (ecc_field.c), constants
 * (ecc_curves.c), points (ecc.c) and ECDSA (ecdsa.c). The rest of the module
 * sees crypto.h only.
 *
 * Numbers are arrays of 64-bit limbs, least significant first, in Montgomery
 * form a * 2^(64 * limbs) mod m unless a name says "raw". Every function here
 * is constant-time in the numbers it is given; lengths, curves and exponents
 * are public. A result may be the same array as an operand.
 */
#ifndef VTPM_ECC_H
#define VTPM_ECC_H

#include "crypto.h"

#define VT_FE_LIMBS	9	/* P-521 */
#define VT_ECC_WINDOW	5	/* bits of a scalar taken at once */
#define VT_ECC_MULTIPLES 16	/* the odd multiples 1, 3, ... 31 */
#define VT_ECC_DIGITS	105	/* of a P-521 scalar */

/*
 * The constant-time checker (a userspace build under valgrind) defines this to
 * mark a value that comes from secrets and that anyone may see.
 */
#ifndef VT_CT_PUBLIC
#define VT_CT_PUBLIC(ptr, len) do { } while (0)
#endif

/** enum vt_field_kind - how a product is reduced */
enum vt_field_kind {
	VT_FIELD_ANY,	/* word by word, any odd modulus */
	VT_FIELD_P256,
	VT_FIELD_P384,
	VT_FIELD_P521,
};

/**
 * struct vt_field - integers modulo an odd prime
 * @limbs: length of every number
 * @kind: way of reduction
 * @m0: -1 / m mod 2^64
 * @m: the modulus
 * @one: 2^(64 * limbs) mod m, which is 1 in Montgomery form
 * @rr: 2^(128 * limbs) mod m
 */
struct vt_field {
	u8 limbs;
	u8 kind;
	u64 m0;
	u64 m[VT_FE_LIMBS];
	u64 one[VT_FE_LIMBS];
	u64 rr[VT_FE_LIMBS];
};

/** struct vt_point - (x / z, y / z); the point at infinity is (0 : 1 : 0) */
struct vt_point {
	u64 x[VT_FE_LIMBS];
	u64 y[VT_FE_LIMBS];
	u64 z[VT_FE_LIMBS];
};

/**
 * struct vt_ecc - what vt_curve.impl points to
 * @p: field of the coordinates
 * @n: field of the scalars
 * @b: b of the curve's equation
 * @a_zero: a is 0; else it is -3
 * @g: base point
 * @base: multiples of the base point for a comb, VT_ECC_MULTIPLES affine
 *	points to a block; NULL when the curve has no table
 * @spacing: digits from one block of @base to the next
 * @digits: digits of a scalar
 */
struct vt_ecc {
	struct vt_field p;
	struct vt_field n;
	u64 b[VT_FE_LIMBS];
	struct vt_point g;
	const u64 *base;
	u8 spacing;
	u8 digits;
	bool a_zero;
};

/**
 * struct vt_ecc_work - room for secrets on the way, kept off the stack
 * @t: temporaries of the point formulas and of inversion
 * @k: scalars and field elements of the caller
 * @q: the multiple picked from a table
 * @sum: the result
 * @digit: the scalar's digits
 * @table: multiples of a variable point
 */
struct vt_ecc_work {
	u64 t[8][VT_FE_LIMBS];
	u64 k[4][VT_FE_LIMBS];
	struct vt_point q;
	struct vt_point sum;
	u8 digit[VT_ECC_DIGITS];
	struct vt_point table[VT_ECC_MULTIPLES];
};

/* ecc_field.c */
void vt_fe_read(const struct vt_field *f, u64 *raw, const u8 *in, size_t len);
void vt_fe_write(const u64 *raw, u8 *out, size_t len);
void vt_fe_copy(const struct vt_field *f, u64 *r, const u64 *a);
void vt_fe_add(const struct vt_field *f, u64 *r, const u64 *a, const u64 *b);
void vt_fe_sub(const struct vt_field *f, u64 *r, const u64 *a, const u64 *b);
void vt_fe_mul(const struct vt_field *f, u64 *r, const u64 *a, const u64 *b);
void vt_fe_sqr(const struct vt_field *f, u64 *r, const u64 *a);
void vt_fe_inv(const struct vt_field *f, u64 *r, const u64 *a, u64 t[][VT_FE_LIMBS]);
void vt_fe_enter(const struct vt_field *f, u64 *r, const u64 *raw);
void vt_fe_leave(const struct vt_field *f, u64 *raw, const u64 *a);
void vt_fe_select(const struct vt_field *f, u64 *r, u64 mask, const u64 *a);
void vt_fe_collect(const struct vt_field *f, u64 *r, u64 mask, const u64 *a);
void vt_fe_complement(const struct vt_field *f, u64 *raw, const u64 *a);
u64 vt_fe_is_zero(const struct vt_field *f, const u64 *a);
u64 vt_fe_is_less(const struct vt_field *f, const u64 *raw);
void vt_fe_read_wide(const struct vt_field *f, u64 *r, const u8 *in, size_t len, u64 *t);
void vt_fe_reduce_wide(const struct vt_field *f, u64 *raw, const u8 *in, size_t len, size_t head);

/* ecc_curves.c: the curves that vt_curve_at() lists, then those that wait */
#define VT_CURVE_LISTED	4
#define VT_CURVE_COUNT	4
extern const struct vt_curve vt_curves[VT_CURVE_COUNT];

/* ecc.c */
struct vt_ecc_work *vt_ecc_work_new(void);
void vt_ecc_work_free(struct vt_ecc_work *w);
int vt_ecc_read_point(const struct vt_curve *c, struct vt_point *p, const u8 *x, const u8 *y);
int vt_ecc_read_scalar(const struct vt_curve *c, u64 *raw, const u8 *in);
void vt_ecc_random_scalar(const struct vt_curve *c, const struct vt_rng *rng, u64 *raw);
void vt_ecc_add(const struct vt_ecc *e, struct vt_point *r, const struct vt_point *a,
		const struct vt_point *b, u64 t[][VT_FE_LIMBS]);
void vt_ecc_affine(const struct vt_ecc *e, struct vt_ecc_work *w, u64 *x, u64 *y);
void vt_ecc_multiply_base(const struct vt_ecc *e, struct vt_ecc_work *w, const u64 *raw);
void vt_ecc_multiply(const struct vt_ecc *e, struct vt_ecc_work *w, const u64 *raw,
		     const struct vt_point *p);

#endif /* VTPM_ECC_H */
