/* The namespaces of a node that shares the machine with everybody else, and of each run on any node. */
#ifndef NAMESPACES_H
#define NAMESPACES_H
#include <stdbool.h>
#include <sys/types.h>

/* What holds a run together, the weakest first. */
enum containment { SESSION, PID_NAMESPACE, PID_NAMESPACE_AND_PROC };
extern enum containment containment;

/* Whom the processes of a node without a sandbox are shown as, where the agent is in a user namespace; NULL elsewhere. */
extern const char *own_uid, *own_gid;

bool unshare_node(void);
bool lock_mounts(char **words);
bool confine_mounts(void);
bool keep_mounts(void);
bool mount_proc(void);
pid_t fork_keeper(enum containment level);
/* The strongest that this machine allows. */
enum containment probe(void);

#endif
