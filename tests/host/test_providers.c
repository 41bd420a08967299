// SPDX-License-Identifier: GPL-2.0-only
/*
 * The providers log, map, accumulate and translate, each against values that OpenSSL computes;
 * and all providers together in a long random walk beside a model that shares no code with them.
 */
#include "property_support.h"
#include "state_support.h"

/* ---- a host's TPM: SHA-1 and SHA-256 ---- */

static u8 host_sha1[PCRS * 20], host_sha256[PCRS * 32];
static const struct vtpm_host_pcrs host_banks[] = {
	{ 0x0004, 20, PCRS, host_sha1 }, { 0x000b, 32, PCRS, host_sha256 },
};

static const struct vtpm_host host = { 2, host_banks };

static void host_fill(u8 seed)
{
	unsigned int i;

	for (i = 0; i < sizeof(host_sha1); i++)
		host_sha1[i] = seed + i;
	for (i = 0; i < sizeof(host_sha256); i++)
		host_sha256[i] = seed ^ i;
}

static const u8 *host_value(unsigned int bank, unsigned int pcr)
{
	return bank ? host_sha256 + 32 * pcr : host_sha1 + 20 * pcr;
}

/* One to one where the host has the bank; else the digest of what its SHA-256 bank has. */
static void host_map(unsigned int bank, unsigned int pcr, u8 *vpcr)
{
	if (bank < 2)
		memcpy(vpcr, host_value(bank, pcr), algs[bank].size);
	else
		openssl_hash(bank, host_value(1, pcr), 32, "", 0, vpcr);
}

/* A power cycle with this host. */
static struct vtpm_matrix *new_with_host(const char *text, const struct vtpm_host *h)
{
	struct vtpm_matrix *m = new_matrix(text, NULL);

	check(!vtpm_matrix_set_host(m, h));
	start_up(m, 0);
	return m;
}

/* ---- map ---- */

static void test_map(void)
{
	struct vtpm_matrix *m;
	unsigned int bank, pcr;
	u8 want[64], in[64];

	host_fill(3);
	memset(in, 0x11, sizeof(in));
	m = new_with_host("provider map\n" ALL_BANKS, &host);
	for (bank = 0; bank < BANKS; bank++)
		for (pcr = 0; pcr < PCRS; pcr++) {
			host_map(bank, pcr, want);
			check(peek_is(m, 1, bank, pcr, want));
			check(!put_into(m, algs[bank].id, pcr, in));
			expect(bank, false, "hash", want, in);
			check(peek_is(m, 1, bank, pcr, want));
		}
	memset(want, 0, sizeof(want));
	ops->reset(m, 16, 0);
	check(peek_is(m, 1, 1, 16, want));
	vtpm_matrix_free(m);
	m = new_with_host("provider map\n", NULL);
	check(peek_is(m, 1, 1, 0, want));
	vtpm_matrix_free(m);
}

/* The strongest bank is the one of the longest digests, wherever it stands. */
static void test_strongest(void)
{
	u8 sm3[32], sha384[48], want[64];
	struct vtpm_host_pcrs banks[] = {
		{ 0x0004, 20, PCRS, host_sha1 }, { 0x000c, 48, 1, sha384 }, { 0x0012, 32, 1, sm3 },
	};
	struct vtpm_host other = { 3, banks };
	struct vtpm_matrix *m;

	memset(sm3, 1, sizeof(sm3));
	memset(sha384, 2, sizeof(sha384));
	m = new_with_host("provider map\nbank sha256 sha384\n", &other);
	openssl_hash(1, sha384, 48, "", 0, want);
	check(peek_is(m, 1, 1, 0, want) && peek_is(m, 1, 2, 0, sha384));
	memset(want, 0, sizeof(want));
	check(peek_is(m, 1, 1, 1, want));	/* the host's bank ends there */
	vtpm_matrix_free(m);
	other.count = 1;
	m = new_with_host("provider map\n", &other);
	openssl_hash(1, host_sha1, 20, "", 0, want);
	check(peek_is(m, 1, 1, 0, want));
	vtpm_matrix_free(m);
}

/* ---- accumulate ---- */

static const unsigned int folded[] = { 0, 1, 2, 3, 7, 18 };

