// SPDX-License-Identifier: GPL-2.0-only
/* The host tier's cases of credential, in a kernel. */
#include "host.h"
#include "../host/test_credential.c"
