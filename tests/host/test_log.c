// SPDX-License-Identifier: GPL-2.0-only
/*
 * The measurement log: a whole TPM is measured into, the log is read out in both forms
 * and replayed.
 */
#include "log_support.h"

static void all_kinds(void)
{
	struct replay r;

	host_tpm_new(&tpm, POLICY);
	EXPECT_REPLAY(&r, 0);
	EXPECT(!r.entries && !r.resets);
	EXPECT_EQ(digest_extend(7, 0xb, 1), 0);
	EXPECT_EQ(digest_extend(7, 4, 2), 0);
	EXPECT_EQ(digest_extend(7, 0xd, 2), 0);	/* not active: nothing happens */
	EXPECT_REPLAY(&r, 0);
	EXPECT_EQ(r.entries, 2);
	EXPECT(r.last_len == 9 && get_unaligned_le32(r.last) == VTPM_LOG_EXTEND);
	EXPECT_EQ(extend_twice(3), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT_EQ(r.entries, 4);
	EXPECT_EQ(event(0, "what happened"), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT_EQ(r.entries, 5);
	EXPECT_EQ(get_unaligned_le32(r.last), VTPM_LOG_EVENT);
	EXPECT(r.last_len == 9 + 13 && !r.last[8] && !memcmp(r.last + 9, "what happened", 13));
	EXPECT_EQ(event(TPM_RH_NULL, "nowhere"), 0);
	tpm.locality = 3;
	EXPECT_EQ(digest_extend(17, 0xb, 1), 0);	/* starts as ones */
	EXPECT_REPLAY(&r, 0);
	EXPECT(r.entries == 6 && r.last[8] == 3);
	tpm.locality = 0;
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static u32 event_sequence(u32 pcr, const char *first, const char *last)
{
	struct cmd c;
	u32 handle;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_HashSequenceStart);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	if (cmd_run(&tpm, &c))
		return 0xffffffff;
	rsp_params(&tpm, &handle);
	if (first) {
		cmd_begin_pw(&c, TPM_CC_SequenceUpdate, 1, 1, handle);
		cmd_2b(&c, first, strlen(first));
		if (cmd_run(&tpm, &c))
			return 0xffffffff;
	}
	cmd_begin_pw(&c, TPM_CC_EventSequenceComplete, 2, 2, pcr, handle);
	cmd_2b(&c, last, strlen(last));
	return cmd_run(&tpm, &c);
}

/* A sequence's data are in the log where they came at once; else the digests are alone. */
static void event_sequences(void)
{
	struct replay r;

	host_tpm_new(&tpm, POLICY);
	EXPECT_EQ(event_sequence(7, NULL, "at once"), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT_EQ(get_unaligned_le32(r.last), VTPM_LOG_EVENT);
	EXPECT(r.last_len == 9 + 7 && !memcmp(r.last + 9, "at once", 7));
	EXPECT_EQ(event_sequence(7, "in two", " parts"), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT_EQ(get_unaligned_le32(r.last), VTPM_LOG_EXTEND);
	EXPECT_EQ(r.last_len, 9);
	/* even if the first part says nothing */
	EXPECT_EQ(event_sequence(7, "", "the second"), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT_EQ(get_unaligned_le32(r.last), VTPM_LOG_EXTEND);
	EXPECT_EQ(event_sequence(TPM_RH_NULL, NULL, "nowhere"), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT_EQ(r.entries, 3);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* An entry is there if and only if the PCR was extended. */
static void refused(void)
{
	struct replay r;

	host_tpm_new(&tpm, POLICY);
	EXPECT(digest_extend(18, 0xb, 1) && digest_extend(24, 0xb, 1));
	EXPECT_EQ(digest_extend(TPM_RH_NULL, 0xb, 1), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT(!r.entries && !r.resets);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static void resets(void)
{
	struct replay r;

	host_tpm_new(&tpm, POLICY);
	EXPECT_EQ(digest_extend(16, 0xb, 1), 0);
	EXPECT_EQ(digest_extend(7, 0xb, 2), 0);
	EXPECT_EQ(digest_extend(23, 4, 3), 0);
	EXPECT_EQ(digest_extend(16, 4, 4), 0);
	EXPECT_EQ(reset(16), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT(r.entries == 2 && !r.resets);
	EXPECT_EQ(digest_extend(16, 0xb, 5), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT_EQ(r.entries, 3);
	/* one that has ones after a start, and zeros from here on */
	tpm.locality = 4;
	EXPECT_EQ(reset(20), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT_EQ(r.resets, 1);
	tpm.locality = 2;
	EXPECT_EQ(digest_extend(20, 0xb, 6), 0);
	EXPECT_EQ(reset(20), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT(r.entries == 3 && r.resets == 1);
	tpm.locality = 0;
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static u32 command_u16(u32 code, u16 v)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, code);
	cmd_u16(&c, v);
	return cmd_run(&tpm, &c);
}

static void power_cycles(void)
{
	struct replay r;

	host_tpm_new(&tpm, POLICY);
	EXPECT_EQ(digest_extend(7, 0xb, 1), 0);
	EXPECT_EQ(digest_extend(16, 0xb, 1), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT(!r.entries && !r.resets);
	/* a resumed TPM keeps PCRs 0 to 15 */
	EXPECT_EQ(digest_extend(7, 0xb, 2), 0);
	EXPECT_EQ(digest_extend(16, 0xb, 2), 0);
	EXPECT_EQ(command_u16(TPM_CC_Shutdown, TPM_SU_STATE), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(command_u16(TPM_CC_Startup, TPM_SU_STATE), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT(r.entries == 1 && !r.resets);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* What stands for the host's PCRs is in the log, and replay begins with it. */
static void mapped_values(void)
{
	u8 values[3 * 32];
	struct vtpm_host_pcrs bank = { TPM_ALG_SHA256, 32, 3, values };
	struct vtpm_host host = { 1, &bank };
	struct replay r;

	memset(values, 0x5a, sizeof(values));
	memset(values + 32, 0, 32);
	host_tpm_new(&tpm, "bank sha1 sha256\nprovider map\n");
	EXPECT_EQ(vtpm_matrix_set_host(tpm.matrix, &host), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	EXPECT_EQ(digest_extend(0, 0xb, 1), 0);
	replayed = "map";
	EXPECT_REPLAY(&r, 0);
	EXPECT(r.entries == 1 && r.mapped == 3);
	/* the second time is like the first, and a reset takes a value away */
	tpm2_power_on(tpm.t);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT(!r.entries && r.mapped == 3);
	replayed = "hash";
	EXPECT_REPLAY(&r, 0);
	EXPECT(!r.mapped);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* ---- vtpm_measure() ---- */

static void measured(void)
{
	char name[VTPM_MEASURE_NAME_MAX + 2];
	u8 sha1[20], sha256[32];
	struct cursor c;
	struct replay r;
	const u8 *data;
	u32 len;

	host_tpm_new(&tpm, POLICY);
	EXPECT_EQ(measure(10, 0xb, "text", "/usr/bin/program"), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT(r.entries == 1 && get_unaligned_le32(r.last) == VTPM_LOG_IMA);
	data = r.last + 9;
	len = r.last_len - 9;
	/* d-ng, n-ng */
	EXPECT_EQ(len, 4 + 8 + 32 + 4 + 17);
	EXPECT_EQ(get_unaligned_le32(data), 40);
	EXPECT_MEM(data + 4, "sha256:", 8);
	hash2(1, "text", 4, "", 0, sha256);
	EXPECT_MEM(data + 12, sha256, 32);
	EXPECT_EQ(get_unaligned_le32(data + 44), 17);
	EXPECT_MEM(data + 48, "/usr/bin/program", 17);
	/* as IMA lists it */
	EXPECT_EQ(event(10, "not in it"), 0);
	EXPECT_EQ(measure(11, 0xd, "more", "x"), 0);
	read_log(tpm.matrix, VTPM_LOG_RUNTIME);
	c = (struct cursor){ log_bytes, log_len };
	EXPECT_EQ(take_le(&c, 4), 10);
	hash2(0, log_bytes + 38, len, "", 0, sha1);
	EXPECT_MEM(take(&c, 20), sha1, 20);
	EXPECT_EQ(take_le(&c, 4), 6);
	EXPECT_MEM(take(&c, 6), "ima-ng", 6);
	EXPECT_EQ(take_le(&c, 4), len);
	take(&c, len);
	EXPECT_EQ(take_le(&c, 4), 11);
	EXPECT_EQ(log_len, 38 + len + 38 + 4 + 8 + 64 + 4 + 2);
	/* what is refused leaves nothing */
	memset(name, 'n', sizeof(name));
	name[VTPM_MEASURE_NAME_MAX + 1] = 0;
	EXPECT(measure(10, 0xb, "x", name) == -ENOENT && measure(10, 0xb, "x", "") == -ENOENT);
	EXPECT(measure(17, 0xb, "x", "x") == -EACCES && measure(24, 0xb, "x", "x") == -EINVAL);
	EXPECT_EQ(measure(10, 0xb, "x", name + 1), 0);
	EXPECT_REPLAY(&r, 0);
	EXPECT_EQ(r.entries, 4);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(measure(10, 0xb, "x", "x"), -EAGAIN);
	EXPECT_EQ(tpm2_startup(tpm.t), 0);
	tpm2_fail(tpm.t);
	EXPECT_EQ(measure(10, 0xb, "x", "x"), -EIO);
	host_tpm_free(&tpm);
}

/* It is a change like any other: of the state that was saved, and of pcrUpdateCounter. */
static void measured_counts(void)
{
	u32 counter;

	host_tpm_new(&tpm, NULL);
	counter = tpm.t->pcr_counter;
	EXPECT_EQ(measure(10, 0xb, "x", "x"), 0);
	EXPECT_EQ(tpm.t->pcr_counter, counter + 1);
	EXPECT_EQ(measure(16, 0xb, "x", "x"), 0);
	EXPECT_EQ(tpm.t->pcr_counter, counter + 1);
	EXPECT_EQ(command_u16(TPM_CC_Shutdown, TPM_SU_STATE), 0);
	EXPECT_EQ(measure(10, 0xb, "x", "x"), 0);
	tpm2_power_on(tpm.t);
	EXPECT(command_u16(TPM_CC_Startup, TPM_SU_STATE));
	host_tpm_free(&tpm);
}

/* ---- when it is full ---- */

static void full(void)
{
	struct replay r;
	unsigned int i;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(digest_extend(1, 0xb, 1), 0);
	for (i = 0; i < 2000; i++)
		EXPECT_EQ(digest_extend(23, 0xb, i), 0);
	EXPECT_EQ(digest_extend(2, 0xb, 1), 0);
	EXPECT_REPLAY(&r, BIT(23) | BIT(2));
	EXPECT(log_len > VTPM_LOG_BYTES - 64 && log_len < VTPM_LOG_BYTES + 300);
	EXPECT_EQ(r.entries + r.lost[23] + r.lost[2], 2002);
	EXPECT_EQ(r.lost[2], 1);
	EXPECT(!r.lost[1] && !r.lost[3]);
	/* a reset makes room, but no hole: PCR 2 has lost its first */
	EXPECT_EQ(reset(23), 0);
	EXPECT_EQ(digest_extend(2, 0xb, 2), 0);
	EXPECT_EQ(digest_extend(23, 0xb, 2), 0);
	EXPECT_EQ(digest_extend(1, 0xb, 2), 0);
	EXPECT_REPLAY(&r, BIT(2));
	EXPECT(r.entries == 3 && r.lost[2] == 2 && !r.lost[23]);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* Without memory for its entry an extend fails, and a start value is counted as lost. */
static void no_memory(void)
{
	u8 digest[32] = { 1 };
	struct tpml_digest_values list = { 1, { { TPM_ALG_SHA256, digest } } };
	struct tpm2_measurement e = { .pcr = 7, .digests = &list };
	struct replay r;

	host_tpm_new(&tpm, NULL);
	vt_host_fail_alloc = 0;
	EXPECT_EQ(vtpm_matrix_pcr_ops.extend(tpm.matrix, &e), -ENOMEM);
	vt_host_fail_alloc = 0;
	vtpm_matrix_pcr_ops.reset(tpm.matrix, 20, 0);
	vt_host_fail_alloc = -1;
	EXPECT_REPLAY(&r, BIT(20));
	EXPECT(!r.entries && r.lost[20] == 1 && !r.lost[7]);
	EXPECT_EQ(vtpm_matrix_pcr_ops.extend(tpm.matrix, &e), 0);
	EXPECT_REPLAY(&r, BIT(20));
	EXPECT_EQ(r.entries, 1);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static void grows_as_used(void)
{
	struct replay r;
	long before;

	host_tpm_new(&tpm, NULL);
	before = atomic_long_read(&tpm.mem.bytes);
	EXPECT_EQ(digest_extend(23, 0xb, 1), 0);
	EXPECT(atomic_long_read(&tpm.mem.bytes) > before);
	EXPECT(atomic_long_read(&tpm.mem.bytes) <= before + 512);
	EXPECT_EQ(reset(23), 0);
	EXPECT_EQ(atomic_long_read(&tpm.mem.bytes), before);
	EXPECT_REPLAY(&r, 0);
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

static const struct test_case cases[] = {
	{ "all_kinds", all_kinds },
	{ "event_sequences", event_sequences },
	{ "refused", refused },
	{ "resets", resets },
	{ "power_cycles", power_cycles },
	{ "mapped_values", mapped_values },
	{ "measured", measured },
	{ "measured_counts", measured_counts },
	{ "full", full },
	{ "no_memory", no_memory },
	{ "grows_as_used", grows_as_used },
};

TEST_MAIN("log", cases)
