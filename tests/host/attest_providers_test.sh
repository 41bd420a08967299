#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: attest_providers_test.sh [VTPMCTL]
#
# An instance whose quotes show PCRs by each of the property providers, from "vtpmctl attest"
# to "vtpmctl verify": the engine computes the values, and vtpmctl replays its log.

prefix=attest/providers-
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
nonce=00112233

attest() { "$ctl" attest --tcti "$TPM2TOOLS_TCTI" --nonce $nonce --log "$@" 5-11; }
verify() { said=$("$ctl" verify --nonce $nonce --ak ak.pem --parties it.pem "$@" 2>&1); }
# says NAME REGEX: a line of what the last verify said
says() { if grep -qE -- "$2" <<<"$said"; then ok "$1"; else not_ok "$1" "$said"; fi; }
never() { if grep -qE -- "$2" <<<"$said"; then not_ok "$1" "$said"; else ok "$1"; fi; }

pcr_of_host() { printf "host\\x$(printf %02x "$1")" | sha256sum | cut -d' ' -f1; }
digest() { xxd -r -p | sha256sum | cut -d' ' -f1; }

m1=$(printf one | sha256sum | cut -d' ' -f1)
m2=$(printf two | sha256sum | cut -d' ' -f1)
composite=$(printf '%s%s' "$(pcr_of_host 0)" "$(pcr_of_host 1)" | digest)
openssl req -x509 -newkey rsa:2048 -nodes -keyout it.key -out it.pem -days 2 -subj /CN=it 2>/dev/null
openssl x509 -in it.pem -outform DER -out it.der
printf 'vtpm-manifest 1\nname: web\nproperty: approved\nsha256:%s\n' "$m1" >web
printf 'vtpm-manifest 1\nname: hosts\nproperty: a good host\nsha256:%s\n' "$composite" >hosts
for name in web hosts; do
	openssl cms -sign -binary -nodetach -nosmimecap -md sha256 -signer it.pem -inkey it.key \
		-outform DER -in $name -out $name.p7
	openssl cms -cmsout -inform DER -in $name.p7 -outform PEM >>manifests.pem
done
cat >policy <<'END_OF_POLICY'
provider certificate represent=key party=it
provider log entries=2
provider map
provider accumulate pcrs=0-3 into=9
provider translate pcrs=0-1 into=11 represent=property
bank sha256 sha384
quote pcr=5 provider=map
quote pcr=8 provider=certificate
quote pcr=9 provider=accumulate
quote pcr=10 provider=log
quote pcr=11 provider=translate
END_OF_POLICY

serve --policy policy --log log --host host --trust it.der --manifest web.p7 --manifest hosts.p7
export TPM2TOOLS_TCTI=$tcti
for pcr in {5..11}; do
	for m in "$m1" "$m2" "$m1"; do
		tpm2_pcrextend "$pcr:sha256=$m" || not_ok extend "PCR $pcr"
	done
done

attest log --certificates manifests.pem --output file && jq -r '."key-pem"' file >ak.pem
verify --policy policy file && ok verified || not_ok verified "$said"
never nothing-wrong '^wrong'
says table '^proved: its property providers are those of the policy$'
says hash '^proved: the log comes to the values of PCRs 6, 7 \(provider hash\)$'
says map '^proved: the log comes to the values of PCRs 5 \(provider map\)$'
says certificate '^proved: the log and the manifests come to the values of PCRs 8 \(provider certificate\)$'
says accumulate '^proved: the log comes to the values of PCRs 9 \(provider accumulate\)$'
says log '^proved: the log comes to the values of PCRs 10 \(provider log\)$'
says translate '^proved: the log and the manifests come to the values of PCRs 11 \(provider translate\)$'
says host "^proved: PCRs 0-1 of its host's TPM are \"a good host\", says a party that the host"
says host-map "^not proved: which values of its host's TPM went into PCRs 5: "
says host-accumulate "^not proved: which values of its host's TPM went into PCRs 9: "
says measured-hash '^proved: PCR 7: 2 measurements are "approved"$'
says measured-certificate '^proved: PCR 8: 2 measurements are what /CN=it vouches for$'
says measured-translate '^proved: PCR 11: 2 measurements are "approved", says a party that the host'
says not-measured '^not proved: what 1 measurements in PCR 8 are$'

# Without the policy all the same comes out, as the table says what there is
verify file && ok by-table || not_ok by-table "$said"
never by-table-wrong '^wrong'
for which in 5:map 8:certificate 9:accumulate 10:log 11:translate; do
	says "by-table-${which#*:}" "to the values of PCRs ${which%:*} \\(provider ${which#*:}\\)"
done

# A log that lacks one measurement, of each PCR in turn
for pcr in 5 8 9 10 11; do
	cp log old
	tpm2_pcrextend "$pcr:sha256=$m1"
	attest old --certificates manifests.pem --output late
	verify --policy policy late && not_ok "late-$pcr" "$said" || ok "late-$pcr-fails"
	says "late-$pcr" '^wrong: the quote is of other values than those that came with it, and'
done

# The other bank has the host's values in another hash
tpm2_pcrextend "5:sha384=$m1${m1:0:32}"
attest log --certificates manifests.pem --bank sha384 --output other-bank
verify --policy policy other-bank && ok other-bank || not_ok other-bank "$said"
says other-bank-map '^proved: the log comes to the values of PCRs 5 \(provider map\)$'
says other-bank-accumulate '^proved: the log comes to the values of PCRs 9 \(provider accumulate\)$'

# tpm2_checkquote makes of such a quote what it makes of any
jq -r .quote file | xxd -r -p >quote.msg
jq -r '."quote-signature"' file | xxd -r -p >quote.sig
tpm2_checkquote -Q -u ak.pem -m quote.msg -s quote.sig -q $nonce && ok checkquote || not_ok checkquote ""
exit $failed
