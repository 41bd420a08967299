// SPDX-License-Identifier: GPL-2.0-only
/* What a command that both sides carried out changes in what the test knows. */
#include "diff.h"

static struct pair name_of_area(const struct pair *area, u16 alg)
{
	struct pair p = { 0 };
	u8 name[66];
	unsigned int s;

	for (s = 0; s < SIDES && hash_size(alg); s++) {
		put_unaligned_be16(alg, name);
		c_hash(alg, &area->b[s], 1, name + 2);
		p.b[s] = keep(name, 2 + hash_size(alg));
	}
	return p;
}

/* ---- objects ---- */

static void describe(struct ent *e, const struct pair *area)
{
	struct tpm2_reader in;

	e->area = *area;
	in = (struct tpm2_reader){ e->area.b[OURS].data, e->area.b[OURS].size };
	tpm2_read(&in, &desc_public_null, &e->pub);
	e->policy_alg = e->pub.name_alg;
	e->name = name_of_area(area, e->pub.name_alg);
	e->same = same_pair(area);
}

static void learn_point(const struct command *c, const struct ent *e)
{
	struct item *it;
	unsigned int s;

	if (e->pub.type != TPM_ALG_ECC)
		return;
	it = add_item(I_POINT, c->created);
	for (s = 0; s < SIDES; s++) {
		struct tpm2_reader in = { e->area.b[s].data, e->area.b[s].size };
		struct tpmt_public pub = { 0 };

		tpm2_read(&in, &desc_public_null, &pub);
		it->d[0].b[s] = pub.unique.x;
		it->d[1].b[s] = pub.unique.y;
	}
}

static u32 hierarchy_of(const struct command *c)
{
	const struct ent *parent = c->ent[0];

	if (!parent)
		return TPM_RH_NULL;
	return parent->kind == E_OBJECT ? parent->hierarchy : parent->handle[OURS];
}

static struct ent *new_object(struct command *c, const struct pair *area)
{
	struct ent *e = add_ent(E_OBJECT, c->created);
	unsigned int s;

	for (s = 0; s < SIDES; s++)
		e->handle[s] = c->rsp_handle[s];
	describe(e, area);
	e->auth = c->new_auth;
	e->recipe = c->t.recipe;
	e->hierarchy = hierarchy_of(c);
	if (c->ent[0] && c->ent[0]->kind == E_OBJECT)
		e->parent = c->ent[0]->id;
	e->has_private = true;
	return e;
}

static void learn_primary(struct command *c, struct outs *o)
{
	bool loaded = c->row->code == TPM_CC_CreateLoaded;
	struct pair private = { 0 }, area, hash;
	struct item *it;
	struct ent *e;

	if (loaded)
		private = next_2b(o);
	area = next_2b(o);
	e = new_object(c, &area);
	e->same = false;
	learn_point(c, e);
	if (loaded && c->ent[0]->kind == E_OBJECT && private.b[OURS].size) {
		it = add_item(I_PRIVATE, c->created);
		it->d[0] = private;
		it->d[1] = area;
		it->of = *c->ent[0];
		it->to = *e;
		it->cross = c->ent[0]->same;
	}
	if (loaded)
		return;
	next_2b(o);		/* creationData */
	hash = next_2b(o);
	it = add_item(I_CREATION, c->created + 1);
	it->of = *e;
	it->d[0] = hash;
	it->d[1] = rest(o);
	/* the name comes last: the ticket is tag, hierarchy, digest */
	it->d[1].b[OURS].size = 8 + get_unaligned_be16(it->d[1].b[OURS].data + 6);
	it->d[1].b[THEIRS].size = 8 + get_unaligned_be16(it->d[1].b[THEIRS].data + 6);
}

static struct item *new_private(struct command *c, const struct ent *parent,
				const struct pair *private, const struct pair *area)
{
	struct item *it = add_item(I_PRIVATE, c->created);

	it->of = *parent;
	it->d[0] = *private;
	it->d[1] = *area;
	describe(&it->to, area);
	it->to.recipe = c->t.recipe;
	it->to.auth = c->new_auth;
	it->to.hierarchy = parent->hierarchy;
	it->cross = parent->same && c->seed & 1;
	return it;
}

static void learn_create(struct command *c, struct outs *o)
{
	struct pair private = next_2b(o), area = next_2b(o);
	struct item *made = new_private(c, c->ent[0], &private, &area), *it;

	next_2b(o);
	it = add_item(I_CREATION, c->created + 1);
	it->of = made->to;
	it->d[0] = next_2b(o);
	it->d[1] = rest(o);
}

