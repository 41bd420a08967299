// SPDX-License-Identifier: GPL-2.0-only
/*
 * Duplication (Part 3, 13; Part 1, 23): a sensitive area goes to another
 * parent in up to two wrappers. The inner one has a key that the caller knows;
 * the outer one a seed that the new parent's private key alone tells.
 */
#include "commands.h"

#define LABEL		"DUPLICATE"
#define PRIVATE_MAX	1536	/* bytes of a TPM2B_PRIVATE */

/* A seed is sent to the holder of an asymmetric key. */
static bool takes_seeds(const struct tpm2_object *o)
{
	return tpm2_is_storage(o) && o->pub.type != TPM_ALG_SYMCIPHER;
}

/* ---- the inner wrapper ---- */

static u16 inner_key_size(const struct tpmt_sym_def *sym)
{
	return sym->alg == TPM_ALG_NULL ? 0 : sym->bits / 8;
}

/* CFB from a zero IV, whatever mode the algorithm names: the key is used once. */
static tpm_rc inner_crypt(const struct tpmt_sym_def *sym, struct tpm2b key, bool encrypt, u8 *data,
			  u32 len)
{
	u8 iv[VT_AES_BLOCK] = { 0 };

	return tpm2_rc(vt_aes_cfb(key.data, sym->bits, iv, encrypt, data, len), TPM_RC_FAILURE);
}

static void inner_digest(const struct vt_hash_alg *alg, struct tpm2b sensitive, struct tpm2b name,
			 u8 *digest)
{
	struct vt_hash_ctx h;

	vt_hash_init(&h, alg);
	vt_hash_update(&h, sensitive.data, sensitive.size);
	vt_hash_update(&h, name.data, name.size);
	vt_hash_final(&h, digest);
}

/* The auth value goes out as long as nameAlg's digest, so that the size tells nothing. */
static void put_sensitive(struct tpm2_writer *w, const struct tpm2_object *o)
{
	u16 digest_size = vt_hash_find(o->pub.name_alg)->digest_size;
	struct tpmt_sensitive sens = o->sens;
	u8 auth[VT_MAX_DIGEST] = { 0 };

	if (sens.auth.size)
		memcpy(auth, sens.auth.data, sens.auth.size);
	sens.auth = tpm2b(auth, max_t(u16, sens.auth.size, digest_size));
	tpm2_write(w, &desc_2b_sensitive, &sens);
	memzero_explicit(auth, sizeof(auth));
}

/* TPM2B_SENSITIVE, behind its digest and encrypted when there is an inner wrapper. */
static tpm_rc inner_wrap(struct tpm2_call *c, const struct tpm2_object *o,
			 const struct tpmt_sym_def *sym, struct tpm2b key, struct tpm2b *out)
{
	const struct vt_hash_alg *alg = vt_hash_find(o->pub.name_alg);
	u32 room = 2 + VT_MAX_DIGEST + 2 + 8 + VT_MAX_DIGEST + o->sens.seed.size +
		   o->sens.data.size;
	struct tpm2_writer w = tpm2_writer(tpm2_scratch(c, room), room);
	u32 head = key.size ? 2 + alg->digest_size : 0;

	if (!w.p)
		return TPM_RC_MEMORY;
	w.len = head;
	put_sensitive(&w, o);
	if (WARN_ON_ONCE(w.full))
		return TPM_RC_FAILURE;
	*out = tpm2b(w.p, w.len);
	if (!key.size)
		return TPM_RC_SUCCESS;
	put_unaligned_be16(alg->digest_size, w.p);
	inner_digest(alg, tpm2b(w.p + head, w.len - head), tpm2b(o->name, o->name_size), w.p + 2);
	return inner_crypt(sym, key, true, w.p, w.len);
}

