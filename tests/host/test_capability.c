// SPDX-License-Identifier: GPL-2.0-only
/* TPM2_GetCapability and TPM2_TestParms (Part 3, 30): what is said has to be true. */
#include "object_support.h"

#define MAX_ITEMS	256

static struct host_tpm tpm;

static void set_up(const char *policy)
{
	host_tpm_new(&tpm, policy);
}

static void tear_down(void)
{
	long left = host_tpm_free(&tpm);

	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

/* TPMA_CC as libtpms reports them for the same commands */
static const u32 command_attrs[] = {
	0x0440011f, 0x04400120, 0x02c00121, 0x04400122, 0x02c00124, 0x02c00125, 0x02c00126,
	0x02400127, 0x02400128, 0x02400129, 0x0240012a, 0x0240012b, 0x0240012c, 0x0240012d,
	0x0240012e, 0x02000130, 0x12000131, 0x02400132, 0x04400133, 0x04400134, 0x04400135,
	0x04400136, 0x04400137, 0x04400138, 0x02400139, 0x0240013a, 0x0240013b, 0x0240013c,
	0x0240013d, 0x0300013e, 0x02400140, 0x00400142, 0x00400143, 0x00400144, 0x00400145,
	0x00400146, 0x04000147, 0x04000148, 0x06000149, 0x0400014a, 0x0400014b, 0x0400014c,
	0x0600014d, 0x0400014e, 0x0440014f, 0x04000150, 0x04000151, 0x04000152, 0x02000153,
	0x02000154, 0x02000155, 0x02000156, 0x12000157, 0x02000158, 0x02000159, 0x1200015b,
	0x0200015c, 0x0200015d, 0x0200015e, 0x04000160, 0x10000161, 0x02000162, 0x02000163,
	0x02000164, 0x00000165, 0x10000167, 0x02000168, 0x02000169, 0x0200016a, 0x0200016b,
	0x0200016c, 0x0200016d, 0x0200016e, 0x0200016f, 0x02000170, 0x02000171, 0x02000172,
	0x02000173, 0x02000174, 0x14000176, 0x02000177, 0x00000178, 0x0000017a, 0x0000017b,
	0x0000017c, 0x0000017d, 0x0000017e, 0x0200017f, 0x02000180, 0x00000181, 0x02400182,
	0x02000183, 0x06000184, 0x05400185, 0x10000186, 0x02000187, 0x02000188, 0x02000189,
	0x0000018a, 0x0200018b, 0x0200018c, 0x0200018d, 0x0000018e, 0x0200018f, 0x02000190,
	0x12000191, 0x06000192, 0x02000193, 0x04000197, 0x02000198, 0x02000199, 0x0200019a,
	0x0200019b, 0x0200019c, 0x0240019d, 0x0200019e,
};

/* A list of any group: numbers and what is said of each */
struct list {
	u8 more;
	u32 count;
	u32 key[MAX_ITEMS];
	u32 value[MAX_ITEMS];
};

static void read_item(struct rsp *r, u32 cap, struct list *l, u32 i)
{
	switch (cap) {
	case TPM_CAP_ALGS:
		l->key[i] = rsp_u16(r);
		l->value[i] = rsp_u32(r);
		break;
	case TPM_CAP_HANDLES:
		l->key[i] = rsp_u32(r);
		break;
	case TPM_CAP_ECC_CURVES:
		l->key[i] = rsp_u16(r);
		break;
	case TPM_CAP_COMMANDS:
		l->value[i] = rsp_u32(r);
		l->key[i] = l->value[i] & 0xffff;
		break;
	case TPM_CAP_AUTH_POLICIES:
		l->key[i] = rsp_u32(r);
		l->value[i] = rsp_u16(r);
		break;
	case TPM_CAP_ACT:
		l->key[i] = rsp_u32(r);
		l->value[i] = rsp_u32(r);
		EXPECT(!(rsp_u32(r) & ~(TPMA_ACT_SIGNALED | TPMA_ACT_PRESERVESIGNALED)));
		break;
	default:	/* properties; those of PCRs are a size and three bytes */
		l->key[i] = rsp_u32(r);
		l->value[i] = rsp_u32(r);
	}
}

static u32 ask(u32 cap, u32 property, u32 count)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
	cmd_u32(&c, cap);
	cmd_u32(&c, property);
	cmd_u32(&c, count);
	return cmd_run(&tpm, &c);
}

