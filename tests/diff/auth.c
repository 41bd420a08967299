// SPDX-License-Identifier: GPL-2.0-only
/*
 * Authorization areas: which sessions a command gets, their HMACs and encrypted
 * parameters for each side, and the same in the responses.
 */
#include "diff.h"

#define CONTINUE	TPMA_SESSION_CONTINUE

/* ---- choice ---- */

static bool used_here(const struct command *c, const struct ent *ses)
{
	unsigned int i;

	for (i = 0; i < c->n_auths; i++)
		if (c->auths[i].ses == ses)
			return true;
	for (i = 0; i < c->row->n_handles; i++)
		if (c->ent[i] == ses)
			return true;
	return false;
}

static bool hmac_session(const struct ent *e, u32 unused)
{
	return e->kind == E_SESSION && e->type == TPM_SE_HMAC && !e->saved && !is_pinned(e);
}

static bool any_session(const struct ent *e, u32 unused)
{
	return e->kind == E_SESSION && !e->saved && !is_pinned(e);
}

static struct ent *some_session(struct gen *g)
{
	struct ent *e = pick_ent(&g->r, chance(&g->r, 97) || g->p->sound ? hmac_session :
				 any_session, 0);

	if (!e && chance(&g->r, 40)) {
		struct plan p = { .code = TPM_CC_StartAuthSession, .recipe = -1,
				  .want = N_HMAC_SESSION, .sound = true };

		do_command(rnd64(&g->r), &p);
		e = pick_ent(&g->r, hmac_session, 0);
	}
	return e && !used_here(g->c, e) ? e : NULL;
}

static bool nv_wants_policy(const struct command *c, const struct ent *e)
{
	switch (c->row->code) {
	case TPM_CC_NV_Read:
	case TPM_CC_NV_ReadLock:
	case TPM_CC_NV_Certify:
	case TPM_CC_PolicyNV:
	case TPM_CC_PolicyAuthorizeNV:
		return !(e->attrs & TPMA_NV_AUTHREAD);
	case TPM_CC_PolicySecret:
		return false;
	default:
		return !(e->attrs & TPMA_NV_AUTHWRITE);
	}
}

/* Is the auth value no way for this role? */
static bool wants_policy(const struct command *c, unsigned int i, const struct ent *e)
{
	u8 role = c->row->roles[i];

	if (e->kind == E_NV)
		return role == ROLE_ADMIN || nv_wants_policy(c, e);
	if (e->kind != E_OBJECT)
		return false;
	if (role == ROLE_DUP)
		return true;
	return role == ROLE_ADMIN ? e->pub.attrs & TPMA_OBJECT_ADMINWITHPOLICY :
				    !(e->pub.attrs & TPMA_OBJECT_USERWITHAUTH);
}

static u8 choose_attrs(struct gen *g, const struct auth *a)
{
	const struct command *c = g->c;
	u8 attrs = chance(&g->r, 90) ? CONTINUE : 0, all = 0;
	unsigned int i;

	for (i = 0; i < c->n_auths; i++)
		all |= c->auths[i].attrs;
	if (!a->ses)
		return attrs;
	if (c->row->flags & CMD_DECRYPT && a->ses->sym.alg != TPM_ALG_NULL && chance(&g->r, 30))
		attrs |= TPMA_SESSION_DECRYPT & ~all;
	if (c->row->flags & CMD_ENCRYPT && a->ses->sym.alg != TPM_ALG_NULL && chance(&g->r, 30))
		attrs |= TPMA_SESSION_ENCRYPT & ~all;
	if (a->ses->type == TPM_SE_HMAC && chance(&g->r, 15)) {
		attrs |= TPMA_SESSION_AUDIT & ~all;
		if (attrs & TPMA_SESSION_AUDIT && chance(&g->r, 20))
			attrs |= chance(&g->r, 50) ? TPMA_SESSION_AUDITRESET :
						     TPMA_SESSION_AUDITEXCLUSIVE;
	}
	return attrs;
}

