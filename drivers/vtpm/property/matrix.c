// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrix of vPCRs: a vector for each provider and active bank.
 *
 * An extend goes to every provider; a reading goes through the filter to one.
 * New values are computed aside and then put in place together, so that a
 * provider that fails leaves no trace in the others.
 */
#include "matrix.h"
#include "digest.h"
#include "../policy/text.h"
#include "../tpm2/types.h"

/* ---- making and freeing ---- */

static void copy_options(struct vtpm_policy_provider *is, const struct vtpm_policy_provider *from)
{
	u32 i;

	*is = *from;
	for (i = 0; i < from->ops->option_count; i++)
		if (!from->ops->options[i].values)
			is->option[i].value = is->value[i];
}

static int open_vector(struct vector *v, const struct vtpm_policy_provider *from,
		       struct vt_mem *mem, struct vtpm_text_error *err)
{
	int rc = 0;

	v->is = vt_alloc(mem, sizeof(*v->is));
	if (!v->is)
		return -ENOMEM;
	copy_options(v->is, from);
	if (v->is->ops->open)
		rc = v->is->ops->open(v->is->option, mem, &v->priv);
	if (rc == -EINVAL)
		return vtpm_text_fail_at(err, from->line, from->column,
					 "provider \"%s\" does not take these options",
					 v->is->ops->name);
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

static void reset_provider(const struct vector *v, unsigned int pcr)
{
	if (v->opened && v->is->ops->reset)
		v->is->ops->reset(v->priv, pcr);
}

/* Everything is zero from here on, and what there was is wiped. */
static void use_pcrs(struct vtpm_matrix *m, const u32 pcrs[VTPM_MAX_BANKS], u8 *values)
{
	unsigned int i, pcr;

	vt_free(m->mem, m->values);
	m->values = values;
	memcpy(m->pcrs, pcrs, sizeof(m->pcrs));
	for (i = 0; i < m->providers; i++) {
		place_vector(&m->vector[i], m->filter.banks, values + i * m->size);
		for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++)
			reset_provider(&m->vector[i], pcr);
	}
}

/* Room for all vectors with these PCRs, and what the host's PCRs are in them. -ENOMEM. */
int vtpm_matrix_set_pcrs(struct vtpm_matrix *m, const u32 pcrs[VTPM_MAX_BANKS])
{
	u8 *values, *mapped;
	u32 banks = 0;
	unsigned int i;
	size_t size;

	for (i = 0; i < VTPM_MAX_BANKS; i++)
		banks |= pcrs[i] ? BIT(i) : 0;
	size = vector_size(banks);
	values = vt_alloc(m->mem, size * m->providers);
	if (!values)
		return -ENOMEM;
	if (vtpm_matrix_map(m, m->host, banks, size, &mapped)) {
		vt_free(m->mem, values);
		return -ENOMEM;
	}
	vt_free(m->mem, m->mapped);
	m->mapped = mapped;
	m->size = size;
	m->filter.banks = banks;
	use_pcrs(m, pcrs, values);
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
	vtpm_log_init(&m->log, mem, policy->log_bytes);
	m->providers = policy->providers;
	for (i = 0; i < VTPM_MAX_BANKS; i++)
		pcrs[i] = policy->banks & BIT(i) ? ALL_PCRS : 0;
	if (vtpm_matrix_set_pcrs(m, pcrs)) {
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
		rc = open_vector(&m->vector[i], policy->provider[i], m->mem, err);
		if (rc)
			return rc;
	}
	vtpm_filter_compile(&m->filter, policy, map);
	return vtpm_matrix_set_host(m, NULL);
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

		if (v->opened && v->is->ops->close)
			v->is->ops->close(v->priv);
		vt_free(m->mem, v->is);
	}
	vtpm_log_free(&m->log);
	vtpm_policy_free(m->mem, m->policy);
	vt_free(m->mem, m->host);
	vt_free(m->mem, m->mapped);
	vt_free(m->mem, m->values);
	vt_free(m->mem, m);
}

struct vector *vtpm_matrix_vector(struct vtpm_matrix *m, const struct vtpm_provider *ops)
{
	unsigned int i;

	for (i = 0; i < m->providers; i++)
		if (m->vector[i].is->ops == ops)
			return &m->vector[i];
	return NULL;
}

/* ---- another policy ---- */

static bool same_options(const struct vector *v, const struct vtpm_policy_provider *e)
{
	u32 i;

	for (i = 0; i < e->ops->option_count; i++)
		if (strcmp(v->is->option[i].value, e->option[i].value))
			return false;
	return true;
}

static int find_vector(const struct vtpm_matrix *m, const struct vtpm_policy_provider *e,
		       struct vtpm_text_error *err, u8 *index)
{
	unsigned int i;

