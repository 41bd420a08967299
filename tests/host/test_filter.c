// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a policy's rules do to commands: hide and deny, audited readings, events, and
 * rules that hold for some localities alone. Which text makes which rule is
 * test_policy.c's subject.
 */
#include "session_support.h"
#include "property/property.h"
#include "policy/policy.h"

#define RC_PCR	((__force u32)TPM_RC_PCR)
#define SHA256	TPM_ALG_SHA256

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

/* ---- commands ---- */

static void put_selection(struct cmd *c, u32 pcrs)
{
	cmd_u32(c, 1);
	cmd_u16(c, SHA256);
	cmd_u8(c, 3);
	cmd_u8(c, pcrs);
	cmd_u8(c, pcrs >> 8);
	cmd_u8(c, pcrs >> 16);
}

/* The PCRs that TPM2_PCR_Read gives of those asked for, in *@got. */
static u32 selected(struct rsp *r)
{
	const u8 *p;

	rsp_u32(r);			/* pcrUpdateCounter */
	if (rsp_u32(r) != 1 || rsp_u16(r) != SHA256 || rsp_u8(r) != 3)
		return 0xffffffff;
	p = rsp_bytes(r, 3);
	return p[0] | p[1] << 8 | p[2] << 16;
}

static u32 read_pcrs(u32 pcrs, u32 *got)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PCR_Read);
	put_selection(&c, pcrs);
	rc = cmd_run(&tpm, &c);
	r = rsp_params(&tpm, NULL);
	*got = rc ? 0 : selected(&r);
	return rc;
}

static u32 extend(u32 pcr, const u8 *digest)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PCR_Extend, 1, 1, pcr);
	cmd_u32(&c, 1);
	cmd_u16(&c, SHA256);
	cmd_bytes(&c, digest, 32);
	return cmd_run(&tpm, &c);
}

/* *@digests: how many the answer has. */
static u32 event(u32 pcr, u32 *digests)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_PCR_Event, 1, 1, pcr);
	cmd_2b(&c, "event", 5);
	rc = cmd_run(&tpm, &c);
	r = rsp_params(&tpm, NULL);
	*digests = rc ? 0 : rsp_u32(&r);
	return rc;
}

static u32 start_sequence(u32 *handle)
{
	struct cmd c;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_HashSequenceStart);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

static u32 complete_sequence(u32 pcr, u32 handle, u32 *digests)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_EventSequenceComplete, 2, 2, pcr, handle);
	cmd_2b(&c, "event", 5);
	rc = cmd_run(&tpm, &c);
	r = rsp_params(&tpm, NULL);
	*digests = rc ? 0 : rsp_u32(&r);
	return rc;
}

/* @digest: of a trial session that does not look at PCRs; NULL: they are looked at. */
static u32 policy_pcr(u8 type, u32 pcrs, const u8 *digest)
{
	struct cmd c;
	u32 session, rc;

	rc = tpm_start_session(&tpm, type, SHA256, TPM_ALG_NULL, &session);
	if (rc)
		return rc;
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PolicyPCR);
	cmd_u32(&c, session);
	cmd_2b(&c, digest, digest ? 32 : 0);
	put_selection(&c, pcrs);
	rc = cmd_run(&tpm, &c);
	return tpm_flush(&tpm, session) ? 0xffffffff : rc;
}

static u32 quote(u32 key, u32 pcrs)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_Quote, 1, 1, key);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	put_selection(&c, pcrs);
	return cmd_run(&tpm, &c);
}

/* A sealed object whose creation data covers PCRs. */
static u32 created(u32 pcrs)
{
	struct cmd c;
	u32 rc, handle;

	cmd_begin_pw(&c, TPM_CC_CreatePrimary, 1, 1, TPM_RH_OWNER);
	put_sensitive_create(&c, "", "x", 1);
	put_template(&c, &seal_template);
	cmd_u16(&c, 0);
	put_selection(&c, pcrs);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	rsp_params(&tpm, &handle);
	return tpm_flush(&tpm, handle);
}

/* The same below a parent, with TPM2_Create. */
static u32 created_below(u32 parent, u32 pcrs)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_Create, 1, 1, parent);
	put_sensitive_create(&c, "", "x", 1);
	put_template(&c, &seal_template);
	cmd_u16(&c, 0);
	put_selection(&c, pcrs);
	return cmd_run(&tpm, &c);
}

/* Reading with an audit session. *@got as above. */
static u32 read_audited(struct session *s, u32 pcrs, u32 *got)
{
	struct request q;
	struct rsp r;
	u32 rc;

	request_new(&q, TPM_CC_PCR_Read, 0, 0, 0);
	put_selection(&q.params, pcrs);
	request_use(&q, s, TPMA_SESSION_AUDIT, NULL);
	rc = request_run(&tpm, &q);
	r = rsp_params(&tpm, NULL);
	*got = rc ? 0 : selected(&r);
	return rc;
}