static u32 get(u32 cap, u32 property, u32 count, struct list *l)
{
	struct rsp r;
	u32 i, rc = ask(cap, property, count);

	memset(l, 0, sizeof(*l));
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	l->more = rsp_u8(&r);
	if (rsp_u32(&r) != cap)
		return 0xfffffff0;
	l->count = rsp_u32(&r);
	for (i = 0; i < l->count && i < MAX_ITEMS; i++)
		read_item(&r, cap, l, i);
	return r.bad || r.left || l->more > 1 ? 0xfffffff1 : 0;
}

static u32 property(u32 tag)
{
	struct list l;

	if (get(TPM_CAP_TPM_PROPERTIES, tag, 1, &l) || l.count != 1 || l.key[0] != tag)
		return 0xdeadbeef;
	return l.value[0];
}

/* ---- any group: where a list begins and ends ---- */

static void check_from(const struct list *all, u32 cap, u32 i)
{
	u32 from = i ? all->key[i - 1] + 1 : all->key[0], n = all->count - i;
	struct list l;

	/* from just past the one before, and from its own number */
	EXPECT_EQ(get(cap, from, 1, &l), 0);
	EXPECT(l.count == 1 && l.key[0] == all->key[i] && l.value[0] == all->value[i]);
	EXPECT_EQ(l.more, n > 1);
	EXPECT_EQ(get(cap, all->key[i], n, &l), 0);
	EXPECT_EQ(l.count, n);
	EXPECT_EQ(l.more, 0);
	EXPECT_MEM(l.key, all->key + i, 4 * n);
	EXPECT_EQ(get(cap, all->key[i], n - 1, &l), 0);
	EXPECT_EQ(l.count, n - 1);
	EXPECT_EQ(l.more, 1);
}

static void check_edges(u32 cap, u32 first, u32 expected)
{
	struct list all, l;
	u32 i;

	EXPECT_EQ(get(cap, first, 0xffffffff, &all), 0);
	EXPECT_EQ(all.count, expected);
	EXPECT_EQ(all.more, 0);
	for (i = 0; i < all.count; i++) {
		EXPECT(!i || all.key[i] > all.key[i - 1]);
		check_from(&all, cap, i);
		OK_SO_FAR();
	}
	EXPECT_EQ(get(cap, first, all.count + 1, &l), 0);
	EXPECT_EQ(l.count, all.count);
	EXPECT_EQ(l.more, 0);
	EXPECT_EQ(get(cap, first, 0, &l), 0);
	EXPECT_EQ(l.count, 0);
	EXPECT_EQ(l.more, all.count > 0);
	EXPECT_EQ(get(cap, all.key[all.count - 1] + 1, 5, &l), 0);
	EXPECT_EQ(l.count, 0);
	EXPECT_EQ(l.more, 0);
}

static void edges(void)
{
	u32 handle, i;

	set_up(NULL);
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &handle), 0);
		EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, handle, 0x81000100 - 7 * i), 0);
	}
	check_edges(TPM_CAP_ALGS, 0, 29);
	check_edges(TPM_CAP_HANDLES, 0, 24);
	check_edges(TPM_CAP_HANDLES, TPM_HT_PERMANENT << 24, 8);
	check_edges(TPM_CAP_HANDLES, 0x80000000, 5);
	check_edges(TPM_CAP_HANDLES, 0x81000000, 5);
	check_edges(TPM_CAP_COMMANDS, 0, ARRAY_SIZE(command_attrs));
	check_edges(TPM_CAP_TPM_PROPERTIES, 0, 67);
	check_edges(TPM_CAP_PCR_PROPERTIES, 0, 15);
	check_edges(TPM_CAP_ECC_CURVES, 0, 4);
	check_edges(TPM_CAP_AUTH_POLICIES, TPM_HT_PERMANENT << 24, 5);
	check_edges(TPM_CAP_ACT, TPM_RH_ACT_0, 1);
	tear_down();
}

