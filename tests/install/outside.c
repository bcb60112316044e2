/* A program outside the tree: it knows the installed headers only, brings an environment and a
 * learning rule of its own, and learns with them. */
#include <hedon/hedon.h>
#include <stdio.h>

/* A lamp shows one of four colours; the even ones want the left button, the odd ones the right. */
enum { COLOURS = 4, LENGTH = 20 };

typedef struct lamp {
  int colour;
} lamp;

static void lamp_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  ((lamp *)state)->colour = (int)hd_random_below(random, COLOURS);
}

static bool lamp_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                      double *reward) {
  lamp *l = state;
  *reward = (int)action[0] == l->colour % 2 ? 1 : 0;
  lamp_reset(self, state, random);
  return false;
}

static void lamp_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  obs[0] = (float)((const lamp *)state)->colour;
}

static const hd_dim colour = {.name = "colour", .unit = "", .count = COLOURS};
static const hd_dim button = {.name = "button", .unit = "", .count = 2};
static const hd_env_desc lamp_env = {.size = sizeof(hd_env_desc),
                                     .name = "Lamp-v0",
                                     .doc = "press the button the lamp asks for",
                                     .source = "this program",
                                     .obs = &colour,
                                     .n_obs = 1,
                                     .act = &button,
                                     .n_act = 1,
                                     .max_steps = LENGTH,
                                     .solved = 19,
                                     .low_score = 10,
                                     .high_score = 20,
                                     .state_size = sizeof(lamp),
                                     .reset = lamp_reset,
                                     .step = lamp_step,
                                     .observe = lamp_observe};

/* d log P(spike) / d drive, written anew (Williams 1992). */
static void score(const hd_rule_desc *self, const hd_rule_io *io) {
  for (int i = 0; i < io->n; i++) {
    io->g[i] = io->gain[i] * (io->b[i] - io->p[i]);
  }
  ++*(long *)(size_t)self->data;
}

static hd_status learn(hd_ctx *ctx, double *before, double *after, long *used) {
  const hd_rule_desc rule = {.size = sizeof rule,
                             .name = "my-score",
                             .doc = "gain (b - p)",
                             .source = "Williams 1992",
                             .needs = HD_RULE_STOCHASTIC,
                             .data = used,
                             .factor = score};
  hd_config *config;
  hd_session *session;
  HD_TRY(hd_env_register(ctx, &lamp_env));
  HD_TRY(hd_rule_register(ctx, &rule));
  HD_TRY(hd_config_create(ctx, "Lamp-v0", "neuron-agent", &config));
  HD_TRY(hd_config_set(config, "rule", "my-score"));
  HD_TRY(hd_session_create(ctx, config, 1, &session));
  hd_config_destroy(config);
  HD_TRY(hd_session_evaluate(session, 100, 0, NULL, before));
  HD_TRY(hd_session_train(session, 20000));
  HD_TRY(hd_session_evaluate(session, 100, 1, NULL, after));
  hd_session_destroy(session);
  return HD_OK;
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  hd_ctx *ctx;
  double before, after;
  long used = 0;
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 1;
  }
  const hd_status status = learn(ctx, &before, &after, &used);
  if (status != HD_OK) {
    printf("%s\n", hd_ctx_error(ctx));
  } else {
    printf("hedon %s: Lamp-v0 with my-score, return %.1f before, %.1f after\n", hd_version(),
           before, after);
  }
  hd_ctx_destroy(ctx);
  return status == HD_OK && used > 0 && after >= lamp_env.solved && after > before ? 0 : 1;
}
