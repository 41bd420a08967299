/* SPDX-License-Identifier: GPL-2.0-only */
/* Templates and object commands, for the tests of objects and of contexts. */
#ifndef VTPM_OBJECT_SUPPORT_H
#define VTPM_OBJECT_SUPPORT_H

#include "test.h"
#include "tpm.h"
#include "tpm2/engine.h"

#define FT	TPMA_OBJECT_FIXEDTPM
#define FP	TPMA_OBJECT_FIXEDPARENT
#define SDO	TPMA_OBJECT_SENSITIVEDATAORIGIN
#define UWA	TPMA_OBJECT_USERWITHAUTH
#define STC	TPMA_OBJECT_STCLEAR
#define ED	TPMA_OBJECT_ENCRYPTEDDUPLICATION
#define R	TPMA_OBJECT_RESTRICTED
#define D	TPMA_OBJECT_DECRYPT
#define S	TPMA_OBJECT_SIGN
#define X	TPMA_OBJECT_X509SIGN
#define OURS	(FT | FP | UWA | TPMA_OBJECT_NODA)
#define STORAGE	(OURS | SDO | R | D)

/* tpm2_param(), tpm2_handle_rc(), and no position, as constants */
#define P(rc, n)	((__force u32)(rc) | 0x40 | (n) << 8)
#define H(rc, n)	((__force u32)(rc) | (n) << 8)
#define RAW(rc)		((__force u32)(rc))

/**
 * struct tmpl - a template; what its type does not have is ignored
 * @type: TPM_ALG_*
 * @attrs: TPMA_OBJECT
 * @sym: symmetric algorithm, 0 for TPM_ALG_NULL
 * @bits: its key bits
 * @mode: its mode, 0 for CFB
 * @scheme: 0 for TPM_ALG_NULL
 * @hash: its hash, 0 for SHA-256
 * @size: RSA bits or the curve; 0 for 2048 or P-256
 * @exponent: RSA
 * @kdf: ECC, 0 for TPM_ALG_NULL
 * @name: nameAlg, 0 for SHA-256
 * @policy: bytes of authPolicy
 */
struct tmpl {
	u16 type;
	u32 attrs;
	u16 sym, bits, mode;
	u16 scheme, hash;
	u16 size;
	u32 exponent;
	u16 kdf;
	u16 name;
	u16 policy;
};

/* What a command gave, copied out of the response. */
struct bytes {
	u16 size;
	u8 data[1600];
};

static inline void put_sym(struct cmd *c, const struct tmpl *t)
{
	cmd_u16(c, t->sym ? t->sym : TPM_ALG_NULL);
	if (!t->sym)
		return;
	cmd_u16(c, t->bits ? t->bits : 128);
	cmd_u16(c, t->mode ? t->mode : TPM_ALG_CFB);
}

static inline void put_scheme(struct cmd *c, u16 scheme, u16 hash)
{
	cmd_u16(c, scheme ? scheme : TPM_ALG_NULL);
	if (scheme && scheme != TPM_ALG_RSAES)
		cmd_u16(c, hash ? hash : TPM_ALG_SHA256);
	if (scheme == TPM_ALG_XOR)
		cmd_u16(c, TPM_ALG_KDF1_SP800_108);
}

/* TPMT_PUBLIC up to unique */
static inline void put_public_head(struct cmd *c, const struct tmpl *t)
{
	static const u8 policy[VT_MAX_DIGEST + 1];

	cmd_u16(c, t->type);
	cmd_u16(c, t->name ? t->name : TPM_ALG_SHA256);
	cmd_u32(c, t->attrs);
	cmd_2b(c, policy, t->policy);
	if (t->type != TPM_ALG_KEYEDHASH)
		put_sym(c, t);
	if (t->type != TPM_ALG_SYMCIPHER)
		put_scheme(c, t->scheme, t->hash);
	if (t->type == TPM_ALG_RSA) {
		cmd_u16(c, t->size ? t->size : 2048);
		cmd_u32(c, t->exponent);
	} else if (t->type == TPM_ALG_ECC) {
		cmd_u16(c, t->size ? t->size : TPM_ECC_NIST_P256);
		put_scheme(c, t->kdf, 0);
	}
}

/* The number of bytes since @at into the two before. */
static inline void put_size(struct cmd *c, u32 at)
{
	put_unaligned_be16(c->len - at - 2, c->buf + at);
}

