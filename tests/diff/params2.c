// SPDX-License-Identifier: GPL-2.0-only
/* Parameters that mean something in one command only, and what has to be there for them. */
#include "diff.h"

static void put_item(struct gen *g, struct cmd *out, unsigned int i)
{
	const struct item *it = g->c->item;

	if (it)
		put_pair(g, out, &it->d[i], it->cross);
	else
		put_random_2b(g, out, 40);
}

/* Bytes that carry their own structure: no size before them. */
static void put_plain(struct gen *g, struct cmd *out, unsigned int i, const struct desc *d)
{
	const struct item *it = g->c->item;
	const struct tpm2b *b;

	if (!it) {
		put_raw(g, out, d);
		return;
	}
	b = &it->d[i].b[it->cross ? !g->side : g->side];
	cmd_bytes(out, b->data, b->size);
}

/* ---- objects ---- */

static bool special_create(struct gen *g, struct cmd *out, unsigned int field)
{
	if (field == 0) {
		choose_template(g, g->p->want, g->c->ent[0]);
		put_sensitive_create(g, out);
	} else if (field == 1) {
		put_public(g, out, &g->c->t, false);
	}
	return field < 2;
}

static bool special_load_external(struct gen *g, struct cmd *out, unsigned int field)
{
	struct command *c = g->c;
	bool sign_only;

	switch (field) {
	case 0:
		choose_known(g, g->p->want, false);
		sign_only = c->t.type == TPM_ALG_RSA || c->t.type == TPM_ALG_ECC;
		c->n[2] = !sign_only || chance(&g->r, g->p->want == N_ANY ? 60 : 90);
		c->new_auth = pick_auth(g, hash_size(c->t.name_alg));
		if (c->n[2])
			put_known_sensitive(out, &c->t, &c->new_auth);
		else
			cmd_u16(out, 0);
		return true;
	case 1:
		put_public(g, out, &c->t, true);
		return true;
	default:
		if (!c->n[2] && chance(&g->r, 50))
			return false;
		cmd_u32(out, TPM_RH_NULL);
		return true;
	}
}

static bool special_load(struct gen *g, struct cmd *out, unsigned int field)
{
	if (field == 0) {
		g->c->item = pick_item(&g->r, I_PRIVATE, chance(&g->r, 97) ? g->c->ent[0] : NULL);
		put_item(g, out, 0);
	} else if (g->c->item) {
		put_item(g, out, 1);
	} else {
		choose_template(g, N_ANY, g->c->ent[0]);
		put_public(g, out, &g->c->t, false);
	}
	return true;
}

/* A duplicate that a side made for this parent, or a known key in the clear. */
static bool special_import(struct gen *g, struct cmd *out, unsigned int field)
{
	struct command *c = g->c;
	struct item *it;

	if (field == 0) {
		it = pick_item(&g->r, I_DUPLICATE, c->ent[0]);
		c->item = it && chance(&g->r, 60) ? it : NULL;
		choose_known(g, g->p->want, true);
		c->new_auth = pick_auth(g, hash_size(c->t.name_alg));
	}
	if (c->item) {
		static const u8 from[] = { 0, 3, 1, 2 };

		if (field < 4)
			put_item(g, out, from[field]);
		else
			put_plain(g, out, 4, &desc_sym_def_object_null);
		return true;
	}
	if (field == 1) {
		put_public(g, out, &c->t, true);
	} else if (field == 2) {
		u32 at = out->len;

		cmd_u16(out, 0);
		put_known_sensitive(out, &c->t, &c->new_auth);
		end_2b(out, at);
	} else {
		cmd_u16(out, field == 4 ? TPM_ALG_NULL : 0);
	}
	return true;
}

static bool special_duplicate(struct gen *g, struct cmd *out, unsigned int field)
{
	u8 key[32];

	if (field == 0) {
		g->c->n[0] = chance(&g->r, 50);
		rnd_bytes(&g->r, key, sizeof(key));
		cmd_2b(out, key, g->c->n[0] && chance(&g->r, 60) ? 16 :
		       chance(&g->r, 3) ? 15 : 0);
	} else if (g->c->n[0]) {
		cmd_u16(out, TPM_ALG_AES);
		cmd_u16(out, 128);
		cmd_u16(out, TPM_ALG_CFB);
	} else {
		cmd_u16(out, TPM_ALG_NULL);
	}
	return true;
}

