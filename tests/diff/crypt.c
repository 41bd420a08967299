// SPDX-License-Identifier: GPL-2.0-only
/* What the caller of a TPM computes: OpenSSL's primitives, nothing of the engine's. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/aes.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include "diff.h"
#include "ecc_group.h"

static const EVP_MD *md(u16 alg)
{
	switch (alg) {
	case TPM_ALG_SHA1:
		return EVP_sha1();
	case TPM_ALG_SHA256:
		return EVP_sha256();
	case TPM_ALG_SHA384:
		return EVP_sha384();
	case TPM_ALG_SHA512:
		return EVP_sha512();
	default:
		return NULL;
	}
}

u16 hash_size(u16 alg)
{
	return md(alg) ? EVP_MD_get_size(md(alg)) : 0;
}

void c_hash(u16 alg, const struct tpm2b *parts, unsigned int n, u8 *out)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	unsigned int i;

	EVP_DigestInit_ex(c, md(alg), NULL);
	for (i = 0; i < n; i++)
		EVP_DigestUpdate(c, parts[i].data, parts[i].size);
	EVP_DigestFinal_ex(c, out, NULL);
	EVP_MD_CTX_free(c);
}

void c_hmac(u16 alg, const struct tpm2b *key, const struct tpm2b *parts, unsigned int n, u8 *out)
{
	u8 pad[2][128] = { 0 }, inner[64];
	u16 block = EVP_MD_get_block_size(md(alg)), size = hash_size(alg), i;
	struct tpm2b all[12] = { tpm2b(pad[0], block) }, outer[2];

	if (key->size > block)
		c_hash(alg, key, 1, pad[0]);
	else if (key->size)
		memcpy(pad[0], key->data, key->size);
	for (i = 0; i < block; i++) {
		pad[1][i] = pad[0][i] ^ 0x5c;
		pad[0][i] ^= 0x36;
	}
	memcpy(all + 1, parts, n * sizeof(*parts));
	c_hash(alg, all, n + 1, inner);
	outer[0] = tpm2b(pad[1], block);
	outer[1] = tpm2b(inner, size);
	c_hash(alg, outer, 2, out);
}

/* Part 1, 11.4.10.2 */
void c_kdfa(u16 alg, const struct tpm2b *key, const char *label, const struct tpm2b *u,
	    const struct tpm2b *v, u32 bits, u8 *out)
{
	u32 left = (bits + 7) / 8, i, size = hash_size(alg);
	u8 counter[4], length[4], block[64];

	put_unaligned_be32(bits, length);
	for (i = 1; left; i++) {
		struct tpm2b parts[] = {
			tpm2b(counter, 4), tpm2b(label, strlen(label) + 1), *u, *v,
			tpm2b(length, 4),
		};
		u32 take = min_t(u32, left, size);

		put_unaligned_be32(i, counter);
		c_hmac(alg, key, parts, 5, block);
		memcpy(out, block, take);
		out += take;
		left -= take;
	}
}

/* Part 1, 21: the first parameter. @newer and @older are nonceNewer and nonceOlder. */
void c_crypt(struct ent *ses, const struct tpm2b *key, bool encrypt, const struct tpm2b *newer,
	     const struct tpm2b *older, u8 *data, u32 size)
{
	u8 mask[VTPM_MAX_COMMAND], *iv;
	AES_KEY aes;
	int at = 0;
	u32 i;

	if (ses->sym.alg == TPM_ALG_XOR) {
		c_kdfa(ses->hash, key, "XOR", newer, older, size * 8, mask);
		for (i = 0; i < size; i++)
			data[i] ^= mask[i];
		return;
	}
	c_kdfa(ses->hash, key, "CFB", newer, older, ses->sym.bits + 128, mask);
	iv = mask + ses->sym.bits / 8;
	AES_set_encrypt_key(mask, ses->sym.bits, &aes);
	AES_cfb128_encrypt(data, data, size, &aes, iv, &at, encrypt ? AES_ENCRYPT : AES_DECRYPT);
}

/* ---- keys of elliptic curves ---- */

static EC_GROUP *group(u16 curve)
{
	static EC_GROUP *known[TPM_ECC_BN_P256 + 1];
	const struct vt_curve *c = vt_curve_find(curve);

	if (!c)
		return NULL;
	if (!known[curve])
		known[curve] = ecc_group(c);
	return known[curve];
}

static u16 field_size(u16 curve)
{
	return vt_curve_find(curve)->bytes;
}

static void point_out(EC_GROUP *g, const EC_POINT *p, u16 size, struct tpm2b *x, struct tpm2b *y)
{
	BIGNUM *bx = BN_new(), *by = BN_new();
	u8 buf[66];

	EC_POINT_get_affine_coordinates(g, p, bx, by, NULL);
	BN_bn2binpad(bx, buf, size);
	*x = keep(buf, size);
	BN_bn2binpad(by, buf, size);
	*y = keep(buf, size);
	BN_free(bx);
	BN_free(by);
}

/* The point @d * @base, or of the generator when @base is NULL; false: not on the curve. */
static bool multiply(u16 curve, const struct tpm2b *d, const struct tpms_ecc_point *base,
		     struct tpm2b *x, struct tpm2b *y)
{
	EC_GROUP *g = group(curve);
	BIGNUM *k = BN_bin2bn(d->data, d->size, NULL);
	EC_POINT *p = EC_POINT_new(g), *q = EC_POINT_new(g);
	bool ok = true;

