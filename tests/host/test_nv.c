// SPDX-License-Identifier: GPL-2.0-only
/* NV indices (Part 1, 37; Part 3, 31): definition, contents, locks, PINs, what is left over. */
#include "nv_support.h"
#include "tpm2/identity.h"

/* ---- what can be defined ---- */

static const struct {
	u32 attrs;
	u16 size;
	u32 by;
	u32 rc;
} definitions[] = {
	{ OWNERS, 0, TPM_RH_OWNER, 0 },
	{ OWNERS, TPM2_MAX_NV_BUFFER, TPM_RH_OWNER, 0 },
	{ OWNERS, TPM2_MAX_NV_BUFFER + 1, TPM_RH_OWNER, P(TPM_RC_SIZE, 2) },
	{ OWNERS | NT(COUNTER), 8, TPM_RH_OWNER, 0 },
	{ OWNERS | NT(COUNTER), 7, TPM_RH_OWNER, P(TPM_RC_SIZE, 2) },
	{ OWNERS | NT(COUNTER) | TPMA_NV_CLEAR_STCLEAR, 8, TPM_RH_OWNER, P(TPM_RC_ATTRIBUTES, 2) },
	{ OWNERS | NT(BITS), 9, TPM_RH_OWNER, P(TPM_RC_SIZE, 2) },
	{ OWNERS | NT(EXTEND), 32, TPM_RH_OWNER, 0 },
	{ OWNERS | NT(EXTEND), 20, TPM_RH_OWNER, P(TPM_RC_SIZE, 2) },
	{ OWNERS | NT(PIN_FAIL), 8, TPM_RH_OWNER, 0 },
	{ OW | OR | NT(PIN_FAIL), 8, TPM_RH_OWNER, P(TPM_RC_ATTRIBUTES, 2) },
	{ OW | OR | NT(PIN_PASS), 8, TPM_RH_OWNER, 0 },
	{ OWNERS | AW | NT(PIN_PASS), 8, TPM_RH_OWNER, P(TPM_RC_ATTRIBUTES, 2) },
	{ OWNERS | TPMA_NV_GLOBALLOCK | NT(PIN_PASS), 8, TPM_RH_OWNER, P(TPM_RC_ATTRIBUTES, 2) },
	{ OWNERS | 3 << TPM_NT_SHIFT, 8, TPM_RH_OWNER, P(TPM_RC_ATTRIBUTES, 2) },
	{ OWNERS | TPMA_NV_WRITTEN, 8, TPM_RH_OWNER, P(TPM_RC_ATTRIBUTES, 2) },
	{ OWNERS | TPMA_NV_WRITELOCKED, 8, TPM_RH_OWNER, P(TPM_RC_ATTRIBUTES, 2) },
	{ OWNERS | TPMA_NV_READLOCKED, 8, TPM_RH_OWNER, P(TPM_RC_ATTRIBUTES, 2) },
	{ OW, 8, TPM_RH_OWNER, P(TPM_RC_ATTRIBUTES, 2) },
	{ OR, 8, TPM_RH_OWNER, P(TPM_RC_ATTRIBUTES, 2) },
	{ OWNERS | TPMA_NV_CLEAR_STCLEAR | TPMA_NV_WRITEDEFINE, 8, TPM_RH_OWNER,
	  P(TPM_RC_ATTRIBUTES, 2) },
	{ OWNERS | PC, 8, TPM_RH_OWNER, H(TPM_RC_ATTRIBUTES, 1) },
	{ OWNERS, 8, TPM_RH_PLATFORM, H(TPM_RC_ATTRIBUTES, 1) },
	{ OWNERS | PC, 8, TPM_RH_PLATFORM, 0 },
	{ OWNERS | TPMA_NV_POLICY_DELETE, 8, TPM_RH_OWNER, P(TPM_RC_ATTRIBUTES, 2) },
	{ OWNERS | 0x100, 8, TPM_RH_OWNER, P(TPM_RC_RESERVED_BITS, 2) },
	{ OWNERS, 8, TPM_RH_ENDORSEMENT, H(TPM_RC_VALUE, 1) },
};

