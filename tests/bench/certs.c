// SPDX-License-Identifier: GPL-2.0-only
/*
 * Manifests in numbers: how long a long one takes to load, what a measurement
 * costs in memory, and what looking one up takes at 10, 1,000 and 500,000, and
 * where 8 manifests list the same.
 *
 * There is one store in a process, so each case is a process of its own. They
 * take turns in short rounds, and the median of its rounds stands for each, of
 * each round's quotients for a ratio. Looks go to measurements at random, others
 * in each round.
 *
 * "Extend" is what a user sees: TPM2_PCR_Extend in an instance with the providers
 * "hash" and "certificate", one after another; "cold" are the same with other work
 * in between, as there is between two programs that a guest measures: it goes
 * through more memory than the second cache holds.
 *
 * "Look" is looks alone: one after another; "cold", with that other work; and "far", with
 * so much of it that ten measurements are in no cache either. The first two show
 * the machine: ten measurements stay in its caches, and one of 500,000 is read from its
 * memory, once, which no table can avoid. The last one shows the table. An extend has
 * a part of that time for other things: see vtpm_cert_expect().
 *
 * Both kinds of extend and the far look have the bar.
 *
 * usage: bench-certs [--bars] [--json FILE]
 */
#include <time.h>
#include <unistd.h>

#include "../host/signer.h"
#include "../host/tpm.h"
#include "../../drivers/vtpm/crypto/crypto.h"
#include "../../drivers/vtpm/property/certs.h"
#include "../../drivers/vtpm/property/property.h"

#define ROUNDS		41
#define LOOKS		20000	/* of one round */
#define EXTENDS		2000	/* likewise */
#define COLD_ONES	50	/* likewise */
#define FAR_ONES	5	/* likewise */
#define OTHER_WORK	(4u << 20)	/* bytes */
#define MUCH_WORK	(96u << 20)
#define SHA256_ID	0x000b
#define DIGEST		32
#define PATH		"  /usr/lib/x86_64-linux-gnu/some-package/lib"	/* and a number */

/* What is measured in each round: seconds for one. */
enum { EXTEND, COLD_EXTEND, LOOK, COLD_LOOK, FAR_LOOK, TIMES };

/**
 * struct row - one case
 * @name: to print
 * @count: measurements
 * @manifests: that list each of them
 * @bar: an extend and a cold one take at most so many times what the first row's do
 * @load_bar: loading one of the manifests takes at most so many seconds of a processor
 * @to: what the process reads
 * @from: what it writes
 * @load: seconds of a processor for one manifest, signature and all
 * @bytes: of a measurement
 * @text: bytes of one manifest
 * @time: seconds for one, in each round
 */
struct row {
	const char *name;
	unsigned int count;
	unsigned int manifests;
	double bar;
	double load_bar;
	int to;
	int from;
	double load;
	double bytes;
	double text;
	double time[TIMES][ROUNDS];
};

static struct row rows[] = {
	{ "10", 10, 1 },
	{ "1,000", 1000, 1, .bar = 2 },
	{ "500,000", 500000, 1, .bar = 2, .load_bar = 2 },
	{ "50,000", 50000, 1 },
	{ "50,000, each in 8 manifests", 50000, 8 },
};

static struct host_tpm tpm;	/* a case's instance */

static void die(const char *what)
{
	fprintf(stderr, "bench-certs: %s\n", what);
	exit(1);
}

