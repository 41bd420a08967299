# SPDX-License-Identifier: GPL-2.0-only
"""Scenarios: sessions, parameter encryption, audit, policies."""
import hashlib
import struct

from tpm2_pytss import *

from frame import NO_SYM, XOR, NotHere, aes_cfb, scenario
from objects import (AK, FIXED, NO_SCHEME, NO_TICKET, NONE, NULL, OWNER, PASSWORD, SIGN, STORAGE,
                     DECRYPT,
                     attest_of, child, digest, primary, public_of, sensitive, template)

KEEP, AUDIT = TPMA_SESSION.CONTINUESESSION, TPMA_SESSION.AUDIT
ENC, DEC = TPMA_SESSION.ENCRYPT, TPMA_SESSION.DECRYPT
SECRET = FIXED | TPMA_OBJECT.NODA
HASHES = (TPM2_ALG.SHA1, TPM2_ALG.SHA256, TPM2_ALG.SHA384, TPM2_ALG.SHA512)


@scenario
def session_kinds(t):
    salt = primary(t, "ecc256:aes128cfb")
    key = primary(t, "ecc256:aes128cfb", auth=b"parent")
    for salting in (NONE, salt):
        for binding in (NONE, key):
            for symmetric in (aes_cfb(128), aes_cfb(256), XOR):
                session = t.session(symmetric=symmetric, key=salting, bind=binding,
                                    attributes=KEEP | ENC | DEC)
                use_crypt(t, key, session)
                t.flush_context(session)
    t.flush_context(salt)
    t.flush_context(key)


def use_crypt(t, key, session):
    private, public, *_ = t.create(key, sensitive(b"child"), template("ecc256:ecdsa-sha256", SIGN),
                                   session1=session)
    made = t.load(key, private, public, session1=session)
    t.tr_set_auth(made, b"child")
    t.sign(made, digest(), NO_SCHEME, NO_TICKET, session1=session)
    t.flush_context(made)


@scenario
def session_hashes(t):
    key = primary(t, "ecc256:aes128cfb", auth=b"a longer password for the parent")
    for hash_alg in HASHES:
        for symmetric in (NO_SYM, aes_cfb(128), XOR):
            more = NO_SYM is not symmetric and ENC | DEC
            session = t.session(symmetric=symmetric, bind=key, hash_alg=hash_alg,
                                attributes=KEEP | more)
            use_crypt(t, key, session)
            t.note("nonce", len(t.trsess_get_nonce_tpm(session)))
            t.flush_context(session)
    t.flush_context(key)


@scenario
def session_salted_by_rsa(t):
    salt = primary(t, "rsa2048:aes128cfb")
    for hash_alg in HASHES:
        session = t.session(symmetric=aes_cfb(128), key=salt, hash_alg=hash_alg,
                            attributes=KEEP | ENC)
        t.note("random", len(t.get_random(8, session1=session)))
        t.flush_context(session)
    plain = primary(t, "ecc256:ecdsa-sha256", SIGN)
    t.refused("start_auth_session", plain, NONE, TPM2_SE.HMAC, NO_SYM, TPM2_ALG.SHA256)
    t.flush_context(plain)
    t.flush_context(salt)


@scenario
def session_start_refusals(t):
    for kwargs in (dict(session_type=TPM2_SE.HMAC, symmetric=NO_SYM, auth_hash=TPM2_ALG.SM3_256),
                   dict(session_type=TPM2_SE.HMAC, symmetric=NO_SYM, auth_hash=TPM2_ALG.NULL),
                   dict(session_type=TPM2_SE.POLICY, symmetric=NO_SYM, auth_hash=TPM2_ALG.SHA256,
                        nonce_caller=bytes(15)),
                   dict(session_type=TPM2_SE.POLICY, symmetric=NO_SYM, auth_hash=TPM2_ALG.SHA256,
                        nonce_caller=bytes(33))):
        try:
            t.start_auth_session(NONE, NONE, **kwargs)
        except TSS2_Exception:
            pass
    bad = TPMT_SYM_DEF(algorithm=TPM2_ALG.AES, keyBits=TPMU_SYM_KEY_BITS(aes=129),
                       mode=TPMU_SYM_MODE(aes=TPM2_ALG.CFB))
    t.refused("start_auth_session", NONE, NONE, TPM2_SE.HMAC, bad, TPM2_ALG.SHA256)
    bad = TPMT_SYM_DEF(algorithm=TPM2_ALG.AES, keyBits=TPMU_SYM_KEY_BITS(aes=128),
                       mode=TPMU_SYM_MODE(aes=TPM2_ALG.CBC))
    t.refused("start_auth_session", NONE, NONE, TPM2_SE.HMAC, bad, TPM2_ALG.SHA256)


