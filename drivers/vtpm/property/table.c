// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables of measurements, made for look-ups that find nothing of the table in
 * a cache: one reads a bucket, which is a few neighbouring lines of it (two for
 * SHA-256), and follows no pointers. A bucket has three slots or more: first
 * their digests, then for each the numbers of at most two manifests that list
 * it, and at its end how many slots found the bucket full and went on to a later
 * one. What more than two manifests list has several slots, which are marked.
 *
 * A table grows when 80 in a hundred of its slots are in use, and shrinks when
 * fewer than 54 are; after either it is 62. So a SHA-256 measurement costs
 * between 53 and 79 bytes, all told. As there are always free slots, every walk
 * ends.
 */
#include "table.h"
#include "../limits.h"

#define LINE		64	/* of a cache, bytes */
#define MORE		0x8000	/* in the first owner: other slots have this digest too */
#define MIN_BUCKETS	4
#define MIN_SLOTS	3	/* with the longest digest */

/* Parts in a hundred of the slots, see above. */
#define FULL		80
#define NORMAL		62
#define WIDE		54

static_assert(VTPM_MAX_CERTS + 1 < MORE);
static_assert(VTPM_MAX_ALL_MEASUREMENTS / MIN_SLOTS * 100ULL / NORMAL * 4 * LINE < INT_MAX);

static u32 table_key[VT_MAX_DIGEST / sizeof(u32)];	/* set by vtpm_table_seed() */

void vtpm_table_seed(void)
{
	vt_random(table_key, sizeof(table_key));
}

/*
 * Which digests come together depends on the key in all of their bytes, so
 * that nobody can make up a manifest whose measurements share few buckets.
 */
static size_t home_among(const struct vtpm_table *t, const u8 *digest, size_t buckets)
{
	u64 sum = 0, last = 0;
	u32 i, a, b;

	for (i = 0; i + 8 <= t->digest_size; i += 8) {
		memcpy(&a, digest + i, sizeof(a));
		memcpy(&b, digest + i + 4, sizeof(b));
		sum += (u64)(a + table_key[i / 4]) * (b + table_key[i / 4 + 1]);
	}
	if (i < t->digest_size) {
		memcpy(&a, digest + i, sizeof(a));
		last = (u64)(a + table_key[i / 4]) * table_key[i / 4 + 1];
	}
	sum = (sum + last) * 0x9e3779b97f4a7c15ULL;
	sum = (sum ^ sum >> 32) * 0x9e3779b97f4a7c15ULL;
	return ((sum >> 32) * buckets) >> 32;
}

static size_t home_of(const struct vtpm_table *t, const u8 *digest)
{
	return home_among(t, digest, t->buckets);
}

static size_t after(const struct vtpm_table *t, size_t bucket)
{
	return bucket + 1 == t->buckets ? 0 : bucket + 1;
}

static u8 *digest_at(const struct vtpm_table *t, size_t bucket, u32 slot)
{
	return t->bucket + bucket * t->bucket_size + slot * t->digest_size;
}

static u16 *owners_at(const struct vtpm_table *t, size_t bucket, u32 slot)
{
	return (u16 *)(t->bucket + bucket * t->bucket_size + t->slots * t->digest_size) +
	       VTPM_TABLE_OWNERS * slot;
}

static u16 *passed_at(const struct vtpm_table *t, size_t bucket)
{
	return (u16 *)(t->bucket + bucket * t->bucket_size + t->bucket_size) - 1;
}

/* The first word decides nearly always. */
static bool same(const struct vtpm_table *t, const u8 *a, const u8 *b)
{
	u64 x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x == y && !memcmp(a, b, t->digest_size);
}

/* ---- size ---- */

void vtpm_table_init(struct vtpm_table *t, u32 digest_size)
{
	u32 slot = digest_size + VTPM_TABLE_OWNERS * sizeof(u16);
	u32 size = round_up(MIN_SLOTS * slot + sizeof(u16), LINE);

	*t = (struct vtpm_table) {
		.digest_size = digest_size,
		.bucket_size = size,
		.slots = (size - sizeof(u16)) / slot,
	};
}

void vtpm_table_free(struct vtpm_table *t)
{
	kvfree(t->bucket);
	vtpm_table_init(t, t->digest_size);
}

size_t vtpm_table_bytes(const struct vtpm_table *t)
{
	return t->buckets * t->bucket_size;
}

bool vtpm_table_has_room(const struct vtpm_table *t)
{
	return t->used < t->buckets * t->slots * FULL / 100;
}

bool vtpm_table_is_wide(const struct vtpm_table *t)
{
	return t->buckets > MIN_BUCKETS && t->used < t->buckets * t->slots * WIDE / 100;
}

