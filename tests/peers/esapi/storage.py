# SPDX-License-Identifier: GPL-2.0-only
"""Scenarios: NV indices, PCRs, hierarchies, the dictionary attack logic, capabilities."""
import hashlib

from tpm2_pytss import *

from frame import aes_cfb, scenario
from objects import (AK, NO_SCHEME, NO_TICKET, NONE, OWNER, PASSWORD, SIGN, STORAGE, attest_of,
                     digest, primary,
                     public_of, sensitive, template)
from sessions import AUDIT, DEC, ENC, KEEP

PLATFORM, ENDORSEMENT, LOCKOUT = ESYS_TR.PLATFORM, ESYS_TR.ENDORSEMENT, ESYS_TR.LOCKOUT
INDEX = 0x01000100
PLAIN = "ownerread|ownerwrite|authread|authwrite"


def nv_public(attributes, size=32, index=INDEX, policy=b"", name_alg=TPM2_ALG.SHA256):
    return TPM2B_NV_PUBLIC(nvPublic=TPMS_NV_PUBLIC(
        nvIndex=index, nameAlg=name_alg, attributes=TPMA_NV.parse(attributes), authPolicy=policy,
        dataSize=size))


def define(t, attributes=PLAIN, size=32, auth=b"", hierarchy=OWNER, **kwargs):
    index = t.nv_define_space(auth, nv_public(attributes, size, **kwargs), hierarchy)
    t.tr_set_auth(index, auth)
    return index


def look(t, index):
    public, name = t.nv_read_public(index)
    t.note("index", public.nvPublic.marshal())
    t.note("name", bytes(name))


@scenario
def nv_ordinary(t):
    for auth in (b"", b"pw", b"thirty-two bytes of a password..",
                 b"a password longer than the name algorithm"):
        index = define(t, PLAIN, 64, auth)
        look(t, index)
        t.refused("nv_read", index, 8)
        t.nv_write(index, b"hello world")
        look(t, index)
        t.note("read", bytes(t.nv_read(index, 64)))
        t.nv_write(index, b"!", 63)
        t.note("read", bytes(t.nv_read(index, 4, 60)))
        t.note("by the owner", bytes(t.nv_read(index, 4, 60, OWNER)))
        t.refused("nv_write", index, b"xx", 63)
        t.refused("nv_read", index, 65)
        t.refused("nv_read", index, 1, 64)
        t.refused("nv_read", index, 8, 0, PLATFORM)
        t.refused("nv_increment", index)
        t.refused("nv_set_bits", index, 1)
        t.refused("nv_extend", index, b"x")
        t.nv_undefine_space(index)
        t.refused("tr_from_tpmpublic", INDEX)


@scenario
def nv_sessions(t):
    for kind in ("hmac", "bound", "encrypted", "bound and encrypted"):
        index = define(t, PLAIN, 32, b"pw")
        session = t.session(symmetric=aes_cfb() if "encrypted" in kind else None,
                            bind=index if "bound" in kind else NONE,
                            attributes=KEEP | (ENC | DEC if "encrypted" in kind else 0))
        t.nv_write(index, b"hello", 0, session1=session)
        t.note("read", bytes(t.nv_read(index, 5, session1=session)))
        t.nv_write(index, b"j", 0, OWNER, session1=session)
        t.note("read", bytes(t.nv_read(index, 5, 0, OWNER, session1=session)))
        t.flush_context(session)
        t.nv_undefine_space(index)


