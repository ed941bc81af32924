/* The place of a node that is one: namespaces of its own. */
#ifndef PLACE_H
#define PLACE_H
#include <stdbool.h>
#include <sys/types.h>

/* In the process that holds the place; the same in src/agent/place/outbound-network.ts. */
enum { USER_NAMESPACE_FD = 20, NETWORK_NAMESPACE_FD = 21 };

/* Returns 0 in the place, once its ids are mapped; outside its process, or -1 after having said why. */
pid_t fork_place(char **words, char **pieces);
/* In the place: makes it what it is, or says why not. */
bool enter_place(char **words, char **pieces);

#endif
