// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of an instance, to bytes and back: nothing is lost, what was made yesterday
 * is understood tomorrow (the blob in state_v1.h), and a failure leaves nothing.
 */
#include "state_support.h"

static struct furnished f;

/* The first instance, with something of everything, and its state. */
static bool set_up_whole(struct blob *b)
{
	host_tpm_new(&tpm, STATE_TEST_POLICY);
	tpm.state_check = false;	/* in a test of states it would only cost time */
	return !furnish(&f) && !state_of(&tpm, VTPM_STATE_ALL, b);
}

static void done(void)
{
	tpm2_free_spaces(tpm.t, tpm.space);
	tear_down();
}

/* ---- nothing is lost ---- */

static void same_again(void)
{
	struct vtpm_rooms rooms;
	struct host_tpm h;
	struct blob a, b;

	fixed_now = 1000000;
	vt_host_clock = fixed_clock;
	EXPECT(set_up_whole(&a));
	rooms = rooms_of(&tpm);
	EXPECT_EQ(vtpm_state_size(&rooms, VTPM_STATE_ALL), a.len);
	EXPECT_EQ(state_into(&h, &a, VTPM_STATE_ALL, NULL, NULL), 0);
	EXPECT_EQ(state_of(&h, VTPM_STATE_ALL, &b), 0);
	EXPECT_EQ(b.len, a.len);
	EXPECT_MEM(b.p, a.p, a.len);
	blob_free(&a);
	blob_free(&b);
	EXPECT_EQ(state_of(&tpm, VTPM_STATE_PERMANENT, &a), 0);
	EXPECT_EQ(state_of(&h, VTPM_STATE_PERMANENT, &b), 0);
	EXPECT_EQ(b.len, a.len);
	EXPECT_MEM(b.p, a.p, a.len);
	vt_host_clock = NULL;
	EXPECT_EQ(state_done(&h), 0);
	blob_free(&a);
	blob_free(&b);
	done();
}

/* The answers of two instances to the same command; @skip bytes of them may differ. */
static bool agree(struct host_tpm *h, struct cmd *c, u32 expect)
{
	return cmd_run(&tpm, c) == expect && cmd_run(h, c) == expect &&
	       tpm.rsp_len == h->rsp_len && !memcmp(tpm.rsp, h->rsp, h->rsp_len);
}

static bool sequences_agree(struct host_tpm *h)
{
	unsigned int i;
	struct cmd c;

	for (i = 0; i < 3; i++) {
		cmd_begin_pw(&c, TPM_CC_SequenceComplete, 1, 1, f.seq[i]);
		cmd_2b(&c, "defghijklmno", 12);
		cmd_u32(&c, TPM_RH_NULL);
		if (!agree(h, &c, 0))
			return false;
	}
	cmd_begin_pw(&c, TPM_CC_EventSequenceComplete, 2, 2, 16, f.seq[3]);
	cmd_2b(&c, "defghijklmno", 12);
	return agree(h, &c, 0);
}

static bool pcrs_agree(struct host_tpm *h)
{
	static const u16 banks[] = { TPM_ALG_SHA1, TPM_ALG_SHA256 };
	u8 a[VT_MAX_DIGEST] = { 0 }, b[VT_MAX_DIGEST] = { 0 };
	unsigned int pcr, bank, provider;

	for (bank = 0; bank < ARRAY_SIZE(banks); bank++) {
		for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++) {
			for (provider = 0; provider < 2; provider++) {
				if (vtpm_matrix_peek(tpm.matrix, provider, banks[bank], pcr, a) ||
				    vtpm_matrix_peek(h->matrix, provider, banks[bank], pcr, b) ||
				    memcmp(a, b, sizeof(a)))
					return false;
			}
		}
	}
	return true;
}

