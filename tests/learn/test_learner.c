/* Updates: rollouts, traces and optimisers against sums and sequences written out. */
#include "gae.h"
#include "schedule.h"
#include "critics.h"
#include "train/learners.h"

enum { STEPS = 24 };

static float random_at(uint32_t array, uint32_t i) {
  return 2.0f * hd__uniform24(hd__key_make(5, HD_STREAM_INIT, array, 0), i) - 1.0f;
}

/* ---- advantages ---- */

/* Two environments, three steps; the second one's episode ends at its second step. gamma = 0.5,
 * lambda = 0.5, worked out by hand. */
static void gae_by_hand(void) {
  static const float reward[] = {1, 2, 3, 4, 5, 6}, value[] = {1, 1, 2, 2, 3, 3};
  static const float next[] = {2, 2, 3, 0, 4, 4};
  static const bool ended[] = {false, false, false, true, false, false};
  float A[6];
  hd__gae(3, 2, 0.5f, 0.5f, reward, value, next, ended, A);
  /* delta: 1, 2; 2.5, 2; 4, 5 */
  CHECK_NEAR((double)A[4], 4, 1e-6);
  CHECK_NEAR((double)A[2], 2.5 + 0.25 * 4, 1e-6);
  CHECK_NEAR((double)A[0], 1 + 0.25 * 3.5, 1e-6);
  CHECK_NEAR((double)A[5], 5, 1e-6);
  CHECK_NEAR((double)A[3], 2, 1e-6); /* nothing comes over the end of an episode */
  CHECK_NEAR((double)A[1], 2 + 0.25 * 2, 1e-6);
}

/* With lambda 1 the advantage is the discounted return to the end, less the value. */
static void gae_of_whole_returns(void) {
  enum { N = 10 };
  float reward[N], value[N], next[N], A[N];
  bool ended[N] = {false};
  for (int t = 0; t < N; t++) {
    reward[t] = random_at(1, (uint32_t)t);
    value[t] = random_at(2, (uint32_t)t);
    next[t] = random_at(2, (uint32_t)t + 1);
  }
  ended[N - 1] = true;
  next[N - 1] = 0;
  hd__gae(N, 1, 0.9f, 1.0f, reward, value, next, ended, A);
  double G = 0;
  for (int t = N - 1; t >= 0; t--) {
    G = (double)reward[t] + 0.9 * G;
    CHECK_NEAR((double)A[t], G - (double)value[t], 1e-5);
  }
}

/* ---- what a step hands to the critic ---- */

static const hd_dim dims[] = {{.name = "x", .unit = "", .low = 0, .high = 1}};
static const hd_dim acts[] = {{.name = "a", .unit = "", .count = 2}};

static void count_reset(const hd_env_desc *self, void *state, hd_random *random) {
  (void)self;
  (void)random;
  *(double *)state = 0;
}

/* Ends by itself after `data` steps. */
static bool count_step(const hd_env_desc *self, void *state, const float *action, hd_random *random,
                       double *reward) {
  (void)action;
  (void)random;
  *reward = 1;
  return (*(double *)state += 1) == *(const double *)self->data;
}

static void count_observe(const hd_env_desc *self, const void *state, float *obs) {
  (void)self;
  obs[0] = (float)(*(const double *)state / 4);
}

/* An episode of four steps, ended by itself or cut short. */
static hd_session *open_count(hd_ctx *ctx, double ends_after, const char *settings) {
  static double length;
  length = ends_after;
  const hd_env_desc env = {.size = sizeof env,
                           .name = "Count-v0",
                           .doc = "counts its steps",
                           .source = "this test",
                           .obs = dims,
                           .n_obs = 1,
                           .act = acts,
                           .n_act = 1,
                           .max_steps = 4,
                           .solved = NAN,
                           .low_score = NAN,
                           .high_score = NAN,
                           .state_size = sizeof(double),
                           .data = &length,
                           .reset = count_reset,
                           .step = count_step,
                           .observe = count_observe};
  CHECK(hd_env_register(ctx, &env) == HD_OK);
  return open_session(ctx, "Count-v0", "neuron-agent-online", settings, 1);
}