static void definitions_are_checked(void)
{
	unsigned int i;

	set_up();
	for (i = 0; i < ARRAY_SIZE(definitions); i++) {
		u32 rc = nv_define_full(definitions[i].by, X, TPM_ALG_SHA256, definitions[i].attrs,
					definitions[i].size, "", NULL, 0);

		if (rc != definitions[i].rc)
			test_fail(__FILE__, __LINE__, "definition %u: 0x%x", i, rc);
		EXPECT_EQ(nv_attrs(X, NULL), rc ? 0 : definitions[i].attrs);
		EXPECT_EQ(nv_undefine(TPM_RH_PLATFORM, X), rc ? H(TPM_RC_HANDLE, 2) : 0);
	}
	EXPECT_EQ(nv_define_full(TPM_RH_OWNER, HR_TRANSIENT, TPM_ALG_SHA256, OWNERS, 8, "", NULL,
				 0), P(TPM_RC_VALUE, 2));
	EXPECT_EQ(nv_define_full(TPM_RH_OWNER, X, TPM_ALG_NULL, OWNERS, 8, "", NULL, 0),
		  P(TPM_RC_HASH, 2));
	EXPECT_EQ(nv_define_full(TPM_RH_OWNER, X, TPM_ALG_SHA256, OWNERS, 8, "", "1234", 4),
		  P(TPM_RC_SIZE, 2));
	EXPECT_EQ(nv_define(X, OWNERS, 8, "123456789012345678901234567890123"), P(TPM_RC_SIZE, 1));
	tpm.t->ph_enable_nv = false;
	EXPECT_EQ(nv_define(X, OWNERS | PC, 8, ""), H(TPM_RC_HIERARCHY, 1));
	EXPECT_EQ(nv_define(X, OWNERS, 8, ""), 0);
	EXPECT_EQ(nv_define(X, OWNERS, 8, ""), RAW(TPM_RC_NV_DEFINED));
	tear_down();
}

/* The name is nameAlg and the digest of the public area, which TPMA_NV_WRITTEN changes. */
static void name_follows_the_public_area(void)
{
	u8 area[14] = { 0x01, 0, 0, 0x10, 0, 0x0b }, name[34], digest[32];
	int written;

	set_up();
	EXPECT_EQ(nv_define(X, OWNERS, 4, ""), 0);
	for (written = 0; written < 2; written++) {
		put_unaligned_be32(OWNERS | (written ? TPMA_NV_WRITTEN : 0), area + 6);
		area[13] = 4;
		sha256(area, sizeof(area), NULL, 0, digest);
		EXPECT(nv_attrs(X, name));
		EXPECT_MEM(name, "\0\x0b", 2);
		EXPECT_MEM(name + 2, digest, 32);
		EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", "abcd", 4, 0), 0);
	}
	tear_down();
}

static void who_may_undefine(void)
{
	set_up();
	EXPECT_EQ(nv_define(X, OWNERS | PC, 8, ""), 0);
	EXPECT_EQ(nv_undefine(TPM_RH_OWNER, X), RAW(TPM_RC_NV_AUTHORIZATION));
	EXPECT_EQ(clear(), 0);			/* takes the owner's indices alone */
	EXPECT_EQ(nv_undefine(TPM_RH_PLATFORM, X), 0);
	EXPECT_EQ(nv_define(X, OWNERS, 8, ""), 0);
	EXPECT_EQ(clear(), 0);
	EXPECT_EQ(nv_undefine(TPM_RH_PLATFORM, X), H(TPM_RC_HANDLE, 2));
	EXPECT_EQ(nv_define_full(TPM_RH_PLATFORM, X, TPM_ALG_SHA256,
				 PW | PR | PC | TPMA_NV_POLICY_DELETE, 8, "", NULL, 0), 0);
	EXPECT_EQ(nv_undefine(TPM_RH_PLATFORM, X), H(TPM_RC_ATTRIBUTES, 2));
	tear_down();
}