/* What another instance made of the state does is what the first one does. */
static void goes_on(void)
{
	struct host_tpm h;
	struct blob state;
	u32 handle;
	struct cmd c;

	EXPECT(set_up_whole(&state));
	EXPECT_EQ(state_into(&h, &state, VTPM_STATE_ALL, NULL, NULL), 0);
	EXPECT(pcrs_agree(&h));
	EXPECT(sequences_agree(&h));
	cmd_begin_pw(&c, TPM_CC_NV_Read, 2, 1, TPM_RH_OWNER, FURNISHED_NV);
	cmd_u16(&c, 8);
	cmd_u16(&c, 0);
	EXPECT(agree(&h, &c, 0));
	cmd_begin_pw(&c, TPM_CC_NV_Increment, 2, 1, TPM_RH_OWNER, FURNISHED_NV + 1);
	EXPECT(agree(&h, &c, 0));
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PolicyGetDigest);
	cmd_u32(&c, f.policy);
	EXPECT(agree(&h, &c, 0));
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ReadPublic);
	cmd_u32(&c, FURNISHED_SEALED);
	EXPECT(agree(&h, &c, 0));
	EXPECT_EQ(unseal(&h, FURNISHED_SEALED, "pw", NULL), 0);
	EXPECT_EQ(context_load(&h, &f.saved, &handle), 0);
	EXPECT_EQ(context_load(&h, &f.saved, &handle), P(TPM_RC_HANDLE, 1));
	/* keys that follow from the seed are the same ones */
	EXPECT_EQ(primary(&h, TPM_RH_OWNER, &hmac_template, &handle), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &hmac_template, &handle), 0);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ReadPublic);
	cmd_u32(&c, handle);
	EXPECT(agree(&h, &c, 0));
	/* endorsement has its auth */
	EXPECT_EQ(primary(&h, TPM_RH_ENDORSEMENT, &hmac_template, &handle),
		  (__force u32)TPM_RC_BAD_AUTH | 0x900);
	EXPECT(tpm2_space_marked(h.t, 7) == h.space);
	EXPECT(!tpm2_space_marked(h.t, 8));
	EXPECT_EQ(h.t->commands > 20, 1);
	blob_free(&state);
	EXPECT_EQ(state_done(&h), 0);
	done();
}

/* Keys with a private half, RSA from outside; a key without its private half; stClear. */
static void asymmetric(void)
{
	static const struct tmpl st_clear = {
		TPM_ALG_ECC, OURS | SDO | S | STC, .scheme = TPM_ALG_ECDSA,
	};
	u32 srk, key, child, outside;
	struct bytes private, public;
	struct host_tpm h;
	struct blob state;
	struct cmd c;

	set_up();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &srk), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_NULL, &st_clear, &key), 0);
	EXPECT_EQ(create(&tpm, srk, &sign_template, "", NULL, 0, &private, &public), 0);
	EXPECT_EQ(load(&tpm, srk, &private, &public, &child), 0);
	EXPECT_EQ(evict(&tpm, TPM_RH_OWNER, child, 0x81000007), 0);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_LoadExternal);
	cmd_u16(&c, 0);
	cmd_2b(&c, public.data, public.size);
	cmd_u32(&c, TPM_RH_OWNER);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	rsp_params(&tpm, &outside);
	EXPECT_EQ(state_of(&tpm, VTPM_STATE_ALL, &state), 0);
	EXPECT_EQ(state_into(&h, &state, VTPM_STATE_ALL, NULL, NULL), 0);
	cmd_begin_pw(&c, TPM_CC_Sign, 1, 1, 0x81000007);
	cmd_2b(&c, "0123456789abcdef0123456789abcdef", 32);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u16(&c, TPM_ST_HASHCHECK);
	cmd_u32(&c, TPM_RH_NULL);
	cmd_u16(&c, 0);
	EXPECT_EQ(cmd_run(&h, &c), 0);
	put_unaligned_be32(outside, c.buf + 10);
	EXPECT_EQ(cmd_run(&h, &c), RAW(TPM_RC_AUTH_UNAVAILABLE));
	EXPECT(h.space->objects[key - HR_TRANSIENT]->st_clear);
	EXPECT(h.space->objects[outside - HR_TRANSIENT]->public_only);
	/* the parent still is one: its child loads */
	EXPECT_EQ(load(&h, srk, &private, &public, &child), 0);
	EXPECT_EQ(state_done(&h), 0);
	blob_free(&state);
	tear_down();
}

