// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects: templates, derivation, wrapping, loading. The codes in the table are
 * those that libtpms 0.9.2 gives.
 */
#include "object_support.h"

static struct host_tpm tpm;

static void check_left(void)
{
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* ---- templates ---- */

struct template_case {
	const char *what;
	struct tmpl t;
	u16 data;	/* bytes of sensitive.data */
	u32 rc;
};

#define ECC(a, ...)	{ TPM_ALG_ECC, (a), __VA_ARGS__ }
#define RSA(a, ...)	{ TPM_ALG_RSA, (a), __VA_ARGS__ }
#define KH(a, ...)	{ TPM_ALG_KEYEDHASH, (a), __VA_ARGS__ }
#define SYM(a, ...)	{ TPM_ALG_SYMCIPHER, (a), .sym = TPM_ALG_AES, __VA_ARGS__ }
#define BASE		(FT | FP | UWA)
#define ATTR		P(TPM_RC_ATTRIBUTES, 2)
#define SCHEME		P(TPM_RC_SCHEME, 2)

/* below a P-256 storage key with AES-128 and SHA-256 */
static const struct template_case template_cases[] = {
	{ "hmac key without scheme", KH(BASE | SDO | S, 0), 0, SCHEME },
	{ "hmac key", KH(BASE | SDO | S, .scheme = TPM_ALG_HMAC), 0, 0 },
	{ "hmac key with xor", KH(BASE | SDO | S, .scheme = TPM_ALG_XOR), 0, SCHEME },
	{ "xor key", KH(BASE | SDO | D, .scheme = TPM_ALG_XOR), 0, 0 },
	{ "xor key without scheme", KH(BASE | SDO | D, 0), 0, SCHEME },
	{ "keyedhash for both", KH(BASE | SDO | S | D, 0), 0, 0 },
	{ "keyedhash for both, scheme", KH(BASE | SDO | S | D, .scheme = TPM_ALG_HMAC), 0, SCHEME },
	{ "sealed data", KH(BASE, 0), 128, 0 },
	{ "too much sealed data", KH(BASE, 0), 129, P(TPM_RC_SIZE, 1) },
	{ "no sealed data", KH(BASE, 0), 0, ATTR },
	{ "sealed data of the TPM", KH(BASE | SDO, 0), 0, ATTR },
	{ "sealed data and origin", KH(BASE | SDO, 0), 1, ATTR },
	{ "sealed data with scheme", KH(BASE, .scheme = TPM_ALG_HMAC), 1, SCHEME },
	{ "hmac key of a block", KH(BASE | S, .scheme = TPM_ALG_HMAC), 64, 0 },
	{ "hmac key past a block", KH(BASE | S, .scheme = TPM_ALG_HMAC), 65, RAW(TPM_RC_SIZE) },
	{ "known restricted key", KH(BASE | S | R, .scheme = TPM_ALG_HMAC), 32, ATTR },
	{ "known restricted key that may move", KH(UWA | S | R, .scheme = TPM_ALG_HMAC), 32, 0 },
	{ "aes key", SYM(BASE | SDO | D), 0, 0 },
	{ "aes key for nothing", SYM(BASE | SDO), 0, ATTR },
	{ "aes storage key", SYM(BASE | SDO | R | D), 0, 0 },
	{ "aes storage key of other size", SYM(BASE | SDO | R | D, .bits = 256), 0,
	  P(TPM_RC_SYMMETRIC, 2) },
	{ "given aes key", SYM(BASE | D), 16, 0 },
	{ "given aes key too short", SYM(BASE | D), 15, RAW(TPM_RC_KEY_SIZE) },
	{ "signing key", ECC(BASE | SDO | S, 0), 0, 0 },
	{ "x509 key", ECC(BASE | SDO | S | X, .scheme = TPM_ALG_ECDSA), 0, 0 },
	{ "restricted signing key without scheme", ECC(BASE | SDO | S | R, 0), 0, SCHEME },
	{ "signing key with ecdh", ECC(BASE | SDO | S, .scheme = TPM_ALG_ECDH), 0, SCHEME },
	{ "decryption key with ecdsa", ECC(BASE | SDO | D, .scheme = TPM_ALG_ECDSA), 0, SCHEME },
	{ "key for nothing", ECC(BASE | SDO, 0), 0, ATTR },
	{ "restricted key for nothing", ECC(BASE | SDO | R, 0), 0, ATTR },
	{ "restricted key for both", ECC(BASE | SDO | R | S | D, .sym = TPM_ALG_AES), 0, ATTR },
	{ "symmetric of no storage key", ECC(BASE | SDO | S, .sym = TPM_ALG_AES), 0,
	  P(TPM_RC_SYMMETRIC, 2) },
	{ "kdf", ECC(BASE | SDO | S, .kdf = TPM_ALG_KDF1_SP800_56A), 0, P(TPM_RC_KDF, 2) },
	{ "storage key without symmetric", ECC(BASE | SDO | R | D, 0), 0, P(TPM_RC_SYMMETRIC, 2) },
	{ "storage key of other hash", ECC(BASE | SDO | R | D, .sym = TPM_ALG_AES,
					   .name = TPM_ALG_SHA384), 0, P(TPM_RC_HASH, 2) },
	{ "given ecc key", ECC(BASE | D, 0), 32, ATTR },
	{ "ecc key and data", ECC(BASE | SDO | D, 0), 1, ATTR },
	{ "fixedTPM alone", ECC(FT | UWA | SDO | D, 0), 0, ATTR },
	{ "fixedParent alone", ECC(FP | UWA | SDO | D, 0), 0, ATTR },
	{ "neither", ECC(UWA | SDO | D, 0), 0, 0 },
	{ "encryptedDuplication of a fixed key", ECC(BASE | ED | SDO | D, 0), 0, ATTR },
	{ "encryptedDuplication", ECC(ED | UWA | SDO | D, 0), 0, 0 },
	{ "policy too short", ECC(BASE | SDO | D, .policy = 31), 0, P(TPM_RC_SIZE, 2) },
	{ "policy", ECC(BASE | SDO | D, .policy = 32), 0, 0 },
	{ "no name", ECC(BASE | SDO | D, .name = TPM_ALG_NULL), 0, P(TPM_RC_HASH, 2) },
	{ "exponent 3", RSA(BASE | SDO | D, .exponent = 3), 0, RAW(TPM_RC_RANGE) },
	{ "even exponent", RSA(BASE | SDO | D, .exponent = 0x80000000), 0, RAW(TPM_RC_RANGE) },
	{ "exponent no prime", RSA(BASE | SDO | D, .exponent = 65541), 0, RAW(TPM_RC_RANGE) },
	{ "size 1536", RSA(BASE | SDO | D, .size = 1536), 0, P(TPM_RC_VALUE, 2) },
	{ "rsa 1024", RSA(BASE | SDO | D, .size = 1024), 0, 0 },
	{ "signing key with oaep", RSA(BASE | SDO | S, .scheme = TPM_ALG_OAEP), 0, SCHEME },
	{ "decryption key with pss", RSA(BASE | SDO | D, .scheme = TPM_ALG_RSAPSS), 0, SCHEME },
	{ "rsa with ecdsa", RSA(BASE | SDO | S, .scheme = TPM_ALG_ECDSA), 0, P(TPM_RC_VALUE, 2) },
};

static void templates(void)
{
	static const u8 data[256] = { 1 };
	u32 parent, handle, rc;
	unsigned int i;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	for (i = 0; i < ARRAY_SIZE(template_cases); i++) {
		const struct template_case *k = &template_cases[i];
		struct bytes private, public;

		rc = create(&tpm, parent, &k->t, "", data, k->data, &private, &public);
		if (rc != k->rc)
			test_fail(__FILE__, __LINE__, "%s: 0x%x, not 0x%x", k->what, rc, k->rc);
		OK_SO_FAR();
		if (rc)
			continue;
		/* what has been created can be loaded, and has room again afterwards */
		EXPECT_EQ(load(&tpm, parent, &private, &public, &handle), 0);
		EXPECT_EQ(tpm_flush(&tpm, handle), 0);
	}
	check_left();
}

/* ---- derivation ---- */

static const struct tmpl hmac_template = {
	TPM_ALG_KEYEDHASH, OURS | SDO | S, .scheme = TPM_ALG_HMAC,
};

static const struct tmpl aes_template = {
	TPM_ALG_SYMCIPHER, OURS | SDO | D, .sym = TPM_ALG_AES,
};

static const struct tmpl p384_template = {
	TPM_ALG_ECC, OURS | SDO | S, .size = TPM_ECC_NIST_P384,
};

static const struct tmpl rsa_template = { TPM_ALG_RSA, STORAGE, .sym = TPM_ALG_AES };

static const struct {
	const struct tmpl *t;
	const char *name;
} golden[] = {
	{ &storage_template,
	  "000bc36e5d0c2b00eaec38239e139942bc273357e5d8ec3ef10e4ca9ba3243aa6fad" },
	{ &sign_template, "000bf6a2ac0e401a5968665436f34634fee208e8b53f949987cf0fe4eb24fd7db5b1" },
	{ &p384_template,
	  "000bd0aa306083f76683018a93a62a7b7f318ef509df9c956e48cb8c707a1e0c0b4b" },
	{ &hmac_template, "000b56c077ee71cd9be6d44744634044dc85c7184b90d4d061fa37cc52b34a8fa2dd" },
	{ &aes_template, "000bdb78c6c1875e944bbf19c01ae35e24f78b3eaaee43ae4c36182d23c6db9a8547" },
	{ &rsa_template, "000b7ae5999866094cc4c2a0621f97d4e74531b96bf314875ceb73c21e4559aad264" },
};

static void hex(const struct bytes *b, char *out)
{
	unsigned int i;

	for (i = 0; i < b->size; i++)
		sprintf(out + 2 * i, "%02x", b->data[i]);
}

/* Primary objects of a known seed are frozen: who changes one loses every user's keys. */
static void primaries_golden(void)
{
	struct bytes name, qualified;
	char text[2 * TPM2_NAME_MAX + 1];
	unsigned int i;
	u32 handle;

	host_tpm_new(&tpm, NULL);
	for (i = 0; i < TPM2_PROOF_SIZE; i++)
		tpm2_hierarchy(tpm.t, TPM_RH_OWNER)->seed[i] = i;
	for (i = 0; i < ARRAY_SIZE(golden); i++) {
		EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, golden[i].t, &handle), 0);
		EXPECT_EQ(read_name(&tpm, handle, &name, &qualified), 0);
		hex(&name, text);
		if (strcmp(text, golden[i].name))
			test_fail(__FILE__, __LINE__, "golden %u is %s", i, text);
		OK_SO_FAR();
		tpm_flush(&tpm, handle);
	}
	check_left();
}

