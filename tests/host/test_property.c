// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrix of vPCRs, its providers and the filter, against values computed
 * here with OpenSSL and a model that shares no code with them.
 */
#include "property_support.h"

/* ---- what providers compute ---- */

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
			check(!put_into(m, algs[bank].id, 9, in));
			check(peek_is(m, 0, bank, 9, hash) && peek_is(m, 1, bank, 9, cert));
		}
		memset(hash, 0, sizeof(hash));
		check(peek_is(m, 1, bank, 8, hash) && peek_is(m, 0, bank, 10, hash));
	}
	vtpm_matrix_free(m);
}

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
	check(!put_into(m, 0x000b, 7, in));
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
	check(ops->visible(m, VTPM_OP_READ, 0, 0x000b, 0));
	check(ops->visible(m, VTPM_OP_SEAL, 0, 0x000b, 3));
	check(!ops->visible(m, VTPM_OP_READ, 0, 0x000b, 3));
	check(!ops->visible(m, VTPM_OP_READ, 0, 0x000b, 24));
	check(!ops->visible(m, VTPM_OP_READ, 0, 0x000c, 0));
	check(!ops->visible(m, VTPM_OP_COUNT, 0, 0x000b, 0) && !ops->visible(m, -1, 0, 0x000b, 0));
	check(ops->read(m, VTPM_OP_READ, 0, 0x000b, 3, d) == -ENODATA);
	check(ops->read(m, VTPM_OP_READ, 0, 0x000b, ~0u, d) == -ENODATA);
	check(ops->read(m, VTPM_OP_READ, 0, 0x000c, 0, d) == -ENODATA);
	check(!put_into(m, 0x000c, 0, d) && put_into(m, 0x000b, 24, d) == -EINVAL);
	check(put_into(m, 0x000b, ~0u, d) == -EINVAL);
	check(!put_into(m, 0x000b, 3, d));		/* hidden is not closed */
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

	check(!put_into(m, 0x000d, 17, in) && !put_into(m, 0x0004, 17, in));
	check(!put_into(m, 0x000d, 18, in));
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

static int odd_open(const struct vtpm_option *options, struct vt_mem *mem, void **priv)
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
static int odd_init(void *priv, const struct vtpm_host *host, u16 alg, unsigned int count,
		    u8 *vpcrs)
{
	u32 i;

	check(priv == &odd_opened && count == PCRS);
	odd_calls++;
	if (odd_fail) {
		vpcrs[0] ^= 1;		/* spoils it first, then fails */
		return -EIO;
	}
	for (i = 0; host && i < host->count; i++)
		if (host->banks[i].alg == alg)
			memcpy(vpcrs, host->banks[i].values,
			       (size_t)host->banks[i].count * host->banks[i].digest_size);
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

	check(!put_into(m, 0x000b, 5, in));
	for (i = 0; i < 3; i++)
		check(!vtpm_matrix_peek(m, i, 0x000b, 5, before[i]));
	check(!memcmp(before[2], in, 32));
	odd_fail = 1;
	check(put_into(m, 0x000b, 5, in) == -ENOMEM);
	for (i = 0; i < 3; i++)
		check(peek_is(m, i, 1, 5, before[i]));
	odd_fail = 0;
	vt_host_fail_alloc = 0;		/* whatever there may be to allocate */
	check(!put_into(m, 0x000b, 5, in));
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
	u8 values[8 * 32], zero[64] = { 0 }, ones[64];
	struct vtpm_host_pcrs bank = { 0x000b, 32, 8, values };
	struct vtpm_host host = { 1, &bank };
	struct vtpm_matrix *m;
	unsigned int i;

	memset(ones, 0xff, sizeof(ones));
	for (i = 0; i < sizeof(values); i++)
		values[i] = i + 1;
	odd_calls = 0;
	m = new_matrix(ODD, NULL);
	check(odd_calls == 2);		/* one for each bank, when the instance is made */
	check(!vtpm_matrix_host(m) && vtpm_matrix_wants_host(m));
	check(!vtpm_matrix_set_host(m, &host) && peek_is(m, 2, 1, 0, zero));
	start_up(m, 0);
	for (i = 0; i < 8; i++)
		check(peek_is(m, 2, 1, i, values + 32 * i) && peek_is(m, 0, 1, i, zero) &&
		      peek_is(m, 1, 1, i, zero) && peek_is(m, 2, 0, i, zero));
	check(peek_is(m, 2, 1, 8, zero) && peek_is(m, 2, 1, 17, ones));
	check(peek_is(m, 0, 0, 22, ones));
	odd_fail = 1;
	values[0] = 99;
	check(vtpm_matrix_set_host(m, &host) == -ENOMEM);
	odd_fail = 0;
	values[0] = 1;
	start_up(m, 0);
	check(peek_is(m, 2, 1, 0, values) && peek_is(m, 2, 0, 0, zero));
	/* a resumed TPM's saved PCRs are not mapped anew, and no host TPM maps nothing */
	check(!vtpm_matrix_set_host(m, NULL) && !vtpm_matrix_host(m));
	start_up(m, 16);
	check(peek_is(m, 2, 1, 0, values));
	start_up(m, 0);
	check(peek_is(m, 2, 1, 0, zero));
	vtpm_matrix_free(m);
}

