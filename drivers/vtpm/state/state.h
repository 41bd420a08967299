/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The whole state of an instance, as bytes and back. The format is described in
 * Documentation/design/state.rst. What comes out is not protected in any way: it holds
 * every secret of the instance, so buffers are wiped and never leave the kernel as they
 * are. What goes in has been authenticated before; it is checked all the same, and makes
 * a whole new instance or nothing.
 *
 * The instance's lock is held around every call that takes a living engine.
 */
#ifndef VTPM_STATE_H
#define VTPM_STATE_H

#include "../env.h"
#include "../limits.h"
#include "../property/property.h"
#include "../tpm2/tpm2.h"

/**
 * struct vtpm_rooms - what a state is of
 * @tpm: the engine
 * @matrix: its vPCRs, and with them the policy
 * @mem: the instance's memory counter; may be NULL
 */
struct vtpm_rooms {
	struct tpm2 *tpm;
	struct vtpm_matrix *matrix;
	struct vt_mem *mem;
};

/**
 * enum vtpm_state_part - how much of a state
 * @VTPM_STATE_PERMANENT: what outlasts the power
 * @VTPM_STATE_ALL: and what runs
 */
enum vtpm_state_part {
	VTPM_STATE_PERMANENT,
	VTPM_STATE_ALL,
};

/* Bytes that vtpm_state_export() would write now. */
size_t vtpm_state_size(const struct vtpm_rooms *rooms, enum vtpm_state_part part);

/**
 * vtpm_state_export() - write the state
 * @rooms: of whom
 * @part: how much
 * @buf: where to; wiped when it was too small
 * @room: bytes there
 * @len: bytes written
 *
 * A command under way that has given up the lock is not in it: as if it came later.
 *
 * Return: 0, or -EOVERFLOW: it does not fit, or has more than VTPM_MAX_STATE bytes.
 */
int vtpm_state_export(const struct vtpm_rooms *rooms, enum vtpm_state_part part, void *buf,
		      size_t room, size_t *len);
/* Into memory counted in @rooms->mem, to be freed by vtpm_state_free(). And -ENOMEM. */
int vtpm_state_export_alloc(const struct vtpm_rooms *rooms, enum vtpm_state_part part,
			    u8 **buf, size_t *len);
/* Wipes first. NULL is fine. */
void vtpm_state_free(struct vt_mem *mem, u8 *buf, size_t len);

/**
 * struct vtpm_state_source - what an instance is made of
 * @state: the bytes
 * @len: how many
 * @part: VTPM_STATE_PERMANENT leaves out what runs, if there is any
 * @policy: the policy to be under; the matrix owns it on success. NULL: the state's own
 * @host: the PCRs of the host where the instance is to be; copied where its policy wants
 *	them, as by vtpm_matrix_set_host(): they count from the next TPM2_Startup on. NULL:
 *	there is no host TPM
 */
struct vtpm_state_source {
	const void *state;
	size_t len;
	enum vtpm_state_part part;
	struct vtpm_policy *policy;
	const struct vtpm_host *host;
};

/**
 * vtpm_state_import() - make an instance of a state
 * @from: the state, and what it comes under
 * @cfg: host, key_ops and mem of the new engine; the rest is set here
 * @rooms: the result; unchanged on failure. The spaces are there as they were: see
 *	tpm2_space_marked()
 * @err: with -EINVAL, and where a provider's state is to blame for -EBADMSG: what is wrong;
 *	may be NULL
 *
 * Without what runs the engine is powered off: tpm2_power_on() and tpm2_startup() are due.
 *
 * Return: 0; -EBADMSG: malformed, or no state that an instance could have; -EPROTO: of a
 * newer version, or with keys that are derived in another way; -EOVERFLOW: more than a
 * limit allows; -EINVAL: the policy's text, its banks and providers are not those that the
 * state has values of, or it requires a host TPM and there is none; -ENOMEM. On failure
 * nothing is left.
 */
int vtpm_state_import(const struct vtpm_state_source *from, const struct tpm2_config *cfg,
		      struct vtpm_rooms *rooms, struct vtpm_text_error *err);
/* Frees an engine with its spaces, and the matrix. */
void vtpm_state_drop(struct vtpm_rooms *rooms);

/**
 * vtpm_state_check() - a test: does the instance survive its own state?
 * @rooms: a living instance, no command of which is under way
 * @cfg: as for vtpm_state_import()
 *
 * Exports, imports, puts what came of it in the instance's place and exports again. Both
 * exports have to be the same. Openers notice nothing.
 *
 * Return: 0; -EILSEQ: they differ; what export and import say.
 */
int vtpm_state_check(struct vtpm_rooms *rooms, const struct tpm2_config *cfg);

#endif /* VTPM_STATE_H */
