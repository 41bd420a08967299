// SPDX-License-Identifier: GPL-2.0-only
/*
 * Property certificates: the text of manifests, the messages they come in, and
 * the store of trusted parties.
 */
#define _GNU_SOURCE	/* memmem() */
#include "signer.h"
#include "test.h"
#include "../../drivers/vtpm/policy/policy.h"
#include "../../drivers/vtpm/crypto/crypto.h"
#include "../../drivers/vtpm/property/certs.h"
#include "../../drivers/vtpm/property/p7.h"
#include "../../drivers/vtpm/property/property.h"
#include "../../drivers/vtpm/property/store.h"

static bool check_at(bool ok, const char *what, const char *name, int line)
{
	if (!ok)
		test_fail(__FILE__, line, "%s: %s", name, what);
	return ok;
}

#define check(cond)	check_at(cond, #cond, __func__, __LINE__)

#define SHA256_A	0x000b
#define D20	"0123456789abcdef0123456789ABCDEF01234567"
#define D32	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define E32	"1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define N63	"012345678901234567890123456789012345678901234567890123456789012"
#define HEAD	"vtpm-manifest 1\nname: n\nproperty: p\n"

/* ---- texts ---- */

#define T(s)	.text = (s), .len = sizeof(s) - 1

struct bad {
	const char *text;
	size_t len;
	u32 line;
	u32 column;
	const char *reason;	/* a part of it */
};

static const struct bad bads[] = {
	{ T(""), 1, 1, "lacks the line \"vtpm-manifest 1\"" },
	{ T("\n\n# x\n"), 3, 4, "lacks the line \"vtpm-manifest 1\"" },
	{ T("name: n\n"), 1, 1, "begins with \"vtpm-manifest 1\"" },
	{ T(" sha256:" D32 "\n"), 1, 2, "begins with" },
	{ T("vtpm-manifest\n"), 1, 14, "version is missing" },
	{ T("vtpm-manifest 2\n"), 1, 15, "version \"2\"" },
	{ T("vtpm-manifest 1.0\n"), 1, 15, "version \"1.0\"" },
	{ T("vtpm-manifest 1 2\n"), 1, 17, "nothing can follow" },
	{ T("vtpm-manifest 1\nvtpm-manifest 1\n"), 2, 1, "\":\"" },
	{ T("vtpm-manifest 1"), 1, 16, "lacks a line with \"name:\"" },
	{ T("vtpm-manifest 1\nname: n\n"), 2, 8, "lacks a line with \"property:\"" },
	{ T(HEAD), 3, 12, "lacks a measurement" },
	{ T("vtpm-manifest 1\nname: n\nsha256:" D32 "\n"), 3, 72, "with \"property:\"" },
	{ T("vtpm-manifest 1\nname:\n"), 2, 6, "a name is 1 to 63" },
	{ T("vtpm-manifest 1\nname: a b\n"), 2, 7, "a name is 1 to 63" },
	{ T("vtpm-manifest 1\nname: a/b\n"), 2, 7, "a name is 1 to 63" },
	{ T("vtpm-manifest 1\nname: " N63 "x\n"), 2, 7, "a name is 1 to 63" },
	{ T("vtpm-manifest 1\nname: a\nname: a\n"), 3, 1, "second name" },
	{ T("vtpm-manifest 1\nproperty:\t\n"), 2, 11, "a property is 1 to 63" },
	{ T("vtpm-manifest 1\nproperty: " N63 "x\n"), 2, 11, "a property is 1 to 63" },
	{ T("vtpm-manifest 1\nproperty: gepr\303\274ft\n"), 2, 15, "printable ASCII" },
	{ T("vtpm-manifest 1\nproperty: a\tb\n"), 2, 12, "printable ASCII" },
	{ T(HEAD " property: q\n"), 4, 2, "second property" },
	{ T(HEAD "color: red\n"), 4, 1, "expected name:" },
	{ T(HEAD "Sha256:" D32 "\n"), 4, 1, "expected name:" },
	{ T(HEAD "md5:" D32 "\n"), 4, 1, "expected name:" },
	{ T(HEAD D32 "\n"), 4, 1, "\":\"" },
	{ T(HEAD "sha256 " D32 "\n"), 4, 1, "\":\"" },
	{ T(HEAD "sha256:\n"), 4, 8, "digest is missing" },
	{ T(HEAD "sha256:  # x\n"), 4, 13, "digest is missing" },
	{ T(HEAD "sha256:" D20 "\n"), 4, 8, "sha256 has 64 hexadecimal digits, and here are 40" },
	{ T(HEAD "sha1:" D32 "\n"), 4, 6, "sha1 has 40 hexadecimal digits, and here are 64" },
	{ T(HEAD "sha256:" D32 "0\n"), 4, 8, "here are 65" },
	{ T(HEAD "sha256:" D32 "x\n"), 4, 72, "no hexadecimal digit" },
	{ T(HEAD "sha256:g" D32 "\n"), 4, 8, "no hexadecimal digit" },
	{ T(HEAD "sha256:0x" D32 "\n"), 4, 9, "no hexadecimal digit" },
	{ T(HEAD "sha256:sha256:" D32 "\n"), 4, 8, "no hexadecimal digit" },
	{ T(HEAD "sha256:" D32 "\nsha1:" D20 "\nsha256:" D32 " x\n"), 6, 1, "stands above" },
	{ T(HEAD "sha1:0123456789ABCDEF0123456789abcdef01234567\nsha1:" D20 "\n"), 5, 1,
	  "stands above" },
	{ T(HEAD "sha256:" D32 "\0\n"), 4, 72, "NUL" },
	{ T(HEAD "sha256:" D32 " \0\n"), 4, 73, "NUL" },
	{ T("vtpm-manifest 1\0\n"), 1, 16, "NUL" },
	{ T(HEAD "sha256:" D32 " \x1b\n"), 4, 73, "control character 0x1b" },
	{ T(HEAD "sha256:" D32 " a\rb\n"), 4, 74, "carriage return" },
	{ T(HEAD "sha256:" D32 "\r"), 4, 72, "carriage return" },
};

