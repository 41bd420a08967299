// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: sequences of TPM commands. The input is a stream of choices; the
 * table's own descriptors turn them into commands that are mostly well formed,
 * so that the fuzzer gets past unmarshalling, and now and then into broken
 * bytes. After each sequence the instance must be freed without a leak.
 *
 * With VTPM_FUZZ_COVERAGE=FILE, what was reached is written to FILE when the
 * program ends: a line for each command with how often it succeeded and which
 * response codes it gave. With VTPM_FUZZ_SEEDS=FOLDER, the first of each command
 * that succeeds becomes an input of raw.c there.
 */
#include <stdio.h>
#include <stdlib.h>

#include "desc_support.h"
#include "port-host.h"
#include "fuzz.h"

#define MAX_COMMANDS	24
#define MAX_CODES	48

struct input {
	const u8 *p;
	size_t left;
};

static u32 take(struct input *in, unsigned int bytes)
{
	u32 v = 0;

	while (bytes-- && in->left) {
		v = v << 8 | *in->p++;
		in->left--;
	}
	return v;
}

/* ---- what was reached ---- */

static struct {
	unsigned long runs, good;
	u32 codes[MAX_CODES];
	unsigned int n_codes;
} reached[128];

/* An input of raw.c */
static void write_seed(const char *name, const struct cmd *c)
{
	const char *folder = getenv("VTPM_FUZZ_SEEDS");
	char path[512];
	u8 len[2];
	FILE *f;

	if (!folder)
		return;
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	if (!f)
		return;
	put_unaligned_be16(c->len << 1 | 1, len);
	fwrite(len, 1, sizeof(len), f);
	fwrite(c->buf, 1, c->len, f);
	fclose(f);
}

static void note(unsigned int cmd, const struct cmd *c, u32 rc)
{
	unsigned int i;

	reached[cmd].runs++;
	if (!rc && !reached[cmd].good++)
		write_seed(tpm2_cmd_at(cmd)->name, c);
	for (i = 0; i < reached[cmd].n_codes; i++)
		if (reached[cmd].codes[i] == rc)
			return;
	if (reached[cmd].n_codes < MAX_CODES)
		reached[cmd].codes[reached[cmd].n_codes++] = rc;
}

static void write_coverage(void)
{
	const char *path = getenv("VTPM_FUZZ_COVERAGE");
	const struct tpm2_cmd *cmd;
	unsigned int i, j;
	FILE *f = path ? fopen(path, "w") : NULL;

	if (!f)
		return;
	for (i = 0; (cmd = tpm2_cmd_at(i)); i++) {
		fprintf(f, "%-24s %10lu runs %10lu good ", cmd->name, reached[i].runs,
			reached[i].good);
		for (j = 0; j < reached[i].n_codes; j++)
			fprintf(f, " %03x", reached[i].codes[j]);
		fputc('\n', f);
	}
	fclose(f);
}

/* ---- from choices to bytes ---- */

static u64 take_number(void *in, unsigned int bytes)
{
	u64 high = bytes == 8 ? take(in, 4) : 0;

	return high << 32 | take(in, min_t(unsigned int, bytes, 4));
}

/* Public areas that make sense; RSA is left to its descriptor, its generation ends at once here. */
static const u8 templates[][64] = {
	/* ECC storage, ECC signing, ECC decryption, sealed data, HMAC key, AES key */
	"\x00\x1a\x00\x23\x00\x0b\x00\x03\x04\x72\x00\x00\x00\x06\x00\x80\x00\x43\x00\x10\x00\x03\x00\x10\x00\x00\x00\x00",
	"\x00\x16\x00\x23\x00\x0b\x00\x04\x04\x72\x00\x00\x00\x10\x00\x10\x00\x03\x00\x10\x00\x00\x00\x00",
	"\x00\x16\x00\x23\x00\x0b\x00\x02\x04\x72\x00\x00\x00\x10\x00\x10\x00\x03\x00\x10\x00\x00\x00\x00",
	"\x00\x0e\x00\x08\x00\x0b\x00\x00\x04\x52\x00\x00\x00\x10\x00\x00",
	"\x00\x10\x00\x08\x00\x0b\x00\x04\x04\x72\x00\x00\x00\x05\x00\x0b\x00\x00",
	"\x00\x12\x00\x25\x00\x0b\x00\x06\x04\x72\x00\x00\x00\x06\x00\x80\x00\x43\x00\x00",
};

