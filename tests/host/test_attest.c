// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attestation (Part 3, 18): every byte of what is attested, checked with a
 * parser and a verifier that have nothing in common with the engine.
 */
#include "keys.h"
#include "tpm2/engine.h"
#include "tpm2/identity.h"

#define P256	TPM_ECC_NIST_P256

static struct host_tpm tpm;

static void set_up(const char *policy)
{
	host_tpm_new(&tpm, policy);
}

static void tear_down(void)
{
	long left = host_tpm_free(&tpm);

	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

/* TPMS_ATTEST and its signature, taken apart */
struct statement {
	u32 magic;
	u16 type;
	struct tpm2b signer;
	struct tpm2b extra;
	u64 clock;
	u32 resets;
	u32 restarts;
	u8 safe;
	u64 firmware;
	struct rsp body;
	struct rsp sig;
	u8 raw[1024];
	u16 size;
	bool bad;
};

static struct tpm2b take_2b(struct rsp *r)
{
	struct tpm2b b;

	b.data = (u8 *)rsp_2b(r, &b.size);
	return b;
}

static void parse(struct statement *s)
{
	struct rsp r = rsp_params(&tpm, NULL);

	memset(s, 0, sizeof(*s));
	keep_2b(&r, s->raw, sizeof(s->raw), &s->size);
	s->sig = r;
	s->bad = r.bad;
	r = (struct rsp){ .p = s->raw, .left = s->size };
	s->magic = rsp_u32(&r);
	s->type = rsp_u16(&r);
	s->signer = take_2b(&r);
	s->extra = take_2b(&r);
	s->clock = rsp_u64(&r);
	s->resets = rsp_u32(&r);
	s->restarts = rsp_u32(&r);
	s->safe = rsp_u8(&r);
	s->firmware = rsp_u64(&r);
	s->body = r;
	s->bad |= r.bad || s->magic != TPM_GENERATED_VALUE;
}

/* ---- commands ---- */

static u32 quote_list(u32 key, u16 scheme, u16 hash, const void *extra, u16 extra_size,
		      const void *sel, u16 sel_size, struct statement *s)
{
	struct cmd c;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_Quote, 1, 1, key);
	cmd_2b(&c, extra, extra_size);
	put_scheme(&c, scheme, hash);
	cmd_bytes(&c, sel, sel_size);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		parse(s);
	return rc;
}

/* PCRs 0, 10, 16 and 23 of SHA-256 */
static const u8 some_pcrs[] = { 0, 0, 0, 1, 0, 0x0b, 3, 0x01, 0x04, 0x81 };

static u32 quote(u32 key, struct statement *s)
{
	return quote_list(key, TPM_ALG_NULL, 0, "nonce", 5, some_pcrs, sizeof(some_pcrs), s);
}

static u32 certify(u32 object, u32 key, u16 scheme, u16 hash, struct statement *s)
{
	struct cmd c;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_Certify, 2, 2, object, key);
	cmd_2b(&c, "nonce", 5);
	put_scheme(&c, scheme, hash);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		parse(s);
	return rc;
}

static u32 certify_creation(u32 key, const struct key *object, struct statement *s)
{
	struct cmd c;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_CertifyCreation, 2, 1, key, object->handle);
	cmd_2b(&c, "nonce", 5);
	cmd_2b(&c, object->creation_hash, object->creation_hash_size);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_bytes(&c, object->ticket, object->ticket_size);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		parse(s);
	return rc;
}

static u32 extend(u32 pcr, u16 bank, const u8 *digest)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PCR_Extend, 1, 1, pcr);
	cmd_u32(&c, 1);
	cmd_u16(&c, bank);
	cmd_bytes(&c, digest, digest_size(bank));
	return cmd_run(&tpm, &c);
}

/* ---- keys ---- */

static const struct key_spec ak = {
	"ak", TPM_ALG_ECC, KEY_SIGN | KEY_RESTRICTED, TPM_ALG_ECDSA, TPM_ALG_SHA256, P256,
};

static const struct key_spec ak_rsa = {
	"ak-rsa", TPM_ALG_RSA, KEY_SIGN | KEY_RESTRICTED, TPM_ALG_RSASSA, TPM_ALG_SHA384, 2048,
};

