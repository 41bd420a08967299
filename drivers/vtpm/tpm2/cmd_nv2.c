// SPDX-License-Identifier: GPL-2.0-only
/* NV commands (Part 3, 31), those about the contents: write, count, extend, read, certify. */
#include "attest.h"

/* ---- TPM2_NV_Write (31.7) ---- */

struct nv_write_in {
	struct tpm2b data;
	u16 offset;
};

static const struct desc_field nv_write_in_fields[] = {
	FIELD(struct nv_write_in, data, desc_2b_nv_buffer),
	FIELD(struct nv_write_in, offset, desc_u16),
};

const struct desc tpm2_nv_write_in = DESC_STRUCT(struct nv_write_in, nv_write_in_fields);

/* Is all of @size bytes from @offset on within the index? No sum that could wrap. */
static bool within_index(const struct tpm2_nv_index *x, u16 offset, u16 size)
{
	return offset <= x->size && size <= x->size - offset;
}

static bool writable_as_bytes(u32 attrs)
{
	return TPM_NT(attrs) != TPM_NT_COUNTER && TPM_NT(attrs) != TPM_NT_BITS &&
	       TPM_NT(attrs) != TPM_NT_EXTEND;
}

/*
 * TPM2_NV_Write (31.7). TPM_RC_NV_LOCKED, TPM_RC_NV_AUTHORIZATION; TPM_RC_ATTRIBUTES:
 * a counter, bits or extend; TPM_RC_VALUE: the offset; TPM_RC_NV_RANGE: too long, or
 * not all of it where TPMA_NV_WRITEALL.
 */
