#include "study_engine.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "say.h"

#ifdef __APPLE__ /* whose conditions know no other clock */
#define ENGINE_CLOCK CLOCK_REALTIME
#else
#define ENGINE_CLOCK CLOCK_MONOTONIC /* which nobody sets back */
#endif

enum { POLL_MS = 30 };

/* Functions of this file that others do not call are called with the mutex held. */

static cell *engine_cell(const engine *self, int run) {
  return &self->plan->cell[run / self->plan->n_seeds];
}

/* A run's state, and what its cell knows of it. */
static void engine_set(engine *self, int run, run_state state) {
  cell_load *load = &self->load[run / self->plan->n_seeds];
  const int k = run % self->plan->n_seeds;
  load->n_begun += (state != RUN_WAITING) - (self->state[run] != RUN_WAITING);
  load->next = state == RUN_WAITING && k < load->next ? k : load->next;
  self->state[run] = (unsigned char)state;
}

/* ---- rounds of successive halving ---- */

static bool engine_is_round_over(const comparison *plan, int task, int round) {
  const cell *row = plan->cell + (size_t)task * plan->n_labels;
  for (int m = 0; m < plan->n_labels; m++) {
    if (plan->label[m].round == round && row[m].state == CELL_WAITING) {
      return false;
    }
  }
  return true;
}

/* How many of a round did better than a cell of it. */
static int engine_count_better(const comparison *plan, const cell *c) {
  const cell *row = plan->cell + (size_t)c->task * plan->n_labels;
  int n = 0;
  for (int m = 0; m < plan->n_labels; m++) {
    const int order = compare_order(&row[m], c);
    const bool is_rival = plan->label[m].round == plan->label[c->label].round && &row[m] != c;
    n += is_rival && (order > 0 || (order == 0 && m < c->label));
  }
  return n;
}

static void engine_drop(engine *self, cell *c) {
  const int first = (c->number - 1) * self->plan->n_seeds;
  c->state = CELL_DROPPED;
  snprintf(c->message, sizeof c->message, "not among the best of the round before");
  for (int k = 0; k < self->plan->n_seeds; k++) {
    self->n_over += self->state[first + k] != RUN_OVER;
    engine_set(self, first + k, RUN_OVER);
  }
}

/* Cells of a round whose round before is over begin or are left out. */
static void engine_open_round(engine *self, int task, int round) {
  comparison *plan = self->plan;
  const int each = plan->n_labels / plan->n_rounds;
  const int n_kept = (int)(each * plan->keep + 0.999);
  for (int m = 0; m < plan->n_labels; m++) {
    cell *c = &plan->cell[(size_t)task * plan->n_labels + m];
    if (plan->label[m].round == round && !c->is_open && c->state == CELL_WAITING) {
      const cell *before = c - each;
      c->is_open = before->state == CELL_DONE && engine_count_better(plan, before) < n_kept;
      if (!c->is_open) {
        engine_drop(self, c);
      }
    }
  }
}

static void engine_open_rounds(engine *self, int task) {
  for (int round = 1; round < self->plan->n_rounds; round++) {
    if (engine_is_round_over(self->plan, task, round - 1)) {
      engine_open_round(self, task, round);
    }
  }
}

/* ---- what is over ---- */

static void engine_sum_up(const engine *self, cell *c) {
  const int n = self->plan->n_seeds;
  int n_failed = 0;
  for (int k = 0; k < n; k++) {
    n_failed += c->failure[k] != NULL;
    if (c->failure[k] != NULL && c->message[0] == '\0') {
      snprintf(c->message, sizeof c->message, "%s", c->failure[k]);
    }
  }
  const hd_status status =
      hd_results_summary(self->ctx, c->result, n, self->plan->seed, &c->summary);
  c->state = n_failed == n || status != HD_OK ? CELL_FAILED : CELL_DONE;
}

