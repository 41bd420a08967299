// SPDX-License-Identifier: GPL-2.0-only
/*
 * States that no instance could have (T11, T32, T36): cut, bent, with blocks missing or
 * twice, of newer versions, and well-formed ones that say what cannot be. Each is
 * refused with nothing left, or makes an instance whose own state is sound.
 */
#define _GNU_SOURCE	/* memmem() */
#include "state_support.h"

static struct furnished f;
static struct blob state;

static bool set_up_state(void)
{
	host_tpm_new(&tpm, STATE_TEST_POLICY);
	tpm.state_check = false;
	return !furnish(&f) && !state_of(&tpm, VTPM_STATE_ALL, &state);
}

static void done(void)
{
	blob_free(&state);
	tpm2_free_spaces(tpm.t, tpm.space);
	tear_down();
}

/* What came of it is sound when it can be told again, and then stays the same. */
static bool sound(struct host_tpm *h)
{
	struct vtpm_rooms rooms = rooms_of(h);
	struct tpm2_config cfg = host_tpm_config(h);

	return !vtpm_state_check(&rooms, &cfg);
}

static bool refusal(int err)
{
	return err == -EBADMSG || err == -EPROTO || err == -EOVERFLOW || err == -EINVAL;
}

/* Refused with nothing left, or sound. @taken counts the latter. */
static bool harmless(const struct blob *b, unsigned int *taken)
{
	struct host_tpm h;
	int err = state_into(&h, b, VTPM_STATE_ALL, NULL, NULL);
	bool ok;

	if (err)
		return refusal(err);
	++*taken;
	ok = sound(&h);
	return !state_done(&h) && ok;
}

static struct blob copy_of(const struct blob *b)
{
	struct blob copy = { .p = malloc(b->len), .len = b->len };

	memcpy(copy.p, b->p, b->len);
	return copy;
}

static void set_size(struct blob *b)
{
	put_unaligned_be32(b->len, b->p + 12);
}

/* ---- T32: every truncation, every bit, every length ---- */

static void truncations(void)
{
	unsigned int never = 0, taken = 0;
	struct blob cut;
	size_t len;

	EXPECT(set_up_state());
	for (len = 0; len < state.len; len++) {
		cut = (struct blob){ .p = malloc(len + !len), .len = len };
		memcpy(cut.p, state.p, len);
		EXPECT(harmless(&cut, &never) && !never);
		/* with a header that agrees what is missing shows later, or is a whole block */
		if (len >= VTPM_STATE_HEADER) {
			set_size(&cut);
			EXPECT(harmless(&cut, &taken));
		}
		blob_free(&cut);
	}
	/* up to the block that says that it runs, it may as well be off */
	EXPECT(taken && taken < 20);
	done();
}

static void bits(void)
{
	unsigned int taken = 0;
	size_t i, bit;

	EXPECT(set_up_state());
	for (i = 0; i < state.len; i++) {
		for (bit = 0; bit < 8; bit++) {
			state.p[i] ^= 1 << bit;
			EXPECT(harmless(&state, &taken));
			state.p[i] ^= 1 << bit;
		}
	}
	/* seeds, digests and data may be anything; most of the rest may not */
	EXPECT(taken > 100 && taken < 8 * state.len);
	done();
}

/* Wherever a length may be: as 16 bits at every offset, as 32 bits of every block. */
static void lengths(void)
{
	unsigned int taken = 0, j;
	size_t i, at;

	EXPECT(set_up_state());
	for (i = 0; i + 2 <= state.len; i++) {
		u16 v = get_unaligned_be16(state.p + i);
		const u16 tries[] = { 0, 1, v - 1, v + 1, 0x7fff, 0xffff };

		for (j = 0; j < ARRAY_SIZE(tries); j++) {
			put_unaligned_be16(tries[j], state.p + i);
			EXPECT(harmless(&state, &taken));
		}
		put_unaligned_be16(v, state.p + i);
	}
	for (at = VTPM_STATE_HEADER; at < state.len; at = block_next(&state, at)) {
		u32 v = get_unaligned_be32(state.p + at + 4);
		const u32 tries[] = { 0, 1, v - 1, v + 1, 0x7fffffff, 0xffffffff };

		for (j = 0; j < ARRAY_SIZE(tries); j++) {
			taken = 0;
			put_unaligned_be32(tries[j], state.p + at + 4);
			EXPECT(harmless(&state, &taken));
			EXPECT(!taken || tries[j] == v);
		}
		put_unaligned_be32(v, state.p + at + 4);
	}
	for (j = 0; j < 6; j++) {
		u32 v = state.len;
		const u32 tries[] = { 0, 1, v - 1, v + 1, 0x7fffffff, 0xffffffff };

		taken = 0;
		put_unaligned_be32(tries[j], state.p + 12);
		EXPECT(harmless(&state, &taken) && !taken);
	}
	done();
}