static void check_bad(const struct bad *b)
{
	struct vtpm_text_error err = { 77, 77, "" };
	struct vtpm_manifest *m = NULL;
	char *copy = malloc(b->len + !b->len);	/* exact, for the address sanitizer */
	bool ok;

	memcpy(copy, b->text, b->len);
	ok = vtpm_manifest_new(copy, b->len, &m, &err) == -EINVAL && !m && err.line == b->line &&
	     err.column == b->column && strstr(err.reason, b->reason);
	if (!ok)
		test_fail(__FILE__, __LINE__, "text %zu: %u:%u: %s, not %u:%u: ...%s...", b - bads,
			  err.line, err.column, err.reason, b->line, b->column, b->reason);
	check(vtpm_manifest_new(copy, b->len, &m, NULL) == -EINVAL);
	free(copy);
}

static void test_bad(void)
{
	char *text = malloc(5000);
	struct vtpm_text_error err = { 0 };
	struct vtpm_manifest *m = NULL;
	size_t head;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bads); i++)
		check_bad(&bads[i]);
	head = sprintf(text, HEAD "#");
	memset(text + head, 'x', 4352);
	check(vtpm_manifest_new(text, head + 4352, &m, &err) == -EINVAL);
	check(err.line == 4 && err.column == 4353 && strstr(err.reason, "more than 4352 bytes"));
	free(text);
}

static const char good[] = "# first\r\n\n vtpm-manifest 1 # version\r\n"
	"sha256:" D32 "\nproperty:  approved by IT: # 1 \t\n"
	"\tsha1: " D20 "  /usr/bin/caf\xc3\xa9 x\n"
	"sha256:" E32 "\t# comment\nname:n-1\nsha512:" D32 E32 "\n"
	"sha384:" D32 "0123456789abcdef0123456789abcdef";

static void test_good(void)
{
	struct vtpm_text_error err = { 0 };
	struct vtpm_manifest *m = NULL;
	struct vtpm_measure *e;
	u8 first[32];

	if (!check(!vtpm_manifest_new(good, sizeof(good) - 1, &m, &err)))
		return;
	check(!strcmp(m->head.name, "n-1"));
	check(!strcmp(m->head.property, "approved by IT: # 1"));
	check(m->count == 5 && m->used == m->size);
	e = (struct vtpm_measure *)m->arena;
	check(!hex2bin(first, D32, 32) && e->bank == 1 && !memcmp(e->digest, first, 32));
	vtpm_manifest_free(m);
}

