/* Files and folders, made and written whole. */
#define _GNU_SOURCE
#include "files.h"
#include "sandbox/node-ids.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return false;
    bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    close(fd);
    return written;
}

bool write_new(const char *path, mode_t mode, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0) return false;
    bool written = true;
    for (size_t rest = strlen(text); rest > 0 && written;) {
        ssize_t done = write(fd, text, rest);
        written = done > 0;
        if (written) text += done, rest -= (size_t)done;
    }
    close(fd);
    return written;
}

static bool make_one(const char *path, bool is_for_tasks) {
    struct stat status;
    bool is_new = mkdir(path, 0755) == 0;
    if (!is_new && errno != EEXIST) return false;
    if (!is_for_tasks) return true;
    /* One of the administrator's may be what a keeper left that died before it could give it away. */
    if (!is_new && (lstat(path, &status) != 0 || status.st_uid != ADMIN_ID)) return true;
    return lchown(path, TASK_ID, TASK_ID) == 0;
}

static bool make_path(char *path, bool is_for_tasks) {
    if (make_one(path, is_for_tasks)) return true;
    char *slash = strrchr(path, '/');
    if (errno != ENOENT || slash == NULL || slash == path) return false;
    *slash = 0;
    bool parent_made = make_path(path, is_for_tasks);
    *slash = '/';
    return parent_made && make_one(path, is_for_tasks);
}

bool make_folder(char *path) { return make_path(path, false); }
bool make_tasks_folder(char *path) { return make_path(path, has_task_id); }
