// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy of an instance: from text to table.
 *
 * One statement a line, words separated by blanks, "#" at the beginning of a
 * word starts a comment. Printable ASCII and tabs alone; lines end with a
 * newline and have at most 255 bytes. In this order of dependence (a rule may
 * use only what stands above it):
 *
 *   name NAME
 *	what the admin calls the policy; [A-Za-z0-9._-], 1 to 63; once
 *   provider NAME [OPTION=VALUE...]
 *	one more property provider, so one more vector of vPCRs; its options are words,
 *	numbers or lists of PCRs, as the provider says. "hash" (the TCG's extend) is always
 *	there and takes no options; "certificate" takes represent=key|property and
 *	party=NAME; "log" entries=N; "map" none; "accumulate" pcrs=LIST into=PCR;
 *	"translate" these two and those of "certificate"
 *   host-tpm required|optional
 *	without a TPM of the host there is no instance, or it is made all the same
 *	(the default), and what maps the host's PCRs starts from the start values; once
 *   bank ALG...
 *	the banks that the instance may have: sha1, sha256, sha384, sha512; once,
 *	above all rules. All of them are active at first, and TPM2_PCR_Allocate
 *	chooses among them. Without this statement sha256 is active, and all may be
 *   command allow|deny NAME...
 *	only these commands are there (and those that no TPM can be without), or all
 *	others are; names as in Part 3, without "TPM2_". One way or the other, in any
 *	number of lines
 *   algorithm allow|deny NAME...
 *	likewise algorithms, curves and key sizes: sha1, ecdsa, ecc_nist_p256, rsa2048,
 *	aes128 ... Banks are chosen by "bank"
 *   limit [nv=BYTES] [objects=N] [sessions=N] [log=BYTES] [ak-uses=N]
 *	all NV indices together, loaded objects of one opener, active sessions, the
 *	measurement log, signatures of one attestation key; once
 *   key software|host [hierarchy=] [type=] [usage=] [template=]
 *	which keys are made where; host keys come later, and are refused until then
 *   migration forbidden | allowed | to=PROPERTY
 *	forbidden is the default, and all that is taken until there is a migration; once
 *   disclose nothing | host-quote | host-log | host-key
 *	what a guest gets of the host's TPM besides what providers map; likewise; once
 *   version N
 *	which one of its author's policies it is, from 1 on, at most 18 digits; once
 *   update never | admin | signed=PARTY [key=DIGEST]
 *	who may replace this policy; without it the admin; once. signed=: only with a
 *	text that this trusted party has signed, of a higher version than this one's,
 *	which is 0 where it says none; key=: SHA-256 of its public key
 *   OP pcr=LIST [bank=ALG] [locality=LIST] provider=NAME
 *	OP is read (TPM2_PCR_Read, sysfs), audit (TPM2_PCR_Read whose answer goes into
 *	an audit digest; as read, where no rule says another thing of it), seal
 *	(TPM2_PolicyPCR), quote (TPM2_Quote), certify (creation data), event (see
 *	below), or all. In this operation the provider's values are those of the PCRs
 *	in LIST: "all", or numbers and ranges such as 0-7,10. Without bank= in every
 *	bank, without locality= (0 to 4) in commands of every locality
 *   OP pcr=LIST [bank=ALG] [locality=LIST] hide
 *	in this operation the PCRs are as if the bank did not have them. Not for
 *	seal, nor for all, which includes seal: PolicyPCR over PCRs that are not
 *	there would be a policy that every state satisfies
 *   OP pcr=LIST [bank=ALG] [locality=LIST] deny
 *	the operation fails with TPM_RC_PCR when it touches one of the PCRs
 *
 * An event is that a guest extends a PCR (TPM2_PCR_Extend, TPM2_PCR_Event,
 * TPM2_EventSequenceComplete): deny refuses that, hide keeps the event's digests from
 * the answers of the latter two. No provider has to do with it, so provider= cannot be
 * said of event, and "all ... provider=" is about the other operations.
 *
 * The first rule that fits counts; where none does, provider hash. A rule of
 * which earlier rules leave nothing is an error, as the author must have meant
 * something else. Hiding a PCR from read does not keep it secret from one who
 * may use it for seal: a guess can be tried there.
 *
 * Another statement is one more row of the table "statements" and its parser.
 */
#include "parser.h"
#include "../property/property.h"

#define MAX_LINE	255

/* ---- words ---- */

int vtpm_parse_end(struct vtpm_parser *p)
{
	struct vtpm_word w;

	if (!vtpm_text_word(&p->text, &w))
		return 0;
	return vtpm_text_fail(&p->text, w.column, "\"%.*s\": nothing can follow here",
			      vtpm_shown(&w), w.s);
}

int vtpm_parse_bank_name(struct vtpm_parser *p, const struct vtpm_word *w, u32 *bank)
{
	const struct vt_hash_alg *alg = vt_hash_by_name(w->s, w->len);

	if (!alg)
		return vtpm_text_fail(&p->text, w->column,
				      "\"%.*s\": banks are sha1, sha256, sha384, sha512",
				      vtpm_shown(w), w->s);
	*bank = BIT(alg - vt_hash_algs);
	return 0;
}

static void skip(struct vtpm_word *w, size_t n)
{
	w->s += n;
	w->len -= n;
	w->column += n;
}

/* A number at the beginning of @w, which then begins behind it. */
static int parse_number(struct vtpm_parser *p, struct vtpm_word *w,
			const struct vtpm_list_kind *kind, unsigned int *number)
{
	unsigned int v = 0;
	size_t i;

	for (i = 0; i < w->len && isdigit((unsigned char)w->s[i]); i++)
		v = min(v * 10 + (w->s[i] - '0'), 1000u);
	if (!i)
		return vtpm_text_fail(&p->text, w->column, "expected the number of a %s",
				      kind->one);
	if (v > kind->max)
		return vtpm_text_fail(&p->text, w->column, "%s are 0 to %u", kind->many,
				      kind->max);
	skip(w, i);
	*number = v;
	return 0;
}

/* One number or range, up to the comma behind it or the end. */
static int parse_range(struct vtpm_parser *p, struct vtpm_word *w,
		       const struct vtpm_list_kind *kind, u32 *set)
{
	u32 column = w->column, bits;
	unsigned int low, high;
	int rc;

	rc = parse_number(p, w, kind, &low);
	if (rc)
		return rc;
	high = low;
	if (w->len && *w->s == '-') {
		skip(w, 1);
		rc = parse_number(p, w, kind, &high);
		if (rc)
			return rc;
	}
	if (high < low)
		return vtpm_text_fail(&p->text, column, "the range %u-%u runs backwards", low,
				      high);
	bits = (BIT(high + 1) - 1) & ~(BIT(low) - 1);
	if (*set & bits)
		return vtpm_text_fail(&p->text, column, "a %s is in the list twice", kind->one);
	*set |= bits;
	return 0;
}

int vtpm_parse_list(struct vtpm_parser *p, struct vtpm_word *w, const struct vtpm_list_kind *kind,
		    u32 *bits)
{
	int rc;

	*bits = 0;
	if (vtpm_word_is(w, "all")) {
		*bits = BIT(kind->max + 1) - 1;
		return 0;
	}
	for (;;) {
		rc = parse_range(p, w, kind, bits);
		if (rc || !w->len)
			return rc;
		if (*w->s != ',')
			return vtpm_text_fail(&p->text, w->column,
					      "expected \",\" between %s, as in 0-2,4", kind->many);
		skip(w, 1);
	}
}

/* ---- name ---- */

static int parse_name(struct vtpm_parser *p, const struct vtpm_word *first __always_unused,
		      u32 arg __always_unused)
{
	struct vtpm_word w;

	if (!vtpm_text_word(&p->text, &w))
		return vtpm_text_fail(&p->text, vtpm_line_end(p), "the policy's name is missing");
	if (!vtpm_word_is_name(&w, VTPM_NAME_MAX))
		return vtpm_text_fail(&p->text, w.column,
				      "a name is 1 to %d of A-Z a-z 0-9 . _ -", VTPM_NAME_MAX);
	vtpm_word_copy(&w, p->policy->name);
	return vtpm_parse_end(p);
}

/* ---- bank ---- */

static int parse_bank(struct vtpm_parser *p, const struct vtpm_word *first, u32 arg __always_unused)
{
	u32 banks = 0, bank = 0;
	struct vtpm_word w;
	int rc;

	if (p->rules)
		return vtpm_text_fail(&p->text, first->column,
				      "\"bank\" has to stand above all rules");
	while (vtpm_text_word(&p->text, &w)) {
		rc = vtpm_parse_bank_name(p, &w, &bank);
		if (rc)
			return rc;
		if (banks & bank)
			return vtpm_text_fail(&p->text, w.column, "bank \"%.*s\" a second time",
					      vtpm_shown(&w), w.s);
		banks |= bank;
	}
	if (!banks)
		return vtpm_text_fail(&p->text, vtpm_line_end(p), "the bank's name is missing");
	p->policy->banks = banks;
	p->policy->may = banks;
	p->policy->bank_line = p->text.number;
	p->policy->bank_column = first->column;
	return 0;
}

/* ---- host-tpm ---- */

static int parse_host_tpm(struct vtpm_parser *p, const struct vtpm_word *first,
			  u32 arg __always_unused)
{
	struct vtpm_word w;

	if (!vtpm_text_word(&p->text, &w))
		return vtpm_text_fail(&p->text, vtpm_line_end(p), "expected required or optional");
	p->policy->host_required = vtpm_word_is(&w, "required");
	if (!p->policy->host_required && !vtpm_word_is(&w, "optional"))
		return vtpm_text_fail(&p->text, w.column, "\"%.*s\": expected required or optional",
				      vtpm_shown(&w), w.s);
	p->policy->host_line = p->text.number;
	p->policy->host_column = first->column;
	return vtpm_parse_end(p);
}

/* ---- the whole ---- */

/**
 * struct statement - one kind of statement
 * @word: what it begins with
 * @parse: reads the rest of the line
 * @arg: for @parse
 * @once: a policy has one at most
 */
struct statement {
	const char *word;
	int (*parse)(struct vtpm_parser *p, const struct vtpm_word *first, u32 arg);
	u32 arg;
	bool once;
};

static const struct statement statements[] = {
	{ "name", parse_name, .once = true },
	{ "provider", vtpm_parse_provider },
	{ "bank", parse_bank, .once = true },
	{ "host-tpm", parse_host_tpm, .once = true },
	{ "command", vtpm_parse_names, VTPM_LIST_COMMANDS },
	{ "algorithm", vtpm_parse_names, VTPM_LIST_ALGORITHMS },
	{ "limit", vtpm_parse_limit, .once = true },
	{ "key", vtpm_parse_key },
	{ "migration", vtpm_parse_migration, .once = true },
	{ "disclose", vtpm_parse_disclose, .once = true },
	{ "version", vtpm_parse_version, .once = true },
	{ "update", vtpm_parse_update, .once = true },
	{ "read", vtpm_parse_rule, BIT(VTPM_OP_READ) },
	{ "audit", vtpm_parse_rule, BIT(VTPM_OP_AUDIT) },
	{ "seal", vtpm_parse_rule, BIT(VTPM_OP_SEAL) },
	{ "quote", vtpm_parse_rule, BIT(VTPM_OP_QUOTE) },
	{ "certify", vtpm_parse_rule, BIT(VTPM_OP_CERTIFY) },
	{ "event", vtpm_parse_rule, BIT(VTPM_OP_EVENT) },
	{ "all", vtpm_parse_rule, VTPM_ALL_OPS },
};

static_assert(ARRAY_SIZE(statements) <= 32);

static int parse_statement(struct vtpm_parser *p)
{
	const struct statement *s;
	struct vtpm_word w;
	unsigned int i;

	if (!vtpm_text_word(&p->text, &w))
		return 0;
	for (i = 0; i < ARRAY_SIZE(statements); i++)
		if (vtpm_word_is(&w, statements[i].word))
			break;
	if (i == ARRAY_SIZE(statements))
		return vtpm_text_fail(&p->text, w.column, "\"%.*s\" is no statement",
				      vtpm_shown(&w), w.s);
	s = &statements[i];
	if (s->once && p->seen & BIT(i))
		return vtpm_text_fail(&p->text, w.column, "a second \"%s\" statement", s->word);
	p->seen |= BIT(i);
	return s->parse(p, &w, s->arg);
}

static int parse_text(struct vtpm_parser *p)
{
	int rc;

	while ((rc = vtpm_text_line(&p->text)) > 0) {
		rc = parse_statement(p);
		if (rc)
			return rc;
	}
	return rc;
}

static struct vtpm_policy *new_policy(struct vtpm_parser *p, const char *text, size_t len)
{
	struct vtpm_policy *policy = vt_alloc(p->mem, struct_size(policy, text, len + 1));
	const struct vtpm_provider *hash;

	if (!policy)
		return NULL;
	if (len)
		memcpy(policy->text, text, len);
	policy->len = len;
	memset(&policy->cells, VTPM_CELL_UNSET, sizeof(policy->cells));
	policy->banks = BIT(vt_hash_by_name("sha256", 6) - vt_hash_algs);
	policy->may = BIT(VT_HASH_COUNT) - 1;
	policy->log_bytes = VTPM_LOG_BYTES;
	p->policy = policy;
	hash = vtpm_provider_get("hash", 4);
	if (hash && vtpm_add_provider(p, hash))
		return policy;
	vtpm_policy_free(p->mem, policy);
	return NULL;
}

int vtpm_policy_parse(const char *text, size_t len, struct vt_mem *mem,
		      struct vtpm_policy **policy, struct vtpm_text_error *err)
{
	struct vtpm_parser p = {
		.text = { .len = len, .max_line = MAX_LINE, .strict = true, .err = err },
		.mem = mem,
	};
	int rc;

	if (len > VTPM_MAX_POLICY)
		return vtpm_text_fail_at(err, 0, 0, "the policy has more than %d bytes",
					 VTPM_MAX_POLICY);
	if (!new_policy(&p, text, len))
		return -ENOMEM;
	p.text.text = p.policy->text;
	rc = parse_text(&p);
	if (!rc)
		rc = vtpm_close_profile(&p);
	if (rc) {
		vtpm_policy_free(mem, p.policy);
		return rc;
	}
	vtpm_fill_cells(p.policy);
	*policy = p.policy;
	return 0;
}

void vtpm_policy_free(struct vt_mem *mem, struct vtpm_policy *p)
{
	unsigned int i;

	if (!p)
		return;
	for (i = 0; i < p->providers; i++) {
		vtpm_provider_put(p->provider[i]->ops);
		vt_free(mem, p->provider[i]);
	}
	vt_free(mem, p->profile);
	vt_free(mem, p->by_locality);
	vt_free(mem, p);
}

const char *vtpm_policy_text(const struct vtpm_policy *p, size_t *len)
{
	*len = p->len;
	return p->text;
}

const char *vtpm_policy_name(const struct vtpm_policy *p)
{
	return p->name;
}
