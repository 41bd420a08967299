// SPDX-License-Identifier: GPL-2.0-only
/* The life of an instance: made, found, used, power-cycled, destroyed. */

#include <linux/moduleparam.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <linux/xarray.h>

#include "../hosttpm/hosttpm.h"
#include "../key/key.h"
#include "../policy/policy.h"
#include "../policy/text.h"
#include "../property/property.h"
#include "../state/state.h"
#include "../tpm2/tpm2.h"
#include "../vtpm.h"

/* Which instances there are; also guards their stages, and so that a name is there once. */
static DEFINE_MUTEX(vtpm_registry_lock);
static DEFINE_XARRAY_ALLOC(vtpm_instances);

/* How many struct vtpm are allocated: unloading waits for the last one. */
static atomic_t vtpm_allocated = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(vtpm_all_freed);

/* ---- the engine's host side ---- */

static void vtpm_host_lock(void *ctx)
{
	struct vtpm *v = ctx;

	mutex_lock(&v->lock);
}

static void vtpm_host_unlock(void *ctx)
{
	struct vtpm *v = ctx;

	mutex_unlock(&v->lock);
}

static bool vtpm_host_cancelled(void *ctx)
{
	struct vtpm *v = ctx;
	struct vtpm_run *run;
	bool cancel;

	cancel = atomic_read(&v->stop) || fatal_signal_pending(current);
	spin_lock(&v->run_lock);
	list_for_each_entry(run, &v->runs, link)
		if (run->task == current)
			cancel |= READ_ONCE(run->cancel);
	spin_unlock(&v->run_lock);
	return cancel;
}

static const struct tpm2_host vtpm_host = {
	.lock = vtpm_host_lock,
	.unlock = vtpm_host_unlock,
	.cancelled = vtpm_host_cancelled,
};

/*
 * T33, for tests: it costs more than the commands themselves, and hides nothing that
 * an instance without it would show.
 */
static bool vtpm_state_check_on;
module_param_named(state_check, vtpm_state_check_on, bool, 0400);
MODULE_PARM_DESC(state_check,
		 "Test aid: make instances anew of their own state after every command");

/* ---- references ---- */

static void vtpm_release(struct kref *ref)
{
	struct vtpm *v = container_of(ref, struct vtpm, ref);

	if (v->queue)
		destroy_workqueue(v->queue);
	vt_free(&v->mem, v->provider_dirs);
	mutex_destroy(&v->lock);
	kfree_sensitive(v);
	if (atomic_dec_and_test(&vtpm_allocated))
		wake_up(&vtpm_all_freed);
}

void vtpm_put(struct vtpm *v)
{
	kref_put(&v->ref, vtpm_release);
}

/**
 * vtpm_get() - find an instance that can be used
 * @number: its number
 * @v: set to it, with a reference for the caller
 *
 * Return: 0; -ENOENT: there is none; -ENODEV: it is being destroyed.
 */
int vtpm_get(unsigned int number, struct vtpm **v)
{
	struct vtpm *found;

	guard(mutex)(&vtpm_registry_lock);
	found = xa_load(&vtpm_instances, number);
	if (!found || found->stage == VTPM_NEW)
		return -ENOENT;
	if (found->stage == VTPM_GOING)
		return -ENODEV;
	kref_get(&found->ref);
	*v = found;
	return 0;
}

/* Fills at most @room numbers, ascending; returns how many instances there are. */
unsigned int vtpm_numbers(u32 *numbers, unsigned int room)
{
	unsigned int count = 0;
	unsigned long number;
	struct vtpm *v;

	guard(mutex)(&vtpm_registry_lock);
	xa_for_each(&vtpm_instances, number, v) {
		if (v->stage != VTPM_LIVE)
			continue;
		if (count < room)
			numbers[count] = number;
		count++;
	}
	return count;
}

/**
 * vtpm_lock_live() - take the lock of an instance that still has its engine
 * @v: the instance
 *
 * Return: 0 with the lock held; without it -EINTR or -ENODEV.
 */
int vtpm_lock_live(struct vtpm *v)
{
	if (mutex_lock_killable(&v->lock))
		return -EINTR;
	if (!v->dead)
		return 0;
	mutex_unlock(&v->lock);
	return -ENODEV;
}

/* ---- commands ---- */

static void vtpm_run_begin(struct vtpm *v, struct vtpm_run *run)
{
	spin_lock(&v->run_lock);
	run->task = current;
	list_add(&run->link, &v->runs);
	spin_unlock(&v->run_lock);
}

