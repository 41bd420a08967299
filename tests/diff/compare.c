// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two successful responses beside each other: every byte that the command
 * determines has to agree, of the others sizes and structure.
 */
#include <stdarg.h>

#include "diff.h"

struct both {
	struct command *c;
	struct tpm2_reader r[SIDES];
};

static void differs(struct command *c, const char *fmt, ...)
{
	va_list ap;

	if (c->why[0])
		return;
	va_start(ap, fmt);
	vsnprintf(c->why, sizeof(c->why), fmt, ap);
	va_end(ap);
}

/* ---- readers of both ---- */

static bool take(struct both *b, u32 n, const u8 *p[SIDES])
{
	unsigned int s;

	for (s = 0; s < SIDES; s++) {
		if (b->r[s].left < n) {
			differs(b->c, "a response is too short");
			return false;
		}
		p[s] = b->r[s].p;
		b->r[s].p += n;
		b->r[s].left -= n;
	}
	return true;
}

static bool exact(struct both *b, u32 n, const char *what)
{
	const u8 *p[SIDES];

	if (!take(b, n, p))
		return false;
	if (memcmp(p[OURS], p[THEIRS], n))
		differs(b->c, "%s", what);
	return !b->c->why[0];
}

static bool read_2b(struct both *b, struct tpm2b v[SIDES])
{
	unsigned int s;

	for (s = 0; s < SIDES; s++) {
		if (tpm2_read_2b(&b->r[s], 0xffff, &v[s])) {
			differs(b->c, "a response is too short");
			return false;
		}
	}
	return true;
}

static bool sizes_2b(struct both *b, const char *what)
{
	struct tpm2b v[SIDES];

	if (!read_2b(b, v))
		return false;
	if (v[OURS].size != v[THEIRS].size)
		differs(b->c, "size of %s: %u, %u", what, v[OURS].size, v[THEIRS].size);
	return !b->c->why[0];
}

static bool exact_2b(struct both *b, const char *what)
{
	struct tpm2b v[SIDES];

	if (!read_2b(b, v))
		return false;
	if (!same2b(&v[OURS], &v[THEIRS]))
		differs(b->c, "%s (%u, %u bytes)", what, v[OURS].size, v[THEIRS].size);
	return !b->c->why[0];
}

static bool either_2b(struct both *b, bool loose, const char *what)
{
	return loose ? sizes_2b(b, what) : exact_2b(b, what);
}

/* How long a value of the implementation's own is, is its own; whether there is one is not. */
static bool there_2b(struct both *b, const char *what)
{
	struct tpm2b v[SIDES];

	if (!read_2b(b, v))
		return false;
	if (!v[OURS].size != !v[THEIRS].size)
		differs(b->c, "%s: %u, %u bytes", what, v[OURS].size, v[THEIRS].size);
	return !b->c->why[0];
}

/* ---- structures ---- */

static void cmp_ticket(struct both *b)
{
	if (exact(b, 6, "tag or hierarchy of a ticket"))
		there_2b(b, "digest of a ticket");
}

static void cmp_signature(struct both *b, bool loose)
{
	u16 alg = b->r[OURS].left >= 2 ? get_unaligned_be16(b->r[OURS].p) : 0;
	u16 hash;

	if (!exact(b, 2, "signature algorithm") || alg == TPM_ALG_NULL)
		return;
	hash = b->r[OURS].left >= 2 ? get_unaligned_be16(b->r[OURS].p) : 0;
	if (!exact(b, 2, "hash of a signature"))
		return;
	if (alg == TPM_ALG_HMAC) {
		const u8 *p[SIDES];

		if (loose)
			take(b, hash_size(hash), p);
		else
			exact(b, hash_size(hash), "HMAC");
	} else if (alg == TPM_ALG_RSASSA && !loose) {
		exact_2b(b, "RSASSA signature");
	} else {
		sizes_2b(b, "signature");
		if (alg == TPM_ALG_ECDSA || alg == TPM_ALG_ECSCHNORR || alg == TPM_ALG_ECDAA)
			sizes_2b(b, "signature's s");
	}
}

