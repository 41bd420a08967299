// SPDX-License-Identifier: GPL-2.0-only
/*
 * NV commands (Part 3, 31), those about an index: define, undefine, its public
 * area, its auth value, its locks.
 */
#include "commands.h"

#define READ_ANY	(TPMA_NV_PPREAD | TPMA_NV_OWNERREAD | TPMA_NV_AUTHREAD | TPMA_NV_POLICYREAD)
#define WRITE_ANY	(TPMA_NV_PPWRITE | TPMA_NV_OWNERWRITE | TPMA_NV_AUTHWRITE | \
			 TPMA_NV_POLICYWRITE)
#define STATE_BITS	(TPMA_NV_WRITTEN | TPMA_NV_WRITELOCKED | TPMA_NV_READLOCKED)

/* ---- TPM2_NV_DefineSpace (31.3) ---- */

struct nv_define_space_in {
	struct tpm2b auth;
	struct tpms_nv_public pub;
};

static const struct desc_field nv_define_space_in_fields[] = {
	FIELD(struct nv_define_space_in, auth, desc_2b_auth),
	FIELD(struct nv_define_space_in, pub, desc_2b_nv_public),
};

const struct desc tpm2_nv_define_space_in =
	DESC_STRUCT(struct nv_define_space_in, nv_define_space_in_fields);

static tpm_rc check_kind(const struct tpms_nv_public *pub)
{
	u16 size = sizeof(u64);

	switch (TPM_NT(pub->attrs)) {
	case TPM_NT_ORDINARY:
		return TPM_RC_SUCCESS;
	case TPM_NT_EXTEND:
		size = vt_hash_find(pub->name_alg)->digest_size;
		break;
	case TPM_NT_COUNTER:
	case TPM_NT_BITS:
	case TPM_NT_PIN_FAIL:
	case TPM_NT_PIN_PASS:
		break;
	default:
		return TPM_RC_ATTRIBUTES;
	}
	return pub->size == size ? TPM_RC_SUCCESS : TPM_RC_SIZE;
}

/* A counter never goes back; a PIN is not for its own holder to set, nor to be fixed for good. */
static bool kind_allows(u32 attrs)
{
	const u32 pin = TPMA_NV_AUTHWRITE | TPMA_NV_GLOBALLOCK | TPMA_NV_WRITEDEFINE;

	switch (TPM_NT(attrs)) {
	case TPM_NT_COUNTER:
		return !(attrs & TPMA_NV_CLEAR_STCLEAR);
	case TPM_NT_PIN_FAIL:
		return attrs & TPMA_NV_NO_DA && !(attrs & pin);
	case TPM_NT_PIN_PASS:
		return !(attrs & pin);
	default:
		return true;
	}
}

/* Something has to read and to write it, and it starts unwritten and unlocked. */
static bool attrs_consistent(u32 attrs)
{
	const u32 both = TPMA_NV_CLEAR_STCLEAR | TPMA_NV_WRITEDEFINE;

	return kind_allows(attrs) && !(attrs & STATE_BITS) && attrs & READ_ANY &&
	       attrs & WRITE_ANY && (attrs & both) != both;
}

tpm_rc tpm2_nv_check(const struct tpms_nv_public *pub)
{
	tpm_rc rc = check_kind(pub);

	if (!rc && !attrs_consistent(pub->attrs & ~STATE_BITS))
		rc = TPM_RC_ATTRIBUTES;
	return rc;
}

static tpm_rc check_define(struct tpm2_call *c, struct nv_define_space_in *in)
{
	const struct tpms_nv_public *pub = &in->pub;
	u16 digest = vt_hash_find(pub->name_alg)->digest_size;
	bool platform = c->handles[0] == TPM_RH_PLATFORM;
	tpm_rc rc;

	if (pub->policy.size && pub->policy.size != digest)
		return tpm2_param(TPM_RC_SIZE, 2);
	if (!tpm2_fit_auth(&in->auth, pub->name_alg))
		return tpm2_param(TPM_RC_SIZE, 1);
	if (platform && !c->t->ph_enable_nv)
		return tpm2_handle_rc(TPM_RC_HIERARCHY, 1);
	rc = check_kind(pub);
	if (!rc && !attrs_consistent(pub->attrs))
		rc = TPM_RC_ATTRIBUTES;
	if (rc)
		return tpm2_param(rc, 2);
	if (platform != !!(pub->attrs & TPMA_NV_PLATFORMCREATE))
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 1);
	if (pub->attrs & TPMA_NV_POLICY_DELETE && !platform)
		return tpm2_param(TPM_RC_ATTRIBUTES, 2);
	if (tpm2_nv_find(c->t, pub->index))
		return TPM_RC_NV_DEFINED;
	return tpm2_nv_room(c->t, pub->size) ? TPM_RC_SUCCESS : TPM_RC_NV_SPACE;
}

