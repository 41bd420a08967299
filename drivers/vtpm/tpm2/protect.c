// SPDX-License-Identifier: GPL-2.0-only
/*
 * How secrets leave the TPM and come back: sensitive areas under a parent
 * (Part 1, 22 and 23), credentials (24), and secrets shared with the holder
 * of an asymmetric key (annexes B.10.3 and C.6.1).
 */
#include "engine.h"

/**
 * struct outer - keys of an outer wrap
 * @alg: hash of the key derivations and of the HMAC
 * @bits: AES key bits
 * @seed: what both keys are derived from
 * @name: of the object, bound to both
 */
struct outer {
	const struct vt_hash_alg *alg;
	u16 bits;
	struct tpm2b seed;
	struct tpm2b name;
};

static struct outer outer_of(const struct tpmt_public *protector, struct tpm2b seed,
			     struct tpm2b name)
{
	return (struct outer){
		.alg = vt_hash_find(protector->name_alg),
		.bits = protector->parms.sym.bits,
		.seed = seed,
		.name = name,
	};
}

static tpm_rc outer_crypt(const struct outer *o, bool encrypt, const u8 *iv, u8 *data, u32 len)
{
	u8 key[32], running[VT_AES_BLOCK] = { 0 };
	int err;

	if (!o->alg || !tpm2_aes_bits_ok(o->bits))
		return TPM_RC_SYMMETRIC;
	if (iv)
		memcpy(running, iv, sizeof(running));
	vt_kdfa(o->alg, o->seed.data, o->seed.size, "STORAGE", o->name.data, o->name.size, NULL, 0,
		o->bits, key);
	err = vt_aes_cfb(key, o->bits, running, encrypt, data, len);
	memzero_explicit(key, sizeof(key));
	return tpm2_rc(err, TPM_RC_FAILURE);
}

static void outer_hmac(const struct outer *o, struct tpm2b data, u8 *mac)
{
	u8 key[VT_MAX_DIGEST];
	struct vt_hmac_ctx h;

	vt_kdfa(o->alg, o->seed.data, o->seed.size, "INTEGRITY", NULL, 0, NULL, 0,
		8 * o->alg->digest_size, key);
	vt_hmac_init(&h, o->alg, key, o->alg->digest_size);
	vt_hmac_update(&h, data.data, data.size);
	vt_hmac_update(&h, o->name.data, o->name.size);
	vt_hmac_final(&h, mac);
	memzero_explicit(key, sizeof(key));
}

/* Leaves room for the integrity value, which outer_seal() fills in. */
static void outer_start(const struct outer *o, struct tpm2_writer *w)
{
	tpm2_put_u16(w, o->alg->digest_size);
	w->len += o->alg->digest_size;
}

static void outer_seal(const struct outer *o, struct tpm2_writer *w, struct tpm2b *out)
{
	u32 head = 2 + o->alg->digest_size;

	outer_hmac(o, tpm2b(w->p + head, w->len - head), w->p + 2);
	*out = tpm2b(w->p, w->len);
}

/* Checks the integrity value before anything else is looked at; what follows goes to a copy. */
static tpm_rc outer_open(struct tpm2_call *c, const struct outer *o, struct tpm2b blob,
			 struct tpm2_reader *rest)
{
	struct tpm2_reader r = { .p = blob.data, .left = blob.size };
	struct tpm2b integrity;
	u8 mac[VT_MAX_DIGEST];
	tpm_rc rc;

	if (!o->alg)
		return TPM_RC_HASH;
	rc = tpm2_read_2b(&r, VT_MAX_DIGEST, &integrity);
	if (rc)
		return rc;
	outer_hmac(o, tpm2b(r.p, r.left), mac);
	if (integrity.size != o->alg->digest_size ||
	    crypto_memneq(integrity.data, mac, integrity.size))
		return TPM_RC_INTEGRITY;
	*rest = (struct tpm2_reader){ .p = tpm2_scratch(c, r.left), .left = r.left };
	if (!rest->p)
		return TPM_RC_FAILURE;
	memcpy(rest->p, r.p, r.left);
	return TPM_RC_SUCCESS;
}

/* ---- sensitive areas ---- */

static struct outer parent_outer(const struct tpm2_object *parent, const u8 *name, u16 name_size)
{
	return outer_of(&parent->pub, parent->sens.seed, tpm2b(name, name_size));
}

