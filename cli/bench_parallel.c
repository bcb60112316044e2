#include "bench_parallel.h"

#include <pthread.h>

typedef struct worker {
  pthread_t thread;
  learner *first;
  int n;
  double seconds;
  parallel_result done;
  hd_status status;
} worker;

static void *bench_parallel_work(void *user) {
  worker *self = user;
  const double wall = clock_wall(), cpu = clock_thread();
  for (int i = 0; self->status == HD_OK && clock_wall() - wall < self->seconds;
       i = (i + 1) % self->n) {
    double steps = 0;
    self->status = learner_turn(&self->first[i], &steps);
    self->done.steps += steps;
  }
  self->done.wall_s = clock_wall() - wall;
  self->done.cpu_s = clock_thread() - cpu;
  return NULL;
}

/* Starting a thread takes a thousandth of a run, so that nobody waits for the others. */
hd_status parallel_run(learner *first, int n, int threads, double seconds, parallel_result *done) {
  worker split[WORKERS_MAX];
  threads = threads < n ? threads : n;
  threads = threads < WORKERS_MAX ? threads : WORKERS_MAX;
  hd_status status = HD_OK;
  int started = 0;
  for (; started < threads && status == HD_OK; started += status == HD_OK) {
    const int from = n * started / threads, to = n * (started + 1) / threads;
    worker *h = &split[started];
    *h = (worker){.first = first + from, .n = to - from, .seconds = seconds};
    status = pthread_create(&h->thread, NULL, bench_parallel_work, h) == 0 ? HD_OK : HD_NOMEM;
  }
  *done = (parallel_result){0};
  for (int i = 0; i < started; i++) {
    pthread_join(split[i].thread, NULL);
    status = status == HD_OK ? split[i].status : status;
    done->steps += split[i].done.steps;
    done->cpu_s += split[i].done.cpu_s;
    done->wall_s = split[i].done.wall_s > done->wall_s ? split[i].done.wall_s : done->wall_s;
  }
  return status;
}
