// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measurements go into the tables while their manifest is read, under the
 * number of a manifest that does not count. Whether one counts is a word in
 * it, so that it comes, goes or takes another's place in one step, however
 * many measurements it has; those of what has gone are swept out afterwards.
 * Extends wait for no more than one measurement, one bucket or one such step.
 */
#include "store.h"
#include "digest.h"
#include "table.h"

#define SWEPT_AT_ONCE	64	/* buckets */

static struct vtpm_table tables[VT_HASH_COUNT];		/* under store_lock; see below */
static struct vtpm_manifest *owners[VTPM_MAX_CERTS + 2];/* by id, from 1; under store_lock */
static DEFINE_MUTEX(store_lock);

/* ---- one manifest ---- */

/* One more than there can be, as a manifest is read before it takes another's place. */
static int take_id(struct vtpm_manifest *m)
{
	u16 id;

	for (id = 1; id < ARRAY_SIZE(owners); id++)
		if (!owners[id])
			break;
	if (id == ARRAY_SIZE(owners))
		return -ENOSPC;
	m->id = id;
	mutex_lock(&store_lock);
	owners[id] = m;
	mutex_unlock(&store_lock);
	return 0;
}

/*
 * Only one at a time changes tables, so it may look without the lock, and make
 * another table while look-ups go on in this one.
 */
static int resize(struct vtpm_table *t, size_t more)
{
	struct vtpm_table other;
	int rc = vtpm_table_resize(&other, t, more);

	if (rc)
		return rc;
	mutex_lock(&store_lock);
	swap(*t, other);
	mutex_unlock(&store_lock);
	vtpm_table_free(&other);
	return 0;
}

/* Without memory for smaller tables those that are there do as well. */
static void shrink(void)
{
	unsigned int i;

	for (i = 0; i < VT_HASH_COUNT; i++)
		if (vtpm_table_is_wide(&tables[i]))
			resize(&tables[i], 0);
}

/**
 * struct filling - a text being read
 * @manifest: what becomes of it
 * @lines: how many it has at most; as many measurements may come
 */
struct filling {
	struct vtpm_manifest *manifest;
	u32 lines;
};

static u32 count_lines(const char *text, size_t len)
{
	const char *end = text + len;
	u32 lines = 1;

	while (lines < VTPM_MAX_MEASUREMENTS && text < end) {
		text = memchr(text, '\n', end - text);
		if (!text)
			break;
		text++;
		lines++;
	}
	return lines;
}

/* A table that is full grows for all that may come: once, while a text is read. */
static int add_measure(void *ctx, const struct vt_hash_alg *alg, const u8 *digest)
{
	struct filling *f = ctx;
	struct vtpm_manifest *m = f->manifest;
	struct vtpm_table *t = &tables[alg - vt_hash_algs];
	int rc;

	if (m->count == VTPM_MAX_MEASUREMENTS)
		return -E2BIG;
	if (!vtpm_table_has_room(t)) {
		rc = resize(t, max(f->lines, m->count + 1) - m->count);
		if (rc)
			return rc;
	}
	mutex_lock(&store_lock);
	rc = vtpm_table_add(t, digest, m->id);
	mutex_unlock(&store_lock);
	if (!rc)
		m->count++;
	return rc;
}

static int add_revoked(void *ctx, const struct vtpm_revoked *revoked)
{
	struct vtpm_manifest *m = ((struct filling *)ctx)->manifest;
	struct vtpm_revoked *r;

	if (m->revoked_count == VTPM_MAX_REVOKED)
		return -E2BIG;
	r = vt_alloc(NULL, sizeof(*r));
	if (!r)
		return -ENOMEM;
	*r = *revoked;
	list_add_tail(&r->link, &m->revoked);
	m->revoked_count++;
	return 0;
}

