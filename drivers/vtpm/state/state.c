// SPDX-License-Identifier: GPL-2.0-only
/* The state of an instance: which blocks there are, in which order, and who reads them. */
#include "state.h"
#include "format.h"
#include "../policy/text.h"
#include "../tpm2/state.h"

/**
 * struct import - an instance in the making
 * @load: its engine
 * @matrix: its vPCRs; NULL until the policy has been read
 * @cfg: as given, with the matrix in it
 * @policy: as given
 * @host: likewise
 * @err: where to say what is wrong with the policy
 * @now: vt_now_ms() of the state
 * @rank: of the newest block, see struct kind
 * @seen: a bit for each kind
 * @kept: a bit for each provider whose own state has been read
 */
struct import {
	struct tpm2_state_load load;
	struct vtpm_matrix *matrix;
	struct tpm2_config cfg;
	struct vtpm_policy *policy;
	const struct vtpm_host *host;
	struct vtpm_text_error *err;
	u64 now;
	u8 rank;
	u32 seen;
	u32 kept;
};

static int read_policy(struct import *i, struct tpm2_reader *r);
static int read_banks(struct import *i, struct tpm2_reader *r);
static int read_identity(struct import *i, struct tpm2_reader *r);
static int read_pcrs(struct import *i, struct tpm2_reader *r);
static int read_provider(struct import *i, struct tpm2_reader *r);
static int read_log(struct import *i, struct tpm2_reader *r);

/**
 * struct kind - one type of block
 * @type: enum vtpm_state_type
 * @flags: STATE_*; a block with others is none
 * @rank: blocks come in the order of their ranks
 * @once: there is at most one
 * @load: the engine reads it
 * @read: somebody else does
 */
struct kind {
	u16 type;
	u16 flags;
	u8 rank;
	bool once;
	int (*load)(struct tpm2_state_load *l, struct tpm2_reader *r);
	int (*read)(struct import *i, struct tpm2_reader *r);
};

static const struct kind kinds[] = {
	{ STATE_POLICY, STATE_CRITICAL, 1, true, .read = read_policy },
	{ STATE_BANKS, STATE_CRITICAL, 2, true, .read = read_banks },
	{ STATE_IDENTITY, 0, 3, true, .read = read_identity },
	{ STATE_PERMANENT, STATE_CRITICAL, 4, true, tpm2_state_permanent },
	{ STATE_STATS, 0, 5, true, tpm2_state_stats },
	{ STATE_NV_INDEX, STATE_CRITICAL, 6, false, tpm2_state_nv_index },
	{ STATE_PERSISTENT, STATE_CRITICAL, 7, false, tpm2_state_persistent },
	{ STATE_AK_USES, 0, 8, true, tpm2_state_ak_uses },
	{ STATE_VOLATILE, STATE_CRITICAL | STATE_POWERED, 9, true, tpm2_state_volatile },
	{ STATE_SAVED_SESSION, STATE_CRITICAL | STATE_POWERED, 10, false,
	  tpm2_state_saved_session },
	{ STATE_SPACE, STATE_CRITICAL | STATE_POWERED, 11, false, tpm2_state_space },
	{ STATE_OBJECT, STATE_CRITICAL | STATE_POWERED, 11, false, tpm2_state_object },
	{ STATE_SESSION, STATE_CRITICAL | STATE_POWERED, 11, false, tpm2_state_session },
	{ STATE_PCRS, STATE_CRITICAL | STATE_POWERED, 12, true, .read = read_pcrs },
	{ STATE_PROVIDER, STATE_CRITICAL | STATE_POWERED, 13, false, .read = read_provider },
	{ STATE_LOG, STATE_POWERED, 14, true, .read = read_log },
};

/* ---- export ---- */

static void write_policy(const struct vtpm_matrix *m, struct vtpm_state_writer *w)
{
	size_t len;
	const char *text = vtpm_policy_text(vtpm_matrix_policy(m), &len);

	vtpm_state_begin(w, STATE_POLICY, STATE_CRITICAL);
	tpm2_put(&w->w, text, len);
	vtpm_state_end(w);
}

