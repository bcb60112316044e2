#include "loaded.h"

#include <dlfcn.h>
#include <string.h>

#include "say.h"

bool loaded_open(const char *file, int n, const char *const *name, void *functions) {
  void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  for (int i = 0; i < n; i++) {
    void *function = library != NULL ? dlsym(library, name[i]) : NULL;
    if (function == NULL) {
      say_failure("%s cannot be used: %s", file, dlerror());
      return false;
    }
    memcpy((char *)functions + (size_t)i * sizeof function, &function, sizeof function);
  }
  return true;
}
