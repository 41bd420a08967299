#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# usage: verify_test.py [VTPMCTL [PART...]]
#
# T26: what "vtpmctl verify" has to notice. Attestations are made in attestation.py.
# Prints "ok NAME" or "not ok NAME - why".

from attestation import *


def good():
    b = bundle(EC)
    expect('good', 0, '^proved: it was made after the nonce', b)
    expect('good-instance', 0, '^proved: it is a virtual TPM of vtpm, UUID 8c3cb0d2-f1b0-4e0c-9d6f',
           b, '--uuid', '8C3CB0D2-F1B0-4E0C-9D6F-3A1F6F0A7B11')
    expect('good-pcr', 0, '^proved: PCR 8 of sha256 has the value ' + VALUES[8].hex(), b)
    for name, kind, scheme in (('rsassa', RSA, RSASSA), ('rsapss', RSA, RSAPSS)):
        key = Key('rsa', kind, scheme)
        expect('good-' + name, 0, '^proved: it is a virtual', bundle(key), key=key)
    with open(path('policy'), 'wb') as f:
        f.write(POLICY)
    expect('good-policy', 0, r'^proved: it is under the policy .*policy \(changed 3 times\)', b,
           '--policy', path('policy'))
    expect('no-policy', 0, '^not proved: what that policy says', b)
    expect('no-log', 0, '^not proved: where the values of PCRs come from', b)
    expect('clock-not-safe', 0, '^not proved: that the TPM.s clock', bundle(
        EC, identity=attest(NV, nv(), clock=1001, safe=0)))


def key():
    for bit in (1, 4, 5, 16, 18):
        k = Key('ec', attrs=WANTED & ~(1 << bit))
        wrong('key-without-attribute-%d' % bit, 'signs only what its TPM has made', bundle(k))
    wrong('key-decrypts', 'signs only', bundle(Key('ec', attrs=WANTED | 1 << 17)))
    wrong('key-cut', 'not well formed', bundle(EC, key=EC.public()[:-1].hex()))
    wrong('key-and-more', 'not well formed', bundle(EC, key=EC.public().hex() + '00'))
    rsa = Key('rsa', RSA, RSASSA)
    more = bundle(rsa)
    more['key'] += '00'
    wrong('rsa-key-and-more', 'not well formed', more, key=rsa)
    wrong('key-not-on-curve', 'not well formed', bundle(EC, key=changed(EC.public(), -1).hex()))
    wrong('another-key', 'another one than was expected', bundle(OTHER))
    expect('no-signer', 1, 'proves nothing without', bundle(EC), key=False)
    expect('no-signer-claims', 1, '^claimed: it is a virtual TPM', bundle(EC), key=False)


def signatures():
    b = bundle(EC)
    for what in ('quote', 'identity'):
        sig = bytes.fromhex(b[what + '-signature'])
        wrongs = dict(b)
        wrongs[what + '-signature'] = changed(sig, -1).hex()
        wrong('%s-signature' % what, 'signature of the %s: it is not the key' % what, wrongs)
        wrongs[what + '-signature'] = sig.hex() + '00'
        wrong('%s-signature-and-more' % what, 'signature of the %s' % what, wrongs)
        wrongs = dict(b)
        wrongs[what] = changed(bytes.fromhex(b[what]), 80).hex()
        wrong('%s-changed' % what, 'signature of the %s' % what, wrongs)
    expect('signed-by-another', 1, '^wrong: the signature of the quote', bundle(EC, signer=OTHER))
    ssa, pss = Key('rsa', RSA, RSASSA), Key('rsa', RSA, RSAPSS)
    expect('scheme-of-another', 1, '^wrong: the signature of the quote: it is not of the key.s own',
           bundle(ssa, signer=pss), key=ssa)
    more = bundle(ssa)
    more['quote-signature'] += '00'
    wrong('rsa-signature-and-more', 'signature of the quote', more, key=ssa)
    weak = Key('ec', alg=SHA1)
    expect('hash-sha1', 1, '^wrong: the signature of the quote: its hash is weak', bundle(weak))


