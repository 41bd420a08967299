// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way of a command (Part 1, 18 and Part 3, 5): header, table row, handles,
 * sessions, parameters, action, response. One linear pipeline for all.
 */
#include "engine.h"

#define HEADER_SIZE	10	/* tag, size, code */

/* ---- errors ---- */

static bool takes_position(tpm_rc rc)
{
	u32 v = (__force u32)rc;

	return (v & 0x80) && !(v & ~0xbfu);	/* format one, nothing added yet */
}

tpm_rc tpm2_at_handle(tpm_rc rc, unsigned int n)
{
	return takes_position(rc) ? tpm2_handle_rc(rc, n) : rc;
}

tpm_rc tpm2_at_session(tpm_rc rc, unsigned int n)
{
	return takes_position(rc) ? tpm2_session_rc(rc, n) : rc;
}

tpm_rc tpm2_at_param(tpm_rc rc, unsigned int n)
{
	return takes_position(rc) ? tpm2_param(rc, n) : rc;
}

tpm_rc tpm2_rc(int err, tpm_rc bad)
{
	switch (err) {
	case 0:
		return TPM_RC_SUCCESS;
	case -EINVAL:
	case -EBADMSG:
		return bad;
	case -ENOMEM:
		return TPM_RC_MEMORY;
	case -EINTR:
		return TPM_RC_CANCELED;
	default:
		return TPM_RC_FAILURE;
	}
}

/* ---- services of a call ---- */

void *tpm2_scratch(struct tpm2_call *c, u32 size)
{
	void *p = c->scratch + c->used;

	size = (size + 15) & ~15u;
	if (WARN_ON_ONCE(size > sizeof(c->scratch) - c->used))
		return NULL;
	c->used += size;
	return p;
}

void tpm2_scratch_cut(struct tpm2_call *c, const u8 *p, u32 size)
{
	c->used = p - c->scratch + ((size + 15) & ~15u);
}

void tpm2_heavy_begin(struct tpm2_call *c)
{
	c->heavy_epoch = c->t->epoch;
	c->t->cfg.host->unlock(c->t->cfg.host_ctx);
}

tpm_rc tpm2_heavy_end(struct tpm2_call *c)
{
	c->t->cfg.host->lock(c->t->cfg.host_ctx);
	return c->heavy_epoch == c->t->epoch ? TPM_RC_SUCCESS : TPM_RC_RETRY;
}

static bool cancelled(void *ctx)
{
	const struct tpm2_config *cfg = ctx;

	return cfg->host->cancelled(cfg->host_ctx);
}

struct vt_cancel tpm2_cancel(struct tpm2_call *c)
{
	return (struct vt_cancel){ .stop = cancelled, .ctx = &c->t->cfg };
}

/* ---- handles ---- */

static u16 permanent_class(u32 handle)
{
	switch (handle) {
	case TPM_RH_OWNER:
		return HC_OWNER;
	case TPM_RH_ENDORSEMENT:
		return HC_ENDORSEMENT;
	case TPM_RH_PLATFORM:
		return HC_PLATFORM;
	case TPM_RH_NULL:
		return HC_NULL;
	case TPM_RH_LOCKOUT:
		return HC_LOCKOUT;
	case TPM_RH_ACT_0:
		return HC_ACT;
	default:
		return 0;
	}
}

static u16 handle_class(u32 handle)
{
	switch (HR_TYPE(handle)) {
	case TPM_HT_PCR:
		return handle < VTPM_PCR_COUNT ? HC_PCR : 0;
	case TPM_HT_NV_INDEX:
		return HC_NV;
	case TPM_HT_HMAC_SESSION:
		return HC_HMAC;
	case TPM_HT_POLICY_SESSION:
		return HC_POLICY;
	case TPM_HT_TRANSIENT:
		return HC_TRANSIENT;
	case TPM_HT_PERSISTENT:
		return HC_PERSISTENT;
	case TPM_HT_PERMANENT:
		return permanent_class(handle);
	default:
		return 0;
	}
}

static tpm_rc load_persistent(struct tpm2_call *c, unsigned int i)
{
	struct tpm2_object *o = tpm2_object_find(c->space, c->handles[i]);
	u32 keeper = c->handles[i] < HR_PLATFORM_PERSISTENT ? TPM_RH_OWNER : TPM_RH_PLATFORM;

	if (!o || !tpm2_hierarchy(c->t, o->hierarchy)->enabled ||
	    !tpm2_hierarchy(c->t, keeper)->enabled)
		return TPM_RC_HANDLE;
	c->objects[i] = tpm2_object_get(o);
	return TPM_RC_SUCCESS;
}

