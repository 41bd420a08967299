/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a policy says, read from its text. The kernel has taken the text, so what is not
 * understood here is passed over.
 */
#ifndef VTPMCTL_POLICY_TEXT_H
#define VTPMCTL_POLICY_TEXT_H

#include "vtpmctl.h"

#define POLICY_LOCALITIES	5
#define POLICY_BANKS		4	/* sha1, sha256, sha384, sha512 */
#define POLICY_PROVIDERS	8
#define POLICY_OPTIONS		4	/* of a provider */
#define POLICY_WORD		64
#define POLICY_RULE		256	/* "signed=PARTY key=DIGEST" */

enum { POLICY_READ, POLICY_SEAL, POLICY_QUOTE, POLICY_OPS };

extern const char *const policy_op_names[POLICY_OPS];

/**
 * struct policy_effect - what a rule says, or that there is none
 * @line: the rule's; 0: no rule
 * @what: provider's name, "hide" or "deny"
 */
struct policy_effect {
	unsigned int line;
	char what[POLICY_WORD];
};

struct policy_option {
	char name[POLICY_WORD];
	char value[POLICY_WORD];
};

/**
 * struct policy_provider - a provider and its options
 * @name: how policies name it
 * @options: how many of @option there are
 * @option: those that are known of it; others have their default
 */
struct policy_provider {
	char name[POLICY_WORD];
	unsigned int options;
	struct policy_option option[POLICY_OPTIONS];
};

/**
 * struct policy_text - a policy
 * @version: its own; 0: it has none
 * @update: who may replace it, as the text says it with single blanks; "admin" without
 * @banks: that the instance may have, bit by bit
 * @providers: how many of @provider there are
 * @provider: in the order of vectors, hence "hash" first
 * @cell: for an operation, a locality, a bank and a PCR: which rule counts
 */
struct policy_text {
	unsigned long long version;
	char update[POLICY_RULE];
	unsigned int banks;
	unsigned int providers;
	struct policy_provider provider[POLICY_PROVIDERS];
	struct policy_effect cell[POLICY_OPS][POLICY_LOCALITIES][POLICY_BANKS][VTPMCTL_PCRS];
};

/* The caller frees it. */
struct policy_text *policy_text_read(const char *text, size_t len);
/* Version and update rule, to an answer in JSON */
void policy_text_json(struct json_object *object, const char *text, size_t len);
bool policy_is_provider(const struct policy_effect *e);	/* and not hide or deny */
/* NULL: there is none of that name */
const struct policy_provider *policy_provider_named(const struct policy_text *p, const char *name);
/* NULL: it was not said */
const char *policy_option(const struct policy_provider *p, const char *name);
/* "0-7,10" or "all", bit by bit */
uint32_t policy_list(const char *list);
/* The other way round; the caller frees it. */
char *policy_list_text(uint32_t pcrs);

#endif /* VTPMCTL_POLICY_TEXT_H */
