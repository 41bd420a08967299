# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A container made of the machine's own files, with an instance as its TPM. To be
# sourced; $work is a folder for what it needs.

# The node of an instance appears in the container as /dev/tpmrm0, which is
# where every TPM program looks: same device numbers, another name.
bundle() {
	local name=$1 numbers

	numbers=$(vtpmctl --json show "$name" | jq -r '"\(.nodes.rm.major) \(.nodes.rm.minor)"')
	mkdir -p "$work/$name/rootfs" "$work/$name/data"
	python3 - "$work/$name" $numbers <<'END' >"$work/$name/config.json"
import json, sys
folder, major, minor = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
def bind(source, target, options):
    return {"destination": target, "source": source, "type": "bind", "options": ["rbind", options]}
print(json.dumps({
    "ociVersion": "1.0.2",
    "process": {"terminal": False, "user": {"uid": 0, "gid": 0}, "cwd": "/data",
                "args": ["/bin/bash", "/data/job"],
                "env": ["PATH=/usr/bin:/bin:/usr/sbin:/sbin", "HOME=/data",
                        "TPM2TOOLS_TCTI=device:/dev/tpmrm0"]},
    "root": {"path": "rootfs", "readonly": False},
    "hostname": "container",
    "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
               {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
                "options": ["nosuid", "mode=755", "size=65536k"]},
               {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs"},
               bind(folder + "/data", "/data", "rw")] +
              [bind("/" + d, "/" + d, "ro") for d in ("usr", "etc", "lib", "lib64", "bin", "sbin")],
    "linux": {"namespaces": [{"type": t} for t in ("pid", "mount", "ipc", "uts", "network")],
              "devices": [{"path": "/dev/tpmrm0", "type": "c", "major": major, "minor": minor,
                           "fileMode": 0o660, "uid": 0, "gid": 0}],
              "resources": {"devices": [{"allow": False, "access": "rwm"},
                                        {"allow": True, "type": "c", "major": major,
                                         "minor": minor, "access": "rw"}]}},
}))
END
}

# in_container NAME SCRIPT: runs the script there, with unmodified tpm2-tools
in_container() {
	local name=$1
	printf 'set -e\ncd /data\n%s\n' "$2" >"$work/$name/data/job"
	crun --cgroup-manager=disabled run --bundle "$work/$name" "c-$name" </dev/null
}
