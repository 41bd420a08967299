# SPDX-License-Identifier: GPL-2.0-only
# bash completion of vtpmctl(8)
# shellcheck shell=bash

# Values of key $1 in the JSON answer of a command, which is one line for each.
# Names hold no character that would need quoting.
_vtpmctl_values()
{
	local key=$1
	shift
	vtpmctl --json "$@" 2>/dev/null |
		sed -n 's/^ *"'"$key"'": *"\([A-Za-z0-9._-]*\)",\{0,1\}$/\1/p'
}

_vtpmctl_providers()
{
	local dir
	for dir in /sys/class/vtpm/vtpm*/matrix/*/; do
		[ -d "$dir" ] && basename "$dir"
	done | sort -u
}

_vtpmctl_reply()
{
	local word
	COMPREPLY=()
	while IFS= read -r word; do
		COMPREPLY+=("$word")
	done < <(compgen "$@" -- "$cur")
}

_vtpmctl_files()
{
	compopt -o filenames 2>/dev/null
	_vtpmctl_reply -f
}

# Words of the command line so far, without options and their arguments.
_vtpmctl_words()
{
	local i
	words=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--device | --sysfs | --policy | --provider | --bank) ((i++)) ;;
		--name | --property | --manifest-version | --serial) ((i++)) ;;
		--pcrs | --host-pcrs | --ek | --challenge) ((i++)) ;;
		--from | --until | --output) ((i++)) ;;
		--tcti | --ak | --nonce | --log | --certificates) ((i++)) ;;
		--ca | --parties | --uuid | --before) ((i++)) ;;
		-*) ;;
		*) words+=("${COMP_WORDS[i]}") ;;
		esac
	done
}

_vtpmctl_option()
{
	local options="--json --device --sysfs --help"
	case ${words[0]} in
	create) options+=" --policy --unstarted" ;;
	policy) options+=" --signed" ;;
	pcr) options+=" --provider --bank" ;;
	log)
		options+=" --log"
		case ${words[1]} in
		show) options+=" --bank" ;;
		verify) options+=" --pcrs --provider --policy --certificates --parties" ;;
		esac
		;;
	cert)
		case ${words[1]} in
		from-*)
			options+=" --name --property --manifest-version --serial --from --until"
			options+=" --output --bank"
			;;&
		from-ima) options+=" --files" ;;
		esac
		;;
	attest)
		options+=" --nonce --tcti --ak --bank --log --certificates --output"
		options+=" --challenge --ek"
		;;
	challenge) options+=" --ek --ca --output" ;;
	verify)
		options+=" --nonce --ak --ca --policy --uuid --before --parties --challenge"
		options+=" --host-pcrs"
		;;
	"") options+=" --version" ;;
	esac
	_vtpmctl_reply -W "$options"
}

_vtpmctl_second()
{
	case ${words[0]} in
	destroy | show | reset | presence | locality | pcr | bind | unbind) _vtpmctl_reply -W "$(_vtpmctl_values name list)" ;;
	policy) _vtpmctl_reply -W "show load check" ;;
	log) _vtpmctl_reply -W "show verify" ;;
	cert) _vtpmctl_reply -W "load list show remove from-sha256sum from-ima from-dpkg" ;;
	trust) _vtpmctl_reply -W "add list remove" ;;
	verify | challenge) _vtpmctl_files ;;
	esac
}

_vtpmctl_later()
{
	case "${words[0]} ${words[1]} ${#words[@]}" in
	"destroy "*) _vtpmctl_reply -W "$(_vtpmctl_values name list)" ;;
	"presence "*" 2") _vtpmctl_reply -W "on off" ;;
	"locality "*" 2") _vtpmctl_reply -W "0 1 2 3 4" ;;
	"bind "*" 2" | "unbind "*" 2") _vtpmctl_reply -W "cgroup user-ns" ;;
	"bind "*" 3" | "unbind "*" 3") _vtpmctl_files ;;
	"policy show 2" | "policy load 2" | "log "*" 2") _vtpmctl_reply -W "$(_vtpmctl_values name list)" ;;
	"policy check 2" | "policy load 3" | "cert load 2" | "trust add 3") _vtpmctl_files ;;
	"cert from-"*) _vtpmctl_files ;;
	"cert remove 2" | "cert show 2") _vtpmctl_reply -W "$(_vtpmctl_values name cert list)" ;;
	"trust remove 2") _vtpmctl_reply -W "$(_vtpmctl_values name trust list)" ;;
	esac
}

_vtpmctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local -a words

	COMPREPLY=()
	case $prev in
	--device | --sysfs | --policy | --output | --log | --pcrs | --certificates) _vtpmctl_files; return ;;
	--ak | --ca | --parties | --before | --ek | --challenge | --host-pcrs) _vtpmctl_files; return ;;
	--tcti | --nonce | --uuid) return ;;
	--name | --property | --manifest-version | --serial | --from | --until) return ;;
	--provider) _vtpmctl_reply -W "$(_vtpmctl_providers)"; return ;;
	--bank) _vtpmctl_reply -W "sha1 sha256 sha384 sha512"; return ;;
	esac
	_vtpmctl_words
	case $cur,${#words[@]} in
	-*) _vtpmctl_option ;;
	*,0) _vtpmctl_reply -W "create destroy list show reset presence locality policy pcr log bind unbind cert trust attest challenge verify info" ;;
	*,1) _vtpmctl_second ;;
	*) _vtpmctl_later ;;
	esac
}

complete -F _vtpmctl vtpmctl