/* A disabled hierarchy hides its indices; they are there again afterwards. */
static void hidden_with_the_hierarchy(void)
{
	set_up();
	EXPECT_EQ(nv_define(X, PW | PR | PC, 8, ""), 0);
	EXPECT_EQ(nv_define(X + 1, OWNERS | PR, 8, ""), 0);
	tpm.t->ph_enable_nv = false;
	EXPECT_EQ(nv_read(TPM_RH_PLATFORM, X, "", 0, 0, NULL), H(TPM_RC_HANDLE, 2));
	EXPECT_EQ(nv_undefine(TPM_RH_PLATFORM, X), H(TPM_RC_HANDLE, 2));
	EXPECT(nv_attrs(X + 1, NULL));
	tpm.t->hierarchy[HIER_OWNER].enabled = false;
	EXPECT(!nv_attrs(X + 1, NULL));
	power_cycle(true);
	EXPECT(nv_attrs(X, NULL) && nv_attrs(X + 1, NULL));
	tear_down();
}

/* ---- contents ---- */

static void ordinary_contents(void)
{
	u8 back[8];

	set_up();
	EXPECT_EQ(nv_define(X, OWNERS | AR | AW, 8, "secret"), 0);
	EXPECT_EQ(nv_read(TPM_RH_OWNER, X, "", 8, 0, NULL), RAW(TPM_RC_NV_UNINITIALIZED));
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", "xy", 2, 3), 0);
	EXPECT_EQ(nv_read(X, X, "secret", 8, 0, back), 0);
	EXPECT_MEM(back, "\xff\xff\xffxy\xff\xff\xff", 8);
	EXPECT_EQ(nv_write(X, X, "secret", "c", 1, 0), 0);
	EXPECT_EQ(nv_read(TPM_RH_OWNER, X, "", 5, 0, back), 0);
	EXPECT_MEM(back, "c\xff\xffxy", 5);
	EXPECT_EQ(nv_read(X, X, "wrong", 8, 0, NULL), S(TPM_RC_BAD_AUTH, 1));
	EXPECT_EQ(nv_read(TPM_RH_PLATFORM, X, "", 8, 0, NULL), RAW(TPM_RC_NV_AUTHORIZATION));
	EXPECT_EQ(nv_write(TPM_RH_PLATFORM, X, "", "c", 1, 0), RAW(TPM_RC_NV_AUTHORIZATION));
	EXPECT_EQ(nv_define(X + 1, OWNERS | AR | AW, 8, ""), 0);
	EXPECT_EQ(nv_write(X + 1, X, "", "c", 1, 0), RAW(TPM_RC_NV_AUTHORIZATION));
	EXPECT_EQ(nv_increment(X), H(TPM_RC_ATTRIBUTES, 2));
	EXPECT_EQ(nv_set_bits(TPM_RH_OWNER, X, 1), H(TPM_RC_ATTRIBUTES, 2));
	EXPECT_EQ(nv_extend(TPM_RH_OWNER, X, "a", 1), H(TPM_RC_ATTRIBUTES, 2));
	tear_down();
}

static void auth_needs_its_attribute(void)
{
	set_up();
	EXPECT_EQ(nv_define(X, OWNERS, 8, "secret"), 0);
	EXPECT_EQ(nv_write(X, X, "secret", "c", 1, 0), RAW(TPM_RC_AUTH_UNAVAILABLE));
	EXPECT_EQ(nv_read(X, X, "secret", 1, 0, NULL), RAW(TPM_RC_AUTH_UNAVAILABLE));
	EXPECT_EQ(nv_plain(TPM_CC_NV_WriteLock, X, X, "secret"), RAW(TPM_RC_AUTH_UNAVAILABLE));
	EXPECT_EQ(nv_plain(TPM_CC_NV_ReadLock, X, X, "secret"), RAW(TPM_RC_AUTH_UNAVAILABLE));
	tear_down();
}

