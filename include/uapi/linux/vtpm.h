/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * ioctls of /dev/vtpmctl, the control node of vtpm.ko.
 *
 * The node has mode 0600, and every call needs CAP_SYS_ADMIN in the initial
 * user namespace. Every structure begins with its own size in bytes, so that
 * it can grow: a caller built against a shorter structure gets zero for what
 * it does not know; a caller built against a longer one is served when the
 * part that this kernel does not know is zero, and gets E2BIG otherwise.
 * Reserved members and unknown flags must be zero.
 *
 * Buffers are a __aligned_u64 address and a __u32 size in bytes. On output the
 * size member tells how many bytes the whole answer has; where that is more
 * than the room given, nothing is written to the buffer and the call ends with
 * EMSGSIZE, so that the caller can come back with more room.
 *
 * One vocabulary of errors for all calls:
 *   EPERM         the caller has no CAP_SYS_ADMIN in the initial user namespace
 *   EBADF         a file descriptor is not one of what the call is about
 *   ENOTTY        no such call
 *   EFAULT        an address is not the caller's
 *   EINVAL        size below the first version's, a reserved member that is not
 *                 zero, a name, number or text that is not well formed
 *   E2BIG         the structure is longer than this kernel knows, and that part is
 *                 not zero; or a text or certificate is longer than the limit
 *   EOPNOTSUPP    a flag that this kernel does not know
 *   EEXIST        the name is taken
 *   ENOENT        no such instance, manifest or trust anchor
 *   EACCES        the policy in force does not let itself be replaced like that
 *   EBUSY         the object is in use in a way that forbids the call
 *   ENOSPC        the limit of INFO is reached
 *   EMSGSIZE      the buffer has too little room; its size member says how much
 *   EBADMSG       a manifest, signed policy or certificate cannot be parsed
 *   ENOKEY        no trust anchor, or not the one that counts, signed this message
 *   EKEYREJECTED  the signature of the message is wrong
 *   ENOPKG        the kernel lacks an algorithm that the certificate uses
 *   ENOMEM        no memory
 *   EIO           the TPM did not start: a self-test of its own failed; or the host's
 *                 TPM does not answer
 *   ENODEV        the instance is being destroyed; from CREATE and RESET as well: the
 *                 policy requires a host TPM, and there is none
 *   EINTR         a signal came before the call began to change anything
 */
#ifndef _UAPI_LINUX_VTPM_H
#define _UAPI_LINUX_VTPM_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define VTPM_ABI_VERSION	1

#define VTPM_NAME_MAX 63 /* bytes of an instance's or object's name, without the zero */
#define VTPM_REASON_MAX		128	/* bytes of a text error's reason, with the zero */

#define VTPM_IOC_MAGIC		0xB7
#define VTPM_IOC_INFO		_IO(VTPM_IOC_MAGIC, 0x00)
#define VTPM_IOC_CREATE		_IO(VTPM_IOC_MAGIC, 0x01)
#define VTPM_IOC_DESTROY	_IO(VTPM_IOC_MAGIC, 0x02)
#define VTPM_IOC_LIST		_IO(VTPM_IOC_MAGIC, 0x03)
#define VTPM_IOC_STATUS		_IO(VTPM_IOC_MAGIC, 0x04)
#define VTPM_IOC_POLICY_GET	_IO(VTPM_IOC_MAGIC, 0x05)
#define VTPM_IOC_POLICY_SET	_IO(VTPM_IOC_MAGIC, 0x06)
#define VTPM_IOC_RESET		_IO(VTPM_IOC_MAGIC, 0x07)
#define VTPM_IOC_PRESENCE	_IO(VTPM_IOC_MAGIC, 0x08)
#define VTPM_IOC_LOCALITY	_IO(VTPM_IOC_MAGIC, 0x09)
#define VTPM_IOC_BIND		_IO(VTPM_IOC_MAGIC, 0x0A)
#define VTPM_IOC_TRUST_ADD	_IO(VTPM_IOC_MAGIC, 0x10)
#define VTPM_IOC_TRUST_LIST	_IO(VTPM_IOC_MAGIC, 0x11)
#define VTPM_IOC_TRUST_REMOVE	_IO(VTPM_IOC_MAGIC, 0x12)
#define VTPM_IOC_CERT_LOAD	_IO(VTPM_IOC_MAGIC, 0x13)
#define VTPM_IOC_CERT_LIST	_IO(VTPM_IOC_MAGIC, 0x14)
#define VTPM_IOC_CERT_REMOVE	_IO(VTPM_IOC_MAGIC, 0x15)

