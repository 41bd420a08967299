/* SPDX-License-Identifier: GPL-2.0-only */
/* As much of threads as the host tier's cases use, over kthreads. */
#ifndef VTPM_KUNIT_PTHREAD_H
#define VTPM_KUNIT_PTHREAD_H

#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/wait.h>

/**
 * struct vt_kunit_thread - one thread
 * @run: what it does
 * @arg: for @run
 * @result: of @run, once @done
 * @done: it has ended
 */
struct vt_kunit_thread {
	void *(*run)(void *arg);
	void *arg;
	void *result;
	struct completion done;
};

#define pthread_t struct vt_kunit_thread *

static inline int vt_kunit_thread_main(void *p)
{
	struct vt_kunit_thread *t = p;

	t->result = t->run(t->arg);
	complete(&t->done);
	return 0;
}

static inline int pthread_create(struct vt_kunit_thread **thread, const void *attr,
				 void *(*run)(void *), void *arg)
{
	struct vt_kunit_thread *t = kzalloc(sizeof(*t), GFP_KERNEL);

	if (!t)
		return -ENOMEM;
	t->run = run;
	t->arg = arg;
	init_completion(&t->done);
	if (IS_ERR(kthread_run(vt_kunit_thread_main, t, "vtpm_kunit"))) {
		kfree(t);
		return -ENOMEM;
	}
	*thread = t;
	return 0;
}

static inline int pthread_join(struct vt_kunit_thread *t, void **result)
{
	wait_for_completion(&t->done);
	if (result)
		*result = t->result;
	kfree(t);
	return 0;
}

/**
 * struct vt_kunit_barrier - those who wait for each other; used once
 * @wait: where they wait
 * @missing: how many have not come
 */
struct vt_kunit_barrier {
	wait_queue_head_t wait;
	atomic_t missing;
};

#define pthread_barrier_t struct vt_kunit_barrier

static inline int pthread_barrier_init(struct vt_kunit_barrier *b, const void *attr,
				       unsigned int count)
{
	init_waitqueue_head(&b->wait);
	atomic_set(&b->missing, count);
	return 0;
}

static inline int pthread_barrier_wait(struct vt_kunit_barrier *b)
{
	atomic_dec(&b->missing);
	wake_up_all(&b->wait);
	wait_event(b->wait, atomic_read(&b->missing) <= 0);
	return 0;
}

/* Nobody is between the last wake-up and the end of its waiting: all have been joined. */
static inline int pthread_barrier_destroy(struct vt_kunit_barrier *b)
{
	return 0;
}

#endif /* VTPM_KUNIT_PTHREAD_H */
