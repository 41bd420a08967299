// SPDX-License-Identifier: GPL-2.0-only
/* TPM2_Commit (Part 3, 19.2; Part 1, C.4.2): the first step of an ECDAA signature. */
#include "commands.h"

struct commit_in {
	struct tpms_ecc_point p1;
	struct tpm2b s2;
	struct tpm2b y2;
};

static const struct desc_field commit_in_fields[] = {
	FIELD(struct commit_in, p1, desc_2b_ecc_point),
	FIELD(struct commit_in, s2, desc_2b_sensitive_data),
	FIELD(struct commit_in, y2, desc_2b_ecc),
};

const struct desc tpm2_commit_in = DESC_STRUCT(struct commit_in, commit_in_fields);

struct commit_out {
	struct tpms_ecc_point k;
	struct tpms_ecc_point l;
	struct tpms_ecc_point e;
	u16 counter;
};

static const struct desc_field commit_out_fields[] = {
	FIELD(struct commit_out, k, desc_2b_ecc_point),
	FIELD(struct commit_out, l, desc_2b_ecc_point),
	FIELD(struct commit_out, e, desc_2b_ecc_point),
	FIELD(struct commit_out, counter, desc_u16),
};

const struct desc tpm2_commit_out = DESC_STRUCT(struct commit_out, commit_out_fields);

/**
 * struct commit_points - what the caller chose, as long as the curve's numbers
 * @has1: there is a P1
 * @has2: there is a P2
 * @x1: of P1
 * @y1: likewise
 * @x2: of P2, a digest of s2
 * @y2: likewise
 */
struct commit_points {
	bool has1, has2;
	u8 x1[VT_ECC_MAX_BYTES], y1[VT_ECC_MAX_BYTES];
	u8 x2[VT_ECC_MAX_BYTES], y2[VT_ECC_MAX_BYTES];
};

static tpm_rc check_key(const struct tpm2_object *key)
{
	if (key->kind != OBJ_KEY || key->pub.type != TPM_ALG_ECC)
		return TPM_RC_KEY;
	return key->pub.parms.scheme.scheme == TPM_ALG_ECDAA ? TPM_RC_SUCCESS : TPM_RC_SCHEME;
}

/* x = H_nameAlg(s2) mod p. Public, and so is the time it takes. */
static void digest_mod_p(const struct vt_curve *curve, const struct vt_hash_alg *alg,
			 struct tpm2b s2, u8 *x)
{
	u8 digest[VT_MAX_DIGEST];

	vt_hash(alg, s2.data, s2.size, digest);
	vt_ecc_reduce_coordinate(curve, digest, alg->digest_size, x);
}

/*
 * Both points are checked before anything is multiplied (T23). P2 is no free choice:
 * its x is a digest, so that K = d P2 tells nothing of points with a known logarithm.
 */
static tpm_rc read_points(const struct tpm2_object *key, const struct commit_in *in,
			  struct commit_points *p)
{
	const struct vt_curve *curve = vt_curve_find(key->pub.parms.curve);
	const struct vt_hash_alg *alg = vt_hash_find(key->pub.name_alg);

	p->has1 = in->p1.x.size || in->p1.y.size;
	p->has2 = in->s2.size;
	if (p->has2 != !!in->y2.size)
		return tpm2_param(TPM_RC_SIZE, 3);
	if (p->has2) {
		if (!alg)
			return tpm2_handle_rc(TPM_RC_HASH, 1);
		digest_mod_p(curve, alg, in->s2, p->x2);
		if (!tpm2_pad_number(in->y2, p->y2, curve->bytes) ||
		    vt_ecc_check_point(curve, p->x2, p->y2))
			return tpm2_param(TPM_RC_ECC_POINT, 2);
	}
	if (p->has1 && (!tpm2_pad_point(curve, &in->p1, p->x1, p->y1) ||
			vt_ecc_check_point(curve, p->x1, p->y1)))
		return tpm2_param(TPM_RC_ECC_POINT, 1);
	return TPM_RC_SUCCESS;
}

