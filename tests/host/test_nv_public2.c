// SPDX-License-Identifier: GPL-2.0-only
/* TPM2_NV_DefineSpace2 and TPM2_NV_ReadPublic2: as those without a 2, with the handle's type. */
#include "nv_support.h"

static u32 define2(u32 by, u8 type, u32 index, u32 attrs, u16 size, const char *auth)
{
	struct cmd c;

	nv_head(&c, TPM_CC_NV_DefineSpace2, 1, by, 0, "");
	cmd_2b(&c, auth, strlen(auth));
	cmd_u16(&c, 15);
	cmd_u8(&c, type);
	cmd_u32(&c, index);
	cmd_u16(&c, TPM_ALG_SHA256);
	cmd_u32(&c, attrs);
	cmd_u16(&c, 0);
	cmd_u16(&c, size);
	return cmd_run(&tpm, &c);
}

static u32 read_public(u32 code, u32 index)
{
	struct cmd c;

	cmd_start(&c, TPM_ST_NO_SESSIONS, code);
	cmd_u32(&c, index);
	return cmd_run(&tpm, &c);
}

static void same_index(void)
{
	u8 area[16], name[34], data[8] = { 1, 2, 3 }, back[8];
	struct rsp r;
	u16 len;

	set_up();
	EXPECT_EQ(define2(TPM_RH_OWNER, TPM_HT_NV_INDEX, X, OWNERS, 8, ""), 0);
	EXPECT_EQ(nv_write(TPM_RH_OWNER, X, "", data, 8, 0), 0);
	EXPECT_EQ(nv_read(TPM_RH_OWNER, X, "", 8, 0, back), 0);
	EXPECT_MEM(back, data, 8);

	EXPECT_EQ(read_public(TPM_CC_NV_ReadPublic, X), 0);
	r = rsp_params(&tpm, NULL);
	EXPECT_EQ(rsp_u16(&r), 14);
	memcpy(area, rsp_bytes(&r, 14), 14);
	memcpy(name, rsp_2b(&r, &len), 34);
	EXPECT_EQ(read_public(TPM_CC_NV_ReadPublic2, X), 0);
	r = rsp_params(&tpm, NULL);
	EXPECT_EQ(rsp_u16(&r), 15);
	EXPECT_EQ(rsp_u8(&r), TPM_HT_NV_INDEX);
	EXPECT_MEM(rsp_bytes(&r, 14), area, 14);
	EXPECT_MEM(rsp_2b(&r, &len), name, 34);
	EXPECT(!r.bad && !r.left);
	tear_down();
}

static void refusals(void)
{
	char longer[41] = "a value that is longer than the digest..";
	u8 type;
	u32 i, rc = 0;

	set_up();
	for (type = 0; type < 0x20; type++)
		if (type != TPM_HT_NV_INDEX)
			EXPECT_EQ(define2(TPM_RH_OWNER, type, X, OWNERS, 8, ""),
				  P(TPM_RC_SELECTOR, 2));
	EXPECT_EQ(define2(TPM_RH_OWNER, 1, X, OWNERS, 8, longer), P(TPM_RC_SIZE, 1));
	EXPECT_EQ(define2(TPM_RH_OWNER, 1, X, 0, 8, ""), P(TPM_RC_ATTRIBUTES, 2));
	EXPECT_EQ(define2(TPM_RH_OWNER, 1, X, OWNERS | PC, 8, ""), H(TPM_RC_ATTRIBUTES, 1));
	EXPECT_EQ(define2(TPM_RH_OWNER, 1, X, OWNERS | NT(COUNTER), 7, ""), P(TPM_RC_SIZE, 2));
	EXPECT_EQ(define2(TPM_RH_OWNER, 1, X, OWNERS, 8, ""), 0);
	EXPECT_EQ(define2(TPM_RH_OWNER, 1, X, OWNERS, 8, ""), RAW(TPM_RC_NV_DEFINED));
	for (i = 1; !rc; i++)
		rc = define2(TPM_RH_OWNER, 1, X + i, OWNERS, TPM2_MAX_NV_BUFFER, "");
	EXPECT_EQ(rc, RAW(TPM_RC_NV_SPACE));
	tpm.t->ph_enable_nv = false;
	EXPECT_EQ(define2(TPM_RH_PLATFORM, 1, HR_NV_INDEX + 9, PC | PW | PR, 8, ""),
		  H(TPM_RC_HIERARCHY, 1));
	EXPECT_EQ(read_public(TPM_CC_NV_ReadPublic2, HR_NV_INDEX + 0x999), H(TPM_RC_HANDLE, 1));
	tear_down();
}

static const struct test_case cases[] = {
	{ "the same index by both ways", same_index },
	{ "what is refused", refusals },
};

TEST_MAIN("nv_public2", cases)
