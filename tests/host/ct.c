// SPDX-License-Identifier: GPL-2.0-only
/*
 * Constant time, by valgrind: memory that holds a secret is marked as not
 * initialised, and memcheck then reports each branch and each address that
 * depends on it. Runs under valgrind alone, by tests/host/ct-run.
 *
 * The AES of the host tier is OpenSSL's with its tables, not ours, and the
 * kernel's is the kernel's: __wrap_vt_aes_*() take the marks off around it and
 * put them on what comes out, so that all that surrounds it is checked.
 */
#include <valgrind/memcheck.h>

#include "ct.h"
#include "test.h"
#include "tpm.h"
#include "port-host.h"
#include "object_support.h"
#include "crypto/bn.h"
#include "crypto/kdf.h"

#define SECRET(p, n)	VT_CT_SECRET(p, n)
#define PUBLIC(p, n)	VT_CT_PUBLIC(p, n)

static struct host_tpm tpm;

/* ---- AES, as if it were a black box in constant time ---- */

static bool aes_public;		/* for what is only prepared: nothing is marked */

int __wrap_vt_aes_set_key(struct vt_aes *aes, const u8 *key, u32 bits)
{
	u8 copy[32];
	int rc;

	memcpy(copy, key, bits / 8);
	PUBLIC(copy, sizeof(copy));
	rc = __real_vt_aes_set_key(aes, copy, bits);
	if (!aes_public)
		SECRET(aes, sizeof(*aes));
	return rc;
}

void __wrap_vt_aes_encrypt(const struct vt_aes *aes, const u8 *in, u8 *out)
{
	struct vt_aes copy = *aes;
	u8 block[VT_AES_BLOCK];

	memcpy(block, in, sizeof(block));
	PUBLIC(&copy, sizeof(copy));
	PUBLIC(block, sizeof(block));
	__real_vt_aes_encrypt(&copy, block, out);
	if (!aes_public)
		SECRET(out, VT_AES_BLOCK);
}

/* ---- what is the same in all cases ---- */

static void fill_secret(void *ctx __always_unused, u8 *out, size_t len)
{
	vt_random(out, len);
	SECRET(out, len);
}

static const struct vt_rng secret_rng = { .fill = fill_secret };

static void is_marked(const void *p, size_t len)
{
	EXPECT(VALGRIND_CHECK_MEM_IS_DEFINED(p, len) != 0);
}

/* VALGRIND_CHECK_MEM_IS_DEFINED() reports what it finds as an error: not counted. */
static unsigned int checks_of_marks;

static void still_secret(const void *p, size_t len)
{
	unsigned int before = VALGRIND_COUNT_ERRORS;

	is_marked(p, len);
	checks_of_marks += VALGRIND_COUNT_ERRORS - before;
}

/* ---- RSA ---- */

static u8 rsa_n[256], rsa_p[128];

static bool rsa_make(void)
{
	static bool made;

	if (!made)
		made = !vt_rsa_generate(2048, 65537, &vt_system_rng, NULL, rsa_n, rsa_p);
	return made;
}

static void rsa_private(bool adx)
{
	u8 in[256] = { 0, 1, 2, 3 }, out[256], back[256];
	struct vt_rsa_key *key;

	vt_host_use_adx(adx);
	EXPECT(rsa_make());
	if (adx && !vt_cpu_has_adx()) {
		test_skip("this CPU has no mulx, adcx and adox");
		return;
	}
	SECRET(rsa_p, sizeof(rsa_p));
	EXPECT(!vt_rsa_key_new(rsa_n, 256, 65537, rsa_p, 128, &key));
	SECRET(in, sizeof(in));
	EXPECT(!vt_rsa_private(key, in, out));
	still_secret(out, sizeof(out));
	vt_rsa_key_free(key);
	PUBLIC(rsa_p, sizeof(rsa_p));
	PUBLIC(in, sizeof(in));
	PUBLIC(out, sizeof(out));
	EXPECT(!vt_rsa_public(rsa_n, 256, 65537, out, back));
	EXPECT_MEM(in, back, sizeof(in));
}

static void rsa_private_plain(void)
{
	rsa_private(false);
}

static void rsa_private_adx(void)
{
	rsa_private(true);
}

static void rsa_generate(void)
{
	u8 n[128], p[64];

	vt_host_use_adx(true);
	EXPECT(!vt_rsa_generate(1024, 65537, &secret_rng, NULL, n, p));
	still_secret(p, sizeof(p));
}

