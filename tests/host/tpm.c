// SPDX-License-Identifier: GPL-2.0-only
/* An instance and a command builder for the host tier. */
#include "tpm.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "key/key.h"
#include "policy/policy.h"
#include "property/property.h"
#include "state/state.h"
#include "tpm2/engine.h"

static void host_lock(void *ctx)
{
	struct host_tpm *h = ctx;

	mutex_lock(&h->lock);
}

static void host_unlock(void *ctx)
{
	struct host_tpm *h = ctx;

	h->heavy++;
	mutex_unlock(&h->lock);
	if (h->in_heavy)
		h->in_heavy(h);
}

static bool host_cancelled(void *ctx)
{
	struct host_tpm *h = ctx;

	return h->cancel;
}

static const struct tpm2_host host_ops = {
	.lock = host_lock,
	.unlock = host_unlock,
	.cancelled = host_cancelled,
};

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "host tpm: %s failed\n", what);
	abort();
}

bool host_tpm_plain;

struct tpm2_config host_tpm_config(struct host_tpm *h)
{
	return (struct tpm2_config){
		.host = &host_ops,
		.host_ctx = h,
		.pcr_ops = &vtpm_matrix_pcr_ops,
		.pcrs = h->matrix,
		.key_ops = &vt_key_software,
		.mem = &h->mem,
		.identity = host_tpm_plain ? NULL : vtpm_matrix_describe,
	};
}

void host_tpm_new(struct host_tpm *h, const char *policy)
{
	static bool ready;
	struct vtpm_text_error err = { 0 };
	struct vtpm_policy *p;
	struct tpm2_config cfg;

	memset(h, 0, sizeof(*h));
	mutex_init(&h->lock);
	h->state_check = !!getenv("VTPM_STATE_CHECK");
	if (!ready) {
		must(!vt_crypto_init(), "vt_crypto_init");
		must(!vtpm_property_init(), "vtpm_property_init");
		ready = true;
	}
	must(!vtpm_policy_parse(policy ? policy : "", policy ? strlen(policy) : 0, &h->mem, &p,
				&err),
	     err.reason);
	must(!vtpm_matrix_new(p, &h->mem, &h->matrix, &err), "vtpm_matrix_new");
	cfg = host_tpm_config(h);
	must(!tpm2_new(&cfg, &h->t), "tpm2_new");
	tpm2_power_on(h->t);
	must(!tpm2_startup(h->t), "tpm2_startup");
	h->space = tpm2_space_new(h->t);
	must(h->space, "tpm2_space_new");
}

long host_tpm_free(struct host_tpm *h)
{
	tpm2_space_free(h->space);
	tpm2_free(h->t);
	vtpm_matrix_free(h->matrix);
	return atomic_long_read(&h->mem.bytes);
}

/* Failures that a test injects are for the command alone. */
static void check_state(struct host_tpm *h)
{
	struct vtpm_rooms rooms = { .tpm = h->t, .matrix = h->matrix, .mem = &h->mem };
	struct tpm2_config cfg = host_tpm_config(h);
	long fail = vt_host_fail_alloc;
	int err;

	vt_host_fail_alloc = -1;
	err = vtpm_state_check(&rooms, &cfg);
	vt_host_fail_alloc = fail;
	if (err)
		fprintf(stderr, "host tpm: the state does not survive: %s\n", strerror(-err));
	must(!err, "vtpm_state_check");
}

u32 (*host_tpm_trouble)(struct host_tpm *h, const struct host_tpm_once *once);
void (*host_tpm_before)(void);
void (*host_tpm_after)(struct host_tpm *h, struct tpm2_space *s);
bool host_tpm_calm;

/* A command that runs while another has given up the lock must leave that one's things alone. */
u32 host_tpm_once(struct host_tpm *h, const struct host_tpm_once *once)
{
	u32 len = once->len;
	u8 *copy = malloc(len ? len : 1); /* of the exact size, so that ASan sees every overrun */

	memcpy(copy, once->cmd, len);
	memset(h->rsp, 0xee, sizeof(h->rsp));
	if (host_tpm_before)
		host_tpm_before();
	mutex_lock(&h->lock);
	h->running++;
	h->rsp_len = tpm2_execute(once->space, h->locality, copy, len, h->rsp);
	h->running--;
	if (h->state_check && !h->running)
		check_state(h);
	mutex_unlock(&h->lock);
	if (host_tpm_after)
		host_tpm_after(h, once->space);
	free(copy);
	must(h->rsp_len >= 10 && get_unaligned_be32(h->rsp + 2) == h->rsp_len, "response size");
	return get_unaligned_be32(h->rsp + 6);
}

