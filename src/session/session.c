#include "session_internal.h"

#include <string.h>

#include "clock.h"
#include "readers.h"

/* ---- definition ---- */

enum { EVAL_FLOATS = 65536, EVAL_ROWS = 20 };

static bool learns_by_rule(const hd__settings *s) {
  return s->algorithm == hd__algorithm_none && strcmp(s->search, "none") == 0;
}

/* Steps whose experience is kept until a rule learns from them. */
static int session_slots(const hd__settings *s) {
  return learns_by_rule(s) && s->rollout > 0 ? (int)s->rollout : 1;
}

static int action_count(const hd__settings *s, const hd_env_desc *env) {
  return env->act[0].count > 0 ? env->act[0].count : (int)s->action_levels;
}

static hd_status compile_code(hd_ctx *ctx, const hd_config *config, const hd_env_desc *env,
                              uint64_t seed, hd__code *code) {
  const hd__settings *s = hd__config_settings(config);
  hd__code_def def = {.env = env,
                      .substeps = (int)s->substeps,
                      .dt_ms = (float)s->dt,
                      .bins = (int)s->code_bins,
                      .order = (int)s->code_order,
                      .tilings = (int)s->code_tilings,
                      .cells = (int)s->code_cells,
                      .range = (float)s->code_range,
                      .gain = (float)s->code_gain,
                      .seed = seed};
  memcpy(def.tile_bins, s->code_tile_bins.item, sizeof(int) * (size_t)s->code_tile_bins.n);
  float param[HD_CODE_PARAMS_MAX];
  hd__config_params(config, HD_MODEL_CODING, s->coding, param);
  *code = hd__code_make(hd__code_find(ctx, s->coding), &def, param);
  return code->desc->measure(ctx, code);
}

static hd_status hidden_sizes(hd_ctx *ctx, const hd__settings *s, hd__net_def *def) {
  const hd__list *list = &s->hidden;
  if (list->n == 1 && list->item[0] == 0) {
    return HD_OK;
  }
  if (list->n > HD_MAX_HIDDEN) {
    return hd__fail(ctx, HD_RANGE, "hidden lists %d layers, allowed up to %d", list->n,
                    HD_MAX_HIDDEN);
  }
  for (int i = 0; i < list->n; i++) {
    if (list->item[i] < 1) {
      return hd__fail(ctx, HD_RANGE,
                      "hidden layer %d has no neurons; write hidden = 0 for no "
                      "hidden layer at all",
                      i + 1);
    }
    def->hidden[def->n_hidden++] = list->item[i];
  }
  return HD_OK;
}

/* Episodes are evaluated side by side, as many as fit the second-level cache. */
static void set_batch(hd_session *session) {
  const size_t rows = EVAL_FLOATS / hd__net_row_size(&session->net);
  const int n_rows = (int)(rows < 1 ? 1 : rows > EVAL_ROWS ? EVAL_ROWS : rows);
  session->evaluation.n_rows = n_rows;
  session->net.def.batch = session->B > n_rows ? session->B : n_rows;
}

/* Unless its agents look at the dynamics, a search asks no neuron what it did. */
static const hd_rule_desc no_rule = {
    .size = sizeof(hd_rule_desc), .name = "none", .needs = HD_RULE_AFFINE};

static hd_status compile_gradient_rl(hd_session *session) {
  hd_ctx *ctx = session->ctx;
  const hd__settings *s = session->settings;
  hd__gradient_rl *rl = &session->gradient_rl;
  if (strcmp(s->search, "none") != 0 || s->member_score == hd__member_score_likelihood) {
    return hd__fail(ctx, HD_CONFLICT,
                    "an algorithm that learns by gradients does not search; use search = none and "
                    "member_score = return");
  }
  *rl = (hd__gradient_rl){.ctx = ctx,
                          .config = session->config,
                          .settings = s,
                          .env = session->env,
                          .kernel = session->kernel,
                          .workers = session->workers,
                          .seed = session->seed,
                          .B = session->B};
  session->evaluation.n_rows = rl->eval_rows = EVAL_ROWS;
  HD_TRY(compile_code(ctx, session->config, session->env, session->seed, &rl->code));
  return hd__gradient_rl_compile(rl);
}