/* TPMS_TIME_INFO */
static bool cmp_time(struct both *b)
{
	const u8 *p[SIDES];

	return (w.rate_changed ? take(b, 8, p) : exact(b, 8, "Time")) &&
	       (w.rate_changed || w.clock_lost ? take(b, 8, p) : exact(b, 8, "Clock")) &&
	       exact(b, 8, "counters of the clock") &&
	       (w.clock_lost ? take(b, 1, p) : exact(b, 1, "safe"));
}

/* TPMS_CLOCK_INFO and firmwareVersion; counters are obfuscated in most hierarchies. */
static bool cmp_clock(struct both *b)
{
	const u8 *p[SIDES];

	if (!(w.rate_changed || w.clock_lost ? take(b, 8, p) : exact(b, 8, "clock")))
		return false;
	return take(b, 8, p) && (w.clock_lost ? take(b, 1, p) : exact(b, 1, "safe")) &&
	       take(b, 8, p);
}

static void cmp_attest(struct both *b)
{
	struct tpm2b v[SIDES];
	struct both in = { .c = b->c };
	bool loose = b->c->inputs_differ;
	u16 tag;

	if (!read_2b(b, v))
		return;
	in.r[OURS] = (struct tpm2_reader){ v[OURS].data, v[OURS].size };
	in.r[THEIRS] = (struct tpm2_reader){ v[THEIRS].data, v[THEIRS].size };
	tag = v[OURS].size > 6 ? get_unaligned_be16(v[OURS].data + 4) : 0;
	if (!exact(&in, 6, "magic or type of an attestation") ||
	    !sizes_2b(&in, "qualifiedSigner") || !exact_2b(&in, "extraData") || !cmp_clock(&in))
		return;
	switch (tag) {
	case TPM_ST_ATTEST_TIME:
		if (cmp_time(&in))
			loose = true;	/* firmwareVersion */
		break;
	case TPM_ST_ATTEST_CERTIFY:
		if (either_2b(&in, loose, "certified name"))
			sizes_2b(&in, "certified qualified name");
		return;
	case TPM_ST_ATTEST_SESSION_AUDIT:
		loose = true;
		if (exact(&in, 1, "exclusiveSession"))
			sizes_2b(&in, "sessionDigest");
		return;
	case TPM_ST_ATTEST_COMMAND_AUDIT:
		if (exact(&in, 10, "auditCounter, digestAlg"))
			sizes_2b(&in, "auditDigest");
		return;
	}
	if (in.r[OURS].left != in.r[THEIRS].left)
		differs(b->c, "size of what is attested: %u, %u", in.r[OURS].left,
			in.r[THEIRS].left);
	else if (!loose && memcmp(in.r[OURS].p, in.r[THEIRS].p, in.r[OURS].left))
		differs(b->c, "what is attested");
}

static void cmp_public(struct both *b, bool fresh)
{
	struct tpm2b v[SIDES];
	struct tpmt_public pub[SIDES] = { 0 };
	unsigned int s;

	if (!read_2b(b, v))
		return;
	if (v[OURS].size != v[THEIRS].size) {
		differs(b->c, "size of the public area: %u, %u", v[OURS].size, v[THEIRS].size);
		return;
	}
	for (s = 0; s < SIDES; s++) {
		struct tpm2_reader in = { v[s].data, v[s].size };

		if (tpm2_read(&in, &desc_public_null, &pub[s]))
			differs(b->c, "public area cannot be read");
	}
	if (!b->c->why[0] && memcmp(v[OURS].data, v[THEIRS].data,
				    fresh ? pub[OURS].unique.x.data - v[OURS].data : v[OURS].size))
		differs(b->c, "public area");
}

