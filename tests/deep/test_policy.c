/* Policy gradients: choices and their gradients, normalisers, and what a learner with carried state
 * remembers. */
#include "../train/learners.h"
#include "../kernel/kernels.h"
#include "categorical.h"
#include "normaliser.h"
#include "test.h"

enum { CHOICES = 4 };

static const float logits[HD_LANES] = {0.3f, -1.2f, 0.9f, 0.1f};

static void probabilities(float log_p[HD_LANES], float p[HD_LANES]) {
  hd__kernel_for(HD_ISA_SCALAR)->log_softmax(1, CHOICES, HD_LANES, logits, log_p, p);
}

/* What the gradient descends on, in double. */
static double loss(const double *logit, int choice, double weight, double share) {
  double sum = 0.0, entropy = 0.0;
  for (int k = 0; k < CHOICES; k++) {
    sum += exp(logit[k]);
  }
  for (int k = 0; k < CHOICES; k++) {
    const double log_p = logit[k] - log(sum);
    entropy -= exp(log_p) * log_p;
  }
  return -weight * (logit[choice] - log(sum)) - share * entropy;
}

static void a_choice_has_the_gradient_of_its_loss(void) {
  for (int choice = 0; choice < CHOICES; choice++) {
    float log_p[HD_LANES], p[HD_LANES], g[CHOICES];
    probabilities(log_p, p);
    hd__categorical_gradient(CHOICES, log_p, p, choice, 0.7f, 0.2f, g);
    for (int k = 0; k < CHOICES; k++) {
      double up[CHOICES], down[CHOICES];
      for (int j = 0; j < CHOICES; j++) {
        up[j] = (double)logits[j] + (j == k ? 1e-5 : 0.0);
        down[j] = (double)logits[j] - (j == k ? 1e-5 : 0.0);
      }
      const double slope = (loss(up, choice, 0.7, 0.2) - loss(down, choice, 0.7, 0.2)) / 2e-5;
      CHECK_NEAR((double)g[k], slope, 3e-7); /* five roundings of floats below 1 */
    }
  }
}

/* Evenly spaced draws fall to each choice as often as it is probable, but for one: an interval
 * holds its length, rounded up or down. */
static void choices_are_drawn_as_often_as_probable(void) {
  enum { DRAWS = 10000 };
  float log_p[HD_LANES], p[HD_LANES];
  int count[CHOICES] = {0};
  probabilities(log_p, p);
  for (int i = 0; i < DRAWS; i++) {
    count[hd__categorical_sample(CHOICES, p, ((float)i + 0.5f) / DRAWS)]++;
  }
  for (int k = 0; k < CHOICES; k++) {
    CHECK_NEAR(count[k], DRAWS * exp((double)log_p[k]), 1.01);
  }
}

enum { N = 3, ROWS = 500 };

static float shown(int row, int i) {
  return (float)(i + 1) *
             hd__uniform24(hd__key_make(3, HD_STREAM_FEATURE, (uint64_t)i, 0), (uint32_t)row) -
         100.0f * (float)i;
}

static void observations_come_to_one_scale(void) {
  double count = 0, mean[N] = {0}, variance[N] = {0};
  float middle[N], scale[N];
  hd__normaliser norm = {.is_on = true,
                         .n = N,
                         .count = &count,
                         .mean = mean,
                         .variance = variance,
                         .middle = middle,
                         .scale = scale};
  hd__normaliser_start(&norm);
  for (int row = 0; row < ROWS; row++) {
    const float x[N] = {shown(row, 0), shown(row, 1), shown(row, 2)};
    hd__normaliser_update(&norm, 1, x);
  }
  for (int i = 0; i < N; i++) {
    double sum = 0, squares = 0;
    for (int row = 0; row < ROWS; row++) {
      sum += (double)shown(row, i);
    }
    for (int row = 0; row < ROWS; row++) {
      const double away = (double)shown(row, i) - sum / ROWS;
      squares += away * away;
    }
    CHECK_NEAR(mean[i], sum / ROWS, 1e-11); /* 500 roundings of doubles up to 200 */
    CHECK_NEAR(variance[i], squares / ROWS, 1e-11);
  }
  const float x[N] = {0.5f, 1e6f, -200.0f};
  float y[N];
  hd__normaliser_apply(&norm, 1, x, y);
  CHECK_NEAR((double)y[0], (0.5 - mean[0]) / sqrt(variance[0]), 1e-6); /* floats near 1 */
  CHECK(y[1] == 10.0f);                                                /* clipped */
}