/* Offsets and sizes at every edge, and where a sum would wrap. */
static void t29_boundaries(void)
{
	static const u16 edges[] = { 0, 1, 31, 32, 33, 0x7fff, 0x8000, 0xffff };
	u8 data[64] = { 0 };
	unsigned int i, j;

	set_up();
	EXPECT_EQ(nv_define(X, OWNERS, 32, ""), 0);
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", data, 32, 0), 0);
	for (i = 0; i < ARRAY_SIZE(edges); i++) {
		for (j = 0; j < ARRAY_SIZE(edges); j++) {
			u32 sum = (u32)edges[i] + edges[j];
			u32 want = edges[j] > 32 ? P(TPM_RC_VALUE, 2) :
				   sum > 32 ? RAW(TPM_RC_NV_RANGE) : 0;

			if (edges[i] <= sizeof(data))
				EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", data, edges[i], edges[j]),
					  want);
			if (edges[i] > TPM2_MAX_NV_BUFFER)
				want = P(TPM_RC_VALUE, 1);
			EXPECT_EQ(nv_read(TPM_RH_OWNER, X, "", edges[i], edges[j], NULL), want);
		}
	}
	EXPECT_EQ(nv_define(X + 1, OWNERS | TPMA_NV_WRITEALL, 32, ""), 0);
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X + 1, "", data, 31, 0), RAW(TPM_RC_NV_RANGE));
	EXPECT_EQ(nv_read(TPM_RH_OWNER, X + 1, "", 1, 0, NULL), RAW(TPM_RC_NV_UNINITIALIZED));
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X + 1, "", data, 32, 0), 0);
	tear_down();
}

/* Until nothing fits; then all of it again: neither space nor memory got lost. */
static void fill(u16 size)
{
	long before = atomic_long_read(&tpm.mem.bytes);
	u32 n[2] = { 0 }, i, j, rc = 0;

	for (i = 0; i < 2; i++) {
		while (!(rc = nv_define(X + n[i], OWNERS, size, "")) &&
		       n[i] <= TPM2_MAX_NV_SPACE / size)
			n[i]++;
		EXPECT_EQ(rc, RAW(TPM_RC_NV_SPACE));
		EXPECT(!nv_attrs(X + n[i], NULL));
		for (j = 0; j < n[i]; j++)
			EXPECT_EQ(nv_undefine(TPM_RH_OWNER, X + n[i] - 1 - j), 0);
		EXPECT_EQ(tpm.t->nv_used, 0);
		EXPECT_EQ(atomic_long_read(&tpm.mem.bytes), before);
	}
	EXPECT_EQ(n[0], n[1]);
	EXPECT(n[0] >= TPM2_MAX_NV_SPACE / (size + 256));
}

static void t29_space_is_given_back(void)
{
	set_up();
	fill(TPM2_MAX_NV_BUFFER);
	OK_SO_FAR();
	fill(100);
	OK_SO_FAR();
	tear_down();
}

/* No counter shows a value again that an index before it had. */
static void t29_counters_never_go_back(void)
{
	int i;

	set_up();
	EXPECT_EQ(nv_define(X, OWNERS | NT(COUNTER), 8, ""), 0);
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", "12345678", 8, 0), RAW(TPM_RC_ATTRIBUTES));
	for (i = 1; i < 6; i++) {
		EXPECT_EQ(nv_increment(X), 0);
		EXPECT_EQ(nv_number(X), i);
	}
	EXPECT_EQ(nv_undefine(TPM_RH_OWNER, X), 0);
	EXPECT_EQ(nv_define(X, OWNERS | NT(COUNTER), 8, ""), 0);
	EXPECT_EQ(nv_increment(X), 0);
	EXPECT_EQ(nv_number(X), 6);
	EXPECT_EQ(clear(), 0);
	EXPECT_EQ(nv_define(X, OWNERS | NT(COUNTER), 8, ""), 0);
	power_cycle(false);
	EXPECT_EQ(nv_increment(X), 0);
	EXPECT_EQ(nv_number(X), 7);
	tear_down();
}

/* An orderly counter may lose increments with the power: it skips what might have been seen. */
static void orderly_counter_skips(void)
{
	set_up();
	EXPECT_EQ(nv_define(X, OWNERS | TPMA_NV_ORDERLY | NT(COUNTER), 8, ""), 0);
	EXPECT_EQ(nv_increment(X), 0);
	power_cycle(true);
	EXPECT_EQ(nv_number(X), 1);
	power_cycle(false);
	EXPECT_EQ(nv_number(X), 0xff);
	EXPECT_EQ(nv_increment(X), 0);
	EXPECT_EQ(nv_number(X), 0x100);
	tear_down();
}

