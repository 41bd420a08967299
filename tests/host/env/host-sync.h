/* SPDX-License-Identifier: GPL-2.0-only */
/* Atomics, reference counts and mutexes. Part of host-env.h. */
#ifndef VTPM_HOST_SYNC_H
#define VTPM_HOST_SYNC_H

#define VT_HOST_ATOMIC(name, type)						\
typedef struct {								\
	type counter;								\
} name##_t;									\
static inline type name##_read(const name##_t *v)				\
{										\
	return __atomic_load_n(&v->counter, __ATOMIC_RELAXED);			\
}										\
static inline void name##_set(name##_t *v, type n)				\
{										\
	__atomic_store_n(&v->counter, n, __ATOMIC_RELAXED);			\
}										\
static inline type name##_add_return(type n, name##_t *v)			\
{										\
	return __atomic_add_fetch(&v->counter, n, __ATOMIC_SEQ_CST);		\
}										\
static inline type name##_sub_return(type n, name##_t *v)			\
{										\
	return __atomic_sub_fetch(&v->counter, n, __ATOMIC_SEQ_CST);		\
}										\
static inline void name##_add(type n, name##_t *v)				\
{										\
	__atomic_add_fetch(&v->counter, n, __ATOMIC_RELAXED);			\
}										\
static inline void name##_sub(type n, name##_t *v)				\
{										\
	__atomic_sub_fetch(&v->counter, n, __ATOMIC_RELAXED);			\
}										\
static inline void name##_inc(name##_t *v)					\
{										\
	name##_add(1, v);							\
}										\
static inline void name##_dec(name##_t *v)					\
{										\
	name##_sub(1, v);							\
}										\
static inline type name##_inc_return(name##_t *v)				\
{										\
	return name##_add_return(1, v);						\
}										\
static inline bool name##_dec_and_test(name##_t *v)				\
{										\
	return name##_sub_return(1, v) == 0;					\
}										\
static inline type name##_xchg(name##_t *v, type n)				\
{										\
	return __atomic_exchange_n(&v->counter, n, __ATOMIC_SEQ_CST);		\
}										\
static inline type name##_cmpxchg(name##_t *v, type old, type n)		\
{										\
	__atomic_compare_exchange_n(&v->counter, &old, n, false,		\
				    __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);	\
	return old;								\
}

VT_HOST_ATOMIC(atomic, int)
VT_HOST_ATOMIC(atomic_long, long)
VT_HOST_ATOMIC(atomic64, long long)

#define ATOMIC_INIT(n)		{ .counter = (n) }
#define ATOMIC_LONG_INIT(n)	{ .counter = (n) }
#define ATOMIC64_INIT(n)	{ .counter = (n) }

#define cmpxchg(p, old, n)	__sync_val_compare_and_swap(p, old, n)

typedef struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)	{ .refs = ATOMIC_INIT(n) }

static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return atomic_read(&r->refs);
}

static inline void refcount_inc(refcount_t *r)
{
	WARN_ON(atomic_inc_return(&r->refs) <= 1);
}

static inline bool refcount_inc_not_zero(refcount_t *r)
{
	int old = atomic_read(&r->refs);

	while (old) {
		int seen = atomic_cmpxchg(&r->refs, old, old + 1);

		if (seen == old)
			return true;
		old = seen;
	}
	return false;
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
	int left = atomic_sub_return(1, &r->refs);

	WARN_ON(left < 0);
	return left == 0;
}

struct mutex {
	pthread_mutex_t lock;
};

#define DEFINE_MUTEX(name)	struct mutex name = { .lock = PTHREAD_MUTEX_INITIALIZER }

static inline void mutex_init(struct mutex *m)
{
	WARN_ON(pthread_mutex_init(&m->lock, NULL));
}

static inline void mutex_destroy(struct mutex *m)
{
	WARN_ON(pthread_mutex_destroy(&m->lock));	/* EBUSY: still held */
}

static inline void mutex_lock(struct mutex *m)
{
	WARN_ON(pthread_mutex_lock(&m->lock));
}

static inline bool mutex_trylock(struct mutex *m)
{
	return !pthread_mutex_trylock(&m->lock);
}

static inline int mutex_lock_killable(struct mutex *m)
{
	mutex_lock(m);
	return 0;
}

static inline int mutex_lock_interruptible(struct mutex *m)
{
	return mutex_lock_killable(m);
}

static inline void mutex_unlock(struct mutex *m)
{
	WARN_ON(pthread_mutex_unlock(&m->lock));
}

#define lockdep_assert_held(l)	((void)(l))
#define might_sleep()		((void)0)
#define cond_resched()		((void)0)

#endif /* VTPM_HOST_SYNC_H */
