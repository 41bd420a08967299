/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The measurement log of one instance: what its PCRs have been extended with since
 * they were reset, in order. It is bounded, and kept in the very form in which it is
 * read out: TCG_PCR_EVENT2 of the TCG's PC Client Platform Firmware Profile.
 *
 * A reset of a PCR takes the PCR's entries out of the log, as they no longer say
 * anything about its value. An entry that does not fit is counted, and so is every
 * later one of the same PCR up to its reset: what is there of a PCR is the beginning,
 * without holes.
 *
 * Locking: the matrix's, which is the instance's.
 */
#ifndef VTPM_LOG_H
#define VTPM_LOG_H

#include "../env.h"
#include "../limits.h"
#include "../tpm2/types.h"

/* TCG_PCR_EVENT2.eventType */
#define EV_NO_ACTION	3	/* does not extend */
#define EV_EVENT_TAG	6	/* extends; the event is tags, each with a size and as many bytes */

/*
 * The first tag of an EV_EVENT_TAG. The first byte of what follows is the locality; then
 * come the bytes that the digests are of, where the TPM has seen them.
 */
enum vtpm_log_tag {
	VTPM_LOG_EXTEND	= 0x76740001,	/* TPM2_PCR_Extend, and events of parts: digests alone */
	VTPM_LOG_EVENT	= 0x76740002,	/* TPM2_PCR_Event, and sequences that are one part */
	VTPM_LOG_IMA	= 0x76740003,	/* vtpm_measure(): an ima-ng template */
};

/* The further ones, one for each provider: its name and values, as in VTPM_LOG_START. */
#define VTPM_LOG_INSTEAD	0x76740004

#define VTPM_LOG_SIGNATURE	16	/* bytes, the zero included, of an EV_NO_ACTION */
#define VTPM_LOG_START		"vTPM StartValue"	/* then what vtpm_log_start() says */
#define VTPM_LOG_LOST		"vTPM LostEvents"	/* then how many (4) */

/**
 * struct vtpm_log - a log
 * @mem: the instance's memory counter; may be NULL
 * @bytes: the entries, one behind another; NULL until there is one
 * @len: bytes of them
 * @room: bytes that fit in @bytes
 * @limit: bytes that there may be
 * @count: entries of each PCR
 * @lost: entries of each PCR that are not there; not 0: no further one is taken
 */
struct vtpm_log {
	struct vt_mem *mem;
	u8 *bytes;
	u32 len;
	u32 room;
	u32 limit;
	u32 count[VTPM_PCR_COUNT];
	u32 lost[VTPM_PCR_COUNT];
};

/**
 * struct vtpm_log_instead - what a provider's vPCR took instead of an entry's digests
 * @provider: its name
 * @values: what it took, of those banks where it did
 */
struct vtpm_log_instead {
	const char *provider;
	struct tpml_digest_values values;
};

/**
 * struct vtpm_log_entry - an entry to be added
 * @pcr: whose
 * @tag: how it came
 * @locality: from where
 * @digests: what the PCR is extended with, of active banks only
 * @instead: of some providers, what else their vPCRs took
 * @insteads: how many
 * @data: what @digests are of, or NULL
 * @len: its bytes
 */
struct vtpm_log_entry {
	u32 pcr;
	enum vtpm_log_tag tag;
	u8 locality;
	const struct tpml_digest_values *digests;
	const struct vtpm_log_instead *instead;
	unsigned int insteads;
	const u8 *data;
	size_t len;
};

/* Nothing is allocated before the first entry. */
void vtpm_log_init(struct vtpm_log *log, struct vt_mem *mem, u32 limit);
void vtpm_log_free(struct vtpm_log *log);
/* All entries, and what is known of lost ones. */
void vtpm_log_clear(struct vtpm_log *log);

/*
 * Room for an entry, so that vtpm_log_add() cannot fail. -ENOMEM. An entry past the limit
 * needs none.
 */
int vtpm_log_reserve(struct vtpm_log *log, const struct vtpm_log_entry *e);
/* Adds or counts it. */
void vtpm_log_add(struct vtpm_log *log, const struct vtpm_log_entry *e);

/*
 * The PCR is reset to bytes @fill in all of @banks (bit by bit as vt_hash_algs) and for
 * all providers: its entries go. Where that is not the value of TPM2_Startup(CLEAR) there
 * is an entry that says so; without memory for it, it is lost.
 */
void vtpm_log_reset(struct vtpm_log *log, u32 pcr, u8 fill, u32 banks);
/*
 * A provider has mapped the host's PCRs: an EV_NO_ACTION with VTPM_LOG_START, the bytes of
 * @provider's name (1) and the name ("": all providers), a number (4), and so many
 * TPMT_HA: the vPCR's value in each bank. Without memory for it, it is lost.
 */
void vtpm_log_start(struct vtpm_log *log, u32 pcr, const char *provider,
		    const struct tpml_digest_values *values);

/* ---- reading ---- */

enum vtpm_log_form {
	VTPM_LOG_TCG,	/* as binary_bios_measurements: TCG_EfiSpecIDEvent, TCG_PCR_EVENT2 */
	VTPM_LOG_RUNTIME,	/* as binary_runtime_measurements of IMA: entries of VTPM_LOG_IMA */
};

/*
 * At most @count bytes of a form from @off on; returns how many. @banks as above. The TCG's
 * ends with an EV_NO_ACTION with VTPM_LOG_LOST for each PCR that has lost entries.
 */
size_t vtpm_log_read(const struct vtpm_log *log, enum vtpm_log_form form, u32 banks, u64 off,
		     u8 *buf, size_t count);

/* ---- as part of the instance's state ---- */

void vtpm_log_save(const struct vtpm_log *log, struct tpm2_writer *w);
/* Into an empty log. -EBADMSG: that is none; -EOVERFLOW: more than VTPM_MAX_LOG; -ENOMEM. */
int vtpm_log_load(struct vtpm_log *log, u32 banks, struct tpm2_reader *r);
/* The state had none: what there was of any PCR is not known. */
void vtpm_log_unknown(struct vtpm_log *log);

/* ---- IMA's template ---- */

#define VTPM_LOG_TEMPLATE	400	/* bytes that an ima-ng template has at most */

/*
 * What ima-ng has in its template data: the digest with its algorithm, and a name. Bytes
 * in @buf; 0: no such algorithm, or a name that is empty or has more than
 * VTPM_MEASURE_NAME_MAX bytes.
 */
size_t vtpm_log_template(u16 alg, const u8 *digest, const char *name,
			 u8 buf[VTPM_LOG_TEMPLATE]);

#endif /* VTPM_LOG_H */
