/* SPDX-License-Identifier: GPL-2.0-only */
/* Constants of TPM 2.0 Part 2, by its sections. */
#ifndef VTPM_TPM2_CONST_H
#define VTPM_TPM2_CONST_H

#include "../env.h"

/* 6.2, 6.9.1 */
#define TPM_GENERATED_VALUE	0xff544347u
#define TPM_ST_RSP_COMMAND	0x00c4
#define TPM_ST_NULL		0x8000
#define TPM_ST_NO_SESSIONS	0x8001
#define TPM_ST_SESSIONS		0x8002
#define TPM_ST_ATTEST_NV	0x8014
#define TPM_ST_ATTEST_COMMAND_AUDIT	0x8015
#define TPM_ST_ATTEST_SESSION_AUDIT	0x8016
#define TPM_ST_ATTEST_CERTIFY	0x8017
#define TPM_ST_ATTEST_QUOTE	0x8018
#define TPM_ST_ATTEST_TIME	0x8019
#define TPM_ST_ATTEST_CREATION	0x801a
#define TPM_ST_ATTEST_NV_DIGEST	0x801c
#define TPM_ST_CREATION		0x8021
#define TPM_ST_VERIFIED		0x8022
#define TPM_ST_AUTH_SECRET	0x8023
#define TPM_ST_HASHCHECK	0x8024
#define TPM_ST_AUTH_SIGNED	0x8025

/* 6.10, 6.11 */
#define TPM_SU_CLEAR		0x0000
#define TPM_SU_STATE		0x0001
#define TPM_SE_HMAC		0x00
#define TPM_SE_POLICY		0x01
#define TPM_SE_TRIAL		0x03

/* 6.3 */
#define TPM_ALG_ERROR		0x0000
#define TPM_ALG_RSA		0x0001
#define TPM_ALG_SHA1		0x0004
#define TPM_ALG_HMAC		0x0005
#define TPM_ALG_AES		0x0006
#define TPM_ALG_MGF1		0x0007
#define TPM_ALG_KEYEDHASH	0x0008
#define TPM_ALG_XOR		0x000a
#define TPM_ALG_SHA256		0x000b
#define TPM_ALG_SHA384		0x000c
#define TPM_ALG_SHA512		0x000d
#define TPM_ALG_NULL		0x0010
#define TPM_ALG_RSASSA		0x0014
#define TPM_ALG_RSAES		0x0015
#define TPM_ALG_RSAPSS		0x0016
#define TPM_ALG_OAEP		0x0017
#define TPM_ALG_ECDSA		0x0018
#define TPM_ALG_ECDH		0x0019
#define TPM_ALG_ECDAA		0x001a
#define TPM_ALG_SM2		0x001b
#define TPM_ALG_ECSCHNORR	0x001c
#define TPM_ALG_ECMQV		0x001d
#define TPM_ALG_KDF1_SP800_56A	0x0020
#define TPM_ALG_KDF2		0x0021
#define TPM_ALG_KDF1_SP800_108	0x0022
#define TPM_ALG_ECC		0x0023
#define TPM_ALG_SYMCIPHER	0x0025
#define TPM_ALG_CMAC		0x003f
#define TPM_ALG_CTR		0x0040
#define TPM_ALG_OFB		0x0041
#define TPM_ALG_CBC		0x0042
#define TPM_ALG_CFB		0x0043
#define TPM_ALG_ECB		0x0044

/* 6.4 */
#define TPM_ECC_NONE		0x0000
#define TPM_ECC_NIST_P256	0x0003
#define TPM_ECC_NIST_P384	0x0004
#define TPM_ECC_NIST_P521	0x0005
#define TPM_ECC_BN_P256		0x0010