static void test_accumulate(void)
{
	struct vtpm_matrix *m;
	unsigned int bank, i, from;
	u8 want[64], in[64], zero[64] = { 0 };

	host_fill(200);
	memset(in, 0x22, sizeof(in));
	m = new_with_host("provider accumulate pcrs=18,7,0-3 into=17\n" ALL_BANKS, &host);
	for (bank = 0; bank < BANKS; bank++) {
		from = bank ? 1 : 0;
		memset(want, 0xff, sizeof(want));
		for (i = 0; i < ARRAY_SIZE(folded); i++)
			openssl_hash(bank, want, algs[bank].size, host_value(from, folded[i]),
				     algs[from].size, want);
		check(peek_is(m, 1, bank, 17, want) && peek_is(m, 1, bank, 0, zero));
		check(!put_into(m, algs[bank].id, 17, in));
		expect(bank, false, "hash", want, in);
		check(peek_is(m, 1, bank, 17, want));
	}
	memset(want, 0xff, sizeof(want));
	check(!vtpm_matrix_set_host(m, NULL));
	start_up(m, 0);
	check(peek_is(m, 1, 1, 17, want));
	vtpm_matrix_free(m);
}

/* ---- translate ---- */

/* pcrDigest of TPM2_Quote over the host's PCRs 0 to 7, with the bank's hash. */
static void composite(unsigned int bank, u8 *d)
{
	openssl_hash(bank, bank ? host_sha256 : host_sha1, 8 * (bank ? 32 : 20), "", 0, d);
}

static void load_composites(void)
{
	char text[1024], name[VTPM_NAME_MAX + 1];
	size_t at = sprintf(text, "vtpm-manifest 1\nname: hosts\nproperty: approved by IT\n");
	unsigned int bank;
	u8 d[64], *p7;
	size_t len;

	for (bank = 0; bank < BANKS; bank++) {
		composite(bank, d);
		at += sprintf(text + at, "%s:", algs[bank].name);
		at = bin2hex(text + at, d, algs[bank].size) - text;
		text[at++] = '\n';
	}
	len = signer_sign(&it, text, at, SIGN_PLAIN, &p7);
	WARN_ON(vtpm_cert_load(p7, len, name, NULL));
	OPENSSL_free(p7);
}

static void check_translate(const char *options, const char *how, bool known)
{
	struct vtpm_matrix *m;
	unsigned int bank;
	u8 want[64], in[64], zero[64] = { 0 };
	char text[256];

	sprintf(text, "%sprovider translate pcrs=0-7 into=10 %s\n", ALL_BANKS, options);
	m = new_with_host(text, &host);
	for (bank = 0; bank < BANKS; bank++) {
		memset(want, 0, sizeof(want));
		expect(bank, known, how, want, zero);
		check(peek_is(m, 1, bank, 10, want) && peek_is(m, 1, bank, 0, zero));
		approved(bank, in);
		check(!put_into(m, algs[bank].id, 10, in));
		expect(bank, known, how, want, in);
		check(peek_is(m, 1, bank, 10, want));
	}
	check(!vtpm_matrix_set_host(m, NULL));
	start_up(m, 0);
	check(peek_is(m, 1, 1, 10, zero));
	vtpm_matrix_free(m);
}

static void test_translate(void)
{
	host_fill(77);
	load_manifest();
	load_composites();
	check_translate("", "key", true);
	check_translate("represent=property", "property", true);
	check_translate("represent=key party=it", "key", true);
	check_translate("represent=property party=lab", "property", false);
	check(!vtpm_cert_remove("hosts") && !vtpm_cert_remove("m"));
	check_translate("", "key", false);
	vtpm_trust_remove("it");
}

/* ---- log ---- */

/* H(all), whatever the bank's hash is. */
static void digest_of(unsigned int bank, const u8 *all, unsigned int count, u8 *vpcr)
{
	openssl_hash(bank, all, (size_t)count * algs[bank].size, "", 0, vpcr);
}

static void measurement(unsigned int i, u8 *m)
{
	memset(m, 0, 64);
	m[0] = i;
	m[1] = i >> 8;
	m[19] = 0x77;
}

/* As many as it can have, far more than the first room for them is. */
static void test_log(void)
{
	struct vtpm_matrix *m = new_matrix("provider log entries=2048\nbank sha1 sha256\n", NULL);
	static u8 all[2048 * 32];
	unsigned int bank, i, size;
	u8 in[64], want[64];

	for (bank = 0; bank < 2; bank++)
		for (i = 0; i < 2048; i++) {
			size = algs[bank].size;
			measurement(i, in);
			memcpy(all + i * size, in, size);
			check(!put_into(m, algs[bank].id, 8, in));
			if (i < 20 || i % 100 == 47) {
				digest_of(bank, all, i + 1, want);
				check(peek_is(m, 1, bank, 8, want));
			}
		}
	ops->reset(m, 8, 0);
	memset(want, 0, sizeof(want));
	check(peek_is(m, 1, 1, 8, want));
	measurement(1, in);
	digest_of(1, in, 1, want);
	check(!put_into(m, 0x000b, 8, in) && peek_is(m, 1, 1, 8, want));
	vtpm_matrix_free(m);
}

