// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine and Debian's libtpms in one process: the same command bytes to
 * both, in alternating blocks, so that what else the machine does falls on
 * both. Prints a table of medians and ratios, and writes them to a JSON file.
 *
 * usage: bench [--json FILE] [--bars] [NAME...]
 * --bars: ends with "ok" and "not ok" lines for the bars that the project holds
 */
#include <errno.h>
#include <libtpms/tpm_error.h>
#include <libtpms/tpm_library.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tpm.h"

#define BLOCKS	41

/* One side of the comparison. */
struct side {
	const char *name;
	u32 (*run)(struct side *s, const u8 *cmd, u32 len);
	u8 *rsp;
	u32 rsp_len;
	u32 handle[4];		/* what the case's set-up made */
};

/**
 * struct bench - one case
 * @name: of the command
 * @setup: makes what the command needs; may be NULL
 * @build: the command itself
 * @after: undoes what one run did (not timed); may be NULL
 * @per_block: runs in one block
 * @bar: most that ours / libtpms may be; 0: no bar
 */
struct bench {
	const char *name;
	void (*setup)(struct side *s);
	void (*build)(struct side *s, struct cmd *c);
	void (*after)(struct side *s);
	unsigned int per_block;
	double bar;
};

static void die(const char *what, u32 rc)
{
	fprintf(stderr, "bench: %s: 0x%x\n", what, rc);
	exit(1);
}

/* ---- ours ---- */

static struct host_tpm ours;

/*
 * What device/ does for a command, less the system calls: the bytes are copied
 * once. The instance's lock is taken once, in main(): libtpms has none.
 */
static u32 run_ours(struct side *s, const u8 *cmd, u32 len)
{
	static u8 buf[VTPM_MAX_COMMAND];

	memcpy(buf, cmd, len);
	s->rsp_len = tpm2_execute(ours.space, 0, buf, len, ours.rsp);
	s->rsp = ours.rsp;
	return get_unaligned_be32(s->rsp + 6);
}

/* ---- libtpms, with its state in memory ---- */

static TPM_RESULT nv_init(void)
{
	return TPM_SUCCESS;
}

static TPM_RESULT nv_load(unsigned char **data, uint32_t *length, uint32_t number, const char *name)
{
	return TPM_RETRY;	/* nothing stored: be manufactured */
}

static TPM_RESULT nv_store(const unsigned char *data, uint32_t length, uint32_t number,
			   const char *name)
{
	return TPM_SUCCESS;
}

static TPM_RESULT nv_delete(uint32_t number, const char *name, TPM_BOOL must_exist)
{
	return TPM_SUCCESS;
}

static TPM_RESULT io_init(void)
{
	return TPM_SUCCESS;
}

static TPM_RESULT io_locality(TPM_MODIFIER_INDICATOR *locality, uint32_t number)
{
	*locality = 0;
	return TPM_SUCCESS;
}

static TPM_RESULT io_presence(TPM_BOOL *presence, uint32_t number)
{
	*presence = 0;
	return TPM_SUCCESS;
}

static u32 run_libtpms(struct side *s, const u8 *cmd, u32 len)
{
	static unsigned char *rsp;
	static u32 room;

	if (TPMLIB_Process(&rsp, &s->rsp_len, &room, (unsigned char *)cmd, len))
		die("TPMLIB_Process", 0);
	s->rsp = rsp;
	return get_unaligned_be32(s->rsp + 6);
}

static struct side sides[2] = {
	{ .name = "ours", .run = run_ours },
	{ .name = "libtpms", .run = run_libtpms },
};

static void start_libtpms(void)
{
	struct libtpms_callbacks cb = {
		.sizeOfStruct = sizeof(cb),
		.tpm_nvram_init = nv_init,
		.tpm_nvram_loaddata = nv_load,
		.tpm_nvram_storedata = nv_store,
		.tpm_nvram_deletename = nv_delete,
		.tpm_io_init = io_init,
		.tpm_io_getlocality = io_locality,
		.tpm_io_getphysicalpresence = io_presence,
	};
	struct cmd c;
	u32 rc;

	if (TPMLIB_ChooseTPMVersion(TPMLIB_TPM_VERSION_2) || TPMLIB_RegisterCallbacks(&cb) ||
	    TPMLIB_MainInit())
		die("libtpms does not start", 0);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_Startup);
	cmd_u16(&c, TPM_SU_CLEAR);
	cmd_finish(&c);
	rc = sides[1].run(&sides[1], c.buf, c.len);
	if (rc)
		die("libtpms: TPM2_Startup", rc);
}

/* ---- commands ---- */

static void must(struct side *s, struct cmd *c, const char *what)
{
	u32 rc;

	cmd_finish(c);
	rc = s->run(s, c->buf, c->len);
	if (rc)
		die(what, rc);
}

