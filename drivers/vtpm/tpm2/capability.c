// SPDX-License-Identifier: GPL-2.0-only
/* TPM2_GetCapability (Part 3, 30.2; Part 2, 6.12 to 6.15). */
#include "commands.h"
#include "identity.h"

/* An entry of any list is at most this long on the wire; lists stop at TPM2_MAX_CAP_DATA. */
#define LIST_ROOM	(TPM2_MAX_CAP_DATA - 8)

struct get_capability_in {
	u32 cap;
	u32 property;
	u32 count;
};

static const struct desc_field get_capability_in_fields[] = {
	FIELD(struct get_capability_in, cap, desc_cap),
	FIELD(struct get_capability_in, property, desc_u32),
	FIELD(struct get_capability_in, count, desc_u32),
};

const struct desc tpm2_get_capability_in =
	DESC_STRUCT(struct get_capability_in, get_capability_in_fields);

/* The data is marshalled by the group itself: each has another element. */
struct get_capability_out {
	u8 more;
	struct tpm2b data;
};

static const struct desc d_raw = { .kind = D_RAW, .size = sizeof(struct tpm2b) };
static const struct desc_field get_capability_out_fields[] = {
	FIELD(struct get_capability_out, more, desc_yes_no),
	FIELD(struct get_capability_out, data, d_raw),
};

const struct desc tpm2_get_capability_out =
	DESC_STRUCT(struct get_capability_out, get_capability_out_fields);

/* A list under way: elements from @first on (to @last if that is set), at most @room of them. */
struct cap_list {
	struct tpm2_call *c;
	struct tpm2_writer w;
	u32 first;
	u32 last;
	u32 room;
	u32 count;
	bool more;
};

/* Is there room for one more element? Remembers that there is more otherwise. */
static bool cap_take(struct cap_list *l, u32 number)
{
	if (number < l->first || (l->last && number > l->last))
		return false;
	if (l->count == l->room) {
		l->more = true;
		return false;
	}
	l->count++;
	return true;
}

static void cap_limit(struct cap_list *l, u32 element)
{
	l->room = min_t(u32, l->room, LIST_ROOM / element);
}

/* ---- TPM_CAP_ALGS ---- */

static void cap_algs(struct cap_list *l)
{
	const struct tpm2_profile *p = tpm2_profile(l->c->t);
	const struct tpm2_alg *alg;
	unsigned int i;

	cap_limit(l, 6);
	for (i = 0; (alg = tpm2_alg_at(i)) && !l->more; i++) {
		if ((p && !tpm2_profile_allows(p, LIMIT_ALG, alg->alg)) || !cap_take(l, alg->alg))
			continue;
		tpm2_put_u16(&l->w, alg->alg);
		tpm2_put_u32(&l->w, alg->attrs);
	}
}

/* ---- TPM_CAP_HANDLES ---- */

static void cap_handle(struct cap_list *l, u32 handle)
{
	if (cap_take(l, handle))
		tpm2_put_u32(&l->w, handle);
}

/* Handles come in ascending order: the smallest one not below @from of a list of sessions. */
static struct tpm2_session *next_session(struct list_head *list, u32 from, u8 type)
{
	struct tpm2_session *se, *best = NULL;

	list_for_each_entry(se, list, link) {
		u32 number = se->handle & 0xffffff;

		if (type && HR_TYPE(se->handle) != type)
			continue;
		if (number >= from && (!best || number < (best->handle & 0xffffff)))
			best = se;
	}
	return best;
}

/* @first of a list of sessions counts by number, whichever the type of session is */
static void cap_sessions(struct cap_list *l, struct list_head *list)
{
	struct tpm2_session *se;
	u32 from = l->first & 0xffffff;

	l->first = 0;
	while ((se = next_session(list, from, 0)) && !l->more) {
		cap_handle(l, se->handle);
		from = (se->handle & 0xffffff) + 1;
	}
}

