# SPDX-License-Identifier: GPL-2.0-only
"""tpm2-pytss over one TPM; argv[1] is its TCTI. Keys, signatures, quotes, secrets, NV
and policies through ESAPI, each result checked with hashlib and python3-cryptography."""
import hashlib
import hmac
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from tpm2_pytss import *
from tpm2_pytss.utils import make_credential

NULL_SYM = TPMT_SYM_DEF(algorithm=TPM2_ALG.NULL)
CFB = TPMT_SYM_DEF(algorithm=TPM2_ALG.AES, keyBits=TPMU_SYM_KEY_BITS(aes=128),
                   mode=TPMU_SYM_MODE(aes=TPM2_ALG.CFB))
SIGNER = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign"
DECRYPTER = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|decrypt"
NO_TICKET = TPMT_TK_HASHCHECK(tag=TPM2_ST.HASHCHECK, hierarchy=TPM2_RH.NULL)
ANY = TPMT_SIG_SCHEME(scheme=TPM2_ALG.NULL)
MESSAGE = b"a message"


def sensitive(auth=b"", data=b""):
    return TPM2B_SENSITIVE_CREATE(TPMS_SENSITIVE_CREATE(userAuth=auth, data=TPM2B_SENSITIVE_DATA(data)))


def refused(rc, function, *args, **kwargs):
    """The call fails with that code, whatever parameter or session it names."""
    try:
        function(*args, **kwargs)
    except TSS2_Exception as e:
        # a format-one code ends in six bits, a warning or format-zero code in eight
        got = e.rc & (0xBF if e.rc & 0x80 else 0x97F)
        assert got == rc, "refused with %#x, not %#x" % (e.rc, rc)
        return
    assert False, "was not refused"


def public_key(public):
    return serialization.load_pem_public_key(public.to_pem())