/* What is done to an index between TPM2_Shutdown and the end of power */
static const struct {
	u32 kind;
	u16 size;
	int what;
} changes[] = {
	{ NT(ORDINARY), 8, 'w' }, { NT(COUNTER), 8, '+' }, { NT(BITS), 8, 'b' },
	{ NT(EXTEND), 32, 'x' }, { NT(ORDINARY), 8, 'r' }, { NT(COUNTER), 8, 'r' },
};

static u32 change(u32 index, int what)
{
	u8 data[8];

	switch (what) {
	case 'w':
		return nv_write(TPM_RH_OWNER, index, "", "12345678", 8, 0);
	case '+':
		return nv_increment(index);
	case 'b':
		return nv_set_bits(TPM_RH_OWNER, index, 1);
	case 'x':
		return nv_extend(TPM_RH_OWNER, index, "one", 3);
	default:
		return nv_read(TPM_RH_OWNER, index, "", 8, 0, data);
	}
}

static u32 with_su(u32 code, u16 type)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, code);
	cmd_u16(&c, type);
	return cmd_run(&tpm, &c);
}

/* Is the state still the one that was saved? */
static bool resumes(u32 index, int what)
{
	bool ok;

	if (with_su(TPM_CC_Shutdown, TPM_SU_STATE) || change(index, what))
		return false;
	tpm2_power_on(tpm.t);
	ok = !with_su(TPM_CC_Startup, TPM_SU_STATE);
	if (!ok)
		with_su(TPM_CC_Startup, TPM_SU_CLEAR);
	return ok;
}

/* Orderly contents are saved by TPM2_Shutdown: a change after it wants another one. */
static void orderly_contents_void_a_shutdown(void)
{
	unsigned int i;
	int first;

	set_up();
	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		u32 index = X + 2 * i;

		first = TPM_NT(changes[i].kind) == TPM_NT_COUNTER ? '+' : 'w';
		EXPECT_EQ(nv_define(index, OWNERS | changes[i].kind, changes[i].size, ""), 0);
		EXPECT_EQ(nv_define(index + 1, OWNERS | TPMA_NV_ORDERLY | changes[i].kind,
				    changes[i].size, ""), 0);
		if (changes[i].what == 'r') {
			EXPECT_EQ(change(index, first), 0);
			EXPECT_EQ(change(index + 1, first), 0);
		}
		EXPECT(resumes(index, changes[i].what));
		EXPECT_EQ(resumes(index + 1, changes[i].what), changes[i].what == 'r');
	}
	tear_down();
}

/* A counter that is not orderly loses nothing with the power, and skips nothing. */
static void counters_over_power_cycles(void)
{
	set_up();
	EXPECT_EQ(nv_define(X, OWNERS | NT(COUNTER), 8, ""), 0);
	EXPECT_EQ(nv_define(X + 1, OWNERS | TPMA_NV_ORDERLY | NT(COUNTER), 8, ""), 0);
	EXPECT_EQ(nv_define(X + 2, OWNERS | TPMA_NV_ORDERLY, 8, ""), 0);
	EXPECT_EQ(nv_increment(X), 0);
	power_cycle(false);
	EXPECT_EQ(nv_number(X), 1);
	/* one that was never counted has nothing to skip */
	EXPECT_EQ(nv_increment(X + 1), 0);
	EXPECT_EQ(nv_number(X + 1), 1);
	/* after a resume and a restart, too */
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X + 2, "", "12345678", 8, 0), 0);
	with_su(TPM_CC_Shutdown, TPM_SU_STATE);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(with_su(TPM_CC_Startup, TPM_SU_STATE), 0);
	EXPECT_EQ(nv_number(X + 1), 1);
	EXPECT(nv_attrs(X + 2, NULL) & TPMA_NV_WRITTEN);
	with_su(TPM_CC_Shutdown, TPM_SU_STATE);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(with_su(TPM_CC_Startup, TPM_SU_CLEAR), 0);
	EXPECT_EQ(nv_number(X + 1), 1);
	EXPECT(nv_attrs(X + 2, NULL) & TPMA_NV_WRITTEN);
	/* a reset forgets orderly contents, all but a counter's */
	power_cycle(true);
	EXPECT(!(nv_attrs(X + 2, NULL) & TPMA_NV_WRITTEN));
	EXPECT_EQ(nv_number(X + 1), 1);
	/* incremented after the shutdown: the shutdown saved less */
	with_su(TPM_CC_Shutdown, TPM_SU_CLEAR);
	EXPECT_EQ(nv_increment(X + 1), 0);
	power_cycle(false);
	EXPECT_EQ(nv_number(X + 1), 0xff);
	tear_down();
}