/* Banks that come with TPM2_PCR_Allocate are mapped too. */
static void test_host_pcrs_of_other_banks(void)
{
	static const u32 wanted[BANKS] = { 0, 0xffffff, 0, 0xffffff };
	u8 values[64], zero[64] = { 0 };
	struct vtpm_host_pcrs banks[] = { { 0x000d, 64, 1, values }, { 0x0012, 32, 2, values } };
	struct vtpm_host host = { 2, banks };
	struct vtpm_matrix *m = new_matrix("provider odd x=y\nbank sha256 sha512\n", NULL);

	memset(values, 7, sizeof(values));
	check(!vtpm_matrix_set_host(m, &host));
	memset(values, 9, sizeof(values));	/* it has its own copy */
	check(!ops->allocate(m, wanted));
	start_up(m, 0);
	memset(values, 7, sizeof(values));
	check(peek_is(m, 1, 3, 0, values) && peek_is(m, 1, 3, 1, zero));
	check(peek_is(m, 0, 3, 0, zero) && peek_is(m, 1, 1, 0, zero));
	odd_fail = 1;
	check(ops->allocate(m, wanted) == -ENOMEM);
	odd_fail = 0;
	check(peek_is(m, 1, 3, 0, values));
	vtpm_matrix_free(m);
}

/* ---- a provider that keeps something ---- */

/* For each PCR how many times it was extended: that is its vPCR, too. */
struct keeper {
	struct vt_mem *mem;
	unsigned int expected;
	u8 count[PCRS];
};

static int keeper_open(const struct vtpm_option *options __always_unused, struct vt_mem *mem,
		       void **priv)
{
	struct keeper *k = vtpm_provider_alloc(mem, sizeof(*k));

	if (!k)
		return -ENOMEM;
	k->mem = mem;
	*priv = k;
	return 0;
}

static void keeper_close(void *priv)
{
	struct keeper *k = priv;

	vtpm_provider_free(k->mem, k);
}

static void keeper_expect(void *priv, u16 alg, const u8 *m)
{
	struct keeper *k = priv;

	check(vt_hash_find(alg) && m[0] == 5);
	k->expected++;
}

static int keeper_translate(void *priv, u16 alg __always_unused, unsigned int pcr,
			    const u8 *m __always_unused, u8 *vpcr)
{
	struct keeper *k = priv;

	check(k->expected == 1);
	k->expected = 0;
	vpcr[0] = k->count[pcr] + 1;
	return 0;
}

static void keeper_extended(void *priv, u16 alg __always_unused, unsigned int pcr, const u8 *m,
			    const u8 *vpcr)
{
	struct keeper *k = priv;

	k->count[pcr]++;
	check(vpcr[0] == k->count[pcr] && vpcr[1] == 0 && m[0] == 5);
}

static void keeper_reset(void *priv, unsigned int pcr)
{
	struct keeper *k = priv;

	k->count[pcr] = 0;
}

static size_t keeper_save(void *priv, u8 *buf, size_t room)
{
	const struct keeper *k = priv;

	if (room >= sizeof(k->count))
		memcpy(buf, k->count, sizeof(k->count));
	return sizeof(k->count);
}

static int keeper_load(void *priv, const u8 *buf, size_t len)
{
	struct keeper *k = priv;

	if (len != sizeof(k->count))
		return -EBADMSG;
	memcpy(k->count, buf, len);
	return 0;
}

static const struct vtpm_provider keeper = {
	.name = "keeper", .api_version = VTPM_PROVIDER_API, .open = keeper_open,
	.close = keeper_close, .expect = keeper_expect, .translate = keeper_translate,
	.extended = keeper_extended, .reset = keeper_reset, .save = keeper_save,
	.load = keeper_load,
};

#define KEEPER	"provider keeper\nprovider odd x=y\nbank sha256 sha1\n"