/* V(s') where the episode ended: 0 if it terminated, the value of its last observation if it was
 * cut short, and likewise at a termination under the published defect. */
static void value_of_the_last_observation(void) {
  static const struct {
    double ends_after;
    const char *settings;
    bool has_value;
  } cases[] = {{4, "envs=1", false}, {99, "envs=1", true}, {4, "envs=1 zero_terminal=false", true}};
  for (int k = 0; k < 3; k++) {
    hd_ctx *ctx = open_ctx();
    hd_session *s = open_count(ctx, cases[k].ends_after, cases[k].settings);
    for (int i = 0; i < rule_of(s)->critic.code.n; i++) {
      rule_of(s)->critic.w[i] = random_at(3, (uint32_t)i);
    }
    for (int t = 0; t < 4; t++) {
      CHECK(hd__rule_learner_step(&s->learner, 0) == HD_OK);
      CHECK(rule_of(s)->ended[0] == (t == 3));
    }
    CHECK(s->training.terminated[0] == (cases[k].ends_after == 4) && s->training.truncated[0]);
    const float last = 1;
    const float after = value_of(s, 1);
    see(s, &last, (hd__key){0}, 0);
    const float value = value_of(s, 0);
    CHECK(value != 0);
    CHECK(rule_of(s)->next_value[0] == (cases[k].has_value ? value : 0));
    /* What comes next is the new episode's first observation. */
    const float first = 0;
    see(s, &first, (hd__key){0}, 0);
    CHECK(s->training.obs[0] == 0);
    CHECK(after == value_of(s, 0));
    hd_session_destroy(s);
    hd_ctx_destroy(ctx);
  }
}

/* ---- rollouts and traces ---- */

/* Fill a session's experience with decisions on random observations and random rewards. */
static void imagine(hd_session *s, int n) {
  const hd__policy policy = {.tau = 1};
  float obs[HD_MAX_OBS];
  for (int t = 0; t < n; t++) {
    for (int d = 0; d < s->env->n_obs; d++) {
      obs[d] = random_at(10, (uint32_t)(t * 64 + d));
    }
    hd__net_decide(&rule_of(s)->learned.net, 1, obs,
                   (hd__random_base[]){hd__random_base_make(0, 0, (uint64_t)t)}, &policy,
                   &rule_of(s)->decision[t]);
    hd__net_factors(&rule_of(s)->learned.net, &policy, &rule_of(s)->decision[t]);
    see(s, obs, (hd__key){1, (uint32_t)t}, t);
    rule_of(s)->learn_reward[t] = random_at(11, (uint32_t)t);
    rule_of(s)->value[t] = random_at(12, (uint32_t)t);
    rule_of(s)->next_value[t] = t + 1 < n ? random_at(12, (uint32_t)t + 1) : 0;
    rule_of(s)->ended[t] = t + 1 == n;
  }
}

static float *copy(const float *x, size_t n) {
  float *y = malloc(sizeof(float) * n);
  memcpy(y, x, sizeof(float) * n);
  return y;
}

/* Over one episode, the forward view sum_t A_t g_t and the backward view sum_t delta_t e_t, e
 * decaying by gamma lambda, are the same sum; the one is a rollout's update, the other is made at
 * every step. */