static hd_rng_kind rng_of(const hd_session *session) {
  return session->settings->rng == hd__rng_gymnasium ? HD_RNG_GYMNASIUM : HD_RNG_NATIVE;
}

static void describe_evaluation(hd_session *session) {
  hd__evaluation *evaluation = &session->evaluation;
  evaluation->ctx = session->ctx;
  evaluation->env = session->env;
  evaluation->kernel = session->kernel;
  evaluation->rng = rng_of(session);
  evaluation->seed = session->seed;
}

static hd_status compile(hd_session *session) {
  hd_ctx *ctx = session->ctx;
  session->kernel = hd__kernel_for(ctx->isa);
  describe_evaluation(session);
  session->is_gradient_rl = session->settings->algorithm != hd__algorithm_none;
  if (session->is_gradient_rl) {
    return compile_gradient_rl(session);
  }
  const hd__settings *s = session->settings;
  hd__net_def def = {.dt_ms = (float)s->dt,
                     .substeps = (int)s->substeps,
                     .taps = (int)s->taps,
                     .self_taps = (int)s->self_taps,
                     .n_basis = s->basis == hd__basis_cosine ? (int)s->basis_functions : 0,
                     .releases = s->release,
                     .is_recurrent = s->recurrent,
                     .is_carried = s->carry,
                     .delay = (int)s->delay,
                     .facilitation = (float)s->facilitation,
                     .facilitation_tau = (float)s->facilitation_tau,
                     .nets = (int)s->nets,
                     .is_modular = s->blocks == hd__blocks_action,
                     .has_bias = s->bias,
                     .drive_last = s->drive == hd__drive_last,
                     .readout = (hd__readout)s->readout,
                     .n_actions = action_count(s, session->env),
                     .action_neurons = (int)s->action_neurons,
                     .membrane_tau = (float)s->membrane_tau,
                     .temperature = (float)s->temperature,
                     .perturbation = (float)s->perturbation,
                     .neuron = hd__neuron_find(s->neuron)};
  if (session->env->n_act != 1) {
    return hd__fail(ctx, HD_CONFLICT,
                    "%s takes %d action components at once, and the readouts choose one action; "
                    "tasks with one action component are supported",
                    session->env->name, session->env->n_act);
  }
  if (learns_by_rule(s) && s->rollout > 0 && s->lambda_actor > 0) {
    return hd__fail(ctx, HD_CONFLICT,
                    "lambda_actor = %g keeps traces from step to step, and a rollout credits "
                    "earlier steps through lambda; use rollout = 0, or lambda_actor = 0",
                    s->lambda_actor);
  }
  if (!def.neuron->spiking) {
    return hd__fail(ctx, HD_CONFLICT,
                    "neuron = %s never fires and cannot make a layer; use a "
                    "membrane readout instead",
                    def.neuron->name);
  }
  if (learns_by_rule(s) && s->critic == hd__critic_table && hd__code_states(session->env) == 0) {
    return hd__fail(ctx, HD_CONFLICT,
                    "critic = table needs numbered states, and %s observes real "
                    "numbers; use critic = fourier, random or tiles",
                    session->env->name);
  }
  hd__config_params(session->config, HD_MODEL_NEURON, s->neuron, def.neuron_param);
  session->is_searching = strcmp(s->search, "none") != 0;
  HD_TRY(hd__dynamics_parse(ctx, s->syn_dynamics, &session->synapse_features.mask));
  if (session->is_searching && session->synapse_features.mask == 0) {
    def.rule = &no_rule;
    def.is_boolean = hd__search_find(s->search)->is_boolean;
  } else {
    HD_TRY(hd_rule_find(ctx, s->rule, &def.rule));
    hd__config_params(session->config, HD_MODEL_RULE, s->rule, def.rule_param);
  }
  HD_TRY(hidden_sizes(ctx, s, &def));
  HD_TRY(compile_code(ctx, session->config, session->env, session->seed, &def.code));
  HD_TRY(hd__net_compile(ctx, &def, &session->net));
  set_batch(session);
  if (session->is_searching) {
    return hd__session_search_compile(session);
  }
  HD_TRY(hd__critic_compile(ctx, session->config, session->seed, &session->critic));
  hd__rule_update_compile(&session->learner, s, &session->net, &session->critic, session->kernel,
                          session->B);
  return HD_OK;
}

