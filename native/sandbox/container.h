/* The container of one run: an image, and what of the node is seen in it. */
#ifndef CONTAINER_H
#define CONTAINER_H
#include <stdbool.h>
#include <sys/types.h>

struct container {
    const char *image; /* its folder */
    char *working_folder;
    char **pieces; /* as container.c has them */
    uid_t uid;     /* whom its command runs as */
    gid_t gid;
};

/* Puts this process, and what it starts, into the container. Returns false with errno. */
bool enter_container(unsigned long id, struct container container);
/* In the process that becomes the command: holds it to what the container's pieces say. */
bool limit_command(void);

#endif