@scenario
def session_wrong_auth(t):
    key = primary(t, "ecc256:aes128cfb", auth=b"right")
    for bind in (NONE, key):
        session = t.session(bind=bind, attributes=KEEP)
        t.tr_set_auth(key, b"wrong")
        # a session bound to the key knows its password
        try:
            t.create(key, sensitive(), template("ecc256", SIGN), session1=session)
        except TSS2_Exception:
            pass
        t.tr_set_auth(key, b"right")
        t.create(key, sensitive(), template("ecc256", SIGN), session1=session)
        t.flush_context(session)
    t.refused("create", key, sensitive(), template("ecc256", SIGN), session1=NONE)
    t.flush_context(key)


@scenario
def session_attributes(t):
    session = t.session(symmetric=XOR, attributes=KEEP | ENC)
    t.get_random(10, session1=session)
    t.get_random(10, session1=session)
    t.trsess_set_attributes(session, DEC | KEEP, 0xff)
    t.refused("get_random", 10, session1=session)
    t.trsess_set_attributes(session, DEC | KEEP, 0xff)
    t.stir_random(b"entropy", session1=session)
    t.trsess_set_attributes(session, AUDIT | KEEP, 0xff)
    t.get_random(10, session1=session)
    t.stir_random(b"entropy", session1=t.session(attributes=AUDIT))
    t.trsess_set_attributes(session, AUDIT, 0xff)
    t.get_random(10, session1=session)
    t.note("sessions", len(t.handles(0x02000000)))


@scenario
def session_three_of_them(t):
    key = primary(t, "ecc256:aes128cfb", auth=b"pw")
    auth, audit = t.session(attributes=KEEP), t.session(attributes=KEEP | AUDIT)
    crypt = t.session(symmetric=aes_cfb(), attributes=KEEP | ENC | DEC)
    for order in ((auth, crypt, audit), (auth, audit, crypt), (PASSWORD, crypt, audit)):
        t.create(key, sensitive(b"child"), template("ecc256", SIGN), session1=order[0],
                 session2=order[1],
                 session3=order[2])
    t.refused("create", key, sensitive(), template("ecc256", SIGN), session1=auth, session2=crypt,
              session3=crypt)
    for session in (auth, crypt, audit):
        t.flush_context(session)
    t.flush_context(key)


@scenario
def session_limits(t):
    sessions = []
    for _ in range(3):
        sessions.append(t.session(TPM2_SE.POLICY))
    saved = [t.context_save(s) for s in sessions]
    t.note("loaded", len(t.handles(0x02000000)))
    t.note("saved", len(t.handles(0x03000000)))
    sessions = [t.context_load(s) for s in reversed(saved)]
    t.refused("context_load", saved[0])
    for session in sessions:
        t.flush_context(session)
    t.refused("context_load", saved[1])


@scenario
def audit_sessions(t):
    ak = primary(t, "ecc256:ecdsa-sha256", AK, b"ak")
    session = t.session(attributes=KEEP | AUDIT)
    t.get_capability(TPM2_CAP.TPM_PROPERTIES, TPM2_PT.FAMILY_INDICATOR, 1, session1=session)
    t.pcr_read("sha256:7", session1=session)
    attest, signature = t.get_session_audit_digest(ak, session, b"qualify")
    signature.verify_signature(public_of(t, ak), bytes(attest))
    info = attest_of(t, attest).attested.sessionAudit
    t.note("session", [info.exclusiveSession, len(info.sessionDigest)])
    t.pcr_read("sha256:7")
    info = attest_of(t, t.get_session_audit_digest(
        ak, session, b"qualify")[0]).attested.sessionAudit
    t.note("no longer exclusive", info.exclusiveSession)
    t.trsess_set_attributes(session, KEEP | AUDIT | TPMA_SESSION.AUDITEXCLUSIVE, 0xff)
    t.refused("get_random", 4, session1=session)
    t.trsess_set_attributes(session, KEEP | AUDIT | TPMA_SESSION.AUDITRESET, 0xff)
    t.get_random(4, session1=session)
    t.refused("get_session_audit_digest", ak, t.session(attributes=KEEP), b"qualify")
    t.flush_context(session)
    t.flush_context(ak)


