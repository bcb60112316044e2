#include "mujoco_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

hd__mujoco_functions hd__mujoco;

#define NAME(name) #name,
static const char *const names[] = {HD_MUJOCO(NAME)};
enum { N_NAMES = sizeof names / sizeof *names };
_Static_assert(sizeof hd__mujoco == N_NAMES * sizeof(void *), "a pointer for each name");

static char problem[HD_WHY_SIZE]; /* why MuJoCo cannot be used, or "" */

static void mujoco_library_find(void) {
  void *library = dlopen(HD_MUJOCO_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  for (int i = 0; i < N_NAMES && problem[0] == '\0'; i++) {
    void *function = library != NULL ? dlsym(library, names[i]) : NULL;
    if (function == NULL) {
      snprintf(problem, sizeof problem, "MuJoCo cannot be loaded: %s", dlerror());
    }
    memcpy((char *)&hd__mujoco + (size_t)i * sizeof function, &function, sizeof function);
  }
}

hd_status hd__mujoco_open(char why[HD_WHY_SIZE]) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, mujoco_library_find);
  memcpy(why, problem, sizeof problem);
  return problem[0] == '\0' ? HD_OK : HD_IO;
}
