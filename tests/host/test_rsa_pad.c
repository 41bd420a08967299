// SPDX-License-Identifier: GPL-2.0-only
/*
 * RSA encodings of room crypto, with the operations below them: NIST's, RSA
 * Laboratories' and Wycheproof's vectors, and every length and every damage.
 */
#include <dirent.h>
#include <fnmatch.h>

#include "rsa_support.h"

#define RSA_DIR	"asymmetric/RSA/"

static unsigned int tried;	/* vectors in this case */

/* ---- keys out of vectors ---- */

static const struct vt_hash_alg *hash_named(const char *name)
{
	static const char *const names[][2] = {
		{ "SHA1", "sha1" }, { "SHA256", "sha256" }, { "SHA384", "sha384" },
		{ "SHA512", "sha512" }, { "SHA-1", "sha1" }, { "SHA-256", "sha256" },
		{ "SHA-384", "sha384" }, { "SHA-512", "sha512" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i][0]))
			return vt_hash_by_name(names[i][1], strlen(names[i][1]));
	return NULL;
}

/* A number without the zeros before it, as long as it should be. */
static bool number(const struct vec_field *f, u8 *out, size_t len)
{
	size_t skip = 0;

	while (f && skip < f->len && !f->bytes[skip])
		skip++;
	if (!f || f->len - skip != len)
		return false;
	memcpy(out, f->bytes + skip, len);
	return true;
}

/* Return: whether it is of a size that a TPM has. */
static bool key_of(struct pair *k, const struct vec_field *n, const struct vec_field *e,
		   const struct vec_field *p)
{
	static const size_t lengths[] = { 128, 256, 384, 512 };

	if (!n || !e)
		return false;
	k->e = 0;
	for (const char *c = e->text; *c; c++)
		k->e = k->e << 4 | (*c > '9' ? (*c & 15) + 9 : *c & 15);
	for (unsigned int i = 0; i < ARRAY_SIZE(lengths); i++) {
		k->len = lengths[i];
		if (number(n, k->n, k->len))
			return !p || number(p, k->p, k->len / 2);
	}
	return false;
}

/* For after the vector that has it. */
static void keep_field(struct vec_field *keep, const struct vec_field *f)
{
	vec_field_free(keep);
	keep->text = strdup(f->text);
	vec_hex(keep);
}

/* in^d, by way of a key made for this one time */
static bool private(const struct pair *k, const u8 *in, u8 *out)
{
	struct vt_rsa_key *key = NULL;
	bool ok = !pair_new(k, &key) && !vt_rsa_private(key, in, out);

	vt_rsa_key_free(key);
	return ok;
}

static bool public(const struct pair *k, const struct vec_field *s, u8 *out)
{
	return s && s->len == k->len && !vt_rsa_public(k->n, k->len, k->e, s->bytes, out);
}

static bool pkcs1_good(const struct pair *k, const struct vt_hash_alg *alg,
		       const struct vec_field *msg, const struct vec_field *sig)
{
	u8 digest[VT_MAX_DIGEST], em[VT_RSA_MAX_BYTES], ours[VT_RSA_MAX_BYTES];

	vt_hash(alg, msg->bytes, msg->len, digest);
	return public(k, sig, em) && !vt_pkcs1_sign_encode(alg, digest, ours, k->len) &&
	       !memcmp(em, ours, k->len);
}

static bool pss_good(const struct pair *k, const struct vt_hash_alg *alg,
		     const struct vec_field *msg, const struct vec_field *sig)
{
	u8 digest[VT_MAX_DIGEST], em[VT_RSA_MAX_BYTES];

	vt_hash(alg, msg->bytes, msg->len, digest);
	return public(k, sig, em) && !vt_pss_verify(alg, digest, em, k->len);
}

/* ---- NIST ---- */

typedef bool good_fn(const struct pair *k, const struct vt_hash_alg *alg,
		     const struct vec_field *msg, const struct vec_field *sig);

