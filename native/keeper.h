/* The keeper of one run, PID 1 of the run's namespace or the subreaper of its session. */
#ifndef KEEPER_H
#define KEEPER_H
#include "order.h"
#include "used.h"
#include <stdbool.h>

_Noreturn void keep(unsigned long id, struct order order);
/* For a process that keeps one run after the other, of ordinary users alone: makes it ready once, told whom a SIGTERM is meant for. */
bool keep_many(volatile unsigned long *whom_to_term);
/* Keeps such a run until nothing of it is alive, and tells the agent of its beginning and its end. Adds what it used. */
void keep_one(unsigned long id, struct order order, struct used *used);
/* Runs a command with the streams of this process. A login's are the command's alone. */
_Noreturn void run_command(unsigned long id, const char *user, char **argv, char **environment, bool is_login);
/* Tells the agent that the run never began. */
_Noreturn void give_up(unsigned long id, const char *step, int error);
/* Set before any keeper exists: it inherits them. */
void take_orders(void);
/* Kills all there is below a subreaper. Returns the command's exit code. */
int kill_orphans(void);
/* Connects a descriptor with nothing. */
bool discard(int fd);

#endif