/* The auth value goes out as long as nameAlg's digest, so that the size tells nothing. */
static tpm_rc pad_auth(struct tpm2_call *c, u16 name_alg, struct tpmt_sensitive *sens)
{
	const struct vt_hash_alg *alg = vt_hash_find(name_alg);
	u8 *auth;

	if (!alg || sens->auth.size >= alg->digest_size)
		return TPM_RC_SUCCESS;
	auth = tpm2_scratch(c, alg->digest_size);
	if (!auth)
		return TPM_RC_FAILURE;
	memset(auth, 0, alg->digest_size);
	if (sens->auth.size)
		memcpy(auth, sens->auth.data, sens->auth.size);
	sens->auth = tpm2b(auth, alg->digest_size);
	return TPM_RC_SUCCESS;
}

tpm_rc tpm2_wrap(struct tpm2_call *c, const struct tpm2_object *parent,
		 const struct tpmt_sensitive *sens, u16 name_alg, const u8 *name, u16 name_size,
		 struct tpm2b *out)
{
	struct outer o = parent_outer(parent, name, name_size);
	struct tpmt_sensitive padded = *sens;
	u8 iv[VT_AES_BLOCK];
	struct tpm2_writer w;
	u32 room, body;
	tpm_rc rc;

	rc = pad_auth(c, name_alg, &padded);
	if (rc)
		return rc;
	room = 2 + VT_MAX_DIGEST + 2 + sizeof(iv) + 2 + 8 + padded.auth.size + padded.seed.size +
	       padded.data.size;
	w = tpm2_writer(tpm2_scratch(c, room), room);
	if (!w.p)
		return TPM_RC_FAILURE;
	outer_start(&o, &w);
	vt_random(iv, sizeof(iv));
	tpm2_put_2b(&w, iv, sizeof(iv));
	body = w.len;
	tpm2_write(&w, &desc_2b_sensitive, &padded);
	if (WARN_ON_ONCE(w.full))
		return TPM_RC_FAILURE;
	rc = outer_crypt(&o, true, iv, w.p + body, w.len - body);
	if (!rc)
		outer_seal(&o, &w, out);
	return rc;
}

tpm_rc tpm2_unwrap(struct tpm2_call *c, const struct tpm2_object *parent, struct tpm2b blob,
		   u16 name_alg, const u8 *name, u16 name_size, struct tpmt_sensitive *sens)
{
	struct outer o = parent_outer(parent, name, name_size);
	struct tpm2_reader r;
	struct tpm2b iv;
	tpm_rc rc;

	rc = outer_open(c, &o, blob, &r);
	if (!rc)
		rc = tpm2_read_2b(&r, VT_AES_BLOCK, &iv);
	if (!rc && iv.size != VT_AES_BLOCK)
		rc = TPM_RC_SIZE;
	if (!rc)
		rc = outer_crypt(&o, false, iv.data, r.p, r.left);
	if (!rc)
		rc = tpm2_read(&r, &desc_2b_sensitive, sens);
	if (!rc && (r.left || !sens->type))
		rc = TPM_RC_SIZE;
	return rc;
}

/* ---- credentials ---- */

tpm_rc tpm2_credential_make(struct tpm2_call *c, const struct tpmt_public *pub,
			    struct tpm2b credential, const u8 *name, u16 name_size,
			    const u8 *seed, u16 seed_size, struct tpm2b *out)
{
	struct outer o = outer_of(pub, tpm2b(seed, seed_size), tpm2b(name, name_size));
	u32 room = 2 + VT_MAX_DIGEST + 2 + credential.size;
	struct tpm2_writer w = tpm2_writer(tpm2_scratch(c, room), room);
	u32 body;
	tpm_rc rc;

	if (!w.p || !o.alg)
		return TPM_RC_FAILURE;
	outer_start(&o, &w);
	body = w.len;
	tpm2_put_2b(&w, credential.data, credential.size);
	rc = outer_crypt(&o, true, NULL, w.p + body, w.len - body);
	if (!rc)
		outer_seal(&o, &w, out);
	return rc;
}

tpm_rc tpm2_credential_open(struct tpm2_call *c, const struct tpmt_public *pub, struct tpm2b blob,
			    const u8 *name, u16 name_size, const u8 *seed, u16 seed_size,
			    struct tpm2b *out)
{
	struct outer o = outer_of(pub, tpm2b(seed, seed_size), tpm2b(name, name_size));
	struct tpm2_reader r;
	tpm_rc rc;

