#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The three environments that the paper begins with (its section 2), each as a container with
# the policy of tools/policies for it: run as root in the guest of tools/vm/run, with vtpmctl on
# PATH and the module loaded. Prints "ok NAME" or "not ok NAME - why".

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) || exit 1
chmod 755 "$work"
failed=0
. "$top/tools/container.sh"

# holds NAME COMMAND...
holds() {
	local name=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		echo "ok scenarios/$name"
	else
		echo "not ok scenarios/$name - $(tail -n 3 "$work/log" | tr '\n' ' ')"
		failed=1
	fi
}

clean_up() {
	local name
	for name in private unclassified classified; do
		vtpmctl destroy "$name" >/dev/null 2>&1
	done
	vtpmctl trust remove it >/dev/null 2>&1
	rm -rf "$work"
}
trap clean_up EXIT

# says WORD COMMAND...: it fails, and says so
says() {
	local word=$1 out
	shift
	out=$("$@" 2>&1) && return 1
	printf '%s\n' "$out"
	[[ $out == *$word* ]]
}

# ---- what happens in a container ----

measure='tpm2_pcrextend 10:sha256=$(sha256sum app | cut -d" " -f1)'
parent='tpm2_createprimary -Q -C o -G ecc256 -c parent.ctx'
seal="$measure
$parent
tpm2_startauthsession -S session.ctx
tpm2_policypcr -Q -S session.ctx -l sha256:10 -L policy.digest
tpm2_flushcontext session.ctx
printf secret | tpm2_create -Q -C parent.ctx -i - -u sealed.pub -r sealed.priv -L policy.digest"
unseal="$measure
$parent
tpm2_load -Q -C parent.ctx -u sealed.pub -r sealed.priv -c sealed.ctx
tpm2_unseal -c sealed.ctx -p pcr:sha256:10"
quote="$measure
tpm2_createek -Q -G ecc -c ek.ctx -u ek.pub
tpm2_createak -Q -C ek.ctx -c ak.ctx -G ecc -g sha256 -s ecdsa -u ak.pem -f pem -n ak.name
tpm2_quote -Q -c ak.ctx -l sha256:10 -q 00112233 -m quote.msg -s quote.sig -o quote.pcrs -g sha256"

opens() { [ "$(in_container "$1" "$unseal")" = secret ]; }
shut() { says 0x99D in_container "$1" "$unseal"; }
in_it() { in_container "$1" "$2"; }

# with NAME VERSION: the container starts anew with another program in it
with() { vtpmctl reset "$1" && cp "$work/app-$2" "$work/$1/data/app"; }

# same_quote NAME: what a verifier sees of version 1, and of version 2
quoted() {
	with "$1" "$2" && in_container "$1" "$quote" &&
		tpm2_checkquote -u "$work/$1/data/ak.pem" -m "$work/$1/data/quote.msg" \
			-s "$work/$1/data/quote.sig" -f "$work/$1/data/quote.pcrs" -g sha256 \
			-q 00112233 >"$work/quoted-$2"
}
same_quote() {
	quoted "$1" 1 && quoted "$1" 2 && grep -qi '10: *0x' "$work/quoted-1" &&
		[ "$(grep -i '10: *0x' "$work/quoted-1")" = "$(grep -i '10: *0x' "$work/quoted-2")" ]
}

start() {
	holds "$1-create" vtpmctl create --policy "$top/tools/policies/$1.policy" "$1"
	bundle "$1"
	cp "$work/app-1" "$work/$1/data/app"
	holds "$1-seal" in_it "$1" "$seal"
	with "$1" 1
	holds "$1-opens" opens "$1"
	with "$1" tampered
	holds "$1-tampered" shut "$1"
	with "$1" 2
}

# ---- the trusted party, and what it approves ----

openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 30 -subj /CN=it -keyout "$work/it.key" \
	-out "$work/it.crt" 2>/dev/null
sign() {
	openssl cms -sign -binary -nodetach -nosmimecap -md sha256 -signer "$work/it.crt" \
		-inkey "$work/it.key" -outform DER -in "$1" -out "$1.p7"
}
for v in 1 2 tampered; do
	printf '#!/bin/sh\necho I am %s\n' "$v" >"$work/app-$v"
done
printf 'vtpm-manifest 1\nname: app\nproperty: approved by IT\nsha256:%s\nsha256:%s\n' \
	"$(sha256sum <"$work/app-1" | cut -d' ' -f1)" \
	"$(sha256sum <"$work/app-2" | cut -d' ' -f1)" >"$work/manifest"
sign "$work/manifest"
holds trust vtpmctl trust add it "$work/it.crt"
holds manifest vtpmctl cert load "$work/manifest.p7"

# ---- private: secrets survive updates, and nobody learns the hashes ----

start private
holds private-update opens private
holds private-quote-tells-no-version same_quote private
hidden() { ! in_container private 'tpm2_pcrread sha256:0,10' | grep -q '^ *0 *:'; }
holds private-hides-the-machine hidden
printf '# the owner may\n' | cat "$top/tools/policies/private.policy" - >"$work/other"
holds private-owner-changes-policy vtpmctl policy load private "$work/other"

# ---- unclassified: the company's rules, and its IT alone changes them ----

start unclassified
holds unclassified-update opens unclassified
holds unclassified-weak-hash says 'hash algorithm' in_it unclassified 'tpm2_hash -g sha1 -o out app'
holds unclassified-weak-key says 0x in_it unclassified 'tpm2_createprimary -Q -C o -G rsa1024 -c k.ctx'
holds unclassified-strong-key in_it unclassified 'tpm2_createprimary -Q -C o -G rsa2048 -c k.ctx'
sed 's/^version 1$/version 2/' "$top/tools/policies/unclassified.policy" >"$work/next"
holds unclassified-unsigned says 'has signed' vtpmctl policy load unclassified "$work/next"
sign "$work/next"
holds unclassified-signed vtpmctl policy load --signed unclassified "$work/next.p7"
holds unclassified-not-again says 'a higher one is due' \
	vtpmctl policy load --signed unclassified "$work/next.p7"

# ---- classified: bound to the software it was sealed under, and never changed ----

start classified
holds classified-update-needs-sealing-anew shut classified
holds classified-no-duplication says 0143 in_it classified \
	'tpm2_createprimary -Q -C o -G ecc256 -c p.ctx
	tpm2_create -Q -C p.ctx -G ecc256 -u k.pub -r k.priv -c k.ctx -a "sensitivedataorigin|userwithauth|sign"
	tpm2_startauthsession -S s.ctx --policy-session
	tpm2_duplicate -Q -C null -c k.ctx -G null -p session:s.ctx -r d.priv -s d.seed'
holds classified-start-is-not-the-users says 0x127 in_it classified "tpm2_pcrextend 0:sha256=$(printf '1%.0s' {1..64})"
holds classified-room says 0x14B in_it classified \
	'for i in 1 2 3 4 5 6 7 8 9 10; do tpm2_nvdefine -Q -C o -s 2048 0x150000$i; done'
holds classified-never-changes says 'update never' vtpmctl policy load classified \
	"$top/tools/policies/classified.policy"
exit "$failed"
