/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The caller's side of sessions (Part 1, 19 and 21), computed with OpenSSL
 * alone: nothing here calls the engine's KDFs, HMACs or ciphers. A response
 * whose HMAC, attributes or encryption is not what it has to be fails the test.
 */
#ifndef VTPM_SESSION_SUPPORT_H
#define VTPM_SESSION_SUPPORT_H

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "object_support.h"

/* ---- primitives ---- */

static inline const EVP_MD *md_of(u16 hash)
{
	switch (hash) {
	case TPM_ALG_SHA1:
		return EVP_sha1();
	case TPM_ALG_SHA384:
		return EVP_sha384();
	case TPM_ALG_SHA512:
		return EVP_sha512();
	default:
		return EVP_sha256();
	}
}

static inline u16 md_size(u16 hash)
{
	return EVP_MD_get_size(md_of(hash));
}

/* Bytes put together for one hash or MAC. */
struct buf {
	u8 data[2 * VTPM_MAX_COMMAND];
	u32 len;
};

static inline void buf_add(struct buf *b, const void *data, u32 len)
{
	if (len > sizeof(b->data) - b->len)
		abort();
	if (len)
		memcpy(b->data + b->len, data, len);
	b->len += len;
}

static inline void buf_u32(struct buf *b, u32 v)
{
	u8 be[4];

	put_unaligned_be32(v, be);
	buf_add(b, be, sizeof(be));
}

static inline void buf_hash(const struct buf *b, u16 hash, u8 *out)
{
	if (!EVP_Digest(b->data, b->len, out, NULL, md_of(hash), NULL))
		abort();
}

static inline void buf_hmac(const struct buf *b, u16 hash, const void *key, u32 key_len, u8 *out)
{
	static const u8 none;

	if (!HMAC(md_of(hash), key_len ? key : &none, key_len, b->data, b->len, out, NULL))
		abort();
}

/* KDFa: blocks of HMAC(key, i || label 0 || u || v || bits), cut to whole bytes. */
static inline void ref_kdfa(u16 hash, const void *key, u32 key_len, const char *label,
			    const void *u, u32 u_len, const void *v, u32 v_len, u32 bits, u8 *out)
{
	u32 left = bits / 8, i;
	u8 block[VT_MAX_DIGEST];

	for (i = 1; left; i++) {
		u32 n = left < md_size(hash) ? left : md_size(hash);
		struct buf b = { .len = 0 };

		buf_u32(&b, i);
		buf_add(&b, label, strlen(label) + 1);
		buf_add(&b, u, u_len);
		buf_add(&b, v, v_len);
		buf_u32(&b, bits);
		buf_hmac(&b, hash, key, key_len, block);
		memcpy(out, block, n);
		out += n;
		left -= n;
	}
}

/* KDFe for one block: H(1 || z || label 0 || u || v) */
static inline void ref_kdfe(u16 hash, const u8 *z, u32 z_len, const char *label,
			    const u8 *u, const u8 *v, u32 len, u8 *out)
{
	struct buf b = { .len = 0 };

	buf_u32(&b, 1);
	buf_add(&b, z, z_len);
	buf_add(&b, label, strlen(label) + 1);
	buf_add(&b, u, len);
	buf_add(&b, v, len);
	buf_hash(&b, hash, out);
}

/* ---- sessions ---- */

struct session {
	u32 handle;
	u16 hash;
	u16 sym, sym_bits, sym_hash;
	u8 key[VT_MAX_DIGEST];
	u16 key_len;
	u8 nonce_tpm[VT_MAX_DIGEST], nonce_caller[VT_MAX_DIGEST];
	u16 nonce_len, caller_len;
};

/**
 * struct opening - how a session is to be started
 * @type: TPM_SE_*
 * @hash: session hash
 * @sym: TPM_ALG_NULL (or 0), TPM_ALG_AES or TPM_ALG_XOR
 * @bits: key bits of AES
 * @xor_hash: hash in TPMT_SYM_DEF for XOR; 0: the session's
 * @salt_key: TPM_RH_NULL (or 0), or the key that the salt is for
 * @bind: TPM_RH_NULL (or 0), or the entity to bind to
 * @bind_auth: its auth value
 * @nonce: bytes of nonceCaller; 0: as many as the hash has
 */
