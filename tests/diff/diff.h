/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The differential test: the same symbolic commands to our engine and to
 * libtpms, in one process. A command is generated once for both sides; where
 * the sides must differ (handles, nonces, private blobs, tickets) the generator
 * writes what the side in question gave before.
 */
#ifndef VTPM_DIFF_H
#define VTPM_DIFF_H

#include <stdio.h>
#include <stdlib.h>

#include "tpm.h"
#include "tpm2/engine.h"

enum { OURS, THEIRS, SIDES };

/* ---- choices: a function of the seed alone ---- */

struct rnd {
	u64 s;
};

u64 rnd64(struct rnd *r);
u32 rnd(struct rnd *r, u32 n);			/* 0 to n - 1 */
bool chance(struct rnd *r, u32 percent);
void rnd_bytes(struct rnd *r, u8 *to, u32 n);
u64 mix(u64 a, u64 b);

/* ---- what both sides have ---- */

struct pair {
	struct tpm2b b[SIDES];
};

enum ent_kind { E_HIERARCHY, E_PCR, E_OBJECT, E_SEQUENCE, E_NV, E_SESSION };

/**
 * struct ent - something with a handle, on both sides
 * @id: of the command that made it: choices by it stay when others are dropped
 * @same: the key (or content) is the same on both sides
 * @recipe: its authPolicy is this recipe's, with @policy_alg; -1: none that can be met
 * @known: number of the known key, or -1
 * @area: TPMT_PUBLIC
 * @pub: decoded from our side's @area
 * @parent: id of the parent; 0 for a primary or external object
 * @seq: TPM_ALG of a sequence's hash, TPM_ALG_NULL for an event sequence
 * @reloaded: it comes from a saved context
 */
struct ent {
	u64 id;
	enum ent_kind kind;
	bool live, same, has_private, external;
	u32 handle[SIDES];
	struct pair name, area;
	struct tpm2b auth;
	s16 recipe;
	s16 known;
	u16 policy_alg;
	u32 hierarchy;
	u64 parent;
	struct tpmt_public pub;
	u16 seq;
	bool seq_mac, seq_same, seq_cmac, reloaded;
	/* NV */
	u32 attrs;
	u16 size, name_alg;
	/* session */
	u8 type;
	u16 hash;
	struct tpmt_sym_def sym;
	struct tpm2b nonce_tpm[SIDES], key[SIDES];
	bool bound, auth_value, password, saved, audited;
	struct pair bind_name;
	struct tpm2b bind_auth;
	struct pair digest;	/* policyDigest */
	u32 used_policy;
};

enum item_kind {
	I_PRIVATE, I_CREATION, I_VERIFIED, I_AUTH_TICKET, I_HASHCHECK, I_SIGNATURE, I_CONTEXT,
	I_CREDENTIAL, I_DUPLICATE, I_RSA_TEXT, I_POINT, I_EPHEMERAL, I_COMMIT, I_KINDS
};

/**
 * struct item - bytes that a command gave, to be used in another
 * @id: of the command that made it
 * @of: copy of the entity it belongs to: key, parent, object
 * @to: copy of a second one
 * @d: up to five byte strings for each side
 * @n: numbers
 */
struct item {
	u64 id;
	enum item_kind kind;
	struct ent of, to;
	bool cross;	/* each side takes what the other one made */
	struct pair d[5];
	u32 n[4];
};

#define MAX_ENTS	192
#define MAX_ITEMS	160

struct world {
	struct ent ents[MAX_ENTS];
	unsigned int n_ents;
	struct item items[MAX_ITEMS];
	unsigned int n_items;
	u64 clock_ms;
	u8 locality;
	bool presence;
	bool rate_changed;	/* by ClockRateAdjust: how much is the implementation's */
	bool clock_lost;	/* by a power cycle: so is how much of Clock was kept */
};

extern struct world w;

struct tpm2b keep(const void *data, u32 size);	/* memory that lives as long as the process */
struct tpm2b keep2(const struct tpm2b *b);
bool same2b(const struct tpm2b *a, const struct tpm2b *b);
struct ent *add_ent(enum ent_kind kind, u64 id);
struct item *add_item(enum item_kind kind, u64 id);
struct ent *ent_by_handle(u32 handle);	/* ours */
struct ent *pick_ent(struct rnd *r, bool (*ok)(const struct ent *e, u32 arg), u32 arg);
struct item *pick_item(struct rnd *r, enum item_kind kind, const struct ent *of);
unsigned int count_ents(bool (*ok)(const struct ent *e, u32 arg), u32 arg);
u16 hash_size(u16 alg);			/* 0: no such hash */

/* ---- a command on its way ---- */

enum fault {
	F_NONE, F_HANDLE, F_AUTH, F_ATTRS, F_MISSING, F_EXTRA, F_SHORT, F_LONG, F_FLIP, F_SIZE,
	F_TAG, F_RAW, F_DOUBLE, F_COUNT
};

