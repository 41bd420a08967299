// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrix of vPCRs: a vector for each provider and active bank.
 *
 * An extend goes to every provider; a reading goes through the filter to one.
 * New values are computed aside and then put in place together, so that a
 * provider that fails leaves no trace in the others.
 */
#include "property.h"
#include "digest.h"
#include "filter.h"
#include "../crypto/crypto.h"
#include "../policy/text.h"
#include "../tpm2/types.h"

/**
 * struct vector - the vPCRs of one provider
 * @is: the provider and its options, copied because policies come and go; the
 *	reference to the provider is the policy's
 * @opened: @close is due
 * @priv: the provider's own
 * @bank: for each active bank VTPM_PCR_COUNT digests, in the matrix's @values
 * @next: for each bank the value that an extend under way has computed
 */
struct vector {
	struct vtpm_policy_provider is;
	bool opened;
	void *priv;
	u8 *bank[VTPM_MAX_BANKS];
	u8 next[VTPM_MAX_BANKS][VT_MAX_DIGEST];
};

/**
 * struct vtpm_matrix - the vPCRs of one instance; all under the instance's lock
 * @policy: always names exactly the providers of @vector
 * @mem: for allocations
 * @filter: the way to @policy's rules
 * @identity: whose vPCRs
 * @pcrs: for each bank the PCRs that it has, bit by bit; 0 where it is not active
 * @values: all vPCRs, the vectors one after another
 * @size: bytes of one vector, all banks
 * @providers: how many vectors; does not change
 * @vector: in the order of the first policy's providers
 */
struct vtpm_matrix {
	struct vtpm_policy *policy;
	struct vt_mem *mem;
	struct vtpm_filter filter;
	struct vtpm_identity identity;
	u32 pcrs[VTPM_MAX_BANKS];
	u8 *values;
	size_t size;
	unsigned int providers;
	struct vector vector[];
};

#define ALL_PCRS	((u32)BIT(VTPM_PCR_COUNT) - 1)

/* ---- making and freeing ---- */

static void copy_options(struct vector *v, const struct vtpm_policy_provider *from)
{
	u32 i;

	v->is = *from;
	for (i = 0; i < from->ops->option_count; i++)
		if (!from->ops->options[i].values)
			v->is.option[i].value = v->is.value[i];
}

static int open_vector(struct vector *v, const struct vtpm_policy_provider *from,
		       struct vtpm_text_error *err)
{
	int rc = 0;

	copy_options(v, from);
	if (v->is.ops->open)
		rc = v->is.ops->open(v->is.option, &v->priv);
	if (rc == -EINVAL)
		return vtpm_text_fail_at(err, from->line, from->column,
					 "provider \"%s\" does not take these options",
					 v->is.ops->name);
	if (rc)
		return -ENOMEM;
	v->opened = true;
	return 0;
}

static size_t vector_size(u32 banks)
{
	size_t size = 0;
	unsigned int i;

	for (i = 0; i < VTPM_MAX_BANKS; i++)
		if (banks & BIT(i))
			size += (size_t)VTPM_PCR_COUNT * vt_hash_algs[i].digest_size;
	return size;
}

static void place_vector(struct vector *v, u32 banks, u8 *at)
{
	unsigned int i;

	for (i = 0; i < VTPM_MAX_BANKS; i++) {
		v->bank[i] = NULL;
		if (!(banks & BIT(i)))
			continue;
		v->bank[i] = at;
		at += (size_t)VTPM_PCR_COUNT * vt_hash_algs[i].digest_size;
	}
}

/* Room for all vectors with these PCRs, zeroed; what there was is wiped. */
static int set_pcrs(struct vtpm_matrix *m, const u32 pcrs[VTPM_MAX_BANKS])
{
	u32 banks = 0;
	size_t size;
	unsigned int i;
	u8 *values;

	for (i = 0; i < VTPM_MAX_BANKS; i++)
		banks |= pcrs[i] ? BIT(i) : 0;
	size = vector_size(banks);
	values = vt_alloc(m->mem, size * m->providers);
	if (!values)
		return -ENOMEM;
	vt_free(m->mem, m->values);
	m->values = values;
	m->size = size;
	m->filter.banks = banks;
	memcpy(m->pcrs, pcrs, sizeof(m->pcrs));
	for (i = 0; i < m->providers; i++)
		place_vector(&m->vector[i], banks, values + i * size);
	return 0;
}

