// SPDX-License-Identifier: GPL-2.0-only
/*
 * Authorization (Part 1, 19): does each session of a command give what the
 * handle beside it asks for, and the sessions of the response.
 */
#include "engine.h"

void tpm2_trim_auth(struct tpm2b *auth)
{
	while (auth->size && !auth->data[auth->size - 1])
		auth->size--;
}

static struct tpm2b object_auth(const struct tpm2_object *o)
{
	if (o->kind != OBJ_KEY)
		return tpm2b(o->auth.data, o->auth.size);
	return o->public_only ? tpm2b(NULL, 0) : o->sens.auth;
}

/* The response of the command that undefined it is not keyed with it. */
static struct tpm2b nv_auth(const struct tpm2_nv_index *x)
{
	return x->gone ? tpm2b(NULL, 0) : tpm2b(x->auth.data, x->auth.size);
}

/* The timer has the platform's. */
static struct tpm2b handle_auth(struct tpm2 *t, u32 handle)
{
	struct tpm2_hierarchy *h =
		tpm2_hierarchy(t, handle == TPM_RH_ACT_0 ? TPM_RH_PLATFORM : handle);

	if (handle == TPM_RH_LOCKOUT)
		return tpm2b(t->lockout_auth.data, t->lockout_auth.size);
	if (tpm2_pcr_has_auth(handle))
		return tpm2b(t->pcr_auth.data, t->pcr_auth.size);
	return h ? tpm2b(h->auth.data, h->auth.size) : tpm2b(NULL, 0);
}

struct tpm2b tpm2_auth_value(struct tpm2_space *s, u32 handle)
{
	struct tpm2_object *o = tpm2_object_find(s, handle);
	struct tpm2_nv_index *x = tpm2_nv_find(s->t, handle);

	if (x)
		return nv_auth(x);
	return o ? object_auth(o) : handle_auth(s->t, handle);
}

/* Of the i-th handle; the object is the one found when the command began. */
static struct tpm2b call_auth(struct tpm2_call *c, unsigned int i)
{
	if (c->nv[i])
		return nv_auth(c->nv[i]);
	return c->objects[i] ? object_auth(c->objects[i]) : handle_auth(c->t, c->handles[i]);
}

static struct tpm2b object_policy(const struct tpm2_object *o, u16 *alg)
{
	*alg = TPM_ALG_NULL;
	if (o->kind != OBJ_KEY || o->public_only || !o->pub.policy.size)
		return tpm2b(NULL, 0);
	*alg = o->pub.name_alg;
	return o->pub.policy;
}

static struct tpm2b nv_policy(const struct tpm2_nv_index *x, u16 *alg)
{
	*alg = x->policy.size ? x->name_alg : TPM_ALG_NULL;
	return tpm2b(x->policy.data, x->policy.size);
}

static struct tpm2b handle_policy(struct tpm2 *t, u32 handle, u16 *alg)
{
	struct tpm2_hierarchy *h = tpm2_hierarchy(t, handle);

	*alg = TPM_ALG_NULL;
	if (handle == TPM_RH_LOCKOUT) {
		*alg = t->lockout_policy_alg;
		return tpm2b(t->lockout_policy.data, t->lockout_policy.size);
	}
	if (handle == TPM_RH_ACT_0) {
		*alg = t->act.policy_alg;
		return tpm2b(t->act.policy.data, t->act.policy.size);
	}
	if (tpm2_pcr_has_auth(handle)) {
		*alg = t->pcr_policy_alg;
		return tpm2b(t->pcr_policy.data, t->pcr_policy.size);
	}
	if (!h)
		return tpm2b(NULL, 0);
	*alg = h->policy_alg;
	return tpm2b(h->policy.data, h->policy.size);
}

struct tpm2b tpm2_auth_policy(struct tpm2_space *s, u32 handle, u16 *alg)
{
	struct tpm2_object *o = tpm2_object_find(s, handle);
	struct tpm2_nv_index *x = tpm2_nv_find(s->t, handle);

	if (x)
		return nv_policy(x, alg);
	return o ? object_policy(o, alg) : handle_policy(s->t, handle, alg);
}