/* ---- the permanent state alone ---- */

static void permanent(void)
{
	struct blob all, some;
	struct host_tpm h[2];
	unsigned int i;
	u64 clock;
	u32 handle;

	fixed_now = 1000000;
	vt_host_clock = fixed_clock;
	EXPECT(set_up_whole(&all));
	EXPECT_EQ(state_of(&tpm, VTPM_STATE_PERMANENT, &some), 0);
	EXPECT(some.len < all.len);
	clock = tpm2_clock(tpm.t);
	/* from a state that has no more, and from one that has */
	EXPECT_EQ(state_into(&h[0], &some, VTPM_STATE_ALL, NULL, NULL), 0);
	EXPECT_EQ(state_into(&h[1], &all, VTPM_STATE_PERMANENT, NULL, NULL), 0);
	for (i = 0; i < 2; i++) {
		struct tpm2 *t = h[i].t;

		EXPECT(!t->started && !t->objects && !t->sessions && !t->saved_count);
		EXPECT(memcmp(t->hierarchy[HIER_NULL].proof, tpm.t->hierarchy[HIER_NULL].proof,
			      TPM2_PROOF_SIZE));
		/* no number of a context comes twice */
		EXPECT(t->object_contexts > tpm.t->object_contexts + 1000);
		tpm2_power_on(t);
		EXPECT_EQ(tpm2_startup(t), 0);
		EXPECT(tpm2_clock(t) >= clock && !t->clock_safe);
		EXPECT_EQ(t->reset_count, tpm.t->reset_count + 1);
		EXPECT_EQ(unseal(&h[i], FURNISHED_SEALED, "pw", NULL), 0);
		EXPECT_EQ(context_load(&h[i], &f.saved, &handle), P(TPM_RC_INTEGRITY, 1));
		/* an orderly counter goes past all that might have been seen */
		EXPECT_EQ(tpm2_nv_u64(tpm2_nv_find(t, FURNISHED_NV + 4)) & 0xff, 0xff);
		EXPECT_EQ(state_done(&h[i]), 0);
	}
	vt_host_clock = NULL;
	blob_free(&all);
	blob_free(&some);
	done();
}

/* Before the first power on, after a failure, and while it is off */
static void other_times(void)
{
	struct host_tpm h;
	struct blob state;
	struct cmd c;

	set_up();
	tpm2_power_on(tpm.t);
	EXPECT_EQ(state_of(&tpm, VTPM_STATE_ALL, &state), 0);
	EXPECT_EQ(state_into(&h, &state, VTPM_STATE_ALL, NULL, NULL), 0);
	EXPECT_EQ(tpm_define_nv(&h, 0x01000001), RAW(TPM_RC_INITIALIZE));
	EXPECT_EQ(tpm2_startup(h.t), 0);
	EXPECT_EQ(tpm_define_nv(&h, 0x01000001), 0);
	EXPECT_EQ(state_done(&h), 0);
	blob_free(&state);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_Shutdown);
	cmd_u16(&c, TPM_SU_STATE);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	tpm2_fail(tpm.t);
	EXPECT_EQ(state_of(&tpm, VTPM_STATE_ALL, &state), 0);
	EXPECT_EQ(state_into(&h, &state, VTPM_STATE_ALL, NULL, NULL), 0);
	EXPECT(h.t->failed && h.t->state_saved);
	EXPECT_EQ(state_done(&h), 0);
	blob_free(&state);
	tear_down();
}

/* ---- versions ---- */

#include "state_v1.h"
#include "state_v2.h"

