/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tables of measurements, one for each bank: from a digest to the numbers of
 * the manifests that list it. No lock in here; store.c has it.
 */
#ifndef VTPM_TABLE_H
#define VTPM_TABLE_H

#include "../env.h"
#include "../crypto/crypto.h"

#define VTPM_TABLE_OWNERS	2	/* manifests that a slot has room for */

/**
 * struct vtpm_table - the measurements of one bank
 * @digest_size: bytes of a digest
 * @bucket_size: bytes of a bucket
 * @slots: of a bucket
 * @buckets: how many there are; 0 until something comes
 * @used: slots in use
 * @bucket: buckets, one after another
 */
struct vtpm_table {
	u32 digest_size;
	u32 bucket_size;
	u32 slots;
	size_t buckets;
	size_t used;
	u8 *bucket;
};

/**
 * struct vtpm_table_walk - the slots that have one digest
 * @table: where
 * @digest: which
 * @bucket: the bucket to look at next
 * @slot: the slot in it
 * @left: buckets that have not been looked at
 */
struct vtpm_table_walk {
	const struct vtpm_table *table;
	const u8 *digest;
	size_t bucket;
	u32 slot;
	size_t left;
};

/* Once, before all else: a key that no author of a manifest knows. */
void vtpm_table_seed(void);
void vtpm_table_init(struct vtpm_table *t, u32 digest_size);
void vtpm_table_free(struct vtpm_table *t);
size_t vtpm_table_bytes(const struct vtpm_table *t);

/* Has one more slot a place? If not, vtpm_table_resize() comes first. */
bool vtpm_table_has_room(const struct vtpm_table *t);
/* Has it so much room that a smaller one should take its place? */
bool vtpm_table_is_wide(const struct vtpm_table *t);
/* What is in @from, in a table of the right size for it and @more. -ENOSPC, -ENOMEM */
int vtpm_table_resize(struct vtpm_table *to, const struct vtpm_table *from, size_t more);

/* @owner, not 0, lists @digest. -EEXIST: it did so before. */
int vtpm_table_add(struct vtpm_table *t, const u8 *digest, u16 owner);
/* Takes out of @bucket what @gone says. */
void vtpm_table_sweep(struct vtpm_table *t, size_t bucket, bool (*gone)(u16 owner));

/* Asks for what a walk reads first. Needs no lock: nothing is read. */
void vtpm_table_prefetch(const struct vtpm_table *t, const u8 *digest);
void vtpm_table_walk_start(struct vtpm_table_walk *w, const struct vtpm_table *t,
			   const u8 *digest);
/* The next slot's owners, 0 for none in the second; false: there is no other. */
bool vtpm_table_walk_next(struct vtpm_table_walk *w, u16 owner[VTPM_TABLE_OWNERS]);

#endif /* VTPM_TABLE_H */
