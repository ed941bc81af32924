/* What is seen in a node's sandbox. */
#ifndef VIEW_H
#define VIEW_H
#include <stdbool.h>

bool take_machine(char **pieces);
bool map_machine(char **pieces, int user_namespace);
bool mount_view(char *stage, char **pieces);

#endif
