/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sealed objects whose auth values and policies sessions are tried on. Keys and
 * HMACs come from session_support.h.
 */
#ifndef VTPM_SEALED_SUPPORT_H
#define VTPM_SEALED_SUPPORT_H

#include "timed_support.h"

#define ENC	TPMA_SESSION_ENCRYPT
#define DEC	TPMA_SESSION_DECRYPT
#define AUTH	"opensesame"
#define FAIL	SESS(TPM_RC_AUTH_FAIL, 1)

static const char sealed[] = "sealed";

/* A sealed object with a policy, or none (NULL) */
static inline u32 make_sealed(u32 attrs, const char *auth, u16 auth_len, const u8 *policy,
			      u32 *handle)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_CreatePrimary, 1, 1, TPM_RH_PLATFORM);
	cmd_u16(&c, 4 + auth_len + sizeof(sealed));
	cmd_2b(&c, auth, auth_len);
	cmd_2b(&c, sealed, sizeof(sealed));
	return create_sealed(&c, TPM_ALG_SHA256, attrs, policy, policy ? 32 : 0, handle);
}

static inline u32 failed_tries(void)
{
	struct cmd c;
	struct rsp r;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
	cmd_u32(&c, 6);			/* TPM_CAP_TPM_PROPERTIES */
	cmd_u32(&c, 0x20e);		/* TPM_PT_LOCKOUT_COUNTER */
	cmd_u32(&c, 1);
	if (cmd_run(&tpm, &c))
		return 0xffffffff;
	r = rsp_params(&tpm, NULL);
	rsp_bytes(&r, 1 + 4 + 4 + 4);
	return rsp_u32(&r);
}

static inline u32 unseal_pw(u32 handle, const char *auth)
{
	return unseal(&tpm, handle, auth, NULL);
}

static inline u32 unseal_with(u32 handle, struct session *s, const char *auth, bool spoil)
{
	struct request q;

	request_new(&q, TPM_CC_Unseal, 1, handle, 0);
	request_use(&q, s, 0, auth)->spoil = spoil;
	return request_run(&tpm, &q);
}

static inline u32 change_auth(u32 who, struct session *s, const char *old, const char *new,
			      bool bound)
{
	struct request q;
	struct use *u;

	request_new(&q, TPM_CC_HierarchyChangeAuth, 1, who, 0);
	cmd_2b(&q.params, new, strlen(new));
	u = request_use(&q, s, s->sym == TPM_ALG_NULL ? 0 : DEC, old);
	u->rsp_auth = new;
	u->bound = bound;
	return request_run(&tpm, &q);
}

static inline u32 extra_session(struct session *s, bool spoil)
{
	struct request q;

	request_new(&q, TPM_CC_GetRandom, 0, 0, 0);
	cmd_u16(&q.params, 8);
	request_use(&q, s, ENC, NULL)->spoil = spoil;
	return request_run(&tpm, &q);
}

#endif /* VTPM_SEALED_SUPPORT_H */
