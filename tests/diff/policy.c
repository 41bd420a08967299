// SPDX-License-Identifier: GPL-2.0-only
/* Policies: recipes that can be met, their digests, and what policy commands are given. */
#include "diff.h"

struct ent *last_session;

/* Commands for which R_COMMAND's PolicyOR has a branch */
static const u32 branches[8] = {
	TPM_CC_ObjectChangeAuth, TPM_CC_Certify, TPM_CC_ActivateCredential, TPM_CC_NV_ChangeAuth,
	TPM_CC_NV_UndefineSpaceSpecial, TPM_CC_Sign, TPM_CC_Unseal, TPM_CC_NV_Read,
};

static struct tpm2b branch_digests[8][4];

static const u32 steps[R_COUNT][2] = {
	[R_AUTH_VALUE] = { TPM_CC_PolicyAuthValue },
	[R_PASSWORD] = { TPM_CC_PolicyPassword },
	[R_COMMAND] = { TPM_CC_PolicyCommandCode, TPM_CC_PolicyOR },
	[R_SECRET] = { TPM_CC_PolicySecret },
	[R_LOCALITY] = { TPM_CC_PolicyLocality },
	[R_PCR] = { TPM_CC_PolicyPCR },
	[R_NV_WRITTEN] = { TPM_CC_PolicyNvWritten },
	[R_OR] = { TPM_CC_PolicyAuthValue, TPM_CC_PolicyOR },
	[R_DUPLICATE] = { TPM_CC_PolicyCommandCode },
	[R_SELECT] = { TPM_CC_PolicyDuplicationSelect },
	[R_TIMER] = { TPM_CC_PolicyCounterTimer },
};

/* ---- sessions for recipes ---- */

static struct ent *start(struct rnd *r, u16 hash, enum need want)
{
	struct plan p = { .code = TPM_CC_StartAuthSession, .recipe = 0, .hash = hash,
			  .want = want, .sound = true };

	p.ent[1] = ent_by_handle(TPM_RH_NULL);
	p.ent[0] = p.ent[1];
	last_session = NULL;
	do_command(rnd64(r), &p);
	return last_session;
}

static void step(struct rnd *r, struct ent *ses, u32 code, s16 recipe, u32 cc)
{
	struct plan p = { .code = code, .recipe = recipe, .recipe_cc = cc, .sound = true };

	if (code == TPM_CC_PolicySecret) {
		p.ent[0] = ent_by_handle(TPM_RH_ENDORSEMENT);
		p.ent[1] = ses;
	} else {
		p.ent[0] = ses;
	}
	do_command(rnd64(r), &p);
}

/* A policy session that went through @e's recipe; NULL: none could be made. */
struct ent *prepare_policy(struct gen *g, const struct ent *e)
{
	struct ent *ses = start(&g->r, e->policy_alg, N_POLICY);
	unsigned int i;

	if (!ses)
		return NULL;
	pin(ses);
	for (i = 0; i < 2 && steps[e->recipe][i]; i++)
		step(&g->r, ses, steps[e->recipe][i], e->recipe, g->c->row->code);
	return ses->live ? ses : NULL;
}

static struct tpm2b digest_of_steps(struct rnd *r, u16 hash, s16 recipe, u32 cc, unsigned int n)
{
	struct ent *ses = start(r, hash, N_COUNT);
	struct plan flush = { .code = TPM_CC_FlushContext, .recipe = -1, .sound = true };
	struct tpm2b digest;
	unsigned int i;

	for (i = 0; ses && i < n && steps[recipe][i]; i++)
		step(r, ses, steps[recipe][i], recipe, cc);
	if (!ses || !same2b(&ses->digest.b[OURS], &ses->digest.b[THEIRS])) {
		fprintf(stderr, "diff: policy recipe %d: %s\n", recipe, shared->why);
		exit(2);
	}
	digest = keep2(&ses->digest.b[OURS]);
	flush.ent[0] = ses;
	do_command(rnd64(r), &flush);
	return digest;
}

