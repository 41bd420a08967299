// SPDX-License-Identifier: GPL-2.0-only
/* Object commands (Part 3, 12 and 24.1): create, load, read, unseal, change the auth value. */
#include "commands.h"

/* ---- TPM2_Create, TPM2_CreatePrimary ---- */

struct create_in {
	struct tpms_sensitive_create sens;
	struct tpmt_public pub;
	struct tpm2b outside_info;
	struct tpml_pcr_selection creation_pcr;
};

static const struct desc_field create_in_fields[] = {
	FIELD(struct create_in, sens, desc_2b_sensitive_create),
	FIELD(struct create_in, pub, desc_2b_public),
	FIELD(struct create_in, outside_info, desc_2b_data),
	FIELD(struct create_in, creation_pcr, desc_pcr_selection_list),
};

const struct desc tpm2_create_in = DESC_STRUCT(struct create_in, create_in_fields);
const struct desc tpm2_create_primary_in = DESC_STRUCT(struct create_in, create_in_fields);
static_assert(sizeof(struct create_in) <= TPM2_CALL_IN);

/* name is CreatePrimary's, private is Create's */
struct create_out {
	struct tpm2b private;
	struct tpmt_public pub;
	struct tpm2b creation_data;
	struct tpm2b creation_hash;
	struct tpmt_ticket ticket;
	struct tpm2b name;
};

static const struct desc_field create_out_fields[] = {
	FIELD(struct create_out, private, desc_2b_private),
	FIELD(struct create_out, pub, desc_2b_public),
	FIELD(struct create_out, creation_data, desc_2b_any),
	FIELD(struct create_out, creation_hash, desc_2b_digest),
	FIELD(struct create_out, ticket, desc_tk_creation),
};

const struct desc tpm2_create_out = DESC_STRUCT(struct create_out, create_out_fields);

static const struct desc_field create_primary_out_fields[] = {
	FIELD(struct create_out, pub, desc_2b_public),
	FIELD(struct create_out, creation_data, desc_2b_any),
	FIELD(struct create_out, creation_hash, desc_2b_digest),
	FIELD(struct create_out, ticket, desc_tk_creation),
	FIELD(struct create_out, name, desc_2b_name),
};

const struct desc tpm2_create_primary_out =
	DESC_STRUCT(struct create_out, create_primary_out_fields);
static_assert(sizeof(struct create_out) <= TPM2_CALL_OUT);

static tpm_rc check_template(const struct tpm2_object *parent, struct create_in *in)
{
	tpm_rc rc = tpm2_check_create(parent, &in->pub, in->sens.data.size);

	if (rc)
		return tpm2_at_param(rc, 2);
	if (!tpm2_fit_auth(&in->sens.auth, in->pub.name_alg))
		return tpm2_param(TPM_RC_SIZE, 1);
	return TPM_RC_SUCCESS;
}

/* What both commands say about an object's making. */
static tpm_rc fill_creation(struct tpm2_call *c, struct create_in *in, const struct tpm2_made *made,
			    u32 hierarchy, struct create_out *out)
{
	tpm_rc rc;

	rc = tpm2_creation_data(c, made->pub.name_alg, &in->creation_pcr, in->outside_info,
				&out->creation_data, &out->creation_hash);
	if (rc)
		return rc;
	out->pub = made->pub;
	out->name = tpm2b(made->name, made->name_size);
	return tpm2_ticket_creation(c, hierarchy, out->name, out->creation_hash, &out->ticket);
}

/* The caller's reference goes to the space; on an error the object is gone. */
static tpm_rc install(struct tpm2_call *c, struct tpm2_object *o)
{
	tpm_rc rc = tpm2_object_install(c->space, o);

	if (rc)
		tpm2_object_put(c->t, o);
	else
		c->out_handle = o->handle;
	return rc;
}

static tpm_rc install_made(struct tpm2_call *c, const struct tpm2_made *made, u32 hierarchy,
			   const struct tpm2_object *parent)
{
	struct tpm2_object *o;
	tpm_rc rc;

	rc = tpm2_object_new(c->t, &made->pub, &made->sens, hierarchy, parent, &o);
	if (rc)
		return rc;
	o->primary = !parent;
	return install(c, o);
}

