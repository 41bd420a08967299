/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cases of the host tier in a kernel. A file host_X.c includes this and then
 * ../host/test_X.c, whose TEST_MAIN() becomes a KUnit suite here: the cases are
 * the parameters of one test, so that each is reported by its name.
 */
#ifndef VTPM_KUNIT_HOST_H
#define VTPM_KUNIT_HOST_H

#include <kunit/test.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/version.h>

#include "env.h"
#include "fail.h"
#include "../host/test.h"

/* What the host tier takes from a C library. */
#define malloc(size)		kvmalloc(size, GFP_KERNEL)
#define free(p)			kvfree(p)
#define abort()			vt_kunit_abort()
#define getenv(name)		NULL
#define strerror(err)		"an error"
#define fprintf(file, ...)	pr_err("# " __VA_ARGS__)

/* Ends the case that runs in this task. */
void __noreturn vt_kunit_abort(void);
/* One case: test->param_value is a struct test_case. */
void vt_kunit_host_case(struct kunit *test);
/* The case behind @prev, its name in @desc; NULL when it was the last. */
const void *vt_kunit_next_case(const struct test_case *cases, unsigned int n, const void *prev,
			       char *desc);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
#define VT_KUNIT_GENERATOR(name) \
	static const void *name(struct kunit *test, const void *prev, char *desc)
#else
#define VT_KUNIT_GENERATOR(name) \
	static const void *name(const void *prev, char *desc)
#endif

#undef TEST_MAIN
#define TEST_MAIN(suite_name, cases)						\
	VT_KUNIT_GENERATOR(next_case)						\
	{									\
		return vt_kunit_next_case(cases, ARRAY_SIZE(cases), prev, desc); \
	}									\
	static struct kunit_case host_cases[] = {				\
		KUNIT_CASE_PARAM(vt_kunit_host_case, next_case),		\
		{}								\
	};									\
	static struct kunit_suite host_suite = {				\
		.name = "vtpm_host_" suite_name,				\
		.test_cases = host_cases,					\
	};									\
	kunit_test_suite(host_suite);

#endif /* VTPM_KUNIT_HOST_H */
