// SPDX-License-Identifier: GPL-2.0-only
/* The node contract of /dev/vtpmN and /dev/vtpmrmN, row by row; T37, T38, T40. */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "support.h"

#define ALL_EVENTS	(POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM | POLLPRI | POLLRDBAND)
#define CAN_READ	(POLLIN | POLLRDNORM)
#define CAN_WRITE	(POLLOUT | POLLWRNORM)

/* Nobody's address; volatile, or the compiler would know and warn. */
static void *volatile nowhere = (void *)1;

FIXTURE(node) {
	int ctl;
	int number;
	int fd;
	struct cmd c;
	uint8_t rsp[4096];
};

FIXTURE_VARIANT(node) {
	bool rm;
};

FIXTURE_VARIANT_ADD(node, raw) {
	.rm = false,
};

FIXTURE_VARIANT_ADD(node, rm) {
	.rm = true,
};

FIXTURE_SETUP(node)
{
	self->ctl = ctl_open();
	ASSERT_GE(self->ctl, 0);
	self->number = ctl_create(self->ctl, NULL);
	ASSERT_GE(self->number, 0);
	self->fd = node_open(self->number, variant->rm, O_RDWR);
	ASSERT_GE(self->fd, 0);
	cmd_get_random(&self->c, 32);
}

FIXTURE_TEARDOWN(node)
{
	close(self->fd);
	EXPECT_EQ(0, ctl_destroy(self->ctl, self->number));
	close(self->ctl);
}

TEST_F(node, one_command_one_response)
{
	ssize_t n;

	ASSERT_EQ(RC_SUCCESS, transact(self->fd, &self->c, self->rsp, &n));
	EXPECT_EQ(10 + 2 + 32, n);
	EXPECT_EQ(0, read(self->fd, self->rsp, sizeof(self->rsp)));
}

TEST_F(node, read_without_response_gives_0_at_once)
{
	double start = now();

	EXPECT_EQ(0, read(self->fd, self->rsp, 10));
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(0, read(self->fd, self->rsp, 10));
	EXPECT_LT(now() - start, 5.0);
}

TEST_F(node, more_than_4096_is_E2BIG)
{
	static uint8_t big[8192];

	EXPECT_EQ(-1, write(self->fd, big, 4097));
	EXPECT_EQ(E2BIG, errno);
	EXPECT_EQ(-1, write(self->fd, big, sizeof(big)));
	EXPECT_EQ(E2BIG, errno);
	EXPECT_EQ(RC_SUCCESS, transact(self->fd, &self->c, NULL, NULL));
}

TEST_F(node, less_than_a_header_is_EINVAL)
{
	size_t n;

	for (n = 0; n < 10; n++) {
		EXPECT_EQ(-1, write(self->fd, self->c.b, n));
		EXPECT_EQ(EINVAL, errno);
	}
	EXPECT_EQ(0, read(self->fd, self->rsp, 10));
	EXPECT_EQ(RC_SUCCESS, transact(self->fd, &self->c, NULL, NULL));
}

TEST_F(node, less_than_the_header_says_is_EINVAL)
{
	static const uint32_t sizes[] = { 13, 4096, 4097, 0x7fffffff, 0x80000000, 0xffffffff };
	unsigned int i;
	uint32_t size;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		size = htobe32(sizes[i]);
		memcpy(self->c.b + 2, &size, 4);
		EXPECT_EQ(-1, write(self->fd, self->c.b, self->c.n));
		EXPECT_EQ(EINVAL, errno);
		EXPECT_EQ(0, read(self->fd, self->rsp, 10));
	}
}

TEST_F(node, header_size_below_a_header_is_answered)
{
	uint32_t size;
	unsigned int i;

	for (i = 0; i < 10; i++) {
		size = htobe32(i);
		memcpy(self->c.b + 2, &size, 4);
		ASSERT_EQ(self->c.n, write(self->fd, self->c.b, self->c.n));
		ASSERT_EQ(10, read(self->fd, self->rsp, sizeof(self->rsp)));
		EXPECT_EQ(RC_COMMAND_SIZE, rsp_rc(self->rsp, 10));
	}
}