/*
 * TPM2_CreatePrimary (24.1). Of inPublic TPM_RC_ATTRIBUTES, TPM_RC_SIZE (authPolicy),
 * TPM_RC_SCHEME, TPM_RC_KDF, TPM_RC_SYMMETRIC, TPM_RC_RANGE (exponent); of inSensitive
 * TPM_RC_SIZE, TPM_RC_KEY_SIZE: data that is no key of that kind; TPM_RC_PCR: the policy
 * denies one of creationPCR; TPM_RC_OBJECT_MEMORY, TPM_RC_MEMORY, TPM_RC_CANCELED, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_create_primary(struct tpm2_call *c)
{
	struct create_in *in = (void *)c->in;
	struct create_out *out = (void *)c->out;
	struct tpm2_made *made = tpm2_scratch(c, sizeof(*made));
	u32 hierarchy = c->handles[0];
	tpm_rc rc;

	if (!made)
		return TPM_RC_FAILURE;
	if (!tpm2_object_room(c->space))
		return TPM_RC_OBJECT_MEMORY;
	rc = check_template(NULL, in);
	if (!rc)
		rc = tpm2_make(c, &in->pub, &in->sens, tpm2_hierarchy(c->t, hierarchy), made);
	if (!rc)
		rc = fill_creation(c, in, made, hierarchy, out);
	if (!rc)
		rc = install_made(c, made, hierarchy, NULL);
	return rc;
}

/*
 * TPM2_Create (12.1). TPM_RC_TYPE: the parent is none; of inPublic TPM_RC_ATTRIBUTES,
 * TPM_RC_SIZE (authPolicy), TPM_RC_SCHEME, TPM_RC_KDF, TPM_RC_SYMMETRIC, TPM_RC_HASH
 * (a storage key that differs from its parent), TPM_RC_RANGE (exponent); of
 * inSensitive TPM_RC_SIZE, TPM_RC_KEY_SIZE: data that is no key of that kind;
 * TPM_RC_PCR: the policy denies one of creationPCR; TPM_RC_MEMORY, TPM_RC_CANCELED,
 * TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_create(struct tpm2_call *c)
{
	struct create_in *in = (void *)c->in;
	struct create_out *out = (void *)c->out;
	struct tpm2_object *parent = c->objects[0];
	struct tpm2_made *made = tpm2_scratch(c, sizeof(*made));
	tpm_rc rc;

	if (!made)
		return TPM_RC_FAILURE;
	if (!tpm2_is_parent(parent))
		return tpm2_handle_rc(TPM_RC_TYPE, 1);
	rc = check_template(parent, in);
	if (!rc)
		rc = tpm2_make(c, &in->pub, &in->sens, NULL, made);
	if (!rc)
		rc = fill_creation(c, in, made, parent->hierarchy, out);
	if (!rc)
		rc = tpm2_wrap(c, parent, &made->sens, made->pub.name_alg, made->name,
			       made->name_size, &out->private);
	return rc;
}

/* ---- TPM2_CreateLoaded ---- */

struct create_loaded_in {
	struct tpms_sensitive_create sens;
	struct tpm2b template;
};

static const struct desc_field create_loaded_in_fields[] = {
	FIELD(struct create_loaded_in, sens, desc_2b_sensitive_create),
	FIELD(struct create_loaded_in, template, desc_2b_template),
};

const struct desc tpm2_create_loaded_in =
	DESC_STRUCT(struct create_loaded_in, create_loaded_in_fields);

struct create_loaded_out {
	struct tpm2b private;
	struct tpmt_public pub;
	struct tpm2b name;
};

static const struct desc_field create_loaded_out_fields[] = {
	FIELD(struct create_loaded_out, private, desc_2b_private),
	FIELD(struct create_loaded_out, pub, desc_2b_public),
	FIELD(struct create_loaded_out, name, desc_2b_name),
};

const struct desc tpm2_create_loaded_out =
	DESC_STRUCT(struct create_loaded_out, create_loaded_out_fields);

static tpm_rc read_template(const struct tpm2 *t, struct tpm2b bytes, bool derived,
			    struct tpmt_public *pub)
{
	struct tpm2_reader r = {
		.p = bytes.data, .left = bytes.size, .profile = tpm2_profile(t),
	};
	tpm_rc rc = tpm2_read(&r, derived ? &desc_public_derive : &desc_public, pub);

	if (!rc && r.left)
		rc = TPM_RC_SIZE;
	return tpm2_at_param(rc, 2);
}

static tpm_rc make_loaded(struct tpm2_call *c, const struct tpmt_public *template,
			  struct tpm2_made *made)
{
	struct create_loaded_in *in = (void *)c->in;
	struct create_loaded_out *out = (void *)c->out;
	struct tpm2_object *parent = c->objects[0];
	struct tpm2_hierarchy *h = parent ? NULL : tpm2_hierarchy(c->t, c->handles[0]);
	tpm_rc rc;

