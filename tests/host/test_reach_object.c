// SPDX-License-Identifier: GPL-2.0-only
/*
 * Codes of object commands that documentation lists and no other test sees.
 * "host" fails when one of them is not reached; see reach.c.
 */
#include "reach_support.h"

#define SIGNS	{ TPM_ALG_ECC, OURS | SDO | S, .scheme = TPM_ALG_ECDSA }

/* ---- creating ---- */

struct bad_template {
	struct tmpl t;
	u16 data;		/* bytes given */
	u32 code;		/* for CreatePrimary */
};

static const struct bad_template bad_templates[] = {
	{ { TPM_ALG_ECC, OURS | S }, 0, P(TPM_RC_ATTRIBUTES, 2) },
	{ { TPM_ALG_ECC, OURS | SDO | S, .policy = 5 }, 0, P(TPM_RC_SIZE, 2) },
	{ { TPM_ALG_ECC, OURS | SDO | D, .scheme = TPM_ALG_ECDSA }, 0, P(TPM_RC_SCHEME, 2) },
	{ { TPM_ALG_ECC, OURS | SDO | S, .kdf = TPM_ALG_KDF1_SP800_56A }, 0, P(TPM_RC_KDF, 2) },
	{ { TPM_ALG_ECC, STORAGE }, 0, P(TPM_RC_SYMMETRIC, 2) },
	{ { TPM_ALG_ECC, OURS | SDO | S, .sym = TPM_ALG_AES }, 0, P(TPM_RC_SYMMETRIC, 2) },
	{ { TPM_ALG_RSA, OURS | SDO | S, .exponent = 5 }, 0, RAW(TPM_RC_RANGE) },
	{ { TPM_ALG_SYMCIPHER, OURS | D, .sym = TPM_ALG_AES }, 15, RAW(TPM_RC_KEY_SIZE) },
	{ { TPM_ALG_KEYEDHASH, OURS | S, .scheme = TPM_ALG_HMAC }, 65, RAW(TPM_RC_SIZE) },
};

static u32 create_loaded(u32 parent, const struct tmpl *t, u16 data, u16 cut, u32 *handle)
{
	u8 bytes[128] = { 1 };
	struct cmd c;
	u32 at, rc;

	cmd_begin_pw(&c, TPM_CC_CreateLoaded, 1, 1, parent);
	put_sensitive_create(&c, "", bytes, data);
	at = c.len;
	put_template(&c, t);
	c.len -= cut;
	put_size(&c, at);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

/* Values that do not fit name inSensitive, if the action says where. */
static bool same(u32 got, u32 want, unsigned int n)
{
	return got == want || got == P(RC(want), n) || got == P(RC(want), 1);
}

static void creating(void)
{
	const struct tmpl other_hash = { TPM_ALG_ECC, STORAGE, .sym = TPM_ALG_AES,
					 .name = TPM_ALG_SHA384 };
	static const struct tmpl signs = SIGNS;
	u8 bytes[128] = { 1 };
	u32 parent, signer, handle;
	unsigned int i;

	set_up();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &signs, &signer), 0);
	for (i = 0; i < ARRAY_SIZE(bad_templates); i++) {
		const struct bad_template *b = &bad_templates[i];

		EXPECT(same(object_create(&tpm, TPM_CC_CreatePrimary, TPM_RH_OWNER, &b->t, "",
					  bytes, b->data, &handle, NULL, NULL), b->code, 1));
		EXPECT(same(create(&tpm, parent, &b->t, "", bytes, b->data, NULL, NULL), b->code,
			    1));
		EXPECT(same(create_loaded(parent, &b->t, b->data, 0, &handle), b->code, 1));
	}
	EXPECT_EQ(create(&tpm, parent, &other_hash, "", NULL, 0, NULL, NULL), P(TPM_RC_HASH, 2));
	EXPECT_EQ(create_loaded(parent, &other_hash, 0, 0, &handle), P(TPM_RC_HASH, 2));
	EXPECT_EQ(create_loaded(parent, &signs, 0, 3, &handle), P(TPM_RC_INSUFFICIENT, 2));
	EXPECT_EQ(create_loaded(signer, &signs, 0, 0, &handle), H(TPM_RC_TYPE, 1));
	fill_objects();
	EXPECT_EQ(create_loaded(parent, &signs, 0, 0, &handle), RAW(TPM_RC_OBJECT_MEMORY));
	EXPECT_EQ(load_external(NULL, &signs, 32, 32, TPM_RH_OWNER, &handle),
		  RAW(TPM_RC_OBJECT_MEMORY));
	EXPECT_EQ(run_pw(TPM_CC_HMAC_Start, 1, 1, parent, 0, "\0\0\0\x0b", 4), H(TPM_RC_TYPE, 1));
	tear_down();
}

