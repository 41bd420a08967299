// SPDX-License-Identifier: GPL-2.0-only
/* Instances: create, destroy, list, show, reset; and info. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy_text.h"

static const struct ctl_words create_words[] = {
	{ EEXIST, "an instance of this name exists" },
	{ ENOSPC, "there are as many instances as there can be (vtpmctl info shows the limit)" },
	{ E2BIG, "the policy is longer than the module allows (vtpmctl info shows the limit)" },
	{ EINVAL, "the module refuses the name or the policy as not well formed" },
	{ ENODEV, "the policy requires a host TPM, and there is none" },
	{ EIO, "the TPM did not start, or the host's TPM does not answer" },
	{ }
};

static const struct ctl_words number_words[] = {
	{ ENOENT, "no such instance" },
	{ EBUSY, "the instance is in use in a way that forbids this" },
	{ }
};

static const struct ctl_words reset_words[] = {
	{ ENOENT, "no such instance" },
	{ ENODEV, "it is being destroyed, or its policy requires a host TPM and there is none" },
	{ EIO, "the TPM did not start, or the host's TPM does not answer" },
	{ }
};

static void print_created(const struct ctl *ctl, const char *name, const struct vtpm_create *arg)
{
	struct json_object *object, *nodes;

	if (!ctl->json) {
		printf("vtpm%u\n", arg->number);
		return;
	}
	object = json_object_new_object();
	nodes = json_object_new_object();
	ctl_json_string(object, "name", name);
	ctl_json_number(object, "number", arg->number);
	ctl_json_node(nodes, "raw", "vtpm", arg->number, arg->major, arg->minor);
	ctl_json_node(nodes, "rm", "vtpmrm", arg->number, arg->major, arg->minor_rm);
	json_object_object_add(object, "nodes", nodes);
	ctl_json_print(object);
}

int ctl_create(struct ctl *ctl, int argc, char **argv)
{
	const char *name = argv[argc - 1];
	struct vtpm_create arg = {
		.size = sizeof(arg),
		.flags = ctl->unstarted ? VTPM_CREATE_UNSTARTED : 0,
		.name = (uintptr_t)name,
		.name_size = strlen(name),
	};
	char *text = NULL;
	size_t len = 0;
	int code, err;

	code = ctl_name_check(name);
	if (!code)
		code = ctl_open(ctl);
	if (!code && ctl->policy)
		code = ctl_read_file(ctl->policy, ctl->info.max_policy, &text, &len);
	if (code)
		return code;
	arg.policy = (uintptr_t)text;
	arg.policy_size = len;
	err = ctl_call(ctl, VTPM_IOC_CREATE, &arg);
	if (err)
		code = ctl_fail_text(name, err, create_words,
				     ctl_file_name(ctl->policy ?: "policy"), text, len, &arg.error);
	else
		print_created(ctl, name, &arg);
	free(text);
	return code;
}

/* Looks all of them up before anything is destroyed. */
static int resolve_all(struct ctl *ctl, int argc, char **argv, struct ctl_ref *refs)
{
	struct ctl_selector sel;
	struct ctl_refs all;
	int code, i;

	for (i = 0; i < argc; i++) {
		code = ctl_selector_parse(argv[i], &sel);
		if (code)
			return code;
	}
	code = ctl_open(ctl);
	if (!code)
		code = ctl_refs_of_device(ctl, &all);
	if (code)
		return code;
	for (i = 0; i < argc && !code; i++) {
		ctl_selector_parse(argv[i], &sel);
		code = ctl_select(&all, &sel, &refs[i]);
	}
	free(all.ref);
	return code;
}

static int call_number(struct ctl *ctl, unsigned long request, const char *what, uint32_t number)
{
	struct vtpm_number arg = { .size = sizeof(arg), .number = number };
	const struct ctl_words *words = request == VTPM_IOC_RESET ? reset_words : number_words;
	int err = ctl_call(ctl, request, &arg);

	return err ? ctl_fail_errno(what, err, words) : CTL_OK;
}

static bool seen_before(const struct ctl_ref *refs, int i)
{
	int j;

	for (j = 0; j < i; j++) {
		if (refs[j].number == refs[i].number)
			return true;
	}
	return false;
}

static struct json_object *json_of_ref(const struct ctl_ref *ref)
{
	struct json_object *object = json_object_new_object();

	ctl_json_string(object, "name", ref->name);
	ctl_json_number(object, "number", ref->number);
	return object;
}

