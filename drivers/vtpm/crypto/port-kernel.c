// SPDX-License-Identifier: GPL-2.0-only
/*
 * The port of room crypto in a kernel: hashes over crypto_shash, AES over the
 * kernel's AES library, random numbers. What these mean differs between
 * kernel versions; nothing outside this file knows.
 */
#include <crypto/aes.h>
#include <crypto/hash.h>
#include <linux/err.h>
#include <linux/kmod.h>
#include <linux/random.h>
#include <linux/sizes.h>
#ifdef CONFIG_X86_64
#include <asm/cpufeature.h>
#endif

#include "bn.h"
#include "crypto.h"

#define VT_HASH_RAW	240	/* most bytes of the kernel's own export */

/* Written by vt_crypto_init() before anything can ask for a hash, then only read. */
static struct crypto_shash *vt_shash[VT_HASH_COUNT];

/* ---- random numbers ---- */

void vt_random(void *out, size_t len)
{
	get_random_bytes(out, len);
}

static void system_rng_fill(void *ctx, u8 *out, size_t len)
{
	get_random_bytes(out, len);
}

const struct vt_rng vt_system_rng = { .fill = system_rng_fill };

/* ---- CPU features ---- */

bool vt_cpu_has_adx(void)
{
#ifdef CONFIG_X86_64
	return boot_cpu_has(X86_FEATURE_BMI2) && boot_cpu_has(X86_FEATURE_ADX);
#else
	return false;
#endif
}

/* ---- hashes ---- */

static struct shash_desc *desc_of(struct vt_hash_ctx *h)
{
	return (struct shash_desc *)h->state;
}

/*
 * Plain hashes in software do not fail. If one did, the error must stick and
 * the digest must not be whatever was in memory: without a tfm there is no
 * more hashing and vt_hash_final() gives zeros.
 */
static void must_work(struct shash_desc *desc, int rc)
{
	if (WARN_ON_ONCE(rc))
		desc->tfm = NULL;
}

static struct shash_desc *attach(struct vt_hash_ctx *h, const struct vt_hash_alg *alg)
{
	struct shash_desc *desc = desc_of(h);

	h->alg = alg;
	desc->tfm = vt_shash[alg - vt_hash_algs];
	return desc;
}

void vt_hash_init(struct vt_hash_ctx *h, const struct vt_hash_alg *alg)
{
	struct shash_desc *desc = attach(h, alg);

	must_work(desc, crypto_shash_init(desc));
}

void vt_hash_update(struct vt_hash_ctx *h, const void *data, size_t len)
{
	struct shash_desc *desc = desc_of(h);

	/* In pieces, as vector code keeps preemption off throughout one call. */
	while (len && desc->tfm) {
		unsigned int take = min_t(size_t, len, SZ_4K);

		must_work(desc, crypto_shash_update(desc, data, take));
		data += take;
		len -= take;
	}
}

void vt_hash_final(struct vt_hash_ctx *h, u8 *digest)
{
	struct shash_desc *desc = desc_of(h);

	if (desc->tfm)
		must_work(desc, crypto_shash_final(desc, digest));
	if (!desc->tfm)
		memset(digest, 0, h->alg->digest_size);
	memzero_explicit(h, sizeof(*h));
}

/* One call of the kernel's: vector code saves the registers of others once. */
static void hash_at_once(const struct vt_hash_alg *alg, const void *data, size_t len, u8 *digest)
{
	struct vt_hash_ctx h;
	struct shash_desc *desc = attach(&h, alg);

	must_work(desc, crypto_shash_digest(desc, data, len, digest));
	if (!desc->tfm)
		memset(digest, 0, alg->digest_size);
	memzero_explicit(&h, sizeof(h));
}

void vt_hash(const struct vt_hash_alg *alg, const void *data, size_t len, u8 *digest)
{
	struct vt_hash_ctx h;

	if (len <= SZ_4K) {
		hash_at_once(alg, data, len, digest);
		return;
	}
	vt_hash_init(&h, alg);
	vt_hash_update(&h, data, len);
	vt_hash_final(&h, digest);
}

