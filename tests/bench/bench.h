/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The engine and Debian's libtpms in one process: the same commands to both.
 * A case is a row of one of the tables in case_*.c.
 */
#ifndef VTPM_BENCH_H
#define VTPM_BENCH_H

#include "tpm.h"

/* What set-ups keep in side.handle[]; all of it is flushed when a case ends. */
enum { KEY, KEY2, SESSION, SEQUENCE, HANDLES };

#define BLOBS	4

/**
 * struct side - one side of the comparison
 * @name: for messages
 * @run: runs one command; returns its response code
 * @cycle: off and on again; TPM2_Startup is due then
 * @rsp: the last response
 * @rsp_len: its bytes
 * @handle: what the case's set-up made
 * @nv: an NV index that the set-up made, or 0
 * @nv_hierarchy: who made it
 * @blob: bytes that a set-up keeps
 * @blob_len: of each
 * @count: of runs, for commands that may not be the same twice
 */
struct side {
	const char *name;
	u32 (*run)(struct side *s, const u8 *cmd, u32 len);
	void (*cycle)(void);
	u8 *rsp;
	u32 rsp_len;
	u32 handle[HANDLES];
	u32 nv;
	u32 nv_hierarchy;
	u8 blob[BLOBS][VTPM_MAX_COMMAND];
	u32 blob_len[BLOBS];
	u64 count;
};

extern struct side sides[2];	/* ours, libtpms */

void sides_start(void);

/**
 * struct bench - one case
 * @code: the command
 * @name: its name, and what is special about this case
 * @setup: makes what the command needs; may be NULL
 * @build: the command itself
 * @before: gets one run ready, not timed; may change the command; may be NULL
 * @after: undoes what one run did, not timed; may be NULL
 * @bar: most that ours / libtpms may be, besides the bar for all commands; 0: none
 * @mean_of: this many runs, and their mean instead of a median; 0: a median
 * @rc: what both answer: TPM_RC_SUCCESS, but where the platform has nothing to change
 */
struct bench {
	u32 code;
	const char *name;
	void (*setup)(struct side *s);
	void (*build)(struct side *s, struct cmd *c);
	void (*before)(struct side *s, struct cmd *c);
	void (*after)(struct side *s);
	double bar;
	unsigned int mean_of;
	u32 rc;
};

struct bench_group {
	const struct bench *row;
	unsigned int rows;
};

extern const struct bench_group bench_admin, bench_attest, bench_context, bench_crypto,
	bench_nv, bench_object, bench_pcr, bench_policy;

/* ---- kit.c: what set-ups are made of; each ends the program when it fails ---- */

void die(const struct side *s, const char *what, u32 rc);
void must(struct side *s, struct cmd *c, const char *what);	/* finish and run */
u32 response_handle(const struct side *s);
/* The response's parameters: behind its handle (@handle: it has one) and parameterSize. */
const u8 *response_params(const struct side *s, bool handle);
const u8 *after_2b(const u8 *p);
void keep(struct side *s, unsigned int blob, const u8 *p, u32 len);
void keep_2b(struct side *s, unsigned int blob, const u8 *p);	/* with its size field */
void put_blob(struct side *s, struct cmd *c, unsigned int blob);
void flush(struct side *s, u32 handle);
void flush_response(struct side *s);
void undefine(struct side *s);
void clean_up(struct side *s);

/**
 * struct template - a public area
 * @type: TPM_ALG_RSA, _ECC, _KEYEDHASH or _SYMCIPHER
 * @attrs: TPMA_OBJECT
 * @size: bits of an RSA or AES key, or the curve
 * @scheme: and its hash, SHA-256 where it takes one
 * @sym: a parent's AES-128 CFB
 */
struct template {
	u16 type;
	u32 attrs;
	u16 size;
	u16 scheme;
	bool sym;
};

#define USER		(TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_NODA)
#define FIXED		(TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT)
#define ORIGIN		TPMA_OBJECT_SENSITIVEDATAORIGIN

extern const struct template ecc_parent, rsa_parent, ecc_signer, ecc384_signer, ecc521_signer,
	rsa_signer, ecc_daa, ecc_agree, rsa_decrypt, hmac_key, aes_key, sealed;

void end_2b(struct cmd *c, u32 at);
/* TPM2B_PUBLIC; @policy: 32 bytes, or NULL */
void put_public(struct cmd *c, const struct template *t, const u8 *policy);
/* The parameters of TPM2_Create; @secret: 32 bytes are sealed */
void put_creation(struct cmd *c, const struct template *t, bool secret, const u8 *policy);
void build_primary(struct cmd *c, const struct template *t);
void primary(struct side *s, unsigned int handle, const struct template *t);
/* A child of KEY: its private and public parts in @blob. */
void create_child(struct side *s, unsigned int blob, const struct template *t, bool secret,
		  const u8 *policy);
void build_load(struct side *s, struct cmd *c, unsigned int blob);
void load_child(struct side *s, unsigned int handle, unsigned int blob);
void child(struct side *s, unsigned int handle, const struct template *t, bool secret);
void setup_parent(struct side *s);
void setup_signer(struct side *s);

void build_session(struct cmd *c, u8 type);
void setup_session(struct side *s);		/* SESSION: a policy session */
void session(struct side *s, u8 type);
void restart(struct side *s, struct cmd *c);	/* TPM2_PolicyRestart */
void policy_command_code(struct side *s, u32 code);
void command_code_policy(struct side *s, u32 code, u8 policy[32]);	/* its digest */

void build_sign(struct side *s, struct cmd *c, const u8 digest[32]);

#define NV_ORDINARY							\
	(TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE | TPMA_NV_AUTHREAD |	\
	 TPMA_NV_AUTHWRITE | TPMA_NV_NO_DA)
#define NV_INDEX	0x01000010

void build_define(struct cmd *c, u32 hierarchy, u32 attrs, u16 size, const u8 *policy);
void define(struct side *s, u32 attrs, u16 size);
void nv_write(struct side *s, const void *data, u16 size);

#endif /* VTPM_BENCH_H */
