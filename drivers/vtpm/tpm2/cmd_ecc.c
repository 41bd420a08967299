// SPDX-License-Identifier: GPL-2.0-only
/*
 * More of elliptic curves: two-phase key exchange (Part 3, 14.7 and 19.3) and
 * encryption (Part 3, 14.8 and 14.9 of level 1.83).
 */
#include "commands.h"

static tpm_rc new_point(struct tpm2_call *c, const struct vt_curve *curve, struct tpms_ecc_point *p)
{
	p->x = tpm2b(tpm2_scratch(c, curve->bytes), curve->bytes);
	p->y = tpm2b(tpm2_scratch(c, curve->bytes), curve->bytes);
	return p->x.data && p->y.data ? TPM_RC_SUCCESS : TPM_RC_MEMORY;
}

/* ---- TPM2_EC_Ephemeral (19.3) ---- */

struct ec_ephemeral_in {
	u16 curve;
};

static const struct desc_field ec_ephemeral_in_fields[] = {
	FIELD(struct ec_ephemeral_in, curve, desc_ecc_curve),
};

const struct desc tpm2_ec_ephemeral_in =
	DESC_STRUCT(struct ec_ephemeral_in, ec_ephemeral_in_fields);

struct ec_ephemeral_out {
	struct tpms_ecc_point q;
	u16 counter;
};

static const struct desc_field ec_ephemeral_out_fields[] = {
	FIELD(struct ec_ephemeral_out, q, desc_2b_ecc_point),
	FIELD(struct ec_ephemeral_out, counter, desc_u16),
};

const struct desc tpm2_ec_ephemeral_out =
	DESC_STRUCT(struct ec_ephemeral_out, ec_ephemeral_out_fields);

/* TPM2_EC_Ephemeral (19.3). TPM_RC_MEMORY, TPM_RC_RETRY. */
tpm_rc tpm2_cmd_ec_ephemeral(struct tpm2_call *c)
{
	const struct ec_ephemeral_in *in = (void *)c->in;
	const struct vt_curve *curve = vt_curve_find(in->curve);
	struct ec_ephemeral_out *out = (void *)c->out;
	struct tpm2_commit_work *w;
	tpm_rc rc, heavy;
	u64 number = c->t->commits.next;

	w = tpm2_commit_work(c, TPM2_COMMIT_EPHEMERAL, in->curve, number, tpm2b(NULL, 0));
	if (!w)
		return TPM_RC_MEMORY;
	tpm2_commit_new(c->t);
	tpm2_heavy_begin(c);
	rc = tpm2_rc(tpm2_commit_make(curve, w), TPM_RC_NO_RESULT);
	heavy = tpm2_heavy_end(c);
	if (rc || heavy)
		tpm2_commit_drop(c->t, w);
	else
		tpm2_disorder(c->t);
	out->q = (struct tpms_ecc_point){ tpm2b(w->x, curve->bytes), tpm2b(w->y, curve->bytes) };
	out->counter = number;
	return heavy ? heavy : rc;
}

/* ---- TPM2_ZGen_2Phase (14.7) ---- */

struct zgen_2phase_in {
	struct tpms_ecc_point qs;
	struct tpms_ecc_point qe;
	u16 scheme;
	u16 counter;
};

static const struct desc_field zgen_2phase_in_fields[] = {
	FIELD(struct zgen_2phase_in, qs, desc_2b_ecc_point),
	FIELD(struct zgen_2phase_in, qe, desc_2b_ecc_point),
	FIELD(struct zgen_2phase_in, scheme, desc_key_exchange),
	FIELD(struct zgen_2phase_in, counter, desc_u16),
};

const struct desc tpm2_zgen_2phase_in = DESC_STRUCT(struct zgen_2phase_in, zgen_2phase_in_fields);

struct zgen_2phase_out {
	struct tpms_ecc_point z1;
	struct tpms_ecc_point z2;
};

static const struct desc_field zgen_2phase_out_fields[] = {
	FIELD(struct zgen_2phase_out, z1, desc_2b_ecc_point),
	FIELD(struct zgen_2phase_out, z2, desc_2b_ecc_point),
};

const struct desc tpm2_zgen_2phase_out =
	DESC_STRUCT(struct zgen_2phase_out, zgen_2phase_out_fields);

/**
 * struct peer_points - what the other party sent, as long as the curve's numbers
 * @sx: static key's point
 * @sy: likewise
 * @ex: ephemeral key's point
 * @ey: likewise
 */
struct peer_points {
	u8 sx[VT_ECC_MAX_BYTES], sy[VT_ECC_MAX_BYTES];
	u8 ex[VT_ECC_MAX_BYTES], ey[VT_ECC_MAX_BYTES];
};

