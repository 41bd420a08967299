// SPDX-License-Identifier: GPL-2.0-only
/*
 * RSA: the public operation, private keys with their CRT values, and key
 * generation. The private operation runs in constant time on blinded numbers
 * and releases nothing that the public exponent does not confirm.
 */
#include "bn.h"

/**
 * struct vt_rsa_key - a private key; read-only once made
 * @half: limbs of a prime; the modulus has twice as many
 * @e: public exponent
 * @limb: the numbers below, at multiples of @half
 */
struct vt_rsa_key {
	size_t half;
	u32 e;
	u64 limb[];
};

/* Where a number begins in vt_rsa_key.limb, in halves. RR_x is R^2 mod x. */
enum {
	N = 0,
	RR_N = 2,
	P = 4,
	Q,
	RR_P,
	RR_Q,
	DP,
	DQ,
	QINV,
	KEY_HALVES
};

static const u64 *part(const struct vt_rsa_key *key, size_t which)
{
	return key->limb + which * key->half;
}

static u64 *part_mut(struct vt_rsa_key *key, size_t which)
{
	return key->limb + which * key->half;
}

static u64 *limbs_alloc(size_t count)
{
	return kzalloc(count * sizeof(u64), GFP_KERNEL_ACCOUNT);
}

static bool length_ok(size_t n_len)
{
	return n_len == 128 || n_len == 256 || n_len == 384 || n_len == 512;
}

/* Everything here is public. */
static bool public_ok(const u8 *n, size_t n_len, u32 e)
{
	return length_ok(n_len) && n[0] >= 0x80 && n[n_len - 1] & 1 && e >= 3 && e & 1;
}

/* ---- public operation ---- */

/* out = in^e mod m; @in below m; all public. */
static void public_power(struct vt_mont *mt, u64 *out, u64 *in, u32 e)
{
	vt_mont_in(mt, in, in);
	vt_mont_exp_public(mt, out, in, e);
	vt_mont_out(mt, out, out);
}

int vt_rsa_public(const u8 *n, size_t n_len, u32 e, const u8 *in, u8 *out)
{
	size_t limbs = n_len / 8;
	struct vt_mont mt;
	u64 *w, *m, *x, *y;
	int ret = -EINVAL;

	if (!public_ok(n, n_len, e))
		return -EINVAL;
	w = limbs_alloc(4 * limbs + VT_MONT_WORK(limbs));
	if (!w)
		return -ENOMEM;
	m = w;
	x = w + limbs;
	y = w + 2 * limbs;
	vt_bn_from_be(m, limbs, n, n_len);
	vt_bn_from_be(x, limbs, in, n_len);
	if (vt_ct_reveal(vt_bn_lt(x, m, limbs))) {
		vt_mont_init(&mt, m, limbs, w + 4 * limbs);
		vt_mont_make_rr(&mt, w + 3 * limbs);
		public_power(&mt, y, x, e);
		vt_bn_to_be(out, n_len, y);
		ret = 0;
	}
	kfree_sensitive(w);
	return ret;
}

/* ---- making a private key ---- */

/* q = n / p for an exact quotient, limb by limb from the lowest; t is of n limbs. */
static void exact_quotient(u64 *q, const u64 *a, const u64 *p, size_t n, u64 *t)
{
	u64 inv = vt_word_inv(p[0]);
	size_t i;

	memcpy(t, a, n * sizeof(*a));
	for (i = 0; i < n; i++) {
		q[i] = t[i] * inv;
		vt_bn_submul_word(t + i, p, q[i], n - i);
	}
}

/*
 * d = 1 / e mod (p - 1), minus 1 as rsa_half() wants it. With k = -1 / (p - 1) mod e
 * the number 1 + k (p - 1) is a multiple of e, and d is the quotient. Returns a
 * mask: is there such a d?
 */
static u64 crt_exponent(u64 *d, const u64 *p, u32 e, size_t n, u64 *t)
{
	u64 einv = vt_word_inv(e);
	u64 borrow = 0, ok;
	u32 k;
	size_t i;

	memcpy(t, p, n * sizeof(*p));
	t[0] ^= 1;
	ok = vt_word_modinv(vt_bn_mod_word(t, n, e), e, &k);
	vt_bn_mul_word(t, t, e - k, 1, n);
	for (i = 0; i < n; i++) {
		unsigned __int128 s = (unsigned __int128)t[i] - borrow;

		d[i] = (u64)s * einv;
		borrow = (u64)(((unsigned __int128)d[i] * e) >> 64) + ((u64)(s >> 64) & 1);
	}
	memset(t, 0, n * sizeof(*t));
	t[0] = 1;
	vt_bn_sub(d, d, t, n);
	return ok;
}

