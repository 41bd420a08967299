// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts, and what makes objects last (Part 1, 30 and Part 3, 28). A blob is
 * a TPM2B integrity value, an HMAC with the hierarchy's proof, and the encrypted
 * body. Nothing of the body is looked at before the HMAC has been found right.
 */
#include "commands.h"

#define SAVED_OBJECT	HR_TRANSIENT
#define SAVED_SEQUENCE	(HR_TRANSIENT | 1)
#define SAVED_ST_CLEAR	(HR_TRANSIENT | 2)
#define CONTEXT_BITS	256	/* of the AES key */
#define MAC_SIZE	64	/* SHA-512 */
#define MIN_BODY	8

/* ---- protection ---- */

static tpm_rc crypt_body(struct tpm2 *t, const struct tpms_context *ctx, bool encrypt, u8 *body,
			 u32 len)
{
	const struct vt_hash_alg *sha512 = vt_hash_find(TPM_ALG_SHA512);
	u8 material[CONTEXT_BITS / 8 + VT_AES_BLOCK], sequence[8], handle[4];
	int err;

	put_unaligned_be64(ctx->sequence, sequence);
	put_unaligned_be32(ctx->handle, handle);
	vt_kdfa(sha512, tpm2_proof(t, ctx->hierarchy), TPM2_PROOF_SIZE, "CONTEXT", sequence,
		sizeof(sequence), handle, sizeof(handle), 8 * sizeof(material), material);
	err = vt_aes_cfb(material, CONTEXT_BITS, material + CONTEXT_BITS / 8, encrypt, body, len);
	memzero_explicit(material, sizeof(material));
	return tpm2_rc(err, TPM_RC_FAILURE);
}

/*
 * The counters end a context's life: a TPM Reset ends all, a TPM Restart those
 * with stClear. Sessions and the null hierarchy also lose their proof at a reset.
 */
static void context_mac(struct tpm2 *t, const struct tpms_context *ctx, struct tpm2b body, u8 *mac)
{
	const struct vt_hash_alg *sha512 = vt_hash_find(TPM_ALG_SHA512);
	struct vt_hmac_ctx h;
	u8 head[24];

	put_unaligned_be32(t->reset_epoch, head);
	put_unaligned_be32(ctx->handle == SAVED_ST_CLEAR ? t->clear_count : 0, head + 4);
	put_unaligned_be64(ctx->sequence, head + 8);
	put_unaligned_be32(ctx->handle, head + 16);
	put_unaligned_be32(ctx->hierarchy, head + 20);
	vt_hmac_init(&h, sha512, tpm2_proof(t, ctx->hierarchy), TPM2_PROOF_SIZE);
	vt_hmac_update(&h, head, sizeof(head));
	vt_hmac_update(&h, body.data, body.size);
	vt_hmac_final(&h, mac);
}

static struct tpm2_writer start_blob(struct tpm2_call *c, u32 body_room)
{
	u32 room = 2 + MAC_SIZE + body_room;
	struct tpm2_writer w = tpm2_writer(tpm2_scratch(c, room), room);

	if (!w.p) {
		w.full = true;
		return w;
	}
	tpm2_put_u16(&w, MAC_SIZE);
	w.len += MAC_SIZE;
	return w;
}

static tpm_rc seal_blob(struct tpm2 *t, struct tpm2_writer *w, struct tpms_context *ctx)
{
	struct tpm2b body = tpm2b(w->p + 2 + MAC_SIZE, w->len - 2 - MAC_SIZE);
	tpm_rc rc;

	if (w->full)
		return TPM_RC_FAILURE;
	rc = crypt_body(t, ctx, true, body.data, body.size);
	if (rc)
		return rc;
	context_mac(t, ctx, body, w->p + 2);
	ctx->blob = tpm2b(w->p, w->len);
	return TPM_RC_SUCCESS;
}

/*
 * On success @body reads a decrypted copy. Errors of the integrity value's own
 * form name no parameter, as deployed TPMs have it.
 */
static tpm_rc open_blob(struct tpm2_call *c, const struct tpms_context *ctx,
			struct tpm2_reader *body)
{
	struct tpm2_reader r = { .p = ctx->blob.data, .left = ctx->blob.size };
	struct tpm2b integrity;
	u8 mac[MAC_SIZE];
	tpm_rc rc;