static void cap_transient(struct cap_list *l)
{
	unsigned int i, left = l->c->space->object_count;

	for (i = 0; left && i < TPM2_MAX_OBJECTS; i++) {
		if (!l->c->space->objects[i])
			continue;
		cap_handle(l, HR_TRANSIENT + i);
		left--;
	}
}

static void cap_persistent(struct cap_list *l)
{
	struct tpm2_object *o, *best;
	u32 from = l->first;

	do {
		best = NULL;
		list_for_each_entry(o, &l->c->t->persistent, link)
			if (o->handle >= from && (!best || o->handle < best->handle))
				best = o;
		if (best) {
			cap_handle(l, best->handle);
			from = best->handle + 1;
		}
	} while (best && !l->more);
}

static void cap_nv(struct cap_list *l)
{
	struct tpm2_nv_index *x;

	list_for_each_entry(x, &l->c->t->nv, link)
		cap_handle(l, x->handle);
}

static void cap_permanent(struct cap_list *l)
{
	static const u32 handles[] = {
		TPM_RH_OWNER, TPM_RH_NULL, TPM_RS_PW, TPM_RH_LOCKOUT, TPM_RH_ENDORSEMENT,
		TPM_RH_PLATFORM, TPM_RH_PLATFORM_NV, TPM_RH_ACT_0,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(handles); i++)
		cap_handle(l, handles[i]);
}

static tpm_rc cap_handles(struct cap_list *l)
{
	unsigned int i;

	cap_limit(l, 4);
	switch (HR_TYPE(l->first)) {
	case TPM_HT_PCR:
		for (i = 0; i < VTPM_PCR_COUNT; i++)
			cap_handle(l, i);
		return TPM_RC_SUCCESS;
	case TPM_HT_NV_INDEX:
		cap_nv(l);
		return TPM_RC_SUCCESS;
	case TPM_HT_HMAC_SESSION:	/* as a capability: loaded sessions */
		cap_sessions(l, &l->c->space->sessions);
		return TPM_RC_SUCCESS;
	case TPM_HT_POLICY_SESSION:	/* saved sessions */
		cap_sessions(l, &l->c->t->saved);
		return TPM_RC_SUCCESS;
	case TPM_HT_PERMANENT:
		cap_permanent(l);
		return TPM_RC_SUCCESS;
	case TPM_HT_TRANSIENT:
		cap_transient(l);
		return TPM_RC_SUCCESS;
	case TPM_HT_PERSISTENT:
		cap_persistent(l);
		return TPM_RC_SUCCESS;
	default:
		return tpm2_param(TPM_RC_HANDLE, 2);
	}
}

/* ---- TPM_CAP_COMMANDS, _PP_COMMANDS, _AUDIT_COMMANDS ---- */

static void cap_commands(struct cap_list *l)
{
	const struct tpm2_profile *p = tpm2_profile(l->c->t);
	const struct tpm2_cmd *cmd;
	unsigned int i;

	cap_limit(l, 4);
	for (i = 0; (cmd = tpm2_cmd_at(i)) && !l->more; i++)
		if ((!p || tpm2_profile_command(p, cmd->code)) && cap_take(l, cmd->code))
			tpm2_put_u32(&l->w, tpm2_cmd_attributes(cmd));
}

static void cap_chosen(struct cap_list *l, bool (*chosen)(const struct tpm2 *t, u32 code))
{
	const struct tpm2_profile *p = tpm2_profile(l->c->t);
	const struct tpm2_cmd *cmd;
	unsigned int i;

	cap_limit(l, 4);
	for (i = 0; (cmd = tpm2_cmd_at(i)); i++)
		if ((!p || tpm2_profile_command(p, cmd->code)) &&
		    chosen(l->c->t, cmd->code) && cap_take(l, cmd->code))
			tpm2_put_u32(&l->w, cmd->code);
}

