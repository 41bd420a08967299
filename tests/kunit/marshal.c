// SPDX-License-Identifier: GPL-2.0-only
/*
 * Marshalling: values made up from each descriptor go to bytes and back and to
 * bytes again; every beginning of these bytes is refused with the right code,
 * and so is each size that is out of bounds.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/random.h>

#include "tpm2/engine.h"

#define OBJECT_MAX	8192	/* bytes of the largest decoded structure, and more */
#define WIRE_MAX	12288
#define ROUNDS		24

#define D(name)	{ #name, &desc_##name }

static const struct named {
	const char *name;
	const struct desc *d;
} descs[] = {
	D(u8), D(u16), D(u32), D(u64), D(yes_no), D(alg_hash), D(alg_hash_null), D(su), D(se),
	D(rh_hierarchy), D(rh_hierarchy_null), D(rh_enables), D(dh_context), D(dh_persistent),
	D(ecc_curve), D(cap), D(cc), D(2b_digest), D(2b_auth), D(2b_nonce), D(2b_data),
	D(2b_buffer), D(2b_event), D(2b_name), D(2b_private), D(2b_secret), D(2b_id_object),
	D(2b_rsa), D(2b_ecc), D(2b_sensitive_data), D(2b_template), D(2b_attest), D(2b_any),
	D(sym_def_null), D(sym_def_object_null), D(sig_scheme_null), D(rsa_decrypt_null),
	D(kdf_scheme_null), D(public_parms), D(public), D(public_null), D(2b_public),
	D(2b_public_null), D(sensitive), D(2b_sensitive), D(2b_sensitive_create), D(ecc_point),
	D(2b_ecc_point), D(signature), D(signature_null), D(ha), D(tk_creation), D(tk_verified),
	D(tk_auth), D(tk_hashcheck), D(pcr_selection), D(pcr_selection_list), D(digest_list),
	D(digest_list_or), D(digest_values), D(alg_list), D(context), D(time_info),
};

/* Where the made-up byte strings are; no two of one structure need to differ. */
static u8 pool[VTPM_MAX_COMMAND];

/* Whatever some check may want: algorithms, key sizes, handles, tags. */
static const u32 values[] = {
	0, 1, 2, 3, 4, 5, 0x06, 0x08, 0x0a, 0x0b, 0x0c, 0x0d, 0x10, 0x14, 0x15, 0x16, 0x17, 0x18,
	0x19, 0x1a, 0x20, 0x22, 0x23, 0x25, 0x40, 0x43, 0x44, 0x80, 0xc0, 0x100, 0x400, 0x800,
	0xc00, 0x1000, 0x8014, 0x8021, 0x8022, 0x8023, 0x8024, 0x8025, 0x40000001, 0x40000007,
	0x4000000a, 0x4000000b, 0x4000000c, 0x4000000d, 0x02000000, 0x03000000, 0x80000000,
	0x80000001, 0x80000002, 0x81000000, 0x01000000,
};

static u32 below(u32 n)
{
	return get_random_u32() % n;
}

static bool make_uint(const struct desc *d, void *obj)
{
	unsigned int i, at = below(ARRAY_SIZE(values));
	u64 v = get_random_u64() >> (64 - 8 * d->width);

	for (i = 0; d->check; i++) {
		if (i == ARRAY_SIZE(values))
			return false;
		v = values[(at + i) % ARRAY_SIZE(values)];
		if (!(v >> 4 * d->width >> 4 * d->width) && !d->check(v))
			break;
	}
	if (d->width == 1)
		*(u8 *)obj = v;
	else if (d->width == 2)
		*(u16 *)obj = v;
	else if (d->width == 4)
		*(u32 *)obj = v;
	else
		*(u64 *)obj = v;
	return true;
}

static void make_2b(const struct desc *d, struct tpm2b *b)
{
	u32 size = d->min + below(min(d->max - d->min, 40) + 1);

	if (!below(8))
		size = d->max;
	*b = tpm2b(pool + below(sizeof(pool) - size + 1), size);
}

static bool make(const struct desc *d, u8 *obj);

static bool make_field(const struct desc_field *f, u8 *obj)
{
	const struct desc *d = f->d;
	u16 selector = *(u16 *)(obj + f->sel);

	if (d->kind == D_DIGEST) {
		*(u8 **)(obj + f->off) = vt_hash_find(selector) ? pool + below(64) : NULL;
		return true;
	}
	if (d->kind == D_UNION)
		d = d->pick(selector);
	return d && make(d, obj + f->off);
}

