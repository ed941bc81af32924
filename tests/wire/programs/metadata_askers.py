"""Asks the endpoints of a node's host, and tries to be taken for root by the WireServer; says what each way was answered."""
import array
import ctypes
import json
import os
import socket
import sys

IMDS = ("169.254.169.254", 80)
WIRE_SERVER = ("168.63.129.16", 80)
ORDINARY = 1000


def request(target, peer):
    return f"GET {target} HTTP/1.1\r\nHost: {peer[0]}\r\nMetadata: true\r\nConnection: close\r\n\r\n".encode()


def status(stream):
    received = b""
    while b"\r\n" not in received and (piece := stream.recv(65536)):
        received += piece
    return int(received.split(b" ", 2)[1]) if received else 0


def asked(target="/machine?comp=goalstate", peer=WIRE_SERVER, family=socket.AF_INET, source=None):
    with socket.socket(family) as stream:
        stream.settimeout(10)
        if source:
            stream.bind((source, 0))
        stream.connect((f"::ffff:{peer[0]}", peer[1]) if family == socket.AF_INET6 else peer)
        stream.sendall(request(target, peer))
        return status(stream)


def metadata(**how):
    return asked("/metadata/instance?api-version=2021-02-01", IMDS, **how)


def as_root_of_its_own_namespace():
    """Root inside, and the same user outside; None where the node lets nobody make one."""
    there, here = os.pipe()
    child = os.fork()
    if child == 0:
        is_root = ctypes.CDLL(None).unshare(0x10000000) == 0
        os.write(here, str(asked() if is_root else -1).encode())
        os._exit(0)
    os.waitpid(child, 0)
    said = int(os.read(there, 16))
    return None if said < 0 else said


def by_raw_packets():
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
    except PermissionError:
        return "not permitted"
    return "permitted"


def by_one_who_goes(target, peer):
    """Closes its socket, and ends, before anybody can have looked at it."""
    child = os.fork()
    if child == 0:
        stream = socket.create_connection(peer)
        stream.sendall(request(target, peer))
        os._exit(0)
    os.waitpid(child, 0)


def with_a_socket_of_the_ordinary_user():
    """What root says over a connection that somebody else has made."""
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        os.setgid(ORDINARY)
        os.setuid(ORDINARY)
        stream = socket.create_connection(WIRE_SERVER)
        theirs.sendmsg([b"."], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [stream.fileno()]))])
        os._exit(0)
    _, [(_, _, passed)], _, _ = ours.recvmsg(1, socket.CMSG_SPACE(4))
    os.waitpid(child, 0)
    stream = socket.socket(fileno=array.array("i", passed)[0])
    stream.settimeout(10)
    stream.sendall(request("/machine/passed", WIRE_SERVER))
    return status(stream)


said = {"uid": os.getuid(), "imds": metadata(), "imds by IPv6": metadata(family=socket.AF_INET6), "wire server": asked()}
if "attacks" in sys.argv:
    said |= {
        "by IPv6": asked(family=socket.AF_INET6),
        "from the server's address": asked(source=WIRE_SERVER[0]),
        "from the loopback": asked(source="127.0.0.1"),
        "as root of a namespace": as_root_of_its_own_namespace(),
        "by raw packets": by_raw_packets(),
    }
    by_one_who_goes("/machine/gone", WIRE_SERVER)
    by_one_who_goes("/metadata/gone", IMDS)
    # Answered after the two: connections wait in turn.
    said["after those who went"] = metadata()
if os.getuid() == 0:
    said["with another's socket"] = with_a_socket_of_the_ordinary_user()
print(json.dumps(said))