static bool special_evict(struct gen *g, struct cmd *out, unsigned int field)
{
	const struct ent *o = g->c->ent[1];
	u32 base = o && o->hierarchy == TPM_RH_PLATFORM ? 0x81800000 : 0x81000010;

	if (g->p->handle)
		cmd_u32(out, g->p->handle);
	else if (o && HR_TYPE(o->handle[OURS]) == TPM_HT_PERSISTENT && chance(&g->r, 90))
		cmd_u32(out, o->handle[OURS]);
	else
		cmd_u32(out, chance(&g->r, 92) ? base + rnd(&g->r, 3) : 0x81000001 + rnd(&g->r, 3));
	return true;
}

static bool live_context(const struct ent *e, u32 unused)
{
	return fits(e, N_TRANSIENT);
}

static bool special_flush(struct gen *g, struct cmd *out, unsigned int field)
{
	g->c->other = g->p->ent[0];
	if (!g->c->other && chance(&g->r, 92))
		g->c->other = pick_ent(&g->r, live_context, 0);
	cmd_u32(out, g->c->other ? g->c->other->handle[g->side] : 0x0200003f);
	return true;
}

static bool special_context_load(struct gen *g, struct cmd *out, unsigned int field)
{
	g->c->item = pick_item(&g->r, I_CONTEXT, NULL);
	put_plain(g, out, 0, &desc_context);
	return true;
}

/* ---- NV ---- */

/* An index for which there is a use: readable and writable by someone, mostly. */
static u32 nv_attrs(struct gen *g, u32 type)
{
	u32 a = type << 4, choice = rnd(&g->r, 100);
	bool pin = type == 8 || type == 9;

	a |= choice < 60 ? TPMA_NV_AUTHREAD : choice < 80 ? TPMA_NV_OWNERREAD : TPMA_NV_PPREAD;
	choice = rnd(&g->r, 100);
	a |= choice < 50 && !pin ? TPMA_NV_AUTHWRITE :
	     choice < 80 ? TPMA_NV_OWNERWRITE : TPMA_NV_PPWRITE;
	if (chance(&g->r, 40))
		a |= TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE;
	if (g->c->t.recipe >= 0 && chance(&g->r, 60))
		a |= TPMA_NV_POLICYREAD | TPMA_NV_POLICYWRITE;
	if (pin || chance(&g->r, 60))
		a |= TPMA_NV_NO_DA;
	if (chance(&g->r, 15))
		a |= BIT(12 + rnd(&g->r, 4));
	if (chance(&g->r, 15))
		a |= TPMA_NV_WRITE_STCLEAR;
	if (chance(&g->r, 25))
		a |= TPMA_NV_READ_STCLEAR;
	if (chance(&g->r, 15))
		a |= TPMA_NV_GLOBALLOCK;
	if (chance(&g->r, 15))
		a |= TPMA_NV_ORDERLY;
	if (g->p->want == N_NV_SPECIAL)
		a |= TPMA_NV_POLICY_DELETE | TPMA_NV_PLATFORMCREATE;
	else if (g->c->raw[0] == TPM_RH_PLATFORM)
		a |= TPMA_NV_PLATFORMCREATE;
	if (!g->p->sound && chance(&g->r, 8))
		a ^= BIT(rnd(&g->r, 32));
	return a;
}

static u32 nv_type(struct gen *g)
{
	static const u8 types[] = { 0, 0, 1, 2, 4, 8, 9, 0 };

	switch (g->p->want) {
	case N_NV_PLAIN:
	case N_NV_SPECIAL:
		return 0;
	case N_NV_COUNTER:
		return 1;
	case N_NV_BITS:
		return 2;
	case N_NV_EXTEND:
		return 4;
	default:
		return types[rnd(&g->r, 8)];
	}
}

static u16 nv_size(struct gen *g, u32 type, u16 name_alg)
{
	static const u16 sizes[] = { 8, 8, 16, 34, 34, 66, 1, 128, 0, 512 };

	if (!g->p->sound && chance(&g->r, 5))
		return rnd(&g->r, 40);
	if (type == 0)
		return sizes[rnd(&g->r, g->p->sound ? 6 : ARRAY_SIZE(sizes))];
	return type == 4 ? hash_size(name_alg) : 8;
}

