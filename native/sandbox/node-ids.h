/* The ids that a node of its own sandbox has: of whoever administers it, and of its ordinary tasks. */
#ifndef NODE_IDS_H
#define NODE_IDS_H
#include <stdbool.h>

enum { ADMIN_ID = 0, TASK_ID = 1000 };
/* Whether other ids than ADMIN_ID exist here: an ordinary user can map only itself. */
extern bool has_task_id;

#endif
