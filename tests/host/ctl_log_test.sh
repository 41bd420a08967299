#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Tests of "vtpmctl log" on files: logs and PCRs that a program made which shares no code
# with it. usage: ctl_log_test.sh VTPMCTL    prints "ok NAME" or "not ok NAME - why"

prefix=ctl/log-
. "$(dirname "$0")/lib.sh"
export ASAN_OPTIONS=detect_leaks=0

# check NAME CODE REGEX COMMAND...: its exit code, and all that it says on both outputs
check()
{
	local name=$1 want=$2 regex=$3 out code
	shift 3
	out=$("$ctl" "$@" 2>&1 </dev/null)
	code=$?
	if [ "$code" != "$want" ]; then
		not_ok "$name" "exit code $code, not $want: $out"
	elif ! [[ $out =~ $regex ]]; then
		not_ok "$name" "says: $out"
	else
		ok "$name"
	fi
}

cd "$tmp" || exit 1
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out it.pem -days 30 -subj /CN=it 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout lab.key -out lab.pem -days 30 -subj /CN=lab 2>/dev/null
python3 - <<'END' || exit 1
import hashlib, struct, subprocess

def event(pcr, kind, digests, data):
	out = struct.pack('<III', pcr, kind, len(digests))
	for alg, digest in digests:
		out += struct.pack('<H', alg) + digest
	return out + struct.pack('<I', len(data)) + data

def tagged(tag, data=b'', locality=0):
	return struct.pack('<II', tag, 1 + len(data)) + bytes([locality]) + data

def head():
	spec = b'Spec ID Event03\0' + struct.pack('<IBBBB', 0, 0, 2, 0, 2)
	spec += struct.pack('<IHHHHB', 2, 4, 20, 11, 32, 0)
	return struct.pack('<II20sI', 0, 3, b'', len(spec)) + spec

sizes = {4: 20, 11: 32}
def h(alg, data):
	return (hashlib.sha1 if alg == 4 else hashlib.sha256)(data).digest()

class Pcrs:
	def __init__(self):
		self.v = {a: [(b'\xff' if 17 <= p <= 22 else b'\0') * sizes[a] for p in range(24)]
			  for a in sizes}
	def extend(self, pcr, digests, with_of=lambda alg, d: d):
		for alg, d in digests:
			self.v[alg][pcr] = h(alg, self.v[alg][pcr] + with_of(alg, d))
	def write(self, name):
		with open(name, 'w') as f:
			for alg, bank in ((4, 'sha1'), (11, 'sha256')):
				f.write('  %s:\n' % bank)
				for p in range(24):
					f.write('    %-2d: 0x%s\n' % (p, self.v[alg][p].hex().upper()))

def both(data):
	return [(a, h(a, data)) for a in sizes]

NO = 3
TAG = 6
zeros = [(a, bytes(sizes[a])) for a in sizes]
template = struct.pack('<I', 40) + b'sha256:\0' + h(11, b'x') + struct.pack('<I', 5) + b'/bin\0'
measured = [(7, [(11, b'\1' * 32)]), (8, both(b'data')), (10, both(template)),
	    (20, [(11, b'\2' * 32)]), (7, both(b'more'))]
start = struct.pack('<B', 0) + struct.pack('<I', 2) + b''.join(struct.pack('<H', a) + v for a, v in zeros)
mapped_v = h(11, b'mapped')
mapped = b'\3map' + struct.pack('<IH', 1, 11) + mapped_v
log = head()
log += event(7, TAG, measured[0][1], tagged(0x76740001))
log += event(8, TAG, measured[1][1], tagged(0x76740002, b'data', 3))
log += event(10, TAG, measured[2][1], tagged(0x76740003, template))
log += event(20, NO, zeros, b'vTPM StartValue\0' + start)
log += event(20, TAG, measured[3][1], tagged(0x76740001, b'', 2))
log += event(5, NO, zeros, b'vTPM StartValue\0' + mapped)
log += event(7, TAG, measured[4][1], tagged(0x76740001))
open('log', 'wb').write(log)
open('lost', 'wb').write(log + event(7, NO, zeros, b'vTPM LostEvents\0' + struct.pack('<I', 3)))
open('cut', 'wb').write(log[:-1])
open('forged', 'wb').write(log.replace(tagged(0x76740002, b'data', 3), tagged(0x76740002, b'dato', 3)))
open('other', 'wb').write(head() + event(4, 0xd, both(b'grub'), b'grub'))

