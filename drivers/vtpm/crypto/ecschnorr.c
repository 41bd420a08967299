// SPDX-License-Identifier: GPL-2.0-only
/*
 * EC Schnorr signatures (Part 1, C.4.3): r is a digest of the ephemeral point's
 * x-coordinate and of the message's digest, s = k + r d. Built like ecdsa.c: a
 * uniform nonce of full length, constant time in nonce and key.
 */
#include "ecc.h"

/* r out of range or s zero come with a chance of at most 2^-32 each. */
#define MAX_TRIES	8

/*
 * The digest as a number of the curve's length: its leftmost bytes when it is
 * longer. One that is no scalar makes no signature.
 */
static int challenge(const struct vt_curve *c, const struct vt_hash_alg *alg, const u8 *x,
		     const u8 *digest, size_t len, u8 *r)
{
	size_t take = min_t(size_t, alg->digest_size, c->bytes);
	u8 hash[VT_MAX_DIGEST];
	struct vt_hash_ctx h;

	vt_hash_init(&h, alg);
	vt_hash_update(&h, x, c->bytes);
	vt_hash_update(&h, digest, len);
	vt_hash_final(&h, hash);
	memset(r, 0, c->bytes);
	memcpy(r + c->bytes - take, hash, take);
	VT_CT_PUBLIC(r, c->bytes);
	return vt_ecc_check_scalar(c, r);
}

/* In w->k: [0] the key in Montgomery form, kept; [1] the nonce; [2] becomes r, [3] s. */
static int sign_once(const struct vt_curve *c, const struct vt_hash_alg *alg,
		     const struct vt_rng *rng, const u8 *digest, size_t len,
		     struct vt_ecc_work *w, u8 *r)
{
	const struct vt_ecc *e = c->impl;
	u64 *d = w->k[0], *k = w->k[1], *e_r = w->k[2], *s = w->k[3];
	u8 x[VT_ECC_MAX_BYTES];
	int ret;

	vt_ecc_random_scalar(c, rng, k);
	vt_ecc_multiply_base(e, w, k);
	vt_ecc_affine(e, w, s, NULL);
	vt_fe_write(s, x, c->bytes);
	ret = challenge(c, alg, x, digest, len, r);
	memzero_explicit(x, sizeof(x));
	if (ret)
		return -EIO;
	vt_fe_read(&e->n, e_r, r, c->bytes);
	vt_fe_enter(&e->n, e_r, e_r);
	vt_fe_mul(&e->n, s, e_r, d);
	vt_fe_enter(&e->n, k, k);
	vt_fe_add(&e->n, s, s, k);
	vt_fe_leave(&e->n, s, s);
	VT_CT_PUBLIC(s, e->n.limbs * sizeof(u64));
	return vt_fe_is_zero(&e->n, s) ? -EIO : 0;
}

int vt_ecschnorr_sign(const struct vt_curve *c, const u8 *d, const struct vt_hash_alg *alg,
		      const u8 *digest, size_t digest_len, const struct vt_rng *rng, u8 *r, u8 *s)
{
	const struct vt_ecc *e = c->impl;
	struct vt_ecc_work *w = vt_ecc_work_new();
	int tries, ret;

	if (!w)
		return -ENOMEM;
	ret = vt_ecc_read_scalar(c, w->k[0], d);
	if (!ret) {
		vt_fe_enter(&e->n, w->k[0], w->k[0]);
		ret = -EIO;
	}
	for (tries = 0; ret == -EIO && tries < MAX_TRIES; tries++)
		ret = sign_once(c, alg, rng, digest, digest_len, w, r);
	if (!ret)
		vt_fe_write(w->k[3], s, c->bytes);
	vt_ecc_work_free(w);
	return ret;
}

/* x of s G - r Q. In w->k: [0] r and [1] s, raw and in range. All of it is public. */
static bool recover_x(const struct vt_curve *c, struct vt_ecc_work *w, const struct vt_point *key,
		      u8 *x)
{
	const struct vt_ecc *e = c->impl;
	static const u64 zero[VT_FE_LIMBS];
	struct vt_point first;

	vt_ecc_multiply_base(e, w, w->k[1]);
	first = w->sum;
	vt_fe_sub(&e->n, w->k[2], zero, w->k[0]);
	vt_ecc_multiply(e, w, w->k[2], key);
	vt_ecc_add(e, &w->sum, &w->sum, &first, w->t);
	vt_ecc_affine(e, w, w->k[3], NULL);
	vt_fe_write(w->k[3], x, c->bytes);
	return !vt_fe_is_zero(&e->p, w->k[3]);	/* what infinity gives */
}

int vt_ecschnorr_verify(const struct vt_curve *c, const u8 *x, const u8 *y,
			const struct vt_hash_alg *alg, const u8 *digest, size_t digest_len,
			const u8 *r, const u8 *s)
{
	struct vt_ecc_work *w = vt_ecc_work_new();
	u8 px[VT_ECC_MAX_BYTES], again[VT_ECC_MAX_BYTES];
	struct vt_point key;
	int ret = -EBADMSG;

	if (!w)
		return -ENOMEM;
	if (!vt_ecc_read_point(c, &key, x, y) && !vt_ecc_read_scalar(c, w->k[0], r) &&
	    !vt_ecc_read_scalar(c, w->k[1], s)) {
		if (recover_x(c, w, &key, px) &&
		    !challenge(c, alg, px, digest, digest_len, again) &&
		    !crypto_memneq(again, r, c->bytes))
			ret = 0;
	}
	vt_ecc_work_free(w);
	return ret;
}