/* Kept apart, so that failing allocations, cancellation and a void epoch each meet success. */
static void created_often(void)
{
	static const struct tmpl rsa = { TPM_ALG_RSA, OURS | SDO | D, .size = 1024 };
	struct bytes private, public;
	u32 parent, handle;
	unsigned int i;

	set_up();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(create(&tpm, parent, &rsa, "", NULL, 0, &private, &public), 0);
		EXPECT_EQ(create_loaded(parent, &rsa, 0, 0, &handle), 0);
		EXPECT_EQ(tpm_flush(&tpm, handle), 0);
		EXPECT_EQ(load(&tpm, parent, &private, &public, &handle), 0);
		EXPECT_EQ(tpm_flush(&tpm, handle), 0);
	}
	tear_down();
}

/* ---- loading ---- */

struct bad_load {
	struct odd sens;
	struct tmpl t;
	u16 x, y;
	u32 code;
};

#define KH	TPM_ALG_KEYEDHASH
#define SC	TPM_ALG_SYMCIPHER

static const struct bad_load bad_loads[] = {
	{ { TPM_ALG_ECC, .data = 32 }, { TPM_ALG_ECC, UWA | FP | FT | S }, 32, 32,
	  P(TPM_RC_ATTRIBUTES, 2) },
	{ { TPM_ALG_ECC, .data = 32 }, { TPM_ALG_ECC, UWA | S, .policy = 5 }, 32, 32,
	  P(TPM_RC_SIZE, 2) },
	{ { TPM_ALG_ECC, .data = 32 }, { TPM_ALG_ECC, UWA | D, .scheme = TPM_ALG_ECDSA }, 32, 32,
	  P(TPM_RC_SCHEME, 2) },
	{ { TPM_ALG_ECC, .data = 32 }, { TPM_ALG_ECC, UWA | S, .kdf = TPM_ALG_KDF1_SP800_56A }, 32,
	  32, P(TPM_RC_KDF, 2) },
	{ { TPM_ALG_ECC, .data = 32 }, { TPM_ALG_ECC, UWA | S, .sym = TPM_ALG_AES }, 32, 32,
	  P(TPM_RC_SYMMETRIC, 2) },
	{ { TPM_ALG_ECC, .data = 33, .given = (const u8 *)"111111111111111111111111111111111" },
	  { TPM_ALG_ECC, UWA | S }, 32, 32, RAW(TPM_RC_KEY_SIZE) },
	{ { TPM_ALG_ECC, .data = 32 }, { TPM_ALG_ECC, UWA | S }, 32, 32, RAW(TPM_RC_BINDING) },
	{ { KH, .data = 32 }, { TPM_ALG_ECC, UWA | S }, 32, 32, P(TPM_RC_TYPE, 1) },
	{ { TPM_ALG_ECC, .auth = 33, .data = 32 }, { TPM_ALG_ECC, UWA | S }, 32, 32,
	  P(TPM_RC_SIZE, 1) },
	{ { TPM_ALG_RSA, .data = 64 }, { TPM_ALG_RSA, UWA | S, .size = 1024 }, 127, 0,
	  P(TPM_RC_KEY, 2) },
	{ { TPM_ALG_RSA, .data = 64 }, { TPM_ALG_RSA, UWA | S, .size = 1024, .exponent = 5 }, 128,
	  0, P(TPM_RC_VALUE, 2) },
	{ { TPM_ALG_RSA, .data = 63 }, { TPM_ALG_RSA, UWA | S, .size = 1024 }, 128, 0,
	  P(TPM_RC_KEY_SIZE, 1) },
	{ { KH, .seed = 32, .data = 32 }, { KH, UWA | S, .scheme = TPM_ALG_HMAC }, 32, 0,
	  RAW(TPM_RC_BINDING) },
	{ { SC, .seed = 32, .data = 15 }, { SC, UWA | D, .sym = TPM_ALG_AES }, 32, 0,
	  P(TPM_RC_KEY_SIZE, 1) },
};

