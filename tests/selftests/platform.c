// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the platform says to a TPM comes through /dev/vtpmctl alone: when it starts, from
 * which locality commands come, whether somebody is present (T42). And banks in sysfs
 * when TPM2_PCR_Allocate has taken effect.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "support.h"

#define RC_LOCALITY	0x907u
#define CC_STARTUP	0x144u
#define CC_PCR_ALLOCATE	0x12bu
#define RH_PLATFORM	0x4000000cu
#define NO_NUMBER	4000u

FIXTURE(platform) {
	int ctl;
	int number;
	int fd;
};

FIXTURE_SETUP(platform)
{
	self->ctl = ctl_open();
	ASSERT_GE(self->ctl, 0);
	self->number = ctl_create(self->ctl, NULL);
	ASSERT_GE(self->number, 0);
	self->fd = node_open(self->number, false, O_RDWR);
	ASSERT_GE(self->fd, 0);
}

FIXTURE_TEARDOWN(platform)
{
	close(self->fd);
	EXPECT_EQ(0, ctl_destroy(self->ctl, self->number));
	close(self->ctl);
}

static int set(int ctl, unsigned long call, unsigned int number, uint32_t value)
{
	struct vtpm_setting s = { .size = sizeof(s), .number = number, .value = value };

	return ioctl(ctl, call, &s) ? errno : 0;
}

static int64_t startup(int fd)
{
	struct cmd c;

	cmd_begin(&c, 0x8001, CC_STARTUP);
	cmd_u16(&c, 0);
	return transact(fd, &c, NULL, NULL);
}

static int64_t extend(int fd, unsigned int pcr)
{
	struct cmd c;

	cmd_pcr_extend(&c, pcr, 1);
	return transact(fd, &c, NULL, NULL);
}

TEST_F(platform, locality_is_the_control_nodes_to_set)
{
	struct vtpm_status s;

	EXPECT_EQ(RC_LOCALITY, extend(self->fd, 18));
	ASSERT_EQ(0, set(self->ctl, VTPM_IOC_LOCALITY, self->number, 3));
	EXPECT_EQ(RC_SUCCESS, extend(self->fd, 18));
	EXPECT_EQ(RC_LOCALITY, extend(self->fd, 21));
	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &s));
	EXPECT_EQ(3, s.locality);
	ASSERT_EQ(0, ctl_reset(self->ctl, self->number));
	EXPECT_EQ(RC_SUCCESS, extend(self->fd, 18));
	ASSERT_EQ(0, set(self->ctl, VTPM_IOC_LOCALITY, self->number, 0));
	EXPECT_EQ(RC_LOCALITY, extend(self->fd, 18));

	EXPECT_EQ(EINVAL, set(self->ctl, VTPM_IOC_LOCALITY, self->number, 5));
	EXPECT_EQ(EINVAL, set(self->ctl, VTPM_IOC_LOCALITY, self->number, 0x100));
	EXPECT_EQ(ENOENT, set(self->ctl, VTPM_IOC_LOCALITY, NO_NUMBER, 1));
}

TEST_F(platform, presence_is_the_control_nodes_to_set)
{
	struct vtpm_status s;

	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &s));
	EXPECT_EQ(0, s.presence);
	ASSERT_EQ(0, set(self->ctl, VTPM_IOC_PRESENCE, self->number, 1));
	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &s));
	EXPECT_EQ(1, s.presence);
	ASSERT_EQ(0, set(self->ctl, VTPM_IOC_PRESENCE, self->number, 0));
	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &s));
	EXPECT_EQ(0, s.presence);
	EXPECT_EQ(EINVAL, set(self->ctl, VTPM_IOC_PRESENCE, self->number, 2));
	EXPECT_EQ(ENOENT, set(self->ctl, VTPM_IOC_PRESENCE, NO_NUMBER, 1));
}

TEST_F(platform, T42_a_node_sets_neither)
{
	int rm = node_open(self->number, true, O_RDWR);

	ASSERT_GE(rm, 0);
	EXPECT_EQ(ENOTTY, set(self->fd, VTPM_IOC_LOCALITY, self->number, 3));
	EXPECT_EQ(ENOTTY, set(rm, VTPM_IOC_LOCALITY, self->number, 3));
	EXPECT_EQ(ENOTTY, set(self->fd, VTPM_IOC_PRESENCE, self->number, 1));
	EXPECT_EQ(ENOTTY, set(rm, VTPM_IOC_PRESENCE, self->number, 1));
	EXPECT_EQ(RC_LOCALITY, extend(self->fd, 18));
	EXPECT_EQ(RC_LOCALITY, extend(rm, 18));
	close(rm);
}

