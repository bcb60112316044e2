#include "hedon/study.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "budget.h"
#include "clock.h"
#include "metrics.h"
#include "session_internal.h"
#include "statistics.h"
#include "study_internal.h"

/* So many learners a thread has under way at once: enough that the last ones still share out
 * evenly, and few enough to stay in the caches. */
enum { SLOTS_PER_THREAD = 4 };

enum { PROGRESS_MS = 100, SAVE_EVERY_S = 1, SOME_PACE = 256 };
static const double turn_s = 4e-3;

/* ---- making one ---- */

static hd__protocol study_protocol_of(const hd_config *config) {
  const hd__settings *settings = hd__config_settings(config);
  return (hd__protocol){
      .steps = settings->steps,
      .episodes = settings->episodes,
      .eval_every = settings->eval_every,
      .threshold = hd_config_threshold(config),
      .overtrain = settings->overtrain,
  };
}

static hd__study_learner study_new_learner(uint64_t seed) {
  return (hd__study_learner){
      .seed = seed,
      .record = hd__record_start(),
      .logged_to = -1,
      .result = {.seed = seed,
                 .steps_to_threshold = -1,
                 .episodes_to_threshold = -1,
                 .final_return = (double)NAN,
                 .best_return = (double)NAN,
                 .train_return = (double)NAN},
  };
}

/* A study whose learners have no slots yet. */
static hd_status study_make_study(hd_ctx *ctx, uint64_t seed, int64_t n_seeds, int n_threads,
                                  const hd_config *config, hd_study **out) {
  if (n_seeds < 1 || n_seeds > HD_STUDY_SEEDS) {
    return hd__fail(ctx, HD_RANGE, "seeds = %" PRId64 ", allowed: 1 to %d", n_seeds,
                    HD_STUDY_SEEDS);
  }
  if (n_threads < 1 || n_threads > HD_STUDY_THREADS) {
    return hd__fail(ctx, HD_RANGE, "%d threads; allowed: 1 to %d", n_threads, HD_STUDY_THREADS);
  }
  if (seed > UINT64_MAX - (uint64_t)(n_seeds - 1)) {
    return hd__fail(ctx, HD_RANGE, "%" PRId64 " seeds from %" PRIu64 " go beyond 2^64 - 1", n_seeds,
                    seed);
  }
  const int n = (int)n_seeds;
  hd_study *study = hd__alloc(ctx, sizeof *study);
  if (study == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for a study");
  }
  *study = (hd_study){.ctx = ctx,
                      .protocol = study_protocol_of(config),
                      .eval_episodes = (int)hd__config_settings(config)->eval_episodes,
                      .seed = seed,
                      .n_learners = n,
                      .n_threads = n_threads,
                      .progress_ms = PROGRESS_MS,
                      .turn_s = turn_s,
                      .save_every_s = SAVE_EVERY_S};
  pthread_mutex_init(&study->mutex, NULL);
  study->learner = hd__alloc(ctx, (size_t)n * sizeof *study->learner);
  study->slot = hd__alloc(ctx, (size_t)n * sizeof *study->slot);
  study->scratch = hd__alloc(ctx, (HD_IQM_SCRATCH(n) + (size_t)n) * sizeof(double));
  if (study->learner == NULL || study->slot == NULL || study->scratch == NULL) {
    hd_study_destroy(study);
    return hd__fail(ctx, HD_NOMEM, "out of memory for %d learners", n);
  }
  for (int i = 0; i < n; i++) {
    study->learner[i] = study_new_learner(seed + (uint64_t)i);
  }
  const hd_status status = hd__config_copy(ctx, config, &study->config);
  if (status != HD_OK) {
    hd_study_destroy(study);
    return status;
  }
  *out = study;
  return HD_OK;
}

static void study_remove_slot(hd_study *study) {
  hd__slot *slot = study->slot[--study->n_slots];
  hd_session_destroy(slot->session);
  hd__free(study->ctx, slot, sizeof *slot);
}

void hd_study_destroy(hd_study *study) {
  if (study == NULL) {
    return;
  }
  hd_ctx *ctx = study->ctx;
  const size_t n = (size_t)study->n_learners;
  while (study->n_slots > 0) {
    study_remove_slot(study);
  }
  if (study->has_run) {
    hd__run_close(&study->run);
  }
  hd_config_destroy(study->config);
  pthread_mutex_destroy(&study->mutex);
  hd__free(ctx, study->learner, n * sizeof *study->learner);
  hd__free(ctx, study->slot, n * sizeof *study->slot);
  hd__free(ctx, study->scratch, (HD_IQM_SCRATCH(n) + n) * sizeof(double));
  hd__free(ctx, study, sizeof *study);
}

