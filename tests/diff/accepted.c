// SPDX-License-Identifier: GPL-2.0-only
/*
 * Differences from libtpms 0.9 that are known, each with the clause that
 * decides it. Documentation/design/differences.rst is printed from these rows
 * (diff --rows). A sequence ends where one side went on and the other did not.
 */
#include "diff.h"

#define NUM(rc)		((__force u32)(rc))
#define PARAM(rc, n)	(NUM(rc) | 0x40 | (n) << 8)
#define HANDLE(rc, n)	(NUM(rc) | (n) << 8)
#define FMT1(x)		((x) & 0x80)
#define BASE(x)		((x) & 0xbf)	/* of a format-one code, without its position */

/* ---- conditions ---- */

static bool bad_tag(const struct command *c)
{
	u16 tag = get_unaligned_be16(c->bytes[OURS].buf);

	return tag != TPM_ST_SESSIONS && tag != TPM_ST_NO_SESSIONS;
}

/* An authorizationSize that is missing or out of range */
static bool bad_auth_size(const struct command *c)
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

static bool session_not_for_it(const struct command *c)
{
	return get_unaligned_be16(c->bytes[OURS].buf) == TPM_ST_SESSIONS &&
	       c->row->flags & CMD_NO_SESSIONS;
}

static bool same_place(const struct command *c)
{
	return FMT1(c->rc[OURS]) && FMT1(c->rc[THEIRS]) &&
	       (c->rc[OURS] & ~0xbfu) == (c->rc[THEIRS] & ~0xbfu);
}

static bool wrong_ticket_tag(const struct command *c)
{
	return same_place(c) && BASE(c->rc[OURS]) == NUM(TPM_RC_TAG) &&
	       BASE(c->rc[THEIRS]) == NUM(TPM_RC_VALUE);
}

static bool audit_attrs_alone(const struct command *c)
{
	unsigned int i;

	for (i = 0; i < c->n_auths; i++)
		if (c->auths[i].ses && !(c->auths[i].attrs & TPMA_SESSION_AUDIT) &&
		    c->auths[i].attrs & (TPMA_SESSION_AUDITRESET | TPMA_SESSION_AUDITEXCLUSIVE) &&
		    c->rc[OURS] == NUM(tpm2_session_rc(TPM_RC_ATTRIBUTES, i + 1)))
			return true;
	return false;
}

static bool idle_password(const struct command *c)
{
	unsigned int i;

	for (i = 1; i < c->n_auths; i++)
		if (!c->auths[i].who &&
		    (c->rc[OURS] == NUM(tpm2_session_rc(TPM_RC_HANDLE, i + 1)) ||
		     c->rc[OURS] == NUM(tpm2_session_rc(TPM_RC_ATTRIBUTES, i + 1))))
			return c->rc[THEIRS];
	return false;
}

static bool debug_pcr_at_4(const struct command *c)
{
	return w.locality == 4 && c->raw[0] >= 16 && c->raw[0] <= 23;
}

static bool partial_block(const struct command *c)
{
	u16 size = get_unaligned_be16(c->out[OURS].data);

	return !c->rc[OURS] && !c->rc[THEIRS] && size % 16 &&
	       c->out[OURS].size == c->out[THEIRS].size &&
	       !memcmp(c->out[OURS].data, c->out[THEIRS].data, size + 2);
}

static bool pcr_digest_size(const struct command *c)
{
	return c->ent[0] && c->ent[0]->kind == E_SESSION &&
	       get_unaligned_be16(c->params[OURS].buf) != hash_size(c->ent[0]->hash);
}

static bool is_sequence(const struct command *c)
{
	return c->ent[0] && c->ent[0]->kind == E_SEQUENCE;
}

static bool key_too_small(const struct command *c)
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
static bool longer_here(const struct command *c)
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

static bool twin_session(const struct command *c)
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
static bool slot_of_persistent(const struct command *c)
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

