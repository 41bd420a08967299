// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enhanced authorization: assertions about the command to come, the place it
 * comes from, and the TPM (Part 3, 23; Part 1, 19.7).
 */
#include "commands.h"

static bool trial(const struct tpm2_session *se)
{
	return se->type == TPM_SE_TRIAL;
}

static bool same_bound(const struct tpm2_session *se, struct tpm2b hash)
{
	return se->bind_hash.size == hash.size &&
	       !crypto_memneq(se->bind_hash.data, hash.data, hash.size);
}

static void bind(struct tpm2_session *se, u8 what, const u8 *hash)
{
	se->bind_what = what;
	se->bind_hash.size = se->hash->digest_size;
	memcpy(se->bind_hash.data, hash, se->hash->digest_size);
}

/* ---- PolicyCpHash (23.13), NameHash (23.14), Template (23.21), Parameters (23.25) ---- */

struct policy_hash_in {
	struct tpm2b hash;
};

static const struct desc_field policy_hash_in_fields[] = {
	FIELD(struct policy_hash_in, hash, desc_2b_digest),
};

const struct desc tpm2_policy_hash_in = DESC_STRUCT(struct policy_hash_in, policy_hash_in_fields);

/*
 * A session is bound to one of the four at most; the same may be said again but
 * for a nameHash. TPM_RC_SIZE: no digest of the session's hash; TPM_RC_CPHASH.
 */
static tpm_rc bind_hash(struct tpm2_call *c, u8 what, bool again)
{
	const struct policy_hash_in *in = (void *)c->in;
	struct tpm2_session *se = c->sessions[0];

	if (in->hash.size != se->hash->digest_size)
		return tpm2_param(TPM_RC_SIZE, 1);
	if (se->bind_what != BIND_NONE &&
	    (!again || se->bind_what != what || !same_bound(se, in->hash)))
		return TPM_RC_CPHASH;
	tpm2_policy_update(se, c->cmd->code, in->hash.data, in->hash.size);
	bind(se, what, in->hash.data);
	return TPM_RC_SUCCESS;
}

/*
 * TPM2_PolicyCpHash (23.13). TPM_RC_SIZE: no digest of the session's hash;
 * TPM_RC_CPHASH: the session is bound to something else already.
 */
tpm_rc tpm2_cmd_policy_cp_hash(struct tpm2_call *c)
{
	return bind_hash(c, BIND_CP_HASH, true);
}

/*
 * TPM2_PolicyNameHash (23.14). TPM_RC_SIZE: no digest of the session's hash;
 * TPM_RC_CPHASH: the session is bound to something else already.
 */
tpm_rc tpm2_cmd_policy_name_hash(struct tpm2_call *c)
{
	return bind_hash(c, BIND_NAME_HASH, false);
}

/*
 * TPM2_PolicyTemplate (23.21). TPM_RC_SIZE: no digest of the session's hash;
 * TPM_RC_CPHASH: the session is bound to something else already; TPM_RC_VALUE: another
 * template was said before.
 */
tpm_rc tpm2_cmd_policy_template(struct tpm2_call *c)
{
	const struct policy_hash_in *in = (void *)c->in;
	const struct tpm2_session *se = c->sessions[0];

	if (se->bind_what == BIND_TEMPLATE && !same_bound(se, in->hash))
		return tpm2_param(TPM_RC_VALUE, 1);
	if (se->bind_what != BIND_NONE && se->bind_what != BIND_TEMPLATE)
		return TPM_RC_CPHASH;
	return bind_hash(c, BIND_TEMPLATE, true);
}

/*
 * TPM2_PolicyParameters (23.24). TPM_RC_SIZE: no digest of the session's hash;
 * TPM_RC_CPHASH: the session is bound to something else already.
 */
tpm_rc tpm2_cmd_policy_parameters(struct tpm2_call *c)
{
	return bind_hash(c, BIND_PARAMETERS, true);
}

/* The template is the second parameter, without its size; the first may be encrypted. */
bool tpm2_template_hash(struct tpm2_call *c, const struct vt_hash_alg *alg, u8 *out)
{
	struct tpm2_reader r = { .p = c->params.data, .left = c->params.size };
	struct tpm2b sensitive, template;
	u16 code = c->cmd->code;

	if (code != TPM_CC_Create && code != TPM_CC_CreatePrimary && code != TPM_CC_CreateLoaded)
		return false;
	if (tpm2_read_2b(&r, VTPM_MAX_COMMAND, &sensitive) ||
	    tpm2_read_2b(&r, VTPM_MAX_COMMAND, &template))
		return false;
	vt_hash(alg, template.data, template.size, out);
	return true;
}

void tpm2_parameter_hash(struct tpm2_call *c, const struct vt_hash_alg *alg, u8 *out)
{
	struct vt_hash_ctx h;
	u8 code[4];

	put_unaligned_be32(c->cmd->code, code);
	vt_hash_init(&h, alg);
	vt_hash_update(&h, code, sizeof(code));
	vt_hash_update(&h, c->params.data, c->params.size);
	vt_hash_final(&h, out);
}

