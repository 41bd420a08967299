// SPDX-License-Identifier: GPL-2.0-only
/*
 * Duplication, and its codes: TPM2_Duplicate, TPM2_Rewrap, TPM2_Import. What goes
 * out comes back in and is the same object; see reach.c for why each code is here.
 */
#include "reach_support.h"

/* ---- the policy that duplication wants ---- */

static u8 dup_policy[32];
static u32 policy_session;

static u32 say_duplicate(u32 session)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PolicyCommandCode, 1, 0, session);
	cmd_u32(&c, TPM_CC_Duplicate);
	return cmd_run(&tpm, &c);
}

static void begin(void)
{
	struct rsp r;
	u16 size;

	set_up();
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_NULL,
				    &policy_session), 0);
	EXPECT_EQ(say_duplicate(policy_session), 0);
	EXPECT_EQ(run_pw(TPM_CC_PolicyGetDigest, 1, 0, policy_session, 0, "", 0), 0);
	r = rsp_params(&tpm, NULL);
	memcpy(dup_policy, rsp_2b(&r, &size), sizeof(dup_policy));
	EXPECT_EQ(size, sizeof(dup_policy));
	EXPECT_EQ(run_pw(TPM_CC_PolicyRestart, 1, 0, policy_session, 0, "", 0), 0);
}

/* A sealed secret below @parent that may be duplicated. */
static u32 movable_secret(u32 parent, u32 attrs, u32 *handle, struct bytes *public)
{
	const struct tmpl t = { TPM_ALG_KEYEDHASH, UWA | attrs, .policy = 32 };
	struct bytes private;
	struct cmd c;
	struct rsp r;
	u32 at, rc;

	cmd_begin_pw(&c, TPM_CC_Create, 1, 1, parent);
	put_sensitive_create(&c, "", "secret", 6);
	at = c.len;
	put_template(&c, &t);
	memcpy(c.buf + at + 2 + 10, dup_policy, sizeof(dup_policy));
	cmd_u16(&c, 0);
	cmd_u32(&c, 0);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	copy_2b(&r, &private);
	copy_2b(&r, public);
	return load(&tpm, parent, &private, public, handle);
}

struct duplicate {
	struct bytes key, private, seed;
};

static u32 duplicate(u32 object, u32 parent, bool inner, u16 key_size, struct duplicate *d)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	rc = say_duplicate(policy_session);
	if (rc)
		return rc;
	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_Duplicate);
	cmd_u32(&c, object);
	cmd_u32(&c, parent);
	cmd_auths(&c);
	cmd_session(&c, policy_session, TPMA_SESSION_CONTINUE);
	cmd_auths_end(&c);
	put_odd_2b(&c, key_size, NULL);
	cmd_u16(&c, inner ? TPM_ALG_AES : TPM_ALG_NULL);
	if (inner)
		cmd_u32(&c, 128 << 16 | TPM_ALG_CFB);
	rc = cmd_run(&tpm, &c);
	if (rc) {	/* the session still has what was said */
		run_pw(TPM_CC_PolicyRestart, 1, 0, policy_session, 0, "", 0);
		return rc;
	}
	r = rsp_params(&tpm, NULL);
	copy_2b(&r, &d->key);
	copy_2b(&r, &d->private);
	copy_2b(&r, &d->seed);
	if (key_size)
		memset(d->key.data, 0x11, d->key.size = key_size);
	return 0;
}

static void put_bytes(struct cmd *c, const struct bytes *b)
{
	cmd_2b(c, b->data, b->size);
}

static u32 import(u32 parent, const struct bytes *public, const struct duplicate *d, bool inner,
		  struct bytes *private)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_Import, 1, 1, parent);
	put_bytes(&c, &d->key);
	put_bytes(&c, public);
	put_bytes(&c, &d->private);
	put_bytes(&c, &d->seed);
	cmd_u16(&c, inner ? TPM_ALG_AES : TPM_ALG_NULL);
	if (inner)
		cmd_u32(&c, 128 << 16 | TPM_ALG_CFB);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	copy_2b(&r, private);
	return 0;
}

