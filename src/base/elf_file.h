/* Shared libraries as files. */
#ifndef HD_ELF_FILE_H
#define HD_ELF_FILE_H

#include <stdbool.h>
#include <stdio.h>

/* Does an ELF file hold all that its headers promise? The system's loader maps a file that was cut
 * short, and the process is killed as it touches what is not there. Files of another kind, which
 * the loader refuses by itself, count as whole. */
bool hd__elf_is_whole(FILE *file);

#endif
