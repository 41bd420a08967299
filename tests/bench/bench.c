// SPDX-License-Identifier: GPL-2.0-only
/*
 * Times every command that the engine and Debian's libtpms both offer, in
 * alternating blocks, so that what else the machine does falls on both. Prints a
 * table of medians and ratios, and writes them to a JSON file.
 *
 * usage: bench [--json FILE] [--bars] [--quick] [--profile] [NAME...]
 * --bars: ends with "ok" and "not ok" lines for the bars that the project holds,
 *	and a "slower NAME" line for each case above 1.0
 * --quick: fewer runs of what takes long
 * --profile: each case for three seconds on our side alone, for perf and the like
 * NAME: cases whose name has it
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"

#define BLOCKS		41
#define BLOCK_NS	200000.0	/* what a block should take: below a time slice */
#define CASE_NS		400e6		/* and all of a case's, where few blocks are enough */
#define RUNS_MAX	2000
#define TRIES		3		/* of a case that is above its bar */

struct options {
	const char *json;
	bool bars, quick, profile;
	int names;
	char **name;
};

struct result {
	const struct bench *b;
	double ns[2];
	double ratio;
};

static const struct bench_group *const groups[] = {
	&bench_pcr, &bench_admin, &bench_policy, &bench_nv, &bench_object, &bench_context,
	&bench_crypto, &bench_attest,
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

static double median(double *v, unsigned int n)
{
	qsort(v, n, sizeof(v[0]), by_value);
	return v[n / 2];
}

/* What the two calls around a single run cost. */
static double clock_cost(void)
{
	static double cost;
	double v[1001];
	unsigned int i;

	if (cost)
		return cost;
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		v[i] = -now_ns();
		v[i] += now_ns();
	}
	cost = median(v, ARRAY_SIZE(v));
	return cost;
}

static void run(const struct bench *b, struct side *s, const struct cmd *c)
{
	u32 rc = s->run(s, c->buf, c->len);

	if (rc != b->rc)
		die(s, b->name, rc);
}

/* One run between what is not timed. */
static double run_apart(const struct bench *b, struct side *s, struct cmd *c)
{
	double t;

	if (b->before)
		b->before(s, c);
	t = now_ns();
	run(b, s, c);
	t = now_ns() - t;
	if (b->after)
		b->after(s);
	t -= clock_cost();
	return t > 1 ? t : 1;
}

/* Time of one run in a block. */
static double block(const struct bench *b, struct side *s, struct cmd *c, unsigned int runs)
{
	static double v[RUNS_MAX];
	double start;
	unsigned int i;

	if (b->before || b->after) {
		for (i = 0; i < runs; i++)
			v[i] = run_apart(b, s, c);
		return median(v, runs);
	}
	start = now_ns();
	for (i = 0; i < runs; i++)
		run(b, s, c);
	return (now_ns() - start) / runs;
}

static unsigned int clamp_count(double n, unsigned int low, unsigned int high)
{
	return n < low ? low : n > high ? high : n;
}

/* Medians of the blocks; or the mean of single runs where their times differ by nature. */
static void blocks(const struct bench *b, struct cmd c[2], bool quick, double ns[2])
{
	double t[2][BLOCKS > 64 ? BLOCKS : 64], both = 0;
	unsigned int i, j, n, runs[2];

	for (j = 0; j < 2; j++) {
		double first = block(b, &sides[j], &c[j], 1);

		first = fmin(first, block(b, &sides[j], &c[j], 3));
		runs[j] = b->mean_of ? 1 : clamp_count(BLOCK_NS / first, 1, RUNS_MAX);
		both += first * runs[j];
	}
	n = clamp_count(CASE_NS / both, 5, BLOCKS);
	if (b->mean_of)
		n = quick ? b->mean_of / 4 : b->mean_of;
	for (i = 0; i < n; i++)
		for (j = 0; j < 2; j++)
			t[j][i] = block(b, &sides[j], &c[j], runs[j]);
	for (j = 0; j < 2; j++) {
		ns[j] = 0;
		for (i = 0; i < n && b->mean_of; i++)
			ns[j] += t[j][i] / n;
		if (!b->mean_of)
			ns[j] = median(t[j], n);
	}
}

static void measure(const struct bench *b, bool quick, struct result *r)
{
	static struct cmd c[2];
	unsigned int j;

	for (j = 0; j < 2; j++) {
		if (b->setup)
			b->setup(&sides[j]);
		b->build(&sides[j], &c[j]);
		cmd_finish(&c[j]);
	}
	blocks(b, c, quick, r->ns);
	for (j = 0; j < 2; j++)
		clean_up(&sides[j]);
	r->b = b;
	r->ratio = r->ns[0] / r->ns[1];
}

static void profile(const struct bench *b)
{
	static struct cmd c;
	double end;

	if (b->setup)
		b->setup(&sides[0]);
	b->build(&sides[0], &c);
	cmd_finish(&c);
	for (end = now_ns() + 3e9; now_ns() < end;)
		block(b, &sides[0], &c, b->mean_of ? 1 : 100);
	clean_up(&sides[0]);
}

/* A machine may stall: what is above its bar gets another chance. */
static void measure_well(const struct bench *b, const struct options *o, struct result *best)
{
	double bar = b->bar ? b->bar : 1.0;
	struct result r;
	unsigned int i;

	if (o->profile) {
		profile(b);
		return;
	}
	measure(b, o->quick, best);
	for (i = 1; o->bars && i < TRIES && best->ratio > bar; i++) {
		measure(b, o->quick, &r);
		if (r.ratio < best->ratio)
			*best = r;
	}
	printf("%-30s %12.2f %12.2f %8.2f\n", b->name, best->ns[0] / 1e3, best->ns[1] / 1e3,
	       best->ratio);
	fflush(stdout);
}

