// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a policy says of itself: its version, and who may replace it.
 *
 * The kernel has said that the text is right, so a statement is there once at most.
 */
#include <stdlib.h>
#include <string.h>

#include "vtpmctl.h"

/* What @line says behind its first word, blanks as one; NULL: that is not @statement. */
static char *rest_of(char *line, const char *statement)
{
	char *save = NULL, *word = strtok_r(line, " \t", &save), *rest, *more;

	if (!word || strcmp(word, statement))
		return NULL;
	rest = ctl_format("%s", "");
	while ((word = strtok_r(NULL, " \t", &save)) && *word != '#') {
		more = ctl_format("%s%s%s", rest, *rest ? " " : "", word);
		free(rest);
		rest = more;
	}
	return rest;
}

/* What the text says of @statement, or @otherwise; the caller frees it. */
static char *says(const char *text, size_t len, const char *statement, const char *otherwise)
{
	char *copy = ctl_alloc(len + 1, 1), *line, *end, *rest = NULL;

	memcpy(copy, text, len);
	copy[len] = '\0';
	for (line = copy; line && !rest; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		rest = rest_of(line, statement);
	}
	free(copy);
	return rest ?: ctl_format("%s", otherwise);
}

char *ctl_policy_version(const char *text, size_t len)
{
	return says(text, len, "version", "0");
}

char *ctl_policy_update(const char *text, size_t len)
{
	return says(text, len, "update", "admin");
}

/* To an answer in JSON: the version as a number. */
void ctl_policy_json(struct json_object *object, const char *text, size_t len)
{
	char *version = ctl_policy_version(text, len), *update = ctl_policy_update(text, len);

	ctl_json_number(object, "policy_version", strtoull(version, NULL, 10));
	ctl_json_string(object, "update", update);
	free(version);
	free(update);
}
