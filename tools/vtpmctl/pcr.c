// SPDX-License-Identifier: GPL-2.0-only
/* PCRs from sysfs: what the filter shows, or one provider's row of the matrix. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtpmctl.h"

#define VALUE_MAX	(2 * 64 + 2)	/* SHA-512 in hex, newline, zero */
#define BANKS_MAX	16
#define BANK_NAME_MAX	16
#define BANK_PREFIX	"pcr-"

/*
 * What is asked for, and where it is found. A set of PCRs is a bit map, bit 0
 * for PCR 0.
 */
struct request {
	struct ctl_ref ref;
	uint32_t pcrs;
	char *dir;
	char bank[BANKS_MAX][BANK_NAME_MAX];
	size_t banks;
};

static bool parse_pcr(const char **text, unsigned int *pcr)
{
	char *end;

	if (!isdigit((unsigned char)**text))
		return false;
	*pcr = strtoul(*text, &end, 10);
	if (end - *text > 2 || *pcr >= VTPMCTL_PCRS)
		return false;
	*text = end;
	return true;
}

int ctl_parse_pcrs(const char *text, uint32_t *pcrs)
{
	const char *p = text;
	unsigned int from, to;

	for (;; p++) {
		if (!parse_pcr(&p, &from))
			break;
		to = from;
		if (*p == '-' && (p++, !parse_pcr(&p, &to) || to < from))
			break;
		for (; from <= to; from++)
			*pcrs |= 1u << from;
		if (!*p)
			return CTL_OK;
		if (*p != ',')
			break;
	}
	return ctl_fail(CTL_USAGE, text, "not a list of PCRs from 0 to %d", VTPMCTL_PCRS - 1);
}

static int rank(const char *bank)
{
	static const char *const order[] = { "sha1", "sha256", "sha384", "sha512" };
	int i;

	for (i = 0; i < 4; i++) {
		if (!strcmp(bank, order[i]))
			break;
	}
	return i;
}

static int compare_banks(const void *a, const void *b)
{
	int diff = rank(a) - rank(b);

	return diff ?: strcmp(a, b);
}

static int no_dir(const struct ctl *ctl, const struct request *req, int err)
{
	if (err != ENOENT)
		return ctl_fail_errno(req->dir, err, NULL);
	if (ctl->provider)
		return ctl_fail(CTL_NOTFOUND, ctl->provider,
				"instance %s has no such property provider", req->ref.name);
	return ctl_fail(CTL_NOTFOUND, req->ref.name, "the instance has gone");
}

static int find_banks(const struct ctl *ctl, struct request *req)
{
	const size_t skip = strlen(BANK_PREFIX);
	struct dirent *entry;
	const char *name;
	DIR *dir = opendir(req->dir);

	if (!dir)
		return no_dir(ctl, req, errno);
	while (req->banks < BANKS_MAX && (entry = readdir(dir))) {
		name = entry->d_name + skip;
		if (strncmp(entry->d_name, BANK_PREFIX, skip) || strlen(name) >= BANK_NAME_MAX)
			continue;
		if (!ctl->bank || !strcmp(ctl->bank, name))
			strcpy(req->bank[req->banks++], name);
	}
	closedir(dir);
	qsort(req->bank, req->banks, BANK_NAME_MAX, compare_banks);
	if (ctl->bank && !req->banks)
		return ctl_fail(CTL_NOTFOUND, ctl->bank, "instance %s has no such active bank",
				req->ref.name);
	return CTL_OK;
}

/* An empty @value: the policy hides this PCR. */
static int read_value(const struct request *req, const char *bank, unsigned int pcr,
		      char value[VALUE_MAX])
{
	char *path = ctl_format("%s/" BANK_PREFIX "%s/%u", req->dir, bank, pcr);
	int code = CTL_OK;
	int err = 0;
	FILE *file;

	value[0] = 0;
	errno = 0;
	file = fopen(path, "re");
	if (!file || !fgets(value, VALUE_MAX, file))
		err = errno;
	value[strcspn(value, "\n")] = 0;
	if (err && err != ENODATA)
		code = ctl_fail_errno(path, err, NULL);
	else if (strspn(value, "0123456789ABCDEF") != strlen(value) || (!err && !*value))
		code = ctl_fail(CTL_GENERAL, path, "does not hold a PCR's value");
	if (file)
		fclose(file);
	free(path);
	return code;
}

static int show_bank(const struct request *req, const char *bank, struct json_object *banks)
{
	struct json_object *object = json_object_new_object();
	char value[VALUE_MAX], key[4];
	unsigned int pcr;
	int code = CTL_OK;

	if (!banks)
		printf("  %s:\n", bank);
	for (pcr = 0; pcr < VTPMCTL_PCRS && !code; pcr++) {
		if (!(req->pcrs & (1u << pcr)))
			continue;
		code = read_value(req, bank, pcr, value);
		snprintf(key, sizeof(key), "%u", pcr);
		if (code)
			break;
		if (banks)
			json_object_object_add(object, key,
					       *value ? json_object_new_string(value) : NULL);
		else
			printf("    %-2u: %s%s\n", pcr, *value ? "0x" : "",
			       *value ? value : "hidden");
	}
	if (banks && !code)
		json_object_object_add(banks, bank, object);
	else
		json_object_put(object);
	return code;
}

static int show(const struct ctl *ctl, const struct request *req)
{
	struct json_object *banks = ctl->json ? json_object_new_object() : NULL;
	struct json_object *object;
	int code = CTL_OK;
	size_t i;

	for (i = 0; i < req->banks && !code; i++)
		code = show_bank(req, req->bank[i], banks);
	if (!banks || code) {
		json_object_put(banks);
		return code;
	}
	object = json_object_new_object();
	ctl_json_string(object, "name", req->ref.name);
	ctl_json_number(object, "number", req->ref.number);
	json_object_object_add(object, "provider",
			       ctl->provider ? json_object_new_string(ctl->provider) : NULL);
	json_object_object_add(object, "banks", banks);
	ctl_json_print(object);
	return CTL_OK;
}

static int parse(const struct ctl *ctl, struct request *req, struct ctl_selector *sel,
		 int argc, char **argv)
{
	int code, i;

	code = ctl_selector_parse(argv[0], sel);
	for (i = 1; i < argc && !code; i++)
		code = ctl_parse_pcrs(argv[i], &req->pcrs);
	if (!req->pcrs)
		req->pcrs = (1u << VTPMCTL_PCRS) - 1;
	/* The provider becomes a part of a path. */
	if (!code && ctl->provider)
		code = ctl_name_check(ctl->provider);
	if (!code && ctl->provider && ctl->provider[0] == '.')
		code = ctl_fail(CTL_USAGE, ctl->provider, "not a property provider's name");
	return code;
}

int ctl_pcr(struct ctl *ctl, int argc, char **argv)
{
	struct request req = { };
	struct ctl_selector sel;
	struct ctl_refs refs;
	int code;

	code = parse(ctl, &req, &sel, argc, argv);
	if (!code)
		code = ctl_refs_of_sysfs(ctl, &refs);
	if (code)
		return code;
	code = ctl_select(&refs, &sel, &req.ref);
	free(refs.ref);
	if (code)
		return code;
	req.dir = ctl_format("%s/vtpm%u%s%s", ctl->sysfs, req.ref.number,
			     ctl->provider ? "/matrix/" : "", ctl->provider ?: "");
	code = find_banks(ctl, &req);
	if (!code)
		code = show(ctl, &req);
	free(req.dir);
	return code;
}
