/* Small paths whose instructions counts.sh counts: each is a function path_NAME that runs between
 * its preparation and its clearing up, which are not counted.
 *
 *   guard_paths             list the paths
 *   guard_paths NAME        run one
 *   guard_paths --built     how this program was built, on one line */
#include <stdlib.h>

#include "coding.h"
#include "hedon/hedon.h"
#include "study_internal.h"
#include "test.h"

#ifdef __clang__
static const char built[] = "clang " __clang_version__ HD_GUARD_FLAGS;
#else
static const char built[] = "gcc " __VERSION__ HD_GUARD_FLAGS;
#endif

enum { ENVS = 64, OBS = 64, DECISIONS = 64, LEARNERS = 100 };

/* What the paths work on. */
static hd_ctx *ctx;
static hd_config *config;
static hd_session *session;
static hd_envs *envs;
static hd_study *study;
static hd__code code;
static _Alignas(64) float obs[ENVS * OBS], features[4096];
static float action[ENVS], scaling[2][OBS];
static double reward[ENVS];
static bool terminated[ENVS], truncated[ENVS];
static volatile double kept; /* what is computed is used */

/* A path keeps its name in the program, since it is called through a pointer. */
#define PATH(name)        \
  void path_##name(void); \
  void path_##name(void)

static void ok(hd_status status) {
  if (status != HD_OK) {
    fprintf(stderr, "guard_paths: %s\n", hd_ctx_error(ctx));
    exit(2);
  }
}

/* ---- before and after ---- */

static void learn_configured(void) {
  ok(hd_session_create(ctx, config, 1, &session));
  ok(hd_session_train(session, 256));
}

static void learn_some(const char *task, const char *method) {
  ok(hd_config_create(ctx, task, method, &config));
  learn_configured();
}

/* The default method with the layer and the step size of its other tasks. */
static void wide_agents(void) {
  ok(hd_config_create(ctx, "CartPole-v1", "neuron-agent", &config));
  ok(hd_config_set(config, "hidden", "64"));
  ok(hd_config_set(config, "alpha", "0.003"));
}

static void agent(void) {
  wide_agents();
  learn_configured();
}

static void online(void) { learn_some("CartPole-v1", "neuron-agent-online"); }
static void society(void) { learn_some("CartPole-v1", "neuron-agent-society"); }
static void place(void) { learn_some("CartPole-v1", "place-actor-critic"); }
static void vote(void) { learn_some("CartPole-v0", "neuron-agent-vote"); }
static void straight(void) { learn_some("CartPole-v0", "reparam-st"); }
static void gradients(void) { learn_some("CartPole-v1", "a2c"); }
static void lake(void) { learn_some("FrozenLake-v1", "neuron-agent"); }

static void poles(void) {
  const hd_env_desc *desc;
  ok(hd_env_find(ctx, "CartPole-v1", &desc));
  ok(hd_envs_create(ctx, desc, ENVS, 1, HD_RNG_NATIVE, &envs));
  hd_envs_reset(envs, obs);
  for (int b = 0; b < ENVS; b++) {
    action[b] = (float)(b & 1);
  }
}

static void fourier(void) {
  const hd_env_desc *desc;
  ok(hd_env_find(ctx, "CartPole-v1", &desc));
  const hd__code_def def = {.env = desc, .substeps = 1, .dt_ms = 1, .order = 5, .range = 1};
  code = hd__code_make(hd__code_find(ctx, "fourier"), &def, NULL);
  ok(code.desc->measure(ctx, &code));
  code.table = aligned_alloc(64, (sizeof(float) * (size_t)code.n_table + 63) / 64 * 64);
  if (code.table == NULL || code.n > (int)(sizeof features / sizeof *features)) {
    exit(2);
  }
  code.centre = scaling[0];
  code.scale = scaling[1];
  hd__code_start(&code);
}

/* A study whose learners came to something, each to something else. */
static void learners(void) {
  ok(hd_config_create(ctx, "CartPole-v1", "neuron-agent", &config));
  hd_study_def def = hd_study_def_default();
  def.config = config;
  def.n_seeds = LEARNERS;
  ok(hd_study_create(ctx, &def, &study));
  for (int i = 0; i < LEARNERS; i++) {
    study->learner[i].result.solved = i % 10 > 0;
    study->learner[i].result.steps_to_threshold = 20000 + 997 * i % 1000;
    study->learner[i].result.final_return = 400 + 37 * i % 100;
  }
}

