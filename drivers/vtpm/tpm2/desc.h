/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Descriptors of wire structures, and the one interpreter that reads and
 * writes them (marshal.c).
 *
 * Bytes are not copied: a TPM2B becomes a struct tpm2b that points into the
 * buffer it was read from, so that buffer has to outlive the decoded structure.
 */
#ifndef VTPM_TPM2_DESC_H
#define VTPM_TPM2_DESC_H

#include "const.h"

/** struct tpm2b - a sized byte string, elsewhere's memory */
struct tpm2b {
	u16 size;
	u8 *data;
};

/** struct tpm2_kept - a sized byte string in memory of its own, as struct tpm2_digest is */
struct tpm2_kept {
	u16 size;
	u8 data[];
};

struct tpm2_profile;

/**
 * struct tpm2_reader - what is left of a buffer
 * @p: where it goes on
 * @left: bytes
 * @profile: algorithms that it does not have are as unknown ones; NULL: it has all. For
 *	what somebody asks for, and not for what has been there before
 */
struct tpm2_reader {
	u8 *p;
	u32 left;
	const struct tpm2_profile *profile;
};

/**
 * struct tpm2_writer - an append-only buffer
 * @p: where it begins; NULL: what is written is only counted
 * @len: bytes written
 * @room: bytes that fit
 * @full: something did not fit; sticks
 */
struct tpm2_writer {
	u8 *p;
	u32 len;
	u32 room;
	bool full;
};

enum desc_kind {
	D_UINT,		/* @width bytes; checked by @check */
	D_2B,		/* TPM2B of raw bytes: struct tpm2b, @min..@max bytes */
	D_KEPT,		/* TPM2B stored in place: struct tpm2_kept, at most @max bytes */
	D_DIGEST,	/* as many bytes as the selector's hash has: const u8 * */
	D_BYTES,	/* @max raw bytes stored in place */
	D_STRUCT,	/* @fields in turn */
	D_UNION,	/* @pick by the selector */
	D_LIST,		/* u32 count at 0, elements of @elem from @items on */
	D_SIZED,	/* u16 size, then @elem of just that size */
	D_RAW,		/* written only: bytes of a struct tpm2b without a size before them */
};

/* Which part of tpm2_profile.algs decides about a number. */
enum desc_limit { LIMIT_NONE, LIMIT_ALG, LIMIT_CURVE, LIMIT_RSA, LIMIT_AES };

struct desc;

/**
 * struct desc_field - one member of a structure
 * @d: its type
 * @off: where it is in the C structure, bytes
 * @sel: where the u16 selector of a D_UNION or D_DIGEST is, bytes
 */
struct desc_field {
	const struct desc *d;
	u16 off;
	u16 sel;
};

/**
 * struct desc - one wire type
 * @kind: how to read it
 * @width: D_UINT: bytes, on the wire and in memory
 * @nfields: of @fields
 * @limit: D_UINT: what a profile may take away, enum desc_limit; 0 is then no good value
 * @min: least size of D_2B or count of D_LIST; D_SIZED: 1 refuses an empty one
 * @max: likewise the largest; sizes in bytes
 * @size: bytes of the C structure
 * @items: D_LIST: offset of the first element
 * @check: D_UINT: TPM_RC_SUCCESS or what is wrong with the value; may be NULL
 * @fields: D_STRUCT
 * @elem: D_LIST, D_SIZED
 * @pick: D_UNION: the member's type; NULL when the selector has none
 *	(TPM_RC_SELECTOR), &desc_empty when it has no bytes
 */
struct desc {
	u8 kind;
	u8 width;
	u8 nfields;
	u8 limit;
	u16 min, max;
	u16 size;
	u16 items;
	tpm_rc (*check)(u64 value);
	const struct desc_field *fields;
	const struct desc *elem;
	const struct desc *(*pick)(u16 selector);
};

extern const struct desc desc_empty;

