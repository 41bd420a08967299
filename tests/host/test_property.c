// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrix of vPCRs, its providers and the filter, against values computed
 * here with OpenSSL and a model that shares no code with them.
 */
#include <openssl/evp.h>

#include "signer.h"
#include "test.h"
#include "../../drivers/vtpm/policy/policy.h"
#include "../../drivers/vtpm/crypto/crypto.h"
#include "../../drivers/vtpm/property/certs.h"
#include "../../drivers/vtpm/property/property.h"
#include "../../drivers/vtpm/tpm2/types.h"

static bool check_at(bool ok, const char *what, const char *name, int line)
{
	if (!ok)
		test_fail(__FILE__, line, "%s: %s", name, what);
	return ok;
}

#define check(cond)	check_at(cond, #cond, __func__, __LINE__)

#define BANKS	4
#define PCRS	24
#define OPS	4

static const struct {
	u16 id;
	unsigned int size;
	const char *name;
} algs[BANKS] = {
	{ 0x0004, 20, "sha1" }, { 0x000b, 32, "sha256" }, { 0x000c, 48, "sha384" },
	{ 0x000d, 64, "sha512" },
};

static const struct tpm2_pcr_ops *const ops = &vtpm_matrix_pcr_ops;
static struct signer it;

static void openssl_hash(unsigned int bank, const void *a, size_t a_len, const void *b,
			 size_t b_len, u8 *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	EVP_DigestInit_ex(ctx, EVP_get_digestbyname(algs[bank].name), NULL);
	EVP_DigestUpdate(ctx, a, a_len);
	EVP_DigestUpdate(ctx, b, b_len);
	EVP_DigestFinal_ex(ctx, out, NULL);
	EVP_MD_CTX_free(ctx);
}

static struct vtpm_matrix *new_matrix(const char *text, struct vt_mem *mem)
{
	struct vtpm_text_error err = { 0 };
	struct vtpm_policy *policy = NULL;
	struct vtpm_matrix *m = NULL;

	if (vtpm_policy_parse(text, strlen(text), mem, &policy, &err) ||
	    vtpm_matrix_new(policy, mem, &m, &err)) {
		printf("# %s: %u:%u: %s\n", text, err.line, err.column, err.reason);
		abort();
	}
	return m;
}

static int set_policy(struct vtpm_matrix *m, const char *text, struct vt_mem *mem,
		      struct vtpm_text_error *err)
{
	struct vtpm_policy *policy = NULL;
	int rc;

	memset(err, 0, sizeof(*err));
	rc = vtpm_policy_parse(text, strlen(text), mem, &policy, err);
	if (rc)
		return rc;
	rc = vtpm_matrix_set_policy(m, policy, err);
	if (rc)
		vtpm_policy_free(mem, policy);
	return rc;
}

static int extend(struct vtpm_matrix *m, u16 alg, unsigned int pcr, const u8 *digest)
{
	struct tpml_digest_values list = { 1, { { alg, (u8 *)digest } } };
	struct tpm2_measurement e = { .pcr = pcr, .digests = &list };

	return ops->extend(m, &e);
}

static bool peek_is(const struct vtpm_matrix *m, unsigned int provider, unsigned int bank,
		    unsigned int pcr, const u8 *want)
{
	u8 got[64];

	return !vtpm_matrix_peek(m, provider, algs[bank].id, pcr, got) &&
	       !memcmp(got, want, algs[bank].size);
}

/* ---- what providers compute ---- */

/* The measurement that the test's manifest has in a bank: H("approved"). */
static void approved(unsigned int bank, u8 *m)
{
	openssl_hash(bank, "approved", 8, "", 0, m);
}

static void load_manifest(void)
{
	char text[1024], name[VTPM_NAME_MAX + 1];
	size_t at = sprintf(text, "vtpm-manifest 1\nname: m\nproperty: approved by IT\n");
	unsigned int bank;
	u8 m[64], *p7;
	size_t len;

	for (bank = 0; bank < BANKS; bank++) {
		approved(bank, m);
		at += sprintf(text + at, "%s:", algs[bank].name);
		at = bin2hex(text + at, m, algs[bank].size) - text;
		text[at++] = '\n';
	}
	len = signer_sign(&it, text, at, SIGN_PLAIN, &p7);
	WARN_ON(vtpm_trust_add("it", it.der, it.der_len));
	WARN_ON(vtpm_cert_load(p7, len, name, NULL));
	OPENSSL_free(p7);
}