static u32 response_handle(const struct side *s)
{
	return get_unaligned_be32(s->rsp + 10);
}

static void flush(struct side *s, u32 handle)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_FlushContext);
	cmd_u32(&c, handle);
	must(s, &c, "FlushContext");
}

static void end_2b(struct cmd *c, u32 at)
{
	put_unaligned_be16(c->len - at - 2, c->buf + at);
}

#define SIGNER                                                                           \
	(TPMA_OBJECT_SIGN | TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_SENSITIVEDATAORIGIN | \
	 TPMA_OBJECT_NODA)
#define PARENT                                                                                  \
	(TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT | TPMA_OBJECT_FIXEDTPM |                  \
	 TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_SENSITIVEDATAORIGIN | \
	 TPMA_OBJECT_NODA)

static void put_template(struct cmd *c, u16 type, bool parent)
{
	u32 at = c->len;

	cmd_u16(c, 0);
	cmd_u16(c, type);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u32(c, parent ? PARENT : SIGNER);
	cmd_u16(c, 0);
	if (parent) {
		cmd_u16(c, TPM_ALG_AES);
		cmd_u16(c, 128);
		cmd_u16(c, TPM_ALG_CFB);
	} else {
		cmd_u16(c, TPM_ALG_NULL);
	}
	cmd_u16(c, parent ? TPM_ALG_NULL : type == TPM_ALG_RSA ? TPM_ALG_RSASSA : TPM_ALG_ECDSA);
	if (!parent)
		cmd_u16(c, TPM_ALG_SHA256);
	if (type == TPM_ALG_RSA) {
		cmd_u16(c, 2048);
		cmd_u32(c, 0);
		cmd_u16(c, 0);
	} else {
		cmd_u16(c, TPM_ECC_NIST_P256);
		cmd_u16(c, TPM_ALG_NULL);
		cmd_u16(c, 0);
		cmd_u16(c, 0);
	}
	end_2b(c, at);
}

static void build_primary(struct cmd *c, u16 type, bool parent)
{
	cmd_begin_pw(c, TPM_CC_CreatePrimary, 1, 1, TPM_RH_OWNER);
	cmd_u16(c, 4);
	cmd_u32(c, 0);
	put_template(c, type, parent);
	cmd_u16(c, 0);
	cmd_u32(c, 0);
}

static void primary(struct side *s, u16 type, bool parent)
{
	struct cmd c;

	build_primary(&c, type, parent);
	must(s, &c, "CreatePrimary");
	s->handle[0] = response_handle(s);
}

static void setup_ecc(struct side *s)
{
	primary(s, TPM_ALG_ECC, false);
}

static void setup_rsa(struct side *s)
{
	primary(s, TPM_ALG_RSA, false);
}

static void setup_parent(struct side *s)
{
	primary(s, TPM_ALG_ECC, true);
}

static void build_sign(struct side *s, struct cmd *c)
{
	u8 digest[32] = { 1, 2, 3 };

	cmd_begin_pw(c, TPM_CC_Sign, 1, 1, s->handle[0]);
	cmd_2b(c, digest, sizeof(digest));
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u16(c, TPM_ST_HASHCHECK);
	cmd_u32(c, TPM_RH_NULL);
	cmd_u16(c, 0);
}

static void build_create_ecc(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_Create, 1, 1, s->handle[0]);
	cmd_u16(c, 4);
	cmd_u32(c, 0);
	put_template(c, TPM_ALG_ECC, false);
	cmd_u16(c, 0);
	cmd_u32(c, 0);
}

static void build_primary_ecc(struct side *s, struct cmd *c)
{
	build_primary(c, TPM_ALG_ECC, true);
}

static void flush_response(struct side *s)
{
	flush(s, response_handle(s));
}

static void build_seal(struct side *s, struct cmd *c)
{
	u8 secret[32] = { 7 };
	u32 at;

	cmd_begin_pw(c, TPM_CC_Create, 1, 1, s->handle[0]);
	cmd_u16(c, 4 + sizeof(secret));
	cmd_u16(c, 0);
	cmd_2b(c, secret, sizeof(secret));
	at = c->len;
	cmd_u16(c, 0);
	cmd_u16(c, TPM_ALG_KEYEDHASH);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u32(c, TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_USERWITHAUTH |
			   TPMA_OBJECT_NODA);
	cmd_u16(c, 0);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u16(c, 0);
	end_2b(c, at);
	cmd_u16(c, 0);
	cmd_u32(c, 0);
}

static u8 blob[2][2048];
static u32 blob_len[2];

