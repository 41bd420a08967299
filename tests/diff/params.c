// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parameters from the table's descriptors: by type where a type has a meaning
 * of its own, raw otherwise. params2.c has what only one command means.
 */
#include "desc_support.h"
#include "diff.h"

void end_2b(struct cmd *c, u32 at)
{
	put_unaligned_be16(c->len - at - 2, c->buf + at);
}

/* The entity that signs, for the scheme; NULL: none. */
const struct ent *signer_of(const struct command *c)
{
	switch (c->row->code) {
	case TPM_CC_Certify:
	case TPM_CC_GetTime:
	case TPM_CC_GetSessionAuditDigest:
	case TPM_CC_GetCommandAuditDigest:
		return c->ent[1];
	default:
		return c->ent[0];
	}
}

u16 some_hash(struct gen *g)
{
	static const u16 algs[] = { TPM_ALG_SHA256, TPM_ALG_SHA256, TPM_ALG_SHA1, TPM_ALG_SHA384,
				    TPM_ALG_SHA512 };

	return algs[rnd(&g->r, ARRAY_SIZE(algs))];
}

u32 some_code(struct gen *g)
{
	static const u32 odd[] = { 0, 0x11e, 0x11f, 0x123, 0x200, 0x20000000 };
	unsigned int n = 0;

	if (chance(&g->r, 8))
		return odd[rnd(&g->r, ARRAY_SIZE(odd))];
	while (tpm2_cmd_at(n) && tpm2_cmd_at(n)->code <= TPM_CC_CertifyX509)
		n++;		/* libtpms does not have the later ones */
	return tpm2_cmd_at(rnd(&g->r, n))->code;
}

void put_random_2b(struct gen *g, struct cmd *out, u32 max)
{
	u8 data[2048];
	u32 n = chance(&g->r, 92) ? rnd(&g->r, min_t(u32, max, 64) + 1) :
		chance(&g->r, 80) ? max - rnd(&g->r, 2) % (max + 1) : rnd(&g->r, max + 1);

	rnd_bytes(&g->r, data, n);
	cmd_2b(out, data, n);
}

void put_pair(struct gen *g, struct cmd *out, const struct pair *p, bool cross)
{
	const struct tpm2b *b = &p->b[cross ? !g->side : g->side];

	cmd_2b(out, b->data, b->size);
}

void put_name(struct gen *g, struct cmd *out, const struct ent *e)
{
	if (e)
		put_pair(g, out, &e->name, false);
	else
		cmd_u16(out, 0);
}

static bool has_name(const struct ent *e, u32 unused)
{
	return e->kind == E_OBJECT || e->kind == E_HIERARCHY;
}

const struct ent *any_name(struct gen *g)
{
	return pick_ent(&g->r, has_name, 0);
}

/* ---- types ---- */

static void put_sig_scheme(struct gen *g, struct cmd *out)
{
	const struct ent *key = signer_of(g->c);
	u16 type = key && key->kind == E_OBJECT ? key->pub.type : TPM_ALG_NULL;
	u16 own = type == TPM_ALG_NULL ? TPM_ALG_NULL : key->pub.parms.scheme.scheme;
	u16 scheme = TPM_ALG_NULL, hash = some_hash(g);
	u32 choice = rnd(&g->r, 100);

	if (own != TPM_ALG_NULL) {
		if (choice < (own == TPM_ALG_ECDAA ? 90 : 40))
			scheme = own;
		if (chance(&g->r, 93))
			hash = key->pub.parms.scheme.hash;
	} else if (choice < 92) {
		scheme = type == TPM_ALG_RSA ? (choice & 1 ? TPM_ALG_RSASSA : TPM_ALG_RSAPSS) :
			 type == TPM_ALG_ECC ? (choice & 3 ? TPM_ALG_ECDSA : TPM_ALG_ECSCHNORR) :
			 type == TPM_ALG_KEYEDHASH ? TPM_ALG_HMAC : TPM_ALG_NULL;
	}
	if (chance(&g->r, 2) && !g->p->sound)
		scheme = choice & 1 ? TPM_ALG_ECDSA : TPM_ALG_RSASSA;
	g->c->n[0] = scheme == TPM_ALG_NULL ? own : scheme;
	g->c->n[1] = own != TPM_ALG_NULL ? key->pub.parms.scheme.hash : hash;
	cmd_u16(out, scheme);
	if (scheme != TPM_ALG_NULL)
		cmd_u16(out, hash);
	if (scheme == TPM_ALG_ECDAA) {
		struct item *it = pick_item(&g->r, I_COMMIT, chance(&g->r, 95) ? key : NULL);

		cmd_u16(out, it ? it->n[g->side] : rnd(&g->r, 4));
	}
}