	if (parent &&
	    tpm2_is_derivation_parent(parent)) /* nothing to store: outPrivate stays empty */
		return tpm2_make_derived(c, parent, template, &in->sens, made);
	rc = tpm2_check_create(parent, template, in->sens.data.size);
	if (rc)
		return tpm2_at_param(rc, 2);
	rc = tpm2_make(c, template, &in->sens, h, made);
	if (!rc && parent)
		rc = tpm2_wrap(c, parent, &made->sens, made->pub.name_alg, made->name,
			       made->name_size, &out->private);
	return rc;
}

/*
 * TPM2_CreateLoaded (12.9). As TPM2_Create, and a primary object is the same as
 * TPM2_CreatePrimary makes: TPM_RC_TYPE: the parent is none, or an RSA key below a
 * derivation parent; of the template TPM_RC_SIZE, TPM_RC_INSUFFICIENT,
 * TPM_RC_ATTRIBUTES, TPM_RC_SCHEME, TPM_RC_KDF, TPM_RC_SYMMETRIC, TPM_RC_HASH,
 * TPM_RC_RANGE, and of what the policy has taken away TPM_RC_CURVE, TPM_RC_MODE,
 * TPM_RC_VALUE; of inSensitive TPM_RC_SIZE, TPM_RC_KEY_SIZE; TPM_RC_OBJECT_MEMORY,
 * TPM_RC_MEMORY, TPM_RC_CANCELED, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_create_loaded(struct tpm2_call *c)
{
	struct create_loaded_in *in = (void *)c->in;
	struct create_loaded_out *out = (void *)c->out;
	struct tpm2_object *parent = c->objects[0];
	struct tpm2_made *made = tpm2_scratch(c, sizeof(*made));
	bool derived = parent && tpm2_is_derivation_parent(parent);
	struct tpmt_public template = { 0 };
	tpm_rc rc;

	if (!made)
		return TPM_RC_FAILURE;
	if (!tpm2_object_room(c->space))
		return TPM_RC_OBJECT_MEMORY;
	if (parent && !derived && !tpm2_is_parent(parent))
		return tpm2_handle_rc(TPM_RC_TYPE, 1);
	rc = read_template(c->t, in->template, derived, &template);
	if (rc)
		return rc;
	if (!tpm2_fit_auth(&in->sens.auth, template.name_alg))
		return tpm2_param(TPM_RC_SIZE, 1);
	rc = make_loaded(c, &template, made);
	if (rc)
		return rc;
	out->pub = made->pub;
	out->name = tpm2b(made->name, made->name_size);
	return install_made(c, made, parent ? parent->hierarchy : c->handles[0], parent);
}

/* ---- TPM2_Load ---- */

struct load_in {
	struct tpm2b private;
	struct tpmt_public pub;
};

static const struct desc_field load_in_fields[] = {
	FIELD(struct load_in, private, desc_2b_private),
	FIELD(struct load_in, pub, desc_2b_public),
};

const struct desc tpm2_load_in = DESC_STRUCT(struct load_in, load_in_fields);

struct name_out {
	struct tpm2b name;
};

static const struct desc_field name_out_fields[] = {
	FIELD(struct name_out, name, desc_2b_name),
};

const struct desc tpm2_load_out = DESC_STRUCT(struct name_out, name_out_fields);
const struct desc tpm2_load_external_out = DESC_STRUCT(struct name_out, name_out_fields);

tpm_rc tpm2_check_loaded(struct tpm2_call *c, const struct tpm2_object *parent,
			 const struct tpmt_public *pub, const struct tpmt_sensitive *sens,
			 unsigned int pub_n, unsigned int sens_n)
{
	const struct vt_hash_alg *alg = vt_hash_find(pub->name_alg);
	tpm_rc rc;

	if (!sens || !alg) {
		rc = tpm2_check_schemes(NULL, pub);
	} else {
		if (sens->seed.size > alg->digest_size)
			return tpm2_param(TPM_RC_KEY_SIZE, sens_n);
		rc = tpm2_check_attributes(parent, pub);
	}
	if (rc)
		return tpm2_at_param(rc, pub_n);
	/* what a fixedTPM parent has wrapped, this TPM has made */
	if (parent && parent->pub.attrs & TPMA_OBJECT_FIXEDTPM)
		return sens->type == pub->type ? TPM_RC_SUCCESS : tpm2_param(TPM_RC_TYPE, sens_n);
	return tpm2_check_binding(c, pub, sens, pub_n, sens_n);
}

