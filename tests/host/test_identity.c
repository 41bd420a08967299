// SPDX-License-Identifier: GPL-2.0-only
/* The NV index that says what an instance is: its contents, and that nobody can change it. */
#include <stdio.h>

#include "nv_support.h"
#include "policy/policy.h"
#include "property/property.h"
#include "tpm2/identity.h"

#define ID	VTPM_NV_IDENTITY

static const char two_providers[] =
	"provider certificate represent=property\nbank sha1 sha256\n";

static u8 now[VTPM_IDENTITY_SIZE];

static u32 read_identity(u32 by)
{
	return nv_read(by, ID, "", sizeof(now), 0, now);
}

/* The data of the @n-th entry with that tag, or NULL */
static const u8 *entry(u16 tag, unsigned int n, u16 *len)
{
	u32 at = VTPM_IDENTITY_ENTRIES_AT, end = get_unaligned_be16(now + VTPM_IDENTITY_LENGTH_AT);

	while (at < end) {
		*len = get_unaligned_be16(now + at + 2);
		if (get_unaligned_be16(now + at) == tag && !n--)
			return now + at + 4;
		at += 4 + *len;
	}
	return NULL;
}

static void contents(void)
{
	static const u8 provider[] = "\0\13certificate\0\11represent\0\10property";
	static const u8 banks[] = { 0, 4, 0, 0xff, 0xff, 0xff, 0, 11, 0, 0xff, 0xff, 0xff };
	u32 i;
	u8 digest[32];
	const u8 *p;
	u16 len;

	host_tpm_new(&tpm, two_providers);
	EXPECT_EQ(read_identity(ID), 0);
	EXPECT_EQ(get_unaligned_be32(now), VTPM_IDENTITY_MAGIC);
	EXPECT_EQ(get_unaligned_be16(now + 4), VTPM_IDENTITY_VERSION);
	EXPECT_MEM(now + VTPM_IDENTITY_UUID_AT, vtpm_matrix_identity(tpm.matrix)->uuid, 16);
	EXPECT_EQ(now[VTPM_IDENTITY_UUID_AT + 6] >> 4, 4);
	EXPECT_EQ(now[VTPM_IDENTITY_UUID_AT + 8] >> 6, 2);
	sha256(two_providers, strlen(two_providers), NULL, 0, digest);
	EXPECT_MEM(now + VTPM_IDENTITY_POLICY_AT, digest, 32);
	EXPECT_EQ(get_unaligned_be32(now + VTPM_IDENTITY_CHANGES_AT), 0);
	p = entry(VTPM_IDENTITY_BANKS, 0, &len);
	EXPECT(p && len == sizeof(banks) && !memcmp(p, banks, len));
	p = entry(VTPM_IDENTITY_PROVIDER, 0, &len);
	EXPECT(p && len == 6 && !memcmp(p, "\0\4hash", 6));
	p = entry(VTPM_IDENTITY_PROVIDER, 1, &len);
	EXPECT(p && len >= sizeof(provider) - 1 && !memcmp(p, provider, sizeof(provider) - 1));
	EXPECT(!entry(VTPM_IDENTITY_PROVIDER, 2, &len) && !entry(VTPM_IDENTITY_CUT, 0, &len));
	for (i = get_unaligned_be16(now + VTPM_IDENTITY_LENGTH_AT); i < sizeof(now); i++)
		EXPECT_EQ(now[i], 0);
	tear_down();
}

/* Made when it is read: what was read before does not stay. */
static void always_current(void)
{
	static const char next[] = "bank sha256\nread pcr=3 hide\n";
	struct vtpm_policy *policy;
	u8 digest[32], uuid[16];

	set_up();
	EXPECT_EQ(read_identity(TPM_RH_OWNER), 0);
	memcpy(uuid, now + VTPM_IDENTITY_UUID_AT, 16);
	sha256("", 0, NULL, 0, digest);
	EXPECT_MEM(now + VTPM_IDENTITY_POLICY_AT, digest, 32);
	EXPECT_EQ(vtpm_policy_parse(next, strlen(next), &tpm.mem, &policy, NULL), 0);
	EXPECT_EQ(vtpm_matrix_set_policy(tpm.matrix, policy, NULL), 0);
	EXPECT_EQ(read_identity(TPM_RH_OWNER), 0);
	sha256(next, strlen(next), NULL, 0, digest);
	EXPECT_MEM(now + VTPM_IDENTITY_POLICY_AT, digest, 32);
	EXPECT_MEM(now + VTPM_IDENTITY_UUID_AT, uuid, 16);
	EXPECT_EQ(get_unaligned_be32(now + VTPM_IDENTITY_CHANGES_AT), 1);
	tear_down();
}

