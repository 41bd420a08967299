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

#endif /* VTPM_PROFILE_SUPPORT_H */
