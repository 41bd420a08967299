// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host's PCRs in the matrix. What the providers make of them is computed when the
 * power comes on, where that may fail, and put in place by TPM2_Startup, where it
 * cannot.
 */
#include "matrix.h"

/* A copy in one piece: the head, then the banks, then their values. NULL: no memory. */
static struct vtpm_host *copy_host(struct vt_mem *mem, const struct vtpm_host *host)
{
	size_t size = sizeof(*host) + host->count * sizeof(*host->banks);
	struct vtpm_host_pcrs *banks;
	struct vtpm_host *copy;
	u8 *at;
	u32 i;

	for (i = 0; i < host->count; i++)
		size += (size_t)host->banks[i].count * host->banks[i].digest_size;
	copy = vt_alloc(mem, size);
	if (!copy)
		return NULL;
	banks = (struct vtpm_host_pcrs *)(copy + 1);
	at = (u8 *)(banks + host->count);
	for (i = 0; i < host->count; i++) {
		size_t bytes = (size_t)host->banks[i].count * host->banks[i].digest_size;

		banks[i] = host->banks[i];
		banks[i].values = at;
		memcpy(at, host->banks[i].values, bytes);
		at += bytes;
	}
	copy->count = host->count;
	copy->banks = banks;
	return copy;
}

static bool maps(const struct vtpm_matrix *m)
{
	unsigned int i;

	for (i = 0; i < m->providers; i++)
		if (m->vector[i].opened && m->vector[i].is->ops->init_vpcrs)
			return true;
	return false;
}

static void start_values(u8 *values, size_t digest_size)
{
	unsigned int pcr;

	for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++)
		memset(values + pcr * digest_size, tpm2_pcr_start(pcr), digest_size);
}

static int map_vector(const struct vector *v, const struct vtpm_host *host, u32 banks, u8 *values)
{
	unsigned int i;
	int rc = 0;

	for (i = 0; i < VTPM_MAX_BANKS && !rc; i++) {
		const struct vt_hash_alg *alg = &vt_hash_algs[i];

		if (!(banks & BIT(i)))
			continue;
		start_values(values, alg->digest_size);
		if (v->is->ops->init_vpcrs)
			rc = v->is->ops->init_vpcrs(v->priv, host, alg->id, VTPM_PCR_COUNT, values);
		values += (size_t)VTPM_PCR_COUNT * alg->digest_size;
	}
	return rc;
}

int vtpm_matrix_map(const struct vtpm_matrix *m, const struct vtpm_host *host, u32 banks,
		    size_t size, u8 **mapped)
{
	unsigned int i;
	u8 *values;

	*mapped = NULL;
	if (!maps(m))
		return 0;
	values = vt_alloc(m->mem, size * m->providers);
	if (!values)
		return -ENOMEM;
	for (i = 0; i < m->providers; i++)
		if (map_vector(&m->vector[i], host, banks, values + i * size)) {
			vt_free(m->mem, values);
			return -ENOMEM;
		}
	*mapped = values;
	return 0;
}

bool vtpm_matrix_wants_host(const struct vtpm_matrix *m)
{
	return m->policy->host_required || maps(m);
}

int vtpm_matrix_set_host(struct vtpm_matrix *m, const struct vtpm_host *host)
{
	struct vtpm_host *copy = NULL;
	u8 *mapped;

	if (host) {
		copy = copy_host(m->mem, host);
		if (!copy)
			return -ENOMEM;
	}
	if (vtpm_matrix_map(m, copy, m->filter.banks, m->size, &mapped)) {
		vt_free(m->mem, copy);
		return -ENOMEM;
	}
	vt_free(m->mem, m->host);
	vt_free(m->mem, m->mapped);
	m->host = copy;
	m->mapped = mapped;
	return 0;
}

const struct vtpm_host *vtpm_matrix_host(const struct vtpm_matrix *m)
{
	return m->host;
}
