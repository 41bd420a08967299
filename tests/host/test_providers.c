// SPDX-License-Identifier: GPL-2.0-only
/*
 * The providers map, accumulate and translate, which take from a host's TPM, each against
 * values that OpenSSL computes.
 */
#include "providers_support.h"

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

static const struct test_case cases[] = {
	{ "map", test_map },
	{ "map of the host's strongest bank", test_strongest },
	{ "accumulate", test_accumulate },
	{ "translate", test_translate },
	{ "a state on a host", test_state_on_a_host },
	{ "a state that requires a host", test_state_requires_a_host },
};

int main(int argc, char **argv)
{
	return providers_run(cases, ARRAY_SIZE(cases), argc, argv);
}
