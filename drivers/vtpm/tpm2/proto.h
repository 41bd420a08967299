/* SPDX-License-Identifier: GPL-2.0-only */
/* The engine's private prototypes, by file. Included by engine.h, which has the structures. */
#ifndef VTPM_TPM2_PROTO_H
#define VTPM_TPM2_PROTO_H

/* ---- exec.c ---- */

/* Errors with a position (Part 2, 6.6.2): parameter and handle numbers count from 1. */
static inline tpm_rc tpm2_param(tpm_rc rc, unsigned int n)
{
	return RC((__force u32)rc | 0x40 | n << 8);
}

static inline tpm_rc tpm2_handle_rc(tpm_rc rc, unsigned int n)
{
	return RC((__force u32)rc | n << 8);
}

static inline tpm_rc tpm2_session_rc(tpm_rc rc, unsigned int n)
{
	return RC((__force u32)rc | 0x800 | n << 8);
}

/* Adds the position where the code can take one and has none yet. */
tpm_rc tpm2_at_handle(tpm_rc rc, unsigned int n);
tpm_rc tpm2_at_session(tpm_rc rc, unsigned int n);
tpm_rc tpm2_at_param(tpm_rc rc, unsigned int n);

/*
 * The one converter from errno. @bad is what -EINVAL and -EBADMSG mean in
 * this place; -ENOMEM is TPM_RC_MEMORY, -EINTR TPM_RC_CANCELED, all others
 * TPM_RC_FAILURE.
 */
tpm_rc tpm2_rc(int err, tpm_rc bad);

/* Memory that lives until the response is written; NULL only on a programming error. */
void *tpm2_scratch(struct tpm2_call *c, u32 size);
/* Gives back what @p, handed out last, needs above @size. Nothing may have been written there. */
void tpm2_scratch_cut(struct tpm2_call *c, const u8 *p, u32 size);

/*
 * Long arithmetic: between begin and end the instance's lock is not held, and
 * only the call's own memory and referenced objects may be touched. end() gives
 * TPM_RC_RETRY when the TPM was cleared or powered off meanwhile: change nothing then.
 */
void tpm2_heavy_begin(struct tpm2_call *c);
tpm_rc tpm2_heavy_end(struct tpm2_call *c);
/* For crypto functions that poll: TPM_RC_CANCELED follows from -EINTR. */
struct vt_cancel tpm2_cancel(struct tpm2_call *c);
/* Extra key of parameter encryption: the auth value of what session @i authorizes, else empty. */
struct tpm2b tpm2_call_extra_key(struct tpm2_call *c, int i);

/* ---- object.c ---- */

struct tpm2_object *tpm2_object_get(struct tpm2_object *o);
void tpm2_object_put(struct tpm2 *t, struct tpm2_object *o);	/* NULL is fine */
/* NULL when nothing of that handle is visible in the space. No reference is taken. */
struct tpm2_object *tpm2_object_find(struct tpm2_space *s, u32 handle);
/*
 * An object from its areas: @pub is marshalled and named, @sens may be NULL. It has
 * one reference and is in no space yet. The caller knows its Qualified Name.
 */
tpm_rc tpm2_object_copy(struct tpm2 *t, const struct tpmt_public *pub,
			const struct tpmt_sensitive *sens, u32 hierarchy, struct tpm2_object **out);
/* Likewise; its Qualified Name follows from @parent, or from the hierarchy when that is NULL. */
tpm_rc tpm2_object_new(struct tpm2 *t, const struct tpmt_public *pub,
		       const struct tpmt_sensitive *sens, u32 hierarchy,
		       const struct tpm2_object *parent, struct tpm2_object **out);
struct tpm2_object *tpm2_sequence_new(struct tpm2 *t, enum tpm2_object_kind kind, u8 hashes);
/* Puts it into the space, which takes over the caller's reference; sets o->handle. */
tpm_rc tpm2_object_install(struct tpm2_space *s, struct tpm2_object *o);
bool tpm2_object_room(const struct tpm2_space *s);
/* Takes a transient object out of its space. */
void tpm2_object_flush(struct tpm2_space *s, struct tpm2_object *o);
void tpm2_flush_hierarchy(struct tpm2 *t, u32 hierarchy); /* transient and persistent objects */
void tpm2_flush_transient(struct tpm2 *t, u32 hierarchy);	/* persistent ones stay */
/*
 * Opens the private key if that was not done yet. TPM_RC_KEY when there is none. May be called in
 * heavy parts.
 */
