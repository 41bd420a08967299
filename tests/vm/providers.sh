#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Property providers that look at the host's TPM, keep a list, or come in a module of their
# own: run as root in the guest of tools/vm/run, which has a TPM chip, with vtpmctl on PATH
# and the module loaded. Prints "ok NAME" or "not ok NAME - why".

top=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d) || exit 1
host=/sys/class/tpm/tpm0
failed=0

ok() { echo "ok vm/providers/$1"; }
not_ok() { echo "not ok vm/providers/$1 - ${2//$'\n'/ | }"; failed=1; }
expect() { if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "$2 is not $3"; fi; }
trap 'rm -rf "$tmp"' EXIT

digest() { tr -d '\n' | xxd -r -p | "${1}sum" | cut -d' ' -f1 | tr a-f A-F; }
zeros() { printf "%0$1d" 0; }
host_pcr() { tr -d '\n' <"$host/pcr-$1/$2"; }
vpcr() { tr -d '\n' <"/sys/class/vtpm/vtpm$1/matrix/$2/pcr-$3/$4"; }
host_extend() { TPM2TOOLS_TCTI=device:/dev/tpmrm0 timeout 60 tpm2_pcrextend "$1"; }
extend() { TPM2TOOLS_TCTI=device:/dev/vtpmrm$1 timeout 60 tpm2_pcrextend "$2"; }
status() { vtpmctl --json show "$1" | jq -r ".$2"; }

# create NAME [OPTION]: of $tmp/policy; prints its number, and sets nothing
create() { vtpmctl create "${@:2}" --policy "$tmp/policy" "$1" 2>"$tmp/err" | tr -dc 0-9; }

m1=$(printf one | sha256sum | cut -d' ' -f1)
m2=$(printf two | sha256sum | cut -d' ' -f1)
m3=$(printf three | sha256sum | cut -d' ' -f1)

# --- the host's PCRs ---
host_extend "10:sha256=$m1" ||
	not_ok host-extend "the host's TPM cannot be extended"
# The host has SHA-256 in any case, and in this machine no bank of longer digests or
# one that is there for sure: what has no bank of its own goes by the longest.
longest=sha256
for alg in sha384 sha512; do
	[ ! -e "$host/pcr-$alg" ] || longest=$alg
done

mapped() # NUMBER CASE: are its vPCRs those of the host as it is now?
{
	local pcr bad='' v composite=''

	for pcr in 0 7 10 16 17 23; do
		[ "$(vpcr "$1" map sha256 $pcr)" = "$(host_pcr sha256 $pcr)" ] || bad+=" $pcr"
	done
	expect "$2-map" "$bad" ""
	v=$(zeros 64)
	for pcr in 0 1 2 3 10; do
		v=$(printf '%s%s' "$v" "$(host_pcr sha256 $pcr)" | digest sha256)
		composite+=$(host_pcr sha256 $pcr)
	done
	expect "$2-accumulate" "$(vpcr "$1" accumulate sha256 9)" "$v"
	[ -n "${3-}" ] && v=$3 || v=$(zeros 64)
	v=$(printf '%s%s' "$(zeros 64)" "$v" | digest sha256)
	expect "$2-translate" "$(vpcr "$1" translate sha256 11)" "$v"
	digest sha256 <<<"$composite" >"$tmp/composite"
}

cat >"$tmp/policy" <<'END'
host-tpm required
provider map
provider accumulate pcrs=0-3,10 into=9
provider translate pcrs=0-3,10 into=11 represent=property
bank sha256 sha512
all pcr=10 provider=map
END
n=$(create guest)
if [ -z "$n" ]; then
	not_ok create "$(<"$tmp/err")"
	exit 1
fi
expect status "$(status guest host_tpm)" mapped
mapped "$n" created
if [ "$longest" = sha512 ]; then
	expect map-sha512 "$(vpcr "$n" map sha512 10)" "$(host_pcr sha512 10)"
else
	expect map-sha512 "$(vpcr "$n" map sha512 10)" "$(host_pcr "$longest" 10 | digest sha512)"
fi
expect as-guest-reads "$(vtpmctl --json pcr guest 10 | jq -r '.banks.sha256["10"]')" \
	"$(host_pcr sha256 10)"
before=$(host_pcr sha256 10)
host_extend "10:sha256=$m2"
expect until-power-cycle "$(vpcr "$n" map sha256 10)" "$before"
vtpmctl reset guest
mapped "$n" reset

