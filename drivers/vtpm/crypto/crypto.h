/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CryptographicFunctions: what the engine may ask for.
 *
 * Algorithm and curve numbers are TPM_ALG_ID and TPM_ECC_CURVE (TPM 2.0
 * Part 2, 6.3 and 6.4). Numbers are big-endian byte strings of fixed length.
 * Functions return 0 or a negative errno:
 *   -EINVAL   an argument is out of the range of the algorithm
 *   -EBADMSG  a signature, padding or point does not check
 *   -ENOMEM   no memory
 *   -EINTR    the caller's cancel callback asked to stop
 * Unless said otherwise a function may sleep, takes no lock and keeps no
 * state between calls; what it puts on its stack is wiped before it returns.
 */
#ifndef VTPM_CRYPTO_H
#define VTPM_CRYPTO_H

#include "../env.h"

/* Sizes, in bytes unless the name says bits. */
#define VT_MAX_DIGEST		64
#define VT_MAX_BLOCK		128
#define VT_HASH_STATE		416	/* port's running state, see port files */
#define VT_HASH_EXPORT		(8 + VT_MAX_DIGEST + VT_MAX_BLOCK)
#define VT_AES_BLOCK		16
#define VT_ECC_MAX_BYTES	66
#define VT_RSA_MAX_BITS		4096
#define VT_RSA_MAX_BYTES	(VT_RSA_MAX_BITS / 8)

/* ---- port: set-up (port-kernel.c, tests/host/port-host.c) ---- */

int vt_crypto_init(void);
void vt_crypto_exit(void);

/* ---- random numbers (port) ---- */

/**
 * struct vt_rng - a source of random or derived bytes
 * @fill: writes @len bytes to @out
 * @ctx: for @fill
 */
struct vt_rng {
	void (*fill)(void *ctx, u8 *out, size_t len);
	void *ctx;
};

extern const struct vt_rng vt_system_rng;
void vt_random(void *out, size_t len);

/* ---- hashes (port) and HMAC (hmac.c) ---- */

/**
 * struct vt_hash_alg - one hash algorithm
 * @id: TPM_ALG_ID
 * @digest_size: bytes
 * @block_size: bytes
 * @name: lower-case name, as in "sha256"
 * @oid: DER DigestInfo prefix for RSASSA-PKCS1-v1_5 (RFC 8017, 9.2)
 * @oid_size: its length in bytes
 */
struct vt_hash_alg {
	u16 id;
	u8 digest_size;
	u8 block_size;
	const char *name;
	const u8 *oid;
	u8 oid_size;
};

#define VT_HASH_COUNT 4
extern const struct vt_hash_alg
	vt_hash_algs[VT_HASH_COUNT]; /* hash.c: SHA-1, 256, 384, 512 in this order */

/** vt_hash_find() - by TPM_ALG_ID; NULL when there is none. Any context. */
static inline const struct vt_hash_alg *vt_hash_find(u16 id)
{
	switch (id) {
	case 0x0004:
		return &vt_hash_algs[0];
	case 0x000b:
		return &vt_hash_algs[1];
	case 0x000c:
		return &vt_hash_algs[2];
	case 0x000d:
		return &vt_hash_algs[3];
	default:
		return NULL;
	}
}

const struct vt_hash_alg *vt_hash_by_name(const char *name, size_t len);

struct vt_hash_ctx {
	const struct vt_hash_alg *alg;
	u8 state[VT_HASH_STATE] __aligned(16);
};

void vt_hash_init(struct vt_hash_ctx *h, const struct vt_hash_alg *alg);
void vt_hash_update(struct vt_hash_ctx *h, const void *data, size_t len);
void vt_hash_final(struct vt_hash_ctx *h, u8 *digest);	/* wipes h */
void vt_hash(const struct vt_hash_alg *alg, const void *data, size_t len, u8 *digest);
/* @to goes on where @from is; faster than an export, and never leaves this kernel. */
void vt_hash_copy(struct vt_hash_ctx *to, const struct vt_hash_ctx *from);
/*
 * Running state in VT_HASH_EXPORT bytes, the same wherever it was made: bytes hashed
 * so far (64 bits), the hash value after the last whole block (FIPS 180-4; words
 * big-endian, VT_MAX_DIGEST bytes), the bytes that wait for their block (VT_MAX_BLOCK).
 * What is not used is zero. Import: -EINVAL when it is not.
 */
