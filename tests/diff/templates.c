// SPDX-License-Identifier: GPL-2.0-only
/* Public areas: templates of every type, and keys that both sides load with the same secret. */
#include "diff.h"
#include "keys_rsa.h"

#define SIGN		TPMA_OBJECT_SIGN
#define DECRYPT		TPMA_OBJECT_DECRYPT
#define RESTRICTED	TPMA_OBJECT_RESTRICTED

/* A kind of object; hash 0: any that the generator likes */
struct kind {
	u16 type;
	u32 attrs;
	u16 scheme, hash;
	u16 size;		/* curve, bits of an RSA or AES key */
	u16 mode;
	u32 good_for;		/* bits of enum need */
};

#define FOR(x) BIT(N_##x)

static const struct kind known[] = {
	{ TPM_ALG_RSA, SIGN | DECRYPT, TPM_ALG_NULL, 0, 1024, 0,
	  FOR(SIGN) | FOR(VERIFY) | FOR(RSA) | FOR(RSA_DECRYPT) },
	{ TPM_ALG_RSA, SIGN | DECRYPT, TPM_ALG_NULL, 0, 2048, 0,
	  FOR(SIGN) | FOR(VERIFY) | FOR(RSA) | FOR(RSA_DECRYPT) },
	{ TPM_ALG_RSA, SIGN, TPM_ALG_RSASSA, TPM_ALG_SHA256, 2048, 0, FOR(SIGN) | FOR(VERIFY) },
	{ TPM_ALG_RSA, DECRYPT, TPM_ALG_OAEP, TPM_ALG_SHA1, 1024, 0, FOR(RSA) | FOR(RSA_DECRYPT) },
	{ TPM_ALG_RSA, DECRYPT, TPM_ALG_RSAES, 0, 2048, 0, FOR(RSA) | FOR(RSA_DECRYPT) },
	{ TPM_ALG_RSA, SIGN, TPM_ALG_RSAPSS, TPM_ALG_SHA1, 1024, 0, FOR(SIGN) | FOR(VERIFY) },
	{ TPM_ALG_ECC, SIGN | DECRYPT, TPM_ALG_NULL, 0, TPM_ECC_NIST_P256, 0,
	  FOR(SIGN) | FOR(VERIFY) | FOR(ECC) | FOR(ECDH) },
	{ TPM_ALG_ECC, SIGN, TPM_ALG_NULL, 0, TPM_ECC_NIST_P384, 0, FOR(SIGN) | FOR(VERIFY) },
	{ TPM_ALG_ECC, SIGN, TPM_ALG_ECDSA, TPM_ALG_SHA512, TPM_ECC_NIST_P521, 0,
	  FOR(SIGN) | FOR(VERIFY) },
	{ TPM_ALG_ECC, DECRYPT, TPM_ALG_ECDH, TPM_ALG_SHA256, TPM_ECC_NIST_P256, 0,
	  FOR(ECC) | FOR(ECDH) },
	{ TPM_ALG_ECC, DECRYPT, TPM_ALG_NULL, 0, TPM_ECC_NIST_P384, 0, FOR(ECC) | FOR(ECDH) },
	{ TPM_ALG_ECC, SIGN, TPM_ALG_ECSCHNORR, TPM_ALG_SHA256, TPM_ECC_NIST_P256, 0,
	  FOR(SIGN) | FOR(VERIFY) },
	{ TPM_ALG_KEYEDHASH, SIGN, TPM_ALG_NULL, 0, 0, 0, FOR(MAC) },
	{ TPM_ALG_KEYEDHASH, SIGN, TPM_ALG_HMAC, TPM_ALG_SHA256, 0, 0,
	  FOR(MAC) | FOR(SIGN) | FOR(VERIFY) },
	{ TPM_ALG_KEYEDHASH, SIGN, TPM_ALG_HMAC, TPM_ALG_SHA384, 0, 0, FOR(MAC) | FOR(SIGN) },
	{ TPM_ALG_KEYEDHASH, 0, TPM_ALG_NULL, 0, 0, 0, FOR(SEALED) },
	{ TPM_ALG_KEYEDHASH, DECRYPT, TPM_ALG_XOR, TPM_ALG_SHA256, 0, 0, 0 },
	{ TPM_ALG_SYMCIPHER, SIGN | DECRYPT, 0, 0, 128, TPM_ALG_NULL, FOR(SYM) },
	{ TPM_ALG_SYMCIPHER, SIGN | DECRYPT, 0, 0, 256, TPM_ALG_CFB, FOR(SYM) },
	{ TPM_ALG_SYMCIPHER, SIGN | DECRYPT, 0, 0, 128, TPM_ALG_CBC, FOR(SYM) },
	{ TPM_ALG_SYMCIPHER, SIGN | DECRYPT, 0, 0, 128, TPM_ALG_CTR, FOR(SYM) },
	{ TPM_ALG_SYMCIPHER, SIGN, 0, 0, 128, TPM_ALG_CMAC, FOR(MAC) },
	{ TPM_ALG_ECC, SIGN, TPM_ALG_ECDAA, TPM_ALG_SHA256, TPM_ECC_NIST_P256, 0,
	  FOR(SIGN) | FOR(VERIFY) | FOR(COMMIT) },
	{ TPM_ALG_ECC, SIGN, TPM_ALG_ECDAA, TPM_ALG_SHA384, TPM_ECC_NIST_P384, 0, FOR(COMMIT) },
	{ TPM_ALG_ECC, SIGN, TPM_ALG_ECDAA, TPM_ALG_SHA256, TPM_ECC_BN_P256, 0, FOR(COMMIT) },
	{ TPM_ALG_ECC, SIGN | DECRYPT, TPM_ALG_NULL, 0, TPM_ECC_BN_P256, 0,
	  FOR(SIGN) | FOR(VERIFY) | FOR(ECC) | FOR(ECDH) },
	/* only below a parent */
	{ TPM_ALG_ECC, DECRYPT | RESTRICTED, TPM_ALG_NULL, 0, TPM_ECC_NIST_P256, TPM_ALG_CFB,
	  FOR(PARENT) | FOR(CREDENTIAL) },
	{ TPM_ALG_RSA, DECRYPT | RESTRICTED, TPM_ALG_NULL, 0, 2048, TPM_ALG_CFB,
	  FOR(PARENT) | FOR(CREDENTIAL) },
	{ TPM_ALG_SYMCIPHER, DECRYPT | RESTRICTED, 0, 0, 128, TPM_ALG_CFB, FOR(PARENT) },
	{ TPM_ALG_ECC, SIGN | RESTRICTED, TPM_ALG_ECDSA, TPM_ALG_SHA256, TPM_ECC_NIST_P256, 0,
	  FOR(SIGN) | FOR(VERIFY) },
	{ TPM_ALG_RSA, SIGN | RESTRICTED, TPM_ALG_RSASSA, TPM_ALG_SHA256, 2048, 0,
	  FOR(SIGN) | FOR(VERIFY) },
	{ TPM_ALG_KEYEDHASH, SIGN | RESTRICTED, TPM_ALG_HMAC, TPM_ALG_SHA256, 0, 0,
	  FOR(MAC) | FOR(SIGN) | FOR(VERIFY) },
	{ TPM_ALG_KEYEDHASH, DECRYPT | RESTRICTED, TPM_ALG_XOR, TPM_ALG_SHA256, 0, 0, 0 },
};

