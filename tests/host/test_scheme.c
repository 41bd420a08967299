// SPDX-License-Identifier: GPL-2.0-only
/*
 * T10 without the commands: tpm2_sign() and tpm2_verify() are given what descriptors and
 * actions would have refused before, so that each layer is seen to hold alone.
 */
#include "keys.h"
#include "tpm2/engine.h"

#define IDS	0x50	/* of algorithms, from 0 on; no scheme or hash is above */

static struct host_tpm tpm;

static const struct key_spec specs[] = {
	{ "rsa", TPM_ALG_RSA, KEY_SIGN, TPM_ALG_NULL, 0, 1024 },
	{ "rsassa", TPM_ALG_RSA, KEY_SIGN | KEY_RESTRICTED, TPM_ALG_RSASSA, TPM_ALG_SHA256, 1024 },
	{ "rsa-decrypt", TPM_ALG_RSA, KEY_DECRYPT, TPM_ALG_OAEP, TPM_ALG_SHA256, 1024 },
	{ "ecc", TPM_ALG_ECC, KEY_SIGN, TPM_ALG_NULL, 0, TPM_ECC_NIST_P256 },
	{ "ecdh", TPM_ALG_ECC, KEY_DECRYPT, TPM_ALG_ECDH, TPM_ALG_SHA256, TPM_ECC_NIST_P384 },
	{ "hmac-free", TPM_ALG_KEYEDHASH, KEY_SIGN | KEY_DECRYPT, TPM_ALG_NULL },
	{ "hmac", TPM_ALG_KEYEDHASH, KEY_SIGN, TPM_ALG_HMAC, TPM_ALG_SHA256 },
	{ "sealed", TPM_ALG_KEYEDHASH, 0, TPM_ALG_NULL },
	{ "aes", TPM_ALG_SYMCIPHER, KEY_SIGN | KEY_DECRYPT, 0 },
};

/* A call with nothing in it but whose it is; the lock is held, as in an action. */
static struct tpm2_call *begin(void)
{
	struct tpm2_call *c = &tpm.space->call;

	c->t = tpm.t;
	c->space = tpm.space;
	c->used = 0;
	mutex_lock(&tpm.lock);
	return c;
}

/* Of its very size, so that ASan sees every overrun */
static u8 *zeros_of(u16 size)
{
	return calloc(1, size + !size);
}

static tpm_rc sign(struct tpm2_object *o, u16 scheme, u16 hash, u16 size)
{
	struct tpmt_scheme s = { .scheme = scheme, .hash = hash };
	struct tpm2_call *c = begin();
	u8 *digest = zeros_of(size);
	struct tpmt_signature sig;
	tpm_rc rc;

	rc = tpm2_sign(c, o, &s, tpm2b(digest, size), &sig);
	mutex_unlock(&tpm.lock);
	free(digest);
	return rc;
}

static tpm_rc verify(struct tpm2_object *o, u16 scheme, u16 hash, u16 size)
{
	u8 *digest = zeros_of(32), *number = zeros_of(size);
	struct tpmt_signature sig = { .alg = scheme, .hash = hash };
	struct tpm2_call *c = begin();
	u8 mac[64] = { 0 };
	tpm_rc rc;

	sig.r = tpm2b(number, size);
	sig.s = tpm2b(number, size);
	sig.hmac = mac;
	rc = tpm2_verify(c, o, tpm2b(digest, 32), &sig);
	mutex_unlock(&tpm.lock);
	free(number);
	free(digest);
	return rc;
}

static tpm_rc expected_sign(const struct tpm2_object *o, u16 scheme, u16 hash, u16 size)
{
	bool known = md_of(hash), fits = false;

	switch (o->pub.type) {
	case TPM_ALG_RSA:
		if (known && size != digest_size(hash))
			return TPM_RC_SIZE;
		fits = scheme == TPM_ALG_RSASSA || scheme == TPM_ALG_RSAPSS;
		break;
	case TPM_ALG_ECC:
		if (known && scheme == TPM_ALG_ECDAA)
			return TPM_RC_VALUE;	/* no commitment */
		fits = scheme == TPM_ALG_ECDSA || scheme == TPM_ALG_ECSCHNORR;
		break;
	case TPM_ALG_KEYEDHASH:
		fits = scheme == TPM_ALG_HMAC;
		break;
	}
	if (!known || !fits)
		return TPM_RC_SCHEME;
	return o->public_only ? TPM_RC_KEY : TPM_RC_SUCCESS;
}