static struct vtpm_matrix *alloc_matrix(const struct vtpm_policy *policy, struct vt_mem *mem)
{
	struct vtpm_matrix *m = vt_alloc(mem, struct_size(m, vector, policy->providers));
	u32 pcrs[VTPM_MAX_BANKS];
	unsigned int i;

	if (!m)
		return NULL;
	m->mem = mem;
	m->providers = policy->providers;
	for (i = 0; i < VTPM_MAX_BANKS; i++)
		pcrs[i] = policy->banks & BIT(i) ? ALL_PCRS : 0;
	if (set_pcrs(m, pcrs)) {
		vt_free(mem, m);
		return NULL;
	}
	return m;
}

static int open_matrix(struct vtpm_matrix *m, const struct vtpm_policy *policy,
		       struct vtpm_text_error *err)
{
	u8 map[VTPM_MAX_PROVIDERS];
	unsigned int i;
	int rc;

	for (i = 0; i < m->providers; i++) {
		map[i] = i;
		rc = open_vector(&m->vector[i], policy->provider[i], err);
		if (rc)
			return rc;
	}
	vtpm_filter_compile(&m->filter, policy, map);
	return vtpm_matrix_init_vpcrs(m, NULL);
}

int vtpm_matrix_new(struct vtpm_policy *policy, struct vt_mem *mem, struct vtpm_matrix **matrix,
		    struct vtpm_text_error *err)
{
	struct vtpm_matrix *m = alloc_matrix(policy, mem);
	int rc;

	if (!m)
		return -ENOMEM;
	rc = open_matrix(m, policy, err);
	if (rc) {
		vtpm_matrix_free(m);
		return rc;
	}
	vtpm_identity_new(&m->identity);
	m->policy = policy;
	*matrix = m;
	return 0;
}

void vtpm_matrix_free(struct vtpm_matrix *m)
{
	unsigned int i;

	if (!m)
		return;
	for (i = 0; i < m->providers; i++) {
		struct vector *v = &m->vector[i];

		if (v->opened && v->is.ops->close)
			v->is.ops->close(v->priv);
	}
	vtpm_policy_free(m->mem, m->policy);
	vt_free(m->mem, m->values);
	vt_free(m->mem, m);
}

/* ---- another policy ---- */

static bool same_options(const struct vector *v, const struct vtpm_policy_provider *e)
{
	u32 i;

	for (i = 0; i < e->ops->option_count; i++)
		if (strcmp(v->is.option[i].value, e->option[i].value))
			return false;
	return true;
}

static int find_vector(const struct vtpm_matrix *m, const struct vtpm_policy_provider *e,
		       struct vtpm_text_error *err, u8 *index)
{
	unsigned int i;

	for (i = 0; i < m->providers; i++)
		if (m->vector[i].is.ops == e->ops)
			break;
	if (i == m->providers)
		return vtpm_text_fail_at(err, e->line, e->column,
					 "provider \"%s\" is new: it has missed measurements",
					 e->ops->name);
	if (!same_options(&m->vector[i], e))
		return vtpm_text_fail_at(err, e->line, e->column,
					 "provider \"%s\" had other options for measurements so far",
					 e->ops->name);
	*index = i;
	return 0;
}

static bool has_provider(const struct vtpm_policy *policy, const struct vtpm_provider *ops)
{
	unsigned int i;

	for (i = 0; i < policy->providers; i++)
		if (policy->provider[i]->ops == ops)
			return true;
	return false;
}

/* The other way round: is something lost? There is no line to blame for it. */
static int check_nothing_lost(const struct vtpm_matrix *m, const struct vtpm_policy *policy,
			      struct vtpm_text_error *err)
{
	unsigned int i;

	for (i = 0; i < m->providers; i++)
		if (!has_provider(policy, m->vector[i].is.ops))
			return vtpm_text_fail_at(err, 0, 0,
						 "the instance's provider \"%s\" is missing: its measurements would be lost",
						 m->vector[i].is.ops->name);
	return 0;
}

/* A policy may name what the instance may have, or what is active now. */
static int check_banks(const struct vtpm_matrix *m, const struct vtpm_policy *policy,
		       struct vtpm_text_error *err)
{
	char names[64] = "";
	size_t at = 0;
	unsigned int i;