static void primary_data(const char *data, u16 len, u32 hierarchy, struct bytes *name)
{
	struct bytes qualified;
	u32 handle;

	EXPECT_EQ(object_create(&tpm, TPM_CC_CreatePrimary, hierarchy, &hmac_template, "", data,
				len, &handle, NULL, NULL), 0);
	EXPECT_EQ(read_name(&tpm, handle, name, &qualified), 0);
	tpm_flush(&tpm, handle);
}

static void primaries_differ(void)
{
	struct bytes a, b, c, d;

	host_tpm_new(&tpm, NULL);
	primary_data("", 0, TPM_RH_OWNER, &a);
	primary_data("", 0, TPM_RH_OWNER, &b);
	primary_data("x", 1, TPM_RH_OWNER, &c);
	primary_data("", 0, TPM_RH_ENDORSEMENT, &d);
	OK_SO_FAR();
	EXPECT_MEM(a.data, b.data, a.size);
	EXPECT(memcmp(a.data, c.data, a.size));
	EXPECT(memcmp(a.data, d.data, a.size));
	check_left();
}

static u32 create_loaded(u32 parent, const struct tmpl *t, const void *tail, u16 tail_len,
			 const char *auth, u32 *handle, struct bytes *private)
{
	struct cmd c;
	struct rsp r;
	u32 at, rc;

	cmd_begin_pw(&c, TPM_CC_CreateLoaded, 1, 1, parent);
	put_sensitive_create(&c, auth, NULL, 0);
	at = c.len;
	put_template(&c, t);
	cmd_bytes(&c, tail, tail_len);
	put_size(&c, at);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, handle);
	copy_2b(&r, private);
	return 0;
}

