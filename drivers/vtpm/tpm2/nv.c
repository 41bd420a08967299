// SPDX-License-Identifier: GPL-2.0-only
/*
 * NV indices (Part 1, 37): their storage and life, attributes, names, and who
 * may use them. Memory is taken as indices are defined and no sooner.
 */
#include "engine.h"
#include "identity.h"

/*
 * What an index counts for beside its data: its public area and auth value at
 * their largest. Counted alike for every index, so that a change of the auth
 * value needs no space, and undefining gives back just what defining took.
 */
#define NV_OVERHEAD	160

/* An orderly counter may lose this many increments with the power (Part 1, 37.7.3) */
#define ORDERLY_MASK	0xffull

/* The TPM's own index takes nothing from its users. */
static u32 cost(const struct tpm2 *t, u32 handle, u16 size)
{
	return tpm2_nv_is_identity(t, handle) ? 0 : NV_OVERHEAD + size;
}

/* ---- references and the list ---- */

struct tpm2_nv_index *tpm2_nv_get(struct tpm2_nv_index *x)
{
	refcount_inc(&x->refs);
	return x;
}

void tpm2_nv_put(struct tpm2 *t, struct tpm2_nv_index *x)
{
	if (x && refcount_dec_and_test(&x->refs))
		vt_free(t->cfg.mem, x);
}

struct tpm2_nv_index *tpm2_nv_find(struct tpm2 *t, u32 handle)
{
	struct tpm2_nv_index *x;

	if (HR_TYPE(handle) != TPM_HT_NV_INDEX)
		return NULL;
	list_for_each_entry(x, &t->nv, link)
		if (x->handle == handle)
			return x;
	return NULL;
}

bool tpm2_nv_visible(const struct tpm2 *t, const struct tpm2_nv_index *x)
{
	if (x->attrs & TPMA_NV_PLATFORMCREATE)
		return t->ph_enable_nv;
	return t->hierarchy[HIER_OWNER].enabled;
}

u32 tpm2_nv_count(const struct tpm2 *t, bool counters_alone)
{
	const struct tpm2_nv_index *x;
	u32 n = 0;

	list_for_each_entry(x, &t->nv, link)
		n += !counters_alone || TPM_NT(x->attrs) == TPM_NT_COUNTER;
	return n;
}

u32 tpm2_nv_free_counters(const struct tpm2 *t)
{
	u32 max = tpm2_max_nv(t);

	return max > t->nv_used ? (max - t->nv_used) / (NV_OVERHEAD + sizeof(u64)) : 0;
}

/* The name is the digest of the public area, attributes included (Part 1, 16). */
static void rename_index(struct tpm2_nv_index *x)
{
	const struct vt_hash_alg *alg = vt_hash_find(x->name_alg);
	u8 area[4 + 2 + 4 + 2 + VT_MAX_DIGEST + 2];
	struct tpm2_writer w = tpm2_writer(area, sizeof(area));
	struct tpms_nv_public pub = tpm2_nv_public(x);

	tpm2_write(&w, &desc_nv_public, &pub);
	put_unaligned_be16(x->name_alg, x->name);
	vt_hash(alg, area, w.len, x->name + 2);
	x->name_size = 2 + alg->digest_size;
}

struct tpms_nv_public tpm2_nv_public(const struct tpm2_nv_index *x)
{
	return (struct tpms_nv_public){
		.index = x->handle,
		.name_alg = x->name_alg,
		.attrs = x->attrs,
		.policy = tpm2b(x->policy.data, x->policy.size),
		.size = x->size,
	};
}

void tpm2_nv_set_attrs(struct tpm2_nv_index *x, u32 attrs)
{
	if (x->attrs == attrs)
		return;
	x->attrs = attrs;
	rename_index(x);
}

static void keep_digest(struct tpm2_digest *to, struct tpm2b from)
{
	to->size = from.size;
	if (from.size)
		memcpy(to->data, from.data, from.size);
}

/* Before the first index with a larger handle: GetCapability lists them in order. */
static void insert(struct tpm2 *t, struct tpm2_nv_index *x)
{
	struct list_head *at = &t->nv;
	struct tpm2_nv_index *other;

	list_for_each_entry(other, &t->nv, link) {
		if (other->handle > x->handle) {
			at = &other->link;
			break;
		}
	}
	list_add_tail(&x->link, at);
}

bool tpm2_nv_room(const struct tpm2 *t, u16 size)
{
	u32 max = tpm2_max_nv(t);

	return max > t->nv_used && NV_OVERHEAD + size <= max - t->nv_used;
}

