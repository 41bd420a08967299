/* SPDX-License-Identifier: GPL-2.0-only */
/* X.509 for TPM2_CertifyX509: what of a certificate comes in (x509_in.c) and goes out (x509.c). */
#ifndef VTPM_TPM2_X509_H
#define VTPM_TPM2_X509_H

#include "engine.h"

#define X509_SEQUENCE		0x30
#define X509_ALGORITHM_MAX	96	/* bytes of the largest AlgorithmIdentifier */
#define X509_PUBLIC_KEY_MAX	(VT_RSA_MAX_BYTES + 64)	/* of the largest SubjectPublicKeyInfo */

/**
 * struct x509_partial - the elements of partialCertificate, each with its tag and length
 * @algorithm: signature; size 0 when the TPM has to add it
 * @middle: issuer, validity and subject, which follow one another
 * @extensions: with its tag, [3]
 * @key_usage: bit 0 of the BIT STRING is the most significant one
 * @has_attributes: the extension with a TPMA_OBJECT is there
 * @attributes: its value
 */
struct x509_partial {
	struct tpm2b algorithm;
	struct tpm2b middle;
	struct tpm2b extensions;
	u32 key_usage;
	bool has_attributes;
	u32 attributes;
};

/*
 * Takes apart what anybody may have written. TPM_RC_SIZE: it is not one SEQUENCE; TPM_RC_VALUE:
 * not DER, or not the elements of a certificate, or without the key's usage.
 */
tpm_rc tpm2_x509_split(struct tpm2b der, struct x509_partial *out);

/* Tag and length of what has @len bytes. */
void tpm2_x509_header(struct tpm2_writer *w, u8 tag, u32 len);
/* AlgorithmIdentifier of a signature. False: X.509 has none for it. */
bool tpm2_x509_algorithm(struct tpm2_writer *w, const struct tpm2_object *key,
			 const struct tpmt_scheme *scheme);
/* SubjectPublicKeyInfo. False: of another type, or the public area has no key in it. */
bool tpm2_x509_public_key(struct tpm2_writer *w, const struct tpmt_public *pub);

#endif /* VTPM_TPM2_X509_H */
