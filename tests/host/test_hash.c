// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hashes, HMACs and sequences (Part 3, 15.4, 15.5, 17): results against
 * OpenSSL, response codes, and which digests get a ticket.
 */
#include <openssl/hmac.h>

#include "keys.h"
#include "tpm2/engine.h"

static struct host_tpm tpm;
static u8 text[3000];

static const u8 generated[] = { 0xff, 0x54, 0x43, 0x47 };

static void set_up_with(const char *policy)
{
	unsigned int i;

	for (i = 0; i < sizeof(text); i++)
		text[i] = 3 * i + i / 256 + 1;
	host_tpm_new(&tpm, policy);
}

static void set_up(void)
{
	set_up_with(NULL);
}

static void tear_down(void)
{
	long left = host_tpm_free(&tpm);

	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

/* ---- commands ---- */

struct answer {
	u32 rc;
	u16 size;
	u8 digest[64];
	u32 hierarchy;
	u16 ticket;		/* bytes of the ticket's digest */
	bool bad;
};

static void read_answer(struct answer *a)
{
	struct rsp r;
	const u8 *p;

	if (a->rc)
		return;
	r = rsp_params(&tpm, NULL);
	p = rsp_2b(&r, &a->size);
	if (a->size <= sizeof(a->digest))
		memcpy(a->digest, p, a->size);
	a->bad = rsp_u16(&r) != TPM_ST_HASHCHECK;
	a->hierarchy = rsp_u32(&r);
	rsp_2b(&r, &a->ticket);
	a->bad |= r.bad || r.left;
}

static struct answer do_hash(u16 hash, const void *data, u16 len, u32 hierarchy)
{
	struct answer a = { 0 };
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_Hash);
	cmd_2b(&c, data, len);
	cmd_u16(&c, hash);
	cmd_u32(&c, hierarchy);
	a.rc = cmd_run(&tpm, &c);
	read_answer(&a);
	return a;
}

static u32 start(u16 hash, const char *auth, u32 *handle)
{
	struct cmd c;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_HashSequenceStart);
	cmd_2b(&c, auth, strlen(auth));
	cmd_u16(&c, hash);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

static u32 start_hmac(u32 key, u16 hash, u32 *handle)
{
	struct cmd c;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_HMAC_Start, 1, 1, key);
	cmd_u16(&c, 0);
	cmd_u16(&c, hash);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

static u32 update_pw(u32 handle, const char *password, const void *data, u16 len)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_SequenceUpdate);
	cmd_u32(&c, handle);
	cmd_auths(&c);
	cmd_password(&c, password);
	cmd_auths_end(&c);
	cmd_2b(&c, data, len);
	return cmd_run(&tpm, &c);
}

static u32 update(u32 handle, const void *data, u16 len)
{
	return update_pw(handle, "", data, len);
}

static struct answer complete(u32 handle, const void *data, u16 len, u32 hierarchy)
{
	struct answer a = { 0 };
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_SequenceComplete, 1, 1, handle);
	cmd_2b(&c, data, len);
	cmd_u32(&c, hierarchy);
	a.rc = cmd_run(&tpm, &c);
	read_answer(&a);
	return a;
}

static u32 complete_event(u32 pcr, u32 handle, const void *data, u16 len)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_EventSequenceComplete, 2, 2, pcr, handle);
	cmd_2b(&c, data, len);
	return cmd_run(&tpm, &c);
}

static u32 do_hmac(u32 key, u16 hash, const void *data, u16 len, u8 *mac, u16 *size)
{
	struct cmd c;
	struct rsp r;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_HMAC, 1, 1, key);
	cmd_2b(&c, data, len);
	cmd_u16(&c, hash);
	rc = cmd_run(&tpm, &c);
	if (!rc) {
		r = rsp_params(&tpm, NULL);
		keep_2b(&r, mac, 64, size);
	}
	return rc;
}

static void expected_hmac(u16 hash, const void *data, size_t len, u8 *mac)
{
	unsigned int size;

	HMAC(md_of(hash), hmac_secret, sizeof(hmac_secret), data, len, mac, &size);
}

/* ---- TPM2_Hash ---- */

