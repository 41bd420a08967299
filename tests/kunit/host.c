// SPDX-License-Identifier: GPL-2.0-only
/* The runner behind the host tier's test.h, in a kernel. */
#include "host.h"

struct test_state test_state;

void test_fail(const char *file, int line, const char *fmt, ...)
{
	va_list ap;
	int at;

	if (test_state.failed)
		return;
	at = scnprintf(test_state.why, sizeof(test_state.why), "%s:%d: ", kbasename(file), line);
	va_start(ap, fmt);
	vscnprintf(test_state.why + at, sizeof(test_state.why) - at, fmt, ap);
	va_end(ap);
	test_state.failed = 1;
}

void test_skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vscnprintf(test_state.why, sizeof(test_state.why), fmt, ap);
	va_end(ap);
	test_state.skipped = 1;
}

void vt_kunit_abort(void)
{
	if (!current->kunit_test)
		panic("a thread of a case gave up: %s", test_state.why);
	KUNIT_ASSERT_FAILURE(current->kunit_test, "the case gave up: %s", test_state.why);
	unreachable();
}

void vt_kunit_host_case(struct kunit *test)
{
	const struct test_case *c = test->param_value;

	memset(&test_state, 0, sizeof(test_state));
	c->run();
	if (test_state.failed)
		KUNIT_FAIL(test, "%s", test_state.why);
	else if (test_state.skipped)
		kunit_skip(test, "%s", test_state.why);
}

const void *vt_kunit_next_case(const struct test_case *cases, unsigned int n, const void *prev,
			       char *desc)
{
	const struct test_case *c = prev ? (const struct test_case *)prev + 1 : cases;

	if (c == cases + n)
		return NULL;
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
	return c;
}
