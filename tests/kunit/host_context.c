// SPDX-License-Identifier: GPL-2.0-only
/* The host tier's cases of context, in a kernel. */
#include "host.h"
#include "../host/test_context.c"