/* Of a signature of zeros, which is nobody's */
static tpm_rc expected_verify(const struct tpm2_object *o, u16 scheme, u16 hash)
{
	bool fits = false;

	switch (o->pub.type) {
	case TPM_ALG_RSA:
		fits = scheme == TPM_ALG_RSASSA || scheme == TPM_ALG_RSAPSS;
		break;
	case TPM_ALG_ECC:
		fits = md_of(hash) && (scheme == TPM_ALG_ECDSA || scheme == TPM_ALG_ECSCHNORR);
		break;
	case TPM_ALG_KEYEDHASH:
		if (o->public_only)
			return TPM_RC_HANDLE;
		fits = scheme == TPM_ALG_HMAC && md_of(hash);
		break;
	}
	return fits ? TPM_RC_SIGNATURE : TPM_RC_SCHEME;
}

static void differs(const char *what, const struct key_spec *k, u16 scheme, u16 hash, tpm_rc rc)
{
	test_fail(__FILE__, __LINE__, "%s with %s, scheme 0x%x, hash 0x%x: 0x%x", what, k->name,
		  scheme, hash, (__force u32)rc);
}

static void every_scheme(const struct key_spec *k, struct tpm2_object *o)
{
	static const u16 sizes[] = { 0, 1, 20, 32, 48, 64, 128 };
	u16 scheme, hash;
	unsigned int i;
	tpm_rc rc;

	for (scheme = 0; scheme < IDS; scheme++)
		for (hash = 0; hash < IDS; hash++)
			for (i = 0; i < ARRAY_SIZE(sizes); i++) {
				if (scheme == TPM_ALG_NULL)
					continue;	/* nobody signs */
				rc = sign(o, scheme, hash, sizes[i]);
				if (rc != expected_sign(o, scheme, hash, sizes[i]))
					differs("sign", k, scheme, hash, rc);
				rc = verify(o, scheme, hash, sizes[i]);
				if (rc != expected_verify(o, scheme, hash))
					differs("verify", k, scheme, hash, rc);
				OK_SO_FAR();
			}
}