/* 1 / q mod p in Montgomery form; the mask says whether there is one. */
static u64 crt_coefficient(struct vt_rsa_key *key, u64 *work)
{
	size_t n = key->half;
	struct vt_mont mt;

	vt_mont_init(&mt, part(key, P), n, work + VT_MONT_INV_WORK(n));
	mt.rr = part(key, RR_P);
	return vt_mont_inv(&mt, part_mut(key, QINV), part(key, Q), work);
}

static void key_rr(struct vt_rsa_key *key, size_t modulus, size_t limbs, size_t rr, u64 *work)
{
	struct vt_mont mt;

	vt_mont_init(&mt, part(key, modulus), limbs, work);
	vt_mont_make_rr(&mt, part_mut(key, rr));
}

static size_t key_work(size_t half)
{
	return VT_MONT_INV_WORK(half) + VT_MONT_WORK(2 * half);
}

/* Fills in all the rest from n, p and e; -EINVAL when they do not belong together. */
static int key_complete(struct vt_rsa_key *key, u64 *work)
{
	size_t half = key->half;
	const u64 *p = part(key, P), *q = part(key, Q);
	u64 ok;

	exact_quotient(part_mut(key, Q), part(key, N), p, half, work);
	vt_bn_mul(work, p, q, half);
	ok = vt_bn_eq(work, part(key, N), 2 * half);
	ok &= crt_exponent(part_mut(key, DP), p, key->e, half, work);
	ok &= crt_exponent(part_mut(key, DQ), q, key->e, half, work);
	if (!vt_ct_reveal(ok))
		return -EINVAL;
	key_rr(key, N, 2 * half, RR_N, work);
	key_rr(key, P, half, RR_P, work);
	key_rr(key, Q, half, RR_Q, work);
	return vt_ct_reveal(crt_coefficient(key, work)) ? 0 : -EINVAL;
}

int vt_rsa_key_new(const u8 *n, size_t n_len, u32 e, const u8 *p, size_t p_len,
		   struct vt_rsa_key **key)
{
	size_t half = n_len / 16;
	struct vt_rsa_key *k;
	u64 *work;
	int ret = -ENOMEM;

	if (!public_ok(n, n_len, e) || p_len != n_len / 2)
		return -EINVAL;
	if (!vt_ct_reveal(vt_ct_mask(p[0] >> 7 & p[p_len - 1] & 1)))
		return -EINVAL;
	k = kzalloc(struct_size(k, limb, KEY_HALVES * half), GFP_KERNEL_ACCOUNT);
	work = limbs_alloc(key_work(half));
	if (k && work) {
		k->half = half;
		k->e = e;
		vt_bn_from_be(part_mut(k, N), 2 * half, n, n_len);
		vt_bn_from_be(part_mut(k, P), half, p, p_len);
		ret = key_complete(k, work);
	}
	kfree_sensitive(work);
	if (ret)
		vt_rsa_key_free(k);
	else
		*key = k;
	return ret;
}

void vt_rsa_key_free(struct vt_rsa_key *key)
{
	kfree_sensitive(key);
}

size_t vt_rsa_key_bytes(const struct vt_rsa_key *key)
{
	return ksize(key);
}

/* ---- private operation ---- */

/* Working numbers of one private operation, all in one allocation. */
struct private_op {
	const struct vt_rsa_key *key;
	size_t half;
	u64 *c;			/* the input, 2 halves */
	u64 *s;			/* the result, 2 halves */
	u64 *sp, *sq;		/* the result mod p and mod q */
	u64 *t, *u, *v, *z;	/* for rsa_half(); as two doubles for rsa_confirm() */
	u64 *exp_work;
	u64 *work;
};

static size_t private_limbs(size_t half)
{
	return 10 * half + VT_MONT_EXP_WORK(half) + VT_MONT_WORK(2 * half);
}

static void private_init(struct private_op *op, const struct vt_rsa_key *key, u64 *limbs)
{
	size_t half = key->half;

	op->key = key;
	op->half = half;
	op->c = limbs;
	op->s = limbs + 2 * half;
	op->sp = limbs + 4 * half;
	op->sq = limbs + 5 * half;
	op->t = limbs + 6 * half;
	op->u = limbs + 7 * half;
	op->v = limbs + 8 * half;
	op->z = limbs + 9 * half;
	op->exp_work = limbs + 10 * half;
	op->work = op->exp_work + VT_MONT_EXP_WORK(half);
}