class Scenario:
    def __init__(self, tpm):
        self.tpm = tpm
        self.parent = tpm.create_primary(sensitive(), "ecc256")[0]

    def key(self, alg, attributes, auth=b"", policy=b"", data=b""):
        public = TPM2B_PUBLIC.parse(alg, objectAttributes=attributes, authPolicy=policy)
        private, public, *_ = self.tpm.create(self.parent, sensitive(auth, data), public)
        handle = self.tpm.load(self.parent, private, public)
        self.tpm.tr_set_auth(handle, auth)
        return handle, public

    def session(self, kind, symmetric=NULL_SYM, key=ESYS_TR.NONE, bind=ESYS_TR.NONE):
        return self.tpm.start_auth_session(key, bind, kind, symmetric, TPM2_ALG.SHA256)

    def case_random(self):
        a, b = bytes(self.tpm.get_random(32)), bytes(self.tpm.get_random(32))
        assert len(a) == 32 and a != b

    def sign(self, alg, hash_alg=hashlib.sha256):
        handle, public = self.key(alg, SIGNER, b"pw")
        digest = hash_alg(MESSAGE).digest()
        signature = self.tpm.sign(handle, digest, ANY, NO_TICKET)
        verify(public, signature, MESSAGE)
        try:
            verify(public, signature, MESSAGE + b"!")
        except InvalidSignature:
            pass
        else:
            assert False, "holds for another message"
        self.tpm.verify_signature(handle, digest, signature)
        refused(TPM2_RC.SIGNATURE, self.tpm.verify_signature, handle, digest[::-1], signature)
        self.tpm.tr_set_auth(handle, b"wp")
        refused(TPM2_RC.AUTH_FAIL, self.tpm.sign, handle, digest, ANY, NO_TICKET)
        self.tpm.dictionary_attack_lock_reset()

    def case_sign_ecdsa_p256(self):
        self.sign("ecc256:ecdsa-sha256:null")

    def case_sign_ecdsa_p384(self):
        self.sign("ecc384:ecdsa-sha384:null", hashlib.sha384)

    def case_sign_ecdsa_p521(self):
        self.sign("ecc521:ecdsa-sha512:null", hashlib.sha512)

    def case_sign_rsassa(self):
        self.sign("rsa2048:rsassa-sha256:null")

    def case_sign_rsapss(self):
        self.sign("rsa2048:rsapss-sha256:null")

    def case_quote(self):
        handle, public = self.key("ecc256:ecdsa-sha256:null", SIGNER + "|restricted")
        self.tpm.pcr_extend(ESYS_TR.PCR16, TPML_DIGEST_VALUES(
            [TPMT_HA(hashAlg=TPM2_ALG.SHA256, digest=TPMU_HA(sha256=b"\x5a" * 32))]))
        want = hashlib.sha256(bytes(32) + b"\x5a" * 32).digest()
        _, _, values = self.tpm.pcr_read("sha256:16")
        assert bytes(values[0]) == want
        attest, signature = self.tpm.quote(handle, "sha256:16", b"nonce")
        verify(public, signature, bytes(attest))
        said = TPMS_ATTEST.unmarshal(bytes(attest))[0]
        assert bytes(said.extraData) == b"nonce" and said.magic == 0xFF544347
        assert bytes(said.attested.quote.pcrDigest) == hashlib.sha256(want).digest()
        self.tpm.pcr_reset(ESYS_TR.PCR16)

    def case_certify(self):
        signer, public = self.key("rsa2048:rsassa-sha256:null", SIGNER)
        other, other_public = self.key("ecc256:ecdsa-sha256:null", SIGNER)
        attest, signature = self.tpm.certify(other, signer, b"q", ANY)
        verify(public, signature, bytes(attest))
        said = TPMS_ATTEST.unmarshal(bytes(attest))[0]
        assert bytes(said.attested.certify.name) == bytes(other_public.get_name())

    def case_time(self):
        signer, public = self.key("ecc256:ecdsa-sha256:null", SIGNER)
        attest, signature = self.tpm.get_time(signer, b"q")
        verify(public, signature, bytes(attest))

    def case_rsa_decrypt(self):
        handle, public = self.key("rsa2048", DECRYPTER)
        oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), b"label\0")
        cipher = public_key(public).encrypt(MESSAGE, oaep)
        scheme = TPMT_RSA_DECRYPT(scheme=TPM2_ALG.OAEP, details=TPMU_ASYM_SCHEME(
            oaep=TPMS_SCHEME_HASH(hashAlg=TPM2_ALG.SHA256)))
        assert bytes(self.tpm.rsa_decrypt(handle, cipher, scheme, b"label\0")) == MESSAGE
        refused(TPM2_RC.VALUE, self.tpm.rsa_decrypt, handle, cipher, scheme, b"other\0")
        back = self.tpm.rsa_encrypt(handle, MESSAGE, scheme, b"label\0")
        assert bytes(self.tpm.rsa_decrypt(handle, back, scheme, b"label\0")) == MESSAGE

    def case_ecdh(self):
        handle, public = self.key("ecc256:ecdh", DECRYPTER)
        ours = ec.generate_private_key(ec.SECP256R1())
        numbers = ours.public_key().public_numbers()
        point = TPM2B_ECC_POINT(TPMS_ECC_POINT(
            x=numbers.x.to_bytes(32, "big"), y=numbers.y.to_bytes(32, "big")))
        z = self.tpm.ecdh_zgen(handle, point)
        want = ours.exchange(ec.ECDH(), public_key(public))
        assert bytes(z.point.x).rjust(32, b"\0") == want

    def case_aes(self):
        handle, _ = self.key("aes128cfb", DECRYPTER + "|sign")
        cipher, _ = self.tpm.encrypt_decrypt_2(handle, False, TPM2_ALG.CFB, bytes(16), MESSAGE)
        assert bytes(cipher) != MESSAGE
        plain, _ = self.tpm.encrypt_decrypt_2(handle, True, TPM2_ALG.CFB, bytes(16), cipher)
        assert bytes(plain) == MESSAGE

    def case_hmac(self):
        public = TPM2B_PUBLIC.parse("hmac:sha256", objectAttributes="userwithauth|sign")
        private, public, *_ = self.tpm.create(self.parent, sensitive(data=b"k" * 32), public)
        handle = self.tpm.load(self.parent, private, public)
        mac = self.tpm.hmac(handle, MESSAGE, TPM2_ALG.SHA256)
        assert bytes(mac) == hmac.new(b"k" * 32, MESSAGE, "sha256").digest()

    def case_hash_sequence(self):
        handle = self.tpm.hash_sequence_start(b"", TPM2_ALG.SHA384)
        self.tpm.sequence_update(handle, b"a" * 1000)
        digest, _ = self.tpm.sequence_complete(handle, MESSAGE)
        assert bytes(digest) == hashlib.sha384(b"a" * 1000 + MESSAGE).digest()

    def case_seal_policy(self):
        trial = self.session(TPM2_SE.TRIAL)
        self.tpm.policy_pcr(trial, b"", "sha256:16")
        self.tpm.policy_auth_value(trial)
        policy = bytes(self.tpm.policy_get_digest(trial))
        handle, _ = self.key("keyedhash", "fixedtpm|fixedparent", b"pw", policy, MESSAGE)

        def unseal():
            s = self.session(TPM2_SE.POLICY, CFB, self.parent)
            self.tpm.trsess_set_attributes(s, TPMA_SESSION.ENCRYPT | TPMA_SESSION.CONTINUESESSION)
            try:
                self.tpm.policy_pcr(s, b"", "sha256:16")
                self.tpm.policy_auth_value(s)
                return bytes(self.tpm.unseal(handle, session1=s))
            finally:
                self.tpm.flush_context(s)
        assert unseal() == MESSAGE
        refused(TPM2_RC.AUTH_UNAVAILABLE, self.tpm.unseal, handle)
        self.tpm.pcr_event(ESYS_TR.PCR16, b"event")
        refused(TPM2_RC.POLICY_FAIL, unseal)
        self.tpm.pcr_reset(ESYS_TR.PCR16)
        assert unseal() == MESSAGE

    def index(self, number, kind, size, more=TPMA_NV(0)):
        public = TPM2B_NV_PUBLIC(TPMS_NV_PUBLIC(
            nvIndex=0x01800000 + number, nameAlg=TPM2_ALG.SHA256, dataSize=size,
            attributes=TPMA_NV.AUTHREAD | TPMA_NV.AUTHWRITE | TPMA_NV.OWNERREAD | more
            | TPMA_NV(kind << TPMA_NV.TPM2_NT_SHIFT)))
        return self.tpm.nv_define_space(b"pw", public)

    def case_nv(self):
        nv = self.index(0, TPM2_NT.ORDINARY, 64, TPMA_NV.WRITE_STCLEAR)
        refused(TPM2_RC.NV_UNINITIALIZED, self.tpm.nv_read, nv, 9)
        self.tpm.nv_write(nv, MESSAGE, 3)
        assert bytes(self.tpm.nv_read(nv, 9, 3)) == MESSAGE
        refused(TPM2_RC.NV_RANGE, self.tpm.nv_write, nv, MESSAGE, 60)
        self.tpm.nv_write_lock(nv)
        refused(TPM2_RC.NV_LOCKED, self.tpm.nv_write, nv, MESSAGE)
        self.tpm.nv_undefine_space(nv)

    def case_nv_kinds(self):
        counter = self.index(1, TPM2_NT.COUNTER, 8)
        self.tpm.nv_increment(counter)
        first = int.from_bytes(bytes(self.tpm.nv_read(counter, 8)), "big")
        self.tpm.nv_increment(counter)
        assert int.from_bytes(bytes(self.tpm.nv_read(counter, 8)), "big") == first + 1
        bits = self.index(2, TPM2_NT.BITS, 8)
        self.tpm.nv_set_bits(bits, 5)
        self.tpm.nv_set_bits(bits, 8)
        assert bytes(self.tpm.nv_read(bits, 8)) == bytes(7) + b"\x0d"
        extend = self.index(3, TPM2_NT.EXTEND, 32)
        self.tpm.nv_extend(extend, MESSAGE)
        assert bytes(self.tpm.nv_read(extend, 32)) == hashlib.sha256(bytes(32) + MESSAGE).digest()
        for nv in counter, bits, extend:
            self.tpm.nv_undefine_space(nv)

    def case_nv_certify(self):
        signer, public = self.key("ecc256:ecdsa-sha256:null", SIGNER)
        nv = self.index(4, TPM2_NT.ORDINARY, 16)
        self.tpm.nv_write(nv, bytes(range(16)))
        attest, signature = self.tpm.nv_certify(signer, nv, b"q", ANY, 8, 4)
        verify(public, signature, bytes(attest))
        said = TPMS_ATTEST.unmarshal(bytes(attest))[0].attested.nv
        assert bytes(said.nvContents) == bytes(range(4, 12)) and said.offset == 4
        self.tpm.nv_undefine_space(nv)

    def case_credential(self):
        key, public = self.key("ecc256:ecdsa-sha256:null", SIGNER + "|restricted")
        ek, _, *_ = self.tpm.create_primary(sensitive(), "rsa2048", ESYS_TR.ENDORSEMENT)
        ek_public, *_ = self.tpm.read_public(ek)
        blob, secret = make_credential(ek_public, MESSAGE, public.get_name())
        assert bytes(self.tpm.activate_credential(key, ek, blob, secret)) == MESSAGE
        blob, secret = make_credential(ek_public, MESSAGE, ek_public.get_name())
        refused(TPM2_RC.INTEGRITY, self.tpm.activate_credential, key, ek, blob, secret)

    def case_import(self):
        ours = rsa.generate_private_key(65537, 2048)
        pem = ours.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                 serialization.NoEncryption())
        public = TPM2B_PUBLIC.from_pem(ours.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
            objectAttributes=TPMA_OBJECT.SIGN_ENCRYPT | TPMA_OBJECT.USERWITHAUTH,
            scheme=TPMT_ASYM_SCHEME(scheme=TPM2_ALG.NULL))
        secret = TPM2B_SENSITIVE.from_pem(pem)
        private = self.tpm.import_(self.parent, b"", public, TPM2B_PRIVATE(secret.marshal()),
                                   TPM2B_ENCRYPTED_SECRET(), TPMT_SYM_DEF_OBJECT(algorithm=TPM2_ALG.NULL))
        handle = self.tpm.load(self.parent, private, public)
        scheme = TPMT_SIG_SCHEME(scheme=TPM2_ALG.RSASSA, details=TPMU_SIG_SCHEME(
            any=TPMS_SCHEME_HASH(hashAlg=TPM2_ALG.SHA256)))
        signature = self.tpm.sign(handle, hashlib.sha256(MESSAGE).digest(), scheme, NO_TICKET)
        verify(public, signature, MESSAGE)

    def case_hmac_session(self):
        s = self.session(TPM2_SE.HMAC, CFB, self.parent, self.parent)
        self.tpm.trsess_set_attributes(s, TPMA_SESSION.ENCRYPT | TPMA_SESSION.DECRYPT
                                       | TPMA_SESSION.CONTINUESESSION)
        handle = self.tpm.create_primary(
            sensitive(b"pw"), TPM2B_PUBLIC.parse("ecc256:ecdsa-sha256:null", objectAttributes=SIGNER),
            session1=s)[0]
        self.tpm.tr_set_auth(handle, b"pw")
        self.tpm.sign(handle, bytes(32), ANY, NO_TICKET, session1=s)
        self.tpm.flush_context(s)

    def case_policy_signed(self):
        signer, public = self.key("rsa2048:rsassa-sha256:null", SIGNER)
        s = self.session(TPM2_SE.POLICY)
        nonce = bytes(self.tpm.trsess_get_nonce_tpm(s))
        expiration = (0).to_bytes(4, "big")
        approved = hashlib.sha256(nonce + expiration + b"ref").digest()
        signature = self.tpm.sign(signer, approved, ANY, NO_TICKET)
        self.tpm.policy_signed(signer, s, nonce, b"", b"ref", 0, signature)
        digest = hashlib.sha256(bytes(32) + (0x160).to_bytes(4, "big") + bytes(public.get_name())).digest()
        want = hashlib.sha256(digest + b"ref").digest()
        assert bytes(self.tpm.policy_get_digest(s)) == want
        refused(TPM2_RC.SIGNATURE, self.tpm.policy_signed, signer, s, nonce, b"", b"fer", 0, signature)
        self.tpm.flush_context(s)

    def case_persistent(self):
        handle, public = self.key("ecc256:ecdsa-sha256:null", SIGNER)
        kept = self.tpm.evict_control(ESYS_TR.OWNER, handle, 0x81000010)
        again, name, _ = self.tpm.read_public(kept)
        assert bytes(name) == bytes(public.get_name())
        self.tpm.evict_control(ESYS_TR.OWNER, kept, 0x81000010)

    def case_context(self):
        handle, public = self.key("ecc256:ecdsa-sha256:null", SIGNER)
        saved = self.tpm.context_save(handle)
        self.tpm.flush_context(handle)
        again = self.tpm.context_load(saved)
        verify(public, self.tpm.sign(again, hashlib.sha256(MESSAGE).digest(), ANY, NO_TICKET), MESSAGE)


