// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions (Part 1, 19 and 21): their life, TPM2_StartAuthSession, and the
 * encryption of a first parameter.
 */
#include "commands.h"

struct tpm2_session *tpm2_session_find(struct tpm2_space *s, u32 handle)
{
	struct tpm2_session *se;

	list_for_each_entry(se, &s->sessions, link)
		if (se->handle == handle)
			return se;
	return NULL;
}

struct tpm2_session *tpm2_session_find_saved(struct tpm2 *t, u32 handle)
{
	struct tpm2_session *se;

	list_for_each_entry(se, &t->saved, link)
		if (se->handle == handle)
			return se;
	return NULL;
}

/* Room is checked by the caller's limit; handle numbers are the instance's. */
tpm_rc tpm2_session_new(struct tpm2_space *s, u8 type, struct tpm2_session **out)
{
	struct tpm2 *t = s->t;
	struct tpm2_session *se;
	unsigned long id;

	if (s->session_count >= tpm2_max_loaded(t))
		return TPM_RC_SESSION_MEMORY;
	id = find_first_zero_bit(t->session_ids, TPM2_MAX_ALL_SESSIONS);
	if (t->sessions >= tpm2_max_sessions(t) || id >= TPM2_MAX_ALL_SESSIONS)
		return TPM_RC_SESSION_HANDLES;
	se = vt_alloc(t->cfg.mem, sizeof(*se));
	if (!se)
		return TPM_RC_SESSION_MEMORY;
	se->type = type;
	se->handle = (type == TPM_SE_HMAC ? HR_HMAC_SESSION : HR_POLICY_SESSION) | id;
	se->loaded = true;
	__set_bit(id, t->session_ids);
	list_add_tail(&se->link, &s->sessions);
	s->session_count++;
	t->sessions++;
	*out = se;
	return TPM_RC_SUCCESS;
}

static struct tpm2_space *owner_of(struct tpm2 *t, struct tpm2_session *wanted)
{
	struct tpm2_space *s;
	struct tpm2_session *se;

	list_for_each_entry(s, &t->spaces, link)
		list_for_each_entry(se, &s->sessions, link)
			if (se == wanted)
				return s;
	return NULL;
}

void tpm2_session_free(struct tpm2 *t, struct tpm2_session *se)
{
	struct tpm2_space *s = se->loaded ? owner_of(t, se) : NULL;

	if (s)
		s->session_count--;
	if (!se->loaded)
		t->saved_count--;
	if (t->exclusive == se->handle)
		t->exclusive = 0;
	list_del(&se->link);
	__clear_bit(se->handle & 0xffffff, t->session_ids);
	t->sessions--;
	vt_free(t->cfg.mem, se);
}

void tpm2_session_flush_all(struct tpm2_space *s)
{
	struct tpm2_session *se, *next;

	list_for_each_entry_safe(se, next, &s->sessions, link)
		tpm2_session_free(s->t, se);
}

void tpm2_policy_reset(struct tpm2_session *se)
{
	memset(se->policy, 0, sizeof(se->policy));
	memset(&se->bind_hash, 0, sizeof(se->bind_hash));
	se->bind_what = BIND_NONE;
	se->auth_value_needed = false;
	se->password_needed = false;
	se->pp_required = false;
	se->nv_written_set = false;
	se->pcr_checked = false;
	se->locality = 0;
	se->command_code = 0;
	se->timeout = 0;
}

void tpm2_session_bind_id(struct tpm2_space *s, u32 handle, u8 id[32])
{
	const struct vt_hash_alg *sha256 = vt_hash_find(TPM_ALG_SHA256);
	struct tpm2b auth = tpm2_auth_value(s, handle);
	u8 name[TPM2_NAME_MAX], size[2];
	struct vt_hash_ctx h;
	u16 len;

	len = tpm2_entity_name(s, handle, name);
	put_unaligned_be16(len, size);
	vt_hash_init(&h, sha256);
	vt_hash_update(&h, size, sizeof(size));
	vt_hash_update(&h, name, len);
	vt_hash_update(&h, auth.data, auth.size);
	vt_hash_final(&h, id);
}