/* What a vPCR begins with is in the list, unless it is zeros. */
static void test_log_start(void)
{
	struct vtpm_matrix *m = new_with_host("provider log entries=2\n", NULL);
	u8 all[2 * 32], in[64], want[64];

	memset(all, 0xff, 32);
	measurement(5, in);
	memcpy(all + 32, in, 32);
	digest_of(1, all, 2, want);
	check(!put_into(m, 0x000b, 17, in) && peek_is(m, 1, 1, 17, want));
	memcpy(all, want, 32);		/* full: folded */
	digest_of(1, all, 2, want);
	check(!put_into(m, 0x000b, 17, in) && peek_is(m, 1, 1, 17, want));
	digest_of(1, in, 1, want);
	check(!put_into(m, 0x000b, 3, in) && peek_is(m, 1, 1, 3, want));
	vtpm_matrix_free(m);
}

static char *list_in_steps(const struct vtpm_matrix *m, size_t step)
{
	char *text = calloc(1, 1 << 16);
	size_t at = 0, got;

	do {
		char *part = malloc(step);	/* exact, for the address sanitizer */

		got = vtpm_matrix_list(m, 1, at, part, step);
		check(got <= step);
		memcpy(text + at, part, got);
		free(part);
		at += got;
	} while (got);
	return text;
}

#define LIST_POLICY	"provider log entries=3\nbank sha1 sha256\n"

static void test_log_list(void)
{
	static const size_t steps[] = { 1, 2, 63, 64, 65, 66, 1000, 60000 };
	struct vtpm_matrix *m = new_matrix(LIST_POLICY, NULL);
	char want[4096], hex[65];
	unsigned int i;
	u8 in[64], all[96], d[64];
	char *text;

	check(vtpm_matrix_has_list(m, 1) && !vtpm_matrix_has_list(m, 0));
	check(!vtpm_matrix_list(m, 1, 0, want, sizeof(want)));
	for (i = 0; i < 6; i++) {	/* folded before the fourth, and before the sixth */
		measurement(i, in);
		check(!put_into(m, 0x000b, 10, in));
		if (i < 3)
			memcpy(all + i * 32, in, 32);
	}
	digest_of(1, all, 3, all);
	measurement(3, all + 32);
	measurement(4, in);
	memcpy(all + 64, in, 32);
	digest_of(1, all, 3, d);
	measurement(7, in);
	check(!put_into(m, 0x0004, 23, in));
	*bin2hex(hex, in, 20) = 0;
	i = sprintf(want, "sha1 pcr 23 elements 1 folded 0\n%s\n", hex);
	*bin2hex(hex, d, 32) = 0;
	i += sprintf(want + i, "sha256 pcr 10 elements 2 folded 5\n%s\n", hex);
	measurement(5, in);
	*bin2hex(hex, in, 32) = 0;
	sprintf(want + i, "%s\n", hex);
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		text = list_in_steps(m, steps[i]);
		if (strcmp(text, want))
			test_fail(__FILE__, __LINE__, "step %zu: %s", steps[i], text);
		free(text);
	}
	check(!vtpm_matrix_list(m, 1, strlen(want), hex, 1));
	check(!vtpm_matrix_list(m, 1, 1ull << 60, hex, 1));
	vtpm_matrix_free(m);
}

/* An extend that finds no memory changes nothing, wherever it is. */
static void test_log_memory(void)
{
	struct vt_mem mem = { ATOMIC_LONG_INIT(0) };
	/* no measurement log, which finds no memory either */
	struct vtpm_matrix *m = new_matrix("provider log entries=100\nlimit log=0\n", &mem);
	u8 in[64], all[60 * 32], want[64] = { 0 };
	unsigned int i, refused = 0;

	for (i = 0; i < 60; i++) {
		measurement(i, in);
		memcpy(all + i * 32, in, 32);
		vt_host_fail_alloc = 0;
		if (put_into(m, 0x000b, 1, in)) {
			refused++;
			check(peek_is(m, 1, 1, 1, want));
			vt_host_fail_alloc = 1;		/* the list, but not its elements */
			check(i || put_into(m, 0x000b, 1, in) == -ENOMEM);
			vt_host_fail_alloc = -1;
			check(!put_into(m, 0x000b, 1, in));
		}
		vt_host_fail_alloc = -1;
		digest_of(1, all, i + 1, want);
		check(peek_is(m, 1, 1, 1, want));
	}
	check(refused >= 4);	/* room for 8, 16, 32, 64; and that of the measurement log */
	check(atomic_long_read(&mem.bytes) > 64 * 32);
	vtpm_matrix_free(m);
	check(!atomic_long_read(&mem.bytes));
}

/* ---- the log in the instance's state ---- */

#define STATE_POLICY_TEXT	"provider log entries=4\nprovider map\nbank sha256 sha1\n"	\
				"read pcr=1-3 provider=log\n"

