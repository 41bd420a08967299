// SPDX-License-Identifier: GPL-2.0-only
/* Answers a challenge: TPM2_ActivateCredential with the endorsement key, for "attest". */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <tss2/tss2_esys.h>
#include <tss2/tss2_mu.h>
#include <tss2/tss2_rc.h>

#include "challenge.h"

/**
 * struct ek - the endorsement key in the TPM
 * @esys: the way there
 * @handle: the key's
 * @made: it was made here, and is flushed at the end
 * @by_policy: it wants what the TCG's profile has for its policy
 * @hash: of its name
 */
struct ek {
	ESYS_CONTEXT *esys;
	ESYS_TR handle;
	bool made;
	bool by_policy;
	TPM2_ALG_ID hash;
};

static int tpm_failed(const char *what, TSS2_RC rc)
{
	return ctl_fail(CTL_GENERAL, what, "%s", Tss2_RC_Decode(rc));
}

/* ---- the key ---- */

#define EK_ATTRIBUTES	(TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | \
			 TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_ADMINWITHPOLICY | \
			 TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT)

/* TPM2_PolicySecret with the endorsement hierarchy */
#define EK_POLICY { .size = 32, .buffer = { \
	0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xb3, 0xf8, 0x1a, 0x90, 0xcc, 0x8d, 0x46, 0xa5, 0xd7, \
	0x24, 0xfd, 0x52, 0xd7, 0x6e, 0x06, 0x52, 0x0b, 0x64, 0xf2, 0xa1, 0xda, 0x1b, 0x33, 0x14, \
	0x69, 0xaa } }

#define EK_SYMMETRIC { \
	.algorithm = TPM2_ALG_AES, .keyBits.aes = 128, .mode.aes = TPM2_ALG_CFB, \
}

/* Templates L-1 and L-2 of the TCG's profile of endorsement keys */
static const TPM2B_PUBLIC rsa_template = {
	.publicArea = {
		.type = TPM2_ALG_RSA,
		.nameAlg = TPM2_ALG_SHA256,
		.objectAttributes = EK_ATTRIBUTES,
		.authPolicy = EK_POLICY,
		.parameters.rsaDetail = {
			.symmetric = EK_SYMMETRIC,
			.scheme.scheme = TPM2_ALG_NULL,
			.keyBits = 2048,
		},
		.unique.rsa.size = 256,
	},
};

static const TPM2B_PUBLIC ecc_template = {
	.publicArea = {
		.type = TPM2_ALG_ECC,
		.nameAlg = TPM2_ALG_SHA256,
		.objectAttributes = EK_ATTRIBUTES,
		.authPolicy = EK_POLICY,
		.parameters.eccDetail = {
			.symmetric = EK_SYMMETRIC,
			.scheme.scheme = TPM2_ALG_NULL,
			.curveID = TPM2_ECC_NIST_P256,
			.kdf.scheme = TPM2_ALG_NULL,
		},
		.unique.ecc = { .x.size = 32, .y.size = 32 },
	},
};

/* The key that the challenge is for says which template. */
static int make_ek(struct ek *ek, EVP_PKEY *public)
{
	const TPM2B_SENSITIVE_CREATE nothing = { };
	const TPML_PCR_SELECTION no_pcrs = { };
	const TPM2B_DATA no_data = { };
	const TPM2B_PUBLIC *template = NULL;
	TSS2_RC rc;

	if (EVP_PKEY_get_base_id(public) == EVP_PKEY_RSA && EVP_PKEY_get_bits(public) == 2048)
		template = &rsa_template;
	else if (EVP_PKEY_get_base_id(public) == EVP_PKEY_EC && EVP_PKEY_get_bits(public) == 256)
		template = &ecc_template;
	if (!template)
		return ctl_fail(CTL_USAGE, "the challenge",
				"is for an endorsement key whose handle --ek has to say");
	rc = Esys_CreatePrimary(ek->esys, ESYS_TR_RH_ENDORSEMENT, ESYS_TR_PASSWORD, ESYS_TR_NONE,
				ESYS_TR_NONE, &nothing, template, &no_data, &no_pcrs, &ek->handle,
				NULL, NULL, NULL, NULL);
	ek->made = !rc;
	ek->by_policy = true;
	ek->hash = TPM2_ALG_SHA256;
	return rc ? tpm_failed("the endorsement key", rc) : CTL_OK;
}