#define DESC_UINT(type, chk)                                                                \
	{                                                                                   \
		.kind = D_UINT, .width = sizeof(type), .size = sizeof(type), .check = (chk) \
	}
/* What a profile may take away: an algorithm, a curve, a key size */
#define DESC_LIMITED(what, chk)                                                             \
	{                                                                                   \
		.kind = D_UINT, .width = sizeof(u16), .size = sizeof(u16), .check = (chk),  \
		.limit = (what)                                                             \
	}
#define DESC_2B(lo, hi) { .kind = D_2B, .min = (lo), .max = (hi), .size = sizeof(struct tpm2b) }
#define DESC_STRUCT(type, flds) \
	{ .kind = D_STRUCT, .fields = (flds), .nfields = ARRAY_SIZE(flds), .size = sizeof(type) }
#define DESC_LIST(type, member, el, lo, hi)                                                  \
	{                                                                                    \
		.kind = D_LIST, .elem = &(el), .items = offsetof(type, member), .min = (lo), \
		.max = (hi), .size = sizeof(type)                                            \
	}
#define DESC_SIZED(el, nonempty, bytes) \
	{ .kind = D_SIZED, .elem = &(el), .min = (nonempty), .size = (bytes) }
#define FIELD(type, member, desc_) { .d = &(desc_), .off = offsetof(type, member) }
#define FIELD_SEL(type, member, desc_, selector) \
	{ .d = &(desc_), .off = offsetof(type, member), .sel = offsetof(type, selector) }

/* Has the profile what this number stands for? True for what is no such number. (profile.c) */
bool tpm2_profile_allows(const struct tpm2_profile *p, enum desc_limit what, u64 number);

/*
 * Reads one @d into @obj. On error nothing may be concluded from @obj.
 * TPM_RC_INSUFFICIENT, TPM_RC_SIZE, TPM_RC_SELECTOR, or what a check says.
 */
tpm_rc tpm2_read(struct tpm2_reader *r, const struct desc *d, void *obj);
/*
 * Reads the @nfields parameters of a command; *@failed is the number (from 1) of the one that is
 * wrong.
 */
tpm_rc tpm2_read_params(struct tpm2_reader *r, const struct desc *d, void *obj,
			unsigned int *failed);
/* Appends; the writer's @full tells when it did not fit. */
void tpm2_write(struct tpm2_writer *w, const struct desc *d, const void *obj);

tpm_rc tpm2_read_u8(struct tpm2_reader *r, u8 *v);
tpm_rc tpm2_read_u16(struct tpm2_reader *r, u16 *v);
tpm_rc tpm2_read_u32(struct tpm2_reader *r, u32 *v);
tpm_rc tpm2_read_u64(struct tpm2_reader *r, u64 *v);
tpm_rc tpm2_read_bytes(struct tpm2_reader *r, void *out, u32 len);
tpm_rc tpm2_read_2b(struct tpm2_reader *r, u16 max, struct tpm2b *b);

void tpm2_put(struct tpm2_writer *w, const void *data, u32 len);
void tpm2_put_u8(struct tpm2_writer *w, u8 v);
void tpm2_put_u16(struct tpm2_writer *w, u16 v);
void tpm2_put_u32(struct tpm2_writer *w, u32 v);
void tpm2_put_u64(struct tpm2_writer *w, u64 v);
void tpm2_put_2b(struct tpm2_writer *w, const void *data, u16 len);

static inline struct tpm2_writer tpm2_writer(u8 *p, u32 room)
{
	return (struct tpm2_writer){ .p = p, .room = room };
}

/* To find out how long something would be. */
static inline struct tpm2_writer tpm2_counter(void)
{
	return tpm2_writer(NULL, U32_MAX);
}

static inline struct tpm2b tpm2b(const void *data, u16 size)
{
	return (struct tpm2b){ .size = size, .data = (u8 *)data };
}

#endif /* VTPM_TPM2_DESC_H */
