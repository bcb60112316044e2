/* Making a folder that the user names. */
#ifndef CLI_MAKE_FOLDERS_H
#define CLI_MAKE_FOLDERS_H

#include <stdbool.h>

/* Make `dir` and the folders above it; one that is there is no failure. False, with errno, when one
 * cannot be made. */
bool make_folders(const char *dir);

#endif
