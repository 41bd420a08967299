// SPDX-License-Identifier: GPL-2.0-only
/* /sys/class/vtpm/vtpmN: which files there are, who may read them, what they say. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "support.h"

#define POLICY	"bank sha256 sha384\nprovider certificate represent=property\nread pcr=5 hide\n" \
		"read pcr=4 provider=certificate\n"

/* What PCR 0 is after one extend with 32 bytes 0x11: SHA-256(32 * 0x00 || 32 * 0x11). */
#define EXTENDED	"8878B15A7D6A3A4F464E8F9F42591DBC0CF4BEDEA0EC309003D2B2EE53655EF8"

FIXTURE(sysfs) {
	int ctl;
	int number;
	int fd;
	char text[8192];
};

FIXTURE_SETUP(sysfs)
{
	self->ctl = ctl_open();
	ASSERT_GE(self->ctl, 0);
	self->number = ctl_create(self->ctl, POLICY);
	ASSERT_GE(self->number, 0);
	self->fd = node_open(self->number, true, O_RDWR);
	ASSERT_GE(self->fd, 0);
}

FIXTURE_TEARDOWN(sysfs)
{
	close(self->fd);
	EXPECT_EQ(0, ctl_destroy(self->ctl, self->number));
	close(self->ctl);
}

static int mode_of(unsigned int number, const char *file)
{
	struct stat st;
	char path[128];

	snprintf(path, sizeof(path), "/sys/class/vtpm/vtpm%u/%s", number, file);
	return stat(path, &st) ? -errno : (int)(st.st_mode & 07777);
}

TEST_F(sysfs, files_and_modes)
{
	static const char *const everybody[] = {
		"tpm_version_major", "name", "state", "pcr-sha256/0", "pcr-sha384/23",
	};
	static const char *const admin[] = {
		"policy", "commands", "failures", "objects", "sessions", "memory", "resets",
		"matrix/hash/pcr-sha256/0", "matrix/certificate/pcr-sha384/23",
		"binary_bios_measurements", "binary_runtime_measurements",
	};
	static const char *const absent[] = {
		"pcr-sha1", "pcr-sha512", "pcr-sha256/24", "matrix/hash/pcr-sha1",
		"matrix/certificate/pcr-sha512", "power",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(everybody); i++)
		EXPECT_EQ(0444, mode_of(self->number, everybody[i])) TH_LOG("file %u", i);
	for (i = 0; i < ARRAY_SIZE(admin); i++)
		EXPECT_EQ(0400, mode_of(self->number, admin[i])) TH_LOG("file %u", i);
	for (i = 0; i < ARRAY_SIZE(absent); i++)
		EXPECT_EQ(-ENOENT, mode_of(self->number, absent[i])) TH_LOG("file %u", i);
	EXPECT_EQ(0200, mode_of(self->number, "cancel"));
}

TEST_F(sysfs, simple_files)
{
	struct vtpm_status s;
	char line[80];

	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &s));
	ASSERT_EQ(2, sysfs_read(self->number, "tpm_version_major", self->text, 80));
	EXPECT_STREQ("2\n", self->text);
	snprintf(line, sizeof(line), "%s\n", s.name);
	ASSERT_GT(sysfs_read(self->number, "name", self->text, 80), 0);
	EXPECT_STREQ(line, self->text);
	ASSERT_GT(sysfs_read(self->number, "state", self->text, 80), 0);
	EXPECT_STREQ("running\n", self->text);
}

TEST_F(sysfs, default_instance_has_one_bank_and_one_provider)
{
	struct dirent *d;
	char path[64];
	int n, dirs = 0;
	DIR *dir;

	n = ctl_create(self->ctl, NULL);
	ASSERT_GE(n, 0);
	EXPECT_EQ(0755, mode_of(n, "pcr-sha256"));
	EXPECT_EQ(-ENOENT, mode_of(n, "pcr-sha384"));
	snprintf(path, sizeof(path), "/sys/class/vtpm/vtpm%d/matrix", n);
	dir = opendir(path);
	ASSERT_NE(NULL, dir);
	while ((d = readdir(dir)))
		dirs += d->d_name[0] != '.';
	closedir(dir);
	EXPECT_EQ(1, dirs);
	EXPECT_EQ(0755, mode_of(n, "matrix/hash"));
	EXPECT_EQ(0, ctl_destroy(self->ctl, n));
}

/* Is @text @digits upper-case hexadecimal digits and a newline? */
static bool is_digest(const char *text, size_t digits)
{
	size_t i;

	for (i = 0; i < digits; i++)
		if (!isdigit((unsigned char)text[i]) && (text[i] < 'A' || text[i] > 'F'))
			return false;
	return !strcmp(text + digits, "\n");
}

