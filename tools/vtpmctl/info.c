// SPDX-License-Identifier: GPL-2.0-only
/* What the module offers, and its limits. */
#include <stdio.h>
#include <stdlib.h>

#include "vtpmctl.h"

static const struct {
	uint64_t bit;
	const char *name;
} features[] = {
	{ VTPM_FEATURE_HASH_PROVIDER, "hash-provider" },
	{ VTPM_FEATURE_CERTIFICATE_PROVIDER, "certificate-provider" },
	{ VTPM_FEATURE_REVOCATION, "revocation" },
	{ VTPM_FEATURE_PLATFORM, "platform" },
	{ VTPM_FEATURE_HOST_PCRS, "host-pcrs" },
	{ VTPM_FEATURE_LOG_PROVIDER, "log-provider" },
	{ VTPM_FEATURE_LOG, "measurement-log" },
};

static void print_json(const struct vtpm_info *info)
{
	struct json_object *object = json_object_new_object();
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(features); i++) {
		if (info->features & features[i].bit)
			json_object_array_add(array, json_object_new_string(features[i].name));
	}
	ctl_json_number(object, "abi_version", info->abi_version);
	json_object_object_add(object, "features", array);
	ctl_json_number(object, "instances", info->instances);
	ctl_json_number(object, "max_instances", info->max_instances);
	ctl_json_number(object, "max_policy", info->max_policy);
	ctl_json_number(object, "max_manifest", info->max_manifest);
	ctl_json_number(object, "max_command", info->max_command);
	ctl_json_number(object, "max_trust", info->max_trust);
	ctl_json_number(object, "max_certs", info->max_certs);
	ctl_json_number(object, "max_measurements", info->max_measurements);
	ctl_json_number(object, "measurements", info->measurements);
	ctl_json_number(object, "cert_memory", info->cert_memory);
	ctl_json_print(object);
}

static void print_text(const struct vtpm_info *info)
{
	char *memory = ctl_bytes(info->cert_memory);
	uint64_t rest = info->features;
	size_t i;

	printf("ABI version:      %u\n", info->abi_version);
	printf("Features:        ");
	for (i = 0; i < ARRAY_SIZE(features); i++) {
		if (info->features & features[i].bit)
			printf(" %s", features[i].name);
		rest &= ~features[i].bit;
	}
	if (rest)
		printf(" unknown:%#llx", (unsigned long long)rest);
	printf("\nInstances:        %u of %u\n", info->instances, info->max_instances);
	printf("Longest policy:   %u bytes\n", info->max_policy);
	printf("Longest manifest: %u bytes, signed\n", info->max_manifest);
	printf("Longest command:  %u bytes\n", info->max_command);
	printf("Trusted parties:  at most %u\n", info->max_trust);
	printf("Manifests:        at most %u, each of at most %u measurements\n",
	       info->max_certs, info->max_measurements);
	printf("Measurements:     %llu, found in %s of memory\n",
	       (unsigned long long)info->measurements, memory);
	free(memory);
}

int ctl_info(struct ctl *ctl, int argc, char **argv)
{
	int code = ctl_open(ctl);

	(void)argc;
	(void)argv;
	if (code)
		return code;
	if (ctl->json)
		print_json(&ctl->info);
	else
		print_text(&ctl->info);
	return CTL_OK;
}
