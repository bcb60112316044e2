/* The state of a job is one atomic word: the job's number, and how many of its tasks nobody has
 * taken. A worker takes a task by a compare-and-swap of that word, which fails once the job is
 * over. So if it succeeds, what the worker read about the job before it (function, user, number of
 * tasks) belongs to that job. */
#include "workers.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "clock.h"

/* Jobs done alone after a worker was kept from the processor: so many at first, and at most. */
enum { LEAST_ALONE = 8, MOST_ALONE = 1024 };
/* The clock by which a condition is waited for: macOS knows only the calendar's. */
#ifdef __APPLE__
#define WORKERS_CLOCK CLOCK_REALTIME
#else
#define WORKERS_CLOCK CLOCK_MONOTONIC
#endif

enum { TASK_BITS = 24, TASK_MASK = (1 << TASK_BITS) - 1, SPINS = 800, PAUSES = 16, LONG_MS = 1000 };

/* Work that is offered beside jobs: KEPT is for the calling thread alone. */
typedef enum offer { OFFER_NONE, OFFER_OPEN, OFFER_KEPT, OFFER_TAKEN } offer;

typedef struct worker {
  hd__workers *workers;
  pthread_t thread;
  int index;
  _Atomic double cpu_s; /* of threads that ran under this index */
  double joined_cpu_s;  /* of those that were joined */
  double timed_at;      /* wall seconds, when cpu_s was last updated */
} worker;

struct hd__workers {
  hd_ctx *ctx;
  int n_threads, n_started;
  _Atomic uint64_t word; /* number of the job << TASK_BITS | tasks that nobody has taken */
  _Atomic hd__task_fn fn;
  _Atomic(void *) user;
  _Atomic int n_tasks, n_left; /* n_left: tasks that are not done */
  _Atomic int n_sleeping;      /* workers that wait for `begun` */
  _Atomic int offer;           /* enum offer, of: */
  void (*offer_fn)(void *user);
  void *offer_user;
  double offered_at;
  _Atomic bool is_awaited; /* the calling thread waits for `done` */
  _Atomic bool is_over;
  int alone, n_alone;    /* of the calling thread: jobs it is to do alone next time, and now */
  pthread_mutex_t mutex; /* of the two conditions */
  pthread_cond_t begun, done;
  worker worker[]; /* [n_threads] */
};

/* Some hundred nanoseconds. */
static void workers_pause(void) {
  for (int k = 0; k < PAUSES; k++) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#else
    atomic_signal_fence(memory_order_seq_cst);
#endif
  }
}

static size_t workers_bytes(int n_threads) {
  return sizeof(hd__workers) + (size_t)n_threads * sizeof(worker);
}

hd_status hd__workers_create(hd_ctx *ctx, int n_threads, hd__workers **out) {
  hd__workers *workers = hd__alloc(ctx, workers_bytes(n_threads));
  if (workers == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for %d worker threads", n_threads);
  }
  memset(workers, 0, workers_bytes(n_threads));
  workers->ctx = ctx;
  workers->n_threads = n_threads;
  for (int i = 0; i < n_threads; i++) {
    workers->worker[i].workers = workers;
    workers->worker[i].index = i + 1;
  }
  pthread_mutex_init(&workers->mutex, NULL);
  pthread_cond_init(&workers->begun, NULL);
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
#ifndef __APPLE__
  pthread_condattr_setclock(&clock, WORKERS_CLOCK);
#endif
  pthread_cond_init(&workers->done, &clock);
  pthread_condattr_destroy(&clock);
  *out = workers;
  return HD_OK;
}

/* ---- tasks ---- */

static bool workers_is_done(hd__workers *workers) { return atomic_load(&workers->n_left) == 0; }

static bool workers_has_no_offer(hd__workers *workers) {
  return atomic_load(&workers->offer) == OFFER_NONE;
}

static void workers_tell_caller(hd__workers *workers) {
  if (atomic_load(&workers->is_awaited)) {
    pthread_mutex_lock(&workers->mutex);
    pthread_cond_signal(&workers->done);
    pthread_mutex_unlock(&workers->mutex);
  }
}

/* A task of the job at hand is done; who waits for the last one is told. */
static void workers_finish_task(hd__workers *workers) {
  if (atomic_fetch_sub(&workers->n_left, 1) == 1) {
    workers_tell_caller(workers);
  }
}

static void workers_take_offer(hd__workers *workers) {
  int open = OFFER_OPEN;
  if (atomic_load(&workers->offer) == OFFER_OPEN &&
      atomic_compare_exchange_strong(&workers->offer, &open, OFFER_TAKEN)) {
    workers->offer_fn(workers->offer_user);
    atomic_store(&workers->offer, OFFER_NONE);
    workers_tell_caller(workers);
  }
}

