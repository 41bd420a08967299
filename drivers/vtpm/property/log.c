// SPDX-License-Identifier: GPL-2.0-only
/* The measurement log: what is kept. log_read.c has the forms in which it is read. */
#include "log.h"
#include "log_entry.h"
#include "digest.h"
#include "../crypto/crypto.h"
#include "../tpm2/types.h"
#include <linux/vtpm.h>

#define FIRST_ROOM	512	/* bytes; doubled when that is too little */

void vtpm_log_init(struct vtpm_log *log, struct vt_mem *mem, u32 limit)
{
	*log = (struct vtpm_log){ .mem = mem, .limit = limit };
}

void vtpm_log_free(struct vtpm_log *log)
{
	vt_free_big(log->mem, log->bytes, log->room);
	log->bytes = NULL;
	log->len = 0;
	log->room = 0;
}

void vtpm_log_clear(struct vtpm_log *log)
{
	vtpm_log_free(log);
	memset(log->count, 0, sizeof(log->count));
	memset(log->lost, 0, sizeof(log->lost));
}

/* ---- room ---- */

static bool fits(const struct vtpm_log *log, u32 pcr, size_t size)
{
	return !log->lost[pcr] && size <= log->limit && log->len <= log->limit - size;
}

static int make_room(struct vtpm_log *log, size_t size)
{
	u32 room;
	u8 *bytes;

	if (log->room - log->len >= size)
		return 0;
	room = max_t(u32, max_t(u32, FIRST_ROOM, 2 * log->room), log->len + size);
	bytes = vt_alloc_big(log->mem, room);
	if (!bytes)
		return -ENOMEM;
	if (log->len)
		memcpy(bytes, log->bytes, log->len);
	vt_free_big(log->mem, log->bytes, log->room);
	log->bytes = bytes;
	log->room = room;
	return 0;
}

static void lose(struct vtpm_log *log, u32 pcr)
{
	if (log->lost[pcr] < U32_MAX)
		log->lost[pcr]++;
}

/* Where the next @size bytes go; NULL: they do not fit, which is counted. */
static u8 *begin(struct vtpm_log *log, u32 pcr, size_t size)
{
	u8 *at;

	if (!fits(log, pcr, size) || log->room - log->len < size) {
		lose(log, pcr);
		return NULL;
	}
	at = log->bytes + log->len;
	log->len += size;
	log->count[pcr]++;
	return at;
}

/* ---- writing ---- */

static u8 *put_u32(u8 *p, u32 v)
{
	put_unaligned_le32(v, p);
	return p + 4;
}

static u8 *put(u8 *p, const void *data, size_t len)
{
	if (len)
		memcpy(p, data, len);
	return p + len;
}

static size_t digests_size(const struct tpml_digest_values *d)
{
	size_t size = 4;
	u32 i;

	for (i = 0; i < d->count; i++)
		size += 2 + vt_hash_find(d->ha[i].alg)->digest_size;
	return size;
}

/* Their values, or zeros in place of them. */
static u8 *put_digests(u8 *p, const struct tpml_digest_values *d, bool zeros)
{
	u32 i;

	p = put_u32(p, d->count);
	for (i = 0; i < d->count; i++) {
		u8 size = vt_hash_find(d->ha[i].alg)->digest_size;

		put_unaligned_le16(d->ha[i].alg, p);
		if (zeros)
			memset(p + 2, 0, size);
		else
			vtpm_copy_digest(p + 2, d->ha[i].digest, size);
		p += 2 + size;
	}
	return p;
}

/* A provider and its values. */
static size_t values_size(const char *provider, const struct tpml_digest_values *values)
{
	return 1 + strlen(provider) + digests_size(values);
}

static u8 *put_values(u8 *p, const char *provider, const struct tpml_digest_values *values)
{
	size_t name = strlen(provider);

	*p++ = name;
	p = put(p, provider, name);
	return put_digests(p, values, false);
}

static size_t event_size(const struct vtpm_log_entry *e)
{
	size_t size = TAG_HEAD + 1 + e->len;
	unsigned int i;

	for (i = 0; i < e->insteads; i++)
		size += TAG_HEAD + values_size(e->instead[i].provider, &e->instead[i].values);
	return size;
}

static size_t entry_size(const struct vtpm_log_entry *e)
{
	return ENTRY_HEAD + digests_size(e->digests) + 4 + event_size(e);
}