/* Fewer entries than providers: it says so, and every entry that is there is whole. */
static void cut_at_a_whole_entry(void)
{
	u8 some[VTPM_IDENTITY_SIZE];
	u32 room, cut = 0;
	u16 len;

	host_tpm_new(&tpm, two_providers);
	EXPECT_EQ(read_identity(ID), 0);
	for (room = get_unaligned_be16(now + VTPM_IDENTITY_LENGTH_AT) + 4; room >= 100; room--) {
		size_t used;

		memset(some, 0xee, sizeof(some));
		used = vtpm_matrix_describe(tpm.matrix, some, room);
		EXPECT(used <= room && some[room] == 0xee);
		memcpy(now, some, sizeof(now));
		EXPECT(!entry(VTPM_IDENTITY_PROVIDER, 1, &len) ==
		       !!entry(VTPM_IDENTITY_CUT, 0, &len));
		cut += !!entry(VTPM_IDENTITY_CUT, 0, &len);
	}
	EXPECT(cut > 0);
	tear_down();
}

static void says_whether_there_is_a_host(void)
{
	static const u8 pcrs[24 * 32] = { 1 };
	static const struct vtpm_host_pcrs bank = { TPM_ALG_SHA256, 32, 24, pcrs };
	static const struct vtpm_host host = { 1, &bank };
	const u8 *p;
	u16 len;

	host_tpm_new(&tpm, "provider map\n");
	EXPECT_EQ(read_identity(ID), 0);
	p = entry(VTPM_IDENTITY_HOST, 0, &len);
	EXPECT(p && len == 1 && *p == VTPM_HOST_TPM_NONE);
	EXPECT_EQ(vtpm_matrix_set_host(tpm.matrix, &host), 0);
	EXPECT_EQ(read_identity(ID), 0);
	p = entry(VTPM_IDENTITY_HOST, 0, &len);
	EXPECT(p && len == 1 && *p == VTPM_HOST_TPM_MAPPED);
	tear_down();
}

static u32 hierarchy_control(u32 by, u32 enable, u8 state)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_HierarchyControl, 1, 1, by);
	cmd_u32(&c, enable);
	cmd_u8(&c, state);
	return cmd_run(&tpm, &c);
}

static u32 define_again(u32 by, u32 attrs)
{
	return nv_define_full(by, ID, TPM_ALG_SHA256, attrs, 8, "", NULL, 0);
}

static void nobody_writes_or_deletes(void)
{
	static const u32 by[] = { ID, TPM_RH_OWNER, TPM_RH_PLATFORM };
	u8 before[34], after[34], was[VTPM_IDENTITY_SIZE];
	unsigned int i;
	struct cmd c;

	set_up();
	EXPECT_EQ(read_identity(ID), 0);
	memcpy(was, now, sizeof(was));
	EXPECT(nv_attrs(ID, before) & TPMA_NV_WRITELOCKED);
	for (i = 0; i < 3; i++) {
		EXPECT(nv_write(by[i], ID, "", "x", 1, 0));
		EXPECT(nv_plain(TPM_CC_NV_Increment, by[i], ID, ""));
		EXPECT(nv_extend(by[i], ID, "x", 1));
		EXPECT(nv_set_bits(by[i], ID, 1));
		EXPECT(nv_plain(TPM_CC_NV_ReadLock, by[i], ID, ""));
	}
	EXPECT_EQ(nv_undefine(TPM_RH_PLATFORM, ID), H(TPM_RC_ATTRIBUTES, 2));
	EXPECT_EQ(nv_undefine(TPM_RH_OWNER, ID), H(TPM_RC_ATTRIBUTES, 2));
	cmd_begin_pw(&c, TPM_CC_NV_UndefineSpaceSpecial, 2, 2, ID, TPM_RH_PLATFORM);
	EXPECT(cmd_run(&tpm, &c));
	cmd_begin_pw(&c, TPM_CC_NV_ChangeAuth, 1, 1, ID);
	cmd_2b(&c, "auth", 4);
	EXPECT(cmd_run(&tpm, &c));
	EXPECT_EQ(define_again(TPM_RH_OWNER, OR | OW), RAW(TPM_RC_NV_DEFINED));
	EXPECT_EQ(define_again(TPM_RH_PLATFORM, PR | PW | PC), RAW(TPM_RC_NV_DEFINED));
	EXPECT_EQ(nv_plain(TPM_CC_NV_WriteLock, TPM_RH_OWNER, ID, ""), 0);	/* it is */
	EXPECT_EQ(read_identity(TPM_RH_OWNER), 0);
	EXPECT_EQ(read_identity(TPM_RH_PLATFORM), 0);
	EXPECT_MEM(now, was, sizeof(now));
	nv_attrs(ID, after);
	EXPECT_MEM(before, after, 34);
	tear_down();
}