/* Arms the reaper too: it must not happen after destruction has stopped it. */
static void vtpm_run_end(struct vtpm *v, struct vtpm_run *run)
{
	if (!v->dead && !delayed_work_pending(&v->reaper))
		queue_delayed_work(vtpm_wq, &v->reaper, VTPM_UNREAD_LIFETIME);
	spin_lock(&v->run_lock);
	list_del(&run->link);
	spin_unlock(&v->run_lock);
}

/* What the engine is made with; the way to PCRs is the matrix's. */
static struct tpm2_config vtpm_config(struct vtpm *v)
{
	return (struct tpm2_config){
		.host = &vtpm_host,
		.host_ctx = v,
		.pcr_ops = &vtpm_matrix_pcr_ops,
		.key_ops = &vt_key_software,
		.mem = &v->mem,
		.identity = vtpm_matrix_describe,
	};
}

/* After a command, while no other one is under way. Without memory nothing has changed. */
static void vtpm_survive(struct vtpm *v)
{
	struct vtpm_rooms rooms = { .tpm = v->tpm, .matrix = v->matrix, .mem = &v->mem };
	struct tpm2_config cfg = vtpm_config(v);
	int ret = vtpm_state_check(&rooms, &cfg);

	if (ret && ret != -ENOMEM) {
		WARN_ONCE(1, "the state of instance %u does not survive: %d\n", v->number, ret);
		tpm2_fail(v->tpm);
	}
}

/* PCRs may have been allocated anew. As above, and a file's making waits for its readers. */
static void vtpm_check_banks(struct vtpm *v)
{
	if (!v->dead && vtpm_matrix_banks(v->matrix) != READ_ONCE(v->shown))
		queue_work(vtpm_wq, &v->banks);
}

/**
 * vtpm_execute() - run one TPM command
 * @v: the instance
 * @run: the caller's; @run->cancel may be set at any time to end the command early
 * @space: whose objects and sessions it sees; valid unless @v is dead
 * @cmd: the command; what its parameters held may have been decrypted when this returns
 * @len: its bytes
 * @rsp: room for VTPM_MAX_COMMAND bytes
 *
 * Return: bytes of the response; -EINTR or -ENODEV when the command did not run.
 */
ssize_t vtpm_execute(struct vtpm *v, struct vtpm_run *run, struct tpm2_space *space,
		     u8 *cmd, size_t len, u8 *rsp)
{
	ssize_t ret;

	if (down_read_killable(&v->gate))
		return -EINTR;
	ret = vtpm_lock_live(v);
	if (!ret) {
		vtpm_run_begin(v, run);
		ret = tpm2_execute(space, v->locality, cmd, len, rsp);
		if (vtpm_state_check_on && list_is_singular(&v->runs))
			vtpm_survive(v);
		vtpm_run_end(v, run);
		vtpm_check_banks(v);
		mutex_unlock(&v->lock);
	}
	up_read(&v->gate);
	return ret;
}

/**
 * vtpm_extend() - measure a template of IMA
 * @v: the instance
 * @pcr: which one
 * @template: what ima-ng has
 * @len: its bytes
 *
 * From locality 0, whatever that of commands is. It waits for a command where another
 * command would.
 *
 * Return: 0; -EINTR: nothing was done; -ENODEV; what tpm2_measure() says.
 */
int vtpm_extend(struct vtpm *v, u32 pcr, const void *template, size_t len)
{
	int ret;

	if (down_read_killable(&v->gate))
		return -EINTR;
	ret = vtpm_lock_live(v);
	if (!ret) {
		ret = tpm2_measure(v->tpm, pcr, 0, template, len);
		if (vtpm_state_check_on && list_empty(&v->runs))
			vtpm_survive(v);
		mutex_unlock(&v->lock);
	}
	up_read(&v->gate);
	return ret;
}

/* Ends the commands under way with TPM_RC_CANCELED where they can be ended. */
void vtpm_cancel(struct vtpm *v)
{
	struct vtpm_run *run;

	spin_lock(&v->run_lock);
	list_for_each_entry(run, &v->runs, link)
		WRITE_ONCE(run->cancel, true);
	spin_unlock(&v->run_lock);
}