static tpm_rc load_nv(struct tpm2_call *c, unsigned int i)
{
	struct tpm2_nv_index *x = tpm2_nv_find(c->t, c->handles[i]);

	if (!x || !tpm2_nv_visible(c->t, x))
		return TPM_RC_HANDLE;
	tpm2_nv_refresh(c->t, x);
	c->nv[i] = tpm2_nv_get(x);
	return TPM_RC_SUCCESS;
}

/* Is what the handle names there? (Part 3, 5.4) */
static tpm_rc load_entity(struct tpm2_call *c, unsigned int i)
{
	u32 handle = c->handles[i];
	struct tpm2_object *o;

	switch (handle_class(handle)) {
	case HC_TRANSIENT:
		o = tpm2_object_find(c->space, handle);
		if (!o)
			return RC((__force u32)TPM_RC_REFERENCE_H0 + i);
		c->objects[i] = tpm2_object_get(o);
		return TPM_RC_SUCCESS;
	case HC_PERSISTENT:
		return load_persistent(c, i);
	case HC_NV:
		return load_nv(c, i);
	case HC_HMAC:
	case HC_POLICY:
		c->sessions[i] = tpm2_session_find(c->space, handle);
		return c->sessions[i] ? TPM_RC_SUCCESS : RC((__force u32)TPM_RC_REFERENCE_H0 + i);
	case HC_OWNER:
	case HC_ENDORSEMENT:
	case HC_PLATFORM:
		return tpm2_hierarchy(c->t, handle)->enabled ? TPM_RC_SUCCESS : TPM_RC_HIERARCHY;
	default:
		return TPM_RC_SUCCESS;
	}
}

/*
 * A policy may have taken an algorithm away since the object came. It may still be looked
 * at, saved and ended.
 */
static tpm_rc check_profile(const struct tpm2_call *c, const struct tpm2_profile *p,
			    const struct tpm2_object *o)
{
	u16 code = c->cmd->code;

	if (code == TPM_CC_ReadPublic || code == TPM_CC_ContextSave || code == TPM_CC_EvictControl)
		return TPM_RC_SUCCESS;
	return tpm2_profile_object(p, o);
}

static tpm_rc read_handles(struct tpm2_call *c, struct tpm2_reader *r)
{
	unsigned int i;
	tpm_rc rc;

	for (i = 0; i < c->cmd->n_handles; i++) {
		rc = tpm2_read_u32(r, &c->handles[i]);
		if (!rc && !(handle_class(c->handles[i]) & c->cmd->handles[i]))
			rc = TPM_RC_VALUE;
		if (rc)
			return tpm2_at_handle(rc, i + 1);
	}
	for (i = 0; i < c->cmd->n_handles; i++) {
		rc = load_entity(c, i);
		if (!rc && r->profile && c->objects[i])
			rc = check_profile(c, r->profile, c->objects[i]);
		if (rc)
			return tpm2_at_handle(rc, i + 1);
	}
	return TPM_RC_SUCCESS;
}

/* ---- sessions ---- */

static unsigned int auths_needed(const struct tpm2_cmd *cmd)
{
	unsigned int i, n = 0;

	for (i = 0; i < cmd->n_handles; i++)
		n += cmd->roles[i] != ROLE_NONE;
	return n;
}

static tpm_rc read_auth(struct tpm2_reader *r, struct tpm2_auth *a)
{
	u8 type;
	tpm_rc rc;

	rc = tpm2_read_u32(r, &a->handle);
	type = HR_TYPE(a->handle);
	if (!rc && a->handle != TPM_RS_PW && type != TPM_HT_HMAC_SESSION &&
	    type != TPM_HT_POLICY_SESSION)
		rc = TPM_RC_VALUE;
	if (!rc)
		rc = tpm2_read_2b(r, VT_MAX_DIGEST, &a->nonce);
	if (!rc)
		rc = tpm2_read_u8(r, &a->attrs);
	if (!rc && a->attrs & TPMA_SESSION_RESERVED)
		rc = TPM_RC_RESERVED_BITS;
	if (!rc)
		rc = tpm2_read_2b(r, VT_MAX_DIGEST, &a->hmac);
	return rc;
}

