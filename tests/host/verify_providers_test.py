#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# usage: verify_providers_test.py [VTPMCTL [PART...]]
#
# What "vtpmctl verify" makes of a log for each property provider, and of the policy: each
# right once, and wrong in one thing alone. Values of PCRs are computed here, as the comments
# at the top of drivers/vtpm/property/provider_*.c say. Prints "ok NAME" or "not ok NAME - why".

from attestation import *

ZEROS = bytes(32)
ONES = bytes([0xff]) * 32
HOST = [digest(SHA256, b'host' + bytes([i])) for i in range(24)]
GOOD = digest(SHA256, b'a good host')
WEB = digest(SHA256, b'approved')
OTHERS = 'the log comes to other values of PCRs '


def host(mapped=1):
    return struct.pack('>HHB', 4, 1, mapped)


def banks(*algs):
    return struct.pack('>HH', 1, 6 * len(algs)) + b''.join(
        struct.pack('>HI', a, 0xffffff) for a in algs)


def table(*providers, mapped=1, banks=b''):
    return host(mapped) + banks + provider(b'hash') + b''.join(provider(*p) for p in providers)


# An instance under a policy, whose quote has these values and whose log these entries; expected
# are PCRs of its host
class Instance:
    expected = None

    def __init__(self, policy, entries, values, log, certificates=(), parties=(), read=None):
        self.policy, self.entries, self.values = policy.encode(), entries, values
        self.log, self.certificates, self.parties = log, certificates, parties
        self.read = read or values

    def but(self, **kw):
        other = Instance.__new__(Instance)
        if 'values' in kw:
            kw.setdefault('read', kw['values'])
        other.__dict__ = {**self.__dict__, **kw}
        return other

    def bundle(self):
        c = contents(policy=self.policy, entries=self.entries)
        pcrs = tuple(self.values)
        extra = {}
        if self.certificates:
            extra['certificates'] = b''.join(self.certificates).hex()
        return bundle(EC, quote=attest(QUOTE, quoted(self.values, pcrs)), pcrs=pcrs,
                      identity=attest(NV, nv(data=c), clock=1001), values=self.read,
                      log=self.log and [spec_id()] + self.log, **extra)

    def args(self, policy):
        args = []
        if policy:
            with open(path('its-policy'), 'wb') as f:
                f.write(self.policy)
            args += ['--policy', path('its-policy')]
        if self.parties:
            with open(path('parties'), 'wb') as f:
                for p in self.parties:
                    f.write(open(p.crt(), 'rb').read())
            args += ['--parties', path('parties')]
        if self.expected:
            with open(path('host'), 'w') as f:
                f.write('sha256:\n' + ''.join(
                    '%d : 0x%s\n' % (n, v.hex()) for n, v in self.expected.items()))
            args += ['--host-pcrs', path('host')]
        return args

    def says(self, name, line, policy=True, never='^wrong', code=0):
        expect(name, code, line, self.bundle(), *self.args(policy), never=never)

    def wrong(self, name, line, policy=True):
        wrong(name, line, self.bundle(), *self.args(policy))


def chain(start, *measurements):
    for m in measurements:
        start = extend(start, m)
    return start


# ---- providers that map ----

