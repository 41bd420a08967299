/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KeyManagement: asymmetric keys behind one ops table. The engine never sees
 * how a key is kept; "software" holds it in the instance, other backends may
 * hold it in a chip. Numbers are big-endian and as long as the modulus, half
 * the modulus, or the curve's coordinate.
 *
 * Errors are those of crypto/crypto.h. Functions may sleep and are called
 * without the instance's lock.
 */
#ifndef VTPM_KEY_H
#define VTPM_KEY_H

#include "../crypto/crypto.h"

struct vt_key;

/**
 * struct vt_key_params - what kind of key
 * @type: TPM_ALG_RSA or TPM_ALG_ECC
 * @bits: RSA: of the modulus
 * @exponent: RSA: public exponent
 * @curve: ECC: the curve
 */
struct vt_key_params {
	u16 type;
	u16 bits;
	u32 exponent;
	const struct vt_curve *curve;
};

/**
 * struct vt_key_pair - a key in the clear; wipe after use
 * @x: RSA modulus, or x of the public point
 * @y: y of the public point
 * @d: RSA first prime, or the private scalar
 * @x_len: bytes of @x; likewise @y_len, @d_len
 */
struct vt_key_pair {
	u16 x_len, y_len, d_len;
	u8 x[VT_RSA_MAX_BYTES];
	u8 y[VT_ECC_MAX_BYTES];
	u8 d[VT_RSA_MAX_BYTES / 2];
};

/**
 * struct vt_key_ops - one backend
 * @name: as policy texts name it
 * @generate: a new key from @rng; -EINTR when cancelled
 * @open: a key ready for use from its stored pair; -EINVAL when the private
 *	part does not belong to the public one
 * @close: wipes it; NULL is fine
 * @rsa_private: out = in^d mod n, constant time
 * @ecdh: z = d * point, the point checked first
 * @ecdsa_sign: r and s, each as long as the curve's order
 * @ecschnorr_sign: likewise, EC Schnorr with @alg
 * @ecdaa_sign: likewise, ECDAA with @alg; @commit is the number of the first step
 */
struct vt_key_ops {
	const char *name;
	int (*generate)(const struct vt_key_params *p, const struct vt_rng *rng,
			const struct vt_cancel *cancel, struct vt_key_pair *pair);
	int (*open)(const struct vt_key_params *p, const struct vt_key_pair *pair,
		    struct vt_key **key);
	void (*close)(struct vt_key *key);
	int (*rsa_private)(struct vt_key *key, const u8 *in, u8 *out);
	int (*ecdh)(struct vt_key *key, const u8 *px, const u8 *py, u8 *zx, u8 *zy);
	int (*ecdsa_sign)(struct vt_key *key, const u8 *digest, size_t len, u8 *r, u8 *s);
	int (*ecschnorr_sign)(struct vt_key *key, const struct vt_hash_alg *alg, const u8 *digest,
			      size_t len, u8 *r, u8 *s);
	int (*ecdaa_sign)(struct vt_key *key, const u8 *commit, const struct vt_hash_alg *alg,
			  const u8 *digest, size_t len, u8 *k, u8 *s);
};

extern const struct vt_key_ops vt_key_software;

#endif /* VTPM_KEY_H */