static void load_one(u32 parent, const struct bad_load *b, u32 code)
{
	struct bytes private, public;
	struct cmd c;
	u32 handle, rc;

	c.len = 0;
	put_odd_public(&c, &b->t, b->x, b->y);
	take_2b(&c, 0, &public);
	wrap(parent, &b->sens, &public, &private);
	OK_SO_FAR();
	rc = load(&tpm, parent, &private, &public, &handle);
	if (rc != code)
		test_fail(__FILE__, __LINE__, "%zu: 0x%x, not 0x%x", b - bad_loads, rc, code);
}

static void loading(void)
{
	static const struct bad_load other_hash = {
		{ TPM_ALG_ECC, .seed = 32, .data = 32 },
		{ TPM_ALG_ECC, STORAGE, .sym = TPM_ALG_AES, .name = TPM_ALG_SHA384 }, 32, 32,
	};
	struct bytes cut = { 1, { 0 } }, public;
	u32 parent, fixed, handle, rc;
	unsigned int i;
	struct cmd c;

	set_up();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &movable_template, &parent), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &fixed), 0);
	for (i = 0; i < ARRAY_SIZE(bad_loads); i++) {
		const struct bad_load *b = &bad_loads[i];

		load_one(parent, b, b->code);
		rc = load_external(&b->sens, &b->t, b->x, b->y, TPM_RH_NULL, &handle);
		if (rc != b->code && i)
			test_fail(__FILE__, __LINE__, "%u: 0x%x, not 0x%x", i, rc, b->code);
		OK_SO_FAR();
	}
	load_one(fixed, &other_hash, P(TPM_RC_HASH, 2));
	OK_SO_FAR();
	c.len = 0;
	put_odd_public(&c, &bad_loads[1].t, 32, 32);
	take_2b(&c, 0, &public);
	EXPECT_EQ(load(&tpm, parent, &cut, &public, &handle), P(TPM_RC_INSUFFICIENT, 1));
	fill_objects();
	EXPECT_EQ(load(&tpm, parent, &cut, &public, &handle), RAW(TPM_RC_OBJECT_MEMORY));
	tear_down();
}

/* Keys below a parent that may move are opened when they are loaded. */
static void loaded_often(void)
{
	static const struct tmpl key = { TPM_ALG_RSA, UWA | SDO | D, .size = 1024 };
	struct bytes private, public;
	u32 parent, handle;
	unsigned int i;

	set_up();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &movable_template, &parent), 0);
	EXPECT_EQ(create(&tpm, parent, &key, "", NULL, 0, &private, &public), 0);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(load(&tpm, parent, &private, &public, &handle), 0);
		EXPECT_EQ(tpm_flush(&tpm, handle), 0);
	}
	tear_down();
}

/* ---- credentials ---- */

static u32 make_credential(u32 key, const char *credential)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_MakeCredential, 1, 0, key);
	cmd_2b(&c, credential, strlen(credential));
	cmd_2b(&c, "NAME", 4);
	return cmd_run(&tpm, &c);
}

