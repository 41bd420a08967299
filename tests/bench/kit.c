// SPDX-License-Identifier: GPL-2.0-only
/* Keys, sessions and indices for the set-ups of the cases. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

void die(const struct side *s, const char *what, u32 rc)
{
	fprintf(stderr, "bench: %s: %s: 0x%x\n", s->name, what, rc);
	exit(1);
}

void must(struct side *s, struct cmd *c, const char *what)
{
	u32 rc;

	cmd_finish(c);
	rc = s->run(s, c->buf, c->len);
	if (rc)
		die(s, what, rc);
}

/* ---- responses ---- */

u32 response_handle(const struct side *s)
{
	return get_unaligned_be32(s->rsp + 10);
}

const u8 *response_params(const struct side *s, bool handle)
{
	bool sessions = get_unaligned_be16(s->rsp) == TPM_ST_SESSIONS;

	return s->rsp + 10 + (handle ? 4 : 0) + (sessions ? 4 : 0);
}

const u8 *after_2b(const u8 *p)
{
	return p + 2 + get_unaligned_be16(p);
}

void keep(struct side *s, unsigned int blob, const u8 *p, u32 len)
{
	if (len > sizeof(s->blob[0]))
		die(s, "this is too long", len);
	memcpy(s->blob[blob], p, len);
	s->blob_len[blob] = len;
}

void keep_2b(struct side *s, unsigned int blob, const u8 *p)
{
	keep(s, blob, p, after_2b(p) - p);
}

void put_blob(struct side *s, struct cmd *c, unsigned int blob)
{
	cmd_bytes(c, s->blob[blob], s->blob_len[blob]);
}

/* ---- undoing ---- */

void flush(struct side *s, u32 handle)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_FlushContext);
	cmd_u32(&c, handle);
	must(s, &c, "FlushContext");
}

void flush_response(struct side *s)
{
	flush(s, response_handle(s));
}

void undefine(struct side *s)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_NV_UndefineSpace, 2, 1, s->nv_hierarchy, s->nv);
	must(s, &c, "NV_UndefineSpace");
	s->nv = 0;
}

void clean_up(struct side *s)
{
	unsigned int i;

	for (i = 0; i < HANDLES; i++) {
		if (s->handle[i])
			flush(s, s->handle[i]);
		s->handle[i] = 0;
	}
	if (s->nv)
		undefine(s);
}

/* ---- keys ---- */

#define PARENT	(FIXED | USER | ORIGIN | TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT)
#define SIGNER	(USER | ORIGIN | TPMA_OBJECT_SIGN)
#define OPENER	(USER | ORIGIN | TPMA_OBJECT_DECRYPT)

const struct template ecc_parent = { TPM_ALG_ECC, PARENT, TPM_ECC_NIST_P256, TPM_ALG_NULL, true };
const struct template rsa_parent = { TPM_ALG_RSA, PARENT, 2048, TPM_ALG_NULL, true };
const struct template ecc_signer = { TPM_ALG_ECC, SIGNER, TPM_ECC_NIST_P256, TPM_ALG_ECDSA };
const struct template ecc384_signer = { TPM_ALG_ECC, SIGNER, TPM_ECC_NIST_P384, TPM_ALG_ECDSA };
const struct template ecc521_signer = { TPM_ALG_ECC, SIGNER, TPM_ECC_NIST_P521, TPM_ALG_ECDSA };
const struct template rsa_signer = { TPM_ALG_RSA, SIGNER, 2048, TPM_ALG_RSASSA };
const struct template ecc_daa = { TPM_ALG_ECC, SIGNER, TPM_ECC_NIST_P256, TPM_ALG_ECDAA };
const struct template ecc_agree = { TPM_ALG_ECC, OPENER, TPM_ECC_NIST_P256, TPM_ALG_NULL };
const struct template rsa_decrypt = { TPM_ALG_RSA, OPENER, 2048, TPM_ALG_NULL };
const struct template hmac_key = { TPM_ALG_KEYEDHASH, SIGNER, 0, TPM_ALG_HMAC };
const struct template aes_key = { TPM_ALG_SYMCIPHER, SIGNER | OPENER, 128, TPM_ALG_CFB };
const struct template sealed = { TPM_ALG_KEYEDHASH, FIXED | USER, 0, TPM_ALG_NULL };

void end_2b(struct cmd *c, u32 at)
{
	put_unaligned_be16(c->len - at - 2, c->buf + at);
}

static void put_sym(struct cmd *c, bool sym)
{
	cmd_u16(c, sym ? TPM_ALG_AES : TPM_ALG_NULL);
	if (!sym)
		return;
	cmd_u16(c, 128);
	cmd_u16(c, TPM_ALG_CFB);
}

static void put_scheme(struct cmd *c, u16 scheme)
{
	cmd_u16(c, scheme);
	if (scheme != TPM_ALG_NULL)
		cmd_u16(c, TPM_ALG_SHA256);
	if (scheme == TPM_ALG_ECDAA)
		cmd_u16(c, 0);
}

static void put_parms(struct cmd *c, const struct template *t)
{
	switch (t->type) {
	case TPM_ALG_RSA:
		put_sym(c, t->sym);
		put_scheme(c, t->scheme);
		cmd_u16(c, t->size);
		cmd_u32(c, 0);
		break;
	case TPM_ALG_ECC:
		put_sym(c, t->sym);
		put_scheme(c, t->scheme);
		cmd_u16(c, t->size);
		cmd_u16(c, TPM_ALG_NULL);	/* kdf */
		cmd_u16(c, 0);			/* unique has two parts */
		break;
	case TPM_ALG_SYMCIPHER:
		cmd_u16(c, TPM_ALG_AES);
		cmd_u16(c, t->size);
		cmd_u16(c, t->scheme);
		break;
	default:
		put_scheme(c, t->scheme);
	}
	cmd_u16(c, 0);
}

