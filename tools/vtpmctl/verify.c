// SPDX-License-Identifier: GPL-2.0-only
/*
 * "verify": what the file of an attestation proves, what it does not, and what is wrong
 * with it, in words. Nothing in the file is believed before the signature over it is
 * checked, and nothing that no signature covers is believed at all. No TPM is asked.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "verify.h"

#define TPM_GENERATED	0xff544347u
#define ST_ATTEST_NV	0x8014
#define ST_ATTEST_QUOTE	0x8018

/* ---- the answer ---- */

static const char *const words[VERIFY_WORDS] = {
	[VERIFY_PROVED] = "proved",
	[VERIFY_NOT_PROVED] = "not proved",
	[VERIFY_WRONG] = "wrong",
	[VERIFY_CLAIMED] = "claimed",
};

void verify_say(struct verify *v, enum verify_word word, const char *format, ...)
{
	struct json_object *list;
	char *text, *clean;
	va_list ap;

	if (word == VERIFY_PROVED && !v->vouched)
		word = VERIFY_CLAIMED;
	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		abort();
	va_end(ap);
	clean = ctl_clean(text);
	v->said[word]++;
	if (v->answer) {
		json_object_object_get_ex(v->answer, words[word], &list);
		json_object_array_add(list, json_object_new_string(clean));
	} else {
		printf("%s: %s\n", words[word], clean);
	}
	free(clean);
	free(text);
}

static char *numbers(uint32_t pcrs)
{
	char *text = ctl_format("%s", ""), *longer;
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		if (!(pcrs & 1u << pcr))
			continue;
		longer = ctl_format("%s%s%u", text, *text ? ", " : "", pcr);
		free(text);
		text = longer;
	}
	return text;
}

void verify_say_pcrs(struct verify *v, enum verify_word word, uint32_t pcrs, const char *before,
		     const char *format, ...)
{
	char *list = numbers(pcrs), *after;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&after, format, ap) < 0)
		abort();
	va_end(ap);
	if (pcrs)
		verify_say(v, word, "%s %s%s", before, list, after);
	free(after);
	free(list);
}

/* ---- TPMS_ATTEST ---- */

bool verify_same(struct attest_bytes a, struct attest_bytes b)
{
	return a.len == b.len && !memcmp(a.p, b.p, a.len);
}

/* Up to what is attested; the rest is left in @h->rest. */
static bool read_head(struct verify *v, const char *what, struct attest_bytes data,
		      uint16_t type, struct verify_head *h)
{
	struct attest_reader r = attest_reader(data);

	if (attest_number(&r, 4) != TPM_GENERATED) {
		verify_say(v, VERIFY_WRONG, "the %s was not made by a TPM: it has no TPM's mark",
			   what);
		return false;
	}
	if (attest_number(&r, 2) != type) {
		verify_say(v, VERIFY_WRONG, "the %s is an attestation of another type", what);
		return false;
	}
	h->signer = attest_2b(&r);
	h->extra = attest_2b(&r);
	h->clock = attest_number(&r, 8);
	h->resets = attest_number(&r, 4);
	h->restarts = attest_number(&r, 4);
	h->safe = attest_number(&r, 1);
	h->firmware = attest_number(&r, 8);
	h->rest = r;
	if (r.bad)
		verify_say(v, VERIFY_WRONG, "the %s is not well formed", what);
	return !r.bad;
}

static bool check_signature(struct verify *v, const char *what, struct attest_bytes data,
			    struct attest_bytes signature)
{
	const char *why = verify_signature(&v->key, data, signature);

	if (why)
		verify_say(v, VERIFY_WRONG, "the signature of the %s: %s", what, why);
	return !why;
}

/* ---- the key ---- */

static bool check_key(struct verify *v, const struct attestation *a)
{
	const char *why = verify_key_parse(a->key, &v->key) ?: verify_key_restricted(&v->key);

	if (why)
		verify_say(v, VERIFY_WRONG, "the key: %s", why);
	return !why;
}

