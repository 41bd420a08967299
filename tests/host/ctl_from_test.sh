#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Manifests from lists of IMA and from Debian packages: made of lists and
# packages that are made here. A part of ctl_test.sh.
# usage: ctl_from_test.sh VTPMCTL    prints "ok NAME" or "not ok NAME - why"

prefix=ctl/
. "$(dirname "$0")/lib.sh"
export ASAN_OPTIONS=detect_leaks=0

skip() { echo "skip $prefix$1 - $2"; }
run()
{
	"$ctl" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	code=$?
	out=$(tail -n +4 "$tmp/out")	# without the head
	err=$(cat "$tmp/err")
}
# gives NAME WANTED ERR ARG...: the measurements
gives()
{
	local name=$1 want=$2 says=$3
	shift 3
	run "$@"
	if [ "$code" = 0 ] && [ "$out" = "$want" ] && [ "$err" = "$says" ]; then
		ok "$name"
	else
		not_ok "$name" "exit code $code: $err $out, not $want"
	fi
}
# fails NAME CODE REGEX ARG...
fails()
{
	local name=$1 want=$2 regex=$3
	shift 3
	run "$@"
	if [ "$code" = "$want" ] && [[ $err =~ $regex ]] && [ ! -s "$tmp/out" ]; then
		ok "$name"
	else
		not_ok "$name" "exit code $code: $err"
	fi
}