/* What the policy wants to know of the host's TPM, before anything has changed. */
static int vtpm_map_host(struct vtpm *v)
{
	struct vtpm_host *host;
	int ret = -ENODEV;

	if (!vtpm_matrix_wants_host(v->matrix))
		return 0;
	host = vtpm_hosttpm_read();
	if (IS_ERR(host))
		return PTR_ERR(host);
	if (host || !vtpm_matrix_policy(v->matrix)->host_required)
		ret = vtpm_matrix_set_host(v->matrix, host);
	vtpm_hosttpm_free(host);
	return ret;
}

/* -ENODEV: there is no host TPM, and the policy requires one; -EIO; -ENOMEM */
static int vtpm_power_on(struct vtpm *v)
{
	int ret = vtpm_map_host(v);

	if (ret)
		return ret;
	tpm2_nothing_lost(v->tpm);
	tpm2_power_on(v->tpm);
	return v->unstarted ? 0 : tpm2_startup(v->tpm);
}

/**
 * vtpm_reset() - power cycle
 * @v: the instance
 *
 * Return: 0; -EINTR: nothing was done; -ENODEV: as well, it is being destroyed, or requires a
 * host TPM; -EIO: the TPM did not start, or the host's does not answer; -ENOMEM.
 */
int vtpm_reset(struct vtpm *v)
{
	int ret;

	atomic_inc(&v->stop);
	ret = down_write_killable(&v->gate);
	atomic_dec(&v->stop);
	if (ret)
		return -EINTR;
	ret = vtpm_lock_live(v);
	if (!ret) {
		ret = vtpm_power_on(v);
		vtpm_check_banks(v);
		mutex_unlock(&v->lock);
	}
	up_write(&v->gate);
	return ret;
}

/* Is somebody there? -EINTR or -ENODEV. */
int vtpm_set_presence(struct vtpm *v, bool asserted)
{
	int ret = vtpm_lock_live(v);

	if (ret)
		return ret;
	tpm2_set_presence(v->tpm, asserted);
	mutex_unlock(&v->lock);
	return 0;
}

/* Of the commands that begin from here on. -EINTR or -ENODEV. */
int vtpm_set_locality(struct vtpm *v, unsigned int locality)
{
	int ret = vtpm_lock_live(v);

	if (ret)
		return ret;
	v->locality = locality;
	mutex_unlock(&v->lock);
	return 0;
}

/* Counters of the engine; -EINTR or -ENODEV. */
int vtpm_get_stats(struct vtpm *v, struct tpm2_stats *stats)
{
	int ret = vtpm_lock_live(v);

	if (ret)
		return ret;
	tpm2_get_stats(v->tpm, stats);
	mutex_unlock(&v->lock);
	return 0;
}

/* ---- creation and destruction ---- */

static struct vtpm *vtpm_alloc(const char *name)
{
	struct vtpm *v = kzalloc(sizeof(*v), GFP_KERNEL_ACCOUNT);

	if (!v)
		return NULL;
	atomic_inc(&vtpm_allocated);
	kref_init(&v->ref);
	strscpy(v->name, name, sizeof(v->name));
	atomic_long_set(&v->mem.bytes, ksize(v));
	init_rwsem(&v->gate);
	mutex_init(&v->lock);
	INIT_LIST_HEAD(&v->files);
	spin_lock_init(&v->run_lock);
	INIT_LIST_HEAD(&v->runs);
	INIT_DELAYED_WORK(&v->reaper, vtpm_reap);
	INIT_WORK(&v->banks, vtpm_sysfs_banks);
	return v;
}

/* Takes the lowest free number, and the name. */
static int vtpm_enlist(struct vtpm *v)
{
	unsigned long number;
	struct vtpm *other;
	int ret;

	guard(mutex)(&vtpm_registry_lock);
	xa_for_each(&vtpm_instances, number, other)
		if (!strcmp(other->name, v->name))
			return -EEXIST;
	ret = xa_alloc(&vtpm_instances, &v->number, v, XA_LIMIT(0, VTPM_MAX_INSTANCES - 1),
		       GFP_KERNEL);
	return ret == -EBUSY ? -ENOSPC : ret;
}

static void vtpm_delist(struct vtpm *v)
{
	guard(mutex)(&vtpm_registry_lock);
	xa_erase(&vtpm_instances, v->number);
}