static void add_auth(struct gen *g, struct ent *ses, struct ent *who, u32 who_raw)
{
	struct command *c = g->c;
	struct auth a = { .ses = ses, .who = who, .who_raw = who_raw };
	u8 nonce[64];

	rnd_bytes(&g->r, nonce, sizeof(nonce));
	if (ses) {
		u16 least = 16, most = hash_size(ses->hash);

		a.nonce = keep(nonce, chance(&g->r, 97) ? least + rnd(&g->r, most - least + 1) :
			       rnd(&g->r, most + 1));
	}
	a.attrs = choose_attrs(g, &a);
	if (ses && ses->type == TPM_SE_POLICY && ses->password)
		a.as_password = true;
	if (!who && ses && !(a.attrs & ~CONTINUE) && !chance(&g->r, 5)) {
		if (ses->sym.alg != TPM_ALG_NULL && c->row->flags & CMD_DECRYPT)
			a.attrs |= TPMA_SESSION_DECRYPT;
		else
			a.attrs |= TPMA_SESSION_AUDIT;
	}
	if (c->fault == F_ATTRS && chance(&g->r, 60))
		a.attrs = rnd(&g->r, 256);
	if (c->fault == F_AUTH && chance(&g->r, 70))
		a.wrong = true;
	if (c->fault == F_DOUBLE && c->n_auths)
		a.ses = c->auths[0].ses;
	pin(ses);
	c->auths[c->n_auths++] = a;
}

static void choose_one(struct gen *g, unsigned int i)
{
	struct command *c = g->c;
	struct ent *e = c->ent[i], *ses = NULL;
	bool policy = false;

	if (e && e->recipe >= 0 && hash_size(e->policy_alg))
		policy = wants_policy(c, i, e) ? chance(&g->r, 93) : chance(&g->r, 12);
	if (policy)
		ses = prepare_policy(g, e);
	if (!ses && chance(&g->r, 45))
		ses = some_session(g);
	add_auth(g, ses, e, c->raw[i]);
}

void choose_auths(struct gen *g)
{
	struct command *c = g->c;
	unsigned int i;

	c->n_auths = 0;
	for (i = 0; i < c->row->n_handles; i++)
		if (c->row->roles[i] != ROLE_NONE)
			choose_one(g, i);
	if (c->fault == F_MISSING && c->n_auths)
		c->n_auths--;
	if (c->n_auths < 3 && !(c->row->flags & CMD_NO_SESSIONS) && !g->p->sound &&
	    (chance(&g->r, 10) || c->fault == F_EXTRA)) {
		struct ent *ses = some_session(g);

		if (ses || c->fault == F_EXTRA)
			add_auth(g, ses, NULL, TPM_RH_UNASSIGNED);
	}
}

/* ---- one side's bytes ---- */

static struct tpm2b trimmed(const struct tpm2b *auth)
{
	struct tpm2b t = *auth;

	while (t.size && !t.data[t.size - 1])
		t.size--;
	return t;
}

/* The auth value of whom a session authorizes; @before: as it was before the command. */
static struct tpm2b auth_of(const struct auth *a)
{
	static const struct tpm2b nothing;

	return a->who ? trimmed(&a->who->auth) : nothing;
}

static bool is_bound_to(const struct ent *ses, const struct auth *a, unsigned int side)
{
	struct tpm2b now = auth_of(a), then = trimmed(&ses->bind_auth);

	return ses->bound && a->who && same2b(&ses->bind_name.b[side], &a->who->name.b[side]) &&
	       same2b(&now, &then);
}

static struct tpm2b join(const struct tpm2b *a, const struct tpm2b *b)
{
	u8 both[256];

	if (a->size)
		memcpy(both, a->data, a->size);
	if (b->size)
		memcpy(both + a->size, b->data, b->size);
	return keep(both, a->size + b->size);
}

