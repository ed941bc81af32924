/*
 * The init of one Batch node. It owns the processes of the node's tasks: starts them, reaps them, signals and kills
 * them. It decides nothing: limits in time, retries and reports are the agent's, which speaks to it over two pipes.
 *
 *   commands, on stdin    <verb> <run> <length>\n, then <length> bytes
 *       sandbox             the first one to the init of a sandbox (sandbox/sandbox.c): what is to be seen there, each word followed by NUL
 *       start             folder, user, mounts, image, working folder, a count of words and argc, then the words of a container's pieces
 *                         (sandbox/container.c), argv and environment, each followed by NUL; the user is "admin" or
 *                         "nonadmin" in a sandbox, followed by a named one's "UID GID", and empty for the one whom the agent
 *                         runs as; what it mounts is its "own", or "shared" with the runs to come;
 *                         those for a container are empty for others
 *       listen            address:port NUL; the socket goes to the agent by the channel, with this number
 *       connect           address:port NUL; likewise, a socket that connects to there from within the sandbox
 *       bind              address:port NUL; likewise, a socket for datagrams of that address within the sandbox
 *       login             files, arguments, environment, each a count of words and the words (login.c), in a sandbox only; the
 *                         stream on which the command speaks goes to the agent by the channel, with this number
 *       term              SIGTERM to every process of the run
 *       kill              SIGKILL to every process of the run
 *   events, on stdout     one line each
 *       ready <containment>
 *       started <run> [<microseconds since>]      it may be told of together with its end
 *       failed <run> <step> <errno>      it never ran; `ended` follows. Not so after `listen`, `connect` and `bind`
 *       signalled <run> <signal>         what ended its command; `ended` follows
 *       ended <run> <exit code> <user> <kernel> <read> <written> <memory>
 *                                        128 + signal for a signal; nothing of the run is alive any more. What all its processes
 *                                        used: microseconds of a processor, blocks of 512 bytes that came from and went to disks,
 *                                        and the largest process's memory in KiB. None of it where nothing was measured
 *
 * A run is held by a *keeper*, a fork of this small process. Where the kernel allows, the keeper is PID 1 of a PID
 * namespace of its own (and of a mount namespace, for a /proc that agrees with it) and the command a child of it: when the
 * keeper goes, the kernel kills the rest. Runs that can leave nothing behind are held by one after the other (standing.c). Elsewhere the keeper is a subreaper, to which every orphan of the run falls.
 *
 * The node itself is one more PID namespace around them all, so that no moment exists in which this process can die
 * and leave a keeper behind. It ends when stdin closes, and when the agent dies.
 */
#define _GNU_SOURCE
#include "children.h"
#include "keeper.h"
#include "listeners.h"
#include "login.h"
#include "memory.h"
#include "order.h"
#include "report.h"
#include "sandbox/ids.h"
#include "sandbox/namespaces.h"
#include "sandbox/sandbox.h"
#include "standing.h"
#include "used.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const containment_names[] = {"session", "pid", "pid+proc"};
static int commands_fd;

struct run {
    unsigned long id;
    pid_t keeper;
    int kill_signal;
};
static struct run *runs;
static size_t runs_count;

static void add_run(unsigned long id, pid_t keeper, int kill_signal) {
    if (keeper < 0) {
        tell("failed %lu spawn %d\nended %lu 255\n", id, errno, id);
        return;
    }
    runs = grown(runs, (runs_count + 1) * sizeof *runs);
    runs[runs_count++] = (struct run){id, keeper, kill_signal};
}

static void start(unsigned long id, char *payload, size_t length) {
    struct order order = read_order(payload, length);
    if (start_standing(id, order, payload, length)) return;
    pid_t keeper = fork_keeper(containment);
    if (keeper == 0) keep(id, order);
    add_run(id, keeper, containment == SESSION ? SIGUSR1 : SIGKILL);
}

static void signal_run(unsigned long id, const char *verb) {
    bool is_term = strcmp(verb, "term") == 0;
    if (signal_standing(id, is_term)) return;
    for (size_t i = 0; i < runs_count; i++)
        if (runs[i].id == id) kill(runs[i].keeper, is_term ? SIGTERM : runs[i].kill_signal);
}

