// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: raw bytes. The input is a row of commands, each behind two bytes
 * with its length, and goes to the engine as it is, but for one mercy: the lowest
 * bit of a length asks that the header's size be made right, as most inputs would
 * end there otherwise. After each row the instance must be freed without a leak.
 */
#include <stdlib.h>

#include "tpm.h"
#include "port-host.h"
#include "fuzz.h"

#define MAX_COMMANDS	24

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static u8 cmd[VTPM_MAX_COMMAND];
	static struct host_tpm tpm;
	u32 handles[FUZZ_FURNISHED];
	unsigned int i;

	vt_host_seed(1);
	host_tpm_new(&tpm, NULL);
	tpm.cancel = true;	/* RSA key generation would be all the time there is */
	fuzz_furnish(&tpm, handles);
	for (i = 0; i < MAX_COMMANDS && size > 2; i++) {
		u32 want = get_unaligned_be16(data), len;

		data += 2;
		size -= 2;
		len = min_t(u32, want >> 1, min_t(u32, size, sizeof(cmd)));
		memcpy(cmd, data, len);
		if (want & 1 && len >= 6)
			put_unaligned_be32(len, cmd + 2);
		host_tpm_run(&tpm, cmd, len);
		data += len;
		size -= len;
	}
	if (host_tpm_free(&tpm))
		abort();
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return 0;
}
