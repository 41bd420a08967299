// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two nodes of an instance: /dev/vtpmN, the TPM itself, and /dev/vtpmrmN,
 * where each opener has objects and sessions of its own. Both take one whole
 * command in one write() and hand out its response in as many read()s as the
 * caller likes, as Linux' other TPM nodes do.
 *
 * One cdev serves the nodes of all instances. An open file finds its instance
 * once, at open, and keeps the struct vtpm from then on, whatever becomes of it.
 */

#include <linux/cdev.h>
#include <linux/fs.h>
#include <linux/memcontrol.h>
#include <linux/poll.h>
#include <linux/sched/mm.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "../tpm2/const.h"
#include "../tpm2/tpm2.h"
#include "../vtpm.h"

#define VTPM_HEADER_SIZE	10	/* tag, size, code */
#define VTPM_RC_RESMGR		0x000B0000	/* the layer of a response code: resource manager */
#define VTPM_CHUNK		256	/* bytes of a response that pass over the stack at a time */

/**
 * enum vtpm_file_state - where an open file stands
 * @VTPM_IDLE: a command may be written
 * @VTPM_BUSY: a command is queued or runs; the buffers are its own
 * @VTPM_READY: a response, or the rest of one, waits to be read
 */
enum vtpm_file_state {
	VTPM_IDLE,
	VTPM_BUSY,
	VTPM_READY
};

/**
 * struct vtpm_file - an open file of a node
 * @v: the instance; constant, holds a reference
 * @node: constant
 * @link: in vtpm.files; under vtpm.lock
 * @space: its objects and sessions; set at open, NULL after destruction
 * @memcg: whom queued commands charge with what they allocate: the opener
 * @io: one read() or write() at a time; see vtpm.h
 * @lock: guards @state, @pos, @len, @expires
 * @wait: pollers
 * @work: runs a queued command
 * @run: the command under way
 * @cmd: VTPM_MAX_COMMAND bytes, from the first write on. Who makes the state
 *	BUSY owns it, before that who has @io
 * @cmd_len: bytes of the command; owned like @cmd
 * @rsp: VTPM_MAX_COMMAND bytes, from the first write on. Under @lock while
 *	READY, the command's while BUSY
 * @state: see above
 * @pos: next byte of @rsp to hand out; what is before it has been wiped
 * @len: bytes of the response
 * @expires: when a response that nobody reads is dropped, in jiffies
 */
struct vtpm_file {
	struct vtpm *v;
	enum vtpm_node node;
	struct list_head link;
	struct tpm2_space *space;
	struct mem_cgroup *memcg;
	struct mutex io;		/* one read() or write() at a time */
	spinlock_t lock;		/* @state, @pos, @len, @expires */
	wait_queue_head_t wait;
	struct work_struct work;
	struct vtpm_run run;
	u8 *cmd;
	size_t cmd_len;
	u8 *rsp;
	enum vtpm_file_state state;
	size_t pos;
	size_t len;
	unsigned long expires;
};

/* For the reapers of all instances. */
struct workqueue_struct *vtpm_wq;

static dev_t vtpm_first_devt;
static struct cdev vtpm_cdev;

dev_t vtpm_devt(unsigned int number, enum vtpm_node node)
{
	return MKDEV(MAJOR(vtpm_first_devt),
		     MINOR(vtpm_first_devt) + VTPM_NODES * number + node);
}

/* ---- the response; all of these with f->lock held ---- */

static void vtpm_drop_response(struct vtpm_file *f)
{
	memzero_explicit(f->rsp + f->pos, f->len - f->pos);
	f->state = VTPM_IDLE;
	f->pos = 0;
	f->len = 0;
}

/* Is there something to read? Drops what has been there for too long. */
static bool vtpm_response_pending(struct vtpm_file *f)
{
	if (f->state == VTPM_READY && time_after_eq(jiffies, f->expires))
		vtpm_drop_response(f);
	return f->state == VTPM_READY;
}

