// SPDX-License-Identifier: GPL-2.0-only
/*
 * Manifests made from lists of digests. They are made whole or not at all, and
 * go to standard output or a file; signing is somebody else's business.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "from.h"

#define NOTE_MAX	4000	/* with a digest before it, still a line of a manifest */
#define DIGITS_MAX	18

const struct ctl_alg ctl_algs[4] = {
	{ "sha1", "SHA1", 20 },
	{ "sha256", "SHA256", 32 },
	{ "sha384", "SHA384", 48 },
	{ "sha512", "SHA512", 64 },
};

const struct ctl_alg *ctl_alg_by_name(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ctl_algs); i++)
		if (strlen(ctl_algs[i].name) == len && !memcmp(ctl_algs[i].name, name, len))
			return &ctl_algs[i];
	return NULL;
}

const struct ctl_alg *ctl_alg_by_size(size_t size)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ctl_algs); i++)
		if (ctl_algs[i].size == size)
			return &ctl_algs[i];
	return NULL;
}

int ctl_hash(const struct ctl_alg *alg, const void *data, size_t len, uint8_t *digest)
{
	if (EVP_Digest(data, len, digest, NULL, EVP_get_digestbyname(alg->name), NULL))
		return CTL_OK;
	return ctl_fail(CTL_GENERAL, alg->name, "OpenSSL does not compute it");
}

bool ctl_unhex(const char *hex, size_t digits, uint8_t *to)
{
	static const char all[] = "0123456789abcdef";
	const char *d;
	size_t i;

	for (i = 0; i < digits; i++) {
		d = hex[i] ? strchr(all, tolower((unsigned char)hex[i])) : NULL;
		if (!d)
			return false;
		to[i / 2] = i % 2 ? to[i / 2] | (d - all) : (d - all) << 4;
	}
	return true;
}

/* ---- what is collected ---- */

void ctl_measures_add(struct ctl_measures *m, const struct ctl_alg *alg, const uint8_t *digest,
		      const char *note, size_t note_len)
{
	struct ctl_measure *e;
	size_t n = m->count, i;

	if (!(n & (n + 1)))
		m->measure = ctl_resize(m->measure, 2 * (n + 1) * sizeof(*e));
	e = &m->measure[m->count++];
	memset(e, 0, sizeof(*e));
	e->alg = alg;
	memcpy(e->digest, digest, alg->size);
	if (note_len > NOTE_MAX)
		note_len = NOTE_MAX;
	e->note = ctl_alloc(note_len + 1, 1);
	for (i = 0; i < note_len; i++)
		e->note[i] = (unsigned char)note[i] < 0x20 || note[i] == 0x7f ? '?' : note[i];
}

static int compare(const struct ctl_measure *x, const struct ctl_measure *y)
{
	int d = x->alg == y->alg ? 0 : x->alg < y->alg ? -1 : 1;

	if (!d)
		d = memcmp(x->digest, y->digest, x->alg->size);
	return d;
}

/* Equal ones in the order of their coming. */
static int by_digest(const void *a, const void *b)
{
	const struct ctl_measure *x = *(struct ctl_measure *const *)a;
	const struct ctl_measure *y = *(struct ctl_measure *const *)b;
	int d = compare(x, y);

	return d ? d : x < y ? -1 : 1;
}

/* A manifest says nothing twice, but two files may be the same. */
static size_t mark_again(struct ctl_measures *m)
{
	struct ctl_measure **sorted = ctl_alloc(m->count, sizeof(*sorted));
	size_t i, once = 0;

	for (i = 0; i < m->count; i++)
		sorted[i] = &m->measure[i];
	qsort(sorted, m->count, sizeof(*sorted), by_digest);
	for (i = 0; i < m->count; i++) {
		sorted[i]->again = i && !compare(sorted[i - 1], sorted[i]);
		once += !sorted[i]->again;
	}
	free(sorted);
	return once;
}

static void free_measures(struct ctl_measures *m)
{
	size_t i;

	for (i = 0; i < m->count; i++)
		free(m->measure[i].note);
	free(m->measure);
}

/* ---- what the options say ---- */

static int check_property(const char *property)
{
	size_t len = strlen(property), i;

	for (i = 0; i < len; i++)
		if (property[i] < 0x20 || property[i] > 0x7e)
			break;
	if (len && len <= VTPM_NAME_MAX && i == len && *property != ' ' &&
	    property[len - 1] != ' ')
		return CTL_OK;
	return ctl_fail(CTL_USAGE, property,
			"not a property: 1 to %d printable ASCII characters, no blank at an end",
			VTPM_NAME_MAX);
}

static int check_number(const char *number)
{
	size_t len = number ? strlen(number) : 1;

	if (!number || (len && len <= DIGITS_MAX && *number != '0' &&
			strspn(number, "0123456789") == len))
		return CTL_OK;
	return ctl_fail(CTL_USAGE, number, "not a number of 1 to %d digits that begins with 1 to 9",
			DIGITS_MAX);
}

