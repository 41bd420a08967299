// SPDX-License-Identifier: GPL-2.0-only
/*
 * AES in CFB mode with segments of a whole block (SP 800-38A, 6.3), the only
 * mode a TPM protects its own structures with.
 */
#include "crypto.h"

/* @iv goes in as the mask and comes out as the ciphertext just made or read. */
static void cfb_block(u8 iv[VT_AES_BLOCK], bool encrypt, u8 *data)
{
	u64 mask[2], in[2], out[2];

	memcpy(mask, iv, sizeof(mask));
	memcpy(in, data, sizeof(in));
	out[0] = in[0] ^ mask[0];
	out[1] = in[1] ^ mask[1];
	memcpy(data, out, sizeof(out));
	memcpy(iv, encrypt ? out : in, sizeof(out));
}

/* Likewise for what is left at the end, shorter than a block. */
static void cfb_rest(u8 iv[VT_AES_BLOCK], bool encrypt, u8 *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const u8 in = data[i];

		data[i] ^= iv[i];
		iv[i] = encrypt ? data[i] : in;
	}
}

int vt_aes_cfb(const u8 *key, u32 bits, u8 iv[VT_AES_BLOCK], bool encrypt, u8 *data, size_t len)
{
	struct vt_aes aes;
	int rc = vt_aes_set_key(&aes, key, bits);

	for (; !rc && len >= VT_AES_BLOCK; data += VT_AES_BLOCK, len -= VT_AES_BLOCK) {
		vt_aes_encrypt(&aes, iv, iv);
		cfb_block(iv, encrypt, data);
	}
	if (!rc && len) {
		vt_aes_encrypt(&aes, iv, iv);
		cfb_rest(iv, encrypt, data, len);
		/* After a short end the mask must not stay behind in what callers may publish. */
		memset(iv + len, 0, VT_AES_BLOCK - len);
	}
	memzero_explicit(&aes, sizeof(aes));
	return rc;
}