/* 6.5.2 */
#define TPM_CC_FIRST			0x0000011f
#define TPM_CC_NV_UndefineSpaceSpecial	0x0000011f
#define TPM_CC_EvictControl		0x00000120
#define TPM_CC_HierarchyControl		0x00000121
#define TPM_CC_NV_UndefineSpace		0x00000122
#define TPM_CC_ChangeEPS		0x00000124
#define TPM_CC_ChangePPS		0x00000125
#define TPM_CC_Clear			0x00000126
#define TPM_CC_ClearControl		0x00000127
#define TPM_CC_ClockSet			0x00000128
#define TPM_CC_HierarchyChangeAuth	0x00000129
#define TPM_CC_NV_DefineSpace		0x0000012a
#define TPM_CC_PCR_Allocate		0x0000012b
#define TPM_CC_PCR_SetAuthPolicy	0x0000012c
#define TPM_CC_PP_Commands		0x0000012d
#define TPM_CC_SetPrimaryPolicy		0x0000012e
#define TPM_CC_ClockRateAdjust		0x00000130
#define TPM_CC_CreatePrimary		0x00000131
#define TPM_CC_NV_GlobalWriteLock	0x00000132
#define TPM_CC_GetCommandAuditDigest	0x00000133
#define TPM_CC_NV_Increment		0x00000134
#define TPM_CC_NV_SetBits		0x00000135
#define TPM_CC_NV_Extend		0x00000136
#define TPM_CC_NV_Write			0x00000137
#define TPM_CC_NV_WriteLock		0x00000138
#define TPM_CC_DictionaryAttackLockReset	0x00000139
#define TPM_CC_DictionaryAttackParameters	0x0000013a
#define TPM_CC_NV_ChangeAuth		0x0000013b
#define TPM_CC_PCR_Event		0x0000013c
#define TPM_CC_PCR_Reset		0x0000013d
#define TPM_CC_SequenceComplete		0x0000013e
#define TPM_CC_SetCommandCodeAuditStatus	0x00000140
#define TPM_CC_IncrementalSelfTest	0x00000142
#define TPM_CC_SelfTest			0x00000143
#define TPM_CC_Startup			0x00000144
#define TPM_CC_Shutdown			0x00000145
#define TPM_CC_StirRandom		0x00000146
#define TPM_CC_ActivateCredential	0x00000147
#define TPM_CC_Certify			0x00000148
#define TPM_CC_PolicyNV			0x00000149
#define TPM_CC_CertifyCreation		0x0000014a
#define TPM_CC_Duplicate		0x0000014b
#define TPM_CC_GetTime			0x0000014c
#define TPM_CC_GetSessionAuditDigest	0x0000014d
#define TPM_CC_NV_Read			0x0000014e
#define TPM_CC_NV_ReadLock		0x0000014f
#define TPM_CC_ObjectChangeAuth		0x00000150
#define TPM_CC_Duplicate		0x0000014b
#define TPM_CC_PolicySecret		0x00000151
#define TPM_CC_Rewrap			0x00000152
#define TPM_CC_Create			0x00000153
#define TPM_CC_ECDH_ZGen		0x00000154
#define TPM_CC_HMAC			0x00000155
#define TPM_CC_Import			0x00000156
#define TPM_CC_Load			0x00000157
#define TPM_CC_Quote			0x00000158
#define TPM_CC_RSA_Decrypt		0x00000159
#define TPM_CC_HMAC_Start		0x0000015b
#define TPM_CC_SequenceUpdate		0x0000015c
#define TPM_CC_Sign			0x0000015d
#define TPM_CC_Unseal			0x0000015e
#define TPM_CC_PolicySigned		0x00000160
#define TPM_CC_ContextLoad		0x00000161
#define TPM_CC_ContextSave		0x00000162
#define TPM_CC_ECDH_KeyGen		0x00000163
#define TPM_CC_EncryptDecrypt		0x00000164
#define TPM_CC_FlushContext		0x00000165
#define TPM_CC_LoadExternal		0x00000167
#define TPM_CC_MakeCredential		0x00000168
#define TPM_CC_NV_ReadPublic		0x00000169
#define TPM_CC_PolicyAuthorize		0x0000016a
#define TPM_CC_PolicyAuthValue		0x0000016b
#define TPM_CC_PolicyCommandCode	0x0000016c
#define TPM_CC_PolicyCounterTimer	0x0000016d
#define TPM_CC_PolicyCpHash		0x0000016e
#define TPM_CC_PolicyLocality		0x0000016f
#define TPM_CC_PolicyNameHash		0x00000170
#define TPM_CC_PolicyOR			0x00000171
#define TPM_CC_PolicyTicket		0x00000172
#define TPM_CC_ReadPublic		0x00000173
#define TPM_CC_RSA_Encrypt		0x00000174
#define TPM_CC_StartAuthSession		0x00000176
#define TPM_CC_VerifySignature		0x00000177
#define TPM_CC_ECC_Parameters		0x00000178
#define TPM_CC_GetCapability		0x0000017a
#define TPM_CC_GetRandom		0x0000017b
#define TPM_CC_GetTestResult		0x0000017c
#define TPM_CC_Hash			0x0000017d
#define TPM_CC_PCR_Read			0x0000017e
#define TPM_CC_PolicyPCR		0x0000017f
#define TPM_CC_PolicyRestart		0x00000180
#define TPM_CC_ReadClock		0x00000181
#define TPM_CC_PCR_Extend		0x00000182
#define TPM_CC_PCR_SetAuthValue		0x00000183
#define TPM_CC_NV_Certify		0x00000184
#define TPM_CC_EventSequenceComplete	0x00000185
#define TPM_CC_HashSequenceStart	0x00000186
#define TPM_CC_PolicyPhysicalPresence	0x00000187
#define TPM_CC_PolicyDuplicationSelect	0x00000188
#define TPM_CC_PolicyGetDigest		0x00000189
#define TPM_CC_TestParms		0x0000018a
#define TPM_CC_Commit			0x0000018b
#define TPM_CC_PolicyPassword		0x0000018c
#define TPM_CC_PolicyNvWritten		0x0000018f
#define TPM_CC_PolicyTemplate		0x00000190
#define TPM_CC_ZGen_2Phase		0x0000018d
#define TPM_CC_EC_Ephemeral		0x0000018e
#define TPM_CC_CreateLoaded		0x00000191
#define TPM_CC_PolicyAuthorizeNV	0x00000192
#define TPM_CC_CertifyX509		0x00000197
#define TPM_CC_ACT_SetTimeout		0x00000198
#define TPM_CC_PolicyCapability		0x0000019b
#define TPM_CC_PolicyParameters		0x0000019c
#define TPM_CC_NV_DefineSpace2		0x0000019d
#define TPM_CC_NV_ReadPublic2		0x0000019e
#define TPM_CC_EncryptDecrypt2		0x00000193
#define TPM_CC_ECC_Encrypt		0x00000199
#define TPM_CC_ECC_Decrypt		0x0000019a
#define TPM_CC_LAST			0x0000019f
#define TPM_CC_COUNT			(TPM_CC_LAST - TPM_CC_FIRST + 1)

