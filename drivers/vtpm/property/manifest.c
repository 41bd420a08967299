// SPDX-License-Identifier: GPL-2.0-only
/*
 * Manifests: the text of a property certificate. One trusted party (who signs
 * it) says of many measurements that they have one property.
 *
 *   vtpm-manifest 2
 *   name: webserver
 *   property: approved by IT department
 *   version: 7
 *   serial: 20260107
 *   from: 2026-01-07T00:00:00Z
 *   until: 2027-01-07T00:00:00Z
 *   sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  /usr/sbin/httpd
 *
 * The first statement is "vtpm-manifest" and 1 or 2. Then, in any order:
 * "name:", once, 1 to 63 of [A-Za-z0-9._-]; "property:", once, 1 to 63 bytes of
 * printable ASCII, from the first to the last that is no blank; and at least one
 * measurement: sha1:, sha256:, sha384: or sha512: with as many hexadecimal
 * digits as the digest has, and after a blank whatever the author wants,
 * a path for instance. In version 2 there may also be, once each, "version:" and
 * "serial:", numbers from 1 on of at most 18 digits; "from:" and "until:", the
 * first second in which it counts and the first in which it does not.
 *
 * A revocation takes back what its author has signed:
 *
 *   vtpm-revocation 1
 *   name: recalled
 *   version: 3
 *   revoke-name: webserver 6
 *   revoke-name: mailserver
 *   revoke-serial: 20251220
 *   sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
 *
 * It has a name and a version, and at least one of the other lines: manifests of
 * this name up to this version, or all of them; the manifest with this serial
 * number; a measurement, whichever manifest of the author lists it.
 *
 * In both, empty lines and lines that begin with "#" mean nothing. No NUL bytes
 * and no control characters besides tab; a line has at most 4352 bytes and ends
 * with a newline, before which a carriage return is ignored. Nothing may be said
 * twice, and anything else is an error.
 *
 * The measurement is what a guest extends: with IMA-style measuring the digest
 * of a file, in the hash of the bank.
 */
#include "manifest.h"
#include "../policy/text.h"

#define MAX_LINE	4352	/* PATH_MAX and a digest */
#define MAX_DIGITS	18	/* of a number */
#define KILL_LINES	1024	/* after as many it is asked whether to go on */

/**
 * struct reader - a text being read
 * @text: where reading is
 * @head: what it says
 * @ops: whom to tell of the rest
 * @ctx: for @ops
 * @form: of a manifest, 1 or 2; of a revocation 1; 0: the first line has not been read
 * @listed: there was a measurement or something that is revoked
 */
struct reader {
	struct vtpm_text text;
	struct vtpm_manifest_head *head;
	const struct vtpm_manifest_ops *ops;
	void *ctx;
	unsigned int form;
	bool listed;
};

static struct vtpm_place place(const struct reader *r, u32 column)
{
	return (struct vtpm_place) { .line = r->text.number, .column = column };
}

static int nothing_follows(struct reader *r)
{
	struct vtpm_word w;

	if (!vtpm_text_word(&r->text, &w))
		return 0;
	return vtpm_text_fail(&r->text, w.column, "\"%.*s\": nothing can follow here",
			      vtpm_shown(&w), w.s);
}

