/* SPDX-License-Identifier: GPL-2.0-only */
/* The file that "attest" writes and "verify" reads: JSON, all bytes in hexadecimal. */
#ifndef VTPMCTL_ATTEST_H
#define VTPMCTL_ATTEST_H

#include "vtpmctl.h"

#define ATTEST_VERSION			"vtpm-attestation"	/* 1 */
#define ATTEST_BANK			"bank"			/* "sha256" */
#define ATTEST_KEY			"key"			/* TPMT_PUBLIC */
#define ATTEST_KEY_PEM			"key-pem"		/* the same for OpenSSL */
#define ATTEST_QUOTE			"quote"			/* TPMS_ATTEST */
#define ATTEST_QUOTE_SIGNATURE		"quote-signature"	/* TPMT_SIGNATURE */
#define ATTEST_IDENTITY			"identity"		/* of NV_Certify */
#define ATTEST_IDENTITY_SIGNATURE	"identity-signature"	/* TPMT_SIGNATURE */
#define ATTEST_PCRS			"pcrs"			/* "0": value, "1": ... */
#define ATTEST_LOG			"log"			/* crypto-agile; may be absent */
#define ATTEST_CERTIFICATES		"certificates"		/* a PEM file; may be absent */

#define ATTEST_SHA256		0x000b
#define ATTEST_NONCE_MAX	64
#define ATTEST_FILE_MAX		(32 * 1024 * 1024)

#define ATTEST_DIGEST_MAX	64
#define ATTEST_SIGNATURE_MAX	1024
#define ATTEST_EXTRA_MAX	66

struct attest_bank {
	const char *name;
	uint16_t alg;
	uint16_t size;
};

/* Bytes that are somebody else's, or that attest_load() has allocated */
struct attest_bytes {
	const unsigned char *p;
	size_t len;
};

/**
 * struct attestation - a file of "attest", its bytes not yet looked at
 * @bank: whose PCRs
 * @key: TPMT_PUBLIC
 * @quote: TPMS_ATTEST
 * @quote_signature: TPMT_SIGNATURE
 * @identity: TPMS_ATTEST
 * @identity_signature: TPMT_SIGNATURE
 * @log: empty: there is none
 * @certificates: likewise
 * @pcrs: which ones have a @value, bit by bit
 * @value: each as long as @bank's digests
 */
struct attestation {
	const struct attest_bank *bank;
	struct attest_bytes key;
	struct attest_bytes quote;
	struct attest_bytes quote_signature;
	struct attest_bytes identity;
	struct attest_bytes identity_signature;
	struct attest_bytes log;
	struct attest_bytes certificates;
	uint32_t pcrs;
	unsigned char value[VTPMCTL_PCRS][ATTEST_DIGEST_MAX];
};

/* attest_file.c */
const struct attest_bank *attest_bank_named(const char *name);
const struct attest_bank *attest_bank_of(uint16_t alg);
/* NULL: not hexadecimal. The caller frees it. */
unsigned char *attest_unhex(const char *hex, size_t digits, size_t *len);
/* The member @key in hexadecimal; the caller frees b->p. False: there is none. */
bool attest_get_bytes(struct json_object *json, const char *key, struct attest_bytes *b);
int attest_load(const char *path, struct attestation *a);
void attest_free(struct attestation *a);
/* To --output, or to standard output */
int attest_write(const struct ctl *ctl, struct json_object *object);

/* Reading a TPM's structures: big-endian, and never past the end. */
struct attest_reader {
	const unsigned char *p;
	size_t left;
	bool bad;
};

struct attest_reader attest_reader(struct attest_bytes b);
uint64_t attest_number(struct attest_reader *r, size_t bytes);
struct attest_bytes attest_take(struct attest_reader *r, size_t len);
struct attest_bytes attest_2b(struct attest_reader *r);
bool attest_done(const struct attest_reader *r);	/* all of it, and nothing was missing */

/* verify_key.c */
struct evp_pkey_st;
struct verify_key {
	struct evp_pkey_st *pkey;
	uint16_t scheme;	/* TPM_ALG_ID */
	uint16_t hash;
	uint32_t attributes;	/* TPMA_OBJECT */
	uint16_t name_alg;
	unsigned char name[2 + ATTEST_DIGEST_MAX];
	size_t name_len;
};

/* NULL, or why it is none that could sign */
const char *verify_key_parse(struct attest_bytes public, struct verify_key *key);
/* NULL, or why it may have signed what its TPM has not made */
const char *verify_key_restricted(const struct verify_key *key);
void verify_key_free(struct verify_key *key);
char *verify_key_pem(const struct verify_key *key);	/* the caller frees it */
/* The digest of @data, with one of the banks' hashes. */
bool verify_digest(uint16_t alg, struct attest_bytes data, unsigned char *digest);
/* NULL, or why it is none */
const char *verify_signature(const struct verify_key *key, struct attest_bytes data,
			     struct attest_bytes signature);
/* Is it the public key in the PEM file? */
int verify_key_is(const struct verify_key *key, const char *path, bool *same);
/* Does a certificate in PEM @have say so, one that chains up to the file @ca? NULL, or why not. */
int verify_key_certified(const struct verify_key *key, struct attest_bytes have, const char *ca,
			 const char **why);

struct stack_st_X509;
struct stack_st_X509 *verify_certificates(const char *pem, size_t len);
struct x509_st;
/* Does it chain up to the file @ca, through those in @have, and is it for @usage? As above */
int verify_certificate(struct x509_st *cert, struct attest_bytes have, const char *ca,
		       const char *usage, const char **why);

#endif /* VTPMCTL_ATTEST_H */