static void cmp_creation(struct both *b)
{
	struct tpm2b v[SIDES];
	struct both in = { .c = b->c };
	const struct desc *d = &desc_pcr_selection_list;
	struct tpml_pcr_selection sel;
	struct tpm2_reader copy;
	u32 n;

	if (!read_2b(b, v))
		return;
	in.r[OURS] = (struct tpm2_reader){ v[OURS].data, v[OURS].size };
	in.r[THEIRS] = (struct tpm2_reader){ v[THEIRS].data, v[THEIRS].size };
	copy = in.r[OURS];
	if (tpm2_read(&copy, d, &sel)) {
		differs(b->c, "creationData cannot be read");
		return;
	}
	n = in.r[OURS].left - copy.left;
	if (exact(&in, n, "pcrSelect of creationData") && exact_2b(&in, "pcrDigest") &&
	    exact(&in, 3, "locality, parentNameAlg") && sizes_2b(&in, "parentName") &&
	    sizes_2b(&in, "parentQualifiedName"))
		exact_2b(&in, "outsideInfo");
}

/* ---- GetCapability ---- */

/* Properties (TPM_PT) that say what the implementation is or how much it takes */
static bool own_property(u32 tag)
{
	static const u32 own[] = {
		0x101, 0x102, 0x103, 0x104, 0x105, 0x106, 0x107, 0x108, 0x109, 0x10a, 0x10b, 0x10c,
		0x10d, 0x10e, 0x10f, 0x110, 0x111, 0x114, 0x115, 0x116, 0x117, 0x118, 0x119, 0x11a,
		0x11b, 0x11c, 0x11d, 0x11e, 0x11f, 0x121, 0x122, 0x123, 0x124, 0x125, 0x126, 0x127,
		0x128, 0x129, 0x12a, 0x12b, 0x12c, 0x12d, 0x12e, 0x12f, 0x130, 0x113,
		0x204, 0x206, 0x207, 0x209, 0x20b, 0x20d,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(own); i++)
		if (own[i] == tag)
			return true;
	return false;
}

static void cmp_properties(struct both *b, u32 n[SIDES])
{
	u32 i, j;

	for (i = 0; i < n[OURS]; i++) {
		const u8 *mine = b->r[OURS].p + 8 * i;
		u32 tag = get_unaligned_be32(mine);

		for (j = 0; j < n[THEIRS] && !own_property(tag); j++) {
			const u8 *other = b->r[THEIRS].p + 8 * j;

			if (get_unaligned_be32(other) == tag && memcmp(mine, other, 8))
				differs(b->c, "property 0x%x: 0x%x, 0x%x", tag,
					get_unaligned_be32(mine + 4),
					get_unaligned_be32(other + 4));
		}
	}
}

/* Of lists that say what there is, entries with the same number have to say the same. */
static void cmp_list(struct both *b, u32 n[SIDES], u32 key, u32 size)
{
	u32 i, j;

	for (i = 0; i < n[OURS]; i++)
		for (j = 0; j < n[THEIRS]; j++) {
			const u8 *mine = b->r[OURS].p + size * i;
			const u8 *other = b->r[THEIRS].p + size * j;
			bool same_key = key == 2 ?
				get_unaligned_be16(mine) == get_unaligned_be16(other) :
				!((get_unaligned_be32(mine) ^ get_unaligned_be32(other)) & 0xffff);

			if (same_key && memcmp(mine, other, size))
				differs(b->c, "capability 0x%08x, 0x%08x",
					get_unaligned_be32(mine), get_unaligned_be32(other));
		}
}

/* The same but for transient objects: libtpms needs a slot for a persistent one while it is used */
static bool same_handles(const struct both *b)
{
	u32 i;

	for (i = 4; i + 4 <= b->r[OURS].left; i += 4) {
		u32 mine = get_unaligned_be32(b->r[OURS].p + i);
		u32 other = get_unaligned_be32(b->r[THEIRS].p + i);

		if (mine != other && (HR_TYPE(mine) != TPM_HT_TRANSIENT ||
				      HR_TYPE(other) != TPM_HT_TRANSIENT))
			return false;
	}
	return true;
}

/* libtpms has no countdown timer. Ours is the last permanent handle. */
static void drop_timer(struct tpm2_reader *r)
{
	if (r->left > 4 && get_unaligned_be32(r->p + r->left - 4) == TPM_RH_ACT_0)
		r->left -= 4;
}

