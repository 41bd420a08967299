// SPDX-License-Identifier: GPL-2.0-only
/* Signed manifests: which measurements have which property. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtpmctl.h"

static const struct ctl_words cert_words[] = {
	{ EEXIST, "another party's manifest has this name" },
	{ ENOENT, "no such manifest" },
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

static void print_table(const struct vtpm_cert_entry *entry, unsigned int count)
{
	struct ctl_table table;
	unsigned int i;

	ctl_table_init(&table, 4, 4);
	ctl_table_add(&table, ctl_format("NAME"));
	ctl_table_add(&table, ctl_format("TRUST"));
	ctl_table_add(&table, ctl_format("MEASUREMENTS"));
	ctl_table_add(&table, ctl_format("PROPERTY"));
	for (i = 0; i < count; i++) {
		ctl_table_add(&table, ctl_clean(entry[i].name));
		ctl_table_add(&table, ctl_clean(entry[i].trust));
		ctl_table_add(&table, ctl_format("%u", entry[i].measurements));
		ctl_table_add(&table, ctl_clean(entry[i].property));
	}
	ctl_table_print(&table);
}

static void print_json(const struct vtpm_cert_entry *entry, unsigned int count)
{
	struct json_object *array = json_object_new_array();
	struct json_object *object;
	unsigned int i;

	for (i = 0; i < count; i++) {
		object = json_object_new_object();
		ctl_json_string(object, "name", entry[i].name);
		ctl_json_string(object, "trust", entry[i].trust);
		ctl_json_string(object, "property", entry[i].property);
		ctl_json_number(object, "measurements", entry[i].measurements);
		json_object_array_add(array, object);
	}
	ctl_json_print(array);
}

int ctl_cert_list(struct ctl *ctl, int argc, char **argv)
{
	struct vtpm_cert_entry *entry;
	unsigned int count, i;
	void *entries;
	int code;

	(void)argc;
	(void)argv;
	code = ctl_open(ctl);
	if (!code)
		code = ctl_entries(ctl, VTPM_IOC_CERT_LIST, sizeof(*entry), "cert list",
				   &entries, &count);
	if (code)
		return code;
	entry = entries;
	for (i = 0; i < count; i++) {
		entry[i].name[VTPM_NAME_MAX] = 0;
		entry[i].trust[VTPM_NAME_MAX] = 0;
		entry[i].property[VTPM_NAME_MAX] = 0;
	}
	if (ctl->json)
		print_json(entry, count);
	else
		print_table(entry, count);
	free(entries);
	return CTL_OK;
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