	for (i = 0; i < m->providers; i++)
		if (m->vector[i].is->ops == e->ops)
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
		if (!has_provider(policy, m->vector[i].is->ops))
			return vtpm_text_fail_at(err, 0, 0,
						 "the instance's provider \"%s\" is missing: its measurements would be lost",
						 m->vector[i].is->ops->name);
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
	if (!rc && policy->host_required && !m->host)
		rc = vtpm_text_fail_at(err, policy->host_line, policy->host_column,
				       "this instance was made without a host TPM");
	if (rc)
		return rc;
	vtpm_filter_compile(&m->filter, policy, map);
	m->log.limit = policy->log_bytes;
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

/* ---- the way of the TPM engine ---- */

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

static void expect(const struct vtpm_matrix *m, u16 alg, const u8 *digest)
{
	unsigned int i;

	for (i = 0; i < m->providers; i++) {
		const struct vtpm_provider *ops = m->vector[i].is->ops;

		if (ops->expect)
			ops->expect(m->vector[i].priv, alg, digest);
	}
}

/* A bank's digest of the measurement, through all providers into their @next. */
static int translate(struct vtpm_matrix *m, unsigned int bank, unsigned int pcr,
		     const u8 *digest)
{
	const struct vt_hash_alg *alg = &vt_hash_algs[bank];
	unsigned int i;

	expect(m, alg->id, digest);
	for (i = 0; i < m->providers; i++) {
		struct vector *v = &m->vector[i];

		vtpm_copy_digest(v->next[bank], vpcr_of(v, bank, pcr), alg->digest_size);
		if (v->is->ops->translate(v->priv, alg->id, pcr, digest, v->next[bank]))
			return -ENOMEM;
	}
	return 0;
}

/**
 * struct pending - an extend under way
 * @pcr: of which PCR
 * @banks: bit i: every vector's @next[i] has the new value
 * @digest: for each of @banks
 */
struct pending {
	unsigned int pcr;
	u32 banks;
	const u8 *digest[VTPM_MAX_BANKS];
};

static void take_over_bank(struct vtpm_matrix *m, const struct pending *e, unsigned int bank)
{
	const struct vt_hash_alg *alg = &vt_hash_algs[bank];
	unsigned int i;

	for (i = 0; i < m->providers; i++) {
		struct vector *v = &m->vector[i];
		u8 *vpcr = vpcr_of(v, bank, e->pcr);

		vtpm_copy_digest(vpcr, v->next[bank], alg->digest_size);
		if (v->is->ops->extended)
			v->is->ops->extended(v->priv, alg->id, e->pcr, e->digest[bank], vpcr);
	}
}

/* From @next into place, where nothing can fail. */
static void take_over(struct vtpm_matrix *m, struct pending *e)
{
	unsigned int bank;

	for (bank = 0; bank < VTPM_MAX_BANKS; bank++)
		if (e->banks & BIT(bank))
			take_over_bank(m, e, bank);
	e->banks = 0;
}

static enum vtpm_log_tag tag_of(const struct tpm2_measurement *e)
{
	if (e->ima)
		return VTPM_LOG_IMA;
	return e->data ? VTPM_LOG_EVENT : VTPM_LOG_EXTEND;
}

/* What a provider took instead of @pending's digests; false: nothing else. */
static bool took_instead(const struct vector *v, const struct pending *pending,
			 struct vtpm_log_instead *instead)
{
	unsigned int bank;

	instead->provider = v->is->ops->name;
	instead->values.count = 0;
	for (bank = 0; bank < VTPM_MAX_BANKS; bank++) {
		const u8 *digest = NULL;

		if (pending->banks & BIT(bank))
			digest = v->is->ops->instead(v->priv, vt_hash_algs[bank].id);
		if (digest)
			instead->values.ha[instead->values.count++] = (struct tpmt_ha){
				vt_hash_algs[bank].id, (u8 *)digest,
			};
	}
	return instead->values.count;
}

static unsigned int find_insteads(const struct vtpm_matrix *m, const struct pending *pending,
				  struct vtpm_log_instead *instead)
{
	unsigned int i, count = 0;

	for (i = 0; i < m->providers; i++)
		if (m->vector[i].is->ops->instead &&
		    took_instead(&m->vector[i], pending, &instead[count]))
			count++;
	return count;
}

/* The log has room before anything takes its place, as it must not fail later. */
static int commit(struct vtpm_matrix *m, const struct tpm2_measurement *e,
		  struct pending *pending)
{
	struct vtpm_log_instead instead[VTPM_MAX_PROVIDERS];
	struct tpml_digest_values digests;
	struct vtpm_log_entry entry = {
		.pcr = e->pcr, .tag = tag_of(e), .locality = e->locality, .digests = &digests,
		.instead = instead, .data = e->data, .len = e->data ? e->len : 0,
	};
	unsigned int bank;

