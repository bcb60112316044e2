/* Controls: signals that have nothing to do with what was done, and layers that do not learn. */
#include "insides.h"
#include "train/learners.h"

/* ---- shuffled signals ---- */

static void what_is_told_is_of_the_past(void) {
  enum { N = 20000 };
  hd__arena arena = {0};
  hd_ctx *ctx = open_ctx();
  hd__signal_shuffle shuffle = {.is_on = true, .seed = 3};
  hd__signal_shuffle_lay_out(&shuffle, &arena);
  CHECK(hd__arena_commit(ctx, &arena) == HD_OK);
  hd__signal_shuffle_lay_out(&shuffle, &arena);
  bool *was_told = calloc(N, sizeof *was_told);
  double late = 0;
  int repeated = 0;
  for (int k = 0; k < N; k++) {
    const int told = (int)hd__signal_shuffle_next(&shuffle, k);
    CHECK(told >= 0 && told <= k && (told < k || k < HD_SIGNALS));
    repeated += was_told[told];
    was_told[told] = true;
    late += k - told;
  }
  CHECK(repeated < 2 * HD_SIGNALS); /* each is told once, but for the first */
  CHECK_NEAR(late / N, HD_SIGNALS, 0.1 * HD_SIGNALS);
  free(was_told);
  hd__arena_free(ctx, &arena);
  hd_ctx_destroy(ctx);
}

static void off_it_tells_the_signal_itself(void) {
  hd__signal_shuffle shuffle = {0};
  const float signal[2] = {1, 2};
  CHECK(hd__signal_shuffle_all(&shuffle, 2, signal, NULL) == signal);
  CHECK(hd__signal_shuffle_next(&shuffle, 5.0) == 5.0);
}

/* The mean return of greedy episodes after so many steps, over three seeds. */
static double reached(const char *task, const char *method, const char *settings, int64_t steps) {
  double sum = 0;
  for (uint64_t seed = 0; seed < 3; seed++) {
    double mean = 0;
    hd_ctx *ctx = open_ctx();
    hd_session *s = open_session(ctx, task, method, settings, seed);
    CHECK(hd_session_train(s, steps) == HD_OK);
    CHECK(hd_session_evaluate(s, 20, 0, NULL, &mean) == HD_OK);
    sum += mean / 3;
    hd_session_destroy(s);
    hd_ctx_destroy(ctx);
  }
  return sum;
}

static void nothing_is_learned_from_a_shuffled_signal(void) {
  static const struct {
    const char *method, *settings;
    int64_t steps;
  } cases[] = {
      {"neuron-agent", "shuffle_signal=true", 30000},
      {"neuron-agent-online", "shuffle_signal=true", 15000},
      {"place-actor-critic", "shuffle_signal=true", 15000},
      {"a2c", "shuffle_signal=true", 25000},
      {"ppo", "shuffle_signal=true", 15000},
      {"dqn", "shuffle_signal=true", 15000},
      {"nes", "shuffle_signal=true", 100000},
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    const double learned = reached("CartPole-v1", cases[k].method, "", cases[k].steps);
    const double told = reached("CartPole-v1", cases[k].method, cases[k].settings, cases[k].steps);
    printf("  %s: %.0f, shuffled %.0f\n", cases[k].method, learned, told);
    CHECK(learned > 350 && told < 200);
  }
}

/* Twice half the steps, with a file between, end as all of them at once. */
static void it_goes_on_alike(const char *method, const char *settings) {
  static const char path[] = HD_TEST_TMP "/controls.ckpt";
  hd_ctx *ctx = open_ctx();
  hd_session *whole = open_session(ctx, "CartPole-v1", method, settings, 1);
  hd_session *half = open_session(ctx, "CartPole-v1", method, settings, 1), *rest = NULL;
  advance(whole, 1024, 1024);
  advance(half, 512, 512);
  CHECK(hd_session_save(half, path) == HD_OK);
  CHECK(hd_session_load(ctx, path, &rest) == HD_OK);
  advance(rest, 1024, 1024);
  CHECK(hd_session_hash(rest) == hd_session_hash(whole));
  hd_session *plain = open_session(ctx, "CartPole-v1", method, "", 1);
  advance(plain, 1024, 1024);
  CHECK(hd_session_hash(plain) != hd_session_hash(whole));
  hd_session_destroy(plain);
  hd_session_destroy(rest);
  hd_session_destroy(half);
  hd_session_destroy(whole);
  hd_ctx_destroy(ctx);
  remove(path);
}

static void what_was_told_is_saved(void) {
  it_goes_on_alike("neuron-agent", "shuffle_signal=true");
  it_goes_on_alike("neuron-agent-online", "shuffle_signal=true");
  it_goes_on_alike("ppo", "shuffle_signal=true");
  it_goes_on_alike("dqn", "shuffle_signal=true");
  it_goes_on_alike("nes", "shuffle_signal=true");
  it_goes_on_alike("neuron-agent-online", "critic=learned-spikes");
  it_goes_on_alike("neuron-agent-settle", "settle.rounds=3");
  it_goes_on_alike("neuron-agent-settle", "settle=mean-field settle.feedback=learned");
}

/* ---- frozen layers ---- */

