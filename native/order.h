/* One run, as the agent asks for it. */
#ifndef ORDER_H
#define ORDER_H
#include <stdbool.h>
#include <stddef.h>

/* What it mounts, the runs to come may share. */
struct order {
    char *folder, *user;
    bool shares_mounts;
    char *image; /* that its container is made from, or empty */
    char *working_folder; /* in a container alone: the run's own where it is empty */
    char **pieces, **argv, **environment;
};
/* Its words lie where the payload does, its lists until the next one is read. Ends the process for what is no order. */
struct order read_order(char *payload, size_t length);

#endif
