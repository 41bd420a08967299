// SPDX-License-Identifier: GPL-2.0-only
/* Descriptors of the types of TPM 2.0 Part 2, sections 8 to 14. */
#include "types.h"

/* ---- checks of interface types (Part 2, 9) ---- */

static tpm_rc ok_or(bool ok, tpm_rc rc)
{
	return ok ? TPM_RC_SUCCESS : rc;
}

static tpm_rc check_yes_no(u64 v)
{
	return v > 1 ? TPM_RC_VALUE : TPM_RC_SUCCESS;
}

static tpm_rc check_alg_hash(u64 v)
{
	return ok_or(vt_hash_find(v), TPM_RC_HASH);
}

static tpm_rc check_alg_hash_null(u64 v)
{
	return v == TPM_ALG_NULL ? TPM_RC_SUCCESS : check_alg_hash(v);
}

static tpm_rc check_su(u64 v)
{
	return v > TPM_SU_STATE ? TPM_RC_VALUE : TPM_RC_SUCCESS;
}

static tpm_rc check_se(u64 v)
{
	return ok_or(v == TPM_SE_HMAC || v == TPM_SE_POLICY || v == TPM_SE_TRIAL, TPM_RC_VALUE);
}

static tpm_rc check_hierarchy(u64 v)
{
	return ok_or(v == TPM_RH_OWNER || v == TPM_RH_ENDORSEMENT ||
		     v == TPM_RH_PLATFORM, TPM_RC_VALUE);
}

static tpm_rc check_hierarchy_null(u64 v)
{
	return v == TPM_RH_NULL ? TPM_RC_SUCCESS : check_hierarchy(v);
}

static tpm_rc check_enables(u64 v)
{
	return v == TPM_RH_PLATFORM_NV ? TPM_RC_SUCCESS : check_hierarchy(v);
}

static tpm_rc check_dh_context(u64 v)
{
	u8 type = HR_TYPE(v);

	return ok_or(type == TPM_HT_HMAC_SESSION || type == TPM_HT_POLICY_SESSION ||
		     type == TPM_HT_TRANSIENT, TPM_RC_VALUE);
}

static tpm_rc check_dh_persistent(u64 v)
{
	return ok_or(HR_TYPE(v) == TPM_HT_PERSISTENT, TPM_RC_VALUE);
}

static tpm_rc check_curve(u64 v)
{
	return ok_or(vt_curve_find(v), TPM_RC_CURVE);
}

static tpm_rc check_cap(u64 v)
{
	return ok_or(v <= TPM_CAP_ACT || v == TPM_CAP_VENDOR_PROPERTY, TPM_RC_VALUE);
}

static tpm_rc check_public_type(u64 v)
{
	return ok_or(v == TPM_ALG_RSA || v == TPM_ALG_ECC || v == TPM_ALG_KEYEDHASH ||
		     v == TPM_ALG_SYMCIPHER, TPM_RC_TYPE);
}

static tpm_rc check_object_attrs(u64 v)
{
	return v & TPMA_OBJECT_RESERVED ? TPM_RC_RESERVED_BITS : TPM_RC_SUCCESS;
}

static tpm_rc check_sym_object_null(u64 v)
{
	return ok_or(v == TPM_ALG_AES || v == TPM_ALG_NULL, TPM_RC_SYMMETRIC);
}

static tpm_rc check_sym_object(u64 v)
{
	return ok_or(v == TPM_ALG_AES, TPM_RC_SYMMETRIC);
}

static tpm_rc check_sym_null(u64 v)
{
	return v == TPM_ALG_XOR ? TPM_RC_SUCCESS : check_sym_object_null(v);
}

bool tpm2_aes_bits_ok(u16 bits)
{
	return bits == 128 || bits == 192 || bits == 256;
}

static tpm_rc check_aes_bits(u64 v)
{
	return ok_or(tpm2_aes_bits_ok(v), TPM_RC_VALUE);
}

static tpm_rc check_cipher_mode(u64 v)
{
	return ok_or((v >= TPM_ALG_CTR && v <= TPM_ALG_ECB) || v == TPM_ALG_NULL, TPM_RC_MODE);
}

static tpm_rc check_sym_mode(u64 v)
{
	return v == TPM_ALG_CMAC ? TPM_RC_SUCCESS : check_cipher_mode(v);
}

