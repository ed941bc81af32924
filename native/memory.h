/* Memory that is there, or the process is not. */
#ifndef MEMORY_H
#define MEMORY_H
#include <stddef.h>

/* As realloc(3), but never NULL. */
void *grown(void *memory, size_t bytes);

#endif