/* What failed is not told; a bank that is named twice is. */
static void test_extended(void)
{
	struct vtpm_matrix *m = new_matrix(KEEPER, NULL);
	u8 in[32] = { 5 }, want[32] = { 0 };
	struct tpml_digest_values list = { 2, { { 0x000b, in }, { 0x000b, in } } };
	struct tpm2_measurement e = { .pcr = 5, .digests = &list };

	odd_fail = 1;
	check(put_into(m, 0x000b, 5, in) == -ENOMEM);
	odd_fail = 0;
	check(!put_into(m, 0x000b, 5, in));
	want[0] = 1;
	check(peek_is(m, 1, 1, 5, want));
	check(!ops->extend(m, &e));
	want[0] = 3;
	check(peek_is(m, 1, 1, 5, want));
	check(!put_into(m, 0x000c, 5, in));	/* no such bank */
	ops->reset(m, 4, 0);
	check(!put_into(m, 0x0004, 5, in));
	want[0] = 4;
	check(peek_is(m, 1, 0, 5, want));
	ops->reset(m, 5, 0);
	check(!put_into(m, 0x000b, 5, in));
	want[0] = 1;
	check(peek_is(m, 1, 1, 5, want));
	check(!vtpm_matrix_has_list(m, 1));
	vtpm_matrix_free(m);
}

/* One provider's block, as it is written and as it might come back. */
static void test_kept(void)
{
	struct vtpm_matrix *m = new_matrix(KEEPER, NULL), *other = new_matrix(KEEPER, NULL);
	u8 in[32] = { 5 }, want[32] = { 3 }, bytes[64];
	struct tpm2_writer w = tpm2_counter();
	struct tpm2_reader r;
	u32 seen = 0;

	check(!vtpm_matrix_keeps(m, 0) && vtpm_matrix_keeps(m, 1) && !vtpm_matrix_keeps(m, 2));
	check(!put_into(m, 0x000b, 5, in) && !put_into(m, 0x000b, 5, in));
	vtpm_matrix_write_kept(m, 1, &w);
	check(w.len == 2 + 6 + PCRS && !w.full);
	w = tpm2_writer(bytes, w.len - 1);
	vtpm_matrix_write_kept(m, 1, &w);
	check(w.full);
	w = tpm2_writer(bytes, sizeof(bytes));
	vtpm_matrix_write_kept(m, 1, &w);
	check(!w.full && w.len == 2 + 6 + PCRS);

	check(!vtpm_matrix_all_kept(other, 0));
	r = (struct tpm2_reader){ bytes, w.len - 1 };
	check(vtpm_matrix_read_kept(other, &r, &seen, NULL) == -EBADMSG);
	seen = 0;
	bytes[2] ^= 1;
	r = (struct tpm2_reader){ bytes, w.len };
	check(vtpm_matrix_read_kept(other, &r, &seen, NULL) == -EBADMSG && !seen);
	bytes[2] ^= 1;
	r = (struct tpm2_reader){ bytes, w.len };
	check(!vtpm_matrix_read_kept(other, &r, &seen, NULL) && vtpm_matrix_all_kept(other, seen));
	r = (struct tpm2_reader){ bytes, w.len };
	check(vtpm_matrix_read_kept(other, &r, &seen, NULL) == -EBADMSG);	/* twice */
	check(!put_into(other, 0x000b, 5, in) && peek_is(other, 1, 1, 5, want));
	vtpm_matrix_adopt(m, other);
	want[0] = 4;
	check(!put_into(m, 0x000b, 5, in) && peek_is(m, 1, 1, 5, want));
	vtpm_matrix_free(m);
	check(!odd_opened);
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
	check(n == 8);
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
	check(!put_into(m, 0x000b, 4, in) && !vtpm_matrix_peek(m, 1, 0x000b, 4, cert));
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
	{ "mapping into banks that are allocated later", test_host_pcrs_of_other_banks },
	{ "a provider hears of what was extended and reset", test_extended },
	{ "a provider's own state", test_kept },
	{ "a matrix that cannot be made", test_new_fails },
	{ "another policy", test_swap },
	{ "memory", test_size },
};

int main(int argc, char **argv)
{
	int rc;

	if (vt_crypto_init() || vtpm_property_init() || vtpm_provider_register(&odd) ||
	    vtpm_provider_register(&keeper))
		return 1;
	signer_new(&it, "IT department", false, NULL);
	rc = test_run("property", cases, ARRAY_SIZE(cases), argc, argv);
	signer_free(&it);
	vtpm_provider_unregister(&keeper);
	vtpm_provider_unregister(&odd);
	vtpm_property_exit();
	vt_crypto_exit();
	return rc;
}