/* Every beginning: wrong at its end or right, and never a reading past it. */
static void test_beginnings(void)
{
	struct vtpm_text_error err;
	struct vtpm_manifest *m;
	unsigned int right = 0;
	size_t len;
	char *copy;
	int rc;

	for (len = 0; len < sizeof(good); len++) {
		copy = malloc(len + !len);
		memcpy(copy, good, len);
		m = NULL;
		memset(&err, 0, sizeof(err));
		rc = vtpm_manifest_new(copy, len, &m, &err);
		check(rc ? rc == -EINVAL && err.line && err.column && err.reason[0] : !!m);
		right += !rc;
		vtpm_manifest_free(m);
		free(copy);
	}
	/* The whole; and where whole lines are missing after all that has to be there. */
	check(right > 2 && right < 200);
}

static void test_text_memory(void)
{
	struct vtpm_manifest *m = NULL;
	unsigned int n;
	int rc = -ENOMEM;

	for (n = 0; rc && n < 9; n++) {
		vt_host_fail_alloc = n;
		rc = vtpm_manifest_new(good, sizeof(good) - 1, &m, NULL);
		vt_host_fail_alloc = -1;
		check(rc ? rc == -ENOMEM && !m : !!m);
	}
	check(n == 3);
	vtpm_manifest_free(m);
}

/* ---- the store ---- */

static struct signer it, lab, other, leaf;

static int load(const struct signer *s, const char *text, unsigned int flags, char *name,
		struct vtpm_text_error *err)
{
	u8 *p7;
	size_t len = signer_sign(s, text, strlen(text), flags, &p7);
	u8 *copy = malloc(len);
	int rc;

	memcpy(copy, p7, len);
	memset(name, 0, VTPM_NAME_MAX + 1);
	rc = vtpm_cert_load(copy, len, name, err);
	free(copy);
	OPENSSL_free(p7);
	return rc;
}

static bool known(const char *digest, const char *party, enum vtpm_represent how, u8 *rep)
{
	u8 m[32];

	WARN_ON(hex2bin(m, digest, 32));
	return !vtpm_cert_lookup(SHA256_A, m, party, how, rep);
}

static bool unknown(const char *digest)
{
	u8 rep[64];

	return !known(digest, "", VTPM_REPRESENT_KEY, rep);
}

static bool known_property(const char *digest, const char *party, const char *property)
{
	u8 rep[64], want[32];

	vt_hash(vt_hash_find(SHA256_A), property, strlen(property), want);
	return known(digest, party, VTPM_REPRESENT_PROPERTY, rep) && !memcmp(rep, want, 32);
}

static bool known_key(const char *digest, const struct signer *s)
{
	const ASN1_BIT_STRING *key = X509_get0_pubkey_bitstr(s->cert);
	u8 rep[64], want[32];

	vt_hash(vt_hash_find(SHA256_A), key->data, key->length, want);
	return known(digest, "", VTPM_REPRESENT_KEY, rep) && !memcmp(rep, want, 32);
}

static void empty_store(void)
{
	vtpm_trust_remove("it");
	vtpm_trust_remove("lab");
	vtpm_trust_remove("other");
}

static void test_trust(void)
{
	struct vtpm_trust_entry e[3];
	u8 bad[64] = { 0x30, 0x3e };
	struct signer again = { .key = it.key };

	check(vtpm_trust_add("", it.der, it.der_len) == -EINVAL);
	check(vtpm_trust_add("a/b", it.der, it.der_len) == -EINVAL);
	check(vtpm_trust_add(N63 "x", it.der, it.der_len) == -EINVAL);
	check(vtpm_trust_add("x", bad, sizeof(bad)) == -EBADMSG);
	check(vtpm_trust_add("x", it.der, it.der_len - 1) == -EBADMSG);
	check(vtpm_trust_add("x", bad, 0) == -EBADMSG);
	check(vtpm_trust_add("x", bad, VTPM_MAX_CERT_DER + 1) == -E2BIG);
	check(!vtpm_trust_list(e, 3));
	check(!vtpm_trust_add("lab", lab.der, lab.der_len));
	check(!vtpm_trust_add("it", it.der, it.der_len));
	check(vtpm_trust_add("it", other.der, other.der_len) == -EEXIST);
	check(vtpm_trust_add("it2", it.der, it.der_len) == -EEXIST);
	signer_certify(&again, "another certificate", NULL);
	check(vtpm_trust_add("it2", again.der, again.der_len) == -EEXIST);
	X509_free(again.cert);
	OPENSSL_free(again.der);
	memset(e, 0xff, sizeof(e));
	check(vtpm_trust_list(e, 1) == 2 && e[1].manifests == ~0u);
	check(vtpm_trust_list(NULL, 0) == 2);
	check(vtpm_trust_list(e, 3) == 2);
	check(!strcmp(e[0].name, "it") && !strcmp(e[1].name, "lab") && !e[0].manifests);
	check(vtpm_trust_remove("nobody") == -ENOENT);
	check(!vtpm_trust_remove("it"));
	check(vtpm_trust_remove("it") == -ENOENT);
	check(!vtpm_trust_add(N63, other.der, other.der_len));
	check(!vtpm_trust_remove(N63));
	empty_store();
	check(!vtpm_trust_list(e, 3));
}

