/* SPDX-License-Identifier: GPL-2.0-only */
/* What this TPM says of itself (Part 2, 6.13). */
#ifndef VTPM_TPM2_IDENTITY_H
#define VTPM_TPM2_IDENTITY_H

#define VTPM_MANUFACTURER	0x5654504du	/* "VTPM" */
#define VTPM_VENDOR_1		0x4c696e75u	/* "Linu" */
#define VTPM_VENDOR_2		0x78207674u	/* "x vt" */
#define VTPM_VENDOR_3		0x706d0000u	/* "pm" */
#define VTPM_VENDOR_4		0x00000000u
#define VTPM_TPM_TYPE		0x76697274u	/* "virt" */
#define VTPM_FIRMWARE_1		0x00000001u
#define VTPM_FIRMWARE_2		0x00000000u
#define VTPM_FAMILY		0x322e3000u	/* "2.0" */
#define VTPM_SPEC_REVISION	159
#define VTPM_SPEC_DAY		313
#define VTPM_SPEC_YEAR		2019

/*
 * The NV index that says what this TPM is, see nv.c. Its handle is one of the platform
 * manufacturer's (0x01400000 to 0x017fffff in the TCG's registry of reserved handles), and
 * spells "VTP". Handle, attributes and size never change, and so its name does not.
 */
#define VTPM_NV_IDENTITY	0x01565450u
#define VTPM_NV_IDENTITY_SIZE	768

#endif /* VTPM_TPM2_IDENTITY_H */