static void put_rsa_scheme(struct gen *g, struct cmd *out)
{
	static const u16 schemes[] = { TPM_ALG_NULL, TPM_ALG_RSAES, TPM_ALG_OAEP, TPM_ALG_OAEP };
	const struct ent *key = g->c->ent[0];
	u16 own = key && key->kind == E_OBJECT ? key->pub.parms.scheme.scheme : TPM_ALG_NULL;
	u16 scheme = schemes[rnd(&g->r, 4)], hash = some_hash(g);

	if (own != TPM_ALG_NULL && chance(&g->r, 93)) {
		scheme = chance(&g->r, 50) ? own : TPM_ALG_NULL;
		hash = key->pub.parms.scheme.hash;
	}
	g->c->n[0] = scheme;
	g->c->n[1] = hash;
	cmd_u16(out, scheme);
	if (scheme == TPM_ALG_OAEP)
		cmd_u16(out, hash);
}

void put_selection(struct gen *g, struct cmd *out)
{
	static const u16 algs[] = { TPM_ALG_SHA256, TPM_ALG_SHA1, TPM_ALG_SHA384, TPM_ALG_SHA512 };
	u32 n = rnd(&g->r, 4), i;
	u8 select[3];

	cmd_u32(out, n);
	for (i = 0; i < n; i++) {
		u32 choice = rnd(&g->r, 100);

		cmd_u16(out, algs[chance(&g->r, 60) ? 0 : rnd(&g->r, 4)]);
		rnd_bytes(&g->r, select, 3);
		if (choice < 60) {
			select[choice % 3] = 0;
			select[(choice + 1) % 3] = 0;
		} else if (choice < 70) {
			memset(select, 0, 3);
		}
		cmd_u8(out, 3);
		cmd_bytes(out, select, 3);
	}
}

static void put_hash_alg(struct gen *g, struct cmd *out, bool null)
{
	cmd_u16(out, null && chance(&g->r, 25) ? TPM_ALG_NULL :
		chance(&g->r, 97) || g->p->sound ? some_hash(g) : rnd(&g->r, 0x50));
}

static void put_hierarchy(struct gen *g, struct cmd *out)
{
	static const u32 all[] = { TPM_RH_NULL, TPM_RH_OWNER, TPM_RH_NULL, TPM_RH_OWNER,
				   TPM_RH_ENDORSEMENT, TPM_RH_PLATFORM };

	cmd_u32(out, chance(&g->r, 97) ? all[rnd(&g->r, ARRAY_SIZE(all))] : TPM_RH_LOCKOUT);
}

static void put_digest_values(struct gen *g, struct cmd *out)
{
	static const u16 algs[] = { TPM_ALG_SHA1, TPM_ALG_SHA256, TPM_ALG_SHA384, TPM_ALG_SHA512 };
	u32 n = rnd(&g->r, 4), start = rnd(&g->r, 4), i;
	u8 digest[64];

	cmd_u32(out, n);
	for (i = 0; i < n; i++) {
		u16 alg = algs[(start + i) % 4];

		rnd_bytes(&g->r, digest, sizeof(digest));
		cmd_u16(out, alg);
		cmd_bytes(out, digest, hash_size(alg));
	}
}

static void put_some_digest(struct gen *g, struct cmd *out)
{
	static const u16 sizes[] = { 0, 20, 32, 32, 32, 48, 64, 16, 1 };
	u8 data[64];

	rnd_bytes(&g->r, data, sizeof(data));
	cmd_2b(out, data, sizes[rnd(&g->r, ARRAY_SIZE(sizes))]);
}

/* TPM_ALG of a MAC that the key can do */
static void put_mac_scheme(struct gen *g, struct cmd *out)
{
	const struct ent *key = g->c->ent[0];
	bool cmac = key && key->pub.type == TPM_ALG_SYMCIPHER;
	u16 alg = cmac ? TPM_ALG_CMAC : some_hash(g);

	if (key && !cmac && key->pub.parms.scheme.scheme == TPM_ALG_HMAC && chance(&g->r, 90))
		alg = chance(&g->r, 50) ? TPM_ALG_NULL : key->pub.parms.scheme.hash;
	g->c->n[0] = alg;
	cmd_u16(out, alg);
}

struct hook {
	const struct desc *d;
	void (*put)(struct gen *g, struct cmd *out);
};

static void put_data(struct gen *g, struct cmd *out)
{
	put_random_2b(g, out, 64);
}

static void put_buffer(struct gen *g, struct cmd *out)
{
	put_random_2b(g, out, 1024);
}

static void put_alg_null(struct gen *g, struct cmd *out)
{
	put_hash_alg(g, out, true);
}

static void put_alg(struct gen *g, struct cmd *out)
{
	put_hash_alg(g, out, false);
}

static void put_yes_no(struct gen *g, struct cmd *out)
{
	cmd_u8(out, chance(&g->r, 98) ? rnd(&g->r, 2) : rnd(&g->r, 256));
}