tpm_rc tpm2_object_key(struct tpm2_call *c, struct tpm2_object *o);
struct vt_key_params tpm2_key_params(const struct tpmt_public *pub);
/* Opens the private key of an object that need not be loaded; errno. Close it with key_ops. */
int tpm2_key_open(struct tpm2_call *c, const struct tpmt_public *pub,
		  const struct tpmt_sensitive *sens, struct vt_key **key);
/*
 * Numbers from the wire are as long as their sender pleased: into just @len
 * bytes, or to the curve's length. False when it does not fit. Time depends on the sizes alone.
 */
bool tpm2_pad_number(struct tpm2b in, u8 *out, u16 len);
bool tpm2_pad_point(const struct vt_curve *curve, const struct tpms_ecc_point *p, u8 *x, u8 *y);

/* Name of a public area: nameAlg and digest; size 0 for TPM_ALG_NULL. */
u16 tpm2_name(const struct tpmt_public *pub, u8 name[TPM2_NAME_MAX]);
u16 tpm2_qualified_name(u16 name_alg, const u8 *parent, u16 parent_size, const u8 *name,
			u16 name_size, u8 out[TPM2_NAME_MAX]);
/* Name of any entity (Part 1, 16). */
u16 tpm2_entity_name(struct tpm2_space *s, u32 handle, u8 name[TPM2_NAME_MAX]);

static inline bool tpm2_is_storage(const struct tpm2_object *o)
{
	const u32 mask = TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT | TPMA_OBJECT_SIGN;

	return o->kind == OBJ_KEY && o->pub.type != TPM_ALG_KEYEDHASH &&
	       (o->pub.attrs & mask) == (TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT);
}

/*
 * May it sign, or check what was signed with it? NULL is the null handle: nobody signs (Part
 * 3, 18.1)
 */
static inline bool tpm2_is_signing(const struct tpm2_object *o)
{
	return !o || (o->pub.type != TPM_ALG_SYMCIPHER && o->pub.attrs & TPMA_OBJECT_SIGN);
}

/* A CMAC sequence keeps its state where an HMAC's has its key block; it is bytes alone. */
static inline struct vt_cmac *tpm2_running_cmac(struct tpm2_object *o)
{
	static_assert(sizeof(struct vt_cmac) <= sizeof(o->hmac_opad));
	static_assert(__alignof__(struct vt_cmac) == 1);
	return (struct vt_cmac *)o->hmac_opad;
}

/* ---- state_object.c, state_session.c: as bytes, for saved contexts and for state ---- */

void tpm2_object_write(struct tpm2_writer *w, const struct tpm2_object *o);
/* An object with one reference, in no space. TPM_RC_FAILURE: no such bytes; TPM_RC_MEMORY. */
tpm_rc tpm2_object_read(struct tpm2 *t, struct tpm2_reader *r, u32 hierarchy,
			struct tpm2_object **out);
/* Could this TPM have made it, or taken it in? May give up the lock. */
tpm_rc tpm2_object_check(struct tpm2_call *c, const struct tpm2_object *o);
/* All of a session but its place in the lists, its handle, type and context number. */
void tpm2_session_write(struct tpm2_writer *w, const struct tpm2_session *se);
/* Into a session that is zero but for those. TPM_RC_FAILURE: no such bytes */
tpm_rc tpm2_session_read(struct tpm2_reader *r, struct tpm2_session *se);
bool tpm2_session_good(const struct tpm2 *t, const struct tpm2_session *se);

struct vtpm_state_writer;

int tpm2_state_errno(tpm_rc rc);	/* state.c: what a reader of state says */
void tpm2_state_write_nv(const struct tpm2 *t, struct vtpm_state_writer *w);
void tpm2_state_write_persistent(const struct tpm2 *t, struct vtpm_state_writer *w);
void tpm2_state_write_aks(const struct tpm2 *t, struct vtpm_state_writer *w);
void tpm2_state_write_spaces(const struct tpm2 *t, struct vtpm_state_writer *w); /* and saved */

/* ---- protect.c: how a sensitive area leaves the TPM (Part 1, 22 to 24) ---- */

/* Sensitive area to TPM2B_PRIVATE under @parent; scratch memory. */
tpm_rc tpm2_wrap(struct tpm2_call *c, const struct tpm2_object *parent,
		 const struct tpmt_sensitive *sens, u16 name_alg, const u8 *name, u16 name_size,
		 struct tpm2b *out);
