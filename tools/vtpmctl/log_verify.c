// SPDX-License-Identifier: GPL-2.0-only
/* Do the PCRs have the values that the measurement log gives them? */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "verify.h"

#define TRIES		16	/* until the log has not changed while PCRs were read */
#define PROVIDERS_MAX	8
#define PCRS_FILE_MAX	0x100000
#define POLICY_MAX	(64u << 10)

/* ---- how a provider computes ---- */

#define ENTRIES		256	/* of a list, unless the policy says otherwise */

/**
 * struct how - a provider, and what its values depend on
 * @provider: its name
 * @entries: of "log": elements of a list
 * @by_key: of "certificate": represent=key
 * @manifests: of "certificate": for each bank; NULL: they are not known
 */
struct how {
	const char *provider;
	unsigned int entries;
	bool by_key;
	struct verify_manifests *manifests[CTL_BANKS];
};

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

/* Those that extend as a TPM does, whatever they begin with. */
static bool extends(const char *provider)
{
	static const char *const names[] = { "hash", "map", "accumulate", NULL };

	return is_one_of(provider, names);
}

static bool certifies(const char *provider)
{
	static const char *const names[] = { "certificate", "translate", NULL };

	return is_one_of(provider, names);
}

/* The value of an option in the policy's statement of the provider; "": not there. */
static void option(const char *policy, const char *provider, const char *name, char value[64])
{
	char wanted[64], *word, *line, *text = ctl_format("%s", policy), *rest = text, *save;

	*value = 0;
	snprintf(wanted, sizeof(wanted), "%s=", name);
	while ((line = strsep(&rest, "\n"))) {
		line[strcspn(line, "#")] = 0;
		word = strtok_r(line, " \t", &save);
		if (!word || strcmp(word, "provider"))
			continue;
		word = strtok_r(NULL, " \t", &save);
		if (!word || strcmp(word, provider))
			continue;
		while ((word = strtok_r(NULL, " \t", &save)))
			if (!strncmp(word, wanted, strlen(wanted)))
				snprintf(value, 64, "%.63s", word + strlen(wanted));
	}
	free(text);
}

static int load_manifests(struct ctl *ctl, const struct ctl_log *log, struct how *how)
{
	struct attestation a = { };
	struct verify v = { .ctl = ctl };
	size_t len;
	char *pem;
	int i, code = ctl_read_file(ctl->certificates, ATTEST_FILE_MAX, &pem, &len);

	if (code)
		return code;
	a.certificates = (struct attest_bytes){ (unsigned char *)pem, len };
	for (i = 0; i < CTL_BANKS && !code; i++) {
		if (!log->bank[i])
			continue;
		a.bank = attest_bank_named(ctl_algs[i].name);
		code = verify_manifests_load(&v, &a, &how->manifests[i]);
		if (!code)
			verify_manifests_by_key(how->manifests[i], how->by_key);
	}
	free(pem);
	return code;
}

static int how_of(struct ctl *ctl, const struct ctl_log *log, const char *policy,
		  const char *provider, struct how *how)
{
	char value[64];

	*how = (struct how){ .provider = provider, .entries = ENTRIES };
	option(policy, provider, "entries", value);
	if (*value)
		how->entries = strtoul(value, NULL, 10);
	option(policy, provider, "represent", value);
	how->by_key = strcmp(value, "property");
	if (!certifies(provider) || !ctl->certificates || !ctl->parties)
		return CTL_OK;
	return load_manifests(ctl, log, how);
}

static void how_free(struct how *how)
{
	int i;

	for (i = 0; i < CTL_BANKS; i++)
		verify_manifests_free(how->manifests[i]);
}

/* NULL, or why it cannot be replayed */
static const char *unknown(const struct ctl_log *log, const struct how *how)
{
	int i;

	if (extends(how->provider) || !strcmp(how->provider, "log"))
		return NULL;
	if (!certifies(how->provider))
		return "how it computes is not known here";
	for (i = 0; i < CTL_BANKS; i++)
		if (log->bank[i] && !how->manifests[i])
			return "needs --certificates and --parties";
	return NULL;
}

/* ---- replay ---- */

static int hash_both(const struct ctl_alg *alg, uint8_t *value, const uint8_t *digest)
{
	uint8_t both[2 * CTL_DIGEST_MAX];

	memcpy(both, value, alg->size);
	memcpy(both + alg->size, digest, alg->size);
	return ctl_hash(alg, both, 2 * alg->size, value);
}

/* The list of provider "log", of one PCR in one bank. */
struct list {
	uint8_t *digests;
	size_t count;
};