static void write_pcrs(const struct vtpm_matrix *m, struct vtpm_state_writer *w)
{
	unsigned int i;

	vtpm_state_begin(w, STATE_PCRS, STATE_CRITICAL | STATE_POWERED);
	vtpm_matrix_write(m, &w->w);
	vtpm_state_end(w);
	for (i = 0; i < vtpm_matrix_providers(m); i++) {
		if (!vtpm_matrix_keeps(m, i))
			continue;
		vtpm_state_begin(w, STATE_PROVIDER, STATE_CRITICAL | STATE_POWERED);
		vtpm_matrix_write_kept(m, i, &w->w);
		vtpm_state_end(w);
	}
	vtpm_state_begin(w, STATE_LOG, STATE_POWERED);
	vtpm_matrix_write_log(m, &w->w);
	vtpm_state_end(w);
}

static int write_all(const struct vtpm_rooms *rooms, enum vtpm_state_part part, u64 now,
		     struct vtpm_state_writer *w)
{
	bool powered = part == VTPM_STATE_ALL;

	vtpm_state_header(w);
	write_policy(rooms->matrix, w);
	vtpm_state_begin(w, STATE_BANKS, STATE_CRITICAL);
	vtpm_matrix_write_banks(rooms->matrix, &w->w);
	vtpm_state_end(w);
	vtpm_state_begin(w, STATE_IDENTITY, 0);
	vtpm_identity_write(vtpm_matrix_identity(rooms->matrix), &w->w);
	vtpm_state_end(w);
	tpm2_state_write(rooms->tpm, now, powered, w);
	if (powered)
		write_pcrs(rooms->matrix, w);
	return vtpm_state_finish(w);
}

size_t vtpm_state_size(const struct vtpm_rooms *rooms, enum vtpm_state_part part)
{
	struct vtpm_state_writer w = { .w = tpm2_counter() };

	write_all(rooms, part, 0, &w);
	return w.w.len;
}

static int export_at(const struct vtpm_rooms *rooms, enum vtpm_state_part part, u64 now,
		     void *buf, size_t room, size_t *len)
{
	struct vtpm_state_writer w = {
		.w = tpm2_writer(buf, min_t(size_t, room, VTPM_MAX_STATE)),
	};
	int err = write_all(rooms, part, now, &w);

	if (err)
		memzero_explicit(buf, room);
	else
		*len = w.w.len;
	return err;
}

int vtpm_state_export(const struct vtpm_rooms *rooms, enum vtpm_state_part part, void *buf,
		      size_t room, size_t *len)
{
	return export_at(rooms, part, vt_now_ms(), buf, room, len);
}

static int export_alloc_at(const struct vtpm_rooms *rooms, enum vtpm_state_part part, u64 now,
			   u8 **buf, size_t *len)
{
	size_t size = vtpm_state_size(rooms, part);
	u8 *p;
	int err;

	if (size > VTPM_MAX_STATE)
		return -EOVERFLOW;
	p = vt_alloc_big(rooms->mem, size);
	if (!p)
		return -ENOMEM;
	err = export_at(rooms, part, now, p, size, len);
	if (err)
		vt_free_big(rooms->mem, p, size);
	else
		*buf = p;
	return err;
}

int vtpm_state_export_alloc(const struct vtpm_rooms *rooms, enum vtpm_state_part part,
			    u8 **buf, size_t *len)
{
	return export_alloc_at(rooms, part, vt_now_ms(), buf, len);
}

void vtpm_state_free(struct vt_mem *mem, u8 *buf, size_t len)
{
	vt_free_big(mem, buf, len);
}

/* ---- import ---- */

