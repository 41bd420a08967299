// SPDX-License-Identifier: GPL-2.0-only
/* Which command is next, on which handles, and what has to be made for it first. */
#include "diff.h"

#define SLOTS	3	/* objects, and sessions, that libtpms has loaded at a time */

/**
 * struct info - how a command is tried
 * @weight: how often, 10 is ordinary
 * @need: of its handles
 */
struct info {
	u32 code;
	u8 weight;
	enum need need[TPM2_MAX_HANDLES];
};

static const struct info infos[] = {
	{ TPM_CC_NV_UndefineSpaceSpecial, 4, { N_NV_SPECIAL } },
	{ TPM_CC_EvictControl, 6, { N_ANY, N_TRANSIENT } },
	{ TPM_CC_HierarchyControl, 1 },
	{ TPM_CC_NV_UndefineSpace, 3, { N_ANY, N_NV_READ } },
	{ TPM_CC_ChangeEPS, 1 },
	{ TPM_CC_ChangePPS, 1 },
	{ TPM_CC_Clear, 1 },
	{ TPM_CC_ClearControl, 2 },
	{ TPM_CC_ClockSet, 3 },
	{ TPM_CC_HierarchyChangeAuth, 3 },
	{ TPM_CC_PCR_Allocate, 1 },
	{ TPM_CC_PCR_SetAuthPolicy, 3 },
	{ TPM_CC_PP_Commands, 2 },
	{ TPM_CC_SetPrimaryPolicy, 4 },
	{ TPM_CC_ClockRateAdjust, 3 },
	{ TPM_CC_NV_GlobalWriteLock, 3 },
	{ TPM_CC_GetCommandAuditDigest, 6, { N_ANY, N_SIGN } },
	{ TPM_CC_NV_Increment, 10, { N_ANY, N_NV_COUNTER } },
	{ TPM_CC_NV_SetBits, 10, { N_ANY, N_NV_BITS } },
	{ TPM_CC_NV_Extend, 10, { N_ANY, N_NV_EXTEND } },
	{ TPM_CC_NV_Write, 16, { N_ANY, N_NV_PLAIN } },
	{ TPM_CC_NV_WriteLock, 4, { N_ANY, N_NV_PLAIN } },
	{ TPM_CC_DictionaryAttackLockReset, 3 },
	{ TPM_CC_DictionaryAttackParameters, 3 },
	{ TPM_CC_NV_ChangeAuth, 6, { N_NV_SPECIAL } },
	{ TPM_CC_SequenceComplete, 10, { N_SEQ } },
	{ TPM_CC_SelfTest, 1 },
	{ TPM_CC_Commit, 10, { N_COMMIT } },
	{ TPM_CC_CertifyX509, 0 },
	{ TPM_CC_IncrementalSelfTest, 3 },
	{ TPM_CC_Startup, 1 },
	{ TPM_CC_Shutdown, 2 },
	{ TPM_CC_ActivateCredential, 10, { N_ANY, N_CREDENTIAL } },
	{ TPM_CC_Certify, 10, { N_ANY, N_SIGN } },
	{ TPM_CC_PolicyNV, 10, { N_ANY, N_NV_READ, N_POLICY } },
	{ TPM_CC_CertifyCreation, 10, { N_SIGN } },
	{ TPM_CC_Duplicate, 10, { N_MOVABLE, N_PARENT } },
	{ TPM_CC_GetTime, 8, { N_ANY, N_SIGN } },
	{ TPM_CC_GetSessionAuditDigest, 8, { N_ANY, N_SIGN, N_HMAC_SESSION } },
	{ TPM_CC_NV_Read, 16, { N_ANY, N_NV_READ } },
	{ TPM_CC_NV_ReadLock, 3, { N_ANY, N_NV_READ } },
	{ TPM_CC_PolicySecret, 10, { N_ANY, N_POLICY } },
	{ TPM_CC_Rewrap, 8, { N_PARENT, N_PARENT } },
	{ TPM_CC_Create, 14, { N_PARENT } },
	{ TPM_CC_ECDH_ZGen, 8, { N_ECDH } },
	{ TPM_CC_HMAC, 12, { N_MAC } },
	{ TPM_CC_Import, 12, { N_PARENT } },
	{ TPM_CC_Load, 16, { N_PARENT } },
	{ TPM_CC_Quote, 10, { N_SIGN } },
	{ TPM_CC_RSA_Decrypt, 8, { N_RSA_DECRYPT } },
	{ TPM_CC_HMAC_Start, 10, { N_MAC } },
	{ TPM_CC_SequenceUpdate, 16, { N_SEQ } },
	{ TPM_CC_Sign, 12, { N_SIGN } },
	{ TPM_CC_Unseal, 10, { N_SEALED } },
	{ TPM_CC_PolicySigned, 8, { N_VERIFY, N_POLICY } },
	{ TPM_CC_ContextSave, 8, { N_TRANSIENT } },
	{ TPM_CC_ContextLoad, 8 },
	{ TPM_CC_ECDH_KeyGen, 8, { N_ECC } },
	{ TPM_CC_EncryptDecrypt, 8, { N_SYM } },
	{ TPM_CC_EncryptDecrypt2, 8, { N_SYM } },
	{ TPM_CC_FlushContext, 4 },
	{ TPM_CC_MakeCredential, 10, { N_CREDENTIAL } },
	{ TPM_CC_NV_ReadPublic, 6, { N_NV_READ } },
	{ TPM_CC_PolicyAuthorize, 8, { N_POLICY } },
	{ TPM_CC_PolicyAuthValue, 6, { N_POLICY } },
	{ TPM_CC_PolicyCommandCode, 6, { N_POLICY } },
	{ TPM_CC_PolicyCounterTimer, 8, { N_POLICY } },
	{ TPM_CC_PolicyCpHash, 5, { N_POLICY } },
	{ TPM_CC_PolicyLocality, 6, { N_POLICY } },
	{ TPM_CC_PolicyNameHash, 5, { N_POLICY } },
	{ TPM_CC_PolicyOR, 8, { N_POLICY } },
	{ TPM_CC_PolicyTicket, 8, { N_POLICY } },
	{ TPM_CC_RSA_Encrypt, 8, { N_RSA } },
	{ TPM_CC_StartAuthSession, 14 },
	{ TPM_CC_VerifySignature, 12, { N_VERIFY } },
	{ TPM_CC_PolicyPCR, 8, { N_POLICY } },
	{ TPM_CC_PolicyRestart, 4, { N_POLICY } },
	{ TPM_CC_NV_Certify, 10, { N_SIGN, N_ANY, N_NV_READ } },
	{ TPM_CC_EventSequenceComplete, 8, { N_ANY, N_SEQ_EVENT } },
	{ TPM_CC_PolicyPhysicalPresence, 3, { N_POLICY } },
	{ TPM_CC_PolicyDuplicationSelect, 5, { N_POLICY } },
	{ TPM_CC_PolicyGetDigest, 5, { N_POLICY } },
	{ TPM_CC_PolicyPassword, 4, { N_POLICY } },
	{ TPM_CC_ZGen_2Phase, 8, { N_ECDH } },
	{ TPM_CC_PolicyNvWritten, 5, { N_POLICY } },
	{ TPM_CC_PolicyTemplate, 5, { N_POLICY } },
	{ TPM_CC_PolicyAuthorizeNV, 8, { N_ANY, N_NV_READ, N_POLICY } },
	{ TPM_CC_ECC_Encrypt, 0, { N_ECC } },
	{ TPM_CC_ECC_Decrypt, 0, { N_ECDH } },
	{ TPM_CC_PolicyCapability, 0, { N_POLICY } },
	{ TPM_CC_PolicyParameters, 0, { N_POLICY } },
};