/* Signatures with the answer they deserve; what has no answer is good. */
static void nist(const char *name, good_fn *good)
{
	const char *path = test_vectors(name);
	struct pair k = { 0 };
	struct vec v;

	if (!path || !vec_open(&v, vec_nist(), name))
		return;
	tried = 0;
	while (vec_next(&v)) {
		const struct vec_field *sig = vec_get(&v, "S"), *msg = vec_get(&v, "Msg");
		const struct vec_field *sha = vec_get(&v, "SHAAlg"), *e = vec_get(&v, "e");
		const struct vec_field *result = vec_get(&v, "Result"), *n = vec_get(&v, "n");
		static struct vec_field modulus;

		if (n)
			keep_field(&modulus, n);
		if (e && !key_of(&k, &modulus, e, NULL))
			k.len = 0;
		if (!sig || !msg || !sha || !k.len || !hash_named(sha->text))
			continue;
		check(good(&k, hash_named(sha->text), msg, sig) ==
		      (!result || result->text[0] == 'P'));
		tried++;
	}
	vec_close(&v);
	check(tried);
}

static void test_nist_pkcs1(void)
{
	nist(RSA_DIR "FIPS_186-2/SigVer15_186-3.rsp", pkcs1_good);
	nist(RSA_DIR "FIPS_186-2/SigGen15_186-2.rsp", pkcs1_good);
	nist(RSA_DIR "FIPS_186-2/SigGen15_186-3.rsp", pkcs1_good);
}

static void test_nist_pss(void)
{
	nist(RSA_DIR "FIPS_186-2/SigVerPSS_186-3.rsp", pss_good);
	nist(RSA_DIR "FIPS_186-2/SigGenPSS_186-2.rsp", pss_good);
	nist(RSA_DIR "FIPS_186-2/SigGenPSS_186-3.rsp", pss_good);
}

/* The same with the private key, where the file has its primes. */
static void test_nist_pkcs1_sign(void)
{
	const char *name = RSA_DIR "FIPS_186-2/SigVer15_186-3.rsp";
	const char *path = test_vectors(name);
	struct vec_field n = { 0 }, p = { 0 };
	struct vec v;

	if (!path || !vec_open(&v, vec_nist(), name))
		return;
	tried = 0;
	while (vec_next(&v)) {
		u8 digest[VT_MAX_DIGEST], em[VT_RSA_MAX_BYTES], out[VT_RSA_MAX_BYTES];
		const struct vec_field *sha = vec_get(&v, "SHAAlg"), *msg = vec_get(&v, "Msg");
		const struct vec_field *result = vec_get(&v, "Result"), *sig = vec_get(&v, "S");
		struct vec_field *keep = vec_get(&v, "n") ? &n : vec_get(&v, "p") ? &p : NULL;
		const struct vt_hash_alg *alg;
		struct pair k;

		if (keep)
			keep_field(keep, vec_get(&v, keep == &n ? "n" : "p"));
		if (!result || result->text[0] != 'P')
			continue;
		alg = hash_named(sha->text);
		if (!alg || !key_of(&k, &n, vec_get(&v, "e"), &p))
			continue;
		vt_hash(alg, msg->bytes, msg->len, digest);
		check(!vt_pkcs1_sign_encode(alg, digest, em, k.len));
		check(private(&k, em, out) && !memcmp(out, sig->bytes, k.len));
		tried++;
	}
	vec_field_free(&n);
	vec_field_free(&p);
	vec_close(&v);
	check(tried);
}

/* ---- RSA Laboratories: "# Name:" and hex digits below ---- */

static void labs_end(struct vec *v, char *name, char *text)
{
	if (*name)
		vec_set(v, name, text);
	name[0] = '\0';
	text[0] = '\0';
}

