/* SPDX-License-Identifier: GPL-2.0-only */
/* Every maximum of the module, in one place. */
#ifndef VTPM_LIMITS_H
#define VTPM_LIMITS_H

#include "env.h"

#define VTPM_MAX_INSTANCES	4096	/* two minors each */
#define VTPM_MAX_COMMAND	4096	/* bytes of a TPM command or response */
#define VTPM_MAX_OPENERS	256	/* open files of one rm node */
#define VTPM_MAX_QUEUED		8	/* queued commands of one instance that run at a time */
#define VTPM_MAX_BINDINGS	64	/* cgroups and user namespaces of one instance */
#define VTPM_MAX_POLICY		16384	/* bytes of a policy text */
#define VTPM_MAX_SIGNED_POLICY	65536	/* of one with signatures and certificates around it */
#define VTPM_MAX_POLICY_RULES	256
#define VTPM_MAX_MANIFEST	(128u << 20)	/* bytes of a signed manifest */
#define VTPM_MAX_MEASUREMENTS	0x100000	/* of one manifest */
#define VTPM_MAX_ALL_MEASUREMENTS 0x800000	/* of one bank, in all manifests */
#define VTPM_MAX_REVOKED	4096	/* manifests that one revocation names */
#define VTPM_MAX_SEEN		4096	/* names whose version is remembered, of one party */
#define VTPM_MAX_TRUST		64	/* trust anchors */
#define VTPM_MAX_CERTS		4096	/* manifests */
#define VTPM_MAX_CERT_DER	16384	/* bytes of an X.509 certificate */

#define VTPM_PCR_COUNT		24
#define VTPM_PCR_SELECT		(VTPM_PCR_COUNT / 8)	/* bytes of a selection's bit map */
#define VTPM_MAX_BANKS		4	/* VT_HASH_COUNT */
#define VTPM_MAX_PROVIDERS	8	/* of one instance */

#define VTPM_LOG_BYTES		65536	/* of a measurement log, unless its policy says otherwise */
#define VTPM_MAX_LOG		0x100000	/* of one whatever its policy says */

#define VTPM_MAX_STATE		(32u << 20)	/* bytes of an instance's whole state */

#define TPM2_MAX_SPACES		(VTPM_MAX_OPENERS + 1)	/* of a state: the raw node's, too */
#define VTPM_MAX_LOCALITY	4

#define TPM2_MAX_OBJECTS	64	/* loaded objects of one space */
#define TPM2_MAX_SESSIONS	64	/* loaded sessions of one space */
#define TPM2_MAX_ALL_SESSIONS	1024	/* active sessions of one instance, saved ones included */
#define TPM2_MIN_OBJECTS	3	/* the least that a policy may leave of the first */
#define TPM2_MIN_SESSIONS	3	/* and of the last */
#define TPM2_MAX_SAVED_SESSIONS	256	/* of these, saved ones */
#define TPM2_MAX_PERSISTENT	64	/* persistent objects of one instance */
#define TPM2_MAX_AKS		512	/* keys whose signatures are counted, see tpm2/ak.c */
#define TPM2_MAX_HANDLES	3	/* handles of one command */
#define TPM2_MAX_AUTHS		3	/* sessions of one command */
#define TPM2_MAX_BUFFER		1024	/* TPM2B_MAX_BUFFER */
#define TPM2_MAX_COMMITS	64	/* of EC_Ephemeral and Commit that wait for their use */
#define TPM2_MAX_SEALED		128	/* TPM2B_SENSITIVE_DATA of a sealed object (MAX_SYM_DATA) */
#define TPM2_MAX_NV_BUFFER	2048	/* TPM_PT_NV_BUFFER_MAX, and of one index */
#define TPM2_MAX_NV_SPACE	131072	/* bytes of all NV indices of one instance */
#define TPM2_MAX_CAP_DATA	1024	/* bytes of a TPMS_CAPABILITY_DATA list */

static_assert(VTPM_PCR_COUNT % 8 == 0);
static_assert(TPM2_MAX_BUFFER + 64 < VTPM_MAX_COMMAND);
static_assert(TPM2_MAX_ALL_SESSIONS % 64 == 0);
static_assert(TPM2_MAX_ALL_SESSIONS <= 0x10000);

#endif /* VTPM_LIMITS_H */