static const struct info *info_of(u32 code)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(infos); i++)
		if (infos[i].code == code)
			return &infos[i];
	return NULL;
}

enum need need_of(u32 code, unsigned int handle)
{
	const struct info *info = info_of(code);

	return info ? info->need[handle] : N_ANY;
}

/* libtpms 0.9 has none of the later commands. */
static unsigned int weight_of(u32 code)
{
	const struct info *info = info_of(code);

	return code > TPM_CC_CertifyX509 ? 0 : info ? info->weight : 10;
}

bool is_tried(u32 code)
{
	return weight_of(code);
}

static const struct tpm2_cmd *pick_command(struct rnd *r)
{
	const struct tpm2_cmd *row;
	unsigned int i, sum = 0, at;

	for (i = 0; (row = tpm2_cmd_at(i)); i++)
		sum += weight_of(row->code);
	at = rnd(r, sum);
	for (i = 0; (row = tpm2_cmd_at(i)); i++) {
		unsigned int weight = weight_of(row->code);

		if (at < weight)
			break;
		at -= weight;
	}
	return row;
}

/* ---- what serves for what ---- */

static bool has(const struct ent *e, u32 attrs)
{
	return (e->pub.attrs & attrs) == attrs;
}

static bool object_fits(const struct ent *e, enum need need)
{
	bool restricted = has(e, TPMA_OBJECT_RESTRICTED), sign = has(e, TPMA_OBJECT_SIGN);
	bool decrypt = has(e, TPMA_OBJECT_DECRYPT), priv = e->has_private;
	u16 type = e->pub.type;

	switch (need) {
	case N_SIGN:
		return sign && priv && type != TPM_ALG_SYMCIPHER;
	case N_VERIFY:
		return sign && (priv || type == TPM_ALG_RSA || type == TPM_ALG_ECC) &&
		       type != TPM_ALG_SYMCIPHER;
	case N_RSA:
		return type == TPM_ALG_RSA && decrypt;
	case N_RSA_DECRYPT:
		return type == TPM_ALG_RSA && decrypt && priv && !restricted;
	case N_ECC:
		return type == TPM_ALG_ECC && decrypt;
	case N_ECDH:
		return type == TPM_ALG_ECC && decrypt && priv && !restricted;
	case N_MAC:
		return sign && priv && (type == TPM_ALG_KEYEDHASH ||
		       (type == TPM_ALG_SYMCIPHER && e->pub.parms.sym.mode == TPM_ALG_CMAC));
	case N_SYM:
		return type == TPM_ALG_SYMCIPHER && priv && !restricted;
	case N_PARENT:
		return restricted && decrypt && priv && type != TPM_ALG_KEYEDHASH;
	case N_CREDENTIAL:
		return restricted && decrypt && priv &&
		       (type == TPM_ALG_RSA || type == TPM_ALG_ECC);
	case N_COMMIT:
		return type == TPM_ALG_ECC && priv && e->pub.parms.scheme.scheme == TPM_ALG_ECDAA;
	case N_SEALED:
		return type == TPM_ALG_KEYEDHASH && !sign && !decrypt && priv;
	case N_MOVABLE:
		return priv && !has(e, TPMA_OBJECT_FIXEDPARENT) &&
		       (e->recipe == R_DUPLICATE || e->recipe == R_SELECT);
	case N_TRANSIENT:
		return HR_TYPE(e->handle[OURS]) == TPM_HT_TRANSIENT;
	default:
		return need == N_ANY;
	}
}

