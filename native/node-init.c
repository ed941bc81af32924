/*
 * The init of one Batch node. It owns the processes of the node's tasks: starts them, reaps them, signals and kills
 * them. It decides nothing: limits in time, retries and reports are the agent's, which speaks to it over two pipes.
 *
 *   commands, on stdin    <verb> <run> <length>\n, then <length> bytes
 *       start             folder NUL argc NUL argv... environment..., each followed by NUL
 *       term              SIGTERM to every process of the run
 *       kill              SIGKILL to every process of the run
 *   events, on stdout     one line each
 *       ready <containment>
 *       started <run>
 *       failed <run> <step> <errno>      it never ran; `ended` follows
 *       ended <run> <exit code>          128 + signal for a signal; nothing of the run is alive any more
 *
 * A run is held by a *keeper*, a fork of this small process. Where the kernel allows, the keeper is PID 1 of a PID
 * namespace of its own (and of a mount namespace, for a /proc that agrees with it) and the command is PID 2: when the
 * keeper goes, the kernel kills the rest. Elsewhere the keeper is a subreaper, to which every orphan of the run falls.
 *
 * The node itself is one more PID namespace around them all, so that no moment exists in which this process can die
 * and leave a keeper behind. It ends when stdin closes, and when the agent dies.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum containment { SESSION, PID_NAMESPACE, PID_NAMESPACE_AND_PROC };
static const char *const containment_names[] = {"session", "pid", "pid+proc"};
static enum containment containment;

static int commands_fd, events_fd;

struct run {
    unsigned long id;
    pid_t keeper;
};
static struct run *runs;
static size_t runs_count;

/* Lines stay whole among several writers: a pipe, and a stream socket, take a short one in one piece. */
static void tell(const char *format, ...) {
    char line[128];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(line, sizeof line, format, values);
    va_end(values);
    if (write(events_fd, line, (size_t)length) < 0 && errno == EPIPE) _exit(1);
}

static void *grown(void *memory, size_t bytes) {
    memory = realloc(memory, bytes);
    if (memory == NULL) _exit(1);
    return memory;
}

static int exit_code(int status) { return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }

/* ---- namespaces ---- */

static bool write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return false;
    bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    close(fd);
    return written;
}

/* Puts the children to come into a new PID namespace, and itself into a new mount namespace. Whoever may not do so as
   they are do it inside a user namespace that maps nobody but themselves, to themselves. */
static bool unshare_node(void) {
    const int namespaces = CLONE_NEWPID | CLONE_NEWNS;
    if (unshare(namespaces) == 0) return true;
    char uid_map[64], gid_map[64];
    snprintf(uid_map, sizeof uid_map, "%u %u 1", geteuid(), geteuid());
    snprintf(gid_map, sizeof gid_map, "%u %u 1", getegid(), getegid());
    return unshare(CLONE_NEWUSER | namespaces) == 0 && write_file("/proc/self/setgroups", "deny") &&
           write_file("/proc/self/uid_map", uid_map) && write_file("/proc/self/gid_map", gid_map);
}

/* What a task mounts is seen by the node's later tasks (start tasks mount shares) and never by the host. Each keeper's
   own /proc is the exception. */
static bool confine_mounts(void) {
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL) == 0 && mount(NULL, "/proc", NULL, MS_PRIVATE, NULL) == 0;
}

static bool mount_proc(void) {
    return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0;
}

