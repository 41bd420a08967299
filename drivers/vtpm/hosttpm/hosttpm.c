// SPDX-License-Identifier: GPL-2.0-only
/*
 * Client of the host's TPM chip, through the kernel's own driver. <linux/tpm.h> is included
 * here alone: many of its names are those of the engine.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/tpm.h>

#include "../limits.h"
#include "hosttpm.h"

/* One bank into @bank, whose values have their place already. */
static int vtpm_read_bank(struct tpm_chip *chip, const struct tpm_bank_info *info,
			  struct vtpm_host_pcrs *bank, u8 *values)
{
	struct tpm_digest digest = { .alg_id = info->alg_id };
	unsigned int pcr;

	for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++) {
		if (tpm_pcr_read(chip, pcr, &digest))
			return -EIO;
		memcpy(values + pcr * info->digest_size, digest.digest, info->digest_size);
	}
	bank->alg = info->alg_id;
	bank->digest_size = info->digest_size;
	bank->count = VTPM_PCR_COUNT;
	bank->values = values;
	return 0;
}

/* The head, then the banks, then room for the longest values. */
static struct vtpm_host *vtpm_alloc_host(u32 banks)
{
	size_t head = sizeof(struct vtpm_host) + banks * sizeof(struct vtpm_host_pcrs);

	return kzalloc(head + (size_t)banks * VTPM_PCR_COUNT * TPM2_MAX_DIGEST_SIZE, GFP_KERNEL);
}

static struct vtpm_host *vtpm_read_chip(struct tpm_chip *chip)
{
	struct vtpm_host *host = vtpm_alloc_host(chip->nr_allocated_banks);
	struct vtpm_host_pcrs *banks = (struct vtpm_host_pcrs *)(host + 1);
	u8 *values = (u8 *)(banks + chip->nr_allocated_banks);
	u32 i;

	if (!host)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < chip->nr_allocated_banks; i++) {
		const struct tpm_bank_info *info = &chip->allocated_banks[i];

		if (!info->digest_size || info->digest_size > TPM2_MAX_DIGEST_SIZE)
			continue;
		if (vtpm_read_bank(chip, info, &banks[host->count], values)) {
			kfree(host);
			return ERR_PTR(-EIO);
		}
		host->count++;
		values += VTPM_PCR_COUNT * info->digest_size;
	}
	host->banks = banks;
	return host;
}

struct vtpm_host *vtpm_hosttpm_read(void)
{
	struct tpm_chip *chip = tpm_default_chip();
	struct vtpm_host *host = NULL;

	if (!chip)
		return NULL;
	if (tpm_is_tpm2(chip) > 0)
		host = vtpm_read_chip(chip);
	put_device(&chip->dev);
	if (IS_ERR_OR_NULL(host) || host->count)
		return host;
	vtpm_hosttpm_free(host);
	return NULL;
}

void vtpm_hosttpm_free(struct vtpm_host *host)
{
	kfree(host);
}