/* ---- versions ---- */

static int import_only(const struct blob *b, enum vtpm_state_part part)
{
	struct host_tpm h;
	int err = state_into(&h, b, part, NULL, NULL);

	if (!err && state_done(&h))
		return -ENODEV;
	return err;
}

static int with_header(u64 magic, u16 version, u16 oldest)
{
	struct blob b = copy_of(&state);
	int err;

	put_unaligned_be64(magic, b.p);
	put_unaligned_be16(version, b.p + 8);
	put_unaligned_be16(oldest, b.p + 10);
	err = import_only(&b, VTPM_STATE_ALL);
	blob_free(&b);
	return err;
}

static void versions(void)
{
	EXPECT(set_up_state());
	EXPECT_EQ(with_header(VTPM_STATE_MAGIC, 1, 1), 0);
	EXPECT_EQ(with_header(VTPM_STATE_MAGIC, 2, 1), 0);
	EXPECT_EQ(with_header(VTPM_STATE_MAGIC, 0xffff, 1), 0);
	EXPECT_EQ(with_header(VTPM_STATE_MAGIC, 4, 3), 0);
	EXPECT_EQ(with_header(VTPM_STATE_MAGIC, 4, 4), -EPROTO);
	EXPECT_EQ(with_header(VTPM_STATE_MAGIC, 0xffff, 0xffff), -EPROTO);
	EXPECT_EQ(with_header(VTPM_STATE_MAGIC, 1, 0), -EBADMSG);
	EXPECT_EQ(with_header(VTPM_STATE_MAGIC, 1, 2), -EBADMSG);
	EXPECT_EQ(with_header(VTPM_STATE_MAGIC, 0, 0), -EBADMSG);
	EXPECT_EQ(with_header(VTPM_STATE_MAGIC + 1, 1, 1), -EBADMSG);
	done();
}

/* @b with a block of three bytes in it at @at */
static struct blob insert(const struct blob *b, size_t at, u16 type, u16 flags)
{
	struct blob more = { .p = malloc(b->len + VTPM_STATE_BLOCK + 3),
			     .len = b->len + VTPM_STATE_BLOCK + 3 };

	memcpy(more.p, b->p, at);
	put_unaligned_be16(type, more.p + at);
	put_unaligned_be16(flags, more.p + at + 2);
	put_unaligned_be32(3, more.p + at + 4);
	memset(more.p + at + VTPM_STATE_BLOCK, 0xa5, 3);
	memcpy(more.p + at + VTPM_STATE_BLOCK + 3, b->p + at, b->len - at);
	set_size(&more);
	return more;
}

static int with_block(size_t at, u16 type, u16 flags, enum vtpm_state_part part)
{
	struct blob b = insert(&state, at, type, flags);
	int err = import_only(&b, part);

	blob_free(&b);
	return err;
}

/* A block of a newer version, wherever it is */
static void unknown_blocks(void)
{
	size_t at = VTPM_STATE_HEADER;

	EXPECT(set_up_state());
	for (;;) {
		EXPECT_EQ(with_block(at, 0x0199, 0, VTPM_STATE_ALL), 0);
		EXPECT_EQ(with_block(at, 0x0299, STATE_POWERED, VTPM_STATE_ALL), 0);
		EXPECT_EQ(with_block(at, 0x0199, STATE_CRITICAL, VTPM_STATE_ALL), -EPROTO);
		EXPECT_EQ(with_block(at, 0x0199, STATE_CRITICAL, VTPM_STATE_PERMANENT), -EPROTO);
		EXPECT_EQ(with_block(at, 0x0299, STATE_CRITICAL | STATE_POWERED, VTPM_STATE_ALL),
			  -EPROTO);
		EXPECT_EQ(with_block(at, 0x0299, STATE_CRITICAL | STATE_POWERED,
				     VTPM_STATE_PERMANENT), 0);
		EXPECT_EQ(with_block(at, 0x0199, BIT(2), VTPM_STATE_ALL), -EPROTO);
		if (at == state.len)
			break;
		at = block_next(&state, at);
	}
	done();
}