static void groups_refused(void)
{
	static const u32 none[] = { 0x0b, 0x0c, 0xff, 0x101, 0x80000000, 0xffffffff };
	struct list l;
	unsigned int i;

	set_up(NULL);
	for (i = 0; i < ARRAY_SIZE(none); i++)
		EXPECT_EQ(ask(none[i], 0, 1), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(ask(TPM_CAP_PCRS, 1, 1), P(TPM_RC_VALUE, 2));
	EXPECT_EQ(ask(TPM_CAP_AUTH_POLICIES, 0, 1), P(TPM_RC_VALUE, 2));
	EXPECT_EQ(ask(TPM_CAP_AUTH_POLICIES, 0x80000000, 1), P(TPM_RC_VALUE, 2));
	/* the timers of TPM_CAP_ACT have handles of their own */
	EXPECT_EQ(ask(TPM_CAP_ACT, 0, 1), P(TPM_RC_VALUE, 2));
	EXPECT_EQ(ask(TPM_CAP_ACT, 0x4000010f, 1), P(TPM_RC_VALUE, 2));
	EXPECT_EQ(ask(TPM_CAP_ACT, 0x40000120, 1), P(TPM_RC_VALUE, 2));
	EXPECT_EQ(get(TPM_CAP_ACT, 0x4000011f, 1, &l), 0);
	EXPECT(!l.count && !l.more);
	tear_down();
}

/* ---- handles ---- */

static u32 save_context(u32 handle)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ContextSave);
	cmd_u32(&c, handle);
	return cmd_run(&tpm, &c);
}

static bool handles_are(u32 first, u32 n, const u32 *want)
{
	struct list l;

	return !get(TPM_CAP_HANDLES, first, 100, &l) && !l.more && l.count == n &&
	       (!n || !memcmp(l.key, want, 4 * n));
}

static void handles(void)
{
	u32 objects[3], sessions[4], persistent = 0x81000007;
	struct tpm2_space *mine, *other;
	unsigned int i;

	set_up(NULL);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &objects[i]), 0);
	for (i = 0; i < 4; i++)
		EXPECT_EQ(tpm_start_session(&tpm, i & 1 ? TPM_SE_POLICY : TPM_SE_HMAC,
					    TPM_ALG_SHA256, TPM_ALG_NULL, &sessions[i]), 0);
	EXPECT(sessions[0] >> 24 == 2 && sessions[1] >> 24 == 3);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, objects[1], persistent), 0);
	EXPECT_EQ(tpm_flush(&tpm, objects[1]), 0);
	objects[1] = objects[2];
	EXPECT(handles_are(0x80000000, 2, objects));
	EXPECT(handles_are(0x81000000, 1, &persistent));
	EXPECT(handles_are(0x02000000, 4, sessions));
	EXPECT(handles_are(0x03000000, 0, NULL));
	EXPECT_EQ(save_context(sessions[1]), 0);
	EXPECT(handles_are(0x03000000, 1, sessions + 1));
	EXPECT(handles_are(0x02000000, 3, (u32[]){ sessions[0], sessions[2], sessions[3] }));
	/* from another opener's side there are no objects and no loaded sessions */
	mine = tpm.space;
	other = tpm2_space_new(tpm.t);
	tpm.space = other;
	EXPECT(handles_are(0x80000000, 0, NULL));
	EXPECT(handles_are(0x02000000, 0, NULL));
	EXPECT(handles_are(0x81000000, 1, &persistent));
	EXPECT_EQ(property(0x203), 0);
	EXPECT_EQ(property(0x205), 4);
	EXPECT_EQ(property(0x207), TPM2_MAX_OBJECTS);
	tpm.space = mine;
	tpm2_space_free(other);
	EXPECT_EQ(tpm_flush(&tpm, sessions[0]), 0);
	tear_down();
}