/* What a policy session has to be told before it serves; RECIPE_NONE: nothing */
enum recipe {
	R_AUTH_VALUE, R_PASSWORD, R_COMMAND, R_SECRET, R_LOCALITY, R_PCR, R_NV_WRITTEN, R_OR,
	R_DUPLICATE, R_SELECT, R_TIMER, R_COUNT
};

struct template {
	u16 type, name_alg;
	u32 attrs;
	s16 recipe;
	struct tpmt_sym_def sym;
	struct tpmt_scheme scheme, kdf;
	u16 curve, bits;
	struct tpm2b data;	/* sealed, or a key from outside */
	s16 known;
	struct tpm2b policy;
	bool derive;
};

struct auth {
	struct ent *ses;	/* NULL: password */
	struct ent *who;	/* whom it authorizes */
	u32 who_raw;
	u8 attrs;
	bool wrong, as_password;
	struct tpm2b nonce;
};

struct command {
	const struct tpm2_cmd *row;
	u64 seed;
	struct ent *ent[TPM2_MAX_HANDLES];
	u32 raw[TPM2_MAX_HANDLES];
	struct ent before[TPM2_MAX_HANDLES];	/* as they were */
	unsigned int n_auths;
	struct auth auths[4];
	enum fault fault;
	struct cmd params[SIDES];
	struct cmd bytes[SIDES];
	/* the generator's decisions, for those who learn from the response */
	struct tpm2b new_auth;
	struct template t;
	struct item *item;
	struct ent *other;
	u32 n[4];
	u64 created;
	struct tpm2b salt[SIDES], nonce, ref;
	struct tpmt_sym_def sym;
	u8 type;
	/* the response */
	u32 rc[SIDES];
	u8 rsp[SIDES][VTPM_MAX_COMMAND];
	u32 rsp_len[SIDES];
	u32 rsp_handle[SIDES];
	struct tpm2b out[SIDES];	/* parameters, decrypted */
	bool inputs_differ;
	char why[256];			/* of a difference; empty: none */
	const struct accepted *row_of;	/* accepted by this row */
};

/* ---- the plan of one unit: what is asked of a command beside its code ---- */

/* What the second handle and the like should be able to do */
enum need {
	N_ANY, N_SIGN, N_VERIFY, N_RSA, N_RSA_DECRYPT, N_ECC, N_ECDH, N_MAC, N_SYM, N_PARENT,
	N_SEALED, N_SEQ, N_SEQ_EVENT, N_NV_PLAIN, N_NV_COUNTER, N_NV_BITS, N_NV_EXTEND, N_NV_READ,
	N_NV_SPECIAL, N_POLICY, N_HMAC_SESSION, N_MOVABLE, N_TRANSIENT, N_CREDENTIAL, N_COMMIT,
	N_COUNT
};

struct plan {
	u32 code;
	enum need want;		/* of what it makes; N_ANY: anything */
	s16 recipe;		/* StartAuthSession and policy commands: towards this recipe */
	u32 recipe_cc;
	struct ent *ent[TPM2_MAX_HANDLES];	/* given handles */
	bool given[TPM2_MAX_HANDLES];
	bool sound;		/* no fault wanted */
	struct ent *policy_for;	/* a policy session was made for this entity */
	u16 hash;
	struct pair data;	/* Sign: the digest; NV_Write: the data */
	bool has_data;
	const struct ent *name_of;	/* MakeCredential */
	bool simple;		/* no policy, no auth value, fixed */
	u32 handle;		/* EvictControl: persistent handle */
	u16 su;			/* Startup, Shutdown: TPM_SU */
};

struct gen {
	struct rnd r;
	unsigned int side;
	struct command *c;
	const struct plan *p;
};

/* ---- sides.c ---- */
void sides_start(void);
void sides_seed(u64 seed);
u32 side_run(unsigned int side, const u8 *cmd, u32 len, u8 *rsp, u32 *rsp_len);
void sides_power_cycle(void);
void sides_set(u8 locality, bool presence);
long sides_end(void);	/* bytes that ours has left allocated */
extern u64 diff_now_ms;

/* ---- crypt.c ---- */
void c_hash(u16 alg, const struct tpm2b *parts, unsigned int n, u8 *out);
void c_hmac(u16 alg, const struct tpm2b *key, const struct tpm2b *parts, unsigned int n, u8 *out);
void c_kdfa(u16 alg, const struct tpm2b *key, const char *label, const struct tpm2b *u,
	    const struct tpm2b *v, u32 bits, u8 *out);
void c_crypt(struct ent *ses, const struct tpm2b *key, bool encrypt, const struct tpm2b *newer,
	     const struct tpm2b *older, u8 *data, u32 size);
bool c_salt(const struct ent *key, unsigned int side, struct rnd *r, struct tpm2b *secret,
	    struct tpm2b *salt);
