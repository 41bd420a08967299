/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocations that fail on demand. Comes before the first line of each file of
 * the module (after compat.h, which has <linux/slab.h>), so that it is the
 * module's own allocations that are counted, the same ones on every kernel.
 */
#ifndef VTPM_KUNIT_FAIL_H
#define VTPM_KUNIT_FAIL_H

#include <linux/slab.h>

/*
 * How many allocations of the task that runs a test succeed before one fails;
 * negative: all do, and so it is after the one. The host tier's name for it.
 */
extern long vt_host_fail_alloc;

/* Is it this one? */
bool vt_kunit_refuse(void);

static inline void *vt_kunit_kmalloc(size_t size, gfp_t gfp)
{
	return vt_kunit_refuse() ? NULL : kmalloc(size, gfp);
}

static inline void *vt_kunit_kzalloc(size_t size, gfp_t gfp)
{
	return vt_kunit_refuse() ? NULL : kzalloc(size, gfp);
}

static inline void *vt_kunit_kvzalloc(size_t size, gfp_t gfp)
{
	return vt_kunit_refuse() ? NULL : kvzalloc(size, gfp);
}

static inline void *vt_kunit_kmemdup(const void *from, size_t size, gfp_t gfp)
{
	return vt_kunit_refuse() ? NULL : kmemdup(from, size, gfp);
}

/* In some kernels these are macros already. */
#undef kmalloc
#undef kzalloc
#undef kvzalloc
#undef kmemdup
#define kmalloc(size, gfp)		vt_kunit_kmalloc(size, gfp)
#define kzalloc(size, gfp)		vt_kunit_kzalloc(size, gfp)
#define kvzalloc(size, gfp)		vt_kunit_kvzalloc(size, gfp)
#define kmemdup(from, size, gfp)	vt_kunit_kmemdup(from, size, gfp)

#endif /* VTPM_KUNIT_FAIL_H */
