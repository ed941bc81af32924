/* The ids that a node of its own sandbox has. */
#include "node-ids.h"

bool has_task_id;