TEST_F(node, header_size_is_what_counts)
{
	ASSERT_EQ(4096, write(self->fd, self->c.b, 4096));
	ASSERT_EQ(44, read(self->fd, self->rsp, sizeof(self->rsp)));
	EXPECT_EQ(RC_SUCCESS, rsp_rc(self->rsp, 44));
}

TEST_F(node, unread_response_makes_write_EBUSY)
{
	ASSERT_EQ(self->c.n, write(self->fd, self->c.b, self->c.n));
	EXPECT_EQ(-1, write(self->fd, self->c.b, self->c.n));
	EXPECT_EQ(EBUSY, errno);
	EXPECT_EQ(44, read(self->fd, self->rsp, sizeof(self->rsp)));
	EXPECT_EQ(RC_SUCCESS, transact(self->fd, &self->c, NULL, NULL));
}

TEST_F(node, partial_reads_give_the_whole)
{
	ssize_t i;

	ASSERT_EQ(self->c.n, write(self->fd, self->c.b, self->c.n));
	for (i = 0; i < 44; i++)
		ASSERT_EQ(1, read(self->fd, self->rsp + i, 1));
	EXPECT_EQ(0, read(self->fd, self->rsp + i, 1));
	EXPECT_EQ(RC_SUCCESS, rsp_rc(self->rsp, 44));
}

TEST_F(node, write_after_a_partial_read_drops_the_rest)
{
	ssize_t n;

	ASSERT_EQ(self->c.n, write(self->fd, self->c.b, self->c.n));
	ASSERT_EQ(10, read(self->fd, self->rsp, 10));
	cmd_get_random(&self->c, 8);
	ASSERT_EQ(RC_SUCCESS, transact(self->fd, &self->c, self->rsp, &n));
	EXPECT_EQ(20, n);
	EXPECT_EQ(0, read(self->fd, self->rsp, 10));
}

TEST_F(node, refused_write_leaves_the_rest_of_a_response)
{
	ASSERT_EQ(self->c.n, write(self->fd, self->c.b, self->c.n));
	ASSERT_EQ(10, read(self->fd, self->rsp, 10));
	EXPECT_EQ(-1, write(self->fd, self->c.b, 9));
	EXPECT_EQ(-1, write(self->fd, nowhere, 12));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(34, read(self->fd, self->rsp + 10, 100));
	EXPECT_EQ(RC_SUCCESS, rsp_rc(self->rsp, 44));
}

TEST_F(node, bad_address)
{
	EXPECT_EQ(-1, write(self->fd, nowhere, 12));
	EXPECT_EQ(EFAULT, errno);
	ASSERT_EQ(self->c.n, write(self->fd, self->c.b, self->c.n));
	EXPECT_EQ(-1, read(self->fd, nowhere, 10));
	EXPECT_EQ(EFAULT, errno);
	/* what could not be handed out is gone */
	EXPECT_EQ(0, read(self->fd, self->rsp, 10));
	EXPECT_EQ(RC_SUCCESS, transact(self->fd, &self->c, NULL, NULL));
}

TEST_F(node, poll_masks_are_exact)
{
	EXPECT_EQ(CAN_WRITE, poll_mask(self->fd, ALL_EVENTS, 0));
	ASSERT_EQ(self->c.n, write(self->fd, self->c.b, self->c.n));
	EXPECT_EQ(CAN_READ, poll_mask(self->fd, ALL_EVENTS, 0));
	ASSERT_EQ(10, read(self->fd, self->rsp, 10));
	EXPECT_EQ(CAN_READ, poll_mask(self->fd, ALL_EVENTS, 0));
	ASSERT_EQ(34, read(self->fd, self->rsp, 100));
	EXPECT_EQ(CAN_WRITE, poll_mask(self->fd, ALL_EVENTS, 0));
}

TEST_F(node, nonblocking_write_is_delivered_by_poll_and_read)
{
	int i;

	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	for (i = 0; i < 50; i++) {
		ASSERT_EQ(self->c.n, write(self->fd, self->c.b, self->c.n));
		ASSERT_EQ(CAN_READ, poll_mask(self->fd, CAN_READ, 10000));
		ASSERT_EQ(44, read(self->fd, self->rsp, sizeof(self->rsp)));
		ASSERT_EQ(RC_SUCCESS, rsp_rc(self->rsp, 44));
	}
}

