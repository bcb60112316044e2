/* Both clocks of a measurement, and the line that reports it. */
#ifndef PEERS_STOPWATCH_H
#define PEERS_STOPWATCH_H

#include <stdio.h>
#include <time.h>

typedef struct stopwatch {
  double cpu_s, wall_s;
} stopwatch;

static inline double clock_s(clockid_t id) {
  struct timespec now;
  clock_gettime(id, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline stopwatch stopwatch_read(void) {
  return (stopwatch){clock_s(CLOCK_PROCESS_CPUTIME_ID), clock_s(CLOCK_MONOTONIC)};
}

static inline stopwatch stopwatch_since(stopwatch start) {
  const stopwatch now = stopwatch_read();
  return (stopwatch){now.cpu_s - start.cpu_s, now.wall_s - start.wall_s};
}

static inline void stopwatch_print(stopwatch took, double work) {
  printf("{\"work\":%.0f,\"cpu_s\":%.9f,\"wall_s\":%.9f", work, took.cpu_s, took.wall_s);
}

#endif