	if (policy->may == m->policy->may || policy->banks == m->filter.banks)
		return 0;
	for (i = 0; i < VT_HASH_COUNT; i++)
		if (m->filter.banks & BIT(i))
			at += scnprintf(names + at, sizeof(names) - at, " %s",
					vt_hash_algs[i].name);
	return vtpm_text_fail_at(err, policy->bank_line, policy->bank_column,
				 "banks cannot change: this instance has%s", names);
}

int vtpm_matrix_set_policy(struct vtpm_matrix *m, struct vtpm_policy *policy,
			   struct vtpm_text_error *err)
{
	u8 map[VTPM_MAX_PROVIDERS];
	unsigned int i;
	int rc;

	for (i = 0; i < policy->providers; i++) {
		rc = find_vector(m, policy->provider[i], err, &map[i]);
		if (rc)
			return rc;
	}
	rc = check_nothing_lost(m, policy, err);
	if (!rc)
		rc = check_banks(m, policy, err);
	if (rc)
		return rc;
	vtpm_filter_compile(&m->filter, policy, map);
	vtpm_policy_free(m->mem, m->policy);
	m->policy = policy;
	m->identity.policy_changes++;
	return 0;
}

const struct vtpm_policy *vtpm_matrix_policy(const struct vtpm_matrix *m)
{
	return m->policy;
}

const struct vtpm_identity *vtpm_matrix_identity(const struct vtpm_matrix *m)
{
	return &m->identity;
}

void vtpm_matrix_set_identity(struct vtpm_matrix *m, const struct vtpm_identity *id)
{
	m->identity = *id;
}

/* ---- mapping of the host's PCRs ---- */

static int init_vector(const struct vtpm_matrix *m, const struct vector *v,
		       const struct vtpm_host_pcrs *host, u8 *values)
{
	unsigned int i;
	int rc;

	if (!v->is.ops->init_vpcrs)
		return 0;
	for (i = 0; i < VTPM_MAX_BANKS; i++) {
		if (!(m->filter.banks & BIT(i)))
			continue;
		rc = v->is.ops->init_vpcrs(v->priv, host, vt_hash_algs[i].id, VTPM_PCR_COUNT,
					   values);
		if (rc)
			return -ENOMEM;
		values += (size_t)VTPM_PCR_COUNT * vt_hash_algs[i].digest_size;
	}
	return 0;
}

int vtpm_matrix_init_vpcrs(struct vtpm_matrix *m, const struct vtpm_host_pcrs *host)
{
	size_t all = m->size * m->providers;
	unsigned int i;
	int rc = 0;
	u8 *values;

	values = vt_alloc(m->mem, all);
	if (!values)
		return -ENOMEM;
	memcpy(values, m->values, all);
	for (i = 0; i < m->providers && !rc; i++)
		rc = init_vector(m, &m->vector[i], host, values + i * m->size);
	if (!rc)
		memcpy(m->values, values, all);
	vt_free(m->mem, values);
	return rc;
}

/* ---- the way of the TPM engine ---- */

static u8 *vpcr_of(const struct vector *v, unsigned int bank, unsigned int pcr)
{
	return v->bank[bank] + (size_t)pcr * vt_hash_algs[bank].digest_size;
}

static bool matrix_active(void *pcrs, u16 alg)
{
	const struct vtpm_matrix *m = pcrs;

	return vtpm_filter_bank(&m->filter, alg) != VTPM_NO_BANK;
}

/* The index of a provider, or VTPM_CELL_*; of a PCR that is not there VTPM_CELL_HIDDEN. */
static unsigned int look(const struct vtpm_matrix *m, enum vtpm_op op, u8 locality,
			 unsigned int bank, unsigned int pcr)
{
	if (bank == VTPM_NO_BANK || pcr >= VTPM_PCR_COUNT || !(m->pcrs[bank] & BIT(pcr)))
		return VTPM_CELL_HIDDEN;
	return vtpm_filter_pick(&m->filter, op, locality, bank, pcr);
}

static bool matrix_visible(void *pcrs, enum vtpm_op op, u8 locality, u16 alg, unsigned int pcr)
{
	const struct vtpm_matrix *m = pcrs;

	return look(m, op, locality, vtpm_filter_bank(&m->filter, alg), pcr) < m->providers;
}