@scenario
def nv_counter(t):
    for more in ("", "|orderly"):
        index = define(t, PLAIN + "|nt=1" + more, 8, b"pw")
        t.refused("nv_read", index, 8)
        for _ in range(3):
            t.nv_increment(index)
        value = int.from_bytes(bytes(t.nv_read(index, 8)), "big")
        session = t.session(attributes=KEEP | AUDIT)
        t.nv_increment(index, session2=session)
        t.note("counted", int.from_bytes(bytes(t.nv_read(index, 8)), "big") - value)
        t.refused("nv_write", index, bytes(8))
        t.flush_context(session)
        t.power(TPM2_SU.CLEAR)
        index = t.tr_from_tpmpublic(INDEX)
        t.tr_set_auth(index, b"pw")
        t.note("kept", int.from_bytes(bytes(t.nv_read(index, 8)), "big") - value)
        t.nv_undefine_space(index)
        index = define(t, PLAIN + "|nt=1" + more, 8, b"pw")
        t.nv_increment(index)
        t.note("never lower", int.from_bytes(bytes(t.nv_read(index, 8)), "big") > value)
        t.nv_undefine_space(index)
    t.refused("nv_define_space", b"", nv_public(PLAIN + "|nt=1", 7))


@scenario
def nv_bits_and_extend(t):
    index = define(t, PLAIN + "|nt=2", 8)
    t.nv_set_bits(index, 0x101)
    t.nv_set_bits(index, 1 << 63)
    t.note("bits", bytes(t.nv_read(index, 8)))
    t.refused("nv_increment", index)
    t.nv_undefine_space(index)
    for name_alg, size in ((TPM2_ALG.SHA1, 20), (TPM2_ALG.SHA256, 32), (TPM2_ALG.SHA384, 48)):
        index = define(t, PLAIN + "|nt=4", size, name_alg=name_alg)
        t.refused("nv_read", index, size)
        t.nv_extend(index, b"some data")
        t.nv_extend(index, b"more")
        t.note("extended", bytes(t.nv_read(index, size)))
        look(t, index)
        t.nv_undefine_space(index)
    t.refused("nv_define_space", b"", nv_public(PLAIN + "|nt=4", 31))
    t.refused("nv_define_space", b"", nv_public(PLAIN + "|nt=2", 9))


@scenario
def nv_pins(t):
    for kind in (8, 9):      # PIN fail, PIN pass
        attributes = "ownerread|ownerwrite|authread|nt=%d|no_da" % kind
        index = define(t, attributes, 8, b"pin")
        t.nv_write(index, bytes.fromhex("0000000000000003"), 0, OWNER)
        for auth in (b"bad", b"pin", b"bad", b"bad", b"bad", b"pin"):
            t.tr_set_auth(index, auth)
            try:
                t.note("read", bytes(t.nv_read(index, 8)))
            except TSS2_Exception:
                pass
        t.note("count", bytes(t.nv_read(index, 8, 0, OWNER)))
        t.refused("nv_write", index, bytes(8))
        t.nv_undefine_space(index)
        t.refused("nv_define_space", b"", nv_public(attributes + "|authwrite", 8))
        t.refused("nv_define_space", b"", nv_public(attributes, 7))


@scenario
def nv_locks(t):
    index = define(t, PLAIN + "|read_stclear|write_stclear", 8, b"pw")
    t.nv_write(index, b"12345678")
    t.nv_write_lock(index)
    look(t, index)
    t.refused("nv_write", index, b"x")
    t.nv_read_lock(index)
    look(t, index)
    t.refused("nv_read", index, 8)
    t.power(TPM2_SU.STATE, TPM2_SU.STATE)
    index = t.tr_from_tpmpublic(INDEX)
    look(t, index)
    t.power(TPM2_SU.CLEAR)
    index = t.tr_from_tpmpublic(INDEX)
    t.tr_set_auth(index, b"pw")
    look(t, index)
    t.note("read", bytes(t.nv_read(index, 8)))
    t.nv_undefine_space(index)
    index = define(t, PLAIN + "|writedefine", 8, b"pw")
    t.refused("nv_read_lock", index)
    t.nv_write(index, b"12345678")
    t.nv_write_lock(index)
    t.power(TPM2_SU.CLEAR)
    index = t.tr_from_tpmpublic(INDEX)
    t.tr_set_auth(index, b"pw")
    t.refused("nv_write", index, b"x")
    t.nv_undefine_space(index)
    index = define(t, PLAIN + "|globallock", 8, b"pw")
    t.nv_write(index, b"12345678")
    t.nv_global_write_lock(OWNER)
    t.nv_global_write_lock(PLATFORM)
    look(t, index)
    t.refused("nv_write", index, b"x")
    t.power()
    index = t.tr_from_tpmpublic(INDEX)
    look(t, index)
    t.nv_undefine_space(index)


