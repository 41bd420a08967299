/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The engine's environment in userspace: the names that the engine takes from
 * the kernel, given the same meaning over the C library. Where the kernel only
 * warns (WARN_ON, a reference count gone wrong) this aborts, so that a test
 * sees it.
 *
 * Include this (by way of drivers/vtpm/env.h) after the C library's headers:
 * it makes macros of ordinary words, "noinline" for one.
 */
#ifndef VTPM_HOST_ENV_H
#define VTPM_HOST_ENV_H

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <linux/types.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <time.h>

#ifdef VT_CT_CHECK
#include <valgrind/memcheck.h>
#define VT_CT_PUBLIC(p, n)	((void)VALGRIND_MAKE_MEM_DEFINED(p, n))
#define VT_CT_SECRET(p, n)	((void)VALGRIND_MAKE_MEM_UNDEFINED(p, n))
#else
#define VT_CT_PUBLIC(p, n)	((void)(p), (void)(n))
#define VT_CT_SECRET(p, n)	((void)(p), (void)(n))
#endif

/* ---- types and limits ---- */

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;
typedef unsigned int gfp_t;

#define U8_MAX		((u8)0xff)
#define U16_MAX		((u16)0xffff)
#define U32_MAX		((u32)0xffffffffU)
#define U64_MAX		((u64)0xffffffffffffffffULL)
#define S8_MAX		((s8)0x7f)
#define S8_MIN		((s8)(-S8_MAX - 1))
#define S16_MAX		((s16)0x7fff)
#define S16_MIN		((s16)(-S16_MAX - 1))
#define S32_MAX		((s32)0x7fffffff)
#define S32_MIN		((s32)(-S32_MAX - 1))
#define S64_MAX		((s64)0x7fffffffffffffffLL)
#define S64_MIN		((s64)(-S64_MAX - 1))

#define MSEC_PER_SEC	1000L
#define NSEC_PER_MSEC	1000000L
#define NSEC_PER_SEC	1000000000L
#define PAGE_SIZE	4096UL

#ifndef ENOTSUPP
#define ENOTSUPP	524	/* the kernel's own; no C library has it */
#endif

/* ---- words for the compiler ---- */

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define barrier()		__asm__ __volatile__("" : : : "memory")
#define OPTIMIZER_HIDE_VAR(v)	__asm__("" : "+r"(v))
#define prefetch(p)		__builtin_prefetch(p)
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)

#define __force
#define __user
#define __iomem
#define __rcu
#define __init
#define __exit
#define __initconst
#define __ro_after_init
#ifndef __counted_by
#define __counted_by(member)
#endif
#ifndef __bitwise
#define __bitwise
#endif
#ifndef __always_inline
#define __always_inline		inline __attribute__((__always_inline__))
#endif
#define __must_check		__attribute__((__warn_unused_result__))
#define __aligned(n)		__attribute__((__aligned__(n)))
#define __packed		__attribute__((__packed__))
#define __always_unused		__attribute__((__unused__))
#define __maybe_unused		__attribute__((__unused__))
#define __cold			__attribute__((__cold__))
#define __printf(f, a)		__attribute__((__format__(__printf__, f, a)))
#define noinline		__attribute__((__noinline__))
#define fallthrough		__attribute__((__fallthrough__))

#define IS_ENABLED(option)	0
#define EXPORT_SYMBOL_GPL(symbol)

struct module;
#define THIS_MODULE		((struct module *)NULL)

static inline bool try_module_get(struct module *m __always_unused)
{
	return true;
}

static inline void module_put(struct module *m __always_unused)
{
}

/* The C library's own takes no default message. */
#undef static_assert
#define static_assert(expr, ...)	VT_HOST_ASSERT(expr, ##__VA_ARGS__, #expr)
#define VT_HOST_ASSERT(expr, msg, ...)	_Static_assert(expr, msg)
#define BUILD_BUG_ON(bad)		_Static_assert(!(bad), "BUILD_BUG_ON: " #bad)
#define BUILD_BUG_ON_MSG(bad, msg)	_Static_assert(!(bad), msg)

#define ARRAY_SIZE(a)			(sizeof(a) / sizeof((a)[0]))
#define sizeof_field(type, member)	sizeof(((type *)NULL)->member)
#define offsetofend(type, member)	(offsetof(type, member) + sizeof_field(type, member))
#define container_of(ptr, type, member)					\
	((type *)((char *)(1 ? (ptr) : &((type *)NULL)->member) - offsetof(type, member)))

/* ---- switches that tests may set; weak so that any file may stand alone ---- */

