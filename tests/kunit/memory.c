// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory: every allocation of a piece of work fails once, in turn. There is a
 * clear error then, nothing is kept, and the next try works.
 */
#include "support.h"
#include <linux/vmalloc.h>
#include "fail.h"
#include "key/key.h"
#include "policy/policy.h"
#include "property/certs.h"
#include "property/property.h"
#include "signed.h"
#include "../host/object_support.h"

static struct host_tpm tpm;

/* Calls @work with ever later allocations failing, until none does. Return: how many there were. */
static unsigned int sweep(struct kunit *test, int (*work)(struct kunit *test, bool fails))
{
	unsigned int n = 0;
	bool hit;
	int rc;

	do {
		vt_host_fail_alloc = n++;
		rc = work(test, true);
		hit = vt_host_fail_alloc < 0;
		vt_host_fail_alloc = -1;
		KUNIT_EXPECT_EQ_MSG(test, rc, hit ? -ENOMEM : 0, "allocation %u", n);
		if (hit)
			KUNIT_EXPECT_EQ_MSG(test, work(test, false), 0, "after allocation %u", n);
	} while (hit && n < 1000);
	return n - 1;
}

/* ---- an instance ---- */

static const char all_banks[] = "bank sha1 sha256 sha384 sha512\nprovider certificate\n"
	"seal pcr=all provider=certificate\n";

static void lock_nothing(void *ctx)
{
}

static bool never(void *ctx)
{
	return false;
}

static const struct tpm2_host host = {
	.lock = lock_nothing,
	.unlock = lock_nothing,
	.cancelled = never,
};

static int make_engine(struct vt_mem *mem, struct vtpm_matrix *m)
{
	struct tpm2_config cfg = {
		.host = &host,
		.pcr_ops = &vtpm_matrix_pcr_ops,
		.pcrs = m,
		.key_ops = &vt_key_software,
		.mem = mem,
	};
	struct tpm2_space *s;
	struct tpm2 *t;
	int rc = tpm2_new(&cfg, &t);

	if (rc)
		return rc;
	tpm2_power_on(t);
	rc = tpm2_startup(t);
	s = rc ? NULL : tpm2_space_new(t);
	if (s)
		tpm2_space_free(s);
	tpm2_free(t);
	return rc || s ? rc : -ENOMEM;
}

static int instance(struct kunit *test, bool fails)
{
	struct vt_mem mem = { ATOMIC_LONG_INIT(0) };
	struct vtpm_policy *p;
	struct vtpm_matrix *m;
	int rc = vtpm_policy_parse(all_banks, strlen(all_banks), &mem, &p, NULL);

	if (!rc) {
		rc = vtpm_matrix_new(p, &mem, &m, NULL);
		if (rc) {
			vtpm_policy_free(&mem, p);
		} else {
			rc = make_engine(&mem, m);
			vtpm_matrix_free(m);
		}
	}
	KUNIT_EXPECT_EQ(test, atomic_long_read(&mem.bytes), 0L);
	return rc;
}

static void new_instance(struct kunit *test)
{
	KUNIT_EXPECT_GE(test, sweep(test, instance), 5U);
}

/* ---- commands ---- */

static struct cmd command;	/* what is tried */
static u32 no_memory;		/* how it says so */

/* Its response begins with a handle. Counted before and after: a failed command keeps nothing. */
static int run_command(struct kunit *test, bool fails)
{
	long before = atomic_long_read(&tpm.mem.bytes);
	u32 handle, rc = cmd_run(&tpm, &command);

	if (rc == no_memory) {
		KUNIT_EXPECT_EQ(test, atomic_long_read(&tpm.mem.bytes), before);
		return -ENOMEM;
	}
	KUNIT_EXPECT_EQ(test, rc, 0U);
	if (!rc) {
		rsp_params(&tpm, &handle);
		KUNIT_EXPECT_EQ(test, tpm_flush(&tpm, handle), 0U);
		KUNIT_EXPECT_EQ(test, atomic_long_read(&tpm.mem.bytes), before);
	}
	return rc ? -EIO : 0;
}

static void create_object(struct kunit *test)
{
	host_tpm_new(&tpm, NULL);
	no_memory = (__force u32)TPM_RC_MEMORY;
	cmd_begin_pw(&command, TPM_CC_CreatePrimary, 1, 1, TPM_RH_OWNER);
	put_sensitive_create(&command, "", "x", 1);
	put_template(&command, &seal_template);
	cmd_u16(&command, 0);
	cmd_u32(&command, 0);
	KUNIT_EXPECT_GE(test, sweep(test, run_command), 1U);
	cmd_begin_pw(&command, TPM_CC_CreatePrimary, 1, 1, TPM_RH_OWNER);
	put_sensitive_create(&command, "", NULL, 0);
	put_template(&command, &storage_template);
	cmd_u16(&command, 0);
	cmd_u32(&command, 0);
	KUNIT_EXPECT_GE(test, sweep(test, run_command), 1U);
	KUNIT_EXPECT_EQ(test, host_tpm_free(&tpm), 0L);
}

