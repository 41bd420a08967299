// SPDX-License-Identifier: GPL-2.0-only
/*
 * How often restricted signing keys have signed. What such a key signs can be linked by
 * whoever sees it, so a policy may bound it (tpm2_profile.ak_uses): TPM_RC_KEY from then
 * on, and its owner has to make another one.
 *
 * Keys are known by their Names and only counted under such a policy. The table is
 * bounded: where it is full, a key that is not in it does not sign either, as to forget
 * another one would let that one begin anew. A hierarchy's keys leave it with
 * the hierarchy's seed: TPM2_Clear, TPM2_ChangeEPS, TPM2_ChangePPS, and a TPM Reset for
 * the null hierarchy.
 */
#include "engine.h"
#include "state.h"
#include "../state/format.h"

/**
 * struct tpm2_ak - a key that has signed
 * @link: in tpm2.aks, in the order of names
 * @hierarchy: TPM_RH_* it belongs to
 * @uses: signatures
 * @name_size: of @name
 * @name: its Name
 */
struct tpm2_ak {
	struct list_head link;
	u32 hierarchy;
	u32 uses;
	u16 name_size;
	u8 name[TPM2_NAME_MAX];
};

static int compare(const struct tpm2_ak *ak, struct tpm2b name)
{
	if (ak->name_size != name.size)
		return ak->name_size < name.size ? -1 : 1;
	return memcmp(ak->name, name.data, name.size);
}

/* The key's entry, or NULL with the place where it would be. */
static struct tpm2_ak *find(struct tpm2 *t, struct tpm2b name, struct list_head **at)
{
	struct tpm2_ak *ak;

	*at = &t->aks;
	list_for_each_entry(ak, &t->aks, link) {
		int order = compare(ak, name);

		if (!order)
			return ak;
		if (order > 0) {
			*at = &ak->link;
			break;
		}
	}
	return NULL;
}

static struct tpm2_ak *find_key(struct tpm2 *t, const struct tpm2_object *key)
{
	struct list_head *at;

	return find(t, tpm2b(key->name, key->name_size), &at);
}

static struct tpm2_ak *add(struct tpm2 *t, struct tpm2b name, u32 hierarchy, struct list_head *at)
{
	struct tpm2_ak *ak = vt_alloc(t->cfg.mem, sizeof(*ak));

	if (!ak)
		return NULL;
	ak->hierarchy = hierarchy;
	ak->name_size = name.size;
	memcpy(ak->name, name.data, name.size);
	list_add_tail(&ak->link, at);
	t->ak_count++;
	return ak;
}

static void drop(struct tpm2 *t, struct tpm2_ak *ak)
{
	list_del(&ak->link);
	t->ak_count--;
	vt_free(t->cfg.mem, ak);
}

/* 0: it does not matter how often it signs */
static u32 limit_of(const struct tpm2 *t, const struct tpm2_object *key)
{
	const struct tpm2_profile *p = tpm2_profile(t);
	const u32 both = TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_SIGN;

	return p && key && (key->pub.attrs & both) == both ? p->ak_uses : 0;
}

tpm_rc tpm2_ak_check(struct tpm2 *t, const struct tpm2_object *key)
{
	u32 limit = limit_of(t, key);
	struct tpm2_ak *ak;

	if (!limit)
		return TPM_RC_SUCCESS;
	ak = find_key(t, key);
	if (ak)
		return ak->uses < limit ? TPM_RC_SUCCESS : TPM_RC_KEY;
	return t->ak_count < TPM2_MAX_AKS ? TPM_RC_SUCCESS : TPM_RC_KEY;
}

tpm_rc tpm2_ak_use(struct tpm2 *t, const struct tpm2_object *key, bool *counted)
{
	struct tpm2b name = tpm2b(key->name, key->name_size);
	struct list_head *at;
	struct tpm2_ak *ak;
	tpm_rc rc;

	*counted = limit_of(t, key);
	if (!*counted)
		return TPM_RC_SUCCESS;
	rc = tpm2_ak_check(t, key);
	if (rc)
		return rc;
	ak = find(t, name, &at);
	if (!ak)
		ak = add(t, name, key->hierarchy, at);
	if (!ak)
		return TPM_RC_MEMORY;
	ak->uses++;
	return TPM_RC_SUCCESS;
}

void tpm2_ak_unuse(struct tpm2 *t, const struct tpm2_object *key)
{
	struct tpm2_ak *ak = find_key(t, key);	/* it may be gone with its hierarchy */

	if (ak && !--ak->uses)
		drop(t, ak);
}

void tpm2_ak_forget(struct tpm2 *t, u32 hierarchy)
{
	struct tpm2_ak *ak, *next;

	list_for_each_entry_safe(ak, next, &t->aks, link)
		if (ak->hierarchy == hierarchy)
			drop(t, ak);
}

void tpm2_ak_free(struct tpm2 *t)
{
	struct tpm2_ak *ak, *next;

	list_for_each_entry_safe(ak, next, &t->aks, link)
		drop(t, ak);
}

/* ---- as part of the instance's state ---- */

void tpm2_state_write_aks(const struct tpm2 *t, struct vtpm_state_writer *w)
{
	const struct tpm2_ak *ak;

	if (list_empty(&t->aks))
		return;
	vtpm_state_begin(w, STATE_AK_USES, 0);
	list_for_each_entry(ak, &t->aks, link) {
		tpm2_put_u32(&w->w, ak->hierarchy);
		tpm2_put_u32(&w->w, ak->uses);
		tpm2_put_2b(&w->w, ak->name, ak->name_size);
	}
	vtpm_state_end(w);
}

static bool good(const struct tpm2 *t, u32 hierarchy, u32 uses, struct tpm2b name)
{
	const struct vt_hash_alg *alg;

	if (!uses || desc_rh_hierarchy_null.check(hierarchy) || name.size < 2)
		return false;
	alg = vt_hash_find(get_unaligned_be16(name.data));
	if (!alg || name.size != 2 + alg->digest_size)
		return false;
	/* in order: so none comes twice */
	return list_empty(&t->aks) ||
	       compare(list_last_entry(&t->aks, struct tpm2_ak, link), name) < 0;
}

static int read_ak(struct tpm2 *t, struct tpm2_reader *r)
{
	u32 hierarchy, uses;
	struct tpm2_ak *ak;
	struct tpm2b name;

	if (tpm2_read_u32(r, &hierarchy) || tpm2_read_u32(r, &uses) ||
	    tpm2_read_2b(r, TPM2_NAME_MAX, &name) || !good(t, hierarchy, uses, name))
		return -EBADMSG;
	if (t->ak_count >= TPM2_MAX_AKS)
		return -EOVERFLOW;
	ak = add(t, name, hierarchy, &t->aks);
	if (!ak)
		return -ENOMEM;
	ak->uses = uses;
	return 0;
}

int tpm2_state_ak_uses(struct tpm2_state_load *l, struct tpm2_reader *r)
{
	int err = r->left ? 0 : -EBADMSG;

	while (r->left && !err)
		err = read_ak(l->t, r);
	return err;
}