/* vPCR <- H(vPCR || what the provider makes of it), all here and in OpenSSL. */
static void expect(unsigned int bank, bool known, const char *how, u8 *vpcr, const u8 *m)
{
	const ASN1_BIT_STRING *key = X509_get0_pubkey_bitstr(it.cert);
	u8 rep[64] = { 0 };

	if (!strcmp(how, "hash"))
		memcpy(rep, m, algs[bank].size);
	else if (known && !strcmp(how, "key"))
		openssl_hash(bank, key->data, key->length, "", 0, rep);
	else if (known)
		openssl_hash(bank, "approved by IT", 14, "", 0, rep);
	openssl_hash(bank, vpcr, algs[bank].size, rep, algs[bank].size, vpcr);
}

static void check_certificate(const char *text, const char *how, bool trusted)
{
	struct vtpm_matrix *m = new_matrix(text, NULL);
	unsigned int bank, step;
	u8 hash[64], cert[64], in[64];

	for (bank = 0; bank < BANKS; bank++) {
		memset(hash, 0, sizeof(hash));
		memset(cert, 0, sizeof(cert));
		for (step = 0; step < 4; step++) {
			bool known = step & 1;

			approved(bank, in);
			in[0] ^= !known;
			expect(bank, false, "hash", hash, in);
			expect(bank, known && trusted, how, cert, in);
			check(!extend(m, algs[bank].id, 9, in));
			check(peek_is(m, 0, bank, 9, hash) && peek_is(m, 1, bank, 9, cert));
		}
		memset(hash, 0, sizeof(hash));
		check(peek_is(m, 1, bank, 8, hash) && peek_is(m, 0, bank, 10, hash));
	}
	vtpm_matrix_free(m);
}

#define ALL_BANKS	"bank sha1 sha256 sha384 sha512\n"

static void test_providers(void)
{
	load_manifest();
	check_certificate(ALL_BANKS "provider certificate", "key", true);
	check_certificate(ALL_BANKS "provider certificate represent=key", "key", true);
	check_certificate(ALL_BANKS "provider certificate represent=property", "property", true);
	check_certificate(ALL_BANKS "provider certificate party=it", "key", true);
	check_certificate(ALL_BANKS "provider certificate party=lab", "key", false);
	check(!vtpm_cert_remove("m"));
	check_certificate(ALL_BANKS "provider certificate", "key", false);
	vtpm_trust_remove("it");
}

/* The order TPM 2.0 has always had: a vector that anyone can check. */
static void test_known_value(void)
{
	static const u8 want[32] = {	/* SHA-256 of 32 zeros and 32 times 0x01 */
		0x5c, 0x85, 0x95, 0x5f, 0x70, 0x92, 0x83, 0xec, 0xce, 0x2b, 0x74, 0xf1, 0xb1,
		0x55, 0x29, 0x18, 0x81, 0x9f, 0x39, 0x09, 0x11, 0x81, 0x6e, 0x7b, 0xb4, 0x66,
		0x80, 0x5a, 0x38, 0xab, 0x87, 0xf3,
	};
	struct vtpm_matrix *m = new_matrix("", NULL);
	u8 in[32], out[64];

	memset(in, 1, sizeof(in));
	check(!extend(m, 0x000b, 7, in));
	check(!ops->read(m, VTPM_OP_READ, 0, 0x000b, 7, out));
	check(!memcmp(out, want, 32));
	vtpm_matrix_free(m);
}

/* ---- edges ---- */

