# SPDX-License-Identifier: GPL-2.0-only
"""Scenarios: keys, what they do, and their way in and out of a TPM."""
import hashlib

from tpm2_pytss import *

from frame import XOR, aes_cfb, scenario

OWNER, PASSWORD, NONE, NULL = ESYS_TR.OWNER, ESYS_TR.PASSWORD, ESYS_TR.NONE, ESYS_TR.NULL
FIXED = TPMA_OBJECT.FIXEDTPM | TPMA_OBJECT.FIXEDPARENT
OWN = FIXED | TPMA_OBJECT.USERWITHAUTH | TPMA_OBJECT.SENSITIVEDATAORIGIN
STORAGE = OWN | TPMA_OBJECT.RESTRICTED | TPMA_OBJECT.DECRYPT
SIGN = OWN | TPMA_OBJECT.SIGN_ENCRYPT
DECRYPT = OWN | TPMA_OBJECT.DECRYPT
AK = SIGN | TPMA_OBJECT.RESTRICTED
NO_SCHEME = TPMT_SIG_SCHEME(scheme=TPM2_ALG.NULL)
NO_TICKET = TPMT_TK_HASHCHECK(tag=TPM2_ST.HASHCHECK, hierarchy=TPM2_RH.NULL)


def template(alg, attributes, policy=b"", name_alg="sha256"):
    """The parser gives restricted keys a cipher: only those that are parents have one."""
    public = TPM2B_PUBLIC(TPMT_PUBLIC.parse(alg, attributes, name_alg, policy))
    if attributes & TPMA_OBJECT.SIGN_ENCRYPT and alg[:3] in ("rsa", "ecc"):
        public.publicArea.parameters.asymDetail.symmetric.algorithm = TPM2_ALG.NULL
    return public


def area(alg, attributes):
    return TPM2B_TEMPLATE(template(alg, attributes).publicArea.marshal())


def sensitive(auth=b"", data=b""):
    return TPM2B_SENSITIVE_CREATE(TPMS_SENSITIVE_CREATE(userAuth=TPM2B_AUTH(auth),
                                                        data=TPM2B_SENSITIVE_DATA(data)))


def primary(t, alg="ecc256:aes128cfb", attributes=STORAGE, auth=b"", hierarchy=OWNER, **kwargs):
    key = t.create_primary(sensitive(auth), template(alg, attributes), hierarchy, **kwargs)[0]
    t.tr_set_auth(key, auth)
    return key


def child(t, parent, alg, attributes, auth=b"", data=b"", policy=b"", **kwargs):
    private, public, *_ = t.create(parent, sensitive(auth, data), template(alg, attributes, policy),
                                   **kwargs)
    key = t.load(parent, private, public)
    t.tr_set_auth(key, auth)
    return key


def public_of(t, key):
    return t.read_public(key)[0]


def flipped(data):
    """The same but for its last bit."""
    return bytes(data)[:-1] + bytes([bytes(data)[-1] ^ 1])


def digest(data=b"a message"):
    return hashlib.sha256(data).digest()


@scenario
def create_primary_everywhere(t):
    for hierarchy in (OWNER, ESYS_TR.ENDORSEMENT, ESYS_TR.PLATFORM, NULL):
        for alg in ("rsa2048:aes128cfb", "ecc256:aes128cfb", "ecc384:aes256cfb"):
            key, public, data, digest_, ticket = t.create_primary(
                sensitive(b"pw"), template(alg, STORAGE), hierarchy, b"outside", "sha256:0,16")
            t.note("creation", [data.creationData.parentNameAlg,
                                bytes(data.creationData.outsideInfo),
                                data.creationData.locality, ticket.hierarchy, len(digest_)])
            t.note("name", bytes(public.get_name())[:2])
            if bytes(t.tr_get_name(key)) != bytes(public.get_name()):
                raise AssertionError("name")
            t.flush_context(key)


@scenario
def create_primary_sameness(t):
    _, public, *_ = t.create_primary(sensitive(), template("ecc256:aes128cfb", STORAGE))
    _, again, *_ = t.create_primary(sensitive(), template("ecc256:aes128cfb", STORAGE))
    t.note("same", public.marshal() == again.marshal())
    t.clear(ESYS_TR.LOCKOUT)
    _, other, *_ = t.create_primary(sensitive(), template("ecc256:aes128cfb", STORAGE))
    t.note("same after Clear", public.marshal() == other.marshal())