/* The way back; @sens points into scratch. TPM_RC_INTEGRITY, or what is malformed. */
tpm_rc tpm2_unwrap(struct tpm2_call *c, const struct tpm2_object *parent, struct tpm2b blob,
		   u16 name_alg, const u8 *name, u16 name_size, struct tpmt_sensitive *sens);
/* TPM2B_ID_OBJECT (Part 1, 24): @seed protects @credential for the key named @name. */
tpm_rc tpm2_credential_make(struct tpm2_call *c, const struct tpmt_public *pub,
			    struct tpm2b credential, const u8 *name, u16 name_size, const u8 *seed,
			    u16 seed_size, struct tpm2b *out);
tpm_rc tpm2_credential_open(struct tpm2_call *c, const struct tpmt_public *pub, struct tpm2b blob,
			    const u8 *name, u16 name_size, const u8 *seed, u16 seed_size,
			    struct tpm2b *out);
/*
 * An outer wrapper without IV around @body, as duplication has it; keys from @seed for the holder
 * of @pub.
 */
tpm_rc tpm2_outer_wrap(struct tpm2_call *c, const struct tpmt_public *pub, struct tpm2b seed,
		       struct tpm2b name, struct tpm2b body, struct tpm2b *out);
/* The way back; @body reads scratch memory. TPM_RC_INTEGRITY, or what is malformed. */
tpm_rc tpm2_outer_unwrap(struct tpm2_call *c, const struct tpmt_public *pub, struct tpm2b seed,
			 struct tpm2b name, struct tpm2b blob, struct tpm2_reader *body);
/*
 * Secret sharing (Part 1, B.10.3 and C.6.1): a fresh secret for the key @pub, as @label
 * says, and what to send. RSA: OAEP; ECC: one-pass Diffie-Hellman and KDFe.
 */
tpm_rc tpm2_secret_make(struct tpm2_call *c, const struct tpmt_public *pub, const char *label,
			struct tpm2_digest *secret, struct tpm2b *sent);
/* With the private key. Heavy: call between tpm2_heavy_begin() and _end(). */
tpm_rc tpm2_secret_open(struct tpm2_call *c, struct tpm2_object *key, const char *label,
			struct tpm2b sent, struct tpm2_digest *secret);

/* ---- hierarchy.c ---- */

struct tpm2_hierarchy *tpm2_hierarchy(struct tpm2 *t, u32 handle); /* NULL: not one of the four */
const u8 *tpm2_proof(struct tpm2 *t, u32 hierarchy);			/* TPM2_PROOF_SIZE bytes */
void tpm2_manufacture(struct tpm2 *t);		/* fresh seeds, proofs, default auth */
void tpm2_hierarchy_new_seed(struct tpm2_hierarchy *h);
void tpm2_clear(struct tpm2 *t);		/* what TPM2_Clear does (Part 3, 24.6) */

/* ---- auth.c: who may do what; sessions' HMACs ---- */

/* authValue of an entity; empty for what has none. */
struct tpm2b tpm2_auth_value(struct tpm2_space *s, u32 handle);
/* authPolicy and its hash; TPM_ALG_NULL when there is none. */
struct tpm2b tpm2_auth_policy(struct tpm2_space *s, u32 handle, u16 *alg);
bool tpm2_is_da(struct tpm2_space *s, u32 handle); /* subject to dictionary-attack protection */
/*
 * Does each session authorize its handle? Everything of Part 1, 19 that is done before the action.
 */
tpm_rc tpm2_check_auths(struct tpm2_call *c);
/* Writes the response's sessions and ends those without continueSession. */
void tpm2_finish_auths(struct tpm2_call *c, struct tpm2_writer *w, struct tpm2b rparams);
void tpm2_trim_auth(struct tpm2b *auth);	/* drops trailing zeros (Part 1, 19.6.4.3) */
void tpm2_cp_hash(struct tpm2_call *c, const struct vt_hash_alg *alg, u8 *out);
void tpm2_name_hash(struct tpm2_call *c, const struct vt_hash_alg *alg, u8 *out);
void tpm2_rp_hash(struct tpm2_call *c, const struct vt_hash_alg *alg, struct tpm2b params, u8 *out);

/* ---- session.c ---- */

