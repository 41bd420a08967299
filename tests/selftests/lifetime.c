// SPDX-License-Identifier: GPL-2.0-only
/* Instances that come and go: under open files, under load, by the thousand; T39. */
#include <errno.h>
#include <fcntl.h>
#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "support.h"

#define THREADS		64
#define THOUSAND	1000
#define MAKERS		32

FIXTURE(life) {
	int ctl;
	int number;
	struct cmd c;
	uint8_t rsp[4096];
};

FIXTURE_SETUP(life)
{
	self->ctl = ctl_open();
	ASSERT_GE(self->ctl, 0);
	self->number = ctl_create(self->ctl, NULL);
	ASSERT_GE(self->number, 0);
	cmd_get_random(&self->c, 16);
}

FIXTURE_TEARDOWN(life)
{
	if (self->number >= 0)
		EXPECT_EQ(0, ctl_destroy(self->ctl, self->number));
	close(self->ctl);
}

/* ---- one file ---- */

TEST_F(life, every_call_gives_ENODEV_after_destruction)
{
	int pending, fresh, raw, i;
	uint8_t b[16];

	pending = node_open(self->number, true, O_RDWR);
	fresh = node_open(self->number, true, O_RDWR | O_NONBLOCK);
	raw = node_open(self->number, false, O_RDWR);
	ASSERT_EQ(self->c.n, write(pending, self->c.b, self->c.n));
	ASSERT_EQ(self->c.n, write(raw, self->c.b, self->c.n));
	ASSERT_EQ(5, read(raw, b, 5));
	ASSERT_EQ(0, ctl_destroy(self->ctl, self->number));
	self->number = -1;

	int fd[] = { pending, fresh, raw };

	for (i = 0; i < 3; i++) {
		EXPECT_EQ(-1, read(fd[i], b, sizeof(b)));
		EXPECT_EQ(ENODEV, errno);
		EXPECT_EQ(-1, write(fd[i], self->c.b, self->c.n));
		EXPECT_EQ(ENODEV, errno);
		EXPECT_EQ(-1, write(fd[i], self->c.b, 3));
		EXPECT_EQ(ENODEV, errno);
		EXPECT_EQ(POLLERR | POLLHUP,
			  poll_mask(fd[i], POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM, 0));
		EXPECT_EQ(0, close(fd[i]));
	}
}

struct poller {
	int fd;
	short mask;
};

static void *poller(void *arg)
{
	struct poller *p = arg;

	p->mask = poll_mask(p->fd, POLLIN, 20000);
	return NULL;
}

TEST_F(life, destruction_wakes_pollers)
{
	struct poller p = { .fd = node_open(self->number, true, O_RDWR) };
	struct epoll_event e = { .events = EPOLLIN };
	int ep = epoll_create1(0);
	pthread_t t;
	double start;

	ASSERT_GE(p.fd, 0);
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, p.fd, &e));
	ASSERT_EQ(0, pthread_create(&t, NULL, poller, &p));
	sleep_ms(300);
	start = now();
	ASSERT_EQ(0, ctl_destroy(self->ctl, self->number));
	self->number = -1;
	ASSERT_EQ(0, pthread_join(t, NULL));
	EXPECT_LT(now() - start, 10.0);
	EXPECT_EQ(POLLERR | POLLHUP, p.mask);
	ASSERT_EQ(1, epoll_wait(ep, &e, 1, 10000));
	EXPECT_EQ(EPOLLERR | EPOLLHUP, e.events);
	close(p.fd);
	close(ep);
}

/* A node that a container made for itself leads nowhere after destruction. */
TEST_F(life, node_left_behind_is_ENODEV)
{
	struct vtpm_status s;
	char path[64];

	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &s));
	snprintf(path, sizeof(path), "/dev/vtpm-selftest-%d", getpid());
	ASSERT_EQ(0, mknod(path, S_IFCHR | 0600, makedev(s.major, s.minor_rm)));
	ASSERT_EQ(0, ctl_destroy(self->ctl, self->number));
	self->number = -1;
	EXPECT_EQ(-1, open(path, O_RDWR));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(0, unlink(path));
}