def attested():
    def q(**kw):
        return bundle(EC, quote=attest(QUOTE, quoted(VALUES, (0, 8, 9)), **kw))

    def i(**kw):
        kw.setdefault('clock', 1001)
        return bundle(EC, identity=attest(NV, nv(), **kw))

    wrong('quote-magic', "quote was not made by a TPM", q(magic=0xff544346))
    wrong('identity-magic', "identity was not made by a TPM", i(magic=0))
    wrong('quote-type', 'quote is an attestation of another type',
          bundle(EC, quote=attest(NV, nv())))
    wrong('identity-type', 'identity is an attestation of another type',
          bundle(EC, identity=attest(QUOTE, quoted(VALUES, (0, 8, 9)), clock=1001)))
    wrong('quote-nonce', 'quote was made for another nonce', q(nonce=changed(NONCE, 0)))
    wrong('identity-nonce', 'identity was certified for another nonce', i(nonce=NONCE[:-1]))
    expect('no-nonce', 1, '^not proved: when it was made', bundle(EC), nonce=None)
    expect('bad-nonce', 2, 'hexadecimal', bundle(EC), nonce='xyz')
    wrong('another-tpm', 'not of the same TPM', i(signer=b'\0\x0b' + bytes(31) + b'\1'))
    wrong('another-firmware', 'not of the same TPM', i(firmware=2))
    wrong('another-run', 'not of the same run', i(resets=6))
    wrong('another-restart', 'not of the same run', i(restarts=1))
    wrong('clock-backwards', 'not of the same run', i(clock=999))
    wrong('quote-cut', 'the quote is not well formed', bundle(EC, quote=attest(QUOTE, b'')[:-20]))
    wrong('quote-and-more', 'quote is not of PCRs', q(tail=b'\0'))
    wrong('identity-and-more', 'identity is not well formed', i(tail=b'\0'))


def identity():
    def i(**kw):
        return bundle(EC, identity=attest(NV, nv(**kw), clock=1001))

    wrong('index-writable', 'index that others can write', i(name=index_name(attrs=0x62072008)))
    wrong('index-elsewhere', 'index that others can write', i(name=index_name(handle=0x01800000)))
    wrong('index-of-another-size', 'index that others', i(name=index_name(size=767)))
    wrong('index-offset', 'not the whole', i(offset=1))
    wrong('index-short', 'not the whole', i(data=contents(size=767)))
    wrong('identity-form', 'form that is not known', i(data=contents(magic=1)))
    wrong('identity-version', 'form that is not known', i(data=contents(version=2)))
    wrong('another-instance', 'another instance', bundle(EC), '--uuid', 'x' * 36)
    with open(path('another-policy'), 'wb') as f:
        f.write(POLICY + b'\n')
    wrong('another-policy', 'under another policy', bundle(EC), '--policy', path('another-policy'))


    entries = provider(b'hash') + provider(b'certificate', b'represent', b'key', b'party', b'')
    expect('providers', 0, r'^proved: .*provider certificate \(represent=key, party=\)$',
           i(data=contents(entries=entries)))
    expect('providers-more', 0, '^not proved: which further property providers',
           i(data=contents(entries=entries + struct.pack('>HH', 3, 0))))
    expect('host', 0, "^proved: PCRs of its host's TPM",
           i(data=contents(entries=struct.pack('>HHB', 4, 1, 1))))
    expect('host-none', 0, '^not proved: what its host is',
           i(data=contents(entries=struct.pack('>HHB', 4, 1, 0))))
    expect('entry-not-known', 0, '^proved: it has the property provider hash$',
           i(data=contents(entries=struct.pack('>HHB', 99, 1, 0) + provider(b'hash'))))
    expect('entry-too-long', 0, '^proved: it is a virtual',
           i(data=contents(entries=struct.pack('>HHB', 4, 900, 0))))


def pcrs():
    values = dict(VALUES)
    values[9] = bytes(32)
    wrong('pcr-value', 'other values than those that came', bundle(EC, values=values))
    few = bundle(EC)
    del few['pcrs']['0']
    wrong('pcr-missing', 'other values than those that came', few)
    wrong('pcr-bank', 'not of PCRs of bank sha256 alone',
          bundle(EC, quote=attest(QUOTE, quoted(VALUES, (0, 8, 9), bank=SHA384))))
    wrong('pcr-two-banks', 'not of PCRs of bank sha256 alone',
          bundle(EC, quote=attest(QUOTE, quoted(VALUES, (0, 8, 9), count=2))))
    expect('pcr-none', 0, '^not proved: any PCR', bundle(EC, pcrs=()))
    more = bundle(EC)
    more['pcrs']['1'] = M[0].hex()
    expect('pcr-not-quoted', 0, '^proved: PCR 0 ', more)
    expect('pcr-not-quoted-is-not-said', 0, '^not proved: what that', more)


