#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The measurement log in the guest of tools/vm/run: what goes in by TPM commands and by a
# kernel module, bindings, and what vtpmctl, tpm2_eventlog and evmctl make of it. Prints
# "ok NAME", "not ok NAME - why" or "skip NAME - why".

top=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d) || exit 1
failed=0
module=$top/tests/modules/vtpm_test_measure.ko
measure=/sys/module/vtpm_test_measure/parameters/measure

ok() { echo "ok vm/log/$1"; }
not_ok() { echo "not ok vm/log/$1 - ${2//$'\n'/ | }"; failed=1; }
expect() { if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "$2 is not $3"; fi; }

cleanup()
{
	cd /
	vtpmctl destroy logged small other >/dev/null 2>&1
	rmmod vtpm_test_measure 2>/dev/null
	umount "$tmp/cgroup" 2>/dev/null
	rm -rf "$tmp"
}
trap cleanup EXIT

# says NAME REGEX COMMAND...: success, and it prints what matches; its output is in $out
says()
{
	local name=$1 regex=$2
	shift 2
	if ! out=$(timeout 60 "$@" 2>&1 </dev/null); then
		not_ok "$name" "fails: $out"
	elif ! [[ $out =~ $regex ]]; then
		not_ok "$name" "prints: $out"
	else
		ok "$name"
	fi
}

# fails NAME REGEX COMMAND...: it fails, and says what matches
fails()
{
	local name=$1 regex=$2
	shift 2
	if out=$(timeout 60 "$@" 2>&1 </dev/null); then
		not_ok "$name" "succeeds: $out"
	elif ! [[ $out =~ $regex ]]; then
		not_ok "$name" "says: $out"
	else
		ok "$name"
	fi
}

# measured WORD...: what the module is told
measured() { { echo "$*" >"$measure"; } 2>&1; }
# verified NAME: what is said of provider hash
verified() { vtpmctl log verify --provider hash "$1" 2>&1; }
tpm() { TPM2TOOLS_TCTI=device:/dev/vtpmrm$number timeout 60 "$@" >"$tmp/tpm" 2>&1; }

# What evmctl takes PCRs from
pcrs_for_evmctl()
{
	vtpmctl pcr --bank "$1" logged | tr -d ' ' | awk -F: '$2 {
		printf "PCR-%02d:", $1
		for (i = 3; i < length($2); i += 2)
			printf " %s", substr($2, i, 2)
		print ""
	}' >"$tmp/$1"
}