/* Goes on after an error, so that one that went away does not save the rest. */
int ctl_destroy(struct ctl *ctl, int argc, char **argv)
{
	struct ctl_ref *refs = ctl_alloc(argc, sizeof(*refs));
	struct json_object *array;
	int code, one, i;

	code = resolve_all(ctl, argc, argv, refs);
	if (code)
		goto out;
	array = json_object_new_array();
	for (i = 0; i < argc; i++) {
		if (seen_before(refs, i))
			continue;
		one = call_number(ctl, VTPM_IOC_DESTROY, argv[i], refs[i].number);
		if (!one)
			json_object_array_add(array, json_of_ref(&refs[i]));
		code = code ?: one;
	}
	if (ctl->json)
		ctl_json_print(array);
	else
		json_object_put(array);
out:
	free(refs);
	return code;
}

int ctl_reset(struct ctl *ctl, int argc, char **argv)
{
	struct ctl_ref ref;
	int code;

	(void)argc;
	code = ctl_resolve(ctl, argv[0], &ref);
	if (!code)
		code = call_number(ctl, VTPM_IOC_RESET, argv[0], ref.number);
	if (!code && ctl->json)
		ctl_json_print(json_of_ref(&ref));
	return code;
}

static int set_value(struct ctl *ctl, unsigned long request, const char *what, uint32_t value)
{
	struct vtpm_setting arg = { .size = sizeof(arg), .value = value };
	struct ctl_ref ref;
	int code, err;

	code = ctl_resolve(ctl, what, &ref);
	if (code)
		return code;
	arg.number = ref.number;
	err = ctl_call(ctl, request, &arg);
	if (err)
		return ctl_fail_errno(what, err, number_words);
	if (ctl->json)
		ctl_json_print(json_of_ref(&ref));
	return CTL_OK;
}

int ctl_presence(struct ctl *ctl, int argc, char **argv)
{
	bool on = !strcmp(argv[1], "on");

	(void)argc;
	if (!on && strcmp(argv[1], "off"))
		return ctl_fail(CTL_USAGE, argv[1], "presence is on or off");
	return set_value(ctl, VTPM_IOC_PRESENCE, argv[0], on);
}

int ctl_locality(struct ctl *ctl, int argc, char **argv)
{
	(void)argc;
	if (argv[1][0] < '0' || argv[1][0] > '4' || argv[1][1])
		return ctl_fail(CTL_USAGE, argv[1], "a locality is 0 to 4");
	return set_value(ctl, VTPM_IOC_LOCALITY, argv[0], argv[1][0] - '0');
}

static const char *state_name(uint32_t state)
{
	switch (state) {
	case VTPM_STATE_RUNNING:
		return "running";
	case VTPM_STATE_FAILED:
		return "failed";
	case VTPM_STATE_UNSTARTED:
		return "unstarted";
	}
	return "unknown";
}

static const char *host_tpm_name(uint32_t host_tpm)
{
	switch (host_tpm) {
	case VTPM_HOST_TPM_NONE:
		return "none";
	case VTPM_HOST_TPM_MAPPED:
		return "mapped";
	}
	return "unknown";
}

static struct json_object *json_of_status(const struct vtpm_status *s)
{
	struct json_object *object = json_object_new_object();
	struct json_object *nodes = json_object_new_object();

	ctl_json_string(object, "name", s->name);
	ctl_json_number(object, "number", s->number);
	ctl_json_string(object, "state", state_name(s->state));
	ctl_json_node(nodes, "raw", "vtpm", s->number, s->major, s->minor);
	ctl_json_node(nodes, "rm", "vtpmrm", s->number, s->major, s->minor_rm);
	json_object_object_add(object, "nodes", nodes);
	ctl_json_number(object, "openers", s->openers);
	ctl_json_number(object, "objects", s->objects);
	ctl_json_number(object, "sessions", s->sessions);
	ctl_json_number(object, "commands", s->commands);
	ctl_json_number(object, "failures", s->failures);
	ctl_json_number(object, "memory", s->memory);
	ctl_json_number(object, "resets", s->resets);
	ctl_json_number(object, "policy_size", s->policy_size);
	ctl_json_number(object, "policy_changes", s->policy_changes);
	ctl_json_number(object, "locality", s->locality);
	json_object_object_add(object, "presence", json_object_new_boolean(s->presence));
	ctl_json_string(object, "host_tpm", host_tpm_name(s->host_tpm));
	return object;
}