static void sessions_and_sequences(struct kunit *test)
{
	static const u8 nonce[16];

	host_tpm_new(&tpm, NULL);
	no_memory = (__force u32)TPM_RC_SESSION_MEMORY;
	cmd_start(&command, TPM_ST_NO_SESSIONS, TPM_CC_StartAuthSession);
	cmd_u32(&command, TPM_RH_NULL);
	cmd_u32(&command, TPM_RH_NULL);
	cmd_2b(&command, nonce, sizeof(nonce));
	cmd_u16(&command, 0);
	cmd_u8(&command, TPM_SE_POLICY);
	cmd_u16(&command, TPM_ALG_NULL);
	cmd_u16(&command, TPM_ALG_SHA256);
	KUNIT_EXPECT_GE(test, sweep(test, run_command), 1U);
	no_memory = (__force u32)TPM_RC_MEMORY;
	cmd_start(&command, TPM_ST_NO_SESSIONS, TPM_CC_HashSequenceStart);
	cmd_u16(&command, 0);
	cmd_u16(&command, TPM_ALG_NULL);	/* an event sequence: a hash for each bank */
	KUNIT_EXPECT_GE(test, sweep(test, run_command), 1U);
	KUNIT_EXPECT_EQ(test, host_tpm_free(&tpm), 0L);
}

/* An extend that runs out of memory changes no bank of any provider. */
static int extend_all(struct kunit *test, bool fails)
{
	u8 was[VT_MAX_DIGEST], is[VT_MAX_DIGEST], m[32] = { 1 };
	long rest = vt_host_fail_alloc;
	u32 rc;

	vt_host_fail_alloc = -1;
	vt_kunit_read(test, &tpm, TPM_ALG_SHA256, 8, was);
	vt_host_fail_alloc = rest;
	rc = vt_kunit_extend(&tpm, TPM_ALG_SHA256, 8, m);
	rest = vt_host_fail_alloc;
	vt_host_fail_alloc = -1;
	vt_kunit_read(test, &tpm, TPM_ALG_SHA256, 8, is);
	vt_host_fail_alloc = rest;
	KUNIT_EXPECT_EQ(test, !memcmp(was, is, 32), rc != 0);
	return rc ? -ENOMEM : 0;
}

static void extend(struct kunit *test)
{
	host_tpm_new(&tpm, all_banks);
	sweep(test, extend_all);
	KUNIT_EXPECT_EQ(test, host_tpm_free(&tpm), 0L);
}

/* ---- the store of trusted parties ---- */

static int trust_and_load(struct kunit *test, bool fails)
{
	char name[VTPM_NAME_MAX + 1];
	int rc = vtpm_trust_add("it", rsa_cert, sizeof(rsa_cert));

	if (!rc)
		rc = vtpm_cert_load(rsa_first, sizeof(rsa_first), name, NULL);
	vtpm_trust_remove("it");
	KUNIT_EXPECT_EQ(test, vtpm_trust_list(NULL, 0), 0U);
	KUNIT_EXPECT_EQ(test, vtpm_cert_list(NULL, 0), 0U);
	return rc;
}

static void store(struct kunit *test)
{
	KUNIT_EXPECT_GE(test, sweep(test, trust_and_load), 3U);
}

/* ---- many instances ---- */

static void many_instances(struct kunit *test)
{
	enum { COUNT = 64 };
	struct host_tpm *h = vmalloc(COUNT * sizeof(*h));
	unsigned int i;
	u32 handle;

	KUNIT_ASSERT_NOT_NULL(test, h);
	for (i = 0; i < COUNT; i++) {
		host_tpm_new(&h[i], NULL);
		KUNIT_EXPECT_LE(test, atomic_long_read(&h[i].mem.bytes), 65536L);
		KUNIT_EXPECT_EQ(test, tpm_start_session(&h[i], TPM_SE_HMAC, TPM_ALG_SHA256,
							TPM_ALG_NULL, &handle), 0U);
	}
	for (i = 0; i < COUNT; i++)
		KUNIT_EXPECT_EQ(test, host_tpm_free(&h[i]), 0L);
	vfree(h);
}

/* A space that goes takes with it what its opener has left in it. */
static void space_with_things(struct kunit *test)
{
	struct tpm2_stats stats;
	struct tpm2_space *mine, *other;
	long before;
	u32 handle;

	host_tpm_new(&tpm, NULL);
	before = atomic_long_read(&tpm.mem.bytes);
	other = tpm2_space_new(tpm.t);
	KUNIT_ASSERT_NOT_NULL(test, other);
	mine = tpm.space;
	tpm.space = other;
	KUNIT_EXPECT_EQ(test, primary(&tpm, TPM_RH_OWNER, &sign_template, &handle), 0U);
	KUNIT_EXPECT_EQ(test, tpm_start_session(&tpm, TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_NULL,
						&handle), 0U);
	tpm.space = mine;
	tpm2_space_free(other);
	tpm2_get_stats(tpm.t, &stats);
	KUNIT_EXPECT_EQ(test, stats.objects, 0U);
	KUNIT_EXPECT_EQ(test, stats.sessions, 0U);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&tpm.mem.bytes), before);
	KUNIT_EXPECT_EQ(test, host_tpm_free(&tpm), 0L);
}

static struct kunit_case memory_cases[] = {
	KUNIT_CASE(new_instance),
	KUNIT_CASE(create_object),
	KUNIT_CASE(sessions_and_sequences),
	KUNIT_CASE(extend),
	KUNIT_CASE(store),
	KUNIT_CASE(many_instances),
	KUNIT_CASE(space_with_things),
	{}
};

static struct kunit_suite memory_suite = {
	.name = "vtpm_memory",
	.test_cases = memory_cases,
};

kunit_test_suite(memory_suite);