/* ---- TPM_CAP_PCRS, TPM_CAP_PCR_PROPERTIES ---- */

static void cap_pcrs(struct cap_list *l)
{
	const struct tpm2_config *cfg = &l->c->t->cfg;
	unsigned int i;

	l->room = VT_HASH_COUNT;
	l->first = 0;
	for (i = 0; i < VT_HASH_COUNT; i++) {
		struct tpms_pcr_selection sel = { .hash = vt_hash_algs[i].id,
						  .size = VTPM_PCR_SELECT };

		put_unaligned_le24(cfg->pcr_ops->pcrs(cfg->pcrs, sel.hash), sel.select);
		cap_take(l, i);
		tpm2_write(&l->w, &desc_pcr_selection, &sel);
	}
}

/* TPM_PT_PCR (Part 2, 6.14): which PCRs have the property */
static bool pcr_property(u32 tag, unsigned int pcr)
{
	switch (tag) {
	case 0x00:	/* SAVE */
		return tpm2_pcr_saved(pcr);
	case 0x01 ... 0x0a: {	/* EXTEND_L0, RESET_L0, ... RESET_L4 */
		u8 locality = (tag - 1) / 2;

		return (tag - 1) % 2 ? tpm2_pcr_resettable(pcr, locality) :
				       tpm2_pcr_extendable(pcr, locality);
	}
	case 0x11:	/* NO_INCREMENT */
		return !tpm2_pcr_counts(pcr);
	case 0x12:	/* DRTM_RESET */
		return pcr >= 17 && pcr <= 22;
	default:	/* POLICY, AUTH */
		return tpm2_pcr_has_auth(pcr);
	}
}

static void cap_pcr_properties(struct cap_list *l)
{
	static const u32 tags[] = {
		0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
		0x08, 0x09, 0x0a, 0x11, 0x12, 0x13, 0x14,
	};
	unsigned int i, pcr;

	for (i = 0; i < ARRAY_SIZE(tags); i++) {
		u8 select[VTPM_PCR_SELECT] = { 0 };

		if (!cap_take(l, tags[i]))
			continue;
		for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++)
			if (pcr_property(tags[i], pcr))
				select[pcr / 8] |= BIT(pcr % 8);
		tpm2_put_u32(&l->w, tags[i]);
		tpm2_put_u8(&l->w, sizeof(select));
		tpm2_put(&l->w, select, sizeof(select));
	}
}

/* ---- TPM_CAP_TPM_PROPERTIES ---- */

static u32 commands_count(const struct tpm2_call *c)
{
	const struct tpm2_profile *p = tpm2_profile(c->t);
	const struct tpm2_cmd *cmd;
	unsigned int i, n = p ? 0 : tpm2_command_count;

	for (i = 0; p && (cmd = tpm2_cmd_at(i)); i++)
		n += tpm2_profile_command(p, cmd->code);
	return n;
}

/* TPMA_PERMANENT (Part 2, 8.6) */
static u32 permanent_attrs(const struct tpm2_call *c)
{
	struct tpm2 *t = c->t;
	u32 v = BIT(10);	/* tpmGeneratedEPS */

	v |= t->hierarchy[HIER_OWNER].auth.size ? BIT(0) : 0;
	v |= t->hierarchy[HIER_ENDORSEMENT].auth.size ? BIT(1) : 0;
	v |= t->lockout_auth.size ? BIT(2) : 0;
	v |= t->disable_clear ? BIT(8) : 0;
	v |= tpm2_da_locked(t) ? BIT(9) : 0;
	return v;
}

/* TPMA_STARTUP_CLEAR (Part 2, 8.7) */
static u32 startup_attrs(const struct tpm2_call *c)
{
	struct tpm2 *t = c->t;
	u32 v = t->ph_enable_nv ? BIT(3) : 0;

	v |= t->hierarchy[HIER_PLATFORM].enabled ? BIT(0) : 0;
	v |= t->hierarchy[HIER_OWNER].enabled ? BIT(1) : 0;
	v |= t->hierarchy[HIER_ENDORSEMENT].enabled ? BIT(2) : 0;
	v |= t->was_orderly ? BIT(31) : 0;
	return v;
}