static bool matrix_denied(void *pcrs, enum vtpm_op op, u8 locality, u16 alg, unsigned int pcr)
{
	const struct vtpm_matrix *m = pcrs;

	return look(m, op, locality, vtpm_filter_bank(&m->filter, alg), pcr) == VTPM_CELL_DENIED;
}

static int matrix_read(void *pcrs, enum vtpm_op op, u8 locality, u16 alg, unsigned int pcr,
		       u8 *digest)
{
	const struct vtpm_matrix *m = pcrs;
	unsigned int bank = vtpm_filter_bank(&m->filter, alg);
	unsigned int provider = look(m, op, locality, bank, pcr);

	if (provider >= m->providers)
		return -ENODATA;
	vtpm_copy_digest(digest, vpcr_of(&m->vector[provider], bank, pcr),
			 vt_hash_algs[bank].digest_size);
	return 0;
}

/* A bank's digest of the measurement, through all providers into their @next. */
static int translate(struct vtpm_matrix *m, unsigned int bank, unsigned int pcr,
		     const u8 *digest)
{
	const struct vt_hash_alg *alg = &vt_hash_algs[bank];
	unsigned int i;

	for (i = 0; i < m->providers; i++) {
		struct vector *v = &m->vector[i];

		vtpm_copy_digest(v->next[bank], vpcr_of(v, bank, pcr), alg->digest_size);
		if (v->is.ops->translate(v->priv, alg->id, pcr, digest, v->next[bank]))
			return -ENOMEM;
	}
	return 0;
}

/* From @next into place, where nothing can fail. */
static void take_over(struct vtpm_matrix *m, u32 banks, unsigned int pcr)
{
	unsigned int i, bank;

	for (i = 0; i < m->providers; i++)
		for (bank = 0; bank < VTPM_MAX_BANKS; bank++)
			if (banks & BIT(bank))
				vtpm_copy_digest(vpcr_of(&m->vector[i], bank, pcr),
						 m->vector[i].next[bank],
						 vt_hash_algs[bank].digest_size);
}

/* A bank that is named twice goes on from the value that the first time gave it. */
static int matrix_extend(void *pcrs, const struct tpm2_measurement *e)
{
	struct vtpm_matrix *m = pcrs;
	u32 i, done = 0;

	if (e->pcr >= VTPM_PCR_COUNT)
		return -EINVAL;
	for (i = 0; i < e->digests->count; i++) {
		unsigned int bank = vtpm_filter_bank(&m->filter, e->digests->ha[i].alg);

		if (bank == VTPM_NO_BANK || !(m->pcrs[bank] & BIT(e->pcr)))
			continue;
		if (done & BIT(bank)) {
			take_over(m, done, e->pcr);
			done = 0;
		}
		if (translate(m, bank, e->pcr, e->digests->ha[i].digest))
			return -ENOMEM;
		done |= BIT(bank);
	}
	take_over(m, done, e->pcr);
	return 0;
}

static void matrix_reset(void *pcrs, unsigned int pcr, u8 fill)
{
	struct vtpm_matrix *m = pcrs;
	unsigned int i, bank;

	if (pcr >= VTPM_PCR_COUNT)
		return;
	for (i = 0; i < m->providers; i++)
		for (bank = 0; bank < VTPM_MAX_BANKS; bank++)
			if (m->vector[i].bank[bank])
				memset(vpcr_of(&m->vector[i], bank, pcr), fill,
				       vt_hash_algs[bank].digest_size);
}

static u32 matrix_pcrs(void *pcrs, u16 alg)
{
	const struct vtpm_matrix *m = pcrs;
	unsigned int bank = vtpm_filter_bank(&m->filter, alg);

	return bank == VTPM_NO_BANK ? 0 : m->pcrs[bank];
}

static bool matrix_may(void *pcrs, u16 alg)
{
	const struct vtpm_matrix *m = pcrs;
	const struct vt_hash_alg *hash = vt_hash_find(alg);

	return hash && m->policy->may & BIT(hash - vt_hash_algs);
}

static int matrix_allocate(void *pcrs, const u32 wanted[VTPM_MAX_BANKS])
{
	struct vtpm_matrix *m = pcrs;
	unsigned int i;

	for (i = 0; i < VTPM_MAX_BANKS; i++)
		if (wanted[i] & ~ALL_PCRS || (wanted[i] && !(m->policy->may & BIT(i))))
			return -EINVAL;
	return set_pcrs(m, wanted);
}

