// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every descriptor that the command table reaches: the interpreter is held to
 * structures and bytes of the generator (marshal_support.h), both ways.
 */
#include "marshal_support.h"
#include "visit_support.h"

#define ROUNDS	60

static struct host_tpm tpm;

static bool only_written(const struct desc *d)
{
	unsigned int i;

	for (i = 0; i < d->nfields; i++)
		if (d->fields[i].d->kind == D_RAW)
			return true;
	return d->kind == D_RAW;
}

/* ---- cases ---- */

static void table_sorted(void)
{
	const struct tpm2_cmd *row;
	unsigned int i;
	u32 last = 0;

	for (i = 0; (row = tpm2_cmd_at(i)); i++) {
		EXPECT(row->code > last);
		EXPECT(tpm2_cmd_find(row->code)->code == row->code);
		EXPECT(row->name && row->action);
		EXPECT(row->n_handles <= TPM2_MAX_HANDLES);
		last = row->code;
	}
	EXPECT(i >= 55);
	EXPECT(!tpm2_cmd_at(i));
}

/* What the table promises about first parameters (Part 1, 21) */
static void first_is_2b(void)
{
	const struct tpm2_cmd *row;
	unsigned int i;

	for (i = 0; (row = tpm2_cmd_at(i)); i++) {
		u8 in = row->in ? row->in->fields[0].d->kind : D_UINT;
		u8 out = row->out ? row->out->fields[0].d->kind : D_UINT;

		if (!!(row->flags & CMD_DECRYPT) != (in == D_2B || in == D_SIZED) ||
		    (!!(row->flags & CMD_ENCRYPT) != (out == D_2B || out == D_SIZED) &&
		     !(row->flags & CMD_NO_SESSIONS)))
			test_fail(__FILE__, __LINE__, "%s", row->name);
		OK_SO_FAR();
	}
}

static size_t size_of(const struct desc *d)
{
	switch (d->kind) {
	case D_2B:
	case D_RAW:
		return sizeof(struct tpm2b);
	case D_DIGEST:
		return sizeof(u8 *);
	case D_UNION:
		return 0;
	default:
		return d->size;
	}
}

static bool selects(const struct desc *d)
{
	return d->kind == D_UNION || d->kind == D_DIGEST;
}

/* Nothing that a descriptor makes the interpreter write is outside its structure. */
static void sizes_fit(void)
{
	const struct tpm2_cmd *row;
	unsigned int i, j;

	visit_table(true);
	for (i = 0; (row = tpm2_cmd_at(i)); i++) {
		EXPECT(!row->in || row->in->size <= TPM2_CALL_IN);
		EXPECT(!row->out || row->out->size <= TPM2_CALL_OUT);
	}
	for (i = 0; i < n_descs; i++) {
		const struct desc *d = descs[i];

		EXPECT(d->kind != D_LIST || d->items + d->max * d->elem->size <= d->size);
		EXPECT(d->kind != D_SIZED || d->elem->size <= d->size);
		EXPECT(d->kind != D_BYTES || d->max <= d->size);
		EXPECT(d->min <= d->max || d->kind == D_SIZED);
		for (j = 0; d->size && j < d->nfields; j++) {
			EXPECT(d->fields[j].off + size_of(d->fields[j].d) <= d->size);
			if (selects(d->fields[j].d))
				EXPECT(d->fields[j].sel + sizeof(u16) <= d->size);
		}
	}
	EXPECT(n_descs > 100);
}

static void round_trip(const struct desc *d, const char *name)
{
	static u64 first[512], second[512];
	static u8 out[16384], copy[16384];
	struct tpm2_writer w = tpm2_writer(out, sizeof(out));
	struct tpm2_reader r = { .p = copy };

	memset(first, 0, sizeof(first));
	memset(second, 0xa5, sizeof(second));
	gen_params(d, (u8 *)first);
	OK_SO_FAR();
	tpm2_write(&w, d, first);
	if (w.full || w.len != gen.len || memcmp(out, gen.wire, w.len))
		test_fail(__FILE__, __LINE__, "%s is not written as it should be", name);
	if (test_state.failed || only_written(d))
		return;
	memcpy(copy, gen.wire, gen.len);
	r.left = gen.len;
	EXPECT_EQ(tpm2_read(&r, d, second), 0);
	EXPECT_EQ(r.left, 0);
	w = tpm2_writer(out, sizeof(out));
	tpm2_write(&w, d, second);
	if (w.full || w.len != gen.len || memcmp(out, gen.wire, w.len))
		test_fail(__FILE__, __LINE__, "%s has not come through", name);
	/* and where there is too little room nothing is written behind it */
	memset(out, 0x5a, sizeof(out));
	w = tpm2_writer(out, below(gen.len));
	tpm2_write(&w, d, second);
	EXPECT(w.full);
	EXPECT_EQ(out[w.room], 0x5a);
}