static u32 run_extend(struct host_tpm *h, unsigned int pcr, u8 what)
{
	struct cmd c;
	u8 in[32];

	memset(in, what, sizeof(in));
	cmd_begin_pw(&c, TPM_CC_PCR_Extend, 1, 1, pcr);
	cmd_u32(&c, 2);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_bytes(&c, in, 32);
	cmd_u16(&c, 4);
	cmd_bytes(&c, in, 20);
	return cmd_run(h, &c);
}

static bool same_lists(const struct host_tpm *a, const struct host_tpm *b)
{
	char *x = list_in_steps(a->matrix, 4096), *y = list_in_steps(b->matrix, 4096);
	bool same = !strcmp(x, y) && strlen(x) > 100;
	u8 v[64];

	free(x);
	free(y);
	return same && !vtpm_matrix_peek(a->matrix, 1, 0x000b, 2, v) &&
	       peek_is(b->matrix, 1, 1, 2, v);
}

/* After each command the instance is made anew of its state (T33); then once by hand. */
static void test_state_of_log(void)
{
	struct host_tpm a, b;
	struct blob state;
	unsigned int i;
	char none[8];

	host_tpm_new(&a, STATE_POLICY_TEXT);
	a.state_check = true;
	for (i = 0; i < 11; i++)
		check(!run_extend(&a, 1 + i % 2, i));
	check(!state_of(&a, VTPM_STATE_ALL, &state));
	check(!state_into(&b, &state, VTPM_STATE_ALL, NULL, NULL));
	check(same_lists(&a, &b));
	for (i = 0; i < 9; i++) {
		check(!run_extend(&a, 2, i) && !run_extend(&b, 2, i));
		check(same_lists(&a, &b));
	}
	check(!state_done(&b));
	/* what outlasts the power has no lists */
	check(!state_into(&b, &state, VTPM_STATE_PERMANENT, NULL, NULL));
	check(!vtpm_matrix_list(b.matrix, 1, 0, none, sizeof(none)));
	check(!state_done(&b));
	blob_free(&state);
	check(!host_tpm_free(&a));
}

/* ---- the host of a state ---- */

static const u8 *host_of(unsigned int pcr, u8 *want)
{
	host_map(1, pcr, want);
	return want;
}

/* What outlasts the power starts on the host that it is read on, and not as on none. */
static void test_state_on_a_host(void)
{
	static const u8 zeros[64];
	struct vtpm_state_source from = { .part = VTPM_STATE_PERMANENT };
	struct host_tpm a, b;
	struct blob state;
	u8 want[64];

	host_fill(9);
	host_tpm_new(&a, "provider map\nbank sha256 sha1\n");
	check(!state_of(&a, VTPM_STATE_ALL, &state));
	from.state = state.p;
	from.len = state.len;
	check(!state_from(&b, &from, NULL));
	tpm2_power_on(b.t);
	check(!tpm2_startup(b.t) && peek_is(b.matrix, 1, 1, 2, zeros) && !state_done(&b));
	from.host = &host;
	check(!state_from(&b, &from, NULL));
	tpm2_power_on(b.t);
	check(!tpm2_startup(b.t) && peek_is(b.matrix, 1, 1, 2, host_of(2, want)));
	check(!state_done(&b));
	/* what runs goes on, and meets the host at its next start */
	from.part = VTPM_STATE_ALL;
	check(!state_from(&b, &from, NULL) && peek_is(b.matrix, 1, 1, 2, zeros));
	tpm2_power_on(b.t);
	check(!tpm2_startup(b.t) && peek_is(b.matrix, 1, 1, 2, host_of(2, want)));
	check(!state_done(&b));
	blob_free(&state);
	check(!host_tpm_free(&a));
}

static void test_state_requires_a_host(void)
{
	struct vtpm_state_source from = { .part = VTPM_STATE_PERMANENT };
	struct vtpm_text_error err = { 0 };
	struct host_tpm a, b;
	struct blob state;

	host_tpm_new(&a, "name x\n  host-tpm required\n");	/* nobody asks at creation here */
	check(!state_of(&a, VTPM_STATE_ALL, &state));
	from.state = state.p;
	from.len = state.len;
	check(state_from(&b, &from, &err) == -EINVAL);
	check(err.line == 2 && err.column == 3 && strstr(err.reason, "requires a host TPM"));
	from.part = VTPM_STATE_ALL;
	check(state_from(&b, &from, NULL) == -EINVAL);
	from.host = &host;
	check(!state_from(&b, &from, NULL) && vtpm_matrix_host(b.matrix));
	check(!state_done(&b));
	blob_free(&state);
	check(!host_tpm_free(&a));
}