static void learn_load(struct command *c)
{
	struct pair area = param_2b(c, 1);
	struct ent *e;

	if (!c->item)
		return;
	e = new_object(c, &area);
	e->auth = c->item->to.auth;
	e->recipe = c->item->to.recipe;
	/* a secret that one side chose is on the other side too when they were swapped */
	e->same = e->same && c->item->to.same;
}

static void learn_external(struct command *c)
{
	struct pair area = param_2b(c, 1);
	struct ent *e = new_object(c, &area);
	const struct cmd *p = &c->params[OURS];

	e->external = true;
	e->has_private = c->n[2];
	e->known = c->t.known;
	e->hierarchy = get_unaligned_be32(p->buf + p->len - 4);
	learn_point(c, e);
}

static void learn_import(struct command *c, struct outs *o)
{
	struct pair private = next_2b(o), area = param_2b(c, 1);
	struct item *it = new_private(c, c->ent[0], &private, &area);

	if (c->item) {
		it->to.auth = c->item->to.auth;
		it->to.recipe = c->item->to.recipe;
	}
}

static void learn_evict(struct command *c)
{
	u32 handle = get_unaligned_be32(c->params[OURS].buf);
	struct ent *o = c->ent[1], *e;

	if (HR_TYPE(o->handle[OURS]) == TPM_HT_PERSISTENT) {
		o->live = false;
		return;
	}
	e = add_ent(E_OBJECT, c->created);
	o = c->ent[1];
	*e = *o;
	e->id = c->created;
	e->handle[THEIRS] = handle;
	e->handle[OURS] = e->handle[THEIRS];
}

static void flush(struct ent *e)
{
	if (e)
		e->live = false;
}

/* Everything of a hierarchy goes. */
static void flush_hierarchy(u32 hierarchy)
{
	unsigned int i;

	for (i = 0; i < w.n_ents; i++) {
		struct ent *e = &w.ents[i];

		if (e->kind == E_OBJECT && e->hierarchy == hierarchy)
			e->live = false;
		if (e->kind == E_NV && hierarchy == TPM_RH_OWNER &&
		    !(e->attrs & TPMA_NV_PLATFORMCREATE))
			e->live = false;
	}
}

static void reset_auth(u32 handle)
{
	struct ent *e = ent_by_handle(handle);

	e->auth = tpm2b(NULL, 0);
	e->recipe = -1;
}

static void learn_hierarchies(struct command *c)
{
	u32 which;

	switch (c->row->code) {
	case TPM_CC_Clear:
		flush_hierarchy(TPM_RH_OWNER);
		flush_hierarchy(TPM_RH_ENDORSEMENT);
		reset_auth(TPM_RH_OWNER);
		reset_auth(TPM_RH_ENDORSEMENT);
		reset_auth(TPM_RH_LOCKOUT);
		break;
	case TPM_CC_ChangeEPS:
		flush_hierarchy(TPM_RH_ENDORSEMENT);
		reset_auth(TPM_RH_ENDORSEMENT);
		break;
	case TPM_CC_ChangePPS:
		flush_hierarchy(TPM_RH_PLATFORM);
		break;
	case TPM_CC_HierarchyControl:
		which = get_unaligned_be32(c->params[OURS].buf);
		if (!c->params[OURS].buf[4] && which != TPM_RH_PLATFORM_NV)
			flush_hierarchy(which == TPM_RH_OWNER ? 0 : which);
		if (!c->params[OURS].buf[4] && which == TPM_RH_OWNER) {
			unsigned int i;

			for (i = 0; i < w.n_ents; i++)
				if (w.ents[i].kind == E_OBJECT && w.ents[i].hierarchy == which &&
				    HR_TYPE(w.ents[i].handle[OURS]) == TPM_HT_TRANSIENT)
					w.ents[i].live = false;
		}
		break;
	}
}

/* ---- sequences, NV ---- */

static void learn_sequence(struct command *c)
{
	struct ent *e = add_ent(E_SEQUENCE, c->created);
	unsigned int s;

	e->seq_mac = c->row->code == TPM_CC_HMAC_Start;
	e->seq_cmac = e->seq_mac && c->ent[0] && c->ent[0]->pub.type == TPM_ALG_SYMCIPHER;
	e->seq_same = !e->seq_mac || (c->ent[0] && c->ent[0]->same);
	e->same = e->seq_same;
	e->seq = e->seq_mac ? TPM_ALG_SHA256 : c->n[0];
	e->auth = c->new_auth;
	e->hierarchy = TPM_RH_NULL;
	for (s = 0; s < SIDES; s++)
		e->handle[s] = c->rsp_handle[s];
}