TEST_F(node, queued_command_makes_write_EBUSY_and_read_0)
{
	struct cmd slow;
	ssize_t n;
	int i;

	cmd_long(&slow, 1);
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(slow.n, write(self->fd, slow.b, slow.n));
	EXPECT_EQ(-1, write(self->fd, self->c.b, self->c.n));
	EXPECT_EQ(EBUSY, errno);
	EXPECT_EQ(0, read(self->fd, self->rsp, 10));
	EXPECT_EQ(CAN_WRITE, poll_mask(self->fd, ALL_EVENTS, 0));
	/* what has not begun yet cannot be cancelled, so more than once */
	for (i = 0; i < 500 && !poll_mask(self->fd, CAN_READ, 50); i++)
		EXPECT_EQ(1, sysfs_write(self->number, "cancel", "1"));
	n = read(self->fd, self->rsp, sizeof(self->rsp));
	EXPECT_TRUE(rsp_rc(self->rsp, n) == RC_CANCELED || rsp_rc(self->rsp, n) == RC_SUCCESS);
}

TEST_F(node, close_with_a_command_queued)
{
	struct cmd slow;
	double start;
	int i;

	cmd_long(&slow, 2);
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
		ASSERT_EQ(slow.n, write(self->fd, slow.b, slow.n));
		start = now();
		close(self->fd);
		EXPECT_LT(now() - start, 5.0);
		self->fd = node_open(self->number, variant->rm, O_RDWR);
		ASSERT_GE(self->fd, 0);
	}
}

TEST_F(node, queued_command_runs_although_the_file_is_closed)
{
	char before[80], after[80];

	ASSERT_EQ(65, sysfs_read(self->number, "pcr-sha256/16", before, sizeof(before)));
	cmd_pcr_extend(&self->c, 16, 0x5a);
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(self->c.n, write(self->fd, self->c.b, self->c.n));
	close(self->fd);
	ASSERT_EQ(65, sysfs_read(self->number, "pcr-sha256/16", after, sizeof(after)));
	EXPECT_STRNE(before, after);
	self->fd = node_open(self->number, variant->rm, O_RDWR);
}

TEST_F(node, T37_no_position)
{
	struct iovec iov = { self->rsp, 10 };

	ASSERT_EQ(self->c.n, write(self->fd, self->c.b, self->c.n));
	EXPECT_EQ(-1, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, lseek(self->fd, 4096, SEEK_SET));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, pread(self->fd, self->rsp, 10, 0));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, pread(self->fd, self->rsp, 10, 4090));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, preadv(self->fd, &iov, 1, 4096));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, pwrite(self->fd, self->c.b, self->c.n, 0));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(44, read(self->fd, self->rsp, sizeof(self->rsp)));
}

TEST_F(node, T37_no_splice_no_mmap_no_ioctl)
{
	int p[2];

	ASSERT_EQ(0, pipe(p));
	ASSERT_EQ(self->c.n, write(self->fd, self->c.b, self->c.n));
	EXPECT_EQ(-1, splice(self->fd, NULL, p[1], NULL, 44, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, sendfile(p[1], self->fd, NULL, 44));
	EXPECT_EQ(EINVAL, errno);
	ASSERT_EQ(44, read(self->fd, self->rsp, sizeof(self->rsp)));
	ASSERT_EQ(self->c.n, write(p[1], self->c.b, self->c.n));
	EXPECT_EQ(-1, splice(p[0], NULL, self->fd, NULL, self->c.n, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ, MAP_SHARED, self->fd, 0));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(-1, ioctl(self->fd, VTPM_IOC_INFO, self->rsp));
	EXPECT_EQ(ENOTTY, errno);
	close(p[0]);
	close(p[1]);
}

TEST_F(node, T38_what_follows_a_command_is_no_command)
{
	struct vtpm_status before, after;
	struct cmd two = self->c;

	cmd_bytes(&two, self->c.b, self->c.n);
	memcpy(two.b, self->c.b, 10);
	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &before));
	ASSERT_EQ(two.n, write(self->fd, two.b, two.n));
	ASSERT_EQ(44, read(self->fd, self->rsp, sizeof(self->rsp)));
	EXPECT_EQ(0, read(self->fd, self->rsp, sizeof(self->rsp)));
	/* nor do its leftovers complete what a later write lacks */
	EXPECT_EQ(-1, write(self->fd, self->c.b, self->c.n - 1));
	EXPECT_EQ(EINVAL, errno);
	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &after));
	EXPECT_EQ(before.commands + 1, after.commands);
}