/* ---- a command that takes long ---- */

struct maker {
	int fd;
	uint32_t variant;
	int64_t rc;
};

static void *make_key(void *arg)
{
	struct maker *m = arg;
	struct cmd c;

	cmd_long(&c, m->variant);
	m->rc = transact(m->fd, &c, NULL, NULL);
	return NULL;
}

/* Where keys are made fast it may take several to be in time. */
TEST_F(life, cancel_ends_a_key_generation)
{
	struct maker m = { .fd = node_open(self->number, true, O_RDWR) };
	pthread_t t;

	do {
		m.variant++;
		ASSERT_EQ(0, pthread_create(&t, NULL, make_key, &m));
		do {
			ASSERT_EQ(1, sysfs_write(self->number, "cancel", "1"));
		} while (pthread_tryjoin_np(t, NULL));
	} while (m.rc == RC_SUCCESS && m.variant < 50);
	EXPECT_EQ(RC_CANCELED, m.rc);
	EXPECT_EQ(RC_SUCCESS, transact(m.fd, &self->c, NULL, NULL));
	close(m.fd);
}

/*
 * As many at once that they would take many times as long as one, so that it
 * shows whether they are ended or waited for.
 */
TEST_F_TIMEOUT(life, destruction_ends_key_generations, 240)
{
	struct maker one = { .fd = node_open(self->number, true, O_RDWR) }, m[MAKERS];
	double start, mean;
	pthread_t t[MAKERS];
	int i;

	start = now();
	for (i = 0; i < 4; i++) {
		one.variant = 1000 + i;
		make_key(&one);
		ASSERT_EQ(RC_SUCCESS, one.rc);
	}
	mean = (now() - start) / 4;
	for (i = 0; i < MAKERS; i++) {
		m[i] = (struct maker){ node_open(self->number, true, O_RDWR), 2000 + i, 0 };
		ASSERT_GE(m[i].fd, 0);
		ASSERT_EQ(0, pthread_create(&t[i], NULL, make_key, &m[i]));
	}
	sleep_ms(100);
	start = now();
	ASSERT_EQ(0, ctl_destroy(self->ctl, self->number));
	EXPECT_LT(now() - start, 3 * mean + 0.5) TH_LOG("one takes %.2f s", mean);
	self->number = -1;
	for (i = 0; i < MAKERS; i++) {
		ASSERT_EQ(0, pthread_join(t[i], NULL));
		EXPECT_TRUE(m[i].rc == -ENODEV || m[i].rc == RC_SUCCESS);
		close(m[i].fd);
	}
	close(one.fd);
}

TEST_F(life, kill_ends_a_key_generation)
{
	struct maker m = { .fd = node_open(self->number, true, O_RDWR) };
	double start;
	int status;
	pid_t pid;

	pid = fork();
	if (!pid)
		for (;; m.variant++)
			make_key(&m);
	sleep_ms(100);
	start = now();
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_LT(now() - start, 5.0);
	EXPECT_TRUE(WIFSIGNALED(status));
	close(m.fd);
}

/* ---- many threads ---- */

struct crowd {
	unsigned int number;
	unsigned int ready;
	unsigned int wrong;
};

/* What may come of a call: it works, or the instance has gone. */
static bool fine(ssize_t ret)
{
	return ret >= 0 || errno == ENODEV || errno == EBUSY;
}