static const struct key_spec storage = {
	"storage", TPM_ALG_ECC, KEY_DECRYPT | KEY_RESTRICTED, TPM_ALG_NULL, 0, P256,
};

/* OpenSSL hashes the statement itself */
static bool signed_by(const struct key *key, struct statement *s)
{
	EVP_PKEY *pkey = key_pkey(key);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct rsp sig = s->sig;
	u16 alg = rsp_u16(&sig), hash = rsp_u16(&sig), len, s_len = 0;
	const u8 *r = rsp_2b(&sig, &len), *second = NULL;
	u8 *der = NULL;
	bool ok;

	ok = md_of(hash) && EVP_DigestVerifyInit(ctx, NULL, md_of(hash), NULL, pkey) == 1;
	if (ok && alg == TPM_ALG_ECDSA) {
		ECDSA_SIG *pair = ECDSA_SIG_new();
		int der_len;

		second = rsp_2b(&sig, &s_len);
		ECDSA_SIG_set0(pair, BN_bin2bn(r, len, NULL), BN_bin2bn(second, s_len, NULL));
		der_len = i2d_ECDSA_SIG(pair, &der);
		ok = EVP_DigestVerify(ctx, der, der_len, s->raw, s->size) == 1;
		ECDSA_SIG_free(pair);
		OPENSSL_free(der);
	} else if (ok) {
		ok = alg == TPM_ALG_RSASSA && EVP_DigestVerify(ctx, r, len, s->raw, s->size) == 1;
	}
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return ok && !sig.bad && !sig.left;
}

/* A primary key's qualified name: H(handle of the hierarchy || name), with its algorithm. */
static bool is_qualified(struct tpm2b q, u32 hierarchy, const struct key *key)
{
	u8 in[4 + 66], expected[2 + 64] = { 0, TPM_ALG_SHA256 };

	put_unaligned_be32(hierarchy, in);
	memcpy(in + 4, key->name, key->name_size);
	digest_of(TPM_ALG_SHA256, in, 4 + key->name_size, expected + 2);
	return q.size == 34 && !memcmp(q.data, expected, 34);
}

/* ---- TPM2_Quote ---- */

/* Digest of the four PCRs of some_pcrs, of which 10 was extended once with @event */
static void pcr_digest(u16 hash, const u8 *event, u8 *digest)
{
	u8 values[4][32] = { 0 }, both[64] = { 0 };

	memcpy(both + 32, event, 32);
	digest_of(TPM_ALG_SHA256, both, 64, values[1]);
	digest_of(hash, values, sizeof(values), digest);
}

static void quote_with(const struct key_spec *spec)
{
	u8 event[32] = { 1, 2, 3 }, expected[64];
	struct statement s;
	struct tpm2b b;
	struct key key;

	set_up(NULL);
	EXPECT_EQ(make_key(&tpm, TPM_RH_ENDORSEMENT, spec, &key), 0);
	EXPECT_EQ(extend(10, TPM_ALG_SHA256, event), 0);
	EXPECT_EQ(quote(key.handle, &s), 0);
	EXPECT(!s.bad && s.type == TPM_ST_ATTEST_QUOTE);
	EXPECT(signed_by(&key, &s));
	EXPECT(is_qualified(s.signer, TPM_RH_ENDORSEMENT, &key));
	EXPECT(s.extra.size == 5 && !memcmp(s.extra.data, "nonce", 5));
	EXPECT(s.resets == 1 && s.restarts == 0 && s.safe == 1);
	EXPECT_EQ(s.firmware, (u64)VTPM_FIRMWARE_1 << 32 | VTPM_FIRMWARE_2);
	EXPECT_MEM(rsp_bytes(&s.body, sizeof(some_pcrs)), some_pcrs, sizeof(some_pcrs));
	b = take_2b(&s.body);
	EXPECT_EQ(b.size, digest_size(spec->hash));
	pcr_digest(spec->hash, event, expected);
	EXPECT_MEM(b.data, expected, b.size);
	EXPECT(!s.body.bad && !s.body.left);
	/* the verifier can tell */
	s.raw[s.size - 1] ^= 1;
	EXPECT(!signed_by(&key, &s));
	tear_down();
}

