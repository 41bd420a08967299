// SPDX-License-Identifier: GPL-2.0-only
/* A response that nobody reads is dropped after 120 s. Takes two minutes, mostly asleep. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "support.h"

#define LIFETIME	120.0
#define LATE		10.0	/* seconds that a slow machine may be late */

struct waiter {
	int fd;
	short mask;
	double at;
};

static void *wait_for_room(void *arg)
{
	struct waiter *w = arg;

	w->mask = poll_mask(w->fd, POLLOUT, 150000);
	w->at = now();
	return NULL;
}

FIXTURE(unread) {
	int ctl;
	int number;
};

FIXTURE_SETUP(unread)
{
	self->ctl = ctl_open();
	ASSERT_GE(self->ctl, 0);
	self->number = ctl_create(self->ctl, NULL);
	ASSERT_GE(self->number, 0);
}

FIXTURE_TEARDOWN(unread)
{
	EXPECT_EQ(0, ctl_destroy(self->ctl, self->number));
	close(self->ctl);
}

/* One file is asked again only after the time, a poller sleeps on the other. */
TEST_F_TIMEOUT(unread, T40_response_is_dropped, 200)
{
	struct waiter w = { };
	int lazy, partial;
	struct cmd c;
	uint8_t b[64];
	double start;
	pthread_t t;

	lazy = node_open(self->number, true, O_RDWR);
	partial = node_open(self->number, true, O_RDWR);
	w.fd = node_open(self->number, false, O_RDWR);
	cmd_get_random(&c, 32);
	start = now();
	ASSERT_EQ(c.n, write(lazy, c.b, c.n));
	ASSERT_EQ(c.n, write(partial, c.b, c.n));
	ASSERT_EQ(10, read(partial, b, 10));
	ASSERT_EQ(c.n, write(w.fd, c.b, c.n));
	ASSERT_EQ(0, pthread_create(&t, NULL, wait_for_room, &w));

	sleep_ms(110000);
	EXPECT_EQ(POLLIN, poll_mask(lazy, POLLIN | POLLOUT, 0));
	EXPECT_EQ(-1, write(lazy, c.b, c.n));
	EXPECT_EQ(EBUSY, errno);

	ASSERT_EQ(0, pthread_join(t, NULL));
	EXPECT_EQ(POLLOUT, w.mask);
	EXPECT_GE(w.at - start, LIFETIME - 1);
	EXPECT_LT(w.at - start, LIFETIME + LATE);
	sleep_ms(1000);
	EXPECT_EQ(POLLOUT, poll_mask(lazy, POLLIN | POLLOUT, 0));
	EXPECT_EQ(0, read(lazy, b, sizeof(b)));
	EXPECT_EQ(0, read(partial, b, sizeof(b)));
	EXPECT_EQ(0, read(w.fd, b, sizeof(b)));
	EXPECT_EQ(RC_SUCCESS, transact(lazy, &c, NULL, NULL));
	close(lazy);
	close(partial);
	close(w.fd);
}

TEST_HARNESS_MAIN
