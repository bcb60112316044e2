#include "bench_crew.h"

#include <pthread.h>

typedef struct hand {
  pthread_t thread;
  learner *first;
  int n;
  double seconds;
  crew_done done;
  hd_status status;
} hand;

static void *work(void *user) {
  hand *self = user;
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
hd_status crew_run(learner *first, int n, int threads, double seconds, crew_done *done) {
  hand crew[CREW_MAX];
  threads = threads < n ? threads : n;
  threads = threads < CREW_MAX ? threads : CREW_MAX;
  hd_status status = HD_OK;
  int started = 0;
  for (; started < threads && status == HD_OK; started += status == HD_OK) {
    const int from = n * started / threads, to = n * (started + 1) / threads;
    hand *h = &crew[started];
    *h = (hand){.first = first + from, .n = to - from, .seconds = seconds};
    status = pthread_create(&h->thread, NULL, work, h) == 0 ? HD_OK : HD_NOMEM;
  }
  *done = (crew_done){0};
  for (int i = 0; i < started; i++) {
    pthread_join(crew[i].thread, NULL);
    status = status == HD_OK ? crew[i].status : status;
    done->steps += crew[i].done.steps;
    done->cpu_s += crew[i].done.cpu_s;
    done->wall_s = crew[i].done.wall_s > done->wall_s ? crew[i].done.wall_s : done->wall_s;
  }
  return status;
}
