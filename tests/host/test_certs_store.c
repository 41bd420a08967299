// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store of manifests: many measurements, who counts where several list the
 * same, versions, dates and revocations.
 */
#include "certs_support.h"
#include "../../drivers/vtpm/property/table.h"

static char name[VTPM_NAME_MAX + 1];
static struct vtpm_text_error err;

static s64 clock_now;

static s64 clock_of_test(void)
{
	return clock_now;
}

static void trust_both(void)
{
	check(!vtpm_trust_add("it", it.der, it.der_len));
	check(!vtpm_trust_add("lab", lab.der, lab.der_len));
}

static int sign_and_load(const struct signer *s, const char *text)
{
	memset(&err, 0, sizeof(err));
	return load(s, text, SIGN_PLAIN | CMS_NOCERTS, name, &err);
}

/* Refused with this reason at this line and column, and nothing else has happened. */
static void refused(const struct signer *s, const char *text, u32 line, u32 column,
		    const char *reason)
{
	unsigned int before = vtpm_cert_list(NULL, 0);
	int rc = sign_and_load(s, text);

	if (rc != -EINVAL || err.line != line || err.column != column ||
	    !strstr(err.reason, reason) || name[0] || vtpm_cert_list(NULL, 0) != before)
		test_fail(__FILE__, __LINE__, "%d, %u:%u: %s, not %u:%u: ...%s...", rc, err.line,
			  err.column, err.reason, line, column, reason);
}

/* ---- tables ---- */

#define MODEL	4000

static bool gone[64];

static bool is_gone(u16 owner)
{
	return gone[owner];
}

static void digest_of(u32 i, u32 size, u8 *digest)
{
	u8 all[64];

	vt_hash(vt_hash_find(0x000d), &i, sizeof(i), all);
	memcpy(digest, all, size);
}

static void grow(struct vtpm_table *t, size_t more)
{
	struct vtpm_table other;

	check(!vtpm_table_resize(&other, t, more));
	vtpm_table_free(t);
	*t = other;
}

/* Does the table say of each digest what the model says, a bit for each owner? */
static bool agrees(const struct vtpm_table *t, const u64 *model)
{
	struct vtpm_table_walk w;
	u16 owner[VTPM_TABLE_OWNERS];
	u8 digest[64];
	u64 seen;
	u32 i;

	for (i = 0; i < MODEL; i++) {
		digest_of(i, t->digest_size, digest);
		seen = 0;
		vtpm_table_walk_start(&w, t, digest);
		while (vtpm_table_walk_next(&w, owner))
			seen |= BIT_ULL(owner[0]) | BIT_ULL(owner[1]);
		if ((seen & ~1ULL) != model[i])
			return false;
	}
	return true;
}

/* Adds at random, takes out some owners, grows and shrinks: as a plain array does it. */
static void walk_table(u32 size)
{
	static u64 model[MODEL];
	struct vtpm_table t;
	u8 digest[64];
	u32 n, r[2];
	size_t b;
	int rc;

	memset(model, 0, sizeof(model));
	vtpm_table_init(&t, size);
	check(!vtpm_table_bytes(&t) && agrees(&t, model));
	for (n = 0; n < 60000; n++) {
		vt_random(r, sizeof(r));
		r[0] %= MODEL;
		r[1] = r[1] % 63 + 1;
		/* many owners of few digests, one or two of most */
		if (r[0] >= 100)
			r[1] = r[1] % 2 + 1;
		if (!vtpm_table_has_room(&t))
			grow(&t, n % 100);
		digest_of(r[0], size, digest);
		rc = vtpm_table_add(&t, digest, r[1]);
		if (!check(rc == (model[r[0]] & BIT_ULL(r[1]) ? -EEXIST : 0)))
			break;
		model[r[0]] |= BIT_ULL(r[1]);
		if (n % 7000 == 6999) {
			memset(gone, 0, sizeof(gone));
			gone[1 + n % 2] = true;
			gone[1 + n % 63] = true;
			for (b = 0; b < t.buckets; b++)
				vtpm_table_sweep(&t, b, is_gone);
			for (b = 0; b < MODEL; b++)
				model[b] &= ~(BIT_ULL(1 + n % 2) | BIT_ULL(1 + n % 63));
			if (!check(agrees(&t, model)))
				break;
			if (vtpm_table_is_wide(&t))
				grow(&t, 0);
		}
	}
	check(agrees(&t, model));
	memset(gone, 1, sizeof(gone));
	for (b = 0; b < t.buckets; b++)
		vtpm_table_sweep(&t, b, is_gone);
	check(!t.used);
	for (b = 0; b < vtpm_table_bytes(&t); b++)
		if (!check(!t.bucket[b]))	/* nobody has passed, nothing is left */
			break;
	vtpm_table_free(&t);
}

