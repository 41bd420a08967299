// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "support.h"

/* ---- TPM commands ---- */

static void put_be32(uint8_t *p, uint32_t v)
{
	p[0] = v >> 24;
	p[1] = v >> 16;
	p[2] = v >> 8;
	p[3] = v;
}

uint32_t get_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

void cmd_bytes(struct cmd *c, const void *p, size_t n)
{
	memcpy(c->b + c->n, p, n);
	c->n += n;
	put_be32(c->b + 2, c->n);
}

void cmd_u8(struct cmd *c, uint8_t v)
{
	cmd_bytes(c, &v, 1);
}

void cmd_u16(struct cmd *c, uint16_t v)
{
	uint8_t b[2] = { v >> 8, v };

	cmd_bytes(c, b, 2);
}

void cmd_u32(struct cmd *c, uint32_t v)
{
	uint8_t b[4];

	put_be32(b, v);
	cmd_bytes(c, b, 4);
}

void cmd_begin(struct cmd *c, uint16_t tag, uint32_t code)
{
	c->n = 0;
	cmd_u16(c, tag);
	c->n += 4;
	cmd_u32(c, code);
}

void cmd_get_random(struct cmd *c, uint16_t bytes)
{
	cmd_begin(c, 0x8001, 0x17b);
	cmd_u16(c, bytes);
}

/* The password session with an empty password, and its size. */
static void cmd_empty_auth(struct cmd *c)
{
	cmd_u32(c, 9);
	cmd_u32(c, 0x40000009);
	cmd_u16(c, 0);
	cmd_u8(c, 0);
	cmd_u16(c, 0);
}

void cmd_pcr_extend(struct cmd *c, unsigned int pcr, uint8_t fill)
{
	unsigned int i;

	cmd_begin(c, 0x8002, 0x182);
	cmd_u32(c, pcr);
	cmd_empty_auth(c);
	cmd_u32(c, 1);
	cmd_u16(c, 0x000b);
	for (i = 0; i < 32; i++)
		cmd_u8(c, fill);
}

void cmd_start_session(struct cmd *c)
{
	static const uint8_t nonce[16] = { 1 };

	cmd_begin(c, 0x8001, 0x176);
	cmd_u32(c, 0x40000007);		/* tpmKey: TPM_RH_NULL */
	cmd_u32(c, 0x40000007);		/* bind */
	cmd_u16(c, sizeof(nonce));
	cmd_bytes(c, nonce, sizeof(nonce));
	cmd_u16(c, 0);			/* encryptedSalt */
	cmd_u8(c, 0x03);		/* TPM_SE_TRIAL */
	cmd_u16(c, 0x0010);		/* symmetric: TPM_ALG_NULL */
	cmd_u16(c, 0x000b);
}

void cmd_handles(struct cmd *c, uint32_t first)
{
	cmd_begin(c, 0x8001, 0x17a);
	cmd_u32(c, 1);			/* TPM_CAP_HANDLES */
	cmd_u32(c, first);
	cmd_u32(c, 254);
}

/*
 * The template's unique field makes each variant a key of its own, so that
 * nothing the TPM has kept makes the second one quick.
 */
void cmd_long(struct cmd *c, uint32_t variant)
{
	cmd_begin(c, 0x8002, 0x131);
	cmd_u32(c, 0x40000001);		/* TPM_RH_OWNER */
	cmd_empty_auth(c);
	cmd_u16(c, 4);			/* inSensitive: empty */
	cmd_u16(c, 0);
	cmd_u16(c, 0);
	cmd_u16(c, 22 + 4);		/* inPublic */
	cmd_u16(c, 0x0001);		/* RSA */
	cmd_u16(c, 0x000b);		/* name: SHA-256 */
	/* fixedTPM, fixedParent, sensitiveDataOrigin, userWithAuth, sign */
	cmd_u32(c, 0x00040072);
	cmd_u16(c, 0);			/* authPolicy */
	cmd_u16(c, 0x0010);		/* symmetric */
	cmd_u16(c, 0x0010);		/* scheme */
	cmd_u16(c, 2048);
	cmd_u32(c, 0);			/* exponent */
	cmd_u16(c, 4);			/* unique */
	cmd_u32(c, variant);
	cmd_u16(c, 0);			/* outsideInfo */
	cmd_u32(c, 0);			/* creationPCR */
}