static tpm_rc check_mac_scheme(u64 v)
{
	return ok_or(v == TPM_ALG_CMAC || v == TPM_ALG_NULL || vt_hash_find(v), TPM_RC_SYMMETRIC);
}

static tpm_rc check_key_exchange(u64 v)
{
	return ok_or(v == TPM_ALG_ECDH, TPM_RC_SCHEME);
}

bool tpm2_rsa_bits_ok(u16 bits)
{
	return bits == 1024 || bits == 2048 || bits == 3072 || bits == 4096;
}

static tpm_rc check_rsa_bits(u64 v)
{
	return ok_or(tpm2_rsa_bits_ok(v), TPM_RC_VALUE);
}

static tpm_rc check_rsa_decrypt_null(u64 v)
{
	return ok_or(v == TPM_ALG_RSAES || v == TPM_ALG_OAEP || v == TPM_ALG_NULL, TPM_RC_VALUE);
}

static tpm_rc check_rsa_scheme_null(u64 v)
{
	return v == TPM_ALG_RSASSA || v == TPM_ALG_RSAPSS ? TPM_RC_SUCCESS :
							    check_rsa_decrypt_null(v);
}

static tpm_rc check_ecc_scheme_null(u64 v)
{
	return ok_or(v == TPM_ALG_ECDSA || v == TPM_ALG_ECSCHNORR || v == TPM_ALG_ECDAA ||
		     v == TPM_ALG_ECDH || v == TPM_ALG_NULL, TPM_RC_SCHEME);
}

static tpm_rc check_keyedhash_scheme_null(u64 v)
{
	return ok_or(v == TPM_ALG_HMAC || v == TPM_ALG_XOR || v == TPM_ALG_NULL, TPM_RC_VALUE);
}

static tpm_rc check_sig_scheme_null(u64 v)
{
	return ok_or(v == TPM_ALG_RSASSA || v == TPM_ALG_RSAPSS || v == TPM_ALG_ECDSA ||
		     v == TPM_ALG_ECSCHNORR || v == TPM_ALG_ECDAA || v == TPM_ALG_HMAC ||
		     v == TPM_ALG_NULL, TPM_RC_SCHEME);
}

static tpm_rc check_kdf_null(u64 v)
{
	return ok_or(v == TPM_ALG_MGF1 || v == TPM_ALG_KDF1_SP800_56A ||
		     v == TPM_ALG_KDF1_SP800_108 || v == TPM_ALG_KDF2 ||
		     v == TPM_ALG_NULL, TPM_RC_KDF);
}

static tpm_rc check_kdf(u64 v)
{
	return v == TPM_ALG_NULL ? TPM_RC_KDF : check_kdf_null(v);
}

static tpm_rc check_tag_creation(u64 v)
{
	return ok_or(v == TPM_ST_CREATION, TPM_RC_TAG);
}

static tpm_rc check_tag_verified(u64 v)
{
	return ok_or(v == TPM_ST_VERIFIED, TPM_RC_TAG);
}

static tpm_rc check_tag_auth(u64 v)
{
	return ok_or(v == TPM_ST_AUTH_SIGNED || v == TPM_ST_AUTH_SECRET, TPM_RC_TAG);
}

static tpm_rc check_tag_hashcheck(u64 v)
{
	return ok_or(v == TPM_ST_HASHCHECK, TPM_RC_TAG);
}

/* ---- scalars and byte strings ---- */

const struct desc desc_u8 = DESC_UINT(u8, NULL);
const struct desc desc_u16 = DESC_UINT(u16, NULL);
const struct desc desc_u32 = DESC_UINT(u32, NULL);
const struct desc desc_u64 = DESC_UINT(u64, NULL);
const struct desc desc_yes_no = DESC_UINT(u8, check_yes_no);
const struct desc desc_alg_hash = DESC_LIMITED(LIMIT_ALG, check_alg_hash);
const struct desc desc_alg_hash_null = DESC_LIMITED(LIMIT_ALG, check_alg_hash_null);
/* A PCR bank's hash, which no profile takes away */
const struct desc desc_alg_bank = DESC_UINT(u16, check_alg_hash);
const struct desc desc_su = DESC_UINT(u16, check_su);
const struct desc desc_se = DESC_UINT(u8, check_se);
const struct desc desc_rh_hierarchy = DESC_UINT(u32, check_hierarchy);
const struct desc desc_rh_hierarchy_null = DESC_UINT(u32, check_hierarchy_null);
const struct desc desc_rh_enables = DESC_UINT(u32, check_enables);
const struct desc desc_dh_context = DESC_UINT(u32, check_dh_context);
const struct desc desc_dh_persistent = DESC_UINT(u32, check_dh_persistent);
const struct desc desc_ecc_curve = DESC_LIMITED(LIMIT_CURVE, check_curve);
const struct desc desc_cap = DESC_UINT(u32, check_cap);
const struct desc desc_cc = DESC_UINT(u32, NULL);

