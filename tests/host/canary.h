/* SPDX-License-Identifier: GPL-2.0-only */
/* Looks for secrets where none may be left (T44). */
#ifndef VTPM_CANARY_H
#define VTPM_CANARY_H

#include "tpm.h"

#define CANARY_SIZE	16	/* bytes of a secret that are looked for */

/* From here on memory is looked at when it is freed. */
void canary_start(void);
/* A secret; one that is short, or of few different bytes, is not taken. */
void canary_add(const void *secret, size_t len);
/* Seeds, proofs, keys and auth values of an instance that are in use now. */
void canary_harvest(struct host_tpm *h);
/* Around a command: what does it leave on the stack and in the space's own memory? */
void canary_before(void);
void canary_after(struct host_tpm *h, struct tpm2_space *s);
/* How many secrets were found where they may not be; @why says where the last one was. */
unsigned int canary_found(const char **why);
void canary_forget(void);

#endif /* VTPM_CANARY_H */