TEST_F(sysfs, every_pcr_of_active_banks)
{
	char file[64];
	int pcr;

	for (pcr = 0; pcr < 24; pcr++) {
		if (pcr == 5)
			continue;
		snprintf(file, sizeof(file), "pcr-sha256/%d", pcr);
		ASSERT_EQ(65, sysfs_read(self->number, file, self->text, 200));
		EXPECT_TRUE(is_digest(self->text, 64)) TH_LOG("%s: %s", file, self->text);
		snprintf(file, sizeof(file), "pcr-sha384/%d", pcr);
		ASSERT_EQ(97, sysfs_read(self->number, file, self->text, 200));
		EXPECT_TRUE(is_digest(self->text, 96));
		snprintf(file, sizeof(file), "matrix/certificate/pcr-sha384/%d", pcr);
		ASSERT_EQ(97, sysfs_read(self->number, file, self->text, 200));
		EXPECT_TRUE(is_digest(self->text, 96));
	}
}

/* What the policy hides from readers is hidden here too, but not from the admin. */
TEST_F(sysfs, filter_decides)
{
	char cert[80], hash[80];
	struct cmd c;

	EXPECT_EQ(-ENODATA, sysfs_read(self->number, "pcr-sha256/5", self->text, 200));
	EXPECT_EQ(65, sysfs_read(self->number, "matrix/hash/pcr-sha256/5", self->text, 200));
	cmd_pcr_extend(&c, 4, 0x11);
	ASSERT_EQ(RC_SUCCESS, transact(self->fd, &c, NULL, NULL));
	ASSERT_EQ(65, sysfs_read(self->number, "matrix/certificate/pcr-sha256/4", cert, 80));
	ASSERT_EQ(65, sysfs_read(self->number, "matrix/hash/pcr-sha256/4", hash, 80));
	EXPECT_STRNE(cert, hash);
	ASSERT_EQ(65, sysfs_read(self->number, "pcr-sha256/4", self->text, 200));
	EXPECT_STREQ(cert, self->text);
}

TEST_F(sysfs, extended_value)
{
	struct cmd c;

	cmd_pcr_extend(&c, 0, 0x11);
	ASSERT_EQ(RC_SUCCESS, transact(self->fd, &c, NULL, NULL));
	ASSERT_EQ(65, sysfs_read(self->number, "pcr-sha256/0", self->text, 200));
	EXPECT_STREQ(EXTENDED "\n", self->text);
}

TEST_F(sysfs, policy_text)
{
	static char big[16384];
	unsigned int n;

	ASSERT_EQ(strlen(POLICY), sysfs_read(self->number, "policy", self->text,
					     sizeof(self->text)));
	EXPECT_STREQ(POLICY, self->text);
	/* longer than a page */
	for (n = 0; n < 6000; n += 30)
		memcpy(big + n, "# a comment of thirty letters\n", 30);
	n = ctl_create(self->ctl, big);
	ASSERT_GE((int)n, 0);
	EXPECT_EQ(6000, sysfs_read(n, "policy", self->text, sizeof(self->text)));
	EXPECT_STREQ(big, self->text);
	EXPECT_EQ(0, ctl_destroy(self->ctl, n));
}

static long counter(unsigned int number, const char *file)
{
	char text[64];

	if (sysfs_read(number, file, text, sizeof(text)) < 2)
		return -1;
	return strtol(text, NULL, 10);
}

TEST_F(sysfs, counters_agree_with_status)
{
	struct vtpm_status s;
	struct cmd c;

	cmd_get_random(&c, 8);
	ASSERT_EQ(RC_SUCCESS, transact(self->fd, &c, NULL, NULL));
	cmd_begin(&c, 0x8001, 0x20000fff);
	ASSERT_EQ(RC_RM_CODE, transact(self->fd, &c, NULL, NULL));
	ASSERT_EQ(0, ctl_status(self->ctl, self->number, &s));
	EXPECT_GE(s.commands, 2);
	EXPECT_GE(s.failures, 1);
	EXPECT_EQ(s.commands, counter(self->number, "commands"));
	EXPECT_EQ(s.failures, counter(self->number, "failures"));
	EXPECT_EQ(s.objects, counter(self->number, "objects"));
	EXPECT_EQ(s.sessions, counter(self->number, "sessions"));
	EXPECT_EQ(s.resets, counter(self->number, "resets"));
	EXPECT_EQ(s.memory, counter(self->number, "memory"));
}

/* What QEMU's passthrough does: opens the file for writing, and writes to it. */
TEST_F(sysfs, cancel_without_a_command)
{
	struct cmd c;

	EXPECT_EQ(1, sysfs_write(self->number, "cancel", "-"));
	cmd_get_random(&c, 8);
	EXPECT_EQ(RC_SUCCESS, transact(self->fd, &c, NULL, NULL));
}

TEST_HARNESS_MAIN