/* ---- memory ---- */

static void lay_out_envs(hd_session *session, hd__arena *arena) {
  void *memory = hd__arena_take(arena, hd__envs_size(session->env, session->B));
  hd__envs_part part[HD_ENVS_PARTS] = {
      {.name = "env"}, {.name = "env"}, {.name = "env"}, {.name = "env"}};
  if (memory != NULL) {
    session->envs = hd__envs_place(memory, session->env, session->B, session->seed, rng_of(session),
                                   session->kernel);
    hd__envs_set_bodies(session->envs, &session->bodies);
    hd__envs_share(session->envs, session->workers);
    hd__envs_parts(session->envs, part);
  }
  for (int k = 0; k < HD_ENVS_PARTS; k++) {
    hd__arena_list(arena, part[k].name, "U8", (int64_t)part[k].rows, (int64_t)part[k].row,
                   part[k].data);
  }
}

/* State of the network that goes on from decision to decision. */
static void lay_out_carried(hd_session *session, hd__arena *arena) {
  const int64_t n = (int64_t)hd__net_carried(&session->net), B = session->B;
  const bool is_carried = n > 0 && !session->is_searching;
  session->carried = is_carried ? hd__arena_field(arena, "actor.carried", "F32", B, n) : NULL;
  session->continued = is_carried ? hd__arena_field(arena, "actor.continued", "U8", 1, B) : NULL;
}

/* What a rule learns from. */
static void lay_out_experience(hd_session *session, hd__arena *arena) {
  const size_t B = (size_t)session->B, steps = (size_t)session->n * B;
  session->key = HD_TAKE(arena, hd__key, B);
  session->random = HD_TAKE(arena, hd__random_base, B);
  lay_out_carried(session, arena);
  session->levels = HD_TAKE(arena, float, session->net.def.n_actions);
  session->decision = HD_TAKE(arena, hd__decision, session->n);
  hd__net_lay_out_decisions(&session->net, arena, session->n, session->B, session->decision);
  session->phi =
      hd__critic_lay_out_phi(&session->critic, arena, (session->n + 1) * session->B, session->B);
  session->present = HD_TAKE(arena, float, B);
  session->learn_reward = HD_TAKE(arena, float, steps);
  session->value = HD_TAKE(arena, float, steps);
  session->next_value = HD_TAKE(arena, float, steps);
  session->advantage = HD_TAKE(arena, float, steps);
  session->ended = HD_TAKE(arena, bool, steps);
  hd__net_actor_lay_out(&session->actor, &session->net, session->evaluation.n_rows, arena);
}

static void lay_out_learner(hd_session *session, hd__arena *arena) {
  hd__net_lay_out(&session->net, arena);
  if (session->is_searching) {
    hd__session_search_lay_out(session, arena);
  } else {
    hd__critic_lay_out(&session->critic, arena);
    hd__rule_update_lay_out(&session->learner, arena);
  }
  session->average =
      session->settings->average > 0
          ? hd__arena_field(arena, "actor.average", "F32", 1, (int64_t)session->net.n_weights)
          : NULL;
}