static void test_table(void)
{
	walk_table(20);
	walk_table(32);
	walk_table(48);
	walk_table(64);
}

/* Digests that differ in few bits do not come together, whichever bits these are. */
static void test_spread(void)
{
	struct vtpm_table t;
	u8 digest[32];
	u32 n, i, first;

	for (first = 0; first <= 28; first += 4) {
		vtpm_table_init(&t, 32);
		grow(&t, 20000);
		memset(digest, 0, sizeof(digest));
		for (n = 0; n < 20000; n++) {
			memcpy(digest + first, &n, sizeof(n));
			check(!vtpm_table_add(&t, digest, 1));
		}
		/* how many slots had to go on, of 20000: random ones are about 1800 */
		for (i = 0, n = 0; i < t.buckets; i++)
			n += *((u16 *)(t.bucket + (i + 1) * t.bucket_size) - 1);
		if (n > 5000)
			test_fail(__FILE__, __LINE__, "bytes from %u on: %u went on", first, n);
		vtpm_table_free(&t);
	}
}

/* ---- many measurements ---- */

static char *big_manifest(const char *called, unsigned int count, size_t *len)
{
	char *text = malloc(128 + 80 * (size_t)count);
	size_t at = sprintf(text, "vtpm-manifest 1\nname: %s\nproperty: many\n", called);
	u8 digest[32];
	unsigned int i;

	for (i = 0; i < count; i++) {
		vt_hash(vt_hash_find(SHA256_A), &i, sizeof(i), digest);
		at += sprintf(text + at, "sha256:");
		at = bin2hex(text + at, digest, 32) - text;
		text[at++] = '\n';
	}
	text[at] = 0;
	*len = at;
	return text;
}

static unsigned int count_found(unsigned int count, const char *party)
{
	unsigned int i, found = 0;
	u8 digest[32], rep[64];

	for (i = 0; i < count; i++) {
		vt_hash(vt_hash_find(SHA256_A), &i, sizeof(i), digest);
		found += !vtpm_cert_lookup(SHA256_A, digest, party, VTPM_REPRESENT_KEY, rep);
	}
	return found;
}

static bool size_is(u64 count)
{
	u64 measurements, bytes;

	vtpm_certs_size(&measurements, &bytes);
	return measurements == count && bytes <= 80 * count + 4 * 4 * 256;
}

static void test_big(void)
{
	const unsigned int count = 50000;
	size_t len;
	char *text = big_manifest("big", count, &len);

	trust_both();
	check(!sign_and_load(&it, M1));
	check(!sign_and_load(&lab, text));
	check(size_is(count + 1));
	check(count_found(count, "lab") == count && known_key(D32, &it));
	check(!count_found(100, "it"));
	check(!vtpm_cert_remove("big") && known_key(D32, &it));
	check(size_is(1));
	free(text);
	empty_store();
	check(size_is(0));
}

/* As many as one manifest may have, and one more. */
static void test_million(void)
{
	const unsigned int count = VTPM_MAX_MEASUREMENTS + 1;
	struct vtpm_cert_entry e;
	size_t len;
	char *text = big_manifest("big", count, &len);
	u8 *p7;

	trust_both();
	len = signer_sign(&lab, text, len, SIGN_PLAIN | CMS_NOCERTS, &p7);
	memset(&err, 0, sizeof(err));
	check(vtpm_cert_load(p7, len, name, &err) == -EINVAL);
	check(err.line == count + 3 && err.column == 1);
	check(strstr(err.reason, "more than 1048576 measurements"));
	check(!vtpm_cert_list(&e, 1) && !count_found(100, "") && size_is(0));
	OPENSSL_free(p7);
	text[strlen(text) - 72] = 0;
	len = signer_sign(&lab, text, strlen(text), SIGN_PLAIN | CMS_NOCERTS, &p7);
	check(!vtpm_cert_load(p7, len, name, NULL));
	check(vtpm_cert_list(&e, 1) == 1 && e.measurements == VTPM_MAX_MEASUREMENTS);
	check(count_found(1000, "") == 1000);
	OPENSSL_free(p7);
	free(text);
	empty_store();
}

