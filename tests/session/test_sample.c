/* Decisions that explore as training does: actions come with the probabilities of the policy, and
 * asking for them changes nothing of what is learned. */
#include "gated_learner.h"
#include "insides.h"
#include "train/learners.h"

enum { DRAWS = 4000 };

/* Four standard deviations of a share of DRAWS. */
static const double near = 0.032;

static float sample(hd_session *session, const float *obs, uint64_t step) {
  float action = -1.0f;
  CHECK(hd_session_sample(session, 1, obs, 7, step, &action) == HD_OK);
  return action;
}

/* Share of draws in which a discrete action comes. */
static double share_of(hd_session *session, const float *obs, float action) {
  int n = 0;
  for (int k = 1; k <= DRAWS; k++) {
    n += sample(session, obs, (uint64_t)k) == action;
  }
  return (double)n / DRAWS;
}

static const float leaning[] = {0.02f, -0.1f, 0.03f, 0.2f};

static void a_rule_draws_by_its_softmax(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "neuron-agent-online", "hidden=0", 3);
  advance(session, 2000, 2000);
  const double share = share_of(session, leaning, 0.0f);
  const double p = (double)rule_of(session)->learned.actor.net.pi[0];
  CHECK(p > 0.02 && p < 0.98 && fabs(p - 0.5) > 0.02);
  CHECK_NEAR(share, p, near);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void epsilon_of_a_rule_counts(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "neuron-agent-online",
                                     "hidden=0 temperature=0.001 epsilon=0.5", 3);
  float greedy;
  advance(session, 500, 500);
  CHECK(hd_session_decide(session, 1, leaning, 1, &greedy) == HD_OK);
  CHECK_NEAR(share_of(session, leaning, greedy), 0.75, near);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void ppo_draws_by_its_logits(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "ppo-relu", "hidden=8", 3);
  advance(session, 2000, 2000);
  const double share = share_of(session, leaning, 0.0f);
  const float *logit = gradient_rl_of(session)->model[0].out;
  const double p = 1.0 / (1.0 + exp((double)(logit[1] - logit[0])));
  CHECK(p > 0.02 && p < 0.98 && fabs(p - 0.5) > 0.02);
  CHECK_NEAR(share, p, near);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void dqn_takes_any_action_with_epsilon(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session =
      open_session(ctx, "CartPole-v1", "dqn-relu", "hidden=8 epsilon=0.3 epsilon.end=nan", 3);
  float greedy;
  CHECK(hd_session_decide(session, 1, leaning, 1, &greedy) == HD_OK);
  CHECK_NEAR(share_of(session, leaning, greedy), 0.85, near);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void moments(hd_session *session, const float *obs, double *mean, double *deviation) {
  double sum = 0.0, squares = 0.0;
  for (int k = 1; k <= DRAWS; k++) {
    const double a = (double)sample(session, obs, (uint64_t)k);
    CHECK(a >= -2.0 && a <= 2.0);
    sum += a;
    squares += a * a;
  }
  *mean = sum / DRAWS;
  *deviation = sqrt(squares / DRAWS - *mean * *mean);
}

#define SMALL "hidden=8 critic.hidden=8 replay.size=1000 replay.batch=16 "
static const float hanging[] = {-0.9f, 0.1f, 0.3f};

static void td3_adds_noise_to_the_best_action(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session =
      open_session(ctx, "Pendulum-v1", "td3", SMALL "neuron=relu td3.noise=0.1", 3);
  float greedy;
  double mean, deviation;
  CHECK(hd_session_decide(session, 1, hanging, 1, &greedy) == HD_OK);
  CHECK(fabsf(greedy) < 1.2f); /* far from where noise is cut */
  moments(session, hanging, &mean, &deviation);
  CHECK_NEAR(mean, (double)greedy, 4 * 0.2 / sqrt(DRAWS));
  CHECK_NEAR(deviation, 0.2, 0.01);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* tanh of a normal deviate, whose mean and logarithm of the deviation are outputs: its median is
 * tanh of the mean, the greedy action. */
static void sac_draws_around_its_median(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "Pendulum-v1", "sac", SMALL "neuron=relu", 3);
  float greedy;
  int below = 0;
  CHECK(hd_session_decide(session, 1, hanging, 1, &greedy) == HD_OK);
  for (int k = 1; k <= DRAWS; k++) {
    below += sample(session, hanging, (uint64_t)k) < greedy;
  }
  CHECK_NEAR((double)below / DRAWS, 0.5, near);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

static void agrel_draws_by_its_probabilities(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session =
      open_session(ctx, "CartPole-v1", "agrel", "hidden=8 gated.rates=true init_readout=2", 3);
  const double share = share_of(session, leaning, 0.0f);
  const hd__gated_learner *gated = session->learner.state;
  CHECK(fabs((double)gated->eval.step[0].pi[0] - 0.5) > 0.02);
  CHECK_NEAR(share, (double)gated->eval.step[0].pi[0], near);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* Candidates of a search differ by their weights, not by how they choose. */
static void a_search_does_not_explore(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "nes", "neuron=if hidden=8", 3);
  float greedy;
  CHECK(hd_session_decide(session, 1, leaning, 1, &greedy) == HD_OK);
  CHECK(share_of(session, leaning, greedy) == 1.0);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

/* One of each kind, and those that keep something from decision to decision. */
static const char *const kinds[][3] = {
    {"CartPole-v1", "neuron-agent", "hidden=8 average=0.9"},
    {"CartPole-v1", "neuron-agent-online", "hidden=8"},
    {"CartPole-v1", "node-perturbation", "hidden=8"},
    {"CartPole-v1", "reparam-soft", "hidden=8"},
    {"CartPole-v1", "e-prop", "hidden=8"},
    {"CartPole-v1", "a2c", "hidden=8 carry=true envs=2"},
    {"CartPole-v1", "ppo", "hidden=8 average=0.9"},
    {"CartPole-v1", "dqn", "hidden=8 replay.learning_starts=50 replay.batch=16"},
    {"CartPole-v1", "layer-agent", "hidden=8,8 replay.learning_starts=50 replay.batch=16"},
    {"CartPole-v1", "layer-agent-ppo", "hidden=8,8 layer.above=true init_scale=10"},
    {"Pendulum-v1", "td3", SMALL "replay.learning_starts=50"},
    {"Pendulum-v1", "sac", SMALL "replay.learning_starts=50"},
    {"CartPole-v1", "augment", "hidden=8"},
    {"CartPole-v1", "narla", "hidden=6"},
    {"CartPole-v1", "svpg", "hidden=8"},
    {"CartPole-v1", "nes", "hidden=8 search.population=4"},
};

static uint64_t hash_after(hd_ctx *ctx, const char *const kind[3], bool asks) {
  hd_session *session = open_session(ctx, kind[0], kind[1], kind[2], 5);
  const float *obs = kind[0][0] == 'P' ? hanging : leaning;
  for (int k = 0; k < 6; k++) {
    CHECK(hd_session_train(session, 40) == HD_OK);
    for (uint64_t step = 0; asks && step < 5; step++) {
      sample(session, obs, step);
    }
  }
  const uint64_t hash = hd_session_hash(session);
  hd_session_destroy(session);
  return hash;
}

static void asking_changes_nothing(void) {
  hd_ctx *ctx = open_ctx();
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    const int before = test_failures;
    CHECK(hash_after(ctx, kinds[k], true) == hash_after(ctx, kinds[k], false));
    if (test_failures > before) {
      printf("  of %s\n", kinds[k][1]);
    }
  }
  hd_ctx_destroy(ctx);
}

static void draws_are_those_of_seed_row_and_step(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *session = open_session(ctx, "CartPole-v1", "neuron-agent", "hidden=8", 3);
  enum { N = 40 };
  float obs[4 * N], first[N], again[N], other[N], alone;
  for (int i = 0; i < 4 * N; i++) {
    obs[i] = leaning[i % 4];
  }
  CHECK(hd_session_sample(session, N, obs, 7, 3, first) == HD_OK);
  CHECK(hd_session_sample(session, 1, obs, 7, 2, &alone) == HD_OK);
  CHECK(hd_session_evaluate(session, 2, 0, NULL, NULL) == HD_OK);
  CHECK(hd_session_sample(session, N, obs, 7, 3, again) == HD_OK);
  CHECK(hd_session_sample(session, N, obs, 8, 3, other) == HD_OK);
  CHECK(hd_session_sample(session, 1, obs, 7, 3, &alone) == HD_OK);
  CHECK(memcmp(first, again, sizeof first) == 0 && memcmp(first, other, sizeof first) != 0);
  CHECK(alone == first[0]);
  CHECK(hd_session_sample(session, 0, obs, 7, 3, first) == HD_RANGE);
  obs[1] = NAN;
  CHECK(hd_session_sample(session, 1, obs, 7, 3, first) == HD_NUMERIC);
  hd_session_destroy(session);
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(a_rule_draws_by_its_softmax);
  RUN(epsilon_of_a_rule_counts);
  RUN(ppo_draws_by_its_logits);
  RUN(dqn_takes_any_action_with_epsilon);
  RUN(td3_adds_noise_to_the_best_action);
  RUN(sac_draws_around_its_median);
  RUN(agrel_draws_by_its_probabilities);
  RUN(a_search_does_not_explore);
  RUN(asking_changes_nothing);
  RUN(draws_are_those_of_seed_row_and_step);
  return test_end();
}
