#include <string.h>

#include "actions.h"
#include "json.h"
#include "open.h"
#include "say.h"

enum { RANDOM_STEPS = 200 };

typedef struct transition {
  const float *action; /* NULL: a reset */
  float obs[HD_MAX_OBS];
  double reward;
  bool terminated, truncated;
} transition;

typedef void (*show_fn)(const hd_env_desc *env, const transition *t, int64_t step);

static void rollout_json_array(const char *key, const float *value, int n) {
  printf("\"%s\":[", key);
  for (int i = 0; i < n; i++) {
    printf("%s", i > 0 ? "," : "");
    json_number(stdout, (double)value[i]);
  }
  printf("]");
}

static void rollout_show_json(const hd_env_desc *env, const transition *t, int64_t step) {
  (void)step;
  printf("{");
  rollout_json_array("obs", t->obs, env->n_obs);
  if (t->action != NULL) {
    printf(",");
    rollout_json_array("action", t->action, env->n_act);
    printf(",\"reward\":");
    json_number(stdout, t->reward);
    printf(",\"terminated\":%s,\"truncated\":%s", t->terminated ? "true" : "false",
           t->truncated ? "true" : "false");
  }
  printf("}\n");
}

enum { CELL = 24 };

static void rollout_show_head(const hd_env_desc *env) {
  printf("%8s", "step");
  for (int i = 0; i < env->n_act; i++) {
    printf("  %*s", CELL, env->act[i].name);
  }
  printf("  %*s", CELL, "reward");
  for (int i = 0; i < env->n_obs; i++) {
    printf("  %*s", CELL, env->obs[i].name);
  }
  printf("\n");
}

static void rollout_show_text(const hd_env_desc *env, const transition *t, int64_t step) {
  printf("%8lld", (long long)step);
  for (int i = 0; i < env->n_act; i++) {
    if (t->action != NULL) {
      printf("  %*.17g", CELL, (double)t->action[i]);
    } else {
      printf("  %*s", CELL, i == 0 ? "reset" : "");
    }
  }
  if (t->action != NULL) {
    printf("  %*.17g", CELL, t->reward);
  } else {
    printf("  %*s", CELL, "");
  }
  for (int i = 0; i < env->n_obs; i++) {
    printf("  %*.17g", CELL, (double)t->obs[i]);
  }
  printf("%s%s\n", t->terminated ? "  terminated" : "", t->truncated ? "  truncated" : "");
}

static void rollout_play(hd_envs *envs, const hd_env_desc *env, actions *source, int64_t steps,
                         show_fn show) {
  transition t = {.action = NULL};
  float action[HD_MAX_ACT];
  hd_envs_reset(envs, t.obs);
  show(env, &t, 0);
  for (int64_t i = 0; i < steps; i++) {
    actions_next(source, i, action);
    t.action = action;
    hd_envs_step(envs, action, t.obs, &t.reward, &t.terminated, &t.truncated);
    show(env, &t, i + 1);
    if (t.terminated || t.truncated) {
      t = (transition){.action = NULL};
      hd_envs_reset_done(envs, t.obs);
      show(env, &t, i + 1);
    }
  }
}

static int rollout_rng_kind(const char *word, hd_rng_kind *out) {
  const bool is_native = word == NULL || strcmp(word, "native") == 0;
  *out = is_native ? HD_RNG_NATIVE : HD_RNG_GYMNASIUM;
  return is_native || strcmp(word, "gymnasium") == 0
             ? EXIT_OK
             : say_usage("--rng is %s, allowed gymnasium or native", word);
}

static int rollout_in(hd_ctx *ctx, const arguments *args, hd_rng_kind rng) {
  const hd_env_desc *env;
  hd_status status = hd_env_find(ctx, args->operand[0], &env);
  if (status != HD_OK) {
    return say_status(ctx, status);
  }
  actions source;
  int code = EXIT_OK;
  if (args->actions == NULL || strcmp(args->actions, "random") == 0) {
    actions_random(&source, env, args->seed);
    source.n = args->count_steps > 0 ? args->count_steps : RANDOM_STEPS;
  } else {
    code = actions_read(&source, env, args->actions);
  }
  hd_envs *envs = NULL;
  if (code == EXIT_OK) {
    status = hd_envs_create(ctx, env, 1, args->seed, rng, &envs);
    code = status == HD_OK ? EXIT_OK : say_status(ctx, status);
  }
  if (code == EXIT_OK) {
    const int64_t steps =
        args->count_steps > 0 && args->count_steps < source.n ? args->count_steps : source.n;
    if (!args->json) {
      rollout_show_head(env);
    }
    rollout_play(envs, env, &source, steps, args->json ? rollout_show_json : rollout_show_text);
  }
  hd_envs_destroy(envs);
  actions_close(&source);
  return code;
}

static int rollout(const arguments *args) {
  hd_rng_kind rng;
  int code = rollout_rng_kind(args->rng, &rng);
  if (code != EXIT_OK) {
    return code;
  }
  notes log = {.n = 0};
  hd_ctx *ctx;
  code = open_context(args, &log, &ctx);
  if (code == EXIT_OK) {
    code = rollout_in(ctx, args, rng);
    hd_ctx_destroy(ctx);
  }
  return code;
}

static const flag flags[] = {
    {"--seed", "S", FLAG_SEED, offsetof(arguments, seed), "of the environment (default: 0)"},
    {"--rng", "KIND", FLAG_WORD, offsetof(arguments, rng),
     "gymnasium: its own episodes, seed by seed; native: ours (default: native)"},
    {"--actions", "FILE", FLAG_WORD, offsetof(arguments, actions),
     "one action a line, components separated by blanks; or the word random (default)"},
    {"--steps", "N", FLAG_COUNT, offsetof(arguments, count_steps),
     "stop after N steps (default: all of FILE, or 200)"},
    FLAG_JSON("one object a line"),
};

const command command_rollout = {
    .name = "rollout",
    .summary = "print every reset and transition of an environment, with all its digits",
    .usage = "ENV --seed S --rng gymnasium|native --actions FILE|random [--steps N] [--json]",
    .flags = flags,
    .n_flags = sizeof flags / sizeof flags[0],
    .min_operands = 1,
    .max_operands = 1,
    .operand_help = "an environment, such as CartPole-v1",
    .run = rollout,
};
