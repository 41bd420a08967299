// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of TPM commands, in order of their code (Part 3). Everything that
 * is said about a command elsewhere (TPMA_CC, GetCapability, the documentation)
 * is derived from its row.
 */
#include "commands.h"

const struct tpm2_cmd tpm2_commands[] = {
	{
		.code = TPM_CC_NV_UndefineSpaceSpecial, .name = "NV_UndefineSpaceSpecial",
		.action = tpm2_cmd_nv_undefine_space_special, .flags = CMD_NV, .n_handles = 2,
		.handles = { HC_NV, HC_PLATFORM }, .roles = { ROLE_ADMIN, ROLE_USER },
	},
	{
		.code = TPM_CC_EvictControl, .name = "EvictControl",
		.action = tpm2_cmd_evict_control, .flags = CMD_NV, .n_handles = 2,
		.handles = { HC_OWNER | HC_PLATFORM, HC_OBJECT }, .roles = { ROLE_USER, ROLE_NONE },
		.in = &tpm2_evict_control_in,
	},
	{
		.code = TPM_CC_HierarchyControl, .name = "HierarchyControl",
		.action = tpm2_cmd_hierarchy_control, .flags = CMD_NV | CMD_EXTENSIVE,
		.n_handles = 1, .handles = { HC_HIERARCHY }, .roles = { ROLE_USER },
		.in = &tpm2_hierarchy_control_in,
	},
	{
		.code = TPM_CC_NV_UndefineSpace, .name = "NV_UndefineSpace",
		.action = tpm2_cmd_nv_undefine_space, .flags = CMD_NV, .n_handles = 2,
		.handles = { HC_OWNER | HC_PLATFORM, HC_NV }, .roles = { ROLE_USER, ROLE_NONE },
	},
	{
		.code = TPM_CC_ChangeEPS, .name = "ChangeEPS", .action = tpm2_cmd_change_eps,
		.flags = CMD_NV | CMD_EXTENSIVE, .n_handles = 1, .handles = { HC_PLATFORM },
		.roles = { ROLE_USER },
	},
	{
		.code = TPM_CC_ChangePPS, .name = "ChangePPS", .action = tpm2_cmd_change_pps,
		.flags = CMD_NV | CMD_EXTENSIVE, .n_handles = 1, .handles = { HC_PLATFORM },
		.roles = { ROLE_USER },
	},
	{
		.code = TPM_CC_Clear, .name = "Clear", .action = tpm2_cmd_clear,
		.flags = CMD_NV | CMD_EXTENSIVE, .n_handles = 1,
		.handles = { HC_LOCKOUT | HC_PLATFORM }, .roles = { ROLE_USER },
	},
	{
		.code = TPM_CC_ClearControl, .name = "ClearControl",
		.action = tpm2_cmd_clear_control, .flags = CMD_NV, .n_handles = 1,
		.handles = { HC_LOCKOUT | HC_PLATFORM }, .roles = { ROLE_USER },
		.in = &tpm2_clear_control_in,
	},
	{
		.code = TPM_CC_ClockSet, .name = "ClockSet", .action = tpm2_cmd_clock_set,
		.flags = CMD_NV, .n_handles = 1, .handles = { HC_OWNER | HC_PLATFORM },
		.roles = { ROLE_USER }, .in = &tpm2_clock_set_in,
	},
	{
		.code = TPM_CC_HierarchyChangeAuth, .name = "HierarchyChangeAuth",
		.action = tpm2_cmd_hierarchy_change_auth, .flags = CMD_NV | CMD_DECRYPT,
		.n_handles = 1, .handles = { HC_LOCKOUT | HC_HIERARCHY }, .roles = { ROLE_USER },
		.in = &tpm2_hierarchy_change_auth_in,
	},
	{
		.code = TPM_CC_NV_DefineSpace, .name = "NV_DefineSpace",
		.action = tpm2_cmd_nv_define_space, .flags = CMD_NV | CMD_DECRYPT, .n_handles = 1,
		.handles = { HC_OWNER | HC_PLATFORM }, .roles = { ROLE_USER },
		.in = &tpm2_nv_define_space_in,
	},
	{
		.code = TPM_CC_PCR_Allocate, .name = "PCR_Allocate",
		.action = tpm2_cmd_pcr_allocate, .flags = CMD_NV, .n_handles = 1,
		.handles = { HC_PLATFORM }, .roles = { ROLE_USER }, .in = &tpm2_pcr_allocate_in,
		.out = &tpm2_pcr_allocate_out,
	},
	{
		.code = TPM_CC_PCR_SetAuthPolicy, .name = "PCR_SetAuthPolicy",
		.action = tpm2_cmd_pcr_set_auth_policy, .flags = CMD_NV | CMD_DECRYPT,
		.n_handles = 1, .handles = { HC_PLATFORM }, .roles = { ROLE_USER },
		.in = &tpm2_pcr_set_auth_policy_in,
	},
	{
		.code = TPM_CC_PP_Commands, .name = "PP_Commands", .action = tpm2_cmd_pp_commands,
		.flags = CMD_NV, .n_handles = 1, .handles = { HC_PLATFORM }, .roles = { ROLE_USER },
		.in = &tpm2_pp_commands_in,
	},
	{
		.code = TPM_CC_SetPrimaryPolicy, .name = "SetPrimaryPolicy",
		.action = tpm2_cmd_set_primary_policy, .flags = CMD_NV | CMD_DECRYPT,
		.n_handles = 1, .handles = { HC_HIERARCHY | HC_LOCKOUT | HC_ACT },
		.roles = { ROLE_USER }, .in = &tpm2_set_primary_policy_in,
	},
	{
		.code = TPM_CC_ClockRateAdjust, .name = "ClockRateAdjust",
		.action = tpm2_cmd_clock_rate_adjust, .n_handles = 1,
		.handles = { HC_OWNER | HC_PLATFORM }, .roles = { ROLE_USER },
		.in = &tpm2_clock_rate_adjust_in,
	},
	{
		.code = TPM_CC_CreatePrimary, .name = "CreatePrimary",
		.action = tpm2_cmd_create_primary, .flags = CMD_DECRYPT | CMD_ENCRYPT | CMD_RHANDLE,
		.n_handles = 1, .handles = { HC_HIERARCHY | HC_NULL }, .roles = { ROLE_USER },
		.in = &tpm2_create_primary_in, .out = &tpm2_create_primary_out,
	},
	{
		.code = TPM_CC_NV_GlobalWriteLock, .name = "NV_GlobalWriteLock",
		.action = tpm2_cmd_nv_global_write_lock, .flags = CMD_NV, .n_handles = 1,
		.handles = { HC_OWNER | HC_PLATFORM }, .roles = { ROLE_USER },
	},
	{
		.code = TPM_CC_GetCommandAuditDigest, .name = "GetCommandAuditDigest",
		.action = tpm2_cmd_get_command_audit_digest,
		.flags = CMD_NV | CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 2,
		.handles = { HC_ENDORSEMENT, HC_OBJECT | HC_NULL },
		.roles = { ROLE_USER, ROLE_USER }, .in = &tpm2_get_command_audit_digest_in,
		.out = &tpm2_get_command_audit_digest_out,
	},
	{
		.code = TPM_CC_NV_Increment, .name = "NV_Increment",
		.action = tpm2_cmd_nv_increment, .flags = CMD_NV, .n_handles = 2,
		.handles = { HC_NV_AUTH, HC_NV }, .roles = { ROLE_USER, ROLE_NONE },
	},
	{
		.code = TPM_CC_NV_SetBits, .name = "NV_SetBits", .action = tpm2_cmd_nv_set_bits,
		.flags = CMD_NV, .n_handles = 2, .handles = { HC_NV_AUTH, HC_NV },
		.roles = { ROLE_USER, ROLE_NONE }, .in = &tpm2_nv_set_bits_in,
	},
	{
		.code = TPM_CC_NV_Extend, .name = "NV_Extend", .action = tpm2_cmd_nv_extend,
		.flags = CMD_NV | CMD_DECRYPT, .n_handles = 2, .handles = { HC_NV_AUTH, HC_NV },
		.roles = { ROLE_USER, ROLE_NONE }, .in = &tpm2_nv_extend_in,
	},
	{
		.code = TPM_CC_NV_Write, .name = "NV_Write", .action = tpm2_cmd_nv_write,
		.flags = CMD_NV | CMD_DECRYPT, .n_handles = 2, .handles = { HC_NV_AUTH, HC_NV },
		.roles = { ROLE_USER, ROLE_NONE }, .in = &tpm2_nv_write_in,
	},
	{
		.code = TPM_CC_NV_WriteLock, .name = "NV_WriteLock",
		.action = tpm2_cmd_nv_write_lock, .flags = CMD_NV, .n_handles = 2,
		.handles = { HC_NV_AUTH, HC_NV }, .roles = { ROLE_USER, ROLE_NONE },
	},
	{
		.code = TPM_CC_DictionaryAttackLockReset, .name = "DictionaryAttackLockReset",
		.action = tpm2_cmd_da_lock_reset, .flags = CMD_NV, .n_handles = 1,
		.handles = { HC_LOCKOUT }, .roles = { ROLE_USER },
	},
	{
		.code = TPM_CC_DictionaryAttackParameters, .name = "DictionaryAttackParameters",
		.action = tpm2_cmd_da_parameters, .flags = CMD_NV, .n_handles = 1,
		.handles = { HC_LOCKOUT }, .roles = { ROLE_USER }, .in = &tpm2_da_parameters_in,
	},
	{
		.code = TPM_CC_NV_ChangeAuth, .name = "NV_ChangeAuth",
		.action = tpm2_cmd_nv_change_auth, .flags = CMD_NV | CMD_DECRYPT, .n_handles = 1,
		.handles = { HC_NV }, .roles = { ROLE_ADMIN }, .in = &tpm2_nv_change_auth_in,
	},
	{
		.code = TPM_CC_PCR_Event, .name = "PCR_Event", .action = tpm2_cmd_pcr_event,
		.flags = CMD_NV | CMD_DECRYPT, .n_handles = 1, .handles = { HC_PCR | HC_NULL },
		.roles = { ROLE_USER }, .in = &tpm2_pcr_event_in, .out = &tpm2_pcr_event_out,
	},
	{
		.code = TPM_CC_PCR_Reset, .name = "PCR_Reset", .action = tpm2_cmd_pcr_reset,
		.flags = CMD_NV, .n_handles = 1, .handles = { HC_PCR }, .roles = { ROLE_USER },
	},
	{
		.code = TPM_CC_SequenceComplete, .name = "SequenceComplete",
		.action = tpm2_cmd_sequence_complete,
		.flags = CMD_DECRYPT | CMD_ENCRYPT | CMD_FLUSHED, .n_handles = 1,
		.handles = { HC_OBJECT }, .roles = { ROLE_USER }, .in = &tpm2_sequence_complete_in,
		.out = &tpm2_sequence_complete_out,
	},
	{
		.code = TPM_CC_SetCommandCodeAuditStatus, .name = "SetCommandCodeAuditStatus",
		.action = tpm2_cmd_set_command_code_audit_status, .flags = CMD_NV, .n_handles = 1,
		.handles = { HC_OWNER | HC_PLATFORM }, .roles = { ROLE_USER },
		.in = &tpm2_set_command_code_audit_status_in,
	},
	{
		.code = TPM_CC_IncrementalSelfTest, .name = "IncrementalSelfTest",
		.action = tpm2_cmd_incremental_self_test, .flags = CMD_NV,
		.in = &tpm2_incremental_self_test_in, .out = &tpm2_incremental_self_test_out,
	},
	{
		.code = TPM_CC_SelfTest, .name = "SelfTest", .action = tpm2_cmd_self_test,
		.flags = CMD_NV, .in = &tpm2_self_test_in,
	},
	{
		.code = TPM_CC_Startup, .name = "Startup", .action = tpm2_cmd_startup,
		.flags = CMD_NV | CMD_NO_SESSIONS | CMD_BEFORE_STARTUP, .in = &tpm2_startup_in,
	},
	{
		.code = TPM_CC_Shutdown, .name = "Shutdown", .action = tpm2_cmd_shutdown,
		.flags = CMD_NV, .in = &tpm2_shutdown_in,
	},
	{
		.code = TPM_CC_StirRandom, .name = "StirRandom", .action = tpm2_cmd_stir_random,
		.flags = CMD_NV | CMD_DECRYPT, .in = &tpm2_stir_random_in,
	},
	{
		.code = TPM_CC_ActivateCredential, .name = "ActivateCredential",
		.action = tpm2_cmd_activate_credential, .flags = CMD_DECRYPT | CMD_ENCRYPT,
		.n_handles = 2, .handles = { HC_OBJECT, HC_OBJECT },
		.roles = { ROLE_ADMIN, ROLE_USER }, .in = &tpm2_activate_credential_in,
		.out = &tpm2_activate_credential_out,
	},
	{
		.code = TPM_CC_Certify, .name = "Certify", .action = tpm2_cmd_certify,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 2,
		.handles = { HC_OBJECT, HC_OBJECT | HC_NULL }, .roles = { ROLE_ADMIN, ROLE_USER },
		.in = &tpm2_certify_in, .out = &tpm2_certify_out,
	},
	{
		.code = TPM_CC_PolicyNV, .name = "PolicyNV", .action = tpm2_cmd_policy_nv,
		.flags = CMD_DECRYPT, .n_handles = 3, .handles = { HC_NV_AUTH, HC_NV, HC_POLICY },
		.roles = { ROLE_USER, ROLE_NONE, ROLE_NONE }, .in = &tpm2_policy_nv_in,
	},
	{
		.code = TPM_CC_CertifyCreation, .name = "CertifyCreation",
		.action = tpm2_cmd_certify_creation, .flags = CMD_DECRYPT | CMD_ENCRYPT,
		.n_handles = 2, .handles = { HC_OBJECT | HC_NULL, HC_OBJECT },
		.roles = { ROLE_USER, ROLE_NONE }, .in = &tpm2_certify_creation_in,
		.out = &tpm2_certify_creation_out,
	},
	{
		.code = TPM_CC_Duplicate, .name = "Duplicate", .action = tpm2_cmd_duplicate,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 2,
		.handles = { HC_OBJECT, HC_OBJECT | HC_NULL }, .roles = { ROLE_DUP, ROLE_NONE },
		.in = &tpm2_duplicate_in, .out = &tpm2_duplicate_out,
	},
	{
		.code = TPM_CC_GetTime, .name = "GetTime", .action = tpm2_cmd_get_time,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 2,
		.handles = { HC_ENDORSEMENT, HC_OBJECT | HC_NULL },
		.roles = { ROLE_USER, ROLE_USER }, .in = &tpm2_get_time_in,
		.out = &tpm2_get_time_out,
	},
	{
		.code = TPM_CC_GetSessionAuditDigest, .name = "GetSessionAuditDigest",
		.action = tpm2_cmd_get_session_audit_digest, .flags = CMD_DECRYPT | CMD_ENCRYPT,
		.n_handles = 3, .handles = { HC_ENDORSEMENT, HC_OBJECT | HC_NULL, HC_HMAC },
		.roles = { ROLE_USER, ROLE_USER, ROLE_NONE },
		.in = &tpm2_get_session_audit_digest_in, .out = &tpm2_get_session_audit_digest_out,
	},
	{
		.code = TPM_CC_NV_Read, .name = "NV_Read", .action = tpm2_cmd_nv_read,
		.flags = CMD_ENCRYPT, .n_handles = 2, .handles = { HC_NV_AUTH, HC_NV },
		.roles = { ROLE_USER, ROLE_NONE }, .in = &tpm2_nv_read_in, .out = &tpm2_nv_read_out,
	},
	{
		.code = TPM_CC_NV_ReadLock, .name = "NV_ReadLock", .action = tpm2_cmd_nv_read_lock,
		.flags = CMD_NV, .n_handles = 2, .handles = { HC_NV_AUTH, HC_NV },
		.roles = { ROLE_USER, ROLE_NONE },
	},
	{
		.code = TPM_CC_ObjectChangeAuth, .name = "ObjectChangeAuth",
		.action = tpm2_cmd_object_change_auth, .flags = CMD_DECRYPT | CMD_ENCRYPT,
		.n_handles = 2, .handles = { HC_OBJECT, HC_OBJECT },
		.roles = { ROLE_ADMIN, ROLE_NONE }, .in = &tpm2_object_change_auth_in,
		.out = &tpm2_object_change_auth_out,
	},
	{
		.code = TPM_CC_PolicySecret, .name = "PolicySecret",
		.action = tpm2_cmd_policy_secret, .flags = CMD_DECRYPT | CMD_ENCRYPT,
		.n_handles = 2, .handles = { HC_ENTITY, HC_POLICY },
		.roles = { ROLE_USER, ROLE_NONE }, .in = &tpm2_policy_secret_in,
		.out = &tpm2_policy_secret_out,
	},
	{
		.code = TPM_CC_Rewrap, .name = "Rewrap", .action = tpm2_cmd_rewrap,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 2,
		.handles = { HC_OBJECT | HC_NULL, HC_OBJECT | HC_NULL },
		.roles = { ROLE_USER, ROLE_NONE }, .in = &tpm2_rewrap_in, .out = &tpm2_rewrap_out,
	},
	{
		.code = TPM_CC_Create, .name = "Create", .action = tpm2_cmd_create,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 1, .handles = { HC_OBJECT },
		.roles = { ROLE_USER }, .in = &tpm2_create_in, .out = &tpm2_create_out,
	},
	{
		.code = TPM_CC_ECDH_ZGen, .name = "ECDH_ZGen", .action = tpm2_cmd_ecdh_zgen,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 1, .handles = { HC_OBJECT },
		.roles = { ROLE_USER }, .in = &tpm2_ecdh_zgen_in, .out = &tpm2_ecdh_zgen_out,
	},
	{
		.code = TPM_CC_HMAC, .name = "HMAC", .action = tpm2_cmd_hmac,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 1, .handles = { HC_OBJECT },
		.roles = { ROLE_USER }, .in = &tpm2_hmac_in, .out = &tpm2_hmac_out,
	},
	{
		.code = TPM_CC_Import, .name = "Import", .action = tpm2_cmd_import,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 1, .handles = { HC_OBJECT },
		.roles = { ROLE_USER }, .in = &tpm2_import_in, .out = &tpm2_import_out,
	},
	{
		.code = TPM_CC_Load, .name = "Load", .action = tpm2_cmd_load,
		.flags = CMD_DECRYPT | CMD_ENCRYPT | CMD_RHANDLE, .n_handles = 1,
		.handles = { HC_OBJECT }, .roles = { ROLE_USER }, .in = &tpm2_load_in,
		.out = &tpm2_load_out,
	},
	{
		.code = TPM_CC_Quote, .name = "Quote", .action = tpm2_cmd_quote,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 1,
		.handles = { HC_OBJECT | HC_NULL }, .roles = { ROLE_USER }, .in = &tpm2_quote_in,
		.out = &tpm2_quote_out,
	},
	{
		.code = TPM_CC_RSA_Decrypt, .name = "RSA_Decrypt", .action = tpm2_cmd_rsa_decrypt,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 1, .handles = { HC_OBJECT },
		.roles = { ROLE_USER }, .in = &tpm2_rsa_decrypt_in, .out = &tpm2_rsa_decrypt_out,
	},
	{
		.code = TPM_CC_HMAC_Start, .name = "HMAC_Start", .action = tpm2_cmd_hmac_start,
		.flags = CMD_DECRYPT | CMD_RHANDLE, .n_handles = 1, .handles = { HC_OBJECT },
		.roles = { ROLE_USER }, .in = &tpm2_hmac_start_in,
	},
	{
		.code = TPM_CC_SequenceUpdate, .name = "SequenceUpdate",
		.action = tpm2_cmd_sequence_update, .flags = CMD_DECRYPT, .n_handles = 1,
		.handles = { HC_OBJECT }, .roles = { ROLE_USER }, .in = &tpm2_sequence_update_in,
	},
	{
		.code = TPM_CC_Sign, .name = "Sign", .action = tpm2_cmd_sign, .flags = CMD_DECRYPT,
		.n_handles = 1, .handles = { HC_OBJECT }, .roles = { ROLE_USER },
		.in = &tpm2_sign_in, .out = &tpm2_sign_out,
	},
	{
		.code = TPM_CC_Unseal, .name = "Unseal", .action = tpm2_cmd_unseal,
		.flags = CMD_ENCRYPT, .n_handles = 1, .handles = { HC_OBJECT },
		.roles = { ROLE_USER }, .out = &tpm2_unseal_out,
	},
	{
		.code = TPM_CC_PolicySigned, .name = "PolicySigned",
		.action = tpm2_cmd_policy_signed, .flags = CMD_DECRYPT | CMD_ENCRYPT,
		.n_handles = 2, .handles = { HC_OBJECT, HC_POLICY },
		.roles = { ROLE_NONE, ROLE_NONE }, .in = &tpm2_policy_signed_in,
		.out = &tpm2_policy_signed_out,
	},
	{
		.code = TPM_CC_ContextLoad, .name = "ContextLoad", .action = tpm2_cmd_context_load,
		.flags = CMD_NO_SESSIONS | CMD_RHANDLE, .in = &tpm2_context_load_in,
	},
	{
		.code = TPM_CC_ContextSave, .name = "ContextSave", .action = tpm2_cmd_context_save,
		.flags = CMD_NO_SESSIONS, .n_handles = 1, .handles = { HC_TRANSIENT | HC_SESSION },
		.roles = { ROLE_NONE }, .out = &tpm2_context_save_out,
	},
	{
		.code = TPM_CC_ECDH_KeyGen, .name = "ECDH_KeyGen", .action = tpm2_cmd_ecdh_keygen,
		.flags = CMD_ENCRYPT, .n_handles = 1, .handles = { HC_OBJECT },
		.roles = { ROLE_NONE }, .out = &tpm2_ecdh_keygen_out,
	},
	{
		.code = TPM_CC_EncryptDecrypt, .name = "EncryptDecrypt",
		.action = tpm2_cmd_encrypt_decrypt, .flags = CMD_ENCRYPT, .n_handles = 1,
		.handles = { HC_OBJECT }, .roles = { ROLE_USER }, .in = &tpm2_encrypt_decrypt_in,
		.out = &tpm2_encrypt_decrypt_out,
	},
	{
		.code = TPM_CC_FlushContext, .name = "FlushContext",
		.action = tpm2_cmd_flush_context, .flags = CMD_NO_SESSIONS,
		.in = &tpm2_flush_context_in,
	},
	{
		.code = TPM_CC_LoadExternal, .name = "LoadExternal",
		.action = tpm2_cmd_load_external, .flags = CMD_DECRYPT | CMD_ENCRYPT | CMD_RHANDLE,
		.in = &tpm2_load_external_in, .out = &tpm2_load_external_out,
	},
	{
		.code = TPM_CC_MakeCredential, .name = "MakeCredential",
		.action = tpm2_cmd_make_credential, .flags = CMD_DECRYPT | CMD_ENCRYPT,
		.n_handles = 1, .handles = { HC_OBJECT }, .roles = { ROLE_NONE },
		.in = &tpm2_make_credential_in, .out = &tpm2_make_credential_out,
	},
	{
		.code = TPM_CC_NV_ReadPublic, .name = "NV_ReadPublic",
		.action = tpm2_cmd_nv_read_public, .flags = CMD_ENCRYPT, .n_handles = 1,
		.handles = { HC_NV }, .roles = { ROLE_NONE }, .out = &tpm2_nv_read_public_out,
	},
	{
		.code = TPM_CC_PolicyAuthorize, .name = "PolicyAuthorize",
		.action = tpm2_cmd_policy_authorize, .flags = CMD_DECRYPT, .n_handles = 1,
		.handles = { HC_POLICY }, .roles = { ROLE_NONE }, .in = &tpm2_policy_authorize_in,
	},
	{
		.code = TPM_CC_PolicyAuthValue, .name = "PolicyAuthValue",
		.action = tpm2_cmd_policy_auth_value, .n_handles = 1, .handles = { HC_POLICY },
		.roles = { ROLE_NONE },
	},
	{
		.code = TPM_CC_PolicyCommandCode, .name = "PolicyCommandCode",
		.action = tpm2_cmd_policy_command_code, .n_handles = 1, .handles = { HC_POLICY },
		.roles = { ROLE_NONE }, .in = &tpm2_policy_command_code_in,
	},
	{
		.code = TPM_CC_PolicyCounterTimer, .name = "PolicyCounterTimer",
		.action = tpm2_cmd_policy_counter_timer, .flags = CMD_DECRYPT, .n_handles = 1,
		.handles = { HC_POLICY }, .roles = { ROLE_NONE },
		.in = &tpm2_policy_counter_timer_in,
	},
	{
		.code = TPM_CC_PolicyCpHash, .name = "PolicyCpHash",
		.action = tpm2_cmd_policy_cp_hash, .flags = CMD_DECRYPT, .n_handles = 1,
		.handles = { HC_POLICY }, .roles = { ROLE_NONE }, .in = &tpm2_policy_hash_in,
	},
	{
		.code = TPM_CC_PolicyLocality, .name = "PolicyLocality",
		.action = tpm2_cmd_policy_locality, .n_handles = 1, .handles = { HC_POLICY },
		.roles = { ROLE_NONE }, .in = &tpm2_policy_locality_in,
	},
	{
		.code = TPM_CC_PolicyNameHash, .name = "PolicyNameHash",
		.action = tpm2_cmd_policy_name_hash, .flags = CMD_DECRYPT, .n_handles = 1,
		.handles = { HC_POLICY }, .roles = { ROLE_NONE }, .in = &tpm2_policy_hash_in,
	},
	{
		.code = TPM_CC_PolicyOR, .name = "PolicyOR", .action = tpm2_cmd_policy_or,
		.n_handles = 1, .handles = { HC_POLICY }, .roles = { ROLE_NONE },
		.in = &tpm2_policy_or_in,
	},
	{
		.code = TPM_CC_PolicyTicket, .name = "PolicyTicket",
		.action = tpm2_cmd_policy_ticket, .flags = CMD_DECRYPT, .n_handles = 1,
		.handles = { HC_POLICY }, .roles = { ROLE_NONE }, .in = &tpm2_policy_ticket_in,
	},
	{
		.code = TPM_CC_ReadPublic, .name = "ReadPublic", .action = tpm2_cmd_read_public,
		.flags = CMD_ENCRYPT, .n_handles = 1, .handles = { HC_OBJECT },
		.roles = { ROLE_NONE }, .out = &tpm2_read_public_out,
	},
	{
		.code = TPM_CC_RSA_Encrypt, .name = "RSA_Encrypt", .action = tpm2_cmd_rsa_encrypt,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 1, .handles = { HC_OBJECT },
		.roles = { ROLE_NONE }, .in = &tpm2_rsa_encrypt_in, .out = &tpm2_rsa_encrypt_out,
	},
	{
		.code = TPM_CC_StartAuthSession, .name = "StartAuthSession",
		.action = tpm2_cmd_start_auth_session,
		.flags = CMD_DECRYPT | CMD_ENCRYPT | CMD_RHANDLE, .n_handles = 2,
		.handles = { HC_OBJECT | HC_NULL, HC_ENTITY | HC_NULL },
		.roles = { ROLE_NONE, ROLE_NONE }, .in = &tpm2_start_auth_session_in,
		.out = &tpm2_start_auth_session_out,
	},
	{
		.code = TPM_CC_VerifySignature, .name = "VerifySignature",
		.action = tpm2_cmd_verify_signature, .flags = CMD_DECRYPT, .n_handles = 1,
		.handles = { HC_OBJECT }, .roles = { ROLE_NONE }, .in = &tpm2_verify_signature_in,
		.out = &tpm2_verify_signature_out,
	},
	{
		.code = TPM_CC_ECC_Parameters, .name = "ECC_Parameters",
		.action = tpm2_cmd_ecc_parameters, .in = &tpm2_ecc_parameters_in,
		.out = &tpm2_ecc_parameters_out,
	},
	{
		.code = TPM_CC_GetCapability, .name = "GetCapability",
		.action = tpm2_cmd_get_capability, .flags = CMD_IN_FAILURE,
		.in = &tpm2_get_capability_in, .out = &tpm2_get_capability_out,
	},
	{
		.code = TPM_CC_GetRandom, .name = "GetRandom", .action = tpm2_cmd_get_random,
		.flags = CMD_ENCRYPT, .in = &tpm2_get_random_in, .out = &tpm2_get_random_out,
	},
	{
		.code = TPM_CC_GetTestResult, .name = "GetTestResult",
		.action = tpm2_cmd_get_test_result, .flags = CMD_ENCRYPT | CMD_IN_FAILURE,
		.out = &tpm2_get_test_result_out,
	},
	{
		.code = TPM_CC_Hash, .name = "Hash", .action = tpm2_cmd_hash,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .in = &tpm2_hash_in, .out = &tpm2_hash_out,
	},
	{
		.code = TPM_CC_PCR_Read, .name = "PCR_Read", .action = tpm2_cmd_pcr_read,
		.in = &tpm2_pcr_read_in, .out = &tpm2_pcr_read_out,
	},
	{
		.code = TPM_CC_PolicyPCR, .name = "PolicyPCR", .action = tpm2_cmd_policy_pcr,
		.flags = CMD_DECRYPT, .n_handles = 1, .handles = { HC_POLICY },
		.roles = { ROLE_NONE }, .in = &tpm2_policy_pcr_in,
	},
	{
		.code = TPM_CC_PolicyRestart, .name = "PolicyRestart",
		.action = tpm2_cmd_policy_restart, .n_handles = 1, .handles = { HC_POLICY },
		.roles = { ROLE_NONE },
	},
	{
		.code = TPM_CC_ReadClock, .name = "ReadClock", .action = tpm2_cmd_read_clock,
		.out = &tpm2_read_clock_out,
	},
	{
		.code = TPM_CC_PCR_Extend, .name = "PCR_Extend", .action = tpm2_cmd_pcr_extend,
		.flags = CMD_NV, .n_handles = 1, .handles = { HC_PCR | HC_NULL },
		.roles = { ROLE_USER }, .in = &tpm2_pcr_extend_in,
	},
	{
		.code = TPM_CC_PCR_SetAuthValue, .name = "PCR_SetAuthValue",
		.action = tpm2_cmd_pcr_set_auth_value, .flags = CMD_DECRYPT, .n_handles = 1,
		.handles = { HC_PCR }, .roles = { ROLE_USER }, .in = &tpm2_pcr_set_auth_value_in,
	},
	{
		.code = TPM_CC_NV_Certify, .name = "NV_Certify", .action = tpm2_cmd_nv_certify,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 3,
		.handles = { HC_OBJECT | HC_NULL, HC_NV_AUTH, HC_NV },
		.roles = { ROLE_USER, ROLE_USER, ROLE_NONE }, .in = &tpm2_nv_certify_in,
		.out = &tpm2_nv_certify_out,
	},
	{
		.code = TPM_CC_EventSequenceComplete, .name = "EventSequenceComplete",
		.action = tpm2_cmd_event_sequence_complete,
		.flags = CMD_DECRYPT | CMD_FLUSHED | CMD_NV, .n_handles = 2,
		.handles = { HC_PCR | HC_NULL, HC_OBJECT }, .roles = { ROLE_USER, ROLE_USER },
		.in = &tpm2_event_sequence_complete_in, .out = &tpm2_event_sequence_complete_out,
	},
	{
		.code = TPM_CC_HashSequenceStart, .name = "HashSequenceStart",
		.action = tpm2_cmd_hash_sequence_start, .flags = CMD_DECRYPT | CMD_RHANDLE,
		.in = &tpm2_hash_sequence_start_in,
	},
	{
		.code = TPM_CC_PolicyPhysicalPresence, .name = "PolicyPhysicalPresence",
		.action = tpm2_cmd_policy_physical_presence, .n_handles = 1,
		.handles = { HC_POLICY }, .roles = { ROLE_NONE },
	},
	{
		.code = TPM_CC_PolicyDuplicationSelect, .name = "PolicyDuplicationSelect",
		.action = tpm2_cmd_policy_duplication_select, .flags = CMD_DECRYPT, .n_handles = 1,
		.handles = { HC_POLICY }, .roles = { ROLE_NONE },
		.in = &tpm2_policy_duplication_select_in,
	},
	{
		.code = TPM_CC_PolicyGetDigest, .name = "PolicyGetDigest",
		.action = tpm2_cmd_policy_get_digest, .flags = CMD_ENCRYPT, .n_handles = 1,
		.handles = { HC_POLICY }, .roles = { ROLE_NONE },
		.out = &tpm2_policy_get_digest_out,
	},
	{
		.code = TPM_CC_TestParms, .name = "TestParms", .action = tpm2_cmd_test_parms,
		.in = &tpm2_test_parms_in,
	},
	{
		.code = TPM_CC_Commit, .name = "Commit", .action = tpm2_cmd_commit,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 1, .handles = { HC_OBJECT },
		.roles = { ROLE_USER }, .in = &tpm2_commit_in, .out = &tpm2_commit_out,
	},
	{
		.code = TPM_CC_PolicyPassword, .name = "PolicyPassword",
		.action = tpm2_cmd_policy_password, .n_handles = 1, .handles = { HC_POLICY },
		.roles = { ROLE_NONE },
	},
	{
		.code = TPM_CC_ZGen_2Phase, .name = "ZGen_2Phase", .action = tpm2_cmd_zgen_2phase,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 1, .handles = { HC_OBJECT },
		.roles = { ROLE_USER }, .in = &tpm2_zgen_2phase_in, .out = &tpm2_zgen_2phase_out,
	},
	{
		.code = TPM_CC_EC_Ephemeral, .name = "EC_Ephemeral",
		.action = tpm2_cmd_ec_ephemeral, .flags = CMD_ENCRYPT, .in = &tpm2_ec_ephemeral_in,
		.out = &tpm2_ec_ephemeral_out,
	},
	{
		.code = TPM_CC_PolicyNvWritten, .name = "PolicyNvWritten",
		.action = tpm2_cmd_policy_nv_written, .n_handles = 1, .handles = { HC_POLICY },
		.roles = { ROLE_NONE }, .in = &tpm2_policy_nv_written_in,
	},
	{
		.code = TPM_CC_PolicyTemplate, .name = "PolicyTemplate",
		.action = tpm2_cmd_policy_template, .flags = CMD_DECRYPT, .n_handles = 1,
		.handles = { HC_POLICY }, .roles = { ROLE_NONE }, .in = &tpm2_policy_hash_in,
	},
	{
		.code = TPM_CC_CreateLoaded, .name = "CreateLoaded",
		.action = tpm2_cmd_create_loaded, .flags = CMD_DECRYPT | CMD_ENCRYPT | CMD_RHANDLE,
		.n_handles = 1, .handles = { HC_HIERARCHY | HC_NULL | HC_OBJECT },
		.roles = { ROLE_USER }, .in = &tpm2_create_loaded_in,
		.out = &tpm2_create_loaded_out,
	},
	{
		.code = TPM_CC_PolicyAuthorizeNV, .name = "PolicyAuthorizeNV",
		.action = tpm2_cmd_policy_authorize_nv, .n_handles = 3,
		.handles = { HC_NV_AUTH, HC_NV, HC_POLICY },
		.roles = { ROLE_USER, ROLE_NONE, ROLE_NONE },
	},
	{
		.code = TPM_CC_EncryptDecrypt2, .name = "EncryptDecrypt2",
		.action = tpm2_cmd_encrypt_decrypt2, .flags = CMD_DECRYPT | CMD_ENCRYPT,
		.n_handles = 1, .handles = { HC_OBJECT }, .roles = { ROLE_USER },
		.in = &tpm2_encrypt_decrypt2_in, .out = &tpm2_encrypt_decrypt2_out,
	},
	{
		.code = TPM_CC_CertifyX509, .name = "CertifyX509",
		.action = tpm2_cmd_certify_x509, .flags = CMD_DECRYPT | CMD_ENCRYPT,
		.n_handles = 2, .handles = { HC_OBJECT, HC_OBJECT | HC_NULL },
		.roles = { ROLE_ADMIN, ROLE_USER }, .in = &tpm2_certify_x509_in,
		.out = &tpm2_certify_x509_out,
	},
	{
		.code = TPM_CC_ACT_SetTimeout, .name = "ACT_SetTimeout",
		.action = tpm2_cmd_act_set_timeout, .n_handles = 1, .handles = { HC_ACT },
		.roles = { ROLE_USER }, .in = &tpm2_act_set_timeout_in,
	},
	{
		.code = TPM_CC_ECC_Encrypt, .name = "ECC_Encrypt", .action = tpm2_cmd_ecc_encrypt,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 1, .handles = { HC_OBJECT },
		.roles = { ROLE_NONE }, .in = &tpm2_ecc_encrypt_in, .out = &tpm2_ecc_encrypt_out,
	},
	{
		.code = TPM_CC_ECC_Decrypt, .name = "ECC_Decrypt", .action = tpm2_cmd_ecc_decrypt,
		.flags = CMD_DECRYPT | CMD_ENCRYPT, .n_handles = 1, .handles = { HC_OBJECT },
		.roles = { ROLE_USER }, .in = &tpm2_ecc_decrypt_in, .out = &tpm2_ecc_decrypt_out,
	},
	{
		.code = TPM_CC_PolicyCapability, .name = "PolicyCapability",
		.action = tpm2_cmd_policy_capability, .flags = CMD_DECRYPT, .n_handles = 1,
		.handles = { HC_POLICY }, .roles = { ROLE_NONE }, .in = &tpm2_policy_capability_in,
	},
	{
		.code = TPM_CC_PolicyParameters, .name = "PolicyParameters",
		.action = tpm2_cmd_policy_parameters, .flags = CMD_DECRYPT, .n_handles = 1,
		.handles = { HC_POLICY }, .roles = { ROLE_NONE }, .in = &tpm2_policy_hash_in,
	},
	{
		.code = TPM_CC_NV_DefineSpace2, .name = "NV_DefineSpace2",
		.action = tpm2_cmd_nv_define_space2, .flags = CMD_NV | CMD_DECRYPT, .n_handles = 1,
		.handles = { HC_OWNER | HC_PLATFORM }, .roles = { ROLE_USER },
		.in = &tpm2_nv_define_space2_in,
	},
	{
		.code = TPM_CC_NV_ReadPublic2, .name = "NV_ReadPublic2",
		.action = tpm2_cmd_nv_read_public2, .flags = CMD_ENCRYPT, .n_handles = 1,
		.handles = { HC_NV }, .roles = { ROLE_NONE }, .out = &tpm2_nv_read_public2_out,
	},
};

const unsigned int tpm2_command_count = ARRAY_SIZE(tpm2_commands);

/* Binary search: the table is sorted, which a test holds. */
const struct tpm2_cmd *tpm2_cmd_find(u32 code)
{
	unsigned int low = 0, high = ARRAY_SIZE(tpm2_commands);

	while (low < high) {
		unsigned int mid = low + (high - low) / 2;

		if (tpm2_commands[mid].code == code)
			return &tpm2_commands[mid];
		if (tpm2_commands[mid].code < code)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}
