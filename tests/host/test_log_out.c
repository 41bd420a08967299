// SPDX-License-Identifier: GPL-2.0-only
/* The measurement log outside of the instance: in its state, and as other programs read it. */
#define _GNU_SOURCE	/* memmem() */
#include <stdlib.h>
#include <sys/wait.h>

#include "log_support.h"

/* ---- programs that others wrote ---- */

static char folder[32];

static void to_file(const char *name, const void *data, size_t len)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	if (!f || fwrite(data, 1, len, f) != len || fclose(f))
		abort();
}

static void pcrs_to_file(const char *name, unsigned int alg)
{
	char text[PCRS * 220];
	unsigned int pcr, i;
	size_t at = 0;
	u8 v[64];

	for (pcr = 0; pcr < PCRS; pcr++) {
		vtpm_matrix_peek(tpm.matrix, 0, algs[alg].id, pcr, v);
		at += sprintf(text + at, "PCR-%02u:", pcr);
		for (i = 0; i < algs[alg].size; i++)
			at += sprintf(text + at, " %02X", v[i]);
		text[at++] = '\n';
	}
	to_file(name, text, at);
}

/* What it prints; its exit status. 127: there is no such program. */
static int run_program(const char *command, char *out, size_t room)
{
	char line[512];
	size_t n;
	FILE *f;
	int rc;

	snprintf(line, sizeof(line), "cd %s && %s 2>&1", folder, command);
	f = popen(line, "r");
	n = f ? fread(out, 1, room - 1, f) : 0;
	out[n] = 0;
	rc = f ? pclose(f) : -1;
	return WIFEXITED(rc) ? WEXITSTATUS(rc) : -1;
}

/* tpm2_eventlog's own replay, of the PCRs that the log is about. */
static bool says_pcr(const char *out, unsigned int alg, unsigned int pcr)
{
	char want[160];
	size_t at;
	unsigned int i;
	u8 v[64];

	out = strstr(out, "\npcrs:");
	snprintf(want, sizeof(want), "\n  %s:\n", algs[alg].name);
	out = out ? strstr(out, want) : NULL;
	vtpm_matrix_peek(tpm.matrix, 0, algs[alg].id, pcr, v);
	at = snprintf(want, sizeof(want), "\n    %-2u : 0x", pcr);
	for (i = 0; i < algs[alg].size; i++)
		at += sprintf(want + at, "%02x", v[i]);
	return out && strstr(out, want);
}

