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

# PCRs that the host shall have
with() { verify --policy policy --host-pcrs "$@"; }
host_pcrs()
{
	echo "  sha256:"
	for pcr in {0..23}; do
		printf '    %-2d: 0x%s\n' "$pcr" "$(pcr_of_host "$pcr")"
	done | tr a-wyz A-WYZ
}
changed() { sed "s/^\(    $1 *: 0x\)......../\100112233/" pcrs >"but-$1"; }
lacking() { sed "/^    $1 *: /d" pcrs >"no-$1"; }
host_pcrs >pcrs
as="of its host's TPM, as pcrs has them in bank sha256\$"
with pcrs file && ok host-pcrs || not_ok host-pcrs "$said"
never host-pcrs-wrong '^wrong'
never host-pcrs-open "^not proved: (which values of|that) its host's TPM"
says host-pcrs-map "^proved: PCRs 5 go on from PCRs 5 $as"
says host-pcrs-map-guest '^not proved: that nobody but its host measured what PCRs 5 go on from: '
says host-pcrs-accumulate "^proved: PCRs 9 go on from PCRs 0-3 $as"
says host-pcrs-translate '^proved: the same is certified of PCRs 0-1 as pcrs has them in bank sha256$'
says host-pcrs-property "^proved: PCRs 0-1 of its host's TPM are \"a good host\", says a party that the host"
verify --host-pcrs pcrs file && ok host-pcrs-by-table || not_ok host-pcrs-by-table "$said"
never host-pcrs-by-table-proved "^proved: (PCRs [0-9-]* (go on|of its host)|the same)"
never by-table-measured '^proved: PCR (8|11): '
for which in 5:map 9:accumulate 11:translate; do
	says "host-pcrs-by-table-${which#*:}" "^not proved: which .* PCRs ${which%:*}: it is not known \
that the quote shows them as provider ${which#*:} has them, as no --policy was given$"
done

# One that is another
for n in 0 3 5 6; do
	changed $n
	with "but-$n" file && [ $n != 6 ] && not_ok "host-pcrs-but-$n" "$said" || ok "host-pcrs-but-$n"
done
with but-0 file
says host-pcrs-but-0-accumulate '^wrong: PCRs 9 do not go on from PCRs 0-3 '
says host-pcrs-but-0-map '^proved: PCRs 5 go on from PCRs 5 '
says host-pcrs-but-0-translate '^not proved: that PCRs 0-1 .* are as but-0 has them: of these no manifest says it$'
with but-3 file
says host-pcrs-but-3-accumulate '^wrong: PCRs 9 do not go on from PCRs 0-3 '
says host-pcrs-but-3-translate '^proved: the same is certified of PCRs 0-1 '
with but-5 file
says host-pcrs-but-5-map "^wrong: PCRs 5 do not go on from PCRs 5 of its host's TPM, as but-5 has them in bank"
says host-pcrs-but-5-accumulate '^proved: PCRs 9 go on from PCRs 0-3 '
with but-6 file
never host-pcrs-but-6-wrong '^wrong'
tpm2_pcrread >of-another || not_ok pcrread ""
with of-another file
says host-pcrs-of-another '^wrong: PCRs 5 do not go on from .* as of-another has them in bank sha256'

# One that is missing
for n in 1 5; do
	lacking $n
	with "no-$n" file && ok "host-pcrs-no-$n" || not_ok "host-pcrs-no-$n" "$said"
	never "host-pcrs-no-$n-wrong" '^wrong'
	[ $n = 5 ] ||
		says host-pcrs-no-1-accumulate "^not proved: which values .* went into PCRs 9: no-1 does not have PCRs 1 of bank sha256$"
	[ $n = 1 ] ||
		says host-pcrs-no-5-map "^not proved: which values .* went into PCRs 5: no-5 does not have PCRs 5 of bank sha256$"
done
with no-1 file
says host-pcrs-no-1-translate '^not proved: whether that is true of PCRs 0-1 as no-1 has them: it lacks PCRs 1 of'
printf 'sha256:\n5 : hidden\n' >hidden
with hidden file
says host-pcrs-hidden '^not proved: which values .* went into PCRs 9: hidden does not have PCRs 0-3 of bank'
never host-pcrs-hidden-proved "^proved: PCRs [0-9]+ go on"

# In a bank that the host has not, it is its strongest one
says_other() { with "$1" other-bank; says "$2" "$3"; }
says_other pcrs host-pcrs-other-bank-map "^proved: PCRs 5 go on from PCRs 5 $as"
says_other pcrs host-pcrs-other-bank-accumulate "^proved: PCRs 9 go on from PCRs 0-3 $as"
never host-pcrs-other-bank-guest '^not proved: that nobody but its host'
says_other but-5 host-pcrs-other-bank-but-5 '^wrong: PCRs 5 do not .* as but-5 has them in bank sha256'
(printf 'sha1:\n' && for n in {0..23}; do printf '%s: 0x%040d\n' "$n" 1; done && cat pcrs) >weaker
says_other weaker host-pcrs-weaker-bank '^proved: PCRs 5 go on from PCRs 5 .* in bank sha256'
(cat pcrs && printf 'sha512:\n' && for n in {0..23}; do printf '%s: 0x%0128d\n' "$n" 1; done) >stronger
says_other stronger host-pcrs-stronger-bank '^wrong: PCRs 5 do not go on from PCRs 5 .* in bank sha512'
with stronger file
says host-pcrs-own-bank '^proved: PCRs 5 go on from PCRs 5 .* in bank sha256'

