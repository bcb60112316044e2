#include "pool.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

struct hd__pool {
  hd_ctx *ctx;
  hd__task_fn fn;
  void *user;
  pthread_t *thread;
  int *ready; /* ring of the tasks that wait for a worker */
  int n_threads, n_tasks, n_started;
  int first, n_ready, n_working; /* the ring's head and length; workers who still look for tasks */
  bool is_stopped;
  pthread_mutex_t mutex;
  pthread_cond_t ended; /* the last worker left */
};

static int take(hd__pool *pool) {
  const int task = pool->ready[pool->first];
  pool->first = (pool->first + 1) % pool->n_tasks;
  pool->n_ready--;
  return task;
}

static void put_back(hd__pool *pool, int task) {
  pool->ready[(pool->first + pool->n_ready++) % pool->n_tasks] = task;
}

/* A worker who finds no task leaves for good: those that are left are in the hands of others, who
 * go on with them. So nobody has to be woken. */
static void *work(void *arg) {
  hd__pool *pool = arg;
  pthread_mutex_lock(&pool->mutex);
  while (!pool->is_stopped && pool->n_ready > 0) {
    const int task = take(pool);
    pthread_mutex_unlock(&pool->mutex);
    const bool has_more = pool->fn(pool->user, task);
    pthread_mutex_lock(&pool->mutex);
    if (has_more) {
      put_back(pool, task);
    }
  }
  if (--pool->n_working == 0) {
    pthread_cond_signal(&pool->ended);
  }
  pthread_mutex_unlock(&pool->mutex);
  return NULL;
}

static size_t pool_bytes(int n_threads, int n_tasks) {
  return sizeof(hd__pool) + (size_t)n_threads * sizeof(pthread_t) + (size_t)n_tasks * sizeof(int);
}

/* Called with the mutex held, so that no worker leaves before all have come. */
static void start_threads(hd__pool *pool) {
  for (; pool->n_started < pool->n_threads; pool->n_started++) {
    if (pthread_create(&pool->thread[pool->n_started], NULL, work, pool) != 0) {
      break;
    }
  }
  pool->n_working = pool->n_started;
}

hd_status hd__pool_start(hd_ctx *ctx, int n_threads, int n_tasks, hd__task_fn fn, void *user,
                         hd__pool **out) {
  hd__pool *pool = hd__alloc(ctx, pool_bytes(n_threads, n_tasks));
  if (pool == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for %d worker threads", n_threads);
  }
  *pool =
      (hd__pool){.ctx = ctx, .fn = fn, .user = user, .n_threads = n_threads, .n_tasks = n_tasks};
  pool->thread = (pthread_t *)(pool + 1);
  pool->ready = (int *)(pool->thread + n_threads);
  for (int i = 0; i < n_tasks; i++) {
    put_back(pool, i);
  }
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_cond_init(&pool->ended, &clock);
  pthread_condattr_destroy(&clock);
  pthread_mutex_lock(&pool->mutex);
  start_threads(pool);
  pthread_mutex_unlock(&pool->mutex);
  if (pool->n_started == 0) {
    hd__pool_finish(pool);
    return hd__fail(ctx, HD_NOMEM, "no worker thread could be started");
  }
  *out = pool;
  return HD_OK;
}

bool hd__pool_wait(hd__pool *pool, int milliseconds) {
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += milliseconds / 1000;
  until.tv_nsec += milliseconds % 1000 * 1000000L;
  if (until.tv_nsec >= 1000000000L) {
    until.tv_sec++;
    until.tv_nsec -= 1000000000L;
  }
  pthread_mutex_lock(&pool->mutex);
  while (pool->n_working > 0 &&
         pthread_cond_timedwait(&pool->ended, &pool->mutex, &until) != ETIMEDOUT) {
  }
  const bool is_done = pool->n_working == 0;
  pthread_mutex_unlock(&pool->mutex);
  return is_done;
}

void hd__pool_stop(hd__pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  pool->is_stopped = true;
  pthread_mutex_unlock(&pool->mutex);
}

void hd__pool_finish(hd__pool *pool) {
  hd__pool_stop(pool);
  for (int i = 0; i < pool->n_started; i++) {
    pthread_join(pool->thread[i], NULL);
  }
  pthread_cond_destroy(&pool->ended);
  pthread_mutex_destroy(&pool->mutex);
  hd__free(pool->ctx, pool, pool_bytes(pool->n_threads, pool->n_tasks));
}
