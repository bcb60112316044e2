/* The cells, one after the other, each on all threads. */
#include <math.h>
#include <stdlib.h>

#include "compare.h"
#include "open.h"
#include "progress.h"
#include "say.h"

static void compare_run_fail(hd_ctx *ctx, hd_status status, cell *c) {
  const char *error = hd_ctx_error(ctx);
  c->state = status == HD_CONFLICT ? CELL_CONFLICT : CELL_FAILED;
  snprintf(c->message, sizeof c->message, "%s", *error != '\0' ? error : hd_status_text(status));
}

static hd_status compare_run_take_numbers(const hd_study *study, cell *c) {
  c->summary = hd_study_summary(study);
  c->result = calloc((size_t)c->summary.n, sizeof *c->result);
  if (c->result == NULL) {
    return HD_NOMEM;
  }
  for (int i = 0; i < c->summary.n; i++) {
    c->result[i] = hd_study_result(study, i);
  }
  c->state = CELL_DONE;
  return HD_OK;
}

/* A cell's study: begun, or gone on with where it was stopped. */
static hd_status compare_run_open(hd_ctx *ctx, const comparison *self, const cell *c,
                                  hd_study **out) {
  char path[COMPARE_PATH];
  hd_study_def def = hd_study_def_default();
  def.config = c->config;
  def.seed = self->args->seed;
  def.n_seeds = self->n_seeds;
  def.n_threads = open_threads(self->args);
  def.dir = compare_cell_folder(self, c, path);
  return def.dir != NULL && compare_cell_has_begun(def.dir)
             ? hd_study_resume(ctx, def.dir, def.n_threads, out)
             : hd_study_create(ctx, &def, out);
}

static void compare_run_cell(hd_ctx *ctx, progress *watch, const comparison *self,
                             const char *title, cell *c) {
  hd_study *study = NULL;
  hd_status status = compare_run_open(ctx, self, c, &study);
  if (status == HD_OK) {
    progress_watch(watch, study, title);
    status = hd_study_run(study, progress_tick, watch);
    progress_leave(watch, study);
  }
  if (status == HD_OK && watch->interrupted != 0 && !hd_study_summary(study).finished) {
    c->state = CELL_STOPPED;
  } else if (status == HD_OK) {
    status = compare_run_take_numbers(study, c);
  }
  if (status != HD_OK) {
    compare_run_fail(ctx, status, c);
  }
  hd_study_destroy(study);
}

static bool compare_run_has_figures(const cell *c) {
  return c->state == CELL_DONE && isfinite(c->summary.return_iqm);
}

/* Above 0 where a is the better one: by the seeds that solved it, then by the steps these took,
 * then by the return; by the return alone where no return counts as solved. */
static int compare_run_order(const cell *a, const cell *b) {
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
static void compare_run_rank(cell *c, int n) {
  for (int i = 1; i < n; i++) {
    const cell moving = c[i];
    int j = i;
    for (; j > 0 && compare_run_order(&moving, &c[j - 1]) > 0; j--) {
      c[j] = c[j - 1];
    }
    c[j] = moving;
  }
  for (int i = 0; i < n; i++) {
    const bool is_equal = i > 0 && compare_run_order(&c[i], &c[i - 1]) == 0;
    c[i].place = !compare_run_has_figures(&c[i]) ? 0 : is_equal ? c[i - 1].place : i + 1;
  }
}

/* Some cell failed: the run did. None could begin: the command line asked for nothing that goes. */
static int compare_run_verdict(const comparison *self) {
  int n_done = 0, n_failed = 0;
  for (int i = 0; i < self->n_tasks * self->n_methods; i++) {
    n_done += self->cell[i].state == CELL_DONE;
    n_failed += self->cell[i].state == CELL_FAILED;
  }
  return n_failed > 0 ? EXIT_RUN : n_done > 0 ? EXIT_OK : EXIT_USAGE;
}

int compare_run(hd_ctx *ctx, notes *log, comparison *self) {
  progress watch;
  int code = EXIT_OK;
  progress_begin(&watch, log, self->args->quiet);
  for (int t = 0; t < self->n_tasks; t++) {
    cell *row = self->cell + (size_t)t * self->n_methods;
    for (int m = 0; m < self->n_methods && code == EXIT_OK && watch.interrupted == 0; m++) {
      char title[MESSAGE_SIZE];
      snprintf(title, sizeof title, "%d/%d %s %s", t * self->n_methods + m + 1,
               self->n_tasks * self->n_methods, hd_config_task(row[m].config), row[m].label);
      if (row[m].state == CELL_WAITING) {
        compare_run_cell(ctx, &watch, self, title, &row[m]);
        code = compare_keep(self);
      }
    }
    compare_run_rank(row, self->n_methods);
  }
  progress_end(&watch);
  if (code == EXIT_OK) {
    code = compare_keep(self);
  }
  if (code == EXIT_OK && watch.interrupted == 0) {
    return compare_run_verdict(self);
  }
  if (code == EXIT_OK) {
    fprintf(stderr, self->args->out != NULL
                        ? "hedon: stopped and saved; the same command goes on\n"
                        : "hedon: stopped; what was done by then stands\n");
    code = 128 + watch.interrupted;
  }
  return code;
}