static void other_programs(void)
{
	static char out[1 << 20];
	struct signer it;
	int rc;

	host_tpm_new(&tpm, POLICY);
	signer_new(&it, "IT department", false, NULL);
	EXPECT_EQ(vtpm_trust_add("it", it.der, it.der_len), 0);
	EXPECT_EQ(load_fill(&it, "m", "approved", 1), 0);
	tpm.locality = 4;
	EXPECT_EQ(reset(20), 0);
	tpm.locality = 0;
	EXPECT_EQ(digest_extend(7, 0xb, 1), 0);
	EXPECT_EQ(digest_extend(7, 4, 2), 0);
	EXPECT_EQ(event(0, "what happened"), 0);
	EXPECT_EQ(extend_twice(3), 0);
	EXPECT_EQ(measure(10, 0xb, "text", "/usr/bin/program"), 0);
	EXPECT_EQ(measure(10, 0xd, "other text", "boot_aggregate"), 0);
	strcpy(folder, "/tmp/vtpm-log-XXXXXX");
	EXPECT(mkdtemp(folder));
	read_log(tpm.matrix, VTPM_LOG_TCG);
	to_file("tcg", log_bytes, log_len);
	EXPECT(memmem(log_bytes, log_len, "\013certificate", 12));	/* they pass over it */
	vtpm_trust_remove("it");
	signer_free(&it);
	rc = run_program("tpm2_eventlog tcg", out, sizeof(out));
	EXPECT(!rc || rc == 127);
	EXPECT(rc || (says_pcr(out, 0, 7) && says_pcr(out, 1, 7) && says_pcr(out, 2, 0)));
	EXPECT(rc || (says_pcr(out, 1, 3) && says_pcr(out, 1, 10) && !strstr(out, "rror")));
	read_log(tpm.matrix, VTPM_LOG_RUNTIME);
	to_file("ima", log_bytes, log_len);
	pcrs_to_file("sha1", 0);
	pcrs_to_file("sha256", 1);
	rc = run_program("evmctl ima_measurement --pcrs sha1,sha1 --pcrs sha256,sha256 ima", out,
			 sizeof(out));
	EXPECT(!rc || rc == 127);
	EXPECT(rc || strstr(out, "Matched"));
	/* and does see one that does not fit */
	log_bytes[4] ^= 1;
	log_bytes[50] ^= 1;
	to_file("ima", log_bytes, log_len);
	EXPECT(run_program("evmctl ima_measurement --pcrs sha256,sha256 ima", out, sizeof(out)));
	run_program("rm -rf ../$(basename $PWD)", out, sizeof(out));
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* ---- the state ---- */

static void state_has_it(void)
{
	struct host_tpm h;
	struct replay r;
	struct blob b;

	host_tpm_new(&tpm, POLICY);
	EXPECT_EQ(digest_extend(7, 0xb, 1), 0);
	EXPECT_EQ(event(7, "data"), 0);
	tpm.locality = 4;
	EXPECT_EQ(reset(20), 0);
	tpm.locality = 0;
	EXPECT_EQ(state_of(&tpm, VTPM_STATE_ALL, &b), 0);
	EXPECT_EQ(state_into(&h, &b, VTPM_STATE_ALL, NULL, NULL), 0);
	EXPECT(replay(h.matrix, &r));
	EXPECT(!differing(h.matrix, &r) && r.entries == 2 && r.resets == 1);
	EXPECT_EQ(state_done(&h), 0);
	/* what is off has none */
	EXPECT_EQ(state_into(&h, &b, VTPM_STATE_PERMANENT, NULL, NULL), 0);
	EXPECT(replay(h.matrix, &r));
	EXPECT(!r.entries && !r.resets && !r.lost[7]);
	EXPECT_EQ(state_done(&h), 0);
	blob_free(&b);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static size_t log_block(const struct blob *b)
{
	size_t at = VTPM_STATE_HEADER;

	while (at < b->len && block_type(b, at) != STATE_LOG)
		at = block_next(b, at);
	return at;
}

/* A state of the time before: nothing is known of any PCR. */
static void state_without(void)
{
	struct host_tpm h;
	struct replay r;
	struct blob b;

	host_tpm_new(&tpm, POLICY);
	EXPECT_EQ(digest_extend(7, 0xb, 1), 0);
	EXPECT_EQ(state_of(&tpm, VTPM_STATE_ALL, &b), 0);
	EXPECT(log_block(&b) < b.len);
	put_unaligned_be16(0x7fff, b.p + log_block(&b));	/* not known, not critical */
	EXPECT_EQ(state_into(&h, &b, VTPM_STATE_ALL, NULL, NULL), 0);
	EXPECT(replay(h.matrix, &r));
	EXPECT(r.lost[7] && r.lost[0] && !r.entries);
	EXPECT_EQ(state_done(&h), 0);
	blob_free(&b);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* Any byte of the block is changed; what is taken is a log that can be read. */
static void state_changed(void)
{
	size_t at, end, i, taken = 0, refused = 0;
	struct host_tpm h;
	struct replay r;
	struct blob b;
	int err;

	host_tpm_new(&tpm, POLICY);
	EXPECT_EQ(event(7, "data"), 0);
	tpm.locality = 4;
	EXPECT_EQ(reset(20), 0);
	tpm.locality = 0;
	EXPECT_EQ(state_of(&tpm, VTPM_STATE_ALL, &b), 0);
	at = log_block(&b) + VTPM_STATE_BLOCK;
	end = block_next(&b, at - VTPM_STATE_BLOCK);
	EXPECT_EQ(end, b.len);
	for (i = at + 4 * PCRS; i < end; i++) {
		b.p[i] ^= 0x41;
		err = state_into(&h, &b, VTPM_STATE_ALL, NULL, NULL);
		b.p[i] ^= 0x41;
		EXPECT(!err || err == -EBADMSG);
		refused += !!err;
		taken += !err;
		if (err)
			continue;
		EXPECT(replay(h.matrix, &r));
		EXPECT_EQ(state_done(&h), 0);
	}
	EXPECT(refused > 60 && taken > 60);
	blob_free(&b);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static const struct test_case cases[] = {
	{ "other_programs", other_programs },
	{ "state_has_it", state_has_it },
	{ "state_without", state_without },
	{ "state_changed", state_changed },
};

TEST_MAIN("log_out", cases)
