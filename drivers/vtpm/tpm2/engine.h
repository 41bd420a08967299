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
#define TPM2_DERIVATION		1	/* how keys follow from a seed; frozen, see kdf.c */

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

/**
 * struct tpm2_act - the authenticated countdown timer, see cmd_act.c
 * @start: seconds left at @since; 0: it does not run
 * @since: Time of that, ms
 * @signaled: it has signaled before @since
 * @preserved: it had before a start-up, and has not been set since
 * @updated: it has been set since the last start-up
 * @policy_alg: hash of @policy, TPM_ALG_NULL when there is none
 * @policy: authPolicy; its authValue is the platform's
 */
struct tpm2_act {
	u32 start;
	u64 since;
	bool signaled;
	bool preserved;
	bool updated;
	u16 policy_alg;
	struct tpm2_digest policy;
};

/* Frozen: saved contexts and states have these numbers. */
enum tpm2_object_kind { OBJ_KEY, OBJ_HASH_SEQ, OBJ_EVENT_SEQ, OBJ_HMAC_SEQ, OBJ_CMAC_SEQ };

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
 * @hmac_opad: HMAC sequence: the outer key block; CMAC sequence: its struct vt_cmac
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
 * struct tpm2_nv_index - an NV index
 * @refs: the list's, and one of each command that uses it
 * @link: in tpm2.nv, by handle
 * @handle: TPM_HT_NV_INDEX
 * @gone: undefined by the command under way
 * @name_alg: its hash is that of @policy
 * @size: bytes of @data
 * @attrs: TPMA_NV
 * @name_size: of @name; it changes with @attrs
 * @name: nameAlg and digest
 * @policy: authPolicy; may be empty
 * @auth: authValue without trailing zeros
 * @data: contents, of no meaning until TPMA_NV_WRITTEN
 */
struct tpm2_nv_index {
	refcount_t refs;
	struct list_head link;
	u32 handle;
	bool gone;
	u16 name_alg;
	u16 size;
	u32 attrs;
	u16 name_size;
	u8 name[TPM2_NAME_MAX];
	struct tpm2_digest policy;
	struct tpm2_digest auth;
	u8 data[];
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
 * @bind_what: which of cpHash, nameHash, template hash, parameter hash @bind_hash is
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

/* Frozen likewise. */
enum { BIND_NONE, BIND_CP_HASH, BIND_NAME_HASH, BIND_TEMPLATE, BIND_PARAMETERS };

/**
 * struct tpm2_commits - what waits for TPM2_ZGen_2Phase and ECDAA signatures, see commit.c
 * @next: number of the next key or commitment
 * @usable: a bit for each of the last TPM2_MAX_COMMITS numbers, clear once it was used
 *
 * Both begin anew at a TPM Reset, together with the null hierarchy's proof.
 */
struct tpm2_commits {
	u64 next;
	u64 usable;
};

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
 * @da_used: an entity under the dictionary-attack logic has been used since the last
 *	orderly shutdown
 * @pcr_counter: pcrUpdateCounter
 * @pcr_wanted: PCRs of each bank from the next TPM Reset on, when @pcr_pending
 * @pcr_pending: TPM2_PCR_Allocate has asked for something else
 * @pcr_reconfigured: it was called since power on: no state can be saved
 * @pcr_auth: authValue of the PCRs that have one, until the next Startup(CLEAR)
 * @pcr_policy: and their policy
 * @pcr_policy_alg: hash of it, or TPM_ALG_NULL
 * @boot_ms: vt_now_ms() when Time was @time_base: at power on, or when its rate changed
 * @clock_base: Clock at power on, ms
 * @reset_count: resetCount
 * @restart_count: restartCount
 * @clock_safe: TPMS_CLOCK_INFO.safe
 * @resets: power cycles since creation
 * @orderly: nothing that a start-up could miss has changed since TPM2_Shutdown
 * @state_saved: @orderly, and it was TPM2_Shutdown(STATE)
 * @was_orderly: @orderly at the last start-up
 * @presence: the platform asserts physical presence
 * @reset_epoch: TPM Resets since creation: saved contexts do not outlive one
 * @clear_count: goes up with everything but TPM Resume: objects with stClear end
 * @time_base: Time when the rate was changed last, at @boot_ms
 * @clock_rate: the rate's distance from the nominal one, in 2^-20
 * @safe_from: value of Clock from which on it is safe again
 * @audit_alg: hash of the command audit
 * @audit_counter: auditCounter
 * @audit_digest: command audit digest; empty when nothing is in it
 * @audited: command codes under audit, from TPM_CC_FIRST on
 * @pp_required: likewise those that want physical presence
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
 * @nv: NV indices, in order of their handles
 * @nv_used: bytes that they count for, see tpm2_nv_cost()
 * @nv_max_count: the largest value of a counter that was undefined
 * @ph_enable_nv: phEnableNV
 * @aks: restricted signing keys that have signed, see ak.c
 * @ak_count: of @aks
 * @commits: of TPM2_EC_Ephemeral and TPM2_Commit
 * @act: the authenticated countdown timer
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
	bool da_used;
	u32 pcr_counter;
	u32 pcr_wanted[VTPM_MAX_BANKS];
	bool pcr_pending;
	bool pcr_reconfigured;
	struct tpm2_digest pcr_auth;
	struct tpm2_digest pcr_policy;
	u16 pcr_policy_alg;
	u64 boot_ms;
	u64 clock_base;
	u32 reset_count;
	u32 restart_count;
	bool clock_safe;
	u32 resets;
	bool orderly;
	bool state_saved;
	bool was_orderly;
	bool presence;
	u32 reset_epoch;
	u32 clear_count;
	u64 time_base;
	s32 clock_rate;
	u64 safe_from;
	u16 audit_alg;
	u64 audit_counter;
	struct tpm2_digest audit_digest;
	DECLARE_BITMAP(audited, TPM_CC_COUNT);
	DECLARE_BITMAP(pp_required, TPM_CC_COUNT);
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
	struct tpm2_commits commits;
	struct list_head nv;
	u32 nv_used;
	u64 nv_max_count;
	bool ph_enable_nv;
	struct list_head aks;
	u32 ak_count;
	struct tpm2_act act;
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

#define TPM2_CALL_IN 2304 /* bytes of the largest decoded parameters, see commands.c */
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
 * @nv: the NV index of each handle that is one, referenced; else NULL
 * @sessions: the session of each handle that is one; else NULL
 * @auths: the sessions of the authorization area
 * @n_auths: of these
 * @decrypt: index in @auths of the session that decrypts, or -1; likewise @encrypt, @audit
 * @params: the parameters as they came, decrypted
 * @command_audit: hash of the command audit; NULL when the command is not audited
 * @out_handle: action: the response's handle
 * @used: bytes of @scratch handed out
 * @heavy_epoch: tpm2.epoch when the lock was given up
 * @audit_cp: cpHash of the audit session
 * @command_cp: cpHash of the command audit
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
	struct tpm2_nv_index *nv[TPM2_MAX_HANDLES];
	struct tpm2_session *sessions[TPM2_MAX_HANDLES];
	u8 n_auths;
	s8 decrypt, encrypt, audit;
	struct tpm2b params;
	const struct vt_hash_alg *command_audit;
	u32 out_handle;
	u32 used;		/* begin_call() sets what is above, and nothing from here on */
	u32 heavy_epoch;
	struct tpm2_auth auths[TPM2_MAX_AUTHS];
	u8 audit_cp[VT_MAX_DIGEST];
	u8 command_cp[VT_MAX_DIGEST];
	u64 in[TPM2_CALL_IN / 8];
	u64 out[TPM2_CALL_OUT / 8];
	u8 scratch[TPM2_CALL_SCRATCH] __aligned(16);
};

