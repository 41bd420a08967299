// SPDX-License-Identifier: GPL-2.0-only
/*
 * Property certificates as the kernel's provider "certificate" reads them: manifests and
 * revocations that came with an attestation, as far as one of --parties has signed them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/cms.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "verify.h"

#define TEXT_MAX		64
#define PARTIES_FILE_MAX	(4 * 1024 * 1024)

/**
 * struct manifest - a text that a party has signed
 * @party: its place in --parties
 * @revocation: it takes back
 * @revoked: a revocation names it
 */
struct manifest {
	int party;
	bool revocation;
	bool revoked;
	char name[TEXT_MAX];
	char property[TEXT_MAX];
	uint64_t version;
	uint64_t serial;
	time_t from;
	time_t until;
};

/* What a revocation names: a manifest's name up to a version (0: all), or a serial number */
struct recall {
	int party;
	char name[TEXT_MAX];
	uint64_t number;
};

struct entry {
	unsigned char digest[ATTEST_DIGEST_MAX];
	const struct manifest *of;
};

struct verify_manifests {
	const struct attest_bank *bank;
	struct stack_st_X509 *parties;
	struct manifest **manifest;
	size_t manifests;
	struct recall *recall;
	size_t recalls;
	struct entry *entry;
	size_t entries;
	size_t room;
};

/* ---- the text ---- */

static bool value_of(const char *line, const char *key, const char **value)
{
	size_t len = strlen(key);

	if (strncmp(line, key, len))
		return false;
	*value = line + len + strspn(line + len, " \t");
	return true;
}

static bool copy_text(char to[TEXT_MAX], const char *from)
{
	return (size_t)snprintf(to, TEXT_MAX, "%s", from) < TEXT_MAX;
}

static bool copy_time(time_t *to, const char *from)
{
	struct tm tm = { };
	const char *end = strptime(from, "%Y-%m-%dT%H:%M:%SZ", &tm);

	*to = timegm(&tm);
	return end && !*end;
}

static bool add_recall(struct verify_manifests *m, int party, const char *text, bool name)
{
	struct recall *r;

	m->recall = ctl_resize(m->recall, (m->recalls + 1) * sizeof(*m->recall));
	r = &m->recall[m->recalls++];
	*r = (struct recall){ .party = party };
	if (name)
		return sscanf(text, "%63s %lu", r->name, &r->number) >= 1;
	return sscanf(text, "%lu", &r->number) == 1;
}

/* A measurement; those of other banks say nothing here. */
static bool add_entry(struct verify_manifests *m, const struct manifest *of, const char *line)
{
	size_t name = strcspn(line, ":"), len, digits = strcspn(line + name + 1, " \t");
	unsigned char *digest;
	bool good;

	if (strlen(m->bank->name) != name || strncmp(m->bank->name, line, name))
		return true;
	digest = attest_unhex(line + name + 1, digits, &len);
	good = digest && len == m->bank->size;
	if (m->entries == m->room) {
		m->room = 2 * m->room + 64;
		m->entry = ctl_resize(m->entry, m->room * sizeof(*m->entry));
	}
	if (good) {
		m->entry[m->entries] = (struct entry){ .of = of };
		memcpy(m->entry[m->entries++].digest, digest, len);
	}
	free(digest);
	return good;
}

static bool read_line(struct verify_manifests *m, struct manifest *of, const char *line)
{
	const char *value;

	if (!*line || *line == '#' || value_of(line, "vtpm-manifest ", &value))
		return true;
	if (value_of(line, "vtpm-revocation ", &value))
		return of->revocation = true;
	if (value_of(line, "name:", &value))
		return copy_text(of->name, value);
	if (value_of(line, "property:", &value))
		return copy_text(of->property, value);
	if (value_of(line, "version:", &value))
		return sscanf(value, "%lu", &of->version) == 1;
	if (value_of(line, "serial:", &value))
		return sscanf(value, "%lu", &of->serial) == 1;
	if (value_of(line, "from:", &value))
		return copy_time(&of->from, value);
	if (value_of(line, "until:", &value))
		return copy_time(&of->until, value);
	if (value_of(line, "revoke-name:", &value))
		return add_recall(m, of->party, value, true);
	if (value_of(line, "revoke-serial:", &value))
		return add_recall(m, of->party, value, false);
	return strchr(line, ':') && add_entry(m, of, line);
}

