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

#endif /* VTPM_TIMED_SUPPORT_H */
