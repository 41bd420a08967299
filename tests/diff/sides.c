// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both TPMs in this process, with time and randomness that the test sets: the
 * clock that libtpms reads is the one below, and OpenSSL's random numbers are
 * those of a generator with a seed.
 */
#define OPENSSL_SUPPRESS_DEPRECATED	/* RAND_METHOD */
#include <libtpms/tpm_error.h>
#include <libtpms/tpm_library.h>
#include <openssl/rand.h>
#include <fcntl.h>
#include <sys/time.h>
#include <time.h>

#include "diff.h"
#include "port-host.h"

u64 diff_now_ms = 1000000;

static struct host_tpm ours;
static struct rnd theirs_random;

/* ---- time ---- */

static u64 now(void)
{
	return diff_now_ms;
}

/* Stands before the C library's in the whole process. */
int clock_gettime(clockid_t id, struct timespec *t)
{
	t->tv_sec = diff_now_ms / 1000;
	t->tv_nsec = diff_now_ms % 1000 * 1000000;
	return 0;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone)
{
	t->tv_sec = diff_now_ms / 1000;
	t->tv_usec = diff_now_ms % 1000 * 1000;
	return 0;
}

clock_t clock(void)
{
	return diff_now_ms * (CLOCKS_PER_SEC / 1000);
}

/* ---- randomness of OpenSSL ---- */

static int random_fill(unsigned char *out, int n)
{
	rnd_bytes(&theirs_random, out, n);
	return 1;
}

static int random_add(const void *buf, int n, double entropy)
{
	return 1;
}

static int random_seed(const void *buf, int n)
{
	return 1;
}

static int random_status(void)
{
	return 1;
}

static RAND_METHOD random_method = {
	.seed = random_seed,
	.bytes = random_fill,
	.add = random_add,
	.pseudorand = random_fill,
	.status = random_status,
};

void sides_seed(u64 seed)
{
	vt_host_seed(seed | 1);
	theirs_random.s = seed;
}

/* ---- libtpms, with its state in memory ---- */

static struct {
	unsigned char *data;
	u32 size;
} stored;

static TPM_RESULT nothing(void)
{
	return TPM_SUCCESS;
}

static TPM_RESULT nv_load(unsigned char **data, uint32_t *length, uint32_t number, const char *name)
{
	if (strcmp(name, "permall") || !stored.size)
		return TPM_RETRY;
	*data = malloc(stored.size);
	memcpy(*data, stored.data, stored.size);
	*length = stored.size;
	return TPM_SUCCESS;
}

static TPM_RESULT nv_store(const unsigned char *data, uint32_t length, uint32_t number,
			   const char *name)
{
	if (strcmp(name, "permall"))
		return TPM_SUCCESS;
	if (stored.size < length) {
		free(stored.data);
		stored.data = malloc(length);
	}
	memcpy(stored.data, data, length);
	stored.size = length;
	return TPM_SUCCESS;
}

static TPM_RESULT nv_delete(uint32_t number, const char *name, TPM_BOOL must_exist)
{
	return TPM_SUCCESS;
}

static TPM_RESULT io_locality(TPM_MODIFIER_INDICATOR *locality, uint32_t number)
{
	*locality = ours.locality;
	return TPM_SUCCESS;
}

static TPM_RESULT io_presence(TPM_BOOL *presence, uint32_t number)
{
	*presence = w.presence;
	return TPM_SUCCESS;
}

static void die(const char *what)
{
	fprintf(stderr, "diff: %s\n", what);
	exit(2);
}

static void start_libtpms(void)
{
	struct libtpms_callbacks cb = {
		.sizeOfStruct = sizeof(cb),
		.tpm_nvram_init = nothing,
		.tpm_nvram_loaddata = nv_load,
		.tpm_nvram_storedata = nv_store,
		.tpm_nvram_deletename = nv_delete,
		.tpm_io_init = nothing,
		.tpm_io_getlocality = io_locality,
		.tpm_io_getphysicalpresence = io_presence,
	};

	TPMLIB_SetDebugFD(open("/dev/null", O_WRONLY));
	if (TPMLIB_ChooseTPMVersion(TPMLIB_TPM_VERSION_2) || TPMLIB_RegisterCallbacks(&cb) ||
	    TPMLIB_MainInit())
		die("libtpms does not start");
}

static u32 run_libtpms(const u8 *cmd, u32 len, u8 *rsp, u32 *rsp_len)
{
	static unsigned char *out;
	static u32 room;

	if (TPMLIB_Process(&out, rsp_len, &room, (unsigned char *)cmd, len))
		die("TPMLIB_Process fails");
	if (*rsp_len < 10 || *rsp_len > VTPM_MAX_COMMAND)
		die("libtpms: size of a response");
	memcpy(rsp, out, *rsp_len);
	return get_unaligned_be32(rsp + 6);
}

/* ---- both ---- */

u32 side_run(unsigned int side, const u8 *cmd, u32 len, u8 *rsp, u32 *rsp_len)
{
	u32 rc;

	if (side == THEIRS)
		return run_libtpms(cmd, len, rsp, rsp_len);
	rc = host_tpm_run(&ours, cmd, len);
	memcpy(rsp, ours.rsp, ours.rsp_len);
	*rsp_len = ours.rsp_len;
	return rc;
}

void sides_set(u8 locality, bool presence)
{
	ours.locality = locality;
	w.presence = presence;
	mutex_lock(&ours.lock);
	tpm2_set_presence(ours.t, presence);
	mutex_unlock(&ours.lock);
}

/* Power off and on; TPM2_Startup is due on both sides. */
void sides_power_cycle(void)
{
	mutex_lock(&ours.lock);
	tpm2_power_on(ours.t);
	mutex_unlock(&ours.lock);
	TPMLIB_Terminate();
	if (TPMLIB_MainInit())
		die("libtpms does not start again");
}

/* Ours is started by host_tpm_new(), libtpms by the caller's TPM2_Startup. */
void sides_start(void)
{
	vt_host_clock = now;
	RAND_set_rand_method(&random_method);
	sides_seed(1);
	host_tpm_plain = true;
	host_tpm_new(&ours, "bank sha1 sha256 sha384 sha512\n");
	start_libtpms();
}

long sides_end(void)
{
	return host_tpm_free(&ours);
}