static void bits_and_extend(void)
{
	u8 digest[32] = { 0 }, back[32];

	set_up();
	EXPECT_EQ(nv_define(X, OWNERS | NT(BITS), 8, ""), 0);
	EXPECT_EQ(nv_set_bits(TPM_RH_OWNER, X, 0x8000000000000001ull), 0);
	EXPECT_EQ(nv_set_bits(TPM_RH_OWNER, X, 0x10), 0);
	EXPECT_EQ(nv_number(X), 0x8000000000000011ull);
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", "12345678", 8, 0), RAW(TPM_RC_ATTRIBUTES));
	EXPECT_EQ(nv_define(X + 1, OWNERS | NT(EXTEND), 32, ""), 0);
	EXPECT_EQ(nv_extend(TPM_RH_OWNER, X + 1, "one", 3), 0);
	EXPECT_EQ(nv_extend(TPM_RH_OWNER, X + 1, "", 0), 0);
	sha256(digest, 32, "one", 3, digest);
	sha256(digest, 32, NULL, 0, digest);
	EXPECT_EQ(nv_read(TPM_RH_OWNER, X + 1, "", 32, 0, back), 0);
	EXPECT_MEM(back, digest, 32);
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X + 1, "", digest, 32, 0), RAW(TPM_RC_ATTRIBUTES));
	tear_down();
}

/* ---- locks and start-up ---- */

#define WL	TPMA_NV_WRITELOCKED
#define RL	TPMA_NV_READLOCKED
#define WR	TPMA_NV_WRITTEN

/* What is left of @state after a reset */
static const struct {
	u32 attrs;
	bool written;
	u32 before;
	u32 after;
} lives[] = {
	{ TPMA_NV_WRITE_STCLEAR, true, WL | WR, WR },
	{ TPMA_NV_READ_STCLEAR, true, RL | WR, WR },
	{ TPMA_NV_WRITEDEFINE, true, WL | WR, WL | WR },
	{ TPMA_NV_WRITEDEFINE, false, WL, 0 },
	{ TPMA_NV_WRITE_STCLEAR | TPMA_NV_CLEAR_STCLEAR, true, WL | WR, 0 },
	{ TPMA_NV_CLEAR_STCLEAR, true, WR, 0 },
	{ TPMA_NV_ORDERLY, true, WR, 0 },
	{ TPMA_NV_ORDERLY | TPMA_NV_READ_STCLEAR, false, RL, 0 },
	{ TPMA_NV_READ_STCLEAR | TPMA_NV_WRITE_STCLEAR, true, RL | WL | WR, WR },
	{ 0, true, WR, WR },
};

static void one_life(unsigned int i)
{
	const u32 attrs = lives[i].attrs, state = WL | RL | WR;
	bool write_lock = attrs & (TPMA_NV_WRITE_STCLEAR | TPMA_NV_WRITEDEFINE);
	bool read_lock = attrs & TPMA_NV_READ_STCLEAR;

	EXPECT_EQ(nv_define(X, OWNERS | attrs, 4, ""), 0);
	if (lives[i].written)
		EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", "abcd", 4, 0), 0);
	EXPECT_EQ(nv_plain(TPM_CC_NV_WriteLock, TPM_RH_OWNER, X, ""),
		  write_lock ? 0 : H(TPM_RC_ATTRIBUTES, 2));
	EXPECT_EQ(nv_plain(TPM_CC_NV_ReadLock, TPM_RH_OWNER, X, ""),
		  read_lock ? 0 : H(TPM_RC_ATTRIBUTES, 2));
	EXPECT_EQ(nv_attrs(X, NULL) & state, lives[i].before);
	if (write_lock)
		EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", "z", 1, 0), RAW(TPM_RC_NV_LOCKED));
	if (read_lock)
		EXPECT_EQ(nv_read(TPM_RH_OWNER, X, "", 1, 0, NULL), RAW(TPM_RC_NV_LOCKED));
	power_cycle(i & 1);
	EXPECT_EQ(nv_attrs(X, NULL) & state, lives[i].after);
	EXPECT_EQ(nv_undefine(TPM_RH_OWNER, X), 0);
}

