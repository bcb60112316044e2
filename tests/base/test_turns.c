#include "turns.h"

#include <stdatomic.h>
#include <time.h>

#include "hedon/hedon.h"
#include "test.h"

enum { TASKS = 40, SLICES = 50, MANY_THREADS = 64 };

static hd_ctx *ctx;

typedef struct jobs {
  atomic_int n[TASKS], inside[TASKS];
  atomic_int n_overlaps;
  int slices; /* of each task; 0: it never ends */
} jobs;

/* Task k has k slices more than the first one. */
static bool slice(void *user, int task) {
  jobs *all = user;
  if (atomic_fetch_add(&all->inside[task], 1) > 0) {
    atomic_fetch_add(&all->n_overlaps, 1);
  }
  const int n = atomic_fetch_add(&all->n[task], 1) + 1;
  atomic_fetch_sub(&all->inside[task], 1);
  return all->slices == 0 || n < all->slices + task;
}

static void every_task_comes_to_its_end(void) {
  static const int threads[] = {1, 2, 3, MANY_THREADS};
  for (int k = 0; k < 4; k++) {
    static jobs all;
    memset(&all, 0, sizeof all);
    all.slices = SLICES;
    hd__turns *turns = NULL;
    CHECK(hd__turns_start(ctx, threads[k], TASKS, slice, &all, &turns) == HD_OK);
    while (!hd__turns_wait(turns, 1000)) {
    }
    hd__turns_finish(turns);
    for (int i = 0; i < TASKS; i++) {
      CHECK(all.n[i] == SLICES + i);
    }
    CHECK(all.n_overlaps == 0);
  }
}

/* One thread: all have had a turn before one has another. */
static void tasks_take_turns(void) {
  static jobs all;
  memset(&all, 0, sizeof all);
  hd__turns *turns = NULL;
  CHECK(hd__turns_start(ctx, 1, TASKS, slice, &all, &turns) == HD_OK);
  CHECK(!hd__turns_wait(turns, 20));
  hd__turns_finish(turns);
  for (int i = 1; i < TASKS; i++) {
    CHECK(all.n[i - 1] - all.n[i] == 0 || all.n[i - 1] - all.n[i] == 1);
  }
}

/* Stopped workers finish their slices, and no other is begun. */
static void no_slice_begins_after_a_stop(void) {
  static jobs all;
  memset(&all, 0, sizeof all);
  hd__turns *turns = NULL;
  CHECK(hd__turns_start(ctx, MANY_THREADS, TASKS, slice, &all, &turns) == HD_OK);
  CHECK(!hd__turns_wait(turns, 5));
  hd__turns_stop(turns);
  CHECK(hd__turns_wait(turns, 60000));
  int before[TASKS];
  for (int i = 0; i < TASKS; i++) {
    before[i] = all.n[i];
  }
  nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
  for (int i = 0; i < TASKS; i++) {
    CHECK(all.n[i] == before[i]);
  }
  hd__turns_finish(turns);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  RUN(every_task_comes_to_its_end);
  RUN(tasks_take_turns);
  RUN(no_slice_begins_after_a_stop);
  hd_ctx_destroy(ctx);
  return test_end();
}
