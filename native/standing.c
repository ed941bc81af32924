/*
 * Keepers that stand ready for the next run: to make one, with its namespaces, its mounts and its filter, and to take it down again
 * takes as long as many a command.
 *
 *   made ──▶ has a run ──▶ waits ──▶ has a run …
 *                │           └──(for SECONDS_OF_WAITING)──▶ killed
 *                └──(its run is killed, or cannot begin)──▶ gone
 *
 * Only runs are held one after the other that can leave nothing behind there: those of users without power over the node. When such a
 * run is over, all its processes are dead and waited for, and it could not have mounted anything. Whoever may mount has a keeper alone.
 *
 * The init and its keeper share a page. Which run the keeper has, the init writes when it hands it over, and the keeper takes back once
 * it has told the agent of its end: whatever happens in between, one of the two tells it, and the agent passes over a second time.
 */
#define _GNU_SOURCE
#include "children.h"
#include "keeper.h"
#include "memory.h"
#include "report.h"
#include "sandbox/namespaces.h"
#include "standing.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { POSTS = 64, SECONDS_OF_WAITING = 2, ORDER_MAX = 60000 }; /* of bytes: an empty pipe takes it in one piece */

/* What the init and one keeper share. */
struct post {
    volatile unsigned long run;     /* 0: none */
    volatile unsigned long term_of; /* whom the last SIGTERM is for */
    volatile time_t free_since;
    struct used before; /* by all its runs but the one that it has */
};
static struct post *posts;

/* What the init alone knows of it. */
static struct {
    pid_t pid; /* 0: none */
    int orders;
    bool is_dismissed;
} keepers[POSTS];
static size_t keepers_count;

static time_t seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec;
}

static bool read_whole(int fd, void *to, size_t length) {
    for (size_t filled = 0; filled < length;) {
        ssize_t got = read(fd, (char *)to + filled, length - filled);
        if (got <= 0 && (got == 0 || errno != EINTR)) return false;
        if (got > 0) filled += (size_t)got;
    }
    return true;
}

/* The keeper's life. */
static _Noreturn void stand(struct post *post, int orders) {
    char *payload = NULL;
    size_t room = 0, length;
    if (!keep_mounts() || !mount_proc() || !keep_many(&post->term_of)) give_up(post->run, "namespace", errno);
    while (read_whole(orders, &length, sizeof length)) {
        if (length > room) payload = grown(payload, room = length);
        if (!read_whole(orders, payload, length)) break;
        struct used used = {0};
        keep_one(post->run, read_order(payload, length), &used);
        post->before.user += used.user;
        post->before.kernel += used.kernel;
        post->before.read += used.read;
        post->before.written += used.written;
        post->free_since = seconds();
        post->run = 0;
    }
    _exit(0);
}

static bool make(size_t at) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    pid_t pid = fork_keeper(containment);
    if (pid == 0) {
        close(ends[1]);
        stand(posts + at, ends[0]);
    }
    int error = errno;
    close(ends[0]);
    if (pid < 0) close(ends[1]);
    errno = error;
    if (pid < 0) return false;
    keepers[at].pid = pid;
    keepers[at].orders = ends[1];
    keepers[at].is_dismissed = false;
    keepers_count++;
    return true;
}

static bool may_stand(struct order order, size_t length) {
    return containment == PID_NAMESPACE_AND_PROC && strncmp(order.user, "nonadmin", 8) == 0 && !order.shares_mounts &&
           *order.image == 0 && length <= ORDER_MAX;
}

/* One that waits, else room for one. POSTS where there is neither. */
static size_t find_post(void) {
    size_t room = POSTS;
    for (size_t i = 0; i < POSTS; i++) {
        if (keepers[i].pid == 0) room = room == POSTS ? i : room;
        else if (posts[i].run == 0 && !keepers[i].is_dismissed) return i;
    }
    return room;
}

bool start_standing(unsigned long id, struct order order, const char *payload, size_t length) {
    if (!may_stand(order, length)) return false;
    if (posts == NULL) {
        void *page = mmap(NULL, POSTS * sizeof *posts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED) return false;
        posts = page;
    }
    size_t at = find_post();
    if (at == POSTS) return false;
    bool is_new = keepers[at].pid == 0;
    if (is_new) posts[at] = (struct post){0};
    posts[at].run = id;
    if (is_new && !make(at)) return false;
    struct iovec parts[] = {{&length, sizeof length}, {(void *)payload, length}};
    /* A keeper that does not listen any more has gone: its end is the run's. */
    (void)!writev(keepers[at].orders, parts, 2);
    return true;
}

bool signal_standing(unsigned long id, bool is_term) {
    for (size_t i = 0; i < POSTS; i++) {
        if (keepers[i].pid == 0 || posts[i].run != id) continue;
        if (is_term) posts[i].term_of = id;
        kill(keepers[i].pid, is_term ? SIGTERM : SIGKILL);
        return true;
    }
    return false;
}

bool reap_standing(pid_t pid, int status, struct used used) {
    for (size_t i = 0; i < POSTS; i++) {
        if (keepers[i].pid != pid) continue;
        struct used own = used_since(posts[i].before, used);
        if (posts[i].run != 0) tell("ended %lu %d " USED_FORMAT "\n", posts[i].run, exit_code(status), USED_WORDS(own));
        close(keepers[i].orders);
        keepers[i].pid = 0;
        keepers_count--;
        return true;
    }
    return false;
}

int dismiss_standing(void) {
    static time_t last;
    time_t now = seconds();
    if (keepers_count == 0) return -1;
    if (now == last) return 1000;
    last = now;
    for (size_t i = 0; i < POSTS; i++) {
        if (keepers[i].pid == 0 || posts[i].run != 0 || now - posts[i].free_since < SECONDS_OF_WAITING) continue;
        keepers[i].is_dismissed = true;
        kill(keepers[i].pid, SIGKILL);
    }
    return 1000;
}
