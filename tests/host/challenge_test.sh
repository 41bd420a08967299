#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: challenge_test.sh [VTPMCTL]
#
# "vtpmctl challenge", and its answer by "vtpmctl attest", over a TPM without a kernel
# (vtpm-mssim), a second one, and one of another make; and with tpm2-tools in place of either
# side.

prefix=challenge/
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
serve
first=$tcti
serve
second=$tcti
export TPM2TOOLS_TCTI=$first

attest() { "$ctl" attest --tcti "$TPM2TOOLS_TCTI" "$@" 0-7; }
challenge() { "$ctl" challenge --ek "$@"; }
verify() { "$ctl" verify --challenge "$@"; }
member() { jq -r ".\"$2\"" "$1"; }
# changed FILE MEMBER [DIGIT]: a bit of it, in the middle or in that digit from the end
changed()
{
	local hex at
	hex=$(member "$1" "$2")
	at=$((${#hex} - ${3-${#hex} / 2}))
	jq --arg v "${hex:0:at}$(tr 0-9A-Fa-f 1032547698badcfeBADCFE <<<"${hex:at:1}")${hex:at + 1}" \
		".\"$2\" = \$v" "$1"
}

attest --output key
for ek in rsa ecc; do
	tpm2_createek -Q -G $ek -c $ek.ctx -u $ek.tpm && tpm2_readpublic -Q -c $ek.ctx -f pem -o $ek.pem
	TPM2TOOLS_TCTI=$second tpm2_createek -Q -G $ek -c other.ctx -u other.tpm
	TPM2TOOLS_TCTI=$second tpm2_readpublic -Q -c other.ctx -f pem -o other-$ek.pem
	TPM2TOOLS_TCTI=$second tpm2_flushcontext -t
	tpm2_flushcontext -t

	try $ek 0 '^$' challenge $ek.pem --output $ek key
	try $ek-answer 0 '^$' attest --challenge $ek --output $ek.file
	try $ek-verified 0 "^proved: the key lives in the TPM with the endorsement key of $ek, SHA-256 \
$(openssl pkey -pubin -in $ek.pem -outform DER | sha256sum | cut -d' ' -f1)\$" verify $ek $ek.file
	try $ek-fresh 0 '^proved: it was made after the challenge' verify $ek $ek.file
	try $ek-nothing-left 0 '^$' tpm2_getcap handles-transient
	try $ek-no-session-left 0 '^$' tpm2_getcap handles-loaded-session

	# Of all that can be another one, or changed on the way
	try $ek-again 0 '^$' challenge $ek.pem --output $ek-again key
	try $ek-old-answer 1 '^wrong: the quote does not answer' verify $ek-again $ek.file
	try $ek-old-answer-claims 1 '^claimed: it is a virtual TPM' verify $ek-again $ek.file
	verify $ek-again $ek.file 2>&1 | grep -q '^proved' && not_ok $ek-old-answer-proves '' ||
		ok $ek-old-answer-proves-nothing
	challenge other-$ek.pem --output $ek-other key
	try $ek-other-ek 1 "is not for this TPM's endorsement key" attest --challenge $ek-other
	TPM2TOOLS_TCTI=$second try $ek-other-tpm 1 'is for another attestation key' \
		attest --challenge $ek
	for part in credential encrypted-secret; do
		for digit in 1 2 30 60 80 100; do
			changed $ek $part $digit >bad
			try $ek-changed-$part-$digit 1 \
				"is not for this TPM's endorsement key, or was changed" \
				attest --challenge bad
		done
		changed $ek $part $(($(member $ek $part | wc -c) - 4)) >bad
		try $ek-changed-$part-size 1 'is not well formed' attest --challenge bad
	done
	changed $ek key-name >bad
	try $ek-changed-key-name 1 'is for another attestation key' attest --challenge bad
	changed $ek nonce-sha256 >bad
	try $ek-changed-nonce 1 'has another nonce in it than it says' attest --challenge bad
	try $ek-changed-after 1 '^wrong: the quote does not answer bad' verify bad $ek.file
	jq '.credential += "00"' $ek >bad
	try $ek-longer 1 'is not well formed' attest --challenge bad
	jq '.credential = ""' $ek >bad
	try $ek-empty 1 'is not well formed' attest --challenge bad
	try $ek-nothing-left-behind 0 '^$' tpm2_getcap handles-transient
	try $ek-no-session-left-behind 0 '^$' tpm2_getcap handles-loaded-session
done

# Keys that cannot be made anew without a word: at a handle, by the profile's other templates
for ek in rsa3072 rsa4096 ecc384 ecc521; do
	tpm2_createek -Q -G $ek -c big.ctx -u big.tpm && tpm2_readpublic -Q -c big.ctx -f pem -o big.pem
	tpm2_evictcontrol -Q -C o -c big.ctx 0x81010020 && tpm2_flushcontext -t
	challenge big.pem --output $ek key
	try $ek-no-handle 2 'whose handle --ek has to say' attest --challenge $ek
	try $ek-handle 0 '^$' attest --challenge $ek --ek 0x81010020 --output $ek.file
	try $ek-verified 0 '^proved: the key lives in the TPM' verify $ek $ek.file
	tpm2_evictcontrol -Q -C o -c 0x81010020
done
tpm2_createek -Q -G rsa -c low.ctx -u low.tpm
tpm2_evictcontrol -Q -C o -c low.ctx 0x81010001 && tpm2_flushcontext -t
try low-handle 0 '"quote"' attest --challenge rsa --ek 0x81010001
try another-handle 1 "is not for this TPM's endorsement key" attest --challenge ecc --ek 0x81010001
# T15: what a guest puts at the handle of the endorsement key is not that key, for anybody. The
# admin's way to learn it, and the one of attest, is to make it from the instance's seed.
tpm2_evictcontrol -Q -C o -c 0x81010001
tpm2_createprimary -Q -C o -G rsa2048:null:aes128cfb -c swapped.ctx \
	-a 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|decrypt'
tpm2_evictcontrol -Q -C o -c swapped.ctx 0x81010001 && tpm2_flushcontext -t
try T15-swapped-key 1 "is not for this TPM's endorsement key" attest --challenge rsa --ek 0x81010001
try T15-made-anew 0 '^$' attest --challenge rsa --output rsa.file
try T15-verified 0 '^proved: the key lives in the TPM' verify rsa rsa.file
tpm2_createek -Q -G rsa -c rsa.ctx -u rsa.tpm
tpm2_readpublic -Q -c rsa.ctx -f pem -o again.pem && tpm2_flushcontext -t
cmp -s rsa.pem again.pem && ok T15-learned-again || not_ok T15-learned-again "another key is told"
try no-handle 2 'not the handle of a persistent key' attest --challenge rsa --ek 0x80000000
try no-key 1 '0x81010055' attest --challenge rsa --ek 0x81010055

# ---- tpm2-tools in place of either side ----

signs='fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign'
# The file of tpm2_makecredential has a head, and the same two structures
blob() { (printf badcc0de00000001; member "$1" credential; member "$1" encrypted-secret) | xxd -r -p; }
# open_blob EK BLOB: what tpm2_activatecredential finds in it, with $TPM2TOOLS_TCTI's keys
open_blob()
{
	local rc auth=(-P session:tools.session)

	case $1 in
	rsa | ecc) ;;
	*) auth=() ;;		# those have an auth value, which is empty
	esac
	tpm2_createek -Q -G "$1" -c tools-ek.ctx -u tools-ek.tpm
	tpm2_createprimary -Q -C e -G ecc256:ecdsa-sha256:null -a "$signs" -c tools-ak.ctx
	tpm2_flushcontext -t		# swtpm has no room for them twice
	tpm2_startauthsession -Q --policy-session -S tools.session
	tpm2_policysecret -Q -S tools.session -c e
	tpm2_activatecredential -Q -c tools-ak.ctx -C tools-ek.ctx -i "$2" -o opened \
		"${auth[@]}" 2>/dev/null
	rc=$?
	tpm2_flushcontext tools.session
	tpm2_flushcontext -t
	return $rc
}
# opens NAME EK CHALLENGE: and it is the nonce
opens()
{
	blob "$3" >blob
	rm -f opened
	if open_blob "$2" blob && [ "$(sha256sum <opened | cut -d' ' -f1)" = \
		"$(member "$3" nonce-sha256 | tr A-F a-f)" ]; then
		ok "$1"
	else
		not_ok "$1" "it is not opened"
	fi
}

for ek in rsa ecc; do
	opens tools-open-$ek $ek $ek
	blob $ek-other >blob
	open_blob $ek blob && not_ok tools-open-other-$ek "it opens" || ok tools-do-not-open-other-$ek
	changed $ek credential >bad && blob bad >blob
	open_blob $ek blob && not_ok tools-open-changed-$ek "it opens" || ok tools-do-not-open-changed-$ek

	# and the other way round
	head -c 32 /dev/urandom >secret
	tpm2_makecredential -Q -T none -u $ek.tpm -s secret -n "$(member $ek key-name)" -o made
	hex=$(xxd -p made | tr -d '\n')
	size=$((2 * (0x${hex:16:4} + 2)))
	jq --arg c "${hex:16:size}" --arg s "${hex:16 + size}" --arg n "$(sha256sum <secret | cut -d' ' -f1)" \
		'.credential = $c | ."encrypted-secret" = $s | ."nonce-sha256" = $n' $ek >tools-$ek
	try tools-made-$ek 0 '^$' attest --challenge tools-$ek --output tools.file
	try tools-made-$ek-verified 0 '^proved: the key lives in the TPM' verify tools-$ek tools.file
	jq '."nonce-sha256" = "'"$(printf x | sha256sum | cut -d' ' -f1)"'"' tools-$ek >bad
	try tools-made-$ek-for-another 1 'has another nonce in it than it says' attest --challenge bad
done

# ---- a TPM of another make, which "attest" has no file of: its key is put into one ----

if command -v swtpm >/dev/null; then
	serve_swtpm
	export TPM2TOOLS_TCTI=$tcti
	tpm2_createprimary -Q -C e -G ecc256:ecdsa-sha256:null -a "$signs" -c ak.ctx
	tpm2_readpublic -Q -c ak.ctx -f tss -o ak.tpm && tpm2_flushcontext -t
	jq --arg k "$(tail -c +3 ak.tpm | xxd -p | tr -d '\n')" '.key = $k' key >swtpm-key
	for ek in rsa ecc rsa3072 ecc384; do
		tpm2_createek -Q -G $ek -c $ek.ctx -u $ek.tpm
		tpm2_readpublic -Q -c $ek.ctx -f pem -o $ek.pem && tpm2_flushcontext -t
		challenge $ek.pem --output swtpm-$ek swtpm-key
		opens swtpm-$ek $ek swtpm-$ek
	done
	try swtpm-attest 5 'has no NV index' attest --challenge swtpm-ecc
else
	echo "skip challenge/swtpm - no swtpm"
fi

# ---- whose endorsement key it is ----

openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -subj /CN=maker -days 2 -out ca.pem 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout x.key -subj /CN=maker -days 2 -out x.pem 2>/dev/null
issue() # NAME USAGE DAYS CA
{
	printf 'extendedKeyUsage=%s\nbasicConstraints=critical,CA:false\n' "$2" >ext
	printf 'subjectAltName=critical,dirName:tpm\n[tpm]\nCN=id:0\n' >>ext
	openssl req -new -key ca.key -subj / 2>/dev/null |
		openssl x509 -req -CA "$4.pem" -CAkey "$4.key" -force_pubkey ecc.pem -extfile ext \
			-days "$3" -set_serial 7 -out "$1" 2>/dev/null
}
export TPM2TOOLS_TCTI=$first
tpm2_createek -Q -G ecc -c ecc.ctx -u ecc.tpm && tpm2_readpublic -Q -c ecc.ctx -f pem -o ecc.pem
tpm2_flushcontext -t
issue ek.crt 2.23.133.8.1 2 ca
issue ak.crt 2.23.133.8.3 2 ca
issue old.crt 2.23.133.8.1 -1 ca
issue x.crt 2.23.133.8.1 2 x
openssl x509 -in ek.crt -outform DER -out ek.der
for cert in ek.crt ek.der; do
	try $cert 0 '^$' challenge $cert --ca ca.pem --output certified key
	try $cert-answer 0 '^$' attest --challenge certified --output certified.file
	try $cert-verified 0 '^proved: the key lives in' verify certified certified.file
done
try certificate-alone 0 '"credential"' challenge ek.crt key
try certificate-for-signing 1 'is not for an endorsement key' challenge ak.crt --ca ca.pem key
try certificate-old 1 'does not vouch for it: .*expired' challenge old.crt --ca ca.pem key
try certificate-of-a-stranger 1 'does not vouch for it' challenge x.crt --ca ca.pem key
try certificate-none 1 'is no certificate that --ca could have signed' challenge ecc.pem --ca ca.pem key

# ---- the command line and the files ----

openssl ecparam -name secp256k1 -genkey -noout 2>/dev/null | openssl ec -pubout -out k1.pem 2>/dev/null
openssl genrsa 1024 2>/dev/null | openssl rsa -pubout -out weak.pem 2>/dev/null
try no-ek 2 'needs --ek FILE' "$ctl" challenge key
try ek-nothing 1 'holds neither a public key in PEM nor a certificate' challenge key key
try ek-other-curve 1 'neither RSA of 2048' challenge k1.pem key
try ek-weak 1 'neither RSA of 2048' challenge weak.pem key
try no-attestation 1 'is no attestation' challenge ecc.pem ecc
jq '.key = "0023000b00050072"' key >bad
try bad-key 1 'the key: ' challenge ecc.pem bad
jq '.key |= sub("^0023000b00050072"; "0023000b00040072")' key >bad
try key-of-any-data 1 'the key: it is not one that signs only what its TPM has made' challenge ecc.pem bad
try nonce-too 2 'the challenge has one already' attest --challenge ecc --nonce 00
try verify-nonce-too 2 'the challenge has one already' verify ecc --nonce 00 ecc.file
try no-challenge 1 'is no challenge: "vtpm-challenge"' verify key ecc.file
try attest-no-challenge 1 'is no challenge: "vtpm-challenge"' attest --challenge key
for member in vtpm-challenge ek-pem key-name credential encrypted-secret nonce-sha256; do
	jq "del(.\"$member\")" ecc >bad
	try "without-$member" 1 "is no challenge: \"$member\"" verify bad ecc.file
done
exit $failed
