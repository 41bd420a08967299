// SPDX-License-Identifier: GPL-2.0-only
/* The backend that keeps keys in the instance's own memory. */
#include "key.h"

/* TPM_ALG_ID (Part 2, 6.3) */
enum { KEY_RSA = 0x0001, KEY_ECC = 0x0023 };

/**
 * struct vt_key - an opened private key; it does not change once open
 * @rsa: RSA; NULL for ECC
 * @curve: ECC; NULL for RSA
 * @d: ECC: the private scalar
 */
struct vt_key {
	struct vt_rsa_key *rsa;
	const struct vt_curve *curve;
	u8 d[VT_ECC_MAX_BYTES];
};

static int generate_rsa(const struct vt_key_params *p, const struct vt_rng *rng,
			const struct vt_cancel *cancel, struct vt_key_pair *pair)
{
	pair->x_len = p->bits / 8;
	pair->y_len = 0;
	pair->d_len = pair->x_len / 2;
	return vt_rsa_generate(p->bits, p->exponent, rng, cancel, pair->x, pair->d);
}

static int generate_ecc(const struct vt_key_params *p, const struct vt_rng *rng,
			struct vt_key_pair *pair)
{
	pair->x_len = p->curve->bytes;
	pair->y_len = p->curve->bytes;
	pair->d_len = p->curve->bytes;
	return vt_ecc_generate(p->curve, rng, pair->d, pair->x, pair->y);
}

static bool valid_params(const struct vt_key_params *p)
{
	switch (p->type) {
	case KEY_RSA:
		return p->bits && p->bits <= VT_RSA_MAX_BITS && p->bits % 16 == 0;
	case KEY_ECC:
		return !!p->curve;
	default:
		return false;
	}
}

static int software_generate(const struct vt_key_params *p, const struct vt_rng *rng,
			     const struct vt_cancel *cancel, struct vt_key_pair *pair)
{
	int err;

	if (!valid_params(p))
		return -EINVAL;
	if (p->curve)
		err = generate_ecc(p, rng, pair);
	else
		err = generate_rsa(p, rng, cancel, pair);
	if (err)
		memzero_explicit(pair, sizeof(*pair));
	return err;
}

/* A pair may come without its public point; then there is nothing to compare. */
static int check_public(const struct vt_curve *curve, const struct vt_key_pair *pair)
{
	u8 x[VT_ECC_MAX_BYTES], y[VT_ECC_MAX_BYTES];
	int err;

	if (!pair->x_len)
		return vt_ecc_check_scalar(curve, pair->d);
	if (pair->x_len != curve->bytes || pair->y_len != curve->bytes)
		return -EINVAL;
	err = vt_ecc_make_public(curve, pair->d, x, y);	/* checks the scalar, too */
	if (err)
		return err;
	if (crypto_memneq(x, pair->x, curve->bytes) || crypto_memneq(y, pair->y, curve->bytes))
		return -EINVAL;
	return 0;
}

static int open_ecc(const struct vt_key_params *p, const struct vt_key_pair *pair,
		    struct vt_key *key)
{
	int err;

	if (pair->d_len != p->curve->bytes)
		return -EINVAL;
	err = check_public(p->curve, pair);
	if (err)
		return err;
	key->curve = p->curve;
	memcpy(key->d, pair->d, pair->d_len);
	return 0;
}

static int open_rsa(const struct vt_key_params *p, const struct vt_key_pair *pair,
		    struct vt_key *key)
{
	if (pair->x_len != p->bits / 8 || pair->d_len != pair->x_len / 2)
		return -EINVAL;
	return vt_rsa_key_new(pair->x, pair->x_len, p->exponent, pair->d, pair->d_len, &key->rsa);
}

static int software_open(const struct vt_key_params *p, const struct vt_key_pair *pair,
			 struct vt_key **key)
{
	struct vt_key *k;
	int err;

	if (!valid_params(p))
		return -EINVAL;
	k = vt_alloc(NULL, sizeof(*k));
	if (!k)
		return -ENOMEM;
	err = p->curve ? open_ecc(p, pair, k) : open_rsa(p, pair, k);
	if (err) {
		vt_free(NULL, k);
		return err;
	}
	*key = k;
	return 0;
}

static void software_close(struct vt_key *key)
{
	if (!key)
		return;
	vt_rsa_key_free(key->rsa);
	vt_free(NULL, key);
}

static int software_rsa_private(struct vt_key *key, const u8 *in, u8 *out)
{
	return key->rsa ? vt_rsa_private(key->rsa, in, out) : -EINVAL;
}

static int software_ecdh(struct vt_key *key, const u8 *px, const u8 *py, u8 *zx, u8 *zy)
{
	return key->curve ? vt_ecdh(key->curve, key->d, px, py, zx, zy) : -EINVAL;
}

static int software_ecdsa_sign(struct vt_key *key, const u8 *digest, size_t len, u8 *r, u8 *s)
{
	if (!key->curve)
		return -EINVAL;
	return vt_ecdsa_sign(key->curve, key->d, digest, len, &vt_system_rng, r, s);
}

static int software_ecschnorr_sign(struct vt_key *key, const struct vt_hash_alg *alg,
				   const u8 *digest, size_t len, u8 *r, u8 *s)
{
	if (!key->curve)
		return -EINVAL;
	return vt_ecschnorr_sign(key->curve, key->d, alg, digest, len, &vt_system_rng, r, s);
}

static int software_ecdaa_sign(struct vt_key *key, const u8 *commit, const struct vt_hash_alg *alg,
			       const u8 *digest, size_t len, u8 *k, u8 *s)
{
	if (!key->curve)
		return -EINVAL;
	return vt_ecdaa_sign(key->curve, key->d, commit, alg, digest, len, &vt_system_rng, k, s);
}

const struct vt_key_ops vt_key_software = {
	.name = "software",
	.generate = software_generate,
	.open = software_open,
	.close = software_close,
	.rsa_private = software_rsa_private,
	.ecdh = software_ecdh,
	.ecdsa_sign = software_ecdsa_sign,
	.ecschnorr_sign = software_ecschnorr_sign,
	.ecdaa_sign = software_ecdaa_sign,
};
