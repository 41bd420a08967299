// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine's own members in an instance's state: what outlasts the power and what
 * does not. Objects, sessions and NV indices are in state_*.c.
 *
 * A member that is in no table here is one that follows from others, or is no state:
 * its reason stands at the end of this file, where a new member does not go unnoticed.
 */
#include "engine.h"
#include "state.h"
#include "../state/format.h"

#define TPM_FIELD(member, desc_) FIELD(struct tpm2, member, desc_)

static tpm_rc check_rate(u64 v)
{
	return tpm2_clock_rate_ok((s32)v) ? TPM_RC_SUCCESS : TPM_RC_VALUE;
}

static const struct desc d_rate = DESC_UINT(u32, check_rate);
static const struct desc d_kept = { .kind = D_KEPT, .max = VT_MAX_DIGEST };
static const struct desc d_secret = { .kind = D_BYTES, .max = TPM2_PROOF_SIZE };

#define SECRETS(i) \
	TPM_FIELD(hierarchy[i].seed, d_secret), \
	TPM_FIELD(hierarchy[i].proof, d_secret)
#define AUTHS(i) \
	TPM_FIELD(hierarchy[i].auth, d_kept), \
	TPM_FIELD(hierarchy[i].policy_alg, desc_alg_hash_null), \
	TPM_FIELD(hierarchy[i].policy, d_kept)

/* The order is the format: new members go into a block of their own. */
static const struct desc_field permanent_fields[] = {
	SECRETS(HIER_OWNER),
	AUTHS(HIER_OWNER),
	SECRETS(HIER_ENDORSEMENT),
	AUTHS(HIER_ENDORSEMENT),
	SECRETS(HIER_PLATFORM),
	TPM_FIELD(lockout_auth, d_kept),
	TPM_FIELD(lockout_policy_alg, desc_alg_hash_null),
	TPM_FIELD(lockout_policy, d_kept),
	TPM_FIELD(disable_clear, desc_yes_no),
	TPM_FIELD(da.failed_tries, desc_u32),
	TPM_FIELD(da.max_tries, desc_u32),
	TPM_FIELD(da.recovery_time, desc_u32),
	TPM_FIELD(da.lockout_recovery, desc_u32),
	TPM_FIELD(da.lockout_enabled, desc_yes_no),
	TPM_FIELD(da_used, desc_yes_no),
	TPM_FIELD(pcr_policy_alg, desc_alg_hash_null),
	TPM_FIELD(pcr_policy, d_kept),
	TPM_FIELD(pcr_pending, desc_yes_no),
	TPM_FIELD(pcr_wanted[0], desc_u32),	/* in the order of vt_hash_algs */
	TPM_FIELD(pcr_wanted[1], desc_u32),
	TPM_FIELD(pcr_wanted[2], desc_u32),
	TPM_FIELD(pcr_wanted[3], desc_u32),
	TPM_FIELD(reset_count, desc_u32),
	TPM_FIELD(restart_count, desc_u32),
	TPM_FIELD(resets, desc_u32),
	TPM_FIELD(reset_epoch, desc_u32),
	TPM_FIELD(clear_count, desc_u32),
	TPM_FIELD(time_epoch, desc_u32),
	TPM_FIELD(clock_safe, desc_yes_no),
	TPM_FIELD(safe_from, desc_u64),
	TPM_FIELD(clock_rate, d_rate),
	TPM_FIELD(orderly, desc_yes_no),
	TPM_FIELD(audit_alg, desc_alg_hash),
	TPM_FIELD(audit_counter, desc_u64),
	TPM_FIELD(object_contexts, desc_u64),
	TPM_FIELD(session_contexts, desc_u64),
	TPM_FIELD(nv_max_count, desc_u64),
};

static_assert(VTPM_MAX_BANKS == 4);

static const struct desc d_permanent = DESC_STRUCT(struct tpm2, permanent_fields);

static const struct desc_field stats_fields[] = {
	TPM_FIELD(commands, desc_u64),
	TPM_FIELD(failures, desc_u64),
};

static const struct desc d_stats = DESC_STRUCT(struct tpm2, stats_fields);