void put_public(struct cmd *c, const struct template *t, const u8 *policy)
{
	u32 at = c->len;

	cmd_u16(c, 0);
	cmd_u16(c, t->type);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u32(c, t->attrs);
	cmd_2b(c, policy, policy ? 32 : 0);
	put_parms(c, t);
	end_2b(c, at);
}

void put_creation(struct cmd *c, const struct template *t, bool secret, const u8 *policy)
{
	static const u8 sealed_secret[32] = { 7 };
	u16 size = secret ? sizeof(sealed_secret) : 0;

	cmd_u16(c, 4 + size);
	cmd_u16(c, 0);
	cmd_2b(c, sealed_secret, size);
	put_public(c, t, policy);
	cmd_u16(c, 0);
	cmd_u32(c, 0);
}

void build_primary(struct cmd *c, const struct template *t)
{
	cmd_begin_pw(c, TPM_CC_CreatePrimary, 1, 1, TPM_RH_OWNER);
	put_creation(c, t, false, NULL);
}

void primary(struct side *s, unsigned int handle, const struct template *t)
{
	struct cmd c;

	build_primary(&c, t);
	must(s, &c, "CreatePrimary");
	s->handle[handle] = response_handle(s);
}

void setup_parent(struct side *s)
{
	primary(s, KEY, &ecc_parent);
}

void setup_signer(struct side *s)
{
	primary(s, KEY, &ecc_signer);
}

void create_child(struct side *s, unsigned int blob, const struct template *t, bool secret,
		  const u8 *policy)
{
	struct cmd c;
	const u8 *p;

	cmd_begin_pw(&c, TPM_CC_Create, 1, 1, s->handle[KEY]);
	put_creation(&c, t, secret, policy);
	must(s, &c, "Create");
	p = response_params(s, false);
	keep(s, blob, p, after_2b(after_2b(p)) - p);
}

void build_load(struct side *s, struct cmd *c, unsigned int blob)
{
	cmd_begin_pw(c, TPM_CC_Load, 1, 1, s->handle[KEY]);
	put_blob(s, c, blob);
}

void load_child(struct side *s, unsigned int handle, unsigned int blob)
{
	struct cmd c;

	build_load(s, &c, blob);
	must(s, &c, "Load");
	s->handle[handle] = response_handle(s);
}

void child(struct side *s, unsigned int handle, const struct template *t, bool secret)
{
	create_child(s, 0, t, secret, NULL);
	load_child(s, handle, 0);
}

void build_sign(struct side *s, struct cmd *c, const u8 digest[32])
{
	cmd_begin_pw(c, TPM_CC_Sign, 1, 1, s->handle[KEY]);
	cmd_2b(c, digest, 32);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u16(c, TPM_ST_HASHCHECK);
	cmd_u32(c, TPM_RH_NULL);
	cmd_u16(c, 0);
}

/* ---- sessions ---- */

void build_session(struct cmd *c, u8 type)
{
	static const u8 nonce[16] = { 1 };

	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_StartAuthSession);
	cmd_u32(c, TPM_RH_NULL);
	cmd_u32(c, TPM_RH_NULL);
	cmd_2b(c, nonce, sizeof(nonce));
	cmd_u16(c, 0);
	cmd_u8(c, type);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u16(c, TPM_ALG_SHA256);
}

void session(struct side *s, u8 type)
{
	struct cmd c;

	build_session(&c, type);
	must(s, &c, "StartAuthSession");
	s->handle[SESSION] = response_handle(s);
}

void setup_session(struct side *s)
{
	session(s, TPM_SE_POLICY);
}

void restart(struct side *s, struct cmd *unused)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PolicyRestart);
	cmd_u32(&c, s->handle[SESSION]);
	must(s, &c, "PolicyRestart");
}

void policy_command_code(struct side *s, u32 code)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PolicyCommandCode);
	cmd_u32(&c, s->handle[SESSION]);
	cmd_u32(&c, code);
	must(s, &c, "PolicyCommandCode");
}

void command_code_policy(struct side *s, u32 code, u8 policy[32])
{
	struct cmd c;

	setup_session(s);
	policy_command_code(s, code);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PolicyGetDigest);
	cmd_u32(&c, s->handle[SESSION]);
	must(s, &c, "PolicyGetDigest");
	memcpy(policy, response_params(s, false) + 2, 32);
	restart(s, NULL);
}

/* ---- NV ---- */

void build_define(struct cmd *c, u32 hierarchy, u32 attrs, u16 size, const u8 *policy)
{
	u32 at;

	cmd_begin_pw(c, TPM_CC_NV_DefineSpace, 1, 1, hierarchy);
	cmd_u16(c, 0);
	at = c->len;
	cmd_u16(c, 0);
	cmd_u32(c, NV_INDEX);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u32(c, attrs);
	cmd_2b(c, policy, policy ? 32 : 0);
	cmd_u16(c, size);
	end_2b(c, at);
}

void define(struct side *s, u32 attrs, u16 size)
{
	struct cmd c;

	build_define(&c, TPM_RH_OWNER, attrs, size, NULL);
	must(s, &c, "NV_DefineSpace");
	s->nv = NV_INDEX;
	s->nv_hierarchy = TPM_RH_OWNER;
}

void nv_write(struct side *s, const void *data, u16 size)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_NV_Write, 2, 1, TPM_RH_OWNER, NV_INDEX);
	cmd_2b(&c, data, size);
	cmd_u16(&c, 0);
	must(s, &c, "NV_Write");
}
