/* A rollout that a rule learns from several times: the second step by hand, and eligibilities that
 * are those of the first pass to the bit while no weight has moved. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "insides.h"
#include "test.h"

static hd_ctx *ctx;

enum { TEXT_SIZE = 512 };

/* Settings as "key=value key=value". */
static hd_config *configure(const char *task, const char *method, const char *set) {
  hd_config *config = NULL;
  char text[TEXT_SIZE];
  snprintf(text, sizeof text, "%s", set);
  CHECK(hd_config_create(ctx, task, method, &config) == HD_OK);
  for (char *key = strtok(text, " ="); key != NULL; key = strtok(NULL, " =")) {
    CHECK(hd_config_set(config, key, strtok(NULL, " =")) == HD_OK);
  }
  return config;
}

static hd_session *create(const char *task, const char *method, const char *set) {
  hd_session *session = NULL;
  hd_config *config = configure(task, method, set);
  if (hd_session_create(ctx, config, 5, &session) != HD_OK) {
    printf("  %s\n", hd_ctx_error(ctx));
    exit(2);
  }
  hd_config_destroy(config);
  return session;
}

/* ---- ten arms, logits that begin at 0, one rollout of 16 pulls ---- */

enum { ARMS = 10, PULLS = 16 };

/* Arms that cost: every other one 1, the rest nothing. */
static void fines_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  (void)random;
  *(int32_t *)state = 0;
}

static bool fines_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                       double *reward) {
  (void)self;
  (void)random;
  *(int32_t *)state = 1;
  *reward = (int)action[0] % 2 == 0 ? -1 : 0;
  return true;
}

static void fines_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  (void)state;
  obs[0] = 0;
}

static const hd_dim fines_obs = {.name = "nothing", .unit = "", .count = 1};
static const hd_dim fines_act = {.name = "arm", .unit = "", .count = ARMS};
static const hd_env_desc fines = {.size = sizeof(hd_env_desc),
                                  .name = "Fines-v0",
                                  .doc = "ten arms of which every other one costs 1",
                                  .source = "test_rule_replay.c",
                                  .obs = &fines_obs,
                                  .n_obs = 1,
                                  .act = &fines_act,
                                  .n_act = 1,
                                  .low_score = -0.5,
                                  .high_score = 0,
                                  .solved = 0,
                                  .state_size = sizeof(int32_t),
                                  .reset = fines_reset,
                                  .step = fines_step,
                                  .observe = fines_observe};

/* The logits after a rollout with these settings; what all pulls paid. */
static double pull(const char *task, const char *passes, double logit[ARMS]) {
  char set[TEXT_SIZE];
  snprintf(set, sizeof set,
           "envs=1 hidden=0 rollout=16 bias=false gamma=0 critic=none optimiser=sgd alpha=1 "
           "anneal=none advantage.normalise=false normalise_reward=false init_readout=0 %s",
           passes);
  hd_session *session = create(task, "neuron-agent", set);
  CHECK(hd_session_train(session, PULLS) == HD_OK);
  const hd__net *net = &rule_of(session)->learned.net;
  double paid[PULLS], sum = 0;
  for (int a = 0; a < ARMS; a++) {
    logit[a] = (double)net->weights[net->linear.at + (size_t)a]; /* of the only line */
  }
  CHECK(hd_session_returns(session, paid, PULLS) == PULLS);
  for (int k = 0; k < PULLS; k++) {
    sum += paid[k];
  }
  hd_session_destroy(session);
  return sum;
}

/* Of a step from uniform logits: what each arm paid follows, and so does the second step. */
static int check_second_step(const char *task, double clip, const char *passes) {
  double first[ARMS], second[ARMS], pi[ARMS], counted[ARMS], sum = 0, all = 0;
  const double paid = pull(task, "rollout.epochs=1", first);
  int n_far = 0;
  pull(task, passes, second);
  for (int a = 0; a < ARMS; a++) {
    sum += exp(first[a]);
  }
  for (int a = 0; a < ARMS; a++) {
    const double of_arm = first[a] * PULLS + paid / ARMS;
    CHECK_NEAR(of_arm, round(of_arm), 1e-4);
    pi[a] = exp(first[a]) / sum;
    const bool is_far = of_arm > 0 ? pi[a] * ARMS > 1 + clip : pi[a] * ARMS < 1 - clip;
    n_far += is_far && fabs(of_arm) > 0.5;
    counted[a] = is_far ? 0 : of_arm * pi[a] * ARMS;
    all += counted[a];
  }
  for (int a = 0; a < ARMS; a++) {
    CHECK_NEAR(second[a], first[a] + (counted[a] - pi[a] * all) / PULLS, 1e-6);
  }
  return n_far;
}

static void the_second_pass_counts_by_the_clipped_ratio(void) {
  static const char *const tasks[] = {"Bandit-v0", "Fines-v0"}; /* of gains, and of losses */
  for (int k = 0; k < 2; k++) {
    CHECK(check_second_step(tasks[k], 100, "rollout.epochs=2 rollout.clip=100") == 0);
    CHECK(check_second_step(tasks[k], 0.05, "rollout.epochs=2 rollout.clip=0.05") > 0);
  }
}

/* ---- recurrent neurons whose state is carried on ---- */

static bool same_eligibilities(const hd__rule_learner *a, const hd__rule_learner *b) {
  bool is_same = true, has_any = false;
  for (int slot = 0; slot < a->n; slot++) {
    const hd__part *one = &a->decision[slot].part[0], *other = &b->decision[slot].part[0];
    const size_t n = (size_t)a->decision[slot].rows * a->learned.net.layer[0].in.n_weights;
    is_same = is_same && memcmp(one->e, other->e, sizeof(float) * n) == 0;
    for (size_t k = 0; k < n; k++) {
      has_any = has_any || one->e[k] != 0.0f;
    }
  }
  return is_same && has_any;
}

static void without_a_step_a_pass_finds_the_same_eligibilities(void) {
  hd_session *a = create("CartPole-v1", "lf-cs", "rollout.epochs=1 alpha=0 envs=2 init_readout=1");
  hd_session *b = create("CartPole-v1", "lf-cs", "rollout.epochs=3 alpha=0 envs=2 init_readout=1");
  hd_stats stats;
  CHECK(hd_session_train(a, 1) == HD_OK && hd_session_train(b, 1) == HD_OK);
  for (int k = 0; k < 3; k++) {
    CHECK(advance_unit(a) == HD_OK && advance_unit(b) == HD_OK);
  }
  hd_session_stats(b, &stats);
  CHECK(stats.episodes > 4); /* which end within rollouts */
  CHECK(same_eligibilities(rule_of(a), rule_of(b)));
  hd_session_destroy(a);
  hd_session_destroy(b);
}

static void spikes_that_are_drawn_are_refused(void) {
  hd_session *session = NULL;
  hd_config *config = configure("CartPole-v1", "neuron-agent", "rollout.epochs=2");
  CHECK(hd_session_create(ctx, config, 1, &session) == HD_CONFLICT);
  CHECK(strstr(hd_ctx_error(ctx), "rollout.epochs = 2") != NULL);
  hd_config_destroy(config);
}

int main(void) {
  const hd_ctx_def def = hd_ctx_def_default();
  CHECK(hd_ctx_create(&def, &ctx) == HD_OK);
  CHECK(hd_env_register(ctx, &fines) == HD_OK);
  RUN(the_second_pass_counts_by_the_clipped_ratio);
  RUN(without_a_step_a_pass_finds_the_same_eligibilities);
  RUN(spikes_that_are_drawn_are_refused);
  hd_ctx_destroy(ctx);
  return test_end();
}