@scenario
def audit_of_commands(t):
    ak = primary(t, "rsa2048:rsassa-sha256", AK, b"ak")
    t.set_command_code_audit_status(TPM2_ALG.NULL, TPML_CC(
        [TPM2_CC.GetRandom, TPM2_CC.PCR_Read]), TPML_CC())
    t.set_command_code_audit_status(TPM2_ALG.NULL, TPML_CC(), TPML_CC([TPM2_CC.PCR_Read]))
    capability = t.capability(TPM2_CAP.AUDIT_COMMANDS, 0, 16)
    t.note("audited", [int(c) for c in capability.data.auditCommands])
    t.get_random(8)
    t.pcr_read("sha256:0")
    attest, signature = t.get_command_audit_digest(ak, b"qualify")
    signature.verify_signature(public_of(t, ak), bytes(attest))
    info = attest_of(t, attest).attested.commandAudit
    t.note("command audit", [info.auditCounter, info.digestAlg, len(info.auditDigest),
                             bytes(info.commandDigest).hex()])
    t.set_command_code_audit_status(TPM2_ALG.SHA384, TPML_CC(), TPML_CC(), ESYS_TR.PLATFORM)
    t.refused("set_command_code_audit_status", TPM2_ALG.SHA1,
              TPML_CC([TPM2_CC.GetRandom]), TPML_CC())
    t.set_command_code_audit_status(TPM2_ALG.SHA256, TPML_CC(), TPML_CC(), ESYS_TR.PLATFORM)
    t.set_command_code_audit_status(TPM2_ALG.NULL, TPML_CC(), TPML_CC([TPM2_CC.GetRandom]))
    t.flush_context(ak)


@scenario
def time_and_clock(t):
    ak = primary(t, "ecc256:ecdsa-sha256", AK)
    attest, signature = t.get_time(ak, b"qualify")
    signature.verify_signature(public_of(t, ak), bytes(attest))
    attest_of(t, attest)
    before = t.read_clock().clockInfo.clock
    t.clock_set(before + 1000000)
    t.note("set", t.read_clock().clockInfo.clock >= before + 1000000)
    t.refused("clock_set", before)
    t.refused("clock_set", 0xffff000000000001)
    t.refused("clock_set", before + 2000000, ESYS_TR.PLATFORM, session1=NONE)
    t.clock_set(before + 2000000, ESYS_TR.PLATFORM)
    for rate in (TPM2_CLOCK.MEDIUM_FASTER, TPM2_CLOCK.FINE_SLOWER,
                 TPM2_CLOCK.COARSE_FASTER, TPM2_CLOCK.NO_CHANGE):
        t.clock_rate_adjust(rate)
    session = t.session(attributes=KEEP | AUDIT)
    t.clock_set(before + 3000000, session2=session)
    t.flush_context(session)
    first = t.read_clock().clockInfo
    t.power(TPM2_SU.CLEAR)
    second = t.read_clock().clockInfo
    t.note("counts", [second.resetCount - first.resetCount, second.restartCount, second.safe])
    t.power(TPM2_SU.STATE, TPM2_SU.STATE)
    third = t.read_clock().clockInfo
    t.note("counts", [third.resetCount - second.resetCount, third.restartCount, third.safe])
    t.power(TPM2_SU.STATE, TPM2_SU.CLEAR)
    last = t.read_clock().clockInfo
    t.note("counts", [last.resetCount - second.resetCount, last.restartCount])
    t.power()
    t.note("safe", t.read_clock().clockInfo.safe)


# policies: their digests in trial sessions, and then what they let through

