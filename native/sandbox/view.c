/*
 * What is seen in a node's sandbox, put together on a file system of its own that then becomes the root. The agent decides it and passes
 * it as words:
 *
 *   [VERB SOURCE TARGET]...
 *       ro, rw        the file or folder SOURCE, with all that is mounted below it, is seen at TARGET
 *       file          a file with the content SOURCE is seen at TARGET, in place of the one there
 *       link          TARGET is a symbolic link to SOURCE
 *       layer, own    the folder SOURCE has the name TARGET towards overlays, to be read, to be written
 *       mapped        the same as layer, but what belongs to the machine's users belongs to the sandbox's of the same numbers
 *       image         the same as mapped, but seen at TARGET: what containers are made from
 *       overlay       an overlay with SOURCE as its options is seen at TARGET; at / it is the root, which otherwise is empty and read-only
 *       folder        TARGET, towards overlays, is made when there is none
 *       once, private a file with the content SOURCE, for everybody to read or for root alone, is at TARGET when there is none
 *       any other     a file system of that type, with SOURCE as its options, is mounted on TARGET
 *
 * What lies in an overlay is the work of whoever administers the node: no path of it is followed to the machine's own files, for from
 * the moment on at which it is looked at, it is this process's root.
 */
#define _GNU_SOURCE
#include "files.h"
#include "memory.h"
#include "mounts.h"
#include "node-ids.h"
#include "report.h"
#include "view.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A copy of each piece's tree that is mounted nowhere yet, where it has one. */
static int *trees;

static bool is(char **piece, const char *verb) { return strcmp(piece[0], verb) == 0; }
static bool is_bind(char **piece) { return is(piece, "ro") || is(piece, "rw"); }
static bool is_mapped(char **piece) { return is(piece, "mapped") || is(piece, "image"); }
static bool is_layer(char **piece) { return is(piece, "layer") || is(piece, "own") || is(piece, "mapped"); }
static bool is_root(char **piece) { return is(piece, "overlay") && strcmp(piece[2], "/") == 0; }

/* Outside, before the sandbox is there: only who has power over a file system may show it with other owners. */
bool take_machine(char **pieces) {
    for (size_t i = 0; pieces[3 * i]; i++) {
        char **piece = pieces + 3 * i;
        trees = grown(trees, (i + 1) * sizeof *trees);
        trees[i] = is_mapped(piece) ? pick(piece[1], 0) : -1;
        if (is_mapped(piece) && trees[i] < 0) return complain("take", piece[1]);
    }
    return true;
}

/* Outside, once the ids are known. */
bool map_machine(char **pieces, int user_namespace) {
    for (size_t i = 0; pieces[3 * i]; i++) {
        if (trees[i] < 0) continue;
        if (!set_attributes(trees[i], READ_ONLY | NO_SUID | MAP_IDS, 0, user_namespace)) return complain("map", pieces[3 * i + 1]);
        close(trees[i]);
    }
    return true;
}

/* Before the ids are taken: the way to the node's folder may be open to its owner only. */
static bool take_trees(char **pieces) {
    for (size_t i = 0; pieces[3 * i]; i++) {
        char **piece = pieces + 3 * i;
        if (is_mapped(piece) || !(is_bind(piece) || is_layer(piece))) continue;
        unsigned extent = is_bind(piece) ? RECURSIVE : 0;
        bool is_writable = is(piece, "rw") || is(piece, "own");
        trees[i] = pick(piece[1], extent);
        if (trees[i] < 0 || !set_attributes(trees[i], NO_SUID | (is_writable ? 0 : READ_ONLY), extent, 0))
            return complain("take", piece[1]);
    }
    return true;
}

/* It keeps its name: on a file without one nobody could mount, as a login does. */
static int made_file(size_t number, const char *content) {
    char folder[] = ".files", name[32];
    snprintf(name, sizeof name, "%s/%zu", folder, number);
    int tree = make_folder(folder) && write_new(name, 0644, content) ? pick(name, 0) : -1;
    return tree >= 0 && set_attributes(tree, READ_ONLY | NO_SUID, 0, 0) ? tree : -1;
}

static int made_overlay(size_t number, const char *options) {
    char name[32];
    snprintf(name, sizeof name, "overlays/%zu", number);
    if (!make_folder(name) || mount("overlay", name, "overlay", MS_NOSUID | MS_NODEV, options) != 0) return -1;
    int tree = pick(name, 0);
    return umount2(name, MNT_DETACH) == 0 ? tree : -1;
}

/* From here on nobody in the sandbox has an id of the outside, and what the sandbox's root makes is its own. */
static bool take_ids(void) {
    return (!has_task_id || setgroups(0, NULL) == 0) && setresgid(ADMIN_ID, ADMIN_ID, ADMIN_ID) == 0 &&
           setresuid(ADMIN_ID, ADMIN_ID, ADMIN_ID) == 0;
}

/* What only this file system has names for, as long as it is the current folder. */
static bool make_trees(char **pieces) {
    for (size_t i = 0; pieces[3 * i]; i++) {
        char **piece = pieces + 3 * i;
        bool done = true;
        if (is_layer(piece)) done = put(trees[i], piece[2] + 1);
        else if (is(piece, "folder")) done = make_folder(piece[2] + 1);
        else if (is(piece, "overlay")) done = (trees[i] = made_overlay(i, piece[1])) >= 0;
        else if (is(piece, "file")) done = (trees[i] = made_file(i, piece[1])) >= 0;
        if (!done) return complain(piece[0], piece[2]);
    }
    return true;
}

/* In a root of the node's own. Returns a way back out, or -1 for an error, or 0 where there is none. */
static int enter_root(char **pieces) {
    char name[] = "root";
    for (size_t i = 0; pieces[3 * i]; i++) {
        if (!is_root(pieces + 3 * i)) continue;
        int outside = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
        return outside > 0 && put(trees[i], name) && chdir(name) == 0 && chroot(".") == 0 ? outside : -1;
    }
    return 0;
}

static bool show(char **piece, int tree) {
    char *target = piece[2] + 1;
    if (is_layer(piece) || is(piece, "folder") || is_root(piece)) return true;
    if (is_bind(piece) || is(piece, "image") || is(piece, "overlay") || is(piece, "file")) return put(tree, target);
    if (is(piece, "link")) return make_link(piece[1], target);
    if (is(piece, "once")) return write_new(target, 0644, piece[1]) || errno == EEXIST;
    if (is(piece, "private")) return write_new(target, 0600, piece[1]) || errno == EEXIST;
    return mount_new(piece[0], piece[1], target) || is(piece, "sysfs");
}

bool mount_view(char *stage, char **pieces) {
    if (!take_trees(pieces)) return false;
    if (mount("tmpfs", stage, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,uid=0,gid=0") != 0 || chdir(stage) != 0)
        return complain("mount", stage);
    if (!take_ids()) return complain("become", "root of the sandbox");
    if (!make_trees(pieces)) return false;
    int outside = enter_root(pieces);
    if (outside < 0) return complain("enter", "the root");
    for (size_t i = 0; pieces[3 * i]; i++)
        if (!show(pieces + 3 * i, trees[i])) return complain(pieces[3 * i], pieces[3 * i + 2]);
    if (outside > 0 && !leave_root(outside)) return complain("leave", "the root");
    if (syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0 || chdir("/") != 0) return complain("enter", stage);
    struct mount_attributes read_only = {.set = READ_ONLY};
    return outside > 0 || syscall(MOUNT_SETATTR, AT_FDCWD, "/", 0, &read_only, sizeof read_only) == 0 || complain("lock", "/");
}