/*
 * What the kernel's hashes export is, since they have a common base (4.x), their
 * struct sha*_state: words of the CPU, the count of bytes, the block that waits.
 * From 6.16 on the count is of whole blocks, and one more byte has the rest.
 * vt_hash_check_export() finds out when a driver has it otherwise.
 */
struct raw_align {
	u32 word;
	u64 count;
};

struct raw_form {
	unsigned int count_at;
	unsigned int tail_at;
	unsigned int size;
};

static struct raw_form raw_form(const struct vt_hash_alg *alg)
{
	const unsigned int align = offsetof(struct raw_align, count);
	bool wide = alg->block_size == VT_MAX_BLOCK;
	struct raw_form raw;

	/* SHA-384 has all words of SHA-512, and SHA-1 its own five */
	raw.count_at = wide ? VT_MAX_DIGEST : ALIGN(alg->digest_size, align);
	raw.tail_at = raw.count_at + (wide ? 2 : 1) * sizeof(u64);
	raw.size = raw.tail_at + alg->block_size;
	return raw;
}

static bool counts_blocks(struct crypto_shash *tfm, const struct raw_form *raw)
{
	return crypto_shash_statesize(tfm) > raw->size;
}

static u64 raw_word(const u8 *raw, const struct vt_hash_form *f, unsigned int i)
{
	u64 word;
	u32 half;

	if (f->word == sizeof(word)) {
		memcpy(&word, raw + i * sizeof(word), sizeof(word));
		return word;
	}
	memcpy(&half, raw + i * sizeof(half), sizeof(half));
	return half;
}

static void set_raw_word(u8 *raw, const struct vt_hash_form *f, unsigned int i)
{
	u64 word = vt_hash_get_word(f, i);
	u32 half = word;

	if (f->word == sizeof(word))
		memcpy(raw + i * sizeof(word), &word, sizeof(word));
	else
		memcpy(raw + i * sizeof(half), &half, sizeof(half));
}

/* The kernel's export does not write to what it exports, it only takes it without const. */
void vt_hash_export(const struct vt_hash_ctx *h, u8 *out)
{
	struct shash_desc *desc = (struct shash_desc *)h->state;
	struct raw_form form = raw_form(h->alg);
	u8 raw[VT_HASH_RAW] = {};
	struct vt_hash_form f;
	unsigned int i;
	u64 count;

	if (desc->tfm && WARN_ON_ONCE(crypto_shash_export(desc, raw)))
		memset(raw, 0, sizeof(raw));
	memcpy(&count, raw + form.count_at, sizeof(count));
	if (desc->tfm && counts_blocks(desc->tfm, &form))
		count += raw[form.size];
	f = vt_hash_form_new(h->alg, count, out);
	for (i = 0; i < f.words; i++)
		vt_hash_put_word(&f, i, raw_word(raw, &f, i));
	memcpy(f.tail, raw + form.tail_at, f.waits);
	memzero_explicit(raw, sizeof(raw));
}

void vt_hash_copy(struct vt_hash_ctx *to, const struct vt_hash_ctx *from)
{
	struct shash_desc *desc = attach(to, from->alg);
	u8 raw[VT_HASH_RAW];

	if (((struct shash_desc *)from->state)->tfm)
		must_work(desc, crypto_shash_export((struct shash_desc *)from->state, raw) ?:
				crypto_shash_import(desc, raw));
	else
		desc->tfm = NULL;	/* the error sticks */
	memzero_explicit(raw, sizeof(raw));
}

int vt_hash_import(struct vt_hash_ctx *h, const struct vt_hash_alg *alg, const u8 *in)
{
	struct raw_form form = raw_form(alg);
	u8 raw[VT_HASH_RAW] = {};
	struct shash_desc *desc;
	struct vt_hash_form f;
	unsigned int i;
	int rc;

	if (vt_hash_form_read(alg, in, &f))
		return -EINVAL;
	desc = attach(h, alg);
	for (i = 0; i < f.words; i++)
		set_raw_word(raw, &f, i);
	if (counts_blocks(desc->tfm, &form)) {
		raw[form.size] = f.waits;
		f.count -= f.waits;
	}
	memcpy(raw + form.count_at, &f.count, sizeof(f.count));
	memcpy(raw + form.tail_at, f.tail, f.waits);
	rc = crypto_shash_import(desc, raw);
	memzero_explicit(raw, sizeof(raw));
	if (rc)
		memzero_explicit(h, sizeof(*h));
	return rc ? -EINVAL : 0;
}