@scenario
def create_kinds(t):
    parent = primary(t)
    for alg, attributes, data in (
            ("rsa2048", SIGN | TPMA_OBJECT.DECRYPT, b""), ("rsa2048:rsassa", SIGN, b""),
            ("rsa1024:rsapss", SIGN, b""), ("rsa2048:oaep-sha256", DECRYPT, b""),
            ("ecc256:ecdsa-sha256", SIGN, b""), ("ecc384:ecdsa-sha384", SIGN, b""),
            ("ecc521:ecdsa-sha512", SIGN, b""), ("ecc256:ecdh-sha256", DECRYPT, b""),
            ("ecc256", SIGN | TPMA_OBJECT.DECRYPT, b""), ("hmac", SIGN, b""),
            ("aes128cfb", SIGN | TPMA_OBJECT.DECRYPT, b""),
            ("aes256cfb", SIGN | TPMA_OBJECT.DECRYPT, b""),
            ("keyedhash", FIXED | TPMA_OBJECT.USERWITHAUTH, b"a secret"),
            ("ecc256:aes128cfb", STORAGE, b""), ("rsa2048:aes128cfb", STORAGE, b"")):
        private, public, data_, hash_, ticket = t.create(
            parent, sensitive(b"pw", data), template(alg, attributes))
        key = t.load(parent, private, public)
        t.note(alg, [public.publicArea.type, len(private), len(public.marshal()), len(hash_),
                     ticket.hierarchy])
        t.note("qualified", bytes(t.read_public(key)[2])[:2])
        t.flush_context(key)
    t.flush_context(parent)


@scenario
def create_refusals(t):
    parent = primary(t)
    signer = primary(t, "ecc256:ecdsa-sha256", SIGN)
    t.refused("create", signer, sensitive(), template("ecc256", SIGN))
    for alg, attributes, data in (
            ("rsa2048", OWN, b""), ("rsa2048:aes128cfb", STORAGE | TPMA_OBJECT.SIGN_ENCRYPT, b""),
            ("rsa2048", DECRYPT | TPMA_OBJECT.RESTRICTED, b""),
            ("ecc256", SIGN & ~TPMA_OBJECT.FIXEDPARENT, b""),
            ("ecc256", SIGN & ~TPMA_OBJECT.FIXEDTPM, b""), ("ecc256", SIGN | (1 << 20), b""),
            ("ecc256", SIGN & ~TPMA_OBJECT.SENSITIVEDATAORIGIN, b""),
            ("ecc256", SIGN, b"data"), ("keyedhash", FIXED | TPMA_OBJECT.USERWITHAUTH, b""),
            ("keyedhash", OWN, b"data"), ("keyedhash", OWN, b""),
            ("hmac", SIGN, b"data"), ("aes128cfb", SIGN & ~TPMA_OBJECT.SIGN_ENCRYPT, b""),
            ("ecc256:ecdsa-sha256", DECRYPT, b""), ("ecc256:ecdh-sha256", SIGN, b""),
            ("rsa2048:rsassa", DECRYPT, b""), ("ecc256:aes256cfb", STORAGE, b"")):
        try:
            t.create(parent, sensitive(b"", data), template(alg, attributes))
        except TSS2_Exception:
            pass
    t.refused("create", parent, sensitive(), template("ecc256", SIGN, b"short"))
    public = template("rsa2048", SIGN)
    public.publicArea.parameters.rsaDetail.exponent = 4
    t.refused("create", parent, sensitive(), public)
    public.publicArea.parameters.rsaDetail.keyBits = 2047
    t.refused("create", parent, sensitive(), public)
    for key in (parent, signer):
        t.flush_context(key)


