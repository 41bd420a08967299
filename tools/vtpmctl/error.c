// SPDX-License-Identifier: GPL-2.0-only
/* Errors in words that an admin understands, and their exit codes. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vtpmctl.h"

#define LINE_SHOWN	72	/* bytes of a line that is wrong */

/* The vocabulary of <linux/vtpm.h>. A command's own words come first. */
static const struct {
	int err;
	int code;
	const char *why;
} vocabulary[] = {
	{ EPERM, CTL_DENIED, "denied: this needs CAP_SYS_ADMIN in the initial user namespace" },
	{ EACCES, CTL_DENIED, "denied: only root may open it" },
	{ ENOTTY, CTL_UNSUPPORTED, "the module is older than the tool and does not know this" },
	{ EOPNOTSUPP, CTL_UNSUPPORTED, "the module does not support this" },
	{ E2BIG, CTL_GENERAL, "too long for the module (vtpmctl info shows the limits)" },
	{ EINVAL, CTL_GENERAL, "the module refuses it as not well formed" },
	{ EEXIST, CTL_BUSY, "the name is taken" },
	{ ENOENT, CTL_NOTFOUND, "not found" },
	{ EBUSY, CTL_BUSY, "in use" },
	{ ENOSPC, CTL_GENERAL, "the limit is reached (vtpmctl info shows the limits)" },
	{ EMSGSIZE, CTL_GENERAL, "it kept growing while it was read: try again" },
	{ EBADMSG, CTL_GENERAL, "cannot be parsed" },
	{ ENOKEY, CTL_GENERAL, "no trusted party signed it (vtpmctl trust list shows them)" },
	{ EKEYREJECTED, CTL_GENERAL, "its signature is wrong" },
	{ ENOPKG, CTL_UNSUPPORTED, "the kernel lacks an algorithm that it uses" },
	{ ENOMEM, CTL_GENERAL, "the kernel has no memory for it" },
	{ EIO, CTL_GENERAL, "the TPM did not start: a self-test of its own failed" },
	{ ENODEV, CTL_NOTFOUND, "the instance is being destroyed" },
	{ EINTR, CTL_GENERAL, "interrupted; nothing has changed" },
};

static int code_of(int err, const char **why)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vocabulary); i++) {
		if (vocabulary[i].err != err)
			continue;
		*why = vocabulary[i].why;
		return vocabulary[i].code;
	}
	*why = strerror(err);
	return CTL_GENERAL;
}

/* Control characters of a name from elsewhere must not reach the terminal. */
static void print_clean(FILE *stream, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		fputc((unsigned char)text[i] < 0x20 || text[i] == 0x7f ? '?' : text[i], stream);
}

/* Says "vtpmctl: what: why" and returns @code. */
int ctl_fail(int code, const char *what, const char *why, ...)
{
	va_list args;

	fflush(stdout);
	fputs("vtpmctl: ", stderr);
	print_clean(stderr, what, strlen(what));
	fputs(": ", stderr);
	va_start(args, why);
	vfprintf(stderr, why, args);
	va_end(args);
	fputc('\n', stderr);
	return code;
}

/*
 * The same for an error of the kernel. @words, ended by an empty row, say what
 * an error means where it is met; NULL when the general sentence is enough.
 */
int ctl_fail_errno(const char *what, int err, const struct ctl_words *words)
{
	const char *why;
	int code = code_of(err, &why);

	for (; words && words->why; words++) {
		if (words->err == err)
			why = words->why;
	}
	return ctl_fail(code, what, "%s", why);
}

static char shown(char c)
{
	return c == '\t' || (c >= 0x20 && c < 0x7f) ? c : '?';
}

/* The line with a caret below the column; of a long one, what is around it. */
static void show_line(const char *line, size_t len, size_t column)
{
	size_t at = column && column <= len ? column - 1 : len;
	size_t from = at > LINE_SHOWN / 2 && len > LINE_SHOWN ? at - LINE_SHOWN / 2 : 0;
	size_t to = len - from > LINE_SHOWN ? from + LINE_SHOWN : len;
	size_t i;

	fputs("    ", stderr);
	for (i = from; i < to; i++)
		fputc(shown(line[i]), stderr);
	fputs("\n    ", stderr);
	for (i = from; i < at; i++)
		fputc(line[i] == '\t' ? '\t' : ' ', stderr);
	fputs("^\n", stderr);
}

/*
 * Says where the text of @file is wrong, as compilers do, so that editors can
 * go there; shows the line when @text is known.
 */
static void show_text_error(const char *file, const char *text, size_t len,
			    const struct vtpm_text_error *error)
{
	const char *end = text + len;
	const char *line = text;
	const char *stop;
	unsigned int i;

	fflush(stdout);
	print_clean(stderr, file, strlen(file));
	fprintf(stderr, ":%u:%u: ", error->line, error->column);
	print_clean(stderr, error->reason, strnlen(error->reason, sizeof(error->reason)));
	fputc('\n', stderr);
	if (!text)
		return;
	for (i = 1; i < error->line; i++) {
		line = memchr(line, '\n', end - line);
		if (!line)
			return;
		line++;
	}
	stop = memchr(line, '\n', end - line);
	show_line(line, (stop ?: end) - line, error->column);
}

/*
 * For a call that was given a text: where @error has a reason, it says
 * more than the error's number, and the place too when the text is to blame.
 */
int ctl_fail_text(const char *what, int err, const struct ctl_words *words, const char *file,
		  const char *text, size_t len, struct vtpm_text_error *error)
{
	error->reason[sizeof(error->reason) - 1] = 0;
	if (!error->reason[0])
		return ctl_fail_errno(what, err, words);
	if (!error->line)
		return ctl_fail(CTL_GENERAL, what, "%s", error->reason);
	show_text_error(file, text, len, error);
	return CTL_GENERAL;
}