/* Where the block of provider log is, and the one behind it. */
static size_t find_block(const struct blob *b, size_t *next)
{
	size_t at = VTPM_STATE_HEADER;

	while (at < b->len && block_type(b, at) != STATE_PROVIDER)
		at = block_next(b, at);
	*next = at < b->len ? block_next(b, at) : at;
	return at;
}

static int import_only(struct blob *b)
{
	struct host_tpm h;
	int rc;

	put_unaligned_be32(b->len, b->p + 12);
	rc = state_into(&h, b, VTPM_STATE_ALL, NULL, NULL);
	if (!rc)
		state_done(&h);
	return rc;
}

/* The block is there once: not twice, and not left out. */
static void test_state_without_log(void)
{
	struct blob state, other;
	struct host_tpm h;
	size_t at, next;

	host_tpm_new(&h, STATE_POLICY_TEXT);
	check(!run_extend(&h, 3, 3) && !state_of(&h, VTPM_STATE_ALL, &state));
	at = find_block(&state, &next);
	check(next > at && !import_only(&state));
	other.len = state.len + next - at;
	other.p = malloc(other.len);
	memcpy(other.p, state.p, next);
	memcpy(other.p + next, state.p + at, state.len - at);
	check(import_only(&other) == -EBADMSG);
	memcpy(other.p + at, state.p + next, state.len - next);
	other.len = state.len - (next - at);
	check(import_only(&other) == -EBADMSG);
	blob_free(&other);
	blob_free(&state);
	check(!host_tpm_free(&h));
}

static int load_lists(const u8 *bytes, size_t len)
{
	static const struct vtpm_option entries = { "entries", "4", 4 };
	u8 *copy = malloc(len + !len);
	void *priv = NULL;
	int rc;

	memcpy(copy, bytes, len);
	check(!vtpm_log_provider.open(&entries, NULL, &priv));
	rc = vtpm_log_provider.load(priv, copy, len);
	vtpm_log_provider.close(priv);
	free(copy);
	return rc;
}

/* Lists that cannot be, each against one that can. */
static void test_log_bad_state(void)
{
	u8 good[2 * (15 + 2 * 32)] = { 0, 11, 3, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 2 }, bad[512];
	const size_t one = 15 + 64;
	unsigned int i;

	check(!load_lists(good, 0) && !load_lists(good, one));
	memcpy(good + one, good, one);
	check(load_lists(good, 2 * one) == -EBADMSG);		/* twice */
	good[one + 2] = 2;
	check(load_lists(good, 2 * one) == -EBADMSG);		/* backwards */
	good[one + 2] = 4;
	check(!load_lists(good, 2 * one));
	for (i = 1; i < one; i++)
		check(load_lists(good, i) == -EBADMSG);
	static const struct { u8 at, value; } wrong[] = {
		{ 1, 0x12 }, { 0, 1 }, { 2, 24 }, { 10, 1 }, { 14, 0 }, { 14, 5 }, { 14, 3 },
		{ 14, 1 }, { 11, 0x80 },
	};
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		memcpy(bad, good, one);
		bad[wrong[i].at] = wrong[i].value;
		check(load_lists(bad, one) == -EBADMSG);
	}
}

/* A list that could be, of a vPCR @fill all over (PCR @pcr of SHA-256) before anything came. */
static int load_beside(const u8 *bytes, size_t len, unsigned int pcr, u8 fill, char *reason)
{
	struct vtpm_matrix *m = new_matrix("provider log entries=4\n", NULL);
	struct vtpm_text_error err = { 0 };
	u8 copy[128] = "\0\003log";
	struct tpm2_reader r = { copy, 5 + len };
	u32 seen = 0;
	int rc;

	memcpy(copy + 5, bytes, len);
	ops->reset(m, pcr, fill);
	rc = vtpm_matrix_read_kept(m, &r, &seen, &err);
	strcpy(reason, err.reason);
	vtpm_matrix_free(m);
	return rc;
}

static void test_log_beside(void)
{
	static const u8 list[15 + 32] = { 0, 11, 3, [14] = 1 };
	static const u8 sha1[15 + 20] = { 0, 4, 3, [14] = 1 };
	char reason[VTPM_REASON_MAX];

	check(!load_beside(list, 0, 3, 0, reason) && !*reason);
	check(!load_beside(list, 0, 18, 0xff, reason));
	check(load_beside(list, 0, 3, 0xff, reason) == -EBADMSG);	/* no start value of its */
	check(load_beside(list, 0, 18, 0x01, reason) == -EBADMSG);
	check(load_beside(list, sizeof(list), 3, 0, reason) == -EBADMSG);
	check(strstr(reason, "provider \"log\"") && strstr(reason, "sha256 PCR 3 "));
	check(load_beside(sha1, sizeof(sha1), 3, 0, reason) == -EBADMSG);	/* no such bank */
	check(strstr(reason, "sha1 PCR 3 "));
}