@scenario
def create_loaded(t):
    for alg, attributes in (("ecc256:ecdsa-sha256", SIGN), ("rsa2048:aes128cfb", STORAGE),
                            ("aes128cfb", SIGN | TPMA_OBJECT.DECRYPT), ("hmac", SIGN)):
        key, private, public = t.create_loaded(OWNER, sensitive(b"pw"), area(alg, attributes))
        t.note(alg, [len(private), len(public.marshal())])
        t.flush_context(key)
    parent = primary(t)
    key, private, public = t.create_loaded(parent, sensitive(b"pw"), area("ecc256", SIGN))
    t.note("child", [len(private), bytes(t.tr_get_name(key)) == bytes(public.get_name())])
    t.flush_context(key)
    t.flush_context(t.load(parent, private, public))
    t.flush_context(parent)


@scenario
def create_creation_pcrs(t):
    parent = primary(t)
    t.pcr_event(ESYS_TR.PCR16, b"something")
    for pcrs in ("sha256:16", "sha1:0,1+sha256:16,23", "sha384:all"):
        data = t.create(parent, sensitive(), template("ecc256", SIGN), b"out", pcrs)[2].creationData
        t.note(pcrs, [data.pcrSelect.count, bytes(data.pcrDigest).hex(), data.parentNameAlg,
                      bytes(data.outsideInfo)])
    t.pcr_reset(ESYS_TR.PCR16)
    t.flush_context(parent)


@scenario
def certify_creation(t):
    parent, signer = primary(t), primary(t, "ecc256:ecdsa-sha256", SIGN)
    private, public, _, hash_, ticket = t.create(parent, sensitive(), template("ecc256", SIGN))
    key = t.load(parent, private, public)
    attest, signature = t.certify_creation(signer, key, b"data", hash_, NO_SCHEME, ticket)
    signature.verify_signature(public_of(t, signer), bytes(attest))
    info = attest_of(t, attest)
    t.note("creation hash", bytes(info.attested.creation.creationHash) == bytes(hash_))
    wrong = TPM2B_DIGEST(bytes(32))
    t.refused("certify_creation", signer, key, b"data", wrong, NO_SCHEME, ticket)
    t.refused("certify_creation", signer, signer, b"data", hash_, NO_SCHEME, ticket)
    t.refused("certify_creation", parent, key, b"data", hash_, NO_SCHEME, ticket)
    for one in (parent, signer, key):
        t.flush_context(one)


def attest_of(t, attest):
    info = TPMS_ATTEST.unmarshal(bytes(attest))[0]
    t.note("attest", [info.magic, info.type, bytes(info.extraData).hex(), info.clockInfo.safe])
    return info


@scenario
def certify(t):
    for scheme in ("rsa2048:rsassa-sha256", "rsa2048:rsapss-sha256", "ecc256:ecdsa-sha256",
                   "ecc384:ecdsa-sha384"):
        ak = primary(t, scheme, AK, hierarchy=ESYS_TR.ENDORSEMENT)
        key = primary(t, "ecc256", SIGN)
        attest, signature = t.certify(key, ak, b"qualify", NO_SCHEME)
        signature.verify_signature(public_of(t, ak), bytes(attest))
        info = attest_of(t, attest)
        t.note("names", [bytes(info.attested.certify.name) == bytes(t.tr_get_name(key)),
                         bytes(info.qualifiedSigner)[:2]])
        t.flush_context(key)
        t.flush_context(ak)


@scenario
def quote(t):
    other = TPMT_SIG_SCHEME(scheme=TPM2_ALG.RSAPSS)
    other.details.any.hashAlg = TPM2_ALG.SHA256
    for scheme in ("rsa2048:rsassa-sha256", "ecc256:ecdsa-sha256"):
        ak = primary(t, scheme, AK, b"auth")
        t.pcr_event(ESYS_TR.PCR23, b"event")
        for pcrs in ("sha256:0,16,23", "sha1:all", "sha1:1+sha256:2+sha384:3"):
            attest, signature = t.quote(ak, pcrs, b"nonce")
            signature.verify_signature(public_of(t, ak), bytes(attest))
            info = attest_of(t, attest)
            t.note("pcrs", info.attested.quote.pcrDigest.marshal())
        t.refused("quote", ak, "sha256:0", b"nonce", other)
        t.pcr_reset(ESYS_TR.PCR23)
        t.flush_context(ak)
    parent = primary(t)
    t.refused("quote", parent, "sha256:0", b"nonce")
    t.flush_context(parent)


