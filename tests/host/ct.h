/* SPDX-License-Identifier: GPL-2.0-only */
/* Names that the linker makes of vt_aes_*() for ct.c, by its option --wrap. */
#ifndef VTPM_HOST_CT_H
#define VTPM_HOST_CT_H

#include "crypto/crypto.h"

int __real_vt_aes_set_key(struct vt_aes *aes, const u8 *key, u32 bits);
void __real_vt_aes_encrypt(const struct vt_aes *aes, const u8 *in, u8 *out);
int __wrap_vt_aes_set_key(struct vt_aes *aes, const u8 *key, u32 bits);
void __wrap_vt_aes_encrypt(const struct vt_aes *aes, const u8 *in, u8 *out);

#endif /* VTPM_HOST_CT_H */
