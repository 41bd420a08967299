// SPDX-License-Identifier: GPL-2.0-only
/* Enhanced authorization (Part 3, 23; Part 1, 19.7). */
#include "commands.h"

void tpm2_policy_update(struct tpm2_session *se, u32 code, const void *data, u32 len)
{
	struct vt_hash_ctx h;
	u8 cc[4];

	put_unaligned_be32(code, cc);
	vt_hash_init(&h, se->hash);
	vt_hash_update(&h, se->policy, se->hash->digest_size);
	vt_hash_update(&h, cc, sizeof(cc));
	vt_hash_update(&h, data, len);
	vt_hash_final(&h, se->policy);
}

void tpm2_policy_ref(struct tpm2_session *se, struct tpm2b ref)
{
	struct vt_hash_ctx h;

	vt_hash_init(&h, se->hash);
	vt_hash_update(&h, se->policy, se->hash->digest_size);
	vt_hash_update(&h, ref.data, ref.size);
	vt_hash_final(&h, se->policy);
}

static bool same(struct tpm2b a, const void *data, u16 size)
{
	return a.size == size && (!size || !crypto_memneq(a.data, data, size));
}

static bool trial(const struct tpm2_session *se)
{
	return se->type == TPM_SE_TRIAL;
}

/* ---- TPM2_PolicyRestart (11.2) ---- */