	rc = tpm2_read_2b(&r, MAC_SIZE, &integrity);
	if (rc)
		return rc;
	if (integrity.size != MAC_SIZE || r.left < MIN_BODY)
		return tpm2_param(TPM_RC_SIZE, 1);
	context_mac(c->t, ctx, tpm2b(r.p, r.left), mac);
	if (crypto_memneq(mac, integrity.data, MAC_SIZE))
		return tpm2_param(TPM_RC_INTEGRITY, 1);
	*body = (struct tpm2_reader){ .p = tpm2_scratch(c, r.left), .left = r.left };
	if (!body->p)
		return TPM_RC_FAILURE;
	memcpy(body->p, r.p, r.left);
	return crypt_body(c->t, ctx, false, body->p, body->left);
}

/* ---- sessions ---- */

/* What stays of a session whose context is out: enough to know it again. */
static void strip_session(struct tpm2_session *se)
{
	struct tpm2_session stub = {
		.handle = se->handle,
		.type = se->type,
		.hash = se->hash,
	};

	list_del(&se->link);
	memzero_explicit(se, sizeof(*se));
	*se = stub;
}

static tpm_rc save_session(struct tpm2_call *c, struct tpms_context *ctx)
{
	struct tpm2_session *se = c->sessions[0];
	struct tpm2 *t = c->t;
	struct tpm2_writer w;
	tpm_rc rc;

	if (t->saved_count >= TPM2_MAX_SAVED_SESSIONS)
		return TPM_RC_TOO_MANY_CONTEXTS;
	*ctx = (struct tpms_context){
		.sequence = t->session_contexts + 1,
		.handle = se->handle,
		.hierarchy = TPM_RH_NULL,
	};
	w = start_blob(c, sizeof(*se));
	tpm2_session_write(&w, se);
	rc = seal_blob(t, &w, ctx);
	if (rc)
		return rc;
	strip_session(se);
	se->context = ++t->session_contexts;
	list_add_tail(&se->link, &t->saved);
	c->space->session_count--;
	t->saved_count++;
	tpm2_disorder(t);
	return TPM_RC_SUCCESS;
}