TEST_F(platform, unstarted_until_its_user_starts_it)
{
	struct vtpm_create c = {
		.size = sizeof(c), .flags = VTPM_CREATE_UNSTARTED,
		.name = (uintptr_t)"unstarted", .name_size = 9,
	};
	struct vtpm_status s;
	char state[32];
	int fd, i;

	ASSERT_EQ(0, ioctl(self->ctl, VTPM_IOC_CREATE, &c));
	fd = node_open(c.number, false, O_RDWR);
	ASSERT_GE(fd, 0);
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, ctl_status(self->ctl, c.number, &s));
		EXPECT_EQ(VTPM_STATE_UNSTARTED, s.state);
		ASSERT_GT(sysfs_read(c.number, "state", state, sizeof(state)), 0);
		EXPECT_STREQ("unstarted\n", state);
		EXPECT_EQ(RC_INITIALIZE, extend(fd, 0));
		EXPECT_EQ(RC_SUCCESS, startup(fd));
		EXPECT_EQ(RC_INITIALIZE, startup(fd));
		EXPECT_EQ(RC_SUCCESS, extend(fd, 0));
		ASSERT_EQ(0, ctl_status(self->ctl, c.number, &s));
		EXPECT_EQ(VTPM_STATE_RUNNING, s.state);
		ASSERT_EQ(0, ctl_reset(self->ctl, c.number));
	}
	close(fd);
	EXPECT_EQ(0, ctl_destroy(self->ctl, c.number));
}

/* All of bank @alg or nothing of it, from the next power cycle on. */
static int64_t allocate(int fd, uint16_t alg, bool all)
{
	struct cmd c;

	cmd_begin(&c, 0x8002, CC_PCR_ALLOCATE);
	cmd_u32(&c, RH_PLATFORM);
	cmd_u32(&c, 9);		/* an empty password */
	cmd_u32(&c, 0x40000009);
	cmd_u16(&c, 0);
	cmd_u8(&c, 0);
	cmd_u16(&c, 0);
	cmd_u32(&c, 1);
	cmd_u16(&c, alg);
	cmd_u8(&c, 3);
	cmd_u8(&c, all ? 0xff : 0);
	cmd_u16(&c, all ? 0xffff : 0);
	return transact(fd, &c, NULL, NULL);
}

static bool folder(unsigned int number, const char *name)
{
	char path[96];
	struct stat st;

	snprintf(path, sizeof(path), "/sys/class/vtpm/vtpm%u/%s", number, name);
	return !stat(path, &st);
}

/* A worker makes the folders; it has ten seconds. */
static bool comes_to(unsigned int number, const char *name, bool there)
{
	double end = now() + 10;

	while (folder(number, name) != there && now() < end)
		sleep_ms(20);
	return folder(number, name) == there;
}

TEST_F(platform, folders_of_banks_come_and_go)
{
	char value[96];

	EXPECT_FALSE(folder(self->number, "pcr-sha1"));
	ASSERT_EQ(RC_SUCCESS, allocate(self->fd, 4, true));
	EXPECT_FALSE(folder(self->number, "pcr-sha1"));
	ASSERT_EQ(0, ctl_reset(self->ctl, self->number));
	EXPECT_TRUE(comes_to(self->number, "matrix/hash/pcr-sha1", true));
	EXPECT_EQ(41, sysfs_read(self->number, "pcr-sha1/0", value, sizeof(value)));
	EXPECT_TRUE(folder(self->number, "pcr-sha256"));
	ASSERT_EQ(RC_SUCCESS, allocate(self->fd, 11, false));
	ASSERT_EQ(0, ctl_reset(self->ctl, self->number));
	EXPECT_TRUE(comes_to(self->number, "pcr-sha256", false));
	EXPECT_FALSE(folder(self->number, "matrix/hash/pcr-sha256"));
	EXPECT_TRUE(folder(self->number, "pcr-sha1"));
}

TEST_HARNESS_MAIN
