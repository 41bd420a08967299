/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of measurements: from a digest to the manifest that lists it.
 * One, for the whole host, with a lock of its own that is held for as long as
 * a look or a change of pointers takes. certs.c serialises those who change it.
 */
#ifndef VTPM_STORE_H
#define VTPM_STORE_H

#include "../env.h"
#include "../crypto/crypto.h"
#include "certs.h"
#include "manifest.h"

/**
 * struct vtpm_party - a trusted party
 * @link: in the list of certs.c, by name
 * @name: as the admin calls it
 * @anchor: its certificate
 * @key_digest: SHA-256 of its public key
 * @key: hash of its public key for each bank
 * @manifests: loaded now
 */
struct vtpm_party {
	struct list_head link;
	char name[VTPM_NAME_MAX + 1];
	struct vtpm_anchor *anchor;
	u8 key_digest[32];
	u8 key[VT_HASH_COUNT][VT_MAX_DIGEST];
	unsigned int manifests;
};

/**
 * struct vtpm_measure - one measurement
 * @next: in its bucket
 * @manifest: which lists it
 * @bank: of which hash; index in vt_hash_algs
 * @digest: as long as @bank's digests
 */
struct vtpm_measure {
	struct vtpm_measure *next;
	struct vtpm_manifest *manifest;
	u8 bank;
	u8 digest[];
};

/**
 * struct vtpm_manifest - a manifest that is loaded
 * @link: in the list of certs.c, by name
 * @head: name and property
 * @party: who signed it
 * @property: hash of the property for each bank
 * @count: how many measurements
 * @used: bytes of @arena in use
 * @size: bytes of @arena
 * @arena: struct vtpm_measure, one after another
 */
struct vtpm_manifest {
	struct list_head link;
	struct vtpm_manifest_head head;
	struct vtpm_party *party;
	u8 property[VT_HASH_COUNT][VT_MAX_DIGEST];
	u32 count;
	size_t used;
	size_t size;
	u8 arena[] __aligned(8);
};

/* Parses @text into a new manifest of no party. -EINVAL with @err, -ENOMEM. */
int vtpm_manifest_new(const char *text, size_t len, struct vtpm_manifest **manifest,
		      struct vtpm_text_error *err);
void vtpm_manifest_free(struct vtpm_manifest *manifest);

/* @new comes, @old goes, in one step; either may be NULL. -ENOMEM: neither. */
int vtpm_store_change(struct vtpm_manifest *new, struct vtpm_manifest *old);
void vtpm_store_init(void);
/* The measurements are all gone: give the table back. */
void vtpm_store_exit(void);

#endif /* VTPM_STORE_H */