static pid_t fork_keeper(enum containment level) {
    unsigned long flags = SIGCHLD;
    if (level >= PID_NAMESPACE) flags |= CLONE_NEWPID;
    if (level >= PID_NAMESPACE_AND_PROC) flags |= CLONE_NEWNS;
    return (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
}

static int wait_for(pid_t pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return 255;
    return exit_code(status);
}

/* Goes through all of it in a process that is then thrown away: a half-made user namespace cannot be left again. */
static enum containment probe(void) {
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

/* ---- the keeper of one run ---- */

static volatile pid_t command; /* 0 until the keeper has started it, and in this process itself */
static volatile sig_atomic_t term_asked;

/* Sends to the children, adopted orphans among them. False where the kernel does not list them. */
static bool signal_children(int signal) {
    char path[64], list[4096];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    ssize_t length = read(fd, list, sizeof list - 1);
    close(fd);
    if (length < 0) return false;
    list[length] = 0;
    if (length == sizeof list - 1) *strrchr(list, ' ') = 0; /* a number cut in two; the rest comes next time */
    pid_t pid;
    for (char *at = list; (pid = (pid_t)strtol(at, &at, 10)) > 0;) kill(pid, signal);
    return true;
}

/* Kills all there is below a subreaper. Each killed layer hands the next one over, so that it ends with the last. */
static int kill_orphans(void) {
    int code = 137, status;
    for (;;) {
        if (command > 0) kill(-command, SIGKILL);
        if (!signal_children(SIGKILL)) return code;
        pid_t pid = waitpid(-1, &status, 0);
        if (pid < 0 && errno == ECHILD) return code;
        if (pid == command) {
            code = exit_code(status);
            command = 0;
        }
    }
}

static void forward_term(void) {
    kill(containment == SESSION ? -command : -1, SIGTERM);
    if (containment == SESSION) signal_children(SIGTERM);
}

/* Only the node's init gives orders: seen from inside a PID namespace it is process 0, as is the parent. */
static void on_order(int signal, siginfo_t *info, void *context) {
    (void)context;
    if (info->si_pid != getppid()) return;
    if (signal == SIGUSR1) _exit(kill_orphans());
    term_asked = 1;
    if (command > 0) forward_term();
}

static bool make_folder(char *path) {
    if (mkdir(path, 0755) == 0 || errno == EEXIST) return true;
    char *slash = strrchr(path, '/');
    if (errno != ENOENT || slash == NULL || slash == path) return false;
    *slash = 0;
    bool parent_made = make_folder(path);
    *slash = '/';
    return parent_made && (mkdir(path, 0755) == 0 || errno == EEXIST);
}

static bool open_as(int fd, const char *name) {
    int opened = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    return opened >= 0 && dup2(opened, fd) >= 0 && close(opened) == 0;
}

/* Runs in a vfork: returns only in failure, with the errno that tells most. */
static int execute(char **argv, char **environment) {
    if (strchr(argv[0], '/')) return execve(argv[0], argv, environment), errno;
    const char *path = "/usr/local/bin:/usr/bin:/bin";
    for (char **entry = environment; *entry; entry++)
        if (strncmp(*entry, "PATH=", 5) == 0) path = *entry + 5;
    int worst = ENOENT;
    char candidate[4096];
    for (const char *at = path, *end; at; at = *end ? end + 1 : NULL) {
        end = strchrnul(at, ':');
        int length = (int)(end - at);
        int needed = snprintf(candidate, sizeof candidate, "%.*s%s%s", length, at, length ? "/" : "", argv[0]);
        if (needed >= (int)sizeof candidate) continue;
        execve(candidate, argv, environment);
        if (errno == EACCES) worst = EACCES;
        else if (errno != ENOENT && errno != ENOTDIR) return errno;
    }
    return worst;
}

static _Noreturn void give_up(unsigned long id, const char *step, int error) {
    tell("failed %lu %s %d\n", id, step, error);
    _exit(255);
}

/* Tasks run as the user whom the agent runs as, root included: mapping them to users of their own is still to come. */
static _Noreturn void keep(unsigned long id, char *folder, char **argv, char **environment) {
    if (containment == SESSION) prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (containment == PID_NAMESPACE_AND_PROC && !mount_proc()) give_up(id, "namespace", errno);
    if (!make_folder(folder) || chdir(folder) != 0) give_up(id, "folder", errno);
    if (mkdir("wd", 0755) != 0 && errno != EEXIST) give_up(id, "folder", errno);
    if (!open_as(1, "stdout.txt") || !open_as(2, "stderr.txt")) give_up(id, "files", errno);
    if (chdir("wd") != 0) give_up(id, "folder", errno);

    volatile int error = 0;
    sigset_t none;
    sigemptyset(&none);
    pid_t pid = vfork();
    if (pid == 0) {
        setsid();
        sigprocmask(SIG_SETMASK, &none, NULL);
        error = execute(argv, environment);
        _exit(127);
    }
    if (pid < 0) give_up(id, "spawn", errno);
    if (error != 0) give_up(id, "program", error);
    tell("started %lu\n", id);
    command = pid;
    if (term_asked) forward_term();

    int status;
    for (pid_t reaped; (reaped = waitpid(-1, &status, 0)) != pid;)
        if (reaped < 0 && errno != EINTR) _exit(255);
    command = 0;
    int code = exit_code(status);
    if (containment == SESSION) kill_orphans();
    _exit(code);
}

/* ---- the node ---- */

static void start(unsigned long id, char *payload, size_t length) {
    static char **fields;
    size_t count = 0, argc = 0;
    fields = grown(fields, (length + 3) * sizeof *fields); /* no field is shorter than its NUL */
    for (char *at = payload; at < payload + length; at += strlen(at) + 1) {
        fields[count++] = at;
        if (count == 2) argc = strtoul(at, NULL, 10);
        if (count == 2 + argc) fields[count++] = NULL; /* between the arguments and the environment */
    }
    if (argc == 0 || count < 3 + argc) _exit(1);
    fields[count] = NULL;

    pid_t keeper = fork_keeper(containment);
    if (keeper == 0) keep(id, fields[0], fields + 2, fields + 3 + argc);
    if (keeper < 0) {
        tell("failed %lu spawn %d\nended %lu 255\n", id, errno, id);
        return;
    }
    runs = grown(runs, (runs_count + 1) * sizeof *runs);
    runs[runs_count++] = (struct run){id, keeper};
}

static void signal_run(unsigned long id, const char *verb) {
    int signal = strcmp(verb, "term") == 0 ? SIGTERM : containment == SESSION ? SIGUSR1 : SIGKILL;
    for (size_t i = 0; i < runs_count; i++)
        if (runs[i].id == id) kill(runs[i].keeper, signal);
}

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
        if (length > filled - (size_t)(newline + 1 - buffer)) break;
        if (strcmp(verb, "start") == 0) start(id, newline + 1, length);
        else signal_run(id, verb);
        at = newline + 1 + length;
    }
    filled -= (size_t)(at - buffer);
    memmove(buffer, at, filled);
    return true;
}

