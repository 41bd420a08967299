// SPDX-License-Identifier: GPL-2.0-only
/* Symmetric primitives (Part 3, 15.2 and 15.3). */
#include "commands.h"

/* One structure for both commands, which differ in the order of their parameters. */
struct encrypt_decrypt_in {
	u8 decrypt;
	u16 mode;
	struct tpm2b iv;
	struct tpm2b data;
};

static const struct desc_field encrypt_decrypt_in_fields[] = {
	FIELD(struct encrypt_decrypt_in, decrypt, desc_yes_no),
	FIELD(struct encrypt_decrypt_in, mode, desc_cipher_mode_null),
	FIELD(struct encrypt_decrypt_in, iv, desc_2b_iv),
	FIELD(struct encrypt_decrypt_in, data, desc_2b_buffer),
};

const struct desc tpm2_encrypt_decrypt_in =
	DESC_STRUCT(struct encrypt_decrypt_in, encrypt_decrypt_in_fields);

static const struct desc_field encrypt_decrypt2_in_fields[] = {
	FIELD(struct encrypt_decrypt_in, data, desc_2b_buffer),
	FIELD(struct encrypt_decrypt_in, decrypt, desc_yes_no),
	FIELD(struct encrypt_decrypt_in, mode, desc_cipher_mode_null),
	FIELD(struct encrypt_decrypt_in, iv, desc_2b_iv),
};

const struct desc tpm2_encrypt_decrypt2_in =
	DESC_STRUCT(struct encrypt_decrypt_in, encrypt_decrypt2_in_fields);

struct encrypt_decrypt_out {
	struct tpm2b data;
	struct tpm2b iv;
};

static const struct desc_field encrypt_decrypt_out_fields[] = {
	FIELD(struct encrypt_decrypt_out, data, desc_2b_buffer),
	FIELD(struct encrypt_decrypt_out, iv, desc_2b_iv),
};

const struct desc tpm2_encrypt_decrypt_out =
	DESC_STRUCT(struct encrypt_decrypt_out, encrypt_decrypt_out_fields);
const struct desc tpm2_encrypt_decrypt2_out =
	DESC_STRUCT(struct encrypt_decrypt_out, encrypt_decrypt_out_fields);

/* Where the parameters are; the numbers go into response codes. */
struct places {
	u8 mode, iv, data;
};

/* Who has sign may encrypt, who has decrypt may do that; restricted keys are the TPM's own. */
static tpm_rc check_cipher_key(const struct tpm2_object *key, bool decrypt)
{
	const u32 needed = decrypt ? TPMA_OBJECT_DECRYPT : TPMA_OBJECT_SIGN;

	if (key->kind != OBJ_KEY || key->pub.type != TPM_ALG_SYMCIPHER || key->public_only)
		return TPM_RC_KEY;
	if (key->pub.attrs & TPMA_OBJECT_RESTRICTED || !(key->pub.attrs & needed))
		return TPM_RC_ATTRIBUTES;
	return key->pub.parms.sym.mode == TPM_ALG_CMAC ? TPM_RC_MODE : TPM_RC_SUCCESS;
}

/* The key's own mode or, when it has none, the command's. */
static tpm_rc pick_mode(const struct tpm2_object *key, u16 *mode)
{
	u16 own = key->pub.parms.sym.mode;

	if (own == TPM_ALG_NULL)
		return *mode == TPM_ALG_NULL ? TPM_RC_MODE : TPM_RC_SUCCESS;
	if (*mode != TPM_ALG_NULL && *mode != own)
		return TPM_RC_MODE;
	*mode = own;
	return TPM_RC_SUCCESS;
}

static tpm_rc check_sizes(const struct encrypt_decrypt_in *in, const struct places *at)
{
	bool blocks = in->mode == TPM_ALG_CBC || in->mode == TPM_ALG_ECB;

	if (in->iv.size != (in->mode == TPM_ALG_ECB ? 0 : VT_AES_BLOCK))
		return tpm2_param(TPM_RC_SIZE, at->iv);
	if (blocks && in->data.size % VT_AES_BLOCK)
		return tpm2_param(TPM_RC_SIZE, at->data);
	return TPM_RC_SUCCESS;
}

static tpm_rc crypt(struct tpm2_call *c, const struct tpm2_object *key,
		    const struct encrypt_decrypt_in *in)
{
	struct encrypt_decrypt_out *out = (void *)c->out;
	u8 *data = tpm2_scratch(c, in->data.size), *iv = tpm2_scratch(c, VT_AES_BLOCK);
	int err;

	if (!data || !iv)
		return TPM_RC_MEMORY;
	if (in->data.size)
		memcpy(data, in->data.data, in->data.size);
	if (in->iv.size)
		memcpy(iv, in->iv.data, in->iv.size);
	err = vt_aes_mode(in->mode, key->sens.data.data, key->pub.parms.sym.bits, iv, !in->decrypt,
			  data, in->data.size);
	out->data = tpm2b(data, in->data.size);
	out->iv = tpm2b(iv, in->iv.size);
	return tpm2_rc(err, TPM_RC_FAILURE);
}

static tpm_rc encrypt_decrypt(struct tpm2_call *c, const struct places *at)
{
	struct encrypt_decrypt_in *in = (void *)c->in;
	const struct tpm2_object *key = c->objects[0];
	tpm_rc rc;

	rc = check_cipher_key(key, in->decrypt);
	if (rc)
		return tpm2_handle_rc(rc, 1);
	rc = pick_mode(key, &in->mode);
	if (rc)
		return tpm2_param(rc, at->mode);
	rc = check_sizes(in, at);
	return rc ? rc : crypt(c, key, in);
}

/*
 * TPM2_EncryptDecrypt (15.2). TPM_RC_KEY and TPM_RC_ATTRIBUTES (keyHandle: no
 * symmetric cipher, not for this direction), TPM_RC_MODE (keyHandle: a MAC key; mode:
 * not the key's, or none), TPM_RC_SIZE (ivIn, inData).
 */
tpm_rc tpm2_cmd_encrypt_decrypt(struct tpm2_call *c)
{
	static const struct places at = { .mode = 2, .iv = 3, .data = 4 };

	return encrypt_decrypt(c, &at);
}

/*
 * TPM2_EncryptDecrypt2 (15.3). The same with inData first, so that a session can
 * encrypt it: TPM_RC_KEY, TPM_RC_ATTRIBUTES, TPM_RC_MODE, TPM_RC_SIZE.
 */
tpm_rc tpm2_cmd_encrypt_decrypt2(struct tpm2_call *c)
{
	static const struct places at = { .data = 1, .mode = 3, .iv = 4 };

	return encrypt_decrypt(c, &at);
}