/* With the auth value or without, as Part 1, 19.6 says. */
static struct tpm2b hmac_key(const struct auth *a, unsigned int side)
{
	const struct ent *ses = a->ses;
	struct tpm2b auth = auth_of(a), none = { 0 };
	bool with = a->who;

	if (ses->type == TPM_SE_HMAC && is_bound_to(ses, a, side))
		with = false;
	if (ses->type == TPM_SE_POLICY && !ses->auth_value)
		with = false;
	return join(&ses->key[side], with ? &auth : &none);
}

static void cp_hash(const struct command *c, unsigned int side, u16 hash, u8 *out)
{
	const struct cmd *p = &c->params[side];
	struct tpm2b parts[2 + TPM2_MAX_HANDLES];
	unsigned int n = 0, i;
	u8 code[4], raw[3][4];

	put_unaligned_be32(c->row->code, code);
	parts[n++] = tpm2b(code, 4);
	for (i = 0; i < c->row->n_handles; i++) {
		put_unaligned_be32(c->raw[i], raw[i]);
		parts[n++] = c->ent[i] ? c->ent[i]->name.b[side] : tpm2b(raw[i], 4);
	}
	parts[n++] = tpm2b(p->buf, p->len);
	c_hash(hash, parts, n, out);
}

static struct tpm2b session_hmac(const struct command *c, unsigned int side, unsigned int i)
{
	const struct auth *a = &c->auths[i];
	struct tpm2b key = hmac_key(a, side), parts[7];
	unsigned int n = 0, j;
	u8 digest[64], out[64];
	u16 hash = a->ses->hash;

	if (a->ses->type != TPM_SE_HMAC && !key.size)
		return tpm2b(NULL, 0);
	cp_hash(c, side, hash, digest);
	parts[n++] = tpm2b(digest, hash_size(hash));
	parts[n++] = a->nonce;
	parts[n++] = a->ses->nonce_tpm[side];
	for (j = 1; i == 0 && a->who && j < c->n_auths; j++)
		if (c->auths[j].ses && c->auths[j].attrs & TPMA_SESSION_DECRYPT)
			parts[n++] = c->auths[j].ses->nonce_tpm[side];
	for (j = 1; i == 0 && a->who && j < c->n_auths; j++)
		if (c->auths[j].ses && c->auths[j].attrs & TPMA_SESSION_ENCRYPT &&
		    !(c->auths[j].attrs & TPMA_SESSION_DECRYPT))
			parts[n++] = c->auths[j].ses->nonce_tpm[side];
	parts[n++] = tpm2b(&a->attrs, 1);
	c_hmac(hash, &key, parts, n, out);
	return keep(out, hash_size(hash));
}

static struct tpm2b crypt_key(const struct auth *a, unsigned int side)
{
	struct tpm2b auth = auth_of(a);

	return join(&a->ses->key[side], &auth);
}

static const struct auth *with_attr(const struct command *c, u8 attr)
{
	unsigned int i;

	for (i = 0; i < c->n_auths; i++)
		if (c->auths[i].ses && c->auths[i].attrs & attr)
			return &c->auths[i];
	return NULL;
}

static void encrypt_first(const struct command *c, unsigned int side, struct cmd *params)
{
	const struct auth *a = with_attr(c, TPMA_SESSION_DECRYPT);
	struct tpm2b key;
	u16 size;

	if (!a || a->ses->sym.alg == TPM_ALG_NULL || params->len < 2)
		return;
	size = get_unaligned_be16(params->buf);
	if (!size || size > params->len - 2)
		return;
	key = crypt_key(a, side);
	c_crypt(a->ses, &key, true, &a->nonce, &a->ses->nonce_tpm[side], params->buf + 2, size);
}

