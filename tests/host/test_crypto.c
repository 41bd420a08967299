// SPDX-License-Identifier: GPL-2.0-only
/*
 * The symmetric half of room crypto and its known-answer tests, against
 * published vectors, against OpenSSL's own HMAC, and against itself where one
 * call must equal several.
 */
#define _GNU_SOURCE	/* memmem() */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdarg.h>

#include "port-host.h"
#include "vectors.h"
#include "../../drivers/vtpm/crypto/kdf.h"

static unsigned int passed, failed, skipped;
static unsigned int checks, wrong;	/* within the test that runs */

static void check_at(bool ok, const char *what, const char *file, int line)
{
	checks++;
	if (ok)
		return;
	if (wrong++ < 5)
		printf("# %s:%d: %s\n", file, line, what);
}

#define check(cond) check_at(cond, #cond, __FILE__, __LINE__)

static void begin(void)
{
	checks = 0;
	wrong = 0;
}

/* A test that checked nothing has not passed. */
static void end(const char *name)
{
	bool ok = checks && !wrong;

	if (ok)
		passed++;
	else
		failed++;
	printf("%s %s (%u of %u checks)\n", ok ? "ok" : "FAILED", name, checks - wrong, checks);
}

static bool same(const void *a, const void *b, size_t len)
{
	return !crypto_memneq(a, b, len);
}

/* ---- vectors from files ---- */

/**
 * struct vector_test - one file
 * @dir: vec_nist or vec_shared
 * @name: of the file below that
 * @one: checks one vector; vectors of other algorithms it passes over
 * @hash: for @one
 */
struct vector_test {
	const char *(*dir)(void);
	const char *name;
	void (*one)(const struct vec *v, const struct vt_hash_alg *alg);
	const char *hash;
};

static void run_vectors(const struct vector_test *t)
{
	const struct vt_hash_alg *alg = t->hash ? vt_hash_by_name(t->hash, strlen(t->hash)) : NULL;
	struct vec v;

	if (!vec_open(&v, t->dir(), t->name)) {
		printf("skipped %s: not present on this machine\n", t->name);
		skipped++;
		return;
	}
	begin();
	while (vec_next(&v))
		t->one(&v, alg);
	end(t->name);
	vec_close(&v);
}

static void hash_vector(const struct vec *v, const struct vt_hash_alg *alg)
{
	const struct vec_field *msg = vec_get(v, "Msg"), *md = vec_get(v, "MD");
	u8 digest[VT_MAX_DIGEST];

	if (!msg || !md)
		return;
	vt_hash(alg, msg->bytes, vec_number(v, "Len") / 8, digest);
	check(md->len == alg->digest_size && same(digest, md->bytes, md->len));
}

/* SHAVS, 6.4: each answer is the end of a chain of a thousand from the last one. */
static void hash_monte(const struct vec *v, const struct vt_hash_alg *alg)
{
	static u8 seed[VT_MAX_DIGEST];
	const struct vec_field *start = vec_get(v, "Seed"), *md = vec_get(v, "MD");
	u8 last[3][VT_MAX_DIGEST], msg[3 * VT_MAX_DIGEST];
	const size_t size = alg->digest_size;

	if (start)
		memcpy(seed, start->bytes, size);
	if (!md)
		return;
	for (unsigned int i = 0; i < 3; i++)
		memcpy(last[i], seed, size);
	for (unsigned int i = 0; i < 1000; i++) {
		for (unsigned int j = 0; j < 3; j++)
			memcpy(msg + j * size, last[(i + j) % 3], size);
		vt_hash(alg, msg, 3 * size, last[i % 3]);
	}
	memcpy(seed, last[999 % 3], size);
	check(same(seed, md->bytes, size));
}

static void hmac_vector(const struct vec *v, const struct vt_hash_alg *alg)
{
	const struct vec_field *key = vec_get(v, "Key"), *msg = vec_get(v, "Msg");
	const struct vec_field *md = vec_get(v, "MD");
	u8 mac[VT_MAX_DIGEST];

	if (!key || !msg || !md)
		return;
	vt_hmac(alg, key->bytes, key->len, msg->bytes, msg->len, mac);
	check(md->len <= alg->digest_size && same(mac, md->bytes, md->len));
}