/* The ordinary provider's value, whatever is hidden. */
static bool is_zero(u32 pcr)
{
	static const u8 zeros[32];
	u8 value[64];

	return !vtpm_matrix_peek(tpm.matrix, 0, SHA256, pcr, value) && !memcmp(value, zeros, 32);
}

/* ---- cases ---- */

/* Each operation is denied for itself: what one of them may not, the others may. */
static void deny_each(void)
{
	static const u8 digest[32] = { 1 };
	u32 got, key, parent;

	set_up("read pcr=3 deny\nseal pcr=4 deny\nquote pcr=5 deny\ncertify pcr=6 deny\n");
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &sign_template, &key), 0);
	EXPECT_EQ(read_pcrs(0x08, &got), RC_PCR);
	EXPECT_EQ(read_pcrs(0xf8, &got), RC_PCR);
	EXPECT_EQ(read_pcrs(0xf0, &got), 0);
	EXPECT_EQ(got, 0xf0);
	EXPECT_EQ(policy_pcr(TPM_SE_POLICY, 0x10, NULL), RC_PCR);
	EXPECT_EQ(policy_pcr(TPM_SE_TRIAL, 0x10, NULL), RC_PCR);
	EXPECT_EQ(policy_pcr(TPM_SE_TRIAL, 0x18, digest), RC_PCR);
	EXPECT_EQ(policy_pcr(TPM_SE_TRIAL, 0xe8, digest), 0);
	EXPECT_EQ(policy_pcr(TPM_SE_POLICY, 0xe8, NULL), 0);
	EXPECT_EQ(quote(key, 0x20), RC_PCR);
	EXPECT_EQ(quote(key, 0xf8), RC_PCR);
	EXPECT_EQ(quote(key, 0xd8), 0);
	EXPECT_EQ(created(0x40), RC_PCR);
	EXPECT_EQ(created(0xb8), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(created_below(parent, 0x40), RC_PCR);
	EXPECT_EQ(created_below(parent, 0xb8), 0);
	EXPECT_EQ(tpm_flush(&tpm, parent), 0);
	EXPECT_EQ(tpm.t->objects, 1);		/* the key: a creation denied leaves nothing */
	EXPECT_EQ(extend(3, digest), 0);
	tear_down();
}

/* A bank that is not active has no PCRs to deny. */
static void deny_absent(void)
{
	struct cmd c;

	set_up("read pcr=3 deny\n");
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PCR_Read);
	cmd_u32(&c, 1);
	cmd_u16(&c, TPM_ALG_SHA384);
	cmd_u8(&c, 3);
	cmd_bytes(&c, "\x08\0\0", 3);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	tear_down();
}

/* No command extends what is denied, and none changes anything in trying. */
static void deny_events(void)
{
	static const u8 digest[32] = { 1 };
	u32 n, sequence, before;

	set_up("event pcr=7 deny\n");
	before = tpm.t->pcr_counter;
	EXPECT_EQ(extend(7, digest), RC_PCR);
	EXPECT_EQ(event(7, &n), RC_PCR);
	EXPECT_EQ(start_sequence(&sequence), 0);
	EXPECT_EQ(complete_sequence(7, sequence, &n), RC_PCR);
	EXPECT_EQ(tpm.t->pcr_counter, before);
	EXPECT(is_zero(7));
	EXPECT_EQ(complete_sequence(8, sequence, &n), 0);	/* it is still there */
	EXPECT_EQ(n, 1);
	EXPECT_EQ(event(8, &n), 0);
	EXPECT_EQ(extend(8, digest), 0);
	EXPECT(!is_zero(8));
	tear_down();
}

/* In one bank of two: a command that would extend the other alone is let through. */
static void deny_in_a_bank(void)
{
	static const u8 digest[32] = { 1 };
	struct cmd c;
	u32 n;

	set_up("bank sha1 sha256\nevent pcr=7 bank=sha1 deny\n");
	EXPECT_EQ(event(7, &n), RC_PCR);
	EXPECT_EQ(extend(7, digest), 0);
	cmd_begin_pw(&c, TPM_CC_PCR_Extend, 1, 1, 7);
	cmd_u32(&c, 2);
	cmd_u16(&c, SHA256);
	cmd_bytes(&c, digest, 32);
	cmd_u16(&c, TPM_ALG_SHA1);
	cmd_bytes(&c, digest, 20);
	EXPECT_EQ(cmd_run(&tpm, &c), RC_PCR);
	tear_down();
}

