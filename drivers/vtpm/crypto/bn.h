/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Big numbers for RSA, private to bn.c, prime.c and rsa.c.
 *
 * A number is an array of 64-bit limbs, the lowest first. Its length is public;
 * no branch and no address depends on its value. All moduli are a whole number
 * of eight limbs long (512 bits), have their top bit set and are odd: RSA
 * moduli and primes of 1024, 2048, 3072 and 4096 bits are, so the arithmetic
 * works on digits of eight limbs that fit the registers of a 64-bit CPU.
 *
 * Montgomery numbers here are "almost" reduced: below R = 2^(64 n), not
 * necessarily below the modulus. vt_mont_out() gives the one true residue.
 */
#ifndef VTPM_BN_H
#define VTPM_BN_H

#include "../env.h"
#include "crypto.h"

/* The constant-time build marks here what is public by design. */
#ifndef VT_CT_PUBLIC
#define VT_CT_PUBLIC(p, n)	((void)(p), (void)(n))
#endif

#define VT_BN_DIGIT	8			/* limbs */
#define VT_BN_WINDOW	5			/* bits of the exponent at a time */
#define VT_BN_TABLE	BIT(VT_BN_WINDOW)

/* Working limbs of a struct vt_mont of n limbs: a product and two digits. */
#define VT_MONT_WORK(n)	(2 * (n) + 2 * VT_BN_DIGIT)
/* Working limbs of vt_mont_inv(), besides. */
#define VT_MONT_INV_WORK(n)	(6 * ((n) + 1))
/* Working limbs of vt_mont_exp(), besides. */
#define VT_MONT_EXP_WORK(n)	((VT_BN_TABLE + 1) * (n))

/**
 * vt_cpu_has_adx() - may the mulx, adcx and adox instructions be used?
 *
 * Given by the port. Results are the same with and without; only time differs.
 */
bool vt_cpu_has_adx(void);

/**
 * struct vt_mont - an odd modulus prepared for Montgomery multiplication
 * @m: the modulus, top bit set
 * @rr: R^2 mod @m, or NULL
 * @work: VT_MONT_WORK(@n) limbs that every operation overwrites
 * @n0: -1 / @m mod 2^64
 * @n: limbs, a multiple of VT_BN_DIGIT
 * @adx: vt_cpu_has_adx() at set-up
 */
struct vt_mont {
	const u64 *m;
	const u64 *rr;
	u64 *work;
	u64 n0;
	size_t n;
	bool adx;
};

/* ---- constant-time words: a mask is 0 or all ones ---- */

/* Keeps the compiler from learning that @x is a mask or a bit, and branching on it. */
static inline u64 vt_ct_hide(u64 x)
{
	OPTIMIZER_HIDE_VAR(x);
	return x;
}

static inline u64 vt_ct_mask(u64 bit)
{
	return vt_ct_hide(0 - bit);
}

static inline u64 vt_ct_nonzero(u64 x)
{
	return vt_ct_mask((x | (0 - x)) >> 63);
}

static inline u64 vt_ct_zero(u64 x)
{
	return ~vt_ct_nonzero(x);
}

static inline u64 vt_ct_eq(u64 a, u64 b)
{
	return vt_ct_zero(a ^ b);
}

/* a < b, for a and b below 2^63 */
static inline u64 vt_ct_lt(u64 a, u64 b)
{
	return vt_ct_mask((a - b) >> 63);
}

static inline u64 vt_ct_select(u64 mask, u64 yes, u64 no)
{
	return no ^ (mask & (yes ^ no));
}

/* The one place where a secret condition becomes a branch that all may see. */
static inline bool vt_ct_reveal(u64 mask)
{
	VT_CT_PUBLIC(&mask, sizeof(mask));
	return mask != 0;
}

/* ---- bn.c: plain numbers of n limbs ---- */

