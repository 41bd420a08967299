// SPDX-License-Identifier: GPL-2.0-only
/*
 * What property providers cost an extend: TPM2_PCR_Extend of one bank in instances with 1, 2,
 * 4 and 8 providers, in alternating blocks, so that what else the machine does falls on all
 * of them. The median of its blocks stands for each, and of each round's quotients for
 * the ratio. With a bar missed all are measured twice more, and the best ratio counts.
 *
 * No manifest is loaded: what looking one up takes is measured in certs.c. The list of
 * provider "log" is full again and again, so that folding is part of the measurement.
 *
 * usage: bench-providers [--bars] [--json FILE]
 */
#include <time.h>

#include "../host/tpm.h"
#include "../../drivers/vtpm/property/property.h"

#define ROUNDS	101
#define RUNS	500	/* of one block */
#define TRIES	3	/* when a bar is missed: a machine may stall */

/**
 * struct row - one case
 * @name: to print
 * @policy: the instance's
 * @bar: at most so many times what the first row takes; 0: none
 * @tpm: the instance
 * @ns: of one command, in each round
 * @ratio: to the first row's
 */
struct row {
	const char *name;
	const char *policy;
	double bar;
	struct host_tpm tpm;
	double ns[ROUNDS];
	double ratio;
};

#define TWO	"provider certificate\n"
#define FOUR	TWO "provider log\nprovider map\n"
#define EIGHT	FOUR "provider accumulate pcrs=0-7 into=9\n"		\
		"provider translate pcrs=0-7 into=10\nprovider seven\nprovider eight\n"

static struct row rows[] = {
	{ .name = "1", .policy = "" },
	{ .name = "2", .policy = TWO, .bar = 1.5 },
	{ .name = "4", .policy = FOUR, .bar = 2.5 },
	{ .name = "8", .policy = EIGHT, .bar = 4.5 },
};

/* There are six; two more as modules would add them. */
static const struct vtpm_provider more[] = {
	{ .name = "seven", .api_version = VTPM_PROVIDER_API, .translate = vtpm_hash_translate },
	{ .name = "eight", .api_version = VTPM_PROVIDER_API, .translate = vtpm_hash_translate },
};

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(const double *from)
{
	double v[ROUNDS];

	memcpy(v, from, sizeof(v));
	qsort(v, ROUNDS, sizeof(v[0]), by_value);
	return v[ROUNDS / 2];
}

static double ratio(const struct row *r)
{
	double v[ROUNDS];
	unsigned int i;

	for (i = 0; i < ROUNDS; i++)
		v[i] = r->ns[i] / rows[0].ns[i];
	return median(v);
}

static double block(struct row *r, const struct cmd *c)
{
	static u8 buf[VTPM_MAX_COMMAND];
	struct host_tpm *h = &r->tpm;
	double start = now_ns();
	unsigned int i;

	for (i = 0; i < RUNS; i++) {
		memcpy(buf, c->buf, c->len);
		tpm2_execute(h->space, 0, buf, c->len, h->rsp);
		if (get_unaligned_be32(h->rsp + 6)) {
			fprintf(stderr, "bench-providers: an extend fails\n");
			exit(1);
		}
	}
	return (now_ns() - start) / RUNS;
}

static void measure(void)
{
	unsigned int i, j;
	struct cmd c;
	u8 m[32];

	memset(m, 0x5a, sizeof(m));
	cmd_begin_pw(&c, TPM_CC_PCR_Extend, 1, 1, 8);
	cmd_u32(&c, 1);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_bytes(&c, m, sizeof(m));
	cmd_finish(&c);
	for (j = 0; j < ARRAY_SIZE(rows); j++)
		block(&rows[j], &c);
	for (i = 0; i < ROUNDS; i++)
		for (j = 0; j < ARRAY_SIZE(rows); j++)
			rows[j].ns[i] = block(&rows[j], &c);
	for (j = 0; j < ARRAY_SIZE(rows); j++) {
		double now = ratio(&rows[j]);

		if (!rows[j].ratio || now < rows[j].ratio)
			rows[j].ratio = now;
	}
}

static bool good(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].bar && rows[i].ratio > rows[i].bar)
			return false;
	return true;
}

static void report(const char *json, bool bars)
{
	FILE *out = json ? fopen(json, "w") : NULL;
	unsigned int i;

	printf("%-12s %12s %8s\n", "providers", "extend, us", "ratio");
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		double ns = median(rows[i].ns), times = rows[i].ratio;

		printf("%-12s %12.2f %8.2f\n", rows[i].name, ns / 1e3, times);
		if (bars && rows[i].bar)
			printf("%s bench-providers.%s providers%s %.2f of one, bar %.1f\n",
			       times > rows[i].bar ? "not ok" : "ok", rows[i].name,
			       times > rows[i].bar ? " -" : " take", times, rows[i].bar);
		if (out)
			fprintf(out, "%s  {\"providers\": %s, \"ns\": %.0f, \"ratio\": %.4f}%s\n",
				i ? "" : "[\n", rows[i].name, ns, times,
				i + 1 < ARRAY_SIZE(rows) ? "," : "\n]");
	}
	if (out)
		fclose(out);
}

int main(int argc, char **argv)
{
	const char *json = NULL;
	bool bars = false;
	unsigned int i;

	for (argc--, argv++; argc; argc--, argv++) {
		if (!strcmp(*argv, "--bars"))
			bars = true;
		else if (!strcmp(*argv, "--json") && argc-- > 1)
			json = *++argv;
		else
			return 2;
	}
	host_tpm_new(&rows[0].tpm, rows[0].policy);	/* sets up the room, for the rest */
	for (i = 0; i < ARRAY_SIZE(more); i++)
		if (vtpm_provider_register(&more[i]))
			return 1;
	for (i = 1; i < ARRAY_SIZE(rows); i++)
		host_tpm_new(&rows[i].tpm, rows[i].policy);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		mutex_lock(&rows[i].tpm.lock);
	for (i = 0; i < (bars ? TRIES : 1) && (!i || !good()); i++)
		measure();
	report(json, bars);
	return 0;
}
