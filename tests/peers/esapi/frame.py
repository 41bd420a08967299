# SPDX-License-Identifier: GPL-2.0-only
"""The frame of the ESAPI scenarios: targets, recording, comparing.

A scenario is a function that uses a TPM through libtss2's ESAPI. Each call is
recorded with its response code, and what the scenario notes besides; what is
left behind in the TPM at the end is noted too. The record of one TPM is then
compared with another's.
"""
import os
import socket
import struct
import subprocess
import sys
import time

from tpm2_pytss import (ESAPI, ESYS_TR, TPM2_ALG, TPM2_CAP, TPM2_SE, TPM2_SU, TPMT_SYM_DEF,
                        TPMU_SYM_KEY_BITS, TPMU_SYM_MODE, TSS2_Exception)

sys.dont_write_bytecode = True
scenarios = []


def scenario(function):
    """Puts a function on the list."""
    scenarios.append(function)
    return function


class Target:
    """A TPM, by its TCTI, and the way to switch its power off and on."""

    def __init__(self, kind, where):
        self.kind, self.where = kind, where
        if kind == "swtpm":
            self.tcti = "swtpm:host=127.0.0.1,port=%s" % where
        elif kind == "mssim":
            self.tcti = "mssim:host=127.0.0.1,port=%s" % where
        else:
            self.name, node = where.split("=")
            self.tcti = "device:" + node

    def power_cycle(self):
        """Reset without a shutdown."""
        if self.kind == "swtpm":
            subprocess.run(["swtpm_ioctl", "--tcp", "127.0.0.1:%d" % (int(self.where) + 1), "-i"],
                           check=True)
        elif self.kind == "mssim":
            with socket.create_connection(("127.0.0.1", int(self.where) + 1)) as platform:
                platform.sendall(struct.pack(">I", 17))
                platform.recv(4)
                platform.sendall(struct.pack(">I", 20))
        else:
            subprocess.run(["vtpmctl", "reset", self.name], check=True)


class NotHere(Exception):
    """What this target cannot do."""


class Tpm:
    """One scenario's connection: an attribute is the ESAPI call of that name."""

    def __init__(self, target):
        self.target, self.events = target, []
        self.open()

    def open(self):
        self.esapi = ESAPI(self.target.tcti)

    def close(self):
        self.esapi.close()

    def note(self, what, value=""):
        """Something that two TPMs have to agree in."""
        if isinstance(value, (bytes, bytearray)):
            value = value.hex()
        self.events.append("%s %s" % (what, value))

    def __getattr__(self, name):
        call = getattr(self.esapi, name)

        def recorded(*args, **kwargs):
            try:
                result = call(*args, **kwargs)
            except TSS2_Exception as error:
                self.events.append("%s 0x%x" % (name, error.rc))
                raise
            self.events.append(name)
            return result
        return recorded

    def refused(self, name, *args, **kwargs):
        """A call that must not succeed; its response code is on record."""
        try:
            getattr(self, name)(*args, **kwargs)
        except TSS2_Exception:
            return
        raise AssertionError("%s was accepted" % name)

    def fails(self, name, *args, **kwargs):
        """A call that must not succeed, where swtpm's code is not the specification's."""
        try:
            getattr(self.esapi, name)(*args, **kwargs)
        except TSS2_Exception:
            self.note(name + " fails")
            return
        raise AssertionError("%s was accepted" % name)

    def needs_startup(self):
        """A node's TPM has been started when its power comes back."""
        if self.target.kind == "device":
            raise NotHere("the node's TPM is started with its power")

    def loses_power(self):
        """VTPM_IOC_RESET is no loss of power: it counts no failed try."""
        if self.target.kind == "device":
            raise NotHere("a reset of the instance counts no failed try")

    def power(self, shutdown=None, startup=TPM2_SU.CLEAR):
        """Power off and on, after a shutdown if one is named."""
        if startup != TPM2_SU.CLEAR:
            self.needs_startup()
        if shutdown is not None:
            self.shutdown(shutdown)
        self.close()
        self.target.power_cycle()
        self.open()
        self.startup(startup)

    # what is read from a capability lives as long as the capability does
    def capability(self, which, first, count=64):
        return self.get_capability(which, first, count)[1]

    def properties(self, first, count):
        capability = self.capability(TPM2_CAP.TPM_PROPERTIES, first, count)
        return [(int(p.property), int(p.value)) for p in capability.data.tpmProperties]

    def handles(self, first):
        capability = self.esapi.get_capability(TPM2_CAP.HANDLES, first, 64)[1]
        return [handle for handle in capability.data.handles if handle != IDENTITY]

    def left(self):
        """What a scenario leaves behind."""
        for first in (0x01000000, 0x81000000):
            self.note("left", ["%x" % h for h in self.handles(first)])
        for first in (0x02000000, 0x03000000, 0x80000000):
            self.note("left", len(self.handles(first)))

    # sessions

    def session(self, kind=TPM2_SE.HMAC, symmetric=None, key=ESYS_TR.NONE, bind=ESYS_TR.NONE,
                hash_alg=TPM2_ALG.SHA256, attributes=None):
        session = self.start_auth_session(key, bind, kind, symmetric or NO_SYM, hash_alg)
        if attributes is not None:
            self.trsess_set_attributes(session, attributes, 0xff)
        return session

    def policy(self, *steps, kind=TPM2_SE.POLICY, attributes=0, **kwargs):
        """A policy session, for one use; a step is a call's name, or that and its arguments."""
        session = self.session(kind, attributes=attributes, **kwargs)
        for step in steps:
            name, args = (step, ()) if isinstance(step, str) else (step[0], step[1:])
            getattr(self, name)(session, *args)
        return session

    def trial(self, *steps, noted=True, **kwargs):
        """The digest of a policy; not noted if it depends on a seed."""
        session = self.policy(*steps, kind=TPM2_SE.TRIAL, **kwargs)
        digest = bytes(self.policy_get_digest(session))
        self.flush_context(session)
        self.note("policy", digest if noted else len(digest))
        return digest