/* The first bucket from its home on that has a free slot takes it. */
static void place(struct vtpm_table *t, const u8 *digest, u16 first, u16 second)
{
	size_t bucket = home_of(t, digest);
	u16 *o, *passed;
	u32 i;

	for (;; bucket = after(t, bucket)) {
		for (i = 0; i < t->slots; i++) {
			o = owners_at(t, bucket, i);
			if (o[0])
				continue;
			memcpy(digest_at(t, bucket, i), digest, t->digest_size);
			o[0] = first;
			o[1] = second;
			t->used++;
			return;
		}
		passed = passed_at(t, bucket);
		if (*passed < U16_MAX)	/* there it stays, since nobody can count on */
			++*passed;
	}
}

static void copy_slots(struct vtpm_table *to, const struct vtpm_table *from)
{
	size_t bucket;
	u16 *o;
	u32 i;

	for (bucket = 0; bucket < from->buckets; bucket++) {
		for (i = 0; i < from->slots; i++) {
			o = owners_at(from, bucket, i);
			if (o[0])
				place(to, digest_at(from, bucket, i), o[0], o[1]);
		}
		cond_resched();
	}
}

int vtpm_table_resize(struct vtpm_table *to, const struct vtpm_table *from, size_t more)
{
	size_t want = (from->used + more) * 100 / NORMAL / from->slots + 1;

	if (from->used + more > VTPM_MAX_ALL_MEASUREMENTS)
		return -ENOSPC;
	vtpm_table_init(to, from->digest_size);
	to->buckets = max_t(size_t, want, MIN_BUCKETS);
	to->bucket = kvzalloc(to->buckets * to->bucket_size, GFP_KERNEL_ACCOUNT);
	if (!to->bucket)
		return -ENOMEM;
	copy_slots(to, from);
	return 0;
}

/* ---- one digest ---- */

/* Of a table that is exchanged meanwhile this may ask for any address; no harm is in that. */
void vtpm_table_prefetch(const struct vtpm_table *t, const u8 *digest)
{
	const u8 *bucket = READ_ONCE(t->bucket);
	u32 i;

	bucket += home_among(t, digest, READ_ONCE(t->buckets)) * t->bucket_size;
	for (i = 0; i < t->bucket_size; i += LINE)
		prefetch(bucket + i);
}

void vtpm_table_walk_start(struct vtpm_table_walk *w, const struct vtpm_table *t,
			   const u8 *digest)
{
	w->table = t;
	w->digest = digest;
	w->slot = 0;
	w->left = t->buckets;
	w->bucket = w->left ? home_of(t, digest) : 0;
}

static u16 *next_slot(struct vtpm_table_walk *w)
{
	const struct vtpm_table *t = w->table;
	u16 *o;

	while (w->left) {
		while (w->slot < t->slots) {
			u32 i = w->slot++;

			if (!same(t, digest_at(t, w->bucket, i), w->digest))
				continue;
			o = owners_at(t, w->bucket, i);
			if (o[0])
				return o;
		}
		w->slot = 0;
		w->left--;
		if (!*passed_at(t, w->bucket))
			break;
		w->bucket = after(t, w->bucket);
	}
	w->left = 0;
	return NULL;
}

bool vtpm_table_walk_next(struct vtpm_table_walk *w, u16 owner[VTPM_TABLE_OWNERS])
{
	const u16 *o = next_slot(w);

	if (!o)
		return false;
	if (!(o[0] & MORE))
		w->left = 0;
	owner[0] = o[0] & ~MORE;
	owner[1] = o[1];
	return true;
}

int vtpm_table_add(struct vtpm_table *t, const u8 *digest, u16 owner)
{
	struct vtpm_table_walk w;
	u16 *o, *room = NULL, *last = NULL;

	vtpm_table_walk_start(&w, t, digest);
	while ((o = next_slot(&w)) != NULL) {
		if ((o[0] & ~MORE) == owner || o[1] == owner)
			return -EEXIST;
		if (!o[1])
			room = o;
		last = o;
	}
	if (room) {
		room[1] = owner;
		return 0;
	}
	if (last)
		*last |= MORE;	/* and all before it are marked already */
	place(t, digest, last ? owner | MORE : owner, 0);
	return 0;
}

/* Those whom it made go on find their way to it no longer. */
static void remove_slot(struct vtpm_table *t, size_t bucket, u32 slot)
{
	size_t b = home_of(t, digest_at(t, bucket, slot));
	u16 *passed;

	for (; b != bucket; b = after(t, b)) {
		passed = passed_at(t, b);
		if (*passed < U16_MAX)
			--*passed;
	}
	memset(digest_at(t, bucket, slot), 0, t->digest_size);
	owners_at(t, bucket, slot)[0] = 0;
	t->used--;
}

void vtpm_table_sweep(struct vtpm_table *t, size_t bucket, bool (*gone)(u16 owner))
{
	u16 *o;
	u32 i;

	for (i = 0; i < t->slots; i++) {
		o = owners_at(t, bucket, i);
		if (o[1] && gone(o[1]))
			o[1] = 0;
		if (!o[0] || !gone(o[0] & ~MORE))
			continue;
		o[0] = o[1] ? o[1] | (o[0] & MORE) : o[0];
		if (!o[1])
			remove_slot(t, bucket, i);
		o[1] = 0;
	}
}
