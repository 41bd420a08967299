/* SPDX-License-Identifier: GPL-2.0-only */
/* An instance with something of everything, and its state as bytes. */
#ifndef VTPM_STATE_SUPPORT_H
#define VTPM_STATE_SUPPORT_H

#include "nv_support.h"
#undef S	/* of both */
#undef X
#include "object_support.h"
#include "port-host.h"
#include "property/property.h"
#include "state/format.h"
#include "state/state.h"

#define STATE_TEST_POLICY	"provider certificate\nbank sha1 sha256\n" \
				"read pcr=5 provider=certificate\n"

/* A state in memory of its very size, so that ASan sees every overrun. */
struct blob {
	u8 *p;
	size_t len;
};

static inline void blob_free(struct blob *b)
{
	free(b->p);
	b->p = NULL;
}

static inline struct vtpm_rooms rooms_of(struct host_tpm *h)
{
	return (struct vtpm_rooms){ .tpm = h->t, .matrix = h->matrix, .mem = &h->mem };
}

static inline int state_of(struct host_tpm *h, enum vtpm_state_part part, struct blob *b)
{
	struct vtpm_rooms rooms = rooms_of(h);
	u8 *p;
	int err = vtpm_state_export_alloc(&rooms, part, &p, &b->len);

	if (err)
		return err;
	b->p = malloc(b->len);
	memcpy(b->p, p, b->len);
	vtpm_state_free(&h->mem, p, b->len);
	return 0;
}

/* What a reader says of it; -ENODEV: it failed and left something. */
static inline int state_from(struct host_tpm *h, const struct vtpm_state_source *from,
			     struct vtpm_text_error *why)
{
	struct vtpm_rooms rooms = { 0 };
	struct tpm2_config cfg;
	int err;

	memset(h, 0, sizeof(*h));
	mutex_init(&h->lock);
	cfg = host_tpm_config(h);
	err = vtpm_state_import(from, &cfg, &rooms, why);
	if (err)
		return atomic_long_read(&h->mem.bytes) || rooms.tpm ? -ENODEV : err;
	h->t = rooms.tpm;
	h->matrix = rooms.matrix;
	h->space = list_empty(&h->t->spaces) ? tpm2_space_new(h->t) :
		   list_first_entry(&h->t->spaces, struct tpm2_space, link);
	return 0;
}

/* The same of a state on a host without a TPM. */
static inline int state_into(struct host_tpm *h, const struct blob *b, enum vtpm_state_part part,
			     struct vtpm_policy *policy, struct vtpm_text_error *why)
{
	const struct vtpm_state_source from = { b->p, b->len, part, policy };

	return state_from(h, &from, why);
}

static inline long state_done(struct host_tpm *h)
{
	tpm2_free_spaces(h->t, h->space);
	return host_tpm_free(h);
}

/* The offset of the block behind the one at @at, for blocks that are well formed. */
static inline size_t block_next(const struct blob *b, size_t at)
{
	return at + VTPM_STATE_BLOCK + get_unaligned_be32(b->p + at + 4);
}

static inline u16 block_type(const struct blob *b, size_t at)
{
	return get_unaligned_be16(b->p + at);
}

/* ---- something of everything ---- */

static u64 fixed_now;

static inline u64 fixed_clock(void)
{
	return fixed_now;
}

/* Handles of what furnish() makes, alike in every instance. */
#define FURNISHED_NV		0x01000001	/* ordinary, "contents"; 02 counter, 03 bits, ... */
#define FURNISHED_SEALED	0x81000001	/* holds "sealed" */

struct furnished {
	u32 hmac_key, cmac_key, sealed;
	u32 seq[4];		/* hash, HMAC, CMAC, event, each after "abc" */
	u32 hmac, policy, bound;
	struct bytes saved;	/* a session's context */
	struct tpm2_space *other;
};

static const struct tmpl hmac_template = {
	TPM_ALG_KEYEDHASH, OURS | SDO | S, .scheme = TPM_ALG_HMAC,
};

static const struct tmpl cmac_template = {
	TPM_ALG_SYMCIPHER, OURS | SDO | S, .sym = TPM_ALG_AES, .mode = TPM_ALG_CMAC,
};

