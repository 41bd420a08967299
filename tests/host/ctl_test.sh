#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Tests of vtpmctl that need no module: the command line, names and numbers,
# files, exit codes, sentences, and "pcr" over a tree laid out like sysfs.
# usage: ctl_test.sh [VTPMCTL]    prints "ok NAME" or "not ok NAME - why"

prefix=ctl/
. "$(dirname "$0")/lib.sh"
export ASAN_OPTIONS=detect_leaks=0

# run ARG...: sets code, out, err
run()
{
	"$ctl" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	code=$?
	out=$(cat "$tmp/out")
	err=$(cat "$tmp/err")
}

# fails NAME CODE REGEX ARG...: exit code, the error sentence, an empty stdout
fails()
{
	local name=$1 want=$2 regex=$3
	shift 3
	run "$@"
	if [ "$code" != "$want" ]; then
		not_ok "$name" "exit code $code, not $want: $err"
	elif ! [[ $err =~ ^vtpmctl:\ .*$regex ]]; then
		not_ok "$name" "says: $err"
	elif [ -n "$out" ]; then
		not_ok "$name" "prints: $out"
	elif [ "$(wc -l <"$tmp/err")" != 1 ]; then
		not_ok "$name" "not one line: $err"
	else
		ok "$name"
	fi
}

# prints NAME REGEX ARG...: success, the text, an empty stderr
prints()
{
	local name=$1 regex=$2
	shift 2
	run "$@"
	if [ "$code" != 0 ] || [ -n "$err" ]; then
		not_ok "$name" "exit code $code: $err"
	elif ! [[ $out =~ $regex ]]; then
		not_ok "$name" "prints: $out"
	else
		ok "$name"
	fi
}

# json NAME FILTER ARG...: success, and jq -e finds FILTER true
json()
{
	local name=$1 filter=$2
	shift 2
	run --json "$@"
	if [ "$code" != 0 ] || [ -n "$err" ]; then
		not_ok "$name" "exit code $code: $err"
	elif ! jq -e "$filter" "$tmp/out" >/dev/null 2>&1; then
		not_ok "$name" "prints: $out"
	else
		ok "$name"
	fi
}

nodev=(--device "$tmp/none")

# --- help and version ---
prints help '^Usage: vtpmctl .*Exit codes: 0 ok' --help
prints version '^vtpmctl [0-9.]+ \(ABI version 1\)$' --version
for words in create destroy list show reset presence locality "policy show" "policy load" \
	"policy check" pcr \
	"cert load" "cert list" "cert show" "cert remove" "cert from-sha256sum" "cert from-ima" \
	"cert from-dpkg" "trust add" "trust list" "trust remove" attest challenge verify info; do
	# shellcheck disable=SC2086 # two words are two arguments
	prints "help-${words// /-}" "^Usage: vtpmctl $words" $words --help
done
prints help-first '^Usage: vtpmctl policy load' --help policy load

# --- usage errors: 2, before any device is opened ---
fails unknown-command 2 'frob: no such command' "${nodev[@]}" frob
fails unknown-option 2 '--frob: no such option' "${nodev[@]}" --frob
fails unknown-short 2 '-x: no such option' "${nodev[@]}" -x
fails flag-with-argument 2 '--json=1: no such option' "${nodev[@]}" --json=1
fails option-without-argument 2 '--device: needs an argument' --device
fails noun-alone 2 'policy: needs one of: show, load, check' "${nodev[@]}" policy
fails wrong-verb 2 "trust: has no command 'load'" "${nodev[@]}" trust load
for words in create destroy show reset presence "presence web" locality \
	"locality web" "policy show" "policy load web" "policy check" pcr \
	"cert load" "cert show" "cert remove" "cert from-sha256sum" "cert from-ima" \
	"cert from-dpkg" "trust add" "trust add it" "trust remove" challenge verify; do
	# shellcheck disable=SC2086
	fails "too-few-${words// /-}" 2 'too few arguments' "${nodev[@]}" $words
done
for words in "create a b" "list a" "show a b" "reset a b" "presence a on b" \
	"locality a 1 b" "policy show a b" "policy load a b c" \
	"policy check a b" "cert load a b" "cert list a" "cert show a b" "cert remove a b" \
	"cert from-ima a b" "trust add a b c" \
	"trust list a" "trust remove a b" "challenge a b" "verify a b" "info a"; do
	# shellcheck disable=SC2086
	fails "too-many-${words// /-}" 2 'is too much' "${nodev[@]}" $words