/* A policy may have come to allow less than there is. */
static u32 rest(u32 max, u32 used)
{
	return max > used ? max - used : 0;
}

static u32 max_objects(const struct tpm2_call *c)
{
	return tpm2_max_objects(c->t);
}

static u32 max_loaded(const struct tpm2_call *c)
{
	return tpm2_max_loaded(c->t);
}

static u32 max_sessions(const struct tpm2_call *c)
{
	return tpm2_max_sessions(c->t);
}

static u32 loaded_sessions(const struct tpm2_call *c)
{
	return c->space->session_count;
}

static u32 free_loaded_sessions(const struct tpm2_call *c)
{
	return rest(tpm2_max_loaded(c->t), c->space->session_count);
}

static u32 active_sessions(const struct tpm2_call *c)
{
	return c->t->sessions;
}

static u32 free_sessions(const struct tpm2_call *c)
{
	return rest(tpm2_max_sessions(c->t), c->t->sessions);
}

static u32 free_objects(const struct tpm2_call *c)
{
	return rest(tpm2_max_objects(c->t), c->space->object_count);
}

static u32 persistent_count(const struct tpm2_call *c)
{
	return c->t->persistent_count;
}

static u32 free_persistent(const struct tpm2_call *c)
{
	return TPM2_MAX_PERSISTENT - c->t->persistent_count;
}

static u32 nv_count(const struct tpm2_call *c)
{
	return tpm2_nv_count(c->t, false);
}

static u32 nv_counters(const struct tpm2_call *c)
{
	return tpm2_nv_count(c->t, true);
}

static u32 nv_counters_free(const struct tpm2_call *c)
{
	return tpm2_nv_free_counters(c->t);
}

static u32 curve_count(const struct tpm2_call *c)
{
	const struct vt_curve *curve;
	u32 i, n = 0;

	for (i = 0; (curve = vt_curve_at(i)); i++)
		n += tpm2_curve_there(c->t, curve->id);
	return n;
}

static u32 da_counter(const struct tpm2_call *c)
{
	return c->t->da.failed_tries;
}

static u32 da_max(const struct tpm2_call *c)
{
	return c->t->da.max_tries;
}

static u32 da_interval(const struct tpm2_call *c)
{
	return c->t->da.recovery_time;
}

static u32 da_recovery(const struct tpm2_call *c)
{
	return c->t->da.lockout_recovery;
}

static u32 audit_counter_high(const struct tpm2_call *c)
{
	return c->t->audit_counter >> 32;
}

static u32 audit_counter_low(const struct tpm2_call *c)
{
	return (u32)c->t->audit_counter;
}

#define FIXED(n)	(0x100 + (n))
#define VARIABLE(n)	(0x200 + (n))