/* This one takes f->lock. */
static void vtpm_forget_response(struct vtpm_file *f)
{
	spin_lock(&f->lock);
	if (f->state == VTPM_READY)
		vtpm_drop_response(f);
	spin_unlock(&f->lock);
}

/* ---- what destruction does to open files; all of these with v->lock held ---- */

/* After v->dead is set: nothing stays to be read, and pollers hear of it. */
void vtpm_files_dead(struct vtpm *v)
{
	struct vtpm_file *f;

	list_for_each_entry(f, &v->files, link) {
		vtpm_forget_response(f);
		wake_up_interruptible_poll(&f->wait, EPOLLERR | EPOLLHUP);
	}
}

void vtpm_files_free_spaces(struct vtpm *v)
{
	struct vtpm_file *f;

	list_for_each_entry(f, &v->files, link) {
		if (f->node == VTPM_RM)
			tpm2_space_free(f->space);
		WRITE_ONCE(f->space, NULL);
	}
}

/* How long @f's response has still to live, in jiffies; 0: there is none. */
static unsigned long vtpm_reap_file(struct vtpm_file *f)
{
	unsigned long left = 0;
	bool dropped;

	spin_lock(&f->lock);
	dropped = f->state == VTPM_READY && !vtpm_response_pending(f);
	if (f->state == VTPM_READY)
		left = max(f->expires - jiffies, 1UL);
	spin_unlock(&f->lock);
	if (dropped)
		wake_up_interruptible_poll(&f->wait, EPOLLOUT | EPOLLWRNORM);
	return left;
}

/* One for all files of an instance, so that there is none that a file could leave behind. */
void vtpm_reap(struct work_struct *work)
{
	struct vtpm *v = container_of(work, struct vtpm, reaper.work);
	unsigned long left, next = 0;
	struct vtpm_file *f;

	guard(mutex)(&v->lock);
	if (v->dead)
		return;
	list_for_each_entry(f, &v->files, link) {
		left = vtpm_reap_file(f);
		if (left && (!next || left < next))
			next = left;
	}
	if (next)
		queue_delayed_work(vtpm_wq, &v->reaper, next);
}

/* ---- write() ---- */

static int vtpm_may_write(struct vtpm_file *f)
{
	int ret = 0;

	spin_lock(&f->lock);
	if (f->state == VTPM_BUSY || (vtpm_response_pending(f) && !f->pos))
		ret = -EBUSY;
	spin_unlock(&f->lock);
	return ret;
}

static int vtpm_alloc_buffers(struct vtpm_file *f)
{
	if (!f->cmd)
		f->cmd = kzalloc(VTPM_MAX_COMMAND, GFP_KERNEL_ACCOUNT);
	if (!f->rsp)
		f->rsp = kzalloc(VTPM_MAX_COMMAND, GFP_KERNEL_ACCOUNT);
	return f->cmd && f->rsp ? 0 : -ENOMEM;
}

/*
 * The header's size is what counts; bytes after it are no part of the command.
 * A size that is less than a header's is the engine's to refuse.
 */
static int vtpm_copy_command(struct vtpm_file *f, const char __user *buf, size_t count)
{
	u32 size;
	int ret;

	ret = vtpm_alloc_buffers(f);
	if (ret)
		return ret;
	if (copy_from_user(f->cmd, buf, count))
		return -EFAULT;
	if (count < VTPM_HEADER_SIZE)
		return -EINVAL;
	size = get_unaligned_be32(f->cmd + 2);
	if (count < size)
		return -EINVAL;
	f->cmd_len = size < VTPM_HEADER_SIZE ? count : size;
	memzero_explicit(f->cmd + f->cmd_len, count - f->cmd_len);
	return 0;
}

/*
 * A resource manager does not know a transient object that this opener never
 * had, and refuses the write, as Linux' own does.
 */