static bool form_known(struct crypto_shash *tfm, const struct vt_hash_alg *alg)
{
	unsigned int size = raw_form(alg).size;
	unsigned int has = crypto_shash_statesize(tfm);

	return has <= VT_HASH_RAW && (has == size || has == size + 1);
}

static void free_hashes(void)
{
	for (unsigned int i = 0; i < VT_HASH_COUNT; i++) {
		if (!IS_ERR_OR_NULL(vt_shash[i]))
			crypto_free_shash(vt_shash[i]);
		vt_shash[i] = NULL;
	}
}

static int alloc_hash(unsigned int i)
{
	const char *name = vt_hash_algs[i].name;
	struct crypto_shash *tfm;

	/*
	 * Where the plain C is built in, nothing else would load the module
	 * with this CPU's instructions. Not having one is no error.
	 */
	request_module("crypto-%s", name);
	tfm = crypto_alloc_shash(name, 0, 0);
	if (IS_ERR(tfm)) {
		pr_err("vtpm: the kernel has no hash %s (%ld)\n", name, PTR_ERR(tfm));
		return PTR_ERR(tfm);
	}
	vt_shash[i] = tfm;
	if (sizeof(struct shash_desc) + crypto_shash_descsize(tfm) > VT_HASH_STATE ||
	    !form_known(tfm, &vt_hash_algs[i]) ||
	    crypto_shash_digestsize(tfm) != vt_hash_algs[i].digest_size) {
		pr_err("vtpm: the kernel's %s does not fit\n", name);
		return -EINVAL;
	}
	return 0;
}

/**
 * vt_crypto_init() - get hold of what the kernel has to give
 *
 * Waits until the kernel's random numbers are good for keys.
 *
 * Return: 0, -EINTR when killed while waiting, or why a hash is missing.
 */
int vt_crypto_init(void)
{
	int rc = wait_for_random_bytes() ? -EINTR : 0;

	for (unsigned int i = 0; !rc && i < VT_HASH_COUNT; i++)
		rc = alloc_hash(i);
	if (rc)
		free_hashes();
	return rc;
}

void vt_crypto_exit(void)
{
	free_hashes();
}

/* ---- AES ---- */

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#define vt_kernel_aes aes_key
#define vt_kernel_aes_set(aes, key, len) aes_preparekey(aes, key, len)
#else
#define vt_kernel_aes crypto_aes_ctx
#define vt_kernel_aes_set(aes, key, len) aes_expandkey(aes, key, len)
#endif

static_assert(sizeof(struct vt_kernel_aes) <= sizeof_field(struct vt_aes, key));

int vt_aes_set_key(struct vt_aes *aes, const u8 *key, u32 bits)
{
	if (bits != 128 && bits != 192 && bits != 256)
		return -EINVAL;
	return vt_kernel_aes_set((struct vt_kernel_aes *)aes->key, key, bits / 8);
}

/* The kernel's key schedule is for both directions. */
int vt_aes_set_decrypt_key(struct vt_aes *aes, const u8 *key, u32 bits)
{
	return vt_aes_set_key(aes, key, bits);
}

void vt_aes_encrypt(const struct vt_aes *aes, const u8 in[VT_AES_BLOCK], u8 out[VT_AES_BLOCK])
{
	aes_encrypt((const struct vt_kernel_aes *)aes->key, out, in);
}

void vt_aes_decrypt(const struct vt_aes *aes, const u8 in[VT_AES_BLOCK], u8 out[VT_AES_BLOCK])
{
	aes_decrypt((const struct vt_kernel_aes *)aes->key, out, in);
}
