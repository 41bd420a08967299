// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bugs that other TPMs shipped, one case each, named after its number in
 * Documentation/security/vtpm.rst: parsing and parameter encryption. Raw bytes go
 * in; the exact code comes out.
 */
#include "threats_support.h"

static void t01_decrypt_session_without_parameters(void)
{
	struct props p;
	struct cmd c;

	set_up(&p, TPM_ALG_XOR);
	OK_SO_FAR();
	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_CreatePrimary);
	cmd_u32(&c, TPM_RH_OWNER);
	cmd_auths(&c);
	cmd_session(&c, p.crypt, TPMA_SESSION_DECRYPT);
	cmd_auths_end(&c);
	EXPECT_EQ(c.len, 0x1b);
	EXPECT_EQ(cmd_run(&tpm, &c), 0x99a);
	tear_down();
}

static void first_2b_too_long(u16 sym)
{
	const struct tpm2_cmd *row;
	unsigned int i, n, left, tried = 0;
	struct props p;
	struct cmd c;

	set_up(&p, sym);
	OK_SO_FAR();
	for (i = 0; (row = tpm2_cmd_at(i)); i++) {
		if (!(row->flags & CMD_DECRYPT) || tpm_needs_policy(row))
			continue;
		for (left = 0; left <= 70; left++) {
			n = start_with_session(&c, row, &p, TPMA_SESSION_DECRYPT);
			if (left >= 2) {
				cmd_u16(&c, left);	/* two bytes more than there are */
				while (c.len <
				       c.auth_at + 4 + get_unaligned_be32(c.buf + c.auth_at) + left)
					cmd_u8(&c, 0x5a);
			} else if (left) {
				cmd_u8(&c, 0);
			}
			EXPECT_EQ(cmd_run(&tpm, &c),
				  with_session(left < 2 ? TPM_RC_INSUFFICIENT : TPM_RC_SIZE, n));
			tried++;
		}
	}
	EXPECT(tried > 71 * 15);
	tear_down();
}

static void t02_first_2b_longer_than_command_xor(void)
{
	first_2b_too_long(TPM_ALG_XOR);
}

static void t02_first_2b_longer_than_command_cfb(void)
{
	first_2b_too_long(TPM_ALG_AES);
}

/* The first parameter two bytes too long at the largest size a command can have. */
static void t02_at_maximum_size(void)
{
	struct props p;
	struct cmd c;

	set_up(&p, TPM_ALG_XOR);
	OK_SO_FAR();
	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_CreatePrimary);
	cmd_u32(&c, TPM_RH_OWNER);
	cmd_auths(&c);
	cmd_session(&c, p.crypt, TPMA_SESSION_DECRYPT);
	cmd_auths_end(&c);
	cmd_u16(&c, VTPM_MAX_COMMAND - c.len);
	while (c.len < VTPM_MAX_COMMAND)
		cmd_u8(&c, 0);
	EXPECT_EQ(cmd_run(&tpm, &c), 0x995);
	tear_down();
}

static void t03_encrypt_where_first_is_no_2b(void)
{
	const struct tpm2_cmd *row;
	unsigned int i, n, tried = 0;
	struct props p;
	struct cmd c;

	set_up(&p, TPM_ALG_AES);
	OK_SO_FAR();
	for (i = 0; (row = tpm2_cmd_at(i)); i++) {
		if (row->flags & (CMD_ENCRYPT | CMD_NO_SESSIONS))
			continue;
		n = start_with_session(&c, row, &p, TPMA_SESSION_ENCRYPT);
		EXPECT_EQ(cmd_run(&tpm, &c), with_session(TPM_RC_ATTRIBUTES, n));
		tried++;
	}
	EXPECT(tried > 10);
	tear_down();
}

static u32 policy_authorize(const struct props *p, u16 name_size)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_PolicyAuthorize);
	cmd_u32(&c, p->policy);
	cmd_u16(&c, 0);
	cmd_u16(&c, 0);
	cmd_2b(&c, "\0\x0b", name_size);
	cmd_u16(&c, TPM_ST_VERIFIED);
	cmd_u32(&c, TPM_RH_NULL);
	cmd_u16(&c, 0);
	return cmd_run(&tpm, &c);
}

static void t04_policy_authorize_short_name(void)
{
	struct props p;

	set_up(&p, TPM_ALG_NULL);
	OK_SO_FAR();
	EXPECT_EQ(policy_authorize(&p, 0), (__force u32)tpm2_param(TPM_RC_HASH, 3));
	EXPECT_EQ(policy_authorize(&p, 1), (__force u32)tpm2_param(TPM_RC_HASH, 3));
	EXPECT_EQ(policy_authorize(&p, 2), (__force u32)tpm2_param(TPM_RC_SIZE, 3));
	tear_down();
}

static void t05_empty_first_2b_is_legal(void)
{
	static const u16 syms[] = { TPM_ALG_XOR, TPM_ALG_AES };
	struct props p;
	struct cmd c;
	int i;

	for (i = 0; i < 2; i++) {
		set_up(&p, syms[i]);
		OK_SO_FAR();
		cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_HierarchyChangeAuth);
		cmd_u32(&c, TPM_RH_OWNER);
		cmd_auths(&c);
		cmd_session(&c, p.crypt, TPMA_SESSION_DECRYPT | TPMA_SESSION_CONTINUE);
		cmd_auths_end(&c);
		cmd_u16(&c, 0);
		EXPECT_EQ(cmd_run(&tpm, &c), 0);
		tear_down();
	}
}

