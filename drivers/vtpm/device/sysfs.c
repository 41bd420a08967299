// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/vtpm: the two devices of an instance, and what can be seen of it.
 *
 * Attributes are shared by all instances. Folders exist for banks that are
 * active and providers that are used, for each file costs memory. Everybody
 * may read what the node itself would tell; what concerns the instance as
 * others use it (policy, matrix, counters) is for the admin.
 */

#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/sysfs.h>

#include "../crypto/crypto.h"
#include "../policy/policy.h"
#include "../property/property.h"
#include "../tpm2/tpm2.h"
#include "../vtpm.h"

#define VTPM_MODE_ADMIN	0400

static struct class vtpm_class = {
	.name = "vtpm",
};

/**
 * struct vtpm_pcr_attr - one file pcr-<alg>/<n>, under the device and under a provider
 * @attr: the same in both places; how it is shown depends on the folder's kobject
 * @name: the number
 * @bank: whose
 * @pcr: which
 */
struct vtpm_pcr_attr {
	struct device_attribute attr;
	char name[4];
	const struct vt_hash_alg *bank;
	unsigned int pcr;
};

/**
 * struct vtpm_bank_dir - one folder pcr-<alg>
 * @name: of the folder
 * @files: one for each PCR
 * @list: the same as sysfs wants it
 * @view: the folder under the device
 * @matrix: the folder under a provider
 */
struct vtpm_bank_dir {
	char name[16];
	struct vtpm_pcr_attr files[VTPM_PCR_COUNT];
	struct attribute *list[VTPM_PCR_COUNT + 1];
	struct attribute_group view;
	struct attribute_group matrix;
};

static struct vtpm_bank_dir vtpm_banks[VT_HASH_COUNT] __ro_after_init;

static_assert(VT_HASH_COUNT <= VTPM_MAX_BANKS);

static struct vtpm_pcr_attr *to_pcr_attr(struct attribute *attr)
{
	return container_of(attr, struct vtpm_pcr_attr, attr.attr);
}

/* ---- PCRs ---- */

static ssize_t vtpm_emit_digest(char *buf, const u8 *digest, size_t len)
{
	char *p = buf;
	size_t i;

	for (i = 0; i < len; i++)
		p = hex_byte_pack_upper(p, digest[i]);
	*p++ = '\n';
	return p - buf;
}

/* What the filter shows a reader; ENODATA where it shows nothing. */
static ssize_t vtpm_pcr_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct vtpm_pcr_attr *a = to_pcr_attr(&attr->attr);
	struct vtpm *v = dev_get_drvdata(dev);
	u8 digest[VT_MAX_DIGEST];
	int ret;

	ret = vtpm_lock_live(v);
	if (ret)
		return ret;
	ret = vtpm_matrix_pcr_ops.read(v->matrix, VTPM_OP_READ, 0, a->bank->id, a->pcr, digest);
	mutex_unlock(&v->lock);
	return ret ?: vtpm_emit_digest(buf, digest, a->bank->digest_size);
}

static ssize_t vtpm_matrix_show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	struct vtpm_provider_dir *dir = container_of(kobj, struct vtpm_provider_dir, kobj);
	const struct vtpm_pcr_attr *a = to_pcr_attr(attr);
	u8 digest[VT_MAX_DIGEST];
	int ret;

	ret = vtpm_lock_live(dir->v);
	if (ret)
		return ret;
	ret = vtpm_matrix_peek(dir->v->matrix, dir->index, a->bank->id, a->pcr, digest);
	mutex_unlock(&dir->v->lock);
	return ret ?: vtpm_emit_digest(buf, digest, a->bank->digest_size);
}

static umode_t vtpm_matrix_mode(struct kobject *kobj, struct attribute *attr, int i)
{
	return VTPM_MODE_ADMIN;
}

static void __init vtpm_init_bank(struct vtpm_bank_dir *b, const struct vt_hash_alg *alg)
{
	struct vtpm_pcr_attr *a;
	unsigned int i;

	scnprintf(b->name, sizeof(b->name), "pcr-%s", alg->name);
	for (i = 0; i < VTPM_PCR_COUNT; i++) {
		a = &b->files[i];
		a->bank = alg;
		a->pcr = i;
		scnprintf(a->name, sizeof(a->name), "%u", i);
		sysfs_attr_init(&a->attr.attr);
		a->attr.attr.name = a->name;
		a->attr.attr.mode = 0444;
		a->attr.show = vtpm_pcr_show;
		b->list[i] = &a->attr.attr;
	}
	b->view.name = b->name;
	b->view.attrs = b->list;
	b->matrix = b->view;
	b->matrix.is_visible = vtpm_matrix_mode;
}

