// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs sequences of commands on our engine and on libtpms and reports the first
 * difference of each, shrunken.
 *
 * usage: diff [--seed N] [--sequences K] [--replay] [--survey] [--mask HEX] [--rows]
 *
 * Sequence i of K has the seed N + i; all that happens in it follows from that.
 * --replay prints every command; --survey counts differences by their kind and
 * does not shrink them; --rows prints the accepted differences.
 */
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "diff.h"

#define RETRY		0x922u	/* TPM_RC_RETRY */
#define FAILURE		0x101u	/* TPM_RC_FAILURE */
#define MAX_UNITS	24
#define MAX_COMMANDS	64
#define ENOUGH		2000

struct shared *shared;
bool verbose;

static unsigned int run_in_sequence;

/* ---- one command on both sides ---- */

static void print_hex(const char *what, const u8 *p, u32 n)
{
	u32 i;

	printf("    %s ", what);
	for (i = 0; i < n; i++)
		printf("%02x", p[i]);
	printf("\n");
}

static void print_command(const struct command *c)
{
	static const char * const faults[F_COUNT] = {
		"", "handle", "auth", "attrs", "missing", "extra", "short", "long", "flip", "size",
		"tag", "raw", "double",
	};
	unsigned int i;

	printf("%s%s%s", c->row->name, c->fault ? " fault:" : "", faults[c->fault]);
	for (i = 0; i < c->row->n_handles; i++)
		printf(" %08x", c->raw[i]);
	for (i = 0; i < c->n_auths; i++)
		printf(" [%08x %02x]", c->auths[i].ses ? c->auths[i].ses->handle[OURS] : TPM_RS_PW,
		       c->auths[i].attrs);
	printf(" -> %03x %03x", c->rc[OURS], c->rc[THEIRS]);
	if (c->why[0])
		printf("  DIFFERS: %s", c->why);
	if (c->row_of)
		printf("  (accepted)");
	printf("\n");
	print_hex("ours   >", c->bytes[OURS].buf, c->bytes[OURS].len);
	print_hex("theirs >", c->bytes[THEIRS].buf, c->bytes[THEIRS].len);
	print_hex("ours   <", c->rsp[OURS], c->rsp_len[OURS]);
	print_hex("theirs <", c->rsp[THEIRS], c->rsp_len[THEIRS]);
}

static void count(const struct command *c)
{
	struct cover *cover = &shared->cover[c->row->code - TPM_CC_FIRST];

	cover->runs++;
	shared->commands++;
	if (!c->rc[OURS] && !c->rc[THEIRS]) {
		cover->good++;
		shared->good++;
	}
}

static void judge(struct command *c)
{
	if (!c->why[0])
		return;
	c->row_of = accepted_find(c);
	if (c->row_of) {
		shared->accepted[accepted_index(c->row_of)]++;
		shared->ends = !c->rc[OURS] != !c->rc[THEIRS] || c->rc[THEIRS] == FAILURE;
		return;
	}
	shared->differs = true;
	shared->diff_code = c->row->code;
	shared->diff_rc[OURS] = c->rc[OURS];
	shared->diff_rc[THEIRS] = c->rc[THEIRS];
	snprintf(shared->why, sizeof(shared->why), "%s: %s", c->row->name, c->why);
}

/* The auth value that goes in: a fault may have changed what was chosen. */
static void look_up_auth(struct command *c)
{
	const struct desc *first = c->row->in ? c->row->in->fields[0].d : NULL;
	bool plain = first == &desc_2b_auth || c->row->code == TPM_CC_PCR_SetAuthValue;
	u32 at = plain ? 0 : first == &desc_2b_sensitive_create ? 2 :
		 first == &desc_2b_sensitive ? 4 : ~0u;
	const struct cmd *p = &c->params[OURS];
	struct tpm2_reader in = { (u8 *)p->buf + at, p->len > at ? p->len - at : 0 };
	struct tpm2b auth;

	if (at < 8 && !tpm2_read_2b(&in, 64, &auth))
		c->new_auth = keep2(&auth);
}