static void learn_define(struct command *c)
{
	struct pair area = param_2b(c, 1);
	struct ent *e = add_ent(E_NV, c->created);
	const u8 *p = area.b[OURS].data;

	e->handle[THEIRS] = get_unaligned_be32(p);
	e->handle[OURS] = e->handle[THEIRS];
	e->policy_alg = get_unaligned_be16(p + 4);
	e->name_alg = e->policy_alg;
	e->attrs = get_unaligned_be32(p + 6);
	e->size = get_unaligned_be16(p + area.b[OURS].size - 2);
	e->auth = c->new_auth;
	e->recipe = c->t.recipe;
	e->same = true;
	e->name = name_of_area(&area, e->name_alg);
}

static void learn_nv_public(struct command *c, struct outs *o)
{
	struct pair area = next_2b(o);

	if (c->ent[0]->kind != E_NV)
		return;
	c->ent[0]->attrs = get_unaligned_be32(area.b[OURS].data + 6);
	c->ent[0]->name = next_2b(o);
}

/* ---- sessions ---- */

static void derive_key(struct command *c, struct ent *e, unsigned int s)
{
	const struct ent *bind = c->ent[1];
	struct tpm2b auth = { 0 }, key;
	u8 all[192], out[64];
	u32 n = 0;

	if (bind && bind->handle[OURS] != TPM_RH_NULL) {
		auth = bind->auth;
		while (auth.size && !auth.data[auth.size - 1])
			auth.size--;
		e->bound = true;
		e->bind_name = bind->name;
		e->bind_auth = bind->auth;
	}
	if (auth.size)
		memcpy(all, auth.data, auth.size);
	n = auth.size;
	if (c->salt[s].size)
		memcpy(all + n, c->salt[s].data, c->salt[s].size);
	n += c->salt[s].size;
	if (!e->bound && !c->salt[s].size)
		return;
	key = tpm2b(all, n);
	c_kdfa(e->hash, &key, "ATH", &e->nonce_tpm[s], &c->nonce, hash_size(e->hash) * 8, out);
	e->key[s] = keep(out, hash_size(e->hash));
}

/* As the command said it: a fault may have changed what was chosen. */
static void read_session(struct command *c, struct ent *e)
{
	const struct cmd *p = &c->params[OURS];
	struct tpm2_reader in = { (u8 *)p->buf, p->len };
	struct tpm2b nonce, salt;

	if (tpm2_read_2b(&in, 64, &nonce) || tpm2_read_2b(&in, 512, &salt) ||
	    tpm2_read_u8(&in, &e->type) || tpm2_read(&in, &desc_sym_def_null, &e->sym) ||
	    tpm2_read_u16(&in, &e->hash))
		exit(3);
	c->nonce = keep2(&nonce);
}

static void learn_session(struct command *c, struct outs *o)
{
	struct ent *e = add_ent(E_SESSION, c->created);
	struct pair nonce = next_2b(o);
	static const u8 zeros[64];
	unsigned int s;
	u8 handle[4];

	read_session(c, e);
	e->same = true;
	for (s = 0; s < SIDES; s++) {
		e->handle[s] = c->rsp_handle[s];
		put_unaligned_be32(e->handle[s], handle);
		e->name.b[s] = keep(handle, 4);
		e->nonce_tpm[s] = nonce.b[s];
		e->digest.b[s] = tpm2b(zeros, hash_size(e->hash));
		derive_key(c, e, s);
	}
	last_session = e;
}

static struct ent *policy_of(struct command *c)
{
	unsigned int i;

	for (i = 0; i < c->row->n_handles; i++)
		if (c->row->handles[i] == HC_POLICY && c->ent[i] && c->ent[i]->kind == E_SESSION)
			return c->ent[i];
	return NULL;
}

static void learn_policy(struct command *c)
{
	struct ent *e = policy_of(c);
	struct plan p = { .code = TPM_CC_PolicyGetDigest, .recipe = -1, .sound = true };

	if (!e || c->row->code == TPM_CC_PolicyGetDigest)
		return;
	if (c->row->code == TPM_CC_PolicyRestart) {
		e->password = false;
		e->auth_value = false;
		e->same = true;
	}
	if (c->row->code == TPM_CC_PolicyAuthValue)
		e->auth_value = true, e->password = false;
	if (c->row->code == TPM_CC_PolicyPassword)
		e->password = true, e->auth_value = false;
	if (c->inputs_differ)
		e->same = false;
	p.ent[0] = e;
	do_command(mix(c->seed, 55), &p);
}

