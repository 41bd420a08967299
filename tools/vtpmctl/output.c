// SPDX-License-Identifier: GPL-2.0-only
/* Tables for people, JSON for programs. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vtpmctl.h"

static void no_memory(void)
{
	ctl_fail(CTL_GENERAL, "memory", "there is not enough");
	exit(CTL_GENERAL);
}

/* Zeroed; ends the program when there is none. */
void *ctl_alloc(size_t count, size_t size)
{
	void *p = calloc(count ?: 1, size);

	if (!p)
		no_memory();
	return p;
}

/* Keeps what is in @p; ends the program when there is none. */
void *ctl_resize(void *p, size_t size)
{
	p = realloc(p, size);
	if (!p)
		no_memory();
	return p;
}

char *ctl_format(const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		no_memory();
	return text;
}

/* As a person reads it: 812, 41.3K, 1.2M. */
char *ctl_bytes(uint64_t bytes)
{
	static const char units[] = "KMGTPE";
	uint64_t unit = 1024;
	size_t i = 0;

	if (bytes < unit)
		return ctl_format("%llu", (unsigned long long)bytes);
	while (i + 2 < sizeof(units) && bytes / 1024 >= unit) {
		unit *= 1024;
		i++;
	}
	return ctl_format("%llu.%llu%c", (unsigned long long)(bytes / unit),
			  (unsigned long long)(bytes % unit / (unit / 1024) * 10 / 1024), units[i]);
}

/* 2026-01-31T12:00:00Z: as manifests have it. */
char *ctl_time(uint64_t seconds)
{
	time_t time = seconds;
	char text[64];
	struct tm tm;

	if (!gmtime_r(&time, &tm) || !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		return ctl_format("%llu", (unsigned long long)seconds);
	return ctl_format("%s", text);
}

char *ctl_hex(const uint8_t *data, size_t len)
{
	char *text = ctl_alloc(len * 2 + 1, 1);
	size_t i;

	for (i = 0; i < len; i++)
		sprintf(text + 2 * i, "%02x", data[i]);
	return text;
}

/* A copy for the terminal, where a control character would be a command. */
char *ctl_clean(const char *text)
{
	char *copy = ctl_format("%s", text);
	char *c;

	for (c = copy; *c; c++) {
		if ((unsigned char)*c < 0x20 || (unsigned char)*c >= 0x7f)
			*c = '?';
	}
	return copy;
}

/* Bit i of @right: column i is aligned to the right. */
void ctl_table_init(struct ctl_table *table, size_t columns, unsigned int right)
{
	*table = (struct ctl_table) { .columns = columns, .right = right };
}

/* Cells come row by row. Takes over @cell. */
void ctl_table_add(struct ctl_table *table, char *cell)
{
	size_t n = table->rows++;

	if (!(n & (n + 1))) {
		table->cell = reallocarray(table->cell, 2 * (n + 1), sizeof(char *));
		if (!table->cell)
			no_memory();
	}
	table->cell[n] = cell;
}

static void print_cell(const struct ctl_table *table, size_t i, const size_t *width)
{
	size_t column = i % table->columns;
	bool last = column + 1 == table->columns;

	if (table->right & (1u << column))
		printf("%*s", (int)width[column], table->cell[i]);
	else
		printf("%-*s", last ? 0 : (int)width[column], table->cell[i]);
	fputs(last ? "\n" : "  ", stdout);
}

/* Prints it and frees the cells. */
void ctl_table_print(struct ctl_table *table)
{
	size_t width[CTL_COLUMNS] = { 0 };
	size_t i, len;

	for (i = 0; i < table->rows; i++) {
		len = strlen(table->cell[i]);
		if (len > width[i % table->columns])
			width[i % table->columns] = len;
	}
	for (i = 0; i < table->rows; i++) {
		print_cell(table, i, width);
		free(table->cell[i]);
	}
	free(table->cell);
}

void ctl_json_string(struct json_object *object, const char *key, const char *value)
{
	json_object_object_add(object, key, json_object_new_string(value));
}

/* A point of time as an ISO 8601 string, null for 0. */
void ctl_json_time(struct json_object *object, const char *key, uint64_t seconds)
{
	char *time = seconds ? ctl_time(seconds) : NULL;

	json_object_object_add(object, key, time ? json_object_new_string(time) : NULL);
	free(time);
}

void ctl_json_number(struct json_object *object, const char *key, uint64_t value)
{
	json_object_object_add(object, key, json_object_new_uint64(value));
}

void ctl_json_node(struct json_object *object, const char *key, const char *node,
		   uint32_t number, uint32_t major, uint32_t minor)
{
	struct json_object *entry = json_object_new_object();
	char *path = ctl_format("/dev/%s%u", node, number);

	ctl_json_string(entry, "path", path);
	ctl_json_number(entry, "major", major);
	ctl_json_number(entry, "minor", minor);
	json_object_object_add(object, key, entry);
	free(path);
}

/* Prints it and frees it. */
void ctl_json_print(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_SPACED |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

/* An answer that did not reach its reader is no success. */
int ctl_finish(int code)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	return ctl_fail(code ?: CTL_GENERAL, "standard output", "%s", strerror(errno));
}