def maps():
    log = [start('map', 5, HOST[5]), event(5, M[0]), event(5, M[1])]
    i = Instance('provider map\nquote pcr=5 provider=map\n', table((b'map',)),
                 {4: ZEROS, 5: chain(HOST[5], M[0], M[1])}, log)
    come = r'^proved: the log comes to the values of PCRs 5 \(provider map\)$'
    i.says('map', come)
    i.says('map-by-table', come, policy=False)
    i.says('map-of-the-others', r'^proved: the log comes to the values of PCRs 4 \(provider hash\)$')
    i.says('map-host', "^not proved: which values of its host's TPM went into PCRs 5: only the log")
    i.says('map-table', '^proved: its property providers are those of the policy$')
    i.says('map-rule', '^proved: by the policy quotes show PCRs 5 as provider map has them$')
    i.says('map-no-rule', '^proved: by the policy quotes show PCRs 4 as provider hash has them$')
    i.but(log=[start('map', 5, HOST[4])] + log[1:]).wrong('map-other-start', OTHERS + '5$')
    i.but(log=[start('map', 4, HOST[5])] + log[1:]).wrong('map-start-elsewhere', OTHERS + '5$')
    i.but(log=[start('accumulate', 5, HOST[5])] + log[1:]).wrong('map-of-accumulate', OTHERS + '5$')
    i.but(log=log[1:]).wrong('map-no-start', OTHERS + '5$')
    i.but(log=log[:2]).wrong('map-one-missing', OTHERS + '5$')
    i.but(log=[log[0], log[2], log[1]]).wrong('map-order', OTHERS + '5$')
    i.but(log=log + [log[0]]).wrong('map-begins-late', OTHERS + '5$')
    i.but(entries=table((b'map',), mapped=0)).wrong('map-no-host', 'values of a host.s TPM, of which')
    i.but(values={4: ZEROS, 5: chain(ZEROS, M[0], M[1])}).wrong('map-as-hash', OTHERS + '5$')
    lost = event(5, ZEROS, b'vTPM LostEvents\0' + struct.pack('<I', 1), 3)
    i.but(log=log[:2] + [lost]).says('map-full', '^not proved: where the values of PCRs 5 come from: '
                                     'the log was full$', never=r'^proved: .*\(provider map\)')


def accumulates():
    folded = chain(ZEROS, HOST[0], HOST[1], HOST[7])
    log = [start('accumulate', 9, folded), event(9, M[0])]
    i = Instance('provider accumulate pcrs=0-1,7 into=9\nquote pcr=9 provider=accumulate\n',
                 table((b'accumulate', b'pcrs', b'0-1,7', b'into', b'9')),
                 {8: ZEROS, 9: chain(folded, M[0])}, log)
    come = r'^proved: the log comes to the values of PCRs 9 \(provider accumulate\)$'
    i.says('accumulate', come)
    i.says('accumulate-by-table', come, policy=False)
    i.says('accumulate-host', "^not proved: which values of its host's TPM went into PCRs 9")
    other = chain(ZEROS, HOST[0], HOST[7], HOST[1])
    i.but(log=[start('accumulate', 9, other), log[1]]).wrong('accumulate-order', OTHERS + '9$')
    i.but(log=log[1:]).wrong('accumulate-no-start', OTHERS + '9$')
    i.but(log=log[:1]).wrong('accumulate-one-missing', OTHERS + '9$')
    # what begins elsewhere than the policy says has not been folded
    i.but(values={8: HOST[0], 9: i.values[9]}, log=log + [start('accumulate', 8, HOST[0])],
          policy=i.policy.replace(b'quote pcr=9', b'quote pcr=8-9')).wrong(
              'accumulate-elsewhere', OTHERS + '8$')
    i.but(entries=table((b'accumulate', b'pcrs', b'0-2,7', b'into', b'9'))).wrong(
        'accumulate-of-others', 'its property providers are not those')