	if (base) {
		BIGNUM *bx = BN_bin2bn(base->x.data, base->x.size, NULL);
		BIGNUM *by = BN_bin2bn(base->y.data, base->y.size, NULL);

		ok = EC_POINT_set_affine_coordinates(g, q, bx, by, NULL) &&
		     EC_POINT_mul(g, p, NULL, q, k, NULL);
		BN_free(bx);
		BN_free(by);
	} else {
		EC_POINT_mul(g, p, k, NULL, NULL, NULL);
	}
	if (ok)
		point_out(g, p, field_size(curve), x, y);
	EC_POINT_free(p);
	EC_POINT_free(q);
	BN_free(k);
	return ok;
}

void c_ecc_public(u16 curve, const struct tpm2b *d, struct tpm2b *x, struct tpm2b *y)
{
	multiply(curve, d, NULL, x, y);
}

bool c_ecc_lift(u16 curve, u16 hash, const struct tpm2b *data, struct tpm2b *y)
{
	EC_GROUP *g = group(curve);
	EC_POINT *p = EC_POINT_new(g);
	BIGNUM *x, *field = BN_new();
	BN_CTX *ctx = BN_CTX_new();
	struct tpm2b unused;
	u8 digest[64];
	bool ok;

	c_hash(hash, data, 1, digest);
	x = BN_bin2bn(digest, hash_size(hash), NULL);
	EC_GROUP_get_curve(g, field, NULL, NULL, ctx);
	BN_nnmod(x, x, field, ctx);
	ok = EC_POINT_set_compressed_coordinates(g, p, x, 0, ctx);
	if (ok)
		point_out(g, p, field_size(curve), &unused, y);
	EC_POINT_free(p);
	BN_free(x);
	BN_free(field);
	BN_CTX_free(ctx);
	return ok;
}

/* ---- salts (Part 1, B.10.2 and C.6.1) ---- */

static struct tpm2b kdfe(u16 alg, const struct tpm2b *z, const char *label, const struct tpm2b *u,
			 const struct tpm2b *v)
{
	static const u8 one[4] = { 0, 0, 0, 1 };
	struct tpm2b parts[] = { tpm2b(one, 4), *z, tpm2b(label, strlen(label) + 1), *u, *v };
	u8 out[64];

	c_hash(alg, parts, 5, out);
	return keep(out, hash_size(alg));
}

static bool salt_ecc(const struct tpmt_public *pub, struct rnd *r, struct tpm2b *secret,
		     struct tpm2b *salt)
{
	struct tpms_ecc_point e, z;
	struct tpm2b d;
	struct cmd c = { 0 };
	u8 k[32];

	rnd_bytes(r, k, sizeof(k));
	k[0] = 0;
	d = tpm2b(k, sizeof(k));
	if (!group(pub->parms.curve) || !multiply(pub->parms.curve, &d, NULL, &e.x, &e.y) ||
	    !multiply(pub->parms.curve, &d, &pub->unique, &z.x, &z.y))
		return false;
	cmd_2b(&c, e.x.data, e.x.size);
	cmd_2b(&c, e.y.data, e.y.size);
	*secret = keep(c.buf, c.len);
	*salt = kdfe(pub->name_alg, &z.x, "SECRET", &e.x, &pub->unique.x);
	return true;
}

/* OAEP by hand: its mask generation is a hash with a counter. */
static void mgf1_xor(u16 alg, const u8 *seed, u16 seed_size, u8 *data, u16 size)
{
	u8 counter[4], block[64];
	u16 i, at, len = hash_size(alg);

	for (i = 0, at = 0; at < size; i++) {
		struct tpm2b parts[2] = { tpm2b(seed, seed_size), tpm2b(counter, 4) };
		u16 j;

		put_unaligned_be32(i, counter);
		c_hash(alg, parts, 2, block);
		for (j = 0; j < len && at < size; j++, at++)
			data[at] ^= block[j];
	}
}

static bool salt_rsa(const struct tpmt_public *pub, struct rnd *r, struct tpm2b *secret,
		     struct tpm2b *salt)
{
	u16 h = hash_size(pub->name_alg), size = pub->unique.x.size;
	struct tpm2b label = tpm2b("SECRET", 7);
	u8 em[512] = { 0 }, s[64];
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *m, *n, *e;

	if (size < 2 * h + 2 || size > sizeof(em))
		return false;
	rnd_bytes(r, s, h);
	*salt = keep(s, h);
	rnd_bytes(r, em + 1, h);
	c_hash(pub->name_alg, &label, 1, em + 1 + h);
	em[size - h - 1] = 1;
	memcpy(em + size - h, s, h);
	mgf1_xor(pub->name_alg, em + 1, h, em + 1 + h, size - h - 1);
	mgf1_xor(pub->name_alg, em + 1 + h, size - h - 1, em + 1, h);
	m = BN_bin2bn(em, size, NULL);
	n = BN_bin2bn(pub->unique.x.data, size, NULL);
	e = BN_new();
	BN_set_word(e, pub->parms.exponent ? pub->parms.exponent : 65537);
	BN_mod_exp(m, m, e, n, ctx);
	BN_bn2binpad(m, em, size);
	*secret = keep(em, size);
	BN_free(m);
	BN_free(n);
	BN_free(e);
	BN_CTX_free(ctx);
	return true;
}

/* A secret for the key that both ends know; the key's public area differs by side. */
bool c_salt(const struct ent *key, unsigned int side, struct rnd *r, struct tpm2b *secret,
	    struct tpm2b *salt)
{
	struct tpm2_reader in = { .p = key->area.b[side].data, .left = key->area.b[side].size };
	struct tpmt_public pub = { 0 };

	if (tpm2_read(&in, &desc_public_null, &pub) || !hash_size(pub.name_alg))
		return false;
	if (pub.type == TPM_ALG_ECC)
		return salt_ecc(&pub, r, secret, salt);
	if (pub.type == TPM_ALG_RSA)
		return salt_rsa(&pub, r, secret, salt);
	return false;
}
