#include "check_times.h"
#include "clock.h"
#include "network_internal.h"
#include "readers.h"
#include "session_internal.h"
#include "settings_use.h"

#include <inttypes.h>
#include <string.h>

/* ---- definition ---- */

/* The learner's state lies behind the session, in one block. */
enum { STATE_ALIGN = 64 };

static size_t session_state_at(void) {
  return (sizeof(hd_session) + STATE_ALIGN - 1) / STATE_ALIGN * STATE_ALIGN;
}

static size_t session_size(const hd__learner_desc *desc) {
  return session_state_at() + desc->state_size;
}

static void session_describe_parts(hd_session *session) {
  const hd__kernel *kernel = hd__kernel_for(session->ctx->isa);
  const hd_rng_kind rng = hd__settings_rng(session->settings);
  hd__training *training = &session->training;
  training->ctx = session->ctx;
  training->env = session->env;
  training->kernel = kernel;
  training->rng = rng;
  training->seed = session->seed;
  training->B = (int)session->settings->envs;
  training->reward_scale = session->settings->reward_scale;
  hd__evaluation *evaluation = &session->evaluation;
  evaluation->ctx = session->ctx;
  evaluation->env = session->env;
  evaluation->kernel = kernel;
  evaluation->rng = rng;
  evaluation->seed = session->seed;
  session->learner.kernel = kernel;
  session->learner.seed = session->seed;
}

static hd_status session_compile(hd_session *session) {
  session_describe_parts(session);
  HD_TRY(session->learner.desc->compile(&session->learner));
  session->evaluation.n_rows = session->learner.eval_rows;
  return HD_OK;
}

/* A session that is described and has no memory but its own block; its configuration is the
 * caller's. */
static hd_status session_new(hd_ctx *ctx, const hd_config *config, uint64_t seed,
                             hd_session **out) {
  const hd__settings *settings = hd__config_settings(config);
  const hd__learner_desc *desc = hd__learner_desc_of(settings);
  hd_session *session = hd__alloc(ctx, session_size(desc));
  if (session == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for a session");
  }
  memset(session, 0, session_size(desc));
  session->ctx = ctx;
  session->seed = seed;
  session->settings = settings;
  session->env = hd__config_env(config);
  session->learner = (hd__learner){.desc = desc,
                                   .state = (unsigned char *)session + session_state_at(),
                                   .ctx = ctx,
                                   .config = config,
                                   .settings = settings,
                                   .env = session->env,
                                   .training = &session->training,
                                   .evaluation = &session->evaluation};
  *out = session;
  return HD_OK;
}

/* ---- life ---- */

static void session_lay_out(hd_session *session, hd__arena *arena) {
  hd__training_lay_out(&session->training, arena);
  session->learner.desc->lay_out(&session->learner, arena);
  hd__evaluation_lay_out(&session->evaluation, arena);
}

static void session_start(hd_session *session) {
  session_lay_out(session, &session->arena);
  hd__session_describe_arrays(session);
  session->check_every = hd__session_check_every(session);
  session->learner.desc->start(&session->learner);
  hd__training_start(&session->training);
}

/* Threads that the context allows, unless the learner takes them later. */
static hd_status session_open_workers(hd_session *session) {
  const int n = session->ctx->n_threads;
  if (n < 2 || session->learner.desc->n_threads != NULL) {
    return HD_OK;
  }
  HD_TRY(hd__workers_create(session->ctx, n - 1, &session->workers));
  session->learner.workers = session->training.workers = session->workers;
  return HD_OK;
}

static hd_status session_open(hd_session *session) {
  HD_TRY(session_open_workers(session));
  HD_TRY(session_compile(session));
  HD_TRY(hd__config_check_readers(session->config));
  HD_TRY(hd__config_check_times(session->config));
  HD_TRY(hd__training_open(&session->training));
  HD_TRY(hd__evaluation_open(&session->evaluation));
  session_lay_out(session, &session->arena);
  HD_TRY(hd__arena_commit(session->ctx, &session->arena));
  session_start(session);
  const bool may_share = session->workers != NULL && session->learner.desc->actor_size > 0;
  return may_share ? hd__evaluators_create(&session->learner, &session->evaluators) : HD_OK;
}

hd_status hd_session_create(hd_ctx *ctx, const hd_config *config, uint64_t seed, hd_session **out) {
  hd_config *copy;
  hd_session *session;
  HD_TRY(hd__config_copy(ctx, config, &copy));
  hd_status status = session_new(ctx, copy, seed, &session);
  if (status != HD_OK) {
    hd_config_destroy(copy);
    return status;
  }
  session->config = copy;
  status = session_open(session);
  if (status != HD_OK) {
    hd_session_destroy(session);
    return status;
  }
  *out = session;
  return HD_OK;
}

hd_status hd__session_restart(hd_session *session, uint64_t seed) {
  session->seed = seed;
  session->checked_at = 0;
  HD_TRY(session_compile(session));
  hd__arena_clear(&session->arena);
  session_start(session);
  if (session->evaluators != NULL) {
    hd__evaluators_start(session->evaluators);
  }
  hd__session_restart_shown(session);
  return HD_OK;
}

