/* The ids that a node of its own place has. */
#include "node-ids.h"

bool has_task_id;