# A certificate for the composite makes a property of it: the digest that TPM2_Quote of the
# host's TPM would sign.
openssl ecparam -name prime256v1 -genkey -noout -out "$tmp/key" 2>/dev/null
openssl req -x509 -new -key "$tmp/key" -subj "/CN=it" -days 30 -out "$tmp/crt" 2>/dev/null
printf 'vtpm-manifest 1\nname: hosts\nproperty: a good host\nsha256:%s\n' \
	"$(tr A-F a-f <"$tmp/composite")" >"$tmp/manifest"
openssl cms -sign -binary -nodetach -nosmimecap -md sha256 -signer "$tmp/crt" -inkey "$tmp/key" \
	-outform DER -in "$tmp/manifest" -out "$tmp/p7" 2>/dev/null
vtpmctl trust add hosts "$tmp/crt" && vtpmctl cert load "$tmp/p7" >"$tmp/out" ||
	not_ok manifest "cannot be loaded"
vtpmctl reset guest
mapped "$n" certified "$(printf 'a good host' | sha256sum | cut -d' ' -f1)"
vtpmctl trust remove hosts

# --- a guest that sends TPM2_Startup itself ---
u=$(create late --unstarted)
TPM2TOOLS_TCTI=device:/dev/vtpm$u timeout 60 tpm2_startup -c
expect unstarted-map "$(vpcr "$u" map sha256 10)" "$(host_pcr sha256 10)"
vtpmctl destroy late

# --- no host TPM ---
device=$(readlink -f "$host/device")
driver=$(readlink -f "$device/driver")
echo "${device##*/}" >"$driver/unbind"
expect no-host-required "$(create none)$(head -n 1 "$tmp/err")" \
	"$tmp/policy:1:1: the policy requires a host TPM, and there is none"
vtpmctl reset guest 2>"$tmp/err" && not_ok no-host-reset "the power came on" || ok no-host-reset
sed -i 's/required/optional/' "$tmp/policy"
n=$(create none)
expect no-host-optional "$(status none host_tpm) $(vpcr "$n" map sha256 10)" "none $(zeros 64)"
vtpmctl policy load none "$tmp/policy" || not_ok no-host-load "refused"
sed -i 's/optional/required/' "$tmp/policy"
vtpmctl policy load none "$tmp/policy" 2>"$tmp/err" && not_ok no-host-load-required "accepted" ||
	ok no-host-load-required
vtpmctl destroy none
echo "${device##*/}" >"$driver/bind" 2>/dev/null
vtpmctl destroy guest

# --- log ---
printf 'provider log entries=2\n' >"$tmp/policy"
n=$(create list)
for m in "$m1" "$m2" "$m3"; do
	extend "$n" "8:sha256=$m"
done
folded=$(printf '%s%s' "$m1" "$m2" | digest sha256)
expect log-list "$(cat "/sys/class/vtpm/vtpm$n/matrix/log/list")" \
	"$(printf 'sha256 pcr 8 elements 2 folded 2\n%s\n%s' "${folded,,}" "$m3")"
expect log-vpcr "$(vpcr "$n" log sha256 8)" "$(printf '%s%s' "$folded" "$m3" | digest sha256)"
expect log-mode "$(stat -c %a "/sys/class/vtpm/vtpm$n/matrix/log/list")" 400
vtpmctl destroy list

# --- a provider in a module of its own ---
printf 'provider distinct pcrs=16\nall pcr=16 provider=distinct\n' >"$tmp/policy"
expect module-not-there "$(create stranger)$(grep -c 'no provider "distinct"' "$tmp/err")" 1
insmod "$top/tests/modules/vtpm_example_provider.ko" || not_ok module-load "insmod fails"
n=$(create own)
extend "$n" "16:sha256=$m1"
extend "$n" "16:sha256=$m1"
extend "$n" "16:sha256=$m2"
v=$(printf '%s%s' "$(zeros 64)" "$m1" | digest sha256)
v=$(printf '%s%s' "$v" "$m2" | digest sha256)
expect module-used "$(vtpmctl --json pcr own 16 | jq -r '.banks.sha256["16"]')" "$v"
rmmod vtpm_example_provider 2>/dev/null && not_ok module-held "unloaded while used" ||
	ok module-held
vtpmctl policy load own "$tmp/policy" || not_ok module-policy "the same policy is refused"
vtpmctl destroy own
rmmod vtpm_example_provider && ok module-unload || not_ok module-unload "still held"
expect module-gone "$(create stranger)$(grep -c 'no provider "distinct"' "$tmp/err")" 1

exit $failed
