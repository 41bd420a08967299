// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies in a kernel: what a text means, and where a bad one is said to be
 * wrong. Nothing stays allocated either way.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "crypto/crypto.h"
#include "policy/policy.h"

#include "../host/policy_texts.h"

static void wrong_text(struct kunit *test, unsigned int i, struct vt_mem *mem)
{
	struct vtpm_text_error err = { 77, 77, "" };
	struct vtpm_policy *p = NULL;
	const struct policy_bad *b = &policy_bads[i];
	char *copy = kmemdup(b->text, b->len, GFP_KERNEL);	/* exact, for KASAN */

	KUNIT_ASSERT_NOT_NULL(test, copy);
	KUNIT_EXPECT_EQ_MSG(test, vtpm_policy_parse(copy, b->len, mem, &p, &err), -EINVAL,
			    "text %u", i);
	KUNIT_EXPECT_EQ_MSG(test, err.line, b->line, "text %u: %s", i, err.reason);
	KUNIT_EXPECT_EQ_MSG(test, err.column, b->column, "text %u: %s", i, err.reason);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(err.reason, b->reason), "text %u: %s", i,
				  err.reason);
	KUNIT_EXPECT_EQ(test, vtpm_policy_parse(copy, b->len, mem, &p, NULL), -EINVAL);
	kfree(copy);
	KUNIT_EXPECT_NULL(test, p);
}

static void wrong_texts(struct kunit *test)
{
	struct vt_mem mem = { ATOMIC_LONG_INIT(0) };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(policy_bads); i++) {
		wrong_text(test, i, &mem);
		KUNIT_EXPECT_EQ(test, atomic_long_read(&mem.bytes), 0L);
	}
}

static void right_text(struct kunit *test, const struct policy_good *g, struct vt_mem *mem)
{
	struct vtpm_text_error err = { 0 };
	struct vtpm_policy *p = NULL;
	size_t len;

	KUNIT_ASSERT_EQ_MSG(test, vtpm_policy_parse(g->text, strlen(g->text), mem, &p, &err), 0,
			    "\"%s\": %s", g->text, err.reason);
	KUNIT_EXPECT_GT(test, atomic_long_read(&mem->bytes), 0L);
	KUNIT_EXPECT_STREQ(test, vtpm_policy_text(p, &len), g->text);
	KUNIT_EXPECT_TRUE_MSG(test, policy_good_is(g, p), "\"%s\": not %s", g->text, g->want);
	vtpm_policy_free(mem, p);
}

static void right_texts(struct kunit *test)
{
	struct vt_mem mem = { ATOMIC_LONG_INIT(0) };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(policy_goods); i++) {
		right_text(test, &policy_goods[i], &mem);
		KUNIT_EXPECT_EQ(test, atomic_long_read(&mem.bytes), 0L);
	}
}

static const char whole[] = "# all of it\nname whole\nbank sha1 sha256\n"
	"provider certificate represent=property party=it\n"
	"command deny Hash\nlimit nv=20\nupdate signed=it\nevent pcr=1 locality=2 deny\n"
	"seal pcr=8-10,12 bank=sha256 provider=certificate\nread pcr=16 hide\n";

/* Every beginning is a policy or an error with a place within it; KASAN watches the end. */
static void beginnings(struct kunit *test)
{
	struct vt_mem mem = { ATOMIC_LONG_INIT(0) };
	size_t len;

	for (len = 0; len < sizeof(whole); len++) {
		char *copy = kmemdup(whole, len, GFP_KERNEL);
		struct vtpm_text_error err = { 0 };
		struct vtpm_policy *p = NULL;
		int rc;

		KUNIT_ASSERT_NOT_NULL(test, copy);
		rc = vtpm_policy_parse(copy, len, &mem, &p, &err);
		kfree(copy);
		if (rc) {
			KUNIT_EXPECT_EQ(test, rc, -EINVAL);
			KUNIT_EXPECT_TRUE_MSG(test, err.line && err.column, "%zu bytes", len);
		}
		KUNIT_EXPECT_EQ_MSG(test, !p, !!rc, "%zu bytes", len);
		vtpm_policy_free(&mem, p);
	}
	KUNIT_EXPECT_EQ(test, atomic_long_read(&mem.bytes), 0L);
}

static int policy_init(struct kunit_suite *suite)
{
	unsigned int i;
	int rc = 0;

	for (i = 0; i < ARRAY_SIZE(policy_fakes) && !rc; i++)
		rc = vtpm_provider_register(&policy_fakes[i]);
	return rc;
}

static void policy_exit(struct kunit_suite *suite)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(policy_fakes); i++)
		vtpm_provider_unregister(&policy_fakes[i]);
}

static struct kunit_case policy_cases[] = {
	KUNIT_CASE(wrong_texts),
	KUNIT_CASE(right_texts),
	KUNIT_CASE(beginnings),
	{}
};

static struct kunit_suite policy_suite = {
	.name = "vtpm_policy",
	.suite_init = policy_init,
	.suite_exit = policy_exit,
	.test_cases = policy_cases,
};

kunit_test_suite(policy_suite);