static bool nv_fits(const struct ent *e, enum need need)
{
	u32 type = e->attrs >> 4 & 0xf;

	switch (need) {
	case N_NV_PLAIN:
		return type == 0 || type == 8 || type == 9;
	case N_NV_COUNTER:
		return type == 1;
	case N_NV_BITS:
		return type == 2;
	case N_NV_EXTEND:
		return type == 4;
	case N_NV_SPECIAL:
		return e->recipe == R_COMMAND;
	default:
		return need == N_NV_READ || need == N_ANY;
	}
}

bool fits(const struct ent *e, u32 need)
{
	switch (e->kind) {
	case E_OBJECT:
		return object_fits(e, need);
	case E_SEQUENCE:
		return need == N_ANY || need == N_TRANSIENT ||
		       (need == N_SEQ_EVENT && e->seq == TPM_ALG_NULL) ||
		       (need == N_SEQ && (e->seq != TPM_ALG_NULL || e->id % 4 == 0));
	case E_NV:
		return nv_fits(e, need);
	case E_SESSION:
		if (e->saved)
			return false;
		return need == N_ANY || need == N_TRANSIENT ||
		       (need == N_POLICY ? e->type != TPM_SE_HMAC :
			need == N_HMAC_SESSION && e->type == TPM_SE_HMAC);
	default:
		return need == N_ANY;
	}
}

