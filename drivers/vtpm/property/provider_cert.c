// SPDX-License-Identifier: GPL-2.0-only
/*
 * Provider "certificate": property certificates. A measurement that a signed
 * manifest lists goes into the vPCR as who vouches for it (represent=key) or
 * as what it is vouched to be (represent=property), hence with the same value
 * for all versions of a program that have the property. One that no manifest
 * lists goes in as zeros. With party=NAME only manifests of that party count.
 *
 * Manifests come and go, and what has gone into a vPCR stays: the measurement log
 * has it where it is not zeros.
 */
#include "property.h"
#include "certs.h"
#include "../crypto/crypto.h"

enum { OPTION_REPRESENT, OPTION_PARTY };

const char *const vtpm_represent_values[] = {
	[VTPM_REPRESENT_KEY]		= "key",
	[VTPM_REPRESENT_PROPERTY]	= "property",
	NULL
};

static const struct vtpm_option_desc certificate_options[] = {
	[OPTION_REPRESENT]	= { "represent", vtpm_represent_values },
	[OPTION_PARTY]		= { "party", NULL },
};

/* ---- of all providers that ask for certificates ---- */

int vtpm_certified_open(const struct vtpm_option *options, unsigned int represent,
			unsigned int party, struct vt_mem *mem, void **priv)
{
	struct vtpm_certified *c = vt_alloc(mem, sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->mem = mem;
	c->options = options;
	c->represent = represent;
	c->party = party;
	*priv = c;
	return 0;
}

void vtpm_certified_close(void *priv)
{
	struct vtpm_certified *c = priv;

	vt_free(c->mem, c);
}

void vtpm_certified_expect(void *priv __always_unused, u16 alg, const u8 *m)
{
	vtpm_cert_expect(alg, m);
}

int vtpm_certified_translate(void *priv, u16 alg, unsigned int pcr __always_unused, const u8 *m,
			     u8 *vpcr)
{
	const struct vt_hash_alg *h = vt_hash_find(alg);
	struct vtpm_certified *c = priv;
	unsigned int bank = h - vt_hash_algs;
	u8 *rep = c->rep[bank];

	c->found |= BIT(bank);
	if (vtpm_cert_lookup(alg, m, c->options[c->party].value, c->options[c->represent].number,
			     rep)) {
		c->found &= ~BIT(bank);
		memset(rep, 0, sizeof(c->rep[bank]));
	}
	vtpm_hash_extend(h, vpcr, rep);
	return 0;
}

const u8 *vtpm_certified_instead(void *priv, u16 alg)
{
	const struct vtpm_certified *c = priv;
	unsigned int bank = vt_hash_find(alg) - vt_hash_algs;

	return c->found & BIT(bank) ? c->rep[bank] : NULL;
}

/* ---- this one ---- */

static int certificate_open(const struct vtpm_option *options, struct vt_mem *mem, void **priv)
{
	return vtpm_certified_open(options, OPTION_REPRESENT, OPTION_PARTY, mem, priv);
}

const struct vtpm_provider vtpm_certificate_provider = {
	.name		= "certificate",
	.api_version	= VTPM_PROVIDER_API,
	.options	= certificate_options,
	.option_count	= ARRAY_SIZE(certificate_options),
	.open		= certificate_open,
	.close		= vtpm_certified_close,
	.expect		= vtpm_certified_expect,
	.translate	= vtpm_certified_translate,
	.instead	= vtpm_certified_instead,
};