/* An auth value that is longer than nameAlg's digest, for a parent that is not fixedTPM */
static bool long_auth(const struct command *c)
{
	struct tpm2_reader in = { (u8 *)c->params[THEIRS].buf, c->params[THEIRS].len };
	struct tpm2b key, pub, sens, auth;

	if (!c->ent[0] || c->ent[0]->pub.attrs & TPMA_OBJECT_FIXEDTPM ||
	    tpm2_read_2b(&in, 64, &key) || tpm2_read_2b(&in, 1024, &pub) || pub.size < 4 ||
	    tpm2_read_2b(&in, 2048, &sens))
		return false;
	in = (struct tpm2_reader){ sens.data + 4, sens.size > 4 ? sens.size - 4 : 0 };
	return !tpm2_read_2b(&in, 64, &auth) &&
	       auth.size > hash_size(get_unaligned_be16(pub.data + 2));
}

/* What libtpms' process ends at */
static bool ends_libtpms(const struct command *c)
{
	switch (c->row->code) {
	case TPM_CC_Import:
		return long_auth(c);
	case TPM_CC_SequenceUpdate:
	case TPM_CC_SequenceComplete:
		/* a CMAC's state is not whole again after TPM2_ContextLoad */
		return c->ent[0] && c->ent[0]->kind == E_SEQUENCE && c->ent[0]->seq_cmac &&
		       c->ent[0]->reloaded;
	default:
		return false;
	}
}

bool run_command(struct command *c)
{
	unsigned int s;

	shared->last = c->row->code;
	if (ends_libtpms(c)) {
		shared->skipped++;
		return true;
	}
	look_up_auth(c);
	for (s = 0; s < SIDES; s++)
		encode(c, s);
	for (s = 0; s < SIDES; s++)
		c->rc[s] = side_run(s, c->bytes[s].buf, c->bytes[s].len, c->rsp[s],
				    &c->rsp_len[s]);
	if (c->rc[THEIRS] == RETRY && c->rc[OURS] != RETRY) {	/* differences.rst: DA used */
		c->rc[THEIRS] = side_run(THEIRS, c->bytes[THEIRS].buf, c->bytes[THEIRS].len,
					 c->rsp[THEIRS], &c->rsp_len[THEIRS]);
		shared->retries++;
	}
	compare(c);
	judge(c);
	count(c);
	if (verbose) {
		print_command(c);
		fflush(stdout);
	}
	if (shared->differs || shared->ends)
		return false;
	if (!c->rc[OURS] && !c->rc[THEIRS])
		learn(c);
	return ++run_in_sequence < MAX_COMMANDS || !shared->sequences;
}

/* ---- what is there before each sequence ---- */

static void base_entity(enum ent_kind kind, u32 handle)
{
	struct ent *e = add_ent(kind, handle);
	u8 name[4];

	put_unaligned_be32(handle, name);
	e->handle[OURS] = handle;
	e->handle[THEIRS] = handle;
	e->name.b[OURS] = keep(name, 4);
	e->name.b[THEIRS] = e->name.b[OURS];
	e->same = true;
	e->hierarchy = handle;
}

static struct ent *made_by(u64 seed)
{
	unsigned int i;

	for (i = 0; i < w.n_ents; i++)
		if (w.ents[i].live && w.ents[i].id == mix(seed, 3))
			return &w.ents[i];
	return NULL;
}

static void need(bool ok, const char *what)
{
	if (ok)
		return;
	printf("not ok diff.start - %s: %s\n", what, shared->why);
	exit(1);
}

static void persistent(enum need want, u32 handle)
{
	struct plan make = { .code = TPM_CC_CreatePrimary, .want = want, .recipe = -1,
			     .sound = true, .simple = true };
	struct plan evict = { .code = TPM_CC_EvictControl, .recipe = -1, .sound = true,
			      .handle = handle };
	struct plan flush = { .code = TPM_CC_FlushContext, .recipe = -1, .sound = true };
	u64 seed = handle;

	make.ent[0] = ent_by_handle(TPM_RH_OWNER);
	need(do_command(seed, &make) && made_by(seed), "CreatePrimary");
	evict.ent[0] = make.ent[0];
	evict.ent[1] = made_by(seed);
	flush.ent[0] = evict.ent[1];
	need(do_command(seed + 1, &evict), "EvictControl");
	need(do_command(seed + 2, &flush), "FlushContext");
	need(ent_by_handle(handle), "a key that stays");
}

