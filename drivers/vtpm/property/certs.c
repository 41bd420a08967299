// SPDX-License-Identifier: GPL-2.0-only
/* Trusted parties and their manifests, as the admin handles them. */
#include "certs.h"
#include "p7.h"
#include "store.h"
#include "verify.h"
#include "../policy/text.h"

/*
 * Held through the checking of signatures, which takes long for long
 * manifests; extends take the store's lock alone. Outside of the store's lock.
 */
static DEFINE_MUTEX(admin_lock);
static LIST_HEAD(parties);		/* of struct vtpm_party, by name; under admin_lock */
static LIST_HEAD(manifests);		/* of struct vtpm_manifest, by name; under admin_lock */
static unsigned int party_count;	/* under admin_lock */
static unsigned int manifest_count;	/* under admin_lock */

static struct vtpm_party *find_party(const char *name)
{
	struct vtpm_party *p;

	list_for_each_entry(p, &parties, link)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

static struct vtpm_manifest *find_manifest(const char *name)
{
	struct vtpm_manifest *m;

	list_for_each_entry(m, &manifests, link)
		if (!strcmp(m->head.name, name))
			return m;
	return NULL;
}

/* ---- trusted parties ---- */

static void free_party(struct vtpm_party *p)
{
	vtpm_anchor_close(p->anchor);
	vt_free(NULL, p);
}

static void hash_key(struct vtpm_party *p)
{
	size_t len;
	const u8 *key = vtpm_anchor_key(p->anchor, &len);
	unsigned int i;

	for (i = 0; i < VT_HASH_COUNT; i++)
		vt_hash(&vt_hash_algs[i], key, len, p->key[i]);
	vt_hash(vt_hash_by_name("sha256", 6), key, len, p->key_digest);
}

static int new_party(const char *name, const void *der, size_t len, struct vtpm_party **party)
{
	struct vtpm_party *p = vt_alloc(NULL, sizeof(*p));
	int rc;

	if (!p)
		return -ENOMEM;
	strscpy(p->name, name, sizeof(p->name));
	rc = vtpm_anchor_open(p->name, der, len, &p->anchor);
	if (rc) {
		vt_free(NULL, p);
		return rc;
	}
	hash_key(p);
	*party = p;
	return 0;
}

/* With one key under two names it would be open whose a manifest is. */
static bool party_exists(const struct vtpm_party *p)
{
	struct vtpm_party *old;

	list_for_each_entry(old, &parties, link)
		if (!strcmp(old->name, p->name) ||
		    !memcmp(old->key_digest, p->key_digest, sizeof(p->key_digest)))
			return true;
	return false;
}

static int insert_party(struct vtpm_party *p)
{
	struct list_head *before = &parties;
	struct vtpm_party *other;

	if (party_exists(p))
		return -EEXIST;
	if (party_count == VTPM_MAX_TRUST)
		return -ENOSPC;
	list_for_each_entry(other, &parties, link)
		if (strcmp(other->name, p->name) < 0)
			before = &other->link;
	list_add(&p->link, before);
	party_count++;
	return 0;
}

int vtpm_trust_add(const char *name, const void *der, size_t len)
{
	struct vtpm_word w = { .s = name, .len = strnlen(name, VTPM_NAME_MAX + 1) };
	struct vtpm_party *p;
	int rc;

	if (!vtpm_word_is_name(&w, VTPM_NAME_MAX))
		return -EINVAL;
	if (len > VTPM_MAX_CERT_DER)
		return -E2BIG;
	rc = new_party(name, der, len, &p);
	if (rc)
		return rc;
	mutex_lock(&admin_lock);
	rc = insert_party(p);
	mutex_unlock(&admin_lock);
	if (rc)
		free_party(p);
	return rc;
}

static void remove_manifest(struct vtpm_manifest *m)
{
	vtpm_store_change(NULL, m);
	list_del(&m->link);
	manifest_count--;
	m->party->manifests--;
	vtpm_manifest_free(m);
}

static void remove_party(struct vtpm_party *p)
{
	struct vtpm_manifest *m, *next;

	list_for_each_entry_safe(m, next, &manifests, link)
		if (m->party == p)
			remove_manifest(m);
	list_del(&p->link);
	party_count--;
	free_party(p);
}

int vtpm_trust_remove(const char *name)
{
	struct vtpm_party *p;

	mutex_lock(&admin_lock);
	p = find_party(name);
	if (p)
		remove_party(p);
	mutex_unlock(&admin_lock);
	return p ? 0 : -ENOENT;
}

unsigned int vtpm_trust_list(struct vtpm_trust_entry *out, unsigned int room)
{
	struct vtpm_party *p;
	unsigned int n = 0;

	mutex_lock(&admin_lock);
	list_for_each_entry(p, &parties, link) {
		if (n < room) {
			memset(&out[n], 0, sizeof(out[n]));
			strscpy(out[n].name, p->name, sizeof(out[n].name));
			memcpy(out[n].key_digest, p->key_digest, sizeof(out[n].key_digest));
			out[n].manifests = p->manifests;
		}
		n++;
	}
	mutex_unlock(&admin_lock);
	return n;
}

/* ---- manifests ---- */

/* Of several reasons against a message the one that says most. */
static int worse(int a, int b)
{
	static const int order[] = { -EKEYREJECTED, -EBADMSG, -ENOPKG, -ENOKEY };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return a;
}

static int find_signer(const struct vtpm_p7 *p7, struct vtpm_party **party)
{
	struct vtpm_party *p;
	int rc, worst = -ENOKEY;

	list_for_each_entry(p, &parties, link) {
		rc = vtpm_anchor_verify(p->anchor, p7->content, p7->content_len, p7->sig,
					p7->sig_len);
		if (!rc) {
			*party = p;
			return 0;
		}
		if (rc == -ENOMEM)
			return rc;
		worst = worse(rc, worst);
	}
	return worst;
}

/* Is there a place for @m, and whose is it now? */
static int find_place(const struct vtpm_manifest *m, struct vtpm_manifest **old)
{
	*old = find_manifest(m->head.name);
	if (*old && (*old)->party != m->party)
		return -EEXIST;
	if (!*old && manifest_count == VTPM_MAX_CERTS)
		return -ENOSPC;
	return 0;
}

static void insert_manifest(struct vtpm_manifest *m)
{
	struct list_head *before = &manifests;
	struct vtpm_manifest *other;

	list_for_each_entry(other, &manifests, link)
		if (strcmp(other->head.name, m->head.name) < 0)
			before = &other->link;
	list_add(&m->link, before);
	manifest_count++;
	m->party->manifests++;
}

static int publish(struct vtpm_manifest *m)
{
	struct vtpm_manifest *old;
	int rc;

	rc = find_place(m, &old);
	if (!rc)
		rc = vtpm_store_change(m, old);
	if (rc)
		return rc;
	if (old) {
		list_del(&old->link);
		manifest_count--;
		old->party->manifests--;
		vtpm_manifest_free(old);
	}
	insert_manifest(m);
	return 0;
}

/* The text is looked at only when it is known whose it is. */
static int load(const struct vtpm_p7 *p7, char *name, struct vtpm_text_error *err)
{
	struct vtpm_manifest *m;
	struct vtpm_party *party = NULL;
	int rc;

	rc = find_signer(p7, &party);
	if (!rc)
		rc = vtpm_manifest_new((const char *)p7->content, p7->content_len, &m, err);
	if (rc)
		return rc;
	m->party = party;
	rc = publish(m);
	if (rc) {
		vtpm_manifest_free(m);
		return rc;
	}
	strscpy(name, m->head.name, VTPM_NAME_MAX + 1);
	return 0;
}

int vtpm_cert_load(const void *p7, size_t len, char name[VTPM_NAME_MAX + 1],
		   struct vtpm_text_error *err)
{
	struct vtpm_p7 parts;
	int rc;

