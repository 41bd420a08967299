// SPDX-License-Identifier: GPL-2.0-only
/* What the module does before it loads: the known-answer tests. For bad-constant. */
#include <stdio.h>

#include "crypto/crypto.h"

int main(void)
{
	const char *failed = NULL;

	if (!vt_crypto_init() && !vt_crypto_selftest(&failed)) {
		puts("passed");
		return 0;
	}
	printf("failed %s\n", failed ? failed : "set-up");
	return 1;
}