static void keep_blob(struct side *s)
{
	unsigned int i = s - sides;
	const u8 *p = s->rsp + 14;
	u32 priv = 2 + get_unaligned_be16(p), pub = 2 + get_unaligned_be16(p + priv);

	blob_len[i] = priv + pub;
	memcpy(blob[i], p, blob_len[i]);
}

static void setup_sealed(struct side *s)
{
	struct cmd c;

	setup_parent(s);
	build_seal(s, &c);
	must(s, &c, "Create");
	keep_blob(s);
}

static void build_load(struct side *s, struct cmd *c)
{
	unsigned int i = s - sides;

	cmd_begin_pw(c, TPM_CC_Load, 1, 1, s->handle[0]);
	cmd_bytes(c, blob[i], blob_len[i]);
}

static void setup_loaded(struct side *s)
{
	struct cmd c;

	setup_sealed(s);
	build_load(s, &c);
	must(s, &c, "Load");
	s->handle[1] = response_handle(s);
}

static void build_unseal(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_Unseal, 1, 1, s->handle[1]);
}

static void build_extend(struct side *s, struct cmd *c)
{
	u8 digest[32] = { 9 };

	cmd_begin_pw(c, TPM_CC_PCR_Extend, 1, 1, 8);
	cmd_u32(c, 1);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_bytes(c, digest, sizeof(digest));
}

static void build_pcr_read(struct side *s, struct cmd *c)
{
	static const u8 select[3] = { 0, 1, 0 };

	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_PCR_Read);
	cmd_u32(c, 1);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u8(c, 3);
	cmd_bytes(c, select, 3);
}

static void build_random(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_GetRandom);
	cmd_u16(c, 32);
}

static void build_clock(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_ReadClock);
}

static void build_session(struct side *s, struct cmd *c)
{
	static const u8 nonce[16] = { 1 };

	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_StartAuthSession);
	cmd_u32(c, TPM_RH_NULL);
	cmd_u32(c, TPM_RH_NULL);
	cmd_2b(c, nonce, sizeof(nonce));
	cmd_u16(c, 0);
	cmd_u8(c, TPM_SE_POLICY);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u16(c, TPM_ALG_SHA256);
}

static void setup_session(struct side *s)
{
	struct cmd c;

	build_session(s, &c);
	must(s, &c, "StartAuthSession");
	s->handle[0] = response_handle(s);
}

static void build_policy_pcr(struct side *s, struct cmd *c)
{
	static const u8 select[3] = { 0, 1, 0 };

	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_PolicyPCR);
	cmd_u32(c, s->handle[0]);
	cmd_u16(c, 0);
	cmd_u32(c, 1);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u8(c, 3);
	cmd_bytes(c, select, 3);
}

static void build_quote(struct side *s, struct cmd *c)
{
	static const u8 select[3] = { 0, 1, 0 };

	cmd_begin_pw(c, TPM_CC_Quote, 1, 1, s->handle[0]);
	cmd_u16(c, 0);
	cmd_u16(c, TPM_ALG_NULL);
	cmd_u32(c, 1);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u8(c, 3);
	cmd_bytes(c, select, 3);
}

static u8 signature[2][512];
static u32 signature_len[2];

static void setup_verify(struct side *s)
{
	unsigned int i = s - sides;
	struct cmd c;

	setup_ecc(s);
	build_sign(s, &c);
	must(s, &c, "Sign");
	signature_len[i] = get_unaligned_be32(s->rsp + 10);
	memcpy(signature[i], s->rsp + 14, signature_len[i]);
}

static void build_verify(struct side *s, struct cmd *c)
{
	unsigned int i = s - sides;
	u8 digest[32] = { 1, 2, 3 };

	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_VerifySignature);
	cmd_u32(c, s->handle[0]);
	cmd_2b(c, digest, sizeof(digest));
	cmd_bytes(c, signature[i], signature_len[i]);
}

static const struct bench benches[] = {
	{ "PCR_Extend, one bank", NULL, build_extend, NULL, 2000, 1.0 },
	{ "PCR_Read", NULL, build_pcr_read, NULL, 2000, 1.0 },
	{ "GetRandom 32", NULL, build_random, NULL, 2000, 1.0 },
	{ "ReadClock", NULL, build_clock, NULL, 2000, 0 },
	{ "StartAuthSession", NULL, build_session, flush_response, 500, 0 },
	{ "PolicyPCR", setup_session, build_policy_pcr, NULL, 1000, 0 },
	{ "CreatePrimary P-256", NULL, build_primary_ecc, flush_response, 10, 0 },
	{ "Create P-256", setup_parent, build_create_ecc, NULL, 5, 0 },
	{ "Create sealed 32", setup_parent, build_seal, NULL, 200, 0 },
	{ "Load sealed", setup_sealed, build_load, flush_response, 200, 0 },
	{ "Unseal", setup_loaded, build_unseal, NULL, 1000, 0 },
	{ "Sign ECDSA P-256", setup_ecc, build_sign, NULL, 20, 0.3 },
	{ "VerifySignature P-256", setup_verify, build_verify, NULL, 20, 0 },
	{ "Quote P-256", setup_ecc, build_quote, NULL, 20, 0 },
	{ "Sign RSA-2048", setup_rsa, build_sign, NULL, 5, 0.7 },
};