static const struct desc_field volatile_fields[] = {
	TPM_FIELD(started, desc_yes_no),
	TPM_FIELD(failed, desc_yes_no),
	TPM_FIELD(testing_done, desc_yes_no),
	TPM_FIELD(state_saved, desc_yes_no),
	TPM_FIELD(was_orderly, desc_yes_no),
	SECRETS(HIER_NULL),
	AUTHS(HIER_PLATFORM),
	TPM_FIELD(hierarchy[HIER_OWNER].enabled, desc_yes_no),
	TPM_FIELD(hierarchy[HIER_ENDORSEMENT].enabled, desc_yes_no),
	TPM_FIELD(hierarchy[HIER_PLATFORM].enabled, desc_yes_no),
	TPM_FIELD(ph_enable_nv, desc_yes_no),
	TPM_FIELD(da.self_heal, desc_u64),
	TPM_FIELD(da.lockout_time, desc_u64),
	TPM_FIELD(pcr_counter, desc_u32),
	TPM_FIELD(pcr_auth, d_kept),
	TPM_FIELD(pcr_reconfigured, desc_yes_no),
	TPM_FIELD(audit_digest, d_kept),
	TPM_FIELD(commits.next, desc_u64),
	TPM_FIELD(commits.usable, desc_u64),
	TPM_FIELD(act.start, desc_u32),
	TPM_FIELD(act.since, desc_u64),
	TPM_FIELD(act.signaled, desc_yes_no),
	TPM_FIELD(act.preserved, desc_yes_no),
	TPM_FIELD(act.updated, desc_yes_no),
	TPM_FIELD(act.policy_alg, desc_alg_hash_null),
	TPM_FIELD(act.policy, d_kept),
};

static const struct desc d_volatile = DESC_STRUCT(struct tpm2, volatile_fields);

/* ---- writing ---- */

static void put_codes(struct tpm2_writer *w, const unsigned long *map)
{
	unsigned int bit;
	u32 n = 0;

	for (bit = 0; bit < TPM_CC_COUNT; bit++)
		n += test_bit(bit, map);
	tpm2_put_u32(w, n);
	for (bit = 0; bit < TPM_CC_COUNT; bit++)
		if (test_bit(bit, map))
			tpm2_put_u32(w, TPM_CC_FIRST + bit);
}

/* Before the first power on there is no Time. */
static u64 time_of(const struct tpm2 *t, u64 now)
{
	return t->resets ? tpm2_time_at(t, now) : 0;
}

static void put_permanent(const struct tpm2 *t, u64 now, struct vtpm_state_writer *w)
{
	vtpm_state_begin(w, STATE_PERMANENT, STATE_CRITICAL);
	tpm2_put_u32(&w->w, TPM2_DERIVATION);
	tpm2_write(&w->w, &d_permanent, t);
	tpm2_put_u64(&w->w, t->clock_base + time_of(t, now));
	put_codes(&w->w, t->audited);
	put_codes(&w->w, t->pp_required);
	vtpm_state_end(w);
	vtpm_state_begin(w, STATE_STATS, 0);
	tpm2_write(&w->w, &d_stats, t);
	vtpm_state_end(w);
}

static void put_volatile(const struct tpm2 *t, u64 now, struct vtpm_state_writer *w)
{
	vtpm_state_begin(w, STATE_VOLATILE, STATE_CRITICAL | STATE_POWERED);
	tpm2_write(&w->w, &d_volatile, t);
	tpm2_put_u64(&w->w, time_of(t, now));
	tpm2_put_u32(&w->w, t->exclusive);
	vtpm_state_end(w);
}

void tpm2_state_write(const struct tpm2 *t, u64 now, bool powered, struct vtpm_state_writer *w)
{
	put_permanent(t, now, w);
	tpm2_state_write_nv(t, w);
	tpm2_state_write_persistent(t, w);
	tpm2_state_write_aks(t, w);
	if (!powered)
		return;
	put_volatile(t, now, w);
	tpm2_state_write_spaces(t, w);
}

/* ---- reading ---- */

int tpm2_state_errno(tpm_rc rc)
{
	if (rc == TPM_RC_SUCCESS)
		return 0;
	if (rc == TPM_RC_NV_SPACE)
		return -EOVERFLOW;
	return rc == TPM_RC_MEMORY || rc == TPM_RC_SESSION_MEMORY ? -ENOMEM : -EBADMSG;
}

static void nothing(void *ctx)
{
}

static bool never(void *ctx)
{
	return false;
}

/* While it is read nobody else knows the engine: there is no lock to give up. */
static const struct tpm2_host alone = { .lock = nothing, .unlock = nothing, .cancelled = never };