/*
 * TPM2_NV_DefineSpace (31.3). TPM_RC_SIZE (auth, authPolicy, dataSize),
 * TPM_RC_ATTRIBUTES (publicInfo; authHandle that is not who platformCreate says),
 * TPM_RC_HIERARCHY (phEnableNV is clear), TPM_RC_NV_DEFINED, TPM_RC_NV_SPACE,
 * TPM_RC_MEMORY.
 */
tpm_rc tpm2_cmd_nv_define_space(struct tpm2_call *c)
{
	struct nv_define_space_in *in = (void *)c->in;
	tpm_rc rc;

	rc = check_define(c, in);
	if (rc)
		return rc;
	return tpm2_nv_define(c->t, &in->pub, in->auth);
}

/* ---- TPM2_NV_DefineSpace2 (31.17 of level 1.83) ---- */

struct nv_define_space2_in {
	struct tpm2b auth;
	struct tpmt_nv_public_2 pub;
};

static const struct desc_field nv_define_space2_in_fields[] = {
	FIELD(struct nv_define_space2_in, auth, desc_2b_auth),
	FIELD(struct nv_define_space2_in, pub, desc_2b_nv_public_2),
};

const struct desc tpm2_nv_define_space2_in =
	DESC_STRUCT(struct nv_define_space2_in, nv_define_space2_in_fields);

/*
 * TPM2_NV_DefineSpace2 (31.17). As TPM2_NV_DefineSpace: TPM_RC_SIZE (auth, authPolicy,
 * dataSize), TPM_RC_ATTRIBUTES (publicInfo; authHandle), TPM_RC_HIERARCHY (phEnableNV is
 * clear), TPM_RC_NV_DEFINED, TPM_RC_NV_SPACE, TPM_RC_MEMORY.
 */
tpm_rc tpm2_cmd_nv_define_space2(struct tpm2_call *c)
{
	const struct nv_define_space2_in *in2 = (void *)c->in;
	struct nv_define_space_in in = { .auth = in2->auth, .pub = in2->pub.pub };
	tpm_rc rc;

	rc = check_define(c, &in);
	if (rc)
		return rc;
	return tpm2_nv_define(c->t, &in.pub, in.auth);
}

/* ---- TPM2_NV_UndefineSpace (31.4), TPM2_NV_UndefineSpaceSpecial (31.5) ---- */

/*
 * TPM2_NV_UndefineSpace (31.4). TPM_RC_ATTRIBUTES: only its policy deletes it;
 * TPM_RC_NV_AUTHORIZATION: it is the platform's.
 */
tpm_rc tpm2_cmd_nv_undefine_space(struct tpm2_call *c)
{
	struct tpm2_nv_index *x = c->nv[1];

	if (x->attrs & TPMA_NV_POLICY_DELETE)
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 2);
	if (c->handles[0] == TPM_RH_OWNER && x->attrs & TPMA_NV_PLATFORMCREATE)
		return TPM_RC_NV_AUTHORIZATION;
	tpm2_nv_undefine(c->t, x);
	return TPM_RC_SUCCESS;
}

/*
 * TPM2_NV_UndefineSpaceSpecial (31.5). TPM_RC_ATTRIBUTES: it is not for its policy
 * alone to delete.
 */
tpm_rc tpm2_cmd_nv_undefine_space_special(struct tpm2_call *c)
{
	struct tpm2_nv_index *x = c->nv[0];

	if (!(x->attrs & TPMA_NV_POLICY_DELETE))
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 1);
	tpm2_nv_undefine(c->t, x);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_NV_ReadPublic (31.6) ---- */

struct nv_read_public_out {
	struct tpms_nv_public pub;
	struct tpm2b name;
};

static const struct desc_field nv_read_public_out_fields[] = {
	FIELD(struct nv_read_public_out, pub, desc_2b_nv_public),
	FIELD(struct nv_read_public_out, name, desc_2b_name),
};

const struct desc tpm2_nv_read_public_out =
	DESC_STRUCT(struct nv_read_public_out, nv_read_public_out_fields);

