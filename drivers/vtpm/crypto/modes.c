// SPDX-License-Identifier: GPL-2.0-only
/*
 * AES in the modes that a symmetric key may be used with (SP 800-38A, 6).
 * In each the initialisation vector comes out as what the next block needs, so
 * that data split at multiples of a block gives what the whole would.
 */
#include "crypto.h"

/* TPM_ALG_ID (Part 2, 6.3) */
enum { MODE_CTR = 0x0040, MODE_OFB, MODE_CBC, MODE_CFB, MODE_ECB };

static void xor_bytes(u8 *data, const u8 *mask, size_t len)
{
	for (size_t i = 0; i < len; i++)
		data[i] ^= mask[i];
}

/* The whole block is one big-endian number. */
static void count_up(u8 counter[VT_AES_BLOCK])
{
	unsigned int i = VT_AES_BLOCK, carry = 1;

	while (i--) {
		carry += counter[i];
		counter[i] = carry;
		carry >>= 8;
	}
}

static void ctr(const struct vt_aes *aes, u8 *iv, u8 *data, size_t len)
{
	u8 mask[VT_AES_BLOCK];

	while (len) {
		size_t take = min_t(size_t, len, VT_AES_BLOCK);

		vt_aes_encrypt(aes, iv, mask);
		xor_bytes(data, mask, take);
		count_up(iv);
		data += take;
		len -= take;
	}
	memzero_explicit(mask, sizeof(mask));
}

static void ofb(const struct vt_aes *aes, u8 *iv, u8 *data, size_t len)
{
	while (len) {
		size_t take = min_t(size_t, len, VT_AES_BLOCK);

		vt_aes_encrypt(aes, iv, iv);
		xor_bytes(data, iv, take);
		data += take;
		len -= take;
	}
}

static void cbc(const struct vt_aes *aes, u8 *iv, bool encrypt, u8 *data, size_t len)
{
	u8 next[VT_AES_BLOCK];

	for (; len; data += VT_AES_BLOCK, len -= VT_AES_BLOCK) {
		if (encrypt) {
			xor_bytes(data, iv, VT_AES_BLOCK);
			vt_aes_encrypt(aes, data, data);
			memcpy(iv, data, VT_AES_BLOCK);
			continue;
		}
		memcpy(next, data, VT_AES_BLOCK);
		vt_aes_decrypt(aes, data, data);
		xor_bytes(data, iv, VT_AES_BLOCK);
		memcpy(iv, next, VT_AES_BLOCK);
	}
}

static void ecb(const struct vt_aes *aes, bool encrypt, u8 *data, size_t len)
{
	for (; len; data += VT_AES_BLOCK, len -= VT_AES_BLOCK) {
		if (encrypt)
			vt_aes_encrypt(aes, data, data);
		else
			vt_aes_decrypt(aes, data, data);
	}
}

int vt_aes_mode(u16 mode, const u8 *key, u32 bits, u8 iv[VT_AES_BLOCK], bool encrypt, u8 *data,
		size_t len)
{
	struct vt_aes aes;
	int rc;

	if (mode == MODE_CFB)
		return vt_aes_cfb(key, bits, iv, encrypt, data, len);
	if ((mode == MODE_CBC || mode == MODE_ECB) && len % VT_AES_BLOCK)
		return -EINVAL;
	if (!encrypt && (mode == MODE_CBC || mode == MODE_ECB))
		rc = vt_aes_set_decrypt_key(&aes, key, bits);
	else
		rc = vt_aes_set_key(&aes, key, bits);
	if (rc)
		return rc;
	switch (mode) {
	case MODE_CTR:
		ctr(&aes, iv, data, len);
		break;
	case MODE_OFB:
		ofb(&aes, iv, data, len);
		break;
	case MODE_CBC:
		cbc(&aes, iv, encrypt, data, len);
		break;
	case MODE_ECB:
		ecb(&aes, encrypt, data, len);
		break;
	default:
		rc = -EINVAL;
	}
	memzero_explicit(&aes, sizeof(aes));
	return rc;
}
