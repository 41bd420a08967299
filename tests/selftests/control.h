/* SPDX-License-Identifier: GPL-2.0-only */
/* A test of /dev/vtpmctl: it has the node open, and an instance. */
#ifndef VTPM_SELFTEST_CONTROL_H
#define VTPM_SELFTEST_CONTROL_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "support.h"

#define PAGE		4096u
#define NO_NUMBER	4000u	/* an instance that there is not */

/* A bad length of policy, manifest, certificate: from INFO. */
#define MAX_POLICY	16384u
#define MAX_MANIFEST	(128u << 20)
#define MAX_DER		16384u

FIXTURE(control) {
	int fd;
	int number;
	int count;
	uint8_t *arg;		/* two pages, zero */
};

FIXTURE_SETUP(control)
{
	self->fd = ctl_open();
	ASSERT_GE(self->fd, 0);
	self->number = ctl_create(self->fd, NULL);
	ASSERT_GE(self->number, 0);
	self->count = ctl_count(self->fd);
	self->arg = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->arg);
}

FIXTURE_TEARDOWN(control)
{
	EXPECT_EQ(self->count, ctl_count(self->fd));
	EXPECT_EQ(0, ctl_destroy(self->fd, self->number));
	close(self->fd);
}

/* errno of a call; 0 when it succeeds */
static inline int call(int fd, unsigned long nr, void *arg)
{
	return ioctl(fd, nr, arg) ? errno : 0;
}

static inline void set_head(void *arg, uint32_t size, uint32_t flags)
{
	uint32_t head[2] = { size, flags };

	memcpy(arg, head, sizeof(head));
}

#endif /* VTPM_SELFTEST_CONTROL_H */
