// SPDX-License-Identifier: GPL-2.0-only
/* How often a restricted signing key signs (tpm2/ak.c). */
#include "state_support.h"
#include "profile_support.h"

static struct tpm2_profile *profile;

static void set_up_uses(u32 uses)
{
	host_tpm_new(&tpm, NULL);
	profile = profile_of(&tpm);
	profile->ak_uses = uses;
}

static const struct tmpl ak = { TPM_ALG_ECC, OURS | SDO | R | TPMA_OBJECT_SIGN,
				.scheme = TPM_ALG_ECDSA };
static const struct tmpl other_ak = { TPM_ALG_ECC, OURS | SDO | R | TPMA_OBJECT_SIGN,
				      .scheme = TPM_ALG_ECDSA, .size = TPM_ECC_NIST_P384 };
static const struct tmpl plain = { TPM_ALG_ECC, OURS | SDO | TPMA_OBJECT_SIGN,
				   .scheme = TPM_ALG_ECDSA };

static u32 quote_in(struct host_tpm *h, struct tpm2_space *s, u32 key)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_Quote, 1, 1, key);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u32(&c, 0);
	cmd_finish(&c);
	return host_tpm_run_in(h, s, c.buf, c.len);
}

static u32 quote(u32 key)
{
	return quote_in(&tpm, tpm.space, key);
}

/* ---- each command that signs ---- */

static u32 hash_ticket(struct bytes *digest, struct bytes *ticket)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_Hash);
	cmd_2b(&c, "abcdef", 6);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u32(&c, TPM_RH_OWNER);
	rc = cmd_run(&tpm, &c);
	r = rsp_params(&tpm, NULL);
	copy_2b(&r, digest);
	ticket->size = r.left;
	memcpy(ticket->data, rsp_bytes(&r, r.left), ticket->size);
	return rc;
}

static u32 sign_digest(u32 key)
{
	struct bytes digest, ticket;
	struct cmd c;

	if (hash_ticket(&digest, &ticket))
		return 0xffffffff;
	cmd_begin_pw(&c, TPM_CC_Sign, 1, 1, key);
	cmd_2b(&c, digest.data, digest.size);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_bytes(&c, ticket.data, ticket.size);
	return cmd_run(&tpm, &c);
}

static u32 with_endorsement(u32 code, u32 key)
{
	struct cmd c;

	cmd_begin_pw(&c, code, 2, 2, TPM_RH_ENDORSEMENT, key);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	return cmd_run(&tpm, &c);
}

static u32 get_time(u32 key)
{
	return with_endorsement(TPM_CC_GetTime, key);
}

static u32 get_audit(u32 key)
{
	return with_endorsement(TPM_CC_GetCommandAuditDigest, key);
}

static u32 certify_itself(u32 key)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_Certify, 2, 2, key, key);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	return cmd_run(&tpm, &c);
}

static u32 nv_certify_index(u32 key)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_NV_Certify, 3, 2, key, TPM_RH_OWNER, 0x01000001);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u16(&c, 8);
	cmd_u16(&c, 0);
	return cmd_run(&tpm, &c);
}

static u32 audited;	/* a session that is there for audit */

static u32 get_session_audit(u32 key)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_GetSessionAuditDigest, 3, 2, TPM_RH_ENDORSEMENT, key, audited);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	return cmd_run(&tpm, &c);
}

static u32 start_audit(void)
{
	u32 rc = tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL, &audited);

	if (!rc)
		tpm2_session_find(tpm.space, audited)->audit = true;
	return rc;
}

static struct bytes creation_hash, creation_ticket;

/* As primary(), and what says how the key was made. */
static u32 primary_with_ticket(const struct tmpl *t, u32 *key)
{
	u32 rc = primary(&tpm, TPM_RH_OWNER, t, key);
	struct bytes skipped;
	struct rsp r;

	if (rc)
		return rc;
	r = rsp_params(&tpm, key);
	copy_2b(&r, &skipped);		/* outPublic */
	copy_2b(&r, &skipped);		/* creationData */
	copy_2b(&r, &creation_hash);
	creation_ticket.size = 2 + 4 + 2 + get_unaligned_be16(r.p + 6);
	memcpy(creation_ticket.data, r.p, creation_ticket.size);
	return 0;
}

static u32 certify_own_creation(u32 key)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_CertifyCreation, 2, 1, key, key);
	cmd_u16(&c, 0);
	cmd_2b(&c, creation_hash.data, creation_hash.size);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_bytes(&c, creation_ticket.data, creation_ticket.size);
	return cmd_run(&tpm, &c);
}

#define NAME_A	"\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\1a"