void tpm2_crypt_param(struct tpm2_session *se, bool encrypt, struct tpm2b extra_key,
		      const struct tpm2b nonce_newer, const struct tpm2b nonce_older, u8 *data,
		      u32 len)
{
	u8 key[2 * VT_MAX_DIGEST], material[32 + VT_AES_BLOCK];
	u16 key_len = se->key.size + extra_key.size;
	u32 bytes = se->sym.bits / 8;

	memcpy(key, se->key.data, se->key.size);
	if (extra_key.size)
		memcpy(key + se->key.size, extra_key.data, extra_key.size);
	if (se->sym.alg == TPM_ALG_XOR) {
		/* the session's hash, not the one that the symmetric definition names */
		vt_xor_obfuscate(se->hash, key, key_len, nonce_newer.data, nonce_newer.size,
				 nonce_older.data, nonce_older.size, data, len);
	} else {
		vt_kdfa(se->hash, key, key_len, "CFB", nonce_newer.data, nonce_newer.size,
			nonce_older.data, nonce_older.size, se->sym.bits + 8 * VT_AES_BLOCK,
			material);
		vt_aes_cfb(material, se->sym.bits, material + bytes, encrypt, data, len);
		memzero_explicit(material, sizeof(material));
	}
	memzero_explicit(key, sizeof(key));
}

/* ---- TPM2_StartAuthSession (Part 3, 11.1) ---- */

struct start_auth_session_in {
	struct tpm2b nonce;
	struct tpm2b salt;
	u8 type;
	struct tpmt_sym_def sym;
	u16 hash;
};

static const struct desc_field start_auth_session_in_fields[] = {
	FIELD(struct start_auth_session_in, nonce, desc_2b_nonce),
	FIELD(struct start_auth_session_in, salt, desc_2b_secret),
	FIELD(struct start_auth_session_in, type, desc_se),
	FIELD(struct start_auth_session_in, sym, desc_sym_def_null),
	FIELD(struct start_auth_session_in, hash, desc_alg_hash),
};

const struct desc tpm2_start_auth_session_in =
	DESC_STRUCT(struct start_auth_session_in, start_auth_session_in_fields);

struct start_auth_session_out {
	struct tpm2b nonce;
};

static const struct desc_field start_auth_session_out_fields[] = {
	FIELD(struct start_auth_session_out, nonce, desc_2b_nonce),
};

const struct desc tpm2_start_auth_session_out =
	DESC_STRUCT(struct start_auth_session_out, start_auth_session_out_fields);

/* A salt is OAEP with nameAlg whatever the scheme's hash; keys of another padding take none. */
static bool takes_salt(const struct tpm2_object *key)
{
	u16 scheme = key->pub.parms.scheme.scheme;

	return key->pub.type != TPM_ALG_RSA || scheme == TPM_ALG_NULL || scheme == TPM_ALG_OAEP;
}

/* The key that decrypts the salt, and the salt. @salt is wiped by the caller. */
static tpm_rc open_salt(struct tpm2_call *c, struct tpm2b sent, struct tpm2_digest *salt)
{
	struct tpm2_object *key = c->objects[0];
	tpm_rc rc, heavy;

	if (c->handles[0] == TPM_RH_NULL)
		return sent.size ? tpm2_param(TPM_RC_VALUE, 2) : TPM_RC_SUCCESS;
	if (key->public_only)
		return tpm2_handle_rc(TPM_RC_HANDLE, 1);
	if (key->kind != OBJ_KEY ||
	    (key->pub.type != TPM_ALG_RSA && key->pub.type != TPM_ALG_ECC))
		return tpm2_handle_rc(TPM_RC_KEY, 1);
	if (!sent.size)
		return tpm2_param(TPM_RC_VALUE, 2);
	if (!(key->pub.attrs & TPMA_OBJECT_DECRYPT))
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 1);
	if (!takes_salt(key))
		return tpm2_param(TPM_RC_VALUE, 2);
	tpm2_heavy_begin(c);
	rc = tpm2_secret_open(c, key, "SECRET", sent, salt);
	heavy = tpm2_heavy_end(c);
	if (heavy)
		return heavy;
	/* whatever is wrong with the salt is told in one way; a lack of memory is not that */
	return (__force u32)rc & 0x80 ? tpm2_param(TPM_RC_VALUE, 2) : rc;
}

