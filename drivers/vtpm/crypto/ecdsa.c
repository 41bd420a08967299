// SPDX-License-Identifier: GPL-2.0-only
/*
 * ECDSA (FIPS 186-4, 6.4) over the curves of ecc.c. The nonce has full length
 * and is uniform, its inverse is a power with a public exponent, and one draw
 * of the generator makes one nonce, so that a test can choose it.
 */
#include "ecc.h"

/*
 * A zero r or s comes with a chance of 2^-bits; a generator that gives one
 * nonce for ever must still not hold the caller for ever.
 */
#define MAX_TRIES	8

/* The leftmost bits of the digest, as many as the order has, in Montgomery form mod n. */
static void read_digest(const struct vt_curve *c, u64 *out, const u8 *digest, size_t len)
{
	const struct vt_ecc *e = c->impl;
	unsigned int surplus = c->bytes * 8 - c->bits;
	int i;

	vt_fe_read(&e->n, out, digest, min_t(size_t, len, c->bytes));
	if (surplus && len >= c->bytes) {
		for (i = 0; i < e->n.limbs; i++) {
			out[i] >>= surplus;
			if (i + 1 < e->n.limbs)
				out[i] |= out[i + 1] << (64 - surplus);
		}
	}
	vt_fe_enter(&e->n, out, out);
}

/*
 * One signature with one nonce. In w->k: [0] the key, [1] the digest, both in
 * Montgomery form and kept; [2] becomes r, [3] s, both raw.
 */
static void sign_once(const struct vt_curve *c, const struct vt_rng *rng, struct vt_ecc_work *w)
{
	const struct vt_ecc *e = c->impl;
	u64 *d = w->k[0], *z = w->k[1], *r = w->k[2], *s = w->k[3], *t = w->q.x;

	vt_ecc_random_scalar(c, rng, s);
	vt_ecc_multiply_base(e, w, s);
	vt_ecc_affine(e, w, r, NULL);
	vt_fe_enter(&e->n, r, r);

	vt_fe_enter(&e->n, s, s);
	vt_fe_inv(&e->n, s, s, w->t);
	vt_fe_mul(&e->n, t, r, d);
	vt_fe_add(&e->n, t, t, z);
	vt_fe_mul(&e->n, s, s, t);

	vt_fe_leave(&e->n, r, r);
	vt_fe_leave(&e->n, s, s);
	VT_CT_PUBLIC(r, e->n.limbs * sizeof(u64));
	VT_CT_PUBLIC(s, e->n.limbs * sizeof(u64));
}

int vt_ecdsa_sign(const struct vt_curve *c, const u8 *d, const u8 *digest, size_t digest_len,
		  const struct vt_rng *rng, u8 *r, u8 *s)
{
	const struct vt_ecc *e = c->impl;
	struct vt_ecc_work *w = vt_ecc_work_new();
	int tries, ret;

	if (!w)
		return -ENOMEM;
	ret = vt_ecc_read_scalar(c, w->k[0], d);
	if (!ret) {
		vt_fe_enter(&e->n, w->k[0], w->k[0]);
		read_digest(c, w->k[1], digest, digest_len);
		ret = -EIO;
	}
	for (tries = 0; ret == -EIO && tries < MAX_TRIES; tries++) {
		sign_once(c, rng, w);
		if (!vt_fe_is_zero(&e->n, w->k[2]) && !vt_fe_is_zero(&e->n, w->k[3]))
			ret = 0;
	}
	if (!ret) {
		vt_fe_write(w->k[2], r, c->bytes);
		vt_fe_write(w->k[3], s, c->bytes);
	}
	vt_ecc_work_free(w);
	return ret;
}

/*
 * x(u1 G + u2 Q) mod n = r? In w->k: [0] r and [1] s, raw and in range; [2]
 * the digest in Montgomery form. Everything here is public.
 */
static bool signature_fits(const struct vt_ecc *e, struct vt_ecc_work *w,
			   const struct vt_point *key)
{
	u64 *r = w->k[0], *s = w->k[1], *u1 = w->k[2], *u2 = w->k[3], *x = w->k[1];
	struct vt_point first;

	vt_fe_enter(&e->n, s, s);
	vt_fe_inv(&e->n, s, s, w->t);
	vt_fe_mul(&e->n, u1, u1, s);
	vt_fe_enter(&e->n, u2, r);
	vt_fe_mul(&e->n, u2, u2, s);
	vt_fe_leave(&e->n, u1, u1);
	vt_fe_leave(&e->n, u2, u2);

	vt_ecc_multiply_base(e, w, u1);
	first = w->sum;
	vt_ecc_multiply(e, w, u2, key);
	vt_ecc_add(e, &w->sum, &w->sum, &first, w->t);
	vt_ecc_affine(e, w, x, NULL);	/* 0 for infinity, and r is not */
	vt_fe_enter(&e->n, x, x);
	vt_fe_leave(&e->n, x, x);
	vt_fe_sub(&e->n, x, x, r);
	return vt_fe_is_zero(&e->n, x);
}

int vt_ecdsa_verify(const struct vt_curve *c, const u8 *x, const u8 *y,
		    const u8 *digest, size_t digest_len, const u8 *r, const u8 *s)
{
	struct vt_ecc_work *w = vt_ecc_work_new();
	struct vt_point key;
	int ret = -EBADMSG;

	if (!w)
		return -ENOMEM;
	if (!vt_ecc_read_point(c, &key, x, y) && !vt_ecc_read_scalar(c, w->k[0], r) &&
	    !vt_ecc_read_scalar(c, w->k[1], s)) {
		read_digest(c, w->k[2], digest, digest_len);
		if (signature_fits(c->impl, w, &key))
			ret = 0;
	}
	vt_ecc_work_free(w);
	return ret;
}
