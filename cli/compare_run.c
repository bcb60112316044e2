/* All runs of a comparison, on all threads. */
#include <math.h>
#include <stdlib.h>

#include "clocks.h"
#include "compare.h"
#include "open.h"
#include "say.h"
#include "study_engine.h"

enum { MOST_WORKERS = 1024, LOOK_MS = 100 };

/* ---- order ---- */

static bool compare_run_has_figures(const cell *c) {
  return c->state == CELL_DONE && isfinite(c->summary.return_iqm);
}

/* By the seeds that solved it, then by the steps these took, then by the return; by the return
 * alone where no return counts as solved. */
int compare_order(const cell *a, const cell *b) {
  const hd_summary *x = &a->summary, *y = &b->summary;
  const double better[] = {
      compare_run_has_figures(a) - compare_run_has_figures(b),
      isfinite(a->threshold) ? x->n_solved - y->n_solved : 0,
      isfinite(a->threshold) && x->n_solved > 0 && y->n_solved > 0
          ? y->steps_median - x->steps_median
          : 0,
      compare_run_has_figures(a) && compare_run_has_figures(b) ? x->return_iqm - y->return_iqm : 0};
  for (size_t k = 0; k < sizeof better / sizeof *better; k++) {
    if (better[k] != 0) {
      return better[k] > 0 ? 1 : -1;
    }
  }
  return 0;
}

/* Best first, equals in the order they were named. */
static void compare_run_rank(cell **c, int n) {
  for (int i = 1; i < n; i++) {
    cell *moving = c[i];
    int j = i;
    for (; j > 0 && compare_order(moving, c[j - 1]) > 0; j--) {
      c[j] = c[j - 1];
    }
    c[j] = moving;
  }
  for (int i = 0; i < n; i++) {
    const bool is_equal = i > 0 && compare_order(c[i], c[i - 1]) == 0;
    c[i]->place = !compare_run_has_figures(c[i]) ? 0 : is_equal ? c[i - 1]->place : i + 1;
  }
}

void compare_rank(comparison *self) {
  for (int t = 0; t < self->n_tasks; t++) {
    for (int m = 0; m < self->n_labels; m++) {
      self->ranked[t * self->n_labels + m] = &self->cell[t * self->n_labels + m];
    }
    compare_run_rank(self->ranked + (size_t)t * self->n_labels, self->n_labels);
  }
}

/* ---- running ---- */

static int compare_run_count_over(const comparison *self) {
  int n = 0;
  for (int i = 0; i < self->n_tasks * self->n_labels; i++) {
    n += self->cell[i].state != CELL_WAITING;
  }
  return n;
}

/* What this process did for a cell. */
typedef struct compare_run_part {
  bool is_at, has_begun; /* a run of it is going here; was begun here */
} compare_run_part;

static compare_run_part compare_run_part_of(const engine *e, const cell *c) {
  const int n = e->plan->n_seeds;
  compare_run_part part = {.has_begun = c->n_over > 0};
  for (int r = (c->number - 1) * n; r < c->number * n; r++) {
    part.is_at = part.is_at || e->state[r] == RUN_GOING;
    part.has_begun = part.has_begun || e->fraction[r] > 0;
  }
  return part;
}

/* Cells that are not over, as they stand for every process: some process is at them, or they were
 * begun and stopped. */
static void compare_run_mark(const engine *e, bool is_end) {
  const int n = e->plan->n_seeds;
  for (int i = 0; i < e->n_cells; i++) {
    cell *c = &e->plan->cell[i];
    if (c->state != CELL_WAITING) {
      continue;
    }
    const compare_run_part here = compare_run_part_of(e, c);
    if (store_is_claimed(e->store, i * n, n) || (here.is_at && !is_end)) {
      c->state = CELL_GOING;
    } else if (here.has_begun || store_has_begun(e->store, c)) {
      c->state = CELL_STOPPED;
    }
  }
}

static void compare_run_unmark(const engine *e) {
  for (int i = 0; i < e->n_cells; i++) {
    cell *c = &e->plan->cell[i];
    if (c->state == CELL_GOING || c->state == CELL_STOPPED) {
      c->state = CELL_WAITING;
    }
  }
}

/* With the mutex held. What is written is looked up while the files are claimed, so that of many
 * processes the last one to write them knows what the others left: each gives its runs up before
 * it claims the files for the last time. */
static int compare_run_keep(engine *e, bool is_end) {
  store_claim_files(e->store);
  engine_refresh(e);
  compare_run_mark(e, is_end);
  compare_rank(e->plan);
  const int code = compare_keep(e->plan);
  if (!is_end) {
    compare_run_unmark(e);
  }
  store_release_files(e->store);
  return code;
}