static void created_loaded(void)
{
	struct bytes a, b, qualified, private;
	struct tmpl bad = sign_template;
	char auth[40] = { 0 };
	u32 parent, handle;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(create_loaded(TPM_RH_OWNER, &storage_template, NULL, 0, "", &handle, &private),
		  0);
	EXPECT_EQ(private.size, 0);
	EXPECT_EQ(read_name(&tpm, parent, &a, &qualified), 0);
	EXPECT_EQ(read_name(&tpm, handle, &b, &qualified), 0);
	EXPECT_EQ(a.size, b.size);
	EXPECT_MEM(a.data, b.data, a.size);
	tpm_flush(&tpm, handle);
	EXPECT_EQ(create_loaded(parent, &sign_template, NULL, 0, "", &handle, &private), 0);
	EXPECT(private.size > 0);
	EXPECT_EQ(create_loaded(handle, &sign_template, NULL, 0, "", &handle, &private),
		  H(TPM_RC_TYPE, 1));
	EXPECT_EQ(create_loaded(parent, &sign_template, "x", 1, "", &handle, &private),
		  P(TPM_RC_SIZE, 2));
	bad.attrs &= ~FP;
	memset(auth, 'a', 33);
	EXPECT_EQ(create_loaded(parent, &bad, NULL, 0, auth, &handle, &private), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(create_loaded(parent, &bad, NULL, 0, "", &handle, &private), ATTR);
	check_left();
}

/* ---- names and creation data ---- */

static void qualified_name(const u8 *parent, u16 parent_size, const struct bytes *name, u8 *out)
{
	u8 both[2 * TPM2_NAME_MAX];

	memcpy(both, parent, parent_size);
	memcpy(both + parent_size, name->data, name->size);
	put_unaligned_be16(TPM_ALG_SHA256, out);
	vt_hash(vt_hash_find(TPM_ALG_SHA256), both, parent_size + name->size, out + 2);
}

static void qualified_names(void)
{
	static const u8 endorsement[4] = { 0x40, 0, 0, 0x0b };
	struct bytes private, public, name, qualified, above;
	u32 parent, child;
	u8 want[34];

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(primary(&tpm, TPM_RH_ENDORSEMENT, &storage_template, &parent), 0);
	EXPECT_EQ(read_name(&tpm, parent, &name, &above), 0);
	qualified_name(endorsement, 4, &name, want);
	EXPECT_EQ(above.size, 34);
	EXPECT_MEM(above.data, want, 34);
	EXPECT_EQ(create(&tpm, parent, &sign_template, "", NULL, 0, &private, &public), 0);
	EXPECT_EQ(load(&tpm, parent, &private, &public, &child), 0);
	EXPECT_EQ(read_name(&tpm, child, &name, &qualified), 0);
	put_unaligned_be16(TPM_ALG_SHA256, want);
	vt_hash(vt_hash_find(TPM_ALG_SHA256), public.data, public.size, want + 2);
	EXPECT_EQ(name.size, 34);
	EXPECT_MEM(name.data, want, 34);
	qualified_name(above.data, above.size, &name, want);
	EXPECT_MEM(qualified.data, want, 34);
	check_left();
}

/* The creation data of a key made at locality 3 under @parent, PCR 0 to 2 selected. */
static void creation_of(u32 code, u32 parent, struct bytes *data, struct bytes *hash)
{
	static const u8 selection[] = { 0, 0, 0, 1, 0, TPM_ALG_SHA256, 3, 7, 0, 0 };
	struct bytes skipped;
	struct cmd c;
	struct rsp r;

	cmd_begin_pw(&c, code, 1, 1, parent);
	put_sensitive_create(&c, "", NULL, 0);
	put_template(&c, &sign_template);
	cmd_2b(&c, "outside", 7);
	cmd_bytes(&c, selection, sizeof(selection));
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	r = rsp_params(&tpm, code == TPM_CC_CreatePrimary ? &(u32){ 0 } : NULL);
	if (code == TPM_CC_Create)
		copy_2b(&r, &skipped);
	copy_2b(&r, &skipped);
	copy_2b(&r, data);
	copy_2b(&r, hash);
	EXPECT(!r.bad);
}

static void check_creation(u32 code, u32 parent, u16 alg, const struct bytes *name,
			   const struct bytes *qualified)
{
	const struct vt_hash_alg *sha256 = vt_hash_find(TPM_ALG_SHA256);
	static const u8 zeros[3 * 32];
	struct bytes data, hash;
	struct cmd want = { 0 };
	u8 digest[32];

	creation_of(code, parent, &data, &hash);
	OK_SO_FAR();
	cmd_bytes(&want, (const u8 []){ 0, 0, 0, 1, 0, TPM_ALG_SHA256, 3, 7, 0, 0 }, 10);
	vt_hash(sha256, zeros, sizeof(zeros), digest);
	cmd_2b(&want, digest, sizeof(digest));
	cmd_u8(&want, 1 << 3);
	cmd_u16(&want, alg);
	cmd_2b(&want, name->data, name->size);
	cmd_2b(&want, qualified->data, qualified->size);
	cmd_2b(&want, "outside", 7);
	EXPECT_EQ(data.size, want.len);
	EXPECT_MEM(data.data, want.buf, want.len);
	vt_hash(sha256, want.buf, want.len, digest);
	EXPECT_EQ(hash.size, 32);
	EXPECT_MEM(hash.data, digest, 32);
}

static void creation_data(void)
{
	struct bytes owner = { 4, { 0x40, 0, 0, 1 } }, name, qualified;
	u32 parent;

	host_tpm_new(&tpm, NULL);
	tpm.locality = 3;
	check_creation(TPM_CC_CreatePrimary, TPM_RH_OWNER, TPM_ALG_NULL, &owner, &owner);
	OK_SO_FAR();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(read_name(&tpm, parent, &name, &qualified), 0);
	check_creation(TPM_CC_Create, parent, TPM_ALG_SHA256, &name, &qualified);
	OK_SO_FAR();
	check_left();
}

/* ---- what a command gives up the lock for ---- */

static u32 rsa_primary(void)
{
	u32 handle;

	return primary(&tpm, TPM_RH_OWNER, &rsa_template, &handle);
}

static void cancelled_generation(void)
{
	struct tpm2_stats stats;

	host_tpm_new(&tpm, NULL);
	tpm.cancel = true;
	EXPECT_EQ(rsa_primary(), RAW(TPM_RC_CANCELED));
	EXPECT_EQ(tpm.heavy, 1);
	tpm2_get_stats(tpm.t, &stats);
	EXPECT_EQ(stats.objects, 0);
	check_left();
}

static void clear_meanwhile(struct host_tpm *h)
{
	mutex_lock(&h->lock);
	tpm2_clear(h->t);
	mutex_unlock(&h->lock);
}

static void cleared_meanwhile(void)
{
	struct tpm2_stats stats;
	u32 handle;

	host_tpm_new(&tpm, NULL);
	tpm.in_heavy = clear_meanwhile;
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &handle), RAW(TPM_RC_RETRY));
	tpm.in_heavy = NULL;
	tpm2_get_stats(tpm.t, &stats);
	EXPECT_EQ(stats.objects, 0);
	check_left();
}