/* ---- blocks that are missing, twice, or elsewhere ---- */

static struct blob without(const struct blob *b, size_t at)
{
	size_t next = block_next(b, at);
	struct blob less = { .p = malloc(b->len), .len = b->len - (next - at) };

	memcpy(less.p, b->p, at);
	memcpy(less.p + at, b->p + next, b->len - next);
	set_size(&less);
	return less;
}

static struct blob twice(const struct blob *b, size_t at)
{
	size_t size = block_next(b, at) - at;
	struct blob more = { .p = malloc(b->len + size), .len = b->len + size };

	memcpy(more.p, b->p, at + size);
	memcpy(more.p + at + size, b->p + at, b->len - at);
	set_size(&more);
	return more;
}

static bool needed(u16 type)
{
	return type == STATE_POLICY || type == STATE_BANKS || type == STATE_PERMANENT ||
	       type == STATE_VOLATILE || type == STATE_PCRS;
}

static void blocks(void)
{
	unsigned int spaces = 0, exclusive = 0;
	struct blob b;
	size_t at;
	int err;

	EXPECT(set_up_state());
	for (at = VTPM_STATE_HEADER; at < state.len; at = block_next(&state, at)) {
		u16 type = block_type(&state, at);

		b = without(&state, at);
		err = import_only(&b, VTPM_STATE_ALL);
		blob_free(&b);
		if (needed(type))
			EXPECT_EQ(err, -EBADMSG);
		/* its objects would be the space's before, where the slots may be taken */
		if (type == STATE_SPACE)
			EXPECT_EQ(err, -EBADMSG);
		exclusive += err && !needed(type) && type != STATE_SPACE;
		b = twice(&state, at);
		err = import_only(&b, VTPM_STATE_ALL);
		blob_free(&b);
		EXPECT_EQ(err, type == STATE_SPACE ? 0 : -EBADMSG);
		spaces += type == STATE_SPACE;
	}
	EXPECT_EQ(spaces, 2);
	EXPECT_EQ(exclusive, 0);
	done();
}

/* Each pair of neighbours changes places: fine for two sessions, not for two kinds. */
static void order(void)
{
	size_t at = VTPM_STATE_HEADER, next, end;
	struct blob b;
	int err;

	EXPECT(set_up_state());
	for (; block_next(&state, at) < state.len; at = next) {
		u16 type = block_type(&state, at), then;

		next = block_next(&state, at);
		end = block_next(&state, next);
		then = block_type(&state, next);
		b = copy_of(&state);
		memcpy(b.p + at, state.p + next, end - next);
		memcpy(b.p + at + end - next, state.p + at, next - at);
		err = import_only(&b, VTPM_STATE_ALL);
		blob_free(&b);
		if (type < STATE_SPACE && (type != then || type == STATE_NV_INDEX))
			EXPECT_EQ(err, -EBADMSG);
		EXPECT(!err || err == -EBADMSG);
	}
	done();
}

/* ---- well-formed, and impossible ---- */

static struct tpm2_object *object(u32 handle)
{
	return tpm2_object_find(tpm.space, handle);
}

static struct tpm2_nv_index *index_at(unsigned int i)
{
	return tpm2_nv_find(tpm.t, FURNISHED_NV + i);
}

static struct tpm2_session *session(u32 handle)
{
	return tpm2_session_find(tpm.space, handle);
}

#define SAVED()	list_first_entry(&tpm.t->saved, struct tpm2_session, link)

/*
 * A thing to put wrong in the instance before its state is written: a value of @size
 * bytes at @where takes @to for once.
 */
struct wrong {
	const char *what;
	void *where;
	u8 size;
	u64 to;
};

#define WRONG(lvalue, v) { #lvalue " = " #v, &(lvalue), sizeof(lvalue), (v) }

static void put_value(void *where, u8 size, u64 v)
{
	switch (size) {
	case 1:
		*(u8 *)where = v;
		break;
	case 2:
		*(u16 *)where = v;
		break;
	case 4:
		*(u32 *)where = v;
		break;
	default:
		*(u64 *)where = v;
	}
}

static u64 get_value(const void *where, u8 size)
{
	switch (size) {
	case 1:
		return *(const u8 *)where;
	case 2:
		return *(const u16 *)where;
	case 4:
		return *(const u32 *)where;
	default:
		return *(const u64 *)where;
	}
}

