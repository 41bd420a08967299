// SPDX-License-Identifier: GPL-2.0-only
/*
 * Differences from libtpms 0.9 that are known, each with the clause that
 * decides it. Documentation/design/differences.rst is printed from these rows
 * (diff --rows). A sequence ends where one side went on and the other did not.
 */
#include "accepted.h"

#define ROW(cc, o, t, cond, words, says) \
	{ .code = cc, .ours = o, .theirs = t, .when = cond, .what = words, .clause = says }

const struct accepted accepted_rows[] = {
	ROW(0, NUM(TPM_RC_BAD_TAG), ANY_RC, bad_tag,
	    "a tag that is neither of the two; libtpms: mostly TPM_RC_VALUE",
	    "Part 3, 5.2: TPM_RC_BAD_TAG; Part 2, 6.9: TPM_ST_RSP_COMMAND is the response's tag"),
	ROW(0, NUM(TPM_RC_AUTHSIZE), ANY_RC, bad_auth_size,
	    "authorizationSize is missing, less than 9 or past the end",
	    "Part 3, 5.5 (Session Area Validation): TPM_RC_AUTHSIZE"),
	ROW(0, NUM(TPM_RC_AUTH_CONTEXT), ANY_RC, session_not_for_it,
	    "sessions with a command that takes none, and authorizationSize is wrong too",
	    "Part 3, 5.5: TPM_RC_AUTH_CONTEXT, before what is in the area"),
	ROW(0, ANY_RC, ANY_RC, wrong_ticket_tag,
	    "a ticket's tag is no TPM_ST at all; libtpms: TPM_RC_VALUE of TPM_ST",
	    "Part 2, 10.7: #TPM_RC_TAG of TPMT_TK_*"),
	ROW(0, ANY_RC, ANY_RC, audit_attrs_alone,
	    "auditExclusive or auditReset without audit; libtpms ignores them",
	    "Part 2, 8.4: only allowed if audit is SET (TPM_RC_ATTRIBUTES)"),
	ROW(0, ANY_RC, ANY_RC, idle_password,
	    "a session without any purpose, and an earlier one fails too",
	    "Part 3, 5.5: what a session is for is validated before authorizations (5.6)"),
	ROW(0, ANY_RC, NUM(TPM_RC_FAILURE), public_key_authorizes,
	    "a public key authorizes: libtpms goes into failure mode with some sessions",
	    "Part 3, 5.6: both portions have to be there (TPM_RC_AUTH_UNAVAILABLE)"),
	ROW(0, ANY_RC, ANY_RC, longer_here,
	    "a size between libtpms' maximum of the type and ours",
	    "Part 2, 10.4 and 11.2: maxima are the implementation's"),
	ROW(0, ANY_RC, ANY_RC, twin_session,
	    "a session is not loaded, and one of the other type has its number",
	    "Part 3, 5.4: TPM_RC_REFERENCE_H0 + N; 5.5: TPM_RC_REFERENCE_S0 + N"),
	ROW(0, ANY_RC, ANY_RC, slot_of_persistent,
	    "a transient object is not loaded; libtpms has a persistent one in that slot",
	    "Part 3, 5.4: the handle has to reference a loaded object (TPM_RC_REFERENCE_H0 + N)"),
	ROW(0, ANY_RC, ANY_RC, area_in_disorder,
	    "the area ends within a later session, and an earlier one is wrong besides",
	    "Part 3, 5.5: sessions are validated in turn; 5.1: order is not normative"),
	ROW(TPM_CC_NV_DefineSpace, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_NV_SPACE), orderly,
	    "orderly indices: libtpms has 512 bytes for them",
	    "Part 3, 31.3: the limit may be less with TPMA_NV_ORDERLY"),
	ROW(TPM_CC_NV_Read, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), never_written,
	    "bytes of an index that the first write did not cover: 0xff here, 0 there",
	    "Part 3, 31.7: only what data covers is written"),
	ROW(TPM_CC_PolicyNV, ANY_RC, ANY_RC, both_negative,
	    "a signed comparison of two negative numbers, which libtpms turns round",
	    "Part 3, 23.9: signed operations are two's complement"),
	ROW(TPM_CC_PolicyCounterTimer, ANY_RC, ANY_RC, both_negative,
	    "a signed comparison of two negative numbers, which libtpms turns round",
	    "Part 3, 23.10: signed operations are two's complement"),
	ROW(TPM_CC_NV_Read, NUM(TPM_RC_NV_RANGE), PARAM(TPM_RC_VALUE, 1), long_read,
	    "more than libtpms' TPM_PT_NV_BUFFER_MAX of 1024 bytes",
	    "Part 3, 31.13: limits of the implementation"),
	ROW(0, ANY_RC, ANY_RC, long_nv_buffer,
	    "more than libtpms' TPM_PT_NV_BUFFER_MAX of 1024 bytes, and another parameter is wrong",
	    "Part 2, 10.4.9: TPM2B_MAX_NV_BUFFER has the implementation's limit"),
	ROW(TPM_CC_NV_Certify, NUM(TPM_RC_NV_RANGE), ANY_RC, long_read,
	    "more than libtpms' TPM_PT_NV_BUFFER_MAX of 1024 bytes",
	    "Part 3, 31.16: limits of the implementation"),
	ROW(0, ANY_RC, NUM(TPM_RC_FAILURE), rsa_decrypts,
	    "what an RSA key is to decrypt is not in the modulus' range, or has no padding",
	    "Part 3, 14.3, 11.1: TPM_RC_VALUE; 12.5, 13.2 and 13.3 decrypt likewise"),
	ROW(TPM_CC_Import, NUM(TPM_RC_BINDING), NUM(TPM_RC_SUCCESS), known_rsa,
	    "an RSA key's prime does not divide its modulus", "Part 3, 13.3: TPM_RC_BINDING"),
	ROW(TPM_CC_PCR_Reset, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_LOCALITY), debug_pcr_at_4,
	    "PCR 16 to 23 from locality 4",
	    "PC Client Platform TPM Profile, 4.6.1: locality 4 may reset them"),
	ROW(TPM_CC_PCR_Event, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), fewer_banks,
	    "digests of the banks that have the PCR alone; libtpms: of all banks",
	    "Part 3, 22.3: at the option of the TPM"),
	ROW(TPM_CC_EventSequenceComplete, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), fewer_banks,
	    "digests of the banks that have the PCR alone; libtpms: of all banks",
	    "Part 3, 17.6 and 22.3: at the option of the TPM"),
	ROW(TPM_CC_EncryptDecrypt, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), partial_block,
	    "ivOut after a last block that is not whole",
	    "Part 3, 15.1 (Symmetric Chaining Process): a whole block's chaining alone is defined"),
	ROW(TPM_CC_EncryptDecrypt2, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), partial_block,
	    "ivOut after a last block that is not whole",
	    "Part 3, 15.1 (Symmetric Chaining Process): a whole block's chaining alone is defined"),
	ROW(TPM_CC_PolicyPCR, PARAM(TPM_RC_SIZE, 1), ANY_RC, pcr_digest_size,
	    "pcrDigest of a trial session is not of the session hash's size; libtpms takes any",
	    "Part 3, 23.7: pcrDigest is a digest with the session's hash"),
	ROW(TPM_CC_Certify, HANDLE(TPM_RC_TYPE, 1), ANY_RC, is_sequence,
	    "a sequence object is to be certified; libtpms attests an empty name",
	    "Part 3, 18.2: an object that was loaded or created"),
	ROW(TPM_CC_RSA_Encrypt, NUM(TPM_RC_VALUE), NUM(TPM_RC_FAILURE), key_too_small,
	    "OAEP of more than the key has room for: libtpms goes into failure mode",
	    "Part 3, 14.2: TPM_RC_VALUE"),
	ROW(TPM_CC_ZGen_2Phase, PARAM(TPM_RC_SCHEME, 3), ANY_RC, other_exchange,
	    "TPM_ALG_SM2 or TPM_ALG_ECMQV, which libtpms has",
	    "Part 3, 14.7: support of them is optional (TPM_RC_SCHEME)"),
	ROW(0, ANY_RC, ANY_RC, sm2_signature,
	    "an SM2 signature or its scheme, which libtpms has",
	    "algorithms of the implementation"),
	ROW(0, ANY_RC, ANY_RC, other_cipher,
	    "Camellia or triple DES, which libtpms has", "algorithms of the implementation"),
	ROW(TPM_CC_IncrementalSelfTest, PARAM(TPM_RC_VALUE, 1), NUM(TPM_RC_SUCCESS), lists_others,
	    "Camellia, triple DES or an exchange of SM2 or MQV, which libtpms has",
	    "algorithms of the implementation"),
	ROW(0, ANY_RC, ANY_RC, longer_name,
	    "a name of 67 or 68 bytes, which libtpms takes",
	    "Part 2, 10.5.3: a name is as long as a hash's number and its digest"),
	ROW(TPM_CC_PolicyCommandCode, ANY_RC, PARAM(TPM_RC_POLICY_CC, 1), later_command,
	    "commands of later levels, which libtpms has not", "commands of the implementation"),
	ROW(TPM_CC_GetCapability, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), saved_policy,
	    "a saved policy session is listed as one; libtpms: as if it were an HMAC session",
	    "Part 2, 7.2: TPM_HT_POLICY_SESSION is what such a handle begins with"),
	ROW(TPM_CC_GetCapability, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), symcipher_property,
	    "TPM_ALG_SYMCIPHER is symmetric beside being an object type; libtpms: object alone",
	    "TCG Algorithm Registry: type \"O S\""),
	ROW(0, ANY_RC, ANY_RC, other_curve,
	    "P-192, P-224, BN_P638 and SM2 curves, which libtpms has",
	    "algorithms of the implementation"),
	ROW(0, ANY_RC, ANY_RC, aes_192,
	    "AES with 192 bits, which libtpms has not", "algorithms of the implementation"),
	ROW(TPM_CC_StartAuthSession, ANY_RC, PARAM(TPM_RC_VALUE, 2), salt_key_scheme,
	    "tpmKey is an RSA key with OAEP and another hash than nameAlg, which libtpms takes",
	    "Part 3, 11.1: the key's scheme is ignored; Part 1, B.10.2: OAEP with nameAlg"),
	ROW(TPM_CC_PolicyTemplate, NUM(TPM_RC_CPHASH), PARAM(TPM_RC_VALUE, 1), NULL,
	    "a cpHash that equals the template said before, then another template",
	    "Part 3, 23.21: TPM_RC_CPHASH once cpHash is set to anything but a template"),
	ROW(TPM_CC_ClockSet, PARAM(TPM_RC_VALUE, 1), NUM(TPM_RC_SUCCESS), clock_lost,
	    "after lost power: Clock is before newTime on the side that lost more of it",
	    "Part 1, 36.3.2: how often Clock is written is the implementation's"),
	ROW(TPM_CC_PolicyCounterTimer, ANY_RC, ANY_RC, lost_clock_compared,
	    "after lost power: Clock is not the same on the side that lost more of it",
	    "Part 1, 36.3.2: how often Clock is written is the implementation's"),
	ROW(TPM_CC_PolicyCounterTimer, ANY_RC, ANY_RC, rate_compared,
	    "after TPM2_ClockRateAdjust: Time and Clock are not the same",
	    "Part 3, 29.3: how much the rate changes is the implementation's"),
	ROW(TPM_CC_LoadExternal, PARAM(TPM_RC_ECC_POINT, 2), NUM(TPM_RC_SUCCESS), nameless_point,
	    "a point that is not on the curve, in a public area whose nameAlg is TPM_ALG_NULL",
	    "Part 3, 12.3: TPM_RC_ECC_POINT"),
	ROW(0, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), short_ecdaa,
	    "the number that ECDAA draws begins with a zero byte, which libtpms leaves out",
	    "Part 1, C.8: ECC parameters are padded to the size of the curve's prime"),
	ROW(TPM_CC_ECC_Parameters, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), a_is_zero,
	    "a of BN_P256, which is 0, in one byte in libtpms",
	    "Part 1, C.8: ECC parameters are padded to the size of the curve's prime"),
	{ 0 },
};

