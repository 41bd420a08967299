/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one environment header: everything the engine (tpm2/, property/,
 * policy/, crypto/, key/, state/) takes from the place it runs in. In a kernel that is
 * a handful of <linux/...> headers; in userspace the host tier's
 * tests/host/env/host-env.h gives the same names. No other file of the engine
 * tests where it is compiled.
 */
#ifndef VTPM_ENV_H
#define VTPM_ENV_H

#ifdef __KERNEL__

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/prefetch.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/types.h>

#include "compat.h"

/** vt_now_ms() - milliseconds since boot, suspend included; any context. */
static inline u64 vt_now_ms(void)
{
	return ktime_get_boottime_ns() / NSEC_PER_MSEC;
}

/** vt_real_seconds() - what the host takes for the seconds since 1970; any context. */
static inline s64 vt_real_seconds(void)
{
	return ktime_get_real_seconds();
}

/** vt_killed() - does the caller have to end, for a fatal signal? */
static inline bool vt_killed(void)
{
	return fatal_signal_pending(current);
}

#else /* userspace: the host tier */

#include "host-env.h"

#endif

/**
 * struct vt_mem - what one instance has allocated
 * @bytes: bytes in use, rounded up as the allocator does; atomic, no lock
 */
struct vt_mem {
	atomic_long_t bytes;
};

/**
 * vt_alloc() - zeroed memory, charged to the caller's cgroup and counted
 * @mem: the instance's counter; may be NULL for memory that belongs to none
 * @size: bytes
 *
 * Context: may sleep. Return: memory, or NULL.
 */
static inline void *vt_alloc(struct vt_mem *mem, size_t size)
{
	void *p = kzalloc(size, GFP_KERNEL_ACCOUNT);

	if (p && mem)
		atomic_long_add(ksize(p), &mem->bytes);
	return p;
}

/**
 * vt_free() - wipe and free what vt_alloc() gave
 * @mem: the same counter
 * @p: may be NULL
 */
static inline void vt_free(struct vt_mem *mem, const void *p)
{
	if (p && mem)
		atomic_long_sub(ksize(p), &mem->bytes);
	kfree_sensitive(p);
}

/* The same for what may be larger than a slab: vt_free_big() with the same @size. */
static inline void *vt_alloc_big(struct vt_mem *mem, size_t size)
{
	void *p = kvzalloc(size, GFP_KERNEL_ACCOUNT);

	if (p && mem)
		atomic_long_add(size, &mem->bytes);
	return p;
}

static inline void vt_free_big(struct vt_mem *mem, const void *p, size_t size)
{
	if (p && mem)
		atomic_long_sub(size, &mem->bytes);
	kvfree_sensitive(p, size);
}

#endif /* VTPM_ENV_H */