struct tpm2_session *tpm2_session_find(struct tpm2_space *s, u32 handle); /* loaded in this space */
struct tpm2_session *tpm2_session_find_saved(struct tpm2 *t, u32 handle);
/* With a handle given out. */
tpm_rc tpm2_session_new(struct tpm2_space *s, u8 type, struct tpm2_session **out);
void tpm2_session_free(struct tpm2 *t, struct tpm2_session *se);	/* loaded or saved */
void tpm2_session_flush_all(struct tpm2_space *s);
/* What TPM2_PolicyRestart does, and the end of a command that used the policy. */
void tpm2_policy_reset(struct tpm2_session *se);
void tpm2_session_bind_id(struct tpm2_space *s, u32 handle, u8 id[32]);
/* En- or decrypts the first parameter in place (Part 1, 21). */
void tpm2_crypt_param(struct tpm2_session *se, bool encrypt, struct tpm2b extra_key,
		      const struct tpm2b nonce_newer, const struct tpm2b nonce_older, u8 *data,
		      u32 len);

/* ---- nv.c: NV indices (Part 1, 37) ---- */

struct tpm2_nv_index *tpm2_nv_get(struct tpm2_nv_index *x);
void tpm2_nv_put(struct tpm2 *t, struct tpm2_nv_index *x);	/* NULL is fine */
/* NULL when it is not defined. No reference is taken. */
struct tpm2_nv_index *tpm2_nv_find(struct tpm2 *t, u32 handle);
/* May it be seen now? Not while the hierarchy that created it is disabled. */
bool tpm2_nv_visible(const struct tpm2 *t, const struct tpm2_nv_index *x);
/* Do kind, size and attributes go together, whatever has been done with it? (cmd_nv.c) */
tpm_rc tpm2_nv_check(const struct tpms_nv_public *pub);
/* Does the policy leave room for an index of that many bytes? */
bool tpm2_nv_room(const struct tpm2 *t, u16 size);
/*
 * Everything has been checked but for room within the module's own limit.
 * TPM_RC_NV_SPACE, TPM_RC_MEMORY.
 */
tpm_rc tpm2_nv_define(struct tpm2 *t, const struct tpms_nv_public *pub, struct tpm2b auth);
void tpm2_nv_undefine(struct tpm2 *t, struct tpm2_nv_index *x);
/* The index of identity.h: is it that handle? As a new TPM has it; TPM_RC_MEMORY. As it is now. */
bool tpm2_nv_is_identity(const struct tpm2 *t, u32 handle);
tpm_rc tpm2_nv_add_identity(struct tpm2 *t);
void tpm2_nv_refresh(struct tpm2 *t, struct tpm2_nv_index *x);
void tpm2_nv_set_attrs(struct tpm2_nv_index *x, u32 attrs);	/* and the name */
struct tpms_nv_public tpm2_nv_public(const struct tpm2_nv_index *x);
/* Access by @auth, one of owner, platform, the index itself: TPM_RC_NV_LOCKED, _AUTHORIZATION */
tpm_rc tpm2_nv_may_write(const struct tpm2_nv_index *x, u32 auth);
tpm_rc tpm2_nv_may_read(const struct tpm2_nv_index *x, u32 auth); /* and TPM_RC_NV_UNINITIALIZED */
void tpm2_nv_write(struct tpm2 *t, struct tpm2_nv_index *x, u16 offset, const void *data,
		   u16 size);
u64 tpm2_nv_u64(const struct tpm2_nv_index *x);			/* counters, bits, PINs */
void tpm2_nv_set_u64(struct tpm2 *t, struct tpm2_nv_index *x, u64 v);
/* May its authValue be used for this command? PIN indices count how often it was. */
bool tpm2_nv_auth_available(const struct tpm2_nv_index *x, u16 code);
bool tpm2_nv_policy_available(const struct tpm2_nv_index *x, u16 code);
bool tpm2_nv_is_pin(const struct tpm2_nv_index *x);	/* PIN Pass or PIN Fail */
/* The authValue was used, or guessed wrong: PIN indices keep count. */
void tpm2_nv_auth_done(struct tpm2 *t, struct tpm2_nv_index *x, bool good);
void tpm2_nv_clear(struct tpm2 *t);		/* the owner's indices go */
/* TPM2_Startup but for resume; @reset: no state was saved, @orderly: TPM2_Shutdown came before */
void tpm2_nv_startup(struct tpm2 *t, bool reset, bool orderly);
u32 tpm2_nv_count(const struct tpm2 *t, bool counters_alone);
u32 tpm2_nv_free_counters(const struct tpm2 *t);	/* how many more could be defined */

/* ---- audit.c: command audit (Part 1, 31) and physical presence ---- */

