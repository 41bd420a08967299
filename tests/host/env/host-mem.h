/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory as the kernel gives it, over malloc(). Part of host-env.h; every
 * allocation passes vt_host_refuse(), where tests inject failure.
 */
#ifndef VTPM_HOST_MEM_H
#define VTPM_HOST_MEM_H

#define __GFP_ZERO		1u
#define __GFP_NOWARN		2u
#define GFP_KERNEL		0u
#define GFP_KERNEL_ACCOUNT	0u
#define GFP_NOWAIT		0u
#define GFP_ATOMIC		0u

/* What a slab of the stock kernel ends at; asking for more is a warning there. */
#define KMALLOC_MAX_SIZE	(4UL << 20)

static inline void memzero_explicit(void *p, size_t len)
{
	explicit_bzero(p, len);
}

/* Time depends on @len alone. Return: 0 when equal. */
static inline unsigned long crypto_memneq(const void *a, const void *b, size_t len)
{
	const u8 *x = a, *y = b;
	unsigned long diff = 0;

	while (len--) {
		diff |= *x++ ^ *y++;
		OPTIMIZER_HIDE_VAR(diff);
	}
	diff = !!diff;
	VT_CT_PUBLIC(&diff, sizeof(diff));	/* the verdict, which every caller acts upon */
	return diff;
}

static inline bool vt_host_refuse(void)
{
	if (likely(vt_host_fail_alloc < 0))
		return false;
	return vt_host_fail_alloc-- == 0;
}

#define VT_HOST_HUGE	(2UL << 20)

/* Much memory in huge pages, where the kernel's kvmalloc() has them too. */
static inline void *vt_host_huge(size_t size, gfp_t flags)
{
	void *p = aligned_alloc(VT_HOST_HUGE, round_up(size, VT_HOST_HUGE));

	if (p)
		madvise(p, size, MADV_HUGEPAGE);
	return p && flags & __GFP_ZERO ? memset(p, 0, size) : p;
}

static inline void *kvmalloc(size_t size, gfp_t flags)
{
	if (size > INT_MAX || vt_host_refuse())
		return NULL;
	if (size >= VT_HOST_HUGE)
		return vt_host_huge(size, flags);
	return flags & __GFP_ZERO ? calloc(1, size) : malloc(size);
}

static inline void *kvzalloc(size_t size, gfp_t flags)
{
	return kvmalloc(size, flags | __GFP_ZERO);
}

static inline void *kmalloc(size_t size, gfp_t flags)
{
	/* SIZE_MAX is how size_mul() and its kin say "too much": no mistake. */
	if (size > KMALLOC_MAX_SIZE) {
		WARN_ON(size != SIZE_MAX && !(flags & __GFP_NOWARN));
		return NULL;
	}
	return kvmalloc(size, flags);
}

static inline void *kzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags | __GFP_ZERO);
}

static inline void *kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	return kmalloc(size_mul(n, size), flags);
}

static inline void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	return kzalloc(size_mul(n, size), flags);
}

static inline void *kvcalloc(size_t n, size_t size, gfp_t flags)
{
	return kvzalloc(size_mul(n, size), flags);
}

static inline size_t ksize(const void *p)
{
	return malloc_usable_size((void *)(uintptr_t)p);
}

static inline void *krealloc(const void *p, size_t size, gfp_t flags __always_unused)
{
	if (size > KMALLOC_MAX_SIZE || vt_host_refuse())
		return NULL;
	return realloc((void *)(uintptr_t)p, size);
}

static inline void kfree(const void *p)
{
	if (unlikely(vt_host_freed) && p)
		vt_host_freed(p, malloc_usable_size((void *)(uintptr_t)p));
	free((void *)(uintptr_t)p);
}

static inline void kvfree(const void *p)
{
	kfree(p);
}

static inline void kfree_sensitive(const void *p)
{
	if (p)
		memzero_explicit((void *)(uintptr_t)p, ksize(p));
	kfree(p);
}

static inline void kvfree_sensitive(const void *p, size_t len __always_unused)
{
	kfree_sensitive(p);
}

static inline void *kmemdup(const void *from, size_t len, gfp_t flags)
{
	void *p = kmalloc(len, flags);

	return p ? memcpy(p, from, len) : NULL;
}

static inline char *kmemdup_nul(const char *from, size_t len, gfp_t flags)
{
	char *s = kmalloc(size_add(len, 1), flags);

	if (!s)
		return NULL;
	memcpy(s, from, len);
	s[len] = '\0';
	return s;
}

static inline char *kstrdup(const char *s, gfp_t flags)
{
	return s ? kmemdup_nul(s, strlen(s), flags) : NULL;
}

static inline char *kstrndup(const char *s, size_t max, gfp_t flags)
{
	return s ? kmemdup_nul(s, strnlen(s, max), flags) : NULL;
}

static inline __printf(2, 3) char *kasprintf(gfp_t flags, const char *fmt, ...)
{
	va_list ap;
	char *s;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	s = kmalloc(len + 1, flags);
	if (!s)
		return NULL;
	va_start(ap, fmt);
	vsnprintf(s, len + 1, fmt, ap);
	va_end(ap);
	return s;
}

#endif /* VTPM_HOST_MEM_H */
