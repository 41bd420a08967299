/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vtpmctl: the admin's tool for /dev/vtpmctl. A command returns its exit code;
 * whoever finds an error says it, once, on standard error.
 */
#ifndef VTPMCTL_H
#define VTPMCTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>
#include <linux/vtpm.h>

#define VTPMCTL_VERSION		"0.1"
#define VTPMCTL_PCRS		24

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define ATTRIBUTE(a)		__attribute__((a))
#define __printf(a, b)		ATTRIBUTE(format(printf, a, b))

/* Exit codes: part of the interface, listed in the man page. */
enum ctl_exit {
	CTL_OK,
	CTL_GENERAL,
	CTL_USAGE,
	CTL_DENIED,
	CTL_DEVICE,
	CTL_UNSUPPORTED,
	CTL_BUSY,
	CTL_NOTFOUND,
};

/* Options that only some commands take. */
enum ctl_option {
	CTL_OPT_POLICY = 1 << 0,
	CTL_OPT_PROVIDER = 1 << 1,
	CTL_OPT_BANK = 1 << 2,
	CTL_OPT_MANIFEST = 1 << 3,	/* a manifest's head */
	CTL_OPT_FILES = 1 << 4,
	CTL_OPT_UNSTARTED = 1 << 8,
	CTL_OPT_OUTPUT = 1 << 9,
	CTL_OPT_ATTEST = 1 << 10,	/* what an attestation is made of */
	CTL_OPT_SIGNER = 1 << 11,	/* --ak, --nonce */
	CTL_OPT_VERIFY = 1 << 12,	/* what is expected of one */
	CTL_OPT_SIGNED = 1 << 13,
	CTL_OPT_LOG = 1 << 14,
	CTL_OPT_PCRS = 1 << 15,
	CTL_OPT_CERTIFICATES = 1 << 16,
	CTL_OPT_PARTIES = 1 << 17,
	CTL_OPT_EK = 1 << 18,
	CTL_OPT_CA = 1 << 19,
	CTL_OPT_CHALLENGE = 1 << 20,
};

/**
 * struct ctl - one run of the tool
 * @json: answer in JSON
 * @device: path of the control node
 * @sysfs: path of the class in sysfs
 * @policy: argument of --policy, or NULL
 * @provider: argument of --provider, or NULL
 * @bank: argument of --bank, or NULL
 * @name: argument of --name, or NULL
 * @property: argument of --property, or NULL
 * @manifest_version: argument of --manifest-version, or NULL
 * @serial: argument of --serial, or NULL
 * @from: argument of --from, or NULL
 * @until: argument of --until, or NULL
 * @output: argument of --output, or NULL
 * @tcti: argument of --tcti, or NULL
 * @ak: argument of --ak, or NULL
 * @ek: argument of --ek, or NULL
 * @nonce: argument of --nonce, or NULL
 * @challenge: argument of --challenge, or NULL
 * @log: argument of --log, or NULL
 * @certificates: argument of --certificates, or NULL
 * @ca: argument of --ca, or NULL
 * @parties: argument of --parties, or NULL
 * @uuid: argument of --uuid, or NULL
 * @before: argument of --before, or NULL
 * @pcrs: argument of --pcrs, or NULL
 * @host_pcrs: argument of --host-pcrs, or NULL
 * @files: --files was given
 * @unstarted: --unstarted was given
 * @is_signed: --signed was given
 * @fd: the control node, -1 until ctl_open()
 * @info: what the kernel said of itself in ctl_open()
 */
struct ctl {
	bool json;
	const char *device;
	const char *sysfs;
	const char *policy;
	const char *provider;
	const char *bank;
	const char *name;
	const char *property;
	const char *manifest_version;
	const char *serial;
	const char *from;
	const char *until;
	const char *output;
	const char *tcti;
	const char *ak;
	const char *ek;
	const char *nonce;
	const char *challenge;
	const char *log;
	const char *certificates;
	const char *ca;
	const char *parties;
	const char *uuid;
	const char *before;
	const char *pcrs;
	const char *host_pcrs;
	bool files;
	bool unstarted;
	bool is_signed;
	int fd;
	struct vtpm_info info;
};

/**
 * struct ctl_command - a row of the table of commands
 * @noun: first word
 * @verb: second word, or NULL
 * @args: its arguments, as the usage shows them
 * @summary: one line
 * @details: more, for --help; whole lines
 * @min_args: fewest arguments
 * @max_args: most arguments, -1 for any number
 * @options: CTL_OPT_* it takes
 * @run: does it; returns an exit code
 */
struct ctl_command {
	const char *noun;
	const char *verb;
	const char *args;
	const char *summary;
	const char *details;
	int min_args;
	int max_args;
	unsigned int options;
	int (*run)(struct ctl *ctl, int argc, char **argv);
};

/* error.c: words for an admin */
struct ctl_words {
	int err;
	const char *why;
};

int __printf(3, 4) ctl_fail(int code, const char *what, const char *why, ...);
int ctl_fail_errno(const char *what, int err, const struct ctl_words *words);
int ctl_fail_text(const char *what, int err, const struct ctl_words *words, const char *file,
		  const char *text, size_t len, struct vtpm_text_error *error);

/* device.c: the control node */
int ctl_open(struct ctl *ctl);
int ctl_call(struct ctl *ctl, unsigned long request, void *arg);
int ctl_entries(struct ctl *ctl, unsigned long request, size_t size, const char *what,
		void **entries, unsigned int *count);