static int read_first(struct reader *r, const struct vtpm_word *first)
{
	struct vtpm_word w;

	r->head->revocation = vtpm_word_is(first, "vtpm-revocation");
	if (!r->head->revocation && !vtpm_word_is(first, "vtpm-manifest"))
		return vtpm_text_fail(&r->text, first->column,
				      "a manifest begins with \"vtpm-manifest 1\" or 2");
	if (!vtpm_text_word(&r->text, &w))
		return vtpm_text_fail(&r->text, r->text.line_len + 1, "the version is missing");
	if (vtpm_word_is(&w, "1"))
		r->form = 1;
	else if (vtpm_word_is(&w, "2") && !r->head->revocation)
		r->form = 2;
	else
		return vtpm_text_fail(&r->text, w.column,
				      "version \"%.*s\": this kernel knows version 1%s",
				      vtpm_shown(&w), w.s, r->head->revocation ? "" : " and 2");
	return nothing_follows(r);
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
	r->head->name_at = place(r, w.column);
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

static int too_much(struct reader *r, int rc, u32 column, const char *what, unsigned int max)
{
	r->listed = true;
	if (rc == -EEXIST)
		return vtpm_text_fail(&r->text, column, "this measurement stands above already");
	if (rc == -E2BIG)
		return vtpm_text_fail(&r->text, column, "more than %u %s", max, what);
	return rc;
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
	return too_much(r, r->ops->measure(r->ctx, alg, digest), column, "measurements",
			VTPM_MAX_MEASUREMENTS);
}

/* ---- what only version 2 and revocations have ---- */

static int to_number(struct reader *r, const struct vtpm_word *w, u64 *number)
{
	u64 v = 0;
	size_t i;

	for (i = 0; i < w->len && w->len <= MAX_DIGITS && isdigit(w->s[i]); i++)
		v = v * 10 + (w->s[i] - '0');
	if (!i || i < w->len || w->s[0] == '0')
		return vtpm_text_fail(&r->text, w->column,
				      "a number is 1 to %d digits and does not begin with 0",
				      MAX_DIGITS);
	*number = v;
	return 0;
}

static int read_number(struct reader *r, u32 column, const char *what, u64 *number,
		       struct vtpm_place *at)
{
	struct vtpm_word w;

	if (*number)
		return vtpm_text_fail(&r->text, column, "a second %s", what);
	vtpm_text_rest(&r->text, &w);
	*at = place(r, w.column);
	return to_number(r, &w, number);
}

/* Two digits at @s, or four; -1: they are none. */
static int digits(const char *s, unsigned int n)
{
	int v = 0;

	while (n--) {
		if (!isdigit(*s))
			return -1;
		v = v * 10 + (*s++ - '0');
	}
	return v;
}

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 || year % 400 == 0);
}

/* Days from the beginning of 1970 to that of the month; -1: there is no such month. */
static s64 days_before(int year, int month, int day)
{
	static const u16 before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };
	int y = year - 1, length;

	if (year < 1970 || month < 1 || month > 12)
		return -1;
	length = before[month] - before[month - 1] + (month == 2 && is_leap(year));
	if (day < 1 || day > length)
		return -1;
	return (s64)(year - 1970) * 365 + (y / 4 - y / 100 + y / 400) - 477 +
	       before[month - 1] + (month > 2 && is_leap(year)) + day - 1;
}

