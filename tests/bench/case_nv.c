// SPDX-License-Identifier: GPL-2.0-only
/* NV storage (Part 3, 31). */
#include "bench.h"

static const u8 zeros[1024];

static void setup_32(struct side *s)
{
	define(s, NV_ORDINARY, 32);
	nv_write(s, zeros, 32);
}

static void setup_1024(struct side *s)
{
	define(s, NV_ORDINARY, 1024);
	nv_write(s, zeros, 1024);
}

static void setup_counter(struct side *s)
{
	define(s, NV_ORDINARY | TPM_NT_COUNTER << TPM_NT_SHIFT, 8);
}

static void setup_bits(struct side *s)
{
	define(s, NV_ORDINARY | TPM_NT_BITS << TPM_NT_SHIFT, 8);
}

static void setup_extend(struct side *s)
{
	define(s, NV_ORDINARY | TPM_NT_EXTEND << TPM_NT_SHIFT, 32);
}

static void setup_write_lock(struct side *s)
{
	define(s, NV_ORDINARY | TPMA_NV_WRITE_STCLEAR, 32);
	nv_write(s, zeros, 32);
}

static void setup_read_lock(struct side *s)
{
	define(s, NV_ORDINARY | TPMA_NV_READ_STCLEAR, 32);
	nv_write(s, zeros, 32);
}

static void setup_global_lock(struct side *s)
{
	define(s, NV_ORDINARY | TPMA_NV_GLOBALLOCK, 32);
	nv_write(s, zeros, 32);
}

static void build_by_owner(struct cmd *c, u32 code)
{
	cmd_begin_pw(c, code, 2, 1, TPM_RH_OWNER, NV_INDEX);
}

static void put_write(struct cmd *c, u16 size)
{
	static const u8 data[1024] = { 3, 1, 4 };

	build_by_owner(c, TPM_CC_NV_Write);
	cmd_2b(c, data, size);
	cmd_u16(c, 0);
}

static void build_write_32(struct side *s, struct cmd *c)
{
	put_write(c, 32);
}

static void build_write_1024(struct side *s, struct cmd *c)
{
	put_write(c, 1024);
}

static void put_read(struct cmd *c, u16 size)
{
	build_by_owner(c, TPM_CC_NV_Read);
	cmd_u16(c, size);
	cmd_u16(c, 0);
}

static void build_read_32(struct side *s, struct cmd *c)
{
	put_read(c, 32);
}

static void build_read_1024(struct side *s, struct cmd *c)
{
	put_read(c, 1024);
}

static void build_increment(struct side *s, struct cmd *c)
{
	build_by_owner(c, TPM_CC_NV_Increment);
}

static void build_set_bits(struct side *s, struct cmd *c)
{
	build_by_owner(c, TPM_CC_NV_SetBits);
	cmd_u64(c, 0x11);
}

static void build_extend(struct side *s, struct cmd *c)
{
	build_by_owner(c, TPM_CC_NV_Extend);
	cmd_2b(c, zeros, 32);
}

static void build_write_lock(struct side *s, struct cmd *c)
{
	build_by_owner(c, TPM_CC_NV_WriteLock);
}

static void build_read_lock(struct side *s, struct cmd *c)
{
	build_by_owner(c, TPM_CC_NV_ReadLock);
}

static void build_global_lock(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_NV_GlobalWriteLock, 1, 1, TPM_RH_OWNER);
}

static void build_read_public(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_NV_ReadPublic);
	cmd_u32(c, NV_INDEX);
}

/* ---- defining and undefining ---- */

static void build_define_32(struct side *s, struct cmd *c)
{
	build_define(c, TPM_RH_OWNER, NV_ORDINARY, 32, NULL);
}

static void after_define(struct side *s)
{
	s->nv = NV_INDEX;
	s->nv_hierarchy = TPM_RH_OWNER;
	undefine(s);
}

static void before_undefine(struct side *s, struct cmd *c)
{
	define(s, NV_ORDINARY, 32);
	s->nv = 0;
}

