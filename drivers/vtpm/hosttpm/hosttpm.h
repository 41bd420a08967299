/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's own TPM, as far as instances know of it: its PCRs. */
#ifndef VTPM_HOSTTPM_H
#define VTPM_HOSTTPM_H

#include <linux/vtpm.h>

/**
 * vtpm_hosttpm_read() - the PCRs of the host's TPM, all banks that it has
 *
 * Takes as long as the chip needs: some milliseconds for each PCR.
 *
 * Context: may sleep. Return: for vtpm_hosttpm_free(); NULL: the host has no TPM 2.0, or
 * this kernel no driver for it; ERR_PTR(): -EIO: it does not answer; -ENOMEM.
 */
struct vtpm_host *vtpm_hosttpm_read(void);
void vtpm_hosttpm_free(struct vtpm_host *host);	/* NULL is fine */

#endif /* VTPM_HOSTTPM_H */