static int vtpm_check_flush(struct vtpm_file *f)
{
	bool found;
	u32 handle;

	if (f->node != VTPM_RM || f->cmd_len < VTPM_HEADER_SIZE + 4 ||
	    get_unaligned_be32(f->cmd + 6) != TPM_CC_FlushContext)
		return 0;
	handle = get_unaligned_be32(f->cmd + VTPM_HEADER_SIZE);
	if (HR_TYPE(handle) != TPM_HT_TRANSIENT)
		return 0;
	guard(mutex)(&f->v->lock);
	found = f->space && tpm2_space_has_object(f->space, handle);
	return found ? 0 : -EINVAL;
}

static void vtpm_make_busy(struct vtpm_file *f)
{
	spin_lock(&f->lock);
	if (f->state == VTPM_READY)
		vtpm_drop_response(f);
	f->state = VTPM_BUSY;
	f->run.cancel = false;
	spin_unlock(&f->lock);
}

/* Makes @f BUSY with the caller's command, or leaves it as it was. */
static int vtpm_take_command(struct vtpm_file *f, const char __user *buf, size_t count)
{
	int ret;

	if (mutex_lock_killable(&f->io))
		return -EINTR;
	ret = vtpm_may_write(f);
	if (!ret) {
		ret = vtpm_copy_command(f, buf, count);
		if (!ret)
			ret = vtpm_check_flush(f);
		if (ret && f->cmd)
			memzero_explicit(f->cmd, count);
	}
	if (!ret)
		vtpm_make_busy(f);
	mutex_unlock(&f->io);
	return ret;
}

/* BUSY ends: with a response of @len bytes, or without one when @len is an error. */
static void vtpm_store_response(struct vtpm_file *f, ssize_t len)
{
	spin_lock(&f->lock);
	f->pos = 0;
	f->len = max_t(ssize_t, len, 0);
	f->state = VTPM_READY;
	f->expires = jiffies + VTPM_UNREAD_LIFETIME;
	if (!f->len || READ_ONCE(f->v->dead))
		vtpm_drop_response(f);
	spin_unlock(&f->lock);
	wake_up_interruptible_poll(&f->wait, len > 0 ? EPOLLIN | EPOLLRDNORM :
						       EPOLLOUT | EPOLLWRNORM);
}

/* On the rm node it is the resource manager that does not know a command, and says so. */
static void vtpm_mark_layer(struct vtpm_file *f)
{
	const u32 unknown = (__force u32)TPM_RC_COMMAND_CODE;

	if (f->node == VTPM_RM && get_unaligned_be32(f->rsp + 6) == unknown)
		put_unaligned_be32(VTPM_RC_RESMGR | unknown, f->rsp + 6);
}

static ssize_t vtpm_run_command(struct vtpm_file *f)
{
	ssize_t ret;

	ret = vtpm_execute(f->v, &f->run, READ_ONCE(f->space), f->cmd, f->cmd_len, f->rsp);
	if (ret > 0)
		vtpm_mark_layer(f);
	memzero_explicit(f->cmd, f->cmd_len);
	vtpm_store_response(f, ret);
	return ret;
}

static void vtpm_run_queued(struct work_struct *work)
{
	struct vtpm_file *f = container_of(work, struct vtpm_file, work);
	struct mem_cgroup *old;

	old = set_active_memcg(f->memcg);
	vtpm_run_command(f);
	set_active_memcg(old);
}

/* Few instances ever want one. It lives as long as struct vtpm: open files flush it. */
static struct workqueue_struct *vtpm_queue(struct vtpm *v)
{
	struct workqueue_struct *queue;

	/* Pairs with the release below: who sees the queue sees it initialised. */
	queue = smp_load_acquire(&v->queue);
	if (queue)
		return queue;
	guard(mutex)(&v->lock);
	if (!v->queue) {
		queue = alloc_workqueue("vtpm%u", WQ_UNBOUND, VTPM_MAX_QUEUED, v->number);
		/* Pairs with the acquire above. */
		smp_store_release(&v->queue, queue);
	}
	return v->queue;
}

