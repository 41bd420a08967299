// SPDX-License-Identifier: GPL-2.0-only
/*
 * Manifests: the text of a property certificate. One trusted party (who signs
 * it) says of many measurements that they have one property.
 *
 *   vtpm-manifest 1
 *   name: webserver-2.4
 *   property: approved by IT department
 *   sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  /usr/sbin/httpd
 *
 * The first statement is "vtpm-manifest 1". Then, in any order: "name:", once,
 * 1 to 63 of [A-Za-z0-9._-]; "property:", once, 1 to 63 bytes of printable
 * ASCII, from the first to the last that is no blank; and at least one
 * measurement: sha1:, sha256:, sha384: or sha512: with as many hexadecimal
 * digits as the digest has, and after a blank whatever the author wants,
 * a path for instance. Empty lines and lines that begin with "#" mean nothing.
 * No NUL bytes and no control characters besides tab; a line has at most 4352
 * bytes and ends with a newline, before which a carriage return is ignored.
 * Nothing may be said twice, and anything else is an error.
 *
 * The measurement is what a guest extends: with IMA-style measuring the digest
 * of a file, in the hash of the bank.
 */
#include "manifest.h"
#include "../policy/text.h"

#define MAX_LINE	4352	/* PATH_MAX and a digest */
#define VERSION		"1"

/**
 * struct reader - a manifest being read
 * @text: where reading is
 * @head: what it says
 * @measure: whom to tell of measurements
 * @ctx: for @measure
 * @started: "vtpm-manifest" has been read
 * @measured: there was a measurement
 */
struct reader {
	struct vtpm_text text;
	struct vtpm_manifest_head *head;
	int (*measure)(void *ctx, const struct vt_hash_alg *alg, const u8 *digest);
	void *ctx;
	bool started;
	bool measured;
};

static int read_version(struct reader *r, const struct vtpm_word *first)
{
	struct vtpm_word w;

	if (!vtpm_word_is(first, "vtpm-manifest"))
		return vtpm_text_fail(&r->text, first->column,
				      "a manifest begins with \"vtpm-manifest " VERSION "\"");
	if (!vtpm_text_word(&r->text, &w))
		return vtpm_text_fail(&r->text, r->text.line_len + 1, "the version is missing");
	if (!vtpm_word_is(&w, VERSION))
		return vtpm_text_fail(&r->text, w.column,
				      "version \"%.*s\": this kernel knows version " VERSION,
				      vtpm_shown(&w), w.s);
	if (vtpm_text_word(&r->text, &w))
		return vtpm_text_fail(&r->text, w.column, "\"%.*s\": nothing can follow here",
				      vtpm_shown(&w), w.s);
	r->started = true;
	return 0;
}

static int read_name(struct reader *r, u32 column)
{
	struct vtpm_word w;

	if (r->head->name[0])
		return vtpm_text_fail(&r->text, column, "a second name");
	vtpm_text_rest(&r->text, &w);
	if (!vtpm_word_is_name(&w, VTPM_NAME_MAX))
		return vtpm_text_fail(&r->text, w.column,
				      "a name is 1 to %d of A-Z a-z 0-9 . _ -", VTPM_NAME_MAX);
	vtpm_word_copy(&w, r->head->name);
	return 0;
}

static int read_property(struct reader *r, u32 column)
{
	struct vtpm_word w;
	size_t i;

	if (r->head->property[0])
		return vtpm_text_fail(&r->text, column, "a second property");
	vtpm_text_rest(&r->text, &w);
	if (!w.len || w.len > VTPM_NAME_MAX)
		return vtpm_text_fail(&r->text, w.column, "a property is 1 to %d bytes",
				      VTPM_NAME_MAX);
	for (i = 0; i < w.len; i++)
		if (w.s[i] < 0x20 || w.s[i] > 0x7e)
			return vtpm_text_fail(&r->text, w.column + i,
					      "a property is printable ASCII");
	vtpm_word_copy(&w, r->head->property);
	return 0;
}

static int read_digest(struct reader *r, const struct vt_hash_alg *alg, const struct vtpm_word *w,
		       u8 *digest)
{
	size_t i;

	for (i = 0; i < w->len; i++)
		if (hex_to_bin(w->s[i]) < 0)
			return vtpm_text_fail(&r->text, w->column + i,
					      "this is no hexadecimal digit");
	if (w->len != 2 * (size_t)alg->digest_size)
		return vtpm_text_fail(&r->text, w->column,
				      "%s has %d hexadecimal digits, and here are %zu", alg->name,
				      2 * alg->digest_size, w->len);
	return hex2bin(digest, w->s, alg->digest_size);
}

static int read_measurement(struct reader *r, const struct vt_hash_alg *alg, u32 column)
{
	u8 digest[VT_MAX_DIGEST];
	struct vtpm_word w;
	int rc;

	if (!vtpm_text_word(&r->text, &w))
		return vtpm_text_fail(&r->text, r->text.line_len + 1, "the digest is missing");
	rc = read_digest(r, alg, &w, digest);
	if (rc)
		return rc;
	r->measured = true;
	rc = r->measure(r->ctx, alg, digest);
	if (rc == -EEXIST)
		return vtpm_text_fail(&r->text, column, "this measurement stands above already");
	return rc;
}

static int read_line(struct reader *r)
{
	const struct vt_hash_alg *alg;
	struct vtpm_word key, after;

	if (!vtpm_text_word(&r->text, &key))
		return 0;
	if (!r->started)
		return read_version(r, &key);
	if (!vtpm_word_split(&key, ':', &after))
		return vtpm_text_fail(&r->text, key.column, "expected a word with \":\" behind it");
	r->text.at = after.column - 1;
	if (vtpm_word_is(&key, "name"))
		return read_name(r, key.column);
	if (vtpm_word_is(&key, "property"))
		return read_property(r, key.column);
	alg = vt_hash_by_name(key.s, key.len);
	if (alg)
		return read_measurement(r, alg, key.column);
	return vtpm_text_fail(&r->text, key.column,
			      "expected name:, property:, sha1:, sha256:, sha384: or sha512:");
}

/* Where the text ends, when something has not come by then. */
static int check_complete(struct reader *r)
{
	const char *what = !r->started ? "the line \"vtpm-manifest " VERSION "\"" :
			   !r->head->name[0] ? "a line with \"name:\"" :
			   !r->head->property[0] ? "a line with \"property:\"" :
			   !r->measured ? "a measurement" : NULL;

	if (!what)
		return 0;
	return vtpm_text_fail_at(r->text.err, max(r->text.number, 1u), r->text.line_len + 1,
				 "the manifest lacks %s", what);
}

int vtpm_manifest_parse(const char *text, size_t len, struct vtpm_manifest_head *head,
			int (*measure)(void *ctx, const struct vt_hash_alg *alg, const u8 *digest),
			void *ctx, struct vtpm_text_error *err)
{
	struct reader r = {
		.text = { .text = text, .len = len, .max_line = MAX_LINE, .err = err },
		.head = head, .measure = measure, .ctx = ctx,
	};
	int rc;

	memset(head, 0, sizeof(*head));
	while ((rc = vtpm_text_line(&r.text)) > 0) {
		rc = read_line(&r);
		if (rc)
			return rc;
	}
	return rc ? rc : check_complete(&r);
}
