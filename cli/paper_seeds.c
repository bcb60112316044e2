/* The seeds of a paper's experiment, shared among threads. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "clocks.h"
#include "open.h"
#include "paper.h"
#include "progress.h"
#include "say.h"

enum { MOST_THREADS = 256 };

/* Seed by seed, of one condition after the other. */
typedef struct job {
  paper_result *result;
  int n, next; /* seeds of all conditions: in all, and handed out */
  int n_working;
  int shown; /* the condition of which a seed ended last */
  int code;
  atomic_bool stop;
  pthread_mutex_t mutex;
} job;

static int paper_seeds_chosen(const paper_result *self, int nth) {
  for (int i = 0; i < self->what->n_conditions; i++) {
    if (self->is_chosen[i] && nth-- == 0) {
      return i;
    }
  }
  return -1;
}

/* The next seed that nobody has begun; NULL: there is none. */
static paper_outcome *paper_seeds_take(job *self, int *condition) {
  paper_result *result = self->result;
  paper_outcome *out = NULL;
  pthread_mutex_lock(&self->mutex);
  if (self->next < self->n && !atomic_load(&self->stop)) {
    const int k = self->next % result->n_seeds;
    *condition = paper_seeds_chosen(result, self->next++ / result->n_seeds);
    out = &result->outcome[*condition][k];
    *out = (paper_outcome){.seed = result->seed + (uint64_t)k, .stop = &self->stop};
  }
  pthread_mutex_unlock(&self->mutex);
  return out;
}

static void paper_seeds_end(job *self, const hd_ctx *ctx, int condition, paper_outcome *out,
                            hd_status status) {
  pthread_mutex_lock(&self->mutex);
  if (status == HD_OK) {
    out->is_done = true;
    self->result->n_done[condition]++;
    self->shown = condition;
  } else if (status != HD_STOPPED && self->code == EXIT_OK) {
    self->code = say_status(ctx, status);
    atomic_store(&self->stop, true);
  }
  pthread_mutex_unlock(&self->mutex);
}

/* A context serves one thread. */
static void *paper_seeds_work(void *user) {
  job *self = user;
  notes log = {.n = 0};
  hd_ctx *ctx = NULL;
  paper_outcome *out;
  int condition;
  const int code = open_context(self->result->args, &log, &ctx);
  while (code == EXIT_OK && (out = paper_seeds_take(self, &condition)) != NULL) {
    const hd_status status =
        self->result->what->run(ctx, condition, out->seed, self->result->length, out);
    paper_seeds_end(self, ctx, condition, out, status);
  }
  hd_ctx_destroy(ctx);
  pthread_mutex_lock(&self->mutex);
  self->code = self->code == EXIT_OK ? code : self->code;
  self->n_working--;
  pthread_mutex_unlock(&self->mutex);
  return NULL;
}

static void paper_seeds_show(const job *self, progress *shown) {
  const paper_result *result = self->result;
  const int n = result->n_done[self->shown];
  char line[4 * SAY_SIZE], seeds[SAY_SIZE];
  if (progress_is_due(shown) || (shown->term.is_live && !shown->is_quiet && n == result->n_seeds)) {
    snprintf(line, sizeof line, "%s: %d of %s", result->what->condition[self->shown].name, n,
             say_seeds(seeds, result->n_seeds));
    progress_line(shown, line);
  }
}

static void paper_seeds_watch(job *self, progress *shown) {
  static const struct timespec nap = {.tv_nsec = 5 * 1000000};
  for (bool is_working = true; is_working;) {
    nanosleep(&nap, NULL);
    if (progress_signal() != 0) {
      atomic_store(&self->stop, true);
    }
    pthread_mutex_lock(&self->mutex);
    is_working = self->n_working > 0;
    paper_seeds_show(self, shown);
    pthread_mutex_unlock(&self->mutex);
  }
}

static void paper_seeds_run(job *self, progress *shown) {
  pthread_t thread[MOST_THREADS];
  int n = open_threads(self->result->args), begun = 0;
  n = n < self->n ? n : self->n;
  n = n < MOST_THREADS ? n : MOST_THREADS;
  pthread_mutex_init(&self->mutex, NULL);
  self->n_working = n;
  while (begun < n && pthread_create(&thread[begun], NULL, paper_seeds_work, self) == 0) {
    begun++;
  }
  pthread_mutex_lock(&self->mutex);
  self->n_working -= n - begun;
  pthread_mutex_unlock(&self->mutex);
  if (begun == 0) {
    self->code = say_failure("no thread can be started");
  }
  paper_seeds_watch(self, shown);
  for (int i = 0; i < begun; i++) {
    pthread_join(thread[i], NULL);
  }
  pthread_mutex_destroy(&self->mutex);
}

/* Seeds that have ended come first, in their order. */
static void paper_seeds_gather(paper_outcome *outcome, int n) {
  int n_done = 0;
  for (int k = 0; k < n; k++) {
    if (outcome[k].is_done) {
      outcome[n_done++] = outcome[k];
    }
  }
}

int paper_run_seeds(notes *log, paper_result *self) {
  job all = {.result = self};
  progress shown;
  for (int i = 0; i < self->what->n_conditions; i++) {
    self->outcome[i] =
        self->is_chosen[i] ? calloc((size_t)self->n_seeds, sizeof(paper_outcome)) : NULL;
    if (self->is_chosen[i] && self->outcome[i] == NULL) {
      return say_failure("%s", hd_status_text(HD_NOMEM));
    }
    all.n += self->is_chosen[i] ? self->n_seeds : 0;
  }
  all.shown = paper_seeds_chosen(self, 0);
  progress_begin(&shown, log, self->args->quiet);
  shown.drawn = clock_wall();
  paper_seeds_run(&all, &shown);
  progress_line_end(&shown);
  self->stopped_by = progress_signal();
  progress_end(&shown);
  for (int i = 0; i < self->what->n_conditions; i++) {
    if (self->is_chosen[i]) {
      paper_seeds_gather(self->outcome[i], self->n_seeds);
    }
  }
  return all.code;
}