static u32 rewrap(u32 from, u32 to, const struct duplicate *in, const struct bytes *name,
		  struct duplicate *out)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_Rewrap, 2, 1, from, to);
	put_bytes(&c, &in->private);
	put_bytes(&c, name);
	put_bytes(&c, &in->seed);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	out->key = in->key;
	copy_2b(&r, &out->private);
	copy_2b(&r, &out->seed);
	return 0;
}

/* ---- there and back ---- */

static void check_same(u32 parent, const struct bytes *public, const struct duplicate *d,
		       bool inner)
{
	struct bytes private, data;
	u32 handle;

	EXPECT_EQ(import(parent, public, d, inner, &private), 0);
	EXPECT_EQ(load(&tpm, parent, &private, public, &handle), 0);
	EXPECT_EQ(unseal(&tpm, handle, "", &data), 0);
	EXPECT_EQ(data.size, 6);
	EXPECT_MEM(data.data, "secret", 6);
	EXPECT_EQ(tpm_flush(&tpm, handle), 0);
}

static void there_and_back(void)
{
	static const struct tmpl rsa_parent = {
		TPM_ALG_RSA, STORAGE, .sym = TPM_ALG_AES, .size = 1024,
	};
	struct bytes public, name, qualified;
	struct duplicate d, again, plain;
	u32 from, to, rsa, object;
	unsigned int i;

	begin();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &from), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_ENDORSEMENT, &storage_template, &to), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_ENDORSEMENT, &rsa_parent, &rsa), 0);
	EXPECT_EQ(movable_secret(from, 0, &object, &public), 0);
	EXPECT_EQ(read_name(&tpm, object, &name, &qualified), 0);
	for (i = 0; i < 4; i++) {	/* with and without an inner wrapper and its key given */
		bool inner = i & 1;

		EXPECT_EQ(duplicate(object, i & 2 ? to : rsa, inner, i == 3 ? 16 : 0, &d), 0);
		check_same(i & 2 ? to : rsa, &public, &d, inner);
		EXPECT_EQ(rewrap(i & 2 ? to : rsa, from, &d, &name, &again), 0);
		check_same(from, &public, &again, inner);
		EXPECT_EQ(rewrap(from, TPM_RH_NULL, &again, &name, &plain), 0);
		check_same(to, &public, &plain, inner);
		EXPECT_EQ(rewrap(TPM_RH_NULL, rsa, &plain, &name, &again), 0);
		check_same(rsa, &public, &again, inner);
		OK_SO_FAR();
	}
	EXPECT_EQ(duplicate(object, TPM_RH_NULL, false, 0, &d), 0);
	check_same(to, &public, &d, false);
	OK_SO_FAR();
	tear_down();
}

/* ---- TPM2_Duplicate ---- */

static void duplicating(void)
{
	struct bytes public;
	struct duplicate d;
	u32 parent, signer, object, both, fixed, handle;

	begin();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &sign_template, &signer), 0);
	EXPECT_EQ(movable_secret(parent, 0, &object, &public), 0);
	EXPECT_EQ(movable_secret(parent, ED, &both, &public), 0);
	EXPECT_EQ(movable_secret(parent, FT | FP, &fixed, &public), 0);
	EXPECT_EQ(duplicate(fixed, parent, false, 0, &d), H(TPM_RC_ATTRIBUTES, 1));
	EXPECT_EQ(duplicate(object, signer, false, 0, &d), H(TPM_RC_TYPE, 2));
	EXPECT_EQ(duplicate(both, parent, false, 0, &d), P(TPM_RC_SYMMETRIC, 2));
	EXPECT_EQ(duplicate(both, TPM_RH_NULL, true, 0, &d), H(TPM_RC_HIERARCHY, 2));
	EXPECT_EQ(duplicate(object, parent, true, 15, &d), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(rsa_from_elsewhere(1024, TPM_ALG_SHA512, &handle), 0);
	EXPECT_EQ(duplicate(object, handle, false, 0, &d), RAW(TPM_RC_VALUE));
	EXPECT_EQ(rsa_from_elsewhere(2048, TPM_ALG_NULL, &handle), 0);
	EXPECT_EQ(duplicate(object, handle, false, 0, &d), RAW(TPM_RC_HASH));
	EXPECT_EQ(duplicate(both, parent, true, 0, &d), 0);
	tear_down();
}

