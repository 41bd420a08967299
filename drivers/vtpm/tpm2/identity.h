/* SPDX-License-Identifier: GPL-2.0-only */
/* What this TPM says of itself (Part 2, 6.13). */
#ifndef VTPM_TPM2_IDENTITY_H
#define VTPM_TPM2_IDENTITY_H

#define VTPM_MANUFACTURER	0x5654504du	/* "VTPM" */
#define VTPM_VENDOR_1		0x4c696e75u	/* "Linu" */
#define VTPM_VENDOR_2		0x78207674u	/* "x vt" */
#define VTPM_VENDOR_3		0x706d0000u	/* "pm" */
#define VTPM_VENDOR_4		0x00000000u
#define VTPM_FIRMWARE_1		0x00000001u
#define VTPM_FIRMWARE_2		0x00000000u
#define VTPM_FAMILY		0x322e3000u	/* "2.0" */
#define VTPM_SPEC_REVISION	159
#define VTPM_SPEC_DAY		313
#define VTPM_SPEC_YEAR		2019

#endif /* VTPM_TPM2_IDENTITY_H */