/* Before the parameters are decrypted: the cpHash, if the command is audited. */
void tpm2_audit_begin(struct tpm2_call *c);
/* After success, with the response's parameters as they go out. */
void tpm2_audit_end(struct tpm2_call *c, struct tpm2b params);
bool tpm2_audited(const struct tpm2 *t, u32 code);
/* Must somebody be present, and is not, for this command with platform authorization? */
bool tpm2_presence_missing(const struct tpm2 *t, u32 code);
bool tpm2_presence_wanted(const struct tpm2 *t, u32 code);

/* ---- startup.c ---- */

/*
 * Something that TPM2_Startup would have to restore has changed: the TPM2_Shutdown before is void.
 */
static inline void tpm2_disorder(struct tpm2 *t)
{
	t->orderly = false;
	t->state_saved = false;
}

/* ---- tpm.c ---- */

/* As tpm2_new(), but with nothing in it. */
struct tpm2 *tpm2_alloc(const struct tpm2_config *cfg);
void tpm2_flush_space(struct tpm2_space *s);
/* Saved sessions, persistent objects, NV indices. */
void tpm2_free_lists(struct tpm2 *t);

void tpm2_free_saved(struct tpm2 *t);	/* sessions whose context is out */

/* ---- cmd_policy2.c ---- */

/* Hash of the template in a command that creates; false for any other command. */
bool tpm2_template_hash(struct tpm2_call *c, const struct vt_hash_alg *alg, u8 *out);
/* pHash of PolicyParameters: cpHash without the names. */
void tpm2_parameter_hash(struct tpm2_call *c, const struct vt_hash_alg *alg, u8 *out);

/* ---- capability.c ---- */

/*
 * One element of a capability, as TPM2_GetCapability would give it; scratch memory.
 * False when there is none of just that @property. TPM_RC_VALUE, TPM_RC_HANDLE.
 */
tpm_rc tpm2_capability_one(struct tpm2_call *c, u32 cap, u32 property, struct tpm2b *element,
			   bool *found);

/* ---- startup.c: power and state ---- */

/* TPM2_Startup without the command; TPM_RC_VALUE when there is no state to resume. */
tpm_rc tpm2_do_startup(struct tpm2 *t, u16 type);

/* ---- profile.c: what a policy leaves of the TPM ---- */

/**
 * struct tpm2_alg - an algorithm that this TPM has
 * @alg: TPM_ALG_ID
 * @attrs: TPMA_ALGORITHM
 * @name: as Part 2 has it, without TPM_ALG_, in lower case
 */
struct tpm2_alg {
	u16 alg;
	u32 attrs;
	const char *name;
};

/* In order of their numbers; NULL past the end. */
const struct tpm2_alg *tpm2_alg_at(unsigned int i);
/* Is it one of them, and does the policy leave it? */
bool tpm2_alg_there(const struct tpm2 *t, u16 alg);
bool tpm2_curve_there(const struct tpm2 *t, u16 curve);
static inline bool tpm2_profile_command(const struct tpm2_profile *p, u32 code)
{
	return test_bit(code - TPM_CC_FIRST, p->commands);
}

/* Of a command of the table: does the policy leave it? */
bool tpm2_cmd_left(const struct tpm2 *t, u32 code);
/* May the object be used? Else the code with which it would not come in. */
tpm_rc tpm2_profile_object(const struct tpm2_profile *p, const struct tpm2_object *o);
/* The policy's limits, or the module's. What is there already may be more. */
u32 tpm2_max_objects(const struct tpm2 *t);	/* loaded in one space */
u32 tpm2_max_sessions(const struct tpm2 *t);	/* active */
u32 tpm2_max_loaded(const struct tpm2 *t);	/* sessions loaded in one space */
u32 tpm2_max_nv(const struct tpm2 *t);		/* bytes */

/* ---- cmd_policy.c ---- */

/*
 * What PolicySigned, PolicySecret and PolicyTicket have in common. Checks of end and cpHashA:
 * TPM_RC_EXPIRED (parameter @timeout_n), TPM_RC_SIZE, TPM_RC_CPHASH.
 */
tpm_rc tpm2_policy_check(const struct tpm2 *t, const struct tpm2_session *se, u64 timeout,
			 unsigned int timeout_n, struct tpm2b cp_hash);
/* Updates the session: digest, cpHash, end. Nothing fails any more. */
void tpm2_policy_context(struct tpm2_session *se, u32 code, struct tpm2b name, struct tpm2b ref,
			 struct tpm2b cp_hash, u64 timeout);
/* The second step of PolicyUpdate(): policyDigest <- H(policyDigest || ref) (Part 3, 23.2.3) */
void tpm2_policy_ref(struct tpm2_session *se, struct tpm2b ref);