static float *copy_of(const float *from, size_t n) {
  float *to = malloc(sizeof *to * n);
  memcpy(to, from, sizeof *to * n);
  return to;
}

static bool is_moved(const float *before, const float *now, size_t from, size_t to) {
  return memcmp(before + from, now + from, sizeof(float) * (to - from)) != 0;
}

/* Only the layer of that number stays; its weights lie in [at[k-1], at[k]). */
static void only_it_stays(hd_session *s, const float *weights, const size_t *at, int n, int layer) {
  float *before = copy_of(weights, at[n]);
  CHECK(hd_session_train(s, 1024) == HD_OK);
  for (int k = 1; k <= n; k++) {
    CHECK(is_moved(before, weights, at[k - 1], at[k]) == (k != layer));
  }
  free(before);
}

static void one_layer_of_a_rule_stays(void) {
  static const struct {
    const char *method, *settings;
  } cases[] = {
      {"neuron-agent", "hidden=8,8 init_readout=1"},
      {"neuron-agent-online", "hidden=8,8 init_readout=1"},
      {"neuron-agent-online", "hidden=8,8 init_readout=1 lambda_actor=0.5"},
      {"neuron-agent-online", "hidden=8,8 init_readout=1 lambda_actor=0.5 coding=tiles"},
      {"neuron-agent-online", "hidden=8,8 init_readout=1 coding=tiles optimiser=adam"},
      {"neuron-agent", "hidden=8,8 init_readout=1 self_taps=2 neuron=glm"},
      {"neuron-agent-settle", "hidden=8,8 init_readout=1 lambda_actor=0.5"},
      {"neuron-agent-settle", "hidden=8,8 init_readout=1 settle=mean-field envs=2"},
      {"neuron-agent", "hidden=8,8 init_readout=1 neuron=lif-escape carry=true"},
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    for (int layer = 0; layer <= 2; layer++) {
      char settings[200];
      snprintf(settings, sizeof settings, "%s freeze_layer=%d", cases[k].settings, layer);
      hd_ctx *ctx = open_ctx();
      hd_session *s = open_session(ctx, "CartPole-v1", cases[k].method, settings, 1);
      const hd__net *net = &rule_of(s)->learned.net;
      const size_t at[] = {0, net->layer[1].in.at, hd__net_readout_at(net), net->n_weights};
      only_it_stays(s, net->weights, at, 3, layer);
      hd_session_destroy(s);
      hd_ctx_destroy(ctx);
    }
  }
}

static void one_layer_stays_or_all_where_gradients_learn(void) {
  static const char *const methods[] = {"ppo", "a2c", "dqn"};
  for (int k = 0; k < 3; k++) {
    for (int layer = 0; layer <= 2; layer++) {
      char settings[200];
      snprintf(settings, sizeof settings, "%s freeze_layer=%d",
               k < 2 ? "hidden=8,8" : "hidden=8,8 replay.batch=16 replay.learning_starts=100",
               layer);
      hd_ctx *ctx = open_ctx();
      hd_session *s = open_session(ctx, "CartPole-v1", methods[k], settings, 1);
      const hd__model *model = &gradient_rl_of(s)->model[0];
      const hd__stack *stack = &model->stack;
      const size_t at[] = {0, stack->layer[1].W, stack->W, stack->n_weights};
      only_it_stays(s, model->weights, at, 3, layer);
      hd_session_destroy(s);
      s = open_session(ctx, "CartPole-v1", methods[k], "learn_hidden=false", 1);
      model = &gradient_rl_of(s)->model[0];
      const size_t ends[] = {0, model->stack.W, model->stack.n_weights};
      only_it_stays(s, model->weights, ends, 2, 1);
      hd_session_destroy(s);
      hd_ctx_destroy(ctx);
    }
  }
}

static void refused(const char *method, const char *settings, const char *sentence) {
  hd_ctx *ctx = open_ctx();
  hd_session *s = NULL;
  CHECK(try_session(ctx, "CartPole-v1", method, settings, 1, &s) != HD_OK && s == NULL);
  CHECK_TEXT(hd_ctx_error(ctx), sentence);
  hd_ctx_destroy(ctx);
}

static void what_has_no_meaning_is_refused(void) {
  refused("neuron-agent", "freeze_layer=2",
          "freeze_layer = 2, and the network has 1 hidden layer; allowed 0 to 1");
  refused("ppo", "hidden=8,8 freeze_layer=3",
          "freeze_layer = 3, and the network has 2 hidden layers; allowed 0 to 2");
  refused(
      "dqn", "shuffle_signal=true replay.batch=1",
      "replay.batch = 1, and shuffle_signal = true gives every transition of a batch the target "
      "of another; use replay.batch = 2 or more");
  refused("syn-plus", "shuffle_signal=true",
          "shuffle_signal is read by all methods but searches whose agents see dynamics of the "
          "network; this run uses search = synapse-agent, syn.dynamics = signal");
}

int main(void) {
  RUN(what_is_told_is_of_the_past);
  RUN(off_it_tells_the_signal_itself);
  RUN(nothing_is_learned_from_a_shuffled_signal);
  RUN(what_was_told_is_saved);
  RUN(one_layer_of_a_rule_stays);
  RUN(one_layer_stays_or_all_where_gradients_learn);
  RUN(what_has_no_meaning_is_refused);
  return test_end();
}