static inline void put_template(struct cmd *c, const struct tmpl *t)
{
	u32 at = c->len;

	cmd_u16(c, 0);
	put_public_head(c, t);
	cmd_u16(c, 0);
	if (t->type == TPM_ALG_ECC)
		cmd_u16(c, 0);
	put_size(c, at);
}

static inline void put_sensitive_create(struct cmd *c, const char *auth, const void *data, u16 len)
{
	u32 at = c->len;

	cmd_u16(c, 0);
	cmd_2b(c, auth, strlen(auth));
	cmd_2b(c, data, len);
	put_size(c, at);
}

static inline void copy_2b(struct rsp *r, struct bytes *b)
{
	const u8 *p = rsp_2b(r, &b->size);

	if (b->size > sizeof(b->data))
		abort();
	memcpy(b->data, p, b->size);
}

/* CreatePrimary or Create. @private may be NULL, as may @public. */
static inline u32 object_create(struct host_tpm *h, u32 code, u32 parent, const struct tmpl *t,
				const char *auth, const void *data, u16 len, u32 *handle,
				struct bytes *private, struct bytes *public)
{
	struct cmd c;
	struct rsp r;
	u16 skipped;
	u32 rc;

	cmd_begin_pw(&c, code, 1, 1, parent);
	put_sensitive_create(&c, auth, data, len);
	put_template(&c, t);
	cmd_u16(&c, 0);
	cmd_u32(&c, 0);
	rc = cmd_run(h, &c);
	if (rc)
		return rc;
	r = rsp_params(h, code == TPM_CC_CreatePrimary ? handle : NULL);
	if (private)
		copy_2b(&r, private);
	else if (code == TPM_CC_Create)
		rsp_2b(&r, &skipped);
	if (public)
		copy_2b(&r, public);
	return 0;
}

static inline u32 primary(struct host_tpm *h, u32 hierarchy, const struct tmpl *t, u32 *handle)
{
	return object_create(h, TPM_CC_CreatePrimary, hierarchy, t, "", NULL, 0, handle, NULL,
			     NULL);
}

static inline u32 create(struct host_tpm *h, u32 parent, const struct tmpl *t, const char *auth,
			 const void *data, u16 len, struct bytes *private, struct bytes *public)
{
	return object_create(h, TPM_CC_Create, parent, t, auth, data, len, NULL, private, public);
}

static inline u32 load(struct host_tpm *h, u32 parent, const struct bytes *private,
		       const struct bytes *public, u32 *handle)
{
	struct cmd c;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_Load, 1, 1, parent);
	cmd_2b(&c, private->data, private->size);
	cmd_2b(&c, public->data, public->size);
	rc = cmd_run(h, &c);
	if (!rc)
		rsp_params(h, handle);
	return rc;
}

static inline u32 unseal(struct host_tpm *h, u32 handle, const char *auth, struct bytes *data)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_Unseal);
	cmd_u32(&c, handle);
	cmd_auths(&c);
	cmd_password(&c, auth);
	cmd_auths_end(&c);
	rc = cmd_run(h, &c);
	if (rc || !data)
		return rc;
	r = rsp_params(h, NULL);
	copy_2b(&r, data);
	return 0;
}

static inline u32 read_name(struct host_tpm *h, u32 handle, struct bytes *name,
			    struct bytes *qualified)
{
	struct bytes public;
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_ReadPublic, 1, 0, handle);
	rc = cmd_run(h, &c);
	if (rc)
		return rc;
	r = rsp_params(h, NULL);
	copy_2b(&r, &public);
	copy_2b(&r, name);
	copy_2b(&r, qualified);
	return 0;
}

static inline u32 evict(struct host_tpm *h, u32 auth, u32 object, u32 persistent)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_EvictControl, 2, 1, auth, object);
	cmd_u32(&c, persistent);
	return cmd_run(h, &c);
}

static const struct tmpl storage_template = { TPM_ALG_ECC, STORAGE, .sym = TPM_ALG_AES };
static const struct tmpl seal_template = { TPM_ALG_KEYEDHASH, OURS };
static const struct tmpl sign_template = {
	TPM_ALG_ECC, OURS | SDO | S, .scheme = TPM_ALG_ECDSA,
};

#endif /* VTPM_OBJECT_SUPPORT_H */