def translates():
    it, lab = party('it'), party('lab')
    composite = digest(SHA256, HOST[0] + HOST[1])
    good = manifest(it, composite, name='hosts', property='a good host')
    web = manifest(it, M[0])
    begin = extend(ZEROS, GOOD)
    options = (b'translate', b'pcrs', b'0-1', b'into', b'11', b'represent', b'property', b'party',
               b'')
    log = [start('translate', 11, begin), event(11, M[0]), event(11, M[1])]
    i = Instance('provider translate pcrs=0-1 into=11 represent=property\n'
                 'quote pcr=all provider=translate\n', table(options),
                 {11: chain(begin, WEB, ZEROS)}, log, (good, web), (it,))
    come = r'^proved: the log and the manifests come to the values of PCRs 11 \(provider translate\)$'
    is_good = "PCRs 0-1 of its host's TPM are \"a good host\", says a party that the host trusts$"
    i.says('translate', come)
    i.says('translate-by-table', come, policy=False)
    i.says('translate-host', '^proved: ' + is_good)
    i.says('translate-host-by-table', OPEN % 11 + 'it is not known that the quote', policy=False,
           never='^proved: (' + is_good + '|PCR 11: )')
    i.says('translate-measured', '^proved: PCR 11: 1 measurements are "approved", says a party')
    i.says('translate-not-listed', '^not proved: what 1 measurements in PCR 11 are$')
    i.but(log=log[1:]).wrong('translate-no-start', OTHERS + '11$')
    i.but(log=[start('translate', 11, extend(ZEROS, WEB))] + log[1:]).wrong(
        'translate-other-start', OTHERS + '11$')
    i.but(certificates=(good,)).wrong('translate-not-in-manifests', OTHERS + '11$')
    i.but(log=[log[0], event(11, M[1]), log[2]]).wrong('translate-other-measurement', OTHERS + '11$')
    i.but(parties=()).says('translate-no-parties', '^not proved: where the values of PCRs 11 come '
                           'from: provider translate needs', never=come)
    open_ = "^not proved: what PCRs 0-1 of its host's TPM are: "
    i.but(certificates=(web,)).says('translate-no-manifest-here', open_ + 'no manifest', never=is_good)
    i.but(certificates=(web, manifest(lab, composite, property='a good host'))).says(
        'translate-by-a-stranger', open_ + 'no manifest', never=is_good)
    old = manifest(it, composite, name='hosts', property='a good host',
                   more='until: 2020-01-01T00:00:00Z\n')
    i.but(certificates=(web, old)).says('translate-expired', open_ + 'no manifest', never=is_good)
    none = extend(ZEROS, ZEROS)
    i.but(values={11: chain(none, WEB, ZEROS)},
          log=[start('translate', 11, none)] + log[1:]).says(
              'translate-nobody-certified', open_ + 'no certificate', never=is_good)
    # nothing says that the start is the host's
    i.but(entries=table(options, mapped=0)).wrong('translate-no-host', 'of which nothing is in it')
    i.but(entries=i.entries[len(host()):]).says('translate-host-not-said', '^not proved: which values',
                                               never=is_good)
    late = options[:4] + (b'23',) + options[5:]
    i.but(policy=i.policy.replace(b'into=11', b'into=23'), entries=table(late),
          values={23: i.values[11]},
          log=[start('translate', 23, begin), event(23, M[0]), event(23, M[1])]).says(
              'translate-into-resettable', "^not proved: which values of its host's TPM went into "
              'PCRs 23', never=is_good)
    by_key(i, it, good, web, options)


def key_of(who):
    return digest(SHA256, openssl('pkey', '-in', who.file, '-pubout', '-outform', 'DER')[-65:])


def by_key(i, it, good, web, options):
    keyed = extend(ZEROS, key_of(it))
    k = i.but(policy=i.policy.replace(b'represent=property', b'represent=key'),
              entries=table(options[:6] + (b'key',) + options[7:]),
              values={11: chain(keyed, key_of(it), ZEROS)},
              log=[start('translate', 11, keyed), event(11, M[0]), event(11, M[1])])
    k.says('translate-key', "^proved: PCRs 0-1 of its host's TPM are what /CN=it vouches for$",
           never='"a good host"')
    # one key's measurements can stand for another one's in the log
    k.says('translate-key-measured', '^proved: PCR 11: 1 measurements are what /CN=it vouches',
           never='"approved"')
    lab = party('lab')
    k.but(parties=(lab,), certificates=(manifest(lab, M[0]), good)).wrong(
        'translate-key-of-another', OTHERS + '11$')


# ---- what the host's PCRs have to be ----

FROM = r"PCRs %s go on from PCRs %s of its host's TPM, as .*/host has them in bank sha256$"
OPEN = "^not proved: which values of its host's TPM went into PCRs %s: "
EXPECTED = dict(enumerate(HOST))