/* TPM2_PolicyRestart (11.2). No codes of its own. */
tpm_rc tpm2_cmd_policy_restart(struct tpm2_call *c)
{
	if (c->sessions[0]->type != TPM_SE_HMAC)
		tpm2_policy_reset(c->sessions[0]);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_PolicySigned (23.3), TPM2_PolicySecret (23.4) ---- */

struct policy_auth_in {
	struct tpm2b nonce;
	struct tpm2b cp_hash;
	struct tpm2b ref;
	u32 expiration;		/* two's complement, seconds */
	struct tpmt_signature sig;
};

static const struct desc_field policy_auth_in_fields[] = {
	FIELD(struct policy_auth_in, nonce, desc_2b_nonce),
	FIELD(struct policy_auth_in, cp_hash, desc_2b_digest),
	FIELD(struct policy_auth_in, ref, desc_2b_nonce),
	FIELD(struct policy_auth_in, expiration, desc_u32),
	FIELD(struct policy_auth_in, sig, desc_signature),
};

const struct desc tpm2_policy_signed_in = DESC_STRUCT(struct policy_auth_in, policy_auth_in_fields);
/* PolicySecret has no signature: the entity's authorization takes its place */
const struct desc tpm2_policy_secret_in = {
	.kind = D_STRUCT, .fields = policy_auth_in_fields, .nfields = 4,
	.size = sizeof(struct policy_auth_in),
};

struct policy_auth_out {
	struct tpm2b timeout;
	struct tpmt_ticket ticket;
};

static const struct desc_field policy_auth_out_fields[] = {
	FIELD(struct policy_auth_out, timeout, desc_2b_digest),
	FIELD(struct policy_auth_out, ticket, desc_tk_auth),
};

const struct desc tpm2_policy_signed_out =
	DESC_STRUCT(struct policy_auth_out, policy_auth_out_fields);
const struct desc tpm2_policy_secret_out =
	DESC_STRUCT(struct policy_auth_out, policy_auth_out_fields);

/*
 * When the authorization ends, ms of Time; 0: never. A nonce ties it to the
 * session's start, otherwise it is a time itself, in seconds since power on
 * (23.2.2); not to end too early it gets the part of a second that Time has.
 */
static u64 end_time(struct tpm2_call *c, const struct policy_auth_in *in)
{
	s32 seconds = (s32)in->expiration;
	u64 ms = (u64)(seconds < 0 ? -(s64)seconds : seconds) * 1000;

	if (!seconds)
		return 0;
	return (in->nonce.size ? c->sessions[1]->start : tpm2_time(c->t) % 1000) + ms;
}

tpm_rc tpm2_policy_check(const struct tpm2 *t, const struct tpm2_session *se, u64 timeout,
			 unsigned int timeout_n, struct tpm2b cp_hash)
{
	if (timeout && (se->epoch != t->time_epoch || timeout < tpm2_time(t)))
		return tpm2_param(TPM_RC_EXPIRED, timeout_n);
	if (!cp_hash.size)
		return TPM_RC_SUCCESS;
	if (cp_hash.size != se->hash->digest_size)
		return tpm2_param(TPM_RC_SIZE, 2);
	if (se->bind_what != BIND_NONE && (se->bind_what != BIND_CP_HASH ||
					   !same(cp_hash, se->bind_hash.data, se->bind_hash.size)))
		return TPM_RC_CPHASH;
	return TPM_RC_SUCCESS;
}

/* What both commands check of nonceTPM, expiration and cpHashA (PolicyParameterChecks). */
static tpm_rc check_parameters(struct tpm2_call *c, const struct policy_auth_in *in, u64 timeout)
{
	const struct tpm2_session *se = c->sessions[1];

	if (in->nonce.size && !same(in->nonce, se->nonce_tpm.data, se->nonce_tpm.size))
		return tpm2_param(TPM_RC_NONCE, 1);
	return tpm2_policy_check(c->t, se, timeout, 4, in->cp_hash);
}

/* aHash = H(nonceTPM || expiration || cpHashA || policyRef) (23.3.1) */
static void authorization_hash(const struct vt_hash_alg *alg, const struct policy_auth_in *in,
			       u8 *digest)
{
	struct vt_hash_ctx h;
	u8 expiration[4];

	put_unaligned_be32(in->expiration, expiration);
	vt_hash_init(&h, alg);
	vt_hash_update(&h, in->nonce.data, in->nonce.size);
	vt_hash_update(&h, expiration, sizeof(expiration));
	vt_hash_update(&h, in->cp_hash.data, in->cp_hash.size);
	vt_hash_update(&h, in->ref.data, in->ref.size);
	vt_hash_final(&h, digest);
}

static tpm_rc check_signature(struct tpm2_call *c, const struct policy_auth_in *in)
{
	const struct vt_hash_alg *alg = vt_hash_find(in->sig.hash);
	u8 digest[VT_MAX_DIGEST];
	tpm_rc rc;

	if (!alg)
		return tpm2_param(TPM_RC_SCHEME, 5);
	authorization_hash(alg, in, digest);
	rc = tpm2_verify(c, c->objects[0], tpm2b(digest, alg->digest_size), &in->sig);
	return tpm2_at_param(rc, 5);
}

void tpm2_policy_context(struct tpm2_session *se, u32 code, struct tpm2b name, struct tpm2b ref,
			 struct tpm2b cp_hash, u64 timeout)
{
	tpm2_policy_update(se, code, name.data, name.size);
	tpm2_policy_ref(se, ref);
	if (cp_hash.size) {
		se->bind_what = BIND_CP_HASH;
		se->bind_hash.size = cp_hash.size;
		memcpy(se->bind_hash.data, cp_hash.data, cp_hash.size);
	}
	if (timeout && (!se->timeout || timeout < se->timeout))
		se->timeout = timeout;
}

/* A ticket for a negative expiration in a real session, an empty one otherwise. */
static tpm_rc answer(struct tpm2_call *c, u16 tag, u32 hierarchy, struct tpm2b name,
		     const struct policy_auth_in *in, u64 timeout, struct policy_auth_out *out)
{
	bool until_reset = !in->nonce.size;
	u64 wire = timeout;
	tpm_rc rc;
	u8 *p;

	if ((s32)in->expiration >= 0 || trial(c->sessions[1])) {
		tpm2_ticket_empty(tag, &out->ticket);
		return TPM_RC_SUCCESS;
	}
	p = tpm2_scratch(c, sizeof(wire));
	if (until_reset)	/* the top bit says that it ends at the next reset too */
		wire |= 1ull << 63;
	put_unaligned_be64(wire, p);
	rc = tpm2_ticket_auth(c, tag, hierarchy, wire, until_reset, in->cp_hash, in->ref, name,
			      &out->ticket);
	if (!rc)
		out->timeout = tpm2b(p, sizeof(wire));
	return rc;
}

/*
 * TPM2_PolicySigned (23.3). TPM_RC_NONCE, TPM_RC_EXPIRED, TPM_RC_SIZE (cpHashA),
 * TPM_RC_CPHASH, TPM_RC_SCHEME, TPM_RC_SIGNATURE (auth), TPM_RC_HANDLE; TPM_RC_MEMORY,
 * TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_policy_signed(struct tpm2_call *c)
{
	const struct policy_auth_in *in = (void *)c->in;
	struct tpm2_object *key = c->objects[0];
	struct tpm2b name = tpm2b(key->name, key->name_size);
	u64 timeout = end_time(c, in);
	tpm_rc rc;

	if (!trial(c->sessions[1])) {
		rc = check_parameters(c, in, timeout);
		if (!rc)
			rc = check_signature(c, in);
		if (rc)
			return rc;
	}
	rc = answer(c, TPM_ST_AUTH_SIGNED, key->hierarchy, name, in, timeout, (void *)c->out);
	if (!rc)
		tpm2_policy_context(c->sessions[1], TPM_CC_PolicySigned, name, in->ref,
				    in->cp_hash, timeout);
	return rc;
}

static u32 entity_hierarchy(struct tpm2_call *c)
{
	u32 handle = c->handles[0];

	if (c->objects[0])
		return c->objects[0]->hierarchy;
	if (c->nv[0])
		return c->nv[0]->attrs & TPMA_NV_PLATFORMCREATE ? TPM_RH_PLATFORM : TPM_RH_OWNER;
	if (handle == TPM_RH_ENDORSEMENT || handle == TPM_RH_PLATFORM || handle == TPM_RH_NULL)
		return handle;
	return TPM_RH_OWNER;	/* the owner itself, lockout, the timer, PCRs */
}