/* One look at what happened; with the mutex held. */
static void compare_run_look(engine *e, progress *watch, double *kept) {
  engine_refresh(e);
  if (progress_signal() != 0) {
    atomic_store(&e->stop, true);
  }
  const int n = compare_run_count_over(e->plan);
  if (n != e->n_over_cells && clock_wall() - *kept > 1 && e->code == EXIT_OK) {
    e->n_over_cells = n;
    *kept = clock_wall();
    const int code = compare_run_keep(e, false);
    if (code != EXIT_OK) {
      engine_end(e, code);
    }
  }
  if (progress_is_due(watch)) {
    engine_show(e, watch);
  }
}

static void compare_run_watch(engine *e, progress *watch) {
  double kept = 0;
  pthread_mutex_lock(&e->mutex);
  while (e->n_workers > 0) {
    engine_wait(e, LOOK_MS);
    compare_run_look(e, watch, &kept);
  }
  pthread_mutex_unlock(&e->mutex);
}

static int compare_run_workers(engine *e, progress *watch) {
  static pthread_t worker[MOST_WORKERS];
  const int left = e->n - e->n_over, threads = open_threads(e->plan->args);
  const int wanted = left < threads ? left : threads;
  const int n = wanted < MOST_WORKERS ? wanted : MOST_WORKERS;
  int begun = 0;
  e->n_threads = n > 0 ? threads / n : 1;
  e->n_workers = n;
  while (begun < n && pthread_create(&worker[begun], NULL, engine_work, e) == 0) {
    begun++;
  }
  pthread_mutex_lock(&e->mutex);
  e->n_workers -= n - begun;
  if (begun == 0 && n > 0) {
    engine_end(e, say_failure("no thread can be started"));
  }
  pthread_mutex_unlock(&e->mutex);
  compare_run_watch(e, watch);
  for (int i = 0; i < begun; i++) {
    pthread_join(worker[i], NULL);
  }
  return e->code;
}

/* Put runs together of cells whose process was killed before it had done so. */
static int compare_run_join_left(engine *e) {
  int code = EXIT_OK;
  for (int i = 0; i < e->plan->n_tasks * e->plan->n_labels && code == EXIT_OK; i++) {
    const cell *c = &e->plan->cell[i];
    const bool is_whole = e->store->dir != NULL && c->n_over == e->plan->n_seeds;
    code = is_whole ? store_join(e->store, e->plan, c) : EXIT_OK;
  }
  return code;
}

/* ---- the end ---- */

/* Some run failed: the whole did. None could begin: the command line asked for nothing that goes.
 */
static int compare_run_verdict(const comparison *self) {
  int n_done = 0, n_failed = 0;
  for (int i = 0; i < self->n_tasks * self->n_labels; i++) {
    const cell *c = &self->cell[i];
    n_done += c->state == CELL_DONE;
    for (int k = 0; k < self->n_seeds; k++) {
      n_failed += c->failure[k] != NULL;
    }
  }
  return n_failed > 0 ? EXIT_RUN : n_done > 0 ? EXIT_OK : EXIT_USAGE;
}

static int compare_run_end(engine *e, int number) {
  const int code = compare_run_keep(e, true);
  if (e->code != EXIT_OK || code != EXIT_OK) {
    return e->code != EXIT_OK ? e->code : code;
  }
  if (number == 0 || e->n_over == e->n) {
    return compare_run_verdict(e->plan);
  }
  fprintf(stderr, e->store->dir != NULL ? "hedon: stopped and saved; the same command goes on\n"
                                        : "hedon: stopped; what was done by then stands\n");
  return 128 + number;
}

int compare_run(hd_ctx *ctx, notes *log, comparison *self, store *kept, bool is_shown) {
  progress watch;
  engine e;
  progress_begin(&watch, log, !is_shown);
  watch.began = watch.drawn = clock_wall();
  int code = engine_open(&e, ctx, self, kept, log);
  code = code == EXIT_OK ? compare_run_join_left(&e) : code;
  if (code == EXIT_OK) {
    compare_run_workers(&e, &watch);
    code = compare_run_join_left(&e); /* of processes that were killed meanwhile */
    e.code = e.code == EXIT_OK ? code : e.code;
    if (is_shown) {
      engine_show(&e, &watch);
    }
    progress_line_end(&watch);
    code = compare_run_end(&e, progress_signal());
  }
  progress_end(&watch);
  engine_close(&e);
  return code;
}
