/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The caller's side of policies: digests, authorizations and signatures, all
 * computed with OpenSSL, and sealed objects to try a policy on.
 */
#ifndef VTPM_POLICY_SUPPORT_H
#define VTPM_POLICY_SUPPORT_H

#include "timed_support.h"

#define SHA256		TPM_ALG_SHA256

static const u16 hashes[] = { TPM_ALG_SHA1, TPM_ALG_SHA256, TPM_ALG_SHA384, TPM_ALG_SHA512 };
static const char secret[] = "what is sealed";

/* ---- what a policy digest has to be ---- */

struct ref {
	u16 hash;
	u8 digest[VT_MAX_DIGEST];
};

static inline void ref_reset(struct ref *r, u16 hash)
{
	memset(r, 0, sizeof(*r));
	r->hash = hash;
}

static inline void ref_update(struct ref *r, u32 code, const void *data, u32 len)
{
	struct buf b = { .len = 0 };

	buf_add(&b, r->digest, md_size(r->hash));
	buf_u32(&b, code);
	buf_add(&b, data, len);
	buf_hash(&b, r->hash, r->digest);
}

static inline void ref_second(struct ref *r, const char *policy_ref)
{
	struct buf b = { .len = 0 };

	buf_add(&b, r->digest, md_size(r->hash));
	buf_add(&b, policy_ref, strlen(policy_ref));
	buf_hash(&b, r->hash, r->digest);
}

static inline void ref_entity(struct ref *r, u32 code, const struct bytes *name,
			      const char *policy_ref)
{
	ref_update(r, code, name->data, name->size);
	ref_second(r, policy_ref);
}

static inline void ref_or(struct ref *r, const u8 (*list)[VT_MAX_DIGEST], u32 n)
{
	struct buf b = { .len = 0 };

	while (n--)
		buf_add(&b, *list++, md_size(r->hash));
	memset(r->digest, 0, sizeof(r->digest));
	ref_update(r, TPM_CC_PolicyOR, b.data, b.len);
}

static inline void ref_counter(struct ref *r, const void *operand, u16 len, u16 offset,
			       u16 operation)
{
	struct buf b = { .len = 0 };
	u8 digest[VT_MAX_DIGEST];

	buf_add(&b, operand, len);
	buf_u32(&b, (u32)offset << 16 | operation);
	buf_hash(&b, r->hash, digest);
	ref_update(r, TPM_CC_PolicyCounterTimer, digest, md_size(r->hash));
}

/* PCRs 0 and 10 of SHA-256 */
static const u8 two_pcrs[] = { 0, 0, 0, 1, 0, 0x0b, 3, 0x01, 0x04, 0 };
static u8 pcr10[32];

static inline void pcr_values(u16 hash, u8 *digest)
{
	struct buf b = { .len = 32 };

	buf_add(&b, pcr10, 32);
	buf_hash(&b, hash, digest);
}

static inline void ref_pcr(struct ref *r)
{
	struct buf b = { .len = 0 };
	u8 digest[VT_MAX_DIGEST];

	pcr_values(r->hash, digest);
	buf_add(&b, two_pcrs, sizeof(two_pcrs));
	buf_add(&b, digest, md_size(r->hash));
	ref_update(r, TPM_CC_PolicyPCR, b.data, b.len);
}

/* ---- what PolicyCounterTimer has to say ---- */

/* TPMS_TIME_INFO as it has to be now: Time and Clock 0x0102, one reset, no restart, safe */
static const u8 time_info[25] = { [6] = 1, [7] = 2, [14] = 1, [15] = 2, [19] = 1, [24] = 1 };

static inline int signed_order(const u8 *a, const u8 *b, u16 len)
{
	return len && (a[0] ^ b[0]) & 0x80 ? (a[0] & 0x80 ? -1 : 1) : memcmp(a, b, len);
}

/* What TPM_EO says, for the information @a and the caller's @b */
static inline bool holds(u16 operation, const u8 *a, const u8 *b, u16 len)
{
	int u = memcmp(a, b, len), d = signed_order(a, b, len);
	const bool simple[] = { !u, u, d > 0, u > 0, d < 0, u < 0, d >= 0, u >= 0, d <= 0, u <= 0 };
	bool set = true, clear = true;

	for (; len; len--, a++, b++) {
		set = set && (*a & *b) == *b;
		clear = clear && !(*a & *b);
	}
	return operation < 10 ? simple[operation] : operation == 10 ? set : clear;
}