/* Fills @obj with something that the descriptor allows; false: there is nothing. */
static bool make(const struct desc *d, u8 *obj)
{
	bool ok = true;
	u32 i, n;

	switch (d->kind) {
	case D_UINT:
		return make_uint(d, obj);
	case D_2B:
		make_2b(d, (struct tpm2b *)obj);
		return true;
	case D_BYTES:
		get_random_bytes(obj, d->max);
		return true;
	case D_STRUCT:
		for (i = 0; i < d->nfields && ok; i++)
			ok = make_field(&d->fields[i], obj);
		return ok;
	case D_LIST:
		n = d->min + below(d->max - d->min + 1);
		*(u32 *)obj = n;
		for (i = 0; i < n && ok; i++)
			ok = make(d->elem, obj + d->items + i * d->elem->size);
		return ok;
	case D_SIZED:
		return make(d->elem, obj);
	default:
		return false;
	}
}

/**
 * struct work - what one case uses
 * @obj: a structure
 * @wire: bytes it was written to
 * @again: bytes of what was read from these
 * @len: of @wire
 */
struct work {
	u8 obj[OBJECT_MAX] __aligned(8);
	u8 wire[WIRE_MAX];
	u8 again[WIRE_MAX];
	u32 len;
};

static struct work *new_work(struct kunit *test)
{
	struct work *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	get_random_bytes(pool, sizeof(pool));
	return w;
}

/* Makes a structure, and its bytes. */
static void make_wire(struct kunit *test, struct work *w, const struct named *n)
{
	struct tpm2_writer out = tpm2_writer(w->wire, WIRE_MAX);

	memset(w->obj, 0, sizeof(w->obj));
	KUNIT_ASSERT_TRUE_MSG(test, make(n->d, w->obj), "%s cannot be made", n->name);
	tpm2_write(&out, n->d, w->obj);
	KUNIT_ASSERT_FALSE(test, out.full);
	w->len = out.len;
}

static void round_trip(struct kunit *test, struct work *w, const struct named *n)
{
	struct tpm2_writer out = tpm2_writer(w->again, WIRE_MAX);
	struct tpm2_reader in;

	make_wire(test, w, n);
	in = (struct tpm2_reader){ .p = w->wire, .left = w->len };
	memset(w->obj, 0, sizeof(w->obj));
	KUNIT_EXPECT_EQ_MSG(test, (__force u32)tpm2_read(&in, n->d, w->obj), 0, "%s", n->name);
	KUNIT_EXPECT_EQ_MSG(test, in.left, 0, "%s", n->name);
	tpm2_write(&out, n->d, w->obj);
	KUNIT_EXPECT_FALSE(test, out.full);
	KUNIT_EXPECT_EQ_MSG(test, out.len, w->len, "%s", n->name);
	KUNIT_EXPECT_EQ_MSG(test, memcmp(w->again, w->wire, w->len), 0, "%s", n->name);
}

/* Each beginning in memory of just its size, so that KASAN sees a byte too many. */
static void truncations(struct kunit *test, struct work *w, const struct named *n)
{
	u32 len, step = w->len > 600 ? 7 : 1;

	for (len = 0; len < w->len; len += step) {
		u8 *copy = kmemdup(w->wire, len, GFP_KERNEL);
		struct tpm2_reader in = { .p = copy, .left = len };
		tpm_rc rc;

		KUNIT_ASSERT_NOT_NULL(test, copy);
		rc = tpm2_read(&in, n->d, w->obj);
		KUNIT_EXPECT_EQ_MSG(test, (__force u32)rc, (__force u32)TPM_RC_INSUFFICIENT,
				    "%s, %u of %u bytes", n->name, len, w->len);
		kfree(copy);
	}
}

/* Into too little room: nothing is written behind it, and it is said. */
static void short_rooms(struct kunit *test, struct work *w, const struct named *n)
{
	struct tpm2_reader in = { .p = w->wire, .left = w->len };
	u32 len, step = w->len > 600 ? 7 : 1;

	memset(w->obj, 0, sizeof(w->obj));
	KUNIT_ASSERT_EQ(test, (__force u32)tpm2_read(&in, n->d, w->obj), 0);
	for (len = 0; len < w->len; len += step) {
		u8 *p = kzalloc(len, GFP_KERNEL);
		struct tpm2_writer out = tpm2_writer(p, len);

		KUNIT_ASSERT_NOT_NULL(test, p);
		tpm2_write(&out, n->d, w->obj);
		KUNIT_EXPECT_TRUE_MSG(test, out.full, "%s, %u of %u", n->name, len, w->len);
		KUNIT_EXPECT_LE(test, out.len, len);
		kfree(p);
	}
}

static void each_type(struct kunit *test)
{
	struct work *w = new_work(test);
	unsigned int i, round;

	for (i = 0; i < ARRAY_SIZE(descs); i++) {
		for (round = 0; round < ROUNDS; round++)
			round_trip(test, w, &descs[i]);
	}
}

static void each_command(struct kunit *test)
{
	struct work *w = new_work(test);
	const struct tpm2_cmd *row;
	unsigned int i, round;

	for (i = 0; (row = tpm2_cmd_at(i)); i++) {
		struct named n = { row->name, row->in };

		for (round = 0; row->in && round < ROUNDS; round++)
			round_trip(test, w, &n);
	}
	KUNIT_EXPECT_GT(test, i, 50U);
}