static tpm_rc load_session(struct tpm2_call *c, const struct tpms_context *ctx)
{
	struct tpm2_session *se, *fresh;
	struct tpm2_reader body;
	tpm_rc rc;

	rc = open_blob(c, ctx, &body);
	if (rc)
		return rc;
	/* only the newest context of a session is one */
	se = tpm2_session_find_saved(c->t, ctx->handle);
	if (!se || se->context != ctx->sequence)
		return tpm2_param(TPM_RC_HANDLE, 1);
	if (c->space->session_count >= tpm2_max_loaded(c->t))
		return TPM_RC_SESSION_MEMORY;
	fresh = tpm2_scratch(c, sizeof(*fresh));
	if (!fresh)
		return TPM_RC_FAILURE;
	memset(fresh, 0, sizeof(*fresh));
	if (tpm2_session_read(&body, fresh) || body.left)
		return TPM_RC_FAILURE;
	fresh->handle = se->handle;
	fresh->type = se->type;
	fresh->loaded = true;
	list_del(&se->link);
	*se = *fresh;
	list_add_tail(&se->link, &c->space->sessions);
	c->space->session_count++;
	c->t->saved_count--;
	tpm2_disorder(c->t);
	c->out_handle = se->handle;
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_ContextSave ---- */

struct context_save_out {
	struct tpms_context context;
};

static const struct desc_field context_save_out_fields[] = {
	FIELD(struct context_save_out, context, desc_context),
};

const struct desc tpm2_context_save_out =
	DESC_STRUCT(struct context_save_out, context_save_out_fields);

static u32 saved_handle(const struct tpm2_object *o)
{
	if (o->kind != OBJ_KEY)
		return SAVED_SEQUENCE;
	return o->st_clear ? SAVED_ST_CLEAR : SAVED_OBJECT;
}

static tpm_rc save_object(struct tpm2_call *c, struct tpms_context *ctx)
{
	const struct tpm2_object *o = c->objects[0];
	struct tpm2_writer w = tpm2_counter();
	tpm_rc rc;

	*ctx = (struct tpms_context){
		.sequence = c->t->object_contexts + 1,
		.handle = saved_handle(o),
		.hierarchy = o->hierarchy,
	};
	tpm2_object_write(&w, o);
	w = start_blob(c, w.len);
	tpm2_object_write(&w, o);
	rc = seal_blob(c->t, &w, ctx);
	if (rc)
		return rc;
	c->t->object_contexts++;
	tpm2_disorder(c->t);
	return TPM_RC_SUCCESS;
}

/*
 * TPM2_ContextSave (28.2). TPM_RC_TOO_MANY_CONTEXTS. A session is not loaded any more
 * afterwards, an object stays.
 */
tpm_rc tpm2_cmd_context_save(struct tpm2_call *c)
{
	struct context_save_out *out = (void *)c->out;

	return c->objects[0] ? save_object(c, &out->context) : save_session(c, &out->context);
}

/* ---- TPM2_ContextLoad ---- */

struct context_load_in {
	struct tpms_context context;
};

static const struct desc_field context_load_in_fields[] = {
	FIELD(struct context_load_in, context, desc_context),
};

const struct desc tpm2_context_load_in =
	DESC_STRUCT(struct context_load_in, context_load_in_fields);

/* The policy may have changed since it was saved. */
static tpm_rc check_profile(const struct tpm2 *t, const struct tpm2_object *o)
{
	const struct tpm2_profile *p = tpm2_profile(t);

	return p ? tpm2_at_param(tpm2_profile_object(p, o), 1) : TPM_RC_SUCCESS;
}

static tpm_rc load_object(struct tpm2_call *c, const struct tpms_context *ctx)
{
	struct tpm2_reader body;
	struct tpm2_object *o;
	tpm_rc rc;

	rc = open_blob(c, ctx, &body);
	if (rc)
		return rc;
	if (!tpm2_hierarchy(c->t, ctx->hierarchy)->enabled)
		return tpm2_param(TPM_RC_HIERARCHY, 1);
	if (!tpm2_object_room(c->space))
		return TPM_RC_OBJECT_MEMORY;
	rc = tpm2_object_read(c->t, &body, ctx->hierarchy, &o);
	if (rc)
		return rc;
	rc = body.left ? TPM_RC_FAILURE : check_profile(c->t, o);
	if (!rc)
		rc = tpm2_object_install(c->space, o);
	if (rc)
		tpm2_object_put(c->t, o);
	else
		c->out_handle = o->handle;
	return rc;
}

/*
 * TPM2_ContextLoad (28.3). TPM_RC_HANDLE: not the newest context of a saved session;
 * TPM_RC_INTEGRITY, TPM_RC_SIZE, TPM_RC_INSUFFICIENT; TPM_RC_HIERARCHY: it is
 * disabled; TPM_RC_OBJECT_MEMORY, TPM_RC_SESSION_MEMORY, TPM_RC_MEMORY. An object with an
 * algorithm that the policy has taken away since: TPM_RC_TYPE, TPM_RC_HASH, TPM_RC_CURVE,
 * TPM_RC_SCHEME, as if its public area came in.
 */
tpm_rc tpm2_cmd_context_load(struct tpm2_call *c)
{
	struct context_load_in *in = (void *)c->in;

	if (HR_TYPE(in->context.handle) == TPM_HT_TRANSIENT)
		return load_object(c, &in->context);
	return load_session(c, &in->context);
}

/* ---- TPM2_FlushContext ---- */

struct flush_context_in {
	u32 handle;
};

static const struct desc_field flush_context_in_fields[] = {
	FIELD(struct flush_context_in, handle, desc_dh_context),
};

const struct desc tpm2_flush_context_in =
	DESC_STRUCT(struct flush_context_in, flush_context_in_fields);

/*
 * The handle's type does not matter here: a list of the saved sessions says
 * nothing about theirs (Part 2, 7.2), and who has it must be able to end them.
 */
static struct tpm2_session *find_session(struct tpm2_call *c, u32 handle)
{
	u32 number = handle & 0xffffff;
	struct tpm2_session *se;

	se = tpm2_session_find(c->space, HR_HMAC_SESSION | number);
	if (!se)
		se = tpm2_session_find(c->space, HR_POLICY_SESSION | number);
	if (!se)
		se = tpm2_session_find_saved(c->t, HR_HMAC_SESSION | number);
	if (!se)
		se = tpm2_session_find_saved(c->t, HR_POLICY_SESSION | number);
	return se;
}

/*
 * TPM2_FlushContext (28.4). TPM_RC_HANDLE: nothing of that handle is loaded. A saved
 * session belongs to no space, so that it may be ended from any.
 */
tpm_rc tpm2_cmd_flush_context(struct tpm2_call *c)
{
	struct flush_context_in *in = (void *)c->in;
	struct tpm2_session *se;
	struct tpm2_object *o;

	if (HR_TYPE(in->handle) == TPM_HT_TRANSIENT) {
		o = tpm2_object_find(c->space, in->handle);
		if (!o)
			return tpm2_param(TPM_RC_HANDLE, 1);
		tpm2_object_flush(c->space, o);
		return TPM_RC_SUCCESS;
	}
	se = find_session(c, in->handle);
	if (!se)
		return tpm2_param(TPM_RC_HANDLE, 1);
	tpm2_session_free(c->t, se);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_EvictControl ---- */

struct evict_control_in {
	u32 persistent;
};

static const struct desc_field evict_control_in_fields[] = {
	FIELD(struct evict_control_in, persistent, desc_dh_persistent),
};

const struct desc tpm2_evict_control_in =
	DESC_STRUCT(struct evict_control_in, evict_control_in_fields);

static bool is_persistent(const struct tpm2_object *o)
{
	return HR_TYPE(o->handle) == TPM_HT_PERSISTENT;
}

/* May this authorization keep this object under this handle? */
static tpm_rc check_owner(u32 auth, const struct tpm2_object *o, u32 persistent)
{
	bool platform = auth == TPM_RH_PLATFORM;
	bool platform_object = o->hierarchy == TPM_RH_PLATFORM;
	bool platform_handle = persistent >= HR_PLATFORM_PERSISTENT;

	if (platform && is_persistent(o))
		return TPM_RC_SUCCESS;	/* it may end whatever is there */
	if (platform != platform_object)
		return tpm2_handle_rc(TPM_RC_HIERARCHY, 2);
	if (!is_persistent(o) && platform != platform_handle)
		return tpm2_param(TPM_RC_RANGE, 1);
	return TPM_RC_SUCCESS;
}

static tpm_rc make_persistent(struct tpm2_call *c, const struct tpm2_object *from, u32 handle)
{
	struct tpm2 *t = c->t;
	struct tpm2_object *o;
	tpm_rc rc;

	if (tpm2_object_find(c->space, handle))
		return TPM_RC_NV_DEFINED;
	if (t->persistent_count >= TPM2_MAX_PERSISTENT)
		return TPM_RC_NV_SPACE;
	rc = tpm2_object_copy(t, &from->pub, &from->sens, from->hierarchy, &o);
	if (rc)
		return rc;
	o->handle = handle;
	o->primary = from->primary;
	o->qualified_size = from->qualified_size;
	memcpy(o->qualified, from->qualified, from->qualified_size);
	list_add_tail(&o->link, &t->persistent);
	t->persistent_count++;
	return TPM_RC_SUCCESS;
}

/* Another command may be at work with it in another space; it keeps its reference. */
static void end_persistent(struct tpm2 *t, struct tpm2_object *o)
{
	list_del_init(&o->link);
	t->persistent_count--;
	tpm2_object_put(t, o);
}

/*
 * TPM2_EvictControl (28.5). TPM_RC_ATTRIBUTES: a sequence, an object with stClear, of
 * the null hierarchy or without its private part; TPM_RC_HANDLE: a persistent object
 * is named by another handle; TPM_RC_HIERARCHY and TPM_RC_RANGE: auth does not go with
 * object or handle; TPM_RC_NV_DEFINED, TPM_RC_NV_SPACE, TPM_RC_MEMORY.
 */
tpm_rc tpm2_cmd_evict_control(struct tpm2_call *c)
{
	struct evict_control_in *in = (void *)c->in;
	struct tpm2_object *o = c->objects[1];
	tpm_rc rc;

	if (o->kind != OBJ_KEY || o->hierarchy == TPM_RH_NULL || o->st_clear || o->public_only)
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 2);
	if (is_persistent(o) && o->handle != in->persistent)
		return tpm2_handle_rc(TPM_RC_HANDLE, 2);
	rc = check_owner(c->handles[0], o, in->persistent);
	if (rc)
		return rc;
	if (!is_persistent(o))
		return make_persistent(c, o, in->persistent);
	end_persistent(c->t, o);
	return TPM_RC_SUCCESS;
}