# Nothing that tells of them
"$ctl" attest --tcti "$TPM2TOOLS_TCTI" --nonce $nonce --log log --output plain 6,7
with pcrs plain
says host-pcrs-not-quoted "^not proved: that its host's TPM has the PCRs of pcrs: no quoted PCR tells of them$"
"$ctl" attest --tcti "$TPM2TOOLS_TCTI" --nonce $nonce --output no-log 5-11
verify --host-pcrs pcrs no-log
says host-pcrs-no-log "^not proved: that its host's TPM has the PCRs of pcrs: no quoted PCR tells of them$"

# Files that are refused: nothing is said then
# refuses NAME PLACE-AND-REASON TEXT
refuses()
{
	printf "$3" >bad
	said=$("$ctl" verify --nonce $nonce --ak ak.pem --host-pcrs bad file 2>err)
	if [ $? = 1 ] && [ -z "$said" ] && head -n 1 err | grep -qE "^$2"; then
		ok "host-pcrs-$1"
	else
		not_ok "host-pcrs-$1" "$said$(cat err)"
	fi
}
d40=$(printf 1%.0s {1..40})
refuses nothing 'vtpmctl: bad: there is no PCR in it$' ''
refuses no-pcrs 'vtpmctl: bad: there is no PCR in it$' 'sha1:\nsha256:\n'
refuses rubbish "bad:1:1: neither a bank nor a PCR's value\$" 'rubbish\n'
refuses unknown-bank 'bad:2:3: not a bank that is known here: sha1, ' "\n  sm3_256:\n"
refuses no-bank 'bad:1:2: no bank has been named' " 0 : 0x$d40\n"
refuses no-colon "bad:2:1: neither a bank nor a PCR's value\$" "sha1:\n0 0x$d40\n"
refuses number 'bad:3:2: not a PCR from 0 to 23$' "sha1:\n23: 0x$d40\n 24: 0x$d40\n"
for n in 100 4294967296 18446744073709551616; do
	refuses "number-$n" 'bad:2:1: not a PCR from 0 to 23$' "sha1:\n$n: 0x$d40\n"
done
refuses short 'bad:2:5: not a value of sha1: 0x and 40 digits$' "sha1:\n0 : 0x${d40:1}\n"
refuses long 'bad:2:5: not a value of sha1: 0x and 40 digits$' "sha1:\n0 : 0x${d40}0\n"
refuses of-another-bank 'bad:2:4: not a value of sha256: 0x and 64 digits$' "sha256:\n0: 0x$d40\n"
refuses not-hex 'bad:2:4: not a value of sha1' "sha1:\n0: 0x${d40:1}g\n"
refuses no-0x 'bad:2:4: not a value of sha1' "sha1:\n0: $d40\n"
refuses digits-for-0x 'bad:2:4: not a value of sha1' "sha1:\n0: 00$d40\n"
refuses two-values 'bad:4:4: PCR 7 of sha1 has another value above$' \
	"sha1:\n7: 0x$d40\n\n7: 0x${d40:1}2\n"
refuses two-values-apart 'bad:5:4: PCR 7 of sha1 has' \
	"sha1:\n7: 0x$d40\nsha256:\nsha1:\n7: 0x${d40:1}2\n"
refuses nul 'bad:2:48: a NUL byte$' "sha1:\n 0 : 0x$d40\\0\n"
refuses more 'bad:2:48: this is too much$' "sha1:\n0 : 0x$d40 x\n"
refuses more-than-bank 'bad:1:7: this is too much$' "sha1: 7\n"
printf 'sha1:\n7: 0x%s\r\n\n \t7:0x%s \nsha1 :\n8: hidden' "$d40" "$d40" >twice
with twice file
says host-pcrs-twice '^not proved: which values .* went into PCRs 5: twice does not have PCRs 5 of bank sha1$'
head -c $((1 << 20)) /dev/zero | tr '\0' '\n' | cat - pcrs >big
try host-pcrs-big 1 '^vtpmctl: big: longer than the limit of 1048576 bytes$' \
	"$ctl" verify --nonce $nonce --ak ak.pem --host-pcrs big file
try host-pcrs-none 1 '^vtpmctl: nowhere: No such file' "$ctl" verify --host-pcrs nowhere file
try host-pcrs-elsewhere 2 'does not take this option' "$ctl" attest --host-pcrs pcrs

# tpm2_checkquote makes of such a quote what it makes of any
jq -r .quote file | xxd -r -p >quote.msg
jq -r '."quote-signature"' file | xxd -r -p >quote.sig
tpm2_checkquote -Q -u ak.pem -m quote.msg -s quote.sig -q $nonce && ok checkquote || not_ok checkquote ""
exit $failed