tpm_rc tpm2_nv_define(struct tpm2 *t, const struct tpms_nv_public *pub, struct tpm2b auth)
{
	struct tpm2_nv_index *x;

	if (cost(t, pub->index, pub->size) > TPM2_MAX_NV_SPACE - t->nv_used)
		return TPM_RC_NV_SPACE;
	x = vt_alloc(t->cfg.mem, struct_size(x, data, pub->size));
	if (!x)
		return TPM_RC_MEMORY;
	refcount_set(&x->refs, 1);
	x->handle = pub->index;
	x->name_alg = pub->name_alg;
	x->size = pub->size;
	x->attrs = pub->attrs;
	keep_digest(&x->policy, pub->policy);
	keep_digest(&x->auth, auth);
	rename_index(x);
	insert(t, x);
	t->nv_used += cost(t, x->handle, x->size);
	return TPM_RC_SUCCESS;
}

/* A counter's last value is kept: one defined later starts above it. */
void tpm2_nv_undefine(struct tpm2 *t, struct tpm2_nv_index *x)
{
	if (TPM_NT(x->attrs) == TPM_NT_COUNTER && x->attrs & TPMA_NV_WRITTEN)
		t->nv_max_count = max_t(u64, t->nv_max_count, tpm2_nv_u64(x));
	list_del(&x->link);
	t->nv_used -= cost(t, x->handle, x->size);
	x->gone = true;
	tpm2_nv_put(t, x);
}

/* An owner's index lives as long as the owner (Part 3, 24.6); a platform's stays. */
void tpm2_nv_clear(struct tpm2 *t)
{
	struct tpm2_nv_index *x, *next;

	list_for_each_entry_safe(x, next, &t->nv, link)
		if (!(x->attrs & TPMA_NV_PLATFORMCREATE))
			tpm2_nv_undefine(t, x);
}

/* ---- the index that says what this TPM is ---- */

bool tpm2_nv_is_identity(const struct tpm2 *t, u32 handle)
{
	return t->cfg.identity && handle == VTPM_NV_IDENTITY;
}

/*
 * Written and locked for good (writeDefine); only its policy might write or delete it, and
 * it has none. It is the platform's, so it outlasts TPM2_Clear, and everybody may read it.
 */
tpm_rc tpm2_nv_add_identity(struct tpm2 *t)
{
	static const struct tpms_nv_public pub = {
		.index = VTPM_NV_IDENTITY,
		.name_alg = TPM_ALG_SHA256,
		.attrs = TPMA_NV_PPREAD | TPMA_NV_OWNERREAD | TPMA_NV_AUTHREAD |
			 TPMA_NV_POLICYWRITE | TPMA_NV_POLICY_DELETE | TPMA_NV_NO_DA |
			 TPMA_NV_PLATFORMCREATE | TPMA_NV_WRITEDEFINE | TPMA_NV_WRITELOCKED |
			 TPMA_NV_WRITTEN,
		.size = VTPM_NV_IDENTITY_SIZE,
	};

	return t->cfg.identity ? tpm2_nv_define(t, &pub, tpm2b(NULL, 0)) : TPM_RC_SUCCESS;
}

/* Its contents are made for each command that names it: what it says is always so. */
void tpm2_nv_refresh(struct tpm2 *t, struct tpm2_nv_index *x)
{
	size_t len;

	if (!tpm2_nv_is_identity(t, x->handle))
		return;
	len = t->cfg.identity(t->cfg.pcrs, x->data, x->size);
	memset(x->data + len, 0, x->size - len);
}

/* ---- access (Part 3, 31.1) ---- */

static tpm_rc check_authority(const struct tpm2_nv_index *x, u32 auth, u32 owner, u32 platform)
{
	bool ok = auth == x->handle;

	if (auth == TPM_RH_OWNER)
		ok = x->attrs & owner;
	else if (auth == TPM_RH_PLATFORM)
		ok = x->attrs & platform;
	return ok ? TPM_RC_SUCCESS : TPM_RC_NV_AUTHORIZATION;
}

tpm_rc tpm2_nv_may_write(const struct tpm2_nv_index *x, u32 auth)
{
	if (x->attrs & TPMA_NV_WRITELOCKED)
		return TPM_RC_NV_LOCKED;
	return check_authority(x, auth, TPMA_NV_OWNERWRITE, TPMA_NV_PPWRITE);
}

tpm_rc tpm2_nv_may_read(const struct tpm2_nv_index *x, u32 auth)
{
	tpm_rc rc;

	if (x->attrs & TPMA_NV_READLOCKED)
		return TPM_RC_NV_LOCKED;
	rc = check_authority(x, auth, TPMA_NV_OWNERREAD, TPMA_NV_PPREAD);
	if (!rc && !(x->attrs & TPMA_NV_WRITTEN))
		rc = TPM_RC_NV_UNINITIALIZED;
	return rc;
}

static bool writes(u16 code)
{
	return code == TPM_CC_NV_Write || code == TPM_CC_NV_Increment ||
	       code == TPM_CC_NV_SetBits || code == TPM_CC_NV_Extend ||
	       code == TPM_CC_NV_WriteLock;
}

static bool reads(u16 code)
{
	return code == TPM_CC_NV_Read || code == TPM_CC_NV_ReadLock || code == TPM_CC_NV_Certify ||
	       code == TPM_CC_PolicyNV || code == TPM_CC_PolicyAuthorizeNV ||
	       code == TPM_CC_PolicySecret;
}