def logs():
    expect('log', 0, r'^proved: the log comes to the values of PCRs 0, 8, 9 \(provider hash\)$', bundle(EC, log=LOG))
    wrong('log-digest', 'other values of PCRs 9$',
          bundle(EC, log=LOG[:2] + [event(9, M[1])] + LOG[3:]))
    wrong('log-entry-missing', 'other values of PCRs 8$', bundle(EC, log=LOG[:-1]))
    wrong('log-order', 'other values of PCRs 8$', bundle(EC, log=[LOG[0], LOG[3], LOG[2], LOG[1]]))
    wrong('log-entry-more', 'other values of PCRs 0$', bundle(EC, log=LOG + [event(0, M[0])]))
    expect('log-full', 0, '^not proved: where the values of PCRs 8 come from: the log was full',
           bundle(EC, log=LOG[:-1] + [LOST]))
    wrong('log-begin', 'log that came with it is not', bundle(EC, log=LOG[1:]))
    wrong('log-cut', 'log that came with it is not', bundle(EC, log=[b''.join(LOG)[:-1]]))
    wrong('log-huge-size', 'log that came with it is not',
          bundle(EC, log=LOG + [struct.pack('<IIII', 0, 6, 0, 0xffffffff)]))
    wrong('log-many-digests', 'log that came with it is not',
          bundle(EC, log=LOG + [struct.pack('<III', 0, 6, 0xffffffff)]))
    wrong('log-pcr', 'log that came with it is not', bundle(EC, log=LOG + [event(24, M[0])]))
    values = dict(VALUES)
    values[0] = extend(bytes([0xff]) * 32, M[0])
    begun = start('', 0, bytes([0xff]) * 32)
    expect('log-start-value', 0, r'comes to the values of PCRs 0, 8, 9 \(provider hash\)$',
           bundle(EC, log=LOG + [begun, event(0, M[0])], values=values,
                  quote=attest(QUOTE, quoted(values, (0, 8, 9)))))
    wrong('log-start-value-cut', 'log that came with it is not',
          bundle(EC, log=LOG + [begun[:-1]]))
    # none but the host's PCRs and what resets leave
    values[0] = M[0]
    for name in ('', 'hash', 'map'):
        wrong('log-start-value-of-' + (name or 'all'), 'other values of PCRs 0$',
              bundle(EC, log=LOG + [start(name, 0, M[0])], values=values,
                     quote=attest(QUOTE, quoted(values, (0, 8, 9)))))
    measured = event(0, digest(SHA256, b'data'),
                     struct.pack('<IIB', 0x76740002, 5, 0) + b'data')
    values[0] = extend(bytes(32), digest(SHA256, b'data'))
    expect('log-event', 0, r'comes to the values of PCRs 0, 8, 9 \(provider hash\)$',
           bundle(EC, log=LOG + [measured], values=values,
                  quote=attest(QUOTE, quoted(values, (0, 8, 9)))))
    wrong('log-event-of-other-data', 'entry 4 of the log: the sha256 digest is not that of its',
          bundle(EC, log=LOG + [measured[:-1] + b'b'], values=values,
                 quote=attest(QUOTE, quoted(values, (0, 8, 9)))),
          never='comes to the values')
    # the policy may have readings answered by another provider than quotes
    read = {p: M[0] for p in VALUES}
    expect('log-alone', 0, r'^proved: the log comes to the values of PCRs 0, 8, 9 \(provider hash\)$',
           bundle(EC, log=LOG, values=read))
    wrong('log-alone-wrong', 'other values than those that came with it, and', bundle(EC, log=LOG[:-1], values=read))


