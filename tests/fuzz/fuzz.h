/* SPDX-License-Identifier: GPL-2.0-only */
/* What libFuzzer calls. */
#ifndef VTPM_FUZZ_H
#define VTPM_FUZZ_H

#include "env.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#endif /* VTPM_FUZZ_H */
