/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of room device/ and main.c share. No other room includes this.
 *
 * Locking, outermost first:
 *
 *   vtpm_file.io     one read() or write() of an open file at a time. Held over
 *                    copies from and to the caller's memory, so a caller can hold
 *                    it for as long as it likes: nobody but the file's own
 *                    readers and writers takes it. Never held while a command runs.
 *   vtpm.gate        held for reading by every command from its first to its last
 *                    byte, for writing by power cycle and destruction, which so
 *                    meet no command half way.
 *   vtpm.lock        the engine, the matrix and the list of open files. The engine
 *                    gives it up during long arithmetic, hence the gate.
 *   vtpm_file.lock   a spinlock; where a file stands between write() and read().
 *   vtpm.run_lock    a spinlock; the list of commands under way.
 *
 *   bindings lock    (measure.c) which cgroups and user namespaces have an instance.
 *                    Inside vtpm.lock, and around no other.
 *   registry lock    (instance.c) which instances there are, their names and
 *                    stages. Neither inside nor around any of the others.
 *
 * sysfs waits for its readers when files are removed, and readers take
 * vtpm.lock; so files are removed with no lock held.
 *
 * The order of destruction: no new lookup (stage), no new command (dead), end
 * those under way (stop), wake pollers, remove nodes and sysfs, take the gate
 * for writing, free engine and matrix. What open files still hold is the
 * struct vtpm itself, by its reference count, and dead tells them ENODEV.
 */
#ifndef VTPM_VTPM_H
#define VTPM_VTPM_H

#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/kobject.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <uapi/linux/vtpm.h>

#include "env.h"
#include "limits.h"

struct tpm2;
struct tpm2_space;
struct tpm2_stats;
struct vtpm_matrix;

/* The two nodes of an instance; minor number = 2 * number + this. */
enum vtpm_node {
	VTPM_RAW,
	VTPM_RM,
	VTPM_NODES
};

#define VTPM_MARK_RAW	1	/* tpm2_space_mark() of the raw node's space; others have none */

/**
 * enum vtpm_stage - the life of an instance
 * @VTPM_NEW: number and name are taken, nothing can be done with it yet
 * @VTPM_LIVE: can be found
 * @VTPM_GOING: somebody is destroying it
 */
enum vtpm_stage {
	VTPM_NEW,
	VTPM_LIVE,
	VTPM_GOING
};

/**
 * struct vtpm_run - one command under way
 * @link: in vtpm.runs; under vtpm.run_lock
 * @task: who executes it; under vtpm.run_lock
 * @cancel: it should end with TPM_RC_CANCELED; set once, read anywhere
 */
struct vtpm_run {
	struct list_head link;
	struct task_struct *task;
	bool cancel;
};

/**
 * struct vtpm_provider_dir - matrix/<provider> in sysfs
 * @kobj: its release drops a reference to @v
 * @v: the instance
 * @index: the provider's place in the matrix
 */
struct vtpm_provider_dir {
	struct kobject kobj;
	struct vtpm *v;
	unsigned int index;
};

/**
 * struct vtpm - one instance
 * @ref: the registry's way to it, both devices, sysfs folders, open files and
 *	calls of the control node hold one each
 * @number: constant
 * @name: constant
 * @stage: under the registry lock
 * @mem: what engine, matrix and policy have allocated; atomic
 * @gate: see above
 * @lock: see above
 * @dead: set under @lock, never cleared; read anywhere
 * @stop: commands under way shall end; not 0 while a power cycle or destruction waits
 * @tpm: under @lock; NULL after destruction
 * @matrix: likewise
 * @raw_space: under @lock; what the raw node keeps from one open to the next
 * @raw_open: under @lock; the raw node has its one opener
 * @openers: under @lock; open files of both nodes
 * @bindings: under the bindings lock; how many there are
 * @locality: under @lock; of commands through the nodes
 * @unstarted: constant; TPM2_Startup is left to the guest's firmware
 * @files: under @lock; struct vtpm_file.link
 * @run_lock: see above
 * @runs: under @run_lock; struct vtpm_run.link
 * @queue: runs what O_NONBLOCK queues, apart from other instances, so that none can
 *	keep them waiting; made under @lock when first wanted, constant from then on
 * @reaper: drops responses nobody reads; armed under @lock while not @dead
 * @dev: the nodes
 * @shown: banks that have folders in sysfs; changed by @banks alone, once the devices are there
 * @banks: makes and removes these folders when TPM2_PCR_Allocate has taken effect; queued
 *	under @lock while not @dead
 * @matrix_dir: sysfs folder matrix/
 * @provider_dirs: constant once the devices are there; folders in it
 * @providers: constant; how many of @provider_dirs are there
 */