	rc = outer_open(c, &o, blob, &r);
	if (!rc)
		rc = outer_crypt(&o, false, NULL, r.p, r.left);
	if (!rc)
		rc = tpm2_read_2b(&r, VT_MAX_DIGEST, out);
	if (!rc && r.left)
		rc = TPM_RC_SIZE;
	return rc;
}

/* ---- duplicates ---- */

tpm_rc tpm2_outer_wrap(struct tpm2_call *c, const struct tpmt_public *pub, struct tpm2b seed,
		       struct tpm2b name, struct tpm2b body, struct tpm2b *out)
{
	struct outer o = outer_of(pub, seed, name);
	u32 at, room = 2 + VT_MAX_DIGEST + body.size;
	struct tpm2_writer w = tpm2_writer(tpm2_scratch(c, room), room);
	tpm_rc rc;

	if (!w.p || !o.alg)
		return TPM_RC_FAILURE;
	outer_start(&o, &w);
	at = w.len;
	tpm2_put(&w, body.data, body.size);
	rc = outer_crypt(&o, true, NULL, w.p + at, body.size);
	if (!rc)
		outer_seal(&o, &w, out);
	return rc;
}

tpm_rc tpm2_outer_unwrap(struct tpm2_call *c, const struct tpmt_public *pub, struct tpm2b seed,
			 struct tpm2b name, struct tpm2b blob, struct tpm2_reader *body)
{
	struct outer o = outer_of(pub, seed, name);
	tpm_rc rc;

	rc = outer_open(c, &o, blob, body);
	if (!rc)
		rc = outer_crypt(&o, false, NULL, body->p, body->left);
	return rc;
}

/* ---- shared secrets ---- */

static u32 rsa_exponent(const struct tpmt_public *pub)
{
	return tpm2_key_params(pub).exponent;
}

static tpm_rc rsa_secret_make(struct tpm2_call *c, const struct tpmt_public *pub, const char *label,
			      struct tpm2_digest *secret, struct tpm2b *sent)
{
	const struct vt_hash_alg *alg = vt_hash_find(pub->name_alg);
	u16 n_len = pub->unique.x.size;
	u8 *em = tpm2_scratch(c, n_len), *out = tpm2_scratch(c, n_len);
	int err;

	if (!em || !out)
		return TPM_RC_FAILURE;
	secret->size = alg->digest_size;
	vt_random(secret->data, secret->size);
	err = vt_oaep_encode(alg, label, strlen(label) + 1, secret->data, secret->size,
			     &vt_system_rng, em, n_len);
	if (!err)
		err = vt_rsa_public(pub->unique.x.data, n_len, rsa_exponent(pub), em, out);
	*sent = tpm2b(out, n_len);
	return tpm2_rc(err, TPM_RC_VALUE);
}

/* Party U is who sends, party V the key's holder; both give the x-coordinate of their point. */
static void ecc_kdfe(const struct tpmt_public *pub, const u8 *z, u16 z_len, const char *label,
		     struct tpm2b sender_x, struct tpm2_digest *secret)
{
	const struct vt_hash_alg *alg = vt_hash_find(pub->name_alg);

	secret->size = alg->digest_size;
	vt_kdfe(alg, z, z_len, label, sender_x.data, sender_x.size, pub->unique.x.data,
		pub->unique.x.size, 8 * secret->size, secret->data);
}

/**
 * struct ecc_work - numbers of a key agreement
 * @d: ephemeral private key
 * @x: ephemeral or sender's point
 * @y: its other half
 * @px: static point
 * @py: its other half
 * @zx: shared point
 * @zy: its other half
 */
struct ecc_work {
	u8 d[VT_ECC_MAX_BYTES];
	u8 x[VT_ECC_MAX_BYTES], y[VT_ECC_MAX_BYTES];
	u8 px[VT_ECC_MAX_BYTES], py[VT_ECC_MAX_BYTES];
	u8 zx[VT_ECC_MAX_BYTES], zy[VT_ECC_MAX_BYTES];
};

