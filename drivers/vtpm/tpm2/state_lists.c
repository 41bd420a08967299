// SPDX-License-Identifier: GPL-2.0-only
/* What an instance's state has many of: NV indices, objects, spaces, sessions; a block each. */
#include "engine.h"
#include "state.h"
#include "../state/format.h"

#define POWERED	(STATE_CRITICAL | STATE_POWERED)

/* ---- NV indices ---- */

/* Contents that were never written are of no meaning, and may be left of earlier ones. */
static void put_nv(const struct tpm2_nv_index *x, struct vtpm_state_writer *w)
{
	struct tpms_nv_public pub = tpm2_nv_public(x);

	vtpm_state_begin(w, STATE_NV_INDEX, STATE_CRITICAL);
	tpm2_write(&w->w, &desc_nv_public, &pub);
	tpm2_put_2b(&w->w, x->auth.data, x->auth.size);
	if (x->attrs & TPMA_NV_WRITTEN)
		tpm2_put(&w->w, x->data, x->size);
	vtpm_state_end(w);
}

void tpm2_state_write_nv(const struct tpm2 *t, struct vtpm_state_writer *w)
{
	const struct tpm2_nv_index *x;

	list_for_each_entry(x, &t->nv, link)
		if (!tpm2_nv_is_identity(t, x->handle))
			put_nv(x, w);
}

static bool nv_good(const struct tpms_nv_public *pub, struct tpm2b auth)
{
	u16 digest = vt_hash_find(pub->name_alg)->digest_size;

	return (!pub->policy.size || pub->policy.size == digest) && auth.size <= digest &&
	       (!auth.size || auth.data[auth.size - 1]) && !tpm2_nv_check(pub) &&
	       (!(pub->attrs & TPMA_NV_POLICY_DELETE) || pub->attrs & TPMA_NV_PLATFORMCREATE);
}

/* In order of their handles: so none comes twice. */
int tpm2_state_nv_index(struct tpm2_state_load *l, struct tpm2_reader *r)
{
	struct tpms_nv_public pub;
	struct tpm2_nv_index *x;
	struct tpm2b auth;
	tpm_rc rc;

	if (tpm2_read(r, &desc_nv_public, &pub) || tpm2_read_2b(r, VT_MAX_DIGEST, &auth) ||
	    !nv_good(&pub, auth) || tpm2_nv_is_identity(l->t, pub.index))
		return -EBADMSG;
	if (!list_empty(&l->t->nv) &&
	    list_last_entry(&l->t->nv, struct tpm2_nv_index, link)->handle >= pub.index)
		return -EBADMSG;
	if (r->left != (pub.attrs & TPMA_NV_WRITTEN ? pub.size : 0))
		return -EBADMSG;
	rc = tpm2_nv_define(l->t, &pub, auth);
	if (rc)
		return tpm2_state_errno(rc);
	x = list_last_entry(&l->t->nv, struct tpm2_nv_index, link);
	return tpm2_state_errno(tpm2_read_bytes(r, x->data, r->left));
}

/* ---- objects ---- */

static void put_object(const struct tpm2_object *o, u16 type, u16 flags,
		       struct vtpm_state_writer *w)
{
	vtpm_state_begin(w, type, flags);
	tpm2_put_u32(&w->w, o->handle);
	tpm2_put_u32(&w->w, o->hierarchy);
	tpm2_object_write(&w->w, o);
	vtpm_state_end(w);
}

void tpm2_state_write_persistent(const struct tpm2 *t, struct vtpm_state_writer *w)
{
	const struct tpm2_object *o;

	list_for_each_entry(o, &t->persistent, link)
		put_object(o, STATE_PERSISTENT, STATE_CRITICAL, w);
}

static int read_object(struct tpm2_state_load *l, struct tpm2_reader *r, u32 *handle,
		       struct tpm2_object **out)
{
	struct tpm2_object *o;
	u32 hierarchy;
	tpm_rc rc;