struct vtpm {
	struct kref ref;
	unsigned int number;
	char name[VTPM_NAME_MAX + 1];
	enum vtpm_stage stage;
	struct vt_mem mem;
	struct rw_semaphore gate;
	struct mutex lock;		/* engine, matrix, open files */
	bool dead;
	atomic_t stop;
	struct tpm2 *tpm __guarded_by(&lock);
	struct vtpm_matrix *matrix __guarded_by(&lock);
	struct tpm2_space *raw_space __guarded_by(&lock);
	bool raw_open __guarded_by(&lock);
	u32 openers __guarded_by(&lock);
	u8 locality __guarded_by(&lock);
	bool unstarted;
	u32 bindings;
	struct list_head files __guarded_by(&lock);
	spinlock_t run_lock;		/* @runs */
	struct list_head runs __guarded_by(&run_lock);
	struct workqueue_struct *queue;
	struct delayed_work reaper;
	struct device dev[VTPM_NODES];
	u32 shown;
	struct work_struct banks;
	struct kobject *matrix_dir;
	struct vtpm_provider_dir *provider_dirs;
	unsigned int providers;
};

/* instance.c */

/* What an open file of a node is to the instance; see chardev.c. */
struct vtpm_file;

int vtpm_create(const char *name, const char *policy, size_t policy_len, bool unstarted,
		struct vtpm **created, struct vtpm_text_error *err);
int vtpm_destroy(unsigned int number);
int vtpm_reset(struct vtpm *v);
int vtpm_set_presence(struct vtpm *v, bool asserted);
int vtpm_set_locality(struct vtpm *v, unsigned int number);
int vtpm_get_stats(struct vtpm *v, struct tpm2_stats *stats);
int vtpm_lock_live(struct vtpm *v);
int vtpm_get(unsigned int number, struct vtpm **v);
void vtpm_put(struct vtpm *v);
unsigned int vtpm_numbers(u32 *numbers, unsigned int room);
ssize_t vtpm_execute(struct vtpm *v, struct vtpm_run *run, struct tpm2_space *space,
		     u8 *cmd, size_t len, u8 *rsp);
int vtpm_extend(struct vtpm *v, u32 pcr, const void *template, size_t len);
void vtpm_cancel(struct vtpm *v);
void vtpm_instances_exit(void);

/* policy.c */
int vtpm_set_policy(struct vtpm *v, const char *text, size_t len, struct vtpm_text_error *err);
int vtpm_set_signed_policy(struct vtpm *v, const void *message, size_t len,
			   struct vtpm_text_error *err);
int vtpm_check_policy(const void *data, size_t len, bool is_signed, struct vtpm_text_error *err);

/* chardev.c */
#define VTPM_UNREAD_LIFETIME	(120 * HZ)

extern struct workqueue_struct *vtpm_wq;

dev_t vtpm_devt(unsigned int number, enum vtpm_node node);
void vtpm_files_dead(struct vtpm *v);
void vtpm_files_free_spaces(struct vtpm *v);
void vtpm_reap(struct work_struct *work);
int vtpm_get_file(struct file *file, struct vtpm **v);
int vtpm_chardev_init(void);
void vtpm_chardev_exit(void);

/* sysfs.c */
int vtpm_sysfs_add(struct vtpm *v);
void vtpm_sysfs_announce(struct vtpm *v);
void vtpm_sysfs_remove(struct vtpm *v);
void vtpm_sysfs_banks(struct work_struct *work);
int vtpm_sysfs_init(void);
void vtpm_sysfs_exit(void);

/* measure.c */
int vtpm_bind(struct vtpm *v, u32 kind, int fd);
int vtpm_unbind(struct vtpm *v, u32 kind, int fd);
void vtpm_unbind_all(struct vtpm *v);

/* control.c */
int vtpm_control_init(void);
void vtpm_control_exit(void);

#endif /* VTPM_VTPM_H */