/* The digest of each recipe with each hash, from trial sessions of both sides. */
void recipes_init(void)
{
	static const u16 algs[] = { TPM_ALG_SHA1, TPM_ALG_SHA256, TPM_ALG_SHA384, TPM_ALG_SHA512 };
	struct rnd r = { .s = 99 };
	unsigned int i, j, k;

	for (j = 0; j < 4; j++) {
		for (k = 0; k < 8; k++)
			branch_digests[k][j] =
				digest_of_steps(&r, algs[j], R_COMMAND, branches[k], 1);
		for (i = 0; i < R_COUNT; i++)
			recipe_digests[i][j] = digest_of_steps(&r, algs[j], i, branches[0], 2);
	}
}

/* ---- parameters ---- */

static void put_recipe_or(struct cmd *out, const struct gen *g, const struct ent *ses)
{
	int h = hash_index(ses->hash), i;

	if (g->p->recipe == R_COMMAND) {
		cmd_u32(out, 8);
		for (i = 0; i < 8; i++)
			cmd_2b(out, branch_digests[i][h].data, branch_digests[i][h].size);
		return;
	}
	cmd_u32(out, 2);
	cmd_2b(out, recipe_digests[R_AUTH_VALUE][h].data, recipe_digests[R_AUTH_VALUE][h].size);
	cmd_2b(out, recipe_digests[R_PASSWORD][h].data, recipe_digests[R_PASSWORD][h].size);
}

/* What the recipe says. */
static bool put_recipe(struct gen *g, struct cmd *out, unsigned int field)
{
	static const u8 zero[8];

	switch (g->c->row->code) {
	case TPM_CC_PolicyOR:
		put_recipe_or(out, g, g->c->ent[0]);
		return true;
	case TPM_CC_PolicyCommandCode:
		cmd_u32(out, g->p->recipe == R_DUPLICATE ? TPM_CC_Duplicate : g->p->recipe_cc);
		return true;
	case TPM_CC_PolicySecret:
		field == 3 ? cmd_u32(out, 0) : cmd_u16(out, 0);
		return true;
	case TPM_CC_PolicyLocality:
		cmd_u8(out, 0x0b);
		return true;
	case TPM_CC_PolicyPCR:
		if (field == 0) {
			cmd_u16(out, 0);
			return true;
		}
		cmd_u32(out, 1);
		cmd_u16(out, TPM_ALG_SHA256);
		cmd_bytes(out, "\x03\x80\x00\x00", 4);
		return true;
	case TPM_CC_PolicyNvWritten:
		cmd_u8(out, 1);
		return true;
	case TPM_CC_PolicyDuplicationSelect:
		if (field == 0)
			put_name(g, out, any_name(g));
		else if (field == 1)
			put_name(g, out, ent_by_handle(TPM_RH_NULL));
		else
			cmd_u8(out, 0);
		return true;
	case TPM_CC_PolicyCounterTimer:
		if (field == 0)
			cmd_2b(out, zero, 8);
		else
			cmd_u16(out, field == 1 ? 0 : 7);	/* offset; UNSIGNED_GE */
		return true;
	default:
		return false;
	}
}

