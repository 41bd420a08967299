// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: esapi NAME TCTI [CANCEL]
 *
 * A program over libtss2's ESAPI, as applications are. With CANCEL, the cancel
 * file of an instance in sysfs, TCTI is its node with a resource manager and
 * what needs two connections at once is tried too. Prints "ok esapi/NAME/..."
 * and "not ok esapi/NAME/... - why".
 */
#include <stdarg.h>

#include "esapi.h"

static char why[512];
static const char *suite;
static const char *tcti_name;
static int failures;
static struct link tpm;

void fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
}

bool link_open(struct link *l, const char *tcti)
{
	TSS2_RC rc;

	memset(l, 0, sizeof(*l));
	rc = Tss2_TctiLdr_Initialize(tcti, &l->tcti);
	if (!rc)
		rc = Esys_Initialize(&l->esys, l->tcti, NULL);
	if (rc)
		fail("%s: %s", tcti, Tss2_RC_Decode(rc));
	return !rc;
}

void link_close(struct link *l)
{
	if (l->esys)
		Esys_Finalize(&l->esys);
	if (l->tcti)
		Tss2_TctiLdr_Finalize(&l->tcti);
}

/* ---- templates ---- */

#define FIXED	(TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_USERWITHAUTH | \
		 TPMA_OBJECT_NODA)
#define ORIGIN	TPMA_OBJECT_SENSITIVEDATAORIGIN
#define STORAGE	(FIXED | ORIGIN | TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT)

static const TPMT_SYM_DEF_OBJECT aes128 = {
	.algorithm = TPM2_ALG_AES, .keyBits.aes = 128, .mode.aes = TPM2_ALG_CFB,
};

static const TPMT_SYM_DEF_OBJECT no_sym = { .algorithm = TPM2_ALG_NULL };

static TPM2B_PUBLIC ecc_template(uint32_t attrs, bool storage)
{
	TPM2B_PUBLIC p = { .publicArea = {
		.type = TPM2_ALG_ECC, .nameAlg = TPM2_ALG_SHA256, .objectAttributes = attrs,
	} };
	TPMS_ECC_PARMS *e = &p.publicArea.parameters.eccDetail;

	e->symmetric = storage ? aes128 : no_sym;
	e->scheme.scheme = TPM2_ALG_NULL;
	e->curveID = TPM2_ECC_NIST_P256;
	e->kdf.scheme = TPM2_ALG_NULL;
	return p;
}

static TPM2B_PUBLIC rsa_template(uint32_t attrs, bool storage, uint16_t bits)
{
	TPM2B_PUBLIC p = { .publicArea = {
		.type = TPM2_ALG_RSA, .nameAlg = TPM2_ALG_SHA256, .objectAttributes = attrs,
	} };
	TPMS_RSA_PARMS *r = &p.publicArea.parameters.rsaDetail;

	r->symmetric = storage ? aes128 : no_sym;
	r->scheme.scheme = TPM2_ALG_NULL;
	r->keyBits = bits;
	return p;
}

TSS2_RC make_primary(ESYS_CONTEXT *esys, uint16_t bits, uint32_t more, ESYS_TR *key)
{
	TPM2B_SENSITIVE_CREATE none = { 0 };
	TPM2B_PUBLIC t = bits ? rsa_template(STORAGE, true, bits) : ecc_template(STORAGE, true);
	TPM2B_DATA outside = { 0 };
	TPML_PCR_SELECTION no_pcrs = { 0 };

	if (bits && more) {		/* unique is part of what a primary key is made from */
		t.publicArea.unique.rsa.size = sizeof(more);
		memcpy(t.publicArea.unique.rsa.buffer, &more, sizeof(more));
	}
	return Esys_CreatePrimary(esys, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD, NONE, NONE, &none, &t,
				  &outside, &no_pcrs, key, NULL, NULL, NULL, NULL);
}

/* ---- sessions ---- */