/* Issuer, validity, subject, and KeyUsage: what it may be used for is to sign. */
static const char partial[] = "\x30\x50" NAME_A
	"\x30\x1e\x17\015200101000000Z\x17\015491231235959Z" NAME_A
	"\xa3\x12\x30\x10\x30\x0e\x06\x03\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x07\x80";

static u32 certify_x509_of_itself(u32 key)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_CertifyX509, 2, 2, key, key);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_2b(&c, partial, sizeof(partial) - 1);
	return cmd_run(&tpm, &c);
}

static u32 write_index(void)
{
	struct cmd c;

	if (tpm_define_nv(&tpm, 0x01000001))
		return 0xffffffff;
	cmd_begin_pw(&c, TPM_CC_NV_Write, 2, 1, TPM_RH_OWNER, 0x01000001);
	cmd_2b(&c, "12345678", 8);
	cmd_u16(&c, 0);
	return cmd_run(&tpm, &c);
}

static const struct {
	u32 (*run)(u32 key);
	unsigned int handle;	/* the key's */
} signers[] = {
	{ quote, 1 }, { sign_digest, 1 }, { get_time, 2 }, { get_audit, 2 },
	{ certify_itself, 2 }, { nv_certify_index, 1 }, { get_session_audit, 2 },
	{ certify_own_creation, 1 }, { certify_x509_of_itself, 2 },
};

static void every_signature_counts(void)
{
	unsigned int i, k, n = ARRAY_SIZE(signers);
	u32 key, other, any;

	set_up_uses(n);
	EXPECT_EQ(write_index(), 0);
	EXPECT_EQ(start_audit(), 0);
	EXPECT_EQ(primary_with_ticket(&ak, &key), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &other_ak, &other), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &plain, &any), 0);
	for (i = 0; i < n; i++)
		EXPECT_EQ(signers[i].run(key), 0);
	for (i = 0; i < n; i++)
		EXPECT_EQ(signers[i].run(key), H(TPM_RC_KEY, signers[i].handle));
	EXPECT_EQ(quote(other), 0);
	EXPECT_EQ(tpm.t->ak_count, 2);
	/* what is not restricted speaks for nobody */
	for (k = 0; k < 2 * n; k++)
		EXPECT_EQ(quote(any), 0);
	EXPECT_EQ(tpm.t->ak_count, 2);
	profile->ak_uses = n + 1;
	EXPECT_EQ(quote(key), 0);
	EXPECT_EQ(quote(key), H(TPM_RC_KEY, 1));
	profile->ak_uses = 0;
	EXPECT_EQ(quote(key), 0);
	tear_down();
}

/* ---- how long it is remembered ---- */

static void the_same_key_again(void)
{
	u32 key, again;

	set_up_uses(1);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &ak, &key), 0);
	EXPECT_EQ(quote(key), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &ak, &again), 0);
	EXPECT_EQ(quote(again), H(TPM_RC_KEY, 1));
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &ak, &again), 0);
	EXPECT_EQ(quote(again), H(TPM_RC_KEY, 1));
	tear_down();
}

static u32 ruled(u32 code, u32 auth)
{
	struct cmd c;

	cmd_begin_pw(&c, code, 1, 1, auth);
	return cmd_run(&tpm, &c);
}

static u32 use_up(u32 hierarchy)
{
	u32 key, rc = primary(&tpm, hierarchy, &ak, &key);

	if (!rc)
		rc = quote(key);
	tpm_flush(&tpm, key);
	return rc;
}

static void keys_go_with_their_seed(void)
{
	set_up_uses(1);
	EXPECT_EQ(use_up(TPM_RH_OWNER), 0);
	EXPECT_EQ(use_up(TPM_RH_ENDORSEMENT), 0);
	EXPECT_EQ(use_up(TPM_RH_PLATFORM), 0);
	EXPECT_EQ(use_up(TPM_RH_NULL), 0);
	EXPECT_EQ(tpm.t->ak_count, 4);
	EXPECT_EQ(ruled(TPM_CC_Clear, TPM_RH_PLATFORM), 0);
	EXPECT_EQ(tpm.t->ak_count, 3);
	EXPECT_EQ(use_up(TPM_RH_OWNER), 0);
	EXPECT_EQ(use_up(TPM_RH_ENDORSEMENT), H(TPM_RC_KEY, 1));
	EXPECT_EQ(ruled(TPM_CC_ChangeEPS, TPM_RH_PLATFORM), 0);
	EXPECT_EQ(tpm.t->ak_count, 3);
	EXPECT_EQ(use_up(TPM_RH_ENDORSEMENT), 0);
	EXPECT_EQ(ruled(TPM_CC_ChangePPS, TPM_RH_PLATFORM), 0);
	EXPECT_EQ(use_up(TPM_RH_PLATFORM), 0);
	EXPECT_EQ(use_up(TPM_RH_NULL), H(TPM_RC_KEY, 1));
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	EXPECT_EQ(tpm.t->ak_count, 3);
	EXPECT_EQ(use_up(TPM_RH_NULL), 0);
	EXPECT_EQ(use_up(TPM_RH_OWNER), H(TPM_RC_KEY, 1));
	tear_down();
}