static int add_to_list(struct list *l, const struct how *how, const struct ctl_alg *alg,
		       uint8_t *value, const uint8_t *digest)
{
	static const uint8_t zeros[CTL_DIGEST_MAX];

	if (!l->digests)
		l->digests = ctl_alloc(how->entries + 2, alg->size);
	if (l->count >= how->entries)
		l->count = 0;		/* it is folded: its digest is the first element */
	if (!l->count && memcmp(value, zeros, alg->size)) {
		memcpy(l->digests, value, alg->size);
		l->count = 1;
	}
	memcpy(l->digests + l->count++ * alg->size, digest, alg->size);
	return ctl_hash(alg, l->digests, l->count * alg->size, value);
}

/* As TPM2_Startup(CLEAR) leaves them. */
static void start(const struct ctl_log *log, struct ctl_pcrs *pcrs)
{
	unsigned int pcr;
	int i;

	memset(pcrs, 0, sizeof(*pcrs));
	for (i = 0; i < CTL_BANKS; i++)
		for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
			pcrs->known[i][pcr] = log->bank[i];
			if (pcr >= 17 && pcr <= 22)
				memset(pcrs->value[i][pcr], 0xff, CTL_DIGEST_MAX);
		}
}

static int extend(const struct how *how, int bank, unsigned int pcr, const uint8_t *digest,
		  uint8_t *value, struct list *list)
{
	uint8_t with[CTL_DIGEST_MAX];

	if (!strcmp(how->provider, "log"))
		return add_to_list(list, how, &ctl_algs[bank], value, digest);
	if (!certifies(how->provider))
		return hash_both(&ctl_algs[bank], value, digest);
	verify_manifests_translate(how->manifests[bank],
				   attest_bank_named(ctl_algs[bank].name), pcr, digest, with);
	return hash_both(&ctl_algs[bank], value, with);
}

static int apply(const struct ctl_log_entry *e, const struct how *how, struct ctl_pcrs *pcrs,
		 struct list lists[CTL_BANKS][VTPMCTL_PCRS])
{
	int i, code = CTL_OK;
	uint8_t *value;

	if (e->kind == CTL_LOG_START && e->provider[0] && strcmp(e->provider, how->provider))
		return CTL_OK;
	for (i = 0; i < CTL_BANKS && !code; i++) {
		value = pcrs->value[i][e->pcr];
		if (!e->digest[i])
			continue;
		if (e->kind == CTL_LOG_START)
			memcpy(value, e->digest[i], ctl_algs[i].size);
		else
			code = extend(how, i, e->pcr, e->digest[i], value, &lists[i][e->pcr]);
	}
	return code;
}

/* What a provider's vPCRs have to be. @lost: for each PCR, how many entries are missing. */
static int replay(const struct ctl_log *log, const struct how *how, struct ctl_pcrs *pcrs,
		  uint32_t lost[VTPMCTL_PCRS])
{
	struct list lists[CTL_BANKS][VTPMCTL_PCRS] = { };
	const struct ctl_log_entry *e;
	int i, code = CTL_OK;
	unsigned int pcr;

	start(log, pcrs);
	memset(lost, 0, VTPMCTL_PCRS * sizeof(*lost));
	for (e = log->entry; e < log->entry + log->count && !code; e++) {
		if (e->kind == CTL_LOG_LOST)
			lost[e->pcr] += e->lost;
		else
			code = apply(e, how, pcrs, lists);
	}
	for (i = 0; i < CTL_BANKS; i++)
		for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
			free(lists[i][pcr].digests);
	return code;
}

/* What a log says of itself: an event is what its digests are of. */
static int check_events(const char *what, const struct ctl_log *log)
{
	const struct ctl_log_entry *e;
	uint8_t digest[CTL_DIGEST_MAX];
	int i;

	for (e = log->entry; e < log->entry + log->count; e++) {
		for (i = 0; i < CTL_BANKS; i++) {
			if ((e->kind != CTL_LOG_EVENT && e->kind != CTL_LOG_IMA) || !e->digest[i])
				continue;
			if (ctl_hash(&ctl_algs[i], e->data, e->len, digest))
				return CTL_GENERAL;
			if (memcmp(digest, e->digest[i], ctl_algs[i].size))
				return ctl_fail(CTL_GENERAL, what,
						"entry %zu: the %s digest is not that of its event",
						e - log->entry + 1, ctl_algs[i].name);
		}
	}
	return CTL_OK;
}

/* ---- values of PCRs ---- */