/* struct vtpm_info.features */
#define VTPM_FEATURE_HASH_PROVIDER		(1ULL << 0)
#define VTPM_FEATURE_CERTIFICATE_PROVIDER	(1ULL << 1)
#define VTPM_FEATURE_REVOCATION	(1ULL << 8)	/* and versions and dates of manifests */
#define VTPM_FEATURE_PLATFORM			(1ULL << 9)	/* presence, locality, unstarted */
#define VTPM_FEATURE_HOST_PCRS	(1ULL << 10)	/* providers map, accumulate, translate */
#define VTPM_FEATURE_LOG_PROVIDER		(1ULL << 11)
#define VTPM_FEATURE_LOG			(1ULL << 12)	/* measurement log, BIND */

/**
 * struct vtpm_info - VTPM_IOC_INFO: what this kernel's vtpm offers
 * @size: in: sizeof(struct vtpm_info)
 * @flags: in: 0
 * @abi_version: out: VTPM_ABI_VERSION of the module
 * @instances: out: instances that exist now
 * @features: out: VTPM_FEATURE_*
 * @max_instances: out: limit of @instances
 * @max_policy: out: longest policy text, bytes
 * @max_manifest: out: longest signed manifest, bytes
 * @max_command: out: longest TPM command or response, bytes
 * @max_trust: out: how many trust anchors there can be
 * @max_certs: out: how many manifests and revocations there can be
 * @max_measurements: out: how many measurements one of these can list
 * @reserved: out: 0
 * @measurements: out: measurements of all manifests and revocations
 * @cert_memory: out: bytes of the tables in which these are found
 */
struct vtpm_info {
	__u32 size;
	__u32 flags;
	__u32 abi_version;
	__u32 instances;
	__aligned_u64 features;
	__u32 max_instances;
	__u32 max_policy;
	__u32 max_manifest;
	__u32 max_command;
	__u32 max_trust;
	__u32 max_certs;
	__u32 max_measurements;
	__u32 reserved;
	__aligned_u64 measurements;
	__aligned_u64 cert_memory;
};

/**
 * struct vtpm_text_error - where a policy or manifest text is wrong
 * @line: from 1; 0 when the text is not to blame
 * @column: from 1
 * @reason: English, terminated by a zero byte
 */
struct vtpm_text_error {
	__u32 line;
	__u32 column;
	char reason[VTPM_REASON_MAX];
};

/**
 * struct vtpm_create - VTPM_IOC_CREATE: a new instance, started and ready
 * @size: in: sizeof(struct vtpm_create)
 * @flags: in: 0, or VTPM_CREATE_UNSTARTED
 * @name: in: address of the name: 1 to VTPM_NAME_MAX of [A-Za-z0-9._-], unique
 * @policy: in: address of the policy text; unused when @policy_size is 0
 * @name_size: in: bytes of the name, without a zero
 * @policy_size: in: bytes of the text; 0 means an ordinary TPM 2.0
 * @number: out: N of /dev/vtpmN and /dev/vtpmrmN
 * @major: out: device number of both nodes
 * @minor: out: of /dev/vtpmN
 * @minor_rm: out: of /dev/vtpmrmN
 * @error: out: with EINVAL and ENODEV: what is wrong in the policy
 */
struct vtpm_create {
	__u32 size;
	__u32 flags;
	__aligned_u64 name;
	__aligned_u64 policy;
	__u32 name_size;
	__u32 policy_size;
	__u32 number;
	__u32 major;
	__u32 minor;
	__u32 minor_rm;
	struct vtpm_text_error error;
};

/*
 * The TPM is powered on, and TPM2_Startup is due: for guests whose firmware sends it. So it
 * is after each RESET.
 */
