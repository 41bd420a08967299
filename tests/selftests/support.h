/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kselftests share: ioctls, TPM commands, small tools. */
#ifndef VTPM_SELFTEST_SUPPORT_H
#define VTPM_SELFTEST_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <linux/vtpm.h>

#define CTL_PATH	"/dev/vtpmctl"
#define RC_SUCCESS	0u
#define RC_INITIALIZE	0x100u
#define RC_COMMAND_SIZE	0x142u
#define RC_COMMAND_CODE	0x143u
#define RC_CANCELED	0x909u
#define RC_RM_CODE	0x000B0143u

/* A TPM command under construction; its header's size follows what is put. */
struct cmd {
	uint8_t b[4096];
	size_t n;
};

void cmd_begin(struct cmd *c, uint16_t tag, uint32_t code);
void cmd_u8(struct cmd *c, uint8_t v);
void cmd_u16(struct cmd *c, uint16_t v);
void cmd_u32(struct cmd *c, uint32_t v);
void cmd_bytes(struct cmd *c, const void *p, size_t n);

void cmd_get_random(struct cmd *c, uint16_t bytes);
/* PCR_Extend of @pcr in the SHA-256 bank with 32 bytes @fill. */
void cmd_pcr_extend(struct cmd *c, unsigned int pcr, uint8_t fill);
/* Starts a trial session. */
void cmd_start_session(struct cmd *c);
/* GetCapability(HANDLES) from @first on, as many as fit. */
void cmd_handles(struct cmd *c, uint32_t first);
/* CreatePrimary of an RSA-2048 signing key: takes long. */
void cmd_long(struct cmd *c, uint32_t variant);

/* rc of a response of @n bytes; ~0 when it is none. */
uint32_t rsp_rc(const uint8_t *rsp, ssize_t n);
uint32_t get_be32(const uint8_t *p);
/* write() and one read() of everything; rc, or -errno as a negative number. */
int64_t transact(int fd, const struct cmd *c, uint8_t *rsp, ssize_t *n);

int ctl_open(void);
/* Number of the new instance, or -errno. A name is made up. */
int ctl_create(int ctl, const char *policy);
int ctl_create_named(int ctl, const char *name, const char *policy);
int ctl_destroy(int ctl, unsigned int number);	/* 0 or -errno */
int ctl_reset(int ctl, unsigned int number);
int ctl_status(int ctl, unsigned int number, struct vtpm_status *s);
int ctl_count(int ctl);				/* instances there are */

int node_open(unsigned int number, bool rm, int flags);		/* or -errno */
void node_path(char *path, size_t room, unsigned int number, bool rm);

/* A file under /sys/class/vtpm/vtpm@number: bytes read, or -errno. */
ssize_t sysfs_read(unsigned int number, const char *file, char *buf, size_t room);
ssize_t sysfs_write(unsigned int number, const char *file, const char *text);

double now(void);		/* seconds, monotonic */
void sleep_ms(unsigned int ms);
long memory_kb(const char *key);	/* a line of /proc/meminfo */
short poll_mask(int fd, short events, int timeout_ms);

#endif /* VTPM_SELFTEST_SUPPORT_H */