def expects_map():
    log = [start('map', 5, HOST[5]), event(5, M[0])]
    i = Instance('provider map\nquote pcr=all provider=map\n', table((b'map',)),
                 {5: chain(HOST[5], M[0])}, log).but(expected=EXPECTED)
    proved, wrong_one = '^proved: ' + FROM % (5, 5), 'PCRs 5 do not go on from PCRs 5 of'
    guest = '^not proved: that nobody but its host measured what PCRs 5 go on from'
    i.says('expects-map', proved)
    i.says('expects-map-guest', guest)
    i.but(expected={**EXPECTED, 5: HOST[4]}).wrong('expects-map-another', wrong_one)
    # one that the guest has led to where a good host's would be
    half = i.but(expected={**EXPECTED, 5: chain(ZEROS, M[1])}, values={5: chain(ZEROS, M[1], M[0])})
    half.but(log=[start('map', 5, chain(ZEROS, M[1])), log[1]]).says('expects-map-led', guest)
    # one that the host has not extended begins as any other does, and the log says nothing of it
    zero = i.but(expected={**EXPECTED, 5: ZEROS}, values={5: chain(ZEROS, M[0])}, log=log[1:])
    zero.says('expects-map-zeros', proved, never='^wrong|' + guest)
    zero.but(expected=EXPECTED).wrong('expects-map-not-zeros', wrong_one)
    # the log cannot say that it was reset
    reset = i.but(values={5: chain(ZEROS, M[0])}, log=[start('', 5, ZEROS), log[1]])
    reset.wrong('expects-map-reset', wrong_one)
    # what a guest may reset does not tell of the host, though it may have been extended to it
    at = {16: chain(HOST[16], M[0])}
    late = i.but(values=at, log=[start('map', 16, HOST[16]), event(16, M[0])])
    late.says('expects-map-resettable', OPEN % 16 + 'a guest can have reset them$',
              never='^wrong|^proved: PCRs 16 go')
    # nor what does when nothing of a host is in it, or when that is not said
    none = i.but(entries=table((b'map',), mapped=0))
    none.wrong('expects-map-no-host', 'values of a host.s TPM, of which nothing is in it')
    none.but(values=zero.values, log=zero.log, expected=zero.expected).wrong(
        'expects-map-no-host-zeros', "nothing of a host's TPM is in it, and hence in PCRs 5: it is "
        'not as .*/host has it')
    i.but(entries=i.entries[len(host()):]).says(
        'expects-map-host-not-said', OPEN % 5 + 'only the log tells', never='^wrong|^proved: PCRs 5 go')


def expects_accumulate():
    folded = chain(ZEROS, HOST[0], HOST[1], HOST[7])
    log = [start('accumulate', 9, folded), event(9, M[0])]
    i = Instance('provider accumulate pcrs=0-1,7 into=9\nquote pcr=all provider=accumulate\n',
                 table((b'accumulate', b'pcrs', b'0-1,7', b'into', b'9')),
                 {9: chain(folded, M[0])}, log).but(expected=EXPECTED)
    proved, wrong_one = '^proved: ' + FROM % (9, '0-1,7'), 'PCRs 9 do not go on from PCRs 0-1,7 of'
    i.says('expects-accumulate', proved, never='^wrong|^not proved: that nobody')
    unsure = OPEN % 9 + 'it is not known that the quote shows them as provider accumulate has them'
    i.says('expects-accumulate-by-table', unsure + ', as no --policy', policy=False, never=proved)
    i.but(policy=i.policy.replace(b'quote', b'quote pcr=9 locality=3 provider=hash\nquote')).says(
        'expects-accumulate-in-some-locality', unsure + '$', never=proved)
    # what a guest has extended PCR 9 of "hash" with is no host's: the policy tells which it is
    i.but(policy=b'provider accumulate pcrs=0-1,7 into=9\n').wrong('expects-accumulate-hash',
                                                                   OTHERS + '9$')
    for n in (0, 1, 7):
        i.but(expected={**EXPECTED, n: HOST[9]}).wrong('expects-accumulate-but-%d' % n, wrong_one)
    i.but(expected={**EXPECTED, 2: HOST[9]}).says('expects-accumulate-but-2', proved)
    for lacks in ((0,), (0, 7)):
        i.but(expected={n: v for n, v in EXPECTED.items() if n not in lacks}).says(
            'expects-accumulate-without-%d' % len(lacks), OPEN % 9 + '.*/host does not have PCRs %s '
            'of bank sha256$' % ','.join(map(str, lacks)), never='^wrong|^proved: PCRs 9 go')
    # a log that has the host's as if they had been measured does not say how it began
    events = [event(9, HOST[n]) for n in (0, 1, 7)]
    i.but(log=events + log[1:]).wrong('expects-accumulate-events', wrong_one)
    everything = chain(ZEROS, *HOST)
    whole = i.but(policy=i.policy.replace(b'pcrs=0-1,7', b'pcrs=all'),
                  entries=table((b'accumulate', b'pcrs', b'all', b'into', b'9')),
                  values={9: chain(everything, M[0])},
                  log=[start('accumulate', 9, everything), log[1]])
    whole.says('expects-accumulate-all', '^proved: ' + FROM % (9, '0-23'))
    whole.but(expected={**EXPECTED, 23: HOST[9]}).wrong('expects-accumulate-all-but-23', 'do not go on')
    i.but(policy=i.policy.replace(b'into=9', b'into=16'), values={16: chain(folded, M[0])},
          entries=table((b'accumulate', b'pcrs', b'0-1,7', b'into', b'16')),
          log=[start('accumulate', 16, folded), event(16, M[0])]).says(
              'expects-accumulate-resettable', OPEN % 16 + 'a guest can have reset them$',
              never='^wrong|^proved: PCRs 16 go')