unsigned int accepted_count(void)
{
	return ARRAY_SIZE(accepted_rows) - 1;
}

static void print_rc(const char *name, u32 rc)
{
	if (rc == ANY_RC)
		printf("any %s", name);
	else
		printf("%s 0x%03x", name, rc);
}

void accepted_print(void)
{
	unsigned int i;

	printf(".. %s: GPL-2.0-only\n\n"
	       "========================\nDifferences from libtpms\n========================\n\n"
	       "The differential test (``tests/diff``) sends the same commands to the engine\n"
	       "and to libtpms 0.9. What follows is all that may differ, with what decides it;\n"
	       "the list is printed from the test's own rows (``build/host/diff --rows``).\n"
	       "libtpms answers the first use of something under dictionary-attack protection\n"
	       "with TPM_RC_RETRY (Part 1, 19.8.3); the test sends such a command again. What a\n"
	       "parent that is not fixedTPM imports with an auth value longer than nameAlg's\n"
	       "digest ends libtpms' process; the engine answers TPM_RC_SIZE, and the test does\n"
	       "not send it. After lost power the test sends no Startup(STATE): it is refused, and\n"
	       "libtpms then counts no failed try for what the loss may have hidden (Part 1, 19.8).\n\n",
	       "SPDX-License-Identifier");
	for (i = 0; i < accepted_count(); i++) {
		const struct accepted *a = &accepted_rows[i];
		const struct tpm2_cmd *row = a->code ? tpm2_cmd_find(a->code) : NULL;

		printf("%s\n    %s.\n\n    Ours: ", row ? row->name : "any command", a->what);
		print_rc("response", a->ours);
		printf("; libtpms: ");
		print_rc("response", a->theirs);
		printf(".\n\n    Decided by: %s.\n\n", a->clause);
	}
}

unsigned int accepted_index(const struct accepted *a)
{
	return a - accepted_rows;
}

const struct accepted *accepted_find(const struct command *c)
{
	unsigned int i;

	for (i = 0; i < accepted_count(); i++) {
		const struct accepted *a = &accepted_rows[i];

		if ((!a->code || a->code == c->row->code) &&
		    (a->ours == ANY_RC || a->ours == c->rc[OURS]) &&
		    (a->theirs == ANY_RC || a->theirs == c->rc[THEIRS]) &&
		    (!a->when || a->when(c)))
			return a;
	}
	return NULL;
}
