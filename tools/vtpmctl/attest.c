// SPDX-License-Identifier: GPL-2.0-only
/*
 * "attest": what a guest tells a verifier of its TPM, gathered with standard commands
 * alone: a quote, the index that says what the instance is as TPM2_NV_Certify signs it,
 * the PCRs' values, and whatever files the verifier may want to see. verify.c reads it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tss2/tss2_esys.h>
#include <tss2/tss2_mu.h>
#include <tss2/tss2_rc.h>
#include <tss2/tss2_tctildr.h>

#include "challenge.h"

#define TRIES	3	/* of a quote: PCRs can change between it and the reading */

/**
 * struct attester - one run
 * @ctl: the command line
 * @esys: the way to the TPM
 * @tcti: its transport
 * @ak: the key that signs
 * @made: @ak was made here, and is flushed at the end
 * @hash: of the bank (TPM2_ALG_ID)
 * @size: bytes of its digests
 * @pcrs: which ones, bit by bit
 * @nonce: what the verifier chose
 * @value: of the PCRs
 * @bundle: the answer
 */
struct attester {
	struct ctl *ctl;
	ESYS_CONTEXT *esys;
	TSS2_TCTI_CONTEXT *tcti;
	ESYS_TR ak;
	bool made;
	TPM2_ALG_ID hash;
	size_t size;
	uint32_t pcrs;
	TPM2B_DATA nonce;
	TPM2B_DIGEST value[VTPMCTL_PCRS];
	struct json_object *bundle;
};

static int tpm_failed(const char *what, TSS2_RC rc)
{
	return ctl_fail(CTL_GENERAL, what, "%s", Tss2_RC_Decode(rc));
}

/* A key's signatures may be counted, and each of them is one. */
static int sign_failed(const char *what, TSS2_RC rc)
{
	if ((rc & 0xbf) == TPM2_RC_KEY && rc >> 16 == 0)
		return ctl_fail(CTL_GENERAL, what,
				"the key does not sign, or has signed as often as the policy lets it");
	return tpm_failed(what, rc);
}

static void add_hex(struct json_object *object, const char *key, const void *data, size_t len)
{
	char *hex = ctl_hex(data, len);

	ctl_json_string(object, key, hex);
	free(hex);
}

/* ---- the key ---- */

/* A restricted signing key signs nothing that the TPM has not made itself. */
static const TPM2B_PUBLIC ak_template = {
	.publicArea = {
		.type = TPM2_ALG_ECC,
		.nameAlg = TPM2_ALG_SHA256,
		.objectAttributes = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |
				    TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_USERWITHAUTH |
				    TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_SIGN_ENCRYPT,
		.parameters.eccDetail = {
			.symmetric.algorithm = TPM2_ALG_NULL,
			.scheme = {
				.scheme = TPM2_ALG_ECDSA,
				.details.ecdsa.hashAlg = TPM2_ALG_SHA256,
			},
			.curveID = TPM2_ECC_NIST_P256,
			.kdf.scheme = TPM2_ALG_NULL,
		},
	},
};

/* Of the endorsement hierarchy: the same key each time, and the counters are in clear. */
static int make_key(struct attester *a)
{
	const TPM2B_SENSITIVE_CREATE nothing = { };
	const TPML_PCR_SELECTION no_pcrs = { };
	const TPM2B_DATA no_data = { };
	TSS2_RC rc;

	rc = Esys_CreatePrimary(a->esys, ESYS_TR_RH_ENDORSEMENT, ESYS_TR_PASSWORD, ESYS_TR_NONE,
				ESYS_TR_NONE, &nothing, &ak_template, &no_data, &no_pcrs, &a->ak,
				NULL, NULL, NULL, NULL);
	a->made = !rc;
	return rc ? tpm_failed("the attestation key", rc) : CTL_OK;
}

static int get_key(struct attester *a)
{
	unsigned long handle;
	char *end;
	TSS2_RC rc;

	if (!a->ctl->ak)
		return make_key(a);
	errno = 0;
	handle = strtoul(a->ctl->ak, &end, 0);
	if (errno || *end || handle >> 24 != TPM2_HT_PERSISTENT)
		return ctl_fail(CTL_USAGE, a->ctl->ak, "not the handle of a persistent key");
	rc = Esys_TR_FromTPMPublic(a->esys, handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
				   &a->ak);
	return rc ? tpm_failed(a->ctl->ak, rc) : CTL_OK;
}

