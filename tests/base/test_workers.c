#include "workers.h"

#include <stdatomic.h>

#include "hedon/hedon.h"
#include "test.h"

enum { TASKS = 100, JOBS = 3000, MOST_THREADS = 16 };

static hd_ctx *ctx;

typedef struct sheet {
  atomic_int done[TASKS]; /* how often each task was done */
  atomic_int n_wrong;     /* tasks done by a worker that there is not */
  int n_workers;
  long sum[TASKS]; /* written by tasks, read by the caller afterwards */
} sheet;

static void mark(void *user, int worker, int task) {
  sheet *all = user;
  atomic_fetch_add(&all->done[task], 1);
  atomic_fetch_add(&all->n_wrong, worker < 0 || worker >= all->n_workers);
  all->sum[task] += task + 1;
}

/* Jobs of 0 to TASKS tasks one right after the other: a worker that comes late to one must not
 * take a task of it in the next. */
static void every_task_of_every_job_is_done_once(void) {
  for (int n_threads = 0; n_threads <= MOST_THREADS; n_threads = 2 * n_threads + 1) {
    static sheet all;
    memset(&all, 0, sizeof all);
    hd__workers *workers = NULL;
    CHECK(hd__workers_create(ctx, n_threads, &workers) == HD_OK);
    all.n_workers = hd__workers_count(workers);
    CHECK(all.n_workers == n_threads + 1);
    int want[TASKS] = {0};
    for (int job = 0; job < JOBS; job++) {
      const int n = job % (TASKS + 1);
      hd__workers_run(workers, n, mark, &all);
      for (int i = 0; i < n; i++) {
        want[i]++;
      }
      CHECK(n == 0 || all.sum[n - 1] == (long)n * want[n - 1]);
      if (job % (JOBS / 3) == 0) { /* new threads go on where the old ones stopped */
        hd__workers_join(workers);
      }
    }
    for (int i = 0; i < TASKS; i++) {
      CHECK(all.done[i] == want[i] && all.sum[i] == (long)(i + 1) * want[i]);
    }
    CHECK(all.n_wrong == 0);
    hd__workers_destroy(workers);
  }
}

/* A job that the caller watches only. */
static void the_caller_may_stand_by(void) {
  static sheet all;
  memset(&all, 0, sizeof all);
  hd__workers *workers = NULL;
  CHECK(hd__workers_create(ctx, 3, &workers) == HD_OK);
  all.n_workers = 4;
  for (int job = 1; job <= 50; job++) {
    CHECK(hd__workers_begin(workers, TASKS, mark, &all) == HD_OK);
    while (!hd__workers_wait(workers, 1000)) {
    }
    for (int i = 0; i < TASKS; i++) {
      CHECK(all.done[i] == job);
    }
  }
  CHECK(hd__workers_cpu_s(workers) >= 0.0);
  hd__workers_join(workers);
  CHECK(hd__workers_cpu_s(workers) > 0.0);
  hd__workers_destroy(workers);
}

static void count_offer(void *user) { (*(long *)user)++; }

/* Work beside jobs: done once before the caller goes on, whoever does it and whatever jobs there
 * are meanwhile. */
static void what_is_offered_is_done_once(void) {
  for (int n_threads = 0; n_threads <= 2; n_threads++) {
    static sheet all;
    long done = 0;
    memset(&all, 0, sizeof all);
    hd__workers *workers = NULL;
    CHECK(hd__workers_create(ctx, n_threads, &workers) == HD_OK);
    all.n_workers = n_threads + 1;
    hd__workers_finish_offer(workers);
    for (int job = 0; job < JOBS; job++) {
      hd__workers_offer(workers, count_offer, &done);
      hd__workers_run(workers, job % 5, mark, &all);
      if (job % (JOBS / 3) == 0) {
        hd__workers_join(workers);
      }
      hd__workers_finish_offer(workers);
      CHECK(done == job + 1);
    }
    CHECK(all.sum[0] == JOBS / 5 * 4);
    hd__workers_destroy(workers);
  }
}

static void no_pool_is_the_caller_alone(void) {
  static sheet all;
  memset(&all, 0, sizeof all);
  all.n_workers = 1;
  hd__workers_run(NULL, TASKS, mark, &all);
  for (int i = 0; i < TASKS; i++) {
    CHECK(all.done[i] == 1);
  }
  CHECK(all.n_wrong == 0 && hd__workers_count(NULL) == 1 && hd__workers_cpu_s(NULL) == 0.0);
  hd__workers_join(NULL);
  hd__workers_destroy(NULL);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(every_task_of_every_job_is_done_once);
  RUN(the_caller_may_stand_by);
  RUN(what_is_offered_is_done_once);
  RUN(no_pool_is_the_caller_alone);
  hd_ctx_destroy(ctx);
  return test_end();
}
