/* Which system calls the processes of a node's sandbox may make. Whoever asks must be its root. */
#ifndef FILTER_H
#define FILTER_H
#include <stdbool.h>

bool filter_node(void);
/* For those without power over the node, on top of the first. */
bool filter_ordinary(void);

#endif
