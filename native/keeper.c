/*
 * The keeper of one run: it makes the run's folder, starts the command, waits, and takes everything else of the run with it
 * when it goes. It is PID 1 of the run's namespace, or else the subreaper of its session.
 */
#define _GNU_SOURCE
#include "children.h"
#include "files.h"
#include "keeper.h"
#include "report.h"
#include "sandbox/container.h"
#include "sandbox/filter.h"
#include "sandbox/namespaces.h"
#include "sandbox/node-ids.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile pid_t command; /* 0 until the keeper has started it, and in this process itself */
static volatile sig_atomic_t term_asked;
/* Of a keeper that holds one run after the other: the run at hand, and which one is meant by a SIGTERM. */
static volatile unsigned long current_run;
static volatile unsigned long *term_of;

/* Sends to the children, adopted orphans among them, but for those of a group. False where the kernel does not list them. */
static bool signal_children(int signal, pid_t but_group) {
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
    for (char *at = list; (pid = (pid_t)strtol(at, &at, 10)) > 0;)
        if (getpgid(pid) != but_group) kill(pid, signal);
    return true;
}

/* Kills all there is below a subreaper. Each killed layer hands the next one over, so that it ends with the last. */
int kill_orphans(void) {
    int code = 137, status;
    for (;;) {
        if (command > 0) kill(-command, SIGKILL);
        if (!signal_children(SIGKILL, 0)) return code;
        pid_t pid = waitpid(-1, &status, 0);
        if (pid < 0 && errno == ECHILD) return code;
        if (pid == command) {
            code = exit_code(status);
            command = 0;
        }
    }
}

/* Once to each process: a second SIGTERM would break into what the command does at the first. */
static void forward_term(void) {
    kill(containment == SESSION ? -command : -1, SIGTERM);
    if (containment == SESSION) signal_children(SIGTERM, command);
}

/* Only the node's init gives orders: seen from inside a PID namespace it is process 0, as is the parent. */
static void on_order(int signal, siginfo_t *info, void *context) {
    (void)context;
    if (info->si_pid != getppid()) return;
    if (signal == SIGUSR1) _exit(kill_orphans());
    if (term_of != NULL && *term_of != current_run) return; /* the one before had just ended */
    term_asked = 1;
    if (command > 0) forward_term();
}

static bool open_as(int fd, const char *name) {
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    int opened = open(name, flags, 0644);
    /* The one of an earlier run may have other names, by which it is somebody's file. */
    if (opened < 0 && errno == EEXIST && unlink(name) == 0) opened = open(name, flags, 0644);
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
        /* A folder that may not be searched says nothing about what is in the next one. */
        if (errno == EACCES) worst = access(candidate, F_OK) == 0 ? EACCES : worst;
        else if (errno != ENOENT && errno != ENOTDIR) return errno;
    }
    return worst;
}

_Noreturn void give_up(unsigned long id, const char *step, int error) {
    tell("failed %lu %s %d\n", id, step, error);
    _exit(255);
}

/* Whom the command runs as. A named user has ids of its own, whatever its power. */
struct user {
    uid_t uid;
    gid_t gid;
    bool is_admin, is_named;
};

static struct user user_of(const char *words) {
    struct user user;
    user.is_named = sscanf(words, "%*s %u %u", &user.uid, &user.gid) == 2;
    user.is_admin = strncmp(words, "admin", 5) == 0;
    if (!user.is_named) user.uid = user.gid = user.is_admin ? ADMIN_ID : TASK_ID;
    return user;
}

/* What a run writes into belongs to its user, whoever had it before: a start task may change its user. The administrator's
   folders are those of all tasks. */
static bool own_folder(const char *path, struct user user) {
    struct stat status;
    if (!has_task_id) return true;
    if (!user.is_named) user.uid = user.gid = TASK_ID;
    if (lstat(path, &status) != 0) return false;
    if (!S_ISDIR(status.st_mode)) return errno = ENOTDIR, false;
    return status.st_uid == user.uid || lchown(path, user.uid, user.gid) == 0;
}

static bool own_streams(struct user user) {
    return !has_task_id || user.uid == ADMIN_ID || (fchown(1, user.uid, user.gid) == 0 && fchown(2, user.uid, user.gid) == 0);
}