/* ---- TPM2_Rewrap ---- */

static void rewrapping(void)
{
	struct bytes public, name, qualified;
	struct duplicate d, bad, out, whole;
	u32 parent, signer, object, handle;

	begin();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &sign_template, &signer), 0);
	EXPECT_EQ(movable_secret(parent, 0, &object, &public), 0);
	EXPECT_EQ(read_name(&tpm, object, &name, &qualified), 0);
	EXPECT_EQ(duplicate(object, parent, false, 0, &d), 0);
	EXPECT_EQ(rewrap(TPM_RH_NULL, parent, &d, &name, &out), H(TPM_RC_HANDLE, 1));
	EXPECT_EQ(rewrap(signer, parent, &d, &name, &out), H(TPM_RC_TYPE, 1));
	EXPECT_EQ(rewrap(parent, signer, &d, &name, &out), H(TPM_RC_TYPE, 2));
	bad = d;
	bad.seed.data[bad.seed.size - 1] ^= 1;
	EXPECT_EQ(rewrap(parent, parent, &bad, &name, &out), P(TPM_RC_VALUE, 3));
	bad = d;
	bad.private.data[40] ^= 1;
	EXPECT_EQ(rewrap(parent, parent, &bad, &name, &out), P(TPM_RC_INTEGRITY, 1));
	bad.private.size = 1;
	EXPECT_EQ(rewrap(parent, parent, &bad, &name, &out), P(TPM_RC_INSUFFICIENT, 1));
	bad = d;
	bad.private.data[0] = 1;
	EXPECT_EQ(rewrap(parent, parent, &bad, &name, &out), P(TPM_RC_SIZE, 1));
	memset(&whole, 0, sizeof(whole));
	whole.private.size = 1536;
	EXPECT_EQ(rewrap(TPM_RH_NULL, parent, &whole, &name, &out), P(TPM_RC_VALUE, 1));
	whole.private.size = 10;
	EXPECT_EQ(rsa_from_elsewhere(2048, TPM_ALG_NULL, &handle), 0);
	EXPECT_EQ(rewrap(TPM_RH_NULL, handle, &whole, &name, &out), RAW(TPM_RC_HASH));
	tear_down();
}

/* ---- TPM2_Import ---- */

struct bad_import {
	struct tmpl t;
	struct odd sens;
	u16 x, y;
	u32 code;
};

static const struct bad_import bad_imports[] = {
	{ { TPM_ALG_ECC, UWA | S | FP }, { TPM_ALG_ECC, .data = 32 }, 32, 32,
	  P(TPM_RC_ATTRIBUTES, 2) },
	{ { TPM_ALG_ECC, UWA | S | ED }, { TPM_ALG_ECC, .data = 32 }, 32, 32,
	  P(TPM_RC_ATTRIBUTES, 1) },
	{ { TPM_ALG_ECC, UWA | S }, { TPM_ALG_KEYEDHASH, .data = 32 }, 32, 32, P(TPM_RC_TYPE, 3) },
	{ { TPM_ALG_ECC, UWA | D, .scheme = TPM_ALG_ECDSA }, { TPM_ALG_ECC, .data = 32 }, 32, 32,
	  P(TPM_RC_SCHEME, 2) },
	{ { TPM_ALG_ECC, UWA | S, .kdf = TPM_ALG_KDF1_SP800_56A }, { TPM_ALG_ECC, .data = 32 }, 32,
	  32, P(TPM_RC_KDF, 2) },
	{ { TPM_ALG_ECC, UWA | R | D }, { TPM_ALG_ECC, .seed = 32, .data = 32 }, 32, 32,
	  P(TPM_RC_SYMMETRIC, 2) },
	{ { TPM_ALG_ECC, UWA | S }, { TPM_ALG_ECC, .data = 32 }, 32, 32, RAW(TPM_RC_BINDING) },
	{ { TPM_ALG_ECC, UWA | S }, { TPM_ALG_ECC, .data = 33 }, 32, 32, RAW(TPM_RC_KEY_SIZE) },
	{ { TPM_ALG_ECC, UWA | S }, { TPM_ALG_ECC, .auth = 33, .data = 32 }, 32, 32,
	  P(TPM_RC_SIZE, 3) },
	{ { TPM_ALG_RSA, UWA | S, .size = 1024 }, { TPM_ALG_RSA, .data = 64 }, 127, 0,
	  P(TPM_RC_KEY, 2) },
	{ { TPM_ALG_RSA, UWA | S, .size = 1024, .exponent = 5 }, { TPM_ALG_RSA, .data = 64 }, 128,
	  0, P(TPM_RC_VALUE, 2) },
};

