/* SPDX-License-Identifier: GPL-2.0-only */
/* Manifests made from what admins have; see from.c. */
#ifndef VTPMCTL_FROM_H
#define VTPMCTL_FROM_H

#include "vtpmctl.h"

#define CTL_DIGEST_MAX	64
#define CTL_INPUT_MAX	(512u << 20)	/* bytes of a list or log */

struct ctl_alg {
	const char *name;	/* of the bank */
	const char *tag;	/* in the lines of "sha256sum --tag" */
	size_t size;
};

extern const struct ctl_alg ctl_algs[4];

/**
 * struct ctl_measure - a line of a manifest
 * @alg: whose digest
 * @digest: of what is measured
 * @note: what it is, for readers
 * @again: the same stands above
 */
struct ctl_measure {
	const struct ctl_alg *alg;
	uint8_t digest[CTL_DIGEST_MAX];
	char *note;
	bool again;
};

/**
 * struct ctl_measures - what a manifest will list
 * @measure: in the order of their coming
 * @count: how many
 * @bank: of which hash they shall be; NULL: it was not said
 */
struct ctl_measures {
	struct ctl_measure *measure;
	size_t count;
	const struct ctl_alg *bank;
};

/* A text that is read line by line. */
struct ctl_lines {
	const char *path;
	const char *text;
	size_t len;
	size_t next;
	const char *line;
	size_t line_len;
	unsigned int number;
};

const struct ctl_alg *ctl_alg_by_name(const char *name, size_t len);
const struct ctl_alg *ctl_alg_by_size(size_t size);
int ctl_hash(const struct ctl_alg *alg, const void *data, size_t len, uint8_t *digest);
bool ctl_unhex(const char *hex, size_t digits, uint8_t *to);
void ctl_measures_add(struct ctl_measures *m, const struct ctl_alg *alg, const uint8_t *digest,
		      const char *note, size_t note_len);
bool ctl_next_line(struct ctl_lines *l);
int __printf(3, 4) ctl_fail_line(const struct ctl_lines *l, size_t column, const char *why, ...);

/* Runs @collect, and makes a manifest of what it collects. */
int ctl_make(struct ctl *ctl, int argc, char **argv,
	     int (*collect)(struct ctl *ctl, struct ctl_measures *m, int argc, char **argv));

#endif /* VTPMCTL_FROM_H */