# PCR 8 as provider "certificate" has it: M[0] is listed, M[1] is not
def manifests():
    trusted, stranger = party('party'), party('stranger', 'party')
    policy = b'provider certificate represent=property\nquote pcr=8 provider=certificate\n'
    with open(path('certifying'), 'wb') as f:
        f.write(policy)

    def b(represent, how, *texts, entries=None):
        values = dict(VALUES)
        values[8] = extend(extend(bytes(32), represent), bytes(32))
        c = contents(policy=policy, entries=provider(b'hash') + provider(
            b'certificate', b'represent', how, b'party', b'') if entries is None else entries)
        return bundle(EC, quote=attest(QUOTE, quoted(values, (0, 8, 9))), log=LOG,
                      identity=attest(NV, nv(data=c), clock=1001),
                      certificates=b''.join(texts).hex())

    by = ('--parties', trusted.crt())
    rep = digest(SHA256, b'approved')
    yes = manifest(trusted, M[0])
    come = r'^proved: the log and the manifests come to the values of PCRs 8 \(provider certificate\)$'
    expect('manifest', 0, come, b(rep, b'property', yes), *by)
    expect('manifest-and-log', 0, r'^proved: the log comes to the values of PCRs 0, 9 \(provider hash\)$',
           b(rep, b'property', yes), *by)
    expect('manifest-property', 0, '^proved: PCR 8: 1 measurements are "approved", says a party that the host trusts$',
           b(rep, b'property', yes), *by, '--policy', path('certifying'))
    expect('manifest-no-property', 0, '^not proved: what 1 measurements in PCR 8 are$',
           b(rep, b'property', yes), *by, '--policy', path('certifying'))
    # a guest can extend PCR 8 of "hash" with the property's hash: it takes the policy to know
    expect('manifest-property-without-policy', 0, '^not proved: what 2 measurements in PCR 8 are$',
           b(rep, b'property', yes), *by, never='^proved: PCR 8: ')
    expect('manifest-of-hash-pcrs', 0, '^proved: PCR 9: 1 measurements are "approved"$',
           bundle(EC, log=LOG, certificates=manifest(trusted, M[2]).hex()), *by)
    der = openssl('pkey', '-in', trusted.file, '-pubout', '-outform', 'DER')
    expect('manifest-by-key', 0, come, b(digest(SHA256, der[-65:]), b'key', yes), *by)
    expect('manifest-first-by-name', 0, come,
           b(rep, b'property', manifest(trusted, M[0], name='z', property='late'), yes), *by)
    other = 'other values than those that came with it, and'
    wrong('manifest-as-key', other, b(rep, b'key', yes), *by)
    wrong('manifest-without-parties', other, b(rep, b'property', yes))
    wrong('manifest-without-provider', other, b(rep, b'property', yes, entries=b''), *by)
    wrong('manifest-by-key-without-provider', other,
          b(digest(SHA256, der[-65:]), b'key', yes, entries=b''), *by)
    expect('manifest-log-full', 0, '^not proved: where the values of PCRs 8 come from', bundle(
        EC, log=LOG[:-1] + [LOST], certificates=yes.hex()), *by, never='^proved: PCR 8: ')
    wrong('manifest-by-a-stranger', other, b(rep, b'property', manifest(stranger, M[0])), *by)
    wrong('manifest-of-another-property', other,
          b(rep, b'property', manifest(trusted, M[0], property='approve')), *by)
    wrong('manifest-of-more', other, b(rep, b'property', manifest(trusted, M[0], M[1])), *by)
    wrong('manifest-not-yet', other,
          b(rep, b'property', manifest(trusted, M[0], more='from: 2099-01-01T00:00:00Z\n')), *by)
    wrong('manifest-expired', other,
          b(rep, b'property', manifest(trusted, M[0], more='until: 2020-01-01T00:00:00Z\n')), *by)
    for name, line in (('measurement', 'sha256:' + M[0].hex()), ('name', 'revoke-name: web'),
                       ('serial', 'revoke-serial: 7'), ('version', 'revoke-name: web 3')):
        text = 'vtpm-revocation 1\nname: r\nversion: 1\n%s\n' % line
        listed = manifest(trusted, M[0], more='version: 3\nserial: 7\n')
        wrong('revoked-' + name, other, b(rep, b'property', listed, signed(trusted, text)), *by)
        expect('revoked-by-a-stranger-' + name, 0, come,
               b(rep, b'property', listed, signed(stranger, text)), *by)
    expect('revoked-up-to', 0, come, b(rep, b'property', manifest(trusted, M[0], more='version: 3\n'), signed(
        trusted, 'vtpm-revocation 1\nname: r\nversion: 1\nrevoke-name: web 2\n')), *by)
    expect('manifest-bad', 1, '^wrong: a manifest that came with it is not well formed',
           b(rep, b'property', signed(trusted, 'vtpm-manifest 2\nfrob\n')), *by)


