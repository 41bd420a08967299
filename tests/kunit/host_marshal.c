// SPDX-License-Identifier: GPL-2.0-only
/* The host tier's cases of marshal, in a kernel. */
#include "host.h"
#include "../host/test_marshal.c"
