/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A TPM in this process for the host tier: an instance as device/ would make
 * it, and a builder of raw commands.
 */
#ifndef VTPM_HOST_TPM_H
#define VTPM_HOST_TPM_H

#include "env.h"
#include "tpm2/tpm2.h"
#include "tpm2/const.h"
#include "crypto/crypto.h"

struct vtpm_matrix;

/**
 * struct host_tpm - an instance
 * @cancel: set to make long work stop
 * @heavy: how often the engine gave up the lock
 * @in_heavy: called (if set) while the lock is given up
 * @state_check: after each command the instance is made anew of its own state (T33);
 *	set by the environment's VTPM_STATE_CHECK. Pointers to objects and sessions, and to
 *	NV indices, do not outlive a command then
 * @running: commands under way; under @lock
 */
struct host_tpm {
	struct vt_mem mem;
	struct mutex lock;
	struct vtpm_matrix *matrix;
	struct tpm2 *t;
	struct tpm2_space *space;
	bool cancel;
	unsigned int heavy;
	void (*in_heavy)(struct host_tpm *h);
	u8 rsp[VTPM_MAX_COMMAND];
	u32 rsp_len;
	u8 locality;
	bool state_check;
	unsigned int running;
};

/* @policy NULL: an ordinary TPM. Started. Aborts the program when it cannot be made. */
void host_tpm_new(struct host_tpm *h, const char *policy);
struct tpm2_config host_tpm_config(struct host_tpm *h);
/* Checks that nothing is left allocated; returns the bytes that are. */
long host_tpm_free(struct host_tpm *h);
/* Runs raw bytes in a space; the response is in h->rsp. Returns its response code. */
u32 host_tpm_run_in(struct host_tpm *h, struct tpm2_space *s, const void *cmd, u32 len);
u32 host_tpm_run(struct host_tpm *h, const void *cmd, u32 len);

/* One command, to be given once. */
struct host_tpm_once {
	struct tpm2_space *space;
	const void *cmd;
	u32 len;
};

u32 host_tpm_once(struct host_tpm *h, const struct host_tpm_once *once);
/* When set, each command passes it instead: see reach.c, which may give it more than once. */
extern u32 (*host_tpm_trouble)(struct host_tpm *h, const struct host_tpm_once *once);
/* When set, called before and after each command; see canary.h. */
extern void (*host_tpm_before)(void);
extern void (*host_tpm_after)(struct host_tpm *h, struct tpm2_space *s);
/* Instances made from here on have no index of identity.h: for comparing with other TPMs. */
extern bool host_tpm_plain;
/* For a test that counts or fixes what failed attempts would change: clock, randomness, locks. */
extern bool host_tpm_calm;

/* ---- building commands ---- */

struct cmd {
	u8 buf[VTPM_MAX_COMMAND + 256];
	u32 len;
	u32 auth_at;	/* where authorizationSize is; 0: none */
};

void cmd_start(struct cmd *c, u16 tag, u32 code);
void cmd_u8(struct cmd *c, u8 v);
void cmd_u16(struct cmd *c, u16 v);
void cmd_u32(struct cmd *c, u32 v);
void cmd_u64(struct cmd *c, u64 v);
void cmd_bytes(struct cmd *c, const void *data, u32 len);
void cmd_2b(struct cmd *c, const void *data, u16 len);
void cmd_auths(struct cmd *c);			/* begins the authorization area */
void cmd_password(struct cmd *c, const char *password);	/* one session of it */
void cmd_session(struct cmd *c, u32 handle, u8 attrs);	/* likewise, empty nonce and HMAC */
void cmd_auths_end(struct cmd *c);
void cmd_finish(struct cmd *c);			/* sets the size */
u32 cmd_run(struct host_tpm *h, struct cmd *c);	/* finish and run */
/* Tag SESSIONS, the handles, one empty password for each: most commands begin so. */
void cmd_begin_pw(struct cmd *c, u32 code, unsigned int handles, unsigned int passwords, ...);

/* ---- reading responses ---- */

struct rsp {
	const u8 *p;
	u32 left;
	bool bad;
};

struct rsp rsp_params(struct host_tpm *h, u32 *handle);	/* @handle: when the command has one, else NULL */
u8 rsp_u8(struct rsp *r);
u16 rsp_u16(struct rsp *r);
u32 rsp_u32(struct rsp *r);
u64 rsp_u64(struct rsp *r);
const u8 *rsp_2b(struct rsp *r, u16 *len);
const u8 *rsp_bytes(struct rsp *r, u32 len);

/* ---- things many tests need; each returns the response code ---- */

u32 tpm_start_session(struct host_tpm *h, u8 type, u16 hash, u16 sym, u32 *handle);
u32 tpm_create_primary_ecc(struct host_tpm *h, u32 hierarchy, bool signing, u32 *handle);
u32 tpm_create_primary_rsa(struct host_tpm *h, u32 hierarchy, u32 *handle);
u32 tpm_flush(struct host_tpm *h, u32 handle);
u32 tpm_define_nv(struct host_tpm *h, u32 index);	/* ordinary, 8 bytes, for the owner */
struct tpm2_cmd;
/* Roles that only a policy fills: duplication, and the administration of an NV index. */
bool tpm_needs_policy(const struct tpm2_cmd *row);

#endif /* VTPM_HOST_TPM_H */