static void hash_results(void)
{
	static const u16 lengths[] = {
		0, 1, 3, 4, 55, 56, 63, 64, 65, 111, 112, 127, 128, 1023, 1024,
	};
	u8 expected[64];
	unsigned int i, j;

	set_up();
	for (i = 0; i < ARRAY_SIZE(all_hashes); i++)
		for (j = 0; j < ARRAY_SIZE(lengths); j++) {
			struct answer a = do_hash(all_hashes[i], text, lengths[j], TPM_RH_OWNER);

			EXPECT_EQ(a.rc, 0);
			EXPECT_EQ(a.size, digest_size(all_hashes[i]));
			digest_of(all_hashes[i], text, lengths[j], expected);
			EXPECT_MEM(a.digest, expected, a.size);
			EXPECT(!a.bad && a.hierarchy == TPM_RH_OWNER && a.ticket == 64);
		}
	tear_down();
}

static void hash_tickets(void)
{
	static const u32 hierarchies[] = { TPM_RH_OWNER, TPM_RH_ENDORSEMENT, TPM_RH_PLATFORM,
					   TPM_RH_NULL };
	u8 forged[8] = { 0xff, 0x54, 0x43, 0x47, 0x80, 0x18 };
	unsigned int i;

	set_up();
	for (i = 0; i < ARRAY_SIZE(hierarchies); i++) {
		struct answer a = do_hash(TPM_ALG_SHA256, text, 10, hierarchies[i]);

		EXPECT(!a.rc && !a.bad && a.hierarchy == hierarchies[i]);
		EXPECT_EQ(a.ticket, hierarchies[i] == TPM_RH_NULL ? 0 : 64);
		a = do_hash(TPM_ALG_SHA256, forged, sizeof(forged), hierarchies[i]);
		EXPECT(!a.rc && !a.bad && a.hierarchy == TPM_RH_NULL && !a.ticket);
		a = do_hash(TPM_ALG_SHA256, forged, 4, hierarchies[i]);
		EXPECT(!a.rc && !a.bad && a.hierarchy == TPM_RH_NULL && !a.ticket);
		/* three bytes cannot be the TPM's own */
		a = do_hash(TPM_ALG_SHA256, forged, 3, hierarchies[i]);
		EXPECT(!a.rc && !a.bad && a.hierarchy == hierarchies[i]);
		/* nor can it come later */
		a = do_hash(TPM_ALG_SHA256, forged + 1, 7, hierarchies[i]);
		EXPECT(!a.rc && !a.bad && a.hierarchy == hierarchies[i]);
	}
	tear_down();
}

static void hash_errors(void)
{
	set_up();
	EXPECT_EQ(do_hash(TPM_ALG_SHA256, text, 1025, TPM_RH_OWNER).rc, 0x1d5);
	EXPECT_EQ(do_hash(TPM_ALG_NULL, text, 1, TPM_RH_OWNER).rc, 0x2c3);
	EXPECT_EQ(do_hash(TPM_ALG_RSA, text, 1, TPM_RH_OWNER).rc, 0x2c3);
	EXPECT_EQ(do_hash(TPM_ALG_SHA256, text, 1, TPM_RH_LOCKOUT).rc, 0x3c4);
	EXPECT_EQ(do_hash(TPM_ALG_SHA256, text, 1, 0).rc, 0x3c4);
	EXPECT_EQ(start(TPM_ALG_RSA, "", &(u32){ 0 }), 0x2c3);
	tear_down();
}

/* ---- hash sequences ---- */

/* @cut: bytes of each update, until all is said */
static void sequence_equals_hash(u16 hash, u32 total, u32 cut, u16 last)
{
	u32 handle, at, n, first;
	u8 expected[64];
	struct answer a;

	EXPECT_EQ(start(hash, "", &handle), 0);
	for (at = 0; at < total - last; at += n) {
		n = min_t(u32, cut, total - last - at);
		EXPECT_EQ(update(handle, text + at, n), 0);
	}
	a = complete(handle, text + total - last, last, TPM_RH_ENDORSEMENT);
	EXPECT_EQ(a.rc, 0);
	EXPECT_EQ(a.size, digest_size(hash));
	digest_of(hash, text, total, expected);
	EXPECT_MEM(a.digest, expected, a.size);
	/* the first block says whether there is a ticket, and must be long enough to say it */
	first = total == last ? last : cut;
	EXPECT(!a.bad && a.hierarchy == (first < 4 ? TPM_RH_NULL : TPM_RH_ENDORSEMENT));
	EXPECT_EQ(complete(handle, text, 0, TPM_RH_NULL).rc, 0x910);	/* it is gone */
}

