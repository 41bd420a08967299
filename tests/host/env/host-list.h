/* SPDX-License-Identifier: GPL-2.0-only */
/* Circular doubly linked lists with the kernel's names. Part of host-env.h. */
#ifndef VTPM_HOST_LIST_H
#define VTPM_HOST_LIST_H

struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD_INIT(name)	{ .next = &(name), .prev = &(name) }
#undef LIST_HEAD	/* sys/queue.h has another */
#define LIST_HEAD(name)		struct list_head name = LIST_HEAD_INIT(name)

static inline void vt_host_list_join(struct list_head *a, struct list_head *b)
{
	a->next = b;
	b->prev = a;
}

static inline void INIT_LIST_HEAD(struct list_head *h)
{
	vt_host_list_join(h, h);
}

static inline bool list_empty(const struct list_head *h)
{
	return h->next == h;
}

static inline bool list_is_singular(const struct list_head *h)
{
	return !list_empty(h) && h->next == h->prev;
}

static inline bool list_is_first(const struct list_head *e, const struct list_head *h)
{
	return h->next == e;
}

static inline bool list_is_last(const struct list_head *e, const struct list_head *h)
{
	return h->prev == e;
}

static inline bool list_is_head(const struct list_head *e, const struct list_head *h)
{
	return e == h;
}

/* As a new first element. */
static inline void list_add(struct list_head *e, struct list_head *h)
{
	vt_host_list_join(e, h->next);
	vt_host_list_join(h, e);
}

static inline void list_add_tail(struct list_head *e, struct list_head *h)
{
	vt_host_list_join(h->prev, e);
	vt_host_list_join(e, h);
}

/* Leaves the element's own pointers empty, so that a second list_del() crashes. */
static inline void list_del(struct list_head *e)
{
	vt_host_list_join(e->prev, e->next);
	e->next = NULL;
	e->prev = NULL;
}

static inline void list_del_init(struct list_head *e)
{
	vt_host_list_join(e->prev, e->next);
	INIT_LIST_HEAD(e);
}

static inline void list_move(struct list_head *e, struct list_head *h)
{
	vt_host_list_join(e->prev, e->next);
	list_add(e, h);
}

static inline void list_move_tail(struct list_head *e, struct list_head *h)
{
	vt_host_list_join(e->prev, e->next);
	list_add_tail(e, h);
}

static inline void list_replace(struct list_head *old, struct list_head *e)
{
	vt_host_list_join(e, old->next);
	vt_host_list_join(old->prev, e);
}

/* Moves all of @from in front of what @h holds. */
static inline void list_splice_init(struct list_head *from, struct list_head *h)
{
	if (list_empty(from))
		return;
	vt_host_list_join(from->prev, h->next);
	vt_host_list_join(h, from->next);
	INIT_LIST_HEAD(from);
}

static inline void list_splice_tail_init(struct list_head *from, struct list_head *h)
{
	list_splice_init(from, h->prev);
}

#define list_entry(p, type, member)		container_of(p, type, member)
#define list_first_entry(h, type, member)	list_entry((h)->next, type, member)
#define list_last_entry(h, type, member)	list_entry((h)->prev, type, member)
#define list_first_entry_or_null(h, type, member)			\
	(list_empty(h) ? NULL : list_first_entry(h, type, member))
/*
 * The head of a list stands in something else: computed as bytes, because an
 * "entry" made of it may break its type's alignment, which UBSan reports.
 */
#define list_link_of(e, member)						\
	((struct list_head *)((char *)(e) + offsetof(__typeof__(*(e)), member)))
#define list_next_entry(e, member)					\
	list_entry(list_link_of(e, member)->next, __typeof__(*(e)), member)
#define list_prev_entry(e, member)					\
	list_entry(list_link_of(e, member)->prev, __typeof__(*(e)), member)
#define list_entry_is_head(e, h, member)	(list_link_of(e, member) == (h))

#define list_for_each(p, h)						\
	for ((p) = (h)->next; (p) != (h); (p) = (p)->next)
#define list_for_each_safe(p, n, h)					\
	for ((p) = (h)->next; (n) = (p)->next, (p) != (h); (p) = (n))
#define list_for_each_entry(e, h, member)				\
	for ((e) = list_first_entry(h, __typeof__(*(e)), member);	\
	     !list_entry_is_head(e, h, member); (e) = list_next_entry(e, member))
#define list_for_each_entry_reverse(e, h, member)			\
	for ((e) = list_last_entry(h, __typeof__(*(e)), member);	\
	     !list_entry_is_head(e, h, member); (e) = list_prev_entry(e, member))
#define list_for_each_entry_continue(e, h, member)			\
	for ((e) = list_next_entry(e, member);				\
	     !list_entry_is_head(e, h, member); (e) = list_next_entry(e, member))
#define list_for_each_entry_safe(e, n, h, member)			\
	for ((e) = list_first_entry(h, __typeof__(*(e)), member);	\
	     (n) = list_next_entry(e, member), !list_entry_is_head(e, h, member); (e) = (n))

#endif /* VTPM_HOST_LIST_H */