/* ---- measuring ---- */

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Mean time of one run in a block, ns; what @after does is not counted. */
static double block(const struct bench *b, struct side *s, const struct cmd *c)
{
	double spent = 0, start = now_ns();
	unsigned int i;

	for (i = 0; i < b->per_block; i++) {
		double t0 = b->after ? now_ns() : 0;
		u32 rc = s->run(s, c->buf, c->len);

		if (rc)
			die(b->name, rc);
		if (b->after) {
			spent += now_ns() - t0;
			b->after(s);
		}
	}
	return (b->after ? spent : now_ns() - start) / b->per_block;
}

static void clean_up(struct side *s)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(s->handle); i++) {
		if (s->handle[i])
			flush(s, s->handle[i]);
		s->handle[i] = 0;
	}
}

static void measure(const struct bench *b, double median[2])
{
	double t[2][BLOCKS];
	static struct cmd c[2];
	unsigned int i, j;

	for (j = 0; j < 2; j++) {
		if (b->setup)
			b->setup(&sides[j]);
		b->build(&sides[j], &c[j]);
		cmd_finish(&c[j]);
		block(b, &sides[j], &c[j]);
	}
	for (i = 0; i < BLOCKS; i++)
		for (j = 0; j < 2; j++)
			t[j][i] = block(b, &sides[j], &c[j]);
	for (j = 0; j < 2; j++) {
		qsort(t[j], BLOCKS, sizeof(t[j][0]), by_value);
		median[j] = t[j][BLOCKS / 2];
		clean_up(&sides[j]);
	}
}

static bool wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++)
		if (strstr(name, argv[i]))
			return true;
	return !argc;
}

static void write_json(FILE *out, bool first, const char *name, const double m[2], double ratio)
{
	fprintf(out, "%s  {\"name\": \"%s\", ", first ? "" : ",\n", name);
	fprintf(out, "\"ours_ns\": %.0f, \"libtpms_ns\": %.0f, \"ratio\": %.4f}", m[0], m[1],
		ratio);
}

static void say_bar(const struct bench *b, double ratio)
{
	if (!b->bar)
		return;
	if (ratio <= b->bar)
		printf("ok bench.%s is %.2f of libtpms, bar %.1f\n", b->name, ratio, b->bar);
	else
		printf("not ok bench.%s - %.2f of libtpms, bar %.1f\n", b->name, ratio, b->bar);
}

int main(int argc, char **argv)
{
	double ratio[ARRAY_SIZE(benches)] = { 0 };
	const char *json = NULL;
	bool bars = false, first = true;
	FILE *out = NULL;
	unsigned int i;

	for (argc--, argv++; argc && !strncmp(*argv, "--", 2); argc--, argv++) {
		if (!strcmp(*argv, "--bars")) {
			bars = true;
		} else if (!strcmp(*argv, "--json") && argc > 1) {
			json = argv[1];
			argc--;
			argv++;
		} else {
			fputs("usage: bench [--json FILE] [--bars] [NAME...]\n", stderr);
			return 2;
		}
	}
	if (json) {
		out = fopen(json, "w");
		if (!out) {
			fprintf(stderr, "bench: %s: %s\n", json, strerror(errno));
			return 1;
		}
		fputs("[\n", out);
	}
	host_tpm_new(&ours, NULL);
	/* in its first second an instance looks at the clock with each command */
	usleep(1100000);
	mutex_lock(&ours.lock);
	start_libtpms();
	printf("%-24s %12s %12s %8s\n", "command", "ours, us", "libtpms, us", "ratio");
	for (i = 0; i < ARRAY_SIZE(benches); i++) {
		double m[2];

		if (!wanted(benches[i].name, argc, argv))
			continue;
		measure(&benches[i], m);
		ratio[i] = m[0] / m[1];
		printf("%-24s %12.2f %12.2f %8.2f\n", benches[i].name, m[0] / 1e3, m[1] / 1e3,
		       ratio[i]);
		fflush(stdout);
		if (out)
			write_json(out, first, benches[i].name, m, ratio[i]);
		first = false;
	}
	if (out) {
		fputs("\n]\n", out);
		fclose(out);
	}
	for (i = 0; bars && i < ARRAY_SIZE(benches); i++)
		if (ratio[i])
			say_bar(&benches[i], ratio[i]);
	return 0;
}
