// SPDX-License-Identifier: GPL-2.0-only
/*
 * Provider "log": the vPCR is the digest of the list of all that arrived in it,
 *
 *	vPCR = H(m1 || m2 || ... || mn),
 *
 * and the list can be read by the admin. An empty list is the start value; one that is not
 * all zeros becomes the first element, before the first measurement.
 *
 * With entries=N a list has at most N elements. When one more arrives in a full list, the
 * list is folded: its digest, which is the vPCR, becomes its only element, and the new
 * measurement the second. How many elements that first one stands for is counted, and part
 * of what the admin reads. So who has all measurements can always compute the vPCR:
 *
 *	if n = N: list = (vPCR); list += m; vPCR = H(list)
 *
 * What is saved: for each list that is not empty, in the order of banks and PCRs, its
 * algorithm (2 bytes), PCR (1), how many elements are folded (8), how many there are (4),
 * and these.
 */
#include "property.h"
#include "digest.h"
#include "../crypto/crypto.h"

#define ENTRIES_MIN	2
#define ENTRIES_MAX	2048
#define ENTRIES		256
#define ROOM_FIRST	8

/**
 * struct list - of one PCR in one bank
 * @folded: how many elements the first one stands for; 0: for itself
 * @count: elements
 * @room: how many fit in @digests
 * @begins: the list is empty, and digests[0] has a start value to begin with
 * @now: which of @state has the hash over the elements so far
 * @digests: the elements
 * @state: that hash, and room for what it becomes with one more
 */
struct list {
	u64 folded;
	u32 count;
	u32 room;
	bool begins;
	bool now;
	u8 *digests;
	struct vt_hash_ctx state[2];
};

/**
 * struct log - the lists of one instance
 * @mem: for allocations
 * @entries: most elements of a list
 * @list: NULL where nothing has arrived
 */
struct log {
	struct vt_mem *mem;
	u32 entries;
	struct list *list[VT_HASH_COUNT][VTPM_PCR_COUNT];
};

static const struct vtpm_option_desc log_options[] = {
	{ .name = "entries", .kind = VTPM_OPTION_NUMBER, .min = ENTRIES_MIN, .max = ENTRIES_MAX,
	  .preset = ENTRIES },
};

static int log_open(const struct vtpm_option *options, struct vt_mem *mem, void **priv)
{
	struct log *log = vt_alloc(mem, sizeof(*log));

	if (!log)
		return -ENOMEM;
	log->mem = mem;
	log->entries = options[0].number;
	*priv = log;
	return 0;
}

static void drop(struct log *log, unsigned int bank, unsigned int pcr)
{
	struct list *l = log->list[bank][pcr];

	if (!l)
		return;
	vt_free_big(log->mem, l->digests, (size_t)l->room * vt_hash_algs[bank].digest_size);
	vt_free(log->mem, l);
	log->list[bank][pcr] = NULL;
}

static void log_reset(void *priv, unsigned int pcr)
{
	unsigned int bank;

	for (bank = 0; bank < VT_HASH_COUNT; bank++)
		drop(priv, bank, pcr);
}

static void log_close(void *priv)
{
	struct log *log = priv;
	unsigned int pcr;

	for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++)
		log_reset(log, pcr);
	vt_free(log->mem, log);
}

/* ---- one list ---- */

static u8 *element(const struct list *l, const struct vt_hash_alg *alg, u32 i)
{
	return l->digests + (size_t)i * alg->digest_size;
}

static struct vt_hash_ctx *running(struct list *l)
{
	return &l->state[l->now];
}

/* What @running becomes with the measurement under way. */
static struct vt_hash_ctx *next(struct list *l)
{
	return &l->state[!l->now];
}

/* The element behind the last one is there already: it counts from here on. */
static void take_in(struct list *l, const struct vt_hash_alg *alg)
{
	vt_hash_update(running(l), element(l, alg, l->count), alg->digest_size);
	l->count++;
}

static void fold(struct list *l, const struct vt_hash_alg *alg)
{
	vt_hash_final(running(l), l->digests);
	l->folded = (l->folded ? l->folded : 1) + l->count - 1;
	l->count = 0;
	vt_hash_init(running(l), alg);
	take_in(l, alg);
}

static struct list *get_list(struct log *log, const struct vt_hash_alg *alg, unsigned int pcr)
{
	struct list **at = &log->list[alg - vt_hash_algs][pcr];

	if (*at)
		return *at;
	*at = vt_alloc(log->mem, sizeof(**at));
	if (*at)
		vt_hash_init(running(*at), alg);
	return *at;
}