static ssize_t vtpm_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	bool wait = !(file->f_flags & O_NONBLOCK);
	struct vtpm_file *f = file->private_data;
	ssize_t ret;

	if (READ_ONCE(f->v->dead))
		return -ENODEV;
	if (count > VTPM_MAX_COMMAND)
		return -E2BIG;
	if (!wait && !vtpm_queue(f->v))
		return -ENOMEM;
	ret = vtpm_take_command(f, buf, count);
	if (ret)
		return ret;
	if (!wait) {
		queue_work(f->v->queue, &f->work);
		return count;
	}
	ret = vtpm_run_command(f);
	return ret < 0 ? ret : count;
}

/* ---- read() and poll() ---- */

/* Moves up to @room bytes of the response to @chunk; what was moved is wiped behind. */
static size_t vtpm_take_response(struct vtpm_file *f, u8 *chunk, size_t room)
{
	size_t n = 0;

	spin_lock(&f->lock);
	if (vtpm_response_pending(f)) {
		n = min(room, f->len - f->pos);
		memcpy(chunk, f->rsp + f->pos, n);
		memzero_explicit(f->rsp + f->pos, n);
		f->pos += n;
		if (f->pos == f->len)
			vtpm_drop_response(f);
	}
	spin_unlock(&f->lock);
	return n;
}

/* A response part of which could not be handed out is lost as a whole. */
static ssize_t vtpm_read_response(struct vtpm_file *f, char __user *buf, size_t count)
{
	u8 chunk[VTPM_CHUNK];
	ssize_t done = 0;
	size_t n;

	while (done < count) {
		n = vtpm_take_response(f, chunk, min(count - done, sizeof(chunk)));
		if (!n)
			break;
		if (copy_to_user(buf + done, chunk, n)) {
			vtpm_forget_response(f);
			done = -EFAULT;
			break;
		}
		done += n;
	}
	memzero_explicit(chunk, sizeof(chunk));
	return done;
}

static ssize_t vtpm_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct vtpm_file *f = file->private_data;
	ssize_t ret;

	if (READ_ONCE(f->v->dead))
		return -ENODEV;
	if (mutex_lock_killable(&f->io))
		return -EINTR;
	ret = vtpm_read_response(f, buf, count);
	mutex_unlock(&f->io);
	wake_up_interruptible_poll(&f->wait, EPOLLOUT | EPOLLWRNORM);
	return ret;
}

static __poll_t vtpm_poll(struct file *file, poll_table *wait)
{
	struct vtpm_file *f = file->private_data;
	bool pending;

	poll_wait(file, &f->wait, wait);
	if (READ_ONCE(f->v->dead))
		return EPOLLERR | EPOLLHUP;
	spin_lock(&f->lock);
	pending = vtpm_response_pending(f);
	spin_unlock(&f->lock);
	return pending ? EPOLLIN | EPOLLRDNORM : EPOLLOUT | EPOLLWRNORM;
}

/* ---- open() and close() ---- */

/* With v->lock held. */
static int vtpm_open_raw(struct vtpm *v, struct vtpm_file *f)
{
	if (v->raw_open)
		return -EBUSY;
	if (!v->raw_space)
		v->raw_space = tpm2_space_new(v->tpm);
	if (!v->raw_space)
		return -ENOMEM;
	tpm2_space_mark(v->raw_space, VTPM_MARK_RAW);
	f->space = v->raw_space;
	v->raw_open = true;
	return 0;
}

/* With v->lock held. */
static int vtpm_open_rm(struct vtpm *v, struct vtpm_file *f)
{
	if (v->openers - v->raw_open >= VTPM_MAX_OPENERS)
		return -EMFILE;
	f->space = tpm2_space_new(v->tpm);
	return f->space ? 0 : -ENOMEM;
}

static int vtpm_attach(struct vtpm *v, struct vtpm_file *f)
{
	int ret;

	ret = vtpm_lock_live(v);
	if (ret)
		return ret;
	ret = f->node == VTPM_RAW ? vtpm_open_raw(v, f) : vtpm_open_rm(v, f);
	if (!ret) {
		v->openers++;
		list_add(&f->link, &v->files);
	}
	mutex_unlock(&v->lock);
	return ret;
}

