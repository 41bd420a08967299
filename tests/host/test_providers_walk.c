// SPDX-License-Identifier: GPL-2.0-only
/* All providers together in a long random walk beside a model that shares no code with them. */
#include "providers_support.h"

enum { HASH, CERTIFICATE, LOG, MAP, ACCUMULATE, TRANSLATE, PROVIDERS };

static const char *const provider_names[PROVIDERS] = {
	"hash", "certificate", "log", "map", "accumulate", "translate",
};

#define WALK_HEAD	"provider certificate represent=property\n"			\
			"provider log entries=5\n"					\
			"provider map\n"						\
			"provider accumulate pcrs=0-3,7,18 into=9\n"			\
			"provider translate pcrs=0-7 into=10 represent=property\n"
#define ENTRIES		5

struct model_list {
	unsigned int count;
	u8 element[ENTRIES][64];
};

enum { READ, SEAL, QUOTE, CERTIFY, AUDIT, EVENT };	/* enum vtpm_op */
enum { HIDDEN = -1, UNSET = -2, DENIED = -3 };

struct model {
	u8 vpcr[PROVIDERS][BANKS][PCRS][64];
	struct model_list list[BANKS][PCRS];
	int cell[LOCALITIES][OPS][BANKS][PCRS];	/* provider, or HIDDEN, DENIED, UNSET */
	bool active[BANKS];
	bool known;			/* the manifest is loaded */
};

static u32 walk_state = 12345;

static u32 rnd(u32 below)
{
	walk_state = walk_state * 1664525 + 1013904223;
	return (walk_state >> 8) % below;
}

static const char *const op_names[OPS + 1] = {
	"read", "seal", "quote", "certify", "audit", "event", "all"
};

/* What can be said of an operation: no hiding from seal, no provider of an event. */
static int pick_effect(unsigned int op)
{
	if (!rnd(6))
		return DENIED;
	if (op == EVENT || (op != SEAL && op != OPS && !rnd(PROVIDERS)))
		return HIDDEN;
	return rnd(PROVIDERS);
}

static bool concerns(unsigned int op, unsigned int o, int what)
{
	return o == op || (op == OPS && (o != EVENT || what == DENIED));
}

/* Gives the rule what no earlier one has taken. Return: was there any? */
static bool take_cells(struct model *next, unsigned int op, int bank, u32 localities,
		       const unsigned int pcrs[2], int what)
{
	unsigned int l, o, b, p;
	bool any = false;

	for (l = 0; l < LOCALITIES; l++)
		for (o = 0; o < OPS; o++)
			for (b = 0; b < BANKS; b++)
				for (p = pcrs[0]; p <= pcrs[1]; p++) {
					int *cell = &next->cell[l][o][b][p];

					if (!(localities & BIT(l)) || !concerns(op, o, what) ||
					    !next->active[b] || *cell != UNSET ||
					    (bank >= 0 && b != (unsigned int)bank))
						continue;
					*cell = what;
					any = true;
				}
	return any;
}

static char *put_localities(char *text, u32 localities)
{
	const char *before = " locality=";
	unsigned int l;

	for (l = 0; l < LOCALITIES; l++) {
		if (!(localities & BIT(l)))
			continue;
		text += sprintf(text, "%s%u", before, l);
		before = ",";
	}
	return text;
}

/* A rule in text, and what it means in the model. Return: does it mean anything? */
static bool add_rule(struct model *next, char *text)
{
	unsigned int op = rnd(OPS + 1), low = rnd(PCRS), high = low + rnd(PCRS - low);
	u32 all = BIT(LOCALITIES) - 1, localities = rnd(4) ? all : 1 + rnd(all);
	int what = pick_effect(op), bank = rnd(3) ? -1 : (int)rnd(BANKS);

	if (bank >= 0 && !next->active[bank])
		bank = -1;
	text += sprintf(text, "%s pcr=%u-%u", op_names[op], low, high);
	if (bank >= 0)
		text += sprintf(text, " bank=%s", algs[bank].name);
	if (localities != all || !rnd(4))
		text = put_localities(text, localities);
	if (what < 0)
		sprintf(text, what == DENIED ? " deny\n" : " hide\n");
	else
		sprintf(text, " provider=%s\n", provider_names[what]);
	return take_cells(next, op, bank, localities, (unsigned int[]){ low, high }, what);
}