u32 host_tpm_run_in(struct host_tpm *h, struct tpm2_space *s, const void *cmd, u32 len)
{
	struct host_tpm_once once = { .space = s, .cmd = cmd, .len = len };

	return (host_tpm_trouble ?: host_tpm_once)(h, &once);
}

u32 host_tpm_run(struct host_tpm *h, const void *cmd, u32 len)
{
	return host_tpm_run_in(h, h->space, cmd, len);
}

void cmd_bytes(struct cmd *c, const void *data, u32 len)
{
	must(len <= sizeof(c->buf) - c->len, "room for the command");
	if (len)
		memcpy(c->buf + c->len, data, len);
	c->len += len;
}

void cmd_u8(struct cmd *c, u8 v)
{
	cmd_bytes(c, &v, 1);
}

void cmd_u16(struct cmd *c, u16 v)
{
	u8 b[2];

	put_unaligned_be16(v, b);
	cmd_bytes(c, b, 2);
}

void cmd_u32(struct cmd *c, u32 v)
{
	u8 b[4];

	put_unaligned_be32(v, b);
	cmd_bytes(c, b, 4);
}

void cmd_u64(struct cmd *c, u64 v)
{
	cmd_u32(c, v >> 32);
	cmd_u32(c, (u32)v);
}

void cmd_2b(struct cmd *c, const void *data, u16 len)
{
	cmd_u16(c, len);
	cmd_bytes(c, data, len);
}

void cmd_start(struct cmd *c, u16 tag, u32 code)
{
	c->len = 0;
	c->auth_at = 0;
	cmd_u16(c, tag);
	cmd_u32(c, 0);
	cmd_u32(c, code);
}

void cmd_auths(struct cmd *c)
{
	c->auth_at = c->len;
	cmd_u32(c, 0);
}

void cmd_password(struct cmd *c, const char *password)
{
	cmd_u32(c, TPM_RS_PW);
	cmd_u16(c, 0);
	cmd_u8(c, TPMA_SESSION_CONTINUE);
	cmd_2b(c, password, strlen(password));
}

void cmd_session(struct cmd *c, u32 handle, u8 attrs)
{
	cmd_u32(c, handle);
	cmd_u16(c, 0);
	cmd_u8(c, attrs);
	cmd_u16(c, 0);
}

void cmd_auths_end(struct cmd *c)
{
	put_unaligned_be32(c->len - c->auth_at - 4, c->buf + c->auth_at);
}

void cmd_finish(struct cmd *c)
{
	put_unaligned_be32(c->len, c->buf + 2);
}

u32 cmd_run(struct host_tpm *h, struct cmd *c)
{
	cmd_finish(c);
	return host_tpm_run(h, c->buf, c->len);
}

void cmd_begin_pw(struct cmd *c, u32 code, unsigned int handles, unsigned int passwords, ...)
{
	va_list ap;

	cmd_start(c, passwords ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS, code);
	va_start(ap, passwords);
	while (handles--)
		cmd_u32(c, va_arg(ap, u32));
	va_end(ap);
	if (!passwords)
		return;
	cmd_auths(c);
	while (passwords--)
		cmd_password(c, "");
	cmd_auths_end(c);
}

struct rsp rsp_params(struct host_tpm *h, u32 *handle)
{
	struct rsp r = { .p = h->rsp + 10, .left = h->rsp_len - 10 };

	if (handle)
		*handle = rsp_u32(&r);
	if (get_unaligned_be16(h->rsp) == TPM_ST_SESSIONS) {
		u32 size = rsp_u32(&r);

		must(size <= r.left, "parameterSize");
		r.left = size;
	}
	return r;
}

const u8 *rsp_bytes(struct rsp *r, u32 len)
{
	static const u8 nothing[VTPM_MAX_COMMAND];
	const u8 *p = r->p;

	if (r->bad || len > r->left) {
		r->bad = true;
		return nothing;
	}
	r->p += len;
	r->left -= len;
	return p;
}

u8 rsp_u8(struct rsp *r)
{
	return *rsp_bytes(r, 1);
}

u16 rsp_u16(struct rsp *r)
{
	return get_unaligned_be16(rsp_bytes(r, 2));
}

u32 rsp_u32(struct rsp *r)
{
	return get_unaligned_be32(rsp_bytes(r, 4));
}

u64 rsp_u64(struct rsp *r)
{
	return get_unaligned_be64(rsp_bytes(r, 8));
}

const u8 *rsp_2b(struct rsp *r, u16 *len)
{
	*len = rsp_u16(r);
	return rsp_bytes(r, *len);
}

