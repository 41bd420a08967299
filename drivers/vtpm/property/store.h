/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is believed of measurements: the manifests and revocations that are
 * loaded, and the tables that lead to them. One for the whole host, with a lock
 * of its own that is held for as long as a look or a small change takes.
 * certs.c serialises those who change it.
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
 * @index: of all parties; less than VTPM_MAX_TRUST
 * @manifests: loaded now
 * @revocations: likewise
 * @seen: of struct vtpm_seen
 * @seen_count: how many of these
 * @cert: its certificate again, as the admin gave it
 * @cert_len: its bytes
 */
struct vtpm_party {
	struct list_head link;
	char name[VTPM_NAME_MAX + 1];
	struct vtpm_anchor *anchor;
	u8 key_digest[32];
	u8 key[VT_HASH_COUNT][VT_MAX_DIGEST];
	unsigned int index;
	unsigned int manifests;
	unsigned int revocations;
	struct list_head seen;
	unsigned int seen_count;
	u8 *cert;
	size_t cert_len;
};

/**
 * struct vtpm_manifest - a manifest or a revocation
 * @link: in the list of certs.c, by name
 * @head: what it says besides its measurements
 * @party: who signed it
 * @property: hash of the property for each bank
 * @count: how many measurements
 * @revoked: of struct vtpm_revoked: the manifests that a revocation names
 * @revoked_count: how many of these
 * @id: its number in the tables
 * @live: it counts; under the store's lock
 * @void_now: a revocation names it; under the store's lock
 * @void_next: what @void_now becomes in the next step; certs.c's
 */
struct vtpm_manifest {
	struct list_head link;
	struct vtpm_manifest_head head;
	struct vtpm_party *party;
	u8 property[VT_HASH_COUNT][VT_MAX_DIGEST];
	u32 count;
	struct list_head revoked;
	u32 revoked_count;
	u16 id;
	bool live;
	bool void_now;
	bool void_next;
};

/**
 * vtpm_manifest_new() - a text becomes a manifest of no party, which does not count yet
 * @text: the text
 * @len: its bytes
 * @manifest: the result; unchanged on failure
 * @err: what is wrong and where, on -EINVAL; may be NULL
 *
 * Return: 0, -EINVAL, -ENOMEM, -ENOSPC, -EINTR.
 */
int vtpm_manifest_new(const char *text, size_t len, struct vtpm_manifest **manifest,
		      struct vtpm_text_error *err);
/* It counts no longer. */
void vtpm_manifest_free(struct vtpm_manifest *manifest);

/**
 * vtpm_store_step() - @new counts and @old counts no longer, both at once
 * @new: may be NULL
 * @old: may be NULL; for vtpm_manifest_free()
 * @all: every manifest besides @new, through its @link: @void_next becomes @void_now
 */
void vtpm_store_step(struct vtpm_manifest *new, struct vtpm_manifest *old, struct list_head *all);
/* Nothing of @party counts any longer, nor is it in the tables. */
void vtpm_store_drop(const struct vtpm_party *party);

/* Measurements in the tables, of all banks, and the bytes of these. */
void vtpm_store_size(u64 *measurements, u64 *bytes);

void vtpm_store_init(void);
/* The measurements are all gone: give the tables back. */
void vtpm_store_exit(void);

#endif /* VTPM_STORE_H */