/* Audit goes with read, and all else with the first provider. */
static void fill_model(struct model *next)
{
	int *cell = &next->cell[0][0][0][0];
	unsigned int l, i;

	for (l = 0; l < LOCALITIES; l++)
		for (i = 0; i < BANKS * PCRS; i++)
			if (next->cell[l][AUDIT][i / PCRS][i % PCRS] == UNSET)
				next->cell[l][AUDIT][i / PCRS][i % PCRS] =
					next->cell[l][READ][i / PCRS][i % PCRS];
	for (i = 0; i < LOCALITIES * OPS * BANKS * PCRS; i++)
		if (cell[i] == UNSET)
			cell[i] = 0;
}

static void walk_policy(struct vtpm_matrix *m, struct model *model, const char *head)
{
	struct model next = *model;
	struct vtpm_text_error err;
	char text[4096];
	unsigned int i, n = rnd(12), bad = 0;
	int *cell = &next.cell[0][0][0][0];

	strscpy(text, head, sizeof(text));
	for (i = 0; i < LOCALITIES * OPS * BANKS * PCRS; i++)
		cell[i] = UNSET;
	for (i = 0; i < n && !bad; i++)
		if (!add_rule(&next, text + strlen(text)))
			bad = i + PROVIDERS + 1;	/* after the head */
	fill_model(&next);
	if (bad) {
		check(set_policy(m, text, NULL, &err) == -EINVAL && err.line == bad);
		return;
	}
	check(!set_policy(m, text, NULL, &err));
	*model = next;
}

/* The list's digest, all of it every time. */
static void log_value(const struct model_list *l, unsigned int bank, u8 *vpcr)
{
	u8 all[ENTRIES * 64];
	unsigned int i, size = algs[bank].size;

	for (i = 0; i < l->count; i++)
		memcpy(all + i * size, l->element[i], size);
	openssl_hash(bank, all, l->count * size, "", 0, vpcr);
}

static void log_extend(struct model_list *l, unsigned int bank, u8 *vpcr, const u8 *m)
{
	static const u8 zeros[64];

	if (!l->count && memcmp(vpcr, zeros, algs[bank].size))
		memcpy(l->element[l->count++], vpcr, 64);
	if (l->count == ENTRIES) {
		memcpy(l->element[0], vpcr, 64);
		l->count = 1;
	}
	memcpy(l->element[l->count++], m, 64);
	log_value(l, bank, vpcr);
}

static void walk_extend(struct vtpm_matrix *m, struct model *model)
{
	unsigned int bank = rnd(BANKS), pcr = rnd(PCRS), i;
	bool good = rnd(2);
	u8 in[64] = { 0 };

	approved(bank, in);
	for (i = 0; !good && i < 4; i++)
		in[i] = rnd(256);
	check(!put_into(m, algs[bank].id, pcr, in));
	if (!model->active[bank])
		return;
	expect(bank, false, "hash", model->vpcr[HASH][bank][pcr], in);
	expect(bank, good && model->known, "property", model->vpcr[CERTIFICATE][bank][pcr], in);
	log_extend(&model->list[bank][pcr], bank, model->vpcr[LOG][bank][pcr], in);
	expect(bank, false, "hash", model->vpcr[MAP][bank][pcr], in);
	expect(bank, false, "hash", model->vpcr[ACCUMULATE][bank][pcr], in);
	expect(bank, good && model->known, "property", model->vpcr[TRANSLATE][bank][pcr], in);
}

static void walk_read(struct vtpm_matrix *m, const struct model *model)
{
	unsigned int op = rnd(OPS), bank = rnd(BANKS), pcr = rnd(PCRS), l = rnd(LOCALITIES);
	int cell = model->active[bank] ? model->cell[l][op][bank][pcr] : HIDDEN;
	u8 got[64];
	int rc = ops->read(m, op, l, algs[bank].id, pcr, got);

	check(ops->visible(m, op, l, algs[bank].id, pcr) == (cell >= 0));
	check(ops->denied(m, op, l, algs[bank].id, pcr) == (cell == DENIED));
	if (cell < 0)
		check(rc == -ENODATA);
	else
		check(!rc && !memcmp(got, model->vpcr[cell][bank][pcr], algs[bank].size));
}