def expects_translate():
    it = party('it')
    pairs = [digest(SHA256, HOST[n] + HOST[n + 1]) for n in (0, 2, 4)]
    good = manifest(it, *pairs[:2], name='hosts', property='a good host')
    other = manifest(it, pairs[2], name='others', property='another host')
    begin = extend(ZEROS, GOOD)
    i = Instance('provider translate pcrs=0-1 into=11 represent=property\n'
                 'quote pcr=all provider=translate\n',
                 table((b'translate', b'pcrs', b'0-1', b'into', b'11', b'represent', b'property',
                        b'party', b'')),
                 {11: begin}, [start('translate', 11, begin)], (good, other), (it,))
    same = '^proved: the same is certified of PCRs 0-1 as .*/host has them in bank sha256$'
    not_same = '^not proved: that PCRs 0-1 .* are as .*/host has them: of these no manifest says it$'
    i.but(expected=EXPECTED).says('expects-translate', same)
    # all hosts that have the property are alike
    i.but(expected={0: HOST[2], 1: HOST[3]}).says('expects-translate-alike', same)
    for name, pair in (('another', (HOST[4], HOST[5])), ('unknown', (HOST[6], HOST[7]))):
        i.but(expected=dict(enumerate(pair))).says('expects-translate-' + name, not_same,
                                                   never='^wrong|^proved: the same')
    i.but(expected={0: HOST[0]}).says(
        'expects-translate-without', '^not proved: whether that is true of PCRs 0-1 as .*/host has '
        'them: it lacks PCRs 1 of bank sha256$', never='^proved: the same')
    i.but(expected=EXPECTED, parties=(), certificates=()).says(
        'expects-translate-no-parties', "^not proved: that its host's TPM has the PCRs of .*/host: "
        'no quoted PCR', never='^proved: the same')


# ---- providers that do not ----