# --- IMA ---
le() { printf '%08x' "$1" | sed 's/\(..\)\(..\)\(..\)\(..\)/\4\3\2\1/'; }
hex() { printf '%s' "$1" | xxd -p | tr -d '\n'; }
field() { le $((${#1} / 2)); printf '%s' "$1"; }	# of a string of digits
sum() { printf '%s' "$2" | xxd -r -p | "$1sum" | cut -d' ' -f1; }
ascii=$tmp/ascii
binary=$tmp/binary
: >"$tmp/digits"
# entry TEMPLATE DATA TEXT: to both forms; the binary one of "ima" is not as it is hashed
entry()
{
	local digest
	digest=$(sum sha1 "$2")
	echo "10 $digest $1 $3" >>"$ascii"
	printf '%s' "$(le 10)$digest$(field "$(hex "$1")")${4:-$(field "$2")}" >>"$tmp/digits"
}
zero20=$(printf '0%.0s' {1..40})
f1=$(sum sha1 00)
f2=$(sum sha256 01)
f3=$(sum sha512 02)
name=$(hex /usr/bin/env)
pad=$(head -c $((256 - ${#name} / 2)) /dev/zero | xxd -p | tr -d '\n')
entry ima "$f1$name$pad" "$f1 /usr/bin/env" "$f1$(field "$name")"
data2=$(field "$(hex sha256:)00$f2")$(field "$(hex /etc/passwd)00")
entry ima-ng "$data2" "sha256:$f2 /etc/passwd"
data3=$(field "$(hex sha512:)00$f3")$(field "$(hex /bin/x)00")$(field 030204ff)
entry ima-sig "$data3" "sha512:$f3 /bin/x 030204ff"
data4=$(field "$(hex sha256:)00$f2")$(field "$(hex /bin/y)00")$(field "")
entry ima-sig "$data4" "sha256:$f2 /bin/y "
# a violation
echo "10 $zero20 ima-ng sha256:$(printf '0%.0s' {1..64}) /var/log/x" >>"$ascii"
data5=$(field "$(hex sha256:)00$(printf '0%.0s' {1..64})")$(field "$(hex /var/log/x)00")
printf '%s' "$(le 10)$zero20$(field "$(hex ima-ng)")$(field "$data5")" >>"$tmp/digits"
xxd -r -p "$tmp/digits" >"$binary"
from=(cert from-ima --name n --property p)
lines()	# BANK
{
	echo "$1:$(sum "$1" "$f1$name$pad")  /usr/bin/env"
	echo "$1:$(sum "$1" "$data2")  /etc/passwd"
	echo "$1:$(sum "$1" "$data3")  /bin/x"
	echo "$1:$(sum "$1" "$data4")  /bin/y"
}
files="sha1:$f1  /usr/bin/env
sha256:$f2  /etc/passwd
sha512:$f3  /bin/x"
for form in ascii binary; do
	left="vtpmctl: $tmp/$form: 1 violations are left out"
	gives "from-ima-$form" "$(lines sha256)" "$left" "${from[@]}" "$tmp/$form"
	gives "from-ima-$form-sha1" "$(lines sha1)" "$left" "${from[@]}" --bank sha1 "$tmp/$form"
	gives "from-ima-$form-files" "$files" "$left" "${from[@]}" --files "$tmp/$form"
	gives "from-ima-$form-files-bank" "sha256:$f2  /etc/passwd" "$left" "${from[@]}" --files \
		--bank sha256 "$tmp/$form"
done
# wrong NAME PLACE-AND-REASON LINE
wrong()
{
	{ head -n 1 "$ascii"; echo "$3"; } >"$tmp/bad"
	fails "from-ima-$1" 1 "^$tmp/bad:$2" "${from[@]}" "$tmp/bad"
}
line=$(sed -n 2p "$ascii")
wrong no-pcr '2:1: expected the number of a PCR' "x ${line#* }"
wrong no-hash '2:4: expected a SHA-1 template hash' "10 xyz ima-ng"
wrong no-template '2:44: expected the name of a template' "${line:0:43}"
wrong template '2:45: this template is known in the binary form only' "${line/ima-ng/ima-buf}"
wrong other-name '2:1: the template hash is not that of this entry' "${line/passwd/shadow}"
wrong other-digest '2:1: the template hash is not that' "${line/sha256:${f2:0:1}/sha256:$(tr 0-9a-f 1-9a-f0 <<<"${f2:0:1}")}"
wrong no-alg '2:52: expected the digest of a file with its algorithm' "${line/sha256:/}"
wrong no-name '2:12[0-9]: expected the name of a file' "${line% *}"
wrong more '2:13[0-9]: more than the template has' "$line x"
size=$(stat -c %s "$binary")
for cut in 1 23 24 27 30 60 $((size - 1)); do
	head -c "$cut" "$binary" >"$tmp/bad"
	fails "from-ima-cut-$cut" 1 'entry [1-5], at byte [0-9]+: is cut off' "${from[@]}" "$tmp/bad"
done
fails from-ima-rubbish 1 'is not one of a list' "${from[@]}" /proc/self/exe
fails from-ima-empty 1 'there is nothing' "${from[@]}" /dev/null
flip=$((size - ${#data5} / 2 - 60))
{ head -c $flip "$binary"; printf '\377'; tail -c +$((flip + 2)) "$binary"; } >"$tmp/bad"
fails from-ima-flipped 1 'entry [34], at byte [0-9]+: ' "${from[@]}" "$tmp/bad"

# --- packages ---
from=(cert from-dpkg --name n --property p)
if ! command -v dpkg-deb >/dev/null; then
	skip from-dpkg "no dpkg-deb"
	exit $failed
fi
long=$(printf 'd%.0s' {1..120})
root=$tmp/root
mkdir -p "$root/DEBIAN" "$root/usr/bin" "$root/$long/$long"
printf 'Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x <x@example>\nDescription: x\n' \
	>"$root/DEBIAN/control"
echo one >"$root/usr/bin/one"
echo two >"$root/$long/$long/two words"
head -c 100000 /dev/zero >"$root/usr/bin/zeros"
: >"$root/usr/bin/empty"
ln -s one "$root/usr/bin/link"
ln "$root/usr/bin/one" "$root/usr/bin/hard"
chmod -R go-w "$root"
dpkg-deb --root-owner-group -Znone -b "$root" "$tmp/x.deb" >/dev/null 2>"$tmp/err" ||
	not_ok from-dpkg-build "$(cat "$tmp/err")"
wanted=$(cd "$root" && find usr "$long" -type f ! -name hard -exec sha256sum {} + |
	sed 's,^\([^ ]*\)  ,sha256:\1  /,' | sort)
run "${from[@]}" "$tmp/x.deb"
if [ "$code:$err" = 0: ] && [ "$(sed 's,/usr/bin/hard$,/usr/bin/one,' <<<"$out" | sort)" = "$wanted" ]; then
	ok from-dpkg-deb
else
	not_ok from-dpkg-deb "exit code $code: $err $out, not $wanted"
fi
run "${from[@]}" --bank sha512 "$tmp/x.deb"
want=$(sha512sum "$root/usr/bin/zeros" | cut -d' ' -f1)
if grep -q "^sha512:$want  /usr/bin/zeros$" "$tmp/out"; then
	ok from-dpkg-bank
else
	not_ok from-dpkg-bank "$out"
fi
head -c 50000 "$tmp/x.deb" >"$tmp/cut.deb"
fails from-dpkg-cut 1 'cut.deb: (the archive in it is cut off|dpkg-deb fails)' "${from[@]}" "$tmp/cut.deb"
echo rubbish >"$tmp/rubbish.deb"
fails from-dpkg-rubbish 1 'rubbish.deb: ' "${from[@]}" "$tmp/rubbish.deb"
fails from-dpkg-none 1 'no-such-package: dpkg-query fails' "${from[@]}" no-such-package
fails from-dpkg-option 2 'not the name of a package' "${from[@]}" -- --help
fails from-dpkg-path 2 'not the name of a package' "${from[@]}" ../x
if [ -e /var/lib/dpkg/status ] && dpkg-query -W dpkg >/dev/null 2>&1; then
	run "${from[@]}" dpkg
	file=$(command -v dpkg-query)
	want=$(sha256sum "$file" | cut -d' ' -f1)
	if [ "$code" = 0 ] && grep -q "^sha256:$want  /usr/bin/dpkg-query$" "$tmp/out"; then
		ok from-dpkg-installed
	else
		not_ok from-dpkg-installed "exit code $code: $err"
	fi
else
	skip from-dpkg-installed "dpkg is not installed as a package"
fi
exit $failed