/* ---- private areas ---- */

static void every_bit_of_private(void)
{
	static const u8 secret[] = "canary";
	struct bytes private, public;
	u32 parent, handle, rc;
	unsigned int bit;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(create(&tpm, parent, &seal_template, "", secret, 6, &private, &public), 0);
	for (bit = 0; bit < 8u * private.size; bit++) {
		private.data[bit / 8] ^= 1 << bit % 8;
		rc = load(&tpm, parent, &private, &public, &handle);
		private.data[bit / 8] ^= 1 << bit % 8;
		/* the size of the HMAC stands before it */
		if (bit < 8 && bit / 8 < 2)
			EXPECT_EQ(rc, P(TPM_RC_SIZE, 1));
		else if (rc != P(TPM_RC_SIZE, 1) || bit >= 16)
			EXPECT_EQ(rc, P(TPM_RC_INTEGRITY, 1));
	}
	public.data[public.size - 1] ^= 1;
	EXPECT_EQ(load(&tpm, parent, &private, &public, &handle), P(TPM_RC_INTEGRITY, 1));
	public.data[public.size - 1] ^= 1;
	EXPECT_EQ(load(&tpm, parent, &private, &public, &handle), 0);
	check_left();
}

static void every_cut_of_private(void)
{
	struct bytes private, public;
	u32 parent, handle, rc;
	u16 size;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(create(&tpm, parent, &sign_template, "", NULL, 0, &private, &public), 0);
	size = private.size;
	for (private.size = 0; private.size < size; private.size++) {
		rc = load(&tpm, parent, &private, &public, &handle);
		if (!private.size)
			EXPECT_EQ(rc, P(TPM_RC_SIZE, 1));
		else
			EXPECT_EQ(rc, private.size < 34 ? P(TPM_RC_INSUFFICIENT, 1) :
							  P(TPM_RC_INTEGRITY, 1));
	}
	check_left();
}