static void test_edges(void)
{
	struct vtpm_matrix *m = new_matrix("bank sha256 sha1\nread pcr=3 hide\n", NULL);
	u8 d[64] = { 0 };

	check(ops->active(m, 0x0004) && ops->active(m, 0x000b));
	check(!ops->active(m, 0x000c) && !ops->active(m, 0) && !ops->active(m, 0x0012));
	check(ops->visible(m, VTPM_OP_READ, 0, 0x000b, 0) && ops->visible(m, VTPM_OP_SEAL, 0, 0x000b, 3));
	check(!ops->visible(m, VTPM_OP_READ, 0, 0x000b, 3) && !ops->visible(m, VTPM_OP_READ, 0, 0xb, 24));
	check(!ops->visible(m, VTPM_OP_READ, 0, 0x000c, 0));
	check(!ops->visible(m, VTPM_OP_COUNT, 0, 0x000b, 0) && !ops->visible(m, -1, 0, 0x000b, 0));
	check(ops->read(m, VTPM_OP_READ, 0, 0x000b, 3, d) == -ENODATA);
	check(ops->read(m, VTPM_OP_READ, 0, 0x000b, ~0u, d) == -ENODATA);
	check(ops->read(m, VTPM_OP_READ, 0, 0x000c, 0, d) == -ENODATA);
	check(!extend(m, 0x000c, 0, d) && extend(m, 0x000b, 24, d) == -EINVAL);
	check(extend(m, 0x000b, ~0u, d) == -EINVAL);
	check(!extend(m, 0x000b, 3, d));		/* hidden is not closed */
	ops->reset(m, 24, 0xff);
	ops->reset(m, ~0u, 0xff);
	check(vtpm_matrix_peek(m, 1, 0x000b, 0, d) == -EINVAL);
	check(vtpm_matrix_peek(m, 0, 0x000c, 0, d) == -EINVAL);
	check(vtpm_matrix_peek(m, 0, 0x000b, 24, d) == -EINVAL);
	check(vtpm_matrix_providers(m) == 1 && !strcmp(vtpm_matrix_provider_name(m, 0), "hash"));
	check(vtpm_matrix_policy(m)->banks == 3);
	vtpm_matrix_free(m);
	vtpm_matrix_free(NULL);
}

static void test_reset(void)
{
	struct vtpm_matrix *m = new_matrix("bank sha512 sha1\nprovider certificate\n", NULL);
	u8 in[64] = { 1 }, fill[64], before[64];

	check(!extend(m, 0x000d, 17, in) && !extend(m, 0x0004, 17, in));
	check(!extend(m, 0x000d, 18, in));
	check(!vtpm_matrix_peek(m, 1, 0x000d, 18, before));
	memset(fill, 0xff, sizeof(fill));
	ops->reset(m, 17, 0xff);
	check(peek_is(m, 0, 3, 17, fill) && peek_is(m, 1, 3, 17, fill));
	check(peek_is(m, 0, 0, 17, fill) && peek_is(m, 1, 0, 17, fill));
	check(peek_is(m, 1, 3, 18, before));
	memset(fill, 0, sizeof(fill));
	check(peek_is(m, 0, 3, 16, fill) && peek_is(m, 0, 0, 18, fill));
	vtpm_matrix_free(m);
}

/* ---- a provider of the test ---- */

static unsigned int odd_opened, odd_fail, odd_calls;
static const struct vtpm_option *odd_options;

static int odd_open(const struct vtpm_option *options, void **priv)
{
	if (!strcmp(options[0].value, "bad"))
		return -EINVAL;
	if (!strcmp(options[0].value, "big"))
		return -ENOMEM;
	odd_options = options;
	odd_opened++;
	*priv = &odd_opened;
	return 0;
}

static void odd_close(void *priv)
{
	check(priv == &odd_opened);
	odd_opened--;
}

/* One-to-one: the host's SHA-256 PCRs 0 to 7, where the size fits. */
static int odd_init(void *priv, const struct vtpm_host_pcrs *host, u16 alg, unsigned int count,
		    u8 *vpcrs)
{
	check(priv == &odd_opened && count == PCRS);
	odd_calls++;
	if (odd_fail) {
		vpcrs[0] ^= 1;		/* spoils it first, then fails */
		return -EIO;
	}
	if (host && host->alg == alg)
		memcpy(vpcrs, host->values, (size_t)host->count * host->digest_size);
	return 0;
}

static int odd_translate(void *priv, u16 alg, unsigned int pcr, const u8 *m, u8 *vpcr)
{
	unsigned int i;

	check(priv == &odd_opened && pcr < PCRS);
	for (i = 0; i < vt_hash_find(alg)->digest_size; i++)
		vpcr[i] += m[i];		/* spoils it first, then fails */
	return odd_fail == 1 || odd_fail == alg ? -ENOMEM : 0;
}

