// SPDX-License-Identifier: GPL-2.0-only
/* Both TPMs of the comparison, each with its state in memory. */
#include <libtpms/tpm_error.h>
#include <libtpms/tpm_library.h>
#include <libtpms/tpm_nvfilename.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"

/* ---- ours ---- */

static struct host_tpm ours;

/*
 * What device/ does for a command, less the system calls: the bytes are copied
 * once. The instance's lock is taken once, at the start: libtpms has none.
 */
static u32 run_ours(struct side *s, const u8 *cmd, u32 len)
{
	static u8 buf[VTPM_MAX_COMMAND];

	memcpy(buf, cmd, len);
	s->rsp_len = tpm2_execute(ours.space, 0, buf, len, ours.rsp);
	s->rsp = ours.rsp;
	return get_unaligned_be32(s->rsp + 6);
}

static void cycle_ours(void)
{
	tpm2_power_on(ours.t);
}

static void start_ours(void)
{
	host_tpm_new(&ours, "bank sha1 sha256 sha384 sha512\n");
	tpm2_set_presence(ours.t, true);
	usleep(1100000);	/* until then Clock is not safe, and each command looks at it */
	mutex_lock(&ours.lock);
}

/* ---- libtpms ---- */

static unsigned char *stored;	/* its permanent state */
static uint32_t stored_len;

static TPM_RESULT nv_init(void)
{
	return TPM_SUCCESS;
}

static bool is_permanent(const char *name)
{
	return !strcmp(name, TPM_PERMANENT_ALL_NAME);
}

static TPM_RESULT nv_load(unsigned char **data, uint32_t *length, uint32_t number, const char *name)
{
	if (!is_permanent(name) || !stored)
		return TPM_RETRY;	/* nothing stored: be manufactured */
	*data = malloc(stored_len);
	if (!*data)
		return TPM_FAIL;
	memcpy(*data, stored, stored_len);
	*length = stored_len;
	return TPM_SUCCESS;
}

static TPM_RESULT nv_store(const unsigned char *data, uint32_t length, uint32_t number,
			   const char *name)
{
	if (!is_permanent(name))
		return TPM_SUCCESS;
	if (length > stored_len) {
		free(stored);
		stored = malloc(length);
		if (!stored)
			return TPM_FAIL;
	}
	memcpy(stored, data, length);
	stored_len = length;
	return TPM_SUCCESS;
}

static TPM_RESULT nv_delete(uint32_t number, const char *name, TPM_BOOL must_exist)
{
	return TPM_SUCCESS;
}

static TPM_RESULT io_init(void)
{
	return TPM_SUCCESS;
}

static TPM_RESULT io_locality(TPM_MODIFIER_INDICATOR *locality, uint32_t number)
{
	*locality = 0;
	return TPM_SUCCESS;
}

static TPM_RESULT io_presence(TPM_BOOL *presence, uint32_t number)
{
	*presence = 1;
	return TPM_SUCCESS;
}

static u32 run_libtpms(struct side *s, const u8 *cmd, u32 len)
{
	static unsigned char *rsp;
	static u32 room;

	if (TPMLIB_Process(&rsp, &s->rsp_len, &room, (unsigned char *)cmd, len))
		die(s, "TPMLIB_Process", 0);
	s->rsp = rsp;
	return get_unaligned_be32(s->rsp + 6);
}

static void cycle_libtpms(void)
{
	TPMLIB_Terminate();
	if (TPMLIB_MainInit())
		die(&sides[1], "does not start again", 0);
}

static void start_libtpms(void)
{
	struct libtpms_callbacks cb = {
		.sizeOfStruct = sizeof(cb),
		.tpm_nvram_init = nv_init,
		.tpm_nvram_loaddata = nv_load,
		.tpm_nvram_storedata = nv_store,
		.tpm_nvram_deletename = nv_delete,
		.tpm_io_init = io_init,
		.tpm_io_getlocality = io_locality,
		.tpm_io_getphysicalpresence = io_presence,
	};
	struct cmd c;

	if (TPMLIB_ChooseTPMVersion(TPMLIB_TPM_VERSION_2) || TPMLIB_RegisterCallbacks(&cb) ||
	    TPMLIB_MainInit())
		die(&sides[1], "does not start", 0);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_Startup);
	cmd_u16(&c, TPM_SU_CLEAR);
	must(&sides[1], &c, "Startup");
}

struct side sides[2] = {
	{ .name = "ours", .run = run_ours, .cycle = cycle_ours },
	{ .name = "libtpms", .run = run_libtpms, .cycle = cycle_libtpms },
};

void sides_start(void)
{
	start_ours();
	start_libtpms();
}