static const TPMT_SYM_DEF cfb128 = {
	.algorithm = TPM2_ALG_AES, .keyBits.aes = 128, .mode.aes = TPM2_ALG_CFB,
}, cfb256 = {
	.algorithm = TPM2_ALG_AES, .keyBits.aes = 256, .mode.aes = TPM2_ALG_CFB,
}, xor_sha256 = {
	.algorithm = TPM2_ALG_XOR, .keyBits.exclusiveOr = TPM2_ALG_SHA256,
}, xor_sha1 = {
	.algorithm = TPM2_ALG_XOR, .keyBits.exclusiveOr = TPM2_ALG_SHA1,
};

#define KEEP	TPMA_SESSION_CONTINUESESSION
#define ENC	TPMA_SESSION_ENCRYPT
#define DEC	TPMA_SESSION_DECRYPT

static TSS2_RC start(ESYS_TR salt, ESYS_TR bind, const TPMT_SYM_DEF *sym, uint16_t hash,
		     uint8_t type, uint8_t attrs, ESYS_TR *session)
{
	TSS2_RC rc;

	rc = Esys_StartAuthSession(tpm.esys, salt, bind, NONE, NONE, NONE, NULL, type, sym, hash,
				   session);
	return rc ? rc : Esys_TRSess_SetAttributes(tpm.esys, *session, attrs, 0xff);
}

static const TPM2B_AUTH secret = { .size = 6, .buffer = "secret" };

/* Signs with @key under @session and has the TPM, and then a changed digest, verified. */
static void sign_and_verify(ESYS_TR key, ESYS_TR session, uint16_t scheme)
{
	TPMT_SIG_SCHEME how = { .scheme = scheme, .details.any.hashAlg = TPM2_ALG_SHA256 };
	TPMT_TK_HASHCHECK ticket = { .tag = TPM2_ST_HASHCHECK, .hierarchy = TPM2_RH_NULL };
	TPM2B_DIGEST digest = { .size = 32, .buffer = "a digest" };
	TPMT_TK_VERIFIED *verified;
	TPMT_SIGNATURE *sig;
	TSS2_RC rc;

	MUST(Esys_Sign(tpm.esys, key, session, NONE, NONE, &digest, &how, &ticket, &sig));
	rc = Esys_VerifySignature(tpm.esys, key, NONE, NONE, NONE, &digest, sig, &verified);
	if (!rc) {
		Esys_Free(verified);
		digest.buffer[31] ^= 1;
		rc = Esys_VerifySignature(tpm.esys, key, NONE, NONE, NONE, &digest, sig, &verified);
		WANT((rc & 0xbf) == TPM2_RC_SIGNATURE);
	} else {
		fail("VerifySignature: %s", Tss2_RC_Decode(rc));
	}
	Esys_Free(sig);
}

/* Creates a signing key with both directions encrypted, loads it and uses it. */
static void key_under(ESYS_TR parent, ESYS_TR session, uint16_t type)
{
	const uint32_t attrs = FIXED | ORIGIN | TPMA_OBJECT_SIGN_ENCRYPT;
	TPM2B_PUBLIC t = type == TPM2_ALG_ECC ? ecc_template(attrs, false) :
					       rsa_template(attrs, false, 2048);
	TPM2B_SENSITIVE_CREATE sens = { .sensitive.userAuth = secret };
	TPM2B_DATA outside = { 0 };
	TPML_PCR_SELECTION no_pcrs = { 0 };
	TPM2B_PRIVATE *private;
	TPM2B_PUBLIC *public;
	ESYS_TR key;

	MUST(Esys_Create(tpm.esys, parent, session, NONE, NONE, &sens, &t, &outside, &no_pcrs,
			 &private, &public, NULL, NULL, NULL));
	MUST(Esys_Load(tpm.esys, parent, session, NONE, NONE, private, public, &key));
	Esys_Free(private);
	Esys_Free(public);
	MUST(Esys_TR_SetAuth(tpm.esys, key, &secret));
	sign_and_verify(key, session, type == TPM2_ALG_ECC ? TPM2_ALG_ECDSA : TPM2_ALG_RSASSA);
	MUST(Esys_FlushContext(tpm.esys, key));
}

