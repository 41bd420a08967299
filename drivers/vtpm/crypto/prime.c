// SPDX-License-Identifier: GPL-2.0-only
/*
 * Primes for RSA. Every candidate is drawn afresh, as FIPS 186-4 B.3.3 has it,
 * so what time tells about a candidate that is thrown away tells nothing about
 * the prime that is kept; and that one goes through all divisions and all rounds
 * in a time that does not depend on it.
 */
#include "bn.h"

#define SMALL_COUNT	1024		/* odd primes to divide by, from 3 on */
#define GROUP_MAX	320		/* products of them below 2^64 */

/* A product of small primes: one pass over the candidate serves them all. */
struct group {
	u64 product;
	u64 neg_inv;			/* -1 / product mod 2^64 */
	size_t end;			/* first small prime behind the group */
};

/* x is a multiple of p when x * inv <= limit, for 64-bit x and odd p. */
struct small {
	u64 inv;			/* 1 / p mod 2^64 */
	u64 limit;			/* the largest quotient */
};

struct vt_primes {
	size_t n;			/* limbs of a prime */
	u32 e;
	unsigned int rounds;
	size_t groups;
	struct group group[GROUP_MAX];
	struct small small[SMALL_COUNT];
	u8 draw[VT_RSA_MAX_BYTES / 2];
};

/* ---- Miller-Rabin ---- */

struct tester {
	struct vt_mont mt;
	u64 *one, *minus_one;		/* in Montgomery form, reduced */
	u64 *exponent;			/* (c - 1) / 2^64 */
	u64 *base, *power, *tmp;
	u64 *exp_work;
	u64 low;			/* c - 1 mod 2^64 */
	u64 twos;			/* 2^twos divides c - 1, and no more */
};

static size_t tester_limbs(size_t n)
{
	return 6 * n + VT_MONT_WORK(n) + VT_MONT_EXP_WORK(n);
}

static void tester_init(struct tester *t, const u64 *c, size_t n, u64 *limbs)
{
	u64 bit, found = 0;

	vt_mont_init(&t->mt, c, n, limbs + 6 * n);
	t->one = limbs;
	t->minus_one = limbs + n;
	t->exponent = limbs + 2 * n;
	t->base = limbs + 3 * n;
	t->power = limbs + 4 * n;
	t->tmp = limbs + 5 * n;
	t->exp_work = limbs + 6 * n + VT_MONT_WORK(n);
	vt_mont_one(&t->mt, t->one);
	vt_bn_sub(t->minus_one, c, t->one, n);
	memcpy(t->exponent, c + 1, (n - 1) * sizeof(*c));
	t->low = c[0] - 1;
	t->twos = 0;
	for (bit = 0; bit < 64; bit++) {
		found |= vt_ct_mask(t->low >> bit & 1);
		t->twos += 1 & ~found;
	}
}

/*
 * One round: a^((c - 1) / 2^s) must be 1 or -1, or -1 must come up as that is
 * squared to a^((c - 1) / 2). The last 64 bits of c - 1 are gone through one by
 * one, always all of them, so that the time does not tell s.
 */
static u64 tester_round(struct tester *t)
{
	size_t n = t->mt.n;
	u64 pass = 0;
	u64 bit = 64;

	vt_random(t->base, n * sizeof(*t->base));
	vt_mont_exp(&t->mt, t->power, t->base, t->exponent, t->exp_work);
	while (--bit) {
		u64 is_one, is_minus_one;

		vt_mont_sqr(&t->mt, t->power, t->power);
		vt_bn_select(t->tmp, vt_ct_mask(t->low >> bit & 1), t->base, t->one, n);
		vt_mont_mul(&t->mt, t->power, t->power, t->tmp);
		memcpy(t->tmp, t->power, n * sizeof(*t->tmp));
		vt_bn_reduce_once(t->tmp, t->mt.m, n);
		is_one = vt_bn_eq(t->tmp, t->one, n);
		is_minus_one = vt_bn_eq(t->tmp, t->minus_one, n);
		pass |= is_one & vt_ct_eq(bit, t->twos);
		pass |= is_minus_one & ~vt_ct_lt(t->twos, bit);
	}
	return pass;
}