static bool refused(struct blob *b, const char *what)
{
	struct vtpm_text_error err = { 0 };
	struct host_tpm h;
	int rc = state_into(&h, b, VTPM_STATE_ALL, NULL, &err);

	if (!rc)
		state_done(&h);
	return rc == -EBADMSG && strstr(err.reason, what);
}

/* Lists and vPCRs of one state belong together: each bit of both, and those of another time. */
static void test_log_of_another_vpcr(void)
{
	struct blob before, after;
	struct host_tpm h;
	size_t at, next, old, i;

	host_tpm_new(&h, STATE_POLICY_TEXT);
	check(!run_extend(&h, 3, 3) && !state_of(&h, VTPM_STATE_ALL, &before));
	at = find_block(&before, &next);
	for (i = at + VTPM_STATE_BLOCK + 5 + 15; i < at + VTPM_STATE_BLOCK + 5 + 15 + 20; i++) {
		before.p[i] ^= 0x10;
		check(refused(&before, "sha1 PCR 3 "));
		before.p[i] ^= 0x10;
	}
	check(!import_only(&before));
	check(!run_extend(&h, 3, 4));
	check(!state_of(&h, VTPM_STATE_ALL, &after));
	old = find_block(&after, &i);
	check(i - old == next - at + 32 + 20);
	check(!import_only(&after));
	/* the block of before in the state of after */
	memmove(after.p + old + (next - at), after.p + i, after.len - i);
	memcpy(after.p + old, before.p + at, next - at);
	after.len -= i - old - (next - at);
	put_unaligned_be32(after.len, after.p + 12);
	check(refused(&after, "sha1 PCR 3 "));
	blob_free(&before);
	blob_free(&after);
	check(!host_tpm_free(&h));
}

/* ---- a random walk beside a model ---- */

enum { HASH, CERTIFICATE, LOG, MAP, ACCUMULATE, TRANSLATE, PROVIDERS };

static const char *const provider_names[PROVIDERS] = {
	"hash", "certificate", "log", "map", "accumulate", "translate",
};

#define WALK_HEAD	"provider certificate represent=property\n"			\
			"provider log entries=5\n"					\
			"provider map\n"						\
			"provider accumulate pcrs=0-3,7,18 into=9\n"			\
			"provider translate pcrs=0-7 into=10 represent=property\n"
#define ENTRIES		5

struct model_list {
	unsigned int count;
	u8 element[ENTRIES][64];
};

enum { READ, SEAL, QUOTE, CERTIFY, AUDIT, EVENT };	/* enum vtpm_op */
enum { HIDDEN = -1, UNSET = -2, DENIED = -3 };

struct model {
	u8 vpcr[PROVIDERS][BANKS][PCRS][64];
	struct model_list list[BANKS][PCRS];
	int cell[LOCALITIES][OPS][BANKS][PCRS];	/* provider, or HIDDEN, DENIED, UNSET */
	bool active[BANKS];
	bool known;			/* the manifest is loaded */
};

static u32 walk_state = 12345;

static u32 rnd(u32 below)
{
	walk_state = walk_state * 1664525 + 1013904223;
	return (walk_state >> 8) % below;
}

static const char *const op_names[OPS + 1] = {
	"read", "seal", "quote", "certify", "audit", "event", "all"
};

/* What can be said of an operation: no hiding from seal, no provider of an event. */
static int pick_effect(unsigned int op)
{
	if (!rnd(6))
		return DENIED;
	if (op == EVENT || (op != SEAL && op != OPS && !rnd(PROVIDERS)))
		return HIDDEN;
	return rnd(PROVIDERS);
}

static bool concerns(unsigned int op, unsigned int o, int what)
{
	return o == op || (op == OPS && (o != EVENT || what == DENIED));
}

/* Gives the rule what no earlier one has taken. Return: was there any? */
static bool take_cells(struct model *next, unsigned int op, int bank, u32 localities,
		       const unsigned int pcrs[2], int what)
{
	unsigned int l, o, b, p;
	bool any = false;

	for (l = 0; l < LOCALITIES; l++)
		for (o = 0; o < OPS; o++)
			for (b = 0; b < BANKS; b++)
				for (p = pcrs[0]; p <= pcrs[1]; p++) {
					int *cell = &next->cell[l][o][b][p];

					if (!(localities & BIT(l)) || !concerns(op, o, what) ||
					    !next->active[b] || *cell != UNSET ||
					    (bank >= 0 && b != (unsigned int)bank))
						continue;
					*cell = what;
					any = true;
				}
	return any;
}

static char *put_localities(char *text, u32 localities)
{
	const char *before = " locality=";
	unsigned int l;

	for (l = 0; l < LOCALITIES; l++) {
		if (!(localities & BIT(l)))
			continue;
		text += sprintf(text, "%s%u", before, l);
		before = ",";
	}
	return text;
}

