/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VTPM_DIGEST_H
#define VTPM_DIGEST_H

#include "../env.h"

/*
 * memcpy() of one digest. With the sizes written out the compiler moves words;
 * otherwise it takes a string instruction, which takes longer to start than
 * these few bytes take to copy, and an extend copies four times.
 */
static inline void vtpm_copy_digest(u8 *to, const u8 *from, size_t size)
{
	switch (size) {
	case 20:
		memcpy(to, from, 20);
		break;
	case 32:
		memcpy(to, from, 32);
		break;
	case 48:
		memcpy(to, from, 48);
		break;
	case 64:
		memcpy(to, from, 64);
		break;
	default:
		memcpy(to, from, size);
	}
}

#endif /* VTPM_DIGEST_H */
