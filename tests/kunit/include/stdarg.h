/* SPDX-License-Identifier: GPL-2.0-only */
/* For the host tier's files when they are compiled for a kernel. */
#include <linux/stdarg.h>