/* Under another id: all that this node's administrator may, and whatever it starts may as well. */
static bool keep_power(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2] = {{0}};
    for (int capability = 0, held; (held = prctl(PR_CAPBSET_READ, capability)) >= 0; capability++)
        if (held) sets[capability / 32].permitted |= 1U << capability % 32;
    for (int i = 0; i < 2; i++) sets[i].effective = sets[i].inheritable = sets[i].permitted;
    if (syscall(SYS_capset, &header, sets) != 0) return false;
    for (int capability = 0; capability < 64; capability++)
        if (sets[capability / 32].permitted & 1U << capability % 32 &&
            prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) != 0)
            return false;
    return true;
}

/* What this process starts is held to an ordinary user's system calls already. */
static bool is_filtered;

/* Runs in a vfork. Where the node has one id only, a user namespace within shows it as another and takes all power over
   the node's namespaces from it: what is mounted read-only stays so, whoever asks. */
static bool become(const char *words) {
    if (*words == 0) return true;
    struct user user = user_of(words);
    const gid_t all_tasks = TASK_ID;
    if (has_task_id) {
        if (user.uid == ADMIN_ID) return true;
        if (!user.is_admin && !is_filtered && !filter_ordinary()) return false;
        return (!user.is_admin || prctl(PR_SET_KEEPCAPS, 1) == 0) && setgroups(user.is_named, &all_tasks) == 0 &&
               setresgid(user.gid, user.gid, user.gid) == 0 && setresuid(user.uid, user.uid, user.uid) == 0 &&
               (!user.is_admin || keep_power());
    }
    char map[32];
    snprintf(map, sizeof map, "%u %d 1", user.uid, ADMIN_ID);
    return unshare(CLONE_NEWUSER) == 0 && write_file("/proc/self/setgroups", "deny") &&
           write_file("/proc/self/uid_map", map) && write_file("/proc/self/gid_map", map) && (user.is_admin || filter_ordinary());
}

static bool enter_working_folder(unsigned long id, struct order order, struct user user) {
    char wd[4096];
    if (*order.image == 0) return chdir("wd") == 0;
    if (snprintf(wd, sizeof wd, "%s/wd", order.folder) >= (int)sizeof wd) return errno = ENAMETOOLONG, false;
    char *folder = *order.working_folder ? order.working_folder : wd;
    struct container container = {order.image, folder, order.pieces, user.uid, user.gid};
    return enter_container(id, container) && chdir(folder) == 0;
}

/* The run's folders and streams are there, and this process is where the command begins. */
static void prepare(unsigned long id, struct order order) {
    const struct user owner = user_of(order.user);
    char wd[] = "wd";
    if (!make_tasks_folder(order.folder) || !own_folder(order.folder, owner) || chdir(order.folder) != 0) give_up(id, "folder", errno);
    if (!make_tasks_folder(wd) || !own_folder(wd, owner)) give_up(id, "folder", errno);
    if (!open_as(1, "stdout.txt") || !open_as(2, "stderr.txt") || !own_streams(owner)) give_up(id, "files", errno);
    if (!enter_working_folder(id, order, owner)) give_up(id, *order.image ? "container" : "folder", errno);
}

_Noreturn void keep(unsigned long id, struct order order) {
    bool keeps_mounts = !order.shares_mounts || *order.image;
    if (containment == SESSION) prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (containment == PID_NAMESPACE_AND_PROC && ((keeps_mounts && !keep_mounts()) || !mount_proc()))
        give_up(id, "namespace", errno);
    prepare(id, order);
    run_command(id, order.user, order.argv, order.environment, false);
}

bool discard(int fd) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    return null >= 0 && dup2(null, fd) >= 0 && close(null) == 0;
}

/* What a login has left running goes on without it, until the login is killed. */
static _Noreturn void outlive(int code) {
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) {}
    _exit(code);
}

/* Waits for a child, and adds what it used, with all that it waited for. */
static pid_t reap_one(int *status, struct used *used) {
    struct rusage one;
    pid_t pid = wait4(-1, status, 0, &one);
    if (pid > 0 && used != NULL) add_used(used, &one);
    return pid;
}

/* The kernel would kill them as well when this process goes, but would not tell what they used. */
static void kill_rest(struct used *used) {
    if (kill(-1, SIGKILL) != 0) return;
    while (reap_one(NULL, used) > 0 || errno == EINTR) {}
}