static void hmac_wycheproof(const struct vec *v, const struct vt_hash_alg *alg)
{
	const struct vec_field *key = vec_get(v, "key"), *msg = vec_get(v, "msg");
	const struct vec_field *tag = vec_get(v, "tag");
	bool valid = !strcmp(vec_get(v, "result")->text, "valid");
	u8 mac[VT_MAX_DIGEST];

	vt_hmac(alg, key->bytes, key->len, msg->bytes, msg->len, mac);
	check(tag->len <= alg->digest_size && same(mac, tag->bytes, tag->len) == valid);
}

static void kdf_vector(const struct vt_hash_alg *alg, const struct vec_field *key,
		       const struct vt_kdf_part *parts, unsigned int count, bool keyed,
		       const struct vec_field *answer)
{
	const struct vt_kdf kdf = {
		.alg = alg, .key = key->bytes, .key_len = key->len, .keyed = keyed,
		.parts = parts, .count = count,
	};
	u8 *out = malloc(answer->len);

	vt_kdf_run(&kdf, out, answer->len);
	check(same(out, answer->bytes, answer->len));
	free(out);
}

/* SP 800-108, counter of 32 bits ahead of the fixed input, HMAC. */
static void kdf_nist(const struct vec *v, const struct vt_hash_alg *alg __always_unused)
{
	const struct vec_field *fixed = vec_get(v, "FixedInputData"), *out = vec_get(v, "KO");
	char want[100];

	for (unsigned int i = 0; i < VT_HASH_COUNT; i++) {
		const unsigned int bits = vt_hash_algs[i].digest_size * 8;
		struct vt_kdf_part part;

		snprintf(want, sizeof(want),
			 "[PRF=HMAC_SHA%u][CTRLOCATION=BEFORE_FIXED][RLEN=32_BITS]",
			 bits == 160 ? 1 : bits);
		if (strcmp(v->section, want) || !fixed || !out)
			continue;
		part = (struct vt_kdf_part) { fixed->bytes, fixed->len };
		kdf_vector(&vt_hash_algs[i], vec_get(v, "KI"), &part, 1, true, out);
	}
}

/* The algorithm when @section is @format with its name in it. */
static const struct vt_hash_alg *section_hash(const struct vec *v, const char *format)
{
	static const char *const names[VT_HASH_COUNT] = {
		"SHA-1", "SHA-256", "SHA-384", "SHA-512",
	};
	char want[100];

	for (unsigned int i = 0; i < VT_HASH_COUNT; i++) {
		int at = snprintf(want, sizeof(want), "[%s(", format);

		snprintf(want + at, sizeof(want) - at, "%s)%s]", names[i],
			 strchr(format, '(') ? ")" : "");
		if (!strcmp(v->section, want))
			return &vt_hash_algs[i];
	}
	return NULL;
}

/* Label, a zero byte, context, length in bits: just what KDFa puts together. */
static void kdfa_botan(const struct vec *v, const struct vt_hash_alg *alg)
{
	const struct vec_field *key = vec_get(v, "Secret"), *label = vec_get(v, "Label");
	const struct vec_field *context = vec_get(v, "Salt"), *answer = vec_get(v, "Output");
	char *text;
	u8 *out;

	alg = section_hash(v, "SP800-108-Counter(HMAC");
	if (!alg || !answer || memchr(label->bytes, 0, label->len))
		return;
	text = kmemdup_nul((char *)label->bytes, label->len, GFP_KERNEL);
	out = malloc(answer->len);
	vt_kdfa(alg, key->bytes, key->len, text, context->bytes, context->len, NULL, 0,
		answer->len * 8, out);
	check(same(out, answer->bytes, answer->len));
	free(out);
	kfree(text);
}

static void kdfe_botan(const struct vec *v, const struct vt_hash_alg *alg)
{
	const struct vec_field *z = vec_get(v, "Secret"), *info = vec_get(v, "Label");
	const struct vec_field *salt = vec_get(v, "Salt"), *answer = vec_get(v, "Output");
	struct vt_kdf_part parts[2];

	alg = section_hash(v, "SP800-56A");
	if (!alg || !answer || salt->len)
		return;
	parts[0] = (struct vt_kdf_part) { z->bytes, z->len };
	parts[1] = (struct vt_kdf_part) { info->bytes, info->len };
	kdf_vector(alg, z, parts, 2, false, answer);
}

