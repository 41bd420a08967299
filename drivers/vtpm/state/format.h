/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The container of an instance's state: a header and blocks, big-endian. What is
 * in a block is known to the room that it belongs to. See
 * Documentation/design/state.rst.
 *
 *   header	magic (8 bytes), version (2), oldest version that can read it (2),
 *		size of all (4)
 *   block	type (2), flags (2), size of what follows (4), that
 */
#ifndef VTPM_STATE_FORMAT_H
#define VTPM_STATE_FORMAT_H

#include "../tpm2/desc.h"

#define VTPM_STATE_MAGIC	0x7654504d73746174ull	/* "vTPMstat" */
#define VTPM_STATE_VERSION	3	/* of what is written */
#define VTPM_STATE_OLDEST	1	/* a reader of this version can read it */
#define VTPM_STATE_HEADER	16
#define VTPM_STATE_BLOCK	8

/* Types. A number is never used again for another thing. */
enum vtpm_state_type {
	STATE_POLICY		= 0x0101,	/* the instance's policy, as text */
	STATE_PERMANENT		= 0x0102,	/* struct tpm2: what outlasts the power */
	STATE_STATS		= 0x0103,	/* counters that nothing depends on */
	STATE_NV_INDEX		= 0x0104,	/* one NV index */
	STATE_PERSISTENT	= 0x0105,	/* one persistent object */
	STATE_BANKS		= 0x0106,	/* which PCRs each bank has */
	STATE_IDENTITY		= 0x0107,	/* UUID, and how often its policy has changed */
	STATE_AK_USES		= 0x0110,	/* how often restricted signing keys have signed */
	STATE_VOLATILE		= 0x0201,	/* struct tpm2: the rest */
	STATE_PCRS		= 0x0202,	/* the matrix of vPCRs */
	STATE_SAVED_SESSION	= 0x0203,	/* one session whose context is out */
	STATE_SPACE		= 0x0204,	/* one opener; what follows is its own */
	STATE_OBJECT		= 0x0205,	/* one transient object or sequence */
	STATE_SESSION		= 0x0206,	/* one loaded session */
	STATE_LOG		= 0x0208,	/* the measurement log */
	STATE_PROVIDER		= 0x0210,	/* what one provider keeps besides its vPCRs */
};

#define STATE_CRITICAL	BIT(0)	/* who does not know the type must not read on */
#define STATE_POWERED	BIT(1)	/* lost with the power: not part of the permanent state */
#define STATE_FLAGS	(STATE_CRITICAL | STATE_POWERED)

/**
 * struct vtpm_state_writer - a state in the making
 * @w: the whole
 * @at: where the header of the block under way is
 */
struct vtpm_state_writer {
	struct tpm2_writer w;
	u32 at;
};

/**
 * struct vtpm_state_block - a block as it was found
 * @type: enum vtpm_state_type, or one that is not known
 * @flags: STATE_*
 * @r: what is in it
 */
struct vtpm_state_block {
	u16 type;
	u16 flags;
	struct tpm2_reader r;
};

void vtpm_state_header(struct vtpm_state_writer *w);
void vtpm_state_begin(struct vtpm_state_writer *w, u16 type, u16 flags);
void vtpm_state_end(struct vtpm_state_writer *w);
/* Sets the size of all. -EOVERFLOW: it did not fit. */
int vtpm_state_finish(struct vtpm_state_writer *w);

/*
 * Checks the header and leaves the blocks in @r. -EBADMSG: no such header, or not of
 * this length; -EPROTO: for newer readers only.
 */
int vtpm_state_open(const void *state, size_t len, struct tpm2_reader *r);
/* -EBADMSG: it does not fit; -EPROTO: flags of a newer version. @r is not empty. */
int vtpm_state_next(struct tpm2_reader *r, struct vtpm_state_block *b);

#endif /* VTPM_STATE_FORMAT_H */