/* What CreatePrimary, Create and CreateLoaded are asked for beside these. */
static const struct kind fresh[] = {
	{ TPM_ALG_ECC, DECRYPT | RESTRICTED, TPM_ALG_NULL, 0, TPM_ECC_NIST_P256, TPM_ALG_CFB,
	  FOR(PARENT) | FOR(CREDENTIAL) },
	{ TPM_ALG_ECC, DECRYPT | RESTRICTED, TPM_ALG_NULL, 0, TPM_ECC_NIST_P384, TPM_ALG_CFB,
	  FOR(PARENT) | FOR(CREDENTIAL) },
	{ TPM_ALG_SYMCIPHER, DECRYPT | RESTRICTED, 0, 0, 128, TPM_ALG_CFB, FOR(PARENT) },
	{ TPM_ALG_SYMCIPHER, DECRYPT | RESTRICTED, 0, 0, 256, TPM_ALG_CFB, FOR(PARENT) },
	{ TPM_ALG_ECC, SIGN, TPM_ALG_NULL, 0, TPM_ECC_NIST_P256, 0, FOR(SIGN) | FOR(VERIFY) },
	{ TPM_ALG_ECC, SIGN, TPM_ALG_ECDSA, TPM_ALG_SHA256, TPM_ECC_NIST_P256, 0,
	  FOR(SIGN) | FOR(VERIFY) },
	{ TPM_ALG_ECC, SIGN | RESTRICTED, TPM_ALG_ECDSA, TPM_ALG_SHA256, TPM_ECC_NIST_P256, 0,
	  FOR(SIGN) | FOR(VERIFY) },
	{ TPM_ALG_ECC, SIGN | RESTRICTED, TPM_ALG_ECSCHNORR, TPM_ALG_SHA1, TPM_ECC_NIST_P256, 0,
	  FOR(SIGN) | FOR(VERIFY) },
	{ TPM_ALG_ECC, SIGN | RESTRICTED, TPM_ALG_ECDAA, TPM_ALG_SHA256, TPM_ECC_NIST_P256, 0,
	  FOR(SIGN) | FOR(COMMIT) },
	{ TPM_ALG_ECC, DECRYPT, TPM_ALG_ECDH, TPM_ALG_SHA256, TPM_ECC_NIST_P256, 0,
	  FOR(ECC) | FOR(ECDH) },
	{ TPM_ALG_ECC, DECRYPT | SIGN, TPM_ALG_NULL, 0, TPM_ECC_NIST_P256, 0,
	  FOR(ECC) | FOR(ECDH) | FOR(SIGN) | FOR(VERIFY) },
	{ TPM_ALG_KEYEDHASH, SIGN, TPM_ALG_HMAC, TPM_ALG_SHA256, 0, 0,
	  FOR(MAC) | FOR(SIGN) | FOR(VERIFY) },
	{ TPM_ALG_KEYEDHASH, SIGN, TPM_ALG_NULL, 0, 0, 0, FOR(MAC) },
	{ TPM_ALG_KEYEDHASH, SIGN | RESTRICTED, TPM_ALG_HMAC, TPM_ALG_SHA512, 0, 0,
	  FOR(MAC) | FOR(SIGN) },
	{ TPM_ALG_KEYEDHASH, 0, TPM_ALG_NULL, 0, 0, 0, FOR(SEALED) },
	{ TPM_ALG_KEYEDHASH, 0, TPM_ALG_NULL, 0, 0, 0, FOR(SEALED) },
	{ TPM_ALG_KEYEDHASH, DECRYPT, TPM_ALG_XOR, TPM_ALG_SHA256, 0, 0, 0 },
	{ TPM_ALG_KEYEDHASH, DECRYPT | RESTRICTED, TPM_ALG_XOR, TPM_ALG_SHA256, 0, 0, 0 },
	{ TPM_ALG_SYMCIPHER, SIGN | DECRYPT, 0, 0, 128, TPM_ALG_NULL, FOR(SYM) },
	{ TPM_ALG_SYMCIPHER, SIGN | DECRYPT, 0, 0, 256, TPM_ALG_CTR, FOR(SYM) },
	{ TPM_ALG_SYMCIPHER, DECRYPT, 0, 0, 128, TPM_ALG_ECB, 0 },
	{ TPM_ALG_SYMCIPHER, SIGN, 0, 0, 256, TPM_ALG_CMAC, FOR(MAC) },
	/* the last is made once, before all sequences: libtpms takes long for it */
	{ TPM_ALG_RSA, DECRYPT | RESTRICTED, TPM_ALG_NULL, 0, 2048, TPM_ALG_CFB, FOR(RSA) },
};

