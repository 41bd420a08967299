# SPDX-License-Identifier: GPL-2.0-only
#
# Attestations for "vtpmctl verify", made with keys of OpenSSL's and without a TPM, so that
# each can be wrong in one thing alone; the signatures over it are right.

import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))
CTL = sys.argv[1] if len(sys.argv) > 1 else os.path.join(TOP, 'build', 'bin', 'vtpmctl')
TMP = tempfile.TemporaryDirectory()
failed = 0

RSA, ECC, NULL, SHA1, SHA256, SHA384 = 0x0001, 0x0023, 0x0010, 0x0004, 0x000b, 0x000c
RSASSA, RSAPSS, ECDSA = 0x0014, 0x0016, 0x0018
HASH = {SHA1: 'sha1', SHA256: 'sha256', SHA384: 'sha384'}
GENERATED, NV, QUOTE = 0xff544347, 0x8014, 0x8018
WANTED = 0x00050072
NONCE = bytes(range(20))
UUID = bytes.fromhex('8c3cb0d2f1b04e0c9d6f3a1f6f0a7b11')
POLICY = b'bank sha256\n'


def path(name):
    return os.path.join(TMP.name, name)


def openssl(*args, data=b''):
    return subprocess.run(('openssl',) + args, input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True).stdout


def b2(data):
    return struct.pack('>H', len(data)) + data


def digest(alg, data):
    return hashlib.new(HASH[alg], data).digest()


class Key:
    def __init__(self, name, kind=ECC, scheme=ECDSA, alg=SHA256, attrs=WANTED):
        self.file, self.kind, self.scheme, self.alg = path(name + '.key'), kind, scheme, alg
        self.attrs = attrs
        if not os.path.exists(self.file):
            what = ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'] if kind == RSA else \
                   ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256']
            openssl('genpkey', '-algorithm', *what, '-out', self.file)
            openssl('pkey', '-in', self.file, '-pubout', '-out', self.pem())

    def pem(self):
        return self.file + '.pub'

    def crt(self):
        return self.file + '.crt'

    def public(self):
        der = openssl('pkey', '-in', self.file, '-pubout', '-outform', 'DER')
        head = struct.pack('>HHI', self.kind, SHA256, self.attrs) + b2(b'')
        scheme = struct.pack('>HHH', NULL, self.scheme, self.alg)
        if self.kind == RSA:
            n = der[-5 - 256:-5]
            return head + scheme + struct.pack('>HI', 2048, 0) + b2(n)
        return head + scheme + struct.pack('>HH', 3, NULL) + b2(der[-64:-32]) + b2(der[-32:])

    def sign(self, data):
        args = ['-sigopt', 'rsa_padding_mode:pss'] if self.scheme == RSAPSS else []
        sig = openssl('dgst', '-' + HASH[self.alg], '-sign', self.file, *args, data=data)
        if self.kind == RSA:
            return struct.pack('>HH', self.scheme, self.alg) + b2(sig)
        rlen = sig[3]
        r, s = sig[4:4 + rlen], sig[6 + rlen:]
        return struct.pack('>HH', self.scheme, self.alg) + b2(r.lstrip(b'\0')) + b2(s.lstrip(b'\0'))


def attest(kind, rest, magic=GENERATED, signer=b'\0\x0b' + bytes(32), nonce=NONCE, clock=1000,
           resets=5, restarts=0, safe=1, firmware=0x100000000, tail=b''):
    return (struct.pack('>IH', magic, kind) + b2(signer) + b2(nonce) +
            struct.pack('>QIIBQ', clock, resets, restarts, safe, firmware) + rest + tail)


def index_name(handle=0x01565450, attrs=0x62072c08, size=768):
    return b'\0\x0b' + digest(SHA256, struct.pack('>IHIHH', handle, SHA256, attrs, 0, size))


def contents(magic=0x56544944, version=1, uuid=UUID, policy=POLICY, changes=3, size=768,
             entries=None):
    if entries is None:
        entries = provider(b'hash')
    c = struct.pack('>IHH', magic, version, 60 + len(entries)) + uuid + digest(SHA256, policy)
    return (c + struct.pack('>I', changes) + entries).ljust(size, b'\0')


def provider(name, *options):
    return struct.pack('>H', 2) + b2(b2(name) + b''.join(b2(o) for o in options))


def nv(name=None, offset=0, data=None):
    return b2(name or index_name()) + struct.pack('>H', offset) + \
        b2(contents() if data is None else data)


def quoted(values, pcrs, bank=SHA256, alg=SHA256, count=1):
    mask = sum(1 << p for p in pcrs)
    all_values = b''.join(values[p] for p in sorted(pcrs))
    return struct.pack('>IHB', count, bank, 3) + struct.pack('<I', mask)[:3] + \
        b2(digest(alg, all_values))