/* TPM_PT (Part 2, 6.13), ascending; a function gives what changes. */
static const struct {
	u32 tag;
	u32 value;
	u32 (*get)(const struct tpm2_call *c);
} properties[] = {
	{ FIXED(0), VTPM_FAMILY }, { FIXED(1), 0 }, /* LEVEL */
	{ FIXED(2), VTPM_SPEC_REVISION },
	{ FIXED(3), VTPM_SPEC_DAY },
	{ FIXED(4), VTPM_SPEC_YEAR },
	{ FIXED(5), VTPM_MANUFACTURER },
	{ FIXED(6), VTPM_VENDOR_1 }, { FIXED(7), VTPM_VENDOR_2 },
	{ FIXED(8), VTPM_VENDOR_3 }, { FIXED(9), VTPM_VENDOR_4 },
	{ FIXED(10), VTPM_TPM_TYPE },
	{ FIXED(11), VTPM_FIRMWARE_1 }, { FIXED(12), VTPM_FIRMWARE_2 },
	{ FIXED(13), TPM2_MAX_BUFFER },   /* INPUT_BUFFER */
	{ FIXED(14), 0, max_objects },    /* HR_TRANSIENT_MIN */
	{ FIXED(15), 2 },                 /* HR_PERSISTENT_MIN */
	{ FIXED(16), 0, max_loaded },     /* HR_LOADED_MIN */
	{ FIXED(17), 0, max_sessions },   /* ACTIVE_SESSIONS_MAX */
	{ FIXED(18), VTPM_PCR_COUNT },    /* PCR_COUNT */
	{ FIXED(19), VTPM_PCR_SELECT },   /* PCR_SELECT_MIN */
	{ FIXED(20), 0xffff },            /* CONTEXT_GAP_MAX */
	{ FIXED(22), 0 },                 /* NV_COUNTERS_MAX */
	{ FIXED(23), TPM2_MAX_NV_BUFFER }, /* NV_INDEX_MAX */
	{ FIXED(24), 0x06 },              /* MEMORY: sharedRAM clear, sharedNV, objectCopiedToRam */
	{ FIXED(25), 1000 },              /* CLOCK_UPDATE, ms */
	{ FIXED(26), TPM_ALG_SHA512 },    /* CONTEXT_HASH */
	{ FIXED(27), TPM_ALG_AES },       /* CONTEXT_SYM */
	{ FIXED(28), 256 },               /* CONTEXT_SYM_SIZE */
	{ FIXED(29), 255 },               /* ORDERLY_COUNT */
	{ FIXED(30), VTPM_MAX_COMMAND },  /* MAX_COMMAND_SIZE */
	{ FIXED(31), VTPM_MAX_COMMAND },  /* MAX_RESPONSE_SIZE */
	{ FIXED(32), VT_MAX_DIGEST },     /* MAX_DIGEST */
	{ FIXED(33), 3072 },              /* MAX_OBJECT_CONTEXT */
	{ FIXED(34), 1024 },              /* MAX_SESSION_CONTEXT */
	{ FIXED(35), 1 },                 /* PS_FAMILY_INDICATOR: PC Client */
	{ FIXED(36), 0 },                 /* PS_LEVEL */
	{ FIXED(37), 0x103 },             /* PS_REVISION */
	{ FIXED(38), 0 },                 /* PS_DAY_OF_YEAR */
	{ FIXED(39), 0 },                 /* PS_YEAR */
	{ FIXED(40), 0 },                 /* SPLIT_MAX */
	{ FIXED(41), 0, commands_count }, /* TOTAL_COMMANDS */
	{ FIXED(42), 0, commands_count }, /* LIBRARY_COMMANDS */
	{ FIXED(43), 0 },                 /* VENDOR_COMMANDS */
	{ FIXED(44), TPM2_MAX_NV_BUFFER }, /* NV_BUFFER_MAX */
	{ FIXED(45), 0 },                  /* MODES */
	{ FIXED(46), TPM2_MAX_CAP_DATA },  /* MAX_CAP_BUFFER */
	{ VARIABLE(0), 0, permanent_attrs },
	{ VARIABLE(1), 0, startup_attrs },
	{ VARIABLE(2), 0, nv_count },
	{ VARIABLE(3), 0, loaded_sessions },
	{ VARIABLE(4), 0, free_loaded_sessions },
	{ VARIABLE(5), 0, active_sessions },
	{ VARIABLE(6), 0, free_sessions },
	{ VARIABLE(7), 0, free_objects },
	{ VARIABLE(8), 0, persistent_count },
	{ VARIABLE(9), 0, free_persistent },
	{ VARIABLE(10), 0, nv_counters },
	{ VARIABLE(11), 0, nv_counters_free },
	{ VARIABLE(12), 0 },				/* ALGORITHM_SET */
	{ VARIABLE(13), 0, curve_count },		/* LOADED_CURVES */
	{ VARIABLE(14), 0, da_counter },
	{ VARIABLE(15), 0, da_max },
	{ VARIABLE(16), 0, da_interval },
	{ VARIABLE(17), 0, da_recovery },
	{ VARIABLE(18), 0 },				/* NV_WRITE_RECOVERY */
	{ VARIABLE(19), 0, audit_counter_high },
	{ VARIABLE(20), 0, audit_counter_low },
};

