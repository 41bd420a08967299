// SPDX-License-Identifier: GPL-2.0-only
/* The container of an instance's state: header and blocks. It knows nothing of their contents. */
#include "format.h"
#include "../limits.h"

#define SIZE_AT	12	/* in the header */

void vtpm_state_header(struct vtpm_state_writer *w)
{
	tpm2_put_u64(&w->w, VTPM_STATE_MAGIC);
	tpm2_put_u16(&w->w, VTPM_STATE_VERSION);
	tpm2_put_u16(&w->w, VTPM_STATE_OLDEST);
	tpm2_put_u32(&w->w, 0);
}

static void patch_u32(struct tpm2_writer *w, u32 at, u32 v)
{
	if (w->p && !w->full)
		put_unaligned_be32(v, w->p + at);
}

void vtpm_state_begin(struct vtpm_state_writer *w, u16 type, u16 flags)
{
	w->at = w->w.len;
	tpm2_put_u16(&w->w, type);
	tpm2_put_u16(&w->w, flags);
	tpm2_put_u32(&w->w, 0);
}

void vtpm_state_end(struct vtpm_state_writer *w)
{
	patch_u32(&w->w, w->at + 4, w->w.len - w->at - VTPM_STATE_BLOCK);
}

int vtpm_state_finish(struct vtpm_state_writer *w)
{
	if (w->w.full || w->w.len > VTPM_MAX_STATE)
		return -EOVERFLOW;
	patch_u32(&w->w, SIZE_AT, w->w.len);
	return 0;
}

int vtpm_state_open(const void *state, size_t len, struct tpm2_reader *r)
{
	u16 version, oldest;
	u64 magic;
	u32 size;

	if (len < VTPM_STATE_HEADER || len > VTPM_MAX_STATE)
		return -EBADMSG;
	*r = (struct tpm2_reader){ .p = (u8 *)state, .left = len };
	if (tpm2_read_u64(r, &magic) || magic != VTPM_STATE_MAGIC)
		return -EBADMSG;
	if (tpm2_read_u16(r, &version) || tpm2_read_u16(r, &oldest) || tpm2_read_u32(r, &size))
		return -EBADMSG;
	if (!oldest || oldest > version)
		return -EBADMSG;
	if (oldest > VTPM_STATE_VERSION)
		return -EPROTO;
	return size == len ? 0 : -EBADMSG;
}

int vtpm_state_next(struct tpm2_reader *r, struct vtpm_state_block *b)
{
	u32 size;

	if (tpm2_read_u16(r, &b->type) || tpm2_read_u16(r, &b->flags) || tpm2_read_u32(r, &size))
		return -EBADMSG;
	if (b->flags & ~STATE_FLAGS)
		return -EPROTO;
	if (size > r->left)
		return -EBADMSG;
	b->r = (struct tpm2_reader){ .p = r->p, .left = size };
	r->p += size;
	r->left -= size;
	return 0;
}