	if (tpm2_read_u32(r, handle) || tpm2_read_u32(r, &hierarchy))
		return -EBADMSG;
	rc = tpm2_object_read(l->t, r, hierarchy, &o);
	if (rc)
		return tpm2_state_errno(rc);
	o->hierarchy = hierarchy;
	rc = r->left ? TPM_RC_SIZE : tpm2_object_check(l->call, o);
	if (rc) {
		tpm2_object_put(l->t, o);
		return tpm2_state_errno(rc);
	}
	*out = o;
	return 0;
}

/* What TPM2_EvictControl would keep under this handle. */
static bool persistent_good(struct tpm2 *t, const struct tpm2_object *o, u32 handle)
{
	struct tpm2_object *other;

	if (HR_TYPE(handle) != TPM_HT_PERSISTENT || o->kind != OBJ_KEY || o->public_only ||
	    o->external || o->st_clear || o->hierarchy == TPM_RH_NULL)
		return false;
	if (o->hierarchy == TPM_RH_PLATFORM ? handle < HR_PLATFORM_PERSISTENT :
					      handle >= HR_PLATFORM_PERSISTENT)
		return false;
	list_for_each_entry(other, &t->persistent, link)
		if (other->handle == handle)
			return false;
	return true;
}

int tpm2_state_persistent(struct tpm2_state_load *l, struct tpm2_reader *r)
{
	struct tpm2 *t = l->t;
	struct tpm2_object *o;
	u32 handle;
	int err;

	if (t->persistent_count >= TPM2_MAX_PERSISTENT)
		return -EOVERFLOW;
	err = read_object(l, r, &handle, &o);
	if (err)
		return err;
	if (!persistent_good(t, o, handle)) {
		tpm2_object_put(t, o);
		return -EBADMSG;
	}
	o->handle = handle;
	list_add_tail(&o->link, &t->persistent);
	t->persistent_count++;
	return 0;
}

int tpm2_state_object(struct tpm2_state_load *l, struct tpm2_reader *r)
{
	struct tpm2_object *o;
	u32 handle, slot;
	int err;

	if (!l->space)
		return -EBADMSG;
	err = read_object(l, r, &handle, &o);
	if (err)
		return err;
	slot = handle - HR_TRANSIENT;
	if (slot >= TPM2_MAX_OBJECTS || l->space->objects[slot]) {
		tpm2_object_put(l->t, o);
		return -EBADMSG;
	}
	o->handle = handle;
	l->space->objects[slot] = o;
	l->space->object_count++;
	l->t->objects++;
	return 0;
}

/* ---- sessions ---- */

static void put_session(const struct tpm2_session *se, struct vtpm_state_writer *w)
{
	vtpm_state_begin(w, STATE_SESSION, POWERED);
	tpm2_put_u32(&w->w, se->handle);
	tpm2_put_u8(&w->w, se->type);
	tpm2_session_write(&w->w, se);
	vtpm_state_end(w);
}

static void put_saved(const struct tpm2_session *se, struct vtpm_state_writer *w)
{
	vtpm_state_begin(w, STATE_SAVED_SESSION, POWERED);
	tpm2_put_u32(&w->w, se->handle);
	tpm2_put_u8(&w->w, se->type);
	tpm2_put_u16(&w->w, se->hash->id);
	tpm2_put_u64(&w->w, se->context);
	vtpm_state_end(w);
}

static void put_space(const struct tpm2_space *s, struct vtpm_state_writer *w)
{
	const struct tpm2_session *se;
	unsigned int i;

	vtpm_state_begin(w, STATE_SPACE, POWERED);
	tpm2_put_u32(&w->w, s->mark);
	vtpm_state_end(w);
	for (i = 0; i < TPM2_MAX_OBJECTS; i++)
		if (s->objects[i])
			put_object(s->objects[i], STATE_OBJECT, POWERED, w);
	list_for_each_entry(se, &s->sessions, link)
		put_session(se, w);
}

