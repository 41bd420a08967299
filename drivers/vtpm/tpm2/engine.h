/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The engine's own structures. Everything here is protected by the lock of the
 * instance that struct tpm2 belongs to, except where a member says otherwise.
 * tpm2_heavy_begin() gives that lock up for long arithmetic; what the command
 * still needs is held by a reference (objects) or belongs to its space, which
 * runs one command at a time.
 */
#ifndef VTPM_TPM2_ENGINE_H
#define VTPM_TPM2_ENGINE_H

#include "tpm2.h"
#include "types.h"
#include "../key/key.h"

#define TPM2_PROOF_SIZE		64	/* bytes of a hierarchy's seed and of its proof */
#define TPM2_NAME_MAX		(2 + VT_MAX_DIGEST)

/* A digest, auth value or nonce that is ours to keep. */
struct tpm2_digest {
	u16 size;
	u8 data[VT_MAX_DIGEST];
};

/**
 * struct tpm2_hierarchy - owner, endorsement, platform or null
 * @handle: TPM_RH_*
 * @enabled: shEnable, ehEnable, phEnable; always true for the null hierarchy
 * @policy_alg: hash of @policy, TPM_ALG_NULL when there is none
 * @auth: authValue without trailing zeros
 * @policy: authPolicy
 * @seed: primary seed
 * @proof: key of tickets and saved contexts
 */
struct tpm2_hierarchy {
	u32 handle;
	bool enabled;
	u16 policy_alg;
	struct tpm2_digest auth;
	struct tpm2_digest policy;
	u8 seed[TPM2_PROOF_SIZE];
	u8 proof[TPM2_PROOF_SIZE];
};

enum { HIER_OWNER, HIER_ENDORSEMENT, HIER_PLATFORM, HIER_NULL, HIER_COUNT };

/* Dictionary-attack logic (Part 1, 19.8). Times in milliseconds of the TPM's clock. */
struct tpm2_da {
	u32 failed_tries;
	u32 max_tries;
	u32 recovery_time;	/* s, as the specification counts it */
	u32 lockout_recovery;	/* s */
	u64 self_heal;		/* when failed_tries last went down or up from 0 */
	u64 lockout_time;	/* when lockoutAuth failed */
	bool lockout_enabled;	/* lockoutAuth may be used */
};

enum tpm2_object_kind { OBJ_KEY, OBJ_HASH_SEQ, OBJ_EVENT_SEQ, OBJ_HMAC_SEQ };

/**
 * struct tpm2_object - a loaded object or a sequence
 * @refs: the space's or persistent list's, and one of each command that uses it
 * @link: in tpm2.persistent for a persistent object
 * @kind: what it is
 * @handle: transient or persistent handle
 * @hierarchy: TPM_RH_* it belongs to
 * @public_only: no sensitive area
 * @external: from LoadExternal
 * @primary: derived from the hierarchy's seed
 * @st_clear: itself or a parent has stClear
 * @name: nameAlg and digest; empty for nameAlg NULL and for sequences
 * @qualified: Qualified Name
 * @pub: public area, pointing into @area
 * @sens: sensitive area, pointing into @area
 * @pub_area: @pub as marshalled TPMT_PUBLIC
 * @sens_area: @sens as marshalled TPMT_SENSITIVE
 * @key: opened private key, made at the first use; NULL until then
 * @seq: a sequence's running hashes, one, or one for each active bank of an event
 *	sequence; NULL for keys
 * @seq_count: of @seq
 * @seq_first: hash and HMAC sequences: the first bytes seen, for the TPM_GENERATED check
 * @seq_seen: bytes seen so far, saturating
 * @hmac_opad: HMAC sequence: the outer key block
 * @auth: a sequence's auth value
 * @bytes: of @area
 * @area: storage for @pub_area, @sens_area
 */
struct tpm2_object {
	refcount_t refs;
	struct list_head link;
	enum tpm2_object_kind kind;
	u32 handle;
	u32 hierarchy;
	bool public_only;
	bool external;
	bool primary;
	bool st_clear;
	u16 name_size;
	u16 qualified_size;
	u8 name[TPM2_NAME_MAX];
	u8 qualified[TPM2_NAME_MAX];
	struct tpmt_public pub;
	struct tpmt_sensitive sens;
	struct tpm2b pub_area;
	struct tpm2b sens_area;
	struct vt_key *key;
	struct vt_hash_ctx *seq;
	u8 seq_count;
	u8 seq_first[4];
	u32 seq_seen;
	u8 hmac_opad[VT_MAX_BLOCK];
	struct tpm2_digest auth;
	u16 bytes;
	u8 area[];
};