static void locks_and_startup(void)
{
	unsigned int i;

	set_up();
	for (i = 0; i < ARRAY_SIZE(lives); i++) {
		one_life(i);
		OK_SO_FAR();
	}
	EXPECT_EQ(nv_define(X, OWNERS | TPMA_NV_GLOBALLOCK, 4, ""), 0);
	EXPECT_EQ(nv_define(X + 1, OWNERS, 4, ""), 0);
	EXPECT_EQ(nv_plain(TPM_CC_NV_WriteLock, TPM_RH_OWNER, X, ""), H(TPM_RC_ATTRIBUTES, 2));
	{
		struct cmd c;

		nv_head(&c, TPM_CC_NV_GlobalWriteLock, 1, TPM_RH_OWNER, 0, "");
		EXPECT_EQ(cmd_run(&tpm, &c), 0);
	}
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", "z", 1, 0), RAW(TPM_RC_NV_LOCKED));
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X + 1, "", "z", 1, 0), 0);
	tear_down();
}

/* ---- PINs and dictionary attacks ---- */

static u32 nv_set_pin(u32 count, u32 limit)
{
	u8 pin[8];

	put_unaligned_be32(count, pin);
	put_unaligned_be32(limit, pin + 4);
	return nv_write(TPM_RH_OWNER, X, "", pin, 8, 0);
}

static u32 secret(u32 session, const char *auth)
{
	struct cmd c;

	nv_head(&c, TPM_CC_PolicySecret, 2, X, session, auth);
	cmd_u16(&c, 0);
	cmd_u16(&c, 0);
	cmd_u16(&c, 0);
	cmd_u32(&c, 0);
	return cmd_run(&tpm, &c);
}

static void t29_pin_indices(void)
{
	u32 se;

	set_up();
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_NULL, &se), 0);
	EXPECT_EQ(nv_define(X, OWNERS | NT(PIN_PASS), 8, "pin"), 0);
	EXPECT_EQ(secret(se, "pin"), RAW(TPM_RC_AUTH_UNAVAILABLE));	/* not written */
	EXPECT_EQ(nv_set_pin(0, 2), 0);
	EXPECT_EQ(secret(se, "wrong"), S(TPM_RC_BAD_AUTH, 1));
	EXPECT_EQ(nv_number(X), 2);
	EXPECT_EQ(secret(se, "pin"), 0);
	EXPECT_EQ(secret(se, "pin"), 0);
	EXPECT_EQ(nv_number(X), 2ull << 32 | 2);
	EXPECT_EQ(secret(se, "pin"), RAW(TPM_RC_AUTH_UNAVAILABLE));
	EXPECT_EQ(nv_undefine(TPM_RH_OWNER, X), 0);

	EXPECT_EQ(nv_define(X, OWNERS | NT(PIN_FAIL), 8, "pin"), 0);
	EXPECT_EQ(nv_set_pin(0, 2), 0);
	EXPECT_EQ(secret(se, "wrong"), S(TPM_RC_BAD_AUTH, 1));
	EXPECT_EQ(nv_number(X), 1ull << 32 | 2);
	EXPECT_EQ(secret(se, "pin"), 0);
	EXPECT_EQ(nv_number(X), 2);
	EXPECT_EQ(secret(se, "wrong"), S(TPM_RC_BAD_AUTH, 1));
	EXPECT_EQ(secret(se, "wrong"), S(TPM_RC_BAD_AUTH, 1));
	EXPECT_EQ(secret(se, "pin"), RAW(TPM_RC_AUTH_UNAVAILABLE));
	EXPECT_EQ(nv_number(X), 2ull << 32 | 2);
	tear_down();
}

