/* A login: a program that speaks with somebody outside over a stream. */
#ifndef LOGIN_H
#define LOGIN_H
#include <stddef.h>
#include <sys/types.h>

/* Returns its keeper. */
pid_t fork_login(unsigned long id, char *payload, size_t length);

#endif