/* A policy that has served is forgotten. */
static void roll_sessions(struct command *c)
{
	static const u8 zeros[64];
	unsigned int i, s;

	for (i = 0; i < c->n_auths; i++) {
		struct ent *e = c->auths[i].ses;

		if (e && c->auths[i].attrs & TPMA_SESSION_AUDIT && !e->audited) {
			e->audited = true;
			e->bound = false;
		}
		if (!e || e->type == TPM_SE_HMAC || !e->live)
			continue;
		e->password = false;
		e->auth_value = false;
		e->same = true;
		for (s = 0; s < SIDES; s++)
			e->digest.b[s] = tpm2b(zeros, hash_size(e->hash));
	}
}

static void learn_context(struct command *c, struct outs *o)
{
	struct item *it = add_item(I_CONTEXT, c->created);

	it->of = *c->ent[0];
	it->d[0] = rest(o);
	if (c->ent[0]->kind == E_SESSION)
		c->ent[0]->saved = true;
}

static void learn_loaded_context(struct command *c)
{
	struct ent *e;
	unsigned int i, s;

	if (!c->item)
		return;
	if (c->item->of.kind == E_SESSION) {
		for (i = 0; i < w.n_ents; i++)
			if (w.ents[i].live && w.ents[i].id == c->item->of.id)
				w.ents[i].saved = false;
		return;
	}
	e = add_ent(E_OBJECT, c->created);
	*e = c->item->of;
	e->id = c->created;
	e->live = true;
	e->reloaded = true;
	for (s = 0; s < SIDES; s++)
		e->handle[s] = c->rsp_handle[s];
}

/* ---- all ---- */

static void learn_made(struct command *c, struct outs *o)
{
	struct pair private;

	switch (c->row->code) {
	case TPM_CC_CreatePrimary:
	case TPM_CC_CreateLoaded:
		learn_primary(c, o);
		break;
	case TPM_CC_Create:
		learn_create(c, o);
		break;
	case TPM_CC_Load:
		learn_load(c);
		break;
	case TPM_CC_LoadExternal:
		learn_external(c);
		break;
	case TPM_CC_Import:
		learn_import(c, o);
		break;
	case TPM_CC_ObjectChangeAuth:
		private = next_2b(o);
		c->t.recipe = c->ent[0]->recipe;
		new_private(c, c->ent[1], &private, &c->ent[0]->area);
		break;
	case TPM_CC_EvictControl:
		learn_evict(c);
		break;
	case TPM_CC_HashSequenceStart:
	case TPM_CC_HMAC_Start:
		learn_sequence(c);
		break;
	case TPM_CC_NV_DefineSpace:
		learn_define(c);
		break;
	case TPM_CC_StartAuthSession:
		learn_session(c, o);
		break;
	case TPM_CC_ContextSave:
		learn_context(c, o);
		break;
	case TPM_CC_ContextLoad:
		learn_loaded_context(c);
		break;
	}
}

static void learn_changes(struct command *c, struct outs *o)
{
	switch (c->row->code) {
	case TPM_CC_NV_ReadPublic:
		learn_nv_public(c, o);
		break;
	case TPM_CC_NV_UndefineSpace:
		flush(c->ent[1]);
		break;
	case TPM_CC_NV_UndefineSpaceSpecial:
	case TPM_CC_SequenceComplete:
		flush(c->ent[0]);
		break;
	case TPM_CC_EventSequenceComplete:
		flush(c->ent[1]);
		break;
	case TPM_CC_FlushContext:
		flush(c->other);
		break;
	case TPM_CC_NV_ChangeAuth:
	case TPM_CC_HierarchyChangeAuth:
		c->ent[0]->auth = c->new_auth;
		break;
	case TPM_CC_PCR_SetAuthValue:
		c->ent[0]->auth = param_2b(c, 0).b[OURS];
		break;
	case TPM_CC_SetPrimaryPolicy:
		c->ent[0]->recipe = c->t.recipe;
		c->ent[0]->policy_alg = c->t.name_alg;
		break;
	case TPM_CC_ClockRateAdjust:
		w.rate_changed = true;
		break;
	case TPM_CC_PolicyGetDigest:
		c->ent[0]->digest = next_2b(o);
		break;
	}
	learn_hierarchies(c);
}

void learn(struct command *c)
{
	struct outs o = outs_of(c), again = o, third = o;

	roll_sessions(c);
	learn_changes(c, &o);
	learn_made(c, &again);
	learn_items(c, &third);
	learn_policy(c);
}