/* Decrypts in place; the digest is looked at before what it is of. */
static tpm_rc inner_open(struct tpm2_reader *r, const struct vt_hash_alg *alg, struct tpm2b name,
			 const struct tpmt_sym_def *sym, struct tpm2b key)
{
	struct tpm2b integrity;
	u8 digest[VT_MAX_DIGEST];
	tpm_rc rc;

	rc = inner_crypt(sym, key, false, r->p, r->left);
	if (!rc)
		rc = tpm2_read_2b(r, VT_MAX_DIGEST, &integrity);
	if (rc)
		return rc;
	inner_digest(alg, tpm2b(r->p, r->left), name, digest);
	if (integrity.size != alg->digest_size ||
	    crypto_memneq(integrity.data, digest, integrity.size))
		return TPM_RC_INTEGRITY;
	return TPM_RC_SUCCESS;
}

static tpm_rc copy_reader(struct tpm2_call *c, struct tpm2b bytes, struct tpm2_reader *r)
{
	*r = (struct tpm2_reader){ .p = tpm2_scratch(c, bytes.size), .left = bytes.size };
	if (!r->p)
		return TPM_RC_MEMORY;
	if (bytes.size)
		memcpy(r->p, bytes.data, bytes.size);
	return TPM_RC_SUCCESS;
}

/* A fresh seed for @parent, and how it is sent. Gives up the lock. */
static tpm_rc make_seed(struct tpm2_call *c, const struct tpm2_object *parent,
			struct tpm2_digest *seed, struct tpm2b *sent)
{
	tpm_rc rc, heavy;

	tpm2_heavy_begin(c);
	rc = tpm2_secret_make(c, &parent->pub, LABEL, seed, sent);
	heavy = tpm2_heavy_end(c);
	return rc ? rc : heavy;
}

static tpm_rc open_seed(struct tpm2_call *c, struct tpm2_object *parent, struct tpm2b sent,
			struct tpm2_digest *seed)
{
	tpm_rc rc, heavy;

	tpm2_heavy_begin(c);
	rc = tpm2_secret_open(c, parent, LABEL, sent, seed);
	heavy = tpm2_heavy_end(c);
	return rc ? rc : heavy;
}

static struct tpm2b seed_bytes(const struct tpm2_digest *seed)
{
	return tpm2b(seed->data, seed->size);
}

/* ---- TPM2_Duplicate (13.1) ---- */

struct duplicate_in {
	struct tpm2b key;
	struct tpmt_sym_def sym;
};

static const struct desc_field duplicate_in_fields[] = {
	FIELD(struct duplicate_in, key, desc_2b_data),
	FIELD(struct duplicate_in, sym, desc_sym_def_object_null),
};

const struct desc tpm2_duplicate_in = DESC_STRUCT(struct duplicate_in, duplicate_in_fields);

struct duplicate_out {
	struct tpm2b key;
	struct tpm2b duplicate;
	struct tpm2b seed;
};

static const struct desc_field duplicate_out_fields[] = {
	FIELD(struct duplicate_out, key, desc_2b_data),
	FIELD(struct duplicate_out, duplicate, desc_2b_private),
	FIELD(struct duplicate_out, seed, desc_2b_secret),
};

const struct desc tpm2_duplicate_out = DESC_STRUCT(struct duplicate_out, duplicate_out_fields);

static tpm_rc check_duplicate(const struct tpm2_object *o, const struct tpm2_object *parent,
			      const struct duplicate_in *in)
{
	if (o->kind != OBJ_KEY || o->public_only || o->pub.name_alg == TPM_ALG_NULL)
		return tpm2_handle_rc(TPM_RC_TYPE, 1);
	if (o->pub.attrs & TPMA_OBJECT_FIXEDPARENT)
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 1);
	if (parent && !takes_seeds(parent))
		return tpm2_handle_rc(TPM_RC_TYPE, 2);
	if (o->pub.attrs & TPMA_OBJECT_ENCRYPTEDDUPLICATION) {
		if (in->sym.alg == TPM_ALG_NULL)
			return tpm2_param(TPM_RC_SYMMETRIC, 2);
		if (!parent)
			return tpm2_handle_rc(TPM_RC_HIERARCHY, 2);
	}
	if (in->key.size && in->key.size != inner_key_size(&in->sym))
		return tpm2_param(TPM_RC_SIZE, 1);
	return TPM_RC_SUCCESS;
}