int tpm2_state_begin(struct tpm2_state_load *l, const struct tpm2_config *cfg, u64 now)
{
	static const u32 handles[HIER_COUNT] = {
		TPM_RH_OWNER, TPM_RH_ENDORSEMENT, TPM_RH_PLATFORM, TPM_RH_NULL,
	};
	unsigned int i;

	*l = (struct tpm2_state_load){ .host = cfg->host, .now = now };
	l->t = tpm2_alloc(cfg);
	l->call = vt_alloc(cfg->mem, sizeof(*l->call));
	if (!l->t || !l->call) {
		vt_free(cfg->mem, l->t);
		vt_free(cfg->mem, l->call);
		l->t = NULL;
		return -ENOMEM;
	}
	l->t->cfg.host = &alone;
	l->call->t = l->t;
	for (i = 0; i < HIER_COUNT; i++) {
		l->t->hierarchy[i].handle = handles[i];
		l->t->hierarchy[i].enabled = true;
		l->t->hierarchy[i].policy_alg = TPM_ALG_NULL;
	}
	l->t->act.policy_alg = TPM_ALG_NULL;
	return 0;
}

static bool auth_good(const struct tpm2_digest *auth)
{
	return !auth->size || auth->data[auth->size - 1];
}

static bool policy_good(const struct tpm2_digest *policy, u16 id)
{
	const struct vt_hash_alg *alg = vt_hash_find(id);

	return policy->size == (alg ? alg->digest_size : 0);
}

static bool hierarchies_good(const struct tpm2 *t)
{
	unsigned int i;

	for (i = 0; i < HIER_COUNT; i++) {
		const struct tpm2_hierarchy *h = &t->hierarchy[i];

		if (!auth_good(&h->auth) || !policy_good(&h->policy, h->policy_alg))
			return false;
	}
	return true;
}

/* In order, and commands that this TPM has. */
static int read_codes(struct tpm2_reader *r, unsigned long *map)
{
	u32 n, code, before = 0;

	if (tpm2_read_u32(r, &n) || n > TPM_CC_COUNT)
		return -EBADMSG;
	for (; n; n--) {
		if (tpm2_read_u32(r, &code) || code <= before || !tpm2_cmd_find(code))
			return -EBADMSG;
		before = code;
		__set_bit(code - TPM_CC_FIRST, map);
	}
	return 0;
}

int tpm2_state_permanent(struct tpm2_state_load *l, struct tpm2_reader *r)
{
	struct tpm2 *t = l->t;
	u32 derivation;

	if (tpm2_read_u32(r, &derivation))
		return -EBADMSG;
	if (derivation != TPM2_DERIVATION)
		return -EPROTO;
	if (tpm2_read(r, &d_permanent, t) || tpm2_read_u64(r, &t->clock_base) ||
	    read_codes(r, t->audited) || read_codes(r, t->pp_required) || r->left)
		return -EBADMSG;
	if (!hierarchies_good(t) || !auth_good(&t->lockout_auth) ||
	    !policy_good(&t->lockout_policy, t->lockout_policy_alg) ||
	    !policy_good(&t->pcr_policy, t->pcr_policy_alg))
		return -EBADMSG;
	return 0;
}

int tpm2_state_stats(struct tpm2_state_load *l, struct tpm2_reader *r)
{
	return tpm2_read(r, &d_stats, l->t) || r->left ? -EBADMSG : 0;
}

static bool volatile_good(const struct tpm2 *t, u64 time)
{
	const struct vt_hash_alg *alg = vt_hash_find(t->audit_alg);

	if (t->audit_digest.size && t->audit_digest.size != alg->digest_size)
		return false;
	if (t->state_saved && !t->orderly)
		return false;
	if (!t->resets && (t->started || time))
		return false;
	/* TPM2_Startup sets these two */
	if (t->started && (t->da.self_heal > time || t->da.lockout_time > time))
		return false;
	return auth_good(&t->pcr_auth) && hierarchies_good(t) && tpm2_act_good(&t->act, time) &&
	       policy_good(&t->act.policy, t->act.policy_alg);
}

int tpm2_state_volatile(struct tpm2_state_load *l, struct tpm2_reader *r)
{
	struct tpm2 *t = l->t;
	u64 time;

	if (tpm2_read(r, &d_volatile, t) || tpm2_read_u64(r, &time) ||
	    tpm2_read_u32(r, &l->exclusive) || r->left || !volatile_good(t, time))
		return -EBADMSG;
	t->time_base = time;
	t->clock_base -= time;
	t->boot_ms = t->resets ? l->now : 0;
	l->powered = true;
	return 0;
}

/*
 * Only what outlasts the power: as it is before the next power on. Contexts may have been
 * saved since, so their numbers go far ahead: none may come twice with the same proof.
 */
static void power_off(struct tpm2_state_load *l)
{
	struct tpm2 *t = l->t;

	tpm2_hierarchy_new_seed(&t->hierarchy[HIER_NULL]);
	tpm2_ak_forget(t, TPM_RH_NULL);
	t->boot_ms = t->resets ? l->now : 0;
	t->object_contexts += 1ull << 32;
	t->session_contexts += 1ull << 32;
}