/* name.c: which instance an argument means */
struct ctl_ref {
	uint32_t number;
	char name[VTPM_NAME_MAX + 1];
};

struct ctl_refs {
	struct ctl_ref *ref;
	size_t count;
};

struct ctl_selector {
	const char *text;
	const char *name;
	bool by_number;
	uint32_t number;
};

bool ctl_name_valid(const char *name);
int ctl_name_check(const char *name);
int ctl_selector_parse(const char *text, struct ctl_selector *sel);
int ctl_select(const struct ctl_refs *refs, const struct ctl_selector *sel, struct ctl_ref *ref);
int ctl_numbers(struct ctl *ctl, uint32_t **numbers, unsigned int *count);
int ctl_status(struct ctl *ctl, uint32_t number, struct vtpm_status *status);
int ctl_refs_of_device(struct ctl *ctl, struct ctl_refs *refs);
int ctl_refs_of_sysfs(struct ctl *ctl, struct ctl_refs *refs);
int ctl_resolve(struct ctl *ctl, const char *text, struct ctl_ref *ref);
int ctl_resolve_sysfs(struct ctl *ctl, const char *text, struct ctl_ref *ref);

/* file.c: input, whole or not at all */
int ctl_read_file(const char *path, size_t max, char **data, size_t *len);
const char *ctl_file_name(const char *path);
int ctl_read_certificate(const char *path, unsigned char **der, size_t *len);
int ctl_read_message(const char *path, size_t max, unsigned char **der, size_t *len);
char *ctl_message_text(const unsigned char *der, size_t der_len, size_t *len);

/* policy.c: the caller frees *text, which has a zero behind it */
int ctl_policy_text(struct ctl *ctl, const char *what, uint32_t number, char **text, size_t *len);

/* warn.c: what a policy may do to those who use it */
unsigned int ctl_policy_warn(const char *file, const char *text, size_t len,
			     struct json_object *list);

/* output.c: tables and JSON */
#define CTL_COLUMNS	8

struct ctl_table {
	size_t columns;
	size_t rows;
	char **cell;
	unsigned int right;
};

void *ctl_alloc(size_t count, size_t size);
void *ctl_resize(void *p, size_t size);
char *__printf(1, 2) ctl_format(const char *format, ...);
char *ctl_bytes(uint64_t bytes);
char *ctl_time(uint64_t seconds);
char *ctl_hex(const uint8_t *data, size_t len);
char *ctl_clean(const char *text);
void ctl_table_init(struct ctl_table *table, size_t columns, unsigned int right);
void ctl_table_add(struct ctl_table *table, char *cell);
void ctl_table_print(struct ctl_table *table);
void ctl_json_string(struct json_object *object, const char *key, const char *value);
void ctl_json_time(struct json_object *object, const char *key, uint64_t seconds);
void ctl_json_number(struct json_object *object, const char *key, uint64_t value);
void ctl_json_node(struct json_object *object, const char *key, const char *node,
		   uint32_t number, uint32_t major, uint32_t minor);
void ctl_json_print(struct json_object *object);
int ctl_finish(int code);

/* pcr.c: "7", "0-3", "0,2,4-6" into a bit map */
int ctl_parse_pcrs(const char *text, uint32_t *pcrs);

/*
 * instance.c, policy.c, pcr.c, log*.c, bind.c, cert.c, from*.c, trust.c, attest.c, challenge.c,
 * verify.c: the commands
 */
int ctl_create(struct ctl *ctl, int argc, char **argv);
int ctl_destroy(struct ctl *ctl, int argc, char **argv);
int ctl_list(struct ctl *ctl, int argc, char **argv);
int ctl_show(struct ctl *ctl, int argc, char **argv);
int ctl_reset(struct ctl *ctl, int argc, char **argv);
int ctl_presence(struct ctl *ctl, int argc, char **argv);
int ctl_locality(struct ctl *ctl, int argc, char **argv);
int ctl_info(struct ctl *ctl, int argc, char **argv);
int ctl_policy_show(struct ctl *ctl, int argc, char **argv);
int ctl_policy_load(struct ctl *ctl, int argc, char **argv);
int ctl_policy_check(struct ctl *ctl, int argc, char **argv);
int ctl_pcr(struct ctl *ctl, int argc, char **argv);
int ctl_log_show(struct ctl *ctl, int argc, char **argv);
int ctl_log_verify(struct ctl *ctl, int argc, char **argv);
int ctl_bind(struct ctl *ctl, int argc, char **argv);
int ctl_unbind(struct ctl *ctl, int argc, char **argv);
int ctl_cert_load(struct ctl *ctl, int argc, char **argv);
int ctl_cert_list(struct ctl *ctl, int argc, char **argv);
int ctl_cert_show(struct ctl *ctl, int argc, char **argv);
int ctl_cert_from_sums(struct ctl *ctl, int argc, char **argv);
int ctl_cert_from_ima(struct ctl *ctl, int argc, char **argv);
int ctl_cert_from_dpkg(struct ctl *ctl, int argc, char **argv);
int ctl_cert_remove(struct ctl *ctl, int argc, char **argv);
int ctl_trust_add(struct ctl *ctl, int argc, char **argv);
int ctl_trust_list(struct ctl *ctl, int argc, char **argv);
int ctl_trust_remove(struct ctl *ctl, int argc, char **argv);
int ctl_attest(struct ctl *ctl, int argc, char **argv);
int ctl_challenge(struct ctl *ctl, int argc, char **argv);
int ctl_verify(struct ctl *ctl, int argc, char **argv);

#endif /* VTPMCTL_H */
