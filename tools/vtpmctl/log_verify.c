// SPDX-License-Identifier: GPL-2.0-only
/* Do the PCRs have the values that the measurement log gives them? */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay.h"
#include "verify.h"

#define TRIES		16	/* until the log has not changed while PCRs were read */
#define PROVIDERS_MAX	8
#define POLICY_MAX	(64u << 10)

/* ---- how a provider computes ---- */

/**
 * struct asked - a provider of which is to be known whether its values are the log's
 * @how: see there
 * @manifests: for each bank; NULL: they are not known
 */
struct asked {
	struct replay_how how;
	struct verify_manifests *manifests[CTL_BANKS];
};

static int load_manifests(struct ctl *ctl, const struct ctl_log *log, struct asked *asked)
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
		code = verify_manifests_load(&v, &a, &asked->manifests[i]);
		asked->how.manifests = asked->manifests[i];
	}
	free(pem);
	return code;
}

static int ask(struct ctl *ctl, const struct ctl_log *log, const struct policy_text *policy,
	       const char *provider, struct asked *asked)
{
	const struct policy_provider *is = policy_provider_named(policy, provider);
	struct policy_provider unsaid = { };

	snprintf(unsaid.name, sizeof(unsaid.name), "%s", provider);
	*asked = (struct asked){ .how = replay_how(is ?: &unsaid) };
	asked->how.provider = provider;
	if (!replay_certifies(provider) || !ctl->certificates || !ctl->parties)
		return CTL_OK;
	return load_manifests(ctl, log, asked);
}

static void asked_free(struct asked *asked)
{
	int i;

	for (i = 0; i < CTL_BANKS; i++)
		verify_manifests_free(asked->manifests[i]);
}

static int check_events(const char *what, const struct ctl_log *log)
{
	unsigned int bank;
	const struct ctl_log_entry *e = replay_bad_event(log, &bank);

	return !e ? CTL_OK :
	       ctl_fail(CTL_GENERAL, what, "entry %zu: the %s digest is not that of its event",
			e - log->entry + 1, ctl_algs[bank].name);
}

/* ---- values of PCRs ---- */

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

static void compare_bank(const struct replay *want, const struct ctl_pcrs *got, unsigned int bank,
			 const char *provider, bool quiet, struct verdict *v)
{
	const struct ctl_alg *alg = &ctl_algs[bank];
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		if (!got->known[bank][pcr])
			continue;
		if (!memcmp(want->value[pcr], got->value[bank][pcr], alg->size)) {
			v->good++;
		} else if (want->lost[pcr]) {
			v->open++;
			if (!quiet)
				ctl_fail(CTL_GENERAL, provider,
					 "PCR %u of %s cannot be verified: %u entries are not in the log",
					 pcr, alg->name, want->lost[pcr]);
		} else {
			v->bad++;
			if (!quiet)
				ctl_fail(CTL_GENERAL, provider,
					 "PCR %u of %s is not what the log says", pcr, alg->name);
		}
	}
}

static struct verdict compare(const struct ctl_log *log, struct asked *asked,
			      const struct ctl_pcrs *got, bool quiet)
{
	struct verdict v = { };
	struct replay want;
	unsigned int i;

	for (i = 0; i < CTL_BANKS; i++) {
		if (!log->bank[i])
			continue;
		asked->how.manifests = asked->manifests[i];
		replay_log(log, i, &asked->how, &want);
		compare_bank(&want, got, i, asked->how.provider, quiet, &v);
	}
	return v;
}

/* With party= it is the one of the parties with which all fits, if there is one. */
static struct verdict judge(const struct ctl_log *log, struct asked *asked,
			    const struct ctl_pcrs *got)
{
	struct verdict v = compare(log, asked, got, asked->how.one_party);

	while (asked->how.one_party && v.bad && replay_next_party(&asked->how))
		v = compare(log, asked, got, true);
	return asked->how.one_party ? compare(log, asked, got, false) : v;
}

/*
 * Certificates come and go, and the log has what they said. False: it comes to other values,
 * as that of an older kernel does, which has not.
 */
static bool as_logged(const struct ctl_log *log, struct asked *asked, const struct ctl_pcrs *got,
		      struct verdict *v)
{
	struct asked then = *asked;
	struct verdict found;

	if (!replay_certifies(asked->how.provider))
		return false;
	then.how.as_logged = true;
	found = compare(log, &then, got, true);
	if (found.bad)
		return false;
	*v = compare(log, &then, got, false);
	return true;
}

/* One provider's vPCRs; @list gets what is said of them. */
static int verify_provider(struct ctl *ctl, const struct ctl_log *log,
			   const struct policy_text *policy, const char *provider,
			   const struct ctl_pcrs *got, struct json_object *list)
{
	struct json_object *o = json_object_new_object();
	struct verdict v = { };
	struct asked asked;
	const char *why;
	int code;

	code = ask(ctl, log, policy, provider, &asked);
	why = replay_unknown(&asked.how);
	if (!code && as_logged(log, &asked, got, &v))
		why = NULL;
	else if (!code && !why)
		v = judge(log, &asked, got);
	asked_free(&asked);
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

/* NULL for @path: the text of an ordinary TPM */
static int read_policy(const char *path, struct policy_text **policy)
{
	char *text = NULL;
	size_t len = 0;
	int code = path ? ctl_read_file(path, POLICY_MAX, &text, &len) : CTL_OK;

	if (!code)
		*policy = policy_text_read(text ?: "", len);
	free(text);
	return code;
}

static int verify_files(struct ctl *ctl)
{
	struct policy_text *policy = NULL;
	struct json_object *list;
	struct ctl_pcrs got;
	struct ctl_log log;
	int code;

	code = ctl_pcrs_read(ctl->pcrs, &got);
	if (!code)
		code = read_policy(ctl->policy, &policy);
	if (!code)
		code = ctl_log_read(ctl->log, &log);
	if (code) {
		free(policy);
		return code;
	}
	list = json_object_new_array();
	code = check_events(ctl->log, &log);
	if (verify_provider(ctl, &log, policy, ctl->provider ?: "hash", &got, list))
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

static int verify_instance(struct ctl *ctl, const char *dir)
{
	struct ctl_pcrs *pcrs = ctl_alloc(PROVIDERS_MAX, sizeof(*pcrs));
	struct json_object *list = json_object_new_array();
	char names[PROVIDERS_MAX][32];
	unsigned int count, i;
	struct policy_text *policy = NULL;
	char *path = ctl_format("%s/policy", dir);
	struct ctl_log log;
	int code;

	code = list_providers(ctl, dir, names, &count);
	if (!code)
		code = read_policy(path, &policy);
	free(path);
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
