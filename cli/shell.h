/* Commands to copy from what the tool says into a shell. */
#ifndef CLI_SHELL_H
#define CLI_SHELL_H

#include <stdio.h>

#include "command.h"

/* A word as a shell reads it back. */
void shell_quote(FILE *file, const char *word);

/* "hedon", the plug-ins that this command line names, then words up to a NULL, each quoted. */
void shell_command(FILE *file, const arguments *args, const char *const *word);

#endif