done
fails option-elsewhere-policy 2 'list: does not take this option' "${nodev[@]}" list --policy x
fails option-elsewhere-bank 2 'show: does not take this option' "${nodev[@]}" show --bank sha1 a
fails option-elsewhere-name 2 'cert: does not take' "${nodev[@]}" cert list --name x
fails option-elsewhere-files 2 'cert: does not take' "${nodev[@]}" cert from-dpkg --files x
fails option-elsewhere-nonce 2 'list: does not take' "${nodev[@]}" list --nonce 00
fails option-elsewhere-ca 2 'attest: does not take' attest --ca x
fails option-elsewhere-ek 2 'verify: does not take' verify --ek x a
fails option-elsewhere-challenge 2 'challenge: does not take' challenge --challenge x a
fails option-elsewhere-tcti 2 'verify: does not take' verify --tcti x a
fails option-elsewhere-output 2 'verify: does not take' verify --output x a
fails option-elsewhere-provider 2 'cert: does not take' "${nodev[@]}" cert list --provider hash

# --- names ---
long=$(printf 'n%.0s' {1..63})
bad=0
bad_property=0
for name in "" "a b" "a/b" ".." "ä" "a:b" "${long}x" $'a\nb' "a*"; do
	[ "$name" = ".." ] && continue
	fails "bad-name-$((bad++))" 2 'not a name: 1 to 63' "${nodev[@]}" create "$name"
done
fails bad-name-show 2 'not a name' "${nodev[@]}" show "a b"
fails bad-name-trust 2 'not a name' "${nodev[@]}" trust remove "a b"
fails bad-name-cert 2 'not a name' "${nodev[@]}" cert remove "${long}x"
fails bad-name-show-cert 2 'not a name' "${nodev[@]}" cert show "a b"
fails bad-name-terminal 2 'a\?\[31mb: not a name' "${nodev[@]}" create $'a\e[31mb'
fails bad-node 2 'not a node' "${nodev[@]}" show /dev/tpm0
fails bad-node-number 2 'not a node' "${nodev[@]}" show /dev/vtpm01
fails destroy-all-names-first 2 'not a name' "${nodev[@]}" destroy good "b d"
for name in a "$long" 7 vtpm7 vtpmrm7 /dev/vtpm7 /dev/vtpmrm7 4294967295 4294967296 007 name:7 \
	-- "a.b_c-d"; do
	[ "$name" = -- ] && continue
	fails "good-name-${name//\//_}" 4 'is the module loaded' "${nodev[@]}" show "$name"
done
fails name-after-dashes 4 'is the module loaded' "${nodev[@]}" create -- -web

# --- no device, or another one ---
fails no-device 4 "none: there is no such device; is the module loaded\? 'modprobe vtpm'" "${nodev[@]}"
fails null-device 4 '/dev/null: this is not the control node' --device /dev/null list
fails file-device 4 'this is not the control node' --device "$0" list
fails options-anywhere 4 'none: there is no' list --device "$tmp/none" --json
mkfifo "$tmp/fifo"
fails fifo-device 4 'this is not the control node' --device "$tmp/fifo" info
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	mknod "$tmp/root" c 1 3 && chmod 600 "$tmp/root"
	chmod 755 "$tmp"
	: >"$tmp/out"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$ctl" --device "$tmp/root" list \
		>"$tmp/out" 2>"$tmp/err"
	code=$?
	case $code,$(cat "$tmp/err") in
	3,*denied*) ok denied ;;
	*) not_ok denied "exit code $code: $(cat "$tmp/err")" ;;
	esac
else
	echo "skip ctl/denied - not root"
fi