static bool put_session(struct gen *g, struct cmd *out, unsigned int field)
{
	struct command *c = g->c;
	u32 choice;
	u8 nonce[64];

	switch (field) {
	case 0:
		c->t.name_alg = g->p->hash ? g->p->hash : some_hash(g);
		rnd_bytes(&g->r, nonce, sizeof(nonce));
		c->nonce = keep(nonce, chance(&g->r, 96) || g->p->sound ?
				16 + rnd(&g->r, hash_size(c->t.name_alg) - 15) : rnd(&g->r, 65));
		cmd_2b(out, c->nonce.data, c->nonce.size);
		return true;
	case 1:
		c->salt[g->side] = tpm2b(NULL, 0);
		if (c->ent[0] && c->ent[0]->kind == E_OBJECT) {
			struct tpm2b secret;

			if (c_salt(c->ent[0], g->side, &g->r, &secret, &c->salt[g->side])) {
				cmd_2b(out, secret.data, secret.size);
				return true;
			}
			put_random_2b(g, out, 64);
			return true;
		}
		cmd_u16(out, chance(&g->r, 2) && !g->p->sound);
		return true;
	case 2:
		choice = rnd(&g->r, 100);
		c->type = g->p->want == N_HMAC_SESSION ? TPM_SE_HMAC :
			  g->p->want == N_COUNT ? TPM_SE_TRIAL :
			  g->p->recipe >= 0 ? TPM_SE_POLICY :
			  g->p->want == N_POLICY ? (choice < 65 ? TPM_SE_POLICY : TPM_SE_TRIAL) :
			  choice < 60 ? TPM_SE_HMAC : choice < 85 ? TPM_SE_POLICY :
			  choice < 97 ? TPM_SE_TRIAL : 2;
		cmd_u8(out, c->type);
		return true;
	case 3:
		choice = rnd(&g->r, 100);
		memset(&c->sym, 0, sizeof(c->sym));
		c->sym.alg = choice < 35 ? TPM_ALG_NULL : choice < 75 ? TPM_ALG_AES : TPM_ALG_XOR;
		c->sym.bits = choice & 1 ? 128 : 256;
		c->sym.mode = TPM_ALG_CFB;
		c->sym.hash = some_hash(g);
		cmd_u16(out, c->sym.alg);
		if (c->sym.alg == TPM_ALG_AES) {
			cmd_u16(out, c->sym.bits);
			cmd_u16(out, choice == 50 ? TPM_ALG_CTR : TPM_ALG_CFB);
		} else if (c->sym.alg == TPM_ALG_XOR) {
			cmd_u16(out, c->sym.hash);
		}
		return true;
	default:
		cmd_u16(out, c->t.name_alg);
		return true;
	}
}

static void put_digest_list(struct gen *g, struct cmd *out, const struct ent *ses)
{
	u32 n = 2 + rnd(&g->r, 4), at = rnd(&g->r, n), i;
	u16 size = hash_size(ses->hash);
	bool right = chance(&g->r, 80);
	u8 digest[64];

	cmd_u32(out, chance(&g->r, 98) ? n : 1);
	for (i = 0; i < n; i++) {
		rnd_bytes(&g->r, digest, sizeof(digest));
		if (i == at && right)
			put_pair(g, out, &ses->digest, false);
		else
			cmd_2b(out, digest, size);
	}
}

/* TPM2_PolicySigned and TPM2_PolicySecret; for the former prepare_items() has chosen. */
static bool put_authorization(struct gen *g, struct cmd *out, unsigned int field)
{
	struct command *c = g->c;
	const struct ent *ses = c->ent[1];
	bool is_secret = c->row->code == TPM_CC_PolicySecret;
	const struct tpm2b *nonce = ses && ses->kind == E_SESSION ? &ses->nonce_tpm[g->side] : NULL;
	u8 hash[64];

	switch (field) {
	case 0:
		if (is_secret) {
			c->n[0] = chance(&g->r, 50) ? 0 : chance(&g->r, 60) ? -rnd(&g->r, 2000) :
				  rnd(&g->r, 2000);
			c->n[1] = chance(&g->r, 60);
		}
		if (c->n[1] && nonce)
			cmd_2b(out, nonce->data, nonce->size);
		else
			cmd_2b(out, "0123456789abcdef", chance(&g->r, 96) ? 0 : 16);
		return true;
	case 1:
		rnd_bytes(&g->r, hash, sizeof(hash));
		cmd_2b(out, hash, is_secret && chance(&g->r, 10) && ses ? hash_size(ses->hash) : 0);
		return true;
	case 2:
		cmd_2b(out, "reference", is_secret && chance(&g->r, 60) ? 0 : 9);
		return true;
	case 3:
		cmd_u32(out, c->n[0]);
		return true;
	default:
		if (c->item)
			cmd_bytes(out, c->item->d[1].b[g->side].data,
				  c->item->d[1].b[g->side].size);
		else
			put_raw(g, out, &desc_signature);
		return true;
	}
}