	if (!pending->banks)
		return 0;
	digests.count = 0;
	entry.insteads = find_insteads(m, pending, instead);
	for (bank = 0; bank < VTPM_MAX_BANKS; bank++)
		if (pending->banks & BIT(bank))
			digests.ha[digests.count++] = (struct tpmt_ha){
				vt_hash_algs[bank].id, (u8 *)pending->digest[bank],
			};
	if (vtpm_log_reserve(&m->log, &entry))
		return -ENOMEM;
	take_over(m, pending);
	vtpm_log_add(&m->log, &entry);
	return 0;
}

/* A bank that is named twice goes on from the value that the first time gave it. */
static int matrix_extend(void *pcrs, const struct tpm2_measurement *e)
{
	struct pending pending = { .pcr = e->pcr };
	struct vtpm_matrix *m = pcrs;
	u32 i;

	if (e->pcr >= VTPM_PCR_COUNT)
		return -EINVAL;
	for (i = 0; i < e->digests->count; i++) {
		unsigned int bank = vtpm_filter_bank(&m->filter, e->digests->ha[i].alg);

		if (bank == VTPM_NO_BANK || !(m->pcrs[bank] & BIT(e->pcr)))
			continue;
		if (pending.banks & BIT(bank) && commit(m, e, &pending))
			return -ENOMEM;
		if (translate(m, bank, e->pcr, e->digests->ha[i].digest))
			return -ENOMEM;
		pending.digest[bank] = e->digests->ha[i].digest;
		pending.banks |= BIT(bank);
	}
	return commit(m, e, &pending);
}

static void matrix_reset(void *pcrs, unsigned int pcr, u8 fill)
{
	struct vtpm_matrix *m = pcrs;
	unsigned int i, bank;

	if (pcr >= VTPM_PCR_COUNT)
		return;
	vtpm_log_reset(&m->log, pcr, fill, m->filter.banks);
	for (i = 0; i < m->providers; i++) {
		for (bank = 0; bank < VTPM_MAX_BANKS; bank++)
			if (m->vector[i].bank[bank])
				memset(vpcr_of(&m->vector[i], bank, pcr), fill,
				       vt_hash_algs[bank].digest_size);
		reset_provider(&m->vector[i], pcr);
	}
}

/* The layouts of @mapped and @values are the same: see vtpm_matrix_set_pcrs(). */
/* What @mapped has for a vPCR, in all banks; true where that is not what there is. */
static bool mapped(const struct vtpm_matrix *m, const struct vector *v, unsigned int pcr,
		   struct tpml_digest_values *list)
{
	bool changed = false;
	unsigned int bank;

	list->count = 0;
	for (bank = 0; bank < VTPM_MAX_BANKS; bank++) {
		const u8 *is;
		u8 *to;

		if (!v->bank[bank])
			continue;
		is = vpcr_of(v, bank, pcr);
		to = m->mapped + (is - m->values);
		changed |= memcmp(is, to, vt_hash_algs[bank].digest_size);
		list->ha[list->count++] = (struct tpmt_ha){ vt_hash_algs[bank].id, to };
	}
	return changed;
}

static void log_mapped(struct vtpm_matrix *m, unsigned int first)
{
	struct tpml_digest_values list;
	unsigned int i, pcr;

	for (i = 0; i < m->providers; i++)
		for (pcr = first; pcr < VTPM_PCR_COUNT; pcr++)
			if (mapped(m, &m->vector[i], pcr, &list))
				vtpm_log_start(&m->log, pcr, m->vector[i].is->ops->name, &list);
}

static void matrix_map(void *pcrs, unsigned int first)
{
	struct vtpm_matrix *m = pcrs;
	unsigned int i, bank;

	if (!m->mapped || first >= VTPM_PCR_COUNT)
		return;
	log_mapped(m, first);
	for (i = 0; i < m->providers; i++)
		for (bank = 0; bank < VTPM_MAX_BANKS; bank++) {
			u8 *to;

			if (!m->vector[i].bank[bank])
				continue;
			to = vpcr_of(&m->vector[i], bank, first);
			memcpy(to, m->mapped + (to - m->values),
			       (size_t)(VTPM_PCR_COUNT - first) * vt_hash_algs[bank].digest_size);
		}
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
	if (vtpm_matrix_set_pcrs(m, wanted))
		return -ENOMEM;
	vtpm_log_clear(&m->log);
	return 0;
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
	.map		= matrix_map,
	.pcrs		= matrix_pcrs,
	.may		= matrix_may,
	.profile	= matrix_profile,
	.allocate	= matrix_allocate,
};

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
	return m->vector[provider].is->ops->name;
}

size_t vtpm_matrix_measurements(const struct vtpm_matrix *m, enum vtpm_log_form form, u64 off,
				u8 *buf, size_t count)
{
	return vtpm_log_read(&m->log, form, m->filter.banks, off, buf, count);
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

bool vtpm_matrix_has_list(const struct vtpm_matrix *m, unsigned int provider)
{
	return m->vector[provider].is->ops->list;
}

size_t vtpm_matrix_list(const struct vtpm_matrix *m, unsigned int provider, u64 off, char *buf,
			size_t room)
{
	const struct vector *v = &m->vector[provider];

	return v->is->ops->list(v->priv, off, buf, room);
}