#define M1	"vtpm-manifest 1\nname: m1\nproperty: good\nsha256:" D32 "\n"
#define M1E	"vtpm-manifest 1\nname: m1\nproperty: better\nsha256:" E32 "\n"
#define M2	"vtpm-manifest 1\nname: m2\nproperty: fine\nsha256:" D32 "\nsha1:" D20 "\n"

static void test_load(void)
{
	char name[VTPM_NAME_MAX + 1];
	struct vtpm_cert_entry e[3];
	struct vtpm_trust_entry t[3];
	struct vtpm_text_error err = { 0 };

	check(load(&it, M1, SIGN_PLAIN, name, &err) == -ENOKEY);
	check(!vtpm_trust_add("it", it.der, it.der_len));
	check(!vtpm_trust_add("lab", lab.der, lab.der_len));
	check(load(&other, M1, SIGN_PLAIN, name, &err) == -ENOKEY && !name[0]);
	check(unknown(D32));
	check(!load(&it, M1, SIGN_PLAIN, name, &err) && !strcmp(name, "m1"));
	check(known_property(D32, "", "good") && known_property(D32, "it", "good"));
	check(known_key(D32, &it));
	check(!known_property(D32, "lab", "good") && !known_property(E32, "", "good"));
	/* replaced by its author, and by nobody else */
	check(load(&lab, M1, SIGN_PLAIN, name, &err) == -EEXIST && !name[0]);
	check(!load(&it, M1E, SIGN_PLAIN, name, &err));
	check(known_property(E32, "", "better"));
	check(unknown(D32));
	/* two manifests with one measurement: the first name counts, whoever was first */
	check(!load(&lab, M2, SIGN_PLAIN, name, &err) && known_key(D32, &lab));
	check(!load(&it, M1, SIGN_PLAIN, name, &err) && known_key(D32, &it));
	check(!load(&lab, M2, SIGN_PLAIN, name, &err) && known_key(D32, &it));
	check(known_property(D32, "lab", "fine"));
	check(vtpm_cert_list(e, 3) == 2 && !strcmp(e[0].name, "m1") && !strcmp(e[1].name, "m2"));
	check(!strcmp(e[1].trust, "lab") && !strcmp(e[1].property, "fine"));
	check(e[0].measurements == 1 && e[1].measurements == 2);
	check(vtpm_cert_list(e, 1) == 2 && vtpm_cert_list(NULL, 0) == 2);
	check(vtpm_trust_list(t, 3) == 2 && t[0].manifests == 1 && t[1].manifests == 1);
	check(!vtpm_cert_remove("m1") && vtpm_cert_remove("m1") == -ENOENT);
	check(vtpm_trust_list(t, 3) == 2 && t[0].manifests == 0 && t[1].manifests == 1);
	check(known_property(D32, "", "fine"));
	check(!vtpm_trust_remove("lab") && !vtpm_cert_list(e, 3));
	check(unknown(D32));
	empty_store();
}