static int read_text(struct vtpm_manifest *m, const char *text, size_t len,
		     struct vtpm_text_error *err)
{
	static const struct vtpm_manifest_ops ops = {
		.measure = add_measure, .revoke = add_revoked,
	};
	struct filling f = { .manifest = m, .lines = count_lines(text, len) };
	unsigned int i;
	int rc;

	rc = vtpm_manifest_parse(text, len, &m->head, &ops, &f, err);
	for (i = 0; i < VT_HASH_COUNT && !rc; i++)
		vt_hash(&vt_hash_algs[i], m->head.property, strlen(m->head.property),
			m->property[i]);
	return rc;
}

int vtpm_manifest_new(const char *text, size_t len, struct vtpm_manifest **manifest,
		      struct vtpm_text_error *err)
{
	struct vtpm_manifest *m = vt_alloc(NULL, sizeof(*m));
	int rc;

	if (!m)
		return -ENOMEM;
	INIT_LIST_HEAD(&m->revoked);
	rc = take_id(m);
	if (!rc)
		rc = read_text(m, text, len, err);
	if (rc) {
		vtpm_manifest_free(m);
		return rc;
	}
	shrink();
	*manifest = m;
	return 0;
}

/* ---- all manifests ---- */

void vtpm_store_step(struct vtpm_manifest *new, struct vtpm_manifest *old, struct list_head *all)
{
	struct vtpm_manifest *m;

	mutex_lock(&store_lock);
	if (old)
		old->live = false;
	if (new)
		new->live = true;
	list_for_each_entry(m, all, link)
		m->void_now = m->void_next;
	mutex_unlock(&store_lock);
}

static bool is_gone(u16 owner)
{
	return !owners[owner]->live;
}

static void sweep_table(struct vtpm_table *t)
{
	size_t i, end;

	for (i = 0; i < t->buckets;) {
		end = min(i + SWEPT_AT_ONCE, t->buckets);
		mutex_lock(&store_lock);
		for (; i < end; i++)
			vtpm_table_sweep(t, i, is_gone);
		mutex_unlock(&store_lock);
		cond_resched();
	}
}

/* What does not count any longer goes out of the tables. */
static void sweep(void)
{
	unsigned int i;

	for (i = 0; i < VT_HASH_COUNT; i++)
		sweep_table(&tables[i]);
	shrink();
}

void vtpm_manifest_free(struct vtpm_manifest *manifest)
{
	struct vtpm_revoked *r, *next;

	if (!manifest)
		return;
	if (manifest->id) {
		mutex_lock(&store_lock);
		manifest->live = false;
		mutex_unlock(&store_lock);
		if (manifest->count)
			sweep();
		mutex_lock(&store_lock);
		owners[manifest->id] = NULL;
		mutex_unlock(&store_lock);
	}
	list_for_each_entry_safe(r, next, &manifest->revoked, link)
		vt_free(NULL, r);
	vt_free(NULL, manifest);
}

void vtpm_store_drop(const struct vtpm_party *party)
{
	unsigned int i;

	mutex_lock(&store_lock);
	for (i = 1; i < ARRAY_SIZE(owners); i++)
		if (owners[i] && owners[i]->party == party)
			owners[i]->live = false;
	mutex_unlock(&store_lock);
	sweep();
	for (i = 1; i < ARRAY_SIZE(owners); i++)
		if (owners[i] && owners[i]->party == party)
			owners[i]->count = 0;
}

void vtpm_store_size(u64 *measurements, u64 *bytes)
{
	unsigned int i;

	*measurements = 0;
	*bytes = 0;
	mutex_lock(&store_lock);
	for (i = 1; i < ARRAY_SIZE(owners); i++)
		if (owners[i] && owners[i]->live)
			*measurements += owners[i]->count;
	for (i = 0; i < VT_HASH_COUNT; i++)
		*bytes += vtpm_table_bytes(&tables[i]);
	mutex_unlock(&store_lock);
}

/* ---- look-up ---- */