struct opening {
	u8 type;
	u16 hash;
	u16 sym, bits, xor_hash;
	u32 salt_key;
	u32 bind;
	const char *bind_auth;
	u16 nonce;
};

static inline u32 or_null(u32 handle)
{
	return handle ? handle : TPM_RH_NULL;
}

/* The salt key's public area, of the templates that the tests use. */
struct salt_key {
	u16 type;
	u8 n[VT_RSA_MAX_BYTES];
	u16 n_len;
	u8 x[32], y[32];
};

static inline u32 read_salt_key(struct host_tpm *h, u32 handle, struct salt_key *k)
{
	struct bytes public;
	struct cmd c;
	struct rsp r;
	const u8 *p;
	u16 len;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_ReadPublic, 1, 0, handle);
	rc = cmd_run(h, &c);
	if (rc)
		return rc;
	r = rsp_params(h, NULL);
	copy_2b(&r, &public);
	r = (struct rsp){ .p = public.data, .left = public.size };
	k->type = rsp_u16(&r);
	rsp_bytes(&r, 6);		/* nameAlg SHA-256, attributes */
	rsp_2b(&r, &len);
	if (rsp_u16(&r) != TPM_ALG_NULL)
		rsp_bytes(&r, 4);	/* bits and mode */
	rsp_u16(&r);			/* a scheme without details */
	if (k->type == TPM_ALG_RSA) {
		rsp_bytes(&r, 2 + 4);
		p = rsp_2b(&r, &k->n_len);
		memcpy(k->n, p, k->n_len);
		return 0;
	}
	rsp_bytes(&r, 2 + 2);
	p = rsp_2b(&r, &len);
	memcpy(k->x, p, 32);
	p = rsp_2b(&r, &len);
	memcpy(k->y, p, 32);
	return 0;
}

/* OAEP with SHA-256 and the label "SECRET", its zero byte included */
static inline u16 salt_rsa(const struct salt_key *k, const u8 *salt, u32 salt_len, u8 *sent)
{
	static const char label[] = "SECRET";
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *make = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL), *ctx;
	BIGNUM *n = BN_bin2bn(k->n, k->n_len, NULL), *e = BN_new();
	size_t len = VT_RSA_MAX_BYTES;
	EVP_PKEY *key = NULL;
	OSSL_PARAM *params;

	BN_set_word(e, 65537);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e);
	params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY_fromdata_init(make);
	if (EVP_PKEY_fromdata(make, &key, EVP_PKEY_PUBLIC_KEY, params) <= 0)
		abort();
	ctx = EVP_PKEY_CTX_new(key, NULL);
	EVP_PKEY_encrypt_init(ctx);
	EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING);
	EVP_PKEY_CTX_set_rsa_oaep_md(ctx, EVP_sha256());
	EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256());
	EVP_PKEY_CTX_set0_rsa_oaep_label(ctx, OPENSSL_memdup(label, sizeof(label)), sizeof(label));
	if (EVP_PKEY_encrypt(ctx, sent, &len, salt, salt_len) <= 0)
		abort();
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_CTX_free(make);
	EVP_PKEY_free(key);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	BN_free(n);
	BN_free(e);
	return len;
}

static inline void point_bytes(const EC_GROUP *g, const EC_POINT *p, u8 *x, u8 *y)
{
	BIGNUM *bx = BN_new(), *by = BN_new();

	if (!EC_POINT_get_affine_coordinates(g, p, bx, by, NULL))
		abort();
	BN_bn2binpad(bx, x, 32);
	BN_bn2binpad(by, y, 32);
	BN_free(bx);
	BN_free(by);
}