static u16 class_of(u32 handle)
{
	static const u16 by_type[] = {
		[TPM_HT_PCR] = HC_PCR, [TPM_HT_NV_INDEX] = HC_NV, [TPM_HT_HMAC_SESSION] = HC_HMAC,
		[TPM_HT_POLICY_SESSION] = HC_POLICY, [TPM_HT_TRANSIENT] = HC_TRANSIENT,
		[TPM_HT_PERSISTENT] = HC_PERSISTENT,
	};

	switch (handle) {
	case TPM_RH_OWNER:
		return HC_OWNER;
	case TPM_RH_ENDORSEMENT:
		return HC_ENDORSEMENT;
	case TPM_RH_PLATFORM:
		return HC_PLATFORM;
	case TPM_RH_LOCKOUT:
		return HC_LOCKOUT;
	case TPM_RH_NULL:
		return HC_NULL;
	default:
		return HR_TYPE(handle) < ARRAY_SIZE(by_type) ? by_type[HR_TYPE(handle)] : 0;
	}
}

/* ---- room ---- */

static const struct ent *pinned[24];
static unsigned int n_pinned;

void pin(const struct ent *e)
{
	if (e && n_pinned < ARRAY_SIZE(pinned))
		pinned[n_pinned++] = e;
}

bool is_pinned(const struct ent *e)
{
	unsigned int i;

	for (i = 0; i < n_pinned; i++)
		if (pinned[i] == e)
			return true;
	return false;
}

static bool takes_slot(const struct ent *e, u32 unused)
{
	return (e->kind == E_OBJECT || e->kind == E_SEQUENCE) &&
	       HR_TYPE(e->handle[OURS]) == TPM_HT_TRANSIENT;
}

static bool takes_session(const struct ent *e, u32 unused)
{
	return e->kind == E_SESSION && !e->saved;
}

static bool may_go(const struct ent *e, u32 session)
{
	return !is_pinned(e) && (session ? takes_session(e, 0) : takes_slot(e, 0));
}

/* Flushes until @need slots are free; false when that cannot be. */
static bool make_room(u64 seed, unsigned int need, bool session)
{
	struct rnd r = { .s = mix(seed, 11) };

	while (count_ents(session ? takes_session : takes_slot, 0) + need > SLOTS) {
		struct plan p = { .code = TPM_CC_FlushContext, .recipe = -1, .sound = true };

		p.ent[0] = pick_ent(&r, may_go, session);
		if (!p.ent[0] || !do_command(rnd64(&r), &p))
			return false;
	}
	return true;
}

static bool wants_slot(u32 code)
{
	switch (code) {
	case TPM_CC_CreatePrimary:
	case TPM_CC_Create:
	case TPM_CC_CreateLoaded:
	case TPM_CC_Load:
	case TPM_CC_LoadExternal:
	case TPM_CC_ContextLoad:
	case TPM_CC_HMAC_Start:
	case TPM_CC_HashSequenceStart:
	case TPM_CC_Import:
	case TPM_CC_CertifyX509:
		return true;
	}
	return false;
}

static bool room_for(const struct command *c)
{
	unsigned int i, need = wants_slot(c->row->code);

	for (i = 0; i < c->row->n_handles; i++)
		need += HR_TYPE(c->raw[i]) == TPM_HT_PERSISTENT;
	if (!make_room(c->seed, need, false))
		return false;
	return c->row->code != TPM_CC_StartAuthSession && c->row->code != TPM_CC_ContextLoad ?
	       true : make_room(c->seed, 1, true);
}

/* ---- makers ---- */

