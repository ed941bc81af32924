/*
 * A hostile program in a container. Prints a line for each thing that it got and should not have got, and "end".
 *
 *   escape victim    has what others are to reach for, says "ready" and waits
 *   escape           tries
 *   escape control   is its own victim: what can be had within a container is had
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

enum { PORT = 4242, KEY = 4242, ROOT_INODE = 2 };

static void got(int has, const char *what) {
    if (has) printf("GOT %s\n", what);
    fflush(stdout);
}

static socklen_t abstract_address(struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path + 1, "victim", 6);
    return offsetof(struct sockaddr_un, sun_path) + 7;
}

static void be_victim(void) {
    struct sockaddr_un abstract;
    socklen_t length = abstract_address(&abstract);
    int local = socket(AF_UNIX, SOCK_STREAM, 0), network = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    if (bind(local, (struct sockaddr *)&abstract, length) || listen(local, 8)) perror("abstract");
    if (bind(network, (struct sockaddr *)&address, sizeof address) || listen(network, 8)) perror("network");
    if (shmget(KEY, 4096, IPC_CREAT | 0666) < 0) perror("shmget");
    int file = open("/dev/shm/victim", O_CREAT | O_RDWR, 0666);
    if (file < 0) perror("/dev/shm");
    puts("ready");
    fflush(stdout);
}

/* What another container has, of this pool or another. */
static void reach_others(void) {
    struct sockaddr_un abstract;
    socklen_t length = abstract_address(&abstract);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    inet_aton("127.0.0.1", &address.sin_addr);
    got(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&abstract, length) == 0, "abstract socket");
    got(connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address) == 0, "port");
    got(shmget(KEY, 0, 0) >= 0, "shared memory");
    got(access("/dev/shm/victim", F_OK) == 0, "/dev/shm");
}

/* The node's own process that holds this run. */
static void reach_keeper(void) {
    char byte, path[64];
    struct iovec here = {&byte, 1}, there = {(void *)&reach_keeper, 1};
    const char *namespaces[] = {"mnt", "user", "pid", "net", "ipc", "uts", "cgroup"};
    got(ptrace(PTRACE_SEIZE, 1, 0, 0) == 0, "ptrace");
    got(process_vm_readv(1, &here, 1, &there, 1, 0) == 1, "memory of process 1");
    for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++) {
        snprintf(path, sizeof path, "/proc/1/ns/%s", namespaces[i]);
        int opened = open(path, O_RDONLY);
        got(opened >= 0 && setns(opened, 0) == 0, path);
    }
    const char *files[] = {"/proc/1/mem", "/proc/1/environ", "/proc/1/root", "/proc/1/cwd", "/proc/1/fd/0"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) got(open(files[i], O_RDONLY) >= 0, files[i]);
}

/* A file system's root by its number, from whatever is mounted here of it. */
static void reach_file_systems(void) {
    const char *mounts[] = {"/", getenv("AZ_BATCH_NODE_ROOT_DIR"), "/etc/hosts", "/dev/null"};
    struct { struct file_handle head; unsigned char inode[8]; } handle = {{8, 1, {}}, {ROOT_INODE}};
    for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
        int at = mounts[i] ? open(mounts[i], O_RDONLY) : -1;
        got(at >= 0 && open_by_handle_at(at, &handle.head, O_RDONLY) >= 0, "a file system's root");
    }
}

/* The image has this very program as a set-user-id one of root's. */
static void rise(void) {
    got(geteuid() != getuid() || (getuid() != 0 && setuid(0) == 0), "another user");
}

/* Powers of the machine's administrator, used so that nothing happens. */
static void reach_kernel(void) {
    struct timeval now;
    gettimeofday(&now, NULL);
    got(settimeofday(&now, NULL) == 0, "the clock");
    got(syscall(SYS_init_module, "", 0, "") == 0 || errno != EPERM, "modules");
    struct perf_event_attr event = {.type = PERF_TYPE_SOFTWARE, .size = sizeof event};
    got(syscall(SYS_perf_event_open, &event, -1, 0, -1, 0) >= 0, "all processors' events");
    union bpf_attr program = {.prog_type = BPF_PROG_TYPE_KPROBE};
    got(syscall(SYS_bpf, BPF_PROG_LOAD, &program, sizeof program) >= 0, "bpf");
    got(syscall(SYS_syslog, 3, (char[64]){0}, 64) > 0, "the kernel's log");
    got(mknod("/tmp/disk", S_IFBLK | 0600, makedev(254, 0)) == 0, "a device");
    got(chroot("/proc/1/root") == 0, "another root");
}

int main(int argc, char **argv) {
    const char *mode = argc > 1 ? argv[1] : "";
    if (*mode) be_victim();
    if (strcmp(mode, "victim") == 0) pause();
    reach_others();
    if (!*mode) rise(), reach_keeper(), reach_file_systems(), reach_kernel();
    puts("end");
}