/* Take tasks of the job at hand until none is left; returns the word that said so. */
static uint64_t workers_take_tasks(hd__workers *workers, int index) {
  uint64_t word = atomic_load(&workers->word);
  int n_untaken;
  while ((n_untaken = (int)(word & TASK_MASK)) > 0) {
    const hd__task_fn fn = atomic_load(&workers->fn);
    void *user = atomic_load(&workers->user);
    const int task = atomic_load(&workers->n_tasks) - n_untaken;
    if (atomic_compare_exchange_weak(&workers->word, &word, word - 1)) {
      fn(user, index, task);
      workers_finish_task(workers);
      word = atomic_load(&workers->word);
    }
  }
  return word;
}

/* ---- threads ---- */

static bool workers_has_news(hd__workers *workers, uint64_t seen) {
  return atomic_load(&workers->is_over) || atomic_load(&workers->word) != seen ||
         atomic_load(&workers->offer) == OFFER_OPEN;
}

/* Until another job begins, something is offered, or the pool is joined. */
static void workers_await_job(hd__workers *workers, uint64_t seen) {
  for (int i = 0; i < SPINS; i++) {
    if (workers_has_news(workers, seen)) {
      return;
    }
    workers_pause();
  }
  pthread_mutex_lock(&workers->mutex);
  atomic_fetch_add(&workers->n_sleeping, 1);
  while (!workers_has_news(workers, seen)) {
    pthread_cond_wait(&workers->begun, &workers->mutex);
  }
  atomic_fetch_sub(&workers->n_sleeping, 1);
  pthread_mutex_unlock(&workers->mutex);
}

/* Only now and then: the system is asked for the clock of a thread, which takes as long as a short
 * job. */
static void workers_update_time(worker *self, double least_s) {
  const double now = hd__clock_wall();
  if (now - self->timed_at >= least_s) {
    self->timed_at = now;
    atomic_store(&self->cpu_s, self->joined_cpu_s + hd__clock_thread());
  }
}

static void *workers_attend(void *arg) {
  const double least_s = 5e-5;
  worker *self = arg;
  hd__workers *workers = self->workers;
  while (!atomic_load(&workers->is_over)) {
    workers_take_offer(workers);
    const uint64_t seen = workers_take_tasks(workers, self->index);
    workers_update_time(self, least_s);
    workers_await_job(workers, seen);
  }
  workers_update_time(self, 0.0);
  return NULL;
}

/* A thread that cannot be had is done without. */
static void workers_start(hd__workers *workers) {
  if (workers->n_started > 0) {
    return;
  }
  atomic_store(&workers->is_over, false);
  while (workers->n_started < workers->n_threads) {
    worker *one = &workers->worker[workers->n_started];
    if (pthread_create(&one->thread, NULL, workers_attend, one) != 0) {
      return;
    }
    workers->n_started++;
  }
}

static void workers_wake(hd__workers *workers) {
  if (atomic_load(&workers->n_sleeping) > 0) {
    pthread_mutex_lock(&workers->mutex);
    pthread_cond_broadcast(&workers->begun);
    pthread_mutex_unlock(&workers->mutex);
  }
}

void hd__workers_join(hd__workers *workers) {
  if (workers == NULL) {
    return;
  }
  atomic_store(&workers->is_over, true);
  workers_wake(workers);
  for (int i = 0; i < workers->n_started; i++) {
    worker *one = &workers->worker[i];
    pthread_join(one->thread, NULL);
    one->joined_cpu_s = atomic_load(&one->cpu_s);
  }
  workers->n_started = 0;
}

void hd__workers_destroy(hd__workers *workers) {
  if (workers == NULL) {
    return;
  }
  hd__workers_join(workers);
  pthread_cond_destroy(&workers->done);
  pthread_cond_destroy(&workers->begun);
  pthread_mutex_destroy(&workers->mutex);
  hd__free(workers->ctx, workers, workers_bytes(workers->n_threads));
}

int hd__workers_count(const hd__workers *workers) {
  return workers != NULL ? workers->n_threads + 1 : 1;
}

double hd__workers_cpu_s(const hd__workers *workers) {
  double sum = 0.0;
  for (int i = 0; workers != NULL && i < workers->n_threads; i++) {
    sum += atomic_load(&((hd__workers *)workers)->worker[i].cpu_s);
  }
  return sum;
}

/* ---- jobs ---- */