static int check_signer(struct verify *v, const struct attestation *a)
{
	const char *why = NULL;
	bool is = false;
	int code = CTL_OK;

	if (v->ctl->ak) {
		code = verify_key_is(&v->key, v->ctl->ak, &is);
		v->vouched |= is;
		if (!code)
			verify_say(v, is ? VERIFY_PROVED : VERIFY_WRONG,
				   is ? "the key is the one that was expected (%s)" :
				   "the key is another one than was expected (%s)", v->ctl->ak);
	}
	if (!code && v->ctl->ca) {
		code = verify_key_certified(&v->key, a->certificates, v->ctl->ca, &why);
		v->vouched |= !code && !why;
		if (!code && why)
			verify_say(v, VERIFY_WRONG, "%s does not vouch for the key: %s",
				   v->ctl->ca, why);
		else if (!code)
			verify_say(v, VERIFY_PROVED, "%s vouches for the key as one of a TPM",
				   v->ctl->ca);
	}
	if (!code && v->ctl->challenge)
		code = verify_challenge(v);
	if (!v->ctl->ak && !v->ctl->ca && !v->ctl->challenge)
		verify_say(v, VERIFY_NOT_PROVED,
			   "whose key it is, and that a TPM has it: none of --ak, --ca and --challenge says so");
	return code;
}

/* ---- freshness ---- */

static int check_nonce(struct verify *v)
{
	unsigned char *nonce;
	size_t len = 0;
	bool good;

	if (v->ctl->challenge)
		return CTL_OK;
	if (!v->ctl->nonce) {
		verify_say(v, VERIFY_NOT_PROVED, "when it was made: no --nonce was given");
		return CTL_OK;
	}
	nonce = attest_unhex(v->ctl->nonce, strlen(v->ctl->nonce), &len);
	if (!nonce || !len || len > ATTEST_NONCE_MAX) {
		free(nonce);
		return ctl_fail(CTL_USAGE, v->ctl->nonce, "not 1 to %d bytes in hexadecimal",
				ATTEST_NONCE_MAX);
	}
	v->fresh = true;
	good = verify_same(v->quote.extra, (struct attest_bytes){ nonce, len });
	if (!good)
		verify_say(v, VERIFY_WRONG, "the quote was made for another nonce");
	if (!verify_same(v->identity.extra, (struct attest_bytes){ nonce, len })) {
		verify_say(v, VERIFY_WRONG, "the identity was certified for another nonce");
		good = false;
	}
	if (good)
		verify_say(v, VERIFY_PROVED, "it was made after the nonce was given out");
	free(nonce);
	return CTL_OK;
}

/* The two have to be of one TPM in one run of it, the identity after the quote. */
static void check_clock(struct verify *v)
{
	const struct verify_head *q = &v->quote, *i = &v->identity;

	if (!verify_same(q->signer, i->signer) || q->firmware != i->firmware)
		verify_say(v, VERIFY_WRONG, "quote and identity are not of the same TPM");
	if (q->resets != i->resets || q->restarts != i->restarts || i->clock < q->clock) {
		verify_say(v, VERIFY_WRONG,
			   "quote and identity are not of the same run, one after the other");
		return;
	}
	if (!q->safe || !i->safe)
		verify_say(v, VERIFY_NOT_PROVED,
			   "that the TPM's clock never went back: it was not shut down in order");
}

/* ---- an earlier attestation ---- */

static void compare_runs(struct verify *v, const struct verify *was)
{
	const struct verify_head *then = &was->identity, *now = &v->quote;

	if (now->resets < then->resets || now->clock < then->clock ||
	    (now->resets == then->resets && now->restarts < then->restarts)) {
		verify_say(v, VERIFY_WRONG, "it is older than %s, or the TPM has gone back in time",
			   v->ctl->before);
		return;
	}
	verify_say(v, VERIFY_PROVED,
		   "it is later than %s; resets since then: %u, changes of the policy: %u",
		   v->ctl->before, now->resets - then->resets,
		   verify_policy_changes(v->contents) - verify_policy_changes(was->contents));
}