/* The point whose x is a digest of @data; false: there is none */
bool c_ecc_lift(u16 curve, u16 hash, const struct tpm2b *data, struct tpm2b *y);
void c_ecc_public(u16 curve, const struct tpm2b *d, struct tpm2b *x, struct tpm2b *y);

/* ---- templates.c ---- */
void choose_template(struct gen *g, enum need want, const struct ent *parent);
void put_public(struct gen *g, struct cmd *out, const struct template *t, bool with_unique);
void put_sensitive_create(struct gen *g, struct cmd *out);
void known_init(void);
void choose_known(struct gen *g, enum need want, bool storage);
void put_known_sensitive(struct cmd *out, const struct template *t, const struct tpm2b *auth);
struct tpm2b recipe_digest(s16 recipe, u16 alg);
extern struct tpm2b recipe_digests[R_COUNT][4];
int hash_index(u16 alg);
struct tpm2b pick_auth(struct gen *g, u16 max);

/* ---- params.c, params2.c ---- */
void put_params(struct gen *g, struct cmd *out);
bool put_special(struct gen *g, struct cmd *out, unsigned int field);
void prepare_items(struct gen *g);
void put_desc(struct gen *g, struct cmd *out, const struct desc *d);
void put_raw(struct gen *g, struct cmd *out, const struct desc *d);
void end_2b(struct cmd *c, u32 at);
const struct ent *signer_of(const struct command *c);
void put_name(struct gen *g, struct cmd *out, const struct ent *e);
void put_pair(struct gen *g, struct cmd *out, const struct pair *p, bool cross);
void put_random_2b(struct gen *g, struct cmd *out, u32 max);
void put_selection(struct gen *g, struct cmd *out);
u16 some_hash(struct gen *g);
u32 some_code(struct gen *g);
const struct ent *any_name(struct gen *g);

bool special_commit(struct gen *g, struct cmd *out, unsigned int field);
bool special_hierarchy(struct gen *g, struct cmd *out, unsigned int field);
bool special_capability(struct gen *g, struct cmd *out, unsigned int field);
bool special_small(struct gen *g, struct cmd *out, unsigned int field);
void special_point(struct gen *g, struct cmd *out);

/* ---- policy.c ---- */
bool put_policy(struct gen *g, struct cmd *out, unsigned int field);
struct ent *prepare_policy(struct gen *g, const struct ent *e);
void recipes_init(void);
extern struct ent *last_session;

/* ---- auth.c ---- */
void choose_auths(struct gen *g);
void encode(struct command *c, unsigned int side);
void finish_auths(struct command *c);	/* reads responses, checks HMACs, decrypts */

/* ---- unit.c ---- */
bool fits(const struct ent *e, u32 need);
enum need need_of(u32 code, unsigned int handle);
bool is_tried(u32 code);	/* libtpms has the command */
void run_unit(u64 seed);
void pin(const struct ent *e);
bool is_pinned(const struct ent *e);

/* ---- power.c ---- */
void power_cycle(struct rnd *r);

/* ---- learn.c, items.c, compare.c, accepted.c ---- */
/* What is left of the responses' parameters */
struct outs {
	struct tpm2_reader r[SIDES];
};

struct outs outs_of(const struct command *c);
struct pair next_2b(struct outs *o);
struct pair rest(struct outs *o);
struct pair param_2b(const struct command *c, unsigned int skip);
bool same_pair(const struct pair *p);
void learn_items(struct command *c, struct outs *o);

void learn(struct command *c);
void compare(struct command *c);

/**
 * struct accepted - a difference that the specification allows or that libtpms has wrong
 * @code: of the command; 0: any
 * @ours, @theirs: response codes; ANY_RC for any
 * @when: condition; NULL: always
 * @what: the condition in words
 * @clause: what decides it
 */
struct accepted {
	u32 code;
	u32 ours, theirs;
	bool (*when)(const struct command *c);
	const char *what;
	const char *clause;
};

#define ANY_RC 0xffffffffu

const struct accepted *accepted_find(const struct command *c);
extern const struct accepted accepted_rows[];
unsigned int accepted_count(void);
void accepted_print(void);	/* as Documentation/design/differences.rst */
unsigned int accepted_index(const struct accepted *a);

/* ---- diff.c ---- */
struct cover {
	u32 runs, good;
};

struct shared {
	struct cover cover[TPM_CC_COUNT];
	u64 commands, good, sequences;
	u64 accepted[128];
	u64 retries, skipped;
	u32 last;		/* command code under way */
	char why[512];
	u32 diff_code;
	u32 diff_rc[SIDES];
	bool differs;
	bool ends;		/* the sequence ends: states differ by an accepted row */
};

extern struct shared *shared;
extern bool verbose;
bool run_command(struct command *c);	/* false: the sequence is over */
bool do_command(u64 seed, const struct plan *p);

#endif /* VTPM_DIFF_H */
