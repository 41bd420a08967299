// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an instance leaves behind (T44), and how much it can be made to hold (T43).
 * canary.c searches; with VTPM_REACH it does so under every other test as well.
 */
#define _GNU_SOURCE	/* memmem() */
#include "canary.h"
#include "reach_support.h"

#define INDEX	(HR_NV_INDEX + 1)

/* 32 different bytes each */
static const char auth[] = "authValue of an object, 32 bytes";
static const char other[] = "another auth value of 32 bytes..";
static const char secret[] = "what is sealed: thirty-two bytes";
static const char key_bytes[] = "the bytes of an HMAC key: 32 of.";

static void watch(void)
{
	canary_forget();
	canary_start();
	host_tpm_before = canary_before;
	host_tpm_after = canary_after;
	canary_add(auth, 32);
	canary_add(other, 32);
	canary_add(secret, 32);
	canary_add(key_bytes, 32);
	set_up();
}

static void check_nothing_left(void)
{
	const char *where = "";
	unsigned int found;

	tear_down();
	found = canary_found(&where);
	if (found)
		test_fail(__FILE__, __LINE__, "%u times a secret was left in %s", found, where);
}

/* ---- T44 ---- */

/* The search finds what it is for. */
static void t44_search_works(void)
{
	const char *where = NULL;
	u8 *p;

	watch();
	p = kmalloc(100, GFP_KERNEL);
	EXPECT(p);
	memcpy(p + 51, secret, 32);
	kfree(p);
	EXPECT_EQ(canary_found(&where), 1);
	p = kmalloc(100, GFP_KERNEL);
	EXPECT(p);
	memcpy(p + 51, secret, 32);
	kfree_sensitive(p);
	EXPECT_EQ(canary_found(&where), 1);
	memcpy(tpm.space->call.scratch + 7, auth, 32);
	canary_after(&tpm, tpm.space);
	EXPECT_EQ(canary_found(&where), 2);
	memset(tpm.space->call.scratch, 0, sizeof(tpm.space->call.scratch));
	tear_down();
}

/* One command with the auth value of an object, whose handle is the first. */
static u32 run_auth(u32 code, u32 handle, const void *params, u32 len)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, code);
	cmd_u32(&c, handle);
	cmd_auths(&c);
	cmd_password(&c, auth);
	cmd_auths_end(&c);
	cmd_bytes(&c, params, len);
	return cmd_run(&tpm, &c);
}

static void t44_objects(void)
{
	static const struct tmpl hmac = { TPM_ALG_KEYEDHASH, OURS | S, .scheme = TPM_ALG_HMAC };
	static const struct tmpl rsa = { TPM_ALG_RSA, OURS | SDO | D, .size = 1024 };
	struct bytes private, public;
	u32 parent, handle, seq;

	watch();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(create(&tpm, parent, &seal_template, auth, secret, 32, &private, &public), 0);
	EXPECT_EQ(load(&tpm, parent, &private, &public, &handle), 0);
	EXPECT_EQ(unseal(&tpm, handle, auth, NULL), 0);
	EXPECT_EQ(unseal(&tpm, handle, other, NULL) & 0xff, RAW(TPM_RC_BAD_AUTH));
	EXPECT_EQ(tpm_flush(&tpm, handle), 0);
	EXPECT_EQ(create(&tpm, parent, &hmac, auth, key_bytes, 32, &private, &public), 0);
	EXPECT_EQ(load(&tpm, parent, &private, &public, &handle), 0);
	EXPECT_EQ(run_auth(TPM_CC_HMAC, handle, "\0\4text\0\x10", 8), 0);
	EXPECT_EQ(run_auth(TPM_CC_HMAC_Start, handle, "\0\0\0\x10", 4), 0);
	rsp_params(&tpm, &seq);
	EXPECT_EQ(run_pw(TPM_CC_SequenceUpdate, 1, 1, seq, 0, "\0\4text", 6), 0);
	EXPECT_EQ(tpm_flush(&tpm, handle), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_NULL, &rsa, &handle), 0);
	EXPECT_EQ(create(&tpm, handle, &rsa, "", NULL, 0, NULL, NULL), H(TPM_RC_TYPE, 1));
	check_nothing_left();
}

static u32 change_hierarchy_auth(const char *old, const char *new)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_HierarchyChangeAuth);
	cmd_u32(&c, TPM_RH_ENDORSEMENT);
	cmd_auths(&c);
	cmd_password(&c, old);
	cmd_auths_end(&c);
	cmd_2b(&c, new, strlen(new));
	return cmd_run(&tpm, &c);
}

static void t44_auth_values(void)
{
	struct cmd c;

	watch();
	EXPECT_EQ(change_hierarchy_auth("", auth), 0);
	EXPECT_EQ(change_hierarchy_auth(other, auth) & 0xff, RAW(TPM_RC_BAD_AUTH));
	EXPECT_EQ(change_hierarchy_auth(auth, other), 0);
	cmd_begin_pw(&c, TPM_CC_NV_DefineSpace, 1, 1, TPM_RH_OWNER);
	cmd_2b(&c, auth, 32);
	cmd_u16(&c, 14);
	cmd_u32(&c, INDEX);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u32(&c, TPMA_NV_AUTHREAD | TPMA_NV_AUTHWRITE | TPMA_NV_OWNERWRITE | TPMA_NV_NO_DA);
	cmd_u16(&c, 0);
	cmd_u16(&c, 32);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	cmd_begin_pw(&c, TPM_CC_NV_Write, 2, 1, TPM_RH_OWNER, INDEX);
	cmd_2b(&c, secret, 32);
	cmd_u16(&c, 0);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	EXPECT_EQ(run_pw(TPM_CC_NV_UndefineSpace, 2, 1, TPM_RH_OWNER, INDEX, "", 0), 0);
	EXPECT_EQ(run_pw(TPM_CC_Clear, 1, 1, TPM_RH_PLATFORM, 0, "", 0), 0);
	check_nothing_left();
}

