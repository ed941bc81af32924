/*
 * Which system calls the processes of a node's sandbox may make: seccomp(2). Refused is what container engines refuse as well: what
 * belongs to the whole machine whoever asks (the kernel's keys, modules, clocks, performance counters), what is there for one
 * machine's own programs (sockets of virtual machines' hosts), and what no list names because it is newer than the list.
 *
 * Whoever has no power over the node gets no namespaces either: in one of their own they would have power over parts of the kernel
 * that are seldom looked at. Debuggers stay, for they reach nobody whom their user could not signal.
 */
#define _GNU_SOURCE
#include "filter.h"
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* Calls that not every C library names; since Linux 5.0 the numbers are those of all architectures. Above the last one nothing is
   known, and programs take ENOSYS for an older kernel. */
enum {
    IO_URING_SETUP = 425,
    IO_URING_ENTER = 426,
    IO_URING_REGISTER = 427,
    OPEN_TREE = 428,
    MOVE_MOUNT = 429,
    FSOPEN = 430,
    FSCONFIG = 431,
    FSMOUNT = 432,
    FSPICK = 433,
    CLONE3 = 435,
    MOUNT_SETATTR = 442,
    QUOTACTL_FD = 443,
    OPEN_TREE_ATTR = 467,
    LAST_KNOWN = 469,
};
enum { ALL_NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET };
enum { NEW_TIME_NAMESPACE = 0x80 }; /* of unshare(2) alone: to clone(2) it is part of a signal's number */

#ifdef ARCHITECTURE

static const uint32_t of_the_machine[] = {
    SYS_acct,          SYS_add_key,      SYS_bpf,           SYS_clock_settime, SYS_delete_module,     SYS_fanotify_init,
    SYS_finit_module,  SYS_init_module,  SYS_kexec_load,    SYS_keyctl,        SYS_lookup_dcookie,    SYS_open_by_handle_at,
    SYS_perf_event_open, SYS_quotactl,   SYS_reboot,        SYS_request_key,   SYS_settimeofday,      SYS_swapoff,
    SYS_swapon,        SYS_syslog,       SYS_userfaultfd,   SYS_vhangup,       SYS_nfsservctl,        IO_URING_SETUP,
    IO_URING_ENTER,    IO_URING_REGISTER, QUOTACTL_FD,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef __x86_64__
    SYS_iopl,          SYS_ioperm,       SYS_uselib,        SYS_ustat,         SYS_sysfs,             SYS__sysctl,
#endif
};
static const uint32_t of_an_administrator[] = {
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_setns, OPEN_TREE, MOVE_MOUNT, FSOPEN,
    FSCONFIG,  FSMOUNT,     FSPICK,         MOUNT_SETATTR, OPEN_TREE_ATTR,
};
/* Between a node's processes, over its network, and with the kernel about it. */
static const uint32_t families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET};

static struct sock_filter program[256];
static unsigned short length;

static void say(uint16_t code, uint32_t value, uint8_t if_so, uint8_t if_not) {
    program[length++] = (struct sock_filter){code, if_so, if_not, value};
}

/* Of what is looked at: the number of the call, or the lower half of an argument. */
static void look_at(size_t offset) { say(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0); }
static void look_at_number(void) { look_at(offsetof(struct seccomp_data, nr)); }
static void look_at_first_word(void) { look_at(offsetof(struct seccomp_data, args[0])); }
static void allow(void) { say(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0); }
static void refuse(int error) { say(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error, 0, 0); }

static void refuse_if(uint16_t comparison, uint32_t value, int error) {
    say(BPF_JMP | comparison | BPF_K, value, 0, 1);
    refuse(error);
}

static void refuse_all(const uint32_t *calls, size_t count) {
    for (size_t i = 0; i < count; i++) refuse_if(BPF_JEQ, calls[i], EPERM);
}

static void refuse_flags(uint32_t call, uint32_t flags) {
    say(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4);
    look_at_first_word();
    say(BPF_JMP | BPF_JSET | BPF_K, flags, 0, 1);
    refuse(EPERM);
    allow();
}

/* Other calls' numbers mean other calls there: those of 32 bits, and x86's third kind, whose numbers are above all others. */
static void refuse_foreign(void) {
    look_at(offsetof(struct seccomp_data, arch));
    say(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    refuse(ENOSYS);
    look_at_number();
    refuse_if(BPF_JGT, LAST_KNOWN, ENOSYS);
}

static void refuse_families(void) {
    const uint8_t count = sizeof families / sizeof *families;
    say(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 1, 0);
    say(BPF_JMP | BPF_JEQ | BPF_K, SYS_socketpair, 0, count + 3);
    look_at_first_word();
    for (uint8_t i = 0; i < count; i++) say(BPF_JMP | BPF_JEQ | BPF_K, families[i], count - i, 0);
    refuse(EAFNOSUPPORT);
    allow();
}

static bool install(void) {
    struct sock_fprog whole = {length, program};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &whole) == 0;
}

bool filter_node(void) {
    length = 0;
    refuse_foreign();
    refuse_all(of_the_machine, sizeof of_the_machine / sizeof *of_the_machine);
    refuse_families();
    allow();
    return install();
}

/* Without a list of its own for other architectures: the node's has settled them. clone3 hides its flags; C libraries then ask the
   older one. */
bool filter_ordinary(void) {
    length = 0;
    look_at_number();
    refuse_all(of_an_administrator, sizeof of_an_administrator / sizeof *of_an_administrator);
    refuse_if(BPF_JEQ, CLONE3, ENOSYS);
    refuse_flags(SYS_clone, ALL_NAMESPACES);
    refuse_flags(SYS_unshare, ALL_NAMESPACES | NEW_TIME_NAMESPACE);
    allow();
    return install();
}

#else

/* No other architecture has been tried. */
bool filter_node(void) { return true; }
bool filter_ordinary(void) { return true; }

#endif