static void handle_types(void)
{
	struct list l;
	u32 type;

	set_up(NULL);
	for (type = 0; type < 256; type++) {
		bool known = type <= 3 || type == 0x40 || type == 0x80 || type == 0x81;

		EXPECT_EQ(get(TPM_CAP_HANDLES, type << 24, 1, &l), known ? 0 : P(TPM_RC_HANDLE, 2));
	}
	EXPECT_EQ(get(TPM_CAP_HANDLES, 0x01000000, 10, &l), 0);
	EXPECT(l.count == 1 && !l.more);	/* the index of identity.h */
	EXPECT_EQ(get(TPM_CAP_HANDLES, 0x01800000, 10, &l), 0);
	EXPECT(!l.count && !l.more);
	tear_down();
}

/* ---- properties ---- */

/* Linux asks so how long a command may be. */
static void max_command_size(void)
{
	struct list l;

	set_up(NULL);
	EXPECT_EQ(get(TPM_CAP_TPM_PROPERTIES, 0x11e, 2, &l), 0);
	EXPECT_EQ(l.count, 2);
	EXPECT(l.key[0] == 0x11e && l.value[0] == VTPM_MAX_COMMAND);
	EXPECT(l.key[1] == 0x11f && l.value[1] == VTPM_MAX_COMMAND);
	EXPECT_EQ(l.more, 1);
	tear_down();
}

static u32 change_auth(u32 who, const char *auth)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_HierarchyChangeAuth, 1, 1, who);
	cmd_2b(&c, auth, strlen(auth));
	return cmd_run(&tpm, &c);
}

static void properties_of_state(void)
{
	u32 handle, sealed, session, i;
	struct bytes private, public;
	struct tmpl guarded = seal_template;

	set_up(NULL);
	EXPECT_EQ(property(0x200), 0x400);
	EXPECT_EQ(property(0x201), 0x8000000f);
	EXPECT_EQ(property(0x207), TPM2_MAX_OBJECTS);
	EXPECT_EQ(property(0x209), TPM2_MAX_PERSISTENT);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &handle), 0);
	EXPECT_EQ(property(0x207), TPM2_MAX_OBJECTS - 1);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, handle, 0x81000000), 0);
	EXPECT_EQ(property(0x208), 1);
	EXPECT_EQ(property(0x209), TPM2_MAX_PERSISTENT - 1);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL, &session), 0);
	EXPECT(property(0x203) == 1 && property(0x204) == TPM2_MAX_SESSIONS - 1);
	EXPECT(property(0x205) == 1 && property(0x206) == TPM2_MAX_ALL_SESSIONS - 1);
	EXPECT_EQ(save_context(session), 0);
	EXPECT(property(0x203) == 0 && property(0x204) == TPM2_MAX_SESSIONS);
	EXPECT(property(0x205) == 1 && property(0x206) == TPM2_MAX_ALL_SESSIONS - 1);
	EXPECT_EQ(property(0x20d), 4);
	EXPECT(property(0x20f) == 3 && property(0x210) == 1000 && property(0x211) == 1000);
	guarded.attrs &= ~TPMA_OBJECT_NODA;
	EXPECT_EQ(create(&tpm, handle, &guarded, "pin", "x", 1, &private, &public), 0);
	EXPECT_EQ(load(&tpm, handle, &private, &public, &sealed), 0);
	for (i = 1; i <= 3; i++) {
		EXPECT_EQ(property(0x200), 0x400);
		EXPECT(unseal(&tpm, sealed, "pan", NULL));
		EXPECT_EQ(property(0x20e), i);
	}
	EXPECT_EQ(property(0x200), 0x600);	/* inLockout */
	EXPECT_EQ(change_auth(TPM_RH_OWNER, "a"), 0);
	EXPECT_EQ(property(0x200), 0x601);
	EXPECT_EQ(change_auth(TPM_RH_ENDORSEMENT, "a"), 0);
	EXPECT_EQ(change_auth(TPM_RH_LOCKOUT, "a"), 0);
	EXPECT_EQ(property(0x200), 0x607);
	tear_down();
}

