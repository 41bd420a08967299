// SPDX-License-Identifier: GPL-2.0-only
/*
 * "challenge": a nonce that only the TPM with a known endorsement key can read, and only while
 * it holds the key of an attestation. Who signs with that nonce is that TPM. None is asked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "challenge.h"

#define EK_FILE_MAX	0x100000
#define EK_USAGE	"2.23.133.8.1"	/* tcg-kp-EKCertificate */

/* ---- the endorsement key ---- */

static X509 *certificate_of(const char *data, size_t len)
{
	const unsigned char *der = (const unsigned char *)data;
	struct stack_st_X509 *all = verify_certificates(data, len);
	X509 *cert = sk_X509_shift(all);

	sk_X509_pop_free(all, X509_free);
	return cert ?: d2i_X509(NULL, &der, len);
}

static int check_certificate(const struct ctl *ctl, X509 *cert, struct attest_bytes have)
{
	const char *why;
	int code;

	if (!ctl->ca)
		return CTL_OK;
	if (!cert)
		return ctl_fail(CTL_GENERAL, ctl_file_name(ctl->ek),
				"is no certificate that --ca could have signed");
	code = verify_certificate(cert, have, ctl->ca, EK_USAGE, &why);
	if (!code && why)
		code = ctl_fail(CTL_GENERAL, ctl_file_name(ctl->ek),
				"%s does not vouch for it: %s", ctl->ca, why);
	return code;
}

/* A public key in PEM, or a certificate, in PEM or DER */
static int read_ek(const struct ctl *ctl, EVP_PKEY **ek)
{
	X509 *cert;
	char *data;
	size_t len;
	BIO *bio;
	int code = ctl_read_file(ctl->ek, EK_FILE_MAX, &data, &len);

	if (code)
		return code;
	bio = BIO_new_mem_buf(data, len);
	*ek = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	cert = *ek ? NULL : certificate_of(data, len);
	if (cert)
		*ek = X509_get_pubkey(cert);
	code = check_certificate(ctl, cert,
				 (struct attest_bytes){ (unsigned char *)data, len });
	if (!code && !*ek)
		code = ctl_fail(CTL_GENERAL, ctl_file_name(ctl->ek),
				"holds neither a public key in PEM nor a certificate");
	X509_free(cert);
	BIO_free(bio);
	free(data);
	return code;
}

/* ---- the key that is to sign ---- */

static int read_key(const char *path, struct verify_key *key)
{
	struct attestation a;
	const char *why;
	int code = attest_load(path, &a);

	if (code)
		return code;
	why = verify_key_parse(a.key, key) ?: verify_key_restricted(key);
	attest_free(&a);
	return why ? ctl_fail(CTL_GENERAL, ctl_file_name(path), "the key: %s", why) : CTL_OK;
}

/* ---- the file ---- */

static void add_hex(struct json_object *object, const char *key, const void *data, size_t len)
{
	char *hex = ctl_hex(data, len);

	ctl_json_string(object, key, hex);
	free(hex);
}

static void add_ek(struct json_object *object, EVP_PKEY *ek)
{
	struct verify_key key = { .pkey = ek };
	char *pem = verify_key_pem(&key);

	ctl_json_string(object, CHALLENGE_EK, pem);
	free(pem);
}

static int make(const struct ctl *ctl, EVP_PKEY *ek, const struct verify_key *key)
{
	struct attest_bytes name = { key->name, key->name_len };
	unsigned char nonce[CHALLENGE_NONCE_SIZE], digest[CHALLENGE_DIGEST];
	struct attest_bytes value = { nonce, sizeof(nonce) };
	struct json_object *object;
	struct credential c;
	const char *why;
	int code;

	if (RAND_bytes(nonce, sizeof(nonce)) != 1)
		return ctl_fail(CTL_GENERAL, "OpenSSL", "has no random numbers");
	why = credential_make(ek, name, value, &c);
	if (!why)
		verify_digest(ATTEST_SHA256, value, digest);
	OPENSSL_cleanse(nonce, sizeof(nonce));
	if (why)
		return ctl_fail(CTL_GENERAL, ctl_file_name(ctl->ek), "%s", why);
	object = json_object_new_object();
	ctl_json_number(object, CHALLENGE_VERSION, 1);
	add_ek(object, ek);
	add_hex(object, CHALLENGE_NAME, name.p, name.len);
	add_hex(object, CHALLENGE_CREDENTIAL, c.id_object, c.id_object_len);
	add_hex(object, CHALLENGE_SECRET, c.secret, c.secret_len);
	add_hex(object, CHALLENGE_NONCE, digest, sizeof(digest));
	code = attest_write(ctl, object);
	json_object_put(object);
	return code;
}

int ctl_challenge(struct ctl *ctl, int argc, char **argv)
{
	struct verify_key key = { };
	EVP_PKEY *ek = NULL;
	int code;

	(void)argc;
	if (!ctl->ek)
		return ctl_fail(CTL_USAGE, "challenge", "needs --ek FILE");
	code = read_key(argv[0], &key);
	if (!code)
		code = read_ek(ctl, &ek);
	if (!code)
		code = make(ctl, ek, &key);
	EVP_PKEY_free(ek);
	verify_key_free(&key);
	return code;
}
