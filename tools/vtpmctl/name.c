// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which instance an argument means. The forms vtpmN and N could also be the
 * name of another instance; where they are, the tool does not guess.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "vtpmctl.h"

#define NAME_CHARS	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

bool ctl_name_valid(const char *name)
{
	size_t len = strlen(name);

	return len && len <= VTPM_NAME_MAX && strspn(name, NAME_CHARS) == len;
}

int ctl_name_check(const char *name)
{
	if (ctl_name_valid(name))
		return CTL_OK;
	return ctl_fail(CTL_USAGE, name,
			"not a name: 1 to %d of letters, digits, '.', '_' and '-'", VTPM_NAME_MAX);
}

/* Only the way that the kernel writes it: no sign, no leading zero. */
static bool parse_number(const char *text, uint32_t *number)
{
	unsigned long value = 0;
	size_t len = strlen(text);

	if (!len || len > 10 || strspn(text, "0123456789") != len || (*text == '0' && len > 1))
		return false;
	value = strtoul(text, NULL, 10);
	*number = value;
	return value <= UINT32_MAX;
}

static const char *after(const char *text, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(text, prefix, len) ? NULL : text + len;
}

static bool parse_node(const char *text, uint32_t *number)
{
	const char *rest = after(text, "vtpm");

	return rest && (parse_number(rest, number) ||
			((rest = after(text, "vtpmrm")) && parse_number(rest, number)));
}

int ctl_selector_parse(const char *text, struct ctl_selector *sel)
{
	const char *rest;

	*sel = (struct ctl_selector) { .text = text };
	rest = after(text, "/dev/");
	if (rest) {
		sel->by_number = parse_node(rest, &sel->number);
		if (!sel->by_number)
			return ctl_fail(CTL_USAGE, text, "not a node of an instance");
		return CTL_OK;
	}
	rest = after(text, "name:");
	sel->name = rest ?: text;
	if (!rest)
		sel->by_number = parse_number(text, &sel->number) || parse_node(text, &sel->number);
	return ctl_name_check(sel->name);
}

int ctl_select(const struct ctl_refs *refs, const struct ctl_selector *sel, struct ctl_ref *ref)
{
	const struct ctl_ref *found = NULL, *other = NULL;
	size_t i;

	for (i = 0; i < refs->count; i++) {
		const struct ctl_ref *r = &refs->ref[i];

		if (sel->by_number && r->number == sel->number)
			found = r;
		else if (sel->name && !strcmp(r->name, sel->name))
			other = r;
	}
	if (found && other)
		return ctl_fail(CTL_GENERAL, sel->text,
				"means two instances; write name:%s for the name or /dev/vtpm%u for the node",
				sel->name, sel->number);
	found = found ?: other;
	if (!found)
		return ctl_fail(CTL_NOTFOUND, sel->text, "no such instance");
	*ref = *found;
	return CTL_OK;
}

int ctl_refs_of_device(struct ctl *ctl, struct ctl_refs *refs)
{
	struct vtpm_status status;
	unsigned int count, i;
	uint32_t *numbers;
	int code, err;

	code = ctl_numbers(ctl, &numbers, &count);
	if (code)
		return code;
	*refs = (struct ctl_refs) { .ref = ctl_alloc(count + 1, sizeof(*refs->ref)) };
	for (i = 0; i < count && !code; i++) {
		err = ctl_status(ctl, numbers[i], &status);
		if (err == ENOENT || err == ENODEV)
			continue;
		if (err)
			code = ctl_fail_errno("list", err, NULL);
		refs->ref[refs->count].number = numbers[i];
		memcpy(refs->ref[refs->count++].name, status.name, sizeof(status.name));
	}
	free(numbers);
	if (code)
		free(refs->ref);
	return code;
}

static void read_name(const char *sysfs, const char *entry, char name[VTPM_NAME_MAX + 1])
{
	char *path = ctl_format("%s/%s/name", sysfs, entry);
	char line[VTPM_NAME_MAX + 2] = "";
	FILE *file = fopen(path, "re");

	free(path);
	if (!file)
		return;
	if (fgets(line, sizeof(line), file))
		line[strcspn(line, "\n")] = 0;
	fclose(file);
	memcpy(name, line, VTPM_NAME_MAX);
}

/* Needs no right to the control node. */
int ctl_refs_of_sysfs(struct ctl *ctl, struct ctl_refs *refs)
{
	size_t room = 0;
	struct dirent *entry;
	uint32_t number;
	const char *rest;
	DIR *dir = opendir(ctl->sysfs);

	if (!dir)
		return ctl_fail(CTL_DEVICE, ctl->sysfs,
				"%s; is the module loaded? 'modprobe vtpm' loads it",
				strerror(errno));
	*refs = (struct ctl_refs) { };
	while ((entry = readdir(dir))) {
		rest = after(entry->d_name, "vtpm");
		if (!rest || !parse_number(rest, &number))
			continue;
		if (refs->count == room) {
			room = room * 2 + 16;
			refs->ref = reallocarray(refs->ref, room, sizeof(*refs->ref));
			if (!refs->ref)
				abort();
		}
		refs->ref[refs->count] = (struct ctl_ref) { .number = number };
		read_name(ctl->sysfs, entry->d_name, refs->ref[refs->count++].name);
	}
	closedir(dir);
	return CTL_OK;
}

/* The usual way for a command with one instance: parse, open, look up. */
int ctl_resolve(struct ctl *ctl, const char *text, struct ctl_ref *ref)
{
	struct ctl_selector sel;
	struct ctl_refs refs;
	int code;

	code = ctl_selector_parse(text, &sel);
	if (!code)
		code = ctl_open(ctl);
	if (!code)
		code = ctl_refs_of_device(ctl, &refs);
	if (code)
		return code;
	code = ctl_select(&refs, &sel, ref);
	free(refs.ref);
	return code;
}

/* The same for commands that need the class in sysfs alone. */
int ctl_resolve_sysfs(struct ctl *ctl, const char *text, struct ctl_ref *ref)
{
	struct ctl_selector sel;
	struct ctl_refs refs;
	int code;

	code = ctl_selector_parse(text, &sel);
	if (!code)
		code = ctl_refs_of_sysfs(ctl, &refs);
	if (code)
		return code;
	code = ctl_select(&refs, &sel, ref);
	free(refs.ref);
	return code;
}
