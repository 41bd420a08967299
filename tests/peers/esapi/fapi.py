# SPDX-License-Identifier: GPL-2.0-only
"""Scenarios: libtss2's FAPI, in both of the profiles that come with it."""
import contextlib
import hashlib
import json
import os
import tempfile

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (Encoding, NoEncryption, PrivateFormat,
                                                          PublicFormat)
from tpm2_pytss import FAPI, TSS2_Exception

from frame import scenarios

PROFILES = ("P_ECCP256SHA256", "P_RSA2048SHA256")
DIGEST = hashlib.sha256(b"a message").digest()


class Fapi:
    """A provisioned FAPI of its own; each call is on record."""

    def __init__(self, tpm, profile, work):
        self.tpm, self.profile = tpm, profile
        config = {"profile_name": profile, "profile_dir": "/etc/tpm2-tss/fapi-profiles/",
                  "user_dir": work + "/user", "system_dir": work + "/system",
                  "log_dir": work + "/log",
                  "tcti": tpm.target.tcti, "system_pcrs": [], "ek_cert_less": "yes"}
        for name in ("user", "system", "log"):
            os.mkdir(work + "/" + name)
        with open(work + "/config.json", "w", encoding="ascii") as file:
            json.dump(config, file)
        os.environ["TSS2_FAPICONF"] = work + "/config.json"
        self.auths = {}
        self.open()

    def open(self):
        self.fapi = FAPI()
        self.fapi.set_auth_callback(lambda path, *_: self.auth(path))

    def auth(self, path):
        """The password of the object whose name PATH ends in."""
        return next((value for name, value in self.auths.items() if path.endswith(name)), b"")

    def __getattr__(self, name):
        call = getattr(self.fapi, name)

        def recorded(*args, **kwargs):
            try:
                result = call(*args, **kwargs)
            except TSS2_Exception as error:
                self.tpm.events.append("%s 0x%x" % (name, error.rc))
                raise
            self.tpm.events.append(name)
            return result
        return recorded

    note = property(lambda self: self.tpm.note)

    def recover(self):
        """After an error this version of the library does no more, and leaves things loaded."""
        self.fapi.close()
        self.tpm.open()
        for first in (0x80000000, 0x02000000):
            for handle in self.tpm.handles(first):
                self.tpm.esapi.flush_context(self.tpm.esapi.tr_from_tpmpublic(handle))
        self.tpm.close()
        self.open()

    def refused(self, name, *args, **kwargs):
        try:
            getattr(self, name)(*args, **kwargs)
        except TSS2_Exception:
            self.recover()
            return
        raise AssertionError("%s was accepted" % name)

    def policy(self, name, *elements):
        self.import_object("/policy/" + name, json.dumps(
            {"description": name, "policy": list(elements)}))
        return "/policy/" + name

    def signs(self, key, policy=None, types="sign,noda", auth=None):
        """A key under this policy signs, and its signature is good."""
        self.create_key(key, types, policy, auth)
        return self.sign_with(key)

    def sign_with(self, key):
        signature, public, _ = self.sign(key, DIGEST)
        self.verify_signature(key, DIGEST, signature)
        return signature, public


def in_both(function):
    """Puts a function on the list, once for each profile."""
    def of_profile(profile):
        def run(tpm):
            tpm.close()
            try:
                with contextlib.ExitStack() as stack:
                    work = stack.enter_context(tempfile.TemporaryDirectory())
                    f = Fapi(tpm, profile, work)
                    stack.callback(lambda: f.fapi.close())
                    f.provision()
                    function(f)
                    f.delete("/")
            finally:
                tpm.open()
        run.__name__ = "%s_%s" % (function.__name__, profile[2:5].lower())
        scenarios.append(run)
    for profile in PROFILES:
        of_profile(profile)
    return function


@in_both
def provision(f):
    f.note("list", sorted(f.list()))
    f.note("info", sorted(json.loads(f.get_info()))[:3])
    f.note("random", len(f.get_random(30)))
    f.refused("provision", is_provisioned_ok=False)
    f.delete("/")
    f.provision(auth_value_lockout=b"lock")
    f.auths["LOCKOUT"] = b"lock"
    f.delete("/")
    f.provision()