@scenario
def sign_and_verify(t):
    for alg in ("rsa2048", "rsa1024", "ecc256", "ecc384", "ecc521"):
        key = primary(t, alg, SIGN)
        for scheme in ((TPM2_ALG.RSASSA, TPM2_ALG.RSAPSS) if alg[0] == "r" else (TPM2_ALG.ECDSA,)):
            for hash_, function in ((TPM2_ALG.SHA1, "sha1"), (TPM2_ALG.SHA256, "sha256"),
                                    (TPM2_ALG.SHA384, "sha384"), (TPM2_ALG.SHA512, "sha512")):
                in_scheme = TPMT_SIG_SCHEME(scheme=scheme)
                in_scheme.details.any.hashAlg = hash_
                value = hashlib.new(function, b"a message").digest()
                try:
                    signature = t.sign(key, value, in_scheme, NO_TICKET)
                except TSS2_Exception:
                    continue
                ticket = t.verify_signature(key, value, signature)
                t.note("ticket", [ticket.tag, ticket.hierarchy, len(ticket.digest)])
                # the leftmost bits are what a curve smaller than the hash takes
                t.refused("verify_signature", key, bytes([value[0] ^ 1]) + value[1:], signature)
                t.refused("sign", key, value[:-1], in_scheme, NO_TICKET)
        t.refused("sign", key, digest(), NO_SCHEME, NO_TICKET)
        t.flush_context(key)


@scenario
def sign_restricted(t):
    key = primary(t, "ecc256:ecdsa-sha256", AK)
    value, ticket = t.hash(b"a message", TPM2_ALG.SHA256, OWNER)
    t.sign(key, value, NO_SCHEME, ticket)
    t.refused("sign", key, value, NO_SCHEME, NO_TICKET)
    value, ticket = t.hash(b"\xffTCG a message", TPM2_ALG.SHA256, OWNER)
    t.note("ticket", [ticket.tag, ticket.hierarchy, len(ticket.digest)])
    t.refused("sign", key, value, NO_SCHEME, ticket)
    t.flush_context(key)


@scenario
def rsa_encrypt_decrypt(t):
    key = primary(t, "rsa2048", DECRYPT)
    for scheme, hash_ in ((TPM2_ALG.NULL, None), (TPM2_ALG.RSAES, None),
                          (TPM2_ALG.OAEP, TPM2_ALG.SHA1),
                          (TPM2_ALG.OAEP, TPM2_ALG.SHA256), (TPM2_ALG.OAEP, TPM2_ALG.SHA512)):
        decrypt = TPMT_RSA_DECRYPT(scheme=scheme)
        if hash_:
            decrypt.details.oaep.hashAlg = hash_
        label = b"label\0" if scheme == TPM2_ALG.OAEP else None
        cipher = t.rsa_encrypt(key, b"message", decrypt, label)
        plain = bytes(t.rsa_decrypt(key, cipher, decrypt, label))
        t.note("plain", plain)
        if scheme != TPM2_ALG.NULL:
            # swtpm answers TPM_RC_FAILURE; Part 3, 14.2 and 14.3: TPM_RC_VALUE
            t.fails("rsa_decrypt", key, flipped(cipher), decrypt, label)
    decrypt = TPMT_RSA_DECRYPT(scheme=TPM2_ALG.OAEP)
    decrypt.details.oaep.hashAlg = TPM2_ALG.SHA256
    t.refused("rsa_encrypt", key, b"message", decrypt, b"no zero")
    t.fails("rsa_encrypt", key, bytes(256), decrypt)
    t.fails("rsa_encrypt", key, b"\xff" * 256, TPMT_RSA_DECRYPT(scheme=TPM2_ALG.NULL))
    t.flush_context(key)
    signer = primary(t, "rsa2048:rsassa-sha256", SIGN)
    t.refused("rsa_decrypt", signer, bytes(256), TPMT_RSA_DECRYPT(scheme=TPM2_ALG.NULL))
    t.flush_context(signer)