printf 'bank sha1 sha256\nprovider certificate\n' >"$tmp/policy"
node=$(vtpmctl create --policy "$tmp/policy" logged) || { not_ok create "$node"; exit 1; }
number=${node#vtpm}
dir=/sys/class/vtpm/$node
insmod "$module" || { not_ok insmod "$module"; exit 1; }

# --- by commands ---
expect empty "$(vtpmctl log show logged | wc -l)" 1
expect empty-verified "$(verified logged)" \
	'hash: 48 PCRs as the log says, 0 not, 0 cannot be verified'
tpm tpm2_pcrextend 7:sha256="$(printf '%064d' 1)" || not_ok extend "$(cat "$tmp/tpm")"
echo data >"$tmp/data"
tpm tpm2_pcrevent 8 "$tmp/data" || not_ok event "$(cat "$tmp/tpm")"
says show $'\n +7 +extend +0 +0+1 +-\n +8 +event +0 +[0-9a-fA-F]{64} +data' vtpmctl log show logged

# --- by a module ---
expect by-number "$(measured "number=$number" 10 /usr/bin/one text)" ""
exec 7<>"/dev/vtpmrm$number"
expect by-file "$(measured fd=7 10 /usr/bin/two other)" ""
exec 7>&-
exec 7</dev/null
expect by-other-file "$(measured fd=7 10 x x | grep -c 'Invalid argument')" 1
exec 7>&-
expect no-number "$(measured number=4000 10 x x | grep -c 'No such file')" 1
expect no-pcr "$(measured "number=$number" 24 x x | grep -c 'Invalid argument')" 1
expect no-locality "$(measured "number=$number" 17 x x | grep -c 'Permission denied')" 1
expect unbound "$(measured user-ns 10 x x | grep -c 'No such file')" 1

# --- bindings ---
mkdir "$tmp/cgroup"
if mount -t cgroup2 none "$tmp/cgroup" 2>/dev/null; then
	mkdir -p "$tmp/cgroup/vtpm-log/below"
	says bind-cgroup '^$' vtpmctl bind logged cgroup "$tmp/cgroup/vtpm-log"
	fails bind-twice 'has an instance already' vtpmctl bind logged cgroup "$tmp/cgroup/vtpm-log"
	expect by-cgroup-outside "$(measured cgroup 10 x x | grep -c 'No such file')" 1
	# shellcheck disable=SC2016 # for the inner shell
	expect by-cgroup-below "$(bash -c 'echo $$ >"$1/below/cgroup.procs" &&
		echo cgroup 11 /usr/bin/three text >"$2"' - "$tmp/cgroup/vtpm-log" "$measure" 2>&1)" ""
	says unbind '^$' vtpmctl unbind logged cgroup "$tmp/cgroup/vtpm-log"
	fails unbind-twice 'is not bound' vtpmctl unbind logged cgroup "$tmp/cgroup/vtpm-log"
else
	echo "skip vm/log/cgroup - no cgroup of version 2"
fi
fails bind-no-cgroup 'is no cgroup' vtpmctl bind logged cgroup "$tmp"
fails bind-no-namespace 'is no cgroup' vtpmctl bind logged user-ns /proc/self/ns/mnt
vtpmctl create other >/dev/null
unshare -U sleep 60 & sleeper=$!
for _ in {1..50}; do
	[ "$(readlink /proc/$sleeper/ns/user)" = "$(readlink /proc/self/ns/user)" ] || break
	sleep 0.1
done
says bind-user-ns '^$' vtpmctl bind other user-ns "$sleeper"
fails bind-other 'has an instance already' vtpmctl bind logged user-ns "/proc/$sleeper/ns/user"
expect by-user-ns-outside "$(measured user-ns 10 x x | grep -c 'No such file')" 1
expect by-user-ns "$(nsenter -U -t "$sleeper" --preserve-credentials \
	bash -c 'echo user-ns 11 /usr/bin/four text >&3' 3>"$measure" 2>&1)" ""
says by-user-ns-shown ' 11 +ima-ng .*/usr/bin/four' vtpmctl log show other
# what is bound does not outlive the instance, and the namespace not the binding
vtpmctl destroy other
fails destroyed-unbinds 'is not bound' vtpmctl unbind logged user-ns "$sleeper"
kill "$sleeper"

# --- programs that read it ---
says show-measured ' 10 +ima-ng .*/usr/bin/one.* 10 +ima-ng .*/usr/bin/two' vtpmctl log show logged
expect verified "$(verified logged)" 'hash: 48 PCRs as the log says, 0 not, 0 cannot be verified'
cat "$dir/binary_bios_measurements" >"$tmp/log"
cat "$dir/binary_runtime_measurements" >"$tmp/ima"
vtpmctl pcr logged >"$tmp/pcrs"
says verify-files 'hash: 48 PCRs as the log says' vtpmctl log verify --log "$tmp/log" --pcrs "$tmp/pcrs"
tpm tpm2_pcrread sha256 && cp "$tmp/tpm" "$tmp/read"
says verify-pcrread 'hash: 24 PCRs as the log says' vtpmctl log verify --log "$tmp/log" --pcrs "$tmp/read"
sed 's/^    7 : 0x./    7 : 0xE/' "$tmp/pcrs" >"$tmp/wrong"
fails verify-wrong 'PCR 7 of sha256 is not what the log says' \
	vtpmctl log verify --log "$tmp/log" --pcrs "$tmp/wrong"
if command -v tpm2_eventlog >/dev/null; then
	tpm2_eventlog "$tmp/log" >"$tmp/yaml" 2>&1
	expect tpm2_eventlog "$?" 0
	for pcr in 7 8 10; do
		value=$(vtpmctl pcr --bank sha256 logged "$pcr" | sed -n 's/.*: \(0x\)/\1/p')
		expect "tpm2_eventlog-$pcr" "$(sed -n '/^pcrs:/,$p' "$tmp/yaml" |
			grep -ci "^ *$pcr *: $value\$")" 1
	done
else
	echo "skip vm/log/tpm2_eventlog - not installed"
fi
if command -v evmctl >/dev/null; then
	pcrs_for_evmctl sha1
	pcrs_for_evmctl sha256
	says evmctl 'Matched' evmctl ima_measurement --pcrs "sha1,$tmp/sha1" \
		--pcrs "sha256,$tmp/sha256" "$tmp/ima"
	sed -i 's/^PCR-10: ./PCR-10: E/' "$tmp/sha256"
	sed -i 's/^PCR-10: ./PCR-10: E/' "$tmp/sha1"
	fails evmctl-wrong 'Failed to match' evmctl ima_measurement --pcrs "sha1,$tmp/sha1" \
		--pcrs "sha256,$tmp/sha256" "$tmp/ima"
else
	echo "skip vm/log/evmctl - not installed"
fi

# --- resets ---
tpm tpm2_pcrextend 23:sha256="$(printf '%064d' 2)"
expect reset-before "$(vtpmctl log show logged | grep -c '^ *23 ')" 1
tpm tpm2_pcrreset 23
expect reset-after "$(vtpmctl log show logged | grep -c '^ *23 ')" 0
expect reset-verified "$(verified logged)" 'hash: 48 PCRs as the log says, 0 not, 0 cannot be verified'
vtpmctl reset logged
expect power-cycle "$(vtpmctl log show logged | wc -l)" 1
expect power-cycle-verified "$(verified logged)" \
	'hash: 48 PCRs as the log says, 0 not, 0 cannot be verified'

# --- a small one ---
echo 'limit log=1000' >"$tmp/policy"
node=$(vtpmctl create --policy "$tmp/policy" small)
for i in {1..20}; do
	measured "number=${node#vtpm}" 10 "/usr/bin/$i" text
done
says full-show ' 10 +lost +- +- +1[0-9] entries are not here' vtpmctl log show small
fails full-verify 'PCR 10 of sha256 cannot be verified: 1[0-9] entries' vtpmctl log verify small
expect full-bounded "$(($(wc -c <"/sys/class/vtpm/$node/binary_bios_measurements") < 1200))" 1
fails in-use 'in use' rmmod vtpm
exit $failed