void vt_hash_export(const struct vt_hash_ctx *h, u8 *out);
int vt_hash_import(struct vt_hash_ctx *h, const struct vt_hash_alg *alg, const u8 *in);

/**
 * struct vt_hash_form - where things are in an export; for the ports
 * @word: bytes of a word of the hash value
 * @words: how many it has
 * @count: bytes hashed so far
 * @chain: the hash value
 * @tail: what waits
 * @waits: bytes of it
 */
struct vt_hash_form {
	u8 word;
	u8 words;
	u64 count;
	u8 *chain;
	u8 *tail;
	u8 waits;
};

/* Hash value and waiting bytes are for the caller to fill in, words by vt_hash_put_word(). */
struct vt_hash_form vt_hash_form_new(const struct vt_hash_alg *alg, u64 count, u8 *out);
/* -EINVAL: what is not used is not zero. */
int vt_hash_form_read(const struct vt_hash_alg *alg, const u8 *in, struct vt_hash_form *f);
void vt_hash_put_word(const struct vt_hash_form *f, unsigned int i, u64 word);
u64 vt_hash_get_word(const struct vt_hash_form *f, unsigned int i);
/* Does the port's export have the value that the hash defines? -EKEYREJECTED. */
int vt_hash_check_export(const struct vt_hash_alg *alg);

struct vt_hmac_ctx {
	struct vt_hash_ctx inner;
	u8 opad[VT_MAX_BLOCK] __aligned(8);	/* key xor 0x5c.. */
};

void vt_hmac_init(struct vt_hmac_ctx *h, const struct vt_hash_alg *alg, const void *key,
		  size_t key_len);
void vt_hmac_update(struct vt_hmac_ctx *h, const void *data, size_t len);
void vt_hmac_final(struct vt_hmac_ctx *h, u8 *mac);	/* wipes h */
void vt_hmac(const struct vt_hash_alg *alg, const void *key, size_t key_len,
	     const void *data, size_t len, u8 *mac);

/* ---- key derivation (kdf.c) ---- */

/*
 * KDFa (Part 1, 11.4.10.2; SP 800-108 counter mode, HMAC). @label is a C
 * string whose terminating zero is part of the input. @bits is written into
 * the input as it is; (bits + 7) / 8 bytes come out and the surplus top bits
 * of the first byte are cleared.
 */
void vt_kdfa(const struct vt_hash_alg *alg, const void *key, size_t key_len, const char *label,
	     const void *u, size_t u_len, const void *v, size_t v_len, u32 bits, u8 *out);
/* KDFe (Part 1, 11.4.10.3; SP 800-56A). */
void vt_kdfe(const struct vt_hash_alg *alg, const void *z, size_t z_len, const char *label,
	     const void *u, size_t u_len, const void *v, size_t v_len, u32 bits, u8 *out);
/* MGF1 (RFC 8017, B.2.1): xors the mask into @data. */
void vt_mgf1_xor(const struct vt_hash_alg *alg, const void *seed, size_t seed_len, u8 *data,
		 size_t len);
/* XOR obfuscation (Part 1, 11.4.7.3), in place. */
void vt_xor_obfuscate(const struct vt_hash_alg *alg, const void *key, size_t key_len, const void *u,
		      size_t u_len, const void *v, size_t v_len, u8 *data, size_t len);

/*
 * A deterministic generator over KDFa for keys derived from a seed: block i of
 * its output is KDFa(alg, seed, "vtpm-derive", ctx, be32(i), digest bits).
 * Frozen by golden vectors; never change it, add a version instead.
 */
struct vt_drbg {
	const struct vt_hash_alg *alg;
	const u8 *seed;
	size_t seed_len;
	const u8 *context;
	size_t context_len;
	u32 counter;
	u8 block[VT_MAX_DIGEST];
	u8 used;
};

void vt_drbg_init(struct vt_drbg *d, const struct vt_hash_alg *alg, const u8 *seed, size_t seed_len,
		  const u8 *context, size_t context_len);	/* both must outlive d */
void vt_drbg_fill(void *drbg, u8 *out, size_t len);		/* fits struct vt_rng.fill */
void vt_drbg_wipe(struct vt_drbg *d);

/* ---- AES (port) and CFB (cfb.c) ---- */

struct vt_aes {
	u8 key[496] __aligned(16);	/* the port's key schedule */
};

