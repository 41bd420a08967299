// SPDX-License-Identifier: GPL-2.0-only
/*
 * The search behind canary.h. A bit for each pair of first bytes makes it cheap:
 * most places are passed over after one look.
 */
#include "canary.h"

#include <stdio.h>
#include <stdlib.h>

#include "tpm2/engine.h"

#define SECRETS		512
#define STACK		(48 << 10)	/* more than the engine ever uses */

static u8 secrets[SECRETS][CANARY_SIZE];
static unsigned int count;
static u8 first[1 << 13];	/* a bit for each pair of first bytes */
static unsigned int found;
static const char *where;

static bool marked(const u8 *p)
{
	u32 pair = p[0] << 8 | p[1];

	return first[pair / 8] & 1 << pair % 8;
}

static bool known(const u8 *p)
{
	unsigned int i;

	for (i = 0; i < count && i < SECRETS; i++)
		if (!memcmp(secrets[i], p, CANARY_SIZE))
			return true;
	return false;
}

/* Tests use keys such as 01 00 00 ..., which are everywhere. */
static bool plain(const u8 *p)
{
	unsigned int i, j, different = 0;

	for (i = 0; i < CANARY_SIZE; i++) {
		for (j = 0; j < i && p[j] != p[i]; j++)
			;
		different += j == i;
	}
	return different < CANARY_SIZE / 2;
}

void canary_add(const void *secret, size_t len)
{
	const u8 *p = secret;
	u32 pair;

	if (len < CANARY_SIZE || plain(p) || (marked(p) && known(p)))
		return;
	memcpy(secrets[count++ % SECRETS], p, CANARY_SIZE);
	pair = p[0] << 8 | p[1];
	first[pair / 8] |= 1 << pair % 8;
}

/* It reads what is not there any more. */
__attribute__((no_sanitize("address", "undefined")))
static void look(const u8 *p, size_t size, const char *what)
{
	size_t i, j;
	unsigned int k;

	for (i = 0; i + CANARY_SIZE <= size; i++) {
		u32 pair = p[i] << 8 | p[i + 1];

		if (!(first[pair / 8] & 1 << pair % 8))
			continue;
		for (k = 0; k < count && k < SECRETS; k++) {
			for (j = 0; j < CANARY_SIZE && secrets[k][j] == p[i + j]; j++)
				;
			if (j < CANARY_SIZE)
				continue;
			found++;
			where = what;
			if (getenv("VTPM_CANARY_ABORT")) {
				fprintf(stderr, "a secret at %p in %s\n", (const void *)(p + i),
					what);
				abort();
			}
			return;
		}
	}
}

static void freed(const void *p, size_t size)
{
	look(p, size, "memory given back");
}

void canary_start(void)
{
	vt_host_freed = freed;
}

void canary_forget(void)
{
	count = 0;
	found = 0;
	where = NULL;
	memset(first, 0, sizeof(first));
}

unsigned int canary_found(const char **why)
{
	*why = where;
	return found;
}

static void harvest_object(const struct tpm2_object *o)
{
	if (!o || o->kind != OBJ_KEY || o->public_only)
		return;
	canary_add(o->sens.data.data, o->sens.data.size);
	canary_add(o->sens.seed.data, o->sens.seed.size);
	canary_add(o->sens.auth.data, o->sens.auth.size);
}

static void harvest_space(const struct tpm2_space *s)
{
	const struct tpm2_session *se;
	unsigned int i;

	for (i = 0; i < TPM2_MAX_OBJECTS; i++)
		harvest_object(s->objects[i]);
	list_for_each_entry(se, &s->sessions, link)
		canary_add(se->key.data, se->key.size);
}

void canary_harvest(struct host_tpm *h)
{
	const struct tpm2_nv_index *x;
	const struct tpm2_space *s;
	const struct tpm2_object *o;
	unsigned int i;

	for (i = 0; i < HIER_COUNT; i++) {
		const struct tpm2_hierarchy *hier = &h->t->hierarchy[i];

		canary_add(hier->seed, sizeof(hier->seed));
		canary_add(hier->proof, sizeof(hier->proof));
		canary_add(hier->auth.data, hier->auth.size);
	}
	list_for_each_entry(o, &h->t->persistent, link)
		harvest_object(o);
	list_for_each_entry(x, &h->t->nv, link)
		canary_add(x->auth.data, x->auth.size);
	list_for_each_entry(s, &h->t->spaces, link)
		harvest_space(s);
}

/* Both are called at the same depth as the engine, so that their frames lie over its own. */
noinline __attribute__((no_sanitize("address", "undefined")))
void canary_before(void)
{
	volatile u8 room[STACK];
	size_t i;

	for (i = 0; i < sizeof(room); i += sizeof(u64))
		*(volatile u64 *)(room + i) = 0;
}

noinline __attribute__((no_sanitize("address", "undefined")))
static void look_at_stack(void)
{
	u8 room[STACK];

	__asm__ volatile("" : "=m"(room));	/* as it is, for the compiler */
	look(room, sizeof(room) - 512, "the stack");
}

void canary_after(struct host_tpm *h, struct tpm2_space *s)
{
	const struct tpm2_call *c = &s->call;

	canary_harvest(h);
	look_at_stack();
	look((const u8 *)c->in, sizeof(c->in), "decoded parameters");
	look((const u8 *)c->out, sizeof(c->out), "response parameters");
	look(c->scratch, sizeof(c->scratch), "scratch memory");
	look((const u8 *)c->auths, sizeof(c->auths), "sessions of the command");
}