static void vtpm_detach(struct vtpm *v, struct vtpm_file *f)
{
	guard(mutex)(&v->lock);
	list_del(&f->link);
	v->openers--;
	if (f->node == VTPM_RAW)
		v->raw_open = false;
	else if (f->space)
		tpm2_space_free(f->space);
}

static struct vtpm_file *vtpm_file_new(struct vtpm *v, enum vtpm_node node)
{
	struct vtpm_file *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);

	if (!f)
		return NULL;
	f->v = v;
	f->node = node;
	f->memcg = get_mem_cgroup_from_mm(current->mm);
	mutex_init(&f->io);
	spin_lock_init(&f->lock);
	init_waitqueue_head(&f->wait);
	INIT_WORK(&f->work, vtpm_run_queued);
	return f;
}

static void vtpm_file_free(struct vtpm_file *f)
{
	mem_cgroup_put(f->memcg);
	mutex_destroy(&f->io);
	kfree_sensitive(f->cmd);
	kfree_sensitive(f->rsp);
	kfree(f);
}

static int vtpm_open_instance(struct vtpm *v, enum vtpm_node node, struct file *file)
{
	struct vtpm_file *f = vtpm_file_new(v, node);
	int ret;

	if (!f)
		return -ENOMEM;
	ret = vtpm_attach(v, f);
	if (ret) {
		vtpm_file_free(f);
		return ret;
	}
	file->private_data = f;
	return 0;
}

static int vtpm_open(struct inode *inode, struct file *file)
{
	unsigned int index = iminor(inode) - MINOR(vtpm_first_devt);
	struct vtpm *v;
	int ret;

	if (vtpm_get(index / VTPM_NODES, &v))
		return -ENODEV;
	ret = vtpm_open_instance(v, index % VTPM_NODES, file);
	if (ret) {
		vtpm_put(v);
		return ret;
	}
	return stream_open(inode, file);
}

/* A command that is queued still runs, but does not go on at length for nobody. */
static int vtpm_file_release(struct inode *inode, struct file *file)
{
	struct vtpm_file *f = file->private_data;
	struct vtpm *v = f->v;

	WRITE_ONCE(f->run.cancel, true);
	flush_work(&f->work);
	vtpm_detach(v, f);
	vtpm_file_free(f);
	vtpm_put(v);
	return 0;
}

static const struct file_operations vtpm_fops = {
	.owner = THIS_MODULE,
	.open = vtpm_open,
	.release = vtpm_file_release,
	.read = vtpm_read,
	.write = vtpm_write,
	.poll = vtpm_poll,
};

/* The instance of an open node, with a reference. -EINVAL: it is no such file. */
int vtpm_get_file(struct file *file, struct vtpm **v)
{
	struct vtpm_file *f = file->private_data;

	if (file->f_op != &vtpm_fops)
		return -EINVAL;
	kref_get(&f->v->ref);
	*v = f->v;
	return 0;
}

/* ---- module ---- */

int vtpm_chardev_init(void)
{
	const unsigned int minors = VTPM_NODES * VTPM_MAX_INSTANCES;
	int ret = -ENOMEM;

	vtpm_wq = alloc_workqueue("vtpm", WQ_UNBOUND, 0);
	if (!vtpm_wq)
		return ret;
	ret = alloc_chrdev_region(&vtpm_first_devt, 0, minors, "vtpm");
	if (ret)
		goto err_wq;
	cdev_init(&vtpm_cdev, &vtpm_fops);
	vtpm_cdev.owner = THIS_MODULE;
	ret = cdev_add(&vtpm_cdev, vtpm_first_devt, minors);
	if (ret)
		goto err_region;
	return 0;

err_region:
	unregister_chrdev_region(vtpm_first_devt, minors);
err_wq:
	destroy_workqueue(vtpm_wq);
	return ret;
}

void vtpm_chardev_exit(void)
{
	cdev_del(&vtpm_cdev);
	unregister_chrdev_region(vtpm_first_devt, VTPM_NODES * VTPM_MAX_INSTANCES);
	destroy_workqueue(vtpm_wq);
}