static void properties_fixed(void)
{
	struct list commands;

	set_up(NULL);
	EXPECT_EQ(property(0x100), 0x322e3000);
	EXPECT_EQ(property(0x102), 159);
	EXPECT_EQ(property(0x10d), TPM2_MAX_BUFFER);
	EXPECT_EQ(property(0x10e), TPM2_MAX_OBJECTS);
	EXPECT_EQ(property(0x110), TPM2_MAX_SESSIONS);
	EXPECT_EQ(property(0x111), TPM2_MAX_ALL_SESSIONS);
	EXPECT_EQ(property(0x112), 24);
	EXPECT_EQ(property(0x113), 3);
	EXPECT_EQ(property(0x120), 64);
	EXPECT_EQ(property(0x12c), TPM2_MAX_NV_BUFFER);
	EXPECT_EQ(property(0x12e), TPM2_MAX_CAP_DATA);
	EXPECT_EQ(get(TPM_CAP_COMMANDS, 0, 1000, &commands), 0);
	EXPECT(property(0x129) == commands.count && property(0x12a) == commands.count);
	EXPECT_EQ(property(0x12b), 0);
	tear_down();
}

/* ---- commands ---- */

static void commands(void)
{
	struct list l;

	set_up(NULL);
	EXPECT_EQ(get(TPM_CAP_COMMANDS, 0, 1000, &l), 0);
	EXPECT_EQ(l.count, ARRAY_SIZE(command_attrs));
	EXPECT_MEM(l.value, command_attrs, sizeof(command_attrs));
	tear_down();
}

/* What is listed is there, and what is not listed is not. */
static void commands_exist(void)
{
	struct list l;
	struct cmd c;
	u32 code, i;

	set_up(NULL);
	for (code = 0x100; code < 0x200; code++) {
		bool listed = false;
		u32 rc;

		for (i = 0; i < ARRAY_SIZE(command_attrs); i++)
			listed |= (command_attrs[i] & 0xffff) == code;
		cmd_start(&c, TPM_ST_NO_SESSIONS, code);
		rc = cmd_run(&tpm, &c);
		EXPECT_EQ(rc != RAW(TPM_RC_COMMAND_CODE), listed);
		EXPECT_EQ(get(TPM_CAP_COMMANDS, code, 1, &l), 0);
		EXPECT_EQ(l.count && l.key[0] == code, listed);
	}
	tear_down();
}

/* ---- PCRs ---- */

static void banks(const char *policy, u32 active)
{
	static const u16 ids[] = { TPM_ALG_SHA1, TPM_ALG_SHA256, TPM_ALG_SHA384, TPM_ALG_SHA512 };
	const char *bits;
	struct rsp r;
	u32 i, count;

	set_up(policy);
	for (count = 1; count < 6; count += 2) {	/* the list comes whole in any case */
		EXPECT_EQ(ask(TPM_CAP_PCRS, 0, count), 0);
		r = rsp_params(&tpm, NULL);
		EXPECT_EQ(rsp_u8(&r), 0);
		EXPECT_EQ(rsp_u32(&r), TPM_CAP_PCRS);
		EXPECT_EQ(rsp_u32(&r), 4);
		for (i = 0; i < 4; i++) {
			EXPECT_EQ(rsp_u16(&r), ids[i]);
			EXPECT_EQ(rsp_u8(&r), 3);
			bits = active & BIT(i) ? "\xff\xff\xff" : "\0\0\0";
			EXPECT_MEM(rsp_bytes(&r, 3), bits, 3);
		}
		EXPECT(!r.left && !r.bad);
	}
	tear_down();
}

static void pcr_banks(void)
{
	banks(NULL, 2);
	banks("bank sha1 sha512\n", 9);
	banks("bank sha256 sha1 sha384 sha512\n", 15);
}