/**
 * struct tpm2_session - an authorization session
 * @link: in tpm2_space.sessions, or in tpm2.saved while its context is out
 * @handle: session handle
 * @type: TPM_SE_*
 * @loaded: false while saved
 * @hash: authHash
 * @sym: symmetric algorithm for parameter encryption
 * @nonce_tpm: nonceTPM, the newest one
 * @key: sessionKey; size 0 when neither salted nor bound
 * @bound: bind was not TPM_RH_NULL
 * @bind_id: digest over the bound entity's name and its auth value at that time
 * @bound_da: a failure counts against the dictionary-attack logic
 * @bound_lockout: bound to lockoutAuth
 * @audit: has been used for audit (HMAC session)
 * @policy: policyDigest, or the audit digest of an HMAC session
 * @command_code: of PolicyCommandCode and the like; 0 when not set
 * @auth_value_needed: PolicyAuthValue
 * @password_needed: PolicyPassword
 * @pp_required: PolicyPhysicalPresence
 * @nv_written_set: PolicyNvWritten was used, with @nv_written
 * @nv_written: its argument
 * @locality: allowed localities (TPMA_LOCALITY), 0 means any
 * @pcr_counter: pcrUpdateCounter at PolicyPCR; valid when @pcr_checked
 * @pcr_checked: PolicyPCR was used
 * @bind_what: which of cpHash, nameHash, template hash @bind_hash is
 * @bind_hash: its value
 * @start: clock when started, ms
 * @timeout: clock when the policy ends, ms; 0 means never
 * @epoch: tpm2.time_epoch at start or at the first timeout
 * @context: number of the saved context that may be loaded
 */
struct tpm2_session {
	struct list_head link;
	u32 handle;
	u8 type;
	bool loaded;
	const struct vt_hash_alg *hash;
	struct tpmt_sym_def sym;
	struct tpm2_digest nonce_tpm;
	struct tpm2_digest key;
	bool bound;
	bool bound_da;
	bool bound_lockout;
	bool audit;
	bool auth_value_needed;
	bool password_needed;
	bool pp_required;
	bool nv_written_set;
	bool nv_written;
	bool pcr_checked;
	u8 locality;
	u8 bind_what;
	u8 bind_id[32];
	u8 policy[VT_MAX_DIGEST];
	struct tpm2_digest bind_hash;
	u32 command_code;
	u32 pcr_counter;
	u32 epoch;
	u64 start;
	u64 timeout;
	u64 context;
};

enum { BIND_NONE, BIND_CP_HASH, BIND_NAME_HASH, BIND_TEMPLATE };

/**
 * struct tpm2 - one TPM
 * @cfg: as given
 * @started: TPM2_Startup has been done since power on
 * @failed: failure mode
 * @testing_done: self test has run since power on
 * @epoch: goes up with everything that makes work prepared earlier void (Clear,
 *	new seeds, power off); tpm2_heavy_end() compares it
 * @time_epoch: goes up at power on; policy timeouts do not outlive it
 * @hierarchy: by HIER_*
 * @lockout_auth: lockoutAuth
 * @lockout_policy: and its policy
 * @lockout_policy_alg: hash of it, or TPM_ALG_NULL
 * @disable_clear: TPM2_ClearControl
 * @da: dictionary-attack logic
 * @pcr_counter: pcrUpdateCounter
 * @boot_ms: vt_now_ms() at power on: Time counts from here
 * @clock_base: Clock at power on, ms
 * @reset_count: resetCount
 * @restart_count: restartCount
 * @clock_safe: TPMS_CLOCK_INFO.safe
 * @resets: power cycles since creation
 * @orderly: TPM2_Shutdown was the last command
 * @object_contexts: number of the last saved object context
 * @session_contexts: number of the last saved session context
 * @session_ids: session handle numbers in use
 * @sessions: how many are in use
 * @saved_count: of @saved
 * @saved: sessions whose context is out
 * @persistent: objects made persistent
 * @persistent_count: of @persistent
 * @objects: transient objects of all spaces
 * @spaces: all spaces
 * @commands: executed
 * @failures: without success
 * @exclusive: handle of the exclusive audit session, or 0
 */
