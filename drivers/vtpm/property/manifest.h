/* SPDX-License-Identifier: GPL-2.0-only */
/* The text of a property certificate; its form is described at the top of manifest.c. */
#ifndef VTPM_MANIFEST_H
#define VTPM_MANIFEST_H

#include "../env.h"
#include "../crypto/crypto.h"
#include <uapi/linux/vtpm.h>

/**
 * struct vtpm_manifest_head - what a manifest says besides its measurements
 * @name: its name
 * @property: what the measured things have in common
 */
struct vtpm_manifest_head {
	char name[VTPM_NAME_MAX + 1];
	char property[VTPM_NAME_MAX + 1];
};

/**
 * vtpm_manifest_parse() - read a manifest
 * @text: not terminated
 * @len: its bytes
 * @head: the result
 * @measure: called for each measurement; -EEXIST: this one was there before;
 *	anything else below zero ends the reading as it is
 * @ctx: for @measure
 * @err: what is wrong and where, on -EINVAL; may be NULL
 *
 * Return: 0, -EINVAL, what @measure returned.
 */
int vtpm_manifest_parse(const char *text, size_t len, struct vtpm_manifest_head *head,
			int (*measure)(void *ctx, const struct vt_hash_alg *alg, const u8 *digest),
			void *ctx, struct vtpm_text_error *err);

#endif /* VTPM_MANIFEST_H */
