// SPDX-License-Identifier: GPL-2.0-only
/* TPM2_PCR_Allocate: which banks there are after the next TPM Reset. */
#include "test.h"
#include "tpm.h"
#include "property/property.h"
#include "tpm2/engine.h"

#define P(rc, n)	((u32)(__force u32)(rc) | 0x40 | (n) << 8)
#define RAW(rc)		((__force u32)(rc))
#define ALL		0xffffffu

static const u16 algs[4] = { TPM_ALG_SHA1, TPM_ALG_SHA256, TPM_ALG_SHA384, TPM_ALG_SHA512 };
static const u32 sizes[4] = { 20, 32, 48, 64 };

static struct host_tpm tpm;

struct answer {
	u8 success;
	u32 max, needed, available;
};

/* @n banks; each is an algorithm and its PCRs */
static u32 allocate(unsigned int n, const u32 (*banks)[2], struct answer *a)
{
	struct cmd c;
	struct rsp r;
	unsigned int i;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_PCR_Allocate, 1, 1, TPM_RH_PLATFORM);
	cmd_u32(&c, n);
	for (i = 0; i < n; i++) {
		cmd_u16(&c, banks[i][0]);
		cmd_u8(&c, 3);
		cmd_u8(&c, banks[i][1]);
		cmd_u8(&c, banks[i][1] >> 8);
		cmd_u8(&c, banks[i][1] >> 16);
	}
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	a->success = rsp_u8(&r);
	a->max = rsp_u32(&r);
	a->needed = rsp_u32(&r);
	a->available = rsp_u32(&r);
	return r.bad || r.left ? 0xffffffff : 0;
}

typedef u32 bank_pcrs[2];

#define ALLOCATE(a, ...) \
	allocate(sizeof((bank_pcrs[]) { __VA_ARGS__ }) / 8, (const bank_pcrs[]) { __VA_ARGS__ }, a)

/* TPM_CAP_PCRS */
static void banks(u32 pcrs[4])
{
	struct cmd c;
	struct rsp r;
	u32 n, i;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
	cmd_u32(&c, TPM_CAP_PCRS);
	cmd_u32(&c, 0);
	cmd_u32(&c, 100);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	r = rsp_params(&tpm, NULL);
	rsp_u8(&r);
	rsp_u32(&r);
	n = rsp_u32(&r);
	EXPECT_EQ(n, 4);
	for (i = 0; i < n; i++) {
		EXPECT_EQ(rsp_u16(&r), algs[i]);
		EXPECT_EQ(rsp_u8(&r), 3);
		pcrs[i] = rsp_u8(&r);
		pcrs[i] |= rsp_u8(&r) << 8;
		pcrs[i] |= rsp_u8(&r) << 16;
	}
}

static void expect_banks(u32 sha1, u32 sha256, u32 sha384, u32 sha512)
{
	u32 want[4] = { sha1, sha256, sha384, sha512 }, pcrs[4];

	banks(pcrs);
	OK_SO_FAR();
	EXPECT_MEM(pcrs, want, sizeof(pcrs));
}

static u32 simple(u32 code, u16 arg)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, code);
	cmd_u16(&c, arg);
	return cmd_run(&tpm, &c);
}

static u32 reset(void)
{
	tpm2_power_on(tpm.t);
	return simple(TPM_CC_Startup, TPM_SU_CLEAR);
}

static u32 extend(u32 pcr, u16 alg, u8 fill)
{
	struct cmd c;
	unsigned int i, n;

	cmd_begin_pw(&c, TPM_CC_PCR_Extend, 1, 1, pcr);
	cmd_u32(&c, 1);
	cmd_u16(&c, alg);
	for (i = 0; algs[i] != alg; i++)
		;
	for (n = 0; n < sizes[i]; n++)
		cmd_u8(&c, fill);
	return cmd_run(&tpm, &c);
}

/* Digest size of the value, 0 when there is none. */
static u16 read_pcr(u32 pcr, u16 alg, u8 *value)
{
	struct cmd c;
	struct rsp r;
	const u8 *p;
	u16 len = 0;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PCR_Read);
	cmd_u32(&c, 1);
	cmd_u16(&c, alg);
	cmd_u8(&c, 3);
	cmd_u8(&c, 1u << pcr);
	cmd_u8(&c, (1u << pcr) >> 8);
	cmd_u8(&c, (1u << pcr) >> 16);
	if (cmd_run(&tpm, &c))
		return 0;
	r = rsp_params(&tpm, NULL);
	rsp_bytes(&r, 4 + 4 + 2 + 1 + 3);
	if (rsp_u32(&r) != 1)
		return 0;
	p = rsp_2b(&r, &len);
	memcpy(value, p, len);
	return len;
}

