// SPDX-License-Identifier: GPL-2.0-only
/* The provider log against values that OpenSSL computes, and its lists in a state. */
#include "providers_support.h"

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

static const struct test_case cases[] = {
	{ "log", test_log },
	{ "log of what does not start as zeros", test_log_start },
	{ "log as text", test_log_list },
	{ "log without memory", test_log_memory },
	{ "log in the state", test_state_of_log },
	{ "log in a state that has it not, or twice", test_state_without_log },
	{ "log in a state that cannot be", test_log_bad_state },
	{ "log beside vPCRs", test_log_beside },
	{ "log and vPCRs of one state", test_log_of_another_vpcr },
};

int main(int argc, char **argv)
{
	return providers_run(cases, ARRAY_SIZE(cases), argc, argv);
}