static tpm_rc check_exchange_key(const struct tpm2_object *key)
{
	if (key->kind != OBJ_KEY || key->pub.type != TPM_ALG_ECC)
		return TPM_RC_KEY;
	if (key->pub.attrs & TPMA_OBJECT_RESTRICTED || !(key->pub.attrs & TPMA_OBJECT_DECRYPT))
		return TPM_RC_ATTRIBUTES;
	return TPM_RC_SUCCESS;
}

/* A point off the curve would tell bits of the private keys (T23). */
static tpm_rc read_points(const struct vt_curve *curve, const struct zgen_2phase_in *in,
			  struct peer_points *p)
{
	if (!tpm2_pad_point(curve, &in->qs, p->sx, p->sy) ||
	    vt_ecc_check_point(curve, p->sx, p->sy))
		return tpm2_param(TPM_RC_ECC_POINT, 1);
	if (!tpm2_pad_point(curve, &in->qe, p->ex, p->ey) ||
	    vt_ecc_check_point(curve, p->ex, p->ey))
		return tpm2_param(TPM_RC_ECC_POINT, 2);
	return TPM_RC_SUCCESS;
}

static tpm_rc check_exchange(struct tpm2_call *c, const struct tpm2_object *key,
			     struct peer_points *p, u64 *number)
{
	const struct zgen_2phase_in *in = (void *)c->in;
	const struct vt_curve *curve;
	tpm_rc rc;

	rc = check_exchange_key(key);
	if (rc)
		return tpm2_handle_rc(rc, 1);
	/* the only scheme is ECDH, which every decryption key may use */
	curve = vt_curve_find(key->pub.parms.curve);
	rc = read_points(curve, in, p);
	if (!rc && !tpm2_commit_find(c->t, in->counter, number))
		rc = tpm2_param(TPM_RC_VALUE, 4);
	return rc;
}

/* Both products of full unified Diffie-Hellman: static with static, ephemeral with ephemeral. */
static tpm_rc exchange(struct tpm2_call *c, struct tpm2_object *key, const struct peer_points *p,
		       struct tpm2_commit_work *w)
{
	const struct vt_curve *curve = vt_curve_find(key->pub.parms.curve);
	struct zgen_2phase_out *out = (void *)c->out;
	tpm_rc rc = tpm2_object_key(c, key);
	int err;

	if (rc)
		return rc;
	err = c->t->cfg.key_ops->ecdh(key->key, p->sx, p->sy, out->z1.x.data, out->z1.y.data);
	if (!err)
		err = tpm2_commit_make(curve, w);
	if (!err)
		err = vt_ecdh(curve, w->d, p->ex, p->ey, out->z2.x.data, out->z2.y.data);
	return tpm2_rc(err, TPM_RC_NO_RESULT);
}

/*
 * TPM2_ZGen_2Phase (14.7). TPM_RC_KEY and TPM_RC_ATTRIBUTES (keyA), TPM_RC_ECC_POINT
 * (inQsB, inQeB), TPM_RC_VALUE (counter: never given out, too old, or used before),
 * TPM_RC_MEMORY, TPM_RC_RETRY. The number is taken before the lock is given up, so
 * that no other opener can use it, too, and comes back when nothing was made with it.
 */
tpm_rc tpm2_cmd_zgen_2phase(struct tpm2_call *c)
{
	struct zgen_2phase_out *out = (void *)c->out;
	struct tpm2_object *key = c->objects[0];
	const struct vt_curve *curve;
	struct tpm2_commit_work *w;
	struct peer_points p;
	tpm_rc rc, heavy;
	u64 number;

	rc = check_exchange(c, key, &p, &number);
	if (rc)
		return rc;
	curve = vt_curve_find(key->pub.parms.curve);
	w = tpm2_commit_work(c, TPM2_COMMIT_EPHEMERAL, curve->id, number, tpm2b(NULL, 0));
	if (!w || new_point(c, curve, &out->z1) || new_point(c, curve, &out->z2))
		return TPM_RC_MEMORY;
	tpm2_commit_use(c->t, number);
	tpm2_heavy_begin(c);
	rc = exchange(c, key, &p, w);
	heavy = tpm2_heavy_end(c);
	if (rc || heavy)
		tpm2_commit_unuse(c->t, w);
	else
		tpm2_disorder(c->t);
	return heavy ? heavy : rc;
}

/* ---- TPM2_ECC_Encrypt, TPM2_ECC_Decrypt ---- */

struct ecc_encrypt_in {
	struct tpm2b text;
	struct tpmt_scheme scheme;
};

static const struct desc_field ecc_encrypt_in_fields[] = {
	FIELD(struct ecc_encrypt_in, text, desc_2b_buffer),
	FIELD(struct ecc_encrypt_in, scheme, desc_kdf_scheme_null),
};

const struct desc tpm2_ecc_encrypt_in = DESC_STRUCT(struct ecc_encrypt_in, ecc_encrypt_in_fields);