#define KNOWN_EXTERNAL	24	/* of known[]: those that LoadExternal takes with their secret */

static struct tpm2b known_x[ARRAY_SIZE(known)], known_y[ARRAY_SIZE(known)];
static struct tpm2b known_secret[ARRAY_SIZE(known)];
struct tpm2b recipe_digests[R_COUNT][4];

int hash_index(u16 alg)
{
	switch (alg) {
	case TPM_ALG_SHA1:
		return 0;
	case TPM_ALG_SHA256:
		return 1;
	case TPM_ALG_SHA384:
		return 2;
	case TPM_ALG_SHA512:
		return 3;
	default:
		return -1;
	}
}

struct tpm2b recipe_digest(s16 recipe, u16 alg)
{
	if (recipe < 0 || hash_index(alg) < 0)
		return tpm2b(NULL, 0);
	return recipe_digests[recipe][hash_index(alg)];
}

static struct tpm2b unhex(const char *s)
{
	u8 buf[512];
	u32 n;

	for (n = 0; s[2 * n]; n++) {
		char digits[3] = { s[2 * n], s[2 * n + 1], '\0' };

		buf[n] = strtoul(digits, NULL, 16);
	}
	return keep(buf, n);
}

static void known_one(unsigned int i)
{
	const struct kind *k = &known[i];
	struct rnd r = { .s = i * 77 + 5 };
	u8 secret[64];

	rnd_bytes(&r, secret, sizeof(secret));
	if (k->type == TPM_ALG_RSA) {
		known_x[i] = unhex(k->size == 1024 ? rsa1024_n : rsa2048_n);
		known_secret[i] = unhex(k->size == 1024 ? rsa1024_p : rsa2048_p);
	} else if (k->type == TPM_ALG_ECC) {
		u16 size = k->size == TPM_ECC_NIST_P256 ? 32 :
			   k->size == TPM_ECC_NIST_P384 ? 48 : 66;
		u8 d[66] = { 0 };

		memcpy(d + size - 30, secret, 30);
		known_secret[i] = keep(d, size);
		c_ecc_public(k->size, &known_secret[i], &known_x[i], &known_y[i]);
	} else {
		known_secret[i] = keep(secret, k->type == TPM_ALG_SYMCIPHER ? k->size / 8 : 24);
	}
}