/* How the message is made: what the documentation says, and what people do. */
static void test_flags(void)
{
	char name[VTPM_NAME_MAX + 1];
	struct vtpm_text_error err = { 0 };

	check(!vtpm_trust_add("it", it.der, it.der_len));
	check(!vtpm_trust_add("lab", lab.der, lab.der_len));
	check(!load(&it, M1, SIGN_PLAIN, name, &err));
	check(!load(&it, M1, SIGN_PLAIN | CMS_NOCERTS, name, &err));
	check(!load(&it, M1, SIGN_PLAIN | CMS_NOATTR, name, &err));
	check(!load(&it, M1, SIGN_PLAIN | CMS_NOATTR | CMS_NOCERTS, name, &err));
	check(!load(&it, M1, SIGN_PLAIN | CMS_USE_KEYID, name, &err));
	check(!load(&it, M1, CMS_NOSMIMECAP, name, &err));	/* line ends of mail */
	check(!load(&lab, M2, SIGN_PLAIN | CMS_NOATTR, name, &err));
	check(load(&it, M1, CMS_BINARY, name, &err) == -EBADMSG && !err.line);
	check(strstr(err.reason, "-nosmimecap"));
	check(load(&it, M1, SIGN_PLAIN | CMS_DETACHED, name, &err) == -EBADMSG);
	check(strstr(err.reason, "-nodetach"));
	check(load(&it, "vtpm-manifest 1\n\nname: a b\n", SIGN_PLAIN, name, &err) == -EINVAL);
	check(err.line == 3 && err.column == 7);
	check(vtpm_cert_load("", 0, name, &err) == -EBADMSG);
	check(vtpm_cert_load(NULL, VTPM_MAX_MANIFEST + 1, name, &err) == -E2BIG);
	check(vtpm_cert_load("", 0, name, NULL) == -EBADMSG);
	empty_store();
}

/* A party that is an authority vouches for those it certified. */
static void test_chain(void)
{
	char name[VTPM_NAME_MAX + 1];

	check(!vtpm_trust_add("it", it.der, it.der_len));
	check(!load(&leaf, M1, SIGN_PLAIN, name, NULL) && known_key(D32, &it));
	check(load(&leaf, M1, SIGN_PLAIN | CMS_NOCERTS, name, NULL) == -ENOKEY);
	empty_store();
}

/* Takes the message as it is; true when it was refused or gave just what was signed. */
static bool harmless(const u8 *p7, size_t len, unsigned int *loaded)
{
	char name[VTPM_NAME_MAX + 1];
	int rc = vtpm_cert_load(p7, len, name, NULL);

	if (rc)
		return (rc == -EBADMSG || rc == -EKEYREJECTED || rc == -ENOKEY) &&
		       !vtpm_cert_list(NULL, 0);
	++*loaded;
	return known_property(D32, "it", "good") && !vtpm_cert_remove("m1");
}

/* A signature does not cover all of its message: not the version, nor the case of a name. */
static void test_changed(void)
{
	char name[VTPM_NAME_MAX + 1];
	struct vtpm_text_error err;
	u8 *p7, *copy;
	size_t i, len = signer_sign(&it, M1, strlen(M1), SIGN_PLAIN | CMS_NOCERTS, &p7);
	unsigned int loaded = 0;

	check(!vtpm_trust_add("it", it.der, it.der_len));
	for (i = 0; i < len; i++) {
		copy = malloc(i + !i);
		memcpy(copy, p7, i);
		check(vtpm_cert_load(copy, i, name, &err) == -EBADMSG);
		check(!err.line && err.reason[0]);
		free(copy);
		p7[i] ^= 1 << i % 8;
		check(harmless(p7, len, &loaded));
		p7[i] ^= 1 << i % 8;
	}
	check(loaded < 10);
	check(!vtpm_cert_load(p7, len, name, &err));
	copy = malloc(len + 1);
	memcpy(copy, p7, len);
	copy[len] = 0;
	check(vtpm_cert_load(copy, len + 1, name, &err) == -EBADMSG);
	free(copy);
	OPENSSL_free(p7);
	empty_store();
}

/* Every byte in turn takes every value: the parts stay within the message. */
static void test_split(void)
{
	struct vtpm_text_error err;
	struct vtpm_p7 parts;
	u8 *p7, *copy;
	size_t i, len = signer_sign(&lab, M1, strlen(M1), SIGN_PLAIN | CMS_NOCERTS, &p7);
	unsigned int v, split = 0;
	int rc;

	copy = malloc(len);
	for (i = 0; i < len; i++)
		for (v = 0; v < 256; v++) {
			memcpy(copy, p7, len);
			copy[i] = v;
			rc = vtpm_p7_split(copy, len, &parts, &err);
			if (rc) {
				check(rc == -EBADMSG);
				continue;
			}
			split++;
			check(parts.content > copy && parts.sig_len < len &&
			      parts.content + parts.content_len < copy + len);
			vtpm_p7_free(&parts);
		}
	check(split > len);
	free(copy);
	OPENSSL_free(p7);
}