const struct desc desc_cipher_mode_null = DESC_LIMITED(LIMIT_ALG, check_cipher_mode);
const struct desc desc_mac_scheme_null = DESC_LIMITED(LIMIT_ALG, check_mac_scheme);
const struct desc desc_key_exchange = DESC_LIMITED(LIMIT_ALG, check_key_exchange);
const struct desc desc_2b_iv = DESC_2B(0, VT_AES_BLOCK);

const struct desc desc_2b_digest = DESC_2B(0, VT_MAX_DIGEST);
const struct desc desc_2b_auth = DESC_2B(0, VT_MAX_DIGEST);
const struct desc desc_2b_nonce = DESC_2B(0, VT_MAX_DIGEST);
const struct desc desc_2b_data = DESC_2B(0, VT_MAX_DIGEST + 2);
const struct desc desc_2b_buffer = DESC_2B(0, TPM2_MAX_BUFFER);
const struct desc desc_2b_event = DESC_2B(0, 1024);
const struct desc desc_2b_name = DESC_2B(0, VT_MAX_DIGEST + 2);
const struct desc desc_2b_private = DESC_2B(0, 1536);
const struct desc desc_2b_secret = DESC_2B(0, VT_RSA_MAX_BYTES);
const struct desc desc_2b_id_object = DESC_2B(0, 2 * (VT_MAX_DIGEST + 2));
const struct desc desc_2b_rsa = DESC_2B(0, VT_RSA_MAX_BYTES);
const struct desc desc_2b_ecc = DESC_2B(0, VT_ECC_MAX_BYTES);
const struct desc desc_2b_sensitive_data = DESC_2B(0, TPM2_MAX_SEALED);
const struct desc desc_2b_template = DESC_2B(0, 1024);
const struct desc desc_2b_attest = DESC_2B(0, 1024);
const struct desc desc_2b_any = DESC_2B(0, VTPM_MAX_COMMAND);

/* ---- symmetric algorithms and schemes ---- */

static const struct desc d_sym_null = DESC_LIMITED(LIMIT_ALG, check_sym_null);
static const struct desc d_sym_object_null = DESC_LIMITED(LIMIT_ALG, check_sym_object_null);
static const struct desc d_sym_object = DESC_LIMITED(LIMIT_ALG, check_sym_object);
static const struct desc d_aes_bits = DESC_LIMITED(LIMIT_AES, check_aes_bits);
static const struct desc d_sym_mode = DESC_LIMITED(LIMIT_ALG, check_sym_mode);

static const struct desc_field aes_fields[] = {
	{ .d = &d_aes_bits, .off = 0 },
	{ .d = &d_sym_mode, .off = sizeof(u16) },
};

static const struct desc d_aes = { .kind = D_STRUCT, .fields = aes_fields, .nfields = 2 };
static const struct desc_field xor_fields[] = {
	{ .d = &desc_alg_hash,
	  .off = offsetof(struct tpmt_sym_def, hash) - offsetof(struct tpmt_sym_def, bits) },
};

static const struct desc d_xor = { .kind = D_STRUCT, .fields = xor_fields, .nfields = 1 };

static const struct desc *pick_sym(u16 alg)
{
	switch (alg) {
	case TPM_ALG_AES:
		return &d_aes;
	case TPM_ALG_XOR:
		return &d_xor;
	default:
		return &desc_empty;
	}
}

static const struct desc d_sym_union = { .kind = D_UNION, .pick = pick_sym };

