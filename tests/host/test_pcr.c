// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCRs through commands (Part 3, 22): who may change them from where, what they
 * are then, and which provider's value each kind of command uses.
 */
#include "signer.h"
#include "keys.h"
#include "tpm2/engine.h"
#include "property/certs.h"
#include "property/property.h"

#define PCRS		24
#define ALL_BANKS	"bank sha256 sha1 sha384 sha512\n"
#define P(rc, n)	((__force u32)(rc) | 0x40 | (n) << 8)
#define LOCALITY	((__force u32)TPM_RC_LOCALITY)
#define SHA256		TPM_ALG_SHA256

static struct host_tpm tpm;

static void tear_down(void)
{
	long left = host_tpm_free(&tpm);

	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

/* ---- commands ---- */

static u32 extend_banks(u32 pcr, const u16 *banks, u32 n, const u8 *digest)
{
	struct cmd c;
	u32 i;

	cmd_begin_pw(&c, TPM_CC_PCR_Extend, 1, 1, pcr);
	cmd_u32(&c, n);
	for (i = 0; i < n; i++) {
		cmd_u16(&c, banks[i]);
		cmd_bytes(&c, digest, digest_size(banks[i]));
	}
	return cmd_run(&tpm, &c);
}

static u32 extend(u32 pcr, const u8 *digest)
{
	static const u16 bank = SHA256;

	return extend_banks(pcr, &bank, 1, digest);
}

static u32 reset(u32 pcr)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PCR_Reset, 1, 1, pcr);
	return cmd_run(&tpm, &c);
}

static u32 event(u32 pcr, const void *data, u16 len)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PCR_Event, 1, 1, pcr);
	cmd_2b(&c, data, len);
	return cmd_run(&tpm, &c);
}

static void put_selection(struct cmd *c, u16 bank, u32 pcrs)
{
	cmd_u16(c, bank);
	cmd_u8(c, 3);
	cmd_u8(c, pcrs);
	cmd_u8(c, pcrs >> 8);
	cmd_u8(c, pcrs >> 16);
}

/* What PCR_Read answers */
struct reading {
	u32 counter;
	u32 banks;
	u16 bank[4];
	u32 pcrs[4];
	u32 count;
	u16 size[8];
	u8 value[8][64];
};

static u32 selection(struct rsp *r)
{
	const u8 *p;

	if (rsp_u8(r) != 3)
		r->bad = true;
	p = rsp_bytes(r, 3);
	return p[0] | p[1] << 8 | p[2] << 16;
}

static u32 read_list(const u16 *banks, const u32 *pcrs, u32 n, struct reading *v)
{
	struct cmd c;
	struct rsp r;
	u32 i, rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PCR_Read);
	cmd_u32(&c, n);
	for (i = 0; i < n; i++)
		put_selection(&c, banks[i], pcrs[i]);
	rc = cmd_run(&tpm, &c);
	memset(v, 0, sizeof(*v));
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	v->counter = rsp_u32(&r);
	v->banks = rsp_u32(&r);
	for (i = 0; i < v->banks && i < 4; i++) {
		v->bank[i] = rsp_u16(&r);
		v->pcrs[i] = selection(&r);
	}
	v->count = rsp_u32(&r);
	for (i = 0; i < v->count && i < 8; i++)
		keep_2b(&r, v->value[i], 64, &v->size[i]);
	return r.bad || r.left ? 0xffffffff : 0;
}

static u32 read_one(u16 bank, u32 pcr, struct reading *v)
{
	return read_list(&bank, &(u32){ BIT(pcr) }, 1, v);
}

static bool value_is(u16 bank, u32 pcr, const u8 *want)
{
	struct reading v;

	return !read_one(bank, pcr, &v) && v.count == 1 && v.size[0] == digest_size(bank) &&
	       v.pcrs[0] == BIT(pcr) && !memcmp(v.value[0], want, v.size[0]);
}

/* Setting the PCRs at start-up counts as deployed TPMs count it. */
#define AT_START	20

static u32 counter(void)
{
	struct reading v;

	return read_list(NULL, NULL, 0, &v) ? 0xffffffff : v.counter;
}

