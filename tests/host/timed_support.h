/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A test's one TPM, whose time is the test's too.
 */
#ifndef VTPM_TIMED_SUPPORT_H
#define VTPM_TIMED_SUPPORT_H

#include "session_support.h"

#define SESS(rc, n)	((__force u32)(rc) | 0x800 | (n) << 8)

static struct host_tpm tpm;
static u64 now;		/* milliseconds */

static u64 clock_of_test(void)
{
	return now;
}

static inline void set_up(void)
{
	now = 5000;
	vt_host_clock = clock_of_test;
	host_tpm_new(&tpm, NULL);
}

static inline void tear_down(void)
{
	long left = host_tpm_free(&tpm);

	vt_host_clock = NULL;
	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

/* TPM2_CreatePrimary of a sealed object; @c has inSensitive, and the rest comes here. */
static inline u32 create_sealed(struct cmd *c, u16 hash, u32 attrs, const u8 *policy,
				u32 policy_size, u32 *handle)
{
	u32 at = c->len, rc;

	cmd_u16(c, 0);
	cmd_u16(c, TPM_ALG_KEYEDHASH);
	cmd_u16(c, hash);
	cmd_u32(c, FT | FP | attrs);
	cmd_2b(c, policy, policy_size);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u16(c, 0);
	put_size(c, at);
	cmd_u16(c, 0);
	cmd_u32(c, 0);
	rc = cmd_run(&tpm, c);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

#endif /* VTPM_TIMED_SUPPORT_H */