static void round_trips(void)
{
	const struct tpm2_cmd *row;
	unsigned int i, n;

	for (i = 0; (row = tpm2_cmd_at(i)); i++) {
		for (n = 0; n < ROUNDS; n++) {
			seed = 0x9e3779b97f4a7c15ull * (n + 1) + row->code;
			gen.lavish = n % 3 == 0;
			if (row->in)
				round_trip(row->in, row->name);
			if (row->out)
				round_trip(row->out, row->name);
			OK_SO_FAR();
		}
	}
}

static tpm_rc read_2b_of(const struct desc *d, u32 size, u32 there)
{
	static u8 wire[2 + 0x10000];
	struct tpm2_reader r = { .p = wire, .left = there };
	struct tpm2b b;

	put_unaligned_be16(size, wire);
	return tpm2_read(&r, d, &b);
}

static void bounds_2b(void)
{
	unsigned int i, seen = 0;

	visit_table(true);
	for (i = 0; i < n_descs; i++) {
		const struct desc *d = descs[i];

		if (d->kind != D_2B)
			continue;
		seen++;
		if (d->min)
			EXPECT(read_2b_of(d, d->min - 1, 0x10000) == TPM_RC_SIZE);
		EXPECT(read_2b_of(d, d->min, 0x10000) == TPM_RC_SUCCESS);
		EXPECT(read_2b_of(d, d->max, 0x10000) == TPM_RC_SUCCESS);
		EXPECT(read_2b_of(d, d->max, 2 + d->max) == TPM_RC_SUCCESS);
		EXPECT(read_2b_of(d, d->max, 1 + d->max) == TPM_RC_INSUFFICIENT);
		EXPECT(read_2b_of(d, d->max + 1, 0x10000) == TPM_RC_SIZE);
		EXPECT(read_2b_of(d, 0xffff, 0x10000) == TPM_RC_SIZE);
		EXPECT(read_2b_of(d, 0, 1) == TPM_RC_INSUFFICIENT);
		EXPECT(read_2b_of(d, 0, 0) == TPM_RC_INSUFFICIENT);
	}
	EXPECT(seen > 15);
}

/* No command asks for a least size above 0 yet; those of structures to come may. */
static void least_size(void)
{
	static const struct desc some = DESC_2B(3, 9);
	u32 size;

	for (size = 0; size < 12; size++)
		EXPECT(read_2b_of(&some, size, 0x10000) ==
		       (size < 3 || size > 9 ? TPM_RC_SIZE : TPM_RC_SUCCESS));
}

/* What Part 2 says of the length of structures, which no descriptor can vouch for */
static void wire_sizes(void)
{
	static const struct {
		const struct desc *d;
		u32 size;
	} sizes[] = {
		{ &desc_time_info, 25 },		/* 10.11.6 */
		{ &desc_pcr_selection, 6 },		/* 10.6.2 */
		{ &desc_context, 18 },			/* 14.5, empty blob */
		{ &desc_tk_creation, 8 },		/* 10.7.3, empty digest */
		{ &desc_tk_verified, 8 },
		{ &desc_tk_auth, 8 },
		{ &desc_tk_hashcheck, 8 },
		{ &desc_pcr_selection_list, 4 },
		{ &desc_digest_list, 4 },
		{ &desc_digest_values, 4 },
		{ &desc_alg_list, 4 },
		{ &desc_ecc_point, 4 },			/* 11.2.5.2 */
		{ &desc_2b_ecc_point, 6 },
		{ &desc_u8, 1 }, { &desc_u16, 2 }, { &desc_u32, 4 }, { &desc_u64, 8 },
	};
	static u64 zeros[512];
	unsigned int i;
	u8 out[64];

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct tpm2_writer w = tpm2_writer(out, sizeof(out));

		tpm2_write(&w, sizes[i].d, zeros);
		EXPECT(!w.full);
		EXPECT_EQ(w.len, sizes[i].size);
	}
}