/* value <- H(value || digest) */
static void ref_extend(u16 bank, u8 *value, const u8 *digest)
{
	u16 size = digest_size(bank);
	u8 both[128];

	memcpy(both, value, size);
	memcpy(both + size, digest, size);
	digest_of(bank, both, 2 * size, value);
}

/* ---- attributes, from the table of the PC Client profile: bit L is locality L ---- */

static const u8 extend_from[PCRS] = {
	[0 ... 16] = 0x1f, [17] = 0x1c, [18] = 0x1c, [19] = 0x0c, [20] = 0x0e, [21] = 0x04,
	[22] = 0x04, [23] = 0x1f,
};

static const u8 reset_from[PCRS] = {
	[16] = 0x1f, [17 ... 19] = 0x10, [20] = 0x14, [21] = 0x04, [22] = 0x04, [23] = 0x1f,
};

static bool starts_as_ones(u32 pcr)
{
	return pcr >= 17 && pcr <= 22;
}

static void start_value(u32 pcr, u8 *value)
{
	memset(value, starts_as_ones(pcr) ? 0xff : 0, 64);
}

static void one_pcr(u32 pcr, u8 *value)
{
	u8 digest[64] = { 0xa5, 1, 2 }, locality;

	for (locality = 0; locality < 5; locality++) {
		tpm.locality = locality;
		digest[3] = locality;
		EXPECT_EQ(extend(pcr, digest), extend_from[pcr] & BIT(locality) ? 0 : LOCALITY);
		if (extend_from[pcr] & BIT(locality))
			ref_extend(SHA256, value, digest);
		EXPECT(value_is(SHA256, pcr, value));
		EXPECT_EQ(event(pcr, "data", 4), extend_from[pcr] & BIT(locality) ? 0 : LOCALITY);
		digest_of(SHA256, "data", 4, digest);
		if (extend_from[pcr] & BIT(locality))
			ref_extend(SHA256, value, digest);
		EXPECT(value_is(SHA256, pcr, value));
		EXPECT_EQ(reset(pcr), reset_from[pcr] & BIT(locality) ? 0 : LOCALITY);
		if (reset_from[pcr] & BIT(locality))
			memset(value, 0, 64);
		EXPECT(value_is(SHA256, pcr, value));
	}
}

static void attributes(void)
{
	u8 value[64];
	u32 pcr;

	host_tpm_new(&tpm, NULL);
	for (pcr = 0; pcr < PCRS; pcr++) {
		start_value(pcr, value);
		EXPECT(value_is(SHA256, pcr, value));
		one_pcr(pcr, value);
		OK_SO_FAR();
	}
	tpm.locality = 0;
	EXPECT_EQ(extend(24, value), 0x184);
	EXPECT_EQ(reset(24), 0x184);
	EXPECT_EQ(reset(TPM_RH_NULL), 0x184);
	tear_down();
}

static void power_cycle(void)
{
	u8 value[64], digest[64] = { 1 };
	u32 pcr, i;

	host_tpm_new(&tpm, ALL_BANKS);
	tpm.locality = 2;
	for (pcr = 0; pcr < PCRS; pcr++)
		EXPECT_EQ(extend_banks(pcr, all_hashes, 4, digest), 0);
	EXPECT(counter());
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	for (pcr = 0; pcr < PCRS; pcr++) {
		start_value(pcr, value);
		for (i = 0; i < 4; i++)
			EXPECT(value_is(all_hashes[i], pcr, value));
	}
	EXPECT_EQ(counter(), AT_START);
	tear_down();
}

/* ---- values ---- */