/* Reads on to the end of @last. Return: whether there was one. */
static bool labs_next(struct vec *v, const char *last)
{
	char name[64] = "", text[4096] = "";
	bool found = false;

	while (!found && getline(&v->line, &v->room, v->file) >= 0) {
		char *line = v->line, *colon = strchr(line, ':');

		if (line[0] == '#' || line[0] == '=' || !strcspn(line, "\r\n")) {
			found = !strcmp(name, last) && text[0];
			if (line[0] == '#' || found)
				labs_end(v, name, text);
			if (line[0] == '#' && colon)
				snprintf(name, sizeof(name), "%.*s", (int)(colon - line - 2),
					 line + 2);
			continue;
		}
		for (char *c = line; *c; c++)
			if (isxdigit(*c) && strlen(text) + 1 < sizeof(text))
				strncat(text, c, 1);
	}
	if (!found && !strcmp(name, last) && text[0]) {
		labs_end(v, name, text);
		found = true;
	}
	return found;
}

static bool labs_open(struct vec *v, const char *name)
{
	tried = 0;
	return test_vectors(name) && vec_open(v, vec_nist(), name);
}

static bool labs_key(const struct vec *v, struct pair *k)
{
	return key_of(k, vec_get(v, "Modulus"), vec_get(v, "Public exponent"),
		      vec_get(v, "Prime 1"));
}

static void given_fill(void *ctx, u8 *out, size_t len)
{
	const struct vec_field *f = ctx;

	check(f->len == len);
	memcpy(out, f->bytes, len);
}

static void decode_check(const struct vt_hash_alg *alg, const struct pair *k,
			 const struct vec_field *label, const struct vec_field *ct,
			 const struct vec_field *msg, bool good)
{
	u8 em[VT_RSA_MAX_BYTES], out[VT_RSA_MAX_BYTES];
	size_t len = sizeof(out);
	bool ok = ct->len == k->len && private(k, ct->bytes, em);

	ok = ok && !(alg ? vt_oaep_decode(alg, label ? label->bytes : NULL, label ? label->len : 0,
					  em, k->len, out, &len) :
			   vt_rsaes_decode(em, k->len, out, &len));
	ok = ok && len == msg->len && !memcmp(out, msg->bytes, len);
	check(ok == good);
	tried++;
}

/* Encryptions with their seed: both directions, to the byte. */
static void labs_encrypt(const char *name, const struct vt_hash_alg *alg)
{
	struct pair k;
	struct vec v;

	if (!labs_open(&v, name))
		return;
	while (labs_next(&v, "Encryption")) {
		const struct vec_field *ct = vec_get(&v, "Encryption");
		const struct vec_field *msg = vec_get(&v, "Message");
		struct vec_field *seed = (struct vec_field *)vec_get(&v, "Seed");
		const struct vt_rng rng = { .fill = given_fill, .ctx = seed };
		u8 em[VT_RSA_MAX_BYTES], out[VT_RSA_MAX_BYTES];

		if (!labs_key(&v, &k))
			continue;
		decode_check(alg, &k, NULL, ct, msg, true);
		if (!seed)
			continue;
		check(!(alg ? vt_oaep_encode(alg, NULL, 0, msg->bytes, msg->len, &rng, em, k.len) :
			      vt_rsaes_encode(msg->bytes, msg->len, &rng, em, k.len)));
		check(!vt_rsa_public(k.n, k.len, k.e, em, out) && !memcmp(out, ct->bytes, k.len));
	}
	vec_close(&v);
	check(tried);
}

static void test_labs_oaep(void)
{
	static const char *const bits[] = { "256", "384", "512" };
	char name[96], hash[8];

	labs_encrypt(RSA_DIR "pkcs-1v2-1d2-vec/oaep-vect.txt", hash_named("SHA1"));
	for (unsigned int i = 0; i < ARRAY_SIZE(bits); i++) {
		snprintf(name, sizeof(name), RSA_DIR "oaep-custom/oaep-sha%s-sha%s.txt",
			 bits[i], bits[i]);
		snprintf(hash, sizeof(hash), "SHA%s", bits[i]);
		labs_encrypt(name, hash_named(hash));
	}
}

static void test_labs_rsaes(void)
{
	labs_encrypt(RSA_DIR "pkcs1v15crypt-vectors.txt", NULL);
}

