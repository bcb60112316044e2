#define _XOPEN_SOURCE 700 /* nftw */
#include "remove_tree.h"

#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

static int remove_tree_one(const char *path, const struct stat *file, int kind, struct FTW *at) {
  (void)file, (void)kind, (void)at;
  return remove(path);
}

void remove_tree(const char *path) { nftw(path, remove_tree_one, 8, FTW_DEPTH | FTW_PHYS); }
