/* Folders that other machines may write into. */
#ifndef CLI_NETWORK_FILE_SYSTEM_H
#define CLI_NETWORK_FILE_SYSTEM_H

#include <stdbool.h>
#include <stdint.h>

/* Does the folder lie on a file system that other machines may have mounted too, or that a program
 * serves (FUSE)? False where the system cannot tell. */
bool network_file_system_has(const char *folder);

/* Is it one, by its number in statfs(2) of Linux? */
bool network_file_system_is(uint32_t magic);

#endif