static void put_one_auth(struct command *c, unsigned int side, unsigned int i)
{
	struct auth *a = &c->auths[i];
	struct cmd *out = &c->bytes[side];
	struct tpm2b proof;
	u32 at;

	cmd_u32(out, a->ses ? a->ses->handle[side] : TPM_RS_PW);
	cmd_2b(out, a->nonce.data, a->ses ? a->nonce.size : 0);
	cmd_u8(out, a->attrs);
	proof = !a->ses || a->as_password ? auth_of(a) : session_hmac(c, side, i);
	at = out->len + 2;
	cmd_2b(out, proof.data, proof.size);
	if (!a->wrong)
		return;
	if (proof.size)
		out->buf[at] ^= 0x40;
	else if (!a->ses)
		out->len -= 2, cmd_2b(out, "wrong", 5);
}

static void spoil_frame(struct command *c, struct cmd *out)
{
	u32 choice = c->seed % 4;

	if (c->fault == F_SIZE) {
		if (choice == 0)
			put_unaligned_be32(out->len + 1, out->buf + 2);
		else if (choice == 1)
			put_unaligned_be32(out->len - 1, out->buf + 2);
		else if (c->n_auths)
			out->buf[out->auth_at + 3] += choice == 2 ? 1 : -1;
	} else if (c->fault == F_TAG) {
		static const u16 tags[] = { TPM_ST_NULL, 0x00c1, TPM_ST_SESSIONS,
					    TPM_ST_NO_SESSIONS };

		put_unaligned_be16(tags[choice], out->buf);
	}
}

/* The whole command for one side, from handles, sessions and parameters. */
void encode(struct command *c, unsigned int side)
{
	static struct cmd params;
	struct cmd *out = &c->bytes[side];
	unsigned int i;

	params = c->params[side];
	encrypt_first(c, side, &params);
	swap(params, c->params[side]);
	cmd_start(out, c->n_auths ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS, c->row->code);
	for (i = 0; i < c->row->n_handles; i++)
		cmd_u32(out, c->ent[i] ? c->ent[i]->handle[side] : c->raw[i]);
	if (c->n_auths) {
		cmd_auths(out);
		for (i = 0; i < c->n_auths; i++)
			put_one_auth(c, side, i);
		cmd_auths_end(out);
	}
	cmd_bytes(out, c->params[side].buf, c->params[side].len);
	swap(params, c->params[side]);
	cmd_finish(out);
	spoil_frame(c, out);
}

/* ---- responses ---- */

static bool hmac_matches(const struct command *c, const struct auth *a, unsigned int side,
			 const struct tpm2b *key, const struct tpm2b *nonce, u8 attrs,
			 const struct tpm2b *rp, const struct tpm2b *got)
{
	u16 hash = a->ses->hash;
	u8 zero[4] = { 0 }, code[4], digest[64], out[64];
	struct tpm2b inner[3], parts[4];

	put_unaligned_be32(c->row->code, code);
	inner[0] = tpm2b(zero, 4);
	inner[1] = tpm2b(code, 4);
	inner[2] = *rp;
	c_hash(hash, inner, 3, digest);
	parts[0] = tpm2b(digest, hash_size(hash));
	parts[1] = *nonce;
	parts[2] = a->nonce;
	parts[3] = tpm2b(&attrs, 1);
	c_hmac(hash, key, parts, 4, out);
	return got->size == hash_size(hash) && !memcmp(got->data, out, got->size);
}

/*
 * Which key the response's HMAC was made with: 1 the session's with the auth
 * value, 2 with the new one, 3 without any; 4: there is none; 0: unknown
 */
static int hmac_kind(const struct command *c, const struct auth *a, unsigned int side,
		     const struct tpm2b *nonce, u8 attrs, const struct tpm2b *rp,
		     const struct tpm2b *got)
{
	struct tpm2b fresh = trimmed(&c->new_auth), old = auth_of(a), none = { 0 }, key;

	if (!got->size)
		return 4;
	key = join(&a->ses->key[side], &none);
	if (hmac_matches(c, a, side, &key, nonce, attrs, rp, got))
		return 3;
	key = join(&a->ses->key[side], &old);
	if (hmac_matches(c, a, side, &key, nonce, attrs, rp, got))
		return 1;
	key = join(&a->ses->key[side], &fresh);
	return hmac_matches(c, a, side, &key, nonce, attrs, rp, got) ? 2 : 0;
}