static void sequence_results(void)
{
	static const u16 cuts[] = { 1, 3, 4, 63, 64, 65, 128, 1000, 1024 };
	unsigned int i, j, total;

	set_up();
	for (i = 0; i < ARRAY_SIZE(all_hashes); i++)
		for (j = 0; j < ARRAY_SIZE(cuts); j++) {
			total = cuts[j] < 10 ? 200 : sizeof(text);
			sequence_equals_hash(all_hashes[i], total, cuts[j], 0);
			OK_SO_FAR();
			sequence_equals_hash(all_hashes[i], cuts[j] + 150, cuts[j], 150);
			OK_SO_FAR();
			sequence_equals_hash(all_hashes[i], cuts[j], 1, cuts[j]);
			OK_SO_FAR();
		}
	tear_down();
}

/* T25: however the TPM's own first word is cut, there is no ticket. */
static void t25_generated_in_pieces(void)
{
	static const u8 cuts[][4] = {
		{ 4 }, { 1, 3 }, { 2, 2 }, { 3, 1 }, { 1, 1, 1, 1 }, { 1, 2, 1 },
		{ 0, 4 }, { 0, 1, 3 }, { 1, 0, 3 }, { 3, 0, 1 },
	};
	unsigned int i, j, at;
	struct answer a;
	u32 handle;

	set_up();
	for (i = 0; i < ARRAY_SIZE(cuts); i++) {
		EXPECT_EQ(start(TPM_ALG_SHA256, "", &handle), 0);
		for (j = 0, at = 0; j < 4; at += cuts[i][j++])
			if (cuts[i][j] || !j)
				EXPECT_EQ(update(handle, generated + at, cuts[i][j]), 0);
		EXPECT_EQ(at, 4);
		a = complete(handle, text, 100, TPM_RH_OWNER);
		EXPECT(!a.rc && !a.bad && a.hierarchy == TPM_RH_NULL && !a.ticket);
	}
	EXPECT_EQ(start(TPM_ALG_SHA256, "", &handle), 0);
	a = complete(handle, generated, 4, TPM_RH_OWNER);
	EXPECT(!a.rc && a.hierarchy == TPM_RH_NULL && !a.ticket);
	/* the defence must not refuse everything */
	EXPECT_EQ(start(TPM_ALG_SHA256, "", &handle), 0);
	EXPECT_EQ(update(handle, text, 4), 0);
	EXPECT_EQ(update(handle, generated, 4), 0);
	a = complete(handle, generated, 4, TPM_RH_OWNER);
	EXPECT(!a.rc && a.hierarchy == TPM_RH_OWNER && a.ticket == 64);
	tear_down();
}

static void sequences_side_by_side(void)
{
	u8 expected[64];
	u32 one, two;
	struct answer a;

	set_up();
	EXPECT_EQ(start(TPM_ALG_SHA256, "", &one), 0);
	EXPECT_EQ(start(TPM_ALG_SHA1, "", &two), 0);
	EXPECT(one != two);
	EXPECT_EQ(update(one, text, 10), 0);
	EXPECT_EQ(update(two, text + 10, 10), 0);
	EXPECT_EQ(update(one, text + 20, 10), 0);
	a = complete(two, NULL, 0, TPM_RH_NULL);
	digest_of(TPM_ALG_SHA1, text + 10, 10, expected);
	EXPECT(!a.rc && a.size == 20);
	EXPECT_MEM(a.digest, expected, 20);
	memmove(text + 10, text + 20, 10);
	a = complete(one, NULL, 0, TPM_RH_NULL);
	digest_of(TPM_ALG_SHA256, text, 20, expected);
	EXPECT(!a.rc && a.size == 32);
	EXPECT_MEM(a.digest, expected, 32);
	tear_down();
}

static void sequence_auth(void)
{
	u32 handle;

	set_up();
	EXPECT_EQ(start(TPM_ALG_SHA256, "pw", &handle), 0);
	EXPECT_EQ(update_pw(handle, "", text, 5), 0x9a2);
	EXPECT_EQ(update_pw(handle, "pv", text, 5), 0x9a2);
	EXPECT_EQ(update_pw(handle, "pw", text, 5), 0);
	EXPECT_EQ(complete(handle, text, 5, TPM_RH_NULL).rc, 0x9a2);
	EXPECT_EQ(update_pw(handle, "pw", text, 5), 0);	/* still there */
	EXPECT_EQ(tpm_flush(&tpm, handle), 0);
	tear_down();
}