/* PSS with the salt they used, so that the signature is theirs. */
static void test_labs_pss(void)
{
	const struct vt_hash_alg *sha1 = hash_named("SHA1");
	struct pair k;
	struct vec v;

	if (!labs_open(&v, RSA_DIR "pkcs-1v2-1d2-vec/pss-vect.txt"))
		return;
	while (labs_next(&v, "Signature")) {
		const struct vec_field *msg = vec_get(&v, "Message to be signed");
		const struct vec_field *salt = vec_get(&v, "Salt"), *sig = vec_get(&v, "Signature");
		u8 digest[VT_MAX_DIGEST], em[VT_RSA_MAX_BYTES], out[VT_RSA_MAX_BYTES];

		if (!labs_key(&v, &k))
			continue;
		vt_hash(sha1, msg->bytes, msg->len, digest);
		check(!vt_pss_encode(sha1, digest, salt->bytes, salt->len, em, k.len));
		check(private(&k, em, out) && !memcmp(out, sig->bytes, k.len));
		check(pss_good(&k, sha1, msg, sig));
		tried++;
	}
	vec_close(&v);
	check(tried);
}

/* ---- Wycheproof ---- */

static const char *text_of(const struct vec *v, const char *name)
{
	const struct vec_field *f = vec_get(v, name);

	return f ? f->text : "";
}

static void wycheproof_one(const struct vec *v)
{
	const struct vt_hash_alg *alg = hash_named(text_of(v, "sha"));
	const struct vec_field *msg = vec_get(v, "msg"), *sig = vec_get(v, "sig");
	/* ours finds the salt's length, so another one than usual is fine */
	const bool good = !strcmp(text_of(v, "result"), "valid") ||
			  !strncmp(text_of(v, "comment"), "s_len changed", 13);
	const char *type = text_of(v, "type");
	struct pair k;

	/* "acceptable" leaves it to the implementation */
	if ((!good && strcmp(text_of(v, "result"), "invalid")) ||
	    !key_of(&k, vec_get(v, "modulus"), vec_get(v, "publicExponent"), vec_get(v, "prime1")))
		return;
	if (!strcmp(type, "RsaesPkcs1Decrypt")) {
		decode_check(NULL, &k, NULL, vec_get(v, "ct"), msg, good);
		return;
	}
	if (!alg || (vec_get(v, "mgfSha") && alg != hash_named(text_of(v, "mgfSha"))))
		return;
	tried++;
	if (!strcmp(type, "RsaesOaepDecrypt"))
		decode_check(alg, &k, vec_get(v, "label"), vec_get(v, "ct"), msg, good);
	else if (!strcmp(type, "RsassaPssVerify"))
		check(pss_good(&k, alg, msg, sig) == good);
	else
		check(pkcs1_good(&k, alg, msg, sig) == good);
}

/* The first that failed is the one to look at. */
static void name_vector(const char *file, const struct vec *v)
{
	const size_t used = strlen(test_state.why);

	snprintf(test_state.why + used, sizeof(test_state.why) - used, " (%s, %s)", file,
		 text_of(v, "tcId"));
}

static void wycheproof(const char *pattern)
{
	const char *path = test_shared("wycheproof");
	DIR *dir = path ? opendir(path) : NULL;
	unsigned int files = 0;
	struct dirent *entry;

	if (!dir)
		return;
	tried = 0;
	while ((entry = readdir(dir))) {
		struct vec v;

		/* these bury the parameters in what the reader does not read */
		if (fnmatch(pattern, entry->d_name, 0) || strstr(entry->d_name, "_params_"))
			continue;
		path = test_shared("wycheproof");
		if (!vec_open(&v, path, entry->d_name))
			continue;
		files++;
		while (vec_next(&v)) {
			const bool before = test_state.failed;

			wycheproof_one(&v);
			if (test_state.failed && !before)
				name_vector(entry->d_name, &v);
		}
		vec_close(&v);
	}
	closedir(dir);
	check(files && tried > files);
}