static void no_parents(void)
{
	struct bytes private, public;
	u32 parent, key;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(create(&tpm, parent, &sign_template, "", NULL, 0, &private, &public), 0);
	EXPECT_EQ(load(&tpm, parent, &private, &public, &key), 0);
	EXPECT_EQ(create(&tpm, key, &seal_template, "", "x", 1, &private, &public),
		  H(TPM_RC_TYPE, 1));
	EXPECT_EQ(load(&tpm, key, &private, &public, &key), H(TPM_RC_TYPE, 1));
	EXPECT_EQ(unseal(&tpm, key, "", NULL), H(TPM_RC_TYPE, 1));
	check_left();
}

static u32 change_auth(u32 object, u32 parent, const char *old, const char *new,
		       struct bytes *private)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_ObjectChangeAuth);
	cmd_u32(&c, object);
	cmd_u32(&c, parent);
	cmd_auths(&c);
	cmd_password(&c, old);
	cmd_auths_end(&c);
	cmd_2b(&c, new, strlen(new));
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	copy_2b(&r, private);
	return 0;
}

static void changed_auth(void)
{
	char longer[34] = { 0 };
	struct bytes private, public, data;
	u32 parent, other, key;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(primary(&tpm, TPM_RH_ENDORSEMENT, &storage_template, &other), 0);
	EXPECT_EQ(create(&tpm, parent, &seal_template, "old", "secret", 6, &private, &public), 0);
	EXPECT_EQ(load(&tpm, parent, &private, &public, &key), 0);
	memset(longer, 'x', 33);
	EXPECT_EQ(change_auth(key, parent, "old", longer, &private), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(change_auth(key, other, "old", "new", &private), H(TPM_RC_TYPE, 2));
	EXPECT_EQ(change_auth(key, key, "old", "new", &private), H(TPM_RC_TYPE, 2));
	EXPECT_EQ(change_auth(parent, parent, "", "new", &private), H(TPM_RC_TYPE, 2));
	EXPECT_EQ(change_auth(key, parent, "old", "new", &private), 0);
	EXPECT_EQ(unseal(&tpm, key, "old", NULL), 0);	/* the loaded one is as it was */
	tpm_flush(&tpm, key);
	EXPECT_EQ(load(&tpm, parent, &private, &public, &key), 0);
	EXPECT(unseal(&tpm, key, "old", NULL) != 0);
	EXPECT_EQ(unseal(&tpm, key, "new", &data), 0);
	EXPECT_EQ(data.size, 6);
	EXPECT_MEM(data.data, "secret", 6);
	check_left();
}

/* The secret's length does not show in the size of what is wrapped. */
static void auth_size_hidden(void)
{
	struct bytes a, b, public;
	u32 parent;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(create(&tpm, parent, &seal_template, "", "x", 1, &a, &public), 0);
	EXPECT_EQ(create(&tpm, parent, &seal_template, "much longer", "x", 1, &b, &public), 0);
	EXPECT_EQ(a.size, b.size);
	check_left();
}

/* ---- memory that runs out ---- */

static u32 load_and_unseal(const struct bytes *private, const struct bytes *public, u32 parent)
{
	u32 handle, rc;

	rc = load(&tpm, parent, private, public, &handle);
	if (rc)
		return rc;
	rc = unseal(&tpm, handle, "", NULL);
	tpm_flush(&tpm, handle);
	return rc;
}

/* Whichever allocation fails: a clear code, nothing kept, and the next try works. */
static void out_of_memory(void)
{
	struct tpm2_stats stats;
	struct bytes private, public;
	u32 parent, handle, rc = 1;
	long n, before;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(create(&tpm, parent, &seal_template, "", "x", 1, &private, &public), 0);
	before = atomic_long_read(&tpm.mem.bytes);
	for (n = 0; rc; n++) {
		vt_host_fail_alloc = n;
		rc = load_and_unseal(&private, &public, parent);
		vt_host_fail_alloc = -1;
		EXPECT(!rc || rc == RAW(TPM_RC_MEMORY));
		EXPECT_EQ(atomic_long_read(&tpm.mem.bytes), before);
	}
	EXPECT(n > 1);
	for (n = 0, rc = 1; rc; n++) {
		vt_host_fail_alloc = n;
		rc = primary(&tpm, TPM_RH_OWNER, &sign_template, &handle);
		vt_host_fail_alloc = -1;
		EXPECT(!rc || rc == RAW(TPM_RC_MEMORY));
		tpm2_get_stats(tpm.t, &stats);
		EXPECT_EQ(stats.objects, rc ? 1 : 2);
	}
	EXPECT(n > 1);
	check_left();
}

static void slots_run_out(void)
{
	struct tmpl t = rsa_template;
	struct tpm2_stats stats;
	u32 handle;
	int i;

	host_tpm_new(&tpm, NULL);
	for (i = 0; i < TPM2_MAX_OBJECTS; i++) {
		EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &hmac_template, &handle), 0);
		EXPECT_EQ(handle, HR_TRANSIENT + i);
	}
	tpm.heavy = 0;
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &t, &handle), RAW(TPM_RC_OBJECT_MEMORY));
	EXPECT_EQ(tpm.heavy, 0);	/* it has not even begun */
	EXPECT_EQ(tpm_flush(&tpm, HR_TRANSIENT + 5), 0);
	EXPECT_EQ(tpm_flush(&tpm, HR_TRANSIENT + 5), P(TPM_RC_HANDLE, 1));
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &hmac_template, &handle), 0);
	EXPECT_EQ(handle, HR_TRANSIENT + 5);
	tpm2_get_stats(tpm.t, &stats);
	EXPECT_EQ(stats.objects, TPM2_MAX_OBJECTS);
	check_left();
}

static const struct test_case cases[] = {
	{ "templates", templates },
	{ "primaries_golden", primaries_golden },
	{ "primaries_differ", primaries_differ },
	{ "created_loaded", created_loaded },
	{ "qualified_names", qualified_names },
	{ "creation_data", creation_data },
	{ "cancelled_generation", cancelled_generation },
	{ "cleared_meanwhile", cleared_meanwhile },
	{ "every_bit_of_private", every_bit_of_private },
	{ "every_cut_of_private", every_cut_of_private },
	{ "no_parents", no_parents },
	{ "changed_auth", changed_auth },
	{ "auth_size_hidden", auth_size_hidden },
	{ "out_of_memory", out_of_memory },
	{ "slots_run_out", slots_run_out },
};

TEST_MAIN("object", cases)
