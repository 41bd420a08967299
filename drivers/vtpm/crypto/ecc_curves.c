// SPDX-License-Identifier: GPL-2.0-only
/*
 * The curves: one row of vt_curves[] each. All numbers come from FIPS 186-4,
 * D.1.2, and BN_P256's from ISO/IEC 15946-5, by way of tools/gen/ecc-tables.py; a
 * wrong digit in one of them fails the self test of ECDSA.
 */
#include "ecc.h"
#include "ecc_params.h"
#include "ecc_base_p256.h"
#include "ecc_base_p384.h"

static const struct vt_ecc ecc_p256 = {
	.p = P256_FIELD_P,
	.n = P256_FIELD_N,
	.b = P256_MONT_B,
	.g = { P256_MONT_GX, P256_MONT_GY, P256_MONT_ONE },
	.base = &p256_base[0][0][0],
	.spacing = P256_SPACING,
	.digits = P256_DIGITS,
};

static const struct vt_ecc ecc_p384 = {
	.p = P384_FIELD_P,
	.n = P384_FIELD_N,
	.b = P384_MONT_B,
	.g = { P384_MONT_GX, P384_MONT_GY, P384_MONT_ONE },
	.base = &p384_base[0][0][0],
	.spacing = P384_SPACING,
	.digits = P384_DIGITS,
};

/* Without a table of its own the base point is multiplied like any other. */
static const struct vt_ecc ecc_p521 = {
	.p = P521_FIELD_P,
	.n = P521_FIELD_N,
	.b = P521_MONT_B,
	.g = { P521_MONT_GX, P521_MONT_GY, P521_MONT_ONE },
	.digits = P521_DIGITS,
};

static const struct vt_ecc ecc_bn256 = {
	.p = BN256_FIELD_P,
	.n = BN256_FIELD_N,
	.b = BN256_MONT_B,
	.a_zero = true,
	.g = { BN256_MONT_GX, BN256_MONT_GY, BN256_MONT_ONE },
	.digits = BN256_DIGITS,
};

const struct vt_curve vt_curves[VT_CURVE_COUNT] = {
	{
		.id = 0x0003, .bits = 256, .bytes = sizeof(p256_p), .impl = &ecc_p256,
		.p = p256_p, .a = p256_a, .b = p256_b, .gx = p256_gx, .gy = p256_gy, .n = p256_n,
	},
	{
		.id = 0x0004, .bits = 384, .bytes = sizeof(p384_p), .impl = &ecc_p384,
		.p = p384_p, .a = p384_a, .b = p384_b, .gx = p384_gx, .gy = p384_gy, .n = p384_n,
	},
	{
		.id = 0x0005, .bits = 521, .bytes = sizeof(p521_p), .impl = &ecc_p521,
		.p = p521_p, .a = p521_a, .b = p521_b, .gx = p521_gx, .gy = p521_gy, .n = p521_n,
	},
	{
		.id = 0x0010, .bits = 256, .bytes = sizeof(bn256_p), .impl = &ecc_bn256,
		.p = bn256_p, .a = bn256_a, .b = bn256_b, .gx = bn256_gx, .gy = bn256_gy,
		.n = bn256_n,
	},
};

/* Arrays are sized for the largest curve; a larger one must not go unseen. */
static_assert(P521_DIGITS <= VT_ECC_DIGITS);
static_assert(sizeof(p521_p) <= VT_ECC_MAX_BYTES);

const struct vt_curve *vt_curve_at(unsigned int i)
{
	return i < VT_CURVE_LISTED ? &vt_curves[i] : NULL;
}

const struct vt_curve *vt_curve_find(u16 id)
{
	unsigned int i;

	for (i = 0; i < VT_CURVE_LISTED; i++) {
		if (vt_curves[i].id == id)
			return &vt_curves[i];
	}
	return NULL;
}
