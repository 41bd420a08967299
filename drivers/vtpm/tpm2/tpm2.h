/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TPM 2.0 engine as the other rooms see it. The engine knows TPM, and
 * knows no Linux device, file or module.
 *
 * Locking: the caller holds the instance's lock around every call that takes
 * a struct tpm2. tpm2_execute() gives it up through struct tpm2_host while it
 * does long arithmetic, and has it again when it returns.
 */
#ifndef VTPM_TPM2_H
#define VTPM_TPM2_H

#include "../env.h"
#include "../limits.h"
#include "const.h"

struct tpm2;
struct tpm2_space;
struct tpml_digest_values;
struct vt_key_ops;

/**
 * struct tpm2_host - what the engine needs of the one who runs it
 * @lock: take the instance's lock
 * @unlock: give it up
 * @cancelled: true when the command under way should end with TPM_RC_CANCELED:
 *	a fatal signal is pending or the instance is going; called without the lock
 */
struct tpm2_host {
	void (*lock)(void *ctx);
	void (*unlock)(void *ctx);
	bool (*cancelled)(void *ctx);
};

/**
 * enum vtpm_op - for what a PCR value is wanted; the filter decides by it
 * @VTPM_OP_READ: TPM2_PCR_Read and sysfs
 * @VTPM_OP_SEAL: TPM2_PolicyPCR
 * @VTPM_OP_QUOTE: TPM2_Quote
 * @VTPM_OP_CERTIFY: creation data (TPM2_Create*, TPM2_CertifyCreation)
 * @VTPM_OP_AUDIT: TPM2_PCR_Read whose answer goes into an audit digest
 * @VTPM_OP_EVENT: that a guest extends a PCR, and the digests that TPM2_PCR_Event and
 *	TPM2_EventSequenceComplete hand back
 * @VTPM_OP_COUNT: how many there are
 */
enum vtpm_op {
	VTPM_OP_READ,
	VTPM_OP_SEAL,
	VTPM_OP_QUOTE,
	VTPM_OP_CERTIFY,
	VTPM_OP_AUDIT,
	VTPM_OP_EVENT,
	VTPM_OP_COUNT
};

/**
 * struct tpm2_measurement - what a PCR is extended with
 * @pcr: which one
 * @locality: of the command
 * @digests: for each bank that is to be extended; others are left alone
 * @data: the event that @digests are of; NULL when it is not known
 * @len: its bytes
 * @ima: @data is a template of IMA
 */
struct tpm2_measurement {
	u32 pcr;
	u8 locality;
	const struct tpml_digest_values *digests;
	const u8 *data;
	size_t len;
	bool ima;
};

/*
 * Numbers of bits in tpm2_profile.algs: a TPM_ALG_ID, a TPM_ECC_CURVE, the size of an RSA
 * or AES key. Numbers past a part's end are none that a TPM could have.
 */
#define TPM2_PROFILE_ALG(id)	(id)
#define TPM2_PROFILE_CURVE(id)	(0x60 + (id))
#define TPM2_PROFILE_RSA(bits)	(0x80 + (bits) / 1024)
#define TPM2_PROFILE_AES(bits)	(0x88 + (bits) / 64)
#define TPM2_PROFILE_ALGS	0x90

/**
 * struct tpm2_profile - what an instance's policy leaves of a TPM
 * @commands: bit code - TPM_CC_FIRST: the command is there
 * @algs: bit TPM2_PROFILE_*(): the algorithm, curve or key size is there. For what is said
 *	at the interface: within itself the TPM uses what it likes, and a PCR bank's hash is
 *	the matrix's business. Bits that have no name here are set, TPM_ALG_NULL's among them
 * @nv_bytes: of all NV indices, at most TPM2_MAX_NV_SPACE
 * @objects: loaded objects of one space, TPM2_MIN_OBJECTS to TPM2_MAX_OBJECTS
 * @sessions: active sessions, saved ones included, TPM2_MIN_SESSIONS to TPM2_MAX_ALL_SESSIONS;
 *	of these, one space may have TPM2_MAX_SESSIONS loaded
 * @ak_uses: signatures of one restricted signing key; 0: any number
 *
 * Made by tpm2_profile_all(), changed, and closed by tpm2_profile_close(); after that it
 * does not change any more.
 */
