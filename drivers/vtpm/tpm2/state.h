/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the engine has of an instance's state, for room state/: its blocks written,
 * and read into a new engine. Functions that read return 0, -EBADMSG (malformed, or
 * nothing that this TPM could have come to), -EOVERFLOW (past a limit), -EPROTO (of
 * another derivation of keys) or -ENOMEM; the new engine is then only good for
 * tpm2_state_abort().
 *
 * A reader of blocks keeps their order: permanent before all others, what belongs to a
 * space behind it. It calls for each block the function that has the type's name.
 */
#ifndef VTPM_TPM2_STATE_H
#define VTPM_TPM2_STATE_H

#include "tpm2.h"
#include "desc.h"

struct tpm2_call;
struct tpm2_space;
struct vtpm_state_writer;

/**
 * struct tpm2_state_load - a new engine while its state is read
 * @t: the engine; NULL: there is nothing to abort
 * @host: the one it will have; until then nobody's lock is given up
 * @call: for checks that want one
 * @space: the newest one, whose objects and sessions come
 * @spaces: how many
 * @now: vt_now_ms() that the state is of
 * @powered: STATE_VOLATILE has been read
 * @exclusive: handle of the exclusive session, looked up at the end
 */
struct tpm2_state_load {
	struct tpm2 *t;
	const struct tpm2_host *host;
	struct tpm2_call *call;
	struct tpm2_space *space;
	u32 spaces;
	u64 now;
	bool powered;
	u32 exclusive;
};

/* All blocks of the engine; @powered: the volatile ones, too. @now as above. */
void tpm2_state_write(const struct tpm2 *t, u64 now, bool powered, struct vtpm_state_writer *w);

int tpm2_state_begin(struct tpm2_state_load *l, const struct tpm2_config *cfg, u64 now);
int tpm2_state_permanent(struct tpm2_state_load *l, struct tpm2_reader *r);
int tpm2_state_stats(struct tpm2_state_load *l, struct tpm2_reader *r);
int tpm2_state_nv_index(struct tpm2_state_load *l, struct tpm2_reader *r);
int tpm2_state_persistent(struct tpm2_state_load *l, struct tpm2_reader *r);
int tpm2_state_ak_uses(struct tpm2_state_load *l, struct tpm2_reader *r);
int tpm2_state_volatile(struct tpm2_state_load *l, struct tpm2_reader *r);
int tpm2_state_saved_session(struct tpm2_state_load *l, struct tpm2_reader *r);
int tpm2_state_space(struct tpm2_state_load *l, struct tpm2_reader *r);
int tpm2_state_object(struct tpm2_state_load *l, struct tpm2_reader *r);
int tpm2_state_session(struct tpm2_state_load *l, struct tpm2_reader *r);
/* The last checks. Without a STATE_VOLATILE the engine is powered off. */
int tpm2_state_end(struct tpm2_state_load *l, struct tpm2 **tpm);
void tpm2_state_abort(struct tpm2_state_load *l);

/*
 * Puts all that @from has in the place of what @t has, and frees @from. The spaces of
 * @t stay what they are to their owners; @from has to have as many. No command of @t may
 * be under way.
 */
void tpm2_state_adopt(struct tpm2 *t, struct tpm2 *from);

#endif /* VTPM_TPM2_STATE_H */
