// SPDX-License-Identifier: GPL-2.0-only
/* PCRs, hashes and sequences (Part 3, 15.4, 17 and 22). */
#include "bench.h"

static const u8 data[1024] = { 2, 7, 1, 8 };

/* ---- PCRs ---- */

static void build_extend(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_PCR_Extend, 1, 1, 8);
	cmd_u32(c, 1);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_bytes(c, data, 32);
}

static void build_extend_all(struct side *s, struct cmd *c)
{
	unsigned int i;

	cmd_begin_pw(c, TPM_CC_PCR_Extend, 1, 1, 8);
	cmd_u32(c, VT_HASH_COUNT);
	for (i = 0; i < VT_HASH_COUNT; i++) {
		cmd_u16(c, vt_hash_algs[i].id);
		cmd_bytes(c, data, vt_hash_algs[i].digest_size);
	}
}

static void put_event(struct cmd *c, u16 size)
{
	cmd_begin_pw(c, TPM_CC_PCR_Event, 1, 1, 8);
	cmd_2b(c, data, size);
}

static void build_event_64(struct side *s, struct cmd *c)
{
	put_event(c, 64);
}

static void build_event_1024(struct side *s, struct cmd *c)
{
	put_event(c, 1024);
}

static void put_selection(struct cmd *c, u8 first)
{
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u8(c, 3);
	cmd_u8(c, first);
	cmd_u8(c, first ? 0 : 1);
	cmd_u8(c, 0);
}

static void build_read(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_PCR_Read);
	cmd_u32(c, 1);
	put_selection(c, 0);
}

static void build_read_8(struct side *s, struct cmd *c)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_PCR_Read);
	cmd_u32(c, 1);
	put_selection(c, 0xff);
}

static void build_reset(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_PCR_Reset, 1, 1, 16);
}

static void build_allocate(struct side *s, struct cmd *c)
{
	unsigned int i;

	cmd_begin_pw(c, TPM_CC_PCR_Allocate, 1, 1, TPM_RH_PLATFORM);
	cmd_u32(c, VT_HASH_COUNT);
	for (i = 0; i < VT_HASH_COUNT; i++) {
		cmd_u16(c, vt_hash_algs[i].id);
		cmd_u8(c, 3);
		cmd_bytes(c, "\xff\xff\xff", 3);
	}
}

/* PCR 16 has no policy and no auth value of its own. */
static void build_auth_policy(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_PCR_SetAuthPolicy, 1, 1, TPM_RH_PLATFORM);
	cmd_2b(c, data, 32);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u32(c, 16);
}

static void build_auth_value(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_PCR_SetAuthValue, 1, 1, 16);
	cmd_u16(c, 0);
}

/* ---- hashes ---- */

static void put_hash(struct cmd *c, u16 size)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_Hash);
	cmd_2b(c, data, size);
	cmd_u16(c, TPM_ALG_SHA256);
	cmd_u32(c, TPM_RH_OWNER);
}

static void build_hash_64(struct side *s, struct cmd *c)
{
	put_hash(c, 64);
}

static void build_hash_1024(struct side *s, struct cmd *c)
{
	put_hash(c, 1024);
}

static void setup_hmac(struct side *s)
{
	primary(s, KEY, &hmac_key);
}

static void put_hmac(struct side *s, struct cmd *c, u16 size)
{
	cmd_begin_pw(c, TPM_CC_HMAC, 1, 1, s->handle[KEY]);
	cmd_2b(c, data, size);
	cmd_u16(c, TPM_ALG_NULL);
}

static void build_hmac_64(struct side *s, struct cmd *c)
{
	put_hmac(s, c, 64);
}

static void build_hmac_1024(struct side *s, struct cmd *c)
{
	put_hmac(s, c, 1024);
}

static void build_hmac_start(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_HMAC_Start, 1, 1, s->handle[KEY]);
	cmd_u16(c, 0);
	cmd_u16(c, TPM_ALG_NULL);
}

static void put_sequence_start(struct cmd *c, u16 alg)
{
	cmd_start(c, TPM_ST_NO_SESSIONS, TPM_CC_HashSequenceStart);
	cmd_u16(c, 0);
	cmd_u16(c, alg);
}

static void build_hash_start(struct side *s, struct cmd *c)
{
	put_sequence_start(c, TPM_ALG_SHA256);
}

