"""Reads the service's files: by their paths, past them, and by what lies below."""
import ctypes
import os
import stat
import struct

from theft import GIVEN, LIBC, attempt, check, each, in_child

CLONE_NEWNS = 0x20000
MS_BIND, MS_REC, MS_PRIVATE, MNT_DETACH = 4096, 16384, 1 << 18, 2


def content(path):
    with open(path, "rb") as file:
        data = file.read(65536)
    return data and f"{len(data)} bytes of {path}"


def read_files(label):
    def any_of(make):
        last = None
        for file in GIVEN["files"]:
            try:
                if held := content(make(file["path"])):
                    return held
            except OSError as error:
                last = error
        if last:
            raise last

    attempt(f"{label}read files", lambda: any_of(lambda path: path))
    attempt(f"{label}find files", lambda: [file["path"] for file in GIVEN["files"] if os.path.lexists(file["path"])])
    pids = [name for name in os.listdir("/proc") if name.isdigit()] + [str(pid) for pid in GIVEN["pids"]]
    attempt(f"{label}read files below roots", lambda: each(pids, lambda pid: any_of(lambda path: f"/proc/{pid}/root{path}")))
    attempt(f"{label}read files from working folders", lambda: each(pids, lambda pid: any_of(lambda path: f"/proc/{pid}/cwd/../../../../../..{path}")))
    attempt(f"{label}open files by inode", lambda: each(GIVEN["files"], open_by_inode))
    attempt(f"{label}read open files", lambda: each(pids, read_open))


def read_open(pid):
    folder = f"/proc/{pid}/fd"
    for number in os.listdir(folder):
        path = os.readlink(f"{folder}/{number}")
        if path.startswith(GIVEN["folder"]) and any(path.startswith(file["path"]) for file in GIVEN["files"]):
            return f"descriptor of {path}: {len(open(f'{folder}/{number}', 'rb').read(64))} bytes"


class Handle(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint), ("type", ctypes.c_int), ("bytes", ctypes.c_ubyte * 8)]


def open_by_inode(file):
    """By the number alone, past every path: open_by_handle_at(2) on a file system that it has a descriptor of."""
    handle = Handle(8, 1, (ctypes.c_ubyte * 8)(*struct.pack("<II", file["inode"], 0)))
    for anchor in ("/usr", "/etc", ".", "/tmp"):
        descriptor = LIBC.open_by_handle_at(os.open(anchor, os.O_RDONLY), ctypes.byref(handle), os.O_RDONLY)
        if descriptor >= 0 and (data := os.read(descriptor, 64)):
            return f"{len(data)} bytes of {file['path']}"
    check(-1)


def mount(source, target, kind, flags=0):
    check(LIBC.mount(source.encode(), target.encode(), kind and kind.encode(), flags, None))


def mounts(label):
    where = os.path.join(os.getcwd(), f"mounted{label.strip()}")
    os.makedirs(where, exist_ok=True)

    def disk():
        with open("/proc/self/mountinfo") as table:
            numbers = {words.split()[2] for words in table}
        for number in sorted(numbers):
            major, minor = map(int, number.split(":"))
            if major == 0:
                continue
            node = f"{where}.{number.replace(':', '-')}"
            os.mknod(node, 0o600 | stat.S_IFBLK, os.makedev(major, minor))
            try:
                mount(node, where, "ext4")
                return f"mounted the disk {number}"
            except OSError:
                with open(node, "rb") as device:
                    return f"{len(device.read(512))} bytes of the disk {number}"

    def memory_devices():
        for name, major, minor in (("mem", 1, 1), ("kmem", 1, 2), ("port", 1, 4)):
            node = f"{where}.{name}"
            os.mknod(node, 0o600 | stat.S_IFCHR, os.makedev(major, minor))
            with open(node, "rb") as device:
                return f"{len(device.read(16))} bytes of {name}"

    def uncover():
        check(LIBC.unshare(CLONE_NEWNS))
        check(LIBC.mount(None, b"/", None, MS_REC | MS_PRIVATE, None))
        for target in ("/tmp", "/etc/hosts", "/run", "/dev/shm", "/proc", "/"):
            LIBC.umount2(target.encode(), MNT_DETACH)
        return each([file["path"] for file in GIVEN["files"]], content)

    def rebind():
        mount("/proc/1/root", where, None, MS_BIND | MS_REC)
        return each([file["path"] for file in GIVEN["files"]], lambda path: content(f"{where}{path}"))

    attempt(f"{label}mount the disk", disk)
    attempt(f"{label}open the memory's devices", memory_devices)
    attempt(f"{label}bind the first process's root", rebind)
    attempt(f"{label}look below mounts", lambda: in_child(uncover))
    for name in ("/proc/kcore", "/proc/kmem", "/dev/mem"):
        attempt(f"{label}read {name}", lambda: content(name))


def namespaces(label):
    def enter(pid):
        for kind in ("user", "mnt", "net", "pid"):
            check(LIBC.setns(os.open(f"/proc/{pid}/ns/{kind}", os.O_RDONLY), 0))
        return each([file["path"] for file in GIVEN["files"]], content)

    attempt(f"{label}enter the service's namespaces", lambda: in_child(lambda: each(GIVEN["pids"], enter)))
    attempt(f"{label}call programs by the kernel", helper_programs)


def helper_programs():
    for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/sys/kernel/uevent_helper"):
        try:
            with open(path, "r+") as setting:
                setting.write(setting.read())
            return f"wrote {path}"
        except OSError:
            continue