/* A rule in text, and what it means in the model. Return: does it mean anything? */
static bool add_rule(struct model *next, char *text)
{
	unsigned int op = rnd(OPS + 1), low = rnd(PCRS), high = low + rnd(PCRS - low);
	u32 all = BIT(LOCALITIES) - 1, localities = rnd(4) ? all : 1 + rnd(all);
	int what = pick_effect(op), bank = rnd(3) ? -1 : (int)rnd(BANKS);

	if (bank >= 0 && !next->active[bank])
		bank = -1;
	text += sprintf(text, "%s pcr=%u-%u", op_names[op], low, high);
	if (bank >= 0)
		text += sprintf(text, " bank=%s", algs[bank].name);
	if (localities != all || !rnd(4))
		text = put_localities(text, localities);
	if (what < 0)
		sprintf(text, what == DENIED ? " deny\n" : " hide\n");
	else
		sprintf(text, " provider=%s\n", provider_names[what]);
	return take_cells(next, op, bank, localities, (unsigned int[]){ low, high }, what);
}

/* Audit goes with read, and all else with the first provider. */
static void fill_model(struct model *next)
{
	int *cell = &next->cell[0][0][0][0];
	unsigned int l, i;

	for (l = 0; l < LOCALITIES; l++)
		for (i = 0; i < BANKS * PCRS; i++)
			if (next->cell[l][AUDIT][i / PCRS][i % PCRS] == UNSET)
				next->cell[l][AUDIT][i / PCRS][i % PCRS] =
					next->cell[l][READ][i / PCRS][i % PCRS];
	for (i = 0; i < LOCALITIES * OPS * BANKS * PCRS; i++)
		if (cell[i] == UNSET)
			cell[i] = 0;
}

static void walk_policy(struct vtpm_matrix *m, struct model *model, const char *head)
{
	struct model next = *model;
	struct vtpm_text_error err;
	char text[4096];
	unsigned int i, n = rnd(12), bad = 0;
	int *cell = &next.cell[0][0][0][0];

	strscpy(text, head, sizeof(text));
	for (i = 0; i < LOCALITIES * OPS * BANKS * PCRS; i++)
		cell[i] = UNSET;
	for (i = 0; i < n && !bad; i++)
		if (!add_rule(&next, text + strlen(text)))
			bad = i + PROVIDERS + 1;	/* after the head */
	fill_model(&next);
	if (bad) {
		check(set_policy(m, text, NULL, &err) == -EINVAL && err.line == bad);
		return;
	}
	check(!set_policy(m, text, NULL, &err));
	*model = next;
}

/* The list's digest, all of it every time. */
static void log_value(const struct model_list *l, unsigned int bank, u8 *vpcr)
{
	u8 all[ENTRIES * 64];
	unsigned int i, size = algs[bank].size;

	for (i = 0; i < l->count; i++)
		memcpy(all + i * size, l->element[i], size);
	openssl_hash(bank, all, l->count * size, "", 0, vpcr);
}

static void log_extend(struct model_list *l, unsigned int bank, u8 *vpcr, const u8 *m)
{
	static const u8 zeros[64];

	if (!l->count && memcmp(vpcr, zeros, algs[bank].size))
		memcpy(l->element[l->count++], vpcr, 64);
	if (l->count == ENTRIES) {
		memcpy(l->element[0], vpcr, 64);
		l->count = 1;
	}
	memcpy(l->element[l->count++], m, 64);
	log_value(l, bank, vpcr);
}

static void walk_extend(struct vtpm_matrix *m, struct model *model)
{
	unsigned int bank = rnd(BANKS), pcr = rnd(PCRS), i;
	bool good = rnd(2);
	u8 in[64] = { 0 };

	approved(bank, in);
	for (i = 0; !good && i < 4; i++)
		in[i] = rnd(256);
	check(!put_into(m, algs[bank].id, pcr, in));
	if (!model->active[bank])
		return;
	expect(bank, false, "hash", model->vpcr[HASH][bank][pcr], in);
	expect(bank, good && model->known, "property", model->vpcr[CERTIFICATE][bank][pcr], in);
	log_extend(&model->list[bank][pcr], bank, model->vpcr[LOG][bank][pcr], in);
	expect(bank, false, "hash", model->vpcr[MAP][bank][pcr], in);
	expect(bank, false, "hash", model->vpcr[ACCUMULATE][bank][pcr], in);
	expect(bank, good && model->known, "property", model->vpcr[TRANSLATE][bank][pcr], in);
}

