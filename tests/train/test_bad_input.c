/* Numbers that are not finite, and settings that contradict each other. */
#include "learners.h"

/* ---- an environment that breaks when told to ---- */

typedef enum trouble {
  NO_TROUBLE,
  NAN_REWARD,
  INF_REWARD,
  HUGE_REWARD,   /* finite, and its square is not */
  DOUBLE_REWARD, /* finite in double precision only */
  NAN_OBSERVATION,
  NAN_RESTART, /* the first observation of an episode other than the first */
  NAN_START    /* the very first observation */
} trouble;

enum { LENGTH = 20, BREAKS_AFTER = 50 };

static double huge_now = 1e30; /* HUGE_REWARD of an action of 1 */

typedef struct walk {
  int64_t steps, episodes, length;
} walk;

static void walk_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  (void)random;
  walk *w = state;
  w->episodes++;
  w->length = 0;
}

static bool walk_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                      double *reward) {
  (void)random;
  const trouble kind = *(const trouble *)self->data;
  walk *w = state;
  w->steps++;
  w->length++;
  *reward = (double)action[0];
  if (w->steps > BREAKS_AFTER && (kind == NAN_REWARD || kind == INF_REWARD)) {
    *reward = kind == NAN_REWARD ? NAN : INFINITY;
  }
  if (w->steps > BREAKS_AFTER && kind == DOUBLE_REWARD) {
    *reward = 1e39;
  }
  if (kind == HUGE_REWARD) {
    *reward *= huge_now;
  }
  return w->length == LENGTH;
}

static void walk_observe(const hd_env_desc *self, const void *state, float *obs) {
  const trouble kind = *(const trouble *)self->data;
  const walk *w = state;
  const bool is_broken = (kind == NAN_OBSERVATION && w->steps > BREAKS_AFTER) ||
                         (kind == NAN_RESTART && w->episodes > 2 && w->length == 0) ||
                         kind == NAN_START;
  obs[0] = (float)w->length / LENGTH;
  obs[1] = is_broken ? NAN : -0.5f;
}

static trouble kind_now;
static const hd_dim walk_obs[] = {{.name = "x", .unit = "", .low = -1, .high = 1},
                                  {.name = "y", .unit = "", .low = -1, .high = 1}};
static const hd_dim walk_act[] = {{.name = "a", .unit = "", .count = 2}};
static const hd_dim walk_push[] = {{.name = "a", .unit = "", .low = 0, .high = 1}};
static const hd_env_desc walk_env = {.size = sizeof(hd_env_desc),
                                     .name = "Walk-v0",
                                     .doc = "counts, and breaks when told to",
                                     .source = "this test",
                                     .obs = walk_obs,
                                     .n_obs = 2,
                                     .act = walk_act,
                                     .n_act = 1,
                                     .max_steps = 100,
                                     .solved = NAN,
                                     .low_score = NAN,
                                     .high_score = NAN,
                                     .state_size = sizeof(walk),
                                     .data = &kind_now,
                                     .reset = walk_reset,
                                     .step = walk_step,
                                     .observe = walk_observe};

/* The walk, with actions of the method's kind. */
static hd_status register_walk(hd_ctx *ctx, const char *method) {
  hd_env_desc env = walk_env;
  env.act = acts_by_numbers(method) ? walk_push : walk_act;
  return hd_env_register(ctx, &env);
}