static void reap(int signals_fd) {
    struct signalfd_siginfo info;
    (void)!read(signals_fd, &info, sizeof info);
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
        for (size_t i = 0; i < runs_count; i++)
            if (runs[i].keeper == pid) {
                tell("ended %lu %d\n", runs[i].id, exit_code(status));
                runs[i] = runs[--runs_count];
                break;
            }
}

static _Noreturn void serve(void) {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    int signals_fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    /* Set before any keeper exists: it inherits them, and no order finds it without. */
    struct sigaction order = {.sa_sigaction = on_order, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGTERM, &order, NULL);
    sigaction(SIGUSR1, &order, NULL);

    tell("ready %s\n", containment_names[containment]);
    struct pollfd sources[] = {{.fd = commands_fd, .events = POLLIN}, {.fd = signals_fd, .events = POLLIN}};
    for (;;) {
        if (poll(sources, 2, -1) < 0) continue;
        if (sources[1].revents) reap(signals_fd);
        if (sources[0].revents && !read_commands()) break;
    }
    if (containment == SESSION) {
        for (size_t i = 0; i < runs_count; i++) kill(runs[i].keeper, SIGUSR1);
        for (size_t i = 0; i < runs_count; i++) wait_for(runs[i].keeper);
        kill_orphans(); /* of a keeper that was killed by somebody else */
    }
    _exit(0);
}

/* node-init [session]: the argument does without namespaces even where they can be had. */
int main(int argc, char **argv) {
#ifdef SYS_close_range
    syscall(SYS_close_range, 3, ~0U, 0); /* whatever the agent has open is not the tasks' */
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

    containment = argc > 1 && strcmp(argv[1], "session") == 0 ? SESSION : probe();
    if (containment == SESSION) {
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        serve();
    }
    if (!unshare_node()) return 1;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* after it: gaining rights in a user namespace clears this */
    pid_t node = fork();
    if (node == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        prctl(PR_SET_DUMPABLE, 0); /* tasks of the same user do not look into it */
        confine_mounts();
        serve();
    }
    close(commands_fd);
    close(events_fd);
    return node < 0 ? 1 : wait_for(node);
}
