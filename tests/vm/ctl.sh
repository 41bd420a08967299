#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Tests of vtpmctl against the module: run as root in the guest of tools/vm/run,
# with vtpmctl on PATH and the module loaded. Prints "ok NAME", "not ok NAME - why"
# or "skip NAME - why".

top=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d) || exit 1
chmod 755 "$tmp"
failed=0
limit=60

ok() { echo "ok vm/ctl/$1"; }
not_ok() { echo "not ok vm/ctl/$1 - ${2//$'\n'/ | }"; failed=1; }
skip() { echo "skip vm/ctl/$1 - $2"; }

cleanup()
{
	local name
	for name in $(vtpmctl list | awk 'NR > 1 { print $1 }'); do
		vtpmctl destroy "/dev/vtpm$name"
	done
	for name in $(vtpmctl trust list | awk 'NR > 1 { print $1 }'); do
		vtpmctl trust remove "$name"
	done
	rm -rf "$tmp"
}
trap cleanup EXIT

# run ARG...: sets code, out, err; standard input is that of the caller
run()
{
	timeout "$limit" vtpmctl "$@" >"$tmp/out" 2>"$tmp/err"
	code=$?
	out=$(<"$tmp/out")
	err=$(<"$tmp/err")
}

# check NAME CODE OUT-REGEX ERR-REGEX ARG...: the expressions match all of the text
check()
{
	local name=$1 want=$2 out_regex=$3 err_regex=$4
	shift 4
	run "$@" </dev/null
	if [ "$code" != "$want" ]; then
		not_ok "$name" "exit code $code, not $want: $err"
	elif ! [[ $out =~ ^($out_regex)$ ]]; then
		not_ok "$name" "prints: $out"
	elif ! [[ $err =~ ^($err_regex)$ ]]; then
		not_ok "$name" "says: $err"
	else
		ok "$name"
	fi
}

# json NAME FILTER ARG...: success, and FILTER is true of the answer. The filters are
# tried together at the end, because jq takes seconds to start on an emulated machine.
filters=()
json_names=()
json()
{
	local name=$1 filter=$2
	shift 2
	run --json "$@" </dev/null
	if [ "$code" != 0 ] || [ -n "$err" ]; then
		not_ok "$name" "exit code $code: $err $out"
		return
	fi
	json_names+=("$name")
	filters+=("$filter")
	printf '%s\x01' "$out" >>"$tmp/answers"
}

try_filters()
{
	local i program verdicts
	# shellcheck disable=SC2016 # a variable of jq's
	program='split("\u0001") as $all | true'
	for i in "${!filters[@]}"; do
		program+=", (try (\$all[$i] | fromjson | (${filters[i]})) catch false)"
	done
	mapfile -t verdicts < <(jq -R -s "$program" "$tmp/answers" | tail -n +2)
	for i in "${!filters[@]}"; do
		if [ "${verdicts[i]}" = true ]; then
			ok "${json_names[i]}"
		else
			not_ok "${json_names[i]}" "$(awk -v n="$i" 'BEGIN { RS = "\001" }
				NR == n + 1' "$tmp/answers") is not ${filters[i]}"
		fi
	done
}

# member KEY: its value, a number or a string, in the last answer, or all its values
member() { sed -n 's/^ *"'"$1"'": *"\{0,1\}\([^",]*\)"\{0,1\},\{0,1\}$/\1/p' "$tmp/out"; }

tpm() { TPM2TOOLS_TCTI=device:/dev/vtpmrm$1 timeout "$limit" "${@:2}"; }
node_is() { [ -c "$1" ] && [ "$(stat -c '%t:%T' "$1")" = "$(printf '%x:%x' "$2" "$3")" ]; }
expect() { if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "$2 is not $3"; fi; }
first_line() { head -n 1 <<<"$1"; }

# --- info ---
json info '.abi_version == 1 and .instances == 0 and .max_policy > 0 and .max_manifest > 0 and
	(.features | sort) == ["certificate-provider", "hash-provider", "host-pcrs", "log-provider",
	 "measurement-log", "platform", "revocation"] and
	.max_measurements == 1048576 and .measurements == 0' info
check info-text 0 'ABI version: .*Instances: +0 of .*Measurements: +0, .*' '' info
check empty-list 0 'NUMBER +NAME +STATE +OPENERS +OBJECTS +SESSIONS +COMMANDS +MEMORY' ''
json empty-json '. == []' list

# --- create ---
cat >"$tmp/good.policy" <<-'END'
	# two views of the same measurements
	provider certificate represent=property
	bank sha256
	seal pcr=16 provider=certificate
	read pcr=0-7 hide
END
printf 'bank sha256\nread pcr=0-99 hide\n' >"$tmp/bad.policy"
check create 0 'vtpm0' '' create web
json create-json '.name == "db" and .number == 1 and .nodes.raw.path == "/dev/vtpm1" and
	.nodes.rm.path == "/dev/vtpmrm1" and .nodes.raw.major == .nodes.rm.major and
	.nodes.raw.minor != .nodes.rm.minor' create --policy "$tmp/good.policy" db
mapfile -t major < <(member major)
mapfile -t minor < <(member minor)
if node_is /dev/vtpm1 "${major[0]}" "${minor[0]}" &&
	node_is /dev/vtpmrm1 "${major[1]}" "${minor[1]}"
then
	ok create-nodes
else
	not_ok create-nodes "$(ls -l /dev/vtpm*)"