/* So ours may have more to say where libtpms has said all. */
static bool more_is_timer(const struct both *b)
{
	const u8 *p = b->c->params[OURS].buf;

	return get_unaligned_be32(p) == 1 && b->c->out[OURS].data[0] &&
	       HR_TYPE(get_unaligned_be32(p + 4)) == TPM_HT_PERMANENT;
}

static void cmp_capability(struct both *b)
{
	const u8 *p[SIDES];
	u32 n[SIDES], cap = get_unaligned_be32(b->c->params[OURS].buf), s;

	if (!take(b, 1, p) || !exact(b, 4, "capability"))
		return;
	if (cap == 1)
		drop_timer(&b->r[OURS]);
	if (cap == 1 || cap == 3 || cap == 4) {	/* HANDLES, PP_COMMANDS, AUDIT_COMMANDS */
		if (*p[OURS] != (*p[THEIRS] | more_is_timer(b)) ||
		    b->r[OURS].left != b->r[THEIRS].left ||
		    (cap == 1 ? !same_handles(b) :
		     memcmp(b->r[OURS].p, b->r[THEIRS].p, b->r[OURS].left) != 0))
			differs(b->c, "list of capability %u", cap);
		return;
	}
	for (s = 0; s < SIDES; s++)
		if (tpm2_read_u32(&b->r[s], &n[s]))
			return;
	if (cap == 0)
		cmp_list(b, n, 2, 6);
	else if (cap == 2)
		cmp_list(b, n, 4, 4);
	else if (cap == 6)
		cmp_properties(b, n);
}

/* ---- by command ---- */

static bool random_output(const struct command *c)
{
	switch (c->row->code) {
	case TPM_CC_GetRandom:
	case TPM_CC_StartAuthSession:
	case TPM_CC_EC_Ephemeral:
	case TPM_CC_ECDH_KeyGen:
	case TPM_CC_ECC_Encrypt:
	case TPM_CC_MakeCredential:
	case TPM_CC_Duplicate:
		return true;
	case TPM_CC_RSA_Encrypt:
		return c->n[0] != TPM_ALG_NULL ||
		       c->ent[0]->pub.parms.scheme.scheme != TPM_ALG_NULL;
	default:
		return false;
	}
}

/* Results that depend on a key or a name, which may be another on each side */
static bool follows_inputs(const struct command *c)
{
	switch (c->row->code) {
	case TPM_CC_HMAC:
	case TPM_CC_EncryptDecrypt:
	case TPM_CC_EncryptDecrypt2:
	case TPM_CC_ECDH_ZGen:
	case TPM_CC_ZGen_2Phase:
	case TPM_CC_RSA_Encrypt:
	case TPM_CC_ReadPublic:
	case TPM_CC_Load:
	case TPM_CC_LoadExternal:
		return c->inputs_differ;
	case TPM_CC_SequenceComplete:
		return !c->before[0].seq_same;
	case TPM_CC_PolicyGetDigest:
		return !c->ent[0]->same;
	case TPM_CC_RSA_Decrypt:
		return !c->item || c->inputs_differ;
	default:
		return false;
	}
}

static bool makes_object(u32 code)
{
	return code == TPM_CC_Create || code == TPM_CC_CreatePrimary || code == TPM_CC_CreateLoaded;
}

static void cmp_desc(struct both *b, const struct desc *d, bool loose);

/* Bytes by the descriptor: what is in them is compared when not @loose. */
static void cmp_plain(struct both *b, const struct desc *d, bool loose)
{
	struct tpm2_reader copy[SIDES] = { b->r[OURS], b->r[THEIRS] };
	static u64 obj[SIDES][TPM2_CALL_IN / 8];
	unsigned int s;
	u32 n;

	for (s = 0; s < SIDES; s++) {
		if (tpm2_read(&copy[s], d, obj[s])) {
			differs(b->c, "%s response does not have the form of its descriptor",
				s == OURS ? "our" : "libtpms'");
			return;
		}
	}
	n = b->r[OURS].left - copy[OURS].left;
	if (n != b->r[THEIRS].left - copy[THEIRS].left) {
		differs(b->c, "size of a parameter: %u, %u", n,
			b->r[THEIRS].left - copy[THEIRS].left);
		return;
	}
	if (!loose) {
		exact(b, n, "a parameter");
		return;
	}
	b->r[OURS] = copy[OURS];
	b->r[THEIRS] = copy[THEIRS];
}

