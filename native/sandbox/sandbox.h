/* The sandbox of a node that is one: namespaces of its own. */
#ifndef SANDBOX_H
#define SANDBOX_H
#include <stdbool.h>
#include <sys/types.h>

/* In the process that holds the sandbox; the same in src/agent/sandbox/outbound-network.ts. */
enum { USER_NAMESPACE_FD = 20, NETWORK_NAMESPACE_FD = 21 };

/* Returns 0 in the sandbox, once its ids are mapped; outside its process, or -1 after having said why. */
pid_t fork_sandbox(char **words, char **pieces);
/* In the sandbox: makes it what it is, or says why not. */
bool enter_sandbox(char **words, char **pieces);

#endif