fi
check create-again 6 '' 'vtpmctl: web: an instance of this name exists' create web
check create-bad-policy 1 '' "$tmp/bad.policy:2:[0-9]+: .*read pcr=0-99 hide.* *\\^" \
	create --policy "$tmp/bad.policy" other
check create-no-file 1 '' "vtpmctl: $tmp/none: No such file or directory" \
	create --policy "$tmp/none" other
run --json info
max=$(member max_policy)
head -c $((max + 1)) /dev/zero | tr '\0' '#' >"$tmp/long.policy"
check create-long-policy 1 '' "vtpmctl: $tmp/long.policy: longer than the limit of $max bytes" \
	create --policy "$tmp/long.policy" other
json create-failures-made-nothing 'length == 2' list
run create --policy - third <"$tmp/good.policy"
expect create-stdin "$code:$out" 0:vtpm2
run create --policy - other <"$tmp/bad.policy"
expect create-stdin-bad "$code:${err%%:*}" '1:<stdin>'

# --- list, show ---
check list 0 'NUMBER.* +0 +web +running .* +1 +db +running .* +2 +third +running .*' '' list
json list-json '[.[] | [.number, .name, .state]] == [[0, "web", "running"], [1, "db", "running"],
	[2, "third", "running"]] and all(.[]; .memory > 0 and .openers == 0)' list
for form in web 0 vtpm0 vtpmrm0 /dev/vtpm0 name:web; do
	json "show-${form//\//_}" '.name == "web" and .number == 0 and .policy_size == 0' show "$form"
done
json show-policy-size ".policy_size == $(stat -c %s "$tmp/good.policy")" show db
check show-text 0 'Name: +web.*Raw node: +/dev/vtpm0 .*Policy: +none.*Policy version: +0.*Update: +admin.*' \
	'' show web
check show-none 7 '' 'vtpmctl: ghost: no such instance' show ghost
check show-none-number 7 '' 'vtpmctl: 77: no such instance' show 77
exec 7<>/dev/vtpmrm0
json show-openers '.openers == 1' show web
exec 7>&-

# --- policy ---
run policy show db
expect policy-show "$code:$(cmp "$tmp/out" "$tmp/good.policy" && echo same)" 0:same
check policy-show-none 0 '' '' policy show web
json policy-show-json '.name == "db" and (.policy | startswith("# two views")) and
	.policy_version == 0 and .update == "admin"' policy show db
check policy-check-warns 0 "$tmp/good.policy: version 0, update admin" "$tmp/good.policy:4: warning: PCR 16: seal goes to certificate \(line 4\) and read goes to hash \(no rule\): .*" \
	policy check "$tmp/good.policy"
grep -v '^seal' "$tmp/good.policy" >"$tmp/calm.policy"
check policy-check 0 '.*: version 0, update admin' '' policy check "$tmp/calm.policy"
json policy-check-json '.valid == true and .warnings == [] and .policy_version == 0 and
	.update == "admin"' policy check "$tmp/calm.policy"
run --json policy check "$tmp/good.policy"
expect policy-check-warns-json "$code:$(member valid):$(member line)" 0:true:4
check policy-check-bad 1 '' "$tmp/bad.policy:2:[0-9]+: .*" policy check "$tmp/bad.policy"
run --json policy check "$tmp/bad.policy"
expect policy-check-bad-json "$code:$(member valid):$(member line)" 1:false:2
expect policy-check-bad-reason "$(first_line "$err")" \
	"$tmp/bad.policy:2:$(member column): $(jq -r .reason "$tmp/out")"
# The caret stands below the column of the message.
column=$(member column)
expect policy-caret "$(tail -n 1 "$tmp/err")" "    $(printf "%$((column - 1))s" '')^"
# Of a long line what is around the column is shown.
printf '%150swrong pcr=1 hide # %60s end\n' '' '' >"$tmp/far.policy"
run policy check "$tmp/far.policy"
shown=$(sed -n 2p "$tmp/err")
caret=$(sed -n 3p "$tmp/err")
expect policy-caret-far "$(first_line "$err" | cut -d: -f2,3):${shown:${#caret}-1:6}" "1:151:wrong "
sed 's/0-7/0-3/' "$tmp/good.policy" >"$tmp/new.policy"
check policy-load-bad 1 '' "$tmp/bad.policy:2:.*" policy load db "$tmp/bad.policy"
run policy show db
expect policy-load-bad-changes-nothing "$(cmp "$tmp/out" "$tmp/good.policy" && echo same)" same
check policy-load 0 '' '' policy load db "$tmp/new.policy"
run policy show db
expect policy-load-changes "$(cmp "$tmp/out" "$tmp/new.policy" && echo same)" same
json policy-changes '.policy_changes == 1' show db
check policy-load-none 7 '' 'vtpmctl: ghost: no such instance' policy load ghost "$tmp/new.policy"
check policy-load-other-provider 1 '' '.+' policy load web "$tmp/good.policy"
# Longer than the first room that the tool gives, so it has to come back for it.
{ cat "$tmp/new.policy"; for i in {1..120}; do printf '# %078d\n' "$i"; done; } >"$tmp/wide.policy"
check policy-load-wide 0 '' '' policy load db "$tmp/wide.policy"
run policy show db
expect policy-show-wide "$(cmp "$tmp/out" "$tmp/wide.policy" && echo same)" same

