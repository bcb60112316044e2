#include "study_engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "say.h"

enum { POLL_MS = 30 };

/* Functions of this file that others do not call are called with the mutex held. */

static cell *engine_cell(const engine *self, int run) {
  return &self->plan->cell[run / self->plan->n_seeds];
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
    self->state[first + k] = RUN_OVER;
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
  } else {
    c->failure[k] = strdup(failure);
    self->n_failed++;
  }
  self->state[run] = RUN_OVER;
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

int engine_open(engine *self, hd_ctx *ctx, comparison *plan, store *kept, notes *log) {
  *self = (engine){.ctx = ctx, .plan = plan, .store = kept, .log = log, .last = -1};
  self->n = plan->n_tasks * plan->n_labels * plan->n_seeds;
  self->state = calloc((size_t)self->n, sizeof *self->state);
  self->fraction = calloc((size_t)self->n, sizeof *self->fraction);
  pthread_mutex_init(&self->mutex, NULL);
  pthread_cond_init(&self->changed, NULL);
  if (self->state == NULL || self->fraction == NULL) {
    return say_failure("out of memory");
  }
  for (int r = 0; r < self->n; r++) {
    if (engine_cell(self, r)->state != CELL_WAITING) {
      self->state[r] = RUN_OVER;
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
}

/* ---- claims ---- */

/* Claim a run; it may have been finished between the last look and the claim. */
static bool engine_claim(engine *self, int run) {
  if (!store_claim_run(self->store, run)) {
    self->state[run] = RUN_ELSEWHERE;
    return false;
  }
  engine_refresh(self);
  if (self->state[run] == RUN_OVER) {
    store_release_run(self->store, run);
    return false;
  }
  self->state[run] = RUN_GOING;
  return true;
}

/* Claim a run of this state; -1: there is none. *is_left: there may be some later. */
static int engine_find(engine *self, run_state state, int from, bool *is_left) {
  for (int r = from; r < self->n; r++) {
    const bool is_open = engine_cell(self, r)->is_open;
    if (self->state[r] == state && is_open && engine_claim(self, r)) {
      return r;
    }
    *is_left |= self->state[r] == RUN_ELSEWHERE || (self->state[r] != RUN_OVER && !is_open);
  }
  return -1;
}

/* Runs that another process left when it ended are found claimed by none. */
static int engine_look(engine *self, bool *is_left) {
  *is_left = false;
  int run = engine_find(self, RUN_WAITING, self->next, is_left);
  if (run >= 0) {
    self->next = self->plan->n_rounds > 1 ? 0 : run;
    return run;
  }
  *is_left = false;
  return engine_find(self, RUN_ELSEWHERE, 0, is_left);
}

void engine_wait(engine *self, int milliseconds) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
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
  self->state[run] = RUN_WAITING;
  self->next = run < self->next ? run : self->next;
  store_release_run(self->store, run);
  pthread_mutex_unlock(&self->mutex);
}