@scenario
def nv_attributes(t):
    for attributes in ("", "ownerread", "ownerwrite", "authread|authwrite|ppwrite",
                       "ownerwrite|ownerread|written",
                       "ownerwrite|ownerread|writelocked", "ownerwrite|ownerread|readlocked",
                       "ownerwrite|ownerread|platformcreate", "ownerwrite|ownerread|policydelete",
                       "ownerwrite|ownerread|policy_delete",
                       "ownerwrite|ownerread|orderly|clear_stclear",
                       "ownerwrite|ownerread|nt=1|clear_stclear", "ppwrite|ppread",
                       "policywrite|policyread", "ownerwrite|ownerread|writeall",
                       "ownerwrite|ownerread|nt=7"):
        try:
            index = define(t, attributes, 8)
            look(t, index)
            t.nv_undefine_space(index)
        except (TSS2_Exception, ValueError):
            pass
    t.refused("nv_define_space", b"", nv_public(PLAIN, 8, policy=b"short"))
    t.refused("nv_define_space", b"", nv_public(PLAIN, 8, name_alg=TPM2_ALG.SM3_256))
    index = define(t)
    t.refused("nv_define_space", b"", nv_public(PLAIN))
    t.nv_undefine_space(index)
    t.refused("nv_define_space", b"", nv_public(PLAIN, 65535))


@scenario
def nv_stclear_and_orderly(t):
    for attributes in ("|clear_stclear", "|orderly", "|orderly|clear_stclear", ""):
        index = define(t, PLAIN + "|no_da" + attributes, 8)
        t.nv_write(index, b"12345678")
        look(t, index)
        for how in ((TPM2_SU.STATE, TPM2_SU.STATE), (TPM2_SU.STATE, TPM2_SU.CLEAR),
                    (TPM2_SU.CLEAR, TPM2_SU.CLEAR),
                    (None, TPM2_SU.CLEAR)):
            t.power(*how)
            index = t.tr_from_tpmpublic(INDEX)
            look(t, index)
            try:
                t.note("read", bytes(t.nv_read(index, 8)))
            except TSS2_Exception:
                t.nv_write(index, b"12345678")
        t.nv_undefine_space(index)


@scenario
def nv_write_all(t):
    index = define(t, PLAIN + "|writeall", 8)
    t.refused("nv_write", index, b"1234567")
    t.nv_write(index, b"12345678")
    t.nv_undefine_space(index)


@scenario
def nv_change_auth(t):
    policy = t.trial(("policy_command_code", TPM2_CC.NV_ChangeAuth))
    index = define(t, PLAIN + "|policywrite", 8, b"old", policy=policy)
    session = t.policy(("policy_command_code", TPM2_CC.NV_ChangeAuth), attributes=KEEP)
    t.nv_change_auth(index, b"new", session1=session)
    t.tr_set_auth(index, b"new")
    t.nv_write(index, b"x")
    t.tr_set_auth(index, b"old")
    t.refused("nv_write", index, b"x")
    t.tr_set_auth(index, b"new")
    t.refused("nv_change_auth", index, b"newer", session1=PASSWORD)
    t.policy_restart(session)
    t.refused("nv_change_auth", index, b"newer", session1=session)
    t.flush_context(session)
    t.nv_undefine_space(index)


@scenario
def nv_undefine_special(t):
    steps = ("policy_auth_value", ("policy_command_code", TPM2_CC.NV_UndefineSpaceSpecial))
    index = define(t, "ppread|ppwrite|platformcreate|policy_delete|no_da",
                   8, b"", PLATFORM, policy=t.trial(*steps))
    t.refused("nv_undefine_space", index, PLATFORM)
    t.refused("nv_undefine_space", index, OWNER)
    t.clear(PLATFORM)
    t.note("survives", [hex(h) for h in t.handles(0x01000000)])
    t.nv_undefine_space_special(index, t.policy(*steps))
    t.note("gone", [hex(h) for h in t.handles(0x01000000)])


