// SPDX-License-Identifier: GPL-2.0-only
/* When a difference is one of those of accepted.c: what rows ask beside command and codes. */
#include "accepted.h"

#define FMT1(x)		((x) & 0x80)
#define BASE(x)		((x) & 0xbf)	/* of a format-one code, without its position */

bool bad_tag(const struct command *c)
{
	u16 tag = get_unaligned_be16(c->bytes[OURS].buf);

	return tag != TPM_ST_SESSIONS && tag != TPM_ST_NO_SESSIONS;
}

/* An authorizationSize that is missing or out of range */
bool bad_auth_size(const struct command *c)
{
	const struct cmd *b = &c->bytes[OURS];
	u32 at = 10 + 4 * c->row->n_handles, size;

	if (get_unaligned_be16(b->buf) != TPM_ST_SESSIONS)
		return false;
	if (b->len < at + 4)
		return true;
	size = get_unaligned_be32(b->buf + at);
	return size < 9 || size > b->len - at - 4;
}

bool session_not_for_it(const struct command *c)
{
	return get_unaligned_be16(c->bytes[OURS].buf) == TPM_ST_SESSIONS &&
	       c->row->flags & CMD_NO_SESSIONS;
}

static bool same_place(const struct command *c)
{
	return FMT1(c->rc[OURS]) && FMT1(c->rc[THEIRS]) &&
	       (c->rc[OURS] & ~0xbfu) == (c->rc[THEIRS] & ~0xbfu);
}

bool wrong_ticket_tag(const struct command *c)
{
	return same_place(c) && BASE(c->rc[OURS]) == NUM(TPM_RC_TAG) &&
	       BASE(c->rc[THEIRS]) == NUM(TPM_RC_VALUE);
}

bool audit_attrs_alone(const struct command *c)
{
	unsigned int i;

	for (i = 0; i < c->n_auths; i++)
		if (c->auths[i].ses && !(c->auths[i].attrs & TPMA_SESSION_AUDIT) &&
		    c->auths[i].attrs & (TPMA_SESSION_AUDITRESET | TPMA_SESSION_AUDITEXCLUSIVE) &&
		    c->rc[OURS] == NUM(tpm2_session_rc(TPM_RC_ATTRIBUTES, i + 1)))
			return true;
	return false;
}

bool idle_password(const struct command *c)
{
	unsigned int i;

	for (i = 1; i < c->n_auths; i++)
		if (!c->auths[i].who &&
		    (c->rc[OURS] == NUM(tpm2_session_rc(TPM_RC_HANDLE, i + 1)) ||
		     c->rc[OURS] == NUM(tpm2_session_rc(TPM_RC_ATTRIBUTES, i + 1))))
			return c->rc[THEIRS];
	return false;
}

bool debug_pcr_at_4(const struct command *c)
{
	return w.locality == 4 && c->raw[0] >= 16 && c->raw[0] <= 23;
}

bool partial_block(const struct command *c)
{
	u16 size = get_unaligned_be16(c->out[OURS].data);

	return !c->rc[OURS] && !c->rc[THEIRS] && size % 16 &&
	       c->out[OURS].size == c->out[THEIRS].size &&
	       !memcmp(c->out[OURS].data, c->out[THEIRS].data, size + 2);
}

bool pcr_digest_size(const struct command *c)
{
	return c->ent[0] && c->ent[0]->kind == E_SESSION &&
	       get_unaligned_be16(c->params[OURS].buf) != hash_size(c->ent[0]->hash);
}

bool is_sequence(const struct command *c)
{
	return c->ent[0] && c->ent[0]->kind == E_SEQUENCE;
}