/* One-pass Diffie-Hellman with a key of our own; @sent is its point. */
static inline u16 salt_ecc(const struct salt_key *k, u8 *salt, u8 *sent)
{
	EC_GROUP *g = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	EC_POINT *theirs = EC_POINT_new(g), *ours = EC_POINT_new(g), *z = EC_POINT_new(g);
	BIGNUM *d = BN_new(), *x = BN_bin2bn(k->x, 32, NULL), *y = BN_bin2bn(k->y, 32, NULL);
	u8 zx[32], zy[32];

	BN_rand_range(d, EC_GROUP_get0_order(g));
	if (!EC_POINT_set_affine_coordinates(g, theirs, x, y, NULL) ||
	    !EC_POINT_mul(g, ours, d, NULL, NULL, NULL) ||
	    !EC_POINT_mul(g, z, NULL, theirs, d, NULL))
		abort();
	put_unaligned_be16(32, sent);
	put_unaligned_be16(32, sent + 34);
	point_bytes(g, ours, sent + 2, sent + 36);
	point_bytes(g, z, zx, zy);
	ref_kdfe(TPM_ALG_SHA256, zx, 32, "SECRET", sent + 2, k->x, 32, salt);
	EC_POINT_free(theirs);
	EC_POINT_free(ours);
	EC_POINT_free(z);
	EC_GROUP_free(g);
	BN_free(d);
	BN_free(x);
	BN_free(y);
	return 68;
}

static inline u16 make_salt(struct host_tpm *h, u32 handle, u8 salt[32], u8 *sent)
{
	struct salt_key k;

	if (read_salt_key(h, handle, &k))
		abort();
	if (k.type == TPM_ALG_ECC)
		return salt_ecc(&k, salt, sent);
	RAND_bytes(salt, 32);
	return salt_rsa(&k, salt, 32, sent);
}

static inline void put_session_sym(struct cmd *c, const struct opening *o)
{
	cmd_u16(c, o->sym ? o->sym : TPM_ALG_NULL);
	if (o->sym == TPM_ALG_AES) {
		cmd_u16(c, o->bits);
		cmd_u16(c, TPM_ALG_CFB);
	} else if (o->sym == TPM_ALG_XOR) {
		cmd_u16(c, o->xor_hash ? o->xor_hash : o->hash);
	}
}

static inline u32 session_open(struct host_tpm *h, const struct opening *o, struct session *s)
{
	u8 salt[32], sent[VT_RSA_MAX_BYTES];
	struct buf key = { .len = 0 };
	u16 sent_len = 0, len;
	struct cmd c;
	struct rsp r;
	const u8 *p;
	u32 rc;

	*s = (struct session){ .hash = o->hash, .sym_bits = o->bits };
	s->sym = o->sym ? o->sym : TPM_ALG_NULL;
	s->caller_len = o->nonce ? o->nonce : md_size(o->hash);
	RAND_bytes(s->nonce_caller, s->caller_len);
	if (o->salt_key)
		sent_len = make_salt(h, o->salt_key, salt, sent);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_StartAuthSession);
	cmd_u32(&c, or_null(o->salt_key));
	cmd_u32(&c, or_null(o->bind));
	cmd_2b(&c, s->nonce_caller, s->caller_len);
	cmd_2b(&c, sent, sent_len);
	cmd_u8(&c, o->type);
	put_session_sym(&c, o);
	cmd_u16(&c, o->hash);
	rc = cmd_run(h, &c);
	if (rc)
		return rc;
	r = rsp_params(h, &s->handle);
	p = rsp_2b(&r, &len);
	s->nonce_len = len;
	memcpy(s->nonce_tpm, p, len);
	if (!o->salt_key && !o->bind)
		return 0;
	if (o->bind)
		buf_add(&key, o->bind_auth, strlen(o->bind_auth));
	if (o->salt_key)
		buf_add(&key, salt, sizeof(salt));
	s->key_len = md_size(o->hash);
	ref_kdfa(o->hash, key.data, key.len, "ATH", s->nonce_tpm, s->nonce_len, s->nonce_caller,
		 s->caller_len, 8 * s->key_len, s->key);
	return 0;
}

/* ---- commands with sessions ---- */