static void views_agree(const char *task, const char *method, const char *shape,
                        float lambda_actor) {
  const double tolerance = 2e-5;
  char settings[256];
  const char *common =
      "optimiser=sgd gamma=0.9 lambda=0.8 alpha=0.1 alpha_critic=0.1 envs=1 "
      "init_readout=0.5";
  hd_ctx *ctx = open_ctx();
  snprintf(settings, sizeof settings, "%s %s rollout=%d lambda_actor=0 advantage.normalise=false",
           common, shape, STEPS);
  hd_session *forward = open_session(ctx, task, method, settings, 1);
  snprintf(settings, sizeof settings, "%s %s rollout=0 lambda_actor=%g", common, shape,
           (double)lambda_actor);
  hd_session *backward = open_session(ctx, task, method, settings, 1);
  const size_t n = rule_of(forward)->learned.net.n_weights, nc = (size_t)rule_of(forward)->critic.n;
  float *start = copy(rule_of(forward)->learned.net.weights, n);
  imagine(forward, STEPS);
  hd__gae(STEPS, 1, 0.9f, lambda_actor, rule_of(forward)->learn_reward, rule_of(forward)->value,
          rule_of(forward)->next_value, rule_of(forward)->ended, rule_of(forward)->advantage);
  hd__rule_update_rollout(&rule_of(forward)->update, STEPS, rule_of(forward)->advantage,
                          rule_of(forward)->advantage, 0, 1, rule_of(forward)->decision,
                          &rule_of(forward)->phi, 1);
  for (int t = 0; t < STEPS; t++) {
    const float delta = rule_of(forward)->learn_reward[t] + 0.9f * rule_of(forward)->next_value[t] -
                        rule_of(forward)->value[t];
    const hd__phi phi = hd__phi_from(&rule_of(forward)->critic, &rule_of(forward)->phi, t);
    float value;
    hd__rule_update_online(&rule_of(backward)->update, &delta, &delta,
                           &rule_of(forward)->decision[t], &phi, &phi, 1, &value);
  }
  double largest = 0;
  for (size_t i = 0; i < n; i++) {
    const double one =
        STEPS * ((double)rule_of(forward)->learned.net.weights[i] - (double)start[i]);
    const double two = (double)rule_of(backward)->learned.net.weights[i] - (double)start[i];
    CHECK_NEAR(one, two, tolerance);
    largest = fabs(one) > largest ? fabs(one) : largest;
  }
  CHECK(largest > 100 * tolerance);
  largest = 0;
  for (size_t i = 0; lambda_actor == 0.8f && i < nc; i++) {
    const double one = STEPS * (double)rule_of(forward)->critic.w[i],
                 two = (double)rule_of(backward)->critic.w[i];
    CHECK_NEAR(one, two, tolerance);
    largest = fabs(one) > largest ? fabs(one) : largest;
  }
  CHECK(lambda_actor != 0.8f || largest > 100 * tolerance);
  /* After an episode everything is forgotten. */
  hd__rule_update_forget(&rule_of(backward)->update, 0);
  float *end = copy(rule_of(backward)->learned.net.weights, n);
  const float one = 1;
  float value;
  hd__rule_update_online(&rule_of(backward)->update, &one, &one, &rule_of(forward)->decision[0],
                         &rule_of(forward)->phi, &rule_of(forward)->phi, 1, &value);
  float *E = calloc(n + 16, sizeof *E), *aligned = E;
  while ((uintptr_t)aligned % 64 != 0) {
    aligned++;
  }
  hd__net_add(&rule_of(backward)->learned.net, &rule_of(forward)->decision[0], 1, (float[]){1},
              (hd__weighing){.hidden = 1, .readout = 1}, aligned);
  const double lines = hd__net_sparse(&rule_of(backward)->learned.net) != NULL
                           ? 1.0 / rule_of(backward)->learned.net.def.code.n_active
                           : 1;
  const size_t sparse_end =
      lines < 1 ? hd__net_sparse(&rule_of(backward)->learned.net)->n_weights : 0;
  for (size_t i = 0; i < n; i++) {
    const double step = 0.1 * (i < sparse_end ? lines : 1) * (double)aligned[i];
    CHECK_NEAR((double)rule_of(backward)->learned.net.weights[i] - (double)end[i], step, 1e-6);
  }
  free(E);
  free(end);
  free(start);
  hd_session_destroy(forward);
  hd_session_destroy(backward);
  hd_ctx_destroy(ctx);
}

