/*
 * The sandbox of a node that is one: user, process, mount, network, IPC and host name namespaces of its own. What it is like the agent
 * decides and passes as words in the command line, and what is mounted in it (view.c) as the first command; this file only does it, and
 * says on stderr what it could not.
 *
 *   UIDS GIDS STAGE HOSTNAME PROCESSES CGROUP
 *       UIDS, GIDS    a line of uid_map, of gid_map: user_namespaces(7)
 *       STAGE         an empty folder, on which the new root is put together; other nodes may use it as well
 *       PROCESSES     how many there may be at a time, threads counted as well; 0 for as many as the machine allows
 *       CGROUP        the control group that the node's processes join, or empty
 */
#define _GNU_SOURCE
#include "files.h"
#include "filter.h"
#include "listeners.h"
#include "namespaces.h"
#include "node-ids.h"
#include "report.h"
#include "sandbox.h"
#include "view.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool write_map(pid_t pid, const char *map, const char *text) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, map);
    return write_file(path, text) || complain("write", path);
}

/* Who is outside gets at these namespaces through this process's descriptors: the init itself lets nobody look into it. */
static bool hold_namespace(pid_t pid, const char *name, int fd) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, name);
    int opened = open(path, O_RDONLY | O_CLOEXEC);
    if (opened < 0 || dup3(opened, fd, O_CLOEXEC) < 0) return complain("open", path);
    close(opened);
    return true;
}

/* Before anything of the node exists, so that nothing is left out. When the machine has no memory left, tasks go first. */
static bool join_limits(const char *cgroup) {
    write_file("/proc/self/oom_score_adj", "500");
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/cgroup.procs", cgroup);
    return *cgroup == 0 || (length < (int)sizeof path && write_file(path, "0"));
}

/* Returns 0 in the sandbox, once its ids are mapped. That takes somebody outside. */
pid_t fork_sandbox(char **words, char **pieces) {
    unsigned count = 0;
    sscanf(words[0], "%*u %*u %u", &count);
    has_task_id = count > TASK_ID;
    if (!join_limits(words[5])) return complain("join", words[5]), -1;
    int gate[2];
    if (!take_machine(pieces) || pipe2(gate, O_CLOEXEC) != 0) return -1;
    const unsigned long namespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
                                     CLONE_NEWUTS | CLONE_NEWCGROUP;
    pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD | namespaces, 0, 0, 0, 0);
    char go = 0;
    if (pid == 0) {
        close(gate[1]);
        if (read(gate[0], &go, 1) != 1) _exit(1);
        close(gate[0]);
        return 0;
    }
    close(gate[0]);
    if (pid < 0) return complain("clone", "namespaces"), -1;
    bool held = hold_namespace(pid, "user", USER_NAMESPACE_FD) && hold_namespace(pid, "net", NETWORK_NAMESPACE_FD);
    bool mapped = held && (has_task_id || write_map(pid, "setgroups", "deny")) && write_map(pid, "uid_map", words[0]) &&
                  write_map(pid, "gid_map", words[1]) && map_machine(pieces, USER_NAMESPACE_FD);
    if (mapped && write(gate[1], &go, 1) != 1) mapped = false;
    close(gate[1]);
    return mapped ? pid : -1;
}

/* Since Linux 6.14 a process namespace has a number of its own for how many it holds, those within included; before, each user
   of the node can have so many. Nobody in the node may raise the one or the other. */
static bool limit_processes(const char *count) {
    rlim_t most = strtoul(count, NULL, 10);
    if (most == 0) return true;
    write_file("/proc/sys/kernel/pid_max", count);
    return setrlimit(RLIMIT_NPROC, &(struct rlimit){most, most}) == 0;
}

/* Low ports, and ping, belong to a machine's administrator; in a node, where nobody has power over the network, to everybody. What the
   service needs listens before any task does. */
static void open_network(void) {
    write_file("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
    write_file("/proc/sys/net/ipv4/ping_group_range", has_task_id ? "0 1000" : "0 0"); /* TASK_ID: all are of its group */
}

/* In the sandbox: makes it what it is. */
bool enter_sandbox(char **words, char **pieces) {
    syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL); /* not the one that whoever started the service has */
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return complain("keep private", "/");
    if (!mount_view(words[2], pieces)) return false;
    if (!limit_processes(words[4])) return complain("limit", "processes");
    if (!raise_loopback()) return complain("configure", "lo");
    open_network();
    if (sethostname(words[3], strlen(words[3])) != 0) return complain("set", "the host name");
    /* From here on nobody has power over the node's network: which addresses stay inside is not theirs to say. */
    if (!lock_mounts(words)) return complain("lock", "the mounts");
    if (prctl(PR_CAPBSET_DROP, CAP_NET_ADMIN) != 0) return complain("drop", "CAP_NET_ADMIN");
    if (!filter_node()) return complain("filter", "system calls");
    return confine_mounts() || complain("share", "/");
}
