/* SPDX-License-Identifier: GPL-2.0-only */
/* NV commands for the tests of NV indices and of policies over them. */
#ifndef VTPM_NV_SUPPORT_H
#define VTPM_NV_SUPPORT_H

#include <openssl/evp.h>

#include "test.h"
#include "tpm.h"
#include "tpm2/engine.h"

#define OW	TPMA_NV_OWNERWRITE
#define OR	TPMA_NV_OWNERREAD
#define AW	TPMA_NV_AUTHWRITE
#define AR	TPMA_NV_AUTHREAD
#define PW	TPMA_NV_PPWRITE
#define PR	TPMA_NV_PPREAD
#define PC	TPMA_NV_PLATFORMCREATE
#define ND	TPMA_NV_NO_DA
#define NT(n)	((u32)TPM_NT_##n << TPM_NT_SHIFT)
#define OWNERS	(OW | OR | ND)

/* tpm2_param(), tpm2_handle_rc(), tpm2_session_rc(), and no position, as constants */
#define P(rc, n)	((__force u32)(rc) | 0x40 | (n) << 8)
#define H(rc, n)	((__force u32)(rc) | (n) << 8)
#define S(rc, n)	((__force u32)(rc) | 0x800 | (n) << 8)
#define RAW(rc)		((__force u32)(rc))

#define X	(HR_NV_INDEX + 0x10)

static struct host_tpm tpm;

/* One handle's authorization by password; the others have none. */
static inline void nv_head(struct cmd *c, u32 code, unsigned int handles, u32 first, u32 second,
			   const char *password)
{
	cmd_start(c, TPM_ST_SESSIONS, code);
	cmd_u32(c, first);
	if (handles > 1)
		cmd_u32(c, second);
	cmd_auths(c);
	cmd_password(c, password);
	cmd_auths_end(c);
}

static inline u32 nv_define_full(u32 by, u32 index, u16 name_alg, u32 attrs, u16 size,
				 const char *auth, const void *policy, u16 policy_size)
{
	struct cmd c;

	nv_head(&c, TPM_CC_NV_DefineSpace, 1, by, 0, "");
	cmd_2b(&c, auth, strlen(auth));
	cmd_u16(&c, 14 + policy_size);
	cmd_u32(&c, index);
	cmd_u16(&c, name_alg);
	cmd_u32(&c, attrs);
	cmd_2b(&c, policy, policy_size);
	cmd_u16(&c, size);
	return cmd_run(&tpm, &c);
}

static inline u32 nv_define(u32 index, u32 attrs, u16 size, const char *auth)
{
	return nv_define_full(attrs & PC ? TPM_RH_PLATFORM : TPM_RH_OWNER, index, TPM_ALG_SHA256,
			      attrs, size, auth, NULL, 0);
}

/* The commands that have an authorizing handle, the index, and no parameters. */
static inline u32 nv_plain(u32 code, u32 by, u32 index, const char *auth)
{
	struct cmd c;

	nv_head(&c, code, 2, by, index, auth);
	return cmd_run(&tpm, &c);
}

static inline u32 nv_undefine(u32 by, u32 index)
{
	return nv_plain(TPM_CC_NV_UndefineSpace, by, index, "");
}

static inline u32 nv_write(u32 by, u32 index, const char *auth, const void *data, u16 len,
			   u16 offset)
{
	struct cmd c;

	nv_head(&c, TPM_CC_NV_Write, 2, by, index, auth);
	cmd_2b(&c, data, len);
	cmd_u16(&c, offset);
	return cmd_run(&tpm, &c);
}

/* @out may be NULL */
static inline u32 nv_read(u32 by, u32 index, const char *auth, u16 len, u16 offset, void *out)
{
	struct cmd c;
	struct rsp r;
	u16 got;
	u32 rc;

	nv_head(&c, TPM_CC_NV_Read, 2, by, index, auth);
	cmd_u16(&c, len);
	cmd_u16(&c, offset);
	rc = cmd_run(&tpm, &c);
	if (rc || !out)
		return rc;
	r = rsp_params(&tpm, NULL);
	memcpy(out, rsp_2b(&r, &got), len);
	return got == len && !r.bad && !r.left ? 0 : 0xdead;
}

static inline u64 nv_number(u32 index)
{
	u8 be[8];

	return nv_read(TPM_RH_OWNER, index, "", 8, 0, be) ? ~0ull : get_unaligned_be64(be);
}

static inline u32 nv_extend(u32 by, u32 index, const void *data, u16 len)
{
	struct cmd c;

	nv_head(&c, TPM_CC_NV_Extend, 2, by, index, "");
	cmd_2b(&c, data, len);
	return cmd_run(&tpm, &c);
}

static inline u32 nv_set_bits(u32 by, u32 index, u64 bits)
{
	struct cmd c;

	nv_head(&c, TPM_CC_NV_SetBits, 2, by, index, "");
	cmd_u64(&c, bits);
	return cmd_run(&tpm, &c);
}

static inline u32 nv_increment(u32 index)
{
	return nv_plain(TPM_CC_NV_Increment, TPM_RH_OWNER, index, "");
}

/* TPMA_NV as TPM2_NV_ReadPublic tells; 0 when it fails. @name may be NULL. */
static inline u32 nv_attrs(u32 index, u8 *name)
{
	struct cmd c;
	struct rsp r;
	const u8 *p;
	u16 len;

	cmd_begin_pw(&c, TPM_CC_NV_ReadPublic, 1, 0, index);
	if (cmd_run(&tpm, &c))
		return 0;
	r = rsp_params(&tpm, NULL);
	p = rsp_2b(&r, &len);
	if (name) {
		u16 name_len;

		memcpy(name, rsp_2b(&r, &name_len), 34);
	}
	return get_unaligned_be32(p + 6);
}

static inline u32 clear(void)
{
	struct cmd c;

	nv_head(&c, TPM_CC_Clear, 1, TPM_RH_PLATFORM, 0, "");
	return cmd_run(&tpm, &c);
}

/* Off and on, with TPM2_Shutdown(CLEAR) before or without */
static inline void power_cycle(bool orderly)
{
	struct cmd c;

	if (orderly) {
		cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_Shutdown);
		cmd_u16(&c, TPM_SU_CLEAR);
		cmd_run(&tpm, &c);
	}
	tpm2_power_on(tpm.t);
	tpm2_startup(tpm.t);
}

static inline void sha256(const void *a, u32 a_len, const void *b, u32 b_len, u8 *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	EVP_DigestInit(ctx, EVP_sha256());
	EVP_DigestUpdate(ctx, a, a_len);
	EVP_DigestUpdate(ctx, b, b_len);
	EVP_DigestFinal(ctx, out, NULL);
	EVP_MD_CTX_free(ctx);
}

static inline void set_up(void)
{
	host_tpm_new(&tpm, NULL);
}

static inline void tear_down(void)
{
	long left = host_tpm_free(&tpm);

	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

#endif /* VTPM_NV_SUPPORT_H */