# --- certificates: PEM and DER, and what is none ---
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1" 2>/dev/null; }
key "$tmp/it.key"
openssl req -x509 -new -key "$tmp/it.key" -subj /CN=it -days 2 -out "$tmp/it.crt" 2>/dev/null
openssl x509 -in "$tmp/it.crt" -outform DER -out "$tmp/it.der"
openssl x509 -in "$tmp/it.crt" -text -out "$tmp/text.crt"
openssl x509 -in "$tmp/it.crt" -trustout -out "$tmp/trusted.crt"
cat "$tmp/it.crt" "$tmp/it.crt" >"$tmp/two.crt"
cat "$tmp/it.key" "$tmp/it.crt" >"$tmp/key.crt"
head -c 300 "$tmp/it.crt" >"$tmp/cut.crt"
head -c 100 "$tmp/it.der" >"$tmp/cut.der"
{ cat "$tmp/it.der"; echo x; } >"$tmp/tail.der"
: >"$tmp/empty"
head -c $((1024 * 1024 + 1)) /dev/zero >"$tmp/big"
add=("${nodev[@]}" trust add it)
fails certificate-pem 4 'is the module loaded' "${add[@]}" "$tmp/it.crt"
fails certificate-der 4 'is the module loaded' "${add[@]}" "$tmp/it.der"
fails certificate-with-text 4 'is the module loaded' "${add[@]}" "$tmp/text.crt"
fails certificate-trusted 1 'holds a TRUSTED CERTIFICATE' "${add[@]}" "$tmp/trusted.crt"
fails certificate-two 1 'holds more than one CERTIFICATE' "${add[@]}" "$tmp/two.crt"
fails certificate-with-key 1 'holds a EC PRIVATE KEY|holds a PRIVATE KEY' "${add[@]}" "$tmp/key.crt"
fails certificate-cut-pem 1 'holds no whole CERTIFICATE' "${add[@]}" "$tmp/cut.crt"
fails certificate-cut-der 1 'not an X.509 certificate' "${add[@]}" "$tmp/cut.der"
fails certificate-and-more 1 'not an X.509 certificate' "${add[@]}" "$tmp/tail.der"
fails certificate-empty 1 'not an X.509 certificate' "${add[@]}" "$tmp/empty"
fails certificate-long 1 'longer than the limit of 1048576 bytes' "${add[@]}" "$tmp/big"
fails certificate-none 1 'No such file' "${add[@]}" "$tmp/nothing"
fails certificate-directory 1 'is a directory' "${add[@]}" "$tmp"
if "$ctl" "${add[@]}" - <"$tmp/it.crt" 2>&1 | grep -q 'is the module loaded'; then
	ok certificate-stdin
else
	not_ok certificate-stdin "not accepted"
fi

# --- manifests from what admins have; see also ctl_from_test.sh ---
from=(cert from-sha256sum --name web --property 'approved by IT')
digits=0123456789abcdef
d32=$digits$digits$digits$digits
d20=$digits${digits}01234567
head1=$'vtpm-manifest 1\nname: web\nproperty: approved by IT\n'
# made NAME WANTED ARG...: the whole of standard output
made()
{
	local name=$1 want=$2
	shift 2
	run "$@"
	if [ "$code:$err" = 0: ] && [ "$out" = "$want" ]; then
		ok "$name"
	else
		not_ok "$name" "exit code $code: $err $out"
	fi
}
# wrong NAME PLACE-AND-REASON TEXT: the place, and the line with a caret below it
wrong()
{
	printf '%b' "$3" >"$tmp/sums"
	run "${from[@]}" "$tmp/sums"
	if [ "$code:$out" = 1: ] && [[ $err == "$tmp/sums:$2"*$'\n    '*^ ]]; then
		ok "$1"
	else
		not_ok "$1" "exit code $code: $err $out"
	fi
}
printf '%s  /bin/a b\n%s */bin/b\n\n# x\n%s  again\n\\%s  a\\nb\nSHA1 (c) = d) = %s\n' "$d32" "${d32//0/1}" \
	"$d32" "${d32//0/2}" "$d20" >"$tmp/sums"
made from-sums "${head1}sha256:$d32  /bin/a b
sha256:${d32//0/1}  /bin/b
sha256:${d32//0/2}  a\\nb
sha1:$d20  c) = d" "${from[@]}" "$tmp/sums"
echo "$d32  x" >"$tmp/sums"
made from-sums-twice "${head1}sha256:$d32  x" "${from[@]}" "$tmp/sums" "$tmp/sums"
wrong from-sums-no-digest '1:1: expected a digest' 'x  y\n'
wrong from-sums-md5 '2:1: not a digest of sha1, sha256' "$d32  x\n$digits$digits  y\n"
wrong from-sums-odd '1:1: not a digest of' "${d32}0  x\n"
wrong from-sums-no-name '1:65: expected two blanks' "$d32\n"
wrong from-sums-one-blank '1:65: expected two blanks' "$d32 x\n"
wrong from-sums-nul '1:67: a NUL byte' "$d32  \\0x\n"
wrong from-sums-tag '1:13: expected ") = "' "SHA256 (x) =\n"
printf '%s  x\n' "$d20" >"$tmp/sums"
run "${from[@]}" --bank sha256 "$tmp/sums"
case $code:$err in
"1:$tmp/sums:1:1: a digest of sha1, where --bank says sha256"*) ok from-sums-bank ;;
*) not_ok from-sums-bank "exit code $code: $err" ;;
esac
made from-sums-bank-same "${head1}sha1:$d20  x" "${from[@]}" --bank sha1 "$tmp/sums"
made from-options "vtpm-manifest 2
name: web
property: approved by IT
version: 7
serial: 12
from: 2026-01-01T00:00:00Z
until: 2026-12-31T23:59:59Z
sha1:$d20  x" "${from[@]}" --manifest-version 7 --serial 12 --from 2026-01-01 \
	--until 2026-12-31T23:59:59Z "$tmp/sums"