static void test_wycheproof_sign(void)
{
	wycheproof("rsa_signature_*_test.json");
	wycheproof("rsa_pss_*_test.json");
}

static void test_wycheproof_oaep(void)
{
	wycheproof("rsa_oaep_*_test.json");
}

static void test_wycheproof_rsaes(void)
{
	wycheproof("rsa_pkcs1_[0-9]*_test.json");
}

/* ---- every length, every damage ---- */

static const size_t em_lengths[] = { 128, 256, 384, 512 };

/* Into memory of exactly that length, so that ASan sees one byte too many. */
static u8 *exact(size_t len)
{
	u8 *p = malloc(len ?: 1);

	memset(p, 0xa5, len ?: 1);
	return p;
}

static void oaep_lengths(const struct vt_hash_alg *alg, size_t n_len)
{
	u8 *em = exact(n_len), *copy = exact(n_len), *msg = exact(n_len), *out = exact(n_len);
	const size_t limit = n_len - 2 * alg->digest_size - 2;
	size_t len = n_len;

	if (n_len < 2 * alg->digest_size + 2u) {	/* no room at all */
		check(vt_oaep_encode(alg, NULL, 0, msg, 0, &vt_system_rng, em, n_len) == -EINVAL);
		check(vt_oaep_decode(alg, NULL, 0, em, n_len, out, &len) == -EINVAL);
		goto out;
	}
	vt_random(msg, n_len);
	for (size_t i = 0; i <= limit; i++) {
		check(!vt_oaep_encode(alg, "LABEL", 6, msg, i, &vt_system_rng, em, n_len));
		check(!em[0]);
		memcpy(copy, em, n_len);
		len = n_len;
		check(!vt_oaep_decode(alg, "LABEL", 6, copy, n_len, out, &len));
		check(len == i && !memcmp(out, msg, i));
		memcpy(copy, em, n_len);
		len = i;
		check(!vt_oaep_decode(alg, "LABEL", 6, copy, n_len, out, &len) && len == i);
		memcpy(copy, em, n_len);
		len = i - 1;
		if (i)
			check(vt_oaep_decode(alg, "LABEL", 6, copy, n_len, out, &len) == -EBADMSG);
		memcpy(copy, em, n_len);
		len = n_len;
		check(vt_oaep_decode(alg, "LABEM", 6, copy, n_len, out, &len) == -EBADMSG);
	}
	check(vt_oaep_encode(alg, NULL, 0, msg, limit + 1, &vt_system_rng, em, n_len) == -EINVAL);
	check(vt_oaep_encode(alg, NULL, 0, msg, SIZE_MAX, &vt_system_rng, em, n_len) == -EINVAL);
out:
	free(em);
	free(copy);
	free(msg);
	free(out);
}

static void test_oaep_lengths(void)
{
	for (unsigned int i = 0; i < VT_HASH_COUNT; i++)
		for (unsigned int j = 0; j < ARRAY_SIZE(em_lengths); j++)
			oaep_lengths(&vt_hash_algs[i], em_lengths[j]);
}

/* Any byte changed: one error, and the caller's length and buffer as they were. */
static void test_oaep_damage(void)
{
	const struct vt_hash_alg *alg = hash_named("SHA256");
	u8 em[256], copy[256], out[256], zero[256] = { 0 };

	check(!vt_oaep_encode(alg, NULL, 0, (u8 *)"secret", 6, &vt_system_rng, em, 256));
	for (unsigned int i = 0; i < 256; i++) {
		size_t len = sizeof(out);

		memset(out, 0, sizeof(out));
		memcpy(copy, em, 256);
		copy[i] ^= 1 << i % 8;
		check(vt_oaep_decode(alg, NULL, 0, copy, 256, out, &len) == -EBADMSG);
		check(len == sizeof(out) && !memcmp(out, zero, sizeof(out)));
	}
}

