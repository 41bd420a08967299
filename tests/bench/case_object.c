// SPDX-License-Identifier: GPL-2.0-only
/* Objects, duplication and credentials (Part 3, 12, 13, 24.1 and 28.5). */
#include "bench.h"

/* ---- making and loading ---- */

static void put_create(struct side *s, struct cmd *c, const struct template *t, bool secret)
{
	cmd_begin_pw(c, TPM_CC_Create, 1, 1, s->handle[KEY]);
	put_creation(c, t, secret, NULL);
}

static void build_create_ecc(struct side *s, struct cmd *c)
{
	put_create(s, c, &ecc_signer, false);
}

static void build_create_rsa(struct side *s, struct cmd *c)
{
	put_create(s, c, &rsa_signer, false);
}

static void build_create_hmac(struct side *s, struct cmd *c)
{
	put_create(s, c, &hmac_key, false);
}

static void build_seal(struct side *s, struct cmd *c)
{
	put_create(s, c, &sealed, true);
}

static void build_primary_ecc(struct side *s, struct cmd *c)
{
	build_primary(c, &ecc_parent);
}

static void build_create_loaded(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_CreateLoaded, 1, 1, s->handle[KEY]);
	cmd_u16(c, 4);
	cmd_u32(c, 0);
	put_public(c, &ecc_signer, NULL);
}

static void setup_created_sealed(struct side *s)
{
	setup_parent(s);
	create_child(s, 0, &sealed, true, NULL);
}

static void setup_created_ecc(struct side *s)
{
	setup_parent(s);
	create_child(s, 0, &ecc_signer, false, NULL);
}

static void setup_created_rsa(struct side *s)
{
	setup_parent(s);
	create_child(s, 0, &rsa_signer, false, NULL);
}

static void setup_under_rsa(struct side *s)
{
	primary(s, KEY, &rsa_parent);
	create_child(s, 0, &sealed, true, NULL);
}

static void build_load_child(struct side *s, struct cmd *c)
{
	build_load(s, c, 0);
}

static void setup_sealed(struct side *s)
{
	setup_parent(s);
	child(s, KEY2, &sealed, true);
}

static void build_unseal(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_Unseal, 1, 1, s->handle[KEY2]);
}

static void build_read_public(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_ReadPublic);
	cmd_u32(c, s->handle[KEY]);
}

/* The public part of KEY, for TPM2_LoadExternal. */
static void keep_public(struct side *s)
{
	struct cmd c;

	build_read_public(s, &c);
	must(s, &c, "ReadPublic");
	keep_2b(s, 0, response_params(s, false));
}

static void setup_external_ecc(struct side *s)
{
	setup_signer(s);
	keep_public(s);
}

static void setup_external_rsa(struct side *s)
{
	primary(s, KEY, &rsa_signer);
	keep_public(s);
}

static void build_load_external(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_LoadExternal);
	cmd_u16(c, 0);
	put_blob(s, c, 0);
	cmd_u32(c, TPM_RH_OWNER);
}

static void build_object_auth(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_ObjectChangeAuth, 2, 1, s->handle[KEY2], s->handle[KEY]);
	cmd_2b(c, "secret", 6);
}

/* ---- credentials ---- */

static void setup_made(struct side *s)
{
	struct cmd c;

	setup_parent(s);
	build_read_public(s, &c);
	must(s, &c, "ReadPublic");
	keep_2b(s, 0, after_2b(response_params(s, false)));
}

static void build_make(struct side *s, struct cmd *c)
{
	u8 secret[32] = { 5 };

	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_MakeCredential);
	cmd_u32(c, s->handle[KEY]);
	cmd_2b(c, secret, sizeof(secret));
	put_blob(s, c, 0);
}

static void setup_activate(struct side *s)
{
	struct cmd c;

	setup_made(s);
	build_make(s, &c);
	must(s, &c, "MakeCredential");
	keep(s, 1, response_params(s, false), s->rsp_len - 10);
}

/* The storage key is both: the key that decrypts, and the object that is proved. */
static void build_activate(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_ActivateCredential, 2, 2, s->handle[KEY], s->handle[KEY]);
	put_blob(s, c, 1);
}

/* ---- duplication: to the key's own parent ---- */

enum { CHILD, POLICY, DUPLICATE, PUBLIC };

static void before_duplicate(struct side *s, struct cmd *c)
{
	restart(s, NULL);
	policy_command_code(s, TPM_CC_Duplicate);
}

static void setup_duplicate(struct side *s)
{
	static const struct template movable = {
		TPM_ALG_KEYEDHASH, USER | ORIGIN | TPMA_OBJECT_SIGN, 0, TPM_ALG_HMAC
	};

	command_code_policy(s, TPM_CC_Duplicate, s->blob[POLICY]);
	setup_parent(s);
	create_child(s, CHILD, &movable, false, s->blob[POLICY]);
	load_child(s, KEY2, CHILD);
}