#define SYM_FIELDS(alg_desc) { \
	FIELD(struct tpmt_sym_def, alg, alg_desc), \
	FIELD_SEL(struct tpmt_sym_def, bits, d_sym_union, alg), \
}

static const struct desc_field sym_def_null_fields[] = SYM_FIELDS(d_sym_null);
static const struct desc_field sym_def_object_null_fields[] = SYM_FIELDS(d_sym_object_null);
static const struct desc_field sym_def_object_fields[] = SYM_FIELDS(d_sym_object);
const struct desc desc_sym_def_null = DESC_STRUCT(struct tpmt_sym_def, sym_def_null_fields);
const struct desc desc_sym_def_object_null =
	DESC_STRUCT(struct tpmt_sym_def, sym_def_object_null_fields);
static const struct desc d_sym_def_object = DESC_STRUCT(struct tpmt_sym_def, sym_def_object_fields);

static const struct desc d_rsa_scheme_alg = DESC_LIMITED(LIMIT_ALG, check_rsa_scheme_null);
static const struct desc d_rsa_decrypt_alg = DESC_LIMITED(LIMIT_ALG, check_rsa_decrypt_null);
static const struct desc d_ecc_scheme_alg = DESC_LIMITED(LIMIT_ALG, check_ecc_scheme_null);
static const struct desc d_keyedhash_scheme_alg =
	DESC_LIMITED(LIMIT_ALG, check_keyedhash_scheme_null);
static const struct desc d_sig_scheme_alg = DESC_LIMITED(LIMIT_ALG, check_sig_scheme_null);
static const struct desc d_kdf_alg = DESC_LIMITED(LIMIT_ALG, check_kdf);
static const struct desc d_kdf_alg_null = DESC_LIMITED(LIMIT_ALG, check_kdf_null);

/* what follows a scheme's number; offsets count from struct tpmt_scheme.hash */
static const struct desc_field scheme_hash_fields[] = { { .d = &desc_alg_hash, .off = 0 } };
static const struct desc d_scheme_hash = { .kind = D_STRUCT,
					   .fields = scheme_hash_fields,
					   .nfields = 1 };
static const struct desc_field scheme_xor_fields[] = {
	{ .d = &desc_alg_hash, .off = 0 },
	{ .d = &d_kdf_alg, .off = sizeof(u16) },
};

static const struct desc d_scheme_xor = { .kind = D_STRUCT,
					  .fields = scheme_xor_fields,
					  .nfields = 2 };

static const struct desc_field scheme_ecdaa_fields[] = {
	{ .d = &desc_alg_hash, .off = 0 },
	{ .d = &desc_u16, .off = sizeof(u16) },
};

static const struct desc d_scheme_ecdaa = { .kind = D_STRUCT,
					    .fields = scheme_ecdaa_fields,
					    .nfields = 2 };

static const struct desc *pick_scheme(u16 scheme)
{
	switch (scheme) {
	case TPM_ALG_ECDAA:
		return &d_scheme_ecdaa;
	case TPM_ALG_NULL:
	case TPM_ALG_RSAES:
		return &desc_empty;
	case TPM_ALG_XOR:
		return &d_scheme_xor;
	default:
		return &d_scheme_hash;
	}
}

static const struct desc d_scheme_union = { .kind = D_UNION, .pick = pick_scheme };

#define SCHEME_FIELDS(alg_desc) { \
	FIELD(struct tpmt_scheme, scheme, alg_desc), \
	FIELD_SEL(struct tpmt_scheme, hash, d_scheme_union, scheme), \
}

static const struct desc_field rsa_scheme_fields[] = SCHEME_FIELDS(d_rsa_scheme_alg);
static const struct desc_field rsa_decrypt_fields[] = SCHEME_FIELDS(d_rsa_decrypt_alg);
static const struct desc_field ecc_scheme_fields[] = SCHEME_FIELDS(d_ecc_scheme_alg);
static const struct desc_field keyedhash_scheme_fields[] = SCHEME_FIELDS(d_keyedhash_scheme_alg);
static const struct desc_field sig_scheme_fields[] = SCHEME_FIELDS(d_sig_scheme_alg);
static const struct desc_field kdf_scheme_fields[] = SCHEME_FIELDS(d_kdf_alg_null);
static const struct desc d_rsa_scheme = DESC_STRUCT(struct tpmt_scheme, rsa_scheme_fields);
const struct desc desc_rsa_decrypt_null = DESC_STRUCT(struct tpmt_scheme, rsa_decrypt_fields);
static const struct desc d_ecc_scheme = DESC_STRUCT(struct tpmt_scheme, ecc_scheme_fields);
static const struct desc d_keyedhash_scheme =
	DESC_STRUCT(struct tpmt_scheme, keyedhash_scheme_fields);