bool key_too_small(const struct command *c)
{
	u16 own = c->ent[0]->pub.parms.scheme.hash, bits = c->ent[0]->pub.parms.bits;
	u16 hash = c->ent[0]->pub.parms.scheme.scheme == TPM_ALG_OAEP ? own : c->n[1];
	const struct cmd *p = &c->params[OURS];
	u32 at = 2 + get_unaligned_be16(p->buf);

	u32 size = c->row->code == TPM_CC_RSA_Encrypt ? get_unaligned_be16(c->params[OURS].buf) : 0;

	if (at + 4 <= p->len && get_unaligned_be16(p->buf + at) == TPM_ALG_OAEP)
		hash = get_unaligned_be16(p->buf + at + 2);
	return c->ent[0]->pub.type == TPM_ALG_RSA && bits / 8 < 2 * hash_size(hash) + 2 + size;
}

/* Is the parameter that both complain of one of which libtpms takes less? */
bool longer_here(const struct command *c)
{
	static const struct desc * const types[] = {
		&desc_2b_private, &desc_2b_template, &desc_2b_public, &desc_2b_secret,
		&desc_2b_nv_buffer, &desc_2b_id_object, &desc_context, &desc_signature,
		&desc_2b_rsa, &desc_2b_name, &desc_2b_ecc_point, &desc_2b_sensitive,
		&desc_2b_public_null, &desc_public_parms, &desc_2b_ecc,
	};
	u32 n = c->rc[OURS] >> 8 & 7, i;

	if (!same_place(c) || !n || (BASE(c->rc[THEIRS]) != NUM(TPM_RC_SIZE) &&
				     BASE(c->rc[OURS]) != NUM(TPM_RC_SIZE)) || !c->row->in ||
	    n > c->row->in->nfields)
		return false;
	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i] == c->row->in->fields[n - 1].d)
			return true;
	return false;
}

bool twin_session(const struct command *c)
{
	unsigned int i;

	for (i = 0; i < c->row->n_handles; i++)
		if (c->rc[OURS] == NUM(TPM_RC_REFERENCE_H0) + i &&
		    c->rc[THEIRS] == HANDLE(TPM_RC_HANDLE, i + 1))
			return ent_by_handle(c->raw[i] ^ 0x01000000);
	for (i = 0; i < c->n_auths; i++)
		if (c->rc[OURS] == NUM(TPM_RC_REFERENCE_S0) + i && c->auths[i].ses &&
		    c->rc[THEIRS] == NUM(tpm2_session_rc(TPM_RC_HANDLE, i + 1)))
			return ent_by_handle(c->auths[i].ses->handle[OURS] ^ 0x01000000);
	return false;
}

/* While a command uses a persistent object, libtpms has it in a slot that has a handle */
bool slot_of_persistent(const struct command *c)
{
	unsigned int i;
	bool persistent = false;

	for (i = 0; i < c->row->n_handles; i++) {
		if (persistent && HR_TYPE(c->raw[i]) == TPM_HT_TRANSIENT &&
		    c->rc[OURS] == NUM(TPM_RC_REFERENCE_H0) + i)
			return true;
		persistent |= HR_TYPE(c->raw[i]) == TPM_HT_PERSISTENT;
	}
	return false;
}

/* By what is sent: a fault may have changed what was chosen */
bool orderly(const struct command *c)
{
	struct tpm2b area = param_2b(c, 1).b[OURS];

	return area.size >= 10 && get_unaligned_be32(area.data + 6) & TPMA_NV_ORDERLY;
}

/* Bytes that no NV_Write has covered */
bool never_written(const struct command *c)
{
	u32 i, n = c->out[OURS].size;

	if (c->rc[OURS] || c->rc[THEIRS] || n != c->out[THEIRS].size)
		return false;
	for (i = 0; i < n; i++)
		if (c->out[OURS].data[i] != c->out[THEIRS].data[i] &&
		    (c->out[OURS].data[i] != 0xff || c->out[THEIRS].data[i]))
			return false;
	return true;
}

/* Two's complement numbers, both negative: libtpms has the larger one for the smaller */
bool both_negative(const struct command *c)
{
	const struct cmd *p = &c->params[OURS];
	u16 op = get_unaligned_be16(p->buf + p->len - 2);

	return p->len > 6 && get_unaligned_be16(p->buf) && p->buf[2] & 0x80 &&
	       (op == 2 || op == 4 || op == 6 || op == 8);
}