void hd_session_destroy(hd_session *session) {
  if (session == NULL) {
    return;
  }
  const hd__learner_desc *desc = session->learner.desc;
  if (desc->destroy != NULL) {
    desc->destroy(&session->learner);
  }
  hd__evaluators_destroy(session->evaluators);
  hd__workers_destroy(session->workers);
  hd__network_free(session->learner.shown);
  hd__evaluation_close(&session->evaluation);
  hd__training_close(&session->training);
  hd__arena_free(session->ctx, &session->arena);
  hd_config_destroy(session->config);
  hd__free(session->ctx, session, session_size(desc));
}

/* ---- questions to a configuration ---- */

hd_status hd_config_check(const hd_config *config) {
  hd_session *session;
  HD_TRY(session_new(hd__config_ctx(config), config, 0, &session));
  const hd_status status = session_compile(session);
  hd_session_destroy(session);
  HD_TRY(status);
  HD_TRY(hd__config_check_readers(config));
  return hd__config_check_times(config);
}

hd_status hd_config_memory(const hd_config *config, size_t *bytes) {
  hd_session *session;
  HD_TRY(session_new(hd__config_ctx(config), config, 0, &session));
  const hd_status status = session_compile(session);
  if (status == HD_OK) {
    hd__arena counted = {0};
    session_lay_out(session, &counted);
    *bytes = session_size(session->learner.desc) + counted.used;
  }
  hd_session_destroy(session);
  return status;
}

hd_status hd__session_check_loaded(hd_session *session) {
  const hd__counters *c = session->training.counters;
  if (c->steps < 0 || c->episodes < 0 || c->updates < 0) {
    return hd__fail(session->ctx, HD_FORMAT, "the checkpoint counts a negative number of steps");
  }
  const hd__learner_desc *desc = session->learner.desc;
  return desc->check_loaded != NULL ? desc->check_loaded(&session->learner) : HD_OK;
}

/* ---- threads ---- */

hd_status hd__session_use_threads(hd_session *session, int n) {
  hd__learner *learner = &session->learner;
  const int useful = learner->desc->n_threads != NULL ? learner->desc->n_threads(learner, n) : 1;
  if (session->workers != NULL || useful < 2) {
    return HD_OK;
  }
  HD_TRY(hd__workers_create(session->ctx, useful - 1, &session->workers));
  learner->workers = session->workers;
  const hd_status status = learner->desc->share(learner);
  if (status != HD_OK) {
    hd__workers_destroy(session->workers);
    session->workers = learner->workers = NULL;
  }
  return status;
}

void hd__session_join_threads(hd_session *session) {
  if (session->workers != NULL) {
    hd__workers_join(session->workers);
  }
}

double hd__session_cpu_s(const hd_session *session) {
  return hd__clock_thread() + hd__workers_cpu_s(session->workers);
}

/* ---- learning ---- */

static bool session_is_paused(const hd_session *session) {
  return session->pause != NULL && (atomic_load_explicit(session->pause, memory_order_relaxed) ||
                                    atomic_load_explicit(session->yield, memory_order_relaxed));
}

static hd_status session_advance(hd_session *session, int64_t until) {
  hd__learner *learner = &session->learner;
  hd_status status = learner->desc->begin != NULL ? learner->desc->begin(learner) : HD_OK;
  while (status == HD_OK && hd__training_steps(&session->training) < until &&
         !session_is_paused(session)) {
    status = learner->desc->advance(learner);
  }
  if (hd__is_stopped(session->ctx)) {
    return hd__check_stopped(session->ctx);
  }
  const hd_status ended = learner->desc->end != NULL ? learner->desc->end(learner) : HD_OK;
  return status != HD_OK ? status : ended;
}

hd_status hd__session_learn(hd_session *session, int64_t steps) {
  hd__counters *counters = session->training.counters;
  if (counters->is_broken) {
    return hd__fail(session->ctx, HD_NUMERIC,
                    "this learner met a number that is not finite and cannot go on");
  }
  const int64_t taken = hd__training_steps(&session->training);
  hd_status status =
      session_advance(session, steps < INT64_MAX - taken ? taken + steps : INT64_MAX);
  status = status == HD_OK ? hd__session_check_sometimes(session) : status;
  counters->is_broken = status != HD_OK;
  return status;
}

hd_status hd_session_train(hd_session *session, int64_t steps) {
  if (steps < 0) {
    return hd__fail(session->ctx, HD_RANGE, "steps = %" PRId64 ", allowed 0 or more", steps);
  }
  const double begin = hd__session_cpu_s(session);
  const hd_status status = hd__session_learn(session, steps);
  session->training.counters->cpu_s += hd__session_cpu_s(session) - begin;
  return status;
}

/* ---- policies ---- */

hd_status hd__session_set_policy(hd_session *session, const hd_session *teacher) {
  const hd__learner_desc *desc = session->learner.desc;
  if (desc->set_policy == NULL || teacher->learner.desc != desc) {
    return hd__learner_has_no_policy(session->ctx);
  }
  return desc->set_policy(&session->learner, &teacher->learner);
}

hd_status hd_session_adopt(hd_session *session, const hd_session *teacher) {
  if (session->training.counters->steps > 0) {
    return hd__fail(session->ctx, HD_USAGE, "a policy is adopted before the first step");
  }
  HD_TRY(hd__session_set_policy(session, teacher));
  session->learner.desc->use_policy(&session->learner);
  return HD_OK;
}