/* ---- the rest of the device's files ---- */

static ssize_t tpm_version_major_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "2\n");
}
static DEVICE_ATTR_RO(tpm_version_major);

static ssize_t name_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct vtpm *v = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n", v->name);
}
static DEVICE_ATTR_RO(name);

static ssize_t state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct tpm2_stats stats;
	int ret = vtpm_get_stats(dev_get_drvdata(dev), &stats);

	if (ret)
		return ret;
	if (stats.failure_mode)
		return sysfs_emit(buf, "failed\n");
	return sysfs_emit(buf, stats.started ? "running\n" : "unstarted\n");
}
static DEVICE_ATTR_RO(state);

/* Any text will do: opening the file and writing to it is what programs know of it. */
static ssize_t cancel_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	vtpm_cancel(dev_get_drvdata(dev));
	return count;
}
static DEVICE_ATTR_WO(cancel);

static ssize_t memory_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct vtpm *v = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%ld\n", atomic_long_read(&v->mem.bytes));
}
static DEVICE_ATTR_ADMIN_RO(memory);

enum vtpm_counter {
	VTPM_COMMANDS,
	VTPM_FAILURES,
	VTPM_OBJECTS,
	VTPM_SESSIONS,
	VTPM_RESETS,
	VTPM_COUNTERS
};

struct vtpm_counter_attr {
	struct device_attribute attr;
	enum vtpm_counter counter;
};

static u64 vtpm_counter_value(const struct tpm2_stats *stats, enum vtpm_counter counter)
{
	switch (counter) {
	case VTPM_COMMANDS:
		return stats->commands;
	case VTPM_FAILURES:
		return stats->failures;
	case VTPM_OBJECTS:
		return stats->objects;
	case VTPM_SESSIONS:
		return stats->sessions;
	default:
		return stats->resets;
	}
}

static ssize_t vtpm_counter_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct vtpm_counter_attr *a = container_of(attr, struct vtpm_counter_attr, attr);
	struct tpm2_stats stats;
	int ret = vtpm_get_stats(dev_get_drvdata(dev), &stats);

	return ret ?: sysfs_emit(buf, "%llu\n", vtpm_counter_value(&stats, a->counter));
}

#define VTPM_COUNTER(file, index) {					\
	.attr = __ATTR(file, VTPM_MODE_ADMIN, vtpm_counter_show, NULL),	\
	.counter = (index),						\
}

static struct vtpm_counter_attr vtpm_counters[VTPM_COUNTERS] = {
	[VTPM_COMMANDS] = VTPM_COUNTER(commands, VTPM_COMMANDS),
	[VTPM_FAILURES] = VTPM_COUNTER(failures, VTPM_FAILURES),
	[VTPM_OBJECTS] = VTPM_COUNTER(objects, VTPM_OBJECTS),
	[VTPM_SESSIONS] = VTPM_COUNTER(sessions, VTPM_SESSIONS),
	[VTPM_RESETS] = VTPM_COUNTER(resets, VTPM_RESETS),
};

/* A policy may be longer than a page, which is all that other attributes can show. */
static ssize_t policy_read(struct file *file, struct kobject *kobj,
			   VT_BIN_ATTR_CONST struct bin_attribute *attr,
			   char *buf, loff_t off, size_t count)
{
	struct vtpm *v = dev_get_drvdata(kobj_to_dev(kobj));
	const char *text;
	ssize_t ret;
	size_t len;

	ret = vtpm_lock_live(v);
	if (ret)
		return ret;
	text = vtpm_policy_text(vtpm_matrix_policy(v->matrix), &len);
	ret = memory_read_from_buffer(buf, count, &off, text, len);
	mutex_unlock(&v->lock);
	return ret;
}

static VT_BIN_ATTR_CONST struct bin_attribute policy_attr = {
	.attr = { .name = "policy", .mode = VTPM_MODE_ADMIN },
	.read = policy_read,
};

/* Read in pieces: a log that is extended meanwhile grows at its end, but for resets. */
static ssize_t measurements_read(struct file *file, struct kobject *kobj,
				 VT_BIN_ATTR_CONST struct bin_attribute *attr,
				 char *buf, loff_t off, size_t count)
{
	struct vtpm *v = dev_get_drvdata(kobj_to_dev(kobj));
	enum vtpm_log_form form = (uintptr_t)attr->private;
	ssize_t ret;

	ret = vtpm_lock_live(v);
	if (ret)
		return ret;
	ret = vtpm_matrix_measurements(v->matrix, form, off, buf, count);
	mutex_unlock(&v->lock);
	return ret;
}