int vtpm_log_reserve(struct vtpm_log *log, const struct vtpm_log_entry *e)
{
	size_t size = entry_size(e);

	return fits(log, e->pcr, size) ? make_room(log, size) : 0;
}

void vtpm_log_add(struct vtpm_log *log, const struct vtpm_log_entry *e)
{
	u8 *p = begin(log, e->pcr, entry_size(e));
	unsigned int i;

	if (!p)
		return;
	p = put_u32(p, e->pcr);
	p = put_u32(p, EV_EVENT_TAG);
	p = put_digests(p, e->digests, false);
	p = put_u32(p, event_size(e));
	p = put_u32(p, e->tag);
	p = put_u32(p, 1 + e->len);
	*p++ = e->locality;
	p = put(p, e->data, e->len);
	for (i = 0; i < e->insteads; i++) {
		const struct vtpm_log_instead *n = &e->instead[i];

		p = put_u32(p, VTPM_LOG_INSTEAD);
		p = put_u32(p, values_size(n->provider, &n->values));
		p = put_values(p, n->provider, &n->values);
	}
}

void vtpm_log_start(struct vtpm_log *log, u32 pcr, const char *provider,
		    const struct tpml_digest_values *values)
{
	size_t event = VTPM_LOG_SIGNATURE + values_size(provider, values);
	size_t size = ENTRY_HEAD + digests_size(values) + 4 + event;
	u8 *p;

	if (fits(log, pcr, size))
		make_room(log, size);
	p = begin(log, pcr, size);
	if (!p)
		return;
	p = put_u32(p, pcr);
	p = put_u32(p, EV_NO_ACTION);
	p = put_digests(p, values, true);
	p = put_u32(p, event);
	p = put(p, VTPM_LOG_START, VTPM_LOG_SIGNATURE);
	put_values(p, provider, values);
}

/* ---- resets ---- */

/* The entry that the first @left bytes at @p are. Its bytes; 0: they are none. */
size_t vtpm_log_entry_at(const u8 *p, size_t left, struct vtpm_log_view *v)
{
	size_t at = ENTRY_HEAD + 4;
	u32 i;

	if (left < at)
		return 0;
	v->pcr = get_unaligned_le32(p);
	v->type = get_unaligned_le32(p + 4);
	v->digests = get_unaligned_le32(p + 8);
	v->digest = p + at;
	if (v->digests > VTPM_MAX_BANKS)
		return 0;
	for (i = 0; i < v->digests; i++) {
		const struct vt_hash_alg *alg;

		alg = left - at < 2 ? NULL : vt_hash_find(get_unaligned_le16(p + at));
		if (!alg || left - at < 2 + alg->digest_size)
			return 0;
		at += 2 + alg->digest_size;
	}
	if (left - at < 4)
		return 0;
	v->len = get_unaligned_le32(p + at);
	v->event = p + at + 4;
	at += 4;
	return v->len <= left - at ? at + v->len : 0;
}

/* Moves the entries of other PCRs together. */
static void forget(struct vtpm_log *log, u32 pcr)
{
	struct vtpm_log_view v;
	u32 from, to = 0, size;

	for (from = 0; log->count[pcr] && from < log->len; from += size) {
		size = vtpm_log_entry_at(log->bytes + from, log->len - from, &v);
		if (v.pcr == pcr)
			continue;
		if (from != to)
			memmove(log->bytes + to, log->bytes + from, size);
		to += size;
	}
	if (log->count[pcr])
		log->len = to;
	log->count[pcr] = 0;
	log->lost[pcr] = 0;
	if (!log->len)
		vtpm_log_free(log);
}

static u8 startup_fill(u32 pcr)
{
	return pcr >= 17 && pcr <= 22 ? 0xff : 0;
}

void vtpm_log_reset(struct vtpm_log *log, u32 pcr, u8 fill, u32 banks)
{
	struct tpml_digest_values values = { 0 };
	u8 value[VT_MAX_DIGEST];
	unsigned int i;

	forget(log, pcr);
	if (fill == startup_fill(pcr))
		return;
	memset(value, fill, sizeof(value));
	for (i = 0; i < VT_HASH_COUNT; i++)
		if (banks & BIT(i))
			values.ha[values.count++] = (struct tpmt_ha){ vt_hash_algs[i].id, value };
	vtpm_log_start(log, pcr, "", &values);
}