/* policyDigest <- H(policyDigest || commandCode || data) */
void tpm2_policy_update(struct tpm2_session *se, u32 code, const void *data, u32 len);

/* TPM_EO (Part 2, 6.8) on two operands of @len bytes, big-endian. */
bool tpm2_compare(u16 operation, const u8 *a, const u8 *b, u16 len);

/* ---- da.c ---- */

/* @reset: a TPM Reset, which ends what lockoutRecovery 0 leaves locked */
void tpm2_da_startup(struct tpm2 *t, bool reset);
void tpm2_da_unorderly(struct tpm2 *t);
void tpm2_da_self_heal(struct tpm2 *t);
bool tpm2_da_locked(struct tpm2 *t);
/* An authorization failed. @lockout: it was lockoutAuth's */
void tpm2_da_failed(struct tpm2 *t, bool lockout);

/* ---- clock ---- */
u64 tpm2_time(const struct tpm2 *t);	/* TPMS_TIME_INFO.time: ms since power on */
u64 tpm2_time_at(const struct tpm2 *t, u64 now);	/* the same when vt_now_ms() was @now */
bool tpm2_clock_rate_ok(s32 rate);
u64 tpm2_clock(const struct tpm2 *t);	/* TPMS_CLOCK_INFO.clock, ms */
struct tpms_time_info tpm2_time_info(const struct tpm2 *t);	/* both at one moment */
void tpm2_clock_update(struct tpm2 *t);	/* sets clock_safe when it is again; before each command */

/* ---- cmd_act.c: the authenticated countdown timer ---- */

void tpm2_act_put(const struct tpm2 *t, struct tpm2_writer *w);	/* TPMS_ACT_DATA */
void tpm2_act_power_on(struct tpm2 *t);		/* before Time begins anew */
void tpm2_act_startup(struct tpm2 *t, bool resume);
bool tpm2_act_good(const struct tpm2_act *act, u64 time);	/* one that can be at this Time */

/* ---- commit.c: numbers that are used once ---- */

/**
 * struct tpm2_commit_work - what belongs to one number
 * @number: the number
 * @resets: tpm2.reset_epoch that it belongs to
 * @drbg: over the two below
 * @proof: a copy, as the lock is given up
 * @context: label, curve, number and a name
 * @d: the private scalar, known after tpm2_commit_make()
 * @x: its point
 * @y: likewise
 */
struct tpm2_commit_work {
	u64 number;
	u32 resets;
	struct vt_drbg drbg;
	u8 proof[TPM2_PROOF_SIZE];
	u8 context[8 + 2 + 8 + TPM2_NAME_MAX];
	u8 d[VT_ECC_MAX_BYTES], x[VT_ECC_MAX_BYTES], y[VT_ECC_MAX_BYTES];
};

#define TPM2_COMMIT_EPHEMERAL	"vtpm-eph"	/* labels, of eight bytes each */
#define TPM2_COMMIT_ECDAA	"vtpm-daa"

/* What a new number or one used leaves behind has to survive a TPM Resume: see tpm2_disorder(). */
u64 tpm2_commit_new(struct tpm2 *t);
/* The number whose low 16 bits are @counter, when it is still to be used. */
bool tpm2_commit_find(const struct tpm2 *t, u16 counter, u64 *number);
void tpm2_commit_use(struct tpm2 *t, u64 number);
/* It was used for nothing that anybody has seen. */
void tpm2_commit_unuse(struct tpm2 *t, const struct tpm2_commit_work *w);
/* Nobody was told of it: it goes back, unless the next one is taken already. */
void tpm2_commit_drop(struct tpm2 *t, const struct tpm2_commit_work *w);
/* Scratch memory; NULL: there is none. @name may be empty. */
struct tpm2_commit_work *tpm2_commit_work(struct tpm2_call *c, const char label[8], u16 curve,
					  u64 number, struct tpm2b name);
/* Heavy: call between tpm2_heavy_begin() and _end(). */
int tpm2_commit_make(const struct vt_curve *curve, struct tpm2_commit_work *w);

/* ---- ak.c: how often a restricted signing key signs ---- */

/* May it sign once more? TPM_RC_KEY. @key may be NULL. */
tpm_rc tpm2_ak_check(struct tpm2 *t, const struct tpm2_object *key);
/* It signs. TPM_RC_KEY, TPM_RC_MEMORY; @counted: tpm2_ak_unuse() when nothing comes of it */
tpm_rc tpm2_ak_use(struct tpm2 *t, const struct tpm2_object *key, bool *counted);
void tpm2_ak_unuse(struct tpm2 *t, const struct tpm2_object *key);
void tpm2_ak_forget(struct tpm2 *t, u32 hierarchy);	/* its keys are gone for ever */
void tpm2_ak_free(struct tpm2 *t);