/**
 * struct use - one session of a request
 * @s: the session; NULL: a password
 * @attrs: TPMA_SESSION_*, without continueSession
 * @end: continueSession clear
 * @auth: the entity's auth value; NULL: the session authorizes nothing
 * @rsp_auth: and when the response is made; NULL: the same
 * @bound: the HMAC's key leaves the auth value out, since the session is bound to the entity
 * @policy: likewise left out, since a policy did not ask for it
 * @plain: the auth value goes in the HMAC's place (PolicyPassword)
 * @empty: no HMAC is sent
 * @spoil: one bit of the HMAC is turned
 * @got: attributes of the response
 */
struct use {
	struct session *s;
	u8 attrs;
	bool end;
	const char *auth, *rsp_auth;
	bool bound, policy, plain, empty, spoil;
	u8 got;
};

/**
 * struct request - a command, from parts
 * @code: TPM_CC
 * @handles: input handles, @n_handles of them
 * @rhandle: the response has a handle
 * @uses: sessions, @n_uses of them
 * @params: parameters in the clear
 * @out_handle: the response's handle
 * @out: response parameters in the clear
 * @cp: cpHash of the last session's hash; likewise @rp
 */
struct request {
	u32 code;
	u32 handles[3];
	unsigned int n_handles;
	bool rhandle;
	struct use uses[4];
	unsigned int n_uses;
	struct cmd params;
	u32 out_handle;
	struct buf out;
	u8 cp[VT_MAX_DIGEST], rp[VT_MAX_DIGEST];
};

static inline const char *use_auth(const struct use *u, bool response)
{
	const char *a = response && u->rsp_auth ? u->rsp_auth : u->auth;

	return a ? a : "";
}

static inline u32 hmac_key_of(const struct use *u, bool response, struct buf *key)
{
	const char *auth = use_auth(u, response);

	buf_add(key, u->s->key, u->s->key_len);
	if (!u->bound && !u->policy)
		buf_add(key, auth, strlen(auth));
	return key->len;
}

/* In place; the key takes the auth value of what the session authorizes, bound or not. */
static inline void crypt_first(const struct use *u, bool response, bool encrypt, u8 *data, u16 len)
{
	const char *auth = use_auth(u, response);
	const struct session *s = u->s;
	const u8 *newer = response ? s->nonce_tpm : s->nonce_caller;
	const u8 *older = response ? s->nonce_caller : s->nonce_tpm;
	u16 newer_len = response ? s->nonce_len : s->caller_len;
	u16 older_len = response ? s->caller_len : s->nonce_len;
	u8 out[VTPM_MAX_COMMAND + 16], mask[VTPM_MAX_COMMAND + 64];
	struct buf key = { .len = 0 };
	EVP_CIPHER_CTX *ctx;
	u16 i;
	int n;

	buf_add(&key, s->key, s->key_len);
	buf_add(&key, auth, strlen(auth));
	if (s->sym == TPM_ALG_XOR) {
		ref_kdfa(s->hash, key.data, key.len, "XOR", newer, newer_len, older, older_len,
			 len * 8, mask);
		for (i = 0; i < len; i++)
			data[i] ^= mask[i];
		return;
	}
	ref_kdfa(s->hash, key.data, key.len, "CFB", newer, newer_len, older, older_len,
		 s->sym_bits + 128, mask);
	ctx = EVP_CIPHER_CTX_new();
	EVP_CipherInit_ex(ctx, s->sym_bits == 128 ? EVP_aes_128_cfb128() :
			  s->sym_bits == 192 ? EVP_aes_192_cfb128() : EVP_aes_256_cfb128(),
			  NULL, mask, mask + s->sym_bits / 8, encrypt);
	EVP_CipherUpdate(ctx, out, &n, data, len);
	memcpy(data, out, len);
	EVP_CIPHER_CTX_free(ctx);
}

static inline void add_nv_name(struct host_tpm *h, struct buf *b, u32 handle)
{
	const u8 *name;
	struct cmd c;
	struct rsp r;
	u16 len;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_NV_ReadPublic);
	cmd_u32(&c, handle);
	if (cmd_run(h, &c))
		abort();
	r = rsp_params(h, NULL);
	rsp_2b(&r, &len);
	name = rsp_2b(&r, &len);
	buf_add(b, name, len);
}