static void set_all(struct model *model, unsigned int pcr, u8 fill)
{
	unsigned int i, bank;

	for (bank = 0; bank < BANKS; bank++) {
		for (i = 0; i < PROVIDERS; i++)
			memset(model->vpcr[i][bank][pcr], fill, 64);
		model->list[bank][pcr].count = 0;
	}
}

static void walk_reset(struct vtpm_matrix *m, struct model *model)
{
	unsigned int pcr = rnd(PCRS);
	u8 fill = rnd(2) ? 0xff : 0;

	ops->reset(m, pcr, fill);
	set_all(model, pcr, fill);
}

/* The host has SHA-1 and SHA-256, and other values each time; or there is no host TPM. */
static void walk_power_cycle(struct vtpm_matrix *m, struct model *model)
{
	bool there = rnd(4);
	unsigned int i, pcr, bank, from;

	host_fill(rnd(256));
	check(!vtpm_matrix_set_host(m, there ? &host : NULL));
	start_up(m, 0);
	for (pcr = 0; pcr < PCRS; pcr++)
		set_all(model, pcr, pcr >= 17 && pcr <= 22 ? 0xff : 0);
	for (bank = 0; there && bank < BANKS; bank++) {
		from = bank ? 1 : 0;
		for (pcr = 0; pcr < PCRS; pcr++)
			host_map(bank, pcr, model->vpcr[MAP][bank][pcr]);
		for (i = 0; i < ARRAY_SIZE(folded); i++)
			openssl_hash(bank, model->vpcr[ACCUMULATE][bank][9], algs[bank].size,
				     host_value(from, folded[i]), algs[from].size,
				     model->vpcr[ACCUMULATE][bank][9]);
		expect(bank, false, "none", model->vpcr[TRANSLATE][bank][10], NULL);
	}
}

static void walk_manifest(struct model *model)
{
	if (model->known)
		vtpm_trust_remove("it");
	else
		load_manifest();
	model->known = !model->known;
}

static void check_all(const struct vtpm_matrix *m, const struct model *model)
{
	unsigned int i, bank, pcr;

	for (i = 0; i < PROVIDERS; i++)
		for (bank = 0; bank < BANKS; bank++)
			for (pcr = 0; pcr < PCRS && model->active[bank]; pcr++)
				check(peek_is(m, i, bank, pcr, model->vpcr[i][bank][pcr]));
}

static void walk(const char *banks_line, u32 banks, unsigned int steps)
{
	char head[512];
	struct model *model = calloc(1, sizeof(*model));
	struct vtpm_matrix *m;
	unsigned int i;

	sprintf(head, "%s%s", WALK_HEAD, banks_line);
	m = new_matrix(head, NULL);
	for (i = 0; i < BANKS; i++)
		model->active[i] = banks & BIT(i);
	for (i = 0; i < steps; i++) {
		u32 what = rnd(1000);

		if (what < 500)
			walk_extend(m, model);
		else if (what < 900)
			walk_read(m, model);
		else if (what < 949)
			walk_reset(m, model);
		else if (what < 950)
			walk_power_cycle(m, model);
		else if (what < 998)
			walk_policy(m, model, head);
		else
			walk_manifest(model);
	}
	check_all(m, model);
	if (model->known)
		walk_manifest(model);
	vtpm_matrix_free(m);
	free(model);
}

static void test_walk(void)
{
	walk("bank sha256\n", 2, 60000);
	walk("bank sha1 sha512\n", 9, 20000);
	walk("bank sha1 sha256 sha384 sha512\n", 15, 20000);
}

static const struct test_case cases[] = {
	{ "100,000 random steps beside a model", test_walk },
};

int main(int argc, char **argv)
{
	return providers_run(cases, ARRAY_SIZE(cases), argc, argv);
}
