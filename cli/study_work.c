/* A worker of the engine: it takes one run after the other, each a study of one learner. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "held_run.h"
#include "open.h"
#include "run_export.h"
#include "say.h"
#include "study_engine.h"

/* A run under way. */
typedef struct work {
  engine *engine;
  int run;
  run_export export;
  double steps, episodes; /* budgets; 0: none */
  bool is_spent;          /* its CPU seconds are */
  hd_study *study;        /* of it alone */
  char dir[COMPARE_PATH]; /* its folder; "": it is not kept */
} work;

static void work_note(void *user, const char *message) {
  engine *self = user;
  pthread_mutex_lock(&self->mutex);
  notes_add(self->log, message);
  pthread_mutex_unlock(&self->mutex);
}

/* Are the CPU seconds of a run spent? One that was not evaluated yet has thrice as many. */
static bool work_is_spent(const hd_result *r, double limit) {
  const double spent = r->cpu_s + r->eval_cpu_s;
  return limit > 0 && spent >= (isfinite(r->final_return) ? limit : 3 * limit);
}

/* A hd_study_fn. */
static bool work_tick(void *user, hd_study *study) {
  work *self = user;
  const hd_result r = hd_study_result(study, 0);
  const double limit = self->engine->plan->cpu_s;
  double fraction = self->steps > 0 ? (double)r.env_steps / self->steps : 0;
  fraction = self->episodes > 0 ? fmax(fraction, (double)r.episodes / self->episodes) : fraction;
  fraction = limit > 0 ? fmax(fraction, (r.cpu_s + r.eval_cpu_s) / limit) : fraction;
  self->is_spent = work_is_spent(&r, limit);
  run_export_tick(&self->export);
  pthread_mutex_lock(&self->engine->mutex);
  self->engine->fraction[self->run] = (float)fmin(fraction, 1);
  pthread_mutex_unlock(&self->engine->mutex);
  return !self->is_spent && !atomic_load(&self->engine->stop);
}

static bool work_is_ended(void *user) {
  const work *self = user;
  return atomic_load(&self->engine->stop);
}

/* The display shows the whole, not one run of it. */
static void work_say_nothing(void *user) { (void)user; }

/* A study of this run alone: begun, or gone on with where it was stopped. */
static hd_status work_open(hd_ctx *ctx, work *self, const hd_config *config, hd_study **out) {
  const engine *e = self->engine;
  hd_study_def def = hd_study_def_default();
  def.config = config;
  def.seed = e->plan->seed + (uint64_t)(self->run % e->plan->n_seeds);
  def.n_threads = e->n_threads;
  if (e->store->dir != NULL) {
    const bool has_begun = store_run_folder(e->store, e->plan, self->run, self->dir);
    def.dir = self->dir;
    run_export_begin(&self->export, e->plan->args, self->dir);
    if (has_begun) {
      return hd_study_resume(ctx, self->dir, e->n_threads, out);
    }
  }
  return hd_study_create(ctx, &def, out);
}

static void work_budgets(work *self, const hd_config *config) {
  self->steps = strtod(hd_config_get(config, "steps"), NULL);
  self->episodes = strtod(hd_config_get(config, "episodes"), NULL);
}

static hd_status work_train(hd_ctx *ctx, work *self, held_run *run) {
  hd_config *config = NULL;
  const int number = self->run / self->engine->plan->n_seeds;
  const int n_labels = self->engine->plan->n_labels;
  hd_status status =
      compare_configure(ctx, self->engine->plan, number / n_labels, number % n_labels, &config);
  if (status == HD_OK) {
    work_budgets(self, config);
    status = work_open(ctx, self, config, &self->study);
  }
  hd_config_destroy(config);
  run->study = self->study;
  run->dir = self->dir[0] != '\0' ? self->dir : NULL;
  return status == HD_OK ? held_run_go(ctx, run) : status;
}

/* What cannot be written ends everything; what memory is short for may go another time. */
static void work_fail(hd_ctx *ctx, const work *self, hd_status status) {
  const char *error = hd_ctx_error(ctx);
  const char *why = *error != '\0' ? error : hd_status_text(status);
  if (status == HD_IO) {
    engine_leave(self->engine, self->run);
    pthread_mutex_lock(&self->engine->mutex);
    engine_end(self->engine, say_failure("%s", why));
    pthread_mutex_unlock(&self->engine->mutex);
  } else {
    engine_finish(self->engine, self->run, NULL, why, status != HD_NOMEM);
  }
}

static void work_do(engine *e, hd_ctx *ctx, int run) {
  work self = {.engine = e, .run = run};
  held_run held = {.n_threads = e->n_threads,
                   .tick = work_tick,
                   .is_ended = work_is_ended,
                   .say = work_say_nothing,
                   .user = &self};
  const hd_status status = work_train(ctx, &self, &held);
  const hd_result result =
      status == HD_OK ? hd_study_result(held.study, 0) : (hd_result){.seed = 0};
  held_run_close(&held);
  hd_study_destroy(self.study); /* and let go of the folder */
  run_export_follow(&self.export);
  if (status != HD_OK) {
    work_fail(ctx, &self, status);
  } else if (result.done || self.is_spent) {
    engine_finish(e, run, &result, NULL, true);
  } else {
    engine_leave(e, run);
  }
}

void *engine_work(void *user) {
  engine *self = user;
  hd_ctx *ctx;
  int run;
  if (open_context_with(self->plan->args, work_note, self, &ctx) != EXIT_OK) {
    pthread_mutex_lock(&self->mutex);
    engine_end(self, EXIT_RUN);
    pthread_mutex_unlock(&self->mutex);
  } else {
    while ((run = engine_next(self)) >= 0) {
      work_do(self, ctx, run);
    }
    hd_ctx_destroy(ctx);
  }
  pthread_mutex_lock(&self->mutex);
  self->n_workers--;
  pthread_cond_broadcast(&self->changed);
  pthread_mutex_unlock(&self->mutex);
  return NULL;
}