/* 6.6.3; sparse keeps a TPM_RC apart from an errno and from a number */
typedef u32 __bitwise tpm_rc;
#define RC(x) ((__force tpm_rc)(x))

#define TPM_RC_SUCCESS		RC(0x000)
#define TPM_RC_BAD_TAG		RC(0x01e)
#define TPM_RC_INITIALIZE	RC(0x100)
#define TPM_RC_FAILURE		RC(0x101)
#define TPM_RC_SEQUENCE		RC(0x103)
#define TPM_RC_DISABLED		RC(0x120)
#define TPM_RC_EXCLUSIVE	RC(0x121)
#define TPM_RC_AUTH_TYPE	RC(0x124)
#define TPM_RC_AUTH_MISSING	RC(0x125)
#define TPM_RC_POLICY		RC(0x126)
#define TPM_RC_PCR		RC(0x127)
#define TPM_RC_PCR_CHANGED	RC(0x128)
#define TPM_RC_TOO_MANY_CONTEXTS RC(0x12e)
#define TPM_RC_AUTH_UNAVAILABLE	RC(0x12f)
#define TPM_RC_REBOOT		RC(0x130)
#define TPM_RC_COMMAND_SIZE	RC(0x142)
#define TPM_RC_COMMAND_CODE	RC(0x143)
#define TPM_RC_AUTHSIZE		RC(0x144)
#define TPM_RC_AUTH_CONTEXT	RC(0x145)
#define TPM_RC_NV_RANGE		RC(0x146)
#define TPM_RC_NV_SIZE		RC(0x147)
#define TPM_RC_NV_LOCKED	RC(0x148)
#define TPM_RC_NV_AUTHORIZATION	RC(0x149)
#define TPM_RC_NV_UNINITIALIZED	RC(0x14a)
#define TPM_RC_NV_SPACE		RC(0x14b)
#define TPM_RC_NV_DEFINED	RC(0x14c)
#define TPM_RC_BAD_CONTEXT	RC(0x150)
#define TPM_RC_CPHASH		RC(0x151)
#define TPM_RC_PARENT		RC(0x152)
#define TPM_RC_NEEDS_TEST	RC(0x153)
#define TPM_RC_NO_RESULT	RC(0x154)
#define TPM_RC_SENSITIVE	RC(0x155)
/* format one: a handle, session or parameter number may be added */
#define TPM_RC_ASYMMETRIC	RC(0x081)
#define TPM_RC_ATTRIBUTES	RC(0x082)
#define TPM_RC_HASH		RC(0x083)
#define TPM_RC_VALUE		RC(0x084)
#define TPM_RC_HIERARCHY	RC(0x085)
#define TPM_RC_KEY_SIZE		RC(0x087)
#define TPM_RC_MGF		RC(0x088)
#define TPM_RC_MODE		RC(0x089)
#define TPM_RC_TYPE		RC(0x08a)
#define TPM_RC_HANDLE		RC(0x08b)
#define TPM_RC_KDF		RC(0x08c)
#define TPM_RC_RANGE		RC(0x08d)
#define TPM_RC_AUTH_FAIL	RC(0x08e)
#define TPM_RC_NONCE		RC(0x08f)
#define TPM_RC_PP		RC(0x090)
#define TPM_RC_SCHEME		RC(0x092)
#define TPM_RC_SIZE		RC(0x095)
#define TPM_RC_SYMMETRIC	RC(0x096)
#define TPM_RC_TAG		RC(0x097)
#define TPM_RC_SELECTOR		RC(0x098)
#define TPM_RC_INSUFFICIENT	RC(0x09a)
#define TPM_RC_SIGNATURE	RC(0x09b)
#define TPM_RC_KEY		RC(0x09c)
#define TPM_RC_POLICY_FAIL	RC(0x09d)
#define TPM_RC_INTEGRITY	RC(0x09f)
#define TPM_RC_TICKET		RC(0x0a0)
#define TPM_RC_RESERVED_BITS	RC(0x0a1)
#define TPM_RC_BAD_AUTH		RC(0x0a2)
#define TPM_RC_EXPIRED		RC(0x0a3)
#define TPM_RC_POLICY_CC	RC(0x0a4)
#define TPM_RC_BINDING		RC(0x0a5)
#define TPM_RC_CURVE		RC(0x0a6)
#define TPM_RC_ECC_POINT	RC(0x0a7)
/* warnings */
#define TPM_RC_CONTEXT_GAP	RC(0x901)
#define TPM_RC_OBJECT_MEMORY	RC(0x902)
#define TPM_RC_SESSION_MEMORY	RC(0x903)
#define TPM_RC_MEMORY		RC(0x904)
#define TPM_RC_SESSION_HANDLES	RC(0x905)
#define TPM_RC_OBJECT_HANDLES	RC(0x906)
#define TPM_RC_LOCALITY		RC(0x907)
#define TPM_RC_CANCELED		RC(0x909)
#define TPM_RC_TESTING		RC(0x90a)
#define TPM_RC_REFERENCE_H0	RC(0x910)
#define TPM_RC_REFERENCE_S0	RC(0x918)
#define TPM_RC_LOCKOUT		RC(0x921)
#define TPM_RC_RETRY		RC(0x922)
#define TPM_RC_NV_UNAVAILABLE	RC(0x923)