int vt_prime_test(const u64 *c, size_t n, unsigned int rounds)
{
	size_t size = tester_limbs(n) * sizeof(u64);
	u64 *limbs = kzalloc(size, GFP_KERNEL_ACCOUNT);
	struct tester t;
	bool pass = true;

	if (!limbs)
		return -ENOMEM;
	tester_init(&t, c, n, limbs);
	while (pass && rounds--)
		pass = vt_ct_reveal(tester_round(&t));
	memzero_explicit(&t, sizeof(t));
	kfree_sensitive(limbs);
	return pass;
}

/* ---- small primes ---- */

static bool small_is_prime(u32 x)
{
	u32 d;

	for (d = 3; d * d <= x; d += 2)
		if (x % d == 0)
			return false;
	return true;
}

static void small_init(struct vt_primes *g)
{
	struct group *group = g->group;
	size_t count = 0;
	u32 p;

	group->product = 1;
	for (p = 3; count < SMALL_COUNT; p += 2) {
		if (!small_is_prime(p))
			continue;
		if (group->product > U64_MAX / p) {
			group++;
			group->product = 1;
		}
		g->small[count].inv = vt_word_inv(p);
		g->small[count].limit = U64_MAX / p;
		group->product *= p;
		group->neg_inv = 0 - vt_word_inv(group->product);
		group->end = ++count;
	}
	g->groups = group - g->group + 1;
}

/*
 * @c / 2^(64 n) modulo the group's product, not fully reduced: a multiple of a
 * small prime just when @c is one. At most the product itself, so it fits.
 */
static u64 group_residue(const struct group *group, const u64 *c, size_t n)
{
	u64 r = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned __int128 s;
		u64 sum = r + c[i];

		s = (unsigned __int128)(sum * group->neg_inv) * group->product + sum;
		r = (u64)(s >> 64) + (sum < r);
	}
	return r;
}

static u64 small_divides(const struct small *p, u64 x)
{
	return ~vt_ct_mask((u64)(((unsigned __int128)p->limit - x * p->inv) >> 64) & 1);
}

/* What time tells about a candidate, it tells of one that is thrown away. */
static bool has_small_factor(const struct vt_primes *g, const u64 *c)
{
	size_t i, j = 0;

	for (i = 0; i < g->groups; i++) {
		u64 r = group_residue(&g->group[i], c, g->n);
		u64 bad = 0;

		for (; j < g->group[i].end; j++)
			bad |= small_divides(&g->small[j], r);
		if (vt_ct_reveal(bad))
			return true;
	}
	return false;
}

/* ---- the generator ---- */

/* For an error of 2^-100 at most, FIPS 186-4 table C.3 and its formula. */
static unsigned int rounds_for(size_t n)
{
	switch (64 * n) {
	case 512:
		return 7;
	case 1024:
		return 5;
	default:
		return 4;
	}
}

struct vt_primes *vt_primes_new(size_t n, u32 e)
{
	struct vt_primes *g = kzalloc(sizeof(*g), GFP_KERNEL_ACCOUNT);

	if (!g)
		return NULL;
	g->n = n;
	g->e = e;
	g->rounds = rounds_for(n);
	small_init(g);
	return g;
}

void vt_primes_free(struct vt_primes *g)
{
	kfree_sensitive(g);
}

static void draw_candidate(struct vt_primes *g, const struct vt_rng *rng, u64 *p)
{
	rng->fill(rng->ctx, g->draw, 8 * g->n);
	vt_bn_from_be(p, g->n, g->draw, 8 * g->n);
	p[g->n - 1] |= 3ULL << 62;
	p[0] |= 1;
}

int vt_primes_next(struct vt_primes *g, const struct vt_rng *rng,
		   const struct vt_cancel *cancel, u64 *p)
{
	u32 inv;
	int ret;

	for (;;) {
		if (cancel && cancel->stop(cancel->ctx))
			return -EINTR;
		draw_candidate(g, rng, p);
		if (has_small_factor(g, p))
			continue;
		/* p - 1 differs from p in the lowest bit only */
		p[0] ^= 1;
		inv = vt_bn_mod_word(p, g->n, g->e);
		p[0] ^= 1;
		if (!vt_ct_reveal(vt_word_modinv(inv, g->e, &inv)))
			continue;
		cond_resched();
		ret = vt_prime_test(p, g->n, g->rounds);
		if (ret < 0)
			return ret;
		if (ret)
			return 0;
	}
}