static const struct vtpm_option_desc odd_descs[] = { { "x", NULL } };
static const struct vtpm_provider odd = {
	.name = "odd", .api_version = VTPM_PROVIDER_API, .options = odd_descs, .option_count = 1,
	.open = odd_open, .close = odd_close, .init_vpcrs = odd_init, .translate = odd_translate,
};

#define T_BAD	"provider hash\nprovider odd x=bad\n"
#define ODD	"provider certificate\nprovider odd x=y\nbank sha256 sha1\n"

static void test_all_or_nothing(void)
{
	struct vtpm_matrix *m = new_matrix(ODD, NULL);
	u8 in[32] = { 1, 2, 3 }, before[3][64];
	unsigned int i;

	check(!extend(m, 0x000b, 5, in));
	for (i = 0; i < 3; i++)
		check(!vtpm_matrix_peek(m, i, 0x000b, 5, before[i]));
	check(!memcmp(before[2], in, 32));
	odd_fail = 1;
	check(extend(m, 0x000b, 5, in) == -ENOMEM);
	for (i = 0; i < 3; i++)
		check(peek_is(m, i, 1, 5, before[i]));
	odd_fail = 0;
	vt_host_fail_alloc = 0;		/* whatever there may be to allocate */
	check(!extend(m, 0x000b, 5, in));
	check(vt_host_fail_alloc == 0);	/* there was nothing */
	vt_host_fail_alloc = -1;
	for (i = 0; i < 3; i++)
		check(!peek_is(m, i, 1, 5, before[i]));
	vtpm_matrix_free(m);
	check(!odd_opened);
}

/* Several banks: a provider that fails in the second leaves nothing in the first. */
static void test_all_banks_or_none(void)
{
	struct vtpm_matrix *m = new_matrix(ODD, NULL);
	u8 in[32] = { 1, 2, 3 }, zero[32] = { 0 }, once[32];
	struct tpml_digest_values list = { 2, { { 0x000b, in }, { 0x0004, in } } };
	struct tpm2_measurement e = { .pcr = 5, .digests = &list };
	unsigned int i;

	odd_fail = 0x0004;
	check(ops->extend(m, &e) == -ENOMEM);
	odd_fail = 0;
	for (i = 0; i < 3; i++)
		check(peek_is(m, i, 1, 5, zero) && peek_is(m, i, 0, 5, zero));
	check(!ops->extend(m, &e));
	check(peek_is(m, 2, 1, 5, in) && peek_is(m, 2, 0, 5, in));
	/* the same bank twice is extended twice */
	list.ha[1].alg = 0x000b;
	check(!vtpm_matrix_peek(m, 0, 0x000b, 5, once) && !ops->extend(m, &e));
	expect(1, false, "hash", once, in);
	expect(1, false, "hash", once, in);
	check(peek_is(m, 0, 1, 5, once));
	vtpm_matrix_free(m);
}

static void test_host_pcrs(void)
{
	u8 values[8 * 32], zero[64] = { 0 };
	struct vtpm_host_pcrs host = { 0x000b, 32, 8, values };
	struct vtpm_matrix *m;
	unsigned int i;

	for (i = 0; i < sizeof(values); i++)
		values[i] = i;
	odd_calls = 0;
	m = new_matrix(ODD, NULL);
	check(odd_calls == 2);		/* one for each bank, when the instance is made */
	check(!vtpm_matrix_init_vpcrs(m, &host));
	for (i = 0; i < 8; i++)
		check(peek_is(m, 2, 1, i, values + 32 * i) && peek_is(m, 0, 1, i, zero) &&
		      peek_is(m, 1, 1, i, zero) && peek_is(m, 2, 0, i, zero));
	check(peek_is(m, 2, 1, 8, zero));
	odd_fail = 1;
	values[0] = 99;
	check(vtpm_matrix_init_vpcrs(m, &host) == -ENOMEM);
	odd_fail = 0;
	values[0] = 0;
	check(peek_is(m, 2, 1, 0, values) && peek_is(m, 2, 0, 0, zero));
	vtpm_matrix_free(m);
}