static bool special_define(struct gen *g, struct cmd *out, unsigned int field)
{
	struct command *c = g->c;
	u32 at = out->len, type;
	u16 size;

	if (field == 0) {
		c->t.name_alg = chance(&g->r, 60) ? TPM_ALG_SHA256 : some_hash(g);
		c->t.recipe = g->p->want == N_NV_SPECIAL ? R_COMMAND :
			      chance(&g->r, 40) ? (int)rnd(&g->r, R_COUNT) : -1;
		c->t.policy = recipe_digest(c->t.recipe, c->t.name_alg);
		c->new_auth = pick_auth(g, hash_size(c->t.name_alg));
		cmd_2b(out, c->new_auth.data, c->new_auth.size);
		return true;
	}
	type = nv_type(g);
	c->t.attrs = nv_attrs(g, type);
	size = nv_size(g, type, c->t.name_alg);
	c->n[0] = 0x01000000 + rnd(&g->r, 8);
	c->n[1] = size;
	cmd_u16(out, 0);
	cmd_u32(out, c->n[0]);
	cmd_u16(out, c->t.name_alg);
	cmd_u32(out, c->t.attrs);
	cmd_2b(out, c->t.policy.data, c->t.policy.size);
	cmd_u16(out, size);
	end_2b(out, at);
	return true;
}

static bool special_nv(struct gen *g, struct cmd *out, unsigned int field)
{
	bool write = g->c->row->code == TPM_CC_NV_Write;
	const struct ent *nv = g->c->ent[g->c->row->code == TPM_CC_NV_Certify ? 2 : 1];
	u32 size = nv && nv->kind == E_NV ? nv->size : 8, offset = rnd(&g->r, 8);
	u8 data[512];

	if (g->c->row->code == TPM_CC_NV_Certify)
		field -= 2;
	if (field == 0) {
		u32 type = nv ? nv->attrs >> 4 & 0xf : 0;
		bool whole = chance(&g->r, 60) || type == 8 || type == 9 ||
			     (write && nv && !(nv->attrs & TPMA_NV_WRITTEN));

		g->c->n[2] = whole ? 0 : min_t(u32, offset, size);
		size = whole ? size : rnd(&g->r, size - g->c->n[2] + 1);
		if (chance(&g->r, 3))
			size++;
		size = min_t(u32, size, sizeof(data));
		rnd_bytes(&g->r, data, sizeof(data));
		if (type == 8 || type == 9) {	/* pinCount, pinLimit */
			memset(data, 0, 8);
			data[3] = rnd(&g->r, 3);
			data[7] = rnd(&g->r, 8);
		}
		if (write && g->p->has_data)
			put_pair(g, out, &g->p->data, false);
		else if (write)
			cmd_2b(out, data, size);
		else
			cmd_u16(out, size);
		return true;
	}
	cmd_u16(out, g->p->has_data ? 0 : g->c->n[2]);
	return true;
}

/* ---- keys ---- */

static bool special_rsa(struct gen *g, struct cmd *out, unsigned int field)
{
	if (g->c->row->code == TPM_CC_RSA_Decrypt) {
		if (field == 0) {
			g->c->item = pick_item(&g->r, I_RSA_TEXT, g->c->ent[0]);
			put_item(g, out, 0);
			return true;
		}
		if (!g->c->item || chance(&g->r, 4))
			return false;
		if (field == 1)
			put_plain(g, out, 1, &desc_rsa_decrypt_null);
		else
			put_item(g, out, 2);
		return true;
	}
	if (field == 0) {
		put_random_2b(g, out, chance(&g->r, 80) ? 20 : 130);
		return true;
	}
	if (field == 2) {
		cmd_2b(out, "label", chance(&g->r, 60) ? 0 : chance(&g->r, 80) ? 6 : 5);
		return true;
	}
	return false;
}

static u16 alg_of_size(u16 size)
{
	return size == 20 ? TPM_ALG_SHA1 : size == 48 ? TPM_ALG_SHA384 :
	       size == 64 ? TPM_ALG_SHA512 : TPM_ALG_SHA256;
}

