/* Trees of mounts, picked up and put down. */
#ifndef MOUNTS_H
#define MOUNTS_H
#include <stdbool.h>
#include <stdint.h>

/* Linux 5.2 and 5.12; not every C library has them. The numbers are those of all architectures. */
enum { OPEN_TREE = 428, MOVE_MOUNT = 429, MOUNT_SETATTR = 442 };
enum { CLONE_TREE = 1, MOVE_FROM_FD = 4, READ_ONLY = 1, NO_SUID = 2, MAP_IDS = 0x100000, RECURSIVE = 0x8000 };

struct mount_attributes {
    uint64_t set, clear, propagation, user_namespace;
};

/* Returns a copy of the tree that SOURCE is the root of, mounted nowhere yet, or -1. */
int pick(const char *source, unsigned extent);
bool set_attributes(int tree, uint64_t set, unsigned extent, int user_namespace);
/* Mounts it on TARGET, which is made where it is missing. */
bool put(int tree, char *target);
/* A file that was replaced while it was mounted: the kernel mounts it nowhere else. */
bool is_nameless(int tree);
/* Makes TARGET a copy of it, which nobody writes to. Takes /proc, at `proc`. */
bool put_copy(int tree, char *target);
/* A file system of its own on TARGET. */
bool mount_new(const char *type, const char *options, char *target);
/* Leaves what is there already. */
bool make_link(const char *source, char *target);
/* Out of a chroot, with the current folder where it is; OUTSIDE is closed. */
bool leave_root(int outside);

#endif
