// SPDX-License-Identifier: GPL-2.0-only
/* Which allocation of the module fails; of nobody but the one task that runs tests. */
#include <linux/sched.h>

#include "fail.h"

long vt_host_fail_alloc = -1;

bool vt_kunit_refuse(void)
{
	if (vt_host_fail_alloc < 0 || !current->kunit_test)
		return false;
	return vt_host_fail_alloc-- == 0;
}
