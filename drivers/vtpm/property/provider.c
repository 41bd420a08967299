// SPDX-License-Identifier: GPL-2.0-only
/* The registry of property providers, and the room's beginning and end. */
#include "property.h"
#include "certs.h"
#include "../crypto/crypto.h"

/**
 * struct entry - a registered provider
 * @link: in the registry
 * @ops: what was registered
 * @users: policies that name it
 */
struct entry {
	struct list_head link;
	const struct vtpm_provider *ops;
	unsigned long users;
};

static LIST_HEAD(registry);		/* of struct entry; under registry_lock */
static DEFINE_MUTEX(registry_lock);

static struct entry *find_name(const char *name, size_t len)
{
	struct entry *e;

	list_for_each_entry(e, &registry, link)
		if (strlen(e->ops->name) == len && !memcmp(e->ops->name, name, len))
			return e;
	return NULL;
}

static struct entry *find_ops(const struct vtpm_provider *ops)
{
	struct entry *e;

	list_for_each_entry(e, &registry, link)
		if (e->ops == ops)
			return e;
	return NULL;
}

static bool good_name(const char *name, size_t max)
{
	size_t i, len = name ? strnlen(name, max + 1) : 0;

	for (i = 0; i < len; i++)
		if (!(name[i] >= 'a' && name[i] <= 'z') && !(name[i] >= '0' && name[i] <= '9') &&
		    name[i] != '-')
			return false;
	return len && len <= max;
}

static bool good_options(const struct vtpm_provider *p)
{
	u32 i;

	if (p->option_count > VTPM_PROVIDER_OPTIONS || (p->option_count && !p->options))
		return false;
	for (i = 0; i < p->option_count; i++)
		if (!good_name(p->options[i].name, VTPM_OPTION_NAME_MAX) ||
		    (p->options[i].values && !p->options[i].values[0]) ||
		    p->options[i].kind > VTPM_OPTION_PCRS || p->options[i].min > p->options[i].max)
			return false;
	return true;
}

static bool good_ops(const struct vtpm_provider *p)
{
	return p->translate && !p->save == !p->load && (p->load || !p->check);
}

static int add_entry(struct entry *e)
{
	int rc = 0;

	mutex_lock(&registry_lock);
	if (find_name(e->ops->name, strlen(e->ops->name)))
		rc = -EEXIST;
	else
		list_add_tail(&e->link, &registry);
	mutex_unlock(&registry_lock);
	return rc;
}

int vtpm_provider_register(const struct vtpm_provider *p)
{
	struct entry *e;
	int rc;

	if (p->api_version != VTPM_PROVIDER_API)
		return -EOPNOTSUPP;
	if (!good_name(p->name, VTPM_PROVIDER_NAME_MAX) || !good_options(p) || !good_ops(p))
		return -EINVAL;
	e = vt_alloc(NULL, sizeof(*e));
	if (!e)
		return -ENOMEM;
	e->ops = p;
	rc = add_entry(e);
	if (rc)
		vt_free(NULL, e);
	return rc;
}
EXPORT_SYMBOL_GPL(vtpm_provider_register);

void vtpm_provider_unregister(const struct vtpm_provider *p)
{
	struct entry *e;

	mutex_lock(&registry_lock);
	e = find_ops(p);
	if (e && !WARN_ON(e->users))
		list_del(&e->link);
	else
		e = NULL;
	mutex_unlock(&registry_lock);
	vt_free(NULL, e);
}
EXPORT_SYMBOL_GPL(vtpm_provider_unregister);

const struct vtpm_provider *vtpm_provider_get(const char *name, size_t len)
{
	const struct vtpm_provider *ops = NULL;
	struct entry *e;

	mutex_lock(&registry_lock);
	e = find_name(name, len);
	if (e && try_module_get(e->ops->owner)) {
		e->users++;
		ops = e->ops;
	}
	mutex_unlock(&registry_lock);
	return ops;
}

void vtpm_provider_put(const struct vtpm_provider *p)
{
	struct entry *e;

	mutex_lock(&registry_lock);
	e = find_ops(p);
	if (!WARN_ON(!e || !e->users))
		e->users--;
	mutex_unlock(&registry_lock);
	module_put(p->owner);
}

void *vtpm_provider_alloc(struct vt_mem *mem, size_t size)
{
	return vt_alloc(mem, size);
}
EXPORT_SYMBOL_GPL(vtpm_provider_alloc);

void vtpm_provider_free(struct vt_mem *mem, const void *p)
{
	vt_free(mem, p);
}
EXPORT_SYMBOL_GPL(vtpm_provider_free);

/* ---- the room ---- */

static const struct vtpm_provider *const own[] = {
	&vtpm_hash_provider,
	&vtpm_certificate_provider,
	&vtpm_log_provider,
	&vtpm_map_provider,
	&vtpm_accumulate_provider,
	&vtpm_translate_provider,
};

static void unregister_own(unsigned int count)
{
	while (count--)
		vtpm_provider_unregister(own[count]);
}

int vtpm_property_init(void)
{
	unsigned int i;
	int rc;

	for (i = 0; i < ARRAY_SIZE(own); i++) {
		rc = vtpm_provider_register(own[i]);
		if (rc) {
			unregister_own(i);
			return rc;
		}
	}
	vtpm_certs_init();
	return 0;
}

void vtpm_property_exit(void)
{
	unregister_own(ARRAY_SIZE(own));
	vtpm_certs_exit();
}
