/* Bring an environment and a learning rule of your own, and let one learn the other. */
#include <hedon/hedon.h>
#include <stdio.h>

/* A corridor of seven cells: start in the middle, cheese at the right end, a shock at the left. */
enum { CELLS = 7 };

static void reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  *(int *)state = CELLS / 2 - 1 + (int)hd_random_below(random, 3);
}

static bool step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                 double *reward) {
  (void)self;
  (void)random;
  int *cell = state;
  *cell += action[0] > 0 ? 1 : -1;
  *reward = *cell == CELLS - 1 ? 1 : *cell == 0 ? -1 : 0;
  return *reward != 0;
}

static void observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  obs[0] = (float)*(const int *)state;
}

static const hd_dim cell = {.name = "cell", .unit = "", .count = CELLS};
static const hd_dim direction = {.name = "left, right", .unit = "", .count = 2};
static const hd_env_desc corridor = {.size = sizeof(hd_env_desc),
                                     .name = "Corridor-v0",
                                     .doc = "find the cheese at the end of a corridor",
                                     .source = "examples/own_task.c",
                                     .obs = &cell,
                                     .n_obs = 1,
                                     .act = &direction,
                                     .n_act = 1,
                                     .max_steps = 50,
                                     .solved = 0.95,
                                     .low_score = 0,
                                     .high_score = 1,
                                     .state_size = sizeof(int),
                                     .reset = reset,
                                     .step = step,
                                     .observe = observe};

/* A Hebbian relative of pgcn: only spikes leave a mark, silence leaves none. */
static void factor(const hd_rule_desc *self, const hd_rule_io *io) {
  (void)self;
  for (int i = 0; i < io->n; i++) {
    io->g[i] = io->b[i] * (1 - io->p[i]) * io->gain[i];
  }
}

static const hd_rule_desc spikes_only = {.size = sizeof(hd_rule_desc),
                                         .name = "spikes-only",
                                         .doc = "g = b (1 - p) dlogit/du",
                                         .source = "examples/own_task.c",
                                         .needs = HD_RULE_STOCHASTIC | HD_RULE_AFFINE,
                                         .factor = factor};

static hd_status run(hd_ctx *ctx, hd_config **config, hd_session **session, double *mean) {
  HD_TRY(hd_env_register(ctx, &corridor));
  HD_TRY(hd_rule_register(ctx, &spikes_only));
  HD_TRY(hd_config_create(ctx, "Corridor-v0", "neuron-agent", config));
  HD_TRY(hd_config_set(*config, "rule", "spikes-only"));
  HD_TRY(hd_session_create(ctx, *config, 1, session));
  HD_TRY(hd_session_train(*session, 20000));
  return hd_session_evaluate(*session, 100, 0, NULL, mean);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx;
  hd_config *config = NULL;
  hd_session *session = NULL;
  double mean = 0;
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  if (run(ctx, &config, &session, &mean) != HD_OK) {
    fprintf(stderr, "%s\n", hd_ctx_error(ctx));
  } else {
    printf("Corridor-v0 with spikes-only: mean return %.2f of at most 1\n", mean);
  }
  hd_session_destroy(session);
  hd_config_destroy(config);
  hd_ctx_destroy(ctx);
  return mean >= corridor.solved ? 0 : 1;
}