/* The learner stops with a sentence, and the weights are as after the last whole update. */
static void breaks(trouble kind, const char *what) {
  for (int m = 0; m < hd_method_count(); m++) {
    const char *method = hd_method_at(m)->name;
    if (searches(method)) { /* whose environments live for an episode */
      continue;
    }
    kind_now = NO_TROUBLE;
    hd_ctx *ctx = open_ctx();
    CHECK(register_walk(ctx, method) == HD_OK);
    hd_session *twin = open_session(ctx, "Walk-v0", method, quick(method), 1);
    hd_session *session = open_session(ctx, "Walk-v0", method, quick(method), 1);
    if (kind == NAN_START) {
      hd_session_destroy(session);
      kind_now = kind;
      session = open_session(ctx, "Walk-v0", method, quick(method), 1);
    }
    hd_status status = HD_OK;
    for (int k = 0; k < 400 && status == HD_OK; k++) {
      kind_now = NO_TROUBLE;
      const uint64_t before = hd_session_hash(twin);
      CHECK(hd_session_train(twin, 1) == HD_OK);
      kind_now = kind;
      status = hd_session_train(session, 1);
      CHECK(hd_session_hash(session) == (status == HD_OK ? hd_session_hash(twin) : before));
    }
    CHECK(status == HD_NUMERIC);
    CHECK(strstr(hd_ctx_error(ctx), what) != NULL && strstr(hd_ctx_error(ctx), "Walk-v0") != NULL);
    const uint64_t hash = hd_session_hash(session);
    CHECK(hd_session_train(session, 1) == HD_NUMERIC);
    CHECK(hd_session_hash(session) == hash);
    if (kind != NAN_RESTART) { /* which greedy episodes of one environment each never meet */
      double mean = -7, returns[20];
      CHECK(hd_session_evaluate(session, 20, 1, returns, &mean) ==
            (kind == NAN_START ? HD_NUMERIC : HD_OK));
    }
    if (test_failures > 0) {
      printf("  with %s: %s\n", method, hd_ctx_error(ctx));
    }
    hd_session_destroy(twin);
    hd_session_destroy(session);
    hd_ctx_destroy(ctx);
  }
}

static void a_reward_that_is_not_finite(void) {
  breaks(NAN_REWARD, "reward");
  breaks(INF_REWARD, "reward");
}

static void a_reward_too_large_for_single_precision(void) { breaks(DOUBLE_REWARD, "the reward"); }

static void an_observation_that_is_not_finite(void) {
  breaks(NAN_OBSERVATION, "observation");
  breaks(NAN_RESTART, "observation");
  breaks(NAN_START, "observation");
}

/* Advantages are normalised, so that only the gradient of the critic overflows. */
static void the_actor_waits_for_the_critic(void) {
  static const char *const methods[] = {"ppo", "a2c"};
  kind_now = HUGE_REWARD;
  for (int m = 0; m < 2; m++) {
    hd_ctx *ctx = open_ctx();
    CHECK(register_walk(ctx, methods[m]) == HD_OK);
    hd_session *session =
        open_session(ctx, "Walk-v0", methods[m],
                     "envs=4 rollout=16 advantage.normalise=true normalise_reward=false entropy=0.01 "
                     "clip_gradient=0", 5);
    const uint64_t hash = hd_session_hash(session);
    CHECK(hd_session_train(session, 64) == HD_NUMERIC);
    CHECK(strstr(hd_ctx_error(ctx), "critic") != NULL);
    CHECK(hd_session_hash(session) == hash);
    hd_session_destroy(session);
    hd_ctx_destroy(ctx);
  }
}

/* Clipped gradients are learned from, however long they were; unclipped ones that Adam cannot square
 * are reported as what they are. */
static void long_gradients_are_clipped(void) {
  static const char *const methods[] = {"ppo", "a2c", "dqn"};
  kind_now = HUGE_REWARD;
  huge_now = 1e25;
  for (int m = 0; m < 6; m++) {
    const bool is_clipped = m % 2 == 1;
    hd_ctx *ctx = open_ctx();
    char settings[256];
    snprintf(settings, sizeof settings, "%s ?normalise_reward=false ?dqn.huber=0 clip_gradient=%g",
             quick(methods[m / 2]), is_clipped ? 0.5 : 0.0);
    CHECK(register_walk(ctx, methods[m / 2]) == HD_OK);
    hd_session *session = open_session(ctx, "Walk-v0", methods[m / 2], settings, 5);
    const hd_status status = hd_session_train(session, 2000);
    CHECK(status == (is_clipped ? HD_OK : HD_NUMERIC));
    CHECK(is_clipped || strstr(hd_ctx_error(ctx), "Adam squares it") != NULL);
    if (test_failures > 0) {
      printf("  with %s %s: %s\n", methods[m / 2], settings, hd_ctx_error(ctx));
    }
    hd_session_destroy(session);
    hd_ctx_destroy(ctx);
  }
  huge_now = 1e30;
}

static void a_search_meets_trouble(void) {
  for (int m = 0; m < hd_method_count(); m++) {
    if (!searches(hd_method_at(m)->name)) {
      continue;
    }
    hd_ctx *ctx = open_ctx();
    kind_now = NAN_START;
    CHECK(hd_env_register(ctx, &walk_env) == HD_OK);
    hd_session *session = open_session(ctx, "Walk-v0", hd_method_at(m)->name, NULL, 1);
    const uint64_t hash = hd_session_hash(session);
    for (int k = 0; k < 2; k++) {
      CHECK(hd_session_train(session, 1) == HD_NUMERIC);
      CHECK(hd_session_hash(session) == hash);
    }
    hd_session_destroy(session);
    hd_ctx_destroy(ctx);
  }
}