static tpm_rc read_list_of(const struct desc *d, u32 count)
{
	static u64 obj[512];
	static u8 wire[16384];
	struct tpm2_reader r = { .p = wire, .left = sizeof(wire) };

	gen.len = 0;
	gen.used = 0;
	emit(count, 4);
	for (u32 i = 0; i < count && i < d->max; i++)
		gen_any(d->elem, (u8 *)obj);
	memcpy(wire, gen.wire, gen.len);
	return tpm2_read(&r, d, obj);
}

static void bounds_lists(void)
{
	unsigned int i, seen = 0;

	visit_table(true);
	seed = 12345;
	gen.lavish = false;
	for (i = 0; i < n_descs; i++) {
		const struct desc *d = descs[i];

		if (d->kind != D_LIST)
			continue;
		seen++;
		if (d->min)
			EXPECT(read_list_of(d, d->min - 1) == TPM_RC_SIZE);
		EXPECT(read_list_of(d, d->min) == TPM_RC_SUCCESS);
		EXPECT(read_list_of(d, d->max) == TPM_RC_SUCCESS);
		EXPECT(read_list_of(d, d->max + 1) == TPM_RC_SIZE);
		EXPECT(read_list_of(d, 0xffffffff) == TPM_RC_SIZE);
	}
	EXPECT(seen >= 4);
}

/* Every value of one and two bytes is judged by its check, and by nothing else. */
static void values(void)
{
	unsigned int i, refused = 0;
	u32 v;

	visit_table(true);
	for (i = 0; i < n_descs; i++) {
		const struct desc *d = descs[i];

		if (d->kind != D_UINT || d->width > 2)
			continue;
		for (v = 0; v < 1u << 8 * d->width; v++) {
			u8 wire[2] = { v >> 8, v };
			struct tpm2_reader r = { .p = wire + 2 - d->width, .left = d->width };
			u16 got = 0;
			tpm_rc rc = tpm2_read(&r, d, &got);

			EXPECT(rc == (d->check ? d->check(v) : TPM_RC_SUCCESS));
			EXPECT_EQ(got, v);
			refused += !!rc;
		}
	}
	EXPECT(refused > 100000);
}

/* A TPM2B of a structure: its size has to be just that of what is in it. */
static void sized_agree(void)
{
	unsigned int i, seen = 0;
	static u64 obj[512];
	static u8 wire[16384];
	int off;

	visit_table(true);
	gen.lavish = false;
	for (i = 0; i < n_descs; i++) {
		const struct desc *d = descs[i];

		if (d->kind != D_SIZED)
			continue;
		seen++;
		for (off = -3; off <= 3; off++) {
			struct tpm2_reader r = { .p = wire, .left = sizeof(wire) };

			seed = 99;
			gen.len = 0;
			gen.used = 0;
			gen_any(d, (u8 *)obj);
			memcpy(wire, gen.wire, gen.len);
			put_unaligned_be16(get_unaligned_be16(wire) + off, wire);
			EXPECT(tpm2_read(&r, d, obj) == (off ? TPM_RC_SIZE : TPM_RC_SUCCESS));
		}
		memset(wire, 0, sizeof(wire));
		struct tpm2_reader r = { .p = wire, .left = 2 };

		EXPECT(tpm2_read(&r, d, obj) == (d->min ? TPM_RC_SIZE : TPM_RC_SUCCESS));
	}
	EXPECT(seen >= 5);
}

/* ---- every truncation of a command of every row ---- */

struct live {
	u32 object, policy, audit, nv;
};

static u32 live_handle(const struct live *l, u16 classes)
{
	if (classes & HC_OBJECT)
		return l->object;
	if (classes & HC_POLICY)
		return l->policy;
	if (classes == HC_NV)
		return l->nv;
	if (classes == HC_HMAC)
		return l->audit;
	if (classes & HC_LOCKOUT)
		return TPM_RH_LOCKOUT;
	if (classes == HC_ACT)
		return TPM_RH_ACT_0;
	if (classes & HC_OWNER)
		return TPM_RH_OWNER;
	if (classes & HC_ENDORSEMENT)
		return TPM_RH_ENDORSEMENT;
	return classes & HC_PLATFORM ? TPM_RH_PLATFORM : 0;
}

static unsigned int auths_of(const struct tpm2_cmd *row)
{
	unsigned int i, n = 0;

	for (i = 0; i < row->n_handles; i++)
		n += row->roles[i] != ROLE_NONE;
	return n;
}

/* Where each part of the command begins tells what a cut in it has to give. */
struct parts {
	u32 handles, auths, params, end;
	u16 tag;
};

