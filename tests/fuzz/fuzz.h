/* SPDX-License-Identifier: GPL-2.0-only */
/* What libFuzzer calls, and an instance that the targets share. */
#ifndef VTPM_FUZZ_H
#define VTPM_FUZZ_H

#include "tpm.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define FUZZ_FURNISHED	6

/* Something of every kind to work with; their handles in @h. */
static inline void fuzz_furnish(struct host_tpm *tpm, u32 *h)
{
	tpm_create_primary_ecc(tpm, TPM_RH_OWNER, false, &h[0]);
	tpm_create_primary_ecc(tpm, TPM_RH_OWNER, true, &h[1]);
	tpm_start_session(tpm, TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_NULL, &h[2]);
	tpm_start_session(tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_AES, &h[3]);
	tpm_start_session(tpm, TPM_SE_TRIAL, TPM_ALG_SHA384, TPM_ALG_XOR, &h[4]);
	h[5] = 0x01000001;
	tpm_define_nv(tpm, h[5]);
}

#endif /* VTPM_FUZZ_H */
