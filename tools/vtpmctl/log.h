/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The measurement log of an instance, read from its TCG form: TCG_EfiSpecIDEvent, then
 * TCG_PCR_EVENT2. The events are described in Documentation/userspace-api/vtpm.rst.
 */
#ifndef VTPMCTL_LOG_H
#define VTPMCTL_LOG_H

#include "from.h"

#define CTL_LOG_MAX	(16u << 20)
#define CTL_BANKS	4

enum ctl_log_kind {
	CTL_LOG_EXTEND,		/* digests alone */
	CTL_LOG_EVENT,		/* and what they are of */
	CTL_LOG_IMA,		/* that is a template ima-ng */
	CTL_LOG_START,		/* a value that a PCR got otherwise */
	CTL_LOG_LOST,		/* entries that did not fit */
};

/**
 * struct ctl_log_entry - an entry; what it points to is the file's
 * @kind: see above
 * @pcr: whose
 * @locality: of the command
 * @digest: for each of ctl_algs, NULL: not extended; of CTL_LOG_START the values
 * @data: what @digest is of
 * @len: its bytes
 * @tags: what providers took instead of @digest: see ctl_log_instead()
 * @tags_len: its bytes
 * @provider: of CTL_LOG_START: whose value it is; "": all have it
 * @lost: of CTL_LOG_LOST: how many
 */
struct ctl_log_entry {
	enum ctl_log_kind kind;
	uint32_t pcr;
	uint8_t locality;
	const uint8_t *digest[CTL_BANKS];
	const uint8_t *data;
	size_t len;
	const uint8_t *tags;
	size_t tags_len;
	char provider[32];
	uint32_t lost;
};

/**
 * struct ctl_log - a log
 * @bytes: as it was read
 * @len: how many
 * @entry: its entries
 * @count: how many
 * @bank: it has this bank, for each of ctl_algs
 */
struct ctl_log {
	char *bytes;
	size_t len;
	struct ctl_log_entry *entry;
	size_t count;
	bool bank[CTL_BANKS];
};

/* What the provider's vPCR took instead of the digest of this bank; NULL: the log says nothing. */
const uint8_t *ctl_log_instead(const struct ctl_log_entry *e, const char *provider,
			       unsigned int bank);
/* A log in memory that the log owns from then on. @what: for messages. */
int ctl_log_parse(const char *what, char *bytes, size_t len, struct ctl_log *log);
int ctl_log_read(const char *path, struct ctl_log *log);
void ctl_log_free(struct ctl_log *log);

/* Values of PCRs of all banks. */
struct ctl_pcrs {
	uint8_t value[CTL_BANKS][VTPMCTL_PCRS][CTL_DIGEST_MAX];
	bool known[CTL_BANKS][VTPMCTL_PCRS];
};

/* pcrs_file.c: from a text as tpm2_pcrread prints it */
int ctl_pcrs_read(const char *path, struct ctl_pcrs *pcrs);

#endif /* VTPMCTL_LOG_H */
