/* SPDX-License-Identifier: GPL-2.0-only */
/* An instance under a profile that a test changes as it goes. */
#ifndef VTPM_PROFILE_SUPPORT_H
#define VTPM_PROFILE_SUPPORT_H

#include "tpm.h"
#include "policy/policy.h"
#include "property/property.h"

/* Everything is allowed in it. It is in no text, so that the instance's state has it not. */
static inline struct tpm2_profile *profile_of(struct host_tpm *h)
{
	struct vtpm_policy *p = (struct vtpm_policy *)vtpm_matrix_policy(h->matrix);

	h->state_check = false;
	if (!p->profile)
		p->profile = vt_alloc(&h->mem, sizeof(*p->profile));
	tpm2_profile_all(p->profile);
	return p->profile;
}

static inline u32 capability(struct host_tpm *h, u32 cap, u32 first, u32 count, struct rsp *r)
{
	struct cmd c;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
	cmd_u32(&c, cap);
	cmd_u32(&c, first);
	cmd_u32(&c, count);
	rc = cmd_run(h, &c);
	if (rc)
		return rc;
	*r = rsp_params(h, NULL);
	rsp_u8(r);
	rsp_u32(r);
	return 0;
}

static inline u32 property(struct host_tpm *h, u32 tag)
{
	struct rsp r;

	if (capability(h, TPM_CAP_TPM_PROPERTIES, tag, 1, &r) || rsp_u32(&r) != 1 ||
	    rsp_u32(&r) != tag)
		return 0xdeadbeef;
	return rsp_u32(&r);
}

static inline u32 hash(struct host_tpm *h, u16 id)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_Hash);
	cmd_2b(&c, "abc", 3);
	cmd_u16(&c, id);
	cmd_u32(&c, TPM_RH_NULL);
	return cmd_run(h, &c);
}

#endif /* VTPM_PROFILE_SUPPORT_H */
