// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of measurements: a chained hash table whose links lie within the
 * manifests' own memory, so that a SHA-256 measurement costs 56 bytes and its
 * share of the buckets.
 */
#include "store.h"

#define MIN_BITS	6
#define MAX_BITS	26
#define PER_BUCKET	2	/* measurements, before the table doubles */

/**
 * struct table - buckets
 * @bits: there are 1 << @bits
 * @bucket: heads of chains
 */
struct table {
	unsigned int bits;
	struct vtpm_measure *bucket[];
};

static struct table *store;		/* under store_lock; NULL while empty */
static unsigned long store_count;	/* measurements in it; under store_lock */
static u64 store_key;			/* set by vtpm_store_init() */
static DEFINE_MUTEX(store_lock);

/* The key keeps the author of a manifest from filling one bucket. */
static struct vtpm_measure **bucket_of(struct table *t, const u8 *digest)
{
	u64 v;

	memcpy(&v, digest, sizeof(v));
	v = (v ^ store_key) * 0x9e3779b97f4a7c15ULL;
	v = (v ^ v >> 32) * 0x9e3779b97f4a7c15ULL;
	return &t->bucket[v >> (64 - t->bits)];
}

static struct table *new_table(unsigned long count)
{
	unsigned int bits = MIN_BITS;
	struct table *t;

	while (bits < MAX_BITS && count > PER_BUCKET * BIT(bits))
		bits++;
	t = kvzalloc(struct_size(t, bucket, BIT(bits)), GFP_KERNEL_ACCOUNT);
	if (t)
		t->bits = bits;
	return t;
}

/* ---- one manifest ---- */

static size_t measure_size(const struct vt_hash_alg *alg)
{
	return ALIGN(offsetof(struct vtpm_measure, digest) + alg->digest_size,
		     __alignof__(struct vtpm_measure));
}

static struct vtpm_measure *next_measure(struct vtpm_measure *e)
{
	return (struct vtpm_measure *)((u8 *)e + measure_size(&vt_hash_algs[e->bank]));
}

static bool same_measure(const struct vtpm_measure *e, unsigned int bank, const u8 *digest)
{
	return e->bank == bank && !memcmp(e->digest, digest, vt_hash_algs[bank].digest_size);
}

static int count_measure(void *ctx, const struct vt_hash_alg *alg, const u8 *digest __always_unused)
{
	*(size_t *)ctx += measure_size(alg);
	return 0;
}

/**
 * struct filling - a manifest being filled
 * @manifest: with room for all
 * @seen: what is in it, to find what comes twice
 */
struct filling {
	struct vtpm_manifest *manifest;
	struct table *seen;
};

static int add_measure(void *ctx, const struct vt_hash_alg *alg, const u8 *digest)
{
	struct filling *f = ctx;
	struct vtpm_manifest *m = f->manifest;
	struct vtpm_measure **bucket = bucket_of(f->seen, digest);
	struct vtpm_measure *e = (struct vtpm_measure *)(m->arena + m->used);
	struct vtpm_measure *old;
	unsigned int bank = alg - vt_hash_algs;

	for (old = *bucket; old; old = old->next)
		if (same_measure(old, bank, digest))
			return -EEXIST;
	if (WARN_ON(measure_size(alg) > m->size - m->used))
		return -ENOMEM;
	e->bank = bank;
	e->manifest = m;
	memcpy(e->digest, digest, alg->digest_size);
	e->next = *bucket;
	*bucket = e;
	m->used += measure_size(alg);
	m->count++;
	return 0;
}

static int fill(struct vtpm_manifest *m, const char *text, size_t len, struct vtpm_text_error *err)
{
	struct filling f = { .manifest = m };
	unsigned int i;
	int rc;

	f.seen = new_table(m->size / measure_size(&vt_hash_algs[0]));
	if (!f.seen)
		return -ENOMEM;
	rc = vtpm_manifest_parse(text, len, &m->head, add_measure, &f, err);
	kvfree(f.seen);
	for (i = 0; i < VT_HASH_COUNT && !rc; i++)
		vt_hash(&vt_hash_algs[i], m->head.property, strlen(m->head.property),
			m->property[i]);
	return rc;
}