/* 7.2, 7.4 */
#define TPM_HT_PCR		0x00
#define TPM_HT_NV_INDEX		0x01
#define TPM_HT_HMAC_SESSION	0x02
#define TPM_HT_POLICY_SESSION	0x03
#define TPM_HT_PERMANENT	0x40
#define TPM_HT_TRANSIENT	0x80
#define TPM_HT_PERSISTENT	0x81
#define TPM_RH_OWNER		0x40000001u
#define TPM_RH_NULL		0x40000007u
#define TPM_RH_UNASSIGNED	0x40000008u
#define TPM_RS_PW		0x40000009u
#define TPM_RH_LOCKOUT		0x4000000au
#define TPM_RH_ENDORSEMENT	0x4000000bu
#define TPM_RH_PLATFORM		0x4000000cu
#define TPM_RH_ACT_0		0x40000110u
#define TPM_RH_ACT_F		0x4000011fu
#define TPM_RH_PLATFORM_NV	0x4000000du
#define HR_NV_INDEX		0x01000000u
#define HR_HMAC_SESSION		0x02000000u
#define HR_POLICY_SESSION	0x03000000u
#define HR_TRANSIENT		0x80000000u
#define HR_PERSISTENT		0x81000000u
#define HR_PLATFORM_PERSISTENT	0x81800000u
#define HR_TYPE(handle)		((u8)((handle) >> 24))