@in_both
def keys(f):
    f.signs("HS/SRK/plain", types="sign")
    f.signs("HS/SRK/exportable", types="sign,exportable")
    f.signs("HS/SRK/persistent", types="sign,noda,0x81000055")
    f.auths["guarded"] = b"pw"
    f.signs("HS/SRK/guarded", types="sign,noda", auth=b"pw")
    f.auths["guarded"] = b"wrong"
    f.refused("sign", "HS/SRK/guarded", DIGEST)
    f.auths["guarded"] = b"pw"
    f.change_auth("HS/SRK/guarded", b"new")
    f.auths["guarded"] = b"new"
    f.sign_with("HS/SRK/guarded")
    f.refused("verify_signature", "HS/SRK/plain", DIGEST, b"nonsense")
    f.create_key("HS/SRK/store", "restricted,decrypt,noda")
    f.signs("HS/SRK/store/child")
    f.note("blobs", [type(b).__name__ for b in f.get_tpm_blobs("HS/SRK/plain")])
    f.note("esys", len(f.get_esys_blob("HS/SRK/plain")))
    f.set_description("HS/SRK/plain", "described")
    f.note("description", f.get_description("HS/SRK/plain"))
    f.set_app_data("HS/SRK/plain", b"data")
    f.note("data", bytes(f.get_app_data("HS/SRK/plain")))
    f.note("list", sorted(f.list("HS")))
    f.delete("HS/SRK/persistent")
    f.refused("sign", "HS/SRK/persistent", DIGEST)
    f.signs("HN/volatile")


@in_both
def encryption(f):
    f.create_key("HS/SRK/crypt", "decrypt,noda")
    try:
        cipher = f.encrypt("HS/SRK/crypt", b"a secret")
        f.note("plain", bytes(f.decrypt("HS/SRK/crypt", cipher)))
    except TSS2_Exception:
        f.recover()


@in_both
def seals(f):
    f.create_seal("HS/SRK/seal", b"a secret", "noda")
    f.note("secret", bytes(f.unseal("HS/SRK/seal")))
    f.auths["guarded"] = b"pw"
    f.create_seal("HS/SRK/guarded", b"a secret", "noda", None, b"pw")
    f.note("secret", bytes(f.unseal("HS/SRK/guarded")))
    f.create_seal("HS/SRK/kept", b"a secret", "noda,0x81000077")
    f.note("secret", bytes(f.unseal("HS/SRK/kept")))
    # not under a policy: libtss2 3.2.1 frees what it does not own then, on any TPM


@in_both
def nv(f):
    f.create_nv("/nv/Owner/plain", 20, "noda")
    f.nv_write("/nv/Owner/plain", b"0123456789abcdefghij")
    f.note("read", bytes(f.nv_read("/nv/Owner/plain")[0]))
    f.auths["guarded"] = b"pw"
    f.create_nv("/nv/Owner/guarded", 8, "noda", None, b"pw")
    f.nv_write("/nv/Owner/guarded", b"12345678")
    f.auths["guarded"] = b"wrong"
    f.refused("nv_read", "/nv/Owner/guarded")
    f.auths["guarded"] = b"pw"
    f.note("read", bytes(f.nv_read("/nv/Owner/guarded")[0]))
    f.create_nv("/nv/Owner/counter", 0, "counter,noda")
    f.nv_increment("/nv/Owner/counter")
    before = int.from_bytes(bytes(f.nv_read("/nv/Owner/counter")[0]), "big")
    f.nv_increment("/nv/Owner/counter")
    f.note("counted", int.from_bytes(bytes(f.nv_read("/nv/Owner/counter")[0]), "big") - before)
    f.create_nv("/nv/Owner/bits", 0, "bitfield,noda")
    f.nv_set_bits("/nv/Owner/bits", 0x42)
    f.note("bits", bytes(f.nv_read("/nv/Owner/bits")[0]))
    f.create_nv("/nv/Owner/extended", 0, "pcr,noda")
    f.nv_extend("/nv/Owner/extended", b"data", '{"a": "log"}')
    f.note("extended", bytes(f.nv_read("/nv/Owner/extended")[0]))
    for name in ("plain", "counter", "bits", "extended", "guarded"):
        f.delete("/nv/Owner/" + name)


@in_both
def pcrs_and_quotes(f):
    f.create_key("HS/SRK/ak", "sign,restricted,noda")
    f.pcr_extend(16, b"data", '{"a": "log"}')
    value, log = f.pcr_read(16)
    f.note("pcr", [bytes(value).hex(), len(json.loads(log))])
    info, signature, log, _ = f.quote("HS/SRK/ak", [8, 16], qualifying_data=b"nonce")
    f.verify_quote("HS/SRK/ak", signature, info, b"nonce", log)
    f.refused("verify_quote", "HS/SRK/ak", signature, info, b"other", log)