/* The caller's key, or a new one that is told; nothing without an inner wrapper. */
static tpm_rc pick_inner_key(struct tpm2_call *c, const struct duplicate_in *in, struct tpm2b *key,
			     struct tpm2b *told)
{
	u16 size = inner_key_size(&in->sym);

	*told = tpm2b(NULL, 0);
	*key = in->key;
	if (in->key.size || !size)
		return TPM_RC_SUCCESS;
	*key = tpm2b(tpm2_scratch(c, size), size);
	if (!key->data)
		return TPM_RC_MEMORY;
	vt_random(key->data, size);
	*told = *key;
	return TPM_RC_SUCCESS;
}

/*
 * TPM2_Duplicate (13.1). TPM_RC_TYPE (objectHandle: no name; newParentHandle: no
 * storage key), TPM_RC_ATTRIBUTES (fixedParent), TPM_RC_SYMMETRIC and TPM_RC_HIERARCHY
 * (encryptedDuplication wants both wrappers), TPM_RC_SIZE (encryptionKeyIn),
 * TPM_RC_HASH, TPM_RC_VALUE: a new parent that nothing can be encrypted to;
 * TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_duplicate(struct tpm2_call *c)
{
	const struct duplicate_in *in = (void *)c->in;
	struct duplicate_out *out = (void *)c->out;
	const struct tpm2_object *o = c->objects[0], *parent = c->objects[1];
	struct tpm2_digest seed = { 0 };
	struct tpm2b key, body;
	tpm_rc rc;

	rc = check_duplicate(o, parent, in);
	if (!rc)
		rc = pick_inner_key(c, in, &key, &out->key);
	if (!rc)
		rc = inner_wrap(c, o, &in->sym, key, &body);
	if (rc)
		return rc;
	out->duplicate = body;
	if (!parent)
		return TPM_RC_SUCCESS;
	rc = make_seed(c, parent, &seed, &out->seed);
	if (!rc)
		rc = tpm2_outer_wrap(c, &parent->pub, seed_bytes(&seed),
				     tpm2b(o->name, o->name_size), body, &out->duplicate);
	memzero_explicit(&seed, sizeof(seed));
	return rc;
}

/* ---- TPM2_Rewrap (13.2) ---- */

struct rewrap_in {
	struct tpm2b duplicate;
	struct tpm2b name;
	struct tpm2b seed;
};

static const struct desc_field rewrap_in_fields[] = {
	FIELD(struct rewrap_in, duplicate, desc_2b_private),
	FIELD(struct rewrap_in, name, desc_2b_name),
	FIELD(struct rewrap_in, seed, desc_2b_secret),
};

const struct desc tpm2_rewrap_in = DESC_STRUCT(struct rewrap_in, rewrap_in_fields);

struct rewrap_out {
	struct tpm2b duplicate;
	struct tpm2b seed;
};

static const struct desc_field rewrap_out_fields[] = {
	FIELD(struct rewrap_out, duplicate, desc_2b_private),
	FIELD(struct rewrap_out, seed, desc_2b_secret),
};

const struct desc tpm2_rewrap_out = DESC_STRUCT(struct rewrap_out, rewrap_out_fields);

/* Takes the old parent's wrapper off, if there is one. */
static tpm_rc rewrap_open(struct tpm2_call *c, struct tpm2_object *parent,
			  const struct rewrap_in *in, struct tpm2b *body)
{
	struct tpm2_digest seed = { 0 };
	struct tpm2_reader r;
	tpm_rc rc;

	*body = in->duplicate;
	if (!parent)
		return TPM_RC_SUCCESS;
	if (!takes_seeds(parent))
		return tpm2_handle_rc(TPM_RC_TYPE, 1);
	rc = open_seed(c, parent, in->seed, &seed);
	if (rc)
		return (__force u32)rc & 0x80 ? tpm2_param(TPM_RC_VALUE, 3) : rc;
	rc = tpm2_outer_unwrap(c, &parent->pub, seed_bytes(&seed), in->name, in->duplicate, &r);
	memzero_explicit(&seed, sizeof(seed));
	if (!rc)
		*body = tpm2b(r.p, r.left);
	return tpm2_at_param(rc, 1);
}

