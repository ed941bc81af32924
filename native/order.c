/* What an order to start a run says, word for word (node-init.c). */
#include "memory.h"
#include "order.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Words before those that are counted, the two counts among them. */
enum { BEFORE_PIECES = 7 };

struct order read_order(char *payload, size_t length) {
    static char **fields;
    static size_t room;
    size_t count = 0, pieces = 0, argc = 0;
    if (room < length + 4) fields = grown(fields, (room = length + 4) * sizeof *fields); /* no field is shorter than its NUL */
    for (char *at = payload; at < payload + length; at += strlen(at) + 1) {
        fields[count++] = at;
        if (count == BEFORE_PIECES) pieces = strtoul(fields[5], NULL, 10), argc = strtoul(at, NULL, 10);
        /* What is counted ends with NULL. */
        if (count == BEFORE_PIECES + pieces) fields[count++] = NULL;
        if (count == BEFORE_PIECES + pieces + 1 + argc) fields[count++] = NULL;
    }
    if (argc == 0 || argc > length || pieces > length || pieces % 3 != 0 || count < BEFORE_PIECES + pieces + 2 + argc) _exit(1);
    fields[count] = NULL;
    return (struct order){.folder = fields[0],
                          .user = fields[1],
                          .shares_mounts = strcmp(fields[2], "shared") == 0,
                          .image = fields[3],
                          .working_folder = fields[4],
                          .pieces = fields + BEFORE_PIECES,
                          .argv = fields + BEFORE_PIECES + pieces + 1,
                          .environment = fields + BEFORE_PIECES + pieces + 2 + argc};
}
