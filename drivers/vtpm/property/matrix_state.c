// SPDX-License-Identifier: GPL-2.0-only
/* The matrix of vPCRs as part of the instance's state: written, read, and taken over. */
#include "matrix.h"
#include "../policy/text.h"
#include "../tpm2/types.h"

static void put_text(struct tpm2_writer *w, const char *text)
{
	tpm2_put_2b(w, text, strlen(text));
}

static void write_vector(const struct vtpm_matrix *m, const struct vector *v,
			 struct tpm2_writer *w)
{
	u32 i;

	put_text(w, v->is->ops->name);
	tpm2_put_u8(w, v->is->ops->option_count);
	for (i = 0; i < v->is->ops->option_count; i++) {
		put_text(w, v->is->option[i].name);
		put_text(w, v->is->option[i].value);
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
	struct vtpm_matrix *matrix = (struct vtpm_matrix *)m;	/* read all the same */
	unsigned int i;

	tpm2_put_u32(w, m->providers);
	for (i = 0; i < m->providers; i++)
		write_vector(m, vtpm_matrix_vector(matrix, m->policy->provider[i]->ops), w);
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
		rc = vtpm_matrix_pcr_ops.allocate(m, pcrs);
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
		if (i >= v->is->ops->option_count || !same_text(name, v->is->option[i].name) ||
		    !same_text(value, v->is->option[i].value))
			differ = 1;
	}
	return differ || count != v->is->ops->option_count;
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
		if (same_text(name, m->vector[i].is->ops->name))
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
					 m->vector[i].is->ops->name);
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

/* ---- what a provider keeps for itself ---- */

bool vtpm_matrix_keeps(const struct vtpm_matrix *m, unsigned int provider)
{
	return m->policy->provider[provider]->ops->save;
}

void vtpm_matrix_write_kept(const struct vtpm_matrix *m, unsigned int provider,
			    struct tpm2_writer *w)
{
	const struct vector *v = vtpm_matrix_vector((struct vtpm_matrix *)m,
						    m->policy->provider[provider]->ops);
	size_t size = v->is->ops->save(v->priv, NULL, 0);

	put_text(w, v->is->ops->name);
	if (w->full || size > VTPM_PROVIDER_STATE_MAX || size > w->room - w->len) {
		w->full = true;
		return;
	}
	if (w->p)
		WARN_ON_ONCE(v->is->ops->save(v->priv, w->p + w->len, size) != size);
	w->len += size;
}

/* Does what a provider has loaded fit its vPCRs, which vtpm_matrix_read() has put in place? */
static int check_kept(const struct vtpm_matrix *m, const struct vector *v,
		      struct vtpm_text_error *err)
{
	unsigned int i, pcr;

	for (i = 0; v->is->ops->check && i < VT_HASH_COUNT; i++)
		for (pcr = 0; pcr < VTPM_PCR_COUNT; pcr++) {
			const u8 *vpcr = m->pcrs[i] & BIT(pcr) ? vpcr_of(v, i, pcr) : NULL;

			if (!v->is->ops->check(v->priv, vt_hash_algs[i].id, pcr, vpcr))
				continue;
			vtpm_text_fail_at(err, 0, 0,
					  "what the state's provider \"%s\" keeps is not what its %s PCR %u is made of",
					  v->is->ops->name, vt_hash_algs[i].name, pcr);
			return -EBADMSG;
		}
	return 0;
}

/* Names that the policy has not are the business of vtpm_matrix_read(), which comes first. */
int vtpm_matrix_read_kept(struct vtpm_matrix *m, struct tpm2_reader *r, u32 *seen,
			  struct vtpm_text_error *err)
{
	struct tpm2b name;
	unsigned int i;
	int rc;

	if (tpm2_read_2b(r, VTPM_PROVIDER_NAME_MAX, &name))
		return -EBADMSG;
	for (i = 0; i < m->providers; i++)
		if (same_text(name, m->vector[i].is->ops->name))
			break;
	if (i == m->providers || *seen & BIT(i) || !m->vector[i].is->ops->load ||
	    r->left > VTPM_PROVIDER_STATE_MAX)
		return -EBADMSG;
	*seen |= BIT(i);
	rc = m->vector[i].is->ops->load(m->vector[i].priv, r->p, r->left);
	if (!rc)
		rc = check_kept(m, &m->vector[i], err);
	return rc && rc != -ENOMEM ? -EBADMSG : rc;
}

bool vtpm_matrix_all_kept(const struct vtpm_matrix *m, u32 seen)
{
	unsigned int i;

	for (i = 0; i < m->providers; i++)
		if (m->vector[i].is->ops->load && !(seen & BIT(i)))
			return false;
	return true;
}

void vtpm_matrix_write_log(const struct vtpm_matrix *m, struct tpm2_writer *w)
{
	vtpm_log_save(&m->log, w);
}

int vtpm_matrix_read_log(struct vtpm_matrix *m, struct tpm2_reader *r)
{
	return vtpm_log_load(&m->log, m->filter.banks, r);
}

void vtpm_matrix_no_log(struct vtpm_matrix *m)
{
	vtpm_log_unknown(&m->log);
}

void vtpm_matrix_disown_policy(struct vtpm_matrix *m)
{
	m->policy = NULL;
}

void vtpm_matrix_adopt(struct vtpm_matrix *m, struct vtpm_matrix *from)
{
	unsigned int i;

	if (memcmp(m->pcrs, from->pcrs, sizeof(m->pcrs)))
		WARN_ON_ONCE(vtpm_matrix_set_pcrs(m, from->pcrs));
	for (i = 0; i < from->providers; i++) {
		struct vector *v = vtpm_matrix_vector(m, from->vector[i].is->ops);

		if (WARN_ON_ONCE(!v || m->size != from->size))
			continue;
		memcpy(m->values + (v - m->vector) * m->size, from->values + i * m->size, m->size);
		swap(v->is, from->vector[i].is);
		swap(v->priv, from->vector[i].priv);
	}
	if (!WARN_ON_ONCE(vtpm_matrix_set_policy(m, from->policy, NULL)))
		from->policy = NULL;
	m->identity = from->identity;
	swap(m->log, from->log);
	vtpm_matrix_free(from);
}