static bool put_template(void *in, struct cmd *c, const struct desc *d)
{
	u32 choice;
	const u8 *t;

	if (d != &desc_2b_public && d != &desc_2b_public_null && d != &desc_2b_template)
		return false;
	choice = take(in, 1);
	if (choice >= 192)
		return false;
	t = templates[choice % ARRAY_SIZE(templates)];
	cmd_bytes(c, t, 2 + get_unaligned_be16(t));
	return true;
}

/* ---- sequences ---- */

struct run {
	struct host_tpm tpm;
	u32 handles[24];	/* what earlier commands gave */
	unsigned int n_handles;
	struct tpm2b blobs[4];	/* kept responses, to feed Load and ContextLoad */
};

static u16 class_of(u32 handle)
{
	switch (HR_TYPE(handle)) {
	case TPM_HT_HMAC_SESSION:
		return HC_HMAC;
	case TPM_HT_POLICY_SESSION:
		return HC_POLICY;
	case TPM_HT_TRANSIENT:
		return HC_TRANSIENT;
	case TPM_HT_PERSISTENT:
		return HC_PERSISTENT;
	case TPM_HT_PCR:
		return HC_PCR;
	case TPM_HT_NV_INDEX:
		return HC_NV;
	}
	switch (handle) {
	case TPM_RH_OWNER:
		return HC_OWNER;
	case TPM_RH_ENDORSEMENT:
		return HC_ENDORSEMENT;
	case TPM_RH_PLATFORM:
		return HC_PLATFORM;
	case TPM_RH_LOCKOUT:
		return HC_LOCKOUT;
	case TPM_RH_ACT_0:
		return HC_ACT;
	default:
		return HC_NULL;
	}
}

/* Mostly one that the place accepts; now and then any at all. */
static u32 pick_handle(struct run *r, struct input *in, u16 classes)
{
	static const u32 fixed[] = {
		TPM_RH_OWNER, TPM_RH_NULL, TPM_RH_ENDORSEMENT, TPM_RH_PLATFORM, TPM_RH_LOCKOUT, 0,
		16,           23,          0x81000001,         TPM_RH_ACT_0,
	};
	u32 choice = take(in, 1), n = r->n_handles + ARRAY_SIZE(fixed), i;

	if (choice == 255)
		return take(in, 4);
	for (i = 0; i < n; i++) {
		u32 at = (choice + i) % n;
		u32 handle = at < r->n_handles ? r->handles[at] : fixed[at - r->n_handles];

		if (choice > 248 || class_of(handle) & classes)
			return handle;
	}
	return TPM_RH_NULL;
}

static void put_auths(struct run *r, struct input *in, struct cmd *c, const struct tpm2_cmd *cmd)
{
	unsigned int i, n = 0;
	u32 choice = take(in, 1);

	for (i = 0; i < cmd->n_handles; i++)
		n += cmd->roles[i] != ROLE_NONE;
	if (choice > 224 && n < 3)
		n++;
	if (!n)
		return;
	put_unaligned_be16(TPM_ST_SESSIONS, c->buf);
	cmd_auths(c);
	for (i = 0; i < n; i++) {
		if (choice & 1 && r->n_handles)
			cmd_session(c, r->handles[choice % r->n_handles], take(in, 1));
		else
			cmd_password(c, "");
		choice >>= 1;
	}
	cmd_auths_end(c);
}