static void t06_command_codes_out_of_range(void)
{
	static const u32 codes[] = {
		0,          0x11d,      0x11f - 1,  0x1a0,      0x1ff,   0x200,      0xffff,
		0x20000000, 0x2000ffff, 0x7fffffff, 0x80000144, 0x10144, 0xffffffff,
	};
	static const u16 tags[] = { TPM_ST_NO_SESSIONS, TPM_ST_SESSIONS };
	unsigned int i, j;
	struct cmd c;

	set_up(NULL, 0);
	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		for (j = 0; j < 2; j++) {
			cmd_start(&c, tags[j], codes[i]);
			EXPECT_EQ(cmd_run(&tpm, &c), (__force u32)TPM_RC_COMMAND_CODE);
			EXPECT_EQ(tpm.rsp_len, 10);
		}
	}
	tear_down();
}

static void t07_header_sizes(void)
{
	static const u32 sizes[] = { 0, 9, 10, 11, 13, 0x7fffffff, 0x80000000, 0xffffffff };
	struct cmd c;
	unsigned int i;

	set_up(NULL, 0);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetRandom);
		cmd_u16(&c, 8);
		put_unaligned_be32(sizes[i], c.buf + 2);
		EXPECT_EQ(host_tpm_run(&tpm, c.buf, c.len), (__force u32)TPM_RC_COMMAND_SIZE);
	}
	for (i = 0; i < 10; i++) {
		cmd_finish(&c);
		EXPECT_EQ(host_tpm_run(&tpm, c.buf, i), (__force u32)TPM_RC_COMMAND_SIZE);
	}
	cmd_finish(&c);
	EXPECT_EQ(host_tpm_run(&tpm, c.buf, c.len), 0);
	tear_down();
}

/* Each response is written whole: no byte of the buffer's old content comes out. */
static void t08_failure_mode_answers_whole(void)
{
	static const u8 failure[10] = { 0x80, 0x01, 0, 0, 0, 10, 0, 0, 1, 1 };
	const struct tpm2_cmd *row;
	struct props p;
	unsigned int i;
	struct cmd c;

	set_up(&p, TPM_ALG_NULL);
	OK_SO_FAR();
	tpm.t->failed = true;
	for (i = 0; (row = tpm2_cmd_at(i)); i++) {
		if (row->flags & CMD_IN_FAILURE)
			continue;
		cmd_start(&c, TPM_ST_NO_SESSIONS, row->code);
		cmd_run(&tpm, &c);
		EXPECT_EQ(tpm.rsp_len, sizeof(failure));
		EXPECT_MEM(tpm.rsp, failure, sizeof(failure));
	}
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetTestResult);
	EXPECT_EQ(cmd_run(&tpm, &c), 0);
	EXPECT_EQ(tpm.rsp_len, 16);
	EXPECT_MEM(tpm.rsp + 10, "\0\0\0\0\x01\x01", 6);
	tear_down();
}

static u32 auth_area(unsigned int sessions, int wrong)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_SESSIONS, TPM_CC_HierarchyChangeAuth);
	cmd_u32(&c, TPM_RH_OWNER);
	cmd_auths(&c);
	while (sessions--)
		cmd_password(&c, "");
	put_unaligned_be32(c.len - c.auth_at - 4 + wrong, c.buf + c.auth_at);
	cmd_u16(&c, 0);
	return cmd_run(&tpm, &c);
}

static void t09_sessions_and_authorization_size(void)
{
	set_up(NULL, 0);
	EXPECT_EQ(auth_area(0, 0), (__force u32)TPM_RC_AUTHSIZE);
	EXPECT_EQ(auth_area(1, 0), 0);
	EXPECT_EQ(auth_area(2, 0), with_session(TPM_RC_HANDLE, 2));
	EXPECT_EQ(auth_area(4, 0), with_session(TPM_RC_HANDLE, 2));
	EXPECT_EQ(auth_area(1, 1), with_session(TPM_RC_INSUFFICIENT, 2));
	EXPECT_EQ(auth_area(1, 2), with_session(TPM_RC_INSUFFICIENT, 2));
	EXPECT_EQ(auth_area(1, -1), (__force u32)TPM_RC_AUTHSIZE);
	EXPECT_EQ(auth_area(2, -1), with_session(TPM_RC_INSUFFICIENT, 2));
	EXPECT_EQ(auth_area(1, 3), (__force u32)TPM_RC_AUTHSIZE);
	EXPECT_EQ(auth_area(1, 0x7ffffff0), (__force u32)TPM_RC_AUTHSIZE);
	tear_down();
}

static const struct test_case cases[] = {
	{ "T01_decrypt_session_without_parameters", t01_decrypt_session_without_parameters },
	{ "T02_first_2b_longer_than_command_xor", t02_first_2b_longer_than_command_xor },
	{ "T02_first_2b_longer_than_command_cfb", t02_first_2b_longer_than_command_cfb },
	{ "T02_at_maximum_size", t02_at_maximum_size },
	{ "T03_encrypt_where_first_is_no_2b", t03_encrypt_where_first_is_no_2b },
	{ "T04_policy_authorize_short_name", t04_policy_authorize_short_name },
	{ "T05_empty_first_2b_is_legal", t05_empty_first_2b_is_legal },
	{ "T06_command_codes_out_of_range", t06_command_codes_out_of_range },
	{ "T07_header_sizes", t07_header_sizes },
	{ "T08_failure_mode_answers_whole", t08_failure_mode_answers_whole },
	{ "T09_sessions_and_authorization_size", t09_sessions_and_authorization_size },
};

TEST_MAIN("threats", cases)