/* Room for @count elements at least. */
static int reserve(struct log *log, struct list *l, const struct vt_hash_alg *alg, u32 count)
{
	size_t size = alg->digest_size;
	u32 room = l->room ? l->room : ROOM_FIRST;
	u8 *digests;

	if (count <= l->room)
		return 0;
	while (room < count)
		room *= 2;
	room = min(room, max(log->entries, count));
	digests = vt_alloc_big(log->mem, room * size);
	if (!digests)
		return -ENOMEM;
	if (l->count)
		memcpy(digests, l->digests, l->count * size);
	vt_free_big(log->mem, l->digests, l->room * size);
	l->digests = digests;
	l->room = room;
	return 0;
}

/* ---- an extend ---- */

/* With room for one more, and for the start value that comes before the first. */
static struct list *get_ready(struct log *log, const struct vt_hash_alg *alg, unsigned int pcr)
{
	struct list *l = get_list(log, alg, pcr);

	return l && !reserve(log, l, alg, l->count ? l->count + 1 : 2) ? l : NULL;
}

static int log_translate(void *priv, u16 id, unsigned int pcr, const u8 *m, u8 *vpcr)
{
	const struct vt_hash_alg *alg = vt_hash_find(id);
	struct log *log = priv;
	struct vt_hash_ctx h;
	struct list *l;

	l = log->list[alg - vt_hash_algs][pcr];
	if (l && l->count == log->entries)
		return vtpm_hash_translate(NULL, id, pcr, m, vpcr);
	l = get_ready(log, alg, pcr);
	if (!l)
		return -ENOMEM;
	l->begins = !l->count && memchr_inv(vpcr, 0, alg->digest_size);
	vt_hash_copy(next(l), running(l));
	if (l->begins) {
		vtpm_copy_digest(l->digests, vpcr, alg->digest_size);
		vt_hash_update(next(l), vpcr, alg->digest_size);
	}
	vt_hash_update(next(l), m, alg->digest_size);
	vt_hash_copy(&h, next(l));
	vt_hash_final(&h, vpcr);
	return 0;
}

static void log_extended(void *priv, u16 id, unsigned int pcr, const u8 *m,
			 const u8 *vpcr __always_unused)
{
	const struct vt_hash_alg *alg = vt_hash_find(id);
	struct log *log = priv;
	struct list *l = log->list[alg - vt_hash_algs][pcr];

	if (l->count == log->entries) {
		fold(l, alg);
		vtpm_copy_digest(element(l, alg, 1), m, alg->digest_size);
		take_in(l, alg);
		return;
	}
	l->count += l->begins;
	l->begins = false;
	vtpm_copy_digest(element(l, alg, l->count++), m, alg->digest_size);
	l->now = !l->now;
}

/* ---- saved and loaded ---- */

static void write_list(struct tpm2_writer *w, unsigned int bank, unsigned int pcr,
		       const struct list *l)
{
	tpm2_put_u16(w, vt_hash_algs[bank].id);
	tpm2_put_u8(w, pcr);
	tpm2_put_u64(w, l->folded);
	tpm2_put_u32(w, l->count);
	tpm2_put(w, l->digests, l->count * vt_hash_algs[bank].digest_size);
}

static void write_lists(const struct log *log, struct tpm2_writer *w)
{
	unsigned int bank, pcr;

	for (bank = 0; bank < VT_HASH_COUNT; bank++)
		for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++)
			if (log->list[bank][pcr] && log->list[bank][pcr]->count)
				write_list(w, bank, pcr, log->list[bank][pcr]);
}

static size_t log_save(void *priv, u8 *buf, size_t room)
{
	struct tpm2_writer w = tpm2_counter();
	size_t size;

	write_lists(priv, &w);
	size = w.len;
	if (size && size <= room) {
		w = tpm2_writer(buf, room);
		write_lists(priv, &w);
	}
	return size;
}

static int read_elements(struct log *log, struct list *l, const struct vt_hash_alg *alg,
			 struct tpm2_reader *r, u32 count)
{
	if (reserve(log, l, alg, count))
		return -ENOMEM;
	if (tpm2_read_bytes(r, l->digests, count * alg->digest_size))
		return -EBADMSG;
	while (count--)
		take_in(l, alg);
	return 0;
}

