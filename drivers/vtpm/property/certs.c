// SPDX-License-Identifier: GPL-2.0-only
/* Trusted parties and their manifests, as the admin handles them. */
#include "certs.h"
#include "p7.h"
#include "store.h"
#include "verify.h"
#include "../policy/text.h"

/*
 * Whoever changes anything holds @change_lock from beginning to end, over the
 * checking of signatures and the reading of texts too, which for long manifests
 * take seconds: one text at a time is in the works, and no party goes while it
 * is asked. Whoever lists takes @list_lock alone, which guards the lists for as
 * long as it takes to link something in. Inside of both is the store's own lock,
 * which extends take.
 */
static DEFINE_MUTEX(change_lock);
static DEFINE_MUTEX(list_lock);
static LIST_HEAD(parties);		/* of struct vtpm_party, by name */
static LIST_HEAD(manifests);		/* of struct vtpm_manifest, by name */
static unsigned int party_count;
static unsigned int manifest_count;

/**
 * struct vtpm_seen - the highest version of a name
 * @link: in its party
 * @name: of a manifest or revocation that was loaded
 * @version: the highest one of these
 */
struct vtpm_seen {
	struct list_head link;
	char name[VTPM_NAME_MAX + 1];
	u64 version;
};

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
	struct vtpm_seen *seen, *next;

	list_for_each_entry_safe(seen, next, &p->seen, link)
		vt_free(NULL, seen);
	vtpm_anchor_close(p->anchor);
	vt_free(NULL, p->cert);
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

static int fill_party(struct vtpm_party *p, const char *name, const void *der, size_t len)
{
	int rc;

	INIT_LIST_HEAD(&p->seen);
	strscpy(p->name, name, sizeof(p->name));
	rc = vtpm_anchor_open(p->name, der, len, &p->anchor);
	if (rc)
		return rc;
	p->cert = vt_alloc(NULL, len);
	if (!p->cert)
		return -ENOMEM;
	memcpy(p->cert, der, len);
	p->cert_len = len;
	hash_key(p);
	return 0;
}