struct ecc_encrypted {
	struct tpms_ecc_point c1;
	struct tpm2b c2;
	struct tpm2b c3;
	struct tpmt_scheme scheme;
};

static const struct desc_field ecc_encrypt_out_fields[] = {
	FIELD(struct ecc_encrypted, c1, desc_2b_ecc_point),
	FIELD(struct ecc_encrypted, c2, desc_2b_buffer),
	FIELD(struct ecc_encrypted, c3, desc_2b_digest),
};

const struct desc tpm2_ecc_encrypt_out = DESC_STRUCT(struct ecc_encrypted, ecc_encrypt_out_fields);

static const struct desc_field ecc_decrypt_in_fields[] = {
	FIELD(struct ecc_encrypted, c1, desc_2b_ecc_point),
	FIELD(struct ecc_encrypted, c2, desc_2b_buffer),
	FIELD(struct ecc_encrypted, c3, desc_2b_digest),
	FIELD(struct ecc_encrypted, scheme, desc_kdf_scheme_null),
};

const struct desc tpm2_ecc_decrypt_in = DESC_STRUCT(struct ecc_encrypted, ecc_decrypt_in_fields);

struct ecc_decrypt_out {
	struct tpm2b text;
};

static const struct desc_field ecc_decrypt_out_fields[] = {
	FIELD(struct ecc_decrypt_out, text, desc_2b_buffer),
};

const struct desc tpm2_ecc_decrypt_out =
	DESC_STRUCT(struct ecc_decrypt_out, ecc_decrypt_out_fields);

/**
 * struct ecies_work - numbers of one encryption
 * @d: ephemeral private key
 * @px: the key's point, or the sender's
 * @py: likewise
 * @z: both coordinates of the shared point, without a gap
 * @hash: running
 */
struct ecies_work {
	u8 d[VT_ECC_MAX_BYTES];
	u8 px[VT_ECC_MAX_BYTES], py[VT_ECC_MAX_BYTES];
	u8 z[2 * VT_ECC_MAX_BYTES];
	struct vt_hash_ctx hash;
};

/* KDF2 is the only derivation that the two commands are defined with. */
static tpm_rc check_ecies_key(const struct tpm2_object *key, struct tpmt_scheme *scheme)
{
	const struct tpmt_scheme *own = &key->pub.parms.kdf;

	if (own->scheme != TPM_ALG_NULL) {
		if (scheme->scheme == TPM_ALG_NULL)
			*scheme = *own;
		if (own->scheme != scheme->scheme || own->hash != scheme->hash)
			return TPM_RC_SCHEME;
	}
	return scheme->scheme == TPM_ALG_KDF2 ? TPM_RC_SUCCESS : TPM_RC_SCHEME;
}

/* KDF2 (IEEE 1363a): hashes of the shared numbers and of a counter from 1 on. */
static void mask_text(struct ecies_work *w, const struct vt_hash_alg *alg, u16 z_len, u8 *text,
		      u16 len)
{
	u8 block[VT_MAX_DIGEST], counter[4];
	u32 at, i, number = 1;

	for (at = 0; at < len; at += alg->digest_size) {
		put_unaligned_be32(number++, counter);
		vt_hash_init(&w->hash, alg);
		vt_hash_update(&w->hash, w->z, z_len);
		vt_hash_update(&w->hash, counter, sizeof(counter));
		vt_hash_final(&w->hash, block);
		for (i = 0; i < alg->digest_size && at + i < len; i++)
			text[at + i] ^= block[i];
	}
	memzero_explicit(block, sizeof(block));
}

/* C3: digest of the text between the shared coordinates. */
static void text_digest(struct ecies_work *w, const struct vt_hash_alg *alg, u16 bytes,
			struct tpm2b text, u8 *digest)
{
	vt_hash_init(&w->hash, alg);
	vt_hash_update(&w->hash, w->z, bytes);
	vt_hash_update(&w->hash, text.data, text.size);
	vt_hash_update(&w->hash, w->z + bytes, bytes);
	vt_hash_final(&w->hash, digest);
}

static tpm_rc copy_text(struct tpm2_call *c, struct tpm2b from, struct tpm2b *to)
{
	*to = tpm2b(tpm2_scratch(c, from.size), from.size);
	if (!to->data)
		return TPM_RC_MEMORY;
	if (from.size)
		memcpy(to->data, from.data, from.size);
	return TPM_RC_SUCCESS;
}

static int ecies_send(const struct vt_curve *curve, struct ecies_work *w, struct tpms_ecc_point *c1)
{
	int err = vt_ecc_generate(curve, &vt_system_rng, w->d, c1->x.data, c1->y.data);

	if (err)
		return err;
	return vt_ecdh(curve, w->d, w->px, w->py, w->z, w->z + curve->bytes);
}

