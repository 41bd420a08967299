/* SPDX-License-Identifier: GPL-2.0-only */
/* Bits and bitmaps. Part of host-env.h. */
#ifndef VTPM_HOST_BITS_H
#define VTPM_HOST_BITS_H

#define BITS_PER_BYTE		8
#define BITS_PER_LONG		((int)(8 * sizeof(long)))
#define BITS_TO_LONGS(n)	DIV_ROUND_UP(n, 8 * sizeof(long))
#define DECLARE_BITMAP(name, n)	unsigned long name[BITS_TO_LONGS(n)]

#define BIT(n)			(1UL << (n))
#define BIT_ULL(n)		(1ULL << (n))
#define BIT_WORD(n)		((n) / BITS_PER_LONG)
#define BIT_MASK(n)		BIT((n) % BITS_PER_LONG)
#define GENMASK(hi, lo)		((~0UL >> (BITS_PER_LONG - 1 - (hi))) & (~0UL << (lo)))
#define GENMASK_ULL(hi, lo)	((~0ULL >> (63 - (hi))) & (~0ULL << (lo)))

#define hweight8(v)		((unsigned int)__builtin_popcount((u8)(v)))
#define hweight16(v)		((unsigned int)__builtin_popcount((u16)(v)))
#define hweight32(v)		((unsigned int)__builtin_popcount((u32)(v)))
#define hweight64(v)		((unsigned long)__builtin_popcountll((u64)(v)))
#define hweight_long(v)		((unsigned long)__builtin_popcountl((unsigned long)(v)))

#define __ffs(v)		((unsigned long)__builtin_ctzl(v))
#define __ffs64(v)		((unsigned long)__builtin_ctzll(v))
#define ffz(v)			__ffs(~(v))

static inline int fls(unsigned int v)
{
	return v ? 32 - __builtin_clz(v) : 0;
}

static inline int fls64(u64 v)
{
	return v ? 64 - __builtin_clzll(v) : 0;
}

#define ilog2(v)		(fls64(v) - 1)

static inline bool test_bit(unsigned long nr, const unsigned long *map)
{
	return READ_ONCE(map[BIT_WORD(nr)]) & BIT_MASK(nr);
}

static inline void __set_bit(unsigned long nr, unsigned long *map)
{
	map[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static inline void __clear_bit(unsigned long nr, unsigned long *map)
{
	map[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}

static inline void __assign_bit(unsigned long nr, unsigned long *map, bool value)
{
	if (value)
		__set_bit(nr, map);
	else
		__clear_bit(nr, map);
}

static inline bool test_and_set_bit(unsigned long nr, unsigned long *map)
{
	return __atomic_fetch_or(&map[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_SEQ_CST) & BIT_MASK(nr);
}

static inline bool test_and_clear_bit(unsigned long nr, unsigned long *map)
{
	return __atomic_fetch_and(&map[BIT_WORD(nr)], ~BIT_MASK(nr), __ATOMIC_SEQ_CST) &
	       BIT_MASK(nr);
}

static inline void set_bit(unsigned long nr, unsigned long *map)
{
	test_and_set_bit(nr, map);
}

static inline void clear_bit(unsigned long nr, unsigned long *map)
{
	test_and_clear_bit(nr, map);
}

#define __test_and_set_bit(nr, map)	test_and_set_bit(nr, map)
#define __test_and_clear_bit(nr, map)	test_and_clear_bit(nr, map)

/* The first bit from @from on that equals @value; @n when there is none. */
static inline unsigned long vt_host_find_bit(const unsigned long *map, unsigned long n,
					     unsigned long from, bool value)
{
	while (from < n && test_bit(from, map) != value)
		from++;
	return from < n ? from : n;
}

#define find_first_bit(map, n)			vt_host_find_bit(map, n, 0, true)
#define find_first_zero_bit(map, n)		vt_host_find_bit(map, n, 0, false)
#define find_next_bit(map, n, from)		vt_host_find_bit(map, n, from, true)
#define find_next_zero_bit(map, n, from)	vt_host_find_bit(map, n, from, false)
#define for_each_set_bit(bit, map, n)					\
	for ((bit) = find_first_bit(map, n); (bit) < (n);		\
	     (bit) = find_next_bit(map, n, (bit) + 1))

static inline void bitmap_zero(unsigned long *map, unsigned int n)
{
	memset(map, 0, BITS_TO_LONGS(n) * sizeof(long));
}

static inline void bitmap_fill(unsigned long *map, unsigned int n)
{
	memset(map, 0xff, BITS_TO_LONGS(n) * sizeof(long));
}

static inline void bitmap_copy(unsigned long *to, const unsigned long *from, unsigned int n)
{
	memcpy(to, from, BITS_TO_LONGS(n) * sizeof(long));
}

static inline bool bitmap_empty(const unsigned long *map, unsigned int n)
{
	return find_first_bit(map, n) == n;
}

static inline bool bitmap_full(const unsigned long *map, unsigned int n)
{
	return find_first_zero_bit(map, n) == n;
}

static inline unsigned int bitmap_weight(const unsigned long *map, unsigned int n)
{
	unsigned int weight = 0;
	unsigned long bit;

	for_each_set_bit(bit, map, n)
		weight++;
	return weight;
}

static inline void bitmap_or(unsigned long *to, const unsigned long *a, const unsigned long *b,
			     unsigned int n)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++)
		to[i] = a[i] | b[i];
}

/* Return: whether a bit is left. */
static inline bool bitmap_and(unsigned long *to, const unsigned long *a, const unsigned long *b,
			      unsigned int n)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++)
		to[i] = a[i] & b[i];
	return !bitmap_empty(to, n);
}

#endif /* VTPM_HOST_BITS_H */