static void hide_events(void)
{
	u32 n, sequence;

	set_up("bank sha1 sha256\nevent pcr=7 hide\nevent pcr=8 bank=sha1 hide\n");
	EXPECT_EQ(event(7, &n), 0);
	EXPECT_EQ(n, 0);
	EXPECT(!is_zero(7));		/* it happened */
	EXPECT_EQ(event(8, &n), 0);
	EXPECT_EQ(n, 1);
	EXPECT_EQ(event(9, &n), 0);
	EXPECT_EQ(n, 2);
	EXPECT_EQ(start_sequence(&sequence), 0);
	EXPECT_EQ(complete_sequence(7, sequence, &n), 0);
	EXPECT_EQ(n, 0);
	EXPECT_EQ(start_sequence(&sequence), 0);
	EXPECT_EQ(complete_sequence(9, sequence, &n), 0);
	EXPECT_EQ(n, 2);
	EXPECT_EQ(event(TPM_RH_NULL, &n), 0);	/* no PCR, nothing to hide */
	EXPECT_EQ(n, 2);
	tear_down();
}

static void audit_command(u32 set)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_SetCommandCodeAuditStatus, 1, 1, TPM_RH_OWNER);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u32(&c, 1);
	cmd_u32(&c, set);
	cmd_u32(&c, 0);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
}

/* Which rules count depends on whether the answer is audited, by a session or as a command. */
static void audited(void)
{
	struct opening o = { .type = TPM_SE_HMAC, .hash = SHA256 };
	struct session s;
	u32 got;

	set_up("read pcr=1 hide\nread pcr=2 deny\naudit pcr=1 provider=hash\naudit pcr=3 hide\n"
	       "audit pcr=4 deny\n");
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	EXPECT_EQ(read_pcrs(0x3a, &got), 0);
	EXPECT_EQ(got, 0x38);
	EXPECT_EQ(read_audited(&s, 0x2a, &got), 0);
	EXPECT_EQ(got, 0x22);
	EXPECT_EQ(read_audited(&s, 0x10, &got), RC_PCR);
	EXPECT_EQ(read_audited(&s, 0x04, &got), RC_PCR);	/* as read: no rule of its own */
	audit_command(TPM_CC_PCR_Read);
	EXPECT_EQ(read_pcrs(0x2a, &got), 0);
	EXPECT_EQ(got, 0x22);
	EXPECT_EQ(read_pcrs(0x10, &got), RC_PCR);
	tear_down();
}

/* An audit session is no way around what is said of reading. */
static void audit_goes_with_read(void)
{
	struct opening o = { .type = TPM_SE_HMAC, .hash = SHA256 };
	struct session s;
	u32 got;

	set_up("read pcr=1 hide\n");
	EXPECT_EQ(session_open(&tpm, &o, &s), 0);
	EXPECT_EQ(read_audited(&s, 0x06, &got), 0);
	EXPECT_EQ(got, 0x04);
	audit_command(TPM_CC_PCR_Read);
	EXPECT_EQ(read_pcrs(0x06, &got), 0);
	EXPECT_EQ(got, 0x04);
	tear_down();
}

static void localities(void)
{
	static const u8 digest[32] = { 1 };
	u32 got;

	set_up("read pcr=1 locality=0,2 hide\nread pcr=2 locality=3 deny\n"
	       "event pcr=4 locality=0-3 deny\nseal pcr=5 locality=1 deny\n");
	for (tpm.locality = 0; tpm.locality < 5; tpm.locality++) {
		u8 l = tpm.locality;

		EXPECT_EQ(read_pcrs(0x06, &got), l == 3 ? RC_PCR : 0);
		if (l != 3)
			EXPECT_EQ(got, l == 0 || l == 2 ? 0x04 : 0x06);
		EXPECT_EQ(extend(4, digest), l == 4 ? 0 : RC_PCR);
		EXPECT_EQ(policy_pcr(TPM_SE_POLICY, 0x20, NULL), l == 1 ? RC_PCR : 0);
	}
	tpm.locality = 0;
	tear_down();
}

static long size_of_policy(const char *text)
{
	struct vt_mem mem = { ATOMIC_LONG_INIT(0) };
	struct vtpm_policy *p = NULL;
	long size;

	if (vtpm_policy_parse(text, strlen(text), &mem, &p, NULL))
		return -1;
	size = atomic_long_read(&mem.bytes);
	vtpm_policy_free(&mem, p);
	return atomic_long_read(&mem.bytes) ? -1 : size;
}

/* Who says nothing of localities does not pay for them. */
static void memory(void)
{
	long plain = size_of_policy("read pcr=1 hide # 4567890123\n");

	EXPECT_EQ(size_of_policy("read pcr=1 locality=0-4 hide\n"), plain);
	EXPECT(size_of_policy("read pcr=1 locality=1 hide\n") >=
	       plain + 4 * (long)sizeof(struct vtpm_cells));
}

static const struct test_case cases[] = {
	{ "deny", deny_each },
	{ "deny-absent", deny_absent },
	{ "deny-events", deny_events },
	{ "deny-in-a-bank", deny_in_a_bank },
	{ "hide-events", hide_events },
	{ "audit", audited },
	{ "audit-goes-with-read", audit_goes_with_read },
	{ "localities", localities },
	{ "memory", memory },
};

TEST_MAIN("filter", cases)