/* ---- slots ---- */

/* Add a slot without a session. */
/* Threads of the next slot: where learners are fewer than threads, each gets its share of them. */
static int study_slot_threads(const hd_study *study) {
  const int spare = study->n_threads % study->n_learners > study->n_slots;
  return study->n_learners < study->n_threads ? study->n_threads / study->n_learners + spare : 1;
}

static hd_status study_add_slot(hd_study *study, hd__slot **out) {
  hd__slot *slot = hd__alloc(study->ctx, sizeof *slot);
  if (slot == NULL) {
    return hd__fail(study->ctx, HD_NOMEM, "out of memory for a learner");
  }
  *slot = (hd__slot){.ctx = *study->ctx, .started = -1, .pace = SOME_PACE};
  slot->ctx.n_threads = study_slot_threads(study);
  slot->ctx.stop = &study->stop;
  study->slot[study->n_slots++] = slot;
  *out = slot;
  return HD_OK;
}

/* Put a learner into a slot that has its session, and publish its statistics. */
static void study_assign_slot(hd_study *study, hd__slot *slot, hd__study_learner *learner) {
  learner->is_taken = true;
  slot->learner = learner;
  hd__session_read_stats(slot->session, &slot->stats);
  for (int l = 0; l < slot->stats.n_layers; l++) {
    snprintf(study->layer_name[l], sizeof study->layer_name[l], "%s", slot->stats.layer[l].name);
  }
  hd__slot_publish(study, slot);
}

static hd_status study_assign_new_slot(hd_study *study, hd__study_learner *learner) {
  hd__slot *slot;
  HD_TRY(study_add_slot(study, &slot));
  hd_status status = hd_session_create(&slot->ctx, study->config, learner->seed, &slot->session);
  if (status == HD_OK && study->teacher != NULL) {
    status = hd_session_adopt(slot->session, study->teacher);
  }
  if (status != HD_OK) {
    return hd__fail(study->ctx, status, "%s", slot->ctx.error);
  }
  study_assign_slot(study, slot, learner);
  return HD_OK;
}

/* Give learners slots while there are slots, and publish the others as they will begin. */
static hd_status study_fill_slots(hd_study *study) {
  const int64_t wanted = (int64_t)SLOTS_PER_THREAD * study->n_threads;
  hd__study_learner *learner;
  while (study->n_slots < wanted && (learner = hd__study_next(study)) != NULL) {
    HD_TRY(study_assign_new_slot(study, learner));
  }
  hd_stats begin = {.recent = (double)NAN};
  if (study->n_slots > 0) {
    begin.n_layers = study->slot[0]->stats.n_layers;
    for (int l = 0; l < begin.n_layers; l++) {
      begin.layer[l].name = study->layer_name[l];
      begin.layer[l].n = study->slot[0]->stats.layer[l].n;
    }
  }
  for (int i = study->next; i < study->n_learners; i++) {
    hd__study_learner *waiting = &study->learner[i];
    begin.seed = waiting->seed;
    waiting->shown = waiting->is_taken ? waiting->shown : begin;
  }
  return HD_OK;
}

/* Runs that end before their replay buffer holds what the first update waits for. */
static void study_note_no_updates(const hd_study *study, const hd_config *config) {
  const long long steps = strtoll(hd_config_get(config, "steps"), NULL, 10);
  for (int i = 0; i < hd_config_count(config); i++) {
    const hd_option option = hd_config_at(config, i);
    if (option.is_read && strcmp(option.key, "replay.learning_starts") == 0 && steps > 0 &&
        steps < strtoll(option.value, NULL, 10)) {
      hd__log(study->ctx,
              "nothing is learned: the run ends at step %lld, before the first update "
              "(replay.learning_starts = %s)",
              steps, option.value);
    }
  }
}