static void put_auth(struct gen *g, struct cmd *out)
{
	const struct ent *e = g->c->ent[0];
	u16 alg = !e ? TPM_ALG_SHA256 : e->kind == E_OBJECT ? e->pub.name_alg :
		  e->kind == E_NV ? e->name_alg : TPM_ALG_SHA256;

	g->c->new_auth = pick_auth(g, hash_size(alg) ? hash_size(alg) : 32);
	cmd_2b(out, g->c->new_auth.data, g->c->new_auth.size);
}

static void put_any_name(struct gen *g, struct cmd *out)
{
	put_name(g, out, any_name(g));
}

static const struct hook hooks[] = {
	{ &desc_sig_scheme_null, put_sig_scheme },
	{ &desc_rsa_decrypt_null, put_rsa_scheme },
	{ &desc_pcr_selection_list, put_selection },
	{ &desc_alg_hash, put_alg },
	{ &desc_alg_hash_null, put_alg_null },
	{ &desc_mac_scheme_null, put_mac_scheme },
	{ &desc_rh_hierarchy_null, put_hierarchy },
	{ &desc_digest_values, put_digest_values },
	{ &desc_2b_digest, put_some_digest },
	{ &desc_2b_data, put_data },
	{ &desc_2b_nonce, put_data },
	{ &desc_2b_buffer, put_buffer },
	{ &desc_2b_event, put_buffer },
	{ &desc_2b_nv_buffer, put_data },
	{ &desc_2b_sensitive_data, put_data },
	{ &desc_2b_auth, put_auth },
	{ &desc_2b_name, put_any_name },
	{ &desc_yes_no, put_yes_no },
};

void put_desc(struct gen *g, struct cmd *out, const struct desc *d)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		if (hooks[i].d == d) {
			hooks[i].put(g, out);
			return;
		}
	}
	put_raw(g, out, d);
}

/* ---- raw: only the descriptor counts ---- */

static u64 raw_number(void *r, unsigned int bytes)
{
	return bytes == 8 ? rnd64(r) : rnd64(r) & ((1ull << 8 * bytes) - 1);
}

/* libtpms' RSA ends at 2048 bits, its templates and buffers are shorter */
static u32 raw_max(const struct desc *d)
{
	if (d == &desc_2b_template)
		return 256;
	if (d == &desc_2b_nv_buffer || d->max == 3072)
		return 1024;
	if (d == &desc_2b_private)
		return 800;
	if (d->max == VT_RSA_MAX_BYTES || d->max == VT_RSA_MAX_BYTES / 2)
		return d->max / 2;
	return d->max;
}

void put_raw(struct gen *g, struct cmd *out, const struct desc *d)
{
	struct choices choices = { .ctx = &g->r, .number = raw_number, .most = raw_max };

	make_from(&choices, out, d);
}

/* ---- all of a command's ---- */

static void put_all(struct gen *g, struct cmd *out)
{
	const struct desc *in = g->c->row->in;
	int raw = g->c->fault == F_RAW && in ? (int)rnd(&g->r, in->nfields) : -1;
	unsigned int i;

	out->len = 0;
	for (i = 0; in && i < in->nfields; i++) {
		if ((int)i == raw)
			put_raw(g, out, in->fields[i].d);
		else if (!put_special(g, out, i))
			put_desc(g, out, in->fields[i].d);
		if (out->len > 3600)
			break;
	}
}

/* The same change to both sides, where both have the same bytes. */
static void spoil_params(struct gen *g)
{
	struct cmd *a = &g->c->params[OURS], *b = &g->c->params[THEIRS];
	u32 at, tries;
	u8 flip = BIT(rnd(&g->r, 8));

	switch (g->c->fault) {
	case F_SHORT:
		if (a->len && a->len == b->len) {
			b->len = a->len - 1 - rnd(&g->r, min_t(u32, a->len, 8));
			a->len = b->len;
		}
		break;
	case F_LONG:
		cmd_u8(a, 0);
		cmd_u8(b, 0);
		break;
	case F_FLIP:
		for (tries = 0; a->len && a->len == b->len && tries < 8; tries++) {
			at = rnd(&g->r, min_t(u32, a->len, chance(&g->r, 60) ? 12 : a->len));
			if (a->buf[at] == b->buf[at]) {
				a->buf[at] ^= flip;
				b->buf[at] ^= flip;
				break;
			}
		}
		break;
	default:
		break;
	}
}

/* Generated once for each side, from the same choices. */
void put_params(struct gen *g, struct cmd *unused)
{
	struct rnd start = g->r;

	for (g->side = 0; g->side < SIDES; g->side++) {
		g->r = start;
		put_all(g, &g->c->params[g->side]);
	}
	spoil_params(g);
}
