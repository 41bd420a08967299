/* SPDX-License-Identifier: GPL-2.0-only */
/* An instance with something of every kind, for the tests of threats. */
#ifndef VTPM_THREATS_SUPPORT_H
#define VTPM_THREATS_SUPPORT_H

#include "test.h"
#include "tpm.h"
#include "tpm2/engine.h"

static struct host_tpm tpm;

/*
 * What the cases below need beside the hierarchies: an object, an NV index, a policy session, a
 * crypting session.
 */
struct props {
	u32 object;
	u32 nv;
	u32 policy;
	u32 crypt;
};

static inline void set_up(struct props *p, u16 sym)
{
	host_tpm_new(&tpm, NULL);
	if (!p)
		return;
	EXPECT_EQ(tpm_create_primary_ecc(&tpm, TPM_RH_OWNER, false, &p->object), 0);
	p->nv = HR_NV_INDEX + 1;
	EXPECT_EQ(tpm_define_nv(&tpm, p->nv), 0);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_NULL, &p->policy),
		  0);
	EXPECT_EQ(tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, sym, &p->crypt), 0);
}

static inline void tear_down(void)
{
	long left = host_tpm_free(&tpm);

	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

/* A handle that the place accepts; 0xffffffff when there is none to be had. */
static inline u32 some_handle(const struct props *p, u16 classes)
{
	if (classes & HC_OBJECT)
		return p->object;
	if (classes & HC_POLICY)
		return p->policy;
	if (classes & HC_LOCKOUT)
		return TPM_RH_LOCKOUT;
	if (classes == HC_ACT)
		return TPM_RH_ACT_0;
	if (classes & HC_OWNER)
		return TPM_RH_OWNER;
	if (classes & HC_NV)
		return p->nv;
	if (classes & HC_PLATFORM)
		return TPM_RH_PLATFORM;
	if (classes & HC_ENDORSEMENT)
		return TPM_RH_ENDORSEMENT;
	if (classes & HC_HMAC)
		return p->crypt;
	return classes & HC_PCR ? 0 : 0xffffffff;
}

/* Header, handles, passwords where needed, and one more session. Returns that session's number. */
static inline unsigned int start_with_session(struct cmd *c, const struct tpm2_cmd *row,
					      const struct props *p, u8 attrs)
{
	unsigned int i, n = 1;

	cmd_start(c, TPM_ST_SESSIONS, row->code);
	for (i = 0; i < row->n_handles; i++)
		cmd_u32(c, some_handle(p, row->handles[i]));
	cmd_auths(c);
	for (i = 0; i < row->n_handles; i++) {
		if (row->roles[i] == ROLE_NONE)
			continue;
		cmd_password(c, "");
		n++;
	}
	cmd_session(c, p->crypt, attrs | TPMA_SESSION_CONTINUE);
	cmd_auths_end(c);
	return n;
}

static inline u32 with_session(tpm_rc rc, unsigned int n)
{
	return (__force u32)tpm2_session_rc(rc, n);
}

#endif /* VTPM_THREATS_SUPPORT_H */