static void cfb_check(const struct vec_field *key, const struct vec_field *iv,
		      const struct vec_field *from, const struct vec_field *to, bool encrypt)
{
	u8 mask[VT_AES_BLOCK], *data = malloc(from->len);

	memcpy(mask, iv->bytes, sizeof(mask));
	memcpy(data, from->bytes, from->len);
	check(!vt_aes_cfb(key->bytes, key->len * 8, mask, encrypt, data, from->len));
	check(to->len == from->len && same(data, to->bytes, to->len));
	free(data);
}

static void cfb_nist(const struct vec *v, const struct vt_hash_alg *alg __always_unused)
{
	const struct vec_field *key = vec_get(v, "KEY"), *iv = vec_get(v, "IV");
	const struct vec_field *plain = vec_get(v, "PLAINTEXT"), *cipher = vec_get(v, "CIPHERTEXT");

	if (!key || !iv || !plain || !cipher)
		return;
	cfb_check(key, iv, plain, cipher, true);
	cfb_check(key, iv, cipher, plain, false);
}

static void cfb_botan(const struct vec *v, const struct vt_hash_alg *alg __always_unused)
{
	const struct vec_field *key = vec_get(v, "Key"), *iv = vec_get(v, "Nonce");
	const struct vec_field *in = vec_get(v, "In"), *out = vec_get(v, "Out");

	if (strncmp(v->section, "[AES-", 5) || strchr(v->section, '(') || !out)
		return;
	cfb_check(key, iv, in, out, true);
	cfb_check(key, iv, out, in, false);
}

static void aes_nist(const struct vec *v, const struct vt_hash_alg *alg __always_unused)
{
	const struct vec_field *key = vec_get(v, "KEY"), *plain = vec_get(v, "PLAINTEXT");
	const struct vec_field *cipher = vec_get(v, "CIPHERTEXT");
	struct vt_aes aes, back;
	u8 out[VT_AES_BLOCK];

	if (!key || !plain || !cipher)
		return;
	check(!vt_aes_set_key(&aes, key->bytes, key->len * 8));
	check(!vt_aes_set_decrypt_key(&back, key->bytes, key->len * 8));
	for (size_t i = 0; i < plain->len; i += VT_AES_BLOCK) {
		vt_aes_encrypt(&aes, plain->bytes + i, out);
		check(same(out, cipher->bytes + i, sizeof(out)));
		vt_aes_decrypt(&back, cipher->bytes + i, out);
		check(same(out, plain->bytes + i, sizeof(out)));
	}
}

/* NIST's files have names of a pattern. */
static void run_nist_hashes(void)
{
	static const char *const dirs[VT_HASH_COUNT] = {
		"SHA1/SHA1", "SHA2/SHA256", "SHA2/SHA384", "SHA2/SHA512",
	};
	static const char *const kinds[] = { "ShortMsg", "LongMsg", "Monte" };
	char name[100];

	for (unsigned int i = 0; i < VT_HASH_COUNT; i++)
		for (unsigned int j = 0; j < ARRAY_SIZE(kinds); j++) {
			snprintf(name, sizeof(name), "hashes/%s%s.rsp", dirs[i], kinds[j]);
			run_vectors(&(struct vector_test) {
				vec_nist, name, j == 2 ? hash_monte : hash_vector,
				vt_hash_algs[i].name,
			});
		}
}

static void run_nist_aes(void)
{
	static const char *const sets[] = { "GFSbox", "KeySbox", "MMT", "VarKey", "VarTxt" };
	char name[100];

	for (unsigned int i = 0; i < ARRAY_SIZE(sets); i++)
		for (unsigned int bits = 128; bits <= 256; bits += 64) {
			snprintf(name, sizeof(name), "ciphers/AES/CFB/CFB128%s%u.rsp", sets[i],
				 bits);
			run_vectors(&(struct vector_test) { vec_nist, name, cfb_nist, NULL });
			snprintf(name, sizeof(name), "ciphers/AES/ECB/ECB%s%u.rsp", sets[i], bits);
			run_vectors(&(struct vector_test) { vec_nist, name, aes_nist, NULL });
		}
}