struct tpm2 {
	struct tpm2_config cfg;
	bool started;
	bool failed;
	bool testing_done;
	u32 epoch;
	u32 time_epoch;
	struct tpm2_hierarchy hierarchy[HIER_COUNT];
	struct tpm2_digest lockout_auth;
	struct tpm2_digest lockout_policy;
	u16 lockout_policy_alg;
	bool disable_clear;
	struct tpm2_da da;
	u32 pcr_counter;
	u64 boot_ms;
	u64 clock_base;
	u32 reset_count;
	u32 restart_count;
	bool clock_safe;
	u32 resets;
	bool orderly;
	u64 object_contexts;
	u64 session_contexts;
	DECLARE_BITMAP(session_ids, TPM2_MAX_ALL_SESSIONS);
	u32 sessions;
	u32 saved_count;
	struct list_head saved;
	struct list_head persistent;
	u32 persistent_count;
	u32 objects;
	struct list_head spaces;
	u64 commands;
	u64 failures;
	u32 exclusive;
};

/* One session of a command, as it came and what it is for. */
struct tpm2_auth {
	u32 handle;
	struct tpm2_session *session;	/* NULL: password */
	struct tpm2b nonce;		/* nonceCaller */
	u8 attrs;
	struct tpm2b hmac;
	u32 entity;			/* handle it authorizes, or TPM_RH_UNASSIGNED */
	bool include_auth;		/* the entity's auth value is part of the HMAC key */
};

#define TPM2_CALL_IN		1024	/* bytes of the largest decoded parameters */
#define TPM2_CALL_OUT		768
#define TPM2_CALL_SCRATCH	6144

/**
 * struct tpm2_call - one command on its way
 * @t: the TPM
 * @space: whose command
 * @cmd: its table row
 * @locality: 0 to 4
 * @handles: input handles
 * @objects: the object of each handle that is one, referenced; else NULL
 * @sessions: the session of each handle that is one; else NULL
 * @auths: the sessions of the authorization area
 * @n_auths: of these
 * @decrypt: index in @auths of the session that decrypts, or -1; likewise @encrypt, @audit
 * @params: the parameters as they came, decrypted
 * @out_handle: action: the response's handle
 * @audit_cp: cpHash of the audit session
 * @heavy_epoch: tpm2.epoch when the lock was given up
 * @used: bytes of @scratch handed out
 * @in: decoded parameters: the action's own structure
 * @out: response parameters: likewise
 * @scratch: memory of the action that lives until the response is written
 */
struct tpm2_call {
	struct tpm2 *t;
	struct tpm2_space *space;
	const struct tpm2_cmd *cmd;
	u8 locality;
	u32 handles[TPM2_MAX_HANDLES];
	struct tpm2_object *objects[TPM2_MAX_HANDLES];
	struct tpm2_session *sessions[TPM2_MAX_HANDLES];
	struct tpm2_auth auths[TPM2_MAX_AUTHS];
	u8 n_auths;
	s8 decrypt, encrypt, audit;
	struct tpm2b params;
	u8 audit_cp[VT_MAX_DIGEST];
	u32 out_handle;
	u32 heavy_epoch;
	u32 used;
	u64 in[TPM2_CALL_IN / 8];
	u64 out[TPM2_CALL_OUT / 8];
	u8 scratch[TPM2_CALL_SCRATCH] __aligned(16);
};

/**
 * struct tpm2_space - what one opener sees
 * @t: the TPM
 * @link: in tpm2.spaces
 * @objects: loaded objects; handle 0x80000000 + index
 * @sessions: loaded sessions
 * @session_count: of @sessions
 * @call: the command under way; a space has one at a time
 */
struct tpm2_space {
	struct tpm2 *t;
	struct list_head link;
	struct tpm2_object *objects[TPM2_MAX_OBJECTS];
	struct list_head sessions;
	u32 session_count;
	struct tpm2_call call;
};

/* ---- commands.c: the table ---- */

/* Classes of handles a command accepts in one place (Part 2, 9.3 to 9.16). */
#define HC_PCR		BIT(0)
#define HC_TRANSIENT	BIT(1)
#define HC_PERSISTENT	BIT(2)
#define HC_NV		BIT(3)
#define HC_HMAC		BIT(4)
#define HC_POLICY	BIT(5)
#define HC_OWNER	BIT(6)
#define HC_ENDORSEMENT	BIT(7)
#define HC_PLATFORM	BIT(8)
#define HC_NULL		BIT(9)
#define HC_LOCKOUT	BIT(10)
#define HC_OBJECT	(HC_TRANSIENT | HC_PERSISTENT)
#define HC_HIERARCHY	(HC_OWNER | HC_ENDORSEMENT | HC_PLATFORM)
#define HC_SESSION	(HC_HMAC | HC_POLICY)
#define HC_ENTITY	(HC_OBJECT | HC_NV | HC_PCR | HC_HIERARCHY | HC_LOCKOUT)

enum tpm2_role { ROLE_NONE, ROLE_USER, ROLE_ADMIN, ROLE_DUP };