/* T14: keys where sequences are expected, one kind of sequence for another, sequences as keys. */
static void wrong_kinds(void)
{
	u32 key, hash, event;
	u8 mac[64];
	u16 size;

	set_up();
	EXPECT_EQ(tpm_create_primary_ecc(&tpm, TPM_RH_OWNER, true, &key), 0);
	EXPECT_EQ(start(TPM_ALG_SHA256, "", &hash), 0);
	EXPECT_EQ(start(TPM_ALG_NULL, "", &event), 0);
	EXPECT_EQ(update(key, text, 1), 0x1c9);
	EXPECT_EQ(complete(key, text, 1, TPM_RH_NULL).rc, 0x189);
	EXPECT_EQ(complete(event, text, 1, TPM_RH_NULL).rc, 0x189);
	EXPECT_EQ(complete_event(16, key, text, 1), 0x289);
	EXPECT_EQ(complete_event(16, hash, text, 1), 0x289);
	EXPECT_EQ(do_hmac(hash, TPM_ALG_SHA256, text, 1, mac, &size), 0x18a);
	EXPECT_EQ(start_hmac(event, TPM_ALG_SHA256, &key), 0x18a);
	EXPECT_EQ(complete_event(TPM_RH_NULL, event, text, 1), 0);
	EXPECT_EQ(complete(hash, text, 1, TPM_RH_NULL).rc, 0);
	tear_down();
}

static void every_slot_taken(void)
{
	u32 handles[TPM2_MAX_OBJECTS], extra;
	unsigned int i;

	set_up();
	for (i = 0; i < TPM2_MAX_OBJECTS; i++)
		EXPECT_EQ(start(i % 2 ? TPM_ALG_SHA256 : TPM_ALG_NULL, "", &handles[i]), 0);
	EXPECT_EQ(start(TPM_ALG_SHA256, "", &extra), 0x902);
	EXPECT_EQ(start(TPM_ALG_NULL, "", &extra), 0x902);
	EXPECT_EQ(complete(handles[1], text, 1, TPM_RH_NULL).rc, 0);
	EXPECT_EQ(start(TPM_ALG_SHA384, "", &extra), 0);
	EXPECT_EQ(extra, handles[1]);
	tear_down();
}

/* ---- HMAC ---- */

static const struct key_spec mac_key = {
	"mac", TPM_ALG_KEYEDHASH, KEY_SIGN | KEY_DECRYPT, TPM_ALG_NULL,
};

static void hmac_results(void)
{
	u8 mac[64], expected[64];
	unsigned int i;
	struct key k;
	u16 size;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &mac_key, &k), 0);
	for (i = 0; i < ARRAY_SIZE(all_hashes); i++) {
		u16 hash = all_hashes[i];
		struct answer a;
		u32 seq;

		EXPECT_EQ(do_hmac(k.handle, hash, text, 1000, mac, &size), 0);
		EXPECT_EQ(size, digest_size(hash));
		expected_hmac(hash, text, 1000, expected);
		EXPECT_MEM(mac, expected, size);
		EXPECT_EQ(start_hmac(k.handle, hash, &seq), 0);
		EXPECT_EQ(update(seq, text, 999), 0);
		a = complete(seq, text + 999, 1, TPM_RH_OWNER);
		EXPECT(!a.rc && !a.bad && a.size == size);
		EXPECT_MEM(a.digest, expected, size);
		EXPECT(a.hierarchy == TPM_RH_NULL && !a.ticket);	/* a MAC is no hash */
		EXPECT_EQ(update(seq, text, 1), 0x910);
	}
	tear_down();
}

/* The sequence has what it needs of the key. */
static void hmac_outlives_key(void)
{
	u8 expected[64];
	struct answer a;
	struct key k;
	u32 seq;

	set_up();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &mac_key, &k), 0);
	EXPECT_EQ(start_hmac(k.handle, TPM_ALG_SHA512, &seq), 0);
	EXPECT_EQ(tpm_flush(&tpm, k.handle), 0);
	a = complete(seq, text, 77, TPM_RH_NULL);
	expected_hmac(TPM_ALG_SHA512, text, 77, expected);
	EXPECT(!a.rc && a.size == 64);
	EXPECT_MEM(a.digest, expected, 64);
	tear_down();
}

