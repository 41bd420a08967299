// SPDX-License-Identifier: GPL-2.0-only
/*
 * Property certificates: the text of manifests, the messages they come in, and
 * the store of trusted parties.
 */
#define _GNU_SOURCE	/* memmem() */
#include "certs_support.h"
#include "../../drivers/vtpm/property/p7.h"

#define N63	"012345678901234567890123456789012345678901234567890123456789012"
#define HEAD	"vtpm-manifest 1\nname: n\nproperty: p\n"
#define HEAD2	"vtpm-manifest 2\nname: n\nproperty: p\n"
#define REVOKE	"vtpm-revocation 1\nname: r\nversion: 1\n"

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
	{ T("vtpm-manifest 3\n"), 1, 15, "version \"3\"" },
	{ T("vtpm-revocation 2\n"), 1, 17, "knows version 1" },
	{ T("vtpm-revocation 2 x\n"), 1, 17, "knows version 1" },
	{ T("vtpm-revocation 1 x\n"), 1, 19, "nothing can follow" },
	{ T("vtpm-manifests 1\n"), 1, 1, "begins with" },
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
	/* what version 1 does not know */
	{ T(HEAD "version: 1\n"), 4, 1, "expected name:, property:, sha1:" },
	{ T(HEAD "serial: 1\n"), 4, 1, "expected name:" },
	{ T(HEAD "from: 2026-01-01T00:00:00Z\n"), 4, 1, "expected name:" },
	{ T(HEAD "until: 2026-01-01T00:00:00Z\n"), 4, 1, "expected name:" },
	{ T(HEAD "revoke-name: x\n"), 4, 1, "expected name:" },
	{ T(HEAD2 "revoke-name: x\n"), 4, 1, "expected name:, property:, version:" },
	{ T(HEAD2 "revoke-serial: 1\n"), 4, 1, "expected name:" },
	{ T(HEAD2), 3, 12, "lacks a measurement" },
	{ T(HEAD2 "version:\n"), 4, 9, "a number is 1 to 18 digits" },
	{ T(HEAD2 "version: 0\n"), 4, 10, "a number is" },
	{ T(HEAD2 "version: 01\n"), 4, 10, "a number is" },
	{ T(HEAD2 "version: -1\n"), 4, 10, "a number is" },
	{ T(HEAD2 "version: 1a\n"), 4, 10, "a number is" },
	{ T(HEAD2 "version: 1 2\n"), 4, 10, "a number is" },
	{ T(HEAD2 "version: 1234567890123456789\n"), 4, 10, "a number is" },
	{ T(HEAD2 "version: 1\nversion: 1\n"), 5, 1, "a second version" },
	{ T(HEAD2 "serial: x\n"), 4, 9, "a number is" },
	{ T(HEAD2 "serial: 1\nserial: 2\n"), 5, 1, "a second serial number" },
	{ T(HEAD2 "from:\n"), 4, 6, "a time is" },
	{ T(HEAD2 "from: now\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 2026-01-01\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 2026-01-01 00:00:00Z\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 2026-01-01T00:00:00z\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 2026-01-01T00:00:00+\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 2026-00-01T00:00:00Z\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 2026-13-01T00:00:00Z\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 2026-04-31T00:00:00Z\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 2026-02-29T00:00:00Z\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 2100-02-29T00:00:00Z\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 2026-01-00T00:00:00Z\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 2026-01-01T24:00:00Z\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 2026-01-01T00:60:00Z\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 2026-01-01T00:00:60Z\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 1969-12-31T23:59:59Z\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 1970-01-01T00:00:00Z\n"), 4, 7, "a time is" },
	{ T(HEAD2 "from: 2026-01-01T00:00:00Z\nfrom: 2026-01-01T00:00:00Z\n"), 5, 1,
	  "a second time" },
	{ T(HEAD2 "until: 2026-01-01T00:00:00Z\nfrom: 2026-01-01T00:00:00Z\nsha256:" D32 "\n"),
	  4, 8, "ends before it begins" },
	/* revocations */
	{ T("vtpm-revocation 1\nproperty: p\n"), 2, 1, "expected name:, version:, revoke-name:" },
	{ T("vtpm-revocation 1\nserial: 1\n"), 2, 1, "expected name:" },
	{ T("vtpm-revocation 1\nfrom: 2026-01-01T00:00:00Z\n"), 2, 1, "expected name:" },
	{ T("vtpm-revocation 1\nversion: 1\n"), 2, 11, "revocation lacks a line with \"name:\"" },
	{ T("vtpm-revocation 1\nname: r\nrevoke-name: x\n"), 3, 15,
	  "lacks a line with \"version:\"" },
	{ T(REVOKE), 3, 11, "lacks something that it revokes" },
	{ T(REVOKE "revoke-name:\n"), 4, 1, "the name of a manifest" },
	{ T(REVOKE "revoke-name: a/b\n"), 4, 1, "the name of a manifest" },
	{ T(REVOKE "revoke-name: a b\n"), 4, 16, "a number is" },
	{ T(REVOKE "revoke-name: a 1 2\n"), 4, 18, "nothing can follow" },
	{ T(REVOKE "revoke-serial:\n"), 4, 15, "a number is" },
	{ T(REVOKE "revoke-serial: 1 2\n"), 4, 16, "a number is" },
	{ T(REVOKE "sha256:" D32 "\nsha256:" D32 "\n"), 5, 1, "stands above" },
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

	if (!check(!vtpm_manifest_new(good, sizeof(good) - 1, &m, &err)))
		return;
	check(!strcmp(m->head.name, "n-1"));
	check(!strcmp(m->head.property, "approved by IT: # 1"));
	check(m->count == 5 && !m->head.version && !m->head.from && !m->head.until);
	check(!m->head.revocation && !m->live);
	vtpm_manifest_free(m);
}

