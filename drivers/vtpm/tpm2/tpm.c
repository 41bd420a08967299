// SPDX-License-Identifier: GPL-2.0-only
/* Life of a TPM and of its spaces. */
#include "engine.h"

static_assert(sizeof(struct tpm2) < 4096);

struct tpm2 *tpm2_alloc(const struct tpm2_config *cfg)
{
	struct tpm2 *t = vt_alloc(cfg->mem, sizeof(*t));

	if (!t)
		return NULL;
	t->cfg = *cfg;
	INIT_LIST_HEAD(&t->saved);
	INIT_LIST_HEAD(&t->persistent);
	INIT_LIST_HEAD(&t->spaces);
	INIT_LIST_HEAD(&t->nv);
	INIT_LIST_HEAD(&t->aks);
	return t;
}

int tpm2_new(const struct tpm2_config *cfg, struct tpm2 **tpm)
{
	struct tpm2 *t = tpm2_alloc(cfg);

	if (!t)
		return -ENOMEM;
	if (tpm2_nv_add_identity(t)) {
		tpm2_free(t);
		return -ENOMEM;
	}
	tpm2_manufacture(t);
	*tpm = t;
	return 0;
}

void tpm2_free_saved(struct tpm2 *t)
{
	struct tpm2_session *se, *next;

	list_for_each_entry_safe(se, next, &t->saved, link)
		tpm2_session_free(t, se);
}

void tpm2_free_lists(struct tpm2 *t)
{
	struct tpm2_nv_index *x, *next_nv;
	struct tpm2_object *o, *next;

	tpm2_free_saved(t);
	list_for_each_entry_safe(o, next, &t->persistent, link) {
		list_del(&o->link);
		tpm2_object_put(t, o);
	}
	list_for_each_entry_safe(x, next_nv, &t->nv, link)
		tpm2_nv_undefine(t, x);
	tpm2_ak_free(t);
}

void tpm2_free(struct tpm2 *t)
{
	if (!t)
		return;
	WARN_ON_ONCE(!list_empty(&t->spaces));
	tpm2_free_lists(t);
	vt_free(t->cfg.mem, t);
}

void tpm2_flush_space(struct tpm2_space *s)
{
	unsigned int i;

	for (i = 0; i < TPM2_MAX_OBJECTS; i++)
		if (s->objects[i])
			tpm2_object_flush(s, s->objects[i]);
	tpm2_session_flush_all(s);
}

/* What has failed is tested anew, and stays out of use when it fails again (Part 1, 12). */
static void leave_failure(struct tpm2 *t)
{
	const char *failed;

	if (t->failed)
		t->failed = vt_crypto_selftest(&failed);
}

void tpm2_power_on(struct tpm2 *t)
{
	struct tpm2_space *s;

	leave_failure(t);
	list_for_each_entry(s, &t->spaces, link)
		tpm2_flush_space(s);
	tpm2_act_power_on(t);
	t->clock_base = t->boot_ms ? tpm2_clock(t) : 0;
	t->boot_ms = vt_now_ms();
	t->time_base = 0;
	t->started = false;
	t->testing_done = false;
	t->pcr_reconfigured = false;
	t->exclusive = 0;
	t->epoch++;
	t->time_epoch++;
	t->resets++;
}

int tpm2_startup(struct tpm2 *t)
{
	return tpm2_do_startup(t, TPM_SU_CLEAR) ? -EIO : 0;
}

void tpm2_set_presence(struct tpm2 *t, bool asserted)
{
	t->presence = asserted;
}

struct tpm2_space *tpm2_space_new(struct tpm2 *t)
{
	struct tpm2_space *s = vt_alloc(t->cfg.mem, sizeof(*s));

	if (!s)
		return NULL;
	s->t = t;
	INIT_LIST_HEAD(&s->sessions);
	list_add_tail(&s->link, &t->spaces);
	return s;
}

void tpm2_space_free(struct tpm2_space *s)
{
	if (!s)
		return;
	tpm2_flush_space(s);
	list_del(&s->link);
	vt_free(s->t->cfg.mem, s);
}

void tpm2_space_mark(struct tpm2_space *s, u32 mark)
{
	s->mark = mark;
}

struct tpm2_space *tpm2_space_marked(struct tpm2 *t, u32 mark)
{
	struct tpm2_space *s;

	list_for_each_entry(s, &t->spaces, link)
		if (s->mark == mark)
			return s;
	return NULL;
}

void tpm2_free_spaces(struct tpm2 *t, const struct tpm2_space *but)
{
	struct tpm2_space *s, *next;

	list_for_each_entry_safe(s, next, &t->spaces, link)
		if (s != but)
			tpm2_space_free(s);
}

void tpm2_fail(struct tpm2 *t)
{
	t->failed = true;
}

bool tpm2_space_has_object(const struct tpm2_space *s, u32 handle)
{
	u32 i = handle - HR_TRANSIENT;

	return i < TPM2_MAX_OBJECTS && s->objects[i];
}

void tpm2_get_stats(const struct tpm2 *t, struct tpm2_stats *stats)
{
	*stats = (struct tpm2_stats){
		.commands = t->commands,
		.failures = t->failures,
		.objects = t->objects,
		.sessions = t->sessions,
		.resets = t->resets ? t->resets - 1 : 0,	/* the first is the creation's */
		.failure_mode = t->failed,
		.started = t->started,
		.presence = t->presence,
	};
}