static tpm_rc rewrap_seal(struct tpm2_call *c, const struct tpm2_object *parent,
			  const struct rewrap_in *in, struct tpm2b body, struct rewrap_out *out)
{
	const struct vt_hash_alg *alg = vt_hash_find(parent->pub.name_alg);
	struct tpm2_digest seed = { 0 };
	tpm_rc rc;

	if (!takes_seeds(parent))
		return tpm2_handle_rc(TPM_RC_TYPE, 2);
	if (body.size + 2 + (alg ? alg->digest_size : 0) > PRIVATE_MAX)
		return tpm2_param(TPM_RC_VALUE, 1);
	rc = make_seed(c, parent, &seed, &out->seed);
	if (!rc)
		rc = tpm2_outer_wrap(c, &parent->pub, seed_bytes(&seed), in->name, body,
				     &out->duplicate);
	memzero_explicit(&seed, sizeof(seed));
	return rc;
}

/*
 * TPM2_Rewrap (13.2). TPM_RC_HANDLE (oldParent without inSymSeed or the reverse),
 * TPM_RC_TYPE (no storage keys), TPM_RC_VALUE (inSymSeed; inDuplicate too long for
 * another wrapper), TPM_RC_INTEGRITY, TPM_RC_SIZE, TPM_RC_INSUFFICIENT (inDuplicate),
 * TPM_RC_HASH (newParent), TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_rewrap(struct tpm2_call *c)
{
	const struct rewrap_in *in = (void *)c->in;
	struct rewrap_out *out = (void *)c->out;
	struct tpm2b body;
	tpm_rc rc;

	if (!in->seed.size != !c->objects[0])
		return tpm2_handle_rc(TPM_RC_HANDLE, 1);
	rc = rewrap_open(c, c->objects[0], in, &body);
	if (rc)
		return rc;
	out->duplicate = body;
	return c->objects[1] ? rewrap_seal(c, c->objects[1], in, body, out) : TPM_RC_SUCCESS;
}

/* ---- TPM2_Import (13.3) ---- */

struct import_in {
	struct tpm2b key;
	struct tpmt_public pub;
	struct tpm2b duplicate;
	struct tpm2b seed;
	struct tpmt_sym_def sym;
};

static const struct desc_field import_in_fields[] = {
	FIELD(struct import_in, key, desc_2b_data),
	FIELD(struct import_in, pub, desc_2b_public),
	FIELD(struct import_in, duplicate, desc_2b_private),
	FIELD(struct import_in, seed, desc_2b_secret),
	FIELD(struct import_in, sym, desc_sym_def_object_null),
};

const struct desc tpm2_import_in = DESC_STRUCT(struct import_in, import_in_fields);

struct import_out {
	struct tpm2b private;
};

static const struct desc_field import_out_fields[] = {
	FIELD(struct import_out, private, desc_2b_private),
};

const struct desc tpm2_import_out = DESC_STRUCT(struct import_out, import_out_fields);

static tpm_rc check_import(const struct tpm2_object *parent, const struct import_in *in)
{
	const u32 fixed = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT;
	bool both = in->pub.attrs & TPMA_OBJECT_ENCRYPTEDDUPLICATION;

	if (in->pub.attrs & fixed)
		return tpm2_param(TPM_RC_ATTRIBUTES, 2);
	if (!tpm2_is_parent(parent))
		return tpm2_handle_rc(TPM_RC_TYPE, 1);
	if (in->key.size != inner_key_size(&in->sym))
		return tpm2_param(TPM_RC_SIZE, 1);
	if (both && in->sym.alg == TPM_ALG_NULL)
		return tpm2_param(TPM_RC_ATTRIBUTES, 1);
	if (both && !in->seed.size)
		return tpm2_param(TPM_RC_ATTRIBUTES, 4);
	if (in->seed.size && parent->pub.type == TPM_ALG_SYMCIPHER)	/* decrypts no seed */
		return tpm2_handle_rc(TPM_RC_TYPE, 1);
	return TPM_RC_SUCCESS;
}

