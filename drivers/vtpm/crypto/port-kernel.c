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

/* The kernel's export does not write to what it exports, it only takes it without const. */
void vt_hash_export(const struct vt_hash_ctx *h, u8 *out)
{
	struct shash_desc *desc = (struct shash_desc *)h->state;

	memset(out, 0, VT_HASH_EXPORT);
	if (desc->tfm && WARN_ON_ONCE(crypto_shash_export(desc, out)))
		memset(out, 0, VT_HASH_EXPORT);
}

int vt_hash_import(struct vt_hash_ctx *h, const struct vt_hash_alg *alg, const u8 *in)
{
	int rc = crypto_shash_import(attach(h, alg), in);

	if (rc)
		memzero_explicit(h, sizeof(*h));
	return rc ? -EINVAL : 0;
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
	    crypto_shash_statesize(tfm) > VT_HASH_EXPORT ||
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