static void quote_ecc(void)
{
	quote_with(&ak);
}

static void quote_rsa(void)
{
	quote_with(&ak_rsa);
}

/* Banks that are not active and PCRs that a policy hides are not in the quote, and it says so. */
static void quote_says_what_it_covers(void)
{
	static const u8 two_banks[] = {
		0, 0, 0, 2, 0, 0x0b, 3, 0xff, 0, 0, 0, 0x0d, 3, 0xff, 0, 0
	};
	static const u8 left[] = { 0, 0, 0, 2, 0, 0x0b, 3, 0xfd, 0, 0, 0, 0x0d, 3, 0, 0, 0 };
	u8 zeros[7][32] = { 0 }, expected[32];
	struct statement s;
	struct tpm2b b;
	struct key key;
	u32 rc;

	set_up("bank sha256\nquote pcr=1 hide\n");
	EXPECT_EQ(make_key(&tpm, TPM_RH_ENDORSEMENT, &ak, &key), 0);
	rc = quote_list(key.handle, TPM_ALG_NULL, 0, NULL, 0, two_banks, sizeof(two_banks), &s);
	EXPECT_EQ(rc, 0);
	EXPECT(!s.bad && !s.extra.size && signed_by(&key, &s));
	EXPECT_MEM(rsp_bytes(&s.body, sizeof(left)), left, sizeof(left));
	b = take_2b(&s.body);
	digest_of(TPM_ALG_SHA256, zeros, sizeof(zeros), expected);
	EXPECT_EQ(b.size, 32);
	EXPECT_MEM(b.data, expected, 32);
	tear_down();
}

static void quote_codes(void)
{
	static const u8 none[] = { 0, 0, 0, 0 };
	static const u8 five[] = { 0, 0, 0, 5 };
	static const u8 short_map[] = { 0, 0, 0, 1, 0, 0x0b, 2, 1, 0 };
	static const u8 bad_bank[] = { 0, 0, 0, 1, 0, 0x10, 3, 1, 0, 0 };
	u8 extra[67] = { 0 };
	struct statement s;
	struct key key, store;

	set_up(NULL);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &ak, &key), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &storage, &store), 0);
	EXPECT_EQ(quote(store.handle, &s), 0x19c);
	EXPECT_EQ(quote(TPM_RH_NULL, &s), 0x2d2);
	EXPECT_EQ(quote_list(TPM_RH_NULL, TPM_ALG_ECDSA, TPM_ALG_SHA256, NULL, 0, none, 4, &s),
		  0x2d2);
	EXPECT_EQ(quote_list(key.handle, TPM_ALG_ECDSA, TPM_ALG_SHA1, NULL, 0, none, 4, &s), 0x2d2);
	EXPECT_EQ(quote_list(key.handle, TPM_ALG_NULL, 0, extra, 66, none, 4, &s), 0);
	EXPECT_EQ(s.extra.size, 66);
	EXPECT_EQ(quote_list(key.handle, TPM_ALG_NULL, 0, extra, 67, none, 4, &s), 0x1d5);
	EXPECT_EQ(quote_list(key.handle, TPM_ALG_NULL, 0, NULL, 0, five, 4, &s), 0x3d5);
	EXPECT_EQ(quote_list(key.handle, TPM_ALG_NULL, 0, NULL, 0, short_map, 9, &s), 0x3c4);
	EXPECT_EQ(quote_list(key.handle, TPM_ALG_NULL, 0, NULL, 0, bad_bank, 10, &s), 0x3c3);
	tear_down();
}

/* ---- TPM2_Certify, TPM2_CertifyCreation ---- */