/* Called while no job is under way. */
static void workers_publish(hd__workers *workers, int n_tasks, hd__task_fn fn, void *user) {
  HD_ASSERT(n_tasks <= TASK_MASK && workers_is_done(workers));
  const uint64_t job = (atomic_load(&workers->word) >> TASK_BITS) + 1;
  atomic_store(&workers->fn, fn);
  atomic_store(&workers->user, user);
  atomic_store(&workers->n_tasks, n_tasks);
  atomic_store(&workers->n_left, n_tasks);
  atomic_store(&workers->word, job << TASK_BITS | (uint64_t)n_tasks);
  workers_wake(workers);
}

/* Until it is so, or the time is over. */
static bool workers_wait_until(hd__workers *workers, bool (*is_so)(hd__workers *workers),
                               int milliseconds) {
  if (is_so(workers)) {
    return true;
  }
  struct timespec until;
  clock_gettime(WORKERS_CLOCK, &until);
  until.tv_sec += milliseconds / 1000;
  until.tv_nsec += milliseconds % 1000 * 1000000L;
  if (until.tv_nsec >= 1000000000L) {
    until.tv_sec++;
    until.tv_nsec -= 1000000000L;
  }
  pthread_mutex_lock(&workers->mutex);
  atomic_store(&workers->is_awaited, true);
  while (!is_so(workers) &&
         pthread_cond_timedwait(&workers->done, &workers->mutex, &until) != ETIMEDOUT) {
  }
  atomic_store(&workers->is_awaited, false);
  pthread_mutex_unlock(&workers->mutex);
  return is_so(workers);
}

static void workers_await(hd__workers *workers, bool (*is_so)(hd__workers *workers)) {
  for (int i = 0; i < SPINS && !is_so(workers); i++) {
    workers_pause();
  }
  while (!workers_wait_until(workers, is_so, LONG_MS)) {
  }
}

/* A worker that works takes about as long for its last task as the calling thread for all of its
 * own; one that was kept from the processor takes a slice of the scheduler's time, a millisecond or
 * more. */
static void workers_update_alone(hd__workers *workers, double worked_s, double waited_s) {
  const double least_s = 3e-4;
  if (waited_s < least_s || waited_s < 4.0 * worked_s) {
    workers->alone = workers->alone / 2;
    return;
  }
  const int twice = 2 * workers->alone;
  workers->alone = twice < LEAST_ALONE ? LEAST_ALONE : twice < MOST_ALONE ? twice : MOST_ALONE;
  workers->n_alone = workers->alone;
}

static bool workers_are_kept_away(hd__workers *workers) {
  workers->n_alone -= workers->n_alone > 0;
  return workers->n_alone > 0;
}

void hd__workers_run(hd__workers *workers, int n_tasks, hd__task_fn fn, void *user) {
  if (workers == NULL || n_tasks < 2 || workers_are_kept_away(workers)) {
    for (int task = 0; task < n_tasks; task++) {
      fn(user, 0, task);
    }
    return;
  }
  const double begin = hd__clock_wall();
  workers_start(workers);
  workers_publish(workers, n_tasks, fn, user);
  workers_take_tasks(workers, 0);
  const double end = hd__clock_wall();
  workers_await(workers, workers_is_done);
  workers_update_alone(workers, end - begin, hd__clock_wall() - end);
}

hd_status hd__workers_begin(hd__workers *workers, int n_tasks, hd__task_fn fn, void *user) {
  workers_start(workers);
  if (workers->n_started == 0) {
    return hd__fail(workers->ctx, HD_NOMEM, "no worker thread could be started");
  }
  workers_publish(workers, n_tasks, fn, user);
  return HD_OK;
}

bool hd__workers_wait(hd__workers *workers, int milliseconds) {
  return workers_wait_until(workers, workers_is_done, milliseconds);
}

/* ---- offers ---- */

void hd__workers_offer(hd__workers *workers, void (*fn)(void *user), void *user) {
  HD_ASSERT(workers_has_no_offer(workers));
  workers_start(workers);
  workers->offer_fn = fn;
  workers->offer_user = user;
  workers->offered_at = hd__clock_wall();
  atomic_store(&workers->offer, workers->n_alone > 0 ? OFFER_KEPT : OFFER_OPEN);
  workers_wake(workers);
}

void hd__workers_finish_offer(hd__workers *workers) {
  int open = OFFER_OPEN, kept = OFFER_KEPT;
  if (atomic_compare_exchange_strong(&workers->offer, &open, OFFER_NONE) ||
      atomic_compare_exchange_strong(&workers->offer, &kept, OFFER_NONE)) {
    workers->offer_fn(workers->offer_user);
  } else if (!workers_has_no_offer(workers)) {
    const double begin = hd__clock_wall();
    workers_await(workers, workers_has_no_offer);
    workers_update_alone(workers, begin - workers->offered_at, hd__clock_wall() - begin);
  }
}