/* ---- ticket.c (Part 2, 10.7) ---- */

/*
 * Fills @tk; the digest is scratch memory. A NULL-hierarchy ticket is empty where the tag says so.
 */
tpm_rc tpm2_ticket_verified(struct tpm2_call *c, u32 hierarchy, struct tpm2b digest,
			    struct tpm2b name, struct tpmt_ticket *tk);
tpm_rc tpm2_ticket_creation(struct tpm2_call *c, u32 hierarchy, struct tpm2b name,
			    struct tpm2b creation_hash, struct tpmt_ticket *tk);
tpm_rc tpm2_ticket_hashcheck(struct tpm2_call *c, u32 hierarchy, u16 alg, struct tpm2b digest,
			     struct tpmt_ticket *tk);
/* @tag: TPM_ST_AUTH_SIGNED or _SECRET */
tpm_rc tpm2_ticket_auth(struct tpm2_call *c, u16 tag, u32 hierarchy, u64 timeout,
			bool expires_on_reset, struct tpm2b cp_hash, struct tpm2b policy_ref,
			struct tpm2b name, struct tpmt_ticket *tk);
/* A ticket in the empty form that says "no ticket". */
void tpm2_ticket_empty(u16 tag, struct tpmt_ticket *tk);
/* Constant-time comparison with what the TPM would make. */
bool tpm2_ticket_equal(const struct tpmt_ticket *a, const struct tpmt_ticket *b);

/* ---- pcr.c ---- */

/* TPM_RC_PCR: the policy denies @op one of the selected PCRs. */
tpm_rc tpm2_pcr_check(struct tpm2_call *c, enum vtpm_op op, const struct tpml_pcr_selection *sel);
/*
 * Clears bits of PCRs that do not exist, are in no active bank, or hidden from @op.
 * TPM_RC_PCR: one is denied.
 */
tpm_rc tpm2_pcr_filter(struct tpm2_call *c, enum vtpm_op op, struct tpml_pcr_selection *sel);
/*
 * Digest of the selected PCRs' values, concatenated (Part 1, 17.5); filters @sel first.
 * TPM_RC_PCR as above.
 */
tpm_rc tpm2_pcr_digest(struct tpm2_call *c, enum vtpm_op op, const struct vt_hash_alg *alg,
		       struct tpml_pcr_selection *sel, u8 *digest);
void tpm2_pcr_startup(struct tpm2 *t, bool resume);
bool tpm2_pcr_has_auth(u32 pcr);	/* an authValue and a policy, shared by all that have */
bool tpm2_pcr_saved(u32 pcr);		/* kept by Shutdown(STATE) */
/* May a command extend it? TPM_RC_LOCALITY; TPM_RC_PCR: denied in a bank of @digests. */
tpm_rc tpm2_pcr_may_extend(struct tpm2_call *c, u32 pcr, const struct tpml_digest_values *digests);
/* Takes out the digests of banks in which the policy hides the PCR from events. */
void tpm2_pcr_hide_event(struct tpm2_call *c, u32 pcr, struct tpml_digest_values *digests);
/* @event: what @digests are of; empty when that is not known. */
tpm_rc tpm2_pcr_extend(struct tpm2_call *c, u32 pcr, const struct tpml_digest_values *digests,
		       struct tpm2b event);
bool tpm2_pcr_resettable(u32 pcr, u8 locality);
bool tpm2_pcr_extendable(u32 pcr, u8 locality);
/* Extending it changes pcrUpdateCounter? (PC Client: all but 16, 21 to 23) */
bool tpm2_pcr_counts(u32 pcr);

/* ---- scheme.c: sign, verify, encrypt with a scheme ---- */

/*
 * Which scheme a command uses: the key's own, or the command's when the key has
 * none (Part 3, 20.2). TPM_RC_SCHEME when they disagree. @scheme is in and out.
 */
tpm_rc tpm2_pick_sign_scheme(const struct tpm2_object *key, struct tpmt_scheme *scheme);
/* Bytes of RSAPSS's salt; the modulus has @n_len, at least 2 more than the digest. */
u16 tpm2_pss_salt(const struct vt_hash_alg *alg, u16 n_len);
/* Signs @digest. Heavy parts are done without the lock. @sig points into scratch. */
tpm_rc tpm2_sign(struct tpm2_call *c, struct tpm2_object *key, const struct tpmt_scheme *scheme,
		 struct tpm2b digest, struct tpmt_signature *sig);