static bool refused(const struct wrong *w)
{
	u64 was = get_value(w->where, w->size);
	struct blob b;
	int err;

	put_value(w->where, w->size, w->to);
	err = state_of(&tpm, VTPM_STATE_ALL, &b);
	put_value(w->where, w->size, was);
	if (err)
		return false;
	err = import_only(&b, VTPM_STATE_ALL);
	blob_free(&b);
	return err == -EBADMSG;
}

static void check_wrong(const struct wrong *list, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (!refused(&list[i]))
			test_fail(__FILE__, __LINE__, "%s is taken", list[i].what);
}

static void wrong_members(void)
{
	struct tpm2 *t = tpm.t;
	struct tpm2_hierarchy *h = t->hierarchy;
	const struct wrong list[] = {
		WRONG(h[HIER_OWNER].policy_alg, TPM_ALG_SHA256),
		WRONG(h[HIER_PLATFORM].policy_alg, TPM_ALG_SHA256),
		WRONG(h[HIER_PLATFORM].policy_alg, 0x1234),
		WRONG(h[HIER_ENDORSEMENT].auth.data[6], 0),
		WRONG(t->lockout_policy_alg, TPM_ALG_SHA1),
		WRONG(t->pcr_policy_alg, TPM_ALG_SHA1),
		WRONG(t->pcr_auth.size, 32),		/* and all zeros */
		WRONG(t->audit_alg, TPM_ALG_NULL),
		WRONG(t->audit_alg, TPM_ALG_SHA1),	/* not of the digest's length */
		WRONG(*(u32 *)&t->clock_rate, 157287),
		WRONG(*(u32 *)&t->clock_rate, (u32)-157287),
		WRONG(t->state_saved, 1),		/* but not orderly */
		WRONG(t->resets, 0),			/* started, but never powered on */
		WRONG(t->da.self_heal, 1ull << 40),
		WRONG(t->da.lockout_time, 1ull << 40),
		WRONG(t->act.since, 1ull << 40),
		WRONG(t->act.signaled, 1),		/* and runs */
		WRONG(t->act.policy_alg, TPM_ALG_SHA1),
		WRONG(t->exclusive, 0x02000123),
		WRONG(t->exclusive, f.policy),
		WRONG(t->exclusive, 0x80000000),
		WRONG(t->session_contexts, 0),		/* but there is one */
	};

	check_wrong(list, ARRAY_SIZE(list));
}

static void wrong_indices(void)
{
	const struct wrong list[] = {
		WRONG(index_at(0)->handle, 0x02000001),
		WRONG(index_at(1)->handle, FURNISHED_NV),	/* another's */
		WRONG(index_at(0)->attrs, 0),			/* nobody reads or writes */
		WRONG(index_at(0)->attrs, index_at(0)->attrs | 0x100),
		WRONG(index_at(0)->attrs, index_at(0)->attrs | 3 << TPM_NT_SHIFT),
		WRONG(index_at(0)->attrs, index_at(0)->attrs | TPMA_NV_POLICY_DELETE),
		WRONG(index_at(1)->attrs, index_at(1)->attrs | TPMA_NV_CLEAR_STCLEAR),
		WRONG(index_at(3)->attrs, index_at(1)->attrs),	/* a counter of 32 bytes */
		WRONG(index_at(3)->name_alg, TPM_ALG_SHA1),
		WRONG(index_at(0)->name_alg, TPM_ALG_NULL),
		WRONG(index_at(0)->auth.size, 33),
		WRONG(index_at(0)->auth.data[5], 0),
		WRONG(index_at(0)->policy.size, 20),
	};

	check_wrong(list, ARRAY_SIZE(list));
}

