/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VTPM_PORT_HOST_H
#define VTPM_PORT_HOST_H

#include <stdbool.h>
#include <stdint.h>

/*
 * From here on vt_random() is a function of @seed and of what was asked of it
 * since; 0 goes back to the system's randomness. Not for several threads.
 */
void vt_host_seed(unsigned long long seed);

/* With false, big numbers take the way of a CPU without mulx, adcx and adox. */
void vt_host_use_adx(bool use);

#endif /* VTPM_PORT_HOST_H */
