// SPDX-License-Identifier: GPL-2.0-only
/* The host tier's instance and command builder, in a kernel. */
#include "host.h"
#include "crypto/crypto.h"
#include "property/property.h"

/* The module has done this when it started. */
#define vt_crypto_init()	0
#define vtpm_property_init()	0

#include "../host/tpm.c"
