#include "folder_holds.h"

#include <dirent.h>
#include <string.h>

static bool folder_holds_is_one_of(const char *name, int n, const char *const *names) {
  bool is_one = strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
  for (int i = 0; i < n; i++) {
    is_one |= strcmp(name, names[i]) == 0;
  }
  return is_one;
}

bool folder_holds_only(const char *dir, int n, const char *const *names) {
  DIR *folder = opendir(dir);
  if (folder == NULL) {
    return false;
  }
  bool is_only = true;
  for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    is_only &= folder_holds_is_one_of(entry->d_name, n, names);
  }
  closedir(folder);
  return is_only;
}