def before():
    def earlier(name, **kw):
        key, c = kw.pop('key', EC), kw.pop('data', contents(changes=1))
        kw.setdefault('clock', 500)
        b = bundle(key, quote=attest(QUOTE, quoted(VALUES, (0, 8, 9)), **{**kw, 'nonce': b'x'}),
                   identity=attest(NV, nv(data=c), **{**kw, 'nonce': b'x'}))
        with open(path(name), 'w') as f:
            json.dump(b, f)
        return '--before', path(name)

    expect('later', 0, '^proved: it is later .*resets since then: 0, changes of the policy: 2',
           bundle(EC), *earlier('b1'))
    expect('later-after-reset', 0, 'resets since then: 2', bundle(EC), *earlier('b2', resets=3))
    wrong('clock-went-back', 'older than', bundle(EC), *earlier('b3', clock=1001))
    wrong('resets-went-back', 'older than', bundle(EC), *earlier('b4', resets=6))
    wrong('restarts-went-back', 'older than', bundle(EC), *earlier('b5', restarts=1))
    wrong('before-of-another-instance', 'of another instance', bundle(EC),
          *earlier('b6', data=contents(uuid=bytes(16))))
    wrong('before-of-another-key', 'of another instance or key', bundle(EC),
          *earlier('b7', key=OTHER))
    earlier('b8')
    with open(path('b8')) as f:
        b = json.load(f)
    b['quote'] = changed(bytes.fromhex(b['quote']), 60).hex()
    with open(path('b8'), 'w') as f:
        json.dump(b, f)
    expect('before-not-signed', 1, '^wrong: .*is no attestation to compare', bundle(EC),
           '--before', path('b8'))


def certified():
    def issue(name, subject, ca=None, usage='2.23.133.8.3', days='2', basic='CA:false'):
        with open(path('ext'), 'w') as f:
            f.write('basicConstraints=critical,%s\nsubjectKeyIdentifier=hash\n'
                    'authorityKeyIdentifier=keyid\n' % basic)
            f.write('extendedKeyUsage=%s\n' % usage if usage else 'keyUsage=critical,keyCertSign\n')
        csr = openssl('req', '-new', '-key', OTHER.file, '-subj', '/CN=' + name)
        sign = ['-CA', path(ca + '.crt'), '-CAkey', Key(ca).file] if ca else \
               ['-signkey', Key(name).file]
        crt = openssl('x509', '-req', '-in', '/dev/stdin', '-force_pubkey', subject.pem(), *sign,
                      '-set_serial', str(abs(hash(name))), '-days', days, '-extfile', path('ext'),
                      data=csr)
        with open(path(name + '.crt'), 'wb') as f:
            f.write(crt)
        return crt

    issue('ca', Key('ca'), usage=None, basic='CA:true')
    issue('stranger', Key('stranger'), usage=None, basic='CA:true')
    by = ('--ca', path('ca.crt'))

    def with_(*certs):
        return bundle(EC, certificates=b''.join(certs).hex())

    good_cert = issue('ak', EC, 'ca')
    middle = issue('middle', Key('middle'), 'ca', usage=None, basic='CA:true')
    expect('certified', 0, '^proved: .*ca.crt vouches for the key', with_(good_cert), *by, key=False)
    expect('certified-chain', 0, '^proved: .*ca.crt vouches', with_(issue('ak2', EC, 'middle'),
                                                                  middle), *by, key=False)
    wrong('certificate-none', 'no certificate of the key', bundle(EC), *by, key=False)
    wrong('certificate-of-another', 'no certificate of the key', with_(issue('o', OTHER, 'ca')),
          *by, key=False)
    wrong('certificate-by-another', 'does not vouch', with_(issue('s', EC, 'stranger')), *by,
          key=False)
    wrong('certificate-for-a-server', 'not for an attestation key',
          with_(issue('server', EC, 'ca', usage='serverAuth')), *by, key=False)
    wrong('certificate-expired', 'does not vouch.*expired',
          with_(issue('old', EC, 'ca', days='-1')), *by, key=False)


