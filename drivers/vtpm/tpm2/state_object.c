// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects and sequences as bytes, for saved contexts and for the instance's state,
 * and whether one that comes from a state is one that this TPM could have made.
 * The caller keeps handle and hierarchy.
 */
#include "engine.h"

#define FLAG_PUBLIC_ONLY	BIT(0)
#define FLAG_EXTERNAL		BIT(1)
#define FLAG_PRIMARY		BIT(2)
#define FLAG_ST_CLEAR		BIT(3)
#define FLAGS			(BIT(4) - 1)

/* ---- writing ---- */

static u8 object_flags(const struct tpm2_object *o)
{
	return (o->public_only ? FLAG_PUBLIC_ONLY : 0) | (o->external ? FLAG_EXTERNAL : 0) |
	       (o->primary ? FLAG_PRIMARY : 0) | (o->st_clear ? FLAG_ST_CLEAR : 0);
}

static void write_cmac(struct tpm2_writer *w, const struct vt_cmac *m)
{
	tpm2_put_u8(w, m->key_size);
	tpm2_put_u8(w, m->used);
	tpm2_put(w, m->key, sizeof(m->key));
	tpm2_put(w, m->chain, sizeof(m->chain));
	tpm2_put(w, m->block, sizeof(m->block));
}

static void write_sequence(struct tpm2_writer *w, const struct tpm2_object *o)
{
	u8 state[VT_HASH_EXPORT];
	unsigned int i;

	tpm2_put_u8(w, o->seq_count);
	tpm2_put(w, o->seq_first, sizeof(o->seq_first));
	tpm2_put_u32(w, o->seq_seen);
	tpm2_put_2b(w, o->auth.data, o->auth.size);
	for (i = 0; i < o->seq_count; i++) {
		vt_hash_export(&o->seq[i], state);
		tpm2_put_u16(w, o->seq[i].alg->id);
		tpm2_put(w, state, sizeof(state));
	}
	if (o->kind == OBJ_HMAC_SEQ)
		tpm2_put(w, o->hmac_opad, sizeof(o->hmac_opad));
	if (o->kind == OBJ_CMAC_SEQ)
		write_cmac(w, tpm2_running_cmac((struct tpm2_object *)o));
	memzero_explicit(state, sizeof(state));
}

void tpm2_object_write(struct tpm2_writer *w, const struct tpm2_object *o)
{
	tpm2_put_u8(w, o->kind);
	tpm2_put_u8(w, object_flags(o));
	if (o->kind != OBJ_KEY) {
		write_sequence(w, o);
		return;
	}
	tpm2_put_2b(w, o->qualified, o->qualified_size);
	tpm2_put(w, o->pub_area.data, o->pub_area.size);
	tpm2_put(w, o->sens_area.data, o->sens_area.size);
}

/* ---- reading ---- */

static tpm_rc read_cmac(struct tpm2_reader *r, struct vt_cmac *m)
{
	if (tpm2_read_u8(r, &m->key_size) || tpm2_read_u8(r, &m->used) ||
	    tpm2_read_bytes(r, m->key, sizeof(m->key)) ||
	    tpm2_read_bytes(r, m->chain, sizeof(m->chain)) ||
	    tpm2_read_bytes(r, m->block, sizeof(m->block)))
		return TPM_RC_FAILURE;
	return tpm2_aes_bits_ok(8 * m->key_size) && m->used <= VT_AES_BLOCK ?
	       TPM_RC_SUCCESS : TPM_RC_FAILURE;
}

/* In the order of the table, as they were started: so none comes twice. */
static tpm_rc read_hashes(struct tpm2_reader *r, struct tpm2_object *o)
{
	const struct vt_hash_alg *alg, *before = NULL;
	unsigned int i;
	u16 id;

	for (i = 0; i < o->seq_count; i++) {
		if (tpm2_read_u16(r, &id) || r->left < VT_HASH_EXPORT)
			return TPM_RC_FAILURE;
		alg = vt_hash_find(id);
		if (!alg || (before && alg <= before) || vt_hash_import(&o->seq[i], alg, r->p))
			return TPM_RC_FAILURE;
		before = alg;
		r->p += VT_HASH_EXPORT;
		r->left -= VT_HASH_EXPORT;
	}
	return TPM_RC_SUCCESS;
}

static tpm_rc fill_sequence(struct tpm2_reader *r, struct tpm2_object *o)
{
	struct tpm2b auth;

	if (tpm2_read_bytes(r, o->seq_first, sizeof(o->seq_first)) ||
	    tpm2_read_u32(r, &o->seq_seen) ||
	    tpm2_read_2b(r, sizeof(o->auth.data), &auth))
		return TPM_RC_FAILURE;
	o->auth.size = auth.size;
	if (auth.size)
		memcpy(o->auth.data, auth.data, auth.size);
	if (read_hashes(r, o))
		return TPM_RC_FAILURE;
	if (o->kind == OBJ_HMAC_SEQ)
		return tpm2_read_bytes(r, o->hmac_opad, sizeof(o->hmac_opad));
	return o->kind == OBJ_CMAC_SEQ ? read_cmac(r, tpm2_running_cmac(o)) : TPM_RC_SUCCESS;
}

static bool count_fits(u8 kind, u8 count)
{
	switch (kind) {
	case OBJ_HASH_SEQ:
	case OBJ_HMAC_SEQ:
		return count == 1;
	case OBJ_CMAC_SEQ:
		return !count;
	default:
		return kind == OBJ_EVENT_SEQ && count <= VT_HASH_COUNT;
	}
}

