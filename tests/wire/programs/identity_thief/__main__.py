"""Tries to get at an identity that is not its own, by every way that it knows, and prints what came of each as one JSON object.

Takes one JSON object as its argument:
  parts            of `asks`, `service`, `reach`, `files`, `mounts`, `memory`, `nested`
  own, victim      names of two identities: {client_id, object_id, resource_id}
  folder, files    the folder of a service's data, and files of it that hold secrets (absolute paths, with inodes)
  pids             of the service's processes
  service          its ports: {main, proxy}
  ports, sockets   where somebody hands out tokens: TCP ports, abstract names (with an @), paths
  metadata         base URL of a metadata endpoint, where it has no address that everybody knows

An attempt is a theft once it holds what it should not: a token of the victim, any token that a forged request was given, the
content of a file. Knows nothing of Batchyard but where its ports and files are.
"""
import json
import os

import asks
import files
import memory
import reach
from theft import GIVEN, LIBC, check, in_child, seen

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
PARTS = GIVEN["parts"]


def everything(label):
    if "files" in PARTS:
        files.read_files(label)
    if "memory" in PARTS:
        memory.memory(label)
    if "mounts" in PARTS:
        files.mounts(label)
        files.namespaces(label)


def nested():
    """Once more as an administrator of namespaces that it makes itself."""
    ids = os.getuid(), os.getgid()
    check(LIBC.unshare(CLONE_NEWUSER | CLONE_NEWNS))
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {ids[0]} 1"), ("gid_map", f"0 {ids[1]} 1")):
        with open(f"/proc/self/{name}", "w") as setting:
            setting.write(text)
    before = set(seen)
    everything("nested: ")
    return json.dumps({name: found for name, found in seen.items() if name not in before})


if "asks" in PARTS:
    asks.ask_by_every_name()
    asks.forge()
if "service" in PARTS:
    asks.ask_the_service()
if "reach" in PARTS:
    reach.reach()
everything("")
if "nested" in PARTS:
    try:
        seen.update(json.loads(in_child(nested) or "{}"))
    except OSError as error:
        seen["nested: namespaces"] = {"theft": False, "how": str(error)}
print(json.dumps({"uid": os.getuid(), "attempts": seen}))