/* Now and then a kept blob goes where the parameters would: real private areas and contexts. */
static bool put_blob(struct run *r, struct input *in, struct cmd *c, const struct tpm2_cmd *cmd)
{
	const struct tpm2b *b = &r->blobs[cmd->code == TPM_CC_ContextLoad];

	if ((cmd->code != TPM_CC_Load && cmd->code != TPM_CC_ContextLoad) || !b->size ||
	    take(in, 1) & 1)
		return false;
	cmd_bytes(c, b->data, b->size);
	return true;
}

static void break_bytes(struct input *in, struct cmd *c)
{
	u32 choice = take(in, 1);

	if (choice < 224)
		return;
	if (choice & 1)
		c->buf[10 + take(in, 2) % (c->len - 9)] ^= take(in, 1);
	else
		c->len = 10 + take(in, 2) % (c->len - 9);
}

static void keep(struct run *r, const struct tpm2_cmd *cmd)
{
	unsigned int slot = cmd->code == TPM_CC_ContextSave;
	struct rsp rsp;
	u16 size;

	if (cmd->flags & CMD_RHANDLE && r->n_handles < ARRAY_SIZE(r->handles))
		r->handles[r->n_handles++] = get_unaligned_be32(r->tpm.rsp + 10);
	if (cmd->code != TPM_CC_Create && cmd->code != TPM_CC_ContextSave)
		return;
	rsp = rsp_params(&r->tpm, NULL);
	size = rsp.left;
	if (cmd->code == TPM_CC_Create) {	/* private and public, as Load wants them */
		u16 a, b;

		rsp_2b(&rsp, &a);
		rsp_2b(&rsp, &b);
		size = a + b + 4;
		rsp = rsp_params(&r->tpm, NULL);
	}
	free(r->blobs[slot].data);
	r->blobs[slot].data = malloc(size + 1);
	r->blobs[slot].size = size;
	memcpy(r->blobs[slot].data, rsp.p, size);
}

static void one_command(struct run *r, struct input *in)
{
	struct choices choices = { .ctx = in, .number = take_number, .instead = put_template };
	static struct cmd c;
	unsigned int i, index, count = 0;
	const struct tpm2_cmd *cmd;
	u32 rc;

	while (tpm2_cmd_at(count))
		count++;
	index = take(in, 1) % count;
	cmd = tpm2_cmd_at(index);
	if (cmd->code == TPM_CC_SelfTest && take(in, 1))
		return;		/* takes as long as a thousand others */
	cmd_start(&c, TPM_ST_NO_SESSIONS, cmd->code);
	for (i = 0; i < cmd->n_handles; i++)
		cmd_u32(&c, pick_handle(r, in, cmd->handles[i]));
	put_auths(r, in, &c, cmd);
	if (cmd->in && !put_blob(r, in, &c, cmd))
		make_from(&choices, &c, cmd->in);
	break_bytes(in, &c);
	if (c.len > VTPM_MAX_COMMAND)
		c.len = VTPM_MAX_COMMAND;
	cmd_finish(&c);
	rc = host_tpm_run(&r->tpm, c.buf, c.len);
	note(index, &c, rc);
	if (!rc)
		keep(r, cmd);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { .p = data, .left = size };
	static struct run r;
	unsigned int i;

	vt_host_seed(1);
	memset(&r, 0, sizeof(r));
	host_tpm_new(&r.tpm, NULL);
	r.tpm.cancel =
		true; /* RSA key generation ends at once: it would be all the time there is */
	fuzz_furnish(&r.tpm, r.handles);
	r.n_handles = FUZZ_FURNISHED;
	for (i = 0; i < MAX_COMMANDS && in.left; i++)
		one_command(&r, &in);
	for (i = 0; i < ARRAY_SIZE(r.blobs); i++)
		free(r.blobs[i].data);
	if (host_tpm_free(&r.tpm))
		abort();
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	atexit(write_coverage);
	return 0;
}