/* -1: never; otherwise this many allocations succeed and then one fails. */
__attribute__((__weak__)) long vt_host_fail_alloc = -1;
/* When set, sees memory just before it is freed. */
__attribute__((__weak__)) void (*vt_host_freed)(const void *p, size_t size);
/* When set, the clock that vt_now_ms() reads. */
__attribute__((__weak__)) u64 (*vt_host_clock)(void);
/* When set, the clock that vt_real_seconds() reads. */
__attribute__((__weak__)) s64 (*vt_host_real)(void);
/* 0: never; otherwise whoever asks for this time in a row learns that it was killed. */
__attribute__((__weak__)) unsigned int vt_host_kill;

static inline u64 vt_now_ms(void)
{
	struct timespec t;

	if (vt_host_clock)
		return vt_host_clock();
	clock_gettime(CLOCK_BOOTTIME, &t);
	return (u64)t.tv_sec * MSEC_PER_SEC + t.tv_nsec / NSEC_PER_MSEC;
}

static inline s64 vt_real_seconds(void)
{
	return vt_host_real ? vt_host_real() : time(NULL);
}

static inline bool vt_killed(void)
{
	return vt_host_kill && vt_host_kill-- == 1;
}

/* ---- messages ---- */

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif

static inline __printf(1, 2) void vt_host_log(const char *fmt, ...)
{
	va_list ap;

	if (!getenv("VTPM_VERBOSE"))
		return;
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
}

#define pr_err(fmt, ...)		vt_host_log(pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...)		vt_host_log(pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice(fmt, ...)		vt_host_log(pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...)		vt_host_log(pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug(fmt, ...)		vt_host_log(pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err_ratelimited		pr_err
#define pr_warn_ratelimited		pr_warn
#define pr_err_once			pr_err
#define pr_warn_once			pr_warn

static inline bool vt_host_warn(bool bad, const char *what, const char *file, int line)
{
	if (unlikely(bad)) {
		fprintf(stderr, "WARNING: %s at %s:%d\n", what, file, line);
		abort();
	}
	return false;
}

#define WARN_ON(bad)		vt_host_warn(!!(bad), #bad, __FILE__, __LINE__)
#define WARN_ON_ONCE(bad)	WARN_ON(bad)
#define WARN(bad, ...)		WARN_ON(bad)
#define WARN_ONCE(bad, ...)	WARN_ON(bad)

/* ---- arithmetic ---- */

#define VT_HOST_PICK(a, op, b) ({					\
	__typeof__(a) vt_a_ = (a);					\
	__typeof__(b) vt_b_ = (b);					\
	(void)(&vt_a_ == &vt_b_);	/* the types must agree */	\
	vt_a_ op vt_b_ ? vt_a_ : vt_b_; })
#define VT_HOST_PICK_T(type, a, op, b) ({				\
	type vt_a_ = (type)(a);						\
	type vt_b_ = (type)(b);						\
	vt_a_ op vt_b_ ? vt_a_ : vt_b_; })

#define min(a, b)		VT_HOST_PICK(a, <, b)
#define max(a, b)		VT_HOST_PICK(a, >, b)
#define min_t(type, a, b)	VT_HOST_PICK_T(type, a, <, b)
#define max_t(type, a, b)	VT_HOST_PICK_T(type, a, >, b)
#define min3(a, b, c)		min(min(a, b), c)
#define max3(a, b, c)		max(max(a, b), c)
#define clamp(v, lo, hi)	min(max(v, lo), hi)
#define clamp_t(type, v, lo, hi) min_t(type, max_t(type, v, lo), hi)
#define swap(a, b)		do {					\
	__typeof__(a) vt_swap_ = (a);					\
	(a) = (b);							\
	(b) = vt_swap_;							\
} while (0)

#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define roundup(n, d)		(DIV_ROUND_UP(n, d) * (d))
#define rounddown(n, d)		((n) - (n) % (d))
#define round_up(n, pow2)	(((n) + (pow2) - 1) & ~((__typeof__(n))(pow2) - 1))
#define round_down(n, pow2)	((n) & ~((__typeof__(n))(pow2) - 1))
#define ALIGN(n, pow2)		round_up(n, pow2)
#define IS_ALIGNED(n, pow2)	(((n) & ((__typeof__(n))(pow2) - 1)) == 0)
#define is_power_of_2(n)	((n) != 0 && ((n) & ((n) - 1)) == 0)
#define lower_32_bits(n)	((u32)(n))
#define upper_32_bits(n)	((u32)((u64)(n) >> 32))

