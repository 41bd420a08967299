// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values of PCRs in a text, as "vtpmctl pcr" and tpm2_pcrread print them: a bank, "sha256:",
 * and its PCRs below it, "7 : 0x...". Taken whole or not at all.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

#define PCRS_FILE_MAX	0x100000
#define BLANKS		" \t\r"
#define HIDDEN		"hidden"	/* by the policy of the TPM that was read */

/**
 * struct pcrs_text - a text that is read
 * @l: where
 * @at: in its line
 * @alg: the bank whose PCRs come; NULL: none has been named
 * @lines: of PCRs
 * @to: what is known
 */
struct pcrs_text {
	struct ctl_lines l;
	size_t at;
	const struct ctl_alg *alg;
	unsigned int lines;
	struct ctl_pcrs *to;
};

/* Behind @len bytes, and blanks */
static void skip(struct pcrs_text *t, size_t len)
{
	t->at += len;
	t->at += strspn(t->l.line + t->at, BLANKS);
}

static bool take_colon(struct pcrs_text *t)
{
	if (t->l.line[t->at] != ':')
		return false;
	skip(t, 1);
	return true;
}

static int read_bank(struct pcrs_text *t)
{
	const char *name = t->l.line + t->at;
	size_t len = strcspn(name, BLANKS ":\n"), column = t->at + 1;

	skip(t, len);
	if (!take_colon(t))
		return ctl_fail_line(&t->l, column, "neither a bank nor a PCR's value");
	t->alg = ctl_alg_by_name(name, len);
	if (!t->alg)
		return ctl_fail_line(&t->l, column,
				     "not a bank that is known here: sha1, sha256, sha384, sha512");
	return CTL_OK;
}

static int read_value(struct pcrs_text *t, unsigned int pcr)
{
	uint8_t *to = t->to->value[t->alg - ctl_algs][pcr], digest[CTL_DIGEST_MAX];
	bool *known = &t->to->known[t->alg - ctl_algs][pcr];
	size_t digits = 2 * t->alg->size;
	const char *value = t->l.line + t->at;

	if (strncmp(value, "0x", 2) || !ctl_unhex(value + 2, digits, digest) ||
	    isxdigit((unsigned char)value[2 + digits]))
		return ctl_fail_line(&t->l, t->at + 1, "not a value of %s: 0x and %zu digits",
				     t->alg->name, digits);
	if (*known && memcmp(to, digest, t->alg->size))
		return ctl_fail_line(&t->l, t->at + 1, "PCR %u of %s has another value above", pcr,
				     t->alg->name);
	memcpy(to, digest, t->alg->size);
	*known = true;
	skip(t, 2 + digits);
	return CTL_OK;
}

static int read_pcr(struct pcrs_text *t)
{
	size_t column = t->at + 1, digits = strspn(t->l.line + t->at, "0123456789");
	unsigned long pcr = strtoul(t->l.line + t->at, NULL, 10);

	if (pcr >= VTPMCTL_PCRS)
		return ctl_fail_line(&t->l, column, "not a PCR from 0 to %d", VTPMCTL_PCRS - 1);
	skip(t, digits);
	if (!take_colon(t))
		return ctl_fail_line(&t->l, column, "neither a bank nor a PCR's value");
	if (!t->alg)
		return ctl_fail_line(&t->l, column, "no bank has been named for this PCR");
	t->lines++;
	if (strncmp(t->l.line + t->at, HIDDEN, strlen(HIDDEN)))
		return read_value(t, pcr);
	skip(t, strlen(HIDDEN));
	return CTL_OK;
}

static int read_line(struct pcrs_text *t)
{
	const char *nul = memchr(t->l.line, 0, t->l.line_len);
	int code;

	if (nul)
		return ctl_fail_line(&t->l, nul - t->l.line + 1, "a NUL byte");
	t->at = 0;
	skip(t, 0);
	if (t->at == t->l.line_len)
		return CTL_OK;
	code = isdigit((unsigned char)t->l.line[t->at]) ? read_pcr(t) : read_bank(t);
	if (!code && t->at < t->l.line_len)
		code = ctl_fail_line(&t->l, t->at + 1, "this is too much");
	return code;
}

int ctl_pcrs_read(const char *path, struct ctl_pcrs *pcrs)
{
	struct pcrs_text t = { .l.path = path, .to = pcrs };
	char *text;
	int code = ctl_read_file(path, PCRS_FILE_MAX, &text, &t.l.len);

	if (code)
		return code;
	t.l.text = text;
	memset(pcrs, 0, sizeof(*pcrs));
	while (!code && ctl_next_line(&t.l))
		code = read_line(&t);
	if (!code && !t.lines)
		code = ctl_fail(CTL_GENERAL, ctl_file_name(path), "there is no PCR in it");
	free(text);
	return code;
}