/* The rooms of one instance, from the policy upwards. vtpm_tear_down() after a failure. */
static int vtpm_build(struct vtpm *v, const char *text, size_t len, struct vtpm_text_error *err)
{
	struct tpm2_config cfg = vtpm_config(v);
	struct vtpm_policy *policy;
	int ret;

	guard(mutex)(&v->lock);
	ret = vtpm_policy_parse(text, len, &v->mem, &policy, err);
	if (ret)
		return ret;
	ret = vtpm_matrix_new(policy, &v->mem, &v->matrix, err);
	if (ret) {
		vtpm_policy_free(&v->mem, policy);
		return ret;
	}
	cfg.pcrs = v->matrix;
	ret = tpm2_new(&cfg, &v->tpm);
	if (ret)
		return ret;
	ret = vtpm_power_on(v);
	if (ret == -ENODEV)
		vtpm_text_fail_at(err, policy->host_line, policy->host_column,
				  "the policy requires a host TPM, and there is none");
	return ret;
}

static void vtpm_tear_down(struct vtpm *v)
{
	guard(mutex)(&v->lock);
	v->dead = true;
	vtpm_files_free_spaces(v);
	if (v->raw_space)
		tpm2_space_free(v->raw_space);
	tpm2_free(v->tpm);
	if (v->matrix)
		vtpm_matrix_free(v->matrix);
	v->raw_space = NULL;
	v->tpm = NULL;
	v->matrix = NULL;
}

/*
 * From here on it can be found. The event goes out under the same lock, so
 * that who hears of the nodes can open them, and no destruction comes between.
 */
static void vtpm_publish(struct vtpm *v)
{
	guard(mutex)(&vtpm_registry_lock);
	v->stage = VTPM_LIVE;
	vtpm_sysfs_announce(v);
}

/**
 * vtpm_create() - a new instance, started unless that is left to its user, with its nodes
 * @name: well formed
 * @policy: the policy's text
 * @policy_len: its bytes; 0: an ordinary TPM 2.0
 * @unstarted: TPM2_Startup comes through a node
 * @created: set to it, with a reference for the caller
 * @err: with -EINVAL and -ENODEV: what is wrong in the policy
 *
 * Return: 0; -EEXIST: the name is taken; -ENOSPC; -EINVAL; -ENOMEM; -EIO; -ENODEV: the policy
 * requires a host TPM, and there is none.
 */
int vtpm_create(const char *name, const char *policy, size_t policy_len, bool unstarted,
		struct vtpm **created, struct vtpm_text_error *err)
{
	struct vtpm *v = vtpm_alloc(name);
	int ret;

	if (!v)
		return -ENOMEM;
	v->unstarted = unstarted;
	ret = vtpm_enlist(v);
	if (ret)
		goto err_put;
	ret = vtpm_build(v, policy, policy_len, err);
	if (ret)
		goto err_tear_down;
	ret = vtpm_sysfs_add(v);
	if (ret)
		goto err_tear_down;
	kref_get(&v->ref);
	*created = v;
	vtpm_publish(v);
	return 0;

err_tear_down:
	vtpm_tear_down(v);
	vtpm_delist(v);
err_put:
	vtpm_put(v);
	return ret;
}

/* Makes the caller the one who destroys the instance. */
static int vtpm_claim(unsigned int number, struct vtpm **v)
{
	struct vtpm *found;

	guard(mutex)(&vtpm_registry_lock);
	found = xa_load(&vtpm_instances, number);
	if (!found || found->stage == VTPM_NEW)
		return -ENOENT;
	if (found->stage == VTPM_GOING)
		return -ENODEV;
	found->stage = VTPM_GOING;
	*v = found;
	return 0;
}

/**
 * vtpm_destroy() - end an instance
 * @number: its number
 *
 * Waits only for commands to notice that they should end.
 *
 * Return: 0; -ENOENT: there is none; -ENODEV: somebody else is destroying it.
 */
int vtpm_destroy(unsigned int number)
{
	struct vtpm *v;
	int ret = vtpm_claim(number, &v);

	if (ret)
		return ret;
	atomic_inc(&v->stop);
	scoped_guard(mutex, &v->lock) {
		WRITE_ONCE(v->dead, true);
		vtpm_files_dead(v);
	}
	vtpm_unbind_all(v);
	cancel_work_sync(&v->banks);
	vtpm_sysfs_remove(v);
	cancel_delayed_work_sync(&v->reaper);
	scoped_guard(rwsem_write, &v->gate)
		vtpm_tear_down(v);
	vtpm_delist(v);
	vtpm_put(v);
	return 0;
}

/* The module goes: no file is open, so nobody else creates or destroys. */
void vtpm_instances_exit(void)
{
	unsigned long number;
	struct vtpm *v;

	xa_for_each(&vtpm_instances, number, v)
		vtpm_destroy(number);
	wait_event(vtpm_all_freed, !atomic_read(&vtpm_allocated));
}