/* Named as the kernel's own are in securityfs. */
static VT_BIN_ATTR_CONST struct bin_attribute tcg_log_attr = {
	.attr = { .name = "binary_bios_measurements", .mode = VTPM_MODE_ADMIN },
	.private = (void *)VTPM_LOG_TCG,
	.read = measurements_read,
};

static VT_BIN_ATTR_CONST struct bin_attribute ima_log_attr = {
	.attr = { .name = "binary_runtime_measurements", .mode = VTPM_MODE_ADMIN },
	.private = (void *)VTPM_LOG_RUNTIME,
	.read = measurements_read,
};

static struct attribute *vtpm_attrs[] = {
	&dev_attr_tpm_version_major.attr,
	&dev_attr_name.attr,
	&dev_attr_state.attr,
	&dev_attr_cancel.attr,
	&dev_attr_memory.attr,
	&vtpm_counters[VTPM_COMMANDS].attr.attr,
	&vtpm_counters[VTPM_FAILURES].attr.attr,
	&vtpm_counters[VTPM_OBJECTS].attr.attr,
	&vtpm_counters[VTPM_SESSIONS].attr.attr,
	&vtpm_counters[VTPM_RESETS].attr.attr,
	NULL
};

static VT_BIN_ATTR_CONST struct bin_attribute *VT_BIN_ATTR_CONST vtpm_bin_attrs[] = {
	&policy_attr,
	&tcg_log_attr,
	&ima_log_attr,
	NULL
};

static const struct attribute_group vtpm_group = {
	.attrs = vtpm_attrs,
	.bin_attrs = vtpm_bin_attrs,
};

static const struct attribute_group *vtpm_groups[] = {
	&vtpm_group,
	NULL
};

/* ---- matrix/ ---- */

static void vtpm_provider_release(struct kobject *kobj)
{
	struct vtpm_provider_dir *dir = container_of(kobj, struct vtpm_provider_dir, kobj);

	vtpm_put(dir->v);
}

static const struct sysfs_ops vtpm_matrix_sysfs_ops = {
	.show = vtpm_matrix_show,
};

static const struct kobj_type vtpm_provider_type = {
	.release = vtpm_provider_release,
	.sysfs_ops = &vtpm_matrix_sysfs_ops,
};

static ssize_t list_read(struct file *file, struct kobject *kobj,
			 VT_BIN_ATTR_CONST struct bin_attribute *attr,
			 char *buf, loff_t off, size_t count)
{
	struct vtpm_provider_dir *dir = container_of(kobj, struct vtpm_provider_dir, kobj);
	ssize_t ret;

	ret = vtpm_lock_live(dir->v);
	if (ret)
		return ret;
	ret = vtpm_matrix_list(dir->v->matrix, dir->index, off, buf, count);
	mutex_unlock(&dir->v->lock);
	return ret;
}

/* Of providers that have something to tell; longer than a page, as the policy is. */
static VT_BIN_ATTR_CONST struct bin_attribute list_attr = {
	.attr = { .name = "list", .mode = VTPM_MODE_ADMIN },
	.read = list_read,
};

static int vtpm_add_provider(struct vtpm *v, unsigned int index, const char *name)
{
	struct vtpm_provider_dir *dir = &v->provider_dirs[index];
	int ret;

	dir->v = v;
	dir->index = index;
	kref_get(&v->ref);
	v->providers++;
	ret = kobject_init_and_add(&dir->kobj, &vtpm_provider_type, v->matrix_dir, "%s", name);
	if (!ret && vtpm_matrix_has_list(v->matrix, index))
		ret = sysfs_create_bin_file(&dir->kobj, &list_attr);
	return ret;
}

static int vtpm_add_matrix(struct vtpm *v)
{
	unsigned int i, count = vtpm_matrix_providers(v->matrix);
	int ret = 0;

	v->provider_dirs = vt_alloc(&v->mem, count * sizeof(*v->provider_dirs));
	v->matrix_dir = kobject_create_and_add("matrix", &v->dev[VTPM_RAW].kobj);
	if (!v->provider_dirs || !v->matrix_dir)
		return -ENOMEM;
	for (i = 0; i < count && !ret; i++)
		ret = vtpm_add_provider(v, i, vtpm_matrix_provider_name(v->matrix, i));
	return ret;
}

