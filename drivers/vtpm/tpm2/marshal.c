// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one interpreter of wire structures. Every bound is checked here and
 * nowhere else; what comes out of tpm2_read() points only into the buffer.
 */
#include "desc.h"
#include "../crypto/crypto.h"

const struct desc desc_empty = { .kind = D_STRUCT };

static bool take(struct tpm2_reader *r, u32 n, u8 **p)
{
	if (r->left < n)
		return false;
	*p = r->p;
	r->p += n;
	r->left -= n;
	return true;
}

tpm_rc tpm2_read_u8(struct tpm2_reader *r, u8 *v)
{
	u8 *p;

	if (!take(r, 1, &p))
		return TPM_RC_INSUFFICIENT;
	*v = *p;
	return TPM_RC_SUCCESS;
}

tpm_rc tpm2_read_u16(struct tpm2_reader *r, u16 *v)
{
	u8 *p;

	if (!take(r, 2, &p))
		return TPM_RC_INSUFFICIENT;
	*v = get_unaligned_be16(p);
	return TPM_RC_SUCCESS;
}

tpm_rc tpm2_read_u32(struct tpm2_reader *r, u32 *v)
{
	u8 *p;

	if (!take(r, 4, &p))
		return TPM_RC_INSUFFICIENT;
	*v = get_unaligned_be32(p);
	return TPM_RC_SUCCESS;
}

tpm_rc tpm2_read_u64(struct tpm2_reader *r, u64 *v)
{
	u8 *p;

	if (!take(r, 8, &p))
		return TPM_RC_INSUFFICIENT;
	*v = get_unaligned_be64(p);
	return TPM_RC_SUCCESS;
}

tpm_rc tpm2_read_bytes(struct tpm2_reader *r, void *out, u32 len)
{
	u8 *p;

	if (!take(r, len, &p))
		return TPM_RC_INSUFFICIENT;
	memcpy(out, p, len);
	return TPM_RC_SUCCESS;
}

tpm_rc tpm2_read_2b(struct tpm2_reader *r, u16 max, struct tpm2b *b)
{
	u16 size;
	u8 *p;

	if (tpm2_read_u16(r, &size))
		return TPM_RC_INSUFFICIENT;
	if (size > max)
		return TPM_RC_SIZE;
	if (!take(r, size, &p))
		return TPM_RC_INSUFFICIENT;
	*b = tpm2b(p, size);
	return TPM_RC_SUCCESS;
}

static tpm_rc read_uint(struct tpm2_reader *r, const struct desc *d, void *obj)
{
	u64 v;
	u8 *p;

	if (!take(r, d->width, &p))
		return TPM_RC_INSUFFICIENT;
	switch (d->width) {
	case 1:
		*(u8 *)obj = *p;
		v = *p;
		break;
	case 2:
		v = get_unaligned_be16(p);
		*(u16 *)obj = v;
		break;
	case 4:
		v = get_unaligned_be32(p);
		*(u32 *)obj = v;
		break;
	default:
		v = get_unaligned_be64(p);
		*(u64 *)obj = v;
	}
	if (r->profile && d->limit && !tpm2_profile_allows(r->profile, d->limit, v))
		v = 0;	/* what a TPM says that has never known it */
	return d->check ? d->check(v) : TPM_RC_SUCCESS;
}

static tpm_rc read_2b(struct tpm2_reader *r, const struct desc *d, struct tpm2b *b)
{
	tpm_rc rc = tpm2_read_2b(r, d->max, b);

	if (!rc && b->size < d->min)
		return TPM_RC_SIZE;
	return rc;
}

static tpm_rc read_kept(struct tpm2_reader *r, const struct desc *d, struct tpm2_kept *kept)
{
	struct tpm2b b;
	tpm_rc rc = tpm2_read_2b(r, d->max, &b);

	if (rc)
		return rc;
	kept->size = b.size;
	if (b.size)
		memcpy(kept->data, b.data, b.size);
	return TPM_RC_SUCCESS;
}