static void bare(u32 code, const void *params, u32 size, bool lockout)
{
	u8 rsp[VTPM_MAX_COMMAND];
	struct cmd c;
	u32 len, s;

	for (s = code == TPM_CC_Startup; s < SIDES; s++) {
		if (lockout)
			cmd_begin_pw(&c, code, 1, 1, TPM_RH_LOCKOUT);
		else
			cmd_start(&c, TPM_ST_NO_SESSIONS, code);
		cmd_bytes(&c, params, size);
		cmd_finish(&c);
		need(!side_run(s, c.buf, c.len, rsp, &len), "a command at the start");
	}
}

static void prepare(void)
{
	static const u32 permanent[] = { TPM_RH_OWNER, TPM_RH_ENDORSEMENT, TPM_RH_PLATFORM,
					 TPM_RH_LOCKOUT, TPM_RH_NULL };
	static const u8 da[12] = { 0, 0, 0, 5, 0, 0, 0, 100, 0, 0, 0, 100 };
	unsigned int i;

	sides_start();
	known_init();
	for (i = 0; i < ARRAY_SIZE(permanent); i++)
		base_entity(E_HIERARCHY, permanent[i]);
	for (i = 0; i < VTPM_PCR_COUNT; i++)
		base_entity(E_PCR, i);
	bare(TPM_CC_Startup, "\0\0", 2, false);
	bare(TPM_CC_SelfTest, "\1", 1, false);
	bare(TPM_CC_DictionaryAttackParameters, da, sizeof(da), true);
	recipes_init();
	persistent(N_RSA, 0x81000001);
	persistent(N_PARENT, 0x81000002);
}

/* ---- sequences ---- */

static void child(u64 seed, u32 mask)
{
	struct rnd r = { .s = mix(seed, 1) };
	u32 units = 2 + rnd(&r, MAX_UNITS - 1), i;

	sides_seed(mix(seed, 2));
	run_in_sequence = 0;
	for (i = 0; i < units && !shared->ends && !shared->differs; i++) {
		u64 unit = rnd64(&r);

		if (mask >> i & 1 && run_in_sequence < MAX_COMMANDS)
			run_unit(unit);
	}
	if (verbose && shared->differs)
		printf("    clock %llu ms\n", (unsigned long long)diff_now_ms);
	fflush(stdout);
	_exit(0);
}

/* In a process of its own, so that each starts from the same state. False: a difference. */
static bool run_sequence(u64 seed, u32 mask)
{
	int status;
	pid_t pid;

	shared->differs = false;
	shared->ends = false;
	fflush(stdout);
	pid = fork();
	if (!pid)
		child(seed, mask);
	waitpid(pid, &status, 0);
	if (status && !shared->differs) {
		shared->differs = true;
		shared->diff_code = shared->last;
		memset(shared->diff_rc, 0, sizeof(shared->diff_rc));
		snprintf(shared->why, sizeof(shared->why), "%s: the process ended with status 0x%x",
			 tpm2_cmd_find(shared->last) ? tpm2_cmd_find(shared->last)->name : "?",
			 status);
	}
	return !shared->differs;
}

static bool still(u64 seed, u32 mask, const struct shared *first)
{
	return !run_sequence(seed, mask) && shared->diff_code == first->diff_code &&
	       shared->diff_rc[OURS] == first->diff_rc[OURS] &&
	       shared->diff_rc[THEIRS] == first->diff_rc[THEIRS];
}

/* Drops units while the difference stays; prints what is left. */
static void shrink(u64 seed)
{
	static struct shared first;
	u32 mask = ~0u;
	int i;

	first = *shared;
	for (i = MAX_UNITS; i >= 0; i--)
		if (still(seed, mask & ~BIT(i), &first))
			mask &= ~BIT(i);
	printf("# difference: --seed %llu --sequences 1 --mask %x --replay\n",
	       (unsigned long long)seed, mask);
	verbose = true;
	run_sequence(seed, mask);
	verbose = false;
	memcpy(shared, &first, sizeof(first));
}