# --- deny, and what a policy leaves of a TPM ---
printf 'read pcr=3 deny\nevent pcr=4 deny\nread pcr=5 locality=1 hide\ncommand deny GetRandom\n' \
	>"$tmp/strict.policy"
run create --policy "$tmp/strict.policy" strict
strict=${out#vtpm}
denied=$(tpm "$strict" tpm2_pcrread sha256:3 2>&1)
expect policy-deny-read "$(grep -c '(0x127)' <<<"$denied")" 1
denied=$(tpm "$strict" tpm2_pcrextend "4:sha256=$(printf '1%.0s' {1..64})" 2>&1)
expect policy-deny-event "$(grep -c '(0x127)' <<<"$denied")" 1
tpm "$strict" tpm2_pcrread sha256:4,5 >"$tmp/theirs"
expect policy-locality-0 "$(grep -c '^ *5 *:' "$tmp/theirs")" 1
run locality strict 1
tpm "$strict" tpm2_pcrread sha256:4,5 >"$tmp/theirs"
expect policy-locality-1 "$(grep -c '^ *5 *:' "$tmp/theirs")" 0
tpm "$strict" tpm2_getrandom --hex 4 >/dev/null 2>&1
expect policy-deny-command "$((! $?))" 0
tpm "$strict" tpm2_getcap commands >"$tmp/theirs"
expect policy-deny-listed "$(grep -c 'CC_GetRandom:' "$tmp/theirs"):$(grep -c CC_PCR_Read: "$tmp/theirs")" 0:1
run pcr strict 3
expect policy-deny-sysfs "$(grep -c 'hidden' "$tmp/out")" 1

# --- who may replace a policy ---
update()	# RULE PCR [VERSION]
{
	printf 'update %s\nread pcr=%d hide\n' "$1" "$2" >"$tmp/update.policy"
	[ -z "$3" ] || echo "version $3" >>"$tmp/update.policy"
}
update never 1
check update-to-never 0 '' '' policy load strict "$tmp/update.policy"
update admin 2
check update-never 1 '' 'vtpmctl: strict: the policy in force says: update never' \
	policy load strict "$tmp/update.policy"
json update-never-changes-nothing '.policy_changes == 1' show strict
sleep 1		# the audit writes it down in its own time
expect update-audit "$(dmesg | grep -c 'type=1316 .*op=policy-set .*name="strict" .*errno=0 res=1')" 1
expect update-audit-refused "$(dmesg | grep -c 'op=policy-set .*name="strict" .*errno=-13 res=0')" 1
run destroy strict

# --- what an instance tells a verifier ---
for name in web db; do
	node=vtpmrm0
	[ "$name" = web ] || node=vtpmrm1
	check "attest-$name" 0 '' '' attest --tcti "device:/dev/$node" --nonce 00ff \
		--output "$tmp/$name.attest" 0-10
	jq -r '."key-pem"' "$tmp/$name.attest" >"$tmp/$name.pem"
done
verify=(verify --nonce 00ff --ak "$tmp/db.pem")
check attest-policy 0 ".*proved: it is under the policy $tmp/wide.policy \(changed 2 times\).*" '' \
	"${verify[@]}" --policy "$tmp/wide.policy" "$tmp/db.attest"
check attest-with-log 0 '' '' attest --tcti device:/dev/vtpmrm1 --nonce 00ff \
	--log /sys/class/vtpm/vtpm1/binary_bios_measurements --output "$tmp/logged.attest" 0-10,16
check attest-log 0 '.*proved: the log comes to the values of PCRs .*' '' \
	"${verify[@]}" "$tmp/logged.attest"
check attest-virtual 0 '.*proved: it is a virtual TPM of vtpm, UUID [0-9a-f-]{36}.*' '' \
	"${verify[@]}" "$tmp/db.attest"
TPM2TOOLS_TCTI=device:/dev/vtpmrm1 tpm2_createek -Q -G ecc -c "$tmp/ek.ctx" -u "$tmp/ek.tpm"
TPM2TOOLS_TCTI=device:/dev/vtpmrm1 tpm2_readpublic -Q -c "$tmp/ek.ctx" -f pem -o "$tmp/ek.pem"
check attest-challenge 0 '' '' challenge --ek "$tmp/ek.pem" --output "$tmp/challenge" "$tmp/db.attest"
check attest-answer 0 '' '' attest --tcti device:/dev/vtpmrm1 --challenge "$tmp/challenge" \
	--output "$tmp/answer.attest" 0-10
check attest-answered 0 '.*proved: the key lives in the TPM with the endorsement key.*' '' \
	verify --challenge "$tmp/challenge" "$tmp/answer.attest"
check attest-other-policy 1 '.*wrong: it is under another policy.*' '.*not to be relied on' \
	"${verify[@]}" --policy "$tmp/new.policy" "$tmp/db.attest"
check attest-other-instance 1 '.*wrong: the key is another one.*' '.*not to be relied on' \
	"${verify[@]}" "$tmp/web.attest"
if id nobody >/dev/null 2>&1; then
	expect attest-needs-no-root "$(setpriv --reuid nobody --clear-groups vtpmctl verify \
		--nonce 00ff --ak - "$tmp/db.attest" <"$tmp/db.pem" >/dev/null 2>&1; echo $?)" 0
fi

# --- what the documentation shows is true ---
guide=$top/Documentation/admin-guide/vtpm.rst
# The indented block of the guide that begins with the line $1, as it stands in a file.
block() { awk -v first="    $1" '$0 == first { on = 1 } on && !/^    |^$/ { exit }
	on { sub(/^    /, ""); print }' "$guide"; }
for name in approved-by-it private blinded; do
	block "name $name" >"$tmp/$name.policy"
	warns=
	[ "$name" != private ] || warns="$tmp/private.policy:3: warning: PCR 8-15: quote goes to .*"
	check "guide-policy-$name" 0 '.*: version 0, update admin' "$warns" policy check "$tmp/$name.policy"
	expect "guide-policy-$name-found" "$(head -n 1 "$tmp/$name.policy")" "name $name"
done

# --- pcr ---
digest=$(printf 'a measurement' | sha256sum | cut -d' ' -f1)
pcr_after() { printf '%s%s' "$1" "$2" | xxd -r -p | sha256sum | cut -d' ' -f1 | tr a-f A-F; }
zero=$(printf '0%.0s' {1..64})
tpm 0 tpm2_pcrextend "16:sha256=$digest" || not_ok pcr-extend "tpm2_pcrextend failed"
check pcr 0 "  sha256:.*    16: 0x$(pcr_after "$zero" "$digest")" '' pcr web 16
tpm 0 tpm2_pcrread sha256 | sed 's/^\( *[0-9]* *\): /\1: /' >"$tmp/theirs"
run pcr web
expect pcr-as-tpm2-tools "$(diff -bi "$tmp/out" "$tmp/theirs")" ""
json pcr-json ".banks.sha256[\"16\"] == \"$(pcr_after "$zero" "$digest")\" and .provider == null" \
	pcr web 16
json pcr-hidden '.banks.sha256["3"] == null and .banks.sha256["4"] == ("0" * 64)' pcr db 3-4
check pcr-hidden-text 0 '  sha256:.*    3 : hidden' '' pcr db 3
json pcr-matrix ".banks.sha256[\"3\"] == \"$zero\" and .provider == \"hash\"" \
	pcr db --provider hash 3
tpm 1 tpm2_pcrextend "16:sha256=$digest" || not_ok pcr-extend-db "tpm2_pcrextend failed"
json pcr-matrix-certificate ".banks.sha256[\"16\"] == \"$(pcr_after "$zero" "$zero")\"" \
	pcr db --provider certificate 16
check pcr-no-provider 7 '' 'vtpmctl: certificate: .*' pcr web --provider certificate
check pcr-no-bank 7 '' 'vtpmctl: sha512: .*no such active bank' pcr web --bank sha512

# --- reset ---
check reset 0 '' '' reset web
json reset-pcr ".banks.sha256[\"16\"] == \"$zero\"" pcr web 16
json reset-json '. == {name: "web", number: 0}' reset web
check reset-none 7 '' 'vtpmctl: ghost: no such instance' reset ghost

# --- presence, locality, unstarted ---
check presence-on 0 '' '' presence web on
json presence-shown '.presence == true and .locality == 0' show web
check presence-off 0 '' '' presence web off
check locality 0 '' '' locality web 3
json locality-shown '.presence == false and .locality == 3' show web
check locality-back 0 '' '' locality web 0
check locality-none 7 '' 'vtpmctl: ghost: no such instance' locality ghost 1
check create-unstarted 0 'vtpm[0-9]+' '' create --unstarted sleeper
json unstarted-shown '.state == "unstarted"' show sleeper
check destroy-unstarted 0 '' '' destroy sleeper

# --- trust ---
party()
{
	openssl ecparam -name prime256v1 -genkey -noout -out "$tmp/$1.key" 2>/dev/null
	openssl req -x509 -new -key "$tmp/$1.key" -subj "/CN=$1" -days 30 -out "$tmp/$1.crt" \
		2>/dev/null
}
party it
party rival
openssl x509 -in "$tmp/rival.crt" -outform DER -out "$tmp/rival.der"
check trust-add 0 '' '' trust add it "$tmp/it.crt"
json trust-add-json '. == {name: "rival"}' trust add rival "$tmp/rival.der"
check trust-add-again 6 '' 'vtpmctl: it: a trusted party of this name exists.*' \
	trust add it "$tmp/it.crt"
check trust-list 0 'NAME +MANIFESTS +KEY.*it +0 +[0-9a-f]{64}.*rival +0 +[0-9a-f]{64}' '' trust list
json trust-list-json '([.[].name] | sort) == ["it", "rival"]' trust list
# The commands of Documentation/admin-guide/vtpm.rst that print the same digests.
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$tmp/rsa.key" -subj /CN=rsa -days 30 \
	-out "$tmp/rsa.crt" 2>/dev/null
check trust-add-rsa 0 '' '' trust add rsa "$tmp/rsa.crt"
digest_of() { awk -v name="$1" '$1 == name { print $3 }' "$tmp/out"; }
run trust list
expect trust-digest-ecc "$(digest_of it)" "$(openssl x509 -in "$tmp/it.crt" -noout -pubkey |
	openssl pkey -pubin -outform DER | tail -c 65 | sha256sum | cut -d' ' -f1)"
expect trust-digest-rsa "$(digest_of rsa)" "$(openssl x509 -in "$tmp/rsa.crt" -noout -pubkey |
	openssl rsa -pubin -RSAPublicKey_out -outform DER 2>/dev/null | sha256sum | cut -d' ' -f1)"