/* However large the steps, numbers stay finite or the learner says that they did not. */
static void steps_far_too_large(const char *task, const char *method) {
  hd_ctx *ctx = open_ctx();
  char settings[256];
  snprintf(settings, sizeof settings,
           "%s ?alpha=1e6 ?alpha_readout=1e6 ?alpha_critic=1e6 ?reward_scale=1e6", quick(method));
  hd_session *session = open_session(ctx, task, method, settings, 1);
  const hd_status status = hd_session_train(session, 2000);
  CHECK(status == HD_OK || (status == HD_NUMERIC && hd_ctx_error(ctx)[0] != '\0'));
  static const char *const arrays[] = {"actor", "critic"};
  const int n_arrays = searches(method) || descends(method) ? 1 : 2;
  for (int k = 0; k < n_arrays && status == HD_OK; k++) {
    const hd_view view = view_of(session, descends(method) ? "actor.weights" : arrays[k]);
    int n_wrong = 0;
    for (int64_t i = 0; i < view.shape[0] * view.shape[1]; i++) {
      n_wrong += !isfinite(((const float *)view.data)[i]);
    }
    CHECK(n_wrong == 0);
  }
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void divergence_is_reported(void) { for_methods(steps_far_too_large); }

/* ---- contradictions ---- */

typedef struct contradiction {
  const char *task, *settings;
  hd_status status;
  const char *why; /* part of the sentence */
} contradiction;

#define DEEP(algorithm) "algorithm=" algorithm " average=0 neuron=lif "

static const contradiction contradictions[] = {
    {"cartpole", "neuron=lif", HD_CONFLICT, "does not draw"},
    {"cartpole", "neuron=lif rule=reparam-soft", HD_CONFLICT, "does not draw"},
    {"cartpole", "rule=reparam-mean readout=count", HD_CONFLICT, "differentiates log pi"},
    {"cartpole", "rule=pgcn-agree", HD_CONFLICT, "no output neurons"},
    {"cartpole", "substeps=1 settle=gibbs rule=reparam-mean", HD_CONFLICT, "use that rule"},
    {"cartpole", "substeps=1 settle=gibbs neuron=lif-escape", HD_CONFLICT, "have no memory"},
    {"cartpole", "settle=mean-field", HD_CONFLICT, "use substeps = 1"},
    {"cartpole", "substeps=1 settle=mean-field recurrent=true", HD_CONFLICT, "recurrent = false"},
    {"cartpole", "substeps=1 settle=gibbs hidden=0", HD_CONFLICT, "there are none"},
    {"cartpole", "substeps=1 settle=gibbs readout=count nets=2", HD_CONFLICT, "one network"},
    {"cartpole", "substeps=1 settle=gibbs readout=membrane-mean", HD_CONFLICT, "not membranes"},
    {"cartpole", "substeps=1 settle=gibbs epsilon=0.1", HD_CONFLICT, "lets chance choose"},
    {"cartpole", "settle.rounds=2", HD_CONFLICT, "settle"},
    {"cartpole", "substeps=1 settle=gibbs settle.feedback=random", HD_CONFLICT, "mean-field"},
    {"cartpole", "nets=3", HD_CONFLICT, "readout that votes"},
    {"cartpole", "blocks=action", HD_CONFLICT, "readout that votes"},
    {"cartpole", "taps=5 substeps=4", HD_CONFLICT, "too short for 5 taps"},
    {"cartpole", "taps=3 substeps=4 hidden=8,8", HD_CONFLICT, "too short for 3 taps"},
    {"cartpole", "taps=2 substeps=4 basis=cosine basis.functions=3", HD_CONFLICT, "do not fit"},
    {"cartpole", "neuron=leaky", HD_CONFLICT, "never fires"},
    {"cartpole", "neuron=relu", HD_CONFLICT, "never fires"},
    {"cartpole", "neuron=tanh", HD_CONFLICT, "never fires"},
    {"cartpole", "neuron=alif", HD_CONFLICT, "does not draw"},
    {"cartpole", "algorithm=a2c average=0 neuron=glm", HD_CONFLICT, "has no backward step"},
    {"cartpole", "algorithm=a2c average=0 neuron=lif-escape", HD_CONFLICT, "has no backward step"},
    {"cartpole", "algorithm=a2c average=0 neuron=bernoulli", HD_CONFLICT,
     "one of if, lif, cuba, alif, relu, tanh"},
    {"cartpole", DEEP("a2c") "max_delay=2", HD_CONFLICT, "only one"},
    {"cartpole", DEEP("a2c") "hidden=8,8 substeps=4 max_delay=4", HD_CONFLICT,
     "outlasts a decision"},
    {"cartpole", "algorithm=a2c average=0 neuron=relu hidden=8,8 max_delay=1", HD_CONFLICT,
     "remembers nothing"},
    {"cartpole", DEEP("dqn") "coding=population-spikes", HD_CONFLICT, "population, onehot"},
    {"pendulum", DEEP("sac") "coding=gauss", HD_CONFLICT, "coding = gauss are spikes"},
    {"pendulum", DEEP("td3") "dqn.priority=0.6", HD_CONFLICT, "is read by algorithm = dqn"},
    {"pendulum", DEEP("sac") "dqn.priority=0.6", HD_CONFLICT, "is read by algorithm = dqn"},
    {"cartpole", DEEP("dqn") "hidden=2048 substeps=64 memory_limit=1", HD_RANGE,
     "memory_limit is 1;"},
    {"pendulum", DEEP("td3") "hidden=2048 substeps=64 memory_limit=1", HD_RANGE,
     "memory_limit is 1;"},
    {"pendulum", DEEP("sac") "hidden=2048 substeps=64 memory_limit=1", HD_RANGE,
     "memory_limit is 1;"},
    {"cartpole", "critic=table", HD_CONFLICT, "numbered states"},
    {"cartpole", "coding=onehot", HD_CONFLICT, "CartPole-v1"},
    {"cartpole", "coding=sxk", HD_CONFLICT, "real numbers"},
    {"cartpole", "hidden=8,0", HD_RANGE, "layer 2 of hidden has no neurons"},
    {"cartpole", "hidden=8,8,8,8,8,8,8", HD_RANGE, "allowed: up to 6"},
    {"cartpole", "substeps=0", HD_RANGE, "1 to 256"},
    {"cartpole", "bernoulli.beta=0", HD_RANGE, "0.01 to 100"},
    {"cartpole", "substep=2", HD_UNKNOWN, "substeps"},
    {"cartpole", "rule=pgnc", HD_UNKNOWN, "pgcn"},
    {"cartpoll", "", HD_UNKNOWN, "artpole"},
};

static void contradictions_say_why(void) {
  hd_ctx *ctx = open_ctx();
  for (size_t i = 0; i < sizeof contradictions / sizeof contradictions[0]; i++) {
    const contradiction *c = &contradictions[i];
    hd_session *session = NULL;
    const hd_status status = try_session(ctx, c->task, "neuron-agent", c->settings, 1, &session);
    if (status != c->status || session != NULL || strstr(hd_ctx_error(ctx), c->why) == NULL) {
      printf("  %s: %s: %s\n", c->settings, hd_status_text(status), hd_ctx_error(ctx));
      CHECK(false);
    }
  }
  hd_ctx_destroy(ctx);
}

static void two_actions_at_once(void) {
  static const hd_dim two[2] = {{.name = "a", .unit = "", .low = -1, .high = 1},
                                {.name = "b", .unit = "", .low = -1, .high = 1}};
  hd_ctx *ctx = open_ctx();
  hd_env_desc env = walk_env;
  env.act = two;
  env.n_act = 2;
  hd_session *session = NULL;
  kind_now = NO_TROUBLE;
  CHECK(hd_env_register(ctx, &env) == HD_OK);
  CHECK(try_session(ctx, "Walk-v0", "dqn", NULL, 1, &session) == HD_CONFLICT);
  CHECK(strstr(hd_ctx_error(ctx), "2 action components") != NULL && session == NULL);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(a_reward_that_is_not_finite);
  RUN(an_observation_that_is_not_finite);
  RUN(a_reward_too_large_for_single_precision);
  RUN(the_actor_waits_for_the_critic);
  RUN(long_gradients_are_clipped);
  RUN(a_search_meets_trouble);
  RUN(divergence_is_reported);
  RUN(contradictions_say_why);
  RUN(two_actions_at_once);
  return test_end();
}
