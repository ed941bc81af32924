/* The user namespace of an agent that is not root but has been given subordinate ids. */
#ifndef IDS_H
#define IDS_H

/* Returns the exit code of a trial, or of what went wrong; else another program takes the process. */
int run_with_ids(char **words);

#endif