static void build_duplicate(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_SESSIONS, TPM_CC_Duplicate);
	cmd_u32(c, s->handle[KEY2]);
	cmd_u32(c, s->handle[KEY]);
	cmd_auths(c);
	cmd_session(c, s->handle[SESSION], TPMA_SESSION_CONTINUE);
	cmd_auths_end(c);
	cmd_u16(c, 0);
	cmd_u16(c, TPM_ALG_NULL);
}

/* What TPM2_Duplicate gives: duplicate and outSymSeed, without the inner key. */
static void setup_duplicated(struct side *s)
{
	struct cmd c;
	const u8 *p;

	setup_duplicate(s);
	before_duplicate(s, NULL);
	build_duplicate(s, &c);
	must(s, &c, "Duplicate");
	p = after_2b(response_params(s, false));
	keep(s, DUPLICATE, p, after_2b(after_2b(p)) - p);
	p = after_2b(s->blob[CHILD]);
	keep(s, PUBLIC, p, s->blob[CHILD] + s->blob_len[CHILD] - p);
}

static void build_import(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_Import, 1, 1, s->handle[KEY]);
	cmd_u16(c, 0);
	put_blob(s, c, PUBLIC);
	put_blob(s, c, DUPLICATE);
	cmd_u16(c, TPM_ALG_NULL);
}

static void setup_rewrap(struct side *s)
{
	struct cmd c;

	setup_duplicated(s);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ReadPublic);
	cmd_u32(&c, s->handle[KEY2]);
	must(s, &c, "ReadPublic");
	keep_2b(s, PUBLIC, after_2b(response_params(s, false)));
}

static void build_rewrap(struct side *s, struct cmd *c)
{
	u32 size = after_2b(s->blob[DUPLICATE]) - s->blob[DUPLICATE];

	cmd_begin_pw(c, TPM_CC_Rewrap, 2, 1, s->handle[KEY], s->handle[KEY]);
	cmd_bytes(c, s->blob[DUPLICATE], size);
	put_blob(s, c, PUBLIC);		/* the name */
	cmd_bytes(c, s->blob[DUPLICATE] + size, s->blob_len[DUPLICATE] - size);
}

static const struct bench rows[] = {
	{ TPM_CC_CreatePrimary, "CreatePrimary P-256", NULL, build_primary_ecc, NULL,
	  flush_response },
	{ TPM_CC_Create, "Create P-256", setup_parent, build_create_ecc },
	{ TPM_CC_Create, "Create RSA-2048", setup_parent, build_create_rsa, .bar = 0.4,
	  .mean_of = 50 },
	{ TPM_CC_Create, "Create HMAC", setup_parent, build_create_hmac },
	{ TPM_CC_Create, "Create sealed 32", setup_parent, build_seal },
	{ TPM_CC_CreateLoaded, "CreateLoaded P-256", setup_parent, build_create_loaded, NULL,
	  flush_response },
	{ TPM_CC_Load, "Load sealed", setup_created_sealed, build_load_child, NULL,
	  flush_response },
	{ TPM_CC_Load, "Load sealed, RSA parent", setup_under_rsa, build_load_child, NULL,
	  flush_response },
	{ TPM_CC_Load, "Load P-256", setup_created_ecc, build_load_child, NULL, flush_response },
	{ TPM_CC_Load, "Load RSA-2048", setup_created_rsa, build_load_child, NULL,
	  flush_response },
	{ TPM_CC_LoadExternal, "LoadExternal P-256", setup_external_ecc, build_load_external, NULL,
	  flush_response },
	{ TPM_CC_LoadExternal, "LoadExternal RSA-2048", setup_external_rsa, build_load_external,
	  NULL, flush_response },
	{ TPM_CC_ReadPublic, "ReadPublic", setup_signer, build_read_public },
	{ TPM_CC_Unseal, "Unseal", setup_sealed, build_unseal },
	{ TPM_CC_ObjectChangeAuth, "ObjectChangeAuth", setup_sealed, build_object_auth },
	{ TPM_CC_MakeCredential, "MakeCredential P-256", setup_made, build_make },
	{ TPM_CC_ActivateCredential, "ActivateCredential P-256", setup_activate, build_activate },
	{ TPM_CC_Duplicate, "Duplicate P-256", setup_duplicate, build_duplicate,
	  before_duplicate },
	{ TPM_CC_Import, "Import P-256", setup_duplicated, build_import },
	{ TPM_CC_Rewrap, "Rewrap P-256", setup_rewrap, build_rewrap },
};

const struct bench_group bench_object = { rows, ARRAY_SIZE(rows) };