prints from-days 'until: [0-9]{4}-[0-9-]{5}T[0-9:]{8}Z' "${from[@]}" --until +90d "$tmp/sums"
for bad in 0 01 x -1 1234567890123456789 ""; do
	fails "from-bad-version-$bad" 2 'not a number of 1 to 18' "${from[@]}" \
		--manifest-version="$bad" "$tmp/sums"
done
for bad in x 2026-02-30x 2026-13-01 1970-01-01 +d +1 10000-01-01 "2026-01-01 00:00"; do
	fails "from-bad-time-$bad" 2 'not a time' "${from[@]}" --from "$bad" "$tmp/sums"
done
fails from-until-first 2 'is not after' "${from[@]}" --from 2026-02-01 --until 2026-02-01 "$tmp/sums"
fails from-no-name 2 '--name: is missing' cert from-sha256sum --property x "$tmp/sums"
fails from-no-property 2 '--property: is missing' cert from-sha256sum --name x "$tmp/sums"
fails from-bad-name 2 'not a name' cert from-sha256sum --name a/b --property x "$tmp/sums"
for bad in "" " x" "x " $'a\tb' ä "${long}x"; do
	fails "from-bad-property-$((bad_property++))" 2 'not a property' \
		cert from-sha256sum --name x --property "$bad" "$tmp/sums"
done
fails from-bad-bank 2 'no such bank' "${from[@]}" --bank md5 "$tmp/sums"
fails from-nothing 1 'there is nothing to put' "${from[@]}" "$tmp/empty"
fails from-no-file 1 'No such file' "${from[@]}" "$tmp/nothing"
fails from-json-to-stdout 2 '--json: needs --output' --json "${from[@]}" "$tmp/sums"
json from-json ". == {name: \"web\", file: \"$tmp/web\", measurements: 1}" "${from[@]}" \
	--output "$tmp/web" "$tmp/sums"
made from-output '' "${from[@]}" --output "$tmp/web2" "$tmp/sums"
if cmp -s "$tmp/web" "$tmp/web2" && [ "$(cat "$tmp/web")" = "${head1}sha1:$d20  x" ] &&
	[ ! -e "$tmp/web.part" ]; then
	ok from-output-file
else
	not_ok from-output-file "$(cat "$tmp/web")"
fi
fails from-output-nowhere 1 'No such file' "${from[@]}" --output "$tmp/none/x" "$tmp/sums"
if "$top/tests/host/ctl_from_test.sh" "$ctl"; then ok from; else not_ok from "see above"; fi
if "$top/tests/host/ctl_log_test.sh" "$ctl"; then ok log; else not_ok log "see above"; fi

# --- pcr, over files like those of sysfs ---
sys=$tmp/class
hex() { printf "%0$2X" "$1"; }
instance()	# NUMBER NAME
{
	local bank len pcr
	mkdir -p "$sys/vtpm$1/matrix"
	echo "$2" >"$sys/vtpm$1/name"
	for bank in sha512:128 sha1:40 sha256:64; do
		len=${bank#*:}
		bank=${bank%:*}
		mkdir -p "$sys/vtpm$1/pcr-$bank" "$sys/vtpm$1/matrix/hash/pcr-$bank"
		for pcr in {0..23}; do
			hex $((pcr + $1)) "$len" >"$sys/vtpm$1/pcr-$bank/$pcr"
			hex $((pcr + 160)) "$len" >"$sys/vtpm$1/matrix/hash/pcr-$bank/$pcr"
		done
	done
}
instance 0 web
instance 3 db
instance 4 3
mkdir "$sys/vtpmrm0"
pcr=(--sysfs "$sys" pcr)
fails pcr-no-class 4 'is the module loaded' --sysfs "$tmp/none" pcr web
fails pcr-no-instance 7 'ghost: no such instance' "${pcr[@]}" ghost
fails pcr-no-number 7 '9: no such instance' "${pcr[@]}" 9
fails pcr-two-meanings 1 'means two instances; write name:3 for the name or /dev/vtpm3' "${pcr[@]}" 3
fails pcr-no-provider 7 'instance web has no such property provider' "${pcr[@]}" web --provider certificate
fails pcr-no-bank 7 'sha384: instance web has no such active bank' "${pcr[@]}" web --bank sha384
fails pcr-provider-path 2 'not a' "${pcr[@]}" web --provider ../..
fails pcr-provider-dots 2 'not a' "${pcr[@]}" web --provider ..
for list in 24 -- 0- 1-0 0,,1 "0," ",0" a 0-24 100 0x1 "" " 1" 1-2-3; do
	[ "$list" = -- ] && continue
	fails "pcr-bad-list-$list" 2 'not a list of PCRs from 0 to 23' "${pcr[@]}" web "$list"
done
prints pcr-layout '^  sha256:
    3 : 0x0{63}3
    10: 0x0{63}A$' "${pcr[@]}" web --bank sha256 3 10
prints pcr-banks-in-order 'sha1:.*sha256:.*sha512:' "${pcr[@]}" web 0
prints pcr-by-number '0x0{39}3$' "${pcr[@]}" vtpm3 --bank sha1 0
prints pcr-by-node '0x0{39}3$' "${pcr[@]}" /dev/vtpmrm3 --bank sha1 0
prints pcr-by-name '0x0{39}4$' "${pcr[@]}" name:3 --bank sha1 0
prints pcr-matrix '0x0{38}A7$' "${pcr[@]}" web --provider hash --bank sha1 7
json pcr-json '. == {name: "web", number: 0, provider: null, banks: {sha1: {
	"2": ("0" * 39 + "2"), "5": ("0" * 39 + "5"), "6": ("0" * 39 + "6")}}}' \
	"${pcr[@]}" web --bank sha1 2 5-6