static void put_null_ticket(struct cmd *out, u16 tag)
{
	cmd_u16(out, tag);
	cmd_u32(out, TPM_RH_NULL);
	cmd_u16(out, 0);
}

static bool put_authorize(struct gen *g, struct cmd *out, unsigned int field)
{
	struct command *c = g->c;

	if (field == 0)
		put_pair(g, out, &c->ent[0]->digest, false);
	else if (field == 1)
		cmd_2b(out, "reference", 9);
	else if (field == 2)
		put_name(g, out, c->item ? &c->item->of : any_name(g));
	else if (c->item)
		cmd_bytes(out, c->item->d[1].b[g->side].data, c->item->d[1].b[g->side].size);
	else
		put_null_ticket(out, TPM_ST_VERIFIED);
	return true;
}

static bool put_ticket(struct gen *g, struct cmd *out, unsigned int field)
{
	struct item *it;

	if (field == 0)
		g->c->item = pick_item(&g->r, I_AUTH_TICKET, NULL);
	it = g->c->item;
	if (!it)
		return false;
	if (field < 3)
		put_pair(g, out, &it->d[field], false);
	else if (field == 3)
		put_name(g, out, &it->of);
	else
		cmd_bytes(out, it->d[3].b[g->side].data, it->d[3].b[g->side].size);
	return true;
}

static bool put_operand(struct gen *g, struct cmd *out, unsigned int field)
{
	static const u8 zeros[16];
	bool timer = g->c->row->code == TPM_CC_PolicyCounterTimer;
	u8 data[16];

	if (field == 0) {
		g->c->n[0] = chance(&g->r, 70) ? (timer ? 8 : 1 + rnd(&g->r, 8)) : rnd(&g->r, 17);
		rnd_bytes(&g->r, data, sizeof(data));
		cmd_2b(out, chance(&g->r, 50) ? zeros : data, g->c->n[0]);
	} else if (field == 1) {
		cmd_u16(out, chance(&g->r, 70) ? 0 : rnd(&g->r, timer ? 26 : 12));
	} else {
		cmd_u16(out, chance(&g->r, 98) ? rnd(&g->r, 12) : 12);
	}
	return true;
}

bool put_policy(struct gen *g, struct cmd *out, unsigned int field)
{
	struct command *c = g->c;
	u8 digest[64];

	if (c->row->code == TPM_CC_StartAuthSession)
		return put_session(g, out, field);
	if (g->p->recipe >= 0)
		return put_recipe(g, out, field);
	switch (c->row->code) {
	case TPM_CC_PolicySigned:
	case TPM_CC_PolicySecret:
		return put_authorization(g, out, field);
	case TPM_CC_PolicyAuthorize:
		return c->ent[0] && c->ent[0]->kind == E_SESSION && put_authorize(g, out, field);
	case TPM_CC_PolicyTicket:
		return put_ticket(g, out, field);
	case TPM_CC_PolicyOR:
		if (!c->ent[0] || c->ent[0]->kind != E_SESSION)
			return false;
		put_digest_list(g, out, c->ent[0]);
		return true;
	case TPM_CC_PolicyNV:
	case TPM_CC_PolicyCounterTimer:
		return put_operand(g, out, field);
	case TPM_CC_PolicyCommandCode:
		cmd_u32(out, some_code(g));
		return true;
	case TPM_CC_PolicyLocality:
		cmd_u8(out, chance(&g->r, 80) ? 1 + rnd(&g->r, 31) : rnd(&g->r, 256));
		return true;
	case TPM_CC_PolicyPCR:
		if (field)
			return false;
		rnd_bytes(&g->r, digest, sizeof(digest));
		cmd_2b(out, digest, chance(&g->r, 75) ? 0 : 32);
		return true;
	case TPM_CC_PolicyCpHash:
	case TPM_CC_PolicyNameHash:
	case TPM_CC_PolicyTemplate:
		if (!c->ent[0] || c->ent[0]->kind != E_SESSION || chance(&g->r, 10))
			return false;
		rnd_bytes(&g->r, digest, sizeof(digest));
		cmd_2b(out, digest, hash_size(c->ent[0]->hash));
		return true;
	default:
		return false;
	}
}