static void *visitor(void *arg)
{
	static unsigned int next;
	struct crowd *crowd = arg;
	unsigned int id = __atomic_fetch_add(&next, 1, __ATOMIC_RELAXED);
	bool gone = false, wrong = false;
	struct cmd c;
	uint8_t b[64];
	int fd;

	fd = node_open(crowd->number, true, id & 1 ? O_RDWR | O_NONBLOCK : O_RDWR);
	__atomic_fetch_add(&crowd->ready, 1, __ATOMIC_SEQ_CST);
	if (fd < 0) {
		__atomic_fetch_add(&crowd->wrong, 1, __ATOMIC_SEQ_CST);
		return NULL;
	}
	cmd_get_random(&c, 16);
	if (id % 8 == 0)
		cmd_long(&c, 100 + id);
	if (id % 8 == 2)
		cmd_pcr_extend(&c, id % 16, id);
	while (!gone && !wrong) {
		wrong |= !fine(write(fd, c.b, c.n));
		wrong |= !!(poll_mask(fd, POLLIN | POLLOUT, 20) & POLLNVAL);
		wrong |= !fine(read(fd, b, sizeof(b)));
		gone = read(fd, b, sizeof(b)) < 0 && errno == ENODEV;
	}
	wrong |= write(fd, c.b, c.n) != -1 || errno != ENODEV;
	wrong |= poll_mask(fd, POLLIN, 0) != (POLLERR | POLLHUP);
	if (wrong)
		__atomic_fetch_add(&crowd->wrong, 1, __ATOMIC_SEQ_CST);
	close(fd);
	return NULL;
}

TEST_F_TIMEOUT(life, T39_destruction_under_64_threads, 240)
{
	struct crowd crowd = { };
	pthread_t t[THREADS];
	int round, i;

	for (round = 0; round < 5; round++) {
		crowd.number = self->number;
		crowd.ready = 0;
		for (i = 0; i < THREADS; i++)
			ASSERT_EQ(0, pthread_create(&t[i], NULL, visitor, &crowd));
		while (__atomic_load_n(&crowd.ready, __ATOMIC_SEQ_CST) < THREADS)
			sleep_ms(1);
		sleep_ms(20 * round);
		ASSERT_EQ(0, ctl_destroy(self->ctl, self->number));
		/* the number is free while the old files are still open */
		self->number = ctl_create(self->ctl, NULL);
		EXPECT_EQ(crowd.number, self->number);
		for (i = 0; i < THREADS; i++)
			ASSERT_EQ(0, pthread_join(t[i], NULL));
		EXPECT_EQ(0, crowd.wrong);
	}
}

/* Opens and sysfs readers that race with destruction see the instance or see none. */
static void *passer_by(void *arg)
{
	struct crowd *crowd = arg;
	char text[128];
	int fd;

	while (!__atomic_load_n(&crowd->ready, __ATOMIC_RELAXED)) {
		fd = node_open(crowd->number, true, O_RDWR);
		if (fd >= 0)
			close(fd);
		else if (fd != -ENOENT && fd != -ENODEV && fd != -ENXIO)
			__atomic_fetch_add(&crowd->wrong, 1, __ATOMIC_SEQ_CST);
		sysfs_read(crowd->number, "pcr-sha256/1", text, sizeof(text));
		sysfs_read(crowd->number, "matrix/hash/pcr-sha256/1", text, sizeof(text));
		sysfs_read(crowd->number, "commands", text, sizeof(text));
		sysfs_read(crowd->number, "policy", text, sizeof(text));
		sysfs_write(crowd->number, "cancel", "1");
	}
	return NULL;
}

TEST_F_TIMEOUT(life, T39_opens_and_sysfs_readers_race_with_destruction, 240)
{
	struct crowd crowd = { .number = self->number };
	pthread_t t[8];
	int i;

	for (i = 0; i < 8; i++)
		ASSERT_EQ(0, pthread_create(&t[i], NULL, passer_by, &crowd));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, ctl_destroy(self->ctl, self->number));
		self->number = ctl_create(self->ctl, NULL);
		ASSERT_EQ(crowd.number, self->number);
	}
	__atomic_store_n(&crowd.ready, 1, __ATOMIC_RELAXED);
	for (i = 0; i < 8; i++)
		ASSERT_EQ(0, pthread_join(t[i], NULL));
	EXPECT_EQ(0, crowd.wrong);
}

struct creators {
	int ctl;
	unsigned int made, wrong;
};