/* A data block with nothing but zeros, or with another byte than 1 behind them. */
static void test_oaep_separator(void)
{
	const struct vt_hash_alg *alg = hash_named("SHA256");
	u8 em[256], out[256];

	for (unsigned int byte = 0; byte < 256; byte++) {
		u8 *seed = em + 1, *db = seed + 32;
		size_t len = sizeof(out);

		memset(em, 0, sizeof(em));
		vt_hash(alg, NULL, 0, db);
		db[100] = byte;
		vt_mgf1_xor(alg, seed, 32, db, 223);
		vt_mgf1_xor(alg, db, 223, seed, 32);
		check(vt_oaep_decode(alg, NULL, 0, em, 256, out, &len) ==
		      (byte == 1 ? 0 : -EBADMSG));
		check(byte != 1 || len == 122);
	}
}

/* Every other byte is 0, the first time. */
static void holes_fill(void *ctx, u8 *out, size_t len)
{
	unsigned int *n = ctx;

	for (size_t i = 0; i < len; i++, ++*n)
		out[i] = *n % 2 ? 0 : 1 + *n % 255;
}

static void test_rsaes_lengths(void)
{
	for (unsigned int j = 0; j < ARRAY_SIZE(em_lengths); j++) {
		const size_t n_len = em_lengths[j];
		u8 *em = exact(n_len), *msg = exact(n_len), *out = exact(n_len);
		unsigned int n = 0;
		const struct vt_rng rng = { .fill = holes_fill, .ctx = &n };

		vt_random(msg, n_len);
		for (size_t i = 0; i <= n_len - 11; i++) {
			size_t len = i;

			check(!vt_rsaes_encode(msg, i, &rng, em, n_len));
			check(!vt_rsaes_decode(em, n_len, out, &len));
			check(len == i && !memcmp(out, msg, i));
			len = i - 1;
			if (i)
				check(vt_rsaes_decode(em, n_len, out, &len) == -EBADMSG);
		}
		check(vt_rsaes_encode(msg, n_len - 10, &rng, em, n_len) == -EINVAL);
		check(vt_rsaes_encode(msg, SIZE_MAX, &rng, em, n_len) == -EINVAL);
		free(em);
		free(msg);
		free(out);
	}
}

static void test_rsaes_damage(void)
{
	u8 em[128], copy[128], out[128];
	size_t room = sizeof(out);

	check(!vt_rsaes_encode((u8 *)"secret", 6, &vt_system_rng, em, 128));
	for (unsigned int i = 0; i < 10; i++) {
		size_t len = sizeof(out);

		/* 00 02 at the front and no 0 in the eight bytes behind */
		memcpy(copy, em, 128);
		copy[i] = i < 2 ? copy[i] ^ 1 : 0;
		check(vt_rsaes_decode(copy, 128, out, &len) == -EBADMSG);
	}
	for (unsigned int i = 10; i < 121; i++) {
		size_t len = sizeof(out);

		memcpy(copy, em, 128);
		copy[i] = 0;
		check(!vt_rsaes_decode(copy, 128, out, &len) && len == 127 - i);
	}
	memset(em + 2, 0xff, 126);
	check(vt_rsaes_decode(em, 128, out, &room) == -EBADMSG);
}

static void pss_salts(const struct vt_hash_alg *alg, size_t n_len)
{
	const size_t limit = n_len - alg->digest_size - 2;
	u8 digest[VT_MAX_DIGEST], salt[512], *em = exact(n_len);

	vt_random(digest, sizeof(digest));
	vt_random(salt, sizeof(salt));
	for (size_t i = 0; i <= limit; i++) {
		check(!vt_pss_encode(alg, digest, salt, i, em, n_len));
		check(!(em[0] & 0x80) && !vt_pss_verify(alg, digest, em, n_len));
		digest[i % alg->digest_size] ^= 1;
		check(vt_pss_verify(alg, digest, em, n_len) == -EBADMSG);
	}
	check(vt_pss_encode(alg, digest, salt, limit + 1, em, n_len) == -EINVAL);
	check(vt_pss_encode(alg, digest, salt, SIZE_MAX, em, n_len) == -EINVAL);
	free(em);
}

