// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the whole suite reaches, and trouble for every command in it; only with
 * VTPM_REACH=FILE. At its end each program appends to FILE a line "COMMAND RC" for
 * each code that a command's action gave, and "common RC" for what the pipeline
 * said before it; positions are taken off. tests/host/reach compares this with
 * the documentation. The linker sends tpm2_cmd_find() here (--wrap), so that the
 * two are told apart.
 *
 * The trouble: some times a command is first given with an allocation failing,
 * later and later, or cancelled, or with everything prepared void when the lock
 * comes back. As long as it answers TPM_RC_MEMORY, TPM_RC_CANCELED or TPM_RC_RETRY,
 * nothing may have changed: it is given again, and the test goes on.
 *
 * And secrets are looked for wherever they may not be left, see canary.h.
 */
#include "canary.h"

#include <stdio.h>
#include <stdlib.h>

#include "tpm2/engine.h"

#define CODES	0x1000	/* TPM_RC without its position */
#define ROWS	0x100	/* commands from TPM_CC_FIRST on; the last one is "common" */
#define COMMON	(ROWS - 1)
#define KINDS	3	/* of trouble */
#define TRIES	20	/* times that a program troubles each command, in each way, */
#define ENOUGH	2	/* unless so many ended well */
#define FAILS	40	/* allocations of one command that are made to fail */

const struct tpm2_cmd *__real_tpm2_cmd_find(u32 code);
const struct tpm2_cmd *__wrap_tpm2_cmd_find(u32 code);

static const char *record;
static bool reached[ROWS][CODES];
static struct tpm2_cmd rows[ROWS];
static u8 tries[ROWS][KINDS], good[ROWS][KINDS];
static __thread bool acted;	/* the command's action ran */

static void note(unsigned int row, u32 rc)
{
	if (rc & 0x80)
		rc &= 0xbf;	/* no parameter, handle or session number */
	else if (rc >= (__force u32)TPM_RC_REFERENCE_H0 && rc < (__force u32)TPM_RC_LOCKOUT)
		rc &= ~7u;
	reached[row][rc % CODES] = true;
}

static tpm_rc action(struct tpm2_call *c)
{
	tpm_rc rc;

	acted = true;
	rc = __real_tpm2_cmd_find(c->cmd->code)->action(c);
	note(c->cmd->code - TPM_CC_FIRST, (__force u32)rc);
	return rc;
}

const struct tpm2_cmd *__wrap_tpm2_cmd_find(u32 code)
{
	const struct tpm2_cmd *cmd = __real_tpm2_cmd_find(code);
	struct tpm2_cmd *row;

	if (!record || !cmd || cmd->code - TPM_CC_FIRST >= COMMON)
		return cmd;
	row = &rows[cmd->code - TPM_CC_FIRST];
	if (!row->action) {
		*row = *cmd;
		row->action = action;
	}
	return row;
}

static u32 once_noted(struct host_tpm *h, const struct host_tpm_once *once)
{
	u32 rc;

	acted = false;
	rc = host_tpm_once(h, once);
	if (!acted)
		note(COMMON, rc);
	return rc;
}

static void cleared(struct host_tpm *h)
{
	h->t->epoch++;
}

static bool calm(const struct host_tpm *h)
{
	return host_tpm_calm || vt_host_fail_alloc >= 0 || h->cancel || h->in_heavy;
}

/* The way in which a command was troubled least; KINDS when it is enough. */
static unsigned int pick_kind(unsigned int row)
{
	unsigned int i, kind = 0;

	for (i = 1; i < KINDS; i++)
		if (tries[row][i] < tries[row][kind])
			kind = i;
	return tries[row][kind] < TRIES ? kind : KINDS;
}

static bool ends_so(unsigned int kind, u32 rc)
{
	static const tpm_rc ends[KINDS] = { TPM_RC_MEMORY, TPM_RC_CANCELED, TPM_RC_RETRY };

	return rc == (__force u32)ends[kind] ||
	       (!kind && rc == (__force u32)TPM_RC_SESSION_MEMORY);
}

/* Return: the code of the last run, the first that did not end as its trouble wants. */
static u32 trouble(struct host_tpm *h, const struct host_tpm_once *once)
{
	u32 code = once->len < 10 ? 0 : get_unaligned_be32((const u8 *)once->cmd + 6);
	unsigned int row = code - TPM_CC_FIRST, heavy = h->heavy, kind = KINDS, n = 0;
	bool again = true;
	u32 rc = 0;

	if (!calm(h) && row < COMMON)
		kind = pick_kind(row);
	if (kind == KINDS)
		return once_noted(h, once);
	while (again) {
		h->heavy = heavy;
		vt_host_fail_alloc = kind == 0 && n < FAILS ? n : -1;
		h->cancel = kind == 1 && !n;
		h->in_heavy = kind == 2 && !n ? cleared : NULL;
		rc = once_noted(h, once);
		again = n++ <= FAILS && ends_so(kind, rc);
	}
	vt_host_fail_alloc = -1;
	h->cancel = false;
	h->in_heavy = NULL;
	tries[row][kind]++;
	if (!rc && ++good[row][kind] == ENOUGH)
		tries[row][kind] = TRIES;
	return rc;
}

static void write_record(void)
{
	const struct tpm2_cmd *cmd;
	unsigned int i, rc, secrets;
	const char *where;
	FILE *f = fopen(record, "a");

	secrets = canary_found(&where);
	if (secrets)
		printf("not ok T44_nothing_left - %u times a secret was left in %s\n", secrets,
		       where);
	if (!f)
		return;
	for (i = 0; i < ROWS; i++)
		for (rc = 0; rc < CODES; rc++) {
			if (!reached[i][rc])
				continue;
			cmd = __real_tpm2_cmd_find(TPM_CC_FIRST + i);
			fprintf(f, "%s %03x\n", i == COMMON ? "common" : cmd->name, rc);
		}
	fclose(f);
}

__attribute__((constructor)) static void begin(void)
{
	record = getenv("VTPM_REACH");
	if (!record)
		return;
	host_tpm_trouble = trouble;
	host_tpm_before = canary_before;
	host_tpm_after = canary_after;
	canary_start();
	atexit(write_record);
}