/* A matrix that cannot be made leaves its policy to the caller, and nothing else. */
static void test_new_fails(void)
{
	struct vt_mem mem = { ATOMIC_LONG_INIT(0) };
	struct vtpm_text_error err = { 0 };
	struct vtpm_policy *policy = NULL;
	struct vtpm_matrix *m = NULL;
	unsigned int n;
	long bytes;
	int rc = -ENOMEM;

	check(!vtpm_policy_parse(ODD, strlen(ODD), &mem, &policy, &err));
	bytes = atomic_long_read(&mem.bytes);
	for (n = 0; rc && n < 9; n++) {
		vt_host_fail_alloc = n;
		rc = vtpm_matrix_new(policy, &mem, &m, &err);
		vt_host_fail_alloc = -1;
		if (rc)
			check(rc == -ENOMEM && !m && !odd_opened &&
			      atomic_long_read(&mem.bytes) == bytes);
	}
	check(n == 4);
	vtpm_matrix_free(m);
	check(!odd_opened && !atomic_long_read(&mem.bytes));
	check(!vtpm_policy_parse(T_BAD, strlen(T_BAD), &mem, &policy, &err));
	m = NULL;
	check(vtpm_matrix_new(policy, &mem, &m, &err) == -EINVAL && !m);
	check(err.line == 2 && err.column == 10 && strstr(err.reason, "does not take"));
	vtpm_policy_free(&mem, policy);
	check(!atomic_long_read(&mem.bytes));
}

/* ---- another policy ---- */

struct swap {
	const char *text;
	u32 line;
	u32 column;
	const char *reason;
};

#define BASE	"provider certificate represent=key\nprovider odd x=y\nbank sha1 sha256\n"

static const struct swap refused[] = {
	{ "", 0, 0, "\"certificate\" is missing" },
	{ "provider certificate\nbank sha1 sha256\n", 0, 0, "\"odd\" is missing" },
	{ "provider certificate\nprovider odd x=y\n", 0, 0, "this instance has sha1 sha256" },
	{ "provider certificate\nprovider odd x=y\nbank sha1\n", 3, 1, "banks cannot change" },
	{ "\nbank sha1 sha256 sha512\nprovider certificate\nprovider odd x=y\n", 2, 1,
	  "banks cannot change" },
	{ "provider certificate represent=property\nprovider odd x=y\nbank sha1 sha256\n", 1, 10,
	  "\"certificate\" had other options" },
	{ "provider certificate party=it\nprovider odd x=y\nbank sha1 sha256\n", 1, 10,
	  "\"certificate\" had other options" },
	{ "provider certificate\n provider odd\nbank sha1 sha256\n", 2, 11, "\"odd\" had other" },
	{ BASE "  provider even\n", 4, 12, "\"even\" is new" },
	{ BASE "seal pcr=9\n", 4, 11, "lacks provider=" },
};

static const struct vtpm_provider even = {
	.name = "even", .api_version = VTPM_PROVIDER_API, .translate = odd_translate,
};

static void test_swap(void)
{
	struct vt_mem mem = { ATOMIC_LONG_INIT(0) };
	struct vtpm_matrix *m = new_matrix(BASE "quote pcr=all hide\n", &mem);
	const struct vtpm_policy *first = vtpm_matrix_policy(m);
	struct vtpm_text_error err;
	u8 in[32] = { 1 }, cert[64], got[64];
	const char *text;
	unsigned int i;
	size_t len;

	check(!vtpm_provider_register(&even));
	check(!extend(m, 0x000b, 4, in) && !vtpm_matrix_peek(m, 1, 0x000b, 4, cert));
	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		long bytes = atomic_long_read(&mem.bytes);

		check(set_policy(m, refused[i].text, &mem, &err) == -EINVAL);
		if (err.line != refused[i].line || err.column != refused[i].column ||
		    !strstr(err.reason, refused[i].reason))
			test_fail(__FILE__, __LINE__, "text %u: %u:%u: %s", i, err.line,
				  err.column, err.reason);
		check(vtpm_matrix_policy(m) == first && atomic_long_read(&mem.bytes) == bytes);
	}
	check(!ops->visible(m, VTPM_OP_QUOTE, 0, 0x000b, 4));
	/* another order of providers and banks: the values stay where they were */
	check(!set_policy(m, "bank sha256 sha1\nprovider odd x=y\nprovider hash\n"
			  "provider certificate represent=key\nquote pcr=4 provider=certificate\n",
			  &mem, &err));
	check(!ops->read(m, VTPM_OP_QUOTE, 0, 0x000b, 4, got) && !memcmp(got, cert, 32));
	text = vtpm_policy_text(vtpm_matrix_policy(m), &len);
	check(vtpm_matrix_policy(m) != first && strstr(text, "quote pcr=4"));
	check(odd_opened == 1 && !strcmp(odd_options[0].value, "y"));
	vtpm_matrix_free(m);
	check(!atomic_long_read(&mem.bytes) && !odd_opened);
	vtpm_provider_unregister(&even);
}

