/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reader of published test vectors: NIST's "Name = value" files, Botan's,
 * and Wycheproof's JSON as it is laid out (one member to a line).
 *
 * Where they are: VTPM_NIST_VECTORS or what Debian's
 * python3-cryptography-vectors installs; VTPM_SHARED_VECTORS or
 * ../shared/vectors from the top of the project.
 */
#ifndef VTPM_VECTORS_H
#define VTPM_VECTORS_H

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VEC_FIELDS 96

/**
 * struct vec_field - one member of a vector
 * @name: as in the file
 * @text: its value as text
 * @bytes: the same read as hex digits, when it is that
 * @len: length of @bytes
 */
struct vec_field {
	char *name;
	char *text;
	unsigned char *bytes;
	size_t len;
};

/**
 * struct vec - a file of vectors, and the one just read
 * @file: open file
 * @json: which of the two layouts
 * @section: the "[...]" lines above the vector, one after another
 * @in_section: the last line was one of these
 * @fields: the vector
 * @count: how many of them
 * @line: for getline()
 * @room: likewise
 */
struct vec {
	FILE *file;
	bool json;
	char section[256];
	bool in_section;
	struct vec_field fields[VEC_FIELDS];
	unsigned int count;
	char *line;
	size_t room;
};

static inline const struct vec_field *vec_get(const struct vec *v, const char *name)
{
	for (unsigned int i = 0; i < v->count; i++)
		if (!strcmp(v->fields[i].name, name))
			return &v->fields[i];
	return NULL;
}

static inline long vec_number(const struct vec *v, const char *name)
{
	const struct vec_field *f = vec_get(v, name);

	return f ? strtol(f->text, NULL, 10) : -1;
}

static inline void vec_field_free(struct vec_field *f)
{
	free(f->name);
	free(f->text);
	free(f->bytes);
	memset(f, 0, sizeof(*f));
}

static inline void vec_clear(struct vec *v)
{
	while (v->count)
		vec_field_free(&v->fields[--v->count]);
}

static inline void vec_drop(struct vec *v, const char *name)
{
	struct vec_field *f = (struct vec_field *)vec_get(v, name);

	if (!f)
		return;
	vec_field_free(f);
	*f = v->fields[--v->count];
	memset(&v->fields[v->count], 0, sizeof(*f));
}

/* Exact allocation, so that ASan sees a read past the end of a value. */
static inline void vec_hex(struct vec_field *f)
{
	size_t len = strlen(f->text);

	if (len % 2 || strspn(f->text, "0123456789abcdefABCDEF") != len)
		return;
	f->bytes = malloc(len / 2);
	f->len = len / 2;
	for (size_t i = 0; i < f->len; i++) {
		const char digits[] = { f->text[2 * i], f->text[2 * i + 1], '\0' };

		f->bytes[i] = strtoul(digits, NULL, 16);
	}
}

static inline void vec_set(struct vec *v, const char *name, const char *text)
{
	struct vec_field *f;

	vec_drop(v, name);
	if (v->count == VEC_FIELDS)
		return;
	f = &v->fields[v->count++];
	f->name = strdup(name);
	f->text = strdup(text);
	vec_hex(f);
}

static inline char *vec_trim(char *s, const char *drop)
{
	size_t len;

	s += strspn(s, drop);
	len = strlen(s);
	while (len && strchr(drop, s[len - 1]))
		s[--len] = '\0';
	return s;
}

static inline void vec_section(struct vec *v, const char *line)
{
	size_t used;

	if (!v->in_section)
		v->section[0] = '\0';
	v->in_section = true;
	used = strlen(v->section);
	snprintf(v->section + used, sizeof(v->section) - used, "%s", line);
}

/* Return: whether the line ends a vector. */
static inline bool vec_line(struct vec *v, char *line)
{
	char *sep;

	line = vec_trim(line, v->json ? " \t\r\n," : " \t\r\n");
	if (v->json && line[0] == '}')
		return vec_get(v, "result");
	if (!v->json && !line[0])
		return v->count;
	if (!v->json && line[0] == '[') {
		vec_section(v, line);
		return false;
	}
	sep = line[0] == '#' ? NULL : strchr(line, v->json ? ':' : '=');
	if (!sep)
		return false;
	v->in_section = false;
	*sep = '\0';
	vec_set(v, vec_trim(line, " \t\""), vec_trim(sep + 1, " \t\""));
	return false;
}

/* Return: whether there was another vector. */
static inline bool vec_next(struct vec *v)
{
	if (v->json)
		vec_drop(v, "result");
	else
		vec_clear(v);
	while (getline(&v->line, &v->room, v->file) >= 0)
		if (vec_line(v, v->line))
			return true;
	return !v->json && v->count;
}

static inline void vec_close(struct vec *v)
{
	vec_clear(v);
	free(v->line);
	if (v->file)
		fclose(v->file);
	memset(v, 0, sizeof(*v));
}

static inline bool vec_open(struct vec *v, const char *dir, const char *name)
{
	char path[512];

	memset(v, 0, sizeof(*v));
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	v->file = fopen(path, "r");
	v->json = strstr(name, ".json");
	return v->file;
}

static inline const char *vec_nist(void)
{
	return getenv("VTPM_NIST_VECTORS") ?:
	       "/usr/lib/python3/dist-packages/cryptography_vectors";
}

static inline const char *vec_shared(void)
{
	return getenv("VTPM_SHARED_VECTORS") ?: "../shared/vectors";
}

#endif /* VTPM_VECTORS_H */