/* Big-endian bytes; @len at most 8 * @n, the limbs above are 0. */
void vt_bn_from_be(u64 *r, size_t n, const u8 *in, size_t len);
void vt_bn_to_be(u8 *out, size_t len, const u64 *a);		/* the lowest @len bytes */
u64 vt_bn_add(u64 *r, const u64 *a, const u64 *b, size_t n);	/* carry */
u64 vt_bn_sub(u64 *r, const u64 *a, const u64 *b, size_t n);	/* borrow */
u64 vt_bn_lt(const u64 *a, const u64 *b, size_t n);		/* mask */
u64 vt_bn_eq(const u64 *a, const u64 *b, size_t n);		/* mask */
u64 vt_bn_zero(const u64 *a, size_t n);				/* mask */
void vt_bn_select(u64 *r, u64 mask, const u64 *yes, const u64 *no, size_t n);
/* r = a * b, 2n limbs, apart from both. */
void vt_bn_mul(u64 *r, const u64 *a, const u64 *b, size_t n);
/* r = a * w + add; returns the limb above. */
u64 vt_bn_mul_word(u64 *r, const u64 *a, u64 w, u64 add, size_t n);
/* r -= a * w mod 2^(64 n) */
void vt_bn_submul_word(u64 *r, const u64 *a, u64 w, size_t n);
u32 vt_bn_mod_word(const u64 *a, size_t n, u32 w);
void vt_bn_shr1(u64 *a, size_t n, u64 top);			/* @top becomes the top bit */
/* r -= m when r >= m: one step, enough for any r when the top bit of m is set. */
void vt_bn_reduce_once(u64 *r, const u64 *m, size_t n);
/* inv = 1 / a mod m for a < m, m odd; mask of gcd(a, m) = 1 */
u64 vt_word_modinv(u32 a, u32 m, u32 *inv);
u64 vt_word_inv(u64 odd);					/* 1 / odd mod 2^64 */

/* ---- bn.c: modulo m ---- */

/*
 * Prepares @mt for the modulus @m. The caller keeps @m and @work (VT_MONT_WORK(@n)
 * limbs) as long as @mt. vt_mont_in() and vt_mont_in_wide() need @mt->rr, which is
 * set by vt_mont_make_rr() into @n limbs that are the caller's too, or by the caller.
 */
void vt_mont_init(struct vt_mont *mt, const u64 *m, size_t n, u64 *work);
void vt_mont_make_rr(struct vt_mont *mt, u64 *rr);
/* r = a * b / R; any of them may be the same. */
void vt_mont_mul(const struct vt_mont *mt, u64 *r, const u64 *a, const u64 *b);
void vt_mont_sqr(const struct vt_mont *mt, u64 *r, const u64 *a);
void vt_mont_one(const struct vt_mont *mt, u64 *r);		/* R mod m */
void vt_mont_in(const struct vt_mont *mt, u64 *r, const u64 *a);	/* a * R */
void vt_mont_out(const struct vt_mont *mt, u64 *r, const u64 *a);	/* a / R, below m */
/* r = a * R for a of 2n limbs. */
void vt_mont_in_wide(const struct vt_mont *mt, u64 *r, const u64 *a);
/* r = a^e, all of Montgomery form but e; e is secret, of n limbs. work: VT_MONT_EXP_WORK(n). */
void vt_mont_exp(const struct vt_mont *mt, u64 *r, const u64 *a, const u64 *e, u64 *work);
/* r = a^e for a public e > 0; r apart from a. */
void vt_mont_exp_public(const struct vt_mont *mt, u64 *r, const u64 *a, u32 e);

/* ---- bn_inv.c ---- */

/*
 * r = 1 / a in Montgomery form for a plain number a of n limbs, apart from r; the mask
 * of gcd(a, m) = 1, without which r means nothing. work: VT_MONT_INV_WORK(n).
 */
u64 vt_mont_inv(const struct vt_mont *mt, u64 *r, const u64 *a, u64 *work);

/* ---- prime.c ---- */

/**
 * vt_prime_test() - Miller-Rabin with random bases from vt_system_rng
 * @c: odd number with the top bit set
 * @n: its limbs, a multiple of VT_BN_DIGIT
 * @rounds: bases to try
 *
 * Return: 1 probably prime, 0 composite, -ENOMEM.
 */
int vt_prime_test(const u64 *c, size_t n, unsigned int rounds);

/**
 * struct vt_primes - generator of primes of one size
 *
 * Made by vt_primes_new(), good for any number of primes, wiped by
 * vt_primes_free().
 */
struct vt_primes;

struct vt_primes *vt_primes_new(size_t n, u32 e);		/* NULL: no memory */
void vt_primes_free(struct vt_primes *g);
/*
 * The next prime p of 64 n bits with gcd(p - 1, e) = 1 and its top two bits set;
 * vt_rsa_generate() says in which order candidates come. -EINTR, -ENOMEM.
 */
int vt_primes_next(struct vt_primes *g, const struct vt_rng *rng,
		   const struct vt_cancel *cancel, u64 *p);

#endif /* VTPM_BN_H */