void known_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		known_one(i);
}

/* seedValue of a known object: as long as its nameAlg's digest where there has to be one. */
static struct tpm2b known_seed(const struct template *t)
{
	static const u8 seed[64] = "the seed of a known object, of any size that is asked for here";
	bool asymmetric = t->type == TPM_ALG_RSA || t->type == TPM_ALG_ECC;

	if (asymmetric && (t->attrs & (RESTRICTED | DECRYPT)) != (RESTRICTED | DECRYPT))
		return tpm2b(NULL, 0);
	return tpm2b(seed, hash_size(t->name_alg));
}

static void put_unique(struct cmd *out, const struct template *t)
{
	struct tpm2b parts[2];
	u8 digest[64];

	if (t->type == TPM_ALG_RSA || t->type == TPM_ALG_ECC) {
		cmd_2b(out, known_x[t->known].data, known_x[t->known].size);
		if (t->type == TPM_ALG_ECC)
			cmd_2b(out, known_y[t->known].data, known_y[t->known].size);
		return;
	}
	if (!hash_size(t->name_alg)) {
		cmd_u16(out, 0);
		return;
	}
	parts[0] = known_seed(t);
	parts[1] = known_secret[t->known];
	c_hash(t->name_alg, parts, 2, digest);
	cmd_2b(out, digest, hash_size(t->name_alg));
}

static void put_scheme(struct cmd *out, const struct tpmt_scheme *s)
{
	cmd_u16(out, s->scheme);
	if (s->scheme != TPM_ALG_NULL && s->scheme != TPM_ALG_RSAES)
		cmd_u16(out, s->hash);
	if (s->scheme == TPM_ALG_XOR || s->scheme == TPM_ALG_ECDAA)
		cmd_u16(out, s->extra);
}

static void put_sym(struct cmd *out, const struct tpmt_sym_def *s)
{
	cmd_u16(out, s->alg);
	if (s->alg == TPM_ALG_NULL)
		return;
	cmd_u16(out, s->bits);
	cmd_u16(out, s->mode);
}

static void put_parms(struct cmd *out, const struct template *t)
{
	switch (t->type) {
	case TPM_ALG_RSA:
		put_sym(out, &t->sym);
		put_scheme(out, &t->scheme);
		cmd_u16(out, t->bits);
		cmd_u32(out, 0);
		break;
	case TPM_ALG_ECC:
		put_sym(out, &t->sym);
		put_scheme(out, &t->scheme);
		cmd_u16(out, t->curve);
		put_scheme(out, &t->kdf);
		break;
	case TPM_ALG_KEYEDHASH:
		put_scheme(out, &t->scheme);
		break;
	default:
		put_sym(out, &t->sym);
		break;
	}
}

/* TPM2B_PUBLIC, or TPM2B_TEMPLATE, which looks the same from outside */
void put_public(struct gen *g, struct cmd *out, const struct template *t, bool with_unique)
{
	u32 at = out->len;

	cmd_u16(out, 0);
	cmd_u16(out, t->type);
	cmd_u16(out, t->name_alg);
	cmd_u32(out, t->attrs);
	cmd_2b(out, t->policy.data, t->policy.size);
	put_parms(out, t);
	if (with_unique) {
		put_unique(out, t);
	} else if (t->derive) {
		cmd_2b(out, "label", 5);
		cmd_2b(out, "context", 7);
	} else {
		u32 n = chance(&g->r, 70) ? 0 : rnd(&g->r, 20);

		cmd_2b(out, "unique, as the caller likes", n);
		if (t->type == TPM_ALG_ECC)
			cmd_2b(out, "y", n & 1);
	}
	end_2b(out, at);
}

