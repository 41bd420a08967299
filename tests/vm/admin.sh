#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What an admin does, in one virtual machine: vtpmctl, and the demo's story.

cd "$(dirname "$0")/../.." || exit 1
failed=0
tests/vm/ctl.sh || failed=1
tests/vm/providers.sh || failed=1
tests/vm/log.sh || failed=1
tools/demo-guest --tap || failed=1
tests/vm/scenarios.sh || failed=1
exit $failed