/* ---- what has to be there before ---- */

static void before(struct gen *g, u32 code, struct ent *e0, struct ent *e1, const struct ent *name)
{
	struct plan p = { .code = code, .recipe = -1, .sound = true, .name_of = name };

	p.ent[0] = e0;
	p.ent[1] = e1;
	do_command(rnd64(&g->r), &p);
}

/* A signature of @key over the digests @d; NULL when the key does not make one. */
static struct item *sign(struct gen *g, struct ent *key, const struct pair *d)
{
	struct plan p = { .code = TPM_CC_Sign, .recipe = -1, .sound = true, .data = *d,
			  .has_data = true };
	struct item *it;
	u64 seed = rnd64(&g->r);
	unsigned int i;

	p.ent[0] = key;
	do_command(seed, &p);
	for (i = 0; i < w.n_items; i++) {
		it = &w.items[i];
		if (it->kind == I_SIGNATURE && it->id == mix(seed, 3))
			return it;
	}
	return NULL;
}

/* The hash that the key's scheme, as put_sig_scheme() chooses it, will want. */
static u16 hash_of_key(const struct ent *key)
{
	return key->pub.parms.scheme.scheme != TPM_ALG_NULL ? key->pub.parms.scheme.hash :
							      TPM_ALG_SHA256;
}

static void prepare_signed(struct gen *g)
{
	struct command *c = g->c;
	struct ent *key = c->ent[0], *ses = c->ent[1];
	struct pair d;
	unsigned int s;
	u8 number[4], out[64];

	if (!key || key->kind != E_OBJECT || !ses || ses->kind != E_SESSION)
		return;
	c->n[0] = chance(&g->r, 50) ? 0 : chance(&g->r, 60) ? -rnd(&g->r, 2000) : rnd(&g->r, 2000);
	c->n[1] = chance(&g->r, 60);
	put_unaligned_be32(c->n[0], number);
	for (s = 0; s < SIDES; s++) {
		struct tpm2b parts[] = { ses->nonce_tpm[s], tpm2b(number, 4),
					 tpm2b("reference", 9) };

		c_hash(hash_of_key(key), parts + !c->n[1], 2 + c->n[1], out);
		d.b[s] = keep(out, hash_size(hash_of_key(key)));
	}
	c->item = sign(g, key, &d);
}

static bool may_approve(const struct ent *e, u32 unused)
{
	return fits(e, N_SIGN) && !(e->pub.attrs & TPMA_OBJECT_RESTRICTED) &&
	       hash_size(e->pub.name_alg);
}

/* A key signs the session's digest, and a ticket says that the signature is right. */
static void prepare_authorize(struct gen *g)
{
	struct command *c = g->c;
	struct ent *ses = c->ent[0], *key = pick_ent(&g->r, may_approve, 0);
	struct item *sig;
	unsigned int s;
	struct pair d;
	u8 out[64];

	if (!ses || ses->kind != E_SESSION || !key || chance(&g->r, 15))
		return;
	pin(key);
	for (s = 0; s < SIDES; s++) {
		struct tpm2b parts[] = { ses->digest.b[s], tpm2b("reference", 9) };

		/* the ticket's digest is of the key's nameAlg */
		c_hash(key->pub.name_alg, parts, 2, out);
		d.b[s] = keep(out, hash_size(key->pub.name_alg));
	}
	sig = sign(g, key, &d);
	if (sig) {
		struct plan p = { .code = TPM_CC_VerifySignature, .recipe = -1, .sound = true };
		u64 seed = rnd64(&g->r);
		unsigned int i;

		p.ent[0] = key;
		p.has_data = true;
		p.data = sig->d[0];
		do_command(seed, &p);
		for (i = 0; i < w.n_items; i++)
			if (w.items[i].kind == I_VERIFIED && w.items[i].id == mix(seed, 3))
				c->item = &w.items[i];
	}
}