json trust-digests-differ '.[0].key_sha256 != .[1].key_sha256' trust list

# --- policies that somebody has signed ---
signed_policy()	# PARTY FILE
{
	openssl cms -sign -binary -nodetach -nosmimecap -md sha256 -signer "$tmp/$1.crt" \
		-inkey "$tmp/$1.key" -outform DER -in "$2" -out "$2.p7"
}
run trust list
update "signed=it key=$(digest_of it)" 1 9
cp "$tmp/update.policy" "$tmp/first.policy"
run create --policy "$tmp/first.policy" guarded
update "signed=it" 2 10
signed_policy rival "$tmp/update.policy"
check update-by-another 1 '' 'vtpmctl: guarded: nobody has signed it whom the policy.*' \
	policy load --signed guarded "$tmp/update.policy.p7"
check update-unsigned 1 '' 'vtpmctl: guarded: the policy in force takes only what it has signed' \
	policy load guarded "$tmp/update.policy"
signed_policy it "$tmp/update.policy"
sed 's/pcr=2/pcr=3/' "$tmp/update.policy.p7" >"$tmp/changed.p7"
check update-tampered 1 '' 'vtpmctl: guarded: .*' policy load --signed guarded "$tmp/changed.p7"
check update-not-a-message 1 '' 'vtpmctl: .*: not a PKCS#7 message.*' \
	policy load --signed guarded "$tmp/update.policy"