u32 tpm_start_session(struct host_tpm *h, u8 type, u16 hash, u16 sym, u32 *handle)
{
	static const u8 nonce[16] = { 1, 2, 3 };
	struct cmd c;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_StartAuthSession);
	cmd_u32(&c, TPM_RH_NULL);
	cmd_u32(&c, TPM_RH_NULL);
	cmd_2b(&c, nonce, sizeof(nonce));
	cmd_u16(&c, 0);
	cmd_u8(&c, type);
	cmd_u16(&c, sym);
	if (sym == TPM_ALG_AES) {
		cmd_u16(&c, 128);
		cmd_u16(&c, TPM_ALG_CFB);
	} else if (sym == TPM_ALG_XOR) {
		cmd_u16(&c, TPM_ALG_SHA256);
	}
	cmd_u16(&c, hash);
	rc = cmd_run(h, &c);
	if (!rc)
		rsp_params(h, handle);
	return rc;
}

#define STORAGE_ATTRS                                                                       \
	(TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_SENSITIVEDATAORIGIN | \
	 TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_NODA | TPMA_OBJECT_RESTRICTED |             \
	 TPMA_OBJECT_DECRYPT)
#define SIGN_ATTRS                                                                          \
	(TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_SENSITIVEDATAORIGIN | \
	 TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_NODA | TPMA_OBJECT_SIGN)

static void primary_head(struct cmd *c, u32 hierarchy)
{
	cmd_begin_pw(c, TPM_CC_CreatePrimary, 1, 1, hierarchy);
	cmd_u16(c, 4);		/* inSensitive: no auth, no data */
	cmd_u16(c, 0);
	cmd_u16(c, 0);
}

static u32 primary_tail(struct host_tpm *h, struct cmd *c, u32 *handle)
{
	u32 rc;

	cmd_u16(c, 0);		/* outsideInfo */
	cmd_u32(c, 0);		/* creationPCR */
	rc = cmd_run(h, c);
	if (!rc)
		rsp_params(h, handle);
	return rc;
}

u32 tpm_create_primary_ecc(struct host_tpm *h, u32 hierarchy, bool signing, u32 *handle)
{
	struct cmd c;
	u32 at;

	primary_head(&c, hierarchy);
	at = c.len;
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_ECC);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u32(&c, signing ? SIGN_ATTRS : STORAGE_ATTRS);
	cmd_u16(&c, 0);
	if (signing) {
		cmd_u16(&c, TPM_ALG_NULL);
	} else {
		cmd_u16(&c, TPM_ALG_AES);
		cmd_u16(&c, 128);
		cmd_u16(&c, TPM_ALG_CFB);
	}
	cmd_u16(&c, TPM_ALG_NULL);	/* scheme */
	cmd_u16(&c, TPM_ECC_NIST_P256);
	cmd_u16(&c, TPM_ALG_NULL);	/* kdf */
	cmd_u16(&c, 0);
	cmd_u16(&c, 0);
	put_unaligned_be16(c.len - at - 2, c.buf + at);
	return primary_tail(h, &c, handle);
}

u32 tpm_create_primary_rsa(struct host_tpm *h, u32 hierarchy, u32 *handle)
{
	struct cmd c;
	u32 at;

	primary_head(&c, hierarchy);
	at = c.len;
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_RSA);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u32(&c, STORAGE_ATTRS);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_AES);
	cmd_u16(&c, 128);
	cmd_u16(&c, TPM_ALG_CFB);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u16(&c, 2048);
	cmd_u32(&c, 0);
	cmd_u16(&c, 0);
	put_unaligned_be16(c.len - at - 2, c.buf + at);
	return primary_tail(h, &c, handle);
}

u32 tpm_flush(struct host_tpm *h, u32 handle)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_FlushContext);
	cmd_u32(&c, handle);
	return cmd_run(h, &c);
}

u32 tpm_define_nv(struct host_tpm *h, u32 index)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_NV_DefineSpace, 1, 1, TPM_RH_OWNER);
	cmd_u16(&c, 0);
	cmd_u16(&c, 14);
	cmd_u32(&c, index);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u32(&c, TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE | TPMA_NV_NO_DA);
	cmd_u16(&c, 0);
	cmd_u16(&c, 8);
	return cmd_run(h, &c);
}

bool tpm_needs_policy(const struct tpm2_cmd *row)
{
	unsigned int i;

	for (i = 0; i < row->n_handles; i++)
		if (row->roles[i] == ROLE_DUP ||
		    (row->roles[i] == ROLE_ADMIN && row->handles[i] == HC_NV))
			return true;
	return false;
}
