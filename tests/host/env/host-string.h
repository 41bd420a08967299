/* SPDX-License-Identifier: GPL-2.0-only */
/* Strings and numbers in text, with the kernel's rules. Part of host-env.h. */
#ifndef VTPM_HOST_STRING_H
#define VTPM_HOST_STRING_H

static inline __printf(3, 0) int vscnprintf(char *buf, size_t size, const char *fmt, va_list ap)
{
	int len = vsnprintf(buf, size, fmt, ap);

	if (len < 0 || !size)
		return 0;
	return (size_t)len < size ? len : (int)(size - 1);
}

static inline __printf(3, 4) int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vscnprintf(buf, size, fmt, ap);
	va_end(ap);
	return len;
}

/* Return: length copied, or -E2BIG; the result always ends with a zero. */
static inline ssize_t strscpy(char *to, const char *from, size_t size)
{
	size_t len;

	if (!size)
		return -E2BIG;
	len = strnlen(from, size);
	if (len < size) {
		memcpy(to, from, len + 1);
		return len;
	}
	memcpy(to, from, size - 1);
	to[size - 1] = '\0';
	return -E2BIG;
}

static inline char *skip_spaces(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return (char *)(uintptr_t)s;
}

static inline char *strim(char *s)
{
	size_t len = strlen(s);

	while (len && isspace((unsigned char)s[len - 1]))
		s[--len] = '\0';
	return skip_spaces(s);
}

/* Return: the first byte that is not @c, or NULL when all are. */
static inline void *memchr_inv(const void *p, int c, size_t len)
{
	const u8 *b = p;

	for (; len; len--, b++)
		if (*b != (u8)c)
			return (void *)(uintptr_t)b;
	return NULL;
}

static inline int hex_to_bin(unsigned char c)
{
	if (isdigit(c))
		return c - '0';
	if (isxdigit(c))
		return tolower(c) - 'a' + 10;
	return -1;
}

/* @count is of bytes written, not of digits. */
static inline int hex2bin(u8 *to, const char *from, size_t count)
{
	for (; count; count--, from += 2) {
		int hi = hex_to_bin(from[0]);
		int lo = hi < 0 ? -1 : hex_to_bin(from[1]);

		if (lo < 0)
			return -EINVAL;
		*to++ = hi << 4 | lo;
	}
	return 0;
}

static inline char *bin2hex(char *to, const void *from, size_t count)
{
	const u8 *b = from;

	for (; count; count--, b++) {
		*to++ = "0123456789abcdef"[*b >> 4];
		*to++ = "0123456789abcdef"[*b & 15];
	}
	return to;
}

static inline const char *vt_host_base(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && (s[1] | 0x20) == 'x' && isxdigit((unsigned char)s[2]);

	if (*base == 0)
		*base = hex ? 16 : s[0] == '0' ? 8 : 10;
	return *base == 16 && s[0] == '0' && (s[1] | 0x20) == 'x' ? s + 2 : s;
}

/* A sign, digits and one newline at most: stricter than strtoull(). */
static inline int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	unsigned long long v = 0;
	unsigned int digits = 0;

	if (*s == '+')
		s++;
	s = vt_host_base(s, &base);
	for (; isxdigit((unsigned char)*s); s++, digits++) {
		unsigned int d = hex_to_bin(*s);

		if (d >= base)
			return -EINVAL;
		if (__builtin_mul_overflow(v, base, &v) || __builtin_add_overflow(v, d, &v))
			return -ERANGE;
	}
	if (*s == '\n')
		s++;
	if (!digits || *s)
		return -EINVAL;
	*res = v;
	return 0;
}

#define VT_HOST_KSTRTO(name, type)					\
static inline int name(const char *s, unsigned int base, type *res)	\
{									\
	unsigned long long v;						\
	int rc = kstrtoull(s, base, &v);				\
									\
	if (rc)								\
		return rc;						\
	if (v != (type)v)						\
		return -ERANGE;						\
	*res = v;							\
	return 0;							\
}

VT_HOST_KSTRTO(kstrtou8, u8)
VT_HOST_KSTRTO(kstrtou16, u16)
VT_HOST_KSTRTO(kstrtou32, u32)
VT_HOST_KSTRTO(kstrtou64, u64)
VT_HOST_KSTRTO(kstrtouint, unsigned int)
VT_HOST_KSTRTO(kstrtoul, unsigned long)

static inline int kstrtoint(const char *s, unsigned int base, int *res)
{
	bool negative = *s == '-';
	unsigned long long v;
	int rc = kstrtoull(s + negative, base, &v);

	if (rc)
		return rc;
	if (v > (unsigned long long)INT_MAX + negative)
		return -ERANGE;
	*res = negative ? -(long long)v : (long long)v;
	return 0;
}

#endif /* VTPM_HOST_STRING_H */
