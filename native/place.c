/*
 * The place of a node that is one: user, process, mount, network, IPC and host name namespaces of its own. What is mounted
 * in it the agent decides and passes as words, the first six in the command line, the others as the first command; this file
 * only does it, and says on stderr what it could not.
 *
 *   UIDS GIDS STAGE HOSTNAME PROCESSES CGROUP
 *       UIDS, GIDS    a line of uid_map, of gid_map: user_namespaces(7)
 *       STAGE         an empty folder, on which the new root is put together; other nodes may use it as well
 *       PROCESSES     how many there may be at a time, threads counted as well; 0 for as many as the machine allows
 *       CGROUP        the control group that the node's processes join, or empty
 *   [VERB SOURCE TARGET]...
 *       ro, rw        the file or folder SOURCE, with all that is mounted below it, is seen at TARGET
 *       file          a file with the content SOURCE is seen at TARGET, in place of the one there
 *       link          TARGET is a symbolic link to SOURCE
 *       any other     a file system of that type, with SOURCE as its options, is mounted on TARGET
 */
#include "node-init.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

bool has_task_id;

/* Linux 5.2 and 5.12; not every C library has them. The numbers are those of all architectures. */
enum { OPEN_TREE = 428, MOVE_MOUNT = 429, MOUNT_SETATTR = 442 };
enum { CLONE_TREE = 1, MOVE_FROM_FD = 4, READ_ONLY = 1, NO_SUID = 2, RECURSIVE = 0x8000 };

struct mount_attributes {
    uint64_t set, clear, propagation, user_namespace;
};

bool complain(const char *what, const char *name) {
    dprintf(2, "node-init: %s %s: %s\n", what, name, strerror(errno));
    return false;
}

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

/* Returns 0 in the place, once its ids are mapped. That takes somebody outside. */
pid_t fork_place(char **words) {
    unsigned count = 0;
    sscanf(words[0], "%*u %*u %u", &count);
    has_task_id = count > TASK_ID;
    if (!join_limits(words[5])) return complain("join", words[5]), -1;
    int gate[2];
    if (pipe2(gate, O_CLOEXEC) != 0) return -1;
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
                  write_map(pid, "gid_map", words[1]);
    if (mapped && write(gate[1], &go, 1) != 1) mapped = false;
    close(gate[1]);
    return mapped ? pid : -1;
}

static bool is_bind(const char *verb) { return strcmp(verb, "ro") == 0 || strcmp(verb, "rw") == 0; }

/* A copy of the tree, that is mounted nowhere yet. */
static int pick(const char *verb, const char *source) {
    int tree = (int)syscall(OPEN_TREE, AT_FDCWD, source, CLONE_TREE | O_CLOEXEC | RECURSIVE);
    struct mount_attributes attributes = {.set = NO_SUID | (strcmp(verb, "ro") == 0 ? READ_ONLY : 0)};
    if (tree < 0) return -1;
    return syscall(MOUNT_SETATTR, tree, "", AT_EMPTY_PATH | RECURSIVE, &attributes, sizeof attributes) == 0 ? tree : -1;
}

static bool make_parent(char *path) {
    char *slash = strrchr(path, '/');
    if (slash == NULL) return true;
    *slash = 0;
    bool made = make_folder(path);
    *slash = '/';
    return made;
}

static bool put(int tree, char *target) {
    struct stat status;
    if (fstat(tree, &status) != 0) return false;
    if (S_ISDIR(status.st_mode)) {
        if (!make_folder(target)) return false;
    } else if (access(target, F_OK) != 0) {
        int file = make_parent(target) ? open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644) : -1;
        if (file < 0) return false;
        close(file);
    }
    bool moved = syscall(MOVE_MOUNT, tree, "", AT_FDCWD, target, MOVE_FROM_FD) == 0;
    close(tree);
    return moved;
}

/* It keeps its name: on a file without one nobody could mount, as a login does. */
static bool put_content(const char *content, char *target) {
    static unsigned count;
    char folder[] = ".files", name[32];
    snprintf(name, sizeof name, "%s/%u", folder, count++);
    int tree = make_folder(folder) && write_new(name, 0644, content) ? pick("ro", name) : -1;
    return tree >= 0 && put(tree, target);
}

static bool mount_new(const char *type, const char *options, char *target) {
    unsigned long flags = MS_NOSUID;
    if (strcmp(type, "tmpfs") != 0) flags |= MS_NOEXEC;
    if (strcmp(type, "devpts") != 0) flags |= MS_NODEV;
    if (strcmp(type, "sysfs") == 0) flags |= MS_RDONLY;
    return make_folder(target) && mount(type, target, type, flags, options) == 0;
}

/* From here on nobody in the place has an id of the outside, and what the place's root makes is its own. */
static bool take_ids(void) {
    return (!has_task_id || setgroups(0, NULL) == 0) && setresgid(ADMIN_ID, ADMIN_ID, ADMIN_ID) == 0 &&
           setresuid(ADMIN_ID, ADMIN_ID, ADMIN_ID) == 0;
}

static bool mount_view(char *stage, char **pieces) {
    size_t count = 0;
    int *trees = NULL;
    for (char **piece = pieces; *piece; piece += 3, count++) {
        trees = grown(trees, (count + 1) * sizeof *trees);
        if (!is_bind(piece[0])) continue;
        /* Before the ids are taken: the way to the node's folder may be open to its owner only. */
        trees[count] = pick(piece[0], piece[1]);
        if (trees[count] < 0) return complain("take", piece[1]);
    }
    if (mount("tmpfs", stage, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,uid=0,gid=0") != 0 || chdir(stage) != 0)
        return complain("mount", stage);
    if (!take_ids()) return complain("become", "root of the place");
    for (size_t i = 0; i < count; i++) {
        char *verb = pieces[3 * i], *source = pieces[3 * i + 1], *target = pieces[3 * i + 2] + 1;
        bool done = is_bind(verb)                 ? put(trees[i], target)
                    : strcmp(verb, "file") == 0 ? put_content(source, target)
                    : strcmp(verb, "link") == 0 ? make_parent(target) && symlink(source, target) == 0
                                                  : mount_new(verb, source, target);
        if (!done && strcmp(verb, "sysfs") != 0) return complain(verb, target);
    }
    struct mount_attributes read_only = {.set = READ_ONLY};
    if (syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0 || chdir("/") != 0 ||
        syscall(MOUNT_SETATTR, AT_FDCWD, "/", 0, &read_only, sizeof read_only) != 0)
        return complain("enter", stage);
    return true;
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

/* In the place: makes it what it is. */
bool enter_place(char **words, char **pieces) {
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