static u32 maker_of(struct rnd *r, enum need need)
{
	switch (need) {
	case N_SEQ:
		return chance(r, 70) ? TPM_CC_HashSequenceStart : TPM_CC_HMAC_Start;
	case N_SEQ_EVENT:
		return TPM_CC_HashSequenceStart;
	case N_NV_PLAIN:
	case N_NV_COUNTER:
	case N_NV_BITS:
	case N_NV_EXTEND:
	case N_NV_READ:
	case N_NV_SPECIAL:
		return TPM_CC_NV_DefineSpace;
	case N_POLICY:
	case N_HMAC_SESSION:
		return TPM_CC_StartAuthSession;
	case N_MOVABLE:
	case N_SEALED:
		return TPM_CC_CreateLoaded;
	case N_PARENT:
	case N_CREDENTIAL:
		return TPM_CC_CreatePrimary;
	default:
		return chance(r, 80) ? TPM_CC_LoadExternal :
		       chance(r, 50) ? TPM_CC_CreatePrimary : TPM_CC_CreateLoaded;
	}
}

static void make(struct rnd *r, enum need need)
{
	struct plan p = { .want = need, .recipe = -1, .sound = true };

	if (need == N_ANY || need == N_TRANSIENT)
		need = N_SIGN;
	p.code = maker_of(r, need);
	do_command(rnd64(r), &p);
}

/* ---- handles ---- */

static bool of_class(const struct ent *e, u32 classes)
{
	return class_of(e->handle[OURS]) & classes && !(e->kind == E_SESSION && e->saved);
}

static bool fits_here(const struct ent *e, u32 arg)
{
	return fits(e, arg & 0xff) && of_class(e, arg >> 8) && !is_pinned(e);
}

static struct ent *parent_of(const struct ent *e)
{
	unsigned int i;

	for (i = 0; e->parent && i < w.n_ents; i++)
		if (w.ents[i].live && w.ents[i].id == e->parent)
			return &w.ents[i];
	return NULL;
}

static bool has_parent(const struct ent *e, u32 unused)
{
	return e->kind == E_OBJECT && parent_of(e);
}

/* Who may write or read an index: itself, the owner or the platform. */
static struct ent *nv_keeper(struct rnd *r, const struct ent *nv, bool write)
{
	u32 a = nv->attrs;
	bool owner = a & (write ? TPMA_NV_OWNERWRITE : TPMA_NV_OWNERREAD);
	bool platform = a & (write ? TPMA_NV_PPWRITE : TPMA_NV_PPREAD);

	if (owner && chance(r, 40))
		return ent_by_handle(TPM_RH_OWNER);
	if (platform && chance(r, 40))
		return ent_by_handle(TPM_RH_PLATFORM);
	return chance(r, 95) ? (struct ent *)nv : ent_by_handle(TPM_RH_OWNER);
}

static bool writes_nv(u32 code)
{
	return (code >= TPM_CC_NV_GlobalWriteLock && code <= TPM_CC_NV_WriteLock);
}

static struct ent *pick_common(struct gen *g, u16 classes)
{
	static const u8 pcrs[] = { 16, 23, 16, 23, 0, 10, 17, 20 };
	u32 choice = rnd(&g->r, 100);

	if (g->c->row->code == TPM_CC_PCR_SetAuthValue)
		return ent_by_handle(choice < 90 ? 20 + choice % 3 : 16);
	if (classes & HC_PCR && choice < (classes & HC_OBJECT ? 5 : 90))
		return ent_by_handle(pcrs[rnd(&g->r, 8)]);
	if (classes & HC_OWNER && choice < 50)
		return ent_by_handle(TPM_RH_OWNER);
	if (classes & HC_PLATFORM && !(classes & HC_OWNER) && choice < 70)
		return ent_by_handle(TPM_RH_PLATFORM);
	if (classes & HC_NULL && choice < 12)
		return ent_by_handle(TPM_RH_NULL);
	return NULL;
}

static struct ent *choose_handle(struct gen *g, unsigned int i)
{
	const struct tpm2_cmd *row = g->c->row;
	u16 classes = row->handles[i];
	enum need need = need_of(row->code, i);
	u32 arg = need | (u32)classes << 8;
	struct ent *e = NULL;