static int check_before(struct verify *v)
{
	struct verify was = { .ctl = v->ctl, .answer = v->answer, .vouched = v->vouched };
	struct attestation earlier;
	int code;

	if (!v->ctl->before)
		return CTL_OK;
	code = attest_load(v->ctl->before, &earlier);
	if (code)
		return code;
	if (!verify_signed(&was, &earlier) || !verify_identity_read(&was))
		verify_say(v, VERIFY_WRONG, "%s is no attestation to compare with", v->ctl->before);
	else if (was.key.name_len != v->key.name_len ||
		 memcmp(was.key.name, v->key.name, v->key.name_len) ||
		 memcmp(was.contents.p + VTPM_IDENTITY_UUID_AT,
			v->contents.p + VTPM_IDENTITY_UUID_AT, 16))
		verify_say(v, VERIFY_WRONG, "%s is of another instance or key", v->ctl->before);
	else
		compare_runs(v, &was);
	verify_key_free(&was.key);
	attest_free(&earlier);
	return CTL_OK;
}

/* ---- the whole ---- */

/* What nothing else is worth looking at without: the key, and its two signatures. */
bool verify_signed(struct verify *v, const struct attestation *a)
{
	bool good;

	if (!check_key(v, a))
		return false;
	good = check_signature(v, "quote", a->quote, a->quote_signature);
	good &= check_signature(v, "identity", a->identity, a->identity_signature);
	return good && read_head(v, "quote", a->quote, ST_ATTEST_QUOTE, &v->quote) &&
	       read_head(v, "identity", a->identity, ST_ATTEST_NV, &v->identity);
}

static int check_all(struct verify *v, const struct attestation *a)
{
	int code;

	if (!verify_signed(v, a))
		return CTL_OK;
	code = check_signer(v, a);
	if (!code)
		code = check_nonce(v);
	if (code)
		return code;
	check_clock(v);
	if (!verify_identity_read(v))
		return CTL_OK;
	code = verify_identity(v);
	if (!code)
		code = check_before(v);
	if (!code)
		code = verify_pcrs(v, a);
	return code;
}

static struct json_object *new_answer(void)
{
	struct json_object *answer = json_object_new_object();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		json_object_object_add(answer, words[i], json_object_new_array());
	return answer;
}

int ctl_verify(struct ctl *ctl, int argc, char **argv)
{
	struct verify v = { .ctl = ctl, .answer = ctl->json ? new_answer() : NULL };
	struct ctl_pcrs host;
	struct attestation a;
	int code = CTL_OK;

	(void)argc;
	if (ctl->nonce && ctl->challenge)
		return ctl_fail(CTL_USAGE, "--nonce", "the challenge has one already");
	if (ctl->host_pcrs) {
		code = ctl_pcrs_read(ctl->host_pcrs, &host);
		v.host = &host;
	}
	if (!code)
		code = attest_load(argv[0], &a);
	if (code) {
		json_object_put(v.answer);
		return code;
	}
	code = check_all(&v, &a);
	if (v.answer && !code)
		ctl_json_print(v.answer);
	else
		json_object_put(v.answer);
	fflush(stdout);
	verify_key_free(&v.key);
	free(v.policy);
	attest_free(&a);
	if (!code && v.said[VERIFY_WRONG])
		code = ctl_fail(CTL_GENERAL, ctl_file_name(argv[0]), "is not to be relied on");
	else if (!code && (!v.vouched || !v.fresh))
		code = ctl_fail(CTL_GENERAL, ctl_file_name(argv[0]),
				"proves nothing without --nonce and --ak or --ca, or --challenge");
	return code;
}