/* TPM2_PolicySecret (23.4). TPM_RC_NONCE, TPM_RC_EXPIRED, TPM_RC_SIZE (cpHashA), TPM_RC_CPHASH. */
tpm_rc tpm2_cmd_policy_secret(struct tpm2_call *c)
{
	const struct policy_auth_in *in = (void *)c->in;
	u64 timeout = end_time(c, in);
	u8 name[TPM2_NAME_MAX];
	struct tpm2b n;
	tpm_rc rc;

	n = tpm2b(name, tpm2_entity_name(c->space, c->handles[0], name));
	if (!trial(c->sessions[1])) {
		rc = check_parameters(c, in, timeout);
		if (rc)
			return rc;
	}
	rc = answer(c, TPM_ST_AUTH_SECRET, entity_hierarchy(c), n, in, timeout, (void *)c->out);
	if (!rc)
		tpm2_policy_context(c->sessions[1], TPM_CC_PolicySecret, n, in->ref, in->cp_hash,
				    timeout);
	return rc;
}

/* ---- TPM2_PolicyOR (23.6) ---- */

struct policy_or_in {
	struct tpml_digest list;
};

static const struct desc_field policy_or_in_fields[] = { FIELD(struct policy_or_in, list,
							       desc_digest_list_or) };
const struct desc tpm2_policy_or_in = DESC_STRUCT(struct policy_or_in, policy_or_in_fields);

