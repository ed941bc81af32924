/* What the init says: events to the agent, and in words for people what could not be done. */
#ifndef REPORT_H
#define REPORT_H
#include <stdbool.h>

extern int events_fd;

/* Lines to the agent in one piece, at most 255 characters. Ends the process where the agent no longer listens. */
void tell(const char *format, ...);
/* Says on stderr what could not be done, with errno's word for it. Returns false. */
bool complain(const char *what, const char *name);

#endif