@scenario
def nv_policies(t):
    written = t.trial(("policy_nv_written", False))
    index = define(t, "policywrite|authread|ownerread", 8, b"pw", policy=written)
    session = t.policy(("policy_nv_written", False))
    t.nv_write(index, b"12345678", 0, session1=session)
    session = t.policy(("policy_nv_written", False))
    t.refused("nv_write", index, b"12345678", 0, session1=session)
    t.flush_context(session)
    t.refused("nv_write", index, b"12345678")
    for operation, operand in ((TPM2_EO.EQ, b"1234"), (TPM2_EO.NEQ, b"1234"),
                               (TPM2_EO.SIGNED_GT, b"0"),
                               (TPM2_EO.UNSIGNED_LT, b"2"), (TPM2_EO.BITSET, b"\x11"),
                               (TPM2_EO.BITCLEAR, b"\x80"),
                               (TPM2_EO.UNSIGNED_GE, b"123456789")):
        for kind in (TPM2_SE.POLICY, TPM2_SE.TRIAL):
            session = t.session(kind)
            try:
                t.policy_nv(index, index, session, operand, operation)
                t.note("policy", bytes(t.policy_get_digest(session)))
            except TSS2_Exception:
                pass
            t.flush_context(session)
    session = t.session(TPM2_SE.POLICY)
    t.refused("policy_nv", OWNER, index, session, b"1", TPM2_EO.EQ, 8)
    t.policy_nv(OWNER, index, session, b"1", TPM2_EO.EQ)
    t.flush_context(session)
    t.nv_undefine_space(index)


@scenario
def nv_policy_authorize(t):
    index = define(t, PLAIN, 34, b"")
    locality = t.trial(("policy_locality", TPMA_LOCALITY.ZERO))
    session = t.policy(("policy_locality", TPMA_LOCALITY.ZERO))
    t.refused("policy_authorize_nv", index, session)
    t.nv_write(index, b"\x00\x0b" + locality)
    t.policy_authorize_nv(index, session)
    t.note("policy", bytes(t.policy_get_digest(session)))
    t.refused("policy_authorize_nv", index, session)
    t.flush_context(session)
    t.nv_undefine_space(index)


@scenario
def nv_certify(t):
    ak = primary(t, "ecc256:ecdsa-sha256", AK)
    index = define(t, PLAIN, 16, b"pw")
    t.refused("nv_certify", ak, index, b"q", NO_SCHEME, 8)
    t.nv_write(index, b"0123456789abcdef")
    for size, offset in ((16, 0), (4, 12)):
        attest, signature = t.nv_certify(ak, index, b"q", NO_SCHEME, size, offset)
        signature.verify_signature(public_of(t, ak), bytes(attest))
        info = attest_of(t, attest)
        t.note("nv", [bytes(info.attested.nv.indexName).hex(), info.attested.nv.offset,
                      bytes(info.attested.nv.nvContents)])
    t.refused("nv_certify", ak, index, b"q", NO_SCHEME, 17)
    t.refused("nv_certify", ak, index, b"q", NO_SCHEME, 8, 9)
    t.nv_undefine_space(index)
    t.flush_context(ak)


@scenario
def nv_by_platform(t):
    index = define(t, "ppread|ppwrite|platformcreate|authread", 8, b"pw", PLATFORM)
    t.nv_write(index, b"x", 0, PLATFORM)
    t.refused("nv_write", index, b"x", 0, OWNER)
    t.refused("nv_write", index, b"x")
    t.refused("nv_undefine_space", index, OWNER)
    t.note("read", bytes(t.nv_read(index, 1)))
    t.nv_undefine_space(index, PLATFORM)


# PCRs

