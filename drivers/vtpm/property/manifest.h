/* SPDX-License-Identifier: GPL-2.0-only */
/* The text of a property certificate; its form is described at the top of manifest.c. */
#ifndef VTPM_MANIFEST_H
#define VTPM_MANIFEST_H

#include "../env.h"
#include "../crypto/crypto.h"
#include <uapi/linux/vtpm.h>

/**
 * struct vtpm_place - where something stands in a text
 * @line: from 1; 0: nowhere
 * @column: from 1
 */
struct vtpm_place {
	u32 line;
	u32 column;
};

/**
 * struct vtpm_manifest_head - what a manifest or revocation says besides its measurements
 * @name: its name
 * @property: what the measured things have in common; "" in a revocation
 * @revocation: it takes back
 * @version: which of those with this name it is; 0: it has none
 * @serial: its number among all of its author's; 0: it has none
 * @from: seconds since 1970 when it begins to count; 0: at once
 * @until: when it ends to count; 0: never
 * @name_at: where the name stands
 * @version_at: where the version stands, or would
 * @serial_at: where the serial number stands
 * @until_at: where the end of its time stands
 */
struct vtpm_manifest_head {
	char name[VTPM_NAME_MAX + 1];
	char property[VTPM_NAME_MAX + 1];
	bool revocation;
	u64 version;
	u64 serial;
	s64 from;
	s64 until;
	struct vtpm_place name_at;
	struct vtpm_place version_at;
	struct vtpm_place serial_at;
	struct vtpm_place until_at;
};

/**
 * struct vtpm_revoked - manifests that a revocation names
 * @link: for whoever keeps it
 * @name: a manifest's name, or ""
 * @number: with a name: the highest version that is meant; without: a serial number
 */
struct vtpm_revoked {
	struct list_head link;
	char name[VTPM_NAME_MAX + 1];
	u64 number;
};

/**
 * struct vtpm_manifest_ops - whom to tell of what a text lists
 * @measure: called for each measurement; -EEXIST: it was there before; -E2BIG:
 *	there are too many; anything else below zero ends the reading as it is
 * @revoke: called for each line that names manifests; likewise
 */
struct vtpm_manifest_ops {
	int (*measure)(void *ctx, const struct vt_hash_alg *alg, const u8 *digest);
	int (*revoke)(void *ctx, const struct vtpm_revoked *revoked);
};

/**
 * vtpm_manifest_parse() - read a manifest or a revocation
 * @text: not terminated
 * @len: its bytes
 * @head: the result
 * @ops: gets the rest
 * @ctx: for @ops
 * @err: what is wrong and where, on -EINVAL; may be NULL
 *
 * Return: 0; -EINVAL; -EINTR: the caller was killed; what @ops returned.
 */
int vtpm_manifest_parse(const char *text, size_t len, struct vtpm_manifest_head *head,
			const struct vtpm_manifest_ops *ops, void *ctx,
			struct vtpm_text_error *err);

#endif /* VTPM_MANIFEST_H */