/* For who is to certify the key; the verifier takes no notice of it. */
static int add_pem(struct attester *a, struct attest_bytes public)
{
	struct verify_key key;
	const char *why = verify_key_parse(public, &key);
	char *pem = why ? NULL : verify_key_pem(&key);

	if (why)
		return ctl_fail(CTL_GENERAL, a->ctl->ak ?: "the attestation key", "%s", why);
	ctl_json_string(a->bundle, ATTEST_KEY_PEM, pem);
	free(pem);
	verify_key_free(&key);
	return CTL_OK;
}

static int add_key(struct attester *a)
{
	uint8_t area[sizeof(TPMT_PUBLIC)];
	TPM2B_PUBLIC *public;
	size_t len = 0;
	TSS2_RC rc;

	rc = Esys_ReadPublic(a->esys, a->ak, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &public,
			     NULL, NULL);
	if (rc)
		return tpm_failed("the attestation key", rc);
	rc = Tss2_MU_TPMT_PUBLIC_Marshal(&public->publicArea, area, sizeof(area), &len);
	Esys_Free(public);
	if (rc)
		return tpm_failed("the attestation key", rc);
	add_hex(a->bundle, ATTEST_KEY, area, len);
	return add_pem(a, (struct attest_bytes){ area, len });
}

static int add_signed(struct attester *a, const char *key, const char *signature_key,
		      const TPM2B_ATTEST *attest, const TPMT_SIGNATURE *signature)
{
	uint8_t area[sizeof(TPMT_SIGNATURE)];
	size_t len = 0;
	TSS2_RC rc;

	rc = Tss2_MU_TPMT_SIGNATURE_Marshal(signature, area, sizeof(area), &len);
	if (rc)
		return tpm_failed(key, rc);
	json_object_object_del(a->bundle, key);
	json_object_object_del(a->bundle, signature_key);
	add_hex(a->bundle, key, attest->attestationData, attest->size);
	add_hex(a->bundle, signature_key, area, len);
	return CTL_OK;
}

/* ---- PCRs and the quote ---- */

static TPML_PCR_SELECTION selection(const struct attester *a, uint32_t pcrs)
{
	return (TPML_PCR_SELECTION){
		.count = 1,
		.pcrSelections[0] = {
			.hash = a->hash,
			.sizeofSelect = 3,
			.pcrSelect = { pcrs & 0xff, pcrs >> 8 & 0xff, pcrs >> 16 & 0xff },
		},
	};
}

static uint32_t selected(const TPML_PCR_SELECTION *in)
{
	const uint8_t *s = in->pcrSelections[0].pcrSelect;

	return in->count ? s[0] | s[1] << 8 | (uint32_t)s[2] << 16 : 0;
}

/* A TPM tells as many at a time as it likes; one that it will not tell has no value. */
static int read_pcrs(struct attester *a)
{
	uint32_t left = a->pcrs;

	memset(a->value, 0, sizeof(a->value));
	while (left) {
		TPML_PCR_SELECTION want = selection(a, left), *got;
		TPML_DIGEST *values;
		uint32_t told, n = 0;
		unsigned int pcr;
		TSS2_RC rc;

		rc = Esys_PCR_Read(a->esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &want, NULL,
				   &got, &values);
		if (rc)
			return tpm_failed("TPM2_PCR_Read", rc);
		told = selected(got) & left;
		for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
			if (told & 1u << pcr && n < values->count)
				a->value[pcr] = values->digests[n++];
		Esys_Free(got);
		Esys_Free(values);
		left &= ~told;
		if (!told)
			break;
	}
	return CTL_OK;
}

static void add_pcrs(struct attester *a)
{
	struct json_object *object = json_object_new_object();
	unsigned int pcr;
	char key[12];

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++) {
		snprintf(key, sizeof(key), "%u", pcr);
		if (a->value[pcr].size)
			add_hex(object, key, a->value[pcr].buffer, a->value[pcr].size);
	}
	json_object_object_del(a->bundle, ATTEST_PCRS);
	json_object_object_add(a->bundle, ATTEST_PCRS, object);
}