static void wrong_objects(void)
{
	struct tpm2_object *kept = object(FURNISHED_SEALED), *key = object(f.hmac_key);
	struct tpm2_object *hash = object(f.seq[0]), *event = object(f.seq[3]);
	struct tpm2_object *loaded = object(f.sealed);
	struct vt_cmac *cmac = tpm2_running_cmac(object(f.seq[2]));
	const struct wrong list[] = {
		WRONG(kept->handle, 0x80000001),
		WRONG(kept->handle, 0x81800001),	/* the platform's */
		WRONG(kept->hierarchy, TPM_RH_NULL),
		WRONG(kept->hierarchy, TPM_RH_PLATFORM),
		WRONG(kept->hierarchy, TPM_RH_LOCKOUT),
		WRONG(kept->external, 1),
		WRONG(kept->public_only, 1),
		WRONG(kept->st_clear, 1),
		WRONG(kept->primary, 1),		/* it has another qualified name */
		WRONG(kept->qualified_size, 20),
		WRONG(kept->qualified[1], TPM_ALG_SHA1),
		WRONG(kept->sens_area.data[kept->sens_area.size - 1], 0),	/* not the pair */
		WRONG(kept->pub_area.data[kept->pub_area.size - 1], 0),
		WRONG(kept->pub_area.data[7], 0x04),	/* fixedTPM without fixedParent */
		WRONG(loaded->external, 1),
		WRONG(loaded->public_only, 1),
		WRONG(key->external, 1),
		WRONG(key->handle, 0x80000040),
		WRONG(key->handle, f.cmac_key),
		WRONG(key->hierarchy, TPM_RH_ENDORSEMENT),	/* primary, of another */
		WRONG(key->qualified[9], key->qualified[9] ^ 1),
		WRONG(hash->hierarchy, TPM_RH_OWNER),
		WRONG(hash->external, 1),
		WRONG(hash->seq_seen, 3),
		WRONG(event->seq[1].alg, (u64)(unsigned long)event->seq[0].alg),
		WRONG(cmac->key_size, 33),
		WRONG(cmac->used, 17),
	};

	check_wrong(list, ARRAY_SIZE(list));
}

static void wrong_sessions(void)
{
	struct tpm2_session *a = session(f.hmac), *p = session(f.policy), *saved = SAVED();
	const struct wrong list[] = {
		WRONG(a->handle, f.policy),
		WRONG(a->handle, 0x02000000 | TPM2_MAX_ALL_SESSIONS),
		WRONG(a->handle, 0x80000009),
		WRONG(a->handle, 0x02000000 | (f.policy & 0xffff)),	/* another's number */
		WRONG(saved->handle, f.policy),
		WRONG(a->handle, saved->handle),
		WRONG(a->type, TPM_SE_POLICY),
		WRONG(a->type, 2),
		WRONG(a->nonce_tpm.size, 15),
		WRONG(a->nonce_tpm.size, 33),
		WRONG(a->key.size, 20),
		WRONG(a->sym.alg, TPM_ALG_RSA),
		WRONG(a->sym.bits, 64),
		WRONG(a->sym.mode, TPM_ALG_CTR),
		WRONG(a->sym.hash, TPM_ALG_SHA1),
		WRONG(p->sym.hash, TPM_ALG_NULL),
		WRONG(a->bound_da, 1),
		WRONG(a->bound_lockout, 1),
		WRONG(p->audit, 1),
		WRONG(p->bind_what, BIND_PARAMETERS + 1),
		WRONG(p->bind_what, BIND_CP_HASH),	/* without the hash */
		WRONG(p->bind_hash.size, 48),		/* and the reverse */
		WRONG(p->epoch, 1000),
		WRONG(saved->context, 0),
		WRONG(saved->context, 1ull << 60),
		WRONG(saved->type, TPM_SE_HMAC),
		WRONG(saved->handle, f.hmac),
	};

	check_wrong(list, ARRAY_SIZE(list));
}

static void impossible(void)
{
	EXPECT(set_up_state());
	wrong_members();
	wrong_indices();
	wrong_objects();
	wrong_sessions();
	done();
}

/* Codes of commands come in order, once each, and are commands. */
static void wrong_codes(void)
{
	static const u8 codes[] = { 0, 0, 0, 2, 0, 0, 1, 0x40, 0, 0, 1, 0x4e };
	static const u32 tries[][2] = {
		{ TPM_CC_NV_Read, TPM_CC_NV_Read },
		{ TPM_CC_NV_Read, TPM_CC_SetCommandCodeAuditStatus },
		{ TPM_CC_SetCommandCodeAuditStatus, 0x1ff },
		{ TPM_CC_SetCommandCodeAuditStatus, 0xffffffff },
		{ 0, TPM_CC_NV_Read },
	};
	unsigned int i;
	u8 *at;

	EXPECT(set_up_state());
	at = memmem(state.p, state.len, codes, 7);
	EXPECT(at && get_unaligned_be32(at + 8) == TPM_CC_NV_Read);
	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		put_unaligned_be32(tries[i][0], at + 4);
		put_unaligned_be32(tries[i][1], at + 8);
		EXPECT_EQ(import_only(&state, VTPM_STATE_ALL), -EBADMSG);
	}
	done();
}