static void build_event_start(struct side *s, struct cmd *c)
{
	put_sequence_start(c, TPM_ALG_NULL);
}

static void setup_sequence(struct side *s)
{
	struct cmd c;

	put_sequence_start(&c, TPM_ALG_SHA256);
	must(s, &c, "HashSequenceStart");
	s->handle[SEQUENCE] = response_handle(s);
}

static void put_update(struct side *s, struct cmd *c, u16 size)
{
	cmd_begin_pw(c, TPM_CC_SequenceUpdate, 1, 1, s->handle[SEQUENCE]);
	cmd_2b(c, data, size);
}

static void build_update_64(struct side *s, struct cmd *c)
{
	put_update(s, c, 64);
}

static void build_update_1024(struct side *s, struct cmd *c)
{
	put_update(s, c, 1024);
}

/* Completing a sequence ends it: each run gets one of its own. */
static void before_complete(struct side *s, struct cmd *c)
{
	setup_sequence(s);
	put_unaligned_be32(s->handle[SEQUENCE], c->buf + 10);
	s->handle[SEQUENCE] = 0;
}

static void build_complete(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_SequenceComplete, 1, 1, 0);
	cmd_2b(c, data, 64);
	cmd_u32(c, TPM_RH_NULL);
}

static void before_event_complete(struct side *s, struct cmd *c)
{
	struct cmd start;

	put_sequence_start(&start, TPM_ALG_NULL);
	must(s, &start, "HashSequenceStart");
	put_unaligned_be32(response_handle(s), c->buf + 14);
}

static void build_event_complete(struct side *s, struct cmd *c)
{
	cmd_begin_pw(c, TPM_CC_EventSequenceComplete, 2, 2, 8, 0);
	cmd_2b(c, data, 64);
}

static const struct bench rows[] = {
	{ TPM_CC_PCR_Extend, "PCR_Extend, one bank", NULL, build_extend, .bar = 1.0 },
	{ TPM_CC_PCR_Extend, "PCR_Extend, four banks", NULL, build_extend_all },
	{ TPM_CC_PCR_Event, "PCR_Event 64", NULL, build_event_64 },
	{ TPM_CC_PCR_Event, "PCR_Event 1024", NULL, build_event_1024 },
	{ TPM_CC_PCR_Read, "PCR_Read", NULL, build_read, .bar = 1.0 },
	{ TPM_CC_PCR_Read, "PCR_Read, eight", NULL, build_read_8 },
	{ TPM_CC_PCR_Reset, "PCR_Reset", NULL, build_reset },
	{ TPM_CC_PCR_Allocate, "PCR_Allocate", NULL, build_allocate },
	{ TPM_CC_PCR_SetAuthPolicy, "PCR_SetAuthPolicy", NULL, build_auth_policy,
	  .rc = 0x3c4 },
	{ TPM_CC_PCR_SetAuthValue, "PCR_SetAuthValue", NULL, build_auth_value,
	  .rc = 0x84 },
	{ TPM_CC_Hash, "Hash 64", NULL, build_hash_64 },
	{ TPM_CC_Hash, "Hash 1024", NULL, build_hash_1024 },
	{ TPM_CC_HMAC, "HMAC 64", setup_hmac, build_hmac_64 },
	{ TPM_CC_HMAC, "HMAC 1024", setup_hmac, build_hmac_1024 },
	{ TPM_CC_HMAC_Start, "HMAC_Start", setup_hmac, build_hmac_start, NULL, flush_response },
	{ TPM_CC_HashSequenceStart, "HashSequenceStart", NULL, build_hash_start, NULL,
	  flush_response },
	{ TPM_CC_HashSequenceStart, "HashSequenceStart, event", NULL, build_event_start, NULL,
	  flush_response },
	{ TPM_CC_SequenceUpdate, "SequenceUpdate 64", setup_sequence, build_update_64 },
	{ TPM_CC_SequenceUpdate, "SequenceUpdate 1024", setup_sequence, build_update_1024 },
	{ TPM_CC_SequenceComplete, "SequenceComplete", NULL, build_complete, before_complete },
	{ TPM_CC_EventSequenceComplete, "EventSequenceComplete", NULL, build_event_complete,
	  before_event_complete },
};

const struct bench_group bench_pcr = { rows, ARRAY_SIZE(rows) };