/*
 * out = c^d mod p, blinded by a random t: with z = c t^e,
 *
 *	z^(d - 1) * c * t^(e - 1) = z^d / t = c^d
 *
 * so no inverse of t is needed. The exponentiation sees z, which is uniform; what
 * comes before and after it takes 17 squarings for the usual e. A t that is 0
 * mod p never happens, and would be found by rsa_confirm().
 */
static void rsa_half(struct private_op *op, u64 *out, size_t prime, size_t rr, size_t d)
{
	const struct vt_rsa_key *key = op->key;
	struct vt_mont mt;

	vt_mont_init(&mt, part(key, prime), op->half, op->work);
	mt.rr = part(key, rr);
	vt_mont_in_wide(&mt, op->v, op->c);
	vt_random(op->t, op->half * sizeof(u64));
	vt_mont_exp_public(&mt, op->u, op->t, key->e - 1);
	vt_mont_mul(&mt, op->u, op->u, op->v);
	vt_mont_mul(&mt, op->z, op->u, op->t);
	vt_mont_exp(&mt, out, op->z, part(key, d), op->exp_work);
	vt_mont_mul(&mt, out, out, op->u);
	vt_mont_out(&mt, out, out);
	memzero_explicit(&mt, sizeof(mt));
}

/* s = sq + q * ((sp - sq) / q mod p) */
static void rsa_recombine(struct private_op *op)
{
	const struct vt_rsa_key *key = op->key;
	const u64 *p = part(key, P);
	size_t n = op->half;
	struct vt_mont mt;
	u64 mask;

	/* p and q have the same length: one subtraction brings sq below p. */
	memcpy(op->t, op->sq, n * sizeof(u64));
	vt_bn_reduce_once(op->t, p, n);
	mask = vt_ct_mask(vt_bn_sub(op->t, op->sp, op->t, n));
	vt_bn_add(op->u, op->t, p, n);
	vt_bn_select(op->t, mask, op->u, op->t, n);
	vt_mont_init(&mt, p, n, op->work);
	vt_mont_mul(&mt, op->t, op->t, part(key, QINV));
	vt_bn_reduce_once(op->t, p, n);
	vt_bn_mul(op->s, op->t, part(key, Q), n);
	/* t lies behind sq, and has done its part */
	memset(op->t, 0, n * sizeof(u64));
	vt_bn_add(op->s, op->s, op->sq, 2 * n);
	memzero_explicit(&mt, sizeof(mt));
}

/* A fault in one half of the CRT would give the factors away: s^e must be c. */
static bool rsa_confirm(struct private_op *op)
{
	size_t n = 2 * op->half;
	u64 *x = op->t, *y = op->v;
	struct vt_mont mt;

	vt_mont_init(&mt, part(op->key, N), n, op->work);
	mt.rr = part(op->key, RR_N);
	memcpy(x, op->s, n * sizeof(*x));
	public_power(&mt, y, x, op->key->e);
	return vt_ct_reveal(vt_bn_eq(y, op->c, n));
}

int vt_rsa_private(const struct vt_rsa_key *key, const u8 *in, u8 *out)
{
	size_t n_len = 16 * key->half;
	struct private_op op;
	int ret = -EINVAL;
	u64 *limbs = limbs_alloc(private_limbs(key->half));

	if (!limbs)
		return -ENOMEM;
	private_init(&op, key, limbs);
	vt_bn_from_be(op.c, 2 * op.half, in, n_len);
	if (vt_ct_reveal(vt_bn_lt(op.c, part(key, N), 2 * op.half))) {
		rsa_half(&op, op.sp, P, RR_P, DP);
		rsa_half(&op, op.sq, Q, RR_Q, DQ);
		rsa_recombine(&op);
		ret = -EIO;
		if (rsa_confirm(&op)) {
			vt_bn_to_be(out, n_len, op.s);
			ret = 0;
		}
	}
	kfree_sensitive(limbs);
	return ret;
}

/* ---- key generation ---- */

/* |p - q| >= 2^(bits of p - 99), after FIPS 186-4 B.3.3 step 5.4 */
static bool far_apart(const u64 *p, const u64 *q, size_t n, u64 *t)
{
	u64 mask = vt_bn_lt(p, q, n);

	vt_bn_sub(t, p, q, n);
	vt_bn_sub(t + n, q, p, n);
	vt_bn_select(t, mask, t + n, t, n);
	return vt_ct_reveal(vt_ct_nonzero(t[n - 1] | t[n - 2] >> 29));
}