static tpm_rc check_password_form(const struct tpm2_auth *a)
{
	if (a->attrs & ~TPMA_SESSION_CONTINUE)
		return TPM_RC_ATTRIBUTES;
	if (a->nonce.size)
		return TPM_RC_NONCE;
	return TPM_RC_SUCCESS;
}

/* Exclusive audit sessions stay so only while every command is audited by them. */
static bool no_longer_exclusive(const struct tpm2_call *c, const struct tpm2_auth *a)
{
	return a->session->audit && !(a->attrs & TPMA_SESSION_AUDITRESET) &&
	       a->attrs & TPMA_SESSION_AUDITEXCLUSIVE && c->t->exclusive != a->handle;
}

/* decrypt, encrypt and audit: each for one session alone, where the command allows it */
static tpm_rc check_session_use(struct tpm2_call *c, struct tpm2_auth *a, unsigned int i)
{
	bool no_sym = a->session->sym.alg == TPM_ALG_NULL;

	if (a->attrs & TPMA_SESSION_DECRYPT) {
		if (c->decrypt >= 0 || !(c->cmd->flags & CMD_DECRYPT))
			return TPM_RC_ATTRIBUTES;
		if (no_sym)
			return TPM_RC_SYMMETRIC;
		c->decrypt = i;
	}
	if (a->attrs & TPMA_SESSION_ENCRYPT) {
		if (c->encrypt >= 0 || !(c->cmd->flags & CMD_ENCRYPT))
			return TPM_RC_ATTRIBUTES;
		if (no_sym)
			return TPM_RC_SYMMETRIC;
		c->encrypt = i;
	}
	if (a->attrs & TPMA_SESSION_AUDIT) {
		if (c->audit >= 0 || a->session->type != TPM_SE_HMAC)
			return TPM_RC_ATTRIBUTES;
		if (no_longer_exclusive(c, a))
			return TPM_RC_EXCLUSIVE;
		c->audit = i;
	} else if (a->attrs & (TPMA_SESSION_AUDITRESET | TPMA_SESSION_AUDITEXCLUSIVE)) {
		return TPM_RC_ATTRIBUTES;
	}
	return TPM_RC_SUCCESS;
}

static tpm_rc check_session_form(struct tpm2_call *c, struct tpm2_auth *a, unsigned int i)
{
	bool authorizes = a->entity != TPM_RH_UNASSIGNED;
	unsigned int j;

	if (a->handle == TPM_RS_PW)
		return authorizes ? check_password_form(a) : TPM_RC_HANDLE;
	a->session = tpm2_session_find(c->space, a->handle);
	if (!a->session)
		return RC((__force u32)TPM_RC_REFERENCE_S0 + i);
	for (j = 0; j < i; j++)
		if (c->auths[j].handle == a->handle)
			return TPM_RC_HANDLE;
	if (!authorizes &&
	    !(a->attrs & (TPMA_SESSION_DECRYPT | TPMA_SESSION_ENCRYPT | TPMA_SESSION_AUDIT)))
		return TPM_RC_ATTRIBUTES;
	return check_session_use(c, a, i);
}

static tpm_rc read_auth_area(struct tpm2_call *c, struct tpm2_reader *r)
{
	unsigned int needed = auths_needed(c->cmd);
	struct tpm2_reader area;
	u32 size;
	tpm_rc rc;

	if (tpm2_read_u32(r, &size) || size < 9 || size > r->left)
		return TPM_RC_AUTHSIZE;
	area = (struct tpm2_reader){ .p = r->p, .left = size };
	while (area.left) {
		struct tpm2_auth *a = &c->auths[c->n_auths];
		unsigned int i = c->n_auths;

		if (i == TPM2_MAX_AUTHS)
			return tpm2_session_rc(TPM_RC_SIZE, i + 1);
		memset(a, 0, sizeof(*a));
		rc = read_auth(&area, a);
		if (rc)
			return tpm2_at_session(rc, i + 1);
		a->entity = i < needed ? c->handles[i] : TPM_RH_UNASSIGNED;
		rc = check_session_form(c, a, i);
		if (rc)
			return tpm2_at_session(rc, i + 1);
		c->n_auths++;
	}
	r->p += size;
	r->left -= size;
	return c->n_auths < needed ? TPM_RC_AUTH_MISSING : TPM_RC_SUCCESS;
}

