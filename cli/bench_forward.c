/* The policy alone: decisions on observations from outside, nothing learned. */
#include <math.h>
#include <stdlib.h>

#include "actions.h"
#include "bench_learner.h"
#include "command.h"
#include "say.h"

enum { BATCHES = 4, BATCH_MAX = 256, BANK = 16, GAUGES = BATCHES + 1 };
static const int batches[BATCHES] = {1, 8, 64, BATCH_MAX};

static const char *const networks[] = {
    "hidden=64 substeps=4",
    "hidden=64 substeps=4 neuron=ising",
    "hidden=64 substeps=4 neuron=glm",
    "hidden=64 substeps=4 neuron=lif rule=reparam-st",
    "hidden=64 substeps=4 neuron=lif-escape",
    "hidden=128,128 substeps=8",
    "hidden=128,128 substeps=8 neuron=lif rule=reparam-st",
    "hidden=256,256 substeps=8",
    "hidden=256,256 substeps=8 neuron=lif rule=reparam-st",
};

/* "4-128-128-2 x8 lif": the layers, or the hidden ones alone if others depend on a coding. */
static void bench_forward_describe(const learner *l, const hd_env_desc *env, char name[ROW_NAME]) {
  const hd_config *config = hd_session_config(l->session);
  char hidden[ROW_NAME];
  snprintf(hidden, sizeof hidden, "%s", hd_config_get(config, "hidden"));
  for (char *c = hidden; *c != '\0'; c++) {
    *c = *c == ',' ? '-' : *c;
  }
  const int used = isfinite(learner_synapses(l)) ? snprintf(name, ROW_NAME, "%d-%.16s-%d",
                                                            env->n_obs, hidden, env->act[0].count)
                                                 : snprintf(name, ROW_NAME, "%.16s", hidden);
  const int substeps = learner_substeps(l);
  snprintf(name + used, ROW_NAME - (size_t)used, " x%d %.12s", substeps,
           hd_config_get(config, "neuron"));
}

/* One learner asked for B decisions at a time, on observations that an untaught player met. */
typedef struct asked {
  learner *learner;
  int B, n_obs;
  const float *obs; /* [BANK][BATCH_MAX][n_obs] */
  float action[BATCH_MAX * HD_MAX_ACT];
  uint64_t step;
} asked;

static hd_status bench_forward_ask_turn(void *work, double *decisions) {
  asked *self = work;
  const uint64_t page = self->step % BANK;
  const float *obs = self->obs + page * (uint64_t)(BATCH_MAX * self->n_obs);
  HD_TRY(hd_session_decide(self->learner->session, self->B, obs, self->step, self->action));
  gauge_use((double)self->action[0]);
  self->step++;
  *decisions = self->B;
  return HD_OK;
}

/* Random play, so that rows and pages differ as they do in use. */
static hd_status bench_forward_play(hd_ctx *ctx, const hd_env_desc *env, float *obs) {
  static float action[BATCH_MAX * HD_MAX_ACT];
  static double reward[BATCH_MAX];
  static bool terminated[BATCH_MAX], truncated[BATCH_MAX];
  hd_envs *envs;
  actions source;
  HD_TRY(hd_envs_create(ctx, env, BATCH_MAX, 0, HD_RNG_NATIVE, &envs));
  actions_random(&source, env, 0);
  hd_envs_reset(envs, obs);
  for (int page = 0; page < BANK; page++) {
    float *at = obs + (size_t)page * (size_t)(BATCH_MAX * env->n_obs);
    for (int i = 0; i < BATCH_MAX; i++) {
      actions_next(&source, 0, &action[i * env->n_act]);
    }
    hd_envs_step(envs, action, at, reward, terminated, truncated);
    hd_envs_reset_done(envs, at);
  }
  hd_envs_destroy(envs);
  return HD_OK;
}

static void bench_forward_rows(section *s, const char *name, const learner *l,
                               const gauge g[GAUGES]) {
  const double each = learner_synapses(l) * learner_substeps(l);
  for (int i = 0; i < BATCHES; i++) {
    const spread rate = g[1 + i].rate;
    row *r = section_add(s, "%s, B=%d", name, batches[i]);
    r->value = rate;
    r->more[0] = 2 * each * rate.median;
    r->more[1] = each * rate.median / g[0].rate.median;
  }
}

static hd_status bench_forward_one_network(const bench *b, const char *settings,
                                           const hd_env_desc *env, const float *obs, section *s,
                                           char *error) {
  static asked ask[BATCHES];
  learner l;
  HD_TRY(learner_open(b, NULL, settings, 0, &l, error));
  gauge g[GAUGES] = {{.turn = bench_peak_turn, .work = b->ctx}};
  for (int i = 0; i < BATCHES; i++) {
    ask[i] = (asked){.learner = &l, .B = batches[i], .n_obs = env->n_obs, .obs = obs};
    g[1 + i] = (gauge){.turn = bench_forward_ask_turn, .work = &ask[i]};
  }
  const hd_status status = gauge_run(g, GAUGES, b->seconds, b->repeats);
  if (status == HD_OK) {
    char name[ROW_NAME];
    bench_forward_describe(&l, env, name);
    bench_forward_rows(s, name, &l, g);
  } else {
    snprintf(error, BENCH_ERROR, "%s", hd_ctx_error(l.ctx));
  }
  learner_close(&l);
  return status;
}

static hd_status bench_forward_all_networks(const bench *b, const hd_env_desc *env,
                                            const float *obs, section *s, char *error) {
  if (b->is_own) {
    return bench_forward_one_network(b, "", env, obs, s, error);
  }
  for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
    HD_TRY(bench_forward_one_network(b, networks[i], env, obs, s, error));
  }
  return HD_OK;
}

int bench_forward(const bench *b) {
  static section s = {
      .group = "forward",
      .key = "decisions",
      .title = "decisions per second of one core, the policy alone, B at a time",
      .note =
          "Names are layers x substeps. Operations are synapses x substeps x 2, silent synapses "
          "counted and everything else left out: neurons, random numbers, coding. The peak is "
          "that of fused multiply-adds, measured in turn with the rest.",
      .value = {"decisions", FIGURE_SHORT},
      .more = {{"op/s", FIGURE_SHORT}, {"of peak", FIGURE_SHARE}},
      .n_more = 2};
  char error[BENCH_ERROR] = "";
  const hd_env_desc *env;
  hd_status status = hd_env_find(b->ctx, b->task, &env);
  if (status != HD_OK) {
    return say_status(b->ctx, status);
  }
  float *obs = malloc(sizeof *obs * (size_t)(BANK * BATCH_MAX * env->n_obs));
  status = obs != NULL ? bench_forward_play(b->ctx, env, obs) : HD_NOMEM;
  if (status == HD_OK) {
    status = bench_forward_all_networks(b, env, obs, &s, error);
  }
  free(obs);
  if (status != HD_OK) {
    return learner_say(status, error);
  }
  report_section(b->report, &s);
  return EXIT_OK;
}
