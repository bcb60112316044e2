/* Functions of a shared library that is loaded when a command needs it. Were it linked, every
 * command would begin by looking for its symbols. The library loads MuJoCo likewise
 * (src/env/mujoco_library.c); the tool sees of the library what is installed, which has no such
 * function. */
#ifndef CLI_LOADED_H
#define CLI_LOADED_H

#include <stdbool.h>

/* Of a list FUNCTIONS(F) of such functions: members of a struct that holds their addresses, and
 * names. */
#define LOADED_MEMBER(name) __typeof__(&name) name;
#define LOADED_NAME(name) #name,

/* Load the library and write the addresses of n functions behind each other, each as wide as a
 * pointer. False: the reason has been printed. */
bool loaded_open(const char *file, int n, const char *const *name, void *functions);

#endif
