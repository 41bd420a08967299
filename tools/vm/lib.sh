# SPDX-License-Identifier: GPL-2.0-only
# What the scripts of this folder share. Source it from bash; it sets $root,
# the project's root, and $vmdir, where everything that may be kept lives.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
vmdir=$root/build/vm

say() { printf 'vm: %s\n' "$*" >&2; }
die() { say "$*"; exit 71; }

need() {
	local tool

	for tool in "$@"; do
		command -v "$tool" >/dev/null ||
			die "$tool is missing; tools/deps installs it"
	done
}

# The newest kernel that has an image, modules and, where possible, headers: one
# the module can be built for and booted with. The running kernel need not be.
newest_kernel() {
	local image v best=

	while read -r image; do
		v=${image#/boot/vmlinuz-}
		[ -d "/lib/modules/$v" ] || continue
		best=${best:-$v}
		if [ -e "/lib/modules/$v/build/Makefile" ]; then
			best=$v
			break
		fi
	done < <(printf '%s\n' /boot/vmlinuz-[0-9]* | sort -rV)
	[ -n "$best" ] || return 1
	printf '%s\n' "$best"
}

# initramfs KERNEL: the path of that kernel's initramfs, built when missing or
# older than what it is made of. Several callers may come at once.
initramfs() {
	local v=$1 out=$vmdir/initramfs-$1.cpio

	mkdir -p "$vmdir"
	(
		flock 9
		if [ ! -s "$out" ] ||
		   [ "$root/tools/vm/initramfs" -nt "$out" ] ||
		   [ "$root/tools/vm/guest-boot" -nt "$out" ] ||
		   [ "/lib/modules/$v/modules.dep" -nt "$out" ]; then
			"$root/tools/vm/initramfs" "$v" "$out.new" &&
				mv "$out.new" "$out"
		fi
	) 9>"$vmdir/initramfs.lock" || return 1
	printf '%s\n' "$out"
}

# The machine that both the probe and the run use, so that the one predicts the
# other. la57 costs a page-table level that emulation pays for on every miss.
accel_args() {
	case $1 in
	kvm) echo "-accel kvm -cpu host" ;;
	tcg) echo "-accel tcg,thread=multi,tb-size=256 -cpu max,la57=off" ;;
	esac
}

# accel_id KERNEL: what an answer about KVM holds for, on one line, as the
# first line of $vmdir/accel; the answer is the second.
accel_id() { echo "$(cat /proc/sys/kernel/random/boot_id)-$1"; }
accel_keep() { printf '%s\n%s\n' "$(accel_id "$1")" "$2" >"$vmdir/accel"; }

common_append="panic=-1 oops=panic nokaslr"
