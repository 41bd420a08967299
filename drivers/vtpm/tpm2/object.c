// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects: their life, names, and slots (Part 1, 16 and 27). A slot never
 * inherits anything: each object is memory of its own, wiped when the last
 * reference goes.
 */
#include "engine.h"

/* Most bytes that an area has besides its sized members' contents. */
#define PUBLIC_FIXED	(2 + 2 + 4 + 2 + 18 + 4)
#define SENSITIVE_FIXED	(2 + 3 * 2)
#define PUBLIC_MAX	(PUBLIC_FIXED + VT_MAX_DIGEST + VT_RSA_MAX_BYTES + VT_ECC_MAX_BYTES)

/* ---- references ---- */

struct tpm2_object *tpm2_object_get(struct tpm2_object *o)
{
	refcount_inc(&o->refs);
	return o;
}

void tpm2_object_put(struct tpm2 *t, struct tpm2_object *o)
{
	if (!o || !refcount_dec_and_test(&o->refs))
		return;
	t->cfg.key_ops->close(o->key);
	vt_free(t->cfg.mem, o->seq);
	vt_free(t->cfg.mem, o);
}

static struct tpm2_object *find_persistent(struct tpm2 *t, u32 handle)
{
	struct tpm2_object *o;

	list_for_each_entry(o, &t->persistent, link)
		if (o->handle == handle)
			return o;
	return NULL;
}

struct tpm2_object *tpm2_object_find(struct tpm2_space *s, u32 handle)
{
	u32 slot = handle - HR_TRANSIENT;

	if (HR_TYPE(handle) == TPM_HT_PERSISTENT)
		return find_persistent(s->t, handle);
	if (HR_TYPE(handle) == TPM_HT_TRANSIENT && slot < TPM2_MAX_OBJECTS)
		return s->objects[slot];
	return NULL;
}

/* ---- names (Part 1, 16) ---- */

static u16 name_of_area(u16 name_alg, struct tpm2b area, u8 name[TPM2_NAME_MAX])
{
	const struct vt_hash_alg *alg = vt_hash_find(name_alg);

	if (!alg)
		return 0;
	put_unaligned_be16(name_alg, name);
	vt_hash(alg, area.data, area.size, name + 2);
	return 2 + alg->digest_size;
}

u16 tpm2_name(const struct tpmt_public *pub, u8 name[TPM2_NAME_MAX])
{
	u8 area[PUBLIC_MAX];
	struct tpm2_writer w = tpm2_writer(area, sizeof(area));

	tpm2_write(&w, &desc_public_null, pub);
	if (WARN_ON_ONCE(w.full))
		return 0;
	return name_of_area(pub->name_alg, tpm2b(area, w.len), name);
}

u16 tpm2_qualified_name(u16 name_alg, const u8 *parent, u16 parent_size, const u8 *name,
			u16 name_size, u8 out[TPM2_NAME_MAX])
{
	const struct vt_hash_alg *alg = vt_hash_find(name_alg);
	struct vt_hash_ctx h;

	if (!alg)
		return 0;
	vt_hash_init(&h, alg);
	vt_hash_update(&h, parent, parent_size);
	vt_hash_update(&h, name, name_size);
	put_unaligned_be16(name_alg, out);
	vt_hash_final(&h, out + 2);
	return 2 + alg->digest_size;
}

u16 tpm2_entity_name(struct tpm2_space *s, u32 handle, u8 name[TPM2_NAME_MAX])
{
	const struct tpm2_object *o = tpm2_object_find(s, handle);
	const struct tpm2_nv_index *x = tpm2_nv_find(s->t, handle);

	if (o) {
		memcpy(name, o->name, o->name_size);
		return o->name_size;
	}
	if (x) {
		memcpy(name, x->name, x->name_size);
		return x->name_size;
	}
	put_unaligned_be32(handle, name);
	return 4;
}

/* ---- making ---- */

static u16 public_room(const struct tpmt_public *pub)
{
	return PUBLIC_FIXED + pub->policy.size + pub->unique.x.size + pub->unique.y.size;
}

static u16 sensitive_room(const struct tpmt_sensitive *sens)
{
	return sens ? SENSITIVE_FIXED + sens->auth.size + sens->seed.size + sens->data.size : 0;
}

/* Writes @obj behind what @area holds already and reads it back, so that it points there. */
static tpm_rc keep(struct tpm2_writer *area, const struct desc *d, const void *obj, void *copy,
		   struct tpm2b *bytes)
{
	u32 at = area->len;
	struct tpm2_reader r;

	tpm2_write(area, d, obj);
	if (WARN_ON_ONCE(area->full))
		return TPM_RC_FAILURE;
	*bytes = tpm2b(area->p + at, area->len - at);
	r = (struct tpm2_reader){ .p = bytes->data, .left = bytes->size };
	return tpm2_read(&r, d, copy);
}