/* Of the PC Client profile, as size and bits */
static void pcr_properties(void)
{
	static const u32 want[][2] = {
		{ 0x00, 0x03ffff00 }, { 0x01, 0x03ffff81 }, { 0x02, 0x03000081 },
		{ 0x03, 0x03ffff91 }, { 0x04, 0x03000081 }, { 0x05, 0x03ffffff },
		{ 0x06, 0x030000f1 }, { 0x07, 0x03ffff9f }, { 0x08, 0x03000081 },
		{ 0x09, 0x03ffff87 }, { 0x0a, 0x0300009f }, { 0x11, 0x030000e1 },
		{ 0x12, 0x0300007e }, { 0x13, 0x03000070 }, { 0x14, 0x03000070 },
	};
	struct list l;
	u32 i;

	set_up(NULL);
	EXPECT_EQ(get(TPM_CAP_PCR_PROPERTIES, 0, 100, &l), 0);
	EXPECT_EQ(l.count, ARRAY_SIZE(want));
	for (i = 0; i < l.count; i++) {
		EXPECT_EQ(l.key[i], want[i][0]);
		EXPECT_EQ(l.value[i], want[i][1]);
	}
	tear_down();
}

/* ---- TPM2_TestParms, and the algorithms ---- */

#define NONE	TPM_ALG_NULL
#define P256	TPM_ECC_NIST_P256

static u32 test_parms(const u16 *words, unsigned int n)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_TestParms);
	while (n--)
		cmd_u16(&c, *words++);
	return cmd_run(&tpm, &c);
}

#define PARMS(...) test_parms((const u16[]){ __VA_ARGS__ }, \
			      sizeof((const u16[]){ __VA_ARGS__ }) / sizeof(u16))