struct tpm2_profile {
	DECLARE_BITMAP(commands, TPM_CC_COUNT);
	DECLARE_BITMAP(algs, TPM2_PROFILE_ALGS);
	u32 nv_bytes;
	u32 objects;
	u32 sessions;
	u32 ak_uses;
};

/* Everything is allowed, up to the limits of the module itself. */
void tpm2_profile_all(struct tpm2_profile *p);
/* Only the commands that no TPM can be without; only what has no name. To add to. */
void tpm2_profile_no_commands(struct tpm2_profile *p);
void tpm2_profile_no_algs(struct tpm2_profile *p);
/*
 * The last step: takes out what makes no sense without something that is denied, as
 * TPM2_RSA_Decrypt without RSA. -EINVAL: no hash algorithm is left.
 */
int tpm2_profile_close(struct tpm2_profile *p);

/*
 * Names, @len bytes, in any case. A command as Part 3 has it, without "TPM2_": its TPM_CC,
 * or 0. An algorithm as Part 2 has it, without "TPM_ALG_" ("sha256", "ecdsa",
 * "kdf1_sp800_108"), a curve without "TPM_" ("ecc_nist_p256"), a size as "rsa2048",
 * "aes128": the number of its bit in tpm2_profile.algs, or -EINVAL.
 */
u32 tpm2_command_by_name(const char *name, size_t len);
int tpm2_alg_by_name(const char *name, size_t len);
/* Is it a command that cannot be denied? */
bool tpm2_command_needed(u32 code);

/**
 * struct tpm2_pcr_ops - the way to PCRs; property/matrix.c implements it
 * @active: is there a bank of hash @alg (TPM_ALG_ID)?
 * @visible: would @read give a value to a command of that locality? False for a bank that
 *	is not active, a PCR past the last one, and what the policy hides from @op or denies it
 * @denied: does the policy want @op to fail when it touches this PCR? False where there is none
 * @read: value for @op into @digest (digest size of @alg). -ENODATA when not visible
 * @extend: every provider translates the measurement into its vPCRs. -ENOMEM and
 *	-EINVAL (no such PCR) leave every value as it was; but a bank that is named twice
 *	is extended twice, and what failed may be the second time alone. Banks that are not
 *	active, or do not have the PCR, are passed over
 * @reset: every provider's vPCR of every bank gets all bytes @fill
 * @map: what stands for the host's PCRs takes the place of the start values of PCRs from
 *	@first on; after @reset of all of these
 * @pcrs: which PCRs bank @alg has, bit by bit; 0 when it is not active
 * @may: may bank @alg be allocated?
 * @profile: what the policy leaves of the TPM; NULL: everything. Valid until the lock is
 *	given up
 * @allocate: from here on there are these PCRs, by bank in the order of
 *	vt_hash_algs, all zero. Nothing changes on failure: -ENOMEM; -EINVAL: a bank may not be
 *
 * All are called under the instance's lock; @extend may sleep.
 */
struct tpm2_pcr_ops {
	bool (*active)(void *pcrs, u16 alg);
	bool (*visible)(void *pcrs, enum vtpm_op op, u8 locality, u16 alg, unsigned int pcr);
	bool (*denied)(void *pcrs, enum vtpm_op op, u8 locality, u16 alg, unsigned int pcr);
	int (*read)(void *pcrs, enum vtpm_op op, u8 locality, u16 alg, unsigned int pcr,
		    u8 *digest);
	int (*extend)(void *pcrs, const struct tpm2_measurement *m);
	void (*reset)(void *pcrs, unsigned int pcr, u8 fill);
	void (*map)(void *pcrs, unsigned int first);
	u32 (*pcrs)(void *pcrs, u16 alg);
	bool (*may)(void *pcrs, u16 alg);
	const struct tpm2_profile *(*profile)(void *pcrs);
	int (*allocate)(void *pcrs, const u32 wanted[VTPM_MAX_BANKS]);
};

/**
 * struct tpm2_config - what tpm2_new() is given
 * @host: the caller's side
 * @host_ctx: first argument of @host's functions
 * @pcr_ops: the way to PCRs
 * @pcrs: first argument of @pcr_ops' functions
 * @key_ops: the backend that makes and uses keys (key/key.h)
 * @mem: the instance's memory counter; may be NULL
 * @identity: what the read-only index of identity.h holds: writes at most @room bytes and
 *	returns how many; the rest is zeros. Called with @pcrs, under the lock. NULL: there
 *	is no such index
 *
 * Everything pointed to must outlive the engine.
 */