static inline u32 two(struct host_tpm *h, u32 code, u32 handle, const char *data, bool hierarchy)
{
	struct cmd c;

	cmd_begin_pw(&c, code, 1, 1, handle);
	cmd_2b(&c, data, strlen(data));
	if (hierarchy)
		cmd_u32(&c, TPM_RH_NULL);
	return cmd_run(h, &c);
}

static inline u32 seq_start(struct host_tpm *h, u32 key, u16 hash, u32 *handle)
{
	struct cmd c;
	u32 rc;

	if (key)
		cmd_begin_pw(&c, TPM_CC_HMAC_Start, 1, 1, key);
	else
		cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_HashSequenceStart);
	cmd_u16(&c, 0);
	cmd_u16(&c, hash);
	rc = cmd_run(h, &c);
	if (!rc) {
		rsp_params(h, handle);
		rc = two(h, TPM_CC_SequenceUpdate, *handle, "abc", false);
	}
	return rc;
}

static inline u32 context_save(struct host_tpm *h, u32 handle, struct bytes *context)
{
	struct cmd c;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ContextSave);
	cmd_u32(&c, handle);
	rc = cmd_run(h, &c);
	if (!rc) {
		context->size = h->rsp_len - 10;
		memcpy(context->data, h->rsp + 10, context->size);
	}
	return rc;
}

static inline u32 context_load(struct host_tpm *h, const struct bytes *context, u32 *handle)
{
	struct cmd c;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_ContextLoad);
	cmd_bytes(&c, context->data, context->size);
	rc = cmd_run(h, &c);
	if (!rc)
		rsp_params(h, handle);
	return rc;
}

static inline u32 extend(struct host_tpm *h, u32 pcr, const char *data)
{
	struct cmd c;
	u8 digest[VT_MAX_DIGEST];

	vt_hash(vt_hash_find(TPM_ALG_SHA256), data, strlen(data), digest);
	cmd_begin_pw(&c, TPM_CC_PCR_Extend, 1, 1, pcr);
	cmd_u32(&c, 2);
	cmd_u16(&c, TPM_ALG_SHA1);
	cmd_bytes(&c, digest, 20);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_bytes(&c, digest, 32);
	return cmd_run(h, &c);
}

static inline u32 furnish_nv(void)
{
	const u32 both = TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE | TPMA_NV_AUTHREAD;
	const u32 orderly = both | TPMA_NV_ORDERLY | TPM_NT_COUNTER << TPM_NT_SHIFT;
	u32 bad = 0;

	bad |= nv_define(FURNISHED_NV, both, 8, "secret");
	bad |= nv_write(TPM_RH_OWNER, FURNISHED_NV, "", "contents", 8, 0);
	bad |= nv_define(FURNISHED_NV + 1, both | TPM_NT_COUNTER << TPM_NT_SHIFT, 8, "");
	bad |= nv_increment(FURNISHED_NV + 1);
	bad |= nv_define(FURNISHED_NV + 2, both | TPM_NT_BITS << TPM_NT_SHIFT, 8, "");
	bad |= nv_set_bits(TPM_RH_OWNER, FURNISHED_NV + 2, 0x50);
	bad |= nv_define(FURNISHED_NV + 3, both | TPM_NT_EXTEND << TPM_NT_SHIFT, 32, "");
	bad |= nv_extend(TPM_RH_OWNER, FURNISHED_NV + 3, "abc", 3);
	bad |= nv_define(FURNISHED_NV + 4, orderly, 8, "");
	bad |= nv_increment(FURNISHED_NV + 4);
	bad |= nv_define(FURNISHED_NV + 5, both, 100, "");	/* never written */
	bad |= nv_define_full(TPM_RH_PLATFORM, FURNISHED_NV + 6, TPM_ALG_SHA512,
			      both | TPMA_NV_PLATFORMCREATE | TPMA_NV_POLICY_DELETE, 0, "", NULL, 0);
	return bad;
}