static tpm_rc new_point(struct tpm2_call *c, const struct vt_curve *curve, struct tpms_ecc_point *p)
{
	p->x = tpm2b(tpm2_scratch(c, curve->bytes), curve->bytes);
	p->y = tpm2b(tpm2_scratch(c, curve->bytes), curve->bytes);
	return p->x.data && p->y.data ? TPM_RC_SUCCESS : TPM_RC_MEMORY;
}

/* K and L where there is a P2, E where there is a P1 or neither. */
static tpm_rc new_points(struct tpm2_call *c, const struct vt_curve *curve,
			 const struct commit_points *p, struct commit_out *out)
{
	tpm_rc rc = TPM_RC_SUCCESS;

	if (p->has2) {
		rc = new_point(c, curve, &out->k);
		if (!rc)
			rc = new_point(c, curve, &out->l);
	}
	if (!rc && (p->has1 || !p->has2))
		rc = new_point(c, curve, &out->e);
	return rc;
}

/* The order of each curve is prime: no point but infinity gives infinity. */
static int multiply(struct tpm2_call *c, struct tpm2_object *key, const struct commit_points *p,
		    struct tpm2_commit_work *w, struct commit_out *out)
{
	const struct vt_curve *curve = vt_curve_find(key->pub.parms.curve);
	int err = tpm2_commit_make(curve, w);

	if (!err && p->has2)
		err = c->t->cfg.key_ops->ecdh(key->key, p->x2, p->y2, out->k.x.data,
					      out->k.y.data);
	if (!err && p->has2)
		err = vt_ecdh(curve, w->d, p->x2, p->y2, out->l.x.data, out->l.y.data);
	if (!err && p->has1)
		err = vt_ecdh(curve, w->d, p->x1, p->y1, out->e.x.data, out->e.y.data);
	if (!err && !p->has1 && !p->has2) {
		memcpy(out->e.x.data, w->x, curve->bytes);
		memcpy(out->e.y.data, w->y, curve->bytes);
	}
	return err;
}

static tpm_rc commit(struct tpm2_call *c, const struct commit_points *p,
		     struct tpm2_commit_work *w)
{
	struct commit_out *out = (void *)c->out;
	struct tpm2_object *key = c->objects[0];
	tpm_rc rc, heavy;

	tpm2_commit_new(c->t);
	tpm2_heavy_begin(c);
	rc = tpm2_object_key(c, key);
	if (!rc)
		rc = tpm2_rc(multiply(c, key, p, w, out), TPM_RC_NO_RESULT);
	heavy = tpm2_heavy_end(c);
	if (rc || heavy)
		tpm2_commit_drop(c->t, w);
	else
		tpm2_disorder(c->t);
	out->counter = w->number;
	return heavy ? heavy : tpm2_at_handle(rc, 1);
}

/*
 * TPM2_Commit (19.2). TPM_RC_KEY and TPM_RC_SCHEME (signHandle: no ECC key, or its
 * scheme is not ECDAA; only its public part is loaded), TPM_RC_HASH (signHandle: no
 * nameAlg), TPM_RC_SIZE (y2 without s2 or the reverse), TPM_RC_ECC_POINT (P1; s2 and
 * y2); TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_commit(struct tpm2_call *c)
{
	const struct commit_in *in = (void *)c->in;
	struct commit_out *out = (void *)c->out;
	const struct tpm2_object *key = c->objects[0];
	struct commit_points *p = tpm2_scratch(c, sizeof(*p));
	const struct vt_curve *curve;
	struct tpm2_commit_work *w;
	tpm_rc rc;

	rc = check_key(key);
	if (rc)
		return tpm2_handle_rc(rc, 1);
	if (!p)
		return TPM_RC_MEMORY;
	rc = read_points(key, in, p);
	if (rc)
		return rc;
	curve = vt_curve_find(key->pub.parms.curve);
	rc = new_points(c, curve, p, out);
	if (rc)
		return rc;
	w = tpm2_commit_work(c, TPM2_COMMIT_ECDAA, curve->id, c->t->commits.next,
			     tpm2b(key->name, key->name_size));
	return w ? commit(c, p, w) : TPM_RC_MEMORY;
}