static bool session_there(struct tpm2 *t, u32 handle)
{
	struct tpm2_space *s;

	if (tpm2_session_find_saved(t, handle))
		return true;
	list_for_each_entry(s, &t->spaces, link)
		if (tpm2_session_find(s, handle))
			return true;
	return false;
}

int tpm2_state_end(struct tpm2_state_load *l, struct tpm2 **tpm)
{
	struct tpm2 *t = l->t;

	if (tpm2_nv_add_identity(t))
		return -ENOMEM;
	if (!l->powered)
		power_off(l);
	if (l->exclusive && (HR_TYPE(l->exclusive) != TPM_HT_HMAC_SESSION ||
			     !session_there(t, l->exclusive)))
		return -EBADMSG;
	t->exclusive = l->exclusive;
	t->cfg.host = l->host;
	vt_free(t->cfg.mem, l->call);
	*tpm = t;
	return 0;
}

void tpm2_state_abort(struct tpm2_state_load *l)
{
	struct vt_mem *mem = l->t->cfg.mem;

	tpm2_free_spaces(l->t, NULL);
	tpm2_free(l->t);
	vt_free(mem, l->call);
}

/* ---- adopting ---- */

/* An object is found by its space and slot, a session by its space: these alone stay. */
static void adopt_space(struct tpm2_space *s, struct tpm2_space *from)
{
	memcpy(s->objects, from->objects, sizeof(s->objects));
	memset(from->objects, 0, sizeof(from->objects));
	s->object_count = from->object_count;
	from->object_count = 0;
	list_splice_init(&from->sessions, &s->sessions);
	s->session_count = from->session_count;
	from->session_count = 0;
}

static void adopt_list(struct list_head *to, struct list_head *from)
{
	INIT_LIST_HEAD(to);
	list_splice_init(from, to);
}

/* What is not part of the state stays as it is. */
static void adopt_members(struct tpm2 *t, struct tpm2 *from)
{
	struct tpm2_config cfg = t->cfg;
	bool presence = t->presence;
	u32 epoch = t->epoch;
	LIST_HEAD(spaces);

	list_splice_init(&t->spaces, &spaces);
	memcpy(t, from, sizeof(*t));
	t->cfg = cfg;
	t->presence = presence;
	t->epoch = epoch;
	adopt_list(&t->spaces, &spaces);
	adopt_list(&t->saved, &from->saved);
	adopt_list(&t->persistent, &from->persistent);
	adopt_list(&t->nv, &from->nv);
	adopt_list(&t->aks, &from->aks);
}

void tpm2_state_adopt(struct tpm2 *t, struct tpm2 *from)
{
	struct tpm2_space *s, *f;

	list_for_each_entry(s, &t->spaces, link)
		tpm2_flush_space(s);
	tpm2_free_lists(t);
	f = list_first_entry(&from->spaces, struct tpm2_space, link);
	list_for_each_entry(s, &t->spaces, link) {
		if (WARN_ON_ONCE(list_entry_is_head(f, &from->spaces, link)))
			break;
		adopt_space(s, f);
		f = list_next_entry(f, link);
	}
	adopt_members(t, from);
	list_for_each_entry_safe(s, f, &from->spaces, link)
		tpm2_space_free(s);
	vt_free(t->cfg.mem, from);
}

/*
 * Not in the state: of struct tpm2 cfg, epoch and presence, which are its host's; boot_ms
 * and time_base, as Time is; hierarchy[].handle; auth, policy and enabled of the null
 * hierarchy, which do not change; session_ids, sessions, saved_count, persistent_count,
 * objects, ak_count and nv_used, which follow from what is there; of nv the index of
 * identity.h. Of an object key, which is opened anew, and name; of an NV index gone and
 * name; of a session loaded; of a space call.
 *
 * Where one of these fails a member has come that nobody thought of: it belongs into a
 * block, or into this comment. Sizes are those of a 64-bit machine.
 */
#define SIZE_IS(type, bytes) \
	static_assert(sizeof(void *) != 8 || (type) == (bytes), "a new member: is it state?")

SIZE_IS(sizeof(struct tpm2), 2088);
SIZE_IS(sizeof(struct tpm2_hierarchy), 268);
SIZE_IS(sizeof(struct tpm2_da), 40);
SIZE_IS(sizeof(struct tpm2_commits), 16);
SIZE_IS(sizeof(struct tpm2_act), 88);
SIZE_IS(offsetof(struct tpm2_object, area), 576);
SIZE_IS(offsetof(struct tpm2_nv_index, data), 240);
SIZE_IS(sizeof(struct tpm2_session), 384);
SIZE_IS(offsetofend(struct tpm2_space, mark), 568);