static bool special_sign(struct gen *g, struct cmd *out, unsigned int field)
{
	const struct ent *key = g->c->ent[0];
	struct item *it;
	u16 hash = some_hash(g);
	u8 digest[64];

	if (field == 0) {
		it = pick_item(&g->r, I_HASHCHECK, NULL);
		g->c->item = it && chance(&g->r, 30) ? it : NULL;
		rnd_bytes(&g->r, digest, sizeof(digest));
		if (key && key->pub.parms.scheme.scheme != TPM_ALG_NULL)
			hash = key->pub.parms.scheme.hash;
		if (g->p->has_data)
			hash = alg_of_size(g->p->data.b[g->side].size);
		g->c->n[2] = hash;
		if (g->p->has_data)
			put_pair(g, out, &g->p->data, false);
		else if (g->c->item)
			put_item(g, out, 0);
		else
			cmd_2b(out, digest, chance(&g->r, 96) ? hash_size(hash) :
			       rnd(&g->r, 64));
		return true;
	}
	if (field == 1 && key && key->kind == E_OBJECT &&
	    key->pub.parms.scheme.scheme == TPM_ALG_NULL && (g->p->has_data || chance(&g->r, 90))) {
		u16 type = key->pub.type;
		u16 scheme = type == TPM_ALG_RSA ? TPM_ALG_RSASSA :
			     type == TPM_ALG_ECC ? TPM_ALG_ECDSA : TPM_ALG_HMAC;

		if (type == TPM_ALG_RSA && chance(&g->r, 50))
			scheme = TPM_ALG_RSAPSS;
		if (type == TPM_ALG_ECC && chance(&g->r, 30))
			scheme = TPM_ALG_ECSCHNORR;
		g->c->n[0] = scheme;
		cmd_u16(out, scheme);
		cmd_u16(out, g->c->n[2]);
		return true;
	}
	if (field == 2) {
		if (g->c->item) {
			put_plain(g, out, 1, &desc_tk_hashcheck);
		} else {
			cmd_u16(out, TPM_ST_HASHCHECK);
			cmd_u32(out, TPM_RH_NULL);
			cmd_u16(out, 0);
		}
		return true;
	}
	return false;
}

static bool special_verify(struct gen *g, struct cmd *out, unsigned int field)
{
	unsigned int i;

	if (field == 0) {
		g->c->item = pick_item(&g->r, I_SIGNATURE,
				       chance(&g->r, 95) ? g->c->ent[0] : NULL);
		for (i = 0; g->p->has_data && i < w.n_items; i++)
			if (w.items[i].kind == I_SIGNATURE &&
			    w.items[i].d[0].b[OURS].data == g->p->data.b[OURS].data)
				g->c->item = &w.items[i];
		put_item(g, out, 0);
	} else {
		put_plain(g, out, 1, &desc_signature);
	}
	return true;
}

static bool special_credential(struct gen *g, struct cmd *out, unsigned int field)
{
	const struct ent *key = g->c->ent[0];
	u32 max = key ? hash_size(key->pub.name_alg) : 32;
	struct item *it;

	if (g->c->row->code == TPM_CC_ActivateCredential) {
		if (field == 0) {
			it = pick_item(&g->r, I_CREDENTIAL, g->c->ent[1]);
			g->c->item = it;
		}
		put_item(g, out, field);
		return true;
	}
	if (field == 0) {
		put_random_2b(g, out, chance(&g->r, 95) ? max : max + 1);
		return true;
	}
	g->c->other = (struct ent *)(g->p->name_of ? g->p->name_of : any_name(g));
	put_name(g, out, g->c->other);
	return true;
}

/* A point that some key of the same curve has; now and then one that is on no curve. */
void special_point(struct gen *g, struct cmd *out)
{
	struct item *it = pick_item(&g->r, I_POINT, NULL);
	u32 at = out->len;

	cmd_u16(out, 0);
	if (it) {
		put_pair(g, out, &it->d[0], it->cross);
		put_pair(g, out, &it->d[1], it->cross);
	} else {
		put_random_2b(g, out, 32);
		put_random_2b(g, out, 32);
	}
	end_2b(out, at);
}

static bool special_zgen2(struct gen *g, struct cmd *out, unsigned int field)
{
	if (field < 2) {
		special_point(g, out);
		return true;
	}
	if (field == 2) {
		cmd_u16(out, TPM_ALG_ECDH);
		return true;
	}
	g->c->item = pick_item(&g->r, I_EPHEMERAL, NULL);
	cmd_u16(out, g->c->item && chance(&g->r, 95) ? g->c->item->n[g->side] : rnd(&g->r, 4));
	return true;
}

static bool special_sym(struct gen *g, struct cmd *out, unsigned int field)
{
	static const u16 modes[] = { TPM_ALG_CFB, TPM_ALG_CTR, TPM_ALG_OFB, TPM_ALG_CBC,
				     TPM_ALG_ECB };
	const struct ent *key = g->c->ent[0];
	u16 own = key ? key->pub.parms.sym.mode : TPM_ALG_NULL;
	bool two = g->c->row->code == TPM_CC_EncryptDecrypt2;
	static const u8 order2[] = { 3, 0, 1, 2 };
	u8 data[160];
	u32 n;

	if (field == 0) {
		g->c->n[1] = own == TPM_ALG_NULL ? modes[rnd(&g->r, 5)] : own;
		g->c->n[2] = own == TPM_ALG_NULL || chance(&g->r, 40) ? g->c->n[1] : TPM_ALG_NULL;
		if (chance(&g->r, 4))
			g->c->n[2] = modes[rnd(&g->r, 5)];
	}
	switch (two ? order2[field] : field) {
	case 0:
		return false;
	case 1:
		cmd_u16(out, g->c->n[2]);
		return true;
	case 2:
		rnd_bytes(&g->r, data, 16);
		cmd_2b(out, data, g->c->n[1] == TPM_ALG_ECB ? 0 : chance(&g->r, 95) ? 16 :
		       rnd(&g->r, 17));
		return true;
	default:
		n = rnd(&g->r, 100);
		if ((g->c->n[1] == TPM_ALG_CBC || g->c->n[1] == TPM_ALG_ECB) && chance(&g->r, 90))
			n &= ~15;
		rnd_bytes(&g->r, data, sizeof(data));
		cmd_2b(out, data, n);
		return true;
	}
}

