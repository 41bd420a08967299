// SPDX-License-Identifier: GPL-2.0-only
/* Contexts (Part 3, 28). */
#include "bench.h"

#define PERSISTENT	(HR_PERSISTENT + 0x10)

static void setup_object(struct side *s)
{
	setup_parent(s);
	child(s, KEY2, &sealed, true);
}

static void put_save(struct cmd *c, u32 handle)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_ContextSave);
	cmd_u32(c, handle);
}

static void build_save_object(struct side *s, struct cmd *c)
{
	put_save(c, s->handle[KEY2]);
}

static void build_save_session(struct side *s, struct cmd *c)
{
	put_save(c, s->handle[SESSION]);
}

/* TPM2_ContextLoad of the last response. */
static void put_load(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_ContextLoad);
	cmd_bytes(c, s->rsp + 10, s->rsp_len - 10);
	cmd_finish(c);
}

static void after_save_session(struct side *s)
{
	struct cmd c;

	put_load(s, &c);
	must(s, &c, "ContextLoad");
}

static void build_load_object(struct side *s, struct cmd *c)
{
	struct cmd save;

	build_save_object(s, &save);
	must(s, &save, "ContextSave");
	put_load(s, c);
}

static void before_load_session(struct side *s, struct cmd *c)
{
	struct cmd save;

	build_save_session(s, &save);
	must(s, &save, "ContextSave");
	put_load(s, c);
}

static void build_load_session(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_ContextLoad);
}

static void setup_flush_object(struct side *s)
{
	setup_parent(s);
	create_child(s, 0, &sealed, true, NULL);
}

static void before_flush_object(struct side *s, struct cmd *c)
{
	load_child(s, KEY2, 0);
	put_unaligned_be32(s->handle[KEY2], c->buf + 10);
	s->handle[KEY2] = 0;
}

static void before_flush_session(struct side *s, struct cmd *c)
{
	setup_session(s);
	put_unaligned_be32(s->handle[SESSION], c->buf + 10);
	s->handle[SESSION] = 0;
}

static void build_flush(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_FlushContext);
	cmd_u32(c, 0);
}

static void put_evict(struct cmd *c, u32 handle)
{
	cmd_begin_pw(c, TPM_CC_EvictControl, 2, 1, TPM_RH_OWNER, handle);
	cmd_u32(c, PERSISTENT);
}

static void build_persist(struct side *s, struct cmd *c)
{
	put_evict(c, s->handle[KEY]);
}

static void after_persist(struct side *s)
{
	struct cmd c;

	put_evict(&c, PERSISTENT);
	must(s, &c, "EvictControl");
}

static void before_evict(struct side *s, struct cmd *unused)
{
	struct cmd c;

	build_persist(s, &c);
	must(s, &c, "EvictControl");
}

static void build_evict(struct side *s, struct cmd *c)
{
	put_evict(c, PERSISTENT);
}

static const struct bench rows[] = {
	{ TPM_CC_ContextSave, "ContextSave, object", setup_object, build_save_object },
	{ TPM_CC_ContextSave, "ContextSave, session", setup_session, build_save_session, NULL,
	  after_save_session },
	{ TPM_CC_ContextLoad, "ContextLoad, object", setup_object, build_load_object, NULL,
	  flush_response },
	{ TPM_CC_ContextLoad, "ContextLoad, session", setup_session, build_load_session,
	  before_load_session },
	{ TPM_CC_FlushContext, "FlushContext, object", setup_flush_object, build_flush,
	  before_flush_object },
	{ TPM_CC_FlushContext, "FlushContext, session", NULL, build_flush, before_flush_session },
	{ TPM_CC_EvictControl, "EvictControl, persist", setup_signer, build_persist, NULL,
	  after_persist },
	{ TPM_CC_EvictControl, "EvictControl, evict", setup_signer, build_evict, before_evict },
};

const struct bench_group bench_context = { rows, ARRAY_SIZE(rows) };
