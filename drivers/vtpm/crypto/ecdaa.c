// SPDX-License-Identifier: GPL-2.0-only
/*
 * ECDAA, the step with the message (Part 1, C.4.2): a number k is drawn, T is the
 * digest of k and of the message's digest, and s = r + T d closes what the first
 * step committed to with r. Constant time in r and d; k and T are public.
 */
#include "ecc.h"

/* s is zero with a chance of 2^-bits. */
#define MAX_TRIES	8

/* In w->k: [0] the key and [1] r, both in Montgomery form and kept; [2] T, [3] becomes s. */
static int sign_once(const struct vt_curve *c, const struct vt_hash_alg *alg,
		     const struct vt_rng *rng, const u8 *digest, size_t len,
		     struct vt_ecc_work *w, u8 *k)
{
	const struct vt_ecc *e = c->impl;
	u64 *d = w->k[0], *r = w->k[1], *t = w->k[2], *s = w->k[3];
	u8 hash[VT_MAX_DIGEST];
	struct vt_hash_ctx h;

	vt_ecc_random_scalar(c, rng, t);
	vt_fe_write(t, k, c->bytes);
	VT_CT_PUBLIC(k, c->bytes);
	vt_hash_init(&h, alg);
	vt_hash_update(&h, k, c->bytes);
	vt_hash_update(&h, digest, len);
	vt_hash_final(&h, hash);
	vt_fe_read_wide(&e->n, t, hash, alg->digest_size, s);
	vt_fe_mul(&e->n, s, t, d);
	vt_fe_add(&e->n, s, s, r);
	vt_fe_leave(&e->n, s, s);
	VT_CT_PUBLIC(s, e->n.limbs * sizeof(u64));
	return vt_fe_is_zero(&e->n, s) ? -EIO : 0;
}

int vt_ecdaa_sign(const struct vt_curve *c, const u8 *d, const u8 *commit,
		  const struct vt_hash_alg *alg, const u8 *digest, size_t digest_len,
		  const struct vt_rng *rng, u8 *k, u8 *s)
{
	const struct vt_ecc *e = c->impl;
	struct vt_ecc_work *w = vt_ecc_work_new();
	int tries, ret;

	if (!w)
		return -ENOMEM;
	ret = vt_ecc_read_scalar(c, w->k[0], d);
	if (!ret)
		ret = vt_ecc_read_scalar(c, w->k[1], commit);
	if (!ret) {
		vt_fe_enter(&e->n, w->k[0], w->k[0]);
		vt_fe_enter(&e->n, w->k[1], w->k[1]);
		ret = -EIO;
	}
	for (tries = 0; ret == -EIO && tries < MAX_TRIES; tries++)
		ret = sign_once(c, alg, rng, digest, digest_len, w, k);
	if (!ret)
		vt_fe_write(w->k[3], s, c->bytes);
	vt_ecc_work_free(w);
	return ret;
}