static tpm_rc check_bind(struct tpm2_call *c)
{
	const struct tpm2_object *o = c->objects[1];

	if (o && o->public_only)
		return tpm2_handle_rc(TPM_RC_HANDLE, 2);
	if (c->nv[1] && tpm2_nv_is_pin(c->nv[1]))
		return tpm2_handle_rc(TPM_RC_HANDLE, 2);
	return TPM_RC_SUCCESS;
}

/* sessionKey = KDFa(authHash, bind's authValue || salt, "ATH", nonceTPM, nonceCaller) */
static void derive_key(struct tpm2_call *c, struct tpm2_session *se, struct tpm2b nonce,
		       const struct tpm2_digest *salt)
{
	u8 key[2 * VT_MAX_DIGEST];
	struct tpm2b auth = tpm2b(NULL, 0);

	if (c->handles[0] == TPM_RH_NULL && c->handles[1] == TPM_RH_NULL)
		return;
	if (c->handles[1] != TPM_RH_NULL)
		auth = tpm2_auth_value(c->space, c->handles[1]);
	if (auth.size)
		memcpy(key, auth.data, auth.size);
	memcpy(key + auth.size, salt->data, salt->size);
	se->key.size = se->hash->digest_size;
	vt_kdfa(se->hash, key, auth.size + salt->size, "ATH", se->nonce_tpm.data,
		se->nonce_tpm.size, nonce.data, nonce.size, 8 * se->key.size, se->key.data);
	memzero_explicit(key, sizeof(key));
}

static void bind_session(struct tpm2_call *c, struct tpm2_session *se)
{
	if (c->handles[1] == TPM_RH_NULL)
		return;
	se->bound = true;
	se->bound_da = tpm2_is_da(c->space, c->handles[1]);
	se->bound_lockout = c->handles[1] == TPM_RH_LOCKOUT;
	tpm2_session_bind_id(c->space, c->handles[1], se->bind_id);
}

/*
 * TPM2_StartAuthSession (11.1). TPM_RC_KEY and TPM_RC_ATTRIBUTES (tpmKey): no
 * decryption key; TPM_RC_VALUE (encryptedSalt): a salt without tpmKey or the reverse,
 * or one that does not decrypt; TPM_RC_SIZE (nonceCaller); TPM_RC_HANDLE (tpmKey, bind):
 * a public key alone, a PIN index; TPM_RC_MODE (symmetric); TPM_RC_SESSION_HANDLES,
 * TPM_RC_SESSION_MEMORY, TPM_RC_MEMORY, TPM_RC_RETRY.
 */
tpm_rc tpm2_cmd_start_auth_session(struct tpm2_call *c)
{
	struct start_auth_session_in *in = (void *)c->in;
	struct start_auth_session_out *out = (void *)c->out;
	struct tpm2_digest salt = { 0 };
	struct tpm2_session *se;
	tpm_rc rc;

	if (in->nonce.size < 16 || in->nonce.size > vt_hash_find(in->hash)->digest_size)
		return tpm2_param(TPM_RC_SIZE, 1);
	rc = open_salt(c, in->salt, &salt);
	if (!rc)
		rc = check_bind(c);
	if (!rc && in->sym.alg == TPM_ALG_AES && in->sym.mode != TPM_ALG_CFB)
		rc = tpm2_param(TPM_RC_MODE, 4);
	if (!rc)
		rc = tpm2_session_new(c->space, in->type, &se);
	if (!rc) {
		se->hash = vt_hash_find(in->hash);
		se->sym = in->sym;
		se->nonce_tpm.size = in->nonce.size;
		vt_random(se->nonce_tpm.data, se->nonce_tpm.size);
		se->start = tpm2_time(c->t);
		se->epoch = c->t->time_epoch;
		derive_key(c, se, in->nonce, &salt);
		bind_session(c, se);
		out->nonce = tpm2b(se->nonce_tpm.data, se->nonce_tpm.size);
		c->out_handle = se->handle;
	}
	memzero_explicit(&salt, sizeof(salt));
	return rc;
}
