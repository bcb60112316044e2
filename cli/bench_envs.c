/* Environments alone, under random actions, restarted as soon as an episode ends. */
#include <stdlib.h>

#include "actions.h"
#include "bench.h"
#include "command.h"
#include "say.h"

enum { BATCHES = 4, BATCH_MAX = 1024, BANK = 16 };
static const int batches[BATCHES] = {1, 16, 64, BATCH_MAX};

/* B environments and what they read and write. */
typedef struct stepped {
  hd_envs *envs;
  int B, n_act, at;
  float *action; /* [BANK][B][n_act] */
  float *obs;    /* [B][n_obs] */
  double reward[BATCH_MAX];
  bool terminated[BATCH_MAX], truncated[BATCH_MAX];
} stepped;

static hd_status bench_envs_step_turn(void *work, double *steps) {
  stepped *self = work;
  const float *action = &self->action[self->at * self->B * self->n_act];
  hd_envs_step(self->envs, action, self->obs, self->reward, self->terminated, self->truncated);
  hd_envs_reset_done(self->envs, self->obs);
  gauge_use((double)self->obs[0]);
  self->at = (self->at + 1) % BANK;
  *steps = self->B;
  return HD_OK;
}

static void bench_envs_close_one(stepped *self) {
  if (self != NULL) {
    hd_envs_destroy(self->envs);
    free(self->action);
    free(self->obs);
    free(self);
  }
}

static stepped *bench_envs_open_one(hd_ctx *ctx, const hd_env_desc *env, int B) {
  stepped *self = calloc(1, sizeof *self);
  if (self == NULL) {
    return NULL;
  }
  const size_t n = (size_t)BANK * (size_t)B;
  self->B = B;
  self->n_act = env->n_act;
  self->action = malloc(n * (size_t)env->n_act * sizeof *self->action);
  self->obs = malloc((size_t)B * (size_t)env->n_obs * sizeof *self->obs);
  if (self->action == NULL || self->obs == NULL ||
      hd_envs_create(ctx, env, B, 0, HD_RNG_NATIVE, &self->envs) != HD_OK) {
    bench_envs_close_one(self);
    return NULL;
  }
  actions source;
  actions_random(&source, env, 0);
  for (size_t i = 0; i < n; i++) {
    actions_next(&source, 0, &self->action[i * (size_t)env->n_act]);
  }
  hd_envs_reset(self->envs, self->obs);
  return self;
}

static int bench_envs_one_env(const bench *b, const hd_env_desc *env, section *s) {
  stepped *made[BATCHES] = {NULL};
  gauge g[BATCHES];
  hd_status status = HD_OK;
  for (int i = 0; i < BATCHES && status == HD_OK; i++) {
    made[i] = bench_envs_open_one(b->ctx, env, batches[i]);
    g[i] = (gauge){.turn = bench_envs_step_turn, .work = made[i]};
    status = made[i] != NULL ? HD_OK : HD_NOMEM;
  }
  if (status == HD_OK) {
    status = gauge_run(g, BATCHES, b->seconds, b->repeats);
  }
  if (status == HD_OK) {
    row *r = section_add(s, "%s", env->name);
    r->value = g[BATCHES - 1].rate;
    for (int i = 0; i < BATCHES - 1; i++) {
      r->more[i] = g[i].rate.median;
    }
  }
  for (int i = 0; i < BATCHES; i++) {
    bench_envs_close_one(made[i]);
  }
  return status == HD_OK ? EXIT_OK : say_failure("%s", hd_status_text(status));
}

/* An environment that stands on another library may lack what that library reads. */
static bool bench_envs_can_open(hd_ctx *ctx, const hd_env_desc *env) {
  hd_envs *envs = NULL;
  const bool is_open = hd_envs_create(ctx, env, 1, 0, HD_RNG_NATIVE, &envs) == HD_OK;
  hd_envs_destroy(envs);
  return is_open;
}

int bench_envs(const bench *b) {
  static section s = {
      .group = "envs",
      .key = "steps",
      .title = "environment steps per second of one core, so many stepped together",
      .value = {"B=1024", FIGURE_SHORT},
      .more = {{"B=1", FIGURE_SHORT}, {"B=16", FIGURE_SHORT}, {"B=64", FIGURE_SHORT}},
      .n_more = 3};
  const hd_env_desc *own = NULL;
  if (b->has_task && hd_env_find(b->ctx, b->task, &own) != HD_OK) {
    return say_status(b->ctx, HD_UNKNOWN);
  }
  int code = EXIT_OK;
  for (int i = 0; i < hd_env_count(b->ctx) && code == EXIT_OK; i++) {
    const hd_env_desc *env = hd_env_at(b->ctx, i);
    if (own != NULL && own != env) {
      continue;
    }
    if (bench_envs_can_open(b->ctx, env)) {
      code = bench_envs_one_env(b, env, &s);
    } else if (own == NULL) {
      notes_add(b->log, hd_ctx_error(b->ctx));
    } else {
      code = say_status(b->ctx, HD_IO);
    }
  }
  if (code == EXIT_OK) {
    report_section(b->report, &s);
  }
  return code;
}