static tpm_rc fill_areas(struct tpm2_object *o, const struct tpmt_public *pub,
			 const struct tpmt_sensitive *sens)
{
	struct tpm2_writer area = tpm2_writer(o->area, o->bytes);
	tpm_rc rc;

	rc = keep(&area, &desc_public_null, pub, &o->pub, &o->pub_area);
	if (rc)
		return rc;
	o->pub.parms.type = o->pub.type;
	o->public_only = !sens;
	if (!sens)
		return TPM_RC_SUCCESS;
	rc = keep(&area, &desc_sensitive, sens, &o->sens, &o->sens_area);
	tpm2_trim_auth(&o->sens.auth);
	return rc;
}

/* A primary object's parent is its hierarchy: the name is the handle. */
static void fill_qualified(struct tpm2_object *o, const struct tpm2_object *parent)
{
	u8 handle[4];

	put_unaligned_be32(o->hierarchy, handle);
	o->qualified_size = tpm2_qualified_name(o->pub.name_alg,
						parent ? parent->qualified : handle,
						parent ? parent->qualified_size : sizeof(handle),
						o->name, o->name_size, o->qualified);
}

tpm_rc tpm2_object_copy(struct tpm2 *t, const struct tpmt_public *pub,
			const struct tpmt_sensitive *sens, u32 hierarchy, struct tpm2_object **out)
{
	u16 bytes = public_room(pub) + sensitive_room(sens);
	struct tpm2_object *o = vt_alloc(t->cfg.mem, struct_size(o, area, bytes));
	tpm_rc rc;

	if (!o)
		return TPM_RC_MEMORY;
	refcount_set(&o->refs, 1);
	INIT_LIST_HEAD(&o->link);
	o->kind = OBJ_KEY;
	o->hierarchy = hierarchy;
	o->bytes = bytes;
	rc = fill_areas(o, pub, sens);
	if (rc) {
		tpm2_object_put(t, o);
		return rc;
	}
	o->name_size = name_of_area(o->pub.name_alg, o->pub_area, o->name);
	o->st_clear = o->pub.attrs & TPMA_OBJECT_STCLEAR;
	*out = o;
	return TPM_RC_SUCCESS;
}

tpm_rc tpm2_object_new(struct tpm2 *t, const struct tpmt_public *pub,
		       const struct tpmt_sensitive *sens, u32 hierarchy,
		       const struct tpm2_object *parent, struct tpm2_object **out)
{
	tpm_rc rc = tpm2_object_copy(t, pub, sens, hierarchy, out);

	if (rc)
		return rc;
	fill_qualified(*out, parent);
	(*out)->st_clear |= parent && parent->st_clear;
	return TPM_RC_SUCCESS;
}

struct tpm2_object *tpm2_sequence_new(struct tpm2 *t, enum tpm2_object_kind kind, u8 hashes)
{
	struct tpm2_object *o = vt_alloc(t->cfg.mem, sizeof(*o));

	if (!o)
		return NULL;
	refcount_set(&o->refs, 1);
	INIT_LIST_HEAD(&o->link);
	o->kind = kind;
	o->hierarchy = TPM_RH_NULL;
	o->pub.name_alg = TPM_ALG_NULL;
	o->seq_count = hashes;
	if (!hashes)	/* an event sequence of a TPM without active banks */
		return o;
	o->seq = vt_alloc(t->cfg.mem, hashes * sizeof(*o->seq));
	if (!o->seq) {
		tpm2_object_put(t, o);
		return NULL;
	}
	return o;
}

/* ---- slots ---- */

static int free_slot(const struct tpm2_space *s)
{
	unsigned int i;

	for (i = 0; i < TPM2_MAX_OBJECTS; i++)
		if (!s->objects[i])
			return i;
	return -1;
}

bool tpm2_object_room(const struct tpm2_space *s)
{
	return s->object_count < tpm2_max_objects(s->t);
}

tpm_rc tpm2_object_install(struct tpm2_space *s, struct tpm2_object *o)
{
	int slot = free_slot(s);

	if (slot < 0 || !tpm2_object_room(s))
		return TPM_RC_OBJECT_MEMORY;
	s->objects[slot] = o;
	s->object_count++;
	o->handle = HR_TRANSIENT + slot;
	s->t->objects++;
	return TPM_RC_SUCCESS;
}

void tpm2_object_flush(struct tpm2_space *s, struct tpm2_object *o)
{
	u32 slot = o->handle - HR_TRANSIENT;

	if (WARN_ON_ONCE(slot >= TPM2_MAX_OBJECTS || s->objects[slot] != o))
		return;
	s->objects[slot] = NULL;
	s->object_count--;
	s->t->objects--;
	tpm2_object_put(s->t, o);
}

