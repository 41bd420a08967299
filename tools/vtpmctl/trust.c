// SPDX-License-Identifier: GPL-2.0-only
/* Trusted parties: whose manifests the kernel believes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vtpmctl.h"

static const struct ctl_words trust_words[] = {
	{ EEXIST, "a trusted party of this name exists, or of another name with this key" },
	{ ENOENT, "no such trusted party" },
	{ ENOSPC, "there are as many trusted parties as there can be" },
	{ E2BIG, "the certificate is longer than the module allows" },
	{ EBADMSG, "the kernel cannot parse the certificate" },
	{ EINVAL, "the module refuses the name or the certificate" },
	{ ENOPKG, "the kernel lacks an algorithm that the certificate uses" },
	{ EKEYREJECTED, "the kernel rejects the certificate's key or signature" },
	{ ENOKEY, "the kernel finds no key in the certificate that it could use" },
	{ }
};

static void print_name(const struct ctl *ctl, const char *name)
{
	struct json_object *object;

	if (!ctl->json)
		return;
	object = json_object_new_object();
	ctl_json_string(object, "name", name);
	ctl_json_print(object);
}

int ctl_trust_add(struct ctl *ctl, int argc, char **argv)
{
	struct vtpm_blob arg = { .size = sizeof(arg) };
	unsigned char *der;
	size_t len;
	int code, err;

	(void)argc;
	code = ctl_name_check(argv[0]);
	if (!code)
		code = ctl_read_certificate(argv[1], &der, &len);
	if (code)
		return code;
	code = ctl_open(ctl);
	if (!code) {
		strcpy(arg.name, argv[0]);
		arg.data = (uintptr_t)der;
		arg.data_size = len;
		err = ctl_call(ctl, VTPM_IOC_TRUST_ADD, &arg);
		if (err)
			code = ctl_fail_errno(argv[0], err, trust_words);
		else
			print_name(ctl, argv[0]);
	}
	free(der);
	return code;
}

static void print_table(const struct vtpm_trust_entry *entry, unsigned int count)
{
	struct ctl_table table;
	unsigned int i;

	ctl_table_init(&table, 3, 2);
	ctl_table_add(&table, ctl_format("NAME"));
	ctl_table_add(&table, ctl_format("MANIFESTS"));
	ctl_table_add(&table, ctl_format("KEY (SHA-256)"));
	for (i = 0; i < count; i++) {
		ctl_table_add(&table, ctl_clean(entry[i].name));
		ctl_table_add(&table, ctl_format("%u", entry[i].manifests));
		ctl_table_add(&table, ctl_hex(entry[i].key_digest, sizeof(entry[i].key_digest)));
	}
	ctl_table_print(&table);
}

static void print_json(const struct vtpm_trust_entry *entry, unsigned int count)
{
	struct json_object *array = json_object_new_array();
	struct json_object *object;
	unsigned int i;
	char *hex;

	for (i = 0; i < count; i++) {
		object = json_object_new_object();
		hex = ctl_hex(entry[i].key_digest, sizeof(entry[i].key_digest));
		ctl_json_string(object, "name", entry[i].name);
		ctl_json_string(object, "key_sha256", hex);
		ctl_json_number(object, "manifests", entry[i].manifests);
		ctl_json_number(object, "revocations", entry[i].revocations);
		json_object_array_add(array, object);
		free(hex);
	}
	ctl_json_print(array);
}

int ctl_trust_list(struct ctl *ctl, int argc, char **argv)
{
	struct vtpm_trust_entry *entry;
	unsigned int count, i;
	void *entries;
	int code;

	(void)argc;
	(void)argv;
	code = ctl_open(ctl);
	if (!code)
		code = ctl_entries(ctl, VTPM_IOC_TRUST_LIST, sizeof(*entry), "trust list",
				   &entries, &count);
	if (code)
		return code;
	entry = entries;
	for (i = 0; i < count; i++)
		entry[i].name[VTPM_NAME_MAX] = 0;
	if (ctl->json)
		print_json(entry, count);
	else
		print_table(entry, count);
	free(entries);
	return CTL_OK;
}

int ctl_trust_remove(struct ctl *ctl, int argc, char **argv)
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
	err = ctl_call(ctl, VTPM_IOC_TRUST_REMOVE, &arg);
	if (err)
		return ctl_fail_errno(argv[0], err, trust_words);
	print_name(ctl, argv[0]);
	return CTL_OK;
}