static tpm_rc read_sessions(struct tpm2_call *c, struct tpm2_reader *r, u16 tag)
{
	if (tag == TPM_ST_NO_SESSIONS)
		return auths_needed(c->cmd) ? TPM_RC_AUTH_MISSING : TPM_RC_SUCCESS;
	if (c->cmd->flags & CMD_NO_SESSIONS)
		return TPM_RC_AUTH_CONTEXT;
	return read_auth_area(c, r);
}

/* ---- parameters ---- */

static tpm_rc decrypt_first(struct tpm2_call *c, struct tpm2_reader *r)
{
	struct tpm2_auth *a;
	struct tpm2b nonce_tpm;
	u16 size;

	if (c->decrypt < 0)
		return TPM_RC_SUCCESS;
	a = &c->auths[c->decrypt];
	if (r->left < 2)
		return tpm2_session_rc(TPM_RC_INSUFFICIENT, c->decrypt + 1);
	size = get_unaligned_be16(r->p);
	if (size > r->left - 2)
		return tpm2_session_rc(TPM_RC_SIZE, c->decrypt + 1);
	nonce_tpm = tpm2b(a->session->nonce_tpm.data, a->session->nonce_tpm.size);
	if (size)
		tpm2_crypt_param(a->session, false, tpm2_call_extra_key(c, c->decrypt),
				 a->nonce, nonce_tpm, r->p + 2, size);
	return TPM_RC_SUCCESS;
}

static tpm_rc read_parameters(struct tpm2_call *c, struct tpm2_reader *r)
{
	unsigned int failed = 0;
	tpm_rc rc;

	if (c->cmd->in) {
		memset(c->in, 0, c->cmd->in->size);
		rc = tpm2_read_params(r, c->cmd->in, c->in, &failed);
		if (rc)
			return tpm2_at_param(rc, failed);
	}
	return r->left ? TPM_RC_SIZE : TPM_RC_SUCCESS;
}

/* ---- response ---- */

static void encrypt_first(struct tpm2_call *c, u8 *params)
{
	struct tpm2_auth *a;
	struct tpm2b nonce_tpm;
	u16 size;

	if (c->encrypt < 0)
		return;
	a = &c->auths[c->encrypt];
	nonce_tpm = tpm2b(a->session->nonce_tpm.data, a->session->nonce_tpm.size);
	size = get_unaligned_be16(params);
	if (size)
		tpm2_crypt_param(a->session, true, tpm2_call_extra_key(c, c->encrypt),
				 nonce_tpm, a->nonce, params + 2, size);
}

static void new_nonces(struct tpm2_call *c)
{
	unsigned int i;

	for (i = 0; i < c->n_auths; i++) {
		struct tpm2_session *se = c->auths[i].session;

		if (se)
			vt_random(se->nonce_tpm.data, se->nonce_tpm.size);
	}
}

static void write_header(struct tpm2_writer *w, u16 tag, tpm_rc rc)
{
	put_unaligned_be16(tag, w->p);
	put_unaligned_be32(w->len, w->p + 2);
	put_unaligned_be32((__force u32)rc, w->p + 6);
}

static tpm_rc write_response(struct tpm2_call *c, struct tpm2_writer *w)
{
	u32 size_at, params_at;

	w->len = HEADER_SIZE;
	if (c->cmd->flags & CMD_RHANDLE)
		tpm2_put_u32(w, c->out_handle);
	size_at = w->len;
	if (c->n_auths)
		tpm2_put_u32(w, 0);
	params_at = w->len;
	if (c->cmd->out)
		tpm2_write(w, c->cmd->out, c->out);
	if (!w->full) {
		struct tpm2b params = tpm2b(w->p + params_at, w->len - params_at);

		if (c->n_auths) {
			put_unaligned_be32(params.size, w->p + size_at);
			new_nonces(c);
			encrypt_first(c, params.data);
		}
		tpm2_audit_end(c, params);
		if (c->n_auths)
			tpm2_finish_auths(c, w, params);
	}
	if (WARN_ON_ONCE(w->full))
		return TPM_RC_FAILURE;
	write_header(w, c->n_auths ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS, TPM_RC_SUCCESS);
	return TPM_RC_SUCCESS;
}

/* ---- the pipeline ---- */

/* Part 3, 5.3. A TPM that has failed does not process sessions either. */
static tpm_rc check_mode(const struct tpm2 *t, const struct tpm2_cmd *cmd, u16 tag)
{
	if (t->failed)
		return cmd->flags & CMD_IN_FAILURE && tag == TPM_ST_NO_SESSIONS ?
		       TPM_RC_SUCCESS : TPM_RC_FAILURE;
	if (!t->started)
		return cmd->flags & CMD_BEFORE_STARTUP ? TPM_RC_SUCCESS : TPM_RC_INITIALIZE;
	return cmd->flags & CMD_BEFORE_STARTUP ? TPM_RC_INITIALIZE : TPM_RC_SUCCESS;
}

