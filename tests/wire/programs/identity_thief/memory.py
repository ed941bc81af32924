"""Looks into the memory of other processes."""
import os

from theft import GIVEN, LIBC, attempt, check, each, in_child, stolen

PTRACE_ATTACH, PTRACE_DETACH = 16, 17
ANY_CHILD = 0x40000000
SYS_PIDFD_OPEN, SYS_PIDFD_GETFD = 434, 438


def read_memory(pid):
    if int(pid) == os.getpid():
        return None
    with open(f"/proc/{pid}/maps") as table, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in table:
            words = line.split()
            if "r" not in words[1] or words[-1] in ("[vvar]", "[vsyscall]"):
                continue
            start, end = (int(word, 16) for word in words[0].split("-"))
            try:
                memory.seek(start)
                if held := stolen(memory.read(min(end - start, 64 << 20))):
                    return f"memory of {pid}: {held}"
            except (OSError, ValueError, OverflowError):
                continue


def trace(pid):
    check(LIBC.ptrace(PTRACE_ATTACH, pid, None, None))
    os.waitpid(pid, ANY_CHILD)
    LIBC.ptrace(PTRACE_DETACH, pid, None, None)
    return f"traced {pid}"


def take_descriptor(pid):
    process = check(LIBC.syscall(SYS_PIDFD_OPEN, pid, 0))
    for number in range(64):
        taken = LIBC.syscall(SYS_PIDFD_GETFD, process, number, 0)
        if taken >= 0:
            return f"descriptor {number} of {pid}"
    check(-1)


def memory(label):
    attempt(f"{label}read the service's memory", lambda: each(GIVEN["pids"], read_memory))
    attempt(f"{label}trace the service", lambda: each(GIVEN["pids"], lambda pid: in_child(lambda: trace(pid))))
    attempt(f"{label}take the service's descriptors", lambda: each(GIVEN["pids"], take_descriptor))
    others = [name for name in os.listdir("/proc") if name.isdigit()]
    attempt(f"{label}read everybody's memory", lambda: each(others, read_memory))
