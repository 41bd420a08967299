// SPDX-License-Identifier: GPL-2.0-only
/*
 * Derived objects (Part 1, 28): a derivation parent is a restricted KEYEDHASH
 * decryption key. All values of its children follow from its key and from their
 * label and context, so there is nothing to store or to load.
 */
#include "engine.h"

#define LABEL_MAX	32
#define STREAM_BITS	8192	/* what the key derivation is told to be its whole output */

bool tpm2_is_derivation_parent(const struct tpm2_object *o)
{
	const u32 mask = TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT | TPMA_OBJECT_SIGN;

	return o->kind == OBJ_KEY && o->pub.type == TPM_ALG_KEYEDHASH && !o->public_only &&
	       !o->external && o->pub.name_alg != TPM_ALG_NULL &&
	       (o->pub.attrs & mask) == (TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT);
}

/**
 * struct stream - the generator of a derived object: KDFa, block by block
 * @alg: hash of the parent's scheme
 * @key: the parent's key
 * @label: with its terminating zero
 * @context: as given
 * @counter: of the last block
 * @left: bytes of @block not used yet; they are its last ones
 * @block: the last block
 */
struct stream {
	const struct vt_hash_alg *alg;
	struct tpm2b key;
	struct tpm2b label;
	struct tpm2b context;
	u32 counter;
	u16 left;
	u8 block[VT_MAX_DIGEST];
};

static void next_block(struct stream *s)
{
	struct vt_hmac_ctx h;
	u8 number[4];

	vt_hmac_init(&h, s->alg, s->key.data, s->key.size);
	put_unaligned_be32(++s->counter, number);
	vt_hmac_update(&h, number, sizeof(number));
	vt_hmac_update(&h, s->label.data, s->label.size);
	vt_hmac_update(&h, s->context.data, s->context.size);
	put_unaligned_be32(STREAM_BITS, number);
	vt_hmac_update(&h, number, sizeof(number));
	vt_hmac_final(&h, s->block);
	s->left = s->alg->digest_size;
}

static void stream_fill(void *ctx, u8 *out, size_t len)
{
	struct stream *s = ctx;

	while (len) {
		u16 take;

		if (!s->left)
			next_block(s);
		take = min_t(size_t, len, s->left);
		memcpy(out, s->block + s->alg->digest_size - s->left, take);
		s->left -= take;
		out += take;
		len -= take;
	}
}

/*
 * Label and context are where unique would be in the template; what is empty
 * there may come as TPMS_DERIVE with the sensitive data. Bytes behind it say nothing.
 */
static tpm_rc pick_label(const struct tpmt_public *template, struct tpm2b data, struct tpm2b *label,
			 struct tpm2b *context)
{
	struct tpm2_reader r = { .p = data.data, .left = data.size };
	struct tpm2b given_label, given_context;
	tpm_rc rc;

	*label = template->unique.x;
	*context = template->unique.y;
	if (!data.size)
		return TPM_RC_SUCCESS;
	rc = tpm2_read_2b(&r, LABEL_MAX, &given_label);
	if (!rc)
		rc = tpm2_read_2b(&r, LABEL_MAX, &given_context);
	if (rc)
		return rc;
	if (!label->size)
		*label = given_label;
	if (!context->size)
		*context = given_context;
	return TPM_RC_SUCCESS;
}

/* A label counts with one zero behind it, whether it was given so or not. */
static tpm_rc end_label(struct tpm2_call *c, struct tpm2b *label)
{
	u8 *p;

	if (label->size && !label->data[label->size - 1])
		return TPM_RC_SUCCESS;
	p = tpm2_scratch(c, LABEL_MAX + 1);
	if (!p)
		return TPM_RC_MEMORY;
	if (label->size)
		memcpy(p, label->data, label->size);
	p[label->size] = 0;
	*label = tpm2b(p, label->size + 1);
	return TPM_RC_SUCCESS;
}

/* RSA keys are not derived: their search takes as long as the label makes it. */
static tpm_rc check_derived(const struct tpm2_object *parent, const struct tpmt_public *template)
{
	if (template->type == TPM_ALG_RSA)
		return tpm2_param(TPM_RC_TYPE, 2);
	if (template->attrs & TPMA_OBJECT_SENSITIVEDATAORIGIN)
		return TPM_RC_ATTRIBUTES;
	return tpm2_at_param(tpm2_check_attributes(parent, template), 2);
}

tpm_rc tpm2_make_derived(struct tpm2_call *c, const struct tpm2_object *parent,
			 const struct tpmt_public *template,
			 const struct tpms_sensitive_create *given, struct tpm2_made *made)
{
	const struct tpms_sensitive_create auth_only = { .auth = given->auth };
	struct stream *s = tpm2_scratch(c, sizeof(*s));
	tpm_rc rc;

	if (!s)
		return TPM_RC_MEMORY;
	memset(s, 0, sizeof(*s));
	rc = check_derived(parent, template);
	if (!rc)
		rc = pick_label(template, given->data, &s->label, &s->context);
	if (!rc)
		rc = end_label(c, &s->label);
	if (rc)
		return rc;
	s->alg = vt_hash_find(parent->pub.parms.scheme.hash);
	s->key = parent->sens.data;
	return tpm2_make_from(c, template, &auth_only,
			      &(struct vt_rng){ .fill = stream_fill, .ctx = s }, made);
}