static const char version[4] = "\x02\x01\x01\x31";	/* and what is behind it in a message */

/* The version in another form, and the lengths around it made right. */
static void check_form(const char *to, size_t to_len)
{
	char name[VTPM_NAME_MAX + 1];
	u8 *p7, *at, copy[2048];
	size_t before, len = signer_sign(&lab, M1, strlen(M1), SIGN_PLAIN | CMS_NOCERTS, &p7);

	at = memmem(p7, len, version, sizeof(version));
	if (check(at)) {
		before = at - p7;
		memcpy(copy, p7, before);
		memcpy(copy + before, to, to_len);
		memcpy(copy + before + to_len, at + sizeof(version),
		       len - before - sizeof(version));
		len += to_len - sizeof(version);
		copy[2] = (len - 4) >> 8;	/* of the whole, the [0], and SignedData */
		copy[3] = len - 4;
		copy[17] = (len - 19) >> 8;
		copy[18] = len - 19;
		copy[21] = (len - 23) >> 8;
		copy[22] = len - 23;
		check(vtpm_cert_load(copy, len, name, NULL) ==
		      (to_len == sizeof(version) ? 0 : -EBADMSG));
	}
	OPENSSL_free(p7);
}

static const struct {
	const char *text;
	size_t len;
} forms[] = {
	{ T("\x02\x01\x01\x31") },			/* the right one */
	{ T("\x02\x81\x01\x01\x31") },
	{ T("\x02\x82\x00\x01\x01\x31") },
	{ T("\x02\x85\x00\x00\x00\x00\x01\x01\x31") },
	{ T("\x02\x80\x01\x00\x00\x31") },
	{ T("\x02\x01\x01\x05\x00\x31") },
};

static void test_forms(void)
{
	unsigned int i;

	check(!vtpm_trust_add("lab", lab.der, lab.der_len));
	for (i = 0; i < ARRAY_SIZE(forms); i++)
		check_form(forms[i].text, forms[i].len);
	empty_store();
}

static char *big_manifest(unsigned int count, size_t *len)
{
	char *text = malloc(128 + 80 * (size_t)count);
	size_t at = sprintf(text, "vtpm-manifest 1\nname: big\nproperty: many\n");
	u8 digest[32];
	unsigned int i;

	for (i = 0; i < count; i++) {
		vt_hash(vt_hash_find(SHA256_A), &i, sizeof(i), digest);
		at += sprintf(text + at, "sha256:");
		at = bin2hex(text + at, digest, 32) - text;
		text[at++] = '\n';
	}
	*len = at;
	return text;
}

static void test_big(void)
{
	const unsigned int count = 50000;
	char name[VTPM_NAME_MAX + 1];
	struct vtpm_manifest *m = NULL;
	unsigned int i, found = 0;
	u8 digest[32], rep[64], *p7;
	size_t len, p7_len;
	char *text = big_manifest(count, &len);

	check(!vtpm_manifest_new(text, len, &m, NULL));
	check(m && m->count == count && m->size / count + sizeof(void *) <= 80);
	vtpm_manifest_free(m);
	p7_len = signer_sign(&lab, text, len, SIGN_PLAIN, &p7);
	check(!vtpm_trust_add("it", it.der, it.der_len));
	check(!vtpm_trust_add("lab", lab.der, lab.der_len));
	check(!load(&it, M1, SIGN_PLAIN, name, NULL));
	check(!vtpm_cert_load(p7, p7_len, name, NULL));
	for (i = 0; i < count; i++) {
		vt_hash(vt_hash_find(SHA256_A), &i, sizeof(i), digest);
		found += !vtpm_cert_lookup(SHA256_A, digest, "lab", VTPM_REPRESENT_KEY, rep);
	}
	check(found == count && known_key(D32, &it));
	check(!vtpm_cert_remove("big") && known_key(D32, &it));
	OPENSSL_free(p7);
	free(text);
	empty_store();
}

