// SPDX-License-Identifier: GPL-2.0-only
/* The host tier's cases of threats to objects, in a kernel. */
#include "host.h"
#include "../host/test_threats_object.c"