static void credentials(void)
{
	u32 handle, key;
	unsigned int i;

	set_up();
	EXPECT_EQ(rsa_from_elsewhere(1024, TPM_ALG_SHA512, &handle), 0);
	EXPECT_EQ(make_credential(handle, "CRED"), RAW(TPM_RC_VALUE));
	EXPECT_EQ(rsa_from_elsewhere(2048, TPM_ALG_NULL, &handle), 0);
	EXPECT_EQ(make_credential(handle, ""), RAW(TPM_RC_HASH));
	EXPECT_EQ(rsa_from_elsewhere(2048, TPM_ALG_SHA256, &handle), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &key), 0);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(make_credential(i ? key : handle, "CRED"), 0);
	tear_down();
}

/* ---- using ---- */

static void using(void)
{
	static const struct tmpl hmac = { KH, OURS | SDO | S, .scheme = TPM_ALG_HMAC };
	static const struct tmpl mac = { SC, OURS | SDO | S, .sym = TPM_ALG_AES,
					 .mode = TPM_ALG_CMAC };
	static const u8 params[] = "\0\1x\0\x0b";
	u32 seq, key;

	set_up();
	EXPECT_EQ(hash_sequence(&seq), 0);
	EXPECT_EQ(run_pw(TPM_CC_ReadPublic, 1, 0, seq, 0, "", 0), RAW(TPM_RC_SEQUENCE));
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &hmac, &key), 0);
	EXPECT_EQ(unseal(&tpm, key, "", NULL), H(TPM_RC_ATTRIBUTES, 1));
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &mac, &key), 0);
	EXPECT_EQ(run_pw(TPM_CC_HMAC, 1, 1, key, 0, params, sizeof(params) - 1),
		  P(TPM_RC_VALUE, 2));
	fill_objects();
	EXPECT_EQ(run_pw(TPM_CC_HMAC_Start, 1, 1, key, 0, "\0\0\0\x10", 4),
		  RAW(TPM_RC_OBJECT_MEMORY));
	tear_down();
}

/* ---- contexts ---- */

static u32 save(u32 handle, struct bytes *context)
{
	u32 rc = run_pw(TPM_CC_ContextSave, 1, 0, handle, 0, "", 0);

	if (rc)
		return rc;
	context->size = tpm.rsp_len - 10;
	memcpy(context->data, tpm.rsp + 10, context->size);
	return 0;
}

static u32 restore(const struct bytes *context)
{
	return run_pw(TPM_CC_ContextLoad, 0, 0, 0, 0, context->data, context->size);
}

static void contexts(void)
{
	struct bytes object, session;
	u32 handle, first;
	unsigned int i;

	set_up();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &handle), 0);
	EXPECT_EQ(save(handle, &object), 0);
	EXPECT_EQ(run_pw(TPM_CC_HierarchyControl, 1, 1, TPM_RH_OWNER, 0, "\x40\0\0\1\0", 5), 0);
	EXPECT_EQ(restore(&object), P(TPM_RC_HIERARCHY, 1));
	EXPECT_EQ(run_pw(TPM_CC_HierarchyControl, 1, 1, TPM_RH_PLATFORM, 0, "\x40\0\0\1\1", 5), 0);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL, &first), 0);
	EXPECT_EQ(save(first, &session), 0);
	for (i = 0; i < TPM2_MAX_SESSIONS; i++)
		EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL,
					    &handle), 0);
	EXPECT_EQ(restore(&session), RAW(TPM_RC_SESSION_MEMORY));
	fill_objects();
	EXPECT_EQ(restore(&object), RAW(TPM_RC_OBJECT_MEMORY));
	tear_down();
}

static const struct test_case cases[] = {
	{ "creating", creating },
	{ "created-often", created_often },
	{ "loading", loading },
	{ "loaded-often", loaded_often },
	{ "credentials", credentials },
	{ "using", using },
	{ "contexts", contexts },
};

TEST_MAIN("reach-object", cases)