static inline void add_name(struct host_tpm *h, struct buf *b, u32 handle)
{
	u8 type = handle >> 24;
	struct bytes name, qualified;
	u32 rc;

	if (type == TPM_HT_NV_INDEX) {
		add_nv_name(h, b, handle);
		return;
	}
	if (type != TPM_HT_TRANSIENT && type != TPM_HT_PERSISTENT) {
		buf_u32(b, handle);
		return;
	}
	rc = read_name(h, handle, &name, &qualified);
	if (rc == RAW(TPM_RC_SEQUENCE))	/* its name is empty */
		return;
	if (rc)
		abort();
	buf_add(b, name.data, name.size);
}

static inline void ref_cp_hash(struct host_tpm *h, const struct request *q, u16 hash, u8 *out)
{
	struct buf b = { .len = 0 };
	unsigned int i;

	buf_u32(&b, q->code);
	for (i = 0; i < q->n_handles; i++)
		add_name(h, &b, q->handles[i]);
	buf_add(&b, q->params.buf, q->params.len);
	buf_hash(&b, hash, out);
}

static inline void ref_rp_hash(const struct request *q, const u8 *params, u32 len, u16 hash,
			       u8 *out)
{
	struct buf b = { .len = 0 };

	buf_u32(&b, 0);
	buf_u32(&b, q->code);
	buf_add(&b, params, len);
	buf_hash(&b, hash, out);
}

static inline int use_with(const struct request *q, u8 attr)
{
	unsigned int i;

	for (i = 0; i < q->n_uses; i++)
		if (q->uses[i].s && q->uses[i].attrs & attr)
			return i;
	return -1;
}

/* The first session's HMAC also covers the nonces of others that crypt (Part 1, 19.6.5). */
static inline void add_other_nonces(const struct request *q, struct buf *b)
{
	int d = use_with(q, TPMA_SESSION_DECRYPT), e = use_with(q, TPMA_SESSION_ENCRYPT);

	if (d > 0)
		buf_add(b, q->uses[d].s->nonce_tpm, q->uses[d].s->nonce_len);
	if (e > 0 && e != d)
		buf_add(b, q->uses[e].s->nonce_tpm, q->uses[e].s->nonce_len);
}

static inline u8 use_attrs(const struct use *u)
{
	return u->attrs | (u->end ? 0 : TPMA_SESSION_CONTINUE);
}

static inline void put_use(struct host_tpm *h, struct request *q, unsigned int i, struct cmd *c)
{
	struct use *u = &q->uses[i];
	struct buf key = { .len = 0 }, b = { .len = 0 };
	u8 mac[VT_MAX_DIGEST], attrs = use_attrs(u);

	if (!u->s) {
		cmd_password(c, u->auth);
		return;
	}
	cmd_u32(c, u->s->handle);
	cmd_2b(c, u->s->nonce_caller, u->s->caller_len);
	cmd_u8(c, attrs);
	if (u->plain) {
		cmd_2b(c, u->auth, strlen(u->auth));
		return;
	}
	ref_cp_hash(h, q, u->s->hash, q->cp);
	buf_add(&b, q->cp, md_size(u->s->hash));
	buf_add(&b, u->s->nonce_caller, u->s->caller_len);
	buf_add(&b, u->s->nonce_tpm, u->s->nonce_len);
	if (!i)
		add_other_nonces(q, &b);
	buf_add(&b, &attrs, 1);
	hmac_key_of(u, false, &key);
	buf_hmac(&b, u->s->hash, key.data, key.len, mac);
	mac[7] ^= u->spoil;
	cmd_2b(c, mac, u->empty ? 0 : md_size(u->s->hash));
}