#define VTPM_CREATE_UNSTARTED	(1U << 0)

/**
 * struct vtpm_number - VTPM_IOC_DESTROY and VTPM_IOC_RESET
 * @size: in: sizeof(struct vtpm_number)
 * @flags: in: 0
 * @number: in: the instance
 * @reserved: in: 0
 *
 * DESTROY ends the instance: its nodes vanish, open files answer ENODEV, and
 * all that it held is wiped. RESET is a power cycle: objects and sessions are
 * gone, PCRs are at their start values, permanent state stays. The TPM is
 * started unless the instance was made with VTPM_CREATE_UNSTARTED.
 */
struct vtpm_number {
	__u32 size;
	__u32 flags;
	__u32 number;
	__u32 reserved;
};

/**
 * struct vtpm_setting - VTPM_IOC_PRESENCE and VTPM_IOC_LOCALITY
 * @size: in: sizeof(struct vtpm_setting)
 * @flags: in: 0
 * @number: in: the instance
 * @value: in: PRESENCE: 1 while somebody is physically present, else 0;
 *	LOCALITY: 0 to 4, of all commands that come through its nodes from then on
 *
 * Both are 0 at first and stay as they are over a RESET. Nothing that comes
 * through a node can change them.
 */
struct vtpm_setting {
	__u32 size;
	__u32 flags;
	__u32 number;
	__u32 value;
};

/**
 * struct vtpm_bind - VTPM_IOC_BIND
 * @size: in: sizeof(struct vtpm_bind)
 * @flags: in: 0, or VTPM_BIND_REMOVE
 * @number: in: the instance
 * @kind: in: VTPM_BIND_*
 * @fd: in: descriptor of a directory of a cgroup of version 2, or of a /proc/PID/ns/user
 * @reserved: in: 0
 *
 * Kernel modules that measure for a cgroup or a user namespace measure into the instance
 * that is bound to it, or to the nearest one above. An instance can be bound to several;
 * each has one instance at most (EEXIST). A binding keeps its cgroup or namespace until it
 * is removed or the instance is destroyed.
 */
struct vtpm_bind {
	__u32 size;
	__u32 flags;
	__u32 number;
	__u32 kind;
	__s32 fd;
	__u32 reserved;
};

#define VTPM_BIND_CGROUP	1
#define VTPM_BIND_USER_NS	2
#define VTPM_BIND_REMOVE	(1U << 0)	/* flag: bound no longer; ENOENT: it was not */

/**
 * struct vtpm_list - VTPM_IOC_LIST
 * @size: in: sizeof(struct vtpm_list)
 * @flags: in: 0
 * @numbers: in: address of room for __u32 numbers, filled in ascending order
 * @count: in: how many fit; out: how many there are (EMSGSIZE when more)
 * @reserved: in: 0
 */
struct vtpm_list {
	__u32 size;
	__u32 flags;
	__aligned_u64 numbers;
	__u32 count;
	__u32 reserved;
};

/**
 * struct vtpm_status - VTPM_IOC_STATUS
 * @size: in: sizeof(struct vtpm_status)
 * @flags: in: 0
 * @number: in: the instance
 * @state: out: VTPM_STATE_*
 * @major: out: device number of both nodes
 * @minor: out: of /dev/vtpmN
 * @minor_rm: out: of /dev/vtpmrmN
 * @openers: out: open files of both nodes
 * @commands: out: commands executed
 * @failures: out: of these, how many did not end with TPM_RC_SUCCESS
 * @memory: out: bytes allocated for the instance
 * @objects: out: transient objects loaded, of all openers
 * @sessions: out: active sessions, of all openers and saved
 * @resets: out: power cycles since creation
 * @policy_size: out: bytes of the policy text, 0 when there is none
 * @policy_changes: out: policies set since creation
 * @reserved: out: 0
 * @name: out: terminated by a zero byte
 * @locality: out: of commands through its nodes
 * @presence: out: 1 while physical presence is asserted
 * @host_tpm: out: VTPM_HOST_TPM_*
 * @reserved2: out: 0
 */
