// SPDX-License-Identifier: GPL-2.0-only
/* Sessions and policies (Part 3, 11 and 23). */
#include "bench.h"

static const u8 select_8[3] = { 0, 1, 0 };
static const u8 no_digest[32];

static void build_start(struct side *s, struct cmd *c)
{
	build_session(c, TPM_SE_POLICY);
}

static void build_policy(struct side *s, struct cmd *c, u32 code)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, code);
	cmd_u32(c, s->handle[SESSION]);
}

static void build_restart(struct side *s, struct cmd *c)
{
	build_policy(s, c, TPM_CC_PolicyRestart);
}

static void build_auth_value(struct side *s, struct cmd *c)
{
	build_policy(s, c, TPM_CC_PolicyAuthValue);
}

static void build_password(struct side *s, struct cmd *c)
{
	build_policy(s, c, TPM_CC_PolicyPassword);
}

static void build_presence(struct side *s, struct cmd *c)
{
	build_policy(s, c, TPM_CC_PolicyPhysicalPresence);
}

static void build_get_digest(struct side *s, struct cmd *c)
{
	build_policy(s, c, TPM_CC_PolicyGetDigest);
}

static void build_pcr(struct side *s, struct cmd *c)
{
	build_policy(s, c, TPM_CC_PolicyPCR);
	cmd_u16(c, 0);
	cmd_u32(c, 1);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u8(c, 3);
	cmd_bytes(c, select_8, 3);
}

static void build_command_code(struct side *s, struct cmd *c)
{
	build_policy(s, c, TPM_CC_PolicyCommandCode);
	cmd_u32(c, TPM_CC_Unseal);
}

static void build_counter_timer(struct side *s, struct cmd *c)
{
	build_policy(s, c, TPM_CC_PolicyCounterTimer);
	cmd_2b(c, no_digest, 8);
	cmd_u16(c, 0);
	cmd_u16(c, 7);		/* unsigned >= */
}

static void build_locality(struct side *s, struct cmd *c)
{
	build_policy(s, c, TPM_CC_PolicyLocality);
	cmd_u8(c, 3);
}

static void build_nv_written(struct side *s, struct cmd *c)
{
	build_policy(s, c, TPM_CC_PolicyNvWritten);
	cmd_u8(c, 1);
}

static void build_cp_hash(struct side *s, struct cmd *c)
{
	build_policy(s, c, TPM_CC_PolicyCpHash);
	cmd_2b(c, no_digest, 32);
}

static void build_name_hash(struct side *s, struct cmd *c)
{
	build_policy(s, c, TPM_CC_PolicyNameHash);
	cmd_2b(c, no_digest, 32);
}

static void build_template(struct side *s, struct cmd *c)
{
	build_policy(s, c, TPM_CC_PolicyTemplate);
	cmd_2b(c, no_digest, 32);
}

static void build_or(struct side *s, struct cmd *c)
{
	static const u8 other[32] = { 1 };

	build_policy(s, c, TPM_CC_PolicyOR);
	cmd_u32(c, 2);
	cmd_2b(c, no_digest, 32);
	cmd_2b(c, other, 32);
}

static void put_name(struct cmd *c)
{
	u8 name[34] = { 0, TPM_ALG_SHA256 };

	cmd_2b(c, name, sizeof(name));
}

static void build_duplication_select(struct side *s, struct cmd *c)
{
	build_policy(s, c, TPM_CC_PolicyDuplicationSelect);
	put_name(c);
	put_name(c);
	cmd_u8(c, 1);
}

static void build_secret(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_PolicySecret, 2, 1, TPM_RH_OWNER, s->handle[SESSION]);
	cmd_u16(c, 0);
	cmd_u16(c, 0);
	cmd_u16(c, 0);
	cmd_u32(c, 0);
}

/* ---- with a key ---- */

#define EXPIRATION	0xfff00000	/* negative: a ticket is wanted */

enum { SIGNATURE, TICKET, NAME };

static void sign(struct side *s, const void *data, size_t len)
{
	u8 digest[32];
	struct cmd c;

	vt_hash(vt_hash_find(TPM_ALG_SHA256), data, len, digest);
	build_sign(s, &c, digest);
	must(s, &c, "Sign");
	keep(s, SIGNATURE, response_params(s, false), get_unaligned_be32(s->rsp + 10));
}

static void keep_name(struct side *s)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ReadPublic);
	cmd_u32(&c, s->handle[KEY]);
	must(s, &c, "ReadPublic");
	keep_2b(s, NAME, after_2b(response_params(s, false)));
}

static void setup_signed(struct side *s)
{
	u8 expiration[4];

	put_unaligned_be32(EXPIRATION, expiration);
	setup_signer(s);
	keep_name(s);
	sign(s, expiration, sizeof(expiration));
	setup_session(s);
}

static void build_signed(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_PolicySigned);
	cmd_u32(c, s->handle[KEY]);
	cmd_u32(c, s->handle[SESSION]);
	cmd_u16(c, 0);
	cmd_u16(c, 0);
	cmd_u16(c, 0);
	cmd_u32(c, EXPIRATION);
	put_blob(s, c, SIGNATURE);
}

