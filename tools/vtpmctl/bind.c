// SPDX-License-Identifier: GPL-2.0-only
/* What an instance is bound to. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vtpmctl.h"

static const struct ctl_words bind_words[] = {
	{ EBADF, "is no cgroup of version 2, or no user namespace" },
	{ EEXIST, "has an instance already" },
	{ ENOENT, "the instance is not bound to it, or has gone" },
	{ ENOSPC, "the instance is bound to as many as the module allows" },
	{ }
};

/* A directory of a cgroup; a file of a user namespace, or a process that is in it. */
static char *bind_path(const char *kind, const char *text)
{
	if (!strcmp(kind, "user-ns") && text[0] && strspn(text, "0123456789") == strlen(text))
		return ctl_format("/proc/%s/ns/user", text);
	return ctl_format("%s", text);
}

static int call(struct ctl *ctl, struct vtpm_bind *arg, const char *path)
{
	int err;

	arg->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (arg->fd < 0)
		return ctl_fail(CTL_GENERAL, path, "%s", strerror(errno));
	err = ctl_call(ctl, VTPM_IOC_BIND, arg);
	close(arg->fd);
	return err ? ctl_fail_errno(path, err, bind_words) : CTL_OK;
}

static int change(struct ctl *ctl, char **argv, uint32_t flags)
{
	struct vtpm_bind arg = { .size = sizeof(arg), .flags = flags };
	struct ctl_ref ref;
	char *path;
	int code;

	if (!strcmp(argv[1], "cgroup"))
		arg.kind = VTPM_BIND_CGROUP;
	else if (!strcmp(argv[1], "user-ns"))
		arg.kind = VTPM_BIND_USER_NS;
	else
		return ctl_fail(CTL_USAGE, argv[1], "neither 'cgroup' nor 'user-ns'");
	code = ctl_resolve(ctl, argv[0], &ref);
	if (code)
		return code;
	arg.number = ref.number;
	path = bind_path(argv[1], argv[2]);
	code = call(ctl, &arg, path);
	free(path);
	return code;
}

int ctl_bind(struct ctl *ctl, int argc, char **argv)
{
	(void)argc;
	return change(ctl, argv, 0);
}

int ctl_unbind(struct ctl *ctl, int argc, char **argv)
{
	(void)argc;
	return change(ctl, argv, VTPM_BIND_REMOVE);
}
