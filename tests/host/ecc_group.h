/* SPDX-License-Identifier: GPL-2.0-only */
/* A curve of the engine as OpenSSL has it. */
#ifndef VTPM_ECC_GROUP_H
#define VTPM_ECC_GROUP_H

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "../../drivers/vtpm/crypto/crypto.h"

/* The curves that OpenSSL has by name; of any other it has to be told. */
static inline EC_GROUP *ecc_group(const struct vt_curve *c)
{
	BIGNUM *n[6];
	const u8 *from[6] = { c->p, c->a, c->b, c->gx, c->gy, c->n };
	EC_GROUP *g;
	EC_POINT *base;
	bool ok;

	switch (c->id) {
	case 0x0003:
		return EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	case 0x0004:
		return EC_GROUP_new_by_curve_name(NID_secp384r1);
	case 0x0005:
		return EC_GROUP_new_by_curve_name(NID_secp521r1);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(n); i++)
		n[i] = BN_bin2bn(from[i], c->bytes, NULL);
	g = EC_GROUP_new_curve_GFp(n[0], n[1], n[2], NULL);
	base = EC_POINT_new(g);
	ok = EC_POINT_set_affine_coordinates(g, base, n[3], n[4], NULL) &&
	     EC_GROUP_set_generator(g, base, n[5], BN_value_one()) && EC_GROUP_check(g, NULL);
	EC_POINT_free(base);
	for (unsigned int i = 0; i < ARRAY_SIZE(n); i++)
		BN_free(n[i]);
	if (ok)
		return g;
	EC_GROUP_free(g);
	return NULL;
}

#endif /* VTPM_ECC_GROUP_H */
