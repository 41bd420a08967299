// SPDX-License-Identifier: GPL-2.0-only
/*
 * Manifests from Debian packages. The digests that packages bring with them are
 * of MD5, so the files are hashed here: those of a .deb as dpkg-deb unpacks it,
 * those of an installed package where dpkg-query says that they are.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "from.h"

#define BLOCK		512	/* of a tar archive */
#define NAME_MAX_BYTES	65536	/* of an extended header */
#define CHUNK		65536

static const struct ctl_alg *bank_of(const struct ctl_measures *m)
{
	return m->bank ? m->bank : ctl_alg_by_name("sha256", 6);
}

/* ---- another program's output ---- */

struct child {
	const char *program;
	pid_t pid;
	FILE *out;
};

static int start(struct child *c, const char *const *argv)
{
	int fd[2];

	c->program = argv[0];
	if (pipe(fd))
		return ctl_fail(CTL_GENERAL, argv[0], "%s", strerror(errno));
	fflush(stdout);
	c->pid = fork();
	if (!c->pid) {
		dup2(fd[1], STDOUT_FILENO);
		close(fd[0]);
		close(fd[1]);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(errno == ENOENT ? 127 : 126);
	}
	close(fd[1]);
	c->out = c->pid > 0 ? fdopen(fd[0], "r") : NULL;
	if (c->out)
		return CTL_OK;
	close(fd[0]);
	return ctl_fail(CTL_GENERAL, argv[0], "%s", strerror(errno));
}

/* What it says of its own failure is on standard error already. */
static int finish(struct child *c, const char *what, int code)
{
	int status = 0;

	fclose(c->out);
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (code)
		return code;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return ctl_fail(CTL_GENERAL, c->program, "is not installed");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return ctl_fail(CTL_GENERAL, what, "%s fails", c->program);
	return CTL_OK;
}

/* ---- the files of an archive ---- */

struct tar {
	FILE *in;
	const char *what;
	char *name;	/* from an extended header, for the next file */
};

static int cut_off(const struct tar *t)
{
	return ctl_fail(CTL_GENERAL, t->what, "the archive in it is cut off or not a tar");
}

/* Octal digits; or, with the highest bit set, a number of many bytes. */
static bool get_size(const unsigned char *field, size_t len, uint64_t *size)
{
	size_t i = 0;

	*size = 0;
	if (field[0] & 0x80) {
		for (i = 1; i < len; i++) {
			if (*size >> 48)
				return false;
			*size = *size << 8 | field[i];
		}
		return true;
	}
	while (i < len && field[i] == ' ')
		i++;
	for (; i < len && field[i] && field[i] != ' '; i++) {
		if (field[i] < '0' || field[i] > '7')
			return false;
		*size = *size << 3 | (field[i] - '0');
	}
	return true;
}

static bool sum_fits(const unsigned char *block)
{
	uint64_t want;
	size_t i, sum = 0;

	for (i = 0; i < BLOCK; i++)
		sum += i >= 148 && i < 156 ? ' ' : block[i];
	return get_size(block + 148, 8, &want) && want == sum;
}

static char *name_of(struct tar *t, const unsigned char *block)
{
	const char *name = (const char *)block, *prefix = name + 345;
	char *taken = t->name;

	t->name = NULL;
	if (taken)
		return taken;
	if (!memcmp(block + 257, "ustar", 6) && *prefix)
		return ctl_format("%.155s/%.100s", prefix, name);
	return ctl_format("%.100s", name);
}

static bool skip(struct tar *t, uint64_t size)
{
	char chunk[CHUNK];
	size_t n;

	while (size) {
		n = size < CHUNK ? size : CHUNK;
		if (fread(chunk, 1, n, t->in) != n)
			return false;
		size -= n;
	}
	return true;
}

static uint64_t padding(uint64_t size)
{
	return (BLOCK - size % BLOCK) % BLOCK;
}

/* "LENGTH path=NAME\n" among the lines of an extended header. */
static char *find_path(const char *text, size_t len)
{
	size_t at = 0, n, head;
	char *end;

	while (at < len) {
		n = strtoul(text + at, &end, 10);
		head = end + 1 - (text + at);
		if (*end != ' ' || n <= head || n > len - at)
			return NULL;
		if (n > head + 6 && !strncmp(end + 1, "path=", 5))
			return ctl_format("%.*s", (int)(n - head - 6), end + 6);
		at += n;
	}
	return NULL;
}

/* GNU's long name, or the extended header of POSIX. */
static bool read_name(struct tar *t, uint64_t size, bool extended)
{
	char *text, *name;

	if (size > NAME_MAX_BYTES)
		return false;
	text = ctl_alloc(size + 1, 1);
	if (fread(text, 1, size, t->in) != size || !skip(t, padding(size))) {
		free(text);
		return false;
	}
	name = extended ? find_path(text, size) : ctl_format("%s", text);
	free(text);
	if (name) {
		free(t->name);
		t->name = name;
	}
	return true;
}

static bool hash_stream(FILE *in, uint64_t size, const struct ctl_alg *alg, uint8_t *digest)
{
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	bool ok = hash && EVP_DigestInit_ex(hash, EVP_get_digestbyname(alg->name), NULL);
	char chunk[CHUNK];
	size_t n;

	while (ok && size) {
		n = fread(chunk, 1, size < CHUNK ? size : CHUNK, in);
		ok = n && EVP_DigestUpdate(hash, chunk, n);
		size -= n;
	}
	ok = ok && EVP_DigestFinal_ex(hash, digest, NULL);
	EVP_MD_CTX_free(hash);
	return ok;
}