/* Reads the text twice: for its size, then for what is in it. */
int vtpm_manifest_new(const char *text, size_t len, struct vtpm_manifest **manifest,
		      struct vtpm_text_error *err)
{
	struct vtpm_manifest_head head;
	struct vtpm_manifest *m;
	size_t size = 0;
	int rc;

	rc = vtpm_manifest_parse(text, len, &head, count_measure, &size, err);
	if (rc)
		return rc;
	m = kvzalloc(struct_size(m, arena, size), GFP_KERNEL_ACCOUNT);
	if (!m)
		return -ENOMEM;
	m->size = size;
	rc = fill(m, text, len, err);
	if (rc) {
		kvfree(m);
		return rc;
	}
	*manifest = m;
	return 0;
}

void vtpm_manifest_free(struct vtpm_manifest *manifest)
{
	kvfree(manifest);
}

/* ---- all manifests ---- */

static void link_measure(struct table *t, struct vtpm_measure *e)
{
	struct vtpm_measure **bucket = bucket_of(t, e->digest);

	e->next = *bucket;
	*bucket = e;
}

static void unlink_measure(struct table *t, struct vtpm_measure *e)
{
	struct vtpm_measure **at = bucket_of(t, e->digest);

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
}

static void move_all(struct table *to, struct table *from)
{
	size_t i;

	for (i = 0; i < BIT(from->bits); i++) {
		struct vtpm_measure *e = from->bucket[i], *next;

		for (; e; e = next) {
			next = e->next;
			link_measure(to, e);
		}
	}
}

static void for_all_measures(struct vtpm_manifest *m,
			     void (*what)(struct table *t, struct vtpm_measure *e))
{
	struct vtpm_measure *e = (struct vtpm_measure *)m->arena;
	u32 i;

	for (i = 0; i < m->count; i++, e = next_measure(e))
		what(store, e);
}

static void swap_manifests(struct vtpm_manifest *new, struct vtpm_manifest *old)
{
	if (old) {
		for_all_measures(old, unlink_measure);
		store_count -= old->count;
	}
	if (new) {
		for_all_measures(new, link_measure);
		store_count += new->count;
	}
}

/* Only vtpm_store_change() writes, one at a time, so it may look without the lock. */
static bool is_enough(const struct vtpm_manifest *new)
{
	return !new || (store && store_count + new->count <= PER_BUCKET * BIT(store->bits));
}

int vtpm_store_change(struct vtpm_manifest *new, struct vtpm_manifest *old)
{
	struct table *other = NULL;

	if (!is_enough(new)) {
		other = new_table(store_count + new->count);
		if (!other)
			return -ENOMEM;
	}
	mutex_lock(&store_lock);
	if (other && store)
		move_all(other, store);
	if (other)
		swap(store, other);
	swap_manifests(new, old);
	if (!store_count)
		swap(store, other);	/* @other is NULL, as nothing was added */
	mutex_unlock(&store_lock);
	kvfree(other);
	return 0;
}

static struct vtpm_manifest *find(unsigned int bank, const u8 *digest, const char *party)
{
	struct vtpm_manifest *best = NULL;
	struct vtpm_measure *e;

	if (!store)
		return NULL;
	for (e = *bucket_of(store, digest); e; e = e->next) {
		if (!same_measure(e, bank, digest))
			continue;
		if (*party && strcmp(e->manifest->party->name, party))
			continue;
		if (!best || strcmp(e->manifest->head.name, best->head.name) < 0)
			best = e->manifest;
	}
	return best;
}

int vtpm_cert_lookup(u16 alg, const u8 *m, const char *party, enum vtpm_represent how, u8 *rep)
{
	const struct vt_hash_alg *h = vt_hash_find(alg);
	struct vtpm_manifest *found;
	unsigned int bank;

	if (!h)
		return -ENOENT;
	bank = h - vt_hash_algs;
	mutex_lock(&store_lock);
	found = find(bank, m, party);
	if (found)
		memcpy(rep, how == VTPM_REPRESENT_KEY ? found->party->key[bank] :
		       found->property[bank], h->digest_size);
	mutex_unlock(&store_lock);
	return found ? 0 : -ENOENT;
}

void vtpm_store_init(void)
{
	vt_random(&store_key, sizeof(store_key));
}

void vtpm_store_exit(void)
{
	mutex_lock(&store_lock);
	WARN_ON(store_count);
	kvfree(store);
	store = NULL;
	mutex_unlock(&store_lock);
}