/* 8.3 TPMA_OBJECT */
#define TPMA_OBJECT_FIXEDTPM		0x00000002u
#define TPMA_OBJECT_STCLEAR		0x00000004u
#define TPMA_OBJECT_FIXEDPARENT		0x00000010u
#define TPMA_OBJECT_SENSITIVEDATAORIGIN	0x00000020u
#define TPMA_OBJECT_USERWITHAUTH	0x00000040u
#define TPMA_OBJECT_ADMINWITHPOLICY	0x00000080u
#define TPMA_OBJECT_NODA		0x00000400u
#define TPMA_OBJECT_ENCRYPTEDDUPLICATION 0x00000800u
#define TPMA_OBJECT_RESTRICTED		0x00010000u
#define TPMA_OBJECT_DECRYPT		0x00020000u
#define TPMA_OBJECT_SIGN		0x00040000u
#define TPMA_OBJECT_X509SIGN		0x00080000u
#define TPMA_OBJECT_RESERVED		0xfff0f309u

/* 8.4 TPMA_SESSION */
#define TPMA_SESSION_CONTINUE		0x01
#define TPMA_SESSION_AUDITEXCLUSIVE	0x02
#define TPMA_SESSION_AUDITRESET		0x04
#define TPMA_SESSION_DECRYPT		0x20
#define TPMA_SESSION_ENCRYPT		0x40
#define TPMA_SESSION_AUDIT		0x80
#define TPMA_SESSION_RESERVED		0x18

/* 8.12 TPMA_ACT */
#define TPMA_ACT_SIGNALED		0x00000001u
#define TPMA_ACT_PRESERVESIGNALED	0x00000002u

/* 13.2 TPM_NT, in TPMA_NV from TPM_NT_SHIFT on */
#define TPM_NT_ORDINARY		0x0
#define TPM_NT_COUNTER		0x1
#define TPM_NT_BITS		0x2
#define TPM_NT_EXTEND		0x4
#define TPM_NT_PIN_FAIL		0x8
#define TPM_NT_PIN_PASS		0x9
#define TPM_NT_SHIFT		4
#define TPM_NT(attrs)		(((attrs) >> TPM_NT_SHIFT) & 0xf)

/* 13.4 TPMA_NV */
#define TPMA_NV_PPWRITE		0x00000001u
#define TPMA_NV_OWNERWRITE	0x00000002u
#define TPMA_NV_AUTHWRITE	0x00000004u
#define TPMA_NV_POLICYWRITE	0x00000008u
#define TPMA_NV_POLICY_DELETE	0x00000400u
#define TPMA_NV_WRITELOCKED	0x00000800u
#define TPMA_NV_WRITEALL	0x00001000u
#define TPMA_NV_WRITEDEFINE	0x00002000u
#define TPMA_NV_WRITE_STCLEAR	0x00004000u
#define TPMA_NV_GLOBALLOCK	0x00008000u
#define TPMA_NV_PPREAD		0x00010000u
#define TPMA_NV_OWNERREAD	0x00020000u
#define TPMA_NV_AUTHREAD	0x00040000u
#define TPMA_NV_POLICYREAD	0x00080000u
#define TPMA_NV_NO_DA		0x02000000u
#define TPMA_NV_ORDERLY		0x04000000u
#define TPMA_NV_CLEAR_STCLEAR	0x08000000u
#define TPMA_NV_READLOCKED	0x10000000u
#define TPMA_NV_WRITTEN		0x20000000u
#define TPMA_NV_PLATFORMCREATE	0x40000000u
#define TPMA_NV_READ_STCLEAR	0x80000000u
#define TPMA_NV_RESERVED	0x01f00300u

/* 8.9 TPMA_CC */
#define TPMA_CC_NV		BIT(22)
#define TPMA_CC_EXTENSIVE	BIT(23)
#define TPMA_CC_FLUSHED		BIT(24)
#define TPMA_CC_CHANDLES_SHIFT	25
#define TPMA_CC_RHANDLE		BIT(28)

/* 6.12 */
#define TPM_CAP_ALGS		0x00000000
#define TPM_CAP_HANDLES		0x00000001
#define TPM_CAP_COMMANDS	0x00000002
#define TPM_CAP_PP_COMMANDS	0x00000003
#define TPM_CAP_AUDIT_COMMANDS	0x00000004
#define TPM_CAP_PCRS		0x00000005
#define TPM_CAP_TPM_PROPERTIES	0x00000006
#define TPM_CAP_PCR_PROPERTIES	0x00000007
#define TPM_CAP_ECC_CURVES	0x00000008
#define TPM_CAP_AUTH_POLICIES	0x00000009
#define TPM_CAP_ACT		0x0000000a
#define TPM_CAP_VENDOR_PROPERTY	0x00000100

#endif /* VTPM_TPM2_CONST_H */