static void extend_values(void)
{
	static const u16 twice[] = { SHA256, TPM_ALG_SHA1, SHA256 };
	static const u16 five[] = { 4, 11, 12, 13, 4 };
	u8 value[4][64] = { 0 }, digest[64];
	unsigned int step, i;

	host_tpm_new(&tpm, ALL_BANKS);
	for (step = 0; step < 20; step++) {
		memset(digest, step + 1, sizeof(digest));
		EXPECT_EQ(extend_banks(7, all_hashes, 4, digest), 0);
		for (i = 0; i < 4; i++) {
			ref_extend(all_hashes[i], value[i], digest);
			EXPECT(value_is(all_hashes[i], 7, value[i]));
		}
	}
	EXPECT_EQ(extend_banks(7, twice, 3, digest), 0);
	ref_extend(TPM_ALG_SHA1, value[0], digest);
	ref_extend(SHA256, value[1], digest);
	ref_extend(SHA256, value[1], digest);
	EXPECT_EQ(extend_banks(7, NULL, 0, digest), 0);
	EXPECT_EQ(extend_banks(TPM_RH_NULL, twice, 3, digest), 0);
	EXPECT_EQ(extend_banks(7, five, 5, digest), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(extend_banks(7, (u16[]){ 0x12 }, 1, digest), P(TPM_RC_HASH, 1));
	for (i = 0; i < 4; i++)
		EXPECT(value_is(all_hashes[i], 7, value[i]));
	tear_down();
}

/* A digest for a bank that is not active is passed over, and the bank is not there to read. */
static void inactive_banks(void)
{
	u8 value[64] = { 0 }, digest[64] = { 9 };
	struct reading v;

	host_tpm_new(&tpm, "bank sha384\n");
	EXPECT_EQ(extend_banks(3, all_hashes, 4, digest), 0);
	ref_extend(TPM_ALG_SHA384, value, digest);
	EXPECT(value_is(TPM_ALG_SHA384, 3, value));
	EXPECT_EQ(counter(), AT_START + 1);
	EXPECT_EQ(extend(3, digest), 0);
	EXPECT_EQ(counter(), AT_START + 1);
	EXPECT_EQ(read_one(SHA256, 3, &v), 0);
	EXPECT(v.banks == 1 && v.bank[0] == SHA256 && !v.pcrs[0] && !v.count);
	tear_down();
}

static void events_of(const char *policy, u32 active)
{
	u8 value[64], digest[64];
	struct rsp r;
	unsigned int i, n = 0;

	host_tpm_new(&tpm, policy);
	EXPECT_EQ(event(5, "an event", 8), 0);
	r = rsp_params(&tpm, NULL);
	for (i = 0; i < 4; i++)
		n += !!(active & BIT(i));
	EXPECT_EQ(rsp_u32(&r), n);
	for (i = 0; i < 4; i++) {
		if (!(active & BIT(i)))
			continue;
		EXPECT_EQ(rsp_u16(&r), all_hashes[i]);
		digest_of(all_hashes[i], "an event", 8, digest);
		EXPECT_MEM(rsp_bytes(&r, digest_size(all_hashes[i])), digest,
			   digest_size(all_hashes[i]));
	}
	EXPECT(!r.left && !r.bad);
	for (i = 0; i < 4; i++) {
		memset(value, 0, sizeof(value));
		digest_of(all_hashes[i], "an event", 8, digest);
		ref_extend(all_hashes[i], value, digest);
		EXPECT_EQ(value_is(all_hashes[i], 5, value), !!(active & BIT(i)));
	}
	tear_down();
}

static void events(void)
{
	u8 data[1025] = { 0 };

	events_of(NULL, 2);
	OK_SO_FAR();
	events_of("bank sha1 sha384\n", 5);
	OK_SO_FAR();
	events_of(ALL_BANKS, 15);
	OK_SO_FAR();
	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(event(TPM_RH_NULL, data, 1024), 0);
	EXPECT_EQ(counter(), AT_START);
	EXPECT_EQ(event(0, data, 1025), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(event(0, data, 0), 0);
	tear_down();
}

/* pcrUpdateCounter: one for each bank's change, none for 16, 21, 22 and 23 */
static void update_counter(void)
{
	u8 digest[64] = { 1 };
	u32 pcr, before;

	host_tpm_new(&tpm, "bank sha256 sha1\n");
	EXPECT_EQ(counter(), AT_START);
	tpm.locality = 2;
	for (pcr = 0; pcr < PCRS; pcr++) {
		bool counts = pcr != 16 && pcr != 21 && pcr != 22 && pcr != 23;

		before = counter();
		EXPECT_EQ(extend(pcr, digest), 0);
		EXPECT_EQ(counter(), before + counts);
		EXPECT_EQ(extend_banks(pcr, all_hashes, 2, digest), 0);
		EXPECT_EQ(counter(), before + 3 * counts);
		EXPECT_EQ(event(pcr, "x", 1), 0);
		EXPECT_EQ(counter(), before + 5 * counts);
	}
	before = counter();
	EXPECT_EQ(reset(16), 0);
	EXPECT_EQ(counter(), before);
	EXPECT_EQ(reset(20), 0);
	EXPECT_EQ(counter(), before + 1);
	tpm.locality = 0;
	EXPECT_EQ(extend(17, digest), LOCALITY);
	EXPECT_EQ(counter(), before + 1);
	tear_down();
}

/* ---- reading ---- */

static void read_eight(void)
{
	static const u16 banks[] = { TPM_ALG_SHA1, SHA256 };
	u32 want[] = { 0x00ffff00, 0x00000f }, i;
	struct reading v;
	u8 value[64];

	host_tpm_new(&tpm, "bank sha1 sha256\n");
	EXPECT_EQ(read_list(banks, want, 2, &v), 0);
	EXPECT(v.banks == 2 && v.count == 8);
	EXPECT(v.pcrs[0] == 0x0000ff00 && v.pcrs[1] == 0);
	want[0] = 0xff0000;
	EXPECT_EQ(read_list(banks, want, 2, &v), 0);
	EXPECT(v.count == 8 && v.pcrs[0] == 0xff0000 && v.pcrs[1] == 0);
	for (i = 0; i < 8; i++) {
		start_value(16 + i, value);
		EXPECT_EQ(v.size[i], 20);
		EXPECT_MEM(v.value[i], value, 20);
	}
	want[0] = 0x840000;
	EXPECT_EQ(read_list(banks, want, 2, &v), 0);
	EXPECT(v.count == 6 && v.pcrs[0] == 0x840000 && v.pcrs[1] == 0xf);
	EXPECT(v.size[1] == 20 && v.size[2] == 32);
	EXPECT_EQ(read_list((u16[]){ 0x10 }, want, 1, &v), P(TPM_RC_HASH, 1));
	tear_down();
}

/* ---- which value each command uses ---- */

static const struct key_spec ak = {
	"ak", TPM_ALG_ECC, KEY_SIGN | KEY_RESTRICTED, TPM_ALG_ECDSA, SHA256, TPM_ECC_NIST_P256,
};

/* A selection and a digest, as quotes and creation data have them */
struct covered {
	u32 pcrs;
	u8 digest[32];
};

static void parse_covered(struct rsp *r, struct covered *v)
{
	u16 len;

	if (rsp_u32(r) != 1 || rsp_u16(r) != SHA256)
		r->bad = true;
	v->pcrs = selection(r);
	keep_2b(r, v->digest, sizeof(v->digest), &len);
	if (len != 32)
		r->bad = true;
}

static u32 quote(u32 key, u32 pcrs, struct covered *v)
{
	struct cmd c;
	struct rsp r;
	u16 len;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_Quote, 1, 1, key);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u32(&c, 1);
	put_selection(&c, SHA256, pcrs);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	rsp_u16(&r);
	rsp_bytes(&r, 4 + 2);
	rsp_2b(&r, &len);		/* signer */
	rsp_2b(&r, &len);		/* nonce */
	rsp_bytes(&r, 8 + 4 + 4 + 1 + 8);
	parse_covered(&r, v);
	return r.bad;
}

/* Creation data of a sealed object */
static u32 created(u32 pcrs, struct covered *v)
{
	static const struct key_spec sealed = { "sealed", TPM_ALG_KEYEDHASH, 0, TPM_ALG_NULL };
	struct cmd c;
	struct rsp r;
	u32 rc, handle;
	u16 len;

	cmd_begin_pw(&c, TPM_CC_CreatePrimary, 1, 1, TPM_RH_OWNER);
	cmd_u16(&c, 5);
	cmd_u16(&c, 0);
	cmd_2b(&c, "x", 1);
	put_template(&c, &sealed);
	cmd_u16(&c, 0);
	cmd_u32(&c, 1);
	put_selection(&c, SHA256, pcrs);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, &handle);
	rsp_2b(&r, &len);
	rsp_u16(&r);
	parse_covered(&r, v);
	rc = tpm_flush(&tpm, handle);
	return rc ? rc : r.bad;
}

