// SPDX-License-Identifier: GPL-2.0-only
/* Signed manifests: which measurements have which property. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtpmctl.h"

static const struct ctl_words cert_words[] = {
	{ EEXIST, "another party's manifest has this name" },
	{ ENOENT, "no such manifest or revocation" },
	{ ENOSPC, "there are as many manifests as there can be (vtpmctl info shows the limit)" },
	{ E2BIG, "the manifest is longer than the module allows (vtpmctl info shows the limit)" },
	{ EBADMSG,
	  "the kernel cannot read this message; sign with openssl cms -nodetach -nosmimecap" },
	{ EINVAL, "the module refuses the manifest" },
	{ ENOKEY, "it was not signed by a trusted party (vtpmctl trust list shows them)" },
	{ EKEYREJECTED, "its signature is wrong: it was changed, or signed with another key" },
	{ ENOPKG, "the kernel lacks an algorithm that the signature uses" },
	{ }
};

static void print_name(const struct ctl *ctl, const char *name, bool say)
{
	struct json_object *object;

	if (ctl->json) {
		object = json_object_new_object();
		ctl_json_string(object, "name", name);
		ctl_json_print(object);
	} else if (say) {
		puts(name);
	}
}

static int load(struct ctl *ctl, const char *path, const unsigned char *der, size_t len)
{
	struct vtpm_blob arg = {
		.size = sizeof(arg),
		.data = (uintptr_t)der,
		.data_size = len,
	};
	size_t text_len = 0;
	char *text;
	int err;

	err = ctl_call(ctl, VTPM_IOC_CERT_LOAD, &arg);
	arg.name[VTPM_NAME_MAX] = 0;
	if (!err) {
		print_name(ctl, arg.name, true);
		return CTL_OK;
	}
	text = ctl_message_text(der, len, &text_len);
	err = ctl_fail_text(ctl_file_name(path), err, cert_words, ctl_file_name(path), text,
			    text_len, &arg.error);
	free(text);
	return err;
}

int ctl_cert_load(struct ctl *ctl, int argc, char **argv)
{
	unsigned char *der;
	size_t len;
	int code;

	(void)argc;
	code = ctl_open(ctl);
	if (!code)
		code = ctl_read_message(argv[0], ctl->info.max_manifest, &der, &len);
	if (code)
		return code;
	code = load(ctl, argv[0], der, len);
	free(der);
	return code;
}

/* ---- list and show ---- */

/* Why it does not count, or that it does. */
static const char *state_of(const struct vtpm_cert_entry *e)
{
	return e->flags & VTPM_CERT_REVOKED ? "revoked" :
	       e->flags & VTPM_CERT_EXPIRED ? "expired" :
	       e->flags & VTPM_CERT_NOT_YET ? "not yet" :
	       e->flags & VTPM_CERT_REVOCATION ? "revokes" : "valid";
}

static char *number_or_none(uint64_t number)
{
	return number ? ctl_format("%llu", (unsigned long long)number) : ctl_format("-");
}

static char *time_or(uint64_t seconds, const char *none)
{
	return seconds ? ctl_time(seconds) : ctl_format("%s", none);
}

static void print_table(const struct vtpm_cert_entry *entry, unsigned int count)
{
	static const char *const head[] = {
		"NAME", "TRUST", "VERSION", "STATE", "UNTIL", "MEASUREMENTS", "PROPERTY",
	};
	struct ctl_table table;
	unsigned int i;

	ctl_table_init(&table, ARRAY_SIZE(head), 1 << 2 | 1 << 5);
	for (i = 0; i < ARRAY_SIZE(head); i++)
		ctl_table_add(&table, ctl_format("%s", head[i]));
	for (i = 0; i < count; i++) {
		ctl_table_add(&table, ctl_clean(entry[i].name));
		ctl_table_add(&table, ctl_clean(entry[i].trust));
		ctl_table_add(&table, number_or_none(entry[i].version));
		ctl_table_add(&table, ctl_format("%s", state_of(&entry[i])));
		ctl_table_add(&table, time_or(entry[i].until, "-"));
		ctl_table_add(&table, ctl_format("%u", entry[i].measurements));
		ctl_table_add(&table, ctl_clean(*entry[i].property ? entry[i].property : "-"));
	}
	ctl_table_print(&table);
}