	if (len > VTPM_MAX_MANIFEST)
		return -E2BIG;
	rc = vtpm_p7_split(p7, len, &parts, err);
	if (rc)
		return rc;
	mutex_lock(&admin_lock);
	rc = load(&parts, name, err);
	mutex_unlock(&admin_lock);
	vtpm_p7_free(&parts);
	return rc;
}

int vtpm_cert_remove(const char *name)
{
	struct vtpm_manifest *m;

	mutex_lock(&admin_lock);
	m = find_manifest(name);
	if (m)
		remove_manifest(m);
	mutex_unlock(&admin_lock);
	return m ? 0 : -ENOENT;
}

static void fill_entry(struct vtpm_cert_entry *e, const struct vtpm_manifest *m)
{
	memset(e, 0, sizeof(*e));
	strscpy(e->name, m->head.name, sizeof(e->name));
	strscpy(e->trust, m->party->name, sizeof(e->trust));
	strscpy(e->property, m->head.property, sizeof(e->property));
	e->measurements = m->count;
}

unsigned int vtpm_cert_list(struct vtpm_cert_entry *out, unsigned int room)
{
	struct vtpm_manifest *m;
	unsigned int n = 0;

	mutex_lock(&admin_lock);
	list_for_each_entry(m, &manifests, link) {
		if (n < room)
			fill_entry(&out[n], m);
		n++;
	}
	mutex_unlock(&admin_lock);
	return n;
}

void vtpm_certs_init(void)
{
	vtpm_verify_init();
	vtpm_store_init();
}

void vtpm_certs_exit(void)
{
	struct vtpm_party *p, *next;

	mutex_lock(&admin_lock);
	list_for_each_entry_safe(p, next, &parties, link)
		remove_party(p);
	mutex_unlock(&admin_lock);
	vtpm_store_exit();
	vtpm_verify_exit();
}