/* A signal ends the reading at any place, and nothing of it is left. */
static void test_killed(void)
{
	size_t len;
	char *text = big_manifest("m1", 10000, &len);
	unsigned int n;
	int rc = -EINTR;

	trust_both();
	check(!sign_and_load(&it, M1));
	for (n = 1; rc && n < 20; n++) {
		vt_host_kill = n;
		rc = sign_and_load(&it, text);
		vt_host_kill = 0;
		if (!rc)
			break;
		check(rc == -EINTR && !name[0] && vtpm_cert_list(NULL, 0) == 1);
		check(known_property(D32, "", "good") && size_is(1) && !count_found(10, ""));
	}
	check(n > 8 && n < 20 && count_found(100, "it") == 100 && unknown(D32));
	free(text);
	empty_store();
}

/* Each allocation fails in turn: the old manifest stays as it was, or the new one is there. */
static void test_memory(void)
{
	size_t len;
	char *text = big_manifest("m1", 1000, &len);
	unsigned int n;
	int rc = -ENOMEM;
	u8 *p7;

	len = signer_sign(&it, text, len, SIGN_PLAIN, &p7);
	for (n = 0; rc && n < 10; n++) {
		vt_host_fail_alloc = n;
		rc = vtpm_trust_add("it", it.der, it.der_len);
		vt_host_fail_alloc = -1;
		check((!rc || rc == -ENOMEM) && vtpm_trust_list(NULL, 0) == !rc);
	}
	check(n == 4 && !sign_and_load(&it, M1));
	for (rc = -ENOMEM, n = 0; rc && n < 10; n++) {
		vt_host_fail_alloc = n;
		rc = vtpm_cert_load(p7, len, name, NULL);
		vt_host_fail_alloc = -1;
		check((!rc || rc == -ENOMEM) && vtpm_cert_list(NULL, 0) == 1);
		check(known_property(D32, "", "good") == !!rc);
	}
	check(!rc && n > 2);
	OPENSSL_free(p7);
	free(text);
	empty_store();
}

/* The same for what is remembered of versions, and for what a revocation names. */
static void test_memory_of_revocation(void)
{
	static const char text[] = "vtpm-revocation 1\nname: r\nversion: 1\nrevoke-name: m1\n"
				   "revoke-serial: 1\nsha256:" E32 "\n";
	unsigned int n;
	int rc = -ENOMEM;
	size_t len;
	u8 *p7;

	trust_both();
	check(!sign_and_load(&it, M1));
	len = signer_sign(&it, text, strlen(text), SIGN_PLAIN, &p7);
	for (n = 0; rc && n < 12; n++) {
		vt_host_fail_alloc = n;
		rc = vtpm_cert_load(p7, len, name, NULL);
		vt_host_fail_alloc = -1;
		check((!rc || rc == -ENOMEM) && known_property(D32, "", "good") == !!rc);
	}
	check(!rc && n > 4);
	OPENSSL_free(p7);
	empty_store();
}

/* ---- who counts ---- */

static void load_overlap(unsigned int manifest, unsigned int from, unsigned int count)
{
	char *text = malloc(256 + 80 * (size_t)count);
	size_t at = sprintf(text, "vtpm-manifest 1\nname: o%u\nproperty: p%u\n", manifest,
			    manifest);
	u8 digest[32];
	unsigned int i;

	for (i = from; i < from + count; i++) {
		vt_hash(vt_hash_find(SHA256_A), &i, sizeof(i), digest);
		at += sprintf(text + at, "sha256:");
		at = bin2hex(text + at, digest, 32) - text;
		text[at++] = '\n';
		text[at] = 0;
	}
	check(!sign_and_load(manifest % 2 ? &it : &lab, text));
	free(text);
}

static bool property_is(unsigned int i, const char *party, unsigned int manifest)
{
	u8 digest[32], rep[64], want[32];
	char property[16];

	vt_hash(vt_hash_find(SHA256_A), &i, sizeof(i), digest);
	snprintf(property, sizeof(property), "p%u", manifest);
	vt_hash(vt_hash_find(SHA256_A), property, strlen(property), want);
	return !vtpm_cert_lookup(SHA256_A, digest, party, VTPM_REPRESENT_PROPERTY, rep) &&
	       !memcmp(rep, want, 32);
}

/* Manifest k has 1000 from 250 * k on; those with odd numbers are of it, which comes before lab. */
static unsigned int first_of(unsigned int i, unsigned int step, unsigned int start, u32 there)
{
	unsigned int k;

	for (k = start; k < 8; k += step)
		if ((there & BIT(k)) && i >= 250 * k && i < 250 * k + 1000)
			return k;
	return 8;
}

