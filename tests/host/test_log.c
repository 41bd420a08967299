// SPDX-License-Identifier: GPL-2.0-only
/*
 * The measurement log: a whole TPM is measured into, the log is read out in both forms
 * and replayed here with OpenSSL, by a reader that shares no code with the writer.
 */
#include <openssl/evp.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "state_support.h"
#include "test.h"

#define PCRS	24
#define LOG_MAX	(2 << 20)

static struct host_tpm tpm;

static const struct {
	u16 id;
	unsigned int size;
	const char *name;
} algs[] = {
	{ 4, 20, "sha1" }, { 0xb, 32, "sha256" }, { 0xc, 48, "sha384" }, { 0xd, 64, "sha512" },
};

static int alg_index(u16 id)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(algs); i++)
		if (algs[i].id == id)
			return i;
	return -1;
}

static void hash2(unsigned int alg, const void *a, size_t a_len, const void *b, size_t b_len,
		  u8 *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	EVP_DigestInit_ex(ctx, EVP_get_digestbyname(algs[alg].name), NULL);
	EVP_DigestUpdate(ctx, a, a_len);
	EVP_DigestUpdate(ctx, b, b_len);
	EVP_DigestFinal_ex(ctx, out, NULL);
	EVP_MD_CTX_free(ctx);
}

/* ---- the reader ---- */

/**
 * struct replay - what a log says
 * @banks: bit by bit, of the header
 * @value: of each bank and PCR
 * @lost: entries that are not there
 * @entries: that extend
 * @resets: start values that all providers got
 * @mapped: and @replayed
 * @last: the last extending entry's event
 */
struct replay {
	u32 banks;
	u8 value[ARRAY_SIZE(algs)][PCRS][64];
	u32 lost[PCRS];
	unsigned int entries, resets, mapped;
	const u8 *last;
	u32 last_len;
};

struct cursor {
	const u8 *p;
	size_t left;
	bool bad;
};

static const u8 *take(struct cursor *c, size_t n)
{
	const u8 *p = c->p;

	if (c->bad || c->left < n) {
		c->bad = true;
		return NULL;
	}
	c->p += n;
	c->left -= n;
	return p;
}

static u32 take_le(struct cursor *c, unsigned int bytes)
{
	const u8 *p = take(c, bytes);
	u32 v = 0;

	while (p && bytes--)
		v = v << 8 | p[bytes];
	return v;
}

static bool read_header(struct cursor *c, struct replay *r)
{
	static const u8 zeros[20];
	u32 pcr = take_le(c, 4), type = take_le(c, 4), size, count, i;
	const u8 *digest = take(c, 20), *sig;

	size = take_le(c, 4);
	sig = take(c, 16);
	if (c->bad || pcr || type != 3 || memcmp(digest, zeros, 20) ||
	    memcmp(sig, "Spec ID Event03", 16))
		return false;
	take(c, 8);
	count = take_le(c, 4);
	if (size != 16 + 8 + 4 + 4 * count + 1)
		return false;
	for (i = 0; i < count; i++) {
		int alg = alg_index(take_le(c, 2));

		if (alg < 0 || take_le(c, 2) != algs[alg].size)
			return false;
		r->banks |= BIT(alg);
	}
	return !take_le(c, 1) && !c->bad;
}

static const char *replayed = "hash";

static bool no_action(struct replay *r, u32 pcr, struct cursor event)
{
	const u8 *sig = take(&event, 16), *name;
	u32 count, n;

	if (sig && !memcmp(sig, "vTPM LostEvents", 16)) {
		r->lost[pcr] = take_le(&event, 4);
		return !event.bad && !event.left;
	}
	if (!sig || memcmp(sig, "vTPM StartValue", 16))
		return false;
	n = take_le(&event, 1);
	name = take(&event, n);
	if (n && (!name || n != strlen(replayed) || memcmp(name, replayed, n)))
		return name;
	*(n ? &r->mapped : &r->resets) += 1;
	for (count = take_le(&event, 4); count; count--) {
		int alg = alg_index(take_le(&event, 2));
		const u8 *v = alg < 0 ? NULL : take(&event, algs[alg].size);

		if (!v)
			return false;
		memcpy(r->value[alg][pcr], v, algs[alg].size);
	}
	return !event.bad && !event.left;
}

static bool read_entry(struct cursor *c, struct replay *r)
{
	u32 pcr = take_le(c, 4), type = take_le(c, 4), count = take_le(c, 4), size, i;
	const u8 *digest[4];
	int alg[4];

	if (c->bad || pcr >= PCRS || !count || count > 4)
		return false;
	for (i = 0; i < count; i++) {
		alg[i] = alg_index(take_le(c, 2));
		if (alg[i] < 0 || !(r->banks & BIT(alg[i])))
			return false;
		digest[i] = take(c, algs[alg[i]].size);
		if (!digest[i])
			return false;
	}
	size = take_le(c, 4);
	if (type == 3)
		return no_action(r, pcr, (struct cursor){ take(c, size), size }) && !c->bad;
	r->last = take(c, size);
	r->last_len = size;
	if (c->bad || type != 6 || size < 9 || get_unaligned_le32(r->last + 4) != size - 8)
		return false;
	r->entries++;
	for (i = 0; i < count; i++)
		hash2(alg[i], r->value[alg[i]][pcr], algs[alg[i]].size, digest[i],
		      algs[alg[i]].size, r->value[alg[i]][pcr]);
	return true;
}

static u8 log_bytes[LOG_MAX];
static size_t log_len;