/* With one pass over the whole rollout the ratio of probabilities is 1: only the order of a sum
 * tells ppo from a2c, so that after one update their weights are alike, and moved. */
static void ppo_of_one_pass_is_a2c(void) {
  hd_ctx *ctx = open_ctx();
  const char *same = "envs=4 rollout=16 ?ppo.epochs=1 ?ppo.minibatch=64 anneal=none";
  char other[128];
  snprintf(other, sizeof other, "algorithm=a2c %s", same);
  hd_session *ppo = open_session(ctx, "CartPole-v1", "ppo", same, 5);
  hd_session *a2c = open_session(ctx, "CartPole-v1", "ppo", other, 5);
  const uint64_t before = hd_session_hash(ppo);
  advance(ppo, 64, 64);
  advance(a2c, 64, 64);
  CHECK(hd_session_hash(ppo) != before);
  const hd_view one = view_of(ppo, "actor.weights"), two = view_of(a2c, "actor.weights");
  int moved = 0, differ = 0;
  for (int64_t i = 0; i < one.shape[1]; i++) {
    const double a = (double)((float *)one.data)[i], b = (double)((float *)two.data)[i];
    moved += a != 0.0;
    /* Adam's first step is alpha, 1e-4 or more, whatever the size of a gradient: the order of a sum
     * shows in it only where it decides the gradient's sign, which here is nowhere. */
    differ += fabs(a - b) > 1e-6;
  }
  CHECK(differ == 0 && moved > one.shape[1] / 4);
  hd_session_destroy(a2c);
  hd_session_destroy(ppo);
  hd_ctx_destroy(ctx);
}

/* State that is carried, statistics and delays are part of a checkpoint. */
static void what_is_carried_is_saved(void) {
  static const char *const settings[] = {
      "carry=true recurrent=true learn_tau=true envs=3 rollout=8",
      "carry=true neuron=alif hidden=9,7 max_delay=2 envs=3 rollout=8",
      "normalise_drive=true normalise_obs=true normalise_reward=true average=0.9 envs=3 rollout=8",
      ("neuron=cuba surrogate.slope_end=8 surrogate.slope_steps=200 learn_threshold=true envs=3 "
       "rollout=8"),
      "layer.agents=true hidden=9,7 critic.hidden=6,5 init_scale=10 envs=3 rollout=8"};
  const char *path = HD_TEST_TMP "/carried.hd";
  for (size_t k = 0; k < sizeof settings / sizeof *settings; k++) {
    hd_ctx *ctx = open_ctx();
    hd_session *whole = open_session(ctx, "CartPole-v1", "a2c", settings[k], 6), *rest = NULL;
    hd_session *first = open_session(ctx, "CartPole-v1", "a2c", settings[k], 6);
    advance(whole, 600, 600);
    advance(first, 207, 207); /* in the middle of a rollout */
    CHECK(hd_session_save(first, path) == HD_OK);
    CHECK(hd_session_load(ctx, path, &rest) == HD_OK);
    advance(rest, 600, 31);
    CHECK(hd_session_hash(rest) == hd_session_hash(whole));
    double a = 0, b = 1;
    CHECK(hd_session_evaluate(rest, 5, 0, NULL, &a) == HD_OK);
    CHECK(hd_session_evaluate(whole, 5, 0, NULL, &b) == HD_OK);
    CHECK(a == b);
    hd_session_destroy(whole);
    hd_session_destroy(first);
    hd_session_destroy(rest);
    hd_ctx_destroy(ctx);
  }
}

int main(void) {
  RUN(a_choice_has_the_gradient_of_its_loss);
  RUN(choices_are_drawn_as_often_as_probable);
  RUN(observations_come_to_one_scale);
  RUN(ppo_of_one_pass_is_a2c);
  RUN(what_is_carried_is_saved);
  return test_end();
}