static void hmac_codes(void)
{
	static const struct key_spec free_hash = {
		"free", TPM_ALG_KEYEDHASH, KEY_SIGN | KEY_DECRYPT, TPM_ALG_NULL,
	};
	static const struct key_spec own = {
		"own", TPM_ALG_KEYEDHASH, KEY_SIGN, TPM_ALG_HMAC, TPM_ALG_SHA384,
	};
	static const struct key_spec restricted = {
		"restricted", TPM_ALG_KEYEDHASH, KEY_SIGN | KEY_RESTRICTED, TPM_ALG_HMAC,
		TPM_ALG_SHA256,
	};
	static const struct key_spec sealed = { "sealed", TPM_ALG_KEYEDHASH, 0, TPM_ALG_NULL };
	static const struct key_spec ecc = {
		"ecc", TPM_ALG_ECC, KEY_SIGN, TPM_ALG_NULL, 0, TPM_ECC_NIST_P256,
	};
	static const struct {
		const struct key_spec *spec;
		u16 hash;
		u32 rc;
	} cases[] = {
		{ &free_hash, TPM_ALG_NULL, 0x2c4 }, { &free_hash, TPM_ALG_SHA1, 0 },
		{ &free_hash, TPM_ALG_AES, 0x2d6 }, { &own, TPM_ALG_NULL, 0 },
		{ &own, TPM_ALG_SHA384, 0 }, { &own, TPM_ALG_SHA1, 0x2c4 },
		{ &restricted, TPM_ALG_NULL, 0x182 }, { &restricted, TPM_ALG_SHA1, 0x2c4 },
		{ &sealed, TPM_ALG_SHA256, 0x19c }, { &sealed, TPM_ALG_NULL, 0x2c4 },
		{ &ecc, TPM_ALG_SHA256, 0x18a },
	};
	u8 mac[64];
	unsigned int i;
	u16 size;

	set_up();
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct key k;
		u32 seq, rc;

		EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, cases[i].spec, &k), 0);
		rc = do_hmac(k.handle, cases[i].hash, text, 10, mac, &size);
		if (rc != cases[i].rc)
			test_fail(__FILE__, __LINE__, "case %u: 0x%x", i, rc);
		OK_SO_FAR();
		EXPECT_EQ(start_hmac(k.handle, cases[i].hash, &seq), cases[i].rc);
		EXPECT_EQ(tpm_flush(&tpm, k.handle), 0);
		if (!cases[i].rc)
			EXPECT_EQ(tpm_flush(&tpm, seq), 0);
	}
	tear_down();
}

/* ---- event sequences ---- */

static u32 read_pcr(u32 pcr, u16 bank, u8 *value)
{
	struct cmd c;
	struct rsp r;
	u16 size;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PCR_Read);
	cmd_u32(&c, 1);
	cmd_u16(&c, bank);
	cmd_u8(&c, 3);
	cmd_u8(&c, pcr < 8 ? 1 << pcr : 0);
	cmd_u8(&c, pcr >= 8 && pcr < 16 ? 1 << (pcr - 8) : 0);
	cmd_u8(&c, pcr >= 16 ? 1 << (pcr - 16) : 0);
	cmd_run(&tpm, &c);
	r = rsp_params(&tpm, NULL);
	rsp_bytes(&r, 4 + 4 + 2 + 1 + 3);
	if (rsp_u32(&r) != 1)
		return 0;
	keep_2b(&r, value, 64, &size);
	return size;
}

/* new = H(old || H(event)) */
static void check_extended(u16 bank, const u8 *old, const u8 *digest, const u8 *new)
{
	u8 both[128], expected[64];
	u16 size = digest_size(bank);

	memcpy(both, old, size);
	memcpy(both + size, digest, size);
	digest_of(bank, both, 2 * size, expected);
	EXPECT_MEM(new, expected, size);
}

static void check_event(u16 bank, u32 pcr, const u8 *before, const u8 *digest, u16 len)
{
	u8 expected[64], after[64];

	digest_of(bank, text, len, expected);
	EXPECT_MEM(digest, expected, digest_size(bank));
	EXPECT_EQ(read_pcr(pcr, bank, after), digest_size(bank));
	check_extended(bank, before, digest, after);
}