/* ---- attestation ---- */

static bool special_creation(struct gen *g, struct cmd *out, unsigned int field)
{
	if (field == 0) {
		g->c->item = pick_item(&g->r, I_CREATION, chance(&g->r, 95) ? g->c->ent[1] : NULL);
		return false;
	}
	if (field == 1)
		put_item(g, out, 0);
	else if (field == 3)
		put_plain(g, out, 1, &desc_tk_creation);
	return field != 2;
}

/* ---- all ---- */

struct special {
	u32 code;
	bool (*put)(struct gen *g, struct cmd *out, unsigned int field);
};

static const struct special specials[] = {
	{ TPM_CC_Create, special_create },
	{ TPM_CC_CreatePrimary, special_create },
	{ TPM_CC_CreateLoaded, special_create },
	{ TPM_CC_LoadExternal, special_load_external },
	{ TPM_CC_Load, special_load },
	{ TPM_CC_Import, special_import },
	{ TPM_CC_Duplicate, special_duplicate },
	{ TPM_CC_EvictControl, special_evict },
	{ TPM_CC_FlushContext, special_flush },
	{ TPM_CC_ContextLoad, special_context_load },
	{ TPM_CC_NV_DefineSpace, special_define },
	{ TPM_CC_NV_Write, special_nv },
	{ TPM_CC_NV_Read, special_nv },
	{ TPM_CC_RSA_Encrypt, special_rsa },
	{ TPM_CC_RSA_Decrypt, special_rsa },
	{ TPM_CC_Sign, special_sign },
	{ TPM_CC_VerifySignature, special_verify },
	{ TPM_CC_MakeCredential, special_credential },
	{ TPM_CC_ActivateCredential, special_credential },
	{ TPM_CC_ZGen_2Phase, special_zgen2 },
	{ TPM_CC_EncryptDecrypt, special_sym },
	{ TPM_CC_EncryptDecrypt2, special_sym },
	{ TPM_CC_CertifyCreation, special_creation },
	{ TPM_CC_HierarchyControl, special_hierarchy },
	{ TPM_CC_SetPrimaryPolicy, special_hierarchy },
	{ TPM_CC_PCR_SetAuthPolicy, special_hierarchy },
	{ TPM_CC_ClockSet, special_hierarchy },
	{ TPM_CC_ClockRateAdjust, special_hierarchy },
	{ TPM_CC_DictionaryAttackParameters, special_hierarchy },
	{ TPM_CC_SetCommandCodeAuditStatus, special_hierarchy },
	{ TPM_CC_PP_Commands, special_hierarchy },
	{ TPM_CC_GetCapability, special_capability },
	{ TPM_CC_Commit, special_commit },
};

/* Rewrap: oldParent's duplicate, with its name */
static bool special_rewrap(struct gen *g, struct cmd *out, unsigned int field)
{
	static const u8 from[] = { 1, 0, 2 };

	if (field == 0)
		g->c->item = pick_item(&g->r, I_DUPLICATE, g->c->ent[0]);
	if (field == 1 && g->c->item)
		put_name(g, out, &g->c->item->to);
	else
		put_item(g, out, from[field]);
	return true;
}

bool put_special(struct gen *g, struct cmd *out, unsigned int field)
{
	u32 code = g->c->row->code;
	unsigned int i;

	if (code == TPM_CC_Rewrap)
		return special_rewrap(g, out, field);
	if (code == TPM_CC_NV_Certify)
		return field >= 2 && special_nv(g, out, field);
	for (i = 0; i < ARRAY_SIZE(specials); i++)
		if (specials[i].code == code)
			return specials[i].put(g, out, field);
	return put_policy(g, out, field) || special_small(g, out, field);
}
