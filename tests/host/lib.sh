# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests of vtpmctl share; sourced with the beginning of their results' names in
# $prefix. $ctl is the first argument, $tmp a folder of the test's own, and $pids what is
# ended with the test.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
ctl=$(realpath "${1:-$top/build/bin/vtpmctl}")
tmp=$(mktemp -d) || exit 1
failed=0 pids=()
trap 'kill "${pids[@]}" 2>/dev/null; rm -rf "$tmp"' EXIT

ok() { echo "ok $prefix$1"; }
not_ok() { echo "not ok $prefix$1 - ${2//$'\n'/; }"; failed=1; }

# try NAME CODE REGEX COMMAND...: exit code, and a line of what it says on either stream
try()
{
	local name=$1 want=$2 regex=$3 out code
	shift 3
	out=$("$@" 2>&1 </dev/null)
	code=$?
	if [ "$code" != "$want" ]; then
		not_ok "$name" "exit code $code, not $want: $out"
	elif ! grep -qE -- "$regex" <<<"$out"; then
		not_ok "$name" "says: $out"
	else
		ok "$name"
	fi
}

# begun PID FILE: that program writes FILE when it is ready, and ends when it cannot be
begun()
{
	local i

	for ((i = 0; i < 300; i++)); do
		[ -s "$2" ] && return 0
		kill -0 "$1" 2>/dev/null || return 1
		sleep 0.1
	done
	return 1
}

# serve ARG...: a vtpm-mssim that has begun, at ports that are its own; $tcti leads to it
serve()
{
	local out

	out=$(mktemp -p "$tmp")
	"$top/build/host/vtpm-mssim" --port 0 "$@" >"$out" &
	pids+=($!)
	if ! begun $! "$out"; then
		not_ok serve "vtpm-mssim does not begin"
		exit 1
	fi
	tcti=mssim:port=$(cat "$out")
	TPM2TOOLS_TCTI=$tcti tpm2_startup -c
}

# Likewise swtpm, which writes its pid when it has both of its ports
serve_swtpm()
{
	local dir port tries

	dir=$(mktemp -d -p "$tmp")
	for ((tries = 0; tries < 20; tries++)); do
		port=$((20000 + RANDOM % 12000))
		swtpm socket --tpm2 --tpmstate "dir=$dir" --pid "file=$dir/pid" \
			--server "type=tcp,port=$port" --ctrl "type=tcp,port=$((port + 1))" \
			--flags not-need-init,startup-clear >"$dir/log" 2>&1 &
		begun $! "$dir/pid" || continue
		pids+=($!)
		tcti=swtpm:port=$port
		return
	done
	not_ok serve-swtpm "$(cat "$dir/log")"
	exit 1
}
