/* SPDX-License-Identifier: GPL-2.0-only */
/* For the host tier's files when they are compiled for a kernel. */
#ifndef VTPM_KUNIT_STRING_H
#define VTPM_KUNIT_STRING_H

#include <linux/string.h>

static inline void *memmem(const void *text, size_t len, const void *what, size_t what_len)
{
	for (const u8 *p = text; len >= what_len; p++, len--) {
		if (!memcmp(p, what, what_len))
			return (void *)p;
	}
	return NULL;
}

#endif /* VTPM_KUNIT_STRING_H */