static bool orderly(const struct command *c)
{
	return c->t.attrs & TPMA_NV_ORDERLY;
}

/* Bytes that no NV_Write has covered */
static bool never_written(const struct command *c)
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
static bool both_negative(const struct command *c)
{
	const struct cmd *p = &c->params[OURS];
	u16 op = get_unaligned_be16(p->buf + p->len - 2);

	return p->len > 6 && get_unaligned_be16(p->buf) && p->buf[2] & 0x80 &&
	       (op == 2 || op == 4 || op == 6 || op == 8);
}

static bool long_read(const struct command *c)
{
	const struct cmd *p = &c->params[OURS];

	return p->len >= 4 && get_unaligned_be16(p->buf + p->len - 4) > 1024;
}

/* Does an RSA key decrypt something here? */
static bool rsa_decrypts(const struct command *c)
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
static bool area_in_disorder(const struct command *c)
{
	u32 a = c->rc[OURS], b = c->rc[THEIRS];

	return c->n_auths && FMT1(a) && FMT1(b) && a & 0x800 && b & 0x800 &&
	       (a >> 8 & 7) < (b >> 8 & 7) &&
	       (BASE(b) == NUM(TPM_RC_INSUFFICIENT) || BASE(b) == NUM(TPM_RC_SIZE));
}

static bool known_rsa(const struct command *c)
{
	return !c->item && c->t.type == TPM_ALG_RSA;
}

static bool other_exchange(const struct command *c)
{
	const struct cmd *p = &c->params[OURS];
	u16 scheme = p->len >= 4 ? get_unaligned_be16(p->buf + p->len - 4) : 0;

	return scheme == TPM_ALG_SM2 || scheme == TPM_ALG_ECMQV;
}

static bool salt_key_scheme(const struct command *c)
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

