// SPDX-License-Identifier: GPL-2.0-only
/* The port of room crypto in userspace: hashes and AES of OpenSSL, getrandom(). */
#define OPENSSL_SUPPRESS_DEPRECATED	/* the low-level calls keep their state in plain memory */
#include <openssl/aes.h>
#include <openssl/sha.h>
#include <sys/random.h>
#ifdef __x86_64__
#include <cpuid.h>
#endif

#include "port-host.h"
#include "../../drivers/vtpm/crypto/bn.h"
#include "../../drivers/vtpm/crypto/crypto.h"

int vt_crypto_init(void)
{
	return 0;
}

void vt_crypto_exit(void)
{
}

/* ---- random numbers ---- */

struct host_pool {
	u8 bytes[4096];
	size_t left;	/* at the end of @bytes */
};

/* A pool each, so that threads need no lock. */
static __thread struct host_pool pool;
static bool seeded;
static u64 seed_state;

void vt_host_seed(u64 seed)
{
	seeded = seed != 0;
	seed_state = seed;
}

/* Any well-mixed function of a counter would do: here that of splitmix64. */
static u64 seeded_word(void)
{
	u64 z = seed_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static void seeded_fill(u8 *out, size_t len)
{
	while (len) {
		u8 word[8];
		size_t take = min_t(size_t, len, sizeof(word));

		put_unaligned_le64(seeded_word(), word);
		memcpy(out, word, take);
		out += take;
		len -= take;
	}
}

static void system_fill(u8 *out, size_t len)
{
	while (len) {
		ssize_t got = getrandom(out, len, 0);

		WARN_ON(got < 0 && errno != EINTR);
		if (got > 0) {
			out += got;
			len -= got;
		}
	}
}

static void pool_fill(u8 *out, size_t len)
{
	u8 *from;

	if (pool.left < len) {
		system_fill(pool.bytes, sizeof(pool.bytes));
		pool.left = sizeof(pool.bytes);
	}
	from = pool.bytes + sizeof(pool.bytes) - pool.left;
	memcpy(out, from, len);
	memzero_explicit(from, len);
	pool.left -= len;
}

void vt_random(void *out, size_t len)
{
	if (unlikely(seeded))
		seeded_fill(out, len);
	else if (len > sizeof(pool.bytes) / 4)
		system_fill(out, len);
	else
		pool_fill(out, len);
}

static void system_rng_fill(void *ctx __always_unused, u8 *out, size_t len)
{
	vt_random(out, len);
}

const struct vt_rng vt_system_rng = { .fill = system_rng_fill };

/* ---- hashes ---- */

union host_state {
	SHA_CTX sha1;
	SHA256_CTX sha256;
	SHA512_CTX sha512;	/* SHA-384 too */
};

static_assert(sizeof(union host_state) <= VT_HASH_STATE);

static union host_state *state_of(struct vt_hash_ctx *h)
{
	return (union host_state *)h->state;
}

void vt_hash_init(struct vt_hash_ctx *h, const struct vt_hash_alg *alg)
{
	h->alg = alg;
	switch (alg->digest_size) {
	case SHA_DIGEST_LENGTH:
		SHA1_Init(&state_of(h)->sha1);
		break;
	case SHA256_DIGEST_LENGTH:
		SHA256_Init(&state_of(h)->sha256);
		break;
	case SHA384_DIGEST_LENGTH:
		SHA384_Init(&state_of(h)->sha512);
		break;
	default:
		SHA512_Init(&state_of(h)->sha512);
		break;
	}
}

void vt_hash_update(struct vt_hash_ctx *h, const void *data, size_t len)
{
	if (!len)
		return;
	switch (h->alg->digest_size) {
	case SHA_DIGEST_LENGTH:
		SHA1_Update(&state_of(h)->sha1, data, len);
		break;
	case SHA256_DIGEST_LENGTH:
		SHA256_Update(&state_of(h)->sha256, data, len);
		break;
	default:
		SHA512_Update(&state_of(h)->sha512, data, len);
		break;
	}
}

void vt_hash_final(struct vt_hash_ctx *h, u8 *digest)
{
	switch (h->alg->digest_size) {
	case SHA_DIGEST_LENGTH:
		SHA1_Final(digest, &state_of(h)->sha1);
		break;
	case SHA256_DIGEST_LENGTH:
		SHA256_Final(digest, &state_of(h)->sha256);
		break;
	default:
		SHA512_Final(digest, &state_of(h)->sha512);
		break;
	}
	h->alg = NULL;
	memzero_explicit(h->state, sizeof(union host_state));
}

void vt_hash(const struct vt_hash_alg *alg, const void *data, size_t len, u8 *digest)
{
	union host_state s;

	switch (alg->digest_size) {
	case SHA_DIGEST_LENGTH:
		SHA1_Init(&s.sha1);
		SHA1_Update(&s.sha1, data, len);
		SHA1_Final(digest, &s.sha1);
		memzero_explicit(&s, sizeof(s.sha1));
		break;
	case SHA256_DIGEST_LENGTH:
		SHA256_Init(&s.sha256);
		SHA256_Update(&s.sha256, data, len);
		SHA256_Final(digest, &s.sha256);
		memzero_explicit(&s, sizeof(s.sha256));
		break;
	case SHA384_DIGEST_LENGTH:
		SHA384_Init(&s.sha512);
		SHA384_Update(&s.sha512, data, len);
		SHA384_Final(digest, &s.sha512);
		memzero_explicit(&s, sizeof(s.sha512));
		break;
	default:
		SHA512_Init(&s.sha512);
		SHA512_Update(&s.sha512, data, len);
		SHA512_Final(digest, &s.sha512);
		memzero_explicit(&s, sizeof(s.sha512));
		break;
	}
}

static u64 word_of(const union host_state *s, const struct vt_hash_form *f, unsigned int i)
{
	if (f->word == sizeof(u64))
		return s->sha512.h[i];
	if (f->words == 5)
		return (&s->sha1.h0)[i];
	return s->sha256.h[i];
}

/* OpenSSL counts bits, in two halves of which the upper one is not reached here. */
static u64 bytes_of(const union host_state *s, const struct vt_hash_alg *alg)
{
	if (alg->block_size == SHA512_CBLOCK)
		return s->sha512.Nl >> 3 | s->sha512.Nh << 61;
	if (alg->digest_size == SHA_DIGEST_LENGTH)
		return s->sha1.Nl >> 3 | (u64)s->sha1.Nh << 29;
	return s->sha256.Nl >> 3 | (u64)s->sha256.Nh << 29;
}

static u8 *tail_of(union host_state *s, const struct vt_hash_alg *alg)
{
	if (alg->block_size == SHA512_CBLOCK)
		return s->sha512.u.p;
	return alg->digest_size == SHA_DIGEST_LENGTH ? (u8 *)s->sha1.data : (u8 *)s->sha256.data;
}

void vt_hash_copy(struct vt_hash_ctx *to, const struct vt_hash_ctx *from)
{
	to->alg = from->alg;
	memcpy(to->state, from->state, sizeof(union host_state));
}

void vt_hash_export(const struct vt_hash_ctx *h, u8 *out)
{
	union host_state *s = state_of((struct vt_hash_ctx *)h);
	struct vt_hash_form f = vt_hash_form_new(h->alg, bytes_of(s, h->alg), out);
	unsigned int i;

	for (i = 0; i < f.words; i++)
		vt_hash_put_word(&f, i, word_of(s, &f, i));
	memcpy(f.tail, tail_of(s, h->alg), f.waits);
}

static void set_words(union host_state *s, const struct vt_hash_form *f)
{
	unsigned int i;

	for (i = 0; i < f->words; i++) {
		u64 word = vt_hash_get_word(f, i);

		if (f->word == sizeof(u64))
			s->sha512.h[i] = word;
		else if (f->words == 5)
			(&s->sha1.h0)[i] = word;
		else
			s->sha256.h[i] = word;
	}
}

static void set_count(union host_state *s, const struct vt_hash_form *f)
{
	if (f->word == sizeof(u64)) {
		s->sha512.Nl = f->count << 3;
		s->sha512.Nh = f->count >> 61;
		s->sha512.num = f->waits;
	} else if (f->words == 5) {
		s->sha1.Nl = f->count << 3;
		s->sha1.Nh = f->count >> 29;
		s->sha1.num = f->waits;
	} else {
		s->sha256.Nl = f->count << 3;
		s->sha256.Nh = f->count >> 29;
		s->sha256.num = f->waits;
	}
}

int vt_hash_import(struct vt_hash_ctx *h, const struct vt_hash_alg *alg, const u8 *in)
{
	struct vt_hash_form f;

	if (vt_hash_form_read(alg, in, &f))
		return -EINVAL;
	vt_hash_init(h, alg);
	set_words(state_of(h), &f);
	set_count(state_of(h), &f);
	memcpy(tail_of(state_of(h), alg), f.tail, f.waits);
	return 0;
}

/* ---- CPU features ---- */

/* valgrind carries out adcx and adox, but its cpuid denies them. */
#ifdef VT_CT_CHECK
#define VT_HOST_HAS_ADX	RUNNING_ON_VALGRIND
#else
#define VT_HOST_HAS_ADX	0
#endif

static bool cpu_adx;

void vt_host_use_adx(bool use)
{
	cpu_adx = false;
#ifdef __x86_64__
	unsigned int a, b, c, d;

	/* BMI2 and ADX; cpuid costs much in a virtual machine, so not at each use */
	if (use && __get_cpuid_count(7, 0, &a, &b, &c, &d))
		cpu_adx = b >> 8 & (b >> 19 | VT_HOST_HAS_ADX) & 1;
#else
	(void)use;
#endif
}

static void __attribute__((__constructor__)) find_cpu_features(void)
{
	vt_host_use_adx(true);
}

bool vt_cpu_has_adx(void)
{
	return cpu_adx;
}

/* ---- AES ---- */

static_assert(sizeof(AES_KEY) <= sizeof(struct vt_aes));

int vt_aes_set_key(struct vt_aes *aes, const u8 *key, u32 bits)
{
	if (bits != 128 && bits != 192 && bits != 256)
		return -EINVAL;
	AES_set_encrypt_key(key, bits, (AES_KEY *)aes->key);
	return 0;
}

int vt_aes_set_decrypt_key(struct vt_aes *aes, const u8 *key, u32 bits)
{
	if (bits != 128 && bits != 192 && bits != 256)
		return -EINVAL;
	AES_set_decrypt_key(key, bits, (AES_KEY *)aes->key);
	return 0;
}

void vt_aes_encrypt(const struct vt_aes *aes, const u8 in[VT_AES_BLOCK], u8 out[VT_AES_BLOCK])
{
	AES_encrypt(in, out, (const AES_KEY *)aes->key);
}

void vt_aes_decrypt(const struct vt_aes *aes, const u8 in[VT_AES_BLOCK], u8 out[VT_AES_BLOCK])
{
	AES_decrypt(in, out, (const AES_KEY *)aes->key);
}