static tpm_rc ecc_secret_make(struct tpm2_call *c, const struct tpmt_public *pub, const char *label,
			      struct tpm2_digest *secret, struct tpm2b *sent)
{
	const struct vt_curve *curve = vt_curve_find(pub->parms.curve);
	u32 room = 4 + 2 * VT_ECC_MAX_BYTES;
	struct tpm2_writer w = tpm2_writer(tpm2_scratch(c, room), room);
	struct ecc_work *k = tpm2_scratch(c, sizeof(*k));
	int err;

	if (!w.p || !k)
		return TPM_RC_FAILURE;
	if (!tpm2_pad_point(curve, &pub->unique, k->px, k->py))
		return TPM_RC_KEY;
	err = vt_ecc_generate(curve, &vt_system_rng, k->d, k->x, k->y);
	if (!err)
		err = vt_ecdh(curve, k->d, k->px, k->py, k->zx, k->zy);
	if (err)
		return tpm2_rc(err, TPM_RC_KEY);
	ecc_kdfe(pub, k->zx, curve->bytes, label, tpm2b(k->x, curve->bytes), secret);
	tpm2_put_2b(&w, k->x, curve->bytes);
	tpm2_put_2b(&w, k->y, curve->bytes);
	*sent = tpm2b(w.p, w.len);
	return TPM_RC_SUCCESS;
}

tpm_rc tpm2_secret_make(struct tpm2_call *c, const struct tpmt_public *pub, const char *label,
			struct tpm2_digest *secret, struct tpm2b *sent)
{
	if (!vt_hash_find(pub->name_alg))
		return TPM_RC_HASH;
	switch (pub->type) {
	case TPM_ALG_RSA:
		return rsa_secret_make(c, pub, label, secret, sent);
	case TPM_ALG_ECC:
		return ecc_secret_make(c, pub, label, secret, sent);
	default:
		return TPM_RC_KEY;
	}
}

static tpm_rc rsa_secret_open(struct tpm2_call *c, struct tpm2_object *key, const char *label,
			      struct tpm2b sent, struct tpm2_digest *secret)
{
	const struct vt_hash_alg *alg = vt_hash_find(key->pub.name_alg);
	u16 n_len = key->pub.unique.x.size;
	size_t len = sizeof(secret->data);
	u8 *em;
	int err;

	if (sent.size != n_len)
		return TPM_RC_SIZE;
	em = tpm2_scratch(c, n_len);
	if (!em)
		return TPM_RC_FAILURE;
	err = c->t->cfg.key_ops->rsa_private(key->key, sent.data, em);
	if (err)
		return tpm2_rc(err, TPM_RC_VALUE);
	err = vt_oaep_decode(alg, label, strlen(label) + 1, em, n_len, secret->data, &len);
	if (err || len > alg->digest_size)
		return tpm2_rc(err ? err : -EINVAL, TPM_RC_VALUE);
	secret->size = len;
	return TPM_RC_SUCCESS;
}

static tpm_rc ecc_secret_open(struct tpm2_call *c, struct tpm2_object *key, const char *label,
			      struct tpm2b sent, struct tpm2_digest *secret)
{
	const struct vt_curve *curve = vt_curve_find(key->pub.parms.curve);
	struct tpm2_reader r = { .p = sent.data, .left = sent.size };
	struct ecc_work *k = tpm2_scratch(c, sizeof(*k));
	struct tpms_ecc_point point;
	tpm_rc rc;
	int err;

	if (!k)
		return TPM_RC_FAILURE;
	rc = tpm2_read(&r, &desc_ecc_point, &point);
	if (rc)
		return rc;
	if (!tpm2_pad_point(curve, &point, k->x, k->y))
		return TPM_RC_ECC_POINT;
	err = c->t->cfg.key_ops->ecdh(key->key, k->x, k->y, k->zx, k->zy);
	if (err)
		return tpm2_rc(err, TPM_RC_ECC_POINT);
	ecc_kdfe(&key->pub, k->zx, curve->bytes, label, point.x, secret);
	return TPM_RC_SUCCESS;
}

tpm_rc tpm2_secret_open(struct tpm2_call *c, struct tpm2_object *key, const char *label,
			struct tpm2b sent, struct tpm2_digest *secret)
{
	tpm_rc rc = tpm2_object_key(c, key);

	if (rc)
		return rc;
	if (!vt_hash_find(key->pub.name_alg))
		return TPM_RC_HASH;
	if (key->pub.type == TPM_ALG_RSA)
		return rsa_secret_open(c, key, label, sent, secret);
	return ecc_secret_open(c, key, label, sent, secret);
}