/* Is @value what a policy over @pcr asks for? */
static u32 policy_accepts(u32 pcr, const u8 *value)
{
	u8 digest[32];
	struct cmd c;
	u32 session, rc;

	digest_of(SHA256, value, 32, digest);
	rc = tpm_start_session(&tpm, TPM_SE_POLICY, SHA256, TPM_ALG_NULL, &session);
	if (rc)
		return rc;
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PolicyPCR);
	cmd_u32(&c, session);
	cmd_2b(&c, digest, sizeof(digest));
	cmd_u32(&c, 1);
	put_selection(&c, SHA256, BIT(pcr));
	rc = cmd_run(&tpm, &c);
	return tpm_flush(&tpm, session) ? 0xffffffff : rc;
}

/* Reading, quotes and creation data say what they leave out; each hides for itself. */
static void hidden(void)
{
	u8 zeros[3 * 32] = { 0 }, all[32], two[32];
	struct covered v;
	struct reading r;
	struct key key;

	host_tpm_new(&tpm, "read pcr=3 hide\nquote pcr=4 hide\ncertify pcr=5 hide\n");
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &ak, &key), 0);
	digest_of(SHA256, zeros, 96, all);
	digest_of(SHA256, zeros, 64, two);
	EXPECT_EQ(read_list((u16[]){ SHA256 }, (u32[]){ 0x38 }, 1, &r), 0);
	EXPECT(r.pcrs[0] == 0x30 && r.count == 2);
	EXPECT_EQ(quote(key.handle, 0x38, &v), 0);
	EXPECT_EQ(v.pcrs, 0x28);
	EXPECT_MEM(v.digest, two, 32);
	EXPECT_EQ(created(0x38, &v), 0);
	EXPECT_EQ(v.pcrs, 0x18);
	EXPECT_MEM(v.digest, two, 32);
	/* where nothing is hidden all three are there */
	EXPECT_EQ(created(0xc4, &v), 0);
	EXPECT_EQ(v.pcrs, 0xc4);
	EXPECT_MEM(v.digest, all, 32);
	/* what cannot be read can still be extended, and sealed to */
	EXPECT_EQ(extend(3, all), 0);
	memset(zeros, 0, 32);
	ref_extend(SHA256, zeros, all);
	EXPECT_EQ(policy_accepts(3, zeros), 0);
	EXPECT_EQ(read_one(SHA256, 3, &r), 0);
	EXPECT(!r.count && !r.pcrs[0]);
	tear_down();
}