static void end(void)
{
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* ---- cases ---- */

/* SHA-256 is active and the others may be; what is asked for holds from the reset on. */
static void at_reset(void)
{
	const u32 room = 24 * (20 + 32 + 48 + 64);
	struct answer a;
	u8 v[64], zero[64] = { 0 };
	u32 i;

	host_tpm_new(&tpm, NULL);
	expect_banks(0, ALL, 0, 0);
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA1, ALL }, { TPM_ALG_SHA512, ALL }), 0);
	EXPECT(a.success && a.max == 24 && a.needed == 24 * (20 + 32 + 64) && a.available == room);
	expect_banks(0, ALL, 0, 0);
	EXPECT_EQ(extend(0, TPM_ALG_SHA1, 1), 0);
	EXPECT_EQ(read_pcr(0, TPM_ALG_SHA1, v), 0);
	EXPECT_EQ(extend(0, TPM_ALG_SHA256, 1), 0);
	EXPECT_EQ(reset(), 0);
	expect_banks(ALL, ALL, 0, ALL);
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(read_pcr(0, algs[i], v), i == 2 ? 0 : sizes[i]);
		EXPECT(i == 2 || !memcmp(v, zero, sizes[i]));
		EXPECT_EQ(read_pcr(17, algs[i], v), i == 2 ? 0 : sizes[i]);
		EXPECT(i == 2 || v[sizes[i] - 1] == 0xff);
		EXPECT_EQ(extend(5, algs[i], 2), 0);
		EXPECT_EQ(read_pcr(5, algs[i], v), i == 2 ? 0 : sizes[i]);
		EXPECT(i == 2 || memcmp(v, zero, sizes[i]));
	}
	/* and stays so */
	EXPECT_EQ(reset(), 0);
	expect_banks(ALL, ALL, 0, ALL);
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA1, 0 }, { TPM_ALG_SHA256, 0 }), 0);
	EXPECT(a.success && a.needed == 24 * 64);
	EXPECT_EQ(reset(), 0);
	expect_banks(0, 0, 0, ALL);
	end();
}

/* The last command before a reset counts alone, and in it the last word for a bank. */
static void words(void)
{
	struct answer a;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA384, ALL }), 0);
	EXPECT_EQ(a.needed, 24 * (32 + 48));
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA1, ALL }, { TPM_ALG_SHA256, 0 }), 0);
	EXPECT_EQ(a.needed, 24 * 20);
	EXPECT_EQ(allocate(0, NULL, &a), 0);
	EXPECT(a.success && a.needed == 24 * 32);
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA1, ALL }, { TPM_ALG_SHA1, 0 }, { TPM_ALG_SHA384, ALL },
			   { TPM_ALG_SHA256, 0 }), 0);
	EXPECT_EQ(a.needed, 24 * 48);
	EXPECT_EQ(reset(), 0);
	expect_banks(0, 0, ALL, 0);
	end();
}

/* Only some PCRs of a bank: the others are as if it did not have them. */
static void parts(void)
{
	const u32 few = BIT(0) | BIT(7) | BIT(17);
	struct answer a;
	u8 v[64];
	u32 pcr;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA1, few }, { TPM_ALG_SHA256, BIT(1) }), 0);
	EXPECT_EQ(a.needed, 3 * 20 + 32);
	EXPECT_EQ(reset(), 0);
	expect_banks(few, BIT(1), 0, 0);
	for (pcr = 0; pcr < 17; pcr++) {
		EXPECT_EQ(extend(pcr, TPM_ALG_SHA1, 7), 0);
		EXPECT_EQ(read_pcr(pcr, TPM_ALG_SHA1, v), few & BIT(pcr) ? 20 : 0);
		EXPECT_EQ(extend(pcr, TPM_ALG_SHA256, 7), 0);
		EXPECT_EQ(read_pcr(pcr, TPM_ALG_SHA256, v), pcr == 1 ? 32 : 0);
	}
	end();
}

/* PCR 0 and 17 have to be somewhere. */
static void required(void)
{
	struct answer a;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA256, 0 }), RAW(TPM_RC_PCR));
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA256, ALL & ~1 }), RAW(TPM_RC_PCR));
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA256, ALL & ~BIT(17) }), RAW(TPM_RC_PCR));
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA256, BIT(17) }), RAW(TPM_RC_PCR));
	EXPECT_EQ(simple(TPM_CC_Shutdown, TPM_SU_STATE), 0);	/* none of them counts */
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA256, BIT(17) }, { TPM_ALG_SHA1, 1 }), 0);
	EXPECT_EQ(reset(), 0);
	expect_banks(1, BIT(17), 0, 0);
	end();
}