@scenario
def policy_digests(t):
    number, name = bytes(range(1, 33)), b"\x00\x0b" + bytes(range(32))
    one = t.trial(("policy_pcr", number, "sha256:16"))
    two = t.trial(("policy_command_code", TPM2_CC.Unseal))
    t.trial(("policy_or", TPML_DIGEST([one, two])))
    for step in ("policy_auth_value", "policy_password", "policy_physical_presence",
                 ("policy_locality", TPMA_LOCALITY.THREE), ("policy_locality", 200),
                 ("policy_cp_hash", number), ("policy_name_hash", number),
                 ("policy_template", number),
                 ("policy_nv_written", True), ("policy_nv_written", False),
                 ("policy_duplication_select", name, name[::-1], True),
                 ("policy_duplication_select", name, name[::-1], False),
                 ("policy_counter_timer", number[:8], TPM2_EO.EQ),
                 ("policy_counter_timer", number[:4], TPM2_EO.UNSIGNED_GT, 8),
                 ("policy_pcr", b"", "sha256:0,1,2+sha1:3"), ("policy_pcr", b"", "sha384:23")):
        t.trial(step)
    for hash_alg in HASHES:
        t.trial("policy_auth_value", ("policy_command_code", TPM2_CC.Sign), hash_alg=hash_alg)
    session = t.policy(("policy_locality", TPMA_LOCALITY.ONE), kind=TPM2_SE.TRIAL)
    t.policy_restart(session)
    t.note("restarted", bytes(t.policy_get_digest(session)))
    t.flush_context(session)


@scenario
def policy_refusals(t):
    number = bytes(range(32))
    for steps in ((("policy_pcr", number, "sha256:0"),), (("policy_or", TPML_DIGEST([number])),),
                  (("policy_or", TPML_DIGEST([number, number])),),
                  (("policy_cp_hash", number), ("policy_cp_hash", number[::-1])),
                  (("policy_cp_hash", number), ("policy_name_hash", number)),
                  (("policy_name_hash", number[:31]),), (("policy_cp_hash", number[:31]),),
                  (("policy_template", number[:31]),),
                  (("policy_command_code", TPM2_CC.Sign), ("policy_command_code", TPM2_CC.Unseal)),
                  (("policy_command_code", TPM2_CC.Sign), ("policy_command_code", TPM2_CC.Sign)),
                  (("policy_command_code", TPM2_CC.AC_Send),),
                  (("policy_locality", TPMA_LOCALITY.ONE), ("policy_locality", TPMA_LOCALITY.TWO)),
                  (("policy_locality", 32), ("policy_locality", TPMA_LOCALITY.ONE)),
                  (("policy_nv_written", True), ("policy_nv_written", False)),
                  (("policy_nv_written", True), ("policy_nv_written", True)),
                  (("policy_counter_timer", bytes(8), TPM2_EO.UNSIGNED_LT),),
                  (("policy_counter_timer", bytes(8), TPM2_EO.EQ, 20),),
                  (("policy_counter_timer", bytes(26), TPM2_EO.EQ),)):
        try:
            t.policy(*steps)
            t.note("accepted", len(steps))
        except TSS2_Exception:
            pass
        for handle in t.handles(0x02000000):
            t.note("session", "%x" % handle)
        t.power()
    session = t.session(attributes=KEEP)
    for call in ("policy_password", "policy_get_digest", "policy_restart"):
        t.refused(call, session)
    t.flush_context(session)


def sealed(t, parent, policy, auth=b"", more=0):
    return child(t, parent, "keyedhash", SECRET | more, auth, b"a secret", policy)


@scenario
def policy_pcr(t):
    parent = primary(t)
    item = sealed(t, parent, t.trial(("policy_pcr", b"", "sha256:0,8")))
    session = t.policy(("policy_pcr", b"", "sha256:0,8"))
    t.note("secret", bytes(t.unseal(item, session1=session)))
    t.refused("unseal", item)
    session = t.policy(("policy_pcr", b"", "sha256:0,8"))
    t.pcr_event(ESYS_TR.PCR8, b"change")
    t.refused("unseal", item, session1=session)
    t.flush_context(session)
    session = t.policy(("policy_pcr", b"", "sha256:0,8"))
    t.refused("unseal", item, session1=session)
    t.policy_restart(session)
    free = sealed(t, parent, t.trial(("policy_pcr", b"", "sha256:0,8")))
    t.policy_pcr(session, b"", "sha256:0,8")
    t.note("secret", bytes(t.unseal(free, session1=session)))
    for key in (free, item, parent):
        t.flush_context(key)


