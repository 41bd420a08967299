/* SPDX-License-Identifier: GPL-2.0-only */
/* The file that "challenge" writes, and "attest" and "verify" read: JSON. */
#ifndef VTPMCTL_CHALLENGE_H
#define VTPMCTL_CHALLENGE_H

#include "attest.h"

#define CHALLENGE_VERSION	"vtpm-challenge"	/* 1 */
#define CHALLENGE_EK		"ek-pem"		/* whose TPM is to answer */
#define CHALLENGE_NAME		"key-name"		/* of the key that is to sign, hex */
#define CHALLENGE_CREDENTIAL	"credential"		/* TPM2B_ID_OBJECT, hex */
#define CHALLENGE_SECRET	"encrypted-secret"	/* TPM2B_ENCRYPTED_SECRET, hex */
#define CHALLENGE_NONCE		"nonce-sha256"		/* of what is in the credential, hex */

#define CHALLENGE_NONCE_SIZE	32
#define CHALLENGE_DIGEST	32

struct evp_pkey_st;

/**
 * struct challenge - a file of "challenge"
 * @ek: the endorsement key's public half
 * @name: TPM2B_NAME's name of the attestation key
 * @credential: TPM2B_ID_OBJECT
 * @secret: TPM2B_ENCRYPTED_SECRET
 * @nonce: SHA-256 of it: who knows it has opened @credential
 */
struct challenge {
	struct evp_pkey_st *ek;
	struct attest_bytes name;
	struct attest_bytes credential;
	struct attest_bytes secret;
	struct attest_bytes nonce;
};

/* challenge_file.c */
int challenge_load(const char *path, struct challenge *c);
void challenge_free(struct challenge *c);

/* credential.c: TPM2_MakeCredential without a TPM, for keys of the TCG's profile of EKs */
struct credential {
	unsigned char id_object[2 + 2 + 64 + 2 + 64];
	size_t id_object_len;
	unsigned char secret[2 + 512];
	size_t secret_len;
};

/* NULL, or why there is none. @value: no longer than the digests of the EK's name */
const char *credential_make(struct evp_pkey_st *ek, struct attest_bytes name,
			    struct attest_bytes value, struct credential *c);

/* activate.c: the other side, in the TPM. */
struct ESYS_CONTEXT;
int challenge_answer(struct ESYS_CONTEXT *esys, uint32_t ak, const char *ek,
		     const struct challenge *c, unsigned char *nonce, size_t *len);

#endif /* VTPMCTL_CHALLENGE_H */