hash_pcrs, map_pcrs, prop, key, lists = (Pcrs() for _ in range(5))
for p in (hash_pcrs, map_pcrs, prop, key, lists):
	for a in sizes:
		p.v[a][20] = bytes(sizes[a])
map_pcrs.v[11][5] = mapped_v
for pcr, digests in measured:
	hash_pcrs.extend(pcr, digests)
	map_pcrs.extend(pcr, digests)
hash_pcrs.write('hash')
map_pcrs.write('map')
hash_pcrs.v[11][7] = bytes(32)
hash_pcrs.write('wrong')

# a manifest has the event, and nothing else
text = 'vtpm-manifest 1\nname: m\nproperty: approved\n'
text += 'sha1:%s\nsha256:%s\n' % (h(4, b'data').hex(), h(11, b'data').hex())
open('manifest', 'w').write(text)
subprocess.run('openssl cms -sign -binary -nodetach -md sha256 -in manifest -signer it.pem '
	       '-inkey key.pem -outform PEM -out manifest.pem', shell=True, check=True)
public = subprocess.run('openssl x509 -in it.pem -pubkey -noout | openssl rsa -pubin '
			'-RSAPublicKey_out -outform DER 2>/dev/null', shell=True, check=True,
			stdout=subprocess.PIPE).stdout
for pcr, digests in measured:
	known = dict(both(b'data'))
	prop.extend(pcr, digests, lambda a, d: h(a, b'approved') if d == known[a] else bytes(sizes[a]))
	key.extend(pcr, digests, lambda a, d: h(a, public) if d == known[a] else bytes(sizes[a]))
prop.write('property')
key.write('key')

# what certificates said, behind the event: of two providers, one of which has one bank
def instead(provider, values):
	values = struct.pack('<I', len(values)) + b''.join(struct.pack('<H', a) + v for a, v in values)
	values = bytes([len(provider)]) + provider + values
	return struct.pack('<II', 0x76740004, len(values)) + values
plain = event(8, TAG, measured[1][1], tagged(0x76740002, b'data', 3))
def said(tags):
	return log.replace(plain, event(8, TAG, measured[1][1], tagged(0x76740002, b'data', 3) + tags))
of_key = instead(b'translate', [(11, h(11, public))])
of_property = instead(b'certificate', both(b'approved'))
open('said', 'wb').write(said(of_key + of_property))
open('said-other', 'wb').write(said(instead(b'certificate', both(b'rejected'))))
open('said-half', 'wb').write(said(instead(b'certificate', both(b'approved')[:1])))
open('said-cut', 'wb').write(said(of_property[:-1]))
open('said-more', 'wb').write(said(of_property.replace(b'\x0b\0', b'\x0d\0')))
open('said-tag', 'wb').write(said(tagged(0x76740001)))

# translate and accumulate: PCR 8 begins with what was made of the host's
text = 'vtpm-manifest 1\nname: hosts\nproperty: a good host\nsha1:%s\nsha256:%s\n' % ('1' * 40, '2' * 64)
open('hosts', 'w').write(text)
subprocess.run('openssl cms -sign -binary -nodetach -md sha256 -in hosts -signer it.pem '
	       '-inkey key.pem -outform PEM -out hosts.pem', shell=True, check=True)
def begins(provider, values):
	return event(8, NO, zeros, b'vTPM StartValue\0' + bytes([len(provider)]) + provider.encode() +
		     struct.pack('<I', 2) + b''.join(struct.pack('<H', a) + values[a] for a in sizes))