/* T16: good encodings and ones damaged in each place, nothing but the verdict shows */
static void rsa_decode(void)
{
	const struct vt_hash_alg *alg = vt_hash_find(TPM_ALG_SHA256);
	u8 em[256], out[256];
	unsigned int i;
	size_t len;

	for (i = 0; i < 24; i++) {
		EXPECT(!vt_oaep_encode(alg, "L", 2, (u8 *)"secret", 6, &vt_system_rng, em, 256));
		em[i % 8 * 32] ^= i / 8;
		SECRET(em, sizeof(em));
		len = sizeof(out);
		EXPECT_EQ(vt_oaep_decode(alg, "L", 2, em, 256, out, &len), i < 8 ? 0 : -EBADMSG);
		PUBLIC(em, sizeof(em));
		EXPECT(!vt_rsaes_encode((u8 *)"secret", 6, &vt_system_rng, em, 256));
		if (i & 1)
			em[i / 2] ^= 2;
		SECRET(em, sizeof(em));
		len = sizeof(out);
		vt_rsaes_decode(em, 256, out, &len);
		PUBLIC(em, sizeof(em));
	}
}

/* ---- elliptic curves ---- */

static void ecc_of(u16 id)
{
	const struct vt_curve *c = vt_curve_find(id);
	u8 d[VT_ECC_MAX_BYTES], x[VT_ECC_MAX_BYTES], y[VT_ECC_MAX_BYTES];
	u8 zx[VT_ECC_MAX_BYTES], zy[VT_ECC_MAX_BYTES];
	u8 commit[VT_ECC_MAX_BYTES], digest[48] = { 7 };

	EXPECT(!vt_ecc_generate(c, &secret_rng, d, x, y));
	still_secret(d, c->bytes);
	EXPECT(!vt_ecc_check_scalar(c, d));
	EXPECT(!vt_ecc_make_public(c, d, zx, zy));
	EXPECT_MEM(x, zx, c->bytes);
	EXPECT(!vt_ecdh(c, d, x, y, zx, zy));
	still_secret(zx, c->bytes);
	still_secret(zy, c->bytes);
	EXPECT(!vt_ecdsa_sign(c, d, digest, sizeof(digest), &secret_rng, zx, zy));
	EXPECT(!vt_ecdsa_verify(c, x, y, digest, sizeof(digest), zx, zy));
	EXPECT(!vt_ecc_generate(c, &secret_rng, commit, zx, zy));
	EXPECT(!vt_ecdaa_sign(c, d, commit, vt_hash_find(TPM_ALG_SHA512), digest, sizeof(digest),
			      &secret_rng, zx, zy));
}

static void ecc_p256(void)
{
	ecc_of(TPM_ECC_NIST_P256);
}

static void ecc_p384(void)
{
	ecc_of(TPM_ECC_NIST_P384);
}

static void ecc_p521(void)
{
	ecc_of(TPM_ECC_NIST_P521);
}

static void ecc_bn256(void)
{
	ecc_of(TPM_ECC_BN_P256);
}

/* A key the TPM keeps: opened, used and closed by the backend */
static void ecc_key_room(void)
{
	const struct vt_curve *c = vt_curve_find(TPM_ECC_NIST_P256);
	struct vt_key_params params = { .type = TPM_ALG_ECC, .curve = c };
	u8 digest[32] = { 1 }, r[VT_ECC_MAX_BYTES], s[VT_ECC_MAX_BYTES];
	struct vt_key_pair pair;
	struct vt_key *key;

	EXPECT(!vt_key_software.generate(&params, &secret_rng, NULL, &pair));
	still_secret(pair.d, c->bytes);
	EXPECT(!vt_key_software.open(&params, &pair, &key));
	EXPECT(!vt_key_software.ecdsa_sign(key, digest, sizeof(digest), r, s));
	vt_key_software.close(key);
}

/* ---- symmetric ---- */

static void macs_and_kdfs(void)
{
	u8 key[80], out[128], text[40] = { 2 };
	unsigned int i;

	fill_secret(NULL, key, sizeof(key));
	for (i = 0; i < VT_HASH_COUNT; i++) {
		const struct vt_hash_alg *alg = &vt_hash_algs[i];

		vt_hmac(alg, key, 20, text, sizeof(text), out);
		still_secret(out, alg->digest_size);
		vt_hmac(alg, key, sizeof(key), key, sizeof(key), out);
		vt_kdfa(alg, key, 32, "ATH", text, 16, text, 16, 8 * sizeof(out), out);
		still_secret(out, sizeof(out));
		vt_kdfa(alg, key, 32, "X", text, 16, text, 16, 521, out);
		vt_kdfe(alg, key, 32, "SECRET", text, 16, text, 16, 8 * sizeof(out), out);
		vt_xor_obfuscate(alg, key, 32, text, 16, text, 16, out, sizeof(out));
		vt_mgf1_xor(alg, key, 32, out, sizeof(out));
		still_secret(out, sizeof(out));
	}
}

