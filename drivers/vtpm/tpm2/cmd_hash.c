// SPDX-License-Identifier: GPL-2.0-only
/* Hashes, HMACs, and their sequences (Part 3, 15.4, 15.5 and 17). */
#include "commands.h"

static bool starts_as_generated(const u8 first[4])
{
	return get_unaligned_be32(first) == TPM_GENERATED_VALUE;
}

/* @safe: the data does not look like what the TPM itself says, so it may be signed (15.4.1). */
static tpm_rc answer_ticket(struct tpm2_call *c, u32 hierarchy, bool safe, u16 alg,
			    struct tpm2b digest, struct tpmt_ticket *tk)
{
	if (safe)
		return tpm2_ticket_hashcheck(c, hierarchy, alg, digest, tk);
	tpm2_ticket_empty(TPM_ST_HASHCHECK, tk);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_Hash (15.4) ---- */

struct hash_in {
	struct tpm2b data;
	u16 hash;
	u32 hierarchy;
};

static const struct desc_field hash_in_fields[] = {
	FIELD(struct hash_in, data, desc_2b_buffer),
	FIELD(struct hash_in, hash, desc_alg_hash),
	FIELD(struct hash_in, hierarchy, desc_rh_hierarchy_null),
};

const struct desc tpm2_hash_in = DESC_STRUCT(struct hash_in, hash_in_fields);

struct hash_out {
	struct tpm2b digest;
	struct tpmt_ticket ticket;
};

static const struct desc_field hash_out_fields[] = {
	FIELD(struct hash_out, digest, desc_2b_digest),
	FIELD(struct hash_out, ticket, desc_tk_hashcheck),
};

const struct desc tpm2_hash_out = DESC_STRUCT(struct hash_out, hash_out_fields);

/*
 * TPM2_Hash (15.4). No codes of its own: data that looks like the TPM's own gets an
 * empty ticket.
 */
tpm_rc tpm2_cmd_hash(struct tpm2_call *c)
{
	const struct hash_in *in = (void *)c->in;
	struct hash_out *out = (void *)c->out;
	const struct vt_hash_alg *alg = vt_hash_find(in->hash);
	bool safe = in->data.size < 4 || !starts_as_generated(in->data.data);
	u8 *digest = tpm2_scratch(c, VT_MAX_DIGEST);

	if (!digest)
		return TPM_RC_MEMORY;
	vt_hash(alg, in->data.data, in->data.size, digest);
	out->digest = tpm2b(digest, alg->digest_size);
	return answer_ticket(c, in->hierarchy, safe, in->hash, out->digest, &out->ticket);
}

/* ---- TPM2_HMAC (15.5); TPM2_MAC (15.6) has the same code and knows CMAC, too ---- */

struct hmac_in {
	struct tpm2b data;
	u16 hash;
};

static const struct desc_field hmac_in_fields[] = {
	FIELD(struct hmac_in, data, desc_2b_buffer),
	FIELD(struct hmac_in, hash, desc_mac_scheme_null),
};

const struct desc tpm2_hmac_in = DESC_STRUCT(struct hmac_in, hmac_in_fields);

struct hmac_out {
	struct tpm2b mac;
};

static const struct desc_field hmac_out_fields[] = { FIELD(struct hmac_out, mac, desc_2b_digest) };

const struct desc tpm2_hmac_out = DESC_STRUCT(struct hmac_out, hmac_out_fields);

/* What the key itself is for: a hash, a mode of its cipher, or nothing said. */
static u16 own_mac(const struct tpm2_object *key)
{
	const struct tpmt_scheme *scheme = &key->pub.parms.scheme;

	if (key->pub.type == TPM_ALG_SYMCIPHER)
		return key->pub.parms.sym.mode;
	return scheme->scheme == TPM_ALG_NULL ? TPM_ALG_NULL : scheme->hash;
}

/* The key's own algorithm, or the command's when it has none. */
static tpm_rc pick_mac(const struct tpm2_object *key, u16 *mac)
{
	u16 own = own_mac(key);

	if (own != TPM_ALG_NULL) {
		if (*mac != TPM_ALG_NULL && *mac != own)
			return TPM_RC_VALUE;
		*mac = own;
	} else if (*mac == TPM_ALG_NULL) {
		return TPM_RC_VALUE;
	}
	if (key->pub.type == TPM_ALG_SYMCIPHER)
		return *mac == TPM_ALG_CMAC ? TPM_RC_SUCCESS : TPM_RC_SCHEME;
	return vt_hash_find(*mac) ? TPM_RC_SUCCESS : TPM_RC_SCHEME;
}

/*
 * What TPM2_HMAC and TPM2_HMAC_Start ask of the key; the algorithm is the second
 * parameter of both. @alg: the hash, NULL for CMAC.
 */
static tpm_rc check_mac_key(const struct tpm2_call *c, u16 asked, const struct vt_hash_alg **alg)
{
	const struct tpm2_object *key = c->objects[0];
	tpm_rc rc;

	if (key->kind != OBJ_KEY ||
	    (key->pub.type != TPM_ALG_KEYEDHASH && key->pub.type != TPM_ALG_SYMCIPHER))
		return tpm2_handle_rc(TPM_RC_TYPE, 1);
	if (key->pub.type == TPM_ALG_KEYEDHASH && !tpm2_alg_there(c->t, TPM_ALG_HMAC))
		return tpm2_handle_rc(TPM_RC_TYPE, 1);
	rc = pick_mac(key, &asked);
	if (rc)
		return tpm2_param(rc, 2);
	*alg = vt_hash_find(asked);
	if (key->pub.attrs & TPMA_OBJECT_RESTRICTED)
		return tpm2_handle_rc(TPM_RC_ATTRIBUTES, 1);
	if (!(key->pub.attrs & TPMA_OBJECT_SIGN) || key->public_only)
		return tpm2_handle_rc(TPM_RC_KEY, 1);
	return TPM_RC_SUCCESS;
}

static void start_cmac(struct vt_cmac *m, const struct tpm2_object *key)
{
	vt_cmac_init(m, key->sens.data.data, 8 * key->sens.data.size);
}

static void cmac(const struct tpm2_object *key, struct tpm2b data, u8 *mac)
{
	struct vt_cmac m;

	start_cmac(&m, key);
	vt_cmac_update(&m, data.data, data.size);
	vt_cmac_final(&m, mac);
}

/*
 * TPM2_HMAC (15.5). TPM_RC_TYPE, TPM_RC_ATTRIBUTES and TPM_RC_KEY (handle),
 * TPM_RC_VALUE and TPM_RC_SCHEME (hashAlg: not the key's, or nothing for its type).
 */
tpm_rc tpm2_cmd_hmac(struct tpm2_call *c)
{
	const struct hmac_in *in = (void *)c->in;
	struct hmac_out *out = (void *)c->out;
	struct tpm2_object *key = c->objects[0];
	const struct vt_hash_alg *alg;
	tpm_rc rc;
	u8 *mac;

	rc = check_mac_key(c, in->hash, &alg);
	if (rc)
		return rc;
	mac = tpm2_scratch(c, VT_MAX_DIGEST);
	if (!mac)
		return TPM_RC_MEMORY;
	if (alg)
		vt_hmac(alg, key->sens.data.data, key->sens.data.size, in->data.data,
			in->data.size, mac);
	else
		cmac(key, in->data, mac);
	out->mac = tpm2b(mac, alg ? alg->digest_size : VT_AES_BLOCK);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_HMAC_Start (17.2), TPM2_HashSequenceStart (17.4) ---- */

struct sequence_start_in {
	struct tpm2b auth;
	u16 hash;
};

static const struct desc_field sequence_start_in_fields[] = {
	FIELD(struct sequence_start_in, auth, desc_2b_auth),
	FIELD(struct sequence_start_in, hash, desc_alg_hash_null),
};

static const struct desc_field hmac_start_in_fields[] = {
	FIELD(struct sequence_start_in, auth, desc_2b_auth),
	FIELD(struct sequence_start_in, hash, desc_mac_scheme_null),
};

const struct desc tpm2_hmac_start_in =
	DESC_STRUCT(struct sequence_start_in, hmac_start_in_fields);
const struct desc tpm2_hash_sequence_start_in =
	DESC_STRUCT(struct sequence_start_in, sequence_start_in_fields);

static void set_auth(struct tpm2_object *o, struct tpm2b auth)
{
	tpm2_trim_auth(&auth);
	o->auth.size = auth.size;
	if (auth.size)
		memcpy(o->auth.data, auth.data, auth.size);
}

/* Gives the sequence a slot, or ends it. */
static tpm_rc install(struct tpm2_call *c, struct tpm2_object *o, struct tpm2b auth)
{
	tpm_rc rc;

	set_auth(o, auth);
	rc = tpm2_object_install(c->space, o);
	if (rc)
		tpm2_object_put(c->t, o);
	else
		c->out_handle = o->handle;
	return rc;
}

/* The key block goes with the sequence, so that it outlives the key. */
static void start_hmac(struct tpm2_object *o, const struct vt_hash_alg *alg, struct tpm2b key)
{
	struct vt_hmac_ctx h;

	vt_hmac_init(&h, alg, key.data, key.size);
	o->seq[0] = h.inner;
	memcpy(o->hmac_opad, h.opad, sizeof(o->hmac_opad));
	memzero_explicit(&h, sizeof(h));
}

/*
 * TPM2_HMAC_Start (17.2). TPM_RC_TYPE, TPM_RC_ATTRIBUTES and TPM_RC_KEY (handle),
 * TPM_RC_VALUE and TPM_RC_SCHEME (hashAlg), TPM_RC_OBJECT_MEMORY, TPM_RC_MEMORY.
 */
tpm_rc tpm2_cmd_hmac_start(struct tpm2_call *c)
{
	const struct sequence_start_in *in = (void *)c->in;
	const struct tpm2_object *key = c->objects[0];
	const struct vt_hash_alg *alg;
	struct tpm2_object *o;
	tpm_rc rc;

	rc = check_mac_key(c, in->hash, &alg);
	if (rc)
		return rc;
	o = tpm2_sequence_new(c->t, alg ? OBJ_HMAC_SEQ : OBJ_CMAC_SEQ, alg ? 1 : 0);
	if (!o)
		return TPM_RC_MEMORY;
	if (alg)
		start_hmac(o, alg, key->sens.data);
	else
		start_cmac(tpm2_running_cmac(o), key);
	return install(c, o, in->auth);
}

static bool bank_active(const struct tpm2 *t, const struct vt_hash_alg *alg)
{
	return t->cfg.pcr_ops->active(t->cfg.pcrs, alg->id);
}

/* One running hash for each bank that could be extended with it. */
static struct tpm2_object *new_event_sequence(struct tpm2 *t)
{
	struct tpm2_object *o;
	u8 i, n = 0;

	for (i = 0; i < VT_HASH_COUNT; i++)
		n += bank_active(t, &vt_hash_algs[i]);
	o = tpm2_sequence_new(t, OBJ_EVENT_SEQ, n);
	if (!o)
		return NULL;
	for (i = 0, n = 0; i < VT_HASH_COUNT; i++)
		if (bank_active(t, &vt_hash_algs[i]))
			vt_hash_init(&o->seq[n++], &vt_hash_algs[i]);
	return o;
}

static struct tpm2_object *new_hash_sequence(struct tpm2 *t, u16 alg)
{
	struct tpm2_object *o = tpm2_sequence_new(t, OBJ_HASH_SEQ, 1);

	if (o)
		vt_hash_init(&o->seq[0], vt_hash_find(alg));
	return o;
}

/* TPM2_HashSequenceStart (17.4). TPM_RC_OBJECT_MEMORY, TPM_RC_MEMORY. */
tpm_rc tpm2_cmd_hash_sequence_start(struct tpm2_call *c)
{
	const struct sequence_start_in *in = (void *)c->in;
	struct tpm2_object *o;

	o = in->hash == TPM_ALG_NULL ? new_event_sequence(c->t) : new_hash_sequence(c->t, in->hash);
	return o ? install(c, o, in->auth) : TPM_RC_MEMORY;
}

/* ---- TPM2_SequenceUpdate (17.5) ---- */

struct sequence_update_in {
	struct tpm2b buffer;
};

static const struct desc_field sequence_update_in_fields[] = {
	FIELD(struct sequence_update_in, buffer, desc_2b_buffer),
};

const struct desc tpm2_sequence_update_in =
	DESC_STRUCT(struct sequence_update_in, sequence_update_in_fields);

/*
 * The first block alone decides whether the digest may get a ticket. One too
 * short to decide counts as the TPM's own, which is what every TPM does that
 * does not keep it; so no way of cutting the data makes it pass.
 */
static void note_first(struct tpm2_object *o, struct tpm2b data)
{
	const u32 least = sizeof(o->seq_first);

	if (!o->seq_seen && data.size >= least)
		memcpy(o->seq_first, data.data, least);
	else if (!o->seq_seen)
		put_unaligned_be32(TPM_GENERATED_VALUE, o->seq_first);
	o->seq_seen += min_t(u32, data.size, U32_MAX - o->seq_seen);
	o->seq_seen = max(o->seq_seen, least);
}

static void update(struct tpm2_object *o, struct tpm2b data)
{
	u8 i;

	note_first(o, data);
	if (o->kind == OBJ_CMAC_SEQ)
		vt_cmac_update(tpm2_running_cmac(o), data.data, data.size);
	for (i = 0; i < o->seq_count; i++)
		vt_hash_update(&o->seq[i], data.data, data.size);
}

/*
 * TPM2_SequenceUpdate (17.5). TPM_RC_MODE: no sequence. All TPMs say parameter 1,
 * though it is the handle that is wrong.
 */
tpm_rc tpm2_cmd_sequence_update(struct tpm2_call *c)
{
	const struct sequence_update_in *in = (void *)c->in;

	if (c->objects[0]->kind == OBJ_KEY)
		return tpm2_param(TPM_RC_MODE, 1);
	update(c->objects[0], in->buffer);
	return TPM_RC_SUCCESS;
}

/* ---- TPM2_SequenceComplete (17.6) ---- */

struct sequence_complete_in {
	struct tpm2b buffer;
	u32 hierarchy;
};

static const struct desc_field sequence_complete_in_fields[] = {
	FIELD(struct sequence_complete_in, buffer, desc_2b_buffer),
	FIELD(struct sequence_complete_in, hierarchy, desc_rh_hierarchy_null),
};

const struct desc tpm2_sequence_complete_in =
	DESC_STRUCT(struct sequence_complete_in, sequence_complete_in_fields);
const struct desc tpm2_sequence_complete_out = DESC_STRUCT(struct hash_out, hash_out_fields);

static void end_hmac(struct tpm2_object *o, u8 *mac)
{
	struct vt_hmac_ctx h;

	h.inner = o->seq[0];
	memcpy(h.opad, o->hmac_opad, sizeof(h.opad));
	vt_hmac_final(&h, mac);
}

/* TPM2_SequenceComplete (17.6). TPM_RC_MODE: no sequence of one hash or MAC. */
tpm_rc tpm2_cmd_sequence_complete(struct tpm2_call *c)
{
	const struct sequence_complete_in *in = (void *)c->in;
	struct hash_out *out = (void *)c->out;
	struct tpm2_object *o = c->objects[0];
	bool hash = o->kind == OBJ_HASH_SEQ;
	const struct vt_hash_alg *alg;
	u8 *digest;
	tpm_rc rc;

	if (!hash && o->kind != OBJ_HMAC_SEQ && o->kind != OBJ_CMAC_SEQ)
		return tpm2_handle_rc(TPM_RC_MODE, 1);
	digest = tpm2_scratch(c, VT_MAX_DIGEST);
	if (!digest)
		return TPM_RC_MEMORY;
	alg = o->seq ? o->seq[0].alg : NULL;
	update(o, in->buffer);
	if (hash)
		vt_hash_final(&o->seq[0], digest);
	else if (alg)
		end_hmac(o, digest);
	else
		vt_cmac_final(tpm2_running_cmac(o), digest);
	out->digest = tpm2b(digest, alg ? alg->digest_size : VT_AES_BLOCK);
	rc = answer_ticket(c, in->hierarchy, hash && !starts_as_generated(o->seq_first),
			   alg ? alg->id : TPM_ALG_NULL, out->digest, &out->ticket);
	tpm2_object_flush(c->space, o);	/* the call holds it until the response is written */
	return rc;
}

/* ---- TPM2_EventSequenceComplete (17.7) ---- */

struct event_sequence_complete_in {
	struct tpm2b buffer;
};

static const struct desc_field event_sequence_complete_in_fields[] = {
	FIELD(struct event_sequence_complete_in, buffer, desc_2b_buffer),
};

const struct desc tpm2_event_sequence_complete_in =
	DESC_STRUCT(struct event_sequence_complete_in, event_sequence_complete_in_fields);

struct event_sequence_complete_out {
	struct tpml_digest_values results;
};

static const struct desc_field event_sequence_complete_out_fields[] = {
	FIELD(struct event_sequence_complete_out, results, desc_digest_values),
};

const struct desc tpm2_event_sequence_complete_out =
	DESC_STRUCT(struct event_sequence_complete_out, event_sequence_complete_out_fields);

/* From a copy, as the sequence stays when a PCR cannot be extended. */
static tpm_rc end_hash(struct tpm2_call *c, const struct vt_hash_ctx *running, struct tpm2b last,
		       struct tpmt_ha *ha)
{
	struct vt_hash_ctx h;

	ha->alg = running->alg->id;
	ha->digest = tpm2_scratch(c, running->alg->digest_size);
	if (!ha->digest)
		return TPM_RC_MEMORY;
	vt_hash_copy(&h, running);
	vt_hash_update(&h, last.data, last.size);
	vt_hash_final(&h, ha->digest);
	return TPM_RC_SUCCESS;
}

/* What the digests are of, where it has come at once. Of parts that came before nothing is kept. */
static struct tpm2b whole_event(const struct tpm2_object *o, struct tpm2b last)
{
	return o->seq_seen ? tpm2b(NULL, 0) : last;
}

/*
 * TPM2_EventSequenceComplete (17.7). TPM_RC_MODE: no event sequence; TPM_RC_LOCALITY:
 * not this PCR from here; TPM_RC_PCR: the policy denies it; TPM_RC_MEMORY. The policy may
 * also keep digests from the answer.
 */
tpm_rc tpm2_cmd_event_sequence_complete(struct tpm2_call *c)
{
	const struct event_sequence_complete_in *in = (void *)c->in;
	struct event_sequence_complete_out *out = (void *)c->out;
	struct tpml_digest_values *results = &out->results;
	struct tpm2_object *o = c->objects[1];
	u32 i, pcr = c->handles[0];
	tpm_rc rc = TPM_RC_SUCCESS;

	if (o->kind != OBJ_EVENT_SEQ)
		return tpm2_handle_rc(TPM_RC_MODE, 2);
	for (i = 0; i < o->seq_count && !rc; i++)
		rc = end_hash(c, &o->seq[i], in->buffer, &results->ha[i]);
	results->count = o->seq_count;
	if (!rc && pcr != TPM_RH_NULL)
		rc = tpm2_pcr_may_extend(c, pcr, results);
	if (!rc && pcr != TPM_RH_NULL)
		rc = tpm2_pcr_extend(c, pcr, results, whole_event(o, in->buffer));
	if (rc)
		return rc;
	if (pcr != TPM_RH_NULL)
		tpm2_pcr_hide_event(c, pcr, results);
	tpm2_object_flush(c->space, o);
	return TPM_RC_SUCCESS;
}
