// SPDX-License-Identifier: GPL-2.0-only
/* vtpm.ko: a TPM 2.0 inside the kernel, many instances. Init and exit, nothing else. */

#include <linux/module.h>

#include "crypto/crypto.h"
#include "property/property.h"
#include "vtpm.h"

static int __init vtpm_crypto_start(void)
{
	const char *failed = "set-up";
	int ret;

	ret = vt_crypto_init();
	if (ret) {
		pr_err("this kernel lacks an algorithm (error %d): not loading\n", ret);
		return ret;
	}
	ret = vt_crypto_selftest(&failed);
	if (ret) {
		pr_err("self-test of %s failed: not loading\n", failed);
		vt_crypto_exit();
	}
	return ret;
}

static int __init vtpm_init(void)
{
	int ret;

	ret = vtpm_crypto_start();
	if (ret)
		return ret;
	ret = vtpm_property_init();
	if (ret)
		goto err_crypto;
	ret = vtpm_sysfs_init();
	if (ret)
		goto err_property;
	ret = vtpm_chardev_init();
	if (ret)
		goto err_sysfs;
	ret = vtpm_control_init();
	if (ret)
		goto err_chardev;
	return 0;

err_chardev:
	vtpm_chardev_exit();
err_sysfs:
	vtpm_sysfs_exit();
err_property:
	vtpm_property_exit();
err_crypto:
	vt_crypto_exit();
	return ret;
}

static void __exit vtpm_exit(void)
{
	vtpm_control_exit();
	vtpm_instances_exit();
	vtpm_chardev_exit();
	vtpm_sysfs_exit();
	vtpm_property_exit();
	vt_crypto_exit();
}

module_init(vtpm_init);
module_exit(vtpm_exit);

MODULE_DESCRIPTION("Virtual TPM 2.0 devices, inside the kernel");
MODULE_AUTHOR("The vtpm project");
MODULE_LICENSE("GPL");
