/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands that several suites need, on the host tier's instance. A failure ends the case. */
#ifndef VTPM_KUNIT_SUPPORT_H
#define VTPM_KUNIT_SUPPORT_H

#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/module.h>

#include "host.h"
#include "crypto/crypto.h"
#include "../host/tpm.h"

/* A measurement, in hexadecimal */
#define D32	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* By sscanf(), as hex2bin() is declared in other places in other kernels. */
static inline void vt_kunit_hex(struct kunit *test, const char *text, u8 *out)
{
	for (; *text; text += 2)
		KUNIT_ASSERT_EQ(test, sscanf(text, "%2hhx", out++), 1);
}

/* new = H(old || digest), in place */
static inline void vt_kunit_chain(const struct vt_hash_alg *alg, u8 *value, const u8 *digest)
{
	struct vt_hash_ctx h;

	vt_hash_init(&h, alg);
	vt_hash_update(&h, value, alg->digest_size);
	vt_hash_update(&h, digest, alg->digest_size);
	vt_hash_final(&h, value);
}

static inline void vt_kunit_extend_cmd(struct cmd *c, u16 alg, u32 pcr, const u8 *digest)
{
	cmd_begin_pw(c, TPM_CC_PCR_Extend, 1, 1, pcr);
	cmd_u32(c, 1);
	cmd_u16(c, alg);
	cmd_bytes(c, digest, vt_hash_find(alg)->digest_size);
	cmd_finish(c);
}

static inline u32 vt_kunit_extend(struct host_tpm *h, u16 alg, u32 pcr, const u8 *digest)
{
	struct cmd c;

	vt_kunit_extend_cmd(&c, alg, pcr, digest);
	return cmd_run(h, &c);
}

static inline void vt_kunit_select(struct cmd *c, u16 alg, u32 pcr)
{
	u8 bits[VTPM_PCR_SELECT] = { 0 };

	bits[pcr / 8] = 1 << pcr % 8;
	cmd_u32(c, 1);
	cmd_u16(c, alg);
	cmd_u8(c, sizeof(bits));
	cmd_bytes(c, bits, sizeof(bits));
}

/* Return: bytes of the value, 0 when there is none to be seen. */
static inline u16 vt_kunit_read(struct kunit *test, struct host_tpm *h, u16 alg, u32 pcr,
				u8 *value)
{
	const u8 *p;
	struct cmd c;
	struct rsp r;
	u32 count;
	u16 len;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PCR_Read);
	vt_kunit_select(&c, alg, pcr);
	KUNIT_ASSERT_EQ(test, cmd_run(h, &c), 0U);
	r = rsp_params(h, NULL);
	rsp_u32(&r);				/* pcrUpdateCounter */
	KUNIT_ASSERT_EQ(test, rsp_u32(&r), 1U);	/* pcrSelectionOut */
	KUNIT_ASSERT_EQ(test, rsp_u16(&r), alg);
	rsp_bytes(&r, rsp_u8(&r));
	count = rsp_u32(&r);
	if (!count)
		return 0;
	p = rsp_2b(&r, &len);
	KUNIT_ASSERT_TRUE(test, count == 1 && !r.bad && !r.left);
	memcpy(value, p, len);
	return len;
}

#endif /* VTPM_KUNIT_SUPPORT_H */