@in_both
def policies(f):
    for name, elements in (
            ("code", [{"type": "POLICYCOMMANDCODE", "code": "sign"}]),
            ("locality", [{"type": "POLICYLOCALITY", "locality": ["zero"]}]),
            ("time", [{"type": "POLICYCOUNTERTIMER", "operandB": "0000000000000000", "offset": 8,
                       "operation": "unsigned_ge"}]),
            ("presence", [{"type": "POLICYPHYSICALPRESENCE"}]),
            ("pcrs", [{"type": "POLICYPCR", "currentPCRs": [16]}]),
            ("either", [{"type": "POLICYOR", "branches": [
                {"name": "one", "description": "one", "policy": [
                    {"type": "POLICYPCR", "currentPCRs": [16]}]},
                {"name": "two", "description": "two", "policy": [{"type": "POLICYPASSWORD"}]}]}])):
        try:
            f.set_branch_callback(lambda *_: 0)
            f.signs("HS/SRK/" + name, f.policy(name, *elements))
        except TSS2_Exception:
            f.recover()
    for name, kind in (("value", "POLICYAUTHVALUE"), ("password", "POLICYPASSWORD")):
        f.auths[name] = b"pw"
        f.signs("HS/SRK/" + name, f.policy(name, {"type": kind}), auth=b"pw")
        f.auths[name] = b"wrong"
        f.refused("sign", "HS/SRK/" + name, DIGEST)


@in_both
def policies_of_nv(f):
    f.create_nv("/nv/Owner/value", 4, "noda")
    f.nv_write("/nv/Owner/value", b"\1\2\3\4")
    f.signs("HS/SRK/nv", f.policy("nv", {"type": "POLICYNV", "nvPath": "/nv/Owner/value",
                                        "operandB": "01020304", "operation": "eq"}))
    f.nv_write("/nv/Owner/value", b"\1\2\3\5")
    f.refused("sign", "HS/SRK/nv", DIGEST)
    f.auths["guard"] = b"pw"
    f.create_nv("/nv/Owner/guard", 4, "noda", None, b"pw")
    f.nv_write("/nv/Owner/guard", b"\1\2\3\4")
    f.signs("HS/SRK/secret", f.policy("secret",
            {"type": "POLICYSECRET", "objectPath": "/nv/Owner/guard"}))
    f.auths["guard"] = b"wrong"
    f.refused("sign", "HS/SRK/secret", DIGEST)
    f.create_nv("/nv/Owner/policy", 34, "noda")
    inner = f.policy("inner", {"type": "POLICYPCR", "currentPCRs": [16]})
    f.write_authorize_nv("/nv/Owner/policy", inner)
    f.signs("HS/SRK/authorized", f.policy("authorized", {"type": "POLICYAUTHORIZENV",
                                                        "nvPath": "/nv/Owner/policy"}))


@in_both
def policies_of_keys(f):
    secret = ec.generate_private_key(ec.SECP256R1())
    pem = secret.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    f.set_sign_callback(lambda path, description, key, hint, hash_alg, data, *_:
                        secret.sign(bytes(data), ec.ECDSA(hashes.SHA256())))
    f.signs("HS/SRK/signed", f.policy("signed", {"type": "POLICYSIGNED", "publicKeyHint": "key",
                                                "keyPEM": pem}))
    f.create_key("HS/SRK/signer", "sign,noda")
    inner = f.policy("approved", {"type": "POLICYPCR", "currentPCRs": [16]})
    outer = f.policy(
    "outer", {
        "type": "POLICYAUTHORIZE", "policyRef": [
            1, 2, 3], "keyPath": "HS/SRK/signer"})
    f.authorize_policy(inner, "HS/SRK/signer", b"\1\2\3")
    f.signs("HS/SRK/authorized", outer)
    f.note("policy", json.loads(f.export_policy(inner))["description"])
    whole = secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    f.refused("import_object", "/ext/whole", whole)
    f.import_object("/ext/key", pem)
    f.verify_signature("/ext/key", DIGEST, secret.sign(b"a message", ec.ECDSA(hashes.SHA256())))


@in_both
def duplication(f):
    f.create_key("HS/SRK/parent", "restricted,decrypt,noda")
    public = json.loads(f.export_key("HS/SRK/parent"))
    f.import_object("/ext/parent", json.dumps(public))
    policy = f.policy("select", {"type": "POLICYDUPLICATIONSELECT", "newParentPath": "/ext/parent"})
    f.create_key("HS/SRK/moving", "decrypt,exportable,noda", policy)
    moved = f.export_key("HS/SRK/moving", "/ext/parent")
    f.import_object("HS/SRK/parent/moved", moved)
    f.note("list", sorted(f.list("HS")))