/* Weights of order one in single precision: an update is known to 1e-7 of them, and STEPS times
 * that after multiplying the mean by STEPS. A sparse trace that has faded below its cutoff, 1e-4,
 * is dropped; 0.72^24 is still above it. */
static void forward_view_is_backward_view(void) {
  views_agree("CartPole-v1", "neuron-agent", "", 0.8f);
  views_agree("CartPole-v1", "neuron-agent-online", "substeps=3", 0.8f);
  views_agree("CartPole-v1", "neuron-agent-society", "", 0.8f);
  views_agree("CartPole-v1", "reparam-mean", "hidden=20,5", 0.8f);
  views_agree("CartPole-v1", "place-actor-critic", "", 0.8f);
  views_agree("FrozenLake-v1", "neuron-agent", "", 0.8f);
  /* The actor remembers by its own lambda. */
  views_agree("CartPole-v1", "neuron-agent", "", 0.5f);
  views_agree("CartPole-v1", "place-actor-critic", "", 0.95f);
}

/* The update of a rollout is the mean of advantage times eligibility, step by step. */
static void rollout_is_the_sum_of_its_steps(void) {
  hd_ctx *ctx = open_ctx();
  hd_session *s = open_session(ctx, "CartPole-v1", "neuron-agent",
                               "rollout=24 envs=1 optimiser=sgd alpha=0.5 alpha_critic=0.25 "
                               "alpha_readout=2 init_readout=0.5",
                               1);
  const size_t n = rule_of(s)->learned.net.n_weights,
               split = hd__net_readout_at(&rule_of(s)->learned.net);
  float *start = copy(rule_of(s)->learned.net.weights, n), *E;
  E = aligned_alloc(64, sizeof(float) * HD_PAD(n));
  double *sum = calloc(n, sizeof *sum);
  imagine(s, STEPS);
  for (int t = 0; t < STEPS; t++) {
    rule_of(s)->advantage[t] = random_at(20, (uint32_t)t);
    memset(E, 0, sizeof(float) * n);
    hd__net_add(&rule_of(s)->learned.net, &rule_of(s)->decision[t], 1, (float[]){1},
                (hd__weighing){.hidden = 1, .readout = 1}, E);
    for (size_t i = 0; i < n; i++) {
      sum[i] += ((double)rule_of(s)->advantage[t] - 0.2) * 3 * (double)E[i] / STEPS;
    }
  }
  hd__rule_update_rollout(&rule_of(s)->update, STEPS, rule_of(s)->advantage, rule_of(s)->advantage,
                          0.2f, 3, rule_of(s)->decision, &rule_of(s)->phi, 0.5f);
  for (size_t i = 0; i < n; i++) {
    const double alpha = 0.5 * (i < split ? 0.5 : 2);
    CHECK_NEAR((double)rule_of(s)->learned.net.weights[i], (double)start[i] + alpha * sum[i], 2e-6);
  }
  for (int i = 0; i < rule_of(s)->critic.n; i++) {
    double want = 0; /* the critic sees the advantages as they are */
    for (int t = 0; t < STEPS; t++) {
      want += 0.5 * 0.25 * (double)rule_of(s)->advantage[t] *
              (double)rule_of(s)->phi.x[t * rule_of(s)->critic.n + i] / STEPS;
    }
    CHECK_NEAR((double)rule_of(s)->critic.w[i], want, 1e-6);
  }
  free(sum);
  free(E);
  free(start);
  hd_session_destroy(s);
  hd_ctx_destroy(ctx);
}