/* TPM2_NV_ReadPublic (31.6). No codes of its own. */
tpm_rc tpm2_cmd_nv_read_public(struct tpm2_call *c)
{
	struct nv_read_public_out *out = (void *)c->out;
	struct tpm2_nv_index *x = c->nv[0];

	out->pub = tpm2_nv_public(x);
	out->name = tpm2b(x->name, x->name_size);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_NV_ReadPublic2 (31.18 of level 1.83) ---- */

struct nv_read_public2_out {
	struct tpmt_nv_public_2 pub;
	struct tpm2b name;
};

static const struct desc_field nv_read_public2_out_fields[] = {
	FIELD(struct nv_read_public2_out, pub, desc_2b_nv_public_2),
	FIELD(struct nv_read_public2_out, name, desc_2b_name),
};

const struct desc tpm2_nv_read_public2_out =
	DESC_STRUCT(struct nv_read_public2_out, nv_read_public2_out_fields);

/*
 * TPM2_NV_ReadPublic2 (31.18). No codes of its own. The name is the same as
 * TPM2_NV_ReadPublic's: it does not have the handle's type in it.
 */
tpm_rc tpm2_cmd_nv_read_public2(struct tpm2_call *c)
{
	struct nv_read_public2_out *out = (void *)c->out;
	struct tpm2_nv_index *x = c->nv[0];

	out->pub = (struct tpmt_nv_public_2){ TPM_HT_NV_INDEX, tpm2_nv_public(x) };
	out->name = tpm2b(x->name, x->name_size);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_NV_ChangeAuth (31.15) ---- */

struct nv_change_auth_in {
	struct tpm2b auth;
};

static const struct desc_field nv_change_auth_in_fields[] = {
	FIELD(struct nv_change_auth_in, auth, desc_2b_auth),
};

const struct desc tpm2_nv_change_auth_in =
	DESC_STRUCT(struct nv_change_auth_in, nv_change_auth_in_fields);

/* TPM2_NV_ChangeAuth (31.15). TPM_RC_SIZE: longer than the digest of nameAlg. */
tpm_rc tpm2_cmd_nv_change_auth(struct tpm2_call *c)
{
	struct nv_change_auth_in *in = (void *)c->in;
	struct tpm2_nv_index *x = c->nv[0];

	if (!tpm2_fit_auth(&in->auth, x->name_alg))
		return tpm2_param(TPM_RC_SIZE, 1);
	memzero_explicit(&x->auth, sizeof(x->auth));
	x->auth.size = in->auth.size;
	if (x->auth.size)
		memcpy(x->auth.data, in->auth.data, x->auth.size);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_NV_WriteLock (31.11), TPM2_NV_GlobalWriteLock (31.12), TPM2_NV_ReadLock (31.14) ---- */

/*
 * TPM2_NV_WriteLock (31.11). TPM_RC_NV_AUTHORIZATION; TPM_RC_ATTRIBUTES: it has no
 * lock. What is locked already stays so, whoever asks.
 */
tpm_rc tpm2_cmd_nv_write_lock(struct tpm2_call *c)
{
	struct tpm2_nv_index *x = c->nv[1];
	tpm_rc rc = tpm2_nv_may_write(x, c->handles[0]);

	if (rc)
		return rc == TPM_RC_NV_LOCKED ? TPM_RC_SUCCESS : rc;
	if (!(x->attrs & (TPMA_NV_WRITEDEFINE | TPMA_NV_WRITE_STCLEAR)))
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 2);
	tpm2_nv_set_attrs(x, x->attrs | TPMA_NV_WRITELOCKED);
	return TPM_RC_SUCCESS;
}

/* TPM2_NV_GlobalWriteLock (31.12). No codes of its own. */
tpm_rc tpm2_cmd_nv_global_write_lock(struct tpm2_call *c)
{
	struct tpm2_nv_index *x;

	list_for_each_entry(x, &c->t->nv, link)
		if (x->attrs & TPMA_NV_GLOBALLOCK)
			tpm2_nv_set_attrs(x, x->attrs | TPMA_NV_WRITELOCKED);
	return TPM_RC_SUCCESS;
}

/*
 * TPM2_NV_ReadLock (31.14). TPM_RC_NV_AUTHORIZATION, TPM_RC_ATTRIBUTES: it has no
 * lock. An index without contents can be locked too.
 */
tpm_rc tpm2_cmd_nv_read_lock(struct tpm2_call *c)
{
	struct tpm2_nv_index *x = c->nv[1];
	tpm_rc rc = tpm2_nv_may_read(x, c->handles[0]);

	if (rc == TPM_RC_NV_LOCKED)
		return TPM_RC_SUCCESS;
	if (rc == TPM_RC_NV_AUTHORIZATION)
		return rc;
	if (!(x->attrs & TPMA_NV_READ_STCLEAR))
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 2);
	tpm2_nv_set_attrs(x, x->attrs | TPMA_NV_READLOCKED);
	return TPM_RC_SUCCESS;
}
