// SPDX-License-Identifier: GPL-2.0-only
/* The file of a challenge. */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "challenge.h"

#define FILE_MAX	0x10000

static bool get_ek(struct json_object *json, struct challenge *c)
{
	struct json_object *value;
	BIO *bio;

	if (!json_object_object_get_ex(json, CHALLENGE_EK, &value) ||
	    !json_object_is_type(value, json_type_string))
		return false;
	bio = BIO_new_mem_buf(json_object_get_string(value), json_object_get_string_len(value));
	c->ek = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	BIO_free(bio);
	return c->ek;
}

/* NULL, or which member is not as it has to be. */
static const char *get_all(struct json_object *json, struct challenge *c)
{
	struct json_object *version;

	if (!json_object_is_type(json, json_type_object) ||
	    !json_object_object_get_ex(json, CHALLENGE_VERSION, &version) ||
	    json_object_get_int(version) != 1)
		return CHALLENGE_VERSION;
	if (!get_ek(json, c))
		return CHALLENGE_EK;
	if (!attest_get_bytes(json, CHALLENGE_NAME, &c->name))
		return CHALLENGE_NAME;
	if (!attest_get_bytes(json, CHALLENGE_CREDENTIAL, &c->credential))
		return CHALLENGE_CREDENTIAL;
	if (!attest_get_bytes(json, CHALLENGE_SECRET, &c->secret))
		return CHALLENGE_SECRET;
	if (!attest_get_bytes(json, CHALLENGE_NONCE, &c->nonce) || c->nonce.len != CHALLENGE_DIGEST)
		return CHALLENGE_NONCE;
	return NULL;
}

int challenge_load(const char *path, struct challenge *c)
{
	struct json_object *json;
	const char *wrong;
	char *text;
	size_t len;
	int code = ctl_read_file(path, FILE_MAX, &text, &len);

	*c = (struct challenge){ };
	if (code)
		return code;
	json = strlen(text) == len ? json_tokener_parse(text) : NULL;
	free(text);
	if (!json)
		return ctl_fail(CTL_GENERAL, ctl_file_name(path), "is no JSON");
	wrong = get_all(json, c);
	json_object_put(json);
	if (!wrong)
		return CTL_OK;
	challenge_free(c);
	return ctl_fail(CTL_GENERAL, ctl_file_name(path),
			"is no challenge: \"%s\" is missing or not well formed", wrong);
}

void challenge_free(struct challenge *c)
{
	EVP_PKEY_free(c->ek);
	free((void *)c->name.p);
	free((void *)c->credential.p);
	free((void *)c->secret.p);
	free((void *)c->nonce.p);
	*c = (struct challenge){ };
}