/* ---- which commands both offer ---- */

static unsigned int command_codes(struct side *s, bool has[TPM_CC_COUNT])
{
	unsigned int i, n, known = 0;
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
	cmd_u32(&c, TPM_CAP_COMMANDS);
	cmd_u32(&c, TPM_CC_FIRST);
	cmd_u32(&c, 254);
	must(s, &c, "GetCapability");
	n = get_unaligned_be32(s->rsp + 15);
	for (i = 0; i < n; i++) {
		u32 code = get_unaligned_be32(s->rsp + 19 + 4 * i) & 0xffff;

		if (code - TPM_CC_FIRST >= TPM_CC_COUNT)
			continue;
		has[code - TPM_CC_FIRST] = true;
		known++;
	}
	return known;
}

static bool has_case(u32 code)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(groups); i++)
		for (j = 0; j < groups[i]->rows; j++)
			if (groups[i]->row[j].code == code)
				return true;
	return false;
}

/* Prints those that no case times; returns how many there are in all. */
static unsigned int check_complete(unsigned int *missing)
{
	bool has[2][TPM_CC_COUNT] = { 0 };
	unsigned int i, n = 0;

	*missing = 0;
	command_codes(&sides[0], has[0]);
	command_codes(&sides[1], has[1]);
	for (i = 0; i < TPM_CC_COUNT; i++) {
		if (!has[0][i] || !has[1][i])
			continue;
		n++;
		if (has_case(TPM_CC_FIRST + i))
			continue;
		(*missing)++;
		printf("not ok bench.cases - none for command 0x%x\n", TPM_CC_FIRST + i);
	}
	return n;
}

/* ---- reports ---- */

static void write_json(const char *file, const struct result *r, unsigned int n)
{
	FILE *out = fopen(file, "w");
	unsigned int i;

	if (!out) {
		fprintf(stderr, "bench: %s: %s\n", file, strerror(errno));
		exit(1);
	}
	fputs("[\n", out);
	for (i = 0; i < n; i++) {
		fprintf(out, "  {\"name\": \"%s\", ", r[i].b->name);
		fprintf(out, "\"ours_ns\": %.0f, \"libtpms_ns\": %.0f, ", r[i].ns[0], r[i].ns[1]);
		fprintf(out, "\"ratio\": %.4f}%s\n", r[i].ratio, i + 1 < n ? "," : "");
	}
	fputs("]\n", out);
	fclose(out);
}

static void say_bar(const char *name, double value, double bar, const char *what)
{
	if (value <= bar)
		printf("ok bench.%s is %.2f of libtpms%s, bar %.1f\n", name, value, what, bar);
	else
		printf("not ok bench.%s - %.2f of libtpms%s, bar %.1f\n", name, value, what, bar);
}

/* A command is as slow as the slowest of its cases. */
static unsigned int slow_commands(const struct result *r, unsigned int n)
{
	bool slow[TPM_CC_COUNT] = { 0 };
	unsigned int i, count = 0;

	for (i = 0; i < n; i++) {
		bool *was = &slow[r[i].b->code - TPM_CC_FIRST];

		if (r[i].ratio <= 1.0)
			continue;
		printf("slower %s\n", r[i].b->name);
		count += !*was;
		*was = true;
	}
	return count;
}

static void say_bars(const struct result *r, unsigned int n)
{
	unsigned int i, missing, all = check_complete(&missing), slow = slow_commands(r, n);
	double share = 100.0 * (all - slow) / all;

	if (!missing)
		printf("ok bench.cases for all of %u commands\n", all);
	printf("%s bench.commands %s %u of %u (%.0f %%) at most 1.0 of libtpms, bar 90 %%\n",
	       share < 90 ? "not ok" : "ok", share < 90 ? "-" : "are", all - slow, all, share);
	for (i = 0; i < n; i++)
		if (r[i].b->bar)
			say_bar(r[i].b->name, r[i].ratio, r[i].b->bar,
				r[i].b->mean_of ? " (mean)" : "");
}

static bool wanted(const char *name, const struct options *o)
{
	int i;

	for (i = 0; i < o->names; i++)
		if (strstr(name, o->name[i]))
			return true;
	return !o->names;
}

static bool read_options(int argc, char **argv, struct options *o)
{
	for (argc--, argv++; argc && !strncmp(*argv, "--", 2); argc--, argv++) {
		if (!strcmp(*argv, "--bars"))
			o->bars = true;
		else if (!strcmp(*argv, "--quick"))
			o->quick = true;
		else if (!strcmp(*argv, "--profile"))
			o->profile = true;
		else if (!strcmp(*argv, "--json") && argc-- > 1)
			o->json = *++argv;
		else
			return false;
	}
	o->names = argc;
	o->name = argv;
	return true;
}

int main(int argc, char **argv)
{
	static struct result results[256];
	struct options o = { 0 };
	unsigned int i, j, n = 0;

	if (!read_options(argc, argv, &o)) {
		fputs("usage: bench [--json FILE] [--bars] [--quick] [--profile] [NAME...]\n",
		      stderr);
		return 2;
	}
	sides_start();
	printf("%-30s %12s %12s %8s\n", "command", "ours, us", "libtpms, us", "ratio");
	for (i = 0; i < ARRAY_SIZE(groups); i++)
		for (j = 0; j < groups[i]->rows && n < ARRAY_SIZE(results); j++)
			if (wanted(groups[i]->row[j].name, &o))
				measure_well(&groups[i]->row[j], &o, &results[n++]);
	if (o.json)
		write_json(o.json, results, n);
	if (o.bars)
		say_bars(results, n);
	return 0;
}
