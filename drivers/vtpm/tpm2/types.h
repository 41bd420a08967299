/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structures of TPM 2.0 Part 2 in decoded form, and their descriptors. A
 * pointer or struct tpm2b in them points into the buffer they were read from.
 * The descriptor of TPMT_FOO is desc_foo; a trailing _null allows TPM_ALG_NULL
 * or TPM_RH_NULL where Part 2 writes a "+".
 */
#ifndef VTPM_TPM2_TYPES_H
#define VTPM_TPM2_TYPES_H

#include "../limits.h"
#include "../crypto/crypto.h"
#include "desc.h"

/* TPMT_SYM_DEF(_OBJECT); TPM_ALG_XOR has its hash in @hash and no mode */
struct tpmt_sym_def {
	u16 alg;
	u16 bits;
	u16 mode;
	u16 hash;
};

/* TPMT_*_SCHEME; @extra is ECDAA's count or XOR's key derivation function */
struct tpmt_scheme {
	u16 scheme;
	u16 hash;
	u16 extra;
};

/* TPMU_PUBLIC_PARMS with its selector; what a type does not have is zero */
struct tpmt_public_parms {
	u16 type;
	u16 bits;		/* RSA */
	u32 exponent;		/* RSA; 0 means 65537 */
	u16 curve;		/* ECC */
	struct tpmt_sym_def sym;
	struct tpmt_scheme scheme;
	struct tpmt_scheme kdf;	/* ECC */
};

struct tpms_ecc_point {
	struct tpm2b x;
	struct tpm2b y;
};

struct tpmt_public {
	u16 type;
	u16 name_alg;
	u32 attrs;
	struct tpm2b policy;
	struct tpmt_public_parms parms;
	struct tpms_ecc_point unique;	/* RSA modulus, digest: @x alone */
};

struct tpmt_sensitive {
	u16 type;
	struct tpm2b auth;
	struct tpm2b seed;
	struct tpm2b data;
};

struct tpms_sensitive_create {
	struct tpm2b auth;
	struct tpm2b data;
};

struct tpmt_ha {
	u16 alg;
	u8 *digest;
};

/* TPMT_SIGNATURE: RSA and r in @r, s in @s, HMAC in @hmac */
struct tpmt_signature {
	u16 alg;
	u16 hash;
	struct tpm2b r;
	struct tpm2b s;
	u8 *hmac;
};

/* TPMT_TK_CREATION, _VERIFIED, _AUTH, _HASHCHECK */
struct tpmt_ticket {
	u16 tag;
	u32 hierarchy;
	struct tpm2b digest;
};

struct tpms_pcr_selection {
	u16 hash;
	u8 size;
	u8 select[VTPM_PCR_SELECT];
};

struct tpml_pcr_selection {
	u32 count;
	struct tpms_pcr_selection sel[VTPM_MAX_BANKS];
};

struct tpml_digest {
	u32 count;
	struct tpm2b digest[8];
};

struct tpml_digest_values {
	u32 count;
	struct tpmt_ha ha[VTPM_MAX_BANKS];
};

struct tpml_alg {
	u32 count;
	u16 alg[64];
};

struct tpml_cc {
	u32 count;
	u32 code[(TPM2_MAX_CAP_DATA - 8) / 4];
};

struct tpms_context {
	u64 sequence;
	u32 handle;
	u32 hierarchy;
	struct tpm2b blob;
};

struct tpms_time_info {
	u64 time;
	u64 clock;
	u32 reset_count;
	u32 restart_count;
	u8 safe;
};

/* TPMS_NV_PUBLIC */
struct tpms_nv_public {
	u32 index;
	u16 name_alg;
	u32 attrs;
	struct tpm2b policy;
	u16 size;
};

/* TPMT_NV_PUBLIC_2; @type is TPM_HT_NV_INDEX, the only one that there is */
struct tpmt_nv_public_2 {
	u8 type;
	struct tpms_nv_public pub;
};

/* scalars */
extern const struct desc desc_u8, desc_u16, desc_u32, desc_u64;
extern const struct desc desc_yes_no, desc_alg_hash, desc_alg_hash_null, desc_su, desc_se;
extern const struct desc desc_alg_bank;
extern const struct desc desc_cipher_mode_null, desc_mac_scheme_null, desc_key_exchange;
extern const struct desc desc_2b_iv, desc_public_derive;
extern const struct desc desc_rh_hierarchy, desc_rh_hierarchy_null, desc_rh_enables;
extern const struct desc desc_dh_context, desc_dh_persistent, desc_ecc_curve, desc_cap, desc_cc;
/* byte strings: up to a digest, a buffer, an event, a name, ... */
extern const struct desc desc_2b_digest, desc_2b_auth, desc_2b_nonce, desc_2b_data, desc_2b_buffer,
	desc_2b_event, desc_2b_name, desc_2b_private, desc_2b_secret, desc_2b_id_object,
	desc_2b_rsa, desc_2b_ecc, desc_2b_sensitive_data, desc_2b_template, desc_2b_attest,
	desc_2b_any;
/* structures; desc_2b_X is the sized form of desc_X */
extern const struct desc desc_sym_def_null, desc_sym_def_object_null;
extern const struct desc desc_sig_scheme_null, desc_rsa_decrypt_null, desc_kdf_scheme_null;
extern const struct desc desc_public_parms, desc_public, desc_public_null;
extern const struct desc desc_2b_public, desc_2b_public_null;
extern const struct desc desc_sensitive, desc_2b_sensitive, desc_2b_sensitive_create;
extern const struct desc desc_ecc_point, desc_2b_ecc_point;
extern const struct desc desc_signature, desc_signature_null, desc_ha;
extern const struct desc desc_tk_creation, desc_tk_verified, desc_tk_auth, desc_tk_hashcheck;
extern const struct desc desc_pcr_selection, desc_pcr_selection_list;
extern const struct desc desc_digest_list, desc_digest_list_or, desc_digest_values, desc_alg_list;
extern const struct desc desc_context, desc_time_info, desc_cc_list;
extern const struct desc desc_nv_public, desc_2b_nv_public, desc_2b_nv_buffer, desc_eo;
extern const struct desc desc_2b_nv_public_2;

/* What is implemented, for checks and for GetCapability */
bool tpm2_rsa_bits_ok(u16 bits);
bool tpm2_aes_bits_ok(u16 bits);

#endif /* VTPM_TPM2_TYPES_H */