/* As "vtpmctl pcr" and tpm2_pcrread print them: "sha256:", then "7 : 0x...". */
static int parse_pcrs(struct ctl_lines *l, struct ctl_pcrs *pcrs)
{
	const struct ctl_alg *alg = NULL;
	unsigned int pcr;
	size_t at, len;
	char line[256];
	int used;

	memset(pcrs, 0, sizeof(*pcrs));
	while (ctl_next_line(l)) {
		snprintf(line, sizeof(line), "%.*s", (int)l->line_len, l->line);
		at = strspn(line, " \t");
		len = strcspn(line + at, ": ");
		if (!line[at])
			continue;
		if (ctl_alg_by_name(line + at, len)) {
			alg = ctl_alg_by_name(line + at, len);
			continue;
		}
		used = 0;
		if (!alg || sscanf(line, " %u : 0x%n", &pcr, &used) != 1 || pcr >= VTPMCTL_PCRS)
			return ctl_fail_line(l, at + 1, "neither a bank nor a PCR's value");
		if (!used && strstr(line, "hidden"))
			continue;
		if (!used || !ctl_unhex(line + used, 2 * alg->size,
					pcrs->value[alg - ctl_algs][pcr]))
			return ctl_fail_line(l, at + 1, "not a value of this bank");
		pcrs->known[alg - ctl_algs][pcr] = true;
	}
	return CTL_OK;
}

static int read_pcrs_file(const char *path, struct ctl_pcrs *pcrs)
{
	struct ctl_lines l = { .path = ctl_file_name(path) };
	char *text;
	int code = ctl_read_file(path, PCRS_FILE_MAX, &text, &l.len);

	if (code)
		return code;
	l.text = text;
	code = parse_pcrs(&l, pcrs);
	free(text);
	return code;
}

static int read_pcr(const char *dir, int bank, unsigned int pcr, struct ctl_pcrs *pcrs)
{
	char *path = ctl_format("%s/pcr-%s/%u", dir, ctl_algs[bank].name, pcr), *text;
	size_t len;
	int code = ctl_read_file(path, 4096, &text, &len);

	if (!code && !ctl_unhex(text, 2 * ctl_algs[bank].size, pcrs->value[bank][pcr]))
		code = ctl_fail(CTL_GENERAL, path, "does not hold a PCR's value");
	pcrs->known[bank][pcr] = !code;
	free(text);
	free(path);
	return code;
}

static int read_sysfs(const struct ctl_log *log, const char *dir, struct ctl_pcrs *pcrs)
{
	unsigned int pcr;
	int bank, code = CTL_OK;

	memset(pcrs, 0, sizeof(*pcrs));
	for (bank = 0; bank < CTL_BANKS; bank++)
		for (pcr = 0; pcr < VTPMCTL_PCRS && log->bank[bank] && !code; pcr++)
			code = read_pcr(dir, bank, pcr, pcrs);
	return code;
}

/* ---- the verdict ---- */

struct verdict {
	unsigned int good, bad, open;
};

static void compare(const struct ctl_pcrs *want, const struct ctl_pcrs *got, const uint32_t *lost,
		    const char *provider, struct verdict *v)
{
	unsigned int pcr;
	int i;

	for (i = 0; i < CTL_BANKS; i++)
		for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
			if (!want->known[i][pcr] || !got->known[i][pcr])
				continue;
			if (!memcmp(want->value[i][pcr], got->value[i][pcr], ctl_algs[i].size)) {
				v->good++;
			} else if (lost[pcr]) {
				v->open++;
				fprintf(stderr, "vtpmctl: %s: PCR %u of %s cannot be verified: %u",
					provider, pcr, ctl_algs[i].name, lost[pcr]);
				fputs(" entries are not in the log\n", stderr);
			} else {
				v->bad++;
				fprintf(stderr, "vtpmctl: %s: PCR %u of %s is not what",
					provider, pcr, ctl_algs[i].name);
				fputs(" the log says\n", stderr);
			}
		}
}

/* One provider's vPCRs; @list gets what is said of them. */
static int verify_provider(struct ctl *ctl, const struct ctl_log *log, const char *policy,
			   const char *provider, const struct ctl_pcrs *got,
			   struct json_object *list)
{
	struct json_object *o = json_object_new_object();
	uint32_t lost[VTPMCTL_PCRS];
	struct verdict v = { };
	struct ctl_pcrs want;
	const char *why;
	struct how how;
	int code;

	code = how_of(ctl, log, policy, provider, &how);
	why = unknown(log, &how);
	if (!code && !why)
		code = replay(log, &how, &want, lost);
	how_free(&how);
	if (!code && !why)
		compare(&want, got, lost, provider, &v);
	ctl_json_string(o, "provider", provider);
	json_object_object_add(o, "replayed", json_object_new_boolean(!why && !code));
	ctl_json_number(o, "good", v.good);
	ctl_json_number(o, "bad", v.bad);
	ctl_json_number(o, "unverifiable", v.open);
	json_object_array_add(list, o);
	if (!ctl->json && why)
		printf("%s: not replayed: %s\n", provider, why);
	else if (!ctl->json && !code)
		printf("%s: %u PCRs as the log says, %u not, %u cannot be verified\n", provider,
		       v.good, v.bad, v.open);
	return code || v.bad || v.open || (why && ctl->provider) ? CTL_GENERAL : CTL_OK;
}