/* What Clear and new seeds make void is gone, too, not only unreachable. */
static void t44_seeds(void)
{
	struct tpm2_hierarchy *owner;
	u8 seed[TPM2_PROOF_SIZE], *found;

	watch();
	owner = tpm2_hierarchy(tpm.t, TPM_RH_OWNER);
	memcpy(seed, owner->seed, sizeof(seed));
	EXPECT_EQ(run_pw(TPM_CC_Clear, 1, 1, TPM_RH_PLATFORM, 0, "", 0), 0);
	found = memmem(tpm.t, sizeof(*tpm.t), seed, sizeof(seed));
	EXPECT(!found);
	found = memmem(tpm.space, sizeof(*tpm.space), seed, sizeof(seed));
	EXPECT(!found);
	check_nothing_left();
}

/* ---- T43 ---- */

/* One more than there can be at most: a limit that is not there shows, and ends */
static u32 fill_nv(unsigned int *count)
{
	struct cmd c;
	u32 rc;

	for (*count = 0; *count <= TPM2_MAX_NV_SPACE / TPM2_MAX_NV_BUFFER; (*count)++) {
		cmd_begin_pw(&c, TPM_CC_NV_DefineSpace, 1, 1, TPM_RH_OWNER);
		cmd_u16(&c, 0);
		cmd_u16(&c, 14);
		cmd_u32(&c, INDEX + *count);
		cmd_u16(&c, TPM_ALG_SHA256);
		cmd_u32(&c, TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE | TPMA_NV_NO_DA);
		cmd_u16(&c, 0);
		cmd_u16(&c, TPM2_MAX_NV_BUFFER);
		rc = cmd_run(&tpm, &c);
		if (rc)
			return rc;
	}
	return 0;
}

static u32 fill_persistent(u32 handle, unsigned int *count)
{
	u32 rc = 0;

	for (*count = 0; *count <= TPM2_MAX_PERSISTENT; (*count)++) {
		rc = evict(&tpm, TPM_RH_OWNER, handle, HR_PERSISTENT + *count);
		if (rc)
			break;
	}
	return rc;
}

/* All openers together: sessions have numbers of the instance. */
static void t43_all_openers(void)
{
	struct tpm2_space *first, *s;
	u32 handle, rc = 0, n = 0;

	set_up();
	first = tpm.space;
	while (rc != RAW(TPM_RC_SESSION_HANDLES) && n <= TPM2_MAX_ALL_SESSIONS) {
		s = tpm2_space_new(tpm.t);
		EXPECT(s);
		tpm.space = s;
		for (rc = 0; !rc; n += !rc)
			rc = tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL,
					       &handle);
	}
	EXPECT_EQ(rc, RAW(TPM_RC_SESSION_HANDLES));
	EXPECT_EQ(n, TPM2_MAX_ALL_SESSIONS);
	tpm.space = first;
	tpm2_free_spaces(tpm.t, first);
	tear_down();
}

/* Everything that one opener can fill up has an end, and a code of its own there. */
static void t43_limits(void)
{
	u32 handle, rc = 0, first = 0;
	unsigned int count, sessions;

	set_up();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &handle), 0);
	EXPECT_EQ(fill_persistent(handle, &count), RAW(TPM_RC_NV_SPACE));
	EXPECT_EQ(count, TPM2_MAX_PERSISTENT);
	EXPECT_EQ(fill_nv(&count), RAW(TPM_RC_NV_SPACE));
	for (sessions = 0; !rc && sessions <= TPM2_MAX_SESSIONS; sessions++)
		rc = tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL,
				       sessions ? &handle : &first);
	EXPECT_EQ(rc, RAW(TPM_RC_SESSION_MEMORY));
	EXPECT_EQ(sessions, TPM2_MAX_SESSIONS + 1);
	fill_objects();
	EXPECT_EQ(hash_sequence(&handle), RAW(TPM_RC_OBJECT_MEMORY));
	/* what all of this may cost: objects, sessions, NV and their heads */
	EXPECT(atomic_long_read(&tpm.mem.bytes) < 2 << 20);
	/* another opener is not hindered where the limit was the opener's */
	tpm2_space_free(tpm.space);
	tpm.space = tpm2_space_new(tpm.t);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL, &handle), 0);
	EXPECT_EQ(hash_sequence(&handle), 0);
	tear_down();
}

/* TPM2_Clear gives back what it takes away, to the last byte and object. */
static void t43_clear_gives_back(void)
{
	unsigned int objects[2], indices[2], i;
	u32 handle;

	set_up();
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &handle), 0);
		EXPECT_EQ(fill_persistent(handle, &objects[i]), RAW(TPM_RC_NV_SPACE));
		EXPECT_EQ(fill_nv(&indices[i]), RAW(TPM_RC_NV_SPACE));
		EXPECT_EQ(run_pw(TPM_CC_Clear, 1, 1, TPM_RH_PLATFORM, 0, "", 0), 0);
	}
	EXPECT_EQ(objects[0], objects[1]);
	EXPECT_EQ(indices[0], indices[1]);
	tear_down();
}

static const struct test_case cases[] = {
	{ "T44_search_works", t44_search_works },
	{ "T44_objects", t44_objects },
	{ "T44_auth_values", t44_auth_values },
	{ "T44_seeds", t44_seeds },
	{ "T43_limits", t43_limits },
	{ "T43_all_openers", t43_all_openers },
	{ "T43_clear_gives_back", t43_clear_gives_back },
};

TEST_MAIN("threats-memory", cases)