	if (g->p->ent[i])
		return g->p->ent[i];
	if (row->code == TPM_CC_ObjectChangeAuth && i == 0 && chance(&g->r, 90)) {
		e = pick_ent(&g->r, has_parent, 0);
		if (!e)
			make(&g->r, N_MOVABLE);
		e = pick_ent(&g->r, has_parent, 0);
		if (e)
			return e;
	}
	if (i == 0 && row->n_handles > 1 && row->handles[1] == HC_NV && classes & HC_NV &&
	    g->c->ent[1])
		return nv_keeper(&g->r, g->c->ent[1], writes_nv(row->code));
	if (row->code == TPM_CC_NV_Certify && i == 1 && g->c->ent[2])
		return nv_keeper(&g->r, g->c->ent[2], false);
	if (row->code == TPM_CC_StartAuthSession && chance(&g->r, 60))
		return ent_by_handle(TPM_RH_NULL);
	if (row->code == TPM_CC_StartAuthSession && i == 0 && chance(&g->r, 90)) {
		need = chance(&g->r, 60) ? N_CREDENTIAL :
		       chance(&g->r, 50) ? N_RSA_DECRYPT : N_ECDH;
		arg = need | (u32)classes << 8;
	}
	if (need == N_ANY || chance(&g->r, 6))
		e = pick_common(g, classes);
	if (!e && need != N_ANY && chance(&g->r, 96)) {
		e = pick_ent(&g->r, fits_here, arg);
		if (!e) {
			make(&g->r, need);
			e = pick_ent(&g->r, fits_here, arg);
		}
	}
	if (!e)
		e = pick_ent(&g->r, of_class, classes);
	return e;
}

static u32 odd_handle(struct rnd *r)
{
	static const u32 odd[] = {
		0, 24, 0x00ffffff, 0x01000000, 0x01ffffff, 0x02000000, 0x02000009, 0x03000000,
		0x0300003f, 0x40000000, 0x40000001, TPM_RH_NULL, TPM_RH_LOCKOUT, TPM_RH_OWNER,
		TPM_RH_PLATFORM, TPM_RH_ENDORSEMENT, TPM_RS_PW, 0x40000008, 0x40000010, 0x4000010f,
		0x80000000, 0x80000002, 0x81000000, 0x81ffffff, 0x90000000,
		0xffffffff,
	};

	return odd[rnd(r, ARRAY_SIZE(odd))];
}

/* Names that the sides may have in different places are wrong in both, or the same in both. */
static bool known_to_one(u32 handle)
{
	unsigned int i;

	for (i = 0; i < w.n_ents; i++) {
		const struct ent *e = &w.ents[i];

		if (e->live && e->handle[OURS] != e->handle[THEIRS] &&
		    (e->handle[OURS] == handle || e->handle[THEIRS] == handle))
			return true;
	}
	return false;
}

static void spoil_handle(struct gen *g)
{
	struct command *c = g->c;
	unsigned int i = rnd(&g->r, c->row->n_handles);
	u32 handle = odd_handle(&g->r);

	if (chance(&g->r, 50)) {
		struct ent *e = pick_ent(&g->r, of_class, 0xffff);

		if (e) {
			c->ent[i] = e;
			c->raw[i] = e->handle[OURS];
			return;
		}
	}
	if (known_to_one(handle))
		return;
	c->ent[i] = ent_by_handle(handle);
	c->raw[i] = handle;
}

static bool choose_handles(struct gen *g)
{
	static const u8 order[][3] = { { 0 }, { 1, 0 }, { 2, 1, 0 } };
	struct command *c = g->c;
	unsigned int n = c->row->n_handles, i;

	for (i = 0; i < n; i++) {
		unsigned int at = order[n - 1][i];

		c->ent[at] = choose_handle(g, at);
		if (!c->ent[at])
			return false;
		c->raw[at] = c->ent[at]->handle[OURS];
		pin(c->ent[at]);
	}
	if (c->row->code == TPM_CC_Certify && chance(&g->r, 20))
		c->ent[0] = c->ent[1], c->raw[0] = c->raw[1];
	if (c->row->code == TPM_CC_ObjectChangeAuth && parent_of(c->ent[0])) {
		c->ent[1] = parent_of(c->ent[0]);
		c->raw[1] = c->ent[1]->handle[OURS];
		pin(c->ent[1]);
	}
	if (n && c->fault == F_HANDLE)
		spoil_handle(g);
	return true;
}

