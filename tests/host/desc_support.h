/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From choices to bytes: a command's parameters as their descriptors want them,
 * for the fuzzer and for the differential test.
 */
#ifndef VTPM_DESC_SUPPORT_H
#define VTPM_DESC_SUPPORT_H

#include "tpm.h"
#include "tpm2/engine.h"

#define MADE_MAX	3600	/* bytes of a command that nothing more is added to */

/**
 * struct choices - where the choices come from
 * @ctx: for the functions below
 * @number: any number of so many bytes, 8 at most
 * @instead: may write something else for a descriptor, and says whether it did; NULL: never
 * @most: bytes of a TPM2B; NULL: the descriptor's own
 */
struct choices {
	void *ctx;
	u64 (*number)(void *ctx, unsigned int bytes);
	bool (*instead)(void *ctx, struct cmd *c, const struct desc *d);
	u32 (*most)(const struct desc *d);
};

/* Values that mean something in one place or another. */
static const u32 made_values[] = {
	0, 1, 2, 3, 16, 32, 64, 128, 192, 256, 1024, 2048, 0xffff, 0xffffffff, 0x7fffffff,
	0x80000000,
	TPM_ALG_RSA, TPM_ALG_SHA1, TPM_ALG_HMAC, TPM_ALG_AES, TPM_ALG_KEYEDHASH, TPM_ALG_XOR,
	TPM_ALG_SHA256, TPM_ALG_SHA384, TPM_ALG_SHA512, TPM_ALG_NULL, TPM_ALG_RSASSA, TPM_ALG_RSAES,
	TPM_ALG_RSAPSS, TPM_ALG_OAEP, TPM_ALG_ECDSA, TPM_ALG_ECDH, TPM_ALG_KDF1_SP800_56A,
	TPM_ALG_KDF1_SP800_108, TPM_ALG_ECC, TPM_ALG_SYMCIPHER, TPM_ALG_CFB, TPM_ALG_CTR,
	TPM_ST_CREATION, TPM_ST_VERIFIED, TPM_ST_AUTH_SECRET, TPM_ST_AUTH_SIGNED, TPM_ST_HASHCHECK,
	TPM_RH_OWNER, TPM_RH_NULL, TPM_RH_ENDORSEMENT, TPM_RH_PLATFORM, TPM_RH_LOCKOUT,
	0x02000000, 0x03000000, 0x80000001, 0x81000000, 0x81000001, 0x81000003, 0x81800000,
	0x00030072, 0x00020072, 0x00040072, 0x00060072, 0x00050072, 0x00000052, 0x00000452,
	TPM_CC_Create, TPM_CC_Sign, TPM_CC_Unseal, TPM_CC_ObjectChangeAuth,
};

static inline u64 made_value(const struct choices *ch, const struct desc *d)
{
	u64 mask = d->width == 8 ? ~0ull : (1ull << 8 * d->width) - 1;
	unsigned int i, start = ch->number(ch->ctx, 1);

	if (start > 244)
		return ch->number(ch->ctx, d->width) & mask;
	for (i = 0; i < ARRAY_SIZE(made_values); i++) {
		u64 v = made_values[(start + i) % ARRAY_SIZE(made_values)];

		if ((v & mask) == v && (!d->check || !d->check(v)))
			return v;
	}
	return ch->number(ch->ctx, d->width) & mask;
}

static inline void made_put_value(struct cmd *c, u64 v, u8 width)
{
	if (width == 8)
		cmd_u64(c, v);
	else if (width == 4)
		cmd_u32(c, v);
	else if (width == 2)
		cmd_u16(c, v);
	else
		cmd_u8(c, v);
}

static inline void made_bytes(const struct choices *ch, struct cmd *c, u32 len)
{
	while (len-- && c->len < MADE_MAX)
		cmd_u8(c, ch->number(ch->ctx, 1));
}

/* Now and then a size at its limit, or one that promises more than there is */
static inline void made_2b(const struct choices *ch, struct cmd *c, const struct desc *d)
{
	static const u16 sizes[] = { 0, 1, 2, 16, 20, 32, 34, 48, 64, 66, 128, 256, 512 };
	u32 choice = ch->number(ch->ctx, 1), max = ch->most ? ch->most(d) : d->max;
	u32 size = choice > 220 ? max - (choice & 1) : sizes[choice % ARRAY_SIZE(sizes)];

	if (size > max)
		size = max;
	cmd_u16(c, choice == 255 ? size + 2 : size);
	made_bytes(ch, c, size);
}

static inline void made_desc(const struct choices *ch, struct cmd *c, const struct desc *d,
			     u8 *obj);

static inline void made_field(const struct choices *ch, struct cmd *c, const struct desc_field *f,
			      u8 *obj)
{
	const struct desc *d = f->d;

	if (d->kind == D_UNION) {
		d = d->pick(*(u16 *)(obj + f->sel));
		if (!d)
			return;
	} else if (d->kind == D_DIGEST) {
		const struct vt_hash_alg *alg = vt_hash_find(*(u16 *)(obj + f->sel));

		made_bytes(ch, c, alg ? alg->digest_size : 0);
		return;
	}
	made_desc(ch, c, d, obj + f->off);
}

static inline void made_list(const struct choices *ch, struct cmd *c, const struct desc *d, u8 *obj)
{
	u32 i, n = ch->number(ch->ctx, 1) % (d->max < 9 ? d->max + 1 : 9);

	cmd_u32(c, n);
	for (i = 0; i < n; i++)
		made_desc(ch, c, d->elem, obj + d->items + i * d->elem->size);
}

/* @obj is a decoded structure in the making: selectors of unions are read back from it. */
static inline void made_desc(const struct choices *ch, struct cmd *c, const struct desc *d, u8 *obj)
{
	u32 i, at = c->len;
	u64 v;

	if (ch->instead && ch->instead(ch->ctx, c, d))
		return;
	switch (d->kind) {
	case D_UINT:
		v = made_value(ch, d);
		if (d->width == 2)
			*(u16 *)obj = v;
		made_put_value(c, v, d->width);
		break;
	case D_2B:
		made_2b(ch, c, d);
		break;
	case D_BYTES:
		made_bytes(ch, c, d->max);
		break;
	case D_STRUCT:
		for (i = 0; i < d->nfields; i++)
			made_field(ch, c, &d->fields[i], obj);
		break;
	case D_LIST:
		made_list(ch, c, d, obj);
		break;
	case D_SIZED:
		cmd_u16(c, 0);
		made_desc(ch, c, d->elem, obj);
		put_unaligned_be16(c->len - at - 2, c->buf + at);
		break;
	default:	/* D_UNION, D_DIGEST: see made_field() */
		break;
	}
}

/* Appends to @c what @d describes. */
static inline void make_from(const struct choices *ch, struct cmd *c, const struct desc *d)
{
	static u64 obj[TPM2_CALL_IN / 8];

	memset(obj, 0, sizeof(obj));
	made_desc(ch, c, d, (u8 *)obj);
}

#endif /* VTPM_DESC_SUPPORT_H */
