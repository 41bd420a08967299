// SPDX-License-Identifier: GPL-2.0-only
/*
 * The values of a new object (Part 1, 27) and what is said about its making
 * (Part 2, 15). Which templates are allowed is decided in create.c before.
 */
#include "engine.h"

/* ---- where the bits come from ---- */

/**
 * struct derivation - the generator of a primary object
 * @drbg: over the two below
 * @seed: the hierarchy's primary seed: a copy, as the lock is given up
 * @context: what was asked for
 */
struct derivation {
	struct vt_drbg drbg;
	u8 seed[TPM2_PROOF_SIZE];
	u8 context[VT_MAX_DIGEST];
};

/*
 * The context of a primary object's generator:
 *	SHA-512(TPMT_PUBLIC of the template || TPM2B sensitive.data)
 * and vt_drbg over SHA-512 with the hierarchy's seed. The order of what is
 * drawn: the asymmetric key, or the generated key of a KEYEDHASH or SYMCIPHER
 * object; then seedValue. Golden vectors hold all of this; it never changes.
 */
static tpm_rc derive_from(struct tpm2_call *c, const struct tpm2_hierarchy *h,
			  const struct tpmt_public *template, struct tpm2b data, struct vt_rng *rng)
{
	const struct vt_hash_alg *sha512 = vt_hash_find(TPM_ALG_SHA512);
	u32 room = 64 + template->policy.size + template->unique.x.size + template->unique.y.size +
		   data.size;
	struct tpm2_writer w = tpm2_writer(tpm2_scratch(c, room), room);
	struct derivation *d = tpm2_scratch(c, sizeof(*d));

	if (!w.p || !d)
		return TPM_RC_FAILURE;
	tpm2_write(&w, &desc_public, template);
	tpm2_put_2b(&w, data.data, data.size);
	if (WARN_ON_ONCE(w.full))
		return TPM_RC_FAILURE;
	vt_hash(sha512, w.p, w.len, d->context);
	memcpy(d->seed, h->seed, sizeof(d->seed));
	vt_drbg_init(&d->drbg, sha512, d->seed, sizeof(d->seed), d->context, sizeof(d->context));
	*rng = (struct vt_rng){ .fill = vt_drbg_fill, .ctx = &d->drbg };
	return TPM_RC_SUCCESS;
}

/* ---- keys ---- */

static bool is_prime(u32 n)
{
	u32 d;

	if (n < 4 || n % 2 == 0)
		return n == 2 || n == 3;
	for (d = 3; d <= n / d; d += 2)
		if (n % d == 0)
			return false;
	return true;
}

static tpm_rc check_exponent(u32 e)
{
	if (!e || e == 65537)
		return TPM_RC_SUCCESS;
	return e > 65537 && is_prime(e) ? TPM_RC_SUCCESS : TPM_RC_RANGE;
}

static tpm_rc make_asymmetric(struct tpm2_call *c, const struct vt_rng *rng, struct tpm2_made *made)
{
	struct vt_key_params p = tpm2_key_params(&made->pub);
	struct vt_key_pair *pair = tpm2_scratch(c, sizeof(*pair));
	struct vt_cancel cancel = tpm2_cancel(c);
	tpm_rc rc;
	int err;

	if (!pair)
		return TPM_RC_FAILURE;
	if (made->pub.type == TPM_ALG_RSA) {
		rc = check_exponent(made->pub.parms.exponent);
		if (rc)
			return rc;
	}
	tpm2_heavy_begin(c);
	err = c->t->cfg.key_ops->generate(&p, rng, &cancel, pair);
	rc = tpm2_heavy_end(c);
	if (rc || err)
		return rc ? rc : tpm2_rc(err, TPM_RC_FAILURE);
	made->pub.unique.x = tpm2b(pair->x, pair->x_len);
	made->pub.unique.y = tpm2b(pair->y, pair->y_len);
	made->sens.data = tpm2b(pair->d, pair->d_len);
	return TPM_RC_SUCCESS;
}

/* Fresh bytes, in scratch memory. */
static tpm_rc draw(struct tpm2_call *c, const struct vt_rng *rng, u16 size, struct tpm2b *out)
{
	u8 *p = tpm2_scratch(c, size);

	if (!p)
		return TPM_RC_FAILURE;
	rng->fill(rng->ctx, p, size);
	*out = tpm2b(p, size);
	return TPM_RC_SUCCESS;
}

/* Nothing is given for derived objects, and check_create() lets no others come so. */
static tpm_rc make_symcipher(struct tpm2_call *c, const struct vt_rng *rng, struct tpm2b given,
			     struct tpm2_made *made)
{
	u16 bytes = made->pub.parms.sym.bits / 8;

	if (made->pub.attrs & TPMA_OBJECT_SENSITIVEDATAORIGIN || !given.size)
		return draw(c, rng, bytes, &made->sens.data);
	if (given.size != bytes)
		return TPM_RC_KEY_SIZE;
	made->sens.data = given;
	return TPM_RC_SUCCESS;
}

static tpm_rc make_keyedhash(struct tpm2_call *c, const struct vt_rng *rng, struct tpm2b given,
			     struct tpm2_made *made)
{
	const struct tpmt_public *pub = &made->pub;
	const struct tpmt_scheme *s = &pub->parms.scheme;
	u16 hash = s->scheme == TPM_ALG_NULL ? pub->name_alg : s->hash;
	const struct vt_hash_alg *alg = vt_hash_find(hash);

