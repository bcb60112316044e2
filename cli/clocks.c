#include "clocks.h"

#include <time.h>

static double clocks_seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

#ifdef __APPLE__
#define st_mtim st_mtimespec
#endif

int64_t clock_modified(const struct stat *file) {
  return (int64_t)file->st_mtim.tv_sec * 1000000000 + file->st_mtim.tv_nsec;
}

double clock_wall(void) { return clocks_seconds(CLOCK_MONOTONIC); }

double clock_thread(void) { return clocks_seconds(CLOCK_THREAD_CPUTIME_ID); }

double clock_process(void) { return clocks_seconds(CLOCK_PROCESS_CPUTIME_ID); }