static void walk_read(struct vtpm_matrix *m, const struct model *model)
{
	unsigned int op = rnd(OPS), bank = rnd(BANKS), pcr = rnd(PCRS), l = rnd(LOCALITIES);
	int cell = model->active[bank] ? model->cell[l][op][bank][pcr] : HIDDEN;
	u8 got[64];
	int rc = ops->read(m, op, l, algs[bank].id, pcr, got);

	check(ops->visible(m, op, l, algs[bank].id, pcr) == (cell >= 0));
	check(ops->denied(m, op, l, algs[bank].id, pcr) == (cell == DENIED));
	if (cell < 0)
		check(rc == -ENODATA);
	else
		check(!rc && !memcmp(got, model->vpcr[cell][bank][pcr], algs[bank].size));
}

static void set_all(struct model *model, unsigned int pcr, u8 fill)
{
	unsigned int i, bank;

	for (bank = 0; bank < BANKS; bank++) {
		for (i = 0; i < PROVIDERS; i++)
			memset(model->vpcr[i][bank][pcr], fill, 64);
		model->list[bank][pcr].count = 0;
	}
}

static void walk_reset(struct vtpm_matrix *m, struct model *model)
{
	unsigned int pcr = rnd(PCRS);
	u8 fill = rnd(2) ? 0xff : 0;

	ops->reset(m, pcr, fill);
	set_all(model, pcr, fill);
}

/* The host has SHA-1 and SHA-256, and other values each time; or there is no host TPM. */
static void walk_power_cycle(struct vtpm_matrix *m, struct model *model)
{
	bool there = rnd(4);
	unsigned int i, pcr, bank, from;

	host_fill(rnd(256));
	check(!vtpm_matrix_set_host(m, there ? &host : NULL));
	start_up(m, 0);
	for (pcr = 0; pcr < PCRS; pcr++)
		set_all(model, pcr, pcr >= 17 && pcr <= 22 ? 0xff : 0);
	for (bank = 0; there && bank < BANKS; bank++) {
		from = bank ? 1 : 0;
		for (pcr = 0; pcr < PCRS; pcr++)
			host_map(bank, pcr, model->vpcr[MAP][bank][pcr]);
		for (i = 0; i < ARRAY_SIZE(folded); i++)
			openssl_hash(bank, model->vpcr[ACCUMULATE][bank][9], algs[bank].size,
				     host_value(from, folded[i]), algs[from].size,
				     model->vpcr[ACCUMULATE][bank][9]);
		expect(bank, false, "none", model->vpcr[TRANSLATE][bank][10], NULL);
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

	for (i = 0; i < PROVIDERS; i++)
		for (bank = 0; bank < BANKS; bank++)
			for (pcr = 0; pcr < PCRS && model->active[bank]; pcr++)
				check(peek_is(m, i, bank, pcr, model->vpcr[i][bank][pcr]));
}

static void walk(const char *banks_line, u32 banks, unsigned int steps)
{
	char head[512];
	struct model *model = calloc(1, sizeof(*model));
	struct vtpm_matrix *m;
	unsigned int i;

	sprintf(head, "%s%s", WALK_HEAD, banks_line);
	m = new_matrix(head, NULL);
	for (i = 0; i < BANKS; i++)
		model->active[i] = banks & BIT(i);
	for (i = 0; i < steps; i++) {
		u32 what = rnd(1000);

		if (what < 500)
			walk_extend(m, model);
		else if (what < 900)
			walk_read(m, model);
		else if (what < 949)
			walk_reset(m, model);
		else if (what < 950)
			walk_power_cycle(m, model);
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
	walk("bank sha256\n", 2, 60000);
	walk("bank sha1 sha512\n", 9, 20000);
	walk("bank sha1 sha256 sha384 sha512\n", 15, 20000);
}

static const struct test_case cases[] = {
	{ "map", test_map },
	{ "map of the host's strongest bank", test_strongest },
	{ "accumulate", test_accumulate },
	{ "translate", test_translate },
	{ "log", test_log },
	{ "log of what does not start as zeros", test_log_start },
	{ "log as text", test_log_list },
	{ "log without memory", test_log_memory },
	{ "log in the state", test_state_of_log },
	{ "a state on a host", test_state_on_a_host },
	{ "a state that requires a host", test_state_requires_a_host },
	{ "log in a state that has it not, or twice", test_state_without_log },
	{ "log in a state that cannot be", test_log_bad_state },
	{ "log beside vPCRs", test_log_beside },
	{ "log and vPCRs of one state", test_log_of_another_vpcr },
	{ "100,000 random steps beside a model", test_walk },
};

int main(int argc, char **argv)
{
	struct host_tpm first;
	int rc;

	host_tpm_new(&first, NULL);	/* sets up what all others use */
	signer_new(&it, "IT department", false, NULL);
	rc = test_run("providers", cases, ARRAY_SIZE(cases), argc, argv);
	signer_free(&it);
	host_tpm_free(&first);
	return rc;
}