/* ---- a random walk beside a model ---- */

struct model {
	u8 vpcr[2][BANKS][PCRS][64];
	int cell[OPS][BANKS][PCRS];	/* provider, or -1 */
	bool active[BANKS];
	bool known;			/* the manifest is loaded */
};

static u32 walk_state = 12345;

static u32 rnd(u32 below)
{
	walk_state = walk_state * 1664525 + 1013904223;
	return (walk_state >> 8) % below;
}

static const char *const op_names[OPS + 1] = { "read", "seal", "quote", "certify", "all" };

/* A rule in text, and what it means in the model. Return: does it mean anything? */
static bool add_rule(struct model *next, char *text)
{
	unsigned int op = rnd(OPS + 1), low = rnd(PCRS), high = low + rnd(PCRS - low), o, b, p;
	int what = (op == 1 || op == OPS) ? (int)rnd(2) : (int)rnd(3) - 1;
	int bank = rnd(3) ? -1 : (int)rnd(BANKS);
	bool any = false;

	if (bank >= 0 && !next->active[bank])
		bank = -1;
	text += sprintf(text, "%s pcr=%u-%u", op_names[op], low, high);
	if (bank >= 0)
		text += sprintf(text, " bank=%s", algs[bank].name);
	sprintf(text, what < 0 ? " hide\n" : what ? " provider=certificate\n" : " provider=hash\n");
	for (o = 0; o < OPS; o++)
		for (b = 0; b < BANKS; b++)
			for (p = low; p <= high; p++) {
				int *cell = &next->cell[o][b][p];

				if ((op != OPS && o != op) || !next->active[b] || *cell != -2 ||
				    (bank >= 0 && b != (unsigned int)bank))
					continue;
				*cell = what;
				any = true;
			}
	return any;
}

static void walk_policy(struct vtpm_matrix *m, struct model *model, const char *head)
{
	struct model next = *model;
	struct vtpm_text_error err;
	char text[2048];
	unsigned int i, n = rnd(12), bad = 0;
	int *cell = &next.cell[0][0][0];

	strscpy(text, head, sizeof(text));
	for (i = 0; i < OPS * BANKS * PCRS; i++)
		cell[i] = -2;
	for (i = 0; i < n && !bad; i++)
		if (!add_rule(&next, text + strlen(text)))
			bad = i + 3;		/* after two lines of head */
	for (i = 0; i < OPS * BANKS * PCRS; i++)
		if (cell[i] == -2)
			cell[i] = 0;
	if (bad) {
		check(set_policy(m, text, NULL, &err) == -EINVAL && err.line == bad);
		return;
	}
	check(!set_policy(m, text, NULL, &err));
	*model = next;
}

static void walk_extend(struct vtpm_matrix *m, struct model *model)
{
	unsigned int bank = rnd(BANKS), pcr = rnd(PCRS), i;
	bool good = rnd(2);
	u8 in[64];

	approved(bank, in);
	for (i = 0; !good && i < 4; i++)
		in[i] = rnd(256);
	check(!extend(m, algs[bank].id, pcr, in));
	if (!model->active[bank])
		return;
	expect(bank, false, "hash", model->vpcr[0][bank][pcr], in);
	expect(bank, good && model->known, "property", model->vpcr[1][bank][pcr], in);
}

