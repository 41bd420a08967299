// SPDX-License-Identifier: GPL-2.0-only
/* Lines and words with their positions. */
#include "text.h"

int vtpm_text_fail_at(struct vtpm_text_error *err, u32 line, u32 column, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return -EINVAL;
	err->line = line;
	err->column = column;
	va_start(ap, fmt);
	vscnprintf(err->reason, sizeof(err->reason), fmt, ap);
	va_end(ap);
	return -EINVAL;
}

int vtpm_text_fail(const struct vtpm_text *t, u32 column, const char *fmt, ...)
{
	va_list ap;

	if (!t->err)
		return -EINVAL;
	t->err->line = t->number;
	t->err->column = column;
	va_start(ap, fmt);
	vscnprintf(t->err->reason, sizeof(t->err->reason), fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_printable(char c)
{
	return (c >= 0x20 && c <= 0x7e) || c == '\t';
}

static int bad_byte(const struct vtpm_text *t, u32 column, u8 c)
{
	if (!c)
		return vtpm_text_fail(t, column, "a NUL byte");
	if (c == '\r')
		return vtpm_text_fail(t, column,
				      "a carriage return: lines end with a newline alone");
	if (c < 0x80)
		return vtpm_text_fail(t, column, "control character 0x%02x", c);
	return vtpm_text_fail(t, column, "byte 0x%02x: only ASCII is allowed here", c);
}

/* Whatever is outside ASCII is checked later, where the word it is in is known. */
static int check_line(const struct vtpm_text *t)
{
	size_t i;

	for (i = 0; i < t->line_len && i < t->max_line; i++) {
		u8 c = t->line[i];

		if (!is_printable(c) && (t->strict || c < 0x80))
			return bad_byte(t, i + 1, c);
	}
	if (t->line_len > t->max_line)
		return vtpm_text_fail(t, t->max_line + 1, "the line has more than %zu bytes",
				      t->max_line);
	return 0;
}

int vtpm_text_line(struct vtpm_text *t)
{
	const char *end;
	size_t left = t->len - t->next;
	int rc;

	if (!left)
		return 0;
	t->line = t->text + t->next;
	end = memchr(t->line, '\n', left);
	t->line_len = end ? end - t->line : left;
	t->next += t->line_len + (end ? 1 : 0);
	t->at = 0;
	t->number++;
	/* Mail-minded signers end lines with both; it does no harm. */
	if (!t->strict && end && t->line_len && end[-1] == '\r')
		t->line_len--;
	rc = check_line(t);
	return rc ? rc : 1;
}

bool vtpm_text_word(struct vtpm_text *t, struct vtpm_word *w)
{
	size_t begin;

	while (t->at < t->line_len && is_blank(t->line[t->at]))
		t->at++;
	begin = t->at;
	if (begin == t->line_len || t->line[begin] == '#')
		return false;
	while (t->at < t->line_len && !is_blank(t->line[t->at]))
		t->at++;
	w->s = t->line + begin;
	w->len = t->at - begin;
	w->column = begin + 1;
	return true;
}

void vtpm_text_rest(struct vtpm_text *t, struct vtpm_word *w)
{
	size_t end = t->line_len;

	while (t->at < end && is_blank(t->line[t->at]))
		t->at++;
	while (end > t->at && is_blank(t->line[end - 1]))
		end--;
	w->s = t->line + t->at;
	w->len = end - t->at;
	w->column = t->at + 1;
	t->at = t->line_len;
}

bool vtpm_word_split(struct vtpm_word *w, char sep, struct vtpm_word *after)
{
	const char *p = memchr(w->s, sep, w->len);

	if (!p)
		return false;
	after->s = p + 1;
	after->len = w->len - (p + 1 - w->s);
	after->column = w->column + (p + 1 - w->s);
	w->len = p - w->s;
	return true;
}

bool vtpm_word_is(const struct vtpm_word *w, const char *s)
{
	return strlen(s) == w->len && !memcmp(w->s, s, w->len);
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

bool vtpm_word_is_name(const struct vtpm_word *w, size_t max)
{
	size_t i;

	for (i = 0; i < w->len; i++)
		if (!is_name_byte(w->s[i]))
			return false;
	return w->len && w->len <= max;
}

void vtpm_word_copy(const struct vtpm_word *w, char *to)
{
	memcpy(to, w->s, w->len);
	to[w->len] = '\0';
}