/*
 * TPM2_Load (12.2). TPM_RC_TYPE: the parent is none, or the two areas differ in type;
 * of inPrivate TPM_RC_SIZE, TPM_RC_INTEGRITY, TPM_RC_KEY_SIZE, TPM_RC_INSUFFICIENT; of
 * inPublic TPM_RC_ATTRIBUTES, TPM_RC_SCHEME, TPM_RC_KDF, TPM_RC_SYMMETRIC,
 * TPM_RC_HASH; TPM_RC_BINDING, TPM_RC_KEY, TPM_RC_VALUE (exponent) below a parent that
 * is not fixedTPM; TPM_RC_OBJECT_MEMORY, TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_load(struct tpm2_call *c)
{
	struct load_in *in = (void *)c->in;
	struct name_out *out = (void *)c->out;
	struct tpm2_object *parent = c->objects[0], *o;
	struct tpmt_sensitive sens;
	u8 name[TPM2_NAME_MAX];
	u16 name_size;
	tpm_rc rc;

	if (!tpm2_object_room(c->space))
		return TPM_RC_OBJECT_MEMORY;
	if (!in->private.size)
		return tpm2_param(TPM_RC_SIZE, 1);
	if (!tpm2_is_parent(parent))
		return tpm2_handle_rc(TPM_RC_TYPE, 1);
	name_size = tpm2_name(&in->pub, name);
	rc = tpm2_unwrap(c, parent, in->private, in->pub.name_alg, name, name_size, &sens);
	if (rc)
		return tpm2_at_param(rc, 1);
	rc = tpm2_check_loaded(c, parent, &in->pub, &sens, 2, 1);
	if (!rc)
		rc = tpm2_object_new(c->t, &in->pub, &sens, parent->hierarchy, parent, &o);
	if (rc)
		return rc;
	out->name = tpm2b(o->name, o->name_size);
	return install(c, o);
}

/* ---- TPM2_LoadExternal ---- */

struct load_external_in {
	struct tpmt_sensitive sens;
	struct tpmt_public pub;
	u32 hierarchy;
};

static const struct desc_field load_external_in_fields[] = {
	FIELD(struct load_external_in, sens, desc_2b_sensitive),
	FIELD(struct load_external_in, pub, desc_2b_public_null),
	FIELD(struct load_external_in, hierarchy, desc_rh_hierarchy_null),
};

const struct desc tpm2_load_external_in =
	DESC_STRUCT(struct load_external_in, load_external_in_fields);

/* A key from outside must not pass for one that this TPM has made. */
static tpm_rc check_external_private(const struct load_external_in *in)
{
	const u32 ours = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_RESTRICTED;

	if (in->hierarchy != TPM_RH_NULL)
		return tpm2_param(TPM_RC_HIERARCHY, 3);
	return in->pub.attrs & ours ? tpm2_param(TPM_RC_ATTRIBUTES, 2) : TPM_RC_SUCCESS;
}

/*
 * TPM2_LoadExternal (12.3). TPM_RC_HIERARCHY: it is disabled, or not NULL for a key
 * with its private part; of inPublic TPM_RC_ATTRIBUTES, TPM_RC_SIZE (authPolicy),
 * TPM_RC_SCHEME, TPM_RC_KDF, TPM_RC_SYMMETRIC; TPM_RC_KEY, TPM_RC_ECC_POINT,
 * TPM_RC_VALUE (exponent): a public key that is none; of inPrivate TPM_RC_KEY_SIZE,
 * TPM_RC_TYPE, TPM_RC_SIZE; TPM_RC_BINDING; TPM_RC_OBJECT_MEMORY, TPM_RC_MEMORY,
 * TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_load_external(struct tpm2_call *c)
{
	struct load_external_in *in = (void *)c->in;
	struct name_out *out = (void *)c->out;
	struct tpmt_sensitive *sens = in->sens.type ? &in->sens : NULL;
	struct tpm2_object *o;
	tpm_rc rc = TPM_RC_SUCCESS;

	if (!tpm2_object_room(c->space))
		return TPM_RC_OBJECT_MEMORY;
	if (!tpm2_hierarchy(c->t, in->hierarchy)->enabled)
		return tpm2_param(TPM_RC_HIERARCHY, 3);
	if (sens)
		rc = check_external_private(in);
	if (!rc)
		rc = tpm2_check_loaded(c, NULL, &in->pub, sens, 2, 1);
	if (!rc)
		rc = tpm2_object_copy(c->t, &in->pub, sens, in->hierarchy, &o);
	if (rc)
		return rc;
	o->external = true;
	o->qualified_size = o->name_size;
	memcpy(o->qualified, o->name, o->name_size);
	out->name = tpm2b(o->name, o->name_size);
	return install(c, o);
}

/* ---- TPM2_ReadPublic ---- */

