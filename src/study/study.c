#include "hedon/study.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "metrics.h"
#include "session_internal.h"
#include "statistics.h"
#include "study_internal.h"

enum { LEARNERS_MAX = 65536, LOOK_ON_MS = 100, SAVE_EVERY_S = 1 };

hd_study_def hd_study_def_default(void) {
  return (hd_study_def){.size = sizeof(hd_study_def), .n_seeds = 1, .n_threads = 1};
}

/* ---- making one ---- */

static hd__protocol protocol_of(const hd_config *config) {
  const hd__settings *settings = hd__config_settings(config);
  return (hd__protocol){
      .steps = settings->steps,
      .episodes = settings->episodes,
      .eval_every = settings->eval_every,
      .threshold =
          isnan(settings->threshold) ? hd__config_env(config)->solved : settings->threshold,
      .overtrain = settings->overtrain,
  };
}

/* Put a learner's sentence, and whose it is, into the study's context. */
static hd_status forward(hd_study *study, const hd__member *member, hd_status status) {
  return hd__fail(study->ctx, status, "the learner of seed %" PRIu64 ": %s", member->seed,
                  member->ctx.error);
}

/* A study with learners that have no sessions yet. */
static hd_status make_study(hd_ctx *ctx, uint64_t seed, int64_t n_seeds, int n_threads,
                            hd_study **out) {
  if (n_seeds < 1 || n_seeds > LEARNERS_MAX) {
    return hd__fail(ctx, HD_RANGE, "%" PRId64 " seeds; allowed: 1 to %d", n_seeds, LEARNERS_MAX);
  }
  if (n_threads < 1) {
    return hd__fail(ctx, HD_RANGE, "%d threads; allowed: 1 or more", n_threads);
  }
  const int n = (int)n_seeds;
  hd_study *study = hd__alloc(ctx, sizeof *study);
  if (study == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for a study");
  }
  *study = (hd_study){.ctx = ctx,
                      .seed = seed,
                      .n_members = n,
                      .n_threads = n_threads,
                      .look_on_ms = LOOK_ON_MS,
                      .save_every_s = SAVE_EVERY_S};
  pthread_mutex_init(&study->mutex, NULL);
  study->member = hd__alloc(ctx, (size_t)n * sizeof *study->member);
  study->scratch = hd__alloc(ctx, (HD_IQM_SCRATCH(n) + (size_t)n) * sizeof(double));
  if (study->member != NULL) {
    memset(study->member, 0, (size_t)n * sizeof *study->member);
  }
  if (study->member == NULL || study->scratch == NULL) {
    hd_study_destroy(study);
    return hd__fail(ctx, HD_NOMEM, "out of memory for %d learners", n);
  }
  for (int i = 0; i < n; i++) {
    hd__member *member = &study->member[i];
    member->ctx = *ctx;
    member->seed = seed + (uint64_t)i;
    member->record = hd__record_start();
    member->logged_to = -1;
    member->started = -1;
  }
  *out = study;
  return HD_OK;
}

void hd_study_destroy(hd_study *study) {
  if (study == NULL) {
    return;
  }
  hd_ctx *ctx = study->ctx;
  const size_t n = (size_t)study->n_members;
  for (size_t i = 0; study->member != NULL && i < n; i++) {
    hd_session_destroy(study->member[i].session);
  }
  if (study->has_run) {
    hd__run_close(&study->run);
  }
  hd_config_destroy(study->config);
  pthread_mutex_destroy(&study->mutex);
  hd__free(ctx, study->member, n * sizeof *study->member);
  hd__free(ctx, study->scratch, (HD_IQM_SCRATCH(n) + n) * sizeof(double));
  hd__free(ctx, study, sizeof *study);
}