static void build_undefine(struct side *s, struct cmd *c)
{
	build_by_owner(c, TPM_CC_NV_UndefineSpace);
}

/* The policy of the index wants TPM2_PolicyCommandCode for the administrator's command. */
static void setup_special(struct side *s)
{
	command_code_policy(s, TPM_CC_NV_UndefineSpaceSpecial, s->blob[0]);
}

static void before_special(struct side *s, struct cmd *unused)
{
	struct cmd c;

	build_define(&c, TPM_RH_PLATFORM,
		     TPMA_NV_PPREAD | TPMA_NV_PPWRITE | TPMA_NV_PLATFORMCREATE |
			     TPMA_NV_POLICY_DELETE | TPMA_NV_NO_DA,
		     32, s->blob[0]);
	must(s, &c, "NV_DefineSpace");
	restart(s, NULL);
	policy_command_code(s, TPM_CC_NV_UndefineSpaceSpecial);
}

static void build_special(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_SESSIONS, TPM_CC_NV_UndefineSpaceSpecial);
	cmd_u32(c, NV_INDEX);
	cmd_u32(c, TPM_RH_PLATFORM);
	cmd_auths(c);
	cmd_session(c, s->handle[SESSION], TPMA_SESSION_CONTINUE);
	cmd_password(c, "");
	cmd_auths_end(c);
}

static void setup_change_auth(struct side *s)
{
	struct cmd c;
	u8 policy[32];

	command_code_policy(s, TPM_CC_NV_ChangeAuth, policy);
	build_define(&c, TPM_RH_OWNER, NV_ORDINARY, 32, policy);
	must(s, &c, "NV_DefineSpace");
	s->nv = NV_INDEX;
	s->nv_hierarchy = TPM_RH_OWNER;
}

static void before_change_auth(struct side *s, struct cmd *c)
{
	restart(s, NULL);
	policy_command_code(s, TPM_CC_NV_ChangeAuth);
}

static void build_change_auth(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_SESSIONS, TPM_CC_NV_ChangeAuth);
	cmd_u32(c, NV_INDEX);
	cmd_auths(c);
	cmd_session(c, s->handle[SESSION], TPMA_SESSION_CONTINUE);
	cmd_auths_end(c);
	cmd_2b(c, "secret", 6);
}

static const struct bench rows[] = {
	{ TPM_CC_NV_DefineSpace, "NV_DefineSpace", NULL, build_define_32, NULL, after_define },
	{ TPM_CC_NV_UndefineSpace, "NV_UndefineSpace", NULL, build_undefine, before_undefine },
	{ TPM_CC_NV_UndefineSpaceSpecial, "NV_UndefineSpaceSpecial", setup_special, build_special,
	  before_special },
	{ TPM_CC_NV_ReadPublic, "NV_ReadPublic", setup_32, build_read_public },
	{ TPM_CC_NV_Write, "NV_Write 32", setup_32, build_write_32 },
	{ TPM_CC_NV_Write, "NV_Write 1024", setup_1024, build_write_1024 },
	{ TPM_CC_NV_Read, "NV_Read 32", setup_32, build_read_32 },
	{ TPM_CC_NV_Read, "NV_Read 1024", setup_1024, build_read_1024 },
	{ TPM_CC_NV_Increment, "NV_Increment", setup_counter, build_increment },
	{ TPM_CC_NV_SetBits, "NV_SetBits", setup_bits, build_set_bits },
	{ TPM_CC_NV_Extend, "NV_Extend", setup_extend, build_extend },
	{ TPM_CC_NV_WriteLock, "NV_WriteLock", setup_write_lock, build_write_lock },
	{ TPM_CC_NV_ReadLock, "NV_ReadLock", setup_read_lock, build_read_lock },
	{ TPM_CC_NV_GlobalWriteLock, "NV_GlobalWriteLock", setup_global_lock, build_global_lock },
	{ TPM_CC_NV_ChangeAuth, "NV_ChangeAuth", setup_change_auth, build_change_auth,
	  before_change_auth },
};

const struct bench_group bench_nv = { rows, ARRAY_SIZE(rows) };
