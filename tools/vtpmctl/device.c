// SPDX-License-Identifier: GPL-2.0-only
/* The control node: opening it, calling it, and lists of unknown length. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vtpmctl.h"

#define LIST_TRIES	64	/* a list may grow between two calls */
#define LIST_SPARE	4

/* Returns 0, or the error as a positive errno. */
int ctl_call(struct ctl *ctl, unsigned long request, void *arg)
{
	/* EINTR is only given before anything has changed. */
	while (ioctl(ctl->fd, request, arg) < 0) {
		if (errno != EINTR)
			return errno;
	}
	return 0;
}

static int open_failed(const struct ctl *ctl, int err)
{
	if (err == ENOENT || err == ENXIO || err == ENODEV)
		return ctl_fail(CTL_DEVICE, ctl->device,
				"there is no such device; is the module loaded? 'modprobe vtpm' loads it");
	if (err == EACCES || err == EPERM)
		return ctl_fail_errno(ctl->device, err, NULL);
	return ctl_fail(CTL_DEVICE, ctl->device, "%s", strerror(err));
}

static int not_ours(const struct ctl *ctl)
{
	return ctl_fail(CTL_DEVICE, ctl->device, "this is not the control node of vtpm");
}

int ctl_open(struct ctl *ctl)
{
	struct stat st;
	int err;

	if (ctl->fd >= 0)
		return CTL_OK;
	/* Nothing but a character device is opened: opening a FIFO would wait. */
	if (!stat(ctl->device, &st) && !S_ISCHR(st.st_mode))
		return not_ours(ctl);
	ctl->fd = open(ctl->device, O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (ctl->fd < 0)
		return open_failed(ctl, errno);
	ctl->info.size = sizeof(ctl->info);
	err = ctl_call(ctl, VTPM_IOC_INFO, &ctl->info);
	if (err == ENOTTY || (err == EINVAL && !ctl->info.abi_version))
		return not_ours(ctl);
	return err ? ctl_fail_errno(ctl->device, err, NULL) : CTL_OK;
}

/*
 * TRUST_LIST and CERT_LIST, whose count is known only afterwards. The caller
 * frees *@entries.
 */
int ctl_entries(struct ctl *ctl, unsigned long request, size_t size, const char *what,
		void **entries, unsigned int *count)
{
	struct vtpm_entries arg;
	unsigned int room = LIST_SPARE;
	int err, i;

	for (i = 0; i < LIST_TRIES; i++) {
		*entries = ctl_alloc(room, size);
		arg = (struct vtpm_entries) {
			.size = sizeof(arg),
			.entries = (uintptr_t)*entries,
			.count = room,
			.entry_size = size,
		};
		err = ctl_call(ctl, request, &arg);
		*count = arg.count;
		if (!err && arg.count <= room)
			return CTL_OK;
		free(*entries);
		*entries = NULL;
		if (err && err != EMSGSIZE)
			return ctl_fail_errno(what, err, NULL);
		room = arg.count + LIST_SPARE;
	}
	return ctl_fail_errno(what, EMSGSIZE, NULL);
}

/* Numbers of all instances. The caller frees *@numbers. */
int ctl_numbers(struct ctl *ctl, uint32_t **numbers, unsigned int *count)
{
	unsigned int room = ctl->info.instances + LIST_SPARE;
	struct vtpm_list arg;
	int err, i;

	for (i = 0; i < LIST_TRIES; i++) {
		*numbers = ctl_alloc(room, sizeof(**numbers));
		arg = (struct vtpm_list) {
			.size = sizeof(arg),
			.numbers = (uintptr_t)*numbers,
			.count = room,
		};
		err = ctl_call(ctl, VTPM_IOC_LIST, &arg);
		*count = arg.count;
		if (!err && arg.count <= room)
			return CTL_OK;
		free(*numbers);
		*numbers = NULL;
		if (err && err != EMSGSIZE)
			return ctl_fail_errno("list", err, NULL);
		room = arg.count + LIST_SPARE;
	}
	return ctl_fail_errno("list", EMSGSIZE, NULL);
}

/* Returns 0 or a positive errno: an instance may go while a list is walked. */
int ctl_status(struct ctl *ctl, uint32_t number, struct vtpm_status *status)
{
	int err;

	*status = (struct vtpm_status) { .size = sizeof(*status), .number = number };
	err = ctl_call(ctl, VTPM_IOC_STATUS, status);
	status->name[VTPM_NAME_MAX] = 0;
	return err;
}