static void parms(void)
{
	static const u16 bits[] = { 0, 512, 1024, 1025, 2047, 2048, 3072, 4096, 8192, 65535 };
	unsigned int i;

	set_up(NULL);
	for (i = 0; i < ARRAY_SIZE(bits); i++)
		EXPECT_EQ(PARMS(TPM_ALG_RSA, NONE, NONE, bits[i], 0, 0),
			  bits[i] == 1024 || bits[i] == 2048 || bits[i] == 3072 ||
			  bits[i] == 4096 ? 0 : P(TPM_RC_VALUE, 1));
	for (i = 0; i < 0x30; i++)
		EXPECT_EQ(PARMS(TPM_ALG_ECC, NONE, NONE, i, NONE),
			  (i >= 3 && i <= 5) || i == 0x10 ? 0 : P(TPM_RC_CURVE, 1));
	for (i = 0; i < 600; i++)
		EXPECT_EQ(PARMS(TPM_ALG_SYMCIPHER, TPM_ALG_AES, i, TPM_ALG_CFB),
			  i == 128 || i == 192 || i == 256 ? 0 : P(TPM_RC_VALUE, 1));
	EXPECT_EQ(PARMS(TPM_ALG_SYMCIPHER, NONE), P(TPM_RC_SYMMETRIC, 1));
	EXPECT_EQ(PARMS(TPM_ALG_SYMCIPHER, TPM_ALG_AES, 128, TPM_ALG_OAEP), P(TPM_RC_MODE, 1));
	EXPECT_EQ(PARMS(TPM_ALG_KEYEDHASH, NONE), 0);
	EXPECT_EQ(PARMS(TPM_ALG_KEYEDHASH, TPM_ALG_HMAC, 0x12), P(TPM_RC_HASH, 1));
	EXPECT_EQ(PARMS(TPM_ALG_KEYEDHASH, TPM_ALG_RSASSA), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(PARMS(TPM_ALG_RSA, NONE, TPM_ALG_ECDSA, TPM_ALG_SHA256, 2048, 0, 0),
		  P(TPM_RC_VALUE, 1));
	EXPECT_EQ(PARMS(TPM_ALG_ECC, NONE, TPM_ALG_RSASSA, TPM_ALG_SHA256, P256, NONE),
		  P(TPM_RC_SCHEME, 1));
	EXPECT_EQ(PARMS(TPM_ALG_AES), P(TPM_RC_TYPE, 1));
	EXPECT_EQ(PARMS(TPM_ALG_KEYEDHASH), P(TPM_RC_INSUFFICIENT, 1));
	EXPECT_EQ(PARMS(TPM_ALG_KEYEDHASH, NONE, 0), RAW(TPM_RC_SIZE));
	tear_down();
}

/* Is there any place among the parameters of objects where the algorithm may stand? */
static bool usable(u16 a)
{
	return !PARMS(a, NONE, NONE, 2048, 0, 0) || !PARMS(a, NONE, NONE, P256, NONE) ||
	       !PARMS(a, NONE) || !PARMS(a, TPM_ALG_AES, 128, TPM_ALG_CFB) ||
	       !PARMS(TPM_ALG_KEYEDHASH, TPM_ALG_HMAC, a) ||
	       !PARMS(TPM_ALG_KEYEDHASH, a, TPM_ALG_SHA256) ||
	       !PARMS(TPM_ALG_KEYEDHASH, a, TPM_ALG_SHA256, TPM_ALG_KDF1_SP800_108) ||
	       !PARMS(TPM_ALG_SYMCIPHER, a, 128, TPM_ALG_CFB) ||
	       !PARMS(TPM_ALG_SYMCIPHER, TPM_ALG_AES, 128, a) ||
	       !PARMS(TPM_ALG_RSA, NONE, a, TPM_ALG_SHA256, 2048, 0, 0) ||
	       !PARMS(TPM_ALG_RSA, NONE, a, 2048, 0, 0) ||
	       !PARMS(TPM_ALG_ECC, NONE, a, TPM_ALG_SHA256, P256, NONE) ||
	       !PARMS(TPM_ALG_ECC, NONE, a, TPM_ALG_SHA256, 0, P256, NONE) ||
	       !PARMS(TPM_ALG_ECC, NONE, NONE, P256, a, TPM_ALG_SHA256);
}

static void algorithms_are_true(void)
{
	struct list l;
	u32 alg;

	set_up(NULL);
	for (alg = 1; alg < 0x200; alg++) {
		EXPECT_EQ(get(TPM_CAP_ALGS, alg, 1, &l), 0);
		if (alg != TPM_ALG_NULL && usable(alg) != (l.count && l.key[0] == alg)) {
			test_fail(__FILE__, __LINE__, "algorithm 0x%x", alg);
			return;
		}
	}
	tear_down();
}

static void curves(void)
{
	struct list l;
	struct tmpl t;
	u32 handle, i;

	set_up(NULL);
	EXPECT_EQ(get(TPM_CAP_ECC_CURVES, 0, 100, &l), 0);
	EXPECT_EQ(l.count, 4);
	for (i = 0; i < l.count; i++) {
		t = sign_template;
		t.size = l.key[i];
		EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &t, &handle), 0);
	}
	EXPECT(l.key[0] == TPM_ECC_NIST_P256 && l.key[1] == TPM_ECC_NIST_P384);
	EXPECT(l.key[2] == TPM_ECC_NIST_P521 && l.key[3] == TPM_ECC_BN_P256);
	tear_down();
}

static const struct test_case cases[] = {
	{ "edges", edges },
	{ "groups-refused", groups_refused },
	{ "handles", handles },
	{ "handle-types", handle_types },
	{ "max-command-size", max_command_size },
	{ "properties-of-state", properties_of_state },
	{ "properties-fixed", properties_fixed },
	{ "commands", commands },
	{ "commands-exist", commands_exist },
	{ "pcr-banks", pcr_banks },
	{ "pcr-properties", pcr_properties },
	{ "parms", parms },
	{ "algorithms-are-true", algorithms_are_true },
	{ "curves", curves },
};

TEST_MAIN("capability", cases)