static void cap_properties(struct cap_list *l)
{
	unsigned int i;

	cap_limit(l, 8);
	for (i = 0; i < ARRAY_SIZE(properties) && !l->more; i++) {
		if (!cap_take(l, properties[i].tag))
			continue;
		tpm2_put_u32(&l->w, properties[i].tag);
		tpm2_put_u32(&l->w,
			     properties[i].get ? properties[i].get(l->c) : properties[i].value);
	}
}

/* ---- TPM_CAP_ECC_CURVES, TPM_CAP_AUTH_POLICIES ---- */

static void cap_curves(struct cap_list *l)
{
	const struct vt_curve *curve;
	unsigned int i;

	for (i = 0; (curve = vt_curve_at(i)); i++)
		if (tpm2_curve_there(l->c->t, curve->id) && cap_take(l, curve->id))
			tpm2_put_u16(&l->w, curve->id);
}

static void cap_auth_policies(struct cap_list *l)
{
	static const u32 handles[] = {
		TPM_RH_OWNER, TPM_RH_LOCKOUT, TPM_RH_ENDORSEMENT, TPM_RH_PLATFORM, TPM_RH_ACT_0,
	};
	unsigned int i;

	cap_limit(l, 6 + VT_MAX_DIGEST);
	for (i = 0; i < ARRAY_SIZE(handles); i++) {
		struct tpm2b policy;
		u16 alg;

		policy = tpm2_auth_policy(l->c->space, handles[i], &alg);
		if (!cap_take(l, handles[i]))
			continue;
		tpm2_put_u32(&l->w, handles[i]);
		tpm2_put_u16(&l->w, alg);
		tpm2_put(&l->w, policy.data, policy.size);
	}
}

/* ---- TPM_CAP_VENDOR_PROPERTY ---- */

/* The contents of the index of identity.h, word by word, for those who may not read it. */
static tpm_rc cap_vendor(struct cap_list *l)
{
	struct tpm2_nv_index *x;
	u32 i;

	if (!tpm2_nv_is_identity(l->c->t, VTPM_NV_IDENTITY))
		return tpm2_param(TPM_RC_VALUE, 1);
	x = tpm2_nv_find(l->c->t, VTPM_NV_IDENTITY);
	tpm2_nv_refresh(l->c->t, x);
	cap_limit(l, 4);
	for (i = 0; i < VTPM_NV_IDENTITY_SIZE / 4 && !l->more; i++)
		if (cap_take(l, i))
			tpm2_put(&l->w, x->data + 4 * i, 4);
	return TPM_RC_SUCCESS;
}

