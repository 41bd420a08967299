// SPDX-License-Identifier: GPL-2.0-only
/*
 * T10, T23: signatures that fit by the formulas alone. Each has one thing wrong that only a
 * check of its own refuses: a public key that is on no curve of ours, a number that is the
 * right one and the order more.
 */
#include "ecc_support.h"

#define SMALL	5	/* an s that has room for the order above it */

/**
 * struct forged - a signature and what it is of
 * @key: the public key; d is not in it
 * @digest: as long as the curve's numbers
 * @r: of the signature, likewise @s
 */
struct forged {
	struct key key;
	u8 digest[MAX], r[MAX], s[MAX];
};

static int verify(const struct vt_curve *c, const struct forged *f)
{
	return vt_ecdsa_verify(c, f->key.x, f->key.y, f->digest, c->bytes, f->r, f->s);
}

/* The digest of which read_digest() makes e: its surplus bits are below. */
static void digest_of(const struct vt_curve *c, BIGNUM *e, u8 *digest)
{
	BN_lshift(e, e, c->bytes * 8 - c->bits);
	to_bytes(e, c, digest);
}

/* x(u1 G + u2 Q), with no look at what Q is */
static BIGNUM *x_of_sum(const struct vt_curve *c, const BIGNUM *u1, const BIGNUM *u2,
			const struct key *q)
{
	const struct vt_ecc *e = c->impl;
	struct vt_ecc_work *w = vt_ecc_work_new();
	struct vt_point point = { 0 }, first;
	u8 out[MAX];

	to_bytes(u1, c, out);
	vt_fe_read(&e->n, w->k[0], out, c->bytes);
	to_bytes(u2, c, out);
	vt_fe_read(&e->n, w->k[1], out, c->bytes);
	vt_fe_read(&e->p, point.x, q->x, c->bytes);
	vt_fe_read(&e->p, point.y, q->y, c->bytes);
	vt_fe_enter(&e->p, point.x, point.x);
	vt_fe_enter(&e->p, point.y, point.y);
	vt_fe_copy(&e->p, point.z, e->p.one);

	vt_ecc_multiply_base(e, w, w->k[0]);
	first = w->sum;
	vt_ecc_multiply(e, w, w->k[1], &point);
	vt_ecc_add(e, &w->sum, &w->sum, &first, w->t);
	vt_ecc_affine(e, w, w->k[2], NULL);
	vt_fe_write(w->k[2], out, c->bytes);
	vt_ecc_work_free(w);
	return BN_bin2bn(out, c->bytes, NULL);
}

/* r = x(u1 G + u2 Q), s = r / u2, e = u1 s: nobody needs to know d for these. */
static void forge(const struct vt_curve *c, struct forged *f)
{
	BIGNUM *u1 = BN_new(), *u2 = BN_new(), *s = BN_new(), *r;

	BN_set_word(u1, 1 + random_word() % 1000000);
	BN_set_word(u2, 1 + random_word() % 1000000);
	r = x_of_sum(c, u1, u2, &f->key);
	BN_nnmod(r, r, order_of(c), bn);
	to_bytes(r, c, f->r);
	BN_mod_inverse(s, u2, order_of(c), bn);
	BN_mod_mul(s, s, r, order_of(c), bn);
	to_bytes(s, c, f->s);
	BN_mod_mul(s, s, u1, order_of(c), bn);
	digest_of(c, s, f->digest);
	BN_free(u1);
	BN_free(u2);
	BN_free(s);
	BN_free(r);
}

static void ecdsa_key_off_curve(const struct vt_curve *c)
{
	struct forged f;

	memcpy(f.key.x, c->gx, c->bytes);
	memcpy(f.key.y, c->gy, c->bytes);
	forge(c, &f);
	check(!verify(c, &f));
	f.key.y[c->bytes - 1] ^= 1;
	forge(c, &f);
	check(verify(c, &f) == -EBADMSG);
}

/* The same number and the order more; false where it has no place. */
static bool add_order(const struct vt_curve *c, u8 *number)
{
	BIGNUM *n = BN_bin2bn(number, c->bytes, NULL);
	bool fits;

	BN_add(n, n, order_of(c));
	fits = BN_bn2binpad(n, number, c->bytes) == c->bytes;
	BN_free(n);
	return fits;
}

/* With G as the key, d is 1: r = x(k G), any s, and e = s k - r. */
static void ecdsa_order_more(const struct vt_curve *c)
{
	BIGNUM *k = BN_new(), *e = BN_new(), *r;
	struct forged good = { 0 }, bad;

	memcpy(good.key.x, c->gx, c->bytes);
	memcpy(good.key.y, c->gy, c->bytes);
	BN_set_word(k, 2 + random_word() % 1000000);
	BN_zero(e);
	r = x_of_sum(c, e, k, &good.key);
	BN_nnmod(r, r, order_of(c), bn);
	to_bytes(r, c, good.r);
	good.s[c->bytes - 1] = SMALL;
	BN_mul_word(k, SMALL);
	BN_mod_sub(e, k, r, order_of(c), bn);
	digest_of(c, e, good.digest);
	check(!verify(c, &good));

	bad = good;
	check(add_order(c, bad.s));
	check(verify(c, &bad) == -EBADMSG);
	bad = good;
	if (add_order(c, bad.r))
		check(verify(c, &bad) == -EBADMSG);
	else
		check(c->bits % 8 == 0);
	BN_free(k);
	BN_free(e);
	BN_free(r);
}

EACH_CURVE(ecdsa_key_off_curve)
EACH_CURVE(ecdsa_order_more)

static const struct test_case cases[] = {
	{ "T10-ecdsa-key-off-curve", ecdsa_key_off_curve_each },
	{ "T10-ecdsa-order-more", ecdsa_order_more_each },
};

int main(int argc, char **argv)
{
	int ret;

	if (!set_up())
		return 1;
	ret = test_run("ecc_forged", cases, ARRAY_SIZE(cases), argc, argv);
	tear_down();
	return ret;
}