static void use_kind(struct gen *g, const struct kind *k)
{
	static const u16 names[] = { TPM_ALG_SHA256, TPM_ALG_SHA1, TPM_ALG_SHA384, TPM_ALG_SHA512 };
	struct template *t = &g->c->t;

	memset(t, 0, sizeof(*t));
	t->type = k->type;
	t->name_alg = chance(&g->r, 70) ? TPM_ALG_SHA256 : names[rnd(&g->r, 4)];
	t->attrs = k->attrs;
	t->recipe = -1;
	t->known = -1;
	t->scheme = (struct tpmt_scheme){ k->scheme, k->hash, TPM_ALG_KDF1_SP800_108 };
	if (k->scheme == TPM_ALG_ECDAA)
		t->scheme.extra = 0;
	t->kdf.scheme = TPM_ALG_NULL;
	t->sym.alg = TPM_ALG_NULL;
	if (k->type == TPM_ALG_SYMCIPHER || k->mode) {
		t->sym.alg = TPM_ALG_AES;
		t->sym.bits = k->type == TPM_ALG_SYMCIPHER ? k->size : 128;
		t->sym.mode = k->mode;
	}
	t->curve = k->size;
	t->bits = k->size;
}

static const struct kind *pick_kind(struct gen *g, const struct kind *from, unsigned int n,
				    enum need want)
{
	unsigned int start = rnd(&g->r, n), i;

	for (i = 0; i < n; i++) {
		const struct kind *k = &from[(start + i) % n];

		if (want == N_ANY || k->good_for & BIT(want))
			return k;
	}
	return &from[start];
}

/* Who may use it, and how. */
static void choose_auth_attrs(struct gen *g, enum need want)
{
	struct template *t = &g->c->t;

	if (chance(&g->r, 85))
		t->attrs |= TPMA_OBJECT_USERWITHAUTH;
	if (chance(&g->r, 12))
		t->attrs |= TPMA_OBJECT_ADMINWITHPOLICY;
	if (chance(&g->r, 60))
		t->attrs |= TPMA_OBJECT_NODA;
	if (chance(&g->r, 4))
		t->attrs |= TPMA_OBJECT_STCLEAR;
	if (want == N_MOVABLE)
		t->recipe = chance(&g->r, 70) ? R_DUPLICATE : R_SELECT;
	else if (chance(&g->r, 40))
		t->recipe = rnd(&g->r, R_COUNT);
	if (t->recipe >= 0)
		t->policy = recipe_digest(t->recipe, t->name_alg);
	else if (chance(&g->r, 5))
		t->policy = tpm2b(known_secret[0].data, hash_size(t->name_alg));
}

/* Now and then attributes that contradict each other. */
static void spoil_attrs(struct gen *g)
{
	struct template *t = &g->c->t;

	if (g->p->sound || !chance(&g->r, 10))
		return;
	t->attrs ^= BIT(rnd(&g->r, 20));
	if (chance(&g->r, 10))
		t->scheme.hash = TPM_ALG_SHA384;
	if (chance(&g->r, 10))
		t->sym.mode = TPM_ALG_CTR;
	if (chance(&g->r, 10))
		t->kdf = (struct tpmt_scheme){ TPM_ALG_KDF1_SP800_108, TPM_ALG_SHA256, 0 };
}

static bool is_derivation_parent(const struct ent *e)
{
	return e && e->kind == E_OBJECT && e->pub.type == TPM_ALG_KEYEDHASH &&
	       (e->pub.attrs & (RESTRICTED | DECRYPT)) == (RESTRICTED | DECRYPT);
}

