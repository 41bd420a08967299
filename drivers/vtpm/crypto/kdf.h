/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What KDFa and KDFe have in common, apart so that the vectors of the
 * standards under them, which know nothing of a TPM's inputs, can test it.
 */
#ifndef VTPM_KDF_H
#define VTPM_KDF_H

#include "crypto.h"

struct vt_kdf_part {
	const void *data;
	size_t len;
};

/**
 * struct vt_kdf - one derivation: block i is F(be32(i) || parts), i from 1
 * @alg: hash of F
 * @key: key of F when that is HMAC; unused otherwise
 * @key_len: its length
 * @keyed: F is HMAC (SP 800-108, 5.1), else the plain hash (SP 800-56C, 4.1)
 * @mask: xor onto the output in place of writing it
 * @parts: the fixed input
 * @count: how many parts
 */
struct vt_kdf {
	const struct vt_hash_alg *alg;
	const void *key;
	size_t key_len;
	bool keyed;
	bool mask;
	const struct vt_kdf_part *parts;
	unsigned int count;
};

/* Makes @len bytes. @out may be one of the inputs if it is one digest long at most. */
void vt_kdf_run(const struct vt_kdf *kdf, u8 *out, size_t len);

#endif /* VTPM_KDF_H */