IDENTITY = 0x01565450   # the index that says what an instance is; swtpm has none

NO_SYM = TPMT_SYM_DEF(algorithm=TPM2_ALG.NULL)
XOR = TPMT_SYM_DEF(algorithm=TPM2_ALG.XOR, keyBits=TPMU_SYM_KEY_BITS(exclusiveOr=TPM2_ALG.SHA256),
                   mode=TPMU_SYM_MODE(aes=TPM2_ALG.CFB))


def aes_cfb(bits=128):
    return TPMT_SYM_DEF(algorithm=TPM2_ALG.AES, keyBits=TPMU_SYM_KEY_BITS(aes=bits),
                        mode=TPMU_SYM_MODE(aes=TPM2_ALG.CFB))


def fresh(target):
    """A TPM as new as a power cycle and a Clear make it."""
    target.power_cycle()
    with ESAPI(target.tcti) as esapi:
        esapi.startup(TPM2_SU.CLEAR)
        esapi.clear(ESYS_TR.PLATFORM)
        capability = esapi.get_capability(TPM2_CAP.HANDLES, 0x01000000, 64)[1]
        for handle in capability.data.handles:
            if handle == IDENTITY:
                continue
            esapi.nv_undefine_space(esapi.tr_from_tpmpublic(handle), ESYS_TR.PLATFORM)


def run(target, function):
    """Runs one scenario: its record, and None or what went wrong."""
    fresh(target)
    tpm, why = Tpm(target), None
    try:
        function(tpm)
    except Exception as error:  # whatever a scenario trips over is its result
        why = "%s: %s" % (type(error).__name__, str(error).replace("\n", " "))
    try:
        tpm.left()
        tpm.close()
    except TSS2_Exception as error:
        why = why or "afterwards: %s" % error
    return {"events": tpm.events, "why": why}


def difference(ours, theirs):
    for i, (one, other) in enumerate(zip(ours, theirs)):
        if one != other:
            return "step %d: %s, on swtpm %s" % (i, one, other)
    return "%d steps, on swtpm %d" % (len(ours), len(theirs)) if len(ours) != len(theirs) else None


def verdict(name, ours, theirs):
    """One line of the suite."""
    if theirs is None:
        return "not ok %s - not on record from swtpm" % name
    differs = difference(ours["events"], theirs["events"])
    if ours["why"] and theirs["why"] and not differs:
        return "skip %s - as swtpm: %s" % (name, ours["why"])
    if (ours["why"] or "").startswith("NotHere: "):
        return "skip %s - %s" % (name, ours["why"][9:])
    if ours["why"]:
        return "not ok %s - %s (after %s)%s" % (name, ours["why"], ours["events"][-6:-4],
                                                "; " + differs if differs else "")
    if differs and not theirs["why"]:
        return "not ok %s - %s" % (name, differs)
    return "ok %s" % name


def chosen(words):
    return [f for f in scenarios if not words or any(w in f.__name__ for w in words)]


def record(target, words):
    return {f.__name__: run(target, f) for f in chosen(words)}


def check(suite, target, reference, words):
    """Runs against a target and prints results; false when one failed."""
    good = True
    for function in chosen(words):
        begin = time.monotonic()
        line = verdict(suite + "/" + function.__name__, run(target, function),
                       reference.get(function.__name__))
        good = good and not line.startswith("not ok")
        print(line, flush=True)
        if os.environ.get("ESAPI_TIMES"):
            print("# %.2f s" % (time.monotonic() - begin))
    return good