static void setup_ticket(struct side *s)
{
	struct cmd c;

	setup_signed(s);
	build_signed(s, &c);
	must(s, &c, "PolicySigned");
	keep(s, TICKET, response_params(s, false), s->rsp_len - 10);
}

static void build_ticket(struct side *s, struct cmd *c)
{
	u32 timeout = after_2b(s->blob[TICKET]) - s->blob[TICKET];

	build_policy(s, c, TPM_CC_PolicyTicket);
	cmd_bytes(c, s->blob[TICKET], timeout);
	cmd_u16(c, 0);
	cmd_u16(c, 0);
	put_blob(s, c, NAME);
	cmd_bytes(c, s->blob[TICKET] + timeout, s->blob_len[TICKET] - timeout);
}

static void setup_authorize(struct side *s)
{
	u8 digest[32];
	struct cmd c;

	setup_signer(s);
	keep_name(s);
	sign(s, no_digest, sizeof(no_digest));
	vt_hash(vt_hash_find(TPM_ALG_SHA256), no_digest, sizeof(no_digest), digest);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_VerifySignature);
	cmd_u32(&c, s->handle[KEY]);
	cmd_2b(&c, digest, sizeof(digest));
	put_blob(s, &c, SIGNATURE);
	must(s, &c, "VerifySignature");
	keep(s, TICKET, response_params(s, false), s->rsp_len - 10);
	setup_session(s);
}

static void build_authorize(struct side *s, struct cmd *c)
{
	build_policy(s, c, TPM_CC_PolicyAuthorize);
	cmd_2b(c, no_digest, 32);
	cmd_u16(c, 0);
	put_blob(s, c, NAME);
	put_blob(s, c, TICKET);
}

/* ---- with an NV index ---- */

static void setup_nv(struct side *s)
{
	u8 data[34] = { 0, TPM_ALG_SHA256 };

	define(s, NV_ORDINARY, sizeof(data));
	nv_write(s, data, sizeof(data));
	setup_session(s);
}

static void build_nv(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_PolicyNV, 3, 1, TPM_RH_OWNER, NV_INDEX, s->handle[SESSION]);
	cmd_2b(c, no_digest, 1);
	cmd_u16(c, 0);
	cmd_u16(c, 0);		/* equal */
}

static void build_authorize_nv(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_PolicyAuthorizeNV, 3, 1, TPM_RH_OWNER, NV_INDEX,
		     s->handle[SESSION]);
}

static const struct bench rows[] = {
	{ TPM_CC_StartAuthSession, "StartAuthSession", NULL, build_start, NULL, flush_response },
	{ TPM_CC_PolicyRestart, "PolicyRestart", setup_session, build_restart },
	{ TPM_CC_PolicyPCR, "PolicyPCR", setup_session, build_pcr },
	{ TPM_CC_PolicyAuthValue, "PolicyAuthValue", setup_session, build_auth_value },
	{ TPM_CC_PolicyPassword, "PolicyPassword", setup_session, build_password },
	{ TPM_CC_PolicyPhysicalPresence, "PolicyPhysicalPresence", setup_session, build_presence },
	{ TPM_CC_PolicyGetDigest, "PolicyGetDigest", setup_session, build_get_digest },
	{ TPM_CC_PolicyCommandCode, "PolicyCommandCode", setup_session, build_command_code },
	{ TPM_CC_PolicyCounterTimer, "PolicyCounterTimer", setup_session, build_counter_timer },
	{ TPM_CC_PolicyLocality, "PolicyLocality", setup_session, build_locality },
	{ TPM_CC_PolicyNvWritten, "PolicyNvWritten", setup_session, build_nv_written },
	{ TPM_CC_PolicyCpHash, "PolicyCpHash", setup_session, build_cp_hash, restart },
	{ TPM_CC_PolicyNameHash, "PolicyNameHash", setup_session, build_name_hash, restart },
	{ TPM_CC_PolicyTemplate, "PolicyTemplate", setup_session, build_template, restart },
	{ TPM_CC_PolicyOR, "PolicyOR", setup_session, build_or, restart },
	{ TPM_CC_PolicyDuplicationSelect, "PolicyDuplicationSelect", setup_session,
	  build_duplication_select, restart },
	{ TPM_CC_PolicySecret, "PolicySecret", setup_session, build_secret },
	{ TPM_CC_PolicySigned, "PolicySigned P-256", setup_signed, build_signed },
	{ TPM_CC_PolicyTicket, "PolicyTicket", setup_ticket, build_ticket },
	{ TPM_CC_PolicyAuthorize, "PolicyAuthorize", setup_authorize, build_authorize, restart },
	{ TPM_CC_PolicyNV, "PolicyNV", setup_nv, build_nv },
	{ TPM_CC_PolicyAuthorizeNV, "PolicyAuthorizeNV", setup_nv, build_authorize_nv, restart },
};

const struct bench_group bench_policy = { rows, ARRAY_SIZE(rows) };