static void derivation(void)
{
	static const u8 context[] = "context";
	struct vt_drbg d;
	u8 seed[64], out[100];

	fill_secret(NULL, seed, sizeof(seed));
	vt_drbg_init(&d, vt_hash_find(TPM_ALG_SHA256), seed, sizeof(seed), context,
		     sizeof(context));
	vt_drbg_fill(&d, out, 33);
	vt_drbg_fill(&d, out, sizeof(out));
	still_secret(out, sizeof(out));
	vt_drbg_wipe(&d);
}

static void cfb(void)
{
	u8 key[32], iv[16], data[70];
	unsigned int bits;

	for (bits = 128; bits <= 256; bits += 64) {
		fill_secret(NULL, key, sizeof(key));
		fill_secret(NULL, iv, sizeof(iv));
		fill_secret(NULL, data, sizeof(data));
		EXPECT(!vt_aes_cfb(key, bits, iv, true, data, sizeof(data)));
		EXPECT(!vt_aes_cfb(key, bits, iv, false, data, sizeof(data)));
		still_secret(data, sizeof(data));
	}
}

/* ---- auth values, through the whole engine ---- */

static u32 try_password(const char *password)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_CreatePrimary);
	cmd_u32(&c, TPM_RH_OWNER);
	cmd_auths(&c);
	cmd_password(&c, password);
	cmd_auths_end(&c);
	return cmd_run(&tpm, &c);	/* goes no further than the missing parameters */
}

static u32 try_session(u32 session, u8 fill)
{
	u8 mac[32];
	struct cmd c;

	memset(mac, fill, sizeof(mac));
	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_CreatePrimary);
	cmd_u32(&c, TPM_RH_OWNER);
	cmd_auths(&c);
	cmd_u32(&c, session);
	cmd_u16(&c, 0);
	cmd_u8(&c, TPMA_SESSION_CONTINUE);
	cmd_2b(&c, mac, sizeof(mac));
	cmd_auths_end(&c);
	return cmd_run(&tpm, &c);
}

/* Only equality may show: not where a guess went wrong, and nothing in the HMAC's key. */
static void auth_values(void)
{
	struct tpm2_digest *auth;
	u32 session;

	host_tpm_new(&tpm, NULL);
	auth = &tpm2_hierarchy(tpm.t, TPM_RH_OWNER)->auth;
	auth->size = 8;
	memcpy(auth->data, "password", 8);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_NULL, &session), 0);
	SECRET(auth->data, 8);
	EXPECT_EQ(try_password("password"), 0x1da);	/* the first parameter is missing */
	EXPECT_EQ(try_password("passw0rd"), 0x9a2);
	EXPECT_EQ(try_password("qassword"), 0x9a2);
	EXPECT_EQ(try_session(session, 1), 0x9a2);
	PUBLIC(auth->data, 8);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* ---- keys and data of objects, through the whole engine ---- */

static struct tpm2_object *object_of(u32 handle)
{
	return tpm2_object_find(tpm.space, handle);
}

/* Seeds and proofs of all hierarchies: all that is derived from them is a secret as well. */
static void mark_hierarchies(void)
{
	unsigned int i;

	for (i = 0; i < HIER_COUNT; i++) {
		SECRET(tpm.t->hierarchy[i].seed, TPM2_PROOF_SIZE);
		SECRET(tpm.t->hierarchy[i].proof, TPM2_PROOF_SIZE);
	}
}

static u32 context_save(u32 handle, struct bytes *context)
{
	struct cmd c;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_ContextSave, 1, 0, handle);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	context->size = tpm.rsp_len - 10;
	memcpy(context->data, tpm.rsp + 10, context->size);
	return 0;
}

static void sign(u32 handle)
{
	static const u8 digest[32] = { 9 };
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_Sign, 1, 1, handle);
	cmd_2b(&c, digest, sizeof(digest));
	cmd_u16(&c, TPM_ALG_ECDSA);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u16(&c, TPM_ST_HASHCHECK);
	cmd_u32(&c, TPM_RH_NULL);
	cmd_u16(&c, 0);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
}

