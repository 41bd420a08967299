// SPDX-License-Identifier: GPL-2.0-only
/* The hash algorithms there are. */
#include "crypto.h"

/* DER of DigestInfo up to the digest itself: RFC 8017, 9.2, note 1. */
static const u8 sha1_oid[] = {
	0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14,
};

static const u8 sha256_oid[] = {
	0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
	0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
};

static const u8 sha384_oid[] = {
	0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
	0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30,
};

static const u8 sha512_oid[] = {
	0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
	0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40,
};

/* The ports index their own tables by the position in this one. */
const struct vt_hash_alg vt_hash_algs[VT_HASH_COUNT] = {
	{
		.id = 0x0004, .digest_size = 20, .block_size = 64, .name = "sha1",
		.oid = sha1_oid, .oid_size = sizeof(sha1_oid),
	}, {
		.id = 0x000b, .digest_size = 32, .block_size = 64, .name = "sha256",
		.oid = sha256_oid, .oid_size = sizeof(sha256_oid),
	}, {
		.id = 0x000c, .digest_size = 48, .block_size = 128, .name = "sha384",
		.oid = sha384_oid, .oid_size = sizeof(sha384_oid),
	}, {
		.id = 0x000d, .digest_size = 64, .block_size = 128, .name = "sha512",
		.oid = sha512_oid, .oid_size = sizeof(sha512_oid),
	},
};

/**
 * vt_hash_by_name() - by name
 * @name: as in the table, lower case; need not end with a zero
 * @len: its length
 *
 * Context: any. Return: the algorithm, or NULL.
 */
const struct vt_hash_alg *vt_hash_by_name(const char *name, size_t len)
{
	for (unsigned int i = 0; i < VT_HASH_COUNT; i++)
		if (strlen(vt_hash_algs[i].name) == len &&
		    !strncmp(vt_hash_algs[i].name, name, len))
			return &vt_hash_algs[i];
	return NULL;
}
