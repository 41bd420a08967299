// SPDX-License-Identifier: GPL-2.0-only
/* Policies: show, load, check. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy_text.h"

#define SIGNED_MAX	65536	/* bytes that the module takes of a signed policy */
#define SHOW_TRIES	16	/* another admin may load a longer one meanwhile */

static const struct ctl_words policy_words[] = {
	{ ENOENT, "no such instance" },
	{ E2BIG, "the policy is longer than the module allows (vtpmctl info shows the limit)" },
	{ EINVAL, "the module refuses this policy" },
	{ EBUSY, "another policy has come meanwhile: look at it, and try again" },
	{ EACCES, "the policy in force does not let itself be replaced like that" },
	{ ENOKEY, "nobody has signed it whom the policy in force takes" },
	{ EBADMSG,
	  "the kernel cannot read this message; sign with openssl cms -nodetach -nosmimecap" },
	{ }
};

int ctl_policy_text(struct ctl *ctl, const char *what, uint32_t number, char **text, size_t *len)
{
	struct vtpm_policy_text arg;
	size_t room = 4096;
	int err, i;

	for (i = 0; i < SHOW_TRIES; i++) {
		*text = ctl_alloc(room + 1, 1);
		arg = (struct vtpm_policy_text) {
			.size = sizeof(arg),
			.text = (uintptr_t)*text,
			.text_size = room,
			.number = number,
		};
		err = ctl_call(ctl, VTPM_IOC_POLICY_GET, &arg);
		*len = arg.text_size;
		if (!err && arg.text_size <= room)
			return CTL_OK;
		free(*text);
		if (err && err != EMSGSIZE)
			return ctl_fail_errno(what, err, policy_words);
		room = arg.text_size;
	}
	return ctl_fail_errno(what, EMSGSIZE, policy_words);
}

int ctl_policy_show(struct ctl *ctl, int argc, char **argv)
{
	struct json_object *object;
	struct ctl_ref ref;
	size_t len;
	char *text;
	int code;

	(void)argc;
	code = ctl_resolve(ctl, argv[0], &ref);
	if (!code)
		code = ctl_policy_text(ctl, argv[0], ref.number, &text, &len);
	if (code)
		return code;
	if (ctl->json) {
		object = json_object_new_object();
		ctl_json_string(object, "name", ref.name);
		ctl_json_number(object, "number", ref.number);
		json_object_object_add(object, "policy", json_object_new_string_len(text, len));
		policy_text_json(object, text, len);
		ctl_json_print(object);
	} else {
		fwrite(text, 1, len, stdout);
		if (len && text[len - 1] != '\n')
			putchar('\n');
	}
	free(text);
	return CTL_OK;
}

/* The text, or the message that it is in, and the text alone. The caller frees both. */
struct given {
	char *data;
	size_t len;
	char *text;
	size_t text_len;
};

static int read_given(const struct ctl *ctl, const char *path, struct given *g)
{
	unsigned char *der;
	int code;

	if (ctl->is_signed) {
		code = ctl_read_message(path, SIGNED_MAX, &der, &g->len);
		if (code)
			return code;
		g->data = (char *)der;
		g->text = ctl_message_text(der, g->len, &g->text_len);
		return CTL_OK;
	}
	code = ctl_read_file(path, ctl->info.max_policy, &g->data, &g->len);
	if (code)
		return code;
	g->text_len = g->len;
	g->text = ctl_alloc(g->len + 1, 1);
	memcpy(g->text, g->data, g->len);
	return CTL_OK;
}

static void free_given(struct given *g)
{
	free(g->data);
	free(g->text);
}

/* What the kernel thinks of a text; *@error is filled when the text is to blame. */
static int set_policy(struct ctl *ctl, const char *path, const struct given *g, uint32_t number,
		      uint32_t flags, const char *what, struct vtpm_text_error *error)
{
	struct vtpm_policy_text arg = {
		.size = sizeof(arg),
		.flags = flags | (ctl->is_signed ? VTPM_POLICY_SIGNED : 0),
		.text = (uintptr_t)g->data,
		.text_size = g->len,
		.number = number,
	};
	int code = CTL_OK, err;

	err = ctl_call(ctl, VTPM_IOC_POLICY_SET, &arg);
	if (err)
		code = ctl_fail_text(what, err, policy_words, ctl_file_name(path), g->text,
				     g->text_len, &arg.error);
	*error = arg.error;
	return code;
}

int ctl_policy_load(struct ctl *ctl, int argc, char **argv)
{
	struct vtpm_text_error error = { };
	struct json_object *object;
	struct given g = { };
	struct ctl_ref ref;
	int code;

	(void)argc;
	code = ctl_resolve(ctl, argv[0], &ref);
	if (!code)
		code = read_given(ctl, argv[1], &g);
	if (!code)
		code = set_policy(ctl, argv[1], &g, ref.number, 0, argv[0], &error);
	free_given(&g);
	if (code || !ctl->json)
		return code;
	object = json_object_new_object();
	ctl_json_string(object, "name", ref.name);
	ctl_json_number(object, "number", ref.number);
	ctl_json_print(object);
	return CTL_OK;
}

/* @g: what was found right; NULL: it is wrong. */
static void print_verdict(const char *file, const struct given *g,
			  const struct vtpm_text_error *error, struct json_object *warnings)
{
	struct json_object *object = json_object_new_object();

	ctl_json_string(object, "file", file);
	json_object_object_add(object, "valid", json_object_new_boolean(!!g));
	if (g) {
		if (g->text)
			policy_text_json(object, g->text, g->text_len);
		json_object_object_add(object, "warnings", warnings);
	} else {
		ctl_json_number(object, "line", error->line);
		ctl_json_number(object, "column", error->column);
		ctl_json_string(object, "reason", error->reason);
		json_object_put(warnings);
	}
	ctl_json_print(object);
}

/* What matters to those who are to replace it. */
static void print_head(const char *file, const struct given *g)
{
	struct policy_text *says = policy_text_read(g->text, g->text_len);
	char *name = ctl_clean(file);

	printf("%s: version %llu, update %s\n", name, says->version, says->update);
	free(name);
	free(says);
}

int ctl_policy_check(struct ctl *ctl, int argc, char **argv)
{
	const char *file = ctl_file_name(argv[0]);
	struct json_object *warnings = NULL;
	struct vtpm_text_error error = { };
	struct given g = { };
	int code;

	(void)argc;
	code = ctl_open(ctl);
	if (!code)
		code = read_given(ctl, argv[0], &g);
	if (!code)
		code = set_policy(ctl, argv[0], &g, 0, VTPM_POLICY_CHECK, file, &error);
	if (ctl->json)
		warnings = json_object_new_array();
	if (!code && g.text)
		ctl_policy_warn(file, g.text, g.text_len, warnings);
	if (!ctl->json && !code && g.text)
		print_head(file, &g);
	/* Without a line it is not the text that failed: there is no verdict. */
	if (!ctl->json || (code && !error.line))
		json_object_put(warnings);
	else
		print_verdict(file, code ? NULL : &g, &error, warnings);
	free_given(&g);
	return code;
}
