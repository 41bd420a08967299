// SPDX-License-Identifier: GPL-2.0-only
/* What both sides have, as far as the test knows; choices from it. */
#include "diff.h"

struct world w;

u64 rnd64(struct rnd *r)
{
	u64 z = r->s += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

u32 rnd(struct rnd *r, u32 n)
{
	return n ? rnd64(r) % n : 0;
}

bool chance(struct rnd *r, u32 percent)
{
	return rnd(r, 100) < percent;
}

void rnd_bytes(struct rnd *r, u8 *to, u32 n)
{
	while (n) {
		u64 word = rnd64(r);
		u32 take = min_t(u32, n, 8);

		memcpy(to, &word, take);
		to += take;
		n -= take;
	}
}

u64 mix(u64 a, u64 b)
{
	struct rnd r = { .s = a ^ b * 0xff51afd7ed558ccdULL };

	rnd64(&r);
	return rnd64(&r);
}

struct tpm2b keep(const void *data, u32 size)
{
	u8 *p = malloc(size + 1);

	if (size)
		memcpy(p, data, size);
	return tpm2b(p, size);
}

struct tpm2b keep2(const struct tpm2b *b)
{
	return keep(b->data, b->size);
}

bool same2b(const struct tpm2b *a, const struct tpm2b *b)
{
	return a->size == b->size && (!a->size || !memcmp(a->data, b->data, a->size));
}

/* A place that is free, or the oldest of what is gone. */
struct ent *add_ent(enum ent_kind kind, u64 id)
{
	struct ent *e = NULL;
	unsigned int i;

	for (i = 0; i < w.n_ents && !e; i++)
		if (!w.ents[i].live && !is_pinned(&w.ents[i]))
			e = &w.ents[i];
	if (!e) {
		if (w.n_ents == MAX_ENTS) {
			fprintf(stderr, "diff: too many entities\n");
			exit(2);
		}
		e = &w.ents[w.n_ents++];
	}
	memset(e, 0, sizeof(*e));
	e->id = id;
	e->kind = kind;
	e->live = true;
	e->recipe = -1;
	e->known = -1;
	return e;
}

struct item *add_item(enum item_kind kind, u64 id)
{
	static unsigned int next;
	struct item *it;

	it = &w.items[next];
	next = (next + 1) % MAX_ITEMS;
	if (w.n_items < MAX_ITEMS)
		w.n_items++;
	memset(it, 0, sizeof(*it));
	it->id = id;
	it->kind = kind;
	return it;
}

struct ent *ent_by_handle(u32 handle)
{
	unsigned int i;

	for (i = 0; i < w.n_ents; i++)
		if (w.ents[i].live && w.ents[i].handle[OURS] == handle)
			return &w.ents[i];
	return NULL;
}

/* The one for which the draw is highest: others may come and go without a change of the choice. */
struct ent *pick_ent(struct rnd *r, bool (*ok)(const struct ent *e, u32 arg), u32 arg)
{
	u64 draw = rnd64(r), best = 0;
	struct ent *found = NULL;
	unsigned int i;

	for (i = 0; i < w.n_ents; i++) {
		struct ent *e = &w.ents[i];
		u64 score = mix(draw, e->id);

		if (e->live && ok(e, arg) && (!found || score > best)) {
			best = score;
			found = e;
		}
	}
	return found;
}

unsigned int count_ents(bool (*ok)(const struct ent *e, u32 arg), u32 arg)
{
	unsigned int i, n = 0;

	for (i = 0; i < w.n_ents; i++)
		n += w.ents[i].live && ok(&w.ents[i], arg);
	return n;
}

/* Of one entity, when @of is not NULL: the same key or parent, not only the same handle. */
struct item *pick_item(struct rnd *r, enum item_kind kind, const struct ent *of)
{
	u64 draw = rnd64(r), best = 0;
	struct item *found = NULL;
	unsigned int i;

	for (i = 0; i < w.n_items; i++) {
		struct item *it = &w.items[i];
		u64 score = mix(draw, it->id);

		if (it->kind != kind || (of && !same2b(&it->of.name.b[OURS], &of->name.b[OURS])))
			continue;
		if (!found || score > best) {
			best = score;
			found = it;
		}
	}
	return found;
}