/* Keys derived in another way are not for this TPM (T18). */
static void derivation(void)
{
	size_t at = VTPM_STATE_HEADER;

	EXPECT(set_up_state());
	while (block_type(&state, at) != STATE_PERMANENT)
		at = block_next(&state, at);
	EXPECT_EQ(get_unaligned_be32(state.p + at + VTPM_STATE_BLOCK), 1);
	put_unaligned_be32(2, state.p + at + VTPM_STATE_BLOCK);
	EXPECT_EQ(import_only(&state, VTPM_STATE_ALL), -EPROTO);
	done();
}

/* More than a limit allows is refused as that. */
static void limits(void)
{
	struct blob more, b;
	unsigned int i;
	size_t at;

	EXPECT(set_up_state());
	for (at = VTPM_STATE_HEADER; block_type(&state, at) != STATE_SPACE;)
		at = block_next(&state, at);
	more = copy_of(&state);
	for (i = 2; i <= TPM2_MAX_SPACES; i++) {
		EXPECT_EQ(i < TPM2_MAX_SPACES || !import_only(&more, VTPM_STATE_ALL), 1);
		b = twice(&more, at);
		blob_free(&more);
		more = b;
	}
	EXPECT_EQ(import_only(&more, VTPM_STATE_ALL), -EOVERFLOW);
	blob_free(&more);
	done();
}

/* Indices until no more fits, large ones first, and the same in a state: but not one more. */
static void nv_limit(void)
{
	u32 index = FURNISHED_NV + 0x100, rc;
	u16 size = TPM2_MAX_NV_BUFFER;
	struct blob more;
	size_t at, next;

	EXPECT(set_up_state());
	while ((rc = nv_define(index, OWNERS, size, "")) == 0 || size) {
		EXPECT(index < FURNISHED_NV + 0x200);
		if (rc)
			size /= 2;
		else
			index++;
	}
	EXPECT_EQ(rc, RAW(TPM_RC_NV_SPACE));
	blob_free(&state);
	EXPECT_EQ(state_of(&tpm, VTPM_STATE_ALL, &state), 0);
	EXPECT_EQ(import_only(&state, VTPM_STATE_ALL), 0);
	for (at = VTPM_STATE_HEADER; block_type(&state, at) != STATE_NV_INDEX;)
		at = block_next(&state, at);
	for (next = at; block_type(&state, next) == STATE_NV_INDEX;) {
		at = next;
		next = block_next(&state, at);
	}
	EXPECT_EQ(get_unaligned_be32(state.p + at + VTPM_STATE_BLOCK), index - 1);
	more = twice(&state, at);
	put_unaligned_be32(index, more.p + block_next(&more, at) + VTPM_STATE_BLOCK);
	EXPECT_EQ(import_only(&more, VTPM_STATE_ALL), -EOVERFLOW);
	blob_free(&more);
	done();
}

/* As many persistent objects as there may be, and one more in a state. */
static void persistent_limit(void)
{
	u32 handle = FURNISHED_SEALED + 1;
	struct blob more;
	size_t at;

	EXPECT(set_up_state());
	for (; tpm.t->persistent_count < TPM2_MAX_PERSISTENT; handle++)
		EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, f.sealed, handle), 0);
	blob_free(&state);
	EXPECT_EQ(state_of(&tpm, VTPM_STATE_ALL, &state), 0);
	EXPECT_EQ(import_only(&state, VTPM_STATE_ALL), 0);
	for (at = VTPM_STATE_HEADER; block_type(&state, at) != STATE_PERSISTENT;)
		at = block_next(&state, at);
	more = twice(&state, at);
	put_unaligned_be32(handle, more.p + at + VTPM_STATE_BLOCK);
	EXPECT_EQ(import_only(&more, VTPM_STATE_ALL), -EOVERFLOW);
	blob_free(&more);
	done();
}

static const struct test_case cases[] = {
	{ "T32_truncations", truncations },
	{ "T32_bits", bits },
	{ "T32_lengths", lengths },
	{ "versions", versions },
	{ "unknown_blocks", unknown_blocks },
	{ "blocks", blocks },
	{ "order", order },
	{ "T11_impossible", impossible },
	{ "codes", wrong_codes },
	{ "T18_derivation", derivation },
	{ "limits", limits },
	{ "T43_nv_limit", nv_limit },
	{ "T43_persistent_limit", persistent_limit },
};

TEST_MAIN("state_bad", cases)
