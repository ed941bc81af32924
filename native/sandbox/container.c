/*
 * The container of one run: from when it is entered this process sees an image, which it may change for itself, and of the node what is
 * shown, but none of its programs. The agent decides what is shown and passes it as words:
 *
 *   [VERB SOURCE TARGET]...
 *       ro, rw        the node's file or folder SOURCE, with all that is mounted below it, is seen at TARGET; nothing where it is missing.
 *                     A file that the machine has replaced since the node began is seen as the node sees it, as a copy
 *       user-ro, user-rw
 *                     the same, where the run's user gets to it. A missing folder is made, as that user; where it cannot be, TARGET is
 *                     an empty folder of the container's
 *       tmpfs         a file system in memory, with SOURCE as its options, is mounted on TARGET
 *       link          TARGET is a symbolic link to SOURCE
 *       hostname      TARGET is what the container calls itself
 *       network       the container has the network TARGET: "none", of its own, in which it is alone
 *       cpus          the container runs on TARGET processors at most
 *       limit         the command's resource number SOURCE is held to TARGET: "SOFT HARD", setrlimit(2)
 *
 * In the image nothing is trusted: what is mounted is mounted after a chroot(2) into it, so that its links lead nowhere else. The node's
 * paths are looked at before it, and those that a user names with that user's eyes.
 */
#define _GNU_SOURCE
#include "container.h"
#include "files.h"
#include "listeners.h"
#include "memory.h"
#include "mounts.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char container_folder[] = "/.containers";
enum { NO_TREE = -1 };

/* Kept for the command, which is started later. */
static char **limits_of;

static bool is(char **piece, const char *verb) { return strcmp(piece[0], verb) == 0; }
static bool is_users(char **piece) { return is(piece, "user-ro") || is(piece, "user-rw"); }
static bool is_shown(char **piece) { return is(piece, "ro") || is(piece, "rw"); }
static bool is_read_only(char **piece) { return is(piece, "ro") || is(piece, "user-ro"); }

/* With fsuid 0 gone the kernel takes the power over other people's files as well, for as long. */
static int open_as_user(char *path, uid_t uid, gid_t gid) {
    setfsgid(gid);
    setfsuid(uid);
    int opened = open(path, O_PATH | O_CLOEXEC);
    if (opened < 0 && errno == ENOENT) {
        opened = make_folder(path) ? open(path, O_PATH | O_CLOEXEC) : -1;
        if (opened < 0) errno = ENOENT;
    }
    int error = errno;
    setfsuid(0);
    setfsgid(0);
    errno = error;
    return opened;
}

/* False for a folder that the user may not look into. One that is nowhere is no tree. */
static bool pick_users(char **piece, uid_t uid, gid_t gid, int *tree) {
    int opened = open_as_user(piece[1], uid, gid);
    *tree = NO_TREE;
    if (opened < 0) return errno == ENOENT;
    *tree = (int)syscall(OPEN_TREE, opened, "", AT_EMPTY_PATH | CLONE_TREE | O_CLOEXEC | RECURSIVE);
    int error = errno;
    close(opened);
    errno = error;
    return *tree >= 0;
}

static bool pick_piece(char **piece, const struct container *container, int *tree) {
    *tree = NO_TREE;
    if (is_users(piece)) {
        if (!pick_users(piece, container->uid, container->gid, tree)) return false;
    } else if (is_shown(piece)) *tree = pick(piece[1], RECURSIVE);
    return *tree < 0 || !is_read_only(piece) || set_attributes(*tree, READ_ONLY, RECURSIVE, 0);
}

static bool stay_on(unsigned long id, size_t count) {
    cpu_set_t allowed, wanted;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return false;
    size_t there = (size_t)CPU_COUNT(&allowed), seen = 0;
    if (count >= there) return true;
    CPU_ZERO(&wanted);
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &allowed) && (seen++ + there - id % there) % there < count) CPU_SET(cpu, &wanted);
    return sched_setaffinity(0, sizeof wanted, &wanted) == 0;
}

/* What is no mount. */
static bool set_apart(unsigned long id, char **piece) {
    if (is(piece, "hostname")) return unshare(CLONE_NEWUTS) == 0 && sethostname(piece[2], strlen(piece[2])) == 0;
    if (is(piece, "network")) return unshare(CLONE_NEWNET) == 0 && raise_loopback();
    if (is(piece, "cpus")) return stay_on(id, strtoul(piece[2], NULL, 10));
    return true;
}

static bool show(char **piece, int tree) {
    char *target = piece[2] + 1;
    if (tree >= 0) return is_nameless(tree) ? put_copy(tree, target) : put(tree, target);
    if (is_users(piece)) return make_folder(target);
    if (is(piece, "tmpfs")) return mount_new("tmpfs", piece[1], target);
    if (is(piece, "link")) return make_link(piece[1], target);
    return true;
}

static bool mount_image(unsigned long id, const char *image) {
    char name[64], options[4096], upper[96], work[96], root[96];
    snprintf(name, sizeof name, "%s/%lu", container_folder, id);
    snprintf(upper, sizeof upper, "%s/upper", name);
    snprintf(work, sizeof work, "%s/work", name);
    snprintf(root, sizeof root, "%s/root", name);
    int length = snprintf(options, sizeof options, "lowerdir=%s,upperdir=%s,workdir=%s,userxattr,volatile", image, upper, work);
    return length < (int)sizeof options && make_folder(upper) && make_folder(work) && make_folder(root) &&
           mount("overlay", root, "overlay", MS_NOSUID | MS_NODEV, options) == 0 && chdir(root) == 0;
}

/* In the image: what is shown later may have it already. */
static bool make_working_folder(const struct container *container) {
    char *path = container->working_folder;
    struct stat status;
    if (stat(path, &status) == 0) return true;
    return make_folder(path) && chown(path, container->uid, container->gid) == 0;
}

bool enter_container(unsigned long id, struct container container) {
    int *trees = NULL;
    size_t count = 0;
    limits_of = container.pieces;
    for (char **piece = container.pieces; *piece; piece += 3) {
        trees = grown(trees, (count + 1) * sizeof *trees);
        if (!pick_piece(piece, &container, &trees[count++])) return false;
    }
    /* Of its own, as with other engines: what tasks before have left there is not this one's to find. */
    if (unshare(CLONE_NEWIPC) != 0 || !mount_image(id, container.image)) return false;
    int outside = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (outside < 0 || chroot(".") != 0) return false;
    char proc[] = "proc", tmp[] = "tmp", run[] = "run";
    bool seen = make_working_folder(&container) && mount_new("proc", "", proc) && make_folder(tmp) && chmod(tmp, 01777) == 0 &&
                mount_new("tmpfs", "mode=755,size=16m", run);
    for (size_t i = 0; i < count && seen; i++) seen = show(container.pieces + 3 * i, trees[i]);
    for (size_t i = 0; i < count && seen; i++) seen = set_apart(id, container.pieces + 3 * i);
    return seen && leave_root(outside) && syscall(SYS_pivot_root, ".", ".") == 0 && umount2(".", MNT_DETACH) == 0 && chdir("/") == 0;
}

bool limit_command(void) {
    for (char **piece = limits_of; piece && *piece; piece += 3) {
        unsigned long long soft, hard;
        if (!is(piece, "limit") || sscanf(piece[2], "%llu %llu", &soft, &hard) != 2) continue;
        if (setrlimit((unsigned)atoi(piece[1]), &(struct rlimit){soft, hard}) != 0) return false;
    }
    return true;
}