/* ---- commands ---- */

static inline void begin(struct cmd *c, u32 code, const struct session *s)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, code);
	cmd_u32(c, s->handle);
}

static inline u32 open_policy(struct session *s, u8 type, u16 hash)
{
	return session_open(&tpm, &(struct opening){ .type = type, .hash = hash }, s);
}

static inline u32 simple(u32 code, const struct session *s)
{
	struct cmd c;

	begin(&c, code, s);
	return cmd_run(&tpm, &c);
}

static inline bool digest_is(const struct session *s, const struct ref *r)
{
	const u8 *p;
	struct rsp rsp;
	u16 len;

	if (simple(TPM_CC_PolicyGetDigest, s))
		return false;
	rsp = rsp_params(&tpm, NULL);
	p = rsp_2b(&rsp, &len);
	return !rsp.bad && !rsp.left && len == md_size(r->hash) && !memcmp(p, r->digest, len);
}

static inline u32 policy_pcr(const struct session *s, const u8 *digest, u16 len)
{
	struct cmd c;

	begin(&c, TPM_CC_PolicyPCR, s);
	cmd_2b(&c, digest, len);
	cmd_bytes(&c, two_pcrs, sizeof(two_pcrs));
	return cmd_run(&tpm, &c);
}

static inline u32 policy_code(const struct session *s, u32 code)
{
	struct cmd c;

	begin(&c, TPM_CC_PolicyCommandCode, s);
	cmd_u32(&c, code);
	return cmd_run(&tpm, &c);
}

static inline u32 policy_counter(const struct session *s, const void *operand, u16 len,
				 u16 offset, u16 operation)
{
	struct cmd c;

	begin(&c, TPM_CC_PolicyCounterTimer, s);
	cmd_2b(&c, operand, len);
	cmd_u16(&c, offset);
	cmd_u16(&c, operation);
	return cmd_run(&tpm, &c);
}

static inline u32 policy_or(const struct session *s, const u8 (*list)[VT_MAX_DIGEST], u32 n,
			    u16 size)
{
	struct cmd c;
	u32 i;

	begin(&c, TPM_CC_PolicyOR, s);
	cmd_u32(&c, n);
	for (i = 0; i < n; i++)
		cmd_2b(&c, list[i], size);
	return cmd_run(&tpm, &c);
}

static inline u32 extend(u32 pcr)
{
	u8 event[32] = { 7 };
	struct cmd c;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_PCR_Extend, 1, 1, pcr);
	cmd_u32(&c, 1);
	cmd_u16(&c, SHA256);
	cmd_bytes(&c, event, sizeof(event));
	rc = cmd_run(&tpm, &c);
	if (!rc && pcr == 10) {
		struct buf b = { .len = 0 };

		buf_add(&b, pcr10, 32);
		buf_add(&b, event, 32);
		buf_hash(&b, SHA256, pcr10);
	}
	return rc;
}

/* ---- sealed objects ---- */

static inline u32 seal(const struct ref *r, u32 attrs, const char *auth, u32 *handle)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_CreatePrimary, 1, 1, TPM_RH_PLATFORM);
	put_sensitive_create(&c, auth, secret, sizeof(secret));
	return create_sealed(&c, r->hash, attrs, r->digest, md_size(r->hash), handle);
}

/* The session ends its policy with this, whether it opens or not: see restart. */
static inline u32 unseal_by(u32 handle, const struct session *s)
{
	struct cmd c;
	struct rsp r;
	u16 len;
	u32 rc;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_Unseal);
	cmd_u32(&c, handle);
	cmd_auths(&c);
	cmd_session(&c, s->handle, TPMA_SESSION_CONTINUE);
	cmd_auths_end(&c);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	return memcmp(rsp_2b(&r, &len), secret, sizeof(secret)) || len != sizeof(secret);
}

/* ---- keys that sign authorizations; the private half is OpenSSL's ---- */

struct signing {
	u16 type;
	u32 handle;
	EVP_PKEY *pkey;
	struct bytes name;
};

static const u8 hmac_key[32] = "an hmac key that both sides know";

static inline void put_rsa(struct cmd *c, EVP_PKEY *pkey)
{
	u8 n[256];
	BIGNUM *bn = NULL;

	EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_N, &bn);
	BN_bn2binpad(bn, n, sizeof(n));
	BN_free(bn);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u16(c, 2048);
	cmd_u32(c, 0);
	cmd_2b(c, n, sizeof(n));
}