static const struct vector_test vector_tests[] = {
	{ vec_nist, "HMAC/rfc-2202-sha1.txt", hmac_vector, "sha1" },
	{ vec_nist, "HMAC/rfc-4231-sha256.txt", hmac_vector, "sha256" },
	{ vec_nist, "HMAC/rfc-4231-sha384.txt", hmac_vector, "sha384" },
	{ vec_nist, "HMAC/rfc-4231-sha512.txt", hmac_vector, "sha512" },
	{ vec_nist, "KDF/nist-800-108-KBKDF-CTR.txt", kdf_nist, NULL },
	{ vec_shared, "wycheproof/hmac_sha1_test.json", hmac_wycheproof, "sha1" },
	{ vec_shared, "wycheproof/hmac_sha256_test.json", hmac_wycheproof, "sha256" },
	{ vec_shared, "wycheproof/hmac_sha384_test.json", hmac_wycheproof, "sha384" },
	{ vec_shared, "wycheproof/hmac_sha512_test.json", hmac_wycheproof, "sha512" },
	{ vec_shared, "botan/sp800_108_ctr.vec", kdfa_botan, NULL },
	{ vec_shared, "botan/sp800_56a.vec", kdfe_botan, NULL },
	{ vec_shared, "botan/cfb.vec", cfb_botan, NULL },
};

/* ---- what no vector says ---- */

static void test_tables(void)
{
	for (unsigned int i = 0; i < VT_HASH_COUNT; i++) {
		const struct vt_hash_alg *alg = &vt_hash_algs[i];

		check(vt_hash_find(alg->id) == alg);
		check(vt_hash_by_name(alg->name, strlen(alg->name)) == alg);
		check(!vt_hash_by_name(alg->name, strlen(alg->name) - 1));
		/* DER: a sequence of all that follows, an octet string of the digest at the end. */
		check(alg->oid[1] == alg->oid_size - 2 + alg->digest_size);
		check(alg->oid[alg->oid_size - 1] == alg->digest_size);
	}
	check(!vt_hash_find(0));
	check(!vt_hash_find(0x0010));
	check(!vt_hash_by_name("sha2567", 7));
	check(vt_hash_by_name("sha2567", 6));
}

static void fill(u8 *out, size_t len, unsigned int seed)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (seed + i) * 0x9d + (i >> 8);
}

/* Every place to split a message, with export and import between the parts. */
static void split_hash(const struct vt_hash_alg *alg)
{
	u8 msg[300], whole[VT_MAX_DIGEST], parts[VT_MAX_DIGEST], saved[VT_HASH_EXPORT];
	struct vt_hash_ctx h;

	fill(msg, sizeof(msg), alg->id);
	vt_hash(alg, msg, sizeof(msg), whole);
	for (size_t i = 0; i <= sizeof(msg); i++) {
		vt_hash_init(&h, alg);
		vt_hash_update(&h, msg, i);
		vt_hash_export(&h, saved);
		memset(&h, 0xa5, sizeof(h));
		check(!vt_hash_import(&h, alg, saved));
		vt_hash_update(&h, msg + i, sizeof(msg) - i);
		vt_hash_final(&h, parts);
		check(same(whole, parts, alg->digest_size));
	}
	memset(saved, 0xff, sizeof(saved));
	check(vt_hash_import(&h, alg, saved) == -EINVAL);
	check(!vt_hash_check_export(alg));
}

