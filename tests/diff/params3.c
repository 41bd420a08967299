// SPDX-License-Identifier: GPL-2.0-only
/* Parameters of commands about the TPM itself: hierarchies, clock, audit, PCRs, capabilities. */
#include "diff.h"

/* ---- hierarchies, clock, audit, PCRs ---- */

/* As long as the longest digest */
static const char digits[] = "0123456789012345678901234567890123456789012345678901234567890123";

static void put_codes(struct gen *g, struct cmd *out)
{
	u32 n = rnd(&g->r, 4);

	cmd_u32(out, n);
	while (n--)
		cmd_u32(out, some_code(g));
}

bool special_hierarchy(struct gen *g, struct cmd *out, unsigned int field)
{
	struct command *c = g->c;

	switch (c->row->code) {
	case TPM_CC_HierarchyControl:
		if (field == 0)
			cmd_u32(out, chance(&g->r, 60) ? c->raw[0] :
				chance(&g->r, 80) ? TPM_RH_OWNER + rnd(&g->r, 2) * 10 :
				TPM_RH_PLATFORM_NV);
		else
			cmd_u8(out, chance(&g->r, 60));
		return true;
	case TPM_CC_SetPrimaryPolicy:
		if (field == 0) {
			c->t.name_alg = chance(&g->r, 20) ? TPM_ALG_NULL : some_hash(g);
			c->t.recipe = c->t.name_alg == TPM_ALG_NULL ? -1 : (int)rnd(&g->r, R_COUNT);
			c->t.policy = recipe_digest(c->t.recipe, c->t.name_alg);
			cmd_2b(out, c->t.policy.data, c->t.policy.size);
		} else {
			cmd_u16(out, c->t.name_alg);
		}
		return true;
	case TPM_CC_PCR_SetAuthPolicy:
		if (field == 0) {
			c->t.name_alg = chance(&g->r, 20) ? TPM_ALG_NULL : some_hash(g);
			cmd_2b(out, digits, hash_size(c->t.name_alg));
		} else if (field == 1) {
			cmd_u16(out, c->t.name_alg);
		} else {
			cmd_u32(out, rnd(&g->r, 25));
		}
		return true;
	case TPM_CC_ClockSet:
		cmd_u64(out, diff_now_ms - 1000000 + rnd(&g->r, 4000000) - 200000);
		return true;
	case TPM_CC_ClockRateAdjust:
		cmd_u8(out, rnd(&g->r, 8) - 3);
		return true;
	case TPM_CC_DictionaryAttackParameters:
		cmd_u32(out, field == 0 ? rnd(&g->r, 8) : rnd(&g->r, 1200));
		return true;
	case TPM_CC_SetCommandCodeAuditStatus:
		if (field == 0)
			return false;
		if (chance(&g->r, 40))
			cmd_u32(out, 0);
		else
			put_codes(g, out);
		return true;
	default:	/* PP_Commands */
		put_codes(g, out);
		return true;
	}
}

bool special_capability(struct gen *g, struct cmd *out, unsigned int field)
{
	static const u32 start[] = { 0, 0, 0x11f, 0, 0, 0, 0x100, 0, 0, 0x40000000, 0x40000110 };
	u32 cap = g->c->n[0];

	if (field == 0) {
		cap = chance(&g->r, 97) ? rnd(&g->r, 11) : rnd(&g->r, 300);
		g->c->n[0] = cap;
		cmd_u32(out, cap);
	} else if (field == 1) {
		static const u32 ranges[] = { 0x01000000, 0x02000000, 0x03000000, 0x40000000,
					      0x80000000, 0x81000000, 0 };

		if (cap == 1)
			cmd_u32(out, ranges[rnd(&g->r, 7)]);
		else
			cmd_u32(out, (cap < 11 ? start[cap] : 0) + rnd(&g->r, 2) * rnd(&g->r, 40) +
				(cap == 6 ? rnd(&g->r, 2) * 0x100 : 0));
	} else {
		cmd_u32(out, chance(&g->r, 50) ? 1 + rnd(&g->r, 5) : 127);
	}
	return true;
}

/* ---- ECDAA ---- */

static void put_base(struct gen *g, struct cmd *out, u16 curve)
{
	struct tpm2b d, x, y;
	u32 at = out->len;
	u8 number[24];

	rnd_bytes(&g->r, number, sizeof(number));
	d = tpm2b(number, sizeof(number));
	c_ecc_public(curve, &d, &x, &y);
	cmd_u16(out, 0);
	cmd_2b(out, x.data, x.size);
	cmd_2b(out, y.data, y.size);
	end_2b(out, at);
}

/* P1, or P2 by what its x is a digest of, or both, or neither */
bool special_commit(struct gen *g, struct cmd *out, unsigned int field)
{
	struct command *c = g->c;
	const struct ent *key = c->ent[0];
	struct tpm2b s2;
	u8 data[20];

	if (!key || key->kind != E_OBJECT || key->pub.type != TPM_ALG_ECC)
		return false;
	if (field == 0) {
		c->n[0] = rnd(&g->r, 4);
		if (c->n[0] & 1 && chance(&g->r, 95))
			put_base(g, out, key->pub.parms.curve);
		else if (c->n[0] & 1)
			special_point(g, out);
		else
			cmd_bytes(out, "\0\4\0\0\0\0", 6);
	} else if (!(c->n[0] & 2)) {
		cmd_u16(out, 0);
	} else if (field == 1) {
		do {
			rnd_bytes(&g->r, data, sizeof(data));
			s2 = tpm2b(data, sizeof(data));
		} while (hash_size(key->pub.name_alg) &&
			 !c_ecc_lift(key->pub.parms.curve, key->pub.name_alg, &s2, &c->ref));
		cmd_2b(out, data, sizeof(data));
	} else if (chance(&g->r, 96)) {
		cmd_2b(out, c->ref.data, c->ref.size);
	} else {
		put_random_2b(g, out, 32);
	}
	return true;
}

bool special_small(struct gen *g, struct cmd *out, unsigned int field)
{
	u32 n;

	switch (g->c->row->code) {
	case TPM_CC_Startup:
	case TPM_CC_Shutdown:
		cmd_u16(out, g->p->sound ? g->p->su : chance(&g->r, 95) ? rnd(&g->r, 2) : 2);
		return true;
	case TPM_CC_SelfTest:
		if (g->p->sound)
			cmd_u8(out, 1);
		return g->p->sound;
	case TPM_CC_GetRandom:
		cmd_u16(out, rnd(&g->r, 80));
		return true;
	case TPM_CC_IncrementalSelfTest:
		n = rnd(&g->r, 3);
		cmd_u32(out, n);
		while (n--)
			cmd_u16(out, chance(&g->r, 95) ? some_hash(g) : 0x3f);
		return true;
	case TPM_CC_EC_Ephemeral:
	case TPM_CC_ECC_Parameters:
		cmd_u16(out, chance(&g->r, 96) ? TPM_ECC_NIST_P256 + rnd(&g->r, 3) : 0);
		return true;
	case TPM_CC_HashSequenceStart:
		if (field == 0)
			return false;
		g->c->n[0] = g->p->want == N_SEQ_EVENT ? TPM_ALG_NULL :
			     g->p->want == N_SEQ || chance(&g->r, 75) ? some_hash(g) : TPM_ALG_NULL;
		cmd_u16(out, g->c->n[0]);
		return true;
	case TPM_CC_ECDH_ZGen:
		special_point(g, out);
		return true;
	default:
		return false;
	}
}
