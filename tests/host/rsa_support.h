/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of RSA share. */
#ifndef VTPM_RSA_SUPPORT_H
#define VTPM_RSA_SUPPORT_H

#ifndef OPENSSL_SUPPRESS_DEPRECATED
#define OPENSSL_SUPPRESS_DEPRECATED
#endif
#include <openssl/bn.h>
#include <openssl/rsa.h>

#include "port-host.h"
#include "test.h"
#include "vectors.h"
#include "../../drivers/vtpm/crypto/bn.h"

/* Goes on, so that what was allocated is freed. */
#define check(cond) do {						\
	if (!(cond))							\
		test_fail(__FILE__, __LINE__, "%s", #cond);		\
} while (0)

/**
 * struct pair - an RSA key as a TPM stores it
 * @bits: of the modulus
 * @e: public exponent
 * @len: bytes of @n
 * @n: modulus
 * @p: its first factor, half as long
 */
struct pair {
	u32 bits, e;
	size_t len;
	u8 n[VT_RSA_MAX_BYTES], p[VT_RSA_MAX_BYTES / 2];
};

static inline int pair_new(const struct pair *k, struct vt_rsa_key **key)
{
	return vt_rsa_key_new(k->n, k->len, k->e, k->p, k->len / 2, key);
}

#endif /* VTPM_RSA_SUPPORT_H */
