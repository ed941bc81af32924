/* The keeper of one run, PID 1 of the run's namespace or the subreaper of its session. */
#ifndef KEEPER_H
#define KEEPER_H
#include <stdbool.h>

/* One run as the agent asks for it. What it mounts, the runs to come may share. */
struct order {
    char *folder, *user;
    bool shares_mounts;
    char *image; /* that its container is made from, or empty */
    char *working_folder; /* in a container alone: the run's own where it is empty */
    char **pieces, **argv, **environment;
};
_Noreturn void keep(unsigned long id, struct order order);
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
