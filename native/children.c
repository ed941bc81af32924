/* How a child process ended. */
#include "children.h"
#include <errno.h>
#include <sys/wait.h>

int exit_code(int status) { return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }

int wait_for(pid_t pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return 255;
    return exit_code(status);
}