uint32_t rsp_rc(const uint8_t *rsp, ssize_t n)
{
	if (n < 10 || get_be32(rsp + 2) != (uint32_t)n)
		return ~0u;
	return get_be32(rsp + 6);
}

int64_t transact(int fd, const struct cmd *c, uint8_t *rsp, ssize_t *n)
{
	uint8_t own[4096];
	ssize_t ret;

	ret = write(fd, c->b, c->n);
	if (ret != (ssize_t)c->n)
		return ret < 0 ? -errno : -EIO;
	if (!rsp)
		rsp = own;
	ret = read(fd, rsp, 4096);
	if (ret < 0)
		return -errno;
	if (n)
		*n = ret;
	return rsp_rc(rsp, ret);
}

/* ---- the control node ---- */

int ctl_open(void)
{
	return open(CTL_PATH, O_RDWR | O_CLOEXEC);
}

int ctl_create_named(int ctl, const char *name, const char *policy)
{
	struct vtpm_create c = {
		.size = sizeof(c),
		.name = (uintptr_t)name,
		.name_size = strlen(name),
		.policy = (uintptr_t)policy,
		.policy_size = policy ? strlen(policy) : 0,
	};

	return ioctl(ctl, VTPM_IOC_CREATE, &c) ? -errno : (int)c.number;
}

int ctl_create(int ctl, const char *policy)
{
	static unsigned int count;
	char name[VTPM_NAME_MAX + 1];

	snprintf(name, sizeof(name), "selftest-%d-%u", getpid(), count++);
	return ctl_create_named(ctl, name, policy);
}

static int ctl_number(int ctl, unsigned long call, unsigned int number)
{
	struct vtpm_number n = { .size = sizeof(n), .number = number };

	return ioctl(ctl, call, &n) ? -errno : 0;
}

int ctl_destroy(int ctl, unsigned int number)
{
	return ctl_number(ctl, VTPM_IOC_DESTROY, number);
}

int ctl_reset(int ctl, unsigned int number)
{
	return ctl_number(ctl, VTPM_IOC_RESET, number);
}

int ctl_status(int ctl, unsigned int number, struct vtpm_status *s)
{
	memset(s, 0, sizeof(*s));
	s->size = sizeof(*s);
	s->number = number;
	return ioctl(ctl, VTPM_IOC_STATUS, s) ? -errno : 0;
}

int ctl_count(int ctl)
{
	struct vtpm_info i = { .size = sizeof(i) };

	return ioctl(ctl, VTPM_IOC_INFO, &i) ? -errno : (int)i.instances;
}

/* ---- files ---- */

void node_path(char *path, size_t room, unsigned int number, bool rm)
{
	snprintf(path, room, "/dev/vtpm%s%u", rm ? "rm" : "", number);
}

int node_open(unsigned int number, bool rm, int flags)
{
	char path[64];
	int fd;

	node_path(path, sizeof(path), number, rm);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int sysfs_open(unsigned int number, const char *file, int flags)
{
	char path[160];

	snprintf(path, sizeof(path), "/sys/class/vtpm/vtpm%u/%s", number, file);
	return open(path, flags | O_CLOEXEC);
}

ssize_t sysfs_read(unsigned int number, const char *file, char *buf, size_t room)
{
	int fd = sysfs_open(number, file, O_RDONLY);
	size_t done = 0;
	ssize_t n = 0;

	if (fd < 0)
		return -errno;
	while (done < room - 1) {
		n = read(fd, buf + done, room - 1 - done);
		if (n <= 0)
			break;
		done += n;
	}
	if (n < 0)
		n = -errno;
	buf[done] = 0;
	close(fd);
	return n < 0 ? n : (ssize_t)done;
}

ssize_t sysfs_write(unsigned int number, const char *file, const char *text)
{
	int fd = sysfs_open(number, file, O_WRONLY);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, text, strlen(text));
	if (n < 0)
		n = -errno;
	close(fd);
	return n;
}

/* ---- tools ---- */

double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

void sleep_ms(unsigned int ms)
{
	struct timespec t = { ms / 1000, (ms % 1000) * 1000000L };

	nanosleep(&t, NULL);
}

long memory_kb(const char *key)
{
	FILE *f = fopen("/proc/meminfo", "re");
	char line[128];
	long value = -1;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)) && line[strlen(key)] == ':')
			value = strtol(line + strlen(key) + 1, NULL, 10);
	if (f)
		fclose(f);
	return value;
}

short poll_mask(int fd, short events, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, timeout_ms) < 0 ? -1 : p.revents;
}