static void walk_read(struct vtpm_matrix *m, const struct model *model)
{
	unsigned int op = rnd(OPS), bank = rnd(BANKS), pcr = rnd(PCRS);
	int cell = model->active[bank] ? model->cell[op][bank][pcr] : -1;
	u8 got[64];
	int rc = ops->read(m, op, 0, algs[bank].id, pcr, got);

	check(ops->visible(m, op, 0, algs[bank].id, pcr) == (cell >= 0));
	if (cell < 0)
		check(rc == -ENODATA);
	else
		check(!rc && !memcmp(got, model->vpcr[cell][bank][pcr], algs[bank].size));
}

static void walk_reset(struct vtpm_matrix *m, struct model *model)
{
	unsigned int pcr = rnd(PCRS), bank;
	u8 fill = rnd(2) ? 0xff : 0;

	ops->reset(m, pcr, fill);
	for (bank = 0; bank < BANKS; bank++) {
		memset(model->vpcr[0][bank][pcr], fill, 64);
		memset(model->vpcr[1][bank][pcr], fill, 64);
	}
}

static void walk_manifest(struct model *model)
{
	if (model->known)
		vtpm_trust_remove("it");
	else
		load_manifest();
	model->known = !model->known;
}

static void check_all(const struct vtpm_matrix *m, const struct model *model)
{
	unsigned int i, bank, pcr;

	for (i = 0; i < 2; i++)
		for (bank = 0; bank < BANKS; bank++)
			for (pcr = 0; pcr < PCRS && model->active[bank]; pcr++)
				check(peek_is(m, i, bank, pcr, model->vpcr[i][bank][pcr]));
}

static void walk(const char *head, u32 banks, unsigned int steps)
{
	struct model *model = calloc(1, sizeof(*model));
	struct vtpm_matrix *m = new_matrix(head, NULL);
	unsigned int i;

	for (i = 0; i < BANKS; i++)
		model->active[i] = banks & BIT(i);
	for (i = 0; i < steps; i++) {
		u32 what = rnd(1000);

		if (what < 500)
			walk_extend(m, model);
		else if (what < 900)
			walk_read(m, model);
		else if (what < 950)
			walk_reset(m, model);
		else if (what < 998)
			walk_policy(m, model, head);
		else
			walk_manifest(model);
	}
	check_all(m, model);
	if (model->known)
		walk_manifest(model);
	vtpm_matrix_free(m);
	free(model);
}

static void test_walk(void)
{
	walk("provider certificate represent=property\nbank sha256\n", 2, 8000);
	walk("provider certificate represent=property\nbank sha1 sha512\n", 9, 6000);
	walk("provider certificate represent=property\nbank sha1 sha256 sha384 sha512\n", 15, 6000);
}

/* An ordinary TPM's PCRs are small. */
static void test_size(void)
{
	struct vt_mem mem = { ATOMIC_LONG_INIT(0) };
	struct vtpm_matrix *m = new_matrix("", &mem);

	check(atomic_long_read(&mem.bytes) < 4096);
	vtpm_matrix_free(m);
	m = new_matrix("provider certificate\n" ALL_BANKS, &mem);
	check(atomic_long_read(&mem.bytes) < 16384);
	vtpm_matrix_free(m);
	check(!atomic_long_read(&mem.bytes));
}

static const struct test_case cases[] = {
	{ "hash and certificate, as OpenSSL computes them", test_providers },
	{ "a value that anyone can check", test_known_value },
	{ "banks, PCRs and operations that are not there", test_edges },
	{ "reset", test_reset },
	{ "an extend that fails changes nothing", test_all_or_nothing },
	{ "an extend of several banks is all or nothing", test_all_banks_or_none },
	{ "mapping of the host's PCRs", test_host_pcrs },
	{ "a matrix that cannot be made", test_new_fails },
	{ "another policy", test_swap },
	{ "20,000 random steps beside a model", test_walk },
	{ "memory", test_size },
};

int main(int argc, char **argv)
{
	int rc;

	if (vt_crypto_init() || vtpm_property_init() || vtpm_provider_register(&odd))
		return 1;
	signer_new(&it, "IT department", false, NULL);
	rc = test_run("property", cases, ARRAY_SIZE(cases), argc, argv);
	signer_free(&it);
	vtpm_provider_unregister(&odd);
	vtpm_property_exit();
	vt_crypto_exit();
	return rc;
}
