// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints what an instance is made of, one line each, fields with tabs between:
 * the rows of the command table, and what TPM2_GetCapability says of algorithms,
 * curves and fixed properties. tools/gen/tpm-commands makes the documentation of it.
 */
#include "tpm.h"

#include <stdio.h>

#include "tpm2/engine.h"

static struct host_tpm tpm;

static void print_desc(const struct desc *d)
{
	switch (d->kind) {
	case D_UINT:
		printf("u%u", 8 * d->width);
		break;
	case D_2B:
		printf(d->min == d->max ? "2B of %u" : "2B up to %u", d->max);
		break;
	case D_DIGEST:
		printf("digest");
		break;
	case D_BYTES:
		printf("%u bytes", d->max);
		break;
	case D_LIST:
		printf("list up to %u", d->max);
		break;
	case D_SIZED:
		printf("2B structure");
		break;
	case D_STRUCT:
		printf("structure");
		break;
	default:
		printf("union");
		break;
	}
}

static void print_params(const struct desc *d)
{
	unsigned int i;

	putchar('\t');
	for (i = 0; d && i < d->nfields; i++) {
		if (i)
			putchar(';');
		print_desc(d->fields[i].d);
	}
}

static void print_handles(const struct tpm2_cmd *row)
{
	unsigned int i;

	putchar('\t');
	for (i = 0; i < row->n_handles; i++)
		printf(i ? ";%x:%u" : "%x:%u", row->handles[i], row->roles[i]);
}

static void print_commands(void)
{
	const struct tpm2_cmd *row;
	unsigned int i;

	for (i = 0; (row = tpm2_cmd_at(i)); i++) {
		printf("command\t%s\t%x\t%x\t%08x", row->name, row->code, row->flags,
		       tpm2_cmd_attributes(row));
		print_handles(row);
		print_params(row->in);
		print_params(row->out);
		putchar('\n');
	}
}

/* Elements of @id and @value bytes, as TPM2_GetCapability lists them. */
static void print_capability(const char *what, u32 cap, u32 first, u32 id, u32 value)
{
	struct cmd c;
	struct rsp r;
	u32 n;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
	cmd_u32(&c, cap);
	cmd_u32(&c, first);
	cmd_u32(&c, 256);
	if (cmd_run(&tpm, &c))
		return;
	r = rsp_params(&tpm, NULL);
	rsp_u8(&r);
	rsp_u32(&r);
	for (n = rsp_u32(&r); n; n--) {
		printf("%s\t%x", what, id == 2 ? rsp_u16(&r) : rsp_u32(&r));
		printf(value ? "\t%x\n" : "\n", value ? rsp_u32(&r) : 0);
	}
}

int main(void)
{
	host_tpm_new(&tpm, NULL);
	print_commands();
	print_capability("algorithm", TPM_CAP_ALGS, 0, 2, 4);
	print_capability("curve", TPM_CAP_ECC_CURVES, 0, 2, 0);
	print_capability("property", TPM_CAP_TPM_PROPERTIES, 0x100, 4, 4);
	return host_tpm_free(&tpm) != 0;
}