const struct desc desc_sig_scheme_null = DESC_STRUCT(struct tpmt_scheme, sig_scheme_fields);
const struct desc desc_kdf_scheme_null = DESC_STRUCT(struct tpmt_scheme, kdf_scheme_fields);

/* ---- public area (Part 2, 12.2) ---- */

static const struct desc d_public_type = DESC_LIMITED(LIMIT_ALG, check_public_type);
static const struct desc d_object_attrs = DESC_UINT(u32, check_object_attrs);
static const struct desc d_rsa_bits = DESC_LIMITED(LIMIT_RSA, check_rsa_bits);

/* members of TPMU_PUBLIC_PARMS; offsets count from struct tpmt_public_parms itself */
static const struct desc_field rsa_parms_fields[] = {
	FIELD(struct tpmt_public_parms, sym, desc_sym_def_object_null),
	FIELD(struct tpmt_public_parms, scheme, d_rsa_scheme),
	FIELD(struct tpmt_public_parms, bits, d_rsa_bits),
	FIELD(struct tpmt_public_parms, exponent, desc_u32),
};

static const struct desc_field ecc_parms_fields[] = {
	FIELD(struct tpmt_public_parms, sym, desc_sym_def_object_null),
	FIELD(struct tpmt_public_parms, scheme, d_ecc_scheme),
	FIELD(struct tpmt_public_parms, curve, desc_ecc_curve),
	FIELD(struct tpmt_public_parms, kdf, desc_kdf_scheme_null),
};

static const struct desc_field keyedhash_parms_fields[] = {
	FIELD(struct tpmt_public_parms, scheme, d_keyedhash_scheme),
};

static const struct desc_field symcipher_parms_fields[] = {
	FIELD(struct tpmt_public_parms, sym, d_sym_def_object),
};

static const struct desc d_rsa_parms = DESC_STRUCT(struct tpmt_public_parms, rsa_parms_fields);
static const struct desc d_ecc_parms = DESC_STRUCT(struct tpmt_public_parms, ecc_parms_fields);
static const struct desc d_keyedhash_parms =
	DESC_STRUCT(struct tpmt_public_parms, keyedhash_parms_fields);
static const struct desc d_symcipher_parms =
	DESC_STRUCT(struct tpmt_public_parms, symcipher_parms_fields);

static const struct desc *pick_parms(u16 type)
{
	switch (type) {
	case TPM_ALG_RSA:
		return &d_rsa_parms;
	case TPM_ALG_ECC:
		return &d_ecc_parms;
	case TPM_ALG_KEYEDHASH:
		return &d_keyedhash_parms;
	case TPM_ALG_SYMCIPHER:
		return &d_symcipher_parms;
	default:
		return NULL;
	}
}

static const struct desc d_parms_union = { .kind = D_UNION, .pick = pick_parms };

/* TPMT_PUBLIC_PARMS: the selector is a member, the union starts where the structure does */
static const struct desc_field public_parms_fields[] = {
	FIELD(struct tpmt_public_parms, type, d_public_type),
	{ .d = &d_parms_union, .off = 0, .sel = offsetof(struct tpmt_public_parms, type) },
};

const struct desc desc_public_parms = DESC_STRUCT(struct tpmt_public_parms, public_parms_fields);

static const struct desc_field ecc_point_fields[] = {
	FIELD(struct tpms_ecc_point, x, desc_2b_ecc),
	FIELD(struct tpms_ecc_point, y, desc_2b_ecc),
};

const struct desc desc_ecc_point = DESC_STRUCT(struct tpms_ecc_point, ecc_point_fields);
const struct desc desc_2b_ecc_point = DESC_SIZED(desc_ecc_point, 1, sizeof(struct tpms_ecc_point));

static const struct desc_field unique_rsa_fields[] = { FIELD(struct tpms_ecc_point, x,
							     desc_2b_rsa) };
