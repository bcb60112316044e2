/* Every critic's features and values. */
#include "critics.h"
#include "train/learners.h"

static const float obs[4] = {0.5f, -0.4f, 0.1f, 0.7f};

static hd_session *open_critic(hd_ctx *ctx, const char *task, const char *settings) {
  hd_session *s = open_session(ctx, task, "neuron-agent-online", settings, 1);
  for (int i = 0; i < rule_of(s)->critic.n; i++) {
    const hd__key key = hd__key_make(2, HD_STREAM_INIT, 0, 0);
    rule_of(s)->critic.w[i] = hd__uniform24(key, (uint32_t)i) - 0.5f;
  }
  return s;
}

/* Whatever the features: a step along them raises the value by its length squared. */
static void step_along(hd_session *s) {
  const hd__critic *critic = &rule_of(s)->critic;
  const double before = (double)value_of(s, 0);
  double square = 0;
  for (int i = 0; !critic->is_sparse && i < critic->n; i++) {
    square += (double)rule_of(s)->phi.x[i] * (double)rule_of(s)->phi.x[i];
  }
  square = critic->is_sparse ? critic->code.n_active : square;
  hd__critic_add(critic, 1, &rule_of(s)->phi, (float[]){0.25f}, critic->w);
  const double after = (double)value_of(s, 0);
  CHECK_NEAR(after - before, 0.25 * square, 1e-5 * (1 + square));
}

static void table_holds_a_value_per_state(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *s = open_critic(ctx, "FrozenLake-v1", "critic=table");
  for (int state = 0; state < 16; state++) {
    const float at = (float)state;
    see(s, &at, (hd__key){0}, 0);
    CHECK(value_of(s, 0) == rule_of(s)->critic.w[state]);
  }
  step_along(s);
  hd_session_destroy(s);
  hd_ctx_destroy(ctx);
}

/* cos(pi c.s) with a step size of 1 / ||c||, half of it in the feature and half in its trace. */
static void fourier_features_carry_the_root_of_their_step(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *s = open_critic(ctx, "CartPole-v1", "critic=fourier critic.order=2");
  const hd_dim *dim = s->env->obs;
  see(s, obs, (hd__key){0}, 0);
  CHECK(rule_of(s)->critic.code.n == 81 && rule_of(s)->critic.n == 96);
  double value = 0;
  for (int i = 0; i < 81; i++) {
    const int c[4] = {i / 27, i / 9 % 3, i / 3 % 3, i % 3};
    double phase = 0, norm = 0;
    for (int d = 0; d < 4; d++) {
      const double low = (double)dim[d].low, high = (double)dim[d].high;
      phase += c[d] * ((double)obs[d] - low) / (high - low);
      norm += c[d] * c[d];
    }
    const double want = cos(3.14159265358979 * phase) / (norm > 0 ? sqrt(sqrt(norm)) : 1);
    CHECK_NEAR((double)rule_of(s)->phi.x[i], want, 2e-6);
    value += want * (double)rule_of(s)->critic.w[i];
  }
  for (int i = 81; i < 96; i++) {
    CHECK(rule_of(s)->phi.x[i] == 0);
  }
  CHECK_NEAR((double)value_of(s, 0), value, 1e-5);
  step_along(s);
  hd_session_destroy(s);
  hd_ctx_destroy(ctx);
}

static void tiles_add_up(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *s = open_critic(ctx, "CartPole-v1", "critic=tiles critic.tilings=4 critic.cells=512");
  see(s, obs, (hd__key){0}, 0);
  double value = 0;
  for (int k = 0; k < 4; k++) {
    CHECK(rule_of(s)->phi.line[k] >= 0 && rule_of(s)->phi.line[k] < rule_of(s)->critic.code.n);
    value += (double)rule_of(s)->critic.w[rule_of(s)->phi.line[k]];
  }
  CHECK(rule_of(s)->critic.code.n_active == 4 && rule_of(s)->critic.step_scale == 0.25f);
  CHECK_NEAR((double)value_of(s, 0), value, 1e-6);
  step_along(s);
  hd_session_destroy(s);
  hd_ctx_destroy(ctx);
}

/* Random spikes as features are shares of substeps with a spike; their mean is the graded
 * feature of the random critic. */