host_log = log[len(head()):]
for name, of in (('translate', lambda a: h(a, bytes(sizes[a]) + h(a, b'a good host'))),
		 ('accumulate', lambda a: h(a, bytes(sizes[a]) + h(a, b'host')))):
	starts = {a: of(a) for a in sizes}
	for other in ('', '-other'):
		p = Pcrs()
		for a in sizes:
			p.v[a][20] = bytes(sizes[a])
			p.v[a][8] = starts[a] if not other else h(a, bytes(sizes[a]) + bytes(sizes[a]))
		for pcr, digests in measured:
			certified = lambda a, d: h(a, b'approved') if d == known[a] else bytes(sizes[a])
			p.extend(pcr, digests, certified if name == 'translate' else lambda a, d: d)
		p.write(name + other)
	open(name + '-log', 'wb').write(head() + begins(name, starts) + host_log)

# provider log: with two elements the third folds
many = [(9, [(11, bytes([n]) * 32)]) for n in range(1, 8)]
log = head()
elements = []
for pcr, digests in many:
	log += event(pcr, TAG, digests, tagged(0x76740001))
	if len(elements) == 3:
		elements = [lists.v[11][9]]
	elements.append(digests[0][1])
	lists.v[11][9] = h(11, b''.join(elements))
for a in sizes:
	lists.v[a][20] = b'\xff' * sizes[a]
open('listlog', 'wb').write(log)
lists.write('lists')
END

check show 0 ' 7 +extend +0 +(01){32} +-.* 8 +event +3 .* data.* 10 +ima-ng .* /bin.* 20 +start .* reset.* 5 +start .* mapped by map' \
	log show --log log
check show-bank 0 ' 7 +extend +0 +- +-' log show --log log --bank sha1
check show-json 0 '"kind": *"ima-ng"' --json log show --log log
check show-nothing 2 'needs a NAME or --log' log show
check show-both 2 'needs a NAME or --log' log show --log log web
check show-cut 1 'entry 7 is not of an instance' log show --log cut
check show-other 1 'entry 1 is not of an instance' log show --log other
check show-no-log 1 'is no measurement log' log show --log hash
check verify 0 '^hash: 48 PCRs as the log says, 0 not, 0 cannot be verified$' \
	log verify --log log --pcrs hash
check verify-json 0 '"verified": *true' --json log verify --log log --pcrs hash
check verify-wrong 1 'hash: PCR 7 of sha256 is not what the log says' log verify --log log --pcrs wrong
check verify-lost 1 'PCR 7 of sha256 cannot be verified: 3 entries' log verify --log lost --pcrs wrong
check verify-event 1 'entry 2: the sha1 digest is not that of its event' \
	log verify --log forged --pcrs hash
check verify-map 0 'map: 48 PCRs as the log says, 0 not' log verify --log log --pcrs map --provider map
check verify-not-map 1 'map: PCR 5 of sha256 is not' log verify --log log --pcrs hash --provider map
check verify-unknown 1 'mine: not replayed: computes in a way that is not known' \
	log verify --log log --pcrs hash --provider mine
check verify-needs 1 'certificate: not replayed: needs --certificates and --parties' \
	log verify --log log --pcrs key --provider certificate
certificates=(--provider certificate --certificates manifest.pem)
check verify-key 0 'certificate: 48 PCRs as the log says, 0 not' \
	log verify --log log --pcrs key "${certificates[@]}" --parties it.pem
# as certificates were then, whatever they are now
certified=(--provider certificate --pcrs property)
check verify-said 0 'certificate: 48 PCRs as the log says, 0 not' log verify --log said "${certified[@]}"
check verify-said-and-given 0 'certificate: 48 PCRs as the log says, 0 not' \
	log verify --log said "${certified[@]}" --certificates manifest.pem --parties lab.pem
check verify-said-hash 0 '^hash: 48 PCRs as the log says' log verify --log said --pcrs hash
check verify-said-other 1 'certificate: not replayed: needs' log verify --log said-other "${certified[@]}"
check verify-said-half 1 'certificate: not replayed: needs' log verify --log said-half "${certified[@]}"
check verify-said-not-key 1 'certificate: not replayed: needs' \
	log verify --log said --pcrs key --provider certificate
