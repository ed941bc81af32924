/* The sockets of a node's sandbox that somebody outside uses. */
#ifndef LISTENERS_H
#define LISTENERS_H
#include <stdbool.h>

/* To the agent, for handing over sockets; -1 where it has given none. */
extern int channel_fd;

bool raise_loopback(void);
void pass_listener(unsigned long id, const char *address);
void pass_connection(unsigned long id, const char *address);
void pass_bound(unsigned long id, const char *address);
void pass_stream(unsigned long id, int stream);

#endif