static void check_overlap(u32 there)
{
	unsigned int i, of_it, of_lab;
	u8 digest[32], rep[64];

	for (i = 0; i < 2800; i += 7) {
		of_it = first_of(i, 2, 1, there);
		of_lab = first_of(i, 2, 0, there);
		if (of_it < 8)
			check(property_is(i, "it", of_it) && property_is(i, "", of_it));
		else if (of_lab < 8)
			check(property_is(i, "", of_lab));
		if (of_lab < 8)
			check(property_is(i, "lab", of_lab));
		vt_hash(vt_hash_find(SHA256_A), &i, sizeof(i), digest);
		if (of_it == 8)
			check(vtpm_cert_lookup(SHA256_A, digest, "it", 0, rep) == -ENOENT);
		if (of_lab == 8)
			check(vtpm_cert_lookup(SHA256_A, digest, "lab", 0, rep) == -ENOENT);
	}
}

static void test_overlap(void)
{
	static const unsigned int order[] = { 5, 2, 7, 0, 3, 6, 1, 4 };
	char called[] = "o0";
	unsigned int i;
	u32 there = 0;

	trust_both();
	for (i = 0; i < 8; i++) {
		load_overlap(order[i], 250 * order[i], 1000);
		there |= BIT(order[i]);
		check_overlap(there);
	}
	for (i = 0; i < 8; i++) {
		called[1] = '0' + order[(3 * i) % 8];
		check(!vtpm_cert_remove(called));
		there &= ~BIT(order[(3 * i) % 8]);
		check_overlap(there);
	}
	check(size_is(0));
	empty_store();
}

static void test_order_of_parties(void)
{
	trust_both();
	/* the name of the party goes before that of the manifest */
	check(!sign_and_load(&lab, "vtpm-manifest 1\nname: a\nproperty: of lab\nsha256:" D32 "\n"));
	check(known_property(D32, "", "of lab") && known_key(D32, &lab));
	check(!sign_and_load(&it, "vtpm-manifest 1\nname: z\nproperty: of it\nsha256:" D32 "\n"));
	check(known_property(D32, "", "of it") && known_key(D32, &it));
	check(!sign_and_load(&it, "vtpm-manifest 1\nname: b\nproperty: b of it\nsha256:" D32 "\n"));
	check(known_property(D32, "", "b of it") && known_property(D32, "lab", "of lab"));
	check(!vtpm_trust_remove("it") && known_property(D32, "", "of lab"));
	check(known_key(D32, &lab) && size_is(1));
	empty_store();
}

/* ---- versions ---- */

#define V(n, p)	"vtpm-manifest 2\nname: v\nversion: " n "\nproperty: " p "\nsha256:" D32 "\n"

static void test_versions(void)
{
	struct vtpm_cert_entry e;

	trust_both();
	check(!sign_and_load(&it, V("5", "five")) && known_property(D32, "", "five"));
	refused(&it, V("4", "four"), 3, 10, "version 5 of v was here already");
	refused(&it, "vtpm-manifest 1\nname: v\nproperty: p\nsha256:" D32 "\n", 2, 7, "version 5");
	check(known_property(D32, "", "five"));
	check(!sign_and_load(&it, V("5", "five again")) && known_property(D32, "", "five again"));
	check(!sign_and_load(&it, V("999999999999999999", "all")));
	check(vtpm_cert_list(&e, 1) == 1 && e.version == 999999999999999999);
	/* the memory outlives the manifest, and ends with the party */
	check(!vtpm_cert_remove("v"));
	refused(&it, V("6", "six"), 3, 10, "version 999999999999999999 of v");
	/* another party's versions are its own */
	check(!sign_and_load(&lab, V("1", "one")));
	check(sign_and_load(&it, V("999999999999999999", "all")) == -EEXIST);
	check(!vtpm_trust_remove("lab") && !vtpm_trust_remove("it"));
	check(!vtpm_trust_add("it", it.der, it.der_len));
	check(!sign_and_load(&it, V("1", "one")));
	/* what was refused leaves no memory of its version */
	refused(&it, V("7", "x") "sha256:" D32 "\n", 6, 1, "stands above");
	check(!sign_and_load(&it, V("2", "two")));
	empty_store();
}