static inline void put_ecc_number(struct cmd *c, EVP_PKEY *pkey, const char *which)
{
	BIGNUM *bn = NULL;
	u8 v[32];

	EVP_PKEY_get_bn_param(pkey, which, &bn);
	BN_bn2binpad(bn, v, sizeof(v));
	BN_free(bn);
	cmd_2b(c, v, sizeof(v));
}

static inline void put_ecc(struct cmd *c, EVP_PKEY *pkey)
{
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u16(c, TPM_ECC_NIST_P256);
	cmd_u16(c, TPM_ALG_NULL);
	put_ecc_number(c, pkey, OSSL_PKEY_PARAM_EC_PUB_X);
	put_ecc_number(c, pkey, OSSL_PKEY_PARAM_EC_PUB_Y);
}

static inline void put_public(struct cmd *c, u16 type, EVP_PKEY *pkey)
{
	u32 at = c->len;

	cmd_u16(c, 0);
	cmd_u16(c, type);
	cmd_u16(c, SHA256);
	cmd_u32(c, UWA | S | TPMA_OBJECT_NODA | (type == TPM_ALG_KEYEDHASH ? FT | FP : 0));
	cmd_u16(c, 0);
	if (type == TPM_ALG_RSA) {
		put_rsa(c, pkey);
	} else if (type == TPM_ALG_ECC) {
		put_ecc(c, pkey);
	} else {
		cmd_u16(c, TPM_ALG_HMAC);
		cmd_u16(c, SHA256);
		cmd_u16(c, 0);
	}
	put_size(c, at);
}

static inline u32 signing_new(struct signing *k, u16 type)
{
	struct bytes qualified;
	struct cmd c;
	u32 rc;

	*k = (struct signing){ .type = type };
	if (type == TPM_ALG_KEYEDHASH) {
		cmd_begin_pw(&c, TPM_CC_CreatePrimary, 1, 1, TPM_RH_OWNER);
		put_sensitive_create(&c, "", hmac_key, sizeof(hmac_key));
		put_public(&c, type, NULL);
		cmd_u16(&c, 0);
		cmd_u32(&c, 0);
	} else {
		k->pkey = type == TPM_ALG_RSA ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
		cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_LoadExternal);
		cmd_u16(&c, 0);
		put_public(&c, type, k->pkey);
		cmd_u32(&c, TPM_RH_OWNER);
	}
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	rsp_params(&tpm, &k->handle);
	return read_name(&tpm, k->handle, &k->name, &qualified);
}

static inline void put_ecdsa(struct cmd *c, const u8 *der, size_t len)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, len);
	u8 v[32];

	BN_bn2binpad(ECDSA_SIG_get0_r(sig), v, sizeof(v));
	cmd_2b(c, v, sizeof(v));
	BN_bn2binpad(ECDSA_SIG_get0_s(sig), v, sizeof(v));
	cmd_2b(c, v, sizeof(v));
	ECDSA_SIG_free(sig);
}

/* TPMT_SIGNATURE over @b, hashed with @hash */
static inline void put_signature(struct cmd *c, const struct signing *k, const struct buf *b,
				 u16 hash)
{
	static const u16 algs[] = { [TPM_ALG_RSA] = TPM_ALG_RSASSA, [TPM_ALG_ECC] = TPM_ALG_ECDSA,
				    [TPM_ALG_KEYEDHASH] = TPM_ALG_HMAC };
	struct buf digest = { .len = md_size(hash) };
	EVP_MD_CTX *ctx;
	size_t len = VT_RSA_MAX_BYTES;
	u8 sig[VT_RSA_MAX_BYTES];

	cmd_u16(c, algs[k->type]);
	cmd_u16(c, hash);
	if (k->type == TPM_ALG_KEYEDHASH) {
		buf_hash(b, hash, digest.data);
		buf_hmac(&digest, hash, hmac_key, sizeof(hmac_key), sig);
		cmd_bytes(c, sig, md_size(hash));
		return;
	}
	ctx = EVP_MD_CTX_new();
	if (EVP_DigestSignInit(ctx, NULL, md_of(hash), NULL, k->pkey) != 1 ||
	    EVP_DigestSign(ctx, sig, &len, b->data, b->len) != 1)
		abort();
	EVP_MD_CTX_free(ctx);
	if (k->type == TPM_ALG_RSA)
		cmd_2b(c, sig, len);
	else
		put_ecdsa(c, sig, len);
}

/* ---- PolicySigned and PolicySecret ---- */

