// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: states. The input is read as an instance's state, with one mercy: the
 * header's size is made right. Where it makes an instance, that one's own state has to
 * stay what it is, some commands are run in it, and it must go without a leak; where it
 * does not, nothing may be left. With VTPM_FUZZ_SEEDS_STATE=FOLDER inputs to begin with
 * are written there.
 */
#include <stdio.h>
#include <stdlib.h>

#include "property/property.h"
#include "state/state.h"
#include "tpm2/engine.h"
#include "port-host.h"
#include "fuzz.h"

#define SIZE_AT	12	/* in the header */

static struct vtpm_rooms rooms_of(struct host_tpm *h)
{
	return (struct vtpm_rooms){ .tpm = h->t, .matrix = h->matrix, .mem = &h->mem };
}

static void one_handle(struct host_tpm *h, u32 code, u32 handle, bool auth)
{
	struct cmd c;

	cmd_begin_pw(&c, code, 1, auth, handle);
	if (code == TPM_CC_SequenceComplete) {
		cmd_u16(&c, 0);
		cmd_u32(&c, TPM_RH_NULL);
	}
	cmd_run(h, &c);
}

/* What touches most of what a state brings along. */
static void use(struct host_tpm *h)
{
	struct cmd c;
	u32 i;

	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_Startup);
	cmd_u16(&c, TPM_SU_CLEAR);
	cmd_run(h, &c);
	for (i = 0; i < 8; i++) {
		one_handle(h, TPM_CC_ReadPublic, HR_TRANSIENT + i, false);
		one_handle(h, TPM_CC_ContextSave, HR_TRANSIENT + i, false);
		one_handle(h, TPM_CC_SequenceComplete, HR_TRANSIENT + i, true);
		one_handle(h, TPM_CC_Unseal, HR_PERSISTENT + i, true);
		one_handle(h, TPM_CC_NV_ReadPublic, HR_NV_INDEX + i, false);
		one_handle(h, TPM_CC_PolicyGetDigest, HR_POLICY_SESSION + i, false);
		one_handle(h, TPM_CC_ContextSave, HR_HMAC_SESSION + i, false);
		one_handle(h, TPM_CC_PolicyRestart, HR_POLICY_SESSION + i, false);
	}
	one_handle(h, TPM_CC_DictionaryAttackLockReset, TPM_RH_LOCKOUT, true);
	one_handle(h, TPM_CC_Clear, TPM_RH_PLATFORM, true);
}

static void import(const u8 *state, size_t len)
{
	const struct vtpm_state_source from = { state, len, VTPM_STATE_ALL };
	static struct host_tpm h;
	struct vtpm_rooms rooms;
	struct tpm2_config cfg;

	memset(&h, 0, sizeof(h));
	mutex_init(&h.lock);
	h.cancel = true;
	cfg = host_tpm_config(&h);
	if (!vtpm_state_import(&from, &cfg, &rooms, NULL)) {
		cfg.pcrs = rooms.matrix;
		if (vtpm_state_check(&rooms, &cfg))
			abort();
		h.t = rooms.tpm;
		h.matrix = rooms.matrix;
		h.space = tpm2_space_marked(h.t, 0);
		if (!h.space)
			h.space = tpm2_space_new(h.t);
		use(&h);
		vtpm_state_drop(&rooms);
	}
	if (atomic_long_read(&h.mem.bytes))
		abort();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u8 *copy = malloc(size + 1);

	memcpy(copy, data, size);
	if (size >= SIZE_AT + sizeof(u32))
		put_unaligned_be32(size, copy + SIZE_AT);
	vt_host_seed(1);
	import(copy, size);
	free(copy);
	return 0;
}

static void write_seed(struct host_tpm *h, const char *name, enum vtpm_state_part part)
{
	const char *folder = getenv("VTPM_FUZZ_SEEDS_STATE");
	struct vtpm_rooms rooms = rooms_of(h);
	char path[512];
	size_t len;
	FILE *f;
	u8 *p;

	snprintf(path, sizeof(path), "%s/%s", folder ? folder : ".", name);
	f = folder ? fopen(path, "w") : NULL;
	if (!f || vtpm_state_export_alloc(&rooms, part, &p, &len))
		return;
	fwrite(p, 1, len, f);
	fclose(f);
	vtpm_state_free(&h->mem, p, len);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static struct host_tpm h;
	u32 handles[FUZZ_FURNISHED];
	struct cmd c;

	vt_host_seed(1);
	host_tpm_new(&h, "provider certificate\nbank sha1 sha256\n");
	write_seed(&h, "empty", VTPM_STATE_ALL);
	fuzz_furnish(&h, handles);
	cmd_start(&c, TPM_ST_NO_SESSIONS, TPM_CC_HashSequenceStart);
	cmd_u16(&c, 0);
	cmd_u16(&c, TPM_ALG_NULL);
	cmd_run(&h, &c);
	one_handle(&h, TPM_CC_ContextSave, handles[3], false);
	cmd_begin_pw(&c, TPM_CC_EvictControl, 2, 1, TPM_RH_OWNER, handles[0]);
	cmd_u32(&c, HR_PERSISTENT);
	cmd_run(&h, &c);
	write_seed(&h, "permanent", VTPM_STATE_PERMANENT);
	tpm_flush(&h, handles[0]);
	tpm_flush(&h, handles[1]);
	write_seed(&h, "furnished", VTPM_STATE_ALL);
	host_tpm_free(&h);
	return 0;
}