/* Returns once the command has begun. The streams are those of this process. */
static pid_t start_command(unsigned long id, const char *user, char **argv, char **environment) {
    /* The files of /proc in which a process maps its ids are its own only as long as it could be dumped; at this moment
       there is nobody in this process namespace who could look. */
    int dumpable = prctl(PR_GET_DUMPABLE);
    bool is_shown = *user && !has_task_id;
    if (is_shown) prctl(PR_SET_DUMPABLE, 1);
    volatile int error = 0, refused = 0, unlimited = 0;
    sigset_t none;
    sigemptyset(&none);
    pid_t pid = vfork();
    if (pid == 0) {
        setsid();
        sigprocmask(SIG_SETMASK, &none, NULL);
        if (!limit_command()) unlimited = errno;
        else if (become(user)) error = execute(argv, environment);
        else refused = errno;
        _exit(127);
    }
    prctl(PR_SET_DUMPABLE, dumpable);
    if (unlimited != 0) give_up(id, "limit", unlimited);
    if (refused != 0) give_up(id, "user", refused);
    if (pid < 0) give_up(id, "spawn", errno);
    if (error != 0) give_up(id, "program", error);
    return pid;
}

/* A login's streams are the command's alone: whoever listens there hears of its end. */
_Noreturn void run_command(unsigned long id, const char *user, char **argv, char **environment, bool is_login) {
    pid_t pid = start_command(id, user, argv, environment);
    tell("started %lu\n", id);
    command = pid;
    if (is_login) (void)(discard(0) && discard(1));
    if (term_asked) forward_term();

    int status;
    for (pid_t reaped; (reaped = reap_one(&status, NULL)) != pid;)
        if (reaped < 0 && errno != EINTR) _exit(255);
    command = 0;
    int code = exit_code(status);
    if (WIFSIGNALED(status)) tell("signalled %lu %d\n", id, WTERMSIG(status));
    if (is_login) outlive(code);
    if (containment == SESSION) kill_orphans();
    else kill_rest(NULL);
    _exit(code);
}

/* A command that ends sooner is told of with its end. Microseconds. */
enum { STARTED_AFTER = 10000 };

static struct timespec started_at;
static volatile sig_atomic_t is_told;

static unsigned long microseconds_since(const struct timespec *then) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned long)((now.tv_sec - then->tv_sec) * 1000000 + (now.tv_nsec - then->tv_nsec) / 1000);
}

static void on_alarm(int signal) {
    (void)signal;
    if (command == 0 || is_told) return;
    is_told = 1;
    tell("started %lu %lu\n", current_run, microseconds_since(&started_at));
}

static void tell_end(unsigned long id, int status, const struct used *used) {
    char started[64] = "", signalled[64] = "";
    if (!is_told) snprintf(started, sizeof started, "started %lu %lu\n", id, microseconds_since(&started_at));
    if (WIFSIGNALED(status)) snprintf(signalled, sizeof signalled, "signalled %lu %d\n", id, WTERMSIG(status));
    tell("%s%sended %lu %d " USED_FORMAT "\n", started, signalled, id, exit_code(status), USED_WORDS(*used));
}

void keep_one(unsigned long id, struct order order, struct used *used) {
    sigset_t orders;
    sigemptyset(&orders);
    sigaddset(&orders, SIGTERM);
    sigaddset(&orders, SIGALRM);
    const struct itimerval soon = {.it_value = {0, STARTED_AFTER}}, never = {0};
    current_run = id;
    prepare(id, order);
    pid_t pid = start_command(id, order.user, order.argv, order.environment);
    clock_gettime(CLOCK_MONOTONIC, &started_at);
    is_told = 0;
    command = pid;
    setitimer(ITIMER_REAL, &soon, NULL);
    sigprocmask(SIG_UNBLOCK, &orders, NULL);
    int status;
    for (pid_t reaped; (reaped = reap_one(&status, used)) != pid;)
        if (reaped < 0 && errno != EINTR) _exit(255);
    sigprocmask(SIG_BLOCK, &orders, NULL);
    command = 0;
    setitimer(ITIMER_REAL, &never, NULL);
    kill_rest(used);
    /* Nothing of the run's is held open by whoever waits for the next one. */
    if (!discard(1) || !discard(2) || chdir("/") != 0) _exit(255);
    tell_end(id, status, used);
}

bool keep_many(volatile unsigned long *whom_to_term) {
    sigset_t orders;
    sigemptyset(&orders);
    sigaddset(&orders, SIGTERM);
    sigaddset(&orders, SIGALRM);
    struct sigaction alarm = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    term_of = whom_to_term;
    is_filtered = has_task_id && filter_ordinary();
    return is_filtered == has_task_id && sigaction(SIGALRM, &alarm, NULL) == 0 && sigprocmask(SIG_BLOCK, &orders, NULL) == 0;
}

/* Set before any keeper exists: it inherits them, and no order finds it without. */
void take_orders(void) {
    struct sigaction order = {.sa_sigaction = on_order, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGTERM, &order, NULL);
    sigaction(SIGUSR1, &order, NULL);
}
