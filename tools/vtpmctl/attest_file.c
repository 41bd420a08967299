// SPDX-License-Identifier: GPL-2.0-only
/* The file of an attestation, and the bytes of a TPM's structures in it. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attest.h"

static const struct attest_bank banks[] = {
	{ "sha1", 0x0004, 20 },
	{ "sha256", 0x000b, 32 },
	{ "sha384", 0x000c, 48 },
	{ "sha512", 0x000d, 64 },
};

const struct attest_bank *attest_bank_named(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(banks); i++)
		if (!strcmp(banks[i].name, name))
			return &banks[i];
	return NULL;
}

const struct attest_bank *attest_bank_of(uint16_t alg)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(banks); i++)
		if (banks[i].alg == alg)
			return &banks[i];
	return NULL;
}

static int nibble(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	c = tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

unsigned char *attest_unhex(const char *hex, size_t digits, size_t *len)
{
	unsigned char *out;
	size_t i;

	if (digits % 2)
		return NULL;
	out = ctl_alloc(digits / 2 + 1, 1);
	for (i = 0; i < digits; i += 2) {
		int high = nibble(hex[i]), low = nibble(hex[i + 1]);

		if (high < 0 || low < 0) {
			free(out);
			return NULL;
		}
		out[i / 2] = high << 4 | low;
	}
	*len = digits / 2;
	return out;
}

/* ---- TPM structures ---- */

struct attest_reader attest_reader(struct attest_bytes b)
{
	return (struct attest_reader){ .p = b.p, .left = b.len };
}

struct attest_bytes attest_take(struct attest_reader *r, size_t len)
{
	struct attest_bytes b = { .p = r->p, .len = len };

	if (r->bad || len > r->left) {
		r->bad = true;
		return (struct attest_bytes){ .p = (const unsigned char *)"" };
	}
	r->p += len;
	r->left -= len;
	return b;
}

uint64_t attest_number(struct attest_reader *r, size_t bytes)
{
	struct attest_bytes b = attest_take(r, bytes);
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < b.len; i++)
		v = v << 8 | b.p[i];
	return v;
}

struct attest_bytes attest_2b(struct attest_reader *r)
{
	return attest_take(r, attest_number(r, 2));
}

bool attest_done(const struct attest_reader *r)
{
	return !r->bad && !r->left;
}

/* ---- the file ---- */

bool attest_get_bytes(struct json_object *json, const char *key, struct attest_bytes *b)
{
	struct json_object *value;

	if (!json_object_object_get_ex(json, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return false;
	b->p = attest_unhex(json_object_get_string(value), json_object_get_string_len(value),
			    &b->len);
	return b->p;
}

static bool get_value(struct json_object *pcrs, unsigned int pcr, struct attestation *a)
{
	struct attest_bytes b = { };
	bool good = true;
	char key[12];

	snprintf(key, sizeof(key), "%u", pcr);
	if (!json_object_object_get_ex(pcrs, key, NULL))
		return true;
	good = attest_get_bytes(pcrs, key, &b) && b.len == a->bank->size;
	if (good) {
		memcpy(a->value[pcr], b.p, b.len);
		a->pcrs |= 1u << pcr;
	}
	free((void *)b.p);
	return good;
}

static bool get_pcrs(struct json_object *json, struct attestation *a)
{
	struct json_object *pcrs, *bank;
	unsigned int pcr;

	if (!json_object_object_get_ex(json, ATTEST_PCRS, &pcrs) ||
	    !json_object_is_type(pcrs, json_type_object) ||
	    !json_object_object_get_ex(json, ATTEST_BANK, &bank) ||
	    !json_object_is_type(bank, json_type_string))
		return false;
	a->bank = attest_bank_named(json_object_get_string(bank));
	for (pcr = 0; a->bank && pcr < VTPMCTL_PCRS; pcr++)
		if (!get_value(pcrs, pcr, a))
			return false;
	return a->bank;
}

/* NULL, or which member is not as it has to be. */
static const char *get_all(struct json_object *json, struct attestation *a)
{
	const struct {
		const char *key;
		struct attest_bytes *to;
		bool optional;
	} members[] = {
		{ ATTEST_KEY, &a->key, false },
		{ ATTEST_QUOTE, &a->quote, false },
		{ ATTEST_QUOTE_SIGNATURE, &a->quote_signature, false },
		{ ATTEST_IDENTITY, &a->identity, false },
		{ ATTEST_IDENTITY_SIGNATURE, &a->identity_signature, false },
		{ ATTEST_LOG, &a->log, true },
		{ ATTEST_CERTIFICATES, &a->certificates, true },
	};
	struct json_object *version;
	size_t i;

	if (!json_object_is_type(json, json_type_object) ||
	    !json_object_object_get_ex(json, ATTEST_VERSION, &version) ||
	    json_object_get_int(version) != 1)
		return ATTEST_VERSION;
	for (i = 0; i < ARRAY_SIZE(members); i++)
		if (!attest_get_bytes(json, members[i].key, members[i].to) &&
		    (!members[i].optional ||
		     json_object_object_get_ex(json, members[i].key, NULL)))
			return members[i].key;
	return get_pcrs(json, a) ? NULL : ATTEST_PCRS;
}

int attest_load(const char *path, struct attestation *a)
{
	struct json_object *json;
	const char *wrong;
	int code = CTL_OK;
	char *text;
	size_t len;

	*a = (struct attestation){ };
	code = ctl_read_file(path, 4 * (size_t)ATTEST_FILE_MAX, &text, &len);
	if (code)
		return code;
	json = strlen(text) == len ? json_tokener_parse(text) : NULL;
	free(text);
	if (!json)
		return ctl_fail(CTL_GENERAL, ctl_file_name(path), "is no JSON");
	wrong = get_all(json, a);
	json_object_put(json);
	if (wrong)
		code = ctl_fail(CTL_GENERAL, ctl_file_name(path),
				"is no attestation: \"%s\" is missing or not well formed", wrong);
	if (code)
		attest_free(a);
	return code;
}

void attest_free(struct attestation *a)
{
	free((void *)a->key.p);
	free((void *)a->quote.p);
	free((void *)a->quote_signature.p);
	free((void *)a->identity.p);
	free((void *)a->identity_signature.p);
	free((void *)a->log.p);
	free((void *)a->certificates.p);
	*a = (struct attestation){ };
}

int attest_write(const struct ctl *ctl, struct json_object *object)
{
	const char *text = json_object_to_json_string_ext(object,
							  JSON_C_TO_STRING_PRETTY |
							  JSON_C_TO_STRING_NOSLASHESCAPE);
	FILE *out = ctl->output ? fopen(ctl->output, "we") : stdout;
	bool bad;

	if (!out)
		return ctl_fail(CTL_GENERAL, ctl->output, "%s", strerror(errno));
	bad = fprintf(out, "%s\n", text) < 0;
	if (out != stdout)
		bad |= fclose(out);
	return bad ? ctl_fail(CTL_GENERAL, ctl->output ?: "<stdout>", "%s", strerror(errno)) :
		     CTL_OK;
}