/* Of the i-th handle; TPM_ALG_NULL also where it may not be used for this command. */
static struct tpm2b call_policy(struct tpm2_call *c, unsigned int i, u16 *alg)
{
	struct tpm2b policy;

	if (c->objects[i])
		return object_policy(c->objects[i], alg);
	if (!c->nv[i])
		return handle_policy(c->t, c->handles[i], alg);
	policy = nv_policy(c->nv[i], alg);
	if (!tpm2_nv_policy_available(c->nv[i], c->cmd->code))
		*alg = TPM_ALG_NULL;
	return policy;
}

static bool object_is_da(const struct tpm2_object *o)
{
	return o->kind == OBJ_KEY && !(o->pub.attrs & TPMA_OBJECT_NODA);
}

bool tpm2_is_da(struct tpm2_space *s, u32 handle)
{
	struct tpm2_object *o = tpm2_object_find(s, handle);
	struct tpm2_nv_index *x = tpm2_nv_find(s->t, handle);

	if (x)
		return !(x->attrs & TPMA_NV_NO_DA);
	return o ? object_is_da(o) : handle == TPM_RH_LOCKOUT;
}

static bool call_is_da(struct tpm2_call *c, unsigned int i)
{
	if (c->nv[i])
		return !(c->nv[i]->attrs & TPMA_NV_NO_DA);
	return c->objects[i] ? object_is_da(c->objects[i]) : c->handles[i] == TPM_RH_LOCKOUT;
}

/* ---- what goes into the HMACs (Part 1, 16) ---- */

static void hash_names(struct tpm2_call *c, struct vt_hash_ctx *h)
{
	u8 name[TPM2_NAME_MAX];
	unsigned int i;

	for (i = 0; i < c->cmd->n_handles; i++) {
		const struct tpm2_object *o = c->objects[i];

		if (o)
			vt_hash_update(h, o->name, o->name_size);
		else
			vt_hash_update(h, name, tpm2_entity_name(c->space, c->handles[i], name));
	}
}

void tpm2_cp_hash(struct tpm2_call *c, const struct vt_hash_alg *alg, u8 *out)
{
	struct vt_hash_ctx h;
	u8 code[4];

	put_unaligned_be32(c->cmd->code, code);
	vt_hash_init(&h, alg);
	vt_hash_update(&h, code, sizeof(code));
	hash_names(c, &h);
	vt_hash_update(&h, c->params.data, c->params.size);
	vt_hash_final(&h, out);
}

void tpm2_name_hash(struct tpm2_call *c, const struct vt_hash_alg *alg, u8 *out)
{
	struct vt_hash_ctx h;

	vt_hash_init(&h, alg);
	hash_names(c, &h);
	vt_hash_final(&h, out);
}

void tpm2_rp_hash(struct tpm2_call *c, const struct vt_hash_alg *alg, struct tpm2b params, u8 *out)
{
	struct vt_hash_ctx h;
	u8 head[8];

	put_unaligned_be32(0, head);
	put_unaligned_be32(c->cmd->code, head + 4);
	vt_hash_init(&h, alg);
	vt_hash_update(&h, head, sizeof(head));
	vt_hash_update(&h, params.data, params.size);
	vt_hash_final(&h, out);
}

static int auth_index(struct tpm2_call *c, const struct tpm2_auth *a)
{
	return a->entity == TPM_RH_UNASSIGNED ? -1 : (int)(a - c->auths);
}

/* Is the session still bound to its entity, with the auth value it had then? */
static bool bound_to(struct tpm2_call *c, const struct tpm2_session *se, int i)
{
	u8 id[32];
	bool same;

	if (!se->bound)
		return false;
	tpm2_session_bind_id(c->space, c->handles[i], id);
	same = !crypto_memneq(id, se->bind_id, sizeof(id));
	memzero_explicit(id, sizeof(id));
	return same;
}

/* Is the entity's auth value part of the HMAC key? The session's kind says so (Part 1, 19.6.5). */
static bool auth_included(struct tpm2_call *c, const struct tpm2_auth *a)
{
	const struct tpm2_session *se = a->session;
	int i = auth_index(c, a);

	if (i < 0)
		return false;
	return se->type == TPM_SE_HMAC ? !bound_to(c, se, i) : se->auth_value_needed;
}

