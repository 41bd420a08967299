// SPDX-License-Identifier: GPL-2.0-only
/*
 * Manifests from the kernel's own list of measurements (IMA), in its text and
 * in its binary form.
 *
 * What IMA extends is the hash of an entry's template data, in the hash of each
 * bank. The list has the SHA-1 of it; for another bank the hash is computed from
 * the data, which the text form has in words. That the SHA-1 in the list fits
 * the data shows that the entry was read as it is meant.
 */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "from.h"

#define OLD_NAME	256	/* bytes for the name in template "ima" */
#define MAX_DATA	65536	/* of one entry; the kernel's are much shorter */
#define SHA1_SIZE	20

/**
 * struct entry - an entry of the list
 * @sum: the SHA-1 of its template data, as the list has it
 * @data: template data as it is hashed
 * @len: its bytes
 * @alg: hash of the file's digest; NULL: one that no bank has
 * @digest: the file's digest
 * @name: the file's name; points into the list
 * @name_len: its bytes
 */
struct entry {
	uint8_t sum[SHA1_SIZE];
	uint8_t data[MAX_DATA];
	size_t len;
	const struct ctl_alg *alg;
	const uint8_t *digest;
	const char *name;
	size_t name_len;
};

static bool append(struct entry *e, const void *data, size_t len)
{
	if (len > sizeof(e->data) - e->len)
		return false;
	memcpy(e->data + e->len, data, len);
	e->len += len;
	return true;
}

static bool append_field(struct entry *e, const void *data, size_t len)
{
	const uint8_t head[4] = { len, len >> 8, len >> 16, len >> 24 };

	return append(e, head, sizeof(head)) && append(e, data, len);
}

static bool is_zero(const uint8_t *data, size_t len)
{
	while (len--)
		if (*data++)
			return false;
	return true;
}

/* What the template "ima" is hashed as: the digest, and the name with zeros behind it. */
static bool build_old(struct entry *e, const uint8_t *digest, const char *name, size_t len)
{
	static const uint8_t zero[OLD_NAME];

	e->len = 0;
	if (len >= OLD_NAME || !append(e, digest, SHA1_SIZE) || !append(e, name, len) ||
	    !append(e, zero, OLD_NAME - len))
		return false;
	e->alg = ctl_alg_by_size(SHA1_SIZE);
	e->digest = e->data;
	e->name = name;
	e->name_len = len;
	return true;
}

/* A file that was open for writing too, or a directory: the list has zeros, and so no digest. */
static bool is_violation(const struct entry *e)
{
	return is_zero(e->sum, sizeof(e->sum));
}

/* NULL, or what is wrong with the entry. */
static const char *take(const struct ctl *ctl, struct ctl_measures *m, const struct entry *e)
{
	const struct ctl_alg *bank = m->bank ? m->bank : ctl_alg_by_name("sha256", 6);
	uint8_t sum[CTL_DIGEST_MAX];

	if (is_violation(e))
		return NULL;
	if (ctl_hash(ctl_alg_by_size(SHA1_SIZE), e->data, e->len, sum))
		return "cannot be hashed";
	if (memcmp(sum, e->sum, sizeof(e->sum)))
		return "the template hash is not that of this entry";
	if (!ctl->files) {
		if (ctl_hash(bank, e->data, e->len, sum))
			return "cannot be hashed";
		ctl_measures_add(m, bank, sum, e->name, e->name_len);
	} else if (e->alg && (!m->bank || e->alg == m->bank)) {
		ctl_measures_add(m, e->alg, e->digest, e->name, e->name_len);
	}
	return NULL;
}

/* ---- the text form ---- */

struct word {
	const char *s;
	size_t len;
};

/**
 * struct cursor - where reading a line is
 * @begin: of the word read last
 * @at: behind it
 */
struct cursor {
	size_t begin;
	size_t at;
};

static bool next_word(const struct ctl_lines *l, struct cursor *c, struct word *w)
{
	while (c->at < l->line_len && l->line[c->at] == ' ')
		c->at++;
	c->begin = c->at;
	while (c->at < l->line_len && l->line[c->at] != ' ')
		c->at++;
	w->s = l->line + c->begin;
	w->len = c->at - c->begin;
	return w->len;
}

static bool word_is(const struct word *w, const char *s)
{
	return strlen(s) == w->len && !memcmp(w->s, s, w->len);
}

