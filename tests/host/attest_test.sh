#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: attest_test.sh [VTPMCTL]
#
# From "vtpmctl attest" over a TPM without a kernel (vtpm-mssim) to "vtpmctl verify",
# and what other people's programs make of the same bytes.

prefix=attest/
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
nonce=00112233445566778899aabbccddeeff

attest() { "$ctl" attest --tcti "$TPM2TOOLS_TCTI" --nonce "$nonce" "$@"; }
verify() { "$ctl" verify --nonce "$nonce" "$@"; }
member() { jq -r ".\"$2\"" "$1"; }

printf 'name web\nprovider certificate represent=property\nbank sha256 sha384\nread pcr=11,12 hide\nquote pcr=11 hide\n' >policy
serve --policy policy --log log
first=$tcti
export TPM2TOOLS_TCTI=$first

try made 0 '^$' attest --output first 0-10
try nothing-left 0 '^$' tpm2_getcap handles-transient
member first key-pem >ak.pem
try verified 0 '^proved: it is under the policy' verify --ak ak.pem --policy policy first
uuid=$("$ctl" --json verify --nonce "$nonce" --ak ak.pem first | grep -oE '[0-9a-f-]{36}' | head -n 1)
try uuid 0 "^proved: it is a virtual TPM of vtpm, UUID $uuid" \
	verify --ak ak.pem --uuid "$uuid" first
try other-nonce 1 '^wrong: the quote was made for another nonce' \
	"$ctl" verify --nonce 00 --ak ak.pem first
try other-policy 1 '^wrong: it is under another policy' verify --ak ak.pem --policy ak.pem first

# A measurement, and a later attestation with the same key
tpm2_pcrextend "8:sha256=$(printf 'a%.0s' {1..64})"
try later 0 '^$' attest --output second 8
try later-than-first 0 '^proved: it is later than first; resets since then: 0' \
	verify --ak ak.pem --before first second
try not-earlier 1 '^wrong: it is older than second' verify --ak ak.pem --before second first
value=$(tpm2_pcrread sha256:8 | sed -n 's/.*: 0x//p')
try value 0 "^proved: PCR 8 of sha256 has the value ${value,,}\$" verify --ak ak.pem second
jq '.pcrs."8" = "'"$(printf '0%.0s' {1..64})"'"' second >changed
try value-changed 1 '^wrong: the quote is of other values' verify --ak ak.pem changed
try log 0 '^$' attest --log log --output logged 0-10
try log-verified 0 '^proved: the log comes to the values of PCRs 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 \(provider hash\)$' \
	verify --ak ak.pem logged
try log-384 0 '^$' attest --log log --bank sha384 --output logged-384 8
try log-384-verified 0 '^proved: the log comes to the values of PCRs 8 \(provider hash\)$' verify --ak ak.pem logged-384
cp log old-log
tpm2_pcrextend "8:sha256=$(printf 'b%.0s' {1..64})"
try log-too-old 0 '^$' attest --log old-log --output old 7,8
try log-too-old-shown 1 '^wrong: the log comes to other values of PCRs 8$' \
	verify --ak ak.pem --policy policy old
try log-too-old-without-policy 0 '^not proved: where the values of PCRs 8 come from: provider certificate' \
	verify --ak ak.pem old
try bank 0 '^$' attest --bank sha384 --output third 0
try bank-verified 0 '^proved: PCR 0 of sha384' verify --ak ak.pem third
try hidden 0 '^$' attest --output hidden 10-12
try hidden-verified 0 '^proved: PCR 10 ' verify --ak ak.pem hidden
try hidden-log 0 '^$' attest --log log --output hidden-log 10-12
try hidden-log-verified 0 '^proved: the log comes to the values of PCRs 10, 12 \(provider hash\)$' \
	verify --ak ak.pem hidden-log
try to-stdout 0 '"vtpm-attestation": ?1' attest 0
try bank-not-active 0 '^$' attest --bank sha1 --output none 0
try bank-not-active-verified 0 '^not proved: any PCR' verify --ak ak.pem none

# A key of one's own, RSA, at a persistent handle
signs='fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign'
tpm2_createprimary -Q -C o -G rsa2048:rsassa-sha256:null -a "$signs" -c rsa.ctx &&
	tpm2_evictcontrol -Q -C o -c rsa.ctx 0x81008000 && tpm2_flushcontext -t
try own-key 0 '^$' attest --ak 0x81008000 --output own 8
member own key-pem >own.pem
try own-key-verified 0 '^proved: the key is the one that was expected' verify --ak own.pem own
try own-key-is-another 1 '^wrong: the key is another one' verify --ak ak.pem own
try no-such-key 1 '0x81008001' attest --ak 0x81008001
try no-key-handle 2 'not the handle of a persistent key' attest --ak ak

# A certificate of the key, and a party that is trusted for it
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -subj /CN=ca -days 2 -out ca.pem 2>/dev/null
printf 'extendedKeyUsage=2.23.133.8.3\nbasicConstraints=critical,CA:false\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' >ext
openssl req -new -key ca.key -subj /CN=ak 2>/dev/null |
	openssl x509 -req -CA ca.pem -CAkey ca.key -force_pubkey ak.pem -extfile ext -days 2 \
		-set_serial 7 -out ak.crt 2>/dev/null
try certificates 0 '^$' attest --certificates ak.crt --output certified 8
try certified 0 '^proved: ca.pem vouches for the key' verify --ca ca.pem certified
try not-certified 1 '^wrong: ca.pem does not vouch' verify --ca ca.pem second

# What tpm2-tools make of a quote
member second quote | xxd -r -p >quote.msg
member second quote-signature | xxd -r -p >quote.sig
try checkquote 0 '^sig: ' tpm2_checkquote -u ak.pem -m quote.msg -s quote.sig -q $nonce
try checkquote-other-nonce 1 . tpm2_checkquote -u ak.pem -m quote.msg -s quote.sig -q 00
try tools-quote 0 . tpm2_quote -c 0x81008000 -l sha256:8 -q $nonce -m tools.msg -s tools.sig -o tools.pcrs -g sha256
try tools-checkquote 0 'pcrs:' tpm2_checkquote -u own.pem -m tools.msg -s tools.sig -f tools.pcrs -q $nonce -g sha256
try tools-certify 0 '^$' tpm2_nvcertify -C 0x81008000 -c 0x01565450 -g sha256 -q $nonce --size 768 \
	--attestation nv.msg -o nv.sig -f plain 0x01565450
try tools-certify-verified 0 'Verified OK' openssl dgst -sha256 -verify own.pem -signature nv.sig nv.msg
try tools-certify-says 0 "${uuid//-/}" xxd -p -c 2000 nv.msg

# Two signatures for each file, which a policy may count
echo 'limit ak-uses=5' >counted
serve --policy counted
export TPM2TOOLS_TCTI=$tcti
try counted-first 0 '^$' attest --output counted-file 0
try counted-second 0 '^$' attest --output counted-file 0
try counted-third 1 'TPM2_NV_Certify: the key does not sign, or has signed as often as' attest 0
try counted-fourth 1 'TPM2_Quote: the key does not sign, or has signed as often as' attest 0
export TPM2TOOLS_TCTI=$first

# A TPM of another kind has no such index
if command -v swtpm >/dev/null; then
	serve_swtpm
	try another-kind 5 'has no NV index 0x01565450' \
		"$ctl" attest --tcti "$tcti" --output other 8
else
	echo "skip attest/another-kind - no swtpm"
fi
try no-tpm 4 'no TPM answers there' "$ctl" attest --tcti device:/nowhere
exit $failed
