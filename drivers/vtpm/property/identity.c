// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who an instance is and under which policy, as the TPM's read-only NV index tells its
 * users and those who verify. <uapi/linux/vtpm.h> has the format.
 */
#include "property.h"
#include "../crypto/crypto.h"
#include "../tpm2/identity.h"

static_assert(VTPM_IDENTITY_NV_INDEX == VTPM_NV_IDENTITY);
static_assert(VTPM_IDENTITY_SIZE == VTPM_NV_IDENTITY_SIZE);

void vtpm_identity_new(struct vtpm_identity *id)
{
	*id = (struct vtpm_identity){ 0 };
	vt_random(id->uuid, sizeof(id->uuid));
	id->uuid[6] = (id->uuid[6] & 0x0f) | 0x40;	/* version 4 */
	id->uuid[8] = (id->uuid[8] & 0x3f) | 0x80;	/* of RFC 4122 */
}

void vtpm_policy_digest(const struct vtpm_policy *p, u8 digest[VTPM_IDENTITY_DIGEST])
{
	size_t len;
	const char *text = vtpm_policy_text(p, &len);

	vt_hash(vt_hash_find(TPM_ALG_SHA256), text, len, digest);
}

/* ---- as the index has it ---- */

/* Returns where the entry's size goes, once it is known. */
static u32 begin_entry(struct tpm2_writer *w, u16 tag)
{
	tpm2_put_u16(w, tag);
	tpm2_put_u16(w, 0);
	return w->len;
}

static void end_entry(struct tpm2_writer *w, u32 at)
{
	if (!w->full)
		put_unaligned_be16(w->len - at, w->p + at - 2);
}

/* That they were mapped; which values they had is for PCRs to show, as the policy says. */
static void put_host(const struct vtpm_matrix *m, struct tpm2_writer *w)
{
	u32 at = begin_entry(w, VTPM_IDENTITY_HOST);

	tpm2_put_u8(w, vtpm_matrix_host(m) ? VTPM_HOST_TPM_MAPPED : VTPM_HOST_TPM_NONE);
	end_entry(w, at);
}

static void put_banks(const struct vtpm_matrix *m, struct tpm2_writer *w)
{
	u32 at = begin_entry(w, VTPM_IDENTITY_BANKS);
	unsigned int i;

	for (i = 0; i < VT_HASH_COUNT; i++) {
		u32 pcrs = vtpm_matrix_pcr_ops.pcrs((void *)m, vt_hash_algs[i].id);

		if (!pcrs)
			continue;
		tpm2_put_u16(w, vt_hash_algs[i].id);
		tpm2_put_u32(w, pcrs);
	}
	end_entry(w, at);
}

static void put_text(struct tpm2_writer *w, const char *text)
{
	tpm2_put_2b(w, text, strlen(text));
}

static void put_provider(const struct vtpm_policy_provider *p, struct tpm2_writer *w)
{
	u32 i, at = begin_entry(w, VTPM_IDENTITY_PROVIDER);

	put_text(w, p->ops->name);
	for (i = 0; i < p->ops->option_count; i++) {
		put_text(w, p->option[i].name);
		put_text(w, p->option[i].value);
	}
	end_entry(w, at);
}

/* Only whole entries: where there is no room for one, an entry without data says so. */
static void put_providers(const struct vtpm_policy *policy, struct tpm2_writer *w)
{
	unsigned int i;

	for (i = 0; i < policy->providers; i++) {
		struct tpm2_writer trial = *w;

		trial.room -= 4;
		put_provider(policy->provider[i], &trial);
		if (trial.full) {
			begin_entry(w, VTPM_IDENTITY_CUT);
			return;
		}
		trial.room += 4;
		*w = trial;
	}
}

size_t vtpm_matrix_describe(void *pcrs, u8 *out, size_t room)
{
	const struct vtpm_matrix *m = pcrs;
	const struct vtpm_identity *id = vtpm_matrix_identity(m);
	struct tpm2_writer w = tpm2_writer(out, room);
	u8 digest[VTPM_IDENTITY_DIGEST];

	vtpm_policy_digest(vtpm_matrix_policy(m), digest);
	tpm2_put_u32(&w, VTPM_IDENTITY_MAGIC);
	tpm2_put_u16(&w, VTPM_IDENTITY_VERSION);
	tpm2_put_u16(&w, 0);
	tpm2_put(&w, id->uuid, sizeof(id->uuid));
	tpm2_put(&w, digest, sizeof(digest));
	tpm2_put_u32(&w, id->policy_changes);
	put_host(m, &w);
	put_banks(m, &w);
	put_providers(vtpm_matrix_policy(m), &w);
	put_unaligned_be16(w.len, out + VTPM_IDENTITY_LENGTH_AT);
	return w.len;
}

/* ---- as part of the state ---- */

void vtpm_identity_write(const struct vtpm_identity *id, struct tpm2_writer *w)
{
	tpm2_put(w, id->uuid, sizeof(id->uuid));
	tpm2_put_u32(w, id->policy_changes);
}

int vtpm_identity_read(struct vtpm_identity *id, struct tpm2_reader *r)
{
	if (tpm2_read_bytes(r, id->uuid, sizeof(id->uuid)) ||
	    tpm2_read_u32(r, &id->policy_changes) || r->left)
		return -EBADMSG;
	return 0;
}