/* Salted with @bits of RSA or P-256, bound to the same key, or neither */
static void sessions_of(uint16_t bits, bool salted, bool bound, uint16_t type)
{
	static const TPMT_SYM_DEF *const syms[] = { &cfb128, &cfb256, &xor_sha256, &xor_sha1 };
	static const uint16_t hashes[] = {
		TPM2_ALG_SHA256, TPM2_ALG_SHA384, TPM2_ALG_SHA1, TPM2_ALG_SHA512,
	};
	TPM2B_DIGEST *random;
	ESYS_TR parent, session;
	unsigned int i, n = type == TPM2_ALG_RSA ? 1 : 4;	/* an RSA key takes its time */

	MUST(make_primary(tpm.esys, bits, 0, &parent));
	for (i = 0; i < n && !why[0]; i++) {
		MUST(start(salted ? parent : NONE, bound ? parent : NONE, syms[i], hashes[i],
			   TPM2_SE_HMAC, ENC | DEC | KEEP, &session));
		key_under(parent, session, type);
		MUST(Esys_TRSess_SetAttributes(tpm.esys, session, ENC | KEEP, 0xff));
		MUST(Esys_GetRandom(tpm.esys, session, NONE, NONE, 20, &random));
		WANT(random->size == 20);
		Esys_Free(random);
		MUST(Esys_FlushContext(tpm.esys, session));
	}
	MUST(Esys_FlushContext(tpm.esys, parent));
}

static void session_plain(void)
{
	sessions_of(0, false, false, TPM2_ALG_ECC);
}

static void session_salted_ecc(void)
{
	sessions_of(0, true, false, TPM2_ALG_ECC);
}

static void session_salted_rsa(void)
{
	sessions_of(2048, true, false, TPM2_ALG_ECC);
}

static void session_salted_bound(void)
{
	sessions_of(0, true, true, TPM2_ALG_ECC);
}

static void session_rsa_key(void)
{
	sessions_of(0, true, true, TPM2_ALG_RSA);
}

/* An auth session, one that decrypts and one that encrypts */
static void three_sessions(void)
{
	TPM2B_SENSITIVE_CREATE sens = { .sensitive.userAuth = secret };
	TPM2B_PUBLIC t = ecc_template(FIXED | ORIGIN | TPMA_OBJECT_SIGN_ENCRYPT, false);
	TPM2B_DATA outside = { 0 };
	TPML_PCR_SELECTION no_pcrs = { 0 };
	TPM2B_PRIVATE *private;
	TPM2B_PUBLIC *public;
	ESYS_TR parent, s[3];
	int i;

	MUST(make_primary(tpm.esys, 0, 0, &parent));
	MUST(start(NONE, NONE, &cfb128, TPM2_ALG_SHA256, TPM2_SE_HMAC, KEEP, &s[0]));
	MUST(start(parent, NONE, &cfb256, TPM2_ALG_SHA384, TPM2_SE_HMAC, DEC | KEEP, &s[1]));
	MUST(start(NONE, parent, &xor_sha256, TPM2_ALG_SHA256, TPM2_SE_HMAC, ENC | KEEP, &s[2]));
	MUST(Esys_Create(tpm.esys, parent, s[0], s[1], s[2], &sens, &t, &outside, &no_pcrs,
			 &private, &public, NULL, NULL, NULL));
	Esys_Free(private);
	Esys_Free(public);
	for (i = 0; i < 3; i++)
		MUST(Esys_FlushContext(tpm.esys, s[i]));
	MUST(Esys_FlushContext(tpm.esys, parent));
}

/* ---- policies ---- */

#define PCR	16	/* the debug PCR: anyone may extend and reset it */

static const TPML_PCR_SELECTION one_pcr = {
	.count = 1,
	.pcrSelections[0] = {
		.hash = TPM2_ALG_SHA256, .sizeofSelect = 3, .pcrSelect = { 0, 0, 1 << (PCR - 16) },
	},
};