def lists():
    def fold(entries, *measurements):
        held, value = [], ZEROS
        for m in measurements:
            if len(held) == entries:
                held = [value]
            held.append(m)
            value = digest(SHA256, b''.join(held))
        return value

    ms = [digest(SHA256, bytes([100 + n])) for n in range(8)]
    log = [event(9, m) for m in ms]
    i = Instance('provider log entries=3\nquote pcr=9 provider=log\n',
                 table((b'log', b'entries', b'3'), mapped=0), {9: fold(3, *ms)}, log)
    come = r'^proved: the log comes to the values of PCRs 9 \(provider log\)$'
    i.says('list', come)
    i.says('list-by-table', come, policy=False)
    for n in range(1, len(ms)):
        i.but(log=log[:n], values={9: fold(3, *ms[:n])}).says('list-of-%d' % n, come)
    i.but(values={9: fold(2, *ms)}).wrong('list-folded-otherwise', OTHERS + '9$')
    i.but(log=log[:-1]).wrong('list-one-missing', OTHERS + '9$')
    i.but(log=log[:-2] + [log[-1], log[-2]]).wrong('list-order', OTHERS + '9$')
    i.but(values={9: chain(ZEROS, *ms)}).wrong('list-as-hash', OTHERS + '9$')
    i.but(entries=table((b'log', b'entries', b'4'))).wrong(
        'list-of-another-length', 'its property providers are not those')
    # 256 unless the policy says otherwise; a list that begins with ones
    many = [digest(SHA256, struct.pack('>I', n)) for n in range(258)]
    i.but(policy=b'provider log\nquote pcr=all provider=log\n',
          entries=table((b'log', b'entries', b'')), values={20: fold(256, ONES, *many)},
          log=[event(20, m) for m in many]).says(
              'list-default', r'^proved: the log comes to the values of PCRs 20 \(provider log\)$')
    i.but(policy=b'provider log\nquote pcr=all provider=log\n',
          entries=table((b'log', b'entries', b'')), values={20: digest(SHA256, M[1])},
          log=[event(20, M[0]), start('', 20, ZEROS), event(20, M[1])]).says(
              'list-begins-anew', r'^proved: the log comes to the values of PCRs 20 \(provider log\)$')
    # what was measured before a reset is not what the PCR has
    it = party('it')
    i.but(policy=b'', entries=table(), values={20: chain(ZEROS, M[1])}, parties=(it,),
          certificates=(manifest(it, M[0]),),
          log=[event(20, M[0]), start('', 20, ZEROS), event(20, M[1])]).says(
              'reset-forgets', '^not proved: what 1 measurements in PCR 20 are$', never='approved')


def certificates():
    it, lab = party('it'), party('lab')
    texts = (manifest(it, M[0], property='of it'), manifest(lab, M[0], M[1], property='of lab'))
    of_it, of_lab = digest(SHA256, b'of it'), digest(SHA256, b'of lab')
    log = [event(8, M[0]), event(8, M[1])]
    entries = table((b'certificate', b'represent', b'property', b'party', b''))
    i = Instance('provider certificate represent=property\nquote pcr=8 provider=certificate\n',
                 entries, {8: chain(ZEROS, of_it, of_lab)}, log, texts, (it, lab))
    come = r'^proved: the log and the manifests come to the values of PCRs 8 \(provider certificate\)$'
    i.says('certificate', come)
    i.but(parties=(lab, it)).wrong('certificate-order-of-parties', OTHERS + '8$')
    i.but(values={8: chain(ZEROS, M[0], M[1])}).wrong('certificate-as-hash', OTHERS + '8$')
    i.but(values={8: chain(ZEROS, M[0], M[1])}).says(
        'hash-without-policy', r'^proved: the log comes to the values of PCRs 8 \(provider hash\)$',
        policy=False)
    # party= names a party of the host's: it has to be one of those that count, alone
    one = i.but(policy=i.policy.replace(b'provider certificate', b'provider certificate party=x', 1),
                entries=table((b'certificate', b'represent', b'property', b'party', b'x')))
    for name, value in (('first', chain(ZEROS, of_it, ZEROS)),
                        ('second', chain(ZEROS, of_lab, of_lab))):
        one.but(values={8: value}).says('certificate-party-' + name, come)
    one.wrong('certificate-party-of-all', OTHERS + '8$')
    one.but(values={8: chain(ZEROS, of_it, ZEROS)}).says(
        'certificate-party-says', '^proved: PCR 8: 1 measurements are "of it"', never='of lab')
    i.but(entries=one.entries).wrong('certificate-party-not-said', 'its property providers are not')


# What a certificate said when it was measured, as the log has it: see log_entry.h
def said(pcr, measured, instead, by='certificate'):
    own = bytes([len(by)]) + by.encode() + struct.pack('<IH', 1, SHA256) + instead
    return event(pcr, measured, TAG + struct.pack('<II', 0x76740004, len(own)) + own)