/* 128, 192 or 256 bits; for one direction alone. */
int vt_aes_set_key(struct vt_aes *aes, const u8 *key, u32 bits);
int vt_aes_set_decrypt_key(struct vt_aes *aes, const u8 *key, u32 bits);
void vt_aes_encrypt(const struct vt_aes *aes, const u8 in[VT_AES_BLOCK], u8 out[VT_AES_BLOCK]);
void vt_aes_decrypt(const struct vt_aes *aes, const u8 in[VT_AES_BLOCK], u8 out[VT_AES_BLOCK]);
/*
 * In place; @iv is updated so that a stream may be split at multiples of 16 bytes. -EINVAL: bits.
 */
int vt_aes_cfb(const u8 *key, u32 bits, u8 iv[VT_AES_BLOCK], bool encrypt, u8 *data, size_t len);

/*
 * The other modes (modes.c), named by TPM_ALG_CTR, _OFB, _CBC, _CFB, _ECB; @iv likewise. ECB
 * leaves it alone. -EINVAL: @mode, @bits, or a @len that CBC and ECB cannot take.
 */
int vt_aes_mode(u16 mode, const u8 *key, u32 bits, u8 iv[VT_AES_BLOCK], bool encrypt, u8 *data,
		size_t len);

/* ---- CMAC with AES (cmac.c) ---- */

/**
 * struct vt_cmac - a running CMAC; bytes alone, so that it can be stored as it is
 * @key_size: bytes of @key
 * @used: bytes of @block that wait
 * @key: AES key
 * @chain: what the blocks before have come to
 * @block: the last bytes seen, which may be the last ones
 */
struct vt_cmac {
	u8 key_size;
	u8 used;
	u8 key[32];
	u8 chain[VT_AES_BLOCK];
	u8 block[VT_AES_BLOCK];
};

int vt_cmac_init(struct vt_cmac *m, const u8 *key, u32 bits);	/* -EINVAL: bits */
void vt_cmac_update(struct vt_cmac *m, const void *data, size_t len);
void vt_cmac_final(struct vt_cmac *m, u8 mac[VT_AES_BLOCK]);	/* wipes m */

/* ---- RSA (bn.c, prime.c, rsa.c, rsa_pad.c) ---- */

struct vt_rsa_key;	/* private key with its CRT values; ours alone, constant-time */

/** struct vt_cancel - asked now and then by long work; @stop returns true to end it */
struct vt_cancel {
	bool (*stop)(void *ctx);
	void *ctx;
};

/* out = in^e mod n; all strings n_len bytes. -EINVAL: n even, in >= n, e even or < 3. */
int vt_rsa_public(const u8 *n, size_t n_len, u32 e, const u8 *in, u8 *out);

/*
 * Key from modulus and one prime (how a TPM stores it). Checks that p divides n
 * and that e is invertible; -EINVAL otherwise. p_len = n_len / 2.
 */
int vt_rsa_key_new(const u8 *n, size_t n_len, u32 e, const u8 *p, size_t p_len,
		   struct vt_rsa_key **key);
void vt_rsa_key_free(struct vt_rsa_key *key);		/* wipes; NULL is fine */
size_t vt_rsa_key_bytes(const struct vt_rsa_key *key);	/* memory it holds */
/* out = in^d mod n: CRT, base blinding, result checked with e before release (-EIO on a fault). */
int vt_rsa_private(const struct vt_rsa_key *key, const u8 *in, u8 *out);

/* New key pair; @n gets bits / 8 bytes, @p half of that. The top two bits of each prime are 1. */
int vt_rsa_generate(u32 bits, u32 e, const struct vt_rng *rng, const struct vt_cancel *cancel,
		    u8 *n, u8 *p);

/* Encodings; em is n_len bytes and modulus has 8 * n_len bits. */
int vt_pkcs1_sign_encode(const struct vt_hash_alg *alg, const u8 *digest, u8 *em, size_t n_len);
int vt_pss_encode(const struct vt_hash_alg *alg, const u8 *digest, const u8 *salt, size_t salt_len,
		  u8 *em, size_t n_len);
/* Salt of any length is accepted, found from the encoding. -EBADMSG. */
int vt_pss_verify(const struct vt_hash_alg *alg, const u8 *digest, const u8 *em, size_t n_len);
/* @label includes its terminating zero when it is not empty (Part 1, B.4). */
int vt_oaep_encode(const struct vt_hash_alg *alg, const void *label, size_t label_len,
		   const u8 *msg, size_t msg_len, const struct vt_rng *rng, u8 *em, size_t n_len);