static tpm_rc read_header(struct tpm2_reader *r, u32 len, u16 *tag, const struct tpm2_cmd **cmd)
{
	u32 size, code;

	if (len < HEADER_SIZE)
		return TPM_RC_COMMAND_SIZE;
	tpm2_read_u16(r, tag);
	tpm2_read_u32(r, &size);
	tpm2_read_u32(r, &code);
	if (*tag != TPM_ST_SESSIONS && *tag != TPM_ST_NO_SESSIONS)
		return TPM_RC_BAD_TAG;
	if (size != len)
		return TPM_RC_COMMAND_SIZE;
	*cmd = tpm2_cmd_find(code);
	if (!*cmd)
		return TPM_RC_COMMAND_CODE;
	return r->profile && !tpm2_profile_command(r->profile, code) ?
	       TPM_RC_COMMAND_CODE : TPM_RC_SUCCESS;
}

static void begin_call(struct tpm2_call *c, struct tpm2_space *s, u8 locality)
{
	unsigned int i;

	c->t = s->t;
	c->space = s;
	c->cmd = NULL;
	c->locality = locality;
	for (i = 0; i < TPM2_MAX_HANDLES; i++) {
		c->handles[i] = 0;
		c->objects[i] = NULL;
		c->nv[i] = NULL;
		c->sessions[i] = NULL;
	}
	c->n_auths = 0;
	c->decrypt = -1;
	c->encrypt = -1;
	c->audit = -1;
	c->params = tpm2b(NULL, 0);
	c->command_audit = NULL;
	c->out_handle = 0;
	c->used = 0;
}

static void end_call(struct tpm2_call *c)
{
	unsigned int i;

	if (!c->cmd)
		return;
	for (i = 0; i < c->cmd->n_handles; i++) {
		tpm2_object_put(c->t, c->objects[i]);
		tpm2_nv_put(c->t, c->nv[i]);
	}
	if (c->used)
		memzero_explicit(c->scratch, c->used);
	if (c->cmd->in)
		memzero_explicit(c->in, c->cmd->in->size);
	if (c->cmd->out)
		memzero_explicit(c->out, c->cmd->out->size);
}

static tpm_rc run(struct tpm2_call *c, struct tpm2_reader *r, struct tpm2_writer *w)
{
	u16 tag;
	tpm_rc rc;

	rc = read_header(r, r->left, &tag, &c->cmd);
	if (!rc)
		rc = check_mode(c->t, c->cmd, tag);
	if (!rc)
		rc = read_handles(c, r);
	if (!rc)
		rc = read_sessions(c, r, tag);
	if (rc)
		return rc;
	c->params = tpm2b(r->p, r->left);
	rc = tpm2_check_auths(c);
	if (!rc) {
		tpm2_audit_begin(c);
		rc = decrypt_first(c, r);
	}
	if (!rc)
		rc = read_parameters(c, r);
	if (rc)
		return rc;
	if (c->cmd->out)
		memset(c->out, 0, c->cmd->out->size);
	rc = c->cmd->action(c);
	if (rc)
		return rc;
	if (!(c->cmd->flags & CMD_NO_SESSIONS) &&
	    (c->audit < 0 || c->auths[c->audit].handle != c->t->exclusive))
		c->t->exclusive = 0;
	return write_response(c, w);
}

size_t tpm2_execute(struct tpm2_space *s, u8 locality, u8 *cmd, size_t len, u8 *rsp)
{
	struct tpm2_reader r = { .p = cmd, .left = len, .profile = tpm2_profile(s->t) };
	struct tpm2_writer w = tpm2_writer(rsp, VTPM_MAX_COMMAND);
	struct tpm2_call *c = &s->call;
	tpm_rc rc;

	begin_call(c, s, locality);
	tpm2_clock_update(s->t);
	rc = run(c, &r, &w);
	end_call(c);
	s->t->commands++;
	if (rc) {
		s->t->failures++;
		w.len = HEADER_SIZE;
		write_header(&w, rc == TPM_RC_BAD_TAG ? TPM_ST_RSP_COMMAND : TPM_ST_NO_SESSIONS,
			     rc);
	}
	return w.len;
}
