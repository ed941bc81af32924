/*
 * The user namespace of an agent that is not root but has been given subordinate ids: subuid(5). The agent's own id is 0 in
 * it, and the others follow from 1 on. A program of the distribution, newuidmap(1), maps them; this file only asks it to, and
 * says on stderr what it could not.
 *
 *   UIDS GIDS FOLDER [PROGRAM WORD...]
 *       UIDS, GIDS    what newuidmap(1), newgidmap(1) take after the process id, with blanks in between
 *       FOLDER        files in here must be of such a kind that they can be given to those ids
 *       PROGRAM       becomes this process; without it the whole was a trial
 */
#define _GNU_SOURCE
#include "children.h"
#include "ids.h"
#include "node-ids.h"
#include "report.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_WORDS = 32 };
/* The same in src/agent/id-namespace.ts. */
enum { TABLES_FD = 30 };

static bool map_ids(const char *program, pid_t pid, char *ids) {
    char number[16];
    snprintf(number, sizeof number, "%d", pid);
    char *words[MAX_WORDS] = {(char *)program, number};
    size_t count = 2;
    for (char *word = strtok(ids, " "); word && count < MAX_WORDS - 1; word = strtok(NULL, " ")) words[count++] = word;
    pid_t mapper = fork();
    if (mapper == 0) {
        execvp(program, words);
        complain("run", program);
        _exit(1);
    }
    return mapper > 0 && wait_for(mapper) == 0;
}

/* The one who stays outside the namespace, where newuidmap has its rights, until the other has made it. */
static pid_t fork_mapper(char **words, int gate[2]) {
    pid_t agent = getpid(), mapper = fork();
    if (mapper != 0) return mapper;
    char go;
    close(gate[1]);
    if (read(gate[0], &go, 1) != 1) _exit(1);
    _exit(!(map_ids("newuidmap", agent, words[0]) && map_ids("newgidmap", agent, words[1])));
}

/* Some kernels give the namespace and keep its rights back, some file systems know no owners. */
static bool gives_files_away(const char *folder) {
    char path[4096];
    snprintf(path, sizeof path, "%s/.ids-%d", folder, getpid());
    if (mkdir(path, 0700) != 0) return false;
    bool given = lchown(path, TASK_ID, TASK_ID) == 0;
    int error = errno;
    rmdir(path);
    errno = error;
    return given;
}

/* Who is at the other end of a connection the kernel tells by the ids of whoever opened its table: here they are the machine's. */
static bool keep_tables(void) {
    const char *tables[] = {"/proc/self/net/tcp", "/proc/self/net/tcp6"};
    for (int i = 0; i < 2; i++) {
        int fd = open(tables[i], O_RDONLY | O_CLOEXEC);
        if (fd < 0 && errno == ENOENT) continue; /* a kernel without IPv6 */
        if (fd < 0 || dup2(fd, TABLES_FD + i) < 0) return false;
        close(fd);
    }
    return true;
}

int run_with_ids(char **words) {
    if (words[3] != NULL && !keep_tables()) return complain("read", "/proc/self/net"), 1;
    int gate[2];
    if (pipe2(gate, O_CLOEXEC) != 0) return complain("make", "a pipe"), 1;
    pid_t mapper = fork_mapper(words, gate);
    if (mapper < 0) return complain("make", "a process"), 1;
    if (unshare(CLONE_NEWUSER) != 0) return complain("make", "a user namespace"), 1;
    if (write(gate[1], "", 1) != 1 || wait_for(mapper) != 0) return 1;
    close(gate[0]);
    close(gate[1]);
    if (!gives_files_away(words[2])) return complain("give away files in", words[2]), 1;
    if (words[3] == NULL) return 0;
    execv(words[3], words + 3);
    return complain("run", words[3]), 1;
}
