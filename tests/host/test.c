// SPDX-License-Identifier: GPL-2.0-only
/* The runner behind test.h. */
#include "test.h"

#include <stdarg.h>
#include <unistd.h>

struct test_state test_state;

static void say(const char *fmt, va_list ap, size_t at)
{
	vsnprintf(test_state.why + at, sizeof(test_state.why) - at, fmt, ap);
}

void test_fail(const char *file, int line, const char *fmt, ...)
{
	const char *base = strrchr(file, '/');
	va_list ap;
	int at;

	if (test_state.failed)
		return;
	at = snprintf(test_state.why, sizeof(test_state.why), "%s:%d: ", base ? base + 1 : file,
		      line);
	va_start(ap, fmt);
	say(fmt, ap, at);
	va_end(ap);
	test_state.failed = 1;
}

void test_skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap, 0);
	va_end(ap);
	test_state.skipped = 1;
}

static int wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (strstr(name, argv[i]))
			return 1;
	return argc < 2;
}

int test_run(const char *suite, const struct test_case *cases, unsigned int n, int argc,
	     char **argv)
{
	unsigned int i, failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; i < n; i++) {
		char name[160];

		snprintf(name, sizeof(name), "%s.%s", suite, cases[i].name);
		if (!wanted(name, argc, argv))
			continue;
		memset(&test_state, 0, sizeof(test_state));
		cases[i].run();
		if (test_state.failed)
			printf("not ok %s - %s\n", name, test_state.why);
		else if (test_state.skipped)
			printf("skip %s - %s\n", name, test_state.why);
		else
			printf("ok %s\n", name);
		failed += test_state.failed;
	}
	return failed ? 1 : 0;
}

static const char *first_there(const char *const *roots, const char *relative, const char *what)
{
	static char path[512];

	for (; *roots; roots++) {
		snprintf(path, sizeof(path), "%s/%s", *roots, relative);
		if (!access(path, R_OK))
			return path;
	}
	test_skip("%s is not here: %s", relative, what);
	return NULL;
}

const char *test_vectors(const char *relative)
{
	static const char *const roots[] = {
		"/usr/lib/python3/dist-packages/cryptography_vectors", NULL,
	};

	return first_there(roots, relative, "install python3-cryptography-vectors");
}

const char *test_shared(const char *relative)
{
	const char *root = getenv("VTPM_SHARED_VECTORS");
	const char *const roots[] = { root ? root : "../shared/vectors", NULL };

	return first_there(roots, relative,
			   "optional vectors, see Documentation/design/testing.rst");
}