static void *creator(void *arg)
{
	struct creators *c = arg;
	int i, n, ret;

	for (i = 0; i < 50; i++) {
		n = ctl_create_named(c->ctl, i & 1 ? "contended" : "wanted", NULL);
		if (n < 0) {
			if (n != -EEXIST)
				__atomic_fetch_add(&c->wrong, 1, __ATOMIC_SEQ_CST);
			continue;
		}
		__atomic_fetch_add(&c->made, 1, __ATOMIC_SEQ_CST);
		ret = ctl_destroy(c->ctl, n);
		if (ret)
			__atomic_fetch_add(&c->wrong, 1, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

TEST_F_TIMEOUT(life, threads_create_and_destroy, 120)
{
	struct creators c = { .ctl = self->ctl };
	pthread_t t[8];
	int i;

	for (i = 0; i < 8; i++)
		ASSERT_EQ(0, pthread_create(&t[i], NULL, creator, &c));
	for (i = 0; i < 8; i++)
		ASSERT_EQ(0, pthread_join(t[i], NULL));
	EXPECT_EQ(0, c.wrong);
	EXPECT_GT(c.made, 0);
	EXPECT_EQ(1, ctl_count(self->ctl));
}

/* ---- no memory ---- */

/* Makes the n-th allocation of this thread fail, in a kernel that can do that. */
static int fail_nth(int n)
{
	char text[16];
	int fd, ret;

	fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (n < 0) {
		/* how many are left: 0 when the failure has been met */
		ret = read(fd, text, sizeof(text) - 1) > 0 ? atoi(text) : -EIO;
	} else {
		snprintf(text, sizeof(text), "%d", n);
		ret = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	}
	close(fd);
	return ret;
}

static void set_debugfs(const char *file, const char *text)
{
	char path[96];
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s", file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		printf("# %s: %s\n", path, strerror(errno));
	close(fd);
}

/* Allocations that may wait, too, and no stack trace for each. */
static void aim_at_all_allocations(void)
{
	set_debugfs("failslab/ignore-gfp-wait", "N");
	set_debugfs("failslab/verbose", "0");
	set_debugfs("fail_page_alloc/ignore-gfp-wait", "N");
	set_debugfs("fail_page_alloc/verbose", "0");
}

/* Creation fails cleanly at every allocation, then an open and a command do. */
TEST_F_TIMEOUT(life, allocation_failures, 900)
{
	int n, made, fd, left = 0;
	int64_t rc;

	if (fail_nth(0) == -ENOENT)
		SKIP(return, "the kernel has no fault injection");
	aim_at_all_allocations();
	for (n = 1, made = -1; !left; n++) {
		ASSERT_EQ(0, fail_nth(n));
		made = ctl_create(self->ctl, "bank sha1 sha256 sha384 sha512\n"
					     "provider certificate represent=key\n");
		left = fail_nth(-1);
		fail_nth(0);
		if (made < 0) {
			ASSERT_EQ(-ENOMEM, made) TH_LOG("allocation %d", n);
			ASSERT_EQ(1, ctl_count(self->ctl));
		} else {
			ASSERT_EQ(0, ctl_destroy(self->ctl, made));
		}
	}
	EXPECT_GE(made, 0);
	EXPECT_GT(n, 10);
	for (n = 1, left = 0; !left; n++) {
		ASSERT_EQ(0, fail_nth(n));
		fd = node_open(self->number, true, O_RDWR);
		rc = fd < 0 ? fd : transact(fd, &self->c, NULL, NULL);
		left = fail_nth(-1);
		fail_nth(0);
		if (fd >= 0)
			close(fd);
		ASSERT_TRUE(rc >= 0 || rc == -ENOMEM) TH_LOG("%lld", (long long)rc);
	}
	EXPECT_EQ(RC_SUCCESS, rc);
}

/* ---- a thousand ---- */

static long kernel_memory(void)
{
	return memory_kb("Slab") + memory_kb("Percpu") + memory_kb("VmallocUsed");
}

static int entries(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *d;
	int n = 0;

	if (!dir)
		return -1;
	while ((d = readdir(dir)))
		n += d->d_name[0] != '.';
	closedir(dir);
	return n;
}

static void settle(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);

	sleep_ms(2000);
	if (fd >= 0 && write(fd, "3", 1) == 1)
		sleep_ms(500);
	close(fd);
}

TEST_F_TIMEOUT(life, thousand_instances, 600)
{
	int number[THOUSAND], i, fd, classes;
	long before, full, after;
	struct vtpm_status s;
	bool padded;

	/* a kernel that looks for leaks pads and keeps what is allocated */
	padded = !access("/sys/kernel/debug/kmemleak", F_OK);
	/* the driver core's own tables grow once */
	for (i = 0; i < 32; i++)
		number[i] = ctl_create(self->ctl, NULL);
	for (i = 0; i < 32; i++)
		ASSERT_EQ(0, ctl_destroy(self->ctl, number[i]));
	classes = entries("/sys/class/vtpm");
	settle();
	before = kernel_memory();
	for (i = 0; i < THOUSAND; i++) {
		number[i] = ctl_create(self->ctl, NULL);
		ASSERT_GE(number[i], 0);
	}
	settle();
	full = kernel_memory();
	ASSERT_EQ(0, ctl_status(self->ctl, number[THOUSAND - 1], &s));
	TH_LOG("an instance: %ld KiB of kernel memory, %llu bytes by its own counter",
	       (full - before) / THOUSAND, (unsigned long long)s.memory);
	if (!padded)
		EXPECT_LE(full - before, 64 * THOUSAND);
	EXPECT_LE(s.memory, 65536);
	EXPECT_EQ(classes + 2 * THOUSAND, entries("/sys/class/vtpm"));
	for (i = 0; i < THOUSAND; i++) {
		fd = node_open(number[i], true, O_RDWR);
		ASSERT_GE(fd, 0);
		ASSERT_EQ(RC_SUCCESS, transact(fd, &self->c, NULL, NULL));
		close(fd);
	}
	for (i = 0; i < THOUSAND; i++)
		ASSERT_EQ(0, ctl_destroy(self->ctl, number[i]));
	EXPECT_EQ(1, ctl_count(self->ctl));
	EXPECT_EQ(classes, entries("/sys/class/vtpm"));
	settle();
	after = kernel_memory();
	TH_LOG("left after 1000: %ld KiB", after - before);
	if (!padded)
		EXPECT_LE(after - before, 4096);
}

/* ---- unloading ---- */

static int unload(void)
{
	return syscall(SYS_delete_module, "vtpm", O_NONBLOCK) ? -errno : 0;
}

TEST_F(life, no_unloading_while_a_file_is_open)
{
	int fd;

	EXPECT_EQ(-EAGAIN, unload());		/* the control node */
	fd = node_open(self->number, true, O_RDWR);
	ASSERT_GE(fd, 0);
	close(self->ctl);
	EXPECT_EQ(-EAGAIN, unload());		/* the rm node */
	EXPECT_EQ(RC_SUCCESS, transact(fd, &self->c, NULL, NULL));
	self->ctl = ctl_open();
	ASSERT_GE(self->ctl, 0);
	close(fd);
}

TEST_F(life, unloading_destroys_instances)
{
	const char *ko = getenv("VTPM_KO") ?: "/run/vm/vtpm.ko";
	int fd = open(ko, O_RDONLY | O_CLOEXEC), i;

	if (fd < 0)
		SKIP(return, "no module file to load again; set VTPM_KO");
	for (i = 0; i < 20; i++)
		ASSERT_GE(ctl_create(self->ctl, NULL), 0);
	close(self->ctl);
	EXPECT_EQ(0, unload());
	EXPECT_EQ(-1, access("/sys/class/vtpm", F_OK));
	EXPECT_EQ(-1, access(CTL_PATH, F_OK));
	ASSERT_EQ(0, syscall(SYS_finit_module, fd, "", 0));
	close(fd);
	self->number = -1;
	self->ctl = ctl_open();
	ASSERT_GE(self->ctl, 0);
	EXPECT_EQ(0, ctl_count(self->ctl));
}

TEST_HARNESS_MAIN
