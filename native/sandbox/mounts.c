/*
 * Trees of mounts: a copy of one is picked up, given its attributes, and put down somewhere else. Knows no paths of its own.
 */
#define _GNU_SOURCE
#include "files.h"
#include "mounts.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Bytes. What is shown to containers as a file are lists of names and of certificates. */
enum { COPY_MAX = 4 << 20 };

int pick(const char *source, unsigned extent) {
    return (int)syscall(OPEN_TREE, AT_FDCWD, source, CLONE_TREE | O_CLOEXEC | extent);
}

bool set_attributes(int tree, uint64_t set, unsigned extent, int user_namespace) {
    struct mount_attributes attributes = {.set = set, .user_namespace = (uint64_t)user_namespace};
    return syscall(MOUNT_SETATTR, tree, "", AT_EMPTY_PATH | extent, &attributes, sizeof attributes) == 0;
}

static bool make_parent(char *path) {
    char *slash = strrchr(path, '/');
    if (slash == NULL) return true;
    *slash = 0;
    bool made = make_folder(path);
    *slash = '/';
    return made;
}

bool put(int tree, char *target) {
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

bool is_nameless(int tree) {
    struct stat status;
    return fstat(tree, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 0;
}

bool put_copy(int tree, char *target) {
    char path[64];
    snprintf(path, sizeof path, "proc/self/fd/%d", tree);
    int from = open(path, O_RDONLY | O_CLOEXEC);
    close(tree);
    if (from < 0) return false;
    /* The image may have something there already. */
    bool can = make_parent(target) && (unlink(target) == 0 || errno == ENOENT);
    int to = can ? open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444) : -1;
    ssize_t copied = to < 0 ? -1 : COPY_MAX;
    for (size_t all = 0; copied > 0 && all < COPY_MAX; all += (size_t)copied)
        copied = sendfile(to, from, NULL, COPY_MAX - all);
    int error = copied > 0 ? EFBIG : errno;
    if (to >= 0) close(to);
    close(from);
    errno = error;
    return copied == 0;
}

bool mount_new(const char *type, const char *options, char *target) {
    unsigned long flags = MS_NOSUID;
    if (strcmp(type, "tmpfs") != 0) flags |= MS_NOEXEC;
    if (strcmp(type, "devpts") != 0) flags |= MS_NODEV;
    if (strcmp(type, "sysfs") == 0) flags |= MS_RDONLY;
    return make_folder(target) && mount(type, target, type, flags, options) == 0;
}

bool make_link(const char *source, char *target) {
    return make_parent(target) && (symlink(source, target) == 0 || errno == EEXIST);
}

bool leave_root(int outside) {
    int inside = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    bool left = inside >= 0 && fchdir(outside) == 0 && chroot(".") == 0 && fchdir(inside) == 0;
    close(inside);
    close(outside);
    return left;
}