bool tpm2_nv_is_pin(const struct tpm2_nv_index *x)
{
	return TPM_NT(x->attrs) == TPM_NT_PIN_PASS || TPM_NT(x->attrs) == TPM_NT_PIN_FAIL;
}

/* TPMS_NV_PIN_COUNTER_PARAMETERS: pinCount, then pinLimit */
static bool pin_left(const struct tpm2_nv_index *x)
{
	u64 v = tpm2_nv_u64(x);

	return x->attrs & TPMA_NV_WRITTEN && (u32)(v >> 32) < (u32)v;
}

bool tpm2_nv_auth_available(const struct tpm2_nv_index *x, u16 code)
{
	if (writes(code))
		return x->attrs & TPMA_NV_AUTHWRITE;
	if (tpm2_nv_is_pin(x))
		return pin_left(x);
	return !reads(code) || x->attrs & TPMA_NV_AUTHREAD;
}

bool tpm2_nv_policy_available(const struct tpm2_nv_index *x, u16 code)
{
	if (!x->policy.size)
		return false;
	if (writes(code))
		return x->attrs & TPMA_NV_POLICYWRITE;
	if (reads(code))
		return x->attrs & TPMA_NV_POLICYREAD;
	return true;
}

/*
 * PIN Pass counts how often the value was right, PIN Fail how often it was
 * wrong since it was right last (Part 1, 37.2.8).
 */
void tpm2_nv_auth_done(struct tpm2 *t, struct tpm2_nv_index *x, bool good)
{
	bool pass = TPM_NT(x->attrs) == TPM_NT_PIN_PASS;
	u64 v = tpm2_nv_u64(x), next = v;

	if (!tpm2_nv_is_pin(x) || !(x->attrs & TPMA_NV_WRITTEN))
		return;
	if (pass == good)
		next = v + (1ull << 32);
	else if (good)
		next = (u32)v;
	if (next != v)
		tpm2_nv_set_u64(t, x, next);
}

/* ---- contents ---- */

/*
 * The first write decides all of the contents: what it leaves out is all ones. Contents of
 * an orderly index are saved by TPM2_Shutdown alone (Part 2, 13.4), so that has to come again.
 */
void tpm2_nv_write(struct tpm2 *t, struct tpm2_nv_index *x, u16 offset, const void *data, u16 size)
{
	if (x->attrs & TPMA_NV_ORDERLY)
		tpm2_disorder(t);
	if (!(x->attrs & TPMA_NV_WRITTEN)) {
		memset(x->data, 0xff, x->size);
		tpm2_nv_set_attrs(x, x->attrs | TPMA_NV_WRITTEN);
	}
	if (size)
		memcpy(x->data + offset, data, size);
}

u64 tpm2_nv_u64(const struct tpm2_nv_index *x)
{
	return x->size == sizeof(u64) ? get_unaligned_be64(x->data) : 0;
}

void tpm2_nv_set_u64(struct tpm2 *t, struct tpm2_nv_index *x, u64 v)
{
	u8 be[sizeof(v)];

	put_unaligned_be64(v, be);
	tpm2_nv_write(t, x, 0, be, sizeof(be));
}

/* ---- TPM2_Startup (Part 3, 9.3; Part 1, 37) ---- */

/* A reset forgets orderly contents, all but a counter's; locks that are not for ever end. */
static u32 startup_attrs(u32 attrs, bool reset)
{
	attrs &= ~TPMA_NV_READLOCKED;
	if (TPM_NT(attrs) != TPM_NT_COUNTER &&
	    (attrs & TPMA_NV_CLEAR_STCLEAR || (attrs & TPMA_NV_ORDERLY && reset)))
		attrs &= ~TPMA_NV_WRITTEN;
	if (!(attrs & TPMA_NV_WRITTEN) || !(attrs & TPMA_NV_WRITEDEFINE))
		attrs &= ~TPMA_NV_WRITELOCKED;
	return attrs;
}

/* Increments that were not saved might have been seen: go past all of them. */
static void recover_counter(struct tpm2 *t, struct tpm2_nv_index *x)
{
	const u32 both = TPMA_NV_ORDERLY | TPMA_NV_WRITTEN;

	if (TPM_NT(x->attrs) != TPM_NT_COUNTER || (x->attrs & both) != both)
		return;
	tpm2_nv_set_u64(t, x, tpm2_nv_u64(x) | ORDERLY_MASK);
}

void tpm2_nv_startup(struct tpm2 *t, bool reset, bool orderly)
{
	struct tpm2_nv_index *x;

	t->ph_enable_nv = true;
	list_for_each_entry(x, &t->nv, link) {
		tpm2_nv_set_attrs(x, startup_attrs(x->attrs, reset));
		if (!orderly)
			recover_counter(t, x);
	}
}