/* ---- TPM2_PolicyDuplicationSelect (23.15) ---- */

struct duplication_select_in {
	struct tpm2b object;
	struct tpm2b parent;
	u8 include;
};

static const struct desc_field duplication_select_in_fields[] = {
	FIELD(struct duplication_select_in, object, desc_2b_name),
	FIELD(struct duplication_select_in, parent, desc_2b_name),
	FIELD(struct duplication_select_in, include, desc_yes_no),
};

const struct desc tpm2_policy_duplication_select_in =
	DESC_STRUCT(struct duplication_select_in, duplication_select_in_fields);

/*
 * TPM2_PolicyDuplicationSelect (23.15). TPM_RC_CPHASH, TPM_RC_COMMAND_CODE: the
 * session is bound to something else already.
 */
tpm_rc tpm2_cmd_policy_duplication_select(struct tpm2_call *c)
{
	const struct duplication_select_in *in = (void *)c->in;
	struct tpm2_session *se = c->sessions[0];
	u8 names[2 * TPM2_NAME_MAX + 1], digest[VT_MAX_DIGEST];
	struct tpm2_writer w = tpm2_writer(names, sizeof(names));
	u32 skip = in->include ? 0 : in->object.size;

	if (se->bind_what != BIND_NONE)
		return TPM_RC_CPHASH;
	if (se->command_code)
		return TPM_RC_COMMAND_CODE;
	tpm2_put(&w, in->object.data, in->object.size);
	tpm2_put(&w, in->parent.data, in->parent.size);
	vt_hash(se->hash, names, w.len, digest);
	tpm2_put_u8(&w, in->include);
	tpm2_policy_update(se, TPM_CC_PolicyDuplicationSelect, names + skip, w.len - skip);
	bind(se, BIND_NAME_HASH, digest);
	se->command_code = TPM_CC_Duplicate;
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_PolicyLocality (23.8), TPM2_PolicyPhysicalPresence (23.12) ---- */

struct policy_locality_in {
	u8 locality;
};

static const struct desc_field policy_locality_in_fields[] = {
	FIELD(struct policy_locality_in, locality, desc_u8),
};

const struct desc tpm2_policy_locality_in =
	DESC_STRUCT(struct policy_locality_in, policy_locality_in_fields);

/* Extended ones are numbers above 31 and do not mix with the bits of the others. */
static u8 both_localities(u8 before, u8 more)
{
	if (!before)
		return more;
	if (before > 31 || more > 31)
		return before == more ? more : 0;
	return before & more;
}

/* TPM2_PolicyLocality (23.8). TPM_RC_RANGE: no locality would be left. */
tpm_rc tpm2_cmd_policy_locality(struct tpm2_call *c)
{
	const struct policy_locality_in *in = (void *)c->in;
	struct tpm2_session *se = c->sessions[0];
	u8 left = both_localities(se->locality, in->locality);

	if (!left)
		return tpm2_param(TPM_RC_RANGE, 1);
	tpm2_policy_update(se, TPM_CC_PolicyLocality, &in->locality, 1);
	se->locality = left;
	return TPM_RC_SUCCESS;
}

/*
 * TPM2_PolicyPhysicalPresence (23.12). No codes of its own; TPM_RC_PP comes when the
 * policy is used and nobody is there.
 */
tpm_rc tpm2_cmd_policy_physical_presence(struct tpm2_call *c)
{
	tpm2_policy_update(c->sessions[0], TPM_CC_PolicyPhysicalPresence, NULL, 0);
	c->sessions[0]->pp_required = true;
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_PolicyTicket (23.5) ---- */

#define ENDS_AT_RESET	BIT_ULL(63)	/* in our timeout, see tpm2_cmd_policy_signed() */

struct policy_ticket_in {
	struct tpm2b timeout;
	struct tpm2b cp_hash;
	struct tpm2b ref;
	struct tpm2b name;
	struct tpmt_ticket ticket;
};

static const struct desc d_2b_timeout = DESC_2B(0, 8);
static const struct desc_field policy_ticket_in_fields[] = {
	FIELD(struct policy_ticket_in, timeout, d_2b_timeout),
	FIELD(struct policy_ticket_in, cp_hash, desc_2b_digest),
	FIELD(struct policy_ticket_in, ref, desc_2b_nonce),
	FIELD(struct policy_ticket_in, name, desc_2b_name),
	FIELD(struct policy_ticket_in, ticket, desc_tk_auth),
};

const struct desc tpm2_policy_ticket_in =
	DESC_STRUCT(struct policy_ticket_in, policy_ticket_in_fields);

static tpm_rc check_ticket(struct tpm2_call *c, const struct policy_ticket_in *in, u64 wire)
{
	struct tpmt_ticket ours;
	tpm_rc rc;

	rc = tpm2_policy_check(c->t, c->sessions[0], wire & ~ENDS_AT_RESET, 1, in->cp_hash);
	if (rc)
		return rc;
	rc = tpm2_ticket_auth(c, in->ticket.tag, in->ticket.hierarchy, wire, wire & ENDS_AT_RESET,
			      in->cp_hash, in->ref, in->name, &ours);
	if (!rc && !tpm2_ticket_equal(&in->ticket, &ours))
		rc = tpm2_param(TPM_RC_TICKET, 5);
	return rc;
}

/*
 * TPM2_PolicyTicket (23.5). TPM_RC_ATTRIBUTES: a trial session; TPM_RC_SIZE,
 * TPM_RC_EXPIRED, TPM_RC_CPHASH, TPM_RC_TICKET. The digest is that of the command that
 * gave the ticket.
 */
tpm_rc tpm2_cmd_policy_ticket(struct tpm2_call *c)
{
	const struct policy_ticket_in *in = (void *)c->in;
	struct tpm2_session *se = c->sessions[0];
	u64 wire;
	tpm_rc rc;

	if (trial(se))
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 1);
	if (in->timeout.size != sizeof(wire))
		return tpm2_param(TPM_RC_SIZE, 1);
	wire = get_unaligned_be64(in->timeout.data);
	rc = check_ticket(c, in, wire);
	if (rc)
		return rc;
	tpm2_policy_context(se, in->ticket.tag == TPM_ST_AUTH_SECRET ?
			    TPM_CC_PolicySecret : TPM_CC_PolicySigned,
			    in->name, in->ref, in->cp_hash, wire & ~ENDS_AT_RESET);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_PolicyCapability (23.24) ---- */

struct policy_capability_in {
	struct tpm2b operand;
	u16 offset;
	u16 operation;
	u32 cap;
	u32 property;
};

static tpm_rc check_operation(u64 v)
{
	return v > 11 ? TPM_RC_VALUE : TPM_RC_SUCCESS;
}

static const struct desc d_operation = DESC_UINT(u16, check_operation);
static const struct desc_field policy_capability_in_fields[] = {
	FIELD(struct policy_capability_in, operand, desc_2b_digest),
	FIELD(struct policy_capability_in, offset, desc_u16),
	FIELD(struct policy_capability_in, operation, d_operation),
	FIELD(struct policy_capability_in, cap, desc_cap),
	FIELD(struct policy_capability_in, property, desc_u32),
};

const struct desc tpm2_policy_capability_in =
	DESC_STRUCT(struct policy_capability_in, policy_capability_in_fields);

#define TPM_EO_NEQ	1

/* What is not there differs from everything, and nothing else can be said of it. */
static tpm_rc check_capability(struct tpm2_call *c, const struct policy_capability_in *in)
{
	struct tpm2b now;
	bool found;
	tpm_rc rc;

	if (in->cap == TPM_CAP_PCRS)	/* has no single elements */
		return tpm2_param(TPM_RC_VALUE, 4);
	rc = tpm2_capability_one(c, in->cap, in->property, &now, &found);
	/* TPM2_GetCapability's parameters are the last two here */
	if (rc == tpm2_param(TPM_RC_VALUE, 1))
		return tpm2_param(TPM_RC_VALUE, 4);
	if (rc)
		return tpm2_param(RC((__force u32)rc & 0xbf), 5);
	if (!found)
		return in->operation == TPM_EO_NEQ ? TPM_RC_SUCCESS : TPM_RC_POLICY;
	if (in->offset > now.size)
		return tpm2_param(TPM_RC_VALUE, 2);
	if (in->operand.size > now.size - in->offset)
		return tpm2_param(TPM_RC_SIZE, 1);
	return tpm2_compare(in->operation, now.data + in->offset, in->operand.data,
			    in->operand.size) ? TPM_RC_SUCCESS : TPM_RC_POLICY;
}

/* args = H(operandB || offset || operation || capability || property) */
static void capability_args(const struct vt_hash_alg *alg, const struct policy_capability_in *in,
			    u8 *digest)
{
	struct vt_hash_ctx h;
	u8 tail[12];

	put_unaligned_be16(in->offset, tail);
	put_unaligned_be16(in->operation, tail + 2);
	put_unaligned_be32(in->cap, tail + 4);
	put_unaligned_be32(in->property, tail + 8);
	vt_hash_init(&h, alg);
	vt_hash_update(&h, in->operand.data, in->operand.size);
	vt_hash_update(&h, tail, sizeof(tail));
	vt_hash_final(&h, digest);
}

/*
 * TPM2_PolicyCapability (23.23). TPM_RC_POLICY: does not hold; TPM_RC_VALUE (offset,
 * capability, property), TPM_RC_HANDLE (property), TPM_RC_SIZE (operandB).
 */
tpm_rc tpm2_cmd_policy_capability(struct tpm2_call *c)
{
	const struct policy_capability_in *in = (void *)c->in;
	struct tpm2_session *se = c->sessions[0];
	u8 digest[VT_MAX_DIGEST];
	tpm_rc rc;

	if (!trial(se)) {
		rc = check_capability(c, in);
		if (rc)
			return rc;
	}
	capability_args(se->hash, in, digest);
	tpm2_policy_update(se, TPM_CC_PolicyCapability, digest, se->hash->digest_size);
	return TPM_RC_SUCCESS;
}