/* Derived from the seed, used, kept outside under the proof */
static void engine_primary(void)
{
	struct bytes context;
	u32 handle;

	host_tpm_new(&tpm, NULL);
	mark_hierarchies();
	EXPECT_EQ(tpm_create_primary_ecc(&tpm, TPM_RH_OWNER, true, &handle), 0);
	still_secret(object_of(handle)->sens.data.data, 32);
	sign(handle);
	EXPECT_EQ(context_save(handle, &context), 0);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* Made, and wrapped by a parent whose seed is secret. What comes back is parsed, so sizes show. */
static void engine_create(void)
{
	static const struct tmpl templates[] = {
		{ TPM_ALG_ECC, OURS | SDO | S, .scheme = TPM_ALG_ECDSA },
		{ TPM_ALG_KEYEDHASH, OURS | SDO | S, .scheme = TPM_ALG_HMAC },
		{ TPM_ALG_SYMCIPHER, OURS | SDO | D, .sym = TPM_ALG_AES },
	};
	struct bytes private, public;
	unsigned int i;
	u32 parent;

	host_tpm_new(&tpm, NULL);
	mark_hierarchies();
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	still_secret(object_of(parent)->sens.seed.data, object_of(parent)->sens.seed.size);
	for (i = 0; i < ARRAY_SIZE(templates); i++)
		EXPECT_EQ(create(&tpm, parent, &templates[i], "", NULL, 0, &private, &public), 0);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static void engine_unseal(void)
{
	static const char data[] = "what is sealed";
	struct bytes private, public;
	struct tpm2_object *o;
	u32 parent, handle;

	host_tpm_new(&tpm, NULL);
	aes_public = true;
	EXPECT_EQ(primary(&tpm, TPM_RH_OWNER, &storage_template, &parent), 0);
	EXPECT_EQ(create(&tpm, parent, &seal_template, "", data, sizeof(data), &private,
			 &public), 0);
	EXPECT_EQ(load(&tpm, parent, &private, &public, &handle), 0);
	aes_public = false;
	o = object_of(handle);
	SECRET(o->sens.data.data, o->sens.data.size);
	EXPECT_EQ(unseal(&tpm, handle, "", &private), 0);
	still_secret(private.data, private.size);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* ---- positive controls: valgrind has to see each of these ---- */

static volatile int sink;

static void control_branch(void)
{
	u8 s[4];

	fill_secret(NULL, s, sizeof(s));
	if (s[0] & 1)
		sink++;
}

static void control_index(void)
{
	static const u8 table[256] = { 1, 2, 3 };
	u8 s[4];

	fill_secret(NULL, s, sizeof(s));
	sink += table[s[1]];
}

static void control_memcmp(void)
{
	u8 s[32], guess[32] = { 0 };

	fill_secret(NULL, s, sizeof(s));
	sink += memcmp(s, guess, sizeof(s)) ? 1 : 2;
}

/* The ladder of the textbook on our own numbers: a product for each bit that is set. */
static void control_ladder(void)
{
	u8 d[8];
	u64 acc = 1;
	unsigned int i;

	fill_secret(NULL, d, sizeof(d));
	for (i = 0; i < 64; i++)
		if (d[i / 8] >> i % 8 & 1)
			acc *= 3 + i;
	PUBLIC(&acc, sizeof(acc));
	sink += acc;
}

/* ---- the runner: counts what memcheck has found in each case ---- */

static const struct {
	const char *name;
	void (*run)(void);
	bool control;
} cases[] = {
	{ "control_branch", control_branch, true },
	{ "control_index", control_index, true },
	{ "control_memcmp", control_memcmp, true },
	{ "control_ladder", control_ladder, true },
	{ "rsa_private_plain", rsa_private_plain },
	{ "rsa_private_adx", rsa_private_adx },
	{ "rsa_generate", rsa_generate },
	{ "T16_rsa_decode", rsa_decode },
	{ "ecc_p256", ecc_p256 },
	{ "ecc_p384", ecc_p384 },
	{ "ecc_p521", ecc_p521 },
	{ "ecc_bn256", ecc_bn256 },
	{ "ecc_key_room", ecc_key_room },
	{ "macs_and_kdfs", macs_and_kdfs },
	{ "derivation", derivation },
	{ "cfb", cfb },
	{ "T21_auth_values", auth_values },
	{ "engine_primary", engine_primary },
	{ "engine_create", engine_create },
	{ "engine_unseal", engine_unseal },
};

static bool run_case(unsigned int i)
{
	unsigned int found = VALGRIND_COUNT_ERRORS;

	memset(&test_state, 0, sizeof(test_state));
	checks_of_marks = 0;
	cases[i].run();
	found = VALGRIND_COUNT_ERRORS - found - checks_of_marks;
	if (test_state.skipped) {
		printf("skip ct.%s - %s\n", cases[i].name, test_state.why);
		return true;
	}
	if (!test_state.failed && cases[i].control && !found)
		test_fail(__FILE__, __LINE__, "valgrind does not see a leak that is there");
	if (!test_state.failed && !cases[i].control && found)
		test_fail(__FILE__, __LINE__, "%u branches or addresses depend on a secret", found);
	if (test_state.failed)
		printf("not ok ct.%s - %s\n", cases[i].name, test_state.why);
	else
		printf("ok ct.%s\n", cases[i].name);
	return !test_state.failed;
}

int main(int argc, char **argv)
{
	unsigned int i, failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!RUNNING_ON_VALGRIND) {
		printf("not ok ct - says nothing without valgrind\n");
		return 1;
	}
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		if (argc < 2 || strstr(cases[i].name, argv[1]))
			failed += !run_case(i);
	return failed ? 1 : 0;
}