struct vtpm_status {
	__u32 size;
	__u32 flags;
	__u32 number;
	__u32 state;
	__u32 major;
	__u32 minor;
	__u32 minor_rm;
	__u32 openers;
	__aligned_u64 commands;
	__aligned_u64 failures;
	__aligned_u64 memory;
	__u32 objects;
	__u32 sessions;
	__u32 resets;
	__u32 policy_size;
	__u32 policy_changes;
	__u32 reserved;
	char name[VTPM_NAME_MAX + 1];
	__u32 locality;
	__u32 presence;
	__u32 host_tpm;
	__u32 reserved2;
};

/* The host's PCRs were not there at the last power on, or the policy has no use for them. */
#define VTPM_HOST_TPM_NONE	0
#define VTPM_HOST_TPM_MAPPED	1	/* they were there for the policy's providers */

#define VTPM_STATE_RUNNING	1
#define VTPM_STATE_FAILED	2	/* the TPM is in failure mode */
#define VTPM_STATE_UNSTARTED	3	/* TPM2_Startup is due */

/**
 * struct vtpm_policy_text - VTPM_IOC_POLICY_GET and VTPM_IOC_POLICY_SET
 * @size: in: sizeof(struct vtpm_policy_text)
 * @flags: in: 0, or for SET VTPM_POLICY_*
 * @text: in: address of the text or of room for it
 * @text_size: in: bytes; out (GET): bytes of the whole text
 * @number: in: the instance; not used with VTPM_POLICY_CHECK
 * @error: out: with EINVAL, EACCES and EBADMSG from SET: what is wrong. Nothing has
 *	changed then.
 */
struct vtpm_policy_text {
	__u32 size;
	__u32 flags;
	__aligned_u64 text;
	__u32 text_size;
	__u32 number;
	struct vtpm_text_error error;
};

#define VTPM_POLICY_CHECK	(1U << 0)	/* parse only; no instance is touched */
/*
 * @text is a DER PKCS#7 message with the text in it, signed by a trusted party as manifests
 * are, for instances whose policy says "update signed=". An instance whose policy leaves it
 * to the admin takes one of any trusted party.
 */
#define VTPM_POLICY_SIGNED	(1U << 1)

/**
 * struct vtpm_blob - VTPM_IOC_TRUST_ADD and VTPM_IOC_CERT_LOAD
 * @size: in: sizeof(struct vtpm_blob)
 * @flags: in: 0
 * @data: in: address of a DER X.509 certificate (TRUST_ADD) or of a DER
 *        PKCS#7 message with a manifest or revocation in it (CERT_LOAD)
 * @data_size: in: bytes
 * @reserved: in: 0
 * @name: TRUST_ADD: in: the trusted party's name, terminated by a zero byte;
 *        CERT_LOAD: out: the name in the text
 * @error: out: CERT_LOAD with EINVAL: what is wrong in the text, or with what it
 *         says: an older version than was here already, a time that is over by
 *         the host's clock, a manifest that is revoked
 */
struct vtpm_blob {
	__u32 size;
	__u32 flags;
	__aligned_u64 data;
	__u32 data_size;
	__u32 reserved;
	char name[VTPM_NAME_MAX + 1];
	struct vtpm_text_error error;
};

/**
 * struct vtpm_named - VTPM_IOC_TRUST_REMOVE and VTPM_IOC_CERT_REMOVE
 * @size: in: sizeof(struct vtpm_named)
 * @flags: in: 0
 * @name: in: terminated by a zero byte
 *
 * Manifests and revocations of a trusted party that is removed are removed with
 * it, and the versions that are remembered. vPCRs that have been extended
 * already keep their value.
 */
struct vtpm_named {
	__u32 size;
	__u32 flags;
	char name[VTPM_NAME_MAX + 1];
};

/**
 * struct vtpm_trust_entry - one trust anchor, an element of TRUST_LIST
 * @name: terminated by a zero byte
 * @key_digest: SHA-256 of the DER public key as the kernel's parser gives it
 * @manifests: manifests it signed that are loaded now
 * @revocations: revocations likewise
 */
struct vtpm_trust_entry {
	char name[VTPM_NAME_MAX + 1];
	__u8 key_digest[32];
	__u32 manifests;
	__u32 revocations;
};