/* The failure is counted before its answer is written, and a power cycle forgets none. */
static void t28_failed_tries_are_counted(void)
{
	u32 i;

	set_up();
	EXPECT_EQ(nv_define(X, OW | OR | AR | AW, 8, "secret"), 0);
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", "a", 1, 0), 0);
	for (i = 1; i <= tpm.t->da.max_tries; i++) {
		EXPECT_EQ(nv_read(X, X, "wrong", 1, 0, NULL), S(TPM_RC_AUTH_FAIL, 1));
		EXPECT_EQ(tpm.t->da.failed_tries, i);
	}
	EXPECT_EQ(nv_read(X, X, "secret", 1, 0, NULL), RAW(TPM_RC_LOCKOUT));
	power_cycle(true);
	EXPECT(tpm.t->da.failed_tries >= tpm.t->da.max_tries);
	EXPECT_EQ(nv_read(X, X, "secret", 1, 0, NULL), RAW(TPM_RC_LOCKOUT));
	EXPECT_EQ(nv_read(TPM_RH_OWNER, X, "", 1, 0, NULL), 0);
	tear_down();
}

/* ---- GetCapability ---- */

static u32 capability(u32 cap, u32 first, u32 n, u32 *values)
{
	struct cmd c;
	struct rsp r;
	u32 count, i;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
	cmd_u32(&c, cap);
	cmd_u32(&c, first);
	cmd_u32(&c, n);
	if (cmd_run(&tpm, &c))
		return ~0u;
	r = rsp_params(&tpm, NULL);
	rsp_u8(&r);
	rsp_u32(&r);
	count = rsp_u32(&r);
	for (i = 0; i < count && i < 8; i++) {
		if (cap == TPM_CAP_TPM_PROPERTIES)
			rsp_u32(&r);
		values[i] = rsp_u32(&r);
	}
	return count;
}

static void listed_in_order(void)
{
	static const u8 order[] = { 5, 1, 9, 3 };
	u32 v[8], i;

	set_up();
	EXPECT_EQ(capability(TPM_CAP_HANDLES, HR_NV_INDEX, 8, v), 1);
	EXPECT_EQ(v[0], VTPM_NV_IDENTITY);
	for (i = 0; i < 4; i++)
		EXPECT_EQ(nv_define(X + order[i], OWNERS | (i < 2 ? NT(COUNTER) : 0), 8, ""), 0);
	EXPECT_EQ(capability(TPM_CAP_HANDLES, HR_NV_INDEX, 8, v), 5);
	EXPECT_EQ(v[4], VTPM_NV_IDENTITY);
	EXPECT(v[0] == X + 1 && v[1] == X + 3 && v[2] == X + 5 && v[3] == X + 9);
	EXPECT_EQ(capability(TPM_CAP_HANDLES, X + 4, 1, v), 1);
	EXPECT_EQ(v[0], X + 5);
	EXPECT_EQ(capability(TPM_CAP_TPM_PROPERTIES, 0x202, 1, v), 1);
	EXPECT_EQ(v[0], 5);
	EXPECT_EQ(capability(TPM_CAP_TPM_PROPERTIES, 0x20a, 2, v), 2);
	EXPECT_EQ(v[0], 2);
	EXPECT(v[1] > 100);
	tear_down();
}

static const struct test_case cases[] = {
	{ "definitions_are_checked", definitions_are_checked },
	{ "name_follows_the_public_area", name_follows_the_public_area },
	{ "who_may_undefine", who_may_undefine },
	{ "hidden_with_the_hierarchy", hidden_with_the_hierarchy },
	{ "ordinary_contents", ordinary_contents },
	{ "auth_needs_its_attribute", auth_needs_its_attribute },
	{ "T29_boundaries", t29_boundaries },
	{ "T29_space_is_given_back", t29_space_is_given_back },
	{ "T29_counters_never_go_back", t29_counters_never_go_back },
	{ "orderly_counter_skips", orderly_counter_skips },
	{ "orderly_contents_void_a_shutdown", orderly_contents_void_a_shutdown },
	{ "counters_over_power_cycles", counters_over_power_cycles },
	{ "bits_and_extend", bits_and_extend },
	{ "locks_and_startup", locks_and_startup },
	{ "T29_pin_indices", t29_pin_indices },
	{ "T28_failed_tries_are_counted", t28_failed_tries_are_counted },
	{ "listed_in_order", listed_in_order },
};

TEST_MAIN("nv", cases)