/* ---- state ---- */

void vtpm_log_save(const struct vtpm_log *log, struct tpm2_writer *w)
{
	unsigned int pcr;

	for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++)
		tpm2_put_u32(w, log->lost[pcr]);
	tpm2_put(w, log->bytes, log->len);
}

/* The bytes of so many digests, of different ones of @banks; 0: they are none. */
static size_t check_digests(const u8 *p, size_t left, u32 count, u32 banks)
{
	size_t at = 0;

	for (; count; count--) {
		const struct vt_hash_alg *alg;

		alg = left - at < 2 ? NULL : vt_hash_find(get_unaligned_le16(p + at));
		if (!alg || !(banks & BIT(alg - vt_hash_algs)))
			return 0;
		banks &= ~BIT(alg - vt_hash_algs);
		at += 2 + alg->digest_size;
		if (at > left)
			return 0;
	}
	return at;
}

/* A provider's name, and digests. */
static bool values_ok(const u8 *p, size_t len, u32 banks)
{
	size_t at = 1 + 4;
	u32 count;

	if (len < at || *p > VTPM_PROVIDER_NAME_MAX || len < at + *p)
		return false;
	at += *p;
	count = get_unaligned_le32(p + at - 4);
	return count && check_digests(p + at, len - at, count, banks) == len - at;
}

/* An EV_NO_ACTION is a start value. */
static bool start_ok(const struct vtpm_log_view *v, u32 banks)
{
	return v->len >= VTPM_LOG_SIGNATURE &&
	       !memcmp(v->event, VTPM_LOG_START, VTPM_LOG_SIGNATURE) &&
	       values_ok(v->event + VTPM_LOG_SIGNATURE, v->len - VTPM_LOG_SIGNATURE, banks);
}

/* The tag at @p of @left bytes: its size with its head; 0: there is none. */
static size_t tag_at(const u8 *p, size_t left, u32 *tag)
{
	if (left < TAG_HEAD || get_unaligned_le32(p + 4) > left - TAG_HEAD)
		return 0;
	*tag = get_unaligned_le32(p);
	return TAG_HEAD + get_unaligned_le32(p + 4);
}

static bool tags_ok(const struct vtpm_log_view *v, u32 banks)
{
	u32 tag, at = tag_at(v->event, v->len, &tag), size;

	if (at < TAG_HEAD + 1 || tag < VTPM_LOG_EXTEND || tag > VTPM_LOG_IMA ||
	    (tag == VTPM_LOG_EXTEND && at > TAG_HEAD + 1))
		return false;
	for (; at < v->len; at += size) {
		size = tag_at(v->event + at, v->len - at, &tag);
		if (!size || tag != VTPM_LOG_INSTEAD ||
		    !values_ok(v->event + at + TAG_HEAD, size - TAG_HEAD, banks))
			return false;
	}
	return true;
}

static bool entry_ok(const struct vtpm_log_view *v, u32 banks)
{
	if (v->pcr >= VTPM_PCR_COUNT || !v->digests ||
	    !check_digests(v->digest, v->event - 4 - v->digest, v->digests, banks))
		return false;
	return v->type == EV_NO_ACTION ? start_ok(v, banks) :
	       v->type == EV_EVENT_TAG && tags_ok(v, banks);
}

static int load_entries(struct vtpm_log *log, u32 banks)
{
	struct vtpm_log_view v;
	u32 at, size;

	for (at = 0; at < log->len; at += size) {
		size = vtpm_log_entry_at(log->bytes + at, log->len - at, &v);
		if (!size || !entry_ok(&v, banks))
			return -EBADMSG;
		log->count[v.pcr]++;
	}
	return 0;
}

int vtpm_log_load(struct vtpm_log *log, u32 banks, struct tpm2_reader *r)
{
	unsigned int pcr;
	int rc;

	for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++)
		if (tpm2_read_u32(r, &log->lost[pcr]))
			return -EBADMSG;
	if (r->left > VTPM_MAX_LOG)
		return -EOVERFLOW;
	if (!r->left)
		return 0;
	rc = make_room(log, r->left);
	if (rc)
		return rc;
	log->len = r->left;
	tpm2_read_bytes(r, log->bytes, r->left);
	return load_entries(log, banks);
}

void vtpm_log_unknown(struct vtpm_log *log)
{
	unsigned int pcr;

	for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++)
		lose(log, pcr);
}