/* A store_fn: take a run that is over into the plan. */
static void engine_take(void *user, int run, const hd_result *result, const char *failure) {
  engine *self = user;
  if (run < 0 || run >= self->n || self->state[run] == RUN_OVER) {
    return;
  }
  cell *c = engine_cell(self, run);
  const int k = run % self->plan->n_seeds;
  if (result != NULL) {
    c->result[k] = *result;
    self->load[c->number - 1].cpu_s += result->cpu_s + result->eval_cpu_s;
    self->load[c->number - 1].n_measured++;
  } else {
    c->failure[k] = strdup(failure);
    self->n_failed++;
  }
  engine_set(self, run, RUN_OVER);
  self->n_over++;
  self->last = run;
  if (++c->n_over == self->plan->n_seeds) {
    engine_sum_up(self, c);
    engine_open_rounds(self, c->task);
  }
}

void engine_refresh(engine *self) {
  if (!store_read(self->store, engine_take, self)) {
    engine_end(self, say_failure("%s/results.jsonl cannot be read", self->store->dir));
  }
}

void engine_end(engine *self, int code) {
  self->code = self->code == EXIT_OK ? code : self->code;
  atomic_store(&self->stop, true);
}

/* ---- begin ---- */

static bool engine_make(engine *self) {
  const comparison *plan = self->plan;
  self->n_cells = plan->n_tasks * plan->n_labels;
  self->n = self->n_cells * plan->n_seeds;
  self->state = calloc((size_t)self->n, sizeof *self->state);
  self->fraction = calloc((size_t)self->n, sizeof *self->fraction);
  self->load = calloc((size_t)self->n_cells, sizeof *self->load);
  if (self->state == NULL || self->fraction == NULL || self->load == NULL) {
    return false;
  }
  for (int c = 0; c < self->n_cells; c++) {
    const char *steps =
        plan->cell[c].config != NULL ? hd_config_get(plan->cell[c].config, "steps") : NULL;
    self->load[c].steps = steps != NULL ? strtod(steps, NULL) : 0;
  }
  return true;
}

int engine_open(engine *self, hd_ctx *ctx, comparison *plan, store *kept, notes *log) {
  *self = (engine){.ctx = ctx, .plan = plan, .store = kept, .log = log, .last = -1};
  pthread_mutex_init(&self->mutex, NULL);
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
#ifndef __APPLE__
  pthread_condattr_setclock(&clock, ENGINE_CLOCK);
#endif
  pthread_cond_init(&self->changed, &clock);
  pthread_condattr_destroy(&clock);
  if (!engine_make(self)) {
    return say_failure("out of memory");
  }
  for (int r = 0; r < self->n; r++) {
    if (engine_cell(self, r)->state != CELL_WAITING) {
      engine_set(self, r, RUN_OVER);
      self->n_over++;
    }
  }
  for (int t = 0; t < plan->n_tasks; t++) {
    engine_open_rounds(self, t);
  }
  engine_refresh(self);
  self->n_before = self->n_over;
  return self->code;
}

void engine_close(engine *self) {
  pthread_mutex_destroy(&self->mutex);
  pthread_cond_destroy(&self->changed);
  free(self->state);
  free(self->fraction);
  free(self->load);
}

/* ---- claims ---- */

/* Claim a run; it may have been finished between the last look and the claim. */
static bool engine_claim(engine *self, int run) {
  if (!store_claim_run(self->store, run)) {
    engine_set(self, run, RUN_ELSEWHERE);
    return false;
  }
  engine_refresh(self);
  if (self->state[run] == RUN_OVER) {
    store_release_run(self->store, run);
    return false;
  }
  engine_set(self, run, RUN_GOING);
  return true;
}

/* CPU seconds of a cell's next run: endless where the first ones are not over yet. */
static double engine_cost(const cell_load *load) {
  return load->n_measured > 0 ? load->cpu_s / load->n_measured : HUGE_VAL;
}