static void spiking_features_have_the_graded_mean(void) {
  enum { DRAWS = 4000, T = 4 };
  hd_ctx *ctx = open_ctx();
  hd_session *graded = open_critic(ctx, "CartPole-v1", "critic=random critic.cells=20");
  hd_session *spiking =
      open_critic(ctx, "CartPole-v1", "critic=random-spikes critic.cells=20 substeps=4");
  see(graded, obs, (hd__key){0}, 0);
  double sum[20] = {0};
  for (uint64_t k = 0; k < DRAWS; k++) {
    see(spiking, obs, hd__key_make(1, HD_STREAM_CRITIC, 0, k), 0);
    for (int i = 0; i < 20; i++) {
      const double x = (double)rule_of(spiking)->phi.x[i];
      CHECK(x * T == rint(x * T) && x >= 0 && x <= 1);
      sum[i] += x;
    }
    CHECK(rule_of(spiking)->phi.x[20] == 1 && rule_of(spiking)->phi.x[21] == 0);
  }
  for (int i = 0; i < 20; i++) {
    const double p = (double)rule_of(graded)->phi.x[i];
    CHECK(p > 0 && p < 1);
    CHECK_NEAR(sum[i] / DRAWS, p, 4 * sqrt(p * (1 - p) / (DRAWS * T)) + 1e-5);
  }
  CHECK(rule_of(graded)->phi.x[20] == 1); /* the bias */
  step_along(graded);
  step_along(spiking);
  hd_session_destroy(graded);
  hd_session_destroy(spiking);
  hd_ctx_destroy(ctx);
}

/* The mean value of what obs shows: V with every neuron's share of spikes at its probability. */
static double mean_value(const hd_session *s, const float *seen) {
  const hd__critic *critic = &rule_of(s)->critic;
  _Alignas(64) float p[64];
  hd__code_encode_batch(&critic->code, 1, seen, p, 64);
  double value = (double)critic->w[critic->code.n];
  for (int i = 0; i < critic->code.n; i++) {
    value += (double)critic->w[i] * (double)p[i];
  }
  return value;
}

/* What learned-spikes learn along is the derivative of V: of what was drawn by the readout, of its
 * mean by the input weights. */
static void learned_spikes_know_their_gradient(const char *task, const float *seen) {
  hd_ctx *ctx = open_ctx();
  hd_session *s = open_critic(ctx, task, "critic=learned-spikes critic.cells=20 critic.gain=1");
  hd__critic *critic = &rule_of(s)->critic;
  const float *x = rule_of(s)->phi.x;
  see(s, seen, (hd__key){3, 4}, 0);
  double drawn = 0, largest = 0;
  for (int i = 0; i <= critic->code.n; i++) {
    drawn += (double)critic->w[i] * (double)x[i];
  }
  CHECK_NEAR((double)value_of(s, 0), drawn, 1e-5);
  for (int k = critic->n_readout; k < critic->n; k++) {
    const float w = critic->w[k], by = 1.0f / 256;
    critic->w[k] = w + by;
    const double above = mean_value(s, seen);
    critic->w[k] = w - by;
    const double below = mean_value(s, seen);
    critic->w[k] = w;
    CHECK_NEAR((double)x[k], (above - below) / (2 * (double)by), 2e-4);
    largest = fmax(largest, fabs((double)x[k]));
  }
  CHECK(largest > 0.05);
  step_along(s);
  hd_session_destroy(s);
  hd_ctx_destroy(ctx);
}

static void the_gradient_of_learned_spikes_is_right(void) {
  learned_spikes_know_their_gradient("CartPole-v1", obs);
  learned_spikes_know_their_gradient("FrozenLake-v1", (float[]){6});
}

/* Values of the lake for whoever walks at random, whom slipping does not make more random. */
static void values_of_the_lake(double gamma, double *value) {
  static const char map[] = "SFFFFHFHFFFHHFFG";
  memset(value, 0, 16 * sizeof *value);
  for (int sweep = 0; sweep < 500; sweep++) {
    for (int at = 0; at < 16; at++) {
      const int row = at / 4, col = at % 4;
      const int next[4] = {row > 0 ? at - 4 : at, row < 3 ? at + 4 : at, col > 0 ? at - 1 : at,
                           col < 3 ? at + 1 : at};
      double sum = 0;
      for (int k = 0; k < 4; k++) {
        sum += map[next[k]] == 'G' ? 1 : map[next[k]] == 'H' ? 0 : gamma * value[next[k]];
      }
      value[at] = map[at] == 'H' || map[at] == 'G' ? 0 : sum / 4;
    }
  }
}

/* The largest error of a critic of eight neurons that watched somebody walk at random, where the
 * largest value is 3.9. */
static double error_on_the_lake(const char *critic) {
  double want[16], worst = 0;
  char settings[256];
  snprintf(
      settings, sizeof settings,
      "critic=%s critic.cells=8 critic.gain=1 alpha_critic=0.1 lambda=0.9 gamma=0.9 substeps=8 "
      "reward_scale=10 normalise_reward=false anneal=linear steps=200000 alpha=0",
      critic);
  hd_ctx *ctx = open_ctx();
  hd_session *s = open_session(ctx, "FrozenLake-v1", "neuron-agent-online", settings, 1);
  values_of_the_lake(0.9, want);
  CHECK(hd_session_train(s, 200000) == HD_OK);
  for (int at = 0; at < 16; at++) {
    const double error = fabs(mean_value(s, (float[]){(float)at}) - 10 * want[at]);
    worst = want[at] > 0 ? fmax(worst, error) : worst;
  }
  hd_session_destroy(s);
  hd_ctx_destroy(ctx);
  return worst;
}