#define check_add_overflow(a, b, r)	__builtin_add_overflow(a, b, r)
#define check_sub_overflow(a, b, r)	__builtin_sub_overflow(a, b, r)
#define check_mul_overflow(a, b, r)	__builtin_mul_overflow(a, b, r)

static inline size_t size_add(size_t a, size_t b)
{
	size_t r;

	return __builtin_add_overflow(a, b, &r) ? SIZE_MAX : r;
}

static inline size_t size_mul(size_t a, size_t b)
{
	size_t r;

	return __builtin_mul_overflow(a, b, &r) ? SIZE_MAX : r;
}

#define array_size(n, size)		size_mul(n, size)
#define flex_array_size(p, member, n)	size_mul(n, sizeof(*(p)->member))
#define struct_size(p, member, n)	size_add(sizeof(*(p)), flex_array_size(p, member, n))

static inline u64 div_u64(u64 n, u32 d)
{
	return n / d;
}

static inline u64 div64_u64(u64 n, u64 d)
{
	return n / d;
}

static inline u64 div_u64_rem(u64 n, u32 d, u32 *rem)
{
	*rem = n % d;
	return n / d;
}

/* ---- byte order: be/le and aligned or not, for 16, 32 and 64 bits ---- */

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define VT_HOST_BE(bits, v)	__builtin_bswap##bits(v)
#define VT_HOST_LE(bits, v)	(v)
#else
#define VT_HOST_BE(bits, v)	(v)
#define VT_HOST_LE(bits, v)	__builtin_bswap##bits(v)
#endif

#define VT_HOST_ENDIAN(order, ORDER, bits)				\
static inline __##order##bits cpu_to_##order##bits(u##bits v)		\
{									\
	return VT_HOST_##ORDER(bits, v);				\
}									\
static inline u##bits order##bits##_to_cpu(__##order##bits v)		\
{									\
	return VT_HOST_##ORDER(bits, v);				\
}									\
static inline u##bits get_unaligned_##order##bits(const void *p)	\
{									\
	u##bits v;							\
									\
	memcpy(&v, p, sizeof(v));					\
	return VT_HOST_##ORDER(bits, v);				\
}									\
static inline void put_unaligned_##order##bits(u##bits v, void *p)	\
{									\
	v = VT_HOST_##ORDER(bits, v);					\
	memcpy(p, &v, sizeof(v));					\
}

VT_HOST_ENDIAN(be, BE, 16)
VT_HOST_ENDIAN(be, BE, 32)
VT_HOST_ENDIAN(be, BE, 64)
VT_HOST_ENDIAN(le, LE, 16)
VT_HOST_ENDIAN(le, LE, 32)
VT_HOST_ENDIAN(le, LE, 64)

static inline u32 get_unaligned_le24(const void *p)
{
	const u8 *b = p;

	return b[0] | b[1] << 8 | b[2] << 16;
}

static inline void put_unaligned_le24(u32 v, void *p)
{
	u8 *b = p;

	b[0] = v;
	b[1] = v >> 8;
	b[2] = v >> 16;
}

#define swab16(v)	__builtin_bswap16(v)
#define swab32(v)	__builtin_bswap32(v)
#define swab64(v)	__builtin_bswap64(v)

#define VT_HOST_ROTATE(bits)						\
static inline u##bits rol##bits(u##bits v, unsigned int n)		\
{									\
	return v << (n & (bits - 1)) | v >> (-n & (bits - 1));		\
}									\
static inline u##bits ror##bits(u##bits v, unsigned int n)		\
{									\
	return v >> (n & (bits - 1)) | v << (-n & (bits - 1));		\
}

VT_HOST_ROTATE(32)
VT_HOST_ROTATE(64)

/* ---- error pointers ---- */

#define MAX_ERRNO	4095
#define IS_ERR_VALUE(x)	unlikely((unsigned long)(void *)(x) >= (unsigned long)-MAX_ERRNO)

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline long PTR_ERR(const void *p)
{
	return (long)p;
}

static inline bool IS_ERR(const void *p)
{
	return IS_ERR_VALUE(p);
}

static inline bool IS_ERR_OR_NULL(const void *p)
{
	return !p || IS_ERR_VALUE(p);
}

static inline void *ERR_CAST(const void *p)
{
	return (void *)(uintptr_t)p;
}

static inline int PTR_ERR_OR_ZERO(const void *p)
{
	return IS_ERR(p) ? PTR_ERR(p) : 0;
}

#include "host-mem.h"
#include "host-string.h"
#include "host-bits.h"
#include "host-list.h"
#include "host-sync.h"

#endif /* VTPM_HOST_ENV_H */
