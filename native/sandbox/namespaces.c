/*
 * The namespaces of a node that shares the machine with everybody else, and of each run on any node. Where the kernel
 * refuses some of them, `probe` finds what is left.
 */
#define _GNU_SOURCE
#include "children.h"
#include "files.h"
#include "namespaces.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum containment containment;
const char *own_uid, *own_gid;

/* Puts the children to come into a new PID namespace, and itself into a new mount namespace. Whoever may not do so as
   they are do it inside a user namespace that maps nobody but themselves, to themselves. */
bool unshare_node(void) {
    const int namespaces = CLONE_NEWPID | CLONE_NEWNS;
    if (own_uid == NULL && unshare(namespaces) == 0) return true;
    char uid_map[64], gid_map[64], uid[16], gid[16];
    snprintf(uid, sizeof uid, "%u", geteuid());
    snprintf(gid, sizeof gid, "%u", getegid());
    snprintf(uid_map, sizeof uid_map, "%s %s 1", own_uid ? own_uid : uid, uid);
    snprintf(gid_map, sizeof gid_map, "%s %s 1", own_gid ? own_gid : gid, gid);
    return unshare(CLONE_NEWUSER | namespaces) == 0 && write_file("/proc/self/setgroups", "deny") &&
           write_file("/proc/self/uid_map", uid_map) && write_file("/proc/self/gid_map", gid_map);
}

/* The same ids as outside, each by itself: a line of uid_map, of gid_map, for whoever is within another map already. */
static bool write_same(const char *path, const char *map) {
    char text[4096];
    size_t length = 0;
    for (const char *line = map; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        unsigned first, count;
        if (sscanf(line, "%u %*u %u", &first, &count) != 2) continue;
        length += (size_t)snprintf(text + length, sizeof text - length, "%u %u %u\n", first, first, count);
        if (length >= sizeof text) return false;
    }
    return write_file(path, text);
}

/* Puts this process, PID 1 of a node's sandbox, into a user namespace within the sandbox's, with the same ids, and a mount namespace of
   that one. What has been mounted before is locked there: nobody takes it away, or writes where it is read-only, whatever power
   they have in the node. Who maps the ids has to have stayed outside. */
bool lock_mounts(char **words) {
    int gate[2];
    char go = 0;
    if (pipe2(gate, O_CLOEXEC) != 0) return false;
    pid_t mapper = fork();
    if (mapper == 0) {
        close(gate[1]);
        bool mapped = read(gate[0], &go, 1) == 1 && write_same("/proc/1/uid_map", words[0]) && write_same("/proc/1/gid_map", words[1]);
        _exit(!mapped);
    }
    close(gate[0]);
    /* The files in which its ids are mapped are its own only as long as it could be dumped; nobody is there yet who could look. */
    bool done = mapper > 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && prctl(PR_SET_DUMPABLE, 1) == 0 &&
                write(gate[1], &go, 1) == 1;
    int error = errno;
    close(gate[1]);
    bool mapped = mapper > 0 && wait_for(mapper) == 0;
    errno = done ? EPERM : error;
    return done && mapped;
}

/* What the start task mounts is seen by the node's later tasks, for start tasks mount shares, and never by the host. Each keeper's
   own /proc is the exception. */
bool confine_mounts(void) {
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL) == 0 && mount(NULL, "/proc", NULL, MS_PRIVATE, NULL) == 0;
}

/* What this process mounts is its own; what the others share goes on to be seen. */
bool keep_mounts(void) { return mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) == 0; }

bool mount_proc(void) {
    return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0;
}

pid_t fork_keeper(enum containment level) {
    unsigned long flags = SIGCHLD;
    if (level >= PID_NAMESPACE) flags |= CLONE_NEWPID;
    if (level >= PID_NAMESPACE_AND_PROC) flags |= CLONE_NEWNS;
    return (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
}

/* Goes through all of it in a process that is then thrown away: a half-made user namespace cannot be left again. */
enum containment probe(void) {
    pid_t outer = fork();
    if (outer == 0) {
        if (!unshare_node()) _exit(SESSION);
        pid_t inner = fork();
        if (inner != 0) _exit(inner < 0 ? SESSION : wait_for(inner));
        for (enum containment level = PID_NAMESPACE_AND_PROC; level > SESSION; level--) {
            if (level == PID_NAMESPACE_AND_PROC && !confine_mounts()) continue;
            pid_t keeper = fork_keeper(level);
            if (keeper == 0) _exit(level == PID_NAMESPACE_AND_PROC && !mount_proc());
            if (keeper > 0 && wait_for(keeper) == 0) _exit((int)level);
        }
        _exit(SESSION);
    }
    int level = outer < 0 ? SESSION : wait_for(outer);
    return level <= PID_NAMESPACE_AND_PROC ? (enum containment)level : SESSION;
}
