// SPDX-License-Identifier: GPL-2.0-only
/* HMAC (FIPS 198-1) over the hashes of the port. */
#include "crypto.h"

#define IPAD 0x3636363636363636ULL
#define OPAD 0x5c5c5c5c5c5c5c5cULL

static void xor_block(u8 *block, size_t len, u64 value)
{
	u64 *word = (u64 *)block;

	for (size_t i = 0; i < len / sizeof(*word); i++)
		word[i] ^= value;
}

void vt_hmac_init(struct vt_hmac_ctx *h, const struct vt_hash_alg *alg, const void *key,
		  size_t key_len)
{
	memset(h->opad, 0, sizeof(h->opad));
	if (key_len > alg->block_size) {
		vt_hash_init(&h->inner, alg);
		vt_hash_update(&h->inner, key, key_len);
		vt_hash_final(&h->inner, h->opad);
	} else if (key_len) {
		memcpy(h->opad, key, key_len);
	}
	xor_block(h->opad, alg->block_size, IPAD);
	vt_hash_init(&h->inner, alg);
	vt_hash_update(&h->inner, h->opad, alg->block_size);
	xor_block(h->opad, alg->block_size, IPAD ^ OPAD);
}

void vt_hmac_update(struct vt_hmac_ctx *h, const void *data, size_t len)
{
	vt_hash_update(&h->inner, data, len);
}

void vt_hmac_final(struct vt_hmac_ctx *h, u8 *mac)
{
	const struct vt_hash_alg *alg = h->inner.alg;

	vt_hash_final(&h->inner, mac);
	vt_hash_init(&h->inner, alg);
	vt_hash_update(&h->inner, h->opad, alg->block_size);
	vt_hash_update(&h->inner, mac, alg->digest_size);
	vt_hash_final(&h->inner, mac);
	memzero_explicit(h, sizeof(*h));
}

void vt_hmac(const struct vt_hash_alg *alg, const void *key, size_t key_len,
	     const void *data, size_t len, u8 *mac)
{
	struct vt_hmac_ctx h;

	vt_hmac_init(&h, alg, key, key_len);
	vt_hmac_update(&h, data, len);
	vt_hmac_final(&h, mac);
}