static int find_ek(struct ek *ek, const char *name)
{
	TPM2B_PUBLIC *public;
	unsigned long handle;
	char *end;
	TSS2_RC rc;

	errno = 0;
	handle = strtoul(name, &end, 0);
	if (errno || *end || handle >> 24 != TPM2_HT_PERSISTENT)
		return ctl_fail(CTL_USAGE, name, "not the handle of a persistent key");
	rc = Esys_TR_FromTPMPublic(ek->esys, handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
				   &ek->handle);
	if (!rc)
		rc = Esys_ReadPublic(ek->esys, ek->handle, ESYS_TR_NONE, ESYS_TR_NONE,
				     ESYS_TR_NONE, &public, NULL, NULL);
	if (rc)
		return tpm_failed(name, rc);
	ek->by_policy = !(public->publicArea.objectAttributes & TPMA_OBJECT_USERWITHAUTH);
	ek->hash = public->publicArea.nameAlg;
	Esys_Free(public);
	return CTL_OK;
}

/* ---- its policy ---- */

static TSS2_RC start_policy(const struct ek *ek, ESYS_TR *session)
{
	static const TPMT_SYM_DEF none = { .algorithm = TPM2_ALG_NULL };
	TSS2_RC rc;

	rc = Esys_StartAuthSession(ek->esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
				   ESYS_TR_NONE, ESYS_TR_NONE, NULL, TPM2_SE_POLICY, &none,
				   ek->hash, session);
	if (rc)
		return rc;
	Esys_TRSess_SetAttributes(ek->esys, *session, TPMA_SESSION_CONTINUESESSION, 0xff);
	return Esys_PolicySecret(ek->esys, ESYS_TR_RH_ENDORSEMENT, *session, ESYS_TR_PASSWORD,
				 ESYS_TR_NONE, ESYS_TR_NONE, NULL, NULL, NULL, 0, NULL, NULL);
}

/* ---- the answer ---- */

/* A response code of the TPM's that is not about handles or sessions */
static bool about_a_parameter(TSS2_RC rc)
{
	return !(rc >> 16) && rc & TPM2_RC_FMT1 && rc & TPM2_RC_P;
}

static int activate(const struct ek *ek, ESYS_TR ak, const TPM2B_ID_OBJECT *credential,
		    const TPM2B_ENCRYPTED_SECRET *secret, unsigned char *nonce, size_t *len)
{
	ESYS_TR session = ESYS_TR_NONE;
	TPM2B_DIGEST *opened;
	TSS2_RC rc = ek->by_policy ? start_policy(ek, &session) : TSS2_RC_SUCCESS;
	int code = CTL_OK;

	if (rc)
		code = tpm_failed("the endorsement key's policy", rc);
	if (!code)
		rc = Esys_ActivateCredential(ek->esys, ak, ek->handle, ESYS_TR_PASSWORD,
					     ek->by_policy ? session : ESYS_TR_PASSWORD,
					     ESYS_TR_NONE, credential, secret, &opened);
	if (!code && rc)
		code = about_a_parameter(rc) ?
		       ctl_fail(CTL_GENERAL, "the challenge",
				"is not for this TPM's endorsement key, or was changed: %s",
				Tss2_RC_Decode(rc)) :
		       tpm_failed("TPM2_ActivateCredential", rc);
	if (session != ESYS_TR_NONE)
		Esys_FlushContext(ek->esys, session);
	if (code)
		return code;
	*len = opened->size;
	memcpy(nonce, opened->buffer, opened->size);
	Esys_Free(opened);
	return CTL_OK;
}

static int check_name(ESYS_CONTEXT *esys, ESYS_TR ak, const struct challenge *c)
{
	TPM2B_NAME *name;
	TSS2_RC rc = Esys_TR_GetName(esys, ak, &name);
	bool same;

	if (rc)
		return tpm_failed("the attestation key", rc);
	same = name->size == c->name.len && !memcmp(name->name, c->name.p, name->size);
	Esys_Free(name);
	return same ? CTL_OK : ctl_fail(CTL_GENERAL, "the challenge",
					"is for another attestation key than this one");
}

int challenge_answer(ESYS_CONTEXT *esys, ESYS_TR ak, const char *ek_handle,
		     const struct challenge *c, unsigned char *nonce, size_t *len)
{
	TPM2B_ENCRYPTED_SECRET secret;
	TPM2B_ID_OBJECT credential;
	struct ek ek = { .esys = esys };
	size_t at = 0, secret_at = 0;
	int code = check_name(esys, ak, c);

	if (!code && (Tss2_MU_TPM2B_ID_OBJECT_Unmarshal(c->credential.p, c->credential.len, &at,
							&credential) ||
		      Tss2_MU_TPM2B_ENCRYPTED_SECRET_Unmarshal(c->secret.p, c->secret.len,
							       &secret_at, &secret) ||
		      at != c->credential.len || secret_at != c->secret.len))
		code = ctl_fail(CTL_GENERAL, "the challenge", "is not well formed");
	if (!code)
		code = ek_handle ? find_ek(&ek, ek_handle) : make_ek(&ek, c->ek);
	if (!code)
		code = activate(&ek, ak, &credential, &secret, nonce, len);
	if (ek.made)
		Esys_FlushContext(esys, ek.handle);
	return code;
}