static void cmp_desc(struct both *b, const struct desc *d, bool loose)
{
	u32 code = b->c->row->code;
	const u8 *p[SIDES];

	if (d == &desc_2b_private || d == &desc_2b_secret || d == &desc_2b_id_object)
		sizes_2b(b, "a protected value");
	else if (d == &desc_tk_creation || d == &desc_tk_verified || d == &desc_tk_auth ||
		 d == &desc_tk_hashcheck)
		cmp_ticket(b);
	else if (d == &desc_signature_null)
		cmp_signature(b, code != TPM_CC_Sign || b->c->inputs_differ);
	else if (d == &desc_2b_attest)
		cmp_attest(b);
	else if (d == &desc_2b_public)
		cmp_public(b, makes_object(code) || loose);
	else if (d == &desc_2b_any)
		cmp_creation(b);
	else if (d == &desc_context)
		take(b, 8, p), exact(b, 8, "saved handle or hierarchy"), there_2b(b, "context");
	else if (makes_object(code))
		sizes_2b(b, "hash or name of the new object");
	else
		cmp_plain(b, d, loose);
}

static void cmp_params(struct command *c)
{
	const struct desc *out = c->row->out;
	struct both b = { .c = c };
	bool loose = random_output(c) || follows_inputs(c);
	unsigned int i;

	b.r[OURS] = (struct tpm2_reader){ c->out[OURS].data, c->out[OURS].size };
	b.r[THEIRS] = (struct tpm2_reader){ c->out[THEIRS].data, c->out[THEIRS].size };
	if (c->row->code == TPM_CC_GetCapability) {
		cmp_capability(&b);
		return;
	}
	for (i = 0; out && i < out->nfields && !c->why[0]; i++) {
		if (c->row->code == TPM_CC_ReadClock)
			cmp_time(&b);
		else if (c->row->code == TPM_CC_ReadPublic && i == 2)
			sizes_2b(&b, "qualified name");
		else if ((c->row->code == TPM_CC_PolicySecret ||
			  c->row->code == TPM_CC_PolicySigned) && i == 0)
			there_2b(&b, "timeout");
		else if (c->row->code == TPM_CC_ZGen_2Phase && i == 1)
			sizes_2b(&b, "outZ2");	/* of an ephemeral key */
		else if (c->row->code == TPM_CC_Commit)	/* of K, L, E the key determines K */
			cmp_plain(&b, out->fields[i].d, i || c->inputs_differ);
		else
			cmp_desc(&b, out->fields[i].d, loose);
	}
	if (!c->why[0] && (b.r[OURS].left || b.r[THEIRS].left))
		differs(c, "%u, %u bytes after the last parameter", b.r[OURS].left,
			b.r[THEIRS].left);
}

static void inputs(struct command *c)
{
	unsigned int i;

	c->inputs_differ = c->params[OURS].len != c->params[THEIRS].len ||
			   memcmp(c->params[OURS].buf, c->params[THEIRS].buf, c->params[OURS].len);
	for (i = 0; i < c->row->n_handles; i++)
		if (c->ent[i] && (!c->ent[i]->same ||
				  !same2b(&c->ent[i]->name.b[OURS], &c->ent[i]->name.b[THEIRS])))
			c->inputs_differ = true;
}

void compare(struct command *c)
{
	inputs(c);
	if (c->rc[OURS] != c->rc[THEIRS]) {
		differs(c, "response code 0x%03x, 0x%03x", c->rc[OURS], c->rc[THEIRS]);
		return;
	}
	if (c->rc[OURS]) {
		if (c->rsp_len[OURS] != c->rsp_len[THEIRS] ||
		    memcmp(c->rsp[OURS], c->rsp[THEIRS], c->rsp_len[OURS]))
			differs(c, "response to an error");
		return;
	}
	finish_auths(c);
	if (!c->why[0])
		cmp_params(c);
}