@scenario
def ecdh(t):
    for alg in ("ecc256:ecdh-sha256", "ecc384:ecdh-sha384", "ecc256"):
        key = primary(t, alg, DECRYPT)
        shared, point = t.ecdh_key_gen(key)
        again = t.ecdh_zgen(key, point)
        t.note("agree", shared.marshal() == again.marshal())
        off = TPM2B_ECC_POINT(TPMS_ECC_POINT(x=bytes(point.point.x), y=bytes(point.point.x)))
        t.refused("ecdh_zgen", key, off)
        t.flush_context(key)
    signer = primary(t, "ecc256:ecdsa-sha256", SIGN)
    t.refused("ecdh_zgen", signer, point)
    t.flush_context(signer)


@scenario
def zgen_two_phase(t):
    key = primary(t, "ecc256:ecdh-sha256", DECRYPT)
    other = public_of(t, primary(t, "ecc256:ecdh-sha256", DECRYPT | TPMA_OBJECT.NODA)).publicArea
    point = other.unique.ecc
    static = TPM2B_ECC_POINT(TPMS_ECC_POINT(x=bytes(point.x), y=bytes(point.y)))
    for scheme in (TPM2_ALG.ECDH, TPM2_ALG.ECMQV, TPM2_ALG.SM2):
        ephemeral, counter = t.ec_ephemeral(TPM2_ECC.NIST_P256)
        try:
            z1, z2 = t.zgen_2_phase(key, static, ephemeral, scheme, counter)
            t.note("z", [len(z1.point.x), len(z2.point.x)])
            t.refused("zgen_2_phase", key, static, ephemeral, scheme, counter)
        except TSS2_Exception:
            pass


@scenario
def commit(t):
    key = primary(t, "ecc256:ecdaa4-sha256", SIGN)
    scheme = TPMT_SIG_SCHEME(scheme=TPM2_ALG.ECDAA)
    scheme.details.ecdaa.hashAlg = TPM2_ALG.SHA256
    for _ in range(2):
        points = t.commit(key, TPM2B_ECC_POINT(), b"", b"")
        scheme.details.ecdaa.count = points[3]
        t.note("commitment", [len(p.point.x) for p in points[:3]])
        signature = t.sign(key, digest(), scheme, NO_TICKET)
        t.note("signature", [signature.sigAlg, len(signature.signature.ecdaa.signatureS)])
        t.refused("sign", key, digest(), scheme, NO_TICKET)
    other = primary(t, "ecc256:ecdsa-sha256", SIGN)
    t.refused("commit", other, TPM2B_ECC_POINT(), b"", b"")
    for one in (key, other):
        t.flush_context(one)


@scenario
def ecc_parameters(t):
    for curve in (TPM2_ECC.NIST_P256, TPM2_ECC.NIST_P384, TPM2_ECC.NIST_P521):
        t.note("curve", t.ecc_parameters(curve).marshal())


@scenario
def test_parms(t):
    for alg in ("rsa1024", "rsa2048", "rsa3072", "ecc256", "ecc384", "ecc521", "aes128cfb",
                "aes256cbc", "aes128ecb", "hmac", "keyedhash", "rsa2048:rsapss-sha256",
                "rsa2048:oaep-sha1", "ecc256:ecschnorr-sha256"):
        area = TPMT_PUBLIC.parse(alg, SIGN)
        try:
            t.test_parms(TPMT_PUBLIC_PARMS(type=area.type, parameters=area.parameters))
        except TSS2_Exception:
            pass


@scenario
def load_external(t):
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import (Encoding, NoEncryption, PrivateFormat,
                                                              PublicFormat)
    for secret in (ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1()),
                   rsa.generate_private_key(65537, 2048)):
        pem = secret.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        whole = secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        attributes = TPMA_OBJECT.USERWITHAUTH | TPMA_OBJECT.SIGN_ENCRYPT | TPMA_OBJECT.DECRYPT
        public = TPM2B_PUBLIC.from_pem(pem, objectAttributes=attributes)
        for hierarchy in (OWNER, ESYS_TR.ENDORSEMENT, ESYS_TR.PLATFORM, NULL):
            key = t.load_external(public, None, hierarchy)
            t.note("name", bytes(t.tr_get_name(key)) == bytes(public.get_name()))
            t.refused("sign", key, digest(), NO_SCHEME, NO_TICKET)
            t.flush_context(key)
        private = TPM2B_SENSITIVE.from_pem(whole)
        t.refused("load_external", public, private, OWNER)
        key = t.load_external(public, private, NULL)
        scheme = TPMT_SIG_SCHEME(scheme=TPM2_ALG.RSASSA if public.publicArea.type == TPM2_ALG.RSA
                                 else TPM2_ALG.ECDSA)
        scheme.details.any.hashAlg = TPM2_ALG.SHA256
        ticket = t.verify_signature(key, digest(), t.sign(key, digest(), scheme, NO_TICKET))
        t.note("ticket", [ticket.tag, ticket.hierarchy, len(ticket.digest)])
        t.flush_context(key)
        public.publicArea.objectAttributes |= FIXED
        t.refused("load_external", public, private, NULL)