static struct signer it;

/* One approved measurement, by a party that is trusted */
static void load_manifest(const u8 *measurement)
{
	char text[512], name[VTPM_NAME_MAX + 1];
	size_t at, len;
	u8 *p7;

	signer_new(&it, "it", false, NULL);
	at = sprintf(text, "vtpm-manifest 1\nname: m\nproperty: approved by IT\nsha256:");
	at = bin2hex(text + at, measurement, 32) - text;
	text[at++] = '\n';
	len = signer_sign(&it, text, at, SIGN_PLAIN, &p7);
	EXPECT_EQ(vtpm_trust_add("it", it.der, it.der_len), 0);
	EXPECT_EQ(vtpm_cert_load(p7, len, name, NULL), 0);
	OPENSSL_free(p7);
}

/* @want is for each of read, seal, quote, certify */
static void check_providers(u8 *want[4])
{
	struct covered v;
	struct key key;
	u8 digest[32];
	unsigned int other;

	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &ak, &key), 0);
	EXPECT(value_is(SHA256, 9, want[0]));
	EXPECT_EQ(policy_accepts(9, want[1]), 0);
	for (other = 0; other < 4; other++)
		EXPECT_EQ(policy_accepts(9, want[other]),
			  want[other] == want[1] ? 0 : P(TPM_RC_VALUE, 1));
	EXPECT_EQ(quote(key.handle, BIT(9), &v), 0);
	digest_of(SHA256, want[2], 32, digest);
	EXPECT_EQ(v.pcrs, BIT(9));
	EXPECT_MEM(v.digest, digest, 32);
	EXPECT_EQ(created(BIT(9), &v), 0);
	digest_of(SHA256, want[3], 32, digest);
	EXPECT_EQ(v.pcrs, BIT(9));
	EXPECT_MEM(v.digest, digest, 32);
}