static void certify_key(void)
{
	struct statement s;
	struct key key, object;
	struct tpm2b b;

	set_up(NULL);
	EXPECT_EQ(make_key(&tpm, TPM_RH_PLATFORM, &ak, &key), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &storage, &object), 0);
	EXPECT_EQ(certify(object.handle, key.handle, TPM_ALG_NULL, 0, &s), 0);
	EXPECT(!s.bad && s.type == TPM_ST_ATTEST_CERTIFY && signed_by(&key, &s));
	EXPECT(is_qualified(s.signer, TPM_RH_PLATFORM, &key));
	EXPECT_EQ(s.firmware, (u64)VTPM_FIRMWARE_1 << 32 | VTPM_FIRMWARE_2);
	b = take_2b(&s.body);
	EXPECT_EQ(b.size, object.name_size);
	EXPECT_MEM(b.data, object.name, b.size);
	EXPECT(is_qualified(take_2b(&s.body), TPM_RH_OWNER, &object));
	EXPECT(!s.body.bad && !s.body.left);
	/* nobody signs: the same statement, a signature that says so */
	EXPECT_EQ(certify(object.handle, TPM_RH_NULL, TPM_ALG_NULL, 0, &s), 0);
	EXPECT(!s.bad && s.type == TPM_ST_ATTEST_CERTIFY);
	EXPECT(s.signer.size == 4 && get_unaligned_be32(s.signer.data) == TPM_RH_NULL);
	EXPECT(s.sig.left == 2 && rsp_u16(&s.sig) == TPM_ALG_NULL);
	EXPECT_EQ(certify(object.handle, object.handle, TPM_ALG_NULL, 0, &s), 0x29c);
	EXPECT_EQ(certify(object.handle, key.handle, TPM_ALG_ECDSA, TPM_ALG_SHA512, &s), 0x2d2);
	tear_down();
}

/* A sequence has no name that could be certified. */
static void certify_sequence(void)
{
	struct statement s;
	u32 sequence;
	struct key key;
	struct cmd c;

	set_up(NULL);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &ak, &key), 0);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_HashSequenceStart);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_SHA256);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	rsp_params(&tpm, &sequence);
	EXPECT_EQ(certify(sequence, key.handle, TPM_ALG_NULL, 0, &s), 0x18a);
	EXPECT_EQ(certify(key.handle, sequence, TPM_ALG_NULL, 0, &s), 0x29c);
	EXPECT_EQ(certify(sequence, sequence, TPM_ALG_NULL, 0, &s), 0x29c);
	EXPECT_EQ(quote(sequence, &s), 0x19c);
	tear_down();
}

static void creation(void)
{
	static const u32 hierarchies[] = { TPM_RH_OWNER, TPM_RH_ENDORSEMENT, TPM_RH_PLATFORM,
					   TPM_RH_NULL };
	struct key key, object, other;
	struct statement s;
	struct tpm2b b;
	unsigned int i, at;

	set_up(NULL);
	EXPECT_EQ(make_key(&tpm, TPM_RH_ENDORSEMENT, &ak, &key), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &ak, &other), 0);
	for (i = 0; i < ARRAY_SIZE(hierarchies); i++) {
		EXPECT_EQ(make_key(&tpm, hierarchies[i], &storage, &object), 0);
		EXPECT_EQ(certify_creation(key.handle, &object, &s), 0);
		EXPECT(!s.bad && s.type == TPM_ST_ATTEST_CREATION && signed_by(&key, &s));
		b = take_2b(&s.body);
		EXPECT_EQ(b.size, object.name_size);
		EXPECT_MEM(b.data, object.name, b.size);
		b = take_2b(&s.body);
		EXPECT_EQ(b.size, object.creation_hash_size);
		EXPECT_MEM(b.data, object.creation_hash, b.size);
		EXPECT(!s.body.bad && !s.body.left);
		EXPECT_EQ(certify_creation(TPM_RH_NULL, &object, &s), 0);
		EXPECT(s.sig.left == 2 && rsp_u16(&s.sig) == TPM_ALG_NULL);
		for (at = 8; at < object.ticket_size; at += 9) {
			object.ticket[at] ^= 1;
			EXPECT_EQ(certify_creation(key.handle, &object, &s), 0x4e0);
			object.ticket[at] ^= 1;
		}
		object.creation_hash[31] ^= 1;
		EXPECT_EQ(certify_creation(key.handle, &object, &s), 0x4e0);
		object.creation_hash[31] ^= 1;
		object.creation_hash_size--;
		EXPECT_EQ(certify_creation(key.handle, &object, &s), 0x4e0);
		object.creation_hash_size++;
		/* of another object, in another hierarchy, and none at all */
		at = object.handle;
		object.handle = other.handle;
		EXPECT_EQ(certify_creation(key.handle, &object, &s), 0x4e0);
		object.handle = at;
		put_unaligned_be32(hierarchies[(i + 1) % 4], object.ticket + 2);
		EXPECT_EQ(certify_creation(key.handle, &object, &s), 0x4e0);
		memcpy(object.ticket, "\x80\x21\x40\x00\x00\x07\x00\x00", 8);
		object.ticket_size = 8;
		EXPECT_EQ(certify_creation(key.handle, &object, &s), 0x4e0);
		EXPECT_EQ(tpm_flush(&tpm, object.handle), 0);
	}
	tear_down();
}