/* A day, a second, or so many days from now on. */
static int read_time(const char *text, uint64_t *seconds)
{
	struct tm tm = { .tm_isdst = 0 };
	const char *end;
	time_t t = -1;
	char *rest;
	long days;

	*seconds = 0;
	if (!text)
		return CTL_OK;
	if (*text == '+' && isdigit((unsigned char)text[1])) {
		days = strtol(text + 1, &rest, 10);
		if (!strcmp(rest, "d") && days < 1000000)
			t = time(NULL) + days * 86400;
	} else {
		end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
		if (!end || *end) {
			memset(&tm, 0, sizeof(tm));
			end = strptime(text, "%Y-%m-%d", &tm);
		}
		if (end && !*end)
			t = timegm(&tm);
	}
	if (t <= 0 || t > 253402300799)	/* the last second of 9999 */
		return ctl_fail(CTL_USAGE, text,
				"not a time: YYYY-MM-DD, YYYY-MM-DDThh:mm:ssZ or +DAYSd");
	*seconds = t;
	return CTL_OK;
}

struct head {
	uint64_t from;
	uint64_t until;
};

static int check_options(const struct ctl *ctl, struct head *head)
{
	int code;

	if (!ctl->name || !ctl->property)
		return ctl_fail(CTL_USAGE, ctl->name ? "--property" : "--name", "is missing");
	if (ctl->json && !ctl->output)
		return ctl_fail(CTL_USAGE, "--json", "needs --output, which the manifest goes to");
	code = ctl_name_check(ctl->name);
	if (!code)
		code = check_property(ctl->property);
	if (!code)
		code = check_number(ctl->manifest_version);
	if (!code)
		code = check_number(ctl->serial);
	if (!code)
		code = read_time(ctl->from, &head->from);
	if (!code)
		code = read_time(ctl->until, &head->until);
	if (!code && head->until && head->until <= head->from)
		code = ctl_fail(CTL_USAGE, ctl->until, "is not after %s", ctl->from);
	return code;
}

/* ---- the manifest ---- */

static void write_time(FILE *out, const char *key, uint64_t seconds)
{
	char *time = ctl_time(seconds);

	if (seconds)
		fprintf(out, "%s: %s\n", key, time);
	free(time);
}

static void write_manifest(FILE *out, const struct ctl *ctl, const struct head *head,
			   const struct ctl_measures *m)
{
	bool two = ctl->manifest_version || ctl->serial || head->from || head->until;
	const struct ctl_measure *e;
	char *hex;

	fprintf(out, "vtpm-manifest %d\nname: %s\nproperty: %s\n", two ? 2 : 1, ctl->name,
		ctl->property);
	if (ctl->manifest_version)
		fprintf(out, "version: %s\n", ctl->manifest_version);
	if (ctl->serial)
		fprintf(out, "serial: %s\n", ctl->serial);
	write_time(out, "from", head->from);
	write_time(out, "until", head->until);
	for (e = m->measure; e < m->measure + m->count; e++) {
		if (e->again)
			continue;
		hex = ctl_hex(e->digest, e->alg->size);
		fprintf(out, "%s:%s%s%s\n", e->alg->name, hex, *e->note ? "  " : "", e->note);
		free(hex);
	}
}

/* The file is there when it is whole. */
static int write_file(const struct ctl *ctl, const struct head *head, const struct ctl_measures *m)
{
	char *part = ctl_format("%s.part", ctl->output);
	FILE *out = fopen(part, "wx");
	int code = CTL_OK;
	bool bad;

	if (!out) {
		code = ctl_fail(CTL_GENERAL, part, "%s", strerror(errno));
		free(part);
		return code;
	}
	write_manifest(out, ctl, head, m);
	bad = ferror(out);
	if (fclose(out) || bad || rename(part, ctl->output)) {
		code = ctl_fail(CTL_GENERAL, ctl->output, "%s", strerror(errno));
		unlink(part);
	}
	free(part);
	return code;
}

static int put_manifest(const struct ctl *ctl, const struct head *head,
			const struct ctl_measures *m, size_t count)
{
	struct json_object *object;
	int code;

	if (!ctl->output) {
		write_manifest(stdout, ctl, head, m);
		return CTL_OK;
	}
	code = write_file(ctl, head, m);
	if (code || !ctl->json)
		return code;
	object = json_object_new_object();
	ctl_json_string(object, "name", ctl->name);
	ctl_json_string(object, "file", ctl->output);
	ctl_json_number(object, "measurements", count);
	ctl_json_print(object);
	return CTL_OK;
}