static void test_many_versions(void)
{
	char text[256];
	unsigned int i;
	int rc = 0;

	trust_both();
	for (i = 0; i < VTPM_MAX_SEEN && !rc; i++) {
		snprintf(text, sizeof(text), "vtpm-manifest 2\nname: n%u\nversion: 1\nproperty: p\n"
			 "sha256:" D32 "\n", i);
		rc = load(&lab, text, SIGN_PLAIN | CMS_NOCERTS | CMS_NOATTR, name, NULL);
		check(!vtpm_cert_remove(name));
	}
	check(!rc && sign_and_load(&lab, V("1", "one")) == -ENOSPC && !vtpm_cert_list(NULL, 0));
	check(!sign_and_load(&lab, text) && !sign_and_load(&lab, M1));
	check(!sign_and_load(&it, V("1", "one")));
	empty_store();
}

/* ---- time ---- */

#define T0	1767225600	/* 2026-01-01T00:00:00Z */
#define DATED	"vtpm-manifest 2\nname: d\nproperty: dated\nfrom: 2026-01-01T00:00:00Z\n" \
		"until: 2026-02-01T00:00:00Z\nsha256:" D32 "\n"

static u32 flags_of_first(void)
{
	struct vtpm_cert_entry e;

	check(vtpm_cert_list(&e, 1));
	return e.flags;
}

static void test_time(void)
{
	struct vtpm_cert_entry e;

	vt_host_real = clock_of_test;
	clock_now = T0 - 1;
	trust_both();
	check(!sign_and_load(&it, DATED));
	check(unknown(D32) && flags_of_first() == VTPM_CERT_NOT_YET);
	clock_now = T0;
	check(known_property(D32, "", "dated") && !flags_of_first());
	check(vtpm_cert_list(&e, 1) == 1 && e.from == T0 && e.until == T0 + 31 * 86400);
	/* one that counts after another in the order stands in while its time has not come */
	check(!sign_and_load(&it, "vtpm-manifest 1\nname: e\nproperty: always\nsha256:" D32 "\n"));
	check(known_property(D32, "", "dated"));
	clock_now = T0 + 31 * 86400 - 1;
	check(known_property(D32, "", "dated"));
	clock_now++;
	check(known_property(D32, "", "always") && flags_of_first() == VTPM_CERT_EXPIRED);
	check(!vtpm_cert_remove("e") && unknown(D32));
	refused(&it, DATED, 5, 8, "its time is over");
	/* a clock that is set back is believed */
	clock_now = T0;
	check(known_property(D32, "", "dated"));
	clock_now = 0;
	check(unknown(D32) && !sign_and_load(&it, DATED));
	vt_host_real = NULL;
	empty_store();
}

/* ---- revocations ---- */

#define R(v, what)	"vtpm-revocation 1\nname: r\nversion: " v "\n" what "\n"
#define S(n, s, d)	"vtpm-manifest 2\nname: " n "\nserial: " s "\nversion: 3\nproperty: " n \
			"\nsha256:" d "\n"

static void test_revoke_names(void)
{
	struct vtpm_cert_entry e[3];
	struct vtpm_trust_entry t[2];

	trust_both();
	check(!sign_and_load(&it, S("a", "1", D32)) && !sign_and_load(&it, S("b", "2", E32)));
	check(!sign_and_load(&it, R("1", "revoke-name: a 2")));	/* an older version is meant */
	check(known_property(D32, "", "a"));
	check(!sign_and_load(&it, R("2", "revoke-name: a 3\nrevoke-serial: 2")));
	check(unknown(D32) && unknown(E32));
	check(vtpm_cert_list(e, 3) == 3 && e[0].flags == VTPM_CERT_REVOKED);
	check(e[1].flags == VTPM_CERT_REVOKED && e[2].flags == VTPM_CERT_REVOCATION);
	check(e[2].version == 2 && e[2].manifests == 2 && !e[2].measurements && !e[2].property[0]);
	check(vtpm_trust_list(t, 2) == 2 && t[0].manifests == 2 && t[0].revocations == 1);
	/* it cannot come again, unless as a later version */
	refused(&it, S("a", "1", D32), 2, 7, "revoked by r");
	refused(&it, S("c", "2", D32), 2, 7, "revoked by r");
	check(!sign_and_load(&it, "vtpm-manifest 2\nname: a\nversion: 4\nproperty: new\nsha256:"
			     D32 "\n"));
	check(known_property(D32, "", "new"));
	/* all versions */
	check(!sign_and_load(&it, R("3", "revoke-name: a")) && unknown(D32));
	check(known_property(E32, "", "b"));	/* this version does not name it */
	/* another party's are not its business */
	check(!sign_and_load(&lab, "vtpm-manifest 2\nname: l\nserial: 2\nproperty: l\nsha256:"
			     D32 "\n"));
	check(!sign_and_load(&it, R("4", "revoke-name: l\nrevoke-serial: 2")));
	check(known_property(D32, "lab", "l") && known_property(D32, "", "new"));
	/* no older one, not even when the admin has removed it */
	refused(&it, R("3", "revoke-name: x"), 3, 10, "version 4 of r was here already");
	check(unknown(E32) && !vtpm_cert_remove("r") && known_property(E32, "", "b"));
	refused(&it, R("3", "revoke-name: x"), 3, 10, "version 4 of r was here already");
	/* a manifest and a revocation do not take each other's place */
	refused(&it, "vtpm-revocation 1\nname: a\nversion: 9\nrevoke-name: b\n", 2, 7,
		"the name of a manifest");
	check(!sign_and_load(&it, R("5", "revoke-name: b")));
	refused(&it, "vtpm-manifest 2\nname: r\nversion: 9\nproperty: p\nsha256:" D32 "\n", 2, 7,
		"the name of a revocation");
	check(sign_and_load(&lab, R("9", "revoke-name: b")) == -EEXIST);
	check(sign_and_load(&other, R("9", "revoke-name: b")) == -ENOKEY);
	empty_store();
}

