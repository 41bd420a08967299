/* SPDX-License-Identifier: GPL-2.0-only */
/* For the tests that reach what documentation lists: odd objects, and a full instance. */
#ifndef VTPM_REACH_SUPPORT_H
#define VTPM_REACH_SUPPORT_H

#include "object_support.h"

static struct host_tpm tpm;

static inline void set_up(void)
{
	host_tpm_new(&tpm, NULL);
}

static inline void tear_down(void)
{
	long left = host_tpm_free(&tpm);

	if (!test_state.failed)
		EXPECT_EQ(left, 0);
}

/* A storage key that may move, so that what is below it is checked when it is loaded. */
static const struct tmpl movable_template = {
	TPM_ALG_ECC, UWA | TPMA_OBJECT_NODA | SDO | R | D, .sym = TPM_ALG_AES,
};

/* A sensitive area as a test pleases. */
struct odd {
	u16 type;
	u16 auth, seed, data;	/* bytes of each: all are 0x11 */
	const u8 *given;	/* instead, for data */
};

static inline void put_odd_2b(struct cmd *c, u16 len, const u8 *given)
{
	u8 bytes[512];

	memset(bytes, 0x11, sizeof(bytes));
	cmd_2b(c, given ? given : bytes, len);
}

/* TPM2B_SENSITIVE */
static inline void put_odd(struct cmd *c, const struct odd *o)
{
	u32 at = c->len;

	cmd_u16(c, 0);
	cmd_u16(c, o->type);
	put_odd_2b(c, o->auth, NULL);
	put_odd_2b(c, o->seed, NULL);
	put_odd_2b(c, o->data, o->given);
	put_size(c, at);
}

/* TPM2B_PUBLIC with @x and @y bytes of unique, 0x99 */
static inline void put_odd_public(struct cmd *c, const struct tmpl *t, u16 x, u16 y)
{
	u8 bytes[512];
	u32 at = c->len;

	memset(bytes, 0x99, sizeof(bytes));
	cmd_u16(c, 0);
	put_public_head(c, t);
	cmd_2b(c, bytes, x);
	if (t->type == TPM_ALG_ECC)
		cmd_2b(c, bytes, y);
	put_size(c, at);
}

/* The bytes behind @at as a copy without their size. */
static inline void take_2b(const struct cmd *c, u32 at, struct bytes *b)
{
	b->size = c->len - at - 2;
	memcpy(b->data, c->buf + at + 2, b->size);
}

/* What the TPM itself would have made of @sens below @parent for @public. */
static inline void wrap(u32 parent, const struct odd *sens, const struct bytes *public,
			struct bytes *private)
{
	struct tpm2_reader r;
	struct tpm2_call *call = &tpm.space->call;
	struct tpmt_sensitive s = { 0 };
	struct tpmt_public p = { 0 };
	u8 name[TPM2_NAME_MAX];
	struct tpm2b out;
	struct cmd c;
	u16 size;

	c.len = 0;
	put_odd(&c, sens);
	r = (struct tpm2_reader){ .p = c.buf, .left = c.len };
	EXPECT_EQ((__force u32)tpm2_read(&r, &desc_2b_sensitive, &s), 0);
	r = (struct tpm2_reader){ .p = (u8 *)public->data, .left = public->size };
	EXPECT_EQ((__force u32)tpm2_read(&r, &desc_public_null, &p), 0);
	size = tpm2_name(&p, name);
	call->used = 0;
	EXPECT_EQ((__force u32)tpm2_wrap(call, tpm2_object_find(tpm.space, parent), &s, p.name_alg,
					 name, size, &out), 0);
	private->size = out.size;
	memcpy(private->data, out.data, out.size);
}

static inline u32 load_external(const struct odd *sens, const struct tmpl *t, u16 x, u16 y,
				u32 hierarchy, u32 *handle)
{
	struct cmd c;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_LoadExternal);
	if (sens)
		put_odd(&c, sens);
	else
		cmd_u16(&c, 0);
	put_odd_public(&c, t, x, y);
	cmd_u32(&c, hierarchy);
	rc = cmd_run(&tpm, &c);
	if (!rc && handle)
		rsp_params(&tpm, handle);
	return rc;
}

/* A public key of RSA from elsewhere; it need not be the product of two primes. */
static inline u32 rsa_from_elsewhere(u16 bits, u16 name_alg, u32 *handle)
{
	const struct tmpl t = { TPM_ALG_RSA, UWA | R | D, .sym = TPM_ALG_AES, .size = bits,
				.name = name_alg };

	return load_external(NULL, &t, bits / 8, 0, TPM_RH_OWNER, handle);
}

static inline u32 hash_sequence(u32 *handle)
{
	struct cmd c;
	u32 rc;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_HashSequenceStart);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_SHA256);
	rc = cmd_run(&tpm, &c);
	if (!rc)
		rsp_params(&tpm, handle);
	return rc;
}

/* Until no object fits; each of them is small. */
static inline void fill_objects(void)
{
	u32 handle;
	unsigned int i;

	for (i = 0; i <= TPM2_MAX_OBJECTS; i++)
		if (hash_sequence(&handle))
			return;
}

/* A command of handles with empty passwords and given parameters. */
static inline u32 run_pw(u32 code, unsigned int handles, unsigned int passwords, u32 h0, u32 h1,
			 const void *params, u32 len)
{
	struct cmd c;

	cmd_begin_pw(&c, code, handles, passwords, h0, h1);
	cmd_bytes(&c, params, len);
	return cmd_run(&tpm, &c);
}

#endif /* VTPM_REACH_SUPPORT_H */
