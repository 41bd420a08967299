// SPDX-License-Identifier: GPL-2.0-only
/*
 * CMAC with AES (SP 800-38B). The state is bytes alone, so that a sequence can
 * be saved as it is; the key schedule is made anew for each piece.
 */
#include "crypto.h"

static void xor_block(u8 *a, const u8 *b)
{
	for (unsigned int i = 0; i < VT_AES_BLOCK; i++)
		a[i] ^= b[i];
}

/* Times x in GF(2^128), without a branch on the secret top bit. */
static void double_block(u8 *b)
{
	const u8 reduce = 0x87 & -(b[0] >> 7);
	unsigned int i;

	for (i = 0; i < VT_AES_BLOCK - 1; i++)
		b[i] = b[i] << 1 | b[i + 1] >> 7;
	b[i] = b[i] << 1 ^ reduce;
}

int vt_cmac_init(struct vt_cmac *m, const u8 *key, u32 bits)
{
	if (bits != 128 && bits != 192 && bits != 256)
		return -EINVAL;
	memset(m, 0, sizeof(*m));
	m->key_size = bits / 8;
	memcpy(m->key, key, m->key_size);
	return 0;
}

/* A full block waits until more comes: the last one is treated in another way. */
void vt_cmac_update(struct vt_cmac *m, const void *data, size_t len)
{
	const u8 *in = data;
	struct vt_aes aes;

	if (!len)
		return;
	vt_aes_set_key(&aes, m->key, 8 * m->key_size);
	while (len) {
		size_t take = min_t(size_t, len, VT_AES_BLOCK - m->used);

		if (!take) {
			xor_block(m->chain, m->block);
			vt_aes_encrypt(&aes, m->chain, m->chain);
			m->used = 0;
			continue;
		}
		memcpy(m->block + m->used, in, take);
		m->used += take;
		in += take;
		len -= take;
	}
	memzero_explicit(&aes, sizeof(aes));
}

void vt_cmac_final(struct vt_cmac *m, u8 mac[VT_AES_BLOCK])
{
	u8 subkey[VT_AES_BLOCK] = { 0 };
	struct vt_aes aes;

	vt_aes_set_key(&aes, m->key, 8 * m->key_size);
	vt_aes_encrypt(&aes, subkey, subkey);
	double_block(subkey);
	if (m->used < VT_AES_BLOCK) {
		double_block(subkey);
		m->block[m->used] = 0x80;
		memset(m->block + m->used + 1, 0, VT_AES_BLOCK - 1 - m->used);
	}
	xor_block(m->chain, m->block);
	xor_block(m->chain, subkey);
	vt_aes_encrypt(&aes, m->chain, mac);
	memzero_explicit(&aes, sizeof(aes));
	memzero_explicit(subkey, sizeof(subkey));
	memzero_explicit(m, sizeof(*m));
}