/* Bytes after its line; no order of the agent's is near it. */
enum { COMMAND_MAX = 64 << 20 };

/* Obeys every whole command that has arrived. False when the agent has closed the pipe. */
static bool read_commands(void) {
    static char *buffer;
    static size_t filled, capacity;
    if (capacity - filled < 4096) {
        capacity = capacity ? 2 * capacity : 65536;
        buffer = grown(buffer, capacity);
    }
    ssize_t got = read(commands_fd, buffer + filled, capacity - filled - 1);
    if (got <= 0) return got < 0 && errno == EINTR;
    filled += (size_t)got;

    char *at = buffer;
    for (char *newline; (newline = memchr(at, '\n', filled - (size_t)(at - buffer)));) {
        char verb[8];
        unsigned long id;
        size_t length;
        *newline = 0;
        if (sscanf(at, "%7s %lu %zu", verb, &id, &length) != 3) _exit(1);
        *newline = '\n';
        if (length > COMMAND_MAX) _exit(1);
        if (length > filled - (size_t)(newline + 1 - buffer)) break;
        /* Whoever reads words stops at a NUL. */
        if (length > 0 ? newline[length] != 0 : strcmp(verb, "term") != 0 && strcmp(verb, "kill") != 0) _exit(1);
        if (strcmp(verb, "start") == 0) start(id, newline + 1, length);
        else if (strcmp(verb, "listen") == 0) pass_listener(id, newline + 1);
        else if (strcmp(verb, "connect") == 0) pass_connection(id, newline + 1);
        else if (strcmp(verb, "bind") == 0) pass_bound(id, newline + 1);
        else if (strcmp(verb, "login") == 0) add_run(id, fork_login(id, newline + 1, length), SIGUSR1);
        else if (strcmp(verb, "term") == 0 || strcmp(verb, "kill") == 0) signal_run(id, verb);
        else _exit(1);
        at = newline + 1 + length;
    }
    filled -= (size_t)(at - buffer);
    memmove(buffer, at, filled);
    return true;
}

/* A keeper that has gone used what all the processes used that it waited for. */
static void reap(int signals_fd) {
    struct signalfd_siginfo info;
    (void)!read(signals_fd, &info, sizeof info);
    int status;
    struct rusage all;
    for (pid_t pid; (pid = wait4(-1, &status, WNOHANG, &all)) > 0;) {
        struct used used = {0};
        add_used(&used, &all);
        if (reap_standing(pid, status, used)) continue;
        for (size_t i = 0; i < runs_count; i++)
            if (runs[i].keeper == pid) {
                tell("ended %lu %d " USED_FORMAT "\n", runs[i].id, exit_code(status), USED_WORDS(used));
                runs[i] = runs[--runs_count];
                break;
            }
    }
}

/* Node.js thanks for each socket. */
static void read_channel(void) {
    char thanks[4096];
    if (read(channel_fd, thanks, sizeof thanks) > 0) return;
    close(channel_fd);
    channel_fd = -1;
}

static _Noreturn void serve(void) {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    int signals_fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    take_orders();

    tell("ready %s\n", containment_names[containment]);
    struct pollfd sources[] = {{.fd = commands_fd, .events = POLLIN}, {.fd = signals_fd, .events = POLLIN}, {.events = POLLIN}};
    for (;;) {
        sources[2].fd = channel_fd; /* none is passed over */
        if (poll(sources, 3, dismiss_standing()) < 0) continue;
        if (sources[1].revents) reap(signals_fd);
        if (channel_fd >= 0 && sources[2].revents) read_channel();
        if (sources[0].revents && !read_commands()) break;
    }
    if (containment == SESSION) {
        for (size_t i = 0; i < runs_count; i++) kill(runs[i].keeper, SIGUSR1);
        for (size_t i = 0; i < runs_count; i++) wait_for(runs[i].keeper);
        kill_orphans(); /* of a keeper that was killed by somebody else */
    }
    _exit(0);
}

