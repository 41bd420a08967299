// SPDX-License-Identifier: GPL-2.0-only
/*
 * Manifests in numbers: how long a long one takes to load, what a measurement
 * costs in memory, and what looking one up takes at 10, 1,000 and 500,000, and
 * where 8 manifests list the same.
 *
 * There is one store in a process, so each case is a process of its own. They
 * take turns in short rounds, and the median of its rounds stands for each.
 * Looks go to measurements at random, others in each round.
 *
 * "Look" is looks alone, one after another: a small store is in the first cache
 * then, and what a big one adds is the time of the machine's memory. "Translate"
 * is what an extend waits for: the provider's function, which looks and hashes,
 * with other work in between, as there is between two programs that a guest
 * measures: it goes through as much memory as the second cache holds.
 *
 * usage: bench-certs [--bars] [--json FILE]
 */
#include <time.h>
#include <unistd.h>

#include "../host/signer.h"
#include "../../drivers/vtpm/crypto/crypto.h"
#include "../../drivers/vtpm/property/certs.h"
#include "../../drivers/vtpm/property/property.h"

#define ROUNDS		41
#define LOOKS		20000	/* of one round */
#define TRANSLATIONS	100	/* of one round */
#define OTHER_WORK	(4u << 20)	/* bytes */
#define SHA256_ID	0x000b
#define DIGEST		32
#define PATH		"  /usr/lib/x86_64-linux-gnu/some-package/lib"	/* and a number */

/**
 * struct row - one case
 * @name: to print
 * @count: measurements
 * @manifests: that list each of them
 * @look_bar: a look takes at most so many times what the first row's does
 * @load_bar: loading one of the manifests takes at most so many seconds of a processor
 * @to: what the process reads
 * @from: what it writes
 * @load: seconds of a processor for one manifest, signature and all
 * @bytes: of a measurement
 * @text: bytes of one manifest
 * @look: seconds of a processor for one look, in each round
 * @translate: seconds for one translation, in each round
 */
struct row {
	const char *name;
	unsigned int count;
	unsigned int manifests;
	double look_bar;
	double load_bar;
	int to;
	int from;
	double load;
	double bytes;
	double text;
	double look[ROUNDS];
	double translate[ROUNDS];
};

static struct row rows[] = {
	{ "10", 10, 1 },
	{ "1,000", 1000, 1, .look_bar = 2 },
	{ "500,000", 500000, 1, .look_bar = 2, .load_bar = 2 },
	{ "50,000", 50000, 1 },
	{ "50,000, each in 8 manifests", 50000, 8 },
};

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

static double median(const double *of)
{
	double v[ROUNDS];

	memcpy(v, of, sizeof(v));
	qsort(v, ROUNDS, sizeof(*v), by_value);
	return v[ROUNDS / 2];
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

	signer_new(&party, "one", false, NULL);
	if (vt_crypto_init() || vtpm_property_init() ||
	    vtpm_trust_add("one", party.der, party.der_len))
		die("there is no store");
	for (i = 0; i < row->manifests; i++)
		load(row, i, &party);
	vtpm_certs_size(&measurements, &bytes);
	row->bytes = (double)bytes / measurements;
}

static double look_round(const struct row *row)
{
	static u8 digest[LOOKS][DIGEST];
	u8 rep[VT_MAX_DIGEST];
	unsigned int i, r;
	double start;

	for (i = 0; i < LOOKS; i++) {
		vt_random(&r, sizeof(r));
		digest_of(r % row->count, digest[i]);
	}
	start = now_of(CLOCK_PROCESS_CPUTIME_ID);
	for (i = 0; i < LOOKS; i++)
		if (vtpm_cert_lookup(SHA256_ID, digest[i], "", VTPM_REPRESENT_PROPERTY, rep))
			die("a measurement is not found");
	return (now_of(CLOCK_PROCESS_CPUTIME_ID) - start) / LOOKS;
}

static void work_otherwise(void)
{
	static u8 memory[OTHER_WORK];
	unsigned int i;

	for (i = 0; i < sizeof(memory); i += 64)
		memory[i]++;
}

/* What it takes to look at the clock is in each of them, and is taken off. */
static double translate_round(const struct row *row)
{
	static const struct vtpm_option options[] = {
		{ "represent", "property" }, { "party", "" },
	};
	const struct vtpm_provider *p = &vtpm_certificate_provider;
	u8 digest[DIGEST], vpcr[VT_MAX_DIGEST] = { 0 };
	double start, end, spent = 0;
	unsigned int i, r;
	void *priv;

	if (p->open(options, &priv))
		die("the provider cannot be opened");
	for (i = 0; i < TRANSLATIONS; i++) {
		vt_random(&r, sizeof(r));
		digest_of(r % row->count, digest);
		work_otherwise();
		start = now();
		start = now();
		if (p->translate(priv, SHA256_ID, 0, digest, vpcr))
			die("a measurement cannot be translated");
		end = now();
		spent += (end - start) - (now() - end);
	}
	return spent / TRANSLATIONS;
}

static void serve(struct row *row, int in, int out)
{
	double answer[3];
	char go;

	fill(row);
	answer[0] = row->load;
	answer[1] = row->bytes;
	answer[2] = row->text;
	if (write(out, answer, sizeof(answer)) != sizeof(answer))
		exit(1);
	while (read(in, &go, 1) == 1) {
		answer[0] = look_round(row);
		answer[1] = translate_round(row);
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
	double answer[3];

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
	double answer[3];
	unsigned int i, n;

	for (n = 0; n < ROUNDS; n++)
		for (i = 0; i < ARRAY_SIZE(rows); i++) {
			if (write(rows[i].to, "x", 1) != 1)
				die("a process has ended");
			hear(&rows[i], answer, sizeof(answer));
			rows[i].look[n] = answer[0];
			rows[i].translate[n] = answer[1];
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
	FILE *out = fopen(path, "w");
	const struct row *row;

	if (!out)
		die("the file cannot be written");
	fputs("[\n", out);
	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		fprintf(out, "%s  {\"measurements\": %u, \"manifests\": %u, ",
			row == rows ? "" : ",\n", row->count, row->manifests);
		fprintf(out, "\"look_ns\": %.1f, \"translate_ns\": %.1f, ",
			median(row->look) * 1e9, median(row->translate) * 1e9);
		fprintf(out, "\"load_s\": %.4f, \"bytes\": %.1f}", row->load, row->bytes);
	}
	fputs("\n]\n", out);
	fclose(out);
}

static void print(void)
{
	const struct row *row;
	double look, translate;

	printf("%-28s %10s %7s %14s %7s %11s %9s %8s\n", "measurements", "look, ns", "ratio",
	       "translate, ns", "ratio", "bytes each", "text, MB", "load, s");
	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		look = median(row->look);
		translate = median(row->translate);
		printf("%-28s %10.1f %7.2f %14.1f %7.2f %11.1f %9.2f %8.3f\n", row->name,
		       look * 1e9, look / median(rows->look),
		       translate * 1e9, translate / median(rows->translate),
		       row->bytes, row->text / 1e6, row->load);
	}
}

static void say_bars(void)
{
	const struct row *row;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		if (row->look_bar)
			say_bar("translate", row, median(row->translate) / median(rows->translate),
				row->look_bar, " of that at 10");
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