TEST_F(node, T38_halves_are_no_command)
{
	struct iovec halves[2] = {
		{ self->c.b, 6 },
		{ self->c.b + 6, self->c.n - 6 },
	};
	struct vtpm_status before, after;

	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &before));
	EXPECT_EQ(-1, writev(self->fd, halves, 2));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(0, read(self->fd, self->rsp, sizeof(self->rsp)));
	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &after));
	EXPECT_EQ(before.commands, after.commands);
}

TEST_F(node, unknown_command)
{
	cmd_begin(&self->c, 0x8001, 0x20000fff);
	EXPECT_EQ(variant->rm ? RC_RM_CODE : RC_COMMAND_CODE,
		  transact(self->fd, &self->c, NULL, NULL));
}

TEST_F(node, is_started_already)
{
	cmd_begin(&self->c, 0x8001, 0x144);
	cmd_u16(&self->c, 0);
	EXPECT_EQ(RC_INITIALIZE, transact(self->fd, &self->c, NULL, NULL));
}

TEST_F(node, read_only_and_write_only_files)
{
	int r, w;

	close(self->fd);
	r = node_open(self->number, variant->rm, O_RDONLY);
	ASSERT_GE(r, 0);
	EXPECT_EQ(-1, write(r, self->c.b, self->c.n));
	EXPECT_EQ(EBADF, errno);
	close(r);
	w = node_open(self->number, variant->rm, O_WRONLY);
	ASSERT_GE(w, 0);
	EXPECT_EQ(self->c.n, write(w, self->c.b, self->c.n));
	EXPECT_EQ(-1, read(w, self->rsp, 10));
	EXPECT_EQ(EBADF, errno);
	close(w);
	self->fd = node_open(self->number, variant->rm, O_RDWR);
}

struct hammer {
	int fd;
	bool stop;
	unsigned long reads;
};

static void *hammer_write(void *arg)
{
	struct hammer *h = arg;
	struct cmd c;

	cmd_get_random(&c, 16);
	while (!__atomic_load_n(&h->stop, __ATOMIC_RELAXED))
		if (write(h->fd, c.b, c.n) < 0 && errno != EBUSY)
			return "write";
	return NULL;
}

