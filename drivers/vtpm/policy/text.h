/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines and words of the small texts that admins write (policies, manifests),
 * with the position of everything, so that an error can say where it is.
 * Lines and columns count from 1; a column is a byte, a tab counts as one.
 */
#ifndef VTPM_TEXT_H
#define VTPM_TEXT_H

#include "../env.h"
#include "../limits.h"
#include <uapi/linux/vtpm.h>

/**
 * struct vtpm_text - a text being read
 * @text: not terminated
 * @len: its bytes
 * @next: where the next line begins
 * @max_line: longest line, in bytes
 * @strict: comments may have printable ASCII alone, like the rest
 * @line: the line being read, without its end
 * @line_len: its bytes
 * @at: how far it has been read
 * @number: the line's number
 * @err: where errors go; may be NULL
 */
struct vtpm_text {
	const char *text;
	size_t len;
	size_t next;
	size_t max_line;
	bool strict;
	const char *line;
	size_t line_len;
	size_t at;
	u32 number;
	struct vtpm_text_error *err;
};

/**
 * struct vtpm_word - some bytes of a line
 * @s: not terminated
 * @len: its bytes
 * @column: where it begins
 */
struct vtpm_word {
	const char *s;
	size_t len;
	u32 column;
};

/**
 * vtpm_text_line() - go to the next line
 * @t: the text
 *
 * Return: 1: there is one; 0: the text is over, and @t->number is the last line;
 * -EINVAL: a byte that does not belong into a text, or the line is too long.
 */
int vtpm_text_line(struct vtpm_text *t);

/* The next word of the line; false at its end or at a comment. */
bool vtpm_text_word(struct vtpm_text *t, struct vtpm_word *w);
/* What is left of the line, without blanks around it and without regard to "#". */
void vtpm_text_rest(struct vtpm_text *t, struct vtpm_word *w);
/* Split at the first @sep. False, and @w is as it was: there is none. */
bool vtpm_word_split(struct vtpm_word *w, char sep, struct vtpm_word *after);
bool vtpm_word_is(const struct vtpm_word *w, const char *s);
/* All of [A-Za-z0-9._-], and 1 to @max of them? */
bool vtpm_word_is_name(const struct vtpm_word *w, size_t max);
/* Copies with a terminating zero; @to has more than @w->len bytes. */
void vtpm_word_copy(const struct vtpm_word *w, char *to);

/* How many bytes of a word an error shows: the precision of its "%.*s". */
static inline int vtpm_shown(const struct vtpm_word *w)
{
	return w->len < 32 ? w->len : 32;
}

/* Says what is wrong in the line being read. Return: -EINVAL. */
int __printf(3, 4) vtpm_text_fail(const struct vtpm_text *t, u32 column, const char *fmt, ...);
/* The same for any line. */
int __printf(4, 5) vtpm_text_fail_at(struct vtpm_text_error *err, u32 line, u32 column,
				     const char *fmt, ...);

#endif /* VTPM_TEXT_H */
