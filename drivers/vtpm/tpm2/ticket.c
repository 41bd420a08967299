// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tickets (Part 2, 10.7): what the TPM says to itself, through the caller, that
 * it has checked something before. Each is an HMAC with its hierarchy's proof.
 *
 * Only this TPM makes and checks them, so what goes into the HMAC is ours to
 * say: the fields that Part 2 names, each with its size before it, so that no
 * two tickets can be different cuts of the same bytes.
 */
#include "engine.h"

#define TICKET_HASH	TPM_ALG_SHA512

static struct tpm2b proof_of(struct tpm2 *t, u32 hierarchy)
{
	return tpm2b(tpm2_proof(t, hierarchy), TPM2_PROOF_SIZE);
}

static void hash_field(struct vt_hmac_ctx *h, struct tpm2b field)
{
	u8 size[2];

	put_unaligned_be16(field.size, size);
	vt_hmac_update(h, size, sizeof(size));
	vt_hmac_update(h, field.data, field.size);
}

static tpm_rc make(struct tpm2_call *c, u16 tag, u32 hierarchy, const struct tpm2b *fields,
		   unsigned int n, struct tpmt_ticket *tk)
{
	const struct vt_hash_alg *alg = vt_hash_find(TICKET_HASH);
	struct tpm2b proof = proof_of(c->t, hierarchy);
	u8 *digest = tpm2_scratch(c, VT_MAX_DIGEST);
	struct vt_hmac_ctx h;
	u8 head[2];

	if (!digest)
		return TPM_RC_MEMORY;
	put_unaligned_be16(tag, head);
	vt_hmac_init(&h, alg, proof.data, proof.size);
	vt_hmac_update(&h, head, sizeof(head));
	while (n--)
		hash_field(&h, *fields++);
	vt_hmac_final(&h, digest);
	*tk = (struct tpmt_ticket){
		.tag = tag,
		.hierarchy = hierarchy,
		.digest = tpm2b(digest, alg->digest_size),
	};
	return TPM_RC_SUCCESS;
}

void tpm2_ticket_empty(u16 tag, struct tpmt_ticket *tk)
{
	*tk = (struct tpmt_ticket){ .tag = tag, .hierarchy = TPM_RH_NULL };
}

/* Keys of the null hierarchy, and keys without a name, are nobody a ticket could speak of. */
tpm_rc tpm2_ticket_verified(struct tpm2_call *c, u32 hierarchy, struct tpm2b digest,
			    struct tpm2b name, struct tpmt_ticket *tk)
{
	const struct tpm2b fields[] = { digest, name };

	if (hierarchy == TPM_RH_NULL || !name.size) {
		tpm2_ticket_empty(TPM_ST_VERIFIED, tk);
		return TPM_RC_SUCCESS;
	}
	return make(c, TPM_ST_VERIFIED, hierarchy, fields, ARRAY_SIZE(fields), tk);
}

tpm_rc tpm2_ticket_creation(struct tpm2_call *c, u32 hierarchy, struct tpm2b name,
			    struct tpm2b creation_hash, struct tpmt_ticket *tk)
{
	const struct tpm2b fields[] = { name, creation_hash };

	return make(c, TPM_ST_CREATION, hierarchy, fields, ARRAY_SIZE(fields), tk);
}

/* In the null hierarchy the caller asks for no ticket (Part 3, 15.4.1). */
tpm_rc tpm2_ticket_hashcheck(struct tpm2_call *c, u32 hierarchy, u16 alg, struct tpm2b digest,
			     struct tpmt_ticket *tk)
{
	u8 id[2];
	const struct tpm2b fields[] = { tpm2b(id, sizeof(id)), digest };

	if (hierarchy == TPM_RH_NULL) {
		tpm2_ticket_empty(TPM_ST_HASHCHECK, tk);
		return TPM_RC_SUCCESS;
	}
	put_unaligned_be16(alg, id);
	return make(c, TPM_ST_HASHCHECK, hierarchy, fields, ARRAY_SIZE(fields), tk);
}

/*
 * A timeout counts in this period of Time and no other; one that ends with a
 * reset names the power cycle besides. Zeros stand for what does not apply.
 */
tpm_rc tpm2_ticket_auth(struct tpm2_call *c, u16 tag, u32 hierarchy, u64 timeout,
			bool expires_on_reset, struct tpm2b cp_hash, struct tpm2b policy_ref,
			struct tpm2b name, struct tpmt_ticket *tk)
{
	u8 when[8 + 4 + 4];
	const struct tpm2b fields[] = { cp_hash, policy_ref, name, tpm2b(when, sizeof(when)) };

	put_unaligned_be64(timeout, when);
	put_unaligned_be32(timeout ? c->t->time_epoch : 0, when + 8);
	put_unaligned_be32(timeout && expires_on_reset ? c->t->resets : 0, when + 12);
	return make(c, tag, hierarchy, fields, ARRAY_SIZE(fields), tk);
}

/* An empty ticket equals nothing: it says that there was no check. */
bool tpm2_ticket_equal(const struct tpmt_ticket *a, const struct tpmt_ticket *b)
{
	return a->tag == b->tag && a->hierarchy == b->hierarchy && a->digest.size &&
	       a->digest.size == b->digest.size &&
	       !crypto_memneq(a->digest.data, b->digest.data, a->digest.size);
}
