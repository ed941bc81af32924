/* How a child process ended. */
#ifndef CHILDREN_H
#define CHILDREN_H
#include <sys/types.h>

/* As a shell has it: 128 + signal for a signal. */
int exit_code(int status);
/* Waits for the child's end. Returns its exit code, 255 where there is no such child. */
int wait_for(pid_t pid);

#endif