/* YYYY-MM-DDThh:mm:ssZ; -1: it is not. */
static s64 to_seconds(const struct vtpm_word *w)
{
	static const char form[] = "0000-00-00T00:00:00Z";
	const char *s = w->s;
	int hour, minute, second;
	s64 days;
	size_t i;

	if (w->len != sizeof(form) - 1)
		return -1;
	for (i = 0; i < w->len; i++)
		if (form[i] == '0' ? !isdigit(s[i]) : s[i] != form[i])
			return -1;
	days = days_before(digits(s, 4), digits(s + 5, 2), digits(s + 8, 2));
	hour = digits(s + 11, 2);
	minute = digits(s + 14, 2);
	second = digits(s + 17, 2);
	if (days < 0 || hour > 23 || minute > 59 || second > 59)
		return -1;
	return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

static int read_time(struct reader *r, u32 column, s64 *time, struct vtpm_place *at)
{
	struct vtpm_word w;

	if (*time)
		return vtpm_text_fail(&r->text, column, "a second time of this kind");
	vtpm_text_rest(&r->text, &w);
	*at = place(r, w.column);
	*time = to_seconds(&w);
	if (*time <= 0)
		return vtpm_text_fail(&r->text, w.column,
				      "a time is YYYY-MM-DDThh:mm:ssZ, after 1970-01-01T00:00:00Z");
	return 0;
}

static int revoke(struct reader *r, const struct vtpm_revoked *revoked, u32 column)
{
	return too_much(r, r->ops->revoke(r->ctx, revoked), column, "lines that name manifests",
			VTPM_MAX_REVOKED);
}

static int read_revoked_name(struct reader *r, u32 column)
{
	struct vtpm_revoked revoked = { .number = U64_MAX };
	struct vtpm_word w;
	int rc = 0;

	if (!vtpm_text_word(&r->text, &w) || !vtpm_word_is_name(&w, VTPM_NAME_MAX))
		return vtpm_text_fail(&r->text, column, "the name of a manifest has to follow");
	vtpm_word_copy(&w, revoked.name);
	if (vtpm_text_word(&r->text, &w))
		rc = to_number(r, &w, &revoked.number);
	if (!rc)
		rc = nothing_follows(r);
	return rc ? rc : revoke(r, &revoked, column);
}

static int read_revoked_serial(struct reader *r, u32 column)
{
	struct vtpm_revoked revoked = { .number = 0 };
	struct vtpm_place at;
	int rc = read_number(r, column, "number", &revoked.number, &at);

	return rc ? rc : revoke(r, &revoked, column);
}

/* ---- lines ---- */

static int read_statement(struct reader *r, const struct vtpm_word *key)
{
	struct vtpm_manifest_head *h = r->head;
	bool dated = r->form == 2;
	struct vtpm_place from_at;
	u32 column = key->column;

	if (vtpm_word_is(key, "name"))
		return read_name(r, column);
	if (!h->revocation && vtpm_word_is(key, "property"))
		return read_property(r, column);
	if ((dated || h->revocation) && vtpm_word_is(key, "version"))
		return read_number(r, column, "version", &h->version, &h->version_at);
	if (dated && vtpm_word_is(key, "serial"))
		return read_number(r, column, "serial number", &h->serial, &h->serial_at);
	if (dated && vtpm_word_is(key, "from"))
		return read_time(r, column, &h->from, &from_at);
	if (dated && vtpm_word_is(key, "until"))
		return read_time(r, column, &h->until, &h->until_at);
	if (h->revocation && vtpm_word_is(key, "revoke-name"))
		return read_revoked_name(r, column);
	if (h->revocation && vtpm_word_is(key, "revoke-serial"))
		return read_revoked_serial(r, column);
	return vtpm_text_fail(&r->text, column, "expected %s, sha1:, sha256:, sha384: or sha512:",
			      h->revocation ? "name:, version:, revoke-name:, revoke-serial:" :
			      dated ? "name:, property:, version:, serial:, from:, until:" :
			      "name:, property:");
}

static int read_line(struct reader *r)
{
	const struct vt_hash_alg *alg;
	struct vtpm_word key, after;

	if (!vtpm_text_word(&r->text, &key))
		return 0;
	if (!r->form)
		return read_first(r, &key);
	if (!vtpm_word_split(&key, ':', &after))
		return vtpm_text_fail(&r->text, key.column, "expected a word with \":\" behind it");
	r->text.at = after.column - 1;
	alg = vt_hash_by_name(key.s, key.len);
	if (alg)
		return read_measurement(r, alg, key.column);
	return read_statement(r, &key);
}

/* Where the text ends, when something has not come by then. */
static int check_complete(struct reader *r)
{
	const struct vtpm_manifest_head *h = r->head;
	const char *what = !r->form ? "the line \"vtpm-manifest 1\"" :
			   !h->name[0] ? "a line with \"name:\"" :
			   !h->revocation && !h->property[0] ? "a line with \"property:\"" :
			   h->revocation && !h->version ? "a line with \"version:\"" :
			   r->listed ? NULL :
			   h->revocation ? "something that it revokes" : "a measurement";

	if (what)
		return vtpm_text_fail_at(r->text.err, max(r->text.number, 1u),
					 r->text.line_len + 1, "the %s lacks %s",
					 h->revocation ? "revocation" : "manifest", what);
	if (h->until && h->until <= h->from)
		return vtpm_text_fail_at(r->text.err, h->until_at.line, h->until_at.column,
					 "it ends before it begins");
	return 0;
}

int vtpm_manifest_parse(const char *text, size_t len, struct vtpm_manifest_head *head,
			const struct vtpm_manifest_ops *ops, void *ctx,
			struct vtpm_text_error *err)
{
	struct reader r = {
		.text = { .text = text, .len = len, .max_line = MAX_LINE, .err = err },
		.head = head, .ops = ops, .ctx = ctx,
	};
	int rc;

	memset(head, 0, sizeof(*head));
	while ((rc = vtpm_text_line(&r.text)) > 0) {
		if (r.text.number % KILL_LINES == 0) {
			if (vt_killed())
				return -EINTR;
			cond_resched();
		}
		rc = read_line(&r);
		if (rc)
			return rc;
	}
	return rc ? rc : check_complete(&r);
}