/* Does a run of cell a come before those of cell b? */
static bool engine_is_before(const cell_load *a, const cell_load *b) {
  const bool is_new = a->n_begun == 0;
  if (is_new != (b->n_begun == 0)) {
    return is_new;
  }
  const double x = engine_cost(a), y = engine_cost(b);
  return x != y ? x > y : a->steps > b->steps;
}

/* The cell whose run comes first; -1: none waits. */
static int engine_first_cell(const engine *self) {
  int first = -1;
  for (int c = 0; c < self->n_cells; c++) {
    const bool has_some =
        self->plan->cell[c].is_open && self->load[c].n_begun < self->plan->n_seeds;
    if (has_some && (first < 0 || engine_is_before(&self->load[c], &self->load[first]))) {
      first = c;
    }
  }
  return first;
}

/* Claim the run that comes first of those that wait; -1: there is none. */
static int engine_find_waiting(engine *self) {
  int c;
  while ((c = engine_first_cell(self)) >= 0) {
    cell_load *load = &self->load[c];
    const int run = c * self->plan->n_seeds + load->next;
    if (self->state[run] != RUN_WAITING) {
      load->next++;
    } else if (engine_claim(self, run)) {
      return run;
    }
  }
  return -1;
}

/* Claim a run that another process left when it ended; -1: there is none. *is_left: there may be
 * some later. */
static int engine_find_left(engine *self, bool *is_left) {
  *is_left = false;
  for (int r = 0; r < self->n; r++) {
    const bool is_open = engine_cell(self, r)->is_open;
    if (self->state[r] == RUN_ELSEWHERE && is_open && engine_claim(self, r)) {
      return r;
    }
    *is_left |= self->state[r] == RUN_ELSEWHERE || (self->state[r] != RUN_OVER && !is_open);
  }
  return -1;
}

static int engine_look(engine *self, bool *is_left) {
  const int run = engine_find_waiting(self);
  return run >= 0 ? run : engine_find_left(self, is_left);
}

void engine_wait(engine *self, int milliseconds) {
  struct timespec until;
  clock_gettime(ENGINE_CLOCK, &until);
  until.tv_nsec += milliseconds * 1000000L;
  until.tv_sec += until.tv_nsec / 1000000000L;
  until.tv_nsec %= 1000000000L;
  pthread_cond_timedwait(&self->changed, &self->mutex, &until);
}

int engine_next(engine *self) {
  bool is_left = true;
  int run = -1;
  pthread_mutex_lock(&self->mutex);
  while (run < 0 && is_left && !atomic_load(&self->stop)) {
    engine_refresh(self);
    run = engine_look(self, &is_left);
    if (run < 0 && is_left) {
      engine_wait(self, POLL_MS);
    }
  }
  if (run >= 0) {
    self->fraction[run] = 0;
  }
  pthread_mutex_unlock(&self->mutex);
  return run;
}

void engine_finish(engine *self, int run, const hd_result *result, const char *failure,
                   bool is_kept) {
  const cell *c = engine_cell(self, run);
  pthread_mutex_lock(&self->mutex);
  if (!is_kept || self->store->dir == NULL) {
    engine_take(self, run, result, failure);
  } else if (!store_append(self->store, run, result, failure)) {
    engine_end(self, say_failure("%s/results.jsonl cannot be written: %s", self->store->dir,
                                 strerror(errno)));
  }
  engine_refresh(self);
  store_release_run(self->store, run);
  const bool is_whole = c->n_over == self->plan->n_seeds;
  pthread_cond_broadcast(&self->changed);
  pthread_mutex_unlock(&self->mutex);
  if (is_whole && self->store->dir != NULL && store_join(self->store, self->plan, c) != EXIT_OK) {
    engine_end(self, EXIT_RUN);
  }
}

void engine_leave(engine *self, int run) {
  pthread_mutex_lock(&self->mutex);
  engine_set(self, run, RUN_WAITING);
  store_release_run(self->store, run);
  pthread_mutex_unlock(&self->mutex);
}