/* As when an instance is created: not without a host TPM where the policy requires one. */
static int map_host(struct import *i)
{
	const struct vtpm_policy *policy = vtpm_matrix_policy(i->matrix);

	if (!vtpm_matrix_wants_host(i->matrix))
		return 0;
	if (policy->host_required && !i->host)
		return vtpm_text_fail_at(i->err, policy->host_line, policy->host_column,
					 "the policy requires a host TPM, and there is none");
	return vtpm_matrix_set_host(i->matrix, i->host);
}

/* The policy comes first: from it the instance's rooms are made. */
static int read_policy(struct import *i, struct tpm2_reader *r)
{
	struct vtpm_policy *policy = i->policy;
	int err = 0;

	if (r->left > VTPM_MAX_POLICY)
		return -EOVERFLOW;
	if (!policy)
		err = vtpm_policy_parse((const char *)r->p, r->left, i->cfg.mem, &policy, i->err);
	if (err)
		return err;
	err = vtpm_matrix_new(policy, i->cfg.mem, &i->matrix, i->err);
	if (err) {
		if (!i->policy)
			vtpm_policy_free(i->cfg.mem, policy);
		return err;
	}
	i->cfg.pcr_ops = &vtpm_matrix_pcr_ops;
	i->cfg.pcrs = i->matrix;
	err = map_host(i);
	return err ?: tpm2_state_begin(&i->load, &i->cfg, i->now);
}

static int read_banks(struct import *i, struct tpm2_reader *r)
{
	return vtpm_matrix_read_banks(i->matrix, r, i->err);
}

/* A state of version 1 has none: the instance keeps the one that was made with the matrix. */
static int read_identity(struct import *i, struct tpm2_reader *r)
{
	struct vtpm_identity id;
	int rc = vtpm_identity_read(&id, r);

	if (!rc)
		vtpm_matrix_set_identity(i->matrix, &id);
	return rc;
}

static int read_pcrs(struct import *i, struct tpm2_reader *r)
{
	return vtpm_matrix_read(i->matrix, r, i->err);
}

static const struct kind *find_kind(u16 type)
{
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(kinds); n++)
		if (kinds[n].type == type)
			return &kinds[n];
	return NULL;
}

static u32 bit_of(const struct kind *kind)
{
	return BIT(kind - kinds);
}

static bool seen(const struct import *i, u16 type)
{
	return i->seen & bit_of(find_kind(type));
}

static int read_provider(struct import *i, struct tpm2_reader *r)
{
	return seen(i, STATE_PCRS) ? vtpm_matrix_read_kept(i->matrix, r, &i->kept, i->err) :
				     -EBADMSG;
}

static int read_log(struct import *i, struct tpm2_reader *r)
{
	return vtpm_matrix_read_log(i->matrix, r);
}

static bool in_place(const struct import *i, const struct kind *kind)
{
	if (kind->rank < i->rank || (kind->once && i->seen & bit_of(kind)))
		return false;
	if (kind->type != STATE_POLICY && !seen(i, STATE_POLICY))
		return false;
	if (kind->rank > find_kind(STATE_PERMANENT)->rank && !seen(i, STATE_PERMANENT))
		return false;
	return !(kind->flags & STATE_POWERED) || kind->type == STATE_VOLATILE ||
	       seen(i, STATE_VOLATILE);
}

static int read_block(struct import *i, struct vtpm_state_block *b)
{
	const struct kind *kind = find_kind(b->type);
	int err;

	if (!kind)
		return b->flags & STATE_CRITICAL ? -EPROTO : 0;
	if (b->flags != kind->flags || !in_place(i, kind))
		return -EBADMSG;
	err = kind->load ? kind->load(&i->load, &b->r) : kind->read(i, &b->r);
	if (err)
		return err;
	i->rank = kind->rank;
	i->seen |= bit_of(kind);
	return 0;
}