static void importing_odd_ones(u32 parent)
{
	struct bytes public, private;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad_imports); i++) {
		const struct bad_import *b = &bad_imports[i];
		struct duplicate d = { 0 };
		struct cmd c = { 0 };
		u32 rc;

		put_odd_public(&c, &b->t, b->x, b->y);
		take_2b(&c, 0, &public);
		c.len = 0;
		put_odd(&c, &b->sens);
		d.private.size = c.len;
		memcpy(d.private.data, c.buf, c.len);
		rc = import(parent, &public, &d, false, &private);
		if (rc != b->code)
			test_fail(__FILE__, __LINE__, "%u: 0x%x, not 0x%x", i, rc, b->code);
	}
}

static void importing(void)
{
	static const struct tmpl rsa_parent = {
		TPM_ALG_RSA, STORAGE, .sym = TPM_ALG_AES, .size = 1024,
	};
	struct bytes public, private;
	struct duplicate d, bad, wrapped;
	u32 parent, rsa, signer, object;

	begin();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &rsa_parent, &rsa), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &sign_template, &signer), 0);
	importing_odd_ones(parent);
	OK_SO_FAR();
	EXPECT_EQ(movable_secret(parent, 0, &object, &public), 0);
	EXPECT_EQ(duplicate(object, parent, true, 0, &d), 0);
	EXPECT_EQ(import(signer, &public, &d, true, &private), H(TPM_RC_TYPE, 1));
	EXPECT_EQ(import(parent, &public, &d, false, &private), P(TPM_RC_SIZE, 1));
	bad = d;
	bad.key.data[0] ^= 1;
	EXPECT_EQ(import(parent, &public, &bad, true, &private), P(TPM_RC_SIZE, 3));
	bad = d;
	bad.private.data[40] ^= 1;
	EXPECT_EQ(import(parent, &public, &bad, true, &private), P(TPM_RC_INTEGRITY, 3));
	bad = d;
	bad.private.size = 1;
	EXPECT_EQ(import(parent, &public, &bad, true, &private), P(TPM_RC_INSUFFICIENT, 3));
	bad = d;
	bad.seed.data[bad.seed.size - 1] ^= 1;
	EXPECT_EQ(import(parent, &public, &bad, true, &private), P(TPM_RC_ECC_POINT, 4));
	EXPECT_EQ(duplicate(object, rsa, false, 0, &wrapped), 0);
	bad = wrapped;
	bad.seed.size--;
	EXPECT_EQ(import(rsa, &public, &bad, false, &private), P(TPM_RC_SIZE, 4));
	bad = wrapped;
	bad.seed.data[bad.seed.size - 1] ^= 1;
	EXPECT_EQ(import(rsa, &public, &bad, false, &private), P(TPM_RC_VALUE, 4));
	tear_down();
}

static const struct test_case cases[] = {
	{ "there-and-back", there_and_back },
	{ "duplicating", duplicating },
	{ "rewrapping", rewrapping },
	{ "importing", importing },
};

TEST_MAIN("reach-dup", cases)
