// SPDX-License-Identifier: GPL-2.0-only
/* Credentials (Part 3, 12.5 and 12.6). */
#include "commands.h"

/* Credentials are for the holder of a storage key's private part. */
static bool takes_credentials(const struct tpm2_object *o)
{
	const u32 storage = TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT;

	return o->kind == OBJ_KEY && (o->pub.type == TPM_ALG_RSA || o->pub.type == TPM_ALG_ECC) &&
	       (o->pub.attrs & storage) == storage;
}

/* ---- TPM2_MakeCredential ---- */

struct make_credential_in {
	struct tpm2b credential;
	struct tpm2b name;
};

static const struct desc_field make_credential_in_fields[] = {
	FIELD(struct make_credential_in, credential, desc_2b_digest),
	FIELD(struct make_credential_in, name, desc_2b_name),
};

const struct desc tpm2_make_credential_in =
	DESC_STRUCT(struct make_credential_in, make_credential_in_fields);

struct make_credential_out {
	struct tpm2b blob;
	struct tpm2b secret;
};

static const struct desc_field make_credential_out_fields[] = {
	FIELD(struct make_credential_out, blob, desc_2b_id_object),
	FIELD(struct make_credential_out, secret, desc_2b_secret),
};

const struct desc tpm2_make_credential_out =
	DESC_STRUCT(struct make_credential_out, make_credential_out_fields);

static tpm_rc make_seed(struct tpm2_call *c, const struct tpm2_object *key,
			struct tpm2_digest *seed, struct tpm2b *sent)
{
	tpm_rc rc, made;

	tpm2_heavy_begin(c);
	made = tpm2_secret_make(c, &key->pub, "IDENTITY", seed, sent);
	rc = tpm2_heavy_end(c);
	return rc ? rc : made;
}

/*
 * TPM2_MakeCredential (12.6). TPM_RC_TYPE: the key is no asymmetric storage key;
 * TPM_RC_SIZE: a credential longer than the digest of its nameAlg; TPM_RC_HASH,
 * TPM_RC_VALUE: a key that nothing can be encrypted to; TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_make_credential(struct tpm2_call *c)
{
	struct make_credential_in *in = (void *)c->in;
	struct make_credential_out *out = (void *)c->out;
	const struct tpm2_object *key = c->objects[0];
	const struct vt_hash_alg *alg;
	struct tpm2_digest seed;
	tpm_rc rc;

	if (!takes_credentials(key))
		return tpm2_handle_rc(TPM_RC_TYPE, 1);
	alg = vt_hash_find(key->pub.name_alg);
	if (in->credential.size > (alg ? alg->digest_size : 0))
		return tpm2_param(TPM_RC_SIZE, 1);
	rc = make_seed(c, key, &seed, &out->secret);
	if (!rc)
		rc = tpm2_credential_make(c, &key->pub, in->credential, in->name.data,
					  in->name.size, seed.data, seed.size, &out->blob);
	memzero_explicit(&seed, sizeof(seed));
	return rc;
}

/* ---- TPM2_ActivateCredential ---- */

struct activate_credential_in {
	struct tpm2b blob;
	struct tpm2b secret;
};

static const struct desc_field activate_credential_in_fields[] = {
	FIELD(struct activate_credential_in, blob, desc_2b_id_object),
	FIELD(struct activate_credential_in, secret, desc_2b_secret),
};

const struct desc tpm2_activate_credential_in =
	DESC_STRUCT(struct activate_credential_in, activate_credential_in_fields);

struct activate_credential_out {
	struct tpm2b info;
};

static const struct desc_field activate_credential_out_fields[] = {
	FIELD(struct activate_credential_out, info, desc_2b_digest),
};

const struct desc tpm2_activate_credential_out =
	DESC_STRUCT(struct activate_credential_out, activate_credential_out_fields);

static tpm_rc open_seed(struct tpm2_call *c, struct tpm2_object *key, struct tpm2b sent,
			struct tpm2_digest *seed)
{
	tpm_rc rc, opened;

	tpm2_heavy_begin(c);
	opened = tpm2_secret_open(c, key, "IDENTITY", sent, seed);
	rc = tpm2_heavy_end(c);
	if (rc)
		return rc;
	return tpm2_at_param(opened, 2);
}

/*
 * TPM2_ActivateCredential (12.5). TPM_RC_TYPE: keyHandle is no asymmetric storage key;
 * of secret TPM_RC_SIZE, TPM_RC_VALUE, TPM_RC_ECC_POINT, TPM_RC_INSUFFICIENT; of
 * credentialBlob TPM_RC_INTEGRITY, TPM_RC_SIZE, TPM_RC_INSUFFICIENT; TPM_RC_MEMORY,
 * TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_activate_credential(struct tpm2_call *c)
{
	struct activate_credential_in *in = (void *)c->in;
	struct activate_credential_out *out = (void *)c->out;
	const struct tpm2_object *o = c->objects[0];
	struct tpm2_object *key = c->objects[1];
	struct tpm2_digest seed = { 0 };
	tpm_rc rc;

	if (!takes_credentials(key) || key->public_only)
		return tpm2_handle_rc(TPM_RC_TYPE, 2);
	rc = open_seed(c, key, in->secret, &seed);
	if (!rc)
		rc = tpm2_credential_open(c, &key->pub, in->blob, o->name, o->name_size,
					  seed.data, seed.size, &out->info);
	memzero_explicit(&seed, sizeof(seed));
	return tpm2_at_param(rc, 1);
}
