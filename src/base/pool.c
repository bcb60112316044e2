#include "pool.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

enum task_state { TASK_READY, TASK_RUNNING, TASK_DONE };

struct hd__pool {
  hd_ctx *ctx;
  hd__task_fn fn;
  void *user;
  pthread_t *thread;
  unsigned char *state; /* [n_tasks] enum task_state */
  int n_threads, n_tasks, n_started, n_done, next;
  bool is_stopped;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
};

/* The next ready task after the last one taken, or -1. Called with the mutex held. */
static int take(hd__pool *pool) {
  for (int k = 0; k < pool->n_tasks; k++) {
    const int task = (pool->next + k) % pool->n_tasks;
    if (pool->state[task] == TASK_READY) {
      pool->next = task + 1;
      pool->state[task] = TASK_RUNNING;
      return task;
    }
  }
  return -1;
}

static void *work(void *arg) {
  hd__pool *pool = arg;
  pthread_mutex_lock(&pool->mutex);
  while (!pool->is_stopped && pool->n_done < pool->n_tasks) {
    const int task = take(pool);
    if (task < 0) {
      pthread_cond_wait(&pool->changed, &pool->mutex);
      continue;
    }
    pthread_mutex_unlock(&pool->mutex);
    const bool has_more = pool->fn(pool->user, task);
    pthread_mutex_lock(&pool->mutex);
    pool->state[task] = has_more ? TASK_READY : TASK_DONE;
    pool->n_done += !has_more;
    pthread_cond_broadcast(&pool->changed);
  }
  pthread_mutex_unlock(&pool->mutex);
  return NULL;
}

static size_t pool_bytes(int n_threads, int n_tasks) {
  return sizeof(hd__pool) + (size_t)n_threads * sizeof(pthread_t) + (size_t)n_tasks;
}

hd_status hd__pool_start(hd_ctx *ctx, int n_threads, int n_tasks, hd__task_fn fn, void *user,
                         hd__pool **out) {
  hd__pool *pool = hd__alloc(ctx, pool_bytes(n_threads, n_tasks));
  if (pool == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for %d worker threads", n_threads);
  }
  *pool = (hd__pool){.ctx = ctx, .fn = fn, .user = user, .n_threads = n_threads,
                     .n_tasks = n_tasks};
  pool->thread = (pthread_t *)(pool + 1);
  pool->state = (unsigned char *)(pool->thread + n_threads);
  for (int i = 0; i < n_tasks; i++) {
    pool->state[i] = TASK_READY;
  }
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_cond_init(&pool->changed, &clock);
  pthread_condattr_destroy(&clock);
  for (; pool->n_started < n_threads; pool->n_started++) {
    if (pthread_create(&pool->thread[pool->n_started], NULL, work, pool) != 0) {
      break;
    }
  }
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
  while (pool->n_done < pool->n_tasks &&
         pthread_cond_timedwait(&pool->changed, &pool->mutex, &until) != ETIMEDOUT) {
  }
  const bool is_done = pool->n_done == pool->n_tasks;
  pthread_mutex_unlock(&pool->mutex);
  return is_done;
}

void hd__pool_stop(hd__pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  pool->is_stopped = true;
  pthread_cond_broadcast(&pool->changed);
  pthread_mutex_unlock(&pool->mutex);
}

void hd__pool_finish(hd__pool *pool) {
  hd__pool_stop(pool);
  for (int i = 0; i < pool->n_started; i++) {
    pthread_join(pool->thread[i], NULL);
  }
  pthread_cond_destroy(&pool->changed);
  pthread_mutex_destroy(&pool->mutex);
  hd__free(pool->ctx, pool, pool_bytes(pool->n_threads, pool->n_tasks));
}