def verify(public, signature, message):
    key = public_key(public)
    alg = {TPM2_ALG.SHA256: hashes.SHA256(), TPM2_ALG.SHA384: hashes.SHA384(),
           TPM2_ALG.SHA512: hashes.SHA512()}[signature.signature.any.hashAlg]
    if signature.sigAlg == TPM2_ALG.ECDSA:
        pair = signature.signature.ecdsa
        r, s = (int.from_bytes(bytes(n), "big") for n in (pair.signatureR, pair.signatureS))
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(alg))
    elif signature.sigAlg == TPM2_ALG.RSAPSS:
        pss = padding.PSS(padding.MGF1(alg), padding.PSS.AUTO)
        key.verify(bytes(signature.signature.rsapss.sig), message, pss, alg)
    else:
        key.verify(bytes(signature.signature.rsassa.sig), message, padding.PKCS1v15(), alg)


def main():
    failed = 0
    cases = [name for name in vars(Scenario) if name.startswith("case_")]
    for name in cases:
        said = "peers/pytss/" + name[5:].replace("_", "-")
        try:
            # a context of its own: what a case leaves is flushed with it
            with ESAPI(sys.argv[1]) as tpm:
                getattr(Scenario(tpm), name)()
            print("ok", said, flush=True)
        except Exception as e:
            failed = 1
            text = " ".join(str(e).split()) or repr(e)
            print("not ok %s - line %d: %s" % (said, last_line(e), text), flush=True)
    return failed


def last_line(e):
    """The line of this file that failed."""
    tb, line = e.__traceback__, 0
    while tb:
        if tb.tb_frame.f_code.co_filename == __file__:
            line = tb.tb_lineno
        tb = tb.tb_next
    return line


sys.exit(main())