/* Frozen, as it goes into long-lived state: SHA-256 after "abc", and SHA-512 after 130 bytes. */
static void test_hash_form(void)
{
	static const u8 abc[] = {
		0, 0, 0, 0, 0, 0, 0, 3, 0x6a, 0x09, 0xe6, 0x67, 0xbb, 0x67, 0xae, 0x85,
		0x3c, 0x6e, 0xf3, 0x72, 0xa5, 0x4f, 0xf5, 0x3a, 0x51, 0x0e, 0x52, 0x7f,
		0x9b, 0x05, 0x68, 0x8c, 0x1f, 0x83, 0xd9, 0xab, 0x5b, 0xe0, 0xcd, 0x19,
	};
	u8 saved[VT_HASH_EXPORT], digest[VT_MAX_DIGEST], block[130] = { 'a', 'b', 'c', 0x80 };
	struct vt_hash_ctx h;

	vt_hash_init(&h, vt_hash_by_name("sha256", 6));
	vt_hash_update(&h, "abc", 3);
	vt_hash_export(&h, saved);
	check(same(saved, abc, sizeof(abc)));
	check(same(saved + 8 + VT_MAX_DIGEST, "abc", 4));
	block[127] = 24;
	block[128] = 'x';
	block[129] = 'y';
	vt_hash_init(&h, vt_hash_by_name("sha512", 6));
	vt_hash_update(&h, block, sizeof(block));
	vt_hash_export(&h, saved);
	vt_hash(vt_hash_by_name("sha512", 6), "abc", 3, digest);
	check(saved[7] == 130 && same(saved + 8, digest, 64));
	check(same(saved + 8 + VT_MAX_DIGEST, "xy", 3));
	/* what is not used has to be zero */
	for (size_t i = 8 + VT_MAX_DIGEST + 2; i < sizeof(saved); i++) {
		saved[i] = 1;
		check(vt_hash_import(&h, vt_hash_by_name("sha512", 6), saved) == -EINVAL);
		saved[i] = 0;
	}
	check(!vt_hash_import(&h, vt_hash_by_name("sha512", 6), saved));
	vt_hash_final(&h, digest);
}

static void test_split(void)
{
	for (unsigned int i = 0; i < VT_HASH_COUNT; i++)
		split_hash(&vt_hash_algs[i]);
}

static void test_final_wipes(void)
{
	u8 digest[VT_MAX_DIGEST], mac[VT_MAX_DIGEST];
	struct vt_hash_ctx h;
	struct vt_hmac_ctx m;

	vt_hash_init(&h, &vt_hash_algs[3]);
	vt_hash_update(&h, "secret secret secret", 20);
	vt_hash_final(&h, digest);
	check(!memmem(&h, sizeof(h), "secret", 6));
	check(!memmem(&h, sizeof(h), digest, 8));
	vt_hmac_init(&m, &vt_hash_algs[1], "secret", 6);
	vt_hmac_update(&m, "secret", 6);
	vt_hmac_final(&m, mac);
	for (size_t i = 0; i < sizeof(m.opad); i++)
		check(!m.opad[i]);
}

/* Lengths around the block size are where an HMAC goes wrong. */
static void test_hmac_openssl(void)
{
	static const char *const names[VT_HASH_COUNT] = { "SHA1", "SHA256", "SHA384", "SHA512" };
	u8 key[300], mac[VT_MAX_DIGEST], want[VT_MAX_DIGEST];

	fill(key, sizeof(key), 1);
	for (unsigned int i = 0; i < VT_HASH_COUNT; i++)
		for (size_t len = 0; len <= sizeof(key); len++) {
			vt_hmac(&vt_hash_algs[i], key, len, key, len, mac);
			HMAC(EVP_get_digestbyname(names[i]), key, len, key, len, want, NULL);
			check(same(mac, want, vt_hash_algs[i].digest_size));
		}
}