for name in cut more tag; do
	check "show-said-$name" 1 'entry 2 is not of an instance' log show --log "said-$name"
done
check show-said 0 ' 8 +event +3 +[^ ]+ +data *' log show --log said
check verify-not-trusted 1 'certificate: PCR 8 of sha256 is not' \
	log verify --log log --pcrs key "${certificates[@]}" --parties lab.pem
check verify-not-property 1 'certificate: PCR 8 of sha256 is not' \
	log verify --log log --pcrs property "${certificates[@]}" --parties it.pem
echo 'provider certificate party=it represent=property # in words' >policy
check verify-property 0 'certificate: 48 PCRs as the log says, 0 not' log verify --log log \
	--pcrs property "${certificates[@]}" --parties it.pem --policy policy
echo 'provider log entries=3' >policy
check verify-list 0 'log: 48 PCRs as the log says, 0 not' log verify --log listlog --pcrs lists \
	--provider log --policy policy
check verify-not-list 1 'log: PCR 9 of sha256 is not' log verify --log listlog --pcrs lists --provider log
translate=(--provider translate --policy policy --certificates both.pem)
cat manifest.pem hosts.pem >both.pem
echo 'provider translate pcrs=0-3 into=8 represent=property' >policy
check verify-translate 0 'translate: 48 PCRs as the log says, 0 not' log verify --log translate-log \
	--pcrs translate "${translate[@]}" --parties it.pem
check verify-translate-start 1 'translate: PCR 8 of sha1 is not' log verify --log translate-log \
	--pcrs translate-other "${translate[@]}" --parties it.pem
check verify-translate-no-start 1 'translate: PCR 8 of sha256 is not' log verify --log log \
	--pcrs translate "${translate[@]}" --parties it.pem
check verify-translate-party 1 'translate: PCR 8 of sha256 is not' log verify --log translate-log \
	--pcrs translate "${translate[@]}" --parties lab.pem
check verify-translate-needs 1 'translate: not replayed: needs --certificates and --parties' \
	log verify --log translate-log --pcrs translate "${translate[@]}"
sed -i s/into=8/into=9/ policy
check verify-translate-elsewhere 1 'translate: PCR 8 of sha256 is not' log verify \
	--log translate-log --pcrs translate "${translate[@]}" --parties it.pem
sed -i 's/into=9/into=8 party=it/' policy
cat lab.pem it.pem >parties.pem
check verify-translate-of-party 0 'translate: 48 PCRs as the log says, 0 not' log verify \
	--log translate-log --pcrs translate "${translate[@]}" --parties parties.pem
check verify-translate-of-no-party 1 'translate: PCR 8 of sha256 is not' log verify \
	--log translate-log --pcrs translate "${translate[@]}" --parties lab.pem
sed -i 's/property/key/' policy
check verify-translate-as-key 1 'translate: PCR 8 of sha256 is not' log verify \
	--log translate-log --pcrs translate "${translate[@]}" --parties parties.pem
echo 'provider accumulate pcrs=0-3 into=8' >policy
check verify-accumulate 0 'accumulate: 48 PCRs as the log says, 0 not' log verify \
	--log accumulate-log --pcrs accumulate --provider accumulate --policy policy
check verify-accumulate-start 1 'accumulate: PCR 8 of sha256 is not' log verify \
	--log accumulate-log --pcrs accumulate-other --provider accumulate --policy policy
sed -i s/into=8/into=9/ policy
check verify-accumulate-elsewhere 1 'accumulate: PCR 8 of sha256 is not' log verify \
	--log accumulate-log --pcrs accumulate --provider accumulate --policy policy
echo nonsense >bad
check verify-bad-pcrs 1 'bad:1:1: neither a bank nor' log verify --log log --pcrs bad
check verify-no-pcrs 2 'needs a NAME, or --log FILE and --pcrs FILE' log verify --log log
check bind-kind 2 "neither 'cgroup' nor 'user-ns'" bind web task 1
exit $failed