static void build(struct cmd *c, const struct tpm2_cmd *row, const struct live *l, bool extra,
		  struct parts *p)
{
	unsigned int i, needed = auths_of(row);

	p->tag = needed || extra ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS;
	cmd_start(c, p->tag, row->code);
	p->handles = c->len;
	for (i = 0; i < row->n_handles; i++)
		cmd_u32(c, live_handle(l, row->handles[i]));
	p->auths = c->len;
	if (needed || extra) {
		cmd_auths(c);
		for (i = 0; i < needed; i++)
			cmd_password(c, "");
		if (extra)
			cmd_session(c, l->audit, TPMA_SESSION_AUDIT | TPMA_SESSION_CONTINUE);
		cmd_auths_end(c);
	}
	p->params = c->len;
	cmd_bytes(c, gen.wire, gen.len);
	p->end = c->len;
}

static u32 expected(const struct tpm2_cmd *row, const struct parts *p, u32 len)
{
	unsigned int i;

	if (len < p->handles)
		return (__force u32)TPM_RC_COMMAND_SIZE;
	if (len < p->auths)
		return (__force u32)tpm2_handle_rc(TPM_RC_INSUFFICIENT, (len - p->handles) / 4 + 1);
	if (len < p->params)
		return (__force u32)TPM_RC_AUTHSIZE;
	for (i = 0; len - p->params >= gen.ends[i]; i++)
		;
	return (__force u32)tpm2_param(TPM_RC_INSUFFICIENT, i + 1);
}

static void cut_everywhere(const struct tpm2_cmd *row, struct cmd *c, const struct parts *p)
{
	u32 len, rc;

	/* the one command that wants a TPM that has not started */
	tpm.t->started = row->code != TPM_CC_Startup;
	for (len = 0; len < p->end; len++) {
		if (len >= 6)
			put_unaligned_be32(len, c->buf + 2);
		rc = host_tpm_run(&tpm, c->buf, len);
		if (rc != expected(row, p, len))
			test_fail(__FILE__, __LINE__, "%s cut to %u of %u bytes: 0x%x, not 0x%x",
				  row->name, len, p->end, rc, expected(row, p, len));
		OK_SO_FAR();
	}
	cmd_u8(c, 0);
	EXPECT_EQ(cmd_run(&tpm, c), (__force u32)TPM_RC_SIZE);
	tpm.t->started = true;
}

static u32 start_plain(u8 type, u32 *handle)
{
	return tpm_start_session(&tpm, type, TPM_ALG_SHA256, TPM_ALG_NULL, handle);
}

static void truncations(void)
{
	static u64 obj[512];
	const struct tpm2_cmd *row;
	unsigned int i, n;
	struct parts p;
	struct live l;
	struct cmd c;
	long before;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(tpm_create_primary_ecc(&tpm, TPM_RH_OWNER, false, &l.object), 0);
	EXPECT_EQ(start_plain(TPM_SE_POLICY, &l.policy), 0);
	EXPECT_EQ(start_plain(TPM_SE_HMAC, &l.audit), 0);
	tpm2_set_presence(tpm.t, true);	/* for PP_Commands */
	l.nv = HR_NV_INDEX + 1;
	EXPECT_EQ(tpm_define_nv(&tpm, l.nv), 0);
	before = atomic_long_read(&tpm.mem.bytes);
	gen.lavish = false;
	for (i = 0; (row = tpm2_cmd_at(i)); i++) {
		if (tpm_needs_policy(row))
			continue;
		for (n = 0; n < 4; n++) {
			if (n & 1 && row->flags & CMD_NO_SESSIONS)
				continue;
			seed = 77777 + 31 * n + row->code;
			gen_params(row->in, (u8 *)obj);
			build(&c, row, &l, n & 1, &p);
			cut_everywhere(row, &c, &p);
			OK_SO_FAR();
		}
	}
	EXPECT_EQ(atomic_long_read(&tpm.mem.bytes), before);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static const struct test_case cases[] = {
	{ "table_sorted", table_sorted },
	{ "first_is_2b", first_is_2b },
	{ "sizes_fit", sizes_fit },
	{ "round_trips", round_trips },
	{ "bounds_2b", bounds_2b },
	{ "least_size", least_size },
	{ "wire_sizes", wire_sizes },
	{ "bounds_lists", bounds_lists },
	{ "values", values },
	{ "sized_agree", sized_agree },
	{ "truncations", truncations },
};

TEST_MAIN("marshal", cases)