/* ---- obfuscation (Part 1, 36.7) ---- */

static void counters_do_not_link_keys(void)
{
	static const struct key_spec other = {
		"other", TPM_ALG_ECC, KEY_SIGN, TPM_ALG_ECDSA, TPM_ALG_SHA256, P256,
	};
	const u64 firmware = (u64)VTPM_FIRMWARE_1 << 32 | VTPM_FIRMWARE_2;
	struct statement one, again, two, plain;
	struct key keys[4];

	set_up(NULL);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &ak, &keys[0]), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &other, &keys[1]), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_PLATFORM, &ak, &keys[2]), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_NULL, &ak, &keys[3]), 0);
	EXPECT_EQ(quote(keys[0].handle, &one), 0);
	EXPECT_EQ(quote(keys[0].handle, &again), 0);
	EXPECT_EQ(quote(keys[1].handle, &two), 0);
	EXPECT_EQ(quote(keys[2].handle, &plain), 0);
	/* the same key says the same, so that its resets can still be counted */
	EXPECT(one.firmware == again.firmware && one.resets == again.resets);
	EXPECT(one.restarts == again.restarts);
	/* each is wrong by chance with 2^-32 at most */
	EXPECT(one.firmware != firmware && one.resets != 1 && one.restarts != 0);
	EXPECT(two.firmware != one.firmware && two.resets != one.resets);
	EXPECT(two.restarts != one.restarts);
	EXPECT(plain.firmware == firmware && plain.resets == 1 && plain.restarts == 0);
	EXPECT_EQ(quote(keys[3].handle, &two), 0);
	EXPECT(two.firmware != firmware && two.resets != 1);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &ak, &keys[0]), 0);
	EXPECT_EQ(quote(keys[0].handle, &again), 0);
	EXPECT_EQ(again.resets, one.resets + 1);
	EXPECT_EQ(again.firmware, one.firmware);
	tear_down();
}

/* What a key signs as a statement of the TPM it never signs for a caller (T25). */
static void no_quote_by_sign(void)
{
	u8 ticket[80], digest[32];
	struct statement s;
	struct key key;
	struct cmd c;
	struct rsp r;
	u32 left;
	u16 size;

	set_up(NULL);
	EXPECT_EQ(make_key(&tpm, TPM_RH_ENDORSEMENT, &ak, &key), 0);
	EXPECT_EQ(quote(key.handle, &s), 0);
	s.raw[s.size - 1] ^= 1;		/* other PCRs than there were */
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_Hash);
	cmd_2b(&c, s.raw, s.size);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u32(&c, TPM_RH_ENDORSEMENT);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	r = rsp_params(&tpm, NULL);
	keep_2b(&r, digest, sizeof(digest), &size);
	left = min_t(u32, r.left, sizeof(ticket));
	memcpy(ticket, r.p, left);
	cmd_begin_pw(&c, TPM_CC_Sign, 1, 1, key.handle);
	cmd_2b(&c, digest, size);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_bytes(&c, ticket, left);
	EXPECT_EQ(cmd_run(&tpm, &c), 0x3e0);
	tear_down();
}

static const struct test_case cases[] = {
	{ "quote-ecc", quote_ecc },
	{ "quote-rsa", quote_rsa },
	{ "quote-says-what-it-covers", quote_says_what_it_covers },
	{ "quote-codes", quote_codes },
	{ "certify-key", certify_key },
	{ "T14-certify-sequence", certify_sequence },
	{ "certify-creation", creation },
	{ "counters-do-not-link-keys", counters_do_not_link_keys },
	{ "T25-no-quote-by-sign", no_quote_by_sign },
};

TEST_MAIN("attest", cases)