@scenario
def load_refusals(t):
    parent = primary(t)
    private, public, *_ = t.create(parent, sensitive(), template("ecc256", SIGN))
    blob = bytearray(bytes(private))
    for at in (0, 5, len(blob) - 1):
        bad = bytes(blob[:at]) + bytes([blob[at] ^ 1]) + bytes(blob[at + 1:])
        t.refused("load", parent, bad, public)
    t.refused("load", parent, b"", public)
    other = primary(t, "ecc256:aes128cfb", STORAGE | TPMA_OBJECT.NODA)
    t.refused("load", other, private, public)
    public.publicArea.objectAttributes |= TPMA_OBJECT.NODA
    t.refused("load", parent, private, public)
    for key in (parent, other):
        t.flush_context(key)


@scenario
def unseal(t):
    parent = primary(t, auth=b"parent")
    for auth in (b"", b"pw", b"a much longer password, 32 bytes"):
        item = child(t, parent, "keyedhash", FIXED | TPMA_OBJECT.USERWITHAUTH | TPMA_OBJECT.NODA,
                     auth,
                     b"a secret")
        t.note("secret", bytes(t.unseal(item)))
        t.tr_set_auth(item, b"wrong" if auth else b"")
        if auth:
            t.refused("unseal", item)
        t.flush_context(item)
    key = child(t, parent, "hmac", SIGN)
    t.refused("unseal", key)
    t.flush_context(key)
    t.flush_context(parent)


@scenario
def object_change_auth(t):
    parent = primary(t)
    private, public, *_ = t.create(parent, sensitive(b"old"), template("ecc256:ecdsa-sha256", SIGN))
    key = t.load(parent, private, public)
    t.tr_set_auth(key, b"old")
    changed = t.object_change_auth(key, parent, b"new")
    t.flush_context(key)
    key = t.load(parent, changed, public)
    t.tr_set_auth(key, b"old")
    t.refused("sign", key, digest(), NO_SCHEME, NO_TICKET)
    t.tr_set_auth(key, b"new")
    t.sign(key, digest(), NO_SCHEME, NO_TICKET)
    other = primary(t, "ecc256:aes128cfb", STORAGE | TPMA_OBJECT.NODA)
    t.refused("object_change_auth", key, other, b"x")
    t.refused("object_change_auth", key, parent, b"x" * 33)
    for one in (key, parent, other):
        t.flush_context(one)


@scenario
def evict_control(t):
    key = primary(t, "ecc256:ecdsa-sha256", SIGN, b"pw")
    kept = t.evict_control(OWNER, key, 0x81000010)
    t.refused("evict_control", OWNER, key, 0x81000010)
    t.refused("evict_control", OWNER, key, 0x81800010)
    t.refused("evict_control", OWNER, key, 0x80000000)
    blob = t.tr_serialize(kept)
    again = t.tr_deserialize(blob)
    t.tr_set_auth(again, b"pw")
    t.sign(again, digest(), NO_SCHEME, NO_TICKET)
    t.flush_context(key)
    t.power(TPM2_SU.CLEAR)
    kept = t.tr_from_tpmpublic(0x81000010)
    t.note("handle", t.tr_get_tpm_handle(kept))
    t.tr_set_auth(kept, b"pw")
    t.sign(kept, digest(), NO_SCHEME, NO_TICKET)
    t.evict_control(OWNER, kept, 0x81000010)
    t.refused("tr_from_tpmpublic", 0x81000010)
    transient = primary(t, "ecc256", SIGN, hierarchy=NULL)
    t.refused("evict_control", OWNER, transient, 0x81000012)


