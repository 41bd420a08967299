/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of elliptic curves share: counting checks, numbers, OpenSSL
 * as a second opinion, and generators whose output a test chooses.
 */
#ifndef VTPM_ECC_SUPPORT_H
#define VTPM_ECC_SUPPORT_H

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>
#include <stdbool.h>
#include <stdio.h>

#include "ecc_group.h"
#include "test.h"
#include "../../drivers/vtpm/crypto/ecc.h"

/* OpenSSL marks these as old; nothing newer lets a test choose points freely. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

#define MAX	VT_ECC_MAX_BYTES
#define DRAW	(MAX + 8)
#define UNTOUCHED 0xa5

static BN_CTX *bn;
static EC_GROUP *groups[VT_CURVE_COUNT];

static const struct vt_curve *tested;	/* for the message */
static unsigned long checks;

/* Goes on, so that what was allocated is freed. */
#define check(cond) do {							\
	checks++;							\
	if (!(cond))							\
		test_fail(__FILE__, __LINE__, "%s, curve %u", #cond, tested->id); \
} while (0)

/* ---- numbers ---- */

/** struct key - a scalar and a point, which need not belong together */
struct key {
	u8 d[MAX], x[MAX], y[MAX];
};

static inline EC_GROUP *group_of(const struct vt_curve *c)
{
	return groups[c - vt_curves];
}

static inline const BIGNUM *order_of(const struct vt_curve *c)
{
	return EC_GROUP_get0_order(group_of(c));
}

static inline bool same(const u8 *a, const u8 *b, size_t len)
{
	return !memcmp(a, b, len);
}

static inline bool untouched(const u8 *a, size_t len)
{
	while (len--)
		if (a[len] != UNTOUCHED)
			return false;
	return true;
}

/* Hex text of any length into a fixed one; false when it does not fit. */
static inline bool from_hex(const char *text, u8 *out, size_t len)
{
	BIGNUM *n = NULL;
	bool ok = BN_hex2bn(&n, text) && BN_bn2binpad(n, out, (int)len) == (int)len;

	BN_free(n);
	return ok;
}

static inline void to_bytes(const BIGNUM *n, const struct vt_curve *c, u8 *out)
{
	check(BN_bn2binpad(n, out, c->bytes) == c->bytes);
}

/* out = k * (x, y), or k * G without a point; k below n. */
static inline void openssl_multiply(const struct vt_curve *c, const BIGNUM *k, const struct key *p,
				    struct key *out)
{
	EC_GROUP *g = group_of(c);
	EC_POINT *r = EC_POINT_new(g), *q = EC_POINT_new(g);
	BIGNUM *x = BN_new(), *y = BN_new();

	if (p) {
		BN_bin2bn(p->x, c->bytes, x);
		BN_bin2bn(p->y, c->bytes, y);
		check(EC_POINT_set_affine_coordinates(g, q, x, y, bn));
		check(EC_POINT_mul(g, r, NULL, q, k, bn));
	} else {
		check(EC_POINT_mul(g, r, k, NULL, NULL, bn));
	}
	check(EC_POINT_get_affine_coordinates(g, r, x, y, bn));
	to_bytes(x, c, out->x);
	to_bytes(y, c, out->y);
	BN_free(x);
	BN_free(y);
	EC_POINT_free(r);
	EC_POINT_free(q);
}

static inline bool openssl_verify(const struct vt_curve *c, const struct key *k, const u8 *digest,
				  size_t len, const u8 *r, const u8 *s)
{
	EC_KEY *key = EC_KEY_new();
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *x = BN_bin2bn(k->x, c->bytes, NULL), *y = BN_bin2bn(k->y, c->bytes, NULL);
	bool ok;

	ECDSA_SIG_set0(sig, BN_bin2bn(r, c->bytes, NULL), BN_bin2bn(s, c->bytes, NULL));
	ok = EC_KEY_set_group(key, group_of(c)) &&
	     EC_KEY_set_public_key_affine_coordinates(key, x, y) &&
	     ECDSA_do_verify(digest, (int)len, sig, key) == 1;
	BN_free(x);
	BN_free(y);
	ECDSA_SIG_free(sig);
	EC_KEY_free(key);
	return ok;
}

/* ---- generators ---- */

static u64 random_state = 1;	/* VTPM_SEED sets another */

/* splitmix64: the same numbers on each run, so that a failure comes again. */
static inline u64 random_word(void)
{
	u64 z = random_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static inline void fill_random(void *ctx, u8 *out, size_t len)
{
	(void)ctx;
	while (len--)
		*out++ = (u8)random_word();
}

static const struct vt_rng any = { .fill = fill_random };

/**
 * struct script - a generator with known bytes
 * @bytes: the draws, one after another; the last is repeated
 * @len: length of one draw as it must be asked for
 * @count: how many draws @bytes holds
 * @calls: how many were taken
 */
struct script {
	u8 bytes[2][DRAW];
	size_t len;
	unsigned int count, calls;
};

static inline void fill_script(void *ctx, u8 *out, size_t len)
{
	struct script *s = ctx;
	unsigned int i = s->calls < s->count ? s->calls : s->count - 1;

	check(len == s->len);
	memcpy(out, s->bytes[i], len);
	s->calls++;
}

/* The draw that makes k: (bits + 64 + 7) / 8 bytes of k - 1. */
static inline struct vt_rng scripted(struct script *s, const struct vt_curve *c, const BIGNUM *k)
{
	BIGNUM *less = BN_dup(k);

	memset(s, 0, sizeof(*s));
	s->len = (c->bits + 64 + 7) / 8;
	s->count = 1;
	BN_sub_word(less, 1);
	check(BN_bn2binpad(less, s->bytes[0], (int)s->len) == (int)s->len);
	BN_free(less);
	return (struct vt_rng){ .fill = fill_script, .ctx = s };
}

/* ---- before and after ---- */

static inline bool set_up(void)
{
	if (getenv("VTPM_SEED"))
		random_state = strtoull(getenv("VTPM_SEED"), NULL, 0);
	bn = BN_CTX_new();
	for (unsigned int i = 0; i < VT_CURVE_COUNT; i++) {
		groups[i] = ecc_group(&vt_curves[i]);
		if (!groups[i])
			return false;
	}
	return bn;
}

static inline void tear_down(void)
{
	for (unsigned int i = 0; i < VT_CURVE_COUNT; i++)
		EC_GROUP_free(groups[i]);
	BN_CTX_free(bn);
}

static inline void each_curve(void (*run)(const struct vt_curve *c))
{
	for (unsigned int i = 0; i < VT_CURVE_COUNT && !test_state.failed; i++) {
		tested = &vt_curves[i];
		run(tested);
	}
}

#define EACH_CURVE(name)			\
static void name##_each(void)			\
{						\
	each_curve(name);			\
}

#endif /* VTPM_ECC_SUPPORT_H */