/*
 * The response's HMAC has the auth value in its key if the command's had it, and
 * then the new one where the command has changed it (Part 1, 19.6.10).
 */
static u16 hmac_key(struct tpm2_call *c, const struct tpm2_auth *a, u8 key[2 * VT_MAX_DIGEST])
{
	const struct tpm2_session *se = a->session;
	struct tpm2b auth = tpm2b(NULL, 0);

	memcpy(key, se->key.data, se->key.size);
	if (a->include_auth)
		auth = call_auth(c, auth_index(c, a));
	if (auth.size)
		memcpy(key + se->key.size, auth.data, auth.size);
	return se->key.size + auth.size;
}

static void hmac_nonces(struct tpm2_call *c, const struct tpm2_auth *a, struct vt_hmac_ctx *h)
{
	const struct tpm2_session *se;

	if (a != c->auths)	/* the first session alone binds the others' nonces */
		return;
	if (c->decrypt > 0) {
		se = c->auths[c->decrypt].session;
		vt_hmac_update(h, se->nonce_tpm.data, se->nonce_tpm.size);
	}
	if (c->encrypt > 0 && c->encrypt != c->decrypt) {
		se = c->auths[c->encrypt].session;
		vt_hmac_update(h, se->nonce_tpm.data, se->nonce_tpm.size);
	}
}

static noinline void command_hmac(struct tpm2_call *c, const struct tpm2_auth *a, const u8 *key,
				  u16 key_len, u8 *mac)
{
	const struct tpm2_session *se = a->session;
	u8 cp[VT_MAX_DIGEST];
	struct vt_hmac_ctx h;

	tpm2_cp_hash(c, se->hash, cp);
	vt_hmac_init(&h, se->hash, key, key_len);
	vt_hmac_update(&h, cp, se->hash->digest_size);
	vt_hmac_update(&h, a->nonce.data, a->nonce.size);
	vt_hmac_update(&h, se->nonce_tpm.data, se->nonce_tpm.size);
	hmac_nonces(c, a, &h);
	vt_hmac_update(&h, &a->attrs, 1);
	vt_hmac_final(&h, mac);
}

/* ---- checks ---- */

static bool constant_equal(struct tpm2b a, struct tpm2b b)
{
	return a.size == b.size && (!a.size || !crypto_memneq(a.data, b.data, a.size));
}

/* A failure counts against the dictionary-attack logic where the entity is under it. */
static tpm_rc auth_failed(struct tpm2_call *c, const struct tpm2_auth *a)
{
	int i = auth_index(c, a);
	bool lockout = i >= 0 && c->handles[i] == TPM_RH_LOCKOUT;
	bool da = i >= 0 && call_is_da(c, i);

	if (a->session) {	/* whatever it authorizes, what it is bound to was guessed at */
		da |= a->session->bound_da;
		lockout |= a->session->bound_lockout;
	}
	if (!da)
		return TPM_RC_BAD_AUTH;
	tpm2_da_failed(c->t, lockout);
	return TPM_RC_AUTH_FAIL;
}

static tpm_rc check_password(struct tpm2_call *c, const struct tpm2_auth *a)
{
	struct tpm2b given = a->hmac;

	tpm2_trim_auth(&given);
	return constant_equal(given, call_auth(c, auth_index(c, a))) ?
	       TPM_RC_SUCCESS : auth_failed(c, a);
}

static tpm_rc check_hmac(struct tpm2_call *c, struct tpm2_auth *a)
{
	u8 key[2 * VT_MAX_DIGEST], mac[VT_MAX_DIGEST];
	u16 size = 0, key_len;
	bool same;

	a->include_auth = auth_included(c, a);
	key_len = hmac_key(c, a, key);
	/* where there is nothing secret to prove the field may be empty */
	if (key_len || a->hmac.size) {
		command_hmac(c, a, key, key_len, mac);
		size = a->session->hash->digest_size;
	}
	same = constant_equal(a->hmac, tpm2b(mac, size));
	memzero_explicit(key, sizeof(key));
	memzero_explicit(mac, sizeof(mac));
	return same ? TPM_RC_SUCCESS : auth_failed(c, a);
}