def pcrs(t, selection):
    _, selected, values = t.pcr_read(selection)
    t.note("pcrs", [selected.marshal().hex(), [bytes(v).hex() for v in values]])


@scenario
def pcr_basic(t):
    for selection in ("sha1:0,23+sha256:16,17", "sha384:all", "sha512:8,9,10", "sha256:all"):
        pcrs(t, selection)
    values = TPML_DIGEST_VALUES([TPMT_HA(hashAlg=TPM2_ALG.SHA1,
                                         digest=TPMU_HA(sha1=bytes(range(20)))),
                                 TPMT_HA(hashAlg=TPM2_ALG.SHA256,
                                         digest=TPMU_HA(sha256=bytes(range(32))))])
    for handle in (ESYS_TR.PCR0, ESYS_TR.PCR16, ESYS_TR.PCR23):
        t.pcr_extend(handle, values)
    for handle in (ESYS_TR.PCR17, ESYS_TR.PCR20, ESYS_TR.PCR22):
        try:
            t.pcr_extend(handle, values)
        except TSS2_Exception:
            pass
    pcrs(t, "sha1:0,16,17,20,22,23+sha256:0,16,17,20,22,23")
    t.note("event", [(v.hashAlg, bytes(v).hex()) for v in t.pcr_event(ESYS_TR.PCR7, b"event data")])
    pcrs(t, "sha1:7+sha256:7+sha384:7+sha512:7")
    for handle in (ESYS_TR.PCR16, ESYS_TR.PCR23, ESYS_TR.PCR0, ESYS_TR.PCR17, ESYS_TR.PCR20):
        try:
            t.pcr_reset(handle)
        except TSS2_Exception:
            pass
    pcrs(t, "sha256:0,16,23")
    session = t.session(attributes=KEEP)
    t.pcr_extend(ESYS_TR.PCR16, values, session1=session)
    t.flush_context(session)
    t.power(TPM2_SU.STATE, TPM2_SU.STATE)
    pcrs(t, "sha256:0,7,16,17,23")
    t.power(TPM2_SU.STATE, TPM2_SU.CLEAR)
    pcrs(t, "sha256:0,7,16,17,23")


@scenario
def pcr_counter(t):
    before = t.pcr_read("sha256:0")[0]
    for handle in (ESYS_TR.PCR0, ESYS_TR.PCR8, ESYS_TR.PCR16, ESYS_TR.PCR23, ESYS_TR.PCR12):
        t.pcr_event(handle, b"x")
        t.note("counter", t.pcr_read("sha256:0")[0] - before)
    t.pcr_reset(ESYS_TR.PCR16)
    t.note("counter", t.pcr_read("sha256:0")[0] - before)
    t.pcr_event(ESYS_TR.PCR0, b"")
    t.note("counter", t.pcr_read("sha256:0")[0] - before)


@scenario
def pcr_auth(t):
    t.refused("pcr_set_auth_value", ESYS_TR.PCR16, b"pw")
    for handle in (ESYS_TR.PCR20, ESYS_TR.PCR21, ESYS_TR.PCR22):
        try:
            t.pcr_set_auth_value(handle, b"pw")
            t.refused("pcr_event", handle, b"x")
            t.tr_set_auth(handle, b"pw")
            t.pcr_event(handle, b"x")
        except (TSS2_Exception, AssertionError):
            pass
    policy = t.trial("policy_password")
    for number in (16, 20, 21, 22, 23):
        try:
            t.pcr_set_auth_policy(policy, TPM2_ALG.SHA256, getattr(ESYS_TR, "PCR%d" % number))
        except TSS2_Exception:
            pass


@scenario
def capability_pcrs(t):
    for number in range(0x15):
        if number == 0x0a:      # RESET_L4: swtpm has not the PC Client profile's table there
            continue
        t.note("property", t.capability(TPM2_CAP.PCR_PROPERTIES, number, 1).marshal())
    t.note("banks", t.capability(TPM2_CAP.PCRS, 0, 10).marshal())


# hierarchies