static void add_row(struct ctl_table *table, const struct vtpm_status *s)
{
	ctl_table_add(table, ctl_format("%u", s->number));
	ctl_table_add(table, ctl_clean(s->name));
	ctl_table_add(table, ctl_format("%s", state_name(s->state)));
	ctl_table_add(table, ctl_format("%u", s->openers));
	ctl_table_add(table, ctl_format("%u", s->objects));
	ctl_table_add(table, ctl_format("%u", s->sessions));
	ctl_table_add(table, ctl_format("%llu", (unsigned long long)s->commands));
	ctl_table_add(table, ctl_bytes(s->memory));
}

static void list_head(struct ctl_table *table)
{
	static const char *const heads[] = {
		"NUMBER", "NAME", "STATE", "OPENERS", "OBJECTS", "SESSIONS", "COMMANDS", "MEMORY"
	};
	size_t i;

	ctl_table_init(table, CTL_COLUMNS, 0xf9);
	for (i = 0; i < CTL_COLUMNS; i++)
		ctl_table_add(table, ctl_format("%s", heads[i]));
}

int ctl_list(struct ctl *ctl, int argc, char **argv)
{
	struct json_object *array = json_object_new_array();
	struct vtpm_status status;
	struct ctl_table table;
	unsigned int count, i;
	uint32_t *numbers;
	int code, err;

	(void)argc;
	(void)argv;
	code = ctl_open(ctl);
	if (!code)
		code = ctl_numbers(ctl, &numbers, &count);
	if (code)
		return code;
	list_head(&table);
	for (i = 0; i < count && !code; i++) {
		err = ctl_status(ctl, numbers[i], &status);
		if (err == ENOENT || err == ENODEV)
			continue;
		if (err)
			code = ctl_fail_errno("list", err, NULL);
		else if (ctl->json)
			json_object_array_add(array, json_of_status(&status));
		else
			add_row(&table, &status);
	}
	free(numbers);
	if (code)
		return code;
	if (ctl->json)
		ctl_json_print(array);
	else
		ctl_table_print(&table);
	return CTL_OK;
}

/* @policy: its text, of @len bytes */
static void print_status(const struct vtpm_status *s, const char *policy, size_t len)
{
	struct policy_text *says = policy_text_read(policy, len);
	char *name = ctl_clean(s->name);

	printf("Name:            %s\n", name);
	printf("Number:          %u\n", s->number);
	printf("State:           %s\n", state_name(s->state));
	printf("Raw node:        /dev/vtpm%u (%u:%u)\n", s->number, s->major, s->minor);
	printf("Managed node:    /dev/vtpmrm%u (%u:%u)\n", s->number, s->major, s->minor_rm);
	printf("Open files:      %u\n", s->openers);
	printf("Objects:         %u\n", s->objects);
	printf("Sessions:        %u\n", s->sessions);
	printf("Commands:        %llu\n", (unsigned long long)s->commands);
	printf("Failures:        %llu\n", (unsigned long long)s->failures);
	printf("Memory:          %llu bytes\n", (unsigned long long)s->memory);
	printf("Power cycles:    %u\n", s->resets);
	if (s->policy_size)
		printf("Policy:          %u bytes\n", s->policy_size);
	else
		printf("Policy:          none (an ordinary TPM 2.0)\n");
	printf("Policy version:  %llu\n", says->version);
	printf("Update:          %s\n", says->update);
	printf("Policy changes:  %u\n", s->policy_changes);
	printf("Locality:        %u\n", s->locality);
	printf("Presence:        %s\n", s->presence ? "on" : "off");
	printf("Host TPM:        %s\n", host_tpm_name(s->host_tpm));
	free(says);
	free(name);
}

int ctl_show(struct ctl *ctl, int argc, char **argv)
{
	struct json_object *object;
	struct vtpm_status status;
	struct ctl_ref ref;
	int code, err;
	size_t len;
	char *text;

	(void)argc;
	code = ctl_resolve(ctl, argv[0], &ref);
	if (code)
		return code;
	err = ctl_status(ctl, ref.number, &status);
	if (err)
		return ctl_fail_errno(argv[0], err, number_words);
	code = ctl_policy_text(ctl, argv[0], ref.number, &text, &len);
	if (code)
		return code;
	if (ctl->json) {
		object = json_of_status(&status);
		policy_text_json(object, text, len);
		ctl_json_print(object);
	} else {
		print_status(&status, text, len);
	}
	free(text);
	return CTL_OK;
}