static tpm_rc check_locked(struct tpm2 *t, bool da, bool lockout)
{
	if (!da && !lockout)
		return TPM_RC_SUCCESS;
	tpm2_da_self_heal(t);
	if (lockout)	/* a failure is written at once, and counts apart */
		return t->da.lockout_enabled ? TPM_RC_SUCCESS : TPM_RC_LOCKOUT;
	if (!t->da_used)
		tpm2_disorder(t);
	t->da_used = true;
	return tpm2_da_locked(t) ? TPM_RC_LOCKOUT : TPM_RC_SUCCESS;
}

/*
 * A session that authorizes nothing. Its key may come from an auth value that
 * it was bound to, so its HMAC could be used to try guesses.
 */
static tpm_rc check_extra_session(struct tpm2_call *c, struct tpm2_auth *a)
{
	tpm_rc rc = check_locked(c->t, a->session->bound_da, a->session->bound_lockout);

	return rc ? rc : check_hmac(c, a);
}

/* May the auth value authorize this handle in this role? */
static bool auth_value_available(struct tpm2_call *c, int i)
{
	const struct tpm2_object *o = c->objects[i];

	if (c->nv[i])
		return tpm2_nv_auth_available(c->nv[i], c->cmd->code);
	if (!o || o->kind != OBJ_KEY)
		return true;
	if (o->public_only)
		return false;
	switch (c->cmd->roles[i]) {
	case ROLE_USER:
		return o->pub.attrs & TPMA_OBJECT_USERWITHAUTH;
	case ROLE_ADMIN:
		return !(o->pub.attrs & TPMA_OBJECT_ADMINWITHPOLICY);
	default:
		return false;
	}
}

static bool policy_required(struct tpm2_call *c, int i)
{
	const struct tpm2_object *o = c->objects[i];
	u16 alg;

	if (HR_TYPE(c->handles[i]) == TPM_HT_PCR) {	/* one that has a policy */
		call_policy(c, i, &alg);
		return alg != TPM_ALG_NULL;
	}
	if (c->cmd->roles[i] == ROLE_DUP || (c->cmd->roles[i] == ROLE_ADMIN && c->nv[i]))
		return true;
	return c->cmd->roles[i] == ROLE_ADMIN && o && o->kind == OBJ_KEY &&
	       (o->pub.attrs & TPMA_OBJECT_ADMINWITHPOLICY);
}

static tpm_rc check_bound_hash(struct tpm2_call *c, const struct tpm2_session *se)
{
	u8 digest[VT_MAX_DIGEST];

	if (se->bind_what == BIND_CP_HASH)
		tpm2_cp_hash(c, se->hash, digest);
	else if (se->bind_what == BIND_NAME_HASH)
		tpm2_name_hash(c, se->hash, digest);
	else if (se->bind_what == BIND_PARAMETERS)
		tpm2_parameter_hash(c, se->hash, digest);
	else if (se->bind_what != BIND_TEMPLATE)
		return TPM_RC_SUCCESS;
	else if (!tpm2_template_hash(c, se->hash, digest))
		return TPM_RC_POLICY_FAIL;
	return constant_equal(tpm2b(se->bind_hash.data, se->bind_hash.size),
			      tpm2b(digest, se->hash->digest_size)) ?
		       TPM_RC_SUCCESS :
		       TPM_RC_POLICY_FAIL;
}

/* A bit for each of localities 0 to 4, or the number of one above 31 (Part 2, 8.5) */
static bool at_locality(u8 wanted, u8 locality)
{
	return wanted > 31 ? wanted == locality : locality < 5 && wanted & BIT(locality);
}