@scenario
def hierarchy_auths(t):
    for handle in (OWNER, ENDORSEMENT, LOCKOUT, PLATFORM):
        t.hierarchy_change_auth(handle, b"one")
        t.tr_set_auth(handle, b"one")
        session = t.session(symmetric=aes_cfb(), attributes=KEEP | DEC)
        t.hierarchy_change_auth(handle, b"two", session1=session)
        t.tr_set_auth(handle, b"two")
        t.hierarchy_change_auth(handle, b"three", session1=session)
        t.tr_set_auth(handle, b"bad")
        if handle != LOCKOUT:
            t.refused("hierarchy_change_auth", handle, b"x", session1=session)
        t.tr_set_auth(handle, b"three")
        t.hierarchy_change_auth(handle, b"")
        t.tr_set_auth(handle, b"")
        t.flush_context(session)


@scenario
def hierarchy_control(t):
    key = primary(t, "ecc256", SIGN, hierarchy=ENDORSEMENT)
    t.hierarchy_control(PLATFORM, ESYS_TR.ENDORSEMENT, False)
    t.refused("read_public", key)
    t.refused("create_primary", sensitive(), template("ecc256", SIGN), ENDORSEMENT)
    t.refused("hierarchy_control", ENDORSEMENT, ESYS_TR.ENDORSEMENT, True)
    t.hierarchy_control(PLATFORM, ESYS_TR.ENDORSEMENT, True)
    t.refused("read_public", key)
    t.hierarchy_control(OWNER, OWNER, False)
    t.refused("create_primary", sensitive(), template("ecc256", SIGN), OWNER)
    t.refused("hierarchy_control", ENDORSEMENT, OWNER, True)
    t.hierarchy_control(PLATFORM, OWNER, True)
    t.hierarchy_control(PLATFORM, PLATFORM, False)
    t.refused("create_primary", sensitive(), template("ecc256", SIGN), PLATFORM)
    t.refused("hierarchy_control", PLATFORM, PLATFORM, True)
    t.note("startup clear", t.properties(TPM2_PT.STARTUP_CLEAR, 1)[0][1] & 0xf)


@scenario
def hierarchy_policy(t):
    policy = t.trial("policy_auth_value")
    for handle in (OWNER, ENDORSEMENT, PLATFORM):
        t.set_primary_policy(handle, policy, TPM2_ALG.SHA256)
        session = t.policy("policy_auth_value")
        t.hierarchy_change_auth(handle, b"x", session1=session)
        t.tr_set_auth(handle, b"x")
        t.refused("set_primary_policy", handle, policy[:-1], TPM2_ALG.SHA256)
        t.set_primary_policy(handle, b"", TPM2_ALG.NULL)
        session = t.policy("policy_auth_value")
        t.refused("hierarchy_change_auth", handle, b"", session1=session)
        t.flush_context(session)
        t.hierarchy_change_auth(handle, b"")
        t.tr_set_auth(handle, b"")


@scenario
def hierarchy_seeds(t):
    for change, hierarchy in (("change_eps", ENDORSEMENT), ("change_pps", PLATFORM)):
        _, one, *_ = t.create_primary(sensitive(), template("ecc256", SIGN), hierarchy)
        kept, _, *_ = t.create_primary(sensitive(), template("ecc256:aes128cfb", STORAGE), OWNER)
        getattr(t, change)()
        t.note("left", [hex(h) for h in t.handles(0x80000000)])
        key, two, *_ = t.create_primary(sensitive(), template("ecc256", SIGN), hierarchy)
        t.note("same", one.marshal() == two.marshal())
        t.flush_context(key)
        t.flush_context(kept)
    t.hierarchy_change_auth(PLATFORM, b"pp")
    t.tr_set_auth(PLATFORM, b"wrong")
    t.refused("change_eps")