check update-check-signed 0 '.*: version 10, update signed=it' '' policy check --signed "$tmp/update.policy.p7"
run policy show guarded
expect update-refused-changes-nothing "$(cmp "$tmp/out" "$tmp/first.policy" && echo same)" same
check update-signed 0 '' '' policy load --signed guarded "$tmp/update.policy.p7"
run policy show guarded
expect update-signed-changes "$(cmp "$tmp/out" "$tmp/update.policy" && echo same)" same
sleep 1
# What the party has signed before does not come again, nor does this one.
cp "$tmp/update.policy.p7" "$tmp/tenth.p7"
update admin 3 9
signed_policy it "$tmp/update.policy"
check update-older 1 '' '.*:3:9: this is version 9, and version 10 is in force: a higher.*' \
	policy load --signed guarded "$tmp/update.policy.p7"
check update-same 1 '' '.*: this is version 10, and version 10 is in force: .*' \
	policy load --signed guarded "$tmp/tenth.p7"
update admin 3
signed_policy it "$tmp/update.policy"
check update-no-version 1 '' 'vtpmctl: guarded: this is version 0, and version 10 is in force: .*' \
	policy load --signed guarded "$tmp/update.policy.p7"
json update-older-changes-nothing '.policy_changes == 1 and .policy_version == 10 and
	.update == "signed=it"' show guarded
expect update-audit-signed "$(dmesg | grep -c 'op=policy-set .*name="guarded" .*signed-by="it" .*res=1')" 1
run destroy guarded

# --- cert ---
manifest()	# NAME PROPERTY TEXT...
{
	printf 'vtpm-manifest 1\nname: %s\nproperty: %s\n' "$1" "$2"
	shift 2
	for text in "$@"; do
		echo "sha256:$(printf '%s' "$text" | sha256sum | cut -d' ' -f1)  $text"
	done
}
sign()	# PARTY FILE: makes FILE.p7
{
	openssl cms -sign -binary -nodetach -nosmimecap -md sha256 -signer "$tmp/$1.crt" \
		-inkey "$tmp/$1.key" -outform DER -in "$2" -out "$2.p7"
}
block 'vtpm-manifest 2' >"$tmp/guide"
sign it "$tmp/guide"
check guide-manifest 0 webserver '' cert load "$tmp/guide.p7"
check guide-manifest-remove 0 '' '' cert remove webserver
sign rsa "$tmp/guide"
check cert-rsa 0 webserver '' cert load "$tmp/guide.p7"
check cert-rsa-remove 0 '' '' cert remove webserver
block '    vtpm-revocation 1' | sed -n 's/^    //p' >"$tmp/guide"
sign rsa "$tmp/guide"
check guide-revocation 0 recalled '' cert load "$tmp/guide.p7"
check guide-revocation-remove 0 '' '' cert remove recalled
manifest web approved 'a measurement' 'version two' >"$tmp/web"
sign it "$tmp/web"
check cert-load 0 'web' '' cert load "$tmp/web.p7"
json cert-load-replaces '. == {name: "web"}' cert load "$tmp/web.p7"
json cert-list-json '. == [{name: "web", trust: "it", property: "approved", measurements: 2,
	type: "manifest", state: "valid", version: 0, serial: 0, from: null, until: null,
	revoked_manifests: 0}]' cert list
check cert-list 0 'NAME +TRUST +VERSION +STATE +UNTIL +MEASUREMENTS +PROPERTY.web +it +- +valid +- +2 +approved' \
	'' cert list
check cert-show 0 'Name: +web.Type: +manifest.*Until: +for ever.Measurements: +2' '' cert show web
json cert-show-json '.name == "web" and .measurements == 2' cert show web
check cert-show-none 7 '' 'vtpmctl: ghost: no such manifest or revocation' cert show ghost
openssl cms -cmsout -in "$tmp/web.p7" -inform DER -outform PEM -out "$tmp/web.pem"
check cert-load-pem 0 'web' '' cert load "$tmp/web.pem"
check cert-load-text 1 '' 'vtpmctl: .*: not a PKCS#7 message; sign the manifest first' \
	cert load "$tmp/web"
