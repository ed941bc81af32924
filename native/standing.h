/* Keepers that stand ready for the next run. All but the last two are the node's init's. */
#ifndef STANDING_H
#define STANDING_H
#include "order.h"
#include "used.h"
#include <stdbool.h>
#include <sys/types.h>

/* Hands the run to one of them, made if need be. False for a run that needs a keeper of its own. */
bool start_standing(unsigned long id, struct order order, const char *payload, size_t length);
/* False where none has this run. */
bool signal_standing(unsigned long id, bool is_term);
/* False for a child that is none of them. Tells the agent of the end of the run that it had. */
bool reap_standing(pid_t pid, int status, struct used used);
/* Lets those go that have waited for long. Returns the milliseconds after which to ask again, -1 where there are none. */
int dismiss_standing(void);

#endif