/* Runs the node's init below this process, which only waits: so that the init is PID 1, and nobody's to wait for here. */
static int hold(pid_t init) {
    close(commands_fd);
    close(events_fd);
    close(channel_fd);
    return init < 0 ? 1 : wait_for(init);
}

static _Noreturn void init(void) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_DUMPABLE, 0); /* tasks of the same user do not look into it */
    serve();
}

/* Exactly this command, and nothing of what follows it. NULL when the agent has gone, or says something else. */
static char **read_sandbox(void) {
    char head[32];
    size_t length, filled = 0, count = 0;
    do {
        if (filled == sizeof head - 1 || read(commands_fd, head + filled, 1) != 1) return NULL;
    } while (head[filled++] != '\n');
    head[filled] = 0;
    if (sscanf(head, "sandbox 0 %zu", &length) != 1) return NULL;
    char *payload = grown(NULL, length + 1);
    for (filled = 0; filled < length;) {
        ssize_t got = read(commands_fd, payload + filled, length - filled);
        if (got <= 0) return NULL;
        filled += (size_t)got;
    }
    payload[length] = 0;
    char **words = grown(NULL, (length + 1) * sizeof *words);
    for (char *at = payload; at < payload + length; at += strlen(at) + 1) words[count++] = at;
    words[count] = NULL;
    return count % 3 == 0 ? words : NULL;
}

static int run_in_sandbox(char **words) {
    containment = PID_NAMESPACE_AND_PROC;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    char **pieces = read_sandbox();
    if (pieces == NULL) return 64;
    pid_t node = fork_sandbox(words, pieces);
    if (node == 0) {
        if (!enter_sandbox(words, pieces)) _exit(1);
        init();
    }
    return hold(node);
}

/*
 * node-init                   namespaces for processes and mounts, where they can be had
 * node-init session           does without them
 * node-init as UID GID        the first, for an agent with ids of its own (sandbox/ids.c): the processes have the ids of its user
 * node-init ids WORD...       nothing of a node: another program, among ids of its own (sandbox/ids.c)
 * node-init sandbox WORD...     in a sandbox of the node's own (sandbox/sandbox.c), of which the words tell, or not at all
 */
int main(int argc, char **argv) {
    const char *mode = argc > 1 ? argv[1] : "";
    if (strcmp(mode, "ids") == 0) return argc < 5 ? 64 : run_with_ids(argv + 2);
    const char *channel = getenv("NODE_CHANNEL_FD");
    if (channel && (channel_fd = atoi(channel)) != 3) return 64;
    if (channel) fcntl(channel_fd, F_SETFD, FD_CLOEXEC);
#ifdef SYS_close_range
    syscall(SYS_close_range, channel ? 4 : 3, ~0U, 0); /* whatever the agent has open is not the tasks' */
#endif
    commands_fd = fcntl(0, F_DUPFD_CLOEXEC, 3);
    events_fd = fcntl(1, F_DUPFD_CLOEXEC, 3);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (commands_fd < 0 || events_fd < 0 || null < 0) return 1;
    dup2(null, 0); /* every task's stdin */
    dup2(null, 1);
    umask(022);
    /* Node.js raises the soft limit to the hard one, which programs that close every descriptor pay for. */
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur > 1024) {
        files.rlim_cur = 1024;
        setrlimit(RLIMIT_NOFILE, &files);
    }

    if (strcmp(mode, "sandbox") == 0) return argc != 8 ? 64 : run_in_sandbox(argv + 2);
    if (strcmp(mode, "as") == 0) {
        if (argc != 4) return 64;
        own_uid = argv[2];
        own_gid = argv[3];
    }
    containment = strcmp(mode, "session") == 0 ? SESSION : probe();
    if (containment == SESSION) {
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        serve();
    }
    if (!unshare_node()) return 1;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* after it: gaining rights in a user namespace clears this */
    pid_t node = fork();
    if (node == 0) {
        confine_mounts();
        init();
    }
    return hold(node);
}