/* All of what is left, and nothing else. */
static tpm_rc read_sensitive(struct tpm2_reader *r, struct tpmt_sensitive *sens)
{
	tpm_rc rc;

	if (r->left >= 2 && get_unaligned_be16(r->p) != r->left - 2)
		return TPM_RC_SIZE;
	rc = tpm2_read(r, &desc_2b_sensitive, sens);
	return !rc && !sens->type ? TPM_RC_INSUFFICIENT : rc;
}

/* From the outside in; @sens points into scratch memory. */
static tpm_rc import_open(struct tpm2_call *c, const struct tpm2_object *parent,
			  const struct import_in *in, const struct tpm2_digest *seed,
			  struct tpm2b name, struct tpmt_sensitive *sens)
{
	struct tpm2_reader r;
	tpm_rc rc;

	if (in->seed.size)
		rc = tpm2_outer_unwrap(c, &parent->pub, seed_bytes(seed), name, in->duplicate, &r);
	else
		rc = copy_reader(c, in->duplicate, &r);
	if (!rc && in->key.size)
		rc = inner_open(&r, vt_hash_find(in->pub.name_alg), name, &in->sym, in->key);
	if (!rc)
		rc = read_sensitive(&r, sens);
	return tpm2_at_param(rc, 3);
}

/*
 * What a fixedTPM parent imports is validated now, as loading it later trusts
 * what such a parent has wrapped.
 */
static tpm_rc import_sensitive(struct tpm2_call *c, const struct tpm2_object *parent,
			       const struct import_in *in, const struct tpm2_digest *seed,
			       struct import_out *out)
{
	struct tpmt_sensitive sens = { 0 };
	u8 name[TPM2_NAME_MAX];
	u16 size = tpm2_name(&in->pub, name);
	tpm_rc rc;

	rc = import_open(c, parent, in, seed, tpm2b(name, size), &sens);
	if (!rc && parent->pub.attrs & TPMA_OBJECT_FIXEDTPM)
		rc = tpm2_check_loaded(c, NULL, &in->pub, &sens, 2, 3);
	if (!rc && !tpm2_fit_auth(&sens.auth, in->pub.name_alg))
		rc = tpm2_param(TPM_RC_SIZE, 3);
	if (!rc)
		rc = tpm2_wrap(c, parent, &sens, in->pub.name_alg, name, size, &out->private);
	return rc;
}

/*
 * TPM2_Import (13.3). TPM_RC_ATTRIBUTES (objectPublic is fixed; encryptedDuplication
 * wants both wrappers: encryptionKey, inSymSeed), TPM_RC_TYPE (parentHandle; the two
 * areas differ), TPM_RC_SIZE (encryptionKey), TPM_RC_VALUE, TPM_RC_ECC_POINT,
 * TPM_RC_KEY (inSymSeed); TPM_RC_INTEGRITY, TPM_RC_INSUFFICIENT (duplicate); of
 * objectPublic TPM_RC_SCHEME, TPM_RC_KDF, TPM_RC_SYMMETRIC; TPM_RC_BINDING,
 * TPM_RC_KEY_SIZE; TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_import(struct tpm2_call *c)
{
	const struct import_in *in = (void *)c->in;
	struct import_out *out = (void *)c->out;
	struct tpm2_object *parent = c->objects[0];
	struct tpm2_digest seed = { 0 };
	tpm_rc rc;

	rc = check_import(parent, in);
	if (!rc && in->seed.size)
		rc = tpm2_at_param(open_seed(c, parent, in->seed, &seed), 4);
	if (!rc)
		rc = import_sensitive(c, parent, in, &seed, out);
	memzero_explicit(&seed, sizeof(seed));
	return rc;
}