/* PolicyPCR, then PolicyAuthValue, in a session of either kind */
static TSS2_RC policy(ESYS_TR session)
{
	TPM2B_DIGEST any = { 0 };
	TSS2_RC rc;

	rc = Esys_PolicyPCR(tpm.esys, session, NONE, NONE, NONE, &any, &one_pcr);
	return rc ? rc : Esys_PolicyAuthValue(tpm.esys, session, NONE, NONE, NONE);
}

static void seal(ESYS_TR parent, ESYS_TR *sealed)
{
	TPM2B_SENSITIVE_CREATE sens = {
		.sensitive = { .userAuth = secret, .data = { .size = 4, .buffer = "data" } },
	};
	TPM2B_PUBLIC t = { .publicArea = {
		.type = TPM2_ALG_KEYEDHASH, .nameAlg = TPM2_ALG_SHA256,
		.objectAttributes = FIXED & ~TPMA_OBJECT_USERWITHAUTH,
		.parameters.keyedHashDetail.scheme.scheme = TPM2_ALG_NULL,
	} };
	TPM2B_DATA outside = { 0 };
	TPML_PCR_SELECTION no_pcrs = { 0 };
	TPM2B_PRIVATE *private;
	TPM2B_PUBLIC *public;
	TPM2B_DIGEST *digest;
	ESYS_TR trial;

	MUST(start(NONE, NONE, &cfb128, TPM2_ALG_SHA256, TPM2_SE_TRIAL, KEEP, &trial));
	MUST(policy(trial));
	MUST(Esys_PolicyGetDigest(tpm.esys, trial, NONE, NONE, NONE, &digest));
	MUST(Esys_FlushContext(tpm.esys, trial));
	t.publicArea.authPolicy = *digest;
	Esys_Free(digest);
	MUST(Esys_Create(tpm.esys, parent, ESYS_TR_PASSWORD, NONE, NONE, &sens, &t, &outside,
			 &no_pcrs, &private, &public, NULL, NULL, NULL));
	MUST(Esys_Load(tpm.esys, parent, ESYS_TR_PASSWORD, NONE, NONE, private, public, sealed));
	Esys_Free(private);
	Esys_Free(public);
	MUST(Esys_TR_SetAuth(tpm.esys, *sealed, &secret));
}

static void extend_pcr(void)
{
	TPML_DIGEST_VALUES values = {
		.count = 1, .digests[0] = { .hashAlg = TPM2_ALG_SHA256, .digest.sha256 = { 9 } },
	};

	MUST(Esys_PCR_Extend(tpm.esys, ESYS_TR_PCR16, ESYS_TR_PASSWORD, NONE, NONE, &values));
}

static void policy_session(void)
{
	TPM2B_SENSITIVE_DATA *data;
	ESYS_TR parent, sealed, session;
	TSS2_RC rc;

	MUST(Esys_PCR_Reset(tpm.esys, ESYS_TR_PCR16, ESYS_TR_PASSWORD, NONE, NONE));
	MUST(make_primary(tpm.esys, 0, 0, &parent));
	seal(parent, &sealed);
	if (why[0])
		return;
	MUST(start(parent, NONE, &cfb128, TPM2_ALG_SHA256, TPM2_SE_POLICY, ENC | KEEP, &session));
	MUST(policy(session));
	MUST(Esys_Unseal(tpm.esys, sealed, session, NONE, NONE, &data));
	WANT(data->size == 4 && !memcmp(data->buffer, "data", 4));
	Esys_Free(data);
	/* the session begins anew after its use, and the PCR is another one then */
	MUST(Esys_TRSess_SetAttributes(tpm.esys, session, KEEP, 0xff));
	extend_pcr();
	MUST(policy(session));
	rc = Esys_Unseal(tpm.esys, sealed, session, NONE, NONE, &data);
	WANT((rc & 0xbf) == TPM2_RC_POLICY_FAIL);
	MUST(Esys_FlushContext(tpm.esys, session));
	MUST(Esys_FlushContext(tpm.esys, sealed));
	MUST(Esys_FlushContext(tpm.esys, parent));
	MUST(Esys_PCR_Reset(tpm.esys, ESYS_TR_PCR16, ESYS_TR_PASSWORD, NONE, NONE));
}