/* In pieces of odd sizes, as a reader of a file may do. */
static void read_log(struct vtpm_matrix *m, enum vtpm_log_form form)
{
	size_t n, piece = 1;

	for (log_len = 0; log_len < LOG_MAX; log_len += n) {
		n = vtpm_matrix_measurements(m, form, log_len, log_bytes + log_len,
					     min_t(size_t, piece, LOG_MAX - log_len));
		if (!n)
			return;
		piece = piece * 3 % 4099 + 1;
	}
}

static bool replay(struct vtpm_matrix *m, struct replay *r)
{
	struct cursor c;
	unsigned int i, pcr;

	memset(r, 0, sizeof(*r));
	for (i = 0; i < ARRAY_SIZE(algs); i++)
		for (pcr = 17; pcr <= 22; pcr++)
			memset(r->value[i][pcr], 0xff, 64);
	read_log(m, VTPM_LOG_TCG);
	c = (struct cursor){ log_bytes, log_len };
	if (!read_header(&c, r) || r->banks != vtpm_matrix_banks(m))
		return false;
	while (c.left)
		if (!read_entry(&c, r))
			return false;
	return true;
}

static unsigned int provider_index(struct vtpm_matrix *m)
{
	unsigned int i = 0;

	while (strcmp(vtpm_matrix_provider_name(m, i), replayed))
		i++;
	return i;
}

/* A bit for each PCR that has another value than the log gives it. */
static u32 differing(struct vtpm_matrix *m, const struct replay *r)
{
	unsigned int i, pcr;
	u32 differ = 0;
	u8 v[64];

	for (i = 0; i < ARRAY_SIZE(algs); i++)
		for (pcr = 0; pcr < PCRS && r->banks & BIT(i); pcr++)
			if (vtpm_matrix_peek(m, provider_index(m), algs[i].id, pcr, v) ||
			    memcmp(v, r->value[i][pcr], algs[i].size))
				differ |= BIT(pcr);
	return differ;
}

#define EXPECT_REPLAY(r, differ)	do {				\
	EXPECT(replay(tpm.matrix, (r)));				\
	EXPECT_EQ(differing(tpm.matrix, (r)), (differ));		\
} while (0)

/* ---- what is done to the TPM ---- */

static u32 digest_extend(u32 pcr, u16 alg, u8 fill)
{
	u8 digest[64];
	struct cmd c;

	memset(digest, fill, sizeof(digest));
	cmd_begin_pw(&c, TPM_CC_PCR_Extend, 1, 1, pcr);
	cmd_u32(&c, 1);
	cmd_u16(&c, alg);
	cmd_bytes(&c, digest, algs[alg_index(alg)].size);
	return cmd_run(&tpm, &c);
}

/* The same bank twice, and one that is not active between. */
static u32 extend_twice(u32 pcr)
{
	u8 digest[64] = { 7 };
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PCR_Extend, 1, 1, pcr);
	cmd_u32(&c, 3);
	cmd_u16(&c, 0xb);
	cmd_bytes(&c, digest, 32);
	cmd_u16(&c, 0xd);
	cmd_bytes(&c, digest, 64);
	digest[0] = 8;
	cmd_u16(&c, 0xb);
	cmd_bytes(&c, digest, 32);
	return cmd_run(&tpm, &c);
}

static u32 event(u32 pcr, const char *data)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PCR_Event, 1, 1, pcr);
	cmd_2b(&c, data, strlen(data));
	return cmd_run(&tpm, &c);
}

static u32 reset(u32 pcr)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PCR_Reset, 1, 1, pcr);
	return cmd_run(&tpm, &c);
}

#define POLICY	"bank sha1 sha256 sha384\nprovider certificate\n"

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

static int measure(u32 pcr, u16 alg, const char *text, const char *name)
{
	u8 template[VTPM_LOG_TEMPLATE], digest[64];
	size_t len;

	hash2(alg_index(alg), text, strlen(text), "", 0, digest);
	len = vtpm_log_template(alg, digest, name, template);
	return len ? tpm2_measure(tpm.t, pcr, 0, template, len) : -ENOENT;
}

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

/* ---- programs that others wrote ---- */

static char folder[] = "/tmp/vtpm-log-XXXXXX";

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
	int rc;

	host_tpm_new(&tpm, POLICY);
	tpm.locality = 4;
	EXPECT_EQ(reset(20), 0);
	tpm.locality = 0;
	EXPECT_EQ(digest_extend(7, 0xb, 1), 0);
	EXPECT_EQ(digest_extend(7, 4, 2), 0);
	EXPECT_EQ(event(0, "what happened"), 0);
	EXPECT_EQ(extend_twice(3), 0);
	EXPECT_EQ(measure(10, 0xb, "text", "/usr/bin/program"), 0);
	EXPECT_EQ(measure(10, 0xd, "other text", "boot_aggregate"), 0);
	EXPECT(mkdtemp(folder));
	read_log(tpm.matrix, VTPM_LOG_TCG);
	to_file("tcg", log_bytes, log_len);
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
	{ "all_kinds", all_kinds },
	{ "refused", refused },
	{ "resets", resets },
	{ "power_cycles", power_cycles },
	{ "mapped_values", mapped_values },
	{ "measured", measured },
	{ "measured_counts", measured_counts },
	{ "other_programs", other_programs },
	{ "full", full },
	{ "grows_as_used", grows_as_used },
	{ "state_has_it", state_has_it },
	{ "state_without", state_without },
	{ "state_changed", state_changed },
};

TEST_MAIN("log", cases)