@scenario
def policy_passwords(t):
    parent = primary(t)
    for step in ("policy_password", "policy_auth_value"):
        item = sealed(t, parent, t.trial(step), b"pw")
        session = t.policy(step, attributes=KEEP)
        t.note("secret", bytes(t.unseal(item, session1=session)))
        t.tr_set_auth(item, b"wrong")
        t.policy_restart(session)
        getattr(t, step)(session)
        t.refused("unseal", item, session1=session)
        t.flush_context(session)
        t.flush_context(item)
    t.flush_context(parent)


@scenario
def policy_command_code(t):
    parent = primary(t)
    policy = t.trial(("policy_command_code", TPM2_CC.Sign))
    key = child(t, parent, "ecc256:ecdsa-sha256", SIGN & ~TPMA_OBJECT.USERWITHAUTH, b"", b"",
                policy)
    session = t.policy(("policy_command_code", TPM2_CC.Sign))
    t.sign(key, digest(), NO_SCHEME, NO_TICKET, session1=session)
    session = t.policy(("policy_command_code", TPM2_CC.Unseal))
    t.refused("sign", key, digest(), NO_SCHEME, NO_TICKET, session1=session)
    t.flush_context(session)
    t.refused("sign", key, digest(), NO_SCHEME, NO_TICKET)
    t.flush_context(key)
    t.flush_context(parent)


@scenario
def policy_or_and_locality(t):
    parent = primary(t)
    one = t.trial(("policy_locality", TPMA_LOCALITY.ZERO))
    two = t.trial(("policy_locality", TPMA_LOCALITY.THREE))
    either = t.trial(("policy_or", TPML_DIGEST([one, two])))
    item = sealed(t, parent, either)
    session = t.policy(("policy_locality", TPMA_LOCALITY.ZERO),
                       ("policy_or", TPML_DIGEST([one, two])))
    t.note("secret", bytes(t.unseal(item, session1=session)))
    session = t.policy(("policy_locality", TPMA_LOCALITY.THREE),
                       ("policy_or", TPML_DIGEST([one, two])))
    t.refused("unseal", item, session1=session)
    t.flush_context(session)
    session = t.policy(("policy_locality", TPMA_LOCALITY.ONE))
    t.refused("policy_or", session, TPML_DIGEST([one, two]))
    t.flush_context(session)
    for one in (item, parent):
        t.flush_context(one)


@scenario
def localities(t):
    if t.target.kind == "device":
        raise NotHere("a node has one locality")
    parent = primary(t)
    step = ("policy_locality", TPMA_LOCALITY.THREE | TPMA_LOCALITY.ONE)
    item = sealed(t, parent, t.trial(step))
    for locality in range(4):      # 4 is the hardware's
        t.esapi.get_tcti().set_locality(locality)
        session = t.policy(step)
        try:
            t.note("secret", bytes(t.unseal(item, session1=session)))
        except TSS2_Exception:
            t.flush_context(session)
        for pcr in (ESYS_TR.PCR17, ESYS_TR.PCR19, ESYS_TR.PCR20, ESYS_TR.PCR22):
            try:
                t.pcr_event(pcr, b"x")
                t.pcr_reset(pcr)
            except TSS2_Exception:
                pass
    t.esapi.get_tcti().set_locality(0)
    for key in (item, parent):
        t.flush_context(key)