/* ---- without the lock ---- */

static void void_it(struct host_tpm *h)
{
	h->t->epoch++;
}

static void nothing_signed_nothing_counted(void)
{
	u32 key;

	set_up_uses(1);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &ak, &key), 0);
	tpm.in_heavy = void_it;
	EXPECT_EQ(quote(key), RAW(TPM_RC_RETRY));
	EXPECT_EQ(tpm.t->ak_count, 0);
	tpm.in_heavy = NULL;
	EXPECT_EQ(quote(key), 0);
	EXPECT_EQ(quote(key), H(TPM_RC_KEY, 1));
	tear_down();
}

static struct tpm2_space *second;
static u32 second_rc;

static void quote_meanwhile(struct host_tpm *h)
{
	u8 rsp[VTPM_MAX_COMMAND];
	struct cmd c;

	h->in_heavy = NULL;
	cmd_begin_pw(&c, TPM_CC_Quote, 1, 1, 0x81000001);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u32(&c, 0);
	cmd_finish(&c);
	mutex_lock(&h->lock);
	tpm2_execute(second, 0, c.buf, c.len, rsp);
	mutex_unlock(&h->lock);
	second_rc = get_unaligned_be32(rsp + 6);
}

static void two_at_once(void)
{
	u32 key;

	set_up_uses(1);
	second = tpm2_space_new(tpm.t);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &ak, &key), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, key, 0x81000001), 0);
	tpm.in_heavy = quote_meanwhile;
	EXPECT_EQ(quote(key), 0);
	EXPECT_EQ(second_rc, H(TPM_RC_KEY, 1));
	tpm2_space_free(second);
	tear_down();
}

/* ---- a full table ---- */

static void a_full_table_forgets_nobody(void)
{
	static struct tpm2_object o = { .hierarchy = TPM_RH_OWNER, .name_size = 34,
					.name = { 0, TPM_ALG_SHA256 } };
	bool counted;
	u32 i, key;

	set_up_uses(1);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &ak, &key), 0);
	o.pub.attrs = R | TPMA_OBJECT_SIGN;
	for (i = 0; i < TPM2_MAX_AKS; i++) {
		put_unaligned_be32(i * 2654435761u, o.name + 2);
		EXPECT(!tpm2_ak_use(tpm.t, &o, &counted) && counted);
	}
	EXPECT_EQ(tpm.t->ak_count, TPM2_MAX_AKS);
	EXPECT_EQ(quote(key), H(TPM_RC_KEY, 1));
	put_unaligned_be32(7 * 2654435761u, o.name + 2);
	EXPECT(tpm2_ak_check(tpm.t, &o) == TPM_RC_KEY);
	tpm2_ak_unuse(tpm.t, &o);
	EXPECT_EQ(quote(key), 0);
	EXPECT_EQ(tpm.t->ak_count, TPM2_MAX_AKS);
	tear_down();
}

/* ---- as state ---- */

static struct vtpm_policy *limited(u32 uses, struct vt_mem *mem)
{
	struct vtpm_policy *p;

	if (vtpm_policy_parse("", 0, mem, &p, NULL))
		abort();
	p->profile = vt_alloc(mem, sizeof(*p->profile));
	tpm2_profile_all(p->profile);
	p->profile->ak_uses = uses;
	return p;
}

static void check_import(enum vtpm_state_part part)
{
	bool all = part == VTPM_STATE_ALL;
	struct host_tpm h;
	struct blob b;
	u32 key;

	EXPECT_EQ(state_of(&tpm, part, &b), 0);
	EXPECT_EQ(state_into(&h, &b, part, limited(2, NULL), NULL), 0);
	blob_free(&b);
	EXPECT_EQ(h.t->ak_count, all ? 2 : 1);	/* the null hierarchy's keys end with the power */
	if (!all) {
		tpm2_power_on(h.t);
		EXPECT_EQ(tpm2_startup(h.t), 0);
	}
	EXPECT_EQ(primary(&h, TPM_RH_OWNER, &ak, &key), 0);
	EXPECT_EQ(quote_in(&h, h.space, key), 0);
	EXPECT_EQ(quote_in(&h, h.space, key), H(TPM_RC_KEY, 1));
	state_done(&h);
}