static tpm_rc read_digest(struct tpm2_reader *r, u16 alg, u8 **out)
{
	const struct vt_hash_alg *hash = vt_hash_find(alg);

	*out = NULL;
	if (!hash)
		return TPM_RC_SUCCESS;	/* TPM_ALG_NULL has no digest */
	return take(r, hash->digest_size, out) ? TPM_RC_SUCCESS : TPM_RC_INSUFFICIENT;
}

static tpm_rc read_list(struct tpm2_reader *r, const struct desc *d, u8 *obj)
{
	tpm_rc rc;
	u32 i, n;

	rc = tpm2_read_u32(r, &n);
	if (rc)
		return rc;
	if (n < d->min || n > d->max)
		return TPM_RC_SIZE;
	for (i = 0; i < n && !rc; i++)
		rc = tpm2_read(r, d->elem, obj + d->items + i * d->elem->size);
	*(u32 *)obj = n;
	return rc;
}

/* The inner structure is read from all that is left; its size has to agree then. */
static tpm_rc read_sized(struct tpm2_reader *r, const struct desc *d, void *obj)
{
	tpm_rc rc;
	u32 before;
	u16 size;

	rc = tpm2_read_u16(r, &size);
	if (rc)
		return rc;
	if (!size) {
		if (d->min)
			return TPM_RC_SIZE;
		memset(obj, 0, d->size);
		return TPM_RC_SUCCESS;
	}
	before = r->left;
	rc = tpm2_read(r, d->elem, obj);
	if (!rc && before - r->left != size)
		return TPM_RC_SIZE;
	return rc;
}

static tpm_rc read_field(struct tpm2_reader *r, const struct desc_field *f, u8 *obj)
{
	const struct desc *d = f->d;

	switch (d->kind) {
	case D_UINT:
		return read_uint(r, d, obj + f->off);
	case D_2B:
		return read_2b(r, d, (struct tpm2b *)(obj + f->off));
	case D_DIGEST:
		return read_digest(r, *(u16 *)(obj + f->sel), (u8 **)(obj + f->off));
	case D_UNION:
		d = d->pick(*(u16 *)(obj + f->sel));
		return d ? tpm2_read(r, d, obj + f->off) : TPM_RC_SELECTOR;
	default:
		return tpm2_read(r, d, obj + f->off);
	}
}

tpm_rc tpm2_read_params(struct tpm2_reader *r, const struct desc *d, void *obj,
			unsigned int *failed)
{
	tpm_rc rc;
	u8 i;

	for (i = 0; i < d->nfields; i++) {
		rc = read_field(r, &d->fields[i], obj);
		if (rc) {
			*failed = i + 1;
			return rc;
		}
	}
	return TPM_RC_SUCCESS;
}

tpm_rc tpm2_read(struct tpm2_reader *r, const struct desc *d, void *obj)
{
	unsigned int failed;
	u8 *p;

	switch (d->kind) {
	case D_UINT:
		return read_uint(r, d, obj);
	case D_2B:
		return read_2b(r, d, obj);
	case D_KEPT:
		return read_kept(r, d, obj);
	case D_BYTES:
		if (!take(r, d->max, &p))
			return TPM_RC_INSUFFICIENT;
		memcpy(obj, p, d->max);
		return TPM_RC_SUCCESS;
	case D_STRUCT:
		return tpm2_read_params(r, d, obj, &failed);
	case D_LIST:
		return read_list(r, d, obj);
	case D_SIZED:
		return read_sized(r, d, obj);
	default:	/* unions and digests are fields of something */
		return TPM_RC_FAILURE;
	}
}

static u8 *reserve(struct tpm2_writer *w, u32 len)
{
	u8 *p = w->p ? w->p + w->len : NULL;

	if (w->full || len > w->room - w->len) {
		w->full = true;
		return NULL;
	}
	w->len += len;
	return p;
}