/* @next: the first place where this list may be, in the order of banks and PCRs. */
static int read_list(struct log *log, struct tpm2_reader *r, unsigned int *next)
{
	const struct vt_hash_alg *alg;
	unsigned int place;
	struct list *l;
	u64 folded;
	u32 count;
	u16 id;
	u8 pcr;

	if (tpm2_read_u16(r, &id) || tpm2_read_u8(r, &pcr) || tpm2_read_u64(r, &folded) ||
	    tpm2_read_u32(r, &count))
		return -EBADMSG;
	alg = vt_hash_find(id);
	if (!alg || pcr >= VTPM_PCR_COUNT || !count || count > log->entries || folded == 1)
		return -EBADMSG;
	place = (alg - vt_hash_algs) * VTPM_PCR_COUNT + pcr;
	if (place < *next)
		return -EBADMSG;
	*next = place + 1;
	l = get_list(log, alg, pcr);
	if (!l)
		return -ENOMEM;
	l->folded = folded;
	return read_elements(log, l, alg, r, count);
}

static int log_load(void *priv, const u8 *buf, size_t len)
{
	struct tpm2_reader r = { (u8 *)buf, len };
	unsigned int next = 0;
	int rc = 0;

	while (r.left && !rc)
		rc = read_list(priv, &r, &next);
	return rc;
}

/* Nobody can say of a list that it is not the vPCR's but by hashing it. */
static int log_check(void *priv, u16 id, unsigned int pcr, const u8 *vpcr)
{
	const struct vt_hash_alg *alg = vt_hash_find(id);
	const struct log *log = priv;
	struct list *l = log->list[alg - vt_hash_algs][pcr];
	u8 digest[VT_MAX_DIGEST];
	struct vt_hash_ctx h;

	if (!vpcr)
		return l ? -EBADMSG : 0;
	if (l) {
		vt_hash_copy(&h, running(l));
		vt_hash_final(&h, digest);
		return memcmp(vpcr, digest, alg->digest_size) ? -EBADMSG : 0;
	}
	memset(digest, tpm2_pcr_start(pcr), sizeof(digest));
	return memcmp(vpcr, digest, alg->digest_size) &&
	       memchr_inv(vpcr, 0, alg->digest_size) ? -EBADMSG : 0;
}

/* ---- as text ---- */

/**
 * struct text - a part of a text that is never there as a whole
 * @skip: bytes of it that come before the part
 * @buf: where the part goes
 * @room: bytes that fit there
 * @done: bytes that are there
 */
struct text {
	u64 skip;
	char *buf;
	size_t room;
	size_t done;
};

static void put_line(struct text *t, const char *line, size_t len)
{
	size_t take;

	if (t->skip >= len) {
		t->skip -= len;
		return;
	}
	take = min_t(size_t, len - t->skip, t->room - t->done);
	memcpy(t->buf + t->done, line + t->skip, take);
	t->done += take;
	t->skip = 0;
}

/* All lines of elements have the same length, so those to be skipped are not looked at. */
static void put_elements(struct text *t, const struct list *l, size_t size)
{
	char line[2 * VT_MAX_DIGEST + 1];
	size_t len = 2 * size + 1;
	u32 i = min_t(u64, div_u64(t->skip, len), l->count);

	t->skip -= (u64)i * len;
	for (; i < l->count && t->done < t->room; i++) {
		*bin2hex(line, l->digests + i * size, size) = '\n';
		put_line(t, line, len);
	}
}

/*
 * A line "sha256 pcr 10 elements 3 folded 257" for each list, then its elements in hex. Folded
 * says how many elements the first one stands for, and is 0 where it is one itself.
 */
static size_t log_list(void *priv, u64 off, char *buf, size_t room)
{
	struct text t = { .skip = off, .buf = buf, .room = room };
	const struct log *log = priv;
	unsigned int bank, pcr;
	char line[80];

	for (bank = 0; bank < VT_HASH_COUNT; bank++)
		for (pcr = 0; pcr < VTPM_PCR_COUNT && t.done < room; pcr++) {
			const struct list *l = log->list[bank][pcr];

			if (!l || !l->count)
				continue;
			put_line(&t, line, scnprintf(line, sizeof(line),
						     "%s pcr %u elements %u folded %llu\n",
						     vt_hash_algs[bank].name, pcr, l->count,
						     (unsigned long long)l->folded));
			put_elements(&t, l, vt_hash_algs[bank].digest_size);
		}
	return t.done;
}

const struct vtpm_provider vtpm_log_provider = {
	.name		= "log",
	.api_version	= VTPM_PROVIDER_API,
	.options	= log_options,
	.option_count	= ARRAY_SIZE(log_options),
	.open		= log_open,
	.close		= log_close,
	.translate	= log_translate,
	.extended	= log_extended,
	.reset		= log_reset,
	.save		= log_save,
	.load		= log_load,
	.check		= log_check,
	.list		= log_list,
};