#define CMD_NV		BIT(0)	/* may write permanent state */
#define CMD_EXTENSIVE	BIT(1)	/* may flush many contexts */
#define CMD_FLUSHED	BIT(2)	/* flushes its handle */
#define CMD_RHANDLE	BIT(3)	/* the response has a handle */
#define CMD_DECRYPT	BIT(4)	/* first parameter is a TPM2B */
#define CMD_ENCRYPT	BIT(5)	/* first response parameter is a TPM2B */
#define CMD_NO_SESSIONS	BIT(6)	/* accepts no sessions at all */
#define CMD_BEFORE_STARTUP BIT(7)	/* allowed without TPM2_Startup */
#define CMD_IN_FAILURE	BIT(8)	/* allowed in failure mode */

/**
 * struct tpm2_cmd - one TPM command
 * @code: TPM_CC
 * @name: as Part 3 writes it, without TPM2_
 * @flags: CMD_*
 * @n_handles: input handles
 * @handles: HC_* of each
 * @roles: auth role of each
 * @in: parameters, decoded into tpm2_call.in; NULL when there are none
 * @out: response parameters from tpm2_call.out; likewise
 * @action: does it. Every check before the first change; on an error nothing has changed
 */
struct tpm2_cmd {
	u16 code;
	u16 flags;
	const char *name;
	u8 n_handles;
	u16 handles[TPM2_MAX_HANDLES];
	u8 roles[TPM2_MAX_HANDLES];
	const struct desc *in;
	const struct desc *out;
	tpm_rc (*action)(struct tpm2_call *c);
};

const struct tpm2_cmd *tpm2_cmd_find(u32 code);
const struct tpm2_cmd *tpm2_cmd_at(unsigned int i);	/* in order of code; NULL past the end */
u32 tpm2_cmd_attributes(const struct tpm2_cmd *cmd);	/* TPMA_CC */

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
 * A new object from its areas: @pub is marshalled and named, @sens may be NULL.
 * It has one reference and is in no space yet.
 */
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

/* ---- cmd_misc.c ---- */

/* TPM2_Startup without the command; TPM_RC_VALUE when there is no state to resume. */
tpm_rc tpm2_do_startup(struct tpm2 *t, u16 type);

/* ---- capability.c ---- */

bool tpm2_alg_listed(u16 alg);	/* does TPM_CAP_ALGS have it? */

/* ---- cmd_policy.c ---- */

/* TPM_EO (Part 2, 6.8) on two operands of @len bytes, big-endian. */
bool tpm2_compare(u16 operation, const u8 *a, const u8 *b, u16 len);

/* ---- da.c ---- */

void tpm2_da_startup(struct tpm2 *t);
void tpm2_da_self_heal(struct tpm2 *t);
bool tpm2_da_locked(struct tpm2 *t);
/* An authorization failed. @lockout: it was lockoutAuth's */
void tpm2_da_failed(struct tpm2 *t, bool lockout);

/* ---- clock ---- */
u64 tpm2_time(const struct tpm2 *t);	/* TPMS_TIME_INFO.time: ms since power on */
u64 tpm2_clock(const struct tpm2 *t);	/* TPMS_CLOCK_INFO.clock, ms */

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

/* Clears bits of PCRs that do not exist, are in no active bank, or hidden from @op. */
void tpm2_pcr_filter(struct tpm2 *t, enum vtpm_op op, struct tpml_pcr_selection *sel);
/* Digest of the selected PCRs' values, concatenated (Part 1, 17.5); filters @sel first. */
void tpm2_pcr_digest(struct tpm2 *t, enum vtpm_op op, const struct vt_hash_alg *alg,
		     struct tpml_pcr_selection *sel, u8 *digest);
void tpm2_pcr_startup(struct tpm2 *t);
tpm_rc tpm2_pcr_extend(struct tpm2_call *c, u32 pcr, u16 alg, const u8 *digest);
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
/* unique of a KEYEDHASH or SYMCIPHER object; VT_MAX_DIGEST bytes of room */
u16 tpm2_symmetric_unique(const struct tpmt_public *pub, const struct tpmt_sensitive *sens,
			  u8 *unique);
/*
 * Creation data of an object under handle 0 of the call, marshalled, and its digest; scratch
 * memory.
 */
tpm_rc tpm2_creation_data(struct tpm2_call *c, u16 name_alg, struct tpml_pcr_selection *sel,
			  struct tpm2b outside_info, struct tpm2b *data, struct tpm2b *hash);

#endif /* VTPM_TPM2_ENGINE_H */