hd_status hd_study_create(hd_ctx *ctx, const hd_study_def *def, hd_study **out) {
  if (def == NULL || def->size != sizeof *def || def->config == NULL || out == NULL) {
    return hd__fail(ctx, HD_USAGE,
                    "a study's definition starts from hd_study_def_default and "
                    "needs a configuration");
  }
  hd_study *study;
  HD_TRY(study_make_study(ctx, def->seed, def->n_seeds, def->n_threads, def->config, &study));
  study->teacher = def->teacher;
  study->evaluated = def->evaluated;
  study->user = def->user;
  hd_status status = study_fill_slots(study);
  study->teacher = NULL; /* slots hold copies */
  study_note_no_updates(study, def->config);
  if (status == HD_OK && def->dir != NULL) {
    const hd__run_table table = {.seed = def->seed, .seeds = def->n_seeds};
    status = hd__run_create(ctx, def->dir, def->config, &table, def->teacher, &study->run);
    study->has_run = status == HD_OK;
  }
  if (status != HD_OK) {
    hd_study_destroy(study);
    return status;
  }
  *out = study;
  return HD_OK;
}

/* ---- going on with one ---- */

static void study_read_line(void *user, const char *line, size_t size) {
  hd_study *study = user;
  hd__metrics_line read;
  if (!hd__metrics_read(line, size, &read) ||
      read.seed - study->seed >= (uint64_t)study->n_learners) {
    return;
  }
  hd__study_learner *learner = &study->learner[read.seed - study->seed];
  learner->is_result_logged = read.env_steps < 0; /* a run that became longer has a later one */
  learner->logged_to = read.env_steps > learner->logged_to ? read.env_steps : learner->logged_to;
}

/* A learner that was done is not in a run that became longer. */
static void study_renew_done(const hd_study *study, hd__study_learner *learner,
                             const hd_session *session) {
  hd__record *record = &learner->record;
  record->done =
      record->done && hd__protocol_is_over(&study->protocol, record, record->evaluated_at,
                                           session->training.counters->episodes);
}

/* Load a learner into a slot that has no session; the slot keeps none if the learner was never
 * saved. */
static hd_status study_load_learner(hd_study *study, hd__slot *slot, hd__study_learner *learner) {
  hd_view view[HD_RECORD_COUNT];
  hd__record_views(&learner->record, view);
  HD_TRY(hd__run_load(&slot->ctx, &study->run, learner->seed,
                      (hd__extra_views){view, HD_RECORD_COUNT}, &slot->session));
  if (slot->session == NULL) {
    return HD_OK;
  }
  hd_session *session = slot->session;
  if (session->seed != learner->seed || hd__budget_check(session->config, study->config) != HD_OK) {
    return hd__fail(&slot->ctx, HD_MISMATCH,
                    "its checkpoint in %s belongs to other settings than those in config.toml",
                    study->run.dir);
  }
  HD_TRY(hd__budget_take(session->config, study->config));
  study_renew_done(study, learner, session);
  learner->has_checkpoint = true;
  if (study->teacher != NULL) {
    HD_TRY(hd__session_set_policy(session, study->teacher));
  }
  study_assign_slot(study, slot, learner);
  return HD_OK;
}

/* Load every learner that was saved. Learners that are done are published and need no slot. */
static hd_status study_load_learners(hd_study *study) {
  for (int i = 0; i < study->n_learners; i++) {
    hd__study_learner *learner = &study->learner[i];
    hd__slot *slot;
    HD_TRY(study_add_slot(study, &slot));
    const hd_status status = study_load_learner(study, slot, learner);
    if (status != HD_OK) {
      return hd__study_forward(study, slot, learner, status);
    }
    if (slot->session == NULL || learner->record.done) {
      study_remove_slot(study);
    }
  }
  return hd__run_read_lines(study->ctx, &study->run, study_read_line, study);
}

hd_status hd_study_resume(hd_ctx *ctx, const char *dir, int n_threads, hd_study **out) {
  hd__run run;
  hd_config *config;
  hd__run_table table;
  HD_TRY(hd__run_open(ctx, dir, &run, &config, &table));
  hd_study *study = NULL;
  hd_status status = study_make_study(ctx, table.seed, table.seeds, n_threads, config, &study);
  if (status != HD_OK) {
    hd__run_close(&run);
  } else {
    study->run = run;
    study->has_run = true;
    status = hd__run_load_teacher(ctx, &study->run, &study->teacher);
    status = status == HD_OK ? study_load_learners(study) : status;
  }
  if (status == HD_OK) {
    status = study_fill_slots(study);
  }
  if (study != NULL) {
    hd_session_destroy(study->teacher);
    study->teacher = NULL;
  }
  hd_config_destroy(config);
  if (status != HD_OK) {
    hd_study_destroy(study);
    return status;
  }
  *out = study;
  return HD_OK;
}
