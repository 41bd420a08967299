// SPDX-License-Identifier: GPL-2.0-only
/*
 * AES in CFB mode with segments of a whole block (SP 800-38A, 6.3), the only
 * mode a TPM protects its own structures with.
 */
#include "crypto.h"

/* @iv goes in as the mask and comes out as the ciphertext just made or read. */
static void cfb_segment(u8 iv[VT_AES_BLOCK], bool encrypt, u8 *data, size_t len)
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

	while (!rc && len) {
		size_t take = min_t(size_t, len, VT_AES_BLOCK);

		vt_aes_encrypt(&aes, iv, iv);
		cfb_segment(iv, encrypt, data, take);
		/* After a short end the mask must not stay behind in what callers may publish. */
		memset(iv + take, 0, VT_AES_BLOCK - take);
		data += take;
		len -= take;
	}
	memzero_explicit(&aes, sizeof(aes));
	return rc;
}