@scenario
def policy_secret_and_tickets(t):
    t.hierarchy_change_auth(OWNER, b"owner")
    t.tr_set_auth(OWNER, b"owner")
    parent = OWNER
    for expiration in (0, 60, -60):
        session = t.policy()
        nonce = t.trsess_get_nonce_tpm(session)
        timeout, ticket = t.policy_secret(parent, session, nonce, b"", b"ref", expiration)
        t.note("ticket", [timeout.size, ticket.tag, ticket.hierarchy, len(ticket.digest)])
        t.note("digest", len(t.policy_get_digest(session)))
        t.flush_context(session)
    again = t.policy()
    t.policy_ticket(again, timeout, b"", b"ref", t.tr_get_name(parent), ticket)
    t.refused("policy_ticket", again, timeout, b"", b"other", t.tr_get_name(parent), ticket)
    t.refused("policy_ticket", again, timeout, bytes(32), b"ref", t.tr_get_name(parent), ticket)
    t.flush_context(again)
    session = t.policy()
    t.refused("policy_secret", parent, session, bytes(32), b"", b"", 0)
    t.refused("policy_secret", parent, session, b"", bytes(31), b"", 0)
    t.tr_set_auth(OWNER, b"wrong")
    t.refused("policy_secret", OWNER, session, b"", b"", b"", 0)
    t.tr_set_auth(OWNER, b"owner")
    t.policy_secret(ESYS_TR.ENDORSEMENT, session, b"", b"", b"", 0)
    t.note("endorsement", bytes(t.policy_get_digest(session)))
    t.policy_restart(session)
    for handle in (OWNER, ESYS_TR.PLATFORM, ESYS_TR.LOCKOUT):
        t.policy_secret(handle, session, b"", b"", b"x", 0)
        t.note("hierarchy", bytes(t.policy_get_digest(session)))
    t.flush_context(session)


def signed(t, signer, session, ref=b"ref", expiration=0, cp_hash=b"", nonce=None):
    nonce = bytes(t.trsess_get_nonce_tpm(session)) if nonce is None else nonce
    value = hashlib.sha256(nonce + struct.pack(">i", expiration) + cp_hash + ref).digest()
    signature = t.sign(signer, value, NO_SCHEME, NO_TICKET)
    return t.policy_signed(signer, session, nonce, cp_hash, ref, expiration, signature)


@scenario
def policy_signed(t):
    for alg in ("ecc256:ecdsa-sha256", "rsa2048:rsassa-sha256", "rsa2048:rsapss-sha256"):
        signer = primary(t, alg, SIGN)
        for expiration in (0, 30, -30):
            session = t.policy()
            timeout, ticket = signed(t, signer, session, expiration=expiration)
            t.note("ticket", [timeout.size, ticket.tag, ticket.hierarchy, len(ticket.digest)])
            t.refused("policy_signed", signer, session, bytes(32), b"", b"ref", 0,
                      t.sign(signer, digest(), NO_SCHEME, NO_TICKET))
            t.refused("policy_signed", signer, session, b"", b"", b"ref", 0,
                      t.sign(signer, digest(), NO_SCHEME, NO_TICKET))
            t.flush_context(session)
        session = t.policy()
        t.policy_ticket(session, timeout, b"", b"ref", t.tr_get_name(signer), ticket)
        t.flush_context(session)
        t.power()


@scenario
def policy_authorize(t):
    parent = primary(t, auth=b"")
    signer = primary(t, "ecc256:ecdsa-sha256", SIGN)
    name = t.tr_get_name(signer)
    empty = TPMT_TK_VERIFIED(tag=TPM2_ST.VERIFIED, hierarchy=TPM2_RH.NULL)
    item = sealed(t, parent, t.trial(("policy_authorize", b"", b"ref", name, empty), noted=False))
    approved = t.trial(("policy_pcr", b"", "sha256:16"))
    value = hashlib.sha256(approved + b"ref").digest()
    ticket = t.verify_signature(signer, value, t.sign(signer, value, NO_SCHEME, NO_TICKET))
    session = t.policy(("policy_pcr", b"", "sha256:16"))
    t.refused("policy_authorize", session, approved, b"other", name, ticket)
    t.refused("policy_authorize", session, approved[::-1], b"ref", name, ticket)
    t.refused("policy_authorize", session, approved, b"ref", name, empty)
    t.policy_authorize(session, approved, b"ref", name, ticket)
    t.note("secret", bytes(t.unseal(item, session1=session)))
    for key in (parent, signer, item):
        t.flush_context(key)


@scenario
def policy_template(t):
    one = template("ecc256:ecdsa-sha256", SIGN)
    policy = t.trial(("policy_template", hashlib.sha256(one.publicArea.marshal()).digest()))
    t.set_primary_policy(OWNER, policy, TPM2_ALG.SHA256)
    session = t.policy(("policy_template", hashlib.sha256(one.publicArea.marshal()).digest()))
    key = t.create_primary(sensitive(), one, OWNER, session1=session)[0]
    t.flush_context(key)
    session = t.policy(("policy_template", hashlib.sha256(one.publicArea.marshal()).digest()))
    t.refused("create_primary", sensitive(), template("ecc256", SIGN), OWNER, session1=session)
    t.flush_context(session)
    t.set_primary_policy(OWNER, b"", TPM2_ALG.NULL)