openssl cms -sign -binary -nodetach -md sha256 -signer "$tmp/it.crt" -inkey "$tmp/it.key" \
	-outform DER -in "$tmp/web" -out "$tmp/caps.p7"
check cert-load-smime-capabilities 1 '' 'vtpmctl: .*-nosmimecap.*' cert load "$tmp/caps.p7"
openssl cms -sign -binary -nodetach -signer "$tmp/it.crt" -inkey "$tmp/it.key" \
	-in "$tmp/web" -out "$tmp/web.mail"
check cert-load-mail 1 '' 'vtpmctl: .*S/MIME.*-outform DER.*' cert load "$tmp/web.mail"
cp "$tmp/web" "$tmp/foreign"
sign rival "$tmp/foreign"
check cert-load-name-of-another 6 '' "vtpmctl: .*: another party's manifest has this name" \
	cert load "$tmp/foreign.p7"
party nobody
manifest free approved x >"$tmp/free"
sign nobody "$tmp/free"
check cert-load-untrusted 1 '' 'vtpmctl: .*: it was not signed by a trusted party.*' \
	cert load "$tmp/free.p7"
manifest tampered approved x >"$tmp/tampered"
sign it "$tmp/tampered"
sed -i 's/approved/improved/' "$tmp/tampered.p7"
check cert-load-tampered 1 '' 'vtpmctl: .*: its signature is wrong.*' cert load "$tmp/tampered.p7"
{ manifest wrong approved x; echo 'sha256:12zz'; } >"$tmp/wrong"
sign it "$tmp/wrong"
check cert-load-wrong-text 1 '' "$tmp/wrong.p7:5:[0-9]+: .*sha256:12zz.*\\^" \
	cert load "$tmp/wrong.p7"
head -c 200 "$tmp/web.p7" >"$tmp/cut.p7"
check cert-load-cut 1 '' 'vtpmctl: .*' cert load "$tmp/cut.p7"
json cert-failures-loaded-nothing 'length == 1' cert list
json trust-counts-manifests 'map(select(.name == "it"))[0].manifests == 1' trust list

# What was approved has one value in PCR 16, whichever version it is.
check cert-reset 0 '' '' reset db
tpm 1 tpm2_pcrextend "16:sha256=$digest"
run --json pcr db --provider certificate 16
first=$(member 16)
check cert-reset-again 0 '' '' reset db
tpm 1 tpm2_pcrextend "16:sha256=$(printf 'version two' | sha256sum | cut -d' ' -f1)"
json cert-same-property ".banks.sha256[\"16\"] == \"$first\"" pcr db --provider certificate 16
property=$(printf approved | sha256sum | cut -d' ' -f1)
expect cert-property-value "$first" "$(pcr_after "$zero" "$property")"

check cert-remove-none 7 '' 'vtpmctl: ghost: no such manifest or revocation' cert remove ghost
check cert-remove 0 '' '' cert remove web
json cert-removed '. == []' cert list

# --- versions, dates, revocations ---
second()	# VERSION SERIAL LINE...: web of version 2
{
	printf 'vtpm-manifest 2\nname: web\nproperty: approved\nversion: %s\nserial: %s\n' "$1" "$2"
	printf '%s\n' "sha256:$digest" "${@:3}"
}
load()		# NAME FILE-WITH-TEXT: signed by it
{
	sign it "$2"
	check "$1" 0 'web|recalled' '' cert load "$2.p7"
}
certified()	# NAME VALUE: the certificate provider's PCR 16 after the measurement
{
	vtpmctl reset db
	tpm 1 tpm2_pcrextend "16:sha256=$digest"
	run --json pcr db --provider certificate 16
	expect "$1" "$(member 16)" "$2"
}
approved=$(pcr_after "$zero" "$property")
nothing=$(pcr_after "$zero" "$zero")
second 7 1 >"$tmp/web7"
load cert-version "$tmp/web7"
certified cert-version-counts "$approved"
second 6 2 >"$tmp/web6"
sign it "$tmp/web6"
check cert-older-version 1 '' "$tmp/web6.p7:4:10: version 7 of web was here already.*" \
	cert load "$tmp/web6.p7"
check cert-remove-newer 0 '' '' cert remove web
check cert-older-version-remembered 1 '' "$tmp/web6.p7:4:10: version 7 of web.*" \
	cert load "$tmp/web6.p7"
second 7 1 "until: 2020-01-01T00:00:00Z" >"$tmp/late"
sign it "$tmp/late"
check cert-expired 1 '' "$tmp/late.p7:7:8: by the clock of this host its time is over.*" \
	cert load "$tmp/late.p7"
second 7 1 "from: 9000-01-01T00:00:00Z" >"$tmp/early"
load cert-not-yet "$tmp/early"
json cert-not-yet-state '.state == "not yet" and .from == "9000-01-01T00:00:00Z"' cert show web
certified cert-not-yet-counts-not "$nothing"
second 7 1 "until: 9000-01-01T00:00:00Z" >"$tmp/dated"
load cert-dated "$tmp/dated"
certified cert-dated-counts "$approved"
printf 'vtpm-revocation 1\nname: recalled\nversion: 1\nrevoke-serial: 1\n' >"$tmp/recalled"
# What a PCR has keeps when the manifest is revoked; what comes then is not certified.
load cert-revoke "$tmp/recalled"
json cert-revoke-keeps ".banks.sha256[\"16\"] == \"$approved\"" pcr db --provider certificate 16
json cert-revoked-states 'map({(.name): .state}) | add == {web: "revoked", recalled: "revokes"}' \
	cert list