static int new_party(const char *name, const void *der, size_t len, struct vtpm_party **party)
{
	struct vtpm_party *p = vt_alloc(NULL, sizeof(*p));
	int rc;

	if (!p)
		return -ENOMEM;
	rc = fill_party(p, name, der, len);
	if (rc) {
		free_party(p);
		return rc;
	}
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

/* The lowest number that no party has; there is one, as @party_count says. */
static unsigned int free_index(void)
{
	struct vtpm_party *p;
	u64 taken = 0;

	list_for_each_entry(p, &parties, link)
		taken |= BIT_ULL(p->index);
	return __ffs64(~taken);
}

static int insert_party(struct vtpm_party *p)
{
	struct list_head *before = &parties;
	struct vtpm_party *other;

	if (party_exists(p))
		return -EEXIST;
	if (party_count == VTPM_MAX_TRUST)
		return -ENOSPC;
	p->index = free_index();
	list_for_each_entry(other, &parties, link)
		if (strcmp(other->name, p->name) < 0)
			before = &other->link;
	mutex_lock(&list_lock);
	list_add(&p->link, before);
	mutex_unlock(&list_lock);
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
	rc = mutex_lock_killable(&change_lock);
	if (!rc) {
		rc = insert_party(p);
		mutex_unlock(&change_lock);
	}
	if (rc)
		free_party(p);
	return rc;
}

static unsigned int *count_of(const struct vtpm_manifest *m)
{
	return m->head.revocation ? &m->party->revocations : &m->party->manifests;
}

/* Out of the list, which leaves it to be freed. */
static void unlink_manifest(struct vtpm_manifest *m)
{
	list_del(&m->link);
	manifest_count--;
	--*count_of(m);
}

static void remove_party(struct vtpm_party *p)
{
	struct vtpm_manifest *m, *next;
	LIST_HEAD(gone);

	mutex_lock(&list_lock);
	list_for_each_entry_safe(m, next, &manifests, link) {
		if (m->party != p)
			continue;
		unlink_manifest(m);
		list_add(&m->link, &gone);
	}
	list_del(&p->link);
	mutex_unlock(&list_lock);
	party_count--;
	vtpm_store_drop(p);
	list_for_each_entry_safe(m, next, &gone, link)
		vtpm_manifest_free(m);
	free_party(p);
}

int vtpm_trust_remove(const char *name)
{
	struct vtpm_party *p;
	int rc;

	rc = mutex_lock_killable(&change_lock);
	if (rc)
		return rc;
	p = find_party(name);
	if (p)
		remove_party(p);
	mutex_unlock(&change_lock);
	return p ? 0 : -ENOENT;
}

unsigned int vtpm_trust_list(struct vtpm_trust_entry *out, unsigned int room)
{
	struct vtpm_party *p;
	unsigned int n = 0;

	mutex_lock(&list_lock);
	list_for_each_entry(p, &parties, link) {
		if (n < room) {
			memset(&out[n], 0, sizeof(out[n]));
			strscpy(out[n].name, p->name, sizeof(out[n].name));
			memcpy(out[n].key_digest, p->key_digest, sizeof(out[n].key_digest));
			out[n].manifests = p->manifests;
			out[n].revocations = p->revocations;
		}
		n++;
	}
	mutex_unlock(&list_lock);
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

static int ask_party(struct vtpm_party *p, const struct vtpm_p7 *p7, struct vtpm_party **party)
{
	int rc;

	if (vt_killed())
		return -EINTR;
	rc = vtpm_anchor_verify(p->anchor, p7->content, p7->content_len, p7->sig, p7->sig_len);
	if (!rc)
		*party = p;
	return rc;
}

/*
 * Each party costs another hash over the whole text, so those go first whose
 * certificate has the signer's name in it. Whoever is asked, the answer is in
 * the signature alone.
 */
static int find_signer(const struct vtpm_p7 *p7, struct vtpm_party **party)
{
	struct vtpm_party *p;
	int rc, worst = -ENOKEY;
	bool likely_ones;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		likely_ones = !i;
		list_for_each_entry(p, &parties, link) {
			if (vtpm_p7_is_of(p7, p->cert, p->cert_len) != likely_ones)
				continue;
			rc = ask_party(p, p7, party);
			if (!rc || rc == -ENOMEM || rc == -EINTR)
				return rc;
			worst = worse(rc, worst);
		}
	}
	return worst;
}

/* The party of this name and key alone. */
static int ask_named(const struct vtpm_p7 *p7, const char *name, const u8 *key,
		     struct vtpm_party **party)
{
	struct vtpm_party *p = find_party(name);

	if (!p || (key && memcmp(key, p->key_digest, sizeof(p->key_digest))))
		return -ENOKEY;
	return ask_party(p, p7, party);
}

int vtpm_trust_check(const struct vtpm_p7 *p7, const char *party, const u8 *key,
		     char by[VTPM_NAME_MAX + 1])
{
	struct vtpm_party *p = NULL;
	int rc;

	rc = mutex_lock_killable(&change_lock);
	if (rc)
		return rc;
	rc = party ? ask_named(p7, party, key, &p) : find_signer(p7, &p);
	if (!rc)
		strscpy(by, p->name, VTPM_NAME_MAX + 1);
	mutex_unlock(&change_lock);
	return rc;
}

/* ---- what speaks against a manifest whose text is right ---- */

static struct vtpm_seen *find_seen(const struct vtpm_party *p, const char *name)
{
	struct vtpm_seen *seen;

	list_for_each_entry(seen, &p->seen, link)
		if (!strcmp(seen->name, name))
			return seen;
	return NULL;
}

/* Is there a place for @m, and whose is it now? */
static int find_place(const struct vtpm_manifest *m, struct vtpm_manifest **old,
		      struct vtpm_text_error *err)
{
	*old = find_manifest(m->head.name);
	if (*old && (*old)->party != m->party)
		return -EEXIST;
	if (!*old && manifest_count == VTPM_MAX_CERTS)
		return -ENOSPC;
	if (*old && (*old)->head.revocation != m->head.revocation)
		return vtpm_text_fail_at(err, m->head.name_at.line, m->head.name_at.column,
					 "this is the name of a %s",
					 m->head.revocation ? "manifest" : "revocation");
	return 0;
}

static int check_version(const struct vtpm_manifest *m, struct vtpm_text_error *err)
{
	const struct vtpm_manifest_head *h = &m->head;
	const struct vtpm_place *at = h->version ? &h->version_at : &h->name_at;
	const struct vtpm_seen *seen = find_seen(m->party, h->name);

	if (!seen || h->version >= seen->version)
		return 0;
	return vtpm_text_fail_at(err, at->line, at->column,
				 "version %llu of %s was here already", seen->version, h->name);
}

static int check_time(const struct vtpm_manifest *m, struct vtpm_text_error *err)
{
	if (!m->head.until || vt_real_seconds() < m->head.until)
		return 0;
	return vtpm_text_fail_at(err, m->head.until_at.line, m->head.until_at.column,
				 "by the clock of this host its time is over");
}

static bool names(const struct vtpm_revoked *r, const struct vtpm_manifest_head *h)
{
	if (r->name[0])
		return h->version <= r->number && !strcmp(r->name, h->name);
	return h->serial == r->number;
}

/* Does @revocation, which may be NULL, name @m? */
static bool revokes(const struct vtpm_manifest *revocation, const struct vtpm_manifest *m)
{
	struct vtpm_revoked *r;

	if (!revocation || revocation->party != m->party || m->head.revocation)
		return false;
	list_for_each_entry(r, &revocation->revoked, link)
		if (names(r, &m->head))
			return true;
	return false;
}

/* Which of those that are loaded, but for @old, names @m? */
static const struct vtpm_manifest *find_revocation(const struct vtpm_manifest *m,
						   const struct vtpm_manifest *old)
{
	struct vtpm_manifest *other;

	list_for_each_entry(other, &manifests, link)
		if (other != old && revokes(other, m))
			return other;
	return NULL;
}

static int check_revoked(const struct vtpm_manifest *m, struct vtpm_text_error *err)
{
	const struct vtpm_manifest *by = find_revocation(m, NULL);

	if (!by)
		return 0;
	return vtpm_text_fail_at(err, m->head.name_at.line, m->head.name_at.column,
				 "revoked by %s", by->head.name);
}

static int check(const struct vtpm_manifest *m, struct vtpm_manifest **old,
		 struct vtpm_text_error *err)
{
	int rc;

	rc = find_place(m, old, err);
	if (!rc)
		rc = check_version(m, err);
	if (!rc)
		rc = check_time(m, err);
	if (!rc)
		rc = check_revoked(m, err);
	return rc;
}

/* ---- a manifest comes or goes ---- */

/* Remembers the version; nothing is left to fail behind this. */
static int note_version(struct vtpm_manifest *m)
{
	struct vtpm_seen *seen = find_seen(m->party, m->head.name);

	if (!m->head.version)
		return 0;
	if (!seen) {
		if (m->party->seen_count == VTPM_MAX_SEEN)
			return -ENOSPC;
		seen = vt_alloc(NULL, sizeof(*seen));
		if (!seen)
			return -ENOMEM;
		strscpy(seen->name, m->head.name, sizeof(seen->name));
		list_add_tail(&seen->link, &m->party->seen);
		m->party->seen_count++;
	}
	seen->version = m->head.version;
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
	++*count_of(m);
}

/* Says of each manifest whether it is revoked when @new has come and @old has gone. */
static void settle(const struct vtpm_manifest *new, const struct vtpm_manifest *old)
{
	struct vtpm_manifest *m;

	list_for_each_entry(m, &manifests, link)
		m->void_next = revokes(new, m) || find_revocation(m, old);
}

static void step(struct vtpm_manifest *new, struct vtpm_manifest *old)
{
	const struct vtpm_manifest *either = new ? new : old;

	if (either->head.revocation)
		settle(new, old);
	mutex_lock(&list_lock);
	vtpm_store_step(new, old, &manifests);
	if (old)
		unlink_manifest(old);
	if (new)
		insert_manifest(new);
	mutex_unlock(&list_lock);
	vtpm_manifest_free(old);
}

static int publish(struct vtpm_manifest *m, struct vtpm_text_error *err)
{
	struct vtpm_manifest *old;
	int rc;

	rc = check(m, &old, err);
	if (!rc)
		rc = note_version(m);
	if (!rc)
		step(m, old);
	return rc;
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
	rc = publish(m, err);
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
	rc = mutex_lock_killable(&change_lock);
	if (!rc) {
		rc = load(&parts, name, err);
		mutex_unlock(&change_lock);
	}
	vtpm_p7_free(&parts);
	return rc;
}

int vtpm_cert_remove(const char *name)
{
	struct vtpm_manifest *m;
	int rc;

	rc = mutex_lock_killable(&change_lock);
	if (rc)
		return rc;
	m = find_manifest(name);
	if (m)
		step(NULL, m);
	mutex_unlock(&change_lock);
	return m ? 0 : -ENOENT;
}

/* ---- lists ---- */

static u32 flags_of(const struct vtpm_manifest *m, s64 now)
{
	u32 flags = 0;

	if (m->head.revocation)
		flags |= VTPM_CERT_REVOCATION;
	if (m->void_now)
		flags |= VTPM_CERT_REVOKED;
	if (now < m->head.from)
		flags |= VTPM_CERT_NOT_YET;
	if (m->head.until && now >= m->head.until)
		flags |= VTPM_CERT_EXPIRED;
	return flags;
}

static void fill_entry(struct vtpm_cert_entry *e, const struct vtpm_manifest *m, s64 now)
{
	memset(e, 0, sizeof(*e));
	strscpy(e->name, m->head.name, sizeof(e->name));
	strscpy(e->trust, m->party->name, sizeof(e->trust));
	strscpy(e->property, m->head.property, sizeof(e->property));
	e->measurements = m->count;
	e->flags = flags_of(m, now);
	e->version = m->head.version;
	e->serial = m->head.serial;
	e->from = m->head.from;
	e->until = m->head.until;
	e->manifests = m->revoked_count;
}

unsigned int vtpm_cert_list(struct vtpm_cert_entry *out, unsigned int room)
{
	s64 now = vt_real_seconds();
	struct vtpm_manifest *m;
	unsigned int n = 0;

	mutex_lock(&list_lock);
	list_for_each_entry(m, &manifests, link) {
		if (n < room)
			fill_entry(&out[n], m, now);
		n++;
	}
	mutex_unlock(&list_lock);
	return n;
}

void vtpm_certs_size(u64 *measurements, u64 *bytes)
{
	vtpm_store_size(measurements, bytes);
}

void vtpm_certs_init(void)
{
	vtpm_verify_init();
	vtpm_store_init();
}

void vtpm_certs_exit(void)
{
	struct vtpm_party *p, *next;

	mutex_lock(&change_lock);
	list_for_each_entry_safe(p, next, &parties, link)
		remove_party(p);
	mutex_unlock(&change_lock);
	vtpm_store_exit();
	vtpm_verify_exit();
}