static void vtpm_remove_matrix(struct vtpm *v)
{
	unsigned int i;

	for (i = 0; i < v->providers; i++) {
		kobject_del(&v->provider_dirs[i].kobj);
		kobject_put(&v->provider_dirs[i].kobj);
	}
	kobject_del(v->matrix_dir);
	kobject_put(v->matrix_dir);
}

/* ---- banks come and go with TPM2_PCR_Allocate ---- */

static int vtpm_show_bank(struct vtpm *v, const struct vtpm_bank_dir *b)
{
	unsigned int i;
	int ret = sysfs_create_group(&v->dev[VTPM_RAW].kobj, &b->view);

	for (i = 0; i < v->providers && !ret; i++)
		ret = sysfs_create_group(&v->provider_dirs[i].kobj, &b->matrix);
	return ret;
}

static void vtpm_hide_bank(struct vtpm *v, const struct vtpm_bank_dir *b)
{
	unsigned int i;

	for (i = 0; i < v->providers; i++)
		sysfs_remove_group(&v->provider_dirs[i].kobj, &b->matrix);
	sysfs_remove_group(&v->dev[VTPM_RAW].kobj, &b->view);
}

/* Makes the folders those of @banks; waits for readers, who take v->lock. */
static int vtpm_show_banks(struct vtpm *v, u32 banks)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < VT_HASH_COUNT && !ret; i++) {
		if (v->shown & ~banks & BIT(i))
			vtpm_hide_bank(v, &vtpm_banks[i]);
		if (banks & ~v->shown & BIT(i))
			ret = vtpm_show_bank(v, &vtpm_banks[i]);
	}
	WRITE_ONCE(v->shown, banks);
	return ret;
}

void vtpm_sysfs_banks(struct work_struct *work)
{
	struct vtpm *v = container_of(work, struct vtpm, banks);
	u32 banks;

	if (vtpm_lock_live(v))
		return;
	banks = vtpm_matrix_banks(v->matrix);
	mutex_unlock(&v->lock);
	if (vtpm_show_banks(v, banks))
		dev_warn(&v->dev[VTPM_RAW], "not all banks are shown in sysfs\n");
}

/* ---- the devices ---- */

static void vtpm_dev_release(struct device *dev)
{
	vtpm_put(dev_get_drvdata(dev));
}

/* The event is held back until the instance can be opened: vtpm_sysfs_announce(). */
static int vtpm_add_device(struct vtpm *v, enum vtpm_node node, const char *format)
{
	struct device *dev = &v->dev[node];
	int ret;

	device_initialize(dev);
	kref_get(&v->ref);
	dev_set_drvdata(dev, v);
	dev->class = &vtpm_class;
	dev->release = vtpm_dev_release;
	dev->devt = vtpm_devt(v->number, node);
	if (node == VTPM_RAW)
		dev->groups = vtpm_groups;
	dev_set_uevent_suppress(dev, true);
	device_set_pm_not_required(dev);
	ret = dev_set_name(dev, format, v->number);
	if (!ret)
		ret = device_add(dev);
	if (ret)
		put_device(dev);
	return ret;
}

int vtpm_sysfs_add(struct vtpm *v)
{
	int ret;

	ret = vtpm_add_device(v, VTPM_RAW, "vtpm%u");
	if (ret)
		return ret;
	ret = vtpm_add_matrix(v);
	if (!ret)
		ret = vtpm_show_banks(v, vtpm_matrix_banks(v->matrix));
	if (ret)
		goto err_matrix;
	ret = vtpm_add_device(v, VTPM_RM, "vtpmrm%u");
	if (ret)
		goto err_matrix;
	return 0;

err_matrix:
	vtpm_remove_matrix(v);
	device_unregister(&v->dev[VTPM_RAW]);
	return ret;
}

void vtpm_sysfs_announce(struct vtpm *v)
{
	unsigned int i;

	for (i = 0; i < VTPM_NODES; i++) {
		dev_set_uevent_suppress(&v->dev[i], false);
		kobject_uevent(&v->dev[i].kobj, KOBJ_ADD);
	}
}

/* Waits for readers of the files, who take v->lock. */
void vtpm_sysfs_remove(struct vtpm *v)
{
	device_unregister(&v->dev[VTPM_RM]);
	vtpm_remove_matrix(v);
	device_unregister(&v->dev[VTPM_RAW]);
}

int __init vtpm_sysfs_init(void)
{
	unsigned int i;

	for (i = 0; i < VT_HASH_COUNT; i++)
		vtpm_init_bank(&vtpm_banks[i], &vt_hash_algs[i]);
	return class_register(&vtpm_class);
}

void vtpm_sysfs_exit(void)
{
	class_unregister(&vtpm_class);
}