static void providers(void)
{
	static const char *const ops[4] = { "read", "seal", "quote", "certify" };
	u8 measurement[32], property[32], hash[32] = { 0 }, cert[32] = { 0 };
	unsigned int set, op;

	digest_of(SHA256, "approved", 8, measurement);
	digest_of(SHA256, "approved by IT", 14, property);
	ref_extend(SHA256, hash, measurement);
	ref_extend(SHA256, cert, property);
	host_tpm_new(&tpm, NULL);	/* for the property room to be there */
	tear_down();
	load_manifest(measurement);
	OK_SO_FAR();
	for (set = 0; set < 16; set++) {
		char text[512] = "provider certificate represent=property\n";
		u8 *want[4];

		for (op = 0; op < 4; op++) {
			want[op] = set & BIT(op) ? cert : hash;
			if (set & BIT(op))
				sprintf(text + strlen(text), "%s pcr=9 provider=certificate\n",
					ops[op]);
		}
		host_tpm_new(&tpm, text);
		EXPECT_EQ(extend(9, measurement), 0);
		check_providers(want);
		OK_SO_FAR();
		tear_down();
	}
	EXPECT_EQ(vtpm_cert_remove("m"), 0);
	vtpm_trust_remove("it");
	signer_free(&it);
}

/* ---- authorization of their own ---- */

static u32 set_auth(u32 pcr, const char *old, const char *new)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_PCR_SetAuthValue);
	cmd_u32(&c, pcr);
	cmd_auths(&c);
	cmd_password(&c, old);
	cmd_auths_end(&c);
	cmd_2b(&c, new, strlen(new));
	return cmd_run(&tpm, &c);
}

static u32 set_policy(u32 pcr, u16 alg, u16 size)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PCR_SetAuthPolicy, 1, 1, TPM_RH_PLATFORM);
	cmd_2b(&c, "0123456789abcdef0123456789abcdef", size);
	cmd_u16(&c, alg);
	cmd_u32(&c, pcr);
	return cmd_run(&tpm, &c);
}

/* PCRs 20 to 22 share one auth value, which the next start forgets, and one policy. */
static void authorization(void)
{
	u32 bad = (__force u32)TPM_RC_BAD_AUTH | 0x900, value = (__force u32)TPM_RC_VALUE;
	static const u8 digest[32];
	u16 alg;

	host_tpm_new(&tpm, NULL);
	tpm.locality = 2;
	EXPECT_EQ(set_auth(19, "", "one"), value);
	EXPECT_EQ(set_auth(23, "", "one"), value);
	EXPECT_EQ(set_auth(21, "", "one"), 0);
	EXPECT_EQ(extend(20, digest), bad);
	EXPECT_EQ(extend(23, digest), 0);
	EXPECT_EQ(set_auth(22, "two", ""), bad);
	EXPECT_EQ(set_auth(22, "one", "two"), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	EXPECT_EQ(extend(20, digest), 0);
	EXPECT_EQ(set_auth(20, "", "one"), 0);
	tpm2_clear(tpm.t);
	EXPECT_EQ(extend(20, digest), 0);
	EXPECT_EQ(set_policy(20, SHA256, 31), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(set_policy(19, SHA256, 32), P(TPM_RC_VALUE, 3));
	EXPECT_EQ(set_policy(22, SHA256, 32), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	EXPECT_EQ(tpm2_auth_policy(tpm.space, 20, &alg).size, 32);
	EXPECT_EQ(alg, SHA256);
	EXPECT_EQ(set_policy(22, TPM_ALG_NULL, 0), 0);
	EXPECT_EQ(tpm2_auth_policy(tpm.space, 20, &alg).size, 0);
	tear_down();
}

static const struct test_case cases[] = {
	{ "authorization", authorization },
	{ "attributes", attributes },
	{ "power-cycle", power_cycle },
	{ "extend-values", extend_values },
	{ "inactive-banks", inactive_banks },
	{ "events", events },
	{ "update-counter", update_counter },
	{ "read-eight", read_eight },
	{ "hidden", hidden },
	{ "providers", providers },
};

TEST_MAIN("pcr", cases)
