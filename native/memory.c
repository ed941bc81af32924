/* Memory that is there, or the process is not. */
#include "memory.h"
#include <stdlib.h>
#include <unistd.h>

void *grown(void *memory, size_t bytes) {
    memory = realloc(memory, bytes);
    if (memory == NULL) _exit(1);
    return memory;
}