/* Each allocation fails in turn: the old manifest stays as it was, or the new one is there. */
static void test_memory(void)
{
	u8 *p7;
	char name[VTPM_NAME_MAX + 1], *text;
	size_t len, p7_len;
	unsigned int n;
	int rc = -ENOMEM;

	text = big_manifest(1000, &len);
	memcpy(strstr(text, "name: big"), "name: m1 ", 9);
	p7_len = signer_sign(&it, text, len, SIGN_PLAIN, &p7);
	for (n = 0; rc && n < 10; n++) {
		vt_host_fail_alloc = n;
		rc = vtpm_trust_add("it", it.der, it.der_len);
		vt_host_fail_alloc = -1;
		check((!rc || rc == -ENOMEM) && vtpm_trust_list(NULL, 0) == !rc);
	}
	check(n == 3 && !load(&it, M1, SIGN_PLAIN, name, NULL));
	for (rc = -ENOMEM, n = 0; rc && n < 10; n++) {
		vt_host_fail_alloc = n;
		rc = vtpm_cert_load(p7, p7_len, name, NULL);
		vt_host_fail_alloc = -1;
		check((!rc || rc == -ENOMEM) && vtpm_cert_list(NULL, 0) == 1);
		check(known_property(D32, "", "good") == !!rc);
	}
	check(n == 5);
	OPENSSL_free(p7);
	free(text);
	empty_store();
}

static void test_limits(void)
{
	char text[256], name[VTPM_NAME_MAX + 1];
	struct signer s = { .key = NULL };
	unsigned int i;
	int rc = 0;

	check(!vtpm_trust_add("lab", lab.der, lab.der_len));
	for (i = 0; i < VTPM_MAX_CERTS && !rc; i++) {
		snprintf(text, sizeof(text), "vtpm-manifest 1\nname: n%u\nproperty: p\nsha256:" D32
			 "\n", i);
		rc = load(&lab, text, SIGN_PLAIN | CMS_NOCERTS | CMS_NOATTR, name, NULL);
	}
	check(!rc && vtpm_cert_list(NULL, 0) == VTPM_MAX_CERTS);
	check(load(&lab, M1, SIGN_PLAIN, name, NULL) == -ENOSPC);
	check(!load(&lab, text, SIGN_PLAIN, name, NULL));	/* in place of itself */
	for (i = 1; i < VTPM_MAX_TRUST && !rc; i++) {
		signer_new(&s, "one of many", false, NULL);
		snprintf(name, sizeof(name), "n%u", i);
		rc = vtpm_trust_add(name, s.der, s.der_len);
		signer_free(&s);
	}
	check(!rc && vtpm_trust_add("it", it.der, it.der_len) == -ENOSPC);
	for (i = 1; i < VTPM_MAX_TRUST; i++) {
		snprintf(name, sizeof(name), "n%u", i);
		check(!vtpm_trust_remove(name));
	}
	empty_store();
	check(!vtpm_cert_list(NULL, 0) && !vtpm_trust_list(NULL, 0));
}

static const struct test_case cases[] = {
	{ "wrong manifests, each with its place and reason", test_bad },
	{ "a right manifest", test_good },
	{ "every beginning of a manifest", test_beginnings },
	{ "allocations that fail while a manifest is read", test_text_memory },
	{ "trusted parties", test_trust },
	{ "load, replace, list and remove", test_load },
	{ "ways to sign", test_flags },
	{ "one certified by a trusted party", test_chain },
	{ "every truncation, every byte changed", test_changed },
	{ "every byte of a message takes every value", test_split },
	{ "messages in forms that DER has not", test_forms },
	{ "fifty thousand measurements", test_big },
	{ "allocations that fail", test_memory },
	{ "limits", test_limits },
};

int main(int argc, char **argv)
{
	int rc;

	if (vt_crypto_init() || vtpm_property_init())
		return 1;
	signer_new(&it, "IT department", true, NULL);
	signer_new(&lab, "laboratory", false, NULL);
	signer_new(&other, "somebody else", false, NULL);
	signer_new(&leaf, "clerk", false, &it);
	rc = test_run("certs", cases, ARRAY_SIZE(cases), argc, argv);
	signer_free(&it);
	signer_free(&lab);
	signer_free(&other);
	signer_free(&leaf);
	vtpm_property_exit();
	vt_crypto_exit();
	return rc;
}