static struct json_object *to_json(const struct vtpm_cert_entry *e)
{
	struct json_object *object = json_object_new_object();

	ctl_json_string(object, "name", e->name);
	ctl_json_string(object, "trust", e->trust);
	ctl_json_string(object, "property", e->property);
	ctl_json_number(object, "measurements", e->measurements);
	ctl_json_string(object, "type", e->flags & VTPM_CERT_REVOCATION ? "revocation" :
			"manifest");
	ctl_json_string(object, "state", state_of(e));
	ctl_json_number(object, "version", e->version);
	ctl_json_number(object, "serial", e->serial);
	ctl_json_time(object, "from", e->from);
	ctl_json_time(object, "until", e->until);
	ctl_json_number(object, "revoked_manifests", e->manifests);
	return object;
}

static void print_json(const struct vtpm_cert_entry *entry, unsigned int count)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < count; i++)
		json_object_array_add(array, to_json(&entry[i]));
	ctl_json_print(array);
}

static int get_entries(struct ctl *ctl, const char *what, struct vtpm_cert_entry **entry,
		       unsigned int *count)
{
	void *entries;
	unsigned int i;
	int code;

	code = ctl_open(ctl);
	if (!code)
		code = ctl_entries(ctl, VTPM_IOC_CERT_LIST, sizeof(**entry), what, &entries, count);
	if (code)
		return code;
	*entry = entries;
	for (i = 0; i < *count; i++) {
		(*entry)[i].name[VTPM_NAME_MAX] = 0;
		(*entry)[i].trust[VTPM_NAME_MAX] = 0;
		(*entry)[i].property[VTPM_NAME_MAX] = 0;
	}
	return CTL_OK;
}

int ctl_cert_list(struct ctl *ctl, int argc, char **argv)
{
	struct vtpm_cert_entry *entry;
	unsigned int count;
	int code;

	(void)argc;
	(void)argv;
	code = get_entries(ctl, "cert list", &entry, &count);
	if (code)
		return code;
	if (ctl->json)
		print_json(entry, count);
	else
		print_table(entry, count);
	free(entry);
	return CTL_OK;
}

static void print_line(const char *key, char *value)
{
	printf("%-15s %s\n", key, value);
	free(value);
}

static void print_entry(const struct vtpm_cert_entry *e)
{
	bool revocation = e->flags & VTPM_CERT_REVOCATION;

	print_line("Name:", ctl_clean(e->name));
	print_line("Type:", ctl_format("%s", revocation ? "revocation" : "manifest"));
	print_line("Trusted party:", ctl_clean(e->trust));
	print_line("State:", ctl_format("%s", state_of(e)));
	print_line("Version:", number_or_none(e->version));
	if (revocation) {
		print_line("Manifests:", ctl_format("%u lines", e->manifests));
	} else {
		print_line("Property:", ctl_clean(e->property));
		print_line("Serial number:", number_or_none(e->serial));
		print_line("From:", time_or(e->from, "at once"));
		print_line("Until:", time_or(e->until, "for ever"));
	}
	print_line("Measurements:", ctl_format("%u", e->measurements));
}

int ctl_cert_show(struct ctl *ctl, int argc, char **argv)
{
	struct vtpm_cert_entry *entry;
	unsigned int count, i;
	int code;

	(void)argc;
	code = ctl_name_check(argv[0]);
	if (!code)
		code = get_entries(ctl, argv[0], &entry, &count);
	if (code)
		return code;
	for (i = 0; i < count && strcmp(entry[i].name, argv[0]);)
		i++;
	if (i == count)
		code = ctl_fail_errno(argv[0], ENOENT, cert_words);
	else if (ctl->json)
		ctl_json_print(to_json(&entry[i]));
	else
		print_entry(&entry[i]);
	free(entry);
	return code;
}

int ctl_cert_remove(struct ctl *ctl, int argc, char **argv)
{
	struct vtpm_named arg = { .size = sizeof(arg) };
	int code, err;

	(void)argc;
	code = ctl_name_check(argv[0]);
	if (!code)
		code = ctl_open(ctl);
	if (code)
		return code;
	strcpy(arg.name, argv[0]);
	err = ctl_call(ctl, VTPM_IOC_CERT_REMOVE, &arg);
	if (err)
		return ctl_fail_errno(argv[0], err, cert_words);
	print_name(ctl, argv[0], false);
	return CTL_OK;
}