/* TPM_RC_SUCCESS, TPM_RC_SIGNATURE, or TPM_RC_SCHEME. Public keys and HMAC keys. */
tpm_rc tpm2_verify(struct tpm2_call *c, struct tpm2_object *key, struct tpm2b digest,
		   const struct tpmt_signature *sig);

/* ---- create.c: making objects ---- */

/* Are type, attributes, schemes and sizes consistent for a new or loaded object? (Part 3, 12.1) */
tpm_rc tpm2_check_attributes(const struct tpm2_object *parent, const struct tpmt_public *pub);
tpm_rc tpm2_check_schemes(const struct tpm2_object *parent, const struct tpmt_public *pub);
/* The same without what a parent asks for. */
tpm_rc tpm2_check_consistent(const struct tpmt_public *pub);
/*
 * Is the public key one, and does the sensitive area (NULL: none) fit it? TPM_RC_BINDING,
 * TPM_RC_KEY, TPM_RC_ECC_POINT and others, blamed on parameter @pub_n or @sens_n. Gives up the
 * lock for the comparison of an asymmetric pair.
 */
tpm_rc tpm2_check_binding(struct tpm2_call *c, const struct tpmt_public *pub,
			  const struct tpmt_sensitive *sens, unsigned int pub_n,
			  unsigned int sens_n);
/* What is checked at creation only; then tpm2_check_attributes(). */
tpm_rc tpm2_check_create(const struct tpm2_object *parent, const struct tpmt_public *pub,
			 u16 data_size);
/*
 * What a sensitive area (NULL: none) that somebody else may have made has to satisfy
 * together with its public area, blamed on parameter @pub_n or @sens_n. @parent may be NULL.
 */
tpm_rc tpm2_check_loaded(struct tpm2_call *c, const struct tpm2_object *parent,
			 const struct tpmt_public *pub, const struct tpmt_sensitive *sens,
			 unsigned int pub_n, unsigned int sens_n);
/* Drops trailing zeros. False: longer than nameAlg's digest. */
bool tpm2_fit_auth(struct tpm2b *auth, u16 name_alg);
/* May objects be created or loaded under it? */
bool tpm2_is_parent(const struct tpm2_object *o);

/**
 * struct tpm2_made - a new object's areas, in scratch memory
 * @pub: public area, unique filled in
 * @sens: sensitive area
 * @name_size: bytes of @name
 * @name: its name
 */
struct tpm2_made {
	struct tpmt_public pub;
	struct tpmt_sensitive sens;
	u16 name_size;
	u8 name[TPM2_NAME_MAX];
};

/*
 * Makes an object from a checked template: from @primary's seed when that is
 * not NULL, else from the system's randomness. Gives up the lock for asymmetric keys.
 */
tpm_rc tpm2_make(struct tpm2_call *c, const struct tpmt_public *template,
		 const struct tpms_sensitive_create *given, const struct tpm2_hierarchy *primary,
		 struct tpm2_made *made);
/* The same from any source of bytes. */
tpm_rc tpm2_make_from(struct tpm2_call *c, const struct tpmt_public *template,
		      const struct tpms_sensitive_create *given, const struct vt_rng *rng,
		      struct tpm2_made *made);
/* unique of a KEYEDHASH or SYMCIPHER object; VT_MAX_DIGEST bytes of room */
u16 tpm2_symmetric_unique(const struct tpmt_public *pub, const struct tpmt_sensitive *sens,
			  u8 *unique);
/*
 * Creation data of an object under handle 0 of the call, marshalled, and its digest; scratch
 * memory.
 */
tpm_rc tpm2_creation_data(struct tpm2_call *c, u16 name_alg, struct tpml_pcr_selection *sel,
			  struct tpm2b outside_info, struct tpm2b *data, struct tpm2b *hash);

/* ---- derive.c: derived objects ---- */

bool tpm2_is_derivation_parent(const struct tpm2_object *o);
/*
 * Makes a child of a derivation parent; @template has label and context in unique. TPM_RC_TYPE,
 * TPM_RC_ATTRIBUTES and the like of parameter 2; what is malformed in @given.data.
 */
tpm_rc tpm2_make_derived(struct tpm2_call *c, const struct tpm2_object *parent,
			 const struct tpmt_public *template,
			 const struct tpms_sensitive_create *given, struct tpm2_made *made);

#endif /* VTPM_TPM2_PROTO_H */
