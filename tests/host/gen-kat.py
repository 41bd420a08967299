#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Writes drivers/vtpm/crypto/kat_vectors.h to standard output: the answers that
kat.c expects. They come from Python's own arithmetic and, for AES and points
of the NIST curves, from python3-cryptography, so nothing of the module vouches for
itself. All inputs derive from fixed labels: the output never changes.
"""
import hashlib
import hmac
import sys

from cryptography.hazmat.primitives import cmac, hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

ALGS = ("sha1", "sha256", "sha384", "sha512")


def emit(name, data):
    print(f"\nstatic const u8 kat_{name}[] = {{")
    for i in range(0, len(data), 12):
        print("\t" + " ".join(f"0x{b:02x}," for b in data[i:i + 12]))
    print("};")


def pattern(seed, length):
    """kat_pattern() of kat.c."""
    return bytes((seed + 7 * i) & 0xff for i in range(length))


def stretch(label, length):
    return hashlib.shake_256(label.encode()).digest(length)


def be32(n):
    return n.to_bytes(4, "big")


def surplus(data, bits):
    if bits % 8:
        data = bytes([data[0] & (1 << bits % 8) - 1]) + data[1:]
    return data


def kdfa(alg, key, label, u, v, bits):
    out, i = b"", 1
    while len(out) * 8 < bits:
        out += hmac.new(key, be32(i) + label + b"\0" + u + v + be32(bits), alg).digest()
        i += 1
    return surplus(out[:(bits + 7) // 8], bits)


def kdfe(alg, z, label, u, v, bits):
    out, i = b"", 1
    while len(out) * 8 < bits:
        out += hashlib.new(alg, be32(i) + z + label + b"\0" + u + v).digest()
        i += 1
    return surplus(out[:(bits + 7) // 8], bits)


def mgf1(alg, seed, length):
    out, i = b"", 0
    while len(out) < length:
        out += hashlib.new(alg, seed + be32(i)).digest()
        i += 1
    return out[:length]


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def drbg(alg, seed, context, length):
    out, i = b"", 0
    bits = hashlib.new(alg).digest_size * 8
    while len(out) < length:
        out += kdfa(alg, seed, b"vtpm-derive", context, be32(i), bits)
        i += 1
    return out[:length]


def hashes_and_macs():
    for alg in ALGS:
        emit(alg, hashlib.new(alg, pattern(1, 300)).digest())
    for alg in ALGS:
        emit(f"hmac_{alg}", hmac.new(pattern(2, 150), pattern(3, 100), alg).digest())


def derivations():
    emit("kdfa", kdfa("sha256", pattern(4, 32), b"KAT", pattern(5, 20), pattern(6, 24), 521))
    emit("kdfe", kdfe("sha256", pattern(4, 32), b"KAT", pattern(5, 20), pattern(6, 24), 521))
    emit("mgf1", xor(mgf1("sha256", pattern(4, 32), 70), pattern(5, 70)))
    mask = kdfa("sha256", pattern(4, 32), b"XOR", pattern(5, 20), pattern(6, 24), 70 * 8)
    emit("xor", xor(mask, pattern(7, 70)))
    emit("drbg", drbg("sha256", pattern(4, 32), pattern(5, 20), 70))


def ciphers():
    for size in (16, 24, 32):
        aes = algorithms.AES(pattern(8, size))
        block = Cipher(aes, modes.ECB()).encryptor()
        emit(f"aes_{size * 8}", block.update(pattern(9, 16)))
        # CFB from the block cipher: segments of 16, the last one short.
        iv, out, text = pattern(10, 16), b"", pattern(11, 41)
        for i in range(0, len(text), 16):
            iv = xor(block.update(iv), text[i:i + 16])
            out += iv
        emit(f"cfb_{size * 8}", out)
        mac = cmac.CMAC(algorithms.AES(pattern(8, size)))
        mac.update(pattern(11, 41))
        emit(f"cmac_{size * 8}", mac.finalize())
    # The other modes with one size of key; CTR's low bytes overflow.
    aes, iv = algorithms.AES(pattern(8, 16)), pattern(10, 16)
    for name, mode, length in (("ctr", modes.CTR(b"\xff" * 16), 41), ("ofb", modes.OFB(iv), 41),
                               ("cbc", modes.CBC(iv), 48), ("ecb", modes.ECB(), 48)):
        emit(name, Cipher(aes, mode).encryptor().update(pattern(11, length)))


def probable_prime(n):
    if any(n % small == 0 for small in range(3, 2000, 2)):
        return False
    d, s = n - 1, 0
    while d % 2 == 0:
        d, s = d // 2, s + 1
    for base in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        x = pow(base, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(s - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def prime(label, size):
    n = int.from_bytes(stretch(label, size), "big") | 3 << (8 * size - 2) | 1
    while not probable_prime(n) or n % 65537 == 1:
        n += 2
    return n


def rsa_vectors():
    e, size = 65537, 256
    p, q = prime("vtpm kat p", size // 2), prime("vtpm kat q", size // 2)
    n, d = p * q, pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, n)
    key = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p),
                                public).private_key()
    digest = hashlib.sha256(pattern(1, 300)).digest()
    done = utils.Prehashed(hashes.SHA256())
    emit("rsa_n", n.to_bytes(size, "big"))
    emit("rsa_p", p.to_bytes(size // 2, "big"))
    emit("rsa_sign", key.sign(digest, padding.PKCS1v15(), done))

    # RSASSA-PSS, RFC 8017, 9.1.1, with a salt that never changes.
    salt = pattern(12, 32)
    h = hashlib.sha256(bytes(8) + digest + salt).digest()
    db = bytes(size - 32 - 32 - 2) + b"\x01" + salt
    masked = bytearray(xor(db, mgf1("sha256", h, len(db))))
    masked[0] &= 0x7f
    pss = pow(int.from_bytes(bytes(masked) + h + b"\xbc", "big"), d, n).to_bytes(size, "big")
    key.public_key().verify(pss, digest, padding.PSS(padding.MGF1(hashes.SHA256()), 32), done)
    emit("rsa_pss", pss)

    # RSAES-OAEP, RFC 8017, 7.1.1, likewise; the label as a TPM has it.
    label, msg, seed = b"KAT\0", pattern(13, 32), pattern(14, 32)
    db = hashlib.sha256(label).digest() + bytes(size - len(msg) - 66) + b"\x01" + msg
    db = xor(db, mgf1("sha256", seed, len(db)))
    em = b"\0" + xor(seed, mgf1("sha256", db, 32)) + db
    oaep = pow(int.from_bytes(em, "big"), e, n).to_bytes(size, "big")
    scheme = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), label)
    assert key.decrypt(oaep, scheme) == msg
    emit("rsa_oaep", oaep)

    em = b"\0\x02" + bytes(1 + b % 255 for b in pattern(15, size - len(msg) - 3)) + b"\0" + msg
    emit("rsaes", em)
    rsaes = pow(int.from_bytes(em, "big"), e, n).to_bytes(size, "big")
    assert key.decrypt(rsaes, padding.PKCS1v15()) == msg


class Point:
    """An affine point of y^2 = x^3 + 3 over GF(BN_P), for want of a library that has it"""

    def __init__(self, x, y):
        self.x, self.y = x, y

    def plus(self, other):
        if self.x == other.x and (self.y + other.y) % BN_P == 0:
            return None
        if self.x == other.x:
            slope = 3 * self.x ** 2 * pow(2 * self.y, -1, BN_P)
        else:
            slope = (other.y - self.y) * pow(other.x - self.x, -1, BN_P)
        x = (slope ** 2 - self.x - other.x) % BN_P
        return Point(x, (slope * (self.x - x) - self.y) % BN_P)

    def times(self, k):
        result = None
        for bit in bin(k)[2:]:
            result = result and result.plus(result)
            if bit == "1":
                result = result.plus(self) if result else self
        return result


BN_U = -0x6882f5c030b0a801
BN_P = 36 * BN_U**4 + 36 * BN_U**3 + 24 * BN_U**2 + 6 * BN_U + 1

CURVES = {
    "p256": (ec.SECP256R1(), 2**256 - 2**224 + 2**192 + 2**96 - 1,
             0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551,
             "sha256", hashes.SHA256()),
    "p384": (ec.SECP384R1(), 2**384 - 2**128 - 2**96 + 2**32 - 1,
             (2**192 - 1) << 192 | 0xc7634d81f4372ddf581a0db248b0a77aecec196accc52973,
             "sha384", hashes.SHA384()),
    "p521": (ec.SECP521R1(), 2**521 - 1,
             (2**265 - 6) << 256 |
             0x51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409,
             "sha512", hashes.SHA512()),
    "bn256": (None, BN_P, BN_P - 6 * BN_U**2, "sha256", None),
}


def ecc_vectors(name):
    curve, prime_p, order, alg, hash_alg = CURVES[name]
    size = (order.bit_length() + 7) // 8

    def scalar(label):
        wide = int.from_bytes(stretch(f"vtpm kat {name} {label}", size + 8), "big")
        return wide % (order - 1) + 1

    def point(k):
        if not curve:
            return None, Point(1, 2).times(k)
        key = ec.derive_private_key(k, curve)
        return key, key.public_key().public_numbers()

    def raw(n):
        return n.to_bytes(size, "big")

    # The domain parameters, in the order of struct vt_curve. b follows from a point.
    g = point(1)[1]
    a = -3 if curve else 0
    b = (g.y ** 2 - g.x ** 3 - a * g.x) % prime_p
    params = b"".join(raw(n) for n in (prime_p, a % prime_p, b, g.x, g.y, order))
    emit(f"{name}_params", hashlib.sha256(params).digest())

    # FIPS 186-4, B.4.1 and B.5.1, from the derived generator: key or nonce.
    wide = int.from_bytes(drbg("sha256", pattern(4, 32), pattern(5, 20), size + 8), "big")
    k = wide % (order - 1) + 1

    d = scalar("d")
    key, public = point(d)
    other, peer = point(scalar("peer"))
    emit(f"{name}_d", raw(d))
    emit(f"{name}_public", raw(public.x) + raw(public.y))

    digest = hashlib.new(alg, pattern(1, 300)).digest()
    r = point(k)[1].x % order
    s = pow(k, -1, order) * (int.from_bytes(digest, "big") + r * d) % order
    if curve:
        key.public_key().verify(utils.encode_dss_signature(r, s), digest,
                                ec.ECDSA(utils.Prehashed(hash_alg)))
    emit(f"{name}_sign", raw(r) + raw(s))

    # EC Schnorr, TPM 2.0 Part 1, C.4.3, with the same nonce.
    r = int.from_bytes(hashlib.new(alg, raw(point(k)[1].x) + digest).digest()[:size], "big")
    emit(f"{name}_schnorr", raw(r) + raw((k + r * d) % order))

    # ECDAA, TPM 2.0 Part 1, C.4.2: the second step, with the same number drawn.
    commit = scalar("commit")
    t = int.from_bytes(hashlib.new(alg, raw(k) + digest).digest(), "big")
    emit(f"{name}_ecdaa", raw(commit) + raw((commit + t * d) % order))

    # Only x of the product is to be had from the library; y is one of two roots.
    emit(f"{name}_peer", raw(peer.x) + raw(peer.y))
    emit(f"{name}_shared", key.exchange(ec.ECDH(), other.public_key()) if curve else
         raw(peer.times(d).x))
    emit(f"{name}_generated", raw(k))


def main():
    print("/* SPDX-License-Identifier: GPL-2.0-only */")
    print("/* Made by tests/host/gen-kat.py, which says where the answers come from. */")
    print("#ifndef VTPM_KAT_VECTORS_H\n#define VTPM_KAT_VECTORS_H")
    hashes_and_macs()
    derivations()
    ciphers()
    rsa_vectors()
    for name in CURVES:
        ecc_vectors(name)
    print("\n#endif /* VTPM_KAT_VECTORS_H */")
    return 0


if __name__ == "__main__":
    sys.exit(main())