static void each_truncation(struct kunit *test)
{
	struct work *w = new_work(test);
	unsigned int i, round;

	for (i = 0; i < ARRAY_SIZE(descs); i++) {
		for (round = 0; round < 4; round++) {
			make_wire(test, w, &descs[i]);
			truncations(test, w, &descs[i]);
		}
	}
}

static void each_command_truncated(struct kunit *test)
{
	struct work *w = new_work(test);
	const struct tpm2_cmd *row;
	unsigned int i;

	for (i = 0; (row = tpm2_cmd_at(i)); i++) {
		struct named n = { row->name, row->in };

		if (!row->in)
			continue;
		make_wire(test, w, &n);
		truncations(test, w, &n);
	}
}

static void each_short_room(struct kunit *test)
{
	struct work *w = new_work(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(descs); i++) {
		make_wire(test, w, &descs[i]);
		short_rooms(test, w, &descs[i]);
	}
}

static void size_is(struct kunit *test, struct work *w, const struct named *n, u32 value)
{
	struct tpm2_reader in = { .p = w->wire, .left = WIRE_MAX };
	struct tpm2_writer out = tpm2_writer(w->wire, WIRE_MAX);

	if (n->d->kind == D_LIST)
		tpm2_put_u32(&out, value);
	else
		tpm2_put_u16(&out, value);
	KUNIT_EXPECT_EQ_MSG(test, (__force u32)tpm2_read(&in, n->d, w->obj),
			    (__force u32)TPM_RC_SIZE, "%s of size %u", n->name, value);
}

/* One more and one fewer than allowed, and the largest number there is. */
static void bounds(struct kunit *test)
{
	struct work *w = new_work(test);
	unsigned int i, tried = 0;

	for (i = 0; i < ARRAY_SIZE(descs); i++) {
		const struct desc *d = descs[i].d;

		if (d->kind != D_LIST && d->kind != D_2B)
			continue;
		size_is(test, w, &descs[i], d->max + 1);
		size_is(test, w, &descs[i], d->kind == D_LIST ? U32_MAX : U16_MAX);
		if (d->min)
			size_is(test, w, &descs[i], d->min - 1);
		tried++;
	}
	KUNIT_EXPECT_GT(test, tried, 15U);
}

/* The size of a sized structure has to be that of what is in it. */
static void sized(struct kunit *test)
{
	struct work *w = new_work(test);
	unsigned int i, tried = 0;
	int off;

	for (i = 0; i < ARRAY_SIZE(descs); i++) {
		if (descs[i].d->kind != D_SIZED)
			continue;
		for (off = -1; off <= 1; off += 2) {
			struct tpm2_reader in = { .p = w->wire, .left = WIRE_MAX };

			make_wire(test, w, &descs[i]);
			put_unaligned_be16(get_unaligned_be16(w->wire) + off, w->wire);
			KUNIT_EXPECT_EQ_MSG(test, (__force u32)tpm2_read(&in, descs[i].d, w->obj),
					    (__force u32)TPM_RC_SIZE, "%s", descs[i].name);
		}
		size_is(test, w, &(struct named){ descs[i].name, descs[i].d }, 0xffff);
		if (descs[i].d->min)
			size_is(test, w, &descs[i], 0);
		tried++;
	}
	KUNIT_EXPECT_GE(test, tried, 5U);
}

/* A value that a check refuses is refused where it stands, also inside a structure. */
static void values_refused(struct kunit *test)
{
	struct work *w = new_work(test);
	unsigned int i, refused = 0;

	memset(w->wire, 0xee, 64);
	for (i = 0; i < ARRAY_SIZE(descs); i++) {
		struct tpm2_reader in = { .p = w->wire, .left = 64 };
		const struct desc *d = descs[i].d;

		if (d->kind == D_UINT && d->check) {
			KUNIT_EXPECT_NE_MSG(test, (__force u32)tpm2_read(&in, d, w->obj), 0, "%s",
					    descs[i].name);
			refused++;
		} else if (d->kind == D_STRUCT && d->fields[0].d->check) {
			KUNIT_EXPECT_EQ_MSG(test, (__force u32)tpm2_read(&in, d, w->obj),
					    (__force u32)d->fields[0].d->check(0xeeee), "%s",
					    descs[i].name);
			refused++;
		}
	}
	KUNIT_EXPECT_GT(test, refused, 20U);
}

static struct kunit_case marshal_cases[] = {
	KUNIT_CASE(each_type),
	KUNIT_CASE(each_command),
	KUNIT_CASE(each_truncation),
	KUNIT_CASE(each_command_truncated),
	KUNIT_CASE(each_short_room),
	KUNIT_CASE(bounds),
	KUNIT_CASE(sized),
	KUNIT_CASE(values_refused),
	{}
};

static struct kunit_suite marshal_suite = {
	.name = "vtpm_marshal",
	.test_cases = marshal_cases,
};

kunit_test_suite(marshal_suite);