static int quote(struct attester *a)
{
	static const TPMT_SIG_SCHEME of_the_key = { .scheme = TPM2_ALG_NULL };
	TPML_PCR_SELECTION want = selection(a, a->pcrs);
	TPMT_SIGNATURE *signature;
	TPM2B_ATTEST *attest;
	TSS2_RC rc;
	int code;

	rc = Esys_Quote(a->esys, a->ak, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &a->nonce,
			&of_the_key, &want, &attest, &signature);
	if (rc)
		return sign_failed("TPM2_Quote", rc);
	code = add_signed(a, ATTEST_QUOTE, ATTEST_QUOTE_SIGNATURE, attest, signature);
	Esys_Free(attest);
	Esys_Free(signature);
	return code;
}

/* One that the policy does not let be read would leave the quote without an explanation. */
static void quote_what_is_known(struct attester *a)
{
	unsigned int pcr;

	for (pcr = 0; pcr < VTPMCTL_PCRS; pcr++)
		if (!a->value[pcr].size && !a->ctl->log)
			a->pcrs &= ~(1u << pcr);
}

/* Values before the quote and behind it are the same, or they are not the ones quoted. */
static int quote_pcrs(struct attester *a)
{
	TPM2B_DIGEST before[VTPMCTL_PCRS];
	int code, try;

	code = read_pcrs(a);
	quote_what_is_known(a);
	for (try = 0; !code && try < TRIES; try++) {
		memcpy(before, a->value, sizeof(before));
		code = quote(a);
		if (!code)
			code = read_pcrs(a);
		if (!code && !memcmp(before, a->value, sizeof(before)))
			break;
	}
	if (!code && try == TRIES)
		code = ctl_fail(CTL_BUSY, "PCRs", "they changed each time that they were quoted");
	add_pcrs(a);
	return code;
}

/* ---- what the instance is ---- */

static int certify(struct attester *a, ESYS_TR index)
{
	static const TPMT_SIG_SCHEME of_the_key = { .scheme = TPM2_ALG_NULL };
	TPMT_SIGNATURE *signature;
	TPM2B_ATTEST *attest;
	TSS2_RC rc;
	int code;

	rc = Esys_NV_Certify(a->esys, a->ak, index, index, ESYS_TR_PASSWORD, ESYS_TR_PASSWORD,
			     ESYS_TR_NONE, &a->nonce, &of_the_key, VTPM_IDENTITY_SIZE, 0, &attest,
			     &signature);
	if (rc)
		return sign_failed("TPM2_NV_Certify", rc);
	code = add_signed(a, ATTEST_IDENTITY, ATTEST_IDENTITY_SIGNATURE, attest, signature);
	Esys_Free(attest);
	Esys_Free(signature);
	return code;
}

static int identity(struct attester *a)
{
	ESYS_TR index;
	TSS2_RC rc;
	int code;

	rc = Esys_TR_FromTPMPublic(a->esys, VTPM_IDENTITY_NV_INDEX, ESYS_TR_NONE, ESYS_TR_NONE,
				   ESYS_TR_NONE, &index);
	if (rc)
		return ctl_fail(CTL_UNSUPPORTED, "the TPM",
				"has no NV index 0x%08x: it is none of vtpm's",
				VTPM_IDENTITY_NV_INDEX);
	code = certify(a, index);
	Esys_TR_Close(a->esys, &index);
	return code;
}

/* ---- files that go with it ---- */

static int add_file(struct attester *a, const char *key, const char *path)
{
	char *data;
	size_t len;
	int code;

	if (!path)
		return CTL_OK;
	code = ctl_read_file(path, ATTEST_FILE_MAX, &data, &len);
	if (code)
		return code;
	add_hex(a->bundle, key, data, len);
	free(data);
	return CTL_OK;
}

/* ---- the whole ---- */