struct tpm2_config {
	const struct tpm2_host *host;
	void *host_ctx;
	const struct tpm2_pcr_ops *pcr_ops;
	void *pcrs;
	const struct vt_key_ops *key_ops;
	struct vt_mem *mem;
	size_t (*identity)(void *pcrs, u8 *out, size_t room);
};

/**
 * struct tpm2_stats - counters of one engine
 * @commands: commands executed
 * @failures: of these, how many did not end with TPM_RC_SUCCESS
 * @objects: transient objects loaded now, in all spaces
 * @sessions: active sessions, loaded and saved
 * @resets: power cycles
 * @failure_mode: the TPM answers TPM_RC_FAILURE
 * @started: TPM2_Startup was done since power on
 * @presence: physical presence is asserted
 */
struct tpm2_stats {
	u64 commands;
	u64 failures;
	u32 objects;
	u32 sessions;
	u32 resets;
	bool failure_mode;
	bool started;
	bool presence;
};

/* A new TPM with fresh seeds, manufactured and powered off. -ENOMEM. */
int tpm2_new(const struct tpm2_config *cfg, struct tpm2 **tpm);
/* Wipes and frees. Every space has to be gone. NULL is fine. */
void tpm2_free(struct tpm2 *t);

/*
 * _TPM_Init: power on. Transient objects and sessions of every space are gone,
 * and TPM2_Startup is due. Failure mode ends, if all known-answer tests pass.
 */
void tpm2_power_on(struct tpm2 *t);
/*
 * Before tpm2_power_on() on a platform whose power cycle loses nothing of the TPM's
 * memory: no failed try can have been forgotten, so none is counted for an unorderly
 * shutdown (Part 1, 19.8).
 */
void tpm2_nothing_lost(struct tpm2 *t);
/*
 * The platform's side: is somebody there? Never to be set on a guest's behalf. Off after creation.
 */
void tpm2_set_presence(struct tpm2 *t, bool asserted);
/* What all bytes of a PCR are when TPM2_Startup sets it anew. */
u8 tpm2_pcr_start(u32 pcr);
/* TPM2_Startup(CLEAR), as firmware would send it. 0, or -EIO. */
int tpm2_startup(struct tpm2 *t);
/*
 * A PCR is extended with the hash of a template of IMA, in every active bank. As if a
 * command of that locality had done so, but it counts as none. -EAGAIN: TPM2_Startup is due;
 * -EIO: failure mode; -EINVAL: no such PCR; -EACCES: not from this locality; -ENOMEM.
 */
int tpm2_measure(struct tpm2 *t, u32 pcr, u8 locality, const void *template, size_t len);

/* Objects and sessions of one opener. NULL: no memory. */
struct tpm2_space *tpm2_space_new(struct tpm2 *t);
/* Flushes everything in the space. */
void tpm2_space_free(struct tpm2_space *s);
/*
 * Whose it is: the owner's own number, 0 at first. It is part of the state, so that a
 * space can be found again after an import. NULL: there is none of that mark.
 */
void tpm2_space_mark(struct tpm2_space *s, u32 mark);
struct tpm2_space *tpm2_space_marked(struct tpm2 *t, u32 mark);
void tpm2_free_spaces(struct tpm2 *t, const struct tpm2_space *but);	/* @but may be NULL */

/* Failure mode, until the next power on: something is wrong that must not go on. */
void tpm2_fail(struct tpm2 *t);

/**
 * tpm2_execute() - run one TPM command
 * @s: whose objects and sessions it sees; one command at a time in a space
 * @locality: 0 to 4
 * @cmd: the command; parameters may be decrypted in place
 * @len: its bytes, at most VTPM_MAX_COMMAND; may differ from what its header says
 * @rsp: room for VTPM_MAX_COMMAND bytes
 *
 * Context: may sleep; gives up and takes again the instance's lock.
 * Return: bytes of the response, at least 10. Every failure is a response.
 */
size_t tpm2_execute(struct tpm2_space *s, u8 locality, u8 *cmd, size_t len, u8 *rsp);

/* Is a transient object of that handle loaded in the space? */
bool tpm2_space_has_object(const struct tpm2_space *s, u32 handle);

void tpm2_get_stats(const struct tpm2 *t, struct tpm2_stats *stats);

#endif /* VTPM_TPM2_H */
