// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers of keys and commitments that are made in one command and used up in
 * another: TPM2_EC_Ephemeral with TPM2_ZGen_2Phase, TPM2_Commit with an ECDAA
 * signature (Part 1, C.2.3). What belongs to a number is not stored: it follows
 * from the number and from the null hierarchy's proof, which no TPM Reset
 * outlives. A bit for each of the last TPM2_MAX_COMMITS numbers says that it may be
 * used, once. Both kinds count together, and derive under labels of their own.
 */
#include "engine.h"

#define LABEL_SIZE	8

static u64 commit_bit(u64 number)
{
	return 1ull << number % TPM2_MAX_COMMITS;
}

u64 tpm2_commit_new(struct tpm2 *t)
{
	struct tpm2_commits *e = &t->commits;
	u64 number = e->next++;

	e->usable |= commit_bit(number);
	return number;
}

bool tpm2_commit_find(const struct tpm2 *t, u16 counter, u64 *number)
{
	const struct tpm2_commits *e = &t->commits;
	u64 back;

	for (back = 1; back <= TPM2_MAX_COMMITS && back <= e->next; back++) {
		*number = e->next - back;
		if ((u16)*number == counter)
			return e->usable & commit_bit(*number);
	}
	return false;
}

void tpm2_commit_use(struct tpm2 *t, u64 number)
{
	t->commits.usable &= ~commit_bit(number);
}

/* Does the number still mean what it did when the lock was given up? */
static bool is_current(const struct tpm2 *t, const struct tpm2_commit_work *w)
{
	return w->resets == t->reset_epoch && t->commits.next > w->number &&
	       t->commits.next - w->number <= TPM2_MAX_COMMITS;
}

void tpm2_commit_unuse(struct tpm2 *t, const struct tpm2_commit_work *w)
{
	if (is_current(t, w))
		t->commits.usable |= commit_bit(w->number);
}

void tpm2_commit_drop(struct tpm2 *t, const struct tpm2_commit_work *w)
{
	if (!is_current(t, w))
		return;
	t->commits.usable &= ~commit_bit(w->number);
	if (t->commits.next == w->number + 1)
		t->commits.next = w->number;
}

static_assert(sizeof(u64) * 8 == TPM2_MAX_COMMITS);

struct tpm2_commit_work *tpm2_commit_work(struct tpm2_call *c, const char label[LABEL_SIZE],
					  u16 curve, u64 number, struct tpm2b name)
{
	struct tpm2_commit_work *w = tpm2_scratch(c, sizeof(*w));

	if (!w)
		return NULL;
	w->number = number;
	w->resets = c->t->reset_epoch;
	memcpy(w->proof, tpm2_proof(c->t, TPM_RH_NULL), sizeof(w->proof));
	memcpy(w->context, label, LABEL_SIZE);
	put_unaligned_be16(curve, w->context + LABEL_SIZE);
	put_unaligned_be64(number, w->context + LABEL_SIZE + 2);
	if (name.size)
		memcpy(w->context + LABEL_SIZE + 10, name.data, name.size);
	vt_drbg_init(&w->drbg, vt_hash_find(TPM_ALG_SHA512), w->proof, sizeof(w->proof),
		     w->context, LABEL_SIZE + 10 + name.size);
	return w;
}

int tpm2_commit_make(const struct vt_curve *curve, struct tpm2_commit_work *w)
{
	struct vt_rng rng = { .fill = vt_drbg_fill, .ctx = &w->drbg };

	return vt_ecc_generate(curve, &rng, w->d, w->x, w->y);
}