/* One sentence says what is wrong; libtss2 would add its own. */
static int connect_tpm(struct attester *a)
{
	TSS2_RC rc;

	setenv("TSS2_LOG", "all+none", 0);
	rc = Tss2_TctiLdr_Initialize(a->ctl->tcti ?: "device:/dev/tpmrm0", &a->tcti);
	if (!rc)
		rc = Esys_Initialize(&a->esys, a->tcti, NULL);
	if (rc)
		return ctl_fail(CTL_DEVICE, a->ctl->tcti ?: "/dev/tpmrm0",
				"no TPM answers there: %s", Tss2_RC_Decode(rc));
	return CTL_OK;
}

/*
 * The nonce is in the challenge, for the TPM alone to read. What it gives is told to whoever
 * sees the quote, so it has to be a nonce: something else that was encrypted for this TPM
 * would not have the digest, unless its author wants it known.
 */
static int take_challenge(struct attester *a)
{
	unsigned char digest[CHALLENGE_DIGEST];
	struct challenge c;
	size_t len = 0;
	int code;

	if (!a->ctl->challenge)
		return CTL_OK;
	code = challenge_load(a->ctl->challenge, &c);
	if (code)
		return code;
	code = challenge_answer(a->esys, a->ak, a->ctl->ek, &c, a->nonce.buffer, &len);
	a->nonce.size = len;
	if (!code) {
		verify_digest(ATTEST_SHA256, (struct attest_bytes){ a->nonce.buffer, len }, digest);
		if (memcmp(digest, c.nonce.p, sizeof(digest)))
			code = ctl_fail(CTL_GENERAL, ctl_file_name(a->ctl->challenge),
					"has another nonce in it than it says");
	}
	challenge_free(&c);
	return code;
}

static int gather(struct attester *a)
{
	int code = get_key(a);

	if (!code)
		code = take_challenge(a);
	if (!code)
		code = add_key(a);
	if (!code)
		code = quote_pcrs(a);
	if (!code)
		code = identity(a);
	if (!code)
		code = add_file(a, ATTEST_LOG, a->ctl->log);
	if (!code)
		code = add_file(a, ATTEST_CERTIFICATES, a->ctl->certificates);
	return code;
}

static int parse(struct attester *a, int argc, char **argv)
{
	const struct attest_bank *bank = attest_bank_named(a->ctl->bank ?: "sha256");
	unsigned char *nonce;
	size_t len;
	int code = CTL_OK, i;

	if (!bank)
		return ctl_fail(CTL_USAGE, a->ctl->bank, "not sha1, sha256, sha384 or sha512");
	a->hash = bank->alg;
	a->size = bank->size;
	for (i = 0; i < argc && !code; i++)
		code = ctl_parse_pcrs(argv[i], &a->pcrs);
	if (!argc)
		a->pcrs = (1u << VTPMCTL_PCRS) - 1;
	if (!code && a->ctl->nonce && a->ctl->challenge)
		code = ctl_fail(CTL_USAGE, "--nonce", "the challenge has one already");
	if (code || !a->ctl->nonce)
		return code;
	nonce = attest_unhex(a->ctl->nonce, strlen(a->ctl->nonce), &len);
	if (!nonce || !len || len > ATTEST_NONCE_MAX)
		code = ctl_fail(CTL_USAGE, a->ctl->nonce, "not 1 to %d bytes in hexadecimal",
				ATTEST_NONCE_MAX);
	if (!code) {
		a->nonce.size = len;
		memcpy(a->nonce.buffer, nonce, len);
	}
	free(nonce);
	return code;
}

int ctl_attest(struct ctl *ctl, int argc, char **argv)
{
	struct attester a = { .ctl = ctl };
	int code;

	code = parse(&a, argc, argv);
	if (code)
		return code;
	a.bundle = json_object_new_object();
	ctl_json_number(a.bundle, ATTEST_VERSION, 1);
	ctl_json_string(a.bundle, ATTEST_BANK, ctl->bank ?: "sha256");
	code = connect_tpm(&a);
	if (!code)
		code = gather(&a);
	if (a.made)
		Esys_FlushContext(a.esys, a.ak);
	if (a.esys)
		Esys_Finalize(&a.esys);
	if (a.tcti)
		Tss2_TctiLdr_Finalize(&a.tcti);
	if (!code)
		code = attest_write(ctl, a.bundle);
	json_object_put(a.bundle);
	return code;
}