bool long_read(const struct command *c)
{
	const struct cmd *p = &c->params[OURS];

	return p->len >= 4 && get_unaligned_be16(p->buf + p->len - 4) > 1024;
}

/* Does an RSA key decrypt something here? */
bool rsa_decrypts(const struct command *c)
{
	u32 code = c->row->code, at = code == TPM_CC_ActivateCredential;
	u32 rc = FMT1(c->rc[OURS]) ? BASE(c->rc[OURS]) : 0;

	if (code != TPM_CC_RSA_Decrypt && code != TPM_CC_ActivateCredential &&
	    code != TPM_CC_StartAuthSession && code != TPM_CC_Import && code != TPM_CC_Rewrap)
		return false;
	return c->ent[at] && c->ent[at]->pub.type == TPM_ALG_RSA &&
	       (rc == NUM(TPM_RC_VALUE) || rc == NUM(TPM_RC_SIZE));
}

/* Both find fault with the authorization area, each with another session of it */
bool area_in_disorder(const struct command *c)
{
	u32 a = c->rc[OURS], b = c->rc[THEIRS];

	return c->n_auths && FMT1(a) && FMT1(b) && a & 0x800 && b & 0x800 &&
	       (a >> 8 & 7) < (b >> 8 & 7) &&
	       (BASE(b) == NUM(TPM_RC_INSUFFICIENT) || BASE(b) == NUM(TPM_RC_SIZE));
}

bool known_rsa(const struct command *c)
{
	return !c->item && c->t.type == TPM_ALG_RSA;
}

bool other_exchange(const struct command *c)
{
	const struct cmd *p = &c->params[OURS];
	u16 scheme = p->len >= 4 ? get_unaligned_be16(p->buf + p->len - 4) : 0;

	return scheme == TPM_ALG_SM2 || scheme == TPM_ALG_ECMQV;
}

bool salt_key_scheme(const struct command *c)
{
	return c->ent[0] && c->ent[0]->pub.type == TPM_ALG_RSA &&
	       c->ent[0]->pub.parms.scheme.scheme == TPM_ALG_OAEP;
}

/* The parameter that @rc complains of, and what is left of the command from it on; NULL: none */
static const struct desc *bad_param(const struct command *c, u32 rc, struct tpm2_reader *in)
{
	static u64 obj[TPM2_CALL_IN / 8];
	u32 n = rc >> 8 & 7, i;

	*in = (struct tpm2_reader){ (u8 *)c->params[OURS].buf, c->params[OURS].len };
	if (!FMT1(rc) || !(rc & 0x40) || !c->row->in || !n ||
	    n > c->row->in->nfields)
		return NULL;
	for (i = 0; i < n - 1; i++)
		if (tpm2_read(in, c->row->in->fields[i].d, obj))
			return NULL;
	return c->row->in->fields[n - 1].d;
}

bool sm2_signature(const struct command *c)
{
	struct tpm2_reader in;
	const struct desc *d = bad_param(c, c->rc[OURS], &in);
	u16 alg;

	return BASE(c->rc[OURS]) == NUM(TPM_RC_SCHEME) &&
	       (d == &desc_signature || d == &desc_sig_scheme_null) &&
	       !tpm2_read_u16(&in, &alg) && alg == TPM_ALG_SM2;
}

/* What a public area, a part of one or a symmetric definition begins with */
struct parms {
	u16 type, sym, bits, mode, scheme, hash, curve;
};

static bool read_scheme(struct tpm2_reader *in, struct parms *p)
{
	u16 count;

	if (tpm2_read_u16(in, &p->scheme) || p->scheme == TPM_ALG_NULL)
		return p->scheme;
	return !tpm2_read_u16(in, &p->hash) &&
	       (p->scheme != TPM_ALG_ECDAA || !tpm2_read_u16(in, &count));
}

