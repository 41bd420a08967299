// SPDX-License-Identifier: GPL-2.0-only
/* Key derivation: everything that stretches a secret by counting. */
#include "kdf.h"

static void keyed_block(const struct vt_kdf *kdf, __be32 counter, u8 *block)
{
	struct vt_hmac_ctx h;

	vt_hmac_init(&h, kdf->alg, kdf->key, kdf->key_len);
	vt_hmac_update(&h, &counter, sizeof(counter));
	for (unsigned int i = 0; i < kdf->count; i++)
		vt_hmac_update(&h, kdf->parts[i].data, kdf->parts[i].len);
	vt_hmac_final(&h, block);
}

static void plain_block(const struct vt_kdf *kdf, __be32 counter, u8 *block)
{
	struct vt_hash_ctx h;

	vt_hash_init(&h, kdf->alg);
	vt_hash_update(&h, &counter, sizeof(counter));
	for (unsigned int i = 0; i < kdf->count; i++)
		vt_hash_update(&h, kdf->parts[i].data, kdf->parts[i].len);
	vt_hash_final(&h, block);
}

static void xor_into(u8 *data, const u8 *mask, size_t len)
{
	for (size_t i = 0; i < len; i++)
		data[i] ^= mask[i];
}

void vt_kdf_run(const struct vt_kdf *kdf, u8 *out, size_t len)
{
	u8 block[VT_MAX_DIGEST];
	u32 counter = 1;

	while (len) {
		size_t take = min_t(size_t, len, kdf->alg->digest_size);

		if (kdf->keyed)
			keyed_block(kdf, cpu_to_be32(counter++), block);
		else
			plain_block(kdf, cpu_to_be32(counter++), block);
		if (kdf->mask)
			xor_into(out, block, take);
		else
			memcpy(out, block, take);
		out += take;
		len -= take;
	}
	memzero_explicit(block, sizeof(block));
}

/* A number of bits that is no multiple of 8 is right-aligned in its bytes. */
static void clear_surplus(u8 *out, u32 bits)
{
	if (bits % 8)
		out[0] &= (1u << bits % 8) - 1;
}

void vt_kdfa(const struct vt_hash_alg *alg, const void *key, size_t key_len, const char *label,
	     const void *u, size_t u_len, const void *v, size_t v_len, u32 bits, u8 *out)
{
	const __be32 size = cpu_to_be32(bits);
	const struct vt_kdf_part parts[] = {
		{ label, strlen(label) + 1 }, { u, u_len }, { v, v_len }, { &size, sizeof(size) },
	};
	const struct vt_kdf kdf = {
		.alg = alg, .key = key, .key_len = key_len, .keyed = true,
		.parts = parts, .count = ARRAY_SIZE(parts),
	};

	vt_kdf_run(&kdf, out, DIV_ROUND_UP((size_t)bits, 8));
	clear_surplus(out, bits);
}

void vt_kdfe(const struct vt_hash_alg *alg, const void *z, size_t z_len, const char *label,
	     const void *u, size_t u_len, const void *v, size_t v_len, u32 bits, u8 *out)
{
	const struct vt_kdf_part parts[] = {
		{ z, z_len }, { label, strlen(label) + 1 }, { u, u_len }, { v, v_len },
	};
	const struct vt_kdf kdf = {
		.alg = alg, .parts = parts, .count = ARRAY_SIZE(parts),
	};

	vt_kdf_run(&kdf, out, DIV_ROUND_UP((size_t)bits, 8));
	clear_surplus(out, bits);
}

void vt_xor_obfuscate(const struct vt_hash_alg *alg, const void *key, size_t key_len,
		      const void *u, size_t u_len, const void *v, size_t v_len, u8 *data,
		      size_t len)
{
	const __be32 size = cpu_to_be32(len * 8);
	const struct vt_kdf_part parts[] = {
		{ "XOR", sizeof("XOR") }, { u, u_len }, { v, v_len }, { &size, sizeof(size) },
	};
	const struct vt_kdf kdf = {
		.alg = alg, .key = key, .key_len = key_len, .keyed = true, .mask = true,
		.parts = parts, .count = ARRAY_SIZE(parts),
	};

	vt_kdf_run(&kdf, data, len);
}

void vt_mgf1_xor(const struct vt_hash_alg *alg, const void *seed, size_t seed_len, u8 *data,
		 size_t len)
{
	u8 block[VT_MAX_DIGEST];
	u32 counter = 0;

	while (len) {
		size_t take = min_t(size_t, len, alg->digest_size);
		const __be32 count = cpu_to_be32(counter++);
		struct vt_hash_ctx h;

		vt_hash_init(&h, alg);
		vt_hash_update(&h, seed, seed_len);
		vt_hash_update(&h, &count, sizeof(count));
		vt_hash_final(&h, block);
		xor_into(data, block, take);
		data += take;
		len -= take;
	}
	memzero_explicit(block, sizeof(block));
}

void vt_drbg_init(struct vt_drbg *d, const struct vt_hash_alg *alg, const u8 *seed,
		  size_t seed_len, const u8 *context, size_t context_len)
{
	*d = (struct vt_drbg) {
		.alg = alg, .seed = seed, .seed_len = seed_len,
		.context = context, .context_len = context_len,
		.used = alg->digest_size,	/* nothing left: the first fill makes block 0 */
	};
}

void vt_drbg_fill(void *drbg, u8 *out, size_t len)
{
	struct vt_drbg *d = drbg;

	while (len) {
		const u8 digest_size = d->alg->digest_size;
		size_t take;

		if (d->used == digest_size) {
			const __be32 index = cpu_to_be32(d->counter++);

			vt_kdfa(d->alg, d->seed, d->seed_len, "vtpm-derive", d->context,
				d->context_len, &index, sizeof(index), digest_size * 8, d->block);
			d->used = 0;
		}
		take = min_t(size_t, len, digest_size - d->used);
		memcpy(out, d->block + d->used, take);
		memzero_explicit(d->block + d->used, take);
		d->used += take;
		out += take;
		len -= take;
	}
}

void vt_drbg_wipe(struct vt_drbg *d)
{
	memzero_explicit(d, sizeof(*d));
}
