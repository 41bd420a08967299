/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the parser share: parse.c has the table of statements, the
 * others have what the statements say. Nobody else includes this.
 */
#ifndef VTPM_PARSER_H
#define VTPM_PARSER_H

#include "policy.h"
#include "text.h"
#include "../crypto/crypto.h"

#define VTPM_CELL_UNSET		0xfd	/* no rule has said anything of it yet */
#define VTPM_NO_PROVIDER	0xff

#define VTPM_ALL_PCRS		((u32)BIT(VTPM_PCR_COUNT) - 1)
#define VTPM_ALL_OPS		((u32)BIT(VTPM_OP_COUNT) - 1)

static_assert(VTPM_MAX_PROVIDERS < VTPM_CELL_UNSET);
static_assert(VTPM_MAX_BANKS == VT_HASH_COUNT);
static_assert(VTPM_PCR_COUNT < 32);

/* Lists of names: what vtpm_parse_names() reads. */
enum { VTPM_LIST_COMMANDS, VTPM_LIST_ALGORITHMS, VTPM_LISTS };

/**
 * struct vtpm_parser - the policy under construction
 * @text: where reading is
 * @policy: not yet anyone's; has what was read so far
 * @mem: for allocations
 * @rules: rules read so far
 * @list_mode: of each list of names: 0: none yet, 1: of what is denied, 2: of what is allowed
 * @list_line: where the last statement with such a list is
 * @list_column: likewise
 * @seen: statements read so far that may be there once; bit i: row i of the table
 */
struct vtpm_parser {
	struct vtpm_text text;
	struct vtpm_policy *policy;
	struct vt_mem *mem;
	unsigned int rules;
	u8 list_mode[VTPM_LISTS];
	u32 list_line;
	u32 list_column;
	u32 seen;
};

/* The end of the line, where something is missing. */
static inline u32 vtpm_line_end(const struct vtpm_parser *p)
{
	return p->text.line_len + 1;
}

/*
 * Statements. @first: the statement's own word; @arg: of its row. 0; -EINVAL: p->text.err
 * has the reason; -ENOMEM.
 */
int vtpm_parse_provider(struct vtpm_parser *p, const struct vtpm_word *first, u32 arg);
int vtpm_parse_names(struct vtpm_parser *p, const struct vtpm_word *first, u32 list);
int vtpm_parse_limit(struct vtpm_parser *p, const struct vtpm_word *first, u32 arg);
int vtpm_parse_key(struct vtpm_parser *p, const struct vtpm_word *first, u32 arg);
int vtpm_parse_migration(struct vtpm_parser *p, const struct vtpm_word *first, u32 arg);
int vtpm_parse_disclose(struct vtpm_parser *p, const struct vtpm_word *first, u32 arg);
int vtpm_parse_version(struct vtpm_parser *p, const struct vtpm_word *first, u32 arg);
int vtpm_parse_update(struct vtpm_parser *p, const struct vtpm_word *first, u32 arg);
int vtpm_parse_rule(struct vtpm_parser *p, const struct vtpm_word *first, u32 ops);

/* ---- words that several statements have ---- */

/* -EINVAL when the line goes on. */
int vtpm_parse_end(struct vtpm_parser *p);
/* The bit of a bank. */
int vtpm_parse_bank_name(struct vtpm_parser *p, const struct vtpm_word *w, u32 *bank);

/**
 * struct vtpm_list_kind - what a list of numbers counts
 * @one: what one is called, for errors
 * @many: likewise several
 * @max: the largest number, below 32
 */
struct vtpm_list_kind {
	const char *one;
	const char *many;
	unsigned int max;
};

/* "all", or numbers and ranges such as 0-7,10; a bit for each. Moves @w. */
int vtpm_parse_list(struct vtpm_parser *p, struct vtpm_word *w, const struct vtpm_list_kind *kind,
		    u32 *bits);

/* ---- providers.c ---- */

extern const struct vtpm_list_kind vtpm_pcr_list;

/* Takes over the caller's reference to @ops, also when it fails. */
struct vtpm_policy_provider *vtpm_add_provider(struct vtpm_parser *p,
					       const struct vtpm_provider *ops);
/* Its index, or VTPM_NO_PROVIDER. */
unsigned int vtpm_find_provider(const struct vtpm_policy *policy, const struct vtpm_word *w);

/* ---- allow.c ---- */

/* After the last statement. -EINVAL: what is left is no TPM. */
int vtpm_close_profile(struct vtpm_parser *p);

/* ---- rules.c ---- */

/* What no rule has said: audit goes with read, all else by the first provider. */
void vtpm_fill_cells(struct vtpm_policy *policy);

#endif /* VTPM_PARSER_H */
