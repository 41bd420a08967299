# SPDX-License-Identifier: GPL-2.0-only
# The commands of the project; "make help" lists them. The module itself is
# built by the kernel's build system, from Kbuild.

# The newest kernel that the harness can boot, not the running one: that need
# not have headers, nor be Debian's.
kernel = $(shell bash -c '. tools/vm/lib.sh; newest_kernel')
KDIR ?= /lib/modules/$(kernel)/build

DESTDIR ?=
MODDIR ?= updates
JOBS ?= $(shell nproc)

# KDIR is asked for once in each run of make, and only where it is used.
kdir = $(eval kdir := $(KDIR))$(kdir)
# kernel.release is the upstream version in Debian's headers; this is what the
# module's version magic says.
release = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(kdir)/include/generated/utsrelease.h)
# sparse does not see that guard() unlocks, and takes every user of it for a leak.
CF ?= -Wno-context
kbuild = $(MAKE) -j$(JOBS) -C $(kdir) M=$(CURDIR) CF="$(CF)"

.DEFAULT_GOAL := help
.PHONY: help deps check-config modules tools selftests host install modules_install \
	demo shell check check-peers bench coverage lint clean

help:
	@echo "make demo       show the main job: a secret of a container, sealed to a property"
	@echo "make check      run every test (SUITES='NAME...' for some; tests/run --list)"
	@echo "make check-peers  run other people's tests against an instance (SUITES= likewise)"
	@echo "make modules    build drivers/vtpm/vtpm.ko (KDIR= for another kernel, W=1 C=1)"
	@echo "make tools      build vtpmctl"
	@echo "make host       build the engine and its tests for userspace, in build/host"
	@echo "make selftests  build the tests of nodes, ioctls and sysfs, in build/selftests"
	@echo "make lint       compiler at W=1, sparse, checkpatch --strict, rules of the house"
	@echo "make bench      compare with libtpms: a table, and build/bench.json"
	@echo "make coverage   which lines of the engine the host tier runs; build/coverage.txt: not"
	@echo "make shell      a shell in a virtual machine that has the module loaded"
	@echo "make install    module, vtpmctl, manual page, completion, udev rule (DESTDIR=)"
	@echo "make check-config  does the kernel have what the module needs?"
	@echo "make deps       install what is missing, from Debian's packages"
	@echo "make clean      remove everything that was built"

deps:
	@tools/deps

check-config:
	@tools/check-config $(kdir)

modules: check-config
	+$(kbuild) modules

tools:
	+$(MAKE) -C tools/vtpmctl

selftests:
	+$(MAKE) -C tests/selftests

host:
	+$(MAKE) -C tests/host

# depmod is for the machine the module is installed on.
modules_install: modules
	install -D -m 644 drivers/vtpm/vtpm.ko \
		"$(DESTDIR)/lib/modules/$(release)/$(MODDIR)/vtpm.ko"
	$(if $(DESTDIR),,depmod $(release))

install: modules_install
	+$(MAKE) -C tools/vtpmctl install DESTDIR="$(DESTDIR)"

demo: deps
	@tools/demo

shell: deps
	@tools/vm/shell

check: deps
	@tests/run $(SUITES)

check-peers:
	@tools/deps --peers
	@tests/run --peers $(SUITES)

lint: check-config
	@tools/lint $(kdir)

coverage:
	@tests/host/coverage

bench: deps
	+$(MAKE) -C tests/host bench

clean:
	-+$(kbuild) clean
	-[ ! -e tools/vtpmctl/Makefile ] || $(MAKE) -C tools/vtpmctl clean
	-[ ! -e tests/selftests/Makefile ] || $(MAKE) -C tests/selftests clean
	-[ ! -e tests/host/Makefile ] || $(MAKE) -C tests/host clean
	rm -rf build