@scenario
def clear_and_control(t):
    t.clear_control(LOCKOUT, True)
    t.refused("clear", LOCKOUT)
    t.refused("clear", PLATFORM)
    t.refused("clear_control", LOCKOUT, False)
    t.clear_control(PLATFORM, False)
    session = t.session(attributes=KEEP)
    t.clear(LOCKOUT, session1=session)
    t.flush_context(session)
    t.hierarchy_change_auth(LOCKOUT, b"lock")
    t.tr_set_auth(LOCKOUT, b"lock")
    session = t.session(attributes=KEEP)
    t.clear(LOCKOUT, session1=session)
    t.note("sessions", [hex(h) for h in t.handles(0x02000000)])
    t.tr_set_auth(LOCKOUT, b"")
    t.clear(LOCKOUT)


@scenario
def clear_what_goes(t):
    key = t.evict_control(OWNER, primary(t, "ecc256", SIGN), 0x81000000)
    t.note("persistent", t.tr_get_tpm_handle(key))
    define(t, index=INDEX)
    primary(t, "ecc256", SIGN, hierarchy=PLATFORM)
    t.hierarchy_change_auth(OWNER, b"owner")
    t.hierarchy_change_auth(ENDORSEMENT, b"endorsement")
    t.pcr_event(ESYS_TR.PCR0, b"x")
    before = t.pcr_read("sha256:0")[0]
    t.clear(PLATFORM)
    t.note("pcr counter", t.pcr_read("sha256:0")[0] - before)
    for first in (0x01000000, 0x80000000, 0x81000000):
        t.note("left", [hex(h) for h in t.handles(first)])
    clock = t.read_clock()
    t.note("clock", [clock.clockInfo.clock < 1000, clock.clockInfo.resetCount,
                     clock.clockInfo.restartCount,
                     clock.clockInfo.safe])
    t.tr_set_auth(OWNER, b"")
    t.hierarchy_change_auth(OWNER, b"")


@scenario
def dictionary_attack(t):
    t.dictionary_attack_parameters(3, 1000, 1000)
    key = primary(t, "ecc256:ecdsa-sha256", SIGN, b"right")
    for auth in (b"wrong", b"right", b"wrong", b"wrong", b"right"):
        t.tr_set_auth(key, auth)
        try:
            t.sign(key, digest(), NO_SCHEME, NO_TICKET)
        except TSS2_Exception:
            pass
        lockout(t)
    free = primary(t, "ecc256:ecdsa-sha256", SIGN | TPMA_OBJECT.NODA, b"right")
    t.tr_set_auth(free, b"wrong")
    t.refused("sign", free, digest(), NO_SCHEME, NO_TICKET)
    t.tr_set_auth(free, b"right")
    t.sign(free, digest(), NO_SCHEME, NO_TICKET)
    t.power(TPM2_SU.CLEAR)
    lockout(t)
    t.dictionary_attack_lock_reset()
    lockout(t)
    t.hierarchy_change_auth(LOCKOUT, b"lock")
    t.tr_set_auth(LOCKOUT, b"wrong")
    t.refused("dictionary_attack_lock_reset")
    t.tr_set_auth(LOCKOUT, b"lock")
    t.refused("dictionary_attack_lock_reset")
    t.refused("clear", LOCKOUT)


def lockout(t):
    t.note("lockout", t.properties(TPM2_PT.LOCKOUT_COUNTER, 4))
    permanent = t.properties(TPM2_PT.PERMANENT, 1)[0][1]
    t.note("permanent", hex(permanent & ~0x400))    # not tpmGeneratedEPS


@scenario
def dictionary_attack_unorderly(t):
    t.loses_power()
    t.dictionary_attack_parameters(10, 1000, 1000)
    key = primary(t, "ecc256:ecdsa-sha256", SIGN, b"right")
    t.sign(key, digest(), NO_SCHEME, NO_TICKET)
    t.power()
    lockout(t)
    t.power()
    lockout(t)
    key = primary(t, "ecc256:ecdsa-sha256", SIGN, b"right")
    t.sign(key, digest(), NO_SCHEME, NO_TICKET)
    t.power(TPM2_SU.CLEAR)
    lockout(t)
    key = primary(t, "ecc256:ecdsa-sha256", SIGN, b"right")
    context = t.context_save(key)
    t.shutdown(TPM2_SU.STATE)
    t.sign(key, digest(), NO_SCHEME, NO_TICKET)
    t.close()
    t.target.power_cycle()
    t.open()
    t.startup(TPM2_SU.CLEAR)
    lockout(t)
    t.refused("context_load", context)