/*
 * Constant time in the encoding; @msg_len is room on entry, length on return. One error: -EBADMSG.
 */
int vt_oaep_decode(const struct vt_hash_alg *alg, const void *label, size_t label_len,
		   u8 *em, size_t n_len, u8 *msg, size_t *msg_len);
int vt_rsaes_encode(const u8 *msg, size_t msg_len, const struct vt_rng *rng, u8 *em, size_t n_len);
int vt_rsaes_decode(const u8 *em, size_t n_len, u8 *msg, size_t *msg_len);

/* ---- elliptic curves (ecc.c, ecc_field.c, ecdsa.c) ---- */

/**
 * struct vt_curve - one prime curve y^2 = x^3 + ax + b with cofactor 1
 * @id: TPM_ECC_CURVE
 * @bits: size of p and n
 * @bytes: (bits + 7) / 8; the length of every coordinate and scalar below
 * @p: field prime, big-endian, @bytes long; likewise @a, @b, @gx, @gy, @n
 */
struct vt_curve {
	u16 id;
	u16 bits;
	u16 bytes;
	const u8 *p, *a, *b, *gx, *gy, *n;
	const void *impl;	/* for ecc*.c: Montgomery constants, base point table */
};

const struct vt_curve *vt_curve_find(u16 id);		/* NULL when there is none */
const struct vt_curve *vt_curve_at(unsigned int i);	/* in order of id; NULL past the end */

/* 0 when 0 <= x, y < p and (x, y) is on the curve; -EBADMSG otherwise. */
int vt_ecc_check_point(const struct vt_curve *c, const u8 *x, const u8 *y);
/* x = in mod p, as long as the curve's numbers; @len up to VT_MAX_DIGEST. */
void vt_ecc_reduce_coordinate(const struct vt_curve *c, const u8 *in, size_t len, u8 *x);
/* 0 when 1 <= d < n; constant time. -EINVAL. */
int vt_ecc_check_scalar(const struct vt_curve *c, const u8 *d);
int vt_ecc_make_public(const struct vt_curve *c, const u8 *d, u8 *x, u8 *y);
/* FIPS 186-4 B.4.1: d = (c mod (n - 1)) + 1 from bits + 64 bits of @rng. */
int vt_ecc_generate(const struct vt_curve *c, const struct vt_rng *rng, u8 *d, u8 *x, u8 *y);
/* (zx, zy) = d * (px, py); checks the point first. */
int vt_ecdh(const struct vt_curve *c, const u8 *d, const u8 *px, const u8 *py, u8 *zx, u8 *zy);
/* The digest is truncated to the order's length (FIPS 186-4, 6.4). */
int vt_ecdsa_sign(const struct vt_curve *c, const u8 *d, const u8 *digest, size_t digest_len,
		  const struct vt_rng *rng, u8 *r, u8 *s);
int vt_ecdsa_verify(const struct vt_curve *c, const u8 *x, const u8 *y,
		    const u8 *digest, size_t digest_len, const u8 *r, const u8 *s);
/* EC Schnorr (ecschnorr.c; Part 1, C.4.3); @alg hashes the ephemeral point and @digest. */
int vt_ecschnorr_sign(const struct vt_curve *c, const u8 *d, const struct vt_hash_alg *alg,
		      const u8 *digest, size_t digest_len, const struct vt_rng *rng, u8 *r, u8 *s);
int vt_ecschnorr_verify(const struct vt_curve *c, const u8 *x, const u8 *y,
			const struct vt_hash_alg *alg, const u8 *digest, size_t digest_len,
			const u8 *r, const u8 *s);
/*
 * ECDAA, second step (ecdaa.c; Part 1, C.4.2): @k is a number drawn from @rng, s = r + T d with
 * T = H(k || digest). @commit is r of the first step, as long as the curve's numbers, and must
 * never be used again.
 */
int vt_ecdaa_sign(const struct vt_curve *c, const u8 *d, const u8 *commit,
		  const struct vt_hash_alg *alg, const u8 *digest, size_t digest_len,
		  const struct vt_rng *rng, u8 *k, u8 *s);

/* ---- known-answer tests (kat.c) ---- */

/**
 * vt_crypto_selftest() - known-answer test of every primitive
 * @failed: set to the primitive's name when one fails
 *
 * Return: 0, -EKEYREJECTED, or -ENOMEM, which says nothing about the primitive.
 */
int vt_crypto_selftest(const char **failed);

#endif /* VTPM_CRYPTO_H */
