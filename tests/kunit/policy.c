// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies in a kernel: what a text means, and where a bad one is said to be
 * wrong. Nothing stays allocated either way.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "crypto/crypto.h"
#include "policy/policy.h"

#define CERT	"provider certificate\n"

/* A text that may have zeros within, and its length. */
#define T(s)	.text = (s), .len = sizeof(s) - 1

static const struct bad {
	const char *text;
	size_t len;
	u32 line;
	u32 column;
	const char *reason;	/* a part of it */
} bads[] = {
	{ T("\0"), 1, 1, "NUL" },
	{ T("bank sha256\n# \0\n"), 2, 3, "NUL" },
	{ T("bank sha256\r\n"), 1, 12, "carriage return" },
	{ T("# K\xc3\xb6ln\n"), 1, 4, "byte 0xc3" },
	{ T("  forbid pcr=1\n"), 1, 3, "no statement" },
	{ T("name\n"), 1, 5, "name is missing" },
	{ T("name x y\n"), 1, 8, "nothing can follow" },
	{ T("name x\nname y\n"), 2, 1, "second \"name\"" },
	{ T("\nprovider absent\n"), 2, 10, "no provider \"absent\"" },
	{ T(CERT "# again\n" CERT), 3, 10, "a second time" },
	{ T("provider certificate represent=all\n"), 1, 32, "cannot be \"all\"" },
	{ T("provider certificate size=1\n"), 1, 22, "has no option \"size\"" },
	{ T("bank sha3\n"), 1, 6, "banks are" },
	{ T("bank sha1 sha1\n"), 1, 11, "a second time" },
	{ T("quote pcr=1 hide\nbank sha1\n"), 2, 1, "above all rules" },
	{ T("quote\n"), 1, 6, "lacks pcr=LIST" },
	{ T("quote pcr=2\n"), 1, 12, "lacks provider=NAME or hide" },
	{ T("quote pcr=2 provider=certificate\n"), 1, 22, "no line" },
	{ T("bank sha256\nquote pcr=2 bank=sha512 hide\n"), 2, 18, "none of" },
	{ T("quote pcr=30 hide\n"), 1, 11, "PCRs are 0 to 23" },
	{ T("quote pcr=9-3 hide\n"), 1, 11, "runs backwards" },
	{ T("quote pcr=3,3 hide\n"), 1, 13, "twice" },
	{ T("seal pcr=3 hide\n"), 1, 12, "no hiding from seal" },
	{ T("quote pcr=3 hide\nquote pcr=3 hide\n"), 2, 1, "leave nothing" },
};

static void wrong_text(struct kunit *test, unsigned int i, struct vt_mem *mem)
{
	struct vtpm_text_error err = { 77, 77, "" };
	struct vtpm_policy *p = NULL;
	const struct bad *b = &bads[i];
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

	for (i = 0; i < ARRAY_SIZE(bads); i++) {
		wrong_text(test, i, &mem);
		KUNIT_EXPECT_EQ(test, atomic_long_read(&mem.bytes), 0L);
	}
}

static const struct good {
	const char *text;
	enum vtpm_op op;
	const char *alg;
	unsigned int pcr;
	const char *want;	/* the provider's name; NULL: hidden */
} goods[] = {
	{ "", VTPM_OP_READ, "sha256", 0, "hash" },
	{ "# comment\n\n", VTPM_OP_SEAL, "sha256", 23, "hash" },
	{ "bank sha384", VTPM_OP_QUOTE, "sha384", 1, "hash" },
	{ CERT "seal pcr=10 provider=certificate", VTPM_OP_SEAL, "sha256", 10, "certificate" },
	{ CERT "seal pcr=10 provider=certificate", VTPM_OP_SEAL, "sha256", 11, "hash" },
	{ CERT "seal pcr=10 provider=certificate", VTPM_OP_CERTIFY, "sha256", 10, "hash" },
	{ CERT "all pcr=0-3,5 provider=certificate\n", VTPM_OP_READ, "sha256", 5, "certificate" },
	{ CERT "all pcr=0-3,5 provider=certificate\n", VTPM_OP_READ, "sha256", 4, "hash" },
	{ "read pcr=all hide\n", VTPM_OP_READ, "sha256", 9, NULL },
	{ "read pcr=all hide\n", VTPM_OP_QUOTE, "sha256", 9, "hash" },
	{ "bank sha1 sha512\nquote pcr=7 bank=sha1 hide\n", VTPM_OP_QUOTE, "sha1", 7, NULL },
	{ "bank sha1 sha512\nquote pcr=7 bank=sha1 hide\n", VTPM_OP_QUOTE, "sha512", 7, "hash" },
	{ CERT "read pcr=1 provider=hash\nread pcr=0-2 provider=certificate\n", VTPM_OP_READ,
	  "sha256", 1, "hash" },
	{ CERT "read pcr=1 provider=hash\nread pcr=0-2 provider=certificate\n", VTPM_OP_READ,
	  "sha256", 2, "certificate" },
};

static void right_text(struct kunit *test, const struct good *g, struct vt_mem *mem)
{
	const struct vt_hash_alg *alg = vt_hash_by_name(g->alg, strlen(g->alg));
	struct vtpm_text_error err = { 0 };
	struct vtpm_policy *p = NULL;
	size_t len;
	u8 cell;

	KUNIT_ASSERT_EQ_MSG(test, vtpm_policy_parse(g->text, strlen(g->text), mem, &p, &err), 0,
			    "\"%s\": %s", g->text, err.reason);
	KUNIT_EXPECT_GT(test, atomic_long_read(&mem->bytes), 0L);
	KUNIT_EXPECT_STREQ(test, vtpm_policy_text(p, &len), g->text);
	cell = p->cell[g->op][alg - vt_hash_algs][g->pcr];
	if (!g->want) {
		KUNIT_EXPECT_EQ_MSG(test, cell, VTPM_CELL_HIDDEN, "\"%s\"", g->text);
	} else {
		KUNIT_ASSERT_LT_MSG(test, cell, p->providers, "\"%s\"", g->text);
		KUNIT_EXPECT_STREQ(test, p->provider[cell]->ops->name, g->want);
	}
	vtpm_policy_free(mem, p);
}

static void right_texts(struct kunit *test)
{
	struct vt_mem mem = { ATOMIC_LONG_INIT(0) };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(goods); i++) {
		right_text(test, &goods[i], &mem);
		KUNIT_EXPECT_EQ(test, atomic_long_read(&mem.bytes), 0L);
	}
}

static const char whole[] = "# all of it\nname whole\nbank sha1 sha256\n"
	"provider certificate represent=property party=it\n"
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

static struct kunit_case policy_cases[] = {
	KUNIT_CASE(wrong_texts),
	KUNIT_CASE(right_texts),
	KUNIT_CASE(beginnings),
	{}
};

static struct kunit_suite policy_suite = {
	.name = "vtpm_policy",
	.test_cases = policy_cases,
};

kunit_test_suite(policy_suite);