/* ---- units ---- */

/* The name of an index changes with its attributes: ask before it goes into a cpHash. */
static bool refresh_nv(struct command *c)
{
	struct plan p = { .code = TPM_CC_NV_ReadPublic, .recipe = -1, .sound = true };
	unsigned int i;

	if (c->row->code == TPM_CC_NV_ReadPublic)
		return true;
	for (i = 0; i < c->row->n_handles; i++) {
		if (!c->ent[i] || c->ent[i]->kind != E_NV || (i && c->ent[i] == c->ent[i - 1]))
			continue;
		p.ent[0] = c->ent[i];
		if (!do_command(mix(c->seed, 100 + i), &p))
			return false;
	}
	return true;
}

static enum fault choose_fault(struct gen *g)
{
	static const u8 percent[F_COUNT] = {
		[F_HANDLE] = 4, [F_AUTH] = 3, [F_ATTRS] = 3, [F_MISSING] = 1, [F_EXTRA] = 2,
		[F_SHORT] = 2, [F_LONG] = 1, [F_FLIP] = 4, [F_SIZE] = 1, [F_TAG] = 1, [F_RAW] = 4,
		[F_DOUBLE] = 1,
	};
	u32 choice = rnd(&g->r, 100), i;

	/* handles are another on each side: a changed one might be something else on one of them */
	if (g->p->sound || g->c->row->code == TPM_CC_FlushContext)
		return F_NONE;
	for (i = 1; i < F_COUNT; i++) {
		if (choice < percent[i])
			return i;
		choice -= percent[i];
	}
	return F_NONE;
}

static bool build_and_run(struct gen *g)
{
	struct command *c = g->c;
	unsigned int i;

	prepare_items(g);
	choose_auths(g);
	if (!room_for(c) || !refresh_nv(c))
		return !shared->ends && !shared->differs;
	if (shared->ends || shared->differs)
		return false;
	for (i = 0; i < c->row->n_handles; i++)
		if (c->ent[i])
			c->before[i] = *c->ent[i];
	put_params(g, NULL);
	return run_command(c);
}

/* One command as @p wants it, with what it needs before it. False: the sequence is over. */
bool do_command(u64 seed, const struct plan *p)
{
	static int depth;
	struct command *c;
	struct gen g = { .r = { .s = seed }, .p = p };
	unsigned int pins = n_pinned;
	bool go_on = true;

	if (shared->ends || shared->differs)
		return false;
	if (depth > 6)
		return true;
	depth++;
	c = calloc(1, sizeof(*c));
	c->seed = seed;
	c->created = mix(seed, 3);
	c->row = tpm2_cmd_find(p->code);
	g.c = c;
	c->fault = choose_fault(&g);
	if (choose_handles(&g))
		go_on = build_and_run(&g);
	n_pinned = pins;
	free(c);
	depth--;
	return go_on && !shared->ends && !shared->differs;
}

static void change_surroundings(struct rnd *r)
{
	u32 choice = rnd(r, 100);

	diff_now_ms += choice < 90 ? rnd(r, 5) : choice < 98 ? rnd(r, 3000) : rnd(r, 3000000);
	w.locality = chance(r, 90) ? 0 : rnd(r, 5);
	sides_set(w.locality, chance(r, 10));
}

void run_unit(u64 seed)
{
	struct rnd r = { .s = seed };
	struct plan p = { .recipe = -1 };

	n_pinned = 0;
	change_surroundings(&r);
	if (chance(&r, 3))
		power_cycle(&r);
	p.code = pick_command(&r)->code;
	if (p.code == TPM_CC_PP_Commands && chance(&r, 80))
		sides_set(w.locality, true);
	do_command(rnd64(&r), &p);
}
