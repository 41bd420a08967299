/* SPDX-License-Identifier: GPL-2.0-only */
/* What the two halves of the program over ESAPI share. */
#ifndef VTPM_ESAPI_H
#define VTPM_ESAPI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tss2/tss2_esys.h>
#include <tss2/tss2_rc.h>
#include <tss2/tss2_tctildr.h>

#define NONE	ESYS_TR_NONE

/* One connection to the TPM. */
struct link {
	TSS2_TCTI_CONTEXT *tcti;
	ESYS_CONTEXT *esys;
};

bool link_open(struct link *l, const char *tcti);
void link_close(struct link *l);

/* A case fails with what it says last. */
void fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A call of ESAPI that has to succeed, or one that has to fail with a certain code. */
#define MUST(call) do {							\
	TSS2_RC rc_ = (call);						\
									\
	if (rc_) {							\
		fail("%s: %s", #call, Tss2_RC_Decode(rc_));		\
		return;							\
	}								\
} while (0)

#define WANT(cond) do {							\
	if (!(cond)) {							\
		fail("line %d: %s", __LINE__, #cond);			\
		return;							\
	}								\
} while (0)

/* Storage keys in the owner's hierarchy; @bits of RSA, 0 for P-256. @more tells keys apart. */
TSS2_RC make_primary(ESYS_CONTEXT *esys, uint16_t bits, uint32_t more, ESYS_TR *key);

/* ---- esapi-pair.c: two connections at once, on the node with a resource manager ---- */

void pair_contexts(const char *tcti);
void pair_isolated(const char *tcti);
void pair_busy(const char *tcti);
void pair_killed(const char *tcti);
void pair_cancelled(const char *tcti, const char *cancel);

#endif /* VTPM_ESAPI_H */