static void test_kdf_bits(void)
{
	const struct vt_hash_alg *alg = vt_hash_find(0x000b);
	u8 key[32], odd[66], byte[65];

	fill(key, sizeof(key), 2);
	for (u32 bits = 1; bits <= 520; bits++) {
		size_t len = (bits + 7) / 8;

		memset(odd, 0xee, sizeof(odd));
		vt_kdfa(alg, key, sizeof(key), "x", key, 4, NULL, 0, bits, odd);
		check(bits % 8 == 0 || odd[0] >> bits % 8 == 0);
		check(odd[len] == 0xee);
		memset(odd, 0xee, sizeof(odd));
		vt_kdfe(alg, key, sizeof(key), "x", key, 4, NULL, 0, bits, odd);
		check(bits % 8 == 0 || odd[0] >> bits % 8 == 0);
		check(odd[len] == 0xee);
	}
	odd[0] = 0xee;
	vt_kdfa(alg, key, sizeof(key), "x", NULL, 0, NULL, 0, 0, odd);
	check(odd[0] == 0xee);
	/* The number of bits is an input of KDFa but not of KDFe: one is a prefix, one is not. */
	vt_kdfa(alg, key, 32, "x", NULL, 0, NULL, 0, 512, odd);
	vt_kdfa(alg, key, 32, "x", NULL, 0, NULL, 0, 256, byte);
	check(!same(odd, byte, 32));
	vt_kdfe(alg, key, 32, "x", NULL, 0, NULL, 0, 512, odd);
	vt_kdfe(alg, key, 32, "x", NULL, 0, NULL, 0, 256, byte);
	check(same(odd, byte, 32));
}

static void test_kdf_in_place(void)
{
	const struct vt_hash_alg *alg = vt_hash_find(0x000b);
	u8 key[32], out[32];

	fill(key, sizeof(key), 3);
	vt_kdfa(alg, key, sizeof(key), "self", key, 32, NULL, 0, 256, out);
	vt_kdfa(alg, key, sizeof(key), "self", key, 32, NULL, 0, 256, key);
	check(same(key, out, sizeof(out)));
}

static void test_drbg_pieces(void)
{
	for (unsigned int i = 0; i < VT_HASH_COUNT; i++) {
		u8 seed[40], whole[400], parts[400];
		struct vt_drbg d;
		size_t at = 0;

		fill(seed, sizeof(seed), i);
		vt_drbg_init(&d, &vt_hash_algs[i], seed, sizeof(seed), seed, 7);
		vt_drbg_fill(&d, whole, sizeof(whole));
		vt_drbg_wipe(&d);
		check(!d.seed && !d.counter);
		vt_drbg_init(&d, &vt_hash_algs[i], seed, sizeof(seed), seed, 7);
		for (size_t n = 0; at + n <= sizeof(parts); at += n++)
			vt_drbg_fill(&d, parts + at, n);
		check(at > 350 && same(whole, parts, at));
		vt_drbg_wipe(&d);
		vt_drbg_init(&d, &vt_hash_algs[i], seed, sizeof(seed), seed, 8);
		vt_drbg_fill(&d, parts, 16);
		check(!same(whole, parts, 16));
	}
}

static void test_xor_twice(void)
{
	const struct vt_hash_alg *alg = vt_hash_find(0x000c);
	u8 data[200], was[200];

	fill(data, sizeof(data), 5);
	memcpy(was, data, sizeof(data));
	vt_xor_obfuscate(alg, "key", 3, "u", 1, "v", 1, data, sizeof(data));
	check(!same(data, was, 16));
	check(!same(data + 184, was + 184, 16));
	vt_xor_obfuscate(alg, "key", 3, "u", 1, "v", 1, data, sizeof(data));
	check(same(data, was, sizeof(data)));
	vt_mgf1_xor(alg, "seed", 4, data, sizeof(data));
	check(!same(data, was, 16));
	vt_mgf1_xor(alg, "seed", 4, data, sizeof(data));
	check(same(data, was, sizeof(data)));
}

static void test_cfb_pieces(void)
{
	u8 key[32], whole[100], parts[100], iv[VT_AES_BLOCK], iv2[VT_AES_BLOCK];

	fill(key, sizeof(key), 6);
	for (size_t cut = 0; cut <= 96; cut += VT_AES_BLOCK) {
		fill(whole, sizeof(whole), 7);
		fill(parts, sizeof(parts), 7);
		fill(iv, sizeof(iv), 8);
		fill(iv2, sizeof(iv2), 8);
		check(!vt_aes_cfb(key, 256, iv, true, whole, sizeof(whole)));
		check(!vt_aes_cfb(key, 256, iv2, true, parts, cut));
		check(!vt_aes_cfb(key, 256, iv2, true, parts + cut, sizeof(parts) - cut));
		check(same(whole, parts, sizeof(whole)));
		check(same(iv, iv2, sizeof(iv)));
	}
}