@scenario
def save_and_load_context(t):
    key = primary(t, "ecc256:ecdsa-sha256", SIGN, b"pw")
    context = t.context_save(key)
    t.note("context", [context.hierarchy, context.savedHandle])
    t.flush_context(key)
    for _ in range(3):
        key = t.context_load(context)
        t.tr_set_auth(key, b"pw")
        t.sign(key, digest(), NO_SCHEME, NO_TICKET)
        t.flush_context(key)
    session = t.session(attributes=TPMA_SESSION.CONTINUESESSION | TPMA_SESSION.AUDIT)
    saved = t.context_save(session)
    t.note("saved", [saved.hierarchy, len(t.handles(0x03000000))])
    session = t.context_load(saved)
    t.get_random(4, session1=session)
    t.flush_context(session)
    t.power()
    t.refused("context_load", context)


@scenario
def duplicate_and_import(t):
    source, target = primary(t), primary(t, "rsa2048:aes128cfb")
    moving = TPMA_OBJECT.USERWITHAUTH | TPMA_OBJECT.SENSITIVEDATAORIGIN | TPMA_OBJECT.SIGN_ENCRYPT
    policy = t.trial(("policy_command_code", TPM2_CC.Duplicate))
    own, public, *_ = t.create(source, sensitive(b"pw"),
                               template("ecc256:ecdsa-sha256", moving, policy))
    key = t.load(source, own, public)
    inner = TPMT_SYM_DEF_OBJECT(algorithm=TPM2_ALG.AES, keyBits=TPMU_SYM_KEY_BITS(aes=128),
                                mode=TPMU_SYM_MODE(aes=TPM2_ALG.CFB))
    none = TPMT_SYM_DEF_OBJECT(algorithm=TPM2_ALG.NULL)
    for given, sym in ((b"", none), (b"0123456789abcdef", inner), (b"", inner)):
        session = t.policy(("policy_command_code", TPM2_CC.Duplicate))
        out, duplicate, seed = t.duplicate(key, target, given, sym, session1=session)
        t.note("sizes", [len(out), len(duplicate), len(seed)])
        private = t.import_(target, bytes(out) or given, public, duplicate, seed, sym)
        t.flush_context(key)        # three objects are all that swtpm can load
        moved = t.load(target, private, public)
        t.tr_set_auth(moved, b"pw")
        t.sign(moved, digest(), NO_SCHEME, NO_TICKET)
        t.flush_context(moved)
        key = t.load(source, own, public)
        t.refused("import_", target, bytes(out) or given, public, flipped(duplicate), seed, sym)
        t.refused("import_", source, bytes(out) or given, public, duplicate, seed, sym)
    session = t.policy(("policy_command_code", TPM2_CC.Duplicate))
    _, duplicate, seed = t.duplicate(key, target, b"", none, session1=session)
    rewrapped, seed = t.rewrap(target, source, duplicate, t.tr_get_name(key), seed)
    t.import_(source, b"", public, rewrapped, seed, none)
    t.refused("duplicate", key, target, b"", none, session1=PASSWORD)
    for one in (source, target, key):
        t.flush_context(one)


@scenario
def credential(t):
    session = t.session()
    for alg in ("rsa2048:aes128cfb", "ecc256:aes128cfb", "ecc384:aes256cfb"):
        ek = primary(t, alg, hierarchy=ESYS_TR.ENDORSEMENT)
        ak = primary(t, "ecc256:ecdsa-sha256", AK, b"ak")
        name = t.tr_get_name(ak)
        blob, secret = t.make_credential(ek, b"a credential", name)
        t.note("sizes", [len(blob), len(secret)])
        t.note("credential", bytes(t.activate_credential(ak, ek, blob, secret)))
        plain = t.activate_credential(ak, ek, blob, secret, session2=session)
        t.note("with a session", bytes(plain))
        t.refused("activate_credential", ak, ek, flipped(blob), secret)
        t.refused("activate_credential", ek, ek, blob, secret)
        t.refused("make_credential", ek, bytes(64), name)
        t.flush_context(ek)
        t.flush_context(ak)
    t.flush_context(session)


