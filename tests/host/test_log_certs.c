// SPDX-License-Identifier: GPL-2.0-only
/*
 * What certificates said of a measurement is in the measurement log: whatever becomes of
 * them, vPCRs of those who asked can be replayed from the log alone.
 */
#include "log_support.h"

#define CERTIFIED	"bank sha1 sha256\nprovider certificate represent=property\n"

static struct signer it, lab;

static void begin_with(const char *policy)
{
	host_tpm_new(&tpm, policy);
	EXPECT_EQ(vtpm_trust_add("it", it.der, it.der_len), 0);
	EXPECT_EQ(load_fill(&it, "m", "approved", 1), 0);
	replayed = "certificate";
}

static void done(void)
{
	vtpm_trust_remove("it");
	vtpm_trust_remove("lab");
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* Does the log give what all providers have, and of the certificate provider so many notes? */
static bool log_fits(const char *provider, unsigned int insteads)
{
	struct replay r;
	bool fits;

	replayed = "hash";
	fits = replay(tpm.matrix, &r) && !differing(tpm.matrix, &r);
	replayed = provider;
	return fits && replay(tpm.matrix, &r) && !differing(tpm.matrix, &r) &&
	       r.insteads == insteads;
}

#define EXPECT_FITS(n)	EXPECT(log_fits("certificate", n))

/* Each change of what is loaded has its effect on later measurements, and none on replay. */
static void over_time(void)
{
	begin_with(CERTIFIED);
	EXPECT_EQ(digest_extend(7, 0xb, 2), 0);
	EXPECT_FITS(0);
	EXPECT_EQ(digest_extend(7, 0xb, 1), 0);
	EXPECT_FITS(1);
	EXPECT_EQ(load_fill(&it, "m", "recalled", 2), 0);	/* in its place */
	EXPECT_FITS(1);
	EXPECT_EQ(digest_extend(7, 0xb, 1), 0);
	EXPECT_EQ(digest_extend(7, 0xb, 2), 0);
	EXPECT_FITS(2);
	EXPECT_EQ(load_text(&it, "vtpm-revocation 1\nname: r\nversion: 1\nrevoke-name: m\n"), 0);
	EXPECT_EQ(digest_extend(7, 0xb, 2), 0);
	EXPECT_EQ(digest_extend(8, 0xb, 2), 0);
	EXPECT_FITS(2);
	EXPECT_EQ(vtpm_cert_remove("r"), 0);
	EXPECT_EQ(digest_extend(8, 0xb, 2), 0);
	EXPECT_FITS(3);
	EXPECT_EQ(vtpm_trust_add("lab", lab.der, lab.der_len), 0);
	EXPECT_EQ(vtpm_trust_remove("it"), 0);
	EXPECT_EQ(load_fill(&lab, "m", "fine", 2), 0);
	EXPECT_EQ(digest_extend(8, 0xb, 2), 0);
	EXPECT_EQ(extend_twice(8), 0);
	EXPECT_FITS(4);
	vtpm_trust_remove("lab");
	EXPECT_FITS(4);
	done();
}

/* The banks of one entry go their own ways, and an event is noted like digests. */
static void banks(void)
{
	char text[512], hex[41] = "", hex256[65] = "";
	u8 sha1[20], sha256[32];

	begin_with(CERTIFIED);
	hash2(0, "what happened", 13, "", 0, sha1);
	hash2(1, "what happened", 13, "", 0, sha256);
	bin2hex(hex, sha1, 20);
	snprintf(text, sizeof(text), "vtpm-manifest 1\nname: e\nproperty: p\nsha1:%s\n", hex);
	EXPECT_EQ(load_text(&it, text), 0);
	EXPECT_EQ(event(3, "what happened"), 0);
	EXPECT_FITS(1);
	bin2hex(hex256, sha256, 32);
	snprintf(text, sizeof(text), "vtpm-manifest 1\nname: e2\nproperty: q\nsha256:%s\n", hex256);
	EXPECT_EQ(load_text(&it, text), 0);
	EXPECT_EQ(event(3, "what happened"), 0);
	EXPECT_FITS(2);
	vtpm_cert_remove("e");
	EXPECT_EQ(event(3, "what happened"), 0);
	EXPECT_FITS(3);
	done();
}

/* A template is noted, and in IMA's form it is alone as ever. */
static void measured(void)
{
	u8 template[VTPM_LOG_TEMPLATE], digest[32];
	char text[256], *p;
	size_t len;

	begin_with(CERTIFIED);
	hash2(1, "text", 4, "", 0, digest);
	len = vtpm_log_template(0xb, digest, "/usr/bin/program", template);
	hash2(1, template, len, "", 0, digest);
	p = text + sprintf(text, "vtpm-manifest 1\nname: t\nproperty: p\nsha256:");
	strcpy(bin2hex(p, digest, 32), "\n");
	EXPECT_EQ(load_text(&it, text), 0);
	EXPECT_EQ(measure(10, 0xb, "text", "/usr/bin/program"), 0);
	EXPECT_FITS(1);
	read_log(tpm.matrix, VTPM_LOG_RUNTIME);
	EXPECT_EQ(log_len, 38 + len);
	EXPECT_MEM(log_bytes + 38, template, len);
	done();
}

/* By key, and two providers that go different ways at one measurement. */
static void two_providers(void)
{
	begin_with("bank sha256\nprovider certificate represent=key party=lab\n"
	       "provider translate pcrs=0 into=10 represent=property party=it\n");
	EXPECT_EQ(digest_extend(10, 0xb, 1), 0);
	EXPECT_FITS(0);
	EXPECT(log_fits("translate", 1));
	EXPECT_EQ(vtpm_trust_add("lab", lab.der, lab.der_len), 0);
	EXPECT_EQ(load_fill(&lab, "l", "fine", 1), 0);
	EXPECT_EQ(digest_extend(10, 0xb, 1), 0);
	vtpm_trust_remove("lab");
	vtpm_trust_remove("it");
	EXPECT_FITS(1);
	EXPECT(log_fits("translate", 2));
	done();
}

/* A note goes with its entry: out of the log by a reset, and nowhere when there is no room. */
static void with_its_entry(void)
{
	struct replay r;
	unsigned int i;

	begin_with(CERTIFIED "limit log=700\n");
	EXPECT_EQ(digest_extend(16, 0xb, 1), 0);
	EXPECT_EQ(digest_extend(7, 0xb, 1), 0);
	EXPECT_EQ(digest_extend(16, 0xb, 1), 0);
	EXPECT_EQ(reset(16), 0);
	EXPECT_FITS(1);
	for (i = 0; i < 20; i++)
		EXPECT_EQ(digest_extend(16, 0xb, 1), 0);
	replayed = "certificate";
	EXPECT_REPLAY(&r, BIT(16));
	EXPECT(r.entries == r.insteads && r.entries + r.lost[16] == 21);
	/* what has no note would still fit, but not behind a hole */
	EXPECT_EQ(digest_extend(16, 0xb, 2), 0);
	EXPECT_REPLAY(&r, BIT(16));
	EXPECT_EQ(r.entries + r.lost[16], 22);
	EXPECT_EQ(r.entries, r.insteads);
	done();
}

/* Without memory for both nothing happens at all. */
static void no_memory(void)
{
	u8 digest[32];
	struct tpml_digest_values list = { 1, { { TPM_ALG_SHA256, digest } } };
	struct tpm2_measurement e = { .pcr = 7, .digests = &list };

	begin_with(CERTIFIED);
	memset(digest, 1, sizeof(digest));
	vt_host_fail_alloc = 0;
	EXPECT_EQ(vtpm_matrix_pcr_ops.extend(tpm.matrix, &e), -ENOMEM);
	vt_host_fail_alloc = -1;
	EXPECT_FITS(0);
	EXPECT_EQ(vtpm_matrix_pcr_ops.extend(tpm.matrix, &e), 0);
	EXPECT_FITS(1);
	done();
}

/* ---- in the state ---- */

static size_t log_block(const struct blob *b)
{
	size_t at = VTPM_STATE_HEADER;

	while (at < b->len && block_type(b, at) != STATE_LOG)
		at = block_next(b, at);
	return at;
}

static int import(const struct blob *b)
{
	struct host_tpm h;
	int rc = state_into(&h, b, VTPM_STATE_ALL, NULL, NULL);

	if (!rc)
		state_done(&h);
	return rc;
}

/* A note is whole, of a provider, and of banks that there are. */
static void in_the_state(void)
{
	const size_t entry = 8 + 4 + 34 + 4 + 9, note = 8 + 1 + 11 + 4 + 34;
	static const struct {
		u8 at, value;
		int rc;
	} bent[] = {
		{ 0, 3, -EBADMSG },	/* the tag */
		{ 4, 49, -EBADMSG },	/* its size */
		{ 4, 51, -EBADMSG },
		{ 8, 12, -EBADMSG },	/* of the name */
		{ 8, 200, -EBADMSG },
		{ 20, 0, -EBADMSG },	/* how many digests */
		{ 20, 2, -EBADMSG },
		{ 24, 0x0d, -EBADMSG },	/* no bank of the instance */
		{ 30, 0x77, 0 },
	};
	struct host_tpm was;
	unsigned int i;
	struct blob b;
	u8 *p, saved;

	begin_with(CERTIFIED);
	EXPECT_EQ(digest_extend(7, 0xb, 1), 0);
	EXPECT_EQ(digest_extend(8, 0xb, 1), 0);
	EXPECT_EQ(state_of(&tpm, VTPM_STATE_ALL, &b), 0);
	was = tpm;
	vtpm_trust_remove("it");
	EXPECT_EQ(state_into(&tpm, &b, VTPM_STATE_ALL, NULL, NULL), 0);
	EXPECT_FITS(2);
	EXPECT_EQ(state_done(&tpm), 0);
	tpm = was;
	EXPECT_EQ(log_block(&b) + VTPM_STATE_BLOCK + 4 * PCRS + 2 * (entry + note), b.len);
	p = b.p + b.len - note;
	for (i = 0; i < ARRAY_SIZE(bent); i++) {
		saved = p[bent[i].at];
		p[bent[i].at] = bent[i].value;
		EXPECT_EQ(import(&b), bent[i].rc);
		p[bent[i].at] = saved;
	}
	EXPECT_EQ(import(&b), 0);
	blob_free(&b);
	done();
}

static const struct test_case cases[] = {
	{ "over_time", over_time },
	{ "banks", banks },
	{ "measured", measured },
	{ "two_providers", two_providers },
	{ "with_its_entry", with_its_entry },
	{ "no_memory", no_memory },
	{ "in_the_state", in_the_state },
};

int main(int argc, char **argv)
{
	int rc;

	signer_new(&it, "IT department", false, NULL);
	signer_new(&lab, "laboratory", false, NULL);
	rc = test_run("log_certs", cases, ARRAY_SIZE(cases), argc, argv);
	signer_free(&it);
	signer_free(&lab);
	return rc;
}