static void each_key(bool public_only)
{
	struct tpm2_object *o;
	struct key key;
	unsigned int i;

	host_tpm_new(&tpm, NULL);
	for (i = 0; i < ARRAY_SIZE(specs); i++) {
		EXPECT_EQ(make_key(&tpm, TPM_RH_NULL, &specs[i], &key), 0);
		o = tpm2_object_find(tpm.space, key.handle);
		EXPECT(o);
		o->public_only = public_only;
		every_scheme(&specs[i], o);
		OK_SO_FAR();
		o->public_only = false;
		EXPECT_EQ(tpm_flush(&tpm, key.handle), 0);
	}
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static void t10_whole_keys(void)
{
	each_key(false);
}

static void t10_public_keys(void)
{
	each_key(true);
}

/* A public area that cannot be: a curve that is none, a modulus of no bytes */
static void t10_impossible_keys(void)
{
	struct tpm2_object *o;
	struct key key;
	u16 size;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(make_key(&tpm, TPM_RH_NULL, &specs[3], &key), 0);
	o = tpm2_object_find(tpm.space, key.handle);
	o->pub.parms.curve = 0;
	EXPECT(sign(o, TPM_ALG_ECDSA, TPM_ALG_SHA256, 32) == TPM_RC_SCHEME);
	EXPECT(verify(o, TPM_ALG_ECDSA, TPM_ALG_SHA256, 32) == TPM_RC_SCHEME);
	o->pub.parms.curve = TPM_ECC_NIST_P256;
	EXPECT_EQ(make_key(&tpm, TPM_RH_NULL, &specs[0], &key), 0);
	o = tpm2_object_find(tpm.space, key.handle);
	size = o->pub.unique.x.size;
	o->pub.unique.x.size = 0;
	EXPECT(verify(o, TPM_ALG_RSASSA, TPM_ALG_SHA256, 0) == TPM_RC_SIGNATURE);
	o->pub.unique.x.size = size;
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* A coordinate with a byte too many in front verifies nothing, not even what the key signed. */
static void t10_point_too_long(void)
{
	struct tpmt_scheme ecdsa = { .scheme = TPM_ALG_ECDSA, .hash = TPM_ALG_SHA256 };
	struct tpmt_signature sig;
	u8 digest[32] = { 7 }, x[33] = { 1 };
	struct tpm2_object *o;
	struct tpm2_call *c;
	struct tpm2b whole;
	struct key key;
	tpm_rc rc[3];

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(make_key(&tpm, TPM_RH_NULL, &specs[3], &key), 0);
	o = tpm2_object_find(tpm.space, key.handle);
	whole = o->pub.unique.x;
	EXPECT_EQ(whole.size, 32);
	memcpy(x + 1, whole.data, 32);
	c = begin();
	rc[0] = tpm2_sign(c, o, &ecdsa, tpm2b(digest, sizeof(digest)), &sig);
	rc[1] = tpm2_verify(c, o, tpm2b(digest, sizeof(digest)), &sig);
	o->pub.unique.x = tpm2b(x, sizeof(x));
	rc[2] = tpm2_verify(c, o, tpm2b(digest, sizeof(digest)), &sig);
	o->pub.unique.x = whole;
	mutex_unlock(&tpm.lock);
	EXPECT(!rc[0] && !rc[1]);
	EXPECT(rc[2] == TPM_RC_SIGNATURE);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* Two keys of one secret: that with a scheme of its own takes no other hash's MAC. */
static void t10_own_hash(void)
{
	struct tpmt_scheme hmac = { .scheme = TPM_ALG_HMAC };
	struct tpm2_object *any, *own;
	struct tpmt_signature sig;
	struct tpm2_call *c;
	u8 digest[20] = { 7 };
	struct key key[2];
	unsigned int i;
	tpm_rc rc[2];

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(make_key(&tpm, TPM_RH_NULL, &specs[5], &key[0]), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_NULL, &specs[6], &key[1]), 0);
	any = tpm2_object_find(tpm.space, key[0].handle);
	own = tpm2_object_find(tpm.space, key[1].handle);
	for (i = 0; i < ARRAY_SIZE(all_hashes); i++) {
		hmac.hash = all_hashes[i];
		c = begin();
		rc[0] = tpm2_sign(c, any, &hmac, tpm2b(digest, sizeof(digest)), &sig);
		rc[1] = tpm2_verify(c, own, tpm2b(digest, sizeof(digest)), &sig);
		mutex_unlock(&tpm.lock);
		EXPECT(!rc[0]);
		EXPECT(rc[1] == (hmac.hash == TPM_ALG_SHA256 ? TPM_RC_SUCCESS : TPM_RC_SIGNATURE));
	}
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* A number that is not below the modulus: what an earlier one gave must not be looked at. */
static void t10_number_above_modulus(void)
{
	const struct vt_hash_alg *alg = vt_hash_find(TPM_ALG_SHA256);
	struct tpmt_signature sig = { .alg = TPM_ALG_RSASSA, .hash = TPM_ALG_SHA256 };
	u8 digest[32] = { 0 }, number[128];
	struct tpm2_object *o;
	struct tpm2_call *c;
	struct key key;
	tpm_rc rc;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(make_key(&tpm, TPM_RH_NULL, &specs[0], &key), 0);
	o = tpm2_object_find(tpm.space, key.handle);
	memset(number, 0xff, sizeof(number));
	sig.r = tpm2b(number, sizeof(number));
	c = begin();
	EXPECT_EQ(vt_pkcs1_sign_encode(alg, digest, c->scratch, sizeof(number)), 0);
	rc = tpm2_verify(c, o, tpm2b(digest, sizeof(digest)), &sig);
	mutex_unlock(&tpm.lock);
	EXPECT(rc == TPM_RC_SIGNATURE);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static const struct test_case cases[] = {
	{ "T10-whole-keys", t10_whole_keys },
	{ "T10-public-keys", t10_public_keys },
	{ "T10-impossible-keys", t10_impossible_keys },
	{ "T10-point-too-long", t10_point_too_long },
	{ "T10-own-hash", t10_own_hash },
	{ "T10-number-above-modulus", t10_number_above_modulus },
};

TEST_MAIN("scheme", cases)