static void event_with(const char *policy, u32 banks)
{
	u8 before[4][64];
	struct rsp r, results;
	u32 handle, i, n;

	set_up_with(policy);
	for (i = 0; i < 4; i++)
		EXPECT_EQ(read_pcr(10, all_hashes[i], before[i]),
			  banks & 1 << i ? digest_size(all_hashes[i]) : 0);
	EXPECT_EQ(start(TPM_ALG_NULL, "", &handle), 0);
	EXPECT_EQ(update(handle, text, 1024), 0);
	EXPECT_EQ(complete_event(10, handle, text + 1024, 6), 0);
	results = rsp_params(&tpm, NULL);
	n = rsp_u32(&results);
	EXPECT_EQ(n, hweight32(banks));
	r = results;
	while (n--) {
		u8 copy[sizeof(tpm.rsp)];
		u16 bank = rsp_u16(&r);

		for (i = 0; i < 4 && all_hashes[i] != bank; i++)
			;
		EXPECT(i < 4 && banks & 1 << i);
		memcpy(copy, tpm.rsp, sizeof(copy));
		check_event(bank, 10, before[i],
			    copy + (rsp_bytes(&r, digest_size(bank)) - tpm.rsp), 1030);
		OK_SO_FAR();
		memcpy(tpm.rsp, copy, sizeof(copy));
	}
	EXPECT(!r.bad && !r.left);
	EXPECT_EQ(update(handle, text, 1), 0x910);
	tear_down();
}

static void event_results(void)
{
	event_with(NULL, 0x2);
	OK_SO_FAR();
	event_with("bank sha1 sha256 sha384 sha512\n", 0xf);
}

static void event_without_pcr(void)
{
	u8 before[64], after[64];
	u32 handle;

	set_up();
	EXPECT_EQ(read_pcr(16, TPM_ALG_SHA256, before), 32);
	EXPECT_EQ(start(TPM_ALG_NULL, "", &handle), 0);
	EXPECT_EQ(complete_event(TPM_RH_NULL, handle, text, 6), 0);
	EXPECT_EQ(read_pcr(16, TPM_ALG_SHA256, after), 32);
	EXPECT_MEM(before, after, 32);
	tear_down();
}

static void event_locality(void)
{
	u8 expected[64];
	u32 handle;

	set_up();
	EXPECT_EQ(start(TPM_ALG_NULL, "", &handle), 0);
	EXPECT_EQ(update(handle, text, 3), 0);
	EXPECT_EQ(complete_event(17, handle, text, 6), 0x907);
	EXPECT_EQ(complete_event(24, handle, text, 6), 0x184);
	/* nothing half done: the sequence goes on, without what the failed command had */
	EXPECT_EQ(complete_event(10, handle, text + 3, 6), 0);
	EXPECT_MEM(tpm.rsp + 14 + 4, "\x00\x0b", 2);
	digest_of(TPM_ALG_SHA256, text, 9, expected);
	EXPECT_MEM(tpm.rsp + 14 + 6, expected, 32);
	tear_down();
}

static int no_memory(void *pcrs, const struct tpm2_measurement *m)
{
	return -ENOMEM;
}

/* A PCR that cannot be extended: the sequence is as it was before the command. */
static void event_without_memory(void)
{
	const struct tpm2_pcr_ops *ops;
	struct tpm2_pcr_ops failing;
	u8 expected[64];
	u32 handle;

	set_up();
	ops = tpm.t->cfg.pcr_ops;
	failing = *ops;
	failing.extend = no_memory;
	EXPECT_EQ(start(TPM_ALG_NULL, "", &handle), 0);
	EXPECT_EQ(update(handle, text, 3), 0);
	tpm.t->cfg.pcr_ops = &failing;
	EXPECT_EQ(complete_event(10, handle, text + 3, 6), 0x904);
	tpm.t->cfg.pcr_ops = ops;
	EXPECT_EQ(complete_event(10, handle, text + 3, 6), 0);
	digest_of(TPM_ALG_SHA256, text, 9, expected);
	EXPECT_MEM(tpm.rsp + 14 + 6, expected, 32);
	tear_down();
}

static const struct test_case cases[] = {
	{ "hash-results", hash_results },
	{ "hash-tickets", hash_tickets },
	{ "hash-errors", hash_errors },
	{ "sequence-results", sequence_results },
	{ "T25-generated-in-pieces", t25_generated_in_pieces },
	{ "sequences-side-by-side", sequences_side_by_side },
	{ "sequence-auth", sequence_auth },
	{ "T14-wrong-kinds", wrong_kinds },
	{ "every-slot-taken", every_slot_taken },
	{ "hmac-results", hmac_results },
	{ "hmac-outlives-key", hmac_outlives_key },
	{ "hmac-codes", hmac_codes },
	{ "event-results", event_results },
	{ "event-without-pcr", event_without_pcr },
	{ "event-locality", event_locality },
	{ "event-without-memory", event_without_memory },
};

TEST_MAIN("hash", cases)