static const struct desc_field unique_digest_fields[] = { FIELD(struct tpms_ecc_point, x,
								desc_2b_digest) };
static const struct desc d_unique_rsa = DESC_STRUCT(struct tpms_ecc_point, unique_rsa_fields);
static const struct desc d_unique_digest = DESC_STRUCT(struct tpms_ecc_point, unique_digest_fields);

static const struct desc *pick_unique(u16 type)
{
	switch (type) {
	case TPM_ALG_RSA:
		return &d_unique_rsa;
	case TPM_ALG_ECC:
		return &desc_ecc_point;
	default:
		return &d_unique_digest;
	}
}

static const struct desc d_unique = { .kind = D_UNION, .pick = pick_unique };

#define PUBLIC_FIELDS(name_alg_desc) { \
	FIELD(struct tpmt_public, type, d_public_type), \
	FIELD(struct tpmt_public, name_alg, name_alg_desc), \
	FIELD(struct tpmt_public, attrs, d_object_attrs), \
	FIELD(struct tpmt_public, policy, desc_2b_digest), \
	FIELD_SEL(struct tpmt_public, parms, d_parms_union, type), \
	FIELD_SEL(struct tpmt_public, unique, d_unique, type), \
}

static const struct desc_field public_fields[] = PUBLIC_FIELDS(desc_alg_hash);
static const struct desc_field public_null_fields[] = PUBLIC_FIELDS(desc_alg_hash_null);
const struct desc desc_public = DESC_STRUCT(struct tpmt_public, public_fields);
const struct desc desc_public_null = DESC_STRUCT(struct tpmt_public, public_null_fields);
const struct desc desc_2b_public = DESC_SIZED(desc_public, 1, sizeof(struct tpmt_public));
const struct desc desc_2b_public_null = DESC_SIZED(desc_public_null, 1, sizeof(struct tpmt_public));

/* A template below a derivation parent has TPMS_DERIVE in the place of unique. */
static const struct desc d_2b_label = DESC_2B(0, 32);
static const struct desc_field derive_fields[] = {
	FIELD(struct tpms_ecc_point, x, d_2b_label),
	FIELD(struct tpms_ecc_point, y, d_2b_label),
};

static const struct desc d_derive = DESC_STRUCT(struct tpms_ecc_point, derive_fields);
static const struct desc_field public_derive_fields[] = {
	FIELD(struct tpmt_public, type, d_public_type),
	FIELD(struct tpmt_public, name_alg, desc_alg_hash),
	FIELD(struct tpmt_public, attrs, d_object_attrs),
	FIELD(struct tpmt_public, policy, desc_2b_digest),
	FIELD_SEL(struct tpmt_public, parms, d_parms_union, type),
	FIELD(struct tpmt_public, unique, d_derive),
};

const struct desc desc_public_derive = DESC_STRUCT(struct tpmt_public, public_derive_fields);

/* ---- sensitive area (Part 2, 12.3) ---- */

static const struct desc d_2b_private_rsa = DESC_2B(0, VT_RSA_MAX_BYTES / 2);
static const struct desc d_2b_sym_key = DESC_2B(0, 32);

static const struct desc *pick_sensitive(u16 type)
{
	switch (type) {
	case TPM_ALG_RSA:
		return &d_2b_private_rsa;
	case TPM_ALG_ECC:
		return &desc_2b_ecc;
	case TPM_ALG_KEYEDHASH:
		return &desc_2b_sensitive_data;
	default:
		return &d_2b_sym_key;
	}
}

static const struct desc d_sensitive_union = { .kind = D_UNION, .pick = pick_sensitive };
static const struct desc_field sensitive_fields[] = {
	FIELD(struct tpmt_sensitive, type, d_public_type),
	FIELD(struct tpmt_sensitive, auth, desc_2b_auth),
	FIELD(struct tpmt_sensitive, seed, desc_2b_digest),
	FIELD_SEL(struct tpmt_sensitive, data, d_sensitive_union, type),
};

const struct desc desc_sensitive = DESC_STRUCT(struct tpmt_sensitive, sensitive_fields);
const struct desc desc_2b_sensitive = DESC_SIZED(desc_sensitive, 0, sizeof(struct tpmt_sensitive));