static bool read_text(struct verify_manifests *m, int party, char *text)
{
	struct manifest *of = ctl_alloc(1, sizeof(*of));
	char *line, *end;

	of->party = party;
	m->manifest = ctl_resize(m->manifest, (m->manifests + 1) * sizeof(*m->manifest));
	m->manifest[m->manifests++] = of;
	for (line = text; line && *line; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = 0;
		line[strcspn(line, "\r")] = 0;
		if (!read_line(m, of, line))
			return false;
	}
	return *of->name && (of->revocation || *of->property);
}

/* ---- the signature ---- */

/* Which party signed it; -1: none. The text is for the caller to free. */
static int signed_by(const struct verify_manifests *m, CMS_ContentInfo *cms, char **text)
{
	int i;

	for (i = 0; i < sk_X509_num(m->parties); i++) {
		struct stack_st_X509 *one = sk_X509_new_null();
		BIO *out = BIO_new(BIO_s_mem());
		char *p;
		long len;
		bool good;

		sk_X509_push(one, sk_X509_value(m->parties, i));
		good = CMS_verify(cms, one, NULL, NULL, out,
				  CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) == 1;
		if (good) {
			len = BIO_get_mem_data(out, &p);
			*text = ctl_format("%.*s", (int)len, p);
		}
		BIO_free(out);
		sk_X509_free(one);
		if (good)
			return i;
	}
	return -1;
}

static void add_message(struct verify *v, struct verify_manifests *m, const unsigned char *der,
			long len)
{
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &der, len);
	char *text = NULL;
	int party = cms ? signed_by(m, cms, &text) : -1;

	CMS_ContentInfo_free(cms);
	if (party < 0)
		verify_say(v, VERIFY_NOT_PROVED,
			   "what a manifest says that came with it: none of --parties signed it");
	else if (!read_text(m, party, text))
		verify_say(v, VERIFY_WRONG, "a manifest that came with it is not well formed");
	free(text);
}

/* ---- the set ---- */

/* Which one counts, of several: the party that comes first, and of its manifests by name. */
static int compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int diff = memcmp(x->digest, y->digest, ATTEST_DIGEST_MAX);

	diff = diff ?: x->of->party - y->of->party;
	return diff ?: strcmp(x->of->name, y->of->name);
}

static void apply_recalls(struct verify_manifests *m)
{
	size_t i, k;

	for (i = 0; i < m->recalls; i++) {
		const struct recall *r = &m->recall[i];

		for (k = 0; k < m->manifests; k++) {
			struct manifest *of = m->manifest[k];

			if (of->revocation || of->party != r->party)
				continue;
			if (*r->name)
				of->revoked |= !strcmp(of->name, r->name) &&
					       (!r->number || of->version <= r->number);
			else
				of->revoked |= of->serial == r->number;
		}
	}
}

int verify_manifests_load(struct verify *v, const struct attestation *a,
			  struct verify_manifests **result)
{
	struct verify_manifests *m = ctl_alloc(1, sizeof(*m));
	unsigned char *block;
	char *label, *header, *pem;
	size_t len;
	long size;
	BIO *bio;
	int code;

	*result = NULL;
	code = ctl_read_file(v->ctl->parties, PARTIES_FILE_MAX, &pem, &len);
	if (code) {
		free(m);
		return code;
	}
	m->bank = a->bank;
	m->parties = verify_certificates(pem, len);
	free(pem);
	bio = BIO_new_mem_buf(a->certificates.p, a->certificates.len);
	while (PEM_read_bio(bio, &label, &header, &block, &size)) {
		if (!strcmp(label, "CMS") || !strcmp(label, "PKCS7"))
			add_message(v, m, block, size);
		OPENSSL_free(label);
		OPENSSL_free(header);
		OPENSSL_free(block);
	}
	BIO_free(bio);
	apply_recalls(m);
	if (m->entries)
		qsort(m->entry, m->entries, sizeof(*m->entry), compare);
	*result = m;
	return CTL_OK;
}

