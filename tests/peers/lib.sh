# SPDX-License-Identifier: GPL-2.0-only
# What the scenarios of tests/peers share; sourced by bash.
#
# PEER_ON says which TPM a scenario talks to: "node", an instance of its own over
# /dev/vtpmrmN (the default, in the guest of tools/vm/run); to compare with, natively
# and with no resource manager, "mssim", build/host/vtpm-mssim, and "swtpm", on
# PEER_PORT and the ports after it.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
failed=0
instances=()

# new_tpm NAME: a fresh TPM; sets tcti, and node and raw_node or port.
new_tpm() {
	local i

	case ${PEER_ON:-node} in
	node)
		node=$(vtpmctl create "$1") || return 1
		instances+=("$1")
		raw_node=/dev/$node
		node=/dev/${node/vtpm/vtpmrm}
		tcti=device:$node ;;
	mssim|swtpm)
		node=
		port=$((${PEER_PORT:-24400} + 2 * ${#instances[@]}))
		tcti=$PEER_ON:port=$port
		if [ "$PEER_ON" = mssim ]; then
			"$top/build/host/vtpm-mssim" --port "$port" </dev/null >/dev/null &
		else
			mkdir -p "$work/$port"
			swtpm socket --tpm2 --tpmstate "dir=$work/$port" --server "port=$port" \
				--ctrl "type=tcp,port=$((port + 1))" --flags not-need-init </dev/null &
		fi
		instances+=("$!")
		for ((i = 0; i < 50; i++)); do
			tpm2_startup -T "$tcti" -c 2>/dev/null && return 0
			sleep 0.1
		done
		return 1 ;;
	esac
}

cleanup() {
	local item

	for item in "${instances[@]}"; do
		case ${PEER_ON:-node} in
		node) vtpmctl destroy "$item" ;;
		*) kill "$item" ;;
		esac
	done
	cd / && rm -rf "$work"
}

# scenario NAME: a work folder and a fresh TPM for the script's life.
scenario() {
	name=$1
	work=$(mktemp -d)
	trap cleanup EXIT
	cd "$work" || exit 1
	if ! new_tpm "peer-$name"; then
		echo "not ok peers/$name - no TPM"
		exit 1
	fi
	export TPM2TOOLS_TCTI=$tcti
}

not_ok() {
	echo "not ok peers/$name/$1 - ${2//$'\n'/ | }"
	failed=1
}

# try CASE COMMAND...: one result; what a failing command said is its reason.
try() {
	local case=$1
	shift
	if "$@" >out 2>err; then
		echo "ok peers/$name/$case"
	else
		not_ok "$case" "exit status $?: $(tail -qn 3 out err)"
	fi
}

# in_all 'COMMANDS': all of them have to succeed.
in_all() { bash -eE -o pipefail -c "trap 'echo \"failed: \$BASH_COMMAND\" >&2' ERR; $1"; }
# refuses TEXT COMMAND...: fails, and says TEXT, so that no other failure passes.
refuses() {
	local text=$1
	shift
	if "$@" >refused 2>&1; then
		echo "was not refused" >&2
		return 1
	fi
	grep -qE -- "$text" refused || { cat refused >&2; return 1; }
}
# extend PCR: from outside of the program under test
extend() { tpm2_pcrextend "$1:sha256=$(printf '5a%.0s' {1..32})"; }
export -f refuses extend