static const struct tpm2_profile *matrix_profile(void *pcrs)
{
	const struct vtpm_matrix *m = pcrs;

	return m->policy->profile;
}

const struct tpm2_pcr_ops vtpm_matrix_pcr_ops = {
	.active		= matrix_active,
	.visible	= matrix_visible,
	.denied		= matrix_denied,
	.read		= matrix_read,
	.extend		= matrix_extend,
	.reset		= matrix_reset,
	.pcrs		= matrix_pcrs,
	.may		= matrix_may,
	.profile	= matrix_profile,
	.allocate	= matrix_allocate,
};

/* ---- as part of the instance's state ---- */

static struct vector *vector_of(struct vtpm_matrix *m, const struct vtpm_provider *ops)
{
	unsigned int i;

	for (i = 0; i < m->providers; i++)
		if (m->vector[i].is.ops == ops)
			return &m->vector[i];
	return NULL;
}

static void put_text(struct tpm2_writer *w, const char *text)
{
	tpm2_put_2b(w, text, strlen(text));
}

static void write_vector(const struct vtpm_matrix *m, const struct vector *v,
			 struct tpm2_writer *w)
{
	u32 i;

	put_text(w, v->is.ops->name);
	tpm2_put_u8(w, v->is.ops->option_count);
	for (i = 0; i < v->is.ops->option_count; i++) {
		put_text(w, v->is.option[i].name);
		put_text(w, v->is.option[i].value);
	}
	tpm2_put(w, m->values + (v - m->vector) * m->size, m->size);
}

void vtpm_matrix_write_banks(const struct vtpm_matrix *m, struct tpm2_writer *w)
{
	unsigned int i;

	tpm2_put_u32(w, hweight32(m->filter.banks));
	for (i = 0; i < VT_HASH_COUNT; i++) {
		if (!m->pcrs[i])
			continue;
		tpm2_put_u16(w, vt_hash_algs[i].id);
		tpm2_put_u32(w, m->pcrs[i]);
	}
}

/* In the order of the policy, as a matrix made of it would have the vectors. */
void vtpm_matrix_write(const struct vtpm_matrix *m, struct tpm2_writer *w)
{
	unsigned int i;

	tpm2_put_u32(w, m->providers);
	for (i = 0; i < m->providers; i++)
		write_vector(m, vector_of((struct vtpm_matrix *)m, m->policy->provider[i]->ops),
			     w);
}

/* Banks come in order, and none without a PCR. */
static int read_pcrs(struct tpm2_reader *r, u32 pcrs[VTPM_MAX_BANKS])
{
	u32 count, bank, next = 0;
	u16 alg;

	if (tpm2_read_u32(r, &count) || count > VT_HASH_COUNT)
		return -EBADMSG;
	for (; count; count--, next = bank + 1) {
		if (tpm2_read_u16(r, &alg))
			return -EBADMSG;
		for (bank = next; bank < VT_HASH_COUNT; bank++)
			if (vt_hash_algs[bank].id == alg)
				break;
		if (bank == VT_HASH_COUNT || tpm2_read_u32(r, &pcrs[bank]) || !pcrs[bank] ||
		    pcrs[bank] & ~ALL_PCRS)
			return -EBADMSG;
	}
	return r->left ? -EBADMSG : 0;
}

int vtpm_matrix_read_banks(struct vtpm_matrix *m, struct tpm2_reader *r,
			   struct vtpm_text_error *err)
{
	u32 pcrs[VTPM_MAX_BANKS] = { 0 };
	int rc = read_pcrs(r, pcrs);

	if (!rc)
		rc = matrix_allocate(m, pcrs);
	if (rc == -EINVAL)
		vtpm_text_fail_at(err, m->policy->bank_line, m->policy->bank_column,
				  "the state has banks that the policy does not allow");
	return rc;
}

static bool same_text(struct tpm2b b, const char *text)
{
	return b.size == strlen(text) && !strncmp((const char *)b.data, text, b.size);
}

