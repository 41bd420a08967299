// SPDX-License-Identifier: GPL-2.0-only
/* Is an attestation the answer to a challenge? */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "challenge.h"
#include "verify.h"

/* SHA-256 of the endorsement key, as a certificate has it */
static char *fingerprint(EVP_PKEY *ek)
{
	unsigned char digest[CHALLENGE_DIGEST], *der = NULL;
	int len = i2d_PUBKEY(ek, &der);
	char *hex;

	verify_digest(ATTEST_SHA256, (struct attest_bytes){ der, len > 0 ? len : 0 }, digest);
	hex = ctl_hex(digest, sizeof(digest));
	OPENSSL_free(der);
	return hex;
}

static bool knows(const struct challenge *c, struct attest_bytes nonce)
{
	unsigned char digest[CHALLENGE_DIGEST];

	return nonce.len && verify_digest(ATTEST_SHA256, nonce, digest) &&
	       !memcmp(digest, c->nonce.p, sizeof(digest));
}

static bool answers(struct verify *v, const struct challenge *c)
{
	struct attest_bytes name = { v->key.name, v->key.name_len };
	bool good = true;

	if (!verify_same(name, c->name)) {
		verify_say(v, VERIFY_WRONG, "the key is another one than %s is for",
			   v->ctl->challenge);
		good = false;
	}
	if (!knows(c, v->quote.extra)) {
		verify_say(v, VERIFY_WRONG, "the quote does not answer %s", v->ctl->challenge);
		good = false;
	}
	if (!knows(c, v->identity.extra)) {
		verify_say(v, VERIFY_WRONG, "the identity does not answer %s", v->ctl->challenge);
		good = false;
	}
	return good;
}

/*
 * The nonce was readable for the TPM with the endorsement key alone, while it held an object
 * with the name of the attestation key; and that key signed with it. The name says that the
 * object cannot leave its TPM.
 */
int verify_challenge(struct verify *v)
{
	struct challenge c;
	char *hex;
	int code = challenge_load(v->ctl->challenge, &c);

	if (code)
		return code;
	if (answers(v, &c)) {
		v->vouched = true;
		v->fresh = true;
		hex = fingerprint(c.ek);
		verify_say(v, VERIFY_PROVED,
			   "the key lives in the TPM with the endorsement key of %s, SHA-256 %s",
			   v->ctl->challenge, hex);
		verify_say(v, VERIFY_PROVED, "it was made after the challenge was given out");
		free(hex);
	}
	challenge_free(&c);
	return CTL_OK;
}