/* A wrong auth value is told from a wrong policy, and the library notices no bad response HMAC. */
static void wrong_auth(void)
{
	TPM2B_AUTH other = { .size = 5, .buffer = "other" };
	TPM2B_SENSITIVE_DATA *data;
	ESYS_TR parent, sealed, session;
	TSS2_RC rc;

	MUST(make_primary(tpm.esys, 0, 0, &parent));
	seal(parent, &sealed);
	if (why[0])
		return;
	MUST(Esys_TR_SetAuth(tpm.esys, sealed, &other));
	MUST(start(NONE, NONE, &cfb128, TPM2_ALG_SHA256, TPM2_SE_POLICY, KEEP, &session));
	MUST(policy(session));
	rc = Esys_Unseal(tpm.esys, sealed, session, NONE, NONE, &data);
	WANT((rc & 0xbf) == TPM2_RC_BAD_AUTH);	/* the object is not under DA protection */
	MUST(Esys_FlushContext(tpm.esys, session));
	MUST(Esys_FlushContext(tpm.esys, sealed));
	MUST(Esys_FlushContext(tpm.esys, parent));
}

/* ---- objects that outlive a connection ---- */

static void persistent(void)
{
	ESYS_TR parent, kept, found, gone;

	MUST(make_primary(tpm.esys, 0, 0, &parent));
	MUST(Esys_EvictControl(tpm.esys, ESYS_TR_RH_OWNER, parent, ESYS_TR_PASSWORD, NONE, NONE,
			       0x81000055, &kept));
	MUST(Esys_FlushContext(tpm.esys, parent));
	MUST(Esys_TR_Close(tpm.esys, &kept));
	link_close(&tpm);
	if (!link_open(&tpm, tcti_name))
		return;
	MUST(Esys_TR_FromTPMPublic(tpm.esys, 0x81000055, NONE, NONE, NONE, &found));
	key_under(found, ESYS_TR_PASSWORD, TPM2_ALG_ECC);
	MUST(Esys_EvictControl(tpm.esys, ESYS_TR_RH_OWNER, found, ESYS_TR_PASSWORD, NONE, NONE,
			       0x81000055, &gone));
}

/* ---- the runner ---- */

static void result(const char *name)
{
	if (why[0]) {
		printf("not ok esapi/%s/%s - %s\n", suite, name, why);
		failures++;
	} else {
		printf("ok esapi/%s/%s\n", suite, name);
	}
	fflush(stdout);
}

static void run(const char *name, void (*body)(void))
{
	why[0] = 0;
	if (link_open(&tpm, tcti_name))
		body();
	link_close(&tpm);
	result(name);
}

static void run_pair(const char *name, void (*body)(const char *))
{
	why[0] = 0;
	body(tcti_name);
	result(name);
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: esapi NAME TCTI [CANCEL]\n");
		return 2;
	}
	suite = argv[1];
	tcti_name = argv[2];
	setenv("TSS2_LOG", "all+NONE", 0);
	run("session_plain", session_plain);
	run("session_salted_ecc", session_salted_ecc);
	run("session_salted_rsa", session_salted_rsa);
	run("session_salted_bound", session_salted_bound);
	run("session_rsa_key", session_rsa_key);
	run("three_sessions", three_sessions);
	run("policy_session", policy_session);
	run("wrong_auth", wrong_auth);
	run("persistent", persistent);
	if (argc > 3) {
		run_pair("pair_contexts", pair_contexts);
		run_pair("pair_isolated", pair_isolated);
		run_pair("pair_busy", pair_busy);
		run_pair("pair_killed", pair_killed);
		why[0] = 0;
		pair_cancelled(tcti_name, argv[3]);
		result("pair_cancelled");
	}
	return failures ? 1 : 0;
}
