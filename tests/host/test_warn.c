// SPDX-License-Identifier: GPL-2.0-only
/* What vtpmctl reads in policies: their version and update rule, and what to warn of, and where. */
#include <stdarg.h>

#include "../../tools/vtpmctl/policy_text.c"
#include "../../tools/vtpmctl/warn.c"
#include "test.h"

/* ---- of vtpmctl's other files ---- */

void *ctl_alloc(size_t count, size_t size)
{
	void *p = calloc(count, size);

	if (!p)
		abort();
	return p;
}

char *ctl_format(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	return text;
}

void ctl_json_number(struct json_object *object, const char *key, uint64_t value)
{
	json_object_object_add(object, key, json_object_new_int64(value));
}

void ctl_json_string(struct json_object *object, const char *key, const char *value)
{
	json_object_object_add(object, key, json_object_new_string(value));
}

/* ---- the cases ---- */

#define CERT	"provider certificate\n"

/**
 * struct text - a policy and its warnings
 * @text: the policy
 * @count: how many
 * @line: of the first
 * @part: of what the first says
 */
struct text {
	const char *text;
	unsigned int count;
	unsigned int line;
	const char *part;
};

static const struct text texts[] = {
	{ "", 0 },
	{ CERT "all pcr=all provider=certificate\n", 0 },
	{ CERT "read pcr=3 provider=certificate\nseal pcr=3 provider=certificate\n"
	  "quote pcr=3 provider=certificate\n", 0 },
	{ CERT "certify pcr=3 provider=certificate\nevent pcr=3 deny\n", 0 },
	{ "read pcr=3 hide\nquote pcr=4 deny\nseal pcr=5 deny\n", 0 },
	{ CERT "seal pcr=0-7,10 provider=certificate\n", 1, 2,
	  "PCR 0-7,10: seal goes to certificate (line 2) and read goes to hash (no rule): pol" },
	{ CERT "# x\nread pcr=3 provider=certificate # y", 2, 3,
	  "PCR 3: seal goes to hash (no rule) and read goes to certificate (line 3)" },
	{ CERT "all pcr=3 provider=certificate\nquote pcr=4,6 provider=certificate\n", 1, 3,
	  "PCR 4,6: quote goes to certificate (line 3) and read goes to hash (no rule): what" },
	{ CERT "read pcr=1 provider=hash\nall pcr=0-2 provider=certificate\n", 2, 3,
	  "PCR 1: seal goes to certificate (line 3) and read goes to hash (line 2)" },
	{ CERT "seal pcr=5 locality=3 provider=certificate\n", 1, 2, "PCR 5: seal" },
	{ "bank sha1\n" CERT "seal pcr=5 bank=sha1 provider=certificate\n", 1, 3, "PCR 5: seal" },
	/* the first rule counts, a bank that is not there does not */
	{ CERT "seal pcr=5 provider=hash\nseal pcr=5-6 provider=certificate\n", 1, 3,
	  "PCR 6: seal" },
	{ CERT "seal pcr=1 provider=certificate\nseal pcr=2 provider=certificate\n", 2, 2,
	  "PCR 1: " },
};

static void one(const struct text *t)
{
	struct json_object *list = json_object_new_array(), *first, *value;

	EXPECT_EQ(ctl_policy_warn("p", t->text, strlen(t->text), list), t->count);
	EXPECT_EQ(json_object_array_length(list), t->count);
	if (t->count) {
		first = json_object_array_get_idx(list, 0);
		EXPECT(json_object_object_get_ex(first, "line", &value));
		EXPECT_EQ(json_object_get_int(value), t->line);
		EXPECT(json_object_object_get_ex(first, "text", &value));
		if (!strstr(json_object_get_string(value), t->part))
			test_fail(__FILE__, __LINE__, "%s", json_object_get_string(value));
	}
	json_object_put(list);
}

static void warnings(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		one(&texts[i]);
		OK_SO_FAR();
	}
}

/* Each text's version and rule. */
static const char *const heads[][3] = {
	{ "", "0", "admin" },
	{ "name version\n# version 3\n#update never\n", "0", "admin" },
	{ "\tversion   7 # of 9\nupdate never", "7", "never" },
	{ "update\tsigned=it  key=00ff #x\n\nname a\nversion 999999999999999999\n",
	  "999999999999999999", "signed=it key=00ff" },
	{ "versions 3\nupdate signed=it # key=1\n", "0", "signed=it" },
};

static void what_it_says(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(heads); i++) {
		size_t len = strlen(heads[i][0]);
		struct policy_text *says = policy_text_read(heads[i][0], len);

		if (says->version != strtoull(heads[i][1], NULL, 10) ||
		    strcmp(says->update, heads[i][2]))
			test_fail(__FILE__, __LINE__, "text %u: %llu, %s", i, says->version,
				  says->update);
		free(says);
	}
}

static const struct test_case cases[] = {
	{ "what-it-says", what_it_says },
	{ "warnings", warnings },
};

int main(int argc, char **argv)
{
	return test_run("warn", cases, ARRAY_SIZE(cases), argc, argv);
}