struct read_public_out {
	struct tpmt_public pub;
	struct tpm2b name;
	struct tpm2b qualified;
};

static const struct desc_field read_public_out_fields[] = {
	FIELD(struct read_public_out, pub, desc_2b_public),
	FIELD(struct read_public_out, name, desc_2b_name),
	FIELD(struct read_public_out, qualified, desc_2b_name),
};

const struct desc tpm2_read_public_out =
	DESC_STRUCT(struct read_public_out, read_public_out_fields);

/* TPM2_ReadPublic (12.4). TPM_RC_SEQUENCE: a sequence has no public area. */
tpm_rc tpm2_cmd_read_public(struct tpm2_call *c)
{
	struct read_public_out *out = (void *)c->out;
	const struct tpm2_object *o = c->objects[0];

	if (o->kind != OBJ_KEY)
		return TPM_RC_SEQUENCE;
	out->pub = o->pub;
	out->name = tpm2b(o->name, o->name_size);
	out->qualified = tpm2b(o->qualified, o->qualified_size);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_Unseal ---- */

struct unseal_out {
	struct tpm2b data;
};

static const struct desc_field unseal_out_fields[] = {
	FIELD(struct unseal_out, data, desc_2b_sensitive_data),
};

const struct desc tpm2_unseal_out = DESC_STRUCT(struct unseal_out, unseal_out_fields);

/* TPM2_Unseal (12.7). TPM_RC_TYPE, TPM_RC_ATTRIBUTES: no sealed data object. */
tpm_rc tpm2_cmd_unseal(struct tpm2_call *c)
{
	const u32 key = TPMA_OBJECT_DECRYPT | TPMA_OBJECT_SIGN | TPMA_OBJECT_RESTRICTED;
	struct unseal_out *out = (void *)c->out;
	const struct tpm2_object *o = c->objects[0];

	if (o->kind != OBJ_KEY || o->pub.type != TPM_ALG_KEYEDHASH)
		return tpm2_handle_rc(TPM_RC_TYPE, 1);
	if (o->public_only || o->pub.attrs & key)
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 1);
	out->data = o->sens.data;
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_ObjectChangeAuth ---- */

struct object_change_auth_in {
	struct tpm2b auth;
};

static const struct desc_field object_change_auth_in_fields[] = {
	FIELD(struct object_change_auth_in, auth, desc_2b_auth),
};

const struct desc tpm2_object_change_auth_in =
	DESC_STRUCT(struct object_change_auth_in, object_change_auth_in_fields);

struct object_change_auth_out {
	struct tpm2b private;
};

static const struct desc_field object_change_auth_out_fields[] = {
	FIELD(struct object_change_auth_out, private, desc_2b_private),
};

const struct desc tpm2_object_change_auth_out =
	DESC_STRUCT(struct object_change_auth_out, object_change_auth_out_fields);

/* The qualified name says who the parent is. */
static bool is_parent_of(const struct tpm2_object *parent, const struct tpm2_object *o)
{
	u8 qualified[TPM2_NAME_MAX];
	u16 size;

	size = tpm2_qualified_name(o->pub.name_alg, parent->qualified, parent->qualified_size,
				   o->name, o->name_size, qualified);
	return tpm2_is_parent(parent) && size && size == o->qualified_size &&
	       !crypto_memneq(qualified, o->qualified, size);
}

/*
 * TPM2_ObjectChangeAuth (12.8). TPM_RC_TYPE: a sequence, a primary or an external
 * object, or parentHandle is not its parent; TPM_RC_SIZE (newAuth).
 */
tpm_rc tpm2_cmd_object_change_auth(struct tpm2_call *c)
{
	struct object_change_auth_in *in = (void *)c->in;
	struct object_change_auth_out *out = (void *)c->out;
	const struct tpm2_object *o = c->objects[0], *parent = c->objects[1];
	struct tpmt_sensitive sens;

	if (o->kind != OBJ_KEY || o->public_only)
		return tpm2_handle_rc(TPM_RC_TYPE, 1);
	if (!tpm2_fit_auth(&in->auth, o->pub.name_alg))
		return tpm2_param(TPM_RC_SIZE, 1);
	if (!is_parent_of(parent, o))
		return tpm2_handle_rc(TPM_RC_TYPE, 2);
	sens = o->sens;
	sens.auth = in->auth;
	return tpm2_wrap(c, parent, &sens, o->pub.name_alg, o->name, o->name_size, &out->private);
}