json pcr-json-all '(.banks | keys) == ["sha1", "sha256", "sha512"] and
	([.banks[] | length] | unique) == [24]' "${pcr[@]}" db
json pcr-json-matrix '.provider == "hash" and .banks.sha1["0"] == ("0" * 38 + "A0")' \
	"${pcr[@]}" web --provider hash --bank sha1 0
echo "not hex" >"$sys/vtpm0/pcr-sha1/7"
fails pcr-not-hex 1 "does not hold a PCR's value" --json "${pcr[@]}" web --bank sha1 7
: >"$sys/vtpm0/pcr-sha1/7"
fails pcr-empty 1 "does not hold a PCR's value" --json "${pcr[@]}" web --bank sha1 7
rm "$sys/vtpm0/pcr-sha1/7"
fails pcr-gone 7 'pcr-sha1/7: not found' --json "${pcr[@]}" web --bank sha1 7

# --- an answer that cannot be written ---
"$ctl" --help >/dev/full 2>"$tmp/err"
code=$?
case $code,$(cat "$tmp/err") in
1,*"standard output: No space left"*) ok full ;;
*) not_ok full "exit code $code: $(cat "$tmp/err")" ;;
esac

# --- completion ---
complete_words()	# WORD...: the last one is being completed
{
	(
		export PATH=$tmp/bin:$PATH
		# shellcheck disable=SC1091
		. "$top/tools/vtpmctl/vtpmctl.bash"
		COMP_WORDS=(vtpmctl "$@")
		COMP_CWORD=$#
		_vtpmctl 2>/dev/null
		echo "${COMPREPLY[*]}"
	)
}
completes()	# NAME WANTED WORD...
{
	local name=$1 want=$2 got
	shift 2
	got=$(complete_words "$@")
	if [ "$got" = "$want" ]; then
		ok "complete-$name"
	else
		not_ok "complete-$name" "gives '$got', not '$want'"
	fi
}
mkdir "$tmp/bin"
ln -s "$(realpath "$ctl")" "$tmp/bin/vtpmctl"
completes command "create cert challenge" c
completes verb "load" policy l
completes verb-from "from-sha256sum from-ima from-dpkg" cert f
completes option-manifest "--manifest-version" cert from-ima --m
completes option-files "--files" cert from-ima --fi
completes option-no-files "" cert from-dpkg --fi
completes file-sums "$tmp/it.crt" cert from-sha256sum "$tmp/it.cr"
completes output "$tmp/it.crt" cert from-dpkg --output "$tmp/it.cr"
completes trust "add list remove" trust ""
completes bank "sha256" pcr web --bank sha2
completes option "--policy" create --po
completes option-pcr "--provider" pcr web --p
completes file "$tmp/it.crt" trust add it "$tmp/it.cr"
completes option-verify "--host-pcrs" verify --ho
completes host-pcrs "$tmp/it.crt" verify --host-pcrs "$tmp/it.cr"
completes host-pcrs-passed "$tmp/it.crt" verify --host-pcrs x "$tmp/it.cr"
completes option-argument "$tmp/it.crt" create --policy "$tmp/it.cr"
exit $failed