/**
 * struct look - a look-up under way
 * @party: the only one that counts, or ""
 * @void_of: bit i: the party with this index has revoked the measurement
 * @best: what counts, of those seen so far
 */
struct look {
	const char *party;
	u64 void_of;
	const struct vtpm_manifest *best;
};

static_assert(VTPM_MAX_TRUST <= 64);

static bool in_time(const struct vtpm_manifest_head *head)
{
	s64 now;

	if (!head->from && !head->until)
		return true;
	now = vt_real_seconds();
	return now >= head->from && (!head->until || now < head->until);
}

static bool comes_before(const struct vtpm_manifest *a, const struct vtpm_manifest *b)
{
	return a->party == b->party ? strcmp(a->head.name, b->head.name) < 0 :
	       strcmp(a->party->name, b->party->name) < 0;
}

static void consider(struct look *look, const struct vtpm_manifest *m)
{
	if (!m->live || m->void_now || (look->void_of & BIT_ULL(m->party->index)))
		return;
	if (*look->party && strcmp(m->party->name, look->party))
		return;
	if (m->head.revocation) {
		look->void_of |= BIT_ULL(m->party->index);
		if (look->best && look->best->party == m->party)
			look->best = NULL;
		return;
	}
	if ((!look->best || comes_before(m, look->best)) && in_time(&m->head))
		look->best = m;
}

static void look_through(struct look *look, const struct vtpm_table *t, const u8 *digest)
{
	struct vtpm_table_walk w;
	u16 owner[VTPM_TABLE_OWNERS];
	unsigned int i;

	vtpm_table_walk_start(&w, t, digest);
	while (vtpm_table_walk_next(&w, owner))
		for (i = 0; i < VTPM_TABLE_OWNERS && owner[i]; i++)
			consider(look, owners[owner[i]]);
}

/*
 * Where a revocation took away what had kept others from being the best,
 * another time through, with all the revocations known from the start.
 */
static const struct vtpm_manifest *find(const struct vtpm_table *t, const u8 *digest,
					const char *party)
{
	struct look look = { .party = party };

	look_through(&look, t, digest);
	if (look.void_of) {
		look.best = NULL;
		look_through(&look, t, digest);
	}
	return look.best;
}

/* Without the lock, which could not say more: a manifest counts once it is loaded. */
static bool is_empty(const struct vtpm_table *t)
{
	return !READ_ONCE(t->used);
}

void vtpm_cert_expect(u16 alg, const u8 *m)
{
	const struct vt_hash_alg *h = vt_hash_find(alg);

	if (h && !is_empty(&tables[h - vt_hash_algs]))
		vtpm_table_prefetch(&tables[h - vt_hash_algs], m);
}

int vtpm_cert_lookup(u16 alg, const u8 *m, const char *party, enum vtpm_represent how, u8 *rep)
{
	const struct vt_hash_alg *h = vt_hash_find(alg);
	const struct vtpm_manifest *found;
	unsigned int bank;

	if (!h)
		return -ENOENT;
	bank = h - vt_hash_algs;
	if (is_empty(&tables[bank]))
		return -ENOENT;
	mutex_lock(&store_lock);
	found = find(&tables[bank], m, party);
	if (found)
		vtpm_copy_digest(rep, how == VTPM_REPRESENT_KEY ? found->party->key[bank] :
				 found->property[bank], h->digest_size);
	mutex_unlock(&store_lock);
	return found ? 0 : -ENOENT;
}

void vtpm_store_init(void)
{
	unsigned int i;

	vtpm_table_seed();
	for (i = 0; i < VT_HASH_COUNT; i++)
		vtpm_table_init(&tables[i], vt_hash_algs[i].digest_size);
}

void vtpm_store_exit(void)
{
	unsigned int i;

	mutex_lock(&store_lock);
	for (i = 0; i < VT_HASH_COUNT; i++) {
		WARN_ON(tables[i].used);
		vtpm_table_free(&tables[i]);
	}
	mutex_unlock(&store_lock);
}