/* Each option's name and value. 0, 1: others, -EBADMSG. */
static int read_options(const struct vector *v, struct tpm2_reader *r)
{
	struct tpm2b name, value;
	int differ = 0;
	u8 i, count;

	if (tpm2_read_u8(r, &count))
		return -EBADMSG;
	for (i = 0; i < count; i++) {
		if (tpm2_read_2b(r, VTPM_OPTION_NAME_MAX, &name) ||
		    tpm2_read_2b(r, VTPM_OPTION_VALUE_MAX, &value))
			return -EBADMSG;
		if (i >= v->is.ops->option_count || !same_text(name, v->is.option[i].name) ||
		    !same_text(value, v->is.option[i].value))
			differ = 1;
	}
	return differ || count != v->is.ops->option_count;
}

static int read_vector(struct vtpm_matrix *m, struct tpm2_reader *r, u32 *seen,
		       struct vtpm_text_error *err)
{
	struct tpm2b name;
	unsigned int i;
	int rc;

	if (tpm2_read_2b(r, VTPM_PROVIDER_NAME_MAX, &name))
		return -EBADMSG;
	for (i = 0; i < m->providers; i++)
		if (same_text(name, m->vector[i].is.ops->name))
			break;
	if (i == m->providers)
		return vtpm_text_fail_at(err, 0, 0,
					 "the state has a provider \"%.*s\", the policy has not",
					 name.size, name.data);
	if (*seen & BIT(i))
		return -EBADMSG;
	*seen |= BIT(i);
	rc = read_options(&m->vector[i], r);
	if (rc > 0)
		return vtpm_text_fail_at(err, 0, 0, "the state's provider \"%s\" has other options",
					 m->vector[i].is.ops->name);
	if (rc || tpm2_read_bytes(r, m->values + i * m->size, m->size))
		return -EBADMSG;
	return 0;
}

int vtpm_matrix_read(struct vtpm_matrix *m, struct tpm2_reader *r, struct vtpm_text_error *err)
{
	u32 count, n, seen = 0;
	int rc = 0;

	if (tpm2_read_u32(r, &count) || count > VTPM_MAX_PROVIDERS)
		return -EBADMSG;
	for (n = 0; n < count && !rc; n++)
		rc = read_vector(m, r, &seen, err);
	if (rc)
		return rc;
	if (count != m->providers)
		return vtpm_text_fail_at(err, 0, 0, "the state lacks a provider of the policy");
	return r->left ? -EBADMSG : 0;
}

void vtpm_matrix_disown_policy(struct vtpm_matrix *m)
{
	m->policy = NULL;
}

void vtpm_matrix_adopt(struct vtpm_matrix *m, struct vtpm_matrix *from)
{
	unsigned int i;

	if (memcmp(m->pcrs, from->pcrs, sizeof(m->pcrs)))
		WARN_ON_ONCE(set_pcrs(m, from->pcrs));
	for (i = 0; i < from->providers; i++) {
		struct vector *v = vector_of(m, from->vector[i].is.ops);

		if (!WARN_ON_ONCE(!v || m->size != from->size))
			memcpy(m->values + (v - m->vector) * m->size,
			       from->values + i * m->size, m->size);
	}
	if (!WARN_ON_ONCE(vtpm_matrix_set_policy(m, from->policy, NULL)))
		from->policy = NULL;
	m->identity = from->identity;
	vtpm_matrix_free(from);
}

/* ---- the admin's view ---- */

unsigned int vtpm_matrix_providers(const struct vtpm_matrix *m)
{
	return m->providers;
}

u32 vtpm_matrix_banks(const struct vtpm_matrix *m)
{
	return m->filter.banks;
}

const char *vtpm_matrix_provider_name(const struct vtpm_matrix *m, unsigned int provider)
{
	return m->vector[provider].is.ops->name;
}

int vtpm_matrix_peek(const struct vtpm_matrix *m, unsigned int provider, u16 alg,
		     unsigned int pcr, u8 *digest)
{
	unsigned int bank = vtpm_filter_bank(&m->filter, alg);

	if (bank == VTPM_NO_BANK || provider >= m->providers || pcr >= VTPM_PCR_COUNT)
		return -EINVAL;
	if (!(m->pcrs[bank] & BIT(pcr)))
		return -ENODATA;
	vtpm_copy_digest(digest, vpcr_of(&m->vector[provider], bank, pcr),
			 vt_hash_algs[bank].digest_size);
	return 0;
}
