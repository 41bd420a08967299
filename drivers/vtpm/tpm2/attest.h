/* SPDX-License-Identifier: GPL-2.0-only */
/* What the attestation commands have in common (cmd_attest.c). */
#ifndef VTPM_TPM2_ATTEST_H
#define VTPM_TPM2_ATTEST_H

#include "commands.h"

#define ATTEST_MAX	512	/* bytes of the largest TPMS_ATTEST, an NV index's contents aside */

/* What every attestation's answer is */
struct attest_out {
	struct tpm2b attest;
	struct tpmt_signature sig;
};

extern const struct desc_field tpm2_attest_out_fields[2];

/*
 * Handle, scheme and how often the key has signed are checked before anything is attested;
 * positions differ by command.
 */
tpm_rc tpm2_attest_signer(struct tpm2_call *c, const struct tpm2_object *key, unsigned int handle,
			  struct tpmt_scheme *scheme, unsigned int param);
/* Scratch memory of @size bytes. */
tpm_rc tpm2_attest_new(struct tpm2_call *c, u32 size, struct tpm2_writer *w);
/* TPMS_ATTEST up to what is attested (Part 2, 10.12.12). */
void tpm2_attest_begin(struct tpm2_call *c, const struct tpm2_object *key, u16 type,
		       const struct tpmt_scheme *scheme, struct tpm2b extra,
		       struct tpm2_writer *w);
/* Signs what was written, unless nobody signs (@key is NULL). */
tpm_rc tpm2_attest_end(struct tpm2_call *c, struct tpm2_object *key,
		       const struct tpmt_scheme *scheme, struct tpm2b extra,
		       const struct tpm2_writer *w);

#endif /* VTPM_TPM2_ATTEST_H */