void tpm2_put(struct tpm2_writer *w, const void *data, u32 len)
{
	u8 *p = reserve(w, len);

	if (p && len)
		memcpy(p, data, len);
}

void tpm2_put_u8(struct tpm2_writer *w, u8 v)
{
	u8 *p = reserve(w, 1);

	if (p)
		*p = v;
}

void tpm2_put_u16(struct tpm2_writer *w, u16 v)
{
	u8 *p = reserve(w, 2);

	if (p)
		put_unaligned_be16(v, p);
}

void tpm2_put_u32(struct tpm2_writer *w, u32 v)
{
	u8 *p = reserve(w, 4);

	if (p)
		put_unaligned_be32(v, p);
}

void tpm2_put_u64(struct tpm2_writer *w, u64 v)
{
	u8 *p = reserve(w, 8);

	if (p)
		put_unaligned_be64(v, p);
}

void tpm2_put_2b(struct tpm2_writer *w, const void *data, u16 len)
{
	tpm2_put_u16(w, len);
	tpm2_put(w, data, len);
}

static void write_uint(struct tpm2_writer *w, const struct desc *d, const void *obj)
{
	switch (d->width) {
	case 1:
		tpm2_put_u8(w, *(const u8 *)obj);
		break;
	case 2:
		tpm2_put_u16(w, *(const u16 *)obj);
		break;
	case 4:
		tpm2_put_u32(w, *(const u32 *)obj);
		break;
	default:
		tpm2_put_u64(w, *(const u64 *)obj);
	}
}

static void write_digest(struct tpm2_writer *w, u16 alg, const u8 *digest)
{
	const struct vt_hash_alg *hash = vt_hash_find(alg);

	if (hash)
		tpm2_put(w, digest, hash->digest_size);
}

static void write_list(struct tpm2_writer *w, const struct desc *d, const u8 *obj)
{
	u32 i, n = *(const u32 *)obj;

	tpm2_put_u32(w, n);
	for (i = 0; i < n; i++)
		tpm2_write(w, d->elem, obj + d->items + i * d->elem->size);
}

static void write_sized(struct tpm2_writer *w, const struct desc *d, const void *obj)
{
	u32 at = w->len;

	tpm2_put_u16(w, 0);
	tpm2_write(w, d->elem, obj);
	if (!w->full && w->p)
		put_unaligned_be16(w->len - at - 2, w->p + at);
}

static void write_field(struct tpm2_writer *w, const struct desc_field *f, const u8 *obj)
{
	const struct desc *d = f->d;

	if (d->kind == D_UINT) {
		write_uint(w, d, obj + f->off);
		return;
	}
	if (d->kind == D_DIGEST) {
		write_digest(w, *(const u16 *)(obj + f->sel), *(u8 * const *)(obj + f->off));
		return;
	}
	if (d->kind == D_UNION) {
		d = d->pick(*(const u16 *)(obj + f->sel));
		if (!d)
			return;
	}
	tpm2_write(w, d, obj + f->off);
}

void tpm2_write(struct tpm2_writer *w, const struct desc *d, const void *obj)
{
	const struct tpm2_kept *kept;
	const struct tpm2b *b;
	u8 i;

	switch (d->kind) {
	case D_UINT:
		write_uint(w, d, obj);
		break;
	case D_2B:
		b = obj;
		tpm2_put_2b(w, b->data, b->size);
		break;
	case D_KEPT:
		kept = obj;
		tpm2_put_2b(w, kept->data, kept->size);
		break;
	case D_RAW:
		b = obj;
		tpm2_put(w, b->data, b->size);
		break;
	case D_BYTES:
		tpm2_put(w, obj, d->max);
		break;
	case D_STRUCT:
		for (i = 0; i < d->nfields; i++)
			write_field(w, &d->fields[i], obj);
		break;
	case D_LIST:
		write_list(w, d, obj);
		break;
	case D_SIZED:
		write_sized(w, d, obj);
		break;
	}
}