/**
 * struct tpm2_space - what one opener sees
 * @t: the TPM
 * @link: in tpm2.spaces
 * @objects: loaded objects; handle 0x80000000 + index
 * @object_count: of @objects
 * @sessions: loaded sessions
 * @session_count: of @sessions
 * @mark: the owner's, see tpm2_space_mark()
 * @call: the command under way; a space has one at a time
 */
struct tpm2_space {
	struct tpm2 *t;
	struct list_head link;
	struct tpm2_object *objects[TPM2_MAX_OBJECTS];
	u32 object_count;
	struct list_head sessions;
	u32 session_count;
	u32 mark;
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
#define HC_ACT		BIT(11)
#define HC_OBJECT	(HC_TRANSIENT | HC_PERSISTENT)
#define HC_HIERARCHY	(HC_OWNER | HC_ENDORSEMENT | HC_PLATFORM)
#define HC_SESSION	(HC_HMAC | HC_POLICY)
#define HC_NV_AUTH	(HC_OWNER | HC_PLATFORM | HC_NV)
#define HC_ENTITY	(HC_OBJECT | HC_NV | HC_PCR | HC_HIERARCHY | HC_LOCKOUT | HC_ACT)

enum tpm2_role { ROLE_NONE, ROLE_USER, ROLE_ADMIN, ROLE_DUP };

/* The first four are TPMA_CC's own bits. */
#define CMD_NV		TPMA_CC_NV		/* may write permanent state */
#define CMD_EXTENSIVE	TPMA_CC_EXTENSIVE	/* may flush many contexts */
#define CMD_FLUSHED	TPMA_CC_FLUSHED		/* flushes its handle */
#define CMD_RHANDLE	TPMA_CC_RHANDLE		/* the response has a handle */
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
	u32 flags;
	const char *name;
	u8 n_handles;
	u16 handles[TPM2_MAX_HANDLES];
	u8 roles[TPM2_MAX_HANDLES];
	const struct desc *in;
	const struct desc *out;
	tpm_rc (*action)(struct tpm2_call *c);
};

extern const struct tpm2_cmd tpm2_commands[];		/* in order of code */
extern const unsigned int tpm2_command_count;

const struct tpm2_cmd *tpm2_cmd_find(u32 code);

/* What the policy leaves of the TPM; NULL: everything. Good until the lock is given up. */
static inline const struct tpm2_profile *tpm2_profile(const struct tpm2 *t)
{
	return t->cfg.pcr_ops->profile(t->cfg.pcrs);
}

/* NULL past the end */
static inline const struct tpm2_cmd *tpm2_cmd_at(unsigned int i)
{
	return i < tpm2_command_count ? &tpm2_commands[i] : NULL;
}

/* TPMA_CC */
static inline u32 tpm2_cmd_attributes(const struct tpm2_cmd *cmd)
{
	return cmd->code | (u32)cmd->n_handles << TPMA_CC_CHANDLES_SHIFT |
	       (cmd->flags & (CMD_NV | CMD_EXTENSIVE | CMD_FLUSHED | CMD_RHANDLE));
}

#include "proto.h"

#endif /* VTPM_TPM2_ENGINE_H */