certified cert-revoked-counts-not "$nothing"
check cert-revoked-again 1 '' "$tmp/dated.p7:2:7: revoked by recalled.*" cert load "$tmp/dated.p7"
json cert-trust-counts-revocations 'map(select(.name == "it"))[0].revocations == 1' trust list
sed 's/: 1$/: 2/' "$tmp/recalled" >"$tmp/recalled2"
echo "sha256:$digest" >>"$tmp/recalled2"
load cert-revoke-measurement "$tmp/recalled2"
certified cert-revoked-measurement "$nothing"
sign it "$tmp/recalled"
check cert-revoke-older 1 '' "$tmp/recalled.p7:3:10: version 2 of recalled was here already.*" \
	cert load "$tmp/recalled.p7"
check cert-revoke-remove 0 '' '' cert remove recalled
certified cert-revoke-removed "$approved"
check cert-remove-dated 0 '' '' cert remove web

# --- a long manifest, of what vtpmctl makes ---
awk -v d="$digest" 'BEGIN { for (i = 0; i < 20000; i++)
	printf "%08x%s  /usr/lib/some/where/file-%d\n", i, substr(d, 9), i }' >"$tmp/sums"
check cert-from-sums 0 '' '' cert from-sha256sum --name long --property approved \
	--manifest-version 1 --until +1d --output "$tmp/long" "$tmp/sums"
sign it "$tmp/long"
check cert-load-long 0 long '' cert load "$tmp/long.p7"
json cert-long '.measurements == 20000 and .version == 1 and .until != null' cert show long
json cert-long-memory '.measurements == 20000 and .cert_memory < 80 * 20000' info
echo "sha256:00000007${digest:8}" >>"$tmp/long"
sign it "$tmp/long"
check cert-load-long-twice 1 '' "$tmp/long.p7:20006:1: this measurement stands above already.*" \
	cert load "$tmp/long.p7"
check cert-remove-long 0 '' '' cert remove long
json cert-long-removed '.measurements == 0 and .cert_memory < 4096' info

# --- lists that are longer than the first room ---
for i in {1..6}; do
	manifest "m$i" "p$i" "x$i" >"$tmp/m"
	sign it "$tmp/m"
	vtpmctl cert load "$tmp/m.p7" >/dev/null || not_ok "cert-many-$i" "cannot be loaded"
	party "p$i"
	vtpmctl trust add "p$i" "$tmp/p$i.crt" || not_ok "trust-many-$i" "cannot be added"
done
json cert-list-long '[.[].name] | sort == ([range(1; 7) | "m\(.)"] | sort)' cert list
json trust-list-long 'length == 9' trust list
json trust-remove '. == {name: "it"}' trust remove it
json trust-remove-takes-manifests '. == []' cert list
check trust-remove-none 7 '' 'vtpmctl: it: no such trusted party' trust remove it

# --- the guide's first example: a secret that survives an update ---
measure() { printf '%s' "$1" | sha256sum | cut -d' ' -f1; }
sealed()	# NUMBER FILE: a secret bound to PCR 16 as it is now
{
	tpm "$1" tpm2_createprimary -Q -G ecc -c "$tmp/primary" &&
		tpm "$1" tpm2_createpolicy -Q --policy-pcr -l sha256:16 -L "$tmp/digest" &&
		echo secret | tpm "$1" tpm2_create -Q -C "$tmp/primary" -L "$tmp/digest" -i - \
			-u "$2.pub" -r "$2.priv" &&
		tpm "$1" tpm2_load -Q -C "$tmp/primary" -u "$2.pub" -r "$2.priv" -c "$2"
}
unsealed() { tpm "$1" tpm2_unseal -c "$2" -p pcr:sha256:16 2>"$tmp/err"; }
becomes()	# NUMBER MEASUREMENT
{
	tpm "$1" tpm2_pcrreset 16 && tpm "$1" tpm2_pcrextend "16:sha256=$(measure "$2")"
}
vtpmctl trust add it "$tmp/it.crt"
manifest web approved 'version one' 'version two' >"$tmp/web"
sign it "$tmp/web"
check guide-cert 0 web '' cert load "$tmp/web.p7"
check guide-create 0 vtpm3 '' create --policy "$tmp/approved-by-it.policy" guide
if becomes 3 'version one' && sealed 3 "$tmp/seal"; then
	expect guide-unseal "$(unsealed 3 "$tmp/seal")" secret
	becomes 3 'version two'
	expect guide-unseal-after-update "$(unsealed 3 "$tmp/seal")" secret
	becomes 3 'something else'
	expect guide-unseal-other-program "$(unsealed 3 "$tmp/seal")" ""
else
	not_ok guide-seal "cannot be sealed: $(cat "$tmp/err")"
fi
# Where reading and sealing see different values, tools that read first cannot unseal.
becomes 1 'version one' && sealed 1 "$tmp/odd"
expect guide-read-and-seal-differ "$(unsealed 1 "$tmp/odd")" ""
# QEMU asks the TPM who it is when it starts; nothing has to boot for that.
if command -v qemu-system-x86_64 >/dev/null; then
	printf 'info tpm\nquit\n' | timeout "$limit" qemu-system-x86_64 -M q35 -accel tcg -m 64 \
		-S -nodefaults -display none -monitor stdio -device tpm-tis,tpmdev=tpm0 -tpmdev \
		passthrough,id=tpm0,path=/dev/vtpm3,cancel-path=/sys/class/vtpm/vtpm3/cancel \
		>"$tmp/out" 2>"$tmp/err"
	expect guide-qemu "$?:$(grep -c 'path=/dev/vtpm3' "$tmp/out"):$(cat "$tmp/err")" 0:1:
else
	skip guide-qemu "no qemu-system-x86_64"
fi
check guide-destroy 0 '' '' destroy guide
check guide-trust-remove 0 '' '' trust remove it

# --- names that look like numbers ---
check name-like-number 0 'vtpm3' '' create 1
check name-like-node 0 'vtpm4' '' create vtpm0
check two-meanings 1 '' 'vtpmctl: 1: means two instances; write name:1 .* /dev/vtpm1 .*' show 1
check two-meanings-destroy 1 '' 'vtpmctl: vtpm0: means two instances.*' destroy vtpm0
json by-name '.number == 3' show name:1
json by-node '.name == "db"' show /dev/vtpm1

# --- destroy ---
check destroy-checks-first 7 '' 'vtpmctl: ghost: no such instance' destroy third ghost
json destroy-checked-first 'length == 5' list
exec 7<>/dev/vtpmrm2
json destroy-json '. == [{name: "third", number: 2}, {name: "1", number: 3}]' \
	destroy third name:1 vtpm2
if printf '\x80\x01\0\0\0\x0c\0\0\x01\x7b\0\x08' 2>"$tmp/err" >&7; then
	not_ok destroyed-node "a write still succeeds"
else
	ok destroyed-node
fi
exec 7>&-
check destroy-gone 7 '' 'vtpmctl: third: no such instance' destroy third
check destroy 0 '' '' destroy web db name:vtpm0
json destroyed '. == []' list
expect destroyed-nodes "$(find /dev -maxdepth 1 -name 'vtpm*' ! -name vtpmctl)" ""

# --- rights ---
if command -v setpriv >/dev/null; then
	cp "$(command -v vtpmctl)" "$tmp/vtpmctl"
	nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all)
	"${nobody[@]}" "$tmp/vtpmctl" list >"$tmp/out" 2>"$tmp/err"
	expect denied-by-mode "$?:$(cut -d: -f1-3 "$tmp/err")" '3:vtpmctl: /dev/vtpmctl: denied'
	chmod 666 /dev/vtpmctl
	"${nobody[@]}" "$tmp/vtpmctl" list >"$tmp/out" 2>"$tmp/err"
	expect denied-by-capability "$?:$(cut -d: -f1-3 "$tmp/err")" '3:vtpmctl: /dev/vtpmctl: denied'
	chmod 600 /dev/vtpmctl
	unshare -Ur "$tmp/vtpmctl" list >"$tmp/out" 2>"$tmp/err"
	expect denied-in-user-namespace "$?:$(cut -d: -f1-3 "$tmp/err")" \
		'3:vtpmctl: /dev/vtpmctl: denied'
else
	skip denied "no setpriv"
fi

# --- many: the list while others create and destroy ---
churn()
{
	local i
	for i in {1..20}; do
		vtpmctl create "churn$1-$i" >/dev/null
		vtpmctl destroy "churn$1-$i"
	done
}
churn 1 & first=$!
churn 2 & second=$!
bad=0
for i in {1..20}; do
	run --json list
	[ "$code" = 0 ] && [[ $out == \[*\] ]] && [ -z "$err" ] || bad=$((bad + 1))
done
wait "$first" "$second"
expect list-under-churn "$bad" 0
for i in {1..30}; do
	vtpmctl create "many$i" >/dev/null || not_ok "many-$i" "cannot be created"
done
json list-many '([.[].name] | sort) == ([range(1; 31) | "many\(.)"] | sort)' list
COMP_WORDS=(vtpmctl show many2)
COMP_CWORD=2
# shellcheck disable=SC1091
. "$top/tools/vtpmctl/vtpmctl.bash"
_vtpmctl
expect completion-names "$(printf '%s\n' "${COMPREPLY[@]}" | sort | xargs)" "many2 many20 many21 many22 many23 many24 many25 many26 many27 many28 many29"

# --- the udev rule, as udev reads it ---
if command -v udevadm >/dev/null; then
	mkdir -p /run/udev/rules.d
	cp "$top/tools/udev/60-vtpm.rules" /run/udev/rules.d/
	udevadm test /sys/class/vtpm/vtpm0 >"$tmp/udev" 2>&1
	if getent group tss >/dev/null; then
		udevadm test /sys/class/vtpm/vtpmrm0 >>"$tmp/udev" 2>&1
		expect udev-group "$(grep -c "60-vtpm.rules.*GROUP $(getent group tss | cut -d: -f3)" \
			"$tmp/udev")" 2
	else
		skip udev-group "no group tss"
	fi
	expect udev-mode "$(grep -c '60-vtpm.rules.*MODE 0660' "$tmp/udev")" 2
	udevadm test /sys/class/misc/vtpmctl >"$tmp/udev" 2>&1
	expect udev-control "$(grep -c '60-vtpm.rules.*MODE 0600' "$tmp/udev")" 1
	rm /run/udev/rules.d/60-vtpm.rules
else
	skip udev "no udevadm"
fi
try_filters
exit $failed
