// SPDX-License-Identifier: GPL-2.0-only
/* T42: the control node is for CAP_SYS_ADMIN in the initial user namespace, at open and after. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "support.h"

#define NOBODY	65534

static const unsigned long calls[] = {
	VTPM_IOC_INFO, VTPM_IOC_CREATE, VTPM_IOC_DESTROY, VTPM_IOC_LIST, VTPM_IOC_STATUS,
	VTPM_IOC_POLICY_GET, VTPM_IOC_POLICY_SET, VTPM_IOC_RESET, VTPM_IOC_PRESENCE,
	VTPM_IOC_LOCALITY, VTPM_IOC_BIND, VTPM_IOC_TRUST_ADD,
	VTPM_IOC_TRUST_LIST, VTPM_IOC_TRUST_REMOVE, VTPM_IOC_CERT_LOAD, VTPM_IOC_CERT_LIST,
	VTPM_IOC_CERT_REMOVE, _IO(VTPM_IOC_MAGIC, 0xff),
};

static int drop_sys_admin(void)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2];

	if (syscall(SYS_capget, &h, d))
		return -1;
	d[0].effective &= ~(1u << CAP_SYS_ADMIN);
	d[0].permitted &= ~(1u << CAP_SYS_ADMIN);
	return syscall(SYS_capset, &h, d);
}

static int become_nobody(void)
{
	return setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY) ? -1 : 0;
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	int ret = fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text);

	close(fd);
	return -ret;
}

/* Root, with every capability, of a user namespace of its own. */
static int become_root_of_namespace(void)
{
	if (unshare(CLONE_NEWUSER))
		return -1;
	return write_file("/proc/self/setgroups", "deny") ||
	       write_file("/proc/self/uid_map", "0 0 1") ||
	       write_file("/proc/self/gid_map", "0 0 1") ? -1 : 0;
}

/* errno of open(), and whether every call on @inherited gives EPERM */
static int refused(int (*become)(void), int inherited, int *open_errno)
{
	struct vtpm_create c = { .size = sizeof(c), .name = (uintptr_t)"x", .name_size = 1 };
	unsigned int i;
	int fd;

	if (become())
		return -1;
	fd = ctl_open();
	*open_errno = fd < 0 ? errno : 0;
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (ioctl(inherited, calls[i], &c) != -1 || errno != EPERM)
			return 1 + i;
	return 0;
}

TEST(T42_control_node_is_for_root)
{
	struct stat st;

	ASSERT_EQ(0, stat(CTL_PATH, &st));
	EXPECT_EQ(S_IFCHR | 0600, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0, st.st_gid);
}

TEST(T42_other_users)
{
	int inherited = ctl_open(), err;

	ASSERT_GE(inherited, 0);
	EXPECT_EQ(0, refused(become_nobody, inherited, &err));
	EXPECT_EQ(EACCES, err);
}

TEST(T42_root_without_the_capability)
{
	int inherited = ctl_open(), err;

	ASSERT_GE(inherited, 0);
	EXPECT_EQ(0, refused(drop_sys_admin, inherited, &err));
	EXPECT_EQ(EPERM, err);
}

TEST(T42_root_of_a_user_namespace)
{
	int inherited = ctl_open(), err, ret;

	ASSERT_GE(inherited, 0);
	ret = refused(become_root_of_namespace, inherited, &err);
	if (ret < 0)
		SKIP(return, "no user namespaces here");
	EXPECT_EQ(0, ret);
	/* root of the namespace is root by number, so the mode lets it through */
	EXPECT_EQ(EPERM, err);
}

/* A mode that somebody made too wide opens nothing. */
TEST(T42_wide_mode)
{
	char path[64];
	struct stat st;
	int err;

	ASSERT_EQ(0, stat(CTL_PATH, &st));
	snprintf(path, sizeof(path), "/dev/vtpmctl-selftest-%d", getpid());
	ASSERT_EQ(0, mknod(path, S_IFCHR | 0600, st.st_rdev));
	ASSERT_EQ(0, chmod(path, 0666));
	if (!fork()) {
		if (become_nobody())
			_exit(200);
		_exit(open(path, O_RDWR) < 0 ? errno : 0);
	}
	ASSERT_GT(wait(&err), 0);
	EXPECT_TRUE(WIFEXITED(err));
	EXPECT_EQ(EPERM, WEXITSTATUS(err));
	EXPECT_EQ(0, unlink(path));
}

TEST(T42_nodes_are_closed_to_others)
{
	int ctl = ctl_open(), n, i;
	char path[64];
	struct stat st;

	n = ctl_create(ctl, NULL);
	ASSERT_GE(n, 0);
	for (i = 0; i < 2; i++) {
		node_path(path, sizeof(path), n, i);
		ASSERT_EQ(0, stat(path, &st));
		EXPECT_EQ(0, st.st_mode & 0007);
		EXPECT_EQ(0, st.st_uid);
	}
	EXPECT_EQ(0, ctl_destroy(ctl, n));
}

/* Nothing that the guest's node takes sets locality or physical presence. */
TEST(T42_guest_node_takes_no_ioctl)
{
	int ctl = ctl_open(), n, rm, fd;
	unsigned int nr, i;
	uint8_t arg[256] = { };

	n = ctl_create(ctl, NULL);
	ASSERT_GE(n, 0);
	for (rm = 0; rm < 2; rm++) {
		fd = node_open(n, rm, O_RDWR);
		ASSERT_GE(fd, 0);
		for (i = 0; i < ARRAY_SIZE(calls); i++) {
			EXPECT_EQ(-1, ioctl(fd, calls[i], arg));
			EXPECT_EQ(ENOTTY, errno);
		}
		/* and none of swtpm's or the vTPM proxy's */
		for (nr = 0; nr < 256; nr++) {
			EXPECT_EQ(-1, ioctl(fd, _IOWR('P', nr, uint32_t), arg));
			EXPECT_EQ(ENOTTY, errno);
			EXPECT_EQ(-1, ioctl(fd, _IOWR(0xa1, nr, uint32_t), arg));
			EXPECT_EQ(ENOTTY, errno);
		}
		close(fd);
	}
	EXPECT_EQ(0, ctl_destroy(ctl, n));
}

TEST_HARNESS_MAIN
