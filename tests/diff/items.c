// SPDX-License-Identifier: GPL-2.0-only
/* Bytes of responses that later commands are given: tickets, signatures, blobs, points. */
#include "diff.h"

struct outs outs_of(const struct command *c)
{
	struct outs o;
	unsigned int s;

	for (s = 0; s < SIDES; s++)
		o.r[s] = (struct tpm2_reader){ c->out[s].data, c->out[s].size };
	return o;
}

struct pair next_2b(struct outs *o)
{
	struct pair p = { 0 };
	unsigned int s;

	for (s = 0; s < SIDES; s++)
		if (!tpm2_read_2b(&o->r[s], 0xffff, &p.b[s]))
			p.b[s] = keep2(&p.b[s]);
	return p;
}

/* What is left: a structure without a size */
struct pair rest(struct outs *o)
{
	struct pair p;
	unsigned int s;

	for (s = 0; s < SIDES; s++)
		p.b[s] = keep(o->r[s].p, o->r[s].left);
	return p;
}

/* One of the command's own parameters, a TPM2B, after @skip others */
struct pair param_2b(const struct command *c, unsigned int skip)
{
	struct outs o;
	struct pair p;
	unsigned int s;

	for (s = 0; s < SIDES; s++)
		o.r[s] = (struct tpm2_reader){ (u8 *)c->params[s].buf, c->params[s].len };
	do {
		p = next_2b(&o);
	} while (skip--);
	return p;
}

bool same_pair(const struct pair *p)
{
	return same2b(&p->b[OURS], &p->b[THEIRS]);
}

static void learn_hash(struct command *c, struct outs *o)
{
	struct pair digest = next_2b(o);
	struct item *it;

	if (o->r[OURS].left < 8 || !get_unaligned_be16(o->r[OURS].p + 6))
		return;
	it = add_item(I_HASHCHECK, c->created);
	it->d[0] = digest;
	it->d[1] = rest(o);
}

static void learn_signature(struct command *c, struct outs *o)
{
	struct item *it = add_item(I_SIGNATURE, c->created);

	it->d[0] = param_2b(c, 0);
	it->d[1] = rest(o);
	it->of = *c->ent[0];
	it->cross = c->ent[0]->same && same_pair(&it->d[0]);
}

static void learn_verified(struct command *c, struct outs *o)
{
	struct item *it;

	if (!get_unaligned_be16(o->r[OURS].p + 6))
		return;
	it = add_item(I_VERIFIED, c->created);
	it->d[0] = param_2b(c, 0);
	it->d[1] = rest(o);
	it->of = *c->ent[0];
}

static void learn_ticket(struct command *c, struct outs *o)
{
	struct pair timeout = next_2b(o);
	struct item *it;

	if (o->r[OURS].left < 8 || !get_unaligned_be16(o->r[OURS].p + 6))
		return;
	it = add_item(I_AUTH_TICKET, c->created);
	it->d[0] = timeout;
	it->d[1] = param_2b(c, 1);
	it->d[2] = param_2b(c, 2);
	it->d[3] = rest(o);
	it->of = *c->ent[0];
}

static void learn_credential(struct command *c, struct outs *o)
{
	struct item *it = add_item(I_CREDENTIAL, c->created);

	it->d[0] = next_2b(o);
	it->d[1] = next_2b(o);
	it->of = *c->ent[0];
	it->cross = c->ent[0]->same && c->other && same_pair(&c->other->name);
}

static void learn_duplicate(struct command *c, struct outs *o)
{
	struct item *it = add_item(I_DUPLICATE, c->created);
	struct pair given = param_2b(c, 0);
	u16 at = given.b[OURS].size + 2;
	unsigned int s;

	it->of = *c->ent[1];
	it->to = *c->ent[0];
	it->d[0] = next_2b(o);
	if (given.b[OURS].size)
		it->d[0] = given;
	it->d[1] = next_2b(o);
	it->d[2] = next_2b(o);
	it->d[3] = c->ent[0]->area;
	for (s = 0; s < SIDES; s++)
		it->d[4].b[s] = keep(c->params[s].buf + at, c->params[s].len - at);
	it->cross = c->ent[1]->same;
}

static void learn_rewrap(struct command *c, struct outs *o)
{
	struct item *it, old;
	unsigned int s;

	if (!c->item)
		return;
	old = *c->item;
	it = add_item(I_DUPLICATE, c->created);
	it->of = *c->ent[1];
	it->to = old.to;
	it->d[1] = next_2b(o);
	it->d[2] = next_2b(o);
	for (s = 0; s < SIDES; s++) {
		unsigned int from = old.cross ? !s : s;

		it->d[0].b[s] = old.d[0].b[from];
		it->d[3].b[s] = old.d[3].b[from];
		it->d[4].b[s] = old.d[4].b[from];
	}
}

static void learn_rsa(struct command *c, struct outs *o)
{
	struct item *it = add_item(I_RSA_TEXT, c->created);
	unsigned int s;

	it->d[0] = next_2b(o);
	for (s = 0; s < SIDES; s++) {
		const struct cmd *p = &c->params[s];
		u32 at = 2 + get_unaligned_be16(p->buf), n = c->n[0] == TPM_ALG_OAEP ? 4 : 2;

		it->d[1].b[s] = keep(p->buf + at, n);
		it->d[2].b[s] = keep(p->buf + at + n + 2, p->len - at - n - 2);
	}
	it->of = *c->ent[0];
	it->cross = c->ent[0]->same;
}

static void learn_ephemeral(struct command *c, struct outs *o)
{
	struct item *it = add_item(I_EPHEMERAL, c->created);
	struct pair point = next_2b(o);
	struct outs in;
	unsigned int s;

	for (s = 0; s < SIDES; s++) {
		in.r[s] = (struct tpm2_reader){ point.b[s].data, point.b[s].size };
		if (c->row->code == TPM_CC_EC_Ephemeral)
			it->n[s] = get_unaligned_be16(o->r[s].p);
	}
	it = add_item(I_POINT, c->created + 1);
	it->d[0] = next_2b(&in);
	it->d[1] = next_2b(&in);
}

static void learn_commit(struct command *c, struct outs *o)
{
	struct item *it = add_item(I_COMMIT, c->created);
	unsigned int i, s;

	for (i = 0; i < 3; i++)
		next_2b(o);
	for (s = 0; s < SIDES; s++)
		it->n[s] = get_unaligned_be16(o->r[s].p);
	it->of = *c->ent[0];
}

void learn_items(struct command *c, struct outs *o)
{
	switch (c->row->code) {
	case TPM_CC_Hash:
	case TPM_CC_SequenceComplete:
		learn_hash(c, o);
		break;
	case TPM_CC_Sign:
		learn_signature(c, o);
		break;
	case TPM_CC_VerifySignature:
		learn_verified(c, o);
		break;
	case TPM_CC_PolicySecret:
	case TPM_CC_PolicySigned:
		learn_ticket(c, o);
		break;
	case TPM_CC_MakeCredential:
		learn_credential(c, o);
		break;
	case TPM_CC_Duplicate:
		learn_duplicate(c, o);
		break;
	case TPM_CC_Rewrap:
		learn_rewrap(c, o);
		break;
	case TPM_CC_RSA_Encrypt:
		learn_rsa(c, o);
		break;
	case TPM_CC_Commit:
		learn_commit(c, o);
		break;
	case TPM_CC_EC_Ephemeral:
		learn_ephemeral(c, o);
		break;
	}
}