void verify_manifests_free(struct verify_manifests *m)
{
	size_t i;

	if (!m)
		return;
	for (i = 0; i < m->manifests; i++)
		free(m->manifest[i]);
	free(m->manifest);
	free(m->recall);
	free(m->entry);
	sk_X509_pop_free(m->parties, X509_free);
	free(m);
}

static size_t first_of(const struct verify_manifests *m, const unsigned char *digest)
{
	size_t low = 0, high = m->entries;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(m->entry[middle].digest, digest, m->bank->size) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool listed(const struct verify_manifests *m, size_t i, const unsigned char *digest)
{
	return i < m->entries && !memcmp(m->entry[i].digest, digest, m->bank->size);
}

static bool in_force(const struct manifest *of)
{
	time_t now = time(NULL);

	return !of->revocation && !of->revoked && (!of->from || now >= of->from) &&
	       (!of->until || now < of->until);
}

/* @first of the same digest: is it not over, and not taken back? */
static bool counts(const struct verify_manifests *m, const struct entry *e, size_t first)
{
	size_t i;

	if (!in_force(e->of))
		return false;
	for (i = first; listed(m, i, e->digest); i++)
		if (m->entry[i].of->revocation && m->entry[i].of->party == e->of->party)
			return false;
	return true;
}

static const struct manifest *find(const struct verify_manifests *m, int party,
				   const unsigned char *digest)
{
	size_t first = first_of(m, digest), i;

	for (i = first; listed(m, i, digest); i++)
		if ((party < 0 || m->entry[i].of->party == party) && counts(m, &m->entry[i], first))
			return m->entry[i].of;
	return NULL;
}

int verify_manifests_parties(const struct verify_manifests *m)
{
	return sk_X509_num(m->parties);
}

/* The hash of the property, or of the party's key */
static void represent(const struct verify_manifests *m, const struct manifest *of, bool by_key,
		      unsigned char *into)
{
	struct attest_bytes what = {
		(const unsigned char *)of->property, strlen(of->property)
	};
	const ASN1_BIT_STRING *key;

	if (by_key) {
		key = X509_get0_pubkey_bitstr(sk_X509_value(m->parties, of->party));
		what = (struct attest_bytes){ ASN1_STRING_get0_data(key), ASN1_STRING_length(key) };
	}
	verify_digest(m->bank->alg, what, into);
}

void verify_manifests_translate(const struct verify_manifests *m, int party, bool by_key,
				const unsigned char *digest, unsigned char *into)
{
	const struct manifest *of = find(m, party, digest);

	memset(into, 0, m->bank->size);
	if (of)
		represent(m, of, by_key, into);
}

static char *meaning(const struct verify_manifests *m, const struct manifest *of, bool by_key)
{
	char *name, *text;

	if (!by_key)
		return ctl_format("\"%s\"", of->property);
	name = X509_NAME_oneline(X509_get_subject_name(sk_X509_value(m->parties, of->party)),
				 NULL, 0);
	text = ctl_format("what %s vouches for", name ?: "a party");
	OPENSSL_free(name);
	return text;
}

char *verify_manifests_meaning(const struct verify_manifests *m, int party, bool by_key,
			       const unsigned char *digest)
{
	const struct manifest *of = find(m, party, digest);

	return of ? meaning(m, of, by_key) : NULL;
}

char *verify_manifests_inverse(const struct verify_manifests *m, int party, bool by_key,
			       const unsigned char *value)
{
	unsigned char both[2 * ATTEST_DIGEST_MAX], digest[ATTEST_DIGEST_MAX];
	size_t i;

	for (i = 0; i < m->manifests; i++) {
		const struct manifest *of = m->manifest[i];

		if (!in_force(of) || (party >= 0 && of->party != party))
			continue;
		memset(both, 0, m->bank->size);
		represent(m, of, by_key, both + m->bank->size);
		verify_digest(m->bank->alg, (struct attest_bytes){ both, 2 * m->bank->size },
			      digest);
		if (!memcmp(digest, value, m->bank->size))
			return meaning(m, of, by_key);
	}
	return NULL;
}