/* The policy's banks are all there can be. */
static void policy(void)
{
	struct answer a;

	host_tpm_new(&tpm, "bank sha256 sha1\n");
	expect_banks(ALL, ALL, 0, 0);
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA512, ALL }), 0);
	EXPECT(!a.success && a.needed == 24 * (20 + 32 + 64) && a.available == 24 * 52);
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA512, ALL }, { TPM_ALG_SHA1, 0 }), 0);
	EXPECT(!a.success);
	EXPECT_EQ(reset(), 0);
	expect_banks(ALL, ALL, 0, 0);
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA256, 0 }), 0);
	EXPECT(a.success);
	EXPECT_EQ(reset(), 0);
	expect_banks(ALL, 0, 0, 0);
	end();
}

/* What a rule hides is hidden in a bank that comes later, too. */
static void hidden(void)
{
	struct answer a;
	u8 v[64];

	host_tpm_new(&tpm, "read pcr=5 hide\n");
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA1, ALL }), 0);
	EXPECT_EQ(reset(), 0);
	EXPECT_EQ(read_pcr(4, TPM_ALG_SHA1, v), 20);
	EXPECT_EQ(read_pcr(5, TPM_ALG_SHA1, v), 0);
	EXPECT_EQ(read_pcr(5, TPM_ALG_SHA256, v), 0);
	end();
}

static int set_policy(const char *text)
{
	struct vtpm_policy *p;

	if (vtpm_policy_parse(text, strlen(text), &tpm.mem, &p, NULL))
		return -1;
	if (!vtpm_matrix_set_policy(tpm.matrix, p, NULL))
		return 0;
	vtpm_policy_free(&tpm.mem, p);
	return 1;
}

/* Another policy names what the instance may have, or what it has; and has the last word. */
static void another_policy(void)
{
	struct answer a;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(set_policy("bank sha1\n"), 1);
	EXPECT_EQ(set_policy("bank sha1 sha256\n"), 1);
	EXPECT_EQ(set_policy("read pcr=1 hide\n"), 0);
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA1, ALL }), 0);
	EXPECT(a.success);
	EXPECT_EQ(set_policy("bank sha256\n"), 0);
	EXPECT_EQ(reset(), 0);
	expect_banks(0, ALL, 0, 0);	/* it has come to exclude the other */
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA1, ALL }), 0);
	EXPECT(!a.success);
	end();
}

/* No state is saved between the word and the reset (22.5.1). */
static void saved_state(void)
{
	struct answer a;

	host_tpm_new(&tpm, NULL);
	EXPECT_EQ(simple(TPM_CC_Shutdown, TPM_SU_STATE), 0);
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA1, ALL }), 0);
	EXPECT_EQ(simple(TPM_CC_Shutdown, TPM_SU_STATE), P(TPM_RC_TYPE, 1));
	EXPECT_EQ(simple(TPM_CC_Shutdown, TPM_SU_CLEAR), 0);
	tpm2_power_on(tpm.t);
	EXPECT_EQ(simple(TPM_CC_Startup, TPM_SU_STATE), P(TPM_RC_VALUE, 1));
	EXPECT_EQ(simple(TPM_CC_Startup, TPM_SU_CLEAR), 0);
	expect_banks(ALL, ALL, 0, 0);
	EXPECT_EQ(simple(TPM_CC_Shutdown, TPM_SU_STATE), 0);
	end();
}

static int no_memory(void *pcrs, const u32 wanted[VTPM_MAX_BANKS])
{
	return -ENOMEM;
}

/* A start that finds no memory has done nothing, and may be tried again. */
static void start_without_memory(void)
{
	const struct tpm2_pcr_ops *ops;
	struct tpm2_pcr_ops failing;
	struct answer a;

	host_tpm_new(&tpm, NULL);
	ops = tpm.t->cfg.pcr_ops;
	failing = *ops;
	failing.allocate = no_memory;
	EXPECT_EQ(ALLOCATE(&a, { TPM_ALG_SHA1, ALL }), 0);
	tpm.t->cfg.pcr_ops = &failing;
	EXPECT_EQ(reset(), RAW(TPM_RC_MEMORY));
	EXPECT(!tpm.t->started);
	tpm.t->cfg.pcr_ops = ops;
	EXPECT_EQ(simple(TPM_CC_Startup, TPM_SU_CLEAR), 0);
	expect_banks(ALL, ALL, 0, 0);
	end();
}

static const struct test_case cases[] = {
	{ "at the next reset", at_reset },
	{ "more than one word", words },
	{ "parts of a bank", parts },
	{ "PCRs that have to be", required },
	{ "the policy's banks", policy },
	{ "hidden in every bank", hidden },
	{ "another policy", another_policy },
	{ "no saved state", saved_state },
	{ "no memory at the start", start_without_memory },
};

TEST_MAIN("allocate", cases)