def logged():
    it = party('it')
    i = Instance('provider certificate represent=property\nquote pcr=8 provider=certificate\n',
                 table((b'certificate', b'represent', b'property', b'party', b'')),
                 {8: chain(ZEROS, WEB, ZEROS)}, [said(8, M[0], WEB), event(8, M[1])])
    come = (r'^proved: the log, with what certificates said then, comes to the values of PCRs 8 '
            r'\(provider certificate\)$')
    i.says('logged', come)
    i.says('logged-by-table', come, policy=False)
    gone = i.but(parties=(it,), certificates=(manifest(it, M[0], more='until: 2020-01-01T00:00:00Z\n'),))
    gone.says('logged-manifest-gone', come)
    # of what it was said is not in the value
    i.but(parties=(it,), certificates=(manifest(it, M[2]),), log=[said(8, M[2], GOOD), event(8, M[1])],
          values={8: chain(ZEROS, GOOD, ZEROS)}).says(
              'logged-says-nothing', '^not proved: what 2 measurements in PCR 8 are$', never='approved')
    gone.but(log=[said(8, M[0], GOOD), event(8, M[1])]).wrong('logged-otherwise', OTHERS + '8$')
    gone.but(log=[event(8, M[0]), event(8, M[1])]).wrong('logged-nothing', OTHERS + '8$')
    gone.but(log=[said(8, M[0], WEB, 'translate'), event(8, M[1])]).wrong(
        'logged-of-another', OTHERS + '8$')
    i.but(log=[said(8, M[0], GOOD), event(8, M[1])]).says(
        'logged-otherwise-no-parties', '^not proved: where the values of PCRs 8 come from: provider '
        'certificate needs', never=come)


def others():
    i = Instance('provider distinct pcrs=8\nquote pcr=8 provider=distinct\n',
                 table((b'distinct', b'pcrs', b'8', b'more', b'1')), {7: ZEROS, 8: M[2]},
                 [event(8, M[0])])
    i.says('unknown', '^not proved: where the values of PCRs 8 come from: provider distinct computes '
           'in a way that is not known here$', never='^(wrong|proved: the log.*8)')
    i.says('unknown-value', '^proved: PCR 8 of sha256 has the value ' + M[2].hex())
    i.says('unknown-by-table', '^not proved: where the values of PCRs 8 come from: provider distinct',
           policy=False)
    i.but(values={7: M[2], 8: M[2]}).wrong('unknown-elsewhere', OTHERS + '7$')
    read = i.but(read={7: ZEROS, 8: chain(ZEROS, M[0])})
    read.says('unknown-not-read', '^not proved: the value of any PCR: readings do not show what quotes '
              'show of PCRs 8', never=r'^proved: PCR \d')
    read.wrong('unknown-not-read-by-table', 'other values than those that came', policy=False)
    i.but(policy=b'provider distinct pcrs=8\nall pcr=8 provider=distinct\n',
          read=read.read).wrong('unknown-read', 'other values than those that came')
    i.but(log=None, read=read.read).says('no-log-not-read', '^not proved: the value of any PCR')
    i.but(policy=b'', entries=table() + struct.pack('>HH', 3, 0)).says(
        'cut', '^not proved: where the values of PCRs 8 come from: it has providers that are not '
        'known$', policy=False)
    i.but(policy=b'', entries=table()).wrong('not-cut', OTHERS + '8$', policy=False)


# ---- the policy ----