static void *hammer_read(void *arg)
{
	struct hammer *h = arg;
	uint8_t b[7];

	while (!__atomic_load_n(&h->stop, __ATOMIC_RELAXED)) {
		ssize_t n = read(h->fd, b, sizeof(b));

		if (n < 0)
			return "read";
		__atomic_fetch_add(&h->reads, n, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void *hammer_poll(void *arg)
{
	struct hammer *h = arg;
	short mask;

	while (!__atomic_load_n(&h->stop, __ATOMIC_RELAXED)) {
		mask = poll_mask(h->fd, ALL_EVENTS, 10);
		if (mask && mask != CAN_READ && mask != CAN_WRITE)
			return "poll";
	}
	return NULL;
}

TEST_F(node, T40_threads_share_a_file)
{
	static void *(*const work[])(void *) = {
		hammer_write, hammer_write, hammer_read, hammer_read, hammer_poll,
	};
	struct hammer h = { .fd = self->fd };
	pthread_t t[5];
	void *failed;
	int i;

	for (i = 0; i < 5; i++)
		ASSERT_EQ(0, pthread_create(&t[i], NULL, work[i], &h));
	for (i = 0; i < 20; i++) {
		sleep_ms(100);
		fcntl(self->fd, F_SETFL, i & 1 ? O_NONBLOCK : 0);
	}
	__atomic_store_n(&h.stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, pthread_join(t[i], &failed));
		EXPECT_EQ(NULL, failed);
	}
	EXPECT_GT(h.reads, 0);
}

/* ---- what only one of the nodes does ---- */

FIXTURE(instance) {
	int ctl;
	int number;
	struct cmd c;
	uint8_t rsp[4096];
};

FIXTURE_SETUP(instance)
{
	self->ctl = ctl_open();
	ASSERT_GE(self->ctl, 0);
	self->number = ctl_create(self->ctl, NULL);
	ASSERT_GE(self->number, 0);
}

FIXTURE_TEARDOWN(instance)
{
	EXPECT_EQ(0, ctl_destroy(self->ctl, self->number));
	close(self->ctl);
}

TEST_F(instance, raw_is_exclusive)
{
	int a, b;

	a = node_open(self->number, false, O_RDWR);
	ASSERT_GE(a, 0);
	EXPECT_EQ(-EBUSY, node_open(self->number, false, O_RDWR));
	EXPECT_EQ(-EBUSY, node_open(self->number, false, O_RDONLY));
	b = node_open(self->number, true, O_RDWR);
	EXPECT_GE(b, 0);
	close(b);
	close(a);
	a = node_open(self->number, false, O_RDWR);
	EXPECT_GE(a, 0);
	close(a);
}

/* How many loaded sessions does GetCapability show there? */
static int loaded_sessions(int fd)
{
	uint8_t rsp[4096];
	struct cmd c;
	ssize_t n;

	cmd_handles(&c, 0x02000000);
	if (transact(fd, &c, rsp, &n) != RC_SUCCESS || n < 19)
		return -1;
	return get_be32(rsp + 15);
}

TEST_F(instance, raw_keeps_sessions_over_close)
{
	uint8_t rsp[4096];
	struct cmd c;
	ssize_t n;
	int fd;

	fd = node_open(self->number, false, O_RDWR);
	ASSERT_GE(fd, 0);
	cmd_start_session(&c);
	ASSERT_EQ(RC_SUCCESS, transact(fd, &c, rsp, &n));
	close(fd);
	fd = node_open(self->number, false, O_RDWR);
	ASSERT_GE(fd, 0);
	EXPECT_EQ(1, loaded_sessions(fd));
	cmd_begin(&c, 0x8001, 0x165);		/* FlushContext */
	cmd_u32(&c, get_be32(rsp + 10));
	EXPECT_EQ(RC_SUCCESS, transact(fd, &c, NULL, NULL));
	EXPECT_EQ(0, loaded_sessions(fd));
	close(fd);
}

TEST_F(instance, rm_openers_are_apart)
{
	struct vtpm_status s;
	uint8_t rsp[4096];
	struct cmd c;
	ssize_t n;
	int a, b;

	a = node_open(self->number, true, O_RDWR);
	b = node_open(self->number, true, O_RDWR);
	ASSERT_GE(a, 0);
	ASSERT_GE(b, 0);
	cmd_start_session(&c);
	ASSERT_EQ(RC_SUCCESS, transact(a, &c, rsp, &n));
	EXPECT_EQ(1, loaded_sessions(a));
	EXPECT_EQ(0, loaded_sessions(b));
	cmd_begin(&c, 0x8001, 0x165);
	cmd_u32(&c, get_be32(rsp + 10));
	EXPECT_NE(RC_SUCCESS, transact(b, &c, NULL, NULL));
	EXPECT_EQ(1, loaded_sessions(a));
	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &s));
	EXPECT_EQ(1, s.sessions);
	EXPECT_EQ(2, s.openers);
	close(a);
	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &s));
	EXPECT_EQ(0, s.sessions);
	EXPECT_EQ(1, s.openers);
	close(b);
}

TEST_F(instance, rm_has_a_limit_of_openers)
{
	struct rlimit files = { 1024, 1024 };
	struct vtpm_status before, after;
	int fd[256], i;

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &files));
	/* what the raw node keeps for its next opener is there from the first on */
	close(node_open(self->number, false, O_RDWR));
	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &before));
	for (i = 0; i < 256; i++) {
		fd[i] = node_open(self->number, true, O_RDWR);
		ASSERT_GE(fd[i], 0);
	}
	EXPECT_EQ(-EMFILE, node_open(self->number, true, O_RDWR));
	i = node_open(self->number, false, O_RDWR);
	EXPECT_GE(i, 0);
	close(i);
	close(fd[0]);
	fd[0] = node_open(self->number, true, O_RDWR);
	EXPECT_GE(fd[0], 0);
	for (i = 0; i < 256; i++)
		close(fd[i]);
	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &after));
	EXPECT_EQ(0, after.openers);
	EXPECT_EQ(before.memory, after.memory);
}

