/* What processes used of the machine: sums of what the kernel tells of each. */
#include "used.h"

static unsigned long long microseconds(struct timeval time) {
    return (unsigned long long)time.tv_sec * 1000000 + (unsigned long long)time.tv_usec;
}

void add_used(struct used *sum, const struct rusage *one) {
    sum->user += microseconds(one->ru_utime);
    sum->kernel += microseconds(one->ru_stime);
    sum->read += one->ru_inblock;
    sum->written += one->ru_oublock;
    if (one->ru_maxrss > sum->memory) sum->memory = one->ru_maxrss;
}

struct used used_since(struct used before, struct used now) {
    return (struct used){now.user - before.user, now.kernel - before.kernel, now.read - before.read, now.written - before.written,
                         now.memory};
}