static void uses_are_state(void)
{
	struct vtpm_rooms rooms;
	struct tpm2_config cfg;

	set_up_uses(2);
	EXPECT_EQ(use_up(TPM_RH_NULL), 0);
	EXPECT_EQ(use_up(TPM_RH_OWNER), 0);
	check_import(VTPM_STATE_ALL);
	OK_SO_FAR();
	check_import(VTPM_STATE_PERMANENT);
	OK_SO_FAR();
	rooms = rooms_of(&tpm);
	cfg = host_tpm_config(&tpm);
	EXPECT_EQ(vtpm_state_check(&rooms, &cfg), 0);
	EXPECT_EQ(tpm.t->ak_count, 2);
	tear_down();
}

/* As an admin says it, and with the instance made anew of its state after each command */
static void a_policy_says_so(void)
{
	u32 key;

	host_tpm_new(&tpm, "limit ak-uses=2\n");
	tpm.state_check = true;
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &ak, &key), 0);
	EXPECT_EQ(quote(key), 0);
	EXPECT_EQ(certify_itself(key), 0);
	EXPECT_EQ(quote(key), H(TPM_RC_KEY, 1));
	EXPECT_EQ(certify_itself(key), H(TPM_RC_KEY, 2));
	tear_down();
}

/* Where the block is; 0: there is none */
static size_t find_uses(const struct blob *b)
{
	size_t at;

	for (at = VTPM_STATE_HEADER; at < b->len; at = block_next(b, at))
		if (get_unaligned_be16(b->p + at) == STATE_AK_USES)
			return at;
	return 0;
}

/* A byte of the block is another one: what a reader says. */
static int bent(struct blob *b, size_t at, u8 xor)
{
	struct host_tpm h;
	int err;

	b->p[at] ^= xor;
	err = state_into(&h, b, VTPM_STATE_ALL, NULL, NULL);
	if (!err)
		state_done(&h);
	b->p[at] ^= xor;
	return err;
}

#define ENTRY	(4 + 4 + 2 + 34)

static void bad_uses_are_refused(void)
{
	u8 first[ENTRY];
	struct blob b;
	size_t at;

	set_up_uses(1);
	EXPECT_EQ(use_up(TPM_RH_OWNER), 0);
	EXPECT_EQ(use_up(TPM_RH_NULL), 0);
	EXPECT_EQ(state_of(&tpm, VTPM_STATE_ALL, &b), 0);
	at = find_uses(&b);
	EXPECT(at);
	EXPECT_EQ(get_unaligned_be32(b.p + at + 4), 2 * ENTRY);
	at += VTPM_STATE_BLOCK;
	EXPECT_EQ(bent(&b, at + 3, 0), 0);
	EXPECT_EQ(bent(&b, at + 3, 0x10), -EBADMSG);	/* hierarchy */
	EXPECT_EQ(bent(&b, at + 7, 0x01), -EBADMSG);	/* no use */
	EXPECT_EQ(bent(&b, at + 7, 0x02), 0);		/* three */
	EXPECT_EQ(bent(&b, at + 9, 0x01), -EBADMSG);	/* size of the name */
	EXPECT_EQ(bent(&b, at + 11, 0x01), -EBADMSG);	/* its hash */
	memcpy(first, b.p + at, ENTRY);
	memcpy(b.p + at, b.p + at + ENTRY, ENTRY);	/* twice */
	EXPECT_EQ(bent(&b, at, 0), -EBADMSG);
	memcpy(b.p + at + ENTRY, first, ENTRY);		/* out of order */
	EXPECT_EQ(bent(&b, at, 0), -EBADMSG);
	blob_free(&b);
	EXPECT_EQ(ruled(TPM_CC_Clear, TPM_RH_PLATFORM), 0);
	tpm2_ak_free(tpm.t);
	EXPECT_EQ(state_of(&tpm, VTPM_STATE_ALL, &b), 0);
	EXPECT(!find_uses(&b));
	blob_free(&b);
	tear_down();
}

static const struct test_case cases[] = {
	{ "every-signature-counts", every_signature_counts },
	{ "the-same-key-again", the_same_key_again },
	{ "keys-go-with-their-seed", keys_go_with_their_seed },
	{ "nothing-signed-nothing-counted", nothing_signed_nothing_counted },
	{ "two-at-once", two_at_once },
	{ "a-full-table-forgets-nobody", a_full_table_forgets_nobody },
	{ "uses-are-state", uses_are_state },
	{ "a-policy-says-so", a_policy_says_so },
	{ "bad-uses-are-refused", bad_uses_are_refused },
};

TEST_MAIN("ak", cases)
