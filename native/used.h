/* What processes used of the machine. */
#ifndef USED_H
#define USED_H
#include <sys/resource.h>

struct used {
    unsigned long long user, kernel; /* microseconds of a processor */
    long read, written;              /* blocks of 512 bytes that came from and went to disks */
    long memory;                     /* KiB, of the largest process */
};
/* As it stands in a line to the agent. */
#define USED_FORMAT "%llu %llu %ld %ld %ld"
#define USED_WORDS(used) (used).user, (used).kernel, (used).read, (used).written, (used).memory

void add_used(struct used *sum, const struct rusage *one);
/* What was used since `before`, but for memory, of which only the largest is known. */
struct used used_since(struct used before, struct used now);

#endif