static void test_aes_refuses(void)
{
	static const u32 bits[] = { 0, 64, 127, 129, 160, 255, 257, 512 };
	u8 key[64] = {}, iv[VT_AES_BLOCK] = {}, data[4] = { 1, 2, 3, 4 };
	struct vt_aes aes;

	for (unsigned int i = 0; i < ARRAY_SIZE(bits); i++) {
		check(vt_aes_set_key(&aes, key, bits[i]) == -EINVAL &&
		      vt_aes_set_decrypt_key(&aes, key, bits[i]) == -EINVAL);
		check(vt_aes_cfb(key, bits[i], iv, true, data, 4) == -EINVAL);
		check(same(data, "\1\2\3\4", 4));
	}
}

static void test_random(void)
{
	u8 a[3000], b[3000];
	unsigned int ones = 0;

	vt_random(a, sizeof(a));
	vt_random(b, sizeof(b));
	for (size_t i = 0; i + 16 <= sizeof(a); i += 16)
		check(!same(a + i, b + i, 16));
	for (size_t i = 0; i < sizeof(a); i++)
		ones += hweight8(a[i]);
	check(ones > 11400 && ones < 12600);	/* 12000, give or take 7 sigma */
	vt_host_seed(7);
	vt_random(a, 100);
	vt_host_seed(7);
	vt_random(b, 100);
	check(same(a, b, 100));
	vt_random(b, 100);
	check(!same(a, b, 100));
	vt_host_seed(0);
	vt_random(b, 100);
	check(!same(a, b, 100));
}

static void test_memneq(void)
{
	u8 a[40], b[40];

	fill(a, sizeof(a), 9);
	for (unsigned int bit = 0; bit < 8 * sizeof(a); bit++) {
		memcpy(b, a, sizeof(a));
		check(!crypto_memneq(a, b, sizeof(a)));
		b[bit / 8] ^= 1 << bit % 8;
		check(crypto_memneq(a, b, sizeof(a)));
	}
}

static void test_selftest(void)
{
	const char *name = NULL;
	int rc = vt_crypto_selftest(&name);

	if (rc)
		printf("# the known answer of %s\n", name);
	check(!rc && !name);
}

/* Refuse each allocation in turn: an error each time, and nothing lost (LeakSanitizer). */
static void test_selftest_memory(void)
{
	const char *name;
	int rc;

	for (long n = 0; n < 10000; n++) {
		name = NULL;
		vt_host_fail_alloc = n;
		rc = vt_crypto_selftest(&name);
		if (vt_host_fail_alloc >= 0)
			break;
		check(rc == -ENOMEM && name);	/* no primitive was wrong */
	}
	vt_host_fail_alloc = -1;
	check(!rc);
}

static const struct {
	const char *name;
	void (*run)(void);
} own_tests[] = {
	{ "table of hashes", test_tables },
	{ "hash in two parts, exported between", test_split },
	{ "a running hash in a form that is frozen", test_hash_form },
	{ "final wipes", test_final_wipes },
	{ "HMAC as OpenSSL has it", test_hmac_openssl },
	{ "KDFa and KDFe of any number of bits", test_kdf_bits },
	{ "KDFa onto its own key", test_kdf_in_place },
	{ "derived generator in pieces", test_drbg_pieces },
	{ "masks applied twice", test_xor_twice },
	{ "CFB in pieces", test_cfb_pieces },
	{ "AES refuses odd keys", test_aes_refuses },
	{ "random numbers", test_random },
	{ "constant-time comparison", test_memneq },
	{ "known answers", test_selftest },
	{ "known answers without memory", test_selftest_memory },
};

int main(void)
{
	if (vt_crypto_init())
		return 1;
	for (unsigned int i = 0; i < ARRAY_SIZE(own_tests); i++) {
		begin();
		own_tests[i].run();
		end(own_tests[i].name);
	}
	run_nist_hashes();
	run_nist_aes();
	for (unsigned int i = 0; i < ARRAY_SIZE(vector_tests); i++)
		run_vectors(&vector_tests[i]);
	vt_crypto_exit();
	printf("%u passed, %u failed, %u skipped\n", passed, failed, skipped);
	return failed != 0;
}