@scenario
def policy_cp_and_name_hash(t):
    parent = primary(t)
    name = bytes(t.tr_get_name(parent))
    names = hashlib.sha256(name).digest()
    both = t.trial(("policy_name_hash", names),
                   ("policy_command_code", TPM2_CC.Unseal), noted=False)
    item = sealed(t, parent, both)
    names = hashlib.sha256(bytes(t.tr_get_name(item))).digest()
    session = t.policy(("policy_name_hash", names), ("policy_command_code", TPM2_CC.Unseal))
    t.refused("unseal", item, session1=session)     # not this policy
    t.flush_context(session)
    code = struct.pack(">I", TPM2_CC.Unseal)
    cp_hash = hashlib.sha256(code + bytes(t.tr_get_name(item))).digest()
    open_to_all = t.trial(("policy_command_code", TPM2_CC.Unseal))
    t.flush_context(item)
    item = sealed(t, parent, open_to_all)
    session = t.policy(("policy_command_code", TPM2_CC.Unseal), attributes=KEEP)
    t.policy_get_digest(session)
    t.note("secret", bytes(t.unseal(item, session1=session)))
    t.note("cp hash", len(cp_hash))
    t.flush_context(session)
    for key in (item, parent):
        t.flush_context(key)


@scenario
def policy_admin_role(t):
    parent = primary(t)
    policy = t.trial(("policy_command_code", TPM2_CC.ObjectChangeAuth))
    private, public, *_ = t.create(parent, sensitive(b"old"), template(
        "ecc256:ecdsa-sha256", SIGN | TPMA_OBJECT.ADMINWITHPOLICY, policy))
    key = t.load(parent, private, public)
    t.tr_set_auth(key, b"old")
    t.sign(key, digest(), NO_SCHEME, NO_TICKET)
    t.refused("object_change_auth", key, parent, b"new")
    session = t.policy(("policy_command_code", TPM2_CC.ObjectChangeAuth))
    t.object_change_auth(key, parent, b"new", session1=session)
    session = t.policy("policy_password")
    t.refused("object_change_auth", key, parent, b"new", session1=session)
    t.flush_context(session)
    ak = primary(t, "ecc256:ecdsa-sha256", AK)
    t.refused("certify", key, ak, b"q", NO_SCHEME)
    for one in (key, parent, ak):
        t.flush_context(one)


@scenario
def policy_counter_timer(t):
    parent = primary(t)
    restart = t.read_clock().clockInfo.restartCount
    steps = (("policy_counter_timer", struct.pack(">I", restart), TPM2_EO.EQ, 20),)
    item = sealed(t, parent, t.trial(*steps))
    t.note("secret", bytes(t.unseal(item, session1=t.policy(*steps))))
    for operand, operation in ((0, TPM2_EO.UNSIGNED_GT), (0, TPM2_EO.UNSIGNED_GE), (0, TPM2_EO.NEQ),
                               (1 << 62, TPM2_EO.SIGNED_LT), (1 << 62, TPM2_EO.UNSIGNED_LE)):
        session = t.policy(("policy_counter_timer", struct.pack(">Q", operand), operation, 8))
        t.flush_context(session)
    for key in (item, parent):
        t.flush_context(key)


@scenario
def policy_with_encryption(t):
    parent = primary(t)
    item = sealed(t, parent, t.trial("policy_auth_value"), b"pw")
    for symmetric in (aes_cfb(), XOR):
        session = t.policy("policy_auth_value", symmetric=symmetric, key=parent,
                           attributes=KEEP | ENC)
        t.note("secret", bytes(t.unseal(item, session1=session)))
        t.flush_context(session)
        session = t.session(symmetric=symmetric, key=parent, attributes=KEEP | ENC)
        policy = t.policy("policy_auth_value")
        t.note("secret", bytes(t.unseal(item, session1=policy, session2=session)))
        t.flush_context(session)
    for key in (item, parent):
        t.flush_context(key)