static const struct desc_field sensitive_create_fields[] = {
	FIELD(struct tpms_sensitive_create, auth, desc_2b_auth),
	FIELD(struct tpms_sensitive_create, data, desc_2b_sensitive_data),
};

static const struct desc d_sensitive_create =
	DESC_STRUCT(struct tpms_sensitive_create, sensitive_create_fields);
const struct desc desc_2b_sensitive_create =
	DESC_SIZED(d_sensitive_create, 1, sizeof(struct tpms_sensitive_create));

/* ---- signatures, tickets (Part 2, 11.3 and 10.7) ---- */

static const struct desc d_digest = { .kind = D_DIGEST, .size = sizeof(u8 *) };

static const struct desc_field ha_fields[] = {
	FIELD(struct tpmt_ha, alg, desc_alg_hash),
	FIELD_SEL(struct tpmt_ha, digest, d_digest, alg),
};

const struct desc desc_ha = DESC_STRUCT(struct tpmt_ha, ha_fields);

static const struct desc_field sig_rsa_fields[] = {
	FIELD(struct tpmt_signature, hash, desc_alg_hash),
	FIELD(struct tpmt_signature, r, desc_2b_rsa),
};

static const struct desc_field sig_ecc_fields[] = {
	FIELD(struct tpmt_signature, hash, desc_alg_hash),
	FIELD(struct tpmt_signature, r, desc_2b_ecc),
	FIELD(struct tpmt_signature, s, desc_2b_ecc),
};

static const struct desc_field sig_hmac_fields[] = {
	FIELD(struct tpmt_signature, hash, desc_alg_hash),
	FIELD_SEL(struct tpmt_signature, hmac, d_digest, hash),
};

static const struct desc d_sig_rsa = DESC_STRUCT(struct tpmt_signature, sig_rsa_fields);
static const struct desc d_sig_ecc = DESC_STRUCT(struct tpmt_signature, sig_ecc_fields);
static const struct desc d_sig_hmac = DESC_STRUCT(struct tpmt_signature, sig_hmac_fields);

static const struct desc *pick_signature(u16 alg)
{
	switch (alg) {
	case TPM_ALG_RSASSA:
	case TPM_ALG_RSAPSS:
		return &d_sig_rsa;
	case TPM_ALG_ECDSA:
	case TPM_ALG_ECSCHNORR:
	case TPM_ALG_ECDAA:
		return &d_sig_ecc;
	case TPM_ALG_HMAC:
		return &d_sig_hmac;
	default:
		return &desc_empty;
	}
}

static tpm_rc check_sig_alg(u64 v)
{
	return v == TPM_ALG_NULL ? TPM_RC_SCHEME : check_sig_scheme_null(v);
}

static const struct desc d_sig_alg = DESC_LIMITED(LIMIT_ALG, check_sig_alg);
static const struct desc d_sig_union = { .kind = D_UNION, .pick = pick_signature };

/* the union counts its offsets from the whole structure */
#define SIGNATURE_FIELDS(alg_desc) { \
	FIELD(struct tpmt_signature, alg, alg_desc), \
	{ .d = &d_sig_union, .off = 0, .sel = offsetof(struct tpmt_signature, alg) }, \
}

static const struct desc_field signature_fields[] = SIGNATURE_FIELDS(d_sig_alg);
static const struct desc_field signature_null_fields[] = SIGNATURE_FIELDS(d_sig_scheme_alg);
const struct desc desc_signature = DESC_STRUCT(struct tpmt_signature, signature_fields);
const struct desc desc_signature_null = DESC_STRUCT(struct tpmt_signature, signature_null_fields);

#define TICKET(which) \
	static const struct desc d_tag_##which = DESC_UINT(u16, check_tag_##which); \
	static const struct desc_field tk_##which##_fields[] = { \
		FIELD(struct tpmt_ticket, tag, d_tag_##which), \
		FIELD(struct tpmt_ticket, hierarchy, desc_rh_hierarchy_null), \
		FIELD(struct tpmt_ticket, digest, desc_2b_digest), \
	}; \
	const struct desc desc_tk_##which = DESC_STRUCT(struct tpmt_ticket, tk_##which##_fields)

TICKET(creation);
TICKET(verified);
TICKET(auth);
TICKET(hashcheck);
