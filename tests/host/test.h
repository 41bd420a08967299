/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small test runner of the host tier. Each program has a table of cases and
 * TEST_MAIN(); it prints "ok NAME", "not ok NAME - why" or "skip NAME - why",
 * one line a case, and ends with 1 when a case failed. Arguments select cases
 * by a part of their name.
 */
#ifndef VTPM_TEST_H
#define VTPM_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct test_case {
	const char *name;
	void (*run)(void);
};

struct test_state {
	char why[512];
	int failed;
	int skipped;
};

extern struct test_state test_state;

void test_fail(const char *file, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void test_skip(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int test_run(const char *suite, const struct test_case *cases, unsigned int n, int argc, char **argv);
/* Path of a file or folder with vectors, or NULL (and the case is skipped). */
const char *test_vectors(const char *relative);		/* python3-cryptography-vectors */
const char *test_shared(const char *relative);		/* ../shared/vectors of the project's root */

/* A failed expectation ends the case's function. */
#define EXPECT(cond) do { \
	if (!(cond)) { \
		test_fail(__FILE__, __LINE__, "%s", #cond); \
		return; \
	} \
} while (0)

#define EXPECT_EQ(a, b) do { \
	unsigned long long _a = (unsigned long long)(a), _b = (unsigned long long)(b); \
	if (_a != _b) { \
		test_fail(__FILE__, __LINE__, "%s is 0x%llx, not %s (0x%llx)", #a, _a, #b, _b); \
		return; \
	} \
} while (0)

#define EXPECT_MEM(a, b, n) do { \
	if (memcmp((a), (b), (n))) { \
		test_fail(__FILE__, __LINE__, "%s differs from %s", #a, #b); \
		return; \
	} \
} while (0)

/* After a helper that may have failed. */
#define OK_SO_FAR() do { if (test_state.failed || test_state.skipped) return; } while (0)

#define TEST_MAIN(suite, cases) \
	int main(int argc, char **argv) \
	{ \
		return test_run((suite), (cases), sizeof(cases) / sizeof((cases)[0]), argc, argv); \
	}

#endif /* VTPM_TEST_H */
