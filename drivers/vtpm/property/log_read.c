// SPDX-License-Identifier: GPL-2.0-only
/* The measurement log in the forms that programs know, and IMA's template. */
#include "log.h"
#include "log_entry.h"
#include "../crypto/crypto.h"
#include <linux/vtpm.h>

#define SPEC_ID_SIGNATURE	"Spec ID Event03"
#define IMA_TEMPLATE_NAME	"ima-ng"

/**
 * struct window - a part of what is written, from @off on
 * @buf: where to
 * @count: bytes there
 * @off: of what is written, how many bytes come before
 * @at: bytes written so far
 */
struct window {
	u8 *buf;
	size_t count;
	u64 off;
	u64 at;
};

static bool seen(const struct window *w, size_t len)
{
	return len && w->at + len > w->off && w->at < w->off + w->count;
}

static void put(struct window *w, const void *data, size_t len)
{
	u64 from = max(w->at, w->off), to = min(w->at + len, w->off + w->count);

	if (seen(w, len))
		memcpy(w->buf + (from - w->off), (const u8 *)data + (from - w->at), to - from);
	w->at += len;
}

static void put_u8(struct window *w, u8 v)
{
	put(w, &v, 1);
}

static void put_u16(struct window *w, u16 v)
{
	u8 b[2];

	put_unaligned_le16(v, b);
	put(w, b, sizeof(b));
}

static void put_u32(struct window *w, u32 v)
{
	u8 b[4];

	put_unaligned_le32(v, b);
	put(w, b, sizeof(b));
}

/* ---- the TCG's ---- */

/* TCG_PCClientPCREvent, and in it TCG_EfiSpecIDEvent: version 2.0 of the profile, 64 bits. */
static void put_spec_id(struct window *w, u32 banks)
{
	static const u8 no_digest[20];
	unsigned int i;

	put_u32(w, 0);
	put_u32(w, EV_NO_ACTION);
	put(w, no_digest, sizeof(no_digest));
	put_u32(w, sizeof(SPEC_ID_SIGNATURE) + 12 + 4 * hweight32(banks) + 1);
	put(w, SPEC_ID_SIGNATURE, sizeof(SPEC_ID_SIGNATURE));
	put_u32(w, 0);		/* platformClass: client */
	put_u8(w, 0);		/* specVersionMinor */
	put_u8(w, 2);		/* specVersionMajor */
	put_u8(w, 0);		/* specErrata */
	put_u8(w, 2);		/* uintnSize: in units of 32 bits */
	put_u32(w, hweight32(banks));
	for (i = 0; i < VT_HASH_COUNT; i++) {
		if (!(banks & BIT(i)))
			continue;
		put_u16(w, vt_hash_algs[i].id);
		put_u16(w, vt_hash_algs[i].digest_size);
	}
	put_u8(w, 0);		/* vendorInfoSize */
}

static void put_lost(struct window *w, u32 banks, u32 pcr, u32 lost)
{
	static const u8 zeros[VT_MAX_DIGEST];
	unsigned int i;

	put_u32(w, pcr);
	put_u32(w, EV_NO_ACTION);
	put_u32(w, hweight32(banks));
	for (i = 0; i < VT_HASH_COUNT; i++) {
		if (!(banks & BIT(i)))
			continue;
		put_u16(w, vt_hash_algs[i].id);
		put(w, zeros, vt_hash_algs[i].digest_size);
	}
	put_u32(w, VTPM_LOG_SIGNATURE + 4);
	put(w, VTPM_LOG_LOST, VTPM_LOG_SIGNATURE);
	put_u32(w, lost);
}

static void put_tcg(const struct vtpm_log *log, u32 banks, struct window *w)
{
	unsigned int pcr;

	put_spec_id(w, banks);
	put(w, log->bytes, log->len);
	for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++)
		if (log->lost[pcr])
			put_lost(w, banks, pcr, log->lost[pcr]);
}

/* ---- IMA's ---- */

/* Its digest is of SHA-1 whatever banks there are, and is computed when it is looked at. */
static void put_runtime_entry(struct window *w, u32 pcr, const u8 *template, u32 len)
{
	const struct vt_hash_alg *sha1 = vt_hash_by_name("sha1", 4);
	u8 digest[VT_MAX_DIGEST] = { 0 };

	put_u32(w, pcr);
	if (seen(w, sha1->digest_size))
		vt_hash(sha1, template, len, digest);
	put(w, digest, sha1->digest_size);
	put_u32(w, strlen(IMA_TEMPLATE_NAME));
	put(w, IMA_TEMPLATE_NAME, strlen(IMA_TEMPLATE_NAME));
	put_u32(w, len);
	put(w, template, len);
}

static void put_runtime(const struct vtpm_log *log, struct window *w)
{
	struct vtpm_log_view v;
	u32 at, size;

	for (at = 0; at < log->len; at += size) {
		size = vtpm_log_entry_at(log->bytes + at, log->len - at, &v);
		if (v.type == EV_EVENT_TAG && get_unaligned_le32(v.event) == VTPM_LOG_IMA)
			put_runtime_entry(w, v.pcr, v.event + TAG_HEAD + 1,
					  get_unaligned_le32(v.event + 4) - 1);
	}
}

size_t vtpm_log_read(const struct vtpm_log *log, enum vtpm_log_form form, u32 banks, u64 off,
		     u8 *buf, size_t count)
{
	struct window w = { .buf = buf, .count = count, .off = off };

	if (form == VTPM_LOG_TCG)
		put_tcg(log, banks, &w);
	else
		put_runtime(log, &w);
	return w.at > off ? min_t(u64, w.at - off, count) : 0;
}

/* ---- its template ---- */

/* Fields with their sizes: "sha256:", a zero, the digest; the name and a zero. */
size_t vtpm_log_template(u16 alg, const u8 *digest, const char *name, u8 buf[VTPM_LOG_TEMPLATE])
{
	struct window w = { .buf = buf, .count = VTPM_LOG_TEMPLATE };
	const struct vt_hash_alg *h = vt_hash_find(alg);
	size_t len = strnlen(name, VTPM_MEASURE_NAME_MAX + 1);

	if (!h || !len || len > VTPM_MEASURE_NAME_MAX)
		return 0;
	put_u32(&w, strlen(h->name) + 2 + h->digest_size);
	put(&w, h->name, strlen(h->name));
	put(&w, ":", 2);
	put(&w, digest, h->digest_size);
	put_u32(&w, len + 1);
	put(&w, name, len);
	put_u8(&w, 0);
	return w.at;
}