/* "sha256:" and digits become the field "sha256:", a zero byte and the digest. */
static const char *field_of_digest(struct entry *e, const struct word *w)
{
	const char *colon = memchr(w->s, ':', w->len);
	uint8_t field[64 + CTL_DIGEST_MAX];
	size_t head, digits;

	if (!colon || colon - w->s > 32)
		return "expected the digest of a file with its algorithm";
	head = colon + 1 - w->s;
	digits = w->len - head;
	memcpy(field, w->s, head);
	field[head] = 0;
	if (digits % 2 || digits / 2 > CTL_DIGEST_MAX ||
	    !ctl_unhex(colon + 1, digits, field + head + 1))
		return "not a digest";
	e->alg = ctl_alg_by_name(w->s, head - 1);
	if (e->alg && e->alg->size != digits / 2)
		return "not a digest of this algorithm";
	if (!append_field(e, field, head + 1 + digits / 2))
		return "an entry of too many bytes";
	e->digest = e->data + e->len - digits / 2;
	return NULL;
}

/* A name's field ends with a zero byte. */
static bool field_of_name(struct entry *e, const struct word *w)
{
	const uint8_t head[4] = { (w->len + 1), (w->len + 1) >> 8, (w->len + 1) >> 16 };

	e->name = w->s;
	e->name_len = w->len;
	return append(e, head, sizeof(head)) && append(e, w->s, w->len) && append(e, "", 1);
}

static bool field_of_signature(struct entry *e, const struct word *w)
{
	static uint8_t sig[MAX_DATA];

	return w->len % 2 == 0 && w->len / 2 <= sizeof(sig) && ctl_unhex(w->s, w->len, sig) &&
	       append_field(e, sig, w->len / 2);
}

static const char *read_new(const struct ctl_lines *l, struct cursor *c,
			    const struct word *template, struct entry *e)
{
	const char *why;
	struct word w;

	e->len = 0;
	next_word(l, c, &w);
	why = field_of_digest(e, &w);
	if (why)
		return why;
	if (!next_word(l, c, &w) || !field_of_name(e, &w))
		return "expected the name of a file";
	if (word_is(template, "ima-ng"))
		return NULL;
	next_word(l, c, &w);	/* without a signature the field is empty */
	return field_of_signature(e, &w) ? NULL : "expected a signature in hexadecimal digits";
}

static const char *read_old(const struct ctl_lines *l, struct cursor *c, struct entry *e)
{
	uint8_t digest[SHA1_SIZE];
	struct word w;

	if (!next_word(l, c, &w) || w.len != 2 * SHA1_SIZE || !ctl_unhex(w.s, w.len, digest))
		return "expected the SHA-1 digest of a file";
	if (!next_word(l, c, &w) || !build_old(e, digest, w.s, w.len))
		return "expected the name of a file";
	return NULL;
}

static const char *read_entry(const struct ctl_lines *l, struct cursor *c, struct entry *e)
{
	struct word w, template;
	const char *why;

	if (!next_word(l, c, &w) || strspn(w.s, "0123456789") < w.len)
		return "expected the number of a PCR";
	if (!next_word(l, c, &w) || w.len != 2 * SHA1_SIZE || !ctl_unhex(w.s, w.len, e->sum))
		return "expected a SHA-1 template hash";
	if (!next_word(l, c, &template))
		return "expected the name of a template";
	if (word_is(&template, "ima"))
		why = read_old(l, c, e);
	else if (word_is(&template, "ima-ng") || word_is(&template, "ima-sig"))
		why = read_new(l, c, &template, e);
	else
		return "this template is known in the binary form only";
	if (!why && next_word(l, c, &w))
		why = "more than the template has";
	return why;
}

static int collect_text(const struct ctl *ctl, struct ctl_measures *m, struct ctl_lines *l,
			struct entry *e, unsigned int *violations)
{
	const char *why;
	struct cursor c;

	while (ctl_next_line(l)) {
		if (!l->line_len)
			continue;
		memset(&c, 0, sizeof(c));
		why = memchr(l->line, 0, l->line_len) ? "a NUL byte in this line" :
		      read_entry(l, &c, e);
		if (!why) {
			*violations += is_violation(e);
			c.begin = 0;
			why = take(ctl, m, e);
		}
		if (why)
			return ctl_fail_line(l, c.begin + 1, "%s", why);
	}
	return CTL_OK;
}

/* ---- the binary form ---- */

struct bytes {
	const uint8_t *p;
	size_t left;
};