/* Of the parameter that @rc complains of; as far as it can be read */
static bool read_parms(const struct command *c, u32 rc, struct parms *p)
{
	struct tpm2_reader in;
	const struct desc *d = bad_param(c, rc, &in);
	struct tpm2b policy;
	u32 attrs;
	u16 word;

	memset(p, 0, sizeof(*p));
	if (d == &desc_2b_public || d == &desc_2b_public_null || d == &desc_2b_template) {
		if (tpm2_read_u16(&in, &word) || tpm2_read_u16(&in, &p->type) ||
		    tpm2_read_u16(&in, &word) || tpm2_read_u32(&in, &attrs) ||
		    tpm2_read_2b(&in, 64, &policy))
			return false;
	} else if (d == &desc_public_parms) {
		if (tpm2_read_u16(&in, &p->type))
			return false;
	} else if (d != &desc_sym_def_null && d != &desc_sym_def_object_null) {
		return false;
	}
	if (tpm2_read_u16(&in, &p->sym))
		return false;
	if (p->sym != TPM_ALG_NULL)
		if (tpm2_read_u16(&in, &p->bits) || tpm2_read_u16(&in, &p->mode))
			return true;
	if (p->type == TPM_ALG_ECC && read_scheme(&in, p))
		tpm2_read_u16(&in, &p->curve);
	return true;
}

/* Camellia or triple DES */
bool other_cipher(const struct command *c)
{
	struct parms p;

	return BASE(c->rc[OURS]) == NUM(TPM_RC_SYMMETRIC) && read_parms(c, c->rc[OURS], &p) &&
	       (p.sym == 0x0026 || p.sym == 0x0003);
}

/* A list of algorithms with one in it that libtpms alone has */
bool lists_others(const struct command *c)
{
	struct tpm2_reader in = { (u8 *)c->params[OURS].buf, c->params[OURS].len };
	u32 count;
	u16 alg;

	if (tpm2_read_u32(&in, &count))
		return false;
	while (!tpm2_read_u16(&in, &alg))
		if (alg == 0x0003 || alg == 0x0026 || alg == TPM_ALG_SM2 || alg == TPM_ALG_ECMQV)
			return true;
	return false;
}

bool aes_192(const struct command *c)
{
	struct parms p;

	return BASE(c->rc[THEIRS]) == NUM(TPM_RC_VALUE) && read_parms(c, c->rc[THEIRS], &p) &&
	       p.sym == TPM_ALG_AES && p.bits == 192;
}

static bool is_other_curve(u16 curve)
{
	return curve && (curve < TPM_ECC_NIST_P256 ||
			 (curve > TPM_ECC_BN_P256 && curve <= 0x20));
}

/* P-192, P-224, BN_P638 or SM2 curves, in a public area or alone */
bool other_curve(const struct command *c)
{
	struct tpm2_reader in;
	struct parms p;
	u16 curve;

	if (BASE(c->rc[OURS]) != NUM(TPM_RC_CURVE))
		return false;
	if (read_parms(c, c->rc[OURS], &p))
		return is_other_curve(p.curve);
	return bad_param(c, c->rc[OURS], &in) && !tpm2_read_u16(&in, &curve) &&
	       is_other_curve(curve);
}

bool long_nv_buffer(const struct command *c)
{
	struct tpm2_reader in;
	u16 size;

	return BASE(c->rc[THEIRS]) == NUM(TPM_RC_SIZE) &&
	       bad_param(c, c->rc[THEIRS], &in) == &desc_2b_nv_buffer &&
	       !tpm2_read_u16(&in, &size) && size > 1024;
}

/* libtpms' limit is the size of its structure, which has two bytes more */
bool longer_name(const struct command *c)
{
	struct tpm2_reader in;
	u16 size;

	return BASE(c->rc[OURS]) == NUM(TPM_RC_SIZE) &&
	       bad_param(c, c->rc[OURS], &in) == &desc_2b_name &&
	       !tpm2_read_u16(&in, &size) && (size == 67 || size == 68);
}

