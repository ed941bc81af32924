/* Files and folders, made and written whole. */
#ifndef FILES_H
#define FILES_H
#include <stdbool.h>
#include <sys/types.h>

/* Writes to one that is there, in one piece, as the kernel's own files want it. */
bool write_file(const char *path, const char *text);
/* Fails with EEXIST where there is one. */
bool write_new(const char *path, mode_t mode, const char *text);
/* Makes a folder with those above it, where there is none. The path is changed meanwhile. */
bool make_folder(char *path);
/* Likewise; where tasks have an id of their own, theirs to write into, as the folder of a job is for all tasks of the job. */
bool make_tasks_folder(char *path);

#endif