static void nothing(void) {}

static void clear(void) {
  hd_study_destroy(study);
  hd_session_destroy(session);
  hd_envs_destroy(envs);
  hd_config_destroy(config);
  free(code.table);
  study = NULL;
  session = NULL;
  envs = NULL;
  config = NULL;
  code.table = NULL;
}

/* ---- the paths ---- */

PATH(decisions) {
  float chosen[DECISIONS];
  ok(hd_session_decide(session, DECISIONS, obs, 1, chosen));
  kept = (double)chosen[0];
}

PATH(online_steps) { ok(hd_session_train(session, 16)); }
PATH(place_steps) { ok(hd_session_train(session, 64)); }
PATH(straight_through_steps) { ok(hd_session_train(session, 16)); }
PATH(rollouts) { ok(hd_session_train(session, 256)); }
PATH(society_rollouts) { ok(hd_session_train(session, 256)); }
PATH(vote_steps) { ok(hd_session_train(session, 256)); }
PATH(gradient_rollouts) { ok(hd_session_train(session, 256)); }
PATH(finite_rollouts) { ok(hd_session_train(session, 256)); }

PATH(evaluation) {
  double mean;
  ok(hd_session_evaluate(session, 16, 0, NULL, &mean));
  kept = mean;
}

PATH(cart_poles) {
  for (int t = 0; t < 64; t++) {
    hd_envs_step(envs, action, obs, reward, terminated, truncated);
    hd_envs_reset_done(envs, obs);
  }
}

PATH(fourier_features) {
  for (int b = 0; b < 16; b++) {
    code.desc->encode(&code, obs + b * code.def.env->n_obs, features);
  }
  kept = (double)features[1];
}

PATH(checkpoint) {
  hd_session *loaded = NULL;
  ok(hd_session_save(session, HD_TEST_TMP "/guard.hd"));
  ok(hd_session_load(ctx, HD_TEST_TMP "/guard.hd", &loaded));
  hd_session_destroy(loaded);
}

PATH(settings) {
  ok(hd_config_create(ctx, "CartPole-v1", "neuron-agent-vote", &config));
  ok(hd_config_set(config, "hidden", "32"));
  ok(hd_config_set(config, "alpha", "0.01"));
  ok(hd_config_write(config, HD_TEST_TMP "/guard.toml"));
  ok(hd_config_load(config, HD_TEST_TMP "/guard.toml"));
}

PATH(session) {
  ok(hd_session_create(ctx, config, 2, &session));
  hd_session_destroy(session);
  session = NULL;
}

PATH(summary) { kept = hd_study_summary(study).return_iqm; }

static const struct {
  const char *name;
  void (*prepare)(void), (*path)(void);
} paths[] = {
    {"decisions", agent, path_decisions},
    {"rollouts", agent, path_rollouts},
    {"evaluation", agent, path_evaluation},
    {"online_steps", online, path_online_steps},
    {"society_rollouts", society, path_society_rollouts},
    {"place_steps", place, path_place_steps},
    {"vote_steps", vote, path_vote_steps},
    {"straight_through_steps", straight, path_straight_through_steps},
    {"gradient_rollouts", gradients, path_gradient_rollouts},
    {"finite_rollouts", lake, path_finite_rollouts},
    {"cart_poles", poles, path_cart_poles},
    {"fourier_features", fourier, path_fourier_features},
    {"checkpoint", agent, path_checkpoint},
    {"settings", nothing, path_settings},
    {"session", wide_agents, path_session},
    {"summary", learners, path_summary},
};

static void run(size_t i) {
  for (size_t k = 0; k < sizeof obs / sizeof *obs; k++) {
    obs[k] = 0.01f * (float)(k % 7) - 0.03f;
  }
  paths[i].prepare();
  paths[i].path();
  clear();
}

int main(int argc, char **argv) {
  const hd_ctx_def def = hd_ctx_def_default();
  const char *wanted = argc > 1 ? argv[1] : NULL;
  if (wanted != NULL && strcmp(wanted, "--built") == 0) {
    puts(built);
    return 0;
  }
  if (hd_ctx_create(&def, &ctx) != HD_OK) {
    return 2;
  }
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    if (wanted == NULL) {
      puts(paths[i].name);
    } else if (strcmp(wanted, paths[i].name) == 0) {
      run(i);
    }
  }
  hd_ctx_destroy(ctx);
  return 0;
}