static int read_blocks(struct import *i, struct tpm2_reader *r, enum vtpm_state_part part)
{
	struct vtpm_state_block b;
	int err;

	while (r->left) {
		err = vtpm_state_next(r, &b);
		if (err)
			return err;
		if (part == VTPM_STATE_PERMANENT && b.flags & STATE_POWERED)
			continue;
		err = read_block(i, &b);
		if (err)
			return err;
		cond_resched();
	}
	if (!seen(i, STATE_POLICY) || !seen(i, STATE_BANKS) || !seen(i, STATE_PERMANENT))
		return -EBADMSG;
	if (seen(i, STATE_PCRS) && !vtpm_matrix_all_kept(i->matrix, i->kept))
		return -EBADMSG;
	if (seen(i, STATE_PCRS) && !seen(i, STATE_LOG))
		vtpm_matrix_no_log(i->matrix);
	return seen(i, STATE_VOLATILE) == seen(i, STATE_PCRS) ? 0 : -EBADMSG;
}

/* A policy that was given stays its owner's. */
static void abort_import(struct import *i)
{
	if (i->load.t)
		tpm2_state_abort(&i->load);
	if (!i->matrix)
		return;
	if (i->policy)
		vtpm_matrix_disown_policy(i->matrix);
	vtpm_matrix_free(i->matrix);
}

static int import_at(const struct vtpm_state_source *from, u64 now, const struct tpm2_config *cfg,
		     struct vtpm_rooms *rooms, struct vtpm_text_error *err)
{
	struct import i = {
		.cfg = *cfg, .policy = from->policy, .host = from->host, .err = err, .now = now,
	};
	struct tpm2_reader r;
	struct tpm2 *tpm;
	int rc;

	rc = vtpm_state_open(from->state, from->len, &r);
	if (!rc)
		rc = read_blocks(&i, &r, from->part);
	if (!rc)
		rc = tpm2_state_end(&i.load, &tpm);
	if (rc) {
		abort_import(&i);
		return rc;
	}
	*rooms = (struct vtpm_rooms){ .tpm = tpm, .matrix = i.matrix, .mem = cfg->mem };
	return 0;
}

int vtpm_state_import(const struct vtpm_state_source *from, const struct tpm2_config *cfg,
		      struct vtpm_rooms *rooms, struct vtpm_text_error *err)
{
	return import_at(from, vt_now_ms(), cfg, rooms, err);
}

void vtpm_state_drop(struct vtpm_rooms *rooms)
{
	tpm2_free_spaces(rooms->tpm, NULL);
	tpm2_free(rooms->tpm);
	vtpm_matrix_free(rooms->matrix);
	rooms->tpm = NULL;
	rooms->matrix = NULL;
}

/* ---- the test mode ---- */

/* Is it still the state it was? */
static int compare(const struct vtpm_rooms *rooms, u64 now, const u8 *before, size_t len)
{
	size_t again_len;
	u8 *again;
	int err;

	err = export_alloc_at(rooms, VTPM_STATE_ALL, now, &again, &again_len);
	if (err)
		return err;
	if (again_len != len || crypto_memneq(again, before, len))
		err = -EILSEQ;
	vt_free_big(rooms->mem, again, again_len);
	return err;
}

int vtpm_state_check(struct vtpm_rooms *rooms, const struct tpm2_config *cfg)
{
	struct vtpm_state_source from = {
		.part = VTPM_STATE_ALL, .host = vtpm_matrix_host(rooms->matrix),
	};
	struct vtpm_rooms fresh;
	u64 now = vt_now_ms();
	u8 *state;
	int err;

	err = export_alloc_at(rooms, VTPM_STATE_ALL, now, &state, &from.len);
	if (err)
		return err;
	from.state = state;
	err = import_at(&from, now, cfg, &fresh, NULL);
	if (!err) {
		tpm2_state_adopt(rooms->tpm, fresh.tpm);
		vtpm_matrix_adopt(rooms->matrix, fresh.matrix);
		err = compare(rooms, now, state, from.len);
	}
	vt_free_big(rooms->mem, state, from.len);
	return err;
}
