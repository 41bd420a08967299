// SPDX-License-Identifier: GPL-2.0-only
/* Provider "hash": the TCG's extend. With this one alone an instance is an ordinary TPM 2.0. */
#include "property.h"
#include "digest.h"
#include "../crypto/crypto.h"

static void extend(const struct vt_hash_alg *alg, u8 *vpcr, const void *data, size_t len)
{
	u8 both[2 * VT_MAX_DIGEST];

	vtpm_copy_digest(both, vpcr, alg->digest_size);
	vtpm_copy_digest(both + alg->digest_size, data, len);
	vt_hash(alg, both, alg->digest_size + len, vpcr);
}

void vtpm_hash_extend(const struct vt_hash_alg *alg, u8 *vpcr, const u8 *digest)
{
	extend(alg, vpcr, digest, alg->digest_size);
}

int vtpm_vpcr_hash(u16 alg, u8 *vpcr, const void *data, size_t len)
{
	const struct vt_hash_alg *h = vt_hash_find(alg);

	if (!h || len > VT_MAX_DIGEST)
		return -EINVAL;
	extend(h, vpcr, data, len);
	return 0;
}
EXPORT_SYMBOL_GPL(vtpm_vpcr_hash);

unsigned int vtpm_digest_size(u16 alg)
{
	const struct vt_hash_alg *h = vt_hash_find(alg);

	return h ? h->digest_size : 0;
}
EXPORT_SYMBOL_GPL(vtpm_digest_size);

int vtpm_hash_translate(void *priv __always_unused, u16 alg, unsigned int pcr __always_unused,
			const u8 *m, u8 *vpcr)
{
	vtpm_hash_extend(vt_hash_find(alg), vpcr, m);
	return 0;
}

const struct vtpm_provider vtpm_hash_provider = {
	.name		= "hash",
	.api_version	= VTPM_PROVIDER_API,
	.translate	= vtpm_hash_translate,
};