static void flush_space_hierarchy(struct tpm2_space *s, u32 hierarchy)
{
	unsigned int i;

	for (i = 0; i < TPM2_MAX_OBJECTS; i++)
		if (s->objects[i] && s->objects[i]->hierarchy == hierarchy)
			tpm2_object_flush(s, s->objects[i]);
}

void tpm2_flush_transient(struct tpm2 *t, u32 hierarchy)
{
	struct tpm2_space *s;

	list_for_each_entry(s, &t->spaces, link)
		flush_space_hierarchy(s, hierarchy);
}

void tpm2_flush_hierarchy(struct tpm2 *t, u32 hierarchy)
{
	struct tpm2_object *o, *next;

	tpm2_flush_transient(t, hierarchy);
	list_for_each_entry_safe(o, next, &t->persistent, link) {
		if (o->hierarchy != hierarchy)
			continue;
		list_del(&o->link);
		t->persistent_count--;
		tpm2_object_put(t, o);
	}
}

/* ---- keys ---- */

struct vt_key_params tpm2_key_params(const struct tpmt_public *pub)
{
	struct vt_key_params p = { .type = pub->type };

	if (pub->type == TPM_ALG_RSA) {
		p.bits = pub->parms.bits;
		p.exponent = pub->parms.exponent ? pub->parms.exponent : 65537;
	} else if (pub->type == TPM_ALG_ECC) {
		p.curve = vt_curve_find(pub->parms.curve);
	}
	return p;
}

/*
 * A number into exactly @len bytes. What does not fit but for leading zeros is
 * refused; time depends on the sizes alone.
 */
bool tpm2_pad_number(struct tpm2b in, u8 *out, u16 len)
{
	u16 i, extra = in.size > len ? in.size - len : 0;
	u8 over = 0;

	for (i = 0; i < extra; i++)
		over |= in.data[i];
	memset(out, 0, len);
	if (in.size)
		memcpy(out + len - (in.size - extra), in.data + extra, in.size - extra);
	return !over;
}

bool tpm2_pad_point(const struct vt_curve *curve, const struct tpms_ecc_point *p, u8 *x, u8 *y)
{
	bool fits = tpm2_pad_number(p->x, x, curve->bytes);

	return tpm2_pad_number(p->y, y, curve->bytes) && fits;
}

/*
 * What the backend opens a key from. A key without a name algorithm need not
 * have its public part (Part 3, 12.3): the pair then goes without it, which
 * RSA cannot do as its modulus is also half of the private key.
 */
static bool fill_pair(const struct vt_key_params *p, const struct tpmt_public *pub,
		      const struct tpmt_sensitive *sens, struct vt_key_pair *pair)
{
	if (p->type == TPM_ALG_RSA) {
		pair->x_len = p->bits / 8;
		pair->d_len = pair->x_len / 2;
		return pub->unique.x.size == pair->x_len && sens->data.size == pair->d_len &&
		       tpm2_pad_number(pub->unique.x, pair->x, pair->x_len) &&
		       tpm2_pad_number(sens->data, pair->d, pair->d_len);
	}
	pair->d_len = p->curve->bytes;
	if (!tpm2_pad_number(sens->data, pair->d, pair->d_len))
		return false;
	if (pub->name_alg == TPM_ALG_NULL)
		return true;
	pair->x_len = p->curve->bytes;
	pair->y_len = p->curve->bytes;
	return tpm2_pad_point(p->curve, &pub->unique, pair->x, pair->y);
}

int tpm2_key_open(struct tpm2_call *c, const struct tpmt_public *pub,
		  const struct tpmt_sensitive *sens, struct vt_key **key)
{
	struct vt_key_params p = tpm2_key_params(pub);
	struct vt_key_pair *pair = vt_alloc(NULL, sizeof(*pair));
	int err = -EINVAL;

	if (!pair)
		return -ENOMEM;
	if (fill_pair(&p, pub, sens, pair))
		err = c->t->cfg.key_ops->open(&p, pair, key);
	vt_free(NULL, pair);
	return err;
}

/*
 * Two commands may open a persistent key at the same time, without the lock:
 * the one that comes second throws its own away.
 */
tpm_rc tpm2_object_key(struct tpm2_call *c, struct tpm2_object *o)
{
	struct vt_key *key;
	int err;

	if (o->kind != OBJ_KEY || o->public_only ||
	    (o->pub.type != TPM_ALG_RSA && o->pub.type != TPM_ALG_ECC))
		return TPM_RC_KEY;
	if (smp_load_acquire(&o->key))	/* pairs with cmpxchg() below */
		return TPM_RC_SUCCESS;
	err = tpm2_key_open(c, &o->pub, &o->sens, &key);
	if (err)
		return tpm2_rc(err, TPM_RC_BINDING);
	if (cmpxchg(&o->key, NULL, key))
		c->t->cfg.key_ops->close(key);
	return TPM_RC_SUCCESS;
}