/* What a policy session has gathered against what the entity and the command want. */
static tpm_rc check_policy(struct tpm2_call *c, const struct tpm2_session *se, int i)
{
	struct tpm2b policy;
	u16 alg;

	if (se->pcr_checked && se->pcr_counter != c->t->pcr_counter)
		return TPM_RC_PCR_CHANGED;
	policy = call_policy(c, i, &alg);
	if (se->hash->id != alg ||
	    !constant_equal(policy, tpm2b(se->policy, se->hash->digest_size)))
		return TPM_RC_POLICY_FAIL;
	if (se->timeout && (se->epoch != c->t->time_epoch || se->timeout < tpm2_time(c->t)))
		return TPM_RC_EXPIRED;
	if (se->command_code && se->command_code != c->cmd->code)
		return TPM_RC_POLICY_CC;
	if (!se->command_code && c->cmd->roles[i] != ROLE_USER)
		return TPM_RC_POLICY_FAIL;
	if (se->locality && !at_locality(se->locality, c->locality))
		return TPM_RC_LOCALITY;
	if (se->pp_required && !c->t->presence)
		return TPM_RC_PP;
	if (se->nv_written_set &&
	    (!c->nv[i] || se->nv_written != !!(c->nv[i]->attrs & TPMA_NV_WRITTEN)))
		return TPM_RC_POLICY_FAIL;
	return check_bound_hash(c, se);
}

/*
 * Does the entity have what the session is to prove? TPM2_PolicySecret wants
 * the secret itself: a policy without it will not do (Part 3, 23.4).
 */
static tpm_rc check_available(struct tpm2_call *c, bool policy, bool value, int i)
{
	u16 alg;

	if (!policy && policy_required(c, i))
		return TPM_RC_AUTH_TYPE;
	if (!policy)
		return auth_value_available(c, i) ? TPM_RC_SUCCESS : TPM_RC_AUTH_UNAVAILABLE;
	call_policy(c, i, &alg);
	/* an empty policy of objects and PCRs is one that nothing satisfies: see check_policy() */
	if (alg == TPM_ALG_NULL && !tpm2_pcr_has_auth(c->handles[i]) &&
	    (!c->objects[i] || c->objects[i]->public_only || c->objects[i]->kind != OBJ_KEY))
		return TPM_RC_AUTH_UNAVAILABLE;
	return value || c->cmd->code != TPM_CC_PolicySecret ? TPM_RC_SUCCESS : TPM_RC_MODE;
}

static tpm_rc check_auth_session(struct tpm2_call *c, struct tpm2_auth *a, int i)
{
	struct tpm2_session *se = a->session;
	bool policy = se && se->type != TPM_SE_HMAC;
	bool value = !policy || se->auth_value_needed || se->password_needed;
	tpm_rc rc;

	if (c->handles[i] == TPM_RH_PLATFORM && tpm2_presence_missing(c->t, c->cmd->code))
		return TPM_RC_PP;
	if (value)
		rc = check_locked(c->t, call_is_da(c, i) || (se && se->bound_da),
				  c->handles[i] == TPM_RH_LOCKOUT || (se && se->bound_lockout));
	else
		rc = TPM_RC_SUCCESS;
	if (!rc)
		rc = check_available(c, policy, value, i);
	if (!rc && policy)
		rc = check_policy(c, se, i);
	if (rc)
		return rc;
	rc = !se || se->password_needed ? check_password(c, a) : check_hmac(c, a);
	if (c->nv[i] && value)
		tpm2_nv_auth_done(c->t, c->nv[i], !rc);
	return rc;
}

tpm_rc tpm2_check_auths(struct tpm2_call *c)
{
	unsigned int i;
	tpm_rc rc;

	for (i = 0; i < c->n_auths; i++) {
		struct tpm2_auth *a = &c->auths[i];

		if (a->session && a->session->type == TPM_SE_TRIAL)
			rc = TPM_RC_ATTRIBUTES;	/* proves nothing, for no purpose */
		else if (a->entity != TPM_RH_UNASSIGNED)
			rc = check_auth_session(c, a, i);
		else
			rc = check_extra_session(c, a);
		if (rc)
			return tpm2_at_session(rc, i + 1);
	}
	if (c->audit >= 0)	/* the parameters may be decrypted in place later */
		tpm2_cp_hash(c, c->auths[c->audit].session->hash, c->audit_cp);
	return TPM_RC_SUCCESS;
}

/* ---- response ---- */