static void lay_out(hd_session *session, hd__arena *arena) {
  const size_t B = (size_t)session->B;
  session->counters = hd__arena_field(arena, "counters", "I64", 1, HD_COUNTERS);
  if (session->is_gradient_rl) {
    hd__gradient_rl_lay_out(&session->gradient_rl, arena);
  } else {
    lay_out_learner(session, arena);
  }
  lay_out_envs(session, arena);
  session->obs = hd__arena_field(arena, "obs", "F32", (int64_t)B, session->env->n_obs);
  session->episode_return = hd__arena_field(arena, "episode_return", "F64", 1, (int64_t)B);
  session->episode_discount_lost =
      hd__arena_field(arena, "episode_discount_lost", "F64", 1, (int64_t)B);
  session->returns = hd__arena_field(arena, "returns", "F64", 1, HD_RETURNS);
  session->action = HD_TAKE(arena, float, B *(size_t)session->env->n_act);
  session->reward = HD_TAKE(arena, double, B);
  session->terminated = HD_TAKE(arena, bool, B);
  session->truncated = HD_TAKE(arena, bool, B);
  if (session->is_gradient_rl) {
    session->before = HD_TAKE(arena, float, B *(size_t)session->env->n_obs);
    session->next = HD_TAKE(arena, float, B *(size_t)session->env->n_obs);
    session->gradient_reward = HD_TAKE(arena, double, B);
  } else {
    lay_out_experience(session, arena);
  }
  hd__evaluation_lay_out(&session->evaluation, arena);
}

/* ---- life ---- */

static float readout_scale(const hd_session *session) {
  const hd__settings *s = session->settings;
  const double fallback = session->net.has_linear ? 0.0 : s->init_scale;
  return (float)(isnan(s->init_readout) ? fallback : s->init_readout);
}

static void start_learner(hd_session *session) {
  const hd__settings *s = session->settings;
  const hd__net_init init = {.is_uniform = s->init == hd__init_uniform,
                             .scale = (float)s->init_scale,
                             .readout_scale = readout_scale(session)};
  hd__net_start(&session->net, &init, session->seed);
  if (session->average != NULL) {
    memcpy(session->average, session->net.weights, sizeof(float) * session->net.n_weights);
  }
  for (int b = 0; b < session->B; b++) {
    session->random[b] = hd__random_base_make(session->seed, (uint64_t)b, 0);
  }
  if (session->is_searching) {
    hd__session_search_start(session);
  } else {
    hd__critic_start(&session->critic);
    hd__rule_update_start(&session->learner);
  }
  hd__action_levels(session->env, session->net.def.n_actions, session->levels);
  hd__net_actor_start(&session->actor, session->env, &session->net, session->levels);
}

static void start(hd_session *session) {
  if (session->is_gradient_rl) {
    hd__gradient_rl_start(&session->gradient_rl);
  } else {
    start_learner(session);
  }
  hd_envs_reset(session->envs, session->obs);
}

/* Threads that the context allows. A search whose candidates are evaluated ahead has a crew of its
 * own instead. */
static hd_status open_workers(hd_session *session) {
  const int n = session->ctx->n_threads;
  const bool is_searching = strcmp(session->settings->search, "none") != 0;
  return n < 2 || is_searching ? HD_OK : hd__workers_create(session->ctx, n - 1, &session->workers);
}

/* What the environments need besides memory. */
static hd_status open_bodies(hd_session *session) {
  HD_TRY(hd__bodies_open(session->ctx, session->env, session->B,
                         hd__workers_count(session->workers), &session->bodies));
  return hd__evaluation_open(&session->evaluation);
}

hd_status hd_session_create(hd_ctx *ctx, const hd_config *config, uint64_t seed, hd_session **out) {
  hd_session *session = hd__alloc(ctx, sizeof *session);
  if (session == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for a session");
  }
  memset(session, 0, sizeof *session);
  session->ctx = ctx;
  session->seed = seed;
  session->env = hd__config_env(config);
  hd_status status = hd__config_copy(ctx, config, &session->config);
  if (status == HD_OK) {
    session->settings = hd__config_settings(session->config);
    session->B = (int)session->settings->envs;
    session->n = session_slots(session->settings);
    status = open_workers(session);
  }
  if (status == HD_OK) {
    status = compile(session);
  }
  if (status == HD_OK) {
    status = hd__config_check_readers(session->config);
  }
  if (status == HD_OK) {
    status = open_bodies(session);
  }
  if (status == HD_OK) {
    lay_out(session, &session->arena);
    status = hd__arena_commit(ctx, &session->arena);
  }
  if (status != HD_OK) {
    hd_session_destroy(session);
    return status;
  }
  lay_out(session, &session->arena);
  start(session);
  if (session->workers != NULL) {
    status = hd__evaluators_create(session, &session->evaluators);
  }
  if (status != HD_OK) {
    hd_session_destroy(session);
    return status;
  }
  *out = session;
  return HD_OK;
}