static const char second[] = "vtpm-manifest 2\nuntil: 9999-12-31T23:59:59Z\n"
	"serial: 999999999999999999\nname: n\nfrom:\t2024-02-29T12:34:56Z\t\nproperty: p\n"
	"version: 7\nsha256:" D32 "\n";

static const char revocation[] = "vtpm-revocation 1\nname: r\n"
	"revoke-name: a # comment\nversion: 2\nrevoke-name: b 5\nrevoke-serial: 9\n"
	"sha256:" D32 "\nsha256:" E32 "\n";

static void test_form_two(void)
{
	struct vtpm_manifest *m = NULL;
	struct vtpm_revoked *r;

	if (!check(!vtpm_manifest_new(second, sizeof(second) - 1, &m, NULL)))
		return;
	check(m->head.version == 7 && m->head.serial == 999999999999999999);
	check(m->head.from == 1709210096 && m->head.until == 253402300799);
	check(m->head.version_at.line == 7 && m->head.version_at.column == 10);
	check(m->head.until_at.line == 2 && m->head.name_at.line == 4);
	vtpm_manifest_free(m);
	if (!check(!vtpm_manifest_new(revocation, sizeof(revocation) - 1, &m, NULL)))
		return;
	check(m->head.revocation && m->head.version == 2 && m->count == 2);
	check(m->revoked_count == 3);
	r = list_first_entry(&m->revoked, struct vtpm_revoked, link);
	check(!strcmp(r->name, "a") && r->number == U64_MAX);
	r = list_next_entry(r, link);
	check(!strcmp(r->name, "b") && r->number == 5);
	r = list_next_entry(r, link);
	check(!r->name[0] && r->number == 9);
	vtpm_manifest_free(m);
}

/* Days of 400 years from 1970 on, against the C library's reckoning. */
static void test_days(void)
{
	char text[256];
	struct vtpm_manifest *m;
	struct tm tm;
	time_t day, t;

	for (day = 1; day < 146097; day += 61) {
		t = day * 86400 + 86399;
		gmtime_r(&t, &tm);
		m = NULL;
		strftime(text, sizeof(text), HEAD2 "from: %Y-%m-%dT%H:%M:%SZ\nsha256:" D32 "\n",
			 &tm);
		if (!check(!vtpm_manifest_new(text, strlen(text), &m, NULL) && m->head.from == t))
			return;
		vtpm_manifest_free(m);
	}
}

/* Every beginning: wrong at its end or right, and never a reading past it. */
static void check_beginnings(const char *whole, size_t size)
{
	struct vtpm_text_error err;
	struct vtpm_manifest *m;
	unsigned int right = 0;
	size_t len;
	char *copy;
	int rc;

	for (len = 0; len < size; len++) {
		copy = malloc(len + !len);
		memcpy(copy, whole, len);
		m = NULL;
		memset(&err, 0, sizeof(err));
		rc = vtpm_manifest_new(copy, len, &m, &err);
		check(rc ? rc == -EINVAL && err.line && err.column && err.reason[0] : !!m);
		right += !rc;
		vtpm_manifest_free(m);
		free(copy);
	}
	/* The whole; and where whole lines are missing after all that has to be there. */
	check(right > 1 && right < 200);
}

static void test_beginnings(void)
{
	check_beginnings(good, sizeof(good));
	check_beginnings(second, sizeof(second));
	check_beginnings(revocation, sizeof(revocation));
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
	check(!rc && n > 1);
	vtpm_manifest_free(m);
}

/* ---- the store ---- */

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
	check(!e[0].revocations);
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
	/* two manifests with one measurement: whoever was first, it is before lab */
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
	{ "a right one of version 2, and a revocation", test_form_two },
	{ "days", test_days },
	{ "every beginning of a manifest", test_beginnings },
	{ "allocations that fail while a manifest is read", test_text_memory },
	{ "trusted parties", test_trust },
	{ "load, replace, list and remove", test_load },
	{ "ways to sign", test_flags },
	{ "one certified by a trusted party", test_chain },
	{ "every truncation, every byte changed", test_changed },
	{ "every byte of a message takes every value", test_split },
	{ "messages in forms that DER has not", test_forms },
	{ "limits", test_limits },
};

int main(int argc, char **argv)
{
	return certs_main("certs", cases, ARRAY_SIZE(cases), argc, argv);
}