tpm_rc tpm2_cmd_nv_write(struct tpm2_call *c)
{
	const struct nv_write_in *in = (void *)c->in;
	struct tpm2_nv_index *x = c->nv[1];
	tpm_rc rc;

	rc = tpm2_nv_may_write(x, c->handles[0]);
	if (rc)
		return rc;
	if (!writable_as_bytes(x->attrs))
		return TPM_RC_ATTRIBUTES;
	if (in->offset > x->size)
		return tpm2_param(TPM_RC_VALUE, 2);
	if (!within_index(x, in->offset, in->data.size))
		return TPM_RC_NV_RANGE;
	if (x->attrs & TPMA_NV_WRITEALL && in->data.size < x->size)
		return TPM_RC_NV_RANGE;
	tpm2_nv_write(c->t, x, in->offset, in->data.data, in->data.size);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_NV_Increment (31.8), TPM2_NV_Extend (31.9), TPM2_NV_SetBits (31.10) ---- */

/* What the three check: TPM_RC_NV_LOCKED, TPM_RC_NV_AUTHORIZATION, TPM_RC_ATTRIBUTES. */
static tpm_rc check_update(struct tpm2_call *c, u32 kind)
{
	tpm_rc rc = tpm2_nv_may_write(c->nv[1], c->handles[0]);

	if (!rc && TPM_NT(c->nv[1]->attrs) != kind)
		rc = tpm2_handle_rc(TPM_RC_ATTRIBUTES, 2);
	return rc;
}

/*
 * TPM2_NV_Increment (31.8). TPM_RC_ATTRIBUTES: no counter; TPM_RC_NV_LOCKED,
 * TPM_RC_NV_AUTHORIZATION. A new counter starts above what any deleted one had, so
 * that no index's value ever repeats.
 */
tpm_rc tpm2_cmd_nv_increment(struct tpm2_call *c)
{
	struct tpm2_nv_index *x = c->nv[1];
	tpm_rc rc;
	u64 v;

	rc = check_update(c, TPM_NT_COUNTER);
	if (rc)
		return rc;
	v = x->attrs & TPMA_NV_WRITTEN ? tpm2_nv_u64(x) : c->t->nv_max_count;
	tpm2_nv_set_u64(c->t, x, v + 1);
	return TPM_RC_SUCCESS;
}

struct nv_extend_in {
	struct tpm2b data;
};

static const struct desc_field nv_extend_in_fields[] = {
	FIELD(struct nv_extend_in, data, desc_2b_nv_buffer),
};

const struct desc tpm2_nv_extend_in = DESC_STRUCT(struct nv_extend_in, nv_extend_in_fields);

/*
 * TPM2_NV_Extend (31.9). TPM_RC_ATTRIBUTES: not of that kind; TPM_RC_NV_LOCKED,
 * TPM_RC_NV_AUTHORIZATION. New contents = H(contents || data); they begin with zeros.
 */
tpm_rc tpm2_cmd_nv_extend(struct tpm2_call *c)
{
	const struct nv_extend_in *in = (void *)c->in;
	struct tpm2_nv_index *x = c->nv[1];
	const struct vt_hash_alg *alg = vt_hash_find(x->name_alg);
	u8 digest[VT_MAX_DIGEST] = { 0 };
	struct vt_hash_ctx h;
	tpm_rc rc;

	rc = check_update(c, TPM_NT_EXTEND);
	if (rc)
		return rc;
	if (x->attrs & TPMA_NV_WRITTEN)
		memcpy(digest, x->data, alg->digest_size);
	vt_hash_init(&h, alg);
	vt_hash_update(&h, digest, alg->digest_size);
	vt_hash_update(&h, in->data.data, in->data.size);
	vt_hash_final(&h, digest);
	tpm2_nv_write(c->t, x, 0, digest, alg->digest_size);
	return TPM_RC_SUCCESS;
}

struct nv_set_bits_in {
	u64 bits;
};

static const struct desc_field nv_set_bits_in_fields[] = {
	FIELD(struct nv_set_bits_in, bits, desc_u64),
};

const struct desc tpm2_nv_set_bits_in = DESC_STRUCT(struct nv_set_bits_in, nv_set_bits_in_fields);

/*
 * TPM2_NV_SetBits (31.10). TPM_RC_ATTRIBUTES: no bits; TPM_RC_NV_LOCKED,
 * TPM_RC_NV_AUTHORIZATION.
 */
tpm_rc tpm2_cmd_nv_set_bits(struct tpm2_call *c)
{
	const struct nv_set_bits_in *in = (void *)c->in;
	struct tpm2_nv_index *x = c->nv[1];
	tpm_rc rc;

	rc = check_update(c, TPM_NT_BITS);
	if (rc)
		return rc;
	tpm2_nv_set_u64(c->t, x, (x->attrs & TPMA_NV_WRITTEN ? tpm2_nv_u64(x) : 0) | in->bits);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_NV_Read (31.13) ---- */

struct nv_read_in {
	u16 size;
	u16 offset;
};

static const struct desc_field nv_read_in_fields[] = {
	FIELD(struct nv_read_in, size, desc_u16),
	FIELD(struct nv_read_in, offset, desc_u16),
};

const struct desc tpm2_nv_read_in = DESC_STRUCT(struct nv_read_in, nv_read_in_fields);

struct nv_read_out {
	struct tpm2b data;
};

static const struct desc_field nv_read_out_fields[] = {
	FIELD(struct nv_read_out, data, desc_2b_nv_buffer),
};

const struct desc tpm2_nv_read_out = DESC_STRUCT(struct nv_read_out, nv_read_out_fields);

/*
 * TPM2_NV_Read (31.13). TPM_RC_NV_LOCKED, TPM_RC_NV_AUTHORIZATION,
 * TPM_RC_NV_UNINITIALIZED, TPM_RC_VALUE: size or offset; TPM_RC_NV_RANGE.
 */
tpm_rc tpm2_cmd_nv_read(struct tpm2_call *c)
{
	const struct nv_read_in *in = (void *)c->in;
	struct nv_read_out *out = (void *)c->out;
	struct tpm2_nv_index *x = c->nv[1];
	tpm_rc rc;

	rc = tpm2_nv_may_read(x, c->handles[0]);
	if (rc)
		return rc;
	if (in->size > TPM2_MAX_NV_BUFFER)
		return tpm2_param(TPM_RC_VALUE, 1);
	if (in->offset > x->size)
		return tpm2_param(TPM_RC_VALUE, 2);
	if (!within_index(x, in->offset, in->size))
		return TPM_RC_NV_RANGE;
	out->data = tpm2b(x->data + in->offset, in->size);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_NV_Certify (31.16) ---- */

struct nv_certify_in {
	struct tpm2b extra;
	struct tpmt_scheme scheme;
	u16 size;
	u16 offset;
};

static const struct desc_field nv_certify_in_fields[] = {
	FIELD(struct nv_certify_in, extra, desc_2b_data),
	FIELD(struct nv_certify_in, scheme, desc_sig_scheme_null),
	FIELD(struct nv_certify_in, size, desc_u16),
	FIELD(struct nv_certify_in, offset, desc_u16),
};

const struct desc tpm2_nv_certify_in = DESC_STRUCT(struct nv_certify_in, nv_certify_in_fields);
const struct desc tpm2_nv_certify_out = DESC_STRUCT(struct attest_out, tpm2_attest_out_fields);

static tpm_rc check_certify(struct tpm2_call *c, struct nv_certify_in *in)
{
	const struct tpm2_nv_index *x = c->nv[2];
	tpm_rc rc;

	rc = tpm2_attest_signer(c, c->objects[0], 1, &in->scheme, 2);
	if (!rc)
		rc = tpm2_nv_may_read(x, c->handles[1]);
	if (!rc && !within_index(x, in->offset, in->size))
		rc = TPM_RC_NV_RANGE;
	return rc;
}

/* Neither size nor offset: the digest of all the contents, by the signature's hash. */
static void put_nv_digest(struct tpm2_writer *w, const struct tpm2_nv_index *x, u16 hash)
{
	const struct vt_hash_alg *alg = vt_hash_find(hash);
	u8 digest[VT_MAX_DIGEST];

	tpm2_put_2b(w, x->name, x->name_size);
	if (alg)
		vt_hash(alg, x->data, x->size, digest);
	tpm2_put_2b(w, digest, alg ? alg->digest_size : 0);
}

/*
 * TPM2_NV_Certify (31.16). TPM_RC_KEY (signHandle): no signing key; TPM_RC_SCHEME
 * (inScheme); TPM_RC_NV_LOCKED, TPM_RC_NV_AUTHORIZATION, TPM_RC_NV_UNINITIALIZED,
 * TPM_RC_NV_RANGE; TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_nv_certify(struct tpm2_call *c)
{
	struct nv_certify_in *in = (void *)c->in;
	struct tpm2_object *key = c->objects[0];
	const struct tpm2_nv_index *x = c->nv[2];
	bool digest = !in->size && !in->offset;
	struct tpm2_writer w;
	tpm_rc rc;

	rc = check_certify(c, in);
	if (!rc)
		rc = tpm2_attest_new(c, ATTEST_MAX + in->size, &w);
	if (rc)
		return rc;
	tpm2_attest_begin(c, key, digest ? TPM_ST_ATTEST_NV_DIGEST : TPM_ST_ATTEST_NV,
			  &in->scheme, in->extra, &w);
	if (digest) {
		put_nv_digest(&w, x, in->scheme.hash);
	} else {
		tpm2_put_2b(&w, x->name, x->name_size);
		tpm2_put_u16(&w, in->offset);
		tpm2_put_2b(&w, x->data + in->offset, in->size);
	}
	return tpm2_attest_end(c, key, &in->scheme, in->extra, &w);
}