# ---- logs: little-endian ----

def spec_id():
    event = b'Spec ID Event03\0' + struct.pack('<IBBBBIHH', 0, 0, 2, 0, 2, 1, SHA256, 32) + b'\0'
    return struct.pack('<II', 0, 3) + bytes(20) + struct.pack('<I', len(event)) + event


TAG = struct.pack('<IIB', 0x76740001, 1, 0)


def event(pcr, value, data=TAG, kind=6):
    return struct.pack('<IIIH', pcr, kind, 1, SHA256) + value + struct.pack('<I', len(data)) + data


def start(provider, pcr, value):
    return event(pcr, bytes(32), b'vTPM StartValue\0' + bytes([len(provider)]) +
                 provider.encode() + struct.pack('<IH', 1, SHA256) + value, 3)


def extend(value, with_):
    return digest(SHA256, value + with_)


M = [digest(SHA256, bytes([i])) for i in range(3)]
VALUES = {p: bytes(32) for p in range(24)}
VALUES[8] = extend(extend(bytes(32), M[0]), M[1])
VALUES[9] = extend(bytes(32), M[2])
LOG = [spec_id(), event(8, M[0]), event(9, M[2]), event(8, M[1])]
LOST = event(8, bytes(32), b'vTPM LostEvents\0' + struct.pack('<I', 4), 3)


def bundle(ak, quote=None, identity=None, values=None, pcrs=(0, 8, 9), log=None, signer=None,
           **members):
    shown = values or VALUES
    q = quote or attest(QUOTE, quoted(VALUES, pcrs, alg=ak.alg))
    i = identity or attest(NV, nv(), clock=1001)
    b = {'vtpm-attestation': 1, 'bank': 'sha256', 'key': ak.public().hex(), 'quote': q.hex(),
         'quote-signature': (signer or ak).sign(q).hex(), 'identity': i.hex(),
         'identity-signature': (signer or ak).sign(i).hex(),
         'pcrs': {str(p): shown[p].hex() for p in shown if p in pcrs}}
    if log:
        b['log'] = b''.join(log).hex()
    b.update(members)
    return b


def result(name, why=None):
    global failed
    failed |= bool(why)
    print(('not ok verify/%s - %s' % (name, why)) if why else 'ok verify/%s' % name)


# What is said has to have a line that matches; alone: and no other one that is "wrong";
# never: and none that matches this.
def expect(name, code, line, b, *args, key=None, nonce=NONCE.hex(), alone=False,
           never=None):
    text = b if isinstance(b, str) else json.dumps(b)
    with open(path('bundle'), 'w') as f:
        f.write(text)
    args = list(args) + (['--nonce', nonce] if nonce else []) + \
        (['--ak', (key or EC).pem()] if key is not False else [])
    run = subprocess.run([CTL, 'verify', *args, path('bundle')], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True)
    said = run.stdout + run.stderr
    lines = [w for w in run.stdout.splitlines() if w.startswith('wrong:')]
    if run.returncode != code:
        return result(name, 'exit code %d: %s' % (run.returncode, said.replace('\n', '; ')))
    if not any(re.search(line, w) for w in said.splitlines()):
        return result(name, 'does not say "%s": %s' % (line, said.replace('\n', '; ')))
    if never and any(re.search(never, w) for w in said.splitlines()):
        return result(name, 'says "%s": %s' % (never, said.replace('\n', '; ')))
    if alone and len(lines) != 1:
        return result(name, 'says more: ' + '; '.join(lines))
    return result(name)


def wrong(name, line, b, *args, **kw):
    expect(name, 1, '^wrong: .*' + line, b, *args, alone=True, **kw)


# ---- property certificates ----

def party(name, subject=None):
    key = Key(name)
    if not os.path.exists(key.crt()):
        openssl('req', '-x509', '-new', '-key', key.file, '-subj', '/CN=' + (subject or name),
                '-days', '2', '-out', key.crt())
    return key


def signed(by, text):
    return openssl('cms', '-sign', '-binary', '-nodetach', '-noattr', '-md', 'sha256',
                   '-outform', 'PEM', '-signer', by.crt(), '-inkey', by.file, data=text.encode())


def manifest(by, *digests, name='web', property='approved', more=''):
    return signed(by, 'vtpm-manifest 2\nname: %s\nproperty: %s\n%s' % (name, property, more) +
                  ''.join('sha256:%s  file\n' % d.hex() for d in digests))


EC = Key('ec')
OTHER = Key('other')


def changed(data, at, by=1):
    data = bytearray(data)
    data[at] ^= by
    return bytes(data)


def finish(*parts):
    for part in parts:
        if len(sys.argv) < 3 or part.__name__ in sys.argv[2:]:
            part()
    sys.exit(failed)