hd_status hd__session_restart(hd_session *session, uint64_t seed) {
  session->seed = seed;
  HD_TRY(compile(session));
  hd__arena_clear(&session->arena);
  lay_out(session, &session->arena);
  start(session);
  HD_TRY(hd__evaluators_restart(session->evaluators));
  return hd__parallel_search_restart(session->parallel, seed);
}

void hd_session_destroy(hd_session *session) {
  if (session == NULL) {
    return;
  }
  hd__parallel_search_destroy(session);
  hd__evaluators_destroy(session->evaluators);
  hd__workers_destroy(session->workers);
  hd__evaluation_close(&session->evaluation);
  hd__bodies_close(session->ctx, &session->bodies);
  hd__free(session->ctx, session->policy, sizeof(float) * (size_t)session->n_policy);
  hd__arena_free(session->ctx, &session->arena);
  hd_config_destroy(session->config);
  hd__free(session->ctx, session, sizeof *session);
}

/* A session that is described and has no memory. */
static hd_status describe(const hd_config *config, hd_session *session) {
  *session = (hd_session){.ctx = hd__config_ctx(config),
                          .config = (hd_config *)config,
                          .settings = hd__config_settings(config),
                          .env = hd__config_env(config)};
  session->B = (int)session->settings->envs;
  session->n = session_slots(session->settings);
  return compile(session);
}

hd_status hd_config_check(const hd_config *config) {
  hd_session session;
  HD_TRY(describe(config, &session));
  return hd__config_check_readers(config);
}

hd_status hd_config_memory(const hd_config *config, size_t *bytes) {
  hd_session session;
  HD_TRY(describe(config, &session));
  lay_out(&session, &session.arena);
  *bytes = sizeof session + session.arena.used;
  return HD_OK;
}

hd_status hd__session_check_loaded(hd_session *session) {
  const hd__counters *c = session->counters;
  if (c->steps < 0 || c->episodes < 0 || c->updates < 0) {
    return hd__fail(session->ctx, HD_FORMAT, "the checkpoint counts a negative number of steps");
  }
  if (session->is_gradient_rl && !hd__gradient_rl_check_loaded(&session->gradient_rl)) {
    return hd__fail(session->ctx, HD_FORMAT, "the checkpoint holds a past that cannot have been");
  }
  if (session->is_searching && !hd__search_is_consistent(&session->search)) {
    return hd__fail(session->ctx, HD_FORMAT, "the checkpoint holds a search that cannot go on");
  }
  return HD_OK;
}

/* ---- learning ---- */

hd_status hd__session_learn(hd_session *session, int64_t steps) {
  if (session->counters->is_broken) {
    return hd__fail(session->ctx, HD_NUMERIC,
                    "this learner met a number that is not finite and cannot go on");
  }
  hd_status (*const update)(hd_session *) = session->is_searching     ? hd__session_search_step
                                            : session->is_gradient_rl ? hd__session_gradient_step
                                            : session->settings->rollout > 0 ? hd__session_rollout
                                                                             : hd__session_online;
  const int64_t until = session->counters->steps * session->B + steps;
  const bool has_critic = !session->is_searching && !session->is_gradient_rl;
  hd_status status = has_critic ? hd__session_value_present(session) : HD_OK;
  while (status == HD_OK && session->counters->steps * session->B < until) {
    status = update(session);
  }
  if (has_critic) {
    hd__session_keep_last_features(session);
  }
  session->counters->is_broken = status != HD_OK;
  return status;
}

double hd__session_cpu_s(const hd_session *session) {
  return hd__clock_thread() + hd__parallel_search_cpu_s(session->parallel) +
         hd__workers_cpu_s(session->workers);
}

hd_status hd_session_train(hd_session *session, int64_t steps) {
  const double begin = hd__session_cpu_s(session);
  const hd_status status = hd__session_learn(session, steps);
  session->counters->cpu_s += hd__session_cpu_s(session) - begin;
  return status;
}