/* Eight neurons can tell fourteen states apart if their input weights learn to. */
static void learned_spikes_learn_values(void) {
  const double learned = error_on_the_lake("learned-spikes");
  const double frozen = error_on_the_lake("random-spikes");
  printf("  largest error %.2f, with frozen input weights %.2f\n", learned, frozen);
  CHECK(learned < 0.8);
  CHECK(frozen > 3);
}

static void without_a_critic_values_are_zero(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *s = open_critic(ctx, "CartPole-v1", "critic=none");
  see(s, obs, (hd__key){0}, 0);
  CHECK(value_of(s, 0) == 0);
  const hd_view w = view_of(s, "critic");
  float before[16];
  memcpy(before, w.data, sizeof before);
  CHECK(hd_session_train(s, 300) == HD_OK);
  CHECK(memcmp(before, w.data, sizeof before) == 0);
  hd_session_destroy(s);
  hd_session *rollouts = open_critic(ctx, "CartPole-v1", "critic=none rollout=8");
  CHECK(hd_session_train(rollouts, 300) == HD_OK);
  hd_session_destroy(rollouts);
  hd_ctx_destroy(ctx);
}

/* A copy of features is worth the same. */
static void copies_have_the_same_value(void) {
  static const char *const kinds[] = {"critic=fourier", "critic=tiles", "critic=random",
                                      "critic=random-spikes", "critic=learned-spikes"};
  hd_ctx *ctx = open_ctx();
  for (int k = 0; k < 5; k++) {
    hd_session *s = open_critic(ctx, "CartPole-v1", kinds[k]);
    const hd__phi other = hd__phi_from(&rule_of(s)->critic, &rule_of(s)->phi, 1);
    see(s, obs, (hd__key){3, 4}, 1);
    hd__critic_copy(&rule_of(s)->critic, 1, &other, &rule_of(s)->phi);
    CHECK(value_of(s, 0) == value_of(s, 1));
    CHECK(value_of(s, 0) != 0);
    hd_session_destroy(s);
  }
  hd_ctx_destroy(ctx);
}

/* What a normalised step of size 1 takes off an error, in the mean over observations. */
static double mean_share(hd_ctx *ctx, const char *settings) {
  enum { OBSERVATIONS = 200 };
  hd_session *s = open_session(ctx, "CartPole-v1", "neuron-agent-online", settings, 1);
  const hd__critic *critic = &rule_of(s)->critic;
  const hd__key key = hd__key_make(3, HD_STREAM_INIT, 0, 0);
  double sum = 0;
  for (uint32_t k = 0; k < OBSERVATIONS; k++) {
    float seen[4];
    for (uint32_t d = 0; d < 4; d++) {
      seen[d] = (2 * hd__uniform24(key, 4 * k + d) - 1) * s->env->obs[d].high;
    }
    see(s, seen, (hd__key){0}, 0);
    for (int i = 0; i < critic->n; i++) {
      sum += (double)rule_of(s)->phi.x[i] * (double)rule_of(s)->phi.x[i];
    }
  }
  const double share = sum * (double)critic->step_scale / OBSERVATIONS;
  hd_session_destroy(s);
  return share;
}

static void normalised_steps_do_not_depend_on_the_number_of_features(void) {
  static const char *const critics[] = {
      "critic=fourier critic.order=1", "critic=fourier critic.order=5",
      "critic=random critic.cells=32", "critic=random critic.cells=512 critic.gain=3"};
  hd_ctx *ctx = open_ctx();
  for (size_t i = 0; i < sizeof critics / sizeof critics[0]; i++) {
    char settings[96];
    snprintf(settings, sizeof settings, "%s critic.normalise=true", critics[i]);
    const double share = mean_share(ctx, settings);
    CHECK(share > 0.7 && share < 1.3);
    CHECK(mean_share(ctx, critics[i]) > 3);
  }
  hd_ctx_destroy(ctx);
}

int main(void) {
  RUN(table_holds_a_value_per_state);
  RUN(fourier_features_carry_the_root_of_their_step);
  RUN(tiles_add_up);
  RUN(spiking_features_have_the_graded_mean);
  RUN(the_gradient_of_learned_spikes_is_right);
  RUN(learned_spikes_learn_values);
  RUN(without_a_critic_values_are_zero);
  RUN(copies_have_the_same_value);
  RUN(normalised_steps_do_not_depend_on_the_number_of_features);
  return test_end();
}