/* The actor sees advantages of mean 0 and deviation 1, if asked to. */
static void advantages_are_normalised(void) {
  for (int is_normal = 0; is_normal < 2; is_normal++) {
    hd_ctx *ctx = open_ctx();
    hd_session *s = open_session(ctx, "CartPole-v1", "neuron-agent",
                                 is_normal ? "rollout=12 envs=2 optimiser=sgd alpha=1 anneal=none "
                                             "advantage.normalise=true init_readout=0.5"
                                           : "rollout=12 envs=2 optimiser=sgd alpha=1 anneal=none "
                                             "advantage.normalise=false init_readout=0.5",
                                 1);
    const size_t n = rule_of(s)->learned.net.n_weights;
    float *start = copy(rule_of(s)->learned.net.weights, n),
          *E = aligned_alloc(64, sizeof(float) * HD_PAD(n));
    double *sum = calloc(n, sizeof *sum), mean = 0, square = 0, largest = 0;
    const double alpha_readout = isnan(s->settings->alpha_readout) ? 1 : s->settings->alpha_readout;
    CHECK(advance_unit(s) == HD_OK);
    for (int k = 0; k < STEPS; k++) {
      mean += (double)rule_of(s)->advantage[k] / STEPS;
    }
    for (int k = 0; k < STEPS; k++) {
      square += pow((double)rule_of(s)->advantage[k] - mean, 2) / STEPS;
    }
    for (int k = 0; k < STEPS; k++) {
      const double A = is_normal ? ((double)rule_of(s)->advantage[k] - mean) / sqrt(square)
                                 : (double)rule_of(s)->advantage[k];
      memset(E, 0, sizeof(float) * n);
      hd__net_add_row(&rule_of(s)->learned.net, &rule_of(s)->decision[k / 2], k % 2, true,
                      (hd__weighing){.hidden = 1, .readout = 1}, E);
      for (size_t i = 0; i < n; i++) {
        sum[i] += A * (double)E[i] / STEPS;
      }
    }
    for (size_t i = 0; i < n; i++) {
      const double want =
          (i < hd__net_readout_at(&rule_of(s)->learned.net) ? 1 : alpha_readout) * sum[i];
      CHECK_NEAR((double)rule_of(s)->learned.net.weights[i] - (double)start[i], want,
                 2e-5 * (1 + fabs(want)));
      largest = fabs(want) > largest ? fabs(want) : largest;
    }
    CHECK(largest > 0.01 && fabs(sqrt(square) - 1) > 0.1);
    free(sum);
    free(E);
    free(start);
    hd_session_destroy(s);
    hd_ctx_destroy(ctx);
  }
}

static void frozen_layers_stay(void) {
  hd_ctx *ctx = open_ctx();
  static const char *const methods[] = {"neuron-agent", "neuron-agent-online"};
  for (int k = 0; k < 2; k++) {
    for (int trace = 0; trace < 2; trace++) {
      hd_session *s = open_session(
          ctx, "CartPole-v1", methods[k],
          trace ? "learn_hidden=false rollout=0 lambda_actor=0.5" : "learn_hidden=false", 1);
      const size_t n = rule_of(s)->learned.net.n_weights,
                   split = hd__net_readout_at(&rule_of(s)->learned.net);
      float *start = copy(rule_of(s)->learned.net.weights, n);
      CHECK(hd_session_train(s, 512) == HD_OK);
      CHECK(memcmp(start, rule_of(s)->learned.net.weights, sizeof(float) * split) == 0);
      CHECK(memcmp(start + split, rule_of(s)->learned.net.weights + split,
                   sizeof(float) * (n - split)) != 0);
      free(start);
      hd_session_destroy(s);
    }
  }
  hd_ctx_destroy(ctx);
}

/* ---- optimisers ---- */

typedef struct moments {
  double m, v, w;
} moments;

/* One step of an optimiser as its paper writes it. */
static void paper_step(const char *optimiser, int t, double alpha, double G, moments *x) {
  const double beta1 = 0.8, beta2 = 0.95, epsilon = 1e-4;
  if (strcmp(optimiser, "sgd") == 0) {
    x->w += alpha * G;
    return;
  }
  x->v = beta2 * x->v + (1 - beta2) * G * G;
  const double v_hat = x->v / (1 - pow(beta2, t));
  if (strcmp(optimiser, "rmsprop") == 0) {
    x->w += alpha * G / (sqrt(v_hat) + epsilon);
    return;
  }
  x->m = beta1 * x->m + (1 - beta1) * G;
  x->w += alpha * x->m / (1 - pow(beta1, t)) / (sqrt(v_hat) + epsilon);
}