def policies():
    text = 'provider map\nprovider log entries=3\n'
    entries = table((b'map',), (b'log', b'entries', b'3'))
    value = digest(SHA256, M[0])
    i = Instance(text + 'quote pcr=8-9 provider=log\n', entries,
                 {7: chain(ZEROS, M[0]), 8: value}, [event(7, M[0]), event(8, M[0])])

    def rules(*lines):
        return i.but(policy=(text + ''.join(line + '\n' for line in lines)).encode())

    i.says('policy', '^proved: by the policy quotes show PCRs 8 as provider log has them$')
    i.says('policy-agrees', '^proved: its property providers are those of the policy$')
    i.says('policy-none', '^not proved: what that policy says', policy=False,
           never='by the policy|those of the policy')
    rules('quote pcr=8-9 provider=map').wrong('policy-another-provider', OTHERS + '8$')
    rules('quote pcr=8 bank=sha256 provider=log').says('policy-bank', 'PCRs 8 as provider log')
    rules('quote pcr=8 bank=sha1 provider=log').wrong('policy-other-bank', OTHERS + '8$')
    rules('read pcr=8 provider=log').wrong('policy-other-operation', OTHERS + '8$')
    rules('all pcr=8 provider=log').says('policy-all', 'PCRs 8 as provider log')
    rules('quote pcr=8 provider=hash', 'quote pcr=8-9 provider=log').wrong('policy-first', OTHERS + '8$')
    rules('# quote pcr=8 provider=log').wrong('policy-comment', OTHERS + '8$')
    rules('quote pcr=8 provider=log', 'quote pcr=7 hide').wrong('policy-hide', 'lets no quote have PCRs 7$')
    rules('quote pcr=8 provider=log', 'quote pcr=7 deny').wrong('policy-deny', 'lets no quote have PCRs 7$')
    far = rules('quote pcr=8 locality=3 provider=log')
    far.says('policy-locality', '^not proved: whose values the quote shows of PCRs 8: that depends')
    far.says('policy-locality-log', r'comes to the values of PCRs 8 \(provider log\)$',
             never='PCRs 8 as provider')
    rules('quote pcr=8 locality=3 provider=log', 'quote pcr=8 deny').says(
        'policy-locality-deny', 'PCRs 8 as provider log')
    for name, other in (('less', table((b'map',))), ('none', b''),
                        ('more', entries + provider(b'translate')),
                        ('order', table((b'log', b'entries', b'3'), (b'map',))),
                        ('without-hash', host() + provider(b'map') + provider(b'log', b'entries', b'3')),
                        ('option', table((b'map',), (b'log', b'entries', b'2'))),
                        ('option-missing', table((b'map',), (b'log',))),
                        ('option-more', table((b'map', b'x', b'y'), (b'log', b'entries', b'3')))):
        i.but(entries=other).wrong('table-' + name, 'its property providers are not those of the policy$')
    cut = host() + provider(b'hash') + provider(b'map') + struct.pack('>HH', 3, 0)
    i.but(entries=cut).says('table-cut', '^proved: its property providers are those of the policy$')
    i.but(entries=cut + provider(b'x')).wrong('table-cut-other', 'are not those of the policy$')
    i.but(entries=entries + banks(SHA256)).says('banks', '^proved: its property', )
    i.but(policy=b'bank sha1\n' + i.policy.replace(b'sha256', b'sha1'),
          entries=entries + banks(SHA1, SHA256)).wrong('banks-more', 'banks that the policy does not')


def combinations():
    # without the policy, quotes by other providers than readings, and several of them
    entries = table((b'map',), (b'log', b'entries', b''), mapped=1)
    log, values, read = [], {}, {}
    for pcr in range(12):
        log += [start('map', pcr, HOST[pcr]), event(pcr, M[0]), event(pcr, M[1])]
        read[pcr] = chain(ZEROS, M[0], M[1])
        values[pcr] = chain(HOST[pcr], M[0], M[1]) if pcr else digest(SHA256, M[0] + M[1])
    i = Instance('', entries, values, log, read=read)
    i.says('combination', r'^proved: the log comes to the values of PCRs 1, .*11 \(provider map\)$',
           policy=False)
    i.but(values={**values, 11: M[2]}, read=read).wrong('combination-none', 'and than the log', policy=False)
    i.but(read=values).says('read-as-quoted', r'^proved: the log comes to the values of PCRs 0 '
                            r'\(provider log\)$', policy=False)


finish(maps, accumulates, translates, expects_map, expects_accumulate, expects_translate, lists,
       certificates, logged, others, policies, combinations)