static bool add_file(struct tar *t, struct ctl_measures *m, char *name, uint64_t size)
{
	const char *path = *name == '.' && name[1] == '/' ? name + 1 : name;
	uint8_t digest[CTL_DIGEST_MAX];
	bool ok;

	ok = hash_stream(t->in, size, bank_of(m), digest) && skip(t, padding(size));
	if (ok)
		ctl_measures_add(m, bank_of(m), digest, path, strlen(path));
	return ok;
}

/* A hard link has no content of its own: the file it is a link to has been there. */
static bool read_member(struct tar *t, struct ctl_measures *m, const unsigned char *block)
{
	char type = block[156], *name;
	uint64_t size;
	bool ok;

	if (!sum_fits(block) || !get_size(block + 124, 12, &size))
		return false;
	if (type == 'L' || type == 'x')
		return read_name(t, size, type == 'x');
	name = name_of(t, block);
	if (type == '0' || type == 0)
		ok = add_file(t, m, name, size);
	else
		ok = skip(t, size + padding(size));
	free(name);
	return ok;
}

static int read_archive(struct tar *t, struct ctl_measures *m)
{
	unsigned char block[BLOCK];
	static const unsigned char zero[BLOCK];

	while (fread(block, 1, BLOCK, t->in) == BLOCK) {
		if (!memcmp(block, zero, BLOCK)) {
			while (fread(block, 1, BLOCK, t->in))
				;	/* whoever writes it is to come to its end */
			return CTL_OK;
		}
		if (!read_member(t, m, block))
			return cut_off(t);
	}
	return cut_off(t);
}

static int collect_deb(struct ctl_measures *m, const char *path)
{
	const char *const argv[] = { "dpkg-deb", "--fsys-tarfile", path, NULL };
	struct tar t = { .what = path };
	size_t before = m->count;
	struct child c;
	int code, status;

	code = start(&c, argv);
	if (code)
		return code;
	t.in = c.out;
	code = read_archive(&t, m);
	free(t.name);
	status = finish(&c, path, code);
	if (!status && m->count == before)
		status = ctl_fail(CTL_GENERAL, path, "has no files");
	return status;
}

/* ---- the files of an installed package ---- */

static int hash_path(struct ctl_measures *m, const char *path)
{
	uint8_t digest[CTL_DIGEST_MAX];
	struct stat st;
	int code = CTL_OK;
	FILE *in;
	int fd;

	if (lstat(path, &st))
		return ctl_fail(CTL_GENERAL, path, "%s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return CTL_OK;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	in = fd < 0 ? NULL : fdopen(fd, "r");
	if (!in)
		return ctl_fail(CTL_GENERAL, path, "%s", strerror(errno));
	if (fstat(fileno(in), &st) ||
	    !hash_stream(in, st.st_size, bank_of(m), digest) || fgetc(in) != EOF)
		code = ctl_fail(CTL_GENERAL, path, "cannot be read whole");
	else
		ctl_measures_add(m, bank_of(m), digest, path, strlen(path));
	fclose(in);
	return code;
}

/* Where another package's diversion has put the file of the line before; NULL: it has not. */
static const char *diverted_to(const char *line)
{
	const char *to = strstr(line, " to: ");

	if (!to || (strncmp(line, "diverted by ", 12) && strncmp(line, "locally diverted ", 17)))
		return NULL;
	return to + 5;
}

/*
 * One path a line, and below it where it is when it was diverted; other lines
 * say what this package diverts. Missing files, as documentation that the
 * admin leaves out, are the business of dpkg --verify.
 */
static int read_paths(struct child *c, struct ctl_measures *m)
{
	char *line = NULL, *path = NULL;
	int code = CTL_OK;
	const char *to;
	size_t room = 0;
	ssize_t len;

	while (!code) {
		len = getline(&line, &room, c->out);
		if (len > 0 && line[len - 1] == '\n')
			line[len - 1] = 0;
		to = len > 0 ? diverted_to(line) : NULL;
		if (to) {
			free(path);
			path = ctl_format("%s", to);
			continue;
		}
		if (path && !access(path, F_OK))
			code = hash_path(m, path);
		free(path);
		path = len > 0 && *line == '/' ? ctl_format("%s", line) : NULL;
		if (len <= 0)
			break;
	}
	free(path);
	free(line);
	return code;
}

static int collect_package(struct ctl_measures *m, const char *package)
{
	const char *const argv[] = { "dpkg-query", "--listfiles", package, NULL };
	size_t before = m->count;
	struct child c;
	int code;

	if (!*package || strspn(package, "abcdefghijklmnopqrstuvwxyz0123456789+-.:") <
	    strlen(package) || *package == '-')
		return ctl_fail(CTL_USAGE, package, "not the name of a package, nor a .deb");
	code = start(&c, argv);
	if (code)
		return code;
	code = finish(&c, package, read_paths(&c, m));
	if (!code && m->count == before)
		code = ctl_fail(CTL_GENERAL, package, "has no files");
	return code;
}

static bool is_deb(const char *arg)
{
	size_t len = strlen(arg);

	return len > 4 && !strcmp(arg + len - 4, ".deb");
}

static int collect_dpkg(struct ctl *ctl, struct ctl_measures *m, int argc, char **argv)
{
	char *path;
	int code = CTL_OK;

	(void)ctl;
	for (; argc && !code; argc--, argv++) {
		if (!is_deb(*argv)) {
			code = collect_package(m, *argv);
			continue;
		}
		/* never an option of dpkg-deb */
		path = ctl_format("%s%s", **argv == '/' ? "" : "./", *argv);
		code = collect_deb(m, path);
		free(path);
	}
	return code;
}

int ctl_cert_from_dpkg(struct ctl *ctl, int argc, char **argv)
{
	return ctl_make(ctl, argc, argv, collect_dpkg);
}