/* Objects and sequences without asymmetric keys: cheap to check, so good for many imports. */
static inline u32 furnish_objects(struct furnished *f)
{
	struct bytes private, public;
	u32 srk, bad = 0;

	bad |= primary(&tpm, TPM_RH_OWNER, &storage_template, &srk);
	bad |= create(&tpm, srk, &seal_template, "pw", "sealed", 6, &private, &public);
	bad |= load(&tpm, srk, &private, &public, &f->sealed);
	bad |= evict(&tpm, TPM_RH_OWNER, f->sealed, FURNISHED_SEALED);
	bad |= tpm_flush(&tpm, srk);
	bad |= primary(&tpm, TPM_RH_OWNER, &hmac_template, &f->hmac_key);
	bad |= primary(&tpm, TPM_RH_ENDORSEMENT, &cmac_template, &f->cmac_key);
	bad |= seq_start(&tpm, 0, TPM_ALG_SHA384, &f->seq[0]);
	bad |= seq_start(&tpm, f->hmac_key, TPM_ALG_NULL, &f->seq[1]);
	bad |= seq_start(&tpm, f->cmac_key, TPM_ALG_NULL, &f->seq[2]);
	bad |= seq_start(&tpm, 0, TPM_ALG_NULL, &f->seq[3]);
	return bad;
}

static inline u32 furnish_sessions(struct furnished *f)
{
	u32 saved, bad = 0;
	struct cmd c;

	bad |= tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA256, TPM_ALG_AES, &f->hmac);
	bad |= tpm_start_session(&tpm, TPM_SE_POLICY, TPM_ALG_SHA384, TPM_ALG_XOR, &f->policy);
	bad |= tpm_start_session(&tpm, TPM_SE_TRIAL, TPM_ALG_SHA1, TPM_ALG_NULL, &f->bound);
	bad |= tpm_start_session(&tpm, TPM_SE_POLICY, TPM_ALG_SHA256, TPM_ALG_NULL, &saved);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PolicyCommandCode);
	cmd_u32(&c, f->policy);
	cmd_u32(&c, TPM_CC_Unseal);
	bad |= cmd_run(&tpm, &c);
	bad |= context_save(&tpm, saved, &f->saved);
	return bad;
}

static inline u32 furnish_hierarchies(void)
{
	u8 policy[48] = { 1, 2, 3 };
	struct cmd c;
	u32 bad = 0;

	cmd_begin_pw(&c, TPM_CC_SetPrimaryPolicy, 1, 1, TPM_RH_PLATFORM);
	cmd_2b(&c, policy, 48);
	cmd_u16(&c, TPM_ALG_SHA384);
	bad |= cmd_run(&tpm, &c);
	cmd_begin_pw(&c, TPM_CC_SetPrimaryPolicy, 1, 1, TPM_RH_ACT_0);
	cmd_2b(&c, policy, 32);
	cmd_u16(&c, TPM_ALG_SHA256);
	bad |= cmd_run(&tpm, &c);
	cmd_begin_pw(&c, TPM_CC_ACT_SetTimeout, 1, 1, TPM_RH_ACT_0);
	cmd_u32(&c, 600);
	bad |= cmd_run(&tpm, &c);
	cmd_begin_pw(&c, TPM_CC_HierarchyChangeAuth, 1, 1, TPM_RH_ENDORSEMENT);
	cmd_2b(&c, "endorse", 7);
	bad |= cmd_run(&tpm, &c);
	cmd_begin_pw(&c, TPM_CC_SetCommandCodeAuditStatus, 1, 1, TPM_RH_OWNER);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_u32(&c, 1);
	cmd_u32(&c, TPM_CC_NV_Read);
	cmd_u32(&c, 0);
	bad |= cmd_run(&tpm, &c);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_EC_Ephemeral);
	cmd_u16(&c, TPM_ECC_NIST_P256);
	bad |= cmd_run(&tpm, &c);
	return bad;
}

/* In @tpm, made before. Response codes together: 0 when all went well. */
static inline u32 furnish(struct furnished *f)
{
	u32 handle, bad = 0;

	bad |= furnish_nv();
	bad |= furnish_objects(f);
	bad |= furnish_sessions(f);
	bad |= extend(&tpm, 0, "zero") | extend(&tpm, 5, "five") | extend(&tpm, 16, "debug");
	f->other = tpm2_space_new(tpm.t);
	tpm2_space_mark(tpm.space, 7);
	swap(f->other, tpm.space);
	bad |= seq_start(&tpm, 0, TPM_ALG_SHA512, &handle);
	bad |= tpm_start_session(&tpm, TPM_SE_HMAC, TPM_ALG_SHA512, TPM_ALG_NULL, &handle);
	swap(f->other, tpm.space);
	bad |= furnish_hierarchies();
	return bad;
}

#endif /* VTPM_STATE_SUPPORT_H */
