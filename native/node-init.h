/* What the files of the node's init share. Each file says at its top what it owns. */
#ifndef NODE_INIT_H
#define NODE_INIT_H
#define _GNU_SOURCE
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* ---- node-init.c ---- */

enum containment { SESSION, PID_NAMESPACE, PID_NAMESPACE_AND_PROC };
extern enum containment containment;
/* The last one only where the agent has given one: for handing over sockets. */
extern int commands_fd, events_fd, channel_fd;

void tell(const char *format, ...);
void *grown(void *memory, size_t bytes);
int exit_code(int status);
int wait_for(pid_t pid);

/* ---- namespaces.c ---- */

bool write_file(const char *path, const char *text);
/* Whom the processes of a node without a place are shown as, where the agent is in a user namespace; NULL elsewhere. */
extern const char *own_uid, *own_gid;
bool write_new(const char *path, mode_t mode, const char *text);
bool unshare_node(void);
bool lock_mounts(char **words);
bool confine_mounts(void);
bool keep_mounts(void);
bool mount_proc(void);
pid_t fork_keeper(enum containment level);
enum containment probe(void);

/* ---- ids.c ---- */

int run_with_ids(char **words);

/* ---- place.c ---- */

/* The ids that a node of its own place has: of whoever administers it, and of its ordinary tasks. */
enum { ADMIN_ID = 0, TASK_ID = 1000 };
/* Whether other ids than ADMIN_ID exist here: an ordinary user can map only itself. */
extern bool has_task_id;

/* In the process that holds the place; the same in src/agent/place/outbound-network.ts. */
enum { USER_NAMESPACE_FD = 20, NETWORK_NAMESPACE_FD = 21 };

/* Says on stderr what could not be done. */
bool complain(const char *what, const char *name);
pid_t fork_place(char **words, char **pieces);
bool enter_place(char **words, char **pieces);

/* ---- view.c ---- */

bool take_machine(char **pieces);
bool map_machine(char **pieces, int user_namespace);
bool mount_view(char *stage, char **pieces);
bool enter_container(unsigned long id, const char *image, char *paths);

/* ---- filter.c ---- */

/* For all processes of a place, and for those without power over it. Whoever asks must be its root. */
bool filter_node(void);
bool filter_ordinary(void);

/* ---- listeners.c ---- */

bool raise_loopback(void);
void pass_listener(unsigned long id, const char *address);
void pass_connection(unsigned long id, const char *address);
void pass_stream(unsigned long id, int stream);

/* ---- login.c ---- */

pid_t fork_login(unsigned long id, char *payload, size_t length);

/* ---- keeper.c ---- */

void take_orders(void);
bool make_folder(char *path);
int kill_orphans(void);
bool discard(int fd);
_Noreturn void give_up(unsigned long id, const char *step, int error);
_Noreturn void run_command(unsigned long id, const char *user, char **argv, char **environment, bool is_login);

/* One run as the agent asks for it. What it mounts, the runs to come may share. */
struct order {
    char *folder, *user;
    bool shares_mounts;
    char *image; /* that its container is made from, or empty */
    char *shown, *working_folder; /* in a container alone: one path of the node's a line; the run's own where it is empty */
    char **argv, **environment;
};
_Noreturn void keep(unsigned long id, struct order order);

#endif