static int finish(const struct ctl *ctl, struct json_object *list, int code)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "verified", json_object_new_boolean(!code));
	json_object_object_add(object, "providers", list);
	if (ctl->json)
		ctl_json_print(object);
	else
		json_object_put(object);
	return code;
}

static int verify_files(struct ctl *ctl)
{
	struct json_object *list;
	struct ctl_pcrs got;
	char *policy = NULL;
	struct ctl_log log;
	size_t len;
	int code;

	code = read_pcrs_file(ctl->pcrs, &got);
	if (!code && ctl->policy)
		code = ctl_read_file(ctl->policy, POLICY_MAX, &policy, &len);
	if (!code)
		code = ctl_log_read(ctl->log, &log);
	if (code) {
		free(policy);
		return code;
	}
	list = json_object_new_array();
	code = check_events(ctl->log, &log);
	if (verify_provider(ctl, &log, policy ?: "", ctl->provider ?: "hash", &got, list))
		code = CTL_GENERAL;
	ctl_log_free(&log);
	free(policy);
	return finish(ctl, list, code);
}

/* The log, and all providers' PCRs while it did not change. */
static int snapshot(const char *dir, struct ctl_log *log, char names[][32], struct ctl_pcrs *pcrs,
		    unsigned int count)
{
	char *path = ctl_format("%s/binary_bios_measurements", dir), *sub;
	struct ctl_log again;
	int code = CTL_OK, i;
	unsigned int n;
	bool same;

	for (i = 0; i < TRIES; i++) {
		code = ctl_log_read(path, log);
		for (n = 0; n < count && !code; n++) {
			sub = ctl_format("%s/matrix/%s", dir, names[n]);
			code = read_sysfs(log, sub, &pcrs[n]);
			free(sub);
		}
		if (!code)
			code = ctl_log_read(path, &again);
		if (code)
			break;
		same = log->len == again.len && !memcmp(log->bytes, again.bytes, log->len);
		ctl_log_free(&again);
		if (same)
			break;
		ctl_log_free(log);
	}
	free(path);
	return i < TRIES ? code : ctl_fail(CTL_BUSY, dir, "PCRs change all the time");
}

static int list_providers(const struct ctl *ctl, const char *dir, char names[][32],
			  unsigned int *count)
{
	char *path = ctl_format("%s/matrix", dir);
	DIR *d = opendir(path);
	int code = d ? CTL_OK : ctl_fail_errno(path, errno, NULL);
	struct dirent *e;

	*count = 0;
	while (d && *count < PROVIDERS_MAX && (e = readdir(d)))
		if (e->d_name[0] != '.' && (!ctl->provider || !strcmp(ctl->provider, e->d_name)))
			snprintf(names[(*count)++], 32, "%.31s", e->d_name);
	if (d)
		closedir(d);
	if (!code && !*count)
		code = ctl_fail(CTL_NOTFOUND, ctl->provider ?: path, "no such property provider");
	free(path);
	return code;
}

static int read_policy(const char *dir, char **policy)
{
	char *path = ctl_format("%s/policy", dir);
	size_t len;
	int code = ctl_read_file(path, POLICY_MAX, policy, &len);

	free(path);
	return code;
}

static int verify_instance(struct ctl *ctl, const char *dir)
{
	struct ctl_pcrs *pcrs = ctl_alloc(PROVIDERS_MAX, sizeof(*pcrs));
	struct json_object *list = json_object_new_array();
	char names[PROVIDERS_MAX][32];
	unsigned int count, i;
	char *policy = NULL;
	struct ctl_log log;
	int code;

	code = list_providers(ctl, dir, names, &count);
	if (!code)
		code = read_policy(dir, &policy);
	if (!code)
		code = snapshot(dir, &log, names, pcrs, count);
	if (code) {
		json_object_put(list);
		free(policy);
		free(pcrs);
		return code;
	}
	code = check_events(dir, &log);
	for (i = 0; i < count; i++)
		if (verify_provider(ctl, &log, policy, names[i], &pcrs[i], list))
			code = CTL_GENERAL;
	ctl_log_free(&log);
	free(policy);
	free(pcrs);
	return finish(ctl, list, code);
}

int ctl_log_verify(struct ctl *ctl, int argc, char **argv)
{
	struct ctl_ref ref;
	char *dir;
	int code;

	if (!argc && ctl->log && ctl->pcrs)
		return verify_files(ctl);
	if (!argc || ctl->log || ctl->pcrs)
		return ctl_fail(CTL_USAGE, "log verify",
				"needs a NAME, or --log FILE and --pcrs FILE");
	code = ctl_resolve_sysfs(ctl, argv[0], &ref);
	if (code)
		return code;
	dir = ctl_format("%s/vtpm%u", ctl->sysfs, ref.number);
	code = verify_instance(ctl, dir);
	free(dir);
	return code;
}