/* ---- kinds of differences, for --survey ---- */

static struct {
	char why[512];
	u64 seed;
	unsigned int n;
} kinds[512];

static void survey(u64 seed)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds) && kinds[i].n; i++)
		if (!strcmp(kinds[i].why, shared->why))
			break;
	if (i == ARRAY_SIZE(kinds))
		return;
	if (!kinds[i].n++) {
		strcpy(kinds[i].why, shared->why);
		kinds[i].seed = seed;
	}
}

static void print_survey(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds) && kinds[i].n; i++)
		printf("%6u  %s  (--seed %llu)\n", kinds[i].n, kinds[i].why,
		       (unsigned long long)kinds[i].seed);
}

/* ---- the end ---- */

static void print_cover(void)
{
	const struct tpm2_cmd *row;
	unsigned int i;

	printf("# %-28s %10s %10s\n", "command", "success", "error");
	for (i = 0; (row = tpm2_cmd_at(i)); i++) {
		const struct cover *c = &shared->cover[row->code - TPM_CC_FIRST];

		printf("# %-28s %10u %10u\n", row->name, c->good, c->runs - c->good);
	}
	for (i = 0; i < accepted_count(); i++)
		printf("# accepted %u: %llu\n", i, (unsigned long long)shared->accepted[i]);
	printf("# not sent, as libtpms ends with it: %llu\n", (unsigned long long)shared->skipped);
	printf("# %llu sequences, %llu commands, %llu %% with success\n",
	       (unsigned long long)shared->sequences, (unsigned long long)shared->commands,
	       (unsigned long long)(shared->commands ? 100 * shared->good / shared->commands : 0));
}

/* In as many sequences each command that libtpms has should have succeeded. */
static bool all_succeeded(void)
{
	const struct tpm2_cmd *row;
	unsigned int i, never = 0;

	if (shared->sequences < ENOUGH)
		return true;
	for (i = 0; (row = tpm2_cmd_at(i)); i++) {
		if (!is_tried(row->code) || shared->cover[row->code - TPM_CC_FIRST].good)
			continue;
		printf("%s%s", never++ ? ", " : "not ok diff.commands - never with success: ",
		       row->name);
	}
	printf("%s\n", never ? "" : "ok diff.commands");
	return !never;
}

static u64 number(int *argc, char ***argv, int base)
{
	--*argc;
	return strtoull(*++*argv, NULL, base);
}

int main(int argc, char **argv)
{
	u64 seed = 1, sequences = 1, i, different = 0;
	bool only_survey = false, replay = false;
	u32 mask = ~0u;

	for (argc--, argv++; argc; argc--, argv++) {
		bool more = argc > 1;

		if (!strcmp(*argv, "--replay"))
			replay = true;
		else if (!strcmp(*argv, "--rows"))
			return accepted_print(), 0;
		else if (!strcmp(*argv, "--survey"))
			only_survey = true;
		else if (!strcmp(*argv, "--seed") && more)
			seed = number(&argc, &argv, 0);
		else if (!strcmp(*argv, "--sequences") && more)
			sequences = number(&argc, &argv, 0);
		else if (!strcmp(*argv, "--mask") && more)
			mask = number(&argc, &argv, 16);
		else
			return fprintf(stderr, "diff: what is %s?\n", *argv), 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	verbose = getenv("DIFF_VERBOSE");
	prepare();
	memset(shared, 0, sizeof(*shared));
	for (i = 0; i < sequences && (only_survey || different < 5); i++) {
		verbose = replay;
		shared->sequences++;
		if (run_sequence(seed + i, mask))
			continue;
		different++;
		if (only_survey)
			survey(seed + i);
		else if (!replay)
			shrink(seed + i);
	}
	print_survey();
	print_cover();
	if (different)
		printf("not ok diff.sequences - %llu of %llu differ\n",
		       (unsigned long long)different, (unsigned long long)shared->sequences);
	else
		printf("ok diff.sequences\n");
	return !all_succeeded() || different;
}