/* A policy session without any assertion has the digest of no policy. */
static void an_empty_policy_opens_nothing(void)
{
	u32 session;
	struct cmd c;

	set_up();
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_NULL, &session),
		  0);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PolicyCommandCode);
	cmd_u32(&c, session);
	cmd_u32(&c, TPM_CC_NV_UndefineSpaceSpecial);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_NV_UndefineSpaceSpecial);
	cmd_u32(&c, ID);
	cmd_u32(&c, TPM_RH_PLATFORM);
	cmd_auths(&c);
	cmd_session(&c, session, TPMA_SESSION_CONTINUE);
	cmd_password(&c, "");
	cmd_auths_end(&c);
	EXPECT(cmd_run(&tpm, &c));
	EXPECT_EQ(read_identity(ID), 0);
	EXPECT_EQ(tpm_flush(&tpm, session), 0);
	tear_down();
}

static void outlasts_all(void)
{
	u8 name[34], again[34], was[VTPM_IDENTITY_SIZE];
	u32 used;
	struct cmd c;

	set_up();
	EXPECT_EQ(read_identity(ID), 0);
	memcpy(was, now, sizeof(was));
	EXPECT(nv_attrs(ID, name));
	used = tpm.t->nv_used;
	EXPECT_EQ(used, 0);
	EXPECT_EQ(clear(), 0);
	cmd_begin_pw(&c, TPM_CC_ChangePPS, 1, 1, TPM_RH_PLATFORM);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	cmd_begin_pw(&c, TPM_CC_ChangeEPS, 1, 1, TPM_RH_PLATFORM);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	cmd_begin_pw(&c, TPM_CC_NV_GlobalWriteLock, 1, 1, TPM_RH_OWNER);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	power_cycle(true);
	power_cycle(false);
	EXPECT(nv_attrs(ID, again));
	EXPECT_MEM(again, name, 34);
	EXPECT_EQ(read_identity(ID), 0);
	EXPECT_MEM(now, was, sizeof(now));
	EXPECT_EQ(tpm.t->nv_used, used);
	/* it is the platform's: hidden with its indices, until the next start */
	EXPECT_EQ(hierarchy_control(TPM_RH_PLATFORM, TPM_RH_PLATFORM_NV, 0), 0);
	EXPECT_EQ(nv_attrs(ID, NULL), 0);
	power_cycle(true);
	EXPECT_EQ(read_identity(ID), 0);
	tear_down();
}

/* Handle, attributes, size: what a verifier knows without asking. */
static void name_never_changes(void)
{
	static const u8 public[] = {
		0x01, 0x56, 0x54, 0x50, 0x00, 0x0b, 0x62, 0x07, 0x2c, 0x08, 0, 0, 0x03, 0x00,
	};
	u8 name[34], expected[34] = { 0, 11 };

	set_up();
	EXPECT_EQ(nv_attrs(ID, name), 0x62072c08);
	sha256(public, sizeof(public), NULL, 0, expected + 2);
	EXPECT_MEM(name, expected, 34);
	tear_down();
}

static void vendor_capability(void)
{
	u32 first, n, more;
	struct cmd c;
	struct rsp r;

	set_up();
	EXPECT_EQ(read_identity(ID), 0);
	for (first = 0; first < 200; first += 7) {
		u32 left = first < 192 ? 192 - first : 0;

		cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
		cmd_u32(&c, TPM_CAP_VENDOR_PROPERTY);
		cmd_u32(&c, first);
		cmd_u32(&c, 100);
		EXPECT_EQ(cmd_run(&tpm, &c), 0);
		r = rsp_params(&tpm, NULL);
		more = rsp_u8(&r);
		EXPECT_EQ(rsp_u32(&r), TPM_CAP_VENDOR_PROPERTY);
		n = rsp_u32(&r);
		EXPECT_EQ(n, left < 100 ? left : 100);
		EXPECT_EQ(more, left > 100);
		EXPECT_MEM(rsp_bytes(&r, 4 * n), now + 4 * first, 4 * n);
		EXPECT(!r.left && !r.bad);
	}
	tear_down();
}

static const struct test_case cases[] = {
	{ "contents", contents },
	{ "always_current", always_current },
	{ "cut_at_a_whole_entry", cut_at_a_whole_entry },
	{ "says_whether_there_is_a_host", says_whether_there_is_a_host },
	{ "nobody_writes_or_deletes", nobody_writes_or_deletes },
	{ "an_empty_policy_opens_nothing", an_empty_policy_opens_nothing },
	{ "outlasts_all", outlasts_all },
	{ "name_never_changes", name_never_changes },
	{ "vendor_capability", vendor_capability },
};

TEST_MAIN("identity", cases)
