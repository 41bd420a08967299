// SPDX-License-Identifier: GPL-2.0-only
/* Attestation and audit (Part 3, 18, 21 and 31.16), with a P-256 key. */
#include "bench.h"

static void put_scheme(struct cmd *c)
{
	cmd_u16(c, 0);		/* qualifyingData */
	cmd_u16(c, TPM_ALG_NULL);
}

static void build_quote(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_Quote, 1, 1, s->handle[KEY]);
	put_scheme(c);
	cmd_u32(c, 1);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u8(c, 3);
	cmd_bytes(c, "\0\1\0", 3);
}

static void build_certify(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_Certify, 2, 2, s->handle[KEY], s->handle[KEY]);
	put_scheme(c);
}

enum { HASH, TICKET };

static void setup_creation(struct side *s)
{
	const u8 *hash, *ticket;

	setup_signer(s);
	/* outPublic, creationData, creationHash, creationTicket, name */
	hash = after_2b(after_2b(response_params(s, true)));
	keep_2b(s, HASH, hash);
	ticket = after_2b(hash);
	keep(s, TICKET, ticket, after_2b(ticket + 6) - ticket);
}

static void build_certify_creation(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_CertifyCreation, 2, 1, s->handle[KEY], s->handle[KEY]);
	cmd_u16(c, 0);
	put_blob(s, c, HASH);
	cmd_u16(c, TPM_ALG_NULL);
	put_blob(s, c, TICKET);
}

static void build_get_time(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_GetTime, 2, 2, TPM_RH_ENDORSEMENT, s->handle[KEY]);
	put_scheme(c);
}

static void setup_nv(struct side *s)
{
	u8 data[32] = { 1 };

	setup_signer(s);
	define(s, NV_ORDINARY, sizeof(data));
	nv_write(s, data, sizeof(data));
}

static void build_nv_certify(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_NV_Certify, 3, 2, s->handle[KEY], TPM_RH_OWNER, NV_INDEX);
	put_scheme(c);
	cmd_u16(c, 32);
	cmd_u16(c, 0);
}

static void setup_session_audit(struct side *s)
{
	struct cmd c;

	setup_signer(s);
	session(s, TPM_SE_HMAC);
	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_GetRandom);
	cmd_auths(&c);
	cmd_session(&c, s->handle[SESSION], TPMA_SESSION_CONTINUE | TPMA_SESSION_AUDIT);
	cmd_auths_end(&c);
	cmd_u16(&c, 16);
	must(s, &c, "GetRandom");
}

static const struct template x509_signer = {
	TPM_ALG_ECC, USER | ORIGIN | TPMA_OBJECT_SIGN | TPMA_OBJECT_X509SIGN, TPM_ECC_NIST_P256,
	TPM_ALG_ECDSA
};

static void setup_x509(struct side *s)
{
	primary(s, KEY, &x509_signer);
}

static void build_x509(struct side *s, struct cmd *c)
{
	static const u8 partial[] = {
		0x30, 0x50,
		/* issuer: CN=v */
		0x30, 0x0c, 0x31, 0x0a, 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x01, 'v',
		/* from 200101000000Z to 491231235959Z */
		0x30, 0x1e,
		0x17, 0x0d, '2', '0', '0', '1', '0', '1', '0', '0', '0', '0', '0', '0', 'Z',
		0x17, 0x0d, '4', '9', '1', '2', '3', '1', '2', '3', '5', '9', '5', '9', 'Z',
		/* subject */
		0x30, 0x0c, 0x31, 0x0a, 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x01, 'v',
		/* KeyUsage: digitalSignature */
		0xa3, 0x12, 0x30, 0x10, 0x30, 0x0e, 0x06, 0x03, 0x55, 0x1d, 0x0f, 0x01, 0x01, 0xff,
		0x04, 0x04, 0x03, 0x02, 0x07, 0x80,
	};

	cmd_begin_pw(c, TPM_CC_CertifyX509, 2, 2, s->handle[KEY], s->handle[KEY]);
	put_scheme(c);
	cmd_2b(c, partial, sizeof(partial));
}

static void build_session_audit(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_GetSessionAuditDigest, 3, 2, TPM_RH_ENDORSEMENT, s->handle[KEY],
		     s->handle[SESSION]);
	put_scheme(c);
}

static void build_command_audit(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_GetCommandAuditDigest, 2, 2, TPM_RH_ENDORSEMENT, s->handle[KEY]);
	put_scheme(c);
}

static const struct bench rows[] = {
	{ TPM_CC_Quote, "Quote", setup_signer, build_quote },
	{ TPM_CC_Certify, "Certify", setup_signer, build_certify },
	{ TPM_CC_CertifyCreation, "CertifyCreation", setup_creation, build_certify_creation },
	{ TPM_CC_CertifyX509, "CertifyX509", setup_x509, build_x509 },
	{ TPM_CC_GetTime, "GetTime", setup_signer, build_get_time },
	{ TPM_CC_NV_Certify, "NV_Certify", setup_nv, build_nv_certify },
	{ TPM_CC_GetSessionAuditDigest, "GetSessionAuditDigest", setup_session_audit,
	  build_session_audit },
	{ TPM_CC_GetCommandAuditDigest, "GetCommandAuditDigest", setup_signer,
	  build_command_audit },
};

const struct bench_group bench_attest = { rows, ARRAY_SIZE(rows) };