/* What it was made with: tests/host/test_state --make >state_v2.h */
/* What came with later versions taken out of a state again */
static void as_version(struct blob *b, u16 version)
{
	size_t at = VTPM_STATE_HEADER;

	while (at < b->len) {
		size_t next = block_next(b, at);

		if (block_type(b, at) == STATE_LOG ||
		    (block_type(b, at) == STATE_IDENTITY && version < 2)) {
			memmove(b->p + at, b->p + next, b->len - next);
			b->len -= next - at;
		} else {
			at = next;
		}
	}
	put_unaligned_be16(version, b->p + 8);
	put_unaligned_be32(b->len, b->p + 12);
}

static bool make_frozen(struct blob *b)
{
	bool ok;

	set_up();	/* the first one in a process draws more */
	tear_down();
	fixed_now = 1000000;
	vt_host_clock = fixed_clock;
	vt_host_seed(1);
	ok = set_up_whole(b);
	vt_host_seed(0);
	if (ok)
		as_version(b, 2);
	return ok;
}

static void frozen_read(struct blob was, bool first)
{
	struct host_tpm h;
	struct blob b;

	fixed_now = 5000000;
	vt_host_clock = fixed_clock;
	EXPECT_EQ(state_into(&h, &was, VTPM_STATE_ALL, NULL, NULL), 0);
	EXPECT_EQ(state_of(&h, VTPM_STATE_ALL, &b), 0);
	as_version(&b, first ? 1 : 2);
	EXPECT_EQ(b.len, was.len);
	EXPECT_MEM(b.p, was.p, was.len);
	blob_free(&b);
	EXPECT_EQ(unseal(&h, FURNISHED_SEALED, "pw", NULL), 0);
	vt_host_clock = NULL;
	EXPECT_EQ(state_done(&h), 0);
}

static void frozen_1(void)
{
	frozen_read((struct blob){ .p = (u8 *)state_v1, .len = sizeof(state_v1) }, true);
}

static void frozen_2(void)
{
	frozen_read((struct blob){ .p = (u8 *)state_v2, .len = sizeof(state_v2) }, false);
}

/* The same instance is written in the same way for ever; a change needs a new version. */
static void written_the_same(void)
{
	struct blob b;

	bool made;

	host_tpm_calm = true;	/* attempts that fail would take of the fixed random numbers */
	made = make_frozen(&b);
	host_tpm_calm = false;
	EXPECT(made);
	EXPECT_EQ(b.len, sizeof(state_v2));
	EXPECT_MEM(b.p, state_v2, b.len);
	vt_host_clock = NULL;
	blob_free(&b);
	done();
}

static int print_frozen(void)
{
	struct blob b;
	size_t i;

	if (!make_frozen(&b))
		return 1;
	printf("/* %s: GPL-2.0-only */\n"
	       "/* A state of version 2, made by test_state --make. Never to be made again. */\n"
	       "static const u8 state_v2[] = {", "SPDX-License-Identifier");
	for (i = 0; i < b.len; i++)
		printf("%s0x%02x,", i % 12 ? " " : "\n\t", b.p[i]);
	printf("\n};\n");
	return 0;
}

/* ---- policies ---- */

static struct vtpm_policy *policy_of(struct host_tpm *h, const char *text)
{
	struct vtpm_policy *p = NULL;

	vtpm_policy_parse(text, strlen(text), &h->mem, &p, NULL);
	return p;
}

/* Under another policy of the same banks and providers, and not under any other. */
static void policies(void)
{
	static const struct {
		const char *text;
		int err;
		const char *why;
	} tries[] = {
		{ "provider certificate\nbank sha1 sha256\nread pcr=6 hide\n", 0, "" },
		{ "provider certificate\nbank sha256\n", -EINVAL, "banks" },
		{ "bank sha1 sha256\n", -EINVAL, "certificate" },
		{ "provider certificate represent=property\nbank sha1 sha256\n", -EINVAL,
		  "options" },
	};
	static struct vt_mem mem;
	struct vtpm_text_error why;
	struct vtpm_policy *p;
	struct host_tpm h;
	struct blob state;
	unsigned int i;

	EXPECT(set_up_whole(&state));
	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		p = policy_of(&h, tries[i].text);
		EXPECT(p);
		memset(&why, 0, sizeof(why));
		EXPECT_EQ(state_into(&h, &state, VTPM_STATE_ALL, p, &why), tries[i].err);
		EXPECT(strstr(why.reason, tries[i].why));
		if (tries[i].err)	/* it is still the caller's */
			vtpm_policy_free(&mem, p);
		else
			vtpm_state_drop(&(struct vtpm_rooms){ .tpm = h.t, .matrix = h.matrix });
	}
	blob_free(&state);
	done();
}