static inline void check_use(struct request *q, unsigned int i, struct rsp *r, const u8 *params,
			     u32 len)
{
	struct buf key = { .len = 0 }, b = { .len = 0 };
	struct use *u = &q->uses[i];
	const u8 *nonce, *got;
	u16 nonce_len, got_len;
	u8 mac[VT_MAX_DIGEST];

	nonce = rsp_2b(r, &nonce_len);
	u->got = rsp_u8(r);
	got = rsp_2b(r, &got_len);
	EXPECT(!r->bad);
	if (!u->s) {
		EXPECT_EQ(nonce_len, 0);
		EXPECT_EQ(u->got, TPMA_SESSION_CONTINUE);
		EXPECT_EQ(got_len, 0);
		return;
	}
	EXPECT_EQ(nonce_len, u->s->nonce_len);
	EXPECT(memcmp(nonce, u->s->nonce_tpm, nonce_len));	/* a fresh one */
	memcpy(u->s->nonce_tpm, nonce, nonce_len);
	EXPECT_EQ((u->got ^ use_attrs(u)) & ~TPMA_SESSION_AUDITEXCLUSIVE, 0);
	if (u->empty || u->plain) {
		EXPECT_EQ(got_len, 0);
		return;
	}
	ref_rp_hash(q, params, len, u->s->hash, q->rp);
	buf_add(&b, q->rp, md_size(u->s->hash));
	buf_add(&b, nonce, nonce_len);
	buf_add(&b, u->s->nonce_caller, u->s->caller_len);
	buf_add(&b, &u->got, 1);
	hmac_key_of(u, true, &key);
	buf_hmac(&b, u->s->hash, key.data, key.len, mac);
	EXPECT_EQ(got_len, md_size(u->s->hash));
	EXPECT_MEM(mac, got, got_len);
}

/* HMACs cover what was on the wire, so decryption comes after them. */
static inline void read_request(struct host_tpm *h, struct request *q)
{
	struct rsp r = { .p = h->rsp + 10, .left = h->rsp_len - 10 };
	int e = use_with(q, TPMA_SESSION_ENCRYPT);
	unsigned int i;
	const u8 *p;
	u32 len;

	EXPECT_EQ(get_unaligned_be16(h->rsp), TPM_ST_SESSIONS);
	if (q->rhandle)
		q->out_handle = rsp_u32(&r);
	len = rsp_u32(&r);
	p = rsp_bytes(&r, len);
	EXPECT(!r.bad);
	q->out.len = 0;
	buf_add(&q->out, p, len);
	for (i = 0; i < q->n_uses; i++) {
		check_use(q, i, &r, p, len);
		OK_SO_FAR();
	}
	EXPECT_EQ(r.left, 0);
	if (e >= 0)
		crypt_first(&q->uses[e], true, false, q->out.data + 2,
			    get_unaligned_be16(q->out.data));
}

/* Returns the response code; on success the response has been checked and opened. */
static inline u32 request_run(struct host_tpm *h, struct request *q)
{
	int d = use_with(q, TPMA_SESSION_DECRYPT);
	unsigned int i;
	struct cmd c;
	u32 rc;

	for (i = 0; i < q->n_uses; i++) {
		struct session *s = q->uses[i].s;

		if (s)
			RAND_bytes(s->nonce_caller, s->caller_len);
	}
	if (d >= 0)
		crypt_first(&q->uses[d], false, true, q->params.buf + 2,
			    get_unaligned_be16(q->params.buf));
	cmd_start(&c, TPM_ST_SESSIONS, q->code);
	for (i = 0; i < q->n_handles; i++)
		cmd_u32(&c, q->handles[i]);
	cmd_auths(&c);
	for (i = 0; i < q->n_uses; i++)
		put_use(h, q, i, &c);
	cmd_auths_end(&c);
	cmd_bytes(&c, q->params.buf, q->params.len);
	rc = cmd_run(h, &c);
	if (!rc)
		read_request(h, q);
	return rc;
}

static inline void request_new(struct request *q, u32 code, unsigned int n_handles, u32 h0, u32 h1)
{
	memset(q, 0, sizeof(*q));
	q->code = code;
	q->n_handles = n_handles;
	q->handles[0] = h0;
	q->handles[1] = h1;
}

static inline struct use *request_use(struct request *q, struct session *s, u8 attrs,
				      const char *auth)
{
	struct use *u = &q->uses[q->n_uses++];

	*u = (struct use){ .s = s, .attrs = attrs, .auth = auth };
	return u;
}

#endif /* VTPM_SESSION_SUPPORT_H */
