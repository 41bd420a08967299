/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names and signatures that differ between the kernels this module builds for
 * (6.1 to 7.2). Differences of meaning in the crypto API are not papered over
 * here; crypto/port-kernel.c has those.
 */
#ifndef VTPM_COMPAT_H
#define VTPM_COMPAT_H

/* Before <linux/btf_ids.h>, which does not include it in 6.1. */
#include <linux/types.h>

#include <linux/btf_ids.h>
#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/slab.h>
#include <linux/version.h>

/*
 * Where unaligned access, crypto_memneq() and hexadecimal digits are declared has moved
 * within 6.x; <linux/kernel.h> has the last of them up to 6.12 at least.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <crypto/utils.h>
#include <linux/hex.h>
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#include <crypto/algapi.h>
#endif

/* class_create() lost its owner in 6.4. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define vt_class_create(name) class_create(name)
#else
#define vt_class_create(name) class_create(THIS_MODULE, name)
#endif

/* The device that class->devnode() is given: const since 6.2. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define VT_DEVNODE_CONST const
#else
#define VT_DEVNODE_CONST
#endif

/* The attribute that bin_attribute->read() and write() are given: const since 6.16. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define VT_BIN_ATTR_CONST const
#else
#define VT_BIN_ATTR_CONST
#endif

/* A namespace tells its type itself since 6.18. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
#define VT_NS_TYPE(ns) ((ns)->ns_type)
#else
#define VT_NS_TYPE(ns) ((ns)->ops->type)
#endif

/* MODULE_IMPORT_NS() and its kin want a string since 6.13. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define VTPM_NS(ns) #ns
#else
#define VTPM_NS(ns) ns
#endif

/*
 * __free(kfree_sensitive): newer kernels have the class, older have not. Under
 * a name of ours it is the same everywhere.
 */
DEFINE_FREE(vt_sensitive, void *, if (!IS_ERR_OR_NULL(_T)) kfree_sensitive(_T))
#define __free_kfree_sensitive __free_vt_sensitive

/* Verification of signatures moved from akcipher to an API of its own in 6.13. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define VT_AKCIPHER_VERIFIES
#endif

/* Sets of kfuncs carry a flag of their own since 6.8. */
#ifndef BTF_KFUNCS_START
#define BTF_KFUNCS_START(name) BTF_SET8_START(name)
#define BTF_KFUNCS_END(name) BTF_SET8_END(name)
#endif

/* Checked by clang's context analysis where the kernel has it. */
#ifndef __guarded_by
#define __guarded_by(...)
#endif

#endif /* VTPM_COMPAT_H */