struct reply {
	struct tpm2b nonce, hmac;
	u8 attrs;
	int kind;
};

static bool read_auth(struct tpm2_reader *in, struct reply *r)
{
	return !tpm2_read_2b(in, 64, &r->nonce) && !tpm2_read_u8(in, &r->attrs) &&
	       !tpm2_read_2b(in, 64, &r->hmac);
}

static void decrypt_first(struct command *c, unsigned int side)
{
	const struct auth *a = with_attr(c, TPMA_SESSION_ENCRYPT);
	struct tpm2b *out = &c->out[side], key;
	u16 size;

	if (!a || a->ses->sym.alg == TPM_ALG_NULL || out->size < 2)
		return;
	size = get_unaligned_be16(out->data);
	if (!size || size > out->size - 2)
		return;
	key = crypt_key(a, side);
	c_crypt(a->ses, &key, false, &a->ses->nonce_tpm[side], &a->nonce, out->data + 2, size);
}

static bool read_response(struct command *c, unsigned int side, struct reply *replies)
{
	struct tpm2_reader in = { .p = c->rsp[side] + 10, .left = c->rsp_len[side] - 10 };
	u32 size = in.left;
	unsigned int i;
	struct tpm2b rp;

	if (c->row->flags & CMD_RHANDLE && tpm2_read_u32(&in, &c->rsp_handle[side]))
		return false;
	size = in.left;
	if (c->n_auths && (tpm2_read_u32(&in, &size) || size > in.left))
		return false;
	rp = tpm2b(in.p, size);
	c->out[side] = keep(in.p, size);
	in.p += size;
	in.left -= size;
	for (i = 0; i < c->n_auths; i++) {
		const struct auth *a = &c->auths[i];

		if (!read_auth(&in, &replies[i]))
			return false;
		replies[i].kind = !a->ses ? 4 : hmac_kind(c, a, side, &replies[i].nonce,
							  replies[i].attrs, &rp, &replies[i].hmac);
		if (a->ses && replies[i].nonce.size)
			a->ses->nonce_tpm[side] = keep2(&replies[i].nonce);
	}
	if (in.left)
		return false;
	decrypt_first(c, side);
	return true;
}

static void compare_replies(struct command *c, struct reply r[SIDES][4])
{
	unsigned int i;

	for (i = 0; i < c->n_auths && !c->why[0]; i++) {
		struct reply *a = &r[OURS][i], *b = &r[THEIRS][i];

		if (a->nonce.size != b->nonce.size || a->attrs != b->attrs ||
		    a->hmac.size != b->hmac.size)
			snprintf(c->why, sizeof(c->why),
				 "session %u of the response: %u %02x %u, %u %02x %u", i + 1,
				 a->nonce.size, a->attrs, a->hmac.size, b->nonce.size,
				 b->attrs, b->hmac.size);
		else if (a->kind != b->kind || !a->kind)
			snprintf(c->why, sizeof(c->why), "HMAC of session %u: kind %d, %d", i + 1,
				 a->kind, b->kind);
	}
}

/* Reads what came back on success: sessions are rolled on or end. */
void finish_auths(struct command *c)
{
	static struct reply replies[SIDES][4];
	unsigned int i;

	for (i = 0; i < SIDES; i++) {
		if (!read_response(c, i, replies[i])) {
			snprintf(c->why, sizeof(c->why), "%s response is malformed",
				 i == OURS ? "our" : "libtpms'");
			return;
		}
	}
	compare_replies(c, replies);
	for (i = 0; i < c->n_auths; i++) {
		struct auth *a = &c->auths[i];

		if (a->ses && !(replies[OURS][i].attrs & CONTINUE))
			a->ses->live = false;
	}
}