/**
 * struct vtpm_cert_entry - one manifest or revocation, an element of CERT_LIST
 * @name: its name, terminated by a zero byte
 * @trust: name of the trusted party that signed it
 * @property: the property it gives; "" of a revocation
 * @measurements: how many measurements it lists
 * @flags: VTPM_CERT_*
 * @version: which of those with this name it is; 0 for none
 * @serial: its number among all of its party's; 0 for none
 * @from: seconds since 1970 from which on it counts; 0 for at once
 * @until: seconds since 1970 from which on it counts no longer; 0 for never
 * @manifests: of a revocation, how many of its lines name manifests
 * @reserved: 0
 */
struct vtpm_cert_entry {
	char name[VTPM_NAME_MAX + 1];
	char trust[VTPM_NAME_MAX + 1];
	char property[VTPM_NAME_MAX + 1];
	__u32 measurements;
	__u32 flags;
	__aligned_u64 version;
	__aligned_u64 serial;
	__aligned_u64 from;
	__aligned_u64 until;
	__u32 manifests;
	__u32 reserved;
};

#define VTPM_CERT_REVOCATION	(1U << 0)	/* it takes back what manifests say */
#define VTPM_CERT_REVOKED	(1U << 1)	/* a revocation names it: it does not count */
#define VTPM_CERT_NOT_YET	(1U << 2)	/* its time has not come */
#define VTPM_CERT_EXPIRED	(1U << 3)	/* its time is over */

/**
 * struct vtpm_entries - VTPM_IOC_TRUST_LIST and VTPM_IOC_CERT_LIST
 * @size: in: sizeof(struct vtpm_entries)
 * @flags: in: 0
 * @entries: in: address of room for struct vtpm_trust_entry or vtpm_cert_entry
 * @count: in: how many fit; out: how many there are (EMSGSIZE when more)
 * @entry_size: in: sizeof of one entry as the caller knows it; out: as the kernel does
 */
struct vtpm_entries {
	__u32 size;
	__u32 flags;
	__aligned_u64 entries;
	__u32 count;
	__u32 entry_size;
};

/*
 * What an instance tells its users of itself, and what TPM2_NV_Certify proves to others:
 * the contents of an NV index that is always there, that everybody may read and nobody can
 * write or delete. TPM2_GetCapability(TPM_CAP_VENDOR_PROPERTY) has the same in words of 32
 * bits. All numbers are big-endian:
 *
 *   offset  bytes
 *   0       4      VTPM_IDENTITY_MAGIC
 *   4       2      VTPM_IDENTITY_VERSION
 *   6       2      how many bytes count, from offset 0 on; the rest are zeros
 *   8       16     UUID of the instance, made at random with it
 *   24      32     SHA-256 of its policy's text as the admin gave it
 *   56      4      policies set since its creation
 *   60             entries: tag (2), size of what follows (2), that
 *
 * A reader passes over tags that it does not know. A text is its size (2) and its bytes.
 */
#define VTPM_IDENTITY_NV_INDEX	0x01565450
#define VTPM_IDENTITY_SIZE	768		/* dataSize of the index */
#define VTPM_IDENTITY_MAGIC	0x56544944	/* "VTID" */
#define VTPM_IDENTITY_VERSION	1
#define VTPM_IDENTITY_LENGTH_AT	6
#define VTPM_IDENTITY_UUID_AT	8
#define VTPM_IDENTITY_POLICY_AT	24
#define VTPM_IDENTITY_CHANGES_AT 56
#define VTPM_IDENTITY_ENTRIES_AT 60
#define VTPM_IDENTITY_DIGEST	32

#define VTPM_IDENTITY_BANKS	1	/* for each bank: TPM_ALG_ID (2), its PCRs bit by bit (4) */
#define VTPM_IDENTITY_PROVIDER	2	/* one provider: name, then each option's name and value */
#define VTPM_IDENTITY_CUT	3	/* no data: there are more providers than there is room */
#define VTPM_IDENTITY_HOST	4	/* VTPM_HOST_TPM_* (1) */

#endif /* _UAPI_LINUX_VTPM_H */