static tpm_rc encrypt(struct tpm2_call *c, const struct tpm2_object *key,
		      const struct ecc_encrypt_in *in, struct ecc_encrypted *out)
{
	const struct vt_curve *curve = vt_curve_find(key->pub.parms.curve);
	const struct vt_hash_alg *alg = vt_hash_find(in->scheme.hash);
	struct ecies_work *w = tpm2_scratch(c, sizeof(*w));
	tpm_rc rc, heavy;

	out->c3 = tpm2b(tpm2_scratch(c, alg->digest_size), alg->digest_size);
	if (!w || !out->c3.data || new_point(c, curve, &out->c1) ||
	    copy_text(c, in->text, &out->c2))
		return TPM_RC_MEMORY;
	if (!tpm2_pad_point(curve, &key->pub.unique, w->px, w->py))
		return tpm2_handle_rc(TPM_RC_KEY, 1);
	tpm2_heavy_begin(c);
	rc = tpm2_rc(ecies_send(curve, w, &out->c1), TPM_RC_KEY);
	heavy = tpm2_heavy_end(c);
	if (rc || heavy)
		return rc ? tpm2_at_handle(rc, 1) : heavy;
	text_digest(w, alg, curve->bytes, in->text, out->c3.data);
	mask_text(w, alg, 2 * curve->bytes, out->c2.data, out->c2.size);
	return TPM_RC_SUCCESS;
}

/*
 * TPM2_ECC_Encrypt (14.8). TPM_RC_KEY and TPM_RC_ATTRIBUTES (keyHandle: no ECC
 * decryption key, or its point is none), TPM_RC_SCHEME (inScheme); TPM_RC_MEMORY,
 * TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_ecc_encrypt(struct tpm2_call *c)
{
	struct ecc_encrypt_in *in = (void *)c->in;
	const struct tpm2_object *key = c->objects[0];
	tpm_rc rc;

	if (key->kind != OBJ_KEY || key->pub.type != TPM_ALG_ECC)
		return tpm2_handle_rc(TPM_RC_KEY, 1);
	if (!(key->pub.attrs & TPMA_OBJECT_DECRYPT))
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 1);
	rc = check_ecies_key(key, &in->scheme);
	if (rc)
		return tpm2_param(rc, 2);
	return encrypt(c, key, in, (void *)c->out);
}

static tpm_rc decrypt(struct tpm2_call *c, struct tpm2_object *key, const struct ecc_encrypted *in,
		      struct ecies_work *w, struct tpm2b *text)
{
	const struct vt_curve *curve = vt_curve_find(key->pub.parms.curve);
	const struct vt_hash_alg *alg = vt_hash_find(in->scheme.hash);
	u8 digest[VT_MAX_DIGEST];
	tpm_rc rc, heavy;

	if (!tpm2_pad_point(curve, &in->c1, w->px, w->py))
		return tpm2_param(TPM_RC_ECC_POINT, 1);
	tpm2_heavy_begin(c);
	rc = tpm2_object_key(c, key);
	if (!rc)
		rc = tpm2_rc(c->t->cfg.key_ops->ecdh(key->key, w->px, w->py, w->z,
						     w->z + curve->bytes), TPM_RC_ECC_POINT);
	heavy = tpm2_heavy_end(c);
	if (rc || heavy)
		return rc ? tpm2_at_param(rc, 1) : heavy;
	mask_text(w, alg, 2 * curve->bytes, text->data, text->size);
	text_digest(w, alg, curve->bytes, *text, digest);
	if (in->c3.size != alg->digest_size || crypto_memneq(digest, in->c3.data, in->c3.size))
		return tpm2_param(TPM_RC_VALUE, 3);
	return TPM_RC_SUCCESS;
}

/*
 * TPM2_ECC_Decrypt (14.9). TPM_RC_KEY and TPM_RC_ATTRIBUTES (keyHandle),
 * TPM_RC_ECC_POINT (C1), TPM_RC_VALUE (C3: it is not what was encrypted),
 * TPM_RC_SCHEME (inScheme); TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_ecc_decrypt(struct tpm2_call *c)
{
	struct ecc_encrypted *in = (void *)c->in;
	struct ecc_decrypt_out *out = (void *)c->out;
	struct tpm2_object *key = c->objects[0];
	struct ecies_work *w;
	tpm_rc rc;

	rc = check_exchange_key(key);
	if (rc)
		return tpm2_handle_rc(rc, 1);
	rc = check_ecies_key(key, &in->scheme);
	if (rc)
		return tpm2_param(rc, 4);
	w = tpm2_scratch(c, sizeof(*w));
	if (!w || copy_text(c, in->c2, &out->text))
		return TPM_RC_MEMORY;
	return decrypt(c, key, in, w, &out->text);
}