/* The index is given the policy that the session has. */
static void prepare_authorize_nv(struct gen *g)
{
	struct ent *nv = g->c->ent[1], *ses = g->c->ent[2];
	struct plan p = { .code = TPM_CC_NV_Write, .recipe = -1, .sound = true, .has_data = true };
	struct cmd text;
	unsigned int s;

	if (!nv || nv->kind != E_NV || nv->attrs & 0xf0 || !ses || ses->kind != E_SESSION ||
	    nv->size < 2 + hash_size(ses->hash) ||
	    !same2b(&ses->digest.b[OURS], &ses->digest.b[THEIRS]))	/* contents stay the same */
		return;
	for (s = 0; s < SIDES; s++) {
		text.len = 0;
		cmd_u16(&text, ses->hash);
		cmd_bytes(&text, ses->digest.b[s].data, ses->digest.b[s].size);
		p.data.b[s] = keep(text.buf, text.len);
	}
	p.ent[1] = nv;
	do_command(rnd64(&g->r), &p);
}

void prepare_items(struct gen *g)
{
	struct command *c = g->c;
	struct ent *e = c->ent[0];
	bool object = e && e->kind == E_OBJECT;

	if (c->fault == F_HANDLE || c->fault == F_RAW)
		return;
	switch (c->row->code) {
	case TPM_CC_Load:
		if (object && (!pick_item(&g->r, I_PRIVATE, e) || chance(&g->r, 30)))
			before(g, TPM_CC_Create, e, NULL, NULL);
		break;
	case TPM_CC_ActivateCredential:
		if (object && c->ent[1] && c->ent[1]->kind == E_OBJECT)
			before(g, TPM_CC_MakeCredential, c->ent[1], NULL, e);
		break;
	case TPM_CC_VerifySignature:
		if (!g->p->has_data && object && e->has_private &&
		    (!pick_item(&g->r, I_SIGNATURE, e) || chance(&g->r, 30)))
			before(g, TPM_CC_Sign, e, NULL, NULL);
		break;
	case TPM_CC_RSA_Decrypt:
		if (object && (!pick_item(&g->r, I_RSA_TEXT, e) || chance(&g->r, 50)))
			before(g, TPM_CC_RSA_Encrypt, e, NULL, NULL);
		break;
	case TPM_CC_Rewrap:
	case TPM_CC_Import:
		if (object && !pick_item(&g->r, I_DUPLICATE, e) && chance(&g->r, 50))
			before(g, TPM_CC_Duplicate, NULL, e, NULL);
		break;
	case TPM_CC_ContextLoad:
		if (!pick_item(&g->r, I_CONTEXT, NULL) || chance(&g->r, 30))
			before(g, TPM_CC_ContextSave, NULL, NULL, NULL);
		break;
	case TPM_CC_PolicyTicket:
		if (!pick_item(&g->r, I_AUTH_TICKET, NULL))
			before(g, TPM_CC_PolicySecret, NULL, c->ent[0], NULL);
		break;
	case TPM_CC_ZGen_2Phase:
		if (!pick_item(&g->r, I_EPHEMERAL, NULL) || chance(&g->r, 50))
			before(g, TPM_CC_EC_Ephemeral, NULL, NULL, NULL);
		break;
	case TPM_CC_PolicySigned:
		prepare_signed(g);
		break;
	case TPM_CC_PolicyAuthorize:
		prepare_authorize(g);
		break;
	case TPM_CC_PolicyAuthorizeNV:
		prepare_authorize_nv(g);
		break;
	}
}