int ctl_make(struct ctl *ctl, int argc, char **argv,
	     int (*collect)(struct ctl *ctl, struct ctl_measures *m, int argc, char **argv))
{
	struct ctl_measures m = { .count = 0 };
	struct head head;
	size_t count;
	int code;

	code = check_options(ctl, &head);
	if (!code && ctl->bank) {
		m.bank = ctl_alg_by_name(ctl->bank, strlen(ctl->bank));
		if (!m.bank)
			code = ctl_fail(CTL_USAGE, ctl->bank,
					"no such bank: sha1, sha256, sha384 or sha512");
	}
	if (!code)
		code = collect(ctl, &m, argc, argv);
	count = code ? 0 : mark_again(&m);
	if (!code && !count)
		code = ctl_fail(CTL_GENERAL, ctl->name, "there is nothing to put into a manifest");
	if (!code)
		code = put_manifest(ctl, &head, &m, count);
	free_measures(&m);
	return code;
}

/* ---- lines, as those of sha256sum ---- */

bool ctl_next_line(struct ctl_lines *l)
{
	const char *end;
	size_t left = l->len - l->next;

	if (!left)
		return false;
	l->line = l->text + l->next;
	end = memchr(l->line, '\n', left);
	l->line_len = end ? (size_t)(end - l->line) : left;
	l->next += l->line_len + !!end;
	l->number++;
	return true;
}

int ctl_fail_line(const struct ctl_lines *l, size_t column, const char *why, ...)
{
	struct vtpm_text_error error = { .line = l->number, .column = column };
	va_list args;

	va_start(args, why);
	vsnprintf(error.reason, sizeof(error.reason), why, args);
	va_end(args);
	return ctl_fail_text(ctl_file_name(l->path), EINVAL, NULL, ctl_file_name(l->path), l->text,
			     l->len, &error);
}

/* @digits at @at are hexadecimal digits and no more of them follow. */
static int take_digest(const struct ctl_lines *l, struct ctl_measures *m, size_t at, size_t digits,
		       const char *note, size_t note_len)
{
	const struct ctl_alg *alg = digits % 2 ? NULL : ctl_alg_by_size(digits / 2);
	uint8_t digest[CTL_DIGEST_MAX];

	if (!alg || !ctl_unhex(l->line + at, digits, digest))
		return ctl_fail_line(l, at + 1, "not a digest of sha1, sha256, sha384 or sha512");
	if (m->bank && alg != m->bank)
		return ctl_fail_line(l, at + 1, "a digest of %s, where --bank says %s", alg->name,
				     m->bank->name);
	ctl_measures_add(m, alg, digest, note, note_len);
	return CTL_OK;
}

static size_t count_digits(const struct ctl_lines *l, size_t at)
{
	size_t n = 0;

	while (at + n < l->line_len && isxdigit((unsigned char)l->line[at + n]))
		n++;
	return n;
}

/* "SHA256 (name) = digest": the name may have anything in it, so the digest is found at the end. */
static int read_tagged(const struct ctl_lines *l, struct ctl_measures *m, size_t tag_len)
{
	size_t at = l->line_len, name = tag_len + 2;

	while (at && isxdigit((unsigned char)l->line[at - 1]))
		at--;
	if (at < name + 4 || memcmp(l->line + at - 4, ") = ", 4))
		return ctl_fail_line(l, at + 1, "expected \") = \" and a digest");
	return take_digest(l, m, at, l->line_len - at, l->line + name, at - 4 - name);
}

/* "digest  name" or "digest *name"; a backslash before it says that the name is quoted. */
static int read_sum(const struct ctl_lines *l, struct ctl_measures *m)
{
	size_t at = *l->line == '\\', digits = count_digits(l, at), i;

	for (i = 0; i < ARRAY_SIZE(ctl_algs); i++) {
		size_t len = strlen(ctl_algs[i].tag);

		if (l->line_len > at + len + 2 && !memcmp(l->line + at, ctl_algs[i].tag, len) &&
		    !memcmp(l->line + at + len, " (", 2))
			return read_tagged(l, m, at + len);
	}
	if (!digits)
		return ctl_fail_line(l, at + 1, "expected a digest");
	if (at + digits + 2 >= l->line_len || l->line[at + digits] != ' ' ||
	    !strchr(" *", l->line[at + digits + 1]))
		return ctl_fail_line(l, at + digits + 1,
				     "expected two blanks, or a blank and \"*\", and a name");
	return take_digest(l, m, at, digits, l->line + at + digits + 2,
			   l->line_len - at - digits - 2);
}

static int collect_sums(struct ctl *ctl, struct ctl_measures *m, int argc, char **argv)
{
	struct ctl_lines l;
	int code = CTL_OK;
	char *text;

	(void)ctl;
	for (; argc && !code; argc--, argv++) {
		l = (struct ctl_lines) { .path = *argv };
		code = ctl_read_file(*argv, CTL_INPUT_MAX, &text, &l.len);
		if (code)
			break;
		l.text = text;
		while (!code && ctl_next_line(&l)) {
			if (memchr(l.line, 0, l.line_len))
				code = ctl_fail_line(&l, strlen(l.line) + 1, "a NUL byte");
			else if (l.line_len && *l.line != '#')
				code = read_sum(&l, m);
		}
		free(text);
	}
	return code;
}

int ctl_cert_from_sums(struct ctl *ctl, int argc, char **argv)
{
	return ctl_make(ctl, argc, argv, collect_sums);
}