/* ---- memory ---- */

/* Whichever allocation fails, nothing is left; a buffer that is too small is wiped. */
static void memory(void)
{
	struct vtpm_rooms rooms;
	struct host_tpm h;
	struct blob state;
	u8 small[64];
	size_t len;
	long n;
	int err;

	EXPECT(set_up_whole(&state));
	for (n = 0; n < 1000; n++) {
		vt_host_fail_alloc = n;
		err = state_into(&h, &state, VTPM_STATE_ALL, NULL, NULL);
		vt_host_fail_alloc = -1;
		if (!err)
			break;
		EXPECT_EQ(err, -ENOMEM);
	}
	EXPECT(n > 30 && n < 1000);
	EXPECT_EQ(state_done(&h), 0);
	rooms = rooms_of(&tpm);
	memset(small, 0x55, sizeof(small));
	err = vtpm_state_export(&rooms, VTPM_STATE_ALL, small, sizeof(small), &len);
	EXPECT_EQ(err, -EOVERFLOW);
	for (n = 0; n < (long)sizeof(small); n++)
		EXPECT_EQ(small[n], 0);
	vt_host_fail_alloc = 0;
	blob_free(&state);
	err = state_of(&tpm, VTPM_STATE_ALL, &state);
	vt_host_fail_alloc = -1;
	EXPECT_EQ(err, -ENOMEM);
	done();
}

/* ---- the test mode itself ---- */

/* Openers notice nothing, and what is no state stays. */
static void adopted(void)
{
	struct vtpm_rooms rooms;
	struct tpm2_config cfg;
	struct blob state;
	struct tpm2 *t;
	unsigned int i;

	EXPECT(set_up_whole(&state));
	t = tpm.t;
	rooms = rooms_of(&tpm);
	cfg = host_tpm_config(&tpm);
	tpm2_set_presence(t, true);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(vtpm_state_check(&rooms, &cfg), 0);
		EXPECT(rooms.tpm == t && t->presence && t->cfg.pcrs == tpm.matrix);
		EXPECT_EQ(two(&tpm, TPM_CC_SequenceUpdate, f.seq[i], "more", false), 0);
		EXPECT_EQ(unseal(&tpm, f.sealed, "pw", NULL), 0);
	}
	/* a check that cannot fail checks nothing: what only the live instance has is found */
	tpm2_nv_find(t, FURNISHED_NV)->auth.data[5] = 0;
	EXPECT_EQ(vtpm_state_check(&rooms, &cfg), -EBADMSG);
	tpm2_nv_find(t, FURNISHED_NV)->auth.data[5] = 't';
	t->hierarchy[HIER_OWNER].seed[0] ^= 1;	/* unchanged by it, so this is fine */
	EXPECT_EQ(vtpm_state_check(&rooms, &cfg), 0);
	blob_free(&state);
	done();
}

static const struct test_case cases[] = {
	{ "same_again", same_again },
	{ "goes_on", goes_on },
	{ "asymmetric", asymmetric },
	{ "permanent", permanent },
	{ "other_times", other_times },
	{ "version_1_is_read", frozen_1 },
	{ "version_2_is_read", frozen_2 },
	{ "version_2_is_written", written_the_same },
	{ "policies", policies },
	{ "T36_memory", memory },
	{ "T33_adopted", adopted },
};

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--make"))
		return print_frozen();
	return test_run("state", cases, ARRAY_SIZE(cases), argc, argv);
}