/* Give every learner without a session a new one, and show all. */
static hd_status fill_sessions(hd_study *study, const hd_config *config) {
  HD_TRY(hd__config_copy(study->ctx, config, &study->config));
  study->protocol = protocol_of(config);
  study->eval_episodes = (int)hd__config_settings(config)->eval_episodes;
  for (int i = 0; i < study->n_members; i++) {
    hd__member *member = &study->member[i];
    if (member->session == NULL) {
      const hd_status status =
          hd_session_create(&member->ctx, config, member->seed, &member->session);
      if (status != HD_OK) {
        return hd__fail(study->ctx, status, "%s", member->ctx.error);
      }
    }
    hd_session_stats(member->session, &member->stats);
    hd__member_publish(study, member);
  }
  return HD_OK;
}

hd_status hd_study_create(hd_ctx *ctx, const hd_study_def *def, hd_study **out) {
  if (def == NULL || def->size != sizeof *def || def->config == NULL || out == NULL) {
    return hd__fail(ctx, HD_USAGE,
                    "a study's definition starts from hd_study_def_default and "
                    "needs a configuration");
  }
  hd_study *study;
  HD_TRY(make_study(ctx, def->seed, def->n_seeds, def->n_threads, &study));
  hd_status status = fill_sessions(study, def->config);
  if (status == HD_OK && def->dir != NULL) {
    const hd__run_table table = {.seed = def->seed, .seeds = def->n_seeds};
    status = hd__run_create(ctx, def->dir, def->config, &table, &study->run);
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

static void note_line(void *user, const char *line, size_t size) {
  hd_study *study = user;
  hd__metrics_line read;
  if (!hd__metrics_read(line, size, &read) ||
      read.seed - study->seed >= (uint64_t)study->n_members) {
    return;
  }
  hd__member *member = &study->member[read.seed - study->seed];
  member->is_result_logged |= read.env_steps < 0;
  member->logged_to = read.env_steps > member->logged_to ? read.env_steps : member->logged_to;
}

static hd_status load_member(hd_study *study, hd__member *member, const hd_config *config) {
  hd_view view[HD_RECORD_COUNT];
  hd__record_views(&member->record, view);
  HD_TRY(hd__run_load(&member->ctx, &study->run, member->seed, (hd__luggage){view, HD_RECORD_COUNT},
                      &member->session));
  if (member->session == NULL) {
    return HD_OK;
  }
  return hd__config_is_same(hd_session_config(member->session), config) &&
                 member->session->seed == member->seed
             ? HD_OK
             : hd__fail(&member->ctx, HD_MISMATCH,
                        "its checkpoint in %s belongs to other settings than config.toml tells",
                        study->run.dir);
}

static hd_status load_members(hd_study *study, const hd_config *config) {
  for (int i = 0; i < study->n_members; i++) {
    const hd_status status = load_member(study, &study->member[i], config);
    if (status != HD_OK) {
      return forward(study, &study->member[i], status);
    }
  }
  return hd__run_read_lines(study->ctx, &study->run, note_line, study);
}

hd_status hd_study_resume(hd_ctx *ctx, const char *dir, int n_threads, hd_study **out) {
  hd__run run;
  hd_config *config;
  hd__run_table table;
  HD_TRY(hd__run_open(ctx, dir, &run, &config, &table));
  hd_study *study = NULL;
  hd_status status = make_study(ctx, table.seed, table.seeds, n_threads, &study);
  if (status != HD_OK) {
    hd__run_close(&run);
  } else {
    study->run = run;
    study->has_run = true;
    status = load_members(study, config);
  }
  if (status == HD_OK) {
    status = fill_sessions(study, config);
  }
  hd_config_destroy(config);
  if (status != HD_OK) {
    hd_study_destroy(study);
    return status;
  }
  *out = study;
  return HD_OK;
}

/* ---- running ---- */

static bool is_failing(hd_study *study) {
  pthread_mutex_lock(&study->mutex);
  const bool failing = study->is_failing;
  pthread_mutex_unlock(&study->mutex);
  return failing;
}

/* Save who is sound; then tell of the first failure, lowest seed first. */
static hd_status end_run(hd_study *study) {
  for (int i = 0; i < study->n_members; i++) {
    hd__member *member = &study->member[i];
    member->started = -1;
    if (member->status == HD_OK) {
      member->status = hd__member_save(study, member);
    }
  }
  for (int i = 0; i < study->n_members; i++) {
    if (study->member[i].status != HD_OK) {
      return forward(study, &study->member[i], study->member[i].status);
    }
  }
  return HD_OK;
}

hd_status hd_study_run(hd_study *study, hd_study_fn progress, void *user) {
  for (int i = 0; i < study->n_members; i++) {
    study->member[i].ctx.envs = study->ctx->envs;
    study->member[i].ctx.rules = study->ctx->rules;
  }
  const int n_threads = study->n_threads < study->n_members ? study->n_threads : study->n_members;
  hd__pool *pool;
  HD_TRY(hd__pool_start(study->ctx, n_threads, study->n_members, hd__member_advance, study, &pool));
  bool is_done;
  do {
    is_done = hd__pool_wait(pool, study->look_on_ms);
    const bool goes_on = progress == NULL || progress(user, study);
    if (!goes_on || is_failing(study)) {
      hd__pool_stop(pool);
      break;
    }
  } while (!is_done);
  hd__pool_finish(pool);
  return end_run(study);
}

/* ---- telling ---- */

int hd_study_count(const hd_study *study) { return study->n_members; }

const hd_config *hd_study_config(const hd_study *study) { return study->config; }

hd_result hd_study_result(const hd_study *study, int index) {
  pthread_mutex_t *mutex = (pthread_mutex_t *)&study->mutex;
  pthread_mutex_lock(mutex);
  const hd_result result = study->member[index].result;
  pthread_mutex_unlock(mutex);
  return result;
}

hd_stats hd_study_stats(hd_study *study, int index) {
  pthread_mutex_lock(&study->mutex);
  const hd_stats stats = study->member[index].shown;
  pthread_mutex_unlock(&study->mutex);
  return stats;
}

/* Gather one figure of all learners that have it, sorted; returns how many. */
typedef double (*figure_fn)(const hd_result *result);

static int gather(const hd_study *study, figure_fn figure, double *x) {
  int n = 0;
  for (int i = 0; i < study->n_members; i++) {
    const hd_result result = hd_study_result(study, i);
    const double value = figure(&result);
    if (!isnan(value)) {
      x[n++] = value;
    }
  }
  hd__sort(x, n);
  return n;
}

static double final_return(const hd_result *r) { return r->final_return; }
static double steps(const hd_result *r) {
  return r->solved ? (double)r->steps_to_threshold : (double)NAN;
}
static double episodes(const hd_result *r) {
  return r->solved ? (double)r->episodes_to_threshold : (double)NAN;
}
static double cpu(const hd_result *r) { return r->cpu_s; }
static double wall(const hd_result *r) { return r->wall_s; }

static double mean_of(const double *x, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++) {
    sum += x[i];
  }
  return n > 0 ? sum / n : (double)NAN;
}

hd_summary hd_study_summary(const hd_study *study) {
  hd_summary s = {.n = study->n_members};
  for (int i = 0; i < s.n; i++) {
    const hd_result result = hd_study_result(study, i);
    s.n_done += result.done;
    s.n_solved += result.solved;
    s.env_steps += result.env_steps;
  }
  s.finished = s.n_done == s.n;
  s.solved_fraction = (double)s.n_solved / s.n;
  const hd__interval solved = hd__wilson(s.n_solved, s.n);
  s.solved_low = solved.low;
  s.solved_high = solved.high;

  double *x = study->scratch + HD_IQM_SCRATCH(s.n);
  int n = gather(study, final_return, x);
  s.return_mean = mean_of(x, n);
  s.return_iqm = hd__iqm(x, n);
  const hd__interval iqm = hd__iqm_interval(x, n, study->seed, study->scratch);
  s.iqm_low = iqm.low;
  s.iqm_high = iqm.high;
  n = gather(study, steps, x);
  s.steps_median = hd__median(x, n);
  n = gather(study, episodes, x);
  s.episodes_mean = mean_of(x, n);
  n = gather(study, cpu, x);
  s.cpu_median = hd__median(x, n);
  n = gather(study, wall, x);
  s.env_steps_per_s = x[n - 1] > 0 ? (double)s.env_steps / x[n - 1] : 0;
  return s;
}