# the rest

@scenario
def physical_presence(t):
    t.refused("pp_commands", TPML_CC([TPM2_CC.Clear]), TPML_CC(), session1=PASSWORD)


@scenario
def self_tests(t):
    for full in (True, False):
        t.self_test(full)
    t.note("to do", len(t.incremental_self_test(TPML_ALG.parse("sha1,rsa,ecc,aes,cfb"))))
    out, rc = t.get_test_result()
    t.note("result", rc)
    session = t.session(attributes=KEEP | AUDIT)
    t.self_test(False, session1=session)
    t.flush_context(session)


@scenario
def random_numbers(t):
    for size in (0, 1, 32, 48, 64):
        t.note("random", len(t.get_random(size)))
    t.note("never more than a digest", len(t.get_random(65)))
    t.stir_random(bytes(128))
    session = t.session(symmetric=aes_cfb(), attributes=KEEP | ENC)
    t.note("random", len(t.get_random(48, session1=session)))
    t.flush_context(session)


@scenario
def startups(t):
    t.needs_startup()
    t.close()
    t.target.power_cycle()
    t.open()
    t.refused("get_random", 4)
    t.refused("startup", TPM2_SU.STATE)
    t.startup(TPM2_SU.CLEAR)
    t.shutdown(TPM2_SU.STATE)
    t.get_random(4)
    t.shutdown(TPM2_SU.CLEAR)
    key = primary(t, "ecc256", SIGN)
    t.note("key", t.tr_get_tpm_handle(key))
    context = t.context_save(key)
    t.power(TPM2_SU.STATE, TPM2_SU.STATE)
    t.note("transient", len(t.handles(0x80000000)))
    t.flush_context(t.context_load(context))


@scenario
def capabilities(t):
    for which, first in ((TPM2_CAP.HANDLES, 0x40000000), (TPM2_CAP.HANDLES, 0),
                         (TPM2_CAP.HANDLES, 0x02000000),
                         (TPM2_CAP.PP_COMMANDS, 0)):
        for count in (1, 3, 100):
            try:
                more, capability = t.get_capability(which, first, count)
                if which == TPM2_CAP.HANDLES:   # swtpm has no timer (ACT)
                    t.note("handles", [more, ["%x" % handle for handle in capability.data.handles
                                              if not 0x40000110 <= handle <= 0x4000011f]])
                else:
                    t.note("capability", [more, capability.marshal().hex()[:400]])
            except TSS2_Exception:
                pass
    t.refused("get_capability", TPM2_CAP.HANDLES, 0x55000000, 1)
    t.note("family", t.properties(TPM2_PT.FIXED, 2))


@scenario
def names_and_handles(t):
    for handle, number in ((OWNER, TPM2_RH.OWNER), (ENDORSEMENT, TPM2_RH.ENDORSEMENT),
                           (LOCKOUT, TPM2_RH.LOCKOUT),
                           (PLATFORM, TPM2_RH.PLATFORM)):
        t.note("name", [bytes(t.tr_get_name(handle)).hex(), hex(number)])
    index = define(t)
    blob = t.tr_serialize(index)
    again = t.tr_deserialize(blob)
    t.note("same name", bytes(t.tr_get_name(index)) == bytes(t.tr_get_name(again)))
    t.note("handle", t.tr_get_tpm_handle(index))
    t.tr_close(index)
    index = t.tr_from_tpmpublic(INDEX)
    t.nv_write(index, b"x")
    t.nv_undefine_space(index)


@scenario
def not_offered(t):
    t.refused("firmware_read", 0)
    t.refused("field_upgrade_data", b"x")