static bool sm2_signature(const struct command *c)
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
	if (d == &desc_2b_public || d == &desc_2b_template) {
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
static bool other_cipher(const struct command *c)
{
	struct parms p;

	return BASE(c->rc[OURS]) == NUM(TPM_RC_SYMMETRIC) && read_parms(c, c->rc[OURS], &p) &&
	       (p.sym == 0x0026 || p.sym == 0x0003);
}

/* A list of algorithms with one in it that libtpms alone has */
static bool lists_others(const struct command *c)
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

static bool aes_192(const struct command *c)
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
static bool other_curve(const struct command *c)
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

static bool long_nv_buffer(const struct command *c)
{
	struct tpm2_reader in;
	u16 size;

	return BASE(c->rc[THEIRS]) == NUM(TPM_RC_SIZE) &&
	       bad_param(c, c->rc[THEIRS], &in) == &desc_2b_nv_buffer &&
	       !tpm2_read_u16(&in, &size) && size > 1024;
}

/* libtpms' limit is the size of its structure, which has two bytes more */
static bool longer_name(const struct command *c)
{
	struct tpm2_reader in;
	u16 size;

	return BASE(c->rc[OURS]) == NUM(TPM_RC_SIZE) &&
	       bad_param(c, c->rc[OURS], &in) == &desc_2b_name &&
	       !tpm2_read_u16(&in, &size) && (size == 67 || size == 68);
}

/* A command that ours has and libtpms 0.9 has not */
static bool later_command(const struct command *c)
{
	u32 code = get_unaligned_be32(c->params[OURS].buf);

	return code > TPM_CC_CertifyX509 && tpm2_cmd_find(code);
}

/* Are the digests of ours among those of libtpms? */
static bool fewer_banks(const struct command *c)
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
static bool short_ecdaa(const struct command *c)
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

static bool clock_lost(const struct command *c)
{
	return w.clock_lost;
}

static bool lost_clock_compared(const struct command *c)
{
	return w.clock_lost && c->rc[OURS] + c->rc[THEIRS] == NUM(TPM_RC_POLICY);
}

/* A public area without a name's hash, whose point libtpms does not look at */
static bool nameless_point(const struct command *c)
{
	struct tpm2_reader in = { (u8 *)c->params[OURS].buf, c->params[OURS].len };
	struct tpm2b sensitive, public;

	return !tpm2_read_2b(&in, 0xffff, &sensitive) && !tpm2_read_2b(&in, 0xffff, &public) &&
	       public.size > 4 && get_unaligned_be16(public.data + 2) == TPM_ALG_NULL;
}

static bool a_is_zero(const struct command *c)
{
	return get_unaligned_be16(c->params[OURS].buf) == TPM_ECC_BN_P256 &&
	       strstr(c->why, ": 34, 3");
}

/* Saved sessions: the same ones, but for what kind they are */
static bool saved_policy(const struct command *c)
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

static bool symcipher_property(const struct command *c)
{
	return strstr(c->why, "capability 0x00250000");
}

static bool public_key_authorizes(const struct command *c)
{
	unsigned int i;

	for (i = 0; i < c->row->n_handles; i++)
		if (c->row->roles[i] != ROLE_NONE && c->ent[i] && c->ent[i]->kind == E_OBJECT &&
		    !c->ent[i]->has_private)
			return true;
	return false;
}

/* ---- rows ---- */

#define ROW(cc, o, t, cond, words, says) \
	{ .code = cc, .ours = o, .theirs = t, .when = cond, .what = words, .clause = says }

const struct accepted accepted_rows[] = {
	ROW(0, NUM(TPM_RC_BAD_TAG), ANY_RC, bad_tag,
	    "a tag that is neither of the two; libtpms: mostly TPM_RC_VALUE",
	    "Part 3, 5.2: TPM_RC_BAD_TAG; Part 2, 6.9: TPM_ST_RSP_COMMAND is the response's tag"),
	ROW(0, NUM(TPM_RC_AUTHSIZE), ANY_RC, bad_auth_size,
	    "authorizationSize is missing, less than 9 or past the end",
	    "Part 3, 5.5 (Session Area Validation): TPM_RC_AUTHSIZE"),
	ROW(0, NUM(TPM_RC_AUTH_CONTEXT), ANY_RC, session_not_for_it,
	    "sessions with a command that takes none, and authorizationSize is wrong too",
	    "Part 3, 5.5: TPM_RC_AUTH_CONTEXT, before what is in the area"),
	ROW(0, ANY_RC, ANY_RC, wrong_ticket_tag,
	    "a ticket's tag is no TPM_ST at all; libtpms: TPM_RC_VALUE of TPM_ST",
	    "Part 2, 10.7: #TPM_RC_TAG of TPMT_TK_*"),
	ROW(0, ANY_RC, ANY_RC, audit_attrs_alone,
	    "auditExclusive or auditReset without audit; libtpms ignores them",
	    "Part 2, 8.4: only allowed if audit is SET (TPM_RC_ATTRIBUTES)"),
	ROW(0, ANY_RC, ANY_RC, idle_password,
	    "a session without any purpose, and an earlier one fails too",
	    "Part 3, 5.5: what a session is for is validated before authorizations (5.6)"),
	ROW(0, ANY_RC, NUM(TPM_RC_FAILURE), public_key_authorizes,
	    "a public key authorizes: libtpms goes into failure mode with some sessions",
	    "Part 3, 5.6: both portions have to be there (TPM_RC_AUTH_UNAVAILABLE)"),
	ROW(0, ANY_RC, ANY_RC, longer_here,
	    "a size between libtpms' maximum of the type and ours",
	    "Part 2, 10.4 and 11.2: maxima are the implementation's"),
	ROW(0, ANY_RC, ANY_RC, twin_session,
	    "a session is not loaded, and one of the other type has its number",
	    "Part 3, 5.4: TPM_RC_REFERENCE_H0 + N; 5.5: TPM_RC_REFERENCE_S0 + N"),
	ROW(0, ANY_RC, ANY_RC, slot_of_persistent,
	    "a transient object is not loaded; libtpms has a persistent one in that slot",
	    "Part 3, 5.4: the handle has to reference a loaded object (TPM_RC_REFERENCE_H0 + N)"),
	ROW(0, ANY_RC, ANY_RC, area_in_disorder,
	    "the area ends within a later session, and an earlier one is wrong besides",
	    "Part 3, 5.5: sessions are validated in turn; 5.1: order is not normative"),
	ROW(TPM_CC_NV_DefineSpace, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_NV_SPACE), orderly,
	    "orderly indices: libtpms has 512 bytes for them",
	    "Part 3, 31.3: the limit may be less with TPMA_NV_ORDERLY"),
	ROW(TPM_CC_NV_Read, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), never_written,
	    "bytes of an index that the first write did not cover: 0xff here, 0 there",
	    "Part 3, 31.7: only what data covers is written"),
	ROW(TPM_CC_PolicyNV, ANY_RC, ANY_RC, both_negative,
	    "a signed comparison of two negative numbers, which libtpms turns round",
	    "Part 3, 23.9: signed operations are two's complement"),
	ROW(TPM_CC_PolicyCounterTimer, ANY_RC, ANY_RC, both_negative,
	    "a signed comparison of two negative numbers, which libtpms turns round",
	    "Part 3, 23.10: signed operations are two's complement"),
	ROW(TPM_CC_NV_Read, NUM(TPM_RC_NV_RANGE), PARAM(TPM_RC_VALUE, 1), long_read,
	    "more than libtpms' TPM_PT_NV_BUFFER_MAX of 1024 bytes",
	    "Part 3, 31.13: limits of the implementation"),
	ROW(0, ANY_RC, ANY_RC, long_nv_buffer,
	    "more than libtpms' TPM_PT_NV_BUFFER_MAX of 1024 bytes, and another parameter is wrong",
	    "Part 2, 10.4.9: TPM2B_MAX_NV_BUFFER has the implementation's limit"),
	ROW(TPM_CC_NV_Certify, NUM(TPM_RC_NV_RANGE), ANY_RC, long_read,
	    "more than libtpms' TPM_PT_NV_BUFFER_MAX of 1024 bytes",
	    "Part 3, 31.16: limits of the implementation"),
	ROW(0, ANY_RC, NUM(TPM_RC_FAILURE), rsa_decrypts,
	    "what an RSA key is to decrypt is not in the modulus' range, or has no padding",
	    "Part 3, 14.3, 11.1: TPM_RC_VALUE; 12.5, 13.2 and 13.3 decrypt likewise"),
	ROW(TPM_CC_Import, NUM(TPM_RC_BINDING), NUM(TPM_RC_SUCCESS), known_rsa,
	    "an RSA key's prime does not divide its modulus", "Part 3, 13.3: TPM_RC_BINDING"),
	ROW(TPM_CC_PCR_Reset, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_LOCALITY), debug_pcr_at_4,
	    "PCR 16 to 23 from locality 4",
	    "PC Client Platform TPM Profile, 4.6.1: locality 4 may reset them"),
	ROW(TPM_CC_PCR_Event, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), fewer_banks,
	    "digests of the banks that have the PCR alone; libtpms: of all banks",
	    "Part 3, 22.3: at the option of the TPM"),
	ROW(TPM_CC_EventSequenceComplete, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), fewer_banks,
	    "digests of the banks that have the PCR alone; libtpms: of all banks",
	    "Part 3, 17.6 and 22.3: at the option of the TPM"),
	ROW(TPM_CC_EncryptDecrypt, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), partial_block,
	    "ivOut after a last block that is not whole",
	    "Part 3, 15.1 (Symmetric Chaining Process): a whole block's chaining alone is defined"),
	ROW(TPM_CC_EncryptDecrypt2, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), partial_block,
	    "ivOut after a last block that is not whole",
	    "Part 3, 15.1 (Symmetric Chaining Process): a whole block's chaining alone is defined"),
	ROW(TPM_CC_PolicyPCR, PARAM(TPM_RC_SIZE, 1), ANY_RC, pcr_digest_size,
	    "pcrDigest of a trial session is not of the session hash's size; libtpms takes any",
	    "Part 3, 23.7: pcrDigest is a digest with the session's hash"),
	ROW(TPM_CC_Certify, HANDLE(TPM_RC_TYPE, 1), ANY_RC, is_sequence,
	    "a sequence object is to be certified; libtpms attests an empty name",
	    "Part 3, 18.2: an object that was loaded or created"),
	ROW(TPM_CC_RSA_Encrypt, NUM(TPM_RC_VALUE), NUM(TPM_RC_FAILURE), key_too_small,
	    "OAEP of more than the key has room for: libtpms goes into failure mode",
	    "Part 3, 14.2: TPM_RC_VALUE"),
	ROW(TPM_CC_ZGen_2Phase, PARAM(TPM_RC_SCHEME, 3), ANY_RC, other_exchange,
	    "TPM_ALG_SM2 or TPM_ALG_ECMQV, which libtpms has",
	    "Part 3, 14.7: support of them is optional (TPM_RC_SCHEME)"),
	ROW(0, ANY_RC, ANY_RC, sm2_signature,
	    "an SM2 signature or its scheme, which libtpms has",
	    "algorithms of the implementation"),
	ROW(0, ANY_RC, ANY_RC, other_cipher,
	    "Camellia or triple DES, which libtpms has", "algorithms of the implementation"),
	ROW(TPM_CC_IncrementalSelfTest, PARAM(TPM_RC_VALUE, 1), NUM(TPM_RC_SUCCESS), lists_others,
	    "Camellia, triple DES or an exchange of SM2 or MQV, which libtpms has",
	    "algorithms of the implementation"),
	ROW(0, ANY_RC, ANY_RC, longer_name,
	    "a name of 67 or 68 bytes, which libtpms takes",
	    "Part 2, 10.5.3: a name is as long as a hash's number and its digest"),
	ROW(TPM_CC_PolicyCommandCode, ANY_RC, PARAM(TPM_RC_POLICY_CC, 1), later_command,
	    "commands of later levels, which libtpms has not", "commands of the implementation"),
	ROW(TPM_CC_GetCapability, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), saved_policy,
	    "a saved policy session is listed as one; libtpms: as if it were an HMAC session",
	    "Part 2, 7.2: TPM_HT_POLICY_SESSION is what such a handle begins with"),
	ROW(TPM_CC_GetCapability, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), symcipher_property,
	    "TPM_ALG_SYMCIPHER is symmetric beside being an object type; libtpms: object alone",
	    "TCG Algorithm Registry: type \"O S\""),
	ROW(0, ANY_RC, ANY_RC, other_curve,
	    "P-192, P-224, BN_P638 and SM2 curves, which libtpms has",
	    "algorithms of the implementation"),
	ROW(0, ANY_RC, ANY_RC, aes_192,
	    "AES with 192 bits, which libtpms has not", "algorithms of the implementation"),
	ROW(TPM_CC_StartAuthSession, ANY_RC, PARAM(TPM_RC_VALUE, 2), salt_key_scheme,
	    "tpmKey is an RSA key with OAEP and another hash than nameAlg, which libtpms takes",
	    "Part 3, 11.1: the key's scheme is ignored; Part 1, B.10.2: OAEP with nameAlg"),
	ROW(TPM_CC_PolicyTemplate, NUM(TPM_RC_CPHASH), PARAM(TPM_RC_VALUE, 1), NULL,
	    "a cpHash that equals the template said before, then another template",
	    "Part 3, 23.21: TPM_RC_CPHASH once cpHash is set to anything but a template"),
	ROW(TPM_CC_ClockSet, PARAM(TPM_RC_VALUE, 1), NUM(TPM_RC_SUCCESS), clock_lost,
	    "after lost power: Clock is before newTime on the side that lost more of it",
	    "Part 1, 36.3.2: how often Clock is written is the implementation's"),
	ROW(TPM_CC_PolicyCounterTimer, ANY_RC, ANY_RC, lost_clock_compared,
	    "after lost power: Clock is not the same on the side that lost more of it",
	    "Part 1, 36.3.2: how often Clock is written is the implementation's"),
	ROW(TPM_CC_LoadExternal, PARAM(TPM_RC_ECC_POINT, 2), NUM(TPM_RC_SUCCESS), nameless_point,
	    "a point that is not on the curve, in a public area whose nameAlg is TPM_ALG_NULL",
	    "Part 3, 12.3: TPM_RC_ECC_POINT"),
	ROW(0, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), short_ecdaa,
	    "the number that ECDAA draws begins with a zero byte, which libtpms leaves out",
	    "Part 1, C.8: ECC parameters are padded to the size of the curve's prime"),
	ROW(TPM_CC_ECC_Parameters, NUM(TPM_RC_SUCCESS), NUM(TPM_RC_SUCCESS), a_is_zero,
	    "a of BN_P256, which is 0, in one byte in libtpms",
	    "Part 1, C.8: ECC parameters are padded to the size of the curve's prime"),
	{ 0 },
};

