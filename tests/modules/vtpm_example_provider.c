// SPDX-License-Identifier: GPL-2.0-only
/*
 * An example of a property provider in a module of its own, and a test of what such modules
 * can do: provider "distinct". Its vPCRs are extended as the TCG has it, but what arrives
 * again behind itself counts once:
 *
 *	vPCR = H(vPCR || m), or as it was if m is what came last
 *
 * With pcrs=LIST it is so in these PCRs, and others are as provider "hash" has them.
 */
#include <linux/module.h>
#include <linux/string.h>
#include <linux/vtpm.h>

#define PCRS		24
#define BANKS		4
#define MAX_DIGEST	64

/**
 * struct last - what came last in one PCR of one bank
 * @alg: the bank; 0: nothing has come
 * @m: the measurement
 */
struct last {
	u16 alg;
	u8 m[MAX_DIGEST];
};

/**
 * struct distinct - what the provider keeps for one instance
 * @mem: for its memory
 * @options: as the policy has them
 * @last: by PCR; banks in the order in which something came
 */
struct distinct {
	struct vt_mem *mem;
	const struct vtpm_option *options;
	struct last last[PCRS][BANKS];
};

static const struct vtpm_option_desc distinct_options[] = {
	{ .name = "pcrs", .kind = VTPM_OPTION_PCRS, .required = true },
};

static int distinct_open(const struct vtpm_option *options, struct vt_mem *mem, void **priv)
{
	struct distinct *d = vtpm_provider_alloc(mem, sizeof(*d));

	if (!d)
		return -ENOMEM;
	d->mem = mem;
	d->options = options;
	*priv = d;
	return 0;
}

static void distinct_close(void *priv)
{
	struct distinct *d = priv;

	vtpm_provider_free(d->mem, d);
}

/* The one of @alg, or the first that is free: there are as many as banks. */
static struct last *last_of(struct distinct *d, unsigned int pcr, u16 alg)
{
	struct last *l = d->last[pcr];

	while (l->alg && l->alg != alg && l < &d->last[pcr][BANKS - 1])
		l++;
	return l;
}

/* No effect but on @vpcr: what came last is noted when all providers have agreed. */
static int distinct_translate(void *priv, u16 alg, unsigned int pcr, const u8 *m, u8 *vpcr)
{
	struct distinct *d = priv;
	const struct last *l = last_of(d, pcr, alg);
	size_t size = vtpm_digest_size(alg);

	if (d->options[0].number & BIT(pcr) && l->alg == alg && !memcmp(l->m, m, size))
		return 0;
	return vtpm_vpcr_hash(alg, vpcr, m, size);
}

static void distinct_extended(void *priv, u16 alg, unsigned int pcr, const u8 *m, const u8 *vpcr)
{
	struct last *l = last_of(priv, pcr, alg);

	l->alg = alg;
	memcpy(l->m, m, vtpm_digest_size(alg));
}

static void distinct_reset(void *priv, unsigned int pcr)
{
	struct distinct *d = priv;

	memset(d->last[pcr], 0, sizeof(d->last[pcr]));
}

/* For each of @last: the bank, big-endian, then the measurement with zeros behind it. */
#define SAVED	(PCRS * BANKS * (2 + MAX_DIGEST))

static size_t distinct_save(void *priv, u8 *buf, size_t room)
{
	const struct distinct *d = priv;
	const struct last *l = d->last[0];
	unsigned int i;

	for (i = 0; i < PCRS * BANKS && room >= SAVED; i++, l++) {
		*buf++ = l->alg >> 8;
		*buf++ = l->alg;
		memcpy(buf, l->m, MAX_DIGEST);
		buf += MAX_DIGEST;
	}
	return SAVED;
}

static int distinct_load(void *priv, const u8 *buf, size_t len)
{
	struct distinct *d = priv;
	struct last *l = d->last[0];
	unsigned int i;

	if (len != SAVED)
		return -EBADMSG;
	for (i = 0; i < PCRS * BANKS; i++, l++) {
		l->alg = buf[0] << 8 | buf[1];
		if (l->alg && !vtpm_digest_size(l->alg))
			return -EBADMSG;
		memcpy(l->m, buf + 2, MAX_DIGEST);
		buf += 2 + MAX_DIGEST;
	}
	return 0;
}

static const struct vtpm_provider distinct = {
	.name = "distinct",
	.owner = THIS_MODULE,
	.api_version = VTPM_PROVIDER_API,
	.options = distinct_options,
	.option_count = ARRAY_SIZE(distinct_options),
	.open = distinct_open,
	.close = distinct_close,
	.translate = distinct_translate,
	.extended = distinct_extended,
	.reset = distinct_reset,
	.save = distinct_save,
	.load = distinct_load,
};

static int __init distinct_init(void)
{
	return vtpm_provider_register(&distinct);
}

static void __exit distinct_exit(void)
{
	vtpm_provider_unregister(&distinct);
}

module_init(distinct_init);
module_exit(distinct_exit);

MODULE_DESCRIPTION("Example of a property provider for vtpm");
MODULE_AUTHOR("The vtpm project");
MODULE_LICENSE("GPL");
