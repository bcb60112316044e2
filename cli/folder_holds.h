/* What lies in a folder. */
#ifndef CLI_FOLDER_HOLDS_H
#define CLI_FOLDER_HOLDS_H

#include <stdbool.h>

/* A folder that can be read and holds nothing but, at most, the n names. */
bool folder_holds_only(const char *dir, int n, const char *const *names);

#endif