/* Something that @parent, an object or a hierarchy, may make */
void choose_template(struct gen *g, enum need want, const struct ent *parent)
{
	const struct kind *k = pick_kind(g, fresh, ARRAY_SIZE(fresh) - 1, want);
	struct template *t = &g->c->t;
	bool fixed_parent = !parent || parent->kind != E_OBJECT ||
			    parent->pub.attrs & TPMA_OBJECT_FIXEDTPM;
	bool bring = false;

	if (g->p->simple) {
		use_kind(g, want == N_RSA ? &fresh[ARRAY_SIZE(fresh) - 1] : &fresh[0]);
		t->name_alg = TPM_ALG_SHA256;
		t->attrs |= TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_NODA |
			    TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_USERWITHAUTH;
		return;
	}
	use_kind(g, k);
	t->derive = is_derivation_parent(parent);
	choose_auth_attrs(g, want);
	if (want != N_MOVABLE && chance(&g->r, 65))
		t->attrs |= TPMA_OBJECT_FIXEDPARENT | (fixed_parent ? TPMA_OBJECT_FIXEDTPM : 0);
	else if (chance(&g->r, 20))
		t->attrs |= TPMA_OBJECT_ENCRYPTEDDUPLICATION;
	if (parent && parent->kind == E_OBJECT && t->attrs & TPMA_OBJECT_FIXEDPARENT)
		t->attrs |= parent->pub.attrs & TPMA_OBJECT_ENCRYPTEDDUPLICATION;
	if (t->type == TPM_ALG_KEYEDHASH && !(t->attrs & (SIGN | DECRYPT)))
		bring = true;
	else if (t->type != TPM_ALG_ECC && !(t->attrs & RESTRICTED) && chance(&g->r, 30))
		bring = true;
	if (bring) {
		u32 n = t->type == TPM_ALG_SYMCIPHER ? t->sym.bits / 8 :
			chance(&g->r, 90) ? 1 + rnd(&g->r, 60) : rnd(&g->r, 140);
		u8 data[140];

		rnd_bytes(&g->r, data, sizeof(data));
		t->data = keep(data, n);
	} else if (!t->derive || chance(&g->r, 5)) {
		t->attrs |= TPMA_OBJECT_SENSITIVEDATAORIGIN;
	}
	spoil_attrs(g);
}

/* A key whose secret both sides are given: for LoadExternal, or for Import (@storage). */
void choose_known(struct gen *g, enum need want, bool storage)
{
	unsigned int n = storage ? ARRAY_SIZE(known) : KNOWN_EXTERNAL;
	const struct kind *k = pick_kind(g, known, n, want);
	struct template *t = &g->c->t;

	use_kind(g, k);
	t->known = k - known;
	if (!storage && chance(&g->r, 4))
		t->name_alg = TPM_ALG_NULL;
	choose_auth_attrs(g, want);
	if (t->name_alg == TPM_ALG_NULL)
		t->policy = tpm2b(NULL, 0);
	if (storage && chance(&g->r, 15))
		t->attrs |= TPMA_OBJECT_ENCRYPTEDDUPLICATION;
	spoil_attrs(g);
}

/* TPM2B_SENSITIVE */
void put_known_sensitive(struct cmd *out, const struct template *t, const struct tpm2b *auth)
{
	struct tpm2b seed = known_seed(t);
	u32 at = out->len;

	cmd_u16(out, 0);
	cmd_u16(out, t->type);
	cmd_2b(out, auth->data, auth->size);
	cmd_2b(out, seed.data, seed.size);
	cmd_2b(out, known_secret[t->known].data, known_secret[t->known].size);
	end_2b(out, at);
}

/* An auth value of at most @max bytes, mostly. */
struct tpm2b pick_auth(struct gen *g, u16 max)
{
	static const u8 text[64] = "auth values of this test, of all lengths that there may be, 64";
	static const u8 zeros[20] = "ends in zeros";
	u32 choice = rnd(&g->r, 100);

	if (choice < 45)
		return tpm2b(text, 0);
	if (choice < 75)
		return tpm2b(text, 1 + rnd(&g->r, 16));
	if (choice < 85)
		return tpm2b(text, min_t(u16, max, 20));
	if (choice < 92)
		return tpm2b(zeros, min_t(u16, max, sizeof(zeros)));
	if (choice < 98 || g->p->sound)
		return tpm2b(text, max);
	return tpm2b(text, min_t(u16, max + 1, 64));
}

void put_sensitive_create(struct gen *g, struct cmd *out)
{
	const struct template *t = &g->c->t;
	u32 at = out->len;

	g->c->new_auth = pick_auth(g, g->p->simple ? 0 : hash_size(t->name_alg));
	if (g->p->simple)
		g->c->new_auth.size = 0;
	cmd_u16(out, 0);
	cmd_2b(out, g->c->new_auth.data, g->c->new_auth.size);
	cmd_2b(out, t->data.data, t->data.size);
	end_2b(out, at);
}
