// SPDX-License-Identifier: GPL-2.0-only
/*
 * T17: what an ECDSA signature costs must not depend on how many leading zero
 * bits its nonce has. Under callgrind, which counts instructions: each call
 * leaves a file, named by what was called, that ct-run compares.
 */
#include <valgrind/callgrind.h>

#include "test.h"
#include "tpm.h"

/* A nonce k is (c mod (n - 1)) + 1 for the bytes c that the generator draws. */
struct nonce {
	unsigned int zeros;
	unsigned int bits;
	u64 state;
};

static u8 noise(struct nonce *n)
{
	n->state = n->state * 6364136223846793005ull + 1442695040888963407ull;
	return n->state >> 56;
}

/* As many zero bits as wanted in a number of n's length, a one, then noise. */
static noinline void draw(struct nonce *n, u8 *out, size_t len)
{
	unsigned int first = len * 8 - n->bits + n->zeros, i;

	for (i = 0; i < len; i++)
		out[i] = i * 8 + 8 <= first ? 0 : noise(n);
	out[first / 8] &= 0xff >> first % 8;
	out[first / 8] |= 0x80 >> first % 8;
	if (!n->zeros)		/* stays below n, whose top bits are ones */
		out[first / 8] &= 0xbf;
}

/* What the generator does is not the signature's. callgrind counts whole blocks, so it is apart. */
static void fill_nonce(void *ctx, u8 *out, size_t len)
{
	CALLGRIND_TOGGLE_COLLECT;
	draw(ctx, out, len);
	CALLGRIND_TOGGLE_COLLECT;
}

static int sign(const struct vt_curve *c, const u8 *d, unsigned int zeros, u8 *r, u8 *s)
{
	struct nonce n = { .zeros = zeros, .bits = c->bits, .state = zeros + 1 };
	const struct vt_rng rng = { .fill = fill_nonce, .ctx = &n };
	u8 digest[32] = { 5 };
	int rc;

	CALLGRIND_TOGGLE_COLLECT;
	rc = vt_ecdsa_sign(c, d, digest, sizeof(digest), &rng, r, s);
	CALLGRIND_TOGGLE_COLLECT;
	return rc;
}

/* The control: a loop that ends with the highest bit, as a careless ladder does. */
static noinline void leaking(unsigned int zeros)
{
	volatile unsigned int sink = 0;
	u64 k = ~0ull >> 1 >> zeros;

	CALLGRIND_TOGGLE_COLLECT;
	for (; k; k >>= 1)
		sink++;
	CALLGRIND_TOGGLE_COLLECT;
}

static int count(const struct vt_curve *c, const char *name)
{
	static const unsigned int zeros[] = { 1, 0, 2, 3, 4, 5, 8, 12, 16, 24, 32, 48, 63, 64 };
	u8 d[VT_ECC_MAX_BYTES], x[VT_ECC_MAX_BYTES], y[VT_ECC_MAX_BYTES];
	u8 r[VT_ECC_MAX_BYTES], s[VT_ECC_MAX_BYTES];
	char dump[64];
	unsigned int i;

	if (vt_ecc_generate(c, &vt_system_rng, d, x, y) || sign(c, d, 0, r, s))
		return 1;
	CALLGRIND_ZERO_STATS;	/* the first call paid for the allocator's beginning */
	for (i = 0; i < ARRAY_SIZE(zeros); i++) {
		u8 digest[32] = { 5 };

		if (sign(c, d, zeros[i], r, s))
			return 1;
		snprintf(dump, sizeof(dump), "%s %u", name, zeros[i]);
		CALLGRIND_DUMP_STATS_AT(dump);
		if (vt_ecdsa_verify(c, x, y, digest, sizeof(digest), r, s))
			return 1;
	}
	return 0;
}

int main(void)
{
	unsigned int i;

	if (!RUNNING_ON_VALGRIND)
		return 1;
	if (count(vt_curve_find(TPM_ECC_NIST_P256), "p256") ||
	    count(vt_curve_find(TPM_ECC_NIST_P384), "p384"))
		return 1;
	for (i = 0; i < 8; i++) {
		char dump[64];

		leaking(8 * i);
		snprintf(dump, sizeof(dump), "control %u", 8 * i);
		CALLGRIND_DUMP_STATS_AT(dump);
	}
	return 0;
}