static noinline void response_hmac(struct tpm2_call *c, const struct tpm2_auth *a,
				   struct tpm2b params, u8 attrs, const u8 *key, u16 key_len,
				   u8 *mac)
{
	const struct tpm2_session *se = a->session;
	u8 rp[VT_MAX_DIGEST];
	struct vt_hmac_ctx h;

	tpm2_rp_hash(c, se->hash, params, rp);
	vt_hmac_init(&h, se->hash, key, key_len);
	vt_hmac_update(&h, rp, se->hash->digest_size);
	vt_hmac_update(&h, se->nonce_tpm.data, se->nonce_tpm.size);
	vt_hmac_update(&h, a->nonce.data, a->nonce.size);
	vt_hmac_update(&h, &attrs, 1);
	vt_hmac_final(&h, mac);
}

static void write_session(struct tpm2_call *c, struct tpm2_auth *a, struct tpm2_writer *w,
			  struct tpm2b params)
{
	u8 key[2 * VT_MAX_DIGEST], mac[VT_MAX_DIGEST], attrs = a->attrs;
	struct tpm2_session *se = a->session;
	u16 key_len, size = 0;

	if (!se) {	/* a password is answered with nothing */
		tpm2_put_u16(w, 0);
		tpm2_put_u8(w, attrs | TPMA_SESSION_CONTINUE);
		tpm2_put_u16(w, 0);
		return;
	}
	if (attrs & TPMA_SESSION_AUDIT && c->t->exclusive == se->handle)
		attrs |= TPMA_SESSION_AUDITEXCLUSIVE;
	key_len = hmac_key(c, a, key);
	if ((key_len || a->hmac.size) && !se->password_needed) {
		response_hmac(c, a, params, attrs, key, key_len, mac);
		size = se->hash->digest_size;
	}
	tpm2_put_2b(w, se->nonce_tpm.data, se->nonce_tpm.size);
	tpm2_put_u8(w, attrs);
	tpm2_put_2b(w, mac, size);
	memzero_explicit(key, sizeof(key));
}

/* Audit digest and exclusivity (Part 1, 19.6.6 and Part 3, 5.5). */
static noinline void update_audit(struct tpm2_call *c, struct tpm2b params)
{
	const struct tpm2_auth *a = &c->auths[c->audit];
	struct tpm2_session *se = a->session;
	u8 digest[VT_MAX_DIGEST];
	struct vt_hash_ctx h;

	if (!se->audit || a->attrs & TPMA_SESSION_AUDITRESET) {
		memset(se->policy, 0, sizeof(se->policy));
		se->audit = true;
		se->bound = false;	/* no longer: Part 1, 19.6.7 */
		c->t->exclusive = se->handle;
	}
	vt_hash_init(&h, se->hash);
	vt_hash_update(&h, se->policy, se->hash->digest_size);
	vt_hash_update(&h, c->audit_cp, se->hash->digest_size);
	tpm2_rp_hash(c, se->hash, params, digest);
	vt_hash_update(&h, digest, se->hash->digest_size);
	vt_hash_final(&h, se->policy);
}

void tpm2_finish_auths(struct tpm2_call *c, struct tpm2_writer *w, struct tpm2b rparams)
{
	unsigned int i;

	if (c->audit >= 0)
		update_audit(c, rparams);
	for (i = 0; i < c->n_auths; i++)
		write_session(c, &c->auths[i], w, rparams);
	for (i = 0; i < c->n_auths; i++) {
		struct tpm2_session *se = c->auths[i].session;

		if (!se)
			continue;
		if (!(c->auths[i].attrs & TPMA_SESSION_CONTINUE)) {
			tpm2_session_free(c->t, se);
		} else if (se->type != TPM_SE_HMAC) {	/* a new nonce: its time begins anew */
			tpm2_policy_reset(se);
			se->start = tpm2_time(c->t);
			se->epoch = c->t->time_epoch;
		}
	}
}

struct tpm2b tpm2_call_extra_key(struct tpm2_call *c, int i)
{
	return c->auths[i].entity == TPM_RH_UNASSIGNED ? tpm2b(NULL, 0) : call_auth(c, i);
}
