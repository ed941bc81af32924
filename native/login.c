/*
 * A login: a program that speaks with somebody outside over a stream, as sshd does for one connection. It shares the node's
 * processes, for whoever logs in looks after the node's tasks, and sees files of its own, which the agent passes as words:
 *
 *   MODE CONTENT TARGET    a file with these permissions (octal), the sandbox's root's; below /run/login when TARGET is relative,
 *                          else seen instead of the one there
 *   folder ID TARGET       a folder of whoever has this id, when there is none
 *
 * Nobody else sees the files, and they go with the last process of the login.
 */
#define _GNU_SOURCE
#include "files.h"
#include "keeper.h"
#include "listeners.h"
#include "login.h"
#include "memory.h"
#include "report.h"
#include "sandbox/namespaces.h"
#include "sandbox/node-ids.h"
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILES "/run/login"

/* One that only leads to something mounted below it becomes theirs. */
static bool make_home(const char *id, const char *path) {
    uid_t owner = (uid_t)strtoul(id, NULL, 10);
    struct stat status;
    if (mkdir(path, 0700) == 0) return lchown(path, owner, owner) == 0;
    if (errno != EEXIST || lstat(path, &status) != 0) return false;
    return status.st_uid != ADMIN_ID || !S_ISDIR(status.st_mode) || lchown(path, owner, owner) == 0;
}

static bool show_file(const char *mode, const char *content, char *target) {
    bool is_instead = *target == '/';
    char *name = is_instead ? strrchr(target, '/') + 1 : target;
    char *slash = strchr(name, '/');
    if (slash) {
        *slash = 0;
        bool made = make_folder(name);
        *slash = '/';
        if (!made) return false;
    }
    if (!write_new(name, (mode_t)strtoul(mode, NULL, 8), content)) return false;
    return !is_instead || mount(name, target, NULL, MS_BIND, NULL) == 0;
}

static bool show_files(char **words) {
    char folder[] = FILES;
    /* What tasks mount is seen by logins as well; what is mounted here, by nobody else. */
    if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0 || !make_folder(folder) ||
        mount("tmpfs", FILES, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=755") != 0 || chdir(FILES) != 0)
        return complain("mount", FILES);
    for (; *words; words += 3) {
        bool is_folder = strcmp(words[0], "folder") == 0;
        bool shown = is_folder ? make_home(words[1], words[2]) : show_file(words[0], words[1], words[2]);
        if (!shown) return complain("show", words[2]);
    }
    return chdir("/") == 0;
}

/* The next word says how many follow; these, and a NULL. */
static char **take_words(char **at, const char *end) {
    size_t count = *at < end ? strtoul(*at, NULL, 10) : 0;
    if (*at < end && count > (size_t)(end - *at)) _exit(1); /* no word is shorter than its NUL */
    char **words = grown(NULL, (count + 1) * sizeof *words);
    for (size_t i = 0; i < count; i++) {
        *at += strlen(*at) + 1;
        if (*at >= end) _exit(1);
        words[i] = *at;
    }
    if (*at < end) *at += strlen(*at) + 1;
    words[count] = NULL;
    return words;
}

static _Noreturn void keep_login(unsigned long id, int stream, char *payload, size_t length) {
    const char *end = payload + length;
    char **files = take_words(&payload, end), **argv = take_words(&payload, end), **environment = take_words(&payload, end);
    containment = SESSION;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    size_t words = 0;
    while (files[words]) words++;
    if (words % 3 != 0 || argv[0] == NULL) _exit(1);
    if (!show_files(files)) give_up(id, "view", errno);
    if (dup2(stream, 0) < 0 || dup2(stream, 1) < 0 || !discard(2)) give_up(id, "files", errno);
    close(stream);
    run_command(id, "", argv, environment, true);
}

pid_t fork_login(unsigned long id, char *payload, size_t length) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
    pid_t keeper = (pid_t)syscall(SYS_clone, SIGCHLD | CLONE_NEWNS, 0, 0, 0, 0);
    if (keeper == 0) {
        close(ends[0]);
        keep_login(id, ends[1], payload, length);
    }
    close(ends[1]);
    if (keeper > 0) pass_stream(id, ends[0]);
    close(ends[0]);
    return keeper;
}
