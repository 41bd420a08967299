# SPDX-License-Identifier: GPL-2.0-only
"""usage: run.py esapi|fapi record KIND WHERE FILE [WORD...]
       run.py esapi|fapi check KIND WHERE FILE [WORD...]

Runs the scenarios (those whose name has a WORD in it) against a TPM, and
keeps the record in FILE, or compares with the record that FILE has. KIND and
WHERE: swtpm or mssim and a port, device and INSTANCE=NODE.
"""
import importlib
import json
import sys

sys.dont_write_bytecode = True

import frame  # noqa: E402

FILES = {"esapi": ("objects", "sessions", "storage"), "fapi": ("fapi",)}


def main(args):
    if len(args) < 5 or args[0] not in FILES or args[1] not in ("record", "check"):
        sys.exit(__doc__)
    for name in FILES[args[0]]:
        importlib.import_module(name)
    target, path, words = frame.Target(args[2], args[3]), args[4], args[5:]
    if args[1] == "record":
        with open(path, "w", encoding="ascii") as file:
            json.dump(frame.record(target, words), file, indent=1)
        return 0
    with open(path, encoding="ascii") as file:
        return 0 if frame.check(args[0], target, json.load(file), words) else 1


sys.exit(main(sys.argv[1:]))