/*
 * g = gcd(a, b) by steps of fixed number, a any and b odd; both are destroyed. The
 * work is n limbs.
 */
static void gcd_odd(u64 *a, u64 *b, size_t n, u64 *t)
{
	size_t i;

	for (i = 0; i < 128 * n; i++) {
		u64 odd = vt_ct_mask(a[0] & 1);
		u64 less = odd & vt_bn_lt(a, b, n);

		vt_bn_select(t, less, a, b, n);		/* the smaller, if a is odd */
		vt_bn_select(a, less, b, a, n);
		memcpy(b, t, n * sizeof(*t));
		vt_bn_sub(t, a, b, n);
		vt_bn_select(a, odd, t, a, n);
		vt_bn_shr1(a, n, 0);
	}
}

/*
 * d = 1 / e mod lcm(p - 1, q - 1) must exceed 2^(bits of p). It does when
 * gcd(p - 1, q - 1) is below 2^(bits of p - 64), as e is below 2^32.
 */
static bool exponent_long(const u64 *p, const u64 *q, size_t n, u64 *t)
{
	u64 *a = t, *b = t + n;
	int i;

	memcpy(a, p, n * sizeof(*p));
	memcpy(b, q, n * sizeof(*q));
	a[0] ^= 1;
	b[0] ^= 1;
	for (i = 0; i < 64; i++) {
		u64 even = ~vt_ct_mask(b[0] & 1);

		memcpy(t + 2 * n, b, n * sizeof(*b));
		vt_bn_shr1(t + 2 * n, n, 0);
		vt_bn_select(b, even, t + 2 * n, b, n);
	}
	gcd_odd(a, b, n, t + 2 * n);
	/* The factors of two that b lost are fewer than 64: hence two limbs. */
	return vt_ct_reveal(vt_ct_zero(b[n - 1] | b[n - 2]));
}

static int find_pair(struct vt_primes *g, size_t n, const struct vt_rng *rng,
		     const struct vt_cancel *cancel, u64 *p, u64 *q, u64 *t)
{
	int ret = vt_primes_next(g, rng, cancel, p);

	while (!ret) {
		ret = vt_primes_next(g, rng, cancel, q);
		if (!ret && far_apart(p, q, n, t) && exponent_long(p, q, n, t))
			break;
	}
	return ret;
}

/**
 * vt_rsa_generate() - make an RSA key
 * @bits: 1024, 2048, 3072 or 4096
 * @e: public exponent, odd, at least 3
 * @rng: where the primes come from, byte for byte; nothing else decides them
 * @cancel: asked before each candidate; may be NULL
 * @n: gets the modulus, @bits / 8 bytes
 * @p: gets the first prime, @bits / 16 bytes
 *
 * Keys derived from seeds depend on this order, which never changes:
 *
 *  1. A candidate is @bits / 16 bytes of @rng, the first the most significant,
 *     with its two top bits and its lowest bit set. @rng is asked for exactly
 *     one candidate at a time, and for nothing else.
 *  2. A candidate is p when it is prime and gcd(candidate - 1, @e) is 1; otherwise
 *     the next one is drawn.
 *  3. q is drawn in the same way, from where p's last candidate ended. It is
 *     drawn anew while |p - q| < 2^(bits of p - 99) or the two topmost limbs (128
 *     bits) of gcd(p - 1, odd part of q - 1) are not 0.
 *
 * "Prime" is decided by Miller-Rabin with bases from vt_system_rng, so with a
 * probability below 2^-100 the answer is wrong.
 *
 * Return: 0, -EINVAL, -ENOMEM, or -EINTR when @cancel says so.
 */
int vt_rsa_generate(u32 bits, u32 e, const struct vt_rng *rng, const struct vt_cancel *cancel,
		    u8 *n, u8 *p)
{
	size_t half = bits / 128;
	struct vt_primes *g;
	u64 *w;
	int ret = -ENOMEM;

	if (bits % 8 || !length_ok(bits / 8) || e < 3 || !(e & 1))
		return -EINVAL;
	g = vt_primes_new(half, e);
	w = limbs_alloc(5 * half);
	if (g && w)
		ret = find_pair(g, half, rng, cancel, w, w + half, w + 2 * half);
	if (!ret) {
		vt_bn_to_be(p, bits / 16, w);
		vt_bn_mul(w + 2 * half, w, w + half, half);
		vt_bn_to_be(n, bits / 8, w + 2 * half);
		VT_CT_PUBLIC(n, bits / 8);
	}
	kfree_sensitive(w);
	vt_primes_free(g);
	return ret;
}
