#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write (or check) the generated numbers of drivers/vtpm/crypto/ecc_curves.c.

ecc-tables.py DIR           writes DIR/ecc_params.h and DIR/ecc_base_p*.h
ecc-tables.py --check DIR   compares instead; exit status 1 when a file differs

Everything follows from the domain parameters below (FIPS 186-4, D.1.2; for BN_P256
ISO/IEC 15946-5 and the TCG Algorithm Registry). The base point table of a curve that
has one holds, for t = 0, 1, ... and odd m = 1, 3, ... 31, the affine point
m * 32^(spacing * t) * G, its coordinates in Montgomery form.
"""

import os
import sys

WINDOW = 5


class Curve:
    """One curve y^2 = x^3 + ax + b over GF(p) with base point (gx, gy) of order n."""

    def __init__(self, name, bits, p, n, b, gx, gy, spacing, a=-3, kind=None):
        self.name, self.bits, self.p, self.n, self.b = name, bits, p, n, b
        self.a, self.kind = a, kind or "VT_FIELD_" + name.upper()
        self.g = (gx, gy)
        self.spacing = spacing
        self.limbs = (bits + 63) // 64
        self.digits = (bits - 1) // WINDOW + 1
        assert (gy * gy - gx ** 3 - a * gx - b) % p == 0
        assert self.multiply(n - 1, self.g) == (gx, p - gy)

    def add(self, a, b):
        """Affine addition; None is the point at infinity."""
        if a is None or b is None:
            return b if a is None else a
        if a[0] == b[0]:
            if (a[1] + b[1]) % self.p == 0:
                return None
            slope = (3 * a[0] * a[0] + self.a) * pow(2 * a[1], -1, self.p)
        else:
            slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, self.p)
        x = (slope * slope - a[0] - b[0]) % self.p
        return x, (slope * (a[0] - x) - a[1]) % self.p

    def multiply(self, k, point):
        result = None
        for bit in bin(k)[2:]:
            result = self.add(result, result)
            if bit == "1":
                result = self.add(result, point)
        return result

    def mont(self, v, modulus):
        return (v << (64 * self.limbs)) % modulus

    def words(self, v):
        return [(v >> (64 * i)) & (2 ** 64 - 1) for i in range(self.limbs)]

    def table(self):
        """The base point table as a list of blocks of sixteen points."""
        blocks = []
        base = self.g
        for _ in range(-(-self.digits // self.spacing)):
            twice = self.add(base, base)
            block = [base]
            for _ in range(2 ** (WINDOW - 1) - 1):
                block.append(self.add(block[-1], twice))
            blocks.append(block)
            for _ in range(WINDOW * self.spacing):
                base = self.add(base, base)
        return blocks


# Barreto and Naehrig: modulus and order are polynomials of one number.
BN_U = -0x6882f5c030b0a801
BN_P = 36 * BN_U ** 4 + 36 * BN_U ** 3 + 24 * BN_U ** 2 + 6 * BN_U + 1

CURVES = [
    Curve("p256", 256,
          2 ** 256 - 2 ** 224 + 2 ** 192 + 2 ** 96 - 1,
          0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551,
          0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b,
          0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
          0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5,
          4),
    Curve("p384", 384,
          2 ** 384 - 2 ** 128 - 2 ** 96 + 2 ** 32 - 1,
          0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf
          << 128 | 0x581a0db248b0a77aecec196accc52973,
          0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875a
          << 128 | 0xc656398d8a2ed19d2a85c8edd3ec2aef,
          0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a38
          << 128 | 0x5502f25dbf55296c3a545e3872760ab7,
          0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c0
          << 128 | 0x0a60b1ce1d7e819d7a431d7c90ea0e5f,
          6),
    Curve("p521", 521,
          2 ** 521 - 1,
          0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa
          << 256 | 0x51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409,
          0x051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e1
          << 256 | 0x56193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00,
          0x0c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dba
          << 256 | 0xa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66,
          0x11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c
          << 256 | 0x97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650,
          0),
    Curve("bn256", 256, BN_P, BN_P - 6 * BN_U ** 2, 3, 1, 2, 0, a=0, kind="VT_FIELD_ANY"),
]

HEAD = """/* SPDX-License-Identifier: GPL-2.0-only */
/* Made by tools/gen/ecc-tables.py; for ecc_curves.c alone. */
"""


def guarded(name, body):
    guard = "VTPM_" + name.upper().replace(".", "_")
    return f"{HEAD}#ifndef {guard}\n#define {guard}\n\n{body}#endif /* {guard} */\n"


def rows(items, per_row, indent):
    lines = []
    for i in range(0, len(items), per_row):
        lines.append("\t" * indent + ", ".join(items[i:i + per_row]) + ",\n")
    return "".join(lines)


def hex_words(curve, v, indent, per_row=4):
    return rows([f"0x{w:016x}" for w in curve.words(v)], per_row, indent)


def field(curve, label, modulus):
    """A struct vt_field; the Montgomery radix is R = 2^(64 * limbs)."""
    r = 1 << (64 * curve.limbs)
    kind = "VT_FIELD_ANY"
    if label == "p":
        kind = curve.kind
    values = [("m", modulus), ("one", r % modulus), ("rr", r * r % modulus)]
    body = "".join(f"\t.{n} = {{\n{hex_words(curve, v, 2)}\t}},\n" for n, v in values)
    m0 = (-pow(modulus, -1, 2 ** 64)) % 2 ** 64
    return (f"#define {curve.name.upper()}_FIELD_{label.upper()} {{ \\\n" +
            f"\t.limbs = {curve.limbs},\n\t.kind = {kind},\n\t.m0 = 0x{m0:016x},\n{body}}}"
            .replace("\n", " \\\n") + "\n\n")


def octets(curve, label, v):
    size = (curve.bits + 7) // 8
    data = [f"0x{byte:02x}" for byte in v.to_bytes(size, "big")]
    return (f"static const u8 {curve.name}_{label}[{size}] = {{\n" + rows(data, 12, 1) + "};\n\n")


def params():
    out = []
    for c in CURVES:
        for label, v in (("p", c.p), ("a", c.a % c.p), ("b", c.b), ("gx", c.g[0]),
                         ("gy", c.g[1]), ("n", c.n)):
            out.append(octets(c, label, v))
        out.append(field(c, "p", c.p))
        out.append(field(c, "n", c.n))
        for label, v in (("b", c.b), ("gx", c.g[0]), ("gy", c.g[1]), ("one", 1)):
            text = hex_words(c, c.mont(v, c.p), 1).replace("\n", " \\\n")
            out.append(f"#define {c.name.upper()}_MONT_{label.upper()} {{ \\\n{text}}}\n\n")
        out.append(f"#define {c.name.upper()}_SPACING {c.spacing}\n")
        out.append(f"#define {c.name.upper()}_DIGITS {c.digits}\n\n")
    return guarded("ecc_params.h", "".join(out).rstrip("\n") + "\n\n")


def base(curve):
    out = [f"/* [block][multiple][x, then y] */\n"
           f"static const u64 {curve.name}_base[][{2 ** (WINDOW - 1)}][{2 * curve.limbs}] = {{\n"]
    for block in curve.table():
        out.append("\t{\n")
        for x, y in block:
            words = hex_words(curve, curve.mont(x, curve.p), 0)
            words += hex_words(curve, curve.mont(y, curve.p), 0)
            words = words.replace("\n", " ").rstrip(", ").split(", ")
            lines = rows(words, 4, 2).rstrip(",\n")
            out.append("\t\t{ " + lines.lstrip("\t").replace("\n\t\t", "\n\t\t  ") + " },\n")
        out.append("\t},\n")
    out.append("};\n\n")
    return guarded(f"ecc_base_{curve.name}.h", "".join(out))


def main():
    args = sys.argv[1:]
    check = args[:1] == ["--check"]
    if len(args) != 1 + check:
        sys.exit(__doc__)
    files = {"ecc_params.h": params()}
    for c in CURVES:
        if c.spacing:
            files[f"ecc_base_{c.name}.h"] = base(c)
    bad = 0
    for name, text in files.items():
        path = os.path.join(args[-1], name)
        if not check:
            with open(path, "w", encoding="ascii") as f:
                f.write(text)
            continue
        try:
            with open(path, encoding="ascii") as f:
                same = f.read() == text
        except OSError:
            same = False
        if not same:
            print(f"{path}: differs from what tools/gen/ecc-tables.py makes")
            bad = 1
    sys.exit(bad)


if __name__ == "__main__":
    main()