void tpm2_state_write_spaces(const struct tpm2 *t, struct vtpm_state_writer *w)
{
	const struct tpm2_session *se;
	const struct tpm2_space *s;

	list_for_each_entry(se, &t->saved, link)
		put_saved(se, w);
	list_for_each_entry(s, &t->spaces, link)
		put_space(s, w);
}

int tpm2_state_space(struct tpm2_state_load *l, struct tpm2_reader *r)
{
	u32 mark;

	if (tpm2_read_u32(r, &mark) || r->left)
		return -EBADMSG;
	if (l->spaces >= TPM2_MAX_SPACES)
		return -EOVERFLOW;
	l->space = tpm2_space_new(l->t);
	if (!l->space)
		return -ENOMEM;
	l->space->mark = mark;
	l->spaces++;
	return 0;
}

/* Its number is not another session's; then it counts, and is in @list. */
static int enlist(struct tpm2 *t, struct tpm2_session *se, struct list_head *list)
{
	u32 id = se->handle & 0xffffff;

	if (id >= TPM2_MAX_ALL_SESSIONS || test_bit(id, t->session_ids))
		return -EBADMSG;
	__set_bit(id, t->session_ids);
	list_add_tail(&se->link, list);
	t->sessions++;
	return 0;
}

static int fill_session(struct tpm2_state_load *l, struct tpm2_reader *r, struct tpm2_session *se)
{
	if (tpm2_read_u32(r, &se->handle) || tpm2_read_u8(r, &se->type) ||
	    tpm2_session_read(r, se) || r->left || !tpm2_session_good(l->t, se))
		return -EBADMSG;
	se->loaded = true;
	return enlist(l->t, se, &l->space->sessions);
}

int tpm2_state_session(struct tpm2_state_load *l, struct tpm2_reader *r)
{
	struct tpm2_session *se;
	int err;

	if (!l->space)
		return -EBADMSG;
	if (l->space->session_count >= TPM2_MAX_SESSIONS)
		return -EOVERFLOW;
	se = vt_alloc(l->t->cfg.mem, sizeof(*se));
	if (!se)
		return -ENOMEM;
	err = fill_session(l, r, se);
	if (err)
		vt_free(l->t->cfg.mem, se);
	else
		l->space->session_count++;
	return err;
}

static bool saved_good(const struct tpm2 *t, const struct tpm2_session *se)
{
	u8 ht = HR_TYPE(se->handle);

	if (se->type != TPM_SE_HMAC && se->type != TPM_SE_POLICY && se->type != TPM_SE_TRIAL)
		return false;
	return ht == (se->type == TPM_SE_HMAC ? TPM_HT_HMAC_SESSION : TPM_HT_POLICY_SESSION) &&
	       se->hash && se->context && se->context <= t->session_contexts;
}

static int fill_saved(struct tpm2 *t, struct tpm2_reader *r, struct tpm2_session *se)
{
	u16 hash;

	if (tpm2_read_u32(r, &se->handle) || tpm2_read_u8(r, &se->type) ||
	    tpm2_read_u16(r, &hash) || tpm2_read_u64(r, &se->context) || r->left)
		return -EBADMSG;
	se->hash = vt_hash_find(hash);
	return saved_good(t, se) ? enlist(t, se, &t->saved) : -EBADMSG;
}

int tpm2_state_saved_session(struct tpm2_state_load *l, struct tpm2_reader *r)
{
	struct tpm2 *t = l->t;
	struct tpm2_session *se;
	int err;

	if (t->saved_count >= TPM2_MAX_SAVED_SESSIONS)
		return -EOVERFLOW;
	se = vt_alloc(t->cfg.mem, sizeof(*se));
	if (!se)
		return -ENOMEM;
	err = fill_saved(t, r, se);
	if (err)
		vt_free(t->cfg.mem, se);
	else
		t->saved_count++;
	return err;
}