/* A command that ours has and libtpms 0.9 has not */
bool later_command(const struct command *c)
{
	u32 code = get_unaligned_be32(c->params[OURS].buf);

	return code > TPM_CC_CertifyX509 && tpm2_cmd_find(code);
}

/* Are the digests of ours among those of libtpms? */
bool fewer_banks(const struct command *c)
{
	struct tpm2_reader mine = { c->out[OURS].data, c->out[OURS].size };
	struct tpm2_reader other = { c->out[THEIRS].data, c->out[THEIRS].size };
	u32 n, of;

	if (tpm2_read_u32(&mine, &n) || tpm2_read_u32(&other, &of) || n >= of)
		return false;
	while (n && of) {
		u32 size = 2 + hash_size(get_unaligned_be16(other.p));
		bool same = mine.left >= size && !memcmp(mine.p, other.p, size);

		other.p += size;
		of--;
		if (same) {
			mine.p += size;
			mine.left -= size;
			n--;
		}
	}
	return !n;
}

/* The number that ECDAA draws, with a zero in front */
bool short_ecdaa(const struct command *c)
{
	struct tpm2_reader out = { c->out[OURS].data, c->out[OURS].size };
	struct tpm2b attest;
	u16 alg;
	u32 ours, theirs;

	if (sscanf(c->why, "size of signature: %u, %u", &ours, &theirs) != 2 || ours <= theirs)
		return false;
	if (c->row->code != TPM_CC_Sign && tpm2_read_2b(&out, 0xffff, &attest))
		return false;
	return !tpm2_read_u16(&out, &alg) && alg == TPM_ALG_ECDAA;
}

bool clock_lost(const struct command *c)
{
	return w.clock_lost;
}

bool lost_clock_compared(const struct command *c)
{
	return w.clock_lost && c->rc[OURS] + c->rc[THEIRS] == NUM(TPM_RC_POLICY);
}

bool rate_compared(const struct command *c)
{
	return w.rate_changed && c->rc[OURS] + c->rc[THEIRS] == NUM(TPM_RC_POLICY);
}

/* A public area without a name's hash, whose point libtpms does not look at */
bool nameless_point(const struct command *c)
{
	struct tpm2_reader in = { (u8 *)c->params[OURS].buf, c->params[OURS].len };
	struct tpm2b sensitive, public;

	return !tpm2_read_2b(&in, 0xffff, &sensitive) && !tpm2_read_2b(&in, 0xffff, &public) &&
	       public.size > 4 && get_unaligned_be16(public.data + 2) == TPM_ALG_NULL;
}

bool a_is_zero(const struct command *c)
{
	return get_unaligned_be16(c->params[OURS].buf) == TPM_ECC_BN_P256 &&
	       strstr(c->why, ": 34, 3");
}

/* Saved sessions: the same ones, but for what kind they are */
bool saved_policy(const struct command *c)
{
	const u8 *ours = c->out[OURS].data, *theirs = c->out[THEIRS].data;
	u32 at, size = c->out[OURS].size;

	if (get_unaligned_be32(c->params[OURS].buf) != TPM_CAP_HANDLES ||
	    c->params[OURS].buf[4] != TPM_HT_POLICY_SESSION || size != c->out[THEIRS].size ||
	    size < 9 || memcmp(ours, theirs, 9))
		return false;
	for (at = 9; at + 4 <= size; at += 4)
		if (memcmp(ours + at + 1, theirs + at + 1, 3))
			return false;
	return true;
}

bool symcipher_property(const struct command *c)
{
	return strstr(c->why, "capability 0x00250000");
}

bool public_key_authorizes(const struct command *c)
{
	unsigned int i;

	for (i = 0; i < c->row->n_handles; i++)
		if (c->row->roles[i] != ROLE_NONE && c->ent[i] && c->ent[i]->kind == E_OBJECT &&
		    !c->ent[i]->has_private)
			return true;
	return false;
}