/* Six updates from one decision whose advantage and step size change. */
static void optimisers_follow_their_papers(void) {
  enum { UPDATES = 6 };
  static const char *const optimisers[] = {"sgd", "adam", "rmsprop"};
  for (int k = 0; k < 3; k++) {
    char settings[256];
    snprintf(settings, sizeof settings,
             "optimiser=%s ?optimiser.beta1=0.8 ?optimiser.beta2=0.95 ?optimiser.epsilon=1e-4 "
             "alpha=0.1 alpha_critic=0.2 "
             "alpha_readout=0.3 rollout=1 envs=1 init_readout=0.5",
             optimisers[k]);
    hd_ctx *ctx = open_ctx();
    hd_session *s = open_session(ctx, "CartPole-v1", "neuron-agent", settings, 1);
    const size_t n = rule_of(s)->learned.net.n_weights,
                 split = hd__net_readout_at(&rule_of(s)->learned.net);
    const size_t nc = (size_t)rule_of(s)->critic.n;
    moments *actor = calloc(n, sizeof *actor), *critic = calloc(nc, sizeof *critic);
    float *E = aligned_alloc(64, sizeof(float) * HD_PAD(n));
    memset(E, 0, sizeof(float) * n);
    imagine(s, 1);
    hd__net_add(&rule_of(s)->learned.net, &rule_of(s)->decision[0], 1, (float[]){1},
                (hd__weighing){.hidden = 1, .readout = 1}, E);
    for (size_t i = 0; i < n; i++) {
      actor[i].w = (double)rule_of(s)->learned.net.weights[i];
    }
    for (int t = 1; t <= UPDATES; t++) {
      const float a = random_at(30, (uint32_t)t), factor = t > 3 ? 0.5f : 1.0f;
      hd__rule_update_rollout(&rule_of(s)->update, 1, &a, &a, 0, 1, rule_of(s)->decision,
                              &rule_of(s)->phi, factor);
      for (size_t i = 0; i < n; i++) {
        paper_step(optimisers[k], t, (i < split ? 0.1 : 0.3) * (double)factor,
                   (double)a * (double)E[i], &actor[i]);
      }
      for (size_t i = 0; i < nc; i++) {
        paper_step(optimisers[k], t, 0.2 * (double)factor, (double)a * (double)rule_of(s)->phi.x[i],
                   &critic[i]);
      }
    }
    for (size_t i = 0; i < n; i++) {
      CHECK_NEAR((double)rule_of(s)->learned.net.weights[i], actor[i].w, 5e-6);
    }
    for (size_t i = 0; i < nc; i++) {
      CHECK_NEAR((double)rule_of(s)->critic.w[i], critic[i].w, 5e-6);
    }
    free(E);
    free(actor);
    free(critic);
    hd_session_destroy(s);
    hd_ctx_destroy(ctx);
  }
}

static void schedules(void) {
  CHECK(hd__linear(0.5, NAN, 10, 7) == 0.5f);
  CHECK(hd__linear(1, 0, 10, 0) == 1.0f && hd__linear(1, 0, 10, 99) == 0.0f);
  CHECK_NEAR((double)hd__linear(1, 0.2, 10, 5), 0.6, 1e-7);
  CHECK_NEAR((double)hd__geometric(0.01, 10, 5), 0.1, 1e-7);
  CHECK_NEAR((double)hd__geometric(0.01, 10, 1000), 0.01, 1e-8);
  CHECK(hd__geometric(0.01, 10, 0) == 1.0f);
}

int main(void) {
  RUN(gae_by_hand);
  RUN(gae_of_whole_returns);
  RUN(value_of_the_last_observation);
  RUN(forward_view_is_backward_view);
  RUN(rollout_is_the_sum_of_its_steps);
  RUN(advantages_are_normalised);
  RUN(frozen_layers_stay);
  RUN(optimisers_follow_their_papers);
  RUN(schedules);
  return test_end();
}