/**
 * struct grant - what an authorization says
 * @nonce: it is for this session alone
 * @other_nonce: for another session
 * @cp: cpHash; NULL: for any command
 * @cp_len: bytes of it
 * @ref: policyRef
 * @expiration: seconds
 * @hash: of the signature
 * @spoil: another expiration was signed
 * @auth: PolicySecret: the password
 */
struct grant {
	bool nonce, other_nonce;
	const u8 *cp;
	u16 cp_len;
	const char *ref;
	s32 expiration;
	u16 hash;
	bool spoil;
	const char *auth;
};

static inline void put_grant(struct cmd *c, const struct session *s, const struct grant *g,
			     struct buf *b)
{
	u8 nonce[VT_MAX_DIGEST];
	const char *ref = g->ref ? g->ref : "";

	memcpy(nonce, s->nonce_tpm, s->nonce_len);
	nonce[0] ^= g->other_nonce;
	cmd_2b(c, nonce, g->nonce ? s->nonce_len : 0);
	cmd_2b(c, g->cp, g->cp_len);
	cmd_2b(c, ref, strlen(ref));
	cmd_u32(c, g->expiration);
	b->len = 0;
	buf_add(b, nonce, g->nonce ? s->nonce_len : 0);
	buf_u32(b, g->expiration ^ g->spoil);
	buf_add(b, g->cp, g->cp_len);
	buf_add(b, ref, strlen(ref));
}

static inline u32 policy_signed(const struct session *s, const struct signing *named,
				const struct signing *by, const struct grant *g)
{
	struct buf b;
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PolicySigned);
	cmd_u32(&c, named->handle);
	cmd_u32(&c, s->handle);
	put_grant(&c, s, g, &b);
	put_signature(&c, by, &b, g->hash ? g->hash : SHA256);
	return cmd_run(&tpm, &c);
}

static inline u32 policy_secret(const struct session *s, u32 entity, const struct grant *g)
{
	struct buf b;
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_PolicySecret);
	cmd_u32(&c, entity);
	cmd_u32(&c, s->handle);
	cmd_auths(&c);
	cmd_password(&c, g->auth ? g->auth : "");
	cmd_auths_end(&c);
	put_grant(&c, s, g, &b);
	return cmd_run(&tpm, &c);
}

/* The answer of both: timeout and ticket, or neither */
static inline bool ticket_is(u16 tag, u32 hierarchy, u16 timeout_len, u64 timeout)
{
	struct rsp r = rsp_params(&tpm, NULL);
	u16 len, digest;
	const u8 *p = rsp_2b(&r, &len);

	if (len != timeout_len || (len == 8 && get_unaligned_be64(p) != timeout))
		return false;
	if (rsp_u16(&r) != tag || rsp_u32(&r) != hierarchy)
		return false;
	rsp_2b(&r, &digest);
	return !r.bad && !r.left && digest == (timeout_len ? 64 : 0);
}

/* ---- PolicyAuthorize ---- */

struct approval {
	struct bytes ticket;
	u32 hierarchy;
};

/* VerifySignature over H(approved || ref), signed outside */
static inline u32 approve(const struct signing *k, const u8 *policy, u16 len, const char *ref,
			  struct approval *a)
{
	struct buf b = { .len = 0 };
	u8 digest[32];
	struct cmd c;
	struct rsp r;
	u32 rc;

	buf_add(&b, policy, len);
	buf_add(&b, ref, strlen(ref));
	buf_hash(&b, SHA256, digest);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_VerifySignature);
	cmd_u32(&c, k->handle);
	cmd_2b(&c, digest, sizeof(digest));
	put_signature(&c, k, &b, SHA256);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	rsp_u16(&r);
	a->hierarchy = rsp_u32(&r);
	copy_2b(&r, &a->ticket);
	return 0;
}

static inline u32 authorize(const struct session *s, const u8 *policy, u16 len, const char *ref,
			    const struct bytes *name, const struct approval *a)
{
	struct cmd c;

	begin(&c, TPM_CC_PolicyAuthorize, s);
	cmd_2b(&c, policy, len);
	cmd_2b(&c, ref, strlen(ref));
	cmd_2b(&c, name->data, name->size);
	cmd_u16(&c, TPM_ST_VERIFIED);
	cmd_u32(&c, a->hierarchy);
	cmd_2b(&c, a->ticket.data, a->ticket.size);
	return cmd_run(&tpm, &c);
}

#endif /* VTPM_POLICY_SUPPORT_H */