static void test_pss_salts(void)
{
	for (unsigned int i = 0; i < VT_HASH_COUNT; i++)
		for (unsigned int j = 0; j < ARRAY_SIZE(em_lengths); j++)
			pss_salts(&vt_hash_algs[i], em_lengths[j]);
}

static void test_pss_damage(void)
{
	const struct vt_hash_alg *alg = hash_named("SHA256");
	u8 digest[32] = { 5 }, salt[32] = { 6 }, em[256];

	check(!vt_pss_encode(alg, digest, salt, 32, em, 256));
	for (unsigned int bit = 0; bit < 2048; bit++) {
		em[bit / 8] ^= 1 << bit % 8;
		check(vt_pss_verify(alg, digest, em, 256) == -EBADMSG);
		em[bit / 8] ^= 1 << bit % 8;
	}
	check(!vt_pss_verify(alg, digest, em, 256));
	vt_host_fail_alloc = 0;
	check(vt_pss_verify(alg, digest, em, 256) == -ENOMEM);
	vt_host_fail_alloc = -1;
}

static void test_pkcs1_room(void)
{
	for (unsigned int i = 0; i < VT_HASH_COUNT; i++) {
		const struct vt_hash_alg *alg = &vt_hash_algs[i];
		const size_t least = alg->oid_size + alg->digest_size + 11;
		u8 digest[VT_MAX_DIGEST] = { 0 }, *em = exact(least);

		check(!vt_pkcs1_sign_encode(alg, digest, em, least));
		check(em[0] == 0 && em[1] == 1 && em[2] == 0xff && em[9] == 0xff && em[10] == 0);
		check(vt_pkcs1_sign_encode(alg, digest, em, least - 1) == -EINVAL);
		free(em);
	}
}

/* ---- secrets, for valgrind: see test_rsa_gen.c ---- */

static int on_secrets(void)
{
	const struct vt_hash_alg *alg = hash_named("SHA256");
	u8 em[256], out[256];
	int rc = 0;

	for (unsigned int i = 0; i < 40; i++) {
		size_t len = sizeof(out);

		rc |= vt_oaep_encode(alg, "L", 2, (u8 *)"secret", 6, &vt_system_rng, em, 256);
		em[i % 8 * 32] ^= i / 8;
		VT_CT_SECRET(em, sizeof(em));
		rc |= vt_oaep_decode(alg, "L", 2, em, 256, out, &len) != (i < 8 ? 0 : -EBADMSG);
		len = sizeof(out);
		rc |= vt_rsaes_encode((u8 *)"secret", 6, &vt_system_rng, em, 256);
		em[i % 10] ^= i / 10;
		VT_CT_SECRET(em, sizeof(em));
		rc |= i < 10 && vt_rsaes_decode(em, 256, out, &len);
		VT_CT_PUBLIC(em, sizeof(em));
	}
	return rc ? 1 : 0;
}

static const struct test_case cases[] = {
	{ "nist-pkcs1", test_nist_pkcs1 },
	{ "nist-pkcs1-sign", test_nist_pkcs1_sign },
	{ "nist-pss", test_nist_pss },
	{ "labs-oaep", test_labs_oaep },
	{ "labs-rsaes", test_labs_rsaes },
	{ "labs-pss", test_labs_pss },
	{ "wycheproof-sign", test_wycheproof_sign },
	{ "wycheproof-oaep", test_wycheproof_oaep },
	{ "wycheproof-rsaes", test_wycheproof_rsaes },
	{ "oaep-lengths", test_oaep_lengths },
	{ "oaep-damage", test_oaep_damage },
	{ "oaep-separator", test_oaep_separator },
	{ "rsaes-lengths", test_rsaes_lengths },
	{ "rsaes-damage", test_rsaes_damage },
	{ "pss-salts", test_pss_salts },
	{ "pss-damage", test_pss_damage },
	{ "pkcs1-room", test_pkcs1_room },
};

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--secret"))
		return on_secrets();
	return test_run("rsa_pad", cases, ARRAY_SIZE(cases), argc, argv);
}