@scenario
def symmetric(t):
    parent = primary(t)
    for alg in ("aes128cfb", "aes256cfb", "aes128cbc", "aes128ctr", "aes128ofb", "aes128ecb"):
        key = child(t, parent, alg, SIGN | TPMA_OBJECT.DECRYPT, b"pw")
        for mode in (TPM2_ALG.NULL, TPM2_ALG.CFB, TPM2_ALG.CBC, TPM2_ALG.ECB):
            for call in ("encrypt_decrypt", "encrypt_decrypt_2"):
                for size in (32, 33):
                    iv = bytes(0 if TPM2_ALG.ECB in (mode,) or alg.endswith("ecb") else 16)
                    try:
                        cipher, iv_out = getattr(t, call)(key, False, mode, iv, bytes(range(size)))
                        plain, _ = getattr(t, call)(key, True, mode, iv, bytes(cipher))
                    except TSS2_Exception:
                        continue
                    t.note("plain", [bytes(plain) == bytes(range(size)), len(iv_out)])
        t.refused("encrypt_decrypt_2", key, False, TPM2_ALG.CFB, bytes(15), bytes(16))
        t.flush_context(key)
    t.flush_context(parent)


@scenario
def hmac_and_sequences(t):
    parent = primary(t)
    for scheme, hash_ in (("hmac", TPM2_ALG.NULL), ("hmac", TPM2_ALG.SHA256),
                          ("hmac", TPM2_ALG.SHA1)):
        key = child(t, parent, scheme, SIGN & ~TPMA_OBJECT.SENSITIVEDATAORIGIN, b"pw",
                    b"0123456789abcdef")
        try:
            t.note("hmac", bytes(t.hmac(key, b"a message", hash_)))
            sequence = t.hmac_start(key, b"seq", hash_)
            t.tr_set_auth(sequence, b"seq")
            t.sequence_update(sequence, b"a me")
            value, ticket = t.sequence_complete(sequence, b"ssage", NULL)
            t.note("the same", bytes(value))
            t.note("ticket", [ticket.tag, ticket.hierarchy, len(ticket.digest)])
        except TSS2_Exception:
            pass
        t.flush_context(key)
    t.flush_context(parent)


@scenario
def hash_sequences(t):
    for hash_ in (TPM2_ALG.SHA1, TPM2_ALG.SHA256, TPM2_ALG.SHA384, TPM2_ALG.SHA512):
        t.note("hash", bytes(t.hash(b"a message", hash_, OWNER)[0]))
        sequence = t.hash_sequence_start(b"seq", hash_)
        t.tr_set_auth(sequence, b"seq")
        context = t.context_save(sequence)
        t.sequence_update(sequence, bytes(100))
        t.note("value", bytes(t.sequence_complete(sequence, b"end", OWNER)[0]))
        again = t.context_load(context)
        t.tr_set_auth(again, b"seq")
        t.note("shorter", bytes(t.sequence_complete(again, b"end", OWNER)[0]))
    sequence = t.hash_sequence_start(b"seq", TPM2_ALG.NULL)
    t.tr_set_auth(sequence, b"seq")
    t.sequence_update(sequence, bytes(1000))
    t.refused("sequence_complete", sequence, b"end", OWNER)
    values = t.event_sequence_complete(ESYS_TR.PCR16, sequence, b"end")
    t.note("event", [(v.hashAlg, bytes(v).hex()) for v in values])
    t.note("pcrs", [bytes(v).hex() for v in t.pcr_read("sha1:16+sha256:16")[2]])
    sequence = t.hash_sequence_start(b"seq", TPM2_ALG.SHA256)
    t.refused("sequence_update", sequence, b"x")
    t.tr_set_auth(sequence, b"seq")
    t.refused("event_sequence_complete", ESYS_TR.PCR16, sequence, b"end")
    t.refused("hash_sequence_start", b"", TPM2_ALG.SM3_256)
    t.sequence_update(sequence, b"TCG")
    t.note("ticket", t.sequence_complete(sequence, b"", OWNER)[1].hierarchy)