	if (pub->attrs & TPMA_OBJECT_SENSITIVEDATAORIGIN || !given.size)
		return draw(c, rng, alg->digest_size, &made->sens.data);
	if (pub->attrs & (TPMA_OBJECT_SIGN | TPMA_OBJECT_DECRYPT) && given.size > alg->block_size)
		return TPM_RC_SIZE;
	made->sens.data = given;
	return TPM_RC_SUCCESS;
}

static tpm_rc make_key(struct tpm2_call *c, const struct vt_rng *rng, struct tpm2b given,
		       struct tpm2_made *made)
{
	switch (made->pub.type) {
	case TPM_ALG_SYMCIPHER:
		return make_symcipher(c, rng, given, made);
	case TPM_ALG_KEYEDHASH:
		return make_keyedhash(c, rng, given, made);
	default:
		return make_asymmetric(c, rng, made);
	}
}

static tpm_rc make_unique(struct tpm2_call *c, struct tpm2_made *made)
{
	u8 *p = tpm2_scratch(c, VT_MAX_DIGEST);

	if (!p)
		return TPM_RC_FAILURE;
	made->pub.unique.x = tpm2b(p, tpm2_symmetric_unique(&made->pub, &made->sens, p));
	return TPM_RC_SUCCESS;
}

/* Symmetric objects hide their key behind seedValue; storage keys wrap their children with it. */
static tpm_rc make_seed(struct tpm2_call *c, const struct vt_rng *rng, struct tpm2_made *made)
{
	const u32 storage = TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT;
	bool symmetric = made->pub.type == TPM_ALG_SYMCIPHER || made->pub.type == TPM_ALG_KEYEDHASH;

	if (!symmetric && (made->pub.attrs & storage) != storage)
		return TPM_RC_SUCCESS;
	return draw(c, rng, vt_hash_find(made->pub.name_alg)->digest_size, &made->sens.seed);
}

tpm_rc tpm2_make_from(struct tpm2_call *c, const struct tpmt_public *template,
		      const struct tpms_sensitive_create *given, const struct vt_rng *rng,
		      struct tpm2_made *made)
{
	tpm_rc rc;

	made->pub = *template;
	made->pub.parms.type = template->type;
	made->sens = (struct tpmt_sensitive){ .type = template->type, .auth = given->auth };
	rc = make_key(c, rng, given->data, made);
	if (!rc)
		rc = make_seed(c, rng, made);
	if (!rc && (template->type == TPM_ALG_SYMCIPHER || template->type == TPM_ALG_KEYEDHASH))
		rc = make_unique(c, made);
	if (!rc)
		made->name_size = tpm2_name(&made->pub, made->name);
	return rc;
}

tpm_rc tpm2_make(struct tpm2_call *c, const struct tpmt_public *template,
		 const struct tpms_sensitive_create *given, const struct tpm2_hierarchy *primary,
		 struct tpm2_made *made)
{
	struct vt_rng rng = vt_system_rng;
	tpm_rc rc = TPM_RC_SUCCESS;

	if (primary)
		rc = derive_from(c, primary, template, given->data, &rng);
	return rc ? rc : tpm2_make_from(c, template, given, &rng, made);
}

/* ---- creation data ---- */

static u8 locality_bits(u8 locality)
{
	return locality < 5 ? BIT(locality) : locality;
}

/* A hierarchy as parent has its handle for both names. */
static void put_parent(struct tpm2_writer *w, const struct tpm2_object *parent, u32 handle)
{
	u8 name[4];

	if (parent) {
		tpm2_put_u16(w, parent->pub.name_alg);
		tpm2_put_2b(w, parent->name, parent->name_size);
		tpm2_put_2b(w, parent->qualified, parent->qualified_size);
		return;
	}
	put_unaligned_be32(handle, name);
	tpm2_put_u16(w, TPM_ALG_NULL);
	tpm2_put_2b(w, name, sizeof(name));
	tpm2_put_2b(w, name, sizeof(name));
}

tpm_rc tpm2_creation_data(struct tpm2_call *c, u16 name_alg, struct tpml_pcr_selection *sel,
			  struct tpm2b outside_info, struct tpm2b *data, struct tpm2b *hash)
{
	const struct vt_hash_alg *alg = vt_hash_find(name_alg);
	u32 room = sizeof(*sel) + VT_MAX_DIGEST + 2 * TPM2_NAME_MAX + outside_info.size + 16;
	struct tpm2_writer w = tpm2_writer(tpm2_scratch(c, room), room);
	u8 *digest = tpm2_scratch(c, alg->digest_size);
	u8 pcrs[VT_MAX_DIGEST];
	tpm_rc rc;

	if (!w.p || !digest)
		return TPM_RC_FAILURE;
	rc = tpm2_pcr_digest(c, VTPM_OP_CERTIFY, alg, sel, pcrs);
	if (rc)
		return rc;
	tpm2_write(&w, &desc_pcr_selection_list, sel);
	tpm2_put_2b(&w, pcrs, alg->digest_size);
	tpm2_put_u8(&w, locality_bits(c->locality));
	put_parent(&w, c->objects[0], c->handles[0]);
	tpm2_put_2b(&w, outside_info.data, outside_info.size);
	if (WARN_ON_ONCE(w.full))
		return TPM_RC_FAILURE;
	vt_hash(alg, w.p, w.len, digest);
	*data = tpm2b(w.p, w.len);
	*hash = tpm2b(digest, alg->digest_size);
	return TPM_RC_SUCCESS;
}
