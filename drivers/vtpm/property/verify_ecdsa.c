// SPDX-License-Identifier: GPL-2.0-only
/*
 * ECDSA for the kernel's X.509 and PKCS#7 code, on kernels that were built
 * without (Debian 12's is one), so that trusted parties may have P-256 and
 * P-384 keys there too. Those parsers ask the crypto API for "ecdsa-nist-p256";
 * here it gets our own verification under that name. A kernel that has
 * CONFIG_CRYPTO_ECDSA uses its own, and this file is empty.
 */
#include "verify.h"
#include "../crypto/crypto.h"

#if !IS_ENABLED(CONFIG_CRYPTO_ECDSA) && defined(VT_AKCIPHER_VERIFIES)

#include <crypto/internal/akcipher.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#define MAX_SIGNATURE	(2 * VT_ECC_MAX_BYTES + 16)	/* DER of two integers */

/**
 * struct ecdsa_key - a public key in use
 * @curve: its curve
 * @set: there is a key
 * @x: of the point
 * @y: of the point
 */
struct ecdsa_key {
	const struct vt_curve *curve;
	bool set;
	u8 x[VT_ECC_MAX_BYTES];
	u8 y[VT_ECC_MAX_BYTES];
};

/* An uncompressed point, as certificates have it. */
static int set_pub_key(struct crypto_akcipher *tfm, const void *key, unsigned int len)
{
	struct ecdsa_key *k = akcipher_tfm_ctx(tfm);
	unsigned int n = k->curve->bytes;
	const u8 *p = key;

	k->set = false;
	if (len != 1 + 2 * n || p[0] != 4)
		return -EINVAL;
	memcpy(k->x, p + 1, n);
	memcpy(k->y, p + 1 + n, n);
	if (vt_ecc_check_point(k->curve, k->x, k->y))
		return -EINVAL;
	k->set = true;
	return 0;
}

/*
 * A positive INTEGER of at most @n bytes off the front of *@p, to @n bytes.
 * Lengths below 128 alone: no number here is that long.
 */
static bool get_integer(const u8 **p, const u8 *end, u8 *out, unsigned int n)
{
	const u8 *v = *p + 2;
	unsigned int len;

	if (end - *p < 3 || (*p)[0] != 0x02)
		return false;
	len = (*p)[1];
	if (!len || len >= 0x80 || len > end - v || v[0] & 0x80)
		return false;
	*p = v + len;
	if (!v[0]) {
		v++;
		len--;
	}
	if (len > n)
		return false;
	memset(out, 0, n - len);
	memcpy(out + n - len, v, len);
	return true;
}

/* SEQUENCE of two integers; that of P-384 may have a length of two bytes. */
static bool get_signature(const u8 *p, unsigned int len, u8 *r, u8 *s, unsigned int n)
{
	const u8 *end = p + len;
	unsigned int skip;

	if (len < 4 || p[0] != 0x30)
		return false;
	skip = p[1] == 0x81 ? 3 : 2;
	if (p[skip - 1] != len - skip || (skip == 2 && p[1] >= 0x80))
		return false;
	p += skip;
	return get_integer(&p, end, r, n) && get_integer(&p, end, s, n) && p == end;
}

static int verify(struct akcipher_request *req)
{
	struct ecdsa_key *k = akcipher_tfm_ctx(crypto_akcipher_reqtfm(req));
	u8 buf[MAX_SIGNATURE + VT_MAX_DIGEST], r[VT_ECC_MAX_BYTES], s[VT_ECC_MAX_BYTES];
	unsigned int all = req->src_len + req->dst_len;
	int rc;

	if (!k->set || req->src_len > MAX_SIGNATURE || req->dst_len > VT_MAX_DIGEST)
		return -EINVAL;
	if (sg_pcopy_to_buffer(req->src, sg_nents_for_len(req->src, all), buf, all, 0) != all)
		return -EINVAL;
	if (!get_signature(buf, req->src_len, r, s, k->curve->bytes))
		return -EBADMSG;
	rc = vt_ecdsa_verify(k->curve, k->x, k->y, buf + req->src_len, req->dst_len, r, s);
	return rc == -EBADMSG || rc == -EINVAL ? -EKEYREJECTED : rc;
}

static unsigned int max_size(struct crypto_akcipher *tfm)
{
	struct ecdsa_key *k = akcipher_tfm_ctx(tfm);

	return k->curve->bytes;
}

static int init_p256(struct crypto_akcipher *tfm)
{
	struct ecdsa_key *k = akcipher_tfm_ctx(tfm);

	k->curve = vt_curve_find(0x0003);
	return k->curve ? 0 : -EINVAL;
}

static int init_p384(struct crypto_akcipher *tfm)
{
	struct ecdsa_key *k = akcipher_tfm_ctx(tfm);

	k->curve = vt_curve_find(0x0004);
	return k->curve ? 0 : -EINVAL;
}

/* Below any other implementation that may be loaded. */
#define ECDSA_ALG(bits)							\
	.verify = verify,						\
	.set_pub_key = set_pub_key,					\
	.max_size = max_size,						\
	.init = init_p##bits,						\
	.base = {							\
		.cra_name = "ecdsa-nist-p" #bits,			\
		.cra_driver_name = "ecdsa-nist-p" #bits "-vtpm",	\
		.cra_priority = 1,					\
		.cra_module = THIS_MODULE,				\
		.cra_ctxsize = sizeof(struct ecdsa_key),		\
	}

static struct akcipher_alg p256 = { ECDSA_ALG(256) };
static struct akcipher_alg p384 = { ECDSA_ALG(384) };
static bool has_p256, has_p384;		/* registered; written by init and exit alone */

/* Without these, certificates with such keys are refused with ENOPKG, and all else works. */
void vtpm_verify_init(void)
{
	has_p256 = !crypto_register_akcipher(&p256);
	has_p384 = !crypto_register_akcipher(&p384);
	if (!has_p256 || !has_p384)
		pr_warn("trusted parties cannot have ECDSA keys here\n");
}

void vtpm_verify_exit(void)
{
	if (has_p256)
		crypto_unregister_akcipher(&p256);
	if (has_p384)
		crypto_unregister_akcipher(&p384);
}

#else

void vtpm_verify_init(void)
{
}

void vtpm_verify_exit(void)
{
}

#endif
