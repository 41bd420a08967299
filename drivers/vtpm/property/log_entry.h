/* SPDX-License-Identifier: GPL-2.0-only */
/* An entry of the log as it lies in memory: log.c and log_read.c. */
#ifndef VTPM_LOG_ENTRY_H
#define VTPM_LOG_ENTRY_H

#include "../env.h"

#define ENTRY_HEAD	8	/* bytes: PCR, type */
#define TAG_HEAD	8	/* bytes: tag, size of what follows */

/**
 * struct vtpm_log_view - an entry, looked at where it is
 * @pcr: whose
 * @type: EV_*
 * @digests: how many
 * @digest: the first one's algorithm; each digest follows its own
 * @event: the event
 * @len: its bytes
 */
struct vtpm_log_view {
	u32 pcr;
	u32 type;
	u32 digests;
	const u8 *digest;
	const u8 *event;
	u32 len;
};

size_t vtpm_log_entry_at(const u8 *p, size_t left, struct vtpm_log_view *v);

#endif /* VTPM_LOG_ENTRY_H */
