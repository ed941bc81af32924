/* What the init says: events to the agent, and in words for people what could not be done. */
#define _GNU_SOURCE
#include "report.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int events_fd;

/* Lines stay whole among several writers: a pipe, and a stream socket, take a short one in one piece. */
void tell(const char *format, ...) {
    char line[256];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(line, sizeof line, format, values);
    va_end(values);
    if (write(events_fd, line, (size_t)length) < 0 && errno == EPIPE) _exit(1);
}

bool complain(const char *what, const char *name) {
    dprintf(2, "node-init: %s %s: %s\n", what, name, strerror(errno));
    return false;
}
