/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A generator of structures that descriptors describe, and of the bytes that
 * these have to be on the wire: the second opinion of test_marshal.c.
 */
#ifndef VTPM_MARSHAL_SUPPORT_H
#define VTPM_MARSHAL_SUPPORT_H

#include "test.h"
#include "tpm.h"
#include "tpm2/engine.h"

/* ---- a seeded source ---- */

static u64 seed;

static inline u64 next(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static inline u32 below(u32 n)
{
	return next() % n;
}

/* ---- the generator ---- */

struct gen {
	u8 wire[16384];
	u32 len;
	u8 pool[16384];		/* what TPM2Bs of the structure point to */
	u32 used;
	u32 ends[16];		/* where each parameter ends in @wire */
	bool lavish;		/* sizes up to the largest */
};

static struct gen gen;

static inline void emit(u64 v, unsigned int width)
{
	while (width--)
		gen.wire[gen.len++] = v >> 8 * width;
}

static inline u8 *random_bytes(u32 n)
{
	u8 *p = gen.pool + gen.used;
	u32 i;

	if (n > sizeof(gen.pool) - gen.used || n > sizeof(gen.wire) - gen.len)
		abort();
	for (i = 0; i < n; i++)
		p[i] = next();
	memcpy(gen.wire + gen.len, p, n);
	gen.len += n;
	gen.used += n;
	return p;
}

/* Values of 32 bits that some check may want; 16 bits and less are searched. */
static inline u64 wide_value(unsigned int width)
{
	static const u32 wanted[] = {
		TPM_RH_OWNER, TPM_RH_ENDORSEMENT, TPM_RH_PLATFORM, TPM_RH_NULL, TPM_RH_PLATFORM_NV,
		TPM_RH_LOCKOUT, HR_TRANSIENT, HR_TRANSIENT | 1, HR_TRANSIENT | 2, HR_HMAC_SESSION,
		HR_POLICY_SESSION, (u32)TPM_HT_PERSISTENT << 24, 0, 1, 5, 6, 9, 0x100,
		TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_SIGN, TPMA_OBJECT_RESTRICTED,
	};

	if (width == 8 || next() & 1)
		return width == 8 ? next() : (u32)next();
	return wanted[below(ARRAY_SIZE(wanted))];
}

static inline u64 some_value(const struct desc *d)
{
	u32 tries;
	u64 v;

	v = d->width > 2 ? wide_value(d->width) : next() & (d->width == 1 ? 0xff : 0xffff);
	for (tries = 0; d->check && d->check(v); tries++) {
		if (tries > 1u << 17) {
			test_fail(__FILE__, __LINE__, "no value of %u bytes passes a check",
				  d->width);
			break;
		}
		v = d->width > 2 ? wide_value(d->width) : (v + 1) & (d->width == 1 ? 0xff : 0xffff);
	}
	return v;
}

static inline u32 some_size(u32 min, u32 max)
{
	u32 top = gen.lavish || max < min + 40 ? max : min + 40;

	return next() & 3 ? min + below(top - min + 1) : next() & 1 ? min : top;
}

static inline u16 digest_size(u16 alg)
{
	switch (alg) {
	case TPM_ALG_SHA1:
		return 20;
	case TPM_ALG_SHA256:
		return 32;
	case TPM_ALG_SHA384:
		return 48;
	case TPM_ALG_SHA512:
		return 64;
	default:
		return 0;
	}
}

static inline void gen_uint(const struct desc *d, u8 *obj)
{
	u64 v = some_value(d);

	emit(v, d->width);
	memcpy(obj, &v, d->width);	/* little-endian, as all machines of the tests */
}

static inline void gen_any(const struct desc *d, u8 *obj);

static inline void gen_field(const struct desc_field *f, u8 *obj)
{
	u16 sel;
	u8 *p;

	memcpy(&sel, obj + f->sel, sizeof(sel));
	if (f->d->kind == D_UNION) {
		const struct desc *d = f->d->pick(sel);

		if (!d)
			test_fail(__FILE__, __LINE__, "selector 0x%x has no member", sel);
		else
			gen_any(d, obj + f->off);
	} else if (f->d->kind == D_DIGEST) {
		p = digest_size(sel) ? random_bytes(digest_size(sel)) : NULL;
		memcpy(obj + f->off, &p, sizeof(p));
	} else {
		gen_any(f->d, obj + f->off);
	}
}

static inline void gen_2b(const struct desc *d, u8 *obj)
{
	struct tpm2b b = { .size = some_size(d->min, d->max) };

	emit(b.size, 2);
	b.data = random_bytes(b.size);
	memcpy(obj, &b, sizeof(b));
}

static inline void gen_list(const struct desc *d, u8 *obj)
{
	u32 i, n = some_size(d->min, d->max);

	emit(n, 4);
	memcpy(obj, &n, sizeof(n));
	for (i = 0; i < n; i++)
		gen_any(d->elem, obj + d->items + i * d->elem->size);
}

static inline void gen_any(const struct desc *d, u8 *obj)
{
	struct tpm2b b;
	u32 at, end;
	u8 i;

	switch (d->kind) {
	case D_UINT:
		gen_uint(d, obj);
		break;
	case D_2B:
		gen_2b(d, obj);
		break;
	case D_RAW:
		b.size = below(60);
		b.data = random_bytes(b.size);
		memcpy(obj, &b, sizeof(b));
		break;
	case D_BYTES:
		memcpy(obj, random_bytes(d->max), d->max);
		break;
	case D_STRUCT:
		for (i = 0; i < d->nfields; i++)
			gen_field(&d->fields[i], obj);
		break;
	case D_LIST:
		gen_list(d, obj);
		break;
	case D_SIZED:
		at = gen.len;
		emit(0, 2);
		gen_any(d->elem, obj);
		end = gen.len;
		gen.len = at;
		emit(end - at - 2, 2);
		gen.len = end;
		break;
	default:
		test_fail(__FILE__, __LINE__, "kind %u outside a structure", d->kind);
	}
}

/* The parameters of a row; notes where each ends. */
static inline void gen_params(const struct desc *d, u8 *obj)
{
	u8 i;

	gen.len = 0;
	gen.used = 0;
	for (i = 0; d && i < d->nfields; i++) {
		gen_field(&d->fields[i], obj);
		gen.ends[i] = gen.len;
	}
}

#endif /* VTPM_MARSHAL_SUPPORT_H */
