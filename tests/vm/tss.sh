#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Real clients against the nodes, in one virtual machine: the kernel's own TPM
# tests, unmodified tpm2-tools on both nodes, programs over libtss2.

cd "$(dirname "$0")/../.." || exit 1
failed=0
tests/tss/kernel-tpm2 || failed=1
tests/tss/tools rm || failed=1
tests/tss/tools raw || failed=1
if [ -x tests/tss/esapi-run ]; then
	tests/tss/esapi-run || failed=1
fi
exit $failed