TEST_F(instance, long_command_leaves_other_openers_alone)
{
	double start, longest = 0, took;
	struct cmd slow, quick;
	int a, b, i;

	a = node_open(self->number, true, O_RDWR | O_NONBLOCK);
	b = node_open(self->number, true, O_RDWR);
	ASSERT_GE(a, 0);
	ASSERT_GE(b, 0);
	cmd_long(&slow, 3);
	cmd_get_random(&quick, 8);
	ASSERT_EQ(slow.n, write(a, slow.b, slow.n));
	for (i = 0; i < 100; i++) {
		start = now();
		ASSERT_EQ(RC_SUCCESS, transact(b, &quick, NULL, NULL));
		took = now() - start;
		if (took > longest)
			longest = took;
	}
	EXPECT_LT(longest, 1.0);
	close(a);
	close(b);
}

/*
 * Whoever queues as many long commands as he can holds up his own instance,
 * but no other one.
 */
TEST_F_TIMEOUT(instance, queued_commands_leave_other_instances_alone, 300)
{
	struct rlimit files = { 2048, 2048 };
	int hostile[3], fd[3][200], quiet, i, j;
	struct cmd slow;
	double start;

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &files));
	for (i = 0; i < 3; i++) {
		hostile[i] = ctl_create(self->ctl, NULL);
		ASSERT_GE(hostile[i], 0);
		for (j = 0; j < 200; j++) {
			cmd_long(&slow, 1000 * i + j);
			fd[i][j] = node_open(hostile[i], true, O_RDWR | O_NONBLOCK);
			ASSERT_GE(fd[i][j], 0);
			ASSERT_EQ(slow.n, write(fd[i][j], slow.b, slow.n));
		}
	}
	quiet = node_open(self->number, true, O_RDWR | O_NONBLOCK);
	ASSERT_GE(quiet, 0);
	cmd_get_random(&self->c, 16);
	start = now();
	ASSERT_EQ(self->c.n, write(quiet, self->c.b, self->c.n));
	EXPECT_EQ(CAN_READ, poll_mask(quiet, CAN_READ, 60000));
	EXPECT_LT(now() - start, 3.0);
	EXPECT_EQ(28, read(quiet, self->rsp, sizeof(self->rsp)));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, ctl_destroy(self->ctl, hostile[i]));
	for (i = 0; i < 3; i++)
		for (j = 0; j < 200; j++)
			close(fd[i][j]);
	close(quiet);
}

TEST_F(instance, nodes_have_the_numbers_of_status)
{
	struct vtpm_status s;
	char path[64];
	struct stat st;

	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &s));
	node_path(path, sizeof(path), self->number, false);
	ASSERT_EQ(0, stat(path, &st));
	EXPECT_EQ(makedev(s.major, s.minor), st.st_rdev);
	EXPECT_TRUE(S_ISCHR(st.st_mode));
	node_path(path, sizeof(path), self->number, true);
	ASSERT_EQ(0, stat(path, &st));
	EXPECT_EQ(makedev(s.major, s.minor_rm), st.st_rdev);
}

/* A container has the node under another name. */
TEST_F(instance, another_name_is_the_same_node)
{
	char path[64] = "/dev/vtpm-selftest-XXXXXX";
	struct vtpm_status s;
	int fd;

	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &s));
	snprintf(path, sizeof(path), "/dev/vtpm-selftest-%d", getpid());
	ASSERT_EQ(0, mknod(path, S_IFCHR | 0600, makedev(s.major, s.minor_rm)));
	fd = open(path, O_RDWR);
	EXPECT_GE(fd, 0);
	cmd_get_random(&self->c, 8);
	EXPECT_EQ(RC_SUCCESS, transact(fd, &self->c, NULL, NULL));
	close(fd);
	EXPECT_EQ(0, unlink(path));
}

TEST_HARNESS_MAIN