/* TPM2_PolicyOR (23.6). TPM_RC_VALUE: none of the digests is the session's. */
tpm_rc tpm2_cmd_policy_or(struct tpm2_call *c)
{
	const struct policy_or_in *in = (void *)c->in;
	struct tpm2_session *se = c->sessions[0];
	u16 size = se->hash->digest_size;
	bool found = trial(se);
	struct vt_hash_ctx h;
	u8 cc[4];
	u32 i;

	for (i = 0; i < in->list.count; i++)
		found |= same(in->list.digest[i], se->policy, size);
	if (!found)
		return tpm2_param(TPM_RC_VALUE, 1);
	put_unaligned_be32(TPM_CC_PolicyOR, cc);
	memset(se->policy, 0, size);
	vt_hash_init(&h, se->hash);
	vt_hash_update(&h, se->policy, size);
	vt_hash_update(&h, cc, sizeof(cc));
	for (i = 0; i < in->list.count; i++)
		vt_hash_update(&h, in->list.digest[i].data, in->list.digest[i].size);
	vt_hash_final(&h, se->policy);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_PolicyPCR (23.7) ---- */

struct policy_pcr_in {
	struct tpm2b digest;
	struct tpml_pcr_selection sel;
};

static const struct desc_field policy_pcr_in_fields[] = {
	FIELD(struct policy_pcr_in, digest, desc_2b_digest),
	FIELD(struct policy_pcr_in, sel, desc_pcr_selection_list),
};

const struct desc tpm2_policy_pcr_in = DESC_STRUCT(struct policy_pcr_in, policy_pcr_in_fields);

/*
 * The values come from the provider that the policy names for sealing. PCRs that are not
 * there leave the selection, in a trial as well, which else would tell of a digest that no
 * session gets.
 */
static tpm_rc check_pcrs(struct tpm2_call *c, struct policy_pcr_in *in, u8 *digest)
{
	struct tpm2_session *se = c->sessions[0];
	tpm_rc rc;

	if (trial(se)) {
		if (in->digest.size == se->hash->digest_size) {
			memcpy(digest, in->digest.data, in->digest.size);
			return tpm2_pcr_filter(c, VTPM_OP_SEAL, &in->sel);
		}
		if (in->digest.size)
			return tpm2_param(TPM_RC_SIZE, 1);
	}
	rc = tpm2_pcr_digest(c, VTPM_OP_SEAL, se->hash, &in->sel, digest);
	if (rc || trial(se))
		return rc;
	if (se->pcr_checked && se->pcr_counter != c->t->pcr_counter)
		return TPM_RC_PCR_CHANGED;
	if (in->digest.size && !same(in->digest, digest, se->hash->digest_size))
		return tpm2_param(TPM_RC_VALUE, 1);
	return TPM_RC_SUCCESS;
}

/*
 * TPM2_PolicyPCR (23.7). TPM_RC_VALUE: other values now; TPM_RC_PCR_CHANGED;
 * TPM_RC_SIZE: pcrDigest is none; TPM_RC_PCR: the policy denies one of the PCRs.
 */
tpm_rc tpm2_cmd_policy_pcr(struct tpm2_call *c)
{
	struct policy_pcr_in *in = (void *)c->in;
	struct tpm2_session *se = c->sessions[0];
	u8 digest[VT_MAX_DIGEST],
		buf[4 + VTPM_MAX_BANKS * sizeof(struct tpms_pcr_selection) + VT_MAX_DIGEST];
	struct tpm2_writer w = tpm2_writer(buf, sizeof(buf));
	tpm_rc rc;

	rc = check_pcrs(c, in, digest);
	if (rc)
		return rc;
	tpm2_write(&w, &desc_pcr_selection_list, &in->sel);
	tpm2_put(&w, digest, se->hash->digest_size);
	tpm2_policy_update(se, TPM_CC_PolicyPCR, buf, w.len);
	if (!trial(se)) {
		se->pcr_checked = true;
		se->pcr_counter = c->t->pcr_counter;
	}
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_PolicyCommandCode (23.11) ---- */

struct policy_command_code_in {
	u32 code;
};

static const struct desc_field policy_command_code_in_fields[] = {
	FIELD(struct policy_command_code_in, code, desc_cc),
};

const struct desc tpm2_policy_command_code_in =
	DESC_STRUCT(struct policy_command_code_in, policy_command_code_in_fields);

/*
 * TPM2_PolicyCommandCode (23.11). TPM_RC_POLICY_CC: no such command; TPM_RC_VALUE:
 * another code is set.
 */
tpm_rc tpm2_cmd_policy_command_code(struct tpm2_call *c)
{
	const struct policy_command_code_in *in = (void *)c->in;
	struct tpm2_session *se = c->sessions[0];
	u8 code[4];

	if (se->command_code && se->command_code != in->code)
		return tpm2_param(TPM_RC_VALUE, 1);
	if (!tpm2_cmd_find(in->code) || !tpm2_cmd_left(c->t, in->code))
		return tpm2_param(TPM_RC_POLICY_CC, 1);
	put_unaligned_be32(in->code, code);
	tpm2_policy_update(se, TPM_CC_PolicyCommandCode, code, sizeof(code));
	se->command_code = in->code;
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_PolicyAuthorize (23.16) ---- */

struct policy_authorize_in {
	struct tpm2b approved;
	struct tpm2b ref;
	struct tpm2b key;
	struct tpmt_ticket ticket;
};

static const struct desc_field policy_authorize_in_fields[] = {
	FIELD(struct policy_authorize_in, approved, desc_2b_digest),
	FIELD(struct policy_authorize_in, ref, desc_2b_nonce),
	FIELD(struct policy_authorize_in, key, desc_2b_name),
	FIELD(struct policy_authorize_in, ticket, desc_tk_verified),
};

const struct desc tpm2_policy_authorize_in =
	DESC_STRUCT(struct policy_authorize_in, policy_authorize_in_fields);

/* The name's hash made aHash = H(approvedPolicy || policyRef), and the ticket covers that. */
static tpm_rc check_authorize(struct tpm2_call *c, const struct policy_authorize_in *in)
{
	struct tpm2_session *se = c->sessions[0];
	const struct vt_hash_alg *alg;
	u8 digest[VT_MAX_DIGEST];
	struct tpmt_ticket ticket;
	struct vt_hash_ctx h;
	tpm_rc rc;

	alg = in->key.size >= 2 ? vt_hash_find(get_unaligned_be16(in->key.data)) : NULL;
	if (!alg)
		return tpm2_param(TPM_RC_HASH, 3);
	if (in->key.size != 2 + alg->digest_size)
		return tpm2_param(TPM_RC_SIZE, 3);
	if (trial(se))
		return TPM_RC_SUCCESS;
	if (!same(in->approved, se->policy, se->hash->digest_size))
		return tpm2_param(TPM_RC_VALUE, 1);
	vt_hash_init(&h, alg);
	vt_hash_update(&h, in->approved.data, in->approved.size);
	vt_hash_update(&h, in->ref.data, in->ref.size);
	vt_hash_final(&h, digest);
	rc = tpm2_ticket_verified(c, in->ticket.hierarchy, tpm2b(digest, alg->digest_size), in->key,
				  &ticket);
	if (rc)
		return rc;
	if (!in->ticket.digest.size || !tpm2_ticket_equal(&ticket, &in->ticket))
		return tpm2_param(TPM_RC_VALUE, 4);
	return TPM_RC_SUCCESS;
}

/*
 * TPM2_PolicyAuthorize (23.16). TPM_RC_HASH, TPM_RC_SIZE: keySign is no name;
 * TPM_RC_VALUE: other policy, or a bad ticket.
 */
tpm_rc tpm2_cmd_policy_authorize(struct tpm2_call *c)
{
	const struct policy_authorize_in *in = (void *)c->in;
	struct tpm2_session *se = c->sessions[0];
	tpm_rc rc;

	rc = check_authorize(c, in);
	if (rc)
		return rc;
	memset(se->policy, 0, sizeof(se->policy));
	tpm2_policy_update(se, TPM_CC_PolicyAuthorize, in->key.data, in->key.size);
	tpm2_policy_ref(se, in->ref);
	return TPM_RC_SUCCESS;
}

/*
 * ---- TPM2_PolicyAuthValue (23.17), TPM2_PolicyPassword (23.18), TPM2_PolicyGetDigest (23.19) ----
 */

/*
 * TPM2_PolicyAuthValue (23.17). No codes of its own. Its digest is that of
 * PolicyPassword: the choice is the caller's when the policy is used.
 */
tpm_rc tpm2_cmd_policy_auth_value(struct tpm2_call *c)
{
	struct tpm2_session *se = c->sessions[0];

	tpm2_policy_update(se, TPM_CC_PolicyAuthValue, NULL, 0);
	se->auth_value_needed = true;
	se->password_needed = false;
	return TPM_RC_SUCCESS;
}

/* TPM2_PolicyPassword (23.18). No codes of its own. */
tpm_rc tpm2_cmd_policy_password(struct tpm2_call *c)
{
	struct tpm2_session *se = c->sessions[0];

	tpm2_policy_update(se, TPM_CC_PolicyAuthValue, NULL, 0);
	se->password_needed = true;
	se->auth_value_needed = false;
	return TPM_RC_SUCCESS;
}

struct policy_get_digest_out {
	struct tpm2b digest;
};

static const struct desc_field policy_get_digest_out_fields[] = {
	FIELD(struct policy_get_digest_out, digest, desc_2b_digest),
};

const struct desc tpm2_policy_get_digest_out =
	DESC_STRUCT(struct policy_get_digest_out, policy_get_digest_out_fields);

/* TPM2_PolicyGetDigest (23.19). No codes of its own. */
tpm_rc tpm2_cmd_policy_get_digest(struct tpm2_call *c)
{
	struct policy_get_digest_out *out = (void *)c->out;
	struct tpm2_session *se = c->sessions[0];

	out->digest = tpm2b(se->policy, se->hash->digest_size);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_PolicyCounterTimer (23.10) ---- */

struct policy_counter_timer_in {
	struct tpm2b operand;
	u16 offset;
	u16 operation;
};

static tpm_rc check_operation(u64 v)
{
	return v > 11 ? TPM_RC_VALUE : TPM_RC_SUCCESS;
}

static const struct desc d_operation = DESC_UINT(u16, check_operation);
static const struct desc_field policy_counter_timer_in_fields[] = {
	FIELD(struct policy_counter_timer_in, operand, desc_2b_digest),
	FIELD(struct policy_counter_timer_in, offset, desc_u16),
	FIELD(struct policy_counter_timer_in, operation, d_operation),
};

const struct desc tpm2_policy_counter_timer_in =
	DESC_STRUCT(struct policy_counter_timer_in, policy_counter_timer_in_fields);

/* memcmp() for two's complement, most significant byte first; variable time: both are public */
static int order(const u8 *a, const u8 *b, u16 len, bool is_signed)
{
	u16 i;

	if (is_signed && len && (a[0] ^ b[0]) & 0x80)
		return a[0] & 0x80 ? -1 : 1;
	for (i = 0; i < len; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

bool tpm2_compare(u16 operation, const u8 *a, const u8 *b, u16 len)
{
	bool set = true, clear = true;
	u16 i;

	switch (operation) {
	case 0:	/* TPM_EO_EQ */
		return !order(a, b, len, false);
	case 1:	/* NEQ */
		return order(a, b, len, false);
	case 2:	/* SIGNED_GT */
	case 3:	/* UNSIGNED_GT */
		return order(a, b, len, operation == 2) > 0;
	case 4:	/* SIGNED_LT */
	case 5:	/* UNSIGNED_LT */
		return order(a, b, len, operation == 4) < 0;
	case 6:	/* SIGNED_GE */
	case 7:	/* UNSIGNED_GE */
		return order(a, b, len, operation == 6) >= 0;
	case 8:	/* SIGNED_LE */
	case 9:	/* UNSIGNED_LE */
		return order(a, b, len, operation == 8) <= 0;
	}
	for (i = 0; i < len; i++) {	/* BITSET, BITCLEAR: the bits of b in a */
		set &= (a[i] & b[i]) == b[i];
		clear &= !(a[i] & b[i]);
	}
	return operation == 10 ? set : clear;
}

/* args = H(operandB || offset || operation) */
static void operation_hash(const struct vt_hash_alg *alg, const struct policy_counter_timer_in *in,
			   u8 *digest)
{
	struct vt_hash_ctx h;
	u8 tail[4];

	put_unaligned_be16(in->offset, tail);
	put_unaligned_be16(in->operation, tail + 2);
	vt_hash_init(&h, alg);
	vt_hash_update(&h, in->operand.data, in->operand.size);
	vt_hash_update(&h, tail, sizeof(tail));
	vt_hash_final(&h, digest);
}

static tpm_rc check_time(struct tpm2_call *c, const struct policy_counter_timer_in *in)
{
	struct tpms_time_info now = tpm2_time_info(c->t);
	u8 wire[25];
	struct tpm2_writer w = tpm2_writer(wire, sizeof(wire));

	tpm2_write(&w, &desc_time_info, &now);
	if (in->offset > w.len)
		return tpm2_param(TPM_RC_VALUE, 2);
	if (in->operand.size > w.len - in->offset)
		return TPM_RC_RANGE;
	if (trial(c->sessions[0]))
		return TPM_RC_SUCCESS;
	return tpm2_compare(in->operation, wire + in->offset, in->operand.data, in->operand.size) ?
	       TPM_RC_SUCCESS : TPM_RC_POLICY;
}

/*
 * TPM2_PolicyCounterTimer (23.10). TPM_RC_POLICY: does not hold; TPM_RC_VALUE,
 * TPM_RC_RANGE: past the end of TPMS_TIME_INFO.
 */
tpm_rc tpm2_cmd_policy_counter_timer(struct tpm2_call *c)
{
	const struct policy_counter_timer_in *in = (void *)c->in;
	struct tpm2_session *se = c->sessions[0];
	u8 digest[VT_MAX_DIGEST];
	tpm_rc rc;

	rc = check_time(c, in);
	if (rc)
		return rc;
	operation_hash(se->hash, in, digest);
	tpm2_policy_update(se, TPM_CC_PolicyCounterTimer, digest, se->hash->digest_size);
	return TPM_RC_SUCCESS;
}