def challenges():
    secret = bytes(range(100, 132))

    def challenge(name, key=EC, nonce=secret, ek=OTHER, **members):
        c = {'vtpm-challenge': 1, 'ek-pem': open(ek.pem()).read(), 'credential': '', 'encrypted-secret': '',
             'key-name': (b'\0\x0b' + digest(SHA256, key.public())).hex(),
             'nonce-sha256': digest(SHA256, nonce).hex()}
        with open(path(name), 'w') as f:
            json.dump({**c, **members}, f)
        return '--challenge', path(name)

    def answer(quote=secret, identity=secret, key=EC):
        return bundle(key, quote=attest(QUOTE, quoted(VALUES, (0, 8, 9)), nonce=quote),
                      identity=attest(NV, nv(), clock=1001, nonce=identity))

    by = challenge('c')
    only = {'key': False, 'nonce': None}
    expect('challenge', 0, '^proved: the key lives in the TPM with the endorsement key of .*c, SHA-256 ' +
           digest(SHA256, openssl('pkey', '-pubin', '-in', OTHER.pem(), '-outform', 'DER')).hex(),
           answer(), *by, **only)
    expect('challenge-fresh', 0, '^proved: it was made after the challenge', answer(), *by, **only)
    expect('challenge-and-ak', 0, '^proved: the key is the one that was expected', answer(), *by,
           nonce=None)
    wrong('challenge-and-another-ak', 'another one than was expected', answer(), *by, key=OTHER,
          nonce=None)
    wrong('challenge-other-quote', 'the quote does not answer', answer(quote=NONCE), *by, **only)
    wrong('challenge-other-identity', 'the identity does not answer', answer(identity=NONCE), *by, **only)
    wrong('challenge-for-another-key', 'the key is another one than .* is for',
          answer(), *challenge('k', key=OTHER), **only)
    wrong('challenge-answered-by-another-key', 'the key is another one than .* is for',
          answer(key=OTHER), *by, **only)
    expect('challenge-wrong-proves-nothing', 1, '^claimed: it is a virtual TPM', answer(quote=NONCE), *by,
           never='^proved', **only)
    expect('challenge-empty', 1, '^wrong: the quote does not answer', answer(quote=b'', identity=b''),
           *challenge('e', nonce=b''), never='^proved', **only)
    expect('challenge-and-nonce', 2, 'has one already', answer(), *by, key=False)
    expect('challenge-short-digest', 1, '"nonce-sha256" is missing', answer(),
           *challenge('s', **{'nonce-sha256': '00'}), **only)
    expect('challenge-version', 1, '"vtpm-challenge" is missing', answer(),
           *challenge('v', **{'vtpm-challenge': 2}), **only)


def files():
    b = bundle(EC)

    expect('no-json', 1, 'is no JSON', 'vtpm')
    expect('zero-byte', 1, 'is no JSON', json.dumps(b) + '\0')
    expect('no-object', 1, 'is no attestation', '[]')
    expect('version', 1, '"vtpm-attestation" is missing', {**b, 'vtpm-attestation': 2})
    for member in ('key', 'quote', 'quote-signature', 'identity', 'identity-signature', 'pcrs'):
        less = {k: v for k, v in b.items() if k != member}
        expect('without-' + member, 1, '"%s" is missing' % member, less)
        expect('number-as-' + member, 1, '"%s" is missing' % member, {**b, member: 1})
    expect('odd-hex', 1, '"quote" is missing', {**b, 'quote': 'abc'})
    expect('no-hex', 1, '"log" is missing', {**b, 'log': 'zz'})
    expect('bank', 1, '"pcrs" is missing', {**b, 'bank': 'md5'})
    expect('pcr-long', 1, '"pcrs" is missing', {**b, 'pcrs': {'0': '00' * 33}})
    expect('ak-none', 1, 'holds no public key', b, '--ak', path('policy'), key=False)


finish(good, key, signatures, attested, identity, pcrs, logs, manifests, before, certified, challenges,
       files)