static tpm_rc fill(struct cap_list *l, u32 cap)
{
	switch (cap) {
	case TPM_CAP_ALGS:
		cap_algs(l);
		break;
	case TPM_CAP_HANDLES:
		return cap_handles(l);
	case TPM_CAP_COMMANDS:
		cap_commands(l);
		break;
	case TPM_CAP_ACT:
		if (l->first < TPM_RH_ACT_0 || l->first > TPM_RH_ACT_F)
			return tpm2_param(TPM_RC_VALUE, 2);
		if (cap_take(l, TPM_RH_ACT_0))
			tpm2_act_put(l->c->t, &l->w);
		break;
	case TPM_CAP_PP_COMMANDS:
		cap_chosen(l, tpm2_presence_wanted);
		break;
	case TPM_CAP_AUDIT_COMMANDS:
		cap_chosen(l, tpm2_audited);
		break;
	case TPM_CAP_PCRS:
		if (l->first)
			return tpm2_param(TPM_RC_VALUE, 2);
		cap_pcrs(l);
		break;
	case TPM_CAP_TPM_PROPERTIES:
		cap_properties(l);
		break;
	case TPM_CAP_PCR_PROPERTIES:
		cap_pcr_properties(l);
		break;
	case TPM_CAP_ECC_CURVES:
		cap_curves(l);
		break;
	case TPM_CAP_AUTH_POLICIES:
		if (HR_TYPE(l->first) != TPM_HT_PERMANENT)
			return tpm2_param(TPM_RC_VALUE, 2);
		cap_auth_policies(l);
		break;
	case TPM_CAP_VENDOR_PROPERTY:
		return cap_vendor(l);
	default:
		return tpm2_param(TPM_RC_VALUE, 1);
	}
	return TPM_RC_SUCCESS;
}

/*
 * In failure mode a TPM says who made it, one property at a time, and nothing
 * else (Part 3, 30.2; Part 1, 12.6).
 */
static tpm_rc fill_failed(struct cap_list *l, u32 cap)
{
	if (cap != TPM_CAP_TPM_PROPERTIES)
		return TPM_RC_FAILURE;
	l->room = min_t(u32, l->room, 1);
	l->first = max_t(u32, l->first, FIXED(5));	/* MANUFACTURER */
	l->last = FIXED(12);				/* FIRMWARE_VERSION_2 */
	cap_properties(l);
	return TPM_RC_SUCCESS;
}

/* The number that an element of the capability goes by */
static u32 element_number(u32 cap, const u8 *p)
{
	switch (cap) {
	case TPM_CAP_ALGS:
	case TPM_CAP_ECC_CURVES:
		return get_unaligned_be16(p);
	case TPM_CAP_COMMANDS:
		return get_unaligned_be32(p) & 0xffff;
	default:
		return get_unaligned_be32(p);
	}
}

tpm_rc tpm2_capability_one(struct tpm2_call *c, u32 cap, u32 property, struct tpm2b *element,
			   bool *found)
{
	struct cap_list l = { .c = c, .first = property, .room = 1 };
	tpm_rc rc;

	if (cap == TPM_CAP_VENDOR_PROPERTY)	/* its elements have no number in them */
		return tpm2_param(TPM_RC_VALUE, 1);
	l.w = tpm2_writer(tpm2_scratch(c, TPM2_MAX_CAP_DATA), TPM2_MAX_CAP_DATA);
	rc = fill(&l, cap);
	if (rc)
		return rc;
	*element = tpm2b(l.w.p, l.w.len);
	*found = l.count == 1 && element_number(cap, l.w.p) == property;
	return TPM_RC_SUCCESS;
}

/* TPM2_GetCapability (30.2). TPM_RC_VALUE: no such group; TPM_RC_HANDLE: no such type of handle. */
tpm_rc tpm2_cmd_get_capability(struct tpm2_call *c)
{
	const struct get_capability_in *in = (void *)c->in;
	struct get_capability_out *out = (void *)c->out;
	struct cap_list l = { .c = c, .first = in->property, .room = in->count };
	tpm_rc rc;

	l.w = tpm2_writer(tpm2_scratch(c, TPM2_MAX_CAP_DATA), TPM2_MAX_CAP_DATA);
	tpm2_put_u32(&l.w, in->cap);
	tpm2_put_u32(&l.w, 0);
	rc = c->t->failed ? fill_failed(&l, in->cap) : fill(&l, in->cap);
	if (rc)
		return rc;
	put_unaligned_be32(l.count, l.w.p + 4);
	tpm2_scratch_cut(c, l.w.p, l.w.len);
	out->more = l.more;
	out->data = tpm2b(l.w.p, l.w.len);
	return TPM_RC_SUCCESS;
}