unsigned int accepted_count(void)
{
	return ARRAY_SIZE(accepted_rows) - 1;
}

static void print_rc(const char *name, u32 rc)
{
	if (rc == ANY_RC)
		printf("any %s", name);
	else
		printf("%s 0x%03x", name, rc);
}

void accepted_print(void)
{
	unsigned int i;

	printf(".. %s: GPL-2.0-only\n\n"
	       "========================\nDifferences from libtpms\n========================\n\n"
	       "The differential test (``tests/diff``) sends the same commands to the engine\n"
	       "and to libtpms 0.9. What follows is all that may differ, with what decides it;\n"
	       "the list is printed from the test's own rows (``build/host/diff --rows``).\n"
	       "libtpms answers the first use of something under dictionary-attack protection\n"
	       "with TPM_RC_RETRY (Part 1, 19.8.3); the test sends such a command again. What a\n"
	       "parent that is not fixedTPM imports with an auth value longer than nameAlg's\n"
	       "digest ends libtpms' process; the engine answers TPM_RC_SIZE, and the test does\n"
	       "not send it. After lost power the test sends no Startup(STATE): it is refused, and\n"
	       "libtpms then counts no failed try for what the loss may have hidden (Part 1, 19.8).\n\n",
	       "SPDX-License-Identifier");
	for (i = 0; i < accepted_count(); i++) {
		const struct accepted *a = &accepted_rows[i];
		const struct tpm2_cmd *row = a->code ? tpm2_cmd_find(a->code) : NULL;

		printf("%s\n    %s.\n\n    Ours: ", row ? row->name : "any command", a->what);
		print_rc("response", a->ours);
		printf("; libtpms: ");
		print_rc("response", a->theirs);
		printf(".\n\n    Decided by: %s.\n\n", a->clause);
	}
}

unsigned int accepted_index(const struct accepted *a)
{
	return a - accepted_rows;
}

const struct accepted *accepted_find(const struct command *c)
{
	unsigned int i;

	for (i = 0; i < accepted_count(); i++) {
		const struct accepted *a = &accepted_rows[i];

		if ((!a->code || a->code == c->row->code) &&
		    (a->ours == ANY_RC || a->ours == c->rc[OURS]) &&
		    (a->theirs == ANY_RC || a->theirs == c->rc[THEIRS]) &&
		    (!a->when || a->when(c)))
			return a;
	}
	return NULL;
}