static void test_revoke_measurements(void)
{
	struct vtpm_cert_entry e;

	trust_both();
	check(!sign_and_load(&it, S("a", "1", D32)) && !sign_and_load(&it, S("z", "2", D32)));
	check(!sign_and_load(&lab, S("l", "1", D32)));
	check(!sign_and_load(&it, R("1", "sha256:" D32)));
	check(known_property(D32, "", "l") && known_property(D32, "lab", "l"));
	check(!known_property(D32, "it", "a") && !known_property(D32, "it", "z"));
	check(vtpm_cert_list(&e, 1) == 4 && !e.flags);
	/* what comes later too */
	check(!sign_and_load(&it, S("b", "3", D32)) && known_property(D32, "", "l"));
	check(!vtpm_trust_remove("lab") && unknown(D32));
	/* and the hash of another bank is another measurement */
	check(!sign_and_load(&it, R("2", "sha1:" D20)) && known_property(D32, "", "a"));
	check(!sign_and_load(&it, R("3", "sha1:" D20 "\nsha256:" D32)) && unknown(D32));
	check(!vtpm_cert_remove("r") && known_property(D32, "it", "a"));
	empty_store();
}

static void test_many_revoked(void)
{
	char *text = malloc(64 + 32 * (size_t)(VTPM_MAX_REVOKED + 1));
	size_t at = sprintf(text, "vtpm-revocation 1\nname: r\nversion: 1\n"), last = 0;
	unsigned int i;

	trust_both();
	check(!sign_and_load(&it, S("a", "1", D32)));
	for (i = 0; i <= VTPM_MAX_REVOKED; i++) {
		last = at;
		at += sprintf(text + at, "revoke-serial: %u\n", VTPM_MAX_REVOKED + 1 - i);
	}
	refused(&it, text, VTPM_MAX_REVOKED + 4, 1, "more than 4096 lines");
	check(known_property(D32, "", "a"));
	sprintf(text + last - strlen("revoke-serial: 2\n"), "revoke-serial: 1\n");
	check(!sign_and_load(&it, text) && unknown(D32));
	free(text);
	empty_store();
}

static const struct test_case cases[] = {
	{ "a random walk of tables against a model", test_table },
	{ "digests that differ little", test_spread },
	{ "fifty thousand measurements", test_big },
	{ "a million lines, and too many", test_million },
	{ "killed at any place", test_killed },
	{ "allocations that fail", test_memory },
	{ "allocations that fail for a revocation", test_memory_of_revocation },
	{ "eight manifests that overlap", test_overlap },
	{ "who counts among parties", test_order_of_parties },
	{ "no older version", test_versions },
	{ "the memory of versions is full", test_many_versions },
	{ "from and until", test_time },
	{ "manifests that are revoked", test_revoke_names },
	{ "measurements that are revoked", test_revoke_measurements },
	{ "a revocation of too many", test_many_revoked },
};

int main(int argc, char **argv)
{
	return certs_main("certs-store", cases, ARRAY_SIZE(cases), argc, argv);
}