static const uint8_t *get(struct bytes *b, size_t len)
{
	const uint8_t *p = b->p;

	if (len > b->left)
		return NULL;
	b->p += len;
	b->left -= len;
	return p;
}

/* Numbers are little-endian: those of the machine, or of ima_canonical_fmt. */
static bool get_number(struct bytes *b, size_t *number)
{
	const uint8_t *p = get(b, 4);

	if (p)
		*number = p[0] | p[1] << 8 | p[2] << 16 | (size_t)p[3] << 24;
	return p;
}

static const char *take_old(struct bytes *b, struct entry *e)
{
	const uint8_t *digest = get(b, SHA1_SIZE), *name;
	size_t len;

	if (!digest || !get_number(b, &len))
		return "is cut off";
	name = get(b, len);
	if (!name)
		return "is cut off";
	return build_old(e, digest, (const char *)name, len) ? NULL : "has too long a name";
}

/* The first two fields of all templates that are known here: the digest and the name. */
static void find_fields(struct entry *e, const uint8_t *data)
{
	struct bytes b = { data, e->len };
	const uint8_t *field, *colon;
	size_t len = 0, name_len = 0;

	e->alg = NULL;
	e->name_len = 0;
	field = get_number(&b, &len) ? get(&b, len) : NULL;
	if (!field || !get_number(&b, &name_len))
		return;
	e->name = (const char *)get(&b, name_len);
	if (e->name)
		e->name_len = strnlen(e->name, name_len);
	colon = memchr(field, ':', len);
	if (!colon || colon + 2 > field + len || colon[1])
		return;
	e->alg = ctl_alg_by_name((const char *)field, colon - field);
	e->digest = colon + 2;
	if (e->alg && e->alg->size != (size_t)(field + len - e->digest))
		e->alg = NULL;
}

static const char *take_new(struct bytes *b, struct entry *e)
{
	const uint8_t *data;
	size_t len;

	if (!get_number(b, &len))
		return "is cut off";
	data = get(b, len);
	if (!data)
		return "is cut off";
	e->len = 0;
	if (!append(e, data, len))
		return "has too many bytes";
	find_fields(e, data);
	return NULL;
}

static const char *take_entry(struct bytes *b, struct entry *e)
{
	const uint8_t *sum, *name;
	size_t pcr, len;

	sum = get_number(b, &pcr) ? get(b, SHA1_SIZE) : NULL;
	if (!sum || !get_number(b, &len))
		return "is cut off";
	if (pcr > 23 || !len || len > 255)
		return "is not one of a list of measurements with SHA-1 template hashes";
	name = get(b, len);
	if (!name)
		return "is cut off";
	memcpy(e->sum, sum, sizeof(e->sum));
	return len == 3 && !memcmp(name, "ima", 3) ? take_old(b, e) : take_new(b, e);
}

static int collect_binary(const struct ctl *ctl, struct ctl_measures *m, const struct ctl_lines *l,
			  struct entry *e, unsigned int *violations)
{
	struct bytes b = { (const uint8_t *)l->text, l->len };
	unsigned int n = 0;
	const char *why;
	size_t at;

	while (b.left) {
		at = l->len - b.left;
		n++;
		why = take_entry(&b, e);
		if (!why) {
			*violations += is_violation(e);
			why = take(ctl, m, e);
		}
		if (why)
			return ctl_fail(CTL_GENERAL, ctl_file_name(l->path),
					"entry %u, at byte %zu: %s", n, at, why);
	}
	return CTL_OK;
}

static int collect_ima(struct ctl *ctl, struct ctl_measures *m, int argc, char **argv)
{
	struct ctl_lines l = { .path = argv[0] };
	struct entry *e = ctl_alloc(1, sizeof(*e));
	unsigned int violations = 0;
	char *text = NULL;
	int code;

	(void)argc;
	code = ctl_read_file(argv[0], CTL_INPUT_MAX, &text, &l.len);
	l.text = text;
	if (!code && l.len && strchr(" 0123456789", text[0]) && text[0])
		code = collect_text(ctl, m, &l, e, &violations);
	else if (!code)
		code = collect_binary(ctl, m, &l, e, &violations);
	if (!code && violations)
		fprintf(stderr, "vtpmctl: %s: %u violations are left out\n",
			ctl_file_name(argv[0]), violations);
	free(text);
	free(e);
	return code;
}

int ctl_cert_from_ima(struct ctl *ctl, int argc, char **argv)
{
	return ctl_make(ctl, argc, argv, collect_ima);
}