static tpm_rc read_sequence(struct tpm2 *t, struct tpm2_reader *r, u8 kind,
			    struct tpm2_object **out)
{
	struct tpm2_object *o;
	tpm_rc rc;
	u8 count;

	if (tpm2_read_u8(r, &count) || !count_fits(kind, count))
		return TPM_RC_FAILURE;
	o = tpm2_sequence_new(t, kind, count);
	if (!o)
		return TPM_RC_MEMORY;
	rc = fill_sequence(r, o);
	if (rc)
		tpm2_object_put(t, o);
	else
		*out = o;
	return rc;
}

static tpm_rc read_key(struct tpm2 *t, struct tpm2_reader *r, u8 flags, u32 hierarchy,
		       struct tpm2_object **out)
{
	bool private = !(flags & FLAG_PUBLIC_ONLY);
	struct tpmt_sensitive sens = { 0 };
	struct tpmt_public pub = { 0 };	/* what its type has not is not read */
	struct tpm2b qualified;
	struct tpm2_object *o;
	tpm_rc rc;

	if (tpm2_read_2b(r, TPM2_NAME_MAX, &qualified) || tpm2_read(r, &desc_public_null, &pub) ||
	    (private && tpm2_read(r, &desc_sensitive, &sens)))
		return TPM_RC_FAILURE;
	rc = tpm2_object_copy(t, &pub, private ? &sens : NULL, hierarchy, &o);
	if (rc)
		return rc;
	o->qualified_size = qualified.size;
	if (qualified.size)
		memcpy(o->qualified, qualified.data, qualified.size);
	*out = o;
	return TPM_RC_SUCCESS;
}

tpm_rc tpm2_object_read(struct tpm2 *t, struct tpm2_reader *r, u32 hierarchy,
			struct tpm2_object **out)
{
	u8 kind, flags;
	tpm_rc rc;

	if (tpm2_read_u8(r, &kind) || tpm2_read_u8(r, &flags) || flags & ~FLAGS)
		return TPM_RC_FAILURE;
	if (kind == OBJ_KEY)
		rc = read_key(t, r, flags, hierarchy, out);
	else
		rc = read_sequence(t, r, kind, out);
	if (rc)
		return rc;
	(*out)->external = flags & FLAG_EXTERNAL;
	(*out)->primary = flags & FLAG_PRIMARY;
	(*out)->st_clear = flags & FLAG_ST_CLEAR;
	return TPM_RC_SUCCESS;
}

/* ---- could this TPM have made it? ---- */

static bool trimmed(struct tpm2b auth)
{
	return !auth.size || auth.data[auth.size - 1];
}

static bool sequence_good(const struct tpm2_object *o)
{
	return o->hierarchy == TPM_RH_NULL && !object_flags(o) &&
	       trimmed(tpm2b(o->auth.data, o->auth.size)) &&
	       (!o->seq_seen || o->seq_seen >= sizeof(o->seq_first));
}

/* What TPM2_LoadExternal leaves: a key with its private part never passes for one of ours. */
static bool external_good(const struct tpm2_object *o)
{
	const u32 ours = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_RESTRICTED;

	if (!o->external)
		return !o->public_only;
	if (o->primary || o->qualified_size != o->name_size ||
	    crypto_memneq(o->qualified, o->name, o->name_size))
		return false;
	return o->public_only || (o->hierarchy == TPM_RH_NULL && !(o->pub.attrs & ours));
}

/* Of a primary object it follows from the hierarchy; of others it has at least a form. */
static bool qualified_good(const struct tpm2_object *o)
{
	u8 handle[4], name[TPM2_NAME_MAX];
	u16 size;

	/* the algorithm, then a digest; both are empty where there is no algorithm */
	if (o->qualified_size != o->name_size ||
	    (o->name_size && crypto_memneq(o->qualified, o->name, sizeof(u16))))
		return false;
	if (!o->primary)
		return true;
	put_unaligned_be32(o->hierarchy, handle);
	size = tpm2_qualified_name(o->pub.name_alg, handle, sizeof(handle), o->name, o->name_size,
				   name);
	return size == o->qualified_size && !crypto_memneq(name, o->qualified, size);
}

/* As TPM2_Load, but for what the parent decides: it is not known, and has been asked. */
static tpm_rc check_key(struct tpm2_call *c, const struct tpm2_object *o)
{
	const struct tpmt_sensitive *sens = o->public_only ? NULL : &o->sens;
	const struct vt_hash_alg *alg = vt_hash_find(o->pub.name_alg);
	tpm_rc rc;

	if (sens && alg && sens->seed.size > alg->digest_size)
		return TPM_RC_KEY_SIZE;
	rc = sens && alg ? tpm2_check_consistent(&o->pub) : tpm2_check_schemes(NULL, &o->pub);
	return rc ? rc : tpm2_check_binding(c, &o->pub, sens, 1, 1);
}

tpm_rc tpm2_object_check(struct tpm2_call *c, const struct tpm2_object *o)
{
	if (!tpm2_hierarchy(c->t, o->hierarchy))
		return TPM_RC_HIERARCHY;
	if (o->kind != OBJ_KEY)
		return sequence_good(o) ? TPM_RC_SUCCESS : TPM_RC_VALUE;
	if (!external_good(o) || !qualified_good(o))
		return TPM_RC_VALUE;
	if (o->pub.attrs & TPMA_OBJECT_STCLEAR && !o->st_clear)
		return TPM_RC_ATTRIBUTES;
	return check_key(c, o);
}