static double now_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static double now(void)
{
	return now_of(CLOCK_MONOTONIC);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* They end up in order. */
static double median(double *v, unsigned int n)
{
	qsort(v, n, sizeof(*v), by_value);
	return v[n / 2];
}

static double time_of(const struct row *row, unsigned int what)
{
	double v[ROUNDS];

	memcpy(v, row->time[what], sizeof(v));
	return median(v, ROUNDS);
}

static double ratio(const struct row *row, unsigned int what)
{
	double v[ROUNDS];
	unsigned int i;

	for (i = 0; i < ROUNDS; i++)
		v[i] = row->time[what][i] / rows[0].time[what][i];
	return median(v, ROUNDS);
}

static void digest_of(unsigned int i, u8 *digest)
{
	vt_hash(vt_hash_find(SHA256_ID), &i, sizeof(i), digest);
}

/* ---- a case's process ---- */

static char *write_text(unsigned int number, unsigned int count, size_t *len)
{
	char *text = malloc(256 + (size_t)count * 160);
	size_t at = sprintf(text, "vtpm-manifest 2\nname: n%u\nproperty: p%u\nversion: 1\n",
			    number, number);
	u8 digest[DIGEST];
	unsigned int i;

	for (i = 0; i < count; i++) {
		digest_of(i, digest);
		at += sprintf(text + at, "sha256:");
		at = bin2hex(text + at, digest, DIGEST) - text;
		at += sprintf(text + at, PATH "%u.so\n", i);
	}
	*len = at;
	return text;
}

static void load(struct row *row, unsigned int number, const struct signer *party)
{
	char name[VTPM_NAME_MAX + 1], *text;
	size_t len, p7_len;
	double start;
	u8 *p7;

	text = write_text(number, row->count, &len);
	p7_len = signer_sign(party, text, len, SIGN_PLAIN, &p7);
	free(text);
	start = now_of(CLOCK_PROCESS_CPUTIME_ID);
	if (vtpm_cert_load(p7, p7_len, name, NULL))
		die("a manifest is not loaded");
	row->load = now_of(CLOCK_PROCESS_CPUTIME_ID) - start;
	row->text = len;
	OPENSSL_free(p7);
}

static void fill(struct row *row)
{
	struct signer party;
	u64 measurements, bytes;
	unsigned int i;

	host_tpm_new(&tpm, "provider certificate\n");
	signer_new(&party, "one", false, NULL);
	if (vtpm_trust_add("one", party.der, party.der_len))
		die("there is no store");
	for (i = 0; i < row->manifests; i++)
		load(row, i, &party);
	vtpm_certs_size(&measurements, &bytes);
	row->bytes = (double)bytes / measurements;
}

static void random_digest(const struct row *row, u8 *digest)
{
	unsigned int r;

	vt_random(&r, sizeof(r));
	digest_of(r % row->count, digest);
}

static void look(const u8 *digest)
{
	u8 rep[VT_MAX_DIGEST];

	if (vtpm_cert_lookup(SHA256_ID, digest, "", VTPM_REPRESENT_PROPERTY, rep))
		die("a measurement is not found");
}

static double look_round(const struct row *row)
{
	static u8 digest[LOOKS][DIGEST];
	unsigned int i;
	double start;

	for (i = 0; i < LOOKS; i++)
		random_digest(row, digest[i]);
	start = now_of(CLOCK_PROCESS_CPUTIME_ID);
	for (i = 0; i < LOOKS; i++)
		look(digest[i]);
	return (now_of(CLOCK_PROCESS_CPUTIME_ID) - start) / LOOKS;
}

/* Of PCR 8, which ends with the digest. */
static void build_extend(struct cmd *c)
{
	static const u8 digest[DIGEST];

	cmd_begin_pw(c, TPM_CC_PCR_Extend, 1, 1, 8);
	cmd_u32(c, 1);
	cmd_u16(c, SHA256_ID);
	cmd_bytes(c, digest, DIGEST);
	cmd_finish(c);
}

static void extend(const struct cmd *c, const u8 *digest)
{
	static u8 buf[VTPM_MAX_COMMAND];

	memcpy(buf, c->buf, c->len - DIGEST);
	memcpy(buf + c->len - DIGEST, digest, DIGEST);
	tpm2_execute(tpm.space, 0, buf, c->len, tpm.rsp);
	if (get_unaligned_be32(tpm.rsp + 6))
		die("TPM2_PCR_Extend fails");
}

static double extend_round(const struct row *row)
{
	static u8 digest[EXTENDS][DIGEST];
	unsigned int i;
	double start;
	struct cmd c;

	build_extend(&c);
	for (i = 0; i < EXTENDS; i++)
		random_digest(row, digest[i]);
	start = now_of(CLOCK_PROCESS_CPUTIME_ID);
	for (i = 0; i < EXTENDS; i++)
		extend(&c, digest[i]);
	return (now_of(CLOCK_PROCESS_CPUTIME_ID) - start) / EXTENDS;
}

static void work_otherwise(unsigned int bytes)
{
	static u8 memory[MUCH_WORK];
	unsigned int i;

	for (i = 0; i < bytes; i += 64)
		memory[i]++;
}

/* What it takes to look at the clock is in each of them, and is taken off. The median. */
static double cold_round(const struct row *row, bool whole, unsigned int work, unsigned int n)
{
	double start, end, v[COLD_ONES];
	u8 digest[DIGEST];
	unsigned int i;
	struct cmd c;

	build_extend(&c);
	for (i = 0; i < n; i++) {
		random_digest(row, digest);
		work_otherwise(work);
		start = now();
		start = now();
		if (whole)
			extend(&c, digest);
		else
			look(digest);
		end = now();
		v[i] = (end - start) - (now() - end);
	}
	return median(v, n);
}

static void serve(struct row *row, int in, int out)
{
	double answer[TIMES] = { 0 };
	char go;

	fill(row);
	mutex_lock(&tpm.lock);
	answer[0] = row->load;
	answer[1] = row->bytes;
	answer[2] = row->text;
	if (write(out, answer, sizeof(answer)) != sizeof(answer))
		exit(1);
	while (read(in, &go, 1) == 1) {
		answer[EXTEND] = extend_round(row);
		answer[COLD_EXTEND] = cold_round(row, true, OTHER_WORK, COLD_ONES);
		answer[LOOK] = look_round(row);
		answer[COLD_LOOK] = cold_round(row, false, OTHER_WORK, COLD_ONES);
		answer[FAR_LOOK] = cold_round(row, false, MUCH_WORK, FAR_ONES);
		if (write(out, answer, sizeof(answer)) != sizeof(answer))
			exit(1);
	}
	exit(0);
}

/* ---- the process that asks them ---- */

static void hear(const struct row *row, double *answer, size_t size)
{
	if (read(row->from, answer, size) != (ssize_t)size)
		die("a process has ended");
}

/* One after the other, so that none disturbs another while it loads. */
static void start(struct row *row)
{
	int to[2], from[2];
	double answer[TIMES];

	if (pipe(to) || pipe(from))
		die("no pipe");
	switch (fork()) {
	case -1:
		die("no process");
		break;
	case 0:
		close(to[1]);
		close(from[0]);
		serve(row, to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	row->to = to[1];
	row->from = from[0];
	hear(row, answer, sizeof(answer));
	row->load = answer[0];
	row->bytes = answer[1];
	row->text = answer[2];
}

static void ask_all(void)
{
	double answer[TIMES];
	unsigned int i, n, what;

	for (n = 0; n < ROUNDS; n++)
		for (i = 0; i < ARRAY_SIZE(rows); i++) {
			if (write(rows[i].to, "x", 1) != 1)
				die("a process has ended");
			hear(&rows[i], answer, sizeof(answer));
			for (what = 0; what < TIMES; what++)
				rows[i].time[what][n] = answer[what];
		}
}

static void say_bar(const char *what, const struct row *row, double value, double bar,
		    const char *unit)
{
	bool ok = value <= bar;

	printf("%sok bench.certs-%s at %s %s %.2f%s, bar %.0f\n", ok ? "" : "not ", what, row->name,
	       ok ? "is" : "-", value, unit, bar);
}

static void write_json(const char *path)
{
	static const char *const keys[TIMES] = {
		"extend", "cold_extend", "look", "cold_look", "far_look",
	};
	FILE *out = fopen(path, "w");
	const struct row *row;
	unsigned int what;

	if (!out)
		die("the file cannot be written");
	fputs("[\n", out);
	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		fprintf(out, "%s  {\"measurements\": %u, \"manifests\": %u, ",
			row == rows ? "" : ",\n", row->count, row->manifests);
		for (what = 0; what < TIMES; what++)
			fprintf(out, "\"%s_ns\": %.1f, ", keys[what], time_of(row, what) * 1e9);
		fprintf(out, "\"load_s\": %.4f, \"bytes\": %.1f}", row->load, row->bytes);
	}
	fputs("\n]\n", out);
	fclose(out);
}

static void print(void)
{
	static const char *const heads[TIMES] = {
		"extend, ns", "cold, ns", "look, ns", "cold, ns", "far, ns",
	};
	const struct row *row;
	unsigned int what;

	printf("%-28s", "measurements");
	for (what = 0; what < TIMES; what++)
		printf(" %10s %6s", heads[what], "ratio");
	printf(" %11s %9s %8s\n", "bytes each", "text, MB", "load, s");
	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		printf("%-28s", row->name);
		for (what = 0; what < TIMES; what++)
			printf(" %10.1f %6.2f", time_of(row, what) * 1e9,
			       ratio(row, what));
		printf(" %11.1f %9.2f %8.3f\n", row->bytes, row->text / 1e6, row->load);
	}
}

static void say_bars(void)
{
	const struct row *row;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		if (row->bar) {
			say_bar("extend", row, ratio(row, EXTEND), row->bar, " of that at 10");
			say_bar("cold", row, ratio(row, COLD_EXTEND), row->bar, " of that at 10");
			say_bar("look", row, ratio(row, FAR_LOOK), row->bar, " of that at 10");
		}
		if (row->load_bar)
			say_bar("load", row, row->load, row->load_bar, " s");
		if (row->load_bar)
			say_bar("memory", row, row->bytes, 80, " bytes each");
	}
}

int main(int argc, char **argv)
{
	const char *json = NULL;
	bool bars = false;
	unsigned int i;
	int arg;

	for (arg = 1; arg < argc; arg++) {
		if (!strcmp(argv[arg], "--bars"))
			bars = true;
		else if (!strcmp(argv[arg], "--json") && arg + 1 < argc)
			json = argv[++arg];
		else
			die("usage: bench-certs [--bars] [--json FILE]");
	}
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		start(&rows[i]);
	ask_all();
	print();
	if (json)
		write_json(json);
	if (bars)
		say_bars();
	return 0;
}
