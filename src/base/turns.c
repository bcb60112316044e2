#include "turns.h"

#include <pthread.h>

struct hd__turns {
  hd__workers *workers;
  hd_ctx *ctx;
  hd__slice_fn fn;
  void *user;
  int n_jobs;
  bool is_stopped;
  int first, n_ready; /* of the line */
  pthread_mutex_t mutex;
  int line[]; /* [n_jobs] ring of the jobs that wait for a thread */
};

static int turns_take(hd__turns *turns) {
  const int job = turns->line[turns->first];
  turns->first = (turns->first + 1) % turns->n_jobs;
  turns->n_ready--;
  return job;
}

static void turns_put_back(hd__turns *turns, int job) {
  turns->line[(turns->first + turns->n_ready++) % turns->n_jobs] = job;
}

/* A thread that finds no job leaves for good: those that are left are under way on other threads,
 * which go on with them. So nobody has to be woken. */
static void turns_work(void *user, int worker, int task) {
  hd__turns *turns = user;
  (void)worker;
  (void)task;
  pthread_mutex_lock(&turns->mutex);
  while (!turns->is_stopped && turns->n_ready > 0) {
    const int job = turns_take(turns);
    pthread_mutex_unlock(&turns->mutex);
    const bool has_more = turns->fn(turns->user, job);
    pthread_mutex_lock(&turns->mutex);
    if (has_more) {
      turns_put_back(turns, job);
    }
  }
  pthread_mutex_unlock(&turns->mutex);
}

static size_t turns_bytes(int n_jobs) { return sizeof(hd__turns) + sizeof(int) * (size_t)n_jobs; }

hd_status hd__turns_start(hd_ctx *ctx, int n_threads, int n_jobs, hd__slice_fn fn, void *user,
                          hd__turns **out) {
  hd__turns *turns = hd__alloc(ctx, turns_bytes(n_jobs));
  if (turns == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for the turns of %d jobs", n_jobs);
  }
  *turns = (hd__turns){.ctx = ctx, .fn = fn, .user = user, .n_jobs = n_jobs};
  for (int i = 0; i < n_jobs; i++) {
    turns_put_back(turns, i);
  }
  pthread_mutex_init(&turns->mutex, NULL);
  hd_status status = hd__workers_create(ctx, n_threads, &turns->workers);
  if (status == HD_OK) {
    status = hd__workers_begin(turns->workers, n_threads, turns_work, turns);
  }
  if (status != HD_OK) {
    hd__turns_finish(turns);
    return status;
  }
  *out = turns;
  return HD_OK;
}

bool hd__turns_wait(hd__turns *turns, int milliseconds) {
  return hd__workers_wait(turns->workers, milliseconds);
}

void hd__turns_stop(hd__turns *turns) {
  pthread_mutex_lock(&turns->mutex);
  turns->is_stopped = true;
  pthread_mutex_unlock(&turns->mutex);
}

void hd__turns_finish(hd__turns *turns) {
  hd__turns_stop(turns);
  hd__workers_destroy(turns->workers);
  pthread_mutex_destroy(&turns->mutex);
  hd__free(turns->ctx, turns, turns_bytes(turns->n_jobs));
}
